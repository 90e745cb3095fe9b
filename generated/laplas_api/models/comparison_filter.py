# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define

from ..errors import MissingField
from ..types import (
    Model,
    ToDictOptions,
    new,
    plain,
    pydantic_schema,
)

if TYPE_CHECKING:
    from .comparison_operator import ComparisonOperator

_KEYS = {
    "type": "type",
    "key": "key",
    "value": "value",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ComparisonFilter(Model):
    """A condition on one attribute."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    type: ComparisonOperator
    """Equal, not equal, greater, greater or equal, less, less or equal, one of, none of."""
    key: str
    """The attribute."""
    value: str | float | bool | Sequence[str | float]
    """The value to compare with; for `in` and `nin` a list of values."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.type = src_dict["type"]
            self.key = src_dict["key"]
            self.value = src_dict["value"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        if len(src_dict) == 3:
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
            "key": plain(self.key),
            "value": plain(self.value),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
