"""Asking an assistant: `ask` and `ask_stream` of both clients against scripted servers."""

from __future__ import annotations

import asyncio
import json
import math
import pickle
import sys
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from run_scripts import (
    ASSISTANT,
    BEGUN,
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
    Clock,
    Ran,
    Script,
    Step,
    answer,
    breaks,
    each,
    message,
    run_async,
    run_both,
    run_sync,
    settled,
)

from laplas import AsyncLaplas, Laplas, errors

QUESTION = ("POST", f"/threads/{THREAD}/messages")
START = ("POST", f"/threads/{THREAD}/runs")
LOOK = ("GET", f"/threads/{THREAD}/runs/{RUN}")
SUBMIT = ("POST", f"/threads/{THREAD}/runs/{RUN}/submit_tool_outputs")
READ = ("GET", f"/threads/{THREAD}/messages?limit=100&order=desc&run_id={RUN}")


def ask(*steps: Step | Script, content: Any = "How?", **options: Any) -> Ran:
    """Ask with both clients."""
    given = {"assistant": ASSISTANT, **options}
    return run_both(lambda c: c.thread(THREAD).ask(content, **given), *steps)


def ask_stream(*steps: Step | Script, content: Any = "How?", **options: Any) -> Ran:
    """Ask with both clients for a streamed reply."""
    given = {"assistant": ASSISTANT, **options}
    return run_both(
        lambda c: c.thread(THREAD).ask_stream(content, **given), *steps, collect="items"
    )


def targets(ran: Ran) -> list[tuple[str, str]]:
    """What was asked for, in order."""
    return [(sent.method, sent.target) for sent in ran.requests]


def finish(way: Any) -> list[Step]:
    """What a server answers once a run may begin, or go on."""
    if way is ask_stream:
        return [streamed(*answered("So."), DONE)]
    return [answer(run("queued")), answer(run()), answer(listed(reply("So.")))]


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
    calls = [answer(run("queued")), answer(waiting(CALLS[0]))]
    if way is ask_stream:
        calls = [streamed(*wants(CALLS[0]))]
    steps = [answer(message()), *calls, *finish(way)]
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


def test_a_server_need_not_say_which_thread_its_run_is_of() -> None:
    runs = [answer(run(status, thread_id=None)) for status in ("queued", "completed")]
    asked = ask(answer(message()), *runs, answer(listed(reply("So."))))
    assert asked.result.text == "So."
    assert targets(asked) == [QUESTION, START, LOOK, READ]


def test_a_run_that_wrote_nothing_is_no_reply() -> None:
    """Silence is not taken for an answer."""
    asked = ask(*BEGUN, answer(run()), answer(listed(message())))
    streaming = ask_stream(answer(message()), streamed(("thread.run.completed", run()), DONE))
    for ran in (asked, streaming):
        assert type(ran.error) is errors.RunError
        assert str(ran.error) == f"{RUN} completed without a message"
        assert ran.error.run.status == "completed"


# The other ends

LIMIT = {"incomplete_details": {"reason": "max_completion_tokens"}}
FAILURE = {"last_error": {"code": "server_error", "message": "It broke."}}
ENDS: list[tuple[str, dict[str, Any], type[errors.RunError], str]] = [
    ("failed", FAILURE, errors.RunFailedError, f"{RUN} is failed: It broke."),
    ("failed", {}, errors.RunFailedError, f"{RUN} is failed: no reason given"),
    ("failed", {"last_error": 7}, errors.RunFailedError, f"{RUN} is failed: no reason given"),
    ("expired", {}, errors.RunExpiredError, f"{RUN} is expired: no reason given"),
    ("cancelled", {}, errors.RunCancelledError, f"{RUN} is cancelled: no reason given"),
    ("incomplete", LIMIT, errors.RunIncompleteError, f"{RUN} stopped early: max_completion_tokens"),
    ("incomplete", {}, errors.RunIncompleteError, f"{RUN} stopped early: None"),
    ("odd", {}, errors.RunError, f"{RUN} is odd: no reason given"),
]


