"""The form of an archive on disk: names, lines, digests. Nothing here talks to a server.

    archive/
      manifest.json        format, version, source, counts, digest of each file below and of itself;
                           written last
      index.jsonl          a line a thread, by id: folder, counts, digests
      assistants.jsonl     what was named by messages and runs, as it was received
      files.jsonl          a line a file: its document, and where its bytes are
      gone.jsonl           what the server no longer had: kind, id, error
      failed.jsonl         what could not be read: kind, id, error
      files/<id>           bytes, where they were asked for
      threads/<id>/        thread.json, messages.jsonl, runs.jsonl, steps.jsonl, oldest first

The same threads give the same bytes: there is no time of writing in it, and no order of chance.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

FORMAT: Final = "laplas-archive"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
INDEX: Final = "index.jsonl"
ASSISTANTS: Final = "assistants.jsonl"
FILES: Final = "files.jsonl"
GONE: Final = "gone.jsonl"
FAILED: Final = "failed.jsonl"
PARTS: Final = ".parts"
"""Where the parts of an export are that several machines take."""
TOP_FILES: Final = (INDEX, ASSISTANTS, FILES, GONE, FAILED)
THREAD: Final = "thread.json"
MESSAGES: Final = "messages.jsonl"
RUNS: Final = "runs.jsonl"
STEPS: Final = "steps.jsonl"
THREAD_FILES: Final = (THREAD, MESSAGES, RUNS, STEPS)
_LONGEST_NAME: Final = 120
"""Characters of a folder's name before a digest takes the rest: file systems take 255 bytes."""
_DIGEST_CHUNK: Final = 1 << 20

Document = dict[str, Any]


class ArchiveError(Exception):
    """An archive cannot be read or written as it is; the text says which file and what to do."""


class Measure(NamedTuple):
    """What a file of an archive is checked by."""

    lines: int
    bytes: int
    sha256: str


def folder_name(object_id: str) -> str:
    """Return the name that an object's folder or file has: its id where that is a safe name.

    Other characters are percent-encoded, a dot in front too, so that no id leads elsewhere.

    Raises:
        ArchiveError: The id is empty.
    """
    if not object_id:
        raise ArchiveError("an id is empty; it cannot be archived")
    kept = re.compile(rb"[A-Za-z0-9_.-]")
    raw = object_id.encode("utf-8", "surrogatepass")
    name = "".join(chr(b) if kept.match(bytes([b])) else f"%{b:02X}" for b in raw)
    if name[0] == ".":
        name = f"%2E{name[1:]}"
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}~{hashlib.sha256(raw).hexdigest()[:16]}"
    return name


def distinct_name(object_id: str) -> str:
    """Return a name for an object whose `folder_name` another has on systems that fold case."""
    raw = object_id.encode("utf-8", "surrogatepass")
    return f"{folder_name(object_id)[:_LONGEST_NAME]}~{hashlib.sha256(raw).hexdigest()[:16]}"


def is_safe_name(name: str) -> bool:
    """Return whether this can be a name that was made here: one folder or file, not hidden."""
    return re.fullmatch(r"[A-Za-z0-9_%~-][A-Za-z0-9_.%~-]*", name) is not None


def line_of(document: Any) -> bytes:
    """Return a document as one line of JSON, with its newline."""
    compact = (",", ":")
    try:
        text = json.dumps(document, ensure_ascii=False, separators=compact).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can hold and UTF-8 cannot
        text = json.dumps(document, separators=compact).encode()
    return text + b"\n"


def read_lines(path: Path) -> Iterator[Any]:
    """Yield the documents of a file of JSON lines.

    Raises:
        ArchiveError: The file is missing, cut, or holds a line that is not JSON.
    """
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                yield _parsed(path, number, line)
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from None


def read_document(path: Path) -> Any:
    """Return the one document of a file.

    Raises:
        ArchiveError: The file is missing or not JSON.
    """
    try:
        return _parsed(path, 1, path.read_bytes())
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from None


def parse(line: bytes) -> Any:
    """Return the document of a line. Raises `ValueError`."""
    if line[-1:] != b"\n":
        raise ValueError("it is cut off")
    try:
        return json.loads(line)
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def damaged(path: Path, number: int, problem: object) -> ArchiveError:
    """Return the error for a line that cannot be read."""
    return ArchiveError(
        f"{path}, line {number}: {problem}. Run `laplas verify` to see what else is damaged,"
        " and export that again."
    )


def _parsed(path: Path, number: int, line: bytes) -> Any:
    try:
        return parse(line)
    except ValueError as error:
        raise damaged(path, number, error) from None


def measure(path: Path) -> Measure:
    """Count and digest a file, in constant memory. Raises `OSError`."""
    digest, lines, size = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while chunk := file.read(_DIGEST_CHUNK):
            digest.update(chunk)
            lines += chunk.count(b"\n")
            size += len(chunk)
    return Measure(lines, size, digest.hexdigest())


def manifest_line(manifest: Document) -> bytes:
    """Return a manifest's line: at its end is the digest of the rest."""
    rest = {name: value for name, value in manifest.items() if name != "sha256"}
    return line_of({**rest, "sha256": hashlib.sha256(line_of(rest)).hexdigest()})


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it has all of `data` or, whatever happens, what it had before."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
