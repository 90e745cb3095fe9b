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
    "index": "index",
    "image_file": "image_file",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ImageFileContentDelta(Model):
    """A new picture from a file."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    index: int
    """The place of the part in the message, counted from 0."""
    type: Literal["image_file"] = "image_file"
    """Always `image_file`."""
    _image_file: ImageFileDelta | None | Unset = _attrs_field(default=UNSET, alias="image_file")

    @property
    def image_file(self) -> ImageFileDelta | None:
        """The file of the picture."""
        return None if self._image_file is UNSET else self._image_file

    @image_file.setter
    def image_file(self, value: ImageFileDelta | None | Unset) -> None:
        self._image_file = value

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
            self.index = src_dict["index"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 3
        if "image_file" in src_dict:
            value = src_dict["image_file"]
            self._image_file = _read_image_file_delta(value) if isinstance(value, dict) else value
        else:
            self._image_file = UNSET
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
            "index": plain(self.index),
        }
        if self._image_file is not UNSET:
            result["image_file"] = plain(self._image_file)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .image_file_delta import ImageFileDelta

_read_image_file_delta = ImageFileDelta.from_dict
