"""What the forms to read share: a file a thread, and copies of the files that it shows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ... import LaplasError, Message
from .._carrying import Conversation, Field, parts_of, text_of
from .._format import Document, distinct_name, folder_name

_IMAGES = {
    b"\x89PNG\r\n": ".png",
    b"\xff\xd8\xff": ".jpg",
    b"GIF8": ".gif",
    b"RIFF": ".webp",
}
_LACKS = (LaplasError, LookupError, TypeError, ValueError)
"""What reading a part raises that lacks a field, or has one of another kind."""
_LAST_SECOND = 253402300799


def write_pages(
    conversations: Iterable[Conversation],
    to: Path,
    suffix: str,
    page: Callable[[Conversation, Path], str],
) -> None:
    """Write a page a thread into a folder."""
    taken: set[str] = set()
    for conversation in conversations:
        name = folder_name(conversation.id or "thread")
        if name.casefold() in taken:
            name = distinct_name(conversation.id)
        taken.add(name.casefold())
        text = page(conversation, to)
        (to / f"{name}{suffix}").write_text(text, encoding="utf-8", newline="\n")


def rendered(
    message: Field, conversation: Conversation, form: str, escape: Callable[[str], str]
) -> str:
    """Return a message as laplas writes it; what is not seen in that is not carried over."""
    parts = [made for part in parts_of(message) if (made := _plain(part))]
    try:
        text = _render(parts, conversation, form)
    except _LACKS:  # a field is missing somewhere
        text = _render([_renderable(part) for part in parts], conversation, form)
    for part in parts_of(message):
        _carry_seen(part, text, escape)
        text_of(part).text()
        if part["type"].value == "refusal":
            part["refusal"].text()
    return text


def _render(parts: list[Document], conversation: Conversation, form: str) -> str:
    made = {"id": "", "object": "thread.message", "created_at": 0, "thread_id": "", "role": "user"}
    message = Message.from_dict({**made, "content": parts, "metadata": {}})
    text: str = getattr(message, form)(conversation.names)
    return text


def _renderable(part: Document) -> Document:
    """Return the part, or what is left of it where it lacks a field."""
    try:
        _render([part], Conversation({}), "html")
    except _LACKS:
        text = Field(part)["text"]["value"].value
        if part.get("type") == "text" and isinstance(text, str):
            return {"type": "text", "text": {"value": text, "annotations": []}}
        return {"type": f"{part.get('type')} that lacks a field"}
    return part


def _plain(part: Field) -> dict[str, Any] | None:
    """Return a part in the form that messages have it in; None where it is no part."""
    text = text_of(part)
    if isinstance(text.value, str):
        noted = [] if text is part else part["text"]["annotations"].value
        known = (
            [each for each in noted if isinstance(each, dict)] if isinstance(noted, list) else []
        )
        return {"type": "text", "text": {"value": text.text(), "annotations": known}}
    return part.value if isinstance(part.value, dict) else None


def _carry_seen(field: Field, seen: str, escape: Callable[[str], str]) -> None:
    for child in [*field, *(child for _, child in field.items())]:
        _carry_seen(child, seen, escape)
    if isinstance(field.value, str) and field.value and escape(field.value) in seen:
        field.text()


def told(message: Field, conversation: Conversation) -> list[str]:
    """Return what stands above a message: role, time, id."""
    message["object"].one_of("thread.message")
    message["thread_id"].one_of(conversation.id)
    created = message["created_at"].value
    time = ""
    if type(created) is int and 0 <= created <= _LAST_SECOND:
        message["created_at"].carry()
        time = datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    above = [message["role"].text() or "unknown role", time, message["id"].text() or ""]
    return [each for each in above if each]


def attached(message: Field, conversation: Conversation) -> list[str]:
    """Return names and ids of the files that a message has beside its text."""
    ids = [attachment["file_id"].text() for attachment in message["attachments"]]
    return [f"{conversation.names.get(i, '')} {i}".strip() for i in ids if i]


def pictures(message: Field, conversation: Conversation, to: Path) -> list[str]:
    """Copy the pictures of a message that are in the archive; return their paths from the page."""
    paths = []
    for part in parts_of(message):
        file_id = part["image_file"]["file_id"].value
        source = conversation.file_path(file_id) if isinstance(file_id, str) and file_id else None
        if source is not None and source.is_file():
            with source.open("rb") as file:
                first = file.read(6)
            # Only what is a picture has the name of one: other bytes are not for a browser.
            kind = next((end for begin, end in _IMAGES.items() if first.startswith(begin)), ".bin")
            name = f"{folder_name(file_id)}{kind}"
            (to / "files").mkdir(exist_ok=True)
            shutil.copyfile(source, to / "files" / name)
            paths += [f"files/{name.replace('%', '%25')}"] if kind != ".bin" else []
    return paths
