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
    "vector_store_ids": "vector_store_ids",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileSearchResources(Model):
    """What the file search can use."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _vector_store_ids: list[str] | None | Unset = _attrs_field(
        default=UNSET, alias="vector_store_ids"
    )

    @property
    def vector_store_ids(self) -> list[str] | None:
        """The id of the thread's vector store, at most one (upstream schema)."""
        return None if self._vector_store_ids is UNSET else self._vector_store_ids

    @vector_store_ids.setter
    def vector_store_ids(self, value: list[str] | None | Unset) -> None:
        self._vector_store_ids = value

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
        if "vector_store_ids" in src_dict:
            self._vector_store_ids = src_dict["vector_store_ids"]
        else:
            self._vector_store_ids = UNSET
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
        if self._vector_store_ids is not UNSET:
            result["vector_store_ids"] = plain(self._vector_store_ids)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
