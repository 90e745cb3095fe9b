"""The embedded server answers recorded requests the way the recordings were answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import pytest
from support import (
    RECORDINGS,
    event_schemas,
    exchanges,
    operation_of,
    recorded,
    response_validator,
    stream_events,
    validator,
)

from laplas.local import LocalServer, Reply, ToolCall, Turn
from laplas_api.schemas import OPERATIONS

KEY = {"Authorization": "Bearer any-key"}
# Marked as the second version of the API, yet in the shape of the first: taken before its release.
OLD_TAKES = {"ruby-openai-0120", "ruby-openai-0121"}
# Fields that came with later releases: the server has them, older recordings do not.
LATER = ("reasoning_effort", "parallel_tool_calls")
OF_MESSAGES = re.compile("(create|retrieve|update|delete|list)_(thread|messages?)")


def cases(*, of_messages: bool) -> list[Any]:
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
        and bool(OF_MESSAGES.fullmatch(operation)) == of_messages
        # Documented examples of runs leave out half of the fields.
        and (of_messages or exchange["provenance"] == "live-recording")
        and not isinstance(exchange["response_body"], str)
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


@pytest.mark.parametrize(("exchange", "operation"), cases(of_messages=True))
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


# --- assistants and runs ---


@pytest.mark.parametrize(("exchange", "operation"), cases(of_messages=False))
def test_answers_about_runs_like_the_recording(exchange: dict[str, Any], operation: str) -> None:
    """As above; of what is created, times and ids are random, and so is the usage."""
    recorded, body = exchange["response_body"], exchange["request_body"]
    if exchange["api_version"] == "v1" and body and "metadata" in body:
        body = {"metadata": {key: str(value) for key, value in body["metadata"].items()}}
    with LocalServer(examples=False) as server:
        prepare(server, exchange, operation)
        response = server.handle(
            exchange["method"],
            f"{exchange['path']}?{urlencode(exchange['query'])}",
            {} if exchange["status"] == 401 else KEY,
            b"" if body is None else json.dumps(body).encode(),
        )
    answer = json.loads(response.body)
    assert response.status == exchange["status"]
    if response.status == 401:
        assert list(answer["error"]) == list(recorded["error"])
    elif response.status >= 400:
        assert json.dumps(answer) == json.dumps(recorded)
    else:
        response_validator(operation).validate(answer)
        for key in LATER:
            if key not in recorded:
                answer.pop(key, None)
        fixed = operation.startswith(("retrieve", "list", "update"))
        assert json.dumps(settled(answer, fixed)) == json.dumps(settled(recorded, fixed))


def settled(value: Any, fixed: bool = False) -> Any:
    """The value with the type's name in place of ids, times and usage, unless these are fixed."""
    if fixed:
        return value
    if isinstance(value, list):
        return [settled(item) for item in value]
    if not isinstance(value, dict):
        return value
    chance = ("id", "usage")
    return {
        key: type(item).__name__ if key in chance or key.endswith(("_at", "_id")) else settled(item)
        for key, item in value.items()
    }


def prepare(server: LocalServer, exchange: dict[str, Any], operation: str) -> None:
    """Bring the server into the state that the recorded answer tells of."""
    answer, status, body = exchange["response_body"], exchange["status"], exchange["request_body"]
    ids = re.findall(r"(?:assistants|threads|runs|steps)/(?!runs)([^/]+)", exchange["path"])
    if status == 401 or operation == "create_assistant":
        return
    if answer.get("object") == "list" and "assistants" in exchange["path"]:
        older = [{"id": "asst_0", "object": "assistant", "created_at": 1}] * answer["has_more"]
        for assistant in [*older, *answer["data"][::-1]]:
            server.put(assistant)
    elif "assistants" in exchange["path"]:
        created_at = answer.get("created_at", 1)
        kept = {**answer, "id": ids[0], "object": "assistant", "created_at": created_at}
        server.put(kept)
    elif operation in ("create_run", "create_thread_and_run"):
        for thread_id in ids:
            server.add_thread(thread_id)
            if status == 200:
                server.add_message(thread_id, "hello")
        server.put(assistant_of(body["assistant_id"], answer if status == 200 else {}))
    else:
        server.add_thread(ids[0])
        prepare_runs(server, exchange, *ids)


def assistant_of(assistant_id: str, run: dict[str, Any]) -> dict[str, Any]:
    fields = ("model", "instructions", "tools", "temperature", "top_p", "response_format")
    given = {key: run.get(key) for key in fields}
    base = {"id": assistant_id, "object": "assistant", "created_at": 1, "reasoning_effort": None}
    return {**base, **given, "tools": given["tools"] or []}


def prepare_runs(
    server: LocalServer, exchange: dict[str, Any], thread_id: str, run_id: str = "run_1", *_: str
) -> None:
    answer, status = exchange["response_body"], exchange["status"]
    named = re.search("status .(completed|in_progress)", answer.get("error", {}).get("message", ""))
    run = {
        "id": run_id,
        "object": "thread.run",
        "created_at": 1,
        "thread_id": thread_id,
        "status": named[1] if named else "in_progress",
    }
    if answer.get("object") == "thread.run":
        run = dict(answer)
    if "tool_outputs" in (exchange["request_body"] or {}) and status == 200:
        calls = [{"id": o["tool_call_id"]} for o in exchange["request_body"]["tool_outputs"]]
        outputs = {"submit_tool_outputs": {"tool_calls": calls}}
        run.update(status="requires_action", required_action=outputs)
    elif run["status"] == "cancelling":
        run["status"] = "in_progress"
    if not exchange["path"].endswith("/runs"):
        server.put(run)
    listed = answer.get("data", [answer] if answer.get("object") == "thread.run.step" else [])
    newest_first = exchange["query"].get("order", "desc") == "desc"
    for document in listed[::-1] if newest_first else listed:
        server.put(document)


