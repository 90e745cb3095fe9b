"""openapi.yaml is valid, keeps the house rules, and describes what real servers send."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate
from support import (
    SCHEMA_OF,
    document,
    event_schemas,
    exchanges,
    operation_of,
    operations,
    recorded,
    request_validator,
    resolve,
    response_validator,
    stream_events,
    validator,
    validator_for,
)

Doc = dict[str, Any]
Placed = Iterator[tuple[str, Any]]
RESERVED = {"d", "cls", "to_dict", "from_dict", "field_dict", "additional_properties"}


def test_the_document_is_valid_openapi() -> None:
    validate(document())


# ---- walking a document --------------------------------------------------------------------------


def subschemas(schema: Any, where: str) -> Placed:
    """Yield a schema and the schemas inside it with their places; follow no references."""
    if not isinstance(schema, dict):
        return
    yield where, schema
    for name, child in schema.get("properties", {}).items():
        yield from subschemas(child, f"{where}.{name}")
    for key in ("oneOf", "anyOf", "allOf"):
        for index, child in enumerate(schema.get(key, [])):
            yield from subschemas(child, f"{where}/{key}/{index}")
    for key in ("items", "additionalProperties", "propertyNames"):
        yield from subschemas(schema.get(key), f"{where}/{key}")


def holders(doc: Doc) -> Placed:
    """Yield whatever holds a schema outside the component schemas: parameters, headers, bodies."""

    def walk(node: Any, where: str) -> Placed:
        if isinstance(node, dict) and "schema" in node:
            yield where, node
        elif isinstance(node, dict | list):
            children = node.items() if isinstance(node, dict) else enumerate(node)
            for key, child in children:
                yield from walk(child, f"{where}/{key}")

    yield from walk(doc["paths"], "paths")
    for kind, parts in doc["components"].items():
        if kind != "schemas":
            yield from walk(parts, kind)


def schemas(doc: Doc) -> Placed:
    """Yield every schema of a document, components first, and all schemas inside them."""
    for name, schema in doc["components"]["schemas"].items():
        yield from subschemas(schema, name)
    for where, holder in holders(doc):
        yield from subschemas(holder["schema"], f"{where}/schema")


def bodies(doc: Doc) -> list[tuple[str, Any]]:
    """Return the request and answer bodies of a document with their places."""
    return [(where, node) for where, node in holders(doc) if "/content/" in where]


def answers(doc: Doc, operation: Doc, kind: str, content: str = "application/json") -> list[Any]:
    """Return an operation's answers of a content type whose status starts with ``kind``."""
    return [
        media
        for status, answer in operation["responses"].items()
        for name, media in resolve(doc, answer).get("content", {}).items()
        if status.startswith(kind) and name == content
    ]


def streams(doc: Doc) -> list[tuple[str, Any]]:
    """Return (operationId, body) for the event streams of a document."""
    return [
        (operation["operationId"], media)
        for _, _, operation in operations(doc)
        for media in answers(doc, operation, "", "text/event-stream")
    ]


def reachable(doc: Doc, schema: Any, seen: set[str]) -> None:
    """Add to ``seen`` the names of all component schemas that a schema leads to."""
    for _, part in subschemas(schema, ""):
        name = part.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            reachable(doc, doc["components"]["schemas"][name], seen)


def tag(member: dict[str, Any]) -> tuple[str, str]:
    """Return name and value of a schema's tag (first property, constant, required) or blanks."""
    first: tuple[str, Any] = next(iter(member.get("properties", {}).items()), ("", {}))
    name, schema = first
    tagged = "const" in schema and name in member.get("required", [])
    return (name, schema["const"]) if tagged else ("", "")


# ---- house rules: each returns the places that break it ------------------------------------------


def unions_without_tag(doc: Doc) -> list[str]:
    """The members of a union of objects are told apart by one tag, which is written down."""
    found = []
    for where, schema in schemas(doc):
        refs = [m["$ref"] for m in schema.get("oneOf", []) + schema.get("anyOf", []) if "$ref" in m]
        tags = {ref: tag(resolve(doc, {"$ref": ref})) for ref in refs}
        names = {name for name, _ in tags.values()}
        discriminator = {
            "propertyName": "".join(names),
            "mapping": {value: ref for ref, (_, value) in tags.items()},
        }
        if len(refs) > 1 and (
            len(names) > 1
            or "" in names
            or len(discriminator["mapping"]) < len(refs)
            or schema.get("discriminator") != discriminator
        ):
            found.append(where)
    return found


