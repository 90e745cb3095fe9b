# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..errors import MissingField
from ..types import (
    UNSET,
    File,
    Model,
    ToDictOptions,
    Unset,
    new,
    plain,
    pydantic_schema,
)

_KEYS = {
    "file": "file",
    "purpose": "purpose",
    "expires_after": "expires_after",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class UploadFileRequest(Model):
    """A file to upload."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    file: File
    """A path, bytes, or a file opened in binary mode; or a tuple with one of them, ``(name,
    content)`` or ``(name, content, type)``. There a path is a `pathlib.Path`.
    """
    purpose: str
    """What the file is for. Known to the vendor is `assistants`; upstream has more, such as
    `vision` for pictures. It must not be empty (our limit).
    """
    _expires_after: FileExpiration | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="expires_after"
    )

    @property
    def expires_after(self) -> FileExpiration | Mapping[str, Any] | None:
        """How long a file is kept."""
        return None if self._expires_after is UNSET else self._expires_after

    @expires_after.setter
    def expires_after(self, value: FileExpiration | Mapping[str, Any] | None | Unset) -> None:
        self._expires_after = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.file = src_dict["file"]
            self.purpose = src_dict["purpose"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 3
        if "expires_after" in src_dict:
            value = src_dict["expires_after"]
            self._expires_after = _read_file_expiration(value) if isinstance(value, dict) else value
        else:
            self._expires_after = UNSET
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
            "file": plain(self.file),
            "purpose": plain(self.purpose),
        }
        if self._expires_after is not UNSET:
            result["expires_after"] = plain(self._expires_after)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_expiration import FileExpiration

_read_file_expiration = FileExpiration.from_dict
