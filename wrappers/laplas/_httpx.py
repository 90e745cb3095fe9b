"""Exchanges through httpx: with a proxy between, on trio, or where the caller has a client or a
transport of their own. Nothing else in the package names httpx; it is loaded only for these.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

import anyio
import httpx

from ._call import Request, Response, redacted_url
from ._coding import Decoder, is_event_stream
from ._engine import Broken, BrokenStream, Send
from ._errors import ConfigurationError, LaplasError
from ._http import check_verify, sleep
from ._http1 import headers_on_the_wire, joined, origin_and_path, tls_context
from ._options import Connecting
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
    return Broken.by(failure, error)


def _built(
    client: httpx.Client | httpx.AsyncClient, step: Send, key: Secret | None
) -> httpx.Request:
    request: Request = step.request
    origin, _ = origin_and_path(request.url)
    return client.build_request(
        request.method,
        request.url,
        headers=headers_on_the_wire(request, origin, key),
        content=request.content,
        timeout=httpx.Timeout(**step.timeout._asdict()),
    )


def _decoder(response: httpx.Response, most: int) -> Decoder:
    # A transport may have had the whole body at hand; then httpx has undone its coding.
    consumed = response.is_stream_consumed
    return Decoder("" if consumed else response.headers.get("content-encoding", ""), most)


def _answer(response: httpx.Response, content: bytes = b"", stream: Any = None) -> Response:
    return Response(response.status_code, joined(response.headers.raw), content, stream=stream)


def _streams(step: Send, response: httpx.Response) -> bool:
    return step.stream and response.is_success and is_event_stream(response.headers)


class SyncStream:
    """A body's bytes as they come."""

    def __init__(self, response: httpx.Response, most: int) -> None:
        self._response = response
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        response = self._response
        decoder = _decoder(response, self._most)
        try:
            chunks = response.iter_bytes if response.is_stream_consumed else response.iter_raw
            for chunk in chunks():
                yield from decoder.pieces(chunk)
        except _EXPECTED as error:
            broken = _broken(error)
        else:
            return decoder.check_end()
        raise BrokenStream(*broken)

    def close(self) -> None:
        self._response.close()

    finish = close  # httpx cannot wait for the end with a timeout of its own


class AsyncStream:
    """A body's bytes as they come."""

    def __init__(
        self, response: httpx.Response, most: int, done: Callable[[], Awaitable[None]]
    ) -> None:
        self._response = response
        self._most = most
        self._done: Callable[[], Awaitable[None]] | None = done

    async def __aiter__(self) -> AsyncIterator[bytes]:
        response = self._response
        decoder = _decoder(response, self._most)
        try:
            chunks = response.aiter_bytes if response.is_stream_consumed else response.aiter_raw
            async for chunk in chunks():
                for piece in decoder.pieces(chunk):
                    yield piece
        except _EXPECTED as error:
            broken = _broken(error)
        else:
            decoder.check_end()
            return
        raise BrokenStream(*broken)

    async def aclose(self) -> None:
        await self._response.aclose()
        done, self._done = self._done, None
        if done is not None:
            await done()

    afinish = aclose


