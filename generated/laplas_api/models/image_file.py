# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

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

if TYPE_CHECKING:
    from .image_detail import ImageDetail

_KEYS = {
    "file_id": "file_id",
    "detail": "detail",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class ImageFile(Model):
    """A picture that was uploaded as a file."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    file_id: str
    """The id of the uploaded picture (JPEG, PNG, GIF or WebP)."""
    _detail: ImageDetail | str | None | Unset = _attrs_field(default=UNSET, alias="detail")

    @property
    def detail(self) -> ImageDetail | str | None:
        """How closely the model looks at a picture: `low` costs fewer tokens, `high` shows more.
        Left out, the server takes `auto`. In responses an open set.
        """
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
        self = new(cls)
        try:
            self.file_id = src_dict["file_id"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 2
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
        result: dict[str, Any] = {
            "file_id": plain(self.file_id),
        }
        if self._detail is not UNSET:
            result["detail"] = plain(self._detail)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))