@pytest.mark.parametrize(("status", "fields", "cls", "said"), ENDS)
def test_each_end_of_a_run_has_its_error_behind_what_came(
    status: str, fields: dict[str, Any], cls: type[errors.RunError], said: str
) -> None:
    told = run(status, **fields)
    ran = ask(*BEGUN, answer(told), lambda _: answer(listed(reply("So f"))))
    # Only where it may have written something is it worth asking for.
    assert targets(ran)[3:] == ([READ] if status == "incomplete" else [])
    events = [*answered("So", " f", status=status, **fields), DONE]
    streaming = ask_stream(answer(message()), streamed(*events))
    assert streaming.items == ["So", " f"]
    for error in (ran.error, streaming.error):
        for one in (error, pickle.loads(pickle.dumps(error))):
            assert (type(one), str(one), one.run.to_dict()) == (cls, said, told)
        if status == "incomplete":
            assert [written.text for written in error.messages] == ["So f"]


def test_a_run_that_cannot_be_read_is_not_taken_for_completed() -> None:
    broken: list[Event] = [*answered("a")[:-1], ("thread.run.failed", {"id": RUN}), DONE]
    ran = ask_stream(answer(message()), streamed(*broken))
    assert ran.items == ["a"]
    assert type(ran.error) is errors.RunError
    assert "could not be understood" in str(ran.error)
    assert type(ask(*BEGUN, answer({"id": RUN})).error) is errors.UnparsableResponseError


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
    begun = ("thread.run.created", run("queued"))
    return [begun, ("thread.run.requires_action", waiting(*calls)), DONE]


def test_functions_are_called_as_the_run_asks() -> None:
    further = [answer(run("queued")), answer(run("in_progress")), answer(run())]
    end = answer(listed(reply("Wet.")))
    ran = ask(*BEGUN, answer(waiting(*CALLS)), *further, end, tools=[weather])
    assert ran.result.text == "Wet."
    assert targets(ran) == [QUESTION, START, LOOK, SUBMIT, LOOK, LOOK, READ]
    assert ran.requests[3].json().keys() == {"tool_outputs"}


def test_functions_are_called_between_the_pieces() -> None:
    begin = [("thread.message.created", reply(id="msg_0")), piece("Hm. ", id="msg_0")]
    ran = ask_stream(
        answer(message()),
        streamed(*begin, *wants(*CALLS)),
        streamed(*wants(("call_3", "weather", '{"place": "Atlantis"}'))),
        streamed(*answered("Wet", "."), DONE),
        tools=[weather],
    )
    assert ran.problem is None
    assert ran.items == ["Hm. ", "Wet", "."]
    assert targets(ran) == [QUESTION, START, SUBMIT, SUBMIT]
    bodies = [sent.json() for sent in ran.requests[2:]]
    assert [body["stream"] for body in bodies] == [True, True]
    told = [output for body in bodies for output in body["tool_outputs"]]
    assert [output["tool_call_id"] for output in told] == ["call_1", "call_2", "call_3"]
    assert told[0]["output"] == "wet"
    assert "'place' is missing" in told[1]["output"]
    assert json.loads(told[2]["output"]) == {"error": "LookupError: Atlantis"}


@pytest.mark.parametrize("runs", [run_sync, run_async])
def test_a_server_that_has_not_noticed_the_outputs_gets_none_again(runs: Any) -> None:
    """A function may do things that must not be done twice. Ids may come again, later."""
    made: list[str] = []

    def weather(place: str) -> None:
        made.append(place)

    queued, going = answer(run("queued")), answer(run("in_progress"))
    first = answer(waiting(CALLS[0]))
    again = answer(waiting(("call_2", "weather", '{"place": "Rome"}')))
    turns = [first, queued, *[first] * 3, again, queued, again, going, again, queued]
    call = lambda c: c.thread(THREAD).ask("How?", assistant=ASSISTANT, tools=[weather])  # noqa: E731
    ran = runs(call, *BEGUN, *turns, answer(run()), answer(listed(reply("Wet."))))
    assert ran.result.text == "Wet."
    assert made == ["Bergen", "Rome", "Rome"]
    assert [target for target in targets(ran) if target[0] == "POST"][2:] == [SUBMIT] * 3


