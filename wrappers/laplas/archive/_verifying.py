"""Check an archive against itself and, if asked, against the server that it came from.

Nothing is believed without a look: each file is read, counted and digested, each line parsed. The
look at the server is an export into a temporary folder, which is then compared line by line, so
that the live check has the pace, the retries and the memory of an export.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
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
    ArchiveError,
    Document,
    measure,
    read_lines,
)
from ._journal import JOURNAL
from ._reading import Archive, ArchivedThread

MOST_TOLD: Final = 1000
"""Problems that are kept; the rest is counted."""


class Problem(NamedTuple):
    """What is wrong, and where: a file of the archive, with its line if there is one."""

    where: str
    what: str


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
    ids.

    Args:
        archive: The archive, or its folder.
        live: Makes a client, as in ``lambda: AsyncLaplas()``, to compare with the server as well:
            the threads are exported once more, into a temporary folder. Not in a program with an
            event loop.
        concurrency: With `live`: requests under way at once, at most. Default 8.
        rate: With `live`: requests a second, at most. Default: no limit.
        on_progress: With `live`: called as `export` calls it.

    Raises:
        ArchiveError: The folder is no archive, or one of a newer version.
        AuthenticationError, PermissionDeniedError: With `live`: the key is refused.
        APIConnectionError: With `live`: the server cannot be reached.
    """
    held = archive if isinstance(archive, Archive) else Archive(archive)
    check = _Check(held)
    check.run()
    differences = _Findings()
    if live is not None:
        with tempfile.TemporaryDirectory(prefix="laplas-verify-") as folder:
            now = Path(folder, "now")
            ids = (thread.id for thread in check.threads())
            with_files = any(entry.get("content") for entry in check.documents(FILES))
            options: dict[str, Any] = {"concurrency": concurrency, "rate": rate}
            export(live, ids, now, files=with_files, on_progress=on_progress, **options)
            _compare(check, Archive(now), differences)
    return VerifyReport(
        path=held.path,
        counts=dict(check.counts),
        problems=tuple(check.found.kept),
        differences=tuple(differences.kept),
        total=check.found.total + differences.total,
        gone=check.counts_of_manifest("gone"),
        failed=check.counts_of_manifest("failed"),
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
        self._archive = archive
        self.path = archive.path
        self.found = _Findings()
        self.counts: dict[str, int] = dict.fromkeys(
            ("threads", "messages", "runs", "steps", "assistants", "files", "gone", "failed"), 0
        )
        self._known = {MANIFEST, *TOP_FILES}

    def counts_of_manifest(self, name: str) -> int:
        counts = self._archive.manifest.get("counts")
        number = counts.get(name) if isinstance(counts, dict) else None
        return number if isinstance(number, int) else 0

    def run(self) -> None:
        if (self.path / JOURNAL).exists() and self._archive.manifest.get("complete"):
            self.found.add(JOURNAL, "an export into this archive has not ended: run it again")
        self._check_top_files()
        ids = set[str]()
        for thread in self.threads(self.found):
            if thread.id in ids:
                self.found.add(INDEX, f"thread {thread.id!r} is there twice")
            ids.add(thread.id)
            self._check_thread(thread)
        self._check_files()
        for name in ("assistants", "gone", "failed"):
            lines = self._lines(f"{name}.jsonl")
            self.counts[name] = sum(1 for _ in lines)
        for name, number in self.counts.items():
            told = self.counts_of_manifest(name)
            if told != number:
                self.found.add(MANIFEST, f"it counts {told} {name}; there are {number}")
        self._check_for_strangers()

    def threads(self, found: _Findings | None = None) -> Iterator[ArchivedThread]:
        """Yield the threads of the index whose lines can be used."""
        for number, entry in self._lines(INDEX, found):
            where = f"{INDEX} line {number}"
            files = entry.get("files")
            if not isinstance(files, dict) or any(name not in files for name in THREAD_FILES):
                _tell(found, where, "digests are missing")
                continue
            try:
                yield ArchivedThread(self.path, entry)
            except (ArchiveError, KeyError) as error:
                _tell(found, where, str(error))

    def documents(self, name: str) -> Iterator[Document]:
        """Yield the lines of a file that can be used."""
        return (document for _, document in self._lines(name, None))

    def _check_top_files(self) -> None:
        told = self._archive.manifest.get("files")
        for name in TOP_FILES:
            self._check_file(name, told.get(name) if isinstance(told, dict) else None, MANIFEST)

    def _check_file(self, name: str, told: Any, source: str) -> None:
        """Compare a file with what is said of it."""
        path = self.path / name
        if path.is_symlink():
            self.found.add(name, "it is a symbolic link; an archive has none")
            return
        try:
            measured = measure(path)._asdict()
        except OSError as error:
            self.found.add(name, error.strerror or str(error))
            return
        if not isinstance(told, dict):
            self.found.add(source, f"it says nothing of {name}")
            return
        wrong = [key for key in measured if measured[key] != told.get(key)]
        if wrong:
            values = ", ".join(f"{key} {measured[key]}, not {told.get(key)}" for key in wrong)
            self.found.add(name, f"it is not what {source} says: {values}")

    def _check_thread(self, thread: ArchivedThread) -> None:
        self.counts["threads"] += 1
        folder = thread.entry["folder"]
        if thread.folder.is_symlink():
            self.found.add(folder, "it is a symbolic link; an archive has none")
            return
        for name in THREAD_FILES:
            self._check_file(f"{folder}/{name}", thread.entry["files"][name], INDEX)
            self._known.add(f"{folder}/{name}")
        for _, document in self._lines(f"{folder}/{THREAD}"):
            if document["id"] != thread.id:
                self.found.add(f"{folder}/{THREAD}", f"it is thread {document['id']!r}")
        runs = set[str]()
        for name in THREAD_FILES[1:]:
            kind, path, count = name.partition(".")[0], f"{folder}/{name}", 0
            for number, document in self._lines(path):
                count += 1
                where = f"{path} line {number}"
                if document.get("thread_id", thread.id) != thread.id:
                    self.found.add(where, f"it is of thread {document['thread_id']!r}")
                if name == RUNS:
                    runs.add(document["id"])
                if name == STEPS and document.get("run_id") not in runs:
                    self.found.add(where, f"its run {document.get('run_id')!r} is not there")
            if thread.entry.get(kind) != count:
                told = thread.entry.get(kind)
                self.found.add(INDEX, f"it counts {told} {kind} of {thread.id}; there are {count}")
            self.counts[kind] += count

    def _check_files(self) -> None:
        for number, entry in self._lines(FILES):
            self.counts["files"] += 1
            if not entry.get("content"):
                continue
            try:
                path = self._archive.file_path(entry)
            except (ArchiveError, KeyError, TypeError) as error:
                self.found.add(f"{FILES} line {number}", f"its path cannot be used: {error}")
                continue
            assert path is not None
            name = path.relative_to(self.path).as_posix()
            self._known.add(name)
            self._check_file(name, _without_path(entry["content"]), FILES)

    def _check_for_strangers(self) -> None:
        """Find what nothing in the archive names; what an open journal keeps is its own."""
        if (self.path / JOURNAL).exists():
            return
        for path in sorted(self.path.rglob("*")):
            name = path.relative_to(self.path).as_posix()
            if (path.is_symlink() or not path.is_dir()) and name not in self._known:
                self.found.add(name, "nothing in the archive names it")

    def _lines(
        self, name: str, found: _Findings | bool | None = True
    ) -> Iterator[tuple[int, Document]]:
        """Yield the numbered lines of a file that are objects with an id of their own."""
        told = self.found if found is True else found or None
        ids = set[bytes]()
        try:
            with (self.path / name).open("rb") as file:
                for number, line in enumerate(file, 1):
                    where = f"{name} line {number}"
                    try:
                        document = json.loads(line)
                    except (ValueError, RecursionError) as error:
                        _tell(told, where, f"it is no JSON: {error}")
                        continue
                    if not isinstance(document, dict) or not isinstance(document.get("id"), str):
                        _tell(told, where, "it is no object with an id")
                        continue
                    kind = document.get("kind") if name not in (INDEX, FILES) else None
                    id_ = f"{kind} {document['id']}".encode("utf-8", "surrogatepass")
                    digest = hashlib.blake2b(id_, digest_size=12).digest()
                    if digest in ids:
                        _tell(told, where, f"the id {document['id']!r} is there twice")
                    ids.add(digest)
                    yield number, document
        except OSError:
            return  # told where its digest was compared


def _tell(found: _Findings | None, where: str, what: str) -> None:
    if found is not None:
        found.add(where, what)


def _without_path(content: Document) -> Document:
    return {key: value for key, value in content.items() if key != "path"}


def _compare(check: _Check, now: Archive, found: _Findings) -> None:
    """Say what a new export has otherwise than the archive."""
    current = {entry["id"]: entry for entry in now.index()}
    for gone in now.gone():
        if gone["kind"] == "thread":
            found.add(gone["id"], "the server no longer has this thread")
    for failed in read_lines(now.path / "failed.jsonl"):
        found.add(failed["id"], f"it could not be read from the server: {failed.get('error')}")
    for thread in check.threads():
        entry = current.get(thread.id)
        if entry is None:
            continue
        other = ArchivedThread(now.path, entry)
        for name in THREAD_FILES:
            if thread.entry["files"][name] != entry["files"][name]:
                where = f"{thread.id} {name.partition('.')[0]}"
                _compare_lines(where, thread.folder / name, other.folder / name, found)
    for name in (ASSISTANTS, FILES):
        _compare_lines(name.partition(".")[0], check.path / name, now.path / name, found)


def _compare_lines(where: str, ours: Path, theirs: Path, found: _Findings) -> None:
    before, after = _digests(ours), _digests(theirs)
    for id_, digest in before.items():
        if id_ not in after:
            found.add(where, f"{id_} is no longer on the server")
        elif after[id_] != digest:
            found.add(where, f"{id_} changed on the server")
    for id_ in after.keys() - before.keys():
        found.add(where, f"{id_} is new on the server")


def _digests(path: Path) -> dict[str, bytes]:
    return {
        document["id"]: hashlib.blake2b(json.dumps(document).encode(), digest_size=12).digest()
        for document in read_lines(path)
    }
