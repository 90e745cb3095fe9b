# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, Unpack

from attrs import define as _attrs_define

from ..errors import MissingField
from ..types import (
    Model,
    ToDictOptions,
    new,
    plain,
    pydantic_schema,
)

_KEYS = {
    "anchor": "anchor",
    "seconds": "seconds",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileExpiration(Model):
    """How long a file is kept."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    seconds: int
    """Seconds from then on, from an hour to 30 days (upstream documentation)."""
    anchor: Literal["created_at"] = "created_at"
    """The time to count from. Always `created_at`."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["anchor"]
            self.anchor = "created_at" if value == "created_at" else value
            self.seconds = src_dict["seconds"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        if len(src_dict) == 2:
            self._extra = None
        else:
            self._extra = {k: v for k, v in src_dict.items() if k not in _KEYS}
        return self

    def to_dict(self, **options: Unpack[ToDictOptions]) -> dict[str, Any]:
        """The JSON object: absent fields stay absent, null stays null, unknown fields come back."""
        if options:
            return super().to_dict(**options)
        result: dict[str, Any] = {
            "anchor": plain(self.anchor),
            "seconds": plain(self.seconds),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
