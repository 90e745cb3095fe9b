"""Python functions as tools: what a model is told of them, and how its calls are made."""

from __future__ import annotations

import asyncio
import functools
import inspect
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
    Sent,
    Step,
    Transport,
    answer,
    message,
    run_async,
    run_both,
    run_sync,
)

from laplas import AsyncLaplas, InvalidArgumentError, Laplas
from laplas_api import models

Function = Callable[..., Any]

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
) -> Any:
    """Does everything.

    In detail.
    """
    return locals()


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


def of(name: str, description: str = "", optional: Any = (), **required: Any) -> Any:
    """A function as the model is told of it."""
    properties = {**required, **dict(optional)}
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    told = {"description": description} if description else {}
    return {"type": "function", "function": {"name": name, **told, "parameters": parameters}}


STRING, INTEGER, NULL = ({"type": name} for name in ("string", "integer", "null"))
REQUIRED = {
    "text": STRING,
    "number": INTEGER,
    "share": {"type": "number"},
    "yes": {"type": "boolean"},
    "names": {"type": "array", "items": STRING},
    "bare": {"type": "array", "items": {}},
    "mapping": {"type": "object"},
    "bare_mapping": {"type": "object"},
}
OPTIONAL = {
    "unit": {"enum": ["c", "f"]},
    "maybe": {"anyOf": [INTEGER, NULL]},
    "old": {"anyOf": [STRING, NULL]},
    "either": {"anyOf": [INTEGER, STRING]},
    "nothing": NULL,
    "anything": {},
    "unhinted": STRING,
    "told": INTEGER,
}
TOLD: list[tuple[Function, Any]] = [
    (plain, of("plain")),
    (wrapped, of("plain")),
    (later, of("later", "Comes later.", seconds={"type": "number"})),
    (Shop().price, of("price", "What it costs.", item=STRING)),
    (Shop.name, of("name")),
    (Shop.open_on, of("open_on", day=STRING)),
    (unresolvable, of("unresolvable", x=STRING)),
    (everything, of("everything", "Does everything.\n\nIn detail.", OPTIONAL, **REQUIRED)),
]


@pytest.mark.parametrize(("function", "tool"), TOLD)
def test_a_function_is_told_by_its_name_docstring_and_hints(function: Function, tool: Any) -> None:
    with Laplas(api_key=KEY) as client:
        sent = client.runs.prepare.create(THREAD, ASSISTANT, tools=[function]).json()
    assert sent["tools"] == [tool]


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


BY_NAME = "cannot be given by its name"
UNCALLABLE: list[tuple[list[Any], str, str]] = [
    ([positional], "tools", BY_NAME),
    ([starred], "tools", BY_NAME),
    ([keywords], "tools", BY_NAME),
    ([dated], "tools", "dated(day): parameter type"),
    ([nested], "tools", "nested(days): parameter type"),
    ([mixed], "tools", "mixed(day): parameter type"),
    ([lambda x: x], "tools", "no name"),
    ([counting], "tools", "counting is a generator"),
    ([counting_later], "tools", "counting_later is a generator"),
    ([functools.partial(plain)], "tools", "no name"),
    # One of them would never be called.
    ([plain, models.CodeInterpreterTool(), wrapped], "tools[2]", "two functions plain"),
]


@pytest.mark.parametrize(("tools", "argument", "problem"), UNCALLABLE)
def test_what_no_model_could_call_is_refused(tools: Any, argument: str, problem: str) -> None:
    """Before anything is sent."""
    for call in (
        lambda c: c.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=tools),
        lambda c: c.runs.create(THREAD, ASSISTANT, tools=tools),
        lambda c: c.assistants.create("m", tools=tools),
    ):
        ran = run_both(call)
        assert not ran.requests
        assert type(ran.error) is InvalidArgumentError
        assert ran.error.argument == argument
        assert problem in str(ran.error)


# Calling


def calling(*calls: tuple[Function, Any]) -> list[Step]:
    """What a server answers a question with where the run calls functions with arguments."""
    wanted = [
        (f"call_{n}", function.__name__, given if isinstance(given, str) else json.dumps(given))
        for n, (function, given) in enumerate(calls)
    ]
    begin = [answer(message()), answer(run("queued")), answer(waiting(*wanted))]
    return [*begin, answer(run("queued")), answer(run()), answer(listed(reply("Well.")))]


def outputs(requests: list[Sent]) -> list[str]:
    """The outputs that were submitted, in the order of the calls."""
    (sent,) = (sent for sent in requests if sent.target.endswith("/submit_tool_outputs"))
    made = sent.json()["tool_outputs"]
    assert [one["tool_call_id"] for one in made] == [f"call_{n}" for n in range(len(made))]
    return [one["output"] for one in made]


