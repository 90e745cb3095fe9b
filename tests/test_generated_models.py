"""What the generated models promise: nothing is lost, nothing odd raises, reading stays cheap."""

from __future__ import annotations

import ast
import copy
import gc
import json
import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
import pytest
from support import SCHEMA_OF, event_schemas, exchanges, recorded, stream_events

import laplas_api
from laplas_api import models
from laplas_api.errors import MissingField
from laplas_api.models import CreateMessageRequest, Message, TextPart
from laplas_api.types import UNSET, Model, NotGiven, UnknownVariant

GENERATED = Path(__file__).resolve().parent.parent / "generated"
SOURCES = sorted((GENERATED / "laplas_api").rglob("*.py"))

BASE: dict[str, Any] = {
    "id": "msg_1",
    "object": "thread.message",
    "created_at": 1728657089,
    "thread_id": "thread_1",
    "role": "user",
    "content": [{"type": "text", "text": {"value": "hi", "annotations": []}}],
}
FULL: dict[str, Any] = {
    **BASE,
    "assistant_id": None,
    "run_id": None,
    "attachments": [{"file_id": "f", "tools": [{"type": "code_interpreter"}]}],
    "metadata": {"a": "b"},
    "status": "incomplete",
    "incomplete_details": {"reason": "max_tokens"},
    "completed_at": None,
    "incomplete_at": 5,
    "file_ids": [],
}
RUN: dict[str, Any] = {
    "id": "run_1",
    "object": "thread.run",
    "created_at": 1,
    "thread_id": "thread_1",
    "assistant_id": "asst_1",
    "status": "queued",
}
STEP: dict[str, Any] = {**RUN, "object": "thread.run.step", "run_id": "run_1"}


def read_as(model: Any, raw: dict[str, Any]) -> Any:
    """What was read from JSON; also checks the exact way back."""
    before = copy.deepcopy(raw)
    made = model.from_dict(raw)
    assert made.to_dict() == before
    assert raw == before, "reading must not change its input"
    return made


def read(**changes: Any) -> Any:
    return read_as(Message, {**BASE, **changes})


def read_run(**changes: Any) -> Any:
    return read_as(models.Run, {**RUN, **changes})


def read_step(kind: str, **details: Any) -> Any:
    raw = {**STEP, "type": kind, "step_details": {"type": kind, **details}}
    return read_as(models.RunStep, raw).step_details


def read_calls(*calls: dict[str, Any]) -> list[Any]:
    step = read_step("tool_calls", tool_calls=[{"id": "c"} | call for call in calls])
    return [*step.tool_calls]


def test_unknown_enum_values_and_bare_strings_as_content_are_kept() -> None:
    message = read(role="critic", status="queued", content="plain")
    assert (message.role, message.status, message.content) == ("critic", "queued", "plain")
    assert read(content=["a", None, 7]).content == ["a", None, 7]


@pytest.mark.parametrize("tag", ["audio", "", None, 5, [], {}, UNSET], ids=repr)
def test_an_unknown_part_is_kept_whole_beside_known_ones(tag: Any) -> None:
    unknown = {"audio": {"id": "x", "deep": [1, {"y": None}]}}
    unknown |= {} if tag is UNSET else {"type": tag}
    part, text = read(content=[unknown, *BASE["content"]]).content
    assert isinstance(part, UnknownVariant)
    assert isinstance(text, models.TextContent)
    assert part.type == (None if tag is UNSET else tag)
    assert part["audio"]["id"] == "x"
    assert part.get("video") is None
    assert json.loads(json.dumps(part)) == part.to_dict() == unknown
    assert copy.deepcopy(part) == pickle.loads(pickle.dumps(part)) == part
    assert isinstance(copy.deepcopy(part), UnknownVariant)
    assert repr(part).startswith("UnknownVariant({")


