"""Asking an assistant: `ask` and `ask_stream` of both clients against scripted servers."""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from run_scripts import (
    ASSISTANT,
    DONE,
    RUN,
    Body,
    Event,
    Streaming,
    answered,
    listed,
    piece,
    reply,
    run,
    sse,
    streamed,
    waiting,
)
from scripted import (
    BASE,
    KEY,
    THREAD,
    Ran,
    Script,
    Sent,
    Step,
    answer,
    breaks,
    message,
    run_both,
    run_sync,
)

from laplas import (
    APIConnectionError,
    APITimeoutError,
    AsyncLaplas,
    ConfigurationError,
    InvalidArgumentError,
    Laplas,
    NotFoundError,
    RateLimitError,
    ServerError,
    UnparsableResponseError,
)
from laplas.errors import (
    ActiveRunError,
    RunCancelledError,
    RunError,
    RunExpiredError,
    RunFailedError,
    RunIncompleteError,
    RunRequiresActionError,
    RunTimeoutError,
    StreamCutError,
    StreamError,
)

QUESTION = ("POST", f"/threads/{THREAD}/messages")
START = ("POST", f"/threads/{THREAD}/runs")
LOOK = ("GET", f"/threads/{THREAD}/runs/{RUN}")
SUBMIT = ("POST", f"/threads/{THREAD}/runs/{RUN}/submit_tool_outputs")
READ = ("GET", f"/threads/{THREAD}/messages?limit=100&order=desc&run_id={RUN}")


def ask(*steps: Step | Script, **options: Any) -> Ran:
    """Ask with both clients."""
    given = {"assistant": ASSISTANT, **options}
    return run_both(lambda c: c.thread(THREAD).ask("How?", **given), *steps)


def ask_stream(*steps: Step | Script, **options: Any) -> Ran:
    """Ask with both clients for a streamed reply."""
    given = {"assistant": ASSISTANT, **options}
    return run_both(lambda c: c.thread(THREAD).ask_stream("How?", **given), *steps, collect="items")


def targets(ran: Ran) -> list[tuple[str, str]]:
    """What was asked for, in order."""
    return [(sent.method, sent.target) for sent in ran.requests]


BEGUN = [answer(message()), answer(run("queued"))]
both_ways = pytest.mark.parametrize("way", [ask, ask_stream])


# The reply


def test_a_question_comes_to_its_reply() -> None:
    ran = ask(*BEGUN, answer(run("in_progress")), answer(run()), answer(listed(reply("So."))))
    assert ran.result.to_dict() == reply("So.")
    assert targets(ran) == [QUESTION, START, LOOK, LOOK, READ]
    assert ran.requests[0].json() == {"role": "user", "content": "How?"}
    assert ran.requests[1].json() == {"assistant_id": ASSISTANT}
    assert len(ran.waits) == 1


def test_a_question_comes_to_the_pieces_of_its_reply() -> None:
    ran = ask_stream(answer(message()), streamed(*answered("S", "", "o."), DONE))
    assert ran.problem is None
    assert ran.items == ["S", "o."]
    assert targets(ran) == [QUESTION, START]
    assert ran.requests[0].json() == {"role": "user", "content": "How?"}
    assert ran.requests[1].json() == {"assistant_id": ASSISTANT, "stream": True}
    assert ran.requests[0].header("accept") != "text/event-stream"
    assert ran.requests[1].header("accept") == "text/event-stream"


