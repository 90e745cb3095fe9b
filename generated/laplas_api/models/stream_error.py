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
    "error": "error",
    "type": "type",
    "code": "code",
    "message": "message",
    "param": "param",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class StreamError(Model):
    """The data of an `error` event. Published are the fields `type`, `code`, `message` and
    `param`; recorded is an envelope, `error`, around them.
    """

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _error: ErrorDetails | str | None | Unset = _attrs_field(default=UNSET, alias="error")
    _type: str | None | Unset = _attrs_field(default=UNSET, alias="type")
    _code: str | int | None | Unset = _attrs_field(default=UNSET, alias="code")
    _message: str | None | Unset = _attrs_field(default=UNSET, alias="message")
    _param: str | None | Unset = _attrs_field(default=UNSET, alias="param")

    @property
    def error(self) -> ErrorDetails | str | None:
        """The error."""
        return None if self._error is UNSET else self._error

    @error.setter
    def error(self, value: ErrorDetails | str | None | Unset) -> None:
        self._error = value

    @property
    def type(self) -> str | None:
        """The class of the error."""
        return None if self._type is UNSET else self._type

    @type.setter
    def type(self, value: str | None | Unset) -> None:
        self._type = value

    @property
    def code(self) -> str | int | None:
        """A short code of the error."""
        return None if self._code is UNSET else self._code

    @code.setter
    def code(self, value: str | int | None | Unset) -> None:
        self._code = value

    @property
    def message(self) -> str | None:
        """What went wrong, in words."""
        return None if self._message is UNSET else self._message

    @message.setter
    def message(self, value: str | None | Unset) -> None:
        self._message = value

    @property
    def param(self) -> str | None:
        """The field of the request that is wrong."""
        return None if self._param is UNSET else self._param

    @param.setter
    def param(self, value: str | None | Unset) -> None:
        self._param = value

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
        if "error" in src_dict:
            value = src_dict["error"]
            self._error = _read_error_details(value) if isinstance(value, dict) else value
        else:
            self._error = UNSET
            known -= 1
        if "type" in src_dict:
            self._type = src_dict["type"]
        else:
            self._type = UNSET
            known -= 1
        if "code" in src_dict:
            self._code = src_dict["code"]
        else:
            self._code = UNSET
            known -= 1
        if "message" in src_dict:
            self._message = src_dict["message"]
        else:
            self._message = UNSET
            known -= 1
        if "param" in src_dict:
            self._param = src_dict["param"]
        else:
            self._param = UNSET
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
        if self._error is not UNSET:
            result["error"] = plain(self._error)
        if self._type is not UNSET:
            result["type"] = plain(self._type)
        if self._code is not UNSET:
            result["code"] = plain(self._code)
        if self._message is not UNSET:
            result["message"] = plain(self._message)
        if self._param is not UNSET:
            result["param"] = plain(self._param)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .error_details import ErrorDetails

_read_error_details = ErrorDetails.from_dict
