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
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import attrs
import hypothesis
import hypothesis.strategies as st
import pytest
from support import (
    SCHEMA_OF,
    event_schemas,
    exchanges,
    operation_of,
    recorded,
    response_schema,
    stream_events,
)

import laplas_api.models
from laplas_api import models
from laplas_api.errors import MissingField
from laplas_api.models import (
    AutoChunkingStrategy,
    CodeInterpreterTool,
    CreateAssistantRequest,
    CreateMessageRequest,
    CreateRunRequest,
    CreateThreadRequest,
    FunctionCall,
    FunctionDefinition,
    FunctionTool,
    IncompleteDetails,
    JsonSchema,
    JsonSchemaFormat,
    Message,
    MessageDeltaEvent,
    MessageList,
    Metadata,
    NamedToolChoice,
    RequiredAction,
    RetrievalTool,
    Run,
    RunStep,
    RunStepDeltaEvent,
    TextContent,
    TextPart,
    ToolCallsDetails,
    UpdateMessageRequest,
)
from laplas_api.types import UNSET, Model, UnknownVariant, Unset

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


def read(**changes: Any) -> Message:
    """A message read from JSON with some fields changed; also checks the exact way back."""
    raw = {**BASE, **changes}
    before = copy.deepcopy(raw)
    message = Message.from_dict(raw)
    assert message.to_dict() == before
    assert raw == before, "reading must not change its input"
    return message


def parts(message: Message) -> list[Any]:
    """The content of a message that is a list."""
    assert isinstance(message.content, list)
    return message.content


# ---- values that this version does not know ---------------------------------------------------


def test_unknown_enum_values_are_kept() -> None:
    message = read(role="critic", status="queued")
    assert (message.role, message.status) == ("critic", "queued")


@pytest.mark.parametrize("tag", ["audio", "", None, 5, [], {}], ids=repr)
def test_an_unknown_part_is_kept_whole_beside_known_ones(tag: Any) -> None:
    unknown = {"type": tag, "audio": {"id": "x", "deep": [1, {"y": None}]}}
    message = read(content=[unknown, *BASE["content"]])
    part, text = parts(message)
    assert isinstance(part, UnknownVariant)
    assert isinstance(text, TextContent)
    assert part.type == tag
    assert part["audio"]["id"] == "x"
    assert part.get("video") is None
    assert part.to_dict() == unknown
    assert json.loads(json.dumps(part)) == unknown
    assert copy.deepcopy(part) == pickle.loads(pickle.dumps(part)) == part
    assert isinstance(copy.deepcopy(part), UnknownVariant)
    assert repr(part).startswith("UnknownVariant({")


def test_a_part_without_a_tag_is_kept() -> None:
    (part,) = parts(read(content=[{"text": "x"}]))
    assert isinstance(part, UnknownVariant)
    assert part.type is None


def test_unknown_annotations_and_tools_are_kept() -> None:
    annotation = {"type": "url_citation", "url": "https://example.com"}
    message = read(
        content=[{"type": "text", "text": {"value": "x", "annotations": [annotation]}}],
        attachments=[{"file_id": "f", "tools": [{"type": "browser"}, {"type": "file_search"}]}],
    )
    (text,) = parts(message)
    assert isinstance(text, TextContent)
    assert text.text.annotations == [annotation]
    (attachment,) = message.attachments or []
    assert [tool.type for tool in attachment.tools or []] == ["browser", "file_search"]


def test_a_nullable_object_is_a_model_whatever_its_values() -> None:
    message = read(incomplete_details={"reason": "solar_flare", "more": 1})
    assert isinstance(message.incomplete_details, IncompleteDetails)
    assert message.incomplete_details.reason == "solar_flare"
    assert message.incomplete_details["more"] == 1


def test_the_tag_alone_chooses_the_model() -> None:
    raw = {"type": "auto", "static": {"max_chunk_size_tokens": 1, "chunk_overlap_tokens": 0}}
    request = {"tool_resources": {"file_search": {"vector_stores": [{"chunking_strategy": raw}]}}}
    thread = CreateThreadRequest.from_dict(request)
    assert thread.to_dict() == request
    resources: Any = thread.tool_resources
    strategy = resources.file_search.vector_stores[0].chunking_strategy
    assert isinstance(strategy, AutoChunkingStrategy)
    assert strategy["static"] == raw["static"]


