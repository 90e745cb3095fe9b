"""An id addresses one thing or nothing: whatever it is, no other resource is reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import BASE, Ran, answer, message, run_both, run_sync, thread

from laplas import InvalidArgumentError, UnparsableResponseError

NASTY: list[Any] = [
    "", " ", "  \t", "\u3000", "\u200b", "\ufeff", "id ", ".", "..", "./", "../", "../..", "/..",
    "x/..", "..%2f", "%2e", "%2E", "%2e%2e", ".%2e", "%2e.", "%2e%2e%2f", "%252e%252e", "%2f",
    "%5c", "%00", "%0d%0a", "%20", "%", "%zz", "%u002e", "/", "//", "\\", "..\\..",
    "\\\\host\\share", "a/b", "a\\b", "\x00", "a\x00b", "a%00b", "\r\n", "x\r\nX-Evil: 1",
    "x HTTP/1.1\r\n\r\nDELETE /threads/t HTTP/1.1", "id\n", "a\x7fb", "\x85", "a\u2028b", "?",
    "x?y=z", "#", "x#y", ";", "x;y", "@", "x@host", ":", "http://host/", "//host/x", "&", "=",
    "+", "*", "~", "'", '"', "<>", "{}", "[]", "|", "^", "`", "\U0001f600", "\u202e",
    "\uff0e\uff0e", "\uff0e", "\u2025", "\u2024\u2024", "\uff0f", "\u0338", "\ud800", "a\udfffb",
    "x" * 10_000, "\xe9" * 10_000, None, True, 5, 5.0, b"msg", ["msg"], {"id": "msg"}, object(),
    ("msg",),
]  # fmt: skip
# Ids are opaque: only what could do harm is refused.
GOOD = ["id_1", "a b", "\xe9", "\u65e5\u672c", "7", "...", "a.b", "100%", "x" * 1000]


class Spot(NamedTuple):
    """A place in a call where an id goes, and the request there, with ID for the id."""

    argument: str
    call: Callable[[Any, Any], Any]
    line: str


MESSAGE = "/threads/t/messages/ID"
IN_THREAD = "/threads/ID/messages"
# What destroys comes first.
SPOTS = [
    Spot("message_id", lambda c, i: c.messages.delete("t", i), f"DELETE {MESSAGE}"),
    Spot("thread_id", lambda c, i: c.messages.delete(i, "m"), f"DELETE {IN_THREAD}/m"),
    Spot("thread_id", lambda c, i: c.threads.delete(i), "DELETE /threads/ID"),
    Spot("thread_id", lambda c, i: c.thread(i).delete(), "DELETE /threads/ID"),
    Spot("message_id", lambda c, i: c.thread("t").messages.delete(i), f"DELETE {MESSAGE}"),
    Spot(
        "thread_id",
        lambda c, i: c.beta.threads.messages.delete(message_id="m", thread_id=i),
        f"DELETE {IN_THREAD}/m",
    ),
    Spot("message_id", lambda c, i: c.messages.with_raw_response.delete("t", i),
         f"DELETE {MESSAGE}"),
    Spot("message_id", lambda c, i: c.messages.update("t", i, metadata={}), f"POST {MESSAGE}"),
    Spot("thread_id", lambda c, i: c.messages.update(i, "m", metadata={}), f"POST {IN_THREAD}/m"),
    Spot("thread_id", lambda c, i: c.threads.update(i, metadata={}), "POST /threads/ID"),
    Spot("thread_id", lambda c, i: c.messages.create(i, "hi"), f"POST {IN_THREAD}"),
    Spot("message_id", lambda c, i: c.messages.retrieve("t", i), f"GET {MESSAGE}"),
    Spot("thread_id", lambda c, i: c.messages.retrieve(i, "m"), f"GET {IN_THREAD}/m"),
    Spot("thread_id", lambda c, i: c.threads.retrieve(i), "GET /threads/ID"),
    Spot("thread_id", lambda c, i: c.messages.list(i), f"GET {IN_THREAD}"),
    Spot("thread_id", lambda c, i: c.messages.latest(i), f"GET {IN_THREAD}?limit=1&order=desc"),
    *(
        Spot(name, lambda c, i, name=name: c.messages.list("t", **{name: i}),  # type: ignore[misc]
             f"GET /threads/t/messages?{name}=ID")
        for name in ("after", "before", "run_id")
    ),
]  # fmt: skip


def is_held(spot: Spot, nasty: Any, ran: Ran) -> bool:
    """Hold that an id was refused before anything was sent, or is one segment of the request that
    was meant and nothing else; tell whether it was sent."""
    if isinstance(ran.problem, InvalidArgumentError):
        assert not ran.requests
        assert ran.error.argument == spot.argument
        assert str(ran.error).startswith(f"{spot.argument}: ")
        return False
    assert ran.error.status_code == 418
    assert ran.sent.url.startswith(f"{BASE}/")
    method, _, wanted = spot.line.partition(" ")
    if nasty is None:
        wanted = wanted.partition("?")[0]  # a filter that is not asked for
    assert ran.sent.method == method
    target, plan = urlsplit("//host" + ran.sent.target), urlsplit(wanted)
    assert not target.fragment
    for part, segment in zip(plan.path.split("/"), target.path.split("/"), strict=True):
        assert unquote(segment) == (nasty if part == "ID" else part)
        if part == "ID":
            twice = unquote(unquote(segment))  # as by a proxy in between
            assert twice.strip() not in {"", ".", ".."}
            assert not {"/", "\\"} & set(twice)
    query = [(key, nasty if value == "ID" else value) for key, value in parse_qsl(plan.query)]
    assert parse_qsl(target.query, keep_blank_values=True) == query
    return True


@pytest.mark.parametrize("spot", SPOTS, ids=[f"{spot.argument} {spot.line}" for spot in SPOTS])
def test_an_id_is_refused_before_anything_is_sent_or_is_one_segment(spot: Spot) -> None:
    def run(id_: Any) -> Ran:
        return run_both(lambda c: spot.call(c, id_), answer(status=418), max_retries=0)

    for nasty in NASTY:
        is_held(spot, nasty, run(nasty))
    for good in GOOD:
        assert is_held(spot, good, run(good)), good


# Characters that mean something in URLs, paths and HTTP, and any others.
TEXTS = (
    st.text(st.sampled_from(".%/\\?#&=;:@+ 2eEfF5cC0dDaA\r\n\t\x00\xe9\uff0e\uff0f\ud800"))
    | st.text()
)


@settings(deadline=None, max_examples=400)
@given(nasty=TEXTS, spot=st.sampled_from(SPOTS))
def test_any_text_is_refused_or_one_segment(nasty: str, spot: Spot) -> None:
    ran = run_sync(lambda c: spot.call(c, nasty), answer(status=418), max_retries=0)
    is_held(spot, nasty, ran)


# ---- paths of `request` -------------------------------------------------------------------------

PATHS: list[Any] = [
    "", "threads", "/threads/../x", "/threads/./x", "/..", "/.", "/threads/t/messages/..",
    "/threads/t/messages/%2e%2e", "/threads/t/messages/%2E.", "/threads/%2e%2e/x", "/a b", "/a?b=c",
    "/a#b", "/a\r\nX-Evil: 1", "/a\x00", "/\ud800", "http://host/x", "//..", "/a/..;/b", None, 5,
    b"/threads", "/threads\\..\\x",
]  # fmt: skip
METHODS: list[Any] = ["", "get\r\nX: 1", "TRACE", "CONNECT", "GET ", None, 5]
ODD = [*(("path", "DELETE", path) for path in PATHS), *(("method", m, "/threads") for m in METHODS)]


@pytest.mark.parametrize(("argument", "method", "path"), ODD, ids=ascii)
def test_a_method_or_path_that_breaks_out_is_refused(argument: str, method: Any, path: Any) -> None:
    ran = run_both(lambda c: c.request(method, path))
    assert isinstance(ran.problem, InvalidArgumentError)
    assert ran.error.argument == argument
    assert not ran.requests


@pytest.mark.parametrize("path", ["/threads/a%2Fb", "//host/x", "/x//y", "/é", "/@host", "/a:b"])
def test_any_other_path_stays_below_the_base_url(path: str) -> None:
    ran = run_both(lambda c: c.request("DELETE", path), answer(status=204), max_retries=0)
    assert ran.sent.url.startswith(f"{BASE}/")
    assert unquote(ran.sent.target) == unquote(path)


# ---- answers: each is the one that was asked for ------------------------------------------------

RUN = {"id": "r", "object": "thread.run", "created_at": 1, "status": "queued", "thread_id": "t"}
RUN |= {"assistant_id": "a"}
STEP = {"id": "s", "object": "thread.run.step", "created_at": 1, "thread_id": "t", "run_id": "r"}
STEP |= {"assistant_id": "a", "type": "message_creation", "status": "completed"}
STEP |= {"step_details": {"type": "message_creation", "message_creation": {"message_id": "m"}}}
ASSISTANT = {"id": "a", "object": "assistant", "created_at": 1, "model": "m"}
FILE = {"id": "f", "object": "file", "created_at": 1, "filename": "f.txt", "bytes": 1}
MSG = message("m", thread_id="t")
OUTPUTS = [{"tool_call_id": "c", "output": "x"}]
# A call, its answer, and what in it, or in each of its items, must be what was asked for.
ANSWERS: dict[str, tuple[Callable[[Any], Any], dict[str, Any], str]] = {
    "threads.create": (lambda c: c.threads.create(), thread(id="t"), "object"),
    "threads.retrieve": (lambda c: c.threads.retrieve("t"), thread(id="t"), "object id"),
    "threads.update": (
        lambda c: c.threads.update("t", metadata={}), thread(id="t"), "object id",
    ),
    "threads.delete": (
        lambda c: c.threads.delete("t"),
        {"id": "t", "object": "thread.deleted", "deleted": True}, "object id",
    ),
    "messages.create": (lambda c: c.messages.create("t", "hi"), MSG, "object thread_id"),
    "messages.retrieve": (lambda c: c.messages.retrieve("t", "m"), MSG, "object id thread_id"),
    "messages.update": (
        lambda c: c.messages.update("t", "m", metadata={}), MSG, "object id thread_id",
    ),
    "messages.delete": (
        lambda c: c.messages.delete("t", "m"),
        {"id": "m", "object": "thread.message.deleted", "deleted": True}, "object id",
    ),
    "messages.list": (lambda c: c.messages.list("t"), {"data": [MSG]}, "object thread_id"),
    "messages.latest": (lambda c: c.messages.latest("t"), {"data": [MSG]}, "object thread_id"),
    "runs.create": (lambda c: c.runs.create("t", "a"), RUN, "object thread_id"),
    "runs.retrieve": (lambda c: c.runs.retrieve("t", "r"), RUN, "object id thread_id"),
    "runs.update": (lambda c: c.runs.update("t", "r", metadata={}), RUN, "object id thread_id"),
    "runs.cancel": (lambda c: c.runs.cancel("t", "r"), RUN, "object id thread_id"),
    "runs.submit_tool_outputs": (
        lambda c: c.runs.submit_tool_outputs("t", "r", OUTPUTS), RUN, "object id thread_id",
    ),
    "runs.list": (lambda c: c.runs.list("t"), {"data": [RUN]}, "object thread_id"),
    "steps.list": (
        lambda c: c.runs.steps.list("t", "r"), {"data": [STEP]}, "object thread_id run_id",
    ),
    "steps.retrieve": (
        lambda c: c.runs.steps.retrieve("t", "r", "s"), STEP, "object id thread_id run_id",
    ),
    "threads.create_and_run": (lambda c: c.threads.create_and_run("a"), RUN, "object"),
    "assistants.create": (lambda c: c.assistants.create("m"), ASSISTANT, "object"),
    "assistants.retrieve": (lambda c: c.assistants.retrieve("a"), ASSISTANT, "object id"),
    "assistants.update": (lambda c: c.assistants.update("a", name="x"), ASSISTANT, "object"),
    "assistants.list": (lambda c: c.assistants.list(), {"data": [ASSISTANT]}, "object"),
    "files.retrieve": (lambda c: c.files.retrieve("f"), FILE, "object id"),
    "files.delete": (
        lambda c: c.files.delete("f"), {"id": "f", "object": "file", "deleted": True}, "object id",
    ),
}  # fmt: skip


def changed(body: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    """An answer whose object, or whose second item, says something else there."""
    if "data" not in body:
        return {**body, field: value}
    (item,) = body["data"]
    return {"data": [item, {**item, "id": "second", field: value}]}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_about_something_else_is_not_taken_for_this_ones(name: str) -> None:
    """A server may answer twice, and a proxy may mix connections up: its raw form, too."""
    call, right, fields = ANSWERS[name]
    given = dict.fromkeys(fields.split(), "another")
    if "object" in given:
        given["object"] = "list" if right.get("object") != "list" else "file"
    for field, other in given.items():
        ran = run_both(call, answer(changed(right, field, other)))
        assert isinstance(ran.problem, UnparsableResponseError), field
        assert f"its {field} is '{other}'" in str(ran.error)
        writes = not name.endswith(("retrieve", "list", "latest"))
        assert ran.error.may_have_taken_effect is writes
        assert len(ran.requests) == 1, "another attempt would do it twice"
        for odd in (None, 5):  # other servers say nothing there, or something of their own
            if field != "id":
                assert run_both(call, answer(changed(right, field, odd))).problem is None
    assert run_both(call, answer(changed(right, "object", "message"))).problem is None
    assert run_both(call, answer(right)).problem is None
