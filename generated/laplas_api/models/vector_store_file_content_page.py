# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..errors import MissingField
from ..types import (
    UNSET,
    Model,
    ToDictOptions,
    Unset,
    new,
    plain,
    pydantic_schema,
)

_KEYS = {
    "data": "data",
    "object": "object",
    "has_more": "has_more",
    "next_page": "next_page",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class VectorStoreFileContentPage(Model):
    """The text of a file. To iterate over it is to iterate over `data`."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    data: list[VectorStoreContent]
    """The pieces of the text, in their order."""
    _object: str | None | Unset = _attrs_field(default=UNSET, alias="object")
    _has_more: bool | None | Unset = _attrs_field(default=UNSET, alias="has_more")
    _next_page: str | None | Unset = _attrs_field(default=UNSET, alias="next_page")

    @property
    def object(self) -> str | None:
        """Always `vector_store.file_content.page`."""
        return None if self._object is UNSET else self._object

    @object.setter
    def object(self, value: str | None | Unset) -> None:
        self._object = value

    @property
    def has_more(self) -> bool | None:
        """Whether there is more than this page."""
        return None if self._has_more is UNSET else self._has_more

    @has_more.setter
    def has_more(self, value: bool | None | Unset) -> None:
        self._has_more = value

    @property
    def next_page(self) -> str | None:
        """A token for the next page, if there is one."""
        return None if self._next_page is UNSET else self._next_page

    @next_page.setter
    def next_page(self, value: str | None | Unset) -> None:
        self._next_page = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["data"]
            self.data = (
                (
                    [
                        _read_vector_store_content(value[0])
                        if isinstance(value[0], dict)
                        else value[0]
                    ]
                    if len(value) == 1
                    else [
                        _read_vector_store_content(item) if isinstance(item, dict) else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 4
        if "object" in src_dict:
            self._object = src_dict["object"]
        else:
            self._object = UNSET
            known -= 1
        if "has_more" in src_dict:
            self._has_more = src_dict["has_more"]
        else:
            self._has_more = UNSET
            known -= 1
        if "next_page" in src_dict:
            self._next_page = src_dict["next_page"]
        else:
            self._next_page = UNSET
            known -= 1
        if len(src_dict) == known:
            self._extra = None
        else:
            self._extra = {k: v for k, v in src_dict.items() if k not in _KEYS}
        return self

    def to_dict(self, **options: Unpack[ToDictOptions]) -> dict[str, Any]:
        """The JSON object: absent fields stay absent, null stays null, unknown fields come back."""
        if options:
            return super().to_dict(**options)
        result: dict[str, Any] = {
            "data": plain(self.data),
        }
        if self._object is not UNSET:
            result["object"] = plain(self._object)
        if self._has_more is not UNSET:
            result["has_more"] = plain(self._has_more)
        if self._next_page is not UNSET:
            result["next_page"] = plain(self._next_page)
        return {**plain(self._extra), **result} if self._extra else result

    # Of other models these are about the names of the fields.
    def __iter__(self) -> Iterator[VectorStoreContent]:  # type: ignore[override, unused-ignore]
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .vector_store_content import VectorStoreContent

_read_vector_store_content = VectorStoreContent.from_dict
