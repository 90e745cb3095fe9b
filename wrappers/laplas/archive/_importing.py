"""Bring an archive in: recreate its threads on another server, each message exactly once."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from .. import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AsyncLaplas,
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    InvalidArgumentError,
    LaplasError,
    PermissionDeniedError,
    UnprocessableEntityError,
)
from ._creating import ONCE_SLOT, carry_out_async, create_one, mark_of, marked, settling
from ._format import ArchiveError, Document
from ._map import ImportMap
from ._reading import Archive, ArchivedThread
from ._recreating import assistant_arguments, message_variants, thread_arguments

ATTEMPTS: Final = 4
"""How often something is sent whose answer is lost."""
_LOOKED_AT: Final = 1000
"""The newest threads, assistants or files that are searched for one whose answer was lost."""
_REFUSALS: Final = (BadRequestError, UnprocessableEntityError)
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp")


class ImportReport(NamedTuple):
    """What an import has done, together with the runs before it that were cut.

    Attributes:
        map_path: The map: old and new ids, and what had to change, by object.
        counts: Objects by kind; ``"message refused"`` counts what the target did not take.
        changes: How many objects needed a change, by its kind.
        failed: Errors by the ids of the threads that are not done.
    """

    map_path: Path
    counts: Mapping[str, int]
    changes: Mapping[str, int]
    failed: Mapping[str, str]

    @property
    def is_complete(self) -> bool:
        """Whether every thread is done with all of its messages."""
        return not self.failed and not self.counts.get("message refused")


OnProgress = Callable[[Mapping[str, int]], object]


async def import_archive(
    archive: Archive,
    client: AsyncLaplas,
    *,
    map_path: str | Path | None = None,
    concurrency: int = 4,
    assistants: bool = False,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Recreate an archive's threads and messages on a server, with the files they need.

    Cut at any point, call it again with the same map: no message is doubled. Threads, files and
    assistants are not either, where the server lists them; else a lost one is left there, empty or
    unused.

    Args:
        archive: What to bring in.
        client: On the server to bring it into.
        map_path: The map of old and new ids. Default: beside the archive, named after it.
        concurrency: Threads that are brought in at once, from 1.
        assistants: Recreate the assistants, too.
        on_progress: Called with the counts after each object.

    Raises:
        InvalidArgumentError: `concurrency` is wrong.
        ArchiveError: The archive or the map cannot be read.
        APIError: The server cannot be reached or refuses the key. Other errors are in the report.
    """
    async with open_map(archive, client, map_path, concurrency) as ids:
        importer = _Importer(archive, client, ids, on_progress or (lambda counts: None))
        await importer.bring_files()
        if assistants:
            await importer.bring_assistants()
        failed = await in_parallel(archive.threads(), importer.bring_thread, concurrency)
        return ImportReport(ids.path, dict(ids.counts), dict(ids.changes), failed)


@asynccontextmanager
async def open_map(
    archive: Archive,
    client: AsyncLaplas,
    map_path: str | Path | None,
    concurrency: object,
    below: str = "",
) -> AsyncIterator[ImportMap]:
    """Check the arguments and open the map."""
    if isinstance(concurrency, bool) or not isinstance(concurrency, int) or concurrency < 1:
        raise InvalidArgumentError("concurrency", "must be a whole number above 0")
    into = client.threads.prepare.create().url.removesuffix("/threads") + below
    path = Path(map_path) if map_path else default_map(archive)
    ids = ImportMap(path, into)
    try:
        await asyncio.sleep(ids.settle())
        yield ids
    finally:
        ids.close()


def default_map(archive: Archive) -> Path:
    """Return where the map of an import is, unless it is said."""
    folder = archive.path.resolve()
    return folder.with_name(f"{folder.name}.imported.jsonl")


