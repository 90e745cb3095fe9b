"""Bring an archive into upstream's Conversations: batches of items, each exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from .. import APIError, AsyncLaplas, ConfigurationError, NotFoundError
from ._convert import documents_of, names_of
from ._creating import settling
from ._format import ArchiveError, Document
from ._importing import ATTEMPTS, ImportReport, OnProgress, in_parallel, open_map
from ._map import ImportMap
from ._reading import Archive, ArchivedThread
from ._recreating import ORIGIN, sendable, thread_arguments, with_texts
from .formats.conversations import Item, conversation_batches

_COMPARED: Final = ("type", "role", "call_id")
"""What an item has in a request and in a list alike; its id is the server's."""


async def import_into_conversations(
    archive: Archive,
    client: AsyncLaplas,
    *,
    map_path: str | Path | None = None,
    concurrency: int = 4,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Make a conversation of each thread, on a server of upstream's Conversations API.

    Cut at any point, call it again with the same map: no item is doubled. Conversations cannot be
    listed, so one whose answer was lost may be left there, empty. Ids of files stay as they are;
    the id and time of a thread are kept in metadata.

    Args:
        archive: What to bring in.
        client: On the server to bring it into, such as ``https://api.openai.com/v1``.
        map_path: The map of old and new ids. Default: beside the archive, named after it.
        concurrency: Threads that are brought in at once, from 1.
        on_progress: Called with the counts after each batch.

    Raises:
        InvalidArgumentError: `concurrency` is wrong.
        ArchiveError: The archive or the map cannot be read.
        ConfigurationError: The server has no Conversations.
        APIError: The server cannot be reached or refuses the key. Other errors are in the report.
    """
    async with open_map(archive, client, map_path, concurrency, "/conversations") as ids:
        bringing = _Bringing(client, ids, names_of(archive.files()), on_progress)
        failed = await in_parallel(archive.threads(), bringing.bring, concurrency)
        return ImportReport(ids.path, dict(ids.counts), dict(ids.changes), failed)


class _Bringing:
    def __init__(
        self,
        client: AsyncLaplas,
        ids: ImportMap,
        names: Mapping[str, str],
        on_progress: OnProgress | None,
    ) -> None:
        self.client = client
        self.map = ids
        self.names = names
        self._tell = on_progress or (lambda counts: None)
        self._resumed = {old for kind, old in ids.ids if kind == "conversation"}

    async def bring(self, thread: ArchivedThread) -> None:
        """Make a conversation of a thread, or add what is missing of it."""
        if thread.id in self.map.done:
            return
        documents = documents_of(thread)
        if not isinstance(documents["thread"], dict):
            raise ArchiveError(f"{thread.folder}: its thread is no object")
        metadata = thread_arguments(documents["thread"], {})[0]["metadata"]
        _, batches, losses = conversation_batches(documents, self.names)
        if ORIGIN in metadata:
            losses.pop("thread.created_at", None)
        changes = [f"{kind} left out: {loss.count}" for kind, loss in losses.items()]
        batches = with_texts(batches, lambda text: sendable(text, changes))
        new = self.map.ids.get(("conversation", thread.id))
        if new is None:
            new = await self._create(metadata)
            self.map.write("conversation", thread.id, new=new)
        there = await self._items(new) if thread.id in self._resumed else []
        held, position = len(there), 0
        _compare(thread, there, [item for batch in batches for item in batch])
        for batch in batches:
            position += len(batch)
            if position > held:
                if position - len(batch) < held:
                    raise ArchiveError(f"{thread.id}: {new} holds a part of a batch")
                await self._add(thread.id, new, batch, position)
            if position > self.map.batches[thread.id]:
                self.map.write("batch", thread.id, items=len(batch))
                self._tell(self.map.counts)
        self.map.write("done", thread.id, changes=changes)

    async def _create(self, metadata: Mapping[str, str]) -> str:
        # Created empty: what is lost here is an empty conversation that nobody will miss.
        for attempt in range(ATTEMPTS):
            try:
                made = await self._ask("POST", "/conversations", body={"metadata": metadata})
            except NotFoundError:
                problem = "this server has no Conversations; give one that has with --base-url"
                raise ConfigurationError("base_url", problem) from None
            except APIError as error:
                await _settle(error, attempt)
            else:
                return _id_of(made)
        raise AssertionError("the last attempt raises")

    async def _add(self, thread: str, new: str, batch: list[Item], position: int) -> None:
        for attempt in range(ATTEMPTS):
            try:
                await self._ask("POST", _path(new), body={"items": batch}, max_retries=0)
            except APIError as error:
                await _settle(error, attempt)
                held = len(await self._items(new))
                if held >= position:
                    return
                if held > position - len(batch):
                    raise ArchiveError(f"{thread}: {new} holds a part of a batch") from None
            else:
                return

    async def _items(self, new: str) -> list[Document]:
        """Return the items of a conversation, oldest first."""
        items: list[Document] = []
        query: dict[str, Any] = {"order": "asc", "limit": 100}
        while True:
            page = await self._ask("GET", _path(new), query=query)
            data = page.get("data")
            ids = [_id_of(item) for item in (data if isinstance(data, list) else [None])]
            items += page["data"]
            if not ids or not page.get("has_more"):
                return items
            if query.get("after") == ids[-1]:
                raise ArchiveError(f"{new}: the server's list of items does not move")
            query["after"] = ids[-1]

    async def _ask(self, method: str, path: str, **options: Any) -> Document:
        answer = await self.client.request(method, path, **options)
        try:
            document = answer.json()
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise ArchiveError(f"{method} {path}: the server's answer is no JSON object")
        return document


def _id_of(told: Any) -> str:
    object_id = told.get("id") if isinstance(told, dict) else None
    if not isinstance(object_id, str) or not object_id:
        raise ArchiveError("the server answered with a conversation or an item without an id")
    return object_id


def _path(conversation: str) -> str:
    return f"/conversations/{quote(conversation, safe='')}/items"


async def _settle(error: APIError, attempt: int) -> None:
    """Wait until the server is done with a lost request; raise what cannot be mended."""
    if attempt == ATTEMPTS - 1:
        raise error
    await asyncio.sleep(settling(error))


def _compare(thread: ArchivedThread, there: list[Document], items: list[Item]) -> None:
    """Refuse to go on with a conversation that does not begin as this thread does."""
    pairs = zip(there, items, strict=False)
    same = all(a.get(name) == b.get(name) for a, b in pairs for name in _COMPARED if name in b)
    if not same or len(there) > len(items):
        raise ArchiveError(f"{thread.id}: its conversation holds other items than the archive")
