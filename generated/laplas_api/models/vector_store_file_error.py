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
    "code": "code",
    "message": "message",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class VectorStoreFileError(Model):
    """Why a file could not be read."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _code: str | None | Unset = _attrs_field(default=UNSET, alias="code")
    _message: str | None | Unset = _attrs_field(default=UNSET, alias="message")

    @property
    def code(self) -> str | None:
        """A short code of the error. Known values: `server_error`, `unsupported_file`,
        `invalid_file`. Others may come.
        """
        return None if self._code is UNSET else self._code

    @code.setter
    def code(self, value: str | None | Unset) -> None:
        self._code = value

    @property
    def message(self) -> str | None:
        """What went wrong, in words."""
        return None if self._message is UNSET else self._message

    @message.setter
    def message(self, value: str | None | Unset) -> None:
        self._message = value

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
        if self._code is not UNSET:
            result["code"] = plain(self._code)
        if self._message is not UNSET:
            result["message"] = plain(self._message)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