# ---- values of another kind -------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd", ["text", 5, 1.5, True, None, [], [1], ["x"], {"reason": 1}], ids=repr
)
@pytest.mark.parametrize("field", sorted(FULL))
def test_a_value_of_another_kind_is_kept(field: str, odd: Any) -> None:
    raw = {**FULL, field: odd}
    assert Message.from_dict(raw).to_dict() == raw


def test_content_may_be_a_string_or_hold_strings() -> None:
    assert read(content="plain").content == "plain"
    assert parts(read(content=["a", None, 7])) == ["a", None, 7]


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


# ---- what is kept in memory --------------------------------------------------------------------


def test_known_texts_are_one_object_in_all_messages() -> None:
    """Each message parses its own; kept, they would be a sixth of what a message holds."""
    text = json.dumps({**BASE, "status": "completed"})
    first, second = (Message.from_dict(json.loads(text)) for _ in range(2))
    for name in ("object", "role", "status"):
        assert getattr(first, name) is getattr(second, name), name
    assert parts(first)[0].type is parts(second)[0].type


@pytest.mark.parametrize("odd", [1, True, 1.0, ["user"], {"user": 1}], ids=repr)
@pytest.mark.parametrize("field", ["object", "role", "status"])
def test_what_is_not_a_known_text_stays_the_very_object(field: str, odd: Any) -> None:
    assert getattr(Message.from_dict({**FULL, field: odd}), field) is odd


def test_a_list_of_one_has_no_room_to_grow() -> None:
    message = read()
    assert sys.getsizeof(message.content) == sys.getsizeof([None])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "text", "value", "reason", "z"]), inner)
    ),
    max_leaves=8,
)


@hypothesis.settings(max_examples=150, derandomize=True, deadline=None, database=None)
@hypothesis.given(st.dictionaries(st.sampled_from([*FULL, "zzz", "type"]), JSON))
def test_whatever_is_read_is_written_back_exactly(changes: dict[str, Any]) -> None:
    raw = {**FULL, **changes}
    try:
        message = Message.from_dict(raw)
    except MissingField:
        return
    assert message.to_dict() == raw
    assert copy.deepcopy(message) == message


# ---- assistants, runs, steps, events ----------------------------------------------------------

RUN: dict[str, Any] = {
    "id": "run_1",
    "object": "thread.run",
    "created_at": 1,
    "thread_id": "thread_1",
    "assistant_id": "asst_1",
    "status": "queued",
}
STEP: dict[str, Any] = {
    **RUN,
    "id": "step_1",
    "object": "thread.run.step",
    "run_id": "run_1",
    "type": "tool_calls",
    "step_details": {"type": "tool_calls", "tool_calls": []},
}


def read_run(**changes: Any) -> Run:
    """A run read from JSON with some fields changed; also checks the exact way back."""
    run = Run.from_dict({**RUN, **changes})
    assert run.to_dict() == {**RUN, **changes}
    return run


def read_calls(*calls: dict[str, Any]) -> list[Any]:
    """The calls of a step read from JSON; also checks the exact way back."""
    raw = {**STEP, "step_details": {"type": "tool_calls", "tool_calls": [*calls]}}
    step = RunStep.from_dict(raw)
    assert step.to_dict() == raw
    assert isinstance(step.step_details, ToolCallsDetails)
    return step.step_details.tool_calls


def test_a_response_format_is_a_text_or_an_object_chosen_by_its_tag() -> None:
    schema = {"type": "object", "properties": {"type": {"type": "string"}}}
    named = {"name": "x", "schema": schema, "strict": None}
    run = read_run(response_format={"type": "json_schema", "json_schema": named})
    assert isinstance(run.response_format, JsonSchemaFormat)
    assert isinstance(run.response_format.json_schema.schema, JsonSchema)
    assert run.response_format.json_schema.schema["properties"]["type"] == {"type": "string"}
    assert read_run(response_format="auto").response_format == "auto"
    assert read_run(response_format=None).response_format is None
    unknown = read_run(response_format={"type": "grammar", "grammar": "x"}).response_format
    assert isinstance(unknown, UnknownVariant)
    assert unknown.type == "grammar"


