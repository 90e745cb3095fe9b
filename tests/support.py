"""What several test modules share: the document, validators made from it, recorded exchanges."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parent.parent
RECORDINGS = ROOT.parent / "shared" / "exchanges" / "dev.jsonl"
METHODS = ("get", "put", "post", "delete", "patch")
_BASE = "urn:laplas:openapi"
# What the `object` field of a recorded object says, and the schema for it. Lists are of many kinds.
SCHEMA_OF = {
    "assistant": "Assistant",
    "assistant.deleted": "DeletedAssistant",
    "thread": "Thread",
    "thread.deleted": "DeletedThread",
    "thread.message": "Message",
    "thread.message.deleted": "DeletedMessage",
    "thread.message.delta": "MessageDeltaEvent",
    "thread.run": "Run",
    "thread.run.step": "RunStep",
    "thread.run.step.delta": "RunStepDeltaEvent",
}


@cache
def document() -> dict[str, Any]:
    """Return openapi.yaml as a dict. Shared between tests: do not change it."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))
    return loaded


def resolve(doc: dict[str, Any], node: Any) -> Any:
    """Follow a local ``$ref`` of ``doc`` to what it names; return any other node as it is."""
    while isinstance(node, dict) and "$ref" in node:
        target: Any = doc
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def operations(doc: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (method, path, operation) for every operation of ``doc``."""
    for path, item in doc["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def validator_for(schema: dict[str, Any]) -> Draft202012Validator:
    """Return a validator for a schema whose references point into the document."""
    registry = Registry().with_resource(_BASE, DRAFT202012.create_resource(document()))
    based = json.loads(json.dumps(schema).replace('"$ref": "#/', f'"$ref": "{_BASE}#/'))
    return Draft202012Validator(based, registry=registry)


@cache
def validator(schema_name: str) -> Draft202012Validator:
    """Return a validator for the component schema of that name."""
    return validator_for({"$ref": f"#/components/schemas/{schema_name}"})


@cache
def response_schema(operation_id: str) -> str:
    """Return the name of the schema of the operation's 200 answer in JSON."""
    answer = resolve(document(), _operation(operation_id)["responses"]["200"])
    ref: str = answer["content"]["application/json"]["schema"]["$ref"]
    return ref.rpartition("/")[2]


def response_validator(operation_id: str) -> Draft202012Validator:
    """Return a validator for the body of the operation's 200 answer in JSON."""
    return validator(response_schema(operation_id))


@cache
def request_validator(operation_id: str) -> Draft202012Validator:
    """Return a validator for the operation's request body, JSON or a form."""
    body = resolve(document(), _operation(operation_id)["requestBody"])
    (form,) = body["content"].values()
    return validator_for(form["schema"])


@cache
def exchanges() -> list[dict[str, Any]]:
    """Return the recorded exchanges, or skip the test when they are not there."""
    if not RECORDINGS.exists():
        pytest.skip("the recorded exchanges (../shared/exchanges/dev.jsonl) are not here")
    with RECORDINGS.open(encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


def operation_of(exchange: dict[str, Any]) -> str | None:
    """Return the operationId that a recorded exchange belongs to, or None for other calls."""
    for method, path, operation in operations(document()):
        # "/threads/runs" is not a thread named "runs".
        pattern = "(/v1)?" + re.sub(r"\{\w+\}", "(?!runs$)[^/]+", path)
        if exchange["method"] == method.upper() and re.fullmatch(pattern, exchange["path"]):
            name: str = operation["operationId"]
            return name
    return None


def stream_events(body: str) -> Iterator[tuple[str, Any]]:
    """Yield (event name, JSON payload) for the events of a recorded stream, except for `done`."""
    name = ""
    # Not splitlines(): payloads may hold other line separators, such as U+2028.
    for line in body.split("\n"):
        if line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:") and line != "data: [DONE]":
            text = line.removeprefix("data:").strip()
            # Not loads(): in four documented streams, runs have a brace too many at the end.
            payload, end = json.JSONDecoder().raw_decode(text)
            assert text[end:] in ("", "}"), text
            yield name, payload


def event_schemas() -> dict[str, str | None]:
    """Return the schema names of the events of streams; None for `done`, which has no JSON."""
    answer = document()["components"]["responses"]["RunOrStreamAnswer"]
    events = answer["content"]["text/event-stream"]["x-events"]
    return {name: ref and ref.rpartition("/")[2] for name, ref in events.items()}


@cache
def recorded(kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return (exchange id, object) for all recorded objects of one kind, a key of `SCHEMA_OF`.

    Objects in lists and in event streams are among them.
    """
    return [
        (exchange["id"], found)
        for exchange in exchanges()
        for found in _objects(exchange["response_body"])
        if found["object"] == kind
    ]


def _objects(body: Any) -> Iterator[dict[str, Any]]:
    """Yield everything inside a recorded body that says what kind of object it is."""
    if isinstance(body, str):
        for _, payload in stream_events(body):
            yield from _objects(payload)
    elif isinstance(body, dict):
        if isinstance(body.get("object"), str):
            yield body
        yield from _objects([child for child in body.values() if not isinstance(child, str)])
    elif isinstance(body, list):
        for child in body:
            if not isinstance(child, str):
                yield from _objects(child)


def _operation(operation_id: str) -> dict[str, Any]:
    return next(o for _, _, o in operations(document()) if o["operationId"] == operation_id)
