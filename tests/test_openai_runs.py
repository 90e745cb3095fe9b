"""Runs in the words of the openai package: both packages on the same streams do the same."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, assert_type, get_type_hints

import httpx
import pytest
import support
import trio
from run_scripts import (
    ASSISTANT,
    DONE,
    FILE,
    RUN,
    STEP,
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
from scripted import BASE, KEY, MESSAGE, THREAD, answer, run_both
from test_streams import CITATION, MARK, QUOTED, added, called, said

import laplas
from laplas import AsyncLaplas, Laplas
from laplas._core.events import as_whole, merge
from laplas.errors import (
    APIStatusError,
    InvalidArgumentError,
    RunError,
    RunTimeoutError,
    StreamCutError,
    StreamError,
)
from laplas.local import LocalServer, running
from laplas.types import CallOptions
from laplas_api.event_handlers import AsyncCallbacks, Callbacks

openai = pytest.importorskip("openai")
httpx2 = pytest.importorskip("httpx2")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

IDS: dict[str, Any] = {"thread_id": THREAD, "assistant_id": ASSISTANT}
OUTPUTS = [{"tool_call_id": "call_1", "output": "42"}]
HANDLER = laplas.AssistantEventHandler
ASYNC_HANDLER = laplas.AsyncAssistantEventHandler
METHODS = [name for name in vars(Callbacks) if name.startswith("on_")]


# Signatures

HELPERS = {
    "runs": "poll create_and_poll stream create_and_stream submit_tool_outputs_and_poll "
    "submit_tool_outputs_stream create submit_tool_outputs",
    "threads": "create_and_run create_and_run_poll create_and_run_stream",
}
EXCEPTIONS = {
    ("poll", name): "taken by keyword only, as everywhere"
    for name in ("extra_headers", "extra_query", "extra_body", "timeout", "poll_interval_ms")
}
"""Parameters that are not taken in the place that they have in the openai package."""


def _pairs() -> Iterator[Any]:
    theirs: Any = openai.OpenAI(api_key=KEY).beta, openai.AsyncOpenAI(api_key=KEY).beta
    ours: Any = Laplas(api_key=KEY).beta, AsyncLaplas(api_key=KEY).beta
    for half in (0, 1):
        for place, names in HELPERS.items():
            for name in names.split():
                pair = [beta.threads if place == "threads" else beta.threads.runs
                        for beta in (theirs[half], ours[half])]  # fmt: skip
                yield pytest.param(name, *pair, id=f"{'async ' * half}{name}")


@pytest.mark.parametrize(("name", "theirs", "ours"), [*_pairs()])
def test_every_parameter_of_the_openai_package_is_taken(name: str, theirs: Any, ours: Any) -> None:
    wanted = inspect.signature(getattr(theirs, name)).parameters
    signature = inspect.signature(getattr(ours, name))
    given = signature.parameters
    options = get_type_hints(CallOptions)
    for position, parameter in enumerate(wanted.values()):
        known = parameter.name in given or parameter.name in options
        assert known, f"{name} does not take {parameter.name}"
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            found = list(given)[position : position + 1] == [parameter.name]
            found = found and given[parameter.name].kind is parameter.kind
            assert found is ((name, parameter.name) not in EXCEPTIONS), parameter.name
    signature.bind(**{p.name: None for p in wanted.values() if p.default is p.empty})
    assert inspect.iscoroutinefunction(getattr(ours, name)) is inspect.iscoroutinefunction(
        inspect.unwrap(getattr(theirs, name))
    )


@pytest.mark.parametrize("prefix", ["", "Async"])
def test_handlers_have_the_names_of_the_openai_package(prefix: str) -> None:
    theirs = getattr(openai, f"{prefix}AssistantEventHandler")
    ours = getattr(laplas, f"{prefix}AssistantEventHandler")
    names = [name for name in dir(theirs()) if not name.startswith("_")]
    assert {*METHODS, "text_deltas", "current_event", "until_done", "close"} < {*names}
    for name in names:
        mine: Any = getattr(ours, name)
        other: Any = getattr(theirs, name, None)
        if inspect.isfunction(mine):
            wanted = list(inspect.signature(other).parameters)
            assert list(inspect.signature(mine).parameters) == wanted, name
            assert inspect.iscoroutinefunction(mine) is inspect.iscoroutinefunction(other), name
        else:
            assert isinstance(mine, property), name
    for name, method in vars(Callbacks).items():
        if name.startswith("on_"):
            assert method.__doc__ == vars(AsyncCallbacks)[name].__doc__


# The same handler on the same streams


def _plain(value: Any) -> Any:
    """What both packages show of a value: their absent fields, and indexes, aside."""
    if isinstance(value, BaseException):
        return "an error"
    if hasattr(value, "event") and hasattr(value, "data"):
        return [value.event, _plain(value.data)]
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "model_dump") and not hasattr(value, "to_dict"):
        value = value.model_dump(exclude_unset=True, warnings=False)
    value = value.to_dict() if hasattr(value, "to_dict") else value
    if isinstance(value, dict):
        kept = {name: _plain(item) for name, item in value.items() if name != "index"}
        return {name: item for name, item in kept.items() if item not in (None, [], {}, "")}
    return value


def _logging(base: Any, log: list[Any]) -> Any:
    """An instance of a handler that overrides every method to note what it is told and shows."""

    def note(self: Any, name: str, given: Any) -> None:
        # A step that ended is shown as it ended; there, as its deltas left it.
        step_ = None if name.endswith(("done", "event")) else self.current_run_step_snapshot
        shown = [self.current_run, self.current_message_snapshot, getattr(step_, "step_details", 0)]
        event = self.current_event and self.current_event.event
        log.append((name, _plain(list(given)), _plain(shown), event))

    def method(name: str) -> Any:
        async def noting(self: Any, *given: Any) -> None:
            note(self, name, given)

        return noting if "Async" in base.__name__ else lambda self, *given: note(self, name, given)

    return type("Handler", (base,), {name: method(name) for name in METHODS})()


def _theirs(body: bytes) -> Any:
    """The openai package's client, whose every request is answered by this stream."""
    headers = {"content-type": "text/event-stream"}
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, headers=headers, content=body))
    return openai.OpenAI(api_key=KEY, base_url=BASE, http_client=httpx2.Client(transport=transport))


