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
    "image": "image",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ImageOutputDelta(Model):
    """A picture that code put out."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    index: int
    """The place of the output among the outputs of the call, counted from 0."""
    type: Literal["image"] = "image"
    """Always `image`."""
    _image: OutputImageDelta | None | Unset = _attrs_field(default=UNSET, alias="image")

    @property
    def image(self) -> OutputImageDelta | None:
        """The picture."""
        return None if self._image is UNSET else self._image

    @image.setter
    def image(self, value: OutputImageDelta | None | Unset) -> None:
        self._image = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "image" if value == "image" else value
            self.index = src_dict["index"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 3
        if "image" in src_dict:
            value = src_dict["image"]
            self._image = _read_output_image_delta(value) if isinstance(value, dict) else value
        else:
            self._image = UNSET
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
        if self._image is not UNSET:
            result["image"] = plain(self._image)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .output_image_delta import OutputImageDelta

_read_output_image_delta = OutputImageDelta.from_dict
