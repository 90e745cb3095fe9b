"""What the server keeps, in SQLite: each as the JSON document the server answers with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import RLock
from typing import Any, NamedTuple

Document = dict[str, Any]
Position = tuple[float, int]
"""Where an object stands in its list: (created_at, insertion sequence), unique and ordered."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS threads (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    thread_id TEXT NOT NULL,
    run_id TEXT,
    created_at NUMERIC NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_in_order ON messages (thread_id, created_at, seq);
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    created_at NUMERIC NOT NULL,
    moving INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS objects_in_order ON objects (kind, parent, created_at, seq);
"""


class Store:
    """One SQLite connection shared by all threads of the process, guarded by one lock."""

    def __init__(self, database: str) -> None:
        """Open `database`: a file path, or ":memory:". Raises `sqlite3.Error` if that fails."""
        self._lock = RLock()
        self._connection = sqlite3.connect(database, check_same_thread=False)
        # Not worth waiting for the disk at each request: only a crash of the machine could tell.
        self._connection.execute("PRAGMA synchronous = OFF")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the connection; an in-memory database is gone after that."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside one atomic step: committed on success, undone on an exception."""
        with self._lock, self._connection:
            yield

    def _execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        with self._lock:
            return self._connection.execute(sql, values)

    def _one(self, sql: str, *values: object) -> Document | None:
        row = self._execute(sql, *values).fetchone()
        return None if row is None else json.loads(row[0])

    def add_thread(self, thread_id: str, document: Document) -> None:
        """Insert a thread. Raises `sqlite3.IntegrityError` if the id is taken."""
        self._execute("INSERT INTO threads VALUES (?, ?)", thread_id, json.dumps(document))

    def thread(self, thread_id: str) -> Document | None:
        """Return the thread, or None."""
        return self._one("SELECT document FROM threads WHERE id = ?", thread_id)

    def replace_thread(self, thread_id: str, document: Document) -> None:
        """Overwrite the document of an existing thread."""
        self._execute(
            "UPDATE threads SET document = ? WHERE id = ?", json.dumps(document), thread_id
        )

    def delete_thread(self, thread_id: str) -> bool:
        """Delete the thread with all its messages and runs; False if there was none."""
        self._execute("DELETE FROM messages WHERE thread_id = ?", thread_id)
        runs = "SELECT id FROM objects WHERE kind = 'thread.run' AND parent = ?"
        self._execute(f"DELETE FROM objects WHERE parent IN ({runs})", thread_id)
        self._execute("DELETE FROM objects WHERE kind = 'thread.run' AND parent = ?", thread_id)
        return self._execute("DELETE FROM threads WHERE id = ?", thread_id).rowcount > 0

    def add_message(
        self,
        thread_id: str,
        message_id: str,
        document: Document,
        *,
        created_at: float,
        run_id: str | None,
    ) -> None:
        """Insert a message. Raises `sqlite3.IntegrityError` if the id is taken."""
        self._execute(
            "INSERT INTO messages (id, thread_id, run_id, created_at, document)"
            " VALUES (?, ?, ?, ?, ?)",
            message_id,
            thread_id,
            run_id,
            created_at,
            json.dumps(document),
        )

    def message(self, thread_id: str, message_id: str) -> Document | None:
        """Return the message of that thread, or None."""
        return self._one(
            "SELECT document FROM messages WHERE thread_id = ? AND id = ?", thread_id, message_id
        )

    def replace_message(self, message_id: str, document: Document) -> None:
        """Overwrite the document of an existing message."""
        self._execute(
            "UPDATE messages SET document = ? WHERE id = ?", json.dumps(document), message_id
        )

    def delete_message(self, thread_id: str, message_id: str) -> bool:
        """Delete the message; False if that thread has none with this id."""
        cursor = self._execute(
            "DELETE FROM messages WHERE thread_id = ? AND id = ?", thread_id, message_id
        )
        return cursor.rowcount > 0

    def messages(self, thread_id: str) -> list[Document]:
        """Return every message of the thread, oldest first."""
        rows = self._execute(
            "SELECT document FROM messages WHERE thread_id = ? ORDER BY created_at, seq", thread_id
        )
        return [json.loads(document) for (document,) in rows.fetchall()]

    def put(self, document: Document, *, moving: bool = False) -> None:
        """Insert an assistant, run, run step or file, or replace the one with its id.

        `moving` is for runs: whether they go on by themselves when they are looked at.
        """
        self._execute(
            "INSERT INTO objects (id, kind, parent, created_at, moving, document)"
            " VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE"
            " SET moving = excluded.moving, document = excluded.document",
            document["id"],
            document["object"],
            document.get(_PARENTS.get(document["object"], ""), ""),
            document["created_at"],
            moving,
            json.dumps(document),
        )

    def get(self, kind: str, object_id: str, parent: str = "") -> Document | None:
        """Return the object, or None where the parent has none of that kind with that id."""
        return self._one(
            "SELECT document FROM objects WHERE kind = ? AND id = ? AND parent = ?",
            kind,
            object_id,
            parent,
        )

    def find_run(self, run_id: str) -> Document | None:
        """Return the run with that id, of whatever thread, or None."""
        return self._one(
            "SELECT document FROM objects WHERE kind = 'thread.run' AND id = ?", run_id
        )

    def is_moving(self, object_id: str) -> bool:
        """Return whether the run goes on by itself."""
        row = self._execute("SELECT moving FROM objects WHERE id = ?", object_id).fetchone()
        return row is not None and bool(row[0])

    def remove(self, kind: str, object_id: str) -> bool:
        """Delete the assistant or file; False if there was none."""
        cursor = self._execute("DELETE FROM objects WHERE kind = ? AND id = ?", kind, object_id)
        return cursor.rowcount > 0

    def children(self, kind: str, parent: str) -> list[Document]:
        """Return the parent's objects of that kind, oldest first."""
        rows = self._execute(
            "SELECT document FROM objects WHERE kind = ? AND parent = ? ORDER BY created_at, seq",
            kind,
            parent,
        )
        return [json.loads(document) for (document,) in rows.fetchall()]

    def position(self, within: Listed, object_id: str) -> Position | None:
        """Return where the object stands in the list, or None if it is not there."""
        conditions, values = within.conditions(id=object_id)
        row = self._execute(
            f"SELECT created_at, seq FROM {within.table} WHERE {conditions}", *values
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def page(
        self,
        within: Listed,
        *,
        descending: bool,
        limit: int,
        after: Position | None = None,
        before: Position | None = None,
    ) -> tuple[list[Document], bool]:
        """Return one page and whether more follow it.

        With `before` alone the page is the one that ends right in front of that position, and
        the flag tells whether more come before the page.
        """
        following, preceding = ("<", ">") if descending else (">", "<")
        conditions, values = within.conditions()
        for operator, position in ((following, after), (preceding, before)):
            if position is not None:
                conditions += f" AND (created_at, seq) {operator} (?, ?)"
                values.extend(position)
        backwards = before is not None and after is None
        direction = "DESC" if descending != backwards else "ASC"
        rows = self._execute(
            f"SELECT document FROM {within.table} WHERE {conditions}"
            f" ORDER BY created_at {direction}, seq {direction} LIMIT ?",
            *values,
            limit + 1,
        ).fetchall()
        page = [json.loads(document) for (document,) in rows[:limit]]
        if backwards:
            page.reverse()
        return page, len(rows) > limit


class Listed(NamedTuple):
    """What a list holds: the rows of a table with these values in these columns."""

    table: str
    columns: Mapping[str, str]

    def conditions(self, **more: str) -> tuple[str, list[object]]:
        """Return the condition of a query, with its values."""
        wanted = {**self.columns, **more}
        return " AND ".join(f"{column} = ?" for column in wanted), list(wanted.values())


def messages_of(thread_id: str) -> Listed:
    """Return what the list of a thread's messages holds."""
    return Listed("messages", {"thread_id": thread_id})


def objects_of(kind: str, parent: str = "") -> Listed:
    """Return what the list of the parent's objects of that kind holds."""
    return Listed("objects", {"kind": kind, "parent": parent})


_PARENTS = {"thread.run": "thread_id", "thread.run.step": "run_id"}
"""The field that names what an object belongs to; the others belong to nothing."""
