"""What each method of the resources calls in every form, and how its arguments are checked.

That a change of the document is enough for a new field, parameter, operation or resource is proved
by tools/walk.
"""

from __future__ import annotations

import copy
import inspect
import math
import pickle
from collections.abc import Callable
from enum import Enum
from functools import reduce
from importlib import import_module
from operator import attrgetter, getitem
from pathlib import Path
from typing import Any, get_overloads

import pytest
import yaml
from support import validator_for

from laplas_api import models, resources
from laplas_api.calls import Call
from laplas_api.checks import Checker, InvalidArgument
from laplas_api.resources.messages import AsyncBoundMessages, BoundMessages
from laplas_api.schemas import MAX_ID, OPERATIONS, SCHEMAS
from laplas_api.types import NOT_GIVEN

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))


class Carrier:
    """Carries nothing: what it is given comes back, with the form in which it was asked for."""

    def __init__(self, form: str = "sent") -> None:
        self.checker, self.form = Checker(), form

    def send(self, call: Any, options: Any) -> Any:
        return self.form, call, options

    pages = stream = download = send

    def raw(self) -> Any:
        return type(self)("raw")

    def streamed(self) -> Any:
        return type(self)("streamed")

    def prepare(self) -> Any:
        return Carrier("prepared")


class AsyncCarrier(Carrier):
    async def send(self, call: Any, options: Any) -> Any:
        return self.form, call, options

    stream = download = send


CLIENT: Any = resources.Resources(Carrier())
ASYNC: Any = resources.AsyncResources(AsyncCarrier())
BETA: Any = resources.OpenAIResources(Carrier())
ASYNC_BETA: Any = resources.AsyncOpenAIResources(AsyncCarrier())

METADATA = {"a": "b"}
OUTPUTS = [{"tool_call_id": "call_1", "output": "x"}]
# The arguments by position of each method.
CALLS = """
messages.create t hi, messages.list t, messages.retrieve t m, messages.update t m,
messages.delete t m, threads.create, threads.retrieve t, threads.update t, threads.delete t,
threads.create_and_run a, assistants.create gpt, assistants.list, assistants.retrieve a,
assistants.update a, assistants.delete a, runs.create t a, runs.list t, runs.retrieve t r,
runs.update t r, runs.cancel t r, runs.submit_tool_outputs t r OUTPUTS, runs.steps.list t r,
runs.steps.retrieve t r s, files.upload FILE, files.retrieve f, files.delete f,
files.content f
"""
VALUES: dict[str, Any] = {"OUTPUTS": OUTPUTS, "FILE": ("n.txt", b"x")}
GIVEN = {
    name: [VALUES.get(each, each) for each in given]
    for name, *given in (call.split() for call in CALLS.split(","))
}
# Keywords of the method, and the body that is sent.
BODIES: dict[str, tuple[dict[str, Any], Any]] = {
    **dict.fromkeys(GIVEN, ({}, None)),
    "messages.create": (
        {"metadata": METADATA, "attachments": None},
        {"role": "user", "content": "hi", "metadata": METADATA, "attachments": None},
    ),
    "messages.update": ({"metadata": None}, {"metadata": None}),
    "threads.create": ({}, {}),
    "threads.update": ({"metadata": None}, {"metadata": None}),
    "threads.create_and_run": ({"model": None}, {"assistant_id": "a", "model": None}),
    "assistants.create": ({}, {"model": "gpt"}),
    "assistants.update": ({"name": None, "model": NOT_GIVEN}, {"name": None}),
    "runs.create": ({}, {"assistant_id": "a"}),
    "runs.update": ({"metadata": METADATA}, {"metadata": METADATA}),
    "runs.submit_tool_outputs": ({}, {"tool_outputs": OUTPUTS}),
}


def call_of(root: Any, name: str, **options: Any) -> Any:
    return attrgetter(name)(root)(*GIVEN[name], **BODIES[name][0], **options)


