"""An id addresses one thing or nothing: whatever it is, no other resource is reached."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Loopback, answer, run_sync

from laplas import AsyncLaplas, InvalidArgumentError, Laplas
from laplas_api import AuthenticatedClient
from laplas_api.api.messages import (
    create_message,
    delete_message,
    list_messages,
    retrieve_message,
    update_message,
)
from laplas_api.api.threads import delete_thread, retrieve_thread, update_thread
from laplas_api.models import CreateMessageRequest, UpdateMessageRequest, UpdateThreadRequest

NASTY: list[Any] = [
    "", " ", "\t", "\u3000", "\u200b", "\ufeff", ".", "..", "...", "./", "../", "../..", "/..",
    "x/..", "..%2f", "%2e", "%2E", "%2e%2e", ".%2e", "%2e.", "%2e%2e%2f", "%252e%252e", "%2f",
    "%5c", "%00", "%0d%0a", "%20", "%", "%zz", "%u002e", "/", "//", "\\", "..\\..",
    "\\\\host\\share", "a/b", "a\\b", "\x00", "a\x00b", "\r\n", "x\r\nX-Evil: 1",
    "x HTTP/1.1\r\n\r\nDELETE /threads/t HTTP/1.1", "\n", "a\x7fb", "\x85", "\u2028", "?",
    "x?y=z", "#", "x#y", ";", "x;y", "@", "x@host", ":", "http://host/", "//host/x", "&", "=",
    "+", "*", "~", "'", '"', "<>", "{}", "[]", "|", "^", "`", "\xe9", "\u65e5\u672c",
    "\U0001f600", "\u202e", "\uff0e\uff0e", "\uff0e", "\u2025", "\u2024\u2024", "\uff0f",
    "\u0338", "\ud800", "a\udfffb", "x" * 1000, "x" * 10_000, "\xe9" * 10_000, None, True, 5, 5.0,
    b"msg", ["msg"], {"id": "msg"}, object(), ("msg",),
]  # fmt: skip
GOOD = "id_1"


class Spot:
    """A place in a call where an id goes, with the request that a plain id makes there."""

    def __init__(self, name: str, call: Callable[[Any, Any], Any], line: str) -> None:
        self.name = name
        self.call = call
        self.method, _, self.path = line.partition(" ")
        self.path, _, self.key = self.path.partition("?")

    def holds(self, requests: list[str], nasty: Any) -> None:
        """Assert that the one request is the intended one, with the id in it and nothing else."""
        assert len(requests) == 1, requests
        method, target = requests[0].split(" ")[:2]
        assert method == self.method
        parts = urlsplit("//host" + target)
        assert not parts.fragment
        segments = parts.path.split("/")
        assert len(segments) == len(self.path.split("/")), target
        for wanted, segment in zip(self.path.split("/"), segments, strict=True):
            if wanted != "ID":
                assert segment == wanted
                continue
            assert unquote(segment) == nasty
            if not self.generated:  # a proxy in between may decode once more
                twice = unquote(unquote(segment))
                assert twice.strip() not in {"", ".", ".."}
                assert not {"/", "\\"} & set(twice)
        query = parse_qsl(parts.query, keep_blank_values=True)
        assert query == ([(self.key, nasty)] if self.key else [])

    @property
    def generated(self) -> bool:
        return self.name.startswith("generated")


# What destroys comes first.
SPOTS = [
    Spot("delete message", lambda c, i: c.messages.delete("t", i), "DELETE /threads/t/messages/ID"),
    Spot("delete in", lambda c, i: c.messages.delete(i, "m"), "DELETE /threads/ID/messages/m"),
    Spot("delete thread", lambda c, i: c.threads.delete(i), "DELETE /threads/ID"),
    Spot("handle delete", lambda c, i: c.thread(i).delete(), "DELETE /threads/ID"),
    Spot(
        "handle delete message",
        lambda c, i: c.thread("t").messages.delete(i),
        "DELETE /threads/t/messages/ID",
    ),
    Spot(
        "raw delete",
        lambda c, i: c.messages.with_raw_response.delete("t", i),
        "DELETE /threads/t/messages/ID",
    ),
    Spot(
        "update message",
        lambda c, i: c.messages.update("t", i, metadata={}),
        "POST /threads/t/messages/ID",
    ),
    Spot("update thread", lambda c, i: c.threads.update(i, metadata={}), "POST /threads/ID"),
    Spot("create message", lambda c, i: c.messages.create(i, "hi"), "POST /threads/ID/messages"),
    Spot(
        "retrieve message", lambda c, i: c.messages.retrieve("t", i), "GET /threads/t/messages/ID"
    ),
    Spot("retrieve thread", lambda c, i: c.threads.retrieve(i), "GET /threads/ID"),
    Spot("list", lambda c, i: c.messages.list(i), "GET /threads/ID/messages"),
    Spot("after", lambda c, i: c.messages.list("t", after=i), "GET /threads/t/messages?after"),
    Spot("before", lambda c, i: c.messages.list("t", before=i), "GET /threads/t/messages?before"),
    Spot("run id", lambda c, i: c.messages.list("t", run_id=i), "GET /threads/t/messages?run_id"),
]
GENERATED = [
    Spot(
        "generated delete message",
        lambda c, i: delete_message.sync_detailed("t", i, client=c),
        "DELETE /threads/t/messages/ID",
    ),
    Spot(
        "generated delete in",
        lambda c, i: delete_message.sync_detailed(i, "m", client=c),
        "DELETE /threads/ID/messages/m",
    ),
    Spot(
        "generated delete thread",
        lambda c, i: delete_thread.sync_detailed(i, client=c),
        "DELETE /threads/ID",
    ),
    Spot(
        "generated update message",
        lambda c, i: update_message.sync_detailed(
            "t", i, client=c, body=UpdateMessageRequest(metadata=None)
        ),
        "POST /threads/t/messages/ID",
    ),
    Spot(
        "generated update thread",
        lambda c, i: update_thread.sync_detailed(i, client=c, body=UpdateThreadRequest()),
        "POST /threads/ID",
    ),
    Spot(
        "generated create",
        lambda c, i: create_message.sync_detailed(
            i, client=c, body=CreateMessageRequest(role="user", content="x")
        ),
        "POST /threads/ID/messages",
    ),
    Spot(
        "generated retrieve",
        lambda c, i: retrieve_message.sync_detailed("t", i, client=c),
        "GET /threads/t/messages/ID",
    ),
    Spot(
        "generated retrieve thread",
        lambda c, i: retrieve_thread.sync_detailed(i, client=c),
        "GET /threads/ID",
    ),
    Spot(
        "generated list",
        lambda c, i: list_messages.sync_detailed(i, client=c),
        "GET /threads/ID/messages",
    ),
]


@pytest.fixture(scope="module")
def loopback() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


def request_lines(server: Loopback) -> list[str]:
    """The first lines of what came over the wire, which is forgotten then."""
    lines = [request.split(b"\r\n")[0].decode("ascii") for request in server.requests]
    server.requests.clear()
    return lines


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.name)
def test_a_nasty_id_is_refused_before_anything_is_sent_or_is_one_segment(
    spot: Spot, loopback: Loopback
) -> None:
    with Laplas(api_key="k", base_url=loopback.url, max_retries=0) as client:
        for nasty in [GOOD, *NASTY]:
            loopback.script.append(answer(status=418))
            problem = _problem(functools.partial(spot.call, client, nasty))
            _refused_or_held(spot, nasty, problem, request_lines(loopback))
            loopback.script.clear()


@pytest.mark.parametrize("spot", SPOTS, ids=lambda spot: spot.name)
def test_the_async_client_refuses_the_same(spot: Spot, loopback: Loopback) -> None:
    async def made(nasty: Any) -> Any:
        async with AsyncLaplas(api_key="k", base_url=loopback.url, max_retries=0) as client:
            return await spot.call(client, nasty)

    for nasty in [GOOD, "..", "%2e%2e", "a/b", "x\r\ny", "\ud800", None, "é", "x?y=z"]:
        loopback.script.append(answer(status=418))
        problem = _problem(functools.partial(_run, made, nasty))
        _refused_or_held(spot, nasty, problem, request_lines(loopback))
        loopback.script.clear()


@pytest.mark.parametrize("spot", GENERATED, ids=lambda spot: spot.name)
def test_the_generated_functions_refuse_or_send_one_segment(spot: Spot, loopback: Loopback) -> None:
    with AuthenticatedClient(loopback.url, token="k") as client:
        for nasty in [GOOD, *NASTY]:
            loopback.script.append(answer("{}", status=418))
            problem = _problem(functools.partial(spot.call, client, nasty))
            lines = request_lines(loopback)
            if problem is None:
                spot.holds(lines, nasty)
            else:
                assert isinstance(problem, ValueError)
                assert not lines
            loopback.script.clear()


def _run(make: Callable[[Any], Any], nasty: Any) -> Any:
    return asyncio.run(make(nasty))


def _problem(call: Callable[[], Any]) -> Exception | None:
    try:
        call()
    except Exception as error:
        return error
    return None


def _refused_or_held(spot: Spot, nasty: Any, problem: Exception | None, lines: list[str]) -> None:
    if isinstance(problem, InvalidArgumentError):
        assert not lines
        assert nasty != GOOD
    elif nasty is None and spot.key:
        assert lines[0].startswith("GET /threads/t/messages HTTP")  # a filter not asked for
    else:
        assert getattr(problem, "status_code", None) == 418, problem
        spot.holds(lines, nasty)


# Characters that mean something in URLs, paths and HTTP, and any others.
TEXTS = (
    st.text(st.sampled_from(".%/\\?#&=;:@+ 2eEfF5cC0dDaA\r\n\t\x00\xe9\uff0e\uff0f\ud800"))
    | st.text()
)


@settings(deadline=None, max_examples=400)
@given(nasty=TEXTS, spot=st.sampled_from(SPOTS))
def test_any_text_is_refused_or_one_segment(nasty: str, spot: Spot) -> None:
    ran = run_sync(lambda c: spot.call(c, nasty), answer(status=418), max_retries=0)
    lines = [f"{sent.method} {sent.target} HTTP/1.1" for sent in ran.requests]
    _refused_or_held(spot, nasty, ran.problem, lines)


# ---- paths of `request` -------------------------------------------------------------------------

PATHS: list[Any] = [
    "", "threads", "/threads/../x", "/threads/./x", "/..", "/.", "/threads/t/messages/..",
    "/threads/t/messages/%2e%2e", "/threads/t/messages/%2E.", "/threads/%2e%2e/x", "/a b", "/a?b=c",
    "/a#b", "/a\r\nX-Evil: 1", "/a\x00", "/\ud800", "http://host/x", "//..", "/a/..;/b", None, 5,
    b"/threads", "/threads\\..\\x",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=ascii)
@pytest.mark.parametrize("method", ["DELETE", "GET"])
def test_a_path_that_climbs_or_breaks_out_is_refused(method: str, path: Any) -> None:
    ran = run_sync(lambda c: c.request(method, path))
    assert isinstance(ran.problem, InvalidArgumentError)
    assert ran.problem.argument == "path"
    assert not ran.requests


@pytest.mark.parametrize("path", ["/threads/a%2Fb", "//host/x", "/x//y", "/é", "/@host", "/a:b"])
def test_any_other_path_stays_below_the_base_url(path: str) -> None:
    ran = run_sync(lambda c: c.request("DELETE", path), answer(status=204), max_retries=0)
    assert ran.sent.url.startswith("https://api.test/")
    assert unquote(ran.sent.target) == unquote(path)


@pytest.mark.parametrize("method", ["", "get\r\nX: 1", "TRACE", "CONNECT", "GET ", None, 5])
def test_a_method_that_is_none_is_refused(method: Any) -> None:
    ran = run_sync(lambda c: c.request(method, "/threads"))
    assert isinstance(ran.problem, InvalidArgumentError)
    assert not ran.requests
