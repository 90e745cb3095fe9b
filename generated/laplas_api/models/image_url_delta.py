# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

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

if TYPE_CHECKING:
    from .image_detail import ImageDetail

_KEYS = {
    "url": "url",
    "detail": "detail",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ImageUrlDelta(Model):
    """A picture from the web."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _url: str | None | Unset = _attrs_field(default=UNSET, alias="url")
    _detail: ImageDetail | str | None | Unset = _attrs_field(default=UNSET, alias="detail")

    @property
    def url(self) -> str | None:
        """The address of the picture."""
        return None if self._url is UNSET else self._url

    @url.setter
    def url(self, value: str | None | Unset) -> None:
        self._url = value

    @property
    def detail(self) -> ImageDetail | str | None:
        """How closely the model looks at the picture."""
        return None if self._detail is UNSET else self._detail

    @detail.setter
    def detail(self, value: ImageDetail | str | None | Unset) -> None:
        self._detail = value

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
        if "url" in src_dict:
            self._url = src_dict["url"]
        else:
            self._url = UNSET
            known -= 1
        if "detail" in src_dict:
            value = src_dict["detail"]
            self._detail = (
                "auto"
                if value == "auto"
                else "high"
                if value == "high"
                else "low"
                if value == "low"
                else value
            )
        else:
            self._detail = UNSET
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
        if self._url is not UNSET:
            result["url"] = plain(self._url)
        if self._detail is not UNSET:
            result["detail"] = plain(self._detail)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
