"""Streams of events: whatever their chunks, they come to the same; however they end, it is told."""

from __future__ import annotations

import asyncio
import copy
import gc
import json
import pickle
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import aclosing, suppress
from functools import cache
from itertools import islice, pairwise
from typing import Any

import httpx
import pytest
import support
from hypothesis import example, given, settings
from hypothesis import strategies as st
from run_scripts import (
    ASSISTANT,
    DONE,
    RUN,
    Body,
    Event,
    Streaming,
    answered,
    piece,
    reply,
    run,
    sse,
    step,
    waiting,
)
from scripted import (
    BASE,
    KEY,
    MESSAGE,
    THREAD,
    Ran,
    answer,
    message,
    run_async,
    run_both,
    run_sync,
    thread,
)

from laplas import AsyncEventStream, AsyncLaplas, EventStream, Laplas, Refusal, StreamEvent, errors
from laplas._async.streams import event_source
from laplas._core.events import _key, as_whole, merge
from laplas._core.response import Response
from laplas.models import Message, Run, RunResult, RunStep, Thread
from laplas_api import models
from laplas_api.calls import Call
from laplas_api.models import MessageDeltaEvent, RunStepDeltaEvent

CALL: Call[Any] = Call("create_run", "create", "POST", "/threads/t/runs", models.Run)

# A stream with everything that a cut could come between: two messages of several parts, letters
# of up to four bytes, annotations, refusals, and all kinds of steps.
MARK = "【4:0†source】"
CITATION = {
    "type": "file_citation", "text": MARK, "start_index": 3, "end_index": 15,
    "file_citation": {"file_id": "file_1"},
}  # fmt: skip
QUOTED = {**CITATION, "index": 0, "file_citation": {"file_id": "file_1", "quote": ""}}
ANSWER: dict[str, Any] = {
    "content": [
        {"type": "text", "text": {"value": f"Да 😀{MARK}", "annotations": [CITATION]}},
        {"type": "image_file", "image_file": {"file_id": "file_2"}},
        {"type": "refusal", "refusal": "I won't."},
    ]
}
USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
FUNCTION = {"name": "f", "arguments": '{"a": 1}', "output": None}
CODE = {"input": "print(1)\n", "outputs": [{"type": "logs", "logs": "1\n\u2028"}]}
TOOL_CALLS = [
    {"id": "call_1", "type": "function", "function": FUNCTION},
    {"id": "call_2", "type": "code_interpreter", "code_interpreter": CODE},
]
WHOLE_STEP = step(type="tool_calls", step_details={"type": "tool_calls", "tool_calls": TOOL_CALLS})


def added(*parts: dict[str, Any]) -> Event:
    """The event that adds to a message."""
    delta = {"id": MESSAGE, "object": "thread.message.delta", "delta": {"content": list(parts)}}
    return "thread.message.delta", delta


def called(index: int, kind: str = "function", id: str = "", **told: Any) -> Event:
    """The event that adds to one of a step's tool calls."""
    call = {"index": index, "type": kind, kind: told, **({"id": id} if id else {})}
    delta = {"step_details": {"type": "tool_calls", "tool_calls": [call]}}
    whole = {"id": "step_abc123", "object": "thread.run.step.delta", "delta": delta}
    return "thread.run.step.delta", whole


def said(value: str, **more: Any) -> dict[str, Any]:
    """What adds to the first part of a message, a text."""
    return {"index": 0, "type": "text", "text": {"value": value, **more}}


CODED = "code_interpreter"
BEFORE: list[Event] = [
    ("thread.created", thread()),
    ("thread.run.created", run("queued")),
    ("thread.run.queued", run("queued")),
    ("thread.run.in_progress", run("in_progress")),
    ("thread.run.step.created", step(status="in_progress", step_details={"type": "tool_calls"})),
    ("thread.run.step.in_progress", step(step_details={"type": "tool_calls", "tool_calls": []})),
    called(0, id="call_1", name="f", arguments="", output=None),
    called(0, arguments='{"a"'),
    called(0, arguments=": 1}"),
    called(1, CODED, id="call_2", input="", outputs=[]),
    called(1, CODED, input="print(1)\n"),
    called(1, CODED, outputs=[{"index": 0, "type": "logs", "logs": "1"}]),
    called(1, CODED, outputs=[{"index": 0, "type": "logs", "logs": "\n\u2028"}]),
    ("thread.message.created", reply()),
    ("thread.message.in_progress", reply()),
    added(said("Да", annotations=[])),
    added({"index": 2, "type": "refusal", "refusal": "I wo"}),
    added(said(" 😀"), {"index": 1, "type": "image_file", "image_file": {"file_id": "file_2"}}),
    added(said(MARK, annotations=[QUOTED]), {"index": 2, "refusal": "n't."}),
]
AFTER: list[Event] = [
    ("thread.message.completed", reply(**ANSWER)),
    ("thread.run.step.completed", WHOLE_STEP),
    ("thread.run.completed", run(usage=USAGE)),
    DONE,
]
BUILT_IN = sse(*BEFORE, *AFTER)
OVER = BUILT_IN.index(b"\n\nevent: done")
"""Where the run's last state is told."""


def reading(chunks: list[bytes] | bytes) -> EventStream:
    """A stream whose bytes come in these chunks."""
    return EventStream(CALL, _answer_with(chunks), event_source())


def reading_async(chunks: list[bytes] | bytes) -> AsyncEventStream:
    """A stream for the async client whose bytes come in these chunks."""
    return AsyncEventStream(CALL, _answer_with(chunks), event_source())


def _answer_with(chunks: list[bytes] | bytes) -> Response:
    headers = {"content-type": "text/event-stream", "x-request-id": "req_1"}
    body = Body([chunks] if isinstance(chunks, bytes) else chunks)
    return Response(200, headers, b"", stream=body)


class _Awaited:
    """An `EventStream` that is used as if it were async."""

    def __init__(self, chunks: list[bytes] | bytes) -> None:
        self._stream = reading(chunks)

    def __aiter__(self) -> Any:
        return _later(self._stream)

    @property
    def text(self) -> Any:
        return _later(self._stream.text)

    @property
    def result(self) -> RunResult:
        return self._stream.result

    async def until_done(self) -> RunResult:
        return self._stream.until_done()

    async def aclose(self) -> None:
        self._stream.close()


