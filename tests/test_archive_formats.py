"""Each form is judged by its readers: openai's types, datasets, pyarrow, OpenTelemetry's schema."""

from __future__ import annotations

import json
import typing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from archives import EVERYTHING, MESSAGES, RUN, STEPS, THREAD, message, step, text
from jsonschema import Draft202012Validator
from openai.types import responses
from openai.types.conversations import ConversationItem
from pydantic import TypeAdapter
from support import recorded
from test_archive_convert import ODD_THREAD

from laplas.archive import conversation_batches, convert, write_archive
from laplas.archive.formats._rows import COLUMNS

PARAMS: dict[str, Any] = {
    "user": responses.response_input_item_param.Message,
    "assistant": responses.ResponseOutputMessageParam,
    "function_call": responses.ResponseFunctionToolCallParam,
    "function_call_output": responses.response_input_item_param.FunctionCallOutput,
    "code_interpreter_call": responses.ResponseCodeInterpreterToolCallParam,
    "file_search_call": responses.ResponseFileSearchToolCallParam,
}
ANY_ITEM: TypeAdapter[Any] = TypeAdapter(responses.ResponseInputItemParam)
STORED: TypeAdapter[Any] = TypeAdapter(ConversationItem)


def exhausted(value: Any) -> Any:
    """Read all of a validated value: pydantic checks what is Iterable when it is iterated."""
    if isinstance(value, dict):
        return {key: exhausted(item) for key, item in value.items()}
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        return value
    return [exhausted(item) for item in value]


def check_item(item: dict[str, Any]) -> None:
    """Validate an item: as any, as that of its kind without unknown fields, and as it is stored."""
    kind = item["type"] if item["type"] != "message" else item["role"]
    params = PARAMS["user" if kind in ("system", "developer") else kind]
    assert exhausted(ANY_ITEM.validate_python(item)) == item
    assert exhausted(TypeAdapter(params).validate_python(item)) == item
    assert item.keys() <= typing.get_type_hints(params).keys()
    STORED.validate_python({"id": "given_by_the_server", "status": "completed", **item})