def test_unknown_annotations_tools_calls_and_steps_are_kept() -> None:
    annotation = {"type": "url_citation", "url": "https://example.com"}
    message = read(
        content=[{"type": "text", "text": {"value": "x", "annotations": [annotation]}}],
        attachments=[{"file_id": "f", "tools": [{"type": "browser"}, {"type": "file_search"}]}],
    )
    assert message.content[0].text.annotations == [annotation]
    assert [tool.type for tool in message.attachments[0].tools] == ["browser", "file_search"]
    tools = [{"type": "retrieval"}, {"type": "browser", "x": 1}, {"type": "code_interpreter"}]
    kinds = [type(tool) for tool in read_run(tools=tools).tools]
    assert kinds == [models.RetrievalTool, UnknownVariant, models.CodeInterpreterTool]
    unknown, old = read_calls({"type": "browser"}, {"id": "d", "type": "retrieval"})
    assert isinstance(unknown, UnknownVariant)
    assert old.id == "d"
    assert isinstance(read_step("thinking", thoughts=["x"]), UnknownVariant)


def test_an_object_is_a_model_whatever_its_values_chosen_by_its_tag_alone() -> None:
    details = read(incomplete_details={"reason": "solar_flare", "more": 1}).incomplete_details
    assert isinstance(details, models.IncompleteDetails)
    assert (details.reason, details["more"]) == ("solar_flare", 1)
    action = read_run(status="requires_action", required_action={"type": "approve"}).required_action
    assert isinstance(action, models.RequiredAction)
    assert (action.type, action.submit_tool_outputs) == ("approve", None)
    raw = {"type": "auto", "static": {"max_chunk_size_tokens": 1, "chunk_overlap_tokens": 0}}
    stores = {"vector_stores": [{"chunking_strategy": raw}]}
    thread = read_as(models.CreateThreadRequest, {"tool_resources": {"file_search": stores}})
    strategy = thread.tool_resources.file_search.vector_stores[0].chunking_strategy
    assert isinstance(strategy, models.AutoChunkingStrategy)
    assert strategy["static"] == raw["static"]


def test_a_format_or_choice_is_a_text_or_an_object_chosen_by_its_tag() -> None:
    schema = {"type": "object", "properties": {"type": {"type": "string"}}}
    named = {"name": "x", "schema": schema, "strict": None}
    made = read_run(response_format={"type": "json_schema", "json_schema": named}).response_format
    assert isinstance(made, models.JsonSchemaFormat)
    assert isinstance(made.json_schema.schema, models.JsonSchema)
    assert made.json_schema.schema["properties"]["type"] == {"type": "string"}
    run = read_run(response_format="auto", tool_choice="none")
    assert (run.response_format, run.tool_choice) == ("auto", "none")
    assert read_run(response_format=None).response_format is None
    unknown = read_run(response_format={"type": "grammar", "grammar": "x"}).response_format
    assert isinstance(unknown, UnknownVariant)
    choice = read_run(tool_choice={"type": "function", "function": {"name": "f"}}).tool_choice
    assert (type(choice), choice.function.name) == (models.NamedToolChoice, "f")


@pytest.mark.parametrize("output", [{}, {"output": None}, {"output": "x"}, {"ouptut": "x"}])
def test_both_spellings_of_the_output_of_a_call_are_read_and_none_is_made_up(
    output: dict[str, Any],
) -> None:
    (call,) = read_calls({"type": "function", "function": {"name": "f", **output}})
    assert isinstance(call, models.FunctionCall)
    assert call.function.output == output.get("output")
    assert call.function.ouptut == output.get("ouptut")
    assert call.function.is_set("output") == ("output" in output)


def test_names_that_are_builtins_elsewhere_are_plain_attributes() -> None:
    code = {"input": "1", "outputs": []}
    (call,) = read_calls({"type": "code_interpreter", "code_interpreter": code})
    assert call.code_interpreter.input == "1"
    assert models.FileObject.from_dict({"id": "f", "object": "file", "bytes": 5}).bytes == 5


@pytest.mark.parametrize(
    "odd", ["text", 5, 1.5, True, None, [], [1], ["x"], {"reason": 1}], ids=repr
)
@pytest.mark.parametrize("field", sorted(FULL))
def test_a_value_of_another_kind_is_kept(field: str, odd: Any) -> None:
    message = read_as(Message, {**FULL, field: odd})
    if field in ("object", "role", "status"):
        assert getattr(message, field) is odd


