"""Threads and messages, and what all operations share. No clock but the time of day."""

from __future__ import annotations

import json
import secrets
import string
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from . import _checks
from ._checks import ListQuery, Refusal
from ._replies import ReplyFunction
from ._store import Listed, Position, Store, messages_of

JSON = dict[str, Any]

_ALPHABET = string.ascii_letters + string.digits


Headers = tuple[tuple[str, str], ...]

STREAM_TYPE = "text/event-stream; charset=utf-8"
ACTIVE = ("queued", "in_progress", "requires_action", "cancelling")
"""What a run may be that keeps its thread from taking messages and other runs."""
_UNFINISHED = ("queued", "in_progress", "cancelling")
_POLL_SOON = (("openai-poll-after-ms", "20"),)


class LocalResponse(NamedTuple):
    """A complete HTTP answer; of a stream, all of its events."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def is_stream(self) -> bool:
        """Whether the body is an event stream."""
        return ("content-type", STREAM_TYPE) in self.headers


class Call(NamedTuple):
    """A request whose route, method and key were accepted."""

    store: Store
    ids: tuple[str, ...]
    query: str
    body: bytes
    content_type: str
    reply: ReplyFunction


class Events(NamedTuple):
    """An answer that is a stream: its events, each as it goes out."""

    events: list[bytes]


def answered(payload: JSON | Events, started: float) -> LocalResponse:
    """Return the answer of an operation that succeeded."""
    if isinstance(payload, Events):
        return _response(200, STREAM_TYPE, b"".join(payload.events), started)
    poll = payload.get("object") == "thread.run" and payload["status"] in _UNFINISHED
    return _json_response(200, payload, started, _POLL_SOON if poll else ())


def refused(refusal: Refusal, started: float | None = None) -> LocalResponse:
    """Return the answer that a refusal is."""
    return _json_response(refusal.status, refusal.envelope(), started, refusal.headers)


def _json_response(
    status: int, payload: JSON, started: float | None, extra: Headers = ()
) -> LocalResponse:
    body = json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")
    return _response(status, "application/json", body, started, extra)


def _response(
    status: int, content_type: str, body: bytes, started: float | None, extra: Headers = ()
) -> LocalResponse:
    elapsed = 0 if started is None else round((time.perf_counter() - started) * 1000)
    return LocalResponse(
        status,
        (
            ("content-type", content_type),
            ("openai-version", "2020-10-01"),
            ("x-request-id", f"req_{secrets.token_hex(16)}"),
            ("openai-processing-ms", str(elapsed)),
            *extra,
        ),
        body,
    )


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


def _create_thread(call: Call) -> JSON:
    _checks.no_query(call.query)
    return add_thread(call.store, _checks.new_thread(_checks.parse_body(call.body)))


def add_thread(store: Store, fields: JSON) -> JSON:
    """Keep a new thread with its messages, and return it."""
    messages = fields.pop("messages")
    file_search = fields["tool_resources"].get("file_search", {})
    if file_search.pop("vector_stores", None):
        file_search["vector_store_ids"] = [new_id("vs")]
    thread = thread_document(new_id("thread"), created_at=now(), **fields)
    store.add_thread(thread["id"], thread)
    for message in messages:
        add_message(store, thread["id"], message)
    return thread


def _retrieve_thread(call: Call) -> JSON:
    _checks.no_query(call.query)
    thread = found_thread(call)
    # Create and update answer {} for a thread without resources; only retrieve spells them out.
    if thread.get("tool_resources") == {}:
        thread["tool_resources"] = {"code_interpreter": {"file_ids": []}}
    return thread


def _update_thread(call: Call) -> JSON:
    _checks.no_query(call.query)
    changes = _checks.thread_changes(_checks.parse_body(call.body))
    thread = found_thread(call) | changes
    call.store.replace_thread(thread["id"], thread)
    return thread


def _delete_thread(call: Call) -> JSON:
    _checks.no_query(call.query)
    (thread_id,) = call.ids
    if not call.store.delete_thread(thread_id):
        raise not_found("thread", thread_id)
    return {"id": thread_id, "object": "thread.deleted", "deleted": True}


def _create_message(call: Call) -> JSON:
    _checks.no_query(call.query)
    fields = _checks.new_message(_checks.parse_body(call.body))
    thread_id = found_thread(call)["id"]
    refuse_active_run(call.store, thread_id, "Can't add messages to {} while a run {} is active.")
    return add_message(call.store, thread_id, fields)


def _list_messages(call: Call) -> JSON:
    query = _checks.list_query(call.query, "run_id")
    within = messages_of(found_thread(call)["id"])
    after, before = (cursor(call.store, within, c, "message") for c in (query.after, query.before))
    if query.run_id is not None:
        within = Listed(within.table, {**within.columns, "run_id": query.run_id})
    return page(call.store, within, query, after, before)


def cursor(store: Store, within: Listed, object_id: str | None, kind: str) -> Position | None:
    """Return where the object that a query names stands in the list."""
    if object_id is None:
        return None
    position = store.position(within, object_id)
    if position is None:
        raise not_found(kind, object_id)
    return position


def page(
    store: Store,
    within: Listed,
    query: ListQuery,
    after: Position | None,
    before: Position | None,
) -> JSON:
    """Return one page of a list."""
    data, has_more = store.page(
        within,
        descending=query.order == "desc",
        limit=query.limit,
        after=after,
        before=before,
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
    thread_id, message_id = found_thread(call)["id"], call.ids[1]
    if not call.store.delete_message(thread_id, message_id):
        raise not_found("message", message_id)
    return {"id": message_id, "object": "thread.message.deleted", "deleted": True}


def add_message(store: Store, thread_id: str, fields: JSON) -> JSON:
    """Keep a new message, and return it."""
    message = message_document(new_id("msg"), thread_id, created_at=now(), **fields)
    store.add_message(
        thread_id,
        message["id"],
        message,
        created_at=message["created_at"],
        run_id=message["run_id"],
    )
    return message


def refuse_active_run(store: Store, thread_id: str, wording: str) -> None:
    """Refuse with that wording where a run is active on the thread."""
    for run in store.children("thread.run", thread_id):
        expire(store, run)
        if run["status"] in ACTIVE:
            raise Refusal(400, wording.format(thread_id, run["id"]))


def expire(store: Store, run: JSON) -> None:
    """End the run where its time has passed; only what a request started has a time."""
    if store.is_moving(run["id"]) and run["status"] in ACTIVE and run["expires_at"] < now():
        end_run(store, run, "expired")


def end_run(store: Store, run: JSON, status: str, **fields: Any) -> list[JSON]:
    """End the run and its open steps; return these."""
    run.update(status=status, expires_at=None, required_action=None, **fields)
    store.put(run)
    open_ = [s for s in store.children("thread.run.step", run["id"]) if s["status"] in ACTIVE]
    for step in open_:
        step.update(status=status, **{key: at for key, at in fields.items() if key in step})
        store.put(step)
    return open_


def found_thread(call: Call) -> JSON:
    """Return the thread of the path."""
    thread = call.store.thread(call.ids[0])
    if thread is None:
        raise not_found("thread", call.ids[0])
    return thread


def _message(call: Call) -> JSON:
    found_thread(call)
    message = call.store.message(*call.ids)
    if message is None:
        raise not_found("message", call.ids[1])
    return message


def not_found(kind: str, object_id: str) -> Refusal:
    """Return the refusal for something that is not there."""
    return Refusal(404, f"No {kind} found with id '{object_id}'.")


Operation = Callable[[Call], JSON | Events]

THREADS: Mapping[str, Operation] = {"POST": _create_thread}
THREAD: Mapping[str, Operation] = {
    "GET": _retrieve_thread,
    "POST": _update_thread,
    "DELETE": _delete_thread,
}
MESSAGES: Mapping[str, Operation] = {"POST": _create_message, "GET": _list_messages}
MESSAGE: Mapping[str, Operation] = {
    "GET": _retrieve_message,
    "POST": _update_message,
    "DELETE": _delete_message,
}
