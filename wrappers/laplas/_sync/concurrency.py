"""What truly differs between async and sync, the sync half: see ``_async/concurrency.py``."""

from __future__ import annotations

import atexit
import inspect
import ipaddress
import math
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakSet

from .._core.interruptions import Outcome, attempt
from ..errors import ConfigurationError

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

T = TypeVar("T")


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)


def close_with_loop(networks: Any, network: Any) -> None:
    """Have a network's connections closed at exit, if nobody closes them before."""
    if not _open:
        atexit.register(_close_open)
    network.closer = os.getpid()
    _open.add(network)


_open: WeakSet[Any] = WeakSet()


def _close_open() -> None:
    for network in list(_open):
        if network.closer == os.getpid():  # not those of the process that this is forked from
            with suppress(Exception):
                network.close()


def run_in_thread(function: Callable[[], T]) -> T:
    """Call something that blocks: here it may."""
    return function()


def look_up(host: str, port: int, seconds: float | None) -> Sequence[str]:
    """Return the addresses of a host; none where that takes longer."""
    if seconds is None:
        return (host,)
    with suppress(ValueError):
        return (str(ipaddress.ip_address(host)),)
    found: list[Any] = []

    def ask() -> None:  # in a thread, as nothing ends it
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
            if not found:
                raise OSError("the host has no address")
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=ask, name="laplas-look-up", daemon=True)
    thread.start()
    thread.join(seconds)
    if found and isinstance(found[0], Exception):
        raise found[0]
    return [each[4][0] for each in found]


def call_within(seconds: float | None, call: Callable[[], T]) -> T:
    """Make a call of pyqwest; raises TimeoutError after so many seconds."""
    if seconds is None:
        return call()
    from pyqwest._pyqwest import set_sync_timeout  # type: ignore[import-not-found, unused-ignore]

    with set_sync_timeout(max(seconds, 0.001)):
        return call()


class Places:
    """How many may be in use at once; None for any number."""

    def __init__(self, limit: int | None) -> None:
        # Not a semaphore: the garbage collector may give a place back while one is taken.
        self._places: queue.SimpleQueue[None] | None = None
        if limit is not None:
            self._places = queue.SimpleQueue()
            for _ in range(limit):
                self._places.put(None)

    def acquire(self, timeout: float | None) -> bool:
        if self._places is None:
            return True
        try:
            self._places.get(timeout=timeout)
        except queue.Empty:
            return False
        return True

    def release(self) -> None:
        if self._places is not None:
            self._places.put(None)


def resolve_key(made: Any) -> Any:
    """Return the key that a callable gave, however long that took."""
    if inspect.isawaitable(made):
        if inspect.iscoroutine(made):
            made.close()
        raise ConfigurationError("api_key", "an async callable needs AsyncLaplas")
    return made


def ask_within(seconds: float | None, ask: Callable[[], T]) -> T:
    """Ask for a key: what blocks a thread cannot be stopped."""
    return ask()


def make_lock(owner: Any) -> Any:
    """Return the lock of an owner in this process, from its `locks`."""
    # For each process: one that is forked while another thread holds it would wait for ever.
    return owner.locks.setdefault(os.getpid(), threading.RLock())


def attempt_here(function: Callable[..., Any], *args: Any) -> Outcome:
    """Call a function."""
    return _attempt(partial(function, *args))


def call_all(functions: Sequence[Callable[[], Any]], seconds: float | None = None) -> list[Outcome]:
    """Call all functions, one after the other; return what came of each.

    Raises:
        TimeoutError: That took longer; no further one was begun.
    """
    ends = math.inf if seconds is None else time.monotonic() + seconds
    results = []
    for function in functions:
        if time.monotonic() >= ends:
            raise TimeoutError
        results.append(_attempt(function))
    return results


def _attempt(function: Callable[[], Any]) -> Outcome:
    try:
        outcome = attempt(function)
    except BaseException as error:
        from asyncio import CancelledError  # of a loop that the function ran

        if isinstance(error, CancelledError):
            return Outcome(error=error)
        raise
    if inspect.iscoroutine(outcome.result):
        outcome.result.close()
        return Outcome(error=TypeError("an async function needs AsyncLaplas"))
    return outcome


class Prefetcher:
    """Starts the next call before its result is needed: one at a time, in a thread."""

    _executor: ThreadPoolExecutor | None = None
    _process = 0

    def start(self, call: Callable[[], T]) -> Callable[[], T]:
        """Begin the call; what is returned waits for its result."""
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


CALLS_ASYNC_FUNCTIONS: Final = False
"""Whether `call_all` takes async functions."""
