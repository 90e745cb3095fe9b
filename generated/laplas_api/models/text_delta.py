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
    UnknownVariant,
    Unset,
    new,
    plain,
    pydantic_schema,
    tagged,
)

_KEYS = {
    "value": "value",
    "annotations": "annotations",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class TextDelta(Model):
    """What is new in a text."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _value: str | None | Unset = _attrs_field(default=UNSET, alias="value")
    _annotations: (
        list[FileCitationAnnotationDelta | FilePathAnnotationDelta | UnknownVariant] | None | Unset
    ) = _attrs_field(default=UNSET, alias="annotations")

    @property
    def value(self) -> str | None:
        """Text to append."""
        return None if self._value is UNSET else self._value

    @value.setter
    def value(self, value: str | None | Unset) -> None:
        self._value = value

    @property
    def annotations(
        self,
    ) -> list[FileCitationAnnotationDelta | FilePathAnnotationDelta | UnknownVariant] | None:
        """New notes on the text."""
        return None if self._annotations is UNSET else self._annotations

    @annotations.setter
    def annotations(
        self,
        value: list[FileCitationAnnotationDelta | FilePathAnnotationDelta | UnknownVariant]
        | None
        | Unset,
    ) -> None:
        self._annotations = value

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
        if "value" in src_dict:
            self._value = src_dict["value"]
        else:
            self._value = UNSET
            known -= 1
        if "annotations" in src_dict:
            value = src_dict["annotations"]
            self._annotations = (
                (
                    [_parse_annotations(value[0])]
                    if len(value) == 1
                    else [_parse_annotations(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._annotations = UNSET
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
        if self._value is not UNSET:
            result["value"] = plain(self._value)
        if self._annotations is not UNSET:
            result["annotations"] = plain(self._annotations)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_citation_annotation_delta import FileCitationAnnotationDelta
from .file_path_annotation_delta import FilePathAnnotationDelta

_parse_annotations = tagged(
    "type",
    {
        "file_citation": FileCitationAnnotationDelta.from_dict,
        "file_path": FilePathAnnotationDelta.from_dict,
    },
)
