"""Payloads to spoil, ways to spoil them, and what must hold of a client that reads the outcome."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
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

THREAD: Final = "thread_abc123"
MESSAGE: Final = "msg_abc123"

CALLS: Final[dict[str, Call[Any]]] = {
    "retrieve_message": messages.retrieve_message(CHECKER, THREAD, MESSAGE),
    "list_messages": messages.list_messages(CHECKER, THREAD),
    "delete_message": messages.delete_message(CHECKER, THREAD, MESSAGE),
    "retrieve_thread": threads.retrieve_thread(CHECKER, THREAD),
    "delete_thread": threads.delete_thread(CHECKER, THREAD),
}
"""One operation for each kind of answer."""

_SAME_ANSWER: Final = {
    "create_message": "retrieve_message",
    "update_message": "retrieve_message",
    "create_thread": "retrieve_thread",
    "update_thread": "retrieve_thread",
}


def checked(call: Call[Any], body: bytes) -> Any:
    """Decode a 200 answer with that body, and hold the promise: nothing lost, or the typed error.

    Returns the result, or None after the error.
    """
    try:
        result = decoded(call, Response(200, {"x-request-id": "req_1"}, body))
    except UnparsableResponseError as error:
        problem = error
    else:
        _nothing_lost(call, body, result)
        return result
    assert problem.body == body.decode("utf-8", "replace")
    assert (problem.status_code, problem.request_id) == (200, "req_1")
    assert problem.reason
    assert problem.operation == call.operation
    assert str(problem)
    return None


def _nothing_lost(call: Call[Any], body: bytes, result: Any) -> None:
    if call.empty is None or body.strip():
        assert _text(result.to_dict()) == _text(json.loads(body))
        _look_at(result)


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


# ---- payloads that are as they should be ---------------------------------------------------------


class Sample(NamedTuple):
    """A whole payload, with the call that reads it."""

    name: str
    call: Call[Any]
    payload: Any


def model_samples() -> list[Sample]:
    """A payload for each model, made from the document: every field, every member of a union."""
    schemas = document()["components"]["schemas"]
    found = []
    for name in models.__all__:
        model = getattr(models, name)
        if hasattr(model, "from_dict") and "binary" not in json.dumps(schemas.get(name)):
            call: Call[Any] = Call(name, "read", "GET", "/", model)
            found.append(Sample(name, call, _sample(schemas[name])))
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
        case "integer":
            return 1_700_000_000
        case "number":
            return 0.5
        case "boolean":
            return True
        case "string":
            return "text"
        case _:
            return None


def call_samples() -> list[Sample]:
    """Payloads of the operations in `CALLS`: built in, and recorded ones where they are there."""
    found = [
        Sample("retrieve_message", CALLS["retrieve_message"], _MESSAGE),
        Sample("list_messages", CALLS["list_messages"], _PAGE),
        Sample("list_messages", CALLS["list_messages"], [_MESSAGE, _MESSAGE]),
        Sample("delete_message", CALLS["delete_message"], _GONE),
        Sample("retrieve_thread", CALLS["retrieve_thread"], _THREAD),
        Sample("delete_thread", CALLS["delete_thread"], {**_GONE, "object": "thread.deleted"}),
    ]
    return found + list(_recorded())


def _recorded() -> Iterator[Sample]:
    if not RECORDINGS.exists():
        return
    for row in exchanges():
        operation = operation_of(row) or ""
        name = _SAME_ANSWER.get(operation, operation)
        if name in CALLS and row["status"] == 200 and isinstance(row["response_body"], dict | list):
            yield Sample(name, CALLS[name], row["response_body"])


_TEXT = {
    "type": "text",
    "text": {
        "value": "Cars have wheels【4:0†source】.",
        "annotations": [
            {
                "type": "file_citation",
                "text": "【4:0†source】",
                "start_index": 16,
                "end_index": 28,
                "file_citation": {"file_id": "file-1", "quote": None},
            },
            {
                "type": "file_path",
                "text": "sandbox:/a.csv",
                "start_index": 0,
                "end_index": 4,
                "file_path": {"file_id": "file-2"},
            },
        ],
    },
}
_MESSAGE: Final[dict[str, Any]] = {
    "id": MESSAGE,
    "object": "thread.message",
    "created_at": 1_700_000_000,
    "thread_id": THREAD,
    "role": "assistant",
    "content": [
        _TEXT,
        {"type": "image_file", "image_file": {"file_id": "file-3", "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://a.example/b.png"}},
        {"type": "refusal", "refusal": "No."},
        {"type": "of_tomorrow", "of_tomorrow": [1, {"a": None}]},
    ],
    "assistant_id": None,
    "run_id": "run_1",
    "attachments": [{"file_id": "file-4", "tools": [{"type": "file_search"}, {"type": "new"}]}],
    "metadata": {"user": "abc123"},
    "status": "incomplete",
    "incomplete_details": {"reason": "max_tokens"},
    "completed_at": None,
    "incomplete_at": 1_700_000_001,
}
_THREAD: Final[dict[str, Any]] = {
    "id": THREAD,
    "object": "thread",
    "created_at": 1_700_000_000,
    "metadata": {},
    "tool_resources": {
        "code_interpreter": {"file_ids": ["file-1"]},
        "file_search": {"vector_store_ids": []},
    },
}
_GONE: Final = {"id": MESSAGE, "object": "thread.message.deleted", "deleted": True}
_PAGE: Final[dict[str, Any]] = {
    "object": "list",
    "data": [_MESSAGE, {**_MESSAGE, "id": "msg_2", "content": "a bare string"}],
    "first_id": MESSAGE,
    "last_id": "msg_2",
    "has_more": False,
}


# ---- ways to spoil them --------------------------------------------------------------------------

ODD: Final[list[Any]] = [
    None, True, False, 0, -1, 1.5, 1e308, 10**30, "", "text", "\u0000", "😀", "null",
    [], [None], [[]], ["text"], [{}], {}, {"": None}, {"type": None}, {"type": "text"},
    {"type": ["text"]}, {"value": {}}, {"id": 1}, {"data": {}}, {"__class__": "x", "self": 1},
]  # fmt: skip
"""Values of every JSON type, to stand where another was expected."""

_DEEP: Final = 60


@st.composite
def spoiled(draw: st.DrawFn, payload: Any) -> Any:
    """The payload with one to four things done to what is in it."""
    whole = copy.deepcopy(payload)
    for _ in range(draw(st.integers(1, 4))):
        if places := list(_places(whole)):
            holder, key = draw(st.sampled_from(places))
            draw(st.sampled_from(_WAYS))(draw, holder, key)
    return whole


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


def _drop(_: st.DrawFn, holder: Any, key: Any) -> None:
    del holder[key]


def _null(_: st.DrawFn, holder: Any, key: Any) -> None:
    holder[key] = None


def _retype(draw: st.DrawFn, holder: Any, key: Any) -> None:
    holder[key] = copy.deepcopy(draw(st.sampled_from(ODD)))


def _duplicate(_: st.DrawFn, holder: Any, key: Any) -> None:
    again = copy.deepcopy(holder[key])
    if isinstance(holder, list):
        holder.insert(key, again)
    else:
        holder[f"{key}_2"] = again


def _deepen(draw: st.DrawFn, holder: Any, key: Any) -> None:
    for _ in range(draw(st.sampled_from([1, 2, _DEEP]))):
        holder[key] = [holder[key]] if draw(st.booleans()) else {"type": "x", "x": holder[key]}


def _extend(draw: st.DrawFn, holder: Any, key: Any) -> None:
    odd = copy.deepcopy(draw(st.sampled_from(ODD)))
    target = holder[key]
    if isinstance(target, list):
        target.append(odd)
    elif isinstance(target, dict):
        target[draw(st.sampled_from(["new", "type", "id", "_extra", "to_dict", "é", ""]))] = odd
    else:
        holder[key] = [target, odd]


_WAYS: Final[list[Callable[[st.DrawFn, Any, Any], None]]] = [
    _drop,
    _null,
    _retype,
    _duplicate,
    _deepen,
    _extend,
]
