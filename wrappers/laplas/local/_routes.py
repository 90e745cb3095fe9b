"""The operations on threads and messages, and what all operations share.

Where a request holds fields that are
newer than this code, threads, messages, assistants and runs keep and show them as they are.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from ._clock import new_id as new_id
from ._clock import new_request_id
from ._clock import now as now
from ._replies import ReplyFunction
from ._store import Position, Store
from ._validation import RequestError

JSON = dict[str, Any]

Headers = tuple[tuple[str, str], ...]

_JSON_TYPE = "application/json"
STREAM_TYPE = "text/event-stream; charset=utf-8"
ACTIVE = ("queued", "in_progress", "requires_action", "cancelling")
"""What a run may be that keeps its thread from taking messages and other runs."""
RESOURCES: Final[JSON] = {
    "code_interpreter": {"file_ids": []},
    "file_search": {"vector_store_ids": []},
}
"""What a tool has before it is given any files."""
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
    """A request that was accepted: its route, method, key, query and body are right."""

    store: Store
    ids: tuple[str, ...]
    query: JSON
    body: JSON
    reply: ReplyFunction

    @property
    def given(self) -> JSON:
        """The fields of the body, without those that are null: null is as good as absent."""
        return without_nulls(self.body)

    def changes(self, defaults: JSON) -> JSON:
        """The fields of a change: null sets what is there where nothing is given."""
        empty = {key: defaults.get(key) for key, value in self.body.items() if value is None}
        return self.given | empty


class Events(NamedTuple):
    """An answer that is a stream: its events, each as it goes out."""

    events: list[bytes]
    over: Future[None] | None = None
    """Done when there are all; None where there are from the start."""


LOOK_SECONDS: Final = 0.02


class Live(NamedTuple):
    """A stream that goes on: its status and headers, and its events so far."""

    head: LocalResponse
    events: list[bytes]
    over: Future[None]

    def whole(self) -> LocalResponse:
        """Wait for the end, and return all of it."""
        self.over.result()
        return self.head._replace(body=b"".join(self.events))

    def looks(self) -> Iterator[list[bytes]]:
        """Yield the events since the last look until all are there; wait `LOOK_SECONDS` between.

        They come from another thread; to look at a list is simpler than to be woken by it.
        """
        seen = 0
        while seen < len(self.events) or not self.over.done():
            new = self.events[seen:]
            seen += len(new)
            yield new


def answered(payload: JSON | Events | bytes, started: float) -> LocalResponse | Live:
    """Return the answer of an operation that succeeded."""
    if isinstance(payload, bytes):
        return _response(200, "application/octet-stream", payload, started)
    if isinstance(payload, Events):
        if payload.over is not None:
            head = _response(200, STREAM_TYPE, b"", started)
            return Live(head, payload.events, payload.over)
        return _response(200, STREAM_TYPE, b"".join(payload.events), started)
    poll = payload.get("object") == "thread.run" and payload["status"] in _UNFINISHED
    return _response(200, _JSON_TYPE, _encode(payload), started, _POLL_SOON if poll else ())


def refused(error: RequestError, started: float | None = None) -> LocalResponse:
    """Return the answer that an error is."""
    return _response(error.status, _JSON_TYPE, _encode(error.envelope()), started, error.headers)


def _encode(payload: JSON) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")


def _response(
    status: int, content_type: str, body: bytes, started: float | None, extra: Headers = ()
) -> LocalResponse:
    elapsed = 0 if started is None else round((time.perf_counter() - started) * 1000)
    headers = (
        ("content-type", content_type),
        ("openai-version", "2020-10-01"),
        ("x-request-id", new_request_id()),
        ("openai-processing-ms", str(elapsed)),
    )
    return LocalResponse(status, headers + extra, body)


def without_nulls(fields: JSON) -> JSON:
    """Return the fields that are not null."""
    return {key: value for key, value in fields.items() if value is not None}


def text_part(value: str) -> JSON:
    """Return a text part as answers have it."""
    return {"type": "text", "text": {"value": value, "annotations": []}}


def thread_document(fields: JSON) -> JSON:
    """Return a thread as the create operation answers it."""
    return {
        "id": new_id("thread"),
        "object": "thread",
        "created_at": now(),
        "metadata": {},
        "tool_resources": {},
        **fields,
    }


def message_document(thread_id: str, fields: JSON, message_id: str | None = None) -> JSON:
    """Return a message as the create, retrieve and list operations answer it."""
    return {
        "id": new_id("msg") if message_id is None else message_id,
        "object": "thread.message",
        "created_at": now(),
        "assistant_id": None,
        "thread_id": thread_id,
        "run_id": None,
        "role": "user",
        "content": [],
        "attachments": [],
        "metadata": {},
        **fields,
    }


def add_thread(store: Store, body: JSON, where: str) -> JSON:
    """Keep the thread that a create body asks for with its messages, and return it."""
    fields = without_nulls(body)
    messages = fields.pop("messages", [])
    thread = thread_document(fields)
    thread["tool_resources"] = answered_resources(thread["tool_resources"])
    store.add(thread, thread | {"tool_resources": thread["tool_resources"] or no_files()})
    for index, message in enumerate(messages):
        add_message(store, thread["id"], message, f"{where}messages[{index}].")
    return thread


def no_files() -> JSON:
    """Return the resources that a thread without any is retrieved with; others answer {}."""
    return {"code_interpreter": {"file_ids": []}}


def answered_resources(given: JSON) -> JSON:
    """Return resources as answers show them: with the ids of stores that are to be created."""
    shown = {tool: {**RESOURCES.get(tool, {}), **entry} for tool, entry in given.items()}
    file_search = shown.get("file_search", {})
    if stores := file_search.pop("vector_stores", None):
        if file_search["vector_store_ids"]:
            param = "tool_resources.file_search"
            problem = f"Invalid '{param}': give 'vector_store_ids' or 'vector_stores', not both."
            raise RequestError(400, problem, param=param, code="invalid_value")
        for store in stores:
            check_chunks(store.get("chunking_strategy", {}).get("static"))
        file_search["vector_store_ids"] = [new_id("vs") for _ in stores]
    return shown


def check_chunks(sizes: JSON | None) -> None:
    """Refuse pieces that overlap by more than half."""
    if sizes and sizes["chunk_overlap_tokens"] * 2 > sizes["max_chunk_size_tokens"]:
        name = "chunk_overlap_tokens"
        problem = f"Invalid '{name}': it must be at most half of 'max_chunk_size_tokens'."
        raise RequestError(400, problem, param=name, code="invalid_value")


def _update_thread(call: Call) -> JSON:
    given = call.changes({"metadata": {}, "tool_resources": {}})
    if "tool_resources" in given:
        given["tool_resources"] = answered_resources(given["tool_resources"])
    thread = found_thread(call) | given
    resources = thread.get("tool_resources")
    kept = thread | {"tool_resources": no_files()} if resources == {} else thread
    call.store.replace("thread", call.ids[0], kept)
    if "tool_resources" not in given and resources == no_files():
        thread["tool_resources"] = {}
    return thread


def _create_message(call: Call) -> JSON:
    found_thread(call)
    thread_id = call.ids[0]
    refuse_active_run(call.store, thread_id, "Can't add messages to {} while a run {} is active.")
    return add_message(call.store, thread_id, call.body, "")


def add_message(store: Store, thread_id: str, body: JSON, where: str) -> JSON:
    """Keep the message that a create body asks for, and return it."""
    fields = without_nulls(body)
    content = fields["content"]
    if isinstance(content, str):
        fields["content"] = [text_part(content)]
    else:
        fields["content"] = [
            _answered_part(part, f"{where}content[{index}]") for index, part in enumerate(content)
        ]
    message = message_document(thread_id, fields)
    store.add(message)
    return message


def _answered_part(part: JSON, param: str) -> JSON:
    kind = part["type"]
    if kind == "text":
        return text_part(part["text"])
    if kind == "image_url" and not _is_uri(part["image_url"]["url"]):
        # The document leaves out `format: uri`: it has several meanings.
        param += ".image_url.url"
        problem = f"Invalid '{param}': expected a valid URL."
        raise RequestError(400, problem, param=param, code="invalid_value")
    return {**part, kind: {**part[kind], "detail": part[kind].get("detail") or "auto"}}


def _is_uri(text: str) -> bool:
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return False


def _list_messages(call: Call) -> JSON:
    found_thread(call)
    return list_page(call, "thread.message", call.ids[0])


def list_page(
    call: Call,
    kind: str,
    parent: str = "",
    *,
    run_id: str | None = None,
    where: JSON | None = None,
    size: int = 20,
) -> JSON:
    """Return one page of a list, the newest first where the query says nothing."""
    query = call.query
    data, has_more = call.store.page(
        kind,
        parent,
        run_id=run_id or query.get("run_id"),
        where=without_nulls(where or {}),
        descending=query.get("order", "desc") == "desc",
        limit=query.get("limit", size),
        after=_position(call, kind, query.get("after"), parent),
        before=_position(call, kind, query.get("before"), parent),
    )
    return {
        "object": "list",
        "data": data,
        "first_id": data[0]["id"] if data else None,
        "last_id": data[-1]["id"] if data else None,
        "has_more": has_more,
    }


def _position(call: Call, kind: str, cursor: str | None, parent: str) -> Position | None:
    if cursor is None:
        return None
    position = call.store.position(kind, cursor, parent)
    if position is None:
        raise _not_found(kind, cursor)
    return position


def _retrieve_message(call: Call) -> JSON:
    thread_id, message_id = call.ids
    found_thread(call)
    return found(call.store, "thread.message", message_id, thread_id)


def _update_message(call: Call) -> JSON:
    message = _retrieve_message(call) | call.changes({"metadata": {}})
    call.store.replace("thread.message", call.ids[1], message)
    # The vendor's update answers `file_ids: []` in place of `attachments`, files or no files.
    return {
        "file_ids" if key == "attachments" else key: [] if key == "attachments" else value
        for key, value in message.items()
    }


def _delete_message(call: Call) -> JSON:
    found_thread(call)
    return deleted(call, "thread.message", "thread.message.deleted", call.ids[0])


def refuse_active_run(store: Store, thread_id: str, wording: str) -> None:
    """Refuse with that wording where a run is active on the thread."""
    for run in store.children("thread.run", thread_id):
        expire(store, run)
        if run["status"] in ACTIVE:
            raise RequestError(400, wording.format(thread_id, run["id"]))


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
    return found(call.store, "thread", call.ids[0])


def found(store: Store, kind: str, object_id: str, parent: str = "") -> JSON:
    """Return the document, or raise the 404."""
    document = store.get(kind, object_id, parent)
    if document is None:
        raise _not_found(kind, object_id)
    return document


def deleted(call: Call, kind: str, object_: str, parent: str = "") -> JSON:
    """Delete what the last id of the path names, and return the answer."""
    if not call.store.remove(kind, call.ids[-1], parent):
        raise _not_found(kind, call.ids[-1])
    return {"id": call.ids[-1], "object": object_, "deleted": True}


def _not_found(kind: str, object_id: str) -> RequestError:
    if kind == "file":
        return RequestError(404, f"No such File object: {object_id}", param="id")
    names = {"thread.message": "message", "thread.run": "run", "thread.run.step": "run step"}
    names |= {"vector_store": "vector store", "vector_store.file": "vector store file"}
    names |= {"vector_store.files_batch": "file batch", "conversation.item": "item"}
    return RequestError(404, f"No {names.get(kind, kind)} found with id '{object_id}'.")


Handler = Callable[[Call], JSON | Events | bytes]

HANDLERS: dict[str, Handler] = {
    "create_thread": lambda call: add_thread(call.store, call.body, ""),
    "list_threads": lambda call: list_page(call, "thread"),
    "retrieve_thread": found_thread,
    "update_thread": _update_thread,
    "delete_thread": lambda call: deleted(call, "thread", "thread.deleted"),
    "create_message": _create_message,
    "list_messages": _list_messages,
    "retrieve_message": _retrieve_message,
    "update_message": _update_message,
    "delete_message": _delete_message,
}
"""By operation id, as in `HANDLERS` of `_run_routes`."""
