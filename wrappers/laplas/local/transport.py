"""An httpx transport that answers from an embedded server in this process, without a socket."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

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
        with _as_httpx():
            answer = self._server.handle(*_parts(request))
        return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        accepted = self._server.accept(*_parts(request))
        await sleep(accepted.wait_before)
        delivery = accepted.carry_out()
        await sleep(accepted.wait_after)
        with _as_httpx():
            answer = delivery.whole()
        return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)

    def close(self) -> None:
        if self._owned:
            self._server.close()

    async def aclose(self) -> None:
        self.close()


def _parts(request: httpx.Request) -> tuple[str, str, dict[str, str], bytes]:
    headers = dict(request.headers.items())
    return request.method, request.url.raw_path.decode("ascii"), headers, request.content