def _read(client: Any, base: Any) -> tuple[list[Any], Any]:
    """What a handler is told of a stream, and what the stream comes to."""
    log: list[Any] = []
    with (
        suppress(StreamError, StreamCutError, openai.APIError),
        client.beta.threads.runs.stream(**IDS, event_handler=_logging(base, log)) as stream,
    ):
        log += [f"read {event.event}" for event in stream]
    return log, stream


async def _read_async(body: bytes) -> list[Any]:
    log: list[Any] = []
    handler = _logging(ASYNC_HANDLER, log)
    with suppress(StreamError, StreamCutError):
        async with (
            AsyncLaplas(api_key=KEY, transport=Streaming(Body([body]))) as client,
            client.beta.threads.runs.stream(**IDS, event_handler=handler) as stream,
        ):
            log += [f"read {event.event}" async for event in stream]
    return log


def _finals(stream: Any) -> Any:
    """What the getters give; of steps what they did, as there they stay as deltas left them."""
    found = []
    for name in ("get_final_run", "get_final_messages", "get_final_run_steps"):
        try:
            got = getattr(stream, name)()
        except (RunError, RuntimeError):
            got = "none"
        if name.endswith("steps") and got != "none":
            got = [one.id for one in got]
        found.append(_plain(got))
    return found


def _step(id: str, kind: str, status: str = "in_progress", *calls: Any) -> Event:
    details = {"type": kind, kind: [*calls] if kind == "tool_calls" else {"message_id": MESSAGE}}
    name = "created" if status == "in_progress" else status
    return f"thread.run.step.{name}", step(id=id, type=kind, status=status, step_details=details)


def _run(status: str, **fields: Any) -> Event:
    return f"thread.run.{status}", run(status, **fields)


def _image(index: int) -> dict[str, Any]:
    return {"index": index, "type": "image_file", "image_file": {"file_id": FILE}}


