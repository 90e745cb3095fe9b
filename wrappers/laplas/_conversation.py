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
    APIError,
    BadRequestError,
    LaplasError,
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
    refuse_async,
    split_tools,
)
from ._models import Message
from ._once import for_looks, what_is_left
from ._options import CallOptions, Options, seconds
from ._plans import answer, run
from ._run_models import Run

log = logging.getLogger("laplas")

FIRST_POLL: Final = 0.5
"""Seconds; each further wait is half as long again, up to `LONGEST_POLL`."""
LONGEST_POLL: Final = 5.0
LEAST_POLL: Final = 0.02
"""Seconds; a server that wants to be asked more often than this is not."""


class Asking(NamedTuple):
    """A question on its way: everything `ask` and `ask_stream` need to go on."""

    question: Call[Message]
    start: Call[Run]
    functions: Mapping[str, Function]
    deadline: float
    for_start: CallOptions
    options: CallOptions
    """For all requests but the one that starts the run."""


def asking(
    thread_id: str,
    content: object,
    assistant: str,
    options: Mapping[str, Any],
    *,
    stream: bool,
    asynced: bool,
    wait_for_active_run: bool,
    poll_deadline: float,
) -> Asking:
    """The question, with all that was given checked."""
    # Once only, as they may come from an iterator.
    tools, functions = split_tools(options.get("tools"))
    if not asynced:
        refuse_async(functions)
    body, for_start = run_ops.split_options({**options, "tools": tools}, run_ops.RunOptions)
    patience = ops.patience(wait_for_active_run, poll_deadline)
    return Asking(
        ops.create_message(thread_id, content, "user", None, None, patience=patience),
        run_ops.create_run(thread_id, assistant, body, stream, patience),
        functions,
        poll_deadline,
        for_start,
        for_looks(for_start),
    )


def poll(
    thread_id: str,
    run_id: str,
    options: Options,
    per_call: CallOptions,
    deadline: float,
    since: float | None = None,
    until: Callable[[Run], bool] = lambda seen: seen.is_over,
) -> Plan[Run]:
    """The plan that waits until a run is over or wants something.

    The server's ``openai-poll-after-ms`` is honoured.

    Raises:
        RunTimeoutError: `deadline` seconds have passed, from now or from `since`.
        APIError: A look failed; a note names the run.
    """
    call = run_ops.retrieve_run(thread_id, run_id)
    deadline = seconds("poll_deadline", deadline)
    started = time.monotonic() if since is None else since
    pause = FIRST_POLL
    while True:
        try:
            response = yield from answer(call, options, per_call)
            seen = decoded(call, response)
        except APIError as error:
            raise _naming(error, thread_id, run_id)  # noqa: B904  (it is the same error)
        if until(seen):
            return seen
        left = deadline - (time.monotonic() - started)
        if left <= 0:
            raise RunTimeoutError(f"{run_id} is still {seen.status} after {deadline:g} s", seen)
        yield Wait(min(_asked(response) or pause, left))
        pause = min(pause * 1.5, LONGEST_POLL)


def _naming(error: APIError, thread_id: str, run_id: str) -> APIError:
    """The error with a note that names the run, as the caller of `ask` does not know it."""
    error.add_note(f"this is about the run {run_id} of {thread_id}")
    return error


def _asked(response: Response) -> float | None:
    """Seconds the server wants between polls, from `LEAST_POLL` to `LONGEST_POLL` times two."""
    text = response.headers.get("openai-poll-after-ms", "")
    # Python refuses to read numbers of thousands of digits.
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) == 0:
        return None
    return min(max(int(text) / 1000, LEAST_POLL), 2 * LONGEST_POLL)


