"""An httpx transport that answers from an embedded server in this process, without a socket."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from . import LocalServer
    from ._faults import Exchange, Reply


async def sleep(seconds: float) -> None:
    """Wait, on asyncio or trio."""
    trio = sys.modules.get("trio")
    if trio is not None and trio.lowlevel.in_trio_task():
        await trio.sleep(seconds)
    else:
        await asyncio.sleep(seconds)


def _apply_fault(reply: Reply) -> httpx.Response:
    """Return the embedded server's answer, or raise the failure its fault plan makes of it."""
    try:
        answer = reply.whole()
    except ConnectionResetError as error:
        raise httpx.ReadError(str(error)) from None
    except ConnectionAbortedError as error:
        raise httpx.RemoteProtocolError(str(error)) from None
    return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers from an embedded server in this process, without a socket."""

    def __init__(self, server: LocalServer, owned: bool) -> None:
        self._server = server
        self._owned = owned

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        exchange = self._accepted(request)
        time.sleep(exchange.wait_before)
        reply = exchange.carry_out()
        time.sleep(exchange.wait_after)
        return _apply_fault(reply)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        exchange = self._accepted(request)
        await sleep(exchange.wait_before)
        reply = exchange.carry_out()
        await sleep(exchange.wait_after)
        return _apply_fault(reply)

    def _accepted(self, request: httpx.Request) -> Exchange:
        target = request.url.raw_path.decode("ascii")
        headers = dict(request.headers.items())
        return self._server.exchange(request.method, target, headers, request.content)

    def close(self) -> None:
        if self._owned:
            self._server.close()

    async def aclose(self) -> None:
        self.close()
