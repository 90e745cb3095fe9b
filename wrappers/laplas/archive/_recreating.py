"""What a request can hold of an archived thread, message or assistant, and what it cannot.

Pure functions: each returns the arguments of a call, and the changes that were needed, as texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final

from ..generated import SCHEMAS
from ._creating import ONCE_SLOT
from ._format import Document

ORIGIN: Final = "laplas_origin"
"""The pair of metadata with what a target cannot hold: old id, time, author."""
ANNOTATIONS: Final = "laplas_annotations"
_OF_ALL: Final = ("object", "metadata", "tool_resources")
_OF_MESSAGES: Final = ("object", "thread_id", "metadata", "role", "content", "attachments")
"""Fields that are sent as such, or follow from what is sent; all others are the origin."""
_LIMITS: Final = SCHEMAS["Metadata"]
_ROLES: Final = SCHEMAS["MessageRole"]["enum"]
_ATTACHMENT_TOOLS: Final = SCHEMAS["AttachmentTool"]["mapping"]
_PART_FIELDS: Final = ("value", "annotations", "file_id", "url", "detail")
_DETAILS: Final = ("auto", "low", "high")
_UNSENDABLE: Final = re.compile("[\ud800-\udfff\0]")

Files = Mapping[str, str]
"""New ids of files by their old ones."""
Changes = list[str]


def thread_arguments(thread: Document, files: Files) -> tuple[dict[str, Any], Changes]:
    """Return what `threads.create` takes of a thread."""
    changes: Changes = []
    origin = _without(thread, _OF_ALL)
    arguments: dict[str, Any] = {"metadata": _metadata(thread, origin, None, changes)}
    resources = _resources(thread.get("tool_resources"), files, changes)
    if resources:
        arguments["tool_resources"] = resources
    return arguments, changes


def assistant_arguments(assistant: Document, files: Files) -> tuple[dict[str, Any], Changes]:
    """Return what `assistants.create` takes of an assistant."""
    changes: Changes = []
    known = SCHEMAS["CreateAssistantRequest"]["properties"].keys() - {"metadata", "tool_resources"}
    arguments = {name: assistant[name] for name in known if assistant.get(name) is not None}
    origin = _without(assistant, (*_OF_ALL, *known))
    arguments["metadata"] = _metadata(assistant, origin, None, changes)
    resources = _resources(assistant.get("tool_resources"), files, changes)
    if resources:
        arguments["tool_resources"] = resources
    return arguments, changes


def message_variants(message: Document, files: Files) -> Iterator[tuple[dict[str, Any], Changes]]:
    """Yield what `messages.create` takes of a message: whole first, then less, step by step.

    The next is for a target that refused the one before.
    """
    seen = ""
    for less in (
        {},
        {"pictures": False},
        {"pictures": False, "role": False},
        {"pictures": False, "role": False, "attachments": False},
    ):
        arguments, changes = _message_arguments(message, files, **less)
        written = json.dumps([arguments[name] for name in ("role", "content", "attachments")])
        if written != seen:
            yield arguments, changes
        seen = written


def _message_arguments(
    message: Document,
    files: Files,
    *,
    pictures: bool = True,
    role: bool = True,
    attachments: bool = True,
) -> tuple[dict[str, Any], Changes]:
    changes: Changes = []
    origin = _without(message, _OF_MESSAGES)
    said = message.get("role")
    if said not in _ROLES or (said != "user" and not role):
        origin["role"] = said
        changes.append(f"role {said!r:.80}: sent as the user, kept in metadata")
        said = "user"
    content, notes = _content(message.get("content"), files, pictures, changes)
    metadata = _metadata(message, origin, notes or None, changes)
    if notes and ANNOTATIONS not in metadata:
        changes.append("annotations: sent as footnotes")
        lines = [f"[{n}] {json.dumps(note, ensure_ascii=False)}" for n, note in enumerate(notes, 1)]
        content.append({"type": "text", "text": "\n".join(lines)})
    elif notes:
        changes.append("annotations: kept in metadata")
    if not content:
        changes.append("content: there is none, sent as '(empty)'")
        content = [{"type": "text", "text": "(empty)"}]
    attached = _attachments(message.get("attachments"), files, changes)
    if attached and not attachments:
        changes.append(f"attachments: left out, {', '.join(a['file_id'] for a in attached)}")
        attached = []
    arguments = {"role": said, "content": content, "metadata": metadata}
    return {**arguments, "attachments": attached or None}, changes


def _content(
    parts: Any, files: Files, pictures: bool, changes: Changes
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Return the parts as a request has them, and the annotations of texts."""
    content: list[dict[str, Any]] = []
    notes: list[Any] = []
    if isinstance(parts, str):
        parts = [{"type": "text", "text": parts}]
    for part in parts if isinstance(parts, list) else []:
        kind = part.get("type") if isinstance(part, dict) else None
        inner = part.get(kind) if isinstance(kind, str) else None
        text: Any = None
        left = _without(part, ("type", kind)) | _without(inner, _PART_FIELDS)
        if kind == "text":
            text = inner.get("value") if isinstance(inner, dict) else inner
            given = inner.get("annotations") if isinstance(inner, dict) else None
            notes += with_texts(given or [], lambda text: files.get(text, text))
        elif kind == "refusal" and isinstance(inner, str):
            changes.append("refusal: sent as text")
            text = inner
        picture = _picture(kind, inner, files) if pictures else None
        if left and (picture or isinstance(text, str)):
            changes.append(f"part: left out, {', '.join(sorted(left))} of a {kind}")
        if picture:
            content.append(picture)
            continue
        if not isinstance(text, str):
            changes.append(f"part {kind!r:.80}: sent as text")
            text = json.dumps(part, ensure_ascii=False)
        if text:
            content.append({"type": "text", "text": sendable(text, changes)})
    return content, notes


