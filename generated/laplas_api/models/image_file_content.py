# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, Unpack

from attrs import define as _attrs_define

from ..errors import MissingField
from ..types import (
    Model,
    ToDictOptions,
    new,
    plain,
    pydantic_schema,
)

_KEYS = {
    "type": "type",
    "image_file": "image_file",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ImageFileContent(Model):
    """A picture from an uploaded or generated file."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    image_file: ImageFile
    """A picture that was uploaded as a file."""
    type: Literal["image_file"] = "image_file"
    """Always `image_file`."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "image_file" if value == "image_file" else value
            value = src_dict["image_file"]
            self.image_file = _read_image_file(value) if isinstance(value, dict) else value
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        if len(src_dict) == 2:
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
            "image_file": plain(self.image_file),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .image_file import ImageFile

_read_image_file = ImageFile.from_dict
