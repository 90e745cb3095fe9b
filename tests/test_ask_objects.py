"""What `ask`, `ask_stream` and `start_thread` give: replies with runs, whole pieces, handles."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import random
from typing import Any, assert_type

import pytest
from run_scripts import (
    ASSISTANT,
    BEGUN,
    DONE,
    RUN,
    Event,
    answered,
    listed,
    piece,
    reply,
    run,
    sse,
    streamed,
    waiting,
)
from scripted import MESSAGE, THREAD, Step, answer, each, message, run_both, settled, thread

import laplas
from laplas import AsyncLaplas, AsyncReplyStream, Laplas, Message, Refusal, Reply, ReplyStream
from laplas._core.pieces import WholePieces

USAGE = {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}
CITED = {
    "type": "file_citation",
    "text": "[1]",
    "start_index": 0,
    "end_index": 3,
    "file_citation": {"file_id": "file_1"},
}


def asked(*steps: Step, **options: Any) -> Reply:
    """What `ask` comes to with both clients."""
    given = {"assistant": ASSISTANT, **options}
    made: Reply = run_both(lambda c: c.thread(THREAD).ask("How?", **given), *steps).result
    return made


# The reply and its run


def test_a_reply_has_its_run_with_the_usage_and_no_request_is_made_for_it() -> None:
    steps = [*BEGUN, answer(run(usage=USAGE)), answer(listed(reply("So.")))]
    made = asked(*steps)  # a request more would fail: nothing is scripted for it
    assert made.run is not None
    assert made.run.usage is not None
    assert (made.run.id, made.run.usage.total_tokens) == (RUN, 7)


@pytest.mark.parametrize("content", [reply("So.")["content"], "So."])
def test_a_reply_is_the_message_in_every_other_way(content: Any) -> None:
    raw = {**reply("So."), "content": content, "new_field": [1]}
    made = asked(*BEGUN, answer(run()), answer(listed(raw)))
    plain = Message.from_dict(raw)
    assert made.to_dict() == raw
    assert made == plain
    assert plain == made
    assert made != Message.from_dict(reply("No."))
    assert made != raw["id"]
    assert (made.text, made.additional_properties) == ("So.", {"new_field": [1]})
    for twin in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert type(twin) is Reply
        assert twin == made
        assert twin.to_dict() == raw
        assert twin.run == made.run is not None
    assert "How?" not in repr(made)
    bare = Reply.from_dict(raw)
    assert (bare.run, copy.copy(bare)) == (None, bare)


def test_a_reply_can_be_asked_again() -> None:
    made = asked(*BEGUN, answer(run()), answer(listed(reply("So."))))
    steps = [answer(run("queued")), answer(run()), answer(listed(reply("Yes.")))]
    ran = run_both(lambda c: c.thread(THREAD).ask(made, assistant=ASSISTANT), *steps)
    assert ran.result.text == "Yes."


# The stream


def streams(*steps: Step, upto: int | None = None) -> list[tuple[Any, list[str]]]:
    """The streams of both clients and their pieces, all of them or the first `upto`."""
    made: list[tuple[Any, list[str]]] = []

    async def read(client: Any) -> Any:
        stream = client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT)
        pieces: list[str] = []
        made.append((stream, pieces))
        async for text in each(stream):
            pieces.append(text)
            if len(pieces) == upto:
                break
        return None

    def call(client: Any) -> Any:
        if isinstance(client, AsyncLaplas):
            return read(client)
        with pytest.raises(StopIteration):
            read(client).send(None)  # it never waits
        return None

    assert run_both(call, *steps).problem is None
    return made


def test_at_its_end_a_stream_has_the_message_with_citations_and_the_run() -> None:
    cited = reply("So[1]")
    cited["content"][0]["text"]["annotations"] = [CITED]
    events: list[Event] = [
        piece("So[1]"),
        ("thread.message.completed", cited),
        ("thread.run.completed", run(usage=USAGE)),
        DONE,
    ]
    for stream, pieces in streams(answer(message()), streamed(*events)):
        assert isinstance(stream, ReplyStream | AsyncReplyStream)
        assert pieces == ["So[1]"]
        assert stream.message.to_dict() == cited
        assert stream.message.citations[0].file_citation.file_id == "file_1"
        for seen in (stream.message.run, stream.run):
            assert seen is not None
            assert seen.to_dict()["usage"] == USAGE


def test_before_its_end_a_stream_has_no_message_and_says_so() -> None:
    steps = answer(message()), streamed(*answered("a.", "b.", "c."), DONE)
    for stream, pieces in streams(*steps, upto=1):
        assert pieces == ["a."]
        assert stream.run.id == RUN
        with pytest.raises(laplas.RunError, match="to its end"):
            stream.message  # noqa: B018


def test_a_stream_that_was_not_begun_sends_nothing_and_has_nothing() -> None:
    with Laplas.local() as client, client.thread(THREAD).ask_stream("?", assistant="asst_1") as it:
        assert it.run is None
        with pytest.raises(laplas.RunError, match="to its end"):
            it.message  # noqa: B018


def test_the_message_is_that_of_the_last_stream_and_of_the_assistant() -> None:
    def tool() -> str:
        """Tool."""
        return "x"

    first = [piece("Wait.", id="msg_1"), ("thread.message.completed", reply("Wait.", id="msg_1"))]
    calls = [("thread.run.requires_action", waiting(("call_1", "tool", "{}"))), DONE]
    told = message("msg_2", content=[])
    last: list[Event] = [*answered("Now."), ("thread.message.completed", told), DONE]
    made: list[Any] = []

    def call(client: Any) -> Any:
        made.append(client.thread(THREAD).ask_stream("?", assistant=ASSISTANT, tools=[tool]))
        return made[-1]

    ran = run_both(
        call, answer(message()), streamed(*first, *calls), streamed(*last), collect="items"
    )
    assert ran.items == ["Wait.", "Now."]
    assert [stream.message.id for stream in made] == [MESSAGE] * 2


def test_a_stream_is_closed_by_its_block() -> None:
    async def read() -> None:
        async with AsyncLaplas.local() as client:
            made = await client.start_thread()
            assistant = await client.assistants.create("gpt-4o")
            async with made.ask_stream("one two", assistant=assistant.id) as stream:
                assert_type(await anext(stream), str)
            assert [text async for text in stream] == []

    asyncio.run(read())


# Whole pieces

FAMILY = "👩‍👩‍👧‍👦"
CLUSTERS = [
    "😀", FAMILY, "👍🏽", "🇩🇪", "🇫🇷", "1️⃣", "❤️‍🔥", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "e\u0301", "m\u0300\u0323", "क्षि", "각",
    "ᄀ" + "ᅡ" + "ᆨ", "\r\n", "ก็", "x", "ß", "中", "🙂‍↔️", "ｶ\uff9e",
]  # fmt: skip


def pieces_of(*texts: str) -> list[str]:
    whole = WholePieces()
    return [*(out for text in texts for out in whole.add(text)), *whole.rest()]


def halves(text: str) -> list[str]:
    """The UTF-16 code units, as a server writes them that escapes JSON in ASCII."""
    units = text.encode("utf-16-be", "surrogatepass")
    return [chr(int.from_bytes(units[i : i + 2])) for i in range(0, len(units), 2)]


@pytest.mark.parametrize("cluster", CLUSTERS)
def test_no_character_is_cut_wherever_a_stream_is(cluster: str) -> None:
    """By code points, and by the halves of surrogate pairs."""
    for units in (list(cluster), halves(cluster)):
        assert pieces_of("a ", *units, "b.") == ["a ", cluster, "b."]
        assert pieces_of("a ", *units) == ["a ", cluster]


def test_random_texts_in_random_cuts_stay_whole() -> None:
    chance = random.Random(5)
    for _ in range(300):
        clusters = chance.choices(CLUSTERS, k=8)
        # A mark at the front of one would be the one before's.
        units = halves("".join(clusters))
        cuts = sorted(chance.sample(range(1, len(units)), 4))
        parts = ["".join(units[i:j]) for i, j in zip([0, *cuts], [*cuts, len(units)], strict=True)]
        made = pieces_of(*parts)
        assert "".join(made) == "".join(clusters)
        ends = {len("".join(clusters[:i])) for i in range(9)}
        assert {len("".join(made[: i + 1])) for i in range(len(made))} <= ends


def test_pieces_stay_as_they_came_where_nothing_is_cut() -> None:
    assert pieces_of("So", " it", "", " is.", "\n", "Yes") == ["So", " it", " is.", "\n", "Yes"]


def test_what_never_becomes_whole_comes_at_the_end() -> None:
    assert pieces_of("a", "\ud83d") == ["a\ud83d"]
    assert pieces_of("\ud83d", "x") == ["\ud83dx"]
    assert pieces_of("\u0301", "\u200d") == ["\u0301\u200d"]


def test_a_refusal_is_not_mixed_with_text() -> None:
    made = pieces_of("e", Refusal("\u0301x"), Refusal("y"), "z")
    assert made == ["e", "\u0301x", "y", "z"]
    assert [type(each) for each in made] == [str, Refusal, Refusal, str]


def test_a_flood_of_marks_costs_what_it_holds() -> None:
    whole = WholePieces()
    assert [out for _ in range(100_000) for out in whole.add("\u0301")] == []
    assert [len(out) for out in whole.rest()] == [100_000]


def split_events(*texts: str) -> bytes:
    """Deltas in ASCII, in which halves of pairs are escapes of their own, and no whole message."""
    deltas = [(name, json.dumps(data)) for name, data in map(piece, texts)]
    return sse(
        ("thread.run.created", run("queued")), *deltas, ("thread.run.completed", run()), DONE
    )


def test_a_stream_puts_halves_together_in_its_pieces_and_in_its_message() -> None:
    body = split_events("a ", "\ud83d", "\ude00", "!", "e", "\u0301")
    for stream, pieces in streams(
        answer(message()), answer(body, content_type="text/event-stream")
    ):
        assert pieces == ["a ", "😀", "!", "e\u0301"]
        assert stream.message.text == "a 😀!e\u0301"


def test_halves_are_held_against_the_whole_message() -> None:
    events = [piece("\ud83d"), piece("\ude00"), ("thread.message.completed", reply("😀"))]
    ascii_events = [(name, json.dumps(data)) for name, data in events]
    body = sse(*ascii_events, ("thread.run.completed", run()), DONE)
    for _, pieces in streams(answer(message()), answer(body, content_type="text/event-stream")):
        assert pieces == ["😀"]


def test_what_is_held_comes_before_an_error() -> None:
    body = sse(piece("So"), ("error", {"message": "Broken."}))
    ran = run_both(
        lambda c: c.thread(THREAD).ask_stream("?", assistant=ASSISTANT),
        answer(message()),
        answer(body, content_type="text/event-stream"),
        collect="items",
    )
    assert ran.items == ["So"]
    assert isinstance(ran.error, laplas.StreamError)


# A thread to talk on


@pytest.mark.parametrize(
    ("messages", "sent"),
    [
        ("Hello", [{"role": "user", "content": "Hello"}]),
        (["Hello", {"role": "assistant", "content": "Hi"}],
         [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]),
        ({"role": "user", "content": "Hello"}, [{"role": "user", "content": "Hello"}]),
        ((text for text in ["Hello"]), [{"role": "user", "content": "Hello"}]),
    ],
)  # fmt: skip
def test_one_line_makes_a_thread_to_talk_on(messages: Any, sent: Any) -> None:
    if not isinstance(messages, str | list | dict):
        messages = list(messages)
    handles: list[Any] = []

    async def start(client: Any) -> Any:
        handle = await settled(client.start_thread(messages, metadata={"k": "v"}, timeout=5))
        handles.append(handle)
        return handle.data

    def call(client: Any) -> Any:
        if isinstance(client, AsyncLaplas):
            return start(client)
        with pytest.raises(StopIteration) as done:
            start(client).send(None)
        return done.value.value

    ran = run_both(call, answer(thread()))
    assert ran.sent.json() == {"messages": sent, "metadata": {"k": "v"}}
    assert ran.result.to_dict() == thread()
    for handle in handles:
        assert handle.id == handle.data.id == THREAD


def test_a_thread_needs_no_message_and_a_handle_by_id_has_no_data() -> None:
    with Laplas.local() as client:
        started = client.start_thread()
        assert started.data is not None
        assert started.data.metadata == {}
        assert client.thread(started.id).data is None
        assert type(started) is type(client.thread(started.id))
        assert started.messages.create("Hi").thread_id == started.id
        with pytest.raises(laplas.InvalidArgumentError, match="messages"):
            client.start_thread(3)  # type: ignore[arg-type]
