"""Having the next call made already: in a thread, or in a task of asyncio's. One call at a time."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from ._http import running_loop

if TYPE_CHECKING:
    from asyncio import Task
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")


class ThreadAhead:
    """Makes calls in a thread of its own, which ends with the last of them."""

    _executor: ThreadPoolExecutor | None = None
    _process = 0

    def start(self, call: Callable[[], T]) -> Callable[[], T]:
        """Begin with the call; what is returned waits for its result."""
        from concurrent.futures import ThreadPoolExecutor  # only for those who read ahead

        process = os.getpid()
        if self._executor is None or self._process != process:
            self._executor = ThreadPoolExecutor(1, "laplas-read-ahead")
            self._process = process
        made = self._executor.submit(copy_context().run, call)
        # A forked process has the iterator, but not the thread.
        return lambda: made.result() if os.getpid() == process else call()

    def close(self) -> None:
        """Begin nothing more. A call that is under way ends in its own time."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)


class TaskAhead:
    """Makes calls in tasks. Only asyncio has tasks without a block around them: on trio, each call
    is made when its result is waited for."""

    _task: Task[Any] | None = None

    def start(self, call: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        """Begin with the call; what is returned waits for its result."""
        create_task = getattr(running_loop(), "create_task", None)
        if create_task is None:
            return call
        task: Task[T] = create_task(call())
        task.add_done_callback(_noticed)
        self._task = task
        return lambda: task

    async def aclose(self) -> None:
        """Cancel the call that is under way, and wait until it has ended."""
        if self._task is not None and not self._task.done():
            from asyncio import wait

            self._task.cancel()
            await wait([self._task])


def _noticed(task: Task[Any]) -> None:
    """Look at the error: where the loop was left, nobody else does, and asyncio would complain."""
    if not task.cancelled():
        task.exception()