def test_a_call_of_a_function_that_was_not_given_ends_the_asking() -> None:
    """And none of the others is called in vain."""
    made: list[str] = []

    def weather(place: str) -> None:
        made.append(place)

    calls = (CALLS[0], ("call_2", "absent", "{}"))
    for tools, missing in (
        *(({}, "weather, absent"), ({"tools": [{"type": "file_search"}]}, "weather, absent")),
        *(({"tools": []}, "weather, absent"), ({"tools": [weather]}, "absent")),
    ):
        asked = ask(*BEGUN, answer(waiting(*calls)), **tools)
        streaming = ask_stream(answer(message()), streamed(*wants(*calls)), **tools)
        for ran in (asked, streaming):
            assert type(ran.error) is errors.RunRequiresActionError
            assert str(ran.error) == f"{RUN} waits for {missing}"
            assert ran.error.run.to_dict() == waiting(*calls)
    assert made == []
    odd = run("requires_action", required_action={"type": "dance"})
    assert str(ask(*BEGUN, answer(odd)).error) == f"{RUN} waits for no function"


# A run that is in the way

OTHER = ("GET", f"/threads/{THREAD}/runs/run_other")
BUSY, AGAIN = (
    answer({"error": {"message": text, "type": "invalid_request_error"}}, 400)
    for text in (
        f"Can't add messages to {THREAD} while a run run_other is active.",
        f"Thread {THREAD} already has an active run run_other.",
    )
)


@both_ways
def test_a_run_in_the_way_is_named_and_can_be_waited_for(way: Any) -> None:
    """Before the question, and before the run.

    Also one that waits for somebody, who may be about to give it its outputs; if not, it expires.
    """
    for steps in ([BUSY], [answer(message()), AGAIN]):
        error = way(*steps).error
        assert type(error) is errors.ActiveRunError
        assert (error.thread_id, error.run_id) == (THREAD, "run_other")
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
    assert type(late.error) is errors.RunTimeoutError
    assert str(late.error) == "run_other is still in_progress after 7 s"
    assert sum(late.waits) == pytest.approx(7)
    refusal = {"error": {"message": "Bad content.", "type": "invalid_request_error"}}
    refused = way(answer(refusal, 400), wait_for_active_run=True)
    assert type(refused.error) is errors.BadRequestError


# Time


def test_a_run_gets_no_more_time_than_the_deadline() -> None:
    """Nor do function calls begin it anew: a model may call and call for ever."""
    ran = ask(*BEGUN, lambda _: answer(run("in_progress")), poll_deadline=9)
    assert type(ran.error) is errors.RunTimeoutError
    assert ran.error.run.id == RUN
    assert sum(ran.waits) == pytest.approx(9)
    turn = [answer(run("in_progress"), takes=1), answer(waiting(CALLS[0]), takes=1)]
    turn.append(answer(run("queued")))
    ran = ask(*BEGUN, *turn * 20, tools=[weather], poll_deadline=20)
    assert type(ran.error) is errors.RunTimeoutError
    looks = sum(target == LOOK for target in targets(ran))
    assert looks + sum(ran.waits) == pytest.approx(20, abs=1)
    turns = [streamed(*wants(CALLS[0]))._replace(takes=1)] * 20
    ran = ask_stream(answer(message()), *turns, tools=[weather], poll_deadline=5)
    assert type(ran.error) is errors.RunTimeoutError
    assert ran.error.run.id == RUN
    assert 5 <= len(ran.requests) <= 8