async def in_parallel(
    threads: Iterable[ArchivedThread],
    bring: Callable[[ArchivedThread], Awaitable[None]],
    concurrency: int,
) -> dict[str, str]:
    """Bring threads in, so many at once; return the errors of those that failed."""
    failed: dict[str, str] = {}
    waiting = iter(threads)

    async def work() -> None:
        for thread in waiting:
            try:
                await bring(thread)
            except (
                *(APIConnectionError, AuthenticationError, PermissionDeniedError),
                ConfigurationError,
            ):
                raise  # the others would fail, too
            except (LaplasError, ArchiveError) as error:
                failed[thread.id] = str(error)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(concurrency):
                group.create_task(work())
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return failed


class _Importer:
    def __init__(
        self, archive: Archive, client: AsyncLaplas, ids: ImportMap, on_progress: OnProgress
    ) -> None:
        self.archive = archive
        self.client = client
        self.map = ids
        self.files: dict[str, str] = {
            old: new for (kind, old), new in ids.ids.items() if kind == "file"
        }
        self._resumed = set(ids.messages)
        self._tell = on_progress

    def _write(self, kind: str, old: str, **fields: Any) -> None:
        self.map.write(kind, old, **fields)
        self._tell(self.map.counts)

    def _mark(self, *names: Any) -> str:
        text = json.dumps([self.map.import_id, *names])
        return f"{self.map.import_id}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"

    # ---- files and assistants ----

    async def bring_files(self) -> None:
        """Upload the files whose bytes are in the archive."""
        for entry in self.archive.files():
            path, old = self.archive.file_path(entry), entry["id"]
            if path is None:
                self._note_once("file", old, "file: its bytes are not in the archive")
            elif old not in self.files:
                content = content_of(path, entry)
                upload = partial(self._upload, entry, content)
                find = partial(self._find_file, entry, content)
                made = await self._create_safely("file", old, upload, find)
                if made:
                    self.files[old] = made.id

    def _note_once(self, kind: str, old: str, change: str) -> None:
        if (kind, old) not in self.map.begun:
            self.map.write("begin", old, of=kind, changes=[change])

    async def _upload(self, entry: Document, content: bytes) -> tuple[Any, list[str]]:
        name, purpose, given = _named(entry)
        changes = [f"purpose: {given!r:.80} became {purpose!r}"] if purpose != given else []
        made = await self.client.files.create(file=(name, content), purpose=purpose, max_retries=0)
        return made, changes

    async def _find_file(self, entry: Document, content: bytes) -> Any:
        name, purpose, _ = _named(entry)
        taken = set(self.files.values())
        async for found in self.client.files.list(purpose=purpose, max_items=_LOOKED_AT):
            same = (found.filename, found.bytes) == (name, len(content)) and found.id not in taken
            if same and await self._holds(found.id, content):
                return found
        return None

    async def _holds(self, file_id: str, content: bytes) -> bool:
        try:
            return (await self.client.files.content(file_id)).content == content
        except APIStatusError:
            return False

    async def bring_assistants(self) -> None:
        """Create the assistants that the archive has."""
        for assistant in self.archive.assistants():
            old = assistant["id"]
            if ("assistant", old) not in self.map.ids:
                arguments, changes = assistant_arguments(assistant, self.files)
                await self._create_marked("assistant", old, arguments, changes)

    async def _create_marked(
        self, kind: str, old: str, arguments: dict[str, Any], changes: list[str]
    ) -> Any:
        resource: Any = self.client.assistants if kind == "assistant" else self.client.threads
        arguments["metadata"][ONCE_SLOT] = self._mark(kind, old)

        async def create() -> tuple[Any, list[str]]:
            return await resource.create(**arguments, max_retries=0), changes

        find = partial(self._find_marked, resource, arguments)
        return await self._create_safely(kind, old, create, find)

    async def _find_marked(self, resource: Any, arguments: Mapping[str, Any]) -> Any:
        """Find what has this mark; None where it is not there, or the server does not list."""
        mark = arguments["metadata"][ONCE_SLOT]
        try:
            async for found in resource.list(max_items=_LOOKED_AT):
                if mark_of(found) == mark:
                    return found
        except APIStatusError:
            pass
        return None

    async def _create_safely(
        self,
        kind: str,
        old: str,
        create: Callable[[], Awaitable[tuple[Any, list[str]]]],
        find: Callable[[], Awaitable[Any]],
    ) -> Any:
        """Create what cannot be sent twice; None where the server refuses it."""
        made, changes = None, [f"{kind}: found after its answer was lost"]
        if (kind, old) in self.map.begun:
            made = await find()
        else:
            self.map.write("begin", old, of=kind)
        for attempt in range(ATTEMPTS):
            if made is not None:
                break
            try:
                made, changes = await create()
            except (InvalidArgumentError, *_REFUSALS) as error:
                self._write(kind, old, changes=[f"{kind}: refused, {error}"])
                return None
            except APIError as error:
                if attempt == ATTEMPTS - 1:
                    raise
                await asyncio.sleep(settling(error))
                made = await find()
        assert made is not None  # the last attempt raises
        self._write(kind, old, new=made.id, changes=changes)
        return made

    # ---- threads ----

    async def bring_thread(self, thread: ArchivedThread) -> None:
        """Create a thread with its messages, or what is missing of them."""
        if thread.id in self.map.done:
            return
        new = self.map.ids.get(("thread", thread.id)) or await self._begin(thread)
        known = self.map.messages.setdefault(thread.id, {})
        there = await self._marks_of(new) if thread.id in self._resumed else {}
        seen: dict[str, int] = {}
        for message in thread.messages():
            old = message.get("id") if isinstance(message, dict) else None
            if not isinstance(old, str):
                raise ArchiveError(f"{thread.folder}: a message has no id")
            seen[old] = again = seen.get(old, -1) + 1
            name = f"{old}#{again}" if again else old  # an id that is there twice
            if name not in known:
                await self._bring_message(thread.id, new, name, message, there)
        left = {kind: thread.entry.get(kind) for kind in ("runs", "steps")}
        changes = [f"{kind}: {count} left out" for kind, count in left.items() if count]
        self._write("done", thread.id, changes=changes)

    async def _begin(self, thread: ArchivedThread) -> str:
        document = thread.document
        if not isinstance(document, dict):
            raise ArchiveError(f"{thread.folder}: its thread is no object")
        arguments, changes = thread_arguments(document, self.files)
        made = await self._create_marked("thread", thread.id, arguments, changes)
        if made is None:
            raise ArchiveError(f"{thread.id}: the server refused the thread; the map says why")
        return str(made.id)

    async def _marks_of(self, thread_id: str) -> dict[str | None, Any]:
        """Return the messages that are there by their marks."""
        listing = self.client.messages.list(thread_id, page_size=100)
        return {mark_of(message): message async for message in listing}

    async def _bring_message(
        self, thread: str, new: str, old: str, message: Document, there: Mapping[Any, Any]
    ) -> None:
        mark = self._mark("message", thread, old)
        problem = ""
        for arguments, changes in message_variants(message, self.files):
            made = there.get(mark)
            try:
                if made is None:
                    wanted = marked(self.client.messages, new, arguments, mark)
                    made = await carry_out_async(create_one(wanted), self.client, new, {})
            except (InvalidArgumentError, *_REFUSALS) as error:
                problem = str(error)
                continue
            self._write("message", old, thread=thread, new=made.id, changes=changes)
            return
        self._write("message", old, thread=thread, changes=[f"message: refused, {problem}"])


def _named(entry: Document) -> tuple[str, str, Any]:
    """Return a file's name, the purpose to upload it with, and the one it had."""
    document = entry.get("document") or {}
    name = document.get("filename")
    name = name if isinstance(name, str) and name else "file"
    given = document.get("purpose")
    if isinstance(given, str) and given and not given.endswith("_output"):
        return name, given, given
    return name, "vision" if name.lower().endswith(_PICTURES) else "assistants", given


def content_of(path: Path, entry: Document) -> bytes:
    """Return a file's bytes. Raises `ArchiveError` where they are not those of the index."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}") from None
    if hashlib.sha256(content).hexdigest() != entry["content"]["sha256"]:
        raise ArchiveError(f"{path} is damaged: its digest is another. Export it again.")
    return content
