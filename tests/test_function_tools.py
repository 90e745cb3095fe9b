"""Python functions as tools: what a model is told of them, and how its calls are made."""

from __future__ import annotations

import asyncio
import functools
import inspect
import itertools
import json
import logging
import math
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import ip_network
from pathlib import PurePosixPath
from types import SimpleNamespace
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Optional,
    TypedDict,
    Union,
)
from uuid import UUID

import attrs
import httpx
import jsonschema
import numpy
import pandas  # type: ignore[import-untyped]
import pytest
import trio
from pydantic import BaseModel, Field
from run_scripts import ASSISTANT, listed, reply, run, waiting
from scripted import (
    BASE,
    KEY,
    THREAD,
    Loopback,
    Sent,
    Step,
    Transport,
    answer,
    message,
    run_async,
    run_both,
    run_sync,
)
from typing_extensions import TypeAliasType

from laplas import (
    AsyncLaplas,
    InvalidArgumentError,
    Laplas,
    Message,
    Refusal,
    Run,
    RunRequiresActionError,
)
from laplas._async.concurrency import call_all
from laplas._core.function_tools import FunctionTool
from laplas._core.tool_results import output_of
from laplas_api import models

Function = Callable[..., Any]

# What the model is told


def plain() -> Any: ...


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


class Unit(Enum):
    C = "c"
    F = "f"


@dataclass
class Stay:
    """Where, and from when."""

    nights: int
    day: date | None = None


class Guest(TypedDict):
    """Who."""

    name: str
    age: NotRequired[int]


class Place(NamedTuple):
    """Where."""

    x: int
    y: int


Uid = NewType("Uid", int)
City = TypeAliasType("City", str)


def by_default(x=1, yes=False, none=None, unit=Unit.C, pair=(), day=date.min, odd=plain) -> Any:  # type: ignore[no-untyped-def]
    return locals()


def returns(quantity: int, express: bool) -> Nowhere:  # type: ignore[name-defined]  # noqa: F821
    return locals()


def implicit(x: int = None) -> Any:  # type: ignore[assignment]  # noqa: RUF013
    return locals()


def named(uid: Uid, city: City, unit: Unit, guest: Guest, either: int | Unit = 1) -> Any:
    return locals()


def richly(  # told by pydantic
    stay: Annotated[Stay, "the stay"],
    at: datetime,
    uid: UUID,
    price: Decimal,
    span: timedelta,
    pair: tuple[int, str],
    units: set[Unit],
    stays: Sequence[Stay] = (),
    counts: Mapping[str, int] | None = None,
    few: Annotated[int, Field(ge=1, description="a few")] = 1,
    place: Place = Place(0, 0),  # noqa: B008
) -> Any:
    return locals()


def documented(city: str, unit: Literal["c", "f"] = "c") -> None:
    """Tell the weather.

    In detail.

    Args:
        city: Where.
        unit (str): In what.

    Returns:
        What it is like.
    """


def in_numpy_style(city: str) -> None:
    """Tell the weather.

    Parameters
    ----------
    city : str
        Where.
    """


def in_sphinx_style(city: str) -> None:
    """Tell the weather.

    :param city: Where.
    """


def outer() -> Function:
    class Local(Enum):
        A = "a"

    def inner(x: Local) -> str:
        return Local(x).name

    return inner


halved = functools.partial(documented, "Oslo")
halved.__name__ = "halved"  # type: ignore[attr-defined]


@functools.wraps(plain)
def wrapped(*args: Any, **kwargs: Any) -> Any:
    return plain(*args, **kwargs)


async def later(seconds: float) -> float:
    """Comes later."""
    return seconds


def lambda_named(name: str) -> Function:
    made = lambda x: x  # noqa: E731
    made.__name__ = name
    return made


def of(name: str, description: str = "", optional: Any = (), **required: Any) -> Any:
    """A function as the model is told of it."""
    properties = {**required, **dict(optional)}
    parameters = {"type": "object", "properties": properties, "required": list(required)}
    told = {"description": description} if description else {}
    return {"type": "function", "function": {"name": name, **told, "parameters": parameters}}


