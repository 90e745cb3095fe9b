"""Take files in the forms that callers have them, and write the form that carries one.

A file is read piece by piece while it is sent, from its start in each attempt. No other I/O.
"""

from __future__ import annotations

import inspect
import io
import json
import os
import re
import secrets
import shlex
from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from typing import Any, Final

from ..errors import InvalidArgumentError
from .interruptions import raise_interruption

PIECE: Final = 256 * 1024
"""Bytes of a file that are read at a time."""
_UNTYPED: Final = "application/octet-stream"
_MEDIA_TYPE: Final = re.compile(r"[\w.+-]+/[\w.+-]+(; *[\w.+-]+=[\w.+-]+)*", re.ASCII)
_TAKEN: Final = (
    "must be a path, bytes or a file opened in binary mode, "
    "or a tuple (name, content) or (name, content, type) of those"
)


class FileContent:
    """What is in a file that can be read more than once: a path's, or an open one's.

    As many bytes as there were when it was made are read, so that a file that grows meanwhile
    does no harm.
    """

    def __init__(self, source: Any, size: int) -> None:
        self.source = source
        self._size = size

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        problem = "it became shorter"
        sent = 0
        try:
            is_open = hasattr(self.source, "read")
            with nullcontext(self.source) if is_open else open(self.source, "rb") as file:
                while sent < self._size:
                    file.seek(sent)  # each time: somebody else may use it, too
                    wanted = min(PIECE, self._size - sent)
                    piece = bytes(file.read(wanted))[:wanted]
                    if not piece:
                        break
                    yield piece
                    sent += len(piece)
        except Exception as error:  # of the caller's own class of file: anything can happen
            raise_interruption(error)
            problem = f"{type(error).__name__}: {error}"
        if sent != self._size:
            raise OSError(f"the file cannot be read to its end: {problem}")


def convert_file(file: Any, argument: str, most: int = -1) -> tuple[object, Any, str]:
    """Return the name, the content (of a device, up to `most` bytes) and the type of a file.

    Raises:
        InvalidArgumentError: It is nothing of the kind, or cannot be read.
    """
    name, content, media_type = None, file, None
    if isinstance(file, tuple):
        if len(file) not in (2, 3):
            raise InvalidArgumentError(argument, _TAKEN)
        name, content, media_type = (*file, None)[:3]
        if isinstance(content, str):
            problem = "a str may be a path or a text: give a pathlib.Path, or its bytes"
            raise InvalidArgumentError(argument, problem)
    if media_type is None:
        media_type = _UNTYPED
    elif not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type):
        raise InvalidArgumentError(f"{argument} type", "must be a media type such as 'text/csv'")
    try:
        name = _name_of(content) if name is None else name
        return name, _read(content, argument, most), media_type
    except InvalidArgumentError:
        raise
    except Exception as error:  # see above
        raise_interruption(error)
        problem = f"cannot be read: {type(error).__name__}: {error}"
    raise InvalidArgumentError(argument, problem)


def _name_of(content: Any) -> str:
    """Return the name that a path or an open file has; other things than text are no names."""
    path = content if isinstance(content, str | os.PathLike) else getattr(content, "name", None)
    name = os.path.basename(os.fsdecode(path)) if isinstance(path, str | os.PathLike) else ""
    return "file" if not name or re.fullmatch("<.*>", name) else name


def _read(content: Any, argument: str, most: int) -> Any:
    """Return bytes, or a `FileContent` for what need not be held in memory."""
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content)
    if type(content) is io.BytesIO:
        return content.getvalue()
    if isinstance(content, str | os.PathLike):
        with open(content, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            # Pipes and what the system makes up while it is read say that they hold nothing.
            return FileContent(content, size) if size else file.read(most)
    if not callable(getattr(content, "read", None)):
        raise InvalidArgumentError(argument, f"{_TAKEN}, not {type(content).__name__}")
    if inspect.iscoroutinefunction(content.read):
        raise InvalidArgumentError(argument, "must be read without await: use open(), or its bytes")
    length = _size_of(content)
    data = content.read(0) if length else content.read()
    if not isinstance(data, bytes | bytearray | memoryview):
        problem = f"must be opened in binary mode: read() gave {type(data).__name__}, not bytes"
        raise InvalidArgumentError(argument, problem)
    if length is None and not data:
        problem = "nothing is left to read, and it cannot be rewound: give b'' for an empty file"
        raise InvalidArgumentError(argument, problem)
    return FileContent(content, length) if length else bytes(data)


def _size_of(file: Any) -> int | None:
    """Return how many bytes an open file holds; None where it cannot be rewound."""
    with suppress(AttributeError, TypeError, OSError):  # io.UnsupportedOperation is an OSError
        seekable = getattr(file, "seekable", None)
        if seekable is None or seekable():
            file.seek(0, os.SEEK_END)
            size: int = file.tell()
            file.seek(0)
            return size
    return None


class Form:
    """A form as ``multipart/form-data``: its bytes as they are sent, and how many.

    Attributes:
        problem: Why its bytes came to an early end: an HTTP library may say so in words of its own.
    """

    problem = ""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        boundary = secrets.token_hex(16)
        self.content_type = f"multipart/form-data; boundary={boundary}"
        flat = [pair for name, value in fields.items() for pair in _flatten(name, value)]
        self._fields = sorted(flat, key=lambda pair: isinstance(pair[1], tuple))  # files last
        self._pieces: list[Any] = []
        for field, value in self._fields:
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quote(field)}"'
            content = value
            if isinstance(value, tuple):
                name, content, media_type = value
                head += "" if name is None else f'; filename="{_quote(name)}"'
                head += f"\r\nContent-Type: {media_type}"
            content = content.encode() if isinstance(content, str) else content
            self._pieces += [f"{head}\r\n\r\n".encode(), content, b"\r\n"]
        self._pieces.append(f"--{boundary}--\r\n".encode())

    def __len__(self) -> int:
        return sum(map(len, self._pieces))

    def __iter__(self) -> Iterator[bytes]:
        self.problem = ""
        try:
            for piece in self._pieces:
                yield from [piece] if isinstance(piece, bytes) else piece
        except OSError as error:
            self.problem = str(error)
            raise

    def curl(self) -> list[str]:
        """Return curl's arguments for this form; an open file is curl's input.

        Empty where all of it is in memory: then its bytes say the same.
        """
        if all(isinstance(piece, bytes) for piece in self._pieces):
            return []
        words = []
        for field, value in self._fields:
            if not isinstance(value, tuple):
                words += ["--form-string", shlex.quote(f"{field}={value}")]
                continue
            name, content, media_type = value
            if name is None:
                words += ["-F", shlex.quote(f"{field}={content.decode()};type={media_type}")]
                continue
            source = getattr(content, "source", None)
            path = os.fsdecode(source) if isinstance(source, str | os.PathLike) else "-"
            said = f'{field}=@"{_quote(path)}";filename="{_quote(name)}";type={media_type}'
            words += ["-F", shlex.quote(said)]
        return words


def _flatten(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the parts of a field: a list is repeated, and JSON is what is no text and no file."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            yield name, (None, json.dumps(each).encode(), "application/json")
        else:
            yield name, each if isinstance(each, tuple | str) else json.dumps(each)


def _quote(name: str) -> str:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return quoted.replace("\r", " ").replace("\n", " ")
