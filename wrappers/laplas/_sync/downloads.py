# Derived from ../_async/downloads.py by tools/derive_sync.py; do not edit.
"""Answers whose bodies you read as you like: files, and `with_streaming_response`."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import IncrementalNewlineDecoder
from typing import IO, Any, Final, Self, TypeVar

from .._core.request import CHECKER
from .._core.response import (
    RawResponse,
    Response,
    connection_error,
    decode_response,
    parse_json,
)
from .._core.retry import TransportFailure
from ..errors import InvalidArgumentError, annotate_error
from ..generated import Call, hide_internal_frames
from .concurrency import run_in_thread
from .transport import ByteStream, as_httpx, unread

T = TypeVar("T")

READ_AT_ONCE: Final = 8 * 1024 * 1024
"""Bytes of a file that a call reads before it returns; a failure until then is retried."""
WRITE_SIZE: Final = 1024 * 1024
"""Bytes that are written to a file at a time."""


class _Stream(ByteStream):
    """A body for callers: what breaks it is raised as an error of this package."""

    limit: int | None = None
    """Bytes that may come; None for no limit."""
    is_closed = False

    def __init__(self, call: Call[Any], response: Response) -> None:
        self._call = call
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        call, response = self._call, self._response
        came = 0
        try:
            for piece in response.stream:
                came += len(piece)
                if self.limit is not None and came > self.limit:
                    problem = f"the answer is over {self.limit} bytes: stream it to a file"
                    raise TransportFailure("too_large", problem)
                yield piece
            if self.is_closed:
                raise TransportFailure("truncated", "it was closed before its end")
            return
        except TransportFailure as broken:
            error = connection_error(broken, response.echoes.hide(broken.text))
        finally:
            self.close()
        took_effect = call.effect != "read"
        raise annotate_error(error, call, response.attempts, response.elapsed, took_effect)

    def close(self) -> None:
        self.is_closed = True
        self._response.stream.close()


def _checked(size: int | None) -> Any:
    if size is not None:
        CHECKER.value({"type": "integer", "minimum": 1}, size, "chunk_size")
    return size


@contextmanager
def _replacing(file: Any) -> Iterator[IO[bytes]]:
    """Open a new file that gets this name when the block succeeds."""
    try:
        path = os.path.realpath(os.fsdecode(file))
    except (TypeError, ValueError):
        raise InvalidArgumentError("file", "must be a path: a str or a pathlib.Path") from None
    if os.path.exists(path) and not os.path.isfile(path):  # a device, which has no copy
        with open(path, "wb") as target:
            yield target
        return
    part = os.path.join(os.path.dirname(path), f".{secrets.token_hex(8)}.part")
    try:
        with open(part, "xb") as target:
            yield target
        if os.path.exists(path):
            shutil.copymode(path, part)
        os.replace(part, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(part)
        raise


class _Unread(RawResponse[T]):
    """An answer whose body may be still to come."""

    def __init__(self, call: Call[Any], response: Response) -> None:
        super().__init__(call, response)
        self._stream = _Stream(call, response)
        self._http = as_httpx(response, self._stream)

    @property
    def is_closed(self) -> bool:  # type: ignore[override]
        """Whether the connection was released."""
        return self._http.is_closed

    def read(self) -> bytes:
        """Read the body to its end and return it. You may call it again.

        Raises:
            APIConnectionError: The body broke, or is larger than the client's `max_response_bytes`.
        """
        self._stream.limit = self._response.limit
        content = unread(self._http, self._response).read()
        if self._response.stream is not None:  # no longer to be held
            whole = self._response._replace(content=content, stream=None)
            _Unread.__init__(self, self._call, whole)
        return content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Iterate over the body, once: as it comes, or `chunk_size` bytes at a time."""
        return unread(self._http, self._response).iter_bytes(_checked(chunk_size))

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Iterate over the body, once, as text; what is not UTF-8 is replaced."""
        return unread(self._http, self._response).iter_text(_checked(chunk_size))

    def iter_lines(self) -> Iterator[str]:
        """Iterate over the body, once, by lines, without their ends."""
        newlines = IncrementalNewlineDecoder(None, translate=True)  # not what JSON may have in it
        held: list[str] = []
        for text in unread(self._http, self._response).iter_text():
            first, *others = newlines.decode(text).split("\n")
            held.append(first)
            for line in others:
                yield "".join(held)
                held = [line]
        if last := "".join(held) + newlines.decode("", True):
            yield last.removesuffix("\n")

    def stream_to_file(self, file: str | os.PathLike[str], *, chunk_size: int = WRITE_SIZE) -> None:
        """Write the body to a file of any size; only one piece is held in memory.

        A temporary file next to it is written, in a thread if this is async, and renamed at the
        end: after an error the old file is still there.

        Args:
            file: The path. An existing file is replaced, but its permissions are kept.
            chunk_size: Bytes that are written at a time. Default 1 MiB.

        Raises:
            InvalidArgumentError: `file` is not a path.
            OSError: The file cannot be written.
            APIConnectionError: The body broke.
        """
        with _replacing(file) as target:
            pieces = self.iter_bytes(chunk_size)
            with self:
                for piece in pieces:
                    run_in_thread(partial(target.write, piece))

    def close(self) -> None:
        """Release the connection; what was read is kept. You may call this again."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@hide_internal_frames
class StreamedResponse(_Unread[T]):
    """An answer whose body you read within ``with``, as you like."""

    def text(self) -> str:  # type: ignore[override]
        """Read the body as text; what is not UTF-8 is replaced."""
        return str(self.read(), "utf-8", "replace")

    def json(self) -> Any:
        """Read the body as JSON; raises ValueError where it is not JSON."""
        return parse_json(self.read())

    def parse(self) -> T:  # type: ignore[override, unused-ignore]
        """Read the body, and return what the plain call would have returned."""
        call: Call[Any] = self._call
        parsed: Any
        if call.streams:
            from .streams import EventStream, event_source

            parsed = EventStream(call, self._response, event_source())
        elif call.model is bytes:
            parsed = BinaryContent(call, self._response)
        else:
            self.read()
            parsed = decode_response(call, self._response)
        result: T = parsed
        return result


@hide_internal_frames
class BinaryContent(_Unread["BinaryContent"]):
    """The bytes of a file: read them whole, piece by piece, or into a file.

    The call reads the first 8 MiB. A larger file keeps its connection until you
    read or close it: use ``with``.
    """

    @property
    def content(self) -> bytes:
        """All bytes, up to the client's `max_response_bytes`."""
        return self.read()

    def parse(self) -> BinaryContent:
        """Return this."""
        return self

    write_to_file = _Unread.stream_to_file
