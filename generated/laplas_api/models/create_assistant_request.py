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
    "model": "model",
    "name": "name",
    "description": "description",
    "instructions": "instructions",
    "tools": "tools",
    "tool_resources": "tool_resources",
    "metadata": "metadata",
    "temperature": "temperature",
    "top_p": "top_p",
    "response_format": "response_format",
    "reasoning_effort": "reasoning_effort",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CreateAssistantRequest(Model):
    """A new assistant."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    model: str
    """The name of a model that can serve assistants, 1 to 256 characters (our limits)."""
    _name: str | None | Unset = _attrs_field(default=UNSET, alias="name")
    _description: str | None | Unset = _attrs_field(default=UNSET, alias="description")
    _instructions: str | None | Unset = _attrs_field(default=UNSET, alias="instructions")
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
    _tool_resources: CreateThreadToolResources | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="tool_resources"
    )
    _metadata: Metadata | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="metadata"
    )
    _temperature: float | None | Unset = _attrs_field(default=UNSET, alias="temperature")
    _top_p: float | None | Unset = _attrs_field(default=UNSET, alias="top_p")
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
    _reasoning_effort: str | None | Unset = _attrs_field(default=UNSET, alias="reasoning_effort")

    @property
    def name(self) -> str | None:
        """The name of the assistant, up to 256 characters (upstream schema)."""
        return None if self._name is UNSET else self._name

    @name.setter
    def name(self, value: str | None | Unset) -> None:
        self._name = value

    @property
    def description(self) -> str | None:
        """What the assistant is for, up to 512 characters (upstream schema)."""
        return None if self._description is UNSET else self._description

    @description.setter
    def description(self, value: str | None | Unset) -> None:
        self._description = value

    @property
    def instructions(self) -> str | None:
        """What the model is told before every conversation, up to 256,000 characters (the
        vendor's published schema).
        """
        return None if self._instructions is UNSET else self._instructions

    @instructions.setter
    def instructions(self, value: str | None | Unset) -> None:
        self._instructions = value

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
        """The tools that the assistant may use, at most 128 (upstream schema)."""
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
    def tool_resources(self) -> CreateThreadToolResources | Mapping[str, Any] | None:
        """The files that tools can use."""
        return None if self._tool_resources is UNSET else self._tool_resources

    @tool_resources.setter
    def tool_resources(
        self, value: CreateThreadToolResources | Mapping[str, Any] | None | Unset
    ) -> None:
        self._tool_resources = value

    @property
    def metadata(self) -> Metadata | Mapping[str, Any] | None:
        """Your own notes on the assistant: at most 16 pairs, keys up to 64 characters, values up
        to 512 (the vendor's published schema).
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
    def reasoning_effort(self) -> str | None:
        """How long the model thinks: `low`, `medium` or `high` in the vendor's schema, up to 64
        characters (our limit). Only for models that reason.
        """
        return None if self._reasoning_effort is UNSET else self._reasoning_effort

    @reasoning_effort.setter
    def reasoning_effort(self, value: str | None | Unset) -> None:
        self._reasoning_effort = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.model = src_dict["model"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 11
        if "name" in src_dict:
            self._name = src_dict["name"]
        else:
            self._name = UNSET
            known -= 1
        if "description" in src_dict:
            self._description = src_dict["description"]
        else:
            self._description = UNSET
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
            self._tool_resources = (
                _read_create_thread_tool_resources(value) if isinstance(value, dict) else value
            )
        else:
            self._tool_resources = UNSET
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
        if "response_format" in src_dict:
            value = src_dict["response_format"]
            self._response_format = _parse_response_format(value)
        else:
            self._response_format = UNSET
            known -= 1
        if "reasoning_effort" in src_dict:
            self._reasoning_effort = src_dict["reasoning_effort"]
        else:
            self._reasoning_effort = UNSET
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
            "model": plain(self.model),
        }
        if self._name is not UNSET:
            result["name"] = plain(self._name)
        if self._description is not UNSET:
            result["description"] = plain(self._description)
        if self._instructions is not UNSET:
            result["instructions"] = plain(self._instructions)
        if self._tools is not UNSET:
            result["tools"] = plain(self._tools)
        if self._tool_resources is not UNSET:
            result["tool_resources"] = plain(self._tool_resources)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        if self._temperature is not UNSET:
            result["temperature"] = plain(self._temperature)
        if self._top_p is not UNSET:
            result["top_p"] = plain(self._top_p)
        if self._response_format is not UNSET:
            result["response_format"] = plain(self._response_format)
        if self._reasoning_effort is not UNSET:
            result["reasoning_effort"] = plain(self._reasoning_effort)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .assistant_file_search_tool import AssistantFileSearchTool
from .code_interpreter_tool import CodeInterpreterTool
from .create_thread_tool_resources import CreateThreadToolResources
from .function_tool import FunctionTool
from .json_object_format import JsonObjectFormat
from .json_schema_format import JsonSchemaFormat
from .metadata import Metadata
from .text_format import TextFormat

_read_create_thread_tool_resources = CreateThreadToolResources.from_dict
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