def _written(id: str, *parts: Any, **fields: Any) -> Event:
    return "thread.message.completed", reply(id=id, content=list(parts), **fields)


BEGUN: list[Event] = [
    ("thread.created", {"id": THREAD, "object": "thread", "created_at": 1, "metadata": {}}),
    ("thread.run.created", run("queued")),
    ("thread.run.queued", run("queued")),
    ("thread.run.in_progress", run("in_progress")),
]
TEXT, CODE, SEARCH = "text", "code_interpreter", "file_search"
IMAGE = {"type": "image_file", "image_file": {"file_id": FILE}}
CITED = {"type": TEXT, TEXT: {"value": f"Да 😀{MARK}", "annotations": [CITATION]}}
TOLD: list[Event] = [
    _step(STEP, "message_creation"),
    ("thread.run.step.in_progress", step(id=STEP, status="in_progress")),
    ("thread.message.created", reply()),
    ("thread.message.in_progress", reply()),
    added(said("Да", annotations=[])),
    added(said(" 😀")),
    added(said(MARK, annotations=[QUOTED])),
]
FUNCTIONS = [("call_1", "f", "{}"), ("call_2", "g", '{"a": 1}')]
LOGS = [{"index": 0, "type": "logs", "logs": "1\n"}]
OWN: dict[str, list[Event]] = {
    "text": answered("a", "b", "c"),
    "citation": [
        *BEGUN, *TOLD, _written(MESSAGE, CITED), _step(STEP, "message_creation", "completed"),
        _run("completed"),
    ],
    "parts": [
        *BEGUN, *TOLD, added(_image(1)), added({"index": 2, "type": TEXT, TEXT: {"value": "x"}}),
        added({"index": 2, "type": TEXT, TEXT: {"value": "y"}}, _image(3)),
        _written(MESSAGE, CITED, IMAGE, reply("xy")["content"][0], IMAGE),
        _run("completed"),
    ],
    "refusal": [
        *BEGUN, ("thread.message.created", reply()),
        *[added({"index": 0, "type": "refusal", "refusal": text}) for text in ("I ", "won't")],
        _written(MESSAGE, {"type": "refusal", "refusal": "I won't"}),
        _run("completed"),
    ],
    "calls": [
        *BEGUN, _step(STEP, "tool_calls"),
        called(0, id="call_1", name="f", arguments="", output=None), called(0, arguments="{}"),
        called(1, id="call_2", name="g", arguments="", output=None),
        called(1, arguments='{"a"'), called(1, arguments=": 1}"),
        ("thread.run.requires_action", waiting(*FUNCTIONS)),
    ],
    "tools, then two messages": [
        *BEGUN, _step(STEP, "tool_calls"),
        called(0, CODE, id="call_1", input="", outputs=[]), called(0, CODE, input="print(1)"),
        called(0, CODE, outputs=LOGS), called(1, SEARCH, id="call_2"),
        _step(STEP, "tool_calls", "completed"), _step("step_2", "tool_calls"),
        *[(name, {**delta, "id": "step_2"}) for name, delta in (
            called(0, CODE, id="call_3", input="x", outputs=[]), called(0, CODE, input="y"),
        )],
        _step("step_2", "tool_calls", "failed"),
        ("thread.message.created", reply()), added(said("a")), added(_image(1)),
        _written(MESSAGE, reply("a")["content"][0], IMAGE),
        ("thread.message.created", reply(id="msg_2")), piece("b", id="msg_2"),
        _written("msg_2", reply("b")["content"][0]), _run("completed"),
    ],
    "incomplete": [
        *answered("a")[:-2], ("thread.message.incomplete", reply("a")), _run("incomplete"),
    ],
    "failed": [*BEGUN, _run("failed", last_error={"code": "server_error", "message": "x"})],
    "cancelled": [*BEGUN, _run("cancelling"), _run("cancelled")],
    "expired": [
        *BEGUN, _step(STEP, "tool_calls"), called(0, id="c", name="f", arguments=""),
        _step(STEP, "tool_calls", "expired"), _run("expired"),
    ],
    "an error": [*answered("a", "b")[:-2], ("error", {"error": {"message": "no"}})],
}  # fmt: skip
RECORDED = support.exchanges() if support.RECORDINGS.exists() else []
STREAMS = [pytest.param(sse(*events, DONE), id=name) for name, events in OWN.items()] + [
    pytest.param(row["response_body"].encode(), id=row["id"])
    for row in RECORDED
    # The published examples leave out events, and have a brace too many.
    if str(row["response_body"]).startswith("event:") and row["provenance"] != "documentation"
    and not row["id"].startswith("openai-openapi")
]  # fmt: skip