def inline_objects(doc: Doc) -> list[str]:
    """Objects are named components, because inline ones get made-up class names."""
    named = doc["components"]["schemas"]
    return [
        where
        for where, schema in schemas(doc)
        if where not in named
        and (schema.get("type") == "object" or schema.keys() & {"properties", "allOf"})
    ]


def inline_titles(doc: Doc) -> list[str]:
    """Schemas have no title: the generator would name classes by it."""
    return [where for where, schema in schemas(doc) if "title" in schema]


def defaults(doc: Doc) -> list[str]:
    """Nothing has a default: the generated client would send it."""
    return [where for where, schema in schemas(doc) if "default" in schema]


def closed_responses(doc: Doc) -> list[str]:
    """Nothing that comes from a server forbids unknown fields: they would be lost in silence."""
    seen: set[str] = set()
    for _, _, operation in operations(doc):
        for media in answers(doc, operation, ""):
            reachable(doc, media["schema"], seen)
    for _, media in streams(doc):
        for ref in filter(None, media.get("x-events", {}).values()):
            reachable(doc, {"$ref": ref}, seen)
    return [
        where
        for name in sorted(seen)
        for where, schema in subschemas(doc["components"]["schemas"][name], name)
        if schema.get("additionalProperties") is False
    ]


def unsecured_operations(doc: Doc) -> list[str]:
    """Every operation says itself that it needs the key: a global statement is not read."""
    return [
        o["operationId"] for _, _, o in operations(doc) if o.get("security") != [{"bearerAuth": []}]
    ]


def odd_tags(doc: Doc) -> list[str]:
    """Every operation has one declared tag: it becomes one module."""
    declared = [[entry["name"]] for entry in doc["tags"]]
    return [o["operationId"] for _, _, o in operations(doc) if o.get("tags") not in declared]


def odd_operation_ids(doc: Doc) -> list[str]:
    """Operation ids are unique snake_case words and stand beside the vendor's own."""
    ids = [o["operationId"] for _, _, o in operations(doc)]
    return [
        o["operationId"]
        for _, _, o in operations(doc)
        if not re.fullmatch(r"[a-z]+(_[a-z]+)+", o["operationId"])
        or ids.count(o["operationId"]) > 1
        or not o.get("x-vendor-operation-id")
    ]


def reserved_names(doc: Doc) -> list[str]:
    """No field, parameter or schema is called like a method or variable of generated code."""
    names = [(where, name) for where, s in schemas(doc) for name in s.get("properties", {})]
    names += [(where, holder["name"]) for where, holder in holders(doc) if "in" in holder]
    names += [("schemas", name.lower()) for name in doc["components"]["schemas"]]
    return [f"{where}: {name}" for where, name in names if name in RESERVED]


def unnamed_bodies(doc: Doc) -> list[str]:
    """Every request and answer body is a named schema, or a stream."""
    return [
        where
        for where, media in bodies(doc)
        if not media["schema"].get("$ref", "").startswith("#/components/schemas/")
        and not where.endswith("/text/event-stream")
    ]


def odd_streams(doc: Doc) -> list[str]:
    """Streams stand beside JSON, are strings, and say which component each event's data is."""
    named = {f"#/components/schemas/{name}" for name in doc["components"]["schemas"]}
    found = [
        name
        for name, media in streams(doc)
        if media["schema"].get("type") != "string"
        or media.get("x-events", {}).get("done", "") is not None
        or not {ref for event, ref in media["x-events"].items() if event != "done"} <= named
    ]
    for _, _, operation in operations(doc):
        for answer in operation["responses"].values():
            kinds = [*resolve(doc, answer).get("content", {})]
            # The generator types the answer by the first entry.
            if "text/event-stream" in kinds and kinds != ["application/json", "text/event-stream"]:
                found.append(operation["operationId"])
    return found


