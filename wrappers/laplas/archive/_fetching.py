"""Ask a server at a pace that it takes, again where that helps, and read JSON token by token."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeVar

from .. import APIConnectionError, APIStatusError, LaplasError, RateLimitError, ServerError
from ._format import Document

T = TypeVar("T")

ATTEMPTS: Final = 6
"""How often a request is sent that meets a failure which may pass."""
ATTEMPTS_AT_LIMIT: Final = 30
"""How often a request is sent that the server puts off (429)."""
LONGEST_WAIT: Final = 30.0
"""Seconds between attempts, where the server asks for nothing else."""
LONGEST_OBEYED: Final = 900.0
"""Seconds that a server may ask to wait; one that asks for more has failed."""
FIRST_WAIT = 0.5
"""Seconds before the second attempt, at most; each further wait is twice as long."""
_PASSING: Final = frozenset({408, 409, 425})
_FINAL_KINDS: Final = frozenset({"too_large", "undecodable", "unsent"})


class Pace:
    """One rate for all workers: it halves together when the server says 429, and grows again.

    Args:
        rate: Requests a second at most; None for as many as the workers send.
    """

    def __init__(self, rate: float | None) -> None:
        self._least = 1 / rate if rate else 0.0
        self._interval = self._least
        self._next = 0.0
        self._usual = 0.05
        self._slowed_at = self._last = self._quiet_until = float("-inf")

    @property
    def rate(self) -> float | None:
        """Requests a second at present; None where nothing bounds them."""
        return 1 / self._interval if self._interval else None

    async def wait(self) -> float:
        """Wait for the next turn; returns the time of the event loop."""
        clock = asyncio.get_running_loop().time
        while (now := clock()) < self._next:
            await asyncio.sleep(self._next - now)
        self._next = max(self._next, now - self._interval) + self._interval
        return now

    def speed_up(self) -> None:
        """Note an answer: the rate grows by 3 % until it is what it was."""
        now = asyncio.get_running_loop().time()
        since = max(self._last, self._quiet_until)  # a pause says nothing of the usual pace
        if since < now and self._last > 0:
            self._usual += 0.05 * (now - since - self._usual)
        self._last = now
        if self._interval > self._least:
            grown = self._interval * 0.97
            self._interval = self._least if grown < max(self._least, 0.001) else grown

    def slow_down(self, sent_at: float, asked: float | None) -> None:
        """Note a 429: nobody sends before the time that the server asks for, then at half the rate.

        Those that were under way meanwhile do not halve it once more.
        """
        now = asyncio.get_running_loop().time()
        if sent_at > self._slowed_at:
            # Turns further apart than the server asks for would be of no use to it.
            longest = LONGEST_WAIT if asked is None else min(max(asked, 0.1), LONGEST_WAIT)
            self._interval = min(max(2 * self._interval, 2 * self._usual, 0.002), longest)
            self._interval = max(self._interval, self._least)
            self._slowed_at = now
        pause = max(self._interval, FIRST_WAIT) if asked is None else asked
        self._next = self._quiet_until = max(self._next, now + pause)


class Page(NamedTuple):
    """A page of a list: each item as its text and as what that says."""

    items: list[tuple[str, Document]]
    says_more: bool | None
    """What `has_more` says; None where it says neither true nor false."""


class Fetcher:
    """Sends requests until they are answered, or until it is clear that they will not be.

    Attributes:
        requests: How many were sent.
        answers: How many were answered as they should be.
    """

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.requests = self.answers = 0

    async def fetch(self, send: Callable[[], Awaitable[Any]], read: Callable[[bytes], T]) -> T:
        """Send a request, and again after 429, 5xx, broken connections and unreadable answers.

        Args:
            send: Sends it once; returns a `RawResponse`.
            read: Reads the body; raises ValueError where that cannot be read.

        Raises:
            LaplasError: The last failure.
            ValueError: The last answer cannot be read.
        """
        failures = put_off = 0
        while True:
            sent_at = await self.pace.wait()
            self.requests += 1
            problem: Exception
            try:
                result = read((await send()).content)
            except RateLimitError as error:
                put_off += 1
                if put_off >= ATTEMPTS_AT_LIMIT or (error.retry_after or 0) > LONGEST_OBEYED:
                    raise
                self.pace.slow_down(sent_at, error.retry_after)
                continue
            except (LaplasError, ValueError, RecursionError) as error:
                problem = error
            else:
                self.answers += 1
                self.pace.speed_up()
                return result
            failures += 1
            if failures >= ATTEMPTS or not _may_pass(problem):
                raise problem
            asked = getattr(problem, "retry_after", None)
            longest = min(FIRST_WAIT * 2**failures, LONGEST_WAIT)
            await asyncio.sleep(min(asked, LONGEST_OBEYED) if asked else random.random() * longest)


def _may_pass(problem: Exception) -> bool:
    """Tell whether the same request may be answered later."""
    if isinstance(problem, APIStatusError):
        return isinstance(problem, ServerError) or problem.status_code in _PASSING
    if isinstance(problem, APIConnectionError):
        return problem.kind not in _FINAL_KINDS
    return isinstance(problem, ValueError) and not isinstance(problem, LaplasError)


def describe(problem: Exception) -> str:
    """Return one line about an error, the same for the same error: without the request's id."""
    if isinstance(problem, APIStatusError):
        text = f"{problem.status_code} {problem.message}"
    elif isinstance(problem, LaplasError):
        text = f"{type(problem).__name__}: {problem.message}"
    elif isinstance(problem, RecursionError):
        text = "the answer is nested too deeply"
    else:
        text = f"{type(problem).__name__}: {problem}"
    return text[:500]


