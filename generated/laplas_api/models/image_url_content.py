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
    "image_url": "image_url",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ImageUrlContent(Model):
    """A picture from the web."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    image_url: ImageUrl
    """A picture on the web."""
    type: Literal["image_url"] = "image_url"
    """Always `image_url`."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "image_url" if value == "image_url" else value
            value = src_dict["image_url"]
            self.image_url = _read_image_url(value) if isinstance(value, dict) else value
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
            "image_url": plain(self.image_url),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .image_url import ImageUrl

_read_image_url = ImageUrl.from_dict
