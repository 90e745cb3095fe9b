"""The one door to the HTTP library: nothing else in the package names httpx.

Requests, answers and failures cross it as this package's own types, so another HTTP library
would be a change to this file alone.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import logging
import math
import os
import ssl
import threading
import time
import warnings
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import anyio
import httpx

from ._call import Request, Response, redacted_url
from ._engine import Broken, BrokenStream, Send
from ._errors import ConfigurationError, LaplasError
from ._options import Connecting
from ._quiet import stripped
from ._retry import Failure
from ._secret import Secret

if TYPE_CHECKING:
    from .local import LocalServer
    from .local._faults import Exchange, Reply

ClientT = TypeVar("ClientT", httpx.Client, httpx.AsyncClient)

# In the order they are looked up: a subclass stands before its base.
_FAILURES: Final[tuple[tuple[type[Exception], Failure], ...]] = (
    (httpx.ConnectTimeout, "connect_timeout"),
    (httpx.PoolTimeout, "pool_timeout"),
    (httpx.WriteTimeout, "write_timeout"),
    (httpx.ReadTimeout, "read_timeout"),
    (httpx.ConnectError, "connect"),
    (httpx.ProxyError, "connect"),
    (httpx.UnsupportedProtocol, "unsent"),
    (httpx.LocalProtocolError, "unsent"),
    (httpx.InvalidURL, "unsent"),
    (UnicodeError, "unsent"),  # a host that is no domain name
    (httpx.WriteError, "write"),
    (httpx.DecodingError, "undecodable"),
    (httpx.RemoteProtocolError, "truncated"),
    (httpx.HTTPError, "read"),
)
PIECE: Final = 64 * 1024
"""Bytes of a stream that are inflated at a time."""
_EXPECTED: Final = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)


class _HideCredentials(logging.Filter):
    """httpx logs the URL of each request; a credential in its query must not be in there."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                redacted_url(str(arg)) if isinstance(arg, httpx.URL) else arg for arg in record.args
            )
        return True


logging.getLogger("httpx").addFilter(_HideCredentials())


def _broken(error: Exception) -> Broken:
    failure: Failure = next(failure for cls, failure in _FAILURES if isinstance(error, cls))
    return Broken(failure, f"{type(error).__name__}: {error}".rstrip(": "))


def _built(
    client: httpx.Client | httpx.AsyncClient, step: Send, key: Secret | None
) -> httpx.Request:
    request: Request = step.request
    headers = dict(request.headers)
    if key is not None:
        headers["Authorization"] = key.reveal()
    return client.build_request(
        request.method,
        request.url,
        headers=headers,
        content=request.content,
        timeout=httpx.Timeout(**step.timeout._asdict()),
    )


class _Body:
    """A body as it arrives, its compression undone, up to the most that is accepted.

    httpx would undo a whole chunk at once, and as many codings on top of each other as a server
    cares to name; a few bytes could fill the memory before anybody counted.
    """

    def __init__(self, response: httpx.Response, most: int) -> None:
        self._response = response
        self._most = most
        self._size = 0
        self._chunks: list[bytes] = []
        self._failure: Broken | None = None
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        self._inflate = None
        if response.is_stream_consumed:
            return  # a transport that had the whole body at hand; httpx has undone its coding
        if coding in ("gzip", "x-gzip", "deflate"):
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32)  # tells the two apart
        elif coding not in ("identity", ""):
            self._failure = Broken("undecodable", f"the answer is coded as {coding}")

    def takes(self, chunk: bytes) -> bool:
        """Take a chunk; False where no more is wanted."""
        if self._failure is None:
            self._take(chunk)
        return self._failure is None

    def _take(self, chunk: bytes) -> None:
        if self._inflate is not None:
            try:
                chunk = self._inflate.decompress(chunk, self._most - self._size + 1)
            except zlib.error as error:
                self._failure = Broken("undecodable", f"the answer is no {error}")
                return
        self._size += len(chunk)
        self._chunks.append(chunk)
        if self._size > self._most:
            self._failure = Broken("too_large", f"the answer is over {self._most} bytes")

    def answer(self) -> Response | Broken:
        """The whole answer, once its body has come."""
        if self._failure is None and self._inflate is not None:
            self._take_rest(self._inflate)
        if self._failure is not None:
            return self._failure
        headers = dict(self._response.headers.items())
        return Response(self._response.status_code, headers, b"".join(self._chunks))

    def _take_rest(self, inflate: Any) -> None:
        if self._chunks and not inflate.eof:
            self._failure = Broken("truncated", "the answer's compression is cut")


