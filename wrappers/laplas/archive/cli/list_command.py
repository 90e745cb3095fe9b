"""List threads: of an archive, or of a server that lists them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ... import APIStatusError, LaplasError
from .. import Archive
from .._conversation import clock, mapping_of, one_line, text_of, title_of
from .._format import Document
from ._clients import add_client_arguments, sync_client
from ._terminal import Terminal, write_json

LISTS_NONE = (404, 405, 501)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "archive", nargs="?", metavar="ARCHIVE", help="default: the threads of the server"
    )
    parser.add_argument("--json", action="store_true", help="print a line of JSON a thread")
    add_client_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """List the threads."""
    rows = _archived(Archive(options.archive)) if options.archive else _served(options)
    if options.json:
        write_json(rows)
        return 0
    terminal = Terminal()
    for row in rows:
        terminal.write(one_line(text_of(row["id"]), 200), "id", end="")
        many = f"{row['messages']:>6} messages  " if "messages" in row else ""
        terminal.write(f"  {row['created'] or '-':16}  {many}", "soft", end="")
        terminal.write(row["title"])
    return 0


def _archived(archive: Archive) -> Iterator[Document]:
    for thread in archive.threads():
        document = mapping_of(thread.document)
        first = next(map(mapping_of, thread.messages()), None)
        yield {
            "id": thread.id,
            "created": clock(document),
            "messages": thread.entry.get("messages"),
            "title": title_of(document, first),
        }


def _served(options: argparse.Namespace) -> Iterator[Document]:
    with sync_client(options) as client:
        try:
            for thread in client.threads.list():
                document = thread.to_dict()
                yield {
                    "id": thread.id,
                    "created": clock(document),
                    "title": title_of(document, None),
                }
        except APIStatusError as error:
            if error.status_code not in LISTS_NONE:
                raise
            raise LaplasError(
                "this server does not list its threads. Name an archive, or look at one thread by"
                " its id: laplas show THREAD"
            ) from None