async def _later(items: Iterable[Any]) -> AsyncIterator[Any]:
    for item in items:
        yield item


BOTH = (_Awaited, reading_async)
StreamOf = Callable[[list[bytes] | bytes], Any]


@pytest.fixture(params=BOTH, ids=["sync", "async"])
def stream_of(request: pytest.FixtureRequest) -> StreamOf:
    """What makes a stream of one of the clients; either is used as an async one."""
    made: StreamOf = request.param
    return made


async def read(stream: Any) -> tuple[list[tuple[str, Any]], RunResult]:
    """The events of a stream, and what they came to."""
    events = [(event.event, event.raw) async for event in stream]
    return events, stream.result


def plain(result: RunResult) -> Any:
    """A result as JSON."""
    messages, steps = ([item.to_dict() for item in items] for items in result[1:])
    return result.run and result.run.to_dict(), messages, steps


# Recorded streams, and one of our own, in chunks of all kinds


RECORDED = support.exchanges() if support.RECORDINGS.exists() else []
STREAMS: list[Any] = [pytest.param(BUILT_IN, id="built-in")] + [
    pytest.param(row["response_body"].encode(), id=row["id"])
    for row in RECORDED
    if isinstance(row["response_body"], str) and row["response_body"].startswith("event:")
]
# The documentation leaves out deltas, and says so with a line of dots.
every_whole_stream = pytest.mark.parametrize(
    "stream", [stream for stream in STREAMS if b"\n...\n" not in stream.values[0]]
)


@cache
def expected(stream: bytes) -> list[tuple[str, Any]]:
    """The events of a stream, as another parser sees them."""
    return [event for event in support.stream_events(stream.decode()) if event[0] != "done"]


def same(events: list[tuple[str, Any]], stream: bytes) -> bool:
    """Whether the events are those of the stream."""
    # In some documented streams, runs have a brace too many at the end: they come as text.
    read = [
        (name, json.JSONDecoder().raw_decode(raw)[0] if isinstance(raw, str) else raw)
        for name, raw in events
    ]
    return read == expected(stream)


@pytest.mark.parametrize("stream", STREAMS)
@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(0, 1 << 20), max_size=40))
@example(cuts=range(1 << 20))
async def test_all_events_come_whole_from_any_chunks(stream: bytes, cuts: Iterable[int]) -> None:
    """Each boundary between two bytes may be one between two chunks."""
    size = len(stream) + 1
    ends = sorted({cut % size for cut in islice(cuts, size)})
    chunks = [stream[start:end] for start, end in pairwise([0, *ends, size])]
    whole, result = await read(_Awaited(stream))
    # As they came, although deltas were merged into what some of them had brought.
    assert same(whole, stream)
    for made in BOTH:
        events, came_to = await read(made(chunks))
        assert (events, plain(came_to)) == (whole, plain(result))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
async def test_all_events_come_whole_from_any_two_chunks(stream_of: StreamOf, ends: str) -> None:
    """With every place for the cut, and with each of the standard's line ends."""
    short = sse(BEFORE[12], *BEFORE[-4:], AFTER[0], DONE)
    stream = short.decode().replace("\n", ends).encode()
    for cut in range(len(stream) + 1):
        events, _ = await read(stream_of([stream[:cut], stream[cut:]]))
        assert events == expected(short), cut


@every_whole_stream
def test_messages_and_steps_accumulate_to_their_own_final_objects(stream: bytes) -> None:
    """What deltas add up to, seen right before the event that brings the whole object."""
    found = 0
    for name, final in expected(stream):
        kind = name.rpartition(".")[0]
        if not name.endswith((".completed", ".incomplete")) or kind == "thread.run":
            continue
        told = re.finditer(rb"event: %b\n.*" % name.encode(), stream)
        start = next(one.start() for one in told if final["id"].encode() in one[0])
        with pytest.raises(errors.StreamCutError) as cut:
            reading(stream[:start]).until_done()
        partial = cut.value.partial
        grown = {item.id: item.to_dict() for item in [*partial.messages, *partial.steps]}
        part = "content" if kind == "thread.message" else "step_details"
        # A step's message is named in its first event; of tool calls, deltas bring everything.
        assert grown[final["id"]][part] == final[part]
        found += 1
    assert found >= 2


@every_whole_stream
def test_the_text_is_that_of_the_final_messages(stream: bytes) -> None:
    reader = reading(stream)
    said = said_and_refused(reader.text)
    assert said == (reader.result.text, reader.result.refusal or "")
    assert said[0] == reader.until_done().text
    assert said[0]


def said_and_refused(texts: Iterable[str]) -> tuple[str, str]:
    """The pieces of an answer joined, and those of a refusal."""
    kinds: dict[bool, list[str]] = {False: [], True: []}
    for text in texts:
        kinds[isinstance(text, Refusal)].append(text)
    return "".join(kinds[False]), "".join(kinds[True])


async def test_a_refusal_is_never_silent(stream_of: StreamOf) -> None:
    """Its pieces come among the text, in their order, and can be told apart from it."""
    stream = sse(
        ("thread.message.created", reply()),
        added({"index": 0, "type": "refusal", "refusal": "I"}),
        added({"index": 0, "type": "refusal", "refusal": ""}),
        added({"index": 1, "type": "text", "text": {"value": "no"}}, {"refusal": " won't."}),
        DONE,
    )
    texts = [text async for text in stream_of(stream).text]
    told = [(Refusal, "I"), (str, "no"), (Refusal, " won't.")]
    assert [(type(text), text) for text in texts] == told
    assert pickle.loads(pickle.dumps(texts[0])) == "I"
    reader = stream_of(stream)
    events = [(event.text, event.refusal) async for event in reader]
    assert events == [("", ""), ("", "I"), ("", ""), ("no", " won't.")]
    assert reader.result.text == "no"
    assert reader.result.refusal.startswith("I")


# What the events are


