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
    "in_progress": "in_progress",
    "completed": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
    "total": "total",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class VectorStoreFileCounts(Model):
    """Numbers of files by status."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _in_progress: int | None | Unset = _attrs_field(default=UNSET, alias="in_progress")
    _completed: int | None | Unset = _attrs_field(default=UNSET, alias="completed")
    _failed: int | None | Unset = _attrs_field(default=UNSET, alias="failed")
    _cancelled: int | None | Unset = _attrs_field(default=UNSET, alias="cancelled")
    _total: int | None | Unset = _attrs_field(default=UNSET, alias="total")

    @property
    def in_progress(self) -> int | None:
        """How many are being read."""
        return None if self._in_progress is UNSET else self._in_progress

    @in_progress.setter
    def in_progress(self, value: int | None | Unset) -> None:
        self._in_progress = value

    @property
    def completed(self) -> int | None:
        """How many can be searched."""
        return None if self._completed is UNSET else self._completed

    @completed.setter
    def completed(self, value: int | None | Unset) -> None:
        self._completed = value

    @property
    def failed(self) -> int | None:
        """How many could not be read."""
        return None if self._failed is UNSET else self._failed

    @failed.setter
    def failed(self, value: int | None | Unset) -> None:
        self._failed = value

    @property
    def cancelled(self) -> int | None:
        """How many were cancelled."""
        return None if self._cancelled is UNSET else self._cancelled

    @cancelled.setter
    def cancelled(self, value: int | None | Unset) -> None:
        self._cancelled = value

    @property
    def total(self) -> int | None:
        """The sum of all."""
        return None if self._total is UNSET else self._total

    @total.setter
    def total(self, value: int | None | Unset) -> None:
        self._total = value

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
        known = 5
        if "in_progress" in src_dict:
            self._in_progress = src_dict["in_progress"]
        else:
            self._in_progress = UNSET
            known -= 1
        if "completed" in src_dict:
            self._completed = src_dict["completed"]
        else:
            self._completed = UNSET
            known -= 1
        if "failed" in src_dict:
            self._failed = src_dict["failed"]
        else:
            self._failed = UNSET
            known -= 1
        if "cancelled" in src_dict:
            self._cancelled = src_dict["cancelled"]
        else:
            self._cancelled = UNSET
            known -= 1
        if "total" in src_dict:
            self._total = src_dict["total"]
        else:
            self._total = UNSET
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
        if self._in_progress is not UNSET:
            result["in_progress"] = plain(self._in_progress)
        if self._completed is not UNSET:
            result["completed"] = plain(self._completed)
        if self._failed is not UNSET:
            result["failed"] = plain(self._failed)
        if self._cancelled is not UNSET:
            result["cancelled"] = plain(self._cancelled)
        if self._total is not UNSET:
            result["total"] = plain(self._total)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
