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
    "ranking_options": "ranking_options",
    "results": "results",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileSearchCallDetails(Model):
    """The settings and the results of a search in files."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _ranking_options: RankingOptions | None | Unset = _attrs_field(
        default=UNSET, alias="ranking_options"
    )
    _results: list[FileSearchResult] | None | Unset = _attrs_field(default=UNSET, alias="results")

    @property
    def ranking_options(self) -> RankingOptions | None:
        """How results were ranked."""
        return None if self._ranking_options is UNSET else self._ranking_options

    @ranking_options.setter
    def ranking_options(self, value: RankingOptions | None | Unset) -> None:
        self._ranking_options = value

    @property
    def results(self) -> list[FileSearchResult] | None:
        """What was found."""
        return None if self._results is UNSET else self._results

    @results.setter
    def results(self, value: list[FileSearchResult] | None | Unset) -> None:
        self._results = value

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
        if "ranking_options" in src_dict:
            value = src_dict["ranking_options"]
            self._ranking_options = (
                _read_ranking_options(value) if isinstance(value, dict) else value
            )
        else:
            self._ranking_options = UNSET
            known -= 1
        if "results" in src_dict:
            value = src_dict["results"]
            self._results = (
                (
                    [_read_file_search_result(value[0]) if isinstance(value[0], dict) else value[0]]
                    if len(value) == 1
                    else [
                        _read_file_search_result(item) if isinstance(item, dict) else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._results = UNSET
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
        if self._ranking_options is not UNSET:
            result["ranking_options"] = plain(self._ranking_options)
        if self._results is not UNSET:
            result["results"] = plain(self._results)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_search_result import FileSearchResult
from .ranking_options import RankingOptions

_read_file_search_result = FileSearchResult.from_dict
_read_ranking_options = RankingOptions.from_dict
