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
    "input": "input",
    "outputs": "outputs",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CodeInterpreterDelta(Model):
    """What is new in code and in what came out."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _input: str | None | Unset = _attrs_field(default=UNSET, alias="input")
    _outputs: list[LogsOutputDelta | ImageOutputDelta | UnknownVariant] | None | Unset = (
        _attrs_field(default=UNSET, alias="outputs")
    )

    @property
    def input(self) -> str | None:
        """Code to append."""
        return None if self._input is UNSET else self._input

    @input.setter
    def input(self, value: str | None | Unset) -> None:
        self._input = value

    @property
    def outputs(self) -> list[LogsOutputDelta | ImageOutputDelta | UnknownVariant] | None:
        """What came out."""
        return None if self._outputs is UNSET else self._outputs

    @outputs.setter
    def outputs(
        self, value: list[LogsOutputDelta | ImageOutputDelta | UnknownVariant] | None | Unset
    ) -> None:
        self._outputs = value

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
        if "input" in src_dict:
            self._input = src_dict["input"]
        else:
            self._input = UNSET
            known -= 1
        if "outputs" in src_dict:
            value = src_dict["outputs"]
            self._outputs = (
                (
                    [_parse_outputs(value[0])]
                    if len(value) == 1
                    else [_parse_outputs(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._outputs = UNSET
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
        if self._input is not UNSET:
            result["input"] = plain(self._input)
        if self._outputs is not UNSET:
            result["outputs"] = plain(self._outputs)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .image_output_delta import ImageOutputDelta
from .logs_output_delta import LogsOutputDelta

_parse_outputs = tagged(
    "type",
    {
        "logs": LogsOutputDelta.from_dict,
        "image": ImageOutputDelta.from_dict,
    },
)
