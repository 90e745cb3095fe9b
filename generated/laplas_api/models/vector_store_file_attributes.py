# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from ..types import (
    plain,
    pydantic_map_schema,
    shown,
)


class VectorStoreFileAttributes(dict[str, str | float | bool]):
    """What the search can filter by: at most 16 pairs, keys up to 64 characters, values numbers,
    booleans or texts up to 512 characters. Limits: upstream schema.
    """

    __slots__ = ()

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, str | float | bool]) -> Self:
        """Make one from a JSON object, which is copied."""
        return cls(src_dict)

    def to_dict(self) -> dict[str, str | float | bool]:
        """The JSON object, as a plain dict."""
        return {key: plain(value) for key, value in self.items()}

    def __repr__(self) -> str:
        return shown(self)

    __get_pydantic_core_schema__ = classmethod(pydantic_map_schema)
