"""The map of an import: old ids, new ids and what had to change, a line each, written as it goes.

A line is written before the next request is sent, so a killed import knows what it has done, but
for the request that was on its way. That one is found by its mark.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections import Counter
from pathlib import Path
from typing import IO, Any, Final

from . import _creating
from ._format import ArchiveError, Document, line_of

_FORMAT: Final = "laplas-import"
_BEGINNING: Final = line_of({"kind": "import", "format": _FORMAT})[:-2]
"""What a map begins with, however early it is cut."""


class ImportMap:
    """A map in a file of JSON lines, to read and to go on with.

    Attributes:
        import_id: What the marks of this import begin with.
        ids: New ids by kind (`thread`, `file`, `assistant`, `conversation`) and old id.
        messages: New ids by old ones, of threads that are begun and not done.
        begun: Kind and old id of what was perhaps created before the import was cut.
        done: The threads that are done.
        counts: Objects by kind, of all runs of this import.
        changes: How many objects needed a change, by the kind of change.
    """

    def __init__(self, path: Path, into: str) -> None:
        """Open a map, or begin one.

        Raises:
            ArchiveError: It is the map of another import, damaged, or in use.
        """
        self.path = path
        self.ids: dict[tuple[str, str], str] = {}
        self.messages: dict[str, dict[str, str]] = {}
        self.batches: Counter[str] = Counter()
        self.begun: set[tuple[str, str]] = set()
        self.done: set[str] = set()
        self.counts: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()
        self.import_id = secrets.token_hex(8)
        self._file: IO[bytes] = path.open("a+b")
        try:
            _lock(self._file, path)
            self._read(into)
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        self._file.close()

    def settle(self) -> float:
        """Return the seconds until a request of a killed run has had its effect."""
        if not (self.begun or self.messages):
            return 0.0
        return max(0.0, self._changed + _creating.SETTLED - time.time())

    def write(self, kind: str, old: str, **fields: Any) -> None:
        """Add a line, and take note of it. `begin` lines have `of`, the kind that is begun."""
        line = {"kind": kind, "old": old, **{k: v for k, v in fields.items() if v}}
        self._file.write(line_of(line))
        self._file.flush()
        self._note(line)

    def _read(self, into: str) -> None:
        self._file.seek(0)
        self._changed = os.fstat(self._file.fileno()).st_mtime
        data = self._file.read()
        whole = data[: data.rfind(b"\n") + 1]
        is_cut_header = _BEGINNING.startswith(data[: len(_BEGINNING)])
        lines = whole.splitlines() or ([] if is_cut_header else [data])
        for number, text in enumerate(lines, 1):
            try:
                line = json.loads(text)
                if number == 1:
                    self._check(line, into)
                else:
                    self._note(line)
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                problem = "is not a line of an import's map. Give another file with --map."
                raise ArchiveError(f"{self.path}, line {number}: {problem}") from None
        if whole != data:  # a line that a kill has cut
            self._file.truncate(len(whole))
        if not whole:
            header = {"kind": "import", "format": _FORMAT, "import": self.import_id, "into": into}
            self._file.write(line_of(header))
            self._file.flush()
            os.fsync(self._file.fileno())

    def _check(self, header: Document, into: str) -> None:
        if header["format"] != _FORMAT:
            raise ValueError
        self.import_id = header["import"]
        if header["into"] != into:
            raise ArchiveError(
                f"{self.path} is the map of an import into {header['into']}, not {into}."
                " Give another file with --map."
            )

    def _note(self, line: Document) -> None:
        kind, old = line["kind"], line["old"]
        if kind == "begin":
            self.begun.add((line["of"], old))
        elif kind == "done":
            self.done.add(old)
            self.messages.pop(old, None)
            self.batches.pop(old, None)
        elif kind == "message":
            self.messages.setdefault(line["thread"], {})[old] = line.get("new", "")
        elif kind == "batch":
            self.batches[old] += line["items"]
        elif "new" in line:
            self.ids[kind, old] = line["new"]
            self.begun.discard((kind, old))
            if kind == "thread":
                self.messages.setdefault(old, {})
        if kind not in ("begin", "done"):
            self.counts[kind if "new" in line or kind == "batch" else f"{kind} refused"] += 1
        self.changes.update({change.partition(":")[0] for change in line.get("changes", ())})


def _lock(file: IO[bytes], path: Path) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise ArchiveError(f"{path}: another import is writing it. Wait for its end.") from None