@pytest.mark.parametrize("body", STREAMS)
def test_a_handler_is_told_what_the_openai_package_tells_it(body: bytes) -> None:
    """Every call with its arguments, and what the properties show meanwhile, in both clients."""
    theirs, their_stream = _read(_theirs(body), openai.AssistantEventHandler)
    with Laplas(api_key=KEY, transport=Streaming(Body([body]))) as client:
        ours, our_stream = _read(client, HANDLER)
    assert ours == theirs
    assert len(ours) > 6
    if b"event: error" not in body:
        assert _finals(our_stream) == _finals(their_stream)
        assert our_stream.current_event is None
    assert asyncio.run(_read_async(body)) == ours


@pytest.mark.parametrize("body", STREAMS)
def test_without_a_handler_text_and_results_are_the_same(body: bytes) -> None:
    texts, shown = [], []
    for client in (_theirs(body), Laplas(api_key=KEY, transport=Streaming(Body([body])))):
        found: list[str] = []
        texts.append(found)
        with (
            client,
            suppress(StreamError, openai.APIError),
            client.beta.threads.runs.stream(**IDS) as each,
        ):
            found.extend(each.text_deltas)
        shown.append(_plain([each.current_run, each.current_message_snapshot]))
    assert texts[0] == texts[1]
    assert shown[0] == shown[1]


def test_what_a_handler_is_given_are_models() -> None:
    kinds: dict[str, list[str]] = {}

    class Handler(laplas.AssistantEventHandler):
        def __getattribute__(self, name: str) -> Any:
            if name not in METHODS:
                return super().__getattribute__(name)
            return lambda *given: kinds.setdefault(name, [type(one).__name__ for one in given])

    for events in OWN.values():
        with (
            suppress(StreamError),
            Laplas(api_key=KEY, transport=Streaming(Body([sse(*events, DONE)]))) as client,
            client.beta.threads.runs.stream(**IDS, event_handler=Handler()) as stream,
        ):
            stream.until_done()
    assert kinds == {
        "on_event": ["StreamEvent"],
        "on_run_step_created": ["RunStep"],
        "on_run_step_delta": ["RunStepDelta", "RunStep"],
        "on_run_step_done": ["RunStep"],
        "on_tool_call_created": ["FunctionCall"],
        "on_tool_call_delta": ["FunctionCallDelta", "FunctionCall"],
        "on_tool_call_done": ["FunctionCall"],
        "on_exception": ["StreamError"],
        "on_message_created": ["Message"],
        "on_message_delta": ["MessageDelta", "Message"],
        "on_message_done": ["Message"],
        "on_text_created": ["Text"],
        "on_text_delta": ["TextDelta", "Text"],
        "on_text_done": ["Text"],
        "on_image_file_done": ["ImageFile"],
        "on_end": [],
    }


# Streams: when they are sent, and how they end


def test_nothing_is_sent_before_the_block_and_leaving_it_early_closes_the_stream() -> None:
    body = Body([sse(event) for event in [*OWN["text"], DONE]])
    transport = Streaming(body)
    log: list[Any] = []
    with Laplas(api_key=KEY, transport=transport) as client:
        handler = _logging(HANDLER, log)
        manager = client.beta.threads.runs.create_and_stream(**IDS, event_handler=handler)
        assert not transport.requests
        with pytest.raises(RuntimeError, match="has not begun"):
            next(handler)
        with manager as stream:
            assert stream is handler
            assert next(stream).event == "thread.run.created"
        assert body.closed
        assert log[-1][0] == "on_event"
        with pytest.raises(StreamCutError, match="before it was done"):
            stream.get_final_run()
        assert [entry[0] for entry in log[-2:]] == ["on_exception", "on_end"]
        once = "event_handler: is for one stream"
        with pytest.raises(InvalidArgumentError, match=once), manager:
            pass
        with pytest.raises(InvalidArgumentError, match=once):
            client.beta.threads.runs.stream(**IDS, event_handler=handler)
        assert len(transport.requests) == 1


