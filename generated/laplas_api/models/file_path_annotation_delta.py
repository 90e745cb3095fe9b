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
    "index": "index",
    "text": "text",
    "start_index": "start_index",
    "end_index": "end_index",
    "file_path": "file_path",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FilePathAnnotationDelta(Model):
    """A file that a tool made and that the text links to."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    index: int
    """The place of the note among the notes on the text, counted from 0."""
    type: Literal["file_path"] = "file_path"
    """Always `file_path`."""
    _text: str | None | Unset = _attrs_field(default=UNSET, alias="text")
    _start_index: int | None | Unset = _attrs_field(default=UNSET, alias="start_index")
    _end_index: int | None | Unset = _attrs_field(default=UNSET, alias="end_index")
    _file_path: FilePathDelta | None | Unset = _attrs_field(default=UNSET, alias="file_path")

    @property
    def text(self) -> str | None:
        """The link in the text that this note replaces."""
        return None if self._text is UNSET else self._text

    @text.setter
    def text(self, value: str | None | Unset) -> None:
        self._text = value

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

    @property
    def file_path(self) -> FilePathDelta | None:
        """The file that was made."""
        return None if self._file_path is UNSET else self._file_path

    @file_path.setter
    def file_path(self, value: FilePathDelta | None | Unset) -> None:
        self._file_path = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "file_path" if value == "file_path" else value
            self.index = src_dict["index"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 6
        if "text" in src_dict:
            self._text = src_dict["text"]
        else:
            self._text = UNSET
            known -= 1
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
        if "file_path" in src_dict:
            value = src_dict["file_path"]
            self._file_path = _read_file_path_delta(value) if isinstance(value, dict) else value
        else:
            self._file_path = UNSET
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
            "index": plain(self.index),
        }
        if self._text is not UNSET:
            result["text"] = plain(self._text)
        if self._start_index is not UNSET:
            result["start_index"] = plain(self._start_index)
        if self._end_index is not UNSET:
            result["end_index"] = plain(self._end_index)
        if self._file_path is not UNSET:
            result["file_path"] = plain(self._file_path)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_path_delta import FilePathDelta

_read_file_path_delta = FilePathDelta.from_dict