def missing_answers(doc: Doc) -> list[str]:
    """Every operation has one success schema, for 200 and on POST also 201, and open errors."""
    found = []
    for method, _, operation in operations(doc):
        wanted = {"200", "429", "4XX", "5XX"} | ({"201"} if method == "post" else set())
        good = {media["schema"].get("$ref") for media in answers(doc, operation, "2")}
        bad = {
            media["schema"].get("$ref") for kind in "45" for media in answers(doc, operation, kind)
        }
        errors = {"#/components/schemas/ErrorResponse"}
        if operation["responses"].keys() != wanted or len(good) != 1 or bad != errors:
            found.append(operation["operationId"])
    return found


def undescribed(doc: Doc) -> list[str]:
    """Every operation, parameter, header, answer, schema and field is described."""
    described = [(o["operationId"], o) for _, _, o in operations(doc)]
    described += [(where, node) for where, node in holders(doc) if "/content/" not in where]
    for name, schema in doc["components"]["schemas"].items():
        described.append((name, schema))
        described += [(f"{name}.{n}", p) for n, p in schema.get("properties", {}).items()]
    for _, _, operation in operations(doc):
        described += [(s, resolve(doc, r)) for s, r in operation["responses"].items()]
    return [where for where, node in described if not node.get("description", "").strip()]


def bodies_without_example(doc: Doc) -> list[str]:
    """Every request and answer body has an example."""
    return [where for where, media in bodies(doc) if not media.keys() & {"example", "examples"}]


