"""Python functions as tools: what a model is told of them, and how its calls are made."""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from typing import Annotated, Any, Literal, Optional, Union

import pytest
import trio
from run_scripts import ASSISTANT, listed, reply, run, waiting
from scripted import (
    BASE,
    KEY,
    THREAD,
    Ran,
    Step,
    Transport,
    answer,
    message,
    run_async,
    run_both,
    run_sync,
)

from laplas import AsyncLaplas, InvalidArgumentError
from laplas._async.concurrency import call_all
from laplas._core.function_tools import function_tool, output_of, parse_arguments, split_tools
from laplas.errors import RunRequiresActionError
from laplas_api import models

# What the model is told


def plain() -> None: ...


def everything(  # type: ignore[no-untyped-def]
    text: str,
    number: int,
    share: float,
    yes: bool,
    *,
    names: list[str],
    bare: list,  # type: ignore[type-arg]
    mapping: dict[str, int],
    bare_mapping: dict,  # type: ignore[type-arg]
    unit: Literal["c", "f"] = "c",
    maybe: int | None = None,
    old: Optional[str] = None,  # noqa: UP045
    either: Union[int, str] = 1,  # noqa: UP007
    nothing: None = None,
    anything: Any = 1,
    unhinted="x",
    told: Annotated[int, "a count"] = 0,
) -> str:
    """Does everything.

    In detail.
    """
    return text


class Shop:
    """Something with methods."""

    def price(self, item: str) -> int:
        """What it costs."""
        return len(item)

    @classmethod
    def name(cls) -> str:
        return "Shop"

    @staticmethod
    def open_on(day: str) -> bool:
        return day != "Sunday"


def unresolvable(x: Nowhere) -> None:  # type: ignore[name-defined]  # noqa: F821
    ...


@functools.wraps(plain)
def wrapped(*args: Any, **kwargs: Any) -> None:
    return plain(*args, **kwargs)


async def later(seconds: float) -> float:
    """Comes later."""
    return seconds


def told_of(function: Callable[..., Any]) -> Any:
    """The tool that a function makes, without the envelope."""
    tool = function_tool(function)
    assert tool.keys() == {"type", "function"}
    assert tool["type"] == "function"
    return tool["function"]


