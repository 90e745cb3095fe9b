"""The one way to the network: httpx, with a keep-alive pool of its own.

Nothing else in the package names httpx or httpcore. A request goes straight to httpx's transport,
which is several times cheaper than through ``httpx.AsyncClient``; through the client it goes if a
tool has hooked that (tracing, mocking) or its log is on. So every tool on httpx sees every request.
"""

from __future__ import annotations

import functools
import logging
import math
import operator
import os
import re
import socket
import ssl
import sys
import threading
import time
import warnings
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from contextlib import aclosing, suppress
from contextvars import ContextVar
from importlib.util import find_spec
from types import FunctionType
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies
from weakref import WeakKeyDictionary

import httpcore
import httpx
from httpcore._synchronization import AsyncShieldCancellation

from .._core.config import (
    DEFAULT_BASE_URL,
    Echoes,
    Secret,
    Timeout,
    TransportConfig,
    choose_proxy,
    redact_url,
)
from .._core.interruptions import interruption_in
from .._core.request import HttpRequest, wire_headers
from .._core.response import ContentDecoder, Response
from .._core.retry import Failure, TransportFailure
from .._core.uploads import Form
from ..errors import ConfigurationError, LaplasError
from ..generated import NOT_GIVEN, NotGiven, without_traceback
from .concurrency import AsyncPlaces, close_with_loop, current_loop, look_up, run_in_thread

KEEP_ALIVE: Final = 4.0
"""Seconds at rest after which a connection is not used again: uvicorn and Node close at 5."""
GREATEST_AGE: Final = 600.0
"""Seconds after which a connection is not kept, so that changes of the name service are seen."""
MAX_RESTING: Final = 100
"""Connections that rest at most. Ours."""
MAX_INTERIM: Final = 20
"""Interim answers (100, 103) before the answer itself. Ours: the standard states no limit."""
WRITE_SIZE: Final = 256 * 1024
"""Bytes of a request that are written at a time."""
_REFUSED_STREAM: Final = 7
"""The code of HTTP/2 for a stream that the server has not begun to work on."""
GRACE: Final = 0.05
"""Seconds for the end of a stream that said it is done; a new connection would take longer."""

_FAILURES: Final[dict[str, Failure]] = {
    "ConnectTimeout": "connect_timeout", "PoolTimeout": "pool_timeout",
    "WriteTimeout": "write_timeout", "ReadTimeout": "read_timeout",
    "ConnectError": "connect", "ProxyError": "connect", "SOCKSError": "connect",
    "ConnectionNotAvailable": "unsent", "UnsupportedProtocol": "unsent",
    "LocalProtocolError": "unsent", "InvalidURL": "unsent",
    "UnicodeError": "unsent",  # a host that is no domain name
    "WriteError": "write", "DecodingError": "undecodable",
    "RemoteProtocolError": "truncated", "HTTPError": "read",
}  # fmt: skip
"""By the names of classes, which httpx and httpx2 have in common; a base stands for its own."""


def failure_of(error: Exception) -> BaseException | None:
    """Return what an error of the HTTP library means; None for an error that is a bug."""
    if thrown := interruption_in(error, without_frames=True):  # those below hold the key
        return thrown
    if "Receive buffer too long" in str(error):  # h11's word for a head over 100 KiB
        return TransportFailure.of("too_large", error)
    if failure := _http2_failure(error):
        return TransportFailure.of(failure, error)
    if "must be a non-empty sequence" in str(error):  # of errors, of which anyio makes a group
        return TransportFailure("connect", "the host has no address")
    for cls in type(error).__mro__:
        if failure := _FAILURES.get(cls.__name__):
            return TransportFailure.of(failure, error)
    return None


def _http2_failure(error: BaseException) -> Failure | None:
    """Return what an error of HTTP/2 itself means; None for other errors.

    A refused stream was not worked on, as the standard says. Where the server breaks the rules,
    httpcore takes that for a fault of ours, as if nothing had been sent.
    """
    inner: BaseException | None = error
    while inner is not None:
        said: Any
        for said in (inner, *inner.args):
            module = type(said).__module__
            if module == "h2.events":
                refused = getattr(said, "last_stream_id", None) == 0
                return "connect" if refused or said.error_code == _REFUSED_STREAM else "truncated"
            if module == "h2.exceptions":
                return "truncated"
        inner = inner.__cause__
    return None


_is_ours: ContextVar[bool] = ContextVar("is_ours", default=False)
"""Whether what goes on is a request of this package."""


