"""Faults on purpose: how to ask for them, what they do on a socket, what `Laplas` says of them."""

from __future__ import annotations

import gzip
import io
import json
import re
import shlex
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_local_http import COMMAND, ENVIRONMENT, announced

from laplas import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    Laplas,
    RateLimitError,
    ServerError,
    UnparsableResponseError,
)
from laplas.errors import StreamCutError, StreamError
from laplas.local import Fault, LocalServer, running
from laplas.local.__main__ import _parser
from laplas.local._faults import Kind, parse

pytest.importorskip("aiohttp")

KEY = {"Authorization": "Bearer any-key"}
THREAD = "thread_abc123"
PATH = f"/threads/{THREAD}/messages"
BODY = json.dumps({"role": "user", "content": "héllo"}).encode()


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer(fault_seed=1) as opened:
        yield opened


@pytest.fixture
def base_url(server: LocalServer) -> Iterator[str]:
    with running(server) as url:
        yield url


@pytest.fixture
def client(base_url: str) -> Iterator[Laplas]:
    with Laplas(api_key="any-key", base_url=base_url, max_retries=0, timeout=30) as opened:
        yield opened


def created(server: LocalServer) -> int:
    """How many messages there are beside the two of the examples."""
    return len(server.messages(THREAD)) - 2


def post(server: LocalServer, headers: Mapping[str, str] = KEY) -> int:
    return server.handle("POST", PATH, headers, BODY).status


# --- asking for a fault ---


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("reset", {}),
        ("reset-after-commit x2", {"after_commit": True, "times": 2}),
        ("*: status", {}),
        (
            "create_message: status=503 times=2 retry-after=0",
            {"value": 503, "on": "create_message", "times": 2, "headers": {"retry-after": "0"}},
        ),
        (
            "status=429; retry-after-ms=5; x-should-retry=false",
            {"value": 429, "headers": {"retry-after-ms": "5", "x-should-retry": "false"}},
        ),
        ("GET: skip=1 delay=0.25 x*", {"value": 0.25, "on": "GET", "skip": 1, "times": None}),
        ("12.5% drip=1", {"value": 1, "probability": 0.125, "times": None}),
        ("drip 50% x3", {"probability": 0.5, "times": 3}),
        ("redirect=http://127.0.0.1:1/x", {"value": "http://127.0.0.1:1/x"}),
        ("charset=latin-1", {"value": "latin-1"}),
        ("delay-after-commit=2", {"value": 2, "after_commit": True}),
    ],
)
def test_a_text_says_what_the_fields_say(text: str, fields: dict[str, Any]) -> None:
    (kind,) = (kind for kind in get_args(Kind) if re.search(rf"(^| ){kind}($|[ =;]|-after)", text))
    assert parse(text) == Fault(kind=kind, **fields)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is none of"),
        ("x2", "says none of"),
        ("explode", "'explode' is none of status, html"),
        ("reset close", "two kinds"),
        ("nothing: reset", "'nothing' is none of"),
        ("garbage-after-commit", "'garbage' is none of status, html, reset, close, delay"),
        ("status=99", "99 is none of 200 to 599"),
        ("status=500.5", "500.5 is none of"),
        ("status=many", "many"),
        ("delay=-1", "a number from 0"),
        ("delay=nan", "a number"),
        ("drip=0", "a number from 1"),
        ("cut=-1", "a number from 0"),
        ("error-event-after-commit", "'error-event' is none of status"),
        ("reset=1", "value of reset"),
        ("reset skip=-1", "0 or more"),
        ("reset 101%", "probability"),
        ("reset times=some", "some"),
        ("status retry-after=\x7f", "printable"),
        ("charset=\x7f", "a text"),
    ],
)
def test_a_text_that_cannot_be_understood_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="fault ") as caught:
        parse(text)
    assert said in str(caught.value)
    with pytest.raises(ValueError, match="fault "):
        LocalServer(faults=[text])


PIECES = "reset delay= status= -after-commit x2 x* % times= skip= *: GET:"
WORDS = st.sampled_from(PIECES.split())


