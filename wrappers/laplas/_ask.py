"""Asking with a streamed reply, for both clients, on the plans of `_conversation`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from ._call import Call, Response
from ._conversation import Asking, check_completed, outputs, started
from ._engine import Plan
from ._errors import RunError
from ._plans import answer
from ._run_models import Run
from ._run_operations import submit_tool_outputs
from ._streaming import AsyncEventStream, EventStream, event_source
from .resources import AsyncRunner, Runner


def ask_stream(runner: Runner, asking: Asking) -> Iterator[str]:
    """See `ThreadHandle.ask_stream`."""
    event_source()  # before anything is sent: the extra may be missing
    runner.carry_out(started(asking, asking.question, runner.options))
    call: Call[Any] = asking.start
    plan = started(asking, call, runner.options)
    while True:
        with runner.opened(call, plan) as stream:
            yield from stream.text
            current = _waiting(stream)
        if current is None:
            return
        made = runner.carry_out(outputs(current, asking.functions))
        call, plan = _going_on(asking, current, made, runner)


async def async_ask_stream(runner: AsyncRunner, asking: Asking) -> AsyncIterator[str]:
    """See `AsyncThreadHandle.ask_stream`."""
    event_source()
    await runner.carry_out(started(asking, asking.question, runner.options))
    call: Call[Any] = asking.start
    plan = started(asking, call, runner.options)
    while True:
        async with await runner.opened(call, plan) as stream:
            async for piece in stream.text:
                yield piece
            current = _waiting(stream)
        if current is None:
            return
        made = await runner.carry_out(outputs(current, asking.functions))
        call, plan = _going_on(asking, current, made, runner)


def _waiting(stream: EventStream | AsyncEventStream) -> Run | None:
    """The run, where it waits for tool outputs; raises where it ended in any way but completed."""
    result = stream.result
    if stream._state.lost_run:
        raise RunError("what the server told of the run could not be understood", None)
    if result.run is None or result.run.status == "completed":
        return None
    if result.run.status != "requires_action":
        check_completed(result.run, result.messages)
    return result.run


def _going_on(
    asking: Asking, current: Run, made: dict[str, str], runner: Runner | AsyncRunner
) -> tuple[Call[Any], Plan[Response]]:
    call = submit_tool_outputs(current.thread_id, current.id, made, stream=True)
    return call, answer(call, runner.options, asking.options)
