"""The door to the network: requests, answers and failures cross it as this package's own types.

Behind it are connections of our own where the way to the server is straight, which is the usual
case and several times cheaper; else httpx, which is only then loaded.
"""

from __future__ import annotations

import inspect
import math
import os
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

from ._call import Response
from ._engine import Broken, Send
from ._errors import ConfigurationError, LaplasError
from ._options import Connecting
from ._quiet import stripped
from ._secret import Secret


class Connections(Protocol):
    """Exchanges that block."""

    def send(self, step: Send, key: Secret | None) -> Response | Broken: ...
    def close(self) -> None: ...


class AsyncConnections(Protocol):
    """Exchanges that await, in one event loop."""

    async def send(self, step: Send, key: Secret | None) -> Response | Broken: ...
    async def aclose(self) -> None: ...


ConnectionsT = TypeVar("ConnectionsT")


class _Pool(Generic[ConnectionsT]):
    """What the pools of both clients share: when there are connections, and whose they are."""

    def __init__(
        self, make: Callable[[], ConnectionsT], owned: bool = True, transport: Any = None
    ) -> None:
        self._make: Callable[[], ConnectionsT] = make
        self._owned = owned
        self._transport = transport  # which may want closing before any use
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._closed = False

    def _check(self) -> None:
        if self._closed:
            raise LaplasError("this client is closed")
        if self._process != os.getpid():
            # A forked child must not speak on its parent's connections; it drops them unclosed.
            # The lock goes too: another thread of the parent may have held it.
            self._lock = threading.Lock()
            self._forget()
            self._process = os.getpid()

    def _forget(self) -> None:
        raise NotImplementedError

    def _warn_unclosed(self, open_: bool) -> None:
        if open_ and self._owned and not self._closed and self._process == os.getpid():
            warnings.warn("unclosed laplas client", ResourceWarning, stacklevel=3, source=self)


class Pool(_Pool[Connections]):
    """Connections of a sync client."""

    _connections: Connections | None = None

    def send(self, step: Send, key: Secret | None) -> Response | Broken:
        try:
            return self._live().send(step, key)
        except Exception:
            raise
        except BaseException as interruption:  # Ctrl-C; the frames below hold the key, too
            raise stripped(interruption) from None

    def _live(self) -> Connections:
        self._check()
        if self._connections is None:
            with self._lock:
                if self._connections is None:
                    self._connections = self._make()
        return self._connections

    def _forget(self) -> None:
        self._connections = None

    def close(self) -> None:
        self._closed = True
        open_ = self._connections or self._transport
        if open_ is not None and self._process == os.getpid():
            open_.close()

    def __del__(self) -> None:
        self._warn_unclosed(self._connections is not None)


class AsyncPool(_Pool[AsyncConnections]):
    """Connections of an async client: a set for each event loop, as they cannot be shared."""

    def __init__(
        self, make: Callable[[], AsyncConnections], owned: bool = True, transport: Any = None
    ) -> None:
        super().__init__(make, owned, transport)
        self._by_loop: WeakKeyDictionary[Any, AsyncConnections] = WeakKeyDictionary()

    async def send(self, step: Send, key: Secret | None) -> Response | Broken:
        try:
            return await self._live().send(step, key)
        except Exception:
            raise
        except BaseException as interruption:  # a cancelled task, Ctrl-C
            raise stripped(interruption) from None

    def _live(self) -> AsyncConnections:
        self._check()
        loop = running_loop()
        connections = self._by_loop.get(loop)
        if connections is None:
            with self._lock:
                self._let_go_of_ended_loops()
                connections = self._by_loop.setdefault(loop, self._make())
        return connections

    def _let_go_of_ended_loops(self) -> None:
        """Open connections hold their loop, so it would never be collected."""
        for loop in list(self._by_loop):
            if hasattr(loop, "is_closed") and loop.is_closed():  # trio's token has no such method
                del self._by_loop[loop]

    def _forget(self) -> None:
        self._by_loop = WeakKeyDictionary()

    async def aclose(self) -> None:
        self._closed = True
        open_ = self._by_loop.pop(running_loop(), None) or self._transport
        if open_ is not None:
            await open_.aclose()

    def __del__(self) -> None:
        self._warn_unclosed(bool(self._by_loop))


