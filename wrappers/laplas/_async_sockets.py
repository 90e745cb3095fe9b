"""Connections that await, on asyncio."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterable, Sequence
from typing import Any, Final, TypeVar, cast

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

HEAD_START: Final = 0.25
"""Seconds that a host's first address gets before its next one is tried beside it (RFC 8305)."""


class AsyncSocket(asyncio.Protocol):
    """One connection, used by one task at a time.

    Not asyncio's StreamReader: that cannot tell whether the server said something unasked, which
    would be taken for the answer to the next request.
    """

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.state = new_state()
        self.expires = 0.0
        self._loop = asyncio.get_running_loop()
        self._received = bytearray()
        self._ended = False
        self._lost = False
        self._error: Exception | None = None
        self._full = False
        self._news = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio, as all methods up to `resume_writing`."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) >= CHUNK:
            self._transport.pause_reading()
        self._news.set()

    def eof_received(self) -> None:
        self._ended = True
        self._news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended, self._lost, self._error = True, True, exc
        self._news.set()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._news.set()

    async def write(self, pieces: Iterable[bytes | memoryview], timeout: float | None) -> None:
        for piece in pieces:
            if self._transport.is_closing():
                raise ConnectionResetError("the server hung up")
            self._transport.write(piece)
            while self._full and not self._ended:
                await self._wait(timeout)

    async def read(self, timeout: float | None) -> bytearray:
        while not self._received and not self._ended:
            await self._wait(timeout)
        if self._error is not None and not self._received:
            raise self._error
        data, self._received = self._received, bytearray()
        if len(data) >= CHUNK and not self._ended:
            self._transport.resume_reading()
        return data

    async def _wait(self, timeout: float | None) -> None:
        self._news.clear()
        async with asyncio.timeout(timeout):
            await self._news.wait()

    def is_stale(self) -> bool:
        """Whether the server closed it or spoke, be it that the loop had no time to notice yet."""
        if self._ended or self._received or self._transport.is_closing():
            return True
        return has_news(self._transport.get_extra_info("socket").fileno())

    def close(self) -> None:
        """Close it at once, whatever is under way."""
        # One that asyncio has closed itself, after writing what was left, cannot bear an abort.
        if not self._lost and not self._loop.is_closed():
            self._transport.abort()


class AsyncSockets:
    """Connections of an async client, in one event loop."""

    def __init__(self, connecting: Connecting) -> None:
        self.idle: Idle[AsyncSocket] = Idle()
        self._verify = connecting.verify
        self._most = connecting.max_response_bytes
        self._loop = asyncio.get_running_loop()
        self._permits = asyncio.Semaphore(MAX_CONNECTIONS)
        self.release = self._permits.release

    async def send(self, step: Send, key: Secret | None) -> Response | Broken:
        """One exchange, on a connection of its own for as long as it lasts."""
        answer = await carried_out(exchange(self, step, key, self._most))
        if isinstance(answer, Response) and answer.stream is not None:
            return answer._replace(stream=AsyncStream(answer.stream))
        return answer

    async def permit(self, timeout: float | None) -> bool:
        if self._permits.locked():
            try:
                async with asyncio.timeout(timeout):
                    return await self._permits.acquire()
            except TimeoutError:
                return False
        return await self._permits.acquire()

    async def connect(self, origin: Origin, timeout: float | None) -> AsyncSocket:
        options: dict[str, Any] = {}
        if origin.secure:
            options["ssl"] = tls_context(self._verify)
            options["server_hostname"] = origin.host
            # Else asyncio ends a handshake after a time of its own, be more allowed.
            options["ssl_handshake_timeout"] = timeout or LONGEST

        async def attempt(address: str) -> AsyncSocket:
            _, connected = await self._loop.create_connection(
                lambda: AsyncSocket(origin), address, origin.port, **options
            )
            return connected

        async with asyncio.timeout(timeout):
            return await _first(attempt, await self._addresses(origin))

    async def _addresses(self, origin: Origin) -> list[str]:
        if ":" in origin.host or origin.host.replace(".", "").isdigit():
            return [origin.host]  # looking it up would take a thread
        found = await self._loop.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM)
        return [*dict.fromkeys(str(address[0]) for *_, address in found)]

    def forget(self, connection: AsyncSocket) -> None:
        with contextlib.suppress(RuntimeError):  # its event loop is closed
            self._loop.call_soon_threadsafe(connection.close)
            self._loop.call_soon_threadsafe(self.release)

    async def aclose(self) -> None:
        """Close what is at rest now, and what is in use when it comes to rest."""
        self.idle.close()
        await asyncio.sleep(0)  # the loop closes them in its next round


async def _first(
    attempt: Callable[[str], Coroutine[Any, Any, AsyncSocket]], addresses: Sequence[str]
) -> AsyncSocket:
    """The first of the addresses that connects; each has a head start before the next one.

    Not asyncio's own way: other loops have none, and when cancelled it loses connected sockets.
    """
    if len(addresses) == 1:
        return await attempt(addresses[0])
    tasks: list[asyncio.Task[AsyncSocket]] = []
    left: set[asyncio.Task[AsyncSocket]] = set()
    winner: asyncio.Task[AsyncSocket] | None = None
    try:
        while winner is None and (left or len(tasks) < len(addresses)):
            if len(tasks) < len(addresses):
                tasks.append(asyncio.create_task(attempt(addresses[len(tasks)])))
                left.add(tasks[-1])
            head_start = HEAD_START if len(tasks) < len(addresses) else None
            done, left = await asyncio.wait(
                left, timeout=head_start, return_when=asyncio.FIRST_COMPLETED
            )
            winner = next((task for task in done if task.exception() is None), None)
        return (winner or tasks[-1]).result()
    finally:
        for task in tasks:
            if task is not winner:
                task.cancel()
                task.add_done_callback(_discard)


def _discard(task: asyncio.Task[AsyncSocket]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().close()


async def carried_out(plan: Generator[Todo, Any, T]) -> T:
    """Do what the plan says, by awaiting."""
    try:
        todo = next(plan)
        while True:
            try:
                done = await todo()
            except BaseException as error:
                todo = plan.throw(error)
            else:
                todo = plan.send(done)
    except StopIteration as end:
        result: T = end.value
        return result


class AsyncStream:
    """An event stream's bytes as they come."""

    def __init__(self, body: Body) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (pieces := await carried_out(self._body.more())) is not None:
            for piece in pieces:
                yield piece

    async def afinish(self) -> None:
        """Close it where its last event was read: the connection may be of use yet."""
        await carried_out(self._body.rest())

    async def aclose(self) -> None:
        self._body.let_go()
