"""Take threads out of a service, whole, at any size, and on from where an export was stopped.

`take` brings ids into a folder with a journal of its own; `finish` makes index and manifest of what
a journal says. They are apart so that parts of an export may be taken elsewhere.
"""

from __future__ import annotations

import asyncio
import errno
import os
import re
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from .. import (
    APIConnectionError,
    APIStatusError,
    AsyncLaplas,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    InvalidArgumentError,
    LaplasError,
    NotFoundError,
    PaginationError,
    PermissionDeniedError,
    UnprocessableEntityError,
)
from ._fetching import Fetcher, Pace, describe, member_text, read_object, read_page
from ._format import (
    ASSISTANTS,
    FAILED,
    FILES,
    GONE,
    INDEX,
    MANIFEST,
    MESSAGES,
    PARTS,
    RUNS,
    STEPS,
    THREAD,
    ArchiveError,
    Document,
    line_of,
    measure,
    read_document,
    read_lines,
    write_whole,
)
from ._journal import JOURNAL, IdSet, Journal, Place, Reference, ThreadRow
from ._reading import Archive
from ._writing import index_entry, write_lines, write_manifest, write_texts

PAGE: Final = 100
"""Items that are asked for at a time: what the API gives at most."""
STARTS: Final = 3
"""How often a thread is begun whose lists change, or lead astray, while they are read."""
TAKING: Final = ".taking"
"""Where the folder of a thread is until it is whole."""
_LISTS: Final = (MESSAGES, RUNS, STEPS)
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,200}")
_FOUND_TEXTS: Final = "step_details.tool_calls[*].file_search.results[*].content"
"""What a step leaves out unless it is asked for: the texts that a file search found."""
_NOT_SERVED: Final = frozenset({404, 405, 501})
_MOST_TOLD: Final = 10
"""Ids that an error names at most."""
_TICK: Final = 1.0
"""Seconds after which progress is told where nothing comes."""
_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


class ExportProgress(NamedTuple):
    """How far an export has come."""

    threads: int
    """Threads that are done, gone or failed, of `total`."""
    total: int
    messages: int
    """Messages that this run of the export has written."""
    requests: int
    gone: int
    failed: int
    rate: float | None
    """Requests a second that are allowed at present; None where nothing bounds them."""


@dataclass(frozen=True)
class ExportResult:
    """What an archive holds after an export.

    Attributes:
        path: The archive.
        threads: How many threads it holds.
        messages: How many messages.
        runs: How many runs.
        steps: How many steps.
        assistants: How many assistants.
        files: How many files.
        gone: How many objects the server no longer has, or does not give: see `Archive.gone`.
        failed: How many could not be read: see `Archive.failed`. Export again to retry just those.
        vector_stores: How many vector stores the threads name. They are not exported.
        complete: Whether nothing failed.
    """

    path: Path
    threads: int
    messages: int
    runs: int
    steps: int
    assistants: int
    files: int
    gone: int
    failed: int
    vector_stores: int
    complete: bool