@both_ways
def test_settings_of_the_run_and_options_of_the_calls_go_where_they_belong(way: Any) -> None:
    """What is added by hand to the run, not to bodies that are others or none."""
    calls = waiting(("call_1", "weather", '{"place": "Bergen"}'))
    end = [answer(run("queued")), answer(run()), answer(listed(reply("So.")))]
    steps = [answer(message()), answer(run("queued")), answer(calls), *end]
    if way is ask_stream:
        turns = [("thread.run.requires_action", calls), DONE], [*answered("So."), DONE]
        steps = [answer(message()), *[streamed(*events) for events in turns]]
    extra = {"extra_body": {"new": 1}, "extra_query": {"q": 2}, "extra_headers": {"X-A": "b"}}
    ran = way(*steps, tools=[weather], instructions="Be brief.", temperature=0, **extra)
    assert ran.problem is None
    start = ran.requests[1]
    body = start.json()
    assert [tool["function"]["name"] for tool in body.pop("tools")] == ["weather"]
    told = {"assistant_id": ASSISTANT, "instructions": "Be brief.", "temperature": 0, "new": 1}
    assert body == told | ({} if way is ask else {"stream": True})
    assert start.target == f"{START[1]}?q=2"
    others = [sent for sent in ran.requests if sent is not start]
    assert others[0].json() == {"role": "user", "content": "How?"}
    assert len(others) == len(steps) - 1
    assert not any("q=2" in sent.target or b"new" in sent.body for sent in others)
    assert {sent.header("x-a") for sent in ran.requests} == {"b"}


def test_the_reply_is_the_last_message_of_the_run() -> None:
    """Also where the server knows no run_id and sends all the thread's messages."""
    written = [reply("Second.", id="msg_3"), reply("First.", id="msg_2")]
    others = [message("msg_9", run_id="run_later"), *written, message("msg_1")]
    ran = ask(*BEGUN, answer(run()), answer(listed(*others, has_more=True)))
    assert ran.result.text == "Second."
    assert len(ran.requests) == 4


def test_a_run_that_wrote_nothing_is_no_reply() -> None:
    ran = ask(*BEGUN, answer(run()), answer(listed(message())))
    assert type(ran.error) is RunError
    assert str(ran.error) == f"{RUN} completed without a message"
    assert ran.error.run.status == "completed"


# The other ends


LIMIT = {"incomplete_details": {"reason": "max_completion_tokens"}}
FAILURE = {"last_error": {"code": "server_error", "message": "It broke."}}
ENDS: list[tuple[str, dict[str, Any], type[RunError], str]] = [
    ("failed", FAILURE, RunFailedError, f"{RUN} is failed: It broke."),
    ("failed", {}, RunFailedError, f"{RUN} is failed: no reason given"),
    ("failed", {"last_error": 7}, RunFailedError, f"{RUN} is failed: no reason given"),
    ("expired", {}, RunExpiredError, f"{RUN} is expired: no reason given"),
    ("cancelled", {}, RunCancelledError, f"{RUN} is cancelled: no reason given"),
    ("incomplete", LIMIT, RunIncompleteError, f"{RUN} stopped early: max_completion_tokens"),
    ("incomplete", {}, RunIncompleteError, f"{RUN} stopped early: None"),
    ("odd", {}, RunError, f"{RUN} is odd: no reason given"),
]


def check_end(error: Any, cls: type[RunError], said: str, told: dict[str, Any]) -> None:
    assert type(error) is cls
    assert (str(error), error.run.to_dict()) == (said, told)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.run.to_dict()) == (cls, said, told)


@pytest.mark.parametrize(("status", "fields", "cls", "said"), ENDS)
def test_each_end_of_a_run_has_its_error_behind_what_came(
    status: str, fields: dict[str, Any], cls: type[RunError], said: str
) -> None:
    steps = [*BEGUN, answer(run(status, **fields))]
    ran = ask(*steps, lambda _: answer(listed(reply("So f"))))
    # Only where it may have written something is it worth asking for.
    assert targets(ran)[3:] == ([READ] if status == "incomplete" else [])
    told: list[Event] = [*answered("So", " f", status=status, **fields), DONE]
    streaming = ask_stream(answer(message()), streamed(*told))
    assert streaming.items == ["So", " f"]
    for one in (ran, streaming):
        check_end(one.error, cls, said, run(status, **fields))
        if status == "incomplete":
            assert [written.text for written in one.error.messages] == ["So f"]


def test_a_run_that_cannot_be_read_is_not_taken_for_completed() -> None:
    broken: list[Event] = [*answered("a")[:-1], ("thread.run.failed", {"id": RUN}), DONE]
    ran = ask_stream(answer(message()), streamed(*broken))
    assert ran.items == ["a"]
    assert type(ran.error) is RunError
    assert "could not be understood" in str(ran.error)
    assert type(ask(*BEGUN, answer({"id": RUN})).error) is UnparsableResponseError