RULES: list[Callable[[Doc], list[str]]] = [
    unions_without_tag,
    inline_objects,
    inline_titles,
    defaults,
    closed_responses,
    unsecured_operations,
    odd_tags,
    odd_operation_ids,
    reserved_names,
    unnamed_bodies,
    odd_streams,
    missing_answers,
    undescribed,
    bodies_without_example,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_document_keeps_the_rule(rule: Callable[[Doc], list[str]]) -> None:
    assert rule(document()) == []


SMALL = """
tags: [{name: things}]
paths:
  /things:
    get:
      operationId: list_things
      x-vendor-operation-id: Things_list
      tags: [things]
      description: Lists things.
      security: [{bearerAuth: []}]
      parameters: [{name: limit, in: query, description: How many., schema: {type: integer}}]
      responses:
        '200':
          description: A thing.
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}, example: {}}}
        '429': {$ref: '#/components/responses/Bad'}
        4XX: {$ref: '#/components/responses/Bad'}
        5XX: {$ref: '#/components/responses/Bad'}
components:
  responses:
    Bad:
      description: An error.
      content:
        application/json: {schema: {$ref: '#/components/schemas/ErrorResponse'}, example: {}}
  schemas:
    ErrorResponse: {description: An error., type: object}
    Thing:
      description: A thing.
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator:
        propertyName: type
        mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}
    Cat:
      description: A cat.
      type: object
      required: [type]
      properties: {type: {type: string, const: cat, description: Always cat.}}
    Dog:
      description: A dog.
      type: object
      required: [type, name]
      properties:
        type: {type: string, const: dog, description: Always dog.}
        name: {type: string, description: The name.}
"""
GET = "paths /things get"
STREAM: Doc = {
    "schema": {"type": "string"},
    "x-events": {"thing.created": "#/components/schemas/Thing", "done": None},
    "example": "",
}
JSON: Doc = yaml.safe_load(SMALL)["paths"]["/things"]["get"]["responses"]["200"]["content"]


def streamed(**changes: Any) -> Doc:
    """Return the contents of an answer in JSON or as an event stream."""
    return {**JSON, "text/event-stream": STREAM | changes}


DOG = "components schemas Dog"
BREAKS: list[tuple[Callable[[Doc], list[str]], str, Any]] = [
    (unions_without_tag, f"{DOG} required", ["name"]),
    (unions_without_tag, f"{DOG} properties", {"name": {}, "type": {"const": "dog"}}),
    (unions_without_tag, f"{DOG} properties type", {"type": "string"}),
    (unions_without_tag, f"{DOG} properties type const", "cat"),
    (unions_without_tag, f"{DOG} properties", {"name": {"const": "dog"}}),
    (unions_without_tag, "components schemas Thing discriminator mapping dog", "#/elsewhere"),
    (inline_objects, f"{DOG} properties name", {"type": "object"}),
    (inline_objects, f"{DOG} properties name", {"type": "array", "items": {"properties": {}}}),
    (inline_objects, f"{GET} parameters 0 schema", {"type": "object"}),
    (inline_titles, f"{DOG} properties name title", "Name"),
    (defaults, f"{DOG} properties name default", "Rex"),
    (defaults, f"{GET} parameters 0 schema default", 20),
    (closed_responses, f"{DOG} additionalProperties", False),
    (closed_responses, "components schemas ErrorResponse additionalProperties", False),
    (unsecured_operations, f"{GET} security", []),
    (odd_tags, f"{GET} tags", ["things", "more"]),
    (odd_tags, f"{GET} tags", ["unknown"]),
    (odd_operation_ids, f"{GET} operationId", "listThings"),
    (odd_operation_ids, f"{GET} x-vendor-operation-id", ""),
    (odd_operation_ids, "paths /again", {"get": {"operationId": "list_things"}}),
    (reserved_names, f"{DOG} properties to_dict", {}),
    (reserved_names, f"{GET} parameters 0 name", "cls"),
    (reserved_names, "components schemas D", {}),
    (unnamed_bodies, f"{GET} responses 200 content application/json schema", {"type": "string"}),
    (unnamed_bodies, f"{GET} requestBody", {"content": {"multipart/form-data": STREAM}}),
    (odd_streams, f"{GET} responses 200 content", streamed(schema=JSON["application/json"])),
    (odd_streams, f"{GET} responses 200 content", streamed(**{"x-events": {}})),
    (odd_streams, f"{GET} responses 200 content", streamed(**{"x-events": {"done": "[DONE]"}})),
    (
        odd_streams,
        f"{GET} responses 200 content",
        streamed(**{"x-events": {"a": "b", "done": None}}),
    ),
    (odd_streams, f"{GET} responses 200 content", dict(reversed(streamed().items()))),
    (odd_streams, f"{GET} responses 200 content", {"text/event-stream": STREAM}),
    (missing_answers, f"{GET} responses", {}),
    (missing_answers, f"{GET} responses 204", {"description": "Nothing."}),
    (missing_answers, "paths /things", {"post": yaml.safe_load(SMALL)["paths"]["/things"]["get"]}),
    (undescribed, f"{GET} description", ""),
    (undescribed, f"{GET} parameters 0 description", ""),
    (undescribed, f"{GET} responses 200 description", " "),
    (undescribed, f"{DOG} description", ""),
    (undescribed, f"{DOG} properties name", {"type": "string"}),
    (bodies_without_example, f"{GET} responses 200 content application/json", {"schema": {}}),
    (
        bodies_without_example,
        f"{GET} responses 200 content",
        {**JSON, "text/event-stream": {"schema": {"type": "string"}}},
    ),
]


def changed(place: str, value: Any) -> Doc:
    """Return the small document with one place set to a value."""
    doc: Doc = yaml.safe_load(SMALL)
    node: Any = doc
    *steps, last = place.split(" ")
    for step in steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    node[last] = copy.deepcopy(value)
    return doc


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_accepts_a_good_document(rule: Callable[[Doc], list[str]]) -> None:
    assert rule(yaml.safe_load(SMALL)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_accepts_an_event_stream(rule: Callable[[Doc], list[str]]) -> None:
    assert rule(changed(f"{GET} responses 200 content", streamed())) == []


def test_what_streams_bring_is_not_closed_either() -> None:
    doc = changed(f"{GET} responses 200 content", streamed())
    doc["components"]["schemas"]["News"] = {"type": "object", "additionalProperties": False}
    assert closed_responses(doc) == []
    doc["paths"]["/things"]["get"]["responses"]["200"]["content"]["text/event-stream"]["x-events"][
        "news"
    ] = "#/components/schemas/News"
    assert closed_responses(doc) == ["News"]


@pytest.mark.parametrize(("rule", "place", "value"), BREAKS)
def test_the_rule_finds_a_break(rule: Callable[[Doc], list[str]], place: str, value: Any) -> None:
    assert rule(changed(place, value)) != []


def test_every_rule_is_proved_able_to_fail() -> None:
    assert {rule for rule, _, _ in BREAKS} == set(RULES)


# ---- examples ------------------------------------------------------------------------------------


def examples() -> list[Any]:
    """Return (schema, example) for every example of the document."""
    found = []
    for where, holder in holders(document()):
        named = {name: e["value"] for name, e in holder.get("examples", {}).items()}
        if "example" in holder:
            named["example"] = holder["example"]
        found += [pytest.param(holder["schema"], e, id=f"{where} {n}") for n, e in named.items()]
    return found


@pytest.mark.parametrize(("schema", "example"), examples())
def test_the_example_fits_its_schema(schema: dict[str, Any], example: Any) -> None:
    validator_for(schema).validate(example)


def test_the_examples_show_all_three_error_forms() -> None:
    errors = document()["components"]["responses"]["ClientError"]["content"]["application/json"]
    shown = [example["value"] for example in errors["examples"].values()]
    forms = [{"statusCode", "path"}, {"status", "title", "error"}, {"error"}]
    assert all(any(form <= body.keys() for body in shown) for form in forms)


def test_the_examples_of_streams_hold_known_events_that_fit() -> None:
    answer = document()["components"]["responses"]["RunOrStreamAnswer"]
    for example in answer["content"]["text/event-stream"]["examples"].values():
        events = list(stream_events(example["value"]))
        assert events
        for name, payload in events:
            validator(event_schemas()[name] or "").validate(payload)


# ---- what readers must accept, and what requests must not be -------------------------------------

MESSAGE = {
    "id": "msg_1",
    "object": "thread.message",
    "created_at": 1728657089,
    "thread_id": "thread_1",
    "role": "user",
    "content": [],
}
RUN = {
    "id": "run_1",
    "object": "thread.run",
    "created_at": 1728657090,
    "thread_id": "thread_1",
    "assistant_id": "asst_1",
    "status": "queued",
}
STEP = {
    "id": "step_1",
    "object": "thread.run.step",
    "created_at": 1728657092,
    "run_id": "run_1",
    "thread_id": "thread_1",
    "assistant_id": "asst_1",
    "type": "tool_calls",
    "status": "in_progress",
    "step_details": {"type": "tool_calls", "tool_calls": []},
}
ASSISTANT = {"id": "asst_1", "object": "assistant", "created_at": 1, "model": "any-model"}


def optional(schema: str) -> dict[str, None]:
    """Return null for every field of a schema that may be left out."""
    parts = document()["components"]["schemas"][schema]
    return dict.fromkeys(parts["properties"].keys() - set(parts["required"]))


def calling(**call: Any) -> dict[str, Any]:
    """Return a step with one call of a tool."""
    return STEP | {"step_details": {"type": "tool_calls", "tool_calls": [{"id": "call_1"} | call]}}


def step_delta(**call: Any) -> dict[str, Any]:
    """Return a delta event of a step with one call of a tool."""
    details = {"type": "tool_calls", "tool_calls": [{"index": 0} | call]}
    return {
        "id": "step_1",
        "object": "thread.run.step.delta",
        "delta": {"step_details": details},
    }


def message_delta(**part: Any) -> dict[str, Any]:
    """Return a delta event of a message with one part."""
    delta = {"content": [{"index": 0} | part]}
    return {"id": "msg_1", "object": "thread.message.delta", "delta": delta}


NULLABLE = [
    "assistant_id",
    "attachments",
    "completed_at",
    "file_ids",
    "incomplete_at",
    "incomplete_details",
    "metadata",
    "run_id",
    "status",
]


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ("Message", MESSAGE),
        ("Message", MESSAGE | dict.fromkeys(NULLABLE)),
        ("Message", MESSAGE | {"content": "bare text"}),
        ("Message", MESSAGE | {"new_field": {"deep": 1}}),
        ("MessageList", {"object": "list", "data": []}),
        ("Thread", {"id": "thread_1", "object": "thread", "created_at": 1}),
        ("Assistant", ASSISTANT),
        ("Assistant", ASSISTANT | optional("Assistant")),
        (
            "Assistant",
            ASSISTANT | {"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}},
        ),
        ("AssistantList", {"object": "list", "data": [ASSISTANT]}),
        ("Run", RUN),
        ("Run", RUN | optional("Run")),
        ("Run", RUN | {"tools": [{"type": "retrieval"}], "new_field": {"deep": 1}}),
        ("Run", RUN | {"tool_choice": {"type": "function", "function": {"name": "f"}}}),
        ("Run", RUN | {"required_action": {"type": "another"}}),
        ("Run", RUN | {"temperature": 1, "top_p": 0.5}),
        ("RunStep", STEP),
        ("RunStep", STEP | optional("RunStep")),
        ("RunStep", STEP | {"expires_at": 1}),
        ("RunStep", STEP | {"expired_at": 1, "metadata": {}}),
        ("RunStep", calling(type="function", function={"name": "f"})),
        ("RunStep", calling(type="function", function={"name": "f", "output": None})),
        ("RunStep", calling(type="function", function={"name": "f", "ouptut": "x"})),
        ("RunStep", calling(type="file_search")),
        ("RunStep", calling(type="file_search", file_search={})),
        ("RunStep", calling(type="retrieval", retrieval={})),
        ("RunStepDeltaEvent", step_delta(type="file_search", file_search={})),
        ("RunStepDeltaEvent", step_delta(type="function", function={"arguments": "{"})),
        (
            "RunStepDeltaEvent",
            step_delta(type="code_interpreter", code_interpreter={"outputs": []}),
        ),
        ("MessageDeltaEvent", {"id": "msg_1", "object": "thread.message.delta", "delta": {}}),
        ("MessageDeltaEvent", message_delta(type="text", text={"annotations": []})),
        ("MessageDeltaEvent", message_delta(type="image_file", image_file={"file_id": "file-1"})),
        ("MessageDeltaEvent", message_delta(type="image_url", image_url={"url": "https://x.test"})),
        ("MessageDeltaEvent", message_delta(type="refusal", refusal="No.")),
        ("StreamError", {"code": None, "message": "no", "param": None, "type": "server_error"}),
        ("StreamError", {"error": {"message": "no", "type": "server_error", "param": None}}),
        ("FileObject", {"id": "file-1", "object": "file"} | optional("FileObject")),
        ("ErrorResponse", {}),
        ("ErrorResponse", {"error": "in words"}),
        ("ErrorResponse", {"error": None, "statusCode": 500}),
        ("ErrorResponse", {"detail": [{"msg": "another server's form"}]}),
    ],
)
def test_a_tolerable_answer_fits(schema: str, body: dict[str, Any]) -> None:
    validator(schema).validate(body)


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        *(("Message", {k: v for k, v in MESSAGE.items() if k != gone}) for gone in MESSAGE),
        ("Message", MESSAGE | {"object": "thread"}),
        ("Message", MESSAGE | {"content": [{"type": "text", "text": "a request's text"}]}),
        ("Thread", MESSAGE),
        ("DeletedMessage", {"id": "msg_1", "object": "thread.deleted", "deleted": True}),
        *(("Run", {k: v for k, v in RUN.items() if k != gone}) for gone in RUN),
        *(("RunStep", {k: v for k, v in STEP.items() if k != gone}) for gone in STEP),
        *(("Assistant", {k: v for k, v in ASSISTANT.items() if k != gone}) for gone in ASSISTANT),
        ("RunStep", calling(type="function")),
        ("RunStep", calling(type="code_interpreter", code_interpreter={"input": "x"})),
        ("RunStepDeltaEvent", step_delta(type="retrieval")),
        ("MessageDeltaEvent", message_delta(type="text", text="bare text")),
        ("MessageDeltaEvent", MESSAGE),
    ],
)
def test_a_wrong_answer_does_not_fit(schema: str, body: dict[str, Any]) -> None:
    assert not validator(schema).is_valid(body)


