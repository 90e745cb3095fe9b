"""Events of OpenTelemetry's semantic conventions for generative AI, as lines of OTLP JSON.

An event `gen_ai.client.inference.operation.details` a run, with `gen_ai.input.messages` and
`gen_ai.output.messages` of the form of version 1.41.0; the older events a message, such as
`gen_ai.user.message`, ended with 1.36. Each message is in one event: the input has what is new
since the run before, and `gen_ai.conversation.id` leads to the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .._carrying import Conversation, Field, Turn, parts_of, run_tools, text_of, whole_text
from .._writing import write_lines

EVENT = "gen_ai.client.inference.operation.details"
SCHEMA = "https://opentelemetry.io/schemas/1.41.0"
_REASONS = {"completed": "stop", "incomplete": "length", "failed": "error"}
_NAMED = (
    *("text", "tool_call", "tool_call_response", "server_tool_call", "server_tool_call_response"),
    *("blob", "file", "uri", "reasoning", "compaction"),
)
_LAST_NANOSECOND = (1 << 64) - 1


def write(conversations: Iterable[Conversation], to: Path) -> None:
    """Write a line an event, as OpenTelemetry's file exporter does."""
    write_lines(to, (_line(event) for made in conversations for event in events(made)))


def events(conversation: Conversation) -> Iterator[dict[str, Any]]:
    """Yield the events of a thread: `time` in seconds, and `attributes` as plain values."""
    conversation.thread["object"].one_of("thread")
    conversation.thread["id"].text()
    asked: list[Turn] = []
    answered: list[Turn] = []
    current: Any = None
    for turn in conversation.turns():
        by_model = turn.message is None or turn.message["role"].value == "assistant"
        source = turn.step if turn.message is None else turn.message
        run = source["run_id"].value if source and isinstance(source["run_id"].value, str) else None
        if answered and (not by_model or run != current):
            yield _event(conversation, current, asked, answered)
            asked, answered = [], []
        if by_model:
            answered.append(turn)
            current = run
        else:
            asked.append(turn)
    if asked or answered:
        yield _event(conversation, current if answered else None, asked, answered)


def _event(
    conversation: Conversation, run_id: str | None, asked: list[Turn], answered: list[Turn]
) -> dict[str, Any]:
    run = conversation.runs.get(run_id or "", Field(None))
    run["object"].one_of("thread.run")
    run["thread_id"].one_of(conversation.id)
    times = [turn.message["created_at"] for turn in asked + answered if turn.message is not None]
    time = next((each for each in [run["created_at"], *times] if type(each.value) is int), None)
    reason = run["status"].one_of(*_REASONS)
    finish = _REASONS[reason] if reason else "stop" if run.value is None else "error"
    instructions = run["instructions"].text()
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "laplas",
        "gen_ai.conversation.id": conversation.id,
        "gen_ai.response.id": run["id"].text(),
        "gen_ai.agent.id": run["assistant_id"].text(),
        "gen_ai.request.model": run["model"].text(),
        "gen_ai.request.temperature": run["temperature"].number(),
        "gen_ai.request.top_p": run["top_p"].number(),
        "gen_ai.request.max_tokens": run["max_completion_tokens"].whole_number(),
        "gen_ai.usage.input_tokens": run["usage"]["prompt_tokens"].whole_number(),
        "gen_ai.usage.output_tokens": run["usage"]["completion_tokens"].whole_number(),
        "gen_ai.response.finish_reasons": [finish] if answered else None,
        "error.type": run["last_error"]["code"].text(),
        "gen_ai.system_instructions": [{"type": "text", "content": instructions}]
        if instructions
        else None,
        "gen_ai.input.messages": [m for turn in asked for m in _messages(turn, conversation)],
        "gen_ai.output.messages": [
            {**m, "finish_reason": finish if turn.message is not None else "tool_call"}
            for turn in answered
            for m in _messages(turn, conversation)
        ],
    }
    if time is not None and 0 <= time.value * 10**9 <= _LAST_NANOSECOND:
        time.carry()
    else:
        time = None
    return {"time": time.value if time else 0, "attributes": attributes}