@given(st.lists(WORDS | st.text(max_size=4) | st.floats().map(str), max_size=6).map("".join))
def test_any_text_is_understood_or_refused(text: str) -> None:
    """Also in a header of a request, which never makes the server raise."""
    try:
        fault = parse(text)
    except ValueError:
        with LocalServer(examples=False) as server:
            assert post(server, KEY | {"X-Laplas-Fault": text}) == 400
    else:
        assert fault.kind in get_args(Kind)


def test_the_documented_kinds_are_the_kinds() -> None:
    assert Fault.__doc__ is not None
    documented = [line.split("``")[1] for line in Fault.__doc__.split("\n") if "``  " in line]
    assert documented == list(get_args(Kind))


def test_a_fault_strikes_as_often_as_it_says_then_no_more(server: LocalServer) -> None:
    server.faults.fail_next("create_message", "status", 503, times=2)
    assert [post(server) for _ in range(4)] == [503, 503, 200, 200]
    assert server.faults.struck == Counter({"status": 2})
    assert created(server) == 2


def test_a_fault_strikes_only_what_it_is_for(server: LocalServer) -> None:
    server.faults.add("list_messages: status=500 x*", "DELETE: status=502 x*")
    assert post(server) == 200
    assert server.handle("GET", PATH, KEY, b"").status == 500
    assert server.handle("GET", f"{PATH}/msg_abc123", KEY, b"").status == 200
    assert server.handle("DELETE", f"{PATH}/msg_abc123", KEY, b"").status == 502
    assert server.handle("GET", "/v1/nowhere", KEY, b"").status == 404
    assert server.handle("PUT", PATH, KEY, b"").status == 405


def test_the_first_that_matches_strikes_and_a_spent_one_makes_way(server: LocalServer) -> None:
    server.faults.add("status=500", "status=502 x2", "status=503 skip=1")
    assert [post(server) for _ in range(6)] == [500, 502, 502, 200, 503, 200]


def test_clear_ends_all_faults(server: LocalServer) -> None:
    server.faults.add("status=500 x*")
    assert post(server, KEY | {"X-Laplas-Fault": "status=502 x*"}) == 502
    server.faults.clear()
    assert post(server) == 200
    assert server.faults.struck["status"] == 1


def test_one_seed_is_one_sequence() -> None:
    def drawn(seed: int) -> list[int]:
        with LocalServer(faults=["30% status=503"], fault_seed=seed) as server:
            return [post(server) for _ in range(200)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert 30 < drawn(1).count(503) < 90


def test_a_header_asks_for_the_request_it_is_on(server: LocalServer) -> None:
    asking = KEY | {"x-laplas-fault": "status=503; times=2"}
    assert [post(server, asking) for _ in range(3)] == [503, 503, 200]
    assert post(server) == 200
    assert post(server, asking) == 503  # the next call with that header begins anew


def test_a_header_goes_before_the_plan(server: LocalServer) -> None:
    server.faults.add("status=500 x*")
    asking = KEY | {"X-Laplas-Fault": "status=503"}
    assert [post(server, asking) for _ in range(2)] == [503, 500]


def test_a_header_that_cannot_be_understood_is_a_400(server: LocalServer) -> None:
    answer = server.handle("POST", PATH, KEY | {"X-Laplas-Fault": "explode"}, BODY)
    assert answer.status == 400
    assert "explode" in json.loads(answer.body)["error"]["message"]
    assert created(server) == 0


def test_headers_can_be_forbidden() -> None:
    with LocalServer(fault_header=False) as server:
        assert post(server, KEY | {"X-Laplas-Fault": "status=503"}) == 200


def test_only_so_many_headers_are_remembered(server: LocalServer) -> None:
    for number in range(1500):
        post(server, KEY | {"X-Laplas-Fault": f"GET: delay={number}"})
    assert len(server.faults._by_header) == 1000


# --- in process ---


@pytest.mark.parametrize(
    ("text", "cls", "landed"),
    [
        ("reset", ConnectionResetError, 0),
        ("reset-after-commit", ConnectionResetError, 1),
        ("close", ConnectionAbortedError, 0),
        ("close-after-commit", ConnectionAbortedError, 1),
        ("truncate", ConnectionAbortedError, 1),
        ("truncate-chunked", ConnectionAbortedError, 1),
        ("disconnect", ConnectionResetError, 1),
        ("cut=5", ConnectionAbortedError, 1),
    ],
)
def test_in_process_a_broken_connection_is_an_exception(
    server: LocalServer, text: str, cls: type[ConnectionError], landed: int
) -> None:
    server.faults.add(text)
    with pytest.raises(cls, match=re.sub("=.*|-after-commit", "", text)):
        post(server)
    assert created(server) == landed


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("status=503", "ServerError"),
        ("html=200", "UnparsableResponseError"),
        ("garbage", "UnparsableResponseError"),
        ("empty", "UnparsableResponseError"),
        ("cut-json", "UnparsableResponseError"),
        ("redirect", "APIStatusError"),
        ("delay=0.001", ""),
        ("delay-after-commit=0.001", ""),
        ("drip", ""),
        ("charset", ""),
    ],
)
def test_in_process_a_client_meets_the_other_faults_too(
    server: LocalServer, text: str, kind: str
) -> None:
    server.faults.add(text)
    with Laplas.local(server, max_retries=0) as client:
        raised = attempt(client)
    assert type(raised).__name__ == (kind or "NoneType")
    assert server.faults.struck.total() == 1


