"""Streams of events: whatever their chunks, they come to the same; however they end, it is told."""

from __future__ import annotations

import asyncio
import copy
import gc
import json
import pickle
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import aclosing
from functools import cache, partial
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
)
from scripted import BASE, KEY, MESSAGE, THREAD, thread

from laplas import (
    AsyncEventStream,
    AsyncLaplas,
    ConfigurationError,
    EventStream,
    Laplas,
    Refusal,
    StreamEvent,
    UnparsableResponseError,
)
from laplas._async.streams import event_source
from laplas._core.events import as_whole, merge
from laplas._core.response import Response
from laplas.errors import StreamCutError, StreamError
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


def added(*parts: dict[str, Any], id: str = MESSAGE) -> Event:
    """The event that adds to a message."""
    delta = {"id": id, "object": "thread.message.delta", "delta": {"content": list(parts)}}
    return "thread.message.delta", delta


def called(index: int, kind: str = "function", id: str = "", **told: Any) -> Event:
    """The event that adds to one of a step's tool calls."""
    call = {"index": index, "type": kind, kind: told, **({"id": id} if id else {})}
    delta = {"step_details": {"type": "tool_calls", "tool_calls": [call]}}
    whole = {"id": "step_abc123", "object": "thread.run.step.delta", "delta": delta}
    return "thread.run.step.delta", whole


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
    added({"index": 0, "type": "text", "text": {"value": "Да", "annotations": []}}),
    added({"index": 2, "type": "refusal", "refusal": "I wo"}),
    added(
        {"index": 0, "type": "text", "text": {"value": " 😀"}},
        {"index": 1, "type": "image_file", "image_file": {"file_id": "file_2"}},
    ),
    added(
        {"index": 0, "type": "text", "text": {"value": MARK, "annotations": [QUOTED]}},
        {"index": 2, "refusal": "n't."},
    ),
]
AFTER: list[Event] = [
    ("thread.message.completed", reply(**ANSWER)),
    ("thread.run.step.completed", WHOLE_STEP),
    ("thread.run.completed", run(usage=USAGE)),
    DONE,
]
BUILT_IN = sse(*BEFORE, *AFTER)


def reading(chunks: list[bytes] | bytes, error: Exception | None = None) -> EventStream:
    """A stream whose bytes come in these chunks."""
    body = Body([chunks] if isinstance(chunks, bytes) else chunks, error)
    return EventStream(CALL, _answer_with(body), event_source())


def reading_async(chunks: list[bytes] | bytes, error: Exception | None = None) -> AsyncEventStream:
    """A stream for the async client whose bytes come in these chunks."""
    body = Body([chunks] if isinstance(chunks, bytes) else chunks, error)
    return AsyncEventStream(CALL, _answer_with(body), event_source())


def _answer_with(body: Body) -> Response:
    headers = {"content-type": "text/event-stream", "x-request-id": "req_1"}
    return Response(200, headers, b"", stream=body)


Seen = tuple[list[tuple[str, Any]], RunResult]


def read(chunks: list[bytes] | bytes) -> Seen:
    """The events of a stream, and what they came to."""
    stream = reading(chunks)
    events = [(event.event, event.raw) for event in stream]
    return events, stream.result


async def read_async(chunks: list[bytes] | bytes) -> Seen:
    """As `read`, with the other client's stream."""
    stream = reading_async(chunks)
    events = [(event.event, event.raw) async for event in stream]
    return events, stream.result


def plain(result: RunResult) -> Any:
    """A result as JSON."""
    messages, steps = ([item.to_dict() for item in items] for items in result[1:])
    return result.run and result.run.to_dict(), messages, steps


def in_both(test: Callable[[Callable[..., Any]], Coroutine[Any, Any, None]]) -> None:
    """Run a test that gets its streams as `AsyncEventStream`, or as `EventStream` in disguise."""
    asyncio.run(test(reading_async))
    asyncio.run(test(_Awaited))


