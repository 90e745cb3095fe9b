# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "vector_store_ids": "vector_store_ids",
    "vector_stores": "vector_stores",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CreateFileSearchResources(Model):
    """What the file search can use, an existing vector store or a new one, not both."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _vector_store_ids: Sequence[str] | None | Unset = _attrs_field(
        default=UNSET, alias="vector_store_ids"
    )
    _vector_stores: Sequence[CreateVectorStore | Mapping[str, Any]] | None | Unset = _attrs_field(
        default=UNSET, alias="vector_stores"
    )

    @property
    def vector_store_ids(self) -> Sequence[str] | None:
        """The id of an existing vector store, at most one (upstream schema)."""
        return None if self._vector_store_ids is UNSET else self._vector_store_ids

    @vector_store_ids.setter
    def vector_store_ids(self, value: Sequence[str] | None | Unset) -> None:
        self._vector_store_ids = value

    @property
    def vector_stores(self) -> Sequence[CreateVectorStore | Mapping[str, Any]] | None:
        """A vector store to create, at most one (upstream schema)."""
        return None if self._vector_stores is UNSET else self._vector_stores

    @vector_stores.setter
    def vector_stores(
        self, value: Sequence[CreateVectorStore | Mapping[str, Any]] | None | Unset
    ) -> None:
        self._vector_stores = value

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
        if "vector_store_ids" in src_dict:
            self._vector_store_ids = src_dict["vector_store_ids"]
        else:
            self._vector_store_ids = UNSET
            known -= 1
        if "vector_stores" in src_dict:
            value = src_dict["vector_stores"]
            self._vector_stores = (
                (
                    [
                        _read_create_vector_store(value[0])
                        if isinstance(value[0], dict)
                        else value[0]
                    ]
                    if len(value) == 1
                    else [
                        _read_create_vector_store(item) if isinstance(item, dict) else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._vector_stores = UNSET
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
        if self._vector_store_ids is not UNSET:
            result["vector_store_ids"] = plain(self._vector_store_ids)
        if self._vector_stores is not UNSET:
            result["vector_stores"] = plain(self._vector_stores)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .create_vector_store import CreateVectorStore

_read_create_vector_store = CreateVectorStore.from_dict
