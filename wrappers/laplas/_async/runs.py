"""Run assistants: what takes several calls that belong together."""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, Unpack

from .._core.config import (
    CallOptions,
    check_interval,
    check_seconds,
    for_further_requests,
    pick_call_options,
    start_deadline,
)
from .._core.function_tools import FunctionTool, bind_calls, missing_functions, split_tools
from .._core.interruptions import Outcome, raise_interruption
from .._core.pieces import WholePieces
from .._core.problems import read_problem
from .._core.request import CHECKER, PROBE_PAGE_SIZE, plan_call
from .._core.structured import is_model
from .._core.tool_results import output_of, output_of_failure, output_of_lost_result
from ..errors import (
    APIError,
    BadRequestError,
    InvalidArgumentError,
    LaplasError,
    RunCancelledError,
    RunError,
    RunExpiredError,
    RunFailedError,
    RunIncompleteError,
    RunRequiresActionError,
    RunTimeoutError,
    name_run,
)
from ..generated import NOT_GIVEN, Call, hide_frames, hide_internal_frames, messages, plain
from ..generated import runs as generated
from ..models import Message, Reply, Run
from .concurrency import CALLS_ASYNC_FUNCTIONS, call_all
from .resources import POLL_DEADLINE
from .streams import AsyncEventStream, AsyncEventStreams, event_source

if TYPE_CHECKING:
    from ..types import RunOptions
    from .sending import AsyncSender

log = logging.getLogger("laplas")