def of(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


STRING = {"type": "string"}


@pytest.mark.parametrize(
    ("function", "tool"),
    [
        (plain, {"name": "plain", "parameters": of({})}),
        (wrapped, {"name": "plain", "parameters": of({})}),
        (
            later,
            {
                "name": "later",
                "description": "Comes later.",
                "parameters": of({"seconds": {"type": "number"}}, "seconds"),
            },
        ),
        (
            Shop().price,
            {
                "name": "price",
                "description": "What it costs.",
                "parameters": of({"item": STRING}, "item"),
            },
        ),
        (Shop.name, {"name": "name", "parameters": of({})}),
        (Shop.open_on, {"name": "open_on", "parameters": of({"day": STRING}, "day")}),
        (unresolvable, {"name": "unresolvable", "parameters": of({"x": STRING}, "x")}),
        (
            everything,
            {
                "name": "everything",
                "description": "Does everything.\n\nIn detail.",
                "parameters": of(
                    {
                        "text": STRING,
                        "number": {"type": "integer"},
                        "share": {"type": "number"},
                        "yes": {"type": "boolean"},
                        "names": {"type": "array", "items": STRING},
                        "bare": {"type": "array", "items": {}},
                        "mapping": {"type": "object"},
                        "bare_mapping": {"type": "object"},
                        "unit": {"enum": ["c", "f"]},
                        "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                        "old": {"anyOf": [STRING, {"type": "null"}]},
                        "either": {"anyOf": [{"type": "integer"}, STRING]},
                        "nothing": {"type": "null"},
                        "anything": {},
                        "unhinted": STRING,
                        "told": {"type": "integer"},
                    },
                    *("text", "number", "share", "yes"),
                    *("names", "bare", "mapping", "bare_mapping"),
                ),
            },
        ),
    ],
)
def test_a_function_is_told_by_its_name_docstring_and_hints(
    function: Callable[..., Any], tool: Any
) -> None:
    assert told_of(function) == tool
    json.dumps(tool)


def positional(x: int, /) -> None: ...


def starred(*x: int) -> None: ...


def keywords(**x: int) -> None: ...


def dated(day: date) -> None: ...


def nested(days: list[date]) -> None: ...


def mixed(day: int | date) -> None: ...


def counting() -> Iterator[int]:
    yield 1


async def counting_later() -> AsyncIterator[int]:
    yield 1


@pytest.mark.parametrize(
    ("function", "problem"),
    [
        (positional, "cannot be given by its name"),
        (starred, "cannot be given by its name"),
        (keywords, "cannot be given by its name"),
        (dated, r"dated\(day\): parameter type"),
        (nested, r"nested\(days\): parameter type"),
        (mixed, r"mixed\(day\): parameter type"),
        (lambda x: x, "no name"),
        (counting, "counting is a generator"),
        (counting_later, "counting_later is a generator"),
        (functools.partial(plain), "no name"),
    ],
)
def test_a_function_that_no_model_could_call_is_refused(
    function: Callable[..., Any], problem: str
) -> None:
    """Before anything is sent."""
    for call in (
        lambda c: c.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=[function]),
        lambda c: c.runs.create(THREAD, ASSISTANT, tools=[function]),
        lambda c: c.assistants.create("m", tools=[function]),
    ):
        ran = run_both(call)
        assert not ran.requests
        assert type(ran.error) is InvalidArgumentError
        assert ran.error.argument == "tools"
        with pytest.raises(InvalidArgumentError, match=problem):
            raise ran.error


def test_two_functions_of_one_name_are_refused() -> None:
    """One of them would never be called."""
    with pytest.raises(InvalidArgumentError, match=r"two functions plain") as caught:
        split_tools([plain, later, wrapped])
    assert caught.value.argument == "tools[2]"


def test_functions_stand_beside_other_tools() -> None:
    dict_tool = {"type": "function", "function": {"name": "theirs"}}
    sent, functions = split_tools(iter([plain, dict_tool, models.CodeInterpreterTool(), later]))
    assert sent is not None
    assert sent[0]["function"]["name"] == "plain"
    assert sent[1] == dict_tool
    assert sent[2].to_dict() == {"type": "code_interpreter"}
    assert functions == {"plain": plain, "later": later}
    assert split_tools(None) == (None, {})


# What a model gives