class _Awaited:
    """An `EventStream` that is used as if it were async."""

    def __init__(self, *args: Any) -> None:
        self._stream = reading(*args)

    async def __aiter__(self) -> Any:
        for event in self._stream:
            yield event

    @property
    async def text(self) -> Any:
        for text in self._stream.text:
            yield text

    async def until_done(self) -> RunResult:
        return self._stream.until_done()

    async def aclose(self) -> None:
        self._stream.close()

    async def __aenter__(self) -> Any:
        self._stream.__enter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        self._stream.__exit__(*error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


# Recorded streams, and one of our own, in chunks of all kinds


def _streams() -> list[Any]:
    streams = [pytest.param(BUILT_IN, id="built-in")]
    reason = "the recorded exchanges (../shared/exchanges/dev.jsonl) are not here"
    if not support.RECORDINGS.exists():
        return [*streams, pytest.param(b"", id="recorded", marks=pytest.mark.skip(reason))]
    return streams + [
        pytest.param(row["response_body"].encode(), id=row["id"])
        for row in support.exchanges()
        if isinstance(row["response_body"], str) and row["response_body"].startswith("event:")
    ]


STREAMS = _streams()
every_stream = pytest.mark.parametrize("stream", STREAMS)
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


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    """The stream cut at these places."""
    return [stream[start:end] for start, end in pairwise([0, *sorted(cuts), len(stream)])]


@every_stream
@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(0, 1 << 20), max_size=40))
@example(cuts=range(1 << 20))
def test_all_events_come_whole_from_any_chunks(stream: bytes, cuts: Iterable[int]) -> None:
    """Each boundary between two bytes may be one between two chunks."""
    size = len(stream) + 1
    chunks = pieces(stream, list({cut % size for cut in islice(cuts, size)}))
    events, result = read(chunks)
    assert same(events, stream)
    assert (events, plain(result)) == (read(stream)[0], plain(read(stream)[1]))
    async_events, async_result = asyncio.run(read_async(chunks))
    assert (async_events, plain(async_result)) == (events, plain(result))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_all_events_come_whole_wherever_the_one_cut_is(ends: str) -> None:
    """Two chunks, with every place for the cut, and with each of the standard's line ends."""
    short = sse(BEFORE[12], *BEFORE[-4:], AFTER[0], DONE)
    stream = short.decode().replace("\n", ends).encode()

    async def run_all() -> None:
        for cut in range(len(stream) + 1):
            chunks = [stream[:cut], stream[cut:]]
            events = [(event.event, event.raw) for event in reading(chunks)]
            assert events == expected(short), cut
            events = [(event.event, event.raw) async for event in reading_async(chunks)]
            assert events == expected(short), cut

    asyncio.run(run_all())


@every_whole_stream
def test_messages_and_steps_accumulate_to_their_own_final_objects(stream: bytes) -> None:
    """What deltas add up to, seen right before the event that brings the whole object."""
    found = 0
    for name, final in expected(stream):
        kind = name.rpartition(".")[0]
        if not name.endswith((".completed", ".incomplete")) or kind == "thread.run":
            continue
        head = f"event: {name}\n".encode()
        places = [at for at in _places(stream, head) if final["id"].encode() in _line(stream, at)]
        with pytest.raises(StreamCutError) as cut:
            reading(stream[: places[0]]).until_done()
        partial = cut.value.partial
        grown = {item.id: item.to_dict() for item in [*partial.messages, *partial.steps]}
        part = "content" if kind == "thread.message" else "step_details"
        # A step's message is named in its first event; of tool calls, deltas bring everything.
        assert grown[final["id"]][part] == final[part]
        found += 1
    assert found >= 2


def _places(stream: bytes, head: bytes) -> Iterator[int]:
    at = stream.find(head)
    while at >= 0:
        yield at
        at = stream.find(head, at + 1)


def _line(stream: bytes, at: int) -> bytes:
    """The data of the event at this place."""
    return stream[at:].split(b"\n")[1]


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


def test_a_refusal_is_never_silent() -> None:
    """Its pieces come among the text, in their order, and can be told apart from it."""
    stream = sse(
        ("thread.message.created", reply()),
        added({"index": 0, "type": "refusal", "refusal": "I"}),
        added({"index": 0, "type": "refusal", "refusal": ""}),
        added({"index": 1, "type": "text", "text": {"value": "no"}}, {"refusal": " won't."}),
        DONE,
    )

    async def test(stream_of: Callable[..., Any]) -> None:
        reader = stream_of(stream)
        texts = [text async for text in reader.text]
        assert [(type(text), text) for text in texts] == [
            (Refusal, "I"),
            (str, "no"),
            (Refusal, " won't."),
        ]
        assert pickle.loads(pickle.dumps(texts[0])) == "I"
        reader = stream_of(stream)
        events = [(event.text, event.refusal) async for event in reader]
        assert events == [("", ""), ("", "I"), ("", ""), ("no", " won't.")]
        assert reader.result.text == "no"
        assert reader.result.refusal.startswith("I")

    in_both(test)


