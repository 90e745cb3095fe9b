"""Read responses: from bytes to a result or a typed error. No I/O."""

from __future__ import annotations

import functools
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar, cast

from .. import models as own_models
from ..errors import (
    ActiveRunError,
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    SentRequest,
    UnparsableResponseError,
    annotate_error,
    name_run,
    status_error_class,
)
from ..generated import Call, Checker, Json, Model, hide_internal_frames, models
from .config import Echoes, redact_url
from .interruptions import UNREADABLE, raise_interruption
from .pagination import PageData, page_from
from .problems import raw_text, read_problem, text_of
from .retry import TIMEOUTS, TransportFailure, parse_time, retry_after

_IDS: Final = Checker()

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Response(NamedTuple):
    """A complete answer: header names in lower case, the body with its content coding undone."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    attempts: int = 1
    elapsed: float = 0.0
    stream: Any = None
    """For an event stream, the body that is still to come, as the transport reads it."""
    echoes: Echoes = Echoes()
    sent: tuple[str, str] = ("", "")
    """The method and the URL of the request."""

    limit: int | None = None
    """Bytes of a stream that may be in memory at once."""

    def __repr__(self) -> str:
        return f"<Response {self.status}>"

    @property
    def request_id(self) -> str | None:
        return self.headers.get("x-request-id")

    def without_echoes(self) -> Response:
        """Return the answer as an error may show it."""
        hide = self.echoes.hide
        headers = {name: hide(value) for name, value in self.headers.items()}
        content = hide(self.content.decode("latin-1")).encode("latin-1")  # which any bytes are
        sent = self.sent[0], self.sent[1].partition("?")[0]
        return self._replace(headers=headers, content=content, echoes=Echoes(), sent=sent)


@hide_internal_frames
class RawResponse(Generic[T_co]):
    """An answer as it came, with the parsed result on request.

    Attributes:
        status_code: The HTTP status.
        headers: With lower-case names.
        request_id: The server's id for the exchange, or None.
        http_request: Its request's method and URL, credentials in it hidden; also as ``request``.
        attempts: How many times the request was sent.
        retries_taken: One less.
        elapsed: Seconds over all attempts, waits included.
        is_closed: Whether all of it has been read.
    """

    is_closed = True

    def __init__(self, call: Call[T_co], response: Response) -> None:
        self.http_request = self.request = SentRequest(
            response.sent[0], redact_url(response.sent[1])
        )
        self.method, self.url = self.http_request
        self._call = call
        self._response = response._replace(sent=self.http_request)
        self.status_code = response.status
        self.headers = dict(response.headers)
        self.request_id = response.request_id
        self.attempts = response.attempts
        self.retries_taken = response.attempts - 1
        self.elapsed = response.elapsed

    @property
    def content(self) -> bytes:
        """The body, with its content coding undone."""
        return self._response.content

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """Parse the body as JSON; raises ValueError where it is not JSON."""
        return parse_json(self.content)

    def parse(self) -> T_co:
        """Return what the plain call would have returned."""
        return decode_response(self._call, self._response)

    @property
    def http_response(self) -> Self:
        """The answer itself, as the openai package has httpx's answer there."""
        return self

    response = http_response

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._call.operation} {self.status_code}>"


_ANSWERED: Final[Call[Any]] = Call("answer", "read", "", "", Json)
"""For the answers that errors hold; they tell nothing of the call that has the body."""


def decode_response(call: Call[T], response: Response) -> T:
    """Decode a successful answer.

    Raises:
        UnparsableResponseError: The body is not what the operation answers.
    """
    if call.model is bytes:
        return cast("T", response.content)
    problem: str
    data: Any = None
    try:
        if call.empty is not None and (response.status >= 400 or not response.content.strip()):
            # Only a delete that was repeated gets an error here: see `_send_with_retries`.
            data = {**call.empty}
        else:
            data = parse_json(response.content)
        result: T = _read_answer(call, data)
        problem = _check_identity(call, result)
        if not problem:
            if isinstance(result, Model | PageData):
                # Not by the property: a step less for each call.
                result._answer_id = response.headers.get("x-request-id")
            return result
    except RecursionError:
        problem = "it is nested too deeply"
    except UNREADABLE as error:
        raise_interruption(error)
        problem = f"{type(error).__name__}: {str(error)[:200]}"
    created = data if isinstance(data, dict) and call.effect == "create" else {}
    if (said := message_of(data)) and "id" not in created:
        problem = f"{problem}; it says: {said[:200]}"
    # Raised out here so that no traceback carries the decoder's frames and locals along.
    problem = response.echoes.hide(problem)
    response = response.without_echoes()
    unparsable = UnparsableResponseError(
        problem,
        response.status,
        body=response.content.decode("utf-8", "replace"),
        headers=response.headers,
        request_id=response.request_id,
    )
    unparsable.request = SentRequest(*response.sent)
    unparsable.response = RawResponse(_ANSWERED, response)
    if call.model is models.Run:
        name_run(unparsable, created.get("id"), created.get("thread_id"))
    elif isinstance(id_ := created.get("id"), str):
        unparsable.add_note(f"what was created is {id_[:200]}")
    changed = call.effect != "read"
    raise annotate_error(unparsable, call, response.attempts, response.elapsed, changed)