@pytest.mark.parametrize(
    ("raw", "model", "key"),
    [
        ({}, "Message", "id"),
        ({**BASE, "content": [{"type": "text"}]}, "TextContent", "text"),
        ({**BASE, "content": [{"type": "text", "text": {"value": ""}}]}, "Text", "annotations"),
        ({**BASE, "incomplete_details": {}}, "IncompleteDetails", "reason"),
    ],
)
def test_a_missing_field_is_named(raw: dict[str, Any], model: str, key: str) -> None:
    with pytest.raises(MissingField, match=f"^{model} lacks the required field '{key}'$") as caught:
        Message.from_dict(raw)
    assert isinstance(caught.value, ValueError)
    assert (caught.value.model, caught.value.key) == (model, key)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def unknown_in(value: Any) -> list[Any]:
    """The union members and fields inside a value that this version does not know."""
    if isinstance(value, list):
        return [unknown for item in value for unknown in unknown_in(item)]
    if isinstance(value, Model):
        parts = [getattr(value, a.name) for a in attrs.fields(type(value)) if a.name != "_extra"]
        return unknown_in(parts) + value.additional_keys
    return [value] if isinstance(value, UnknownVariant) else []


@pytest.mark.parametrize(("kind", "schema"), SCHEMA_OF.items())
def test_recorded_objects_have_an_attribute_for_each_field_and_come_back_exactly(
    kind: str, schema: str
) -> None:
    objects = recorded(kind)
    assert objects, f"no {schema} was recorded"
    assert unknown_in([read_as(getattr(models, schema), raw) for _, raw in objects]) == []


def test_every_recorded_event_comes_back_exactly() -> None:
    bodies = [e["response_body"] for e in exchanges() if isinstance(e["response_body"], str)]
    events = [event for body in bodies for event in stream_events(body)]
    assert len(events) > 1000
    names = event_schemas()
    for name, raw in events:
        read_as(getattr(models, names[name] or ""), raw)


def test_absent_reads_as_none_but_is_not_null_and_what_is_no_field_is_refused() -> None:
    message = read(status=None)
    assert (message.status, message.run_id) == (None, None)
    assert [message.is_set(name) for name in ("status", "run_id", "id")] == [True, False, True]
    with pytest.raises(AttributeError, match="Message has no field 'zzz'"):
        message.is_set("zzz")
    message = read()
    for value in (None, "run_1"):
        message.run_id = value
        assert message.to_dict() == {**BASE, "run_id": value}
    message.run_id = UNSET
    assert message.to_dict() == BASE
    for name in ("statuss", "type", "_nonsense"):
        with pytest.raises(AttributeError):
            setattr(message, name, "x")


def test_unknown_fields_are_kept_and_can_be_changed() -> None:
    message = read(zzz={"q": [1]}, content=[{**BASE["content"][0], "new": True}])
    assert message["zzz"] == {"q": [1]}
    assert message.additional_keys == ["zzz"]
    message.additional_properties["yyy"] = 1
    del message.additional_properties["zzz"]
    assert message.additional_properties == {"yyy": 1}
    with pytest.raises(KeyError):
        message["zzz"]


def test_a_model_is_a_whole_mapping_of_its_json() -> None:
    message = read(zzz={"q": [1]}, status=None)
    raw = {"zzz": {"q": [1]}, **BASE, "status": None}
    assert isinstance(message, Mapping)
    assert [*message] == [key for key in message] == [*message.keys()] == [*raw]  # noqa: C416
    assert dict(message) == {**message} == dict(message.items()) == raw
    assert [*message.values()] == [*raw.values()]
    assert (len(message), message["content"], message["zzz"]) == (8, raw["content"], {"q": [1]})
    assert ["id" in message, "run_id" in message, 5 in message] == [True, False, False]
    assert (message.get("id"), message.get("run_id"), message.get("x", 1)) == ("msg_1", None, 1)
    match message:
        case {"role": "user", "content": [{"type": "text"}]}:
            pass
        case _:
            pytest.fail("does not match")
    assert json.loads(json.dumps(message, default=dict)) == raw
    assert models.FileSearchCallDetails()  # although it holds nothing
    with pytest.raises(TypeError):
        message["id"] = "x"  # type: ignore[index]


