"""Tell what calls do: events, and the log that is made of them."""

from __future__ import annotations

import codecs
import logging
import os
import re
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from inspect import iscoroutinefunction
from typing import Any, Final

from attrs import define, fields, frozen

from ..errors import ConfigurationError
from ..generated import NOT_GIVEN
from .config import CREDENTIALS, Echoes

# A constant, not __name__: logs keep their name wherever the package is copied to.
log = logging.getLogger("laplas")
LONGEST_BODY: Final = 2000
"""Bytes of a body that are logged."""


@frozen
class CallEvent:
    """What happened in a call; `str` makes its line in the log.

    Attributes:
        operation: The operation's name in the document, such as ``"create_message"``.
        attempt: From 1; of an end, how many there were; of a wait that is not for a retry, 0.
        seconds: How long it took; of a wait, how long it will be.
        reason: What went wrong, or what is waited for: see ``docs/logging.md``; else None.
        status: The HTTP status, or None.
        bytes: The size of the body, decompressed; None where a stream begins.
        request_id: The server's id for the exchange, or None.
    """

    operation: str
    attempt: int
    seconds: float
    reason: str | None = None
    status: int | None = None
    bytes: int | None = None
    request_id: str | None = None

    def __str__(self) -> str:
        told = {each.name: getattr(self, each.name) for each in fields(type(self))[1:]}
        told["seconds"] = round(self.seconds, 3)
        said = " ".join(f"{name}={value}" for name, value in told.items() if value is not None)
        kind = type(self).__name__.removesuffix("Event").lower()
        return _in_line(f"{self.operation} {kind}: {said}")


class AttemptEvent(CallEvent):
    """An attempt got its answer (of a stream, the beginning), or failed."""


class WaitEvent(CallEvent):
    """A wait begins."""


class EndEvent(CallEvent):
    """A request is over, with all its attempts; for a stream, when the stream is."""


OnEvent = Callable[[CallEvent], None] | Callable[[CallEvent], Awaitable[None]]


@define(eq=False)
class Listener:
    """What a caller gave as ``on_event=``, and whether it has failed."""

    call: Callable[[CallEvent], Any]
    has_failed: bool = False


def listener_of(given: Any, takes_async: bool) -> Any:
    """Check an ``on_event``; return a `Listener`, or None or NOT_GIVEN as given."""
    if given is None or given is NOT_GIVEN:
        return given
    if not callable(given):
        raise ConfigurationError("on_event", f"must be callable, not {type(given).__name__}")
    function = given.func if isinstance(given, partial) else given
    is_async = iscoroutinefunction(function) or iscoroutinefunction(type(function).__call__)
    if is_async and not takes_async:
        raise ConfigurationError("on_event", "is async: that needs AsyncLaplas")
    return Listener(given)


_applied = ""


def set_up_log() -> None:
    """Log what ``LAPLAS_LOG`` says: to stderr, unless the application has a handler."""
    global _applied
    level = os.environ.get("LAPLAS_LOG", "").strip().lower()
    if level in ("", _applied):
        return
    if level not in ("info", "debug", "bodies"):
        raise ConfigurationError("LAPLAS_LOG", f"must be info, debug or bodies, not {level!r}")
    _applied = level
    log.setLevel(logging.INFO if level == "info" else logging.DEBUG)
    if all(handler.name != _StderrHandler.__name__ for handler in log.handlers):
        log.addHandler(_StderrHandler())
    if level == "bodies":
        log.warning("LAPLAS_LOG=bodies: the lines that follow may hold private text")


class _StderrHandler(logging.StreamHandler[Any]):
    name = "_StderrHandler"  # by which copies of this package know it

    def emit(self, record: logging.LogRecord) -> None:
        others = (*log.handlers, *(logging.getLogger().handlers if log.propagate else ()))
        if all(handler.name == self.name for handler in others):
            self.stream = sys.stderr
            self.setFormatter(logging.Formatter("%(asctime)s %(name)s %(levelname)s: %(message)s"))
            super().emit(record)


def log_body(what: str, content: Any, echoes: Echoes, ends: bool = True) -> bytes:
    """Log a body, if ``LAPLAS_LOG`` wants it; return a last line that has not ended yet."""
    rest = b""
    if _applied == "bodies":
        if not ends and len(content) < LONGEST_BODY:  # half of a secret is not known as one
            content, _, rest = content.rpartition(b"\n")
        if content != b"" or ends:
            log.debug("%s %s", what, show_body(content, echoes))
    return rest


_WORD: Final = f"(?:{'|'.join(CREDENTIALS)})"
_FLAT: Final = r"[^\[\]{}]"
_LISTS: Final = rf"(?:{_FLAT}|[\[{{][^\]}}]*[\]}}]?)*+"
_NESTED: Final = rf"(?:{_FLAT}|[\[{{](?:{_FLAT}|[\[{{]{_LISTS}[\]}}]?)*+[\]}}]?)*+"
_SECRETS: Final = (  # not compiled before they are needed
    (r"://[^/\s\"'@]*@", "://***@"),
    # As in URLs, forms and headers.
    (rf"((?<![\w.%-])[\w.%-]*{_WORD}[\w.%-]*[=:] ?)(?:(?:basic|bearer) )?[^&\s\"'<>\\]+", r"\1***"),
    # As in JSON, also in JSON that is a string of other JSON.
    (rf"""((\\*["'])(?:(?!\2).)*{_WORD}(?:(?!\2).)*\2\s*:\s*)"""
     rf"""(?:(\2).*?((?<!\\)\2|\\*\Z)|[\[{{]{_NESTED}[\]}}]?"""
     r"""|(?<!tokens["']:)(?<!tokens["']:\s)-?\d[\w.+-]*)""", r"\1\3***\4"),
)  # fmt: skip
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def _in_line(text: str) -> str:
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)


def show_body(content: Any, echoes: Echoes) -> str:
    """Return the beginning of a body in one line, with what is or sounds like a secret hidden."""
    if not isinstance(content, bytes):
        return "no body" if content is None else f"a form of {len(content)} bytes"
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(content[:LONGEST_BODY])
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        return f"{len(content)} bytes that are not text"
    text = echoes.hide(text)
    for pattern, instead in _SECRETS:
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE | re.DOTALL)
    text = _in_line(text)
    return text if len(content) <= LONGEST_BODY else f"{text}... ({len(content)} bytes)"
