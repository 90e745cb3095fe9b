# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..errors import MissingField
from ..types import (
    UNSET,
    Model,
    ToDictOptions,
    UnknownVariant,
    Unset,
    new,
    plain,
    pydantic_schema,
    tagged,
)

_KEYS = {
    "query": "query",
    "rewrite_query": "rewrite_query",
    "max_num_results": "max_num_results",
    "filters": "filters",
    "ranking_options": "ranking_options",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class SearchVectorStoreRequest(Model):
    """What to search for. No other fields are allowed."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    query: str | Sequence[str]
    """What to search for, in words; or several such texts."""
    _rewrite_query: bool | None | Unset = _attrs_field(default=UNSET, alias="rewrite_query")
    _max_num_results: int | None | Unset = _attrs_field(default=UNSET, alias="max_num_results")
    _filters: (
        CompoundFilter | Mapping[str, Any] | ComparisonFilter | UnknownVariant | None | Unset
    ) = _attrs_field(default=UNSET, alias="filters")
    _ranking_options: SearchRankingOptions | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="ranking_options"
    )

    @property
    def rewrite_query(self) -> bool | None:
        """Whether the server may reword the query. Left out, it does not."""
        return None if self._rewrite_query is UNSET else self._rewrite_query

    @rewrite_query.setter
    def rewrite_query(self, value: bool | None | Unset) -> None:
        self._rewrite_query = value

    @property
    def max_num_results(self) -> int | None:
        """The most results, 1 to 50 (upstream schema). Left out, the server takes 10."""
        return None if self._max_num_results is UNSET else self._max_num_results

    @max_num_results.setter
    def max_num_results(self, value: int | None | Unset) -> None:
        self._max_num_results = value

    @property
    def filters(
        self,
    ) -> CompoundFilter | Mapping[str, Any] | ComparisonFilter | UnknownVariant | None:
        """A condition on the attributes of files."""
        return None if self._filters is UNSET else self._filters

    @filters.setter
    def filters(
        self,
        value: CompoundFilter
        | Mapping[str, Any]
        | ComparisonFilter
        | UnknownVariant
        | None
        | Unset,
    ) -> None:
        self._filters = value

    @property
    def ranking_options(self) -> SearchRankingOptions | Mapping[str, Any] | None:
        """How results are ranked."""
        return None if self._ranking_options is UNSET else self._ranking_options

    @ranking_options.setter
    def ranking_options(
        self, value: SearchRankingOptions | Mapping[str, Any] | None | Unset
    ) -> None:
        self._ranking_options = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.query = src_dict["query"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 5
        if "rewrite_query" in src_dict:
            self._rewrite_query = src_dict["rewrite_query"]
        else:
            self._rewrite_query = UNSET
            known -= 1
        if "max_num_results" in src_dict:
            self._max_num_results = src_dict["max_num_results"]
        else:
            self._max_num_results = UNSET
            known -= 1
        if "filters" in src_dict:
            value = src_dict["filters"]
            self._filters = _parse_filters(value)
        else:
            self._filters = UNSET
            known -= 1
        if "ranking_options" in src_dict:
            value = src_dict["ranking_options"]
            self._ranking_options = (
                _read_search_ranking_options(value) if isinstance(value, dict) else value
            )
        else:
            self._ranking_options = UNSET
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
            "query": plain(self.query),
        }
        if self._rewrite_query is not UNSET:
            result["rewrite_query"] = plain(self._rewrite_query)
        if self._max_num_results is not UNSET:
            result["max_num_results"] = plain(self._max_num_results)
        if self._filters is not UNSET:
            result["filters"] = plain(self._filters)
        if self._ranking_options is not UNSET:
            result["ranking_options"] = plain(self._ranking_options)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .comparison_filter import ComparisonFilter
from .compound_filter import CompoundFilter
from .search_ranking_options import SearchRankingOptions

_read_search_ranking_options = SearchRankingOptions.from_dict
_parse_filters = tagged(
    "type",
    {
        "and": CompoundFilter.from_dict,
        "or": CompoundFilter.from_dict,
        "eq": ComparisonFilter.from_dict,
        "ne": ComparisonFilter.from_dict,
        "gt": ComparisonFilter.from_dict,
        "gte": ComparisonFilter.from_dict,
        "lt": ComparisonFilter.from_dict,
        "lte": ComparisonFilter.from_dict,
        "in": ComparisonFilter.from_dict,
        "nin": ComparisonFilter.from_dict,
    },
)
