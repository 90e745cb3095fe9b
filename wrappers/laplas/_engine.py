"""One logical call as a plan: a generator that says what to do next and is told how it went.

The plan holds all the policy and does no I/O. `Laplas` and `AsyncLaplas` carry plans out, each
with its own way of sending and waiting, so that no decision is ever written twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeVar

from ._call import ONCE_SLOT, Call, Once, Request, Response, build_request, decoded, status_error
from ._errors import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    BadRequestError,
    NotFoundError,
    UnparsableResponseError,
)
from ._options import CallOptions, Options, Timeout, checked_timeout, seconds
from ._paging import PageData, Walk
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


class Wait(NamedTuple):
    """Do nothing for a while; answer with None."""

    seconds: float


class Broken(NamedTuple):
    """No complete answer came: where it broke, and what the HTTP library said of it."""

    failure: Failure
    text: str


LOOK_PAGES: Final = 10
"""Pages of 100 that are looked through for a message whose answer was lost."""
LOOK_BACK: Final = 600.0
"""Seconds; beyond the newest page, messages older than this are not looked at."""

Plan = Generator[Send | Wait, Any, T]


def run(call: Call[T], options: Options, per_call: CallOptions) -> Plan[T]:
    """The plan for a call: its result, or an error that says how it went."""
    return _decoded(call, (yield from answer(call, options, per_call)))


def _decoded(call: Call[T], response: Response) -> T:
    try:
        return decoded(call, response)
    except UnparsableResponseError as error:
        told(error, call, response.attempts, response.elapsed, call.effect != "read")
        raise


def answer(call: Call[Any], options: Options, per_call: CallOptions) -> Plan[Response]:
    """The plan for a call's answer, whatever will be made of it."""
    if call.once is None:
        return (yield from exchange(call, options, per_call))
    return (yield from _exchange_once(call, call.once, options, per_call))


def exchange(call: Call[Any], options: Options, per_call: CallOptions) -> Plan[Response]:
    """The plan for an exchange: attempts, with waits between, until an answer or an error."""
    request = build_request(call, options, per_call)
    timeout = checked_timeout(per_call["timeout"]) if "timeout" in per_call else options.timeout
    policy = _policy(options, per_call)
    deadline = seconds("deadline", per_call["deadline"]) if "deadline" in per_call else None

    started = time.monotonic()
    elapsed = 0.0
    retries = 0
    ambiguous = False  # whether any attempt so far may have taken effect
    while True:
        reply = yield Send(request, _within(timeout, deadline, elapsed))
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


def following(
    walk: Walk[T], page: PageData[T], options: Options, per_call: CallOptions
) -> Plan[PageData[T] | None]:
    """The plan for the page after this one, or None at the end of the listing.

    A server may refuse a cursor because the message it names was deleted meanwhile; then the
    walk starts over, and what it has handed out already is left out.
    """
    call = walk.next_call(page)
    if call is None:
        return None
    try:
        return (yield from run(call, options, per_call))
    except (BadRequestError, NotFoundError):
        again = walk.start_over()
        if again is None:
            raise
    return (yield from run(again, options, per_call))


def _exchange_once(
    call: Call[Any], once: Once, options: Options, per_call: CallOptions
) -> Plan[Response]:
    """The plan for a create that must not happen twice.

    Where an attempt may or may not have created the message, the thread's newest messages are
    looked through for its mark, and only if it is not there the message is sent again.
    """
    started = time.monotonic()
    policy = _policy(options, per_call)
    attempts = 0
    ambiguous = False
    if once.look_first:
        landed = yield from _landed(once, options, per_call)
        if landed is not None:
            return landed
    while True:
        left: CallOptions = {**per_call, "max_retries": policy.max_retries - attempts}
        if "deadline" in per_call:
            left["deadline"] = max(per_call["deadline"] - (time.monotonic() - started), 0.001)
        try:
            response = yield from exchange(call, options, left)
            response = response._replace(
                attempts=attempts + response.attempts, elapsed=time.monotonic() - started
            )
            _decoded(call, response)  # an answer that cannot be read is no answer
            return response
        except APIError as error:
            attempts += error.attempts
            error.attempts = attempts
            error.elapsed = time.monotonic() - started
            if not error.may_have_taken_effect:
                error.may_have_taken_effect = ambiguous
                raise
            ambiguous = True
            lost = error
        delay = delay_before_retry(
            policy, attempts - 1, None, time.monotonic() - started, per_call.get("deadline")
        )
        yield Wait(delay or 0.0)
        try:
            landed = yield from _landed(once, options, left)
        except APIError as error:
            lost.add_note(f"looking for the message failed too: {error}")
            raise lost from None
        if landed is not None:
            return landed._replace(attempts=attempts, elapsed=time.monotonic() - started)
        if delay is None:
            lost.elapsed = time.monotonic() - started
            raise lost


def _landed(once: Once, options: Options, per_call: CallOptions) -> Plan[Response | None]:
    """The plan that finds the marked message among the newest, or None.

    It looks at the newest hundred, and on through those younger than `LOOK_BACK`, up to
    `LOOK_PAGES` hundreds: other clients may have written to the thread in between.
    """
    # What was added to the create's query or body does not belong into these calls.
    plain: CallOptions = {**per_call, "extra_query": {}, "extra_body": {}}
    plain.pop("max_retries", None)
    call = once.look
    oldest = time.time() - LOOK_BACK
    for _ in range(LOOK_PAGES):
        page = yield from run(call, options, plain)
        for message in page.data:
            if (message.metadata or {}).get(ONCE_SLOT) == once.mark:
                return (yield from exchange(once.retrieve(message.id), options, plain))
        if not page.has_more or not page.data or page.data[-1].created_at < oldest:
            return None
        call = once.look.with_query({**once.look.query, "after": page.data[-1].id})
    return None


def told(
    error: APIError, call: Call[Any], attempts: int, elapsed: float, took_effect: bool
) -> APIError:
    """The error, told how the call went."""
    error.operation = call.operation
    error.attempts = attempts
    error.elapsed = elapsed
    error.may_have_taken_effect = took_effect
    error.cursor = call.query.get("after") or call.query.get("before")
    return error


def _policy(options: Options, per_call: CallOptions) -> RetryPolicy:
    if "max_retries" not in per_call:
        return options.retry
    return with_retries(options.retry, per_call["max_retries"])


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
