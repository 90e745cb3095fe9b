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
    "reasoning_tokens": "reasoning_tokens",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CompletionTokensDetails(Model):
    """More about the tokens that were written."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _reasoning_tokens: int | None | Unset = _attrs_field(default=UNSET, alias="reasoning_tokens")

    @property
    def reasoning_tokens(self) -> int | None:
        """How many of them the model thought with."""
        return None if self._reasoning_tokens is UNSET else self._reasoning_tokens

    @reasoning_tokens.setter
    def reasoning_tokens(self, value: int | None | Unset) -> None:
        self._reasoning_tokens = value

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
        if "reasoning_tokens" in src_dict:
            self._reasoning_tokens = src_dict["reasoning_tokens"]
        else:
            self._reasoning_tokens = UNSET
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
        if self._reasoning_tokens is not UNSET:
            result["reasoning_tokens"] = plain(self._reasoning_tokens)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
