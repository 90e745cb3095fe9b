"""Make calls about assistants, runs, run steps and files: see `operations`."""

from __future__ import annotations

import functools
import os
import secrets
from collections.abc import Iterable, Mapping
from typing import IO, Any, Final

from .. import _api as api
from .._api import models
from ..errors import InvalidArgumentError
from ..models import Assistant, Run, RunStep
from .calls import Call, Confirmation
from .config import CallOptions
from .function_tools import Function, split_tools
from .operations import list_query, make_call, new_messages, resources, without_none
from .pagination import Listing, page_from
from .validation import check_count, check_id, check_metadata, check_text

Tools = Iterable[Function | Mapping[str, Any]]
FileLike = str | os.PathLike[str] | bytes | IO[bytes] | tuple[str, bytes]


class RunOptions(CallOptions, total=False):
    """What every call that starts a run takes: the run's own settings, and `CallOptions`.

    Attributes:
        model: Instead of the assistant's.
        instructions: Instead of the assistant's; up to 256,000 characters.
        additional_instructions: Behind the instructions.
        additional_messages: Put into the thread before the run: strings or dicts.
        tools: Instead of the assistant's: Python functions, or dicts as in the API.
        metadata: Up to 16 pairs; keys up to 64, values up to 512 characters.
        temperature: 0 to 2.
        top_p: 0 to 1.
        max_prompt_tokens: For the whole run; the published least is 256.
        max_completion_tokens: For the whole run; the published least is 256.
        truncation_strategy: As in the API.
        response_format: As in the API.
        tool_choice: As in the API.
        parallel_tool_calls: Whether the model may call several functions at once.
        reasoning_effort: As in the API.
        include: More fields of the answer, as in the API.
    """

    model: str
    instructions: str
    additional_instructions: str
    additional_messages: Iterable[str | Mapping[str, Any]]
    tools: Tools
    metadata: Mapping[str, str]
    temperature: float
    top_p: float
    max_prompt_tokens: int
    max_completion_tokens: int
    truncation_strategy: Mapping[str, Any]
    response_format: str | Mapping[str, Any]
    tool_choice: str | Mapping[str, Any]
    parallel_tool_calls: bool
    reasoning_effort: str
    include: list[str]


class AssistantOptions(CallOptions, total=False):
    """What the calls that make or change an assistant take, and `CallOptions`.

    Attributes:
        name: Up to 256 characters.
        description: Up to 512 characters.
        instructions: Up to 256,000 characters.
        tools: Python functions, or dicts as in the API; up to 128.
        tool_resources: As in the API.
        metadata: Up to 16 pairs; keys up to 64, values up to 512 characters.
        temperature: 0 to 2.
        top_p: 0 to 1.
        response_format: As in the API.
        reasoning_effort: As in the API.
    """

    name: str
    description: str
    instructions: str
    tools: Tools
    tool_resources: Mapping[str, Any]
    metadata: Mapping[str, str]
    temperature: float
    top_p: float
    response_format: str | Mapping[str, Any]
    reasoning_effort: str


_CALL_OPTIONS: Final = CallOptions.__annotations__.keys()
_TEXTS: Final = {
    "model": 256,
    "name": 256,
    "description": 512,
    "instructions": 256_000,
    "additional_instructions": 256_000,
    "reasoning_effort": 64,
}
"""Characters, from the published schema; those of `model` and `reasoning_effort` are ours."""
_RANGES: Final = {"temperature": 2.0, "top_p": 1.0}


def split_options(given: Mapping[str, Any], known: type) -> tuple[dict[str, Any], CallOptions]:
    """Split what was given into the checked settings of the body and the options of the call.

    Raises:
        TypeError: A name is unknown, as with any keyword argument.
        InvalidArgumentError: A setting is wrong.
    """
    options: Any = {name: value for name, value in given.items() if name in _CALL_OPTIONS}
    body = {name: value for name, value in given.items() if name not in _CALL_OPTIONS}
    for name, value in body.items():
        if name not in known.__annotations__:
            raise TypeError(f"unexpected keyword argument {name!r}")
        if value is not None:
            body[name] = _checked(name, value)
    return without_none(**body), options


def _checked(name: str, value: Any) -> Any:
    if name in _TEXTS:
        if len(check_text(name, value)) > _TEXTS[name]:
            raise InvalidArgumentError(name, f"is over {_TEXTS[name]} characters")
    elif name in _RANGES:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value <= _RANGES[name]:
            raise InvalidArgumentError(name, f"must be from 0 to {_RANGES[name]:g}, not {value!r}")
    elif name.startswith("max_"):
        check_count(name, value)
    elif name == "metadata":
        return check_metadata(value)
    elif name == "tools":
        return split_tools(value)[0]
    elif name == "tool_resources":
        return resources(value)
    elif name == "additional_messages":
        return new_messages(value, name)
    elif name == "include":
        return _names(name, value)
    return value


def _names(argument: str, value: object) -> list[str]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise InvalidArgumentError(argument, "must be a list of strings")
    return [check_text(f"{argument}[{index}]", name) for index, name in enumerate(value)]


