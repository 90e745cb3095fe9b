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
    "last_messages": "last_messages",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class TruncationStrategy(Model):
    """What a run does when the thread is longer than the model can read."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    type: str
    """`auto` leaves out messages in the middle, `last_messages` all but the newest ones. In
    responses an open set.
    """
    _last_messages: int | None | Unset = _attrs_field(default=UNSET, alias="last_messages")

    @property
    def last_messages(self) -> int | None:
        """How many of the newest messages to read, for `last_messages`."""
        return None if self._last_messages is UNSET else self._last_messages

    @last_messages.setter
    def last_messages(self, value: int | None | Unset) -> None:
        self._last_messages = value

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
        if "last_messages" in src_dict:
            self._last_messages = src_dict["last_messages"]
        else:
            self._last_messages = UNSET
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
        if self._last_messages is not UNSET:
            result["last_messages"] = plain(self._last_messages)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
