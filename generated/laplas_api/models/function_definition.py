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
    "name": "name",
    "description": "description",
    "parameters": "parameters",
    "strict": "strict",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FunctionDefinition(Model):
    """What the model is told about a function."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    name: str
    """The name, up to 64 characters out of letters, digits, `_` and `-` (upstream schema)."""
    _description: str | None | Unset = _attrs_field(default=UNSET, alias="description")
    _parameters: JsonSchema | None | Unset = _attrs_field(default=UNSET, alias="parameters")
    _strict: bool | None | Unset = _attrs_field(default=UNSET, alias="strict")

    @property
    def description(self) -> str | None:
        """What the function does. The model decides by it when to ask for a call."""
        return None if self._description is UNSET else self._description

    @description.setter
    def description(self, value: str | None | Unset) -> None:
        self._description = value

    @property
    def parameters(self) -> JsonSchema | None:
        """The arguments, as a JSON Schema. Left out, there are none."""
        return None if self._parameters is UNSET else self._parameters

    @parameters.setter
    def parameters(self, value: JsonSchema | None | Unset) -> None:
        self._parameters = value

    @property
    def strict(self) -> bool | None:
        """Whether arguments must fit `parameters` exactly."""
        return None if self._strict is UNSET else self._strict

    @strict.setter
    def strict(self, value: bool | None | Unset) -> None:
        self._strict = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.name = src_dict["name"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 4
        if "description" in src_dict:
            self._description = src_dict["description"]
        else:
            self._description = UNSET
            known -= 1
        if "parameters" in src_dict:
            value = src_dict["parameters"]
            self._parameters = JsonSchema(value) if isinstance(value, dict) else value
        else:
            self._parameters = UNSET
            known -= 1
        if "strict" in src_dict:
            self._strict = src_dict["strict"]
        else:
            self._strict = UNSET
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
            "name": plain(self.name),
        }
        if self._description is not UNSET:
            result["description"] = plain(self._description)
        if self._parameters is not UNSET:
            result["parameters"] = plain(self._parameters)
        if self._strict is not UNSET:
            result["strict"] = plain(self._strict)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .json_schema import JsonSchema
