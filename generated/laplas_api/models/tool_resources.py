# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define
from attrs import field as _attrs_field

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
    "code_interpreter": "code_interpreter",
    "file_search": "file_search",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ToolResources(Model):
    """The files that tools can use in a thread, one entry per tool."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _code_interpreter: CodeInterpreterResources | None | Unset = _attrs_field(
        default=UNSET, alias="code_interpreter"
    )
    _file_search: FileSearchResources | None | Unset = _attrs_field(
        default=UNSET, alias="file_search"
    )

    @property
    def code_interpreter(self) -> CodeInterpreterResources | None:
        """What the code interpreter can use."""
        return None if self._code_interpreter is UNSET else self._code_interpreter

    @code_interpreter.setter
    def code_interpreter(self, value: CodeInterpreterResources | None | Unset) -> None:
        self._code_interpreter = value

    @property
    def file_search(self) -> FileSearchResources | None:
        """What the file search can use."""
        return None if self._file_search is UNSET else self._file_search

    @file_search.setter
    def file_search(self, value: FileSearchResources | None | Unset) -> None:
        self._file_search = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        # Without required fields nothing below would notice an empty list or string.
        if not src_dict and not isinstance(src_dict, Mapping):
            raise TypeError(f"{cls.__name__} cannot be read from {src_dict!r}")
        self = new(cls)
        known = 2
        if "code_interpreter" in src_dict:
            value = src_dict["code_interpreter"]
            self._code_interpreter = (
                _read_code_interpreter_resources(value) if isinstance(value, dict) else value
            )
        else:
            self._code_interpreter = UNSET
            known -= 1
        if "file_search" in src_dict:
            value = src_dict["file_search"]
            self._file_search = (
                _read_file_search_resources(value) if isinstance(value, dict) else value
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
        result: dict[str, Any] = {}
        if self._code_interpreter is not UNSET:
            result["code_interpreter"] = plain(self._code_interpreter)
        if self._file_search is not UNSET:
            result["file_search"] = plain(self._file_search)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .code_interpreter_resources import CodeInterpreterResources
from .file_search_resources import FileSearchResources

_read_code_interpreter_resources = CodeInterpreterResources.from_dict
_read_file_search_resources = FileSearchResources.from_dict
