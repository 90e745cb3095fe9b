# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, Unpack

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
    from .message_status import MessageStatus

_KEYS = {
    "id": "id",
    "object": "object",
    "created_at": "created_at",
    "thread_id": "thread_id",
    "role": "role",
    "content": "content",
    "assistant_id": "assistant_id",
    "run_id": "run_id",
    "attachments": "attachments",
    "metadata": "metadata",
    "status": "status",
    "incomplete_details": "incomplete_details",
    "completed_at": "completed_at",
    "incomplete_at": "incomplete_at",
    "file_ids": "file_ids",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class Message(Model):
    """One turn of a conversation."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the message."""
    created_at: int
    """When the message was created (Unix seconds)."""
    thread_id: str
    """The thread that holds the message."""
    role: MessageRole | str
    """Who wrote the message. In responses an open set: readers must accept other values."""
    content: (
        list[TextContent | ImageFileContent | ImageUrlContent | RefusalContent | UnknownVariant]
        | str
    )
    """The parts of the message, in reading order. Empty while an assistant has only begun to
    write.
    """
    object: Literal["thread.message"] = "thread.message"
    """Always `thread.message`."""
    _assistant_id: str | None | Unset = _attrs_field(default=UNSET, alias="assistant_id")
    _run_id: str | None | Unset = _attrs_field(default=UNSET, alias="run_id")
    _attachments: list[Attachment] | None | Unset = _attrs_field(default=UNSET, alias="attachments")
    _metadata: Metadata | None | Unset = _attrs_field(default=UNSET, alias="metadata")
    _status: MessageStatus | str | None | Unset = _attrs_field(default=UNSET, alias="status")
    _incomplete_details: IncompleteDetails | None | Unset = _attrs_field(
        default=UNSET, alias="incomplete_details"
    )
    _completed_at: int | None | Unset = _attrs_field(default=UNSET, alias="completed_at")
    _incomplete_at: int | None | Unset = _attrs_field(default=UNSET, alias="incomplete_at")
    _file_ids: list[str] | None | Unset = _attrs_field(default=UNSET, alias="file_ids")

    @property
    def assistant_id(self) -> str | None:
        """The assistant that wrote the message, if one did."""
        return None if self._assistant_id is UNSET else self._assistant_id

    @assistant_id.setter
    def assistant_id(self, value: str | None | Unset) -> None:
        self._assistant_id = value

    @property
    def run_id(self) -> str | None:
        """The run that wrote the message, if one did."""
        return None if self._run_id is UNSET else self._run_id

    @run_id.setter
    def run_id(self, value: str | None | Unset) -> None:
        self._run_id = value

    @property
    def attachments(self) -> list[Attachment] | None:
        """The attached files. Null means none. Absent means unknown: answers to a change leave
        this field out.
        """
        return None if self._attachments is UNSET else self._attachments

    @attachments.setter
    def attachments(self, value: list[Attachment] | None | Unset) -> None:
        self._attachments = value

    @property
    def metadata(self) -> Metadata | None:
        """Your own notes on the message: at most 16 pairs, keys up to 64 characters, values up
        to 512 (the vendor's published schema).
        """
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | None | Unset) -> None:
        self._metadata = value

    @property
    def status(self) -> MessageStatus | str | None:
        """How far the writing has come. Seen only in event streams."""
        return None if self._status is UNSET else self._status

    @status.setter
    def status(self, value: MessageStatus | str | None | Unset) -> None:
        self._status = value

    @property
    def incomplete_details(self) -> IncompleteDetails | None:
        """Why the message is incomplete. Seen only in event streams."""
        return None if self._incomplete_details is UNSET else self._incomplete_details

    @incomplete_details.setter
    def incomplete_details(self, value: IncompleteDetails | None | Unset) -> None:
        self._incomplete_details = value

    @property
    def completed_at(self) -> int | None:
        """When the message was completed (Unix seconds)."""
        return None if self._completed_at is UNSET else self._completed_at

    @completed_at.setter
    def completed_at(self, value: int | None | Unset) -> None:
        self._completed_at = value

    @property
    def incomplete_at(self) -> int | None:
        """When the message was cut off (Unix seconds)."""
        return None if self._incomplete_at is UNSET else self._incomplete_at

    @incomplete_at.setter
    def incomplete_at(self, value: int | None | Unset) -> None:
        self._incomplete_at = value

    @property
    def file_ids(self) -> list[str] | None:
        """Ids of attached files in the older form of the API. Answers to a change have it in
        place of `attachments`.
        """
        return None if self._file_ids is UNSET else self._file_ids

    @file_ids.setter
    def file_ids(self, value: list[str] | None | Unset) -> None:
        self._file_ids = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.id = src_dict["id"]
            value = src_dict["object"]
            self.object = "thread.message" if value == "thread.message" else value
            self.created_at = src_dict["created_at"]
            self.thread_id = src_dict["thread_id"]
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
        known = 15
        if "assistant_id" in src_dict:
            self._assistant_id = src_dict["assistant_id"]
        else:
            self._assistant_id = UNSET
            known -= 1
        if "run_id" in src_dict:
            self._run_id = src_dict["run_id"]
        else:
            self._run_id = UNSET
            known -= 1
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
        if "status" in src_dict:
            value = src_dict["status"]
            self._status = (
                "completed"
                if value == "completed"
                else "in_progress"
                if value == "in_progress"
                else "incomplete"
                if value == "incomplete"
                else value
            )
        else:
            self._status = UNSET
            known -= 1
        if "incomplete_details" in src_dict:
            value = src_dict["incomplete_details"]
            self._incomplete_details = (
                _read_incomplete_details(value) if isinstance(value, dict) else value
            )
        else:
            self._incomplete_details = UNSET
            known -= 1
        if "completed_at" in src_dict:
            self._completed_at = src_dict["completed_at"]
        else:
            self._completed_at = UNSET
            known -= 1
        if "incomplete_at" in src_dict:
            self._incomplete_at = src_dict["incomplete_at"]
        else:
            self._incomplete_at = UNSET
            known -= 1
        if "file_ids" in src_dict:
            self._file_ids = src_dict["file_ids"]
        else:
            self._file_ids = UNSET
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
            "id": plain(self.id),
            "object": plain(self.object),
            "created_at": plain(self.created_at),
            "thread_id": plain(self.thread_id),
            "role": plain(self.role),
            "content": plain(self.content),
        }
        if self._assistant_id is not UNSET:
            result["assistant_id"] = plain(self._assistant_id)
        if self._run_id is not UNSET:
            result["run_id"] = plain(self._run_id)
        if self._attachments is not UNSET:
            result["attachments"] = plain(self._attachments)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        if self._status is not UNSET:
            result["status"] = plain(self._status)
        if self._incomplete_details is not UNSET:
            result["incomplete_details"] = plain(self._incomplete_details)
        if self._completed_at is not UNSET:
            result["completed_at"] = plain(self._completed_at)
        if self._incomplete_at is not UNSET:
            result["incomplete_at"] = plain(self._incomplete_at)
        if self._file_ids is not UNSET:
            result["file_ids"] = plain(self._file_ids)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .attachment import Attachment
from .image_file_content import ImageFileContent
from .image_url_content import ImageUrlContent
from .incomplete_details import IncompleteDetails
from .metadata import Metadata
from .refusal_content import RefusalContent
from .text_content import TextContent

_read_attachment = Attachment.from_dict
_read_incomplete_details = IncompleteDetails.from_dict
_parse_content = tagged(
    "type",
    {
        "text": TextContent.from_dict,
        "image_file": ImageFileContent.from_dict,
        "image_url": ImageUrlContent.from_dict,
        "refusal": RefusalContent.from_dict,
    },
)