def _raw(response: httpx.Response) -> Iterator[bytes]:
    return response.iter_bytes() if response.is_stream_consumed else response.iter_raw()


def _async_raw(response: httpx.Response) -> AsyncIterator[bytes]:
    return response.aiter_bytes() if response.is_stream_consumed else response.aiter_raw()


def _refuse_closed(closed: bool) -> None:
    if closed:
        raise LaplasError("this client is closed")


def _is_event_stream(response: httpx.Response) -> bool:
    return "text/event-stream" in response.headers.get("content-type", "")


def _head(response: httpx.Response, stream: SyncStream | AsyncStream) -> Response:
    return Response(response.status_code, dict(response.headers.items()), b"", stream=stream)


class _Inflating:
    """The compression of an event stream undone piece by piece, up to the most that is accepted."""

    def __init__(self, response: httpx.Response, most: int) -> None:
        self._left = most
        self._most = most
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        known = coding in ("gzip", "x-gzip", "deflate") and not response.is_stream_consumed
        self._inflate = zlib.decompressobj(zlib.MAX_WBITS | 32) if known else None
        plain = known or response.is_stream_consumed or coding in ("identity", "")
        self._problem = None if plain else f"the stream is coded as {coding}"

    def pieces(self, chunk: bytes) -> Iterator[bytes]:
        """What a chunk holds; raises BrokenStream where it cannot be read or is too much."""
        if self._problem is not None:
            raise BrokenStream("undecodable", self._problem)
        if self._inflate is None:
            yield self._counted(chunk)
            return
        while chunk:
            try:
                piece = self._inflate.decompress(chunk, PIECE)
            except zlib.error as error:
                raise BrokenStream("undecodable", f"the stream is no {error}") from None
            chunk = self._inflate.unconsumed_tail
            yield self._counted(piece)

    def _counted(self, piece: bytes) -> bytes:
        self._left -= len(piece)
        if self._left < 0:
            raise BrokenStream("too_large", f"the stream is over {self._most} bytes")
        return piece


class SyncStream:
    """An event stream's bytes as they come."""

    def __init__(self, response: httpx.Response, most: int) -> None:
        self._response = response
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        inflating = _Inflating(self._response, self._most)
        try:
            for chunk in _raw(self._response):
                yield from inflating.pieces(chunk)
        except _EXPECTED as error:
            broken = _broken(error)
        else:
            return
        raise BrokenStream(broken.failure, broken.text)

    def close(self) -> None:
        self._response.close()


class AsyncStream:
    """An event stream's bytes as they come."""

    def __init__(
        self, response: httpx.Response, most: int, done: Callable[[], Awaitable[None]]
    ) -> None:
        self._response = response
        self._most = most
        self._done: Callable[[], Awaitable[None]] | None = done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        inflating = _Inflating(self._response, self._most)
        try:
            async for chunk in _async_raw(self._response):
                for piece in inflating.pieces(chunk):
                    yield piece
        except _EXPECTED as error:
            broken = _broken(error)
        else:
            return
        raise BrokenStream(broken.failure, broken.text)

    async def aclose(self) -> None:
        await self._response.aclose()
        done, self._done = self._done, None
        if done is not None:
            await done()


class _Connections(Generic[ClientT]):
    """What the pools of both clients share: when there is a client, and whose it is."""

    def __init__(
        self, make: Callable[[], ClientT], owned: bool, max_bytes: int, transport: Any = None
    ) -> None:
        self._make: Callable[[], ClientT] = make
        self._owned = owned
        self._max_bytes = max_bytes
        self._transport = transport
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._closed = False

    def _check(self) -> None:
        _refuse_closed(self._closed)
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


class Pool(_Connections[httpx.Client]):
    """Connections of a sync client."""

    _client: httpx.Client | None = None

    def send(self, step: Send, key: Secret | None) -> Response | Broken:
        client = self._live()
        # Returned from inside, raised by the plan outside: so no error drags along, as its cause
        # or in its traceback, an object of the HTTP library that holds the key.
        try:
            request = _built(client, step, key)
            response = client.send(request, stream=True, follow_redirects=False)
            if step.stream and response.is_success and _is_event_stream(response):
                return _head(response, SyncStream(response, self._max_bytes))
            body = _Body(response, self._max_bytes)
            try:
                all(body.takes(chunk) for chunk in _raw(response))
            finally:
                response.close()
            return body.answer()
        except _EXPECTED as error:
            return _broken(error)
        except Exception:
            raise
        except BaseException as interruption:  # Ctrl-C; the frames below hold the key, too
            raise stripped(interruption) from None

    def _live(self) -> httpx.Client:
        self._check()
        if self._client is None:
            with self._lock:
                if self._client is None:
                    self._client = self._make()
        _refuse_closed(self._client.is_closed)
        return self._client

    def _forget(self) -> None:
        self._client = None

    def close(self) -> None:
        self._closed = True
        open_ = self._client or self._transport  # a transport may want closing before any use
        if self._owned and open_ is not None and self._process == os.getpid():
            open_.close()

    def __del__(self) -> None:
        self._warn_unclosed(self._client is not None)