GOOD = {
    "text": "a",
    "number": 1,
    "share": 1,
    "yes": True,
    "names": ["a"],
    "bare": [1, "a"],
    "mapping": {"a": "whatever"},
    "bare_mapping": {},
}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"share": 0.5},
        {"unit": "f"},
        {"maybe": None},
        {"maybe": 3},
        {"old": "x"},
        {"either": "x"},
        {"nothing": None},
        {"anything": [{}]},
        {"unhinted": [{}]},
        {"told": 3},
        {"names": []},
    ],
)
def test_arguments_that_fit(more: dict[str, Any]) -> None:
    given = {**GOOD, **more}
    assert parse_arguments(everything, json.dumps(given)) == given


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"text": 1}, "'text' must be .*str.*, not int"),
        ({"text": None}, "'text' must be .*str.*, not None"),
        ({"number": "1"}, "'number' must be .*int.*, not str"),
        ({"number": 1.5}, "'number' must be .*int.*, not float"),
        ({"number": True}, "'number' must be .*int.*, not bool"),
        ({"share": "1"}, "'share'"),
        ({"share": False}, "'share'"),
        ({"yes": 1}, "'yes'"),
        ({"names": "a"}, "'names'"),
        ({"names": ["a", 1]}, "'names'"),
        ({"bare": {}}, "'bare'"),
        ({"mapping": []}, "'mapping'"),
        ({"unit": "k"}, "'unit'"),
        ({"maybe": "x"}, "'maybe'"),
        ({"old": 1}, "'old'"),
        ({"either": None}, "'either'"),
        ({"nothing": 0}, "'nothing'"),
        ({"told": "x"}, "'told'"),
        ({"extra": 1}, "unknown argument 'extra'"),
        ({"self": 1}, "unknown argument 'self'"),
    ],
)
def test_arguments_that_do_not_fit(more: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_arguments(everything, json.dumps({**GOOD, **more}))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "'seconds' is missing"),
        ("{}", "'seconds' is missing"),
        ('{"seconds": 1', "are not JSON$"),
        ("[1]", "are not a JSON object"),
        ("null", "are not a JSON object"),
    ],
)
def test_arguments_that_are_none(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_arguments(later, text)
    assert parse_arguments(plain, "") == {}


def test_the_names_of_a_methods_own_arguments_are_not_asked_for() -> None:
    assert parse_arguments(Shop().price, '{"item": "a"}') == {"item": "a"}


# Calling


def calling(*calls: tuple[str, str, str]) -> list[Step]:
    """What a server answers a question with where the run makes these calls."""
    return [
        answer(message()),
        answer(run("queued")),
        answer(waiting(*calls)),
        answer(run("queued")),
        answer(run()),
        answer(listed(reply("Well."))),
    ]


Runs = Callable[..., Ran]


def ask(runs: Runs, steps: list[Step], *tools: Any) -> Ran:
    """Ask with these tools."""
    return runs(
        lambda c: c.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=iter(tools)), *steps
    )


def outputs(ran: Ran) -> dict[str, str]:
    """The outputs that were submitted, by the id of the call."""
    assert ran.result.text == "Well."
    (sent,) = (sent for sent in ran.requests if sent.target.endswith("/submit_tool_outputs"))
    return {one["tool_call_id"]: one["output"] for one in sent.json()["tool_outputs"]}


def test_calls_are_made_and_their_results_submitted() -> None:
    def weather(place: str, unit: Literal["c", "f"] = "c") -> dict[str, Any]:
        return {"place": place, "unit": unit, "Größe": 1}

    steps = calling(
        ("call_1", "weather", '{"place": "Rome"}'),
        ("call_2", "weather", '{"place": "Wien", "unit": "f"}'),
        ("call_3", "later", '{"seconds": 2}'),
    )
    ran = ask(run_async, steps, weather, later)
    assert outputs(ran) == {
        "call_1": '{"place": "Rome", "unit": "c", "Größe": 1}',
        "call_2": '{"place": "Wien", "unit": "f", "Größe": 1}',
        "call_3": "2",
    }
    body = ran.requests[1].json()
    assert [tool["function"]["name"] for tool in body["tools"]] == ["weather", "later"]


Unserialisable: Any = type("Unserialisable", (), {"__repr__": lambda self: "<odd>"})
LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("result", "output"),
    [
        ("as it is", "as it is"),
        ("", ""),
        (None, "null"),
        (7, "7"),
        ([1, "ä"], '[1, "ä"]'),
        (date(2024, 2, 29), '"2024-02-29"'),
        ({"odd": Unserialisable()}, '{"odd": "<odd>"}'),
        ("lone \ud800", "lone ?"),
    ],
)
def test_results_become_text(result: Any, output: str) -> None:
    def made() -> Any:
        return result

    assert output_of(result) == output
    assert outputs(ask(run_both, calling(("call_1", "made", "{}")), made)) == {"call_1": output}


class Refused(Exception):
    """A function's own exception."""


def fails() -> None:
    raise Refused("no ä \ud800")


def makes_a_loop() -> Any:
    return LOOP