def test_every_operation_has_a_method_of_its_own_in_every_form() -> None:
    made = {call_of(CLIENT, name)[1].operation: name for name in GIVEN}
    assert len(made) == len(GIVEN)
    pytest.importorskip("openapi_python_client")
    methods = import_module("tools.apidiff.names").methods()
    assert methods.keys() == OPERATIONS.keys()
    assert made.items() <= methods.items()
    for place in methods.values():
        room, _, verb = place.rpartition(".")
        for client in (CLIENT, ASYNC):
            for form in ("", ".with_raw_response", ".with_streaming_response", ".prepare"):
                assert callable(attrgetter(f"{room}{form}.{verb}")(client))


@pytest.mark.parametrize("name", GIVEN)
def test_a_method_makes_its_call(name: str) -> None:
    form, call, options = call_of(CLIENT, name, timeout=3)
    assert (form, options) == ("sent", {"timeout": 3})
    table, method = OPERATIONS[call.operation], name.rpartition(".")[2]
    ids = dict(zip(table.path_parameters, GIVEN[name], strict=False))
    effect = "create" if method.startswith(("create", "upload")) else "repeatable"
    assert call.effect == {"GET": "read", "DELETE": "repeatable"}.get(table.method, effect)
    assert (call.method, call.path) == (table.method, table.path.format(**ids))
    has_id = (
        effect != "create" and method not in ("list", "content") and name != "assistants.update"
    )
    assert call.answer_id == ([*ids.values()][-1] if has_id else None)
    assert call.body == BODIES[name][1]
    assert (call.is_page, call.streams, call.query) == (method == "list", False, {})
    assert (call.empty or {}).get("deleted", False) is (method == "delete")


@pytest.mark.parametrize("name", GIVEN)
async def test_every_form_of_a_method_makes_the_same_call(name: str) -> None:
    args, kwargs = GIVEN[name], BODIES[name][0]
    call = call_of(CLIENT, name)[1]
    place, _, method = name.rpartition(".")
    ids = [each.replace("Id", "_id") for each in OPERATIONS[call.operation].path_parameters]
    openai = f"threads.{name}" if place[:4] in ("mess", "runs") else name
    last, keywords = args[len(ids) - 1 :] if ids else args, dict(zip(ids[:-1], args, strict=False))
    spelled = [attrgetter(openai)(root)(*last, **keywords, **kwargs) for root in (BETA, ASYNC_BETA)]
    made = {"sent": [call_of(ASYNC, name), *spelled]}
    for form, attribute in (("raw", "with_raw_response"), ("prepared", "prepare")):
        methods = [attrgetter(f"{place}.{attribute}.{method}")(root) for root in (CLIENT, ASYNC)]
        made[form] = [method(*args, **kwargs) for method in methods]
    for form, results in made.items():
        for result in results:
            assert (await result if inspect.isawaitable(result) else result)[:2] == (form, call)


def test_the_openai_spelling_takes_keywords_alone_and_only_one_id_without() -> None:
    messages = BETA.threads.messages
    call = messages.retrieve("m", thread_id="t")
    assert messages.retrieve(message_id="m", thread_id="t") == call
    assert BETA.threads.runs.submit_tool_outputs(
        run_id="r", thread_id="t", tool_outputs=OUTPUTS
    ) == CLIENT.runs.submit_tool_outputs("t", "r", OUTPUTS)
    with pytest.raises(TypeError):
        messages.retrieve("t", "m")


async def test_bound_methods_have_their_first_argument() -> None:
    bound: Any = BoundMessages(CLIENT.messages, "t")
    assert bound.retrieve("m") == CLIENT.messages.retrieve("t", "m")
    assert [*inspect.signature(bound.retrieve).parameters] == ["message_id", "options"]
    async_bound: Any = AsyncBoundMessages(ASYNC.messages, "t")
    assert inspect.iscoroutinefunction(async_bound.create)
    assert (await async_bound.create("hi"))[1] == CLIENT.messages.create("t", "hi")[1]


def test_a_stream_is_another_call() -> None:
    for _, call, _ in (
        CLIENT.runs.create("t", "a", stream=True),
        CLIENT.threads.create_and_run("a", stream=True),
        CLIENT.runs.submit_tool_outputs("t", "r", OUTPUTS, stream=True),
    ):
        assert (call.streams, call.effect, call.answer_id) == (True, "create", None)
        assert call.body["stream"] is True
    assert len(get_overloads(resources.runs.Runs.create)) == 2


