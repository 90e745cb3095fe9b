"""The package's own connections against servers of a few lines, on sockets, both ways of waiting.

Each test runs twice: with the connections that block and with those that await.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import gzip
import os
import random
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import tracemalloc
import types
import warnings
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Never, cast

import pytest

from laplas import AsyncLaplas, ConfigurationError, Laplas, _async_sockets, _http, _http1, _sockets
from laplas._async_sockets import AsyncSockets
from laplas._call import Request, Response
from laplas._engine import Broken, BrokenStream, Send
from laplas._http import AsyncPool, Pool
from laplas._options import Connecting, Timeout
from laplas._secret import Secret
from laplas._sockets import Sockets

CEILING = 1_000_000
LIMITED = Connecting(max_response_bytes=CEILING)
FAST = Timeout(read=0.15, connect=20, write=0.15, pool=0.15)
PATIENT = Timeout(read=20, connect=20, write=20, pool=20)

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

    def url(self, path: str = "/v1/x", host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"


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


def step(
    url: str,
    method: str = "GET",
    content: bytes | None = None,
    headers: dict[str, str] | None = None,
    timeout: Timeout = PATIENT,
) -> Send:
    return Send(Request(method, url, headers or {}, content, needs_key=False), timeout)


class Blocking:
    """Drives `Sockets`."""

    def __init__(self) -> None:
        self._made: list[Sockets] = []

    def open(self, verify: bool | ssl.SSLContext = True) -> Any:
        self._made.append(Sockets(LIMITED._replace(verify=verify)))
        return self._made[-1]

    def send(self, connections: Any, step_: Send, key: Secret | None = None) -> Response | Broken:
        return cast("Response | Broken", connections.send(step_, key))

    def many(self, connections: Any, steps: list[Send]) -> list[Response | Broken]:
        with ThreadPoolExecutor(32) as threads:
            return list(threads.map(lambda one: connections.send(one, None), steps))

    def close(self, connections: Any) -> None:
        connections.close()

    def pieces(self, stream: Any) -> Iterator[bytes]:
        return iter(stream)

    def leave(self, stream: Any) -> None:
        stream.close()

    def end(self) -> None:
        for connections in self._made:
            connections.close()


class Awaiting:
    """Drives `AsyncSockets`, in one event loop."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._made: list[AsyncSockets] = []

    def open(self, verify: bool | ssl.SSLContext = True) -> Any:
        async def make() -> AsyncSockets:
            return AsyncSockets(LIMITED._replace(verify=verify))

        self._made.append(self._runner.run(make()))
        return self._made[-1]

    def send(self, connections: Any, step_: Send, key: Secret | None = None) -> Response | Broken:
        return cast("Response | Broken", self._runner.run(connections.send(step_, key)))

    def many(self, connections: Any, steps: list[Send]) -> list[Response | Broken]:
        async def run() -> list[Response | Broken]:
            return list(await asyncio.gather(*[connections.send(one, None) for one in steps]))

        return self._runner.run(run())

    def close(self, connections: Any) -> None:
        self._runner.run(connections.aclose())

    def pieces(self, stream: Any) -> Iterator[bytes]:
        pieces = aiter(stream)

        async def following() -> bytes | None:
            return await anext(pieces, None)

        while (piece := self._runner.run(following())) is not None:
            yield piece

    def leave(self, stream: Any) -> None:
        self._runner.run(stream.aclose())

    def end(self) -> None:
        for connections in self._made:
            self.close(connections)
        self._runner.close()


Way = Blocking | Awaiting


@pytest.fixture(params=[Blocking, Awaiting])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    made = request.param()
    yield made
    made.end()


def failure(answer: Response | Broken) -> str:
    assert isinstance(answer, Broken), answer
    return answer.failure


def good(answer: Response | Broken) -> Response:
    assert isinstance(answer, Response), answer
    return answer


# ---------------------------------------------------------------- what goes out


def test_a_request_is_written_as_http_1_1_with_its_key_and_nothing_unasked(way: Way) -> None:
    with Server(forever(ok())) as server:
        headers = {"X-One": "1"}
        way.send(way.open(), step(server.url("/p?q=1"), "POST", b"{}", headers), Secret("Bearer k"))
        assert server.requests == [
            f"POST /p?q=1 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nX-One: 1\r\n"
            "Content-Length: 2\r\nAuthorization: Bearer k\r\n\r\n{}".encode()
        ]


def test_a_post_without_a_body_says_that_it_is_empty(way: Way) -> None:
    with Server(forever(ok())) as server:
        way.send(way.open(), step(server.url(), "POST"))
        assert b"Content-Length: 0\r\n" in server.requests[0]


def test_a_get_says_nothing_of_a_body(way: Way) -> None:
    with Server(forever(ok())) as server:
        way.send(way.open(), step(server.url()))
        assert b"content-length" not in server.requests[0].lower()


def test_a_host_header_of_the_callers_is_the_only_one(way: Way) -> None:
    with Server(forever(ok())) as server:
        way.send(way.open(), step(server.url(), headers={"host": "other"}))
        assert server.requests[0].lower().count(b"host:") == 1
        assert b"host: other" in server.requests[0].lower()


def test_only_this_package_says_where_a_body_ends(way: Way) -> None:
    headers = {"content-length": "99", "Transfer-Encoding": "chunked"}
    with Server(forever(ok())) as server:
        good(way.send(way.open(), step(server.url(), "POST", b"{}", headers)))
        assert server.requests[0].lower().count(b"content-length:") == 1
        assert b"\r\nContent-Length: 2\r\n" in server.requests[0]
        assert b"chunked" not in server.requests[0]


def test_what_http_cannot_carry_is_unsent_and_not_repeated_in_the_text(way: Way) -> None:
    with Server(forever(ok())) as server:
        answer = way.send(way.open(), step(server.url()), Secret("Bearer secret\r\nX: y"))
        assert failure(answer) == "unsent"
        assert "secret" not in str(answer)
        assert server.requests == []


def test_a_large_body_arrives_whole(way: Way) -> None:
    body = os.urandom(3_000_000)
    with Server(forever(ok())) as server:
        good(way.send(way.open(), step(server.url(), "POST", body)))
        assert server.requests[0].endswith(body)


