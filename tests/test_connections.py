"""What the client promises of its connections: framing, reuse, limits, time, cancellation.

Over real sockets, against servers of a few lines; each test runs with both clients.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import socket
import ssl
import struct
import threading
import time
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Never, cast

import httpx
import pytest

import laplas._async.transport
import laplas._sync.transport
from laplas import (
    APIConnectionError,
    APIStatusError,
    AsyncLaplas,
    ConfigurationError,
    InvalidArgumentError,
    Laplas,
    LaplasError,
    Timeout,
)

CEILING = 1_000_000
PATIENT = Timeout(read=20, connect=20, write=20, pool=20)
HASTY = Timeout(read=0.15, connect=20, write=0.15, pool=0.15)

EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
"""Of a deflate stream: five bytes that mean nothing."""

Handler = Callable[["Peer"], object]


class Peer:
    """The server's side of one connection."""

    def __init__(self, connection: socket.socket, server: Server) -> None:
        self.connection = connection
        self.server = server
        self._unread = b""

    def request(self) -> bytes:
        """The next request, head and body; b"" once the client hung up."""
        while b"\r\n\r\n" not in self._unread:
            if not self._more():
                return b""
        head, _, rest = self._unread.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        while len(rest) < length:
            self._unread = b""
            assert self._more()
            rest += self._unread
        self._unread = rest[length:]
        self.server.requests.append(head + b"\r\n\r\n" + rest[:length])
        return self.server.requests[-1]

    def _more(self) -> bool:
        try:
            data = self.connection.recv(65536)
        except OSError:
            return False
        self._unread += data
        return bool(data)

    def say(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self.connection.sendall(data)

    def takes_the_rest(self) -> None:
        """Says that no more will be said, and hears the client out."""
        self.connection.shutdown(socket.SHUT_WR)
        while self.connection.recv(65536):
            pass

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


class Server:
    """Runs a handler in a thread for each connection."""

    def __init__(
        self,
        handler: Handler,
        tls: ssl.SSLContext | None = None,
        family: socket.AddressFamily = socket.AF_INET,
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.hung_up = threading.Semaphore(0)
        self._handler = handler
        self._tls = tls
        self._family = family
        self._open: list[socket.socket] = []

    def __enter__(self) -> Server:
        self._listener = socket.socket(self._family)
        self._listener.bind(("::1" if self._family == socket.AF_INET6 else "127.0.0.1", 0))
        self._listener.listen(256)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._open.append(connection)
            self._handler(Peer(connection, self))
        except OSError:
            pass
        finally:
            connection.close()
            self.hung_up.release()

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)
        for connection in self._open:
            # Its thread closes it. Closed here, its number could be that of another test's
            # connection by the time that the thread reads on.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def url(self, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}"


def always(*answers: bytes) -> Handler:
    """Answers each request of a connection with the next of `answers`, then hangs up."""

    def handle(peer: Peer) -> None:
        for answer in answers:
            if not peer.request():
                return
            peer.say(answer)

    return handle


def forever(answer: bytes) -> Handler:
    def handle(peer: Peer) -> None:
        while peer.request():
            peer.say(answer)

    return handle


def ok(body: bytes = b"{}", *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Blocking:
    """Drives `Laplas`."""

    def __init__(self) -> None:
        self._made: list[Laplas] = []

    def open(self, url: str, **options: Any) -> Any:
        self._made.append(Laplas(**_options(url, options)))
        return self._made[-1]

    def send(self, client: Any, path: str = "/x", method: str = "GET", **given: Any) -> Any:
        return client.request(method, path, **{"timeout": PATIENT, **given})

    def many(self, client: Any, paths: list[str], **given: Any) -> list[Any]:
        def one(path: str) -> Any:
            try:
                return self.send(client, path, **given)
            except APIConnectionError as problem:
                return problem

        with ThreadPoolExecutor(32) as threads:
            return list(threads.map(one, paths))

    def close(self, client: Any) -> None:
        client.close()

    def rest(self) -> None:
        time.sleep(0.02)

    def end(self) -> None:
        for client in self._made:
            client.close()


class Awaiting(Blocking):
    """Drives `AsyncLaplas`, in one event loop."""

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self.run = self._runner.run

    def open(self, url: str, **options: Any) -> Any:
        self._made.append(cast("Any", AsyncLaplas(**_options(url, options))))
        return self._made[-1]

    async def _send(self, client: Any, path: str, method: str, given: dict[str, Any]) -> Any:
        return await client.request(method, path, **{"timeout": PATIENT, **given})

    def send(self, client: Any, path: str = "/x", method: str = "GET", **given: Any) -> Any:
        return self._runner.run(self._send(client, path, method, given))

    def many(self, client: Any, paths: list[str], **given: Any) -> list[Any]:
        async def run() -> list[Any]:
            calls = [self._send(client, path, "GET", given) for path in paths]
            return list(await asyncio.gather(*calls, return_exceptions=True))

        return self._runner.run(run())

    def close(self, client: Any) -> None:
        self._runner.run(client.aclose())

    def rest(self) -> None:
        self._runner.run(asyncio.sleep(0.02))

    def end(self) -> None:
        for client in self._made:
            self.close(client)
        self._runner.close()


def _options(url: str, options: dict[str, Any]) -> dict[str, Any]:
    made = {"api_key": "k", "base_url": url, "max_retries": 0, "max_response_bytes": CEILING}
    return {**made, **options}


@pytest.fixture(params=[Blocking, Awaiting], ids=["Laplas", "AsyncLaplas"])
def way(request: pytest.FixtureRequest) -> Iterator[Blocking]:
    made = request.param()
    yield made
    made.end()


def failure(way: Blocking, client: Any, path: str = "/x", method: str = "GET", **given: Any) -> str:
    """The kind of failure that a request comes to."""
    with pytest.raises(APIConnectionError) as info:
        way.send(client, path, method, **given)
    return str(info.value.kind)


def echo(peer: Peer) -> None:
    """Answers with the path that was asked for."""
    while request := peer.request():
        if b"/slow" in request:
            time.sleep(0.01)
        peer.say(ok(request.split(b" ")[1]))


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


def pouring(start: bytes, piece: bytes) -> Handler:
    """Says one thing, and then another without end."""

    def pour(peer: Peer) -> None:
        peer.request()
        with contextlib.suppress(OSError):
            peer.connection.sendall(start)
            while True:
                peer.connection.sendall(piece)

    return pour


# ---------------------------------------------------------------- framing


def test_a_request_says_once_where_it_goes_and_where_its_body_ends(way: Blocking) -> None:
    wrong = {"content-length": "99", "Transfer-Encoding": "chunked"}
    with Server(forever(ok())) as server:
        way.send(way.open(server.url()), "/p", "POST", query={"q": 1}, body={}, extra_headers=wrong)
        (request,) = server.requests
    head = request.lower().partition(b"\r\n\r\n")[0]
    assert request.startswith(b"POST /p?q=1 HTTP/1.1\r\n")
    assert request.endswith(b"\r\n\r\n{}")
    assert b"chunked" not in head
    for line in (
        b"host: 127.0.0.1:%d" % server.port,
        b"content-length: 2",
        b"authorization: bearer k",
    ):
        assert head.count(b"\r\n" + line.partition(b":")[0] + b":") == 1
        assert b"\r\n" + line in head


@pytest.mark.parametrize(("method", "said"), [("POST", True), ("GET", False), ("DELETE", False)])
def test_only_a_post_says_that_its_body_is_empty(way: Blocking, method: str, said: bool) -> None:
    with Server(forever(ok())) as server:
        way.send(way.open(server.url()), "/x", method)
        assert (b"\r\ncontent-length: 0\r\n" in server.requests[0].lower()) is said


def test_a_caller_may_ask_for_the_end_of_the_connection(way: Blocking) -> None:
    with Server(forever(ok())) as server:
        client = way.open(server.url())
        for count in (1, 2):
            way.send(client, extra_headers={"connection": "close"})
            assert server.hung_up.acquire(timeout=20)
            assert server.connections == count


def test_a_caller_may_name_another_host(way: Blocking) -> None:
    with Server(forever(ok())) as server:
        way.send(way.open(server.url()), extra_headers={"hOst": "virtual.test"})
        head = server.requests[0].lower()
    assert head.count(b"\r\nhost:") == 1
    assert b"\r\nhost: virtual.test\r\n" in head


@pytest.mark.parametrize("path", ["/a b", "/a\r\nX-Evil: 1", "/a\0", "/\ud800", "/a\x7f", "/a?b"])
def test_what_http_cannot_carry_is_told_before_anything_is_connected(
    way: Blocking, path: str
) -> None:
    with Server(forever(ok())) as server:
        with pytest.raises(InvalidArgumentError, match="path: "):
            way.send(way.open(server.url()), path)
        with pytest.raises(LaplasError, match="api_key: "):
            way.send(way.open(server.url(), api_key=lambda: "sk\r\nX-Evil: 1"))
        assert server.connections == 0


def drain(peer: Peer) -> None:
    """Reads a request whose body ends with a brace, and keeps nothing of it."""
    while data := peer.connection.recv(65536):
        if data.endswith(b"}"):
            peer.say(ok())


def peak(call: Callable[[], object]) -> int:
    """The most bytes that a call holds at once."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_large_body_is_held_no_more_often_than_it_must_be(way: Blocking) -> None:
    """A request as text, as bytes, and what of it the HTTP library still has to write; an answer
    in pieces, and joined."""
    size = 10_000_000
    body = {"x": "x" * size}
    with Server(drain) as server:
        client = way.open(server.url())
        way.send(client, "/x", "POST", body={})
        assert peak(lambda: way.send(client, "/x", "POST", body=body)) < 3.1 * size
    with Server(forever(ok(bytes(size)))) as server:
        client = way.open(server.url(), max_response_bytes=size)
        way.send(client)
        assert peak(lambda: way.send(client)) < 2.2 * size


def test_an_early_refusal_of_a_large_request_is_read_and_its_connection_not_used_again(
    way: Blocking, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.say(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        peer.takes_the_rest()

    def hang_up(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.reset()

    with Server(refuse) as server:
        client = way.open(server.url())
        for count in (1, 2):
            with pytest.raises(APIStatusError) as info:
                way.send(client, "/x", "POST", body={"x": "x" * 3_000_000})
            assert info.value.status_code == 413
            assert server.connections == count
    with Server(hang_up) as server:
        kind = failure(way, way.open(server.url()), "/x", "POST", body={"x": "x" * 30_000_000})
    assert kind in ("write", "read", "truncated")
    assert not [one for one in caplog.records if one.name == "asyncio"]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 Odd\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n\r\nabc",
        CHUNKED + b"X-A: 1, 2\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
        + ok(b"abc", "X-A: 1, 2"),
        b"HTTP/1.1 204 Nothing\r\nX-A: 1, 2\r\n\r\n",
    ],
    ids=["length", "chunks", "interim", "none"],
)
def test_an_answer_is_read_however_it_is_framed(way: Blocking, answer: bytes) -> None:
    with Server(forever(answer)) as server:
        client = way.open(server.url())
        for _ in range(3):
            got = way.send(client)
            body = b"" if got.status_code == 204 else b"abc"
            assert (got.content, got.headers["x-a"]) == (body, "1, 2")
        assert server.connections == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", "truncated"),
        (b"HTTP/1.1 20", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", "truncated"),
        (CHUNKED + b"\r\n3\r\nabc\r\n", "truncated"),
        (CHUNKED + b"\r\nzz\r\n", "truncated"),
        (b"SSH-2.0-Server\r\n\r\n", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "truncated"),
        (b"HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n", "truncated"),
        (b"HTTP/1.1 101 Other\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "truncated"),
        (b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" * 1000 + ok(), "truncated"),
        (b"\r\n\r\n", "truncated"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "truncated"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "truncated"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "truncated"),
        (b"HTTP/1.1 OK\r\n\r\n", "truncated"),
        (b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n", "truncated"),
        (b"\x15\x03\x01\x00\x02\x02\x28", "truncated"),
        (bytes(1000), "truncated"),
        (ok(b"", "X-Big: " + "x" * 300_000), "too_large"),
        (ok(bytes(CEILING + 1)), "too_large"),
    ],
    ids=str,
)
def test_an_answer_that_is_cut_too_large_or_no_http(
    way: Blocking, answer: bytes, kind: str
) -> None:
    with Server(always(answer)) as server:
        assert failure(way, way.open(server.url())) == kind


def test_headers_and_bodies_up_to_the_limits_are_read(way: Blocking) -> None:
    with Server(forever(ok(bytes(CEILING), "X-Big: " + "x" * 90_000))) as server:
        assert len(way.send(way.open(server.url())).content) == CEILING


INFLATES = b"%x\r\n%b\r\n" % (len(EMPTY_BLOCK) * 13_000, EMPTY_BLOCK * 13_000)
GZIPPED = CHUNKED + b"Content-Encoding: gzip\r\n\r\n"
ENDLESS = {
    "body": (CHUNKED + b"\r\n", b"10000\r\n" + bytes(65536) + b"\r\n"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1000),
    "empty blocks": (GZIPPED + b"a\r\n" + zlib.compress(b"abc", wbits=31)[:10] + b"\r\n", INFLATES),
    "behind the end": (GZIPPED + b"17\r\n" + zlib.compress(b"abc", wbits=31) + b"\r\n", INFLATES),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_given_up(way: Blocking, name: str) -> None:
    with Server(pouring(*ENDLESS[name])) as server:
        assert failure(way, way.open(server.url())) in ("too_large", "undecodable")
        assert server.hung_up.acquire(timeout=20)


def test_a_connection_reset_in_the_middle_is_a_failure_to_read(way: Blocking) -> None:
    def reset(peer: Peer) -> None:
        peer.request()
        peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        time.sleep(0.05)
        peer.reset()

    with Server(reset) as server:
        assert failure(way, way.open(server.url())) == "read"


# ---------------------------------------------------------------- connections kept


@pytest.mark.parametrize(
    ("answer", "secure"),
    [
        (ok(b"abc", "Connection: close"), False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", False),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", False),  # the body ends where the connection does
        (ok(b"abc"), False),  # the server hangs up without saying so
        (ok(b"abc"), True),
    ],
)
def test_a_connection_that_the_server_ends_is_replaced_unseen(
    way: Blocking, answer: bytes, secure: bool, certificates: Certificates
) -> None:
    with Server(always(answer), tls=certificates.server if secure else None) as server:
        client = way.open(server.url(), verify=certificates.trusting)
        for count in (1, 2, 3):
            assert way.send(client, "/x", "POST", body={}).content == b"abc"
            assert server.hung_up.acquire(timeout=20)
            way.rest()
            assert server.connections == count


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_that_ends_as_it_is_used_again_is_a_failure_and_nothing_is_sent_twice(
    way: Blocking, reset: bool
) -> None:
    """Nobody can know then whether the server acted: whether to repeat it is for others to say."""

    def hang_up(peer: Peer) -> None:
        peer.request()
        peer.say(ok())
        peer.request()
        if reset:
            peer.reset()

    with Server(hang_up) as server:
        client = way.open(server.url())
        way.send(client, "/x", "POST", body={})
        assert failure(way, client, "/x", "POST", body={}) in ("read", "truncated")
        assert (server.connections, len(server.requests)) == (1, 2)
        way.send(client, "/x", "POST", body={})
        assert server.connections == 2, "the next request has a connection of its own"


@pytest.mark.parametrize("pause", [0, 0.02], ids=["in one write", "later"])
def test_an_answer_to_nothing_is_never_taken_for_the_next_requests(
    way: Blocking, pause: float
) -> None:
    said = threading.Event()

    def prattle(peer: Peer) -> None:
        while peer.request():
            peer.say(ok(b"right") if pause else ok(b"right") + ok(b"wrong"))
            if pause:
                time.sleep(pause)
                peer.say(ok(b"wrong"))
            said.set()

    with Server(prattle) as server:
        client = way.open(server.url())
        for count in (1, 2, 3):
            assert way.send(client).content == b"right"
            assert said.wait(20)
            said.clear()
            way.rest()
            assert server.connections == count


def test_the_connection_that_rested_least_is_used_so_that_the_others_expire(way: Blocking) -> None:
    together = threading.Barrier(3)

    def wait(peer: Peer) -> None:
        while request := peer.request():
            if b"/all" in request:
                together.wait(20)
            peer.say(ok(str(peer.connection.getpeername()[1]).encode()))

    with Server(wait) as server:
        client = way.open(server.url())
        way.many(client, ["/all"] * 3)
        assert server.connections == 3
        assert len({way.send(client).content for _ in range(6)}) == 1


@pytest.mark.parametrize(
    ("header", "limits", "connections"),
    [
        ("X: y", {}, 1),
        ("X: y", {"keepalive_expiry": 0.01}, 3),
        ("X: y", {"max_keepalive_connections": 0}, 3),
        ("Keep-Alive: timeout=1", {}, 3),  # given up a second before the server does
        ("Keep-Alive: max=5, timeout=100", {}, 1),
        ("Keep-Alive: timeout=soon", {}, 1),
    ],
)
def test_a_connection_rests_no_longer_than_it_may(
    way: Blocking, header: str, limits: dict[str, Any], connections: int
) -> None:
    with Server(forever(ok(b"{}", header))) as server:
        client = way.open(server.url(), limits=httpx.Limits(**limits) if limits else None)
        for _ in range(3):
            way.send(client)
            way.rest()
        assert server.connections == connections


@pytest.mark.parametrize("name", ["KEEP_ALIVE", "GREATEST_AGE"])
def test_a_connection_gets_only_so_old(
    way: Blocking, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for half in (laplas._async.transport, laplas._sync.transport):
        assert getattr(half, name) == {"KEEP_ALIVE": 4, "GREATEST_AGE": 600}[name]
        monkeypatch.setattr(half, name, 0.01)
    with Server(forever(ok())) as server:
        client = way.open(server.url())
        for _ in range(3):
            way.send(client)
            way.rest()
        assert server.connections == (3 if name == "KEEP_ALIVE" else 2)


def test_a_failure_on_a_kept_connection_lets_its_siblings_go(way: Blocking) -> None:
    """Else each attempt would meet another dead one."""
    together = threading.Barrier(3)

    def serve(peer: Peer) -> None:
        is_early = peer.server.connections <= 3
        peer.request()
        if is_early:
            together.wait(20)
        peer.say(ok())
        peer.request()  # and hang up instead of an answer

    with Server(serve) as server:
        client = way.open(server.url(), max_retries=2)
        way.many(client, ["/x"] * 3)
        assert way.send(client).attempts == 2
        assert server.connections == 4


def test_a_connection_in_use_while_the_client_closes_gives_its_answer_and_ends(
    way: Blocking,
) -> None:
    asked, closed = threading.Event(), threading.Event()

    def wait(peer: Peer) -> None:
        while peer.request():
            asked.set()
            closed.wait(20)
            peer.say(ok(b"late"))

    def close_it() -> None:
        assert asked.wait(20)
        client.close()
        closed.set()

    async def close_it_too() -> Any:
        answer = asyncio.create_task(client.request("GET", "/x"))
        assert await asyncio.to_thread(asked.wait, 20)
        await client.aclose()
        closed.set()
        return await answer

    with Server(wait) as server:
        client = way.open(server.url())
        if isinstance(way, Awaiting):
            answer = way.run(close_it_too())
        else:
            closing = threading.Thread(target=close_it)
            closing.start()
            answer = way.send(client)
            closing.join(20)
        assert answer.content == b"late"
        assert server.hung_up.acquire(timeout=20)
        with pytest.raises(LaplasError, match="closed"):
            way.send(client)


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_stream_that_nobody_holds_gives_its_place_back(cls: Any) -> None:
    said = b'event: thread.created\ndata: {"id":"thread_1"}\n\n'
    head = CHUNKED + b"Content-Type: text/event-stream\r\n\r\n"

    def serve(peer: Peer) -> None:
        while request := peer.request():
            events = head + b"%x\r\n%b\r\n" % (len(said), said)
            peer.say(events if b"/runs" in request else ok())

    async def use_async(client: AsyncLaplas) -> None:
        stream = await client.runs.create("thread_1", "asst_1", stream=True)
        assert (await anext(aiter(stream))).event == "thread.created"
        del stream
        gc.collect()
        await asyncio.sleep(0.05)
        await client.request("GET", "/x")
        await client.aclose()

    with Server(serve) as server:
        limits = httpx.Limits(max_connections=1)
        client = cls(**_options(server.url(), {"limits": limits, "timeout": 2}))
        if cls is AsyncLaplas:
            asyncio.run(use_async(client))
            return
        with client:
            stream = client.runs.create("thread_1", "asst_1", stream=True)
            assert next(iter(stream)).event == "thread.created"
            del stream
            gc.collect()
            assert client.request("GET", "/x").status_code == 200


def test_a_large_file_is_copied_once_into_its_form(way: Blocking) -> None:
    file = b"x" * 30_000_000
    answer = b'{"id": "file-1", "object": "file", "bytes": 1, "created_at": 1, "filename": "f"}'
    buffer = bytearray(1 << 20)

    def drain(peer: Peer) -> None:
        left = len(file)
        while left > 0:
            left -= peer.connection.recv_into(buffer)
        peer.say(ok(answer, "Connection: close"))

    with Server(drain) as server:
        client = way.open(server.url())
        tracemalloc.start()
        try:
            made = client.files.upload(("f.txt", file), purpose="assistants")
            if isinstance(way, Awaiting):
                made = way._runner.run(made)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert made.id == "file-1"
        assert peak < 1.5 * len(file)


def test_two_servers_do_not_get_each_others_connections(way: Blocking) -> None:
    with Server(forever(ok(b"a"))) as one, Server(forever(ok(b"b"))) as two:
        client = way.open(one.url())
        other = client.with_options(base_url=two.url())
        for _ in range(2):
            assert way.send(client).content == b"a"
            assert way.send(other).content == b"b"
        assert (one.connections, two.connections) == (1, 1)


def test_many_callers_at_once_each_get_their_own_answer(way: Blocking) -> None:
    with Server(echo) as server:
        paths = [f"/{number}" for number in range(200)]
        answers = way.many(way.open(server.url()), paths)
        assert [answer.content.decode() for answer in answers] == paths


def test_no_free_connection_is_a_pool_timeout(way: Blocking) -> None:
    go_on = threading.Event()

    def slow(peer: Peer) -> None:
        while peer.request():
            go_on.wait(1)
            peer.say(ok())

    with Server(slow) as server:
        client = way.open(server.url(), limits=httpx.Limits(max_connections=1))
        answers = way.many(client, ["/x"] * 2, timeout=PATIENT._replace(pool=0.05))
        kinds = [one.kind for one in answers if isinstance(one, APIConnectionError)]
        assert kinds == ["pool_timeout"]
        go_on.set()
        way.send(client)
        assert server.connections == 1


def test_those_who_wait_for_a_connection_all_get_one(way: Blocking) -> None:
    with Server(echo) as server:
        client = way.open(server.url(), limits=httpx.Limits(max_connections=3))
        answers = way.many(client, [f"/{number}" for number in range(60)])
        assert [answer.status_code for answer in answers] == [200] * 60
        assert server.connections <= 3


# ---------------------------------------------------------------- time


def test_no_server_is_a_failure_to_connect(way: Blocking) -> None:
    with socket.socket() as taken:  # bound and not listening
        taken.bind(("127.0.0.1", 0))
        client = way.open(f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert failure(way, client) == "connect"


def test_a_name_without_a_host_is_never_sent_to(
    way: Blocking, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_up(*_: object, **__: object) -> Never:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    assert failure(way, way.open("https://no-such-host.invalid")) == "connect"


def test_a_server_that_shakes_no_hands_is_a_connect_timeout(way: Blocking) -> None:
    with Server(lambda peer: peer.server.hung_up.acquire(timeout=20)) as server:
        client = way.open(server.url().replace("http:", "https:"))
        assert failure(way, client, timeout=PATIENT._replace(connect=0.15)) == "connect_timeout"


def test_a_server_that_accepts_nobody_is_a_connect_timeout(way: Blocking) -> None:
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # as many as the system lets wait, and more
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        client = way.open(f"http://127.0.0.1:{full.getsockname()[1]}")
        assert failure(way, client, timeout=PATIENT._replace(connect=0.15)) == "connect_timeout"


@pytest.mark.parametrize("phase", Timeout._fields)
@pytest.mark.parametrize("seconds", [1e-9, 1e8, None])
def test_timeouts_may_be_of_any_size(way: Blocking, phase: str, seconds: float | None) -> None:
    with Server(forever(ok())) as server:
        client = way.open(server.url())
        answers = way.many(client, ["/x"] * 3, timeout=PATIENT._replace(**{phase: seconds}))
        kinds = {one.kind for one in answers if isinstance(one, APIConnectionError)}
        assert kinds <= ({f"{phase}_timeout"} if seconds == 1e-9 else set())
        way.send(client)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"])
def test_a_server_that_stops_is_a_read_timeout_and_its_connection_is_not_kept(
    way: Blocking, said: bytes
) -> None:
    def stop(peer: Peer) -> None:
        peer.request()
        peer.say(said)
        peer.request()

    with Server(stop) as server:
        assert failure(way, way.open(server.url()), timeout=HASTY) == "read_timeout"
        assert server.hung_up.acquire(timeout=20)


def test_a_server_that_takes_nothing_is_a_write_timeout(way: Blocking) -> None:
    done = threading.Event()
    with Server(lambda peer: done.wait(20)) as server:
        body = {"x": "x" * 30_000_000}
        kind = failure(way, way.open(server.url()), "/x", "POST", body=body, timeout=HASTY)
        done.set()
        assert kind == "write_timeout"


# ---------------------------------------------------------------- cut short


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_many_tasks_cancelled_at_any_time_leave_nothing_behind(
    secure: bool, certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    """Cancelled, out of time, refused, hung up on at rest; and no answer is another's."""
    chance = random.Random(1)
    outcomes: Counter[str] = Counter()

    def moody(peer: Peer) -> None:
        for _ in range(5):  # then it hangs up on a connection at rest
            request = peer.request()
            if not request:
                return
            if b"/slow" in request:
                time.sleep(0.01)
            peer.say(ok(request.split(b" ")[1]))

    async def one(client: AsyncLaplas, number: int) -> None:
        path = f"/{'slow' if number % 3 else 'fast'}/{number}"
        timeout = PATIENT._replace(read=0.001) if number % 7 == 0 else PATIENT
        try:
            async with asyncio.timeout(chance.choice([None, 0.0, 0.002, 0.05])):
                answer = await client.request("GET", path, timeout=timeout)
        except TimeoutError as problem:
            outcomes["failed" if isinstance(problem, APIConnectionError) else "out of time"] += 1
        except APIConnectionError:
            outcomes["failed"] += 1
        else:
            outcomes["answered"] += 1
            assert answer.content.decode() == path

    async def run(server: Server) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
        verify = certificates.trusting
        options = _options(server.url(), {"verify": verify, "max_retries": 0})
        async with AsyncLaplas(**options) as client, asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(client, number)) for number in range(200)]
            for task in chance.sample(tasks, 40):
                await asyncio.sleep(0)
                task.cancel()
            await asyncio.wait(tasks)
            assert len(asyncio.all_tasks()) == 1
        gc.collect()

    complaints: list[Any] = []
    with Server(moody, tls=certificates.server if secure else None) as server:
        asyncio.run(run(server), debug=True)
        gc.collect()
    assert outcomes["answered"] > 20
    assert outcomes["out of time"] > 20
    assert not complaints
    # Slow callbacks, which debugging reports, are another matter.
    ours = [one.message for one in caplog.records if one.name == "asyncio"]
    assert not [text for text in ours if "took" not in text]


