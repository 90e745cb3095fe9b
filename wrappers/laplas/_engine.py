"""One logical call as a plan: a generator that says what to do next and is told how it went.

The plan holds all the policy and does no I/O. `Laplas` and `AsyncLaplas` carry plans out, each
with its own way of sending and waiting, so that no decision is ever written twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from ._call import Call, Request, Response, build_request, status_error, told
from ._errors import APIConnectionError, APIStatusError, APITimeoutError, InvalidArgumentError
from ._options import CallOptions, Options, Timeout, checked_timeout, seconds
from ._retry import (
    TIMEOUTS,
    Failure,
    Outcome,
    RetryPolicy,
    delay_before_retry,
    is_replayable,
    may_have_taken_effect,
    retry_after,
    with_retries,
)

T = TypeVar("T")

# A constant, not __name__: logs keep their name wherever the package is copied to.
log = logging.getLogger("laplas")


class Send(NamedTuple):
    """Send the request; answer with the Response, or with Broken."""

    request: Request
    timeout: Timeout
    stream: bool = False
    """Whether a successful answer's body is left for later."""


class Wait(NamedTuple):
    """Do nothing for a while; answer with None."""

    seconds: float


class Act(NamedTuple):
    """Call the caller's own functions; answer with a list of what each returned or raised."""

    functions: Sequence[Callable[[], Any]]


class Broken(NamedTuple):
    """No complete answer came: where it broke, and what the HTTP library said of it."""

    failure: Failure
    text: str

    @classmethod
    def by(cls, failure: Failure, error: Exception) -> Broken:
        """As an error tells it."""
        return cls(failure, f"{type(error).__name__}: {error}".rstrip(": "))


class BrokenStream(Exception):
    """An event stream broke while it was read; never leaves this package."""

    def __init__(self, failure: Failure, text: str) -> None:
        super().__init__(text)
        self.failure: Failure = failure
        self.text = text

    @property
    def broken(self) -> Broken:
        """The same for an answer that was to be whole."""
        return Broken(self.failure, self.text)


Plan = Generator[Send | Wait | Act, Any, T]


def exchange(call: Call[Any], options: Options, per_call: CallOptions) -> Plan[Response]:
    """The plan for an exchange: attempts, with waits between, until an answer or an error."""
    request = build_request(call, options, per_call)
    timeout = (
        checked_timeout(per_call["timeout"], InvalidArgumentError)
        if "timeout" in per_call
        else options.timeout
    )
    policy = policy_for(options, per_call)
    deadline = seconds("deadline", per_call["deadline"]) if "deadline" in per_call else None

    started = time.monotonic()
    elapsed = 0.0
    retries = 0
    ambiguous = False  # whether any attempt so far may have taken effect
    while True:
        reply = yield Send(request, _within(timeout, deadline, elapsed), call.streams)
        elapsed = time.monotonic() - started
        log.debug(
            "%s attempt %d: %s after %.3f s", call.operation, retries + 1, _said(reply), elapsed
        )
        if isinstance(reply, Response):
            gone = call.method == "DELETE" and reply.status == 404 and ambiguous
            if 200 <= reply.status < 300 or gone:
                return reply._replace(attempts=retries + 1, elapsed=elapsed)
        outcome = _outcome(reply)
        ambiguous = ambiguous or may_have_taken_effect(call.effect, outcome)
        delay = None
        if is_replayable(call.effect, outcome):
            asked = retry_after(outcome.headers, datetime.now(UTC))
            delay = delay_before_retry(policy, retries, asked, elapsed, deadline)
        if delay is None:
            raise told(_error(reply), call, retries + 1, elapsed, ambiguous)
        yield Wait(delay)
        retries += 1
        elapsed = time.monotonic() - started


def policy_for(options: Options, per_call: CallOptions) -> RetryPolicy:
    """How often and how long a call may try."""
    if "max_retries" not in per_call:
        return options.retry
    return with_retries(options.retry, per_call["max_retries"], InvalidArgumentError)


def _outcome(answer: Response | Broken) -> Outcome:
    if isinstance(answer, Broken):
        return Outcome(answer.failure)
    return Outcome(None, answer.status, answer.headers)


def _said(answer: Response | Broken) -> str:
    if isinstance(answer, Broken):
        return answer.failure
    return f"status {answer.status}, request id {answer.request_id}"


def _error(answer: Response | Broken) -> APIConnectionError | APIStatusError:
    if isinstance(answer, Response):
        return status_error(answer, datetime.now(UTC))
    cls = APITimeoutError if answer.failure in TIMEOUTS else APIConnectionError
    return cls(answer.text, answer.failure)


def _within(timeout: Timeout, deadline: float | None, elapsed: float) -> Timeout:
    """The timeout, cut where a deadline comes first."""
    if deadline is None:
        return timeout
    left = max(deadline - elapsed, 0.001)
    return Timeout(*(left if phase is None else min(phase, left) for phase in timeout))
