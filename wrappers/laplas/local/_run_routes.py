"""The operations on assistants, runs, run steps and files."""

from __future__ import annotations

from contextlib import suppress

from ._requests import FormPart
from ._routes import (
    ACTIVE,
    JSON,
    RESOURCES,
    Call,
    Events,
    Handler,
    add_message,
    add_thread,
    answered_resources,
    deleted,
    expire,
    found,
    found_thread,
    list_page,
    new_id,
    now,
    refuse_active_run,
    without_nulls,
)
from ._runs import Progress, run_document
from ._validation import RequestError, require_field

_RANKING: JSON = {"ranker": "default_2024_08_21", "score_threshold": 0.0}


def assistant_document(fields: JSON) -> JSON:
    """Return an assistant as all operations answer it."""
    return {
        "id": new_id("asst"),
        "object": "assistant",
        "created_at": now(),
        **dict.fromkeys(("name", "description", "model", "instructions")),
        "tools": [],
        "top_p": 1.0,
        "temperature": 1.0,
        "reasoning_effort": None,
        "tool_resources": {},
        "metadata": {},
        "response_format": "auto",
        **fields,
    }


def _settings(fields: JSON) -> JSON:
    """Return what is given of an assistant or a run, as answers show it."""
    given = without_nulls(fields)
    given |= {name: float(given[name]) for name in ("temperature", "top_p") if name in given}
    if "tools" in given:
        given["tools"] = [_answered_tool(tool) for tool in given["tools"]]
    choice = given.get("tool_choice")
    if isinstance(choice, dict) and choice["type"] == "function":
        require_field(choice, "function", "tool_choice")
    if "tool_resources" in given:
        given["tool_resources"] = answered_resources(given["tool_resources"])
    if "truncation_strategy" in given:
        given["truncation_strategy"] = {"last_messages": None, **given["truncation_strategy"]}
    return given


def _answered_tool(tool: JSON) -> JSON:
    """The tool as answers show it: with what counts where the request says nothing."""
    if tool["type"] == "function":
        function = tool["function"]
        return {**tool, "function": {**function, "strict": bool(function.get("strict"))}}
    if tool["type"] == "file_search":
        given = without_nulls(tool.get("file_search") or {})
        ranking = _RANKING | without_nulls(given.pop("ranking_options", {}))
        ranking["score_threshold"] = float(ranking["score_threshold"])
        return {**tool, "file_search": {**given, "ranking_options": ranking}}
    return tool


def _create_assistant(call: Call) -> JSON:
    return _keep_assistant(call, assistant_document(_settings(call.body)))


def _update_assistant(call: Call) -> JSON:
    given = call.changes(assistant_document({})) | _settings(call.body)
    return _keep_assistant(call, found(call.store, "assistant", call.ids[0]) | given)


def _keep_assistant(call: Call, assistant: JSON) -> JSON:
    kinds = [tool.get("type") for tool in assistant.get("tools") or ()]
    used = {kind: RESOURCES[kind] for kind in kinds if kind in RESOURCES}
    assistant["tool_resources"] = used | (assistant.get("tool_resources") or {})
    call.store.put(assistant)
    return assistant


def _create_thread_and_run(call: Call) -> JSON | Events:
    given = call.given
    thread = add_thread(call.store, given.pop("thread", {}), "thread.")
    return _begin(call, thread, given, is_new=True)


def _create_run(call: Call) -> JSON | Events:
    given = call.given
    thread = found_thread(call)
    refuse_active_run(call.store, call.ids[0], "Thread {} already has an active run {}.")
    for index, message in enumerate(given.pop("additional_messages", ())):
        add_message(call.store, call.ids[0], message, f"additional_messages[{index}].")
    return _begin(call, thread, given, is_new=False)


def _begin(call: Call, thread: JSON, fields: JSON, *, is_new: bool) -> JSON | Events:
    assistant = found(call.store, "assistant", fields["assistant_id"])
    run = run_document(thread["id"], assistant, _settings(fields))
    messages = call.store.children("thread.message", thread["id"])
    if not run["instructions"] and all(message["role"] != "user" for message in messages):
        needs = "a Thread with a user message or an assistant with instructions"
        raise RequestError(400, f"Run creation requires {needs}.", code="invalid_thread")
    progress = Progress(call.store, run)
    progress.queue()
    if not fields.get("stream"):
        return run
    if is_new:
        progress.tell("thread.created", thread)
    progress.tell("thread.run.created")
    return progress.stream(call.reply)


def _list_runs(call: Call) -> JSON:
    found_thread(call)
    return list_page(call, "thread.run", call.ids[0])


