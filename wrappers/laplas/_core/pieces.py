"""Regroup text that comes in pieces, so that no piece ends inside a character. No I/O."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# What belongs to the character before it, apart from marks.
_TRAILERS: Final = re.compile(
    "[\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\uff9e\uff9f]"
)
_FLAGS: Final = re.compile("[\U0001f1e6-\U0001f1ff]*\\Z")
_JAMO: Final = re.compile(
    "[\u1100-\u115f\ua960-\ua97c][\u1100-\u11ff\ua960-\ua97c\uac00-\ud7a3]"
    "|[\u1160-\u11ff\uac00-\ud7a3\ud7b0-\ud7fb][\u1160-\u11ff\ud7b0-\ud7fb]"
)
_ENDS: Final = tuple(" \n\t.,:;!?)")
"""A piece that ends with one of these is not held back: no language puts marks on them."""
_TAIL: Final = 64
"""Characters that are looked back at."""


def joined(pieces: Iterable[str]) -> str:
    """Join texts; halves of a surrogate pair that meet become one character."""
    text = "".join(pieces)
    if not _PAIR.search(text):
        return text
    return _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


class WholePieces:
    """Holds the last piece back until the next one shows that its last character is complete."""

    def __init__(self) -> None:
        self._held: list[str] = []
        self._tail = self._half = ""
        self._kind: type[str] = str

    def add(self, piece: str) -> Iterator[str]:
        """Take a piece, and yield what is complete."""
        if type(piece) is not self._kind:
            yield from self.rest()
            self._kind = type(piece)
        text = joined((self._half, piece))
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        text = text.removesuffix(self._half)
        size = next((i for i in range(len(text)) if not self._goes_on(text, i)), len(text))
        self._hold(text[:size])
        if size < len(text):
            yield from self._release()
            self._hold(text[size:])
        if self._tail.endswith(_ENDS) and not self._half:
            yield from self._release()

    def rest(self) -> Iterator[str]:
        """Yield what is held, at the end of the text."""
        self._hold(self._half)
        self._half = ""
        yield from self._release()

    def _hold(self, text: str) -> None:
        if text:
            self._held.append(text)
            self._tail = (self._tail + text)[-_TAIL:]

    def _release(self) -> Iterator[str]:
        text, self._held, self._tail = "".join(self._held), [], ""
        if text:
            yield self._kind(text)

    def _goes_on(self, text: str, index: int) -> bool:
        """Tell whether this one belongs to the character before it."""
        before, this = (self._tail + text[max(0, index - _TAIL) : index])[-_TAIL:], text[index]
        if not before:
            return False
        last = before[-1]
        if unicodedata.category(last) in ("Cc", "Zl", "Zp"):
            return last == "\r" and this == "\n"
        kind = unicodedata.category(this)
        return bool(
            kind in ("Mn", "Mc", "Me")
            or _TRAILERS.match(this)
            or (last == "\u200d" and kind in ("So", "Sm", "Cn"))  # emoji, also of later versions
            or (unicodedata.combining(before.rstrip("\u200d")[-1:] or "a") == 9 and kind == "Lo")
            or ("\U0001f1e6" <= this <= "\U0001f1ff" and len(_FLAGS.findall(before)[0]) % 2)
            or _JAMO.fullmatch(last + this)
        )