class HttpxConnections:
    """An ``httpx.Client`` at work: the caller's own, or one that is made when first needed."""

    def __init__(self, connecting: Connecting) -> None:
        self._client: httpx.Client | None = connecting.http_client
        self._owned = self._client is None
        self._connecting = connecting
        self._lock = threading.Lock()

    def send(self, step: Send, key: Secret | None) -> Response | Broken:
        client = self._live()
        # Returned from inside, raised by the plan outside: so no error drags along, as its cause
        # or in its traceback, an object of the HTTP library that holds the key.
        try:
            request = _built(client, step, key)
            response = client.send(request, stream=True, follow_redirects=False)
            body = SyncStream(response, self._connecting.max_response_bytes)
            if _streams(step, response):
                return _answer(response, stream=body)
            try:
                return _answer(response, b"".join(body))
            finally:
                body.close()
        except BrokenStream as problem:
            return problem.broken
        except _EXPECTED as error:
            return _broken(error)

    def _live(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                self._client = _made(httpx.Client, self._connecting)
        _refuse_closed(self._client)
        return self._client

    def close(self) -> None:
        open_ = self._client or self._connecting.transport
        if self._owned and open_ is not None:
            open_.close()


class AsyncHttpxConnections:
    """An ``httpx.AsyncClient`` at work: the caller's own, or one that is made when first needed."""

    def __init__(self, connecting: Connecting) -> None:
        self._client: httpx.AsyncClient | None = connecting.http_client
        self._owned = self._client is None
        self._connecting = connecting
        self._calls: Counter[httpx.AsyncClient] = Counter()

    async def send(self, step: Send, key: Secret | None) -> Response | Broken:
        client = self._client
        if client is None:
            client = self._client = _made(httpx.AsyncClient, self._connecting)
        _refuse_closed(client)
        self._calls[client] += 1
        streams = False  # then the call lasts until the stream is closed

        async def done() -> None:
            await self._done(client)

        try:
            request = _built(client, step, key)
            response = await client.send(request, stream=True, follow_redirects=False)
            body = AsyncStream(response, self._connecting.max_response_bytes, done)
            if _streams(step, response):
                streams = True
                return _answer(response, stream=body)
            try:
                return _answer(response, b"".join([piece async for piece in body]))
            finally:
                await response.aclose()
        except BrokenStream as problem:
            return problem.broken
        except _EXPECTED as error:
            return _broken(error)
        except Exception:
            raise
        except BaseException:  # a cancelled task, Ctrl-C
            self._retire(client)
            raise
        finally:
            if not streams:
                await done()

    def _retire(self, client: httpx.AsyncClient) -> None:
        """Give the client to no further call.

        httpcore 1.0.9 never gets back a connection whose call is cancelled at the wrong moment:
        after a hundred of them, every call would wait in vain for a free one.
        """
        if self._owned and self._connecting.transport is None and self._client is client:
            self._client = None

    async def _done(self, client: httpx.AsyncClient) -> None:
        """Count a call off; the last one of a retired client closes it."""
        self._calls[client] -= 1
        if self._calls[client] > 0:
            return
        del self._calls[client]
        if self._owned and self._client is not client:
            with anyio.CancelScope(shield=True):
                await client.aclose()

    async def aclose(self) -> None:
        open_ = self._client or self._connecting.transport
        if self._owned and open_ is not None:
            await open_.aclose()


def _refuse_closed(client: httpx.Client | httpx.AsyncClient) -> None:
    if client.is_closed:
        raise LaplasError("this client is closed")


def _made(cls: type[ClientT], connecting: Connecting) -> ClientT:
    try:
        verify: Any = connecting.verify
        if verify is True and connecting.transport is None:
            verify = tls_context(True)
        client = cls(
            transport=connecting.transport,
            verify=verify,
            proxy=connecting.proxy,
            # Calls are independent of each other: no cookie of one goes with another.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )
        # Every header is ours: what a caller removes must not come back as httpx's default.
        client.headers.clear()
        return client
    except LaplasError:
        raise
    except Exception as error:  # odd proxy variables, a missing certificate file
        problem = type(error).__name__
    # Without the error's own text, which may hold a proxy's password.
    raise ConfigurationError("environment", f"its proxies or certificates are unfit: {problem}")


def check(connecting: Connecting, name_of_class: str) -> None:
    """Raise ConfigurationError for a client, a transport or a proxy that cannot work."""
    client = connecting.http_client
    if client is None:
        check_verify(connecting)
        _check_proxy(connecting.proxy)
        return
    for name in ("transport", "proxy"):
        if getattr(connecting, name) is not None:
            raise ConfigurationError(name, "cannot be given beside http_client")
    if connecting.verify is not True:
        raise ConfigurationError("verify", "cannot be given beside http_client")
    if not isinstance(client, getattr(httpx, name_of_class)):
        raise ConfigurationError(
            "http_client", f"must be an httpx.{name_of_class}, not {type(client).__name__}"
        )


def _check_proxy(proxy: str | None) -> None:
    # Here, because an error of the HTTP library would show the URL whole.
    if proxy is None:
        return
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
