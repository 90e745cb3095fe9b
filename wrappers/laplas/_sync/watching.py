# Derived from ../_async/watching.py by tools/derive_sync.py; do not edit.
"""Watch calls: tell the log and the caller's ``on_event`` what they do."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

from .._core.config import Echoes, redact_url
from .._core.request import HttpRequest
from .._core.response import Response
from .._core.retry import TransportFailure
from .._core.watching import AttemptEvent, CallEvent, EndEvent, Listener, log, log_body
from .concurrency import attempt_here


def tell(listener: Listener | None, event: CallEvent) -> None:
    """Log an event and tell the caller's callable, whose errors break nothing."""
    log.log(logging.INFO if isinstance(event, EndEvent) else logging.DEBUG, "%s", event)
    if listener is not None:
        error = (attempt_here(listener.call, event)).error
        if error is not None and not listener.has_failed:
            listener.has_failed = True
            log.error("on_event failed; it is not logged when it fails again", exc_info=error)


class Watcher:
    """Watches one request with all its attempts."""

    def __init__(self, listener: Listener | None, operation: str) -> None:
        self._listener = listener
        self._last = AttemptEvent(operation, 0, 0.0)
        self._began = self._since = time.monotonic()

    def watch(self, send: Callable[..., Response], *given: Any) -> Response:
        """Send a call; tell when it is over."""
        try:
            reply = send(*given, self)
        except BaseException as error:
            status = getattr(error, "status_code", None)
            self.end(type(error).__name__, status, self._last.bytes)
            raise
        if reply.stream is not None:
            return reply._replace(stream=WatchedBody(reply, self))
        self.end(None, reply.status, len(reply.content))
        return reply

    def begin(self, request: HttpRequest, key: Any) -> None:
        """Note that an attempt begins."""
        if self._last.attempt == 0:
            said = f"{self._last.operation} {request.method} {redact_url(request.url)}"
            log_body(said, request.content, Echoes(request.headers, key, request.url))
        self._since = time.monotonic()

    def attempt(self, number: int, reply: Response | TransportFailure) -> None:
        """Tell what came of an attempt."""
        told: tuple[Any, ...] = (getattr(reply, "failure", None),)
        if isinstance(reply, Response):
            size = None if reply.stream is not None else len(reply.content)
            shown = reply.request_id and reply.echoes.hide(reply.request_id)
            told = (None, reply.status, size, shown)
        seconds = time.monotonic() - self._since
        self._last = AttemptEvent(self._last.operation, number, seconds, *told)
        tell(self._listener, self._last)
        if isinstance(reply, Response) and reply.stream is None:
            self.read(reply.content, reply)

    def read(self, content: bytes, reply: Response) -> None:
        """Note what came of a body."""
        log_body(f"{self._last.operation} answered", content, reply.echoes)

    def end(self, reason: str | None, status: int | None, size: int | None) -> None:
        """Tell that it is over."""
        operation, number, shown = self._last.operation, self._last.attempt, self._last.request_id
        seconds = time.monotonic() - self._began
        event = EndEvent(operation, number, seconds, reason, status, size, shown)
        tell(self._listener, event)


class WatchedBody:
    """The body of a stream, which tells when it is over."""

    def __init__(self, reply: Response, watcher: Watcher) -> None:
        self._reply = reply
        self._watcher = watcher
        self._size = 0
        self._reason: str | None = "closed"
        self._is_over = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._reply.stream:
                self._size += len(piece)
                self._watcher.read(piece, self._reply)
                yield piece
            self._reason = None
        except TransportFailure as error:
            self._reason = error.failure
            raise

    def finish(self) -> None:
        self._reason = None
        self._reply.stream.finish()

    def close(self) -> None:
        try:
            self._reply.stream.close()
        finally:
            if not self._is_over:
                self._is_over = True
                self._watcher.end(self._reason, self._reply.status, self._size)
