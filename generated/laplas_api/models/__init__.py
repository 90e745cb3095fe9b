# Generated from openapi.yaml by codegen/regenerate.py; do not edit.
"""Contains all the data models used in inputs/outputs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .attachment import Attachment
    from .auto_chunking_strategy import AutoChunkingStrategy
    from .code_interpreter_resources import CodeInterpreterResources
    from .code_interpreter_tool import CodeInterpreterTool
    from .create_file_search_resources import CreateFileSearchResources
    from .create_message_request import CreateMessageRequest
    from .create_thread_request import CreateThreadRequest
    from .create_thread_tool_resources import CreateThreadToolResources
    from .create_vector_store import CreateVectorStore
    from .deleted_message import DeletedMessage
    from .deleted_thread import DeletedThread
    from .error_details import ErrorDetails
    from .error_response import ErrorResponse
    from .file_citation import FileCitation
    from .file_citation_annotation import FileCitationAnnotation
    from .file_path import FilePath
    from .file_path_annotation import FilePathAnnotation
    from .file_search_resources import FileSearchResources
    from .file_search_tool import FileSearchTool
    from .image_detail import ImageDetail
    from .image_file import ImageFile
    from .image_file_content import ImageFileContent
    from .image_file_part import ImageFilePart
    from .image_url import ImageUrl
    from .image_url_content import ImageUrlContent
    from .image_url_part import ImageUrlPart
    from .incomplete_details import IncompleteDetails
    from .list_order import ListOrder
    from .message import Message
    from .message_list import MessageList
    from .message_role import MessageRole
    from .message_status import MessageStatus
    from .metadata import Metadata
    from .refusal_content import RefusalContent
    from .static_chunking import StaticChunking
    from .static_chunking_strategy import StaticChunkingStrategy
    from .text import Text
    from .text_content import TextContent
    from .text_part import TextPart
    from .thread import Thread
    from .tool_resources import ToolResources
    from .update_message_request import UpdateMessageRequest
    from .update_thread_request import UpdateThreadRequest

__all__ = (
    "Attachment",
    "AutoChunkingStrategy",
    "CodeInterpreterResources",
    "CodeInterpreterTool",
    "CreateFileSearchResources",
    "CreateMessageRequest",
    "CreateThreadRequest",
    "CreateThreadToolResources",
    "CreateVectorStore",
    "DeletedMessage",
    "DeletedThread",
    "ErrorDetails",
    "ErrorResponse",
    "FileCitation",
    "FileCitationAnnotation",
    "FilePath",
    "FilePathAnnotation",
    "FileSearchResources",
    "FileSearchTool",
    "ImageDetail",
    "ImageFile",
    "ImageFileContent",
    "ImageFilePart",
    "ImageUrl",
    "ImageUrlContent",
    "ImageUrlPart",
    "IncompleteDetails",
    "ListOrder",
    "Message",
    "MessageList",
    "MessageRole",
    "MessageStatus",
    "Metadata",
    "RefusalContent",
    "StaticChunking",
    "StaticChunkingStrategy",
    "Text",
    "TextContent",
    "TextPart",
    "Thread",
    "ToolResources",
    "UpdateMessageRequest",
    "UpdateThreadRequest",
)

_MODULES = {
    "Attachment": ".attachment",
    "AutoChunkingStrategy": ".auto_chunking_strategy",
    "CodeInterpreterResources": ".code_interpreter_resources",
    "CodeInterpreterTool": ".code_interpreter_tool",
    "CreateFileSearchResources": ".create_file_search_resources",
    "CreateMessageRequest": ".create_message_request",
    "CreateThreadRequest": ".create_thread_request",
    "CreateThreadToolResources": ".create_thread_tool_resources",
    "CreateVectorStore": ".create_vector_store",
    "DeletedMessage": ".deleted_message",
    "DeletedThread": ".deleted_thread",
    "ErrorDetails": ".error_details",
    "ErrorResponse": ".error_response",
    "FileCitation": ".file_citation",
    "FileCitationAnnotation": ".file_citation_annotation",
    "FilePath": ".file_path",
    "FilePathAnnotation": ".file_path_annotation",
    "FileSearchResources": ".file_search_resources",
    "FileSearchTool": ".file_search_tool",
    "ImageDetail": ".image_detail",
    "ImageFile": ".image_file",
    "ImageFileContent": ".image_file_content",
    "ImageFilePart": ".image_file_part",
    "ImageUrl": ".image_url",
    "ImageUrlContent": ".image_url_content",
    "ImageUrlPart": ".image_url_part",
    "IncompleteDetails": ".incomplete_details",
    "ListOrder": ".list_order",
    "Message": ".message",
    "MessageList": ".message_list",
    "MessageRole": ".message_role",
    "MessageStatus": ".message_status",
    "Metadata": ".metadata",
    "RefusalContent": ".refusal_content",
    "StaticChunking": ".static_chunking",
    "StaticChunkingStrategy": ".static_chunking_strategy",
    "Text": ".text",
    "TextContent": ".text_content",
    "TextPart": ".text_part",
    "Thread": ".thread",
    "ToolResources": ".tool_resources",
    "UpdateMessageRequest": ".update_message_request",
    "UpdateThreadRequest": ".update_thread_request",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