def test_in_process_a_call_asks_for_its_own_fault(server: LocalServer) -> None:
    with Laplas.local(server) as client:
        message = client.messages.create(
            THREAD, "hi", extra_headers={"X-Laplas-Fault": "status=429 x2 retry-after=0"}
        )
    assert server.messages(THREAD)[-1]["id"] == message.id
    assert server.faults.struck["status"] == 2


def test_in_process_a_delay_is_waited_for(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the request is carried out, or after."""
    waited: list[tuple[float, int]] = []
    monkeypatch.setattr(time, "sleep", lambda seconds: waited.append((seconds, created(server))))
    server.faults.add("delay=3", "delay-after-commit=4")
    assert [post(server), post(server)] == [200, 200]
    assert waited == [(3, 0), (0, 1), (0, 1), (4, 2)]


# --- on the wire ---


def on_the_wire(base_url: str) -> bytes:
    """All bytes of the answer to a create, up to the end of the connection."""
    address = urlsplit(base_url)
    lines = [
        f"POST {PATH} HTTP/1.1",
        "Host: local",
        "Authorization: Bearer any-key",
        f"Content-Length: {len(BODY)}",
        "Connection: close",
    ]
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + BODY)
        return b"".join(iter(lambda: connection.recv(1_000_000), b""))


def parted(answer: bytes) -> tuple[bytes, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.lower(), body


@pytest.mark.parametrize(
    ("text", "landed"),
    [("reset", 0), ("reset-after-commit", 1), ("disconnect", 1)],
)
def test_resets_are_resets(server: LocalServer, base_url: str, text: str, landed: int) -> None:
    server.faults.add(text)
    with pytest.raises(ConnectionResetError):
        on_the_wire(base_url)
    assert created(server) == landed


@pytest.mark.parametrize(("text", "landed"), [("close", 0), ("close-after-commit", 1)])
def test_a_close_ends_without_a_byte(
    server: LocalServer, base_url: str, text: str, landed: int
) -> None:
    server.faults.add(text)
    assert on_the_wire(base_url) == b""
    assert created(server) == landed


def fetched(base_url: str) -> tuple[httpx.Response, bytes]:
    """The answer to a create, and its body as it came over the wire."""
    with httpx.stream("POST", base_url + PATH, headers=KEY, content=BODY, trust_env=False) as got:
        return got, b"".join(got.iter_raw())


def stored(server: LocalServer) -> bytes:
    """The newest message, as an answer holds it."""
    return json.dumps(server.messages(THREAD)[-1], ensure_ascii=False).encode()


def test_a_truncated_body_is_shorter_than_promised(server: LocalServer, base_url: str) -> None:
    server.faults.add("truncate")
    head, body = parted(on_the_wire(base_url))
    whole = stored(server)
    assert b"content-length: %d" % len(whole) in head
    assert body == whole[: len(whole) // 2]


def test_a_truncated_chunked_body_has_no_last_chunk(server: LocalServer, base_url: str) -> None:
    server.faults.add("truncate-chunked")
    head, body = parted(on_the_wire(base_url))
    assert b"transfer-encoding: chunked" in head
    size, _, rest = body.partition(b"\r\n")
    assert int(size, 16) == len(rest) - 2 > 0
    assert not body.endswith(b"0\r\n\r\n")


def test_a_drip_comes_whole_and_in_pieces(server: LocalServer, base_url: str) -> None:
    server.faults.add("drip=7")
    with httpx.stream("POST", base_url + PATH, headers=KEY, content=BODY, trust_env=False) as slow:
        pieces = list(slow.iter_raw())
    assert json.loads(b"".join(pieces)) == server.messages(THREAD)[-1]
    assert len(pieces) > 5


@pytest.mark.parametrize(
    ("text", "status", "header", "landed"),
    [
        ("status=418", 418, ("content-type", "application/json"), 0),
        ("status-after-commit=500 retry-after=7", 500, ("retry-after", "7"), 1),
        ("html", 502, ("content-type", "text/html"), 0),
        ("html-after-commit=504", 504, ("content-type", "text/html"), 1),
        ("html=200", 200, ("content-type", "text/html"), 0),
        ("redirect=http://127.0.0.1:1/x", 307, ("location", "http://127.0.0.1:1/x"), 0),
        ("content-type=text/css", 200, ("content-type", "text/css"), 1),
        ("charset", 200, ("content-type", "application/json; charset=utf-16"), 1),
        ("garbage", 200, ("content-type", "application/json"), 1),
        ("empty", 200, ("content-length", "0"), 1),
        ("cut-json", 200, ("content-type", "application/json"), 1),
        ("gzip-bomb=2", 200, ("content-encoding", "gzip"), 1),
        ("big-message=2", 200, ("content-type", "application/json"), 1),
        ("huge-header=20", 200, ("x-padding", "a" * 20_000), 1),
        ("delay=0.001", 200, ("content-type", "application/json"), 1),
        ("delay-after-commit=0.001", 200, ("content-type", "application/json"), 1),
    ],
)
def test_complete_answers_are_what_they_say(
    server: LocalServer,
    base_url: str,
    text: str,
    status: int,
    header: tuple[str, str],
    landed: int,
) -> None:
    server.faults.add(text)
    answer, _ = fetched(base_url)
    assert (answer.status_code, answer.headers[header[0]]) == (status, header[1])
    assert created(server) == landed


@pytest.mark.parametrize(
    "text", ["content-type", "charset", "huge-header=20", "delay=0", "delay-after-commit=0"]
)
def test_some_faults_leave_the_body_right(server: LocalServer, base_url: str, text: str) -> None:
    server.faults.add(text)
    assert fetched(base_url)[1] == stored(server)


def test_the_other_bodies_are_wrong_as_they_say(server: LocalServer, base_url: str) -> None:
    server.faults.add("status", "html", "garbage", "empty", "cut-json", "gzip-bomb=2")
    assert list(json.loads(fetched(base_url)[1])) == ["error"]
    assert fetched(base_url)[1].startswith(b"<html>")
    with pytest.raises(UnicodeDecodeError):
        json.loads(fetched(base_url)[1])
    assert fetched(base_url)[1] == b""
    cut = fetched(base_url)[1]
    assert cut == stored(server)[: len(stored(server)) // 2] != b""
    bomb = fetched(base_url)[1]
    assert len(bomb) < 10_000
    assert gzip.decompress(bomb) == stored(server) + b" " * 2_000_000


def test_a_big_message_has_a_big_text(server: LocalServer, base_url: str) -> None:
    server.faults.add("big-message=2")
    message = json.loads(fetched(base_url)[1])
    assert len(message["content"][0]["text"]["value"]) == 2_000_000


def test_a_big_list_has_a_big_first_message_and_a_thread_has_blanks(server: LocalServer) -> None:
    server.faults.add("big-message=1 x*")
    listed = json.loads(server.handle("GET", PATH, KEY, b"").body)["data"]
    assert [len(m["content"][0]["text"]["value"]) > 100_000 for m in listed] == [True, False]
    thread = server.handle("GET", f"/threads/{THREAD}", KEY, b"").body
    assert len(thread) > 1_000_000
    assert json.loads(thread)["id"] == THREAD


def test_a_fault_leaves_the_server_as_it_was(
    server: LocalServer, base_url: str, recwarn: pytest.WarningsRecorder
) -> None:
    """After all kinds of faults: it answers, on new connections and on kept ones."""
    with httpx.Client(base_url=base_url, headers=KEY, trust_env=False, timeout=30) as raw:
        for kind in get_args(Kind):
            server.faults.add(Fault(kind=kind, value=0.001 if kind in ("delay", "stall") else None))
            with suppress(httpx.TransportError):
                raw.post(PATH, content=BODY)
            with suppress(httpx.TransportError):
                raw.get("/")  # may meet the kept connection that the fault is about to end
            assert raw.get(f"{PATH}/msg_abc123").json()["id"] == "msg_abc123", kind
    assert server.faults.struck.total() == len(get_args(Kind))
    assert not recwarn.list


# --- what Laplas says of it ---


def attempt(client: Laplas, **options: Any) -> APIError | None:
    try:
        message = client.messages.create(THREAD, "héllo", **options)
    except APIError as error:
        return error
    assert message.thread_id == THREAD
    return None


FAILING: list[tuple[str, type[APIError], bool]] = [
    ("status=500", ServerError, False),
    ("status-after-commit=500", ServerError, True),
    ("status=429", RateLimitError, False),
    ("status=503 retry-after=0", ServerError, False),
    ("html", ServerError, False),
    ("html-after-commit=504", ServerError, True),
    ("html=200", UnparsableResponseError, False),
    ("reset", APIConnectionError, False),
    ("reset-after-commit", APIConnectionError, True),
    ("close", APIConnectionError, False),
    ("close-after-commit", APIConnectionError, True),
    ("redirect", APIStatusError, False),
    ("garbage", UnparsableResponseError, True),
    ("empty", UnparsableResponseError, True),
    ("cut-json", UnparsableResponseError, True),
    ("truncate", APIConnectionError, True),
    ("truncate-chunked", APIConnectionError, True),
    ("disconnect", APIConnectionError, True),
    ("cut=10", APIConnectionError, True),
    ("huge-header", APIConnectionError, True),
]
HARMLESS = ["delay=0.001", "delay-after-commit=0.001", "content-type", "charset", "drip=50"]
HARMLESS += ["stall=0.001", "error-event"]
LARGE = ["gzip-bomb=1", "big-message=1"]


def test_every_kind_is_tried_with_the_client() -> None:
    tried = {parse(text).kind for text in [*HARMLESS, *LARGE, *(text for text, *_ in FAILING)]}
    assert tried == set(get_args(Kind))


@pytest.mark.parametrize(("text", "cls", "landed"), FAILING)
def test_the_error_is_typed_and_honest(
    server: LocalServer, client: Laplas, text: str, cls: type[APIError], landed: bool
) -> None:
    """Where the message landed, the error says that it may have; where it says no, it did not."""
    server.faults.add(text)
    error = attempt(client)
    assert isinstance(error, cls)
    assert created(server) == landed
    assert error.may_have_taken_effect or not landed
    assert (error.operation, error.attempts) == ("create_message", 1)


@pytest.mark.parametrize("text", ["status=429", "status=503 retry-after=0", "redirect"])
def test_what_certainly_did_nothing_is_said_so(
    server: LocalServer, client: Laplas, text: str
) -> None:
    server.faults.add(text)
    error = attempt(client)
    assert error is not None
    assert not error.may_have_taken_effect


@pytest.mark.parametrize("text", [*HARMLESS, *LARGE])
def test_what_only_looks_wrong_is_understood(
    server: LocalServer, client: Laplas, text: str
) -> None:
    server.faults.add(text)
    assert attempt(client) is None
    assert server.faults.struck.total() == created(server) == 1


@pytest.mark.parametrize(("text", "landed"), [("delay=2", False), ("delay-after-commit=2", True)])
def test_a_long_delay_is_a_timeout(
    server: LocalServer, client: Laplas, text: str, landed: bool
) -> None:
    server.faults.add(text)
    error = attempt(client, timeout=0.1)
    assert isinstance(error, APITimeoutError)
    assert error.may_have_taken_effect
    assert created(server) == landed


def test_credentials_do_not_follow_a_redirect(server: LocalServer, client: Laplas) -> None:
    with LocalServer(faults=["html x*"]) as elsewhere, running(elsewhere) as other_url:
        server.faults.fail_next("*", "redirect", other_url, times=None)
        assert isinstance(attempt(client), APIStatusError)
        with pytest.raises(APIStatusError):
            client.messages.list(THREAD)
        assert not elsewhere.faults.struck


@pytest.mark.parametrize("text", ["reset", "reset-after-commit", "close-after-commit", "truncate"])
def test_a_create_that_must_happen_once_does(
    server: LocalServer, client: Laplas, text: str
) -> None:
    server.faults.add(f"create_message: {text}")
    message = client.with_options(max_retries=2).messages.create(THREAD, "hi", once=True)
    assert created(server) == 1
    assert server.messages(THREAD)[-1]["id"] == message.id


# --- streams ---


@pytest.fixture(params=["in process", "over HTTP"])
def streaming(request: pytest.FixtureRequest, server: LocalServer) -> Iterator[Laplas]:
    pytest.importorskip("httpx_sse")
    if request.param == "in process":
        with Laplas.local(server, max_retries=0) as opened:
            yield opened
    else:
        with (
            running(server) as url,
            Laplas(api_key="any-key", base_url=url, max_retries=0, timeout=30) as opened,
        ):
            yield opened


def streamed(client: Laplas, **options: Any) -> str:
    return client.runs.stream(THREAD, "asst_abc123", **options).until_done().text


@pytest.mark.parametrize(
    ("text", "cls"),
    [
        ("status=503", ServerError),
        ("reset", APIConnectionError),
        ("reset-after-commit", APIConnectionError),
        ("html=200", UnparsableResponseError),
        ("content-type", UnparsableResponseError),
        ("cut=0", StreamCutError),
        ("cut=3000", StreamCutError),
        ("truncate", StreamCutError),
        ("truncate-chunked", StreamCutError),
        ("disconnect", StreamCutError),
        ("cut-json", StreamCutError),
        ("empty", StreamCutError),
        ("error-event", StreamError),
        ("error-event=0", StreamError),
    ],
)
def test_a_stream_that_goes_wrong_raises_the_typed_error(
    server: LocalServer, streaming: Laplas, text: str, cls: type[APIError]
) -> None:
    server.faults.add(f"create_run: {text}")
    with pytest.raises(cls):
        streamed(streaming)
    assert server.faults.struck.total() == 1
    assert streamed(streaming).startswith("Echo:")


@pytest.mark.parametrize("text", ["stall=0.01", "drip=500", "delay=0.01", "big-message=1"])
def test_a_slow_or_big_stream_comes_whole(
    server: LocalServer, streaming: Laplas, text: str
) -> None:
    server.faults.add(f"create_run: {text}")
    assert streamed(streaming) == "Echo: And what does it do with a question of mine?"
    assert server.faults.struck.total() == 1


def test_an_error_event_comes_after_so_many_events(server: LocalServer, streaming: Laplas) -> None:
    server.faults.add("error-event=9")
    with pytest.raises(StreamError, match="A fault was asked for") as caught:
        streamed(streaming)
    assert caught.value.partial.text == "Echo: And"
    assert caught.value.type == "server_error"


def test_a_stall_on_a_socket_is_a_timeout(server: LocalServer, client: Laplas) -> None:
    pytest.importorskip("httpx_sse")
    server.faults.add("create_run: stall=1")
    with pytest.raises(StreamCutError) as caught:
        streamed(client, timeout=0.2)
    assert "timeout" in caught.value.kind


# --- the command ---


def test_the_command_takes_a_plan_and_tells_what_struck() -> None:
    plan = ["--fault", "create_message: reset-after-commit x2", "--fault", "GET: 100% status=503"]
    with subprocess.Popen(
        [*COMMAND, *plan, "--fault-seed", "1"], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            url = announced(process.stdout)
            with httpx.Client(base_url=url, headers=KEY, trust_env=False, timeout=30) as raw:
                for _ in range(2):
                    with pytest.raises(httpx.TransportError):
                        raw.post(PATH, content=BODY)
                assert raw.post(PATH, content=BODY).status_code == 200
                assert raw.get(PATH).status_code == 503
                asking = raw.post(PATH, content=BODY, headers={"X-Laplas-Fault": "status=418"})
                assert asking.status_code == 418
            process.terminate()
            assert process.wait(30) == 0
            last = process.stdout.read()
        finally:
            process.kill()
    assert last.startswith("Faults that struck: ")
    assert "reset-after-commit 2" in last
    assert "status 2" in last


@pytest.mark.parametrize("option", [["--no-fault-header"], ["--host", "0.0.0.0"]])
def test_the_command_ignores_the_header_where_it_should(option: list[str]) -> None:
    with subprocess.Popen(
        [*COMMAND, *option], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            port = urlsplit(process.stdout.readline().split()[2]).port
            answer = httpx.post(
                f"http://127.0.0.1:{port}{PATH}",
                headers=KEY | {"X-Laplas-Fault": "status=418"},
                content=BODY,
                trust_env=False,
            )
        finally:
            process.kill()
    assert answer.status_code == 200


def test_the_command_refuses_a_fault_it_does_not_know() -> None:
    ended = subprocess.run(
        [*COMMAND, "--fault", "explode"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 2
    assert "'explode' is none of status" in ended.stderr


def test_faults_may_be_added_while_others_strike(server: LocalServer) -> None:
    """From several threads: each strikes as often as it says."""

    def work() -> None:
        for _ in range(50):
            server.faults.add("status=503")
            post(server)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.faults.struck["status"] == 200
    assert created(server) == 0


# --- the guide ---

GUIDE = Path(__file__).parent.parent / "docs" / "testing.md"


@pytest.fixture
def guide() -> str:
    if not GUIDE.exists():
        pytest.skip("the guide is only in the repository")
    return GUIDE.read_text("utf-8")


def test_the_snippets_of_the_guide_print_what_it_shows(guide: str) -> None:
    snippets = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", guide, re.DOTALL)
    assert sum(bool(shown) for _, shown in snippets) == 4
    for code, shown in snippets:
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(code, str(GUIDE), "exec"), {})
        assert printed.getvalue() == shown


def test_the_guide_names_every_fault_with_its_default(guide: str) -> None:
    rows = "\n".join(line.split("|")[1] for line in guide.split("\n") if line.startswith("|"))
    documented = [word for word in re.findall("`([^`]+)`", rows) if word != "redirect=URL"]
    faults = [parse(word) for word in documented]
    assert {fault.kind for fault in faults} == set(get_args(Kind)) - {"redirect"}
    for fault in faults:
        assert fault.value is None or fault.text == Fault(kind=fault.kind).text


def test_the_commands_of_the_guide_are_understood(guide: str) -> None:
    options = shlex.split(guide.partition("python -m laplas.local")[2].partition("\n")[0])
    given = _parser().parse_args(options)
    assert [fault.name for fault in given.faults] == ["status", "reset"]
    assert given.fault_seed == 7
