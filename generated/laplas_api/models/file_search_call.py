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
    "type": "type",
    "id": "id",
    "file_search": "file_search",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileSearchCall(Model):
    """A search in files."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the call."""
    type: Literal["file_search"] = "file_search"
    """Always `file_search`."""
    _file_search: FileSearchCallDetails | None | Unset = _attrs_field(
        default=UNSET, alias="file_search"
    )

    @property
    def file_search(self) -> FileSearchCallDetails | None:
        """The settings and the results."""
        return None if self._file_search is UNSET else self._file_search

    @file_search.setter
    def file_search(self, value: FileSearchCallDetails | None | Unset) -> None:
        self._file_search = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "file_search" if value == "file_search" else value
            self.id = src_dict["id"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 3
        if "file_search" in src_dict:
            value = src_dict["file_search"]
            self._file_search = (
                _read_file_search_call_details(value) if isinstance(value, dict) else value
            )
        else:
            self._file_search = UNSET
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
            "type": plain(self.type),
            "id": plain(self.id),
        }
        if self._file_search is not UNSET:
            result["file_search"] = plain(self._file_search)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_search_call_details import FileSearchCallDetails

_read_file_search_call_details = FileSearchCallDetails.from_dict