# ---------------------------------------------------------------- TLS and addresses


class Certificates:
    """An authority of our own, and certificates for this machine and for another."""

    def __init__(self, folder: Path) -> None:
        trustme = pytest.importorskip("trustme")
        authority = trustme.CA()
        self.server = self._server_context(authority.issue_cert("127.0.0.1", "localhost"))
        self.wrong_name = self._server_context(authority.issue_cert("other.example"))
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)

    @staticmethod
    def _server_context(issued: Any) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)
        return context

    @property
    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("tls"))


def test_certificates_are_checked_unless_told_otherwise(
    way: Blocking, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = certificates.trusting
    untrusting: Any = ({}, {"verify": True}, {"verify": ssl.create_default_context()})
    refused = [(certificates.server, options) for options in untrusting]
    for context, options in (*refused, (certificates.wrong_name, {"verify": trusting})):
        with Server(forever(ok()), tls=context) as server:
            with pytest.raises(APIConnectionError, match=r"(?i)certificate") as info:
                way.send(way.open(server.url(), **options), "/x", "POST", body={})
            assert info.value.kind == "connect"
            assert not info.value.may_have_taken_effect
            assert not server.requests, "nothing is said to who cannot prove who it is"
    with Server(forever(ok()), tls=certificates.server) as server:
        for options in ({"verify": trusting}, {"verify": False}):
            way.send(way.open(server.url(), **options))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
        way.send(way.open(server.url()))


@pytest.mark.parametrize("content", [None, b"no certificate"], ids=["missing", "garbage"])
def test_a_certificate_file_that_is_none_is_a_configuration_error(
    way: Blocking,
    content: bytes | None,
    certificates: Certificates,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Except where nothing is checked: then no certificates are looked for."""
    path = tmp_path / "canary.pem"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with Server(forever(ok()), tls=certificates.server) as server:
        with pytest.raises(ConfigurationError) as info:
            way.send(way.open(server.url()))
        way.send(way.open(server.url(), verify=False))
    assert info.value.argument == "SSL_CERT_FILE"
    assert "canary" not in str(info.value)


def test_a_server_without_tls_gets_no_request(way: Blocking) -> None:
    def refuse(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        peer.takes_the_rest()

    with Server(refuse) as server:
        assert failure(way, way.open(server.url().replace("http:", "https:"))) == "connect"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_tls_connection_is_used_again(
    way: Blocking, certificates: Certificates, host: str
) -> None:
    body = b"x" * 300_000
    with Server(forever(ok(body)), tls=certificates.server) as server:
        client = way.open(server.url(host), verify=certificates.trusting)
        for _ in range(3):
            assert way.send(client, "/x", "POST", body={"x": "x" * 300_000}).content == body
        assert server.connections == 1


def test_a_context_that_offers_http_2_gets_http_1_1(
    way: Blocking, certificates: Certificates
) -> None:
    chosen: list[str | None] = []

    def handle(peer: Peer) -> None:
        chosen.append(cast("Any", peer.connection).selected_alpn_protocol())
        forever(ok())(peer)

    mine = certificates.trusting
    mine.set_alpn_protocols(["h2", "http/1.1"])
    certificates.server.set_alpn_protocols(["h2", "http/1.1"])
    with Server(handle, tls=certificates.server) as server:
        way.send(way.open(server.url(), verify=mine))
    assert chosen == ["http/1.1"]


def test_ipv6(way: Blocking) -> None:
    try:
        server = Server(forever(ok()), family=socket.AF_INET6).__enter__()
    except OSError:
        pytest.skip("needs IPv6")
    with contextlib.closing(contextlib.ExitStack()) as stack:
        stack.push(server)
        way.send(way.open(server.url("[::1]")))
        assert f"host: [::1]:{server.port}".encode() in server.requests[0].lower()
