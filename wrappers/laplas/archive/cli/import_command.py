"""Bring an archive in: another server, a database of `laplas local`, Conversations."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from ... import InvalidArgumentError
from .. import (
    Archive,
    ImportReport,
    import_archive,
    import_into_conversations,
    import_into_database,
)
from ._clients import add_client_arguments, async_client

_DATABASES = (".db", ".sqlite", ".sqlite3")
_PAUSE = 3.0
"""Seconds between two lines of progress."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("archive", type=Path, help="a folder that `laplas export` wrote")
    parser.add_argument(
        "--into",
        required=True,
        metavar="TARGET",
        help="the URL of a server; a file that ends in .db, for `laplas local --database`;"
        " or 'conversations', with --base-url",
    )
    parser.add_argument(
        "--map",
        type=Path,
        metavar="FILE",
        help="old and new ids, and where to go on after a stop (default: ARCHIVE.imported.jsonl)",
    )
    parser.add_argument(
        "--concurrency", type=int, default=4, metavar="N", help="threads at once (default 4)"
    )
    parser.add_argument(
        "--assistants", action="store_true", help="recreate the assistants, too (a server only)"
    )
    add_client_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Import, and print what was done; returns the exit status."""
    archive, into, progress = Archive(options.archive), options.into, _Progress()
    local = into.removeprefix("local:")
    if local != into or (Path(into).suffix in _DATABASES and "://" not in into):
        if not local:
            raise InvalidArgumentError("--into", "name the file: local:archive.db")
        report = import_into_database(archive, local, on_progress=progress)
        _print(report)
        print(f"Serve it: python -m laplas.local --database {local} --read-only")
        return 0
    if into != "conversations":
        if not into.startswith(("http://", "https://")):
            problem = "must be a URL, a file that ends in .db, or 'conversations'"
            raise InvalidArgumentError("--into", f"{problem}, got {into!r}")
        options.base_url = into
    report = asyncio.run(_over_http(archive, options, progress))
    _print(report)
    if report.failed:
        for thread_id, error in list(report.failed.items())[:20]:
            print(f"failed: {thread_id}: {error}", file=sys.stderr)
        print("Run it again to go on where it stopped.", file=sys.stderr)
        return 3
    return 0 if report.is_complete else 1


async def _over_http(
    archive: Archive, options: argparse.Namespace, progress: _Progress
) -> ImportReport:
    async with async_client(options) as client:
        if options.into == "conversations":
            return await import_into_conversations(
                archive,
                client,
                map_path=options.map,
                concurrency=options.concurrency,
                on_progress=progress,
            )
        return await import_archive(
            archive,
            client,
            map_path=options.map,
            concurrency=options.concurrency,
            assistants=options.assistants,
            on_progress=progress,
        )


class _Progress:
    """Prints a line every few seconds, where there is something to wait for."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _PAUSE

    def __call__(self, counts: Mapping[str, int]) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _PAUSE
            print(_counted(counts), file=sys.stderr, flush=True)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {count:,}" for kind, count in sorted(counts.items())) or "nothing"


def _print(report: ImportReport) -> None:
    print(f"Brought in: {_counted(report.counts)}")
    for change, count in sorted(report.changes.items()):
        print(f"  changed: {change} ({count:,})")
    print(report.map_path)
    if refused := report.counts.get("message refused"):
        print(f"{refused:,} messages were refused; {report.map_path} says why", file=sys.stderr)
