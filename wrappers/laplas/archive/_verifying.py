"""Check an archive against itself and, if asked, against the server that it came from.

Nothing is believed without a look: each file is read, counted and digested, each line parsed. The
look at the server is an export into a temporary folder, which is then compared line by line, so
that the live check has the pace, the retries and the memory of an export.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from .. import AsyncLaplas
from ._exporting import ExportProgress, export
from ._format import (
    ASSISTANTS,
    FILES,
    INDEX,
    MANIFEST,
    RUNS,
    STEPS,
    THREAD,
    THREAD_FILES,
    TOP_FILES,
    Document,
    Measure,
    distinct_name,
    folder_name,
    manifest_line,
    measure,
    parse,
)
from ._journal import JOURNAL
from ._reading import COUNTED, Archive

MOST_TOLD: Final = 1000
"""Problems that are kept; the rest is counted."""
_GONE: Final = "is no longer on the server"


class Problem(NamedTuple):
    """What is wrong, and where: a file of the archive, with its line if there is one."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class VerifyReport:
    """What a check of an archive found.

    Attributes:
        path: The archive.
        counts: How many threads, messages, runs, steps, assistants and files were read.
        problems: What is wrong in the archive, the first 1,000.
        differences: What the server has otherwise: new, gone or changed since; the first 1,000.
        total: How many problems and differences there are.
        gone, failed: How many objects the export could not take.
    """

    path: Path
    counts: dict[str, int]
    problems: tuple[Problem, ...]
    differences: tuple[Problem, ...]
    total: int
    gone: int
    failed: int

    @property
    def is_whole(self) -> bool:
        """Whether the archive is as it was written, and nothing in it failed."""
        return not self.total and not self.failed


def verify(
    archive: Archive | str | Path,
    *,
    live: Callable[[], AsyncLaplas] | None = None,
    concurrency: int = 8,
    rate: float | None = None,
    on_progress: Callable[[ExportProgress], object] | None = None,
) -> VerifyReport:
    """Check the counts, ids and digests of an archive, and compare it with the server.

    All problems are found, not only the first. It reads every file, in the memory of one thread's
    ids. It is no seal: whoever changes a file on purpose can change its digest, too.

    Args:
        archive: The archive, or its folder.
        live: Makes a client, as in ``lambda: AsyncLaplas()``, to compare with the server as well:
            the threads are exported once more, into a temporary folder. A damaged archive is not
            compared. Not in a program with an event loop.
        concurrency: With `live`: requests under way at once, at most. Default 8.
        rate: With `live`: requests a second, at most. Default: no limit.
        on_progress: With `live`: called as `export` calls it.

    Raises:
        ArchiveError: The folder is no archive, an unfinished one, or one of a newer version.
        AuthenticationError, PermissionDeniedError: With `live`: the key is refused.
        APIConnectionError: With `live`: the server cannot be reached.
    """
    held = archive if isinstance(archive, Archive) else Archive(archive)
    check, differences = _Check(held), _Findings()
    check.run()
    if live is not None and not check.found.total:
        with tempfile.TemporaryDirectory(prefix="laplas-verify-") as folder:
            now = Path(folder, "now")
            ids = (entry["id"] for entry in held.index())
            with_files = any(entry.get("content") for entry in held.files())
            options: dict[str, Any] = {"concurrency": concurrency, "rate": rate}
            export(live, ids, now, files=with_files, on_progress=on_progress, **options)
            _compare(held, Archive(now), differences.add)
    return VerifyReport(
        path=held.path,
        counts=check.counts,
        problems=tuple(check.found.kept),
        differences=tuple(differences.kept),
        total=check.found.total + differences.total,
        gone=check.counts["gone"],
        failed=check.counts["failed"],
    )


