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
    "file_id": "file_id",
    "quote": "quote",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileCitation(Model):
    """A cited file."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    file_id: str
    """The id of the file."""
    _quote: str | None | Unset = _attrs_field(default=UNSET, alias="quote")

    @property
    def quote(self) -> str | None:
        """The cited words. Often absent."""
        return None if self._quote is UNSET else self._quote

    @quote.setter
    def quote(self, value: str | None | Unset) -> None:
        self._quote = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.file_id = src_dict["file_id"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 2
        if "quote" in src_dict:
            self._quote = src_dict["quote"]
        else:
            self._quote = UNSET
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
            "file_id": plain(self.file_id),
        }
        if self._quote is not UNSET:
            result["quote"] = plain(self._quote)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
