"""The resource classes: what each method calls in every form, and that the document is enough."""

from __future__ import annotations

import copy
import inspect
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, get_overloads

import pytest
import yaml

from laplas_api import resources
from laplas_api.checks import Checker, InvalidArgument
from laplas_api.resources.messages import AsyncBoundMessages, BoundMessages
from laplas_api.schemas import OPERATIONS

ROOT = Path(__file__).resolve().parent.parent
CODEGEN = ROOT / "tools" / "codegen"
DOCUMENT = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))


class Carrier:
    """Carries nothing: what it is given comes back, with the form in which it was asked for."""

    def __init__(self, form: str = "sent") -> None:
        self.checker, self.form = Checker(), form

    def send(self, call: Any, options: Any) -> Any:
        return self.form, call, options

    pages = stream = send

    def raw(self) -> Any:
        return type(self)("raw")

    def prepare(self) -> Any:
        return Carrier("prepared")


class AsyncCarrier(Carrier):
    async def send(self, call: Any, options: Any) -> Any:
        return self.form, call, options

    stream = send


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
runs.steps.retrieve t r s, files.upload FILE, files.retrieve f, files.delete f
"""
NAMES = [call.split()[0] for call in CALLS.split(",")]
VALUES: dict[str, Any] = {"OUTPUTS": OUTPUTS, "FILE": ("n.txt", b"x")}
# Keywords of the method, and the body that is sent.
BODIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "messages.create": (
        {"metadata": METADATA, "attachments": None},
        {"role": "user", "content": "hi", "metadata": METADATA},
    ),
    "messages.update": ({"metadata": None}, {"metadata": None}),
    "threads.create": ({}, {}),
    "threads.update": ({"metadata": None}, {"metadata": None}),
    "threads.create_and_run": ({"model": None}, {"assistant_id": "a"}),
    "assistants.create": ({}, {"model": "gpt"}),
    "assistants.update": ({"name": None, "model": None}, {"name": None}),
    "runs.create": ({}, {"assistant_id": "a"}),
    "runs.update": ({"metadata": METADATA}, {"metadata": METADATA}),
    "runs.submit_tool_outputs": ({}, {"tool_outputs": OUTPUTS}),
}


def found(root: Any, place: str) -> Any:
    for name in place.split("."):
        root = getattr(root, name)
    return root


def arguments_of(name: str) -> tuple[list[Any], dict[str, Any]]:
    given = next(call.split()[1:] for call in CALLS.split(",") if call.split()[0] == name)
    return [VALUES.get(a, a) for a in given], BODIES.get(name, ({}, None))[0]


def test_every_operation_has_a_method() -> None:
    made = [found(CLIENT, name)(*arguments_of(name)[0], **arguments_of(name)[1]) for name in NAMES]
    assert len({call.operation for _, call, _ in made}) == len(made)


def test_what_was_added_to_the_document_has_its_spellings() -> None:
    pytest.importorskip("openapi_python_client")
    methods = import_module("tools.apidiff.names").methods()
    assert methods.keys() == OPERATIONS.keys()
    for place in methods.values():
        room, _, verb = place.rpartition(".")
        for client in (CLIENT, ASYNC):
            for form in ("", ".with_raw_response", ".prepare"):
                assert callable(found(client, f"{room}{form}.{verb}"))


@pytest.mark.parametrize("name", NAMES)
def test_a_method_makes_its_call(name: str) -> None:
    args, kwargs = arguments_of(name)
    form, call, options = found(CLIENT, name)(*args, **kwargs, timeout=3)
    assert (form, options) == ("sent", {"timeout": 3})
    table, method = OPERATIONS[call.operation], name.rpartition(".")[2]
    ids = dict(zip(table.path_parameters, args, strict=False))
    effect = "create" if method.startswith(("create", "upload")) else "repeatable"
    assert call.effect == {"GET": "read", "DELETE": "repeatable"}.get(table.method, effect)
    assert (call.method, call.path) == (table.method, table.path.format(**ids))
    has_id = effect != "create" and method != "list" and name != "assistants.update"
    assert call.answer_id == ([*ids.values()][-1] if has_id else None)
    assert call.body == BODIES.get(name, ({}, None))[1]
    assert (call.is_page, call.streams, call.query) == (method == "list", False, {})
    assert (call.empty or {}).get("deleted", False) is (method == "delete")


@pytest.mark.parametrize("name", NAMES)
async def test_every_form_of_a_method_makes_the_same_call(name: str) -> None:
    args, kwargs = arguments_of(name)
    call = found(CLIENT, name)(*args, **kwargs)[1]
    place, _, method = name.rpartition(".")
    ids = [each.replace("Id", "_id") for each in OPERATIONS[call.operation].path_parameters]
    openai = f"threads.{name}" if place[:4] in ("mess", "runs") else name
    last, keywords = args[len(ids) - 1 :] if ids else args, dict(zip(ids[:-1], args, strict=False))
    made = {
        "sent": [
            found(ASYNC, name)(*args, **kwargs),
            found(BETA, openai)(*last, **keywords, **kwargs),
            found(ASYNC_BETA, openai)(*last, **keywords, **kwargs),
        ]
    }
    for form, attribute in (("raw", "with_raw_response"), ("prepared", "prepare")):
        roots = [found(root, place) for root in (CLIENT, ASYNC)]
        methods = [getattr(getattr(root, attribute), method) for root in roots]
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
    for make in (CLIENT.runs.create, CLIENT.threads.create_and_run):
        args = ("t", "a") if make == CLIENT.runs.create else ("a",)
        _, call, _ = make(*args, stream=True)
        assert (call.streams, call.effect, call.body["stream"]) == (True, "create", True)
    _, call, _ = CLIENT.runs.submit_tool_outputs("t", "r", OUTPUTS, stream=True)
    assert (call.streams, call.effect, call.answer_id) == (True, "create", None)
    assert len(get_overloads(resources.runs.Runs.create)) == 2


@pytest.mark.parametrize("given", ["", "page_size=7", "limit=7", "max_items=5", "max_items=500"])
def test_a_page_is_not_larger_than_what_is_wanted(given: str) -> None:
    arguments = {each.split("=")[0]: int(each.split("=")[1]) for each in given.split()}
    _, call, _ = CLIENT.messages.list("t", order="asc", read_ahead=True, **arguments)
    limit = {"limit": min(100, *arguments.values(), 100)} if given else {}
    assert call.query == {**limit, "order": "asc"}
    assert call.features == {"max_items": arguments.get("max_items"), "read_ahead": True}


LIMITS: dict[str, dict[str, Any]] = {
    "page_size: must be from 1 to 100, not 0": {"page_size": 0},
    "limit: must be from 1 to 100, not 101": {"limit": 101},
    "limit: is another name for page_size; give one of them": {"page_size": 2, "limit": 2},
    "max_items: must be 1 or more, not 0": {"max_items": 0},
    "after: must not be empty": {"after": ""},
}


@pytest.mark.parametrize("problem", LIMITS)
def test_a_list_that_cannot_be_is_refused(problem: str) -> None:
    with pytest.raises(InvalidArgument) as raised:
        CLIENT.messages.list("t", **LIMITS[problem])
    assert str(raised.value) == problem


def test_features_forms_and_query_names_come_with_the_call() -> None:
    call = CLIENT.messages.create("t", "hi", once="key", wait_for_active_run=True)[1]
    assert call.features == {"once": "key", "wait_for_active_run": True, "poll_deadline": 900.0}
    call = CLIENT.files.upload(("n.txt", b"x"))[1]
    assert call.form == {"file": ("n.txt", b"x"), "purpose": "assistants"}
    assert CLIENT.runs.steps.list("t", "r", include=["x"])[1].query == {"include[]": ["x"]}
    assert CLIENT.threads.retrieve("a b")[1].path == "/threads/a%20b"


def methods() -> Iterator[tuple[str, Any]]:
    for place in {name.rpartition(".")[0] for name in NAMES}:
        for name, method in vars(type(found(CLIENT, place))).items():
            if inspect.isfunction(method) and not name.startswith("_"):
                yield f"{place}.{name}", method


@pytest.mark.parametrize(("name", "method"), sorted(methods()))
def test_a_docstring_says_all_arguments_and_errors(name: str, method: Any) -> None:
    lines = (inspect.getdoc(method) or "").splitlines()
    described = {line.split(":")[0].strip() for line in lines if line.startswith("    ")}
    parameters = {*inspect.signature(method).parameters} - {"self", "options"}
    assert parameters | {"**options", "InvalidArgumentError", "APIError"} <= described
    assert max(map(len, lines)) <= 92


# Changes of the document: a field, a parameter, an operation, a tag with five operations.
PLANTED = """
import sys
sys.modules["laplas"] = None
sys.path[:0] = [{generated!r}]
from laplas_api.checks import Checker
from laplas_api.resources import AsyncResources, OpenAIResources, Resources

