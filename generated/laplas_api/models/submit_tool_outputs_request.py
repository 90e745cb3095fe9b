# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "tool_outputs": "tool_outputs",
    "stream": "stream",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class SubmitToolOutputsRequest(Model):
    """The results of function calls. No other fields are allowed."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    tool_outputs: Sequence[ToolOutput | Mapping[str, Any]]
    """The results of all calls that the run waits for."""
    _stream: bool | None | Unset = _attrs_field(default=UNSET, alias="stream")

    @property
    def stream(self) -> bool | None:
        """Whether the answer is an event stream in place of the run."""
        return None if self._stream is UNSET else self._stream

    @stream.setter
    def stream(self, value: bool | None | Unset) -> None:
        self._stream = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["tool_outputs"]
            self.tool_outputs = (
                (
                    [_read_tool_output(value[0]) if isinstance(value[0], dict) else value[0]]
                    if len(value) == 1
                    else [
                        _read_tool_output(item) if isinstance(item, dict) else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 2
        if "stream" in src_dict:
            self._stream = src_dict["stream"]
        else:
            self._stream = UNSET
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
            "tool_outputs": plain(self.tool_outputs),
        }
        if self._stream is not UNSET:
            result["stream"] = plain(self._stream)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .tool_output import ToolOutput

_read_tool_output = ToolOutput.from_dict
