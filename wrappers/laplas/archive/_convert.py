"""Turn an archive into another form, whole or not at all, with a report of what it cannot hold."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .. import InvalidArgumentError
from ._carrying import Conversation, whole_text
from ._conversation import counted
from ._format import ArchiveError, Document, line_of, read_lines
from ._reading import Archive, ArchivedThread
from .formats import FOLDERS, FORMATS, writer_of


@dataclass
class Report:
    """What came of a conversion.

    Attributes:
        to: The format.
        out: The file or folder that was written.
        path: Where the whole report is: a line a thread with the kinds of values that the format
            cannot hold, how many there are, and the ids of the objects that had them.
        threads: How many threads were carried over.
        lost: How many values of each kind the format cannot hold, over all threads.
    """

    to: str
    out: Path
    path: Path
    threads: int = 0
    lost: Counter[str] = field(default_factory=Counter)

    def summary(self) -> str:
        """Say in lines of text what was written and what was not."""
        lines = [f"{self.out}: {counted({'threads': self.threads}, ['threads'])} as {self.to}"]
        if self.lost:
            lines.append(f"{self.to} cannot hold these; {self.path} has them by thread, with ids:")
            lines += [f"  {count:>9,}  {kind}" for kind, count in self.lost.most_common()]
        return whole_text("\n".join(lines))


def convert(
    archive: Archive | str | Path,
    to: str,
    out: str | Path,
    *,
    threads: Collection[str] | None = None,
    report: str | Path | None = None,
    force: bool = False,
) -> Report:
    """Turn an archive into another form. One thread is in memory at a time.

    Args:
        archive: The archive, or its folder.
        to: ``"conversations"``, ``"chatml"``, ``"sharegpt"``, ``"markdown"``, ``"html"``,
            ``"parquet"``, ``"csv"`` or ``"otel"``.
        out: The file to write; a folder for ``"markdown"`` and ``"html"``.
        threads: Ids of the threads to carry over. Default: all.
        report: Where the report goes. Default: `out` with ``.report.jsonl`` after its name.
        force: Overwrite what is there, even if it is not an unchanged output of this function.

    Raises:
        InvalidArgumentError: An argument is wrong, or `out` would overwrite something else.
        ConfigurationError: The format needs a package that is not installed.
        ArchiveError: The archive cannot be read.
        OSError: `out` cannot be written. Nothing is left half-written.
    """
    if to not in FORMATS:
        raise InvalidArgumentError("to", f"{to!r} is no format; there are {', '.join(FORMATS)}")
    if isinstance(threads, str):
        raise InvalidArgumentError("threads", "must be a list of ids, not one text")
    archive = archive if isinstance(archive, Archive) else Archive(archive)
    out = Path(out)
    done = Report(to, out, Path(report) if report else out.with_name(f"{out.name}.report.jsonl"))
    _check_paths(archive, done, force)
    wanted = _wanted(archive, threads)
    work = out.with_name(f".{out.name}.part")
    part, notes = work / "out", done.path.with_name(f".{done.path.name}.part")
    _remove(work)
    try:
        work.mkdir()
        with notes.open("wb") as file:
            if to in FOLDERS:
                part.mkdir()
            writer_of(to)(_carried(archive, wanted, done, file), part)
            file.write(line_of(_last_line(done, _digest(part))))
        _replace(out, part)
        notes.replace(done.path)
    finally:
        _remove(work)
        _remove(notes)
    return done


def _carried(
    archive: Archive, wanted: Collection[str] | None, done: Report, notes: Any
) -> Iterator[Conversation]:
    """Yield the threads; note what was lost of each when the next one is asked for."""
    files = {str(entry.get("id")): entry for entry in archive.files()}
    names = names_of(files.values())

    def path_of(file_id: str) -> Path | None:
        return archive.file_path(files[file_id]) if file_id in files else None

    for thread in archive.threads():
        if wanted is not None and thread.id not in wanted:
            continue
        conversation = Conversation(documents_of(thread), names, path_of)
        yield conversation
        lost = {kind: asdict(loss) for kind, loss in conversation.finish().items()}
        notes.write(line_of({"thread_id": thread.id, "lost": lost}))
        done.lost.update({kind: loss["count"] for kind, loss in lost.items()})
        done.threads += 1
    # Beside the threads there are documents that no format holds.
    rest = {"assistant": [str(assistant.get("id")) for assistant in archive.assistants()]}
    rest["file"] = list(files)
    lost = {kind: {"count": len(ids), "ids": ids} for kind, ids in rest.items() if ids}
    notes.write(line_of({"thread_id": None, "lost": lost}))
    done.lost.update({kind: loss["count"] for kind, loss in lost.items()})


def documents_of(thread: ArchivedThread) -> Document:
    """Return what a `Conversation` is made of."""
    return {
        "thread": thread.document,
        "messages": thread.messages(),
        "runs": thread.runs(),
        "steps": thread.steps(),
    }


def names_of(files: Iterable[Document]) -> dict[str, str]:
    """Return the names of an archive's files by their ids, where they have one."""
    names = {}
    for entry in files:
        document = entry.get("document")
        name = document.get("filename") if isinstance(document, dict) else None
        if isinstance(name, str) and name:
            names[str(entry.get("id"))] = whole_text(name)
    return names


