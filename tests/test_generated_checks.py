"""The tables of requests, what of a document they cannot say, and the checks made from them."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from laplas_api import models
from laplas_api.calls import Call
from laplas_api.checks import Checker, InvalidArgument
from laplas_api.schemas import MAX_ID, OPERATIONS, SCHEMAS
from laplas_api.types import UNSET

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))
CHECK = Checker()


def message(**fields: Any) -> dict[str, Any]:
    return CHECK.body("CreateMessageRequest", {"content": "hi", **fields})


def thread(**fields: Any) -> dict[str, Any]:
    return CHECK.body("CreateThreadRequest", fields)


def run(**fields: Any) -> dict[str, Any]:
    return CHECK.body("CreateRunRequest", {"assistant_id": "asst_1", **fields})


def listing(**values: Any) -> dict[str, Any]:
    return CHECK.query("list_messages", values)


def steps(include: Any) -> dict[str, Any]:
    return CHECK.query("list_run_steps", {"include": include})


def function(**fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": fields}


class Role(str, Enum):  # noqa: UP042 (its str() is not its value)
    USER = "user"


def itself() -> dict[str, Any]:
    made: dict[str, Any] = {}
    made["a"] = made
    return made


# Tables


def test_every_operation_is_in_the_table() -> None:
    items = [item for path in DOCUMENT["paths"].values() for item in path.values()]
    assert list(OPERATIONS) == [item["operationId"] for item in items if isinstance(item, dict)]
    create = OPERATIONS["create_message"]
    assert create[:3] == ("POST", "/threads/{threadId}/messages", ("threadId",))
    assert create[4:7] == ("CreateMessageRequest", True, "application/json")
    assert OPERATIONS["upload_file"].media_type == "multipart/form-data"
    assert OPERATIONS["list_run_steps"].query["include[]"]["argument"] == "include"
    assert OPERATIONS["retrieve_thread"].body is None


def test_every_schema_that_the_tables_name_is_there() -> None:
    def refs(part: Any) -> set[str]:
        if isinstance(part, dict):
            named = {part["ref"]} if isinstance(part.get("ref"), str) else set()
            named |= {*part["mapping"].values()} if "mapping" in part else set()
            return named.union(*map(refs, part.values()))
        return set().union(*map(refs, part)) if isinstance(part, list | tuple) else set()

    bodies = {o.body for o in OPERATIONS.values() if o.body}
    queries = refs([o.query for o in OPERATIONS.values()])
    assert refs(SCHEMAS) | bodies | queries == set(SCHEMAS)
    assert all(SCHEMAS[name]["additionalProperties"] is False for name in bodies)


Edit = Callable[[dict[str, Any]], Any]


def _parameter(**fields: Any) -> Edit:
    return lambda d: d["components"]["parameters"]["Limit"].update(fields)


def _field(**schema: Any) -> Edit:
    request = "CreateMessageRequest"
    return lambda d: d["components"]["schemas"][request]["properties"].update(new=schema)


def _twice(document: dict[str, Any]) -> None:
    document["paths"]["/threads"]["post"]["operationId"] = "create_message"


UNSOUND: list[tuple[Edit, str]] = [
    (_parameter(**{"in": "header"}), "parameter limit: a header parameter"),
    (_parameter(**{"in": "cookie"}), "parameter limit: a cookie parameter"),
    (_parameter(explode=False), "parameter limit: explode: false"),
    (_parameter(style="deepObject"), "parameter limit: the style deepObject"),
    (_parameter(schema={"type": "object"}), "parameter limit: an object in a query"),
    (_twice, "the operationId create_message a second time"),
    (_field(**{"$ref": "#/components/schemas/Gone"}), "a reference to nothing: #/comp"),
    (_field(**{"$ref": "other.yaml#/a"}), "a reference to another document: other.yaml#/a"),
    (_field(type="number", multipleOf=5), "schema CreateMessageRequest.new: multipleOf"),
    (_field(type="array", prefixItems=[{}]), "CreateMessageRequest.new: prefixItems"),
    (_field(type="string", pattern="("), r"CreateMessageRequest.new: the pattern \("),
    (_field(**{"$ref": "#/components/schemas/MessageRole", "maxLength": 5}), "maxLength beside"),
    (_field(anyOf=[{"type": "string"}], enum=["a"]), "enum beside a union"),
    (_field(type="string", maxLength=9, **{"x-accepts": "Id"}), r"ids of different .*\[9, 1000\]"),
]


@pytest.mark.parametrize(("edit", "words"), UNSOUND, ids=[words for _, words in UNSOUND])
def test_what_the_tables_cannot_say_is_refused(
    edit: Edit, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("openapi_python_client") is None:
        pytest.skip("openapi-python-client is not installed (see tools/codegen/requirements.txt)")
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "codegen"))
    code = import_module("schema_code")
    document = copy.deepcopy(DOCUMENT)
    edit(document)
    with pytest.raises(code.Unsupported, match=words):
        assert code.SchemaCode(document).max_id


# Checks

LONG = "x" * 3000
SECRET = "sk-hidden-98765"
REFUSED: list[tuple[str, str, Callable[[], Any]]] = [
    ("role", "must be 'user' or 'assistant', not 'system'", lambda: message(role="system")),
    ("role", "must be 'user' or 'assistant', not None", lambda: message(role=None)),
    ("content", "must not be empty", lambda: message(content="")),
    ("content", "must not be empty", lambda: message(content=[])),
    ("content", "is missing", lambda: CHECK.body("CreateMessageRequest", {})),
    ("content", "must be a str or a list, not None", lambda: message(content=None)),
    ("content", "contains a lone surrogate", lambda: message(content="a\ud800")),
    ("content[1]", "must have a 'type', as in the API",
     lambda: message(content=[models.TextPart(text="a"), {"text": "b"}])),
    ("content[0].text", "must be a str, not int",
     lambda: message(content=[{"type": "text", "text": 5}])),
    ("content[0]['a'][1]", "must be finite, not nan",
     lambda: message(content=[{"type": "new", "a": [1, math.nan]}])),
    ("metadata", "must be a dict, not list", lambda: message(metadata=[("a", "b")])),
    ("metadata", "must have at most 16 pairs, not 17",
     lambda: message(metadata={str(n): "v" for n in range(17)})),
    ("metadata key", "'kkkkkkkkkkkkkkkkkkkk'... is over 64 characters",
     lambda: message(metadata={"k" * 65: "v"})),
    ("metadata key", "must be a str, not int", lambda: message(metadata={5: "v"})),
    ("metadata['k']", "is over 512 characters", lambda: message(metadata={"k": SECRET * 99})),
    ("metadata['k']", "must be a str, not None", lambda: message(metadata={"k": None})),
    ("messages[1]", "has unknown keys: rolle",
     lambda: thread(messages=[{"content": "a"}, {"content": "b", "rolle": "user"}])),
    ("messages[0].content", "is missing", lambda: thread(messages=[{"role": "user"}])),
    ("messages", "must be a list, not dict", lambda: thread(messages={"content": "a"})),
    ("tool_resources.code_interpreter.file_ids", "must have at most 20 items, not 21",
     lambda: thread(tool_resources={"code_interpreter": {"file_ids": ["f"] * 21}})),
    ("assistant_id", "'a/b' would address another resource", lambda: run(assistant_id="a/b")),
    ("instructions", "is over 256,000 characters", lambda: run(instructions="x" * 256_001)),
    ("temperature", "must be from 0 to 2, not 2.1", lambda: run(temperature=2.1)),
    ("temperature", "must be from 0 to 2, not nan", lambda: run(temperature=math.nan)),
    ("max_completion_tokens", "must be 1 or more, not 0", lambda: run(max_completion_tokens=0)),
    ("parallel_tool_calls", "must be True or False, not int", lambda: run(parallel_tool_calls=1)),
    ("tools[1].function.name", "must match ^[A-Za-z0-9_-]+$",
     lambda: run(tools=[{"type": "file_search"}, function(name="f\n")])),
    ("tools[0].function.parameters['a']", "cannot be written as JSON: set",
     lambda: run(tools=[function(name="f", parameters={"a": {1}})])),
    ("tools", "is nested too deeply, or holds itself",
     lambda: run(tools=[{"type": "new", "a": itself()}])),
    ("limit", "must be from 1 to 100, not 0", lambda: listing(limit=0)),
    ("page_size", "must be from 1 to 100, not 101",
     lambda: CHECK.query("list_runs", {"limit": 101}, names={"limit": "page_size"})),
    ("order", f"must be 'asc' or 'desc', not '{'x' * 36}...", lambda: listing(order=LONG)),
    ("after", "is over 1,000 characters", lambda: listing(after=LONG)),
    ("include[1]", "must be a str, not int", lambda: steps(["a", 5])),
]  # fmt: skip


@pytest.mark.parametrize(("argument", "problem", "call"), REFUSED)
def test_what_cannot_be_sent_is_refused_by_name(
    argument: str, problem: str, call: Callable[[], Any]
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        call()
    assert (caught.value.argument, caught.value.problem) == (argument, problem)
    assert SECRET not in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


PART = {"type": "text", "text": "hi"}
NEW = [{"type": "new", "a": None}]
CHANGE = "UpdateThreadRequest"
ACCEPTED: list[tuple[Callable[[], Any], Any]] = [
    (lambda: message(attachments=None, metadata=UNSET), {"content": "hi", "role": "user"}),
    (lambda: message(role=Role.USER)["role"], "user"),
    (lambda: message(content=iter([models.TextPart(text="hi")]))["content"], [PART]),
    (lambda: message(content=({**PART, "new": (1,)},))["content"], [{**PART, "new": [1]}]),
    (lambda: message(content=NEW)["content"], NEW),
    (lambda: message(attachments=(models.Attachment(file_id="f"),))["attachments"],
     [{"file_id": "f"}]),
    (lambda: thread(messages=[{"content": "a", "metadata": None}])["messages"],
     [{"content": "a", "role": "user", "metadata": None}]),
    (lambda: thread(tool_resources={"new": {"a": [1]}}), {"tool_resources": {"new": {"a": [1]}}}),
    (lambda: run(response_format="auto", tool_choice={"type": "function"}),
     {"assistant_id": "asst_1", "response_format": "auto", "tool_choice": {"type": "function"}}),
    (lambda: CHECK.body("UpdateMessageRequest", {"metadata": None}), {"metadata": None}),
    (lambda: CHECK.body(CHANGE, {"metadata": None}), {}),
    (lambda: CHECK.body(CHANGE, {"metadata": None}, keep_none=True), {"metadata": None}),
    (lambda: listing(limit=5, order="asc", after=None), {"limit": 5, "order": "asc"}),
    (lambda: steps(("a",)), {"include[]": ["a"]}),
]  # fmt: skip


@pytest.mark.parametrize(("call", "expected"), ACCEPTED)
def test_what_can_be_sent_becomes_json(call: Callable[[], Any], expected: Any) -> None:
    assert call() == expected


def test_converters_come_first_and_errors_are_of_the_given_class() -> None:
    check = Checker(LookupError, {"Content": lambda value, argument: value or argument})
    made = check.body("CreateThreadRequest", {"messages": [{"content": ""}]})
    assert made["messages"][0]["content"] == "messages[0].content"
    with pytest.raises(LookupError):
        check.id("..", "thread_id")
    assert check.id("x" * MAX_ID, "thread_id")


def test_an_unknown_field_is_a_mistake_like_an_unknown_argument() -> None:
    with pytest.raises(TypeError, match="contents"):
        message(contents="hi")
    with pytest.raises(TypeError, match="lmit"):
        listing(lmit=5)


def test_a_call_shows_only_its_operation() -> None:
    call: Call[Any] = Call("create_message", "create", "POST", "/x", models.Message, body={"a": 1})
    assert repr(call.with_query({"b": 2})) == "<Call create_message>"
