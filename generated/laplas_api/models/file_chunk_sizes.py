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
    "max_chunk_size_tokens": "max_chunk_size_tokens",
    "chunk_overlap_tokens": "chunk_overlap_tokens",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileChunkSizes(Model):
    """The sizes of the pieces of a file."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _max_chunk_size_tokens: int | None | Unset = _attrs_field(
        default=UNSET, alias="max_chunk_size_tokens"
    )
    _chunk_overlap_tokens: int | None | Unset = _attrs_field(
        default=UNSET, alias="chunk_overlap_tokens"
    )

    @property
    def max_chunk_size_tokens(self) -> int | None:
        """The largest piece in tokens."""
        return None if self._max_chunk_size_tokens is UNSET else self._max_chunk_size_tokens

    @max_chunk_size_tokens.setter
    def max_chunk_size_tokens(self, value: int | None | Unset) -> None:
        self._max_chunk_size_tokens = value

    @property
    def chunk_overlap_tokens(self) -> int | None:
        """How many tokens neighbouring pieces share."""
        return None if self._chunk_overlap_tokens is UNSET else self._chunk_overlap_tokens

    @chunk_overlap_tokens.setter
    def chunk_overlap_tokens(self, value: int | None | Unset) -> None:
        self._chunk_overlap_tokens = value

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
        known = 2
        if "max_chunk_size_tokens" in src_dict:
            self._max_chunk_size_tokens = src_dict["max_chunk_size_tokens"]
        else:
            self._max_chunk_size_tokens = UNSET
            known -= 1
        if "chunk_overlap_tokens" in src_dict:
            self._chunk_overlap_tokens = src_dict["chunk_overlap_tokens"]
        else:
            self._chunk_overlap_tokens = UNSET
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
        if self._max_chunk_size_tokens is not UNSET:
            result["max_chunk_size_tokens"] = plain(self._max_chunk_size_tokens)
        if self._chunk_overlap_tokens is not UNSET:
            result["chunk_overlap_tokens"] = plain(self._chunk_overlap_tokens)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