def ask(**fields: Any) -> dict[str, Any]:
    """Return a create-message request with some fields changed."""
    return {"role": "user", "content": "hello"} | fields


def store(**chunks: int) -> dict[str, Any]:
    """Return a create-thread request for a vector store with these chunk sizes."""
    strategy = {"type": "static", "static": chunks}
    return {"tool_resources": {"file_search": {"vector_stores": [{"chunking_strategy": strategy}]}}}


def run(**fields: Any) -> dict[str, Any]:
    """Return a create-run request with some fields changed."""
    return {"assistant_id": "asst_1"} | fields


def searching(**options: Any) -> dict[str, Any]:
    """Return a file search tool with these settings."""
    return {"type": "file_search", "file_search": options}


TOOL = {"type": "code_interpreter"}


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("create_message", ask(attachments=[], metadata=None)),
        ("create_message", ask(metadata={str(n): "v" for n in range(16)})),
        ("create_message", ask(metadata={"k" * 64: "v" * 512})),
        ("create_thread", {}),
        ("create_thread", {"messages": [ask()]}),
        ("create_thread", store(max_chunk_size_tokens=100, chunk_overlap_tokens=0)),
        ("update_thread", {"tool_resources": {}}),
        ("update_message", {"metadata": {}}),
        ("create_assistant", {"model": "m"}),
        ("create_assistant", {"model": "m", "tools": [TOOL] * 128, "temperature": 2, "top_p": 0}),
        ("create_assistant", {"model": "m", "name": "n" * 256, "instructions": "i" * 256_000}),
        ("create_assistant", {"model": "m", "response_format": {"type": "text"}}),
        ("create_assistant", {"model": "m", "tools": [searching(max_num_results=50)]}),
        ("update_assistant", {}),
        ("create_run", run()),
        ("create_run", run(stream=True, model=None, max_prompt_tokens=256, tools=[TOOL] * 20)),
        ("create_run", run(additional_messages=[ask()], max_completion_tokens=16)),
        ("create_run", run(truncation_strategy={"type": "last_messages", "last_messages": 1})),
        ("create_thread_and_run", run(thread={"messages": [ask()]}, tool_choice="required")),
        ("submit_tool_outputs", {"tool_outputs": [{"tool_call_id": "c", "output": ""}]}),
        ("update_run", {"metadata": {}}),
    ],
)
def test_a_request_within_the_limits_fits(operation: str, body: dict[str, Any]) -> None:
    request_validator(operation).validate(body)


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("create_message", {"role": "user"}),
        ("create_message", {"content": "hello"}),
        ("create_message", ask(role="system")),
        ("create_message", ask(content=[])),
        ("create_message", ask(content=[{"type": "text", "text": {"value": "an answer's text"}}])),
        ("create_message", ask(content=[{"type": "image_url", "image_url": {}}])),
        ("create_message", ask(content=[{"type": "refusal", "refusal": "no"}])),
        ("create_message", ask(metadata={str(n): "v" for n in range(17)})),
        ("create_message", ask(metadata={"k" * 65: "v"})),
        ("create_message", ask(metadata={"k": "v" * 513})),
        ("create_message", ask(metadata={"k": True})),
        ("create_thread", {"messages": [{"role": "user"}]}),
        ("create_thread", store(max_chunk_size_tokens=99, chunk_overlap_tokens=0)),
        ("create_thread", store(max_chunk_size_tokens=4097, chunk_overlap_tokens=0)),
        ("create_thread", store(max_chunk_size_tokens=800)),
        ("create_thread", {"tool_resources": {"file_search": {"vector_stores": [{}, {}]}}}),
        ("create_thread", {"tool_resources": {"code_interpreter": {"file_ids": ["f"] * 21}}}),
        ("update_message", {}),
        ("create_assistant", {}),
        ("create_assistant", {"model": "m", "tools": [TOOL] * 129}),
        ("create_assistant", {"model": "m", "tools": [{"type": "retrieval"}]}),
        ("create_assistant", {"model": "m", "tools": [{"type": "function"}]}),
        ("create_assistant", {"model": "m", "tools": [searching(max_num_results=51)]}),
        ("create_assistant", {"model": "m", "tools": [searching(ranking_options={})]}),
        ("create_assistant", {"model": "m", "name": "n" * 257}),
        ("create_assistant", {"model": "m", "instructions": "i" * 256_001}),
        ("create_assistant", {"model": "m", "temperature": 2.1}),
        ("create_assistant", {"model": "m", "top_p": 1.1}),
        ("create_assistant", {"model": "m", "response_format": {"type": "json_schema"}}),
        ("update_assistant", {"model": None}),
        ("create_run", {}),
        ("create_run", run(max_prompt_tokens=255)),
        ("create_run", run(tools=[TOOL] * 21)),
        ("create_run", run(additional_messages=[{"role": "user"}])),
        ("create_run", run(truncation_strategy={"type": "last_messages", "last_messages": 0})),
        ("create_run", run(tool_choice={"function": {"name": "f"}})),
        ("create_thread_and_run", run(thread={"messages": [ask(role="system")]})),
        ("submit_tool_outputs", {}),
        ("submit_tool_outputs", {"tool_outputs": [{"tool_call_id": "call_1"}]}),
        ("submit_tool_outputs", {"tool_outputs": [{"output": "x"}]}),
        ("update_run", {}),
    ],
)
def test_a_request_beyond_the_limits_does_not_fit(operation: str, body: dict[str, Any]) -> None:
    assert not request_validator(operation).is_valid(body)


