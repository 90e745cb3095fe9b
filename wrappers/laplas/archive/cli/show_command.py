"""Show a thread: who said what, with sources and tool calls; of an archive, or of a server."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ... import APIStatusError, Laplas
from .. import Archive, ArchivedThread, ArchiveError
from .._conversation import Conversation, Work, entries, mapping_of, text_of
from .._format import Document
from ._clients import add_client_arguments, sync_client
from ._terminal import Terminal, write_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("thread", metavar="THREAD", help="the id of a thread")
    parser.add_argument("--archive", metavar="DIR", help="default: the thread of the server")
    parser.add_argument("--json", action="store_true", help="print the messages as JSON lines")
    add_client_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Show the thread."""
    if options.archive:
        archive = Archive(options.archive)
        names = {} if options.json else _names(archive)
        _write(_archived(archive, options.thread), names, options.json)
        return 0
    with sync_client(options) as client:
        if options.json:
            pages = client.messages.list(options.thread, order="asc", page_size=100)
            write_json(message.to_dict() for message in pages)
        else:
            _write(_Fetched(client, options.thread), {}, False)
    return 0


def _archived(archive: Archive, thread_id: str) -> ArchivedThread:
    try:
        return archive.thread(thread_id)
    except LookupError as error:
        raise ArchiveError(
            f"{error.args[0]}. `laplas list {archive.path}` shows which there are."
        ) from None


def _names(archive: Archive) -> dict[str, str]:
    pairs = ((file.get("id"), mapping_of(file.get("document"))) for file in archive.files())
    return {text_of(file_id): text_of(document.get("filename")) for file_id, document in pairs}


def _write(thread: Conversation, names: dict[str, str], as_json: bool) -> None:
    if as_json:
        write_json(thread.messages())
        return
    terminal = Terminal()
    for entry in entries(thread):
        if isinstance(entry, Work):
            terminal.write_work(entry)
        else:
            terminal.write_message(entry, names.get)


class _Fetched:
    """A thread of a server; its messages and runs are held, its steps are not."""

    def __init__(self, client: Laplas, thread_id: str) -> None:
        self._client = client
        self._id = thread_id
        listed = client.messages.list(thread_id, order="asc", page_size=100)
        self._messages = [message.to_dict() for message in listed]
        self._runs: list[Document] = []
        try:
            runs = client.runs.list(thread_id, order="asc", page_size=100)
            self._runs = [run.to_dict() for run in runs]
        except APIStatusError as error:
            if error.status_code not in (404, 405, 501):  # a server of messages alone
                raise

    def messages(self) -> list[Document]:
        return self._messages

    def runs(self) -> list[Document]:
        return self._runs

    def steps(self) -> Iterator[Document]:
        for run in self._runs:
            steps = self._client.runs.steps.list(self._id, run["id"], order="asc", page_size=100)
            yield from (step.to_dict() for step in steps)