def test_a_stream_comes_to_the_run_its_messages_and_its_steps() -> None:
    result = reading(BUILT_IN).until_done()
    assert plain(result) == (run(usage=USAGE), [reply(**ANSWER)], [WHOLE_STEP])
    kinds = [type(item) for item in (result.run, *result.messages, *result.steps)]
    assert kinds == [Run, Message, RunStep]
    assert result.text == f"Да 😀{MARK}"
    assert result.messages[0].refusal == result.refusal == "I won't."


KINDS: dict[str, tuple[Any, Any]] = {
    "Thread": (Thread, thread()),
    "Run": (Run, run()),
    "RunStep": (RunStep, step()),
    "Message": (Message, reply("a")),
    "MessageDeltaEvent": (MessageDeltaEvent, piece("a")[1]),
    "RunStepDeltaEvent": (RunStepDeltaEvent, called(0, "file_search")[1]),
}


def test_every_event_of_the_document_is_read_as_what_it_says() -> None:
    schemas = support.event_schemas()
    assert len(schemas) == 25
    objects = {name: str(schema) for name, schema in schemas.items() if schema in KINDS}
    assert schemas.keys() - objects.keys() == {"error", "done"}
    stream = sse(*[(name, KINDS[schema][1]) for name, schema in objects.items()], DONE)
    events = list(reading(stream))
    assert [event.event for event in events] == list(objects)
    for event, schema in zip(events, objects.values(), strict=True):
        cls, data = KINDS[schema]
        assert type(event.data) is cls, event
        assert event.data.to_dict() == event.raw == data
        assert event.text == ("a" if schema == "MessageDeltaEvent" else "")


@pytest.mark.parametrize("name", ["thread.run.waved", "thread.run.step.delta.2", "x", "message"])
def test_an_unknown_event_is_passed_on_and_changes_nothing(name: str) -> None:
    """Nor do known events with data of another kind."""
    data = [{"id": RUN, "delta": {"x": 1}}, {"x": 1}, [1], 7]
    odd: list[Event] = [*[(name, one) for one in data], (name, "not JSON")]
    stream = reading(sse(*BEFORE, *AFTER[:-1], *odd, DONE))
    events = [event for event in stream if event.event == name]
    assert [event.raw for event in events] == [*data, "not JSON"]
    assert [event.data for event in events] == [event.raw for event in events]
    assert repr(events[0]) == f"<StreamEvent {name}>"
    assert plain(stream.result) == plain(reading(BUILT_IN).until_done())


async def test_a_stream_is_done_however_the_server_writes_that(stream_of: StreamOf) -> None:
    for end in (
        b"event: done\ndata: [DONE]\n\n",
        b"event: done\ndata: [DONE]\n",
        b"event: done\ndata: [DONE]",
        b"event: done\r\ndata:[DONE]\r\n",
        b"event: done\r\rdata: [DONE]\r",
        b"data: [DONE]",
        b"event: done\n\n",
    ):
        assert (await stream_of(sse(*answered("a")[:-1]) + end).until_done()).text == "a"


def test_what_comes_after_the_end_is_not_read() -> None:
    answer = _answer_with([sse(*answered("a"), DONE), b"event: error\ndata: {}\n\n"])
    assert EventStream(CALL, answer, event_source()).until_done().text == "a"
    assert answer.stream.given == 1
    assert answer.stream.closed


LINES = "".join(f"data: {line}\n" for line in json.dumps(piece("a")[1], indent=1).split("\n"))
ODD_LINES = [
    (b": hello\n\nid: 7\nretry: 99\n\n: still here\n\nevent: ping\n\n" + sse(piece("a")), "a"),
    (b"event: thread.message.delta\n" + LINES.encode() + b"\n", "a"),
    (sse(piece("a?")).replace(b"?", b"\xff"), "a\ufffd"),
]


def test_whatever_the_standard_allows_is_read() -> None:
    """Comments and empty events are none; an event may take several lines, and have bad letters."""
    for stream, text in ODD_LINES:
        assert [event.text for event in reading(stream + sse(DONE))] == [text]


# Going on


async def test_reading_goes_on_where_it_stopped(stream_of: StreamOf) -> None:
    stream = stream_of([sse(event) for event in [*answered("a", "b", "c"), DONE]])
    async for event in stream:
        if event.event == "thread.run.in_progress":
            break
    async with aclosing(stream.text) as texts:
        assert await anext(texts) == "a"
    assert stream.result.text == "a"
    assert (await stream.until_done()).text == "abc"
    assert [text async for text in stream.text] == []
    assert (await stream.until_done()).run.status == "completed"


async def test_a_closed_stream_is_over(stream_of: StreamOf) -> None:
    untouched, begun, whole = (stream_of(BUILT_IN) for _ in range(3))
    await untouched.aclose()
    with pytest.raises(errors.StreamCutError):
        await untouched.until_done()
    with pytest.raises(errors.StreamCutError) as cut:  # noqa: PT012
        async for _ in begun:
            await begun.aclose()
    assert cut.value.partial.messages == []
    await whole.until_done()
    await whole.aclose()
    assert (await whole.until_done()).text


# Ends that are not the end

FAILED = ("the stream failed", None, None, None)
ERRORS: list[tuple[Any, tuple[str, Any, Any, Any]]] = [
    ({"message": "No.", "code": "no", "param": "p", "type": "t"}, ("No.", "no", "p", "t")),
    ({"error": {"message": "No.", "code": 7, "param": None, "type": "t"}}, ("No.", "7", None, "t")),
    ({"error": "No."}, ("No.", None, None, None)),
    ("No.", ("No.", None, None, None)),
    *[(odd, FAILED) for odd in ({}, "[1]", {"message": {"deep": [1]}}, "null", "")],
    ({"error": None, "message": None}, FAILED),
]


async def heard(stream: Any) -> tuple[list[str], Any]:
    """The pieces of a stream that fails, and its error."""
    texts = []
    with pytest.raises((errors.StreamError, errors.StreamCutError)) as caught:  # noqa: PT012
        async for text in stream.text:
            texts.append(text)
    # Who comes back to it must not take what had come for all there is.
    with pytest.raises(errors.StreamCutError, match="over before it was done"):
        await stream.until_done()
    return texts, caught.value


