# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

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
    "input": "input",
    "outputs": "outputs",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CodeInterpreterCallDetails(Model):
    """Code that was run, and what came out."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    input: str
    """The code."""
    outputs: list[LogsOutput | ImageOutput | UnknownVariant]
    """What came out, in order."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.input = src_dict["input"]
            value = src_dict["outputs"]
            self.outputs = (
                (
                    [_parse_outputs(value[0])]
                    if len(value) == 1
                    else [_parse_outputs(item) for item in value]
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
            "input": plain(self.input),
            "outputs": plain(self.outputs),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .image_output import ImageOutput
from .logs_output import LogsOutput

_parse_outputs = tagged(
    "type",
    {
        "logs": LogsOutput.from_dict,
        "image": ImageOutput.from_dict,
    },
)
