"""Plans that span several calls: waiting for a run, and asking an assistant for a reply."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from . import _operations as ops
from . import _run_operations as run_ops
from ._call import Call, Response, decoded
from ._engine import Act, Plan, Wait
from ._errors import (
    ActiveRunError,
    RunCancelledError,
    RunError,
    RunExpiredError,
    RunFailedError,
    RunIncompleteError,
    RunRequiresActionError,
    RunTimeoutError,
)
from ._functions import (
    Function,
    missing_functions,
    output_of,
    output_of_failure,
    prepared_calls,
    split_tools,
)
from ._models import Message
from ._options import CallOptions, Options, seconds
from ._plans import answer, run
from ._run_models import Run

log = logging.getLogger("laplas")

FIRST_POLL: Final = 0.5
"""Seconds; each further wait is half as long again, up to `LONGEST_POLL`."""
LONGEST_POLL: Final = 5.0


class Asking(NamedTuple):
    """A question on its way: everything `ask` and `ask_stream` need to go on."""

    question: Call[Message]
    start: Call[Run]
    functions: Mapping[str, Function]
    wait_for_active_run: bool
    deadline: float
    options: CallOptions


def asking(
    thread_id: str,
    content: object,
    assistant: str,
    stream: bool,
    wait_for_active_run: bool,
    deadline: float,
    options: Mapping[str, Any],
) -> Asking:
    """The question, with all that was given checked."""
    # Once only, as they may come from an iterator.
    tools, functions = split_tools(options.get("tools"))
    body, call_options = run_ops.split_options({**options, "tools": tools}, run_ops.RunOptions)
    return Asking(
        ops.create_message(thread_id, content, "user", None, None),
        run_ops.create_run(thread_id, assistant, body, stream),
        functions,
        wait_for_active_run,
        seconds("poll_deadline", deadline),
        call_options,
    )


def poll(
    thread_id: str,
    run_id: str,
    options: Options,
    per_call: CallOptions,
    deadline: float,
    since: float | None = None,
) -> Plan[Run]:
    """The plan that waits until a run is over or wants something.

    The server's ``openai-poll-after-ms`` is honoured.

    Raises:
        RunTimeoutError: `deadline` seconds have passed, from now or from `since`.
    """
    call = run_ops.retrieve_run(thread_id, run_id)
    deadline = seconds("poll_deadline", deadline)
    started = time.monotonic() if since is None else since
    pause = FIRST_POLL
    while True:
        response = yield from answer(call, options, per_call)
        seen = decoded(call, response)
        if seen.is_over:
            return seen
        left = deadline - (time.monotonic() - started)
        if left <= 0:
            raise RunTimeoutError(f"{run_id} is still {seen.status} after {deadline:g} s", seen)
        yield Wait(min(_asked(response) or pause, left))
        pause = min(pause * 1.5, LONGEST_POLL)


def _asked(response: Response) -> float | None:
    """Seconds the server wants between polls, at most `LONGEST_POLL` times two."""
    text = response.headers.get("openai-poll-after-ms", "")
    # Python refuses to read numbers of thousands of digits.
    number = text.isascii() and text.isdigit() and len(text) < 10
    return min(int(text) / 1000, 2 * LONGEST_POLL) if number else None


def started(asking: Asking, call: Call[Any], options: Options) -> Plan[Response]:
    """The plan for a call that a thread refuses while a run is active on it."""
    try:
        return (yield from answer(call, options, asking.options))
    except ActiveRunError as error:
        if not asking.wait_for_active_run:
            raise
        active = error
    yield from poll(active.thread_id, active.run_id, options, asking.options, asking.deadline)
    return (yield from answer(call, options, asking.options))


def outputs(current: Run, functions: Mapping[str, Function]) -> Plan[dict[str, str]]:
    """The plan that makes the function calls a run waits for: the outputs by call id.

    A call that fails does not end the run: its error is the output, so that the model can react.

    Raises:
        RunRequiresActionError: A function was not given.
    """
    missing = missing_functions(current, functions)
    if missing or not current.tool_calls:
        names = ", ".join(missing) or "no function"
        raise RunRequiresActionError(f"{current.id} waits for {names}", current)
    calls = prepared_calls(current, functions)
    results: Sequence[Any] = yield Act([call for _, call in calls])
    return {id_: _output(call, result) for (id_, call), result in zip(calls, results, strict=True)}


def _output(call: Callable[..., Any], result: Any) -> str:
    if not isinstance(result, Exception):
        try:
            return output_of(result)
        except Exception as error:  # the caller's objects: anything can happen
            result = error
    log.warning("the tool %s failed: %s", call.__name__, type(result).__name__)
    return output_of_failure(result)


def ask(asking: Asking, options: Options) -> Plan[Message]:
    """The plan of `ThreadHandle.ask`: create, run, wait, answer function calls, read the reply."""
    yield from started(asking, asking.question, options)
    response = yield from started(asking, asking.start, options)
    current = decoded(asking.start, response)
    since = time.monotonic()
    while True:
        current = yield from poll(
            current.thread_id, current.id, options, asking.options, asking.deadline, since
        )
        if current.status != "requires_action":
            break
        made = yield from outputs(current, asking.functions)
        call = run_ops.submit_tool_outputs(current.thread_id, current.id, made)
        current = yield from run(call, options, asking.options)
    messages: list[Message] = []
    if current.status in ("completed", "incomplete"):
        messages = yield from _written(current, options, asking.options)
    check_completed(current, messages)
    if not messages:
        raise RunError(f"{current.id} completed without a message", current)
    return messages[-1]


def _written(current: Run, options: Options, per_call: CallOptions) -> Plan[list[Message]]:
    """The plan for the messages that a run wrote, in order; one page holds them all."""
    listing = ops.list_messages(current.thread_id, 100, None, None, "desc", None, None, current.id)
    page = yield from run(listing.first, options, per_call)
    # Servers that do not know run_id send all messages; so the newest first, to have these.
    return [message for message in reversed(page.data) if message.run_id == current.id]


def check_completed(current: Run, messages: list[Message]) -> None:
    """Raise the typed error where a run is over without being completed."""
    if current.status == "completed":
        return
    if current.status == "incomplete":
        reason = getattr(current.incomplete_details, "reason", None)
        incomplete = RunIncompleteError(f"{current.id} stopped early: {reason}", current)
        incomplete.messages = messages
        raise incomplete
    why = getattr(current.last_error, "message", None) or "no reason given"
    cls = _ENDS.get(str(current.status), RunError)
    raise cls(f"{current.id} is {current.status}: {why}", current)


_ENDS: Final[dict[str, type[RunError]]] = {
    "failed": RunFailedError,
    "expired": RunExpiredError,
    "cancelled": RunCancelledError,
    "requires_action": RunRequiresActionError,
}
