"""Read a thread as a conversation: what its messages say, and what its tools did in between.

Documents may hold anything that a server sends: nothing here raises for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final, NamedTuple, Protocol

from .. import Message
from ._format import Document

_STEERS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that control a terminal, or the direction of the text around them."""
TITLE_LENGTH: Final = 80


class Conversation(Protocol):
    """A thread to read: an `ArchivedThread`, or one fetched from a server."""

    def messages(self) -> Iterable[Document]:
        """Return its messages, oldest first."""
        ...

    def runs(self) -> Iterable[Document]:
        """Return its runs, oldest first."""
        ...

    def steps(self) -> Iterable[Document]:
        """Return the steps of its runs: run by run, each oldest first."""
        ...


class Work(NamedTuple):
    """What a run did beside writing messages: its tool calls, and how it ended if not well."""

    run_id: str
    calls: list[Any]
    failure: str

    @property
    def is_worth_telling(self) -> bool:
        """Whether there is more to tell than that it completed."""
        return bool(self.calls or self.failure)


def counted(counts: Mapping[str, int], names: Iterable[str]) -> str:
    """Return numbers with their names, as in ``1 thread, 4 messages``."""
    told = ((counts[name], name.replace("_", " ")) for name in names)
    return ", ".join(f"{n:,} {word.removesuffix('s') if n == 1 else word}" for n, word in told)


def visible(text: str) -> str:
    """Return text with each control character replaced by a visible sign.

    Newlines and tabs stay. Nothing else can move a cursor, colour a terminal or turn text around.
    """
    return _STEERS.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"


def one_line(text: str, most: int = TITLE_LENGTH) -> str:
    """Return the beginning of a text as one visible line."""
    line = visible(" ".join(text[: 8 * most].split()))
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def mapping_of(value: Any) -> Document:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def items_of(value: Any) -> list[Any]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """Return text; `""` for anything else."""
    return value if isinstance(value, str) else ""


