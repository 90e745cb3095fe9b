"""Errors: what they say, for which answer, and what they never hold."""

from __future__ import annotations

import copy
import gc
import inspect
import json
import pickle
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from scripted import (
    KEY,
    MESSAGE,
    THREAD,
    answer,
    breaks,
    message,
    page,
    plainly,
    run_async,
    run_both,
    run_sync,
    thread,
)

import laplas
from laplas import (
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
    ServerError,
    UnparsableResponseError,
    UnprocessableEntityError,
)


def failed(body: Any, status: int, **headers: str) -> Any:
    """The error of a call that is not repeated and meets this answer: body, status, headers."""
    step = answer(body, status, 0, **headers)
    ran = run_both(lambda c: c.threads.retrieve(THREAD), step, max_retries=0)
    return ran.error


CLASSES = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}
# A type and a code that would mislead a client which decides on them.
MISLEADING = {"error": {"message": "m", "type": "server_error", "code": "rate_limit_exceeded"}}


@pytest.mark.parametrize("status", [300, 301, 302, 304, 399, *range(400, 600), 777, 999])
def test_the_class_follows_from_the_status_alone(status: int) -> None:
    expected = ServerError if status >= 500 else CLASSES.get(status, APIStatusError)
    error = failed(MISLEADING, status)
    assert type(error) is expected
    assert error.status_code == status
    assert (error.type, error.code) == ("server_error", "rate_limit_exceeded")


def test_a_redirect_is_not_followed_and_says_so() -> None:
    """Following it would send the key and the message to another place."""
    error = failed(b"", 302, location="https://evil.test/")
    assert "redirect" in str(error)
    assert error.headers["location"] == "https://evil.test/"


TIME = "2026-08-30T12:34:56.789Z"
MOMENT = datetime(2026, 8, 30, 12, 34, 56, 789_000, UTC)
E1 = {
    "message": "Body validation error!",
    "path": "/threads",
    "requestId": "4e7f-1",
    "statusCode": "429",
    "timestamp": TIME,
}
E2 = {
    "title": "Unauthorized",
    "status": 401,
    "message": "Invalid or missing credentials",
    "instance": "/threads",
    "requestId": "4e7f-2",
    "timestamp": TIME,
    "error": {"name": "UnauthorizedException", "message": "inner words"},
}
E3 = {
    "error": {
        "message": "No thread found with id 'thread_abc123'.",
        "type": "invalid_request_error",
        "param": "thread_id",
        "code": "not_found",
    }
}
E3_NULLS = {"error": {"message": "m", "type": "invalid_request_error", "param": None, "code": None}}


@pytest.mark.parametrize(
    ("body", "text", "code", "param", "type_", "request_id", "at"),
    [
        (E1, "Body validation error!", None, None, None, "4e7f-1", MOMENT),
        (
            E2,
            "Invalid or missing credentials",
            None,
            None,
            "UnauthorizedException",
            "4e7f-2",
            MOMENT,
        ),
        (
            E3,
            "No thread found with id 'thread_abc123'.",
            "not_found",
            "thread_id",
            "invalid_request_error",
            None,
            None,
        ),
        (E3_NULLS, "m", None, None, "invalid_request_error", None, None),
        # Less than an envelope, and mixtures of them.
        ({"message": "only this"}, "only this", None, None, None, None, None),
        ({"title": "Bad Gateway"}, "Bad Gateway", None, None, None, None, None),
        ({"detail": "Not Found"}, "Not Found", None, None, None, None, None),
        ({"error": "plain text"}, "plain text", None, None, None, None, None),
        ({"error": {"message": "m", "code": 1234}}, "m", "1234", None, None, None, None),
        ({"message": "outer", "error": {"name": "X"}}, "outer", None, None, "X", None, None),
        ({"message": "outer", "error": None}, "outer", None, None, None, None, None),
        ({"message": None, "error": {"name": "X", "message": "i"}}, "i", None, None, "X", None,
         None),
        ({"message": "m", "code": "c", "requestId": 7}, "m", "c", None, None, "7", None),
        ({"message": "m", "error": {"code": [], "param": {}, "type": True}}, "m", None, None, None,
         None, None),
    ],
)  # fmt: skip
def test_all_envelopes_are_understood(
    body: Any, text: str, code: Any, param: Any, type_: Any, request_id: Any, at: Any
) -> None:
    error = failed(body, 400)
    assert error.message == text
    assert (error.code, error.param, error.type) == (code, param, type_)
    assert (error.request_id, error.timestamp, error.body) == (request_id, at, body)
    assert text in str(error)
    assert "400" in str(error)
    assert "retrieve_thread" in str(error)
    assert error.operation == "retrieve_thread"
    if request_id:
        assert request_id in str(error)


