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
    "refusal": "refusal",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class RefusalContentDelta(Model):
    """What is new in the words of a refusal."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    index: int
    """The place of the part in the message, counted from 0."""
    type: Literal["refusal"] = "refusal"
    """Always `refusal`."""
    _refusal: str | None | Unset = _attrs_field(default=UNSET, alias="refusal")

    @property
    def refusal(self) -> str | None:
        """Words to append."""
        return None if self._refusal is UNSET else self._refusal

    @refusal.setter
    def refusal(self, value: str | None | Unset) -> None:
        self._refusal = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "refusal" if value == "refusal" else value
            self.index = src_dict["index"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 3
        if "refusal" in src_dict:
            self._refusal = src_dict["refusal"]
        else:
            self._refusal = UNSET
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
        if self._refusal is not UNSET:
            result["refusal"] = plain(self._refusal)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
