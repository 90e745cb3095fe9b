# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
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
    "file_id": "file_id",
    "score": "score",
    "content": "content",
    "filename": "filename",
    "attributes": "attributes",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class VectorStoreSearchResult(Model):
    """A piece of a file that fits the query."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    file_id: str
    """The id of the file."""
    score: float
    """How well it fits, from 0 to 1."""
    content: list[VectorStoreContent]
    """The text that was found."""
    _filename: str | None | Unset = _attrs_field(default=UNSET, alias="filename")
    _attributes: VectorStoreFileAttributes | None | Unset = _attrs_field(
        default=UNSET, alias="attributes"
    )

    @property
    def filename(self) -> str | None:
        """The name of the file."""
        return None if self._filename is UNSET else self._filename

    @filename.setter
    def filename(self, value: str | None | Unset) -> None:
        self._filename = value

    @property
    def attributes(self) -> VectorStoreFileAttributes | None:
        """What the search can filter by: at most 16 pairs, keys up to 64 characters, values
        numbers, booleans or texts up to 512 characters (upstream schema).
        """
        return None if self._attributes is UNSET else self._attributes

    @attributes.setter
    def attributes(self, value: VectorStoreFileAttributes | None | Unset) -> None:
        self._attributes = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.file_id = src_dict["file_id"]
            self.score = src_dict["score"]
            value = src_dict["content"]
            self.content = (
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
        known = 5
        if "filename" in src_dict:
            self._filename = src_dict["filename"]
        else:
            self._filename = UNSET
            known -= 1
        if "attributes" in src_dict:
            value = src_dict["attributes"]
            self._attributes = (
                VectorStoreFileAttributes(value) if isinstance(value, dict) else value
            )
        else:
            self._attributes = UNSET
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
            "file_id": plain(self.file_id),
            "score": plain(self.score),
            "content": plain(self.content),
        }
        if self._filename is not UNSET:
            result["filename"] = plain(self._filename)
        if self._attributes is not UNSET:
            result["attributes"] = plain(self._attributes)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .vector_store_content import VectorStoreContent
from .vector_store_file_attributes import VectorStoreFileAttributes

_read_vector_store_content = VectorStoreContent.from_dict
