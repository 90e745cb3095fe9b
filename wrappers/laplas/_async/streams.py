"""Read the event stream of a run; httpx-sse, the extra ``laplas[stream]``, parses it."""

from __future__ import annotations

import codecs
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, Final, Self

from .._core.events import StreamEvent, StreamState
from .._core.retry import TransportFailure
from ..errors import ConfigurationError, UnparsableResponseError, annotate_error
from ..generated import Call
from ..models import RunResult

if TYPE_CHECKING:
    from .._core.response import Response


class _AsyncSource:
    """As much of a response as httpx-sse needs to see."""

    def __init__(self, response: Response) -> None:
        self.headers = response.headers
        self._stream = response.stream

    async def aiter_text(self) -> AsyncIterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        tail = ""
        async for chunk in self._stream:
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


async def _read_events(
    source: Any, state: StreamState, body: Any
) -> AsyncGenerator[StreamEvent, None]:
    """Yield the events of a stream up to its end, good or bad."""
    try:
        async for sse in source.aiter_sse():
            if _has_no_data(sse):
                continue
            event = state.accept(sse.event, sse.data)
            if event is None:
                await body.afinish()
                return
            yield event
    except TransportFailure as broken:
        failure = broken
    else:
        failure = TransportFailure("truncated", "the stream ended before it was done")
    finally:
        await body.aclose()
    raise state.cut(failure.text, failure.failure)


def _has_no_data(sse: Any) -> bool:
    """Tell whether the standard does not call this an event; httpx-sse yields it all the same."""
    return not sse.data and sse.event not in ("done", "error")


class AsyncEventStream:
    """The events of a run, as they come. Use it in an ``async with`` block, which closes it.

    Iterate over it for the events, over ``text`` for the text, or call ``until_done()``. Each
    continues where the one before it stopped.
    """

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        _check_is_stream(call, response)
        self._response = response
        self._state = StreamState(call, response)
        self._events = _read_events(source(_AsyncSource(response)), self._state, response.stream)
        self._closed = False

    @property
    def result(self) -> RunResult:
        """What has come together so far: the run, the messages and the steps."""
        return self._state.result

    @property
    def request_id(self) -> str | None:
        """The server's id for the exchange, or None."""
        return self._response.request_id

    async def __aiter__(self) -> AsyncIterator[StreamEvent]:
        """Yield the events still to come.

        Raises:
            StreamError: The server reported an error.
            StreamCutError: The stream ended, or was closed, before it was done; ``partial`` is
                what had come.
        """
        while not self._closed and (event := await anext(self._events, None)) is not None:
            yield event
        self._state.check_done()

    @property
    async def text(self) -> AsyncIterator[str]:
        """The text still to come, piece by piece; the pieces of a refusal are `Refusal`."""
        async for event in self:
            for piece in event._pieces():
                yield piece

    async def until_done(self) -> RunResult:
        """Read to the end; return the run, its messages and its steps.

        Raises:
            StreamError, StreamCutError: As while iterating.
        """
        async for _ in self:
            pass
        return self.result

    async def aclose(self) -> None:
        """Let the connection go. You may call it again."""
        self._closed = True
        await self._response.stream.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


# async only: begin
class AsyncEventStreams:
    """A stream that has not begun yet: await it, or use it in ``async with``."""

    def __init__(self, begin: Callable[[], Awaitable[AsyncEventStream]]) -> None:
        self._begin = begin
        self._stream: AsyncEventStream | None = None

    def __await__(self) -> Generator[Any, None, AsyncEventStream]:
        return self._begin().__await__()

    async def __aenter__(self) -> AsyncEventStream:
        self._stream = await self._begin()
        return self._stream

    async def __aexit__(self, *_: object) -> None:
        if self._stream is not None:
            await self._stream.aclose()


# async only: end