@pytest.mark.parametrize(("data", "told"), ERRORS, ids=str)
async def test_an_error_event_raises_with_what_had_come(
    stream_of: StreamOf, data: Any, told: tuple[str, Any, Any, Any]
) -> None:
    stream = stream_of(sse(*answered("a", "b")[:-2], ("error", data), *AFTER))
    texts, error = await heard(stream)
    assert (type(error), texts) == (errors.StreamError, ["a", "b"])
    assert (error.message, error.code, error.param, error.type) == told
    assert str(error) == f"create_run: {told[0]} (request id req_1)"
    assert (error.operation, error.request_id) == ("create_run", "req_1")
    assert error.may_have_taken_effect
    assert error.partial.text == "ab"
    assert error.partial.run.status == "in_progress"
    assert pickle.loads(pickle.dumps(error)).partial.text == "ab"


async def test_a_stream_cut_anywhere_raises_with_what_had_come(stream_of: StreamOf) -> None:
    """At each byte up to the run's last state: behind that, nothing is missing."""
    for cut in range(0, OVER, 3):
        texts, error = await heard(stream_of(BUILT_IN[:cut]))
        assert (type(error), error.kind) == (errors.StreamCutError, "truncated")
        assert "before it was done" in str(error)
        assert (error.partial.text, error.partial.refusal or "") == said_and_refused(texts)
        assert error.may_have_taken_effect
    for cut in range(OVER, len(BUILT_IN)):
        assert plain(await stream_of(BUILT_IN[:cut]).until_done())[1] == [reply(**ANSWER)]


ENDS = ["completed", "failed", "cancelled", "expired", "incomplete", "requires_action"]


@pytest.mark.parametrize("status", [*ENDS, "queued", "cancelling", "odd", None, [], {}])
@pytest.mark.parametrize("left_out", ["\n\n", "\n", ""])
async def test_a_run_in_its_last_state_and_a_clean_end_are_done(
    stream_of: StreamOf, status: Any, left_out: str
) -> None:
    """Also without the empty line behind it; not where the connection breaks."""
    told = ("thread.run.odd", run(status))
    stream = sse(*answered("a")[:-1], told).removesuffix(left_out.encode())
    if status in ENDS:
        assert (await stream_of(stream).until_done()).run.status == status
        broken = Body([stream], httpx.ReadError("reset"))
        error = until_done(False, Streaming(broken)).error
    else:
        error = (await heard(stream_of(stream)))[1]
    assert type(error) is errors.StreamCutError
    assert (error.run_id, error.thread_id, error.partial.text) == (RUN, THREAD, "a")


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (httpx.ReadError("reset"), "read"),
        (httpx.ReadTimeout("slow"), "read_timeout"),
        (httpx.RemoteProtocolError("incomplete"), "truncated"),
        (httpx.DecodingError("gzip"), "undecodable"),
    ],
)
def test_a_broken_connection_raises_with_what_had_come(broken: Exception, kind: str) -> None:
    for asynced in (False, True):
        body = Body([sse(*answered("a")[:4])[:-9]], broken)
        error = until_done(asynced, Streaming(body)).error
        assert (type(error), error.kind) == (errors.StreamCutError, kind)
        assert str(broken) in str(error)
        assert error.partial.run.status == "in_progress"
        assert pickle.loads(pickle.dumps(error)).kind == kind
        assert error.__context__ is error.__cause__ is None, "it would hold the request"
        assert body.closed


# What servers and proxies leave out, or put elsewhere


def unnamed(*events: Event) -> bytes:
    """Events whose names a proxy has dropped."""
    return re.sub(rb"event: .*\n", b"", sse(*events))


def without(name: str, *events: Event) -> list[Event]:
    """Events whose data lack a field."""
    return [(n, {k: v for k, v in data.items() if k != name}) for n, data in events]


HELLO = answered("He", "llo")
BEGUN, DELTAS, WHOLE, LAST = HELLO[:3], HELLO[3:5], HELLO[5], HELLO[6]
SPARSE_RUN = {"id": RUN, "status": "completed"}
BARE = [(name, {**data, "delta": {"content": text}})
        for (name, data), text in zip(DELTAS, ("He", "llo"), strict=True)]  # fmt: skip
NO_INDEX = [
    (name, json.loads(json.dumps(data).replace('"index": 0, ', ""))) for name, data in DELTAS
]
REFUSED = [{"type": "refusal", "refusal": "Hello"}]
HEARD: dict[str, bytes] = {
    "no names": unnamed(*HELLO, DONE),
    "no names, and no end": unnamed(*HELLO),
    "all of one name": sse(*[("message", data) for _, data in HELLO], DONE),
    "unknown names": sse(*[(f"x.{name}", data) for name, data in HELLO], DONE),
    "names in capitals": sse(*[(name.upper(), data) for name, data in HELLO], DONE),
    "no objects": sse(*without("object", *HELLO), DONE),
    "no deltas": sse(*BEGUN, WHOLE, LAST, DONE),
    "no deltas, a bare string": sse(("thread.message.completed", reply(content="Hello")), LAST),
    "an incomplete message": sse(("thread.message.incomplete", reply("Hello")), LAST),
    "a refusal": sse(("thread.message.completed", reply(content=REFUSED)), LAST),
    "a message that is only begun": sse(("thread.message.created", reply("Hello")), LAST, DONE),
    "a message without names": unnamed(("", reply("Hello")), LAST),
    "the last delta is missing": sse(*BEGUN, DELTAS[0], WHOLE, LAST, DONE),
    "a part is missing": sse(
        *BEGUN, DELTAS[0], ("thread.message.completed", reply("He", "llo")), LAST
    ),
    "all again": sse(*HELLO[:-1], WHOLE, LAST, DONE),
    "it is there from the beginning": sse(("thread.message.created", reply("Hello")), *HELLO[3:]),
    "it is no longer there at the end": sse(
        *HELLO[:5], ("thread.message.completed", reply()), LAST
    ),
    "blanks are cut off": sse(piece(" Hello\n"), WHOLE, LAST),
    "nothing but deltas": sse(*DELTAS, DONE),
    "deltas without a message": sse(*BEGUN, *without("id", *DELTAS), WHOLE, LAST),
    "deltas without an index": sse(*BEGUN, *NO_INDEX, WHOLE, LAST),
    "an index from 1": sse(piece("He", 1), piece("llo", 1), WHOLE, LAST),
    "bare deltas": sse(*BEGUN, *BARE, ("thread.run.completed", run()), DONE),
    "a sparse run": sse(*HELLO[:-1], ("thread.run.completed", SPARSE_RUN), DONE),
    "the question among it": sse(("thread.message.completed", message()), *HELLO, DONE),
    "the end in quotes": sse(*HELLO, ("message", '"[DONE]"')),
    "usage": sse(*HELLO) + b'data: {"meta": {"usage": {"credits_used": 1}}}\n\n',
    "a byte order mark": b"\xef\xbb\xbf" + unnamed(*HELLO),
    "blank lines": b"\n\r\n\r" + sse(*HELLO),
    "a comment": b": hi\n\n" + sse(*HELLO, DONE),
    "returns": sse(*HELLO).replace(b"\n", b"\r"),
    "returns, no end": sse(*HELLO).replace(b"\n", b"\r").rstrip(b"\r"),
    "returns and feeds": sse(*HELLO).replace(b"\n", b"\r\n")[:-2],
}  # fmt: skip


