"""The journal of an export: what is done, and where to go on, in SQLite beside the archive.

Each commit comes after the bytes that it tells of were flushed. So whenever a process is killed,
the files have at least what the journal says; what they have beyond that is cut off.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from ._format import ArchiveError, Document, distinct_name, folder_name

JOURNAL: Final = ".journal.sqlite"
_VERSION: Final = "1"
_AT_ONCE: Final = 1000
"""Rows that are in memory at once."""
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS options (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS threads (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    state TEXT NOT NULL DEFAULT 'open',
    place TEXT,
    entry TEXT,
    error TEXT
);
CREATE INDEX IF NOT EXISTS threads_by_state ON threads (state, n);
CREATE TABLE IF NOT EXISTS named (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT COLLATE NOCASE,
    state TEXT NOT NULL DEFAULT 'open',
    document TEXT,
    content TEXT,
    error TEXT,
    PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX IF NOT EXISTS names ON named (kind, name) WHERE name IS NOT NULL;
"""
"""A state is one of open, done, gone and failed."""

Reference = tuple[str, str]
"""The kind and the id of something that a thread names."""


@dataclass
class Place:
    """Where to go on inside a thread.

    Attributes:
        stage: Which of the files of lists is being written: 0 messages, 1 runs, 2 steps.
        sizes: Bytes of each that are committed.
        runs: How many runs have all their steps.
        cursor: The id of the last item that was received, None at the start of a list.
    """

    stage: int = 0
    sizes: list[int] = field(default_factory=lambda: [0, 0, 0])
    runs: int = 0
    cursor: str | None = None


class ThreadRow(NamedTuple):
    """A thread to export."""

    n: int
    id: str
    name: str
    place: Place | None


class IdSet:
    """Ids of a list, of any length, in constant memory."""

    def __init__(self, ids: Iterable[str]) -> None:
        """Begin with ids; raises `sqlite3.Error`, where the disk is full, say."""
        self._connection = sqlite3.connect("", isolation_level=None)  # a file that nobody sees
        self._connection.executescript(
            "PRAGMA journal_mode = OFF; CREATE TABLE ids (id PRIMARY KEY) WITHOUT ROWID; BEGIN"
        )
        for id_ in ids:
            self.add(id_)

    def add(self, id_: str) -> bool:
        """Add an id; returns whether it is new."""
        raw = id_.encode("utf-8", "surrogatepass")
        sql = "INSERT INTO ids VALUES (?) ON CONFLICT DO NOTHING"
        return self._connection.execute(sql, (raw,)).rowcount == 1

    def close(self) -> None:
        """Forget them."""
        self._connection.close()


