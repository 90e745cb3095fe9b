"""Python SDK for the Laplas Message API: the messages of Assistants threads.

    from laplas import Laplas

    client = Laplas()                       # LAPLAS_API_KEY, LAPLAS_BASE_URL
    message = client.messages.create("thread_abc123", "How does AI work?")
    for m in client.messages.list("thread_abc123", order="asc"):
        print(m.role, m.text)

Importing this costs next to nothing: each name is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from laplas_api.models import (
        Attachment,
        CodeInterpreterTool,
        DeletedAssistant,
        DeletedFile,
        DeletedMessage,
        DeletedThread,
        FileCitationAnnotation,
        FileObject,
        FilePathAnnotation,
        FileSearchTool,
        ImageFileContent,
        ImageFilePart,
        ImageUrlContent,
        ImageUrlPart,
        RefusalContent,
        RequiredToolCall,
        TextContent,
        TextPart,
        ToolOutput,
        Usage,
    )

    from ._async.client import AsyncLaplas
    from ._async.downloads import AsyncBinaryContent, AsyncStreamedResponse
    from ._async.openai_runs import AsyncAssistantEventHandler
    from ._async.pages import AsyncPage
    from ._async.runs import AsyncReplyStream
    from ._async.streams import AsyncEventStream
    from ._core.config import CallOptions, Timeout
    from ._core.events import StreamEvent
    from ._core.request import PreparedRequest
    from ._core.response import RawResponse
    from ._core.watching import AttemptEvent, CallEvent, EndEvent, WaitEvent
    from ._sync.client import Laplas
    from ._sync.downloads import BinaryContent, StreamedResponse
    from ._sync.openai_runs import AssistantEventHandler
    from ._sync.pages import Page
    from ._sync.runs import ReplyStream
    from ._sync.streams import EventStream
    from .content import attachment, image_bytes, image_file, image_path, image_url, text
    from .errors import (
        ActiveRunError,
        APIConnectionError,
        APIError,
        APIResponseValidationError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        ConfigurationError,
        ConflictError,
        IncompleteMessageError,
        InternalServerError,
        InvalidArgumentError,
        LaplasError,
        NotFoundError,
        OpenAIError,
        PaginationError,
        PaginationWarning,
        ParseError,
        PermissionDeniedError,
        RateLimitError,
        RefusalError,
        RunCancelledError,
        RunError,
        RunExpiredError,
        RunFailedError,
        RunIncompleteError,
        RunRequiresActionError,
        RunTimeoutError,
        SentRequest,
        ServerError,
        StreamCutError,
        StreamError,
        UnparsableResponseError,
        UnprocessableEntityError,
    )
    from .generated import NOT_GIVEN, NotGiven, Omit, not_given, omit
    from .models import (
        Assistant,
        ContentPart,
        Message,
        Refusal,
        Reply,
        Run,
        RunResult,
        RunStep,
        Thread,
        UnknownVariant,
        openapi,
    )
    from .types import AssistantOptions, RunOptions

__all__ = [
    "NOT_GIVEN", "APIConnectionError", "APIError", "APIResponseValidationError",
    "APIStatusError", "APITimeoutError", "ActiveRunError", "Assistant", "AssistantEventHandler",
    "AssistantOptions", "AsyncAssistantEventHandler", "AsyncBinaryContent", "AsyncEventStream",
    "AsyncLaplas", "AsyncPage", "AsyncReplyStream", "AsyncStreamedResponse", "Attachment",
    "AttemptEvent", "AuthenticationError", "BadRequestError", "BinaryContent", "CallEvent",
    "CallOptions", "CodeInterpreterTool", "ConfigurationError", "ConflictError", "ContentPart",
    "DeletedAssistant", "DeletedFile", "DeletedMessage", "DeletedThread", "EndEvent",
    "EventStream", "FileCitationAnnotation", "FileObject", "FilePathAnnotation",
    "FileSearchTool", "ImageFileContent", "ImageFilePart", "ImageUrlContent", "ImageUrlPart",
    "IncompleteMessageError", "InternalServerError", "InvalidArgumentError", "Laplas",
    "LaplasError", "Message", "NotFoundError", "NotGiven", "Omit", "OpenAIError", "Page",
    "PaginationError", "PaginationWarning", "ParseError", "PermissionDeniedError",
    "PreparedRequest", "RateLimitError", "RawResponse", "Refusal", "RefusalContent",
    "RefusalError", "Reply", "ReplyStream", "RequiredToolCall", "Run", "RunCancelledError",
    "RunError", "RunExpiredError", "RunFailedError", "RunIncompleteError", "RunOptions",
    "RunRequiresActionError", "RunResult", "RunStep", "RunTimeoutError", "SentRequest",
    "ServerError", "StreamCutError", "StreamError", "StreamEvent", "StreamedResponse",
    "TextContent", "TextPart", "Thread", "Timeout", "ToolOutput", "UnknownVariant",
    "UnparsableResponseError", "UnprocessableEntityError", "Usage", "WaitEvent", "__version__",
    "attachment", "image_bytes", "image_file", "image_path", "image_url", "not_given", "omit",
    "openapi", "text",
]  # fmt: skip

_HOMES = {
    "_async.client": "AsyncLaplas",
    "_async.downloads": "AsyncBinaryContent AsyncStreamedResponse",
    "_async.openai_runs": "AsyncAssistantEventHandler",
    "_async.pages": "AsyncPage",
    "_async.runs": "AsyncReplyStream",
    "_async.streams": "AsyncEventStream",
    "_core.config": "CallOptions Timeout",
    "_core.events": "StreamEvent",
    "_core.request": "PreparedRequest",
    "_core.response": "RawResponse",
    "_core.watching": "AttemptEvent CallEvent EndEvent WaitEvent",
    "_sync.client": "Laplas",
    "_sync.downloads": "BinaryContent StreamedResponse",
    "_sync.openai_runs": "AssistantEventHandler",
    "_sync.pages": "Page",
    "_sync.runs": "ReplyStream",
    "_sync.streams": "EventStream",
    "content": "attachment image_bytes image_file image_path image_url text",
    "generated": "NOT_GIVEN NotGiven Omit not_given omit",
    "models": "Assistant ContentPart Message Refusal Reply Run RunResult RunStep Thread "
    "UnknownVariant openapi",
    "types": "AssistantOptions RunOptions",
}
_HOME = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f".{_HOME.get(name, 'errors')}", __name__)
    if not hasattr(home, name):  # the generated models, which need no list here
        from .generated import models as home
    value = getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
