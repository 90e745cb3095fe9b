"""Structured output: `response_format=` with a Python type, and `parse`, with both clients."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import enum
import json
import pickle
import re
import sys
from typing import Annotated, Any, Generic, Literal, NotRequired, TypedDict, TypeVar, assert_type

import pydantic
import pytest
from run_scripts import ASSISTANT, BEGUN, DONE, answered, listed, reply, run, streamed
from scripted import THREAD, answer, message, run_both

import laplas
from laplas import Laplas, Message

T = TypeVar("T")


class City(TypedDict):
    name: str
    people: int | None
    kind: NotRequired[Literal["town", "port"]]


class Color(enum.Enum):
    RED = "red"
    ONE = 1


@dataclasses.dataclass
class Visit:
    when: datetime.date
    places: set[str]
    stars: Annotated[int, pydantic.Field(ge=1, le=5)] = 3


class Node(pydantic.BaseModel):
    """A node."""

    title: str = pydantic.Field(min_length=1, description="Its title.")
    kids: list[Node] = []
    color: Color = Color.RED
    visit: Visit = pydantic.Field(description="The visit.")
    link: pydantic.HttpUrl | None = None


class Box(pydantic.BaseModel, Generic[T]):
    item: T


def sent_schema(model: Any, **options: Any) -> dict[str, Any]:
    """The format that a run is started with, the same in all ways to start one."""
    with Laplas.local() as client:
        formats = [
            client.runs.prepare.create(THREAD, ASSISTANT, response_format=model),
            client.beta.threads.runs.prepare.create(
                THREAD, assistant_id=ASSISTANT, response_format=model
            ),
            client.threads.prepare.create_and_run(ASSISTANT, response_format=model),
            client.assistants.prepare.create("gpt-4o", response_format=model),
        ]
    bodies = [prepared.json()["response_format"] for prepared in formats]
    assert all(body == bodies[0] for body in bodies)
    made: dict[str, Any] = bodies[0]
    assert made["type"] == "json_schema"
    assert made["json_schema"]["strict"] is True
    return made


def test_a_typed_dict_is_described_strictly() -> None:
    assert sent_schema(City)["json_schema"] == {
        "name": "City",
        "schema": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "people": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                "kind": {"enum": ["town", "port"], "type": "string"},
            },
            "required": ["name", "people", "kind"],
            "additionalProperties": False,
        },
        "strict": True,
    }


def test_models_keep_what_a_strict_schema_takes_and_tell_the_rest_in_words() -> None:
    schema = sent_schema(Node)["json_schema"]["schema"]
    visit = {
        "type": "object",
        "properties": {
            "when": {"type": "string", "format": "date"},
            "places": {
                "type": "array",
                "items": {"type": "string"},
                "description": "uniqueItems: true",
            },
            "stars": {"type": "integer", "minimum": 1, "maximum": 5},
        },
        "required": ["when", "places", "stars"],
        "additionalProperties": False,
    }
    link = {"type": "string"}
    link["description"] = 'format: "uri"\nmaxLength: 2083\nminLength: 1'
    node = {
        "type": "object",
        "description": "A node.",
        "properties": {
            "title": {"type": "string", "description": "Its title.\nminLength: 1"},
            "kids": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
            "color": {"$ref": "#/$defs/Color"},
            "visit": {"anyOf": [{"$ref": "#/$defs/Visit"}], "description": "The visit."},
            "link": {"anyOf": [link, {"type": "null"}]},
        },
        "required": ["title", "kids", "color", "visit", "link"],
        "additionalProperties": False,
    }
    color = {"enum": ["red", 1], "type": ["integer", "string"]}
    assert schema == {**node, "$defs": {"Color": color, "Visit": visit, "Node": node}}


def test_a_definition_that_only_the_root_used_is_not_repeated() -> None:
    made = sent_schema(Box[int])["json_schema"]
    assert made["name"] == "Box_int_"
    assert "$defs" not in made["schema"]


class Cat(pydantic.BaseModel):
    kind: Literal["cat"]


class Dog(pydantic.BaseModel):
    kind: Literal["dog"]


class Pet(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow", title="Other")
    title: Annotated[Cat | Dog, pydantic.Field(discriminator="kind")]
    default: str = pydantic.Field("x", json_schema_extra={"pattern": "^(?!a)"})


def test_a_tagged_union_is_any_of_its_members_and_names_are_no_keywords() -> None:
    schema = sent_schema(Pet)["json_schema"]["schema"]
    assert schema["properties"] == {
        "title": {"anyOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]},
        "default": {"type": "string", "description": 'pattern: "^(?!a)"'},
    }
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Cat"]["properties"] == {"kind": {"type": "string", "enum": ["cat"]}}


class OnlyCat(pydantic.RootModel[Cat]):
    pass


def test_a_model_that_is_another_one_is_described_as_that() -> None:
    made = sent_schema(OnlyCat)["json_schema"]
    assert made == {**sent_schema(Cat)["json_schema"], "name": "OnlyCat"}
    assert said('{"kind": "cat"}').parse(OnlyCat).root.kind == "cat"


class Scores(pydantic.BaseModel):
    of: list[dict[str, int]]


class Pair(pydantic.BaseModel):
    pair: tuple[int, str]


class Loose(TypedDict):
    anything: Any


class Opaque:
    pass


class Pattern(pydantic.BaseModel):
    part: str = pydantic.Field(json_schema_extra={"not": {"const": "x"}})


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Scores, r"Scores\.of\[\] has no fixed names"),
        (Pair, r"Pair\.pair is a tuple"),
        (Loose, r"Loose\.anything may hold anything"),
        (Pattern, r"Pattern\.part has 'not'"),
        (Opaque, "the type Opaque cannot be given as JSON"),
        (dict, "dict has no fixed names"),
        (list[int], "list is not an object"),
        (Color, "Color is not an object"),
        (Cat | Dog, "is not an object"),
        (3, "must be"),
    ],
)
def test_what_no_strict_schema_can_say_is_refused_before_anything_is_sent(
    model: Any, said: str
) -> None:
    ran = run_both(lambda c: c.thread(THREAD).ask("?", assistant=ASSISTANT, response_format=model))
    assert isinstance(ran.error, laplas.InvalidArgumentError)
    assert ran.error.argument == "response_format"
    assert re.search(said, str(ran.error)), ran.error
    assert not ran.requests


def test_without_pydantic_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic", None)
    assert said('{"name": "Oslo", "people": 1}').parse(City)["people"] == 1
    with pytest.raises(laplas.InvalidArgumentError, match=r"laplas\[tools\]"):
        said("{}").parse(Visit)


def test_formats_of_the_api_go_as_they_are() -> None:
    form = {"type": "json_schema", "json_schema": {"name": "n", "schema": {}, "strict": False}}
    for each in ("auto", {"type": "json_object"}, form):
        with Laplas.local() as client:
            made = client.runs.prepare.create(THREAD, ASSISTANT, response_format=each)
        assert made.json()["response_format"] == each


# Reading


def said(text: str, **fields: Any) -> Message:
    return Message.from_dict(message(content=text, **fields))


VISIT = {"when": "2026-01-02", "places": ["a", "a"], "stars": 5}


def test_an_object_of_the_type_is_made() -> None:
    city = said('{"name": "Oslo", "people": null}').parse(City)
    assert_type(city, City)
    assert city == {"name": "Oslo", "people": None}
    visit = said(json.dumps(VISIT)).parse(Visit)
    assert_type(visit, Visit)
    assert visit == Visit(datetime.date(2026, 1, 2), {"a"}, 5)
    node = said(json.dumps({"title": "t", "visit": VISIT, "color": 1})).parse(Node)
    assert_type(node, Node)
    assert (node.color, node.visit.stars, node.kids) == (Color.ONE, 5, [])
    assert said('{"item": 3}').parse(Box[int]).item == 3
    assert said("[1, 2]").parse(list[int]) == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"name": "Oslo", "people": 1}\n```',
        'Here: {"name": "Oslo", "people": 1} Bye.',
        'The [city]:\r\n```json\r\n{"name": "Oslo", "people": 1}\r\n```\r\n"Bye", [1].',
    ],
)
def test_fences_and_words_around_an_object_are_left_out(text: str) -> None:
    assert said(text).parse(City) == {"name": "Oslo", "people": 1}
    listed = text.replace("{", "[{").replace("}", "}]")
    if "```" in text:
        assert said(listed).parse(list[City]) == [{"name": "Oslo", "people": 1}]
    with pytest.raises(laplas.ParseError):  # which of the two is meant?
        said('{"name": "Rome", "people": 1}\n' + listed).parse(list[City])


def test_a_fence_within_a_text_is_of_the_text() -> None:
    assert said('{"name": "\n```\n1\n```\n", "people": 1}').parse(City)["name"] == "\n```\n1\n```\n"


@pytest.mark.parametrize(
    ("text", "model", "why"),
    [
        ('{"name": "Oslo", "people": 70', City, "its text is not JSON"),
        ("Oslo has many people.", City, "its text is not JSON"),
        (" ", City, "it has no text"),
        ('{"name": 1, "people": 2}', City, "City.name must be a string, not an integer"),
        ('{"people": 2}', City, "City.name is missing"),
        ('{"name": "a", "people": 2, "more": 1}', City, "City.more is unknown"),
        ("[]", City, "City must be an object, not an array"),
        (json.dumps({**VISIT, "stars": 6}), Visit, "Visit.stars must be less than"),
        (json.dumps({"title": "", "visit": VISIT}), Node, "Node.title must have at least 1"),
        (json.dumps({"title": "t", "visit": {}}), Node, "Node.visit.when is missing"),
        (
            '{"title": {"kind": "cow"}}',
            Pet,
            'Pet.title.kind must be "cat", not "cow", or Pet.title.kind must be "dog", not "cow"',
        ),
        ('{"kids":[' * 300 + "]}" * 300, Node, "nested too deeply"),
        ('{"kids":[' * 9000 + "]}" * 9000, Node, "its text is not JSON"),
    ],
)
def test_what_does_not_fit_is_an_error_that_says_where(text: str, model: Any, why: str) -> None:
    reply = said(text)
    with pytest.raises(laplas.ParseError) as caught:
        reply.parse(model)
    error = pickle.loads(pickle.dumps(caught.value))
    assert type(error) is laplas.ParseError
    assert why in str(error)
    assert error.text == text
    assert error.reply == reply
    assert caught.value.__context__ is None


def test_refused_and_incomplete_messages_have_errors_of_their_own() -> None:
    part = {"type": "refusal", "refusal": "No."}
    with pytest.raises(laplas.RefusalError) as refused:
        said([part]).parse(City)  # type: ignore[arg-type]
    assert (refused.value.refusal, refused.value.text) == ("No.", "")
    cut = '{"name": "Os'
    for fields in ({"status": "incomplete"}, {"status": "in_progress"},
                   {"incomplete_details": {"reason": "max_tokens"}}):  # fmt: skip
        with pytest.raises(laplas.IncompleteMessageError) as incomplete:
            said(cut, **fields).parse(City)
        assert incomplete.value.text == cut
    assert issubclass(laplas.RefusalError, laplas.ParseError)


@pytest.mark.parametrize("model", ["City", None, {"type": "object"}, Opaque])
def test_what_is_no_type_cannot_be_parsed(model: Any) -> None:
    with pytest.raises(laplas.InvalidArgumentError) as caught:
        said("{}").parse(model)
    assert caught.value.argument == "model"


def test_the_reply_knows_the_type_that_was_asked_for() -> None:
    text = '{"name": "Oslo", "people": 1}'
    given = {"assistant": ASSISTANT, "response_format": City}
    ran = run_both(
        lambda c: c.thread(THREAD).ask("?", **given),
        *BEGUN, answer(run()), answer(listed(reply(text))),
    )  # fmt: skip
    assert ran.requests[1].json()["response_format"] == sent_schema(City)
    for each in (ran.result, copy.deepcopy(ran.result), pickle.loads(pickle.dumps(ran.result))):
        assert each.parse() == {"name": "Oslo", "people": 1}
        assert each.parse(dict[str, Any]) == {"name": "Oslo", "people": 1}


def test_the_message_of_a_stream_knows_it_too() -> None:
    text = '{"name": "Oslo", "people": 1}'
    parsed = []

    def asked(client: Any) -> Any:
        stream = client.thread(THREAD).ask_stream("?", assistant=ASSISTANT, response_format=City)
        parsed.append(stream)
        return stream

    steps = [answer(message()), streamed(*answered(text), DONE)]
    run_both(asked, *steps, collect="items")
    assert [stream.message.parse() for stream in parsed] == [{"name": "Oslo", "people": 1}] * 2


def test_without_a_type_a_reply_says_that_it_needs_one() -> None:
    ran = run_both(
        lambda c: c.thread(THREAD).ask("?", assistant=ASSISTANT, response_format="auto"),
        *BEGUN, answer(run()), answer(listed(reply("{}"))),
    )  # fmt: skip
    with pytest.raises(laplas.InvalidArgumentError, match="must be a type"):
        ran.result.parse()
