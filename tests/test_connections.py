"""What the client promises of its connections: framing, reuse, limits, time, cancellation.

Over real sockets, against servers of a few lines; each test runs with both clients.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import importlib
import random
import re
import socket
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import httpx
import pytest
from run_scripts import DONE, run, sse
from scripted import peak

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
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"

needs_pyqwest = pytest.mark.skipif(find_spec("pyqwest") is None, reason="needs pyqwest")
either_network = pytest.mark.parametrize(
    "fast", [False, pytest.param(True, marks=needs_pyqwest)], ids=["httpx", "pyqwest"]
)

Handler = Callable[["Peer"], object]


class Peer:
    """The server's side of one connection."""

    def __init__(self, connection: socket.socket, server: Server) -> None:
        self.connection = connection
        self.server = server
        self._unread = b""

    def head(self) -> bytes:
        """What has come with the next request's head, unread; b"" once the client hung up."""
        while b"\r\n\r\n" not in self._unread:
            if not self._more():
                return b""
        return self._unread

    def request(self) -> bytes:
        """The next request, head and body; b"" once the client hung up."""
        if not self.head():
            return b""
        end = self._unread.index(b"\r\n\r\n") + 4
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", self._unread[:end])
        end += int(length[1]) if length else 0
        while len(self._unread) < end:
            assert self._more()
        request, self._unread = self._unread[:end], self._unread[end:]
        self.server.requests.append(request)
        return request

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
        self, handler: Handler, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.hung_up = threading.Semaphore(0)
        self._handler = handler
        self._tls = tls
        self._open: list[socket.socket] = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=256)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Server:
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

    def url(self, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{'https' if self._tls else scheme}://{host}:{self.port}"


def answering(answer: bytes | Callable[[bytes], bytes], times: int = 1000) -> Handler:
    """Says one thing to each request, or what a function makes of it; at last hangs up."""

    def handle(peer: Peer) -> None:
        for _ in range(times):
            request = peer.request()
            if not request:
                return
            peer.say(answer if isinstance(answer, bytes) else answer(request))

    return handle


def echo(request: bytes) -> bytes:
    """Answers with the path that was asked for."""
    if b"/slow" in request:
        time.sleep(0.01)
    return ok(request.split(b" ")[1])


def drain(answer: bytes) -> Handler:
    """Reads requests whose bodies end as JSON or a form does, and keeps nothing of them."""

    def handle(peer: Peer) -> None:
        while data := peer.connection.recv(65536):
            if data.endswith((b"}", b"--\r\n")):
                peer.say(answer)

    return handle


def pouring(start: bytes, piece: bytes) -> Handler:
    """Says one thing, and then another without end."""

    def pour(peer: Peer) -> None:
        peer.request()
        with contextlib.suppress(OSError):
            peer.connection.sendall(start)
            while True:
                peer.connection.sendall(piece)

    return pour


def ok(body: bytes = b"{}", *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def event(said: bytes) -> bytes:
    """A stream that begins with this event; what comes after it never comes."""
    head = CHUNKED + b"Content-Type: text/event-stream\r\n\r\n"
    return head + b"%x\r\n%b\r\n" % (len(said), said)


class Way:
    """Drives one of the two clients; the async one in one event loop."""

    def __init__(self, cls: Any) -> None:
        self.cls = cls
        self.is_async = cls is AsyncLaplas
        self._made: list[Any] = []
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_default_executor(ThreadPoolExecutor(32))
        self.run = self._runner.run

    def open(self, url: str, **options: Any) -> Any:
        made = {"api_key": "k", "max_retries": 0, "max_response_bytes": CEILING, **options}
        self._made.append(self.cls(base_url=url, **made))
        return self._made[-1]

    def do(self, call: Callable[..., Any], *given: Any, **options: Any) -> Any:
        """What a call gives; that of the async client is made and awaited in its loop."""

        async def awaited() -> Any:
            return await call(*given, **options)

        return self.run(awaited()) if self.is_async else call(*given, **options)

    def later(self, call: Callable[..., Any], *given: Any, **options: Any) -> Any:
        """The call as a coroutine; that of the sync client runs in a thread."""
        call = call if self.is_async else functools.partial(asyncio.to_thread, call)
        return call(*given, **options)

    def send(self, client: Any, path: str = "/x", method: str = "GET", **given: Any) -> Any:
        return self.do(client.request, method, path, **{"timeout": PATIENT, **given})

    def post(self, client: Any, body: Any, **given: Any) -> Any:
        return self.send(client, "/x", "POST", body=body, **given)

    def many(self, client: Any, paths: list[str], timeout: Timeout = PATIENT) -> list[Any]:
        """The answers to all paths, asked for at once, or the failures."""

        async def one(path: str) -> Any:
            try:
                return await self.later(client.request, "GET", path, timeout=timeout)
            except APIConnectionError as problem:
                return problem

        async def run() -> list[Any]:
            return await asyncio.gather(*map(one, paths))

        return self.run(run())

    def rest(self) -> None:
        self.run(asyncio.sleep(0.02))

    def close(self, client: Any) -> Any:
        return client.aclose() if self.is_async else client.close()

    def end(self) -> None:
        for client in self._made:
            self.do(self.close, client)
        self._runner.close()


@pytest.fixture(params=[Laplas, AsyncLaplas])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    made = Way(request.param)
    yield made
    made.end()


def failure(way: Way, client: Any, method: str = "GET", **given: Any) -> APIConnectionError:
    """What a request fails with."""
    with pytest.raises(APIConnectionError) as info:
        way.send(client, "/x", method, **given)
    return info.value


# ---------------------------------------------------------------- framing


@pytest.mark.parametrize("host", ["", "virtual.test"], ids=["own host", "other host"])
def test_a_request_says_once_where_it_goes_and_where_its_body_ends(way: Way, host: str) -> None:
    extra = {"content-length": "99", "Transfer-Encoding": "chunked"}
    if host:
        extra["hOst"] = host
    with Server(answering(ok())) as server:
        way.send(way.open(server.url()), "/p", "POST", query={"q": 1}, body={}, extra_headers=extra)
        (request,) = server.requests
    head = request.lower().partition(b"\r\n\r\n")[0].decode()
    assert request.startswith(b"POST /p?q=1 HTTP/1.1\r\n")
    assert request.endswith(b"\r\n\r\n{}")
    assert "chunked" not in head
    said = {"host": host or server.url()[7:], "content-length": "2", "authorization": "bearer k"}
    for name, value in said.items():
        assert head.count(f"\r\n{name}:") == 1
        assert f"\r\n{name}: {value}\r\n" in f"{head}\r\n"


@needs_pyqwest
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_both_ways_to_the_network_send_the_same(way: Way, method: str) -> None:
    body: Any = {} if method == "POST" else None
    with Server(answering(ok())) as server:
        for fast in (False, True):
            client = way.open(server.url(), fast=fast)
            way.send(client, "/x%20y", method, query={"a": "b c"}, body=body)
    one, two = (
        sorted(re.sub(rb"(?m)^[\w-]+:", lambda name: name[0].lower(), sent).split(b"\r\n"))
        for sent in server.requests
    )
    assert one == two


@pytest.mark.parametrize(("method", "said"), [("POST", True), ("GET", False), ("DELETE", False)])
def test_only_a_post_says_that_its_body_is_empty(way: Way, method: str, said: bool) -> None:
    with Server(answering(ok())) as server:
        way.send(way.open(server.url()), "/x", method)
        assert (b"\r\ncontent-length: 0\r\n" in server.requests[0].lower()) is said


def test_a_caller_may_ask_for_the_end_of_the_connection(way: Way) -> None:
    with Server(answering(ok())) as server:
        client = way.open(server.url())
        for count in (1, 2):
            way.send(client, extra_headers={"connection": "close"})
            assert server.hung_up.acquire(timeout=20)
            assert server.connections == count


@pytest.mark.parametrize("path", ["/a b", "/a\r\nX-Evil: 1", "/a\0", "/\ud800", "/a\x7f", "/a?b"])
def test_what_http_cannot_carry_is_told_before_anything_is_connected(way: Way, path: str) -> None:
    with Server(answering(ok())) as server:
        with pytest.raises(InvalidArgumentError, match="path: "):
            way.send(way.open(server.url()), path)
        with pytest.raises(LaplasError, match="api_key: "):
            way.send(way.open(server.url(), api_key=lambda: "sk\r\nX-Evil: 1"))
        assert server.connections == 0


def test_a_large_body_is_held_no_more_often_than_it_must_be(way: Way) -> None:
    """A request as text, as bytes, and what of it the HTTP library still has to write; of a file
    no copy; an answer in pieces, and joined."""
    size = 20_000_000
    body, file = {"x": "x" * size}, b"x" * size
    made = b'{"id": "file-1", "object": "file", "bytes": 1, "created_at": 1, "filename": "f"}'
    with Server(drain(ok(made))) as server:
        client = way.open(server.url())
        way.post(client, {})
        assert peak(lambda: way.post(client, body)) < 3.1 * size
        assert peak(lambda: way.do(client.files.upload, ("f.txt", file))) < 0.7 * size
    with Server(answering(ok(bytes(size)))) as server:
        client = way.open(server.url(), max_response_bytes=size)
        way.send(client)
        assert peak(lambda: way.send(client)) < 2.2 * size


class Paper:
    """An open file of twenty million bytes, of which no more than `there` can be read."""

    def __init__(self, there: int = 20_000_000) -> None:
        self.there, self.at, self.largest = there, 0, 0

    def seek(self, offset: int, whence: int = 0) -> None:
        self.at = offset if whence == 0 else 20_000_000

    def tell(self) -> int:
        return self.at

    def read(self, size: int) -> bytes:
        self.largest = max(self.largest, size)
        return b"x" * max(min(size, self.there - self.at), 0)


@pytest.mark.parametrize("own", ["", "httpx", "httpx2"])
@either_network
def test_a_file_is_read_while_it_is_sent(way: Way, fast: bool, own: str) -> None:
    """Piece by piece; and one that becomes shorter meanwhile ends the request, unfinished."""
    options: dict[str, Any] = {"fast": fast}
    if own:
        if fast:
            pytest.skip("one way at a time")
        library = importlib.import_module(own)
        options = {"http_client": library.AsyncClient() if way.is_async else library.Client()}
    made = b'{"id": "file-1", "object": "file"}'
    with Server(drain(ok(made))) as server:
        client = way.open(server.url(), max_retries=2, **options)
        whole, short = Paper(), Paper(700_000)
        with pytest.raises(APIConnectionError, match="became shorter") as info:
            way.do(client.files.upload, short)
        assert way.do(client.files.upload, whole).id == "file-1"
        assert peak(lambda: way.do(client.files.upload, whole)) < 12_000_000
        assert whole.largest < 300_000
        if own:
            way.do(way.close, options["http_client"])
    assert (info.value.kind, info.value.attempts) == ("unsent", 1)
    assert not info.value.may_have_taken_effect


def test_an_early_refusal_of_a_large_request_is_read_and_its_connection_not_used_again(
    way: Way, caplog: pytest.LogCaptureFixture
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
                way.post(client, {"x": "x" * 3_000_000})
            assert info.value.status_code == 413
            assert server.connections == count
    with Server(hang_up) as server:
        failed = failure(way, way.open(server.url()), "POST", body={"x": "x" * 30_000_000})
    assert failed.kind in ("write", "read", "truncated")
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
def test_an_answer_is_read_however_it_is_framed(way: Way, answer: bytes) -> None:
    with Server(answering(answer)) as server:
        client = way.open(server.url())
        for _ in range(3):
            got = way.send(client)
            body = b"" if got.status_code == 204 else b"abc"
            assert (got.content, got.headers["x-a"]) == (body, "1, 2")
            way.rest()  # pyqwest's pool has a connection back a moment after its answer
        assert server.connections == 1


def resetting(peer: Peer) -> None:
    peer.request()
    peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
    time.sleep(0.05)
    peer.reset()


BROKEN = [
    b"",
    b"HTTP/1.1 20",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
    CHUNKED + b"\r\n3\r\nabc\r\n",
    CHUNKED + b"\r\nzz\r\n",
    b"SSH-2.0-Server\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
    b"HTTP/1.1 101 Other\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" * 1000 + ok(),
    b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"HTTP/1.1 2000 OK\r\n\r\n",
    b"HTTP/1.1 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n",
    b"\x15\x03\x01\x00\x02\x02\x28",
    bytes(1000),
]
GZIPPED = CHUNKED + b"Content-Encoding: gzip\r\n\r\n"
ABC = zlib.compress(b"abc", wbits=31)
INFLATES = b"%x\r\n%b\r\n" % (65_000, b"\x00\x00\x00\xff\xff" * 13_000)
"""Blocks of a deflate stream that mean nothing, five bytes each."""
TOO_LARGE = {
    "headers": answering(ok(b"", "X-Big: " + "x" * 300_000)),
    "body": answering(ok(bytes(CEILING + 1))),
    "endless body": pouring(CHUNKED + b"\r\n", b"10000\r\n" + bytes(65536) + b"\r\n"),
    "endless headers": pouring(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1000),
    "empty blocks": pouring(GZIPPED + b"a\r\n" + ABC[:10] + b"\r\n", INFLATES),
    "behind the end": pouring(GZIPPED + b"17\r\n" + ABC + b"\r\n", INFLATES),
}
NO_ANSWERS: dict[str, tuple[Handler, str]] = {
    **{str(answer[:60]): (answering(answer, times=1), "truncated") for answer in BROKEN},
    **{name: (handler, "too_large") for name, handler in TOO_LARGE.items()},
    "silence": (answering(b""), "read_timeout"),
    "silence within": (answering(BROKEN[2]), "read_timeout"),
    "reset": (resetting, "read"),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_what_is_no_whole_answer_is_a_failure_and_its_connection_is_not_kept(
    way: Way, name: str
) -> None:
    handler, kind = NO_ANSWERS[name]
    with Server(handler) as server:
        timeout = HASTY if kind == "read_timeout" else PATIENT
        failed = failure(way, way.open(server.url()), "POST", timeout=timeout)
        assert (failed.kind, failed.may_have_taken_effect) == (kind, True)
        assert server.hung_up.acquire(timeout=20)


def test_headers_and_bodies_up_to_the_limits_are_read_and_a_byte_more_is_refused_at_once(
    way: Way,
) -> None:
    with Server(answering(ok(bytes(CEILING), "X-Big: " + "x" * 90_000))) as server:
        assert len(way.send(way.open(server.url())).content) == CEILING
        client = way.open(server.url(), max_response_bytes=CEILING - 1, max_retries=2)
        failed = failure(way, client)
        assert failed.kind == "too_large"
        assert str(CEILING - 1) in str(failed)
        assert len(server.requests) == 2, "another attempt would meet the same"


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
    way: Way, answer: bytes, secure: bool, certificates: Certificates
) -> None:
    with Server(answering(answer, times=1), tls=certificates.server if secure else None) as server:
        client = way.open(server.url(), verify=certificates.trusting)
        for count in (1, 2, 3):
            assert way.post(client, {}).content == b"abc"
            assert server.hung_up.acquire(timeout=20)
            way.rest()
            assert server.connections == count


@either_network
@pytest.mark.parametrize("ends_by", ["reset", "end"])
@pytest.mark.parametrize("kept", [False, True])
def test_a_create_whose_connection_breaks_is_sent_once(
    way: Way, fast: bool, ends_by: str, kept: bool
) -> None:
    """Nobody can know whether the server acted: whether to repeat it is for others to say."""

    def hang_up(peer: Peer) -> None:
        while peer.request().startswith(b"GET"):
            peer.say(ok())
        if ends_by == "reset":
            peer.reset()

    with Server(hang_up) as server:
        client = way.open(server.url(), fast=fast, max_retries=2)
        if kept:
            way.send(client)
        failed = failure(way, client, "POST", body={})
        assert failed.kind in ["read", "truncated", *["write"] * fast]
        assert (failed.attempts, failed.may_have_taken_effect) == (1, True)
        assert (server.connections, len(server.requests)) == (1, 1 + kept)
        way.send(client)
        assert server.connections == 2, "the next request has a connection of its own"


def forward(peer: Peer) -> None:
    """A proxy of a few lines: hands on what comes, or tunnels."""
    head = peer.head()
    target = urlsplit(b"//" + head.split()[1] if head.startswith(b"CONNECT") else head.split()[1])
    with socket.create_connection((target.hostname.decode(), target.port)) as beyond:  # type: ignore[union-attr]
        if head.startswith(b"CONNECT"):
            peer.say(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            beyond.sendall(head)
        back = threading.Thread(target=_pour, args=(beyond, peer.connection), daemon=True)
        back.start()
        _pour(peer.connection, beyond)
        back.join(10)


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


WRONG = ok(b"wrong")
SURPLUS: dict[str, list[bytes]] = {
    "in one write": [ok(b"right") + WRONG],
    "in two": [ok(b"right"), WRONG],
    "interim": [ok(b"right") + b"HTTP/1.1 100 Continue\r\n\r\n" + WRONG],
    "half": [ok(b"right") + WRONG[:20]],
    "chunks": [CHUNKED + b"\r\n5\r\nright\r\n0\r\n\r\n" + WRONG],
}


@pytest.mark.parametrize("surplus", SURPLUS.values(), ids=SURPLUS)
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
@pytest.mark.parametrize("over", ["own", "proxy", "http_client", "transport"])
def test_an_answer_to_nothing_is_never_taken_for_the_next_requests(
    way: Way, surplus: list[bytes], secure: bool, over: str, certificates: Certificates
) -> None:
    said = threading.Semaphore(0)

    def prattle(peer: Peer) -> None:
        while peer.request():
            for piece in surplus:
                peer.say(piece)
            said.release()

    trusting = certificates.trusting
    prefix = "Async" if way.is_async else ""
    tls = certificates.server if secure else None
    with Server(prattle, tls=tls) as server, Server(forward) as proxy:
        kinds = {"http_client": f"{prefix}Client", "transport": f"{prefix}HTTPTransport"}
        options: dict[str, Any] = {"verify": trusting}
        if over in kinds:
            options = {over: getattr(httpx, kinds[over])(verify=trusting)}
        if over == "proxy":
            options["proxy"] = proxy.url()
        client = way.open(server.url(), **options)
        for count in (1, 2, 3):
            assert way.send(client).content == b"right"
            assert said.acquire(timeout=20)
            way.rest()
            assert server.connections == count
        if over == "http_client":
            way.do(way.close, options[over])


def test_the_connection_that_rested_least_is_used_so_that_the_others_expire(way: Way) -> None:
    together = threading.Barrier(3)

    def its_thread(request: bytes) -> bytes:
        if b"/all" in request:
            together.wait(20)
        return ok(str(threading.get_ident()).encode())

    with Server(answering(its_thread)) as server:
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
    way: Way, header: str, limits: dict[str, Any], connections: int
) -> None:
    with Server(answering(ok(b"{}", header))) as server:
        client = way.open(server.url(), limits=httpx.Limits(**limits) if limits else None)
        for _ in range(3):
            way.send(client)
            way.rest()
        assert server.connections == connections


def _set(monkeypatch: pytest.MonkeyPatch, name: str, usual: float, value: float) -> None:
    for half in (laplas._async.transport, laplas._sync.transport):
        assert getattr(half, name) == usual
        monkeypatch.setattr(half, name, value)


def test_a_connection_rests_a_few_seconds_at_most(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set(monkeypatch, "KEEP_ALIVE", 4, 0.01)
    with Server(answering(ok())) as server:
        client = way.open(server.url())
        for count in (1, 2, 3):
            way.send(client)
            way.rest()
            assert server.connections == count


def test_a_connection_gets_only_so_old(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(answering(ok())) as server:
        client = way.open(server.url())
        way.send(client)
        way.rest()
        _set(monkeypatch, "GREATEST_AGE", 600, 0.01)
        way.send(client)
        assert server.connections == 1, "it rested already: its age is looked at when it comes back"
        way.send(client)
        assert server.connections == 2


def test_a_failure_on_a_kept_connection_lets_its_siblings_go(way: Way) -> None:
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


def test_a_connection_in_use_while_the_client_closes_gives_its_answer_and_ends(way: Way) -> None:
    asked, closed = threading.Event(), threading.Event()

    def late(_: bytes) -> bytes:
        asked.set()
        closed.wait(20)
        return ok(b"late")

    async def close_in_between() -> Any:
        answer = asyncio.create_task(way.later(client.request, "GET", "/x"))
        assert await asyncio.to_thread(asked.wait, 20)
        await way.later(way.close, client)
        closed.set()
        return await answer

    with Server(answering(late)) as server:
        client = way.open(server.url())
        assert way.run(close_in_between()).content == b"late"
        assert server.hung_up.acquire(timeout=20)
        with pytest.raises(LaplasError, match="closed"):
            way.send(client)


def test_a_stream_that_nobody_holds_gives_its_place_back(way: Way) -> None:
    begun = event(b'event: thread.created\ndata: {"id":"thread_1"}\n\n')
    with Server(answering(lambda asked: begun if b"/runs" in asked else ok())) as server:
        client = way.open(server.url(), limits=httpx.Limits(max_connections=1), timeout=2)
        stream = way.do(client.runs.create, "thread_1", "asst_1", stream=True)
        read = (lambda s: anext(aiter(s))) if way.is_async else (lambda s: next(iter(s)))
        assert way.do(read, stream).event == "thread.created"
        del stream
        gc.collect()
        way.rest()
        assert way.do(client.request, "GET", "/x").status_code == 200


@either_network
def test_a_stream_that_is_done_is_left_at_once(way: Way, fast: bool) -> None:
    """Who waited for the end of the body would wait for `timeout.read`, or for ever."""
    left = threading.Event()
    was_left = []

    def serve(peer: Peer) -> None:
        peer.request()
        peer.say(event(sse(("thread.run.completed", run()), DONE)))
        was_left.append(left.wait(4))

    with Server(serve) as server:
        client = way.open(server.url(), fast=fast, timeout=PATIENT)
        stream = way.do(client.runs.stream, "thread_1", "asst_1")
        way.do(stream.until_done)
        way.do(way.close, stream)
        left.set()
        assert server.hung_up.acquire(timeout=20)
    assert was_left == [True]


def test_threads_do_not_get_what_failed_beside_them(way: Way) -> None:
    """A failure closes the siblings: who is about to take one of them must get another."""
    if way.is_async:
        pytest.skip("threads share only a sync client")
    with Server(answering(ok())) as server:
        client = way.open(server.url())
        way.many(client, ["/x"] * 2)
        network = client._sender.connections._networks[None]
        (pool,) = [one._transport._pool for one in network._clients.values()]
        lock = pool._lock

        class FailsMeanwhile:
            def __enter__(self) -> None:
                pool._lock = lock
                lock.acquire()
                for place in list(pool._resting):
                    laplas._sync.transport._close(pool._resting.pop(place))

            def __exit__(self, *_: object) -> None:
                lock.release()

        pool._lock = FailsMeanwhile()
        assert way.send(client).status_code == 200
        assert pool._lock is lock


def test_two_servers_do_not_get_each_others_connections(way: Way) -> None:
    with Server(answering(ok(b"a"))) as one, Server(answering(ok(b"b"))) as two:
        client = way.open(one.url())
        other = client.with_options(base_url=two.url())
        for _ in range(2):
            assert way.send(client).content == b"a"
            assert way.send(other).content == b"b"
        assert (one.connections, two.connections) == (1, 1)


@pytest.mark.parametrize("most", [3, 1000])
def test_many_callers_at_once_each_get_their_own_answer(way: Way, most: int) -> None:
    with Server(answering(echo)) as server:
        client = way.open(server.url(), limits=httpx.Limits(max_connections=most))
        paths = [f"/{number}" for number in range(200)]
        assert [one.content.decode() for one in way.many(client, paths)] == paths
        assert server.connections <= most


def test_no_free_connection_is_a_pool_timeout(way: Way) -> None:
    go_on = threading.Event()

    def slow(_: bytes) -> bytes:
        go_on.wait(1)
        return ok()

    with Server(answering(slow)) as server:
        client = way.open(server.url(), limits=httpx.Limits(max_connections=1))
        answers = way.many(client, ["/x"] * 2, PATIENT._replace(pool=0.05))
        kinds = [one.kind for one in answers if isinstance(one, APIConnectionError)]
        assert kinds == ["pool_timeout"]
        go_on.set()
        way.send(client)
        assert server.connections == 1


# ---------------------------------------------------------------- time


def test_no_server_is_a_failure_to_connect_and_says_where(way: Way) -> None:
    with socket.socket() as taken:  # bound and not listening
        taken.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        failed = failure(way, way.open(f"http://{place}"))
        assert (failed.kind, place in str(failed)) == ("connect", True)
        failed = failure(way, way.open("https://api.test", proxy=f"http://user:hidden@{place}"))
        assert f"(api.test:443 by the proxy {place})" in str(failed)
    unknown = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    outcomes: list[dict[str, Any]] = [{"side_effect": unknown}, {"return_value": []}]
    for looked_up in outcomes:
        with patch("socket.getaddrinfo", **looked_up):
            failed = failure(way, way.open("https://no-such-host.invalid"))
            assert (failed.kind, failed.may_have_taken_effect) == ("connect", False)
            assert "no-such-host.invalid:443" in str(failed)
            assert "Laplas.local()" in str(failure(way, way.open("https://api.apilaplas.com")))


REFUSALS: dict[str, tuple[Any, dict[str, Any]]] = {
    "untrusted": ("server", {"verify": True}),
    "wrong name": ("wrong_name", {}),
    "no TLS": (b"HTTP/1.1 400 Bad\r\n\r\n", {}),
    "407": (b"HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n", {"proxy": ""}),
    "403": (b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", {"proxy": ""}),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_connection_that_cannot_be_made_is_tried_once(
    way: Way, case: str, certificates: Certificates
) -> None:
    said, options = REFUSALS[case]
    tls = getattr(certificates, said) if isinstance(said, str) else None

    def refuse(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.say(said if isinstance(said, bytes) else b"")

    with Server(refuse, tls=tls) as server:
        url = server.url(scheme="https")
        given = {"verify": certificates.trusting, **options}
        if "proxy" in given:
            given, url = {"proxy": server.url()}, "https://api.test"
        failed = failure(way, way.open(url, max_retries=2, **given))
        assert (failed.kind, failed.attempts) == ("connect", 1)
        assert server.connections == 1


@pytest.mark.parametrize(
    ("answer", "kind"), [(b"", "connect_timeout"), (b"HTTP/1.1 400 Bad\r\n\r\n", "connect")]
)
def test_a_server_without_tls_gets_no_request(way: Way, answer: bytes, kind: str) -> None:
    def shakes_no_hands(peer: Peer) -> None:
        peer.connection.recv(1000)
        peer.say(answer)
        while peer.connection.recv(65536):
            pass

    with Server(shakes_no_hands) as server:
        client = way.open(server.url(scheme="https"))
        assert failure(way, client, timeout=PATIENT._replace(connect=0.15)).kind == kind


def test_a_server_that_accepts_nobody_is_a_connect_timeout(way: Way) -> None:
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # as many as the system lets wait, and more
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        client = way.open(f"http://127.0.0.1:{full.getsockname()[1]}")
        timeout = PATIENT._replace(connect=0.15)
        assert failure(way, client, timeout=timeout).kind == "connect_timeout"


@pytest.mark.parametrize("phase", Timeout._fields)
@pytest.mark.parametrize("seconds", [1e-9, 1e8, None])
def test_timeouts_may_be_of_any_size(way: Way, phase: str, seconds: float | None) -> None:
    with Server(answering(ok())) as server:
        client = way.open(server.url())
        answers = way.many(client, ["/x"] * 3, PATIENT._replace(**{phase: seconds}))
        kinds = {one.kind for one in answers if isinstance(one, APIConnectionError)}
        assert kinds <= ({f"{phase}_timeout"} if seconds == 1e-9 else set())
        way.send(client)


@either_network
def test_a_server_that_takes_nothing_may_have_got_all_there_is(way: Way, fast: bool) -> None:
    """A write that stalls is not taken for one never begun; pyqwest only times the answer."""
    done = threading.Event()
    with Server(lambda peer: done.wait(20)) as server:
        client = way.open(server.url(), fast=fast, max_retries=2)
        failed = failure(way, client, "POST", body={"x": "x" * 30_000_000}, timeout=HASTY)
        done.set()
    assert failed.kind == ("read_timeout" if fast else "write_timeout")
    assert (failed.attempts, failed.may_have_taken_effect) == (1, True)


@needs_pyqwest
def test_a_body_that_drips_ends_at_the_deadline(way: Way) -> None:
    with Server(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")) as server:
        client = way.open(server.url(), fast=True)
        began = time.monotonic()
        failure(way, client, deadline=0.3)
        assert time.monotonic() - began < 3


# ---------------------------------------------------------------- fast=True


@needs_pyqwest
@pytest.mark.parametrize(
    ("option", "value"),
    [("http2", True), ("verify", False), ("transport", object()), ("http_client", object())],
)
def test_what_fast_cannot_do_is_refused(way: Way, option: str, value: object) -> None:
    with pytest.raises(ConfigurationError, match="fast=True") as info:
        way.open("http://127.0.0.1:9", fast=True, **{option: value})
    assert option in str(info.value)


def test_without_pyqwest_the_error_says_what_to_install(
    way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    for half in (laplas._async.transport, laplas._sync.transport):
        monkeypatch.setattr(half, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r'pip install "laplas\[fast\]"'):
        way.open("http://127.0.0.1:9", fast=True)


# ---------------------------------------------------------------- cut short


@pytest.mark.parametrize("secure", [False, True], ids=["plain", "TLS"])
def test_many_tasks_cancelled_at_any_time_leave_nothing_behind(
    secure: bool, certificates: Certificates, caplog: pytest.LogCaptureFixture
) -> None:
    """Cancelled, out of time, refused, hung up on at rest; and no answer is another's."""
    chance = random.Random(1)
    outcomes: Counter[str] = Counter()
    complaints: list[Any] = []

    async def one(client: AsyncLaplas, number: int) -> None:
        path = f"/{'slow' if number % 3 else 'fast'}/{number}"
        timeout = PATIENT._replace(read=0.001) if number % 7 == 0 else PATIENT
        try:
            async with asyncio.timeout(chance.choice([None, 0.0, 0.002, 0.05])):
                answer = await client.request("GET", path, timeout=timeout)
        except (TimeoutError, APIConnectionError) as problem:
            outcomes["failed" if isinstance(problem, APIConnectionError) else "out of time"] += 1
        else:
            outcomes["answered"] += 1
            assert answer.content.decode() == path

    async def run(url: str) -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
        options: Any = {"verify": certificates.trusting, "max_retries": 0}
        async with AsyncLaplas(api_key="k", base_url=url, **options) as client:
            tasks = [asyncio.create_task(one(client, number)) for number in range(200)]
            for task in chance.sample(tasks, 40):
                await asyncio.sleep(0)
                task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                assert outcome is None or isinstance(outcome, asyncio.CancelledError)
            assert len(asyncio.all_tasks()) == 1
        gc.collect()

    hangs_up_at_rest = answering(echo, times=5)
    with Server(hangs_up_at_rest, tls=certificates.server if secure else None) as server:
        asyncio.run(run(server.url()), debug=True)
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
        mine = authority.issue_cert("127.0.0.1", "localhost")
        self.server, self.wrong_name = (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for _ in range(2))
        mine.configure_cert(self.server)
        authority.issue_cert("other.example").configure_cert(self.wrong_name)
        self.authority, self.chain = folder / "authority.pem", folder / "own.pem"
        authority.cert_pem.write_to_path(self.authority)
        mine.private_key_and_cert_chain_pem.write_to_path(self.chain)

    @property
    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("tls"))


def test_certificates_are_checked_unless_told_otherwise(
    way: Way, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = certificates.trusting
    untrusting: Any = ({}, {"verify": True}, {"verify": ssl.create_default_context()})
    refused = [(certificates.server, options) for options in untrusting]
    for context, options in (*refused, (certificates.wrong_name, {"verify": trusting})):
        with Server(answering(ok()), tls=context) as server:
            failed = failure(way, way.open(server.url(), **options), "POST", body={})
            assert "certificate" in str(failed).lower()
            assert (failed.kind, failed.may_have_taken_effect) == ("connect", False)
            assert not server.requests, "nothing is said to who cannot prove who it is"
    with Server(answering(ok()), tls=certificates.server) as server:
        for options in ({"verify": trusting}, {"verify": False}):
            way.send(way.open(server.url(), **options))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
        way.send(way.open(server.url()))


@pytest.mark.parametrize("content", [None, b"no certificate"], ids=["missing", "garbage"])
def test_a_certificate_file_that_is_none_is_a_configuration_error(
    way: Way,
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
    with Server(answering(ok()), tls=certificates.server) as server:
        with pytest.raises(ConfigurationError) as info:
            way.send(way.open(server.url()))
        way.send(way.open(server.url(), verify=False))
    assert info.value.argument == "SSL_CERT_FILE"
    assert "canary" not in str(info.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_tls_connection_is_used_again(way: Way, certificates: Certificates, host: str) -> None:
    body = b"x" * 300_000
    with Server(answering(ok(body)), tls=certificates.server) as server:
        client = way.open(server.url(host), verify=certificates.trusting)
        for _ in range(3):
            assert way.send(client, "/x", "POST", body={"x": "x" * 300_000}).content == body
        assert server.connections == 1


@pytest.fixture
def http2_server(certificates: Certificates) -> Iterator[tuple[str, list[str]]]:
    """A server that speaks HTTP/1.1 and 2: its URL, and the versions that it was asked by."""
    hypercorn = pytest.importorskip("hypercorn.asyncio")
    config = pytest.importorskip("hypercorn.config").Config()
    config.bind, config.errorlog = ["127.0.0.1:0"], None
    config.certfile = config.keyfile = str(certificates.chain)
    sockets = config.create_sockets()
    sockets.secure_sockets[0].listen()  # a client may be there before the server's thread is
    config.create_sockets = lambda: sockets
    versions: list[str] = []
    stop = threading.Event()

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            versions.append(scope["http_version"])
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

    async def until_stopped() -> None:
        while not stop.is_set():
            await asyncio.sleep(0.05)

    async def serve() -> None:
        await hypercorn.serve(answer, config, shutdown_trigger=until_stopped)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True, name="server")
    thread.start()
    yield f"https://127.0.0.1:{sockets.secure_sockets[0].getsockname()[1]}", versions
    stop.set()
    thread.join(10)


@pytest.mark.parametrize("http2", [False, True])
@pytest.mark.parametrize("own_context", [False, True])
def test_http_2_is_spoken_where_it_is_asked_for(
    http2_server: tuple[str, list[str]],
    way: Way,
    http2: bool,
    own_context: bool,
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A context of the caller's stays as it is: what it offers is spoken. Headers, the key among
    them, are not logged."""
    caplog.set_level("DEBUG")
    url, versions = http2_server
    context = certificates.trusting
    context.set_alpn_protocols(["h2", "http/1.1"])
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    client = way.open(url, http2=http2, verify=context if own_context else True)
    for paths in (["/x"], ["/x"] * 3):
        assert [one.status_code for one in way.many(client, paths)] == [200] * len(paths)
    assert versions == ["2" if http2 or own_context else "1.1"] * 4
    ours = {record.name for record in caplog.records if record.threadName != "server"}
    assert "hpack.hpack" not in ours


def _refuse(http2: Any) -> None:
    http2.reset_stream(1, error_code=7)  # REFUSED_STREAM


def _break_the_rules(http2: Any) -> None:
    http2.send_headers(1, [(":status", "200")])
    http2._data_to_send += b"\x00\x00\x04\x08\x00\x00\x00\x00\x03" + bytes(4)  # to stream 3


HTTP2_FAULTS: dict[str, tuple[Callable[[Any], object], str, bool]] = {
    "refused": (_refuse, "connect", False),
    "going away before it": (
        lambda http2: http2.close_connection(last_stream_id=0),
        "connect",
        False,
    ),
    "going away": (lambda http2: http2.close_connection(last_stream_id=1), "truncated", True),
    "reset": (lambda http2: http2.reset_stream(1, error_code=2), "truncated", True),
    "against the rules": (_break_the_rules, "truncated", True),
}


@pytest.mark.parametrize("name", HTTP2_FAULTS)
@pytest.mark.parametrize("over", ["own", "http_client"])
def test_a_fault_of_http_2_says_whether_the_request_may_have_been_carried_out(
    way: Way, name: str, over: str, certificates: Certificates
) -> None:
    """Only a stream that was refused, or never looked at, was certainly not."""
    h2 = pytest.importorskip("h2.connection")
    fault, kind, may_have = HTTP2_FAULTS[name]

    def serve(peer: Peer) -> None:
        http2 = h2.H2Connection(h2.H2Configuration(client_side=False))
        http2.initiate_connection()
        peer.say(http2.data_to_send())
        ended = False
        while not ended:
            events = http2.receive_data(peer.connection.recv(65536))
            ended = any(type(event).__name__ == "StreamEnded" for event in events)
        fault(http2)
        peer.say(http2.data_to_send())
        peer.takes_the_rest()

    context = certificates.server
    context.set_alpn_protocols(["h2"])
    with Server(serve, tls=context) as server:
        trusting = certificates.trusting
        trusting.set_alpn_protocols(["h2"])
        options: dict[str, Any] = {"http2": True, "verify": trusting}
        if over == "http_client":
            own = getattr(httpx, "AsyncClient" if way.is_async else "Client")
            options = {"http_client": own(**options)}
        failed = failure(way, way.open(server.url(), **options), "POST", body={})
        context.set_alpn_protocols(["http/1.1"])
        if over == "http_client":
            way.do(way.close, options[over])
    assert (failed.kind, failed.may_have_taken_effect) == (kind, may_have), failed


def test_ipv6(way: Way) -> None:
    try:
        server = Server(answering(ok()), host="::1")
    except OSError:
        pytest.skip("needs IPv6")
    with server:
        way.send(way.open(server.url("[::1]")))
    assert f"host: [::1]:{server.port}".encode() in server.requests[0].lower()