def test_the_header_names_the_exchange_before_the_body_does() -> None:
    error = failed(E1, 500, x_request_id="req-h")
    assert error.request_id == "req-h"
    assert error.headers["x-request-id"] == "req-h"


HUGE = "x" * 3_000_000
BODIES: dict[str, tuple[bytes, str]] = {
    "HTML": (b"<html><body>\n<h1>502  Bad\tGateway</h1></body></html>", "502 Bad Gateway"),
    "empty": (b"", "no message"),
    "blank": (b" \r\n ", "no message"),
    "cut JSON": (b'{"error": {"message": "It wa', "It wa"),
    "cut in a character": ('{"message": "é'.encode()[:-1], "message"),
    "garbage": (bytes(range(128, 256)), ""),
    "latin-1": ("Zugriff verweigert: ungültig".encode("latin-1"), "Zugriff verweigert: ung"),
    "UTF-16": ('{"message": "wide"}'.encode("utf-16"), "wide"),
    "BOM": (b'\xef\xbb\xbf{"message": "bom"}', "bom"),
    "null": (b"null", "no message"),
    "number": (b"5", "5"),
    "string": (b'"Too many"', "Too many"),
    "array": (b'["a", "b"]', '["a", "b"]'),
    "empty object": (b"{}", "{}"),
    "NaN": (b'{"message": NaN}', "NaN"),
    "huge": (HUGE.encode(), "xxx"),
    "huge number": (b'{"code": ' + b"9" * 5000 + b"}", "code"),
    "list of details": (
        b'{"detail": [{"loc": ["body", "role"], "msg": "field required"}]}',
        "field required",
    ),
    "NUL": (b'{"message": "a\\u0000b"}', "a"),
    "lone surrogate": (b'{"message": "a\\ud800b"}', "a"),
}


@pytest.mark.parametrize("status", [400, 404, 500])
@pytest.mark.parametrize("name", BODIES)
def test_any_body_makes_the_error_of_its_status(status: int, name: str) -> None:
    body, said = BODIES[name]
    error = failed(body, status)
    assert error.status_code == status
    assert said in error.message
    assert len(str(error)) < 400, "a page of HTML is no message"
    again = pickle.loads(pickle.dumps(error))
    assert repr(again.body) == repr(error.body)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """The collector, run by chance in the deepest frame, fails there with other tests' garbage."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_body_of_any_depth_makes_an_error(wrapped: bool) -> None:
    """Around the depth at which this Python's parser and writer give up, and far beyond."""
    for depth in (*range(400, 1000, 7), 100_000):
        body = "[" * depth + "]" * depth
        step = answer('{"a": ' + body + "}" if wrapped else body, 400)
        # Not compared: how deep the stack is already differs between the two.
        for run in (run_sync, run_async):
            error = run(lambda c: c.threads.retrieve(THREAD), step).error
            assert type(error) is BadRequestError, depth


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (TIME, MOMENT),
        ("2026-08-30T14:34:56.789+02:00", MOMENT),
        ("2026-08-30T12:34:56.789", MOMENT),
        ("2026-08-30 12:34:56.789", MOMENT),
        ("Sun, 30 Aug 2026 12:34:56 GMT", MOMENT.replace(microsecond=0)),
        ("yesterday", None),
        ("", None),
        ("9" * 400, None),
        ("2026-13-45T99:99:99Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        (1_788_093_296, None),
        (None, None),
        (["2026"], None),
    ],
)
def test_times_are_aware_or_none(text: Any, at: datetime | None) -> None:
    """A time without a zone is UTC; what is no time is none, without a warning."""
    error = failed({"message": "m", "timestamp": text}, 400)
    assert error.timestamp == at
    if at:
        assert error.timestamp.utcoffset() == timedelta(0)


def test_a_time_in_an_unknown_zone_makes_no_warning() -> None:
    """Warnings are errors here; for a user they would be noise made by the server's words."""
    error = failed({"message": "m", "timestamp": "2026-08-30 12:34:56 XYZ"}, 400)
    assert type(error) is BadRequestError
    assert error.timestamp in (None, MOMENT.replace(microsecond=0))


def test_the_date_header_stands_in_for_the_time_of_the_body() -> None:
    date = "Sun, 30 Aug 2026 12:34:56 GMT"
    assert failed(E3, 400, date=date).timestamp == MOMENT.replace(microsecond=0)
    assert failed(E1, 400, date="Mon, 31 Aug 2026 00:00:00 GMT").timestamp == MOMENT


def test_what_the_server_asks_to_wait_is_told_for_any_status() -> None:
    assert failed("", 429, retry_after="90").retry_after == 90
    assert failed("", 503, retry_after="0").retry_after == 0
    assert failed("", 400, retry_after_ms="1500").retry_after == 1.5
    assert failed("", 429).retry_after is None