def export(
    client_factory: Callable[[], AsyncLaplas],
    ids: Iterable[str],
    to: str | os.PathLike[str],
    *,
    all_threads: bool = False,
    files: bool = False,
    again: bool = False,
    concurrency: int = 8,
    rate: float | None = None,
    on_progress: Callable[[ExportProgress], object] | None = None,
) -> ExportResult:
    """Export threads into a folder, or go on with an export that was stopped.

    However it is stopped, even by SIGKILL, the same call continues where it was, even inside a
    thread, and ends with the same bytes as if nothing had happened. Into a complete archive, it
    adds the threads that are new. In a program with an event loop, await `export_async`.

    Args:
        client_factory: Makes the client, as in ``lambda: AsyncLaplas()``; it is called once, and
            the client is closed at the end.
        ids: The threads' ids; an iterable of any length. One that comes twice counts once. May be
            empty to go on with what the folder's journal has planned.
        to: The folder of the archive, made where it is missing.
        all_threads: Add the threads that the server lists. Many servers list none.
        files: Export the bytes of files, not only their documents.
        again: Take those of `ids` again that the archive holds already, or that were gone.
        concurrency: Requests under way at once, at most. Default 8.
        rate: Requests a second of all workers, at most. Default: no limit. After a 429 all slow
            down together, in any case.
        on_progress: Called with an `ExportProgress` after each page and each thread, and each
            second while nothing comes.

    Returns:
        What the archive holds now. Where its ``failed`` is not 0, export again to retry just those.

    Raises:
        InvalidArgumentError: An argument or an id is wrong; nothing was sent, nothing written.
        ArchiveError: The folder is no archive, another export into it is running, its export
            began with other options, or the disk is full. Once there is space, export again to go
            on.
        AuthenticationError, PermissionDeniedError: The key is refused.
        APIConnectionError: The server is no longer there: one thread after the other fails.
    """
    arguments = {"all_threads": all_threads, "files": files, "again": again}
    numbers = {"concurrency": concurrency, "rate": rate, "on_progress": on_progress}
    work = partial(export_async, client_factory, ids, to, **arguments, **numbers)  # type: ignore[arg-type]
    return run_in_loop(work)


def run_in_loop(work: Callable[[], Coroutine[Any, Any, ExportResult]]) -> ExportResult:
    """Run to the end in an event loop of its own; raises `RuntimeError` inside another one."""
    with asyncio.Runner() as runner:
        runner.get_loop()  # raises here, before there is a coroutine, inside a loop
        return runner.run(work())


async def export_async(
    client_factory: Callable[[], AsyncLaplas],
    ids: Iterable[str],
    to: str | os.PathLike[str],
    *,
    all_threads: bool = False,
    files: bool = False,
    again: bool = False,
    concurrency: int = 8,
    rate: float | None = None,
    on_progress: Callable[[ExportProgress], object] | None = None,
) -> ExportResult:
    """Export threads into a folder: see `export`."""
    options = {"all_threads": all_threads, "files": files, "again": again}
    numbers = {"concurrency": concurrency, "rate": rate, "on_progress": on_progress}
    return await run_export(client_factory, ids, to, **options, **numbers)  # type: ignore[arg-type]


async def run_export(
    client_factory: Callable[[], AsyncLaplas],
    ids: Iterable[str],
    to: str | os.PathLike[str],
    *,
    all_threads: bool,
    files: bool,
    again: bool,
    concurrency: int,
    rate: float | None,
    on_progress: Callable[[ExportProgress], object] | None,
    take_elsewhere: Callable[[Journal], Awaitable[None]] | None = None,
) -> ExportResult:
    """Export threads into a folder; `take_elsewhere` may take some that the journal has planned."""
    path = Path(to)
    _check_arguments(ids, concurrency, rate)
    client = client_factory()
    if not isinstance(client, AsyncLaplas):
        raise InvalidArgumentError("client_factory", "must return an AsyncLaplas")
    async with client:
        with _telling_of_the_disk(path), _plan(client, ids, path, files, again) as journal:
            move_whole_threads(journal, path)
            taker = Taker(client, journal, Fetcher(Pace(rate)), concurrency, files, on_progress)
            if all_threads:
                await taker.plan_all()
            if take_elsewhere is not None:
                await take_elsewhere(journal)
            await taker.take()
            return finish(journal, path)


@contextmanager
def _telling_of_the_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, OSError) and error.errno not in _DISK:
            raise
        problem = getattr(error, "strerror", None) or error
        told = "Nothing is lost: make space on the disk, and export again to go on."
        raise ArchiveError(f"{path}: {problem}. {told}") from error


def _check_arguments(ids: object, concurrency: object, rate: object) -> None:
    if isinstance(ids, str | bytes) or not isinstance(ids, Iterable):
        raise InvalidArgumentError("ids", "must be an iterable of ids, such as a list")
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or concurrency < 1:
        raise InvalidArgumentError("concurrency", "must be an int of at least 1")
    is_number = isinstance(rate, int | float) and not isinstance(rate, bool)
    if rate is not None and not (is_number and 0 < rate < float("inf")):  # type: ignore[operator]
        raise InvalidArgumentError("rate", "must be a number above 0, in requests a second")


