"""The embedded server answers recorded requests the way the recordings were answered."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from support import (
    RECORDINGS,
    event_schemas,
    operation_of,
    recorded,
    response_validator,
    stream_events,
    validator,
)
from test_local_routes import KEY, MESSAGES, ok

from laplas.local import LocalServer, Reply, ToolCall, Turn

# Marked as the second version of the API, yet in the shape of the first: taken before its release.
OLD_TAKES = {"ruby-openai-0120", "ruby-openai-0121"}
# Fields that came with later releases: the server has them, older recordings do not.
LATER = ("reasoning_effort", "parallel_tool_calls", "strict")
# What the second version of the API brought, or documented examples leave out; and what it ended.
SECOND = {
    *("attachments", "tool_resources", "response_format", "temperature", "top_p", "usage"),
    *("required_action", "incomplete_details", "max_completion_tokens", "max_prompt_tokens"),
    *("tool_choice", "truncation_strategy"),
}
FIRST = {"file_ids"}
NOT_LIKE_THE_RECORDING = {
    None: (404, "paths that only the first version of the API has, of files of assistants"),
    "create_thread_and_run": (400, "runs on threads without a message, in the first version"),
    "list_assistants": (400, "a query parameter that does not exist, in the first version"),
}
"""By operation: the status in place of the recorded 200, and what for."""
OF_MESSAGES = re.compile("(create|retrieve|update|delete|list)_(thread|messages?)")
MADE_UP_IN_MESSAGES = "id|created_at"
MADE_UP_IN_RUNS = r"id|usage|\w+_(at|id)"


Exchange = dict[str, Any]
LIVE = "live-recording"


def is_old(exchange: Exchange) -> bool:
    """Of the first version of the API, or a documented example; these leave out fields, too."""
    is_of_first = exchange["api_version"] == "v1" or exchange["id"] in OLD_TAKES
    return is_of_first or exchange["provenance"] != LIVE


def cases(*, streams: bool) -> list[Any]:
    """All recordings, or those of the file that LAPLAS_EXCHANGES names."""
    path = Path(os.environ.get("LAPLAS_EXCHANGES") or RECORDINGS)
    if not path.exists():
        reason = f"the recorded exchanges ({path.name}) are not here"
        return [pytest.param(None, "", marks=pytest.mark.skip(reason=reason))]
    like: Exchange = {"query": {}, "api_version": "v2", "provenance": LIVE, "request_body": None}
    rows = [{**like, **json.loads(line)} for line in path.read_text("utf-8").split("\n") if line]
    return [
        pytest.param(row, operation_of(row), id=f"{row['id']}-{operation_of(row)}")
        for row in rows
        if isinstance(row["response_body"], str) == streams
    ]


def sent(exchange: Exchange) -> tuple[dict[str, str], bytes]:
    """Headers and body of the recorded request, without what only the first version takes."""
    body = exchange["request_body"]
    if isinstance(body, str):  # a form
        boundary = body.split("\r\n", 1)[0].removeprefix("--")
        return {"content-type": f"multipart/form-data; boundary={boundary}"}, body.encode()
    if body and exchange["api_version"] == "v1":
        body = {name: value for name, value in body.items() if name not in FIRST}
        if "metadata" in body:
            body["metadata"] = {key: str(value) for key, value in body["metadata"].items()}
        if "tools" in body:
            body["tools"] = [tool for tool in body["tools"] if tool["type"] != "retrieval"]
    return {}, b"" if body is None else json.dumps(body).encode()


@pytest.mark.parametrize(("exchange", "operation"), cases(streams=False))
def test_answers_like_the_recording(exchange: Exchange, operation: str) -> None:
    """Same status, same keys in the same order, same types; and the same values if not random."""
    recorded, status = exchange["response_body"], exchange["status"]
    headers, body = sent(exchange)
    with LocalServer(examples=False) as server:
        prepare(server, exchange, operation)
        response = server.handle(
            exchange["method"],
            f"{exchange['path']}?{urlencode(exchange['query'])}",
            headers | ({} if status == 401 else KEY),
            body,
        )
    answer, headers = json.loads(response.body), dict(response.headers)
    if response.status != status:
        assert (response.status, is_old(exchange)) == (NOT_LIKE_THE_RECORDING[operation][0], True)
    elif status == 401:  # recorded is a wrong key; here only a missing one is refused
        assert list(answer["error"]) == list(recorded["error"])
        assert headers["www-authenticate"] == 'Bearer realm="OpenAI API"'
    elif status >= 400:
        assert operation is None or json.dumps(answer) == json.dumps(recorded)
    elif is_old(exchange):
        response_validator(operation).validate(answer)
        assert recorded.keys() - answer.keys() <= FIRST
        assert answer.keys() - recorded.keys() <= {*LATER, *SECOND}
        for name in answer.keys() & recorded.keys():
            assert {type(answer[name]), type(recorded[name])} - {type(None)} in SAME, name
    else:
        response_validator(operation).validate(answer)
        made_up = ""
        if operation.startswith(("create", "cancel", "submit", "upload")):
            is_message = OF_MESSAGES.fullmatch(operation)
            made_up = MADE_UP_IN_MESSAGES if is_message else MADE_UP_IN_RUNS
        assert_same(answer, recorded, made_up)
    for name in ("content-type", "openai-version"):
        assert headers[name] == (exchange["response_headers"] or headers).get(name, headers[name])


SAME = [set(), *({kind} for kind in (str, int, float, bool, list, dict)), {int, float}]


def assert_same(ours: dict[str, Any], recorded: dict[str, Any], made_up: str) -> None:
    """The same keys in the same order, with the same values where these are not made up."""
    mine, theirs = settled(ours, made_up), settled(recorded, made_up)
    assert json.dumps(without_later(mine, theirs)) == json.dumps(theirs)


def settled(value: Any, made_up: str) -> Any:
    """The value with the type's name in place of what is made up: a pattern of names."""
    if isinstance(value, list):
        return [settled(item, made_up) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: type(item).__name__ if re.fullmatch(made_up, key) else settled(item, made_up)
        for key, item in value.items()
    }