class Journal:
    """The journal in one folder. Only one process at a time has it open."""

    def __init__(self, to: Path, *, wait: float = 0.0) -> None:
        """Open it, or begin a new one.

        Args:
            to: The folder.
            wait: Seconds for which another process may still have it open.

        Raises:
            ArchiveError: Another process has it open, or it is damaged.
        """
        self.path = to / JOURNAL
        self._pid_path = to / f"{JOURNAL}-pid"
        self._connection = sqlite3.connect(":memory:")
        try:
            self._connection = sqlite3.connect(self.path, timeout=wait, isolation_level=None)
            # Exclusive: the lock is kept until the process ends, however it ends.
            self._connection.executescript(
                "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                f" PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; {_SCHEMA} COMMIT;"
            )
            version = self.option("version")
            if version is None:
                self.set_option("version", _VERSION)
        except sqlite3.OperationalError as error:
            self._connection.close()
            problem = f"{error}; see that there is space, and that you may write there"
            if "locked" in str(error):
                problem = (
                    f"another export into this folder is running ({self._holder()}); wait for it,"
                    " or choose another folder"
                )
            raise ArchiveError(f"{self.path}: {problem}") from None
        except sqlite3.Error as error:
            self._connection.close()
            problem = f"the journal is damaged ({error}); move it away to export afresh"
            raise ArchiveError(f"{self.path}: {problem}") from None
        self._pid_path.write_text(f"process {os.getpid()}")
        if version not in (None, _VERSION):
            self.close()
            raise ArchiveError(
                f"{self.path}: version {version!r} of the journal is not {_VERSION!r}, which this"
                " laplas knows. Finish the export with the laplas that began it."
            )

    def _holder(self) -> str:
        try:
            return self._pid_path.read_text("utf-8")
        except OSError:  # it has just begun, or ended
            return "its process is not known"

    def close(self) -> None:
        """Close it. You may call it again."""
        self._pid_path.unlink(missing_ok=True)
        self._connection.close()

    def remove(self) -> None:
        """Close it and delete its files: the export is complete."""
        self.close()
        for suffix in ("", "-wal", "-shm"):  # in this order: a log without a database is void
            self.path.with_name(f"{JOURNAL}{suffix}").unlink(missing_ok=True)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Do what is in the block whole or, after an error, not at all."""
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            yield self._connection

    def _rows(self, sql: str, *values: Any) -> Iterator[Any]:
        with closing(self._connection.execute(sql, values)) as cursor:
            yield from cursor

    # ---- options ----

    def option(self, name: str) -> str | None:
        """Return what an option was when the export began; None for a new journal."""
        row = next(self._rows("SELECT value FROM options WHERE name = ?", name), None)
        return None if row is None else str(row[0])

    def set_option(self, name: str, value: str) -> None:
        """Keep an option."""
        self._connection.execute("INSERT OR REPLACE INTO options VALUES (?, ?)", (name, value))

    # ---- threads ----

    def add_thread(self, thread_id: str, *, again: bool = False) -> None:
        """Plan to take a thread; one that is known already is taken only if `again`."""
        self._insert_thread(thread_id, folder_name(thread_id))
        if again:
            self._connection.execute(
                "UPDATE threads SET state = 'open', place = NULL WHERE id = ? AND state != 'open'",
                (thread_id,),
            )

    def _insert_thread(self, thread_id: str, name: str) -> None:
        sql = "INSERT INTO threads (id, name) VALUES (?, ?) ON CONFLICT (id) DO NOTHING"
        try:
            self._connection.execute(sql, (thread_id, name))
        except sqlite3.IntegrityError:  # the name of another, where the system folds case
            self._connection.execute(sql, (thread_id, distinct_name(thread_id)))

    def adopt_thread(self, entry: Document) -> None:
        """Take over a thread that an earlier export brought."""
        self._insert_thread(entry["id"], str(entry["folder"]).partition("/")[2])
        self.end_thread(entry["id"], "done", entry=entry)

    def open_threads(self) -> Iterator[ThreadRow]:
        """Yield the threads that are to be taken, each once, also while others are ended."""
        n = 0
        while rows := self._connection.execute(
            "SELECT n, id, name, place FROM threads WHERE state = 'open' AND n > ? ORDER BY n"
            " LIMIT ?",
            (n, _AT_ONCE),
        ).fetchall():
            for n, id_, name, place in rows:
                yield ThreadRow(n, id_, name, Place(**json.loads(place)) if place else None)

    def keep_place(
        self, row: ThreadRow, place: Place | None, references: Iterable[Reference] = ()
    ) -> None:
        """Commit how far a thread has come, with what it names up to there."""
        kept = None if place is None else json.dumps(asdict(place))
        with self.transaction() as connection:
            connection.execute("UPDATE threads SET place = ? WHERE n = ?", (kept, row.n))
            self.add_references(references)

    def end_thread(
        self, thread_id: str, state: str, *, entry: Document | None = None, error: str | None = None
    ) -> None:
        """Commit that a thread is done, gone or failed.

        One that failed keeps its place; one that was done before keeps what the archive has of it.
        """
        kept = None if entry is None else json.dumps(entry)
        self._connection.execute(
            "UPDATE threads SET state = ?1, entry = coalesce(?2, entry), error = ?3,"
            " place = iif(?1 = 'failed', place, NULL) WHERE id = ?4",
            (state, kept, error, thread_id),
        )

    def folder_to_be(self, n: int) -> str | None:
        """Return the name for the folder of a thread that is done; None for others."""
        sql = "SELECT name FROM threads WHERE n = ? AND state = 'done'"
        return next((name for (name,) in self._rows(sql, n)), None)

    def entries(self) -> Iterator[Document]:
        """Yield a line of the index for each thread that the archive has, by id."""
        rows = self._rows("SELECT entry FROM threads WHERE entry IS NOT NULL ORDER BY id")
        return (json.loads(entry) for (entry,) in rows)

    # ---- parts ----

    def untouched(self, part: int, parts: int) -> Iterator[str]:
        """Yield the ids of a part of the threads: those of which nothing was taken here."""
        return (
            id_
            for (id_,) in self._rows(
                "SELECT id FROM threads WHERE state = 'open' AND place IS NULL AND n % ? = ?",
                *(parts, part),
            )
        )

    def ended_threads(self) -> Iterator[tuple[str, str, str, str | None, str | None]]:
        """Yield id, folder name, state, line of the index and error of what is no longer open."""
        return self._rows("SELECT id, name, state, entry, error FROM threads WHERE state != 'open'")

    def find_open(self, thread_id: str) -> tuple[int, str] | None:
        """Return number and folder name of a thread that is to be taken; None for others."""
        sql = "SELECT n, name FROM threads WHERE state = 'open' AND id = ?"
        return next(self._rows(sql, thread_id), None)

    def references(self) -> Iterator[Reference]:
        """Yield what threads name and is to be taken."""
        return self._rows("SELECT kind, id FROM named WHERE state = 'open'")

    # ---- assistants, files, vector stores ----

    def add_references(self, references: Iterable[Reference]) -> None:
        """Plan to take what a thread names; what is known already stays as it is."""
        sql = "INSERT OR IGNORE INTO named (kind, id) VALUES (?, ?)"
        self._connection.executemany(sql, references)

    def open_named(self, kind: str) -> Iterator[tuple[str, str, str | None]]:
        """Yield id, file name and document (None if unknown) of what is to be taken, by id."""
        id_ = ""
        while rows := self._connection.execute(
            "SELECT id, name, document FROM named WHERE kind = ? AND state = 'open' AND id > ?"
            " ORDER BY id LIMIT ?",
            (kind, id_, _AT_ONCE),
        ).fetchall():
            for id_, name, document in rows:
                yield id_, name or self._name_of(kind, id_), document

    def _name_of(self, kind: str, object_id: str) -> str:
        sql = "UPDATE named SET name = ? WHERE kind = ? AND id = ?"
        name = folder_name(object_id)
        try:
            self._connection.execute(sql, (name, kind, object_id))
        except sqlite3.IntegrityError:
            name = distinct_name(object_id)
            self._connection.execute(sql, (name, kind, object_id))
        return name

    def end_named(
        self,
        kind: str,
        object_id: str,
        state: str,
        *,
        document: str | None = None,
        content: Document | None = None,
        error: str | None = None,
        references: Iterable[Reference] = (),
    ) -> None:
        """Commit what became of something that threads name, and what it names itself."""
        kept = None if content is None else json.dumps(content)
        with self.transaction() as connection:
            connection.execute(
                "INSERT INTO named (kind, id, state, document, content, error)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET"
                " state = excluded.state, error = excluded.error,"
                " document = coalesce(excluded.document, document),"
                " content = coalesce(excluded.content, content)",
                (kind, object_id, state, document, kept, error),
            )
            self.add_references(references)

    def adopt_ended(self, kind: str, object_id: str, state: str, error: str) -> None:
        """Take over what an earlier export did not get."""
        if kind == "thread":
            self._insert_thread(object_id, folder_name(object_id))
            self.end_thread(object_id, state, error=error)
        else:
            self.add_references([(kind, object_id)])
            sql = "UPDATE named SET state = ?, error = ? WHERE kind = ? AND id = ?"
            self._connection.execute(sql, (state, error, kind, object_id))

    def adopt_named(
        self, kind: str, object_id: str, document: str | None, content: Document | None
    ) -> None:
        """Take over an assistant or a file that an earlier export brought."""
        name = None if content is None else content["path"].partition("/")[2]
        kept = None if content is None else json.dumps(content)
        self._connection.execute(
            "INSERT INTO named (kind, id, name, state, document, content)"
            " VALUES (?, ?, ?, 'done', ?, ?)",
            (kind, object_id, name, document, kept),
        )

    def named(self, kind: str) -> Iterator[tuple[str, str, str | None]]:
        """Yield id, document and content (JSON, or None) of what was received, by id."""
        return self._rows(
            "SELECT id, document, content FROM named WHERE kind = ? AND document IS NOT NULL"
            " ORDER BY id",
            kind,
        )

    # ---- both ----

    def ended(self, state: str) -> Iterator[Document]:
        """Yield what is gone, or what failed: kind, id, error."""
        rows = self._rows(
            "SELECT 'thread', id, error FROM threads WHERE state = ?1 UNION ALL"
            " SELECT kind, id, error FROM named WHERE state = ?1 ORDER BY 1, 2",
            state,
        )
        return (dict(zip(("kind", "id", "error"), row, strict=True)) for row in rows)

    def retry(self, *, files: bool) -> None:
        """Plan anew what failed, and with `files` the bytes that nobody asked for before."""
        for table in ("threads", "named"):
            self._connection.execute(f"UPDATE {table} SET state = 'open' WHERE state = 'failed'")
        if files:
            self._connection.execute(
                "UPDATE named SET state = 'open' WHERE kind = 'file' AND state = 'done'"
                " AND content IS NULL AND NOT EXISTS (SELECT 1 FROM named AS denied WHERE"
                " denied.kind = 'content' AND denied.id = named.id AND denied.state = 'gone')"
            )

    def count(self, what: str) -> int:
        """Count threads in a state, or "all" threads or the "held", or what is named of a kind."""
        sql = "SELECT count(*) FROM named WHERE kind = ?"
        if what in ("open", "done", "gone", "failed"):
            sql = "SELECT count(*) FROM threads WHERE state = ?"
        elif what in ("all", "held"):
            sql = "SELECT count(*) FROM threads WHERE ?1 = 'all' OR entry IS NOT NULL"
        return int(next(self._rows(sql, what))[0])

    def total(self, part: str) -> int:
        """Return how many messages, runs or steps the archive's threads have."""
        sql = "SELECT coalesce(sum(json_extract(entry, ?)), 0) FROM threads"
        return int(next(self._rows(sql, f"$.{part}"))[0])