def checked(thread: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the items of a thread, all of which are valid."""
    metadata, batches, _ = conversation_batches(thread, {"file-notes": "notes.txt"})
    assert len(metadata) <= 16
    assert all(0 < len(batch) <= 20 for batch in batches)
    items = [item for batch in batches for item in batch]
    for item in items:
        check_item(item)
    return items


def test_items_of_everything_are_valid_and_in_order() -> None:
    kinds = [item.get("role", item["type"]) for item in checked(EVERYTHING)]
    calls = ["function_call", "function_call_output", "code_interpreter_call", "file_search_call"]
    assert kinds == ["user", "user", *calls, *["assistant"] * 4]


def test_each_part_has_its_item() -> None:
    items = checked(EVERYTHING)
    assert items[1]["content"] == [
        {"type": "input_text", "text": "What is in these?"},
        {"type": "input_image", "file_id": "file-cat", "detail": "low"},
        {"type": "input_image", "image_url": "https://example.com/cat.png", "detail": "auto"},
        {"type": "input_file", "file_id": "file-notes"} | {"filename": "notes.txt"},
    ]
    cited = items[6]["content"][0]["annotations"]
    assert cited[0] == {
        "type": "file_citation",
        "file_id": "file-notes",
        "filename": "notes.txt",
        "index": 23,
    }
    assert cited[1] == {"type": "file_path", "file_id": "file-plot", "index": 0}
    assert items[8]["content"] == [{"type": "refusal", "refusal": "I cannot help with that."}]
    assert items[9]["status"] == "incomplete"
    assert items[2]["call_id"] == items[3]["call_id"] == "call_1"
    assert items[3]["output"] == "1749"


def test_items_of_odd_threads_are_valid() -> None:
    assert len(checked(ODD_THREAD)) > 10


def test_items_of_recorded_threads_are_valid() -> None:
    messages = [found for _, found in recorded("thread.message")]
    steps = [found for _, found in recorded("thread.run.step")]
    by_thread: dict[str, dict[str, Any]] = {}
    for kind, found in [("messages", m) for m in messages] + [("steps", s) for s in steps]:
        thread = by_thread.setdefault(str(found.get("thread_id")), {"messages": [], "steps": []})
        thread[kind].append(found)
    assert len(by_thread) > 10
    items = [item for id_, t in by_thread.items() for item in checked({"thread": {"id": id_}, **t})]
    assert len(items) > 100


def test_batches_and_metadata_have_the_limits_of_upstream() -> None:
    pairs = {f"k{number}": "v" for number in range(20)} | {"k" * 65: "v"}
    thread = {**THREAD, "metadata": {"long": "v" * 513, **pairs}}
    messages = [message(number, "user", [text(str(number))]) for number in range(41)]
    metadata, batches, lost = conversation_batches({"thread": thread, "messages": messages})
    assert [len(batch) for batch in batches] == [20, 20, 1]
    assert list(metadata) == [f"k{number}" for number in range(16)]
    assert {"thread.metadata.long", "thread.metadata.k16", f"thread.metadata.{'k' * 65}"} <= {*lost}
    said = [item["content"][0]["text"] for batch in batches for item in batch]
    assert said == [str(number) for number in range(41)]


def test_calls_stand_where_their_run_does() -> None:
    def called(number: int, run: str) -> dict[str, Any]:
        function = {"name": run, "arguments": "{}", "output": None}
        call = {"id": f"call_{number}", "type": "function", "function": function}
        return step(number, {"type": "tool_calls", "tool_calls": [call]}) | {"run_id": run}

    messages = [
        message(1, "user", [text("one")]),
        message(2, "assistant", [text("two")]) | {"run_id": "run_a"},
        message(3, "user", [text("three")]),
        message(9, "user", [text("nine")]),
    ]
    steps = [called(1, "run_a"), called(5, "run_without_messages")]
    steps[1]["created_at"] = 1700000105
    names = [
        item.get("name") or item["content"][0]["text"]
        for item in checked({"thread": THREAD, "messages": messages, "steps": steps})
        if item["type"] != "function_call_output"
    ]
    assert names == ["one", "run_a", "two", "three", "run_without_messages", "nine"]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that loads a file of JSON lines as `datasets` does."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    datasets = pytest.importorskip("datasets", reason="datasets is not installed: group archive")
    datasets.disable_progress_bars()

    def loaded(file: Path) -> Any:
        return datasets.load_dataset(
            "json", data_files=str(file), split="train", cache_dir=str(tmp_path / "cache")
        )

    return loaded


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(("to", "column"), [("chatml", "messages"), ("sharegpt", "conversations")])
def test_datasets_loads_lines_for_training(tmp_path: Path, load: Any, to: str, column: str) -> None:
    # Ids before that of the thread with calls, and more than the 10 MB that are read at once: the
    # types of all lines are those of the first.
    big = [message(1, "user", [text("x" * 1_000_000)])]
    plain: list[dict[str, Any]] = [
        {"thread": {**THREAD, "id": f"a{n}"}, "messages": big} for n in range(25)
    ]
    write_archive(tmp_path / "a", [*plain, EVERYTHING, ODD_THREAD])
    convert(tmp_path / "a", to, tmp_path / "out.jsonl")
    rows = list(load(tmp_path / "out.jsonl"))
    assert len(rows) == 27
    lines = (tmp_path / "out.jsonl").read_bytes().split(b"\n")[:-1]
    assert rows == [json.loads(line) for line in lines]
    (everything,) = [row for row in rows if row["id"] == "thread_1"]
    said = json.dumps(everything[column])
    for found in ("born in 1749", "I cannot help with that.", "print(1 + 1)"):
        assert found in said


def test_chats_have_calls_with_their_answers(tmp_path: Path) -> None:
    write_archive(tmp_path / "a", [EVERYTHING])
    convert(tmp_path / "a", "chatml", tmp_path / "out")
    messages = json.loads((tmp_path / "out").read_bytes())["messages"]
    assert {tuple(m) for m in messages} == {("role", "content", "tool_calls", "tool_call_id")}
    call, answer = messages[2:4]
    function = {"name": "born", "arguments": '{"who": "Laplas"}'}
    assert call["tool_calls"] == [{"id": "call_1", "type": "function", "function": function}]
    assert (answer["role"], answer["tool_call_id"], answer["content"]) == ("tool", "call_1", "1749")


def table_of(tmp_path: Path, to: str, threads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Convert to a table and read it with pyarrow."""
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: extra parquet")
    from pyarrow import csv, parquet, string, timestamp

    write_archive(tmp_path / "a", threads)
    convert(tmp_path / "a", to, tmp_path / to)
    if to == "parquet":
        table = parquet.read_table(tmp_path / to)
        assert table.schema.field("created_at").type == timestamp("ms", tz="UTC")
        return table.to_pylist()  # type: ignore[no-any-return]
    options = csv.ConvertOptions(
        column_types=dict.fromkeys(COLUMNS, string()),
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        null_values=[""],
    )
    parse = csv.ParseOptions(newlines_in_values=True)
    found: list[dict[str, Any]] = csv.read_csv(
        tmp_path / to, convert_options=options, parse_options=parse
    ).to_pylist()
    for row in found:
        row |= {key: json.loads(row[key]) for key in ("citations", "attachments")}
        time = row["created_at"]
        row["created_at"] = time and datetime.fromisoformat(time)
    return found


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_tables_are_read_back_equal(tmp_path: Path, to: str) -> None:
    rows = table_of(tmp_path, to, [EVERYTHING, ODD_THREAD])
    raw = [*MESSAGES, *ODD_THREAD["messages"]]
    assert [json.loads(row["raw"]) for row in rows] == raw
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["text"] == "Hello <script>alert(1)</script> & \u2028 é 😀"
    assert rows[0]["created_at"] == datetime.fromtimestamp(1700000101, UTC)
    assert json.loads(rows[0]["metadata"]) == {"k": "v"}
    assert rows[1]["attachments"] == rows[2]["citations"] == ["file-notes"]
    assert (rows[0]["run_id"], rows[2]["run_id"]) == (None, "run_1")
    texts = {row["id"]: row["text"] for row in rows if row["thread_id"] == "thread_odd"}
    assert texts["msg_14"] == '=1+1\r\n"quoted",'
    assert texts["msg_9"] == "half \ufffd a pair and \0"
    assert texts["msg_1"] == ""


# What the schemas of gen_ai.input.messages and gen_ai.output.messages ask for in version 1.41.0:
# the fields of a message, and those of each part that they name. Others need a `type` only.
SCHEMA_PARTS: dict[str, dict[str, Any]] = {
    "text": {"content": {"type": "string"}},
    "tool_call": {"name": {"type": "string"}},
    "tool_call_response": {"response": {}},
    "server_tool_call": {
        "name": {"type": "string"},
        "server_tool_call": {"type": "object", "required": ["type"]},
    },
    "file": {"modality": {"type": "string"}, "file_id": {"type": "string"}},
    "uri": {"modality": {"type": "string"}, "uri": {"type": "string"}},
}


def message_schema(*required: str) -> Draft202012Validator:
    """Return a validator for lists of messages with these fields."""
    rules = [
        {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"required": list(fields), "properties": fields},
        }
        for kind, fields in SCHEMA_PARTS.items()
    ]
    part: dict[str, Any] = {"type": "object", "required": ["type"], "allOf": rules}
    part["properties"] = {"type": {"type": "string"}}
    fields: dict[str, Any] = {"role": {"type": "string"}, "parts": {"type": "array", "items": part}}
    fields["finish_reason"] = {"type": "string"}
    return Draft202012Validator(
        {"type": "array", "items": {"required": list(required), "properties": fields}}
    )