def without_later(ours: Any, theirs: Any) -> Any:
    """Ours without the later fields that theirs has not, at any depth."""
    if isinstance(ours, list) and isinstance(theirs, list):
        pairs = zip_longest(ours, theirs[: len(ours)])
        return [without_later(mine, other) for mine, other in pairs]
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return ours
    return {
        key: without_later(item, theirs.get(key))
        for key, item in ours.items()
        if key in theirs or key not in LATER
    }


def listed(exchange: Exchange) -> list[Any]:
    """What the recorded answer lists, the oldest first."""
    data: list[Any] = exchange["response_body"].get("data", [])
    return data[::-1] if exchange["query"].get("order", "desc") == "desc" else data


def prepare(server: LocalServer, exchange: Exchange, operation: str | None) -> None:
    """Bring the server into the state that the recorded answer tells of."""
    if operation is None:
        return
    answer, status, body = exchange["response_body"], exchange["status"], exchange["request_body"]
    ids = re.findall(r"(?:assistants|threads|messages|runs)/(?!runs)([^/]+)", exchange["path"])
    is_list = answer.get("object") == "list"
    if status == 401 or operation in ("create_assistant", "create_thread", "upload_file"):
        return
    if OF_MESSAGES.fullmatch(operation):
        if status != 404:
            prepare_messages(server, exchange, ids)
    elif operation.endswith("_file"):
        if status == 200:
            server.put({"created_at": 1, **answer})
    elif "assistants" in exchange["path"]:
        given = {} if is_list else {**answer, "id": ids[0]}
        older = [{"id": "asst_0"}] if is_list and answer["has_more"] else []
        for assistant in [*older, *listed(exchange), *([given] if given else [])]:
            created_at = assistant.get("created_at", 1)
            server.put({**assistant, "object": "assistant", "created_at": created_at})
    elif operation in ("create_run", "create_thread_and_run"):
        for thread_id in ids:
            server.add_thread(thread_id)
            if status == 200:
                server.add_message(thread_id, "hello")
        server.put(assistant_of(body["assistant_id"], answer if status == 200 else {}))
    else:
        server.add_thread(ids[0])
        prepare_runs(server, exchange, ids)


def prepare_messages(server: LocalServer, exchange: Exchange, ids: list[str]) -> None:
    answer = exchange["response_body"]
    is_thread = answer.get("object") == "thread"
    thread_id, message_id = (*ids, "")[:2]
    server.add_thread(thread_id, created_at=answer["created_at"] if is_thread else None)
    if "after" in exchange["query"]:
        server.add_message(thread_id, "seen before", message_id=exchange["query"]["after"])
    is_new = exchange["path"].endswith("/messages") and "content" in answer
    for message in [*listed(exchange), *([answer] if "content" in answer and not is_new else [])]:
        fields = {**message, "message_id": message["id"]}
        server.add_message(**{key: fields[key] for key in fields.keys() - {"id", "object"}})
    if message_id and "content" not in answer:
        server.add_message(thread_id, "hello", message_id=message_id)


def assistant_of(assistant_id: str, run: dict[str, Any]) -> dict[str, Any]:
    fields = ("model", "instructions", "tools", "temperature", "top_p", "response_format")
    given = {key: run.get(key) for key in fields}
    base = {"id": assistant_id, "object": "assistant", "created_at": 1, "reasoning_effort": None}
    return {**base, **given, "tools": given["tools"] or []}


def prepare_runs(server: LocalServer, exchange: Exchange, ids: list[str]) -> None:
    thread_id, run_id = (*ids, "run_1")[:2]
    answer, body = exchange["response_body"], exchange["request_body"] or {}
    named = re.search("status .(completed|in_progress)", answer.get("error", {}).get("message", ""))
    run = {"id": run_id, "object": "thread.run", "created_at": 1, "thread_id": thread_id}
    run["status"] = named[1] if named else "in_progress"
    if answer.get("object") == "thread.run":
        run = dict(answer)
    if "tool_outputs" in body and exchange["status"] == 200:
        calls = [{"id": output["tool_call_id"]} for output in body["tool_outputs"]]
        outputs = {"submit_tool_outputs": {"tool_calls": calls}}
        run.update(status="requires_action", required_action=outputs)
    elif run["status"] == "cancelling":
        run["status"] = "in_progress"
    if not exchange["path"].endswith("/runs"):
        server.put(run)
    for document in [
        *listed(exchange),
        *([answer] if answer.get("object") == "thread.run.step" else []),
    ]:
        server.put(document)


