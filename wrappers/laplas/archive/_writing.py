"""Write an archive: the files of a thread, then index and manifest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ._format import (
    ASSISTANTS,
    FAILED,
    FILES,
    FORMAT,
    GONE,
    INDEX,
    MANIFEST,
    MESSAGES,
    RUNS,
    STEPS,
    THREAD,
    THREAD_FILES,
    TOP_FILES,
    VERSION,
    Document,
    distinct_name,
    folder_name,
    line_of,
    manifest_line,
    measure,
    write_whole,
)


def write_lines(path: Path, documents: Iterable[Any]) -> None:
    """Write documents as JSON lines, all of them or, whatever happens, none."""
    write_texts(path, map(line_of, documents))


def write_texts(path: Path, lines: Iterable[bytes]) -> None:
    """Write lines as they are, each with its newline: all of them or, whatever happens, none."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def index_entry(archive: Path, thread_id: str, folder: str) -> Document:
    """Return a thread's line in the index, from its files as they are."""
    files = {name: measure(archive / folder / name) for name in THREAD_FILES}
    counts = {name: files[f"{name}.jsonl"].lines for name in ("messages", "runs", "steps")}
    measures = {name: found._asdict() for name, found in files.items()}
    return {"id": thread_id, "folder": folder, **counts, "files": measures}


def write_manifest(
    archive: Path, counts: Mapping[str, int], *, source: str | None, complete: bool
) -> None:
    """Write the manifest, last of all: from here on this is an archive."""
    files = {name: measure(archive / name)._asdict() for name in TOP_FILES}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "source": source,
        "complete": complete,
        "counts": dict(counts),
        "files": files,
    }
    write_whole(archive / MANIFEST, manifest_line(manifest))


def write_archive(
    to: Path,
    threads: Iterable[Mapping[str, Any]],
    *,
    assistants: Iterable[Document] = (),
    files: Iterable[tuple[Document, bytes | None]] = (),
    source: str | None = None,
) -> None:
    """Write documents that are in memory as an archive.

    Args:
        to: The folder, made where it is missing.
        threads: Each with `thread`, and where there are any `messages`, `runs` and `steps`, oldest
            first.
        assistants: Their documents.
        files: Documents with their bytes, or None where those are not known.
        source: The base URL they come from.
    """
    index, names = [], set[str]()
    for parts in threads:
        thread_id = parts["thread"]["id"]
        name = folder_name(thread_id)
        if name.casefold() in names:
            name = distinct_name(thread_id)
        names.add(name.casefold())
        folder = to / "threads" / name
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / THREAD, line_of(parts["thread"]))
        for kind, file in (("messages", MESSAGES), ("runs", RUNS), ("steps", STEPS)):
            write_lines(folder / file, parts.get(kind, ()))
        index.append(index_entry(to, thread_id, f"threads/{name}"))
    index.sort(key=lambda entry: entry["id"])
    to.mkdir(parents=True, exist_ok=True)
    write_lines(to / INDEX, index)
    held = [_write_file(to, document, content) for document, content in files]
    write_lines(to / FILES, sorted(held, key=lambda entry: entry["id"]))
    known = sorted(assistants, key=lambda assistant: assistant["id"])
    write_lines(to / ASSISTANTS, known)
    write_lines(to / GONE, ())
    write_lines(to / FAILED, ())
    counts = {"threads": len(index)}
    for kind in ("messages", "runs", "steps"):
        counts[kind] = sum(entry[kind] for entry in index)
    counts |= {"assistants": len(known), "files": len(held), "gone": 0, "failed": 0}
    write_manifest(to, counts, source=source, complete=True)


def _write_file(to: Path, document: Document, content: bytes | None) -> Document:
    entry = {"id": document["id"], "document": document, "content": None}
    if content is not None:
        path = f"files/{folder_name(document['id'])}"
        (to / "files").mkdir(parents=True, exist_ok=True)
        write_whole(to / path, content)
        entry["content"] = {"path": path, **measure(to / path)._asdict()}
    return entry