@pytest.mark.parametrize("given", ["", "page_size=7", "limit=7", "max_items=5", "max_items=500"])
def test_a_page_is_not_larger_than_what_is_wanted(given: str) -> None:
    arguments = {each.split("=")[0]: int(each.split("=")[1]) for each in given.split()}
    _, call, _ = CLIENT.messages.list("t", order="asc", read_ahead=True, **arguments)
    limit = {"limit": min(100, *arguments.values(), 100)} if given else {}
    assert call.query == {**limit, "order": "asc"}
    assert call.features == {"max_items": arguments.get("max_items"), "read_ahead": True}


def test_features_forms_and_query_names_come_with_the_call() -> None:
    call = CLIENT.messages.create("t", "hi", once="key", wait_for_active_run=True)[1]
    assert call.features == {"once": "key", "wait_for_active_run": True, "poll_deadline": 900.0}
    call = CLIENT.files.upload(("n.txt", b"x"))[1]
    assert call.form == {"file": ("n.txt", b"x"), "purpose": "assistants"}
    assert CLIENT.runs.steps.list("t", "r", include=["x"])[1].query == {"include[]": ["x"]}
    assert CLIENT.threads.retrieve("a b")[1].path == "/threads/a%20b"


METHODS = [
    (f"{place}.{name}", method)
    for place in sorted({name.rpartition(".")[0] for name in GIVEN})
    for name, method in vars(type(attrgetter(place)(CLIENT))).items()
    if inspect.isfunction(method) and not name.startswith("_")
]


@pytest.mark.parametrize(("name", "method"), METHODS)
def test_a_docstring_says_all_arguments_and_errors(name: str, method: Any) -> None:
    lines = (inspect.getdoc(method) or "").splitlines()
    described = {line.split(":")[0].strip() for line in lines if line.startswith("    ")}
    parameters = {*inspect.signature(method).parameters} - {"self", "options"}
    assert parameters | {"**options", "InvalidArgumentError", "APIError"} <= described
    assert max(map(len, lines)) <= 92


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


CHECK = Checker()


@pytest.fixture
def codegen(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    pytest.importorskip("openapi_python_client")
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "codegen"))
    return import_module


def message(**fields: Any) -> dict[str, Any]:
    return CHECK.body("CreateMessageRequest", {"content": "hi", **fields})


def thread(**fields: Any) -> dict[str, Any]:
    return CHECK.body("CreateThreadRequest", fields)


def run(**fields: Any) -> dict[str, Any]:
    return CHECK.body("CreateRunRequest", {"assistant_id": "asst_1", **fields})


def listing(**values: Any) -> Any:
    return CLIENT.messages.list("t", **values)[1].query


def function(**fields: Any) -> dict[str, Any]:
    return {"type": "function", "function": fields}


class Role(str, Enum):  # noqa: UP042 (its str() is not its value)
    USER = "user"


ITSELF: dict[str, Any] = {}
ITSELF["a"] = ITSELF
LONG = "x" * 3000
SECRET = "sk-hidden-98765"
NO_DETAIL = {"type": "image_url", "image_url": {"url": "u", "detail": None}}
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
    ("tool_resources.file_search", "must be a dict, not None",
     lambda: thread(tool_resources={"file_search": None})),
    ("content[0].image_url.detail", "must be 'auto', 'low' or 'high', not None",
     lambda: message(content=[NO_DETAIL])),
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
     lambda: run(tools=[{"type": "new", "a": ITSELF}])),
    ("limit", "must be from 1 to 100, not 0", lambda: listing(limit=0)),
    ("limit", "must be from 1 to 100, not 101", lambda: listing(limit=101)),
    ("limit", "is another name for page_size; give one of them",
     lambda: listing(page_size=2, limit=2)),
    ("max_items", "must be 1 or more, not 0", lambda: listing(max_items=0)),
    ("after", "must not be empty", lambda: listing(after="")),
    ("page_size", "must be from 1 to 100, not 0", lambda: listing(page_size=0)),
    ("page_size", "must be from 1 to 100, not 101", lambda: listing(page_size=101)),
    ("order", f"must be 'asc' or 'desc', not '{'x' * 36}...", lambda: listing(order=LONG)),
    ("after", "is over 1,000 characters", lambda: listing(after=LONG)),
    ("include[1]", "must be a str, not int",
     lambda: CLIENT.runs.steps.list("t", "r", include=["a", 5])),
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
ACCEPTED: list[tuple[Callable[[], Any], Any]] = [
    (lambda: message(attachments=NOT_GIVEN), {"content": "hi", "role": "user"}),
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
    (lambda: thread(tool_resources=models.ToolResources.from_dict({"file_search": None})),
     {"tool_resources": {}}),
    (lambda: message(content=[models.ImageUrlContent.from_dict(NO_DETAIL)])["content"],
     [{"type": "image_url", "image_url": {"url": "u"}}]),
    (lambda: thread(messages=[{"content": "a", "metadata": NOT_GIVEN}])["messages"],
     [{"content": "a", "role": "user"}]),
    (lambda: listing(limit=5, order="asc", after=None), {"limit": 5, "order": "asc"}),
    (lambda: CLIENT.runs.steps.list("t", "r", include=("a",))[1].query, {"include[]": ["a"]}),
]  # fmt: skip