@pytest.mark.parametrize("stream", HEARD.values(), ids=HEARD.keys())
async def test_a_reply_is_heard_whatever_is_left_out(stream_of: StreamOf, stream: bytes) -> None:
    """Once, in the pieces and in what they come to; its bytes as they come."""
    reader = stream_of([bytes([byte]) for byte in stream])
    assert "".join([text async for text in reader.text]).strip() == "Hello"
    result = await reader.until_done()
    assert [m.text or m.refusal for m in result.messages if m.role == "assistant"] == ["Hello"]
    events = [event.text or event.refusal async for event in stream_of(stream)]
    assert "".join(events).strip() in ("Hello", "")


CONTENT_TYPES = [None, "", "Text/Event-Stream", "text/plain", "application/octet-stream",
                 "application/json", 'TEXT/EVENT-STREAM;charset="UTF-8"']  # fmt: skip


def asked(stream: bytes, kind: str | None = "text/event-stream") -> Ran:
    """Ask for a streamed reply that comes like this."""
    headers: Any = {} if kind is None else {"content_type": kind}
    return run_both(
        lambda c: c.thread(THREAD).ask_stream("How?", assistant=ASSISTANT),
        *(answer(message()), answer(stream, **headers)),
        collect="items",
    )


@pytest.mark.parametrize("kind", CONTENT_TYPES)
def test_what_begins_like_a_stream_is_read_as_one(kind: str | None) -> None:
    for name in ("no names", "a byte order mark", "blank lines", "a comment", "returns"):
        ran = asked(HEARD[name], kind)
        assert (ran.problem, ran.items) == (None, ["He", "llo"])


def test_an_event_without_a_name_has_that_of_its_data() -> None:
    names = [*(name for name, _ in BEFORE), "thread.message.incomplete"]
    data = [data for _, data in BEFORE] + [reply(status="incomplete")]
    made = {"thread.run.created": "thread.run.queued"}  # both are queued
    expected = [made.get(name, name) for name in names]
    for at, status in ((4, "in_progress"), (5, "completed"), (14, None)):
        data[at] = {**data[at], "status": status}
        expected[at] = expected[at].rpartition(".")[0] + f".{status or 'created'}"
    events = list(reading(unnamed(*(("", one) for one in data), *AFTER)))
    assert [event.event for event in events][: len(names)] == expected
    assert [type(event.data) for event in events][:3] == [Thread, Run, Run]


TOLD = {"message": "Overloaded.", "type": "server_error", "param": None, "code": "busy"}
GATEWAY = {"message": "Overloaded.", "requestId": "4e7f-1", "path": "/threads", "statusCode": "503"}
BY_CLASS = {**GATEWAY, "title": "T", "error": {"name": "BusyException", "message": "inner"}}
ENVELOPE = {"error": TOLD}
ERROR_EVENT = b"event: error\ndata: " + json.dumps(ENVELOPE).encode()
IN_PLACE: dict[str, bytes] = {
    **{
        name: json.dumps(body).encode()
        for name, body in {
            "envelope": ENVELOPE, "bare": TOLD, "gateway": GATEWAY, "by class": BY_CLASS,
            "problem": {"title": "Bad", "status": 503, "detail": "Overloaded."},
            "detail": {"detail": "Overloaded."}, "text": {"error": "Overloaded."},
        }.items()
    },
    "pretty": json.dumps(ENVELOPE, indent=2).encode(),
    "marked": b"\xef\xbb\xbf\r\n" + json.dumps(ENVELOPE).encode(),
}  # fmt: skip
ERRORS_ELSEWHERE: dict[str, bytes] = {
    "one newline": ERROR_EVENT + b"\n",
    "no newline": ERROR_EVENT,
    "text, no newline": b"event: error\ndata: Overloaded.",
    "no name": unnamed(("", ENVELOPE)),
    "message": sse(("message", ENVELOPE)),
    "capitals": sse(("ERROR", ENVELOPE)),
    "longer name": sse(("thread.error", {"message": "Overloaded."})),
    "unknown name": sse(("oops", ENVELOPE), *AFTER),
    "unknown name, bare": sse(("oops", TOLD), *AFTER),
    "another's name": sse(("thread.run.failed", ENVELOPE)),
    "done": sse(("done", ENVELOPE)),
    "bare": unnamed(("", TOLD)),
    "gateway": unnamed(("", GATEWAY)),
    "by class": unnamed(("", BY_CLASS)),
    "object": unnamed(("", {"object": "error", "message": "Overloaded."})),
    "text": unnamed(("", {"error": "Overloaded."})),
}


@pytest.mark.parametrize("told", ERRORS_ELSEWHERE.values(), ids=ERRORS_ELSEWHERE.keys())
def test_an_error_is_told_in_whatever_event_it_comes(told: bytes) -> None:
    ran = asked(sse(*HELLO[:4]) + told)
    assert (type(ran.error), ran.error.message) == (errors.StreamError, "Overloaded.")
    assert ran.items == ["He"]
    assert ran.error.code == ("busy" if b"busy" in told else None)
    assert (ran.error.run_id, ran.error.thread_id) == (RUN, THREAD)
    assert ran.error.partial.text == "He"


