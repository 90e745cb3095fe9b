# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Contains all the data models used in inputs/outputs"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .assistant import Assistant
    from .assistant_file_search_tool import AssistantFileSearchTool
    from .assistant_list import AssistantList
    from .attachment import Attachment
    from .auto_chunking_strategy import AutoChunkingStrategy
    from .code_interpreter_call import CodeInterpreterCall
    from .code_interpreter_call_delta import CodeInterpreterCallDelta
    from .code_interpreter_call_details import CodeInterpreterCallDetails
    from .code_interpreter_delta import CodeInterpreterDelta
    from .code_interpreter_resources import CodeInterpreterResources
    from .code_interpreter_tool import CodeInterpreterTool
    from .comparison_filter import ComparisonFilter
    from .comparison_operator import ComparisonOperator
    from .completion_tokens_details import CompletionTokensDetails
    from .compound_filter import CompoundFilter
    from .compound_operator import CompoundOperator
    from .create_assistant_request import CreateAssistantRequest
    from .create_file_batch_request import CreateFileBatchRequest
    from .create_file_search_resources import CreateFileSearchResources
    from .create_message_request import CreateMessageRequest
    from .create_run_request import CreateRunRequest
    from .create_thread_and_run_request import CreateThreadAndRunRequest
    from .create_thread_request import CreateThreadRequest
    from .create_thread_tool_resources import CreateThreadToolResources
    from .create_vector_store import CreateVectorStore
    from .create_vector_store_file_request import CreateVectorStoreFileRequest
    from .create_vector_store_request import CreateVectorStoreRequest
    from .deleted_assistant import DeletedAssistant
    from .deleted_file import DeletedFile
    from .deleted_message import DeletedMessage
    from .deleted_thread import DeletedThread
    from .deleted_vector_store import DeletedVectorStore
    from .deleted_vector_store_file import DeletedVectorStoreFile
    from .error_details import ErrorDetails
    from .error_response import ErrorResponse
    from .file_chunk_sizes import FileChunkSizes
    from .file_citation import FileCitation
    from .file_citation_annotation import FileCitationAnnotation
    from .file_citation_annotation_delta import FileCitationAnnotationDelta
    from .file_citation_delta import FileCitationDelta
    from .file_expiration import FileExpiration
    from .file_list import FileList
    from .file_object import FileObject
    from .file_path import FilePath
    from .file_path_annotation import FilePathAnnotation
    from .file_path_annotation_delta import FilePathAnnotationDelta
    from .file_path_delta import FilePathDelta
    from .file_search_call import FileSearchCall
    from .file_search_call_delta import FileSearchCallDelta
    from .file_search_call_details import FileSearchCallDetails
    from .file_search_options import FileSearchOptions
    from .file_search_resources import FileSearchResources
    from .file_search_result import FileSearchResult
    from .file_search_result_content import FileSearchResultContent
    from .file_search_tool import FileSearchTool
    from .function_call import FunctionCall
    from .function_call_delta import FunctionCallDelta
    from .function_call_details import FunctionCallDetails
    from .function_definition import FunctionDefinition
    from .function_delta import FunctionDelta
    from .function_tool import FunctionTool
    from .image_detail import ImageDetail
    from .image_file import ImageFile
    from .image_file_content import ImageFileContent
    from .image_file_content_delta import ImageFileContentDelta
    from .image_file_delta import ImageFileDelta
    from .image_file_part import ImageFilePart
    from .image_output import ImageOutput
    from .image_output_delta import ImageOutputDelta
    from .image_url import ImageUrl
    from .image_url_content import ImageUrlContent
    from .image_url_content_delta import ImageUrlContentDelta
    from .image_url_delta import ImageUrlDelta
    from .image_url_part import ImageUrlPart
    from .incomplete_details import IncompleteDetails
    from .json_object_format import JsonObjectFormat
    from .json_schema import JsonSchema
    from .json_schema_format import JsonSchemaFormat
    from .list_order import ListOrder
    from .logs_output import LogsOutput
    from .logs_output_delta import LogsOutputDelta
    from .message import Message
    from .message_creation import MessageCreation
    from .message_creation_delta import MessageCreationDelta
    from .message_creation_details import MessageCreationDetails
    from .message_creation_details_delta import MessageCreationDetailsDelta
    from .message_delta import MessageDelta
    from .message_delta_event import MessageDeltaEvent
    from .message_list import MessageList
    from .message_role import MessageRole
    from .message_status import MessageStatus
    from .metadata import Metadata
    from .named_function import NamedFunction
    from .named_json_schema import NamedJsonSchema
    from .named_tool_choice import NamedToolChoice
    from .other_file_chunking import OtherFileChunking
    from .output_image import OutputImage
    from .output_image_delta import OutputImageDelta
    from .prompt_token_details import PromptTokenDetails
    from .ranking_options import RankingOptions
    from .refusal_content import RefusalContent
    from .refusal_content_delta import RefusalContentDelta
    from .required_action import RequiredAction
    from .required_function import RequiredFunction
    from .required_tool_call import RequiredToolCall
    from .required_tool_outputs import RequiredToolOutputs
    from .retrieval_call import RetrievalCall
    from .retrieval_tool import RetrievalTool
    from .run import Run
    from .run_error import RunError
    from .run_incomplete_details import RunIncompleteDetails
    from .run_list import RunList
    from .run_status import RunStatus
    from .run_step import RunStep
    from .run_step_delta import RunStepDelta
    from .run_step_delta_event import RunStepDeltaEvent
    from .run_step_list import RunStepList
    from .run_step_status import RunStepStatus
    from .search_ranking_options import SearchRankingOptions
    from .search_vector_store_request import SearchVectorStoreRequest
    from .static_chunking import StaticChunking
    from .static_chunking_strategy import StaticChunkingStrategy
    from .static_file_chunking import StaticFileChunking
    from .stream_error import StreamError
    from .submit_tool_outputs_request import SubmitToolOutputsRequest
    from .text import Text
    from .text_content import TextContent
    from .text_content_delta import TextContentDelta
    from .text_delta import TextDelta
    from .text_format import TextFormat
    from .text_part import TextPart
    from .thread import Thread
    from .thread_list import ThreadList
    from .tool_calls_details import ToolCallsDetails
    from .tool_calls_details_delta import ToolCallsDetailsDelta
    from .tool_output import ToolOutput
    from .tool_resources import ToolResources
    from .truncation_strategy import TruncationStrategy
    from .update_assistant_request import UpdateAssistantRequest
    from .update_message_request import UpdateMessageRequest
    from .update_run_request import UpdateRunRequest
    from .update_thread_request import UpdateThreadRequest
    from .update_vector_store_file_request import UpdateVectorStoreFileRequest
    from .update_vector_store_request import UpdateVectorStoreRequest
    from .upload_file_request import UploadFileRequest
    from .usage import Usage
    from .vector_store import VectorStore
    from .vector_store_content import VectorStoreContent
    from .vector_store_expiration import VectorStoreExpiration
    from .vector_store_file import VectorStoreFile
    from .vector_store_file_attributes import VectorStoreFileAttributes
    from .vector_store_file_batch import VectorStoreFileBatch
    from .vector_store_file_content_page import VectorStoreFileContentPage
    from .vector_store_file_counts import VectorStoreFileCounts
    from .vector_store_file_error import VectorStoreFileError
    from .vector_store_file_list import VectorStoreFileList
    from .vector_store_file_status import VectorStoreFileStatus
    from .vector_store_list import VectorStoreList
    from .vector_store_search_page import VectorStoreSearchPage
    from .vector_store_search_result import VectorStoreSearchResult
    from .vector_store_status import VectorStoreStatus

