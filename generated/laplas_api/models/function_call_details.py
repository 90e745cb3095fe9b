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
    "arguments": "arguments",
    "output": "output",
    "ouptut": "ouptut",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FunctionCallDetails(Model):
    """A function, its arguments and its result."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    name: str
    """The name of the function."""
    _arguments: str | None | Unset = _attrs_field(default=UNSET, alias="arguments")
    _output: str | None | Unset = _attrs_field(default=UNSET, alias="output")
    _ouptut: str | None | Unset = _attrs_field(default=UNSET, alias="ouptut")

    @property
    def arguments(self) -> str | None:
        """The arguments as JSON, as the model wrote them."""
        return None if self._arguments is UNSET else self._arguments

    @arguments.setter
    def arguments(self, value: str | None | Unset) -> None:
        self._arguments = value

    @property
    def output(self) -> str | None:
        """The result that was submitted. Null or absent until then."""
        return None if self._output is UNSET else self._output

    @output.setter
    def output(self, value: str | None | Unset) -> None:
        self._output = value

    @property
    def ouptut(self) -> str | None:
        """The same as `output`, as the vendor's schema spells it."""
        return None if self._ouptut is UNSET else self._ouptut

    @ouptut.setter
    def ouptut(self, value: str | None | Unset) -> None:
        self._ouptut = value

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
        if "ouptut" in src_dict:
            self._ouptut = src_dict["ouptut"]
        else:
            self._ouptut = UNSET
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
        if self._arguments is not UNSET:
            result["arguments"] = plain(self._arguments)
        if self._output is not UNSET:
            result["output"] = plain(self._output)
        if self._ouptut is not UNSET:
            result["ouptut"] = plain(self._ouptut)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