@pytest.mark.parametrize("body", IN_PLACE.values(), ids=IN_PLACE.keys())
@pytest.mark.parametrize("kind", ["application/json", "text/event-stream", None])
def test_an_error_in_the_place_of_a_stream_is_told(body: bytes, kind: str | None) -> None:
    ran = asked(body, kind)
    assert (type(ran.error), ran.error.message) == (errors.StreamError, "Overloaded.")
    assert ran.error.question.id == MESSAGE


NOTHING: dict[str, tuple[bytes, str]] = {
    "only done": (b"data: [DONE]\n\n", "nothing in it could be understood"),
    "done and comments": (b": hi\n\nevent: done\n\n", "nothing in it could be understood"),
    "nothing": (b"", "before it was done"),
    "comments": (b": hi\n\n", "before it was done"),
    "only the thread": (sse(("thread.created", thread()), DONE), "nothing in it could be"),
    "words": (b"event: notice\ndata: Back at noon.\n\n" + sse(DONE), "notice: Back at noon."),
    "words after a while": (sse(*HELLO[:4]) + b"data: Timed out.\n\n", "message: Timed out."),
    "plain words": (b"Error: back at noon", "an event stream: Error: back at noon"),
    "HTML": (b"<html>\n<h1>502 Bad</h1>", "an event stream: <html> <h1>502 Bad</h1>"),
    "a run": (json.dumps(run("queued")).encode(), 'an event stream: {"id": "run_abc123"'),
    "an empty message": (sse(*without("x", HELLO[2]), DONE), "without a reply"),
    "only steps": (sse(("thread.run.step.completed", step()), DONE), "without a reply"),
    "a run that goes on": (sse(HELLO[0], DONE), "is queued"),
    "a failure": (unnamed(*answered(status="failed", last_error={"message": "Boom."})), "Boom."),
    "a failure that is sparse": (
        sse(("thread.run.failed", {"id": RUN, "last_error": {"message": "Boom."}}), DONE),
        f"{RUN} could not be understood: Boom.",
    ),
    "another text": (sse(piece("Hallo"), WHOLE, LAST, DONE), "not that of the message"),
    "a gap": (sse(piece("H"), piece("lo"), WHOLE, LAST, DONE), "not that of the message"),
    "a part too many": (sse(*DELTAS, piece("!", 1), WHOLE, LAST), "not that of the message"),
}


@pytest.mark.parametrize(("stream", "said"), NOTHING.values(), ids=NOTHING.keys())
def test_silence_is_no_reply(stream: bytes, said: str) -> None:
    """And what the server did say is told, together with what is left on it."""
    error = asked(stream).error
    if "not that of the message" in said:
        assert error.partial.text == "Hello"
    assert isinstance(error, errors.LaplasError)
    assert said in str(error)
    assert error.question.id == MESSAGE
    if b"run_abc123" in stream and isinstance(error, errors.APIError):
        assert error.run_id == RUN


def test_a_later_stream_that_breaks_names_the_run_of_the_first() -> None:
    def tool() -> str:
        """Do something."""
        return ""

    wants = waiting(("call_1", "tool", "{}"))
    ran = run_both(
        lambda c: c.thread(THREAD).ask_stream("How?", assistant=ASSISTANT, tools=[tool]),
        *(answer(message()), answer(sse(("thread.run.requires_action", wants)))),
        answer(sse(piece("a"))),
        collect="items",
    )
    assert (type(ran.error), ran.error.run_id) == (errors.StreamCutError, RUN)


# Hostile streams

DEEP = "[" * 100_000 + "]" * 100_000
SOME = '{"a":' * 700 + "1" + "}" * 700
ODD: list[Any] = [
    {},
    {"id": MESSAGE},
    {"id": [], "delta": {}},
    {"id": None, "object": None, "delta": None},
    {"id": MESSAGE, "delta": "x"},
    {"id": MESSAGE, "delta": {"content": None}},
    {"id": MESSAGE, "delta": {"content": {"index": 0}}},
    {"id": MESSAGE, "delta": {"content": [None, 7, "x", [], {}]}},
    {"id": MESSAGE, "delta": {"content": [{"index": "0", "text": {"value": "x"}}]}},
    {"id": MESSAGE, "delta": {"content": [{"index": 0, "text": {"value": 7}}]}},
    {"id": MESSAGE, "delta": {"content": [{"index": 0, "type": [], "text": None}]}},
    {"id": MESSAGE, "delta": {"content": [{"index": -1}, {"index": True}, {"index": 1.5}]}},
    {"id": MESSAGE, "delta": {"id": [], "created_at": {}, "role": 3, "metadata": "x"}},
    {"id": "other", "delta": {"content": [{"index": 0, "text": {"value": "x"}}]}},
    {"id": "step_abc123", "delta": {"step_details": {"tool_calls": [7, {"index": {}}]}}},
    {"id": "step_abc123", "delta": {"step_details": {"tool_calls": {"index": 0}}}},
    {"id": RUN, "status": [], "tools": 7, "required_action": [1], "metadata": "x"},
    [[]],
    DEEP,
    f'{{"id": "{MESSAGE}", "delta": {SOME}}}',
    f'{{"id": "{MESSAGE}", "content": {SOME}}}',
    f'{{"id": "{MESSAGE}", "delta": {{"content": [{{"index": 0, "text": {SOME}}}]}}}}',
    '{"id": 1e999, "delta": {"content": [{"index": 1e999}]}}',
    f'{{"id": "{MESSAGE}", "delta": {{"content": [{{"index": {"9" * 5000}}}]}}}}',
    *("{", "NaN", "\x00", '"\\ud800"'),
]
NAMES = [*support.event_schemas().keys() - {"error", "done"}, "message", "\x00"]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: str(odd)[:60])
def test_hostile_data_never_crashes(odd: Any) -> None:
    """Under any name and at any time; everything can be read, and the rest of the stream counts."""
    for name in NAMES:
        # In the middle, so that some meet deltas before them and some behind.
        stream = reading(sse(*BEFORE[:-2], *[(name, odd)] * 2, *BEFORE[-2:], *AFTER))
        events = [(event.event, event.text, event.data) for event in stream]
        assert len(events) == len(BEFORE) + 2 + len(AFTER) - 1
        assert stream.result.run is not None
        assert plain(stream.result)[0] == run(usage=USAGE)
        assert reply(**ANSWER) in plain(stream.result)[1]


