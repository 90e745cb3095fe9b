# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, Unpack

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

_KEYS = {
    "id": "id",
    "object": "object",
    "bytes": "bytes",
    "created_at": "created_at",
    "filename": "filename",
    "purpose": "purpose",
    "expires_at": "expires_at",
    "status": "status",
    "status_details": "status_details",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileObject(Model):
    """What is known about an uploaded file."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the file."""
    object: Literal["file"] = "file"
    """Always `file`."""
    _bytes: int | None | Unset = _attrs_field(default=UNSET, alias="bytes")
    _created_at: int | None | Unset = _attrs_field(default=UNSET, alias="created_at")
    _filename: str | None | Unset = _attrs_field(default=UNSET, alias="filename")
    _purpose: str | None | Unset = _attrs_field(default=UNSET, alias="purpose")
    _expires_at: int | None | Unset = _attrs_field(default=UNSET, alias="expires_at")
    _status: str | None | Unset = _attrs_field(default=UNSET, alias="status")
    _status_details: str | None | Unset = _attrs_field(default=UNSET, alias="status_details")

    @property
    def bytes(self) -> int | None:
        """The size of the file in bytes."""
        return None if self._bytes is UNSET else self._bytes

    @bytes.setter
    def bytes(self, value: int | None | Unset) -> None:
        self._bytes = value

    @property
    def created_at(self) -> int | None:
        """When the file was uploaded (Unix seconds)."""
        return None if self._created_at is UNSET else self._created_at

    @created_at.setter
    def created_at(self, value: int | None | Unset) -> None:
        self._created_at = value

    @property
    def filename(self) -> str | None:
        """The name of the file."""
        return None if self._filename is UNSET else self._filename

    @filename.setter
    def filename(self, value: str | None | Unset) -> None:
        self._filename = value

    @property
    def purpose(self) -> str | None:
        """What the file is for. Known to the vendor is `assistants`; upstream has more."""
        return None if self._purpose is UNSET else self._purpose

    @purpose.setter
    def purpose(self, value: str | None | Unset) -> None:
        self._purpose = value

    @property
    def expires_at(self) -> int | None:
        """When the file will be deleted (Unix seconds). Null or absent means never."""
        return None if self._expires_at is UNSET else self._expires_at

    @expires_at.setter
    def expires_at(self, value: int | None | Unset) -> None:
        self._expires_at = value

    @property
    def status(self) -> str | None:
        """How far the server is with the file, such as `processed`. Deprecated upstream."""
        return None if self._status is UNSET else self._status

    @status.setter
    def status(self, value: str | None | Unset) -> None:
        self._status = value

    @property
    def status_details(self) -> str | None:
        """What is wrong with the file, if something is. Deprecated upstream."""
        return None if self._status_details is UNSET else self._status_details

    @status_details.setter
    def status_details(self, value: str | None | Unset) -> None:
        self._status_details = value

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
            self.object = "file" if value == "file" else value
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 9
        if "bytes" in src_dict:
            self._bytes = src_dict["bytes"]
        else:
            self._bytes = UNSET
            known -= 1
        if "created_at" in src_dict:
            self._created_at = src_dict["created_at"]
        else:
            self._created_at = UNSET
            known -= 1
        if "filename" in src_dict:
            self._filename = src_dict["filename"]
        else:
            self._filename = UNSET
            known -= 1
        if "purpose" in src_dict:
            self._purpose = src_dict["purpose"]
        else:
            self._purpose = UNSET
            known -= 1
        if "expires_at" in src_dict:
            self._expires_at = src_dict["expires_at"]
        else:
            self._expires_at = UNSET
            known -= 1
        if "status" in src_dict:
            self._status = src_dict["status"]
        else:
            self._status = UNSET
            known -= 1
        if "status_details" in src_dict:
            self._status_details = src_dict["status_details"]
        else:
            self._status_details = UNSET
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
        if self._bytes is not UNSET:
            result["bytes"] = plain(self._bytes)
        if self._created_at is not UNSET:
            result["created_at"] = plain(self._created_at)
        if self._filename is not UNSET:
            result["filename"] = plain(self._filename)
        if self._purpose is not UNSET:
            result["purpose"] = plain(self._purpose)
        if self._expires_at is not UNSET:
            result["expires_at"] = plain(self._expires_at)
        if self._status is not UNSET:
            result["status"] = plain(self._status)
        if self._status_details is not UNSET:
            result["status_details"] = plain(self._status_details)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
