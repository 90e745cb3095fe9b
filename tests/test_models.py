"""Whatever a server answers: it is read with nothing lost, or it is the one typed error.

And it reads alike, whichever reader of JSON is installed; nobody has to have one.
"""

from __future__ import annotations

import copy
import gzip
import importlib
import json
import pickle
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import Mock, patch

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scripted import THREAD, answer, page, plainly, run_both, run_sync, thread
from support import (
    RECORDINGS,
    SCHEMA_OF,
    document,
    exchanges,
    operation_of,
    recorded,
    resolve,
)

from laplas import (
    APIError,
    APIStatusError,
    Message,
    PaginationWarning,
    RawResponse,
    Run,
    Thread,
    UnknownVariant,
    UnparsableResponseError,
)
from laplas._core import response as _parsing
from laplas._core.request import CHECKER
from laplas._core.response import Response, decode_response, status_error
from laplas_api import models
from laplas_api.calls import Call
from laplas_api.resources import messages, threads

CALLS: dict[str, Call[Any]] = {
    call.operation: call._replace(answer_id=None, parents={})
    for call in (
        messages.retrieve_message(CHECKER, "t", "m"),
        messages.list_messages(CHECKER, "t"),
        messages.delete_message(CHECKER, "t", "m"),
        threads.retrieve_thread(CHECKER, "t"),
        threads.delete_thread(CHECKER, "t"),
    )
}
"""One operation for each kind of answer, with whatever id."""


def checked(call: Call[Any], body: bytes) -> Any:
    """Decode a 200 answer with that body, and hold the promise: nothing lost, or the typed error.

    Returns the result, or None after the error.
    """
    try:
        result = decode_response(call, Response(200, {"x-request-id": "req_1"}, body))
    except UnparsableResponseError as error:
        problem = error
    else:
        if call.empty is None or body.strip():
            # As text, since 1 == 1.0 == True and NaN != NaN.
            read, sent = result.to_dict(), json.loads(body)
            assert json.dumps(read, sort_keys=True) == json.dumps(sent, sort_keys=True)
            _look_at(result)
        return result
    assert problem.body == body.decode("utf-8", "replace")
    assert (problem.status_code, problem.request_id) == (200, "req_1")
    assert problem.operation == call.operation
    assert problem.reason
    assert str(problem)
    return None


def _look_at(result: Any) -> None:
    """Read all that a caller may read; only `created` may say that the server sent no time."""
    assert repr(result)
    items = getattr(result, "data", None)
    for item in (result, *(items if isinstance(items, list) else ())):
        for name in dir(type(item)):
            if name.startswith("_") or callable(getattr(type(item), name)):
                continue
            try:
                getattr(item, name)
            except ValueError:
                assert name == "created"


def _comes_back(result: Any) -> None:
    """Hold that a model, or each of a page, is the same after any way out and back in."""
    for model in [result] if hasattr(result, "from_dict") else result.data:
        cls, written = type(model), model.to_dict()
        assert not _containers(model) & _containers(written), "to_dict() shares a container"
        for again in (
            cls.from_dict(written),
            cls.from_dict(json.loads(json.dumps(written))),
            copy.copy(model),
            copy.deepcopy(model),
            pickle.loads(pickle.dumps(model)),
            attrs.evolve(model) if attrs.has(cls) else model,
        ):
            assert type(again) is cls
            assert again == model
            assert again.to_dict() == written
            assert _readable(again) == _readable(model)


def _readable(model: Any) -> list[Any]:
    names = [n for n in dir(type(model)) if isinstance(getattr(type(model), n), property)]
    return [getattr(model, name) for name in names if name not in ("created", "_request_id")]


def _containers(value: Any) -> set[int]:
    """The ids of all lists and dicts in a value, those in models included."""
    found, waiting = set(), [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | dict):
            found.add(id(one))
            waiting += one.values() if isinstance(one, dict) else one
        elif attrs.has(type(one)):
            waiting += [getattr(one, field.name) for field in attrs.fields(type(one))]
    return found


