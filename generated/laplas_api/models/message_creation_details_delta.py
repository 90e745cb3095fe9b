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
    "message_creation": "message_creation",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class MessageCreationDetailsDelta(Model):
    """A message that the step writes."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    type: Literal["message_creation"] = "message_creation"
    """Always `message_creation`."""
    _message_creation: MessageCreationDelta | None | Unset = _attrs_field(
        default=UNSET, alias="message_creation"
    )

    @property
    def message_creation(self) -> MessageCreationDelta | None:
        """The message."""
        return None if self._message_creation is UNSET else self._message_creation

    @message_creation.setter
    def message_creation(self, value: MessageCreationDelta | None | Unset) -> None:
        self._message_creation = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "message_creation" if value == "message_creation" else value
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 2
        if "message_creation" in src_dict:
            value = src_dict["message_creation"]
            self._message_creation = (
                _read_message_creation_delta(value) if isinstance(value, dict) else value
            )
        else:
            self._message_creation = UNSET
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
        if self._message_creation is not UNSET:
            result["message_creation"] = plain(self._message_creation)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .message_creation_delta import MessageCreationDelta

_read_message_creation_delta = MessageCreationDelta.from_dict
