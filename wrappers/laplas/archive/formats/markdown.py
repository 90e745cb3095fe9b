"""Markdown to read: a file a thread, with the pictures that are in the archive."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from .._carrying import Conversation, function_of, run_tools, whole_text
from ._pages import attached, pictures, rendered, told, write_pages


def write(conversations: Iterable[Conversation], to: Path) -> None:
    """Write a file a thread into a folder."""
    write_pages(conversations, to, ".md", _page)


def _page(conversation: Conversation, to: Path) -> str:
    conversation.thread["id"].text()
    conversation.thread["object"].one_of("thread")
    blocks = [f"# {_line(conversation.id)}"]
    metadata = conversation.thread["metadata"].items()
    pairs = [(_line(whole_text(key)), value.text()) for key, value in metadata]
    blocks += ["\n".join(f"- {key}: {_line(value)}" for key, value in pairs if value)]
    for turn in conversation.turns():
        if turn.message is not None:
            text = rendered(turn.message, conversation, "markdown", str)
            blocks += ["## " + " · ".join(map(_line, told(turn.message, conversation)))]
            blocks += [whole_text(text)]
            blocks += [f"![]({path})" for path in pictures(turn.message, conversation, to)]
            blocks += [f"Attached: {_line(name)}" for name in attached(turn.message, conversation)]
        elif turn.call is not None and turn.step is not None:
            run_tools(turn.step)
            call = function_of(turn.call)
            blocks += [f"## tool · {_line(call.name)} · {_line(call.id)}", _code(call.arguments)]
            blocks += [_code(call.output)] if call.output else []
    return "\n\n".join(block for block in blocks if block) + "\n"


def _line(text: str) -> str:
    """Return text as one line that Markdown takes as it is."""
    return re.sub(r"[\\`*_\[\]<>#|~&$]", r"\\\g<0>", " ".join(text.split()))


def _code(text: str) -> str:
    """Return text as code, in a fence that is longer than any in it."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