def _checked_ids(client: AsyncLaplas, ids: Iterable[str]) -> Iterator[str]:
    """Yield ids; at the end, raise the client's own error for those that are none.

    One with an attribute `where`, such as a line of a file, is told by that.
    """
    problems: list[str] = []
    for number, thread_id in enumerate(ids):
        if isinstance(thread_id, str) and _PLAIN_ID.fullmatch(thread_id):
            yield thread_id
            continue
        try:
            yield client.thread(thread_id).id
        except InvalidArgumentError as error:
            where = getattr(thread_id, "where", f"ids[{number}]")
            problems.append(f"{where}: {error.message.partition(': ')[2]}")
            if len(problems) == _MOST_TOLD:
                break
    if problems:
        raise InvalidArgumentError("ids", "; ".join(problems))


@contextmanager
def _plan(
    client: AsyncLaplas, ids: Iterable[str], path: Path, files: bool, again: bool
) -> Iterator[Journal]:
    """Open the journal of a folder and add ids, or leave everything as it was.

    A journal that is new in a complete archive takes over all that is in it.
    """
    _check_folder(path)
    new_folders = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        path.mkdir(parents=True, exist_ok=True)
        journal = Journal(path)
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or error
        raise ArchiveError(f"{path}: {problem}; name another folder") from None
    with closing(journal):
        is_new = journal.option("source") is None
        try:
            with journal.transaction():
                if is_new and (path / MANIFEST).exists():
                    _adopt(journal, Archive(path))
                _set_options(journal, path, str(client.base_url), files)
                journal.retry(files=files)
                for thread_id in _checked_ids(client, ids):
                    journal.add_thread(thread_id, again=again)
        except BaseException:
            if is_new:
                journal.remove()
                for folder in new_folders:
                    folder.rmdir()
            raise
        yield journal


def _check_folder(path: Path) -> None:
    if path.exists() and not path.is_dir():
        raise ArchiveError(f"{path}: this is no folder; name another one")
    is_ours = (path / JOURNAL).exists() or (path / MANIFEST).exists()
    if path.exists() and not is_ours and any(path.iterdir()):
        raise ArchiveError(f"{path}: there are other things in this folder; name another one")


def _set_options(journal: Journal, path: Path, source: str, files: bool) -> None:
    """Note what an export is of; raises `ArchiveError` where it began otherwise."""
    begun = journal.option("source")
    if begun not in (None, source):
        raise ArchiveError(
            f"{path}: this archive is from {begun}, not from {source}. Export into another folder."
        )
    if journal.option("files") not in (None, str(files)):
        way = "without" if files else "with"
        raise ArchiveError(
            f"{path}: the export here was begun {way} the bytes of files. Go on {way} them (the"
            " option --files), or export into another folder."
        )
    journal.set_option("source", source)
    journal.set_option("files", str(files))


def _adopt(journal: Journal, archive: Archive) -> None:
    """Take over what an archive holds."""
    journal.set_option("source", str(archive.manifest.get("source")))
    for thread in archive.threads():
        journal.adopt_thread(thread.entry)
    try:
        for line in _lines(archive.path / ASSISTANTS):
            text, document = read_object(line)
            journal.adopt_named("assistant", document["id"], text, None)
        for line in _lines(archive.path / FILES):
            text, held = read_object(line)
            known = member_text(text, "document") if held["document"] else None
            journal.adopt_named("file", held["id"], known, held["content"])
        for state in ("gone", "failed"):
            for lost in getattr(archive, state)():
                journal.adopt_ended(lost["kind"], lost["id"], state, lost["error"])
    except (KeyError, TypeError, ValueError) as error:
        raise ArchiveError(
            f"{archive.path}: the archive is damaged ({describe(error)}). Run `laplas verify` to"
            " see what, or export into another folder."
        ) from None


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file


