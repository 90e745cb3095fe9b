"""Two documents are compared by meaning, and each difference is judged for the SDK's users."""

from __future__ import annotations

import copy
import inspect
import json
import re
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, document

pytest.importorskip("openapi_python_client", reason="see tools/codegen/requirements.txt")

import laplas
from laplas_api import models
from tools.apidiff import RULES, Document, Finding, compare, release
from tools.apidiff.__main__ import main
from tools.apidiff.names import method
from tools.apidiff.report import FORMATS

Doc = dict[str, Any]
Change = Callable[[Doc], object]


def make(schema: Any = None, *, required: bool = False, components: Doc | None = None) -> Doc:
    """A document of one operation that sends and answers one object; `schema` is its field."""
    thing: Doc = {"type": "object", "properties": {"id": {"type": "string"}}}
    if schema is not None:
        thing["properties"]["field"] = schema
        thing["required"] = ["field"] if required else []
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer"}}
    operation: Doc = {"operationId": "make_thing", "tags": ["messages"], "parameters": [limit]}
    operation["requestBody"] = {"required": True, "content": content}
    operation["responses"] = {"200": {"description": "ok", "content": copy.deepcopy(content)}}
    schemas = {"Thing": thing, **(components or {})}
    keys = {"key": {"type": "http", "scheme": "bearer"}}
    parts = {"schemas": schemas, "securitySchemes": keys}
    return {"openapi": "3.1.0", "paths": {"/things/{id}": {"post": operation}}, "components": parts}


def differences(old: Doc, new: Doc) -> list[Finding]:
    return compare(Document(old), Document(new))


def assert_judged(old: Doc, new: Doc, there: str, back: str, *sides: str) -> None:
    """One rule is found from `old` to `new`, another one on the way back, and none for ""."""
    for rule, found in ((there, differences(old, new)), (back, differences(new, old))):
        expected = {(rule, side, getattr(RULES[rule], side)) for side in sides} if rule else set()
        assert {(f.rule, f.side, f.judgement) for f in found} == expected


S: Doc = {"type": "string"}
I: Doc = {"type": "integer"}  # noqa: E741
N: Doc = {"type": ["string", "null"]}
OPEN: Doc = {"type": "object", "properties": {"a": S}}
CLOSED: Doc = {**OPEN, "additionalProperties": False}
CAT: Doc = {"type": "object", "properties": {"type": {"const": "cat"}}}
DOG: Doc = {"type": "object", "properties": {"type": {"const": "dog"}}}
LIST: Doc = {"type": "array", "items": S}
AB: Doc = {"enum": ["a", "b"]}
# Whether the field is required before, and after.
NEVER, ALWAYS, GAINED = (False, False), (True, True), (False, True)
PYTHON_TYPE = "format with a Python type changed"
STILL_NULLABLE = ("now required, still nullable", "now optional, was nullable")
STILL_OPTIONAL = ("now nullable, was optional", "no longer nullable, still optional")

