"""What the server keeps, in SQLite: each as the JSON document the server answers with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import RLock
from typing import Any

from ._clock import Clock, Ids, Source, use

Document = dict[str, Any]
Position = tuple[float, int]
"""Where a document stands in its list: (created_at, insertion sequence), unique and ordered."""

PARENTS = {"thread.message": "thread_id", "thread.run": "thread_id", "thread.run.step": "run_id"}
PARENTS["conversation.item"] = "conversation_id"
PARENTS |= dict.fromkeys(("vector_store.file", "vector_store.files_batch"), "vector_store_id")
"""The field that names what a document belongs to; the others belong to nothing."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    parent TEXT NOT NULL,
    run_id TEXT,
    created_at NUMERIC NOT NULL,
    moving INTEGER NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE TABLE IF NOT EXISTS contents (id TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS documents_in_order ON documents (kind, parent, created_at, seq);
"""

_TABLES = {
    "documents": ("seq", "id", "kind", "parent", "run_id", "created_at", "moving", "document"),
    "contents": ("id", "content"),
}
_KINDS = (
    "thread", "thread.message", "thread.run", "thread.run.step", "assistant", "file",
    "vector_store", "vector_store.files_batch",
)  # fmt: skip

_FROM_EARLIER_FILE = """
INSERT INTO documents (id, kind, parent, run_id, created_at, moving, document)
    SELECT id, 'thread', '', NULL, 0, 0, document FROM threads;
INSERT INTO documents (id, kind, parent, run_id, created_at, moving, document)
    SELECT id, 'thread.message', thread_id, run_id, created_at, 0, document
    FROM messages ORDER BY seq;
INSERT INTO documents (id, kind, parent, run_id, created_at, moving, document)
    SELECT id, kind, parent, NULL, created_at, moving, document FROM objects ORDER BY seq;
DROP TABLE threads;
DROP TABLE messages;
DROP TABLE objects;
"""
"""Earlier files have a table for threads, one for messages and one for the rest."""
_EARLIER_TABLES = {"threads", "messages", "objects"}
_APPLICATION = int.from_bytes(b"lapl", "big")
"""Marks a file as ours; those of before the mark have 0."""
_VERSION = 1
"""Of what is in a file: counts up where earlier versions of this module could not read it."""

_ONE = "kind = ? AND id = ? AND parent = ?"


class Store:
    """One SQLite connection shared by all threads of the process, guarded by one lock."""

    def __init__(
        self,
        database: str,
        seed: int | str | None = None,
        tell: Callable[[str, str, str], None] = lambda *_: None,
    ) -> None:
        """Open `database`: a file path, or ":memory:". Raises `sqlite3.Error` as `_open` does.

        `seed` is for the ids; `tell` is called with the kind, id and thread of each change, once it
        is committed.
        """
        self.source = Source(Clock(), Ids(seed, self._is_taken))
        self._publish = tell
        self._untold: list[tuple[str, str, str]] = []
        self._in_step = False
        self.replying = set[str]()
        """Runs whose replies are being written in threads of their own."""
        self._lock = RLock()
        self._connection = _open(database)

    def close(self) -> None:
        """Close the connection; an in-memory database is gone after that."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside one atomic step: committed on success, undone on an exception."""
        with self._lock:
            # SQLite itself is in a transaction from the first change on, which may be yet to come.
            if self._in_step:
                yield
                return
            self._in_step, self._untold = True, []
            try:
                with self._connection, use(self.source):
                    yield
            finally:
                self._in_step = False
            untold = self._untold
        for change in untold:
            self._publish(*change)

    def _tell(self, kind: str, id_: str, thread_id: str) -> None:
        # Who is told looks at once, and is to see it.
        self._untold.append((kind, id_, thread_id))

    def _execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        with self._lock:
            return self._connection.execute(sql, values)

    def _one(self, sql: str, *values: object) -> Document | None:
        row = self._execute(sql, *values).fetchone()
        return None if row is None else json.loads(row[0])

    def add(self, document: Document, shown: Document | None = None) -> None:
        """Insert a document; answers show `shown`, by default all of it.

        Raises `sqlite3.IntegrityError` if there is one of its kind with its id.
        """
        self._insert(document, document if shown is None else shown)

    def put(self, document: Document, *, moving: bool = False) -> None:
        """Insert a document, or replace the one of its kind with its id, which keeps its place.

        `moving` is for runs: whether they go on by themselves when they are looked at.
        """
        update = "DO UPDATE SET moving = excluded.moving, document = excluded.document"
        self._insert(document, document, moving, f"ON CONFLICT (kind, id) {update}")

    def _insert(
        self, document: Document, shown: Document, moving: bool = False, conflict: str = ""
    ) -> None:
        kind = document["object"]
        parent = document[PARENTS[kind]] if kind in PARENTS else ""
        id_ = _key(kind, document["id"], parent)
        keys = (id_, kind, parent, document.get("run_id"), document["created_at"])
        self._execute(
            "INSERT INTO documents (id, kind, parent, run_id, created_at, moving, document)"
            f" VALUES (?, ?, ?, ?, ?, ?, ?) {conflict}",
            *(*keys, moving, json.dumps(shown)),
        )
        self._tell(kind, document["id"], document.get("thread_id") or "")

    def replace(self, kind: str, object_id: str, document: Document) -> None:
        """Overwrite an existing document; it keeps its place in lists."""
        sql = "UPDATE documents SET document = ? WHERE kind = ? AND id = ?"
        self._execute(sql, json.dumps(document), kind, object_id)
        self._tell(kind, object_id, document.get("thread_id") or "")

    def get(self, kind: str, object_id: str, parent: str = "") -> Document | None:
        """Return the document, or None where the parent has none of that kind with that id."""
        key = _key(kind, object_id, parent)
        return self._one(f"SELECT document FROM documents WHERE {_ONE}", kind, key, parent)

    def find_run(self, run_id: str) -> Document | None:
        """Return the run with that id, of whatever thread, or None."""
        sql = "SELECT document FROM documents WHERE kind = 'thread.run' AND id = ?"
        return self._one(sql, run_id)

    def is_moving(self, run_id: str) -> bool:
        """Return whether the run goes on by itself."""
        sql = "SELECT moving FROM documents WHERE kind = 'thread.run' AND id = ?"
        row = self._execute(sql, run_id).fetchone()
        return row is not None and bool(row[0])

    def remove(self, kind: str, object_id: str, parent: str = "") -> bool:
        """Delete the document with all that belongs to it; False if there was none."""
        if kind == "thread":
            runs = "SELECT id FROM documents WHERE kind = 'thread.run' AND parent = ?"
            steps = f"kind = 'thread.run.step' AND parent IN ({runs})"
            self._execute(f"DELETE FROM documents WHERE {steps}", object_id)
            mine = "kind IN ('thread.message', 'thread.run') AND parent = ?"
            self._execute(f"DELETE FROM documents WHERE {mine}", object_id)
        if kind == "conversation":
            mine = "kind = 'conversation.item' AND parent = ?"
            self._execute(f"DELETE FROM documents WHERE {mine}", object_id)
        if kind == "vector_store":
            mine = "kind IN ('vector_store.file', 'vector_store.files_batch') AND parent = ?"
            self._execute(f"DELETE FROM documents WHERE {mine}", object_id)
        if kind == "file":
            self._execute("DELETE FROM contents WHERE id = ?", object_id)
            mine = "kind = 'vector_store.file' AND id = parent || '/' || ?"
            self._execute(f"DELETE FROM documents WHERE {mine}", object_id)
        self._tell(kind, object_id, parent)
        sql = f"DELETE FROM documents WHERE {_ONE}"
        return self._execute(sql, kind, _key(kind, object_id, parent), parent).rowcount > 0

    def put_content(self, file_id: str, content: bytes) -> None:
        """Keep what is in a file."""
        self._execute("INSERT OR REPLACE INTO contents VALUES (?, ?)", file_id, content)

    def content(self, file_id: str) -> bytes | None:
        """Return what is in a file; None where that is not known."""
        row = self._execute("SELECT content FROM contents WHERE id = ?", file_id).fetchone()
        return None if row is None else row[0]

    def children(self, kind: str, parent: str) -> list[Document]:
        """Return the parent's documents of that kind, oldest first."""
        own = "kind = ? AND parent = ? ORDER BY created_at, seq"
        rows = self._execute(f"SELECT document FROM documents WHERE {own}", kind, parent)
        return [json.loads(document) for (document,) in rows.fetchall()]

    def has(self, kind: str, object_id: str) -> bool:
        """Return whether there is a document of that kind with that id."""
        sql = "SELECT 1 FROM documents WHERE kind = ? AND id = ?"
        return self._execute(sql, kind, object_id).fetchone() is not None

    def count(self, kind: str, parent: str = "") -> int:
        """Return how many documents of that kind the parent has."""
        sql = "SELECT count(*) FROM documents WHERE kind = ? AND parent = ?"
        return int(self._execute(sql, kind, parent).fetchone()[0])

    def _is_taken(self, id_: str) -> bool:
        marks = ", ".join("?" * len(_KINDS))
        sql = f"SELECT 1 FROM documents WHERE kind IN ({marks}) AND id = ?"
        return self._execute(sql, *_KINDS, id_).fetchone() is not None

    def clear(self) -> None:
        """Delete everything."""
        for table in _TABLES:
            self._execute(f"DELETE FROM {table}")

    def snapshot(self) -> bytes:
        """Return everything, as the bytes of an SQLite file."""
        with self._lock:
            return self._connection.serialize()

    def restore(self, snapshot: bytes) -> None:
        """Take the data of a snapshot in place of what is here; a part of a transaction.

        Raises `ValueError` where it is none.
        """
        try:
            rows = _rows_of(snapshot)
            self.clear()
            for (table, columns), values in zip(_TABLES.items(), rows, strict=True):
                names, marks = ", ".join(columns), ", ".join("?" * len(columns))
                with self._lock:
                    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
                    self._connection.executemany(sql, values)
        except (sqlite3.Error, sqlite3.Warning, TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"snapshot: not one that this server made ({error})") from None

    def position(self, kind: str, object_id: str, parent: str = "") -> Position | None:
        """Return where the document stands in its list, or None if it is not there."""
        sql = f"SELECT created_at, seq FROM documents WHERE {_ONE}"
        row = self._execute(sql, kind, _key(kind, object_id, parent), parent).fetchone()
        return None if row is None else (row[0], row[1])

    def page(
        self,
        kind: str,
        parent: str = "",
        *,
        run_id: str | None = None,
        where: Document | None = None,
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
        conditions = "kind = ? AND parent = ?"
        values: list[object] = [kind, parent]
        if run_id is not None:
            conditions += " AND run_id = ?"
            values.append(run_id)
        for field, value in (where or {}).items():
            conditions += " AND json_extract(document, ?) = ?"
            values += (f"$.{field}", value)
        for operator, position in ((following, after), (preceding, before)):
            if position is not None:
                conditions += f" AND (created_at, seq) {operator} (?, ?)"
                values += position
        backwards = before is not None and after is None
        direction = "DESC" if descending != backwards else "ASC"
        rows = self._execute(
            f"SELECT document FROM documents WHERE {conditions}"
            f" ORDER BY created_at {direction}, seq {direction} LIMIT ?",
            *values,
            limit + 1,
        ).fetchall()
        page = [json.loads(document) for (document,) in rows[:limit]]
        if backwards:
            page.reverse()
        return page, len(rows) > limit


def _open(database: str) -> sqlite3.Connection:
    """Open a file of this server; one that is empty or of an earlier version becomes one.

    Raises:
        sqlite3.DatabaseError: It cannot be opened, or is of a newer version or another program. It
            is as it was then.
    """
    try:
        connection = sqlite3.connect(database, check_same_thread=False)
        # Not worth waiting for the disk at each request: only a crash of the machine could tell.
        connection.execute("PRAGMA synchronous = OFF")
        owner, version = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        )
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    except sqlite3.Error as error:
        advice = "Name a database that this server made, or a new file in a folder that exists"
        raise sqlite3.DatabaseError(f"{database}: {error}. {advice}.") from None
    tables = {name for (name,) in rows}
    is_earlier = tables >= _EARLIER_TABLES
    problem = ""
    if owner == _APPLICATION and version > _VERSION:
        problem = "a newer version of laplas made it. Update laplas"
    elif tables and not is_earlier and not _has_our_columns(connection):
        problem = f"another program made it, with the table {min(tables)!r}. Name another file"
    if problem:
        connection.close()
        raise sqlite3.DatabaseError(f"{database}: {problem}.")
    connection.executescript(_SCHEMA)
    if is_earlier:
        connection.executescript(f"BEGIN; {_FROM_EARLIER_FILE} COMMIT;")
    if is_earlier or not tables:
        mark = f"PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {_VERSION};"
        connection.executescript(mark)
    return connection


def _has_our_columns(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute(f"SELECT {', '.join(_TABLES['documents'])} FROM documents LIMIT 0")
    except sqlite3.Error:
        return False
    return True


def _key(kind: str, object_id: str, parent: str) -> str:
    """What a document is kept by: one file may be in several vector stores."""
    return f"{parent}/{object_id}" if kind == "vector_store.file" else object_id


def _rows_of(snapshot: bytes) -> list[list[tuple[Any, ...]]]:
    """Return the rows of each table, checked: whatever is in a snapshot must not break answers."""
    if not snapshot.startswith(b"SQLite format 3\0"):
        raise ValueError("it is no SQLite file")
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.deserialize(snapshot)
        copy.execute("PRAGMA trusted_schema = OFF")
        rows = [
            copy.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            for table, columns in _TABLES.items()
        ]
    for _, id_, kind, parent, run_id, created_at, moving, document in rows[0]:
        texts = (id_, kind, parent, run_id or "", document)
        numbers = isinstance(created_at, int | float) and isinstance(moving, int)
        if not (all(isinstance(text, str) for text in texts) and numbers):
            raise ValueError(f"a value of {id_!r} is of another type")
        if not isinstance(json.loads(document), dict):
            raise ValueError(f"{id_!r} is no object")
    return rows