def move_whole_threads(journal: Journal, path: Path) -> None:
    """Put the folders of threads that are done to where they belong.

    Where the process was killed before, the journal says "done" and the folder is not there yet.
    """
    taking = path / TAKING
    (path / "threads").mkdir(exist_ok=True)
    taking.mkdir(exist_ok=True)
    for folder in list(taking.iterdir()):
        if folder.name.isdecimal() and (name := journal.folder_to_be(int(folder.name))):
            move(folder, path / "threads" / name)
        elif folder.is_file():  # a part of a download
            folder.unlink()
        elif not folder.name.isdecimal():
            shutil.rmtree(folder)


def move(folder: Path, target: Path) -> None:
    """Put the folder of a thread to where it belongs."""
    if target.exists():  # an earlier state of the thread
        old = folder.with_name(f"{folder.name}.old")
        target.rename(old)
        folder.rename(target)
        shutil.rmtree(old)
    else:
        folder.rename(target)


class _GoneError(Exception):
    """The server does not have the thread."""


class Taker:
    """Takes what a journal has planned.

    Attributes:
        messages: How many it has written.
    """

    def __init__(
        self,
        client: AsyncLaplas,
        journal: Journal,
        fetcher: Fetcher,
        concurrency: int,
        files: bool,
        on_progress: Callable[[ExportProgress], object] | None,
    ) -> None:
        client = client.with_options(max_retries=0)  # `Fetcher` decides, for all workers at once
        self._client = client
        self._threads = client.threads.with_raw_response
        messages = client.messages.with_raw_response
        runs = client.runs.with_raw_response
        self._lists: tuple[Any, ...] = (messages.list, runs.list, self._list_steps)
        self._retrieve: dict[str, Any] = {
            "assistant": client.assistants.with_raw_response.retrieve,
            "file": client.files.with_raw_response.retrieve,
        }
        self._journal = journal
        self._fetcher = fetcher
        self._concurrency = concurrency
        self._with_bytes = files
        self._on_progress = on_progress
        self._path = journal.path.parent
        self._taking = self._path / TAKING
        self.messages = self._unreached = 0

    async def plan_all(self) -> None:
        """Plan to take all threads that the server lists.

        Raises:
            ConfigurationError: It lists none.
            PaginationError: It leads in a circle.
        """
        place, goes_on = Place(), True
        with closing(IdSet(())) as known:
            while goes_on:
                try:
                    page = await self._fetch_page(partial(self._threads.list, order="asc"), place)
                except APIStatusError as error:
                    if error.status_code not in _NOT_SERVED or place.cursor:
                        raise
                    problem = "this server does not list threads; give their ids, or --ids FILE"
                    raise ConfigurationError("all_threads", problem) from None
                new = [item["id"] for _, item in page.items if known.add(item["id"])]
                with self._journal.transaction():
                    for thread_id in new:
                        self._plan_listed(thread_id)
                goes_on = _turn(place, page.items, page.says_more, is_new=bool(new))

    def _plan_listed(self, thread_id: str) -> None:
        try:
            self._journal.add_thread(self._client.thread(thread_id).id)
        except InvalidArgumentError as error:  # nobody can ask for it
            told = thread_id.encode(errors="backslashreplace").decode() or "(empty)"
            self._journal.adopt_ended("thread", told, "gone", describe(error))

    async def take(self) -> None:
        """Take all threads, then the assistants and files that they name."""
        await self.take_threads()
        for kind in ("assistant", "file"):
            await self._share(partial(self._take_named, kind), self._journal.open_named(kind))

    async def take_threads(self) -> None:
        """Take all threads, and note what they name."""
        self._total = self._journal.count("all")
        self._ended = {state: self._journal.count(state) for state in ("done", "gone", "failed")}
        self._tell()
        await self._share(self._take_thread, self._journal.open_threads())

    async def _share(self, work: Callable[[Any], Awaitable[None]], items: Iterator[Any]) -> None:
        """Do the work on all items, several at once; the first error ends it."""

        async def worker() -> None:
            for item in items:
                await work(item)

        try:
            async with asyncio.TaskGroup() as group:
                working = {group.create_task(worker()) for _ in range(self._concurrency)}
                while working:
                    _, working = await asyncio.wait(working, timeout=_TICK)
                    self._tell()
        except BaseExceptionGroup as errors:
            error = errors.exceptions[0]
        else:
            return
        raise error

    def _tell(self) -> None:
        if self._on_progress is not None:
            ended, fetcher = self._ended, self._fetcher
            gone, failed = ended["gone"], ended["failed"]
            threads = ended["done"] + gone + failed
            counts = (threads, self._total, self.messages, fetcher.requests, gone, failed)
            self._on_progress(ExportProgress(*counts, fetcher.pace.rate))

    # ---- threads ----

    async def _take_thread(self, row: ThreadRow) -> None:
        state, error, entry = "done", None, None
        try:
            entry = await self._whole_thread(row)
        except _GoneError as problem:
            state, error = "gone", str(problem)
        except (ArchiveError, LaplasError, ValueError, RecursionError) as problem:
            self._stop_if_hopeless(problem)
            state, error = "failed", describe(problem)
        self._journal.end_thread(row.id, state, entry=entry, error=error)
        folder = self._taking / str(row.n)
        if state == "done":
            move(folder, self._path / "threads" / row.name)
        elif state == "gone":
            shutil.rmtree(folder, ignore_errors=True)
        self._ended[state] += 1
        self._tell()

    def _stop_if_hopeless(self, problem: Exception) -> None:
        """Raise what all other threads would meet, too."""
        if isinstance(problem, (AuthenticationError, ConfigurationError)):
            raise problem
        if isinstance(problem, PermissionDeniedError) and not self._fetcher.answers:
            raise problem
        is_unreached = isinstance(problem, APIConnectionError) and problem.kind != "too_large"
        self._unreached = self._unreached + 1 if is_unreached else 0
        if self._unreached > max(self._concurrency, 10):
            raise problem

    async def _whole_thread(self, row: ThreadRow) -> Document:
        """Bring a thread's files; returns its line of the index."""
        folder = self._taking / str(row.n)
        place = row.place
        for start in range(1, STARTS + 1):
            if place is None or not _fits(place, folder):
                place = await self._begin(row, folder)
            try:
                await self._take_lists(row, folder, place)
                break
            except (ArchiveError, BadRequestError, NotFoundError, PaginationError):
                # The item of the cursor was deleted, or the thread; or what is here is damaged.
                place = None
                self._journal.keep_place(row, place)
                if start == STARTS:
                    raise
        entry = index_entry(self._path, row.id, f"{TAKING}/{row.n}")
        return {**entry, "folder": f"threads/{row.name}"}

    async def _begin(self, row: ThreadRow, folder: Path) -> Place:
        try:
            text, thread = await self._fetch_thread(row)
        except NotFoundError as error:
            raise _GoneError(describe(error)) from None
        if thread.get("id") != row.id:
            raise ValueError(f"the server answered with the thread {thread.get('id')!r}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        write_whole(folder / THREAD, f"{text}\n".encode())
        for name in _LISTS:
            (folder / name).touch()
        place = Place()
        self._journal.keep_place(row, place, references_in(thread))
        return place

    async def _fetch_thread(self, row: ThreadRow) -> tuple[str, Document]:
        return await self._fetcher.fetch(partial(self._threads.retrieve, row.id), read_object)

    async def _take_lists(self, row: ThreadRow, folder: Path, place: Place) -> None:
        if place.stage == 0:
            await self._take_list(row, folder, place, row.id)
            self._next_stage(row, place)
        if place.stage == 1:
            await self._take_if_served(row, folder, place, row.id)
            self._next_stage(row, place)
        for number, run in enumerate(read_lines(folder / RUNS)):
            if number >= place.runs:
                error = await self._take_if_served(row, folder, place, row.id, run["id"])
                if error:
                    self._journal.end_named("steps of run", run["id"], "gone", error=error)
                place.runs += 1
                place.cursor = None
                self._journal.keep_place(row, place)

    async def _take_if_served(
        self, row: ThreadRow, folder: Path, place: Place, *ids: str
    ) -> str | None:
        """Bring a list; where the server has the thread and not the list, return what it said."""
        try:
            await self._take_list(row, folder, place, *ids)
        except (APIStatusError, InvalidArgumentError) as error:
            status = getattr(error, "status_code", 404)  # or the run's id cannot be sent
            if status not in _NOT_SERVED or place.cursor:
                raise
            await self._fetch_thread(row)
            return describe(error)
        return None

    def _next_stage(self, row: ThreadRow, place: Place) -> None:
        place.stage += 1
        place.cursor = None
        self._journal.keep_place(row, place)

    async def _take_list(self, row: ThreadRow, folder: Path, place: Place, *ids: str) -> None:
        """Bring a list to its end, committing each page."""
        field, owner = ("run_id", ids[-1]) if place.stage == 2 else ("thread_id", row.id)
        call = partial(self._lists[place.stage], *ids, order="asc")
        path = folder / _LISTS[place.stage]
        with path.open("r+b") as part:
            part.truncate(place.sizes[place.stage])
            with closing(IdSet(document["id"] for document in read_lines(path))) as known:
                part.seek(0, os.SEEK_END)
                goes_on = True
                while goes_on:
                    page = await self._fetch_page(call, place)
                    references, new = set[Reference](), 0
                    for text, item in page.items:
                        if not known.add(item["id"]):
                            continue
                        if item.get(field, owner) not in (owner, None):
                            told = f"{item['id']!r} is of another {field}: {item[field]!r}"
                            raise ValueError(told)
                        part.write(f"{text}\n".encode())
                        references |= references_in(item)
                        new += 1
                    part.flush()
                    goes_on = _turn(place, page.items, page.says_more, is_new=bool(new))
                    place.sizes[place.stage] = part.tell()
                    self._journal.keep_place(row, place, references)
                    self.messages += new if place.stage == 0 else 0
                    self._tell()

    async def _fetch_page(self, call: Callable[..., Awaitable[Any]], place: Place) -> Any:
        size = PAGE
        while True:
            send = partial(call, page_size=size)
            if place.cursor is not None:
                send = partial(send, after=place.cursor)
            try:
                return await self._fetcher.fetch(send, read_page)
            except APIConnectionError as error:
                if error.kind != "too_large" or size == 1:
                    raise
                size //= 10  # 100 messages may be more than the client holds of an answer

    async def _list_steps(self, *ids: str, **options: Any) -> Any:
        """Ask for a page of steps, with the texts found if the server knows how to ask for them."""
        steps = self._client.runs.steps.with_raw_response
        try:
            return await steps.list(*ids, include=[_FOUND_TEXTS], **options)
        except (BadRequestError, UnprocessableEntityError):
            return await steps.list(*ids, **options)

    # ---- assistants and files ----

    async def _take_named(self, kind: str, row: tuple[str, str, str | None]) -> None:
        object_id, name, text = row
        state, error = "done", None
        content: Document | None = None
        found: set[Reference] = set()
        try:
            if text is None:
                send = partial(self._retrieve[kind], object_id)
                text, document = await self._fetcher.fetch(send, read_object)
                if document.get("id") != object_id:
                    raise ValueError(f"the server answered with {document.get('id')!r}")
                found = references_in(document)
            if kind == "file" and self._with_bytes:
                content = await self._take_bytes(object_id, name)
        except (LaplasError, ValueError, RecursionError) as problem:
            self._stop_if_hopeless(problem)
            is_gone = isinstance(problem, InvalidArgumentError | NotFoundError)  # or cannot be sent
            state = "gone" if is_gone else "failed"
            error = describe(problem)
        more = {"document": text, "content": content, "error": error, "references": found}
        self._journal.end_named(kind, object_id, state, **more)  # type: ignore[arg-type]
        self._tell()

    async def _take_bytes(self, file_id: str, name: str) -> Document | None:
        """Bring a file's bytes; None, and noted as gone, where the server does not give them."""
        path = self._path / "files" / name
        path.parent.mkdir(exist_ok=True)
        part = self._taking / f"{name}.part"

        async def download() -> Any:
            async with await self._client.files.content(file_id) as body:
                await body.astream_to_file(part)
            return _Nothing

        try:
            await self._fetcher.fetch(download, bytes)
        except (BadRequestError, NotFoundError, PermissionDeniedError) as error:
            # As upstream does for files that users uploaded: it says 400.
            self._journal.end_named("content", file_id, "gone", error=describe(error))
            return None
        part.replace(path)
        return {"path": f"files/{name}", **measure(path)._asdict()}


class _Nothing:
    content = b""


def _fits(place: Place, folder: Path) -> bool:
    """Tell whether the files have what was committed; after a power cut they may not."""
    try:
        read_document(folder / THREAD)
        sizes = [(folder / name).stat().st_size for name in _LISTS]
    except (ArchiveError, OSError):
        return False
    return all(size >= kept for size, kept in zip(sizes, place.sizes, strict=True))


def _turn(
    place: Place, items: list[tuple[str, Document]], says_more: bool | None, *, is_new: bool
) -> bool:
    """Move a place behind a page; returns whether another one is to follow.

    Raises:
        PaginationError: The server leads in a circle.
    """
    if not items or says_more is False or (says_more is None and not is_new):
        return False
    last: str = items[-1][1]["id"]
    if not is_new or last == place.cursor:
        problem = f"there should be more after {last!r}, but the server repeats what was before"
        raise PaginationError(f"the listing does not move: {problem}", last)
    place.cursor = last
    return True


_FREE: Final = frozenset({"metadata", "parameters", "schema"})
"""Fields whose content is the user's own."""
_NAMING: Final = {
    f"{kind}_{suffix}": kind
    for kind in ("assistant", "file", "vector_store")
    for suffix in ("id", "ids")
}
"""Fields with ids, by their name."""


def references_in(document: Document) -> set[Reference]:
    """Return the assistants, files and vector stores that a document names, at any depth."""
    found = set[Reference]()
    to_do: list[Any] = [document]
    while to_do:
        value = to_do.pop()
        if isinstance(value, list):
            to_do += value
            continue
        if not isinstance(value, dict):
            continue
        for key, inner in value.items():
            if isinstance(inner, (dict, list)) and key not in _FREE:
                to_do.append(inner)
            if kind := _NAMING.get(key):
                ids = inner if isinstance(inner, list) else [inner]
                found |= {(kind, one) for one in ids if isinstance(one, str) and _is_text(one)}
    return found


def _is_text(object_id: str) -> bool:
    """Tell whether an id can be kept: not empty, no half of a surrogate pair."""
    return bool(object_id) and object_id.isprintable()


def finish(journal: Journal, path: Path) -> ExportResult:
    """Write index and manifest as the journal says, and remove the journal if nothing failed."""
    write_lines(path / INDEX, journal.entries())
    assistants = (f"{text}\n".encode() for _, text, _ in journal.named("assistant"))
    write_texts(path / ASSISTANTS, assistants)
    write_texts(path / FILES, map(_file_line, journal.named("file")))
    write_lines(path / GONE, journal.ended("gone"))
    write_lines(path / FAILED, journal.ended("failed"))
    counts = {"threads": journal.count("held")}
    counts |= {part: journal.total(part) for part in ("messages", "runs", "steps")}
    lines = {"assistants": ASSISTANTS, "files": FILES, "gone": GONE, "failed": FAILED}
    counts |= {name: measure(path / file).lines for name, file in lines.items()}
    complete = counts["failed"] == 0
    if hasattr(os, "sync"):
        os.sync()  # once for all files, in place of once for each
    write_manifest(path, counts, source=journal.option("source"), complete=complete)
    stores = journal.count("vector_store")
    if complete:
        shutil.rmtree(path / TAKING)
        shutil.rmtree(path / PARTS, ignore_errors=True)
        journal.remove()
    return ExportResult(path=path, vector_stores=stores, complete=complete, **counts)


def _file_line(row: tuple[str, str, str | None]) -> bytes:
    file_id, document, content = row
    told = line_of(file_id)[:-1].decode()
    return f'{{"id":{told},"document":{document},"content":{content or "null"}}}\n'.encode()
