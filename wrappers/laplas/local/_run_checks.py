"""What requests about assistants, runs and files may hold: see `_checks`.

Limits are the published ones: 128 tools of an assistant and 20 of a run, names of 256,
descriptions of 512 and instructions of 256,000 characters, temperature 0-2, top_p 0-1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ._checks import (
    Refusal,
    a_string,
    an_object,
    choice,
    in_range,
    joined,
    known_keys,
    message_fields,
    metadata_pairs,
    new_thread,
    optional_list,
    query_values,
    required,
    strict_list,
    too_long,
    tool_resources,
    wrong_type,
)

_TOOLS = ("code_interpreter", "file_search", "function")
_RANKING = {"ranker": "default_2024_08_21", "score_threshold": 0.0}
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

Check = Callable[[Any, str], Any]


def include_query(query: str) -> None:
    """Refuse any query parameter but `include`, which is accepted and changes nothing."""
    query_values(query, ("include", "include[]"))


def new_assistant(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields a create-assistant body gives."""
    a_string(required(body, "model", ""), "model")
    return _fields(body, _ASSISTANT)


def assistant_changes(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields an update-assistant body replaces; absent or null changes nothing."""
    return _fields(body, _ASSISTANT)


def new_run(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields a create-run body gives."""
    a_string(required(body, "assistant_id", ""), "assistant_id")
    return _fields(body, _RUN | _RUN_ON_A_THREAD)


def new_thread_and_run(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields a create-thread-and-run body gives; `thread` as of `new_thread`."""
    a_string(required(body, "assistant_id", ""), "assistant_id")
    thread: Check = lambda value, param: new_thread(an_object(value, param))  # noqa: E731
    return _fields(body, _RUN | {"thread": thread, "tool_resources": _resources})


def run_changes(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields an update-run body replaces; absent or null changes nothing."""
    return _fields(body, {"metadata": metadata_pairs})


def tool_outputs(body: Mapping[str, Any]) -> tuple[dict[str, str], bool]:
    """Return the outputs by call id, and whether a stream is asked for."""
    known_keys(body, ("tool_outputs", "stream"))
    given = strict_list(required(body, "tool_outputs", ""), "tool_outputs", _tool_output)
    return dict(given), bool(_boolean(body.get("stream") or False, "stream"))


def _tool_output(value: Any, param: str) -> tuple[str, str]:
    output = an_object(value, param)
    known_keys(output, ("tool_call_id", "output"), param)
    text = required(output, "output", param)
    if not isinstance(text, str):
        wrong_type(joined(param, "output"), "a string", text)
    call_id = required(output, "tool_call_id", param)
    return a_string(call_id, joined(param, "tool_call_id")), text


def uploaded_file(content_type: str, body: bytes) -> dict[str, Any]:
    """Return `bytes`, `filename` and `purpose` of a form with a file."""
    form = _form(content_type, body)
    for name in ("file", "purpose"):
        required(form, name, "")
    known_keys(form, ("file", "purpose"))
    filename, content = form["file"]
    purpose = form["purpose"][1].decode("utf-8", "replace")
    return {"bytes": len(content), "filename": filename, "purpose": a_string(purpose, "purpose")}


def _form(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The fields of a form: file name ("" where there is none) and content, by name."""
    boundary = re.match(r'multipart/form-data\s*;.*boundary="?([^";]+)"?', content_type, re.I)
    if boundary is None:
        raise Refusal(400, "Expected a form (multipart/form-data).", code="invalid_content_type")
    fields = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode("utf-8", "replace"))[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        names = dict(
            re.findall(r'[; ](name|filename)="((?:[^"\\]|\\.)*)"', head.decode("utf-8", "replace"))
        )
        if "name" in names:
            filename = re.sub(r"\\(.)", r"\1", names.get("filename", ""))
            fields[names["name"]] = filename.replace("%22", '"'), content
    return fields


def _fields(body: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
    """The fields that are given and not null, checked."""
    known_keys(body, checks)
    return {key: checks[key](value, key) for key, value in body.items() if value is not None}


def _text(most: int) -> Check:
    def check(value: Any, param: str) -> str:
        if not isinstance(value, str):
            wrong_type(param, "a string", value)
        if len(value) > most:
            too_long(param, "string", most, len(value))
        return value

    return check


def _number(most: float) -> Check:
    def check(value: Any, param: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            wrong_type(param, "a decimal", value)
        in_range(value, param, 0, most, "decimal")
        return float(value)

    return check


def _count(value: Any, param: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        wrong_type(param, "an integer", value)
    in_range(value, param, 1, None)
    return value


def _boolean(value: Any, param: str) -> bool:
    if not isinstance(value, bool):
        wrong_type(param, "a boolean", value)
    return value


def _tools(most: int) -> Check:
    return lambda value, param: strict_list(value, param, _tool, most)


def _tool(value: Any, param: str) -> dict[str, Any]:
    """The tool as answers show it: file_search with its ranking spelled out."""
    tool = an_object(value, param)
    kind = choice(required(tool, "type", param), joined(param, "type"), _TOOLS)
    known_keys(tool, ("type", kind), param)
    if kind == "function":
        inner = joined(param, "function")
        function = an_object(required(tool, "function", param), inner)
        name = a_string(required(function, "name", inner), joined(inner, "name"))
        if not _FUNCTION_NAME.fullmatch(name):
            raise Refusal(
                400,
                f"Invalid '{inner}.name': expected up to 64 letters, digits, '_' and '-'.",
                param=f"{inner}.name",
                code="invalid_value",
            )
    elif kind == "file_search":
        settings = an_object(tool.get(kind) or {}, joined(param, kind))
        return {"type": kind, kind: {"ranking_options": _RANKING, **settings}}
    return tool


def _string_or_object(value: Any, param: str) -> Any:
    if not isinstance(value, str | dict):
        wrong_type(param, "one of a string or object", value)
    return value


def _response_format(value: Any, param: str) -> Any:
    if not isinstance(value, dict):
        return _string_or_object(value, param)
    kinds = ("text", "json_object", "json_schema")
    kind = choice(required(value, "type", param), joined(param, "type"), kinds)
    known_keys(value, ("type", "json_schema") if kind == "json_schema" else ("type",), param)
    if kind == "json_schema":
        _named_schema(required(value, "json_schema", param), joined(param, "json_schema"))
    return value


def _named_schema(value: Any, param: str) -> None:
    named = an_object(value, param)
    known_keys(named, ("name", "description", "schema", "strict"), param)
    a_string(required(named, "name", param), joined(param, "name"))
    checks: dict[str, Check] = {"description": a_string, "schema": an_object, "strict": _boolean}
    for key, check in checks.items():
        if named.get(key) is not None:
            check(named[key], joined(param, key))


def _tool_choice(value: Any, param: str) -> Any:
    if isinstance(value, dict):
        a_string(required(value, "type", param), joined(param, "type"))
        if value.get("function") is not None:
            function, where = an_object(value["function"], param), joined(param, "function")
            a_string(required(function, "name", where), joined(where, "name"))
    return _string_or_object(value, param)


def _strategy(value: Any, param: str) -> dict[str, Any]:
    strategy = an_object(value, param)
    known_keys(strategy, ("type", "last_messages"), param)
    choice(required(strategy, "type", param), joined(param, "type"), ("auto", "last_messages"))
    last = strategy.get("last_messages")
    if last is not None:
        _count(last, joined(param, "last_messages"))
    return {"type": strategy["type"], "last_messages": last}


def _resources(value: Any, param: str) -> dict[str, Any]:
    return tool_resources(value, creating=True) or {}


def _messages(value: Any, param: str) -> list[Any]:
    return optional_list(value, param, message_fields) or []


_SETTINGS: Mapping[str, Check] = {
    "model": a_string,
    "instructions": _text(256_000),
    "metadata": metadata_pairs,
    "temperature": _number(2),
    "top_p": _number(1),
    "response_format": _response_format,
    "reasoning_effort": a_string,
}
_ASSISTANT: Mapping[str, Check] = {
    **_SETTINGS,
    "name": _text(256),
    "description": _text(512),
    "tools": _tools(128),
    "tool_resources": _resources,
}
_RUN: dict[str, Check] = {
    **_SETTINGS,
    "assistant_id": a_string,
    "tools": _tools(20),
    "max_prompt_tokens": _count,
    "max_completion_tokens": _count,
    "truncation_strategy": _strategy,
    "tool_choice": _tool_choice,
    "parallel_tool_calls": _boolean,
    "stream": _boolean,
}
_RUN_ON_A_THREAD: dict[str, Check] = {
    "additional_instructions": _text(256_000),
    "additional_messages": _messages,
}