def _included(include: object) -> dict[str, Any]:
    return {} if include is None else {"include": _names("include", include)}


# Assistants


def create_assistant(model: str, body: Mapping[str, Any]) -> Call[Assistant]:
    request = models.CreateAssistantRequest(model=_checked("model", model), **body)
    kwargs = api.create_assistant._get_kwargs(body=request)
    return make_call("create_assistant", "create", kwargs, Assistant.from_dict)


def list_assistants(**query: object) -> Listing[Assistant]:
    given, most = list_query(query)
    kwargs = api.list_assistants._get_kwargs(**given)
    decode = functools.partial(page_from, Assistant.from_dict)
    return Listing(make_call("list_assistants", "read", kwargs, decode), most)


def retrieve_assistant(assistant_id: str) -> Call[Assistant]:
    kwargs = api.retrieve_assistant._get_kwargs(check_id("assistant_id", assistant_id))
    call = make_call("retrieve_assistant", "read", kwargs, Assistant.from_dict)
    return call._replace(answer_id=assistant_id)


def update_assistant(assistant_id: str, body: Mapping[str, Any]) -> Call[Assistant]:
    path_id = check_id("assistant_id", assistant_id)
    request = models.UpdateAssistantRequest(**body)
    kwargs = api.update_assistant._get_kwargs(path_id, body=request)
    return make_call("update_assistant", "repeatable", kwargs, Assistant.from_dict)


def delete_assistant(assistant_id: str) -> Call[models.DeletedAssistant]:
    kwargs = api.delete_assistant._get_kwargs(check_id("assistant_id", assistant_id))
    gone = models.DeletedAssistant(id=assistant_id, deleted=True)
    decode = models.DeletedAssistant.from_dict
    return make_call("delete_assistant", "repeatable", kwargs, decode, gone)


# Runs


def create_run(
    thread_id: str,
    assistant_id: str,
    body: Mapping[str, Any],
    stream: bool = False,
    active_run_timeout: float | None = None,
) -> Call[Run]:
    path_id = check_id("thread_id", thread_id)
    rest = {**body}
    given = {"include": rest.pop("include")} if "include" in rest else {}
    request = models.CreateRunRequest(
        assistant_id=check_id("assistant_id", assistant_id), **rest, **_streamed(stream)
    )
    kwargs = api.create_run._get_kwargs(path_id, body=request, **given)
    call = make_call("create_run", "create", kwargs, Run.from_dict, streams=stream)
    return call._replace(active_run_timeout=active_run_timeout)


def create_thread_and_run(
    assistant_id: str,
    thread: Mapping[str, Any] | None,
    tool_resources: object,
    body: Mapping[str, Any],
    stream: bool = False,
) -> Call[Run]:
    for name in ("additional_instructions", "additional_messages", "include", "reasoning_effort"):
        if name in body:
            raise InvalidArgumentError(name, "is not for a thread made together with its run")
    request = models.CreateThreadAndRunRequest(
        assistant_id=check_id("assistant_id", assistant_id),
        **without_none(thread=_thread(thread), tool_resources=resources(tool_resources)),
        **body,
        **_streamed(stream),
    )
    kwargs = api.create_thread_and_run._get_kwargs(body=request)
    return make_call("create_thread_and_run", "create", kwargs, Run.from_dict, streams=stream)


def _streamed(stream: bool) -> dict[str, Any]:
    return {"stream": True} if stream else {}