KEYS = [
    *("id", "delta", "content", "index", "text", "value", "annotations", "role", "step_details"),
    *("tool_calls", "function", "arguments", "status", "object"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "a", MESSAGE]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), JSON), max_size=6))
def test_no_data_crashes(events: list[Event]) -> None:
    stream = reading(sse(*BEFORE[:16], *events, DONE))
    for event in stream:
        assert isinstance(event.text, str)
        assert event.data is not StreamEvent
    assert isinstance(stream.result.text, str)


def test_a_huge_index_makes_nothing_up() -> None:
    """Parts are kept in the order of their index, but not at it, and as few as came."""
    parts = [piece(str(index), index) for index in (10**9, 5, 2**70, 0)]
    many = [piece("", index=n % 2 * 5) for n in range(3000)]
    stream = reading(sse(("thread.message.created", reply()), *parts, *many, DONE))
    content = stream.until_done().messages[0].to_dict()["content"]
    assert [part["text"]["value"] for part in content] == ["0", "5", str(10**9), str(2**70)]


def work(stream: bytes, size: int = 1 << 16) -> int:
    """How many functions are called to read a stream: a measure that is always the same."""
    calls = 0

    def count(*_: Any) -> None:
        nonlocal calls
        calls += 1

    reader = reading([stream[at : at + size] for at in range(0, len(stream), size)])
    sys.setprofile(count)
    try:
        with suppress(errors.StreamError):
            for _ in reader.text:
                pass
        _ = reader.result
    finally:
        sys.setprofile(None)
    return calls


BEGINNING = ("thread.message.in_progress", reply("x"))
HOSTILE: dict[str, Callable[[int], bytes]] = {
    "pieces": lambda n: sse(*[piece("a")] * n, LAST, DONE),
    "indices": lambda n: sse(*[piece("a", at) for at in range(n)], LAST, DONE),
    "indices downwards": lambda n: sse(*[piece("a", -at) for at in range(n)], LAST, DONE),
    "messages": lambda n: sse(*[piece("a", id=f"msg_{at}") for at in range(n)], LAST, DONE),
    "beginnings": lambda n: sse(*[BEGINNING, piece("a")] * n, LAST, DONE),
    "ends": lambda n: sse(*[piece("a"), WHOLE] * n, LAST, DONE),
    "citations": lambda n: sse(*[added(said("", annotations=[QUOTED | {"index": at}]))
                                 for at in range(n)], LAST, DONE),
    "calls": lambda n: sse(*[called(at, arguments="a") for at in range(n)], LAST, DONE),
    "unknown": lambda n: sse(*[("x", {})] * n, LAST, DONE),
    "blank lines": lambda n: b"\n" * n + sse(LAST, DONE),
    "returns": lambda n: b"\r" * n + sse(LAST, DONE),
    "lines": lambda n: b"data:\n" * n + b"\n" + sse(LAST, DONE),
    "a comment": lambda n: b":" + b"x" * n + b"\n" + sse(LAST, DONE),
}  # fmt: skip