class Sample(NamedTuple):
    """A whole payload, with the call that reads it."""

    name: str
    call: Call[Any]
    payload: Any


def model_samples() -> list[Sample]:
    """A payload for each model, made from the document: every field, every member of a union."""
    found = []
    for name, schema in document()["components"]["schemas"].items():
        model: Any = getattr(models, name, None)
        if hasattr(model, "from_dict") and "binary" not in json.dumps(schema):
            found.append(Sample(name, Call(name, "read", "GET", "/", model), _sample(schema)))
    return found


def _sample(schema: dict[str, Any], within: tuple[str, ...] = ()) -> Any:
    if (name := schema.get("$ref")) is not None:
        if name in within:  # a schema that holds itself: once is enough
            return {}
        within = (*within, name)
    schema = resolve(document(), schema)
    for union in ("oneOf", "anyOf"):
        if union in schema and "properties" not in schema:  # else it says which ones go together
            return _sample(schema[union][0], within)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    match kind if isinstance(kind, str) else (kind or ["null"])[0]:
        case "object":
            known = {
                name: _sample(field, within) for name, field in schema.get("properties", {}).items()
            }
            return known or {"key": "value"}
        case "array":
            items = resolve(document(), schema.get("items", {}))
            return [_sample(item, within) for item in items.get("oneOf", [items])]
        case other:
            plain = {"integer": 1_700_000_000, "number": 0.5, "boolean": True, "string": "text"}
            return plain.get(str(other))


def call_samples() -> list[Sample]:
    """Payloads of the operations in `CALLS`: made here, and recorded ones where they are there."""
    made = {sample.name: sample.payload for sample in model_samples()}
    message = made["Message"]
    message["content"].append({"type": "of_tomorrow", "of_tomorrow": [1, {"a": None}]})
    message["attachments"][0]["tools"].append({"type": "new"})
    page = made["MessageList"] | {"data": [message, message | {"content": "a bare string"}]}
    payloads = {
        "retrieve_message": [message],
        "list_messages": [page, [message, message]],
        "delete_message": [made["DeletedMessage"]],
        "retrieve_thread": [made["Thread"]],
        "delete_thread": [made["DeletedThread"]],
    }
    found = [Sample(n, CALLS[n], payload) for n, each in payloads.items() for payload in each]
    return found + list(_recorded())


def _recorded() -> Iterator[Sample]:
    for row in exchanges() if RECORDINGS.exists() else ():
        # Creating and updating are answered as retrieving is.
        name = re.sub("^(create|update)_(message|thread)$", r"retrieve_\2", operation_of(row) or "")
        if name in CALLS and row["status"] == 200 and isinstance(row["response_body"], dict | list):
            yield Sample(name, CALLS[name], row["response_body"])


ODD: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, 10**30, "", "text", "\u0000", "😀", "null",
    [], [None], [[]], ["text"], [{}], {}, {"": None}, {"type": None}, {"type": "text"},
    {"type": ["text"]}, {"value": {}}, {"id": 1}, {"data": {}}, {"__class__": "x", "self": 1},
]  # fmt: skip
"""Values of every JSON type, to stand where another was expected."""


@st.composite
def spoiled(draw: st.DrawFn, payload: Any) -> Any:
    """The payload with one to four things done to what is in it."""
    whole = copy.deepcopy(payload)
    for _ in range(draw(st.integers(1, 4))):
        if places := list(_places(whole)):
            _spoil(draw, *draw(st.sampled_from(places)))
    return whole


