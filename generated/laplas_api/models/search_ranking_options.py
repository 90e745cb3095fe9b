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
    "ranker": "ranker",
    "score_threshold": "score_threshold",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class SearchRankingOptions(Model):
    """How results are ranked."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _ranker: str | None | Unset = _attrs_field(default=UNSET, alias="ranker")
    _score_threshold: float | None | Unset = _attrs_field(default=UNSET, alias="score_threshold")

    @property
    def ranker(self) -> str | None:
        """The ranker: `auto`, `default-2024-11-15` (upstream schema), or `none`, which is
        fastest.
        """
        return None if self._ranker is UNSET else self._ranker

    @ranker.setter
    def ranker(self, value: str | None | Unset) -> None:
        self._ranker = value

    @property
    def score_threshold(self) -> float | None:
        """Leave out results that score less, 0 to 1. Left out, the server takes 0."""
        return None if self._score_threshold is UNSET else self._score_threshold

    @score_threshold.setter
    def score_threshold(self, value: float | None | Unset) -> None:
        self._score_threshold = value

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
        if "ranker" in src_dict:
            self._ranker = src_dict["ranker"]
        else:
            self._ranker = UNSET
            known -= 1
        if "score_threshold" in src_dict:
            self._score_threshold = src_dict["score_threshold"]
        else:
            self._score_threshold = UNSET
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
        if self._ranker is not UNSET:
            result["ranker"] = plain(self._ranker)
        if self._score_threshold is not UNSET:
            result["score_threshold"] = plain(self._score_threshold)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
