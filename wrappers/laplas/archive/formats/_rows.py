"""What the tables share: a row a message, with all of the message as JSON in the last column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from .._carrying import Conversation, Field, parts_of, text_of, whole_text

COLUMNS = (
    *("id", "thread_id", "created_at", "role", "text", "run_id", "assistant_id"),
    *("citations", "attachments", "metadata", "raw"),
)
_LAST_SECOND = 253402300799
"""The end of the year 9999, after which `datetime` and most tables have no time."""


def rows(conversations: Iterable[Conversation]) -> Iterator[dict[str, Any]]:
    """Yield a row a message; `citations` and `attachments` are lists of ids of files."""
    for conversation in conversations:
        for message in conversation.messages():
            yield _row(message, conversation.id)


def _row(message: Field, thread_id: str) -> dict[str, Any]:
    row = {key: message[key].text() for key in ("id", "role", "run_id", "assistant_id")}
    created, texts, cited = message["created_at"].value, [], []
    for part in parts_of(message):
        refused = part["type"].value == "refusal"
        texts.append((part["refusal"] if refused else text_of(part)).text() or "")
        for annotation in part["text"]["annotations"]:
            cited.append(annotation["file_citation"]["file_id"].text())
    attached = [attachment["file_id"].text() for attachment in message["attachments"]]
    in_time = type(created) is int and 0 <= created <= _LAST_SECOND
    return {
        **row,
        "thread_id": thread_id,
        "created_at": datetime.fromtimestamp(created, UTC) if in_time else None,
        "text": "".join(texts),
        "citations": [file_id for file_id in cited if file_id],
        "attachments": [file_id for file_id in attached if file_id],
        "metadata": whole_text(json.dumps(message["metadata"].value, ensure_ascii=False)),
        "raw": message.json(),
    }
