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
    "text": "text",
    "file_citation": "file_citation",
    "start_index": "start_index",
    "end_index": "end_index",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileCitationAnnotation(Model):
    """A source, a place in a file that the text rests on."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    text: str
    """The mark in the text that this note replaces."""
    file_citation: FileCitation
    """A cited file."""
    type: Literal["file_citation"] = "file_citation"
    """Always `file_citation`."""
    _start_index: int | None | Unset = _attrs_field(default=UNSET, alias="start_index")
    _end_index: int | None | Unset = _attrs_field(default=UNSET, alias="end_index")

    @property
    def start_index(self) -> int | None:
        """Where the mark begins, counted in characters from 0."""
        return None if self._start_index is UNSET else self._start_index

    @start_index.setter
    def start_index(self, value: int | None | Unset) -> None:
        self._start_index = value

    @property
    def end_index(self) -> int | None:
        """Where the mark ends (exclusive), counted in characters from 0."""
        return None if self._end_index is UNSET else self._end_index

    @end_index.setter
    def end_index(self, value: int | None | Unset) -> None:
        self._end_index = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "file_citation" if value == "file_citation" else value
            self.text = src_dict["text"]
            value = src_dict["file_citation"]
            self.file_citation = _read_file_citation(value) if isinstance(value, dict) else value
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 5
        if "start_index" in src_dict:
            self._start_index = src_dict["start_index"]
        else:
            self._start_index = UNSET
            known -= 1
        if "end_index" in src_dict:
            self._end_index = src_dict["end_index"]
        else:
            self._end_index = UNSET
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
            "text": plain(self.text),
            "file_citation": plain(self.file_citation),
        }
        if self._start_index is not UNSET:
            result["start_index"] = plain(self._start_index)
        if self._end_index is not UNSET:
            result["end_index"] = plain(self._end_index)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_citation import FileCitation

_read_file_citation = FileCitation.from_dict
