"""Payloads to spoil, ways to spoil them, and what must hold of a client that reads the outcome."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st
from support import RECORDINGS, document, exchanges, operation_of, resolve

from laplas import UnparsableResponseError
from laplas._core.calls import CHECKER
from laplas._core.response import Response
from laplas._core.response import decode_response as decoded
from laplas_api import models
from laplas_api.calls import Call
from laplas_api.resources import messages, threads

CALLS: Final[dict[str, Call[Any]]] = {
    call.operation: call._replace(answer_id=None)
    for call in (
        messages.retrieve_message(CHECKER, "t", "m"),
        messages.list_messages(CHECKER, "t"),
        messages.delete_message(CHECKER, "t", "m"),
        threads.retrieve_thread(CHECKER, "t"),
        threads.delete_thread(CHECKER, "t"),
    )
}
"""One operation for each kind of answer, with whatever id."""


def checked(call: Call[Any], body: bytes) -> Any:
    """Decode a 200 answer with that body, and hold the promise: nothing lost, or the typed error.

    Returns the result, or None after the error.
    """
    try:
        result = decoded(call, Response(200, {"x-request-id": "req_1"}, body))
    except UnparsableResponseError as error:
        problem = error
    else:
        if call.empty is None or body.strip():
            assert _text(result.to_dict()) == _text(json.loads(body))
            _look_at(result)
        return result
    assert problem.body == body.decode("utf-8", "replace")
    assert (problem.status_code, problem.request_id) == (200, "req_1")
    assert problem.reason
    assert problem.operation == call.operation
    assert str(problem)
    return None


def _text(value: Any) -> str:
    # As text, since 1 == 1.0 == True and NaN != NaN.
    return json.dumps(value, sort_keys=True)


def _look_at(result: Any) -> None:
    """Read all that a caller may read; only `created` may say that the server sent no time."""
    assert repr(result)
    items = getattr(result, "data", None)
    for item in (result, *(items if isinstance(items, list) else ())):
        for name in dir(type(item)):
            if name.startswith("_") or callable(getattr(type(item), name)):
                continue
            try:
                getattr(item, name)
            except ValueError:
                assert name == "created"


class Sample(NamedTuple):
    """A whole payload, with the call that reads it."""

    name: str
    call: Call[Any]
    payload: Any


def model_samples() -> list[Sample]:
    """A payload for each model, made from the document: every field, every member of a union."""
    found = []
    for name, schema in document()["components"]["schemas"].items():
        model: Any = getattr(models, name, None)
        if hasattr(model, "from_dict") and "binary" not in json.dumps(schema):
            found.append(Sample(name, Call(name, "read", "GET", "/", model), _sample(schema)))
    return found


def _sample(schema: dict[str, Any]) -> Any:
    schema = resolve(document(), schema)
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return _sample(schema[union][0])
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type")
    match kind if isinstance(kind, str) else (kind or ["null"])[0]:
        case "object":
            known = {name: _sample(field) for name, field in schema.get("properties", {}).items()}
            return known or {"key": "value"}
        case "array":
            items = resolve(document(), schema.get("items", {}))
            return [_sample(item) for item in items.get("oneOf", [items])]
        case other:
            plain = {"integer": 1_700_000_000, "number": 0.5, "boolean": True, "string": "text"}
            return plain.get(str(other))


def call_samples() -> list[Sample]:
    """Payloads of the operations in `CALLS`: made here, and recorded ones where they are there."""
    made = {sample.name: sample.payload for sample in model_samples()}
    message = made["Message"]
    message["content"].append({"type": "of_tomorrow", "of_tomorrow": [1, {"a": None}]})
    message["attachments"][0]["tools"].append({"type": "new"})
    page = made["MessageList"] | {"data": [message, message | {"content": "a bare string"}]}
    payloads = {
        "retrieve_message": [message],
        "list_messages": [page, [message, message]],
        "delete_message": [made["DeletedMessage"]],
        "retrieve_thread": [made["Thread"]],
        "delete_thread": [made["DeletedThread"]],
    }
    found = [Sample(n, CALLS[n], payload) for n, each in payloads.items() for payload in each]
    return found + list(_recorded())


def _recorded() -> Iterator[Sample]:
    for row in exchanges() if RECORDINGS.exists() else ():
        # Creating and updating are answered as retrieving is.
        name = re.sub("^(create|update)_(message|thread)$", r"retrieve_\2", operation_of(row) or "")
        if name in CALLS and row["status"] == 200 and isinstance(row["response_body"], dict | list):
            yield Sample(name, CALLS[name], row["response_body"])


ODD: Final[list[Any]] = [
    None, True, False, 0, -1, 1.5, 1e308, 10**30, "", "text", "\u0000", "😀", "null",
    [], [None], [[]], ["text"], [{}], {}, {"": None}, {"type": None}, {"type": "text"},
    {"type": ["text"]}, {"value": {}}, {"id": 1}, {"data": {}}, {"__class__": "x", "self": 1},
]  # fmt: skip
"""Values of every JSON type, to stand where another was expected."""


@st.composite
def spoiled(draw: st.DrawFn, payload: Any) -> Any:
    """The payload with one to four things done to what is in it."""
    whole = copy.deepcopy(payload)
    for _ in range(draw(st.integers(1, 4))):
        if places := list(_places(whole)):
            _spoil(draw, *draw(st.sampled_from(places)))
    return whole


def _spoil(draw: st.DrawFn, holder: Any, key: Any) -> None:
    old = holder[key]
    odd = copy.deepcopy(draw(st.sampled_from(ODD)))
    match draw(st.sampled_from(["drop", "null", "retype", "duplicate", "deepen", "extend"])):
        case "drop":
            del holder[key]
        case "null":
            holder[key] = None
        case "retype":
            holder[key] = odd
        case "duplicate" if isinstance(holder, list):
            holder.insert(key, copy.deepcopy(old))
        case "duplicate":
            holder[f"{key}_2"] = copy.deepcopy(old)
        case "deepen":
            for _ in range(draw(st.sampled_from([1, 2, 60]))):
                inner = holder[key]
                holder[key] = [inner] if draw(st.booleans()) else {"type": "x", "x": inner}
        case _ if isinstance(old, list):
            old.append(odd)
        case _ if isinstance(old, dict):
            old[draw(st.sampled_from(["new", "type", "id", "_extra", "to_dict", "é", ""]))] = odd
        case _:
            holder[key] = [old, odd]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each (container, key or index) in the value, at any depth."""
    pending = [value]
    while pending:
        holder = pending.pop()
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, item in pairs:
            yield holder, key
            if isinstance(item, dict | list):
                pending.append(item)


def each_with(payload: Any, value: Any) -> Iterator[Any]:
    """The payload with that value in one of its places, for each place in turn."""
    for number in range(len(list(_places(payload)))):
        whole = copy.deepcopy(payload)
        holder, key = list(_places(whole))[number]
        holder[key] = value
        yield whole
