"""The embedded server holds requests to the tables of the document, in the vendor's words."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from test_local_routes import KEY, MESSAGES, call, ok, refused

import laplas.local
from laplas.local import LocalServer
from laplas.local._validation import RequestError, check
from laplas_api.schemas import OPERATIONS, SCHEMAS, Operation

Wrong = tuple[str, str, Any]
"""Behind a value's name the part that is wrong, the code, and the value."""

SAMPLES = {"string": "text", "integer": 7, "boolean": True, "array": [], "object": {}, "null": None}
CODES = {
    "array_above_max_length",
    "decimal_above_max_value",
    "decimal_below_min_value",
    "empty_array",
    "empty_string",
    "integer_above_max_value",
    "integer_below_min_value",
    "invalid_type",
    "invalid_value",
    "missing_required_parameter",
    "object_above_max_properties",
    "property_name_above_max_length",
    "string_above_max_length",
    "unknown_parameter",
}


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as opened:
        yield opened


# --- every schema ---


def kinds_of(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schemas of one type each that a table stands for."""
    if "ref" in schema:
        return kinds_of(SCHEMAS[schema["ref"]])
    if "anyOf" in schema:
        return [kind for each in schema["anyOf"] for kind in kinds_of(each)]
    types = schema.get("type", "object" if "tag" in schema else None)
    return [{**schema, "type": each} for each in ([types] if isinstance(types, str) else types)]


def right(schema: Mapping[str, Any], *, everything: bool = False) -> Any:
    """A value that fits: with the required fields, or with everything."""
    schema = kinds_of(schema)[0 if everything else -1]
    if schema["type"] == "null":
        return None
    if "tag" in schema:
        tag, name = next(reversed(schema["mapping"].items()))
        return {**right({"ref": name}, everything=everything), schema["tag"]: tag}
    if "enum" in schema or "const" in schema:
        return schema["enum"][0] if "enum" in schema else schema["const"]
    match schema["type"]:
        case "string":
            return "x" * max(1, schema.get("minLength", 0))
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "array":
            return [right(schema["items"], everything=everything)]
        case "object":
            names = schema.get("properties", {}) if everything else schema.get("required", ())
            fields = schema.get("properties", {})
            return {name: right(fields[name], everything=everything) for name in names}
    return True


def wrong(schema: Mapping[str, Any]) -> Iterator[Wrong]:
    """Every way to break a schema, and the schemas in it."""
    kinds = kinds_of(schema)
    taken = {kind["type"] for kind in kinds}
    taken |= {"integer"} if "number" in taken else set()
    for sample in (SAMPLES[name] for name in SAMPLES if name not in taken):
        yield "", "invalid_type", sample
    for kind in kinds:
        match kind["type"]:
            case "string":
                yield from wrong_strings(kind)
            case "integer" | "number":
                name = {"number": "decimal"}.get(kind["type"], "integer")
                if "minimum" in kind:
                    yield "", f"{name}_below_min_value", kind["minimum"] - 1
                if "maximum" in kind:
                    yield "", f"{name}_above_max_value", kind["maximum"] + 1
            case "array":
                if "minItems" in kind:
                    yield "", "empty_array", []
                if "maxItems" in kind:
                    too_many = [right(kind["items"])] * (kind["maxItems"] + 1)
                    yield "", "array_above_max_length", too_many
                for part, code, value in wrong(kind["items"]):
                    yield f"[0]{part}", code, [value]
            case "object":
                yield from wrong_objects(kind)


def wrong_strings(schema: Mapping[str, Any]) -> Iterator[Wrong]:
    if "enum" in schema or "const" in schema:
        yield "", "invalid_value", "no such value"
    if schema.get("minLength"):
        yield "", "empty_string", ""
    if "maxLength" in schema:
        yield "", "string_above_max_length", "x" * (schema["maxLength"] + 1)
    if "pattern" in schema:
        yield "", "invalid_value", "x\n"


def wrong_objects(schema: Mapping[str, Any]) -> Iterator[Wrong]:
    if "tag" in schema:
        tag = schema["tag"]
        yield f".{tag}", "missing_required_parameter", {}
        yield f".{tag}", "invalid_value", {tag: "no such value"}
        for value_of_tag, name in schema["mapping"].items():
            for part, code, value in wrong({"ref": name}):
                if isinstance(value, dict) and not part.startswith(f".{tag}"):
                    yield part, code, {tag: value_of_tag, **value}
        return
    if "properties" in schema:
        base = right({**schema, "type": "object"})
        yield ".no_such", "unknown_parameter", {**base, "no_such": 1}
        for name in schema.get("required", ()):
            given = {key: value for key, value in base.items() if key != name}
            yield f".{name}", "missing_required_parameter", given
        for name, inner in schema["properties"].items():
            for part, code, value in wrong(inner):
                yield f".{name}{part}", code, {**base, name: value}
    if "maxProperties" in schema:
        many = {str(number): "" for number in range(schema["maxProperties"] + 1)}
        yield "", "object_above_max_properties", many
        long = "k" * (schema["propertyNames"]["maxLength"] + 1)
        yield f".{long}", "property_name_above_max_length", {long: ""}
        for part, code, value in wrong(schema["additionalProperties"]):
            yield f".k{part}", code, {"k": value}


WITH_JSON = {name: op for name, op in OPERATIONS.items() if op.media_type == "application/json"}


def test_every_way_to_break_a_body_is_refused_with_its_place_and_reason(
    server: LocalServer,
) -> None:
    """Each of some hundreds of bodies, for every operation, and nothing is stored."""
    before = server.messages("thread_abc123")
    seen, tried = set(), 0
    for operation in WITH_JSON.values():
        assert operation.body
        for part, code, body in wrong({"ref": operation.body}):
            sent = json.dumps(body).encode()
            status, error = refused(server, operation.method, operation.path, sent)
            assert (status, error["param"], error["code"]) == (400, part[1:] or None, code), body
            seen.add(code)
            tried += 1
    assert seen == CODES
    assert tried > 500
    assert server.messages("thread_abc123") == before


def test_every_body_that_fits_is_accepted() -> None:
    for operation in WITH_JSON.values():
        schema = SCHEMAS[operation.body or ""]
        for everything in (False, True):
            check(schema, right(schema, everything=everything), "")


# --- the vendor's words ---

ONE = {"type": "integer", "minimum": 1, "maximum": 9}
WORDS: list[tuple[dict[str, Any], Any, str]] = [
    ({"type": "string"}, True, "Invalid type for 'x': expected a string, but got a boolean."),
    ({"type": ["string", "null"]}, 1.5, "Invalid type for 'x': expected a string, but got a dec"),
    (ONE, None, "Invalid type for 'x': expected an integer, but got null instead."),
    ({"type": "number"}, [], "Invalid type for 'x': expected a decimal, but got an array instead."),
    (
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"ref": "RequestPart"}}]},
        7,
        "Invalid type for 'x': expected one of a string or array of objects, but got an integer",
    ),
    (
        {"ref": "MessageRole"},
        None,
        "Invalid type for 'x': expected one of 'user' or 'assistant', but got null instead.",
    ),
    (
        {"ref": "MessageRole"},
        "human",
        "Invalid value: 'human'. Supported values are: 'user' and 'assistant'.",
    ),
    (
        {"ref": "Tool"},
        {"type": "magic"},
        "Invalid value: 'magic'. Supported values are: 'code_interpreter', 'file_search',"
        " and 'function'.",
    ),
    ({"ref": "Tool"}, {}, "Missing required parameter: 'x.type'."),
    ({"ref": "Metadata"}, {"a": None}, "Invalid type for 'x.a': expected a string, but got null"),
    ({"ref": "Attachment"}, {"id": 1}, "Unknown parameter: 'x.id'."),
    (
        {"type": "string", "minLength": 1},
        "",
        "Invalid 'x': empty string. Expected a string with minimum length 1, but got an empty"
        " string instead.",
    ),
    (
        {"type": "string", "minLength": 3},
        "ab",
        "Invalid 'x': string too short. Expected a string with minimum length 3, but got a string"
        " with length 2 instead.",
    ),
    (
        {"type": "array", "maxItems": 1},
        [1, 2],
        "Invalid 'x': array too long. Expected an array with maximum length 1, but got an array"
        " with length 2 instead.",
    ),
    (ONE, 0, "Invalid 'x': integer below minimum value. Expected a value >= 1, but got 0 instead."),
    (ONE, 10, "Invalid 'x': integer above maximum value. Expected a value <= 9, but got 10"),
    (
        {"type": "string", "pattern": "^a$"},
        "b",
        "Invalid 'x': string does not match pattern. Expected a string that matches the pattern"
        " '^a$'.",
    ),
    (
        {"ref": "Metadata"},
        {str(n): "" for n in range(17)},
        "Invalid 'x': too many properties. Expected an object with at most 16 properties, but got"
        " an object with 17 properties instead.",
    ),
    (
        {"ref": "Metadata"},
        {"k" * 65: ""},
        f"Invalid property name in 'x': '{'k' * 65}' is too long. Expected a string with maximum"
        " length 64, but got a string with length 65 instead.",
    ),
]


@pytest.mark.parametrize(("schema", "value", "said"), WORDS)
def test_the_words_are_the_vendors(schema: dict[str, Any], value: Any, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        check(schema, value, "x")
    assert caught.value.message.startswith(said.removesuffix("."))


# --- what is new in the document ---


def test_a_new_field_needs_no_code(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a body, and in an object of a body: accepted, checked, and shown."""
    fields = SCHEMAS["CreateMessageRequest"]["properties"]
    monkeypatch.setitem(fields, "importance", {"type": "integer", "maximum": 5})
    monkeypatch.setitem(SCHEMAS["ImageUrl"]["properties"], "alt", {"type": "string"})
    image = {"type": "image_url", "image_url": {"url": "https://x.example/a", "alt": "a cat"}}
    body = {"role": "user", "content": [image], "importance": 5}
    message = ok(server, "POST", MESSAGES, body)
    assert (message["importance"], message["content"]) == (5, [image])
    _, error = refused(server, "POST", MESSAGES, {**body, "importance": 6})
    assert (error["param"], error["code"]) == ("importance", "integer_above_max_value")
    image["image_url"] = {"url": "https://x.example/a", "alt": 1}
    assert refused(server, "POST", MESSAGES, body)[1]["param"] == "content[0].image_url.alt"


def test_a_new_query_parameter_needs_no_code(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = OPERATIONS["list_messages"].query
    assert refused(server, "GET", f"{MESSAGES}?brief=true")[1]["code"] == "unknown_parameter"
    new = {"brief": {"type": "boolean"}, "weight": {"type": "number"}, "tag[]": {"type": "array"}}
    for name, schema in new.items():
        monkeypatch.setitem(query, name, schema)
    assert ok(server, "GET", f"{MESSAGES}?brief=true&weight=-1.5e2&tag[]=a&tag[]=b")
    assert refused(server, "GET", f"{MESSAGES}?brief=maybe")[1]["code"] == "invalid_type"
    assert refused(server, "GET", f"{MESSAGES}?weight=nan")[1]["code"] == "invalid_type"


def test_a_new_operation_is_answered_501(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its fixed path goes before those with ids, and faults know it."""
    new = Operation("POST", "/threads/archive", (), {}, None, False, None, ())
    monkeypatch.setitem(OPERATIONS, "archive_threads", new)
    status, error = refused(server, "POST", "/v1/threads/archive")
    assert (status, error["code"]) == (501, "not_implemented")
    assert error["message"] == (
        "The embedded server has no handler for archive_threads (POST /threads/archive)."
    )
    assert call(server, "GET", "/threads/archive")[0] == 405
    assert server.handle("POST", "/threads/archive", {}, b"").status == 401
    server.faults.add("archive_threads: status=418")
    assert call(server, "POST", "/threads/archive")[0] == 418


def test_every_operation_has_a_handler_and_knows_its_query(server: LocalServer) -> None:
    for operation in OPERATIONS.values():
        answer = server.handle(operation.method, operation.path, KEY, b"{}")
        assert answer.status in (200, 400, 404), operation
        _, error = refused(server, operation.method, f"{operation.path}?no_such=1", {})
        assert (error["param"], error["code"]) == ("no_such", "unknown_parameter")


# --- the wall ---


def test_the_server_uses_only_the_tables_and_itself() -> None:
    for file in Path(laplas.local.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                modules = ["." * node.level + (node.module or "")]
            elif isinstance(node, ast.Import):
                modules = [name.name for name in node.names]
            else:
                continue
            for module in modules:
                outside = module.startswith("..") or "laplas" in module
                assert not outside or module == "..generated", (file, node.lineno)


def test_the_client_does_not_load_the_server() -> None:
    code = f"""if True:
        import sys
        from {laplas.__name__} import AsyncLaplas, Laplas
        Laplas(api_key="k").close(), AsyncLaplas(api_key="k")
        print([name for name in sys.modules if "laplas.local" in name])"""
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path), "PATH": ""}
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60
    )
    assert (ended.stdout, ended.stderr) == ("[]\n", "")
