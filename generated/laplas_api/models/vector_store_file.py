# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, Unpack

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

if TYPE_CHECKING:
    from .vector_store_file_status import VectorStoreFileStatus

_KEYS = {
    "id": "id",
    "object": "object",
    "created_at": "created_at",
    "vector_store_id": "vector_store_id",
    "usage_bytes": "usage_bytes",
    "status": "status",
    "last_error": "last_error",
    "chunking_strategy": "chunking_strategy",
    "attributes": "attributes",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class VectorStoreFile(Model):
    """A file in a vector store."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the file, the same as in `retrieve_file`."""
    object: Literal["vector_store.file"] = "vector_store.file"
    """Always `vector_store.file`."""
    _created_at: int | None | Unset = _attrs_field(default=UNSET, alias="created_at")
    _vector_store_id: str | None | Unset = _attrs_field(default=UNSET, alias="vector_store_id")
    _usage_bytes: int | None | Unset = _attrs_field(default=UNSET, alias="usage_bytes")
    _status: VectorStoreFileStatus | str | None | Unset = _attrs_field(
        default=UNSET, alias="status"
    )
    _last_error: VectorStoreFileError | None | Unset = _attrs_field(
        default=UNSET, alias="last_error"
    )
    _chunking_strategy: StaticFileChunking | OtherFileChunking | UnknownVariant | None | Unset = (
        _attrs_field(default=UNSET, alias="chunking_strategy")
    )
    _attributes: VectorStoreFileAttributes | None | Unset = _attrs_field(
        default=UNSET, alias="attributes"
    )

    @property
    def created_at(self) -> int | None:
        """When the file was added (Unix seconds)."""
        return None if self._created_at is UNSET else self._created_at

    @created_at.setter
    def created_at(self, value: int | None | Unset) -> None:
        self._created_at = value

    @property
    def vector_store_id(self) -> str | None:
        """The vector store that the file is in."""
        return None if self._vector_store_id is UNSET else self._vector_store_id

    @vector_store_id.setter
    def vector_store_id(self, value: str | None | Unset) -> None:
        self._vector_store_id = value

    @property
    def usage_bytes(self) -> int | None:
        """How many bytes it takes in the index, which may differ from its size."""
        return None if self._usage_bytes is UNSET else self._usage_bytes

    @usage_bytes.setter
    def usage_bytes(self, value: int | None | Unset) -> None:
        self._usage_bytes = value

    @property
    def status(self) -> VectorStoreFileStatus | str | None:
        """How far the server is with the file. When `completed`, the search finds it."""
        return None if self._status is UNSET else self._status

    @status.setter
    def status(self, value: VectorStoreFileStatus | str | None | Unset) -> None:
        self._status = value

    @property
    def last_error(self) -> VectorStoreFileError | None:
        """Why the file could not be read, if it could not."""
        return None if self._last_error is UNSET else self._last_error

    @last_error.setter
    def last_error(self, value: VectorStoreFileError | None | Unset) -> None:
        self._last_error = value

    @property
    def chunking_strategy(self) -> StaticFileChunking | OtherFileChunking | UnknownVariant | None:
        """How the file is cut into pieces."""
        return None if self._chunking_strategy is UNSET else self._chunking_strategy

    @chunking_strategy.setter
    def chunking_strategy(
        self, value: StaticFileChunking | OtherFileChunking | UnknownVariant | None | Unset
    ) -> None:
        self._chunking_strategy = value

    @property
    def attributes(self) -> VectorStoreFileAttributes | None:
        """What the search can filter by: at most 16 pairs, keys up to 64 characters, values
        numbers, booleans or texts up to 512 characters (upstream schema).
        """
        return None if self._attributes is UNSET else self._attributes

    @attributes.setter
    def attributes(self, value: VectorStoreFileAttributes | None | Unset) -> None:
        self._attributes = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.id = src_dict["id"]
            value = src_dict["object"]
            self.object = "vector_store.file" if value == "vector_store.file" else value
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 9
        if "created_at" in src_dict:
            self._created_at = src_dict["created_at"]
        else:
            self._created_at = UNSET
            known -= 1
        if "vector_store_id" in src_dict:
            self._vector_store_id = src_dict["vector_store_id"]
        else:
            self._vector_store_id = UNSET
            known -= 1
        if "usage_bytes" in src_dict:
            self._usage_bytes = src_dict["usage_bytes"]
        else:
            self._usage_bytes = UNSET
            known -= 1
        if "status" in src_dict:
            value = src_dict["status"]
            self._status = (
                "cancelled"
                if value == "cancelled"
                else "completed"
                if value == "completed"
                else "failed"
                if value == "failed"
                else "in_progress"
                if value == "in_progress"
                else value
            )
        else:
            self._status = UNSET
            known -= 1
        if "last_error" in src_dict:
            value = src_dict["last_error"]
            self._last_error = (
                _read_vector_store_file_error(value) if isinstance(value, dict) else value
            )
        else:
            self._last_error = UNSET
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
        result: dict[str, Any] = {
            "id": plain(self.id),
            "object": plain(self.object),
        }
        if self._created_at is not UNSET:
            result["created_at"] = plain(self._created_at)
        if self._vector_store_id is not UNSET:
            result["vector_store_id"] = plain(self._vector_store_id)
        if self._usage_bytes is not UNSET:
            result["usage_bytes"] = plain(self._usage_bytes)
        if self._status is not UNSET:
            result["status"] = plain(self._status)
        if self._last_error is not UNSET:
            result["last_error"] = plain(self._last_error)
        if self._chunking_strategy is not UNSET:
            result["chunking_strategy"] = plain(self._chunking_strategy)
        if self._attributes is not UNSET:
            result["attributes"] = plain(self._attributes)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .other_file_chunking import OtherFileChunking
from .static_file_chunking import StaticFileChunking
from .vector_store_file_attributes import VectorStoreFileAttributes
from .vector_store_file_error import VectorStoreFileError

_read_vector_store_file_error = VectorStoreFileError.from_dict
_parse_chunking_strategy = tagged(
    "type",
    {
        "static": StaticFileChunking.from_dict,
        "other": OtherFileChunking.from_dict,
    },
)
