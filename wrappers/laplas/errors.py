"""All exceptions, in one tree.

    LaplasError
    ├── ConfigurationError, InvalidArgumentError (both also a ValueError)
    ├── APIError
    │   ├── APIConnectionError: APITimeoutError, StreamCutError
    │   ├── APIStatusError: BadRequestError (400; ActiveRunError), AuthenticationError (401),
    │   │   PermissionDeniedError (403), NotFoundError (404), ConflictError (409),
    │   │   UnprocessableEntityError (422), RateLimitError (429), ServerError (5xx)
    │   └── StreamError, UnparsableResponseError
    ├── PaginationError
    ├── ParseError: RefusalError, IncompleteMessageError
    └── RunError: RunFailedError, RunExpiredError, RunCancelledError, RunIncompleteError,
        RunRequiresActionError, RunTimeoutError

Every error can be pickled, and none holds an object of the HTTP library or a credential.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from .generated import Call

ErrorT = TypeVar("ErrorT", bound="APIError")


def _rebuild(cls: type[LaplasError], args: tuple[Any, ...], state: dict[str, Any]) -> LaplasError:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class LaplasError(Exception):
    """Base of everything this package raises on purpose.

    Attributes:
        message: What happened, for a person.
        may_have_taken_effect: False if the server certainly did not carry anything out (or was only
            asked to tell something); True if it may have.
        question: The `Message` that `ask` or `ask_stream` has put on the thread before this;
            ``ask(error.question, ...)`` continues from there. Otherwise None.
        run: The `Run` that was started before this, or that this is about, as it was last seen.
            Otherwise None.
        uploaded_files: The ids of files that were uploaded for the call before this.
    """

    may_have_taken_effect: bool = False
    question: Any = None
    run: Any = None
    uploaded_files: tuple[str, ...] = ()
    is_expected = True  # see laplas_api.frames

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __reduce__(self) -> tuple[Any, ...]:
        # Exceptions pickle by calling the class with .args; ours take more than that.
        return _rebuild, (type(self), self.args, self.__dict__)


class _NamesArgument(LaplasError, ValueError):
    def __init__(self, argument: str, problem: str) -> None:
        super().__init__(f"{argument}: {problem}")
        self.argument = argument


class ConfigurationError(_NamesArgument):
    """A client option is missing or wrong.

    Attributes:
        argument: The name of the option, as in ``Laplas(<argument>=...)``.
    """


class InvalidArgumentError(_NamesArgument):
    """An argument of a call is wrong; it was found before anything was sent.

    Attributes:
        argument: The name of the argument, with a path into it where that helps
            (``"metadata['user']"``).
    """


class PaginationError(LaplasError):
    """A listing cannot go on: the server keeps answering with a cursor that was followed before.

    Attributes:
        cursor: The id of the last item that was handed out, or None.
    """

    def __init__(self, message: str, cursor: str | None = None) -> None:
        super().__init__(message)
        self.cursor = cursor


class PaginationWarning(UserWarning):
    """Pages of a listing overlap: a repeated item is left out, and others may be missing.

    No error, as the listing continues; ``warnings.simplefilter("error", laplas.PaginationWarning)``
    makes it one.
    """


class SentRequest(NamedTuple):
    """A request that was sent; in errors without the query, which may hold a credential."""

    method: str = ""
    url: str = ""


class APIError(LaplasError):
    """Something went wrong with an exchange.

    Attributes:
        operation: The operation's name in the document, such as ``"create_message"``.
        attempts: How many times the request was tried.
        elapsed: Seconds from the first attempt to this error, waits included.
        cursor: For a listing, the id of the last item before the page that failed;
            ``list(..., after=cursor)`` continues after it, even if that item was deleted
            meanwhile: see ``docs/listing.md``. Otherwise None.
        request_id: The server's id for the exchange, or None.
        request: The last request: its ``method`` and its ``url`` without the query.
        response: The answer, a `RawResponse`; None where none came.
        code, param, type, body: What the server's error says, see `APIStatusError`; else None.
        run_id: The run that this is about, where there is one to go on with; a note names it, too.
        thread_id: The thread of that run.
    """

    operation: str = ""
    attempts: int = 1
    elapsed: float = 0.0
    cursor: str | None = None
    request_id: str | None = None
    request: SentRequest = SentRequest()
    response: Any = None
    code: str | None = None
    param: str | None = None
    type: str | None = None
    body: Any = None
    run_id: str | None = None
    thread_id: str | None = None

    def __str__(self) -> str:
        where = f"{self.operation}: " if self.operation else ""
        request = f" (request id {self.request_id})" if self.request_id else ""
        return f"{where}{self.message}{request}"


def annotate_error(
    error: ErrorT, call: Call[Any], attempts: int, elapsed: float, took_effect: bool
) -> ErrorT:
    """Add to an error how its call went, and return it."""
    error.operation = call.operation
    error.attempts = attempts
    error.elapsed = elapsed
    error.may_have_taken_effect = took_effect
    error.cursor = call.query.get("after") or call.query.get("before")
    return error


def name_run(error: APIError, run_id: object, thread_id: object) -> None:
    """Add to an error which run it is about, if that is known."""
    if isinstance(run_id, str) and error.run_id is None:
        error.run_id = run_id
        error.thread_id = thread_id if isinstance(thread_id, str) else None
        error.add_note(f"this is about the run {run_id[:200]} of {error.thread_id}")


class APIConnectionError(APIError):
    """No complete answer came back.

    Attributes:
        kind: Where it broke: ``"connect"``, ``"connect_timeout"``, ``"pool_timeout"``,
            ``"unsent"``, ``"deadline"``, ``"write"``, ``"write_timeout"``, ``"read"``,
            ``"read_timeout"``, ``"truncated"``, ``"undecodable"`` or ``"too_large"``.
    """

    def __init__(self, message: str, kind: str = "connect") -> None:
        super().__init__(message)
        self.kind = kind


class APITimeoutError(APIConnectionError):
    """No complete answer came back in time."""


@dataclass(eq=False, repr=False, kw_only=True)
class APIStatusError(APIError):
    """The server answered with a status outside 2xx.

    The three envelopes of this API family are understood, and so are HTML, empty and cut bodies.

    Attributes:
        status_code: The HTTP status; any integer, also one that no registry knows.
        code: The error's code (``"invalid_api_key"``), or None.
        param: The request's field at fault (``"metadata.modified"``), or None.
        type: The error's type as sent. Do not decide on it: the API family says
            ``"invalid_request_error"`` even for 401 and 404.
        request_id: From the ``x-request-id`` header or the body, or None.
        timestamp: The time in the body (aware), or the ``Date`` header's, or None.
        body: The parsed JSON, or the text where it is not JSON, or None where it is empty.
        headers: The answer's headers, with lower-case names.
        retry_after: Seconds the server asked to wait, or None.
    """

    message: str = field(kw_only=False)
    status_code: int = field(kw_only=False)
    code: str | None = None
    param: str | None = None
    type: str | None = None
    request_id: str | None = None
    timestamp: datetime | None = None
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    retry_after: float | None = None

    def __post_init__(self) -> None:
        super().__init__(self.message)
        self.headers = dict(self.headers or {})

    def __str__(self) -> str:
        return f"{self.status_code} {super().__str__()}"


class BadRequestError(APIStatusError):
    """400: the server refused the request as it is."""


class AuthenticationError(APIStatusError):
    """401: the API key is missing, wrong or expired."""


class PermissionDeniedError(APIStatusError):
    """403: the key may not do this; with this vendor also: out of credits."""


class NotFoundError(APIStatusError):
    """404: no such thread, message or route."""


class ConflictError(APIStatusError):
    """409: the request collides with the resource's state."""


