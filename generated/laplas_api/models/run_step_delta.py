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
    "step_details": "step_details",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class RunStepDelta(Model):
    """What is new in a step."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _step_details: (
        MessageCreationDetailsDelta | ToolCallsDetailsDelta | UnknownVariant | None | Unset
    ) = _attrs_field(default=UNSET, alias="step_details")

    @property
    def step_details(
        self,
    ) -> MessageCreationDetailsDelta | ToolCallsDetailsDelta | UnknownVariant | None:
        """What is new in the details of the step."""
        return None if self._step_details is UNSET else self._step_details

    @step_details.setter
    def step_details(
        self,
        value: MessageCreationDetailsDelta | ToolCallsDetailsDelta | UnknownVariant | None | Unset,
    ) -> None:
        self._step_details = value

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
        known = 1
        if "step_details" in src_dict:
            value = src_dict["step_details"]
            self._step_details = _parse_step_details(value)
        else:
            self._step_details = UNSET
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
        if self._step_details is not UNSET:
            result["step_details"] = plain(self._step_details)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .message_creation_details_delta import MessageCreationDetailsDelta
from .tool_calls_details_delta import ToolCallsDetailsDelta

_parse_step_details = tagged(
    "type",
    {
        "message_creation": MessageCreationDetailsDelta.from_dict,
        "tool_calls": ToolCallsDetailsDelta.from_dict,
    },
)
