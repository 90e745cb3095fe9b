"""openapi.yaml is valid, keeps the house rules, and describes what real servers send."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from jsonschema import Draft202012Validator
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
    response_schema,
    stream_events,
    validator,
    validator_for,
)

Doc = dict[str, Any]
Placed = Iterator[tuple[str, Any]]
EVENTS = "text/event-stream"
BYTES = "application/octet-stream"
OTHERS = (EVENTS, BYTES)
RESERVED = {"d", "cls", "to_dict", "from_dict", "field_dict", "additional_properties"}


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


def answers(doc: Doc) -> Iterator[tuple[Doc, str, Doc]]:
    """Yield (operation, status, bodies by content type) for the answers of a document."""
    for _, _, operation in operations(doc):
        for status, answer in operation["responses"].items():
            yield operation, status, resolve(doc, answer).get("content", {})


def reachable(doc: Doc, schema: Any, seen: set[str]) -> None:
    """Add to ``seen`` the names of all component schemas that a schema leads to."""
    for _, part in subschemas(schema, ""):
        name = part.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            reachable(doc, doc["components"]["schemas"][name], seen)


def tag(doc: Doc, member: dict[str, Any]) -> tuple[str, list[str]]:
    """Return name and values of a schema's tag (first property, fixed, required) or blanks."""
    first: tuple[str, Any] = next(iter(member.get("properties", {}).items()), ("", {}))
    name, schema = first[0], resolve(doc, first[1])
    values = [schema["const"]] if "const" in schema else schema.get("enum", [])
    tagged = values and name in member.get("required", [])
    return (name, values) if tagged else ("", [])


# ---- house rules: each returns the places that break it ------------------------------------------


def unions_without_tag(doc: Doc) -> list[str]:
    """The members of a union of objects are told apart by one tag, which is written down."""
    found = []
    for where, schema in schemas(doc):
        refs = [m["$ref"] for m in schema.get("oneOf", []) + schema.get("anyOf", []) if "$ref" in m]
        tags = {ref: tag(doc, resolve(doc, {"$ref": ref})) for ref in refs}
        names = {name for name, _ in tags.values()}
        discriminator = {
            "propertyName": "".join(names),
            "mapping": {value: ref for ref, (_, values) in tags.items() for value in values},
        }
        if len(refs) > 1 and (
            len(names) > 1
            or "" in names
            or len(discriminator["mapping"]) < sum(len(values) for _, values in tags.values())
            or schema.get("discriminator") != discriminator
        ):
            found.append(where)
    return found


def inline_objects(doc: Doc) -> list[str]:
    """Objects are named components, because inline ones get made-up class names.

    But for events, which are lines and no JSON: no class is made of them.
    """
    named = doc["components"]["schemas"]
    return [
        where
        for where, schema in schemas(doc)
        if where not in named
        and EVENTS not in where
        and (schema.get("type") == "object" or schema.keys() & {"properties", "allOf"})
    ]


def titles_and_defaults(doc: Doc) -> list[str]:
    """No title, by which the generator names classes; no default, which the client would send."""
    return [where for where, schema in schemas(doc) if schema.keys() & {"title", "default"}]


def closed_responses(doc: Doc) -> list[str]:
    """Nothing that comes from a server forbids unknown fields: they would be lost in silence."""
    seen: set[str] = set()
    for _, _, content in answers(doc):
        for media in content.values():
            reachable(doc, media["schema"], seen)
            for ref in media.get("x-events", {}).values():
                reachable(doc, {"$ref": ref or ""}, seen)
    return [
        where
        for name in sorted(seen)
        for where, schema in subschemas(doc["components"]["schemas"][name], name)
        if schema.get("additionalProperties") is False
    ]


