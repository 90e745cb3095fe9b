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
    "message_id": "message_id",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class MessageCreationDelta(Model):
    """A message that a step writes."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _message_id: str | None | Unset = _attrs_field(default=UNSET, alias="message_id")

    @property
    def message_id(self) -> str | None:
        """The id of the message."""
        return None if self._message_id is UNSET else self._message_id

    @message_id.setter
    def message_id(self, value: str | None | Unset) -> None:
        self._message_id = value

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
        if "message_id" in src_dict:
            self._message_id = src_dict["message_id"]
        else:
            self._message_id = UNSET
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
        if self._message_id is not UNSET:
            result["message_id"] = plain(self._message_id)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