# What the events are


def test_a_stream_comes_to_the_run_its_messages_and_its_steps() -> None:
    result = read(BUILT_IN)[1]
    assert isinstance(result.run, Run)
    assert plain(result) == (
        run(usage=USAGE),
        [reply(**ANSWER)],
        [WHOLE_STEP],
    )
    assert isinstance(result.messages[0], Message)
    assert isinstance(result.steps[0], RunStep)
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
    assert plain(stream.result) == plain(read(BUILT_IN)[1])


def test_a_stream_that_is_done_is_done_however_the_server_writes_that() -> None:
    for end in (
        b"event: done\ndata: [DONE]\n\n",
        b"event: done\ndata: [DONE]\n",
        b"event: done\ndata: [DONE]",
        b"event: done\r\ndata:[DONE]\r\n",
        b"event: done\r\rdata: [DONE]\r",
        b"data: [DONE]",
        b"event: done\n\n",
    ):
        in_both(partial(_comes_to_a, sse(*answered("a")) + end))


async def _comes_to_a(stream: bytes, stream_of: Callable[..., Any]) -> None:
    assert (await stream_of(stream).until_done()).text == "a"


def test_what_comes_after_the_end_is_not_read() -> None:
    body = Body([sse(*answered("a"), DONE), b"event: error\ndata: {}\n\n"])
    stream = EventStream(CALL, _answer_with(body), event_source())
    assert stream.until_done().text == "a"
    assert body.given == 1
    assert body.closed


LINES = "".join(f"data: {line}\n" for line in json.dumps(piece("a")[1], indent=1).split("\n"))
ODD_LINES: list[tuple[bytes, str]] = [
    (b": hello\n\nid: 7\nretry: 99\n\n: still here\n\nevent: ping\n\n" + sse(piece("a")), "a"),
    (b"event: thread.message.delta\n" + LINES.encode() + b"\n", "a"),
    (sse(piece("a?")).replace(b"?", b"\xff"), "a\ufffd"),
]


@pytest.mark.parametrize(("stream", "text"), ODD_LINES, ids=["comments", "lines", "no letters"])
def test_whatever_the_standard_allows_is_read(stream: bytes, text: str) -> None:
    """Comments and empty events are none; an event may take several lines, and have bad letters."""
    assert [event.text for event in reading(stream + sse(DONE))] == [text]


def test_events_stay_as_they_came() -> None:
    """Deltas are merged into a copy of what an earlier event brought."""
    events = list(reading(BUILT_IN))
    assert events[13].raw == reply()
    assert [event.raw for event in events] == [data for _, data in [*BEFORE, *AFTER[:-1]]]


# Going on


def test_reading_goes_on_where_it_stopped() -> None:
    async def test(stream_of: Callable[..., Any]) -> None:
        stream = stream_of([sse(event) for event in [*answered("a", "b", "c"), DONE]])
        async for event in stream:
            if event.event == "thread.run.in_progress":
                break
        async with aclosing(stream.text) as texts:
            async for text in texts:
                assert text == "a"
                break
        assert stream.result.text == "a"
        assert (await stream.until_done()).text == "abc"
        assert [text async for text in stream.text] == []
        assert (await stream.until_done()).run.status == "completed"

    in_both(test)


def test_a_failed_stream_stays_failed() -> None:
    """Who comes back to it must not take what had come for all there is."""

    async def test(stream_of: Callable[..., Any]) -> None:
        for end in (b"", sse(("error", {}))):
            stream = stream_of(sse(*answered("a")[:-1]) + end)
            with pytest.raises((StreamCutError, StreamError)):
                await stream.until_done()
            with pytest.raises(StreamCutError, match="over before it was done"):
                await stream.until_done()

    in_both(test)


def test_a_closed_stream_is_over() -> None:
    async def test(stream_of: Callable[..., Any]) -> None:
        untouched = stream_of(BUILT_IN)
        await untouched.aclose()
        with pytest.raises(StreamCutError):
            await untouched.until_done()
        begun = stream_of(BUILT_IN)
        with pytest.raises(StreamCutError) as cut:  # noqa: PT012
            async for _ in begun:
                await begun.aclose()
        assert cut.value.partial.messages == []
        whole = stream_of(BUILT_IN)
        await whole.until_done()
        await whole.aclose()
        assert (await whole.until_done()).text

    in_both(test)


# Ends that are not the end


