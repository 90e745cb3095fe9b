"""What calls about runs return: see `laplas.models`, which has their names, too."""

from __future__ import annotations

from typing import NamedTuple

from .generated import models
from .models import Dated, Message, list_of


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
        return [call for call in list_of(getattr(outputs, "tool_calls", None)) if _is_call(call)]


def _is_call(call: object) -> bool:
    """Tell whether a call can be answered: a server may send anything."""
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
        run: The run as it was last seen, or None where no event held it.
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
