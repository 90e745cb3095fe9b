# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, Unpack

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
    "id": "id",
    "object": "object",
    "created_at": "created_at",
    "metadata": "metadata",
    "tool_resources": "tool_resources",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class Thread(Model):
    """A conversation."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the thread."""
    created_at: int
    """When the thread was created (Unix seconds)."""
    object: Literal["thread"] = "thread"
    """Always `thread`."""
    _metadata: Metadata | None | Unset = _attrs_field(default=UNSET, alias="metadata")
    _tool_resources: ToolResources | None | Unset = _attrs_field(
        default=UNSET, alias="tool_resources"
    )

    @property
    def metadata(self) -> Metadata | None:
        """Your own notes on the thread: at most 16 pairs, keys up to 64 characters, values up to
        512 (the vendor's published schema).
        """
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | None | Unset) -> None:
        self._metadata = value

    @property
    def tool_resources(self) -> ToolResources | None:
        """The files that tools can use in this thread."""
        return None if self._tool_resources is UNSET else self._tool_resources

    @tool_resources.setter
    def tool_resources(self, value: ToolResources | None | Unset) -> None:
        self._tool_resources = value

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
            self.object = "thread" if value == "thread" else value
            self.created_at = src_dict["created_at"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 5
        if "metadata" in src_dict:
            value = src_dict["metadata"]
            self._metadata = Metadata(value) if isinstance(value, dict) else value
        else:
            self._metadata = UNSET
            known -= 1
        if "tool_resources" in src_dict:
            value = src_dict["tool_resources"]
            self._tool_resources = _read_tool_resources(value) if isinstance(value, dict) else value
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
        result: dict[str, Any] = {
            "id": plain(self.id),
            "object": plain(self.object),
            "created_at": plain(self.created_at),
        }
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        if self._tool_resources is not UNSET:
            result["tool_resources"] = plain(self._tool_resources)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .metadata import Metadata
from .tool_resources import ToolResources

_read_tool_resources = ToolResources.from_dict