def test_large_bodies_are_not_copied(way: Way) -> None:
    def swallow(peer: Peer) -> None:
        left = len(body)
        while left > 0:
            left -= len(peer.connection.recv(65536))
        peer.say(answer)

    body = bytes(8 * CEILING)
    answer = ok(bytes(CEILING), "Connection: close")
    with Server(swallow) as server:
        connections = way.open()
        sent = step(server.url(), "POST", body)
        tracemalloc.start()
        try:
            assert len(good(way.send(connections, sent)).content) == CEILING
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    most = 1.8 if isinstance(way, Blocking) else 2.5  # asyncio reads 256 KiB at a time
    assert peak < most * CEILING, "the answer, and what was read last"


def refusing(header: bytes = b"") -> Handler:
    """Says 413 after the first of a request, and takes the rest without another word."""

    def handle(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.say(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n" + header + b"\r\n")
        peer.takes_the_rest()

    return handle


def test_an_answer_that_came_before_the_whole_request_was_taken_is_read(
    way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    with Server(refusing(b"Connection: close\r\n")) as server:
        answer = way.send(way.open(), step(server.url(), "POST", b"x" * 3_000_000))
        assert good(answer).status == 413
    assert caplog.messages == []


def test_a_server_that_hangs_up_while_it_is_written_to_is_no_matter_for_the_log(
    way: Way, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.reset()

    with Server(refuse) as server:
        answer = way.send(way.open(), step(server.url(), "POST", b"x" * 30_000_000))
        assert failure(answer) in ("read", "truncated")
    assert caplog.messages == [], "asyncio complains of writing to what is closed"


def test_after_a_request_that_was_not_taken_whole_its_connection_is_not_used_again(
    way: Way,
) -> None:
    with Server(refusing()) as server:
        connections = way.open()
        for count in (1, 2):
            answer = way.send(connections, step(server.url(), "POST", b"x" * 3_000_000))
            assert good(answer).status == 413
            assert server.connections == count


async def test_what_asyncio_has_closed_itself_is_closed_without_an_error() -> None:
    """The server said it would send no more while the last of a request was written."""
    with Server(Peer.takes_the_rest) as server:
        connections = AsyncSockets(LIMITED)
        origin, _ = _http1.origin_and_path(server.url())
        connection = await connections.connect(origin, 20)
        connection._transport.write(bytes(8_000_000))  # more than leaves at once
        async with asyncio.timeout(20):
            while not connection._lost:  # until all of it has left
                await asyncio.sleep(0.001)
        connection.close()
        connection.close()


def test_a_delete_says_nothing_of_a_body(way: Way) -> None:
    with Server(forever(ok())) as server:
        way.send(way.open(), step(server.url(), "DELETE"))
        assert b"content-length" not in server.requests[0].lower()


def test_a_caller_may_ask_for_the_end_of_the_connection(way: Way) -> None:
    with Server(forever(ok())) as server:
        connections = way.open()
        for count in (1, 2):
            sent = step(server.url(), headers={"connection": "close"})
            good(way.send(connections, sent))
            assert server.hung_up.acquire(timeout=20)
            assert server.connections == count
            assert b"\r\nconnection: close\r\n" in server.requests[-1].lower()


def test_a_path_that_http_cannot_carry_is_unsent(way: Way) -> None:
    with Server(forever(ok())) as server:
        for path in ("/\u0436", "/a b", "/a\r\nX: y"):
            assert failure(way.send(way.open(), step(server.url(path)))) == "unsent"
        assert server.requests == []


def test_a_port_of_0_is_no_other_ports_number() -> None:
    origin, _ = _http1.origin_and_path("http://127.0.0.1:0/")
    assert (origin.port, origin.authority) == (0, "127.0.0.1:0")


# ---------------------------------------------------------------- what comes in


def test_the_status_the_headers_and_the_body_come_back(way: Way) -> None:
    answer = b"HTTP/1.1 418 Odd\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n\r\nabc"
    with Server(forever(answer)) as server:
        got = good(way.send(way.open(), step(server.url())))
        assert (got.status, got.content) == (418, b"abc")
        assert got.headers == {"x-a": "1, 2", "content-length": "3"}


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"


def chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (*parts, b""))


def test_a_body_in_chunks_is_put_together(way: Way) -> None:
    with Server(forever(CHUNKED + b"\r\n" + chunks(b"ab", b"c"))) as server:
        connections = way.open()
        assert good(way.send(connections, step(server.url()))).content == b"abc"
        assert good(way.send(connections, step(server.url()))).content == b"abc"
        assert server.connections == 1


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b"abc", mtime=0)),
        ("X-GZip", gzip.compress(b"abc", mtime=0)),
        ("deflate", zlib.compress(b"abc")),
        ("identity", b"abc"),
    ],
)
def test_content_codings_are_undone(way: Way, coding: str, body: bytes) -> None:
    with Server(forever(ok(body, f"Content-Encoding: {coding}"))) as server:
        assert good(way.send(way.open(), step(server.url()))).content == b"abc"


def test_an_empty_body_needs_no_content_coding(way: Way) -> None:
    with Server(forever(ok(b"", "Content-Encoding: gzip"))) as server:
        assert good(way.send(way.open(), step(server.url()))).content == b""


@pytest.mark.parametrize(
    ("coding", "body", "kind"),
    [
        ("gzip", b"not gzip at all", "undecodable"),
        ("gzip", gzip.compress(b"abc" * 99, mtime=0)[:-9], "truncated"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"abc", mtime=0), mtime=0), "undecodable"),
        ("br", b"abc", "undecodable"),
    ],
)
def test_a_body_that_is_not_what_its_content_coding_says_is_no_answer(
    way: Way, coding: str, body: bytes, kind: str
) -> None:
    with Server(forever(ok(body, f"Content-Encoding: {coding}"))) as server:
        assert failure(way.send(way.open(), step(server.url()))) == kind


EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
"""Of a deflate stream: five bytes that mean nothing."""
NOTHING = {
    "empty blocks": zlib.compress(b"abc", wbits=31)[:10] + EMPTY_BLOCK * 13_000,
    "bytes behind the end": zlib.compress(b"abc", wbits=31) + bytes(60_000),
}


