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

from ._version import __version__

if TYPE_CHECKING:
    from ._call import PreparedRequest, RawResponse
    from ._client import AsyncLaplas, Laplas
    from ._content import attachment, image_file, image_url, text
    from ._document import openapi
    from ._errors import (
        ActiveRunError,
        APIConnectionError,
        APIError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        ConfigurationError,
        ConflictError,
        InvalidArgumentError,
        LaplasError,
        NotFoundError,
        PaginationError,
        PermissionDeniedError,
        RateLimitError,
        RunCancelledError,
        RunError,
        RunExpiredError,
        RunFailedError,
        RunIncompleteError,
        RunRequiresActionError,
        RunTimeoutError,
        ServerError,
        StreamCutError,
        StreamError,
        UnparsableResponseError,
        UnprocessableEntityError,
    )
    from ._models import Message, Thread
    from ._options import CallOptions, Timeout
    from ._run_models import Assistant, Run, RunResult, RunStep
    from ._run_operations import AssistantOptions, RunOptions
    from ._streaming import AsyncEventStream, EventStream, Refusal, StreamEvent
    from .resources import AsyncPage, Page

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "ActiveRunError",
    "Assistant",
    "AssistantOptions",
    "AsyncEventStream",
    "AsyncLaplas",
    "AsyncPage",
    "AuthenticationError",
    "BadRequestError",
    "CallOptions",
    "ConfigurationError",
    "ConflictError",
    "EventStream",
    "InvalidArgumentError",
    "Laplas",
    "LaplasError",
    "Message",
    "NotFoundError",
    "Page",
    "PaginationError",
    "PermissionDeniedError",
    "PreparedRequest",
    "RateLimitError",
    "RawResponse",
    "Refusal",
    "Run",
    "RunCancelledError",
    "RunError",
    "RunExpiredError",
    "RunFailedError",
    "RunIncompleteError",
    "RunOptions",
    "RunRequiresActionError",
    "RunResult",
    "RunStep",
    "RunTimeoutError",
    "ServerError",
    "StreamCutError",
    "StreamError",
    "StreamEvent",
    "Thread",
    "Timeout",
    "UnparsableResponseError",
    "UnprocessableEntityError",
    "__version__",
    "attachment",
    "image_file",
    "image_url",
    "openapi",
    "text",
]

_HOMES = {
    "_call": ("PreparedRequest", "RawResponse"),
    "_client": ("AsyncLaplas", "Laplas"),
    "_content": ("attachment", "image_file", "image_url", "text"),
    "_document": ("openapi",),
    "_models": ("Message", "Thread"),
    "_options": ("CallOptions", "Timeout"),
    "_run_models": ("Assistant", "Run", "RunResult", "RunStep"),
    "_run_operations": ("AssistantOptions", "RunOptions"),
    "_streaming": ("AsyncEventStream", "EventStream", "Refusal", "StreamEvent"),
    "resources": ("AsyncPage", "Page"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME.get(name, '_errors')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
