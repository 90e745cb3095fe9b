"""What calls about runs return: see `laplas.models`, which has their names, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from .generated import UnknownVariant, models
from .models import Dated, Message, dig, list_of


class Assistant(Dated, models.Assistant):
    """An assistant: a language model with instructions and tools."""

    __slots__ = ()


class Run(Dated, models.Run):
    """An assistant at work on a thread."""

    __slots__ = ()

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make a run of parsed JSON; a call in it that lacks a field leaves the rest readable."""
        try:
            return super().from_dict(src_dict)
        except ValueError:
            if not isinstance(action := src_dict.get("required_action"), dict):
                raise
        made = super().from_dict({**src_dict, "required_action": None})
        made.required_action = _read_action(action)
        return made

    @property
    def is_over(self) -> bool:
        """Whether the run will not go on by itself: it ended, or waits for tool outputs."""
        return self.status not in ("queued", "in_progress", "cancelling")

    @property
    def tool_calls(self) -> list[models.RequiredToolCall]:
        """The function calls whose outputs the run waits for, those that can be answered."""
        return [call for call in map(_call_of, _waits_for(self)) if call is not None]


def has_unreadable_calls(run: Run) -> bool:
    """Tell whether a run waits for more than its `tool_calls`: they alone would not do."""
    return len(run.tool_calls) < len(_waits_for(run))


def _waits_for(run: Run) -> list[Any]:
    outputs = dig(run.required_action, "submit_tool_outputs")
    return list_of(dig(outputs, "tool_calls"))


def _read_action(action: dict[str, Any]) -> Any:
    outputs: Any = action.get("submit_tool_outputs")
    calls = list_of(dig(outputs, "tool_calls"))
    if "type" not in action or not calls:
        return UnknownVariant(action)
    others = {"submit_tool_outputs": {**outputs, "tool_calls": []}}
    read: Any = models.RequiredAction.from_dict({**action, **others})
    read.submit_tool_outputs.tool_calls = list(map(_read_call, calls))
    return read


def _read_call(call: Any) -> Any:
    try:
        return models.RequiredToolCall.from_dict(call) if isinstance(call, dict) else call
    except ValueError:
        return UnknownVariant(call)


def _call_of(call: object) -> models.RequiredToolCall | None:
    """Return a call if it can be answered: a server may send anything, or leave it out."""
    id_, function = dig(call, "id"), dig(call, "function")
    name = dig(function, "name")
    if not (isinstance(id_, str) and id_ and isinstance(name, str)):
        return None
    if isinstance(call, models.RequiredToolCall) and not isinstance(function, dict):
        return call
    arguments = dig(function, "arguments")
    wanted = models.RequiredFunction(name=name, arguments="" if arguments is None else arguments)
    return models.RequiredToolCall(id=id_, function=wanted)


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

    def __repr__(self) -> str:
        status = self.run.status if self.run else None
        return f"<RunResult {status}, {len(self.messages)} messages, {len(self.steps)} steps>"

    @property
    def text(self) -> str:
        """The text of all messages."""
        return "".join(message.text for message in self.messages)

    @property
    def refusal(self) -> str | None:
        """Why the assistant would not answer, or None where it did."""
        refusals = [m.refusal for m in self.messages if m.refusal is not None]
        return "".join(refusals) if refusals else None