def test_the_question_the_start_and_the_looks_count_together() -> None:
    begun = [answer(message(), takes=2), answer(run("queued"), takes=2)]
    ran = ask(*begun, lambda _: answer(run("in_progress"), takes=0.5), deadline=6)
    assert type(ran.error) is errors.RunTimeoutError
    assert ran.error.run.id == RUN
    looks = len(ran.requests) - 2
    assert 4 + looks * 0.5 + sum(ran.waits) == pytest.approx(6)
    # Nor do the retries of a later request begin it anew.
    busy = answer("x", 429, takes=1)
    ran = ask(answer(message(), takes=2), lambda _: busy, deadline=5, max_retries=9)
    assert type(ran.error) is errors.RateLimitError
    assert 2 + (len(ran.requests) - 1) + sum(ran.waits) <= 5


def test_nothing_is_sent_after_the_deadline() -> None:
    late = answer(waiting(CALLS[0]), takes=9)
    for ran, operation in (
        (ask(answer(message(), takes=9), deadline=5), "create_run"),
        (ask_stream(answer(message(), takes=9), deadline=5), "create_run"),
        (ask(*BEGUN, answer(run(), takes=9), deadline=5), "list_messages"),
    ):
        error = ran.error
        assert type(error) is errors.APITimeoutError, error
        assert error.operation == operation
        about = [] if operation == "create_run" else [f"this is about the run {RUN} of {THREAD}"]
        assert getattr(error, "__notes__", []) == about
    # Nor is a function called whose output nobody could be told.
    made: list[str] = []

    def weather(place: str) -> None:
        made.append(place)

    turn = streamed(*wants(CALLS[0]))._replace(takes=4)
    for ran in (
        ask(*BEGUN, late, tools=[weather], deadline=5),
        ask_stream(answer(message(), takes=4), turn, tools=[weather], deadline=5),
    ):
        assert str(ran.error) == f"{RUN} still waits for functions at the deadline"
        assert type(ran.error) is errors.RunTimeoutError
    assert made == []


def test_a_look_that_hangs_does_not_outlast_what_polling_may_take() -> None:
    """Nor do its retries."""
    hangs = breaks(httpx.ReadTimeout("hangs"), takes=2)
    for looks in ([answer(run("queued"))], []):
        ran = ask(*BEGUN, *looks, lambda _: hangs, poll_deadline=5, max_retries=9)
        assert isinstance(ran.error, errors.APITimeoutError)
        assert ran.error.run.id == RUN
        assert 2 * (len(ran.requests) - 2 - len(looks)) + sum(ran.waits) < 5
        assert max(timeout["read"] or 99 for timeout in ran.timeouts[2:]) <= 5
    late = breaks(httpx.ReadTimeout("hangs"), takes=5)
    ran = ask(*BEGUN, answer(run("queued")), late, poll_deadline=5)
    assert str(ran.error) == f"{RUN} is still queued after 5 s"


def test_no_further_function_is_begun_after_the_deadline() -> None:
    """One under way cannot be stopped where it is not async."""
    made: list[str] = []

    def weather(place: str) -> None:
        made.append(place)
        time.sleep(9)

    calls = [(name, "weather", f'{{"place": "{name}"}}') for name in ("Bergen", "Rome")]
    call = lambda c: c.thread(THREAD).ask("How?", assistant=ASSISTANT, tools=[weather], deadline=5)  # noqa: E731
    ran = run_sync(call, *BEGUN, answer(waiting(*calls)))
    assert type(ran.error) is errors.RunTimeoutError
    assert made == ["Bergen"]


# Trouble on the way


