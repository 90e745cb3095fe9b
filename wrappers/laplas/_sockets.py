"""Connections that block."""

from __future__ import annotations

import queue
import socket
import time
from collections.abc import Generator, Iterable, Iterator
from typing import Any, TypeVar

from ._call import Response
from ._engine import Broken, Send
from ._http1 import (
    CHUNK,
    LONGEST,
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


def _bounded(timeout: float | None) -> float | None:
    return None if timeout is None else min(timeout, LONGEST)


class Socket:
    """One connection."""

    def __init__(self, origin: Origin, connected: socket.socket) -> None:
        self.origin = origin
        self.state = new_state()
        self.expires = 0.0
        self._socket = connected

    def write(self, pieces: Iterable[bytes | memoryview], timeout: float | None) -> None:
        self._socket.settimeout(_bounded(timeout))
        for piece in pieces:
            self._socket.sendall(piece)

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
        # Not a semaphore: the garbage collector may give a place back while one is taken.
        self._places: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(MAX_CONNECTIONS):
            self._places.put(None)

    def send(self, step: Send, key: Secret | None) -> Response | Broken:
        """One exchange, on a connection of its own for as long as it lasts."""
        answer = carried_out(exchange(self, step, key, self._most))
        if isinstance(answer, Response) and answer.stream is not None:
            return answer._replace(stream=SyncStream(answer.stream))
        return answer

    def permit(self, timeout: float | None) -> bool:
        try:
            self._places.get(timeout=_bounded(timeout))
        except queue.Empty:
            return False
        return True

    def release(self) -> None:
        self._places.put(None)

    def connect(self, origin: Origin, timeout: float | None) -> Socket:
        context = tls_context(self._verify) if origin.secure else None
        limit = _bounded(timeout)
        started = time.monotonic()
        connected = socket.create_connection((origin.host, origin.port), limit)
        try:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if context is not None:
                if limit is not None:
                    connected.settimeout(max(limit - (time.monotonic() - started), 0.001))
                connected = context.wrap_socket(connected, server_hostname=origin.host)
        except BaseException:
            connected.close()
            raise
        return Socket(origin, connected)

    def forget(self, connection: Socket) -> None:
        connection.close()
        self.release()

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