HUGE: dict[str, Any] = {
    "a text": {"content": "x" * 10**6},
    "parts": {"content": [BASE["content"][0]] * 10**4},
    "an unknown part": {"content": [{"type": "new", "x": ["y" * 10**5] * 10**3}]},
    "unknown fields": {str(n): "x" * 50 for n in range(10**4)},
    "metadata": {"metadata": {"k" * 10**5: "v" * 10**5}},
    "a number": {"created_at": 10**5000},
    "depth": {"zzz": json.loads("[" * 500 + "]" * 500)},
}


@pytest.mark.parametrize("changes", HUGE.values(), ids=HUGE)
def test_a_repr_is_short_whatever_is_in_it(changes: dict[str, Any]) -> None:
    message = Message.from_dict({**BASE, **changes})
    text = repr(message)
    assert text.startswith("Message(id='msg_1'")
    assert len(text) < 1100
    for part in (*message.content[:1], message.metadata):
        assert len(repr(part)) < 1100
    assert repr(UnknownVariant({"type": "x"})) == "UnknownVariant({'type': 'x'})"


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_copies_are_equal_and_still_know_what_is_absent(again: Any) -> None:
    message = read(zzz=1, status=None)
    copied = again(message)
    assert copied == message
    assert copied.to_dict() == message.to_dict()
    assert not copied.is_set("run_id")
    assert again(UNSET) is UNSET
    assert (bool(UNSET), isinstance(UNSET, NotGiven), repr(UNSET)) == (False, True, "NOT_GIVEN")


def test_every_field_is_compared_shown_and_kept_where_another_changes() -> None:
    message = read(status=None, zzz=1)
    assert message != read(zzz=1)
    assert message != read(status=None)
    assert message != read(status=None, zzz=1, id="b")
    assert read() != BASE
    with pytest.raises(TypeError):
        hash(message)
    changed = attrs.evolve(message, run_id="run_1")
    assert changed.to_dict() == {**message.to_dict(), "run_id": "run_1"}
    assert not message.is_set("run_id")
    text = repr(message)
    assert text.startswith("Message(id='msg_1', created_at=1728657089,")
    assert text.endswith("status=None, additional_properties={'zzz': 1})")
    assert "run_id" not in text
    assert "additional_properties" not in repr(read())


class SubMessage(Message):
    """What the hand-written layer does with models."""

    __slots__ = ()

    @property
    def text(self) -> str:
        return str(self.content[0].text.value)  # type: ignore[union-attr]


def test_a_subclass_reads_copies_and_writes_as_itself() -> None:
    message = read_as(SubMessage, {**BASE, "zzz": 1})
    assert (message.text, message.status) == ("hi", None)
    for same in (copy.deepcopy(message), pickle.loads(pickle.dumps(message)), message):
        assert type(same) is SubMessage
        assert same == message
        assert same.to_dict() == {**BASE, "zzz": 1}
    assert repr(message).startswith("SubMessage(")
    with pytest.raises(MissingField, match="SubMessage lacks"):
        SubMessage.from_dict({})
    with pytest.raises(AttributeError):
        message.other = 1


def test_metadata_is_a_dict_and_writing_shares_no_container_with_the_model() -> None:
    message = read(metadata={"a": "b"}, file_ids=["f"], zzz=[1])
    metadata = message.metadata
    assert isinstance(metadata, models.Metadata)
    assert json.dumps(metadata) == '{"a": "b"}'
    assert metadata.get("x") is None
    written = message.to_dict()
    assert type(written["metadata"]) is dict
    written["metadata"]["a"] = written["file_ids"][0] = written["zzz"][0] = "changed"
    assert (metadata, message.file_ids, message["zzz"]) == ({"a": "b"}, ["f"], [1])


