"""The plans that the clients carry out: a call's result, its answer, and a listing's next page."""

from __future__ import annotations

from typing import Any, TypeVar

from ._call import Call, Response, decoded
from ._engine import Plan, exchange
from ._errors import BadRequestError, NotFoundError
from ._once import exchange_once, exchange_settled
from ._options import CallOptions, Options
from ._paging import PageData, Walk

T = TypeVar("T")


def run(call: Call[T], options: Options, per_call: CallOptions) -> Plan[T]:
    """The plan for a call: its result, or an error that says how it went."""
    return decoded(call, (yield from answer(call, options, per_call)))


def answer(call: Call[Any], options: Options, per_call: CallOptions) -> Plan[Response]:
    """The plan for a call's answer, whatever will be made of it."""
    if call.patience is not None:
        from ._conversation import patiently  # few need it, and it loads all about runs

        return (yield from patiently(call, call.patience, options, per_call))
    if call.once is not None:
        return (yield from exchange_once(call, call.once, options, per_call))
    if call.settled is not None:
        return (yield from exchange_settled(call, call.settled, options, per_call))
    return (yield from exchange(call, options, per_call))


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