FIELD_CASES: list[tuple[str, str, Any, Any, tuple[bool, bool]]] = [
    ("optional field added", "field removed", None, S, NEVER),
    ("required field added", "field removed", None, S, GAINED),
    ("now required", "now optional", S, S, GAINED),
    (*STILL_NULLABLE, N, N, GAINED),
    ("now nullable", "no longer nullable", S, N, ALWAYS),
    ("now nullable", "no longer nullable", S, {"anyOf": [S, {"type": "null"}]}, ALWAYS),
    ("now nullable", "no longer nullable", S, {**S, "nullable": True}, ALWAYS),
    (*STILL_OPTIONAL, S, N, NEVER),
    ("type changed", "type changed", S, I, NEVER),
    ("type changed", "type changed", S, LIST, NEVER),
    ("type added", "type removed", S, {"oneOf": [S, LIST]}, NEVER),
    ("type added", "type removed", S, {"oneOf": [S, I]}, NEVER),
    ("type added", "type removed", I, {"type": "number"}, NEVER),
    ("type added", "type removed", S, {}, NEVER),
    ("type removed", "type added", OPEN, {**OPEN, "additionalProperties": S}, NEVER),
    ("union member added", "union member removed", CAT, {"oneOf": [CAT, DOG]}, NEVER),
    ("union member added", "union member removed", DOG, {"anyOf": [CAT, DOG]}, NEVER),
    ("enum value added", "enum value removed", AB, {"enum": ["b", "a", "c"]}, NEVER),
    ("constant changed", "constant changed", {"const": "a"}, {"const": "b"}, NEVER),
    ("constant changed", "constant changed", {"enum": ["a"]}, {**S, "const": "b"}, NEVER),
    ("values listed", "values no longer listed", S, AB, NEVER),
    ("limit tightened", "limit loosened", {**S, "maxLength": 9}, {**S, "maxLength": 8}, NEVER),
    ("limit tightened", "limit loosened", S, {**S, "maxLength": 8}, NEVER),
    ("limit tightened", "limit loosened", {**I, "minimum": 1}, {**I, "minimum": 2}, NEVER),
    ("limit tightened", "limit loosened", LIST, {**LIST, "minItems": 1}, NEVER),
    ("limit tightened", "limit loosened", OPEN, {**OPEN, "propertyNames": {"maxLength": 9}}, NEVER),
    ("pattern changed", "pattern changed", S, {**S, "pattern": "^a"}, NEVER),
    ("format changed", "format changed", S, {**S, "format": "uri"}, NEVER),
    (PYTHON_TYPE, PYTHON_TYPE, S, {**S, "format": "date-time"}, NEVER),
    ("extra fields forbidden", "extra fields allowed", OPEN, CLOSED, NEVER),
    ("default changed", "default changed", S, {**S, "default": "a"}, NEVER),
    ("description changed", "description changed", S, {**S, "description": "A word."}, NEVER),
    ("deprecated", "no longer deprecated", S, {**S, "deprecated": True}, NEVER),
]


@pytest.mark.parametrize(("there", "back", "old", "new", "required"), FIELD_CASES)
def test_a_changed_field_is_judged_for_senders_and_for_readers(
    there: str, back: str, old: Any, new: Any, required: tuple[bool, bool]
) -> None:
    """As the documentation says: see the last test."""
    before, after = make(old, required=required[0]), make(new, required=required[1])
    assert_judged(before, after, there, back, "request", "response")


def operation(doc: Doc) -> Doc:
    found: Doc = doc["paths"]["/things/{id}"]["post"]
    return found


def path_parameter(doc: Doc, name: str) -> None:
    path = doc["paths"].pop("/things/{id}")
    parameter = {"name": name, "in": "path", "required": True, "schema": S}
    path["post"]["parameters"] = [parameter]
    doc["paths"][f"/things/{{{name}}}"] = path


def more_parameters(doc: Doc, required: bool) -> None:
    parameter = {"name": "order", "in": "query", "required": required, "schema": S}
    operation(doc)["parameters"].append(parameter)


def answer(doc: Doc, status: str) -> None:
    operation(doc)["responses"][status] = operation(doc)["responses"]["200"]


def renamed_model(doc: Doc) -> None:
    text = json.dumps(doc).replace("schemas/Thing", "schemas/Object").replace('"Thing"', '"Object"')
    doc.update(json.loads(text))


