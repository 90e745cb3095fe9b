"""Faults on purpose: how to ask for them, what they do on a socket, what `Laplas` says of them."""

from __future__ import annotations

import gzip
import json
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, get_args
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_local_http import command
from test_local_routes import KEY, MESSAGES

from laplas import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    Laplas,
    RateLimitError,
    ServerError,
)
from laplas.errors import APIStatusError, StreamCutError, StreamError, UnparsableResponseError
from laplas.local import Fault, LocalServer, running
from laplas.local._faults import Kind, parse

pytest.importorskip("aiohttp")
pytest.importorskip("httpx_sse")

THREAD = "thread_abc123"
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
def served(base_url: str) -> Iterator[Laplas]:
    with Laplas(api_key="any-key", base_url=base_url, max_retries=0, timeout=30) as opened:
        yield opened


@pytest.fixture(params=["in process", "over HTTP"])
def client(request: pytest.FixtureRequest, server: LocalServer) -> Iterator[Laplas]:
    if request.param == "over HTTP":
        yield request.getfixturevalue("served")
    else:
        with Laplas.local(server, max_retries=0) as opened:
            yield opened


def created(server: LocalServer) -> int:
    """How many messages there are beside the two of the examples."""
    return len(server.messages(THREAD)) - 2


def post(server: LocalServer, headers: Mapping[str, str] = KEY) -> int:
    return server.handle("POST", MESSAGES, headers, BODY).status


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
def test_text_that_is_not_understood_is_refused(server: LocalServer, text: str, said: str) -> None:
    """In a plan and in the header of a request, which is not carried out then."""
    with pytest.raises(ValueError, match="fault ") as caught:
        LocalServer(faults=[text])
    assert said in str(caught.value)
    answer = server.handle("POST", MESSAGES, KEY | {"X-Laplas-Fault": text}, BODY)
    assert (answer.status, created(server)) == (400, 0)
    assert said in json.loads(answer.body)["error"]["message"]


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


def test_a_fault_strikes_as_often_as_it_says_and_then_makes_way(server: LocalServer) -> None:
    """The first that matches strikes."""
    server.faults.fail_next("create_message", "status", 503, times=2)
    assert [post(server) for _ in range(4)] == [503, 503, 200, 200]
    assert server.faults.struck == Counter({"status": 2})
    assert created(server) == 2
    server.faults.add("status=500", "status=502 x2", "status=503 skip=1")
    assert [post(server) for _ in range(6)] == [500, 502, 502, 200, 503, 200]


def test_a_fault_strikes_only_what_it_is_for(server: LocalServer) -> None:
    server.faults.add("list_messages: status=500 x*", "DELETE: status=502 x*")
    for method, path, status in [
        ("POST", MESSAGES, 200),
        ("GET", MESSAGES, 500),
        ("GET", f"{MESSAGES}/msg_abc123", 200),
        ("DELETE", f"{MESSAGES}/msg_abc123", 502),
        ("GET", "/v1/nowhere", 404),
        ("PUT", MESSAGES, 405),
    ]:
        assert server.handle(method, path, KEY, BODY).status == status


def test_one_seed_is_one_sequence() -> None:
    def drawn(seed: int) -> list[int]:
        with LocalServer(faults=["30% status=503"], fault_seed=seed) as server:
            return [post(server) for _ in range(200)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert 30 < drawn(1).count(503) < 90


def test_a_header_is_for_its_own_request_and_goes_before_the_plan(server: LocalServer) -> None:
    """Clearing ends both; only so many headers are remembered; they can be forbidden."""
    asking = KEY | {"x-laplas-fault": "status=503; times=2"}
    assert [post(server, asking) for _ in range(3)] == [503, 503, 200]
    server.faults.add("status=500 x*")
    # The next call with that header begins anew.
    statuses = [post(server, headers) for headers in (asking, KEY, asking, asking)]
    assert statuses == [503, 500, 503, 500]
    assert post(server, KEY | {"X-Laplas-Fault": "status=502 x*"}) == 502
    server.faults.clear()
    assert [post(server), server.faults.struck["status"]] == [200, 7]
    for number in range(1500):
        post(server, KEY | {"X-Laplas-Fault": f"GET: delay={number}"})
    assert len(server.faults._by_header) == 1000
    with LocalServer(fault_header=False) as other:
        assert post(other, asking) == 200


def test_faults_may_be_added_while_others_strike(server: LocalServer) -> None:
    """From several threads: each strikes as often as it says."""

    def add_and_meet(_: int) -> int:
        server.faults.add("status=503")
        return post(server)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(add_and_meet, range(200))) == {503}
    assert (server.faults.struck["status"], created(server)) == (200, 0)


