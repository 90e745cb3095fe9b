"""Print conversations: coloured by rich on a terminal, as plain text elsewhere.

Whatever a message holds, it reaches the terminal as text: control characters are made visible, and
rich reads no markup in it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Final

from .._conversation import (
    Work,
    call_line,
    clock,
    items_of,
    mapping_of,
    one_line,
    parts_of,
    plain_of,
    text_of,
    visible,
)
from .._format import Document, line_of

STYLES: Final = {"user": "bold cyan", "assistant": "bold green", "work": "dim", "soft": "dim"}


class Terminal:
    """Standard output, with colours where it is a terminal and rich is installed."""

    def __init__(self) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):  # what it cannot encode is no reason to fail
            sys.stdout.reconfigure(errors="replace")
        self._console: Any = None
        if sys.stdout.isatty():
            try:
                self._console = import_module("rich.console").Console(highlight=False)
                self._text = import_module("rich.text").Text
            except ModuleNotFoundError:
                pass  # plain text does

    def write(self, text: str, style: str = "", end: str = "\n") -> None:
        """Print text, its control characters made visible; raises `OSError`."""
        text = visible(text)
        if self._console and style:
            self._console.print(
                self._text(text, STYLES.get(style, "bold")), end=end, soft_wrap=True
            )
        else:
            print(text, end=end)
        sys.stdout.flush()

    def write_message(
        self, message: Document, name_of: Callable[[str], str | None] | None = None
    ) -> None:
        """Print who wrote a message and when, what it says, its sources and its attachments."""
        role = one_line(text_of(message.get("role")), 40) or "unknown"
        when = clock(message)
        self.write(role, role, end="")
        self.write(
            f"  {when + ' UTC  ' if when else ''}{one_line(text_of(message.get('id')))}", "soft"
        )
        self.write(plain_of(parts_of(message), name_of) or "(no content)")
        for each in items_of(message.get("attachments")):
            file_id = text_of(mapping_of(each).get("file_id"))
            self.write(f"(attached: {one_line((name_of and name_of(file_id)) or file_id)})", "soft")
        reason = text_of(mapping_of(message.get("incomplete_details")).get("reason"))
        if (status := text_of(message.get("status"))) not in ("", "completed") or reason:
            self.write(
                f"(not whole: {one_line(': '.join(filter(None, (status, reason))))})", "soft"
            )
        self.write("")

    def write_work(self, work: Work) -> None:
        """Print what a run did, a line for each tool call."""
        for call in work.calls:
            self.write(f"  > {call_line(call)}", "work")
        if work.failure:
            self.write(f"  ! {work.failure}", "work")
        self.write("")


def write_json(documents: Iterable[Any]) -> None:
    """Print documents as JSON lines, as they were received."""
    for document in documents:
        sys.stdout.buffer.write(line_of(document))
        sys.stdout.buffer.flush()


def write_note(text: str) -> None:
    """Print what is not part of the result, on standard error."""
    print(visible(text), file=sys.stderr, flush=True)