def _spoil(draw: st.DrawFn, holder: Any, key: Any) -> None:
    old = holder[key]
    odd = copy.deepcopy(draw(st.sampled_from(ODD)))
    match draw(st.sampled_from(["drop", "null", "retype", "duplicate", "deepen", "extend"])):
        case "drop":
            del holder[key]
        case "null":
            holder[key] = None
        case "retype":
            holder[key] = odd
        case "duplicate" if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(old))
        case "duplicate":
            holder[f"{key}_2"] = copy.deepcopy(old)
        case "deepen":
            for _ in range(draw(st.sampled_from([1, 2, 60]))):
                inner = holder[key]
                holder[key] = [inner] if draw(st.booleans()) else {"type": "x", "x": inner}
        case _ if isinstance(old, list):
            old.append(odd)
        case _ if isinstance(old, dict):
            old[draw(st.sampled_from(["new", "type", "id", "_extra", "to_dict", "é", ""]))] = odd
        case _:
            holder[key] = [old, odd]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each (container, key or index) in the value, at any depth."""
    pending = [value]
    while pending:
        holder = pending.pop()
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, item in pairs:
            yield holder, key
            if isinstance(item, dict | list):
                pending.append(item)


def each_with(payload: Any, value: Any) -> Iterator[Any]:
    """The payload with that value in one of its places, for each place in turn."""
    for number in range(len(list(_places(payload)))):
        whole = copy.deepcopy(payload)
        holder, key = list(_places(whole))[number]
        holder[key] = value
        yield whole


NOW = datetime(2027, 1, 1, tzinfo=UTC)
quickly = settings(deadline=None, suppress_health_check=list(HealthCheck))
MODELS = model_samples()
ANSWERS = call_samples()
MADE = ANSWERS[:6]


def retrieving(*steps: Any, **options: Any) -> Any:
    return run_sync(lambda c: c.threads.retrieve("t"), *steps, **options)


@pytest.mark.parametrize("sample", MODELS + ANSWERS, ids=lambda sample: sample.name)
def test_a_payload_as_documented_or_recorded_is_read_also_without_a_field(sample: Sample) -> None:
    result = checked(sample.call, json.dumps(sample.payload).encode())
    assert result is not None
    _comes_back(result)
    for gone in sample.payload if isinstance(sample.payload, dict) else ():
        rest = {name: value for name, value in sample.payload.items() if name != gone}
        checked(sample.call, json.dumps(rest | {"new": 1}).encode())


@pytest.mark.parametrize("sample", MODELS + MADE, ids=lambda sample: sample.name)
@settings(quickly, max_examples=25)
@given(data=st.data())
def test_no_spoiled_field_loses_anything_or_raises_anything_else(
    sample: Sample, data: st.DataObject
) -> None:
    body = json.dumps(data.draw(spoiled(sample.payload)), ensure_ascii=False)
    if (result := checked(sample.call, body.encode("utf-8", "surrogatepass"))) is not None:
        _comes_back(result)


@pytest.mark.parametrize(("kind", "schema"), SCHEMA_OF.items())
def test_all_that_was_recorded_comes_back_as_the_same(kind: str, schema: str) -> None:
    model = _parsing._own_model(getattr(models, schema))
    for _, raw in recorded(kind):
        _comes_back(model.from_dict(raw))


MESSAGE = MADE[0].payload


def test_pydantic_reads_writes_and_describes_models() -> None:
    pydantic = pytest.importorskip("pydantic")
    parts = models.TextContent | models.RefusalContent | UnknownVariant
    Holder = pydantic.create_model(
        "Holder",
        message=(Message, ...),
        all=(list[Message], []),
        one_of=(Thread | Run | Message | None, None),
        part=(parts | None, None),
        metadata=(models.Metadata | None, None),
    )
    part = MESSAGE["content"][0]
    given = {"message": MESSAGE, "all": [MESSAGE, MESSAGE | {"content": "bare"}], "one_of": MESSAGE}
    given |= {"part": part, "metadata": {"a": "b"}}
    holder = Holder.model_validate(given)
    assert (type(holder.message), type(holder.one_of)) == (Message, Message)
    assert (type(holder.part), type(holder.metadata)) == (models.TextContent, models.Metadata)
    assert holder.model_dump() == json.loads(holder.model_dump_json()) == given
    assert Holder.model_validate_json(holder.model_dump_json()) == holder
    message = Message.from_dict(MESSAGE)
    assert Holder(message=message).message is message
    for mode in ("validation", "serialization"):
        schema = Holder.model_json_schema(mode=mode)["$defs"]["Message"]
        assert schema["required"][:2] == ["id", "object"]
        assert schema["properties"]["object"]["const"] == "thread.message"
    bad: Any
    for bad in (5, "x", [], None, {}, MESSAGE | {"object": "thread"}, {**MESSAGE, "id": ...}):
        if isinstance(bad, dict) and bad.get("id") is ...:
            del bad["id"]
        with pytest.raises(pydantic.ValidationError, match="message"):
            Holder.model_validate({"message": bad})
    with pytest.raises(pydantic.ValidationError):
        Holder.model_validate({"message": MESSAGE, "metadata": {"a": 5}})


@pytest.mark.parametrize("sample", MODELS, ids=lambda sample: sample.name)
def test_pydantic_takes_every_model(sample: Sample) -> None:
    pydantic = pytest.importorskip("pydantic")
    adapter: Any = pydantic.TypeAdapter(_parsing._own_model(sample.call.model))
    described = adapter.json_schema()
    if "$ref" in described:  # a model that holds itself
        described = described["$defs"][described["$ref"].rpartition("/")[2]]
    assert described["type"] == "object"
    assert adapter.dump_python(adapter.validate_python(sample.payload)) == sample.payload
    assert adapter.validate_json(adapter.dump_json(adapter.validate_python(sample.payload)))


def test_fastapi_takes_and_answers_messages() -> None:
    fastapi = pytest.importorskip("fastapi")
    client_of = importlib.import_module("fastapi.testclient").TestClient
    app = fastapi.FastAPI()
    message = Message.from_dict(MESSAGE)
    app.get("/one", response_model=Message)(lambda: message)
    app.get("/all", response_model=list[Message])(lambda: [message])
    app.get("/perhaps", response_model=Message | None)(lambda: message)
    app.get("/bare")(lambda: message)
    app.get("/bare/all")(lambda: {"messages": [message]})

    def echo(given: Message) -> Message:
        return given

    echo.__annotations__ = {"given": Message, "return": Message}  # here they are strings
    app.post("/echo")(echo)
    client = client_of(app)
    for path in ("/one", "/perhaps", "/bare"):
        assert client.get(path).json() == MESSAGE
    assert client.get("/all").json() == [MESSAGE]
    assert client.get("/bare/all").json() == {"messages": [MESSAGE]}
    assert client.post("/echo", json=MESSAGE).json() == MESSAGE
    assert client.post("/echo", json={"id": 5}).status_code == 422
    described = client.get("/openapi.json").json()
    answer_of = described["paths"]["/one"]["get"]["responses"]["200"]["content"]
    schema = answer_of["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert schema in {"Message", "Message-Output"}  # what older versions of pydantic call it
    assert "thread_id" in described["components"]["schemas"][schema]["properties"]


BARE = {"type": "text", "text": {"value": "hi", "annotations": []}}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("hi", "hi"),
        ("", ""),
        (["a", "b"], "ab"),
        ([BARE, BARE], "hihi"),
        ([BARE | {"text": "hi"}], "hi"),
        ([BARE | {"text": [{"value": "a"}, {"value": "b"}, {"value": 5}, None]}], "ab"),
        ([BARE | {"text": None}, {"type": "new", "value": "x"}, None, 5], ""),
        (None, ""),
        (5, ""),
        (BARE, ""),
    ],
    ids=repr,
)
def test_content_of_any_form_is_read_and_comes_back(content: Any, text: str) -> None:
    raw = call_samples()[0].payload | {"content": content}
    message = Message.from_dict(copy.deepcopy(raw))
    assert message.text == text
    assert message.to_dict() == raw
    _comes_back(message)
    if isinstance(content, str):
        made = attrs.evolve(Message.from_dict(raw | {"content": []}), content=content)
        assert made == message


def test_what_is_changed_in_content_that_was_a_bare_string_is_written() -> None:
    message = Message.from_dict(call_samples()[0].payload | {"content": "hi"})
    part = message.content[0]
    assert isinstance(part, models.TextContent)
    part.text.value = "ho"
    assert message.to_dict()["content"] == "ho"
    message.content.append(models.RefusalContent("no"))
    assert (message.text, message.refusal) == ("ho", "no")
    assert [each["type"] for each in message.to_dict()["content"]] == ["text", "refusal"]
    message.content = "hey"  # type: ignore[assignment]
    assert message.text == "hey"
    _comes_back(message)


@pytest.mark.parametrize("sample", MADE, ids=lambda sample: sample.name)
def test_each_odd_value_in_each_place(sample: Sample) -> None:
    for odd in ODD:
        checked(sample.call, json.dumps(odd).encode())
        for body in each_with(sample.payload, odd):
            checked(sample.call, json.dumps(body).encode())


@settings(quickly, max_examples=60)
@given(data=st.data())
def test_both_clients_come_to_the_same(data: st.DataObject) -> None:
    """Through whole clients: what decoding comes to is what the caller gets."""
    payload = data.draw(spoiled(page("a", "b")))
    steps = answer(payload), lambda _: answer(page())  # in case it says that there is more
    ran = run_both(lambda c: c.messages.list(THREAD), *steps, collect="items", max_retries=0)
    if ran.problem is None:
        assert ran.value.to_dict() == payload
    elif isinstance(ran.problem, PaginationWarning):
        ids = [item["id"] for item in payload["data"]]
        assert len({*ids}) < len(ids)
    else:
        assert isinstance(ran.problem, UnparsableResponseError)
        assert json.loads(ran.problem.body) == payload
        assert ran.problem.operation == "list_messages"


GOOD = json.dumps(thread(metadata={"a": "é"}), ensure_ascii=False)
RAW: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \r\n\t ",
    "garbage": b"{\xff\xfe garbage",
    "html": b"<!doctype html><title>502</title>",
    "NUL": b"\x00",
    "a number": b"5",
    "a string": b'"thread"',
    "null": b"null",
    "two values": GOOD.encode() * 2,
    "a comma too many": GOOD.encode()[:-1] + b",}",
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16, no mark": GOOD.encode("utf-16-le"),
    "UTF-32": GOOD.encode("utf-32"),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "Latin-1": GOOD.encode("latin-1"),
    "an int of 5,000 digits": b'{"created_at": ' + b"9" * 5000 + b"}",
    "a float out of range": GOOD.replace("1700000000", "1e999").encode(),
    "NaN": GOOD.replace("1700000000", "NaN").encode(),
    "-Infinity": GOOD.replace("1700000000", "-Infinity").encode(),
    "a key twice": GOOD.encode()[:-1] + b', "created_at": 5}',
    "a lone surrogate, escaped": GOOD.replace("é", "\\ud800").encode(),
    "a lone surrogate, raw": GOOD.replace("é", "\ud800").encode("utf-8", "surrogatepass"),
    "a NUL, escaped": GOOD.replace("é", "\\u0000").encode(),
    "a control character, raw": GOOD.replace("é", "\x01").encode(),
    "the prefix against JSON hijacking": b")]}',\n" + GOOD.encode(),
    "an event stream": b"data: " + GOOD.encode() + b"\n\n",
    "gzip that nobody spoke of": gzip.compress(GOOD.encode()),
}


@pytest.mark.parametrize("name", RAW)
def test_raw_bytes_are_read_or_told(name: str) -> None:
    for call in CALLS.values():
        checked(call, RAW[name])
    problem = retrieving(answer(RAW[name], 400)).problem
    assert isinstance(problem, APIStatusError)
    assert problem.message


def test_the_last_of_two_equal_keys_counts_and_a_lone_surrogate_comes_through() -> None:
    """As everywhere in Python, and as the vendor's own package has it."""
    assert checked(CALLS["retrieve_thread"], RAW["a key twice"]).created_at == 5
    read = checked(CALLS["retrieve_thread"], RAW["a lone surrogate, escaped"])
    assert read.metadata == {"a": "\ud800"}


