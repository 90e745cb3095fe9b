"""Ask an assistant on a thread, and print its reply as it is written."""

from __future__ import annotations

import argparse
import sys
from importlib.util import find_spec

from ... import InvalidArgumentError, Reply
from .._conversation import parts_of, plain_of
from ._clients import add_client_arguments, sync_client
from ._terminal import Terminal, write_json, write_note


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("thread", metavar="THREAD", help="the id of a thread; 'new' creates one")
    parser.add_argument("question", metavar="QUESTION", help="'-' reads it from standard input")
    parser.add_argument("--assistant", required=True, metavar="ID", help="who is asked")
    parser.add_argument("--json", action="store_true", help="print the reply as a line of JSON")
    add_client_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Ask, and print the reply: piece by piece on a terminal, whole and with sources elsewhere."""
    question = sys.stdin.read() if options.question == "-" else options.question
    if not question.strip():
        raise InvalidArgumentError("QUESTION", "must not be empty")
    if not options.assistant.strip():
        raise InvalidArgumentError("--assistant", "must be the id of an assistant")
    with sync_client(options) as client:
        is_new = options.thread == "new"
        thread = client.start_thread() if is_new else client.thread(options.thread)
        if is_new:
            write_note(f"thread {thread.id}")
        streams = sys.stdout.isatty() and not options.json and find_spec("httpx_sse") is not None
        if not streams:
            reply = thread.ask(question, assistant=options.assistant)
            _write(reply, options.json)
            return 0
        terminal = Terminal()
        with thread.ask_stream(question, assistant=options.assistant) as pieces:
            for piece in pieces:
                terminal.write(piece, end="")
            terminal.write("")
            written = plain_of(parts_of(pieces.message.to_dict()))
        sources = [line for line in written.rpartition("\n\n")[2].split("\n") if line[:2] == "[^"]
        if sources:
            terminal.write("\n" + "\n".join(sources), "soft")
    return 0


def _write(reply: Reply, as_json: bool) -> None:
    if as_json:
        write_json([reply.to_dict()])
    else:
        Terminal().write(plain_of(parts_of(reply.to_dict())) or "(no content)")
