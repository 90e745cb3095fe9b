"""Read the event stream of a run; httpx-sse, the extra ``laplas[stream]``, parses it."""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, Final, Self

from .._core.events import StreamEvent, StreamState
from .._core.response import RawResponse, Response
from .._core.retry import TransportFailure
from ..errors import ConfigurationError
from ..generated import Call
from ..models import RunResult

if TYPE_CHECKING:
    from .downloads import AsyncStreamedResponse


_FIELD: Final = re.compile(r"(event|data|id|retry)?[:\r\n]")
"""How a stream begins: with a field, or with a comment."""
_SHORT: Final = tuple(name[:size] for name in ("event", "data", "id", "retry") for size in range(6))
"""What may yet become one."""


class _AsyncSource:
    """As much of a response as httpx-sse needs to see.

    Attributes:
        is_over: Whether all has been read.
        failure: How the body broke, if it did.
        other: The body where it does not begin like a stream, whatever its content type says.
    """

    headers: Final = {"content-type": "text/event-stream"}  # httpx-sse reads nothing else

    def __init__(self, response: Response) -> None:
        self._stream = response.stream
        self.is_over = False
        self.failure: TransportFailure | None = None
        self.other: list[str] = []

    async def aiter_text(self) -> AsyncIterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        begins: bool | None = None
        text = ""
        try:
            async for chunk in self._stream:
                if begins is None:
                    text = (text + decoder.decode(chunk)).lstrip("\r\n")
                    begins = None if text in _SHORT else bool(_FIELD.match(text))
                else:
                    text = decoder.decode(chunk)
                if begins and text:
                    yield text
                elif begins is False:
                    self.other.append(text)
        except TransportFailure as broken:
            self.failure = TransportFailure(broken.failure, broken.text)  # without its frames
        self.is_over = True
        yield "\n\n"  # the last event may lack its empty line


def event_source() -> type[Any]:
    """Import what takes the bytes of a stream apart.

    Raises:
        ConfigurationError: The extra is not installed.
    """
    try:
        from httpx_sse import EventSource  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise ConfigurationError("stream", 'needs an extra: pip install "laplas[stream]"') from None
    source: type[Any] = EventSource
    return source


# A function, not a method: a stream that nobody holds any longer is collected at once, and lets its
# connection go, only while its generator does not hold it in turn.


async def _read_events(
    source: _AsyncSource, parser: Any, state: StreamState, body: Any
) -> AsyncGenerator[StreamEvent, None]:
    """Yield the events of a stream up to its end, good or bad."""
    try:
        async for sse in parser.aiter_sse():
            if _has_no_data(sse):
                continue
            event = state.accept(sse.event, sse.data, source.is_over)
            if event is not None:
                yield event
            if state.done:
                await body.afinish()
                return
    finally:
        await body.aclose()
    state.end(source.failure, "".join(source.other))


def _has_no_data(sse: Any) -> bool:
    """Tell whether the standard does not call this an event; httpx-sse yields it all the same."""
    return not sse.data and sse.event not in ("done", "error")


class AsyncEventStream:
    """The events of a run, as they come. Use it in an ``async with`` block, which closes it.

    Iterate over it for the events, over ``text`` for the text, or call ``until_done()``. Each
    continues where the one before it stopped.
    """

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        self._call = call
        self._response = response
        self._state = StreamState(call, response)
        text = _AsyncSource(response)
        self._events = _read_events(text, source(text), self._state, response.stream)
        self._closed = False

    @property
    def result(self) -> RunResult:
        """What has come together so far: the run, the messages and the steps."""
        return self._state.result

    @property
    def request_id(self) -> str | None:
        """The server's id for the exchange, or None."""
        return self._response.request_id

    @functools.cached_property
    def response(self) -> AsyncStreamedResponse[Any]:
        """The answer that holds the events: its status, its headers."""
        from .downloads import AsyncStreamedResponse

        return AsyncStreamedResponse(self._call, self._response)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> StreamEvent:
        """Return the next event.

        Raises:
            StreamError: The server reported an error.
            UnparsableResponseError: The answer is no stream.
            StreamCutError: The stream ended, or was closed, before it was done; ``partial`` is
                what had come.
        """
        event = None if self._closed else await anext(self._events, None)
        if event is None:
            self._state.check_done()
            raise StopAsyncIteration
        return event

    @property
    async def text(self) -> AsyncIterator[str]:
        """The text still to come, piece by piece; the pieces of a refusal are `Refusal`.

        Raises:
            StreamError: Also at the end, where a message differs from its pieces.
        """
        async for event in self:
            for piece in event._pieces():
                yield piece
        for piece in self._state.last_pieces():
            yield piece

    async def until_done(self) -> RunResult:
        """Read to the end; return the run, its messages and its steps.

        Raises:
            StreamError, UnparsableResponseError, StreamCutError: As while iterating.
        """
        async for _ in self:
            pass
        return self.result

    async def aclose(self) -> None:
        """Let the connection go. You may call it again."""
        self._closed = True
        await self._response.stream.aclose()

    # async only: begin
    close = aclose

    # async only: end
    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class AsyncRawStream(RawResponse[AsyncEventStream]):
    """A raw answer that holds an event stream, which `parse` returns."""

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        super().__init__(call, response)
        self._events = AsyncEventStream(call, response, source)

    def parse(self) -> AsyncEventStream:
        """Return the stream."""
        return self._events


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