class UnprocessableEntityError(APIStatusError):
    """422: the request is well-formed but was not accepted."""


class RateLimitError(APIStatusError):
    """429: too many requests; see ``retry_after``."""


class ServerError(APIStatusError):
    """5xx: the server, or something in front of it, failed."""


class UnparsableResponseError(APIError):
    """A 2xx answer whose body does not fit the operation.

    Attributes:
        status_code: The HTTP status.
        body: The body's text, in full.
        headers: The answer's headers, with lower-case names.
        reason: What did not fit.
    """

    def __init__(
        self,
        reason: str,
        status_code: int,
        *,
        body: str = "",
        headers: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"the {status_code} answer could not be understood: {reason}")
        self.reason = reason
        self.status_code = status_code
        self.body: str = body
        self.headers = dict(headers or {})
        self.request_id = request_id


def status_error_class(status_code: int) -> type[APIStatusError]:
    """Return the class for a status, whatever the body says of itself."""
    return ServerError if status_code >= 500 else _BY_STATUS.get(status_code, APIStatusError)


_BY_STATUS: dict[int, type[APIStatusError]] = {
    400: BadRequestError, 401: AuthenticationError, 403: PermissionDeniedError, 404: NotFoundError,
    409: ConflictError, 422: UnprocessableEntityError, 429: RateLimitError,
}  # fmt: skip