def test_a_tool_choice_is_a_text_or_an_object() -> None:
    assert read_run(tool_choice="none").tool_choice == "none"
    choice = read_run(tool_choice={"type": "function", "function": {"name": "f"}}).tool_choice
    assert isinstance(choice, NamedToolChoice)
    assert choice.function is not None
    assert choice.function.name == "f"


def test_tools_of_every_version_are_kept_in_place() -> None:
    tools = [{"type": "retrieval"}, {"type": "browser", "x": 1}, {"type": "code_interpreter"}]
    old, unknown, known = read_run(tools=tools).tools or []
    assert isinstance(old, RetrievalTool)
    assert isinstance(unknown, UnknownVariant)
    assert isinstance(known, CodeInterpreterTool)


def test_an_action_of_another_kind_does_not_cost_the_run() -> None:
    action = read_run(status="requires_action", required_action={"type": "approve"}).required_action
    assert isinstance(action, RequiredAction)
    assert (action.type, action.submit_tool_outputs) == ("approve", None)


def test_both_spellings_of_the_output_of_a_call_are_read_and_none_is_made_up() -> None:
    for output in ({}, {"output": None}, {"output": "x"}, {"ouptut": "x"}):
        (call,) = read_calls({"id": "c", "type": "function", "function": {"name": "f", **output}})
        assert isinstance(call, FunctionCall)
        assert call.function.output == output.get("output")
        assert call.function.ouptut == output.get("ouptut")
        assert call.function.is_set("output") == ("output" in output)


def test_unknown_calls_and_steps_are_kept() -> None:
    unknown, old = read_calls({"id": "c", "type": "browser"}, {"id": "d", "type": "retrieval"})
    assert isinstance(unknown, UnknownVariant)
    assert old.id == "d"
    raw = {**STEP, "type": "thinking", "step_details": {"type": "thinking", "thoughts": ["x"]}}
    step = RunStep.from_dict(raw)
    assert isinstance(step.step_details, UnknownVariant)
    assert step.to_dict() == raw


def test_names_that_are_builtins_elsewhere_are_plain_attributes() -> None:
    code = {"input": "1", "outputs": []}
    (call,) = read_calls({"id": "c", "type": "code_interpreter", "code_interpreter": code})
    assert call.code_interpreter.input == "1"
    assert models.FileObject.from_dict({"id": "f", "object": "file", "bytes": 5}).bytes == 5


def test_requests_of_the_family_take_models_and_dicts() -> None:
    function = FunctionDefinition("f", parameters=JsonSchema({"type": "object"}))
    assistant = CreateAssistantRequest(
        "m",
        tools=[CodeInterpreterTool(), {"type": "file_search"}, FunctionTool(function)],
        response_format={"type": "json_object"},
        temperature=0,
    )
    assert assistant.to_dict() == {
        "model": "m",
        "tools": [
            {"type": "code_interpreter"},
            {"type": "file_search"},
            {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}},
        ],
        "response_format": {"type": "json_object"},
        "temperature": 0,
    }
    request = CreateRunRequest(
        "asst_1",
        additional_messages=[CreateMessageRequest("user", "hi")],
        truncation_strategy={"type": "auto"},
        tool_choice={"type": "file_search"},
        stream=True,
    )
    assert request.to_dict() == {
        "assistant_id": "asst_1",
        "additional_messages": [{"role": "user", "content": "hi"}],
        "truncation_strategy": {"type": "auto"},
        "tool_choice": {"type": "file_search"},
        "stream": True,
    }


# ---- recorded traffic -------------------------------------------------------------------------


def read_as(schema: str, raw: dict[str, Any]) -> dict[str, Any]:
    """What is written after reading `raw` as the model of that name."""
    written: dict[str, Any] = getattr(models, schema).from_dict(raw).to_dict()
    return written


@pytest.mark.parametrize(("kind", "schema"), SCHEMA_OF.items())
def test_every_recorded_object_comes_back_exactly(kind: str, schema: str) -> None:
    objects = recorded(kind)
    assert objects, f"no {schema} was recorded"
    assert [where for where, raw in objects if read_as(schema, raw) != raw] == []


def test_every_recorded_answer_comes_back_exactly() -> None:
    answers = [
        (e["id"], response_schema(operation), e["response_body"])
        for e in exchanges()
        if (operation := operation_of(e))
        and e["status"] == 200
        and not isinstance(e["response_body"], str)
    ]
    assert {"AssistantList", "MessageList", "RunList", "RunStepList"} <= {s for _, s, _ in answers}
    assert [where for where, schema, raw in answers if read_as(schema, raw) != raw] == []


