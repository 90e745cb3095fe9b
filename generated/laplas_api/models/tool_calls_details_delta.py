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
    UnknownVariant,
    Unset,
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
class ToolCallsDetailsDelta(Model):
    """What is new in the calls of tools."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    type: Literal["tool_calls"] = "tool_calls"
    """Always `tool_calls`."""
    _tool_calls: (
        list[CodeInterpreterCallDelta | FileSearchCallDelta | FunctionCallDelta | UnknownVariant]
        | None
        | Unset
    ) = _attrs_field(default=UNSET, alias="tool_calls")

    @property
    def tool_calls(
        self,
    ) -> (
        list[CodeInterpreterCallDelta | FileSearchCallDelta | FunctionCallDelta | UnknownVariant]
        | None
    ):
        """New calls, and additions to calls."""
        return None if self._tool_calls is UNSET else self._tool_calls

    @tool_calls.setter
    def tool_calls(
        self,
        value: list[
            CodeInterpreterCallDelta | FileSearchCallDelta | FunctionCallDelta | UnknownVariant
        ]
        | None
        | Unset,
    ) -> None:
        self._tool_calls = value

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
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 2
        if "tool_calls" in src_dict:
            value = src_dict["tool_calls"]
            self._tool_calls = (
                (
                    [_parse_tool_calls(value[0])]
                    if len(value) == 1
                    else [_parse_tool_calls(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._tool_calls = UNSET
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
        }
        if self._tool_calls is not UNSET:
            result["tool_calls"] = plain(self._tool_calls)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .code_interpreter_call_delta import CodeInterpreterCallDelta
from .file_search_call_delta import FileSearchCallDelta
from .function_call_delta import FunctionCallDelta

_parse_tool_calls = tagged(
    "type",
    {
        "code_interpreter": CodeInterpreterCallDelta.from_dict,
        "file_search": FileSearchCallDelta.from_dict,
        "function": FunctionCallDelta.from_dict,
    },
)
