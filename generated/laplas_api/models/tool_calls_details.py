# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, Unpack

from attrs import define as _attrs_define

from ..errors import MissingField
from ..types import (
    Model,
    ToDictOptions,
    UnknownVariant,
    new,
    plain,
    pydantic_schema,
    tagged,
)

_KEYS = {
    "type": "type",
    "tool_calls": "tool_calls",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ToolCallsDetails(Model):
    """A step that calls tools."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    tool_calls: list[
        CodeInterpreterCall | FileSearchCall | FunctionCall | RetrievalCall | UnknownVariant
    ]
    """The calls. Empty while the step has only begun."""
    type: Literal["tool_calls"] = "tool_calls"
    """Always `tool_calls`."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "tool_calls" if value == "tool_calls" else value
            value = src_dict["tool_calls"]
            self.tool_calls = (
                (
                    [_parse_tool_calls(value[0])]
                    if len(value) == 1
                    else [_parse_tool_calls(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        if len(src_dict) == 2:
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
            "tool_calls": plain(self.tool_calls),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .code_interpreter_call import CodeInterpreterCall
from .file_search_call import FileSearchCall
from .function_call import FunctionCall
from .retrieval_call import RetrievalCall

_parse_tool_calls = tagged(
    "type",
    {
        "code_interpreter": CodeInterpreterCall.from_dict,
        "file_search": FileSearchCall.from_dict,
        "function": FunctionCall.from_dict,
        "retrieval": RetrievalCall.from_dict,
    },
)