@pytest.mark.parametrize("sample", MADE, ids=lambda sample: sample.name)
def test_every_truncation_is_told(sample: Sample) -> None:
    body = json.dumps(sample.payload).encode()
    for length in range(1, len(body), max(1, len(body) // 200)):
        assert checked(sample.call, body[:length]) is None


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with some of them overwritten, left out or put in."""
    body = bytearray(whole)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 8))] = draw(st.binary(max_size=8))
    return bytes(body)


@settings(quickly, max_examples=500)
@given(data=st.data())
def test_damaged_answers_and_any_bytes_are_read_or_told(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(ANSWERS))
    whole = json.dumps(sample.payload, ensure_ascii=False).encode("utf-8", "replace")
    checked(sample.call, data.draw(damaged(whole) | st.binary()))


def nested(levels: int, pair: str) -> str:
    return pair[0] * levels + pair[1] * levels


# Around every limit that the interpreter, its parser and the models' recursion may have.
DEPTHS = [50, 90, 150, 240, 320, 330, 480, 500, 700, 900, 970, 980, 990, 1000, 5_000, 100_000]


@pytest.mark.parametrize("levels", DEPTHS)
def test_any_depth_is_read_or_told(levels: int) -> None:
    body = json.dumps(thread(id="x"))
    for place in ('"metadata": {}', '"tool_resources": {}', '"id": "x"'):
        assert place in body
        _read_or_told(body.replace(place, f"{place.split(':')[0]}: {nested(levels, '[]')}"))
    objects = '{"a":' * levels + "1" + "}" * levels
    _read_or_told(f'{body[:-1]}, "new": {objects}}}')


def _read_or_told(body: str) -> None:
    ran = retrieving(answer(body))
    if ran.problem is None:
        plain = plainly(ran.value)
        assert plain["object"] == "thread"
        try:
            repr(plain)
        except RecursionError:  # Python cannot show what is nested so deep; orjson can read it
            return
        assert repr(ran.value)
    else:
        assert isinstance(ran.problem, UnparsableResponseError)
        assert ran.problem.body == body


@pytest.mark.parametrize("levels", [*range(960, 1000), 100_000])
@pytest.mark.parametrize("body", ["[]", '{"error":[]}'])
def test_an_error_answer_of_any_depth_is_the_status_error(body: str, levels: int) -> None:
    problem = retrieving(answer(body.replace("[]", nested(levels, "[]")), 400)).problem
    assert isinstance(problem, APIStatusError)
    assert problem.status_code == 400


def test_depth_does_not_depend_on_how_deep_the_caller_is() -> None:
    """A program that is deep in its own calls meets the typed error, too."""

    def deeper(levels: int) -> None:
        if levels:
            deeper(levels - 1)
        else:
            _read_or_told(json.dumps(thread())[:-1] + f', "new": {nested(300, "[]")}}}')

    deeper(sys.getrecursionlimit() // 3)


ERRORS: list[Any] = [
    {"error": {"message": "No thread found.", "type": "t", "param": None, "code": None}},
    {"error": {"name": "X"}, "message": "m", "statusCode": 404, "requestId": "r", "timestamp": "x"},
    {"status": 404, "title": "Not Found", "detail": "d"},
]


@settings(quickly, max_examples=150)
@given(data=st.data(), status=st.sampled_from([300, 400, 401, 404, 418, 429, 500, 503, 599]))
def test_no_error_answer_raises_anything_but_the_status_error(
    data: st.DataObject, status: int
) -> None:
    payload = data.draw(spoiled(data.draw(st.sampled_from(ERRORS))))
    headers: dict[str, Any] = data.draw(
        st.dictionaries(
            st.sampled_from(["retry_after", "retry_after_ms", "date", "x_request_id"]),
            st.sampled_from(["", "-1", "soon", "1e999", "Mon", "x" * 300, "2020-13-45", "NaN"]),
        )
    )
    problem = retrieving(answer(payload, status, **headers), max_retries=0).problem
    assert isinstance(problem, APIStatusError)
    assert problem.status_code == status
    assert isinstance(problem.message, str)
    assert problem.message
    assert plainly(pickle.loads(pickle.dumps(problem))) == plainly(problem)


TIMES = [
    "\x1d3", "3\x1f", "\x1c\x1d\x1e\x1f", "\x0b5", "\xa05", "\u0663", "1" * 400, "1." + "1" * 400,
    "1e5", "0x10", "1_0", "+5", "-5", "--5", "5,6", "5 6", "inf", "nan", "", " ", "mon", "may",
    "10:00", "Wed, 21 Oct 2026 07:28:00 XYZ", "Wed, 99 Oct 2026 07:28:00 GMT",
    "Wed, 21 Oct 0000 07:28:00 GMT", "Wed, 21 Oct 9999 23:59:59 -2359",
    "Wed, 01 Jan 0001 00:00:00 +2359", "2026-10-21T07:28:00+99:99", "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59", "2026-W99-9", "20261021", "\x00",
]  # fmt: skip
"""What is no time, or hardly one; some were found by fuzzing."""


def _times_are_sound(text: str) -> None:
    for name in ("retry-after", "retry-after-ms", "date"):
        body = json.dumps({"error": "x", "timestamp": text}).encode()
        error = status_error(Response(503, {name: text}, body), NOW)
        assert error.retry_after is None or 0 <= error.retry_after < 1e12
        assert error.timestamp is None or error.timestamp.tzinfo is UTC


@pytest.mark.parametrize("text", TIMES, ids=ascii)
def test_odd_times(text: str) -> None:
    """In headers and in the body: a time, or none; never an exception, never a warning."""
    _times_are_sound(text)


@settings(quickly, max_examples=300)
@given(text=st.text(st.sampled_from("0123456789.,:+-TZWGMTe \t\x1d")) | st.text())
def test_any_time(text: str) -> None:
    _times_are_sound(text)


@pytest.mark.parametrize("raw", [False, True])
def test_an_unreadable_answer_to_a_create_says_that_it_may_have_taken_effect(raw: bool) -> None:
    def call(client: Any) -> Any:
        messages = client.messages.with_raw_response if raw else client.messages
        return messages.create(THREAD, "hi")

    ran = run_both(call, answer("garbage"))
    with pytest.raises(UnparsableResponseError) as info:
        ran.result.parse()
    assert info.value.may_have_taken_effect
    assert info.value.operation == "create_message"


def test_parsing_a_raw_answer_tells_how_many_attempts_it_took() -> None:
    raw: RawResponse[Any] = RawResponse(
        CALLS["retrieve_thread"], Response(200, {}, b"x", attempts=3, elapsed=1.5)
    )
    with pytest.raises(APIError) as info:
        raw.parse()
    assert (info.value.attempts, info.value.elapsed) == (3, 1.5)
    assert not info.value.may_have_taken_effect


Reader = Callable[[bytes], Any]


class OwnDecodeError(Exception):
    """What msgspec raised before 0.21: no ValueError."""


@contextmanager
def installed(msgspec: Reader | None = None, orjson: Reader | None = None) -> Iterator[None]:
    """As if these packages were there and read like this, and no other."""
    fakes: dict[str, Any] = {
        "msgspec": msgspec and SimpleNamespace(DecodeError=OwnDecodeError),
        "msgspec.json": msgspec
        and SimpleNamespace(Decoder=lambda: SimpleNamespace(decode=msgspec)),
        "orjson": orjson and SimpleNamespace(loads=orjson),
    }
    before = {**vars(_parsing)}
    try:
        with patch.dict(sys.modules, fakes):
            importlib.reload(_parsing)
            yield
    finally:
        vars(_parsing).update(before)  # its classes are in use


every_reader = pytest.mark.parametrize("name", ["msgspec", "orjson"])


def test_what_is_installed_is_used_msgspec_first_and_json_where_there_is_neither() -> None:
    with installed():
        assert _parsing.parse_json(b'{"a": [1, NaN]}')["a"][0] == 1
    with installed(msgspec=lambda _: "msgspec", orjson=lambda _: "orjson"):
        assert _parsing.parse_json(b"{}") == "msgspec"
    with installed(orjson=lambda _: "orjson"):
        assert _parsing.parse_json(b"{}") == "orjson"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        *[(name, SystemError("whatever goes wrong in there")) for name in ("msgspec", "orjson")],
        ("msgspec", OwnDecodeError("JSON is malformed")),
    ],
)
def test_what_a_reader_refuses_json_is_asked_about(name: str, error: Exception) -> None:
    with installed(**{name: Mock(side_effect=error)}):
        assert _parsing.parse_json(b"{}") == {}
        with pytest.raises(json.JSONDecodeError, match="property name") as caught:
            _parsing.parse_json(b"{<html>")
    assert not isinstance(caught.value.__context__, SystemError | OwnDecodeError)


def reader(name: str) -> Reader:
    if name == "orjson":
        return _parsing.refuse_long_integers(pytest.importorskip("orjson").loads)
    decode: Reader = pytest.importorskip("msgspec.json").Decoder().decode
    return decode


def outcome(read: Reader, data: bytes) -> str:
    """What was read, to the last digit, type and place; or the error as it will be told."""
    try:
        return repr(read(data))
    except (ValueError, RecursionError) as problem:
        return f"{type(problem).__name__}: {problem}"


NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.sampled_from([2**63, 2**64, -(2**63)]).flatmap(lambda n: st.integers(n - 2, n + 2)),
    st.floats(),
).map(json.dumps)
WRITTEN_NUMBERS = st.from_regex(r"\A-?[0-9]{1,25}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?\Z")
TEXTS = st.one_of(
    st.text(st.characters(), max_size=8).map(json.dumps),
    st.text(st.characters(), max_size=8).map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.from_regex(r'\A"(\\u[dD][89abAB][0-9a-f]{2}|\\u[0-9a-fA-F]{4}|\\[bfnrt/"x]|[ -!]){0,6}"\Z'),
)
SCALARS = NUMBERS | WRITTEN_NUMBERS | TEXTS | st.sampled_from(["null", "true", "NaN", "-Infinity"])
BLANKS = st.sampled_from(["", "", "", " ", "\n", "\t\r ", "\x0b", "\ufeff", "\x00"])
# Keys occur twice.
KEYS = st.sampled_from(['"a"', '"a"', '"\\u0061"', '"b"', '""']) | TEXTS


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(KEYS, BLANKS, values).map(lambda pair: f"{pair[0]}:{pair[1]}{pair[2]}")
    return st.lists(pairs, max_size=4).map(lambda found: "{" + ",".join(found) + "}")


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=4).map(lambda found: "[" + ",".join(found) + "]")


VALUES = st.recursive(SCALARS, lambda inner: objects(inner) | arrays(inner), max_leaves=12)
# Objects above all: only they are given to orjson.
DOCUMENTS = st.tuples(BLANKS, objects(VALUES) | objects(VALUES) | VALUES, BLANKS).map("".join)
UTF_8 = DOCUMENTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
ENCODINGS = st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
ENCODED = st.builds(lambda text, name: text.encode(name, "surrogatepass"), DOCUMENTS, ENCODINGS)
BODIES = UTF_8 | ENCODED | UTF_8.flatmap(damaged) | st.binary(max_size=12)


@every_reader
@settings(deadline=None, database=None, derandomize=True, max_examples=800)
@given(body=BODIES)
@example(body=b"[" + b"9" * 4300 + b"]")
@example(body=b"[" + b"9" * 4301 + b"]")
def test_documents_whole_or_damaged_in_any_encoding_read_alike(name: str, body: bytes) -> None:
    with patch.object(_parsing, "_fast", reader(name)):
        read = outcome(_parsing.parse_json, body)
    assert read == outcome(json.loads, body)


@every_reader
@pytest.mark.parametrize("levels", [100, 500, 2_000, 100_000])
@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
def test_depth_reads_alike(name: str, levels: int, pair: tuple[str, str]) -> None:
    """Away from the limit, which moves with the depth of the caller."""
    body = (pair[0] * levels + "1" + pair[1] * levels).encode()
    is_read = []
    for fast in (reader(name), None):
        with patch.object(_parsing, "_fast", fast):
            is_read.append(outcome(lambda data: bool(_parsing.parse_json(data)), body) == "True")
    assert is_read[0] == is_read[1]
    if levels != 2_000:  # there, it depends on the version of Python
        assert is_read[0] is (levels < 2_000)
