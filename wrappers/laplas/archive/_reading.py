"""Read an archive, thread by thread, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    is_safe_name,
    read_document,
    read_lines,
)


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
        return read_document(self.folder / THREAD)  # type: ignore[no-any-return]

    def messages(self) -> Iterator[Document]:
        """Yield its messages, oldest first."""
        return read_lines(self.folder / MESSAGES)

    def runs(self) -> Iterator[Document]:
        """Yield its runs, oldest first."""
        return read_lines(self.folder / RUNS)

    def steps(self) -> Iterator[Document]:
        """Yield the steps of its runs: run by run, each oldest first."""
        return read_lines(self.folder / STEPS)


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
        if not (self.path / MANIFEST).exists():
            raise ArchiveError(
                f"{self.path}: this is no archive, or its export has not ended: there is no"
                f" {MANIFEST}. Run the export again; it goes on where it stopped."
            )
        manifest = read_document(self.path / MANIFEST)
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise ArchiveError(f"{self.path}: {MANIFEST} is not that of an archive")
        if not isinstance(manifest.get("version"), int) or manifest["version"] > VERSION:
            raise ArchiveError(
                f"{self.path}: version {manifest.get('version')!r} of the format is newer than"
                f" {VERSION}, which this laplas knows. Install a newer laplas."
            )
        self.manifest: Document = manifest

    def __repr__(self) -> str:
        return f"<Archive {str(self.path)!r}, {len(self)} threads>"

    def __len__(self) -> int:
        return int(self.manifest["counts"]["threads"])

    def threads(self) -> Iterator[ArchivedThread]:
        """Yield its threads, by id."""
        return (ArchivedThread(self.path, _checked(self.path, entry)) for entry in self.index())

    def index(self) -> Iterator[Document]:
        """Yield a line for each thread: `id`, `folder`, counts and digests."""
        return read_lines(self.path / INDEX)

    def thread(self, thread_id: str) -> ArchivedThread:
        """Return one thread. Raises `LookupError` where there is none with that id."""
        for entry in self.index():
            if _checked(self.path, entry)["id"] == thread_id:
                return ArchivedThread(self.path, entry)
        raise LookupError(f"there is no thread {thread_id!r} in {self.path}")

    def assistants(self) -> Iterator[Document]:
        """Yield the assistants that messages and runs name."""
        return read_lines(self.path / ASSISTANTS)

    def files(self) -> Iterator[Document]:
        """Yield a line for each file: `id`, `document` and `content`, each None if unknown."""
        return read_lines(self.path / FILES)

    def file_path(self, entry: Document) -> Path | None:
        """Return where the bytes of a line of `files` are; None if they were not exported."""
        content: Any = entry.get("content")
        return _inside(self.path, content["path"]) if content else None

    def gone(self) -> Iterator[Document]:
        """Yield what the server no longer had: `kind`, `id`, `error`."""
        return read_lines(self.path / GONE)

    def failed(self) -> Iterator[Document]:
        """Yield what could not be read: `kind`, `id`, `error`."""
        return read_lines(self.path / FAILED)


def _checked(archive: Path, entry: Any) -> Document:
    """Return a line of the index that names a thread and its folder; any other is refused."""
    if not (isinstance(entry, dict) and isinstance(entry.get("id"), str) and "folder" in entry):
        raise ArchiveError(
            f"{archive / INDEX}: a line names no thread and folder. Export the archive again."
        )
    return entry


def _inside(archive: Path, relative: Any) -> Path:
    """Return a path of the index; one that leads out of the archive is refused."""
    parts = relative.split("/") if isinstance(relative, str) else []
    if len(parts) != 2 or parts[0] not in ("threads", "files") or not is_safe_name(parts[1]):
        raise ArchiveError(f"{archive}: the path {relative!r} is not one of an archive")
    return archive.joinpath(*parts)
