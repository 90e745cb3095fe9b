"""An httpx transport that answers from an embedded server in this process, without a socket."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from ._faults import Delivery
from ._routes import LOOK_SECONDS, Live

if TYPE_CHECKING:
    from . import LocalServer


async def sleep(seconds: float) -> None:
    """Wait, on asyncio or trio."""
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_task():
        await trio.sleep(seconds)
    else:
        await asyncio.sleep(seconds)


@contextmanager
def _as_httpx() -> Iterator[None]:
    """Raise what httpx raises where a fault breaks the connection."""
    try:
        yield
    except ConnectionResetError as error:
        raise httpx.ReadError(str(error)) from None
    except ConnectionAbortedError as error:
        raise httpx.RemoteProtocolError(str(error)) from None


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers from an embedded server in this process, without a socket."""

    def __init__(self, server: LocalServer, owned: bool) -> None:
        self._server = server
        self._owned = owned

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return _response(self._server._deliver(*_parts(request)), _read_on)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        accepted = self._server.accept(*_parts(request))
        await sleep(accepted.wait_before)
        delivery = accepted.carry_out()
        if delivery.fault is not None and delivery.live is not None:
            while not delivery.live.over.done():
                await sleep(LOOK_SECONDS)
        await sleep(accepted.wait_after)
        return _response(delivery, _read_on_async)

    def close(self) -> None:
        if self._owned:
            self._server.close()

    async def aclose(self) -> None:
        self.close()


def _response(
    delivery: Delivery, read_on: Callable[[Live], Iterator[bytes] | AsyncIterator[bytes]]
) -> httpx.Response:
    if delivery.live is not None and delivery.fault is None:
        answer, content = delivery.response, read_on(delivery.live)
        return httpx.Response(answer.status, headers=list(answer.headers), content=content)
    with _as_httpx():
        answer = delivery.whole()
    return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)


def _read_on(live: Live) -> Iterator[bytes]:
    for events in live.looks():
        yield b"".join(events)
        time.sleep(LOOK_SECONDS)


async def _read_on_async(live: Live) -> AsyncIterator[bytes]:
    for events in live.looks():
        yield b"".join(events)
        await sleep(LOOK_SECONDS)


def _parts(request: httpx.Request) -> tuple[str, str, dict[str, str], bytes]:
    headers = dict(request.headers.items())
    return request.method, request.url.raw_path.decode("ascii"), headers, request.content
