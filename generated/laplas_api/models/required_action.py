# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
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
    "type": "type",
    "submit_tool_outputs": "submit_tool_outputs",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class RequiredAction(Model):
    """What a run waits for."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    type: str
    """The kind of action. One is known, `submit_tool_outputs`."""
    _submit_tool_outputs: RequiredToolOutputs | None | Unset = _attrs_field(
        default=UNSET, alias="submit_tool_outputs"
    )

    @property
    def submit_tool_outputs(self) -> RequiredToolOutputs | None:
        """The function calls to make, for `submit_tool_outputs`."""
        return None if self._submit_tool_outputs is UNSET else self._submit_tool_outputs

    @submit_tool_outputs.setter
    def submit_tool_outputs(self, value: RequiredToolOutputs | None | Unset) -> None:
        self._submit_tool_outputs = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.type = src_dict["type"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 2
        if "submit_tool_outputs" in src_dict:
            value = src_dict["submit_tool_outputs"]
            self._submit_tool_outputs = (
                _read_required_tool_outputs(value) if isinstance(value, dict) else value
            )
        else:
            self._submit_tool_outputs = UNSET
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
        if self._submit_tool_outputs is not UNSET:
            result["submit_tool_outputs"] = plain(self._submit_tool_outputs)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .required_tool_outputs import RequiredToolOutputs

_read_required_tool_outputs = RequiredToolOutputs.from_dict
