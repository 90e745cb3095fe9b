"""Read what a server begins with: an archive of `laplas export`, or files of JSON lines."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import Any, Final, NamedTuple

from ._routes import JSON, message_document, text_part, thread_document
from ._run_routes import assistant_document
from ._store import PARENTS, Store

PUTTABLE: Final = ("thread", "thread.message", "assistant", "thread.run", "thread.run.step", "file")
"""What can be put into a server as it is."""
_ARCHIVE_VERSION: Final = 1
_PARENT_KINDS: Final = {"thread_id": "thread", "run_id": "thread.run"}
_WRONG: Final = (LookupError, OverflowError, RecursionError, TypeError, ValueError, sqlite3.Error)


class _Line(NamedTuple):
    place: str
    value: Any


def load(store: Store, path: str | PathLike[str]) -> None:
    """Put everything that is there into the store, or nothing: see `LocalServer.load`."""
    named: dict[tuple[str, str], str] = {}
    with store.transaction():
        for place, document in _read(store, Path(path)):
            try:
                whole = _completed(document)
                store.put(whole)
            except _WRONG as error:
                raise ValueError(f"{place}: {_reason(error)}") from None
            field = PARENTS.get(whole["object"])
            if field:
                named.setdefault((_PARENT_KINDS[field], whole[field]), place)
        for (kind, id_), place in named.items():  # at the end: files come in any order
            if not store.has(kind, id_):
                raise ValueError(f"{place}: there is no {kind} {id_!r}. Add it to the seed.")


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _completed(value: Any) -> JSON:
    """Return a line's document as the server keeps it.

    What a server once answered has a time and is kept as it is. Without one it was written by hand,
    and gets what is missing.
    """
    if not isinstance(value, dict):
        raise ValueError("give one JSON object a line")
    document: JSON = value
    kind = document.get("object")
    if kind not in PUTTABLE:
        raise ValueError(f"object: {kind!r} is none of {', '.join(PUTTABLE)}")
    if document.get("created_at") is None:
        given = {key: value for key, value in document.items() if key != "created_at"}
        if kind == "thread":
            document = thread_document(given)
        elif kind == "assistant":
            document = assistant_document(given)
        elif kind == "thread.message":
            content = given["content"]
            parts = [text_part(content)] if isinstance(content, str) else content
            document = message_document(given["thread_id"], {**given, "content": parts})
    number = document["created_at"]
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError("created_at: give a time in Unix seconds")
    for name in ("id", *filter(None, [PARENTS.get(kind)])):
        if not isinstance(document[name], str) or not document[name]:
            raise ValueError(f"{name}: give a text")
    if kind == "thread.message" and not (
        isinstance(document["content"], list) and isinstance(document["role"], str)
    ):
        raise ValueError("content: give a text or a list of parts, and a role")
    return document


def _read(store: Store, path: Path) -> Iterator[_Line]:
    """Yield each document with its place, and keep the bytes of an archive's files."""
    if not path.is_dir():
        yield from _lines(path)
        return
    if (path / "manifest.json").exists():
        yield from _read_archive(store, path)
        return
    files = sorted(path.glob("*.jsonl"))
    if not files:
        raise ValueError(f"{path}: there are no *.jsonl files, and no manifest.json of an archive")
    for file in files:
        yield from _lines(file)


def _read_archive(store: Store, path: Path) -> Iterator[_Line]:
    place, manifest = next(_lines(path / "manifest.json", whole=True))
    if not isinstance(manifest, dict) or manifest.get("format") != "laplas-archive":
        raise ValueError(f"{place}: this is not the manifest of an archive")
    if not isinstance(manifest.get("version"), int) or manifest["version"] > _ARCHIVE_VERSION:
        problem = f"the archive has version {manifest.get('version')!r}, newer than this laplas"
        raise ValueError(f"{place}: {problem}. Install a newer one.")
    yield from _lines(path / "assistants.jsonl")
    for place, entry in _lines(path / "files.jsonl"):
        document = entry.get("document") if isinstance(entry, dict) else None
        if document is None:  # the server no longer had it
            continue
        content = entry.get("content")
        if content:
            name = str(content.get("path")) if isinstance(content, dict) else ""
            if not re.fullmatch(r"files/[\w%~-][\w%.~-]*", name):
                raise ValueError(f"{place}: {name!r} is no path of an archive")
            store.put_content(entry.get("id"), _bytes(path / name))
        yield _Line(place, document)
    for folder in sorted((path / "threads").iterdir()):
        for name in ("thread.json", "messages.jsonl", "runs.jsonl", "steps.jsonl"):
            yield from _lines(folder / name)


def _lines(path: Path, *, whole: bool = False) -> Iterator[_Line]:
    """Yield the values of a file: one a line, or with `whole` a single one."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate([file.read()] if whole else file, 1):
                place = f"{path}, line {number}"
                try:
                    if line.strip():
                        yield _Line(place, json.loads(line))
                except (ValueError, RecursionError) as error:
                    raise ValueError(f"{place}: not JSON ({error})") from None
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from None