def makes_odd_keys() -> Any:
    return {(1, 2): 3}


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (fails, "{}", "Refused: no ä ?"),
        (makes_a_loop, "{}", "ValueError: Circular reference detected"),
        (
            makes_odd_keys,
            "{}",
            "TypeError: keys must be str, int, float, bool or None, not tuple",
        ),
        (later, '{"seconds": "2"}', "ValueError: 'seconds' must be a number, not str"),
        (later, "{", "ValueError: the arguments are not JSON"),
        (later, "{}", "ValueError: the argument 'seconds' is missing"),
    ],
)
def test_a_call_that_fails_is_told_to_the_run(
    function: Any, arguments: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And to the log, but for what was said there; the other calls go their way."""
    steps = calling(("call_1", function.__name__, arguments), ("call_2", "plain", "{}"))
    with caplog.at_level(logging.WARNING, "laplas"):
        made = outputs(ask(run_async, steps, function, plain))
    assert json.loads(made["call_1"]) == {"error": told}
    assert made["call_2"] == "null"
    assert caplog.messages == [f"the tool {function.__name__} failed: {told.partition(':')[0]}"]
    if function is not later:
        assert outputs(ask(run_sync, steps, function, plain)) == made


@pytest.mark.parametrize("way", ["ask", "ask_stream"])
def test_an_async_function_needs_the_async_client(way: str) -> None:
    """Found before anything is sent; the other calls only tell the server of it."""
    call = lambda c: getattr(c.thread(THREAD), way)("hi", assistant=ASSISTANT, tools=[plain, later])  # noqa: E731
    ran = run_sync(call)
    assert not ran.requests
    assert type(ran.error) is InvalidArgumentError
    assert ran.error.argument == "tools"
    assert str(ran.error) == "tools: later is async: that needs AsyncLaplas"
    assert run_both(lambda c: c.runs.create(THREAD, ASSISTANT, tools=[later]), answer(run())).result


def test_a_function_whose_result_is_to_be_awaited_needs_the_async_client() -> None:
    """Only calling it shows that. It is told to the run, which must not hang."""

    def hidden(seconds: float) -> Any:
        return later(seconds)

    steps = calling(("call_1", "hidden", '{"seconds": 2}'))
    assert json.loads(outputs(ask(run_sync, steps, hidden))["call_1"]) == {
        "error": "TypeError: an async function needs AsyncLaplas"
    }
    assert outputs(ask(run_async, steps, hidden)) == {"call_1": "2"}


async def cancels_itself() -> str:
    raise asyncio.CancelledError("by itself")


def runs_what_is_cancelled() -> str:
    return asyncio.run(cancels_itself())


@pytest.mark.parametrize(
    ("runs", "function"),
    [
        (run_async, cancels_itself),
        (run_async, runs_what_is_cancelled),
        (run_sync, runs_what_is_cancelled),
    ],
)
def test_a_function_that_is_cancelled_has_failed(runs: Runs, function: Any) -> None:
    """It has no result, not even null; the calls beside it go their way."""
    steps = calling(("call_1", function.__name__, "{}"), ("call_2", "plain", "{}"))
    made = outputs(ask(runs, steps, function, plain))
    assert json.loads(made["call_1"]) == {"error": "CancelledError: by itself"}
    assert made["call_2"] == "null"


def test_a_cancelled_question_cancels_its_functions() -> None:
    """That is no failure of theirs, and nothing more is sent."""
    begun = asyncio.Event()
    ended: list[str] = []

    async def endless() -> None:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.append("endless")

    transport = Transport(*calling(("call_1", "endless", "{}"))[:3])

    async def test() -> None:
        async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:
            asking = client.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=[endless])
            task = asyncio.create_task(asking)
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(test())
    assert ended == ["endless"]
    assert len(transport.requests) == 3


def test_async_functions_are_called_under_trio_too() -> None:
    async def nap() -> str:
        await trio.sleep(0)
        return "slept"

    async def test() -> list[Any]:
        return await call_all([lambda: nap(), lambda: "done"])

    assert trio.run(test) == ["slept", "done"]


def test_an_async_function_that_fails_is_told_to_the_run() -> None:
    async def fails_later() -> None:
        await asyncio.sleep(0)
        raise Refused("no")

    steps = calling(("call_1", "fails_later", "{}"))
    made = outputs(ask(run_async, steps, fails_later))
    assert json.loads(made["call_1"]) == {"error": "Refused: no"}


def test_async_calls_run_at_once() -> None:
    """Each waits for the other: one after the other, they would never end."""
    here: dict[str, asyncio.Event] = {}

    async def meet(me: str, other: str) -> str:
        for name in (me, other):
            here.setdefault(name, asyncio.Event())
        here[me].set()
        await asyncio.wait_for(here[other].wait(), 30)
        return f"{me} met {other}"

    steps = calling(
        ("call_1", "meet", '{"me": "a", "other": "b"}'),
        ("call_2", "meet", '{"me": "b", "other": "a"}'),
    )
    assert outputs(ask(run_async, steps, meet)) == {"call_1": "a met b", "call_2": "b met a"}


def test_blocking_calls_run_at_once_beside_async_ones_and_block_nothing() -> None:
    barrier = threading.Barrier(2)
    loop_threads: list[int] = []

    def block(name: str) -> str:
        barrier.wait(30)
        assert threading.get_ident() not in loop_threads
        return name

    async def unblocked() -> str:
        loop_threads.append(threading.get_ident())
        return "free"

    steps = calling(
        ("call_1", "block", '{"name": "a"}'),
        ("call_2", "unblocked", "{}"),
        ("call_3", "block", '{"name": "b"}'),
    )
    made = outputs(ask(run_async, steps, block, unblocked))
    assert made == {"call_1": "a", "call_2": "free", "call_3": "b"}


def test_the_sync_client_makes_calls_in_order_in_its_own_thread() -> None:
    seen: list[tuple[str, int]] = []

    def note(name: str) -> None:
        seen.append((name, threading.get_ident()))

    steps = calling(("call_1", "note", '{"name": "a"}'), ("call_2", "note", '{"name": "b"}'))
    ask(run_sync, steps, note)
    assert seen == [("a", threading.get_ident()), ("b", threading.get_ident())]


@pytest.mark.parametrize(
    ("tools", "missing"),
    [((), "plain, absent"), ((plain,), "absent"), ((wrapped,), "absent")],
)
def test_a_function_that_was_not_given_ends_the_asking(tools: Any, missing: str) -> None:
    """And none of the others is called in vain."""
    waits = waiting(("call_1", "plain", "{}"), ("call_2", "absent", "{}"))
    ran = ask(run_both, [answer(message()), answer(run("queued")), answer(waits)], *tools)
    assert type(ran.error) is RunRequiresActionError
    assert str(ran.error) == f"run_abc123 waits for {missing}"
    assert ran.error.run.to_dict() == waits


def test_an_action_that_is_no_call_ends_the_asking() -> None:
    odd = run("requires_action", required_action={"type": "dance"})
    ran = ask(run_both, [answer(message()), answer(odd), answer(odd)], plain)
    assert type(ran.error) is RunRequiresActionError
    assert str(ran.error) == "run_abc123 waits for no function"


def test_calls_go_on_until_the_run_is_over() -> None:
    rounds = [
        answer(waiting((f"call_{n}", "plain", "{}"))) if asks else answer(run("queued"))
        for n in range(3)
        for asks in (True, False)
    ]
    steps = [answer(message()), answer(run("queued")), *rounds, answer(run())]
    ran = ask(run_both, [*steps, answer(listed(reply("Well.")))], plain)
    assert ran.result.text == "Well."
    submitted = [sent.json() for sent in ran.requests if "submit" in sent.target]
    assert [body["tool_outputs"][0]["tool_call_id"] for body in submitted] == [
        "call_0",
        "call_1",
        "call_2",
    ]
