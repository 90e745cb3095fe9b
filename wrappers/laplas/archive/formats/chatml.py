"""JSON lines as OpenAI's chat has them, for training: `id` and `messages`, a line a thread."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .._carrying import Call, Conversation
from ._training import said, write_training_lines


def write(conversations: Iterable[Conversation], to: Path) -> None:
    """Write a line a thread."""
    write_training_lines(conversations, to, chat)


def chat(conversation: Conversation) -> dict[str, Any]:
    """Return the thread as `messages`; all have the same four fields, of the same types."""
    messages: list[dict[str, Any]] = []
    for turn in said(conversation):
        if isinstance(turn, Call):
            messages += _called(turn)
        else:
            role, text = turn
            messages.append(_message(role, text))
    return {"id": conversation.id, "messages": messages}


def _message(role: str, content: str, call_id: str = "") -> dict[str, Any]:
    return {"role": role, "content": content, "tool_calls": [], "tool_call_id": call_id}


def _called(call: Call) -> list[dict[str, Any]]:
    function = {"name": call.name, "arguments": call.arguments}
    made = {"id": call.id, "type": "function", "function": function}
    # A chat with a call that has no answer is refused, so that one without output has an empty one.
    return [
        {**_message("assistant", ""), "tool_calls": [made]},
        _message("tool", call.output or "", call.id),
    ]
