"""Decide whether to try again, and after how long: pure functions, no I/O and no clock.

The table these functions implement is in ``docs/retries.md``.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from ..generated import Effect

if TYPE_CHECKING:
    from .config import RetryPolicy

Failure = Literal[
    "connect", "connect_timeout", "pool_timeout", "unsent", "deadline",
    "write", "write_timeout", "read", "read_timeout", "truncated", "undecodable", "too_large",
]  # fmt: skip
"""Where an exchange broke without a complete answer; "deadline" means before it was sent."""

NEVER_SENT: Final = frozenset({"connect", "connect_timeout", "pool_timeout", "unsent", "deadline"})
"""Failures after which the server cannot have seen the request."""

TIMEOUTS: Final = frozenset(
    {"connect_timeout", "pool_timeout", "write_timeout", "read_timeout", "deadline"}
)

_FINAL: Final = frozenset({"unsent", "deadline", "undecodable", "too_large"})
"""Failures that the same request would meet again."""
_HOPELESS: Final = re.compile(
    r"\[SSL: (?!UNEXPECTED_EOF)|certificate|InvalidContentType"  # TLS, by OpenSSL and by rustls
    r"|ProxyError: 4\d\d|proxy auth|Invalid username|invalid dns name"
)
"""What is said of connections that cannot be made: untrusted, no TLS, refused by a proxy."""

_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_HTTP_DATE: Final = re.compile(
    r"([A-Za-z]{3,9}, )?[0-9]{1,2}[ -][A-Za-z]{3}[ -][0-9]{2,4} [0-9:]{8} (GMT|UTC|[+-][0-9]{4})"
    r"|[A-Za-z]{3} [A-Za-z]{3} [ 0-9][0-9] [0-9:]{8} [0-9]{4}"  # asctime, the third of RFC 9110
)

_RETRIED_STATUSES: Final = frozenset({408, 409, 425, 429})
_FINAL_SERVER_STATUSES: Final = frozenset({501, 505, 511})


class TransportFailure(Exception):
    """An exchange broke: no complete answer came. Never leaves this package.

    Attributes:
        failure: Where it broke.
        text: What the HTTP library said, without credentials.
        is_final: Whether the same request would meet it again.
    """

    def __init__(self, failure: Failure, text: str) -> None:
        super().__init__(text)
        self.failure: Failure = failure
        self.text = text
        hopeless = failure == "connect" and _HOPELESS.search(text) is not None
        self.is_final = hopeless or failure in _FINAL

    @classmethod
    def of(cls, failure: Failure, error: BaseException) -> TransportFailure:
        """Make one of an error of the HTTP library or the operating system."""
        return cls(failure, f"{type(error).__name__}: {error}".rstrip(": "))


class Outcome(NamedTuple):
    """The outcome of an attempt, as far as a retry depends on it: a failure, or a status."""

    failure: Failure | None = None
    status: int = 0
    headers: Mapping[str, str] = {}
    is_final: bool = False


def is_replayable(effect: Effect, outcome: Outcome) -> bool:
    """Tell whether sending the same request again is safe and may help.

    A create is only repeated where the server cannot have seen it (no connection), or where its
    answer is taken for a refusal (429, and 503 with Retry-After).
    """
    if outcome.failure is not None:
        if outcome.is_final or outcome.failure in _FINAL:
            return False
        return effect != "create" or outcome.failure in NEVER_SENT
    if outcome.status < 400:
        return False
    verdict = outcome.headers.get("x-should-retry", "").strip().lower()
    if verdict == "false":
        return False
    status = outcome.status
    if effect == "create":
        return status == 429 or (status == 503 and "retry-after" in outcome.headers)
    may_pass = status >= 500 and status not in _FINAL_SERVER_STATUSES
    return verdict == "true" or may_pass or status in _RETRIED_STATUSES


def may_have_taken_effect(effect: Effect, outcome: Outcome) -> bool:
    """Tell whether the server may have carried out a request whose caller gets an error.

    What invites to try again (429, say) may come from a proxy or a server that has done it all
    the same; only a refusal for good tells that nothing was done.
    """
    if effect == "read":
        return False
    if outcome.failure is not None:
        return outcome.failure not in NEVER_SENT
    status = outcome.status
    # 2xx: success that could not be read. A 303 says where the result is; of 301 and 302 servers
    # have meant that, too. 499: a proxy's word for a caller that hung up.
    is_open = status < 300 or status >= 499 or status in (301, 302, 303, *_RETRIED_STATUSES)
    return is_open or is_replayable("repeatable", outcome)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read how many seconds the server asks to wait: ``retry-after-ms``, or ``Retry-After``.

    Returns None where neither is given or neither can be read; never less than 0.
    """
    for name, parts in (("retry-after-ms", 1000), ("retry-after", 1)):
        text = headers.get(name, "").strip(" \t")
        if _NUMBER.fullmatch(text):
            return float(text) / parts
    when = parse_time(headers.get("retry-after"))
    if when is None:
        return None
    # By the server's own clock, where it tells it: this one may be wrong.
    now = parse_time(headers.get("date")) or now
    return max(0.0, (when - now).total_seconds())


def parse_time(value: object) -> datetime | None:
    """Parse an HTTP date or an ISO 8601 text to an aware datetime; None where it is neither."""
    if not isinstance(value, str) or len(value) > 100:
        return None
    # 40 ms to import, and hardly ever needed. Its types are a package of their own.
    from dateutil import parser  # type: ignore[import-untyped, unused-ignore]

    # dateutil's own idea of a date is wide: "mon" and "10:00" are dates to it.
    parse = parser.parse if _HTTP_DATE.fullmatch(value.strip()) else parser.isoparse
    try:
        when: datetime = parse(value.strip())
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def delay_before_retry(
    policy: RetryPolicy,
    retries_done: int,
    requested: float | None,
    elapsed: float,
    deadline: float | None,
    draw: Callable[[], float] = random.random,
    least: float = 0.0,
) -> float | None:
    """Choose the seconds to wait before the next attempt; None: do not try again.

    Args:
        requested: What the server asked for, from `retry_after`, or None.
        elapsed, deadline: Seconds from the first attempt until now, and until the end or None.
        draw: A number from 0 to 1, for the full jitter.
        least: Seconds that are to pass in any case.
    """
    if retries_done >= policy.max_retries or (requested or 0) > policy.max_retry_after:
        return None
    delay = requested
    if delay is None:
        # The exponent is bounded so that a huge max_retries cannot overflow a float.
        delay = draw() * min(policy.max_delay, policy.base_delay * 2 ** min(retries_done, 30))
    delay = max(delay, least)
    latest = policy.max_total if deadline is None else min(policy.max_total, deadline)
    return delay if elapsed + delay < latest else None
