"""Tell what is thrown at a thread from what the code that runs there raises."""

from __future__ import annotations

import functools
import signal
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, NamedTuple

UNREADABLE: Final = (
    *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
)
"""What a hostile answer makes the decoders raise; anything else does not come from them."""


def interruption_in(
    error: BaseException | None, *, without_frames: bool = False
) -> BaseException | None:
    """Return what a signal's handler raised: the error, or one that it was made from.

    It is meant for the whole thread, as celery's soft time limit or an alarm of your own is; only
    by chance did it meet the code that was running. None where no handler had a part in it. What
    was running can be left out of its traceback.
    """
    handlers = {_code_of(signal.getsignal(number)) for number in signal.valid_signals()} - {None}
    seen: set[int] = set()
    left = [error]
    while left:
        each = left.pop()
        if each is None or id(each) in seen:
            continue
        if (entry := _entry_of(each, handlers)) is not None:
            return each.with_traceback(entry) if without_frames else each
        seen.add(id(each))
        left += [each.__context__, each.__cause__, *getattr(each, "exceptions", ())]
    return None


def raise_interruption(error: Exception) -> None:
    """Raise what a signal's handler raised, if that is what an error comes from."""
    if (thrown := interruption_in(error)) is not None:
        raise thrown from None


class Outcome(NamedTuple):
    """What came of a call: a result, or an exception."""

    result: Any = None
    error: BaseException | None = None


def attempt(call: Callable[[], Any]) -> Outcome:
    """Call a function; its exceptions are an outcome, but not what is thrown at the thread."""
    try:
        return Outcome(call())
    except Exception as error:  # the caller's function: anything can happen
        raise_interruption(error)
        return Outcome(error=error)


def _entry_of(error: BaseException, handlers: set[Any]) -> TracebackType | None:
    entry = error.__traceback__
    while entry is not None and entry.tb_frame.f_code not in handlers:
        entry = entry.tb_next
    return entry


def _code_of(handler: Any) -> Any:
    while isinstance(handler, functools.partial):
        handler = handler.func
    if not hasattr(handler, "__code__") and callable(handler):
        handler = getattr(handler, "__func__", type(handler).__call__)
    return getattr(handler, "__code__", None)
