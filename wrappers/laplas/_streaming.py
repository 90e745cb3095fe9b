"""Event streams of runs: what an event means, and what has come together so far.

`StreamState` is pure; `EventStream` and `AsyncEventStream` read the bytes and feed it. The server's
bytes are taken apart by httpx-sse, the extra ``laplas[stream]``.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterator,
    Mapping,
)
from typing import Any, Final, Self, TypeVar

from ._accumulate import as_whole, merge
from ._api import models
from ._call import Call, Response, told
from ._engine import BrokenStream
from ._errors import ConfigurationError, StreamCutError, StreamError, UnparsableResponseError
from ._models import Thread, message_from
from ._run_models import Run, RunResult, RunStep

StreamErrorT = TypeVar("StreamErrorT", StreamError, StreamCutError)

# The longest prefix that fits decides; deltas stand before what they are deltas of.
_KINDS: Final[tuple[tuple[str, Any], ...]] = (
    ("thread.message.delta", models.MessageDeltaEvent.from_dict),
    ("thread.run.step.delta", models.RunStepDeltaEvent.from_dict),
    ("thread.message.", message_from),
    ("thread.run.step.", RunStep.from_dict),
    ("thread.run.", Run.from_dict),
    ("thread.created", Thread.from_dict),
)


class Refusal(str):
    """A piece of text by which an assistant refuses to answer; a str in every other way."""

    __slots__ = ()


class StreamEvent:
    """One event of a stream.

    Attributes:
        event: Its name, such as ``"thread.message.delta"``; names this version does not know
            come through, too.
        raw: Its data as parsed JSON (as text where it is not JSON).
    """

    __slots__ = ("event", "raw")

    def __init__(self, event: str, raw: Any) -> None:
        self.event = event
        self.raw = raw

    @property
    def data(self) -> Any:
        """The data as `Message`, `Run`, `RunStep`, `Thread` or one of the generated delta models.

        Of an unknown event, or where it does not fit, the parsed JSON as it is.
        """
        for prefix, decode in _KINDS:
            if self.event.startswith(prefix):
                try:
                    return decode(self.raw)
                except Exception:  # whatever a hostile body makes the decoders raise
                    return self.raw
        return self.raw

    @property
    def text(self) -> str:
        """The text that a message delta adds; ``""`` for any other event, and for a refusal."""
        return "".join(piece for piece in self._pieces() if not isinstance(piece, Refusal))

    @property
    def refusal(self) -> str:
        """What a message delta adds to a refusal; ``""`` for any other event."""
        return "".join(piece for piece in self._pieces() if isinstance(piece, Refusal))

    def _pieces(self) -> list[str]:
        """What a message delta adds, part by part."""
        if self.event != "thread.message.delta":
            return []
        parts = _path(self.raw, "delta", "content")
        pieces: list[str] = []
        for part in parts if isinstance(parts, list) else ():
            if isinstance(text := _path(part, "text", "value"), str) and text:
                pieces.append(text)
            if isinstance(refusal := _path(part, "refusal"), str) and refusal:
                pieces.append(Refusal(refusal))
        return pieces

    def __repr__(self) -> str:
        return f"<StreamEvent {self.event}>"


class StreamState:
    """What has come of a stream so far."""

    def __init__(self, call: Call[Any], response: Response) -> None:
        self._call = call
        self._response = response
        self._run: dict[str, Any] | None = None
        self._messages: dict[str, dict[str, Any]] = {}
        self._steps: dict[str, dict[str, Any]] = {}
        self.done = False

    def take(self, name: str, text: str) -> StreamEvent | None:
        """The event, after it was taken in; None where it says that the stream is done.

        Raises:
            StreamError: The server reports an error.
        """
        if name == "done" or text.startswith("[DONE]"):
            self.done = True
            return None
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError):
            raw = text
        if name == "error":
            raise self._told(_stream_error(raw))
        if isinstance(raw, dict):
            self._take_in(name, raw)
        return StreamEvent(name, raw)

    def _take_in(self, name: str, raw: dict[str, Any]) -> None:
        if name.startswith("thread.run.step."):
            self._keep(self._steps, name, raw)
        elif name.startswith("thread.message."):
            self._keep(self._messages, name, raw)
        elif name.startswith("thread.run.") and "delta" not in raw and "id" in raw:
            self._run = raw

    @staticmethod
    def _keep(known: dict[str, dict[str, Any]], name: str, raw: dict[str, Any]) -> None:
        id_ = raw.get("id")
        if not isinstance(id_, str):
            return
        if not name.endswith(".delta"):
            known[id_] = raw
            return
        delta = raw.get("delta")
        if isinstance(delta, dict):
            # A copy before the first delta: the event that brought `raw` keeps it as it came.
            whole = known.get(id_)
            try:
                if whole is None or not isinstance(whole, _Growing):
                    known[id_] = whole = _Growing(whole or {"id": id_})
                merge(whole, delta)
            except RecursionError:
                pass  # nothing of this API is nested that deeply; the event itself is handed out

    @property
    def lost_run(self) -> bool:
        """Whether the run was told of in a way that cannot be read."""
        return self._run is not None and self.result.run is None

    @property
    def tells_message(self) -> bool:
        """Whether a message was told of, in whatever shape."""
        return bool(self._messages)

    @property
    def result(self) -> RunResult:
        """What has come together so far."""
        return RunResult(
            _decoded(Run.from_dict, self._run),
            [m for raw in self._messages.values() if (m := _decoded(message_from, raw))],
            [s for raw in self._steps.values() if (s := _decoded(RunStep.from_dict, raw))],
        )

    def cut(self, why: str, kind: str = "truncated") -> StreamCutError:
        """The error for a stream that ended before it was done."""
        return self._told(StreamCutError(why, kind))

    def check_done(self) -> None:
        """Raise StreamCutError where a stream that nothing more comes of is not done."""
        if not self.done:
            raise self.cut("the stream was over before it was done")

    def _told(self, error: StreamErrorT) -> StreamErrorT:
        error.request_id = self._response.request_id
        error.partial = self.result
        return told(error, self._call, self._response.attempts, self._response.elapsed, True)


class _Growing(dict[str, Any]):
    """An object that deltas are merged into: a deep copy, so that events stay as they came."""

    def __init__(self, whole: Mapping[str, Any]) -> None:
        super().__init__(json.loads(json.dumps(whole)))


def _decoded(decode: Any, raw: dict[str, Any] | None) -> Any:
    if raw is None:
        return None
    try:
        return decode(as_whole(raw) if isinstance(raw, _Growing) else raw)
    except Exception:  # a fragment of an object, or a hostile one
        return None


def _stream_error(raw: Any) -> StreamError:
    """The error an ``error`` event tells of: bare, or in an envelope."""
    inner = raw.get("error") if isinstance(raw, dict) else None
    details = inner if isinstance(inner, dict) else raw if isinstance(raw, dict) else {}
    texts = [text for text in (details.get("message"), inner, raw) if isinstance(text, str)]
    return StreamError(
        next(filter(None, texts), "the stream failed"),
        code=details.get("code"),
        param=details.get("param"),
        type=details.get("type"),
        body=raw,
    )


def _path(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


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
        yield _lacking(tail)

    async def aiter_text(self) -> AsyncIterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        tail = ""
        async for chunk in self._stream:
            if text := decoder.decode(chunk):
                tail = (tail + text)[-_TAIL:]
                yield text
        yield _lacking(tail)


_TAIL: Final = 20
"""Characters that are kept of a stream to see how it ends: a line with ``[DONE]`` and its ends."""


def _lacking(tail: str) -> str:
    """The empty line that a finished stream lacks at its end, as some servers send it."""
    return "\n\n" if re.search(r"(^|[\r\n])data: ?\[DONE\][\r\n]*$", tail) else ""


def event_source() -> type[Any]:
    """What takes the bytes of a stream apart.

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
        raise told(error, call, response.attempts, response.elapsed, True)