__all__ = (
    "Assistant",
    "AssistantFileSearchTool",
    "AssistantList",
    "Attachment",
    "AutoChunkingStrategy",
    "CodeInterpreterCall",
    "CodeInterpreterCallDelta",
    "CodeInterpreterCallDetails",
    "CodeInterpreterDelta",
    "CodeInterpreterResources",
    "CodeInterpreterTool",
    "ComparisonFilter",
    "ComparisonOperator",
    "CompletionTokensDetails",
    "CompoundFilter",
    "CompoundOperator",
    "CreateAssistantRequest",
    "CreateFileBatchRequest",
    "CreateFileSearchResources",
    "CreateMessageRequest",
    "CreateRunRequest",
    "CreateThreadAndRunRequest",
    "CreateThreadRequest",
    "CreateThreadToolResources",
    "CreateVectorStore",
    "CreateVectorStoreFileRequest",
    "CreateVectorStoreRequest",
    "DeletedAssistant",
    "DeletedFile",
    "DeletedMessage",
    "DeletedThread",
    "DeletedVectorStore",
    "DeletedVectorStoreFile",
    "ErrorDetails",
    "ErrorResponse",
    "FileChunkSizes",
    "FileCitation",
    "FileCitationAnnotation",
    "FileCitationAnnotationDelta",
    "FileCitationDelta",
    "FileExpiration",
    "FileList",
    "FileObject",
    "FilePath",
    "FilePathAnnotation",
    "FilePathAnnotationDelta",
    "FilePathDelta",
    "FileSearchCall",
    "FileSearchCallDelta",
    "FileSearchCallDetails",
    "FileSearchOptions",
    "FileSearchResources",
    "FileSearchResult",
    "FileSearchResultContent",
    "FileSearchTool",
    "FunctionCall",
    "FunctionCallDelta",
    "FunctionCallDetails",
    "FunctionDefinition",
    "FunctionDelta",
    "FunctionTool",
    "ImageDetail",
    "ImageFile",
    "ImageFileContent",
    "ImageFileContentDelta",
    "ImageFileDelta",
    "ImageFilePart",
    "ImageOutput",
    "ImageOutputDelta",
    "ImageUrl",
    "ImageUrlContent",
    "ImageUrlContentDelta",
    "ImageUrlDelta",
    "ImageUrlPart",
    "IncompleteDetails",
    "JsonObjectFormat",
    "JsonSchema",
    "JsonSchemaFormat",
    "ListOrder",
    "LogsOutput",
    "LogsOutputDelta",
    "Message",
    "MessageCreation",
    "MessageCreationDelta",
    "MessageCreationDetails",
    "MessageCreationDetailsDelta",
    "MessageDelta",
    "MessageDeltaEvent",
    "MessageList",
    "MessageRole",
    "MessageStatus",
    "Metadata",
    "NamedFunction",
    "NamedJsonSchema",
    "NamedToolChoice",
    "OtherFileChunking",
    "OutputImage",
    "OutputImageDelta",
    "PromptTokenDetails",
    "RankingOptions",
    "RefusalContent",
    "RefusalContentDelta",
    "RequiredAction",
    "RequiredFunction",
    "RequiredToolCall",
    "RequiredToolOutputs",
    "RetrievalCall",
    "RetrievalTool",
    "Run",
    "RunError",
    "RunIncompleteDetails",
    "RunList",
    "RunStatus",
    "RunStep",
    "RunStepDelta",
    "RunStepDeltaEvent",
    "RunStepList",
    "RunStepStatus",
    "SearchRankingOptions",
    "SearchVectorStoreRequest",
    "StaticChunking",
    "StaticChunkingStrategy",
    "StaticFileChunking",
    "StreamError",
    "SubmitToolOutputsRequest",
    "Text",
    "TextContent",
    "TextContentDelta",
    "TextDelta",
    "TextFormat",
    "TextPart",
    "Thread",
    "ThreadList",
    "ToolCallsDetails",
    "ToolCallsDetailsDelta",
    "ToolOutput",
    "ToolResources",
    "TruncationStrategy",
    "UpdateAssistantRequest",
    "UpdateMessageRequest",
    "UpdateRunRequest",
    "UpdateThreadRequest",
    "UpdateVectorStoreFileRequest",
    "UpdateVectorStoreRequest",
    "UploadFileRequest",
    "Usage",
    "VectorStore",
    "VectorStoreContent",
    "VectorStoreExpiration",
    "VectorStoreFile",
    "VectorStoreFileAttributes",
    "VectorStoreFileBatch",
    "VectorStoreFileContentPage",
    "VectorStoreFileCounts",
    "VectorStoreFileError",
    "VectorStoreFileList",
    "VectorStoreFileStatus",
    "VectorStoreList",
    "VectorStoreSearchPage",
    "VectorStoreSearchResult",
    "VectorStoreStatus",
)