@hide_internal_frames
class AsyncRuns(generated.AsyncRuns):
    """Runs: ``client.runs``; their steps are ``client.runs.steps``."""

    _carrier: Any  # an AsyncSender

    async def poll(
        self,
        thread_id: str,
        run_id: str,
        *,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Wait until a run is over, or waits for tool outputs.

        Args:
            thread_id: The thread's id.
            run_id: The run's id.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: See `laplas.CallOptions`; a ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: The run is still going at the deadline.
            APIError: Something else went wrong.
        """
        look = generated.retrieve_run(CHECKER, thread_id, run_id)
        sender: AsyncSender = self._carrier
        return await sender.poll(look, options, poll_deadline)

    def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> AsyncEventStreams:
        """Start a run as `create` with ``stream=True`` does: for an ``async with`` block."""
        create: Any = self.create  # it has two results
        begin: Callable[[], Awaitable[AsyncEventStream]] = functools.partial(
            create,
            thread_id,
            assistant_id,
            stream=True,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            **options,
        )
        return AsyncEventStreams(begin)  # sync: return begin()

    async def create_and_poll(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Run:
        """Start a run, then wait until it is over: `create`, then `poll`.

        Each of the two waits up to `poll_deadline` seconds; a ``deadline`` covers both.
        """
        started: Any = start_deadline(options, time.monotonic())
        begun: Run = await self.create(
            thread_id,
            assistant_id,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            **started,
        )
        look = generated.retrieve_run(CHECKER, thread_id, begun.id)
        further = for_further_requests(pick_call_options(started))
        with _Begun(thread_id, begun):
            sender: AsyncSender = self._carrier
            return await sender.poll(look, further, poll_deadline)


async def begin_and_poll(
    sender: AsyncSender,
    call: Call[Run],
    options: Mapping[str, Any],
    poll_deadline: float,
    poll_interval_ms: Any,
) -> Run:
    """Send a call that a run begins or goes on with, then wait until the run is over."""
    interval = check_interval(poll_interval_ms)
    check_seconds("poll_deadline", poll_deadline)
    started = start_deadline(options, time.monotonic())
    if call.effect == "read":  # it only looks
        return await sender.poll(call, started, poll_deadline, interval=interval)
    begun = await sender.send(call, started)
    thread_id = call.parents.get("thread_id") or begun.thread_id
    # As in the openai package, what is in the query is for each request.
    further: CallOptions = {**started, "extra_body": {}}
    with _Begun(thread_id, begun):
        if not isinstance(thread_id, str):
            raise RunError(f"{begun.id} has begun, but nothing says on which thread", begun)
        look = generated.retrieve_run(CHECKER, thread_id, begun.id)
        return await sender.poll(look, further, poll_deadline, interval=interval)


class _Begun:
    """Lets an error tell what was done before it, so that the next call can go on from there."""

    def __init__(self, thread_id: str, run: Run | None = None) -> None:
        self._thread_id = thread_id  # some servers do not say it of their runs
        self.run = run
        self.question: Message | None = None
        self.stream: AsyncEventStream | None = None
        self.reply: Reply | None = None
        self.has_effect = run is not None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, LaplasError):
            error.may_have_taken_effect = error.may_have_taken_effect or self.has_effect
            error.question, error.run = self.question, error.run or self.run
            if isinstance(error, APIError) and self.run is not None:
                name_run(error, self.run.id, self._thread_id)
        elif error is not None and self.question is not None:  # Ctrl-C, a cancellation
            error.add_note(f"the question is on {self._thread_id}: {self.question.id}")


class AskRequest(NamedTuple):
    """Everything that `ask` and `ask_stream` need."""

    question: Call[Message] | Message
    """How to create it, or one that is on the thread."""
    start: Call[Run]
    functions: Mapping[str, FunctionTool]
    deadline: float
    """Seconds."""
    for_start: CallOptions
    options: CallOptions
    """For all requests but the one that starts the run."""
    asked: Any
    """The type that the reply is to be parsed as, if any."""

    @property
    def thread_id(self) -> str:
        """The thread that is asked in: some servers do not say it of their runs."""
        return self.start.parents["thread_id"]

    def __repr__(self) -> str:
        return "<AskRequest>"  # a traceback's locals must not show what is asked


def prepare_ask(
    sender: AsyncSender,
    thread_id: str,
    content: Any,
    assistant: str,
    options: Mapping[str, Any],
    wait_for_active_run: bool,
    poll_deadline: float,
    once: bool | str = False,
    stream: bool = False,
) -> AskRequest:
    """Check all that was given, and build both requests, before anything is sent."""
    # Once only, as they may come from an iterator.
    tools, functions = split_tools(options.get("tools", NOT_GIVEN))
    for name, function in functions.items():
        if function.is_async and not CALLS_ASYNC_FUNCTIONS:
            raise InvalidArgumentError("tools", f"{name} is async: that needs AsyncLaplas")
    for_start = pick_call_options(options)
    start_deadline(for_start, time.monotonic())  # a check: it begins later
    waits: dict[str, Any] = {
        "wait_for_active_run": wait_for_active_run,
        "poll_deadline": poll_deadline,
    }
    settings: dict[str, Any] = {k: v for k, v in options.items() if k not in for_start}
    settings["tools"] = tools
    further = for_further_requests(for_start)
    question: Call[Message] | Message
    if isinstance(content, Message):
        if content.thread_id != thread_id:
            problem = f"is on another thread; to ask it on {thread_id}, give its text"
            raise InvalidArgumentError("content", problem)
        question = content
    else:
        create = messages.create_message(CHECKER, thread_id, content, once=once, **waits)
        question = plan_call(create, further)
        sender.plan(question, further)
    start = plan_call(
        generated.create_run(CHECKER, thread_id, assistant, stream=stream, **settings, **waits),
        for_start,
    )
    sender.plan(start, for_start)
    asked = settings.get("response_format")
    asked = asked if is_model(asked) else None
    return AskRequest(question, start, functions, poll_deadline, for_start, further, asked)


def _start_clock(request: AskRequest) -> AskRequest:
    """Let a deadline cover all requests from now on."""
    started = start_deadline(request.for_start, time.monotonic())
    return request._replace(for_start=started, options=for_further_requests(started))


async def _put_question(sender: AsyncSender, request: AskRequest, begun: _Begun) -> None:
    if isinstance(request.question, Message):
        begun.question = request.question
        return
    begun.question = await sender.send(request.question, request.options)
    begun.has_effect = True


async def ask(sender: AsyncSender, request: AskRequest) -> Reply:
    """Create a message, run the assistant, wait, answer function calls, and read the reply."""
    request = _start_clock(request)
    with _Begun(request.thread_id) as begun:
        await _put_question(sender, request, begun)
        current = await sender.send(request.start, request.for_start)
        begun.has_effect = True
        since = time.monotonic()
        progress = _Progress()
        while True:
            begun.run = current
            look = generated.retrieve_run(CHECKER, request.thread_id, current.id)
            current = await sender.poll(
                look, request.options, request.deadline, since, progress.has_changed
            )
            begun.run = current
            if current.status != "requires_action":
                break
            outputs = await _call_functions(current, request)
            progress.answered = _calls_of(current)
            current = await _submit(sender.send, outputs, current, sender, request)
        messages: list[Message] = []
        if current.status in ("completed", "incomplete"):
            messages = await _read_messages(sender, current, request)
        check_completed(current, messages)
        if not messages:
            raise _no_message(current)
        return Reply.of(messages[-1], current, request.asked)


class AsyncReplyStream:
    """The text of a reply, piece by piece as it is written: what `ask_stream` returns.

    No piece ends within a character: an emoji of several parts, a flag, a letter with its marks
    and the halves of a surrogate pair stay together. What does not become whole comes at the end.
    Use it in an ``async with`` block to let the connection go when you leave it early.
    """

    def __init__(self, sender: AsyncSender, request: AskRequest) -> None:
        self._begun = _Begun(request.thread_id)
        self._pieces = _ask_stream(sender, request, self._begun)

    @property
    def run(self) -> Run | None:
        """The run, as it was last seen; None before there is one."""
        stream = self._begun.stream
        return (stream and stream.result.run) or self._begun.run

    @property
    def message(self) -> Reply:
        """The whole message, with its citations, once you have iterated to the end.

        Raises:
            RunError: You have not, or there is none.
        """
        if self._begun.reply is None:
            problem = "there is no whole message: iterate over the stream to its end first"
            raise RunError(problem, self.run)
        return self._begun.reply

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        return await self._pieces.__anext__()

    async def aclose(self) -> None:
        """Let the connection go; the run continues on the server."""
        await self._pieces.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


async def _ask_stream(
    sender: AsyncSender, request: AskRequest, begun: _Begun
) -> AsyncGenerator[str, None]:
    """Ask as `ask` does, and yield the text of the reply piece by piece."""
    # The frames of a generator are not cut off by the public method, so each call is.
    request = _start_clock(request)
    event_source()  # before anything is sent: the extra may be missing
    whole = WholePieces()
    with begun:
        await hide_frames(_put_question)(sender, request, begun)
        since = time.monotonic()
        saw_message = False
        written: list[Message] = []
        opened = await hide_frames(sender.stream)(request.start, request.for_start)
        begun.has_effect = True
        while True:
            async with opened as stream:
                begun.stream = stream
                try:
                    async for text in stream.text:
                        for piece in whole.add(text):
                            yield piece
                except Exception:
                    for piece in whole.rest():
                        yield piece
                    raise
                finally:
                    result = stream.result
                    begun.run, begun.stream = result.run or begun.run, None
                for piece in whole.rest():
                    yield piece
                saw_message = saw_message or stream._state.saw_message
                written = [m for m in result.messages if m.role != "user"] or written
                current = _pending_run(stream, saw_message)
            if current is None:
                if written:
                    begun.reply = Reply.of(written[-1], begun.run, request.asked)
                return
            # Otherwise a model that calls and calls would be listened to for ever.
            if time.monotonic() - since > request.deadline:
                why = f"{current.id} still calls functions after {request.deadline:g} s"
                raise RunTimeoutError(why, current)
            outputs = await _call_functions(current, request)
            opened = await hide_frames(_submit)(sender.stream, outputs, current, sender, request)


def _pending_run(stream: AsyncEventStream, saw_message: bool) -> Run | None:
    """Return the run if it waits for tool outputs; raise if it ended but did not complete."""
    result = stream.result
    if stream._state.lost_run:
        raise RunError(stream._state.lost_run, None)
    if result.run is None:
        if not stream._state.saw_content:
            raise RunError("the stream ended without a reply, and without a word of the run", None)
        return None
    if result.run.status == "completed":
        if not saw_message:
            raise _no_message(result.run)
        return None
    if result.run.status != "requires_action":
        check_completed(result.run, result.messages)
    return result.run


async def _call_functions(current: Run, request: AskRequest) -> list[dict[str, str]]:
    """Make the function calls a run waits for; return the outputs in their order.

    A call that fails does not end the run: its error is the output, so that the model can react.

    Raises:
        RunRequiresActionError: A function was not given, or not every call can be answered.
        RunTimeoutError: The deadline has passed.
    """
    missing = missing_functions(current, request.functions)
    if missing or not current.tool_calls:
        names = ", ".join(missing) or "no function"
        raise RunRequiresActionError(f"{current.id} waits for {names}", current)
    calls = bind_calls(current, request.functions)
    deadline = request.options.get("deadline")
    left = None if deadline is None else deadline - time.monotonic()
    try:
        if left is not None and left <= 0:  # nobody could be told what they did
            raise TimeoutError
        outcomes = await call_all([call.make for call in calls], left)
    except TimeoutError as error:
        raise_interruption(error)
        why = f"{current.id} still waits for functions at the deadline"
        raise RunTimeoutError(why, current) from None
    # A list, as servers give one id to several calls.
    return [
        {"tool_call_id": call.id, "output": _output(call.name, outcome)}
        for call, outcome in zip(calls, outcomes, strict=True)
    ]


def _output(name: str, outcome: Outcome) -> str:
    if outcome.error is not None:
        log.warning("the tool %s failed: %s", name, type(outcome.error).__name__)
        return output_of_failure(outcome.error)
    try:
        return output_of(outcome.result)
    except Exception as error:  # the caller's objects: anything can happen
        raise_interruption(error)
        lost = error
    log.warning("the result of the tool %s cannot be told: %s", name, type(lost).__name__)
    return output_of_lost_result(lost)


class _Progress:
    """Tells a run that waits again from one that is shown as it was before it got its outputs.

    By ids alone that could not be told: some servers use them again.
    """

    answered: list[Any] | None = None
    """The last calls with outputs, until the run is seen to have gone on."""

    def has_changed(self, seen: Run) -> bool:
        """Tell whether the run is over, or wants something new."""
        if seen.status == "requires_action":
            return _calls_of(seen) != self.answered
        self.answered = None
        return seen.is_over


def _calls_of(seen: Run) -> list[Any]:
    return [call.to_dict() for call in seen.tool_calls]


def _no_message(current: Run) -> RunError:
    """Make the error of a run that completed and wrote nothing."""
    return RunError(f"{current.id} completed without a message", current)


async def _submit(
    send: Callable[..., Any],
    outputs: list[dict[str, str]],
    current: Run,
    sender: AsyncSender,
    request: AskRequest,
) -> Any:
    """Give a run the outputs it waits for, by `sender.send` or `sender.stream`.

    Raises:
        RunExpiredError, RunCancelledError: It ended while the functions ran.
    """
    streams = request.start.streams
    call = generated.submit_tool_outputs(
        CHECKER, request.thread_id, current.id, outputs, stream=streams
    )
    try:
        return await send(call, request.options)
    except BadRequestError as error:
        refused = error
    look = generated.retrieve_run(CHECKER, request.thread_id, current.id)
    try:
        seen = await sender.send(look, request.options)
    except LaplasError:
        raise refused from None
    if seen.status in ("expired", "cancelled", "cancelling", "failed"):
        check_completed(seen, [])
    raise refused


async def _read_messages(sender: AsyncSender, current: Run, request: AskRequest) -> list[Message]:
    """Read the messages that a run wrote, in order; one page holds them all."""
    call = messages.list_messages(
        CHECKER,
        request.thread_id,
        page_size=PROBE_PAGE_SIZE,
        order="desc",
        run_id=current.id,
    )
    page: Any = await sender.send(call, request.options)
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
    why = read_problem(plain(current.last_error)).message or "no reason given"
    cls = _ENDS.get(str(current.status), RunError)
    raise cls(f"{current.id} is {current.status}: {why}", current)


_ENDS: Final[dict[str, type[RunError]]] = {
    "failed": RunFailedError,
    "expired": RunExpiredError,
    "cancelled": RunCancelledError,
    "cancelling": RunCancelledError,
    "requires_action": RunRequiresActionError,
}