def patiently(
    call: Call[Any], patience: float, options: Options, per_call: CallOptions
) -> Plan[Response]:
    """The plan for a call that its thread refuses while a run is active on it.

    It waits for that run, and for the next one where that has begun meanwhile.

    Raises:
        RunTimeoutError: `patience` seconds have passed, or the call's whole `deadline`.
        ActiveRunError: The same, and the run is over, but the server still refuses the call.
    """
    call = call._replace(patience=None)
    since = time.monotonic()
    if "deadline" in per_call:
        patience = min(patience, seconds("deadline", per_call["deadline"]))
    over = ""
    pause = FIRST_POLL
    while True:
        try:
            return (yield from answer(call, options, what_is_left(per_call, since)))
        except ActiveRunError as error:
            active = error
        if active.run_id == over:
            left = patience - (time.monotonic() - since)
            if left <= 0:
                raise active
            yield Wait(min(pause, left))
            pause = min(pause * 1.5, LONGEST_POLL)
        looks = for_looks(what_is_left(per_call, since))
        yield from poll(
            active.thread_id, active.run_id, options, looks, patience, since, _has_ended
        )
        over = active.run_id


def _has_ended(seen: Run) -> bool:
    """Whether a run is over for good: one that waits for tool outputs still locks its thread."""
    return seen.is_over and seen.status != "requires_action"


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
    if not isinstance(result, BaseException):  # a CancelledError is no Exception
        try:
            return output_of(result)
        except Exception as error:  # the caller's objects: anything can happen
            result = error
    log.warning("the tool %s failed: %s", call.__name__, type(result).__name__)
    return output_of_failure(result)


def ask(asking: Asking, options: Options) -> Plan[Message]:
    """The plan of `ThreadHandle.ask`: create, run, wait, answer function calls, read the reply."""
    yield from run(asking.question, options, asking.options)
    current = yield from run(asking.start, options, asking.for_start)
    since = time.monotonic()
    progress = _Progress()
    while True:
        ids = current.thread_id, current.id
        current = yield from poll(
            *ids, options, asking.options, asking.deadline, since, progress.is_news
        )
        if current.status != "requires_action":
            break
        made = yield from outputs(current, asking.functions)
        progress.answered = _calls(current)
        call = run_ops.submit_tool_outputs(current.thread_id, current.id, made)
        response = yield from submitted(call, current, options, asking)
        current = decoded(call, response)
    messages: list[Message] = []
    if current.status in ("completed", "incomplete"):
        messages = yield from _written(current, options, asking.options)
    check_completed(current, messages)
    if not messages:
        raise no_message(current)
    return messages[-1]


class _Progress:
    """Tells a run that waits again from one that is shown as it was before it got its outputs.

    By ids alone that could not be told: some servers use them again.
    """

    answered: list[Any] | None = None
    """The last calls with outputs, until the run is seen to have gone on."""

    def is_news(self, seen: Run) -> bool:
        """Whether to stop looking: the run is over, or wants something new."""
        if seen.status == "requires_action":
            return _calls(seen) != self.answered
        self.answered = None
        return seen.is_over


def _calls(seen: Run) -> list[Any]:
    return [call.to_dict() for call in seen.tool_calls]


def no_message(current: Run) -> RunError:
    """The error for a run that completed and wrote nothing."""
    return RunError(f"{current.id} completed without a message", current)


def submitted(call: Call[Run], current: Run, options: Options, asking: Asking) -> Plan[Response]:
    """The plan that gives a run the outputs it waits for.

    Raises:
        RunExpiredError, RunCancelledError: It ended while the functions ran.
    """
    try:
        return (yield from answer(call, options, asking.options))
    except BadRequestError as error:
        refused = _naming(error, current.thread_id, current.id)
    except APIError as error:
        raise _naming(error, current.thread_id, current.id)  # noqa: B904
    look = run_ops.retrieve_run(current.thread_id, current.id)
    try:
        seen = yield from run(look, options, asking.options)
    except LaplasError:
        raise refused from None
    if seen.status in ("expired", "cancelled", "cancelling", "failed"):
        check_completed(seen, [])
    raise refused


def _written(current: Run, options: Options, per_call: CallOptions) -> Plan[list[Message]]:
    """The plan for the messages that a run wrote, in order; one page holds them all."""
    listing = ops.list_messages(current.thread_id, 100, None, None, "desc", None, None, current.id)
    try:
        page = yield from run(listing.first, options, per_call)
    except APIError as error:
        raise _naming(error, current.thread_id, current.id)  # noqa: B904
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
    "cancelling": RunCancelledError,
    "requires_action": RunRequiresActionError,
}
