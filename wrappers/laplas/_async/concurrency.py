"""What truly differs between async and sync, the async half: see ``_sync/concurrency.py``.

Both halves have the same names. The modules beside this one use them, and the sync modules are
derived from those.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import math
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from .._core.interruptions import Outcome, attempt, raise_interruption

T = TypeVar("T")


def _trio() -> Any:
    """Return the module trio if a task of its runs this, else None.

    Asked of the task: in trio's guest mode a loop of asyncio is there as well.
    """
    trio = sys.modules.get("trio")
    return trio if trio is not None and trio.lowlevel.in_trio_task() else None


def current_loop() -> Any:
    """Return something that is one and the same within an event loop."""
    trio = _trio()
    return asyncio.get_running_loop() if trio is None else trio.lowlevel.current_trio_token()


async def sleep(seconds: float) -> None:
    """Wait."""
    trio = _trio()
    await (asyncio if trio is None else trio).sleep(seconds)


async def close_with_loop(networks: Any, network: Any) -> None:
    """Have a network's connections closed with their event loop, if nobody closes them before.

    Loops finish the async generators that were begun in them.
    """
    network.closer = _closer(networks, network)
    await anext(network.closer)


async def _closer(networks: Any, network: Any) -> AsyncGenerator[None]:
    try:
        yield
    finally:
        networks.pop(current_loop(), None)
        await network.aclose()


async def run_in_thread(function: Callable[[], T]) -> T:
    """Call something that blocks, without blocking the event loop."""
    trio = _trio()
    result: T = await (asyncio.to_thread if trio is None else trio.to_thread.run_sync)(function)
    return result


async def look_up(host: str, port: int, seconds: float | None) -> Sequence[str]:
    """Return the host: what connects to it looks it up within its own timeout."""
    return (host,)


async def call_within(seconds: float | None, call: Callable[[], Awaitable[T]]) -> T:
    """Await a call; raises TimeoutError after so many seconds."""
    if seconds is None:
        return await call()
    trio = _trio()
    if trio is None:
        async with asyncio.timeout(seconds):
            return await call()
    with trio.move_on_after(seconds):
        return await call()
    raise TimeoutError


class AsyncPlaces:
    """How many may be in use at once; None for any number."""

    def __init__(self, limit: int | None) -> None:
        self._semaphore: Any = None
        if limit is not None:
            self._semaphore = (_trio() or asyncio).Semaphore(limit)

    async def acquire(self, timeout: float | None) -> bool:
        """Wait for a place; returns False if none came free in time."""
        if self._semaphore is None:
            return True
        trio = _trio()
        if trio is None:
            try:
                async with asyncio.timeout(timeout):
                    return bool(await self._semaphore.acquire())
            except TimeoutError:
                return False
        with trio.move_on_after(math.inf if timeout is None else timeout):
            await self._semaphore.acquire()
            return True
        return False

    def release(self) -> None:
        """Give a place back."""
        if self._semaphore is not None:
            self._semaphore.release()


async def resolve_key(made: Any) -> Any:
    """Return the key that a callable gave, awaited where it is to be."""
    return await made if inspect.isawaitable(made) else made


ask_within = call_within


def make_lock(owner: Any) -> Any:
    """Return the lock of an owner in this event loop, from its `locks`."""
    locks = owner.locks.setdefault("by loop", WeakKeyDictionary())
    return locks.setdefault(current_loop(), (_trio() or asyncio).Lock())


async def attempt_here(function: Callable[..., Any], *args: Any) -> Outcome:
    """Call a function in this task, not in a thread, and await what it returns."""
    return await _attempt(functools.partial(function, *args), _trio(), _run_here)


async def _run_here(call: Callable[..., Outcome], function: Callable[[], Any]) -> Outcome:
    return call(function)


async def call_all(
    functions: Sequence[Callable[[], Any]], seconds: float | None = None
) -> list[Outcome]:
    """Call all functions at once, those that are not async in threads; return what came of each.

    What is thrown at the program, as Ctrl-C or a failed test is, ends all of them and passes.

    Raises:
        TimeoutError: That took longer. Async functions are cancelled, threads are left alone.
    """
    return await call_within(seconds, lambda: _call_all(functions))


async def _call_all(functions: Sequence[Callable[[], Any]]) -> list[Outcome]:
    trio = _trio()
    outcomes = [Outcome()] * len(functions)

    async def attempt_one(index: int, function: Callable[[], Any]) -> None:
        outcomes[index] = await _attempt(function, trio)

    group: Any = asyncio.TaskGroup() if trio is None else trio.open_nursery()
    try:
        async with group as opened:
            for each in enumerate(functions):
                if trio is None:
                    opened.create_task(attempt_one(*each))
                else:
                    opened.start_soon(attempt_one, *each)
    except BaseExceptionGroup as group_:
        thrown, *others = group_.exceptions
        if others:
            raise
    else:
        return outcomes
    raise thrown


async def _attempt(function: Callable[[], Any], trio: Any, run: Any = None) -> Outcome:
    """Call a function, and await what it returns.

    A function that ends with a cancellation although nobody cancels this has failed like any other.
    """
    in_thread: Any = run or asyncio.to_thread
    if trio is not None and run is None:  # a thread cannot be stopped, but left
        in_thread = functools.partial(trio.to_thread.run_sync, abandon_on_cancel=True)
    cancelled = asyncio.CancelledError if trio is None else trio.Cancelled
    try:
        # As an outcome: no thread can raise a StopIteration in a task, nor return a coroutine.
        outcome: Outcome = await in_thread(attempt, function)
        if inspect.isawaitable(outcome.result):
            return Outcome(await outcome.result)
    except Exception as error:  # the caller's function: anything can happen
        raise_interruption(error)
        return Outcome(error=error)
    except cancelled as error:
        if _is_cancelled(trio):
            raise
        return Outcome(error=error)
    return outcome


def _is_cancelled(trio: Any) -> bool:
    """Tell whether somebody cancels the task that runs this."""
    if trio is not None:
        return bool(trio.current_effective_deadline() == -math.inf)
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class AsyncPrefetcher:
    """Starts the next call before its result is needed: one at a time, in a task.

    On trio, whose tasks need a block around them, the call is made when its result is needed.
    """

    _task: asyncio.Task[Any] | None = None

    def start(self, call: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        """Begin the call; what is returned waits for its result."""
        if _trio() is not None:
            return call
        task: asyncio.Task[T] = asyncio.ensure_future(call())
        # Looked at: if the loop was left, nobody else does, and asyncio would complain.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._task = task
        return lambda: task

    async def aclose(self) -> None:
        """Cancel the call that is under way, and wait until it has ended."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])


CALLS_ASYNC_FUNCTIONS: Final = True
"""Whether `call_all` takes async functions."""
