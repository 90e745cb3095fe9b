# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    "messages": "messages",
    "metadata": "metadata",
    "tool_resources": "tool_resources",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CreateThreadRequest(Model):
    """A new thread. No other fields are allowed."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _messages: Sequence[CreateMessageRequest | Mapping[str, Any]] | None | Unset = _attrs_field(
        default=UNSET, alias="messages"
    )
    _metadata: Metadata | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="metadata"
    )
    _tool_resources: CreateThreadToolResources | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="tool_resources"
    )

    @property
    def messages(self) -> Sequence[CreateMessageRequest | Mapping[str, Any]] | None:
        """The first messages, oldest first."""
        return None if self._messages is UNSET else self._messages

    @messages.setter
    def messages(
        self, value: Sequence[CreateMessageRequest | Mapping[str, Any]] | None | Unset
    ) -> None:
        self._messages = value

    @property
    def metadata(self) -> Metadata | Mapping[str, Any] | None:
        """Your own notes on the thread: at most 16 pairs, keys up to 64 characters, values up to
        512 (the vendor's published schema).
        """
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | Mapping[str, Any] | None | Unset) -> None:
        self._metadata = value

    @property
    def tool_resources(self) -> CreateThreadToolResources | Mapping[str, Any] | None:
        """The files that tools can use in this thread."""
        return None if self._tool_resources is UNSET else self._tool_resources

    @tool_resources.setter
    def tool_resources(
        self, value: CreateThreadToolResources | Mapping[str, Any] | None | Unset
    ) -> None:
        self._tool_resources = value

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
        known = 3
        if "messages" in src_dict:
            value = src_dict["messages"]
            self._messages = (
                (
                    [
                        _read_create_message_request(value[0])
                        if isinstance(value[0], dict)
                        else value[0]
                    ]
                    if len(value) == 1
                    else [
                        _read_create_message_request(item) if isinstance(item, dict) else item
                        for item in value
                    ]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._messages = UNSET
            known -= 1
        if "metadata" in src_dict:
            value = src_dict["metadata"]
            self._metadata = Metadata(value) if isinstance(value, dict) else value
        else:
            self._metadata = UNSET
            known -= 1
        if "tool_resources" in src_dict:
            value = src_dict["tool_resources"]
            self._tool_resources = (
                _read_create_thread_tool_resources(value) if isinstance(value, dict) else value
            )
        else:
            self._tool_resources = UNSET
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
        if self._messages is not UNSET:
            result["messages"] = plain(self._messages)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        if self._tool_resources is not UNSET:
            result["tool_resources"] = plain(self._tool_resources)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .create_message_request import CreateMessageRequest
from .create_thread_tool_resources import CreateThreadToolResources
from .metadata import Metadata

_read_create_message_request = CreateMessageRequest.from_dict
_read_create_thread_tool_resources = CreateThreadToolResources.from_dict