# The schema's own example, so that the validator above takes what upstream takes.
EXAMPLE = [
    {"role": "user", "parts": [{"type": "text", "content": "Weather in Paris?"}]},
    {
        "role": "assistant",
        "parts": [
            {
                "type": "tool_call",
                "id": "call_1",
                "name": "get_weather",
                "arguments": {"at": "Paris"},
            }
        ],
    },
    {
        "role": "tool",
        "parts": [{"type": "tool_call_response", "id": "call_1", "response": "rainy, 57°F"}],
    },
]


def plain(value: dict[str, Any]) -> Any:
    """Return an AnyValue of OTLP as what it stands for."""
    kind, held = next(iter(value.items()), ("", None))
    if kind == "arrayValue" and held:
        return [plain(item) for item in held["values"]]
    if kind == "kvlistValue" and held:
        return {pair["key"]: plain(pair["value"]) for pair in held["values"]}
    return int(str(held)) if kind == "intValue" else held


def events_of(tmp_path: Path, thread: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the attributes of the events of a thread; their form is checked."""
    write_archive(tmp_path / "a", [thread])
    convert(tmp_path / "a", "otel", tmp_path / "out")
    found = []
    for line in (tmp_path / "out").read_bytes().split(b"\n")[:-1]:
        (resource,) = json.loads(line)["resourceLogs"]
        (scope,) = resource["scopeLogs"]
        (record,) = scope["logRecords"]
        assert scope["schemaUrl"] == "https://opentelemetry.io/schemas/1.41.0"
        assert record["eventName"] == "gen_ai.client.inference.operation.details"
        assert record["timeUnixNano"].isdigit()
        attributes = {pair["key"]: plain(pair["value"]) for pair in record["attributes"]}
        message_schema("role", "parts").validate(attributes["gen_ai.input.messages"])
        output = attributes["gen_ai.output.messages"]
        message_schema("role", "parts", "finish_reason").validate(output)
        for required in ("gen_ai.operation.name", "gen_ai.provider.name"):
            assert attributes[required]
        found.append(attributes)
    return found


def test_the_schema_takes_its_own_example() -> None:
    message_schema("role", "parts").validate(EXAMPLE)
    assert not message_schema("finish_reason").is_valid(EXAMPLE)
    assert not message_schema().is_valid([{"parts": [{"type": "text"}]}])


def test_events_have_the_messages_of_a_run(tmp_path: Path) -> None:
    first, second = events_of(tmp_path, EVERYTHING)
    assert first["gen_ai.conversation.id"] == "thread_1"
    assert first["gen_ai.request.model"] == "gpt-4o"
    assert first["gen_ai.usage.input_tokens"] == 10
    assert [m["id"] for m in first["gen_ai.input.messages"]] == ["msg_1", "msg_2"]
    parts = [part for m in first["gen_ai.output.messages"] for part in m["parts"]]
    kinds = ["tool_call", "tool_call_response", "server_tool_call", "server_tool_call", "text"]
    assert [part["type"] for part in parts] == [*kinds, "file", "text", "refusal", "text"]
    hologram = {"type": "hologram", "hologram": {"depth": 3}}
    assert second["gen_ai.input.messages"][0]["parts"] == [hologram]
    assert second["gen_ai.output.messages"] == []


def test_odd_threads_are_events_of_the_schema(tmp_path: Path) -> None:
    assert events_of(tmp_path, ODD_THREAD)


PAGES = [
    ([text("Hi *there*")], "Hi *there*", ">Hi *there*</div>"),
    (MESSAGES[2]["content"], "born in 1749[^1]. See [the plot](file-plot)", "1749<sup>[1]</sup>"),
    (MESSAGES[1]["content"][2:], "![image](https://example.com/cat.png)", '<img src="https://'),
    (MESSAGES[4]["content"], "**Refused:** I cannot", "<strong>Refused:</strong> I cannot"),
    (MESSAGES[6]["content"], "unknown kind: hologram", "unknown kind: hologram"),
]


@pytest.mark.parametrize(
    ("content", "markdown", "html"), PAGES, ids=["text", "cited", "image", "refused", "unknown"]
)
def test_pages_show_each_kind_of_part(
    tmp_path: Path, content: list[dict[str, Any]], markdown: str, html: str
) -> None:
    thread = {"thread": THREAD, "messages": [message(1, "assistant", content)], "runs": [RUN]}
    write_archive(tmp_path / "a", [thread])
    for to, suffix, shown in (("markdown", "md", markdown), ("html", "html", html)):
        convert(tmp_path / "a", to, tmp_path / to)
        page = (tmp_path / to / f"thread_1.{suffix}").read_text("utf-8")
        assert shown in page
        assert "2023-11-14 22:15:01 UTC" in page


def test_pages_show_tool_calls(tmp_path: Path) -> None:
    code = {"input": "print('```')", "outputs": [{"type": "logs", "logs": "<b>"}]}
    call = {"id": "c", "type": "code_interpreter", "code_interpreter": code}
    steps = [step(1, {"type": "tool_calls", "tool_calls": [call]}), STEPS[1]]
    write_archive(tmp_path / "a", [{"thread": THREAD, "messages": MESSAGES, "steps": steps}])
    convert(tmp_path / "a", "markdown", tmp_path / "m")
    convert(tmp_path / "a", "html", tmp_path / "h")
    assert "\n````\n" in (tmp_path / "m" / "thread_1.md").read_text("utf-8")
    page = (tmp_path / "h" / "thread_1.html").read_text("utf-8")
    assert "<details><summary>tool · code_interpreter · c</summary>" in page
    assert "&lt;b&gt;" in page