# ---- recorded traffic ----------------------------------------------------------------------------

OPERATION_IDS = {operation["operationId"] for _, _, operation in operations(document())}
STREAMING = {"create_run", "create_thread_and_run", "submit_tool_outputs"}


def test_all_but_a_few_operations_were_recorded() -> None:
    assert len(OPERATION_IDS & {operation_of(exchange) for exchange in exchanges()}) > 20


@pytest.mark.parametrize(("kind", "name"), SCHEMA_OF.items())
def test_every_recorded_object_fits(kind: str, name: str) -> None:
    objects = recorded(kind)
    assert objects, f"no {name} was recorded"
    assert [where for where, o in objects if not validator(name).is_valid(o)] == []


def recorded_events() -> list[tuple[str, str, Any]]:
    """Return (exchange id, event name, payload) for all events of all recorded streams."""
    return [
        (exchange["id"], name, payload)
        for exchange in exchanges()
        if isinstance(exchange["response_body"], str)
        for name, payload in stream_events(exchange["response_body"])
    ]


def test_every_recorded_event_fits_the_schema_of_its_name() -> None:
    schema_names = event_schemas()
    odd = [
        (where, name)
        for where, name, payload in recorded_events()
        if not validator(schema_names[name] or "").is_valid(payload)
    ]
    assert odd == []


