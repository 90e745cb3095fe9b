# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, Unpack

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
    "object": "object",
    "data": "data",
    "first_id": "first_id",
    "last_id": "last_id",
    "has_more": "has_more",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class VectorStoreFileList(Model):
    """One page of files."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    data: list[VectorStoreFile]
    """The files, in the order that was asked for."""
    object: Literal["list"] = "list"
    """Always `list`."""
    _first_id: str | None | Unset = _attrs_field(default=UNSET, alias="first_id")
    _last_id: str | None | Unset = _attrs_field(default=UNSET, alias="last_id")
    _has_more: bool | None | Unset = _attrs_field(default=UNSET, alias="has_more")

    @property
    def first_id(self) -> str | None:
        """The id of the first file on the page. Null on an empty page."""
        return None if self._first_id is UNSET else self._first_id

    @first_id.setter
    def first_id(self, value: str | None | Unset) -> None:
        self._first_id = value

    @property
    def last_id(self) -> str | None:
        """The id of the last file on the page. Null on an empty page."""
        return None if self._last_id is UNSET else self._last_id

    @last_id.setter
    def last_id(self, value: str | None | Unset) -> None:
        self._last_id = value

    @property
    def has_more(self) -> bool | None:
        """Whether another page follows. Absent means false."""
        return None if self._has_more is UNSET else self._has_more

    @has_more.setter
    def has_more(self, value: bool | None | Unset) -> None:
        self._has_more = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["object"]
            self.object = "list" if value == "list" else value
            value = src_dict["data"]
            self.data = (
                (
                    [_read_vector_store_file(value[0]) if isinstance(value[0], dict) else value[0]]
                    if len(value) == 1
                    else [
                        _read_vector_store_file(item) if isinstance(item, dict) else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 5
        if "first_id" in src_dict:
            self._first_id = src_dict["first_id"]
        else:
            self._first_id = UNSET
            known -= 1
        if "last_id" in src_dict:
            self._last_id = src_dict["last_id"]
        else:
            self._last_id = UNSET
            known -= 1
        if "has_more" in src_dict:
            self._has_more = src_dict["has_more"]
        else:
            self._has_more = UNSET
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
            "object": plain(self.object),
            "data": plain(self.data),
        }
        if self._first_id is not UNSET:
            result["first_id"] = plain(self._first_id)
        if self._last_id is not UNSET:
            result["last_id"] = plain(self._last_id)
        if self._has_more is not UNSET:
            result["has_more"] = plain(self._has_more)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .vector_store_file import VectorStoreFile

_read_vector_store_file = VectorStoreFile.from_dict