def test_a_server_that_tells_nothing_of_the_run_is_believed() -> None:
    ran = ask_stream(answer(message()), streamed(piece("a"), DONE))
    assert (ran.items, ran.problem) == (["a"], None)


# Function calls


def weather(place: str) -> str:
    """How it is there."""
    if place == "Atlantis":
        raise LookupError(place)
    return "wet"


CALLS = [("call_1", "weather", '{"place": "Bergen"}'), ("call_2", "weather", "{}")]


def wants(*calls: tuple[str, str, str]) -> list[Event]:
    """The events of a run up to where it waits for these calls."""
    return [
        ("thread.run.created", run("queued")),
        ("thread.run.requires_action", waiting(*calls)),
        DONE,
    ]


def test_functions_are_called_as_the_run_asks() -> None:
    further = [answer(run("queued")), answer(run("in_progress")), answer(run())]
    end = answer(listed(reply("Wet.")))
    ran = ask(*BEGUN, answer(waiting(*CALLS)), *further, end, tools=[weather])
    assert ran.result.text == "Wet."
    assert targets(ran) == [QUESTION, START, LOOK, SUBMIT, LOOK, LOOK, READ]
    check_outputs(ran.requests[3], stream=False)


def test_functions_are_called_between_the_pieces() -> None:
    ran = ask_stream(
        answer(message()),
        streamed(("thread.message.created", reply(id="msg_0")), piece("Hm. ", id="msg_0"),
                 *wants(*CALLS)),
        streamed(*wants(("call_3", "weather", '{"place": "Atlantis"}'))),
        streamed(*answered("Wet", "."), DONE),
        tools=[weather],
    )  # fmt: skip
    assert ran.problem is None
    assert ran.items == ["Hm. ", "Wet", "."]
    assert targets(ran) == [QUESTION, START, SUBMIT, SUBMIT]
    check_outputs(ran.requests[2], stream=True)
    (last,) = ran.requests[3].json()["tool_outputs"]
    assert json.loads(last["output"]) == {"error": "LookupError: Atlantis"}


def check_outputs(sent: Sent, stream: bool) -> None:
    body = sent.json()
    assert body.pop("stream", False) is stream
    first, second = body.pop("tool_outputs")
    assert body == {}
    assert first == {"tool_call_id": "call_1", "output": "wet"}
    assert second["tool_call_id"] == "call_2"
    assert "'place' is missing" in second["output"]


def test_a_server_that_has_not_noticed_the_outputs_gets_none_again() -> None:
    """A function may do things that must not be done twice. Ids may come again, later."""
    made: list[str] = []

    def weather(place: str) -> str:
        made.append(place)
        return "wet"

    queued, going = answer(run("queued")), answer(run("in_progress"))
    first = answer(waiting(CALLS[0]))
    again = answer(waiting(("call_2", "weather", '{"place": "Rome"}')))
    turns = [first, queued, *[first] * 3, again, queued, again, going, again, queued]
    ran = run_sync(
        lambda c: c.thread(THREAD).ask("How?", assistant=ASSISTANT, tools=[weather]),
        *[*BEGUN, *turns, answer(run()), answer(listed(reply("Wet.")))],
    )
    assert ran.result.text == "Wet."
    assert made == ["Bergen", "Rome", "Rome"]
    assert [target for target in targets(ran) if target[0] == "POST"][2:] == [SUBMIT] * 3


@pytest.mark.parametrize("tools", [{}, {"tools": []}, {"tools": [{"type": "file_search"}]}])
def test_a_call_of_a_function_that_was_not_given(tools: dict[str, Any]) -> None:
    asked = ask(*BEGUN, answer(waiting(*CALLS)), **tools)
    streaming = ask_stream(answer(message()), streamed(*wants(*CALLS)), **tools)
    for ran in (asked, streaming):
        assert type(ran.error) is RunRequiresActionError
        assert str(ran.error) == f"{RUN} waits for weather, weather"
        assert [call.id for call in ran.error.run.tool_calls] == ["call_1", "call_2"]


