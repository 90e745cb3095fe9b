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
    Unset,
    new,
    plain,
    pydantic_schema,
)

_KEYS = {
    "name": "name",
    "arguments": "arguments",
    "output": "output",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FunctionDelta(Model):
    """What is new in a function and its arguments."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _name: str | None | Unset = _attrs_field(default=UNSET, alias="name")
    _arguments: str | None | Unset = _attrs_field(default=UNSET, alias="arguments")
    _output: str | None | Unset = _attrs_field(default=UNSET, alias="output")

    @property
    def name(self) -> str | None:
        """The name of the function."""
        return None if self._name is UNSET else self._name

    @name.setter
    def name(self, value: str | None | Unset) -> None:
        self._name = value

    @property
    def arguments(self) -> str | None:
        """JSON text to append to the arguments."""
        return None if self._arguments is UNSET else self._arguments

    @arguments.setter
    def arguments(self, value: str | None | Unset) -> None:
        self._arguments = value

    @property
    def output(self) -> str | None:
        """The result that was submitted. Null until then."""
        return None if self._output is UNSET else self._output

    @output.setter
    def output(self, value: str | None | Unset) -> None:
        self._output = value

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
        known = 3
        if "name" in src_dict:
            self._name = src_dict["name"]
        else:
            self._name = UNSET
            known -= 1
        if "arguments" in src_dict:
            self._arguments = src_dict["arguments"]
        else:
            self._arguments = UNSET
            known -= 1
        if "output" in src_dict:
            self._output = src_dict["output"]
        else:
            self._output = UNSET
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
        if self._name is not UNSET:
            result["name"] = plain(self._name)
        if self._arguments is not UNSET:
            result["arguments"] = plain(self._arguments)
        if self._output is not UNSET:
            result["output"] = plain(self._output)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