def _messages(turn: Turn, conversation: Conversation) -> list[dict[str, Any]]:
    if turn.call is not None and turn.step is not None:
        run_tools(turn.step)
        return _called(turn.call)
    message = turn.message or Field(None)
    message["object"].one_of("thread.message")
    message["thread_id"].one_of(conversation.id)
    for key in ("run_id", "assistant_id"):  # the event has these of the run
        run = conversation.runs.get(str(message["run_id"].value))
        if (
            run
            and run["assistant_id" if key == "assistant_id" else "id"].value == message[key].value
        ):
            message[key].text()
    parts = [made for part in parts_of(message) if (made := _part(part))]
    role = message["role"].text() or "user"
    id_ = message["id"].text()
    return [{"role": role, "parts": parts, **({"id": id_} if id_ else {})}]


def _part(part: Field) -> dict[str, Any] | None:
    """Return a part; one of a kind that the schema does not name is kept as it is."""
    field = text_of(part)
    text = field.text()
    if text is not None:
        noted = None if field is part else part["text"]["annotations"]
        made: dict[str, Any] = {"type": "text", "content": text}
        return made | {"annotations": noted.carry()} if noted and noted.value else made
    kind = part["type"].value
    if kind == "refusal" and isinstance(part["refusal"].value, str):
        return {"type": part["type"].carry(), "content": part["refusal"].text()}
    if kind == "image_file" and isinstance(part[kind]["file_id"].value, str):
        part["type"].carry()
        return {"type": "file", "modality": "image", "file_id": part[kind]["file_id"].text()}
    if kind == "image_url" and isinstance(part[kind]["url"].value, str):
        part["type"].carry()
        return {"type": "uri", "modality": "image", "uri": part[kind]["url"].text()}
    # A type that the schema names has fields there that this part may not have.
    return part.carry() if isinstance(kind, str) and kind not in _NAMED else None


def _called(call: Field) -> list[dict[str, Any]]:
    kind, id_ = call["type"].text() or "function", call["id"].text()
    if kind != "function":
        return [{"role": "assistant", "parts": [_server_call(kind, id_, call[kind])]}]
    function = call["function"]
    given = {"type": "tool_call", "id": id_, "name": function["name"].text() or ""}
    asked = {**given, "arguments": function["arguments"].text()}
    made = [{"role": "assistant", "parts": [asked]}]
    output = function["output"].text()
    if output is not None:
        answer = {"type": "tool_call_response", "id": id_, "response": output}
        made.append({"role": "tool", "parts": [answer]})
    return made


def _server_call(kind: str, id_: str | None, details: Field) -> dict[str, Any]:
    told = details.value if isinstance(details.value, dict) else {}
    if told:
        details.carry()
    call = {**told, "type": kind}
    return {"type": "server_tool_call", "id": id_, "name": kind, "server_tool_call": call}


def _line(event: dict[str, Any]) -> dict[str, Any]:
    attributes = {key: value for key, value in event["attributes"].items() if value is not None}
    record = {
        "timeUnixNano": str(event["time"] * 10**9),
        "eventName": EVENT,
        "attributes": _pairs(attributes),
    }
    scope = {"scope": {"name": "laplas.archive"}, "schemaUrl": SCHEMA, "logRecords": [record]}
    return {"resourceLogs": [{"resource": {"attributes": []}, "scopeLogs": [scope]}]}


def _pairs(values: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": whole_text(key), "value": _value(value)} for key, value in values.items()]


def _value(value: Any) -> dict[str, Any]:
    """Return a value as OTLP has it in JSON, where a whole number of 64 bits is a text."""
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int) and -(1 << 63) <= value < 1 << 63:
        return {"intValue": str(value)}
    if isinstance(value, (int, float)):
        return {"doubleValue": value} if isinstance(value, float) else {"stringValue": str(value)}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(item) for item in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": _pairs(value)}}
    return {"stringValue": whole_text(str(value))}