def test_every_recorded_event_comes_back_exactly() -> None:
    bodies = [e["response_body"] for e in exchanges() if isinstance(e["response_body"], str)]
    events = [event for body in bodies for event in stream_events(body)]
    assert len(events) > 1000
    names = event_schemas()
    assert [n for n, raw in events if read_as(names[n] or "", raw) != raw] == []


def unknown_in(value: Any) -> list[Any]:
    """The union members and fields inside a value that this version does not know."""
    if isinstance(value, list):
        return [unknown for item in value for unknown in unknown_in(item)]
    if isinstance(value, Model):
        parts = [getattr(value, a.name) for a in attrs.fields(type(value)) if a.name != "_extra"]
        return unknown_in(parts) + value.additional_keys
    return [value] if isinstance(value, UnknownVariant) else []


@pytest.mark.parametrize(("kind", "schema"), SCHEMA_OF.items())
def test_no_recorded_field_is_without_an_attribute(kind: str, schema: str) -> None:
    read_all = [getattr(models, schema).from_dict(raw) for _, raw in recorded(kind)]
    assert unknown_in(read_all) == []


# ---- absent, null, unknown fields -------------------------------------------------------------


def test_absent_reads_as_none_but_stays_absent() -> None:
    message = read(status=None)
    assert message.status is None
    assert message.run_id is None
    assert message.is_set("status")
    assert not message.is_set("run_id")
    assert message.is_set("id")
    with pytest.raises(AttributeError, match="Message has no field 'zzz'"):
        message.is_set("zzz")


def test_a_field_can_be_set_to_null_and_taken_away() -> None:
    message = read()
    message.run_id = None
    assert message.to_dict() == {**BASE, "run_id": None}
    message.run_id = "run_1"
    assert message.to_dict() == {**BASE, "run_id": "run_1"}
    message.run_id = UNSET
    assert message.to_dict() == BASE


@pytest.mark.parametrize("name", ["statuss", "type", "_nonsense"])
def test_a_mistyped_attribute_is_refused(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(read(), name, "x")


def test_unknown_fields_are_kept_and_can_be_changed() -> None:
    message = read(zzz={"q": [1]}, content=[{**BASE["content"][0], "new": True}])
    assert message["zzz"] == {"q": [1]}
    assert "zzz" in message
    assert "id" not in message
    assert message.additional_keys == ["zzz"]
    message["yyy"] = 1
    del message["zzz"]
    assert message.additional_properties == {"yyy": 1}
    with pytest.raises(KeyError):
        message["zzz"]


def test_no_dict_is_held_for_unknown_fields_until_one_is_needed() -> None:
    message = read()
    assert message._extra is None
    assert "x" not in message
    assert message.additional_keys == []
    same = read()
    assert same.additional_properties == {}
    assert same == message


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))]
)
def test_copies_are_equal_and_still_know_what_is_absent(again: Any) -> None:
    message = read(zzz=1, status=None)
    copied = again(message)
    assert copied == message
    assert copied.to_dict() == message.to_dict()
    assert not copied.is_set("run_id")


def test_unset_is_one_object_for_ever() -> None:
    assert copy.copy(UNSET) is copy.deepcopy(UNSET) is pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert not UNSET
    assert isinstance(UNSET, Unset)
    assert repr(UNSET) == "UNSET"


def test_evolve_changes_one_field_and_keeps_the_rest() -> None:
    message = read(zzz=1)
    changed = attrs.evolve(message, status="done")
    assert changed.to_dict() == {**message.to_dict(), "status": "done"}
    assert not message.is_set("status")


def test_equality_looks_at_every_field() -> None:
    assert read() != read(status=None)
    assert read() != read(zzz=1)
    assert read(id="a") != read(id="b")
    assert read() != BASE
    with pytest.raises(TypeError):
        hash(read())


def test_repr_shows_what_is_set() -> None:
    text = repr(read(status=None, zzz=1))
    assert text.startswith("Message(id='msg_1', created_at=1728657089,")
    assert text.endswith("status=None, additional_properties={'zzz': 1})")
    assert "run_id" not in text
    assert "additional_properties" not in repr(read())


