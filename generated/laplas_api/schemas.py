# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""What requests may hold, as tables: made from the document, read by `checks` and by servers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple


class Operation(NamedTuple):
    """How one operation is requested.

    Attributes:
        method: The HTTP method, in capitals.
        path: The path, with the names of its parameters in braces.
        path_parameters: These names, in the order of the path.
        query: The schema of each query parameter by its name in the URL. Its key "argument" is the
            name in Python, where that differs.
        body: The name of the body's schema in `SCHEMAS`; None if there is no body.
        body_required: Whether the body must be there.
        media_type: The type of the body; None if there is no body.
        required_query: The names of the query parameters that must be given.
    """

    method: str
    path: str
    path_parameters: tuple[str, ...]
    query: Mapping[str, dict[str, Any]]
    body: str | None
    body_required: bool
    media_type: str | None
    required_query: tuple[str, ...]


MAX_ID: Final = 1000
"""The most characters of an id in a path or a query."""

SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "Metadata": {
        "type": "object",
        "maxProperties": 16,
        "propertyNames": {"maxLength": 64},
        "additionalProperties": {"type": "string", "maxLength": 512},
    },
    "ListOrder": {"type": "string", "enum": ["asc", "desc"]},
    "MessageRole": {"type": "string", "enum": ["user", "assistant"]},
    "ImageDetail": {"type": "string", "enum": ["auto", "low", "high"]},
    "ImageUrl": {
        "type": "object",
        "required": ["url"],
        "properties": {"url": {"type": "string"}, "detail": {"ref": "ImageDetail"}},
    },
    "ImageFile": {
        "type": "object",
        "required": ["file_id"],
        "properties": {"file_id": {"type": "string"}, "detail": {"ref": "ImageDetail"}},
    },
    "CodeInterpreterTool": {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "const": "code_interpreter"}},
    },
    "FileSearchTool": {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "const": "file_search"}},
    },
    "Attachment": {
        "type": "object",
        "properties": {
            "file_id": {"type": "string"},
            "tools": {"type": "array", "items": {"ref": "AttachmentTool"}},
        },
    },
    "AttachmentTool": {
        "tag": "type",
        "mapping": {"code_interpreter": "CodeInterpreterTool", "file_search": "FileSearchTool"},
    },
    "CodeInterpreterResources": {
        "type": "object",
        "properties": {"file_ids": {"type": "array", "maxItems": 20, "items": {"type": "string"}}},
    },
    "FileSearchResources": {
        "type": "object",
        "properties": {
            "vector_store_ids": {"type": "array", "maxItems": 1, "items": {"type": "string"}}
        },
    },
    "ToolResources": {
        "type": "object",
        "properties": {
            "code_interpreter": {"ref": "CodeInterpreterResources"},
            "file_search": {"ref": "FileSearchResources"},
        },
    },
    "CreateMessageRequest": {
        "type": "object",
        "required": ["role", "content"],
        "properties": {
            "role": {"ref": "MessageRole", "default": "user"},
            "content": {
                "anyOf": [
                    {"type": "string", "minLength": 1},
                    {"type": "array", "minItems": 1, "items": {"ref": "RequestPart"}},
                ],
                "accepts": "Content",
            },
            "attachments": {
                "type": ["array", "null"],
                "items": {"ref": "Attachment"},
                "accepts": "Attachments",
            },
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
        },
        "additionalProperties": False,
    },
    "UpdateMessageRequest": {
        "type": "object",
        "properties": {"metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]}},
        "additionalProperties": False,
    },
    "RequestPart": {
        "tag": "type",
        "mapping": {"text": "TextPart", "image_url": "ImageUrlPart", "image_file": "ImageFilePart"},
    },
    "TextPart": {
        "type": "object",
        "required": ["type", "text"],
        "properties": {
            "type": {"type": "string", "const": "text"},
            "text": {"type": "string", "minLength": 1},
        },
    },
    "ImageUrlPart": {
        "type": "object",
        "required": ["type", "image_url"],
        "properties": {
            "type": {"type": "string", "const": "image_url"},
            "image_url": {"ref": "ImageUrl"},
        },
    },
    "ImageFilePart": {
        "type": "object",
        "required": ["type", "image_file"],
        "properties": {
            "type": {"type": "string", "const": "image_file"},
            "image_file": {"ref": "ImageFile"},
        },
    },
    "CreateThreadRequest": {
        "type": "object",
        "properties": {
            "messages": {
                "type": "array",
                "items": {"ref": "CreateMessageRequest"},
                "accepts": "Messages",
            },
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
            "tool_resources": {
                "anyOf": [{"ref": "CreateThreadToolResources"}, {"type": "null"}],
                "accepts": "ToolResources",
            },
        },
        "additionalProperties": False,
    },
    "UpdateThreadRequest": {
        "type": "object",
        "properties": {
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
            "tool_resources": {
                "anyOf": [{"ref": "ToolResources"}, {"type": "null"}],
                "accepts": "ToolResources",
            },
        },
        "additionalProperties": False,
    },
    "CreateThreadToolResources": {
        "type": "object",
        "properties": {
            "code_interpreter": {"ref": "CodeInterpreterResources"},
            "file_search": {"ref": "CreateFileSearchResources"},
        },
    },
    "CreateFileSearchResources": {
        "type": "object",
        "properties": {
            "vector_store_ids": {"type": "array", "maxItems": 1, "items": {"type": "string"}},
            "vector_stores": {
                "type": "array",
                "maxItems": 1,
                "items": {"ref": "CreateVectorStore"},
            },
        },
    },
    "CreateVectorStore": {
        "type": "object",
        "properties": {
            "file_ids": {"type": "array", "maxItems": 10000, "items": {"type": "string"}},
            "chunking_strategy": {"ref": "ChunkingStrategy"},
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
        },
    },
    "ChunkingStrategy": {
        "tag": "type",
        "mapping": {"auto": "AutoChunkingStrategy", "static": "StaticChunkingStrategy"},
    },
    "AutoChunkingStrategy": {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "const": "auto"}},
    },
    "StaticChunkingStrategy": {
        "type": "object",
        "required": ["type", "static"],
        "properties": {
            "type": {"type": "string", "const": "static"},
            "static": {"ref": "StaticChunking"},
        },
    },
    "StaticChunking": {
        "type": "object",
        "required": ["max_chunk_size_tokens", "chunk_overlap_tokens"],
        "properties": {
            "max_chunk_size_tokens": {"type": "integer", "minimum": 100, "maximum": 4096},
            "chunk_overlap_tokens": {"type": "integer", "minimum": 0},
        },
    },
    "Tool": {
        "tag": "type",
        "mapping": {
            "code_interpreter": "CodeInterpreterTool",
            "file_search": "AssistantFileSearchTool",
            "function": "FunctionTool",
        },
    },
    "AssistantFileSearchTool": {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {"type": "string", "const": "file_search"},
            "file_search": {"anyOf": [{"ref": "FileSearchOptions"}, {"type": "null"}]},
        },
    },
    "FileSearchOptions": {
        "type": "object",
        "properties": {
            "max_num_results": {"type": ["integer", "null"], "minimum": 1, "maximum": 50},
            "ranking_options": {"anyOf": [{"ref": "RankingOptions"}, {"type": "null"}]},
        },
    },
    "RankingOptions": {
        "type": "object",
        "required": ["score_threshold"],
        "properties": {
            "score_threshold": {"type": "number", "minimum": 0, "maximum": 1},
            "ranker": {"type": ["string", "null"], "known": ["auto", "default_2024_08_21"]},
        },
    },
    "FunctionTool": {
        "type": "object",
        "required": ["type", "function"],
        "properties": {
            "type": {"type": "string", "const": "function"},
            "function": {"ref": "FunctionDefinition"},
        },
    },
    "FunctionDefinition": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 64,
                "pattern": "^[A-Za-z0-9_-]+$",
            },
            "description": {"type": ["string", "null"]},
            "parameters": {"anyOf": [{"ref": "JsonSchema"}, {"type": "null"}]},
            "strict": {"type": ["boolean", "null"]},
        },
    },
    "JsonSchema": {"type": "object"},
    "ResponseFormat": {
        "anyOf": [{"type": "string", "known": ["auto"]}, {"ref": "ResponseFormatObject"}]
    },
    "ResponseFormatObject": {
        "tag": "type",
        "mapping": {
            "text": "TextFormat",
            "json_object": "JsonObjectFormat",
            "json_schema": "JsonSchemaFormat",
        },
    },
    "TextFormat": {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "const": "text"}},
    },
    "JsonObjectFormat": {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"type": "string", "const": "json_object"}},
    },
    "JsonSchemaFormat": {
        "type": "object",
        "required": ["type", "json_schema"],
        "properties": {
            "type": {"type": "string", "const": "json_schema"},
            "json_schema": {"ref": "NamedJsonSchema"},
        },
    },
    "NamedJsonSchema": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {
                "type": "string",
                "minLength": 1,
                "maxLength": 64,
                "pattern": "^[A-Za-z0-9_-]+$",
            },
            "description": {"type": ["string", "null"]},
            "schema": {"anyOf": [{"ref": "JsonSchema"}, {"type": "null"}]},
            "strict": {"type": ["boolean", "null"]},
        },
    },
    "ToolChoice": {
        "anyOf": [
            {"type": "string", "known": ["none", "auto", "required"]},
            {"ref": "NamedToolChoice"},
        ]
    },
    "NamedToolChoice": {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {"type": "string", "known": ["function", "code_interpreter", "file_search"]},
            "function": {"anyOf": [{"ref": "NamedFunction"}, {"type": "null"}]},
        },
    },
    "NamedFunction": {
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string", "minLength": 1}},
    },
    "TruncationStrategy": {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": {"type": "string", "known": ["auto", "last_messages"]},
            "last_messages": {"type": ["integer", "null"], "minimum": 1},
        },
    },
    "CreateAssistantRequest": {
        "type": "object",
        "required": ["model"],
        "properties": {
            "model": {"type": "string", "minLength": 1, "maxLength": 256},
            "name": {"type": ["string", "null"], "maxLength": 256},
            "description": {"type": ["string", "null"], "maxLength": 512},
            "instructions": {"type": ["string", "null"], "maxLength": 256000},
            "tools": {
                "type": "array",
                "maxItems": 128,
                "items": {"ref": "Tool"},
                "accepts": "Tools",
            },
            "tool_resources": {
                "anyOf": [{"ref": "CreateThreadToolResources"}, {"type": "null"}],
                "accepts": "ToolResources",
            },
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
            "temperature": {"type": ["number", "null"], "minimum": 0, "maximum": 2},
            "top_p": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "response_format": {
                "anyOf": [{"ref": "ResponseFormat"}, {"type": "null"}],
                "accepts": "ResponseFormat",
            },
            "reasoning_effort": {"type": ["string", "null"], "minLength": 1, "maxLength": 64},
        },
        "additionalProperties": False,
    },
    "UpdateAssistantRequest": {
        "type": "object",
        "properties": {
            "model": {"type": "string", "minLength": 1, "maxLength": 256},
            "name": {"type": ["string", "null"], "maxLength": 256},
            "description": {"type": ["string", "null"], "maxLength": 512},
            "instructions": {"type": ["string", "null"], "maxLength": 256000},
            "tools": {
                "type": "array",
                "maxItems": 128,
                "items": {"ref": "Tool"},
                "accepts": "Tools",
            },
            "tool_resources": {
                "anyOf": [{"ref": "ToolResources"}, {"type": "null"}],
                "accepts": "ToolResources",
            },
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
            "temperature": {"type": ["number", "null"], "minimum": 0, "maximum": 2},
            "top_p": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "response_format": {
                "anyOf": [{"ref": "ResponseFormat"}, {"type": "null"}],
                "accepts": "ResponseFormat",
            },
            "reasoning_effort": {"type": ["string", "null"], "minLength": 1, "maxLength": 64},
        },
        "additionalProperties": False,
    },
    "CreateRunRequest": {
        "type": "object",
        "required": ["assistant_id"],
        "properties": {
            "assistant_id": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "model": {"type": ["string", "null"], "minLength": 1, "maxLength": 256},
            "instructions": {"type": ["string", "null"], "maxLength": 256000},
            "additional_instructions": {"type": ["string", "null"], "maxLength": 256000},
            "additional_messages": {
                "type": ["array", "null"],
                "items": {"ref": "CreateMessageRequest"},
                "accepts": "Messages",
            },
            "tools": {
                "type": ["array", "null"],
                "maxItems": 20,
                "items": {"ref": "Tool"},
                "accepts": "Tools",
            },
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
            "temperature": {"type": ["number", "null"], "minimum": 0, "maximum": 2},
            "top_p": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "max_prompt_tokens": {"type": ["integer", "null"], "minimum": 256},
            "max_completion_tokens": {"type": ["integer", "null"], "minimum": 1},
            "truncation_strategy": {"anyOf": [{"ref": "TruncationStrategy"}, {"type": "null"}]},
            "response_format": {
                "anyOf": [{"ref": "ResponseFormat"}, {"type": "null"}],
                "accepts": "ResponseFormat",
            },
            "tool_choice": {"anyOf": [{"ref": "ToolChoice"}, {"type": "null"}]},
            "parallel_tool_calls": {"type": "boolean"},
            "reasoning_effort": {"type": ["string", "null"], "minLength": 1, "maxLength": 64},
            "stream": {"type": ["boolean", "null"]},
        },
        "additionalProperties": False,
    },
    "CreateThreadAndRunRequest": {
        "type": "object",
        "required": ["assistant_id"],
        "properties": {
            "assistant_id": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "thread": {"ref": "CreateThreadRequest"},
            "model": {"type": ["string", "null"], "minLength": 1, "maxLength": 256},
            "instructions": {"type": ["string", "null"], "maxLength": 256000},
            "tools": {
                "type": ["array", "null"],
                "maxItems": 20,
                "items": {"ref": "Tool"},
                "accepts": "Tools",
            },
            "tool_resources": {
                "anyOf": [{"ref": "ToolResources"}, {"type": "null"}],
                "accepts": "ToolResources",
            },
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
            "temperature": {"type": ["number", "null"], "minimum": 0, "maximum": 2},
            "top_p": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "max_prompt_tokens": {"type": ["integer", "null"], "minimum": 256},
            "max_completion_tokens": {"type": ["integer", "null"], "minimum": 1},
            "truncation_strategy": {"anyOf": [{"ref": "TruncationStrategy"}, {"type": "null"}]},
            "response_format": {
                "anyOf": [{"ref": "ResponseFormat"}, {"type": "null"}],
                "accepts": "ResponseFormat",
            },
            "tool_choice": {"anyOf": [{"ref": "ToolChoice"}, {"type": "null"}]},
            "parallel_tool_calls": {"type": "boolean"},
            "stream": {"type": ["boolean", "null"]},
        },
        "additionalProperties": False,
    },
    "UpdateRunRequest": {
        "type": "object",
        "properties": {"metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]}},
        "additionalProperties": False,
    },
    "SubmitToolOutputsRequest": {
        "type": "object",
        "required": ["tool_outputs"],
        "properties": {
            "tool_outputs": {
                "type": "array",
                "items": {"ref": "ToolOutput"},
                "accepts": "ToolOutputs",
            },
            "stream": {"type": ["boolean", "null"]},
        },
        "additionalProperties": False,
    },
    "ToolOutput": {
        "type": "object",
        "required": ["tool_call_id", "output"],
        "properties": {
            "tool_call_id": {"type": "string", "minLength": 1},
            "output": {"type": "string"},
        },
    },
    "UploadFileRequest": {
        "type": "object",
        "required": ["file", "purpose"],
        "properties": {
            "file": {"type": "string", "accepts": "File", "format": "binary"},
            "purpose": {"type": "string", "minLength": 1, "default": "assistants"},
            "expires_after": {"ref": "FileExpiration"},
        },
        "additionalProperties": False,
    },
    "FileExpiration": {
        "type": "object",
        "required": ["anchor", "seconds"],
        "properties": {
            "anchor": {"type": "string", "const": "created_at"},
            "seconds": {"type": "integer", "minimum": 3600, "maximum": 2592000},
        },
    },
    "VectorStoreFileStatus": {
        "type": "string",
        "enum": ["in_progress", "completed", "cancelled", "failed"],
    },
    "VectorStoreExpiration": {
        "type": "object",
        "required": ["anchor", "days"],
        "properties": {
            "anchor": {"type": "string", "const": "last_active_at"},
            "days": {"type": "integer", "minimum": 1, "maximum": 365},
        },
    },
    "VectorStoreFileAttributes": {
        "type": "object",
        "maxProperties": 16,
        "propertyNames": {"maxLength": 64},
        "additionalProperties": {
            "anyOf": [{"type": "string", "maxLength": 512}, {"type": "number"}, {"type": "boolean"}]
        },
    },
    "CreateVectorStoreRequest": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "description": {"type": "string"},
            "file_ids": {"type": "array", "maxItems": 500, "items": {"type": "string"}},
            "expires_after": {"ref": "VectorStoreExpiration"},
            "chunking_strategy": {"ref": "ChunkingStrategy"},
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
        },
        "additionalProperties": False,
    },
    "UpdateVectorStoreRequest": {
        "type": "object",
        "properties": {
            "name": {"type": ["string", "null"]},
            "expires_after": {"anyOf": [{"ref": "VectorStoreExpiration"}, {"type": "null"}]},
            "metadata": {"anyOf": [{"ref": "Metadata"}, {"type": "null"}]},
        },
        "additionalProperties": False,
    },
    "CreateVectorStoreFileRequest": {
        "type": "object",
        "required": ["file_id"],
        "properties": {
            "file_id": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "chunking_strategy": {"ref": "ChunkingStrategy"},
            "attributes": {"anyOf": [{"ref": "VectorStoreFileAttributes"}, {"type": "null"}]},
        },
        "additionalProperties": False,
    },
    "UpdateVectorStoreFileRequest": {
        "type": "object",
        "required": ["attributes"],
        "properties": {
            "attributes": {"anyOf": [{"ref": "VectorStoreFileAttributes"}, {"type": "null"}]}
        },
        "additionalProperties": False,
    },
    "CreateFileBatchRequest": {
        "type": "object",
        "properties": {
            "file_ids": {
                "type": "array",
                "minItems": 1,
                "maxItems": 2000,
                "items": {"type": "string"},
            },
            "files": {
                "type": "array",
                "minItems": 1,
                "maxItems": 2000,
                "items": {"ref": "CreateVectorStoreFileRequest"},
            },
            "chunking_strategy": {"ref": "ChunkingStrategy"},
            "attributes": {"anyOf": [{"ref": "VectorStoreFileAttributes"}, {"type": "null"}]},
        },
        "additionalProperties": False,
    },
    "SearchVectorStoreRequest": {
        "type": "object",
        "required": ["query"],
        "properties": {
            "query": {
                "anyOf": [
                    {"type": "string"},
                    {"type": "array", "minItems": 1, "items": {"type": "string"}},
                ]
            },
            "rewrite_query": {"type": "boolean"},
            "max_num_results": {"type": "integer", "minimum": 1, "maximum": 50},
            "filters": {"ref": "AttributeFilter"},
            "ranking_options": {"ref": "SearchRankingOptions"},
        },
        "additionalProperties": False,
    },
    "AttributeFilter": {
        "tag": "type",
        "mapping": {
            "and": "CompoundFilter",
            "or": "CompoundFilter",
            "eq": "ComparisonFilter",
            "ne": "ComparisonFilter",
            "gt": "ComparisonFilter",
            "gte": "ComparisonFilter",
            "lt": "ComparisonFilter",
            "lte": "ComparisonFilter",
            "in": "ComparisonFilter",
            "nin": "ComparisonFilter",
        },
    },
    "ComparisonFilter": {
        "type": "object",
        "required": ["type", "key", "value"],
        "properties": {
            "type": {"ref": "ComparisonOperator"},
            "key": {"type": "string"},
            "value": {
                "anyOf": [
                    {"type": "string"},
                    {"type": "number"},
                    {"type": "boolean"},
                    {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "number"}]}},
                ]
            },
        },
    },
    "CompoundFilter": {
        "type": "object",
        "required": ["type", "filters"],
        "properties": {
            "type": {"ref": "CompoundOperator"},
            "filters": {"type": "array", "items": {"ref": "AttributeFilter"}},
        },
    },
    "ComparisonOperator": {
        "type": "string",
        "enum": ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"],
    },
    "CompoundOperator": {"type": "string", "enum": ["and", "or"]},
    "SearchRankingOptions": {
        "type": "object",
        "properties": {
            "ranker": {"type": "string", "known": ["none", "auto", "default-2024-11-15"]},
            "score_threshold": {"type": "number", "minimum": 0, "maximum": 1},
        },
    },
}

