"""JSON lines as ShareGPT has them, for training: `id` and `conversations`, a line a thread."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .._carrying import Call, Conversation
from ._training import said, write_training_lines

_FROM = {"user": "human", "assistant": "gpt", "system": "system"}


def write(conversations: Iterable[Conversation], to: Path) -> None:
    """Write a line a thread."""
    write_training_lines(conversations, to, shared)


def shared(conversation: Conversation) -> dict[str, Any]:
    """Return the thread as `conversations`; a call and its output are turns of their own."""
    turns: list[dict[str, str]] = []
    for turn in said(conversation):
        if isinstance(turn, Call):
            call = {"id": turn.id, "name": turn.name, "arguments": turn.arguments}
            turns.append({"from": "function_call", "value": json.dumps(call, ensure_ascii=False)})
            turns.append({"from": "observation", "value": turn.output or ""})
        else:
            role, text = turn
            turns.append({"from": _FROM[role], "value": text})
    return {"id": conversation.id, "conversations": turns}