STRING, INTEGER, NULL = ({"type": name} for name in ("string", "integer", "null"))
BOOLEAN, UNIT = {"type": "boolean"}, {"enum": ["c", "f"]}
DETAIL = "Tell the weather.\n\nIn detail."
IN_WHAT = {"description": "In what."}
WHERE = {"type": "string", "description": "Where."}
REQUIRED = {
    "text": STRING,
    "number": INTEGER,
    "share": {"type": "number"},
    "yes": BOOLEAN,
    "names": {"type": "array", "items": STRING},
    "bare": {"type": "array", "items": {}},
    "mapping": {"type": "object", "additionalProperties": INTEGER},
    "bare_mapping": {"type": "object"},
}
OPTIONAL = {
    "unit": UNIT,
    "maybe": {"anyOf": [INTEGER, NULL]},
    "old": {"anyOf": [STRING, NULL]},
    "either": {"anyOf": [INTEGER, STRING]},
    "nothing": NULL,
    "anything": {},
    "unhinted": STRING,
    "told": {"type": "integer", "description": "a count"},
}
GUEST = {
    "type": "object",
    "properties": {"name": STRING, "age": INTEGER},
    "required": ["name"],
    "additionalProperties": False,
}
BY_DEFAULT = {
    "x": INTEGER,
    "yes": BOOLEAN,
    "none": {},
    "unit": UNIT,
    "pair": {"type": "array", "items": {}},
    "day": {"type": "string", "format": "date"},
    "odd": {},
}
NAMED = {"uid": INTEGER, "city": STRING, "unit": UNIT, "guest": GUEST}
TOLD: list[tuple[Function, Any]] = [
    (plain, of("plain")),
    (wrapped, of("plain")),
    (later, of("later", "Comes later.", seconds={"type": "number"})),
    (Shop().price, of("price", "What it costs.", item=STRING)),
    (Shop.name, of("name")),
    (Shop.open_on, of("open_on", day=STRING)),
    (lambda_named("unhinted"), of("unhinted", x={})),
    (by_default, of("by_default", optional=BY_DEFAULT)),
    (returns, of("returns", quantity=INTEGER, express=BOOLEAN)),
    (named, of("named", "", {"either": {"anyOf": [INTEGER, UNIT]}}, **NAMED)),
    (outer(), of("inner", x={"enum": ["a"]})),
    (halved, of("halved", DETAIL, {"unit": UNIT | IN_WHAT})),
    (documented, of("documented", DETAIL, {"unit": UNIT | IN_WHAT}, city=WHERE)),
    (in_numpy_style, of("in_numpy_style", "Tell the weather.", city=WHERE)),
    (in_sphinx_style, of("in_sphinx_style", "Tell the weather.", city=WHERE)),
    (everything, of("everything", "Does everything.\n\nIn detail.", OPTIONAL, **REQUIRED)),
]


@pytest.mark.parametrize(("function", "tool"), TOLD)
def test_a_function_is_told_by_its_name_docstring_and_hints(function: Function, tool: Any) -> None:
    with Laplas(api_key=KEY) as client:
        sent = client.runs.prepare.create(THREAD, ASSISTANT, tools=[function]).json()
    assert sent["tools"] == [tool]


def test_what_pydantic_tells_stands_by_itself() -> None:
    """Definitions are at the root of the parameters, where their references look for them."""
    told = FunctionTool(richly).schema["function"]["parameters"]
    jsonschema.Draft202012Validator.check_schema(told)
    jsonschema.validate(RICH, told)
    assert told["required"] == ["stay", "at", "uid", "price", "span", "pair", "units"]
    assert told["properties"]["few"] == {"minimum": 1, "type": "integer", "description": "a few"}
    assert told["properties"]["stay"] == {"$ref": "#/$defs/Stay", "description": "the stay"}
    assert told["$defs"].keys() == {"Stay", "Unit", "Place"}


def positional(x: int, /) -> None: ...
def starred(*x: int) -> None: ...
def keywords(**x: int) -> None: ...
def uncalled(then: Function) -> None: ...
def nested(then: list[Function]) -> None: ...
def unknown(x: int, y: Nowhere) -> None: ...  # type: ignore[name-defined]  # noqa: F821
def unknown_inside(x: "list[Nowhere]") -> None: ...  # type: ignore[name-defined]  # noqa: F821, UP037


