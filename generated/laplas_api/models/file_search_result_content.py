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
    "type": "type",
    "text": "text",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileSearchResultContent(Model):
    """Words that a search found."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _type: str | None | Unset = _attrs_field(default=UNSET, alias="type")
    _text: str | None | Unset = _attrs_field(default=UNSET, alias="text")

    @property
    def type(self) -> str | None:
        """The kind of content. One is known, `text`."""
        return None if self._type is UNSET else self._type

    @type.setter
    def type(self, value: str | None | Unset) -> None:
        self._type = value

    @property
    def text(self) -> str | None:
        """The words."""
        return None if self._text is UNSET else self._text

    @text.setter
    def text(self, value: str | None | Unset) -> None:
        self._text = value

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
        if "type" in src_dict:
            self._type = src_dict["type"]
        else:
            self._type = UNSET
            known -= 1
        if "text" in src_dict:
            self._text = src_dict["text"]
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
        result: dict[str, Any] = {}
        if self._type is not UNSET:
            result["type"] = plain(self._type)
        if self._text is not UNSET:
            result["text"] = plain(self._text)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
