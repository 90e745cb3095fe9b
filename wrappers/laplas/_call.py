"""The core without I/O: from a call to the request, and from the answer to a result or an error."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

from ._errors import (
    ActiveRunError,
    APIError,
    APIStatusError,
    InvalidArgumentError,
    UnparsableResponseError,
    status_error_class,
)
from ._options import CallOptions, Options, check_names, merged_headers, names_authorization
from ._parsing import parsed
from ._quiet import quiet
from ._retry import Effect, parse_time, retry_after
from ._secret import HIDDEN, redacted

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
ErrorT = TypeVar("ErrorT", bound=APIError)

ONCE_SLOT: Final = "laplas_once"
"""The metadata key that marks a message which must not be created twice."""


class Once(NamedTuple):
    """How to recognise a message that was created by an attempt whose answer was lost."""

    mark: str
    look: Call[Any]
    """The call for the thread's newest messages."""
    retrieve: Callable[[str], Call[Any]]
    """The call for the message with an id."""
    look_first: bool
    """Whether an earlier call, perhaps of another process, may have used the same mark."""


class Settled(NamedTuple):
    """How to see that a change is made which a server refuses to make twice."""

    look: Call[Any]
    """The call for what is changed; its result is that of the change, too."""
    is_made: Callable[[Any], bool]


class Call(NamedTuple, Generic[T]):
    """One operation with its arguments: everything about it but where and how it is sent."""

    operation: str
    effect: Effect
    method: str
    path: str
    decode: Callable[[Any], T]
    query: Mapping[str, Any] = {}
    body: Mapping[str, Any] | None = None
    when_empty: T | None = None
    """The result where success comes without a body (204), if the operation allows for that."""
    once: Once | None = None
    """For a create that must not happen twice."""
    streams: bool = False
    """Whether the answer is an event stream, to be read as it comes."""
    content: bytes | None = None
    """A body that is not JSON."""
    content_type: str = "application/json"
    settled: Settled | None = None
    """For a change that can be repeated, although a server refuses to make it twice."""
    patience: float | None = None
    """Seconds to wait at most for a run that is active on the thread; None does not wait."""

    def __repr__(self) -> str:
        return f"<Call {self.operation}>"  # a traceback's locals must not show the body

    def with_query(self, query: Mapping[str, Any]) -> Call[T]:
        return self._replace(query=query)


class Request:
    """A request as it will be sent, but for the Authorization header.

    That one is added at the last moment, so that a key never lies about in an object that
    could be printed, logged or pickled.
    """

    __slots__ = ("content", "headers", "method", "needs_key", "url")

    def __init__(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        needs_key: bool,
    ) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.content = content
        self.needs_key = needs_key

    def __repr__(self) -> str:
        return f"<Request {self.method}>"


class Response(NamedTuple):
    """A complete answer: header names in lower case, the body with its content coding undone."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    attempts: int = 1
    elapsed: float = 0.0
    stream: Any = None
    """For an event stream, the body that is still to come, as the pool reads it."""

    def __repr__(self) -> str:
        return f"<Response {self.status}>"

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-request-id")


@quiet
class RawResponse(Generic[T_co]):
    """An answer as it came, with the parsed result on request.

    Attributes:
        status_code: The HTTP status.
        headers: With lower-case names.
        content: The body, with its content coding undone.
        request_id: The server's id for the exchange, or None.
        attempts: How many times the request was sent.
        elapsed: Seconds over all attempts, waits included.
    """

    def __init__(self, call: Call[T_co], response: Response) -> None:
        self._call = call
        self._response = response
        self.status_code = response.status
        self.headers = dict(response.headers)
        self.content = response.content
        self.request_id = response.request_id
        self.attempts = response.attempts
        self.elapsed = response.elapsed

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body parsed as JSON; raises ValueError where it is not JSON."""
        return parsed(self.content)

    def parse(self) -> T_co:
        """What the plain call would have returned."""
        return decoded(self._call, self._response)

    def __repr__(self) -> str:
        return f"<RawResponse {self._call.operation} {self.status_code}>"