def called(runs: Any, *calls: tuple[Function, Any]) -> list[str]:
    """Ask so that the run makes these calls; return their outputs."""
    functions = {function.__name__: function for function, _ in calls}.values()
    tools = [models.CodeInterpreterTool(), *functions]
    call = lambda c: c.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=iter(tools))  # noqa: E731
    ran = runs(call, *calling(*calls))
    assert ran.result.text == "Well."
    return outputs(ran.requests)


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
FITTING: list[dict[str, Any]] = [
    {},
    *({"maybe": 3, "unit": "f", "either": "x"}, {"maybe": None, "share": 0.5, "names": []}),
    {"old": "x", "nothing": None, "anything": [{}], "unhinted": [{}], "told": 3},
]


def test_arguments_that_fit_are_given() -> None:
    made = called(run_sync, *[(everything, {**GOOD, **more}) for more in FITTING])
    parameters = inspect.signature(everything).parameters
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    assert [json.loads(one) for one in made] == [{**defaults, **GOOD, **more} for more in FITTING]
    assert called(run_both, (Shop().price, {"item": "a"}), (plain, "")) == ["1", "null"]


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"text": 1}, "'text' must be a str, not int"),
    ({"text": None}, "'text' must be a str, not None"),
    ({"number": "1"}, "'number' must be an int, not str"),
    ({"number": 1.5}, "'number' must be an int, not float"),
    ({"number": True}, "'number' must be an int, not bool"),
    ({"share": "1"}, "'share' must be a number, not str"),
    ({"share": False}, "'share' must be a number, not bool"),
    ({"yes": 1}, "'yes' must be True or False, not int"),
    ({"names": "a"}, "'names' must be a list, not str"),
    ({"names": ["a", 1]}, "'names'[1] must be a str, not int"),
    ({"bare": {}}, "'bare' must be a list, not dict"),
    ({"mapping": []}, "'mapping' must be a dict, not list"),
    ({"unit": "k"}, "'unit' must be 'c' or 'f', not 'k'"),
    ({"maybe": "x"}, "'maybe' must be an int, not str"),
    ({"old": 1}, "'old' must be a str, not int"),
    ({"either": None}, "'either' must be a str or an int, not None"),
    ({"nothing": 0}, "'nothing' must be None, not int"),
    ({"told": "x"}, "'told' must be an int, not str"),
    ({"extra": 1}, "unknown argument 'extra'"),
    ({"self": 1}, "unknown argument 'self'"),
]


def test_arguments_that_do_not_fit_are_told_to_the_run() -> None:
    made = called(run_sync, *[(everything, {**GOOD, **more}) for more, _ in MISFITS])
    told = [json.loads(one) for one in made]
    assert told == [{"error": f"ValueError: {problem}"} for _, problem in MISFITS]


def test_calls_are_made_and_their_results_submitted() -> None:
    def weather(place: str, unit: Literal["c", "f"] = "c") -> dict[str, Any]:
        return {"place": place, "unit": unit, "Größe": 1}

    calls = [(weather, {"place": "Rome"}), (weather, {"place": "Wien", "unit": "f"})]
    assert called(run_async, *calls, (later, {"seconds": 2})) == [
        '{"place": "Rome", "unit": "c", "Größe": 1}',
        '{"place": "Wien", "unit": "f", "Größe": 1}',
        "2",
    ]
    assert called(run_both, (wrapped, {}), (Shop.open_on, {"day": "Sunday"})) == ["null", "false"]


Odd: Any = type("Odd", (), {"__repr__": lambda self: "<odd>"})
RESULTS: list[tuple[Any, str]] = [
    ("as it is", "as it is"),
    ("", ""),
    (None, "null"),
    (7, "7"),
    ([1, "ä"], '[1, "ä"]'),
    (date(2024, 2, 29), '"2024-02-29"'),
    ({"odd": Odd()}, '{"odd": "<odd>"}'),
    ("lone \ud800", "lone ?"),
]


def test_results_become_text() -> None:
    def give(number: int) -> Any:
        return RESULTS[number][0]

    calls = [(give, {"number": number}) for number in range(len(RESULTS))]
    assert called(run_both, *calls) == [text for _, text in RESULTS]


class Refused(Exception):
    """A function's own exception."""


def fails() -> None:
    raise Refused("no ä \ud800")


async def fails_later() -> None:
    await asyncio.sleep(0)
    raise Refused("no")


def makes_a_loop() -> Any:
    loop: list[Any] = []
    loop.append(loop)
    return loop