class Carrier:
    checker = Checker()
    def send(self, call, options): return call
    pages = stream = send
    def raw(self): return self
    prepare = raw

client, beta = Resources(Carrier()), OpenAIResources(Carrier())
assert client.messages.create("t", "hi", priority=3).body["priority"] == 3
assert client.messages.list("t", since="x").query == {{"since": "x"}}
pinned = client.messages.pin_message("t", "m")
assert (pinned.path, pinned.effect) == ("/threads/t/messages/m/pin", "create"), pinned.path
assert beta.threads.messages.pin_message("m", thread_id="t") == pinned
assert client.things.with_raw_response.retrieve("x").path == "/things/x"
assert client.things.update("x", metadata=None).body == {{"metadata": None}}
assert client.things.list(max_items=2).query == {{"limit": 2}}
assert client.things.delete("x").empty["object"] == "assistant.deleted"
assert beta.things.prepare.create("gpt") == client.things.create("gpt")
assert AsyncResources(Carrier()).things.list().is_page
"""


def planted() -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(DOCUMENT)
    fields = document["components"]["schemas"]["CreateMessageRequest"]["properties"]
    fields["priority"] = {"type": "integer", "description": "How urgent it is."}
    listing = document["paths"]["/threads/{threadId}/messages"]["get"]
    since = {"name": "since", "in": "query", "description": "When.", "schema": {"type": "string"}}
    listing["parameters"].append(since)
    one = document["paths"]["/threads/{threadId}/messages/{messageId}"]
    pin = {k: v for k, v in one["post"].items() if k != "requestBody"}
    pin |= {"operationId": "pin_message", "x-method": "pin_message"}
    document["paths"]["/threads/{threadId}/messages/{messageId}/pin"] = {
        "parameters": one["parameters"],
        "post": pin,
    }
    document["tags"].append({"name": "things", "description": "Things."})
    for path in ("/assistants", "/assistants/{assistantId}"):
        item = copy.deepcopy(document["paths"][path])
        for operation in (item[m] for m in ("get", "post", "delete") if m in item):
            name = operation["operationId"].replace("assistant", "thing")
            operation |= {"operationId": name, "tags": ["things"]}
            operation.pop("x-options", None)
        document["paths"][path.replace("/assistants", "/things")] = item
    return document


@pytest.mark.skipif(find_spec("openapi_python_client") is None, reason="it is not installed")
def test_what_is_planted_in_the_document_is_there_and_works_without_laplas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(CODEGEN))
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(planted(), sort_keys=False), "utf-8")
    (tmp_path / "made").mkdir()
    import_module("regenerate").generate(tmp_path / "openapi.yaml", tmp_path / "made")
    code = PLANTED.format(generated=str(tmp_path / "made"))
    subprocess.run([sys.executable, "-c", code], check=True)


MISTAKES = [
    ("create_message", {"x-efect": "read"}, "the marks x-efect"),
    ("create_message", {"x-features": ["twice"]}, "the feature twice is not described"),
    ("create_message", {"x-positional": ["contents"]}, "x-positional names contents, no field"),
    ("create_message", {"x-effect": "safe"}, "the effect safe"),
    ("cancel_run", {"x-method": "create"}, "runs: the method create twice; say x-method"),
]


@pytest.mark.parametrize(("operation", "marks", "words"), MISTAKES)
def test_a_mark_that_cannot_be_meant_is_refused(
    operation: str, marks: Any, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openapi_python_client")
    monkeypatch.syspath_prepend(str(CODEGEN))
    document = copy.deepcopy(DOCUMENT)
    items = [i for p in document["paths"].values() for i in p.values() if isinstance(i, dict)]
    next(i for i in items if i.get("operationId") == operation).update(marks)
    with pytest.raises(import_module("model_code").Unsupported, match=words):
        import_module("resource_code").ResourceCode(document, "laplas.types", [])
