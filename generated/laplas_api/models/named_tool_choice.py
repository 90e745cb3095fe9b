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
    "function": "function",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class NamedToolChoice(Model):
    """A tool that the model must use."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    type: str
    """The type of the tool, `function`, `code_interpreter` or `file_search`."""
    _function: NamedFunction | None | Unset = _attrs_field(default=UNSET, alias="function")

    @property
    def function(self) -> NamedFunction | None:
        """The function, if the tool is one."""
        return None if self._function is UNSET else self._function

    @function.setter
    def function(self, value: NamedFunction | None | Unset) -> None:
        self._function = value

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
        if "function" in src_dict:
            value = src_dict["function"]
            self._function = _read_named_function(value) if isinstance(value, dict) else value
        else:
            self._function = UNSET
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
        if self._function is not UNSET:
            result["function"] = plain(self._function)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .named_function import NamedFunction

_read_named_function = NamedFunction.from_dict