def _wanted(archive: Archive, threads: Collection[str] | None) -> set[str] | None:
    if threads is None:
        return None
    missing = set(threads) - {entry["id"] for entry in archive.index() if entry["id"] in threads}
    if missing:
        named = ", ".join(sorted(missing)[:5])
        raise InvalidArgumentError("threads", f"{archive.path} has no thread {named}")
    return set(threads)


def _check_paths(archive: Archive, done: Report, force: bool) -> None:
    inside = archive.path.resolve()
    for name, path in (("out", done.out), ("report", done.path)):
        place = path.resolve()
        if place == inside or inside in place.parents or place in inside.parents:
            raise InvalidArgumentError(name, f"{path} is part of the archive, or the archive of it")
        if not place.parent.is_dir():
            raise InvalidArgumentError(name, f"{path}: there is no folder {place.parent}")
    if (
        done.out.resolve() == done.path.resolve()
        or done.out.resolve() in done.path.resolve().parents
    ):
        raise InvalidArgumentError("report", "cannot be at the same place as the output")
    if done.path.is_dir():
        raise InvalidArgumentError("report", f"{done.path} is a folder")
    if force or not (done.out.exists() or done.path.exists()):
        return
    try:
        last = next(iter(deque(read_lines(done.path), maxlen=1)), None)
    except ArchiveError:
        last = None
    known = last.get("sha256") if isinstance(last, dict) else None
    if known is None or (done.out.exists() and known != _digest(done.out)):
        there = done.out if done.out.exists() else done.path
        raise InvalidArgumentError(
            "out",
            f"{there} is there, and not as an earlier conversion left it; it is not overwritten."
            " Choose another place, or force it.",
        )


def _last_line(done: Report, digest: str) -> Document:
    return {
        "format": "laplas-convert",
        "to": done.to,
        "threads": done.threads,
        "lost": dict(done.lost),
        "sha256": digest,
    }


def _digest(path: Path) -> str:
    """Return the digest of a file, or of all files of a folder with their names."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    digest = hashlib.sha256()
    for inner in sorted(path.rglob("*")):
        if inner.is_file():
            digest.update(f"{inner.relative_to(path).as_posix()}\0{_digest(inner)}\n".encode())
    return digest.hexdigest()


def _replace(out: Path, part: Path) -> None:
    """Put what was written in its place; a folder that is there is moved away before."""
    if not out.is_dir():
        part.replace(out)
        return
    old = out.with_name(f".{out.name}.old")
    _remove(old)
    out.rename(old)
    try:
        part.rename(out)
    except OSError:
        old.rename(out)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