# A run that is in the way


OTHER = ("GET", f"/threads/{THREAD}/runs/run_other")
BUSY, AGAIN = (
    answer({"error": {"message": text, "type": "invalid_request_error"}}, 400)
    for text in (
        f"Can't add messages to {THREAD} while a run run_other is active.",
        f"{THREAD} already has an active run run_other.",
    )
)


def finish(way: Any) -> list[Step]:
    """What a server answers once a run may begin."""
    if way is ask_stream:
        return [streamed(*answered("So."), DONE)]
    return [answer(run("queued")), answer(run()), answer(listed(reply("So.")))]


@both_ways
def test_a_run_in_the_way_is_named(way: Any) -> None:
    for steps in ([BUSY], [answer(message()), AGAIN]):
        ran = way(*steps)
        assert type(ran.error) is ActiveRunError
        assert (ran.error.thread_id, ran.error.run_id) == (THREAD, "run_other")
        assert "run_other" in str(ran.error)
        assert len(ran.requests) == len(steps)


@both_ways
def test_a_run_in_the_way_can_be_waited_for(way: Any) -> None:
    """Before the question, and before the run.

    Also one that waits for somebody, who may be about to give it its outputs; if not, it expires.
    """
    going = answer(run("in_progress", id="run_other"))
    stuck = answer(waiting(("call_1", "f", "{}"), id="run_other"))
    first = [going, answer(run("failed", id="run_other")), answer(message())]
    then = [stuck, stuck, answer(run("expired", id="run_other"))]
    ran = way(BUSY, *first, AGAIN, *then, *finish(way), wait_for_active_run=True)
    assert ran.result.text == "So." if way is ask else ran.items == ["So."]
    sought = [QUESTION, OTHER, OTHER, QUESTION, START, OTHER, OTHER, OTHER, START]
    assert targets(ran)[:9] == sought
    assert ran.requests[0] == ran.requests[3]
    assert ran.requests[4] == ran.requests[8]
    assert len(ran.waits) == 3
    late = way(BUSY, lambda _: going, wait_for_active_run=True, poll_deadline=7)
    assert type(late.error) is RunTimeoutError
    assert str(late.error) == "run_other is still in_progress after 7 s"
    assert sum(late.waits) == pytest.approx(7)


@both_ways
def test_another_refusal_is_not_waited_out(way: Any) -> None:
    refusal = {"error": {"message": "Bad content.", "type": "invalid_request_error"}}
    ran = way(answer(refusal, 400), wait_for_active_run=True)
    assert type(ran.error).__name__ == "BadRequestError"
    assert len(ran.requests) == 1


# Time


def test_a_run_gets_no_more_time_than_the_deadline() -> None:
    ran = ask(*BEGUN, lambda _: answer(run("in_progress")), poll_deadline=9)
    assert type(ran.error) is RunTimeoutError
    assert ran.error.run.id == RUN
    assert sum(ran.waits) == pytest.approx(9)


def test_function_calls_do_not_begin_the_time_anew() -> None:
    """Otherwise a model that calls and calls would be waited for for ever."""
    turn = [answer(run("in_progress"), takes=1), answer(waiting(CALLS[0]), takes=1)]
    turn.append(answer(run("queued")))
    ran = ask(*BEGUN, *turn * 20, tools=[weather], poll_deadline=20)
    assert type(ran.error) is RunTimeoutError
    looks = sum(target == LOOK for target in targets(ran))
    assert looks + sum(ran.waits) == pytest.approx(20, abs=1)


def never_sent(ran: Ran, operation: str) -> bool:
    """Tell whether the deadline had passed before the request of an operation."""
    error = ran.error
    assert type(error) is APITimeoutError, error
    return error.operation == operation and not error.may_have_taken_effect


def test_the_question_the_start_and_the_looks_count_together() -> None:
    begun = [answer(message(), takes=2), answer(run("queued"), takes=2)]
    ran = ask(*begun, lambda _: answer(run("in_progress"), takes=0.5), deadline=6)
    assert type(ran.error) is RunTimeoutError
    assert ran.error.run.id == RUN
    looks = len(ran.requests) - 2
    assert 4 + looks * 0.5 + sum(ran.waits) == pytest.approx(6)