def test_trouble_in_the_stream_comes_behind_what_came() -> None:
    failure = sse(("error", {"message": "Overloaded.", "code": "busy"}))
    for end, cls, code in (
        (failure, errors.StreamError, "busy"),
        (b"event: thread.message.delta\ndata: {", errors.StreamCutError, None),
    ):
        cut = answer(sse(*answered("S", "o")[:-2]) + end, content_type="text/event-stream")
        ran = ask_stream(answer(message()), cut)
        assert ran.items == ["S", "o"]
        assert type(ran.error) is cls
        assert ran.error.partial.text == "So"
        assert ran.error.partial.run.id == RUN
        assert getattr(ran.error, "code", None) == code


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
    assert type(ran.error) is errors.ServerError
    assert len(ran.requests) == len(before) + (1 if creates else 3)
    # What failed may only have read; but from the question on, something was done.
    assert ran.error.may_have_taken_effect
    lost = ask(*before, lambda _: breaks(httpx.ReadError("lost")), tools=[weather])
    assert type(lost.error) is errors.APIConnectionError
    assert len(lost.requests) == len(ran.requests)
    # Who asks does not know the run, and may want to go on with it.
    told = name in ("look", "submit", "read")
    notes = [f"this is about the run {RUN} of {THREAD}"] if told else []
    assert [getattr(r.error, "__notes__", []) for r in (ran, lost)] == [notes] * 2
    for error in (lost.error, pickle.loads(pickle.dumps(ran.error))):
        assert (error.question is None) == (name == "question")
        assert (error.run and error.run.id) == (RUN if told else None)


@both_ways
@pytest.mark.parametrize(
    "trouble",
    [
        [answer("", 400)],
        [answer("", 429)] * 3,
        [answer("", 500)],
        [breaks(httpx.ReadError("lost"))],
        [answer("<html>")],
        [AGAIN],
        [streamed(*answered("So")[:3])],  # cut; no stream at all to `ask`
    ],
)
def test_the_next_asking_goes_on_from_the_question_of_an_error(way: Any, trouble: Any) -> None:
    """It is on the thread already: no second one is added."""
    error = way(answer(message()), *trouble).error
    assert error.may_have_taken_effect
    assert error.question.to_dict() == message()
    question = pickle.loads(pickle.dumps(error)).question
    ran = way(*finish(way), content=question)
    assert (ran.problem, targets(ran)[0]) == (None, START)
    assert QUESTION not in targets(ran)
    # Nothing was done this time; yet the question is known.
    again = way(answer("", 403), content=question).error
    assert (again.question.id, again.may_have_taken_effect) == (question.id, False)


@both_ways
def test_a_message_of_another_thread_is_no_question(way: Any) -> None:
    (question,) = run_sync(
        lambda c: c.messages.list("thread_other"), answer([message(thread_id="thread_other")])
    ).result.data
    ran = way(content=question)
    assert ran.error.argument == "content"
    assert not ran.requests


@both_ways
def test_a_question_asked_once_is_not_doubled_where_its_answer_is_lost(way: Any) -> None:
    text = {"type": "text", "text": {"value": "How?", "annotations": []}}
    there = message(content=[text], metadata={"laplas_once": "key"})
    lost = breaks(httpx.ReadError("lost"))
    begin = [answer(listed()), lost, answer(listed(there)), answer(there)]
    ran = way(*begin, *finish(way), once="key")
    assert ran.problem is None
    assert [target for target in targets(ran) if target[0] == "POST"] == [QUESTION, START]


# More of them is in test_runs.
BAD: list[tuple[str, dict[str, Any]]] = [
    ("assistant_id", {"assistant": ".."}),
    ("temperature", {"temperature": 3}),
    ("tools", {"tools": "x"}),
    ("poll_deadline", {"poll_deadline": 0}),
    ("max_retries", {"max_retries": -1}),
    ("timeout", {"timeout": "soon"}),
    ("deadline", {"deadline": 0}),
    ("once", {"once": ""}),
    ("wait_for_active_run", {"wait_for_active_run": 1}),
    ("response_format", {"response_format": errors.RunError}),  # a class, as of pydantic
    ("extra_headers", {"extra_headers": {"a b": "c"}}),
    ("extra_query", {"extra_query": {"a": "\ud800"}}),
    ("extra_query", {"extra_query": "a=b"}),
    ("extra_body", {"extra_body": {"a": {1}}}),
    ("extra_body", {"extra_body": {"a": math.nan}}),
    ("extra_body", {"extra_body": ["a"]}),
]


