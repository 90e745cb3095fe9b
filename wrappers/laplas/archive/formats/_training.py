"""What the formats for training share: a line a thread, of one schema in all lines."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from .._carrying import Call, Conversation, Field, function_of, parts_of, run_tools, text_of
from .._format import line_of

Line = dict[str, Any]


def write_training_lines(
    conversations: Iterable[Conversation], to: Path, line: Callable[[Conversation], Line]
) -> None:
    """Write the lines: those with tool calls first, both by thread id.

    Readers such as `datasets` take the types of all lines from the first few megabytes. An empty
    list of calls there has none, and the first call after that would not fit.
    """
    rest = to.with_name(f"{to.name}.rest")
    with to.open("wb") as first, rest.open("wb") as second:
        for conversation in conversations:
            made = line_of(line(conversation))
            (first if conversation.has_calls else second).write(made)
    with to.open("ab") as file, rest.open("rb") as second:
        shutil.copyfileobj(second, file)
    rest.unlink()


def said(conversation: Conversation) -> Iterator[tuple[str, str] | Call]:
    """Yield what was said, with the role, and what was called. Messages without text are left."""
    conversation.thread["object"].one_of("thread")
    conversation.thread["id"].text()
    for turn in conversation.turns():
        if turn.call is not None and turn.step is not None:
            run_tools(turn.step)
            yield function_of(turn.call)
        elif turn.message is not None:
            text = "".join(_texts(turn.message))
            if text:
                turn.message["object"].one_of("thread.message")
                turn.message["thread_id"].one_of(conversation.id)
                yield turn.message["role"].one_of("user", "assistant", "system") or "user", text


def _texts(message: Field) -> Iterator[str]:
    for part in parts_of(message):
        refused = part["type"].value == "refusal"
        text = (part["refusal"] if refused else text_of(part)).text()
        if text:
            yield text
