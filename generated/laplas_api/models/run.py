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
    from .run_status import RunStatus

_KEYS = {
    "id": "id",
    "object": "object",
    "created_at": "created_at",
    "thread_id": "thread_id",
    "assistant_id": "assistant_id",
    "status": "status",
    "required_action": "required_action",
    "last_error": "last_error",
    "incomplete_details": "incomplete_details",
    "expires_at": "expires_at",
    "started_at": "started_at",
    "cancelled_at": "cancelled_at",
    "failed_at": "failed_at",
    "completed_at": "completed_at",
    "model": "model",
    "instructions": "instructions",
    "tools": "tools",
    "tool_resources": "tool_resources",
    "metadata": "metadata",
    "usage": "usage",
    "temperature": "temperature",
    "top_p": "top_p",
    "max_prompt_tokens": "max_prompt_tokens",
    "max_completion_tokens": "max_completion_tokens",
    "truncation_strategy": "truncation_strategy",
    "response_format": "response_format",
    "tool_choice": "tool_choice",
    "parallel_tool_calls": "parallel_tool_calls",
    "reasoning_effort": "reasoning_effort",
    "file_ids": "file_ids",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class Run(Model):
    """An assistant's work on a thread."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the run."""
    created_at: int
    """When the run was created (Unix seconds)."""
    thread_id: str
    """The thread that the run works on."""
    assistant_id: str
    """The assistant that runs."""
    status: RunStatus | str
    """How far a run has come. `requires_action` waits for the results of functions; `cancelled`,
    `failed`, `completed`, `incomplete` and `expired` stay. An open set: readers must accept
    other values.
    """
    object: Literal["thread.run"] = "thread.run"
    """Always `thread.run`."""
    _required_action: RequiredAction | None | Unset = _attrs_field(
        default=UNSET, alias="required_action"
    )
    _last_error: RunError | None | Unset = _attrs_field(default=UNSET, alias="last_error")
    _incomplete_details: RunIncompleteDetails | None | Unset = _attrs_field(
        default=UNSET, alias="incomplete_details"
    )
    _expires_at: int | None | Unset = _attrs_field(default=UNSET, alias="expires_at")
    _started_at: int | None | Unset = _attrs_field(default=UNSET, alias="started_at")
    _cancelled_at: int | None | Unset = _attrs_field(default=UNSET, alias="cancelled_at")
    _failed_at: int | None | Unset = _attrs_field(default=UNSET, alias="failed_at")
    _completed_at: int | None | Unset = _attrs_field(default=UNSET, alias="completed_at")
    _model: str | None | Unset = _attrs_field(default=UNSET, alias="model")
    _instructions: str | None | Unset = _attrs_field(default=UNSET, alias="instructions")
    _tools: (
        list[
            CodeInterpreterTool
            | AssistantFileSearchTool
            | FunctionTool
            | RetrievalTool
            | UnknownVariant
        ]
        | None
        | Unset
    ) = _attrs_field(default=UNSET, alias="tools")
    _tool_resources: ToolResources | None | Unset = _attrs_field(
        default=UNSET, alias="tool_resources"
    )
    _metadata: Metadata | None | Unset = _attrs_field(default=UNSET, alias="metadata")
    _usage: Usage | None | Unset = _attrs_field(default=UNSET, alias="usage")
    _temperature: float | None | Unset = _attrs_field(default=UNSET, alias="temperature")
    _top_p: float | None | Unset = _attrs_field(default=UNSET, alias="top_p")
    _max_prompt_tokens: int | None | Unset = _attrs_field(default=UNSET, alias="max_prompt_tokens")
    _max_completion_tokens: int | None | Unset = _attrs_field(
        default=UNSET, alias="max_completion_tokens"
    )
    _truncation_strategy: TruncationStrategy | None | Unset = _attrs_field(
        default=UNSET, alias="truncation_strategy"
    )
    _response_format: (
        str | TextFormat | JsonObjectFormat | JsonSchemaFormat | UnknownVariant | None | Unset
    ) = _attrs_field(default=UNSET, alias="response_format")
    _tool_choice: str | NamedToolChoice | None | Unset = _attrs_field(
        default=UNSET, alias="tool_choice"
    )
    _parallel_tool_calls: bool | None | Unset = _attrs_field(
        default=UNSET, alias="parallel_tool_calls"
    )
    _reasoning_effort: str | None | Unset = _attrs_field(default=UNSET, alias="reasoning_effort")
    _file_ids: list[str] | None | Unset = _attrs_field(default=UNSET, alias="file_ids")

    @property
    def required_action(self) -> RequiredAction | None:
        """What the run waits for while its status is `requires_action`."""
        return None if self._required_action is UNSET else self._required_action

    @required_action.setter
    def required_action(self, value: RequiredAction | None | Unset) -> None:
        self._required_action = value

    @property
    def last_error(self) -> RunError | None:
        """Why the run failed."""
        return None if self._last_error is UNSET else self._last_error

    @last_error.setter
    def last_error(self, value: RunError | None | Unset) -> None:
        self._last_error = value

    @property
    def incomplete_details(self) -> RunIncompleteDetails | None:
        """Why the run is incomplete."""
        return None if self._incomplete_details is UNSET else self._incomplete_details

    @incomplete_details.setter
    def incomplete_details(self, value: RunIncompleteDetails | None | Unset) -> None:
        self._incomplete_details = value

    @property
    def expires_at(self) -> int | None:
        """When the run will expire (Unix seconds), about ten minutes after its creation."""
        return None if self._expires_at is UNSET else self._expires_at

    @expires_at.setter
    def expires_at(self, value: int | None | Unset) -> None:
        self._expires_at = value

    @property
    def started_at(self) -> int | None:
        """When the run was started (Unix seconds)."""
        return None if self._started_at is UNSET else self._started_at

    @started_at.setter
    def started_at(self, value: int | None | Unset) -> None:
        self._started_at = value

    @property
    def cancelled_at(self) -> int | None:
        """When the run was cancelled (Unix seconds)."""
        return None if self._cancelled_at is UNSET else self._cancelled_at

    @cancelled_at.setter
    def cancelled_at(self, value: int | None | Unset) -> None:
        self._cancelled_at = value

    @property
    def failed_at(self) -> int | None:
        """When the run failed (Unix seconds)."""
        return None if self._failed_at is UNSET else self._failed_at

    @failed_at.setter
    def failed_at(self, value: int | None | Unset) -> None:
        self._failed_at = value

    @property
    def completed_at(self) -> int | None:
        """When the run was completed (Unix seconds)."""
        return None if self._completed_at is UNSET else self._completed_at

    @completed_at.setter
    def completed_at(self, value: int | None | Unset) -> None:
        self._completed_at = value

    @property
    def model(self) -> str | None:
        """The name of the model."""
        return None if self._model is UNSET else self._model

    @model.setter
    def model(self, value: str | None | Unset) -> None:
        self._model = value

    @property
    def instructions(self) -> str | None:
        """What the model is told."""
        return None if self._instructions is UNSET else self._instructions

    @instructions.setter
    def instructions(self, value: str | None | Unset) -> None:
        self._instructions = value

    @property
    def tools(
        self,
    ) -> (
        list[
            CodeInterpreterTool
            | AssistantFileSearchTool
            | FunctionTool
            | RetrievalTool
            | UnknownVariant
        ]
        | None
    ):
        """The tools that the run may use."""
        return None if self._tools is UNSET else self._tools

    @tools.setter
    def tools(
        self,
        value: list[
            CodeInterpreterTool
            | AssistantFileSearchTool
            | FunctionTool
            | RetrievalTool
            | UnknownVariant
        ]
        | None
        | Unset,
    ) -> None:
        self._tools = value

    @property
    def tool_resources(self) -> ToolResources | None:
        """The files that tools can use. Absent from published schemas."""
        return None if self._tool_resources is UNSET else self._tool_resources

    @tool_resources.setter
    def tool_resources(self, value: ToolResources | None | Unset) -> None:
        self._tool_resources = value

    @property
    def metadata(self) -> Metadata | None:
        """Your own notes on the run: at most 16 pairs, keys up to 64 characters, values up to
        512 (the vendor's published schema).
        """
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | None | Unset) -> None:
        self._metadata = value

    @property
    def usage(self) -> Usage | None:
        """The tokens that the run took. Null until it is over."""
        return None if self._usage is UNSET else self._usage

    @usage.setter
    def usage(self, value: Usage | None | Unset) -> None:
        self._usage = value

    @property
    def temperature(self) -> float | None:
        """How freely the model chooses words, 0 to 2."""
        return None if self._temperature is UNSET else self._temperature

    @temperature.setter
    def temperature(self, value: float | None | Unset) -> None:
        self._temperature = value

    @property
    def top_p(self) -> float | None:
        """The share of likely words that the model chooses from, 0 to 1."""
        return None if self._top_p is UNSET else self._top_p

    @top_p.setter
    def top_p(self, value: float | None | Unset) -> None:
        self._top_p = value

    @property
    def max_prompt_tokens(self) -> int | None:
        """The most tokens that the run may read."""
        return None if self._max_prompt_tokens is UNSET else self._max_prompt_tokens

    @max_prompt_tokens.setter
    def max_prompt_tokens(self, value: int | None | Unset) -> None:
        self._max_prompt_tokens = value

    @property
    def max_completion_tokens(self) -> int | None:
        """The most tokens that the run may write."""
        return None if self._max_completion_tokens is UNSET else self._max_completion_tokens

    @max_completion_tokens.setter
    def max_completion_tokens(self, value: int | None | Unset) -> None:
        self._max_completion_tokens = value

    @property
    def truncation_strategy(self) -> TruncationStrategy | None:
        """What the run does when the thread is too long."""
        return None if self._truncation_strategy is UNSET else self._truncation_strategy

    @truncation_strategy.setter
    def truncation_strategy(self, value: TruncationStrategy | None | Unset) -> None:
        self._truncation_strategy = value

    @property
    def response_format(
        self,
    ) -> str | TextFormat | JsonObjectFormat | JsonSchemaFormat | UnknownVariant | None:
        """The form of the answers."""
        return None if self._response_format is UNSET else self._response_format

    @response_format.setter
    def response_format(
        self,
        value: str
        | TextFormat
        | JsonObjectFormat
        | JsonSchemaFormat
        | UnknownVariant
        | None
        | Unset,
    ) -> None:
        self._response_format = value

    @property
    def tool_choice(self) -> str | NamedToolChoice | None:
        """Which tool the model uses."""
        return None if self._tool_choice is UNSET else self._tool_choice

    @tool_choice.setter
    def tool_choice(self, value: str | NamedToolChoice | None | Unset) -> None:
        self._tool_choice = value

    @property
    def parallel_tool_calls(self) -> bool | None:
        """Whether the model may ask for several function calls at once."""
        return None if self._parallel_tool_calls is UNSET else self._parallel_tool_calls

    @parallel_tool_calls.setter
    def parallel_tool_calls(self, value: bool | None | Unset) -> None:
        self._parallel_tool_calls = value

    @property
    def reasoning_effort(self) -> str | None:
        """How long the model thinks. Absent from published schemas."""
        return None if self._reasoning_effort is UNSET else self._reasoning_effort

    @reasoning_effort.setter
    def reasoning_effort(self, value: str | None | Unset) -> None:
        self._reasoning_effort = value

    @property
    def file_ids(self) -> list[str] | None:
        """Ids of files, in the older form of the API."""
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
            self.object = "thread.run" if value == "thread.run" else value
            self.created_at = src_dict["created_at"]
            self.thread_id = src_dict["thread_id"]
            self.assistant_id = src_dict["assistant_id"]
            self.status = src_dict["status"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 30
        if "required_action" in src_dict:
            value = src_dict["required_action"]
            self._required_action = (
                _read_required_action(value) if isinstance(value, dict) else value
            )
        else:
            self._required_action = UNSET
            known -= 1
        if "last_error" in src_dict:
            value = src_dict["last_error"]
            self._last_error = _read_run_error(value) if isinstance(value, dict) else value
        else:
            self._last_error = UNSET
            known -= 1
        if "incomplete_details" in src_dict:
            value = src_dict["incomplete_details"]
            self._incomplete_details = (
                _read_run_incomplete_details(value) if isinstance(value, dict) else value
            )
        else:
            self._incomplete_details = UNSET
            known -= 1
        if "expires_at" in src_dict:
            self._expires_at = src_dict["expires_at"]
        else:
            self._expires_at = UNSET
            known -= 1
        if "started_at" in src_dict:
            self._started_at = src_dict["started_at"]
        else:
            self._started_at = UNSET
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
        if "model" in src_dict:
            self._model = src_dict["model"]
        else:
            self._model = UNSET
            known -= 1
        if "instructions" in src_dict:
            self._instructions = src_dict["instructions"]
        else:
            self._instructions = UNSET
            known -= 1
        if "tools" in src_dict:
            value = src_dict["tools"]
            self._tools = (
                (
                    [_parse_tools(value[0])]
                    if len(value) == 1
                    else [_parse_tools(item) for item in value]
                )
                if value and isinstance(value, list)
                else value
            )
        else:
            self._tools = UNSET
            known -= 1
        if "tool_resources" in src_dict:
            value = src_dict["tool_resources"]
            self._tool_resources = _read_tool_resources(value) if isinstance(value, dict) else value
        else:
            self._tool_resources = UNSET
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
        if "temperature" in src_dict:
            self._temperature = src_dict["temperature"]
        else:
            self._temperature = UNSET
            known -= 1
        if "top_p" in src_dict:
            self._top_p = src_dict["top_p"]
        else:
            self._top_p = UNSET
            known -= 1
        if "max_prompt_tokens" in src_dict:
            self._max_prompt_tokens = src_dict["max_prompt_tokens"]
        else:
            self._max_prompt_tokens = UNSET
            known -= 1
        if "max_completion_tokens" in src_dict:
            self._max_completion_tokens = src_dict["max_completion_tokens"]
        else:
            self._max_completion_tokens = UNSET
            known -= 1
        if "truncation_strategy" in src_dict:
            value = src_dict["truncation_strategy"]
            self._truncation_strategy = (
                _read_truncation_strategy(value) if isinstance(value, dict) else value
            )
        else:
            self._truncation_strategy = UNSET
            known -= 1
        if "response_format" in src_dict:
            value = src_dict["response_format"]
            self._response_format = _parse_response_format(value)
        else:
            self._response_format = UNSET
            known -= 1
        if "tool_choice" in src_dict:
            value = src_dict["tool_choice"]
            self._tool_choice = _read_named_tool_choice(value) if isinstance(value, dict) else value
        else:
            self._tool_choice = UNSET
            known -= 1
        if "parallel_tool_calls" in src_dict:
            self._parallel_tool_calls = src_dict["parallel_tool_calls"]
        else:
            self._parallel_tool_calls = UNSET
            known -= 1
        if "reasoning_effort" in src_dict:
            self._reasoning_effort = src_dict["reasoning_effort"]
        else:
            self._reasoning_effort = UNSET
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
            "assistant_id": plain(self.assistant_id),
            "status": plain(self.status),
        }
        if self._required_action is not UNSET:
            result["required_action"] = plain(self._required_action)
        if self._last_error is not UNSET:
            result["last_error"] = plain(self._last_error)
        if self._incomplete_details is not UNSET:
            result["incomplete_details"] = plain(self._incomplete_details)
        if self._expires_at is not UNSET:
            result["expires_at"] = plain(self._expires_at)
        if self._started_at is not UNSET:
            result["started_at"] = plain(self._started_at)
        if self._cancelled_at is not UNSET:
            result["cancelled_at"] = plain(self._cancelled_at)
        if self._failed_at is not UNSET:
            result["failed_at"] = plain(self._failed_at)
        if self._completed_at is not UNSET:
            result["completed_at"] = plain(self._completed_at)
        if self._model is not UNSET:
            result["model"] = plain(self._model)
        if self._instructions is not UNSET:
            result["instructions"] = plain(self._instructions)
        if self._tools is not UNSET:
            result["tools"] = plain(self._tools)
        if self._tool_resources is not UNSET:
            result["tool_resources"] = plain(self._tool_resources)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        if self._usage is not UNSET:
            result["usage"] = plain(self._usage)
        if self._temperature is not UNSET:
            result["temperature"] = plain(self._temperature)
        if self._top_p is not UNSET:
            result["top_p"] = plain(self._top_p)
        if self._max_prompt_tokens is not UNSET:
            result["max_prompt_tokens"] = plain(self._max_prompt_tokens)
        if self._max_completion_tokens is not UNSET:
            result["max_completion_tokens"] = plain(self._max_completion_tokens)
        if self._truncation_strategy is not UNSET:
            result["truncation_strategy"] = plain(self._truncation_strategy)
        if self._response_format is not UNSET:
            result["response_format"] = plain(self._response_format)
        if self._tool_choice is not UNSET:
            result["tool_choice"] = plain(self._tool_choice)
        if self._parallel_tool_calls is not UNSET:
            result["parallel_tool_calls"] = plain(self._parallel_tool_calls)
        if self._reasoning_effort is not UNSET:
            result["reasoning_effort"] = plain(self._reasoning_effort)
        if self._file_ids is not UNSET:
            result["file_ids"] = plain(self._file_ids)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .assistant_file_search_tool import AssistantFileSearchTool