def test_the_published_event_names_are_all_there() -> None:
    names = event_schemas()
    assert len(names) == 25
    assert {name for name, schema in names.items() if schema == "Run"} == {
        *(f"thread.run.{status}" for status in schema_enum("RunStatus")),
        "thread.run.created",
    }


def schema_enum(name: str) -> set[str]:
    """Return the known values of an enum of the document."""
    return set(document()["components"]["schemas"][name]["enum"])


def test_streamed_messages_of_every_state_are_among_the_recorded_objects() -> None:
    found = {body.get("status") for _, body in recorded("thread.message")}
    assert found - {None} == schema_enum("MessageStatus")


@pytest.mark.parametrize("operation", sorted(STREAMING))
def test_the_operations_that_stream_were_recorded_streaming(operation: str) -> None:
    assert any(
        operation_of(e) == operation and isinstance(e["response_body"], str) for e in exchanges()
    )


def test_only_these_operations_may_stream() -> None:
    assert {name for name, _ in streams(document())} == STREAMING


@pytest.mark.parametrize("operation", sorted(OPERATION_IDS))
def test_every_recorded_answer_fits(operation: str) -> None:
    answers = [
        e
        for e in exchanges()
        if operation_of(e) == operation
        and e["status"] == 200
        and not isinstance(e["response_body"], str)
    ]
    if not answers:
        pytest.skip(f"no answer to {operation} was recorded")
    fits = response_validator(operation).is_valid
    assert [e["id"] for e in answers if not fits(e["response_body"])] == []


