# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from ..types import (
    plain,
    pydantic_map_schema,
    shown,
)


class Metadata(dict[str, str]):
    """Your own notes on an object: at most 16 pairs, keys up to 64 characters, string values up
    to 512 characters. Limits: the vendor's published schema.
    """

    __slots__ = ()

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, str]) -> Self:
        """Make one from a JSON object, which is copied."""
        return cls(src_dict)

    def to_dict(self) -> dict[str, str]:
        """The JSON object, as a plain dict."""
        return {key: plain(value) for key, value in self.items()}

    def __repr__(self) -> str:
        return shown(self)

    __get_pydantic_core_schema__ = classmethod(pydantic_map_schema)