class AsyncPool(_Connections[httpx.AsyncClient]):
    """Connections of an async client: a set for each event loop, as they cannot be shared."""

    def __init__(
        self,
        make: Callable[[], httpx.AsyncClient],
        owned: bool,
        max_bytes: int,
        transport: Any = None,
    ) -> None:
        super().__init__(make, owned, max_bytes, transport)
        self._clients: WeakKeyDictionary[Any, httpx.AsyncClient] = WeakKeyDictionary()
        self._calls: Counter[httpx.AsyncClient] = Counter()

    async def send(self, step: Send, key: Secret | None) -> Response | Broken:
        client = self._live()
        self._calls[client] += 1
        streams = False  # then the call lasts until the stream is closed
        try:
            request = _built(client, step, key)
            response = await client.send(request, stream=True, follow_redirects=False)
            if step.stream and response.is_success and _is_event_stream(response):
                streams = True
                done = functools.partial(self._done, client)
                return _head(response, AsyncStream(response, self._max_bytes, done))
            body = _Body(response, self._max_bytes)
            try:
                async for chunk in _async_raw(response):
                    if not body.takes(chunk):
                        break
            finally:
                await response.aclose()
            return body.answer()
        except _EXPECTED as error:
            return _broken(error)
        except Exception:
            raise
        except BaseException as interruption:  # a cancelled task, Ctrl-C
            self._retire(client)
            raise stripped(interruption) from None
        finally:
            if not streams:
                await self._done(client)

    def _retire(self, client: httpx.AsyncClient) -> None:
        """Give the client to no further call.

        httpcore 1.0.9 never gets back a connection whose call is cancelled at the wrong moment:
        after a hundred of them, every call would wait in vain for a free one.
        """
        loop = running_loop()
        if self._owned and self._transport is None and self._clients.get(loop) is client:
            del self._clients[loop]

    async def _done(self, client: httpx.AsyncClient) -> None:
        """Count a call off; the last one of a retired client closes it."""
        self._calls[client] -= 1
        if self._calls[client] > 0:
            return
        del self._calls[client]
        if self._owned and not self._closed and self._clients.get(running_loop()) is not client:
            with anyio.CancelScope(shield=True):
                await client.aclose()

    def _live(self) -> httpx.AsyncClient:
        self._check()
        loop = running_loop()
        client = self._clients.get(loop)
        if client is None:
            with self._lock:
                self._let_go_of_ended_loops()
                client = self._clients.setdefault(loop, self._make())
        _refuse_closed(client.is_closed)
        return client

    def _let_go_of_ended_loops(self) -> None:
        """Open connections hold their loop, so it would never be collected."""
        for loop in list(self._clients):
            if isinstance(loop, asyncio.AbstractEventLoop) and loop.is_closed():
                del self._clients[loop]

    def _forget(self) -> None:
        self._clients = WeakKeyDictionary()

    async def aclose(self) -> None:
        self._closed = True
        open_ = self._clients.pop(running_loop(), None) or self._transport
        if self._owned and open_ is not None:
            await open_.aclose()

    def __del__(self) -> None:
        self._warn_unclosed(bool(self._clients))


def running_loop() -> Any:
    """Something that is one and the same within an event loop: asyncio's loop, or trio's token."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        from anyio.lowlevel import current_token  # httpx brings anyio

        return current_token()


async def sleep(seconds: float) -> None:
    """Wait, on whatever event loop runs."""
    await anyio.sleep(seconds)


async def all_attempted(functions: Sequence[Callable[[], Any]]) -> list[Any]:
    """Call all functions at once, those that are not async in threads; results or exceptions.

    A function that ends with a CancelledError although nobody cancels this has failed like any
    other; the task group would take it for an end without a result.
    """
    import anyio.to_thread

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
    """Connections for a sync client: the caller's own, or new ones."""
    own = _own_client(connecting, httpx.Client)
    if own is not None:
        return Pool(lambda: own, False, connecting.max_response_bytes)
    arguments = _arguments(connecting)
    return Pool(
        lambda: _set_up(httpx.Client, arguments),
        True,
        connecting.max_response_bytes,
        connecting.transport,
    )