def test_every_recorded_error_fits() -> None:
    errors = [e for e in exchanges() if (e["status"] or 0) >= 400]
    assert errors, "no error was recorded"
    fits = validator("ErrorResponse").is_valid
    assert [e["id"] for e in errors if not fits(e["response_body"])] == []


WITH_BODY = {o["operationId"] for _, _, o in operations(document()) if "requestBody" in o}


@pytest.mark.parametrize("operation", sorted(WITH_BODY))
def test_every_recorded_request_that_was_served_fits(operation: str) -> None:
    served = [
        e
        for e in exchanges()
        if operation_of(e) == operation
        and e["status"] == 200
        and e["api_version"] == "v2"
        and e["request_body"] is not None
    ]
    if not served:
        pytest.skip(f"no request of {operation} was recorded")
    fits = request_validator(operation).is_valid
    assert [e["id"] for e in served if not fits(e["request_body"])] == []


def test_recorded_requests_with_wrong_metadata_were_refused_and_do_not_fit() -> None:
    refused = [
        e
        for e in exchanges()
        if operation_of(e) in {"update_message", "update_thread"} and e["status"] == 400
    ]
    assert refused, "no refused change was recorded"
    for exchange in refused:
        fits = request_validator(operation_of(exchange) or "").is_valid
        assert not fits(exchange["request_body"])