class _Findings:
    """Problems: the first are kept, all are counted."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.total = 0

    def add(self, where: str, what: str) -> None:
        self.total += 1
        if self.total <= MOST_TOLD:
            self.kept.append(Problem(where, what))


class _Check:
    """A look at every file of an archive."""

    def __init__(self, archive: Archive) -> None:
        self._path = archive.path
        self._manifest = archive.manifest
        self.found = _Findings()
        self._tell = self.found.add
        self.counts: dict[str, int] = dict.fromkeys(COUNTED, 0)

    def run(self) -> None:
        if (self._path / MANIFEST).read_bytes() != manifest_line(self._manifest):
            self._tell(MANIFEST, "has another digest")
        top = _mapping(self._manifest.get("files"))
        known: dict[str, set[str]] = {"threads": set(), "files": set()}
        for spot, entry in self._sorted(INDEX, top):
            known["threads"].add(self._check_thread(spot, entry))
        for _ in self._sorted(ASSISTANTS, top):
            self.counts["assistants"] += 1
        for spot, entry in self._sorted(FILES, top):
            known["files"].add(self._check_file(spot, entry))
        for state in ("gone", "failed"):
            for spot, lost in self._documents(f"{state}.jsonl", top):
                self.counts[state] += 1
                if not (isinstance(lost.get("kind"), str) and isinstance(lost.get("error"), str)):
                    self._tell(spot, "says no kind or no error")
        self._compare_counts(MANIFEST, self._manifest["counts"], self.counts)
        if self._manifest.get("complete") is not (not self.counts["failed"]):
            self._tell(MANIFEST, f"says complete: {self._manifest.get('complete')!r}")
        for folder, names in known.items():
            self._find_strangers(folder, names)
        self._find_strangers("", {MANIFEST, *TOP_FILES, *known})

    # ---- threads and files ----

    def _check_thread(self, spot: str, entry: Document) -> str:
        """Check a thread; returns the name of its folder."""
        self.counts["threads"] += 1
        thread_id, measures = entry["id"], _mapping(entry.get("files"))
        name = self._name_of(spot, "threads", thread_id, entry.get("folder"))
        folder = f"threads/{name}"
        if not name or not self._is_there(folder, stat.S_ISDIR):
            return name
        found: dict[str, int] = dict.fromkeys(("messages", "runs", "steps"), 0)
        seen: dict[str, set[str]] = {file: set() for file in THREAD_FILES}
        for file in THREAD_FILES:
            for place, document in self._documents(f"{folder}/{file}", measures):
                if document["id"] in seen[file]:
                    self._tell(place, f"{document['id']!r} is there twice")
                seen[file].add(document["id"])
                if file == THREAD:
                    continue
                found[file.removesuffix(".jsonl")] += 1
                # Servers that leave a field out are archived as they are.
                if (owner := document.get("thread_id")) not in (thread_id, None):
                    self._tell(place, f"is of another thread: {owner!r}")
                run = document.get("run_id")
                if file == STEPS and isinstance(run, str) and run not in seen[RUNS]:
                    self._tell(place, f"is of a run that is not here: {run!r}")
        if seen[THREAD] and seen[THREAD] != {thread_id}:
            self._tell(f"{folder}/{THREAD}", f"is another thread: {min(seen[THREAD])!r}")
        for kind, count in found.items():
            self.counts[kind] += count
        self._compare_counts(spot, entry, found)
        self._find_strangers(folder, {*THREAD_FILES})
        return name

    def _check_file(self, spot: str, entry: Document) -> str:
        """Check a file's bytes; returns the name of what holds them."""
        self.counts["files"] += 1
        document, content = entry.get("document"), entry.get("content")
        if document is not None and _mapping(document).get("id") != entry["id"]:
            self._tell(spot, "has the document of another file")
        if content is None:
            return ""
        content = _mapping(content)
        name = self._name_of(spot, "files", entry["id"], content.get("path"))
        if name and self._is_there(path := f"files/{name}", stat.S_ISREG):
            try:
                self._compare_measures(path, measure(self._path / path), content)
            except OSError as error:
                self._tell(path, f"cannot be read: {error.strerror}")
        return name

    def _name_of(self, spot: str, parent: str, object_id: str, path: Any) -> str:
        """Return the name that an object's folder or file has; empty, if it may not have it."""
        if object_id:
            for name in (folder_name(object_id), distinct_name(object_id)):
                if path == f"{parent}/{name}":
                    return name
        self._tell(spot, f"{object_id!r} cannot be at {path!r}; this was not looked at")
        return ""

    # ---- what is in a file ----

    def _sorted(self, where: str, measures: Document) -> Iterator[tuple[str, Document]]:
        """Yield what `_documents` yields, of a file where each id comes once, in order."""
        last: str | None = None
        for spot, document in self._documents(where, measures):
            object_id = document["id"]
            if object_id == last:
                self._tell(spot, f"{object_id!r} is there twice")
                continue
            if last is not None and object_id < last:
                self._tell(spot, f"{object_id!r} is out of order")
            last = object_id
            yield spot, document

    def _documents(self, where: str, measures: Document) -> Iterator[tuple[str, Document]]:
        """Yield the documents of a file with their places; at its end, compare its digest."""
        if not self._is_there(where, stat.S_ISREG):
            return
        digest, lines, size = hashlib.sha256(), 0, 0
        try:
            with (self._path / where).open("rb") as file:
                for number, line in enumerate(file, 1):
                    digest.update(line)
                    lines += line.count(b"\n")
                    size += len(line)
                    spot = f"{where} line {number}"
                    try:
                        document = parse(line)
                    except ValueError as error:
                        self._tell(spot, f"is no JSON: {error}")
                        continue
                    if isinstance(document, dict) and isinstance(document.get("id"), str):
                        yield spot, document
                    else:
                        self._tell(spot, "is no object with an id")
        except OSError as error:
            self._tell(where, f"cannot be read: {error.strerror}")
            return
        told = measures.get(where.rpartition("/")[2])
        self._compare_measures(where, Measure(lines, size, digest.hexdigest()), _mapping(told))

    def _compare_measures(self, where: str, found: Measure, told: Document) -> None:
        """Tell the first thing that differs: a file of another size has another digest, too."""
        for name, value in found._asdict().items():
            if told.get(name) != value:
                problem = f"has {value} {name}, not {told.get(name)}"
                self._tell(where, "has another digest" if name == "sha256" else problem)
                return

    def _compare_counts(self, where: str, told: Document, found: dict[str, int]) -> None:
        for name, count in found.items():
            if told.get(name) != count:
                self._tell(where, f"counts {told.get(name)} {name}; there are {count}")

    # ---- what is on disk ----

    def _is_there(self, where: str, is_kind: Any) -> bool:
        """Tell whether this is there, and is no link, pipe or device, which may lead anywhere."""
        path = self._path / where
        try:
            is_right = is_kind(os.lstat(path).st_mode)
        except FileNotFoundError:
            self._tell(where, "is missing")
            return False
        if not is_right or (path.parent != self._path and path.parent.is_symlink()):
            self._tell(where, "is no plain file or folder; it was not looked at")
            return False
        return True

    def _find_strangers(self, folder: str, known: set[str]) -> None:
        is_partial, has_journal = bool(self.counts["failed"]), (self._path / JOURNAL).exists()
        path = self._path / folder
        if folder and not path.exists() and not path.is_symlink():
            return  # of each thread and file it was said that it is missing
        if folder and not self._is_there(folder, stat.S_ISDIR):
            return
        for name in sorted(set(os.listdir(path)) - known):
            if is_partial and name.startswith("."):
                continue  # what the next export goes on with
            problem = "is not part of the archive"
            if has_journal:
                problem += " yet: its export has not ended; run `laplas export` again"
            self._tell(f"{folder}/{name}".lstrip("/"), problem)