_MODULES = {
    "Assistant": ".assistant",
    "AssistantFileSearchTool": ".assistant_file_search_tool",
    "AssistantList": ".assistant_list",
    "Attachment": ".attachment",
    "AutoChunkingStrategy": ".auto_chunking_strategy",
    "CodeInterpreterCall": ".code_interpreter_call",
    "CodeInterpreterCallDelta": ".code_interpreter_call_delta",
    "CodeInterpreterCallDetails": ".code_interpreter_call_details",
    "CodeInterpreterDelta": ".code_interpreter_delta",
    "CodeInterpreterResources": ".code_interpreter_resources",
    "CodeInterpreterTool": ".code_interpreter_tool",
    "ComparisonFilter": ".comparison_filter",
    "ComparisonOperator": ".comparison_operator",
    "CompletionTokensDetails": ".completion_tokens_details",
    "CompoundFilter": ".compound_filter",
    "CompoundOperator": ".compound_operator",
    "CreateAssistantRequest": ".create_assistant_request",
    "CreateFileBatchRequest": ".create_file_batch_request",
    "CreateFileSearchResources": ".create_file_search_resources",
    "CreateMessageRequest": ".create_message_request",
    "CreateRunRequest": ".create_run_request",
    "CreateThreadAndRunRequest": ".create_thread_and_run_request",
    "CreateThreadRequest": ".create_thread_request",
    "CreateThreadToolResources": ".create_thread_tool_resources",
    "CreateVectorStore": ".create_vector_store",
    "CreateVectorStoreFileRequest": ".create_vector_store_file_request",
    "CreateVectorStoreRequest": ".create_vector_store_request",
    "DeletedAssistant": ".deleted_assistant",
    "DeletedFile": ".deleted_file",
    "DeletedMessage": ".deleted_message",
    "DeletedThread": ".deleted_thread",
    "DeletedVectorStore": ".deleted_vector_store",
    "DeletedVectorStoreFile": ".deleted_vector_store_file",
    "ErrorDetails": ".error_details",
    "ErrorResponse": ".error_response",
    "FileChunkSizes": ".file_chunk_sizes",
    "FileCitation": ".file_citation",
    "FileCitationAnnotation": ".file_citation_annotation",
    "FileCitationAnnotationDelta": ".file_citation_annotation_delta",
    "FileCitationDelta": ".file_citation_delta",
    "FileExpiration": ".file_expiration",
    "FileList": ".file_list",
    "FileObject": ".file_object",
    "FilePath": ".file_path",
    "FilePathAnnotation": ".file_path_annotation",
    "FilePathAnnotationDelta": ".file_path_annotation_delta",
    "FilePathDelta": ".file_path_delta",
    "FileSearchCall": ".file_search_call",
    "FileSearchCallDelta": ".file_search_call_delta",
    "FileSearchCallDetails": ".file_search_call_details",
    "FileSearchOptions": ".file_search_options",
    "FileSearchResources": ".file_search_resources",
    "FileSearchResult": ".file_search_result",
    "FileSearchResultContent": ".file_search_result_content",
    "FileSearchTool": ".file_search_tool",
    "FunctionCall": ".function_call",
    "FunctionCallDelta": ".function_call_delta",
    "FunctionCallDetails": ".function_call_details",
    "FunctionDefinition": ".function_definition",
    "FunctionDelta": ".function_delta",
    "FunctionTool": ".function_tool",
    "ImageDetail": ".image_detail",
    "ImageFile": ".image_file",
    "ImageFileContent": ".image_file_content",
    "ImageFileContentDelta": ".image_file_content_delta",
    "ImageFileDelta": ".image_file_delta",
    "ImageFilePart": ".image_file_part",
    "ImageOutput": ".image_output",
    "ImageOutputDelta": ".image_output_delta",
    "ImageUrl": ".image_url",
    "ImageUrlContent": ".image_url_content",
    "ImageUrlContentDelta": ".image_url_content_delta",
    "ImageUrlDelta": ".image_url_delta",
    "ImageUrlPart": ".image_url_part",
    "IncompleteDetails": ".incomplete_details",
    "JsonObjectFormat": ".json_object_format",
    "JsonSchema": ".json_schema",
    "JsonSchemaFormat": ".json_schema_format",
    "ListOrder": ".list_order",
    "LogsOutput": ".logs_output",
    "LogsOutputDelta": ".logs_output_delta",
    "Message": ".message",
    "MessageCreation": ".message_creation",
    "MessageCreationDelta": ".message_creation_delta",
    "MessageCreationDetails": ".message_creation_details",
    "MessageCreationDetailsDelta": ".message_creation_details_delta",
    "MessageDelta": ".message_delta",
    "MessageDeltaEvent": ".message_delta_event",
    "MessageList": ".message_list",
    "MessageRole": ".message_role",
    "MessageStatus": ".message_status",
    "Metadata": ".metadata",
    "NamedFunction": ".named_function",
    "NamedJsonSchema": ".named_json_schema",
    "NamedToolChoice": ".named_tool_choice",
    "OtherFileChunking": ".other_file_chunking",
    "OutputImage": ".output_image",
    "OutputImageDelta": ".output_image_delta",
    "PromptTokenDetails": ".prompt_token_details",
    "RankingOptions": ".ranking_options",
    "RefusalContent": ".refusal_content",
    "RefusalContentDelta": ".refusal_content_delta",
    "RequiredAction": ".required_action",
    "RequiredFunction": ".required_function",
    "RequiredToolCall": ".required_tool_call",
    "RequiredToolOutputs": ".required_tool_outputs",
    "RetrievalCall": ".retrieval_call",
    "RetrievalTool": ".retrieval_tool",
    "Run": ".run",
    "RunError": ".run_error",
    "RunIncompleteDetails": ".run_incomplete_details",
    "RunList": ".run_list",
    "RunStatus": ".run_status",
    "RunStep": ".run_step",
    "RunStepDelta": ".run_step_delta",
    "RunStepDeltaEvent": ".run_step_delta_event",
    "RunStepList": ".run_step_list",
    "RunStepStatus": ".run_step_status",
    "SearchRankingOptions": ".search_ranking_options",
    "SearchVectorStoreRequest": ".search_vector_store_request",
    "StaticChunking": ".static_chunking",
    "StaticChunkingStrategy": ".static_chunking_strategy",
    "StaticFileChunking": ".static_file_chunking",
    "StreamError": ".stream_error",
    "SubmitToolOutputsRequest": ".submit_tool_outputs_request",
    "Text": ".text",
    "TextContent": ".text_content",
    "TextContentDelta": ".text_content_delta",
    "TextDelta": ".text_delta",
    "TextFormat": ".text_format",
    "TextPart": ".text_part",
    "Thread": ".thread",
    "ThreadList": ".thread_list",
    "ToolCallsDetails": ".tool_calls_details",
    "ToolCallsDetailsDelta": ".tool_calls_details_delta",
    "ToolOutput": ".tool_output",
    "ToolResources": ".tool_resources",
    "TruncationStrategy": ".truncation_strategy",
    "UpdateAssistantRequest": ".update_assistant_request",
    "UpdateMessageRequest": ".update_message_request",
    "UpdateRunRequest": ".update_run_request",
    "UpdateThreadRequest": ".update_thread_request",
    "UpdateVectorStoreFileRequest": ".update_vector_store_file_request",
    "UpdateVectorStoreRequest": ".update_vector_store_request",
    "UploadFileRequest": ".upload_file_request",
    "Usage": ".usage",
    "VectorStore": ".vector_store",
    "VectorStoreContent": ".vector_store_content",
    "VectorStoreExpiration": ".vector_store_expiration",
    "VectorStoreFile": ".vector_store_file",
    "VectorStoreFileAttributes": ".vector_store_file_attributes",
    "VectorStoreFileBatch": ".vector_store_file_batch",
    "VectorStoreFileContentPage": ".vector_store_file_content_page",
    "VectorStoreFileCounts": ".vector_store_file_counts",
    "VectorStoreFileError": ".vector_store_file_error",
    "VectorStoreFileList": ".vector_store_file_list",
    "VectorStoreFileStatus": ".vector_store_file_status",
    "VectorStoreList": ".vector_store_list",
    "VectorStoreSearchPage": ".vector_store_search_page",
    "VectorStoreSearchResult": ".vector_store_search_result",
    "VectorStoreStatus": ".vector_store_status",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_MODULES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