class PreparedRequest:
    """A request that was built and not sent, with every credential hidden.

    Attributes:
        operation: The operation's name in the document.
        method: The HTTP method.
        url: The whole URL.
        headers: With the values of credentials replaced by ``***``.
        body: The bytes that would be sent, or None.
    """

    def __init__(self, operation: str, request: Request) -> None:
        self.operation = operation
        self.method = request.method
        self.url = redacted_url(request.url)
        self.headers = {name: redacted(name, value) for name, value in request.headers.items()}
        if request.needs_key:
            self.headers["Authorization"] = f"Bearer {HIDDEN}"
        self.body = request.content

    def json(self) -> Any:
        """The body as parsed JSON, or None where there is no body."""
        return None if self.body is None else json.loads(self.body)

    def curl(self) -> str:
        """The request as a curl command, the key written as ``$LAPLAS_API_KEY``.

        Raises:
            ValueError: The body, such as that of an uploaded file, is not text.
        """
        words = ["curl", "-X", self.method, shlex.quote(self.url)]
        for name, value in self.headers.items():
            if (name, value) == ("Authorization", f"Bearer {HIDDEN}"):
                # In double quotes, for the shell to put the key in.
                words += ["-H", '"Authorization: Bearer $LAPLAS_API_KEY"']
            elif name != "Accept-Encoding":
                words += ["-H", shlex.quote(f"{name}: {value}")]
        if self.body is not None:
            words += ["--data-raw", shlex.quote(self.body.decode())]
        return " ".join(words)

    def __repr__(self) -> str:
        return f"<PreparedRequest {self.operation} {self.method} {self.url}>"


def redacted_url(url: str) -> str:
    """The URL, with ``***`` for the query's values whose names tell of a credential."""
    base, mark, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    return base + mark + "&".join(name + is_ + redacted(name, value) for name, is_, value in pairs)


def build_request(call: Call[Any], options: Options, per_call: CallOptions) -> Request:
    """The request for a call; raises InvalidArgumentError for what cannot be sent."""
    check_names(per_call)
    extra_headers = per_call.get("extra_headers")
    headers = merged_headers(options.headers, extra_headers)
    if call.streams:
        headers = merged_headers(headers, {"Accept": "text/event-stream"})
    content = call.content
    if content is not None and per_call.get("extra_body"):
        raise InvalidArgumentError("extra_body", "is for JSON bodies; this one is a form")
    if content is None:
        body = _merged("extra_body", call.body, per_call.get("extra_body"))
        if body is not None:
            content = encode_json(body, "extra_body" if per_call.get("extra_body") else "body")
    if content is not None:
        headers = merged_headers({"Content-Type": call.content_type, **headers}, extra_headers)
    return Request(
        call.method,
        options.base_url + call.path + _query_string(call.query, per_call.get("extra_query")),
        headers,
        content,
        needs_key=options.sends_key and not names_authorization(extra_headers),
    )