class HideCredentials(logging.Filter):
    """Keep credentials out of what HTTP libraries log of requests of ours.

    Those in URLs, and a SOCKS proxy's. What others send is none of our business.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if not _is_ours.get():
            return True
        record.msg, record.args = record.getMessage(), ()
        for name, value in list(vars(record).items()):
            if isinstance(value, str) and ("://" in value or " auth=" in value):
                shown = re.sub(r"\b\w+://[^\s\"]+", lambda found: redact_url(found[0]), value)
                setattr(record, name, re.sub(r" auth=.*", " auth=***", shown))
        return record.name != "hpack.hpack"  # whose blocks of headers hold the key


_httpx_log = logging.getLogger("httpx")
for _name in ("httpx", "httpx2", "httpcore.socks", "httpcore2.socks", "hpack.hpack"):
    logging.getLogger(_name).addFilter(HideCredentials())


# ---- deadlines, interim answers and TLS contexts: a layer below httpcore's connections ----


class _Bounded(float):
    """A timeout in seconds that also ends at a deadline of the monotonic clock."""

    deadline: float

    @classmethod
    def at(cls, timeout: float | None, deadline: float) -> _Bounded:
        left = max(deadline - time.monotonic(), 0.001)
        bounded = cls(left if timeout is None else min(timeout, left))
        bounded.deadline = deadline
        return bounded

    def left(self, error: type[Exception]) -> float:
        """Return the timeout as it is now; raise `error` if the deadline has passed."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise error("the deadline has passed")
        return min(self, left)


class Tls:
    """A TLS context that is made when it is first needed: that takes 20 ms."""

    def __init__(self, verify: bool | ssl.SSLContext, http2: bool = False) -> None:
        self._verify = verify
        self._http2 = http2

    def set_alpn_protocols(self, protocols: list[str]) -> None:
        """Leave it at what it offers: one of the caller's is not ours to change."""

    def make(self) -> ssl.SSLContext:
        """Return the context.

        Raises:
            ConfigurationError: What the environment names holds no certificates.
        """
        if isinstance(self._verify, ssl.SSLContext):
            return self._verify
        names = ("SSL_CERT_FILE", "SSL_CERT_DIR")
        file, folder = ((self._verify and os.environ.get(name)) or None for name in names)
        changed_at = os.path.getmtime(file) if file and os.path.exists(file) else 0.0
        return _make_context(self._verify, self._http2, file, folder, changed_at)


@functools.lru_cache(maxsize=8)
def _make_context(
    verify: bool, http2: bool, file: str | None, folder: str | None, changed_at: float
) -> ssl.SSLContext:
    del changed_at  # part of the key: a file that is replaced on disk is read anew
    try:
        if file or folder:
            context = ssl.create_default_context(cafile=file, capath=folder)
        else:
            context = httpx.create_ssl_context(verify=verify, trust_env=False)
    except OSError as error:  # no such file, or not a certificate in it
        problem = type(error).__name__
    else:
        context.set_alpn_protocols(["http/1.1", "h2"] if http2 else ["http/1.1"])
        return context
    name = "SSL_CERT_FILE" if file else "SSL_CERT_DIR"
    raise ConfigurationError(name, f"does not name readable certificates: {problem}")


class _AsyncStream(httpcore.AsyncNetworkStream):
    """A socket that keeps to deadlines and counts interim answers."""

    def __init__(self, stream: Any, connecting: float | None = None) -> None:
        self._stream = stream
        self._connecting = connecting
        self._interim = 0
        self.is_at_its_end = False
        self.aclose = stream.aclose  # type: ignore[method-assign]
        if stream.get_extra_info("ssl_object") is None:
            self.get_extra_info = stream.get_extra_info  # type: ignore[method-assign]

    def get_extra_info(self, info: str) -> Any:
        said = self._stream.get_extra_info(info)
        return said or _holds_bytes(self._stream) if info == "is_readable" else said

    async def read(self, max_bytes: int, timeout: float | NotGiven | None = NOT_GIVEN) -> bytes:
        if timeout is NOT_GIVEN:  # httpcore does not bound what it says to a SOCKS proxy
            try:
                return await self.read(max_bytes, self._connecting)
            except httpcore.ReadTimeout as error:
                problem = str(error)
            raise httpcore.ConnectTimeout(problem)
        if isinstance(timeout, _Bounded):
            timeout = timeout.left(httpcore.ReadTimeout)
        if self.is_at_its_end:
            timeout = GRACE if timeout is None else min(GRACE, timeout)
        data: bytes = await self._stream.read(max_bytes, timeout)
        if self._interim >= 0:
            found = data.count(b"HTTP/1.1 1")
            self._interim = self._interim + found if found else -1
            if self._interim > MAX_INTERIM:
                raise httpcore.RemoteProtocolError("the server sends nothing but interim answers")
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._interim = 0
        self.is_at_its_end = False
        # In pieces: the streams below copy all that is left after each bit that the system took.
        for start in range(0, len(buffer), WRITE_SIZE):
            seconds = timeout
            if isinstance(timeout, _Bounded):
                seconds = timeout.left(httpcore.WriteTimeout)
            await self._stream.write(buffer[start : start + WRITE_SIZE], seconds)

    async def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        try:
            if isinstance(ssl_context, Tls):
                make = ssl_context.make
                ssl_context = await run_in_thread(make)  # sync: ssl_context = make()
            if isinstance(timeout, _Bounded):
                timeout = timeout.left(httpcore.ConnectTimeout)
            secure = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:  # httpcore forgets to close it when cancelled
            with AsyncShieldCancellation():
                await self._stream.aclose()
            raise
        return _AsyncStream(secure)


