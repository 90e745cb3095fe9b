# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define

from ..errors import MissingField
from ..types import (
    Model,
    ToDictOptions,
    new,
    plain,
    pydantic_schema,
)

_KEYS = {
    "tool_calls": "tool_calls",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class RequiredToolOutputs(Model):
    """Function calls whose results a run waits for."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    tool_calls: list[RequiredToolCall]
    """The calls. All results must be submitted together."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["tool_calls"]
            self.tool_calls = (
                (
                    [_read_required_tool_call(value[0]) if isinstance(value[0], dict) else value[0]]
                    if len(value) == 1
                    else [
                        _read_required_tool_call(item) if isinstance(item, dict) else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        if len(src_dict) == 1:
            self._extra = None
        else:
            self._extra = {k: v for k, v in src_dict.items() if k not in _KEYS}
        return self

    def to_dict(self, **options: Unpack[ToDictOptions]) -> dict[str, Any]:
        """The JSON object: absent fields stay absent, null stays null, unknown fields come back."""
        if options:
            return super().to_dict(**options)
        result: dict[str, Any] = {
            "tool_calls": plain(self.tool_calls),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .required_tool_call import RequiredToolCall

_read_required_tool_call = RequiredToolCall.from_dict