HANDLERS = [HANDLER, ASYNC_HANDLER(), openai.AssistantEventHandler(), print, 0]


@pytest.mark.parametrize("handler", HANDLERS, ids=lambda given: type(given).__name__)
def test_what_is_no_handler_of_this_client_is_refused(handler: Any) -> None:
    expected = r"event_handler: must be an instance of a subclass of \w+\.AssistantEventHandler"
    outputs: Any = {"thread_id": THREAD, "run_id": RUN, "tool_outputs": OUTPUTS}
    with Laplas(api_key=KEY, transport=Streaming()) as client:
        runs, create = client.beta.threads.runs, client.beta.threads.create_and_run_stream
        with pytest.raises(InvalidArgumentError, match=expected):
            runs.stream(**IDS, event_handler=handler)
        with pytest.raises(InvalidArgumentError, match=expected):
            runs.submit_tool_outputs_stream(**outputs, event_handler=handler)
        with pytest.raises(InvalidArgumentError, match=expected):
            create(assistant_id=ASSISTANT, event_handler=handler)
        with pytest.raises(InvalidArgumentError, match="thread_id"):
            runs.stream(thread_id="", assistant_id=ASSISTANT)
        assert runs.stream(**IDS, event_handler=openai.omit)


@pytest.mark.parametrize("name", ["on_event", "on_text_delta", "on_message_done"])
@pytest.mark.parametrize("raised", [KeyError("x"), TimeoutError("x"), StopIteration("x")], ids=repr)
def test_what_a_method_raises_reaches_the_reader(name: str, raised: Exception) -> None:
    """As in the openai package: through on_exception, then on_end, and out of the loop."""
    logs = []
    body = sse(*OWN["text"], DONE)

    def fail(*_: Any) -> None:
        raise raised

    for base, client in (
        (openai.AssistantEventHandler, _theirs(body)),
        (HANDLER, Laplas(api_key=KEY, transport=Streaming(Body([body])))),
    ):
        log: list[Any] = []
        handler = _logging(base, log)
        setattr(handler, name, fail)
        expected = RuntimeError if isinstance(raised, StopIteration) else type(raised)
        with (
            client,
            client.beta.threads.runs.stream(**IDS, event_handler=handler) as stream,
            pytest.raises(expected),
        ):
            stream.until_done()
        logs.append([entry[0] for entry in log])
    assert logs[0] == logs[1]
    assert logs[1][-2:] == ["on_exception", "on_end"]
    assert ("on_timeout" in logs[1]) is isinstance(raised, TimeoutError)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (httpx.ReadTimeout("x"), ["on_timeout", "on_exception", "on_end"]),
        (httpx.ReadError("x"), ["on_exception", "on_end"]),
        (None, ["on_exception", "on_end"]),
    ],
    ids=repr,
)
def test_a_stream_that_breaks_is_told_and_names_its_run(error: Any, told: list[str]) -> None:
    """Unlike there, one that just ends in the middle is no good end."""
    log: list[Any] = []
    body = Body([sse(*OWN["text"][:4])], error)
    with (
        Laplas(api_key=KEY, transport=Streaming(body)) as client,
        client.beta.threads.runs.stream(**IDS, event_handler=_logging(HANDLER, log)) as stream,
    ):
        with pytest.raises(StreamCutError) as cut:
            stream.until_done()
        with pytest.raises(StreamCutError):
            stream.get_final_messages()
    assert (cut.value.run_id, cut.value.thread_id) == (RUN, THREAD)
    assert cut.value.partial.text == "a"
    ends = ("on_timeout", "on_exception", "on_end")
    assert [entry[0] for entry in log if entry[0] in ends] == told
    assert body.closed


