"""Asking with a streamed reply, for both clients, on the plans of `_conversation`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

from ._call import Call, Response
from ._conversation import Asking, check_completed, no_message, outputs, submitted
from ._engine import Plan
from ._errors import RunError, RunTimeoutError
from ._options import Options
from ._plans import answer, run
from ._run_models import Run
from ._run_operations import submit_tool_outputs
from ._streaming import AsyncEventStream, EventStream, event_source
from .resources import AsyncRunner, Runner


def ask_stream(runner: Runner, asking: Asking) -> Iterator[str]:
    """See `ThreadHandle.ask_stream`."""
    event_source()  # before anything is sent: the extra may be missing
    runner.carry_out(run(asking.question, runner.options, asking.options))
    turn = _Turn(asking, runner.options)
    while True:
        with runner.opened(turn.call, turn.plan) as stream:
            yield from stream.text
            current = turn.waiting(stream)
        if current is None:
            return
        turn.go_on(current, runner.carry_out(outputs(current, asking.functions)))


async def async_ask_stream(runner: AsyncRunner, asking: Asking) -> AsyncIterator[str]:
    """See `AsyncThreadHandle.ask_stream`."""
    event_source()
    await runner.carry_out(run(asking.question, runner.options, asking.options))
    turn = _Turn(asking, runner.options)
    while True:
        async with await runner.opened(turn.call, turn.plan) as stream:
            async for piece in stream.text:
                yield piece
            current = turn.waiting(stream)
        if current is None:
            return
        turn.go_on(current, await runner.carry_out(outputs(current, asking.functions)))


class _Turn:
    """The stream that is to be read next: the run's first, then one for each round of outputs."""

    def __init__(self, asking: Asking, options: Options) -> None:
        self._asking = asking
        self._options = options
        self._since = time.monotonic()
        self._heard = False
        self.call: Call[Any] = asking.start
        self.plan: Plan[Response] = answer(asking.start, options, asking.for_start)

    def waiting(self, stream: EventStream | AsyncEventStream) -> Run | None:
        """The run, where it waits for tool outputs; raises where it ended but did not complete."""
        result = stream.result
        if stream._state.lost_run:
            raise RunError("what the server told of the run could not be understood", None)
        self._heard = self._heard or stream._state.tells_message
        if result.run is None:
            return None
        if result.run.status == "completed":
            if not self._heard:
                raise no_message(result.run)
            return None
        if result.run.status != "requires_action":
            check_completed(result.run, result.messages)
        # Otherwise a model that calls and calls would be listened to for ever.
        if time.monotonic() - self._since > self._asking.deadline:
            why = f"{result.run.id} calls functions after {self._asking.deadline:g} s"
            raise RunTimeoutError(why, result.run)
        return result.run

    def go_on(self, current: Run, made: dict[str, str]) -> None:
        """Turn to the stream that comes for these outputs."""
        self.call = submit_tool_outputs(current.thread_id, current.id, made, stream=True)
        self.plan = submitted(self.call, current, self._options, self._asking)