# ---- JSON without losses: parsed to be looked at, kept as it was written ----

_DECODER: Final = json.JSONDecoder()
_NO_BLANKS: Final = re.compile(r'(?:"(?:[^"\\]++|(?s:\\.))*+(?:"|\\?\Z)|[^" \t\r\n]++)++')
"""Strings, and what else stands between blanks."""


def _compact(content: bytes) -> str:
    """Return JSON without the blanks between its tokens; each token stays as it was written.

    Raises:
        ValueError: Only a blank stands between two values, as in ``[1 2]``.
    """
    pieces = _NO_BLANKS.findall(content.decode("utf-8-sig"))
    if any(a[-1] not in "[{:," and b[0] not in "]}:," for a, b in pairwise(pieces)):
        raise ValueError("the answer is no JSON: there is no comma between two values")
    return "".join(pieces)


def read_object(content: bytes) -> tuple[str, Document]:
    """Return an object's text, on one line, and what it says.

    A dict alone would not do: `1.10`, `1e400` and a key that comes twice would not be as received.

    Raises:
        ValueError: It is no JSON object.
    """
    text = _compact(content)
    value, end = _DECODER.raw_decode(text)
    if not isinstance(value, dict) or end != len(text):
        raise ValueError("the answer is no JSON object")
    return text, value


def read_page(content: bytes) -> Page:
    """Return the items of a list, in an envelope or bare.

    Raises:
        ValueError: It is no list of objects with ids.
    """
    text = _compact(content)
    if text[:1] == "[":
        items, end = _items_at(text, 0)
        if end != len(text):
            raise ValueError("there is something behind the list")
        return Page(items, None)
    members = {key: (at, value) for key, at, value in _members(text)}
    at, data = members.get("data", (0, None))
    if not isinstance(data, list):
        raise ValueError("the answer is no list: it has no array `data`")
    more = members.get("has_more", (0, None))[1]
    items, _ = _items_at(text, at)
    return Page(items, more if isinstance(more, bool) else None)


def member_text(text: str, name: str) -> str:
    """Return the text of a member of the object that a text is."""
    start = {key: at for key, at, _ in _members(text)}[name]
    return text[start : _DECODER.raw_decode(text, start)[1]]


def _members(text: str) -> Iterator[tuple[str, int, Any]]:
    """Yield an object's members: key, where the value begins, value."""
    _, end = _DECODER.raw_decode(text)  # raises for what is no JSON
    if text[:1] != "{" or end != len(text):
        raise ValueError("the answer is no JSON object")
    at = 1
    while at < end - 1:
        key, at = _DECODER.raw_decode(text, at)
        start = at + 1
        value, at = _DECODER.raw_decode(text, start)
        yield key, start, value
        at += 1


def _items_at(text: str, at: int) -> tuple[list[tuple[str, Document]], int]:
    """Read the array that begins at a place; returns its items and where it ends."""
    items: list[tuple[str, Document]] = []
    if text[at + 1 : at + 2] == "]":
        return items, at + 2
    while text[at : at + 1] in ("[", ","):
        start = at + 1
        item, at = _DECODER.raw_decode(text, start)
        if not isinstance(item, dict) or not isinstance(item.get("id"), str):
            raise ValueError("an item of the list is no object with an id")
        items.append((text[start:at], item))
    if text[at : at + 1] != "]":
        raise ValueError("the list is not closed")
    return items, at + 1