def odd_operations(doc: Doc) -> list[str]:
    """Every operation needs the key, has one declared tag, and a snake_case id beside the vendor's.

    It says itself that it needs the key: a global statement is not read. The tag is its module.
    """
    declared = [[entry["name"]] for entry in doc["tags"]]
    ids = [o["operationId"] for _, _, o in operations(doc)]
    return [
        o["operationId"]
        for _, _, o in operations(doc)
        if o.get("security") != [{"bearerAuth": []}]
        or o.get("tags") not in declared
        or not re.fullmatch(r"[a-z]+(_[a-z]+)+", o["operationId"])
        or ids.count(o["operationId"]) > 1
        or not o.get("x-vendor-operation-id")
    ]


def reserved_names(doc: Doc) -> list[str]:
    """No field, parameter or schema is called like a method or variable of generated code."""
    names = [(where, name) for where, s in schemas(doc) for name in s.get("properties", {})]
    names += [(where, holder["name"]) for where, holder in holders(doc) if "in" in holder]
    names += [("schemas", name.lower()) for name in doc["components"]["schemas"]]
    return [f"{where}: {name}" for where, name in names if name in RESERVED]


def odd_bodies(doc: Doc) -> list[str]:
    """Every request and answer body is a named schema, a stream or bytes, and has an example."""
    found = []
    for where, media in holders(doc):
        is_named = media["schema"].get("$ref", "").startswith("#/components/schemas/")
        has_example = media.keys() & {"example", "examples"}
        if "/content/" in where and not (has_example and (is_named or where.endswith(OTHERS))):
            found.append(where)
    return found


def odd_streams(doc: Doc) -> list[str]:
    """Streams stand beside JSON, and say which component each event's data is.

    By name for ours, and in a schema for other languages.
    """
    named = {f"#/components/schemas/{name}" for name in doc["components"]["schemas"]}
    found = []
    for operation, _, content in answers(doc):
        if EVENTS in content:
            events = dict(content[EVENTS].get("x-events", {}))
            typed: dict[str, Any] = {}
            for each in content[EVENTS]["schema"].get("anyOf", ())[1:]:
                name, data = each["properties"]["event"], each["properties"]["data"]
                values = name.get("enum") or [name["const"]]
                typed |= dict.fromkeys(values, data.get("$ref"))
            # The generator types the answer by the first entry.
            if (
                [*content] != ["application/json", EVENTS]
                or content[EVENTS]["schema"].get("anyOf", [{}])[0] != {"type": "string"}
                or typed != events
                or events.pop("done", "") is not None
                or not {*events.values()} <= named
            ):
                found.append(operation["operationId"])
    return found


def missing_answers(doc: Doc) -> list[str]:
    """Every operation has one success schema, for 200 and on POST also 201, and open errors."""
    found = []
    for method, _, operation in operations(doc):
        wanted = {"200", "429", "4XX", "5XX"} | ({"201"} if method == "post" else set())
        bodies = {
            (status[0], content[kind]["schema"].get("$ref"))
            for of, status, content in answers(doc)
            for kind in {"application/json", BYTES} & content.keys()
            if of is operation
        }
        errors = {(kind, "#/components/schemas/ErrorResponse") for kind in "45"}
        one_each = sorted(kind for kind, _ in bodies) == [*"245"]
        if operation["responses"].keys() != wanted or not one_each or not errors <= bodies:
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


GET = "paths /threads/{threadId}/messages get"
BODY = f"{GET} responses 200 content application/json"
PART = "components schemas RefusalContent"
LIMIT = "components parameters Limit"
STREAM = f"components responses RunOrStreamAnswer content {EVENTS}"


def at(doc: Any, place: str) -> Any:
    return reduce(getitem, place.split(" "), doc)


