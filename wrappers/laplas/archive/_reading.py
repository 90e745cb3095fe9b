"""Read an archive, thread by thread, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from ._format import (
    ASSISTANTS,
    FAILED,
    FILES,
    FORMAT,
    GONE,
    INDEX,
    MANIFEST,
    MESSAGES,
    RUNS,
    STEPS,
    THREAD,
    VERSION,
    ArchiveError,
    Document,
    damaged,
    is_safe_name,
    parse,
    read_lines,
)
from ._journal import JOURNAL

COUNTED: Final = (
    "threads", "messages", "runs", "steps", "assistants", "files", "gone", "failed",
)  # fmt: skip
"""What a manifest counts."""


class ArchivedThread:
    """A thread as it was exported.

    Attributes:
        id: Its id.
        folder: Where its files are.
        entry: Its line of the index: counts and digests.
    """

    def __init__(self, archive: Path, entry: Document) -> None:
        self.entry = entry
        self.id: str = entry["id"]
        self.folder = _inside(archive, entry["folder"])

    def __repr__(self) -> str:
        return f"<ArchivedThread {self.id}, {self.entry['messages']} messages>"

    @property
    def document(self) -> Document:
        """The thread itself, as it was received."""
        for document in _documents(self.folder / THREAD):
            if document["id"] == self.id:
                return document
        raise ArchiveError(f"{self.folder / THREAD}: this is not the thread {self.id!r}")

    def messages(self) -> Iterator[Document]:
        """Yield its messages, oldest first."""
        return _lines(self.folder / MESSAGES)

    def runs(self) -> Iterator[Document]:
        """Yield its runs, oldest first."""
        return _lines(self.folder / RUNS)

    def steps(self) -> Iterator[Document]:
        """Yield the steps of its runs: run by run, each oldest first."""
        return _lines(self.folder / STEPS)


class Archive:
    """An archive on disk, to read.

    Attributes:
        path: Its folder.
        manifest: Format, version, source, counts, whether it is complete.
    """

    def __init__(self, path: str | Path) -> None:
        """Open a folder that `export` wrote.

        Raises:
            ArchiveError: It is no archive, an unfinished one, or one of a newer version.
        """
        self.path = Path(path)
        if not self.path.is_dir():
            raise ArchiveError(f"{self.path}: there is no such folder")
        path = self.path / MANIFEST
        if not path.exists():
            if (self.path / JOURNAL).exists():
                problem = "its export has not ended. Run `laplas export` again to go on with it."
            else:
                problem = f"this is no archive: there is no {MANIFEST}"
            raise ArchiveError(f"{self.path}: {problem}")
        try:
            manifest = parse(path.read_bytes())
        except (OSError, ValueError) as error:
            raise ArchiveError(f"{path}: {error}. Export again into another folder.") from None
        version = manifest.get("version") if isinstance(manifest, dict) else None
        if type(version) is not int or version < 1 or manifest.get("format") != FORMAT:
            raise ArchiveError(f"{self.path}: {MANIFEST} is not that of an archive")
        if version > VERSION:
            raise ArchiveError(
                f"{self.path}: version {version} of the format is newer than {VERSION}, which this"
                " laplas knows. Install a newer laplas."
            )
        counts = manifest.get("counts")
        if not isinstance(counts, dict) or any(type(counts.get(n)) is not int for n in COUNTED):
            raise ArchiveError(f"{path}: its counts are damaged. Export again into another folder.")
        self.manifest: Document = manifest

    def __repr__(self) -> str:
        return f"<Archive {str(self.path)!r}, {len(self)} threads>"

    def __len__(self) -> int:
        return int(self.manifest["counts"]["threads"])

    def threads(self) -> Iterator[ArchivedThread]:
        """Yield its threads, by id."""
        return (ArchivedThread(self.path, entry) for entry in self.index())

    def index(self) -> Iterator[Document]:
        """Yield a line for each thread: `id`, `folder`, counts and digests."""
        return _sorted(self.path / INDEX, _is_entry)

    def thread(self, thread_id: str) -> ArchivedThread:
        """Return one thread. Raises `LookupError` where there is none with that id."""
        for entry in self.index():
            if entry["id"] == thread_id:
                return ArchivedThread(self.path, entry)
        raise LookupError(f"there is no thread {thread_id!r} in {self.path}")

    def assistants(self) -> Iterator[Document]:
        """Yield the assistants that messages and runs name."""
        return _sorted(self.path / ASSISTANTS)

    def files(self) -> Iterator[Document]:
        """Yield a line for each file: `id`, `document` and `content`, each None if unknown."""
        return _sorted(self.path / FILES, _is_file)

    def file_path(self, entry: Document) -> Path | None:
        """Return where the bytes of a line of `files` are; None if they were not exported."""
        content = entry.get("content")
        if content is None:
            return None
        path = _inside(self.path, content["path"])
        if not path.is_file():
            raise ArchiveError(f"{path} is missing. Export the archive again.")
        return path

    def gone(self) -> Iterator[Document]:
        """Yield what the server no longer had: `kind`, `id`, `error`."""
        return _documents(self.path / GONE)

    def failed(self) -> Iterator[Document]:
        """Yield what could not be read: `kind`, `id`, `error`."""
        return _documents(self.path / FAILED)


def _lines(path: Path) -> Iterator[Any]:
    """Yield what is in a file, of any form; a link is refused, since it may lead anywhere."""
    if path.is_symlink():
        raise ArchiveError(f"{path}: this is a link, and an archive has none")
    return read_lines(path)


def _documents(path: Path, is_right: Callable[[Document], bool] = bool) -> Iterator[Document]:
    """Yield the objects of a file, each with an id; a line that is none is refused."""
    for number, document in enumerate(_lines(path), 1):
        if not (isinstance(document, dict) and isinstance(document.get("id"), str)):
            raise damaged(path, number, "it is no object with an id")
        if not is_right(document):
            raise damaged(path, number, "it is no line of such a file")
        yield document


def _sorted(path: Path, is_right: Callable[[Document], bool] = bool) -> Iterator[Document]:
    """Yield the objects of a file in which each id comes once, in order."""
    last: str | None = None
    for number, document in enumerate(_documents(path, is_right), 1):
        if last is not None and document["id"] <= last:
            raise damaged(path, number, f"{document['id']!r} is there twice, or out of order")
        last = document["id"]
        yield document


def _is_entry(entry: Document) -> bool:
    counts = (entry.get(name) for name in ("messages", "runs", "steps"))
    return "folder" in entry and all(type(count) is int for count in counts)


def _is_file(entry: Document) -> bool:
    document, content = entry.get("document"), entry.get("content")
    if not isinstance(content, dict | None):
        return False
    named = content is None or {str} == {type(content.get(key)) for key in ("path", "sha256")}
    return named and isinstance(document, dict | None)


def _inside(archive: Path, relative: Any) -> Path:
    """Return a path of the index; one that leads out of the archive is refused."""
    parts = relative.split("/") if isinstance(relative, str) else []
    if len(parts) != 2 or parts[0] not in ("threads", "files") or not is_safe_name(parts[1]):
        raise ArchiveError(f"{archive}: the path {relative!r} is not one of an archive")
    if archive.joinpath(parts[0]).is_symlink() or archive.joinpath(*parts).is_symlink():
        raise ArchiveError(f"{archive}: {relative} is a link, and an archive has none")
    return archive.joinpath(*parts)