def running_loop() -> Any:
    """Something that is one and the same within an event loop: asyncio's loop, or trio's token."""
    import asyncio  # 20 ms that a client that blocks need not pay

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        from anyio.lowlevel import current_token  # httpx brings anyio

        return current_token()


def _is_asyncio() -> bool:
    import asyncio

    return isinstance(running_loop(), asyncio.AbstractEventLoop)


async def sleep(seconds: float) -> None:
    """Wait, on whatever event loop runs."""
    if _is_asyncio():
        import asyncio

        await asyncio.sleep(seconds)
    else:
        import anyio

        await anyio.sleep(seconds)


async def all_attempted(functions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Call all functions at once, those that are not async in threads; results or exceptions.

    A function that ends with a CancelledError although nobody cancels this has failed like any
    other; the task group would take it for an end without a result.
    """
    import anyio.to_thread  # 50 ms that only those pay who have functions to call

    results: list[Any] = [None] * len(functions)

    async def attempt(index: int, function: Callable[[], Any]) -> None:
        try:
            # In a tuple, as trio takes a coroutine that comes from a thread for a mistake.
            (made,) = await anyio.to_thread.run_sync(lambda: (function(),))
            results[index] = await made if inspect.isawaitable(made) else made
        except Exception as error:  # the caller's function: anything can happen
            results[index] = error
        except anyio.get_cancelled_exc_class() as error:
            if anyio.current_effective_deadline() == -math.inf:
                raise  # somebody did cancel this
            results[index] = error

    async with anyio.create_task_group() as group:
        for index, function in enumerate(functions):
            group.start_soon(attempt, index, function)
    return results


def pool(connecting: Connecting) -> Pool:
    """Connections for a sync client."""
    if _is_straight(connecting):
        check_verify(connecting)
        return Pool(lambda: _sockets(connecting))
    from ._httpx import HttpxConnections, check

    check(connecting, "Client")
    owned = connecting.http_client is None
    return Pool(lambda: HttpxConnections(connecting), owned, connecting.transport)


def async_pool(connecting: Connecting) -> AsyncPool:
    """Connections for an async client."""
    if _is_straight(connecting):
        check_verify(connecting)
        return AsyncPool(lambda: _async_sockets(connecting))
    from ._httpx import AsyncHttpxConnections, check

    check(connecting, "AsyncClient")
    owned = connecting.http_client is None
    return AsyncPool(lambda: AsyncHttpxConnections(connecting), owned, connecting.transport)


def _sockets(connecting: Connecting) -> Connections:
    from ._sockets import Sockets

    return Sockets(connecting)


def _async_sockets(connecting: Connecting) -> AsyncConnections:
    """Our own connections on asyncio; on trio, httpx's."""
    if _is_asyncio():
        from ._async_sockets import AsyncSockets

        return AsyncSockets(connecting)
    from ._httpx import AsyncHttpxConnections

    return AsyncHttpxConnections(connecting)


def check_verify(connecting: Connecting) -> None:
    """Raise ConfigurationError where `verify` is neither a bool nor a TLS context."""
    if isinstance(connecting.verify, bool):
        return
    import ssl

    if not isinstance(connecting.verify, ssl.SSLContext):
        raise ConfigurationError("verify", "must be a bool or an ssl.SSLContext")


def _is_straight(connecting: Connecting) -> bool:
    """Whether nothing of the caller's or the system's stands between client and server."""
    own = (connecting.http_client, connecting.transport, connecting.proxy)
    return own == (None, None, None) and not _has_proxies()


def _has_proxies() -> bool:
    """Whether the environment or the system names a proxy, be it for other hosts."""
    if sys.platform in ("darwin", "win32"):  # kept in the system's settings there
        from urllib.request import getproxies

        return bool(getproxies())
    named = {name.lower() for name, value in os.environ.items() if value}
    return not named.isdisjoint(("http_proxy", "https_proxy", "all_proxy"))
