# Derived from ../_async/streams.py by tools/derive_sync.py; do not edit.
"""Read the event stream of a run; httpx-sse, the extra ``laplas[stream]``, parses it."""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Final, Self

from .._core.events import StreamEvent, StreamState
from .._core.response import RawResponse, Response
from .._core.retry import TransportFailure
from ..errors import ConfigurationError
from ..generated import Call
from ..models import RunResult

if TYPE_CHECKING:
    from .downloads import StreamedResponse


_FIELD: Final = re.compile(r"(event|data|id|retry)?[:\r\n]")
"""How a stream begins: with a field, or with a comment."""
_SHORT: Final = tuple(name[:size] for name in ("event", "data", "id", "retry") for size in range(6))
"""What may yet become one."""


class _Source:
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

    def iter_text(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        begins: bool | None = None
        text = ""
        try:
            for chunk in self._stream:
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


def _read_events(
    source: _Source, parser: Any, state: StreamState, body: Any
) -> Generator[StreamEvent, None, None]:
    """Yield the events of a stream up to its end, good or bad."""
    try:
        for sse in parser.iter_sse():
            if _has_no_data(sse):
                continue
            event = state.accept(sse.event, sse.data, source.is_over)
            if event is not None:
                yield event
            if state.done:
                body.finish()
                return
    finally:
        body.close()
    state.end(source.failure, "".join(source.other))


def _has_no_data(sse: Any) -> bool:
    """Tell whether the standard does not call this an event; httpx-sse yields it all the same."""
    return not sse.data and sse.event not in ("done", "error")


class EventStream:
    """The events of a run, as they come. Use it in an ``with`` block, which closes it.

    Iterate over it for the events, over ``text`` for the text, or call ``until_done()``. Each
    continues where the one before it stopped.
    """

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        self._call = call
        self._response = response
        self._state = StreamState(call, response)
        text = _Source(response)
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
    def response(self) -> StreamedResponse[Any]:
        """The answer that holds the events: its status, its headers."""
        from .downloads import StreamedResponse

        return StreamedResponse(self._call, self._response)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> StreamEvent:
        """Return the next event.

        Raises:
            StreamError: The server reported an error.
            UnparsableResponseError: The answer is no stream.
            StreamCutError: The stream ended, or was closed, before it was done; ``partial`` is
                what had come.
        """
        event = None if self._closed else next(self._events, None)
        if event is None:
            self._state.check_done()
            raise StopIteration
        return event

    @property
    def text(self) -> Iterator[str]:
        """The text still to come, piece by piece; the pieces of a refusal are `Refusal`.

        Raises:
            StreamError: Also at the end, where a message differs from its pieces.
        """
        for event in self:
            for piece in event._pieces():
                yield piece
        for piece in self._state.last_pieces():
            yield piece

    def until_done(self) -> RunResult:
        """Read to the end; return the run, its messages and its steps.

        Raises:
            StreamError, UnparsableResponseError, StreamCutError: As while iterating.
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


class RawStream(RawResponse[EventStream]):
    """A raw answer that holds an event stream, which `parse` returns."""

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        super().__init__(call, response)
        self._events = EventStream(call, response, source)

    def parse(self) -> EventStream:
        """Return the stream."""
        return self._events
