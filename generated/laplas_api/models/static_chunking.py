# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

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
    "max_chunk_size_tokens": "max_chunk_size_tokens",
    "chunk_overlap_tokens": "chunk_overlap_tokens",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class StaticChunking(Model):
    """Sizes for cutting files into pieces."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    max_chunk_size_tokens: int
    """The largest piece in tokens, 100 to 4096 (upstream schema)."""
    chunk_overlap_tokens: int
    """How many tokens neighbouring pieces share, at most half of `max_chunk_size_tokens`
    (upstream schema).
    """

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.max_chunk_size_tokens = src_dict["max_chunk_size_tokens"]
            self.chunk_overlap_tokens = src_dict["chunk_overlap_tokens"]
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
            "max_chunk_size_tokens": plain(self.max_chunk_size_tokens),
            "chunk_overlap_tokens": plain(self.chunk_overlap_tokens),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