# Success.


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206, 226, 299])
def test_any_2xx_is_success(status: int) -> None:
    created = run_both(lambda c: c.messages.create(THREAD, "hi"), answer(message(), status))
    assert created.result.to_dict() == message()
    assert run_both(lambda c: c.messages.list(THREAD), answer(page("a"), status)).result.data


@pytest.mark.parametrize("status", [200, 202, 204])
@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_success_is_a_deletion(status: int, body: bytes) -> None:
    gone = run_both(lambda c: c.messages.delete(THREAD, MESSAGE), answer(body, status)).result
    assert gone.to_dict() == {"id": MESSAGE, "object": "thread.message.deleted", "deleted": True}
    thread_gone = run_both(lambda c: c.threads.delete(THREAD), answer(body, status)).result
    assert thread_gone.to_dict() == {"id": THREAD, "object": "thread.deleted", "deleted": True}


def test_each_deletion_is_its_own_object() -> None:
    first, second = (
        run_both(lambda c: c.messages.delete(THREAD, MESSAGE), answer(b"", 204)).result
        for _ in range(2)
    )
    first.deleted = False
    assert second.deleted is True


UNPARSABLE: dict[str, bytes] = {
    "empty": b"",
    "HTML": b"<html>",
    "cut": b'{"id": "msg_1", "obj',
    "null": b"null",
    "number": b"5",
    "string": b'"x"',
    "array": b"[]",
    "no fields": b"{}",
    "an error in a 200": json.dumps(E3).encode(),
    "garbage": bytes(range(128, 256)),
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", UNPARSABLE.values(), ids=UNPARSABLE)
def test_a_success_that_fits_nothing_is_unparsable(body: bytes) -> None:
    calls = [
        lambda c: c.messages.retrieve(THREAD, MESSAGE),
        lambda c: c.messages.create(THREAD, "hi"),
        lambda c: c.messages.update(THREAD, MESSAGE, metadata={}),
        lambda c: c.threads.retrieve(THREAD),
    ]
    if body not in (b"[]",):
        calls.append(lambda c: c.messages.list(THREAD))
    if body:
        calls.append(lambda c: c.messages.delete(THREAD, MESSAGE))
    for call in calls:
        error = run_both(call, answer(body, 200, x_request_id="req-1")).error
        assert type(error) is UnparsableResponseError
        assert error.status_code == 200
        assert error.body == body.decode("utf-8", "replace")
        assert error.request_id == "req-1"
        assert error.headers["x-request-id"] == "req-1"
        assert error.operation
        assert error.reason
        assert len(str(error)) < 500


BAD_ITEMS: list[Any] = [
    {"data": None},
    {"data": 5},
    {"data": {}},
    {"data": "ab"},
    {"data": [5]},
    {"data": [None]},
    {"data": [{"id": "x"}]},
    {"data": [message(5)]},  # type: ignore[arg-type]
    [None],
    {"object": "list"},
]


@pytest.mark.parametrize("body", BAD_ITEMS)
def test_a_page_that_is_none_is_unparsable(body: Any) -> None:
    error = run_both(lambda c: c.messages.list(THREAD), answer(body)).error
    assert type(error) is UnparsableResponseError


# The tree, and what errors hold.

INSTANCES: list[LaplasError] = [
    LaplasError("m"),
    ConfigurationError("api_key", "m"),
    InvalidArgumentError("thread_id", "m"),
    PaginationError("m", "msg_9"),
    APIError("m"),
    APIConnectionError("m", "read"),
    APITimeoutError("m", "read_timeout"),
    UnparsableResponseError("r", 200, body="<b>", headers={"a": "b"}, request_id="r1"),
    *(
        cls(
            "m",
            status,
            code="c",
            param="p",
            type="t",
            request_id="r1",
            timestamp=datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))),
            body={"a": [1]},
            headers={"a": "b"},
            retry_after=1.5,
        )
        for status, cls in {**CLASSES, 418: APIStatusError, 500: ServerError}.items()
    ),
    laplas.ActiveRunError("m", 400),
    laplas.StreamError("m", code="c", param="p", type="t", body={"a": 1}),
    laplas.StreamCutError("m", "truncated"),
    *(
        cls("m", {"id": "run_1"})
        for cls in (
            laplas.RunError,
            laplas.RunFailedError,
            laplas.RunExpiredError,
            laplas.RunCancelledError,
            laplas.RunIncompleteError,
            laplas.RunRequiresActionError,
            laplas.RunTimeoutError,
        )
    ),
]


def test_every_error_class_is_in_the_list() -> None:
    named = {getattr(laplas, name) for name in laplas.__all__}
    errors = {c for c in named if inspect.isclass(c) and issubclass(c, BaseException)}
    assert errors == {type(error) for error in INSTANCES}
    assert all(issubclass(cls, LaplasError) for cls in errors)


