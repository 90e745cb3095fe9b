"""The operations on assistants, runs, run steps and files."""

from __future__ import annotations

from collections.abc import Mapping

from . import _run_checks as checks
from ._checks import Refusal, list_query, no_query, parse_body
from ._routes import (
    ACTIVE,
    JSON,
    Call,
    Events,
    Operation,
    add_message,
    add_thread,
    cursor,
    expire,
    found_thread,
    new_id,
    not_found,
    now,
    page,
    refuse_active_run,
)
from ._runs import Progress, run_document
from ._store import Listed, Store, objects_of


def assistant_document(assistant_id: str, fields: JSON) -> JSON:
    """Return an assistant as all operations answer it."""
    return {
        "id": assistant_id,
        "object": "assistant",
        "created_at": now(),
        "name": None,
        "description": None,
        "model": fields["model"],
        "instructions": None,
        "tools": [],
        "top_p": 1.0,
        "temperature": 1.0,
        "reasoning_effort": None,
        "tool_resources": {},
        "metadata": {},
        "response_format": "auto",
        **fields,
    }


def _create_assistant(call: Call) -> JSON:
    no_query(call.query)
    fields = checks.new_assistant(parse_body(call.body))
    assistant = assistant_document(new_id("asst"), fields)
    if {"type": "code_interpreter"} in assistant["tools"]:
        assistant["tool_resources"].setdefault("code_interpreter", {"file_ids": []})
    call.store.put(assistant)
    return assistant


def _list_assistants(call: Call) -> JSON:
    return _page(call, objects_of("assistant"), "assistant")


def _retrieve_assistant(call: Call) -> JSON:
    no_query(call.query)
    return _found(call.store, "assistant", call.ids[0])


def _update_assistant(call: Call) -> JSON:
    no_query(call.query)
    changes = checks.assistant_changes(parse_body(call.body))
    assistant = _found(call.store, "assistant", call.ids[0]) | changes
    call.store.put(assistant)
    return assistant


def _delete_assistant(call: Call) -> JSON:
    no_query(call.query)
    return _deleted(call, "assistant", "assistant.deleted")


def _create_thread_and_run(call: Call) -> JSON | Events:
    no_query(call.query)
    fields = checks.new_thread_and_run(parse_body(call.body))
    thread = {"messages": [], "metadata": {}, "tool_resources": {}, **fields.pop("thread", {})}
    return _begin(call, add_thread(call.store, thread), fields, is_new=True)


def _create_run(call: Call) -> JSON | Events:
    checks.include_query(call.query)
    fields = checks.new_run(parse_body(call.body))
    thread = found_thread(call)
    refuse_active_run(call.store, thread["id"], "Thread {} already has an active run {}.")
    for message in fields.pop("additional_messages", []):
        add_message(call.store, thread["id"], message)
    return _begin(call, thread, fields, is_new=False)


def _begin(call: Call, thread: JSON, fields: JSON, *, is_new: bool) -> JSON | Events:
    assistant = _found(call.store, "assistant", fields["assistant_id"])
    run = run_document(thread["id"], assistant, fields)
    asked = any(message["role"] == "user" for message in call.store.messages(thread["id"]))
    if not asked and not run["instructions"]:
        raise Refusal(
            400,
            "Run creation requires a Thread with a user message or an assistant with instructions.",
            code="invalid_thread",
        )
    progress = Progress(call.store, run)
    progress.queue()
    if not fields.get("stream"):
        return run
    if is_new:
        progress.tell("thread.created", thread)
    progress.tell("thread.run.created")
    progress.stream(call.reply)
    return Events(progress.events)


def _list_runs(call: Call) -> JSON:
    return _page(call, objects_of("thread.run", found_thread(call)["id"]), "run")


def _retrieve_run(call: Call) -> JSON:
    no_query(call.query)
    run = _run(call)
    Progress(call.store, run).step_on(call.reply)
    return run


def _update_run(call: Call) -> JSON:
    no_query(call.query)
    changes = checks.run_changes(parse_body(call.body))
    run = _run(call)
    if run["status"] == "in_progress":
        raise Refusal(400, "Cannot update run with status 'in_progress'.")
    call.store.put(run | changes, moving=call.store.is_moving(run["id"]))
    return run | changes