class _Stream:
    """What both streams share."""

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        _check_is_stream(call, response)
        self._response = response
        self._state = StreamState(call, response)
        self._source = source(_Source(response))
        self._closed = False

    @property
    def result(self) -> RunResult:
        """What has come together so far: the run, the messages and the steps."""
        return self._state.result

    @property
    def request_id(self) -> str | None:
        """The server's id for the exchange, or None."""
        return self._response.request_id


# Functions, not methods: a stream that nobody holds any longer is collected at once, and lets its
# connection go, only while its generator does not hold it in turn.


def _events(source: Any, state: StreamState, body: Any) -> Iterator[StreamEvent]:
    """The events of a stream, to its end, good or bad."""
    try:
        for sse in source.iter_sse():
            if _is_nothing(sse):
                continue
            event = state.take(sse.event, sse.data)
            if event is None:
                body.finish()
                return
            yield event
    except BrokenStream as broken:
        failure = broken
    else:
        failure = BrokenStream("truncated", "the stream ended before it was done")
    finally:
        body.close()
    raise state.cut(failure.text, failure.failure)


async def _async_events(
    source: Any, state: StreamState, body: Any
) -> AsyncGenerator[StreamEvent, None]:
    """The events of a stream, to its end, good or bad."""
    try:
        async for sse in source.aiter_sse():
            if _is_nothing(sse):
                continue
            event = state.take(sse.event, sse.data)
            if event is None:
                await body.afinish()
                return
            yield event
    except BrokenStream as broken:
        failure = broken
    else:
        failure = BrokenStream("truncated", "the stream ended before it was done")
    finally:
        await body.aclose()
    raise state.cut(failure.text, failure.failure)


