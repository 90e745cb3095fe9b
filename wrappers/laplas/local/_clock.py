"""The time of a server and the ids it gives: real and random, or as a test wants them."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import isfinite
from typing import Final, NamedTuple

_ALPHABET = string.ascii_letters + string.digits
_LAST_SECOND = 253_402_300_799  # the end of the year 9999, where `datetime` ends


class Clock:
    """The time that a server goes by: ``server.clock``. `created_at` and expiry follow it."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None

    @property
    def now(self) -> float:
        """The time it shows, in Unix seconds."""
        return time.time() + self._offset if self._frozen is None else self._frozen

    @property
    def is_frozen(self) -> bool:
        """Whether the time stands still."""
        return self._frozen is not None

    def freeze(self, at: float | None = None) -> None:
        """Stop the clock.

        Args:
            at: The time it shows from then on, in Unix seconds; by default the time it shows now.

        Raises:
            ValueError: That is no time from 1970 to 9999.
        """
        self.set(frozen=True, now=at)

    def advance(self, seconds: float) -> None:
        """Set the clock forward, frozen or not. Runs and files expire as if the time had passed.

        Raises:
            ValueError: `seconds` is less than 0, or the time would be after the year 9999.
        """
        self.set(advance=seconds)

    def set(
        self, *, frozen: bool | None = None, now: float | None = None, advance: float = 0
    ) -> None:
        """Do several things at once: show a time, go forward, then stand still or run.

        Raises:
            ValueError: A number makes no sense. Nothing is changed then.
        """
        shown = self.now if now is None else _checked("now", now)
        shown = _checked("advance", shown + _checked("advance", advance))
        if frozen or (frozen is None and self.is_frozen):
            self._frozen = shown
        elif now is not None or advance or self.is_frozen:
            self._offset, self._frozen = shown - time.time(), None

    def resume(self) -> None:
        """Let a frozen clock run again, from the time it shows."""
        self.set(frozen=False)

    def reset(self) -> None:
        """Show the real time again."""
        self._offset, self._frozen = 0.0, None


def _checked(name: str, value: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not (isfinite(value) and 0 <= value <= _LAST_SECOND):
        raise ValueError(f"{name}: give a number from 0 to {_LAST_SECOND}, got {value!r}")
    return float(value)


class Ids:
    """Where a server's ids come from: the same seed and the same requests give the same ids."""

    def __init__(self, seed: int | str | None, is_taken: Callable[[str], bool]) -> None:
        self._is_taken = is_taken
        self.set_seed(seed)

    def set_seed(self, seed: int | str | None) -> None:
        """Begin anew with that seed; None is for random ids.

        Raises:
            ValueError: It is neither a whole number nor text.
        """
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int | str)):
            raise ValueError(f"seed: give a whole number, text or None, got {seed!r}")
        self.seed = seed
        # Apart, so that a request that fails does not shift the ids of objects.
        self._objects, self._requests = (
            random.SystemRandom() if seed is None else random.Random(f"{what} {seed}")
            for what in ("objects", "requests")
        )

    def new(self, prefix: str) -> str:
        """Return an id of the vendor's form: prefix, underscore, 24 letters and digits."""
        start = "file-" if prefix == "file" else f"{prefix}_"
        while True:
            id_ = f"{start}{''.join(self._objects.choice(_ALPHABET) for _ in range(24))}"
            # Only a seed that begins anew on old data gives an id twice.
            if self.seed is None or not self._is_taken(id_):
                return id_

    def new_request_id(self) -> str:
        """Return the id of an answer."""
        return f"req_{self._requests.randbytes(16).hex()}"


class Source(NamedTuple):
    """Where times and ids come from."""

    clock: Clock
    ids: Ids


# Documents are made in many places, each for the one server that is at work in this thread.
_REAL: Final = Source(Clock(), Ids(None, lambda _: False))
_current = ContextVar("_current", default=_REAL)


@contextmanager
def use(source: Source) -> Iterator[None]:
    """Take times and ids from there within a `with` block."""
    token = _current.set(source)
    try:
        yield
    finally:
        _current.reset(token)


def new_id(prefix: str) -> str:
    """Return an id of the vendor's form: prefix, underscore, 24 letters and digits."""
    return _current.get().ids.new(prefix)


def new_request_id() -> str:
    """Return the id of an answer."""
    return _current.get().ids.new_request_id()


def now() -> int:
    """Return the server's time in whole Unix seconds, the unit of every timestamp."""
    return int(_current.get().clock.now)
