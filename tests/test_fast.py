"""`fast=True`: pyqwest in place of httpx. What holds for the default must hold here, too."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import struct
import threading
import time
import warnings
from typing import Any

import pytest

pytest.importorskip("pyqwest")

from laplas import (
    APIConnectionError,
    AsyncLaplas,
    ConfigurationError,
    Laplas,
    LaplasError,
    Timeout,
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Says the same to each request, and keeps what it read."""

    def __init__(self, answer: bytes = OK, post_ends_by: str = "") -> None:
        self.requests: list[bytes] = []
        self._post_ends_by = post_ends_by
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        for _ in range(50):
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer_all, args=(peer,), daemon=True).start()

    def _answer_all(self, peer: socket.socket) -> None:
        with peer:
            while data := peer.recv(1 << 16):
                if b"content-length: 2" in data.lower() and not data.endswith(b"{}"):
                    data += peer.recv(1 << 16)  # httpx writes the body by itself
                self.requests.append(data)
                if self._post_ends_by and data.startswith(b"POST"):
                    if self._post_ends_by == "reset":
                        linger = struct.pack("ii", 1, 0)
                        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    return
                peer.sendall(self._answer)

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def _wire(request: bytes) -> tuple[Any, ...]:
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    pairs = (line.split(b": ", 1) for line in lines)
    return first, sorted((name.lower(), value) for name, value in pairs), body


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_the_wire_is_that_of_the_default(method: str) -> None:
    seen = []
    for fast in (False, True):
        with Server() as server, Laplas(api_key="k", base_url=server.url, fast=fast) as client:
            client.request(
                method, "/x%20y", query={"a": "b c"}, body={} if method == "POST" else None
            )
            (request,) = server.requests
            seen.append(_wire(request.replace(server.url[7:].encode(), b"HOST")))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
@pytest.mark.parametrize(
    "option",
    [{"http2": True}, {"verify": False}, {"transport": object()}, {"http_client": object()}],
)
def test_what_it_cannot_do_is_refused(cls: Any, option: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="fast=True") as info:
        cls(api_key="k", fast=True, **option)
    assert next(iter(option)) in str(info.value)


def test_without_pyqwest_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("laplas._sync.transport.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r'pip install "laplas\[fast\]"'):
        Laplas(api_key="k", fast=True)


def test_a_body_that_drips_ends_at_the_deadline() -> None:
    drips = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"
    with Server(drips) as server, Laplas(api_key="k", base_url=server.url, fast=True) as client:
        began = time.monotonic()
        with pytest.raises(LaplasError):
            client.request("GET", "/x", deadline=0.3, max_retries=0)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("ends_by", ["reset", "end"])
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_create_whose_connection_breaks_is_sent_once(cls: Any, kept: bool, ends_by: str) -> None:
    methods = ["GET"] * kept + ["POST"]
    bodies: dict[str, Any] = {"POST": {}}

    async def create_async(**options: Any) -> None:
        async with AsyncLaplas(**options) as client:
            for method in methods:
                await client.request(method, "/x", body=bodies.get(method))

    def create(**options: Any) -> None:
        with Laplas(**options) as client:
            for method in methods:
                client.request(method, "/x", body=bodies.get(method))

    with Server(post_ends_by=ends_by) as server:
        options = {"api_key": "k", "base_url": server.url, "fast": True, "max_retries": 2}
        with pytest.raises(APIConnectionError) as info:
            create(**options) if cls is Laplas else asyncio.run(create_async(**options))
        assert [request.split()[0].decode() for request in server.requests] == methods
        assert (info.value.attempts, info.value.may_have_taken_effect) == (1, True)


def test_a_write_that_stalls_is_not_taken_for_one_never_begun() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # its backlog takes the connection
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        timeout = Timeout(connect=5, read=0.3, write=0.3, pool=5)
        with (
            Laplas(api_key="k", base_url=url, fast=True, timeout=timeout) as client,
            pytest.raises(APIConnectionError) as info,
        ):
            client.request("POST", "/x", body={"text": "x" * 20_000_000})
    assert (info.value.attempts, info.value.may_have_taken_effect) == (1, True)


def test_a_stream_that_is_done_is_left_at_once() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    done = b"event: done\ndata: [DONE]\n\n"
    chunk = b"%x\r\n%s\r\n" % (len(done), done)  # the last chunk never comes
    with Server(head + chunk) as server:
        timeout = Timeout(connect=5, read=4, write=4, pool=5)
        with Laplas(api_key="k", base_url=server.url, fast=True, timeout=timeout) as client:
            began = time.monotonic()
            with client.runs.stream("thread_1", "asst_1") as events:
                list(events)
            assert time.monotonic() - began < 2


def test_an_unclosed_client_warns() -> None:
    with Server() as server:
        client = Laplas(api_key="k", base_url=server.url, fast=True)
        client.request("GET", "/x")
        with pytest.warns(ResourceWarning, match="unclosed laplas client"):
            del client


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_child_gets_an_error_and_sends_nothing() -> None:
    with Server() as server, Laplas(api_key="k", base_url=server.url, fast=True) as client:
        client.request("GET", "/x")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of fork beside threads
            pid = os.fork()
        if pid == 0:
            status = 1
            signal.alarm(5)
            try:
                with Laplas(api_key="k", base_url=server.url, fast=True) as fresh:
                    fresh.request("GET", "/x")
            except LaplasError as error:
                status = 0 if "forked" in str(error) else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
        client.request("GET", "/x")
        assert len(server.requests) == 2
