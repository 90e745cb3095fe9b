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
    UnknownVariant,
    Unset,
    new,
    plain,
    pydantic_schema,
    tagged,
)

_KEYS = {
    "file_ids": "file_ids",
    "files": "files",
    "chunking_strategy": "chunking_strategy",
    "attributes": "attributes",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CreateFileBatchRequest(Model):
    """Files to add to a vector store, in one of two ways. No other fields are allowed."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _file_ids: Sequence[str] | None | Unset = _attrs_field(default=UNSET, alias="file_ids")
    _files: Sequence[CreateVectorStoreFileRequest | Mapping[str, Any]] | None | Unset = (
        _attrs_field(default=UNSET, alias="files")
    )
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
    def file_ids(self) -> Sequence[str] | None:
        """Ids of uploaded files, 1 to 2,000 (upstream schema)."""
        return None if self._file_ids is UNSET else self._file_ids

    @file_ids.setter
    def file_ids(self, value: Sequence[str] | None | Unset) -> None:
        self._file_ids = value

    @property
    def files(self) -> Sequence[CreateVectorStoreFileRequest | Mapping[str, Any]] | None:
        """The files with attributes and a chunking strategy for each, 1 to 2,000 (upstream
        schema).
        """
        return None if self._files is UNSET else self._files

    @files.setter
    def files(
        self, value: Sequence[CreateVectorStoreFileRequest | Mapping[str, Any]] | None | Unset
    ) -> None:
        self._files = value

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
        """What the search can filter by, for all files of `file_ids`: at most 16 pairs, keys up
        to 64 characters, values numbers, booleans or texts up to 512 characters (upstream
        schema).
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
        # Without required fields nothing below would notice an empty list or string.
        if not src_dict and not isinstance(src_dict, Mapping):
            raise TypeError(f"{cls.__name__} cannot be read from {src_dict!r}")
        self = new(cls)
        known = 4
        if "file_ids" in src_dict:
            self._file_ids = src_dict["file_ids"]
        else:
            self._file_ids = UNSET
            known -= 1
        if "files" in src_dict:
            value = src_dict["files"]
            self._files = (
                (
                    [
                        _read_create_vector_store_file_request(value[0])
                        if isinstance(value[0], dict)
                        else value[0]
                    ]
                    if len(value) == 1
                    else [
                        _read_create_vector_store_file_request(item)
                        if isinstance(item, dict)
                        else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._files = UNSET
            known -= 1
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
        result: dict[str, Any] = {}
        if self._file_ids is not UNSET:
            result["file_ids"] = plain(self._file_ids)
        if self._files is not UNSET:
            result["files"] = plain(self._files)
        if self._chunking_strategy is not UNSET:
            result["chunking_strategy"] = plain(self._chunking_strategy)
        if self._attributes is not UNSET:
            result["attributes"] = plain(self._attributes)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .auto_chunking_strategy import AutoChunkingStrategy
from .create_vector_store_file_request import CreateVectorStoreFileRequest
from .static_chunking_strategy import StaticChunkingStrategy
from .vector_store_file_attributes import VectorStoreFileAttributes

_read_create_vector_store_file_request = CreateVectorStoreFileRequest.from_dict
_parse_chunking_strategy = tagged(
    "type",
    {
        "auto": AutoChunkingStrategy.from_dict,
        "static": StaticChunkingStrategy.from_dict,
    },
)
