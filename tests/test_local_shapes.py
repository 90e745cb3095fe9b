"""The embedded server answers recorded requests the way the recordings were answered."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from support import RECORDINGS, exchanges, operation_of, response_validator

from laplas.local import LocalServer
from laplas.local._routes import OPERATIONS

KEY = {"Authorization": "Bearer any-key"}
# Marked as the second version of the API, yet in the shape of the first: taken before its release.
OLD_TAKES = {"ruby-openai-0120", "ruby-openai-0121"}


def cases() -> list[Any]:
    if not RECORDINGS.exists():
        reason = "the recorded exchanges (../shared/exchanges/dev.jsonl) are not here"
        return [pytest.param(None, "", marks=pytest.mark.skip(reason=reason))]
    found = [(exchange, operation_of(exchange)) for exchange in exchanges()]
    return [
        pytest.param(exchange, operation, id=f"{exchange['id']}-{operation}")
        for exchange, operation in found
        if operation in OPERATIONS
        and exchange["id"] not in OLD_TAKES
        and (exchange["api_version"] == "v2" or exchange["status"] >= 400)
    ]


def replay(exchange: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
    """Send the recorded request to a server in the state that the recorded answer tells of."""
    status, body = exchange["status"], exchange["request_body"]
    _, *ids = [part for part in exchange["path"].split("/") if part not in ("", "v1", "messages")]
    if exchange["api_version"] == "v1" and body:
        body = {"metadata": {key: str(value) for key, value in body["metadata"].items()}}
    query = urlencode(exchange["query"])
    with LocalServer(examples=False) as server:
        if ids and status != 404:
            seed(server, exchange, *ids)
        response = server.handle(
            exchange["method"],
            exchange["path"] + (f"?{query}" if query else ""),
            {} if status == 401 else KEY,
            b"" if body is None else json.dumps(body).encode(),
        )
    return response.status, dict(response.headers), json.loads(response.body)


def seed(
    server: LocalServer, exchange: dict[str, Any], thread_id: str, message_id: str | None = None
) -> None:
    answer = exchange["response_body"]
    thread_created = answer["created_at"] if answer.get("object") == "thread" else None
    server.add_thread(thread_id, created_at=thread_created)
    if answer.get("object") == "list":
        if "after" in exchange["query"]:
            server.add_message(thread_id, "seen before", message_id=exchange["query"]["after"])
        newest_first = exchange["query"].get("order", "desc") == "desc"
        for message in answer["data"][::-1] if newest_first else answer["data"]:
            add_recorded(server, message)
    elif message_id is not None and "content" in answer:
        add_recorded(server, answer)
    elif message_id is not None:
        server.add_message(thread_id, "hello", message_id=message_id)


def add_recorded(server: LocalServer, message: dict[str, Any]) -> None:
    server.add_message(
        message["thread_id"],
        message["content"],
        message_id=message["id"],
        metadata=message["metadata"],
        attachments=message.get("attachments"),
        **{key: message[key] for key in ("role", "created_at", "assistant_id", "run_id")},
    )


def without_chance(operation: str, body: Any) -> str:
    """Return the JSON text, keys in order, without the values a create operation makes up."""
    if operation.startswith("create"):
        body = {**body, "id": type(body["id"]).__name__}
        body["created_at"] = type(body["created_at"]).__name__
    return json.dumps(body, indent=1)


@pytest.mark.parametrize(("exchange", "operation"), cases())
def test_answers_like_the_recording(exchange: dict[str, Any], operation: str) -> None:
    """Same status, same keys in the same order, same types; and the same values if not random."""
    status, headers, body = replay(exchange)

    recorded = exchange["response_body"]
    assert status == exchange["status"]
    if status == 401:  # recorded is a wrong key; here only a missing one is refused
        assert list(body["error"]) == list(recorded["error"])
        assert headers["www-authenticate"] == exchange["response_headers"]["www-authenticate"]
    elif status >= 400:
        assert json.dumps(body) == json.dumps(recorded)
    else:
        assert without_chance(operation, body) == without_chance(operation, recorded)
        response_validator(operation).validate(body)
    for name in ("content-type", "openai-version"):
        assert headers[name] == (exchange["response_headers"] or headers).get(name, headers[name])


def test_update_answers_the_old_shape_and_keeps_the_attachments() -> None:
    """`file_ids: []` takes the place of `attachments`; the next retrieve shows the files again."""
    files = [{"file_id": "file-1", "tools": [{"type": "file_search"}]}]
    with LocalServer() as server:
        path = "/threads/thread_abc123/messages"
        request = {"role": "user", "content": "see the file", "attachments": files}
        created = json.loads(server.handle("POST", path, KEY, json.dumps(request).encode()).body)
        path = f"{path}/{created['id']}"
        change = b'{"metadata": {"seen": "yes"}}'
        updated = json.loads(server.handle("POST", path, KEY, change).body)
        retrieved = json.loads(server.handle("GET", path, KEY, b"").body)
    assert created["attachments"] == files
    assert [key if key != "file_ids" else "attachments" for key in updated] == list(created)
    assert updated["file_ids"] == []
    assert updated["metadata"] == {"seen": "yes"}
    assert retrieved == created | {"metadata": {"seen": "yes"}}
    response_validator("update_message").validate(updated)
    response_validator("retrieve_message").validate(retrieved)