HI = {"role": "user", "content": "hi"}
TEXT = {"type": "text", "text": "hi"}
TOOL = {"type": "code_interpreter"}
SEARCH = {"type": "file_search"}
FUNCTION = models.FunctionDefinition("f", parameters=models.JsonSchema({"type": "object"}))
REQUESTS: list[tuple[Model, dict[str, Any]]] = [
    (models.CodeInterpreterTool(), TOOL),
    (models.UpdateMessageRequest(models.Metadata(a="b")), {"metadata": {"a": "b"}}),
    (CreateMessageRequest("user", "hi", metadata=None), HI | {"metadata": None}),
    (
        CreateMessageRequest("user", (TEXT, TextPart("hi")), attachments=({"file_id": "f"},)),
        {"role": "user", "content": [TEXT, TEXT], "attachments": [{"file_id": "f"}]},
    ),
    (
        models.CreateThreadRequest(
            messages=(CreateMessageRequest("user", "hi"), HI),
            tool_resources={"code_interpreter": {"file_ids": ("f",)}},
        ),
        {"messages": [HI, HI], "tool_resources": {"code_interpreter": {"file_ids": ["f"]}}},
    ),
    (
        models.CreateAssistantRequest(
            "m",
            tools=[models.CodeInterpreterTool(), SEARCH, models.FunctionTool(FUNCTION)],
            response_format={"type": "json_object"},
            temperature=0,
        ),
        {
            "model": "m",
            "tools": [TOOL, SEARCH, {"type": "function", "function": FUNCTION.to_dict()}],
            "response_format": {"type": "json_object"},
            "temperature": 0,
        },
    ),
    (
        models.CreateRunRequest(
            "a", additional_messages=[CreateMessageRequest("user", "hi")], tool_choice=SEARCH
        ),
        {"assistant_id": "a", "additional_messages": [HI], "tool_choice": SEARCH},
    ),
]


@pytest.mark.parametrize(("request_", "expected"), REQUESTS)
def test_requests_hold_what_was_given_as_models_dicts_or_tuples(
    request_: Any, expected: dict[str, Any]
) -> None:
    assert json.loads(json.dumps(request_.to_dict())) == expected
    assert FUNCTION.to_dict() == {"name": "f", "parameters": {"type": "object"}}


def test_a_message_in_memory_is_small_and_shares_known_texts_with_others() -> None:
    message = read(metadata={})
    for value in (message, message.metadata, UnknownVariant()):
        assert not hasattr(value, "__dict__")
    # A slot for each field, for unknown ones and for the id of the exchange.
    assert sys.getsizeof(message) <= 16 + 8 * (len(FULL) + 2) + 16
    # A list of one has no room to grow; no dict is held for unknown fields until one is needed.
    assert sys.getsizeof(message.content) == sys.getsizeof([None])
    assert message._extra is None
    assert message.additional_keys == []
    assert message._extra is None
    assert message.additional_properties == {}
    assert message == read(metadata={})
    # Each message parses its own texts; kept, they would be a sixth of what a message holds.
    text = json.dumps({**BASE, "status": "completed"})
    first, second = (read_as(Message, json.loads(text)) for _ in range(2))
    for name in ("object", "role", "status"):
        assert getattr(first, name) is getattr(second, name), name
    assert first.content[0].type is second.content[0].type


def calls_while_reading(model: type[Model], raw: dict[str, Any]) -> Counter[str]:
    """How many Python and built-in functions are called to read `raw`."""
    seen: Counter[str] = Counter()

    def note(_: FrameType, event: str, __: object) -> None:
        seen[event] += 1

    gc.disable()  # its callbacks would be counted
    sys.setprofile(note)
    try:
        model.from_dict(raw)
    finally:
        sys.setprofile(None)
        gc.enable()
    return seen