@pytest.mark.parametrize("start", NOTHING.values(), ids=list(NOTHING))
def test_what_inflates_to_nothing_is_not_read_for_ever(way: Way, start: bytes) -> None:
    def pour(peer: Peer) -> None:
        peer.request()
        peer.say(CHUNKED + b"Content-Encoding: gzip\r\n\r\n%x\r\n%b\r\n" % (len(start), start))
        more = EMPTY_BLOCK * 13_000
        with contextlib.suppress(OSError):
            while True:
                peer.connection.sendall(b"%x\r\n%b\r\n" % (len(more), more))

    with Server(pour) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "too_large"
        assert server.hung_up.acquire(timeout=20)


def test_interim_answers_are_passed_over_but_not_for_ever(way: Way) -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    with Server(forever(interim * 2 + ok(b"abc"))) as server:
        assert good(way.send(way.open(), step(server.url()))).content == b"abc"
    with Server(forever(interim * 1000 + ok(b"abc"))) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "truncated"


def test_a_gzip_bomb_is_too_large(way: Way) -> None:
    bomb = gzip.compress(bytes(CEILING + 1))
    assert len(bomb) < CEILING / 100
    with Server(forever(ok(bomb, "Content-Encoding: gzip"))) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "too_large"


@pytest.mark.parametrize("size", [CEILING, CEILING + 1])
@pytest.mark.parametrize("coded", [False, True])
def test_a_body_may_be_as_large_as_the_ceiling(way: Way, size: int, coded: bool) -> None:
    body = gzip.compress(bytes(size)) if coded else bytes(size)
    header = "Content-Encoding: gzip" if coded else "X-A: b"
    with Server(forever(ok(body, header))) as server:
        answer = way.send(way.open(), step(server.url()))
        if size == CEILING:
            assert len(good(answer).content) == CEILING
        else:
            assert failure(answer) == "too_large"


def test_an_endless_body_is_not_read_to_its_end(way: Way) -> None:
    def pour(peer: Peer) -> None:
        peer.request()
        peer.say(CHUNKED + b"\r\n")
        with contextlib.suppress(OSError):
            while True:
                peer.connection.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")

    with Server(pour) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "too_large"
        assert server.hung_up.acquire(timeout=20)


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body_does_not_wait_for_one(way: Way, status: int) -> None:
    with Server(forever(b"HTTP/1.1 %d Nothing\r\n\r\n" % status)) as server:
        connections = way.open()
        for _ in range(2):
            assert good(way.send(connections, step(server.url()))).status == status
        assert server.connections == 1


def test_interim_answers_are_passed_over(way: Way) -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
    with Server(forever(interim + ok(b"abc"))) as server:
        assert good(way.send(way.open(), step(server.url(), "POST", b"{}"))).content == b"abc"


def test_a_change_of_protocol_is_no_answer(way: Way) -> None:
    with Server(
        always(b"HTTP/1.1 101 Other\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
    ) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "truncated"


def test_large_headers_are_read_up_to_a_limit(way: Way) -> None:
    with Server(forever(ok(b"", "X-Big: " + "x" * (_http1.MAX_HEAD - 1000)))) as server:
        good(way.send(way.open(), step(server.url())))
    with Server(forever(ok(b"", "X-Big: " + "x" * (_http1.MAX_HEAD + 2 * _http1.CHUNK)))) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "too_large"


def test_headers_without_end_are_given_up(way: Way) -> None:
    def pour(peer: Peer) -> None:
        peer.request()
        peer.say(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(OSError):
            while True:
                peer.connection.sendall(b"X-A: b\r\n" * 1000)

    with Server(pour) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "too_large"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 20",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        CHUNKED + b"\r\n3\r\nabc\r\n",
        CHUNKED + b"\r\nzz\r\n",
        b"SSH-2.0-Server\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
    ],
)
def test_an_answer_that_is_cut_or_no_http_is_truncated(way: Way, answer: bytes) -> None:
    with Server(always(answer)) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "truncated"


def test_a_connection_reset_in_the_middle_is_a_failure_to_read(way: Way) -> None:
    def reset(peer: Peer) -> None:
        peer.request()
        peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        time.sleep(0.05)
        peer.reset()

    with Server(reset) as server:
        assert failure(way.send(way.open(), step(server.url()))) == "read"


# ---------------------------------------------------------------- connections kept


def test_a_connection_is_used_again(way: Way) -> None:
    with Server(forever(ok())) as server:
        connections = way.open()
        for _ in range(5):
            good(way.send(connections, step(server.url())))
        assert (server.connections, len(server.requests)) == (1, 5)


