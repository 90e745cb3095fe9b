"""Verify an archive: against itself, and against the server that it came from."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from .. import APIStatusError, AsyncLaplas, InvalidArgumentError, NotFoundError
from ._format import (
    ASSISTANTS,
    FILES,
    INDEX,
    MANIFEST,
    MESSAGES,
    RUNS,
    STEPS,
    THREAD,
    THREAD_FILES,
    TOP_FILES,
    Document,
    Measure,
    damaged,
    distinct_name,
    folder_name,
    manifest_line,
    measure,
    parse,
)
from ._importing import in_parallel
from ._journal import JOURNAL
from ._reading import COUNTED, Archive, ArchivedThread

MOST_TOLD: Final = 1000
"""Problems that a report holds; more are only counted."""
_NOT_SERVED: Final = (404, 405, 501)
"""What a server without runs says."""


class Problem(NamedTuple):
    """What is wrong in an archive, or differs on the server."""

    where: str
    """A file of the archive, with its line; or the id of a thread."""
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class VerifyReport:
    """What `verify` or `verify_live` found.

    Attributes:
        path: The archive.
        counts: How many threads, messages, runs, steps, assistants and files were looked at; of
            `verify`, also how many objects are gone and how many failed.
        problems: What is wrong or differs: the first 1,000.
        problem_count: How many there are.
    """

    path: Path
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0

    def tell(self, where: str, what: str) -> None:
        """Add a problem."""
        self.problem_count += 1
        if len(self.problems) < MOST_TOLD:
            self.problems.append(Problem(where, what))

    @property
    def is_right(self) -> bool:
        """Whether there is no problem."""
        return not self.problem_count

    @property
    def is_complete(self) -> bool:
        """Whether nothing failed when it was exported. What was gone then is no failure."""
        return not self.counts["failed"]


def verify(archive: Archive | str | Path) -> VerifyReport:
    """Verify an archive against itself: every count, id and digest, and that nothing else is there.

    Finds what was damaged, lost or added; all of it, not only the first. It is no seal: whoever
    changes a file on purpose can write its digest, too. The ids of one thread at a time are in
    memory.

    Args:
        archive: The archive, or its folder.

    Raises:
        ArchiveError: It is no archive, an unfinished one, or one of a newer version.
    """
    return _Verifier(archive if isinstance(archive, Archive) else Archive(archive)).verify()


class _Verifier:
    def __init__(self, archive: Archive) -> None:
        self._path = archive.path
        self._manifest = archive.manifest
        self._report = VerifyReport(archive.path)
        self._tell = self._report.tell
        self._counts = self._report.counts

    def verify(self) -> VerifyReport:
        if (self._path / MANIFEST).read_bytes() != manifest_line(self._manifest):
            self._tell(MANIFEST, "has another digest")
        top = _mapping(self._manifest.get("files"))
        known: dict[str, set[str]] = {"threads": set(), "files": set()}
        for spot, entry in self._sorted(INDEX, top):
            known["threads"].add(self._verify_thread(spot, entry))
        for _ in self._sorted(ASSISTANTS, top):
            self._counts["assistants"] += 1
        for spot, entry in self._sorted(FILES, top):
            known["files"].add(self._verify_file(spot, entry))
        for state in ("gone", "failed"):
            for spot, lost in self._documents(f"{state}.jsonl", top):
                self._counts[state] += 1
                if not (isinstance(lost.get("kind"), str) and isinstance(lost.get("error"), str)):
                    self._tell(spot, "says no kind or no error")
        self._compare_counts(MANIFEST, self._manifest["counts"], self._counts)
        if self._manifest.get("complete") is not self._report.is_complete:
            self._tell(MANIFEST, f"says complete: {self._manifest.get('complete')!r}")
        for folder, names in known.items():
            self._find_strangers(folder, names)
        self._find_strangers("", {MANIFEST, *TOP_FILES, *known})
        return self._report

    # ---- threads and files ----

    def _verify_thread(self, spot: str, entry: Document) -> str:
        """Verify a thread; returns the name of its folder."""
        self._counts["threads"] += 1
        thread_id, measures = entry["id"], _mapping(entry.get("files"))
        name = self._name_of(spot, "threads", thread_id, entry.get("folder"))
        folder = f"threads/{name}"
        if not name or not self._is_there(folder, stat.S_ISDIR):
            return name
        found = dict.fromkeys(("messages", "runs", "steps"), 0)
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
            self._counts[kind] += count
        self._compare_counts(spot, entry, found)
        self._find_strangers(folder, {*THREAD_FILES})
        return name

    def _verify_file(self, spot: str, entry: Document) -> str:
        """Verify a file's bytes; returns the name of what holds them."""
        self._counts["files"] += 1
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
        is_partial, has_journal = not self._report.is_complete, (self._path / JOURNAL).exists()
        path = self._path / folder
        if folder and not path.exists() and not path.is_symlink():
            return  # of each thread and file it was said that it is missing
        if folder and not self._is_there(folder, stat.S_ISDIR):
            return
        for name in sorted(set(os.listdir(path)) - known):
            if is_partial and (name.startswith(".") or name.endswith(".part")):
                continue  # what the next export goes on with
            problem = "is not part of the archive"
            if has_journal:
                problem += " yet: its export has not ended; run `laplas export` again"
            self._tell(f"{folder}/{name}".lstrip("/"), problem)


