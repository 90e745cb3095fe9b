"""Carry documents over to another form, and know what stayed behind.

A format asks for the values that it can hold. What it did not ask for is what it cannot hold, so a
loss needs no code of its own and no new field of the API can be lost in silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

_HALF_PAIR = re.compile("[\ud800-\udfff]")
"""Half a surrogate pair: JSON can hold it, UTF-8 and what builds on it cannot."""


def whole_text(text: str) -> str:
    """Return text that UTF-8 can hold: halves of surrogate pairs become U+FFFD."""
    return _HALF_PAIR.sub("\ufffd", text)


class Field:
    """A value inside a document, whatever it is, which remembers what of it was carried over.

    Attributes:
        value: The value as it is in the archive; None where there is none.
    """

    __slots__ = ("_carried", "_children", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        self._carried = False
        self._children: dict[Any, Field] = {}

    def __getitem__(self, key: str) -> Field:
        """Return the field of an object; an empty one where this is no object or has none."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return self._children.setdefault(key, Field(value))

    def __iter__(self) -> Iterator[Field]:
        """Yield the fields of a list; nothing where this is none."""
        if isinstance(self.value, list):
            for number, value in enumerate(self.value):
                yield self._children.setdefault(number, Field(value))

    def items(self) -> Iterator[tuple[str, Field]]:
        """Yield the fields of an object with their names; nothing where this is none."""
        if isinstance(self.value, dict):
            yield from ((key, self[key]) for key in self.value)

    def carry(self) -> Any:
        """Return the value, all of which is carried over by this."""
        self._carried = True
        return self.value

    def text(self) -> str | None:
        """Carry a text over. None where this is none; see `whole_text` for what may change."""
        if not isinstance(self.value, str):
            return None
        whole = whole_text(self.value)
        self._carried = self._carried or whole == self.value
        return whole

    def whole_number(self) -> int | None:
        """Carry an integer over. None where this is none."""
        return int(self.carry()) if type(self.value) is int else None

    def number(self) -> float | None:
        """Carry a number over. None where this is none."""
        return self.carry() if type(self.value) in (int, float) else None

    def one_of(self, *allowed: str) -> str | None:
        """Carry a value over that is one of these. None for all others."""
        known = isinstance(self.value, str) and self.value in allowed
        return str(self.carry()) if known else None

    def json(self) -> str:
        """Carry the value over as JSON, in ASCII, so that nothing of it can change."""
        return json.dumps(self.carry(), separators=(",", ":"))

    def left(self, path: str) -> Iterator[str]:
        """Yield where values are that were not carried over, as in ``content[].text``.

        Where nothing of an object was, this is the object itself. There is nothing to lose in null,
        in an empty text and in empty lists and objects.
        """
        if self._carried or self.value is None or self.value in ("", [], {}):
            return
        if not self._touched():
            yield path
        elif isinstance(self.value, dict):
            for key, value in self.value.items():
                yield from self._children.get(key, Field(value)).left(f"{path}.{key}")
        elif isinstance(self.value, list):
            for number, value in enumerate(self.value):
                yield from self._children.get(number, Field(value)).left(f"{path}[]")

    def _touched(self) -> bool:
        carried = self._carried and self.value is not None
        return carried or any(child._touched() for child in self._children.values())


@dataclass
class Loss:
    """A kind of value that the target cannot hold: how many there are, and of which objects."""

    count: int = 0
    ids: list[str] = field(default_factory=list)


class Turn(NamedTuple):
    """A message, or a tool call with the step that it is of, at its place in the thread."""

    message: Field | None
    call: Field | None
    step: Field | None


