"""What an archive can be turned into: one module a format, loaded when it is used.

A module has `write(conversations, to)`: it carries over what the format can hold, one conversation
after the other, into a file that does not exist yet. Those of `FOLDERS` make a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from .._carrying import Conversation

FORMATS = ("conversations", "chatml", "sharegpt", "markdown", "html", "parquet", "csv", "otel")
FOLDERS = ("markdown", "html")

Write = Callable[[Iterable[Conversation], Path], None]


def writer_of(name: str) -> Write:
    """Return what writes a format.

    Raises:
        ConfigurationError: The format needs a package that is not installed.
    """
    write: Write = import_module(f".{name}", __package__).write
    return write