CHANGES: dict[str, Change] = {
    "": lambda doc: None,
    "a second": lambda doc: doc["paths"]["/things/{id}"].update(
        get={"operationId": "get_thing", "responses": {}}
    ),
    "other name": lambda doc: operation(doc).update(operationId="create_thing"),
    "deprecated": lambda doc: operation(doc).update(deprecated=True),
    "with key": lambda doc: operation(doc).update(security=[{"key": []}]),
    "parameter needed": lambda doc: more_parameters(doc, True),
    "parameter allowed": lambda doc: more_parameters(doc, False),
    "by thing_id": lambda doc: path_parameter(doc, "thing_id"),
    "by thingId": lambda doc: path_parameter(doc, "thingId"),
    "by other_id": lambda doc: path_parameter(doc, "other_id"),
    "no body": lambda doc: operation(doc).pop("requestBody"),
    "optional body": lambda doc: operation(doc)["requestBody"].update(required=False),
    "no answer": lambda doc: operation(doc)["responses"]["200"].pop("content"),
    "form": lambda doc: operation(doc)["requestBody"]["content"].update(
        {"multipart/form-data": {}}
    ),
    "stream": lambda doc: operation(doc)["responses"]["200"]["content"].update(
        {"text/event-stream": {}}
    ),
    "201": lambda doc: answer(doc, "201"),
    "429": lambda doc: answer(doc, "429"),
    "other model": renamed_model,
}
OPERATION_CASES = [
    ("operation added", "operation removed", "", "a second", "request"),
    ("operation renamed", "operation renamed", "", "other name", "request"),
    ("deprecated", "no longer deprecated", "", "deprecated", "request"),
    ("security stricter", "security looser", "", "with key", "request"),
    ("required parameter added", "parameter removed", "", "parameter needed", "request"),
    ("optional parameter added", "parameter removed", "", "parameter allowed", "request"),
    ("now required", "now optional", "parameter allowed", "parameter needed", "request"),
    ("path parameter renamed", "path parameter renamed", "by thing_id", "by other_id", "request"),
    ("", "", "by thing_id", "by thingId", "request"),
    ("required body added", "body removed", "no body", "", "request"),
    ("optional body added", "body removed", "no body", "optional body", "request"),
    ("now required", "now optional", "optional body", "", "request"),
    ("body added", "body removed", "no answer", "", "response"),
    ("media type added", "media type removed", "", "form", "request"),
    ("media type added", "media type removed", "", "stream", "response"),
    ("success status added", "success status removed", "", "201", "response"),
    ("error status added", "error status removed", "", "429", "response"),
    ("model renamed", "model renamed", "", "other model", "request response"),
]


@pytest.mark.parametrize(("there", "back", "before", "after", "sides"), OPERATION_CASES)
def test_an_operation_is_judged(there: str, back: str, before: str, after: str, sides: str) -> None:
    old, new = make(S), make(S)
    CHANGES[before](old)
    CHANGES[after](new)
    assert_judged(old, new, there, back, *sides.split())


def test_every_rule_is_shown_by_a_case_on_each_side_it_has() -> None:
    cases = [(*case[:2], "request response") for case in FIELD_CASES]
    cases += [(*case[:2], case[-1]) for case in OPERATION_CASES]
    shown = {(rule, side) for *rules, sides in cases for rule in rules for side in sides.split()}
    has = {(r, side) for r in RULES for side in ("request", "response") if getattr(RULES[r], side)}
    assert shown - {("", "request")} == has


def test_an_answer_that_moves_to_another_success_status_is_still_compared() -> None:
    old, new = make(S), make(I)
    operation(new)["responses"] = {"201": operation(new)["responses"]["200"]}
    assert ("type changed", "response") in {(f.rule, f.side) for f in differences(old, new)}


def test_keys_are_compared_by_their_kind_and_not_by_their_name() -> None:
    old, new = make(S), make(S)
    CHANGES["with key"](old)
    new["security"] = [{"token": []}]
    schemes = new["components"]["securitySchemes"]
    schemes["token"] = schemes.pop("key")
    assert differences(old, new) == []
    schemes["token"] = {"type": "apiKey", "in": "header", "name": "X"}
    assert {f.rule for f in differences(old, new)} == {"security stricter", "security looser"}


def ref(name: str) -> Doc:
    return {"$ref": f"#/components/schemas/{name}"}