def test_a_stream_without_its_done_is_whole_once_the_run_is_over() -> None:
    with (
        Laplas(api_key=KEY, transport=Streaming(Body([sse(*OWN["text"])]))) as client,
        client.beta.threads.runs.stream(**IDS) as stream,
    ):
        assert [*stream.text_deltas] == ["a", "b", "c"]
        assert stream.get_final_run().status == "completed"
        with pytest.raises(RunError, match="had no step"):
            stream.get_final_run_steps()


ODD: list[Event] = [
    added(said("late", index=-1)), added({"index": -1, "type": TEXT, TEXT: {"value": "x"}}),
    added({"index": 7, "type": TEXT, TEXT: {"value": "gap"}}), piece("no message", id="msg_9"),
    ("thread.message.delta", {"id": [], "delta": {"content": "bare"}}),
    ("thread.message.delta", {"id": MESSAGE, "delta": {"content": [None, "bare", {"index": {}}]}}),
    ("thread.message.delta", {"id": MESSAGE, "delta": None}),
    ("thread.run.step.delta", {"id": STEP, "delta": {"step_details": {"tool_calls": 7}}}),
    called(0, "unheard_of", id="call_9"), called(-1, id="call_8", name="f"),
    ("thread.run.step.completed", {"id": None}), ("thread.message.completed", {"id": MESSAGE}),
    ("thread.run.waved", run("waving")), ("x", 7), ("thread.run.completed", [1]),
]  # fmt: skip
"""What the openai package stumbles over, in part."""


@pytest.mark.parametrize("event", ODD, ids=lambda event: json.dumps(event[1])[:60])
def test_odd_events_break_no_handler(event: Event) -> None:
    log: list[Any] = []
    events = [*OWN["parts"][:-2], event, *OWN["parts"][-2:], DONE]
    with (
        Laplas(api_key=KEY, transport=Streaming(Body([sse(*events)]))) as client,
        client.beta.threads.runs.stream(**IDS, event_handler=_logging(HANDLER, log)) as stream,
    ):
        stream.until_done()
    told = [entry[0] for entry in log]
    assert told[-1] == "on_end"
    assert "on_exception" not in told
    assert told.count("on_event") == len(events) - 1


async def test_events_of_create_can_be_taken_one_by_one() -> None:
    bodies = [Body([sse(*OWN["text"], DONE)]) for _ in range(2)]
    with Laplas(api_key=KEY, transport=Streaming(bodies[0])) as client:
        one = client.beta.threads.runs.create(THREAD, ASSISTANT, stream=True)
        names = [next(one).event, *[event.event for event in one]]
        assert names == [name for name, _ in OWN["text"]]
        assert next(one, None) is None
    async with AsyncLaplas(api_key=KEY, transport=Streaming(bodies[1])) as other:
        two = await other.beta.threads.runs.create(THREAD, ASSISTANT, stream=True)
        assert (await anext(two)).event == names[0]
        await two.close()
        with pytest.raises(StreamCutError):
            await anext(two)


def test_looking_at_a_text_costs_no_more_as_it_grows() -> None:
    """What comes in pieces is kept in few."""
    whole: dict[str, Any] = {"value": ""}
    most = 0
    for _ in range(1000):
        merge(whole, {"value": "ab"})
        most = max(most, len(getattr(whole["value"], "pieces", ())))
    assert as_whole(whole) == {"value": "ab" * 1000}
    assert 1 < most < 20


# Polling

POLLED: dict[str, Any] = {
    "create_and_poll": lambda c, **more: c.beta.threads.runs.create_and_poll(**IDS, **more),
    "create_and_run_poll": lambda c, **more: c.beta.threads.create_and_run_poll(
        assistant_id=ASSISTANT, thread={"messages": [{"role": "user", "content": "hi"}]}, **more
    ),
    "submit_tool_outputs_and_poll": lambda c, **more: (
        c.beta.threads.runs.submit_tool_outputs_and_poll(
            thread_id=THREAD, run_id=RUN, tool_outputs=OUTPUTS, **more
        )
    ),
    "poll": lambda c, **more: c.beta.threads.runs.poll(RUN, THREAD, **more),
}
ANSWERS = [run("queued"), run("in_progress"), run()]
every_poller = pytest.mark.parametrize("name", POLLED)