def makes_odd_keys() -> Any:
    return {(1, 2): 3}


async def cancels_itself() -> str:
    raise asyncio.CancelledError("by itself")


def runs_what_is_cancelled() -> str:
    return asyncio.run(cancels_itself())


def hides(seconds: float) -> Any:
    """Only calling it shows that its result is to be awaited."""
    return later(seconds)


FAILURES: list[tuple[Function, str, str]] = [
    (fails, "{}", "Refused: no ä ?"),
    (fails_later, "{}", "Refused: no"),
    (makes_a_loop, "{}", "ValueError: Circular reference detected"),
    (makes_odd_keys, "{}", "TypeError: keys must be str, int, float, bool or None, not tuple"),
    (cancels_itself, "{}", "CancelledError: by itself"),
    (runs_what_is_cancelled, "{}", "CancelledError: by itself"),
    (later, '{"seconds": "2"}', "ValueError: 'seconds' must be a number, not str"),
    (later, '{"seconds": 1', "ValueError: the arguments are not JSON"),
    (later, "[1]", "ValueError: the arguments are not a JSON object"),
    (later, "null", "ValueError: the arguments are not a JSON object"),
    (later, "{}", "ValueError: the argument 'seconds' is missing"),
    (later, "", "ValueError: the argument 'seconds' is missing"),
]


@pytest.mark.parametrize(("function", "arguments", "told"), FAILURES)
def test_a_call_that_fails_is_told_to_the_run(
    function: Function, arguments: str, told: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And to the log, but for what was said there; the other calls go their way."""
    for runs in (run_async, run_sync)[: 1 if inspect.iscoroutinefunction(function) else 2]:
        with caplog.at_level(logging.WARNING, "laplas"):
            failed, other = called(runs, (function, arguments), (plain, {}))
        assert json.loads(failed) == {"error": told}
        assert other == "null"
        said = f"the tool {function.__name__} failed: {told.partition(':')[0]}"
        assert caplog.messages == [said]
        caplog.clear()


def test_an_async_function_needs_the_async_client() -> None:
    """Found before anything is sent; the other calls only tell the server of it."""
    given: dict[str, Any] = {"assistant": ASSISTANT, "tools": [plain, later]}
    for way in ("ask", "ask_stream"):
        ran = run_sync(lambda c, way=way: getattr(c.thread(THREAD), way)("hi", **given))  # type: ignore[misc]
        assert not ran.requests
        assert type(ran.error) is InvalidArgumentError
        assert ran.error.argument == "tools"
        assert str(ran.error) == "tools: later is async: that needs AsyncLaplas"
    assert run_both(lambda c: c.runs.create(THREAD, ASSISTANT, tools=[later]), answer(run())).result
    # Told to the run, which must not hang.
    (told,) = called(run_sync, (hides, {"seconds": 2}))
    assert json.loads(told) == {"error": "TypeError: an async function needs AsyncLaplas"}
    assert called(run_async, (hides, {"seconds": 2})) == ["2"]


def test_async_functions_are_called_under_trio_too() -> None:
    async def nap() -> str:
        await trio.sleep(0)
        return "slept"

    transport = Transport(*calling((nap, {}), (plain, {})))

    async def test() -> None:
        async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:
            await client.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=[nap, plain])

    trio.run(test)
    assert outputs(transport.requests) == ["slept", "null"]


def test_calls_run_at_once_and_blocking_ones_block_nothing() -> None:
    """Each waits for another one: one after the other, they would never end."""
    here: dict[str, asyncio.Event] = {}
    barrier = threading.Barrier(2)
    loop_threads: list[int] = []

    async def meet(me: str, other: str) -> str:
        loop_threads.append(threading.get_ident())
        for name in (me, other):
            here.setdefault(name, asyncio.Event())
        here[me].set()
        await asyncio.wait_for(here[other].wait(), 30)
        return f"{me} met {other}"

    def block(name: str) -> str:
        barrier.wait(30)
        assert threading.get_ident() not in loop_threads
        return name

    meetings = [(meet, {"me": "a", "other": "b"}), (meet, {"me": "b", "other": "a"})]
    made = called(run_async, (block, {"name": "a"}), *meetings, (block, {"name": "b"}))
    assert made == ["a", "a met b", "b met a", "b"]


def test_the_sync_client_makes_calls_in_order_in_its_own_thread() -> None:
    seen: list[tuple[str, int]] = []

    def note(name: str) -> None:
        seen.append((name, threading.get_ident()))

    called(run_sync, (note, {"name": "a"}), (note, {"name": "b"}))
    assert seen == [("a", threading.get_ident()), ("b", threading.get_ident())]
