# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self, Unpack

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

_KEYS = {
    "assistant_id": "assistant_id",
    "model": "model",
    "instructions": "instructions",
    "additional_instructions": "additional_instructions",
    "additional_messages": "additional_messages",
    "tools": "tools",
    "metadata": "metadata",
    "temperature": "temperature",
    "top_p": "top_p",
    "max_prompt_tokens": "max_prompt_tokens",
    "max_completion_tokens": "max_completion_tokens",
    "truncation_strategy": "truncation_strategy",
    "response_format": "response_format",
    "tool_choice": "tool_choice",
    "parallel_tool_calls": "parallel_tool_calls",
    "reasoning_effort": "reasoning_effort",
    "stream": "stream",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CreateRunRequest(Model):
    """Which assistant runs, and what differs from its settings in this run."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    assistant_id: str
    """The id of the assistant that answers, up to 1,000 characters (our limit)."""
    _model: str | None | Unset = _attrs_field(default=UNSET, alias="model")
    _instructions: str | None | Unset = _attrs_field(default=UNSET, alias="instructions")
    _additional_instructions: str | None | Unset = _attrs_field(
        default=UNSET, alias="additional_instructions"
    )
    _additional_messages: Sequence[CreateMessageRequest | Mapping[str, Any]] | None | Unset = (
        _attrs_field(default=UNSET, alias="additional_messages")
    )
    _tools: (
        Sequence[
            CodeInterpreterTool
            | Mapping[str, Any]
            | AssistantFileSearchTool
            | FunctionTool
            | UnknownVariant
        ]
        | None
        | Unset
    ) = _attrs_field(default=UNSET, alias="tools")
    _metadata: Metadata | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="metadata"
    )
    _temperature: float | None | Unset = _attrs_field(default=UNSET, alias="temperature")
    _top_p: float | None | Unset = _attrs_field(default=UNSET, alias="top_p")
    _max_prompt_tokens: int | None | Unset = _attrs_field(default=UNSET, alias="max_prompt_tokens")
    _max_completion_tokens: int | None | Unset = _attrs_field(
        default=UNSET, alias="max_completion_tokens"
    )
    _truncation_strategy: TruncationStrategy | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="truncation_strategy"
    )
    _response_format: (
        str
        | TextFormat
        | Mapping[str, Any]
        | JsonObjectFormat
        | JsonSchemaFormat
        | UnknownVariant
        | None
        | Unset
    ) = _attrs_field(default=UNSET, alias="response_format")
    _tool_choice: str | NamedToolChoice | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="tool_choice"
    )
    _parallel_tool_calls: bool | None | Unset = _attrs_field(
        default=UNSET, alias="parallel_tool_calls"
    )
    _reasoning_effort: str | None | Unset = _attrs_field(default=UNSET, alias="reasoning_effort")
    _stream: bool | None | Unset = _attrs_field(default=UNSET, alias="stream")

    @property
    def model(self) -> str | None:
        """Another model than the assistant's, 1 to 256 characters (our limits)."""
        return None if self._model is UNSET else self._model

    @model.setter
    def model(self, value: str | None | Unset) -> None:
        self._model = value

    @property
    def instructions(self) -> str | None:
        """Instructions in place of the assistant's, up to 256,000 characters (the vendor's
        published schema).
        """
        return None if self._instructions is UNSET else self._instructions

    @instructions.setter
    def instructions(self, value: str | None | Unset) -> None:
        self._instructions = value

    @property
    def additional_instructions(self) -> str | None:
        """Instructions after the assistant's, up to 256,000 characters (the vendor's published
        schema).
        """
        return None if self._additional_instructions is UNSET else self._additional_instructions

    @additional_instructions.setter
    def additional_instructions(self, value: str | None | Unset) -> None:
        self._additional_instructions = value

    @property
    def additional_messages(self) -> Sequence[CreateMessageRequest | Mapping[str, Any]] | None:
        """Messages to add to the thread first, oldest first."""
        return None if self._additional_messages is UNSET else self._additional_messages

    @additional_messages.setter
    def additional_messages(
        self, value: Sequence[CreateMessageRequest | Mapping[str, Any]] | None | Unset
    ) -> None:
        self._additional_messages = value

    @property
    def tools(
        self,
    ) -> (
        Sequence[
            CodeInterpreterTool
            | Mapping[str, Any]
            | AssistantFileSearchTool
            | FunctionTool
            | UnknownVariant
        ]
        | None
    ):
        """Tools in place of the assistant's, at most 20 (upstream schema)."""
        return None if self._tools is UNSET else self._tools

    @tools.setter
    def tools(
        self,
        value: Sequence[
            CodeInterpreterTool
            | Mapping[str, Any]
            | AssistantFileSearchTool
            | FunctionTool
            | UnknownVariant
        ]
        | None
        | Unset,
    ) -> None:
        self._tools = value

    @property
    def metadata(self) -> Metadata | Mapping[str, Any] | None:
        """Your own notes on the run: at most 16 pairs, keys up to 64 characters, values up to
        512 (the vendor's published schema).
        """
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | Mapping[str, Any] | None | Unset) -> None:
        self._metadata = value

    @property
    def temperature(self) -> float | None:
        """How freely the model chooses words, 0 to 2 (the vendor's published schema)."""
        return None if self._temperature is UNSET else self._temperature

    @temperature.setter
    def temperature(self, value: float | None | Unset) -> None:
        self._temperature = value

    @property
    def top_p(self) -> float | None:
        """The share of likely words that the model chooses from, 0 to 1 (the vendor's published
        schema). Set this or `temperature`, not both.
        """
        return None if self._top_p is UNSET else self._top_p

    @top_p.setter
    def top_p(self, value: float | None | Unset) -> None:
        self._top_p = value

    @property
    def max_prompt_tokens(self) -> int | None:
        """The most tokens that the run may read, at least 256 (upstream schema). A run that
        needs more ends as `incomplete`.
        """
        return None if self._max_prompt_tokens is UNSET else self._max_prompt_tokens

    @max_prompt_tokens.setter
    def max_prompt_tokens(self, value: int | None | Unset) -> None:
        self._max_prompt_tokens = value

    @property
    def max_completion_tokens(self) -> int | None:
        """The most tokens that the run may write. A run that needs more ends as `incomplete`."""
        return None if self._max_completion_tokens is UNSET else self._max_completion_tokens

    @max_completion_tokens.setter
    def max_completion_tokens(self, value: int | None | Unset) -> None:
        self._max_completion_tokens = value

    @property
    def truncation_strategy(self) -> TruncationStrategy | Mapping[str, Any] | None:
        """What the run does when the thread is too long."""
        return None if self._truncation_strategy is UNSET else self._truncation_strategy

    @truncation_strategy.setter
    def truncation_strategy(
        self, value: TruncationStrategy | Mapping[str, Any] | None | Unset
    ) -> None:
        self._truncation_strategy = value

    @property
    def response_format(
        self,
    ) -> (
        str
        | TextFormat
        | Mapping[str, Any]
        | JsonObjectFormat
        | JsonSchemaFormat
        | UnknownVariant
        | None
    ):
        """The form of the answers; or a pydantic model, dataclass or TypedDict, for JSON that
        fits it.
        """
        return None if self._response_format is UNSET else self._response_format

    @response_format.setter
    def response_format(
        self,
        value: str
        | TextFormat
        | Mapping[str, Any]
        | JsonObjectFormat
        | JsonSchemaFormat
        | UnknownVariant
        | None
        | Unset,
    ) -> None:
        self._response_format = value

    @property
    def tool_choice(self) -> str | NamedToolChoice | Mapping[str, Any] | None:
        """Which tool the model uses."""
        return None if self._tool_choice is UNSET else self._tool_choice

    @tool_choice.setter
    def tool_choice(self, value: str | NamedToolChoice | Mapping[str, Any] | None | Unset) -> None:
        self._tool_choice = value

    @property
    def parallel_tool_calls(self) -> bool | None:
        """Whether the model may ask for several function calls at once. Left out, the server
        takes true.
        """
        return None if self._parallel_tool_calls is UNSET else self._parallel_tool_calls

    @parallel_tool_calls.setter
    def parallel_tool_calls(self, value: bool | None | Unset) -> None:
        self._parallel_tool_calls = value

    @property
    def reasoning_effort(self) -> str | None:
        """How long the model thinks: `low`, `medium` or `high` in the vendor's schema, up to 64
        characters (our limit). Only for models that reason.
        """
        return None if self._reasoning_effort is UNSET else self._reasoning_effort

    @reasoning_effort.setter
    def reasoning_effort(self, value: str | None | Unset) -> None:
        self._reasoning_effort = value

    @property
    def stream(self) -> bool | None:
        """Whether the answer is an event stream in place of the run."""
        return None if self._stream is UNSET else self._stream

    @stream.setter
    def stream(self, value: bool | None | Unset) -> None:
        self._stream = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.assistant_id = src_dict["assistant_id"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 17
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
        if "additional_instructions" in src_dict:
            self._additional_instructions = src_dict["additional_instructions"]
        else:
            self._additional_instructions = UNSET
            known -= 1
        if "additional_messages" in src_dict:
            value = src_dict["additional_messages"]
            self._additional_messages = (
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
            self._additional_messages = UNSET
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
        if "metadata" in src_dict:
            value = src_dict["metadata"]
            self._metadata = Metadata(value) if isinstance(value, dict) else value
        else:
            self._metadata = UNSET
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
        if "stream" in src_dict:
            self._stream = src_dict["stream"]
        else:
            self._stream = UNSET
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
            "assistant_id": plain(self.assistant_id),
        }
        if self._model is not UNSET:
            result["model"] = plain(self._model)
        if self._instructions is not UNSET:
            result["instructions"] = plain(self._instructions)
        if self._additional_instructions is not UNSET:
            result["additional_instructions"] = plain(self._additional_instructions)
        if self._additional_messages is not UNSET:
            result["additional_messages"] = plain(self._additional_messages)
        if self._tools is not UNSET:
            result["tools"] = plain(self._tools)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
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
        if self._stream is not UNSET:
            result["stream"] = plain(self._stream)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .assistant_file_search_tool import AssistantFileSearchTool
from .code_interpreter_tool import CodeInterpreterTool
from .create_message_request import CreateMessageRequest
from .function_tool import FunctionTool
from .json_object_format import JsonObjectFormat
from .json_schema_format import JsonSchemaFormat
from .metadata import Metadata
from .named_tool_choice import NamedToolChoice
from .text_format import TextFormat
from .truncation_strategy import TruncationStrategy

_read_create_message_request = CreateMessageRequest.from_dict
_read_named_tool_choice = NamedToolChoice.from_dict
_read_truncation_strategy = TruncationStrategy.from_dict
_parse_tools = tagged(
    "type",
    {
        "code_interpreter": CodeInterpreterTool.from_dict,
        "file_search": AssistantFileSearchTool.from_dict,
        "function": FunctionTool.from_dict,
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