def test_a_run_looks_at_every_stage_like_recorded_ones() -> None:
    """The same keys in the same order, null where theirs are null."""
    looks: dict[str, set[str]] = {}
    for _, run in recorded("thread.run"):
        if list(run)[-1] == "parallel_tool_calls" and "reasoning_effort" in run:
            looks.setdefault(run["status"], set()).add(look(run))
    with LocalServer() as server:
        path = "/threads/thread_abc123/runs"
        request = b'{"assistant_id": "asst_abc123"}'
        run = json.loads(server.handle("POST", path, KEY, request).body)
        seen = [run]
        while seen[-1]["status"] != "completed":
            seen.append(json.loads(server.handle("GET", f"{path}/{run['id']}", KEY, b"").body))
        steps = json.loads(server.handle("GET", f"{path}/{run['id']}/steps", KEY, b"").body)
        written = server.messages("thread_abc123")[-1]
    assert [run["status"] for run in seen] == ["queued", "in_progress", "completed"]
    for run in seen:
        response_validator("retrieve_run").validate(run)
        assert look(run) in looks[run["status"]]
    response_validator("list_run_steps").validate(steps)
    (step,) = steps["data"]
    assert {look(step)} <= {look(s) for _, s in recorded("thread.run.step")}
    assert step["step_details"]["message_creation"]["message_id"] == written["id"]
    assert (written["run_id"], written["assistant_id"]) == (run["id"], "asst_abc123")
    assert written["content"][0]["text"]["value"] == (
        "Echo: And what does it do with a question of mine?"
    )


def look(document: dict[str, Any]) -> str:
    """Its keys in order, with which of them are null. What a user chooses is left out."""
    chosen = ("instructions", "max_completion_tokens", "max_prompt_tokens")
    return json.dumps([(key, document[key] is None) for key in document if key not in chosen])


def streams() -> list[Any]:
    if not RECORDINGS.exists():
        reason = "the recorded exchanges (../shared/exchanges/dev.jsonl) are not here"
        return [pytest.param(None, marks=pytest.mark.skip(reason=reason))]
    return [
        pytest.param(exchange, id=exchange["id"])
        for exchange in exchanges()
        if isinstance(exchange["response_body"], str) and exchange["api_version"] == "v2"
    ]


@pytest.mark.parametrize("exchange", streams())
def test_streams_like_the_recording(exchange: dict[str, Any]) -> None:
    """The same events in the same order; where it is no documented example, the same data."""
    theirs = list(without_code_interpreter(exchange["response_body"]))
    live = exchange["provenance"] == "live-recording"
    run = next(data for name, data in theirs if name.startswith("thread.run.") and "model" in data)
    pieces = [
        text for name, data in theirs if name.endswith("message.delta") for text in texts(data)
    ]

    def reply(turn: Turn) -> Reply:
        if theirs[-1][0] == "thread.run.requires_action" and not turn.tool_outputs:
            return Reply(tool_calls=[ToolCall("get_current_weather", {"unit": "celsius"})])
        reason = theirs[-1][1].get("incomplete_details")
        return Reply(text=pieces, incomplete=reason and reason["reason"])

    with LocalServer(reply=reply, examples=False) as server:
        target, body = exchange["path"], exchange["request_body"]
        server.put(assistant_of(body.get("assistant_id", run["assistant_id"]), run))
        if not target.endswith("threads/runs"):
            thread_id = target.split("/")[3]
            server.add_thread(thread_id)
            server.add_message(thread_id, "hello")
        if target.endswith("submit_tool_outputs"):
            waiting = {"id": body["tool_outputs"][0]["tool_call_id"]}
            required = {"submit_tool_outputs": {"tool_calls": [waiting]}}
            server.put({**run, "status": "requires_action", "required_action": required})
            step = {**theirs[0][1], "status": "in_progress"}
            server.put(step)
        response = server.handle("POST", target, KEY, json.dumps(body).encode())
    assert response.status == 200, response.body
    assert dict(response.headers)["content-type"] == "text/event-stream; charset=utf-8"
    text = response.body.decode()
    assert text.endswith("\n\nevent: done\ndata: [DONE]\n\n")
    ours = list(stream_events(text))
    names = collapsed([name for name, _ in theirs])
    if not live:  # one documented example lacks the word in front of the last data
        names = collapsed(re.findall("^event: (.*)", exchange["response_body"], re.M))[:-1]
    assert collapsed([name for name, _ in ours]) == names
    for name, data in ours:
        schema = event_schemas()[name]
        assert schema
        validator(schema).validate(data)
    if live:
        for (name, mine), (_, recorded_data) in zip(ours, theirs, strict=True):
            for key in LATER:
                if key not in recorded_data:
                    mine.pop(key, None)
            assert json.dumps(settled(mine)) == json.dumps(settled(recorded_data)), name


def without_code_interpreter(body: str) -> Iterator[tuple[str, Any]]:
    """The events of a recorded stream, but for the steps of a tool that is not here."""
    for name, data in stream_events(body):
        details = data.get("delta", data).get("step_details", {})
        calls = details.get("tool_calls", [])
        if details.get("type") == "tool_calls" and "code_interpreter" in body:
            continue
        if [call for call in calls if call["type"] == "code_interpreter"]:
            continue
        if name == "thread.run.completed" and data["status"] == "incomplete":
            name = "thread.run.incomplete"  # recorded before there was an event for it
        yield name, data


def texts(data: dict[str, Any]) -> Iterator[str]:
    for part in data["delta"]["content"]:
        yield part["text"]["value"]


def collapsed(names: list[str]) -> list[str]:
    return [name for name, _ in groupby(names)]