FAILED = ("the stream failed", None, None, None)
ERRORS: list[tuple[Any, tuple[str, Any, Any, Any]]] = [
    ({"message": "No.", "code": "no", "param": "p", "type": "t"}, ("No.", "no", "p", "t")),
    ({"error": {"message": "No.", "code": 7, "param": None, "type": "t"}}, ("No.", 7, None, "t")),
    ({"error": "No."}, ("No.", None, None, None)),
    ("No.", ("No.", None, None, None)),
    *[(odd, FAILED) for odd in ({}, "[1]", {"message": {"deep": [1]}}, "null", "")],
    ({"error": None, "message": None}, FAILED),
]


@pytest.mark.parametrize(("data", "told"), ERRORS, ids=str)
def test_an_error_event_raises_with_what_had_come(
    data: Any, told: tuple[str, Any, Any, Any]
) -> None:
    async def test(stream_of: Callable[..., Any]) -> None:
        stream = stream_of(sse(*answered("a", "b")[:-2], ("error", data), *AFTER))
        texts = []
        with pytest.raises(StreamError) as caught:  # noqa: PT012
            async for text in stream.text:
                texts.append(text)
        error = caught.value
        assert texts == ["a", "b"]
        assert (error.message, error.code, error.param, error.type) == told
        assert str(error) == f"create_run: {told[0]} (request id req_1)"
        assert (error.operation, error.request_id) == ("create_run", "req_1")
        assert error.may_have_taken_effect
        assert error.partial.text == "ab"
        assert error.partial.run.status == "in_progress"
        assert pickle.loads(pickle.dumps(error)).partial.text == "ab"

    in_both(test)


def test_a_cut_stream_raises_with_what_had_come_wherever_the_cut_is() -> None:
    """At each byte but those of the last lines, which say that it is done."""

    async def test(stream_of: Callable[..., Any]) -> None:
        for cut in range(0, len(BUILT_IN) - len("data: [DONE]\n\n"), 3):
            stream = stream_of(BUILT_IN[:cut])
            texts = []
            with pytest.raises(StreamCutError, match="before it was done") as caught:  # noqa: PT012
                async for text in stream.text:
                    texts.append(text)
            assert caught.value.kind == "truncated"
            partial = caught.value.partial
            assert (partial.text, partial.refusal or "") == said_and_refused(texts)
            assert caught.value.may_have_taken_effect

    in_both(test)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ReadError("reset"), "read"),
        (httpx.ReadTimeout("slow"), "read_timeout"),
        (httpx.RemoteProtocolError("incomplete"), "truncated"),
        (httpx.DecodingError("gzip"), "undecodable"),
    ],
)
@pytest.mark.parametrize("asynced", [False, True])
def test_a_broken_connection_raises_with_what_had_come(
    error: Exception, kind: str, asynced: bool
) -> None:
    body = Body([sse(*answered("a")[:4])[:-9]], error)
    with pytest.raises(StreamCutError) as caught:
        through_client(asynced, Streaming(body), "until_done")
    assert caught.value.kind == kind
    assert str(error) in str(caught.value)
    assert caught.value.partial.run.status == "in_progress"
    assert pickle.loads(pickle.dumps(caught.value)).kind == kind
    assert caught.value.__context__ is caught.value.__cause__ is None, "it would hold the request"
    assert body.closed


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
    parts = [
        {"index": index, "type": "text", "text": {"value": str(index)}}
        for index in (10**9, 5, 2**70, 0)
    ]
    many = [piece("", index=n % 2 * 5) for n in range(3000)]
    stream = reading(sse(("thread.message.created", reply()), added(*parts), *many, DONE))
    parts = stream.until_done().messages[0].to_dict()["content"]
    assert [part["text"]["value"] for part in parts] == ["0", "5", str(10**9), str(2**70)]


def test_a_delta_before_its_object_is_kept_until_there_is_one() -> None:
    stream = reading(sse(piece("a"), ("thread.message.created", reply("b")), piece("c"), DONE))
    seen = []
    for _ in stream:
        seen.append([message.text for message in stream.result.messages])
    assert seen == [[], ["b"], ["bc"]]


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
    assert grown == merged
    assert delta == untouched
    merge(grown, delta)
    assert delta == untouched, "the delta became a part of the whole"