from .code_interpreter_tool import CodeInterpreterTool
from .function_tool import FunctionTool
from .json_object_format import JsonObjectFormat
from .json_schema_format import JsonSchemaFormat
from .metadata import Metadata
from .named_tool_choice import NamedToolChoice
from .required_action import RequiredAction
from .retrieval_tool import RetrievalTool
from .run_error import RunError
from .run_incomplete_details import RunIncompleteDetails
from .text_format import TextFormat
from .tool_resources import ToolResources
from .truncation_strategy import TruncationStrategy
from .usage import Usage

_read_named_tool_choice = NamedToolChoice.from_dict
_read_required_action = RequiredAction.from_dict
_read_run_error = RunError.from_dict
_read_run_incomplete_details = RunIncompleteDetails.from_dict
_read_tool_resources = ToolResources.from_dict
_read_truncation_strategy = TruncationStrategy.from_dict
_read_usage = Usage.from_dict
_parse_tools = tagged(
    "type",
    {
        "code_interpreter": CodeInterpreterTool.from_dict,
        "file_search": AssistantFileSearchTool.from_dict,
        "function": FunctionTool.from_dict,
        "retrieval": RetrievalTool.from_dict,
    },
)
_parse_response_format = tagged(
    "type",
    {
        "text": TextFormat.from_dict,
        "json_object": JsonObjectFormat.from_dict,
        "json_schema": JsonSchemaFormat.from_dict,
    },
)
