# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, Unpack

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
    "index": "index",
    "logs": "logs",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class LogsOutputDelta(Model):
    """Text that code put out."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    index: int
    """The place of the output among the outputs of the call, counted from 0."""
    type: Literal["logs"] = "logs"
    """Always `logs`."""
    _logs: str | None | Unset = _attrs_field(default=UNSET, alias="logs")

    @property
    def logs(self) -> str | None:
        """Text to append."""
        return None if self._logs is UNSET else self._logs

    @logs.setter
    def logs(self, value: str | None | Unset) -> None:
        self._logs = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "logs" if value == "logs" else value
            self.index = src_dict["index"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 3
        if "logs" in src_dict:
            self._logs = src_dict["logs"]
        else:
            self._logs = UNSET
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
            "index": plain(self.index),
        }
        if self._logs is not UNSET:
            result["logs"] = plain(self._logs)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