OPERATIONS: Final[dict[str, Operation]] = {
    "create_thread": Operation(
        method="POST",
        path="/threads",
        path_parameters=(),
        query={},
        body="CreateThreadRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "list_threads": Operation(
        method="GET",
        path="/threads",
        path_parameters=(),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "before": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_thread": Operation(
        method="GET",
        path="/threads/{threadId}",
        path_parameters=("threadId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "update_thread": Operation(
        method="POST",
        path="/threads/{threadId}",
        path_parameters=("threadId",),
        query={},
        body="UpdateThreadRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "delete_thread": Operation(
        method="DELETE",
        path="/threads/{threadId}",
        path_parameters=("threadId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "create_message": Operation(
        method="POST",
        path="/threads/{threadId}/messages",
        path_parameters=("threadId",),
        query={},
        body="CreateMessageRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "list_messages": Operation(
        method="GET",
        path="/threads/{threadId}/messages",
        path_parameters=("threadId",),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "before": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "run_id": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_message": Operation(
        method="GET",
        path="/threads/{threadId}/messages/{messageId}",
        path_parameters=("threadId", "messageId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "update_message": Operation(
        method="POST",
        path="/threads/{threadId}/messages/{messageId}",
        path_parameters=("threadId", "messageId"),
        query={},
        body="UpdateMessageRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "delete_message": Operation(
        method="DELETE",
        path="/threads/{threadId}/messages/{messageId}",
        path_parameters=("threadId", "messageId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "create_assistant": Operation(
        method="POST",
        path="/assistants",
        path_parameters=(),
        query={},
        body="CreateAssistantRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "list_assistants": Operation(
        method="GET",
        path="/assistants",
        path_parameters=(),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "before": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_assistant": Operation(
        method="GET",
        path="/assistants/{assistantId}",
        path_parameters=("assistantId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "update_assistant": Operation(
        method="POST",
        path="/assistants/{assistantId}",
        path_parameters=("assistantId",),
        query={},
        body="UpdateAssistantRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "delete_assistant": Operation(
        method="DELETE",
        path="/assistants/{assistantId}",
        path_parameters=("assistantId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "create_thread_and_run": Operation(
        method="POST",
        path="/threads/runs",
        path_parameters=(),
        query={},
        body="CreateThreadAndRunRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "create_run": Operation(
        method="POST",
        path="/threads/{threadId}/runs",
        path_parameters=("threadId",),
        query={"include[]": {"argument": "include", "type": "array", "items": {"type": "string"}}},
        body="CreateRunRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "list_runs": Operation(
        method="GET",
        path="/threads/{threadId}/runs",
        path_parameters=("threadId",),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "before": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_run": Operation(
        method="GET",
        path="/threads/{threadId}/runs/{runId}",
        path_parameters=("threadId", "runId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "update_run": Operation(
        method="POST",
        path="/threads/{threadId}/runs/{runId}",
        path_parameters=("threadId", "runId"),
        query={},
        body="UpdateRunRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "submit_tool_outputs": Operation(
        method="POST",
        path="/threads/{threadId}/runs/{runId}/submit_tool_outputs",
        path_parameters=("threadId", "runId"),
        query={},
        body="SubmitToolOutputsRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "cancel_run": Operation(
        method="POST",
        path="/threads/{threadId}/runs/{runId}/cancel",
        path_parameters=("threadId", "runId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "list_run_steps": Operation(
        method="GET",
        path="/threads/{threadId}/runs/{runId}/steps",
        path_parameters=("threadId", "runId"),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "before": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "include[]": {"argument": "include", "type": "array", "items": {"type": "string"}},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_run_step": Operation(
        method="GET",
        path="/threads/{threadId}/runs/{runId}/steps/{stepId}",
        path_parameters=("threadId", "runId", "stepId"),
        query={"include[]": {"argument": "include", "type": "array", "items": {"type": "string"}}},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "create_vector_store": Operation(
        method="POST",
        path="/vector_stores",
        path_parameters=(),
        query={},
        body="CreateVectorStoreRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "list_vector_stores": Operation(
        method="GET",
        path="/vector_stores",
        path_parameters=(),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "before": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_vector_store": Operation(
        method="GET",
        path="/vector_stores/{vectorStoreId}",
        path_parameters=("vectorStoreId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "update_vector_store": Operation(
        method="POST",
        path="/vector_stores/{vectorStoreId}",
        path_parameters=("vectorStoreId",),
        query={},
        body="UpdateVectorStoreRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "delete_vector_store": Operation(
        method="DELETE",
        path="/vector_stores/{vectorStoreId}",
        path_parameters=("vectorStoreId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "search_vector_store": Operation(
        method="POST",
        path="/vector_stores/{vectorStoreId}/search",
        path_parameters=("vectorStoreId",),
        query={},
        body="SearchVectorStoreRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "create_vector_store_file": Operation(
        method="POST",
        path="/vector_stores/{vectorStoreId}/files",
        path_parameters=("vectorStoreId",),
        query={},
        body="CreateVectorStoreFileRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "list_vector_store_files": Operation(
        method="GET",
        path="/vector_stores/{vectorStoreId}/files",
        path_parameters=("vectorStoreId",),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "before": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "filter": {"argument": "filter_", "ref": "VectorStoreFileStatus"},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_vector_store_file": Operation(
        method="GET",
        path="/vector_stores/{vectorStoreId}/files/{fileId}",
        path_parameters=("vectorStoreId", "fileId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "update_vector_store_file": Operation(
        method="POST",
        path="/vector_stores/{vectorStoreId}/files/{fileId}",
        path_parameters=("vectorStoreId", "fileId"),
        query={},
        body="UpdateVectorStoreFileRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "delete_vector_store_file": Operation(
        method="DELETE",
        path="/vector_stores/{vectorStoreId}/files/{fileId}",
        path_parameters=("vectorStoreId", "fileId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_vector_store_file_content": Operation(
        method="GET",
        path="/vector_stores/{vectorStoreId}/files/{fileId}/content",
        path_parameters=("vectorStoreId", "fileId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "create_vector_store_file_batch": Operation(
        method="POST",
        path="/vector_stores/{vectorStoreId}/file_batches",
        path_parameters=("vectorStoreId",),
        query={},
        body="CreateFileBatchRequest",
        body_required=True,
        media_type="application/json",
        required_query=(),
    ),
    "retrieve_vector_store_file_batch": Operation(
        method="GET",
        path="/vector_stores/{vectorStoreId}/file_batches/{batchId}",
        path_parameters=("vectorStoreId", "batchId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "cancel_vector_store_file_batch": Operation(
        method="POST",
        path="/vector_stores/{vectorStoreId}/file_batches/{batchId}/cancel",
        path_parameters=("vectorStoreId", "batchId"),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "list_vector_store_file_batch_files": Operation(
        method="GET",
        path="/vector_stores/{vectorStoreId}/file_batches/{batchId}/files",
        path_parameters=("vectorStoreId", "batchId"),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 100},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "before": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "filter": {"argument": "filter_", "ref": "VectorStoreFileStatus"},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "upload_file": Operation(
        method="POST",
        path="/files",
        path_parameters=(),
        query={},
        body="UploadFileRequest",
        body_required=True,
        media_type="multipart/form-data",
        required_query=(),
    ),
    "list_files": Operation(
        method="GET",
        path="/files",
        path_parameters=(),
        query={
            "limit": {"type": "integer", "minimum": 1, "maximum": 10000},
            "order": {"ref": "ListOrder"},
            "after": {"type": "string", "minLength": 1, "maxLength": 1000, "accepts": "Id"},
            "purpose": {"type": "string", "minLength": 1},
        },
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_file": Operation(
        method="GET",
        path="/files/{fileId}",
        path_parameters=("fileId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "delete_file": Operation(
        method="DELETE",
        path="/files/{fileId}",
        path_parameters=("fileId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
    "retrieve_file_content": Operation(
        method="GET",
        path="/files/{fileId}/content",
        path_parameters=("fileId",),
        query={},
        body=None,
        body_required=False,
        media_type=None,
        required_query=(),
    ),
}