def test_update_answers_the_old_shape_and_keeps_the_attachments() -> None:
    """`file_ids: []` takes the place of `attachments`; the next retrieve shows the files again."""
    files = [{"file_id": "file-1", "tools": [{"type": "file_search"}]}]
    with LocalServer() as server:
        request = {"role": "user", "content": "see the file", "attachments": files}
        created = ok(server, "POST", MESSAGES, request)
        path = f"{MESSAGES}/{created['id']}"
        updated = ok(server, "POST", path, {"metadata": {"seen": "yes"}})
        retrieved = ok(server, "GET", path)
    assert created["attachments"] == files
    assert [key if key != "file_ids" else "attachments" for key in updated] == list(created)
    assert updated["file_ids"] == []
    assert updated["metadata"] == {"seen": "yes"}
    assert retrieved == created | {"metadata": {"seen": "yes"}}
    response_validator("update_message").validate(updated)
    response_validator("retrieve_message").validate(retrieved)


def test_a_run_looks_at_every_stage_like_recorded_ones() -> None:
    """The same keys in the same order, null where theirs are null."""
    looks: dict[str, set[str]] = {}
    for _, run in recorded("thread.run"):
        if list(run)[-1] == "parallel_tool_calls" and "reasoning_effort" in run:
            looks.setdefault(run["status"], set()).add(look(run))
    with LocalServer() as server:
        path = "/threads/thread_abc123/runs"
        seen = [ok(server, "POST", path, {"assistant_id": "asst_abc123"})]
        path = f"{path}/{seen[0]['id']}"
        while seen[-1]["status"] != "completed":
            seen.append(ok(server, "GET", path))
        steps = ok(server, "GET", f"{path}/steps")
        written = server.messages("thread_abc123")[-1]
    assert [run["status"] for run in seen] == ["queued", "in_progress", "completed"]
    for run in seen:
        response_validator("retrieve_run").validate(run)
        assert look(run) in looks[run["status"]]
    response_validator("list_run_steps").validate(steps)
    (step,) = steps["data"]
    assert {look(step)} <= {look(s) for _, s in recorded("thread.run.step")}
    assert step["step_details"]["message_creation"]["message_id"] == written["id"]
    assert (written["run_id"], written["assistant_id"]) == (seen[0]["id"], "asst_abc123")


def look(document: dict[str, Any]) -> str:
    """Its keys in order, with which of them are null. What a user chooses is left out."""
    chosen = ("instructions", "max_completion_tokens", "max_prompt_tokens")
    return json.dumps([(key, document[key] is None) for key in document if key not in chosen])


@pytest.mark.parametrize(("exchange", "operation"), cases(streams=True))
def test_streams_like_the_recording(exchange: Exchange, operation: str) -> None:
    """The same events in the same order; where it is no documented example, the same data."""
    theirs = list(without_code_interpreter(exchange["response_body"]))
    run = next(data for name, data in theirs if name.startswith("thread.run.") and "model" in data)
    deltas = [data["delta"] for name, data in theirs if name.endswith("message.delta")]
    pieces = [part["text"]["value"] for delta in deltas for part in delta["content"]]

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
            server.put({**theirs[0][1], "status": "in_progress"})
        response = server.handle("POST", target, KEY, json.dumps(body).encode())
    assert response.status == 200, response.body
    assert dict(response.headers)["content-type"] == "text/event-stream; charset=utf-8"
    text = response.body.decode()
    assert text.endswith("\n\nevent: done\ndata: [DONE]\n\n")
    ours = list(stream_events(text))
    names = collapsed([name for name, _ in theirs])
    if (
        exchange["provenance"] != LIVE
    ):  # one documented example lacks the word in front of the last data
        names = collapsed(re.findall("^event: (.*)", exchange["response_body"], re.M))[:-1]
    if exchange["api_version"] == "v1":
        # Runs with several messages, around steps of a tool that is not here.
        ends = {"thread.run.completed", "thread.run.incomplete"}
        assert {name for name, _ in ours} - ends == {*names} - ends
        return
    assert collapsed([name for name, _ in ours]) == names
    for name, data in ours:
        schema = event_schemas()[name]
        assert schema
        validator(schema).validate(data)
    if exchange["provenance"] == LIVE:
        for (_, mine), (_, recorded_data) in zip(ours, theirs, strict=True):
            assert_same(mine, recorded_data, MADE_UP_IN_RUNS)


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


def collapsed(names: list[str]) -> list[str]:
    return [name for name, _ in groupby(names)]