def _merged(
    argument: str, base: Mapping[str, Any] | None, extra: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    if not extra:
        return base
    if not isinstance(extra, Mapping):
        raise InvalidArgumentError(argument, "must be a mapping")
    return {**(base or {}), **extra}


def _query_string(query: Mapping[str, Any], extra: Mapping[str, Any] | None) -> str:
    merged = _merged("extra_query", query, extra)
    if not merged:
        return ""
    pairs = [(name, _as_text(value)) for name, value in merged.items() if value is not None]
    try:
        return "?" + urlencode(pairs, doseq=True, quote_via=quote) if pairs else ""
    except (UnicodeEncodeError, TypeError):
        raise InvalidArgumentError("extra_query", "cannot be written as a query") from None


def _as_text(value: Any) -> Any:
    """A query value as JSON people write it; a list is repeated."""
    if isinstance(value, list | tuple):
        return [_as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else value


def encode_json(body: object, argument: str) -> bytes:
    """JSON as UTF-8, nothing escaped that need not be.

    Raises:
        InvalidArgumentError: Something in it is no JSON; `argument` is to blame.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidArgumentError(argument, "contains a lone surrogate") from None
    except (TypeError, ValueError, RecursionError) as problem:
        raise InvalidArgumentError(argument, f"cannot be written as JSON: {problem}") from None


def decoded(call: Call[T], response: Response) -> T:
    """The result of a successful answer.

    Raises:
        UnparsableResponseError: The body is not what the operation answers.
    """
    if call.when_empty is not None and (response.status == 404 or not response.content.strip()):
        # 404 only comes here for a delete that was repeated: see `_engine.exchange`.
        return call.when_empty
    problem: str
    try:
        return call.decode(parsed(response.content))
    except RecursionError:
        problem = "it is nested too deeply"
    except Exception as error:  # whatever a hostile body makes the decoders raise
        problem = f"{type(error).__name__}: {str(error)[:200]}"
    # Raised out here so that no traceback carries the decoder's frames and locals along.
    unparsable = UnparsableResponseError(
        problem,
        response.status,
        body=response.content.decode("utf-8", "replace"),
        headers=response.headers,
        request_id=response.request_id,
    )
    raise told(unparsable, call, response.attempts, response.elapsed, call.effect != "read")


def told(
    error: ErrorT, call: Call[Any], attempts: int, elapsed: float, took_effect: bool
) -> ErrorT:
    """The error, told how the call went."""
    error.operation = call.operation
    error.attempts = attempts
    error.elapsed = elapsed
    error.may_have_taken_effect = took_effect
    error.cursor = call.query.get("after") or call.query.get("before")
    return error


def status_error(response: Response, now: datetime) -> APIStatusError:
    """The typed error for an answer outside 2xx, whatever its body looks like."""
    body = _body_of(response)
    envelope = body if isinstance(body, dict) else {}
    inner = envelope.get("error")
    details = inner if isinstance(inner, dict) else {}
    message = _message_of(response, body, envelope, inner)
    active = _ACTIVE_RUN.search(message) if response.status == 400 else None
    error = (ActiveRunError if active else status_error_class(response.status))(
        message,
        response.status,
        code=_text(details.get("code")) or _text(envelope.get("code")),
        param=_text(details.get("param")),
        type=_text(details.get("type")) or _text(details.get("name")),
        request_id=response.request_id or _text(envelope.get("requestId")),
        timestamp=parse_time(envelope.get("timestamp")) or parse_time(response.headers.get("date")),
        body=body,
        headers=response.headers,
        retry_after=retry_after(response.headers, now),
    )
    if isinstance(error, ActiveRunError) and active:
        error.thread_id, error.run_id = active["thread"], active["run"]
    return error


# As the upstream service is quoted: "Can't add messages to thread_a while a run run_b is active."
# and "Thread thread_a already has an active run run_b."
_ACTIVE_RUN: Final = re.compile(
    r"(?P<thread>thread_[\w-]+) (while a|already has).* (?P<run>run_[\w-]+)"
)


def _body_of(response: Response) -> Any:
    if not response.content.strip():
        return None
    try:
        return json.loads(response.content)
    except (ValueError, RecursionError):
        return response.content.decode("utf-8", "replace")


def _message_of(response: Response, body: Any, envelope: dict[str, Any], inner: Any) -> str:
    """The message: of OpenAI's envelope, else of the gateway's, else the beginning of the text."""
    details = inner if isinstance(inner, dict) else {}
    # The gateway's `error` names an exception class; the message for people is outside it.
    nested = details.get("message") if {"type", "param", "code"} & details.keys() else None
    for candidate in (
        nested,
        envelope.get("message"),
        details.get("message"),
        inner,
        envelope.get("detail"),
        envelope.get("title"),
    ):
        if text := _text(candidate):
            return text
    if 300 <= response.status < 400:
        return "a redirect, which is not followed"
    if body is None:
        return "no message"
    return " ".join(response.content[:2000].decode("utf-8", "replace").split())[:200]


def _text(value: object) -> str | None:
    """The value as text where it says something: codes may be numbers, some are null."""
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
