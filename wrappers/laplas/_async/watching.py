"""Watch calls: tell the log and the caller's ``on_event`` what they do."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from .._core.config import Echoes, redact_url
from .._core.request import HttpRequest
from .._core.response import Response
from .._core.retry import TransportFailure
from .._core.watching import AttemptEvent, CallEvent, EndEvent, Listener, log, log_body
from .concurrency import attempt_here


async def tell(listener: Listener | None, event: CallEvent) -> None:
    """Log an event and tell the caller's callable, whose errors break nothing."""
    log.log(logging.INFO if isinstance(event, EndEvent) else logging.DEBUG, "%s", event)
    if listener is not None:
        error = (await attempt_here(listener.call, event)).error
        if error is not None and not listener.has_failed:
            listener.has_failed = True
            error.__context__ = None  # the call's own error: its frames hold what it was given
            log.error("on_event failed; further failures are not logged", exc_info=error)


class AsyncWatcher:
    """Watches one request with all its attempts."""

    def __init__(self, listener: Listener | None, operation: str) -> None:
        self.operation = operation
        self._listener = listener
        self._last = AttemptEvent(operation, 0, 0.0)
        self._began = self._since = time.monotonic()

    async def watch(self, send: Callable[..., Awaitable[Response]], *given: Any) -> Response:
        """Send a call; tell when it is over."""
        try:
            reply = await send(*given, self)
        except GeneratorExit:  # the coroutine is thrown away: it must not wait any more
            raise
        except BaseException as error:
            status = getattr(error, "status_code", None)
            await self.end(type(error).__name__, status, self._last.bytes)
            raise
        if reply.stream is not None:
            return reply._replace(stream=_AsyncWatchedBody(reply, self))
        await self.end(None, reply.status, len(reply.content))
        return reply

    def begin(self, request: HttpRequest, key: Any) -> None:
        """Note that an attempt begins."""
        if self._last.attempt == 0:
            said = f"{self.operation} {request.method} {redact_url(request.url)}"
            log_body(said, request.content, Echoes(request.headers, key, request.url))
        self._since = time.monotonic()

    async def attempt(self, number: int, reply: Response | TransportFailure) -> None:
        """Tell what came of an attempt."""
        told: Any = [getattr(reply, "failure", None)]
        if isinstance(reply, Response):
            size = None if reply.stream is not None else len(reply.content)
            told += [reply.status, size, reply.request_id and reply.echoes.hide(reply.request_id)]
            if size is not None:
                log_body(f"{self.operation} answered", reply.content, reply.echoes)
        self._last = AttemptEvent(self.operation, number, time.monotonic() - self._since, *told)
        await tell(self._listener, self._last)

    async def end(self, reason: str | None, status: int | None, size: int | None) -> None:
        """Tell that it is over."""
        last, seconds = self._last, time.monotonic() - self._began
        told: Any = [last.attempt, seconds, reason, status, size, last.request_id]
        await tell(self._listener, EndEvent(self.operation, *told))


class _AsyncWatchedBody:
    def __init__(self, reply: Response, watcher: AsyncWatcher) -> None:
        self._reply, self._watcher = reply, watcher
        self._size = 0
        self._unlogged = b""
        self._reason: str | None = "closed"
        self._is_over = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._reply.stream:
                self._size += len(piece)
                self._log(self._unlogged + piece, ends=False)
                yield piece
            self._reason = None
        except TransportFailure as error:
            self._reason = error.failure
            raise

    def _log(self, content: bytes, ends: bool) -> None:
        said = f"{self._watcher.operation} answered"
        self._unlogged = log_body(said, content, self._reply.echoes, ends)

    async def afinish(self) -> None:
        self._reason = None
        await self._reply.stream.afinish()

    async def aclose(self) -> None:
        is_over, self._is_over = self._is_over, True
        try:
            await self._reply.stream.aclose()
        finally:
            if self._unlogged:
                self._log(self._unlogged, ends=True)
            if not is_over:
                await self._watcher.end(self._reason, self._reply.status, self._size)
