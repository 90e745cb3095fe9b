# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..errors import MissingField
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
    "attachments": "attachments",
    "metadata": "metadata",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CreateMessageRequest(Model):
    """A new message. No other fields are allowed."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    role: MessageRole
    """Who wrote the message. In responses an open set: readers must accept other values."""
    content: (
        str | Sequence[TextPart | Mapping[str, Any] | ImageUrlPart | ImageFilePart | UnknownVariant]
    )
    """The message: a text, or one or more parts (at least one: upstream schema). A text must not
    be empty (our limit). No greatest length is published.
    """
    _attachments: Sequence[Attachment | Mapping[str, Any]] | None | Unset = _attrs_field(
        default=UNSET, alias="attachments"
    )
    _metadata: Metadata | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="metadata"
    )

    @property
    def attachments(self) -> Sequence[Attachment | Mapping[str, Any]] | None:
        """Files for the message, each with the tools that may use it."""
        return None if self._attachments is UNSET else self._attachments

    @attachments.setter
    def attachments(self, value: Sequence[Attachment | Mapping[str, Any]] | None | Unset) -> None:
        self._attachments = value

    @property
    def metadata(self) -> Metadata | Mapping[str, Any] | None:
        """Your own notes on the message: at most 16 pairs, keys up to 64 characters, values up
        to 512 (the vendor's published schema).
        """
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | Mapping[str, Any] | None | Unset) -> None:
        self._metadata = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["role"]
            self.role = (
                "assistant" if value == "assistant" else "user" if value == "user" else value
            )
            value = src_dict["content"]
            self.content = (
                (
                    [_parse_content(value[0])]
                    if len(value) == 1
                    else [_parse_content(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 4
        if "attachments" in src_dict:
            value = src_dict["attachments"]
            self._attachments = (
                (
                    [_read_attachment(value[0]) if isinstance(value[0], dict) else value[0]]
                    if len(value) == 1
                    else [
                        _read_attachment(item) if isinstance(item, dict) else item for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._attachments = UNSET
            known -= 1
        if "metadata" in src_dict:
            value = src_dict["metadata"]
            self._metadata = Metadata(value) if isinstance(value, dict) else value
        else:
            self._metadata = UNSET
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
            "role": plain(self.role),
            "content": plain(self.content),
        }
        if self._attachments is not UNSET:
            result["attachments"] = plain(self._attachments)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .attachment import Attachment
from .image_file_part import ImageFilePart
from .image_url_part import ImageUrlPart
from .metadata import Metadata
from .text_part import TextPart

_read_attachment = Attachment.from_dict
_parse_content = tagged(
    "type",
    {
        "text": TextPart.from_dict,
        "image_url": ImageUrlPart.from_dict,
        "image_file": ImageFilePart.from_dict,
    },
)
