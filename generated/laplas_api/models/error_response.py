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
    "message": "message",
    "error": "error",
    "statusCode": "status_code",
    "status": "status",
    "title": "title",
    "path": "path",
    "instance": "instance",
    "requestId": "request_id",
    "timestamp": "timestamp",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ErrorResponse(Model):
    """An error. Three forms are known, and this schema takes them all: the documented one
    (`message`, `path`, `requestId`, `statusCode`, `timestamp`), the one seen on the wire
    (`title`, `status`, `instance` and an `error` with a `name`), and the upstream one (only
    `error`, with `type`, `param` and `code`). Decide by the HTTP status, not by this body.
    """

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _message: str | None | Unset = _attrs_field(default=UNSET, alias="message")
    _error: ErrorDetails | str | None | Unset = _attrs_field(default=UNSET, alias="error")
    _status_code: str | int | None | Unset = _attrs_field(default=UNSET, alias="status_code")
    _status: int | str | None | Unset = _attrs_field(default=UNSET, alias="status")
    _title: str | None | Unset = _attrs_field(default=UNSET, alias="title")
    _path: str | None | Unset = _attrs_field(default=UNSET, alias="path")
    _instance: str | None | Unset = _attrs_field(default=UNSET, alias="instance")
    _request_id: str | None | Unset = _attrs_field(default=UNSET, alias="request_id")
    _timestamp: str | None | Unset = _attrs_field(default=UNSET, alias="timestamp")

    @property
    def message(self) -> str | None:
        """What went wrong, in words."""
        return None if self._message is UNSET else self._message

    @message.setter
    def message(self, value: str | None | Unset) -> None:
        self._message = value

    @property
    def error(self) -> ErrorDetails | str | None:
        """More about the error."""
        return None if self._error is UNSET else self._error

    @error.setter
    def error(self, value: ErrorDetails | str | None | Unset) -> None:
        self._error = value

    @property
    def status_code(self) -> str | int | None:
        """The HTTP status, as a string in the vendor's documentation."""
        return None if self._status_code is UNSET else self._status_code

    @status_code.setter
    def status_code(self, value: str | int | None | Unset) -> None:
        self._status_code = value

    @property
    def status(self) -> int | str | None:
        """The HTTP status."""
        return None if self._status is UNSET else self._status

    @status.setter
    def status(self, value: int | str | None | Unset) -> None:
        self._status = value

    @property
    def title(self) -> str | None:
        """A short name of the error."""
        return None if self._title is UNSET else self._title

    @title.setter
    def title(self, value: str | None | Unset) -> None:
        self._title = value

    @property
    def path(self) -> str | None:
        """The path that was called."""
        return None if self._path is UNSET else self._path

    @path.setter
    def path(self, value: str | None | Unset) -> None:
        self._path = value

    @property
    def instance(self) -> str | None:
        """The path that was called."""
        return None if self._instance is UNSET else self._instance

    @instance.setter
    def instance(self, value: str | None | Unset) -> None:
        self._instance = value

    @property
    def request_id(self) -> str | None:
        """The server's id of this request."""
        return None if self._request_id is UNSET else self._request_id

    @request_id.setter
    def request_id(self, value: str | None | Unset) -> None:
        self._request_id = value

    @property
    def timestamp(self) -> str | None:
        """When the error happened (ISO 8601, UTC)."""
        return None if self._timestamp is UNSET else self._timestamp

    @timestamp.setter
    def timestamp(self, value: str | None | Unset) -> None:
        self._timestamp = value

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
        known = 9
        if "message" in src_dict:
            self._message = src_dict["message"]
        else:
            self._message = UNSET
            known -= 1
        if "error" in src_dict:
            value = src_dict["error"]
            self._error = _read_error_details(value) if isinstance(value, dict) else value
        else:
            self._error = UNSET
            known -= 1
        if "statusCode" in src_dict:
            self._status_code = src_dict["statusCode"]
        else:
            self._status_code = UNSET
            known -= 1
        if "status" in src_dict:
            self._status = src_dict["status"]
        else:
            self._status = UNSET
            known -= 1
        if "title" in src_dict:
            self._title = src_dict["title"]
        else:
            self._title = UNSET
            known -= 1
        if "path" in src_dict:
            self._path = src_dict["path"]
        else:
            self._path = UNSET
            known -= 1
        if "instance" in src_dict:
            self._instance = src_dict["instance"]
        else:
            self._instance = UNSET
            known -= 1
        if "requestId" in src_dict:
            self._request_id = src_dict["requestId"]
        else:
            self._request_id = UNSET
            known -= 1
        if "timestamp" in src_dict:
            self._timestamp = src_dict["timestamp"]
        else:
            self._timestamp = UNSET
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
        if self._message is not UNSET:
            result["message"] = plain(self._message)
        if self._error is not UNSET:
            result["error"] = plain(self._error)
        if self._status_code is not UNSET:
            result["statusCode"] = plain(self._status_code)
        if self._status is not UNSET:
            result["status"] = plain(self._status)
        if self._title is not UNSET:
            result["title"] = plain(self._title)
        if self._path is not UNSET:
            result["path"] = plain(self._path)
        if self._instance is not UNSET:
            result["instance"] = plain(self._instance)
        if self._request_id is not UNSET:
            result["requestId"] = plain(self._request_id)
        if self._timestamp is not UNSET:
            result["timestamp"] = plain(self._timestamp)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .error_details import ErrorDetails

_read_error_details = ErrorDetails.from_dict