@pytest.mark.parametrize(("call", "expected"), ACCEPTED)
def test_what_can_be_sent_becomes_json(call: Callable[[], Any], expected: Any) -> None:
    assert call() == expected


OPTIONAL = [
    (name, field)
    for name in GIVEN
    if (body := SCHEMAS.get(OPERATIONS[call_of(CLIENT, name)[1].operation].body or ""))
    for field in body["properties"].keys() - {*body.get("required", ()), "stream"}
]


@pytest.mark.parametrize(("name", "field"), sorted(OPTIONAL))
def test_none_is_null_where_the_document_has_null_and_a_mistake_elsewhere(
    name: str, field: str
) -> None:
    method = attrgetter(name)(CLIENT)
    plain = method(*GIVEN[name])[1].body
    absent = [NOT_GIVEN, type("NotGiven", (), {})(), type("Omit", (), {})()]  # ours, and openai's
    assert [method(*GIVEN[name], **{field: each})[1].body for each in absent] == [plain] * 3
    schema = OPERATIONS[method(*GIVEN[name])[1].operation].body
    properties = DOCUMENT["components"]["schemas"][schema]["properties"]
    if validator_for(properties[field]).is_valid(None):
        assert method(*GIVEN[name], **{field: None})[1].body == {**plain, field: None}
    else:
        with pytest.raises(InvalidArgument, match=rf"^{field}: must be .*, not None$"):
            method(*GIVEN[name], **{field: None})


def test_in_a_query_none_is_not_given() -> None:
    given = {"order": None, "after": NOT_GIVEN, "limit": NOT_GIVEN, "run_id": None}
    assert listing(**given) == {}


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
        CHECK.query("list_messages", {"lmit": 5})


def test_a_call_shows_only_its_operation() -> None:
    call: Call[Any] = Call("create_message", "create", "POST", "/x", models.Message, body={"a": 1})
    assert repr(call.with_query({"b": 2})) == "<Call create_message>"