def pretty(value: Any) -> str:
    """Return a value as indented JSON, or text that holds JSON as such; other text as it is."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return str(value)
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except RecursionError:
        return "(nested too deeply to be shown)"


def time_of(document: Mapping[str, Any]) -> datetime | None:
    """Return when an object was created, in UTC; None where it does not say."""
    at = document.get("created_at")
    if isinstance(at, bool) or not isinstance(at, int | float):
        return None
    try:  # one server of this family counts milliseconds
        return datetime.fromtimestamp(at / 1000 if at > 100_000_000_000 else at, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def clock(document: Mapping[str, Any]) -> str:
    """Return when an object was created, as text; `""` where it does not say."""
    at = time_of(document)
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def parts_of(message: Mapping[str, Any]) -> list[Any]:
    """Return the parts of a message; a bare string is a part of text."""
    content = message.get("content")
    if isinstance(content, str):
        return [{"type": "text", "text": {"value": content, "annotations": []}}]
    return items_of(content)


def part_text(part: Any) -> str | None:
    """Return the text of a part; None where it is a part of another kind."""
    if isinstance(part, str):
        return part
    if mapping_of(part).get("type") != "text":
        return None
    held = part.get("text")
    text = held if isinstance(held, str) else mapping_of(held).get("value")
    return text if isinstance(text, str) else None


def annotations_of(part: Any) -> list[Any]:
    """Return the annotations of a part."""
    return items_of(mapping_of(mapping_of(part).get("text")).get("annotations"))


def said(message: Mapping[str, Any]) -> str:
    """Return the text of a message, refusals too, without its pictures and sources."""
    texts = (
        part_text(part) or text_of(mapping_of(part).get("refusal")) for part in parts_of(message)
    )
    return "\n".join(filter(None, texts))


def markdown_of(parts: list[Any], name_of: Callable[[str], str | None] | None = None) -> str:
    """Return parts as Markdown, with the sources as footnotes: see `Message.markdown`."""
    read = [
        {"type": "text", "text": {"value": text, "annotations": annotations_of(part)}}
        if (text := part_text(part)) is not None
        else part
        for part in parts
    ]
    message = {
        **dict.fromkeys(("id", "thread_id"), "none"),
        "object": "thread.message",
        "created_at": 0,
        "role": "assistant",
        "content": read,
    }
    return Message.from_dict(message).markdown(name_of)


def plain_of(parts: list[Any], name_of: Callable[[str], str | None] | None = None) -> str:
    """Return parts as text for a terminal: pictures named, the sources as footnotes."""
    told = [part if part_text(part) is not None else _told(part, name_of) for part in parts]

    def unescaped(found: re.Match[str]) -> str:
        return re.sub(r"\\([^\w\s])", r"\1", found[0])

    return re.sub(r"(?m)^\[\^\d+\]: .*$", unescaped, markdown_of(told, name_of))


def _told(part: Any, name_of: Callable[[str], str | None] | None) -> str:
    """Return what a part is that is no text."""
    kind = text_of(mapping_of(part).get("type"))
    about = mapping_of(mapping_of(part).get(kind))
    if kind == "refusal":
        return f"Refused: {text_of(part.get('refusal'))}"
    if kind == "image_file":
        file_id = text_of(about.get("file_id"))
        return f"(image: {one_line((name_of and name_of(file_id)) or file_id)})"
    if kind == "image_url":
        url = text_of(about.get("url"))
        return "(image)" if url[:5].lower() == "data:" else f"(image: {one_line(url, 500)})"
    return f"(part of an unknown kind: {one_line(kind) or 'no type'})"


def title_of(thread: Mapping[str, Any], first: Mapping[str, Any] | None) -> str:
    """Return what a thread is about: a title in its metadata, or else its first words."""
    metadata = mapping_of(thread.get("metadata"))
    for key in ("title", "name", "topic", "subject"):
        if found := one_line(text_of(metadata.get(key))):
            return found
    return one_line(said(first)) if first else ""


def call_line(call: Any) -> str:
    """Return a tool call as one line: what was called, and with what."""
    call = mapping_of(call)
    kind = text_of(call.get("type"))
    about = mapping_of(call.get(kind))
    if kind == "function":
        return one_line(f"{text_of(about.get('name'))}({text_of(about.get('arguments'))})", 100)
    if kind == "code_interpreter":
        return one_line(f"ran code: {text_of(about.get('input'))}", 100)
    if kind == "file_search":
        found = items_of(about.get("results"))
        many = f": {len(found)} result{'s' * (len(found) != 1)}" if found else ""
        return f"searched files{many}"
    return one_line(f"used {kind or 'a tool of an unknown kind'}", 100)


def entries(thread: Conversation) -> Iterator[Document | Work]:
    """Yield the messages of a thread, oldest first, each run's work before its first message.

    The work of a run that wrote nothing comes where the run was created. Memory holds the ids of
    runs, and of their steps only what is next.
    """
    known = {text_of(run.get("id")) for run in map(mapping_of, thread.runs())}
    named = {text_of(message.get("run_id")) for message in map(mapping_of, thread.messages())}
    named &= known - {""}
    works = _works(thread, set(known))
    waiting: dict[str, Work] = {}
    ahead = next(works, None)
    for message in map(mapping_of, thread.messages()):
        at, run_id = time_of(message), text_of(message.get("run_id"))
        sought = run_id in named
        while ahead and (
            (sought and run_id not in waiting) or (at and ahead[0] and ahead[0] <= at)
        ):
            if ahead[1].run_id in named:
                waiting[ahead[1].run_id] = ahead[1]
            elif ahead[1].is_worth_telling:
                yield ahead[1]
            ahead = next(works, None)
        if sought:
            named.remove(run_id)
            if (work := waiting.pop(run_id)).is_worth_telling:
                yield work
        yield message
    left = [*waiting.values(), *([ahead[1]] if ahead else []), *(work for _, work in works)]
    yield from (work for work in left if work.is_worth_telling)


def _works(thread: Conversation, to_come: set[str]) -> Iterator[tuple[datetime | None, Work]]:
    """Yield what each run did, with its time, in the order of runs; then steps of other runs."""
    groups = groupby(map(mapping_of, thread.steps()), lambda step: text_of(step.get("run_id")))
    calls_of: dict[str, list[Any]] = {}

    def read_group() -> str | None:
        for run_id, steps in groups:
            calls_of.setdefault(run_id, []).extend(call for step in steps for call in _calls(step))
            return run_id
        return None

    last: str | None = None
    for run in map(mapping_of, thread.runs()):
        run_id = text_of(run.get("id"))
        while last not in to_come and run_id not in calls_of and (last := read_group()) is not None:
            pass
        to_come.discard(run_id)
        yield time_of(run), Work(run_id, calls_of.pop(run_id, []), _failure(run))
    while read_group() is not None:
        pass
    for run_id, calls in calls_of.items():
        yield None, Work(run_id, calls, "")


def _calls(step: Document) -> list[Any]:
    return items_of(mapping_of(step.get("step_details")).get("tool_calls"))


def _failure(run: Document) -> str:
    status = text_of(run.get("status"))
    if status in ("", "completed"):
        return ""
    why = mapping_of(run.get("last_error")).get("message")
    why = why or mapping_of(run.get("incomplete_details")).get("reason")
    return one_line(f"run {status}" + (f": {why}" if isinstance(why, str) else ""), 300)
