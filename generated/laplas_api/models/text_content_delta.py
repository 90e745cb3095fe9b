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
    "text": "text",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class TextContentDelta(Model):
    """What is new in a text part."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    index: int
    """The place of the part in the message, counted from 0."""
    type: Literal["text"] = "text"
    """Always `text`."""
    _text: TextDelta | None | Unset = _attrs_field(default=UNSET, alias="text")

    @property
    def text(self) -> TextDelta | None:
        """What is new in the text."""
        return None if self._text is UNSET else self._text

    @text.setter
    def text(self, value: TextDelta | None | Unset) -> None:
        self._text = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "text" if value == "text" else value
            self.index = src_dict["index"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 3
        if "text" in src_dict:
            value = src_dict["text"]
            self._text = _read_text_delta(value) if isinstance(value, dict) else value
        else:
            self._text = UNSET
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
        if self._text is not UNSET:
            result["text"] = plain(self._text)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .text_delta import TextDelta

_read_text_delta = TextDelta.from_dict