def _submit_tool_outputs(call: Call) -> JSON | Events:
    no_query(call.query)
    outputs, stream = checks.tool_outputs(parse_body(call.body))
    run = _run(call)
    if run["status"] != "requires_action":
        raise Refusal(400, f'Runs in status "{run["status"]}" do not accept tool outputs.')
    wanted = [c["id"] for c in run["required_action"]["submit_tool_outputs"]["tool_calls"]]
    if sorted(outputs) != sorted(wanted):
        raise Refusal(400, f"Expected tool outputs for call_ids {wanted}, got {list(outputs)}.")
    progress = Progress(call.store, run)
    for step in call.store.children("thread.run.step", run["id"]):
        if step["type"] == "tool_calls" and step["status"] == "in_progress":
            progress.take_outputs(step, outputs)
    progress.queue()
    if not stream:
        return run
    progress.stream(call.reply)
    return Events(progress.events)


def _cancel_run(call: Call) -> JSON:
    no_query(call.query)
    run = _run(call)
    if run["status"] not in ACTIVE or run["status"] == "cancelling":
        raise Refusal(400, f"Cannot cancel run with status '{run['status']}'.")
    Progress(call.store, run).cancel()
    return run


def _list_run_steps(call: Call) -> JSON:
    steps = objects_of("thread.run.step", _run(call)["id"])
    return _page(call, steps, "run step", "include", "include[]", "run_id")


def _retrieve_run_step(call: Call) -> JSON:
    checks.include_query(call.query)
    return _found(call.store, "thread.run.step", call.ids[2], _run(call)["id"])


def _upload_file(call: Call) -> JSON:
    no_query(call.query)
    fields = checks.uploaded_file(call.content_type, call.body)
    file = {
        "id": new_id("file").replace("_", "-"),
        "object": "file",
        "bytes": fields["bytes"],
        "created_at": now(),
        "filename": fields["filename"],
        "purpose": fields["purpose"],
    }
    call.store.put(file)
    return file


def _retrieve_file(call: Call) -> JSON:
    no_query(call.query)
    return _found(call.store, "file", call.ids[0])


def _delete_file(call: Call) -> JSON:
    no_query(call.query)
    return _deleted(call, "file", "file")


_NAMES = {"thread.run": "run", "thread.run.step": "run step"}


def _found(store: Store, kind: str, object_id: str, parent: str = "") -> JSON:
    found = store.get(kind, object_id, parent)
    if found is None:
        raise not_found(_NAMES.get(kind, kind), object_id)
    return found


def _run(call: Call) -> JSON:
    """The run of the path, expired where its time has passed."""
    run = _found(call.store, "thread.run", call.ids[1], found_thread(call)["id"])
    expire(call.store, run)
    return run


def _deleted(call: Call, kind: str, object_: str) -> JSON:
    if not call.store.remove(kind, call.ids[0]):
        raise not_found(kind, call.ids[0])
    return {"id": call.ids[0], "object": object_, "deleted": True}


def _page(call: Call, within: Listed, kind: str, *more: str) -> JSON:
    query = list_query(call.query, *more)
    after, before = (cursor(call.store, within, c, kind) for c in (query.after, query.before))
    return page(call.store, within, query, after, before)


THREAD_AND_RUN: Mapping[str, Operation] = {"POST": _create_thread_and_run}
RUNS: Mapping[str, Operation] = {"POST": _create_run, "GET": _list_runs}
RUN: Mapping[str, Operation] = {"GET": _retrieve_run, "POST": _update_run}
OUTPUTS: Mapping[str, Operation] = {"POST": _submit_tool_outputs}
CANCEL: Mapping[str, Operation] = {"POST": _cancel_run}
STEPS: Mapping[str, Operation] = {"GET": _list_run_steps}
STEP: Mapping[str, Operation] = {"GET": _retrieve_run_step}
ASSISTANTS: Mapping[str, Operation] = {"POST": _create_assistant, "GET": _list_assistants}
ASSISTANT: Mapping[str, Operation] = {
    "GET": _retrieve_assistant,
    "POST": _update_assistant,
    "DELETE": _delete_assistant,
}
FILES: Mapping[str, Operation] = {"POST": _upload_file}
FILE: Mapping[str, Operation] = {"GET": _retrieve_file, "DELETE": _delete_file}
