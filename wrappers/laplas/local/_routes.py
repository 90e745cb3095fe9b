"""The nine operations: request in, answer out. No sockets, no clock but the time of day."""

from __future__ import annotations

import json
import secrets
import string
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from . import _checks
from ._checks import Refusal
from ._store import Position, Store

JSON = dict[str, Any]

_ALPHABET = string.ascii_letters + string.digits


class LocalResponse(NamedTuple):
    """A complete HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Call(NamedTuple):
    """A request whose route, method and key were accepted."""

    store: Store
    ids: tuple[str, ...]
    query: str
    body: bytes


def respond(
    store: Store, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> LocalResponse:
    """Answer one request in one transaction. See `LocalServer.handle`."""
    started = time.perf_counter()
    try:
        with store.transaction():
            payload = _answer(store, method, target, headers, body)
    except Refusal as refusal:
        return refused(refusal, started)
    return _response(200, payload, started)


def refused(refusal: Refusal, started: float | None = None) -> LocalResponse:
    """Return the answer that a refusal is."""
    return _response(refusal.status, refusal.envelope(), started, refusal.headers)


def _response(
    status: int, payload: JSON, started: float | None, extra: tuple[tuple[str, str], ...] = ()
) -> LocalResponse:
    elapsed = 0 if started is None else round((time.perf_counter() - started) * 1000)
    return LocalResponse(
        status,
        (
            ("content-type", "application/json"),
            ("openai-version", "2020-10-01"),
            ("x-request-id", f"req_{secrets.token_hex(16)}"),
            ("openai-processing-ms", str(elapsed)),
            *extra,
        ),
        json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace"),
    )


def operation_name(method: str, target: str) -> str | None:
    """Return the name of the operation in the document, or None where there is none."""
    try:
        operations, _ = _route(method, _on_a_wire(target).partition("?")[0])
    except Refusal:
        return None
    return _name(operations[method]) if method in operations else None


def new_id(prefix: str) -> str:
    """Return a random id of the vendor's form: prefix, underscore, 24 letters and digits."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(24))}"


def now() -> int:
    """Return the time of day in whole Unix seconds, the unit of every timestamp."""
    return int(time.time())


def thread_document(
    thread_id: str, *, created_at: float, metadata: JSON, tool_resources: JSON
) -> JSON:
    """Return a thread as the create operation answers it."""
    return {
        "id": thread_id,
        "object": "thread",
        "created_at": created_at,
        "metadata": metadata,
        "tool_resources": tool_resources,
    }


def message_document(
    message_id: str,
    thread_id: str,
    *,
    created_at: float,
    role: str,
    content: list[JSON],
    attachments: list[JSON],
    metadata: JSON,
    assistant_id: str | None = None,
    run_id: str | None = None,
) -> JSON:
    """Return a message as the create, retrieve and list operations answer it."""
    return {
        "id": message_id,
        "object": "thread.message",
        "created_at": created_at,
        "assistant_id": assistant_id,
        "thread_id": thread_id,
        "run_id": run_id,
        "role": role,
        "content": content,
        "attachments": attachments,
        "metadata": metadata,
    }