def counting() -> Iterator[int]:
    yield 1


async def counting_later() -> AsyncIterator[int]:
    yield 1


BY_NAME = "(x) cannot be given by its name"
NOWHERE = "cannot be resolved: name 'Nowhere' is not defined"
UNCALLABLE: list[tuple[list[Any], str, str]] = [
    ([positional], "tools", f"positional{BY_NAME}"),
    ([starred], "tools", f"starred{BY_NAME}"),
    ([keywords], "tools", f"keywords{BY_NAME}"),
    ([uncalled], "tools", "uncalled(then): the type"),
    ([nested], "tools", "nested(then): the type"),
    ([unknown], "tools", f"unknown(y): the type hint 'Nowhere' {NOWHERE}"),
    ([unknown_inside], "tools", "unknown_inside(x): the type hint"),
    ([Shop.price], "tools", "price is a method: take it from an object, which gives self"),
    ([lambda x: x], "tools", "no name"),
    ([counting], "tools", "counting is a generator"),
    ([counting_later], "tools", "counting_later is a generator"),
    ([functools.partial(print, KEY)], "tools", "a partial has no name"),
    ([int], "tools", "int does not tell its parameters"),
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
        assert KEY not in str(ran.error)


def test_other_types_need_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is loaded for functions with the hints that JSON has, and docstrings come whole."""
    monkeypatch.setitem(sys.modules, "pydantic", None)
    monkeypatch.setitem(sys.modules, "griffe", None)
    with pytest.raises(InvalidArgumentError) as caught:
        FunctionTool(richly)
    needs = 'richly(stay): the type Stay needs more packages: pip install "laplas[tools]"'
    assert str(caught.value) == f"tools: {needs}"
    for function in (everything, named, returns):
        tool = FunctionTool(function).schema
        assert [tool] == [told for given, told in TOLD if given is function]
    assert FunctionTool(by_default).schema["function"]["parameters"]["properties"]["day"] == {}
    assert FunctionTool(documented).schema["function"]["description"].endswith("it is like.")


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
    "mapping": {"a": 1},
    "bare_mapping": {},
}
FITTING: list[dict[str, Any]] = [
    {},
    *({"maybe": 3, "unit": "f", "either": "x"}, {"maybe": None, "share": 0.5, "names": []}),
    {"old": "x", "nothing": None, "anything": [{}], "unhinted": "y", "told": 3},
]


def test_arguments_that_fit_are_given() -> None:
    made = called(run_sync, *[(everything, {**GOOD, **more}) for more in FITTING])
    parameters = inspect.signature(everything).parameters
    defaults = {name: parameter.default for name, parameter in parameters.items()}
    assert [json.loads(one) for one in made] == [{**defaults, **GOOD, **more} for more in FITTING]
    assert called(run_both, (Shop().price, {"item": "a"}), (plain, "")) == ["1", "null"]


RICH: dict[str, Any] = {
    "stay": {"nights": 2, "day": "2024-02-29"},
    "at": "2024-02-29T10:00:00Z",
    "uid": "00000000-0000-0000-0000-000000000001",
    "price": "1.10",
    "span": "PT90M",
    "pair": [1, "a"],
    "units": ["c"],
}
STAY = Stay(2, date(2024, 2, 29))
OBJECTS: dict[str, Any] = {
    "stay": STAY,
    "at": datetime(2024, 2, 29, 10, tzinfo=UTC),
    "uid": UUID(int=1),
    "price": Decimal("1.10"),
    "span": timedelta(minutes=90),
    "pair": (1, "a"),
    "units": {Unit.C},
    "stays": (),
    "counts": None,
    "few": 1,
    "place": Place(0, 0),
}
NAMED_GIVEN = {"uid": 1, "city": "Oslo", "unit": "c", "guest": {"name": "A"}}
NAMED_MADE = {**NAMED_GIVEN, "unit": Unit.C, "either": 1}
CONVERTED: list[tuple[Function, Any, Any]] = [
    (implicit, {"x": None}, {"x": None}),
    (richly, RICH, OBJECTS),
    (
        richly,
        {**RICH, "stay": json.dumps(RICH["stay"]), "stays": [{"nights": "3"}], "few": "2"},
        {**OBJECTS, "stays": [Stay(3)], "few": 2},
    ),
    (
        richly,
        {**RICH, "place": [1, 2], "counts": {"a": "1"}},
        {**OBJECTS, "place": Place(1, 2), "counts": {"a": 1}},
    ),
    (named, NAMED_GIVEN, NAMED_MADE),
    (named, {**NAMED_GIVEN, "uid": "7", "either": "f"}, {**NAMED_MADE, "uid": 7, "either": Unit.F}),
    (returns, {"quantity": "2", "express": "false"}, {"quantity": 2, "express": False}),
    (returns, {"quantity": 2.0, "express": "True"}, {"quantity": 2, "express": True}),
    (by_default, {"x": "3", "yes": "false", "unit": "f"}, {"x": 3, "yes": False, "unit": Unit.F}),
    (
        by_default,
        {"pair": [1], "day": "2024-02-29", "odd": "1"},
        {"pair": (1,), "day": STAY.day, "odd": "1"},
    ),
]


@pytest.mark.parametrize(("function", "given", "made"), CONVERTED)
def test_a_function_gets_the_objects_that_its_hints_name(
    function: Function, given: Any, made: Any
) -> None:
    tool = FunctionTool(function)
    for arguments in (given, json.dumps(given)):
        called_with = tool.call(arguments)
        assert {name: called_with[name] for name in made} == made
        assert [type(called_with[name]) for name in made] == [type(each) for each in made.values()]


def weather(city: str, days: int = 1, wet: bool = False, tags: list[str] = []) -> Any:  # noqa: B006
    return locals()


OSLO = {"city": "Oslo"}
READ: list[tuple[Any, dict[str, Any]]] = [
    (OSLO, OSLO),
    ('{"city": "Oslo", "tags": ["a", "b",],}', {**OSLO, "tags": ["a", "b"]}),
    ("{'city': 'Oslo', 'wet': True}", {**OSLO, "wet": True}),
    ("{'city': 'it\\'s \"x\"'}", {"city": 'it\'s "x"'}),
    ('{city: "Oslo"}', OSLO),
    ('```json\n{"city": "Oslo"}\n```', OSLO),
    ('Here you go: {"city": "Oslo"} Well?', OSLO),
    ('<call>{"city": "Oslo"}</call>', OSLO),
    ('{"city": "Os\nlo"}', {"city": "Os\nlo"}),
    ('"{\\"city\\": \\"Oslo\\"}"', OSLO),
    ('\ufeff{"city": "Oslo" /* the capital */, # or\n "days": 2 // two\n}', {**OSLO, "days": 2}),
    ('{"city": "// no, # comment,]}"}', {"city": "// no, # comment,]}"}),
    ('{"city": "Oslo", "tags": "[\'a\']"}', {**OSLO, "tags": ["a"]}),
]


@pytest.mark.parametrize(("arguments", "meant"), READ)
def test_arguments_are_read_where_their_meaning_is_not_in_doubt(arguments: Any, meant: Any) -> None:
    (made,) = called(run_sync, (weather, arguments)) if isinstance(arguments, str) else [None]
    tool = FunctionTool(weather)
    assert tool.read_arguments(arguments) == meant
    assert made is None or json.loads(made) == {"days": 1, "wet": False, "tags": [], **meant}


IN_DOUBT = (
    *('{"city": "Oslo"', '{"city": "Os', '{"city": {"a": 1}', '[{"city": "a"}, {"city"', "{", "'"),
    *(
        '{"city": "a"}{"city": "b"}',
        '{"city": "a"} or {"city": "b"}',
        '{"city": "Oslo"}, 5',
        "Oslo",
    ),
    *('{"city": Oslo}', '{"city": "a"b"}', '"{\\"city\\": \\"Os"', "[" * 100_000, "9" * 5000),
)


@pytest.mark.parametrize("arguments", IN_DOUBT)
def test_what_is_cut_short_is_not_completed(arguments: str) -> None:
    with pytest.raises(ValueError, match="the arguments are not JSON"):
        FunctionTool(weather).read_arguments(arguments)


def test_a_bare_value_is_meant_for_the_only_parameter() -> None:
    def greet(name: str) -> str:
        return f"Hi {name}"

    def total(prices: list[float]) -> float:
        return sum(prices)

    calls: list[tuple[Function, Any]] = [
        (greet, '"Ann"'),
        (greet, "'Ann'"),
        (total, "[1, 2.5]"),
        (plain, "null"),
        (plain, " "),
    ]
    assert called(run_sync, *calls) == ["Hi Ann", "Hi Ann", "3.5", "null", "null"]


MISFITS: list[tuple[dict[str, Any], str]] = [
    ({"text": 1}, "'text' must be a string, not an integer"),
    ({"mapping": {"a": None}}, "'mapping'.a must be an integer, not null"),
    ({"text": None}, "'text' must be a string, not null"),
    ({"number": "one"}, "'number' must be an integer, not a string"),
    ({"number": 1.5}, "'number' must be an integer, not a number"),
    ({"number": True}, "'number' must be an integer, not a boolean"),
    ({"share": "half"}, "'share' must be a number, not a string"),
    ({"share": False}, "'share' must be a number, not a boolean"),
    ({"yes": 1}, "'yes' must be a boolean, not an integer"),
    ({"names": "a"}, "'names' must be an array, not a string"),
    ({"names": ["a", 1]}, "'names'[1] must be a string, not an integer"),
    ({"bare": {}}, "'bare' must be an array, not an object"),
    ({"mapping": []}, "'mapping' must be an object, not an array"),
    ({"unit": "k"}, '\'unit\' must be "c" or "f", not "k"'),
    ({"maybe": "x"}, "'maybe' must be an integer or null, not a string"),
    ({"old": 1}, "'old' must be a string or null, not an integer"),
    ({"either": None}, "'either' must be an integer or a string, not null"),
    ({"nothing": 0}, "'nothing' must be null, not an integer"),
    ({"told": "x"}, "'told' must be an integer, not a string"),
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


class Labelled(Enum):
    """Values that JSON has only in parts."""

    A = date(2024, 2, 29)


@attrs.define
class Box:
    """Made by attrs."""

    size: int


class Shape(BaseModel):
    """Made by pydantic."""

    day: date
    stay: Stay


def some() -> Iterator[Any]:
    yield STAY.day
    yield {1}


TABLE = pandas.DataFrame({"city": ["Oslo", "Rome", "Oslo"], "n": [1, 2, 3], "f": [0.5, None, 1]})
ROWS = [
    {"city": c, "n": n, "f": f}
    for c, n, f in (("Oslo", 1, 0.5), ("Rome", 2, None), ("Oslo", 3, 1.0))
]
MESSAGE = message()


class Row:
    """As packages for databases have them: with attributes, and no text of its own."""

    def __init__(self) -> None:
        self.a, self._state = 1, 2


RESULTS: list[tuple[Any, Any]] = [
    (None, None),
    (7, 7),
    (Row(), {"a": 1}),
    ([1, "ä", (2,), [True]], [1, "ä", [2], [True]]),
    (
        {1: "a", None: 2, (1, 2): 3, STAY.day: 4, 0.5: 5},
        {"1": "a", "null": 2, "[1, 2]": 3, "2024-02-29": 4, "0.5": 5},
    ),
    ({1: "a", "1": "b"}, [[1, "a"], ["1", "b"]]),  # nothing is lost
    ([math.nan, math.inf, {"a": -math.inf}], [None, None, {"a": None}]),
    ({"b"}, ["b"]),
    (some(), ["2024-02-29", [1]]),
    ({"a": 1}.values(), [1]),
    (STAY, {"nights": 2, "day": "2024-02-29"}),
    ([Box(1), Place(1, 2)], [{"size": 1}, {"x": 1, "y": 2}]),
    (
        Shape(day=date(2024, 2, 29), stay=STAY),
        {"day": "2024-02-29", "stay": {"nights": 2, "day": "2024-02-29"}},
    ),
    ([Unit.C, Labelled.A], ["c", "2024-02-29"]),
    (datetime(2024, 2, 29, tzinfo=UTC), "2024-02-29T00:00:00+00:00"),
    ([time(10), timedelta(1, 5, 7), -timedelta(0, 90)], ["10:00:00", "P1DT5.000007S", "-P0DT90S"]),
    (
        [UUID(int=1), Decimal("1.10"), PurePosixPath("/a")],
        ["00000000-0000-0000-0000-000000000001", "1.10", "/a"],
    ),
    ([b"a\xc3\xa4", b"\xff", bytearray(b"a")], ["aä", "/w==", "a"]),
    ([KeyError("k"), ip_network("10.0.0.0/8")], ["KeyError: 'k'", "10.0.0.0/8"]),
    (SimpleNamespace(a={1}), {"a": [1]}),
    (models.Text(value="a", annotations=[]), {"value": "a", "annotations": []}),
    ([Message.from_dict(MESSAGE)], [MESSAGE]),
    (httpx.Response(404, json={"a": 1}), {"status_code": 404, "body": {"a": 1}}),
    ([numpy.int64(3), numpy.float32(0.5), numpy.bool_(True)], [3, 0.5, True]),
    (numpy.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
    (TABLE, ROWS),
    (TABLE.n, [1, 2, 3]),
    (TABLE.groupby("city").n.sum(), {"Oslo": 4, "Rome": 2}),
    (TABLE.groupby("city")[["n"]].sum(), [{"city": "Oslo", "n": 4}, {"city": "Rome", "n": 2}]),
    (TABLE.set_index("city").n, [["Oslo", 1], ["Rome", 2], ["Oslo", 3]]),
    (pandas.DataFrame([[1, 2]], columns=["a", "a"]), {"columns": ["a", "a"], "rows": [[1, 2]]}),
    ([pandas.Timestamp(2024, 2, 29), pandas.NaT, pandas.NA], ["2024-02-29T00:00:00", None, None]),
    ({"odd": Odd()}, {"odd": "<odd>"}),
    ({"k\ud800": "\ud800"}, {"k?": "?"}),
]


def test_results_become_the_json_they_are_taken_for() -> None:
    """And a text the output itself."""
    assert [json.loads(output_of(result)) for result, _ in RESULTS] == [told for _, told in RESULTS]
    texts = ["as it is", "", "lone \ud800", Refusal("no")]
    calls: list[tuple[Function, Any]] = [(lambda_named("echo"), {"x": text}) for text in texts]
    assert called(run_both, *calls[:1]) == ["as it is"]
    assert [output_of(text) for text in texts] == ["as it is", "", "lone ?", "no"]
    assert len(output_of(pandas.DataFrame({"n": range(100)}))) > 794


class Refused(Exception):
    """A function's own exception."""


def fails() -> None:
    raise Refused("no ä \ud800")


async def fails_later() -> None:
    await asyncio.sleep(0)
    raise Refused("no")


async def cancels_itself() -> str:
    raise asyncio.CancelledError("by itself")


def runs_what_is_cancelled() -> str:
    return asyncio.run(cancels_itself())


async def fails_in_a_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(fails_later())


def ends_early() -> Any:
    """In a thread, a StopIteration would never reach the task that waits for it."""
    return next(iter([]))


def breaks_off() -> Any:
    return (int(each) for each in "1x")


def hides(seconds: float) -> Any:
    """Only calling it shows that its result is to be awaited."""
    return later(seconds)


FAILURES: list[tuple[Function, str, str]] = [
    (fails, "{}", "Refused: no ä ?"),
    (fails_later, "{}", "Refused: no"),
    (fails_in_a_group, "{}", "Refused: no"),
    (ends_early, "{}", "StopIteration: "),
    (breaks_off, "{}", "ValueError: invalid literal for int() with base 10: 'x'"),
    (cancels_itself, "{}", "CancelledError: by itself"),
    (runs_what_is_cancelled, "{}", "CancelledError: by itself"),
    (later, '{"seconds": "two"}', "ValueError: 'seconds' must be a number, not a string"),
    (
        richly,
        json.dumps({**RICH, "at": "noon"}),
        "ValueError: 'at' must be a valid datetime, input is too short",
    ),
    (richly, json.dumps({**RICH, "at": 5}), "ValueError: 'at' must be a string, not an integer"),
    (richly, json.dumps({**RICH, "stay": {}}), "ValueError: 'stay'.nights is missing"),
    (
        richly,
        json.dumps({**RICH, "few": 0}),
        "ValueError: 'few' must be greater than or equal to 1",
    ),
    (weather, "[1]", "ValueError: the arguments are not a JSON object"),
    (later, '{"seconds": 1', "ValueError: the arguments are not JSON"),
    (later, "[1]", "ValueError: 'seconds' must be a number, not an array"),
    (later, "null", "ValueError: the argument 'seconds' is missing"),
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
        name = "ExceptionGroup" if function is fails_in_a_group else told.partition(":")[0]
        assert caplog.messages == [f"the tool {function.__name__} failed: {name}"]
        caplog.clear()


LOOP: list[Any] = []
LOOP.append(LOOP)
DEEP: list[Any] = []
for _ in range(20_000):
    DEEP = [DEEP]
UNTOLD: list[tuple[Any, str]] = [
    (LOOP, "it holds itself"),
    (DEEP, "it is nested too deeply"),
    ({"a": object()}, "JSON has nothing for an object of object"),
    (itertools.count(), "it has over 100,000 items"),
]


@pytest.mark.parametrize(("result", "why"), UNTOLD)
def test_a_result_that_cannot_be_told_is_no_failed_call(
    result: Any, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The function ran: a model that takes it for failed would have it done again."""

    def give() -> Any:
        return result

    (told,) = called(run_async, (give, {}))
    assert json.loads(told) == {"done": True, "problem": f"its result cannot be told: {why}"}
    assert caplog.messages[0].startswith("the result of the tool give cannot be told: ")


class Limit(Exception):
    """Like celery's soft time limit: an Exception that a signal's handler raises."""


class Alarm(TimeoutError):
    """One that HTTP libraries take for their own."""


@pytest.fixture(params=[Limit, Alarm])
def thrown(request: pytest.FixtureRequest) -> Iterator[type[Exception]]:
    def handle(number: int, frame: Any) -> None:
        raise request.param("now")

    before = signal.signal(signal.SIGTERM, handle)
    yield request.param
    signal.signal(signal.SIGTERM, before)


def strike() -> None:
    signal.raise_signal(signal.SIGTERM)


async def strike_later() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(asyncio.sleep(60))
        group.create_task(strike_soon())


async def strike_soon() -> None:
    strike()


def strike_wrapped() -> None:
    try:
        strike()
    except Exception as error:
        raise RuntimeError("mine") from error


class Strikes:
    """A result whose own code is met."""

    def to_dict(self) -> Any:
        strike()


def give_strikes() -> Any:
    return Strikes()


@pytest.mark.parametrize("tool", [strike, strike_wrapped, give_strikes, strike_later])
def test_what_is_thrown_at_the_thread_passes(tool: Function, thrown: type[Exception]) -> None:
    """It is not told to the model, and the run gets no outputs."""
    runs = run_async if tool in (strike_later, give_strikes) else run_sync
    call = lambda c: c.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=[tool])  # noqa: E731
    ran = runs(call, *calling((tool, {}))[:3])
    assert type(ran.error) is thrown


def test_a_tool_may_handle_what_is_thrown(thrown: type[Exception]) -> None:
    def cleans_up() -> str:
        try:
            strike()
        except thrown:
            return "cleaned up"
        return ""

    assert called(run_sync, (cleans_up, {})) == ["cleaned up"]


def test_what_is_thrown_passes_decoders_and_the_network(
    thrown: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is neither an unreadable answer nor a timeout, it is not tried again, and shows no key."""
    with Loopback() as server, Laplas(api_key=KEY, base_url=server.url) as client:
        server.script.append(answer(message()))
        monkeypatch.setattr(Message, "from_dict", lambda src: strike())
        with pytest.raises(thrown):
            client.messages.retrieve(THREAD, MESSAGE["id"])
        monkeypatch.setattr(socket.socket, "recv", lambda *_: strike())
        with pytest.raises(thrown) as caught:
            client.messages.retrieve(THREAD, MESSAGE["id"])
        monkeypatch.undo()
        assert server.connections <= 2
        assert caught.value.__cause__ is None
        homes = {entry.frame.f_globals["__name__"].partition(".")[0] for entry in caught.traceback}
        ours = Laplas.__module__.partition(".")[0]  # where it was copied to, it may be all there is
        assert homes <= {ours, "laplas_api", __name__.partition(".")[0]}


async def fails_the_test() -> None:
    pytest.fail("now")


@pytest.mark.parametrize("runner", [asyncio.run, trio.run])
def test_a_failed_test_fails_and_ends_the_other_calls(runner: Any) -> None:
    """As itself, not in a group."""
    begun, ended = [], []

    async def waits() -> None:
        begun.append("waits")
        try:
            await (trio.sleep_forever() if runner is trio.run else asyncio.sleep(60))
        finally:
            ended.append("waits")

    async def fails_soon() -> None:
        while not begun:
            await (trio.sleep(0) if runner is trio.run else asyncio.sleep(0))
        await fails_the_test()

    functions = [waits, fails_soon]
    with pytest.raises(pytest.fail.Exception, match="now"):
        runner(*(call_all, functions) if runner is trio.run else [call_all(functions)])
    assert ended == ["waits"]


# What servers make of calls


def test_calls_with_one_id_each_get_their_output() -> None:
    """In their order."""
    wanted = [("call_0", "later", f'{{"seconds": {n}}}') for n in (1, 2)]
    steps = calling((plain, {}))
    steps[2] = answer(waiting(*wanted))
    ran = run_async(
        lambda c: c.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=[later]), *steps
    )
    (sent,) = (sent for sent in ran.requests if sent.target.endswith("/submit_tool_outputs"))
    made = sent.json()["tool_outputs"]
    assert made == [{"tool_call_id": "call_0", "output": text} for text in ("1", "2")]


ODD_CALLS: list[tuple[Any, str | None]] = [
    ({"id": "call_0", "type": "function", "function": {"name": "plain"}}, "null"),
    (
        {"id": "call_0", "type": "function", "function": {"name": "plain", "arguments": None}},
        "null",
    ),
    (
        {"id": "call_0", "type": "function", "function": {"name": "greet", "arguments": {"x": 1}}},
        "1",
    ),
    ({"id": "call_0", "type": "tool", "function": {"name": "plain", "arguments": ""}}, "null"),
    ({"id": "call_0", "function": {"name": "plain", "arguments": ""}}, "null"),
    ({"id": "call_0", "type": "function"}, None),
    ({"type": "function", "function": {"name": "plain", "arguments": "{}"}}, None),
    ({"id": None, "type": "function", "function": {"name": "plain", "arguments": "{}"}}, None),
    ({"id": "call_0", "type": "code_interpreter"}, None),
    ("plain", None),
]


@pytest.mark.parametrize(("call", "output"), ODD_CALLS)
def test_a_call_may_lack_what_it_does_not_need(call: Any, output: str | None) -> None:
    """Where it cannot be answered, none is made: the run is there to be read all the same."""
    odd = waiting()
    odd["required_action"]["submit_tool_outputs"]["tool_calls"] = [call]
    assert Run.from_dict(odd).to_dict() == odd
    steps = calling((plain, {}))
    steps[2] = answer(odd)
    tools = [plain, lambda_named("greet")]
    ask = lambda c: c.thread(THREAD).ask("hi", assistant=ASSISTANT, tools=tools)  # noqa: E731
    ran = run_both(ask, *(steps if output else steps[:3]))
    if output:
        assert outputs(ran.requests) == [output]
    else:
        assert type(ran.error) is RunRequiresActionError
        assert str(ran.error).endswith("waits for a call without id or name")


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
