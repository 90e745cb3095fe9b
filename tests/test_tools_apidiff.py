"""Two documents are compared by meaning, and each difference is judged for the SDK's users."""

from __future__ import annotations

import copy
import inspect
import json
import re
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support import ROOT, document

pytest.importorskip("openapi_python_client", reason="see tools/codegen/requirements.txt")

import laplas
from laplas_api import models
from tools.apidiff import RULES, Document, Finding, Unreadable, compare, release
from tools.apidiff.__main__ import main
from tools.apidiff.names import method
from tools.apidiff.report import FORMATS

Doc = dict[str, Any]
Change = Callable[[Doc], None]
B, W, D = "breaking", "widening", "documentation"


def make(schema: Any = None, *, required: bool = False, components: Doc | None = None) -> Doc:
    """A document of one operation that sends and answers one object; `schema` is its field."""
    thing: Doc = {"type": "object", "properties": {"id": {"type": "string"}}}
    if schema is not None:
        thing["properties"]["field"] = schema
        thing["required"] = ["field"] if required else []
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    operation = {
        "operationId": "make_thing",
        "tags": ["messages"],
        "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "ok", "content": copy.deepcopy(content)}},
    }
    return {
        "openapi": "3.1.0",
        "paths": {"/things/{id}": {"post": operation}},
        "components": {
            "schemas": {"Thing": thing, **(components or {})},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def differences(old: Doc, new: Doc) -> list[Finding]:
    return compare(Document(old), Document(new))


def judged(found: list[Finding]) -> set[tuple[str, str, str]]:
    return {(f.rule, f.side, f.judgement) for f in found}


# ---- one field, before and after: what is sent, and what is read ---------------------------------


class Case(NamedTuple):
    """A change of the field `field`, and the judgements that users of an SDK expect."""

    rule: str
    old: Any
    new: Any
    request: str
    response: str
    required: tuple[bool, bool] = (False, False)


S: Doc = {"type": "string"}
I: Doc = {"type": "integer"}  # noqa: E741
N: Doc = {"type": ["string", "null"]}
OPEN: Doc = {"type": "object", "properties": {"a": S}}
CAT: Doc = {"type": "object", "properties": {"type": {"const": "cat"}}}
DOG: Doc = {"type": "object", "properties": {"type": {"const": "dog"}}}
ALWAYS, GAINED, LOST = (True, True), (False, True), (True, False)

FIELD_CASES = [
    Case("field removed", S, None, B, B),
    Case("optional field added", None, S, W, W),
    Case("required field added", None, S, B, W, GAINED),
    Case("now required", S, S, B, W, GAINED),
    Case("now required, still nullable", N, N, B, D, GAINED),
    Case("now optional", S, S, W, B, LOST),
    Case("now optional, was nullable", N, N, W, D, LOST),
    Case("now nullable", S, N, W, B, ALWAYS),
    Case("now nullable", S, {"anyOf": [S, {"type": "null"}]}, W, B, ALWAYS),
    Case("now nullable", S, {**S, "nullable": True}, W, B, ALWAYS),
    Case("now nullable, was optional", S, N, W, D),
    Case("no longer nullable", N, S, B, W, ALWAYS),
    Case("no longer nullable, still optional", N, S, B, D),
    Case("type changed", S, I, B, B),
    Case("type changed", S, {"type": "array", "items": S}, B, B),
    Case("type added", S, {"oneOf": [S, {"type": "array", "items": S}]}, W, B),
    Case("type added", I, {"type": "number"}, W, B),
    Case("type added", S, {}, W, B),
    Case("type removed", {"oneOf": [S, I]}, S, B, W),
    Case("type removed", {"type": "number"}, I, B, W),
    Case("type removed", {}, S, B, W),
    Case("union member added", CAT, {"oneOf": [CAT, DOG]}, W, W),
    Case("union member removed", {"anyOf": [CAT, DOG]}, DOG, B, B),
    Case("enum value added", {"enum": ["a", "b"]}, {"enum": ["b", "a", "c"]}, W, W),
    Case("enum value removed", {"enum": ["a", "b", "c"]}, {"enum": ["a", "b"]}, B, D),
    Case("constant changed", {"const": "a"}, {"const": "b"}, B, B),
    Case("constant changed", {"enum": ["a"]}, {**S, "const": "b"}, B, B),
    Case("values listed", S, {**S, "enum": ["a", "b"]}, B, D),
    Case("values no longer listed", {"enum": ["a", "b"]}, S, W, D),
    Case("limit tightened", {**S, "maxLength": 9}, {**S, "maxLength": 8}, B, D),
    Case("limit tightened", S, {**S, "maxLength": 8}, B, D),
    Case("limit tightened", {**I, "minimum": 1}, {**I, "minimum": 2}, B, D),
    Case("limit loosened", {**S, "maxLength": 8}, {**S, "maxLength": 9}, W, D),
    Case("limit loosened", {"type": "array", "minItems": 1}, {"type": "array"}, W, D),
    Case("pattern changed", S, {**S, "pattern": "^a"}, B, D),
    Case("format changed", S, {**S, "format": "uri"}, D, D),
    Case("format with a Python type changed", S, {**S, "format": "date-time"}, B, B),
    Case("extra fields forbidden", OPEN, {**OPEN, "additionalProperties": False}, B, B),
    Case("extra fields allowed", {**OPEN, "additionalProperties": False}, OPEN, W, W),
    Case("type removed", OPEN, {**OPEN, "additionalProperties": S}, B, W),
    Case("limit tightened", OPEN, {**OPEN, "propertyNames": {"maxLength": 9}}, B, D),
    Case("default changed", S, {**S, "default": "a"}, D, D),
    Case("description changed", S, {**S, "description": "A word."}, D, D),
    Case("deprecated", S, {**S, "deprecated": True}, D, D),
    Case("no longer deprecated", {**S, "deprecated": True}, S, D, D),
]


@pytest.mark.parametrize("case", FIELD_CASES, ids=lambda case: case.rule)
def test_a_changed_field_is_judged_for_senders_and_for_readers(case: Case) -> None:
    old = make(case.old, required=case.required[0])
    new = make(case.new, required=case.required[1])
    assert judged(differences(old, new)) == {
        (case.rule, "request", case.request),
        (case.rule, "response", case.response),
    }


def test_both_sides_of_a_field_are_reported_by_the_schema_that_holds_it() -> None:
    found = differences(make(S), make(None))
    assert {(f.side, f.where) for f in found} == {
        ("request", "Thing.field"),
        ("response", "Thing.field"),
    }


# ---- around the fields ---------------------------------------------------------------------------


def operation(doc: Doc) -> Doc:
    found: Doc = doc["paths"]["/things/{id}"]["post"]
    return found


def second_operation(doc: Doc) -> None:
    doc["paths"]["/things/{id}"]["get"] = {"operationId": "get_thing", "responses": {}}


def other_name(doc: Doc) -> None:
    operation(doc)["operationId"] = "create_thing"


def with_key(doc: Doc) -> None:
    operation(doc)["security"] = [{"key": []}]


def path_parameter(name: str) -> Change:
    def change(doc: Doc) -> None:
        doc["paths"][f"/things/{{{name}}}"] = doc["paths"].pop("/things/{id}")
        parameter = {"name": name, "in": "path", "required": True, "schema": S}
        doc["paths"][f"/things/{{{name}}}"]["post"]["parameters"] = [parameter]

    return change


def more_parameters(required: bool) -> Change:
    def change(doc: Doc) -> None:
        parameter = {"name": "order", "in": "query", "required": required, "schema": S}
        operation(doc)["parameters"].append(parameter)

    return change


def deprecated(doc: Doc) -> None:
    operation(doc)["deprecated"] = True


def no_body(doc: Doc) -> None:
    del operation(doc)["requestBody"]


def optional_body(doc: Doc) -> None:
    operation(doc)["requestBody"]["required"] = False


def empty_answer(doc: Doc) -> None:
    del operation(doc)["responses"]["200"]["content"]


def answer(status: str) -> Change:
    def change(doc: Doc) -> None:
        operation(doc)["responses"][status] = operation(doc)["responses"]["200"]

    return change


def form(doc: Doc) -> None:
    operation(doc)["requestBody"]["content"]["multipart/form-data"] = {}


def stream(doc: Doc) -> None:
    operation(doc)["responses"]["200"]["content"]["text/event-stream"] = {}


def renamed_model(doc: Doc) -> None:
    text = json.dumps(doc).replace("schemas/Thing", "schemas/Object").replace('"Thing"', '"Object"')
    doc.update(json.loads(text))


def both(*changes: Change) -> Change:
    def change(doc: Doc) -> None:
        for one in changes:
            one(doc)

    return change


def nothing(doc: Doc) -> None:
    pass


OPERATION_CASES: list[tuple[Change, Change, set[tuple[str, str, str]]]] = [
    (nothing, second_operation, {("operation added", "request", W)}),
    (second_operation, nothing, {("operation removed", "request", B)}),
    (nothing, other_name, {("operation renamed", "request", B)}),
    (nothing, deprecated, {("deprecated", "request", D)}),
    (deprecated, nothing, {("no longer deprecated", "request", D)}),
    (nothing, with_key, {("security stricter", "request", B)}),
    (with_key, nothing, {("security looser", "request", W)}),
    (nothing, more_parameters(True), {("required parameter added", "request", B)}),
    (nothing, more_parameters(False), {("optional parameter added", "request", W)}),
    (more_parameters(True), nothing, {("parameter removed", "request", B)}),
    (more_parameters(False), more_parameters(True), {("now required", "request", B)}),
    (more_parameters(True), more_parameters(False), {("now optional", "request", W)}),
    (
        path_parameter("thing_id"),
        path_parameter("other_id"),
        {("path parameter renamed", "request", B)},
    ),
    (path_parameter("thing_id"), path_parameter("thingId"), set()),
    (no_body, nothing, {("required body added", "request", B)}),
    (no_body, optional_body, {("optional body added", "request", W)}),
    (nothing, no_body, {("body removed", "request", B)}),
    (optional_body, nothing, {("now required", "request", B)}),
    (nothing, empty_answer, {("body removed", "response", B)}),
    (empty_answer, nothing, {("body added", "response", W)}),
    (nothing, form, {("media type added", "request", W)}),
    (form, nothing, {("media type removed", "request", B)}),
    (nothing, stream, {("media type added", "response", W)}),
    (stream, nothing, {("media type removed", "response", B)}),
    (nothing, answer("201"), {("success status added", "response", W)}),
    (answer("201"), nothing, {("success status removed", "response", D)}),
    (nothing, answer("429"), {("error status added", "response", D)}),
    (answer("429"), nothing, {("error status removed", "response", D)}),
    (
        nothing,
        renamed_model,
        {("model renamed", "request", B), ("model renamed", "response", B)},
    ),
]


@pytest.mark.parametrize(("before", "after", "expected"), OPERATION_CASES)
def test_a_changed_operation_is_judged(
    before: Change, after: Change, expected: set[tuple[str, str, str]]
) -> None:
    old, new = make(S), make(S)
    before(old)
    after(new)
    assert judged(differences(old, new)) == expected


def test_every_rule_is_shown_by_a_case_on_each_side_it_has() -> None:
    shown = {(case.rule, side) for case in FIELD_CASES for side in ("request", "response")}
    shown |= {(rule, side) for _, _, cases in OPERATION_CASES for rule, side, _ in cases}
    has = {(r, side) for r in RULES for side in ("request", "response") if getattr(RULES[r], side)}
    assert shown == has


def test_an_answer_that_moves_to_another_success_status_is_still_compared() -> None:
    old, new = make(S), make(I)
    operation(new)["responses"] = {"201": operation(new)["responses"]["200"]}
    assert ("type changed", "response", B) in judged(differences(old, new))


def test_another_kind_of_key_is_both_stricter_and_looser() -> None:
    old, new = make(S), make(S)
    for doc in (old, new):
        with_key(doc)
    new["components"]["securitySchemes"]["key"] = {"type": "apiKey", "in": "header", "name": "X"}
    assert {f.rule for f in differences(old, new)} == {"security stricter", "security looser"}


def test_a_key_that_only_has_another_name_is_no_difference() -> None:
    old, new = make(S), make(S)
    with_key(old)
    new["security"] = [{"token": []}]
    new["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    assert differences(old, new) == []


# ---- the same thing said in another way ----------------------------------------------------------

NAMED = {
    "Name": S,
    "Maybe": N,
    "Cat": CAT,
    "Dog": DOG,
    "Same": {"$ref": "#/components/schemas/Name"},
}


def ref(name: str) -> Doc:
    return {"$ref": f"#/components/schemas/{name}"}


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


def test_schemas_in_a_circle_are_walked_once() -> None:
    def tree(leaf: Doc) -> Doc:
        properties = {"leaf": leaf, "children": {"type": "array", "items": ref("Tree")}}
        deep = {"type": "array", "items": ref("Deep")}
        nodes = {"Tree": {"type": "object", "properties": properties}, "Deep": deep}
        return make({"oneOf": [ref("Tree"), ref("Deep")]}, components=nodes)

    found = differences(tree(S), tree(I))
    assert {(f.where, f.side) for f in found} == {
        ("Tree.leaf", "request"),
        ("Tree.leaf", "response"),
    }


def test_a_schema_that_the_yaml_shares_is_reported_in_each_place() -> None:
    def twice(leaf: Doc) -> Doc:
        return make({"type": "object", "properties": {"a": leaf, "b": leaf}})

    found = differences(twice(S), twice(I))
    assert {f.where for f in found} == {"Thing.field.a", "Thing.field.b"}


# ---- names, reports, the command -----------------------------------------------------------------


def changed(change: Change) -> list[Finding]:
    """What the comparison says of a change of our own document."""
    new = copy.deepcopy(document())
    change(new)
    return differences(document(), new)


def schema(doc: Doc, name: str) -> Doc:
    found: Doc = doc["components"]["schemas"][name]
    return found


def names(found: list[Finding], side: str) -> set[str]:
    return {name for finding in found if finding.side == side for name in finding.names}


def test_a_removed_response_field_names_the_attribute() -> None:
    found = changed(lambda doc: schema(doc, "Message")["properties"].pop("attachments"))
    assert [f.names for f in found] == [("Message.attachments",)]
    assert set(found[0].uses) >= {
        *("create_message", "list_messages", "retrieve_message", "update_message")
    }


def test_a_new_request_field_names_arguments_and_model() -> None:
    found = changed(lambda doc: schema(doc, "CreateMessageRequest")["properties"].update(x=S))
    assert names(found, "request") >= {
        "client.messages.create(x=...)",
        "client.threads.create(messages=...)",
        "CreateMessageRequest.x",
    }
    assert [f.judgement for f in found] == [W]


def test_parameters_and_operations_have_the_names_of_the_sdk() -> None:
    def change(doc: Doc) -> None:
        del doc["paths"]["/threads/{threadId}/messages"]["get"]["parameters"][0]
        del doc["paths"]["/threads/{threadId}/messages/{messageId}"]["delete"]

    found = changed(change)
    assert names(found, "request") == {
        "client.messages.list(limit=...)",
        "client.messages.delete",
    }


def reworded(node: Any, *, names: bool = False) -> Any:
    """The node with other words in every place that may have some; `names`: its keys are names."""
    if isinstance(node, list):
        return [reworded(value, names=names) for value in node]
    if not isinstance(node, dict):
        return node
    maps = {"content", "paths", "properties", "responses", "security"}
    inner = {key: reworded(value, names=not names and key in maps) for key, value in node.items()}
    return inner if names else {**inner, "description": "Other words."}


def arguments_of(function: Any) -> set[str]:
    """The names that a method takes, those of its options included."""
    taken = inspect.signature(function).parameters
    options = str(taken["options"].annotation).removeprefix("Unpack[").removesuffix("]")
    return {*taken, *getattr(laplas, options).__annotations__}


def test_every_operation_of_the_document_has_the_method_it_is_named_by() -> None:
    """In both clients: an operation that has none yet fails here."""
    found = Document(document()).operations().values()
    assert len(found) == len({method(operation) for operation in found}) > 20
    for operation in found:
        name = (method(operation) or "").removeprefix("client.")
        for client in (laplas.Laplas(api_key="key"), laplas.AsyncLaplas(api_key="key")):
            assert callable(attrgetter(name)(client))


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
            taken = arguments_of(attrgetter(parts[1])(client))
            assert parts[2] is None or parts[2] in taken, name
        else:
            # Required fields of a class with slots are found on it, too.
            attrgetter(parts[1])(models)
    assert {"client.runs.create(include=...)", "client.files.upload(file=...)"} < called
    assert {"Run.object", "RunStep.step_details", "FileObject.bytes", "Assistant.tools"} < called


def test_a_union_is_named_by_the_attribute_that_holds_it() -> None:
    """It has no class of its own."""
    found = changed(lambda doc: schema(doc, "RunStepDetails")["oneOf"].pop())
    assert names(found, "response") == {"RunStep.step_details"}


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
    assert report["release"] == "minor"
    uses = report["findings"][0].pop("uses")
    assert {*uses} >= {"list_messages", "create_message", "retrieve_message", "update_message"}
    assert report["findings"][0] == {
        "rule": "enum value added",
        "side": "response",
        "judgement": "widening",
        "where": "MessageStatus",
        "before": "",
        "after": "lost",
        "names": ["MessageStatus"],
    }


def test_the_changelog_lists_what_users_notice_and_counts_words() -> None:
    def change(doc: Doc) -> None:
        schema(doc, "Message")["properties"].update(planted=S)
        schema(doc, "Message")["description"] = "Other words."

    assert FORMATS["changelog"](changed(change)) == (
        "### New\n\n- `Message.planted`: optional field added (response)\n\n"
        "Descriptions changed: 1.\n"
    )


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], "patch"),
        ([("description changed", D)], "patch"),
        ([("deprecated", D)], "minor"),
        ([("description changed", D), ("optional field added", W)], "minor"),
        ([("optional field added", W), ("field removed", B)], "major"),
    ],
)
def test_the_release_follows_the_worst_finding(pairs: list[Any], expected: str) -> None:
    assert release(pairs) == expected


def test_the_exit_code_tells_whether_something_breaks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"less": make(), "more": make(S), "bad": {"swagger": "2.0"}}
    for name, doc in texts.items():
        (tmp_path / name).write_text(json.dumps(doc))
    less, more, bad = (str(tmp_path / name) for name in texts)
    assert main([less, more]) == 0
    assert main([more, less, "--format", "json"]) == 1
    assert main([more, bad]) == 2
    assert main([more, str(tmp_path / "missing")]) == 2
    assert "not an OpenAPI document" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "- a\n- b", "paths: 3", "a: [", "\t{"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        Document.parse(text)


def test_the_documentation_shows_the_rules_as_they_are() -> None:
    lines = (ROOT / "docs" / "api-changes.md").read_text("utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if "|" in line]
    shown = {row[0]: tuple(row[1:]) for row in cells if row[0] in RULES}
    assert shown == {
        name: (rule.request or "-", rule.response or "-", rule.why) for name, rule in RULES.items()
    }