def _own_model(generated: Any) -> Any:
    """Return our own class for a generated one that a call names."""
    own = getattr(own_models, generated.__name__, None)
    return own if isinstance(own, type) and issubclass(own, generated) else generated


def _read_answer(call: Call[Any], data: Any) -> Any:
    """Make what a call returns of parsed JSON."""
    read = _own_model(call.model).from_dict
    if not call.is_page:
        return read(data)
    page: PageData[Any] = page_from(read, data)
    if call.model is models.Message:
        # One object for the thread's id in all of them saves memory.
        thread_id = call.parents.get("thread_id")
        for message in page.data:
            if message.thread_id == thread_id:
                message.thread_id = thread_id
    return page


def _check_identity(call: Call[Any], result: Any) -> str:
    """Return a problem if an answer is not the one to this call.

    A server may answer twice, and a proxy that shares connections may mix them up: then the
    answer to another request comes, which would be read as this one's. And what was created must
    have an id to go on with.
    """
    if call.effect == "create" and hasattr(result, "id"):
        _IDS.id(result.id, "id")
    asked = {"object": _kind_of(call.model.__name__), **call.parents}
    if call.answer_id is not None:
        asked["id"] = call.answer_id
    for field, value in asked.items():
        for item in result.data if call.is_page else (result,):
            said = getattr(item, field, value)
            if said == value or not isinstance(said, str):
                continue
            # A name that nobody knows may be theirs.
            if field != "object" or said in map(_kind_of, models.__all__):
                return f"its {field} is {said[:80]!r}, but {value!r} was asked for"
    once: Any = call.features.get("once")  # planned, it is a `Once`
    if hasattr(once, "marks") and not once.marks(result):
        return "it lacks the mark of once=: it is another's, or the server keeps no metadata"
    return ""


@functools.cache
def _kind_of(model: str) -> str | None:
    """Return what `object` says in answers of this kind."""
    fields = getattr(getattr(models, model, None), "__attrs_attrs__", ())
    return next((field.default for field in fields if field.name == "object"), None)


def connection_error(broken: TransportFailure, text: str) -> APIConnectionError:
    """Make the typed error of an exchange that broke."""
    cls = APITimeoutError if broken.failure in TIMEOUTS else APIConnectionError
    return cls(text, broken.failure)


def status_error(response: Response, now: datetime) -> APIStatusError:
    """Make the typed error of an answer outside 2xx, whatever its body looks like."""
    response = response.without_echoes()
    text = response.content.decode("utf-8", "replace")
    body: Any = text if response.content.strip() else None
    with suppress(ValueError, RecursionError):
        body = json.loads(response.content)
    envelope = body if isinstance(body, dict) else {}
    problem = read_problem(body)
    message = problem.message
    if message is None and 300 <= response.status < 400:
        message = "a redirect, which is not followed"
    elif message is None and body is not None:
        message = raw_text(text)
    message = message or "no message"
    # Only at its beginning: a search takes the square of what it looks at.
    active = _ACTIVE_RUN.search(message[:500]) if response.status == 400 else None
    error = (ActiveRunError if active else status_error_class(response.status))(
        message,
        response.status,
        code=problem.code,
        param=problem.param,
        type=problem.type,
        request_id=response.request_id or text_of(envelope.get("requestId")),
        timestamp=parse_time(envelope.get("timestamp")) or parse_time(response.headers.get("date")),
        body=body,
        headers=dict(response.headers),
        retry_after=retry_after(response.headers, now),
    )
    error.response = RawResponse(_ANSWERED, response)
    if isinstance(error, ActiveRunError) and active:
        error.thread_id, error.run_id = active["thread"], active["run"]
    return error


# As the upstream service is quoted: "Can't add messages to thread_a while a run run_b is active."
# and "Thread thread_a already has an active run run_b."
_ACTIVE_RUN: Final = re.compile(
    r"(?<![\w-])(?P<thread>thread_[\w-]+) (?:while a|already has).* (?P<run>run_[\w-]+)"
)


def message_of(body: Any) -> str | None:
    """Return what a body says that is an error's in place of the object that was asked for."""
    return read_problem(body).message if isinstance(body, dict) and "id" not in body else None


# ---- Content coding ----

PIECE: Final = 64 * 1024
"""Bytes that are inflated at a time."""
CODED_PIECE: Final = 4 * 1024
"""Bytes that are given to zlib at a time: it copies those left over for each piece and member."""