PAGE = {"object": "list", "data": [BASE] * 50, "has_more": False}
TEXT_DELTA = {"index": 0, "type": "text", "text": {"value": " the"}}
CODE_DELTA = {"index": 0, "type": "code_interpreter", "code_interpreter": {"input": " ="}}
CALLS = {"type": "tool_calls", "tool_calls": [CODE_DELTA]}


@pytest.mark.parametrize(
    ("model", "raw", "most"),
    [
        # Message, its list of parts, the choice by tag, TextContent, Text.
        (Message, {**FULL, "attachments": []}, 6),
        (models.MessageList, PAGE, 5 * 50 + 2),
        # The event, its delta, its list of parts, the choice by tag, the part, the text. A stream
        # has hundreds of these.
        (
            models.MessageDeltaEvent,
            {"id": "m", "object": "o", "delta": {"content": [TEXT_DELTA]}},
            6,
        ),
        (models.RunStepDeltaEvent, {"id": "s", "object": "o", "delta": {"step_details": CALLS}}, 8),
    ],
)
def test_reading_takes_few_calls(model: type[Model], raw: dict[str, Any], most: int) -> None:
    """A stand-in for a clock. The generator's own template makes about eight times as many."""
    calls = calls_while_reading(model, raw)
    assert calls["call"] <= most
    assert calls["c_call"] <= 16 or model is not Message


def printed(code: str) -> set[str]:
    """The words that a program prints in a fresh interpreter."""
    command = [sys.executable, "-c", "import sys\n" + code]
    done = subprocess.run(command, cwd=GENERATED, check=True, stdout=subprocess.PIPE, text=True)
    return set(done.stdout.split())


def test_the_package_is_typed_and_importing_it_loads_neither_models_nor_httpx() -> None:
    assert (GENERATED / "laplas_api" / "py.typed").exists()
    loaded = printed(
        "import laplas_api, laplas_api.models\n"
        "print(*sys.modules)\n"
        "assert 'Message' in dir(laplas_api.models) and 'Client' in laplas_api.__dir__()\n"
    )
    assert not {"httpx", "attrs", "laplas_api.client"} & loaded
    assert not [name for name in loaded if name.startswith("laplas_api.models.")]
    for package in (laplas_api, models):
        with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
            package.Nonsense  # noqa: B018


def test_an_endpoint_loads_only_its_models() -> None:
    def models_of(endpoint: str) -> set[str]:
        loaded = printed(f"import laplas_api.api.{endpoint}\nprint(*sys.modules)")
        return {name.split(".")[-1] for name in loaded if name.startswith("laplas_api.models.")}

    errors = {"error_response", "error_details"}
    assert models_of("messages.delete_message") == errors | {"deleted_message"}
    of_messages = """
        attachment code_interpreter_tool create_message_request file_citation
        file_citation_annotation file_path file_path_annotation file_search_tool image_file
        image_file_content image_file_part image_url image_url_content image_url_part
        incomplete_details message metadata refusal_content text text_content text_part
    """
    assert models_of("messages.create_message") == errors | {*of_messages.split()}
    loaded = models_of("runs.retrieve_run")
    assert "run" in loaded
    assert not [m for m in loaded if "step" in m or "delta" in m or m.startswith("message")]
    assert "assistant" not in loaded


def test_every_model_can_be_imported_first() -> None:
    printed(
        "from laplas_api.models import __all__ as names\n"
        "for name in names:\n"
        "    for module in [m for m in sys.modules if m.startswith('laplas_api')]:\n"
        "        del sys.modules[module]\n"
        "    exec(f'from laplas_api.models import {name}')\n"
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(GENERATED)))
def test_imports_are_relative_and_run_once(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    conditions = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    checked = [node for node in conditions if ast.unparse(node.test) == "TYPE_CHECKING"]
    for_checkers = {inner for node in checked for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not [a.name for a in node.names if a.name.startswith("laplas")]
        if isinstance(node, ast.ImportFrom) and not node.level and node not in for_checkers:
            assert not (node.module or "").startswith("laplas")
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            is_cached = "cached_property" in map(ast.unparse, node.decorator_list)
            assert is_cached or inner == [], f"{node.name}: an import runs on every call"
