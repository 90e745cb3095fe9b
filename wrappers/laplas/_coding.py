"""The compression of an answer undone as it comes, and never more of it than is accepted."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

from ._engine import BrokenStream

PIECE: Final = 64 * 1024
"""Bytes that are inflated at a time."""


class Decoder:
    """Undoes one body's content coding, up to the most that is accepted.

    An HTTP library would undo a whole chunk at once, and as many codings on top of each other as
    a server cares to name; a few bytes could fill the memory before anybody counted.

    Args:
        coding: The Content-Encoding header.
        most: Bytes above which the body is too large.
    """

    def __init__(self, coding: str, most: int) -> None:
        self._most = most
        self._left = most
        self._left_coded = most
        self._coding = coding.strip().lower()
        self._inflate: Any = None
        if self._coding in ("gzip", "x-gzip", "deflate"):
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # tells the two apart

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What a chunk holds; raises BrokenStream where it cannot be read or is too much."""
        if self._inflate is None:
            if self._coding not in ("identity", ""):
                raise BrokenStream("undecodable", f"the answer is coded as {self._coding}")
            yield self._counted(chunk)
            return
        self._left_coded -= len(chunk)  # what inflates to nothing must end some time, too
        if self._left_coded < 0:
            raise self._too_large()
        while chunk and not self._inflate.eof:
            try:
                piece = self._inflate.decompress(chunk, PIECE)
            except zlib.error as error:
                raise BrokenStream("undecodable", f"the answer is no {error}") from None
            chunk = self._inflate.unconsumed_tail
            yield self._counted(piece)

    def check_end(self) -> None:
        """Raise BrokenStream where the body ends before its compression does."""
        begun = self._left_coded < self._most
        if begun and not self._inflate.eof:
            raise BrokenStream("truncated", "the answer's compression is cut")

    def _counted(self, piece: bytes) -> bytes:
        self._left -= len(piece)
        if self._left < 0:
            raise self._too_large()
        return piece

    def _too_large(self) -> BrokenStream:
        return BrokenStream("too_large", f"the answer is over {self._most} bytes")


def is_event_stream(headers: Any) -> bool:
    """Whether an answer with these headers is meant to be read as it comes."""
    return "text/event-stream" in headers.get("content-type", "")
