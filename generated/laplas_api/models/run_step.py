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
    from .run_step_status import RunStepStatus

_KEYS = {
    "id": "id",
    "object": "object",
    "created_at": "created_at",
    "run_id": "run_id",
    "thread_id": "thread_id",
    "assistant_id": "assistant_id",
    "type": "type",
    "status": "status",
    "step_details": "step_details",
    "last_error": "last_error",
    "expires_at": "expires_at",
    "expired_at": "expired_at",
    "cancelled_at": "cancelled_at",
    "failed_at": "failed_at",
    "completed_at": "completed_at",
    "metadata": "metadata",
    "usage": "usage",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class RunStep(Model):
    """One thing that a run does, either writing a message or calling tools."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the step."""
    created_at: int
    """When the step was created (Unix seconds)."""
    run_id: str
    """The run that the step belongs to."""
    thread_id: str
    """The thread that the run works on."""
    assistant_id: str
    """The assistant that runs."""
    type: str
    """The kind of step, the same as in `step_details`. Known values: `message_creation`,
    `tool_calls`.
    """
    status: RunStepStatus | str
    """How far a step has come. An open set: readers must accept other values."""
    step_details: MessageCreationDetails | ToolCallsDetails | UnknownVariant
    """What a step does. An open set, readers must accept other types."""
    object: Literal["thread.run.step"] = "thread.run.step"
    """Always `thread.run.step`."""
    _last_error: RunError | None | Unset = _attrs_field(default=UNSET, alias="last_error")
    _expires_at: int | None | Unset = _attrs_field(default=UNSET, alias="expires_at")
    _expired_at: int | None | Unset = _attrs_field(default=UNSET, alias="expired_at")
    _cancelled_at: int | None | Unset = _attrs_field(default=UNSET, alias="cancelled_at")
    _failed_at: int | None | Unset = _attrs_field(default=UNSET, alias="failed_at")
    _completed_at: int | None | Unset = _attrs_field(default=UNSET, alias="completed_at")
    _metadata: Metadata | None | Unset = _attrs_field(default=UNSET, alias="metadata")
    _usage: Usage | None | Unset = _attrs_field(default=UNSET, alias="usage")

    @property
    def last_error(self) -> RunError | None:
        """Why the step failed."""
        return None if self._last_error is UNSET else self._last_error

    @last_error.setter
    def last_error(self, value: RunError | None | Unset) -> None:
        self._last_error = value

    @property
    def expires_at(self) -> int | None:
        """When the step will expire (Unix seconds). In recordings."""
        return None if self._expires_at is UNSET else self._expires_at

    @expires_at.setter
    def expires_at(self, value: int | None | Unset) -> None:
        self._expires_at = value

    @property
    def expired_at(self) -> int | None:
        """When the step expired (Unix seconds). In published schemas."""
        return None if self._expired_at is UNSET else self._expired_at

    @expired_at.setter
    def expired_at(self, value: int | None | Unset) -> None:
        self._expired_at = value

    @property
    def cancelled_at(self) -> int | None:
        """When the step was cancelled (Unix seconds)."""
        return None if self._cancelled_at is UNSET else self._cancelled_at

    @cancelled_at.setter
    def cancelled_at(self, value: int | None | Unset) -> None:
        self._cancelled_at = value

    @property
    def failed_at(self) -> int | None:
        """When the step failed (Unix seconds)."""
        return None if self._failed_at is UNSET else self._failed_at

    @failed_at.setter
    def failed_at(self, value: int | None | Unset) -> None:
        self._failed_at = value

    @property
    def completed_at(self) -> int | None:
        """When the step was completed (Unix seconds)."""
        return None if self._completed_at is UNSET else self._completed_at

    @completed_at.setter
    def completed_at(self, value: int | None | Unset) -> None:
        self._completed_at = value

    @property
    def metadata(self) -> Metadata | None:
        """Notes on the step, see `Metadata`. Only in published schemas."""
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | None | Unset) -> None:
        self._metadata = value

    @property
    def usage(self) -> Usage | None:
        """The tokens that the step took. Null until it is over."""
        return None if self._usage is UNSET else self._usage

    @usage.setter
    def usage(self, value: Usage | None | Unset) -> None:
        self._usage = value

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
            self.object = "thread.run.step" if value == "thread.run.step" else value
            self.created_at = src_dict["created_at"]
            self.run_id = src_dict["run_id"]
            self.thread_id = src_dict["thread_id"]
            self.assistant_id = src_dict["assistant_id"]
            self.type = src_dict["type"]
            self.status = src_dict["status"]
            value = src_dict["step_details"]
            self.step_details = _parse_step_details(value)
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 17
        if "last_error" in src_dict:
            value = src_dict["last_error"]
            self._last_error = _read_run_error(value) if isinstance(value, dict) else value
        else:
            self._last_error = UNSET
            known -= 1
        if "expires_at" in src_dict:
            self._expires_at = src_dict["expires_at"]
        else:
            self._expires_at = UNSET
            known -= 1
        if "expired_at" in src_dict:
            self._expired_at = src_dict["expired_at"]
        else:
            self._expired_at = UNSET
            known -= 1
        if "cancelled_at" in src_dict:
            self._cancelled_at = src_dict["cancelled_at"]
        else:
            self._cancelled_at = UNSET
            known -= 1
        if "failed_at" in src_dict:
            self._failed_at = src_dict["failed_at"]
        else:
            self._failed_at = UNSET
            known -= 1
        if "completed_at" in src_dict:
            self._completed_at = src_dict["completed_at"]
        else:
            self._completed_at = UNSET
            known -= 1
        if "metadata" in src_dict:
            value = src_dict["metadata"]
            self._metadata = Metadata(value) if isinstance(value, dict) else value
        else:
            self._metadata = UNSET
            known -= 1
        if "usage" in src_dict:
            value = src_dict["usage"]
            self._usage = _read_usage(value) if isinstance(value, dict) else value
        else:
            self._usage = UNSET
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
            "run_id": plain(self.run_id),
            "thread_id": plain(self.thread_id),
            "assistant_id": plain(self.assistant_id),
            "type": plain(self.type),
            "status": plain(self.status),
            "step_details": plain(self.step_details),
        }
        if self._last_error is not UNSET:
            result["last_error"] = plain(self._last_error)
        if self._expires_at is not UNSET:
            result["expires_at"] = plain(self._expires_at)
        if self._expired_at is not UNSET:
            result["expired_at"] = plain(self._expired_at)
        if self._cancelled_at is not UNSET:
            result["cancelled_at"] = plain(self._cancelled_at)
        if self._failed_at is not UNSET:
            result["failed_at"] = plain(self._failed_at)
        if self._completed_at is not UNSET:
            result["completed_at"] = plain(self._completed_at)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        if self._usage is not UNSET:
            result["usage"] = plain(self._usage)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .message_creation_details import MessageCreationDetails
from .metadata import Metadata
from .run_error import RunError
from .tool_calls_details import ToolCallsDetails
from .usage import Usage

_read_run_error = RunError.from_dict
_read_usage = Usage.from_dict
_parse_step_details = tagged(
    "type",
    {
        "message_creation": MessageCreationDetails.from_dict,
        "tool_calls": ToolCallsDetails.from_dict,
    },
)
