# Derived from ../_async/streams.py by tools/derive_sync.py; do not edit.
"""Read the event stream of a run; httpx-sse, the extra ``laplas[stream]``, parses it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Final, Self

from .._core.events import StreamEvent, StreamState
from .._core.retry import TransportFailure
from ..errors import ConfigurationError, UnparsableResponseError, annotate_error
from ..generated import Call
from ..models import RunResult

if TYPE_CHECKING:
    from .._core.response import Response


class _Source:
    """As much of a response as httpx-sse needs to see."""

    def __init__(self, response: Response) -> None:
        self.headers = response.headers
        self._stream = response.stream

    def iter_text(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        tail = ""
        for chunk in self._stream:
            if text := decoder.decode(chunk):
                tail = (tail + text)[-_TAIL:]
                yield text
        yield _missing_end(tail)


_TAIL: Final = 20
"""Characters that are kept of a stream to see how it ends: a line with ``[DONE]`` and its ends."""


def _missing_end(tail: str) -> str:
    """Return the empty line that some servers leave out at the end of a finished stream."""
    return "\n\n" if re.search(r"(^|[\r\n])data: ?\[DONE\][\r\n]*$", tail) else ""


def event_source() -> type[Any]:
    """Import what takes the bytes of a stream apart.

    Raises:
        ConfigurationError: The extra is not installed.
    """
    try:
        from httpx_sse import EventSource
    except ImportError:
        raise ConfigurationError("stream", 'needs an extra: pip install "laplas[stream]"') from None
    return EventSource


def _check_is_stream(call: Call[Any], response: Response) -> None:
    """Raise UnparsableResponseError where the answer is no event stream."""
    if response.stream is None:
        kind = response.headers.get("content-type", "")
        error = UnparsableResponseError(
            f"it is {kind or 'of no type'} instead of an event stream",
            response.status,
            body=response.content.decode("utf-8", "replace"),
            headers=response.headers,
            request_id=response.request_id,
        )
        raise annotate_error(error, call, response.attempts, response.elapsed, True)


# A function, not a method: a stream that nobody holds any longer is collected at once, and lets its
# connection go, only while its generator does not hold it in turn.


def _read_events(source: Any, state: StreamState, body: Any) -> Generator[StreamEvent, None, None]:
    """Yield the events of a stream up to its end, good or bad."""
    try:
        for sse in source.iter_sse():
            if _has_no_data(sse):
                continue
            event = state.accept(sse.event, sse.data)
            if event is None:
                body.finish()
                return
            yield event
    except TransportFailure as broken:
        failure = broken
    else:
        failure = TransportFailure("truncated", "the stream ended before it was done")
    finally:
        body.close()
    raise state.cut(failure.text, failure.failure)


def _has_no_data(sse: Any) -> bool:
    """Tell whether the standard does not call this an event; httpx-sse yields it all the same."""
    return not sse.data and sse.event not in ("done", "error")


class EventStream:
    """The events of a run, as they come. Use it in an ``with`` block, which closes it.

    Iterate over it for the events, over ``text`` for the text, or call ``until_done()``. Each
    continues where the one before it stopped.
    """

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        _check_is_stream(call, response)
        self._response = response
        self._state = StreamState(call, response)
        self._events = _read_events(source(_Source(response)), self._state, response.stream)
        self._closed = False

    @property
    def result(self) -> RunResult:
        """What has come together so far: the run, the messages and the steps."""
        return self._state.result

    @property
    def request_id(self) -> str | None:
        """The server's id for the exchange, or None."""
        return self._response.request_id

    def __iter__(self) -> Iterator[StreamEvent]:
        """Yield the events still to come.

        Raises:
            StreamError: The server reported an error.
            StreamCutError: The stream ended, or was closed, before it was done; ``partial`` is
                what had come.
        """
        while not self._closed and (event := next(self._events, None)) is not None:
            yield event
        self._state.check_done()

    @property
    def text(self) -> Iterator[str]:
        """The text still to come, piece by piece; the pieces of a refusal are `Refusal`."""
        for event in self:
            for piece in event._pieces():
                yield piece

    def until_done(self) -> RunResult:
        """Read to the end; return the run, its messages and its steps.

        Raises:
            StreamError, StreamCutError: As while iterating.
        """
        for _ in self:
            pass
        return self.result

    def close(self) -> None:
        """Let the connection go. You may call it again."""
        self._closed = True
        self._response.stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
