"""The HTTP side of the embedded server, broken connections included.

Needs aiohttp, the extra `laplas[local]`.
"""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from aiohttp import web  # type: ignore[import-not-found, unused-ignore]

from . import _control
from ._faults import Delivery
from ._guard import (
    check_host,
    check_origin,
    headers_for_page,
    is_loopback,
    refuse_other_pages,
    refuse_others,
    require_key,
)
from ._routes import LOOK_SECONDS, LocalResponse
from ._validation import RequestError

if TYPE_CHECKING:
    from . import LocalServer

_SHUTDOWN_SECONDS = 2.0
_SLOW_SECONDS = 60.0
"""What a client may take to send a request's head, and again for its body."""
_DRIP_SECONDS = 0.01
_LOOK_SECONDS = 0.1
"""Between two looks for changes, for a page that shows them as they come."""
_SILENT_SECONDS = 15.0
"""Until a stream without changes says something, which shows whether its client is there."""
_MAX_LINE = 64 * 1024
"""Bytes of a request line: two ids of 1,000 characters, percent-encoded, fit in."""
_MAX_FIELD = 8 * 1024
"""Bytes of a header."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER: on, for 0 seconds


class Limits:
    """What is refused before its body is read.

    Attributes:
        hosts: The hosts that are allowed beside loopback and the address a request comes to.
        origins: The origins of pages that are allowed beside those of these hosts.
        max_body_bytes: The most bytes of a body.
    """

    def __init__(
        self, allow_hosts: Collection[str], max_body_bytes: int, cors: Collection[str] = ()
    ) -> None:
        """Check all; raises `ValueError` where one makes no sense."""
        self.hosts = _checked("allow_hosts", allow_hosts, check_host)
        self.origins = _checked("cors", cors, check_origin)
        if not isinstance(max_body_bytes, int) or max_body_bytes < 1:
            raise ValueError(f"max_body_bytes: must be a number from 1, got {max_body_bytes!r}")
        self.max_body_bytes = max_body_bytes

    def check_page(self, request: web.Request, host: str) -> None:
        """Raise `RequestError` for a request that a page sent that may not."""
        here = request.transport and request.transport.get_extra_info("sockname")
        own = self.hosts | {host.lower(), here[0] if here else host}
        refuse_others(lambda name: request.headers.getall(name, []), own, self.origins)
        # The page itself holds no data, so any link may lead to it.
        if _control.is_control(request.raw_path) and request.path != "/":
            refuse_other_pages(request.headers, self.origins)

    def check(self, request: web.Request, host: str) -> None:
        """Raise `RequestError` for a request whose head is enough to refuse it."""
        self.check_page(request, host)
        if not _control.is_control(request.raw_path):
            if not _is_preflight(request):
                require_key(request.headers)
        elif not is_loopback(_peer_of(request)):
            problem = "Only this machine may use /_laplas/."
            raise RequestError(403, problem, code="machine_not_allowed")
        if (request.content_length or 0) > self.max_body_bytes:
            raise self.too_large()

    def too_large(self) -> RequestError:
        """The error for a body over the limit."""
        problem = f"The body of your request is larger than {self.max_body_bytes} bytes."
        advice = "Start the server with a larger --max-body-bytes, or max_body_bytes=, if it has"
        return RequestError(413, f"{problem} {advice} to be.", code="request_too_large")


def _checked(name: str, given: Collection[str], check: Callable[[object], str]) -> frozenset[str]:
    if isinstance(given, str):
        raise ValueError(f"{name}: give a list, not one text")
    try:
        return frozenset(map(check, given))
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def create_app(server: LocalServer, host: str, limits: Limits) -> web.Application:
    """Return an aiohttp application that does over HTTP what `server.handle` does."""

    async def read(request: web.Request) -> bytes:
        limits.check(request, host)
        body = bytearray()
        try:
            async with asyncio.timeout(_SLOW_SECONDS):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > limits.max_body_bytes:
                        raise limits.too_large()
        except TimeoutError:
            raise RequestError(408, "The body of your request took too long.") from None
        return bytes(body)

    async def before_body(request: web.Request) -> web.Response | None:
        """Answer a request that asks whether it may send its body."""
        try:
            limits.check(request, host)
        except RequestError as error:
            return _whole(refuse(request, error))
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
        return None

    def refuse(request: web.Request, error: RequestError) -> LocalResponse:
        return server.record_refusal(request.method, request.raw_path, request.headers, error)

    async def follow(request: web.Request, delivery: Delivery) -> web.StreamResponse:
        """Write the changes as they come, until the client leaves or the server stops."""
        given = {"last-event-id": request.headers.get("Last-Event-ID", "")}
        known = _control.first_event(given, request.query_string)
        response = web.StreamResponse(headers=delivery.response.headers)
        await response.prepare(request)
        loop = asyncio.get_running_loop()
        spoke = -_SILENT_SECONDS
        while not stopping:
            data, known = _control.events(server, known)
            if data or loop.time() - spoke > _SILENT_SECONDS:
                await response.write(data or b": still here\n\n")
                spoke = loop.time()
            # Changes come from any thread; to look at a number is simpler than to wake this one.
            await asyncio.sleep(_LOOK_SECONDS)
        return response

    async def let_page_read(request: web.Request, response: web.StreamResponse) -> None:
        if origin := request.headers.get("Origin"):
            with suppress(RequestError):
                limits.check_page(request, host)
                response.headers.update(headers_for_page(origin, request.headers))

    async def stop(_: web.Application) -> None:
        stopping.append(True)

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            body = await read(request)
        except RequestError as error:
            return _whole(refuse(request, error))
        except (ConnectionError, web.RequestPayloadError):
            return web.Response(status=400)  # the client went away; nobody gets this
        if _is_preflight(request):
            return web.Response(status=204)
        # As it was sent: `request.path` is decoded and has no query.
        accepted = server.accept(request.method, request.raw_path, request.headers, body)
        await asyncio.sleep(accepted.wait_before)
        delivery = accepted.carry_out()
        await asyncio.sleep(accepted.wait_after)
        try:
            if _is_endless(request, delivery):
                return await follow(request, delivery)
            return await _deliver(request, delivery)
        except ConnectionError:
            return web.Response()  # the client left in the middle of a stream

    stopping: list[bool] = []
    app = web.Application()
    app.on_shutdown.append(stop)
    app.on_response_prepare.append(let_page_read)
    app.router.add_route("*", "/{path:[\\s\\S]*}", answer, expect_handler=before_body)
    return app


def _is_preflight(request: web.Request) -> bool:
    """Return whether a browser asks whether a page may send a request. That one has the key."""
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _peer_of(request: web.Request) -> str:
    peer = request.transport and request.transport.get_extra_info("peername")
    return str(peer[0]).removeprefix("::ffff:") if peer else ""


def _is_endless(request: web.Request, delivery: Delivery) -> bool:
    path = request.raw_path.partition("?")[0].rstrip("/")
    return path == _control.EVENTS and delivery.response.status == 200


def _whole(response: LocalResponse) -> web.Response:
    status, headers, body = response
    return web.Response(status=status, headers=headers, body=body)


async def _deliver(request: web.Request, delivery: Delivery) -> web.StreamResponse:
    status, headers, body = delivery.response
    if delivery.how in ("reset", "close"):
        _disconnect(request, reset=delivery.how == "reset")
        return web.Response()  # goes nowhere, like all that is written from here on
    streams = delivery.response.is_stream
    live = delivery.live
    if delivery.how is None and not streams:
        return _whole(delivery.response)
    response = web.StreamResponse(status=status, headers=headers)
    if streams or delivery.how == "truncate-chunked":
        response.enable_chunked_encoding()
    else:
        response.content_length = len(body)
    await response.prepare(request)
    match delivery.how:
        case None if live is not None:
            for events in live.looks():
                await response.write(b"".join(events))
                await asyncio.sleep(LOOK_SECONDS)
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
    limits: Limits,
    announce: Callable[[str], None] = print,
) -> None:
    """Serve until SIGINT or SIGTERM; for the main thread of a process.

    The server is left open; `announce` is told the base URL when requests are accepted.

    Raises:
        OSError: The address cannot be listened on.
    """

    async def main() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows; there Ctrl+C ends asyncio.run
                asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with _listening(server, host, port, limits) as base_url:
            announce(base_url)
            await stop.wait()

    with suppress(KeyboardInterrupt):
        asyncio.run(main())


@contextmanager
def running(server: LocalServer, port: int, limits: Limits) -> Iterator[str]:
    """See `running` of `laplas.local`."""
    started: Future[tuple[str, Callable[[], object]]] = Future()

    async def main() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        async with _listening(server, "127.0.0.1", port, limits) as base_url:
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
async def _listening(
    server: LocalServer, host: str, port: int, limits: Limits
) -> AsyncIterator[str]:
    runner = web.AppRunner(
        create_app(server, host, limits),
        access_log=None,
        shutdown_timeout=_SHUTDOWN_SECONDS,
        max_line_size=_MAX_LINE,
        max_field_size=_MAX_FIELD,
        auto_decompress=False,  # as `server.handle`; and what it makes of a body has no limit
        keepalive_timeout=_SLOW_SECONDS,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            error.strerror = _explain(error, host, port)
            raise
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{runner.addresses[0][1]}{server.base_path}"
    finally:
        await runner.cleanup()


def _explain(error: OSError, host: str, port: int) -> str:
    """Say why a server cannot listen there, and what to do."""
    if isinstance(error, socket.gaierror):
        return f"no address is known for the host {host!r}: check how it is spelt"
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} of {host} is taken: choose another, or 0 for a free one"
        case errno.EACCES:
            return f"port {port} is not open to you: choose one from 1024 on, or 0 for a free one"
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine: use 127.0.0.1, or 0.0.0.0 for all it has"
        case _:
            return error.strerror or str(error)