def test_the_command_takes_a_plan_and_tells_what_struck() -> None:
    plan = ["--fault", "create_message: reset-after-commit x2", "--fault", "GET: 100% status=503"]
    with command("--quiet", *plan, "--fault-seed", "1") as (process, url):
        with httpx.Client(base_url=url, headers=KEY, trust_env=False, timeout=30) as raw:
            for _ in range(2):
                with pytest.raises(httpx.TransportError):
                    raw.post(MESSAGES, content=BODY)
            assert raw.post(MESSAGES, content=BODY).status_code == 200
            assert raw.get(MESSAGES).status_code == 503
            asking = raw.post(MESSAGES, content=BODY, headers={"X-Laplas-Fault": "status=418"})
            assert asking.status_code == 418
        process.terminate()
        last, _ = process.communicate(timeout=30)
        assert process.returncode == 0
    assert last == "Faults that struck: reset-after-commit 2, status 2\n"


def on_the_wire(base_url: str) -> tuple[bytes, bytes]:
    """Head and body of the answer to a create: all that comes to the end of the connection."""
    address = urlsplit(base_url)
    lines = [
        f"POST {MESSAGES} HTTP/1.1",
        "Host: localhost",
        "Authorization: Bearer any-key",
        f"Content-Length: {len(BODY)}",
        "Connection: close",
    ]
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + BODY)
        answer = b"".join(iter(lambda: connection.recv(1_000_000), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.lower(), body


@pytest.mark.parametrize(
    "text", ["reset", "reset-after-commit", "disconnect", "close", "close-after-commit"]
)
def test_resets_reset_and_a_close_is_silent(server: LocalServer, base_url: str, text: str) -> None:
    server.faults.add(text)
    if text.startswith("close"):
        assert on_the_wire(base_url) == (b"", b"")
    else:
        with pytest.raises(ConnectionResetError):
            on_the_wire(base_url)


def fetched(base_url: str) -> tuple[httpx.Response, list[bytes]]:
    """The answer to a create, and the pieces of its body as they came over the wire."""
    with httpx.stream(
        "POST", base_url + MESSAGES, headers=KEY, content=BODY, trust_env=False
    ) as got:
        return got, list(got.iter_raw())


def stored(server: LocalServer, index: int = -1) -> bytes:
    """A message, by default the newest, as an answer holds it."""
    return json.dumps(server.messages(THREAD)[index], ensure_ascii=False).encode()


def test_a_truncated_body_ends_before_it_should(server: LocalServer, base_url: str) -> None:
    server.faults.add("truncate", "truncate-chunked")
    head, body = on_the_wire(base_url)
    whole = stored(server)
    assert b"content-length: %d" % len(whole) in head
    assert body == whole[: len(whole) // 2]
    head, body = on_the_wire(base_url)
    assert b"transfer-encoding: chunked" in head
    size, _, rest = body.partition(b"\r\n")
    assert int(size, 16) == len(rest) - 2 > 0
    assert not body.endswith(b"0\r\n\r\n")


JSON = ("content-type", "application/json")


@pytest.mark.parametrize(
    ("text", "status", "header"),
    [
        ("status=418", 418, JSON),
        ("status-after-commit=500 retry-after=7", 500, ("retry-after", "7")),
        ("html", 502, ("content-type", "text/html")),
        ("html-after-commit=504", 504, ("content-type", "text/html")),
        ("html=200", 200, ("content-type", "text/html")),
        ("redirect=http://127.0.0.1:1/x", 307, ("location", "http://127.0.0.1:1/x")),
        ("content-type=text/css", 200, ("content-type", "text/css")),
        ("charset", 200, ("content-type", "application/json; charset=utf-16")),
        ("empty", 200, ("content-length", "0")),
        ("gzip-bomb=2", 200, ("content-encoding", "gzip")),
        ("huge-header=20", 200, ("x-padding", "a" * 20_000)),
        *((text, 200, JSON) for text in ("garbage", "cut-json", "big-message=2", "drip=7")),
        *((text, 200, JSON) for text in ("delay=0.001", "delay-after-commit=0.001")),
    ],
)
def test_complete_answers_are_what_they_say(
    server: LocalServer, base_url: str, text: str, status: int, header: tuple[str, str]
) -> None:
    server.faults.add(text)
    answer, pieces = fetched(base_url)
    assert (answer.status_code, answer.headers[header[0]]) == (status, header[1])
    has_right_body = text.startswith(("content-type", "charset", "huge", "delay", "drip"))
    assert (b"".join(pieces) == stored(server)) == has_right_body
    assert len(pieces) > 5 or not text.startswith("drip")


def test_wrong_bodies_are_wrong_as_they_say(server: LocalServer, base_url: str) -> None:
    server.faults.add("status", "html", "garbage", "empty", "cut-json", "gzip-bomb=2")
    bodies = (b"".join(fetched(base_url)[1]) for _ in range(6))
    error, page, garbage, empty, cut, bomb = bodies
    assert list(json.loads(error)) == ["error"]
    assert page.startswith(b"<html>")
    with pytest.raises(UnicodeDecodeError):
        json.loads(garbage)
    assert empty == b""
    whole = stored(server, -2)
    assert cut == whole[: len(whole) // 2] != b""
    assert len(bomb) < 10_000
    assert gzip.decompress(bomb) == stored(server) + b" " * 2_000_000


def test_a_big_message_has_a_big_text_and_a_thread_has_blanks(server: LocalServer) -> None:
    """Of a list it is the first."""
    server.faults.add("big-message=1 x*")

    def sizes(method: str) -> list[bool]:
        answer = json.loads(server.handle(method, MESSAGES, KEY, BODY).body)
        messages = answer.get("data", [answer])
        return [len(m["content"][0]["text"]["value"]) == 1_000_000 for m in messages]

    assert sizes("POST") == [True]
    assert sizes("GET") == [True, False, False]
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
                raw.post(MESSAGES, content=BODY)
            with suppress(httpx.TransportError):
                raw.get("/")  # may meet the kept connection that the fault is about to end
            assert raw.get(f"{MESSAGES}/msg_abc123").json()["id"] == "msg_abc123", kind
    assert server.faults.struck.total() == len(get_args(Kind))
    assert not recwarn.list


def attempt(client: Laplas, **options: Any) -> APIError | None:
    try:
        message = client.messages.create(THREAD, "héllo", **options)
    except APIError as error:
        return error
    assert message.thread_id == THREAD
    return None


HALVES = ("truncate", "truncate-chunked", "disconnect")
FAILS: dict[tuple[type[APIError], int], list[str]] = {
    (ServerError, 0): ["status=500", "status=503 retry-after=0", "html"],
    (ServerError, 1): ["status-after-commit=500", "html-after-commit=504"],
    (RateLimitError, 0): ["status=429"],
    (APIStatusError, 0): ["redirect"],
    (UnparsableResponseError, 0): ["html=200"],
    (UnparsableResponseError, 1): ["garbage", "empty", "cut-json"],
    (APIConnectionError, 0): ["reset", "close"],
    (APIConnectionError, 1): ["reset-after-commit", "close-after-commit", "cut=10", *HALVES],
}
"""By the error that it is, and how many messages land."""
FAILING = [(text, cls, landed) for (cls, landed), texts in FAILS.items() for text in texts]
ON_A_SOCKET = {"delay=2": 0, "delay-after-commit=2": 1, "huge-header": 1}
HARMLESS = ["delay=0.001", "delay-after-commit=0.001", "content-type", "charset", "drip=50"]
HARMLESS += ["stall=0.001", "error-event", "gzip-bomb=1", "big-message=1"]


def test_every_kind_is_documented_and_tried_with_the_client() -> None:
    assert Fault.__doc__ is not None
    documented = [line.split("``")[1] for line in Fault.__doc__.split("\n") if "``  " in line]
    tried = {
        parse(text).kind for text in (*HARMLESS, *ON_A_SOCKET, *(text for text, *_ in FAILING))
    }
    assert documented == list(get_args(Kind))
    assert tried == {*documented}


@pytest.mark.parametrize(
    ("text", "cls", "landed"), [*FAILING, *((text, None, 1) for text in HARMLESS)]
)
def test_an_error_is_typed_and_honest_and_what_only_looks_wrong_is_none(
    server: LocalServer, client: Laplas, text: str, cls: type[APIError] | None, landed: int
) -> None:
    """Where the message landed, the error says that it may have; where it says no, it did not."""
    server.faults.add(text)
    error = attempt(client)
    assert isinstance(error, cls or type(None))
    assert created(server) == landed
    if error is not None:
        assert error.may_have_taken_effect or not landed
        assert not (error.may_have_taken_effect and text == "redirect"), "a refusal for good"
        assert (error.operation, error.attempts) == ("create_message", 1)
    assert server.faults.struck.total() == 1


@pytest.mark.parametrize("text", ON_A_SOCKET)
def test_so_is_an_error_on_a_socket_alone(server: LocalServer, served: Laplas, text: str) -> None:
    server.faults.add(text)
    error = attempt(served, timeout=0.1)
    assert isinstance(error, APITimeoutError if "delay" in text else APIConnectionError)
    assert error.may_have_taken_effect
    assert created(server) == ON_A_SOCKET[text]


@pytest.mark.parametrize("text", FAILS[APIConnectionError, 0] + FAILS[APIConnectionError, 1])
def test_in_process_a_broken_connection_is_an_exception(server: LocalServer, text: str) -> None:
    server.faults.add(text)
    kind = re.sub("=.*|-after-commit", "", text)
    is_reset = kind in ("reset", "disconnect")
    with pytest.raises(ConnectionResetError if is_reset else ConnectionAbortedError, match=kind):
        post(server)


def test_in_process_delays_take_time(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[tuple[float, int]] = []
    monkeypatch.setattr(time, "sleep", lambda seconds: waited.append((seconds, created(server))))
    server.faults.add("delay=3", "delay-after-commit=4")
    assert [post(server), post(server)] == [200, 200]
    assert waited == [(3, 0), (4, 2)]


def test_a_call_asks_for_its_own_fault(server: LocalServer, client: Laplas) -> None:
    asking = {"X-Laplas-Fault": "status=429 x2 retry-after=0"}
    patient = client.with_options(max_retries=2)
    message = patient.messages.create(THREAD, "hi", extra_headers=asking)
    assert server.messages(THREAD)[-1]["id"] == message.id
    assert server.faults.struck["status"] == 2


def streamed(client: Laplas, **options: Any) -> str:
    return client.runs.stream(THREAD, "asst_abc123", **options).until_done().text


STREAMS: dict[type[APIError], list[str]] = {
    ServerError: ["status=503"],
    APIConnectionError: ["reset", "reset-after-commit"],
    UnparsableResponseError: ["html=200"],
    StreamCutError: ["cut=0", "cut=3000", "truncate", "truncate-chunked", "disconnect", "cut-json"],
    StreamError: ["error-event", "error-event=0"],
}
BROKEN_STREAMS = [(text, cls) for cls, texts in STREAMS.items() for text in texts]


@pytest.mark.parametrize(("text", "cls"), [*BROKEN_STREAMS, ("empty", StreamCutError)])
def test_a_stream_that_goes_wrong_raises_the_typed_error(
    server: LocalServer, client: Laplas, text: str, cls: type[APIError]
) -> None:
    server.faults.add(f"create_run: {text}")
    with pytest.raises(cls):
        streamed(client)
    assert server.faults.struck.total() == 1
    assert streamed(client).startswith("Echo:")


@pytest.mark.parametrize(
    "text", ["content-type", "stall=0.01", "drip=500", "delay=0.01", "big-message=1"]
)
def test_a_slow_or_big_stream_comes_whole(server: LocalServer, client: Laplas, text: str) -> None:
    server.faults.add(f"create_run: {text}")
    assert streamed(client) == "Echo: And what does it do with a question of mine?"
    assert server.faults.struck.total() == 1


def test_an_error_event_comes_after_so_many_events(server: LocalServer, client: Laplas) -> None:
    server.faults.add("error-event=9")
    with pytest.raises(StreamError, match="A fault was asked for") as caught:
        streamed(client)
    assert caught.value.partial.text == "Echo: And"
    assert caught.value.type == "server_error"


def test_a_stall_on_a_socket_is_a_timeout(server: LocalServer, served: Laplas) -> None:
    server.faults.add("create_run: stall=1")
    with pytest.raises(StreamCutError) as caught:
        streamed(served, timeout=0.2)
    assert "timeout" in caught.value.kind
