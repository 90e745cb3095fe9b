"""Print the messages of a thread as they come, until you press Ctrl+C."""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterable, Iterator
from typing import Final

from ... import (
    APIConnectionError,
    BadRequestError,
    InvalidArgumentError,
    Laplas,
    Message,
    NotFoundError,
    RateLimitError,
    ServerError,
)
from ._clients import add_client_arguments, sync_client
from ._terminal import Terminal, write_json, write_note

REMEMBERED: Final = 10_000
"""Ids of messages that were shown: enough to find the place again where some are deleted."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("thread", metavar="THREAD", help="the id of a thread")
    parser.add_argument(
        "-n", "--lines", type=int, default=10, metavar="N",
        help="begin with the last N messages (default 10)",
    )  # fmt: skip
    parser.add_argument(
        "--interval", type=float, default=2.0, metavar="SECONDS",
        help="ask for new messages this often (default 2)",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print the messages as JSON lines")
    add_client_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print messages until SIGINT, which `main` makes the status 130."""
    if options.lines < 0:
        raise InvalidArgumentError("--lines", "must be 0 or more")
    if not (math.isfinite(options.interval) and options.interval >= 0.1):
        raise InvalidArgumentError("--interval", "must be at least 0.1 seconds")
    with sync_client(options) as client:
        follower = _Follower(client, options.thread)
        terminal = Terminal()
        new: Iterable[Message] = follower.begin(options.lines)
        while True:
            for message in new:
                if options.json:
                    write_json([message.to_dict()])
                else:
                    terminal.write_message(message.to_dict())
            time.sleep(options.interval)
            new = _or_later(follower)


def _or_later(follower: _Follower) -> Iterator[Message]:
    """Yield what is new; where the server cannot answer now, say so: the next time may do."""
    try:
        yield from follower.new()
    except (APIConnectionError, RateLimitError, ServerError) as error:
        write_note(f"laplas tail: {error}; asking again")


class _Follower:
    """Finds the messages of a thread that were not shown yet, each once."""

    def __init__(self, client: Laplas, thread_id: str) -> None:
        self._client = client
        self._id = thread_id
        self._shown: dict[str, None] = {}
        self._newest = 0.0

    def begin(self, count: int) -> list[Message]:
        """Return the last messages, oldest first; later ones follow these."""
        listed = self._client.messages.list(
            self._id, order="desc", page_size=min(max(count, 1), 100), max_items=max(count, 1)
        )
        last = list(listed)
        last.reverse()
        if last and _is_being_written(last[-1]):
            last.pop()
        for message in last:
            self._mark(message)
        return last if count else []

    def new(self) -> Iterator[Message]:
        """Yield the messages behind the last one that was shown."""
        cursor = next(reversed(self._shown), None)
        try:
            listed = self._client.messages.list(self._id, order="asc", page_size=100, after=cursor)
            yield from self._unseen(listed)
        except (BadRequestError, NotFoundError):
            if cursor is None:
                raise
            yield from self._unseen(self._behind_the_lost())

    def _behind_the_lost(self) -> list[Message]:
        """Return what is newer than all that was shown: the last of it was deleted."""
        found = []
        for message in self._client.messages.list(self._id, order="desc", page_size=100):
            if message.id in self._shown or _time(message) < self._newest:
                break
            found.append(message)
        return found[::-1]

    def _unseen(self, messages: Iterable[Message]) -> Iterator[Message]:
        held: Message | None = None
        for message in messages:
            if message.id in self._shown:
                continue
            if held is not None:  # others came behind it: it will not become whole
                self._mark(held)
                yield held
                held = None
            if _is_being_written(message):
                held = message
                continue
            self._mark(message)
            yield message

    def _mark(self, message: Message) -> None:
        self._shown[message.id] = None
        self._newest = max(self._newest, _time(message))
        if len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]


def _is_being_written(message: Message) -> bool:
    return message.to_dict().get("status") == "in_progress"


def _time(message: Message) -> float:
    at = message.to_dict().get("created_at")
    return float(at) if isinstance(at, int | float) else 0.0
