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
    "type": "type",
    "static": "static",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class StaticFileChunking(Model):
    """Pieces of one size."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    type: Literal["static"] = "static"
    """Always `static`."""
    _static: FileChunkSizes | None | Unset = _attrs_field(default=UNSET, alias="static")

    @property
    def static(self) -> FileChunkSizes | None:
        """The sizes."""
        return None if self._static is UNSET else self._static

    @static.setter
    def static(self, value: FileChunkSizes | None | Unset) -> None:
        self._static = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "static" if value == "static" else value
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 2
        if "static" in src_dict:
            value = src_dict["static"]
            self._static = _read_file_chunk_sizes(value) if isinstance(value, dict) else value
        else:
            self._static = UNSET
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
            "type": plain(self.type),
        }
        if self._static is not UNSET:
            result["static"] = plain(self._static)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_chunk_sizes import FileChunkSizes

_read_file_chunk_sizes = FileChunkSizes.from_dict
