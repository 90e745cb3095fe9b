"""Undo the compression of an answer as it comes, and never more of it than is accepted."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any, Final

from .retry import TransportFailure

PIECE: Final = 64 * 1024
"""Bytes that are inflated at a time."""

_NO_CODINGS: Final = frozenset({"", "identity", "none", "utf-8"})
"""Names that servers give although nothing is coded."""
_GZIP_MAGIC: Final = b"\x1f\x8b"


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
        names = (name.strip() for name in coding.lower().split(","))
        self._coding = ", ".join(name for name in names if name not in _NO_CODINGS)
        self._begun = False
        self._inflate: Any = None
        if self._coding in ("gzip", "x-gzip", "deflate"):
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # tells the two apart

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what a chunk holds; raises TransportFailure if it is unreadable or too much."""
        if self._inflate is None:
            if self._coding:
                raise TransportFailure("undecodable", f"the answer is coded as {self._coding}")
            yield self._counted(chunk)
            return
        self._left_coded -= len(chunk)  # what inflates to nothing must end some time, too
        if self._left_coded < 0:
            raise self._too_large()
        while chunk:
            if self._inflate.eof:
                if chunk[:2] != _GZIP_MAGIC:
                    return  # padding
                self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # another gzip member
            try:
                piece = self._inflate.decompress(chunk, PIECE)
            except zlib.error as error:
                if not self._is_raw_deflate():
                    raise TransportFailure("undecodable", f"the answer is no {error}") from None
                continue
            self._begun = True
            chunk = self._inflate.unconsumed_tail or self._inflate.unused_data
            yield self._counted(piece)

    def _is_raw_deflate(self) -> bool:
        """Turn to deflate without its header, which some servers mean, if nothing is read yet."""
        if self._coding != "deflate" or self._begun:
            return False
        self._begun = True
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        return True

    def check_end(self) -> None:
        """Raise TransportFailure where the body ends before its compression does."""
        begun = self._left_coded < self._most
        if begun and not self._inflate.eof:
            raise TransportFailure("truncated", "the answer's compression is cut")

    def _counted(self, piece: bytes) -> bytes:
        self._left -= len(piece)
        if self._left < 0:
            raise self._too_large()
        return piece

    def _too_large(self) -> TransportFailure:
        return TransportFailure("too_large", f"the answer is over {self._most} bytes")


def is_event_stream(headers: Any) -> bool:
    """Tell whether an answer with these headers is meant to be read as it comes."""
    return "text/event-stream" in headers.get("content-type", "")
