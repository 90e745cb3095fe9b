"""What the calls about assistants and runs return: see `_models`.

Apart from `_models`, so that who only sends messages does not load it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ._api import models
from ._models import Dated, Message


class Assistant(Dated, models.Assistant):
    """An assistant: a language model with instructions and tools."""

    __slots__ = ()


class Run(Dated, models.Run):
    """An assistant at work on a thread."""

    __slots__ = ()

    @property
    def is_over(self) -> bool:
        """Whether the run will not go on by itself: it ended, or waits for tool outputs."""
        return self.status not in ("queued", "in_progress", "cancelling")

    @property
    def tool_calls(self) -> list[models.RequiredToolCall]:
        """The function calls whose outputs the run waits for."""
        outputs = getattr(self.required_action, "submit_tool_outputs", None)
        calls = getattr(outputs, "tool_calls", None)
        return [call for call in calls if _is_call(call)] if isinstance(calls, list) else []


def _is_call(call: object) -> bool:
    """Whether it can be answered: a server may send anything."""
    function = getattr(call, "function", None)
    return isinstance(getattr(call, "id", None), str) and isinstance(
        getattr(function, "name", None), str
    )


class RunStep(Dated, models.RunStep):
    """One step of a run: writing a message, or calling tools."""

    __slots__ = ()


class RunResult(NamedTuple):
    """What a run came to.

    Attributes:
        run: The run as it was last seen, or None where nothing told of it.
        messages: The messages that the run wrote, whole or as far as they came, in order.
        steps: The run's steps, likewise.
    """

    run: Run | None
    messages: list[Message]
    steps: list[RunStep]

    @property
    def text(self) -> str:
        """The text of all messages."""
        return "".join(message.text for message in self.messages)

    @property
    def refusal(self) -> str | None:
        """Why the assistant would not answer, or None where it did."""
        refusals = [m.refusal for m in self.messages if m.refusal is not None]
        return "".join(refusals) if refusals else None


def run_from(data: Any) -> Run:
    """A Run from parsed JSON; whatever does not fit raises, and is wrapped further up."""
    return Run.from_dict(data)