def _answer(
    store: Store, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> JSON:
    path, _, query = _on_a_wire(target).partition("?")
    operations, ids = _route(method, path)
    if method not in operations:
        raise Refusal(
            405,
            f"Not allowed to {method} on {path}.",
            headers=(("allow", ", ".join(operations)),),
        )
    _require_key(headers)
    return operations[method](Call(store, ids, query, body))


def _on_a_wire(target: str) -> str:
    # What cannot be encoded cannot have come over a wire; it must not reach SQLite either.
    return target.encode("utf-8", "replace").decode()


def _route(method: str, path: str) -> tuple[Mapping[str, Operation], tuple[str, ...]]:
    first, *segments = [unquote(segment) for segment in path.split("/")]
    if segments[:1] == ["v1"]:
        segments = segments[1:]
    if first == "" and all(segments):
        match segments:
            case ["threads"]:
                return _THREADS, ()
            case ["threads", thread_id]:
                return _THREAD, (thread_id,)
            case ["threads", thread_id, "messages"]:
                return _MESSAGES, (thread_id,)
            case ["threads", thread_id, "messages", message_id]:
                return _MESSAGE, (thread_id, message_id)
    raise Refusal(404, f"Invalid URL ({method} {path})")


def _require_key(headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        scheme, _, key = value.strip().partition(" ")
        if name.lower() == "authorization" and scheme.lower() == "bearer" and key.strip():
            return
    raise Refusal(
        401,
        "You didn't provide an API key. Send it in the Authorization header: Bearer YOUR_KEY.",
        headers=(("www-authenticate", 'Bearer realm="OpenAI API"'),),
    )


def _create_thread(call: Call) -> JSON:
    _checks.no_query(call.query)
    fields = _checks.new_thread(_checks.parse_body(call.body))
    messages = fields.pop("messages")
    file_search = fields["tool_resources"].get("file_search", {})
    if file_search.pop("vector_stores", None):
        file_search["vector_store_ids"] = [new_id("vs")]
    thread = thread_document(new_id("thread"), created_at=now(), **fields)
    call.store.add_thread(thread["id"], thread)
    for message in messages:
        _add_message(call.store, thread["id"], message)
    return thread


def _retrieve_thread(call: Call) -> JSON:
    _checks.no_query(call.query)
    thread = _thread(call)
    # Create and update answer {} for a thread without resources; only retrieve spells them out.
    if thread.get("tool_resources") == {}:
        thread["tool_resources"] = {"code_interpreter": {"file_ids": []}}
    return thread


def _update_thread(call: Call) -> JSON:
    _checks.no_query(call.query)
    changes = _checks.thread_changes(_checks.parse_body(call.body))
    thread = _thread(call) | changes
    call.store.replace_thread(thread["id"], thread)
    return thread


def _delete_thread(call: Call) -> JSON:
    _checks.no_query(call.query)
    (thread_id,) = call.ids
    if not call.store.delete_thread(thread_id):
        raise _no_thread(thread_id)
    return {"id": thread_id, "object": "thread.deleted", "deleted": True}


def _create_message(call: Call) -> JSON:
    _checks.no_query(call.query)
    fields = _checks.new_message(_checks.parse_body(call.body))
    return _add_message(call.store, _thread(call)["id"], fields)


def _list_messages(call: Call) -> JSON:
    query = _checks.list_query(call.query)
    thread_id = _thread(call)["id"]
    data, has_more = call.store.page(
        thread_id,
        descending=query.order == "desc",
        limit=query.limit,
        after=_cursor(call.store, thread_id, query.after),
        before=_cursor(call.store, thread_id, query.before),
        run_id=query.run_id,
    )
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": has_more,
    }


def _retrieve_message(call: Call) -> JSON:
    _checks.no_query(call.query)
    return _message(call)


def _update_message(call: Call) -> JSON:
    _checks.no_query(call.query)
    changes = _checks.message_changes(_checks.parse_body(call.body))
    message = _message(call) | changes
    call.store.replace_message(message["id"], message)
    return _in_the_old_shape(message)


def _in_the_old_shape(message: JSON) -> JSON:
    # The vendor's update answers `file_ids: []` in place of `attachments`, files or no files.
    return {
        "file_ids" if key == "attachments" else key: [] if key == "attachments" else value
        for key, value in message.items()
    }


def _delete_message(call: Call) -> JSON:
    _checks.no_query(call.query)
    thread_id, message_id = _thread(call)["id"], call.ids[1]
    if not call.store.delete_message(thread_id, message_id):
        raise _no_message(message_id)
    return {"id": message_id, "object": "thread.message.deleted", "deleted": True}


def _add_message(store: Store, thread_id: str, fields: JSON) -> JSON:
    created_at = now()
    message = message_document(new_id("msg"), thread_id, created_at=created_at, **fields)
    store.add_message(thread_id, message["id"], message, created_at=created_at, run_id=None)
    return message


def _thread(call: Call) -> JSON:
    thread = call.store.thread(call.ids[0])
    if thread is None:
        raise _no_thread(call.ids[0])
    return thread


def _message(call: Call) -> JSON:
    _thread(call)
    message = call.store.message(*call.ids)
    if message is None:
        raise _no_message(call.ids[1])
    return message


def _cursor(store: Store, thread_id: str, message_id: str | None) -> Position | None:
    if message_id is None:
        return None
    position = store.position(thread_id, message_id)
    if position is None:
        raise _no_message(message_id)
    return position


def _no_thread(thread_id: str) -> Refusal:
    return Refusal(404, f"No thread found with id '{thread_id}'.")


def _no_message(message_id: str) -> Refusal:
    return Refusal(404, f"No message found with id '{message_id}'.")


Operation = Callable[[Call], JSON]

_THREADS: Mapping[str, Operation] = {"POST": _create_thread}
_THREAD: Mapping[str, Operation] = {
    "GET": _retrieve_thread,
    "POST": _update_thread,
    "DELETE": _delete_thread,
}
_MESSAGES: Mapping[str, Operation] = {"POST": _create_message, "GET": _list_messages}
_MESSAGE: Mapping[str, Operation] = {
    "GET": _retrieve_message,
    "POST": _update_message,
    "DELETE": _delete_message,
}


def _name(operation: Operation) -> str:
    return operation.__name__.removeprefix("_")


_ROUTES = (_THREADS, _THREAD, _MESSAGES, _MESSAGE)
OPERATIONS = tuple(_name(operation) for route in _ROUTES for operation in route.values())
"""The names of the operations, as in the document."""
METHODS = ("GET", "POST", "DELETE")
"""The methods of the operations."""