@pytest.mark.parametrize(
    "answer",
    [
        ok(b"abc", "Connection: close"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\n\r\nabc",  # the body ends where the connection does
    ],
)
def test_a_connection_that_the_server_ends_is_not_used_again(way: Way, answer: bytes) -> None:
    with Server(always(answer)) as server:
        connections = way.open()
        for count in (1, 2):
            assert good(way.send(connections, step(server.url()))).content == b"abc"
            assert server.connections == count


def test_a_connection_that_was_closed_at_rest_is_replaced_unseen(way: Way) -> None:
    with Server(always(ok())) as server:  # hangs up after one answer, without saying so
        connections = way.open()
        for count in range(1, 4):
            good(way.send(connections, step(server.url(), "POST", b"{}")))
            assert server.hung_up.acquire(timeout=20)
            assert server.connections == count


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_that_ends_as_it_is_used_again_is_a_failure_and_nothing_is_sent_twice(
    way: Way, reset: bool
) -> None:
    """Nobody can know then whether the server acted: whether to repeat it is for others to say."""

    def hang_up(peer: Peer) -> None:
        peer.request()
        peer.say(ok())
        peer.request()
        if reset:
            peer.reset()

    with Server(hang_up) as server:
        connections = way.open()
        good(way.send(connections, step(server.url(), "POST", b"{}")))
        answer = way.send(connections, step(server.url(), "POST", b"{}"))
        assert failure(answer) == ("read" if reset else "truncated")
        assert (server.connections, len(server.requests)) == (1, 2)


def test_an_answer_to_nothing_is_never_taken_for_the_next_requests(way: Way) -> None:
    said = threading.Event()

    def prattle(peer: Peer) -> None:
        while peer.request():
            peer.say(ok(b"right"))
            time.sleep(0.02)
            peer.say(ok(b"wrong"))
            said.set()

    with Server(prattle) as server:
        connections = way.open()
        for _ in range(3):
            assert good(way.send(connections, step(server.url()))).content == b"right"
            assert said.wait(20)
            said.clear()
            if isinstance(way, Awaiting):  # lets the event loop see it too
                way._runner.run(asyncio.sleep(0.02))
        assert server.connections == 3


def test_an_answer_to_nothing_right_behind_an_answer_ends_the_connection(way: Way) -> None:
    with Server(forever(ok(b"right") + ok(b"wrong"))) as server:
        connections = way.open()
        for count in (1, 2):
            assert good(way.send(connections, step(server.url()))).content == b"right"
            assert server.connections == count


def test_a_connection_at_rest_for_long_is_not_used_and_is_closed(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_http1, "KEEP_ALIVE", -1.0)
    with Server(forever(ok())) as server:
        connections = way.open()
        good(way.send(connections, step(server.url())))
        good(way.send(connections, step(server.url())))
        assert server.connections == 2
        assert server.hung_up.acquire(timeout=20)


def test_the_connection_that_rested_least_is_used_so_that_the_others_expire(way: Way) -> None:
    together = threading.Barrier(3)

    def wait(peer: Peer) -> None:
        while request := peer.request():
            if b"/all" in request:
                together.wait(20)
            peer.say(ok(str(peer.connection.getpeername()[1]).encode()))

    with Server(wait) as server:
        connections = way.open()
        way.many(connections, [step(server.url("/all"))] * 3)
        assert server.connections == 3
        used = {good(way.send(connections, step(server.url()))).content for _ in range(6)}
        assert len(used) == 1


def test_after_a_failure_in_the_middle_the_next_request_has_its_own_connection(way: Way) -> None:
    first = threading.Event()

    def cut(peer: Peer) -> None:
        while peer.request():
            whole = first.is_set()
            first.set()
            peer.say(ok(b"abc") if whole else b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
            if not whole:
                return

    with Server(cut) as server:
        connections = way.open()
        assert failure(way.send(connections, step(server.url()))) == "truncated"
        assert good(way.send(connections, step(server.url()))).content == b"abc"
        assert server.connections == 2


def test_what_rested_too_long_is_closed_wherever_it_leads(way: Way) -> None:
    with Server(forever(ok())) as one, Server(forever(ok())) as two:
        connections = way.open()
        good(way.send(connections, step(one.url())))
        for resting in connections.idle._resting:
            resting.expires = 0.0
        good(way.send(connections, step(two.url())))
        assert one.hung_up.acquire(timeout=20)
        assert len(connections.idle._resting) == 1


def test_closing_closes_connections_at_rest(way: Way) -> None:
    with Server(forever(ok())) as server:
        connections = way.open()
        good(way.send(connections, step(server.url())))
        way.close(connections)
        assert server.hung_up.acquire(timeout=20)


def test_a_connection_in_use_while_closing_is_closed_when_it_comes_to_rest() -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(peer: Peer) -> None:
        while peer.request():
            asked.set()
            go_on.wait(20)
            peer.say(ok())

    with Server(slow) as server, ThreadPoolExecutor(1) as thread:
        connections = Sockets(LIMITED)
        answer = thread.submit(connections.send, step(server.url()), None)
        assert asked.wait(20)
        connections.close()
        go_on.set()
        good(answer.result())
        assert server.hung_up.acquire(timeout=20)


def test_two_servers_do_not_get_each_others_connections(way: Way) -> None:
    with Server(forever(ok(b"a"))) as one, Server(forever(ok(b"b"))) as two:
        connections = way.open()
        for _ in range(2):
            assert good(way.send(connections, step(one.url()))).content == b"a"
            assert good(way.send(connections, step(two.url()))).content == b"b"
        assert (one.connections, two.connections) == (1, 1)


# ---------------------------------------------------------------- time


def test_no_server_is_a_failure_to_connect(way: Way) -> None:
    with socket.socket() as taken:  # bound and not listening
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert failure(way.send(way.open(), step(url))) == "connect"


@pytest.mark.parametrize(
    ("host", "kind"),
    [("no-such-host.invalid", "connect"), ("a..b", "unsent"), ("x" * 70, "unsent")],
)
def test_a_name_without_a_host_is_never_sent_to(
    way: Way, host: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked_up(name: str, *_: object, **__: object) -> Never:
        name.encode("idna")  # as the true function does first
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    assert failure(way.send(way.open(), step(f"http://{host}/"))) == kind


def test_a_server_that_shakes_no_hands_is_a_connect_timeout(way: Way) -> None:
    with Server(lambda peer: peer.server.hung_up.acquire(timeout=20)) as server:
        url = server.url().replace("http:", "https:")
        hasty = PATIENT._replace(connect=0.15)
        assert failure(way.send(way.open(), step(url, timeout=hasty))) == "connect_timeout"


def test_a_server_that_accepts_nobody_is_a_connect_timeout(way: Way) -> None:
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):  # as many as the system lets wait, and more
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        sent = step(f"http://127.0.0.1:{full.getsockname()[1]}/")
        hasty = sent._replace(timeout=PATIENT._replace(connect=0.15))
        assert failure(way.send(way.open(), hasty)) == "connect_timeout"


@pytest.mark.parametrize("phase", Timeout._fields)
@pytest.mark.parametrize("seconds", [1e-9, 1e8, None])
def test_timeouts_may_be_of_any_size(way: Way, phase: str, seconds: float | None) -> None:
    with Server(forever(ok())) as server:
        connections = way.open()
        timeout = PATIENT._replace(**{phase: seconds})
        answers = way.many(connections, [step(server.url(), "POST", b"{}", timeout=timeout)] * 3)
        broken = {answer.failure for answer in answers if isinstance(answer, Broken)}
        assert broken <= ({f"{phase}_timeout"} if seconds == 1e-9 else set())
        good(way.send(connections, step(server.url())))


def test_the_time_to_connect_is_for_tcp_and_tls_together(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[float | None] = []

    class Recording:
        def set_alpn_protocols(self, _: object) -> None: ...
        def wrap_socket(self, connected: socket.socket, **_: object) -> socket.socket:
            left.append(connected.gettimeout())
            return connected

    clock = iter([100.0, 103.0, 200.0, 207.0])
    monkeypatch.setattr(_sockets, "time", types.SimpleNamespace(monotonic=lambda: next(clock)))
    with Server(lambda peer: None) as server:
        connections = Sockets(LIMITED._replace(verify=cast("Any", Recording())))
        origin, _ = _http1.origin_and_path(server.url().replace("http:", "https:"))
        for limit in (5.0, 5.0, None):
            monkeypatch.setattr(_sockets, "time", time) if limit is None else None
            connections.connect(origin, limit).close()
    assert left == [2.0, 0.001, None]


def test_a_tls_handshake_may_take_longer_than_asyncio_would_allow(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asyncio.constants.SSL_HANDSHAKE_TIMEOUT", 0.01)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    class Slow:
        def wrap_socket(self, connection: socket.socket, **options: Any) -> ssl.SSLSocket:
            time.sleep(0.2)
            return context.wrap_socket(connection, **options)

    async def run(url: str, timeout: Timeout) -> None:
        connections = AsyncSockets(LIMITED._replace(verify=trusting(certificate)))
        good(await connections.send(step(url, timeout=timeout), None))
        await connections.aclose()

    with Server(forever(ok()), tls=cast("Any", Slow())) as server:
        for timeout in (PATIENT, PATIENT._replace(connect=None)):
            asyncio.run(run(server.url(), timeout))


def test_a_server_that_does_not_answer_is_a_read_timeout(way: Way) -> None:
    with Server(lambda peer: (peer.request(), peer.request())) as server:
        connections = way.open()
        assert failure(way.send(connections, step(server.url(), timeout=FAST))) == "read_timeout"
        assert server.hung_up.acquire(timeout=20)  # and the connection is not kept


def test_a_server_that_stops_in_the_middle_is_a_read_timeout(way: Way) -> None:
    def stop(peer: Peer) -> None:
        peer.request()
        peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")
        peer.request()

    with Server(stop) as server:
        assert failure(way.send(way.open(), step(server.url(), timeout=FAST))) == "read_timeout"


def test_a_server_that_takes_nothing_is_a_write_timeout(way: Way) -> None:
    done = threading.Event()
    with Server(lambda peer: done.wait(20)) as server:
        answer = way.send(way.open(), step(server.url(), "POST", bytes(30_000_000), timeout=FAST))
        done.set()
        assert failure(answer) == "write_timeout"


def test_no_free_connection_is_a_pool_timeout(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_sockets, "MAX_CONNECTIONS", 1)
    monkeypatch.setattr(_async_sockets, "MAX_CONNECTIONS", 1)
    go_on = threading.Event()

    def slow(peer: Peer) -> None:
        while peer.request():
            go_on.wait(1)
            peer.say(ok())

    with Server(slow) as server:
        connections = way.open()
        hasty = PATIENT._replace(pool=0.05)
        answers = way.many(connections, [step(server.url(), timeout=hasty)] * 2)
        assert sorted(type(answer).__name__ for answer in answers) == ["Broken", "Response"]
        assert [failure(a) for a in answers if isinstance(a, Broken)] == ["pool_timeout"]
        go_on.set()
        good(way.send(connections, step(server.url())))
        assert server.connections == 1


def test_those_who_wait_for_a_connection_all_get_one(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_sockets, "MAX_CONNECTIONS", 3)
    monkeypatch.setattr(_async_sockets, "MAX_CONNECTIONS", 3)
    with Server(forever(ok(b"abc"))) as server:
        answers = way.many(way.open(), [step(server.url())] * 60)
        assert [good(answer).content for answer in answers] == [b"abc"] * 60
        assert server.connections <= 3


# ---------------------------------------------------------------- cut short


def test_a_cancelled_request_takes_its_connection_along_and_gives_its_place_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_async_sockets, "MAX_CONNECTIONS", 1)
    asked = threading.Event()

    def slow(peer: Peer) -> None:
        while request := peer.request():
            asked.set()
            if b"/slow" not in request:
                peer.say(ok(b"right"))

    async def run(server: Server) -> None:
        connections = AsyncSockets(LIMITED)
        task = asyncio.create_task(connections.send(step(server.url("/slow")), None))
        await asyncio.to_thread(asked.wait, 20)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert good(await connections.send(step(server.url()), None)).content == b"right"
        assert await asyncio.to_thread(server.hung_up.acquire, timeout=20)
        assert server.connections == 2
        await connections.aclose()

    with Server(slow) as server:
        asyncio.run(run(server))


def test_cancelling_at_any_time_leaves_the_connections_sound() -> None:
    async def run(server: Server) -> None:
        connections = AsyncSockets(LIMITED)
        for ticks in range(12):
            task = asyncio.create_task(connections.send(step(server.url("/cancelled")), None))
            for _ in range(ticks):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            number = f"/{ticks}"
            answer = good(await connections.send(step(server.url(number)), None))
            assert answer.content == number.encode()
        await connections.aclose()

    def echo(peer: Peer) -> None:
        while request := peer.request():
            peer.say(ok(request.split(b" ")[1]))

    with Server(echo) as server:
        asyncio.run(run(server))


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_many_tasks_cancelled_at_any_time_leave_nothing_behind(
    secure: bool,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Cancelled, out of time, refused, hung up on at rest: 300 tasks through 20 places."""
    monkeypatch.setattr(_async_sockets, "MAX_CONNECTIONS", 20)
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

    async def one(connections: AsyncSockets, url: str, number: int) -> None:
        path = f"/{'slow' if number % 3 else 'fast'}/{number}"
        timeout = PATIENT._replace(read=0.001) if number % 7 == 0 else PATIENT
        try:
            async with asyncio.timeout(chance.choice([None, 0.0, 0.002, 0.02])):
                answer = await connections.send(step(url + path, timeout=timeout), None)
        except TimeoutError:
            outcomes["out of time"] += 1
        else:
            outcomes[type(answer).__name__] += 1
            if isinstance(answer, Response):
                assert answer.content.decode() == path

    async def run(server: Server) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
        connections = AsyncSockets(LIMITED._replace(verify=trusting(certificate)))
        url = server.url(path="")
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(connections, url, number)) for number in range(300)]
            for task in chance.sample(tasks, 60):
                await asyncio.sleep(0)
                task.cancel()
        assert connections._permits._value == 20
        assert len(asyncio.all_tasks()) == 1
        await connections.aclose()
        gc.collect()

    complaints: list[Any] = []
    with tls_server(certificate, moody) if secure else Server(moody) as server:
        asyncio.run(run(server), debug=True)
        gc.collect()
    assert outcomes["Response"] > 20
    assert outcomes["out of time"] > 20
    assert not complaints
    # Slow callbacks, which debugging reports, are another matter.
    assert not [one for one in caplog.messages if "took" not in one]


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals between threads")
def test_ctrl_c_takes_the_connection_along_and_gives_its_place_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_sockets, "MAX_CONNECTIONS", 1)

    def interrupt(peer: Peer) -> None:
        while request := peer.request():
            if b"/slow" in request:
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            else:
                peer.say(ok(b"right"))

    with Server(interrupt) as server:
        connections = Sockets(LIMITED)
        with pytest.raises(KeyboardInterrupt):
            connections.send(step(server.url("/slow")), None)
        assert server.hung_up.acquire(timeout=20)
        assert good(connections.send(step(server.url()), None)).content == b"right"
        connections.close()


# ---------------------------------------------------------------- where it runs


def test_many_callers_at_once_each_get_their_own_answer(way: Way) -> None:
    def echo(peer: Peer) -> None:
        while request := peer.request():
            peer.say(ok(request.split(b" ")[1]))

    with Server(echo) as server:
        numbers = [f"/{number}" for number in range(400)]
        answers = way.many(way.open(), [step(server.url(number)) for number in numbers])
        assert [good(answer).content.decode() for answer in answers] == numbers


def test_each_event_loop_has_connections_of_its_own_and_none_outlives_it() -> None:
    with Server(forever(ok())) as server:
        pool = AsyncPool(lambda: AsyncSockets(LIMITED))

        async def twice(loops: int) -> None:
            for _ in range(2):
                good(await pool.send(step(server.url()), None))
            assert server.connections == loops
            assert len(pool._by_loop) == 1
            await pool._live().aclose()

        for loops in (1, 2, 3):
            asyncio.run(twice(loops))
        pool._closed = True


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_connections_of_its_own() -> None:
    with Server(forever(ok())) as server:
        pool = Pool(lambda: Sockets(LIMITED))
        good(pool.send(step(server.url()), None))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads here, none in the child
            child = os.fork()
        if child == 0:
            try:
                os._exit(0 if isinstance(pool.send(step(server.url()), None), Response) else 1)
            finally:
                os._exit(2)
        assert os.waitpid(child, 0)[1] == 0
        good(pool.send(step(server.url()), None))
        assert server.connections == 2
        pool.close()


class _Foreign:
    """An event loop that is not asyncio's own, and takes no more arguments than uvloop's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loop, name)

    async def create_connection(
        self,
        factory: Any,
        host: str,
        port: int,
        *,
        ssl: Any = None,
        server_hostname: str | None = None,
        ssl_handshake_timeout: float | None = None,
    ) -> Any:
        return await self._loop.create_connection(
            factory,
            host,
            port,
            ssl=ssl,
            server_hostname=server_hostname,
            ssl_handshake_timeout=ssl_handshake_timeout,
        )


def test_event_loops_that_are_not_asyncios_own(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(server: Server) -> None:
        foreign = _Foreign(asyncio.get_running_loop())
        with monkeypatch.context() as patch:
            patch.setattr(asyncio, "get_running_loop", lambda: foreign)
            connections = AsyncSockets(LIMITED)
            good(await connections.send(step(server.url()), None))
            await connections.aclose()

    with Server(forever(ok())) as server:
        asyncio.run(run(server))


class _Connected:
    """What an attempt at an address came to."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.closed = False

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("addresses", "winner", "tried"),
    [
        (["good"], "good", ["good"]),
        (["bad"], None, ["bad"]),
        (["bad", "good", "unasked"], "good", ["bad", "good"]),
        (["bad", "worse"], None, ["bad", "worse"]),
        (["hangs", "good", "unasked"], "good", ["hangs", "good"]),
        (["hangs", "bad", "good"], "good", ["hangs", "bad", "good"]),
        (["slow", "hangs", "hangs"], "slow", ["slow", "hangs", "hangs"]),
    ],
)
async def test_the_first_address_that_connects_wins_and_the_others_are_let_go(
    addresses: list[str], winner: str | None, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_async_sockets, "HEAD_START", 0.001)
    attempted: list[str] = []
    ended: list[str] = []

    async def attempt(address: str) -> Any:
        attempted.append(address)
        try:
            if address in ("bad", "worse"):
                raise ConnectionRefusedError(address)
            if address in ("hangs", "slow"):
                await asyncio.sleep(3600 if address == "hangs" else 0.05)
            return _Connected(address)
        finally:
            ended.append(address)

    if winner is None:
        with pytest.raises(ConnectionRefusedError, match=addresses[-1]):
            await _async_sockets._first(attempt, addresses)
    else:
        connected: Any = await _async_sockets._first(attempt, addresses)
        assert (connected.address, connected.closed) == (winner, False)
    await asyncio.sleep(0.001)
    assert attempted == tried
    assert sorted(ended) == sorted(tried)
    assert len(asyncio.all_tasks()) == 1


@pytest.mark.parametrize("cancelled", [False, True])
async def test_of_two_addresses_that_connect_at_once_one_is_let_go(
    cancelled: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_async_sockets, "HEAD_START", 0)
    made: list[_Connected] = []
    go_on = asyncio.Event()

    async def attempt(address: str) -> Any:
        await go_on.wait()
        made.append(_Connected(address))
        return made[-1]

    race = asyncio.create_task(_async_sockets._first(attempt, ["a", "b"]))
    await asyncio.sleep(0.05)
    go_on.set()
    if cancelled:
        await asyncio.sleep(0)
        race.cancel()
        with pytest.raises(asyncio.CancelledError):
            await race
    else:
        await race
    await asyncio.sleep(0.001)
    assert [one.closed for one in made].count(False) == (0 if cancelled else 1)
    assert len(made) == 2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for localhost and 127.0.0.1, made for this run."""
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext"
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    try:
        made = subprocess.run(
            ["openssl", *command.split(), names, "-keyout", path, "-out", f"{path}.crt"],
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("needs the openssl command")
    if made.returncode:
        pytest.skip("the openssl command here makes no certificate")
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path


def tls_server(certificate: Path, handler: Handler) -> Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return Server(handler, tls=context)


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=f"{certificate}.crt")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_https_with_a_certificate_that_is_trusted(way: Way, certificate: Path, host: str) -> None:
    body = b"x" * 300_000
    with tls_server(certificate, forever(ok(body))) as server:
        connections = way.open(trusting(certificate))
        for _ in range(3):
            answer = way.send(connections, step(server.url(host=host), "POST", body))
            assert good(answer).content == body
        assert server.connections == 1


def test_a_tls_connection_that_was_closed_at_rest_is_replaced(way: Way, certificate: Path) -> None:
    with tls_server(certificate, always(ok())) as server:
        connections = way.open(trusting(certificate))
        for count in (1, 2):
            good(way.send(connections, step(server.url(), "POST", b"{}")))
            assert server.hung_up.acquire(timeout=20)
            assert server.connections == count


def test_a_certificate_that_is_not_trusted_is_a_failure_to_connect(
    way: Way, certificate: Path
) -> None:
    with tls_server(certificate, forever(ok())) as server:
        answer = way.send(way.open(), step(server.url()))
        assert failure(answer) == "connect"
        assert "CERTIFICATE_VERIFY_FAILED" in str(answer)
        assert server.requests == []


def test_a_certificate_for_another_host_is_a_failure_to_connect(
    way: Way, certificate: Path
) -> None:
    with tls_server(certificate, forever(ok())) as server:
        answer = way.send(way.open(trusting(certificate)), step(server.url(host="127.0.0.2")))
        assert failure(answer) == "connect"
        assert server.requests == []


def test_a_certificate_is_not_checked_where_that_was_asked_for(way: Way, certificate: Path) -> None:
    with tls_server(certificate, forever(ok())) as server:
        good(way.send(way.open(False), step(server.url())))


def test_the_certificates_that_the_environment_names_are_trusted(
    way: Way, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with tls_server(certificate, forever(ok())) as server:
        good(way.send(way.open(), step(server.url())))


@pytest.mark.parametrize("content", [None, b"no certificate"], ids=["missing", "garbage"])
@pytest.mark.parametrize("wait", [False, True], ids=["Laplas", "AsyncLaplas"])
@pytest.mark.usefixtures("door", "without_proxies")
def test_a_certificate_file_that_is_none_is_a_configuration_error(
    wait: bool, content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "canary.pem"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))

    async def awaited(url: str) -> None:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            await client.threads.retrieve("thread_1")

    def use(url: str) -> None:
        if wait:
            asyncio.run(awaited(url))
        else:
            with Laplas(api_key="k", base_url=url) as client:
                client.threads.retrieve("thread_1")

    with Server(lambda peer: None) as server, pytest.raises(ConfigurationError) as info:
        use(server.url("").replace("http:", "https:"))
    assert info.value.argument == "environment"
    assert "canary" not in str(info.value)


def test_where_nothing_is_checked_no_certificates_are_looked_for(
    way: Way, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")
    with tls_server(certificate, forever(ok())) as server:
        good(way.send(way.open(False), step(server.url())))


def test_a_context_that_offers_http_2_offers_it_no_longer(way: Way, certificate: Path) -> None:
    chosen: list[str | None] = []

    def handle(peer: Peer) -> None:
        chosen.append(cast("ssl.SSLSocket", peer.connection).selected_alpn_protocol())
        forever(ok())(peer)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2", "http/1.1"])
    mine = trusting(certificate)
    mine.set_alpn_protocols(["h2", "http/1.1"])
    with Server(handle, tls=context) as server:
        good(way.send(way.open(mine), step(server.url())))
    assert chosen == ["http/1.1"]


def test_clients_share_a_context_and_one_that_checks_nothing_is_another() -> None:
    assert _http1.tls_context(True) is _http1.tls_context(True)
    assert _http1.tls_context(True).verify_mode is ssl.CERT_REQUIRED
    assert _http1.tls_context(False).verify_mode is ssl.CERT_NONE


def test_ipv6(way: Way) -> None:
    try:
        server = Server(forever(ok()), family=socket.AF_INET6).__enter__()
    except OSError:
        pytest.skip("needs IPv6")
    with contextlib.closing(contextlib.ExitStack()) as stack:
        stack.push(server)
        good(way.send(way.open(), step(server.url(host="[::1]"))))
        assert f"Host: [::1]:{server.port}".encode() in server.requests[0]


# ---------------------------------------------------------------- bodies that are read as they come

EVENTS = b"Content-Type: text/event-stream\r\n"


def streamed(way: Way, connections: Any, url: str) -> Any:
    """An answer's stream, its body still to come."""
    answer = good(way.send(connections, step(url)._replace(stream=True)))
    assert answer.content == b""
    assert answer.stream is not None
    return answer.stream


def test_a_stream_is_read_as_it_comes_and_then_its_connection_is_used_again(way: Way) -> None:
    go_on = threading.Event()

    def speak(peer: Peer) -> None:
        while request := peer.request():
            if b"/stream" not in request:
                peer.say(ok(b"after"))
                continue
            peer.say(CHUNKED + EVENTS + b"\r\n" + b"3\r\none\r\n")
            assert go_on.wait(20)
            peer.say(b"3\r\ntwo\r\n0\r\n\r\n")

    with Server(speak) as server:
        connections = way.open()
        pieces = way.pieces(streamed(way, connections, server.url("/stream")))
        assert next(pieces) == b"one"
        go_on.set()
        assert [*pieces] == [b"two"]
        assert good(way.send(connections, step(server.url()))).content == b"after"
        assert server.connections == 1


def endless_stream(peer: Peer) -> None:
    while request := peer.request():
        if b"/stream" not in request:
            peer.say(ok(b"after"))
            continue
        peer.say(CHUNKED + EVENTS + b"\r\n")
        with contextlib.suppress(OSError):
            while True:
                peer.connection.sendall(b"3\r\none\r\n")
                time.sleep(0.001)


@pytest.mark.parametrize("read", [False, True], ids=["unread", "half read"])
@pytest.mark.parametrize("how", ["closed", "forgotten"])
def test_a_stream_that_is_left_gives_its_place_back(
    way: Way, how: str, read: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_sockets, "MAX_CONNECTIONS", 1)
    monkeypatch.setattr(_async_sockets, "MAX_CONNECTIONS", 1)
    with Server(endless_stream) as server:
        connections = way.open()
        stream = streamed(way, connections, server.url("/stream"))
        pieces = way.pieces(stream)
        if read:
            assert next(pieces).startswith(b"one")
        if how == "closed":
            way.leave(stream)
            way.leave(stream)
        del pieces, stream
        gc.collect()
        assert good(way.send(connections, step(server.url()))).content == b"after"
        assert server.hung_up.acquire(timeout=20)


def test_a_stream_that_was_read_reads_nothing_more(way: Way) -> None:
    """Its connection is another's by then."""
    with Server(forever(ok(b"data: x", "Content-Type: text/event-stream"))) as server:
        connections = way.open()
        answer = way.send(connections, step(server.url(), timeout=FAST)._replace(stream=True))
        stream = good(answer).stream
        assert [*way.pieces(stream)] == [b"data: x"]
        assert [*way.pieces(stream)] == []
        assert good(way.send(connections, step(server.url()))).content == b"data: x"
        assert server.connections == 1


def test_a_stream_may_be_collected_in_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_async_sockets, "MAX_CONNECTIONS", 1)

    async def run(server: Server) -> None:
        connections = AsyncSockets(LIMITED)
        answer = await connections.send(step(server.url("/stream"))._replace(stream=True), None)
        circle: list[Any] = [good(answer).stream]
        circle.append(circle)
        del answer, circle
        await asyncio.to_thread(gc.collect)
        assert good(await connections.send(step(server.url()), None)).content == b"after"
        await connections.aclose()

    with Server(endless_stream) as server:
        gc.disable()
        try:
            # Debugging, asyncio refuses what is done from another thread.
            asyncio.run(run(server), debug=True)
        finally:
            gc.enable()
        assert server.hung_up.acquire(timeout=20)


def test_an_exchange_may_be_collected_at_any_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also while a place is being taken or given back: nothing may then wait for itself."""
    monkeypatch.setattr(_sockets, "MAX_CONNECTIONS", 40)
    connections = Sockets(LIMITED)
    closed: list[object] = []
    forgotten: list[Any] = []
    for _ in range(30):
        assert connections.permit(1)
        connection = types.SimpleNamespace(close=lambda: closed.append(None))
        forgotten.append(_http1.Held(cast("Any", connections), cast("Any", connection)))

    def collect(frame: object, event: str, _: object) -> None:
        if event == "call" and forgotten:
            forgotten.pop()

    def work() -> None:
        sys.setprofile(collect)
        while forgotten:
            assert connections.permit(1)
            connections.release()
        sys.setprofile(None)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(20)
    assert not worker.is_alive()
    assert len(closed) == 30
    assert [connections.permit(0.001) for _ in range(41)].count(True) == 40


def test_only_an_event_stream_is_left_for_later(way: Way) -> None:
    with Server(forever(ok(b"{}"))) as server:
        answer = good(way.send(way.open(), step(server.url())._replace(stream=True)))
        assert (answer.stream, answer.content) == (None, b"{}")


def test_a_stream_has_the_ceiling_of_a_body(way: Way) -> None:
    piece = b"%x\r\n%b\r\n" % (CEILING // 2, bytes(CEILING // 2))
    with Server(forever(CHUNKED + EVENTS + b"\r\n" + piece * 3)) as server:
        stream = streamed(way, way.open(), server.url())
        with pytest.raises(BrokenStream) as info:
            list(way.pieces(stream))
    assert info.value.failure == "too_large"


@pytest.mark.parametrize(
    ("end", "kind"), [("cut", "truncated"), ("reset", "read"), ("silent", "read_timeout")]
)
def test_a_stream_that_breaks_says_where(way: Way, end: str, kind: str) -> None:
    done = threading.Event()

    def speak(peer: Peer) -> None:
        peer.request()
        peer.say(CHUNKED + EVENTS + b"\r\n" + b"3\r\none\r\n")
        time.sleep(0.05)
        if end == "reset":
            peer.reset()
        elif end == "silent":
            done.wait(20)

    with Server(speak) as server:
        timeout = PATIENT._replace(read=1.0) if end == "silent" else PATIENT
        sent = step(server.url(), timeout=timeout)._replace(stream=True)
        pieces = way.pieces(good(way.send(way.open(), sent)).stream)
        assert next(pieces) == b"one"
        with pytest.raises(BrokenStream) as info:
            next(pieces)
        done.set()
    assert info.value.failure == kind


# ---------------------------------------------------------------- which way


@pytest.fixture
def without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


def _way(pool: Any) -> str:
    return type(pool._make()).__module__.rpartition(".")[2]


@pytest.mark.usefixtures("without_proxies")
def test_straight_connections_are_our_own_and_a_proxy_is_left_to_httpx(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ways(proxy: str | None = None) -> tuple[str, str]:
        async_pool = _http.async_pool(Connecting(proxy=proxy))
        return _way(_http.pool(Connecting(proxy=proxy))), _way(async_pool)

    assert asyncio.run(ways()) == ("_sockets", "_async_sockets")
    assert asyncio.run(ways("http://127.0.0.1:1")) == ("_httpx", "_httpx")
    for name in ("http_proxy", "HTTPS_PROXY", "all_proxy"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "http://127.0.0.1:1")
            assert asyncio.run(ways()) == ("_httpx", "_httpx")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert asyncio.run(ways()) == ("_sockets", "_async_sockets")