LIMIT = "components parameters Limit"
LISTED = r"paths./threads.get.parameters\[0\]"
NEW_FIELD = "components.schemas.CreateMessageRequest.properties.new"
ARRAY = {"type": "array", "items": {"type": "string"}}
FIELDS = "components schemas CreateMessageRequest properties"
ROLE = {"$ref": "#/components/schemas/MessageRole"}
CREATE = "paths /threads/{threadId}/messages post"
CANCEL = "paths /threads/{threadId}/runs/{runId}/cancel post"
# Where something is added to the document, what, and what is said of it.
UNSOUND: list[tuple[str, dict[str, Any], str]] = [
    (LIMIT, {"in": "header"}, f"{LISTED}: a header parameter, limit"),
    (LIMIT, {"in": "cookie"}, f"{LISTED}: a cookie parameter, limit"),
    (LIMIT, {"style": "spaceDelimited"}, f"{LISTED}: the style spaceDelimited of limit"),
    (LIMIT, {"allowReserved": True}, f"{LISTED}: allowReserved of limit"),
    (LIMIT, {"schema": {}}, f"{LISTED}: a value of any kind in a query, limit"),
    (LIMIT, {"schema": ARRAY, "explode": False}, f"{LISTED}: explode: false of limit"),
    (LIMIT, {"schema": {"type": "object"}}, f"{LISTED}: objects within an object in a query"),
    (LIMIT, {"content": {"application/json": {}}}, f"{LISTED}: a parameter without a schema"),
    (
        "paths /threads post",
        {"operationId": "create_message"},
        r"paths./threads/{threadId}/messages.post.operationId: create_message a second time",
    ),
    (
        "paths /threads post",
        {"requestBody": {"$ref": "#/components/requestBodies/Gone"}},
        r"paths./threads.post.requestBody: a reference to nothing: #/components/requestBodies/Gone",
    ),
    (
        "paths /threads post requestBody",
        {"content": {"application/json": {"schema": {"type": "array"}}}},
        "paths./threads.post.requestBody.content.application/json.schema: a body that is not one",
    ),
    ("paths /threads", {"head": {}}, "paths./threads.head: a method"),
    ("paths /threads post", {"responses": {}}, "paths./threads.post.responses: no answer"),
    (FIELDS, {"new": {"$ref": "#/components/schemas/Gone"}}, f"{NEW_FIELD}: a reference to noth"),
    (FIELDS, {"new": {"$ref": "b.yaml#/a"}}, f"{NEW_FIELD}: a reference to another document: b"),
    (FIELDS, {"new": {"type": "number", "multipleOf": 5}}, f"{NEW_FIELD}: multipleOf"),
    (FIELDS, {"new": {"type": "array", "prefixItems": [{}]}}, f"{NEW_FIELD}: prefixItems"),
    (FIELDS, {"new": {"type": "string", "pattern": "("}}, rf"{NEW_FIELD}: the pattern \("),
    (FIELDS, {"new": {"type": "text"}}, f"{NEW_FIELD}: the type text"),
    (FIELDS, {"new": {"enum": [["a"]]}}, f"{NEW_FIELD}: an enum of other values"),
    (FIELDS, {"new": ROLE | {"maxLength": 5}}, f"{NEW_FIELD}: maxLength beside an enum"),
    (FIELDS, {"new": {"anyOf": [ROLE], "enum": ["a"]}}, f"{NEW_FIELD}: no value fits"),
    (FIELDS, {"b-c": {}, "b_c": {}}, "Request.properties.b_c: is the same name in Python as b-c"),
    (
        FIELDS,
        {"new": {"type": "string", "maxLength": 9, "x-accepts": "Id"}},
        r"ids of different .*\[9, 1000\]",
    ),
    (CREATE, {"x-efect": "read"}, "messages.post.x-efect: unknown; x-effect is meant?"),
    (CREATE, {"x-features": ["twice"]}, "the feature twice is not described"),
    (CREATE, {"x-positional": ["contents"]}, "x-positional names contents, no field"),
    (CREATE, {"x-effect": "safe"}, "the effect safe"),
    (CANCEL, {"x-method": "create"}, "runs: the method create twice; say x-method"),
]


@pytest.mark.parametrize(("place", "added", "words"), UNSOUND)
def test_what_the_generated_code_cannot_say_is_refused(
    place: str, added: dict[str, Any], words: str, codegen: Callable[[str], Any]
) -> None:
    document = copy.deepcopy(DOCUMENT)
    reduce(getitem, place.split(" "), document).update(added)

    def generated() -> list[Any]:
        plain = codegen("plain_document").PlainDocument(document).document
        made = codegen("schema_code").SchemaCode(plain).max_id
        return [made, codegen("resource_code").ResourceCode(plain, "laplas.types", [])]

    with pytest.raises(codegen("model_code").Unsupported, match=words):
        generated()


def test_a_post_that_says_nothing_of_its_effect_makes_something(
    codegen: Callable[[str], Any],
) -> None:
    document = copy.deepcopy(DOCUMENT)
    del reduce(getitem, CANCEL.split(" "), document)["x-effect"]
    plain = codegen("plain_document").PlainDocument(document).document
    code = codegen("resource_code").ResourceCode(plain, "laplas.types", [])
    effects = {operation.id: operation.effect for operation in code.operations}
    assert (effects["cancel_run"], effects["update_thread"]) == ("create", "repeatable")