def _mapping(value: Any) -> Document:
    return value if isinstance(value, dict) else {}


# ---- against the server ----


class _Named(NamedTuple):
    """An assistant or a file of an archive."""

    id: str
    document: Document


async def verify_live(
    archive: Archive, client: AsyncLaplas, *, concurrency: int = 8
) -> VerifyReport:
    """Compare an archive with what the server has now.

    Each thread, message, run, step, assistant and file document is read again. What is new, gone or
    changed is a problem, also where the server is only newer. The bytes of files are not compared,
    and threads that the archive does not have are not looked for. Call `verify` first: a damaged
    thread cannot be compared.

    Args:
        archive: The archive.
        client: On the server that it came from.
        concurrency: Threads that are read at once, from 1.

    Returns:
        The counts of what the server has, and what differs.

    Raises:
        InvalidArgumentError: `concurrency` is wrong.
        ArchiveError: The archive's index cannot be read.
        OSError: A file of the archive cannot be opened.
        APIError: The server cannot be reached or refuses the key. Other errors are in the report.
    """
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or concurrency < 1:
        raise InvalidArgumentError("concurrency", "must be a whole number above 0")
    comparison = _Comparison(client, VerifyReport(archive.path))
    assistants = (_Named(document["id"], document) for document in archive.assistants())
    files = (_Named(held["id"], held["document"]) for held in archive.files() if held["document"])
    work: list[tuple[Iterable[Any], Any]] = [
        (archive.threads(), comparison.compare_thread),
        (assistants, partial(comparison.compare_named, "assistants")),
        (files, partial(comparison.compare_named, "files")),
    ]
    for items, compare in work:
        for object_id, error in (await in_parallel(items, compare, concurrency)).items():
            comparison.report.tell(object_id, f"could not be compared: {error}")
    return comparison.report


class _Comparison:
    def __init__(self, client: AsyncLaplas, report: VerifyReport) -> None:
        self._client = client
        self.report = report

    async def compare_thread(self, thread: ArchivedThread) -> None:
        if not await self._compare_object("threads", thread.id, thread.document):
            return
        messages = self._client.messages.list(thread.id, order="asc", page_size=100)
        await self._compare_list(thread, MESSAGES, messages)
        runs = await self._compare_list(thread, RUNS, self._runs(thread.id))
        await self._compare_list(thread, STEPS, self._steps(thread.id, runs))

    async def compare_named(self, kind: str, named: _Named) -> None:
        await self._compare_object(kind, named.id, named.document)

    async def _compare_object(self, kind: str, object_id: str, held: Document) -> bool:
        """Compare a thread, an assistant or a file; returns whether the server has it."""
        try:
            there = await getattr(self._client, kind).retrieve(object_id)
        except NotFoundError:
            self.report.tell(object_id, "is gone from the server")
            return False
        self.report.counts[kind] += 1
        self._compare(object_id, "", held, there.to_dict())
        return True

    async def _runs(self, thread_id: str) -> AsyncIterator[Any]:
        try:
            async for run in self._client.runs.list(thread_id, order="asc", page_size=100):
                yield run
        except APIStatusError as error:
            if error.status_code not in _NOT_SERVED:
                raise

    async def _steps(self, thread_id: str, runs: list[str]) -> AsyncIterator[Any]:
        for run_id in runs:
            steps = self._client.runs.steps
            async for step in steps.list(thread_id, run_id, order="asc", page_size=100):
                yield step

    async def _compare_list(
        self, thread: ArchivedThread, name: str, items: AsyncIterable[Any]
    ) -> list[str]:
        """Compare a file of a thread with a list of the server; returns the ids of the list."""
        kind = name.removesuffix(".jsonl")
        what = kind.removesuffix("s")
        ids = []
        with (thread.folder / name).open("rb") as file:
            places = _places_of(file)
            async for item in items:
                ids.append(item.id)
                self.report.counts[kind] += 1
                place = places.pop(item.id, None)
                if place is None:
                    self.report.tell(thread.id, f"{what} {item.id} is new on the server")
                    continue
                file.seek(place)
                held = parse(file.readline())
                self._compare(thread.id, f"{what} {item.id} ", held, item.to_dict())
        for object_id in places:
            self.report.tell(thread.id, f"{what} {object_id} is gone from the server")
        return ids

    def _compare(self, where: str, what: str, held: Document, there: Document) -> None:
        if held != there:
            missing = object()
            changed = sorted(
                name for name in held.keys() | there.keys()
                if held.get(name, missing) != there.get(name, missing)
            )  # fmt: skip
            self.report.tell(where, f"{what}has changed: {', '.join(changed)}")


def _places_of(file: Any) -> dict[str, int]:
    """Return where the line of each object begins: a thread's documents may not fit in memory."""
    places, at = {}, 0
    for number, line in enumerate(file, 1):
        try:
            places[parse(line)["id"]] = at
        except (ValueError, TypeError, KeyError) as error:
            raise damaged(Path(file.name), number, error) from None
        at += len(line)
    return places
