"""The HTTP side of the embedded server, broken connections included.

Needs aiohttp, the extra `laplas[local]`.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from aiohttp import web

from ._faults import Delivery

if TYPE_CHECKING:
    from . import LocalServer

_SHUTDOWN_SECONDS = 2.0
_DRIP_SECONDS = 0.01
_MAX_LINE = 64 * 1024
"""Bytes of a request line: two ids of 1,000 characters, percent-encoded, fit in."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, for 0 seconds


def create_app(server: LocalServer) -> web.Application:
    """Return an aiohttp application that does over HTTP what `server.handle` does."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            body = await request.read()
        except (ConnectionError, web.RequestPayloadError):
            return web.Response(status=400)  # the client went away; nobody gets this
        # As it was sent: `request.path` is decoded and has no query.
        accepted = server.accept(request.method, request.raw_path, request.headers, body)
        await asyncio.sleep(accepted.wait_before)
        delivery = accepted.carry_out()
        await asyncio.sleep(accepted.wait_after)
        try:
            return await _deliver(request, delivery)
        except ConnectionError:
            return web.Response()  # the client left in the middle of a stream

    app = web.Application(client_max_size=0)  # 0: no limit, or aiohttp would answer 413 by itself
    app.router.add_route("*", "/{path:[\\s\\S]*}", answer)
    return app


async def _deliver(request: web.Request, delivery: Delivery) -> web.StreamResponse:
    status, headers, body = delivery.response
    if delivery.how in ("reset", "close"):
        _disconnect(request, reset=delivery.how == "reset")
        return web.Response()  # goes nowhere, like all that is written from here on
    streams = delivery.response.is_stream
    if delivery.how is None and not streams:
        return web.Response(status=status, headers=headers, body=body)
    response = web.StreamResponse(status=status, headers=headers)
    if streams or delivery.how == "truncate-chunked":
        response.enable_chunked_encoding()
    else:
        response.content_length = len(body)
    await response.prepare(request)
    match delivery.how:
        case None:
            await _write_events(response, body)
        case "drip":
            for start in range(0, len(body), round(delivery.amount)):
                await response.write(body[start : start + round(delivery.amount)])
                await asyncio.sleep(_DRIP_SECONDS)
        case "stall":
            await response.write(body[: len(body) // 2])
            await asyncio.sleep(delivery.amount)
            await response.write(body[len(body) // 2 :])
        case _:
            await response.write(delivery.cut_body())
            _disconnect(request, reset=delivery.how == "disconnect")
    return response


async def _write_events(response: web.StreamResponse, body: bytes) -> None:
    """Write a stream, each event by itself."""
    for event in body.split(b"\n\n")[:-1]:
        await response.write(event + b"\n\n")
        await asyncio.sleep(0)  # others have their turn


def _disconnect(request: web.Request, *, reset: bool) -> None:
    transport = request.transport
    if transport is None:  # the client was faster
        return
    if reset:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
    else:
        transport.close()


def serve(
    server: LocalServer,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve until SIGINT or SIGTERM; for the main thread of a process.

    Args:
        server: What to serve; it is left open.
        host: Address to listen on.
        port: TCP port; 0 takes a free one.
        announce: Called with the base URL when requests are accepted.

    Raises:
        OSError: The address cannot be listened on.
    """

    async def main() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows; there Ctrl+C ends asyncio.run
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with _listening(server, host, port) as base_url:
            announce(base_url)
            await stop.wait()

    with suppress(KeyboardInterrupt):
        asyncio.run(main())


@contextmanager
def running(server: LocalServer, port: int = 0) -> Iterator[str]:
    """See `running` of `laplas.local`."""
    started: Future[tuple[str, Callable[[], object]]] = Future()

    async def main() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        async with _listening(server, "127.0.0.1", port) as base_url:
            started.set_result((base_url, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=run, name="laplas-local", daemon=True)
    thread.start()
    base_url, stop_soon = started.result()
    try:
        yield base_url
    finally:
        stop_soon()
        thread.join()


@asynccontextmanager
async def _listening(server: LocalServer, host: str, port: int) -> AsyncIterator[str]:
    runner = web.AppRunner(
        create_app(server),
        access_log=None,
        shutdown_timeout=_SHUTDOWN_SECONDS,
        max_line_size=_MAX_LINE,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
