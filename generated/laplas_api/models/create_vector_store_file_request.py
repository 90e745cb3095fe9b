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
    UnknownVariant,
    Unset,
    new,
    plain,
    pydantic_schema,
    tagged,
)

_KEYS = {
    "file_id": "file_id",
    "chunking_strategy": "chunking_strategy",
    "attributes": "attributes",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CreateVectorStoreFileRequest(Model):
    """A file to add to a vector store. No other fields are allowed."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    file_id: str
    """The id of the uploaded file, up to 1,000 characters (our limit)."""
    _chunking_strategy: (
        AutoChunkingStrategy
        | Mapping[str, Any]
        | StaticChunkingStrategy
        | UnknownVariant
        | None
        | Unset
    ) = _attrs_field(default=UNSET, alias="chunking_strategy")
    _attributes: VectorStoreFileAttributes | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="attributes"
    )

    @property
    def chunking_strategy(
        self,
    ) -> AutoChunkingStrategy | Mapping[str, Any] | StaticChunkingStrategy | UnknownVariant | None:
        """How files are cut into pieces for the search."""
        return None if self._chunking_strategy is UNSET else self._chunking_strategy

    @chunking_strategy.setter
    def chunking_strategy(
        self,
        value: AutoChunkingStrategy
        | Mapping[str, Any]
        | StaticChunkingStrategy
        | UnknownVariant
        | None
        | Unset,
    ) -> None:
        self._chunking_strategy = value

    @property
    def attributes(self) -> VectorStoreFileAttributes | Mapping[str, Any] | None:
        """What the search can filter by: at most 16 pairs, keys up to 64 characters, values
        numbers, booleans or texts up to 512 characters (upstream schema).
        """
        return None if self._attributes is UNSET else self._attributes

    @attributes.setter
    def attributes(
        self, value: VectorStoreFileAttributes | Mapping[str, Any] | None | Unset
    ) -> None:
        self._attributes = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.file_id = src_dict["file_id"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 3
        if "chunking_strategy" in src_dict:
            value = src_dict["chunking_strategy"]
            self._chunking_strategy = _parse_chunking_strategy(value)
        else:
            self._chunking_strategy = UNSET
            known -= 1
        if "attributes" in src_dict:
            value = src_dict["attributes"]
            self._attributes = (
                VectorStoreFileAttributes(value) if isinstance(value, dict) else value
            )
        else:
            self._attributes = UNSET
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
            "file_id": plain(self.file_id),
        }
        if self._chunking_strategy is not UNSET:
            result["chunking_strategy"] = plain(self._chunking_strategy)
        if self._attributes is not UNSET:
            result["attributes"] = plain(self._attributes)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .auto_chunking_strategy import AutoChunkingStrategy
from .static_chunking_strategy import StaticChunkingStrategy
from .vector_store_file_attributes import VectorStoreFileAttributes

_parse_chunking_strategy = tagged(
    "type",
    {
        "auto": AutoChunkingStrategy.from_dict,
        "static": StaticChunkingStrategy.from_dict,
    },
)