@every_poller
def test_pollers_send_what_the_openai_package_sends(name: str) -> None:
    """The same requests in the same order; what is added to the query is in each of them.

    But for ``"stream": false``, which is what a server takes anyway.
    """
    sent: list[tuple[str, str, Any]] = []
    answers = ANSWERS[name == "poll" :]

    def play(request: Any) -> Any:
        body = json.loads(request.content) if request.content else None
        assert body is None or body.pop("stream") is False
        sent.append((request.method, str(request.url), body))
        return httpx2.Response(200, json=answers[len(sent) - 1])

    more: dict[str, Any] = {"extra_query": {"api-version": "1"}, "poll_interval_ms": 1}
    http = httpx2.Client(transport=httpx2.MockTransport(play))
    with openai.OpenAI(api_key=KEY, base_url=BASE, http_client=http) as client:
        theirs = POLLED[name](client, **more)
    ran = run_both(lambda c: POLLED[name](c, **more), *[answer(one) for one in answers])
    assert [(each.method, each.url, each.json()) for each in ran.requests] == sent
    assert (ran.result.id, ran.result.status) == (theirs.id, theirs.status) == (RUN, "completed")
    assert ran.waits == [0.02]


@every_poller
@pytest.mark.parametrize(
    ("interval", "wait"),
    [(1500, 1.5), (250.5, 0.2505), (0, 0.02), (None, 0.1), (openai.omit, 0.1)],
)
def test_the_interval_goes_before_what_the_server_wants(
    name: str, interval: Any, wait: float
) -> None:
    seen = answer(run("in_progress"), openai_poll_after_ms="100")
    steps = [*[answer(run("queued"))] * (name != "poll"), seen, seen, answer(run())]
    ran = run_both(lambda c: POLLED[name](c, poll_interval_ms=interval), *steps)
    assert ran.result.status == "completed"
    assert ran.waits == [wait] * 2


@every_poller
@pytest.mark.parametrize("interval", [-1, float("nan"), float("inf"), True, "5", 1e12, [1]])
def test_other_intervals_are_refused_before_anything_is_sent(name: str, interval: Any) -> None:
    ran = run_both(lambda c: POLLED[name](c, poll_interval_ms=interval))
    assert isinstance(ran.error, InvalidArgumentError)
    assert ran.error.argument == "poll_interval_ms"
    ran = run_both(lambda c: POLLED[name](c, poll_deadline=-1))
    assert ran.error.argument == "poll_deadline"


@every_poller
def test_a_run_that_was_begun_is_named_when_looking_at_it_fails(name: str) -> None:
    begun = [answer(run("queued"))] * (name != "poll")
    ran = run_both(lambda c: POLLED[name](c), *begun, answer({"error": {"message": "no"}}, 403))
    assert isinstance(ran.error, APIStatusError)
    assert (ran.error.run_id, ran.error.thread_id) == (RUN, THREAD)
    assert ran.error.may_have_taken_effect is (name != "poll")
    going = run_both(
        lambda c: POLLED[name](c, deadline=3), *begun, lambda _: answer(run("in_progress"))
    )
    assert isinstance(going.error, RunTimeoutError)
    assert going.error.run.id == RUN
    assert sum(going.waits) == pytest.approx(3)


@every_poller
@pytest.mark.parametrize("status", ["failed", "expired", "incomplete", "requires_action"])
def test_a_run_that_ended_otherwise_is_returned(name: str, status: str) -> None:
    begun = [answer(run("queued"))] * (name != "poll")
    assert run_both(lambda c: POLLED[name](c), *begun, answer(run(status))).result.status == status


