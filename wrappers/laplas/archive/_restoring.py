"""Put an archive into a database of the embedded server, with its old ids."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._format import ArchiveError, Document
from ._importing import ImportReport, content_of
from ._reading import Archive, ArchivedThread

if TYPE_CHECKING:
    from ..local import LocalServer


def import_into_database(
    archive: Archive,
    database: str | Path,
    *,
    on_progress: Callable[[Mapping[str, int]], object] | None = None,
) -> ImportReport:
    """Write a database that `LocalServer` serves, every object under its old id as it was.

    The file appears when it is whole. Serve it with
    ``python -m laplas.local --database archive.db --read-only``.

    Args:
        archive: What to bring in.
        database: The file to write.
        on_progress: Called with the counts after each thread.

    Raises:
        ArchiveError: The file is there already, or cannot be written; the archive cannot be read.
    """
    from ..local import LocalServer  # only here: it is a satellite, as the archive is

    path = Path(database)
    if path.exists():
        raise ArchiveError(f"{path} is there already. Remove it, or give another name.")
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    restoring = _Restoring(archive)
    try:
        with LocalServer(str(part), examples=False) as server:
            for thread in archive.threads():
                with _naming(thread.folder):
                    server.put_many(restoring.documents_of(thread))
                if on_progress:
                    on_progress(restoring.counts)
            with _naming(archive.path):
                restoring.put_rest(server)
        part.replace(path)
    except sqlite3.Error as error:
        raise ArchiveError(f"{path} cannot be written: {error}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return ImportReport(path, dict(restoring.counts), dict(restoring.changes), {})


@contextmanager
def _naming(where: Path) -> Iterator[None]:
    """Turn the server's refusal of a document into an error that names where that is."""
    try:
        yield
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise ArchiveError(f"{where}: cannot be brought in: {error}") from None


class _Restoring:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.counts: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self._taken: set[tuple[str, str]] = set()

    def documents_of(self, thread: ArchivedThread) -> Iterator[Document]:
        """Yield a thread and all that belongs to it, as the server is to answer it."""
        yield self._fitting(thread.document, "thread", {}, 0)
        parents = {"thread_id": thread.id}
        for kind, object_, documents in (
            ("message", "thread.message", thread.messages()),
            ("run", "thread.run", thread.runs()),
            ("step", "thread.run.step", thread.steps()),
        ):
            latest: float = 0
            for document in documents:
                fitting = self._fitting(document, object_, parents, latest)
                latest = max(latest, fitting["created_at"])
                yield fitting
                self.counts[kind] += 1
        self.counts["thread"] += 1

    def put_rest(self, server: LocalServer) -> None:
        """Put the assistants, and the files with their bytes."""
        for assistant in self.archive.assistants():
            server.put(self._fitting(assistant, "assistant", {}, 0))
            self.counts["assistant"] += 1
        for entry in self.archive.files():
            path = self.archive.file_path(entry)
            unknown = {"id": entry["id"], "bytes": None, "filename": None, "purpose": None}
            document = self._fitting(entry.get("document") or unknown, "file", {}, 0)
            if path is None:
                self.changes["file: its bytes are not in the archive"] += 1
                server.put(document)
            else:
                server.put_file(document, content_of(path, entry))
            self.counts["file"] += 1

    def _fitting(
        self, document: Any, object_: str, parents: Mapping[str, str], latest: float
    ) -> Document:
        """Return the document with what the server needs, where that is missing."""
        if not isinstance(document, dict):
            raise TypeError("a line is no object")
        needed: Document = {"object": object_, **parents}
        changed = {name: value for name, value in needed.items() if document.get(name) != value}
        created_at = document.get("created_at")
        if (
            isinstance(created_at, bool)
            or not isinstance(created_at, int | float)
            or created_at < latest
        ):
            changed["created_at"] = latest
        if object_ == "thread.run" and not isinstance(document.get("status"), str):
            changed["status"] = "completed"
        object_id = document.get("id")
        if not isinstance(object_id, str) or not object_id:
            raise ValueError(f"a {object_} has no id")
        if object_ == "thread.run.step" and not isinstance(document.get("run_id"), str):
            raise ValueError(f"step {object_id!r:.80} has no run_id")
        if (object_, object_id) in self._taken:
            raise ValueError(f"{object_} {object_id!r:.80} is there twice")
        self._taken.add((object_, object_id))
        for name in changed:
            self.changes[f"{name} of a {object_}"] += 1
        return {**document, **changed}
