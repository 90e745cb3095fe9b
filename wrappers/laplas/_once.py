"""What must not happen twice, although the API has no idempotency key."""

from __future__ import annotations

import time
from typing import Any, Final

from ._call import ONCE_SLOT, Call, Once, Response, Settled, decoded
from ._engine import Plan, Wait, exchange, policy_for
from ._errors import APIError, BadRequestError, LaplasError
from ._options import CallOptions, Options, seconds
from ._paging import PageData
from ._retry import delay_before_retry

LOOK_PAGES: Final = 10
"""Pages of 100 that are looked through for a message whose answer was lost."""
LOOK_BACK: Final = 600.0
"""Seconds; beyond the newest page, messages older than this are not looked at."""


def exchange_once(
    call: Call[Any], once: Once, options: Options, per_call: CallOptions
) -> Plan[Response]:
    """The plan for a create that must not happen twice.

    Where an attempt may or may not have created the message, the thread's newest messages are
    looked through for its mark, and only if it is not there the message is sent again.
    """
    started = time.monotonic()
    policy = policy_for(options, per_call)
    attempts = 0
    ambiguous = False
    if once.look_first:
        landed = yield from _landed(once, options, per_call, started)
        if landed is not None:
            return landed
    while True:
        left = what_is_left(per_call, started)
        most = policy.max_retries - attempts
        left["max_retries"] = min(left.get("max_retries", most), most)
        try:
            response = yield from exchange(call, options, left)
            decoded(call, response)  # an answer that cannot be read is no answer
            return _counted(response, attempts + response.attempts, started)
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
        if delay is not None:
            yield Wait(delay)
        try:
            landed = yield from _landed(once, options, per_call, started)
        except LaplasError as error:
            lost.add_note(f"looking for the message failed too: {error}")
            raise lost from None
        if landed is not None:
            return _counted(landed, attempts, started)
        if delay is None:
            lost.elapsed = time.monotonic() - started
            raise lost


def exchange_settled(
    call: Call[Any], settled: Settled, options: Options, per_call: CallOptions
) -> Plan[Response]:
    """The plan for a change that a server refuses to make twice.

    Where the repetition of an attempt whose answer was lost is refused, that attempt may have made
    the change. So it is looked at; if it is made, the answer to the look is the answer.
    """
    started = time.monotonic()
    try:
        return (yield from exchange(call, options, per_call))
    except BadRequestError as error:
        if not error.may_have_taken_effect:
            raise  # the first attempt was refused: nothing was lost
        refused = error
    look = settled.look
    try:
        seen = yield from exchange(look, options, what_is_left(for_looks(per_call), started))
        made = settled.is_made(decoded(look, seen))
    except LaplasError as error:
        refused.add_note(f"looking whether it is done failed too: {error}")
        raise refused from None
    if not made:
        raise refused
    return _counted(seen, refused.attempts, started)


def _counted(response: Response, attempts: int, started: float) -> Response:
    return response._replace(attempts=attempts, elapsed=time.monotonic() - started)


def for_looks(per_call: CallOptions) -> CallOptions:
    """The options for a further request: not what was added to the query or body of the first."""
    return {**per_call, "extra_query": {}, "extra_body": {}}


def what_is_left(per_call: CallOptions, started: float) -> CallOptions:
    """The call's options with as much of its deadline as is left."""
    left: CallOptions = {**per_call}
    if "deadline" in left:
        rest = seconds("deadline", left["deadline"]) - (time.monotonic() - started)
        left["deadline"] = max(rest, 0.001)
        if rest <= 0:
            left["max_retries"] = 0
    return left


def _landed(
    once: Once, options: Options, per_call: CallOptions, started: float
) -> Plan[Response | None]:
    """The plan that finds the marked message among the newest, or None.

    It looks at the newest hundred, and on through those younger than `LOOK_BACK`, up to
    `LOOK_PAGES` hundreds: other clients may have written to the thread in between.
    """
    plain = for_looks(per_call)
    oldest = time.time() - LOOK_BACK
    call = once.look
    for _ in range(LOOK_PAGES):
        answer = yield from exchange(call, options, what_is_left(plain, started))
        page: PageData[Any] = decoded(call, answer)
        for message in page.data:
            if isinstance(message.metadata, dict) and message.metadata.get(ONCE_SLOT) == once.mark:
                found = once.retrieve(message.id)
                return (yield from exchange(found, options, what_is_left(plain, started)))
        if not page.has_more or not page.data or not _is_younger(page.data[-1], oldest):
            return None
        call = once.look.with_query({**once.look.query, "after": page.data[-1].id})
    return None


def _is_younger(message: Any, oldest: float) -> bool:
    created_at = message.created_at
    return isinstance(created_at, int | float) and created_at > oldest