def _retrieve_run(call: Call) -> JSON:
    run = _run(call)
    Progress(call.store, run).step_on(call.reply)
    return run


def _update_run(call: Call) -> JSON:
    run = _run(call)
    if run["status"] == "in_progress":
        raise RequestError(400, "Cannot update run with status 'in_progress'.")
    changed = run | call.changes({"metadata": {}})
    call.store.put(changed, moving=call.store.is_moving(run["id"]))
    return changed


def _submit_tool_outputs(call: Call) -> JSON | Events:
    given = call.body["tool_outputs"]
    outputs = {output["tool_call_id"]: output["output"] for output in given}
    run = _run(call)
    if run["status"] != "requires_action":
        raise RequestError(400, f'Runs in status "{run["status"]}" do not accept tool outputs.')
    wanted = [c["id"] for c in run["required_action"]["submit_tool_outputs"]["tool_calls"]]
    if sorted(outputs) != sorted(wanted):
        problem = f"Expected tool outputs for call_ids {wanted}, got {list(outputs)}."
        raise RequestError(400, problem)
    progress = Progress(call.store, run)
    for step in call.store.children("thread.run.step", run["id"]):
        if step["type"] == "tool_calls" and step["status"] == "in_progress":
            progress.take_outputs(step, outputs)
    progress.queue()
    if not call.body.get("stream"):
        return run
    return progress.stream(call.reply)


def _cancel_run(call: Call) -> JSON:
    run = _run(call)
    if run["status"] not in ACTIVE or run["status"] == "cancelling":
        raise RequestError(400, f"Cannot cancel run with status '{run['status']}'.")
    Progress(call.store, run).cancel()
    return run


def _retrieve_run_step(call: Call) -> JSON:
    return _shown_step(call, found(call.store, "thread.run.step", call.ids[2], _run(call)["id"]))


def _list_run_steps(call: Call) -> JSON:
    page = list_page(call, "thread.run.step", _run(call)["id"])
    return page | {"data": [_shown_step(call, step) for step in page["data"]]}


def _shown_step(call: Call, step: JSON) -> JSON:
    """The step, with what a file search read only if that is asked for."""
    if not call.query.get("include[]"):
        with suppress(AttributeError, KeyError, TypeError):  # one that was put may have any form
            for tool_call in step["step_details"].get("tool_calls", ()):
                for result in tool_call.get("file_search", {}).get("results") or ():
                    result.pop("content", None)
    return step


def _upload_file(call: Call) -> JSON:
    uploaded: FormPart = call.body["file"]
    expires_after = call.body.get("expires_after")
    created_at = now()
    file = {
        "object": "file",
        "id": new_id("file"),
        "purpose": call.body["purpose"],
        "filename": uploaded.filename,
        "bytes": len(uploaded.content),
        "created_at": created_at,
        "expires_at": created_at + expires_after["seconds"] if expires_after else None,
        "status": "processed",
        "status_details": None,
    }
    call.store.put(file)
    call.store.put_content(file["id"], uploaded.content)
    return file


def _retrieve_file_content(call: Call) -> bytes:
    found(call.store, "file", call.ids[0])
    content = call.store.content(call.ids[0])
    if content is None:  # of an earlier database, or put here by itself
        raise RequestError(404, f"The content of {call.ids[0]} is not here: upload the file again.")
    return content


def _list_files(call: Call) -> JSON:
    return list_page(call, "file", where={"purpose": call.query.get("purpose")}, size=10_000)


def _run(call: Call) -> JSON:
    """The run of the path, expired where its time has passed."""
    found_thread(call)
    run = found(call.store, "thread.run", call.ids[1], call.ids[0])
    expire(call.store, run)
    return run


HANDLERS: dict[str, Handler] = {
    "create_assistant": _create_assistant,
    "list_assistants": lambda call: list_page(call, "assistant"),
    "retrieve_assistant": lambda call: found(call.store, "assistant", call.ids[0]),
    "update_assistant": _update_assistant,
    "delete_assistant": lambda call: deleted(call, "assistant", "assistant.deleted"),
    "create_thread_and_run": _create_thread_and_run,
    "create_run": _create_run,
    "list_runs": _list_runs,
    "retrieve_run": _retrieve_run,
    "update_run": _update_run,
    "submit_tool_outputs": _submit_tool_outputs,
    "cancel_run": _cancel_run,
    "list_run_steps": _list_run_steps,
    "retrieve_run_step": _retrieve_run_step,
    "upload_file": _upload_file,
    "list_files": _list_files,
    "retrieve_file": lambda call: found(call.store, "file", call.ids[0]),
    "retrieve_file_content": _retrieve_file_content,
    "delete_file": lambda call: deleted(call, "file", "file"),
}