def _holds_bytes(stream: Any) -> bool:
    """Tell whether TLS has taken bytes from the socket that nobody has read.

    By the names that anyio and trio give their buffers; the sync streams leave bytes in the socket.
    """
    while stream is not None:
        incoming = getattr(stream, "_read_bio", None) or getattr(stream, "_incoming", None)
        if getattr(incoming, "pending", 0):
            return True
        stream = getattr(stream, "_stream", None)
    return False


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    """Makes sockets that keep to deadlines."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *rest: Any, **more: Any
    ) -> httpcore.AsyncNetworkStream:
        """Connect; the look-up of the host counts, too, and so do all its addresses together."""
        bound = timeout
        if isinstance(timeout, _Bounded):
            timeout = timeout.left(httpcore.ConnectTimeout)
        ends_at = time.monotonic() + (timeout or 0)
        problem: Exception = httpcore.ConnectTimeout("the host was not looked up in time")
        try:
            addresses = await look_up(host, port, timeout)
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from None
        for address in addresses:
            left = None if timeout is None else max(ends_at - time.monotonic(), 0.001)
            try:
                connected = await self._backend.connect_tcp(address, port, left, *rest, **more)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            except IndexError:
                problem = httpcore.ConnectError("the host has no address")
            else:
                stream = _AsyncStream(connected, bound)
                if (kept := _connecting.get()) is not None:
                    kept.stream = stream
                return stream
        raise problem


# ---- the pool ----


class _AsyncKeepAlivePool:
    """Connections at rest, by where they lead; the one that rested least is used next.

    In place of httpcore's pool, which walks all connections for each request, so that its cost
    grows with the square of those under way (https://github.com/encode/httpcore/pull/1035).
    To be removed once that is mended. The connections are httpcore's.
    """

    def __init__(self, pool: httpcore.AsyncConnectionPool, limits: Any) -> None:
        self._create_connection = pool.create_connection
        self._resting: dict[Any, list[_AsyncKept]] = defaultdict(list)
        self._lock = threading.Lock()  # threads share a sync client
        self._closed = False
        self._places = AsyncPlaces(getattr(limits, "max_connections", None))
        resting = getattr(limits, "max_keepalive_connections", MAX_RESTING)
        self._max_resting = 1_000_000 if resting is None else resting
        expiry = getattr(limits, "keepalive_expiry", KEEP_ALIVE)
        self._keep_alive = KEEP_ALIVE if expiry is None else expiry

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        timeout = request.extensions.get("timeout", {}).get("pool")
        if isinstance(timeout, _Bounded):
            timeout = timeout.left(httpcore.PoolTimeout)
        if not await self._places.acquire(timeout):
            raise httpcore.PoolTimeout("all connections that limits allows are in use")
        kept: _AsyncKept | None = None
        response: httpcore.Response | None = None
        try:
            while response is None:
                kept = await self._take(request.url)
                _connecting.set(kept)
                try:
                    response = await kept.connection.handle_async_request(request)
                except httpcore.ConnectionNotAvailable:  # HTTP/2 ended it before the request
                    await _close([kept])
        except BaseException:
            if kept is None:
                self._places.release()
            else:
                await self._discard(kept)
            raise
        finally:
            _connecting.set(None)
        assert kept is not None
        kept.note_answer(response)
        return httpcore.Response(
            response.status,
            headers=response.headers,
            content=_AsyncPooledBody(self, kept, response.stream),
            extensions=response.extensions,
        )

    async def _take(self, url: httpcore.URL) -> _AsyncKept:
        place = (url.scheme, url.host, url.port)
        now = time.monotonic()
        while True:
            with self._lock:  # the list, too: what fails meanwhile takes its siblings out of it
                resting = self._resting[place]
                kept = resting.pop() if resting else None
            if kept is None:
                break
            if kept.expires > now and not kept.connection.has_expired():
                kept.is_reused = True
                return kept
            await kept.connection.aclose()
        return _AsyncKept(self._create_connection(url.origin), place, now)

    async def _discard(self, kept: _AsyncKept) -> None:
        """Close a connection after a failure, and with it those that rested beside it."""
        doomed = [kept]
        if kept.is_reused:  # its siblings are as old, and their server may be gone
            with self._lock:
                doomed += self._resting.pop(kept.place, [])
        await self._free_place(doomed)

    async def give_back(self, kept: _AsyncKept) -> None:
        """Let a connection rest whose answer was read to its end; else close it."""
        now = time.monotonic()
        kept.expires = now + min(self._keep_alive, kept.server_keeps)
        fit = kept.connection.is_idle() and not _has_unread_bytes(kept.connection)
        fit = fit and now - kept.made_at < GREATEST_AGE
        doomed = []
        with self._lock:
            resting = self._resting[kept.place]
            if fit and not self._closed and len(resting) < self._max_resting:
                resting.append(kept)
                while resting and resting[0].expires < now:
                    doomed.append(resting.pop(0))
            else:
                doomed.append(kept)
        await self._free_place(doomed)

    async def _free_place(self, doomed: list[_AsyncKept]) -> None:
        """Close what is not to rest, and only then let others in: no more than limits allows."""
        try:
            if doomed:
                await _close(doomed)
        finally:
            self._places.release()

    async def aclose(self) -> None:
        """Close what is at rest now, and what is in use when it comes to rest."""
        with self._lock:
            self._closed = True
            doomed = [kept for resting in self._resting.values() for kept in resting]
            self._resting.clear()
        for kept in doomed:
            await kept.connection.aclose()


class _AsyncKept:
    """A connection of the pool."""

    is_reused = False
    expires = 0.0
    server_keeps = GREATEST_AGE
    stream: _AsyncStream | None = None

    def __init__(self, connection: Any, place: Any, now: float) -> None:
        self.connection = connection
        self.place = place
        self.made_at = now

    def note_answer(self, response: httpcore.Response) -> None:
        """Remember for how long the server keeps the connection, if it says so."""
        headers: Any = response.headers
        for name, value in headers:
            if name.lower() == b"keep-alive" and (found := _TIMEOUT_SAID.search(value)):
                self.server_keeps = max(int(found[1]) - 1.0, 0.0)


_TIMEOUT_SAID: Final = re.compile(rb"(?i)(?:^|,)\s*timeout=(\d{1,6})\s*(?:,|$)")


def _has_unread_bytes(inner: Any) -> bool:
    """Tell whether bytes came behind an answer: they would be read as the next answer's.

    Of a connection, or of the stream of an answer, of httpcore's.
    """
    while inner is not None:
        if (state := getattr(inner, "_h11_state", None)) is not None:
            return bool(state.trailing_data[0])
        below = getattr(inner, "_httpcore_stream", None) or getattr(inner, "_stream", None)
        inner = below or getattr(inner, "_connection", None)
    return False


async def _close(doomed: Iterable[_AsyncKept]) -> None:
    with AsyncShieldCancellation():
        for kept in doomed:
            await kept.connection.aclose()
            if kept.stream is not None:  # httpcore forgets it where a SOCKS proxy refuses
                await kept.stream.aclose()


_connecting: ContextVar[_AsyncKept | None] = ContextVar("connecting", default=None)
"""What the call under way connects."""


class _AsyncPooledBody:
    """The body of an answer, whose end gives the connection back."""

    def __init__(self, pool: _AsyncKeepAlivePool, kept: _AsyncKept, stream: Any) -> None:
        self._pool = pool
        self._kept = kept
        self._stream = stream
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._stream:
                yield chunk
        except BaseException:
            if not self._closed:
                self._closed = True
                await self._pool._discard(self._kept)
            raise

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = True
            try:
                with AsyncShieldCancellation():
                    await self._stream.aclose()
            finally:
                await self._pool.give_back(self._kept)


class AsyncKeepAliveTransport(httpx.AsyncHTTPTransport):
    """httpx's transport with the pool above: what patches `handle_async_request` still sees it."""

    def __init__(self, config: TransportConfig, proxy: str | None) -> None:
        limits = config.limits or httpx.Limits(
            max_keepalive_connections=MAX_RESTING, keepalive_expiry=KEEP_ALIVE
        )
        via = None
        if proxy is not None:
            parsed = httpx.Proxy(proxy)
            via = httpcore.Proxy(str(parsed.url), auth=parsed.raw_auth, headers=parsed.headers.raw)
        pool = httpcore.AsyncConnectionPool(
            ssl_context=Tls(config.verify, config.http2),  # type: ignore[arg-type]
            proxy=via,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            http2=config.http2,
        )
        pool._network_backend = _AsyncBackend(pool._network_backend)
        # Threads, in httpcore, would get one stream's number twice, so they share no connection
        # (https://github.com/encode/httpx/issues/3072).
        shares = config.http2  # sync: shares = False
        self._pool: Any = pool if shares else _AsyncKeepAlivePool(pool, config.limits)


# ---- exchanges ----


def _is_hooked(cls: type[Any]) -> bool:
    """Tell whether somebody has put a method of theirs in the place of one of httpx's."""
    try:
        # By identity: the proxies that tools put around functions say they are equal to them.
        return not all(map(operator.is_, _present(vars(cls)), _ORIGINALS))
    except KeyError:  # one is taken away, so that a base class has it
        return True


def _original(name: str) -> Any:
    """Return a method of httpx's; None where a tool that started before this import hooked it."""
    method = vars(httpx.AsyncClient).get(name)
    # Wrappers take over __module__, __wrapped__ and even __code__, but not these two.
    is_own = type(method) is FunctionType and method.__globals__ is vars(httpx._client)
    return method if is_own else None


_PASSED: Final = (
    "__init__", "send", "_send_handling_auth", "_send_handling_redirects",
    "_send_single_request", "_transport_for_url",
)  # fmt: skip
"""What makes a client, and what a request through it passes: to hook others shows no request."""
_ORIGINALS: Final = tuple(map(_original, _PASSED))
_present: Final = operator.itemgetter(*_PASSED)


_PROXY_VARIABLES: Final = ("all_proxy", "http_proxy", "https_proxy")


class _AsyncNetwork:
    """The connections of one client in one event loop."""

    failure_of = staticmethod(failure_of)
    closer: Any = None

    def __init__(self, config: TransportConfig) -> None:
        self._config = config
        self._proxies: dict[str, str | None] = {}
        self._clients: dict[str | None, httpx.AsyncClient] = {}
        self._urls: dict[str, tuple[str | None, httpx.URL]] = {}

    async def open(
        self, request: HttpRequest, timeout: Timeout, key: Secret | None, deadline: float | None
    ) -> Any:
        """Send a request; return the answer with its body still to come."""
        timeouts: dict[str, float | None] = timeout._asdict()
        if deadline is not None:
            timeouts = {name: _Bounded.at(each, deadline) for name, each in timeouts.items()}
        own = self._config.http_client
        if own is not None:
            if own.is_closed:
                raise LaplasError("this client is closed")
            built = own.build_request(
                request.method,
                request.url,
                headers=wire_headers(request, authority(request.url), key),
                content=streamed(request.content),
                timeout=type(own.timeout)(**timeouts),
            )
            response = await own.send(built, stream=True, follow_redirects=False)
            return _AsyncAnswer(response)
        client, url = self._client_for(request.url)
        raw = _build(request, url, key, timeouts)
        if _httpx_log.isEnabledFor(logging.INFO) or _is_hooked(type(client)):
            response = await client.send(raw, stream=True, follow_redirects=False)
        else:
            response = await client._transport.handle_async_request(raw)
        return _AsyncAnswer(response)

    def _client_for(self, text: str) -> tuple[httpx.AsyncClient, httpx.URL]:
        found = self._urls.get(text)
        if found is None:
            if len(self._urls) > 500:
                self._urls.clear()
            found = self._urls[text] = (self._proxy_for(text), httpx.URL(text))
        proxy, url = found
        client = self._clients.get(proxy)
        if client is None:  # threads that find it missing at once shall all use the same
            client = self._clients.setdefault(proxy, self._make(proxy))
        return client, url

    def _proxy_for(self, url: str) -> str | None:
        config = self._config
        origin = url[: url.find("/", 8)]  # more than this no choice of a proxy depends on
        if origin not in self._proxies:
            is_theirs = config.transport is not None or config.http_client is not None
            chosen = None if is_theirs else config.proxy or choose_proxy(url, getproxies())
            self._proxies[origin] = chosen
        return self._proxies[origin]

    def peer(self, url: str) -> str:
        """Describe whom a request is sent to."""
        return describe_peer(url, self._proxy_for(url))

    def _make(self, proxy: str | None) -> httpx.AsyncClient:
        if proxy is not None and self._config.proxy is None:
            check_proxy_of_environment(proxy)
        transport = self._config.transport or AsyncKeepAliveTransport(self._config, proxy)
        client = httpx.AsyncClient(transport=transport, trust_env=False)
        # Every header is ours: what a caller removes must not come back as httpx's default.
        client.headers.clear()
        return client

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()
        if not self._clients and self._config.transport is not None:
            await self._config.transport.aclose()


def _build(
    request: HttpRequest, url: httpx.URL, key: Secret | None, timeout: dict[str, float | None]
) -> httpx.Request:
    # A function of its own: no frame that an error comes through has the key among its locals.
    headers = wire_headers(request, authority(request.url), key)
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    extensions = {"timeout": timeout}
    stream: Any
    if isinstance(request.content, Form):
        stream = _AsyncFormStream(request.content)
    else:
        stream = httpx.ByteStream(request.content or b"")
    built = httpx.Request(request.method, url, headers=pairs, stream=stream, extensions=extensions)
    if not isinstance(request.content, Form):
        built.read()  # for tools that look at the content
    return built


class _AsyncPieces:
    """The bytes of a form, from its start each time that it is sent."""

    def __init__(self, form: Form) -> None:
        self._form = form

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._form:
            yield piece


ByteStream = httpx.AsyncByteStream  # sync: ByteStream = httpx.SyncByteStream


class _AsyncFormStream(_AsyncPieces, ByteStream):
    """The same, as httpx's transports take it."""

    # async only: begin
    def __iter__(self) -> Iterator[bytes]:  # tools read the content at once, as it suits them
        return iter(self._form)

    # async only: end


def streamed(content: bytes | Form | None) -> Any:
    """Return what an HTTP library takes as a request's content."""
    return _AsyncPieces(content) if isinstance(content, Form) else content


@functools.lru_cache(maxsize=64)
def _authority_of(base: str) -> str:
    return httpx.URL(base).netloc.decode("ascii")


def authority(url: str) -> str:
    """Return host and port as the Host header has them."""
    return _authority_of(url[: url.find("/", 8)])


def _host_and_port(url: str) -> str:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = _PORTS.get(parts.scheme) if parts.port is None else parts.port
    return f"{host}:{port}"


_PORTS: Final = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


def describe_peer(url: str, proxy: str | None) -> str:
    """Describe whom a connection leads to; an unreachable default host has a hint."""
    said = _host_and_port(url)
    if proxy is not None:
        said += f" by the proxy {_host_and_port(proxy)}"
    if url.startswith(DEFAULT_BASE_URL):
        said += "; to try things without a network: Laplas.local()"
    return said


def _join_headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return an answer's headers: names in lower case, equal names' values joined by commas."""
    headers: dict[str, str] = {}
    more: dict[str, list[str]] = {}
    for name, value in pairs:
        key = name.decode("latin-1").lower()
        try:
            text = value.decode()
        except UnicodeDecodeError:
            text = value.decode("latin-1")  # which any bytes are
        if headers.setdefault(key, text) is not text:
            more.setdefault(key, [headers[key]]).append(text)
    for key, texts in more.items():
        headers[key] = ", ".join(texts)
    return headers


class _AsyncAnswer:
    """An answer of httpx's whose body is still to come."""

    def __init__(self, response: Any) -> None:
        self._extensions = response.extensions
        self.status: int = response.status_code
        self.headers = _join_headers(response.headers.raw)
        # A transport may have had the whole body at hand; then httpx has undone its coding.
        self.is_decoded: bool = response.is_stream_consumed
        self.chunks = aiter(response.aiter_bytes() if self.is_decoded else response.stream)
        # Not the response's own method, which would mark it closed and count its time.
        self._stream = response.stream
        self._closed = False
        if isinstance(getattr(response.stream, "_httpcore_stream", None), _AsyncPooledBody):
            self.aclose = response.stream.aclose  # type: ignore[method-assign]  # our pool looks

    async def aclose(self) -> None:
        """Read no more of it. You may call it again."""
        if self._closed:
            return
        self._closed = True
        # A pool that is not ours would let the next request read what came behind this answer; it
        # drops what is shut down.
        network = self._extensions.get("network_stream")
        is_shared = self._extensions.get("http_version") == b"HTTP/2"  # by answers that are theirs
        if not is_shared and (_has_unread_bytes(self._stream) or _holds_bytes(network)):
            with suppress(OSError, AttributeError):
                network.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        await self._stream.aclose()

    async def read_end(self) -> None:
        """Read on where a stream said that it is done."""
        stream = self._extensions.get("network_stream")
        if isinstance(stream, _AsyncStream) and self._extensions["http_version"] != b"HTTP/2":
            stream.is_at_its_end = True
        async with aclosing(self.chunks) as chunks:
            await anext(chunks, None)


class AsyncBody:
    """A body's bytes as they come, their coding undone."""

    def __init__(self, answer: Any, network: Any, limit: int, deadline: float | None) -> None:
        self._answer = answer
        self._deadline = math.inf if deadline is None else deadline
        self._failure_of = network.failure_of
        coding = "" if answer.is_decoded else answer.headers.get("content-encoding", "")
        self._decoder = ContentDecoder(coding, limit)
        self.aclose = answer.aclose

    async def __aiter__(self) -> AsyncIterator[bytes]:
        late = False
        failure: BaseException | None
        try:
            async for chunk in self._answer.chunks:
                # Not all networks keep to it; and what came whole is taken, however late.
                if late:
                    raise TransportFailure("read_timeout", "the deadline has passed")
                late = self._deadline <= time.monotonic()
                for piece in self._decoder.pieces(chunk):
                    yield piece
        except TransportFailure:
            raise
        except Exception as error:
            failure = self._failure_of(error)
            if failure is None:
                raise
        else:
            self._decoder.check_end()
            return
        raise failure

    async def afinish(self) -> None:
        """Close it where its last event was read: once its end is read, if that comes soon, so
        that the connection can be used again."""
        try:
            await self._answer.read_end()
        except Exception as error:
            failure = self._failure_of(error) or error
            if not isinstance(failure, TransportFailure):
                raise failure from None
        await self.aclose()


_LoopDict: Any = WeakKeyDictionary  # sync: _LoopDict: Any = dict
"""By event loop, without holding one."""


async def _pieces_of(response: Response, ahead: int) -> AsyncGenerator[Any, None]:
    """Yield the body of an answer: first all of it, or None where it has `ahead` bytes or more.

    A function, not a method: what nobody holds any longer is collected at once, and lets its
    connection go, only while its generator does not hold it in turn.
    """
    held: list[bytes] = []
    came = 0
    begun = False
    try:
        async for piece in response.stream:
            came += len(piece)
            held.append(piece)
            if not begun and came >= ahead:
                begun = True
                yield None
            if begun:
                yield b"".join(held)
                held.clear()
    finally:
        await response.stream.aclose()
    said = response.headers.get("content-length", "")
    framed = {"content-encoding", "transfer-encoding"}.isdisjoint(response.headers)
    if framed and said.isdecimal() and len(said) < 20 and came < int(said):
        raise TransportFailure("truncated", f"{came} of {said} bytes came")
    if not begun:
        yield b"".join(held)


def as_httpx(response: Response, stream: Any) -> httpx.Response:
    """Return what reads a stream in all ways of httpx; or the content, where that is all."""
    whole = response.content if response.stream is None else None
    return httpx.Response(response.status, content=whole, stream=stream if whole is None else None)


def unread(reader: httpx.Response, response: Response) -> httpx.Response:
    """Return what reads a body, unless that came before: it comes once."""
    if response.stream is not None and (reader.is_stream_consumed or reader.is_closed):
        raise LaplasError("its body comes once, and was read or closed: keep what you read")
    return reader


class AsyncConnections:
    """The way to the network of a client and of those derived from it."""

    def __init__(self, config: TransportConfig) -> None:
        _check_config(config, "AsyncClient")
        self._config = config
        self.http_client = config.http_client
        self._networks: Any = _LoopDict()
        self._lock = threading.Lock()
        self._process = os.getpid()
        self.is_closed = False

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._config,)

    async def send(
        self,
        request: HttpRequest,
        timeout: Timeout,
        key: Secret | None,
        *,
        stream: bool = False,
        ahead: int | None = None,
        deadline: float | None = None,
    ) -> Response:
        """Send one request and return its answer.

        The body of a success is left to be read where it is a `stream`, or but for so many bytes.

        Raises:
            TransportFailure: No complete answer came.
        """
        # Raised outside of the blocks: so no error drags along, as its cause or in its traceback,
        # an object of the HTTP library that holds the key.
        network = self._live()
        if network.closer is None and self._config.transport is None:
            await close_with_loop(self._networks, network)
        echoes = Echoes(request.headers, key, request.url)
        ours = _is_ours.set(True)
        failure: BaseException | None
        try:
            if deadline is not None and deadline <= time.monotonic():
                raise TransportFailure("deadline", "it passed before the request was sent")
            answer = await network.open(request, timeout, key, deadline)
            begins = (stream or ahead is not None) and 200 <= answer.status < 300
            limit = most = self._config.max_response_bytes
            if begins and not stream:
                most = sys.maxsize  # only what is in memory has a limit
            body = AsyncBody(answer, network, most, deadline)
            if begins:
                begun = Response(answer.status, answer.headers, b"", stream=body, echoes=echoes)
                if ahead is None:
                    return begun
                rest = _pieces_of(begun, min(ahead, limit))
                content = await anext(rest)
                if content is None:
                    return begun._replace(stream=rest, limit=limit)
                return begun._replace(stream=None, content=content)
            pieces = []
            try:
                async for piece in body:
                    pieces.append(piece)
            finally:
                await body.aclose()
            return Response(answer.status, answer.headers, b"".join(pieces), echoes=echoes)
        except TransportFailure as problem:
            failure = problem
        except LaplasError:
            raise
        except Exception as error:
            failure = network.failure_of(error)
            if isinstance(request.content, Form) and request.content.problem:
                failure = TransportFailure("unsent", request.content.problem)
            if failure is None:
                if redact_url(request.url) != request.url:  # the frames below show the URL
                    raise without_traceback(error) from None
                raise
        except BaseException as interruption:  # Ctrl-C, a cancellation; frames below hold the key
            raise without_traceback(interruption) from None
        finally:
            _is_ours.reset(ours)
        if isinstance(failure, TransportFailure):  # no interruption
            failure.text = echoes.hide(failure.text)
            if failure.failure in ("connect", "connect_timeout"):
                failure.text += f" ({network.peer(request.url)})"
        raise failure

    def _live(self) -> Any:
        if self.is_closed:
            raise LaplasError("this client is closed")
        if self._process != os.getpid():
            # A forked child must not speak on its parent's connections; it drops them unclosed.
            # The lock goes, too: another thread of the parent may have held it.
            self._lock = threading.Lock()
            _abandoned.append(self._networks)
            self._networks = _LoopDict()
            self._process = os.getpid()
        loop = current_loop()  # sync: loop = None
        network = self._networks.get(loop)
        if network is None:
            with self._lock:
                for old in list(self._networks):  # open connections hold their loop
                    if getattr(old, "is_closed", bool)():
                        del self._networks[old]
                network = self._networks.setdefault(loop, _open_network(self._config))
        return network

    async def aclose(self) -> None:
        """Close this event loop's connections. You may call it again."""
        self.is_closed = True
        if self._process != os.getpid():
            return
        loop = current_loop()  # sync: loop = None
        network = self._networks.pop(loop, None)
        if network is None and self._config.transport is not None:
            network = _AsyncNetwork(self._config)
        if network is not None:
            await network.aclose()
            # async only: begin
            if network.closer is not None:
                await network.closer.aclose()
            # async only: end

    def __del__(self) -> None:
        owned = getattr(self, "_config", None) and self._config.http_client is None
        forgotten = owned and self._networks and not self.is_closed
        # At the end of the interpreter nobody could close it any more.
        if forgotten and self._process == os.getpid() and not sys.is_finalizing():
            warnings.warn("unclosed laplas client", ResourceWarning, stacklevel=2, source=self)


