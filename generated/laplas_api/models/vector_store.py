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
    Unset,
    new,
    plain,
    pydantic_schema,
)

if TYPE_CHECKING:
    from .vector_store_status import VectorStoreStatus

_KEYS = {
    "id": "id",
    "object": "object",
    "created_at": "created_at",
    "name": "name",
    "usage_bytes": "usage_bytes",
    "file_counts": "file_counts",
    "status": "status",
    "expires_after": "expires_after",
    "expires_at": "expires_at",
    "last_active_at": "last_active_at",
    "metadata": "metadata",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class VectorStore(Model):
    """A collection of files that the file search can look in."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the vector store."""
    created_at: int
    """When the vector store was made (Unix seconds)."""
    object: Literal["vector_store"] = "vector_store"
    """Always `vector_store`."""
    _name: str | None | Unset = _attrs_field(default=UNSET, alias="name")
    _usage_bytes: int | None | Unset = _attrs_field(default=UNSET, alias="usage_bytes")
    _file_counts: VectorStoreFileCounts | None | Unset = _attrs_field(
        default=UNSET, alias="file_counts"
    )
    _status: VectorStoreStatus | str | None | Unset = _attrs_field(default=UNSET, alias="status")
    _expires_after: VectorStoreExpiration | None | Unset = _attrs_field(
        default=UNSET, alias="expires_after"
    )
    _expires_at: int | None | Unset = _attrs_field(default=UNSET, alias="expires_at")
    _last_active_at: int | None | Unset = _attrs_field(default=UNSET, alias="last_active_at")
    _metadata: Metadata | None | Unset = _attrs_field(default=UNSET, alias="metadata")

    @property
    def name(self) -> str | None:
        """The name of the vector store."""
        return None if self._name is UNSET else self._name

    @name.setter
    def name(self, value: str | None | Unset) -> None:
        self._name = value

    @property
    def usage_bytes(self) -> int | None:
        """How many bytes its files take in the index."""
        return None if self._usage_bytes is UNSET else self._usage_bytes

    @usage_bytes.setter
    def usage_bytes(self, value: int | None | Unset) -> None:
        self._usage_bytes = value

    @property
    def file_counts(self) -> VectorStoreFileCounts | None:
        """How many files it has, by status."""
        return None if self._file_counts is UNSET else self._file_counts

    @file_counts.setter
    def file_counts(self, value: VectorStoreFileCounts | None | Unset) -> None:
        self._file_counts = value

    @property
    def status(self) -> VectorStoreStatus | str | None:
        """Whether it can be searched. `in_progress` while files are being read."""
        return None if self._status is UNSET else self._status

    @status.setter
    def status(self, value: VectorStoreStatus | str | None | Unset) -> None:
        self._status = value

    @property
    def expires_after(self) -> VectorStoreExpiration | None:
        """When it expires. Null or absent means never."""
        return None if self._expires_after is UNSET else self._expires_after

    @expires_after.setter
    def expires_after(self, value: VectorStoreExpiration | None | Unset) -> None:
        self._expires_after = value

    @property
    def expires_at(self) -> int | None:
        """When it will expire (Unix seconds). Null or absent means never."""
        return None if self._expires_at is UNSET else self._expires_at

    @expires_at.setter
    def expires_at(self, value: int | None | Unset) -> None:
        self._expires_at = value

    @property
    def last_active_at(self) -> int | None:
        """When it was used last (Unix seconds)."""
        return None if self._last_active_at is UNSET else self._last_active_at

    @last_active_at.setter
    def last_active_at(self, value: int | None | Unset) -> None:
        self._last_active_at = value

    @property
    def metadata(self) -> Metadata | None:
        """Your own notes on the vector store: at most 16 pairs, keys up to 64 characters, values
        up to 512 (upstream schema).
        """
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | None | Unset) -> None:
        self._metadata = value

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
            self.object = "vector_store" if value == "vector_store" else value
            self.created_at = src_dict["created_at"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 11
        if "name" in src_dict:
            self._name = src_dict["name"]
        else:
            self._name = UNSET
            known -= 1
        if "usage_bytes" in src_dict:
            self._usage_bytes = src_dict["usage_bytes"]
        else:
            self._usage_bytes = UNSET
            known -= 1
        if "file_counts" in src_dict:
            value = src_dict["file_counts"]
            self._file_counts = (
                _read_vector_store_file_counts(value) if isinstance(value, dict) else value
            )
        else:
            self._file_counts = UNSET
            known -= 1
        if "status" in src_dict:
            value = src_dict["status"]
            self._status = (
                "completed"
                if value == "completed"
                else "expired"
                if value == "expired"
                else "in_progress"
                if value == "in_progress"
                else value
            )
        else:
            self._status = UNSET
            known -= 1
        if "expires_after" in src_dict:
            value = src_dict["expires_after"]
            self._expires_after = (
                _read_vector_store_expiration(value) if isinstance(value, dict) else value
            )
        else:
            self._expires_after = UNSET
            known -= 1
        if "expires_at" in src_dict:
            self._expires_at = src_dict["expires_at"]
        else:
            self._expires_at = UNSET
            known -= 1
        if "last_active_at" in src_dict:
            self._last_active_at = src_dict["last_active_at"]
        else:
            self._last_active_at = UNSET
            known -= 1
        if "metadata" in src_dict:
            value = src_dict["metadata"]
            self._metadata = Metadata(value) if isinstance(value, dict) else value
        else:
            self._metadata = UNSET
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
            "created_at": plain(self.created_at),
        }
        if self._name is not UNSET:
            result["name"] = plain(self._name)
        if self._usage_bytes is not UNSET:
            result["usage_bytes"] = plain(self._usage_bytes)
        if self._file_counts is not UNSET:
            result["file_counts"] = plain(self._file_counts)
        if self._status is not UNSET:
            result["status"] = plain(self._status)
        if self._expires_after is not UNSET:
            result["expires_after"] = plain(self._expires_after)
        if self._expires_at is not UNSET:
            result["expires_at"] = plain(self._expires_at)
        if self._last_active_at is not UNSET:
            result["last_active_at"] = plain(self._last_active_at)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .metadata import Metadata
from .vector_store_expiration import VectorStoreExpiration
from .vector_store_file_counts import VectorStoreFileCounts

_read_vector_store_expiration = VectorStoreExpiration.from_dict
_read_vector_store_file_counts = VectorStoreFileCounts.from_dict
