# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

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
    "file_id": "file_id",
    "file_name": "file_name",
    "score": "score",
    "content": "content",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class FileSearchResult(Model):
    """A place in a file that a search found."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    file_id: str
    """The id of the file."""
    file_name: str
    """The name of the file."""
    score: float
    """How well the place fits, 0 to 1."""
    _content: list[FileSearchResultContent] | None | Unset = _attrs_field(
        default=UNSET, alias="content"
    )

    @property
    def content(self) -> list[FileSearchResultContent] | None:
        """The words that were found. Only there when asked for with `include[]`."""
        return None if self._content is UNSET else self._content

    @content.setter
    def content(self, value: list[FileSearchResultContent] | None | Unset) -> None:
        self._content = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.file_id = src_dict["file_id"]
            self.file_name = src_dict["file_name"]
            self.score = src_dict["score"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 4
        if "content" in src_dict:
            value = src_dict["content"]
            self._content = (
                (
                    [
                        _read_file_search_result_content(value[0])
                        if isinstance(value[0], dict)
                        else value[0]
                    ]
                    if len(value) == 1
                    else [
                        _read_file_search_result_content(item) if isinstance(item, dict) else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._content = UNSET
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
            "file_name": plain(self.file_name),
            "score": plain(self.score),
        }
        if self._content is not UNSET:
            result["content"] = plain(self._content)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .file_search_result_content import FileSearchResultContent

_read_file_search_result_content = FileSearchResultContent.from_dict
