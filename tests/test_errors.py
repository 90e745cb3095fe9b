"""Errors: what they say, for which answer, and what they never hold."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from run_scripts import ASSISTANT, RUN, run
from scripted import (
    ERROR_CLASSES,
    KEY,
    MESSAGE,
    THREAD,
    answer,
    breaks,
    error_class,
    message,
    page,
    plainly,
    run_both,
    thread,
)

import laplas
from laplas._core import problems


def retrieve(client: Any) -> Any:
    return client.threads.retrieve(THREAD)


def retrieve_message(client: Any) -> Any:
    return client.messages.retrieve(THREAD, MESSAGE)


def failed(body: Any, status: int, **headers: str) -> Any:
    """The error of a call that is not repeated and meets this answer: body, status, headers."""
    return run_both(retrieve, answer(body, status, 0, **headers), max_retries=0).error


# A type and a code that would mislead a client which decides on them.
MISLEADING = {"error": {"message": "m", "type": "server_error", "code": "rate_limit_exceeded"}}


@pytest.mark.parametrize("status", [300, 301, 302, 304, 399, *range(400, 600), 777, 999])
def test_the_class_follows_from_the_status_alone(status: int) -> None:
    error = failed(MISLEADING, status)
    assert type(error) is error_class(status)
    assert error.status_code == status
    assert (error.type, error.code) == ("server_error", "rate_limit_exceeded")


def test_a_redirect_is_not_followed_and_says_so() -> None:
    """Following it would send the key and the message to another place."""
    error = failed(b"", 302, location="https://evil.test/")
    assert "redirect" in str(error)
    assert error.headers["location"] == "https://evil.test/"


TIME = "2026-08-30T12:34:56.789Z"
MOMENT = datetime(2026, 8, 30, 12, 34, 56, 789_000, UTC)
COMMON = {"message": "Body validation error!", "requestId": "4e7f-1", "timestamp": TIME}
E1 = {**COMMON, "path": "/threads", "statusCode": "429"}
E2 = {
    **COMMON,
    "title": "Unauthorized",
    "status": 401,
    "instance": "/threads",
    "error": {"name": "UnauthorizedException", "message": "inner words"},
}
E3_INNER = {"message": "No thread found with id 'thread_abc123'.", "type": "invalid_request_error"}
E3 = {"error": {**E3_INNER, "param": "thread_id", "code": "not_found"}}
E3_NULLS = {"error": {**E3_INNER, "param": None, "code": None}}
NOTHING = dict.fromkeys(("code", "param", "type", "request_id", "timestamp"))
# A body, its message, and what else is told.
ENVELOPES: list[tuple[Any, str, dict[str, Any]]] = [
    (E1, E1["message"], {"request_id": "4e7f-1", "timestamp": MOMENT}),
    (
        E2,
        E1["message"],
        {"type": "UnauthorizedException", "request_id": "4e7f-1", "timestamp": MOMENT},
    ),
    (E3, E3_INNER["message"], E3["error"]),
    (E3_NULLS, E3_INNER["message"], E3_INNER),
    # Less than an envelope, and mixtures of them.
    ({"message": "only this"}, "only this", {}),
    ({"title": "Bad Gateway"}, "Bad Gateway", {}),
    ({"detail": "Not Found"}, "Not Found", {}),
    ({"error": "plain text"}, "plain text", {}),
    ({"error": {"message": "m", "code": 1234}}, "m", {"code": "1234"}),
    ({"message": "outer", "error": {"name": "X"}}, "outer", {"type": "X"}),
    ({"message": "outer", "error": None}, "outer", {}),
    ({"message": None, "error": {"name": "X", "message": "i"}}, "i", {"type": "X"}),
    ({"message": "m", "code": "c", "requestId": 7}, "m", {"code": "c", "request_id": "7"}),
    ({"message": "m", "error": {"code": [], "param": {}, "type": True}}, "m", {}),
    ({"error": {"message": "inner", "type": "t"}, "message": "outer"}, "inner", {"type": "t"}),
]

AGE = {"name": "age", "reason": "must be positive"}
CHILD = {"property": "role", "constraints": {"isEnum": "role must be valid"}}
CHILDREN = {"property": "messages", "children": [{"property": "0", "children": [CHILD]}]}
MISSING = {"loc": ["body", "messages", 0, "role"], "msg": "field required", "type": "missing"}
PRISM = {"location": ["body", "content"], "code": "required", "message": "is required"}
ISSUE = {"code": "invalid_type", "path": ["content"], "message": "Required"}
POINTER = {"source": {"pointer": "/data/attributes/content"}, "detail": "is blank"}
FIELD = {"type": "field", "msg": "Invalid value", "path": "content", "location": "body"}
AZURE_INNER = {"code": "X", "innererror": {"code": "Y", "message": "really"}}
AZURE = {"code": "Bad", "message": "Invalid.", "target": "role", "innererror": AZURE_INNER}
# As other servers and frameworks say what is wrong: a body, its message, its field, its code.
DETAILS: list[tuple[Any, str, str | None, str | None]] = [
    # NestJS, which the vendor's server is, and class-validator
    ({"message": ["a must be b", "c"], "error": "Bad Request"}, "a must be b; c", None, None),
    ({"message": {"message": ["a", "b"], "error": "Bad Request"}}, "a; b", None, None),
    ({"message": [CHILDREN]}, "messages[0].role: role must be valid", "messages[0].role", None),
    ({"message": {"content": ["is short"]}}, "content: is short", "content", None),
    # what no place is, beside one
    ({"error": {"message": "m", "type": "t", "param": [[], None]}}, "m", None, None),
    # FastAPI
    ({"detail": [MISSING]}, "messages[0].role: field required", "messages[0].role", None),
    ({"detail": {"message": "m"}}, "m", None, None),
    # problem+json, Prism
    ({"title": "Bad.", "invalid-params": [AGE]}, "Bad: age: must be positive", "age", None),
    ({"title": "T", "detail": "D.", "validation": [PRISM]}, "D: content: is required", "content",
     "required"),
    # Rails, Laravel, ASP.NET, Django, Express, JSON:API
    ({"errors": {"title": ["is blank"]}}, "title: is blank", "title", None),
    ({"title": "Wrong.", "errors": {"Content": ["required"]}}, "Wrong: Content: required",
     "Content", None),
    ({"message": "m!", "errors": {"content": "is short"}}, "m: content: is short", "content", None),
    ({"content": ["is short"]}, "content: is short", "content", None),
    ({"errors": [FIELD]}, "content: Invalid value", "content", None),
    ({"errors": [POINTER]}, "content: is blank", "content", None),
    ({"errors": ["a", {"message": "b"}, 5, None]}, "a; b", None, None),
    ({"errors": "flat"}, "flat", None, None),
    # zod, Azure, OAuth, gateways
    ({"error": {"name": "ZodError", "issues": [ISSUE]}}, "content: Required", "content",
     "invalid_type"),
    ({"errors": {"formErrors": [], "fieldErrors": {"a": ["b"]}}}, "a: b", "a", None),
    ({"error": AZURE}, "Invalid: really", "role", "Bad"),
    ({"error": "invalid_grant", "error_description": "It expired"}, "It expired", None, None),
    ({"error": {"message": {"message": "deep"}}}, "deep", None, None),
    ({"Message": "Forbidden"}, "Forbidden", None, None),
    ({"fault": {"faultstring": "Too many"}}, "Too many", None, None),
    # Neither objects nor JSON
    (["a", "b"], "a; b", None, None),
    (json.dumps(json.dumps({"error": {"message": "m", "code": "c"}})), "m", None, "c"),
    ("<html><head><title>502 &amp; Bad</title><body>x", "502 & Bad", None, None),
    ("<html><body>\n<h1>502  Bad\tGateway</h1>", "502 Bad Gateway", None, None),
    ("one\n  two\n", "one two", None, None),
    # Bounded
    ({"message": [str(n) for n in range(99)]}, "0; 1; 2; 3; 4; 5; 6; 7; 8; 9; ...", None, None),
    ({"message": "x" * 3_000_000}, "x" * 1000 + "...", None, None),
    ({"message": ["x" * 999] * 2 + ["y" * 5]}, "x" * 999 + ";...", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("body", "text", "param", "code"), DETAILS)
def test_all_that_a_server_says_is_wrong_is_told(
    body: Any, text: str, param: str | None, code: str | None
) -> None:
    error = failed(body, 400)
    assert (error.message, error.param, error.code) == (text, param, code)


def test_a_hostile_error_is_read_in_a_bounded_number_of_steps() -> None:
    reader = problems._Reader()
    wide: Any = {"errors": []}
    for _ in range(8):
        wide = {"errors": {str(n): [wide] * 50 for n in range(50)}}
    assert reader.read(wide) == []
    assert reader._left > -1000
    assert problems.read_problem("<title" * 100_000).message == ("<title" * 34)[:200]


@pytest.mark.parametrize("body", [{"error": {"message": f"Bad key: {KEY}."}}, f"Bad key: {KEY}."])
def test_a_key_that_the_server_repeats_is_hidden(body: Any) -> None:
    error = failed(body, 401)
    assert error.message == "Bad key: ***."
    assert KEY not in repr(vars(error))


@pytest.mark.parametrize(("body", "text", "told"), ENVELOPES)
def test_all_envelopes_are_understood(body: Any, text: str, told: dict[str, Any]) -> None:
    error = failed(body, 400)
    expected = {**NOTHING, **told, "message": text, "body": body, "operation": "retrieve_thread"}
    assert {name: getattr(error, name) for name in expected} == expected
    for shown in (text, "400", "retrieve_thread", expected["request_id"] or ""):
        assert shown in str(error)


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
    "array": (b"[1, 2]", "[1, 2]"),
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


SUNDAY = MOMENT.replace(microsecond=0)
TIMES: dict[Any, datetime | None] = {
    TIME: MOMENT,
    "2026-08-30T14:34:56.789+02:00": MOMENT,
    "2026-08-30T12:34:56.789": MOMENT,
    "2026-08-30 12:34:56.789": MOMENT,
    "2026-08-30": datetime(2026, 8, 30, tzinfo=UTC),
    "Fri Aug  7 12:34:56 2026": SUNDAY.replace(day=7),
    "Sun Aug 30 12:34:56 2026": SUNDAY,
    "Sun, 30 Aug 2026 12:34:56 GMT": SUNDAY,
    "Sun, 30 Aug 2026 12:34:56 UTC": SUNDAY,
    "30 Aug 2026 14:34:56 +0200": SUNDAY,
    "Sunday, 30-Aug-26 12:34:56 GMT": SUNDAY,
    "2026-08-30T12:34:56Z": SUNDAY,
    " 20260830T123456 ": SUNDAY,
    **dict.fromkeys([5, 1.5, True, None, 1_788_093_296, "5", "12.5", "9" * 400, ("2026",)]),
    **dict.fromkeys(["", " ", "soon", "mon", "yesterday", "10:00", "\ud800", "٢٠٢٦"]),
    **dict.fromkeys(["Sun, 30 Feb 2026 12:34:56 GMT", "Sun, 30 Aug 2026 99:99:99 GMT"]),
    **dict.fromkeys(["Sun, 30 Aug 2026 12:34:56 XYZ", "2026-08-30 12:34:56 XYZ", "2026-13-45"]),
    **dict.fromkeys(["Sun, 30 Aug 2026 12:34:56", "2026-13-45T99:99:99Z"]),
    **dict.fromkeys(["Mon, 31 Dec 9999 23:59:59 -1400", "9999-12-31T23:59:59-14:00"]),
    "0001-01-01T00:00:00+14:00": None,
}


@pytest.mark.parametrize(("text", "at"), TIMES.items(), ids=ascii)
def test_times_are_aware_or_none(text: Any, at: datetime | None) -> None:
    """Dates of HTTP and of ISO 8601, in UTC where no zone is named; all else is none, unwarned."""
    error = failed({"message": "m", "timestamp": text}, 400)
    assert error.timestamp == at
    assert at is None or error.timestamp.utcoffset() == timedelta(0)


def test_the_date_header_stands_in_for_the_time_of_the_body() -> None:
    date = "Sun, 30 Aug 2026 12:34:56 GMT"
    assert failed(E3, 400, date=date).timestamp == SUNDAY
    assert failed(E1, 400, date="Mon, 31 Aug 2026 00:00:00 GMT").timestamp == MOMENT


# Success.


@pytest.mark.parametrize("status", [200, 201, 202, 203, 206, 226, 299])
def test_any_2xx_is_success(status: int) -> None:
    created = run_both(lambda c: c.messages.create(THREAD, "hi"), answer(message(), status))
    assert created.result.to_dict() == message()
    assert run_both(lambda c: c.messages.list(THREAD), answer(page("a"), status)).result.data


@pytest.mark.parametrize("status", [200, 202, 204])
@pytest.mark.parametrize("body", [b"", b" \n"])
@pytest.mark.parametrize(
    ("call", "id_", "kind"),
    [
        (lambda c: c.messages.delete(THREAD, MESSAGE), MESSAGE, "thread.message.deleted"),
        (lambda c: c.threads.delete(THREAD), THREAD, "thread.deleted"),
    ],
)
def test_an_empty_success_is_a_deletion(
    status: int, body: bytes, call: Any, id_: str, kind: str
) -> None:
    for _ in range(2):
        gone = run_both(call, answer(body, status)).result
        assert gone.to_dict() == {"id": id_, "object": kind, "deleted": True}
        gone.deleted = False  # each is an object of its own


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
        retrieve_message,
        lambda c: c.messages.create(THREAD, "hi"),
        lambda c: c.messages.update(THREAD, MESSAGE, metadata={}),
        retrieve,
    ]
    if body != b"[]":
        calls.append(lambda c: c.messages.list(THREAD))
    if body:
        calls.append(lambda c: c.messages.delete(THREAD, MESSAGE))
    for call in calls:
        error = run_both(call, answer(body, 200, x_request_id="req-1")).error
        assert type(error) is laplas.UnparsableResponseError
        assert error.status_code == 200
        assert error.body == body.decode("utf-8", "replace")
        assert error.request_id == "req-1"
        assert error.headers["x-request-id"] == "req-1"
        assert error.operation
        assert error.reason
        assert len(str(error)) < 500


def create_run(client: Any) -> Any:
    return client.runs.create(THREAD, ASSISTANT)


ABOUT_RUN = f"this is about the run {RUN} of {THREAD}"
UNREADABLE: list[tuple[Any, Any, str]] = [
    (create_run, {"id": RUN, "thread_id": THREAD}, ABOUT_RUN),
    (lambda c: c.runs.create_and_poll(THREAD, ASSISTANT), {"id": RUN, "thread_id": THREAD},
     ABOUT_RUN),
    (lambda c: c.threads.create_and_run(ASSISTANT), {"id": RUN, "thread_id": THREAD}, ABOUT_RUN),
    (lambda c: c.messages.create(THREAD, "hi"), {"id": MESSAGE}, f"what was created is {MESSAGE}"),
    (lambda c: c.threads.create(), {"id": THREAD}, f"what was created is {THREAD}"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "body", "note"), UNREADABLE)
def test_what_was_created_is_named_although_it_cannot_be_read(
    call: Any, body: Any, note: str
) -> None:
    error = run_both(call, answer(body)).error
    assert type(error) is laplas.UnparsableResponseError
    assert error.may_have_taken_effect
    assert error.__notes__ == [note]
    assert error.run_id == (RUN if note is ABOUT_RUN else None)


@pytest.mark.parametrize("id_", ["", " ", "..", "a/b", "a\r\nb", "x" * 1001, None, 7, [], {}])
def test_what_was_created_has_an_id_to_go_on_with(id_: Any) -> None:
    """Else the next request would fail, as if its caller had given a wrong argument."""
    ask = lambda c: c.thread(THREAD).ask("How?", assistant=ASSISTANT)  # noqa: E731
    poll = lambda c: c.runs.create_and_poll(THREAD, ASSISTANT)  # noqa: E731
    for call, steps in ((ask, [answer(message())]), (poll, [])):
        ran = run_both(call, *steps, answer(run(id=id_)))
        assert type(ran.error) is laplas.UnparsableResponseError
        assert "id: " in ran.error.reason
    error = run_both(lambda c: c.messages.create(THREAD, "hi"), answer(message(id=id_))).error
    assert type(error) is laplas.UnparsableResponseError


@pytest.mark.parametrize("body", [body for body, *_ in ENVELOPES if isinstance(body, dict)])
@pytest.mark.parametrize("call", [retrieve, create_run, lambda c: c.messages.list(THREAD)])
def test_an_error_in_a_success_is_told_with_its_message(call: Any, body: Any) -> None:
    error = run_both(call, answer(body)).error
    assert type(error) is laplas.UnparsableResponseError
    assert next(text for told, text, _ in ENVELOPES if told == body) in str(error)


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "APPLICATION/JSON", "application/problem+json", "text/html"]
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_json_is_read_whatever_its_content_type(kind: str | None, mark: bytes) -> None:
    headers: Any = {} if kind is None else {"content_type": kind}
    for call, body in ((create_run, run()), (retrieve, thread())):
        ran = run_both(call, answer(mark + json.dumps(body).encode(), **headers))
        assert ran.result.to_dict() == body
    assert failed(mark + json.dumps(E3).encode(), 400, **headers).code == "not_found"


@pytest.mark.parametrize(
    ("call", "body"), [(retrieve, thread(id="other")), (retrieve_message, message("other"))]
)
def test_an_answer_about_another_object_is_unparsable(call: Any, body: Any) -> None:
    """As where a proxy mixes up the answers on its connections."""
    error = run_both(call, answer(body)).error
    assert type(error) is laplas.UnparsableResponseError
    assert "'other'" in str(error)


NO_ITEMS: list[Any] = [None, 5, {}, "ab", [5], [None], [{"id": "x"}], [{**message(), "id": 5}]]


@pytest.mark.parametrize("body", [*({"data": bad} for bad in NO_ITEMS), [None], {"object": "list"}])
def test_a_page_that_is_none_is_unparsable(body: Any) -> None:
    error = run_both(lambda c: c.messages.list(THREAD), answer(body)).error
    assert type(error) is laplas.UnparsableResponseError


# The tree, and what errors hold.

RUN_ERRORS: list[Any] = [laplas.RunError, *laplas.RunError.__subclasses__()]
INSTANCES: list[laplas.LaplasError] = [
    laplas.LaplasError("m"),
    laplas.ConfigurationError("api_key", "m"),
    laplas.InvalidArgumentError("thread_id", "m"),
    laplas.PaginationError("m", "msg_9"),
    laplas.APIError("m"),
    laplas.APIConnectionError("m", "read"),
    laplas.APITimeoutError("m", "read_timeout"),
    laplas.UnparsableResponseError("r", 200, body="<b>", headers={"a": "b"}, request_id="r1"),
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
        for status, cls in {
            **ERROR_CLASSES,
            418: laplas.APIStatusError,
            500: laplas.ServerError,
        }.items()
    ),
    laplas.ActiveRunError("m", 400),
    laplas.StreamError("m", code="c", param="p", type="t", body={"a": 1}),
    laplas.StreamCutError("m", "truncated"),
    *(cls("m", {"id": "run_1"}) for cls in RUN_ERRORS),
    *(
        cls("m", laplas.Message.from_dict(message()))
        for cls in (laplas.ParseError, laplas.RefusalError, laplas.IncompleteMessageError)
    ),
]


def test_every_error_class_is_in_the_list() -> None:
    named = {getattr(laplas, name) for name in laplas.__all__}
    errors = {c for c in named if inspect.isclass(c) and issubclass(c, BaseException)}
    errors.remove(laplas.PaginationWarning)
    assert errors == {type(error) for error in INSTANCES}
    assert all(issubclass(cls, laplas.LaplasError) for cls in errors)


@pytest.mark.parametrize("error", INSTANCES, ids=lambda error: type(error).__name__)
def test_errors_survive_pickle_and_copy(error: laplas.LaplasError) -> None:
    """With all attributes, those that were told later and notes included."""
    if isinstance(error, laplas.APIError):
        error.operation, error.attempts, error.elapsed = "create_message", 3, 1.5
        error.may_have_taken_effect, error.cursor = True, "msg_8"
    error.add_note("a note")
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert vars(again) == vars(error)
        assert (str(again), repr(again), again.args) == (str(error), repr(error), error.args)


def test_the_tree() -> None:
    assert issubclass(laplas.ConfigurationError, ValueError)
    assert issubclass(laplas.InvalidArgumentError, ValueError)
    assert issubclass(laplas.APITimeoutError, laplas.APIConnectionError)
    for cls in (*ERROR_CLASSES.values(), laplas.ServerError):
        assert issubclass(cls, laplas.APIStatusError)
    for kind in (laplas.APIConnectionError, laplas.APIStatusError, laplas.UnparsableResponseError):
        assert issubclass(kind, laplas.APIError)
    assert not issubclass(laplas.PaginationError, laplas.APIError)


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
    assert isinstance(ran.error, laplas.LaplasError)
    for value in reached_from(ran.error):
        home = type(value).__module__.partition(".")[0]
        assert home not in {"httpx", "httpcore", "h11", "anyio"}, value
        assert KEY not in repr(value)
    assert ran.error.__cause__ is None
    assert ran.error.__context__ is None
    assert KEY.encode() not in pickle.dumps(ran.error)


PACKAGE = Path(laplas.__file__).parent


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
            if PACKAGE in Path(frame.f_code.co_filename).parents:
                inner += frame.f_locals.values()
    elif isinstance(value, dict):
        inner += [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set) and not hasattr(value, "api_key"):
        inner += value
    for item in inner:
        yield from reached_from(item, depth + 1)


def test_a_raw_answer_to_an_error_status_is_raised_like_any_other() -> None:
    raw = run_both(lambda c: c.threads.with_raw_response.retrieve(THREAD), answer(E3, 404)).error
    assert plainly(raw) == plainly(failed(E3, 404))