def _picture(kind: Any, inner: Any, files: Files) -> dict[str, Any] | None:
    name = (
        {"image_file": "file_id", "image_url": "url"}.get(kind) if isinstance(kind, str) else None
    )
    target = inner.get(name) if name and isinstance(inner, dict) else None
    if not isinstance(target, str) or (kind == "image_file" and target not in files):
        return None
    detail = inner.get("detail")
    shown = {"detail": detail} if detail in _DETAILS else {}
    return {"type": kind, kind: {name: files.get(target, target), **shown}}


def _attachments(given: Any, files: Files, changes: Changes) -> list[dict[str, Any]]:
    attached = []
    for attachment in given if isinstance(given, list) else ():
        file_id = attachment.get("file_id") if isinstance(attachment, dict) else None
        if not isinstance(file_id, str) or file_id not in files:
            changes.append(f"attachment: left out, the bytes of {file_id!r:.80} are not here")
            continue
        tools = attachment.get("tools")
        kept = [
            {"type": tool["type"]}
            for tool in (tools if isinstance(tools, list) else ())
            if isinstance(tool, dict) and tool.get("type") in _ATTACHMENT_TOOLS
        ]
        if _without(attachment, ("file_id", "tools")) or kept != (tools or []):
            changes.append(f"attachment: left out, what is unknown of that of {file_id!r:.80}")
        attached.append({"file_id": files[file_id], "tools": kept})
    return attached


def _resources(given: Any, files: Files, changes: Changes) -> dict[str, Any]:
    tools = given if isinstance(given, dict) else {}
    interpreter, search = (tools.get(name) or {} for name in ("code_interpreter", "file_search"))
    wanted = interpreter.get("file_ids") or [] if isinstance(interpreter, dict) else []
    kept = [files[file_id] for file_id in wanted if file_id in files]
    for file_id in wanted:
        if file_id not in files:
            changes.append(f"tool_resources: left out, the bytes of {file_id!r:.80} are not here")
    for tool in tools.keys() - {"code_interpreter", "file_search"}:
        changes.append(f"tool_resources: left out, {tool!r:.80}")
    for store in search.get("vector_store_ids") or [] if isinstance(search, dict) else []:
        changes.append(f"tool_resources: left out, vector store {store!r:.80}")
    return {"code_interpreter": {"file_ids": kept}} if kept else {}


def _metadata(
    document: Document, origin: dict[str, Any], notes: list[Any] | None, changes: Changes
) -> dict[str, str]:
    """Return the metadata, with what the target cannot hold where there is room for it.

    One pair is left free for the mark that keeps the object from being created twice.
    """
    room = _LIMITS["maxProperties"] - 1
    kept: dict[str, str] = {}
    given = document.get("metadata")
    for key, value in given.items() if isinstance(given, dict) else ():
        name = sendable(key, changes)
        text = sendable(value if isinstance(value, str) else json.dumps(value), changes)
        if key == ONCE_SLOT:
            origin["once"] = value
        elif len(kept) == room or not _fits(name, text):
            changes.append(f"metadata: left out, {name[:80]!r}")
        else:
            kept[name] = text
    told = dict(origin)
    while told and not _fits(ORIGIN, _written(told)):
        name = max(told, key=lambda name: len(_written(told[name])))
        del told[name]
        changes.append(f"{name}: left out, it is too long for metadata")
    for name, held in ((ORIGIN, told), (ANNOTATIONS, notes)):
        if held and len(kept) < room and _fits(name, _written(held)):
            kept[name] = _written(held)
        elif held and name == ORIGIN:
            changes.append(f"{', '.join(told)}: left out, there is no room in metadata")
    return kept


def _without(value: Any, names: Collection[Any]) -> Document:
    """Return what there is in an object beside fields of these names."""
    if not isinstance(value, dict):
        return {}
    return {key: inner for key, inner in value.items() if key not in names and inner is not None}


def _fits(name: str, text: str) -> bool:
    longest = _LIMITS["propertyNames"]["maxLength"], _LIMITS["additionalProperties"]["maxLength"]
    return bool(name) and len(name) <= longest[0] and len(text) <= longest[1]


def _written(value: Any) -> str:
    return _UNSENDABLE.sub("\ufffd", json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def sendable(text: str, changes: Changes) -> str:
    """Return a text that a request can hold."""
    clean = _UNSENDABLE.sub("\ufffd", text)
    if clean != text:
        changes.append("text: characters that no request can hold became U+FFFD")
    return clean


def with_texts(value: Any, change: Callable[[str], str]) -> Any:
    """Return a value in which each text, at any depth, is what `change` makes of it."""
    if isinstance(value, dict):
        return {key: with_texts(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_texts(inner, change) for inner in value]
    return change(value) if isinstance(value, str) else value