class Conversation:
    """A thread on its way to another form.

    Attributes:
        id: Its id.
        thread: The thread itself.
        runs: Its runs by their ids.
        names: Names of files by their ids, where those are known.
        file_path: Returns where the bytes of a file are, None where they are not in the archive.
        losses: What the form cannot hold, by kind. It is complete after `finish`.
    """

    def __init__(
        self,
        parts: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
        file_path: Callable[[str], Path | None] = lambda file_id: None,
    ) -> None:
        """Take a thread apart.

        Args:
            parts: `thread`, and where there are any `messages`, `runs` and `steps`, oldest first.
            names: Names of files by their ids.
            file_path: Returns where the bytes of a file are.
        """
        self.thread = Field(parts.get("thread"))
        self.id: str = whole_text(str(self.thread["id"].value))
        self.names = names or {}
        self.file_path = file_path
        self.losses: dict[str, Loss] = {}
        self._messages: Iterable[Any] = parts.get("messages") or ()
        runs = [Field(run) for run in parts.get("runs") or ()]
        self.runs = {run["id"].value: run for run in runs if isinstance(run["id"].value, str)}
        self._steps = [Field(step) for step in parts.get("steps") or ()]
        self._held = [("run", run) for run in runs] + [("step", step) for step in self._steps]

    def messages(self) -> Iterator[Field]:
        """Yield the messages, oldest first; what was not carried of each is a loss."""
        for document in self._messages:
            message = Field(document)
            yield message
            self._lose(message, "message")

    def turns(self) -> list[Turn]:
        """Return messages and tool calls: the calls before the message that came of them."""
        messages = [Field(document) for document in self._messages]
        self._held += (("message", message) for message in messages)
        before, after = self._places(messages)
        turns = []
        for place, message in enumerate(messages):
            turns += before.get(place, [])
            turns += [Turn(message, None, None), *after.get(place, [])]
        return turns + before.get(len(messages), [])

    @property
    def has_calls(self) -> bool:
        """Whether there are tool calls in its steps."""
        return any(True for step in self._steps for _ in step["step_details"]["tool_calls"])

    def finish(self) -> dict[str, Loss]:
        """Return all that was not carried over."""
        for kind, document in [*self._held, ("thread", self.thread)]:
            self._lose(document, kind)
        self._held = []
        return self.losses

    def _lose(self, document: Field, kind: str) -> None:
        id_ = document["id"].value
        for path in document.left(kind):
            loss = self.losses.setdefault(path, Loss())
            loss.count += 1
            if isinstance(id_, str) and loss.ids[-1:] != [id_]:
                loss.ids.append(id_)

    def _places(self, messages: list[Field]) -> tuple[dict[int, list[Turn]], dict[int, list[Turn]]]:
        """Return the calls that are before a place among the messages, and those after it."""
        of_message = {_hashable(m["id"]): place for place, m in enumerate(messages)}
        of_run: dict[Any, int] = {}
        for place, message in enumerate(messages):
            of_run.setdefault(_hashable(message["run_id"]), place)
        before: dict[int, list[Turn]] = {}
        after: dict[int, list[Turn]] = {}
        waiting: dict[Any, list[Turn]] = {}
        made: dict[Any, int] = {}
        times: dict[Any, Any] = {}
        for step in self._steps:
            run, details = _hashable(step["run_id"]), step["step_details"]
            created = of_message.get(_hashable(details["message_creation"]["message_id"]))
            if created is not None:
                before.setdefault(created, []).extend(waiting.pop(run, []))
                made[run] = created
            calls = [Turn(None, call, step) for call in details["tool_calls"]]
            if calls:
                waiting.setdefault(run, []).extend(calls)
                times.setdefault(run, step["created_at"].value)
        for run, calls in waiting.items():  # no message came of them
            if run in made:
                after.setdefault(made[run], []).extend(calls)
            else:
                first = of_run.get(run) if run else None
                first = _later(messages, times[run]) if first is None else first
                before.setdefault(first, []).extend(calls)
        return before, after


def _hashable(field: Field) -> str | None:
    return field.value if isinstance(field.value, str) else None


def _later(messages: list[Field], time: Any) -> int:
    """Return the place of the first message that is later, or that after the last one."""
    for place, message in enumerate(messages):
        created = message["created_at"].value
        if type(created) is int and type(time) is int and created > time:
            return place
    return len(messages)


def parts_of(message: Field) -> list[Field]:
    """Return the parts of a message; a text that stands in their place is one."""
    content = message["content"]
    return [content] if isinstance(content.value, (str, dict)) else list(content)


def text_of(part: Field) -> Field:
    """Return where the text of a part is; an empty field where it is no part of text."""
    if isinstance(part.value, str):
        return part
    if part["type"].value not in ("text", None):
        return Field(None)
    part["type"].carry()
    text = part["text"]
    return text if isinstance(text.value, str) else text["value"]


class Call(NamedTuple):
    """A tool call as that of a function: what all forms of chat know."""

    id: str
    name: str
    arguments: str
    output: str | None


def function_of(call: Field) -> Call:
    """Carry a tool call of any kind over as that of a function.

    What a tool of the service took and gave is JSON; its kind is the name of the function.
    """
    kind = call["type"].text() or ("function" if call["function"].value else "unknown")
    id_ = call["id"].text() or ""
    if kind == "function":
        function = call["function"]
        output = function["output"].text()
        return Call(id_, function["name"].text() or "", function["arguments"].text() or "", output)
    details = call[kind]
    given = {"code_interpreter": "outputs", "file_search": "results"}.get(kind, "output")
    output = details[given].json() if details[given].value is not None else None
    taken = {key: field.carry() for key, field in details.items() if key != given}
    if not isinstance(details.value, dict):
        taken = details.carry()
    return Call(id_, kind, json.dumps(taken or {}), output)


def run_tools(step: Field) -> None:
    """Mark what a step says of its kind only, which the calls in it say, too."""
    step["object"].one_of("thread.run.step")
    step["type"].one_of("tool_calls")
    step["step_details"]["type"].one_of("tool_calls")