NAMED = {"Name": S, "Maybe": N, "Cat": CAT, "Dog": DOG, "Same": ref("Name")}
SAME = [
    (S, ref("Name")),
    (ref("Name"), ref("Same")),
    (N, {"anyOf": [S, {"type": "null"}]}),
    (N, {**S, "nullable": True}),
    (N, {"oneOf": [ref("Name"), {"type": "null"}]}),
    (ref("Maybe"), {"allOf": [ref("Name"), {"nullable": True}]}),
    (ref("Maybe"), {"$ref": "#/components/schemas/Name", "nullable": True}),
    ({**S, "const": "a"}, {"enum": ["a"]}),
    ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    ({"oneOf": [ref("Cat"), ref("Dog")]}, {"anyOf": [DOG, CAT]}),
    (S, {"anyOf": [S, {**S, "enum": ["a"]}]}),
    (OPEN, {"allOf": [{"type": "object"}, OPEN]}),
    (OPEN, {"properties": {"a": S}, "required": ["never described"]}),
    ({**CAT, "maxProperties": 3}, {"maxProperties": 3, "allOf": [ref("Cat")]}),
    (OPEN, {**OPEN, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}),
    ({**S, "description": "One  line."}, {**S, "description": "One\nline."}),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_the_same_meaning_in_other_words_is_no_difference(old: Doc, new: Doc) -> None:
    assert differences(make(old, components=NAMED), make(new, components=NAMED)) == []
    assert differences(make(new, components=NAMED), make(old, components=NAMED)) == []


@pytest.mark.parametrize(
    "broken",
    [
        ref("Missing"),
        {"$ref": "https://elsewhere.example/x.yaml"},
        {"allOf": "text"},
        {"type": "object", "required": "text", "properties": None},
        {"oneOf": [ref("Loop")]},
        ref("Circle"),
    ],
)
def test_broken_parts_do_not_stop_the_comparison_of_the_rest(broken: Doc) -> None:
    loops = {"Loop": {"anyOf": [ref("Loop"), S]}, "Circle": ref("Circle")}
    new = make(broken, components=loops)
    del new["components"]["schemas"]["Thing"]["properties"]["id"]
    found = differences(make(broken, components=loops), new)
    assert {f.where for f in found} == {"Thing.id"}


def test_a_difference_is_told_once_for_each_place_by_the_schema_that_holds_it() -> None:
    """Also in schemas that hold themselves, and in one that the YAML shares."""

    def tree(leaf: Doc) -> Doc:
        properties = {"leaf": leaf, "children": {"type": "array", "items": ref("Tree")}}
        deep = {"type": "array", "items": ref("Deep")}
        nodes = {"Tree": {"type": "object", "properties": properties}, "Deep": deep}
        return make({"oneOf": [ref("Tree"), ref("Deep")]}, components=nodes)

    def twice(leaf: Doc) -> Doc:
        return make({"type": "object", "properties": {"a": leaf, "b": leaf}})

    for old, new, places in [
        (make(S), make(None), ["Thing.field"]),
        (tree(S), tree(I), ["Tree.leaf"]),
        (twice(S), twice(I), ["Thing.field.a", "Thing.field.b"]),
    ]:
        told = sorted((f.where, f.side) for f in differences(old, new))
        assert told == [(place, side) for place in places for side in ("request", "response")]


def changed(change: Change) -> list[Finding]:
    """What the comparison says of a change of our own document."""
    new = copy.deepcopy(document())
    change(new)
    return differences(document(), new)


def schema(doc: Doc, name: str) -> Doc:
    found: Doc = doc["components"]["schemas"][name]
    return found


MESSAGES = "/threads/{threadId}/messages"
NEW_ARGUMENTS = """client.messages.create(x=...) client.runs.create(additional_messages=...)
client.threads.create(messages=...) client.threads.create_and_run(thread=...)"""
NAMES: list[tuple[Change, str]] = [
    (lambda d: schema(d, "Message")["properties"].pop("status"), "Message.status"),
    (
        lambda d: schema(d, "CreateMessageRequest")["properties"].update(x=S),
        f"{NEW_ARGUMENTS} CreateMessageRequest.x",
    ),
    (lambda d: d["paths"][MESSAGES]["get"]["parameters"].pop(0), "client.messages.list(limit=...)"),
    (lambda d: d["paths"][f"{MESSAGES}/{{messageId}}"].pop("delete"), "client.messages.delete"),
    # It has no class of its own.
    (lambda d: schema(d, "RunStepDetails")["oneOf"].pop(), "RunStep.step_details"),
]


@pytest.mark.parametrize(("change", "names"), NAMES)
def test_a_finding_has_the_names_that_the_sdk_has(change: Change, names: str) -> None:
    (finding,) = changed(change)
    assert {*finding.names} == {*names.split()}


def reworded(node: Any, *, names: bool = False) -> Any:
    """The node with other words in every place that may have some; `names`: its keys are names."""
    if isinstance(node, list):
        return [reworded(value, names=names) for value in node]
    if not isinstance(node, dict):
        return node
    maps = {"content", "paths", "properties", "responses", "security"}
    inner = {key: reworded(value, names=not names and key in maps) for key, value in node.items()}
    return inner if names else {**inner, "description": "Other words."}


def test_every_name_in_a_report_is_one_that_users_know() -> None:
    """Methods, their arguments, classes and attributes: of all places of our document."""
    client = laplas.Laplas(api_key="key")
    found = differences(document(), reworded(document()))
    assert {finding.rule for finding in found} == {"description changed"}
    called = {name for finding in found for name in finding.names}
    for name in called:
        parts = re.fullmatch(r"(?:client\.)?([\w.]+?)(?:\((\w+)=\.\.\.\))?", name)
        assert parts, name
        if name.startswith("client."):
            taken = inspect.signature(attrgetter(parts[1])(client)).parameters
            options = str(taken["options"].annotation).removeprefix("Unpack[").removesuffix("]")
            known = {None, *taken, *getattr(laplas, options).__annotations__}
            assert parts[2] in known, name
        else:
            # Required fields of a class with slots are found on it, too.
            attrgetter(parts[1])(models)
    methods = [method(operation) for operation in Document(document()).operations().values()]
    assert called > {*methods}
    assert len({*methods}) == len(methods) > 20
    assert {"client.runs.create(include=...)", "client.files.upload(file=...)"} < called
    assert {"Run.object", "RunStep.step_details", "FileObject.bytes", "Assistant.tools"} < called


def test_the_table_shows_judgement_place_and_names() -> None:
    text = FORMATS["table"](changed(lambda doc: schema(doc, "Message")["properties"].pop("status")))
    assert text.startswith("Breaking (1)\n")
    assert "response  Message.status  field removed\n" in text
    assert text.endswith("Taken together: 1 breaking: a major release\n")
    assert FORMATS["table"]([]) == "No difference.\n"


def test_the_json_holds_everything() -> None:
    report = json.loads(FORMATS["json"](changed(lambda d: schema(d, "Message").update(x=1))))
    assert report == {"release": "patch", "findings": []}
    found = changed(lambda doc: schema(doc, "MessageStatus")["enum"].append("lost"))
    report = json.loads(FORMATS["json"](found))
    (finding,) = report["findings"]
    used_by = {"list_messages", "create_message", "retrieve_message", "update_message"}
    assert {*finding.pop("uses")} >= used_by
    assert report["release"] == "minor"
    told = {"rule": "enum value added", "side": "response", "judgement": "widening"}
    where = {"where": "MessageStatus", "before": "", "after": "lost", "names": ["MessageStatus"]}
    assert finding == told | where


def test_the_changelog_lists_what_users_notice_and_counts_words() -> None:
    def change(doc: Doc) -> None:
        schema(doc, "Message")["properties"].update(planted=S)
        schema(doc, "Message")["description"] = "Other words."

    assert FORMATS["changelog"](changed(change)) == (
        "### New\n\n- `Message.planted`: optional field added (response)\n\n"
        "Descriptions changed: 1.\n"
    )


def test_the_release_follows_the_worst_finding() -> None:
    words: Any = ("description changed", "documentation")
    aged: Any = ("deprecated", "documentation")
    more: Any = ("optional field added", "widening")
    less: Any = ("field removed", "breaking")
    assert {release([]), release([words])} == {"patch"}
    assert {release([aged]), release([words, more])} == {"minor"}
    assert release([more, less]) == "major"


def test_the_exit_code_tells_of_breaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    less, more, bad = (tmp_path / name for name in ("less", "more", "bad"))
    less.write_text(json.dumps(make()))
    more.write_text(json.dumps(make(S)))
    assert main([str(less), str(more)]) == 0
    assert main([str(more), str(less), "--format", "json"]) == 1
    for text in ("", "- a\n- b", "paths: 3", "a: [", "\t{", '{"swagger": "2.0"}'):
        bad.write_text(text)
        assert main([str(more), str(bad)]) == 2
    assert "not an OpenAPI document" in capsys.readouterr().err
    assert main([str(more), str(tmp_path / "missing")]) == 2


def test_the_documentation_shows_the_rules_as_they_are() -> None:
    lines = (ROOT / "docs" / "api-changes.md").read_text("utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if "|" in line]
    shown = {row[0]: tuple(row[1:]) for row in cells if row[0] in RULES}
    assert shown == {
        name: (rule.request or "-", rule.response or "-", rule.why) for name, rule in RULES.items()
    }