BOTH = at(document(), STREAM.removesuffix(f" {EVENTS}"))
Rule = Callable[[Doc], list[str]]
RULES: dict[Rule, list[tuple[str, Any]]] = {
    unions_without_tag: [
        (f"{PART} required", ["refusal"]),
        (f"{PART} properties", {"refusal": {}, "type": {"const": "refusal"}}),
        (f"{PART} properties type", {"type": "string"}),
        (f"{PART} properties type const", "text"),
        (f"{PART} properties", {"refusal": {"const": "refusal"}}),
        ("components schemas ContentPart discriminator mapping refusal", "#/elsewhere"),
        ("components schemas CompoundOperator enum", ["and", "eq"]),
    ],
    inline_objects: [
        (f"{PART} properties refusal", {"type": "object"}),
        (f"{PART} properties refusal", {"type": "array", "items": {"properties": {}}}),
        (f"{LIMIT} schema", {"type": "object"}),
    ],
    titles_and_defaults: [
        (f"{PART} properties refusal title", "Refusal"),
        (f"{PART} properties refusal default", "No."),
        (f"{LIMIT} schema default", 20),
    ],
    closed_responses: [
        (f"{PART} additionalProperties", False),
        ("components schemas ErrorResponse additionalProperties", False),
        ("components schemas MessageDeltaEvent additionalProperties", False),
    ],
    odd_operations: [
        (f"{GET} security", []),
        (f"{GET} tags", ["messages", "runs"]),
        (f"{GET} tags", ["unknown"]),
        (f"{GET} operationId", "listMessages"),
        (f"{GET} x-vendor-operation-id", ""),
        ("paths /again", {"get": at(document(), GET)}),
    ],
    reserved_names: [
        (f"{PART} properties to_dict", {}),
        (f"{LIMIT} name", "cls"),
        ("components schemas D", {}),
    ],
    odd_bodies: [
        (f"{BODY} schema", {"type": "string"}),
        (f"{GET} requestBody", {"content": {"multipart/form-data": BOTH[EVENTS]}}),
        (BODY, {"schema": at(document(), f"{BODY} schema")}),
        (STREAM, {"schema": {"type": "string"}}),
    ],
    odd_streams: [
        (f"{STREAM} schema", {"$ref": "#/components/schemas/Run"}),
        (f"{STREAM} x-events", {}),
        (f"{STREAM} x-events", {"done": "[DONE]"}),
        (f"{STREAM} x-events", {"a": "b", "done": None}),
        ("components responses RunOrStreamAnswer content", dict(reversed(BOTH.items()))),
        ("components responses RunOrStreamAnswer content", {EVENTS: BOTH[EVENTS]}),
    ],
    missing_answers: [
        (f"{GET} responses", {}),
        (f"{GET} responses 204", {"description": "Nothing."}),
        ("paths /threads post", at(document(), GET)),
    ],
    undescribed: [
        (f"{GET} description", ""),
        (f"{LIMIT} description", ""),
        (f"{GET} responses 200 description", " "),
        (f"{PART} description", ""),
        (f"{PART} properties refusal", {"type": "string"}),
    ],
}
"""With changes of the document that break them: each is proved able to fail."""


def test_the_document_is_valid_openapi() -> None:
    validate(document())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_document_keeps_the_rule_which_would_find_a_break(rule: Rule) -> None:
    assert rule(document()) == []
    for place, value in RULES[rule]:
        changed = copy.deepcopy(document())
        *parents, last = place.split(" ")
        at(changed, " ".join(parents))[last] = value
        assert rule(changed) != [], (place, value)


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


def test_the_examples_show_all_error_forms_and_streams_of_known_events_that_fit() -> None:
    errors = document()["components"]["responses"]["ClientError"]["content"]["application/json"]
    shown = [example["value"] for example in errors["examples"].values()]
    forms = [{"statusCode", "path"}, {"status", "title", "error"}, {"error"}]
    assert all(any(form <= body.keys() for body in shown) for form in forms)
    for example in BOTH[EVENTS]["examples"].values():
        events = list(stream_events(example["value"]))
        assert events
        for name, payload in events:
            validator(event_schemas()[name] or "").validate(payload)


# ---- what readers must accept, and what requests must not be -------------------------------------