@both_ways
def test_no_run_is_started_after_the_deadline(way: Any) -> None:
    ran = way(answer(message(), takes=5), deadline=3)
    assert never_sent(ran, "create_run")
    assert len(ran.requests) == 1


def test_no_outputs_are_given_and_no_reply_is_read_after_the_deadline() -> None:
    calls = waiting(CALLS[0])
    ran = ask(*BEGUN, answer(calls, takes=9), tools=[weather], deadline=5)
    assert never_sent(ran, "submit_tool_outputs")
    assert ran.error.__notes__ == [f"this is about the run {RUN} of {THREAD}"]
    turn = streamed(("thread.run.requires_action", calls), DONE)._replace(takes=4)
    ran = ask_stream(answer(message(), takes=4), turn, tools=[weather], deadline=5)
    assert type(ran.error) is APITimeoutError
    assert len(ran.requests) == 2
    assert never_sent(ask(*BEGUN, answer(run(), takes=9), deadline=5), "list_messages")


def test_retries_of_a_later_request_do_not_begin_it_anew() -> None:
    busy = answer("x", 429, takes=1)
    ran = ask(answer(message(), takes=2), lambda _: busy, deadline=5, max_retries=9)
    assert type(ran.error) is RateLimitError
    assert 2 + (len(ran.requests) - 1) + sum(ran.waits) <= 5


def test_starting_and_polling_count_together() -> None:
    ran = run_both(
        lambda c: c.runs.create_and_poll(THREAD, ASSISTANT, deadline=5),
        *(answer(run("queued"), takes=3), lambda _: answer(run("queued"))),
    )
    assert type(ran.error) is RunTimeoutError
    assert sum(ran.waits) == pytest.approx(2)


@pytest.mark.parametrize("given", [{}, {"poll_deadline": 9}, {"deadline": 9, "poll_deadline": 3}])
@pytest.mark.parametrize("wish", [{}, {"openai_poll_after_ms": "10000"}])
def test_no_wait_between_looks_goes_beyond_the_shorter_deadline(
    given: dict[str, Any], wish: dict[str, str]
) -> None:
    """Whoever chose the wait: this client, or the server."""
    going = answer(run("queued"), **wish)  # type: ignore[arg-type]
    given = {"deadline": 3, **given}
    ran = run_both(lambda c: c.runs.poll(THREAD, RUN, **given), lambda _: going)
    assert type(ran.error) is RunTimeoutError
    why = "at the deadline" if given["deadline"] == 3 else "after 3 s"
    assert str(ran.error) == f"{RUN} is still queued {why}"
    assert sum(ran.waits) == pytest.approx(3)


# Trouble on the way


@pytest.mark.parametrize(
    ("end", "cls"),
    [
        (sse(("error", {"message": "Overloaded.", "code": "busy"})), StreamError),
        (sse(("error", {"error": {"message": "Overloaded.", "code": "busy"}})), StreamError),
        (b"", StreamCutError),
        (b"event: thread.message.delta\ndata: {", StreamCutError),
    ],
)
def test_trouble_in_the_stream_comes_behind_what_came(end: bytes, cls: type[Any]) -> None:
    cut = answer(sse(*answered("S", "o")[:-2]) + end, content_type="text/event-stream")
    ran = ask_stream(answer(message()), cut)
    assert ran.items == ["S", "o"]
    assert type(ran.error) is cls
    assert ran.error.partial.text == "So"
    assert ran.error.partial.run.id == RUN
    if cls is StreamError:
        assert (ran.error.message, ran.error.code) == ("Overloaded.", "busy")


STAGES: list[tuple[str, list[Step]]] = [
    ("question", []),
    ("start", [answer(message())]),
    ("look", BEGUN),
    ("submit", [*BEGUN, answer(waiting(CALLS[0]))]),
    ("read", [*BEGUN, answer(run())]),
]