def _mapping(value: Any) -> Document:
    return value if isinstance(value, dict) else {}


# ---- against the server ----


def _compare(held: Archive, now: Archive, tell: Callable[[str, str], None]) -> None:
    """Tell what a new export has otherwise than the archive."""
    gone = {(lost["kind"], lost["id"]) for lost in now.gone()}
    for failed in now.failed():
        tell(failed["id"], f"could not be read from the server: {failed['error']}")
    current = {thread.id: thread for thread in now.threads()}
    for thread in held.threads():
        if ("thread", thread.id) in gone:
            tell(thread.id, _GONE)
        elif other := current.get(thread.id):
            for name in THREAD_FILES:
                if thread.entry["files"][name] != other.entry["files"][name]:
                    kind = name.partition(".")[0].removesuffix("s")
                    for object_id, what in _differences(thread.folder / name, other.folder / name):
                        same = object_id == thread.id
                        tell(thread.id, what if same else f"{kind} {object_id} {what}")
    for name in (ASSISTANTS, FILES):
        kind = name.removesuffix("s.jsonl")
        for object_id, what in _differences(held.path / name, now.path / name):
            if what == _GONE and (kind, object_id) not in gone:
                what = "is no longer named by the threads of the server"
            tell(f"{kind} {object_id}", what)


def _differences(before: Path, after: Path) -> Iterator[tuple[str, str]]:
    """Yield the ids of the objects that two files have otherwise, and how."""
    with ExitStack() as stack:
        ours, theirs = (stack.enter_context(path.open("rb")) for path in (before, after))
        places = _places(theirs)
        for object_id, place in _places(ours).items():
            if object_id not in places:
                yield object_id, _GONE
                continue
            held, now = _line_at(ours, place), _line_at(theirs, places.pop(object_id))
            if held != now:
                names = (
                    name
                    for name in {**held, **now}
                    if (name in held, held.get(name)) != (name in now, now.get(name))
                )
                yield object_id, f"changed on the server: {', '.join(names)}"
        for object_id in places:
            yield object_id, "is new on the server"


def _places(file: Any) -> dict[str, int]:
    """Return where the line of each object begins: all documents may not fit in memory."""
    places, at = {}, 0
    for line in file:
        places[parse(line)["id"]] = at
        at += len(line)
    return places


def _line_at(file: Any, place: int) -> Document:
    file.seek(place)
    return parse(file.readline())  # type: ignore[no-any-return]