@pytest.mark.parametrize("made", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("size", [1, 1 << 16])
def test_twice_as_much_is_twice_the_work(made: Callable[[int], bytes], size: int) -> None:
    few = 20 if size == 1 else 100
    assert work(made(2 * few), size) < 2.2 * work(made(few), size)


def test_text_that_grows_is_not_copied_each_time() -> None:
    """Nor can indices be chosen so that each is looked for among all others."""

    class Piece(str):
        copied = 0

        def __radd__(self, other: str) -> str:
            Piece.copied += len(other)
            return f"{other}{self!s}"

    whole: dict[str, Any] = {"value": "", "list": []}
    for _ in range(100):
        merge(whole, {"value": Piece("ab"), "list": [{"index": 0, "logs": Piece("cd")}]})
    assert as_whole(whole) == {"value": "ab" * 100, "list": [{"logs": "cd" * 100}]}
    assert Piece.copied < 1000
    same = [_key({"index": at * sys.hash_info.modulus}) for at in range(100)]
    assert len({hash(key) for key in same}) > 90


def test_a_delta_before_its_object_is_kept_until_there_is_one() -> None:
    stream = reading(sse(piece("a"), ("thread.message.created", reply("b")), piece("c"), DONE))
    seen = [[message.text for message in stream.result.messages] for _ in stream]
    assert seen == [["a"], ["b"], ["bc"]]


# Merging

MERGES: list[tuple[Any, Any, Any]] = [
    ({}, {"a": 1}, {"a": 1}),
    ({"a": 1}, {"a": 2}, {"a": 2}),
    ({"a": 1}, {"a": None}, {"a": 1}),
    ({}, {"a": None}, {"a": None}),
    ({"value": None}, {"value": "x"}, {"value": "x"}),
    ({"value": "x"}, {"value": "y"}, {"value": "xy"}),
    ({"role": "user"}, {"role": "assistant"}, {"role": "assistant"}),
    ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
    ({"a": {"b": 1}}, {"a": [1]}, {"a": [1]}),
    ({"a": [1]}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    ({"a": [1]}, {"a": [2]}, {"a": [1, 2]}),
    ({"a": [{"index": 1, "value": "x"}]},
     {"a": [{"index": 0, "value": "w"}, {"index": 1, "value": "y"}]},
     {"a": [{"index": 0, "value": "w"}, {"index": 1, "value": "xy"}]}),
    ({"a": []}, {"a": [{"index": 0, "value": "x"}, {"index": 0, "value": "y"}]},
     {"a": [{"index": 0, "value": "xy"}]}),
]  # fmt: skip


@pytest.mark.parametrize(("whole", "delta", "merged"), MERGES)
def test_merging(whole: Any, delta: Any, merged: Any) -> None:
    grown, untouched = copy.deepcopy(whole), copy.deepcopy(delta)
    merge(grown, delta)
    assert as_whole(grown) == as_whole(merged)
    assert delta == untouched
    merge(grown, delta)
    assert delta == untouched, "the delta became a part of the whole"


def test_whole_objects_have_no_index_and_no_empty_quote() -> None:
    cited = {"file_id": "f", "quote": "said"}
    kept = {"index": 3, "metadata": {"quote": "", "index": "1"}, "cited": cited}
    empty = {"file_id": "f", "quote": ""}
    grown = {**kept, "content": [{"index": 0, "a": [[{"index": 1, "b": empty}]]}, "x"]}
    assert as_whole(grown) == {**kept, "content": [{"a": [[{"b": {"file_id": "f"}}]]}, "x"]}
    assert empty == {"file_id": "f", "quote": ""}


# Through the clients

BEGIN: dict[str, Callable[[Any], Any]] = {
    "runs.stream": lambda c: c.runs.stream(THREAD, ASSISTANT),
    "runs.create": lambda c: c.runs.create(THREAD, ASSISTANT, stream=True),
    "create_and_run": lambda c: c.threads.create_and_run(ASSISTANT, stream=True),
    "submit_tool_outputs": lambda c: c.runs.submit_tool_outputs(THREAD, RUN, {}, stream=True),
}


def until_done(
    asynced: bool, transport: Streaming, begin: Callable[[Any], Any] = BEGIN["runs.create"]
) -> Ran:
    """Begin a stream with a client and read it to its end."""

    async def made(client: AsyncLaplas) -> Any:
        return await (await begin(client)).until_done()

    if asynced:
        return run_async(made, transport=transport)
    return run_sync(lambda client: begin(client).until_done(), transport=transport)


both_clients = pytest.mark.parametrize("asynced", [False, True], ids=["sync", "async"])
every_begin = pytest.mark.parametrize("begin", BEGIN.values(), ids=BEGIN.keys())


@both_clients
@every_begin
def test_every_call_that_streams_says_so_and_lets_go_at_the_end(begin: Any, asynced: bool) -> None:
    body = Body([BUILT_IN])
    transport = Streaming(body)
    assert until_done(asynced, transport, begin).result.run.status == "completed"
    assert body.closed
    (request,) = transport.requests
    assert request.headers["accept"] == "text/event-stream"
    assert json.loads(request.content)["stream"] is True


@pytest.mark.skipif(not hasattr(sys, "getrefcount"), reason="collects at some later time")
def test_a_stream_that_nobody_holds_lets_its_connection_go() -> None:
    """Without a `with` block, and without waiting for the garbage collector."""
    body = Body([sse(event) for event in answered("a")])
    gc.disable()
    try:
        with Laplas(api_key=KEY, base_url=BASE, transport=Streaming(body)) as client:
            for _ in client.runs.create(THREAD, ASSISTANT, stream=True):
                break
            assert body.closed
    finally:
        gc.enable()


async def test_an_async_stream_that_was_asked_for_is_entered_or_awaited() -> None:
    bodies = [Body([BUILT_IN]) for _ in range(2)]
    transport = Streaming(*bodies)
    async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        asked = client.runs.stream(THREAD, ASSISTANT)
        assert transport.requests == []
        async with asked as stream:
            assert isinstance(stream, AsyncEventStream)
            assert not bodies[0].closed
        assert bodies[0].closed
        stream = await client.runs.stream(THREAD, ASSISTANT)
        assert (await stream.until_done()).run is not None
        assert stream.request_id == "req_1"
        with pytest.raises(TypeError):
            await client.runs.stream(THREAD, ASSISTANT, odd=1)


async def test_a_cancelled_task_lets_its_stream_go() -> None:
    class Endless(Body):
        async def __aiter__(self) -> Any:
            yield sse(*answered("a")[:3])
            await asyncio.Event().wait()

    body = Endless([])

    async def read_on() -> None:
        async with (
            AsyncLaplas(api_key=KEY, base_url=BASE, transport=Streaming(body)) as client,
            client.runs.stream(THREAD, ASSISTANT) as stream,
        ):
            await stream.until_done()

    task = asyncio.create_task(read_on())
    while not body.closed and not task.done():
        await asyncio.sleep(0)
        task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert body.closed


def test_pieces_come_as_they_are_sent() -> None:
    """Each before the next one is asked for."""
    events = [*answered("a", "b"), DONE]
    body = Body([sse(event) for event in events])
    with (
        Laplas(api_key=KEY, base_url=BASE, transport=Streaming(body)) as client,
        client.runs.stream(THREAD, ASSISTANT) as stream,
    ):
        assert (body.given, stream.request_id) == (0, "req_1")
        for event, (name, _) in zip(stream, events, strict=False):
            assert event.event == name
            assert body.given == events.index((name, event.raw)) + 1


@both_clients
def test_an_answer_that_is_no_stream_is_told(asynced: bool) -> None:
    for kind in ("application/json", ""):
        body = Body([json.dumps(run()).encode()])
        error = until_done(asynced, Streaming(body, kind=kind)).error
        assert type(error) is errors.UnparsableResponseError
        assert f"{kind or 'of no type'} instead of an event stream" in str(error)
        told = (error.operation, error.status_code, error.request_id)
        assert told == ("create_run", 200, "req_1")
        assert json.loads(error.body) == run()
        assert error.may_have_taken_effect
        assert body.closed
    body = Body([b'{"error": {"message": "No.", "code": "no"}}'])
    error = until_done(asynced, Streaming(body, status=404, kind="application/json")).error
    assert type(error) is errors.NotFoundError
    assert str(error).startswith("404 create_run: No.")
    assert body.closed


@both_clients
@every_begin
def test_without_the_extra_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch, begin: Any, asynced: bool
) -> None:
    monkeypatch.setitem(sys.modules, "httpx_sse", None)
    transport = Streaming()
    error = until_done(asynced, transport, begin).error
    assert type(error) is errors.ConfigurationError
    assert 'pip install "laplas[stream]"' in str(error)
    assert transport.requests == []
