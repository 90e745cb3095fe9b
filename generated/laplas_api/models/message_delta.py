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
    UnknownVariant,
    Unset,
    new,
    plain,
    pydantic_schema,
    tagged,
)

if TYPE_CHECKING:
    from .message_role import MessageRole

_KEYS = {
    "role": "role",
    "content": "content",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class MessageDelta(Model):
    """What is new in a message."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _role: MessageRole | str | None | Unset = _attrs_field(default=UNSET, alias="role")
    _content: (
        list[
            TextContentDelta
            | ImageFileContentDelta
            | ImageUrlContentDelta
            | RefusalContentDelta
            | UnknownVariant
        ]
        | None
        | Unset
    ) = _attrs_field(default=UNSET, alias="content")

    @property
    def role(self) -> MessageRole | str | None:
        """Who writes the message."""
        return None if self._role is UNSET else self._role

    @role.setter
    def role(self, value: MessageRole | str | None | Unset) -> None:
        self._role = value

    @property
    def content(
        self,
    ) -> (
        list[
            TextContentDelta
            | ImageFileContentDelta
            | ImageUrlContentDelta
            | RefusalContentDelta
            | UnknownVariant
        ]
        | None
    ):
        """New parts, and additions to parts."""
        return None if self._content is UNSET else self._content

    @content.setter
    def content(
        self,
        value: list[
            TextContentDelta
            | ImageFileContentDelta
            | ImageUrlContentDelta
            | RefusalContentDelta
            | UnknownVariant
        ]
        | None
        | Unset,
    ) -> None:
        self._content = value

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
        if "role" in src_dict:
            value = src_dict["role"]
            self._role = (
                "assistant" if value == "assistant" else "user" if value == "user" else value
            )
        else:
            self._role = UNSET
            known -= 1
        if "content" in src_dict:
            value = src_dict["content"]
            self._content = (
                (
                    [_parse_content(value[0])]
                    if len(value) == 1
                    else [_parse_content(item) for item in value]
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
        result: dict[str, Any] = {}
        if self._role is not UNSET:
            result["role"] = plain(self._role)
        if self._content is not UNSET:
            result["content"] = plain(self._content)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .image_file_content_delta import ImageFileContentDelta
from .image_url_content_delta import ImageUrlContentDelta
from .refusal_content_delta import RefusalContentDelta
from .text_content_delta import TextContentDelta

_parse_content = tagged(
    "type",
    {
        "text": TextContentDelta.from_dict,
        "image_file": ImageFileContentDelta.from_dict,
        "image_url": ImageUrlContentDelta.from_dict,
        "refusal": RefusalContentDelta.from_dict,
    },
)
