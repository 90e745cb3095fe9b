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
    "score_threshold": "score_threshold",
    "ranker": "ranker",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class RankingOptions(Model):
    """How the results of a file search are ranked."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    score_threshold: float
    """Results with a lower score are left out, 0 to 1."""
    _ranker: str | None | Unset = _attrs_field(default=UNSET, alias="ranker")

    @property
    def ranker(self) -> str | None:
        """The ranker. Known values are `auto` and `default_2024_08_21`."""
        return None if self._ranker is UNSET else self._ranker

    @ranker.setter
    def ranker(self, value: str | None | Unset) -> None:
        self._ranker = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.score_threshold = src_dict["score_threshold"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 2
        if "ranker" in src_dict:
            self._ranker = src_dict["ranker"]
        else:
            self._ranker = UNSET
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
            "score_threshold": plain(self.score_threshold),
        }
        if self._ranker is not UNSET:
            result["ranker"] = plain(self._ranker)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
