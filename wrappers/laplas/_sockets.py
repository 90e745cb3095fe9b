"""Connections that block."""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator, Iterator
from typing import Any, Final, TypeVar

from ._call import Response
from ._engine import Broken, Send
from ._http1 import (
    CHUNK,
    MAX_CONNECTIONS,
    Body,
    Idle,
    Origin,
    Todo,
    exchange,
    has_news,
    new_state,
    tls_context,
)
from ._options import Connecting
from ._secret import Secret

T = TypeVar("T")

LONGEST: Final = 1_000_000.0
"""Seconds that stand for longer ones: the system's call takes no more than 24 days."""


def _bounded(timeout: float | None) -> float | None:
    return None if timeout is None else min(timeout, LONGEST)


class Socket:
    """One connection."""

    def __init__(self, connected: socket.socket) -> None:
        self.state = new_state()
        self.expires = 0.0
        self._socket = connected

    def write(self, data: bytes, timeout: float | None) -> None:
        self._socket.settimeout(_bounded(timeout))
        for start in range(0, len(data), CHUNK):
            self._socket.sendall(data[start : start + CHUNK])

    def read(self, timeout: float | None) -> bytes:
        self._socket.settimeout(_bounded(timeout))
        return self._socket.recv(CHUNK)

    def is_stale(self) -> bool:
        """Whether the server closed it, or said something that nobody asked for."""
        return has_news(self._socket.fileno())

    def close(self) -> None:
        self._socket.close()


class Sockets:
    """Connections of a sync client. Safe to share between threads."""

    def __init__(self, connecting: Connecting) -> None:
        self.idle: Idle[Socket] = Idle()
        self._verify = connecting.verify
        self._most = connecting.max_response_bytes
        self._permits = threading.Semaphore(MAX_CONNECTIONS)
        self.release = self._permits.release

    def send(self, step: Send, key: Secret | None) -> Response | Broken:
        """One exchange, on a connection of its own for as long as it lasts."""
        answer = carried_out(exchange(self, step, key, self._most))
        if isinstance(answer, Response) and answer.stream is not None:
            return answer._replace(stream=SyncStream(answer.stream))
        return answer

    def permit(self, timeout: float | None) -> bool:
        return self._permits.acquire(timeout=_bounded(timeout))

    def connect(self, origin: Origin, timeout: float | None) -> Socket:
        connected = socket.create_connection((origin.host, origin.port), _bounded(timeout))
        try:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if origin.secure:
                connected = tls_context(self._verify).wrap_socket(
                    connected, server_hostname=origin.host
                )
        except BaseException:
            connected.close()
            raise
        return Socket(connected)

    def close(self) -> None:
        """Close what is at rest now, and what is in use when it comes to rest."""
        self.idle.close()


def carried_out(plan: Generator[Todo, Any, T]) -> T:
    """Do what the plan says, by blocking."""
    try:
        todo = next(plan)
        while True:
            try:
                done = todo()
            except BaseException as error:
                todo = plan.throw(error)
            else:
                todo = plan.send(done)
    except StopIteration as end:
        result: T = end.value
        return result


class SyncStream:
    """An event stream's bytes as they come."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self.close = body.let_go

    def __iter__(self) -> Iterator[bytes]:
        while (pieces := carried_out(self._body.more())) is not None:
            yield from pieces

    def finish(self) -> None:
        """Close it where its last event was read: the connection may be of use yet."""
        carried_out(self._body.rest())
