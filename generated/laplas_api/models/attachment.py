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
    UnknownVariant,
    Unset,
    new,
    plain,
    pydantic_schema,
    tagged,
)

_KEYS = {
    "file_id": "file_id",
    "tools": "tools",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class Attachment(Model):
    """A file that belongs to a message, and the tools that may use it."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _file_id: str | None | Unset = _attrs_field(default=UNSET, alias="file_id")
    _tools: list[CodeInterpreterTool | FileSearchTool | UnknownVariant] | None | Unset = (
        _attrs_field(default=UNSET, alias="tools")
    )

    @property
    def file_id(self) -> str | None:
        """The id of the uploaded file."""
        return None if self._file_id is UNSET else self._file_id

    @file_id.setter
    def file_id(self, value: str | None | Unset) -> None:
        self._file_id = value

    @property
    def tools(self) -> list[CodeInterpreterTool | FileSearchTool | UnknownVariant] | None:
        """The tools that may use the file."""
        return None if self._tools is UNSET else self._tools

    @tools.setter
    def tools(
        self, value: list[CodeInterpreterTool | FileSearchTool | UnknownVariant] | None | Unset
    ) -> None:
        self._tools = value

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
        if "file_id" in src_dict:
            self._file_id = src_dict["file_id"]
        else:
            self._file_id = UNSET
            known -= 1
        if "tools" in src_dict:
            value = src_dict["tools"]
            self._tools = (
                (
                    [_parse_tools(value[0])]
                    if len(value) == 1
                    else [_parse_tools(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._tools = UNSET
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
        if self._file_id is not UNSET:
            result["file_id"] = plain(self._file_id)
        if self._tools is not UNSET:
            result["tools"] = plain(self._tools)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .code_interpreter_tool import CodeInterpreterTool
from .file_search_tool import FileSearchTool

_parse_tools = tagged(
    "type",
    {
        "code_interpreter": CodeInterpreterTool.from_dict,
        "file_search": FileSearchTool.from_dict,
    },
)
