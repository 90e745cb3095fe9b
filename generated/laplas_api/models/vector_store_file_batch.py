# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

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
    from .vector_store_file_status import VectorStoreFileStatus

_KEYS = {
    "id": "id",
    "object": "object",
    "created_at": "created_at",
    "vector_store_id": "vector_store_id",
    "status": "status",
    "file_counts": "file_counts",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class VectorStoreFileBatch(Model):
    """Files that were added to a vector store together."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the file batch."""
    _object: str | None | Unset = _attrs_field(default=UNSET, alias="object")
    _created_at: int | None | Unset = _attrs_field(default=UNSET, alias="created_at")
    _vector_store_id: str | None | Unset = _attrs_field(default=UNSET, alias="vector_store_id")
    _status: VectorStoreFileStatus | str | None | Unset = _attrs_field(
        default=UNSET, alias="status"
    )
    _file_counts: VectorStoreFileCounts | None | Unset = _attrs_field(
        default=UNSET, alias="file_counts"
    )

    @property
    def object(self) -> str | None:
        """`vector_store.files_batch` or `vector_store.file_batch`."""
        return None if self._object is UNSET else self._object

    @object.setter
    def object(self, value: str | None | Unset) -> None:
        self._object = value

    @property
    def created_at(self) -> int | None:
        """When the batch was made (Unix seconds)."""
        return None if self._created_at is UNSET else self._created_at

    @created_at.setter
    def created_at(self, value: int | None | Unset) -> None:
        self._created_at = value

    @property
    def vector_store_id(self) -> str | None:
        """The vector store that the files are added to."""
        return None if self._vector_store_id is UNSET else self._vector_store_id

    @vector_store_id.setter
    def vector_store_id(self, value: str | None | Unset) -> None:
        self._vector_store_id = value

    @property
    def status(self) -> VectorStoreFileStatus | str | None:
        """How far the server is with the batch."""
        return None if self._status is UNSET else self._status

    @status.setter
    def status(self, value: VectorStoreFileStatus | str | None | Unset) -> None:
        self._status = value

    @property
    def file_counts(self) -> VectorStoreFileCounts | None:
        """How many files it has, by status."""
        return None if self._file_counts is UNSET else self._file_counts

    @file_counts.setter
    def file_counts(self, value: VectorStoreFileCounts | None | Unset) -> None:
        self._file_counts = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.id = src_dict["id"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 6
        if "object" in src_dict:
            self._object = src_dict["object"]
        else:
            self._object = UNSET
            known -= 1
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
        if "file_counts" in src_dict:
            value = src_dict["file_counts"]
            self._file_counts = (
                _read_vector_store_file_counts(value) if isinstance(value, dict) else value
            )
        else:
            self._file_counts = UNSET
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
        }
        if self._object is not UNSET:
            result["object"] = plain(self._object)
        if self._created_at is not UNSET:
            result["created_at"] = plain(self._created_at)
        if self._vector_store_id is not UNSET:
            result["vector_store_id"] = plain(self._vector_store_id)
        if self._status is not UNSET:
            result["status"] = plain(self._status)
        if self._file_counts is not UNSET:
            result["file_counts"] = plain(self._file_counts)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .vector_store_file_counts import VectorStoreFileCounts

_read_vector_store_file_counts = VectorStoreFileCounts.from_dict