def test_whole_objects_have_no_index_and_no_empty_quote() -> None:
    citation = {"file_id": "f", "quote": ""}
    grown = {
        "index": 3,
        "content": [{"index": 0, "a": [[{"index": 1, "b": citation}]]}, "x"],
        "metadata": {"quote": "", "index": "1"},
        "cited": {"file_id": "f", "quote": "said"},
    }
    assert as_whole(grown) == {
        "index": 3,
        "content": [{"a": [[{"b": {"file_id": "f"}}]]}, "x"],
        "metadata": {"quote": "", "index": "1"},
        "cited": {"file_id": "f", "quote": "said"},
    }
    assert citation == {"file_id": "f", "quote": ""}


# Through the clients


BEGIN: dict[str, Callable[[Any], Any]] = {
    "runs.stream": lambda c: c.runs.stream(THREAD, ASSISTANT),
    "runs.create": lambda c: c.runs.create(THREAD, ASSISTANT, stream=True),
    "create_and_run": lambda c: c.threads.create_and_run(ASSISTANT, stream=True),
    "submit_tool_outputs": lambda c: c.runs.submit_tool_outputs(THREAD, RUN, {}, stream=True),
}


def through_client(
    asynced: bool,
    transport: Any,
    how: str | Callable[[Any], Any],
    begin: Callable[[Any], Any] = BEGIN["runs.create"],
    **options: Any,
) -> Any:
    """Begin a stream with a client and call a method of it by name, or a function with it."""
    use = how if callable(how) else lambda stream: getattr(stream, how)()
    given = {"api_key": KEY, "base_url": BASE, "transport": transport, **options}
    if not asynced:
        with Laplas(**given) as client:
            return use(begin(client))

    async def made() -> Any:
        async with AsyncLaplas(**given) as client:
            return await use(await begin(client))

    return asyncio.run(made())


both_clients = pytest.mark.parametrize("asynced", [False, True], ids=["sync", "async"])


@both_clients
@pytest.mark.parametrize("begin", BEGIN.values(), ids=BEGIN.keys())
def test_every_call_that_streams_says_so_and_lets_go_at_the_end(
    begin: Callable[[Any], Any], asynced: bool
) -> None:
    body = Body([BUILT_IN])
    transport = Streaming(body)
    result = through_client(asynced, transport, "until_done", begin)
    assert result.run.status == "completed"
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


def test_an_async_stream_that_was_asked_for_is_entered_or_awaited() -> None:
    bodies = [Body([BUILT_IN]) for _ in range(2)]

    async def test() -> None:
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

    asyncio.run(test())


def test_a_cancelled_task_lets_its_stream_go() -> None:
    class Endless(Body):
        async def __aiter__(self) -> Any:
            yield sse(*answered("a")[:3])
            await asyncio.Event().wait()

    body = Endless([])

    async def test() -> None:
        client = AsyncLaplas(api_key=KEY, base_url=BASE, transport=Streaming(body))

        async def reader() -> None:
            async with client, client.runs.stream(THREAD, ASSISTANT) as stream:
                await stream.until_done()

        task = asyncio.create_task(reader())
        while not body.closed and not task.done():
            await asyncio.sleep(0)
            task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(test())
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
@pytest.mark.parametrize("kind", ["application/json", ""])
def test_an_answer_that_is_no_stream_is_told(asynced: bool, kind: str) -> None:
    body = Body([json.dumps(run()).encode()])
    with pytest.raises(UnparsableResponseError, match="instead of an event stream") as caught:
        through_client(asynced, Streaming(body, kind=kind), "until_done")
    error = caught.value
    assert (error.operation, error.status_code, error.request_id) == ("create_run", 200, "req_1")
    assert json.loads(error.body) == run()
    assert error.may_have_taken_effect
    assert body.closed


@both_clients
def test_a_refused_stream_is_the_status_error(asynced: bool) -> None:
    body = Body([b'{"error": {"message": "No.", "code": "no"}}'])
    transport = Streaming(body, status=404, kind="application/json")
    with pytest.raises(Exception, match=r"^404 create_run: No\.") as caught:
        through_client(asynced, transport, "until_done")
    assert type(caught.value).__name__ == "NotFoundError"
    assert body.closed


@both_clients
@pytest.mark.parametrize("begin", BEGIN.values(), ids=BEGIN.keys())
def test_without_the_extra_nothing_is_sent(
    monkeypatch: pytest.MonkeyPatch, begin: Callable[[Any], Any], asynced: bool
) -> None:
    monkeypatch.setitem(sys.modules, "httpx_sse", None)
    transport = Streaming()
    with pytest.raises(ConfigurationError, match=r'pip install "laplas\[stream\]"'):
        through_client(asynced, transport, "until_done", begin)
    assert transport.requests == []