def async_pool(connecting: Connecting) -> AsyncPool:
    """Connections for an async client: the caller's own, or new ones."""
    own = _own_client(connecting, httpx.AsyncClient)
    if own is not None:
        return AsyncPool(lambda: own, False, connecting.max_response_bytes)
    arguments = _arguments(connecting)
    return AsyncPool(
        lambda: _set_up(httpx.AsyncClient, arguments),
        True,
        connecting.max_response_bytes,
        connecting.transport,
    )


def _set_up(cls: type[ClientT], arguments: dict[str, Any]) -> ClientT:
    try:
        if arguments["verify"] is True and arguments["transport"] is None:
            arguments = {**arguments, "verify": _default_tls()}
        client = cls(**arguments)
        # Every header is ours: what a caller removes must not come back as httpx's default.
        client.headers.clear()
        return client
    except Exception as error:  # odd proxy variables, a missing certificate file
        problem = type(error).__name__
    # Without the error's own text, which may hold a proxy's password.
    raise ConfigurationError("environment", f"its proxies or certificates are unfit: {problem}")


def _own_client(connecting: Connecting, cls: type[ClientT]) -> ClientT | None:
    client = connecting.http_client
    if client is None:
        return None
    for name in ("transport", "proxy"):
        if getattr(connecting, name) is not None:
            raise ConfigurationError(name, "cannot be given beside http_client")
    if connecting.verify is not True:
        raise ConfigurationError("verify", "cannot be given beside http_client")
    if not isinstance(client, cls):
        raise ConfigurationError(
            "http_client", f"must be an httpx.{cls.__name__}, not {type(client).__name__}"
        )
    return client


def _arguments(connecting: Connecting) -> dict[str, Any]:
    if not isinstance(connecting.verify, bool | ssl.SSLContext):
        raise ConfigurationError("verify", "must be a bool or an ssl.SSLContext")
    return {
        "transport": connecting.transport,
        "verify": connecting.verify,
        "proxy": _checked_proxy(connecting.proxy),
        # Calls are independent of each other: no cookie of one answer goes with another request.
        "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    }


@functools.cache
def _default_tls() -> ssl.SSLContext:
    """The context of all clients that have none of their own: making one takes 20 ms."""
    return httpx.create_ssl_context()


def _checked_proxy(proxy: str | None) -> str | None:
    """The proxy's URL, checked here because an error of the HTTP library would show it whole."""
    if proxy is None:
        return None
    scheme = ""
    try:
        scheme = urlsplit(proxy).scheme
        good = scheme in {"http", "https", "socks5", "socks5h"}
        httpx.Proxy(proxy)
        _ = urlsplit(proxy).port  # raises where it is none
    except (ValueError, TypeError, AttributeError, httpx.InvalidURL):
        good = False
    if not good:
        raise ConfigurationError("proxy", "must be an http, https or socks5 URL")
    if scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigurationError("proxy", "socks needs one more package: pip install httpx[socks]")
    return proxy


def _unspoiled(reply: Reply) -> httpx.Response:
    """The embedded server's answer, or the failure its fault plan makes of it."""
    try:
        answer = reply.whole()
    except ConnectionResetError as error:
        raise httpx.ReadError(str(error)) from None
    except ConnectionAbortedError as error:
        raise httpx.RemoteProtocolError(str(error)) from None
    return httpx.Response(answer.status, headers=list(answer.headers), content=answer.body)


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers from an embedded server in this process, without a socket."""

    def __init__(self, server: LocalServer, owned: bool) -> None:
        self._server = server
        self._owned = owned

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        exchange = self._accepted(request)
        time.sleep(exchange.wait_before)
        reply = exchange.carry_out()
        time.sleep(exchange.wait_after)
        return _unspoiled(reply)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        exchange = self._accepted(request)
        await sleep(exchange.wait_before)
        reply = exchange.carry_out()
        await sleep(exchange.wait_after)
        return _unspoiled(reply)

    def _accepted(self, request: httpx.Request) -> Exchange:
        target = request.url.raw_path.decode("ascii")
        headers = dict(request.headers.items())
        return self._server.exchange(request.method, target, headers, request.content)

    def close(self) -> None:
        if self._owned:
            self._server.close()

    async def aclose(self) -> None:
        self.close()