def _is_nothing(sse: Any) -> bool:
    """Whether an event has no data, and so is none by the standard; httpx-sse hands it out."""
    return not sse.data and sse.event not in ("done", "error")


class EventStream(_Stream):
    """The events of a run, as they come. Use it in a ``with`` block, which lets the connection go.

    Iterate over it for the events, over ``text`` for the text, or call ``until_done()``. Each goes
    on where the one before it stopped.
    """

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        super().__init__(call, response, source)
        self._events = _events(self._source, self._state, response.stream)

    def __iter__(self) -> Iterator[StreamEvent]:
        """The events still to come.

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
        return (piece for event in self for piece in event._pieces())

    def until_done(self) -> RunResult:
        """Read to the end; return the run, its messages and its steps.

        Raises:
            StreamError, StreamCutError: As while iterating.
        """
        for _ in self:
            pass
        return self.result

    def close(self) -> None:
        """Let the connection go. May be called again."""
        self._closed = True
        self._response.stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncEventStream(_Stream):
    """The events of a run, as they come: see `EventStream`."""

    def __init__(self, call: Call[Any], response: Response, source: type[Any]) -> None:
        super().__init__(call, response, source)
        self._events = _async_events(self._source, self._state, response.stream)

    async def __aiter__(self) -> AsyncIterator[StreamEvent]:
        """The events still to come; raises as that of `EventStream`."""
        while not self._closed and (event := await anext(self._events, None)) is not None:
            yield event
        self._state.check_done()

    @property
    async def text(self) -> AsyncIterator[str]:
        """The text still to come, piece by piece: see `EventStream.text`."""
        async for event in self:
            for piece in event._pieces():
                yield piece

    async def until_done(self) -> RunResult:
        """Read to the end; return the run, its messages and its steps."""
        async for _ in self:
            pass
        return self.result

    async def aclose(self) -> None:
        """Let the connection go. May be called again."""
        self._closed = True
        await self._response.stream.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class AsyncEventStreams:
    """A stream that was asked for and not yet begun: await it, or use it in ``async with``."""

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