_NO_CODINGS: Final = frozenset({"", "identity", "none", "utf-8"})
"""Names that servers give although nothing is coded."""
_GZIP_MAGIC: Final = b"\x1f\x8b"


class ContentDecoder:
    """Undoes one body's content coding, up to a limit.

    An HTTP library would undo a whole chunk at once, and as many codings on top of each other as
    a server cares to name; a few bytes could fill the memory before anybody counted.

    Args:
        coding: The Content-Encoding header.
        limit: Bytes above which the body is too large.
    """

    def __init__(self, coding: str, limit: int) -> None:
        self._limit = self._left = self._left_coded = limit
        self._coding = ""
        if coding:
            names = (name.strip() for name in coding.lower().split(","))
            self._coding = ", ".join(name for name in names if name not in _NO_CODINGS)
        self._begun = False
        self._kept = b""
        self._inflate: Any = None
        if self._coding in ("gzip", "x-gzip", "deflate"):
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # tells the two apart

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk holds; raises TransportFailure if it is unreadable or too much."""
        if self._inflate is None:
            if self._coding:
                raise TransportFailure("undecodable", f"the answer is coded as {self._coding}")
            self._left -= len(chunk)
            self._check_size(self._left)
            yield chunk
            return
        self._left_coded -= len(chunk)  # what inflates to nothing must end some time, too
        self._check_size(self._left_coded)
        for start in range(0, len(chunk), CODED_PIECE):
            yield from self._inflated(chunk[start : start + CODED_PIECE])

    def _inflated(self, chunk: bytes) -> Iterator[bytes]:
        chunk, self._kept = self._kept + chunk, b""
        while chunk:
            if self._inflate.eof:
                if chunk[:2] != _GZIP_MAGIC:  # padding, or the first half of it
                    self._kept = chunk if chunk == _GZIP_MAGIC[:1] else b""
                    return
                self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # another gzip member
            try:
                piece = self._inflate.decompress(chunk, PIECE)
            except zlib.error as error:
                if self._coding != "deflate" or self._begun:
                    raise TransportFailure("undecodable", f"not {self._coding}: {error}") from None
                # Without its header, which some servers mean.
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
                self._begun = True
                continue
            self._begun = True
            chunk = self._inflate.unconsumed_tail or self._inflate.unused_data
            self._left -= len(piece)
            self._check_size(self._left)
            yield piece

    def check_end(self) -> None:
        """Raise TransportFailure where the body ends before its compression does."""
        if self._left_coded < self._limit and not self._inflate.eof:
            raise TransportFailure("truncated", "the answer's compression is cut")

    def _check_size(self, left: int) -> None:
        if left < 0:
            raise TransportFailure("too_large", f"the answer is over {self._limit} bytes")


# ---- JSON ----

_Reader = Callable[[bytes], Any]


def refuse_long_integers(loads: _Reader) -> _Reader:
    """Wrap orjson's reader to refuse what may hold an integer beyond 64 bits.

    orjson silently makes it a float. A long run of digits after what precedes a number in an
    object, minus signs left out, gives it away.
    """

    def read(data: bytes) -> Any:
        if data[:1] != b"{" or _LONG_NUMBER in data.translate(_SHAPE, b"-"):
            raise ValueError("left to json")
        return loads(data)

    return read


_SHAPE: Final = bytes(
    ord("0") if byte in b"0123456789" else ord(":") if byte in b":,[ \t\r\n" else byte
    for byte in range(256)
)
_LONG_NUMBER: Final = b":" + b"0" * 19

_UNFIT: Final = (ImportError, AttributeError, SystemError, TypeError)
"""How a package says that it is not installed, or not fit for this interpreter."""

_fast: _Reader | None = None
_fast_errors: tuple[type[Exception], ...] = (*UNREADABLE, SystemError)
try:
    from msgspec import DecodeError  # type: ignore[import-not-found, unused-ignore]
    from msgspec.json import Decoder  # type: ignore[import-not-found, unused-ignore]

    _fast = Decoder().decode
    _fast_errors += (DecodeError,)  # no ValueError before 0.21
except _UNFIT:
    with suppress(*_UNFIT):
        from orjson import loads  # type: ignore[import-not-found, unused-ignore]

        _fast = refuse_long_integers(loads)

# In a process as small as a script, glibc hands freed memory back after each page of messages and
# faults it in again for the next, which costs a sixth of the time of reading it. A freed block of
# this size teaches it to keep some. Other allocators do not mind.
bytes(1 << 20)


def parse_json(data: bytes) -> Any:
    """Parse JSON: with msgspec or orjson where installed, else with json; the results are the same.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deeply.
    """
    if _fast is not None:
        # Then json reads it after all, or says what is wrong with it.
        with suppress(*_fast_errors):
            return _fast(data)
    return json.loads(data)
