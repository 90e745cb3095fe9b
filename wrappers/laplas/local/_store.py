"""Threads and messages in SQLite, each kept as the JSON document the server answers with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

Document = dict[str, Any]
Position = tuple[float, int]
"""Where a message stands in its thread: (created_at, insertion sequence), unique and ordered."""

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
        """Delete the thread with all its messages; False if there was none."""
        self._execute("DELETE FROM messages WHERE thread_id = ?", thread_id)
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

    def position(self, thread_id: str, message_id: str) -> Position | None:
        """Return where the message stands in the thread, or None if it is not there."""
        row = self._execute(
            "SELECT created_at, seq FROM messages WHERE thread_id = ? AND id = ?",
            thread_id,
            message_id,
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def page(
        self,
        thread_id: str,
        *,
        descending: bool,
        limit: int,
        after: Position | None = None,
        before: Position | None = None,
        run_id: str | None = None,
    ) -> tuple[list[Document], bool]:
        """Return one page and whether more follow it.

        With `before` alone the page is the one that ends right in front of that position, and
        the flag tells whether more come before the page.
        """
        following, preceding = ("<", ">") if descending else (">", "<")
        conditions: list[str] = ["thread_id = ?"]
        values: list[object] = [thread_id]
        for operator, position in ((following, after), (preceding, before)):
            if position is not None:
                conditions.append(f"(created_at, seq) {operator} (?, ?)")
                values.extend(position)
        if run_id is not None:
            conditions.append("run_id = ?")
            values.append(run_id)
        backwards = before is not None and after is None
        direction = "DESC" if descending != backwards else "ASC"
        rows = self._execute(
            f"SELECT document FROM messages WHERE {' AND '.join(conditions)}"
            f" ORDER BY created_at {direction}, seq {direction} LIMIT ?",
            *values,
            limit + 1,
        ).fetchall()
        page = [json.loads(document) for (document,) in rows[:limit]]
        if backwards:
            page.reverse()
        return page, len(rows) > limit