@pytest.mark.parametrize("error", INSTANCES, ids=lambda error: type(error).__name__)
def test_errors_survive_pickle_and_copy(error: LaplasError) -> None:
    """With all attributes, those that were told later and notes included."""
    if isinstance(error, APIError):
        error.operation, error.attempts, error.elapsed = "create_message", 3, 1.5
        error.may_have_taken_effect, error.cursor = True, "msg_8"
    error.add_note("a note")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert vars(again) == vars(error)
        assert (str(again), repr(again), again.args) == (str(error), repr(error), error.args)


def test_the_tree() -> None:
    assert issubclass(ConfigurationError, ValueError)
    assert issubclass(InvalidArgumentError, ValueError)
    assert issubclass(APITimeoutError, APIConnectionError)
    for cls in (*CLASSES.values(), ServerError):
        assert issubclass(cls, APIStatusError)
    for kind in (APIConnectionError, APIStatusError, UnparsableResponseError):
        assert issubclass(kind, APIError)
    assert not issubclass(PaginationError, APIError)


@pytest.mark.parametrize("name", [n for n in laplas.__all__ if n != "__version__"])
def test_docstrings_point_to_names_that_are_there(name: str) -> None:
    """Whatever a public docstring calls ``laplas.X`` can be imported as that."""
    for pointed in re.findall(r"`laplas\.(\w+)", inspect.getdoc(getattr(laplas, name)) or ""):
        assert hasattr(laplas, pointed), pointed


FAILING = {
    "status": [answer(E3, 401)],
    "server": [answer(E2, 500)] * 3,
    "redirect": [answer("", 302)],
    "unparsable": [answer("<html>")],
    "connect": [breaks(httpx.ConnectError("no"))] * 3,
    "timeout": [breaks(httpx.ReadTimeout("slow"))] * 3,
    "decoding": [breaks(httpx.DecodingError("gzip"))],
    "listing": [answer(page("a", has_more=True)), answer(E3, 403)],
    "cycle": [answer(page("a", has_more=True))] * 2,
}


@pytest.mark.parametrize("name", FAILING)
def test_no_error_leads_to_the_http_library_or_to_the_key(name: str) -> None:
    """Neither its attributes, nor its causes, nor what a traceback printed with locals shows."""
    ran = run_both(lambda c: c.messages.list(THREAD), *FAILING[name], collect="items")
    assert isinstance(ran.error, LaplasError)
    for value in reached_from(ran.error):
        home = type(value).__module__.partition(".")[0]
        assert home not in {"httpx", "httpcore", "h11", "anyio"}, value
        assert KEY not in repr(value)
    told = traceback.TracebackException.from_exception(ran.error, capture_locals=True)
    for frame in told.stack:
        if "laplas" in frame.filename:
            assert KEY not in repr(frame.locals)
    assert ran.error.__cause__ is None
    assert ran.error.__context__ is None
    assert KEY.encode() not in pickle.dumps(ran.error)


def reached_from(value: Any, depth: int = 0) -> Iterator[Any]:
    """What hangs on an error; of the frames that it went through in the package, the locals."""
    yield value
    if depth > 6:
        return
    inner: list[Any] = []
    if isinstance(value, BaseException):
        inner += [*vars(value).values(), *value.args, value.__cause__, value.__context__]
        for frame, _ in traceback.walk_tb(value.__traceback__):
            # The test's own frames hold its own things.
            if "/laplas/" in frame.f_code.co_filename:
                inner += frame.f_locals.values()
    elif isinstance(value, dict):
        inner += [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set) and not hasattr(value, "api_key"):
        inner += value
    for item in inner:
        yield from reached_from(item, depth + 1)


def test_a_raw_answer_to_an_error_status_is_raised_like_any_other() -> None:
    plain = run_both(lambda c: c.threads.retrieve(THREAD), answer(E3, 404)).error
    raw = run_both(lambda c: c.threads.with_raw_response.retrieve(THREAD), answer(E3, 404)).error
    assert plainly(plain) == plainly(raw)


def test_an_answer_over_the_limit_is_an_error_and_not_held() -> None:
    ran = run_both(
        lambda c: c.threads.retrieve(THREAD), answer(thread(x="y" * 2000)), max_response_bytes=1000
    )
    assert type(ran.error) is APIConnectionError
    assert ran.error.kind == "too_large"
    assert "1000" in str(ran.error)
    assert len(ran.requests) == 1
    fits = json.dumps(thread()).encode()
    ran = run_both(lambda c: c.threads.retrieve(THREAD), answer(fits), max_response_bytes=len(fits))
    assert ran.result.id == THREAD