# ---- making requests --------------------------------------------------------------------------


def test_fixed_values_need_not_be_given() -> None:
    assert TextPart("hi").to_dict() == {"type": "text", "text": "hi"}
    assert CodeInterpreterTool().to_dict() == {"type": "code_interpreter"}


def test_requests_hold_what_was_given_and_nothing_else() -> None:
    request = CreateMessageRequest(role="user", content="hi", metadata=None)
    assert request.to_dict() == {"role": "user", "content": "hi", "metadata": None}
    assert request.attachments is None


def test_models_dicts_and_tuples_mix() -> None:
    request = CreateThreadRequest(
        messages=(
            CreateMessageRequest("user", ({"type": "text", "text": "a"}, TextPart("b"))),
            {"role": "assistant", "content": (TextPart("c"),)},
        ),
        metadata={"k": "v"},
        tool_resources={"code_interpreter": {"file_ids": ("f",)}},
    )
    assert json.loads(json.dumps(request.to_dict())) == {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": t} for t in "ab"]},
            {"role": "assistant", "content": [{"type": "text", "text": "c"}]},
        ],
        "metadata": {"k": "v"},
        "tool_resources": {"code_interpreter": {"file_ids": ["f"]}},
    }


def test_metadata_is_a_dict() -> None:
    message = read(metadata={"a": "b"})
    assert isinstance(message.metadata, Metadata)
    assert message.metadata == {"a": "b"}
    assert json.dumps(message.metadata) == '{"a": "b"}'
    assert message.metadata.get("x") is None
    assert type(message.metadata.to_dict()) is dict
    assert UpdateMessageRequest(Metadata(a="b")).to_dict() == {"metadata": {"a": "b"}}


def test_writing_shares_no_container_with_the_model() -> None:
    message = read(metadata={"a": "b"}, file_ids=["f"], zzz=[1])
    written = message.to_dict()
    written["metadata"]["a"] = written["file_ids"][0] = written["zzz"][0] = "changed"
    assert message.metadata == {"a": "b"}
    assert message.file_ids == ["f"]
    assert message["zzz"] == [1]


def test_a_subclass_reads_copies_and_writes_as_itself() -> None:
    message = SubMessage.from_dict({**BASE, "zzz": 1})
    assert type(message) is SubMessage
    assert message.text == "hi"
    assert message.status is None
    for same in (copy.deepcopy(message), pickle.loads(pickle.dumps(message)), message):
        assert type(same) is SubMessage
        assert same == message
        assert same.to_dict() == {**BASE, "zzz": 1}
    assert repr(message).startswith("SubMessage(")
    with pytest.raises(MissingField, match="SubMessage lacks"):
        SubMessage.from_dict({})
    with pytest.raises(AttributeError):
        message.other = 1  # type: ignore[attr-defined]


