"""Bring an archive into upstream's Conversations: batches of items, each exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from .. import APIConnectionError, APIError, AsyncLaplas
from . import _creating
from ._format import ArchiveError, Document
from ._importing import ImportReport, OnProgress, in_parallel, open_map
from ._map import ImportMap
from ._reading import Archive, ArchivedThread
from .formats.conversations import conversation_batches

Item = dict[str, Any]
_ATTEMPTS: Final = 4
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
    listed, so one whose answer was lost may be left there, empty. Ids of files stay as they are.

    Args:
        archive: What to bring in.
        client: On the server to bring it into, such as ``https://api.openai.com``.
        map_path: The map of old and new ids. Default: beside the archive, named after it.
        concurrency: Threads that are brought in at once, from 1.
        on_progress: Called with the counts after each batch.

    Raises:
        InvalidArgumentError: `concurrency` is wrong.
        ArchiveError: The archive or the map cannot be read.
        APIError: The server cannot be reached or refuses the key. Other errors are in the report.
    """
    async with open_map(archive, client, map_path, concurrency, "/conversations") as ids:
        bringing = _Bringing(client, ids, on_progress)
        bringing.names = dict(_names(archive))
        failed = await in_parallel(archive.threads(), bringing.bring, concurrency)
        return ImportReport(ids.path, dict(ids.counts), dict(ids.changes), failed)


def _names(archive: Archive) -> Iterator[tuple[str, str]]:
    for entry in archive.files():
        name = (entry.get("document") or {}).get("filename")
        if isinstance(name, str):
            yield entry["id"], name


class _Bringing:
    names: Mapping[str, str]

    def __init__(self, client: AsyncLaplas, ids: ImportMap, on_progress: OnProgress | None) -> None:
        self.client = client
        self.map = ids
        self._tell = on_progress or (lambda counts: None)
        self._resumed = {old for kind, old in ids.ids if kind == "conversation"}

    async def bring(self, thread: ArchivedThread) -> None:
        """Make a conversation of a thread, or add what is missing of it."""
        if thread.id in self.map.done:
            return
        documents = {
            "thread": thread.document,
            **{kind: list(getattr(thread, kind)()) for kind in ("messages", "runs", "steps")},
        }
        metadata, batches, losses = conversation_batches(documents, self.names)
        new = self.map.ids.get(("conversation", thread.id))
        if new is None:
            answer = await self._post_conversation(metadata)
            new = answer.get("id") if isinstance(answer, dict) else None
            if not isinstance(new, str) or not new:
                raise ArchiveError(f"{thread.id}: the server's conversation has no id")
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
        changes = [f"{kind}: {loss}" for kind, loss in losses.items()]
        self.map.write("done", thread.id, changes=changes)

    async def _post_conversation(self, metadata: Mapping[str, str]) -> Any:
        # Created empty: what is lost here is an empty conversation that nobody will miss.
        for attempt in range(_ATTEMPTS):
            try:
                body = {"metadata": metadata}
                answer = await self.client.request("POST", "/conversations", body=body)
                return answer.json()
            except ValueError:
                raise ArchiveError(
                    "the server's answer to POST /conversations is no JSON"
                ) from None
            except APIError as error:
                await self._wait(error, attempt)
        raise AssertionError("the last attempt raises")

    async def _add(self, thread: str, new: str, batch: list[Item], position: int) -> None:
        path = f"/conversations/{quote(new, safe='')}/items"
        for attempt in range(_ATTEMPTS):
            try:
                await self.client.request("POST", path, body={"items": batch}, max_retries=0)
            except APIError as error:
                await self._wait(error, attempt)
                held = len(await self._items(new))
                if held >= position:
                    return
                if held > position - len(batch):
                    raise ArchiveError(f"{thread}: {new} holds a part of a batch") from None
            else:
                return

    async def _wait(self, error: APIError, attempt: int) -> None:
        """Wait until the server is done with a lost request; raise what cannot be mended."""
        lost = error.may_have_taken_effect or isinstance(error, APIConnectionError)
        if not lost or attempt == _ATTEMPTS - 1:
            raise error
        wanted = getattr(error, "retry_after", None) or 0.0
        await asyncio.sleep(max(_creating.SETTLED, min(wanted, 60.0)))

    async def _items(self, new: str) -> list[Document]:
        """Return the items of a conversation, oldest first."""
        path = f"/conversations/{quote(new, safe='')}/items"
        items: list[Document] = []
        query: dict[str, Any] = {"order": "asc", "limit": 100}
        while True:
            answer = (await self.client.request("GET", path, query=query)).json()
            data = answer.get("data") if isinstance(answer, dict) else None
            if not isinstance(data, list):
                raise ArchiveError(f"{new}: the server's list of items has no data")
            items += data
            if not data or not answer.get("has_more"):
                return items
            if query.get("after") == data[-1]["id"]:
                raise ArchiveError(f"{new}: the server's list of items does not go on")
            query["after"] = data[-1]["id"]


def _compare(thread: ArchivedThread, there: list[Document], items: list[Item]) -> None:
    """Refuse to go on with a conversation that does not begin as this thread does."""
    pairs = list(zip(there, items, strict=False))
    same = all(a.get(name) == b.get(name) for a, b in pairs for name in _COMPARED if name in b)
    if not same or len(there) > len(items):
        raise ArchiveError(f"{thread.id}: its conversation holds other items than the archive")