@pytest.mark.parametrize(("name", "before"), STAGES)
def test_each_request_may_fail(name: str, before: list[Step]) -> None:
    """What could happen twice is not sent twice."""
    creates = name in ("question", "start")
    ran = ask(*before, lambda _: answer("", 500), tools=[weather])
    assert type(ran.error) is ServerError
    assert len(ran.requests) == len(before) + (1 if creates else 3)
    assert ran.error.may_have_taken_effect == (creates or name == "submit")
    lost = ask(*before, lambda _: breaks(httpx.ReadError("lost")), tools=[weather])
    assert type(lost.error) is APIConnectionError
    assert len(lost.requests) == len(ran.requests)
    # Who asks does not know the run, and may want to go on with it.
    told = name in ("look", "submit", "read")
    notes = [f"this is about the run {RUN} of {THREAD}"] if told else []
    assert [getattr(r.error, "__notes__", []) for r in (ran, lost)] == [notes] * 2


def test_no_answer_but_a_stream_will_do() -> None:
    ran = ask_stream(answer(message()), answer(run("queued")))
    assert type(ran.error) is UnparsableResponseError
    assert ran.items == []
    assert type(ask_stream(answer(message()), answer("", 404)).error) is NotFoundError


@both_ways
@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"assistant": ".."}, "assistant_id"),
        ({"temperature": 3}, "temperature"),
        ({"tools": "x"}, "tools"),
        ({"poll_deadline": 0}, "poll_deadline"),
        ({"poll_deadline": None}, "poll_deadline"),
        ({"max_retries": -1}, "max_retries"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_sent(
    way: Any, options: dict[str, Any], argument: str
) -> None:
    ran = way(**options)
    assert not ran.requests
    assert type(ran.error) is InvalidArgumentError
    assert ran.error.argument == argument
    misspelt = way(asistant="x")
    assert isinstance(misspelt.error, TypeError)
    assert not misspelt.requests


def test_without_the_extra_no_question_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message in the thread that no run follows would be in the way of the next try."""
    monkeypatch.setitem(sys.modules, "httpx_sse", None)
    ran = ask_stream()
    assert type(ran.error) is ConfigurationError
    assert not ran.requests
    assert ask(*BEGUN, answer(run()), answer(listed(reply("So.")))).result.text == "So."


# Connections


class Asked(Streaming):
    """Takes the question, then streams."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/messages"):
            return httpx.Response(200, json=message())
        return super().handle_request(request)


def test_nothing_is_sent_before_the_first_piece_is_asked_for() -> None:
    transport = Asked()
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT)
    assert transport.requests == []


def test_a_reply_that_is_not_read_to_its_end_lets_its_connection_go() -> None:
    body = Body([sse(event) for event in [*answered("a", "b", "c"), DONE]])
    with Laplas(api_key=KEY, base_url=BASE, transport=Asked(body)) as client:
        for text in client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT):
            assert text == "a"
            break
        assert body.closed
        assert body.given == 4


def test_the_connection_is_let_go_before_functions_are_called() -> None:
    bodies = [Body([sse(*wants(CALLS[0]))]), Body([sse(*answered("a"), DONE)])]

    def weather(place: str) -> str:
        assert bodies[0].closed
        return place

    with Laplas(api_key=KEY, base_url=BASE, transport=Asked(*bodies)) as client:
        pieces = client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT, tools=[weather])
        assert list(pieces) == ["a"]
    assert bodies[1].closed


def test_two_questions_at_once_do_not_mix() -> None:
    """On one async client; each thread hears its own reply."""

    class Slow(Body):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in self._chunks:
                await asyncio.sleep(0)
                yield chunk

    async def test() -> list[str]:
        bodies = [Slow([sse(e) for e in [*answered(*text), DONE]]) for text in ("abc", "xyz")]
        transport = Asked(*bodies)
        async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:

            async def hear(thread_id: str) -> str:
                pieces = client.thread(thread_id).ask_stream("How?", assistant=ASSISTANT)
                return "".join([text async for text in pieces])

            return list(await asyncio.gather(hear("thread_1"), hear("thread_2")))

    assert sorted(asyncio.run(test())) == ["abc", "xyz"]