OBJECT = {"id": "x_1", "created_at": 1728657089}
IN_THREAD = OBJECT | {"thread_id": "thread_1"}
MESSAGE = IN_THREAD | {"object": "thread.message", "role": "user", "content": []}
RUN = IN_THREAD | {"object": "thread.run", "assistant_id": "asst_1", "status": "queued"}
STEP = RUN | {
    "object": "thread.run.step",
    "status": "in_progress",
    "run_id": "run_1",
    "type": "tool_calls",
    "step_details": {"type": "tool_calls", "tool_calls": []},
}
ASSISTANT = OBJECT | {"object": "assistant", "model": "any-model"}


def without_one(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the body without one of its fields, for each in turn."""
    for gone in body:
        yield {name: value for name, value in body.items() if name != gone}


def optional(schema: str) -> dict[str, None]:
    """Return null for every field of a schema that may be left out."""
    parts = document()["components"]["schemas"][schema]
    return dict.fromkeys(parts["properties"].keys() - set(parts["required"]))


def calling(*calls: dict[str, Any]) -> dict[str, Any]:
    called = [{"id": "call_1"} | call for call in calls]
    return STEP | {"step_details": {"type": "tool_calls", "tool_calls": called}}


def step_delta(*calls: dict[str, Any]) -> dict[str, Any]:
    details = {"type": "tool_calls", "tool_calls": [{"index": 0} | call for call in calls]}
    delta = {"step_details": details}
    return {"id": "step_1", "object": "thread.run.step.delta", "delta": delta}


def message_delta(*parts: dict[str, Any]) -> dict[str, Any]:
    delta = {"content": [{"index": 0} | part for part in parts]}
    return {"id": "msg_1", "object": "thread.message.delta", "delta": delta}


def tool(type_: str, *known: dict[str, Any]) -> dict[str, Any]:
    """Return a tool, a call or a part: its type, and what it has under the name of its type."""
    return {"type": type_, **({type_: known[0]} if known else {})}


def store(size: int, **more: int) -> dict[str, Any]:
    """Return a create-thread request for a vector store with chunks of that size."""
    strategy = {"type": "static", "static": {"max_chunk_size_tokens": size, **more}}
    return {"tool_resources": {"file_search": {"vector_stores": [{"chunking_strategy": strategy}]}}}


def nested(condition: dict[str, Any]) -> dict[str, Any]:
    """Return a filter that holds one that holds this."""
    return {"type": "and", "filters": [{"type": "or", "filters": [condition]}]}


ASK = {"role": "user", "content": "hello"}
EQUAL = {"type": "eq", "key": "a", "value": 1}
STORE = OBJECT | {"object": "vector_store"}
STORED = {"id": "file-1", "object": "vector_store.file"}
MAKE = {"model": "m"}
START = {"assistant_id": "asst_1"}
TOOL = {"type": "code_interpreter"}
OUTPUTS: list[dict[str, Any]] = [{}, {"output": None}, {"ouptut": "x"}]
LAST = {"type": "last_messages"}
# By schema what readers must accept, by operation what a request may be.
FIT: dict[str, list[dict[str, Any]]] = {
    "Message": [
        MESSAGE,
        MESSAGE | optional("Message"),
        MESSAGE | {"content": "bare text", "new_field": {"deep": 1}},
    ],
    "MessageList": [{"object": "list", "data": []}],
    "Thread": [OBJECT | {"object": "thread"}],
    "Assistant": [
        ASSISTANT,
        ASSISTANT | optional("Assistant"),
        ASSISTANT | {"response_format": tool("json_schema", {"name": "x"})},
    ],
    "AssistantList": [{"object": "list", "data": [ASSISTANT]}],
    "Run": [
        RUN,
        RUN | optional("Run"),
        RUN | {"tools": [tool("retrieval")], "tool_choice": tool("function", {"name": "f"})},
        RUN | {"required_action": {"type": "another"}, "new_field": {"deep": 1}},
        RUN | {"temperature": 1, "top_p": 0.5},
    ],
    "RunStep": [
        STEP,
        STEP | optional("RunStep"),
        STEP | {"expires_at": 1, "expired_at": 1, "metadata": {}},
        calling(*(tool("function", {"name": "f"} | more) for more in OUTPUTS)),
        calling(tool("file_search"), tool("file_search", {}), tool("retrieval", {})),
    ],
    "RunStepDeltaEvent": [
        step_delta(tool("file_search", {}), tool("function", {"arguments": "{"})),
        step_delta(tool("code_interpreter", {"outputs": []})),
    ],
    "MessageDeltaEvent": [
        {"id": "msg_1", "object": "thread.message.delta", "delta": {}},
        message_delta(tool("text", {"annotations": []}), {"type": "refusal", "refusal": "No."}),
        message_delta(tool("image_file", {"file_id": "f"}), tool("image_url", {"url": "u:"})),
    ],
    "StreamError": [
        {"code": None, "message": "no", "param": None, "type": "server_error"},
        {"error": {"message": "no", "type": "server_error", "param": None}},
    ],
    "FileObject": [{"id": "file-1", "object": "file"} | optional("FileObject")],
    "VectorStore": [STORE, STORE | optional("VectorStore")],
    "VectorStoreFile": [
        STORED,
        STORED | optional("VectorStoreFile"),
        STORED | {"chunking_strategy": {"type": "static"}, "attributes": {"a": 1.5, "b": True}},
    ],
    "VectorStoreFileBatch": [{"id": "b"}, {"id": "b"} | optional("VectorStoreFileBatch")],
    "VectorStoreSearchPage": [
        {"data": []} | optional("VectorStoreSearchPage"),
        {"data": [{"file_id": "f", "score": 0, "content": [{}]}], "search_query": "one text"},
    ],
    "VectorStoreFileContentPage": [{"data": [{"type": "image"}]}],
    "ErrorResponse": [
        {},
        {"error": "in words"},
        {"error": None, "statusCode": 500, "detail": [{"msg": "another server's form"}]},
    ],
    "create_message": [
        ASK | {"attachments": [], "metadata": None},
        ASK | {"metadata": {"k" * 64: "v" * 512} | {str(n): "v" for n in range(15)}},
    ],
    "create_thread": [{}, {"messages": [ASK]}, store(100, chunk_overlap_tokens=0)],
    "update_thread": [{"tool_resources": {}}],
    "update_message": [{"metadata": {}}, {}],
    "create_assistant": [
        MAKE,
        MAKE | {"tools": [TOOL] * 128, "temperature": 2, "top_p": 0, "name": "n" * 256},
        MAKE | {"tools": [tool("file_search", {"max_num_results": 50})]},
        MAKE | {"response_format": {"type": "text"}, "instructions": "i" * 256_000},
    ],
    "update_assistant": [{}],
    "create_run": [
        START,
        START | {"stream": True, "model": None, "max_completion_tokens": 16, "tools": [TOOL] * 20},
        START | {"max_prompt_tokens": 256},
        START | {"additional_messages": [ASK], "truncation_strategy": LAST | {"last_messages": 1}},
    ],
    "create_thread_and_run": [START | {"thread": {"messages": [ASK]}, "tool_choice": "required"}],
    "submit_tool_outputs": [{"tool_outputs": [{"tool_call_id": "c", "output": ""}]}],
    "update_run": [{"metadata": {}}, {}],
    "create_vector_store": [{}, {"file_ids": ["f"] * 500, "metadata": None}],
    "update_vector_store_file": [{"attributes": None}, {"attributes": {"k" * 64: "v" * 512}}],
    "create_vector_store_file_batch": [{"files": [{"file_id": "f"}] * 2000}, {"file_ids": ["f"]}],
    "search_vector_store": [{"query": ["a"], "filters": nested(EQUAL)}, {"query": ""}],
}
UNFIT: dict[str, list[dict[str, Any]]] = {
    "Message": [
        *without_one(MESSAGE),
        MESSAGE | {"object": "thread"},
        MESSAGE | {"content": [{"type": "text", "text": "a request's text"}]},
    ],
    "Thread": [MESSAGE],
    "DeletedMessage": [{"id": "msg_1", "object": "thread.deleted", "deleted": True}],
    "Run": [*without_one(RUN)],
    "RunStep": [
        *without_one(STEP),
        calling(tool("function")),
        calling(tool("code_interpreter", {"input": "x"})),
    ],
    "Assistant": [*without_one(ASSISTANT)],
    "RunStepDeltaEvent": [step_delta(tool("retrieval"))],
    "MessageDeltaEvent": [message_delta({"type": "text", "text": "bare text"}), MESSAGE],
    "create_message": [
        *without_one(ASK),
        ASK | {"role": "system"},
        ASK | {"content": []},
        ASK | {"content": [tool("text", {"value": "an answer's text"})]},
        ASK | {"content": [tool("image_url", {})]},
        ASK | {"content": [{"type": "refusal", "refusal": "no"}]},
        ASK | {"metadata": {str(n): "v" for n in range(17)}},
        ASK | {"metadata": {"k" * 65: "v"}},
        ASK | {"metadata": {"k": "v" * 513}},
        ASK | {"metadata": {"k": True}},
    ],
    "create_thread": [
        {"messages": [{"role": "user"}]},
        store(99, chunk_overlap_tokens=0),
        store(4097, chunk_overlap_tokens=0),
        store(800),
        {"tool_resources": {"file_search": {"vector_stores": [{}, {}]}}},
        {"tool_resources": {"code_interpreter": {"file_ids": ["f"] * 21}}},
    ],
    "update_message": [{"metadata": []}],
    "create_assistant": [
        {},
        MAKE | {"tools": [TOOL] * 129},
        MAKE | {"tools": [tool("retrieval")]},
        MAKE | {"tools": [tool("function")]},
        MAKE | {"tools": [tool("file_search", {"max_num_results": 51})]},
        MAKE | {"tools": [tool("file_search", {"ranking_options": {}})]},
        MAKE | {"name": "n" * 257},
        MAKE | {"instructions": "i" * 256_001},
        MAKE | {"temperature": 2.1},
        MAKE | {"top_p": 1.1},
        MAKE | {"response_format": {"type": "json_schema"}},
    ],
    "update_assistant": [{"model": None}],
    "create_run": [
        {},
        START | {"max_prompt_tokens": 255},
        START | {"tools": [TOOL] * 21},
        START | {"additional_messages": [{"role": "user"}]},
        START | {"truncation_strategy": LAST | {"last_messages": 0}},
        START | {"tool_choice": {"function": {"name": "f"}}},
    ],
    "create_thread_and_run": [START | {"thread": {"messages": [ASK | {"role": "system"}]}}],
    "submit_tool_outputs": [
        {},
        {"tool_outputs": [{"tool_call_id": "call_1"}]},
        {"tool_outputs": [{"output": "x"}]},
    ],
    "update_run": [{"metadata": []}],
    "create_vector_store": [
        {"file_ids": ["f"] * 501},
        {"expires_after": {"anchor": "created_at", "days": 1}},
        {"expires_after": {"anchor": "last_active_at", "days": 366}},
    ],
    "create_vector_store_file": [{}, {"file_id": "f", "attributes": {"a": [1]}}],
    "update_vector_store_file": [{}, {"attributes": {str(n): n for n in range(17)}}],
    "create_vector_store_file_batch": [
        {},
        {"files": [{"file_id": "f"}], "file_ids": ["f"]},
        {"file_ids": []},
    ],
    "search_vector_store": [
        {},
        {"query": "a", "max_num_results": 51},
        {"query": "a", "filters": nested(EQUAL | {"type": "equals"})},
        {"query": "a", "filters": nested({"type": "or"})},
    ],
}
OPERATIONS = {operation["operationId"]: operation for _, _, operation in operations(document())}


def fitting(name: str) -> Draft202012Validator:
    """Return the validator of a schema, or of an operation's request."""
    return (request_validator if name in OPERATIONS else validator)(name)


@pytest.mark.parametrize("name", FIT | UNFIT)
def test_what_is_tolerable_or_within_the_limits_fits_and_nothing_else(name: str) -> None:
    for body in FIT.get(name, ()):
        fitting(name).validate(body)
    assert [body for body in UNFIT.get(name, ()) if fitting(name).is_valid(body)] == []


STREAMING = {"create_run", "create_thread_and_run", "submit_tool_outputs"}


def unfit(name: str, bodies: list[tuple[str, Any]]) -> list[str]:
    """Return which of (exchange id, body) do not fit a schema, or the request of an operation."""
    return [where for where, body in bodies if not fitting(name).is_valid(body)]


def test_all_but_a_few_operations_and_every_kind_of_answer_were_recorded() -> None:
    assert len(OPERATIONS.keys() & {operation_of(e) for e in exchanges()}) > 20
    streamed = {operation_of(e) for e in exchanges() if isinstance(e["response_body"], str)}
    assert streamed >= STREAMING
    states = {body.get("status") for _, body in recorded("thread.message")} - {None}
    assert states == {*document()["components"]["schemas"]["MessageStatus"]["enum"]}


def test_these_operations_and_no_other_may_stream_and_with_the_published_events() -> None:
    of = {o["operationId"] for o, _, content in answers(document()) if EVENTS in content}
    assert of == STREAMING
    names = event_schemas()
    assert len(names) == 25
    states = document()["components"]["schemas"]["RunStatus"]["enum"]
    of_runs = {name.removeprefix("thread.run.") for name, ref in names.items() if ref == "Run"}
    assert of_runs == {"created", *states}


@pytest.mark.parametrize(("kind", "name"), SCHEMA_OF.items())
def test_every_recorded_object_fits(kind: str, name: str) -> None:
    objects = recorded(kind)
    assert objects, f"no {name} was recorded"
    assert unfit(name, objects) == []


def test_every_recorded_event_fits_the_schema_of_its_name() -> None:
    names = event_schemas()
    bodies = [e["response_body"] for e in exchanges() if isinstance(e["response_body"], str)]
    events = [event for body in bodies for event in stream_events(body)]
    assert [e for e in events if unfit(names[e[0]] or "", [e])] == []


@pytest.mark.parametrize("operation", OPERATIONS)
def test_recorded_answers_and_the_requests_that_were_served_fit(operation: str) -> None:
    served = [e for e in exchanges() if operation_of(e) == operation and e["status"] == 200]
    if not served:
        pytest.skip(f"nothing of {operation} was recorded")
    answers = [(e["id"], e["response_body"]) for e in served]
    answers = [(where, body) for where, body in answers if not isinstance(body, str)]
    assert unfit(response_schema(operation), answers) == []
    if "requestBody" in OPERATIONS[operation]:
        new = [(e["id"], e["request_body"]) for e in served if e["api_version"] == "v2"]
        assert unfit(operation, [each for each in new if each[1] is not None]) == []


def test_every_recorded_error_fits_and_the_metadata_that_was_refused_does_not() -> None:
    errors = [(e["id"], e["response_body"]) for e in exchanges() if (e["status"] or 0) >= 400]
    assert errors, "no error was recorded"
    assert unfit("ErrorResponse", errors) == []
    refused = [
        (operation, e["id"], e["request_body"])
        for e in exchanges()
        if (operation := operation_of(e)) in ("update_message", "update_thread")
        and e["status"] == 400
    ]
    assert refused, "no refused change was recorded"
    assert [where for name, where, body in refused if not unfit(name or "", [(where, body)])] == []