def _thread(thread: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if thread is None:
        return None
    if not isinstance(thread, Mapping):
        raise InvalidArgumentError("thread", "must be a dict with the fields of threads.create")
    checked = dict(thread)
    if "messages" in checked:
        checked["messages"] = new_messages(checked["messages"], "thread.messages")
    if "metadata" in checked:
        checked["metadata"] = check_metadata(checked["metadata"], "thread.metadata")
    return checked


def list_runs(thread_id: str, **query: object) -> Listing[Run]:
    given, most = list_query(query)
    kwargs = api.list_runs._get_kwargs(check_id("thread_id", thread_id), **given)
    decode = functools.partial(page_from, Run.from_dict)
    return Listing(make_call("list_runs", "read", kwargs, decode), most)


def retrieve_run(thread_id: str, run_id: str) -> Call[Run]:
    kwargs = api.retrieve_run._get_kwargs(*_run_ids(thread_id, run_id))
    call = make_call("retrieve_run", "read", kwargs, Run.from_dict)
    return call._replace(answer_id=run_id)


def update_run(thread_id: str, run_id: str, metadata: object) -> Call[Run]:
    ids = _run_ids(thread_id, run_id)
    request = models.UpdateRunRequest(metadata=check_metadata(metadata))
    kwargs = api.update_run._get_kwargs(*ids, body=request)
    return make_call("update_run", "repeatable", kwargs, Run.from_dict)


def cancel_run(thread_id: str, run_id: str) -> Call[Run]:
    kwargs = api.cancel_run._get_kwargs(*_run_ids(thread_id, run_id))
    call = make_call("cancel_run", "repeatable", kwargs, Run.from_dict)
    return call._replace(confirmation=Confirmation(retrieve_run(thread_id, run_id), _is_cancelled))


def _is_cancelled(run: Run) -> bool:
    return run.status in ("cancelling", "cancelled")


def submit_tool_outputs(
    thread_id: str, run_id: str, tool_outputs: object, stream: bool = False
) -> Call[Run]:
    ids = _run_ids(thread_id, run_id)
    request = models.SubmitToolOutputsRequest(
        tool_outputs=_outputs(tool_outputs), **_streamed(stream)
    )
    kwargs = api.submit_tool_outputs._get_kwargs(*ids, body=request)
    if stream:  # not repeatable: the events that were lost do not come again
        return make_call("submit_tool_outputs", "create", kwargs, Run.from_dict, streams=True)
    call = make_call("submit_tool_outputs", "repeatable", kwargs, Run.from_dict)
    given = {output.get("tool_call_id") for output in kwargs["json"]["tool_outputs"]}
    is_applied = functools.partial(_has_outputs, given)
    return call._replace(confirmation=Confirmation(retrieve_run(thread_id, run_id), is_applied))


def _has_outputs(given: set[Any], run: Run) -> bool:
    """Tell whether a run that waited for these outputs has them: without them it only ever ends."""
    if run.status == "requires_action":
        return given.isdisjoint(call.id for call in run.tool_calls)
    return run.status not in ("expired", "cancelling", "cancelled")


def _outputs(outputs: object) -> list[Any]:
    """Make outputs as the request takes them of a dict by call id, or of a list of dicts."""
    if isinstance(outputs, Mapping):
        outputs = [{"tool_call_id": id_, "output": text} for id_, text in outputs.items()]
    if isinstance(outputs, str | bytes) or not isinstance(outputs, Iterable):
        raise InvalidArgumentError("tool_outputs", "must be a dict of outputs by call id")
    checked: list[Any] = []
    for index, output in enumerate(outputs):
        at = f"tool_outputs[{index}]"
        if hasattr(output, "to_dict"):
            checked.append(output)
            continue
        if not isinstance(output, Mapping):
            raise InvalidArgumentError(at, "must be a dict with tool_call_id and output")
        check_text(f"{at}.tool_call_id", output.get("tool_call_id"))
        check_text(f"{at}.output", output.get("output"))
        checked.append(dict(output))
    return checked


def list_run_steps(
    thread_id: str, run_id: str, include: list[str] | None, **query: object
) -> Listing[RunStep]:
    given, most = list_query(query)
    given.update(_included(include))
    kwargs = api.list_run_steps._get_kwargs(*_run_ids(thread_id, run_id), **given)
    decode = functools.partial(page_from, RunStep.from_dict)
    return Listing(make_call("list_run_steps", "read", kwargs, decode), most)


def retrieve_run_step(
    thread_id: str, run_id: str, step_id: str, include: list[str] | None
) -> Call[RunStep]:
    ids = (*_run_ids(thread_id, run_id), check_id("step_id", step_id))
    kwargs = api.retrieve_run_step._get_kwargs(*ids, **_included(include))
    return make_call("retrieve_run_step", "read", kwargs, RunStep.from_dict)


def _run_ids(thread_id: object, run_id: object) -> tuple[str, str]:
    return check_id("thread_id", thread_id), check_id("run_id", run_id)


# Files


def upload_file(file: FileLike, purpose: str) -> Call[models.FileObject]:
    name, data = _named_bytes(file)
    boundary = secrets.token_hex(16)
    content = _multipart(boundary, check_text("purpose", purpose), name, data)
    return Call(
        "upload_file",
        "create",
        "POST",
        "/files",
        models.FileObject.from_dict,
        content=content,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def _named_bytes(file: FileLike) -> tuple[str, bytes]:
    if isinstance(file, tuple) and len(file) == 2:
        name, data = file
    elif isinstance(file, str | os.PathLike):
        name = os.path.basename(file)
        with open(file, "rb") as opened:
            data = opened.read()
    elif isinstance(file, bytes):
        name, data = "file", file
    elif hasattr(file, "read"):
        name, data = os.path.basename(str(getattr(file, "name", "file"))), file.read()
    else:
        raise InvalidArgumentError("file", "must be a path, bytes, (name, bytes) or an open file")
    if not isinstance(data, bytes):
        raise InvalidArgumentError("file", "must be opened in binary mode")
    return check_text("file name", name), data


def _multipart(boundary: str, purpose: str, name: str, data: bytes) -> bytes:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", " ")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n{purpose}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{quoted}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode()


def retrieve_file(file_id: str) -> Call[models.FileObject]:
    kwargs = api.retrieve_file._get_kwargs(check_id("file_id", file_id))
    return make_call("retrieve_file", "read", kwargs, models.FileObject.from_dict)


def delete_file(file_id: str) -> Call[models.DeletedFile]:
    kwargs = api.delete_file._get_kwargs(check_id("file_id", file_id))
    gone = models.DeletedFile(id=file_id, deleted=True)
    return make_call("delete_file", "repeatable", kwargs, models.DeletedFile.from_dict, gone)
