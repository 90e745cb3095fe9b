# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define

from ..errors import MissingField
from ..types import (
    Model,
    ToDictOptions,
    UnknownVariant,
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
class Text(Model):
    """A text and the notes on it."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    value: str
    """The text itself."""
    annotations: list[FileCitationAnnotation | FilePathAnnotation | UnknownVariant]
    """Notes that link places in the text to files."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.value = src_dict["value"]
            value = src_dict["annotations"]
            self.annotations = (
                (
                    [_parse_annotations(value[0])]
                    if len(value) == 1
                    else [_parse_annotations(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
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
            "value": plain(self.value),
            "annotations": plain(self.annotations),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_citation_annotation import FileCitationAnnotation
from .file_path_annotation import FilePathAnnotation

_parse_annotations = tagged(
    "type",
    {
        "file_citation": FileCitationAnnotation.from_dict,
        "file_path": FilePathAnnotation.from_dict,
    },
)