@both_ways
def test_bad_arguments_are_refused_before_anything_is_sent(way: Any) -> None:
    for argument, options in BAD:
        ran = way(**options)
        assert not ran.requests
        assert type(ran.error) is errors.InvalidArgumentError
        assert ran.error.argument == argument
    misspelt = way(asistant="x")
    assert isinstance(misspelt.error, TypeError)
    assert not misspelt.requests


def test_without_the_extra_no_question_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message in the thread that no run follows would be in the way of the next try."""
    monkeypatch.setitem(sys.modules, "httpx_sse", None)
    ran = ask_stream()
    assert type(ran.error) is errors.ConfigurationError
    assert not ran.requests
    assert ask(*BEGUN, answer(run()), answer(listed(reply("So.")))).result.text == "So."


# Connections


class Slow(Body):
    """A server that takes two seconds for each piece, by the clock of the test."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self:
            yield chunk

    def __iter__(self) -> Iterator[bytes]:
        for chunk in super().__iter__():
            time.sleep(2)
            yield chunk


class Asked(Streaming):
    """Takes the question, then streams."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/messages"):
            return httpx.Response(200, json=message(thread_id=request.url.path.split("/")[2]))
        return super().handle_request(request)


def test_a_stream_begins_with_its_first_piece_and_is_let_go_before_functions_are_called() -> None:
    bodies = [Body([sse(*wants(CALLS[0]))]), Body([sse(*answered("a"), DONE)])]
    closed: list[list[int]] = []

    def weather(place: str) -> None:
        closed.append([body.closed for body in bodies])

    transport = Asked(*bodies)
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        pieces = client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT, tools=[weather])
        assert transport.requests == []
        assert list(pieces) == ["a"]
    assert [[count > 0 for count in counts] for counts in closed] == [[True, False]]
    assert bodies[1].closed


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
@pytest.mark.parametrize("own", ["transport", "http_client"])
@pytest.mark.parametrize("way", ["ask_stream", "stream"])
def test_a_deadline_ends_a_stream_between_its_pieces(cls: Any, own: str, way: str) -> None:
    """However often a piece comes, and whoever brings it."""
    body = Slow([sse(event) for event in [*answered(*"abcdefgh"), DONE]])
    network: Any = Asked(body)
    if own == "http_client":
        kind = httpx.Client if cls is Laplas else httpx.AsyncClient
        network = kind(transport=network)
    heard = ""

    async def hear() -> None:
        nonlocal heard
        client = cls(**{"api_key": KEY, "base_url": BASE, own: network})
        try:
            if way == "stream":
                opened = client.runs.create(THREAD, ASSISTANT, stream=True, deadline=12)
                pieces = (await settled(opened)).text
            else:
                thread = client.thread(THREAD)
                pieces = thread.ask_stream("How?", assistant=ASSISTANT, deadline=12)
            async for text in each(pieces):
                heard += text
        finally:
            await settled(client.close())

    with Clock().installed(), pytest.raises(errors.StreamCutError) as caught:
        asyncio.run(hear())
    assert heard == "abc", "what came by then, in events 4 to 6"
    assert (caught.value.kind, caught.value.message) == ("read_timeout", "the deadline has passed")
    assert caught.value.partial.text == "abc"
    assert body.closed


async def test_two_questions_at_once_do_not_mix() -> None:
    """On one async client; each thread hears its own reply."""

    class Yielding(Body):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for chunk in self._chunks:
                await asyncio.sleep(0)
                yield chunk

    bodies = [
        Yielding([sse(event) for event in [*answered(*text), DONE]]) for text in ("abc", "xyz")
    ]
    transport = Asked(*bodies)
    async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:

        async def hear(thread_id: str) -> str:
            pieces = client.thread(thread_id).ask_stream("How?", assistant=ASSISTANT)
            return "".join([text async for text in pieces])

        heard = await asyncio.gather(hear("thread_1"), hear("thread_2"))
    assert sorted(heard) == ["abc", "xyz"]