def _open_network(config: TransportConfig) -> Any:
    if not config.fast:
        return _AsyncNetwork(config)
    from .fast import AsyncFastNetwork

    return AsyncFastNetwork(config)


_abandoned: list[Any] = []
"""A parent's connections in a forked child: closing them would end the parent's TLS sessions."""


_APART: Final = {
    "fast": ("http_client", "transport", "verify", "http2"),
    "http_client": ("transport", "proxy", "verify", "limits", "http2"),
}
"""Options that say what another one, beside them, cannot keep to."""
_NEEDS: Final = {
    "fast": ("pyqwest", 'needs more packages: pip install "laplas[fast]"'),
    "http2": ("h2", 'needs one more package: pip install "httpx[http2]"'),
}


def _check_config(config: TransportConfig, name_of_class: str) -> None:
    """Raise ConfigurationError for a client, a transport or a proxy that cannot work."""
    if not isinstance(config.fast, bool):
        raise ConfigurationError("fast", "must be a bool")
    usual = TransportConfig._field_defaults
    given = {name for name, value in config._asdict().items() if value != usual[name]}
    for option, others in _APART.items():
        said = "fast=True" if option == "fast" else option
        for name in others:
            if {option, name} <= given:
                raise ConfigurationError(name, f"cannot be given beside {said}: leave one out")
    for option, (package, what) in _NEEDS.items():
        if option in given and find_spec(package) is None:
            raise ConfigurationError(option, what)
    client = config.http_client
    if client is not None and name_of_class not in {cls.__name__ for cls in type(client).__mro__}:
        problem = f"must be an httpx.{name_of_class}, not {type(client).__name__}"
        raise ConfigurationError("http_client", problem)
    if not isinstance(config.verify, bool | ssl.SSLContext):
        raise ConfigurationError("verify", "must be a bool or an ssl.SSLContext")
    if config.limits is not None and not hasattr(config.limits, "max_connections"):
        raise ConfigurationError("limits", "must be an httpx.Limits")
    if config.proxy is not None:
        _check_proxy(config.proxy, "proxy")


def check_proxy_of_environment(proxy: str) -> None:
    """Raise ConfigurationError, with the variable's name, for a proxy that is none."""
    names = (name for name in os.environ if name.lower() in _PROXY_VARIABLES)
    _check_proxy(proxy, next((n for n in names if os.environ[n] in proxy), "environment"))


def _check_proxy(proxy: str, argument: str) -> None:
    # Here, because an error of the HTTP library would show the URL whole.
    try:
        url = httpx.Proxy(proxy).url
        _ = urlsplit(proxy).port  # raises for what is no port
        scheme = url.scheme if url.host else ""
    except (ValueError, TypeError, AttributeError, httpx.InvalidURL):
        scheme = ""
    if scheme not in {"http", "https", "socks5", "socks5h"}:
        raise ConfigurationError(argument, "the proxy must be an http, https or socks5 URL")
    if scheme.startswith("socks") and find_spec("socksio") is None:
        needs = 'socks needs one more package: pip install "httpx[socks]"'
        raise ConfigurationError(argument, needs)