class ActiveRunError(BadRequestError):
    """400: the thread takes no message and no run while a run is active on it.

    Attributes:
        thread_id: The thread's id.
        run_id: The active run's id.
    """

    thread_id: str = ""  # pyright: ignore[reportIncompatibleVariableOverride]
    run_id: str = ""  # pyright: ignore[reportIncompatibleVariableOverride]


@dataclass(eq=False, repr=False, kw_only=True)
class StreamError(APIError):
    """An event stream brought an error, or pieces that are not those of its message.

    Attributes:
        code: The error's code, or None.
        param: The request's field at fault, or None.
        type: The error's type as sent, or None.
        body: The event's data.
        partial: What had come before: a `RunResult`.
    """

    message: str = field(kw_only=False)
    code: Any = None
    param: Any = None
    type: Any = None
    body: Any = None
    partial: Any = field(default=None, init=False)

    def __post_init__(self) -> None:
        super().__init__(self.message)


class StreamCutError(APIConnectionError):
    """An event stream ended before it was done, or without anything that can be understood.

    Attributes:
        partial: What had come before: a `RunResult`.
    """

    partial: Any = None


class ParseError(LaplasError):
    """A message does not hold the object that it was asked for.

    Attributes:
        reply: The `Message`.
        text: Its text, as it came.
    """

    def __init__(self, message: str, reply: Any) -> None:
        super().__init__(message)
        self.reply = reply
        self.text: str = reply.text


class RefusalError(ParseError):
    """The assistant refused to answer.

    Attributes:
        refusal: Why, in its words.
    """

    def __init__(self, message: str, reply: Any) -> None:
        super().__init__(message, reply)
        self.refusal: str = reply.refusal


class IncompleteMessageError(ParseError):
    """The message was cut short, or is still being written."""


class RunError(LaplasError):
    """A run did not come to a reply.

    Attributes:
        run: The `Run`, as it was last seen; None where its event cannot be read, or never came.
    """

    def __init__(self, message: str, run: Any) -> None:
        super().__init__(message)
        self.run = run


class RunFailedError(RunError):
    """The run failed; ``run.last_error`` says why."""


class RunExpiredError(RunError):
    """The run was not done in the time the server gives it (about ten minutes)."""


class RunCancelledError(RunError):
    """Somebody cancelled the run."""


class RunIncompleteError(RunError):
    """The run met a limit; ``run.incomplete_details`` says which.

    Attributes:
        messages: The messages it wrote, as far as they came.
    """

    messages: Any = ()


class RunRequiresActionError(RunError):
    """The run waits for the output of a function that was not given as a tool."""


class RunTimeoutError(RunError, TimeoutError):
    """The run was still going when the deadline had passed. It may yet complete."""


# As the openai package calls them.
OpenAIError = LaplasError
InternalServerError = ServerError
APIResponseValidationError = UnparsableResponseError

for _class in list(vars().values()):
    if isinstance(_class, type) and issubclass(_class, LaplasError | PaginationWarning):
        _class.__module__ = __package__ or "laplas"  # tracebacks say `laplas.NotFoundError`