def test_a_run_on_a_new_thread_that_does_not_say_which_is_told_with_the_run() -> None:
    ran = run_both(POLLED["create_and_run_poll"], answer(run("queued", thread_id=None)))
    assert isinstance(ran.error, RunError)
    assert ran.error.run.id == RUN
    assert ran.error.may_have_taken_effect


# The programs of the tutorials

TOOL = {"type": "function", "function": {"name": "population_of", "parameters": {}}}
ASKED: dict[str, Any] = {"messages": [{"role": "user", "content": "/call population_of {}"}]}


def _outputs(run: Any) -> list[dict[str, str]]:
    calls = run.required_action.submit_tool_outputs.tool_calls
    return [{"tool_call_id": tool.id, "output": tool.function.name} for tool in calls]


def _loop(client: Any) -> str:
    assistant = client.beta.assistants.create(model="gpt-4o", tools=[TOOL])
    run = client.beta.threads.create_and_run_poll(
        assistant_id=assistant.id, thread=ASKED, poll_interval_ms=1
    )
    while run.status == "requires_action":
        run = client.beta.threads.runs.submit_tool_outputs_and_poll(
            thread_id=run.thread_id, run_id=run.id, tool_outputs=_outputs(run), poll_interval_ms=1
        )
    assert run.status == "completed"
    (message, *_) = client.beta.threads.messages.list(thread_id=run.thread_id)
    text: str = message.content[0].text.value
    return text


def _handled(client: Any, base: Any) -> str:
    pieces: list[str] = []

    class EventHandler(base):  # type: ignore[misc]
        def on_event(self, event: Any) -> None:
            if event.event == "thread.run.requires_action":
                assert self.current_run.id == event.data.id
                with client.beta.threads.runs.submit_tool_outputs_stream(
                    thread_id=self.current_run.thread_id,
                    run_id=self.current_run.id,
                    tool_outputs=_outputs(event.data),
                    event_handler=EventHandler(),
                ) as stream:
                    stream.until_done()

        def on_text_delta(self, delta: Any, snapshot: Any) -> None:
            pieces.append(delta.value)
            assert snapshot.value.endswith(delta.value)

    assistant = client.beta.assistants.create(model="gpt-4o", tools=[TOOL])
    thread = client.beta.threads.create(**ASKED)
    with client.beta.threads.runs.stream(
        thread_id=thread.id, assistant_id=assistant.id, event_handler=EventHandler()
    ) as stream:
        stream.until_done()
    return "".join(pieces)


async def _handled_async(url: str) -> str:
    async with AsyncLaplas(api_key=KEY, base_url=url) as client:

        class EventHandler(laplas.AsyncAssistantEventHandler):
            text = ""

            async def on_event(self, event: Any) -> None:
                if event.event == "thread.run.requires_action":
                    assert self.current_run is not None
                    async with client.beta.threads.runs.submit_tool_outputs_stream(
                        thread_id=self.current_run.thread_id,
                        run_id=self.current_run.id,
                        tool_outputs=_outputs(event.data),
                    ) as stream:
                        assert_type(stream, laplas.AsyncAssistantEventHandler)
                        self.text = "".join([text async for text in stream.text_deltas])

        assistant = await client.beta.assistants.create(model="gpt-4o", tools=[TOOL])
        async with client.beta.threads.create_and_run_stream(
            assistant_id=assistant.id, thread=ASKED, event_handler=EventHandler()
        ) as stream:
            assert_type(stream, EventHandler)
            await stream.until_done()
        return stream.text


@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")  # httpx-sse's, in trio
def test_the_tool_loops_of_tutorials_run_unchanged() -> None:
    """Polling and handling, in both packages and all clients."""
    with LocalServer() as server, running(server) as url:
        with (
            openai.OpenAI(api_key="k", base_url=f"{url}/v1") as theirs,
            Laplas(api_key=KEY, base_url=url) as ours,
        ):
            texts = [_loop(client) for client in (theirs, ours)]
            texts += [_handled(theirs, openai.AssistantEventHandler), _handled(ours, HANDLER)]
        texts += [asyncio.run(_handled_async(url)), trio.run(_handled_async, url)]
    assert len({*texts}) == 1
    assert "population_of" in texts[0]
