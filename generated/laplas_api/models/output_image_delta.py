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
    "file_id": "file_id",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class OutputImageDelta(Model):
    """A picture that code put out."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _file_id: str | None | Unset = _attrs_field(default=UNSET, alias="file_id")

    @property
    def file_id(self) -> str | None:
        """The id of the file."""
        return None if self._file_id is UNSET else self._file_id

    @file_id.setter
    def file_id(self, value: str | None | Unset) -> None:
        self._file_id = value

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
        if "file_id" in src_dict:
            self._file_id = src_dict["file_id"]
        else:
            self._file_id = UNSET
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
        if self._file_id is not UNSET:
            result["file_id"] = plain(self._file_id)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
