# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define

from ..errors import MissingField
from ..types import (
    Model,
    ToDictOptions,
    UnknownVariant,
    new,
    plain,
    pydantic_schema,
    tagged,
)

if TYPE_CHECKING:
    from .compound_operator import CompoundOperator

_KEYS = {
    "type": "type",
    "filters": "filters",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CompoundFilter(Model):
    """Several conditions, of which all or one must be met."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    type: CompoundOperator
    """Whether all conditions must be met, or one."""
    filters: Sequence[CompoundFilter | Mapping[str, Any] | ComparisonFilter | UnknownVariant]
    """The conditions."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "and" if value == "and" else "or" if value == "or" else value
            value = src_dict["filters"]
            self.filters = (
                (
                    [_parse_filters(value[0])]
                    if len(value) == 1
                    else [_parse_filters(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
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
            "type": plain(self.type),
            "filters": plain(self.filters),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .comparison_filter import ComparisonFilter

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