class SubMessage(Message):
    """What the hand-written layer does with models."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """The text of the first part."""
        part = self.content[0]
        assert isinstance(part, TextContent)
        return part.text.value


# ---- cost -------------------------------------------------------------------------------------


def calls_while_reading(model: type[Model], raw: dict[str, Any]) -> Counter[str]:
    """How many Python and built-in functions are called to read `raw`."""
    seen: Counter[str] = Counter()

    def note(_: FrameType, event: str, __: object) -> None:
        seen[event] += 1

    gc.disable()  # its callbacks would be counted
    sys.setprofile(note)
    try:
        model.from_dict(raw)  # type: ignore[attr-defined]
    finally:
        sys.setprofile(None)
        gc.enable()
    return seen


def test_reading_a_message_takes_few_calls() -> None:
    # A stand-in for a clock. For one text part the calls are: Message, its list of parts, the
    # choice by tag, TextContent, Text. The generator's own template makes about eight times as
    # many.
    calls = calls_while_reading(Message, {**FULL, "attachments": []})
    assert calls["call"] <= 6
    assert calls["c_call"] <= 16


def test_reading_a_page_adds_nothing_per_message() -> None:
    page = {"object": "list", "data": [BASE] * 50, "has_more": False}
    assert calls_while_reading(MessageList, page)["call"] <= 5 * 50 + 2


def test_reading_a_delta_takes_few_calls() -> None:
    # The event, its delta, its list of parts, the choice by tag, the part, the text. A stream has
    # hundreds of these.
    text = {"index": 0, "type": "text", "text": {"value": " the"}}
    message = {"id": "m", "object": "thread.message.delta", "delta": {"content": [text]}}
    assert calls_while_reading(MessageDeltaEvent, message)["call"] <= 6
    code = {"index": 0, "type": "code_interpreter", "code_interpreter": {"input": " ="}}
    details = {"type": "tool_calls", "tool_calls": [code]}
    step = {"id": "s", "object": "thread.run.step.delta", "delta": {"step_details": details}}
    assert calls_while_reading(RunStepDeltaEvent, step)["call"] <= 8


def test_models_have_slots_only() -> None:
    message = read(metadata={})
    for value in (message, message.metadata, UnknownVariant()):
        assert not hasattr(value, "__dict__")
    assert sys.getsizeof(message) <= 16 + 8 * (len(FULL) + 1) + 16


def fresh(code: str) -> None:
    subprocess.run([sys.executable, "-c", "import sys\n" + code], cwd=GENERATED, check=True)


def test_importing_the_package_loads_neither_models_nor_httpx() -> None:
    fresh(
        "import laplas_api, laplas_api.models\n"
        "assert not {'httpx', 'attrs', 'laplas_api.client'} & set(sys.modules)\n"
        "assert not [m for m in sys.modules if m.startswith('laplas_api.models.')]\n"
        "assert 'Message' in dir(laplas_api.models) and 'Client' in laplas_api.__dir__()\n"
    )


def test_one_endpoint_loads_only_its_models() -> None:
    fresh(
        "import laplas_api.api.messages.delete_message\n"
        "loaded = {m.split('.')[-1] for m in sys.modules if m.startswith('laplas_api.models.')}\n"
        "assert loaded == {'deleted_message', 'error_response', 'error_details'}, loaded\n"
    )


def loaded_by(endpoint: str) -> set[str]:
    """The modules of models that an endpoint loads in a fresh interpreter."""
    code = (
        f"import sys, laplas_api.api.{endpoint}\n"
        "print(*(m.split('.')[-1] for m in sys.modules if m.startswith('laplas_api.models.')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=GENERATED, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


def test_creating_a_message_loads_nothing_of_runs_and_assistants() -> None:
    assert loaded_by("messages.create_message") == {
        "attachment",
        "code_interpreter_tool",
        "create_message_request",
        "error_details",
        "error_response",
        "file_citation",
        "file_citation_annotation",
        "file_path",
        "file_path_annotation",
        "file_search_tool",
        "image_file",
        "image_file_content",
        "image_file_part",
        "image_url",
        "image_url_content",
        "image_url_part",
        "incomplete_details",
        "message",
        "metadata",
        "refusal_content",
        "text",
        "text_content",
        "text_part",
    }


def test_reading_a_run_loads_neither_steps_nor_events_nor_assistants() -> None:
    loaded = loaded_by("runs.retrieve_run")
    assert "run" in loaded
    assert not [m for m in loaded if "step" in m or "delta" in m or m.startswith("message")]
    assert "assistant" not in loaded


def test_every_model_can_be_imported_first() -> None:
    fresh(
        "from laplas_api.models import __all__ as names\n"
        "for name in names:\n"
        "    for module in [m for m in sys.modules if m.startswith('laplas_api')]:\n"
        "        del sys.modules[module]\n"
        "    exec(f'from laplas_api.models import {name}')\n"
    )


@pytest.mark.parametrize("package", [laplas_api, laplas_api.models], ids=["package", "models"])
def test_an_unknown_name_is_an_attribute_error(package: ModuleType) -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nonsense'"):
        package.Nonsense  # noqa: B018


# ---- the source -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(GENERATED)))
def test_imports_are_relative_and_run_once(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for_checkers = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not [a.name for a in node.names if a.name.startswith("laplas")]
        if isinstance(node, ast.ImportFrom) and not node.level and id(node) not in for_checkers:
            assert not (node.module or "").startswith("laplas")
        if isinstance(node, functions):
            inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            is_cached = "cached_property" in map(ast.unparse, node.decorator_list)
            assert is_cached or inner == [], f"{node.name}: an import runs on every call"


def test_the_package_is_marked_as_typed() -> None:
    assert (GENERATED / "laplas_api" / "py.typed").exists()
