# Derived from ../_async/fast.py by tools/derive_sync.py; do not edit.
"""The other way to the network, for ``fast=True``: pyqwest, which is reqwest and hyper, in Rust.

Nothing here is imported unless a client asks for it. Policy (headers, codings, limits, kinds of
failure) is that of the default; what differs is listed in ``docs/performance.md``.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyqwest  # type: ignore[import-not-found, unused-ignore]

from .._core.config import Secret, Timeout, TransportConfig
from .._core.interruptions import interruption_in
from .._core.request import HttpRequest, wire_headers
from .._core.retry import Failure, TransportFailure
from ..errors import ConfigurationError, LaplasError
from .concurrency import Places, call_within
from .transport import (
    KEEP_ALIVE,
    MAX_RESTING,
    HideCredentials,
    Tls,
    _Network,
    authority,
    check_proxy_of_environment,
    streamed,
)

MAX_HEAD: Final = 100 * 1024
"""Bytes of an answer's head at most, as with httpx."""
_NO_PROXY: Final = pyqwest.Proxy("http://127.0.0.1:9", no_proxy="*,0.0.0.0/0,::/0")
"""Keeps pyqwest from the environment's proxies: those are chosen here, as for the default."""

_FAILURES: Final[tuple[tuple[type[Exception], Failure], ...]] = (
    (pyqwest.ConnectTimeout, "connect_timeout"),
    (TimeoutError, "read_timeout"),
    (ConnectionError, "connect"),
    (pyqwest.WriteError, "write"),
    (pyqwest.ReadError, "read"),
    (pyqwest.RemoteProtocolError, "truncated"),
)
_running_in = 0
"""The process whose threads pyqwest has started; a child forked from it would wait for ever."""


for _name in ("pyqwest", "pyqwest.access"):
    logging.getLogger(_name).addFilter(HideCredentials())


def failure_of(error: Exception) -> BaseException | None:
    """Return what an error of pyqwest means; None for an error that is a bug."""
    if thrown := interruption_in(error, without_frames=True):
        return thrown
    text = re.sub(r"(?: for url )?\(?\b\w+://\S*", "", str(error))  # a URL may hold a secret
    if "message head is too large" in text:
        return TransportFailure("too_large", text)
    for cls, kind in _FAILURES:
        if isinstance(error, cls):
            return TransportFailure(kind, f"{cls.__name__}: {text}")
    return None


class FastNetwork(_Network):
    """The connections of one client in one event loop."""

    failure_of = staticmethod(failure_of)

    def __init__(self, config: TransportConfig) -> None:
        super().__init__(config)
        self._places = Places(getattr(config.limits, "max_connections", None))
        self._transports: dict[Any, Any] = {}

    def open(
        self, request: HttpRequest, timeout: Timeout, key: Secret | None, deadline: float | None
    ) -> _Answer:
        """Send a request; return the answer with its body still to come."""
        _check_process()
        transport = self._transport_for(request.url, timeout)
        waits = [s for s in (timeout.pool, _seconds_left(deadline)) if s is not None]
        if not self._places.acquire(min(waits, default=None)):
            raise TransportFailure("pool_timeout", "all connections that limits allows are in use")
        answer = _Answer(self._places, deadline)
        try:
            built = _build(request, key)
            left = _seconds_left(deadline)
            send = transport.execute_sync
            answer.begin(call_within(left, lambda: send(built)))
        except BaseException:
            answer.close()
            raise
        return answer

    def _transport_for(self, url: str, timeout: Timeout) -> Any:
        """Return the transport with these timeouts: pyqwest sets them once for each."""
        phases = (timeout.connect, timeout.read, self._proxy_for(url))
        transport = self._transports.get(phases)
        if transport is None:  # threads that find it missing at once shall all use the same
            for oldest in list(self._transports)[:-7]:  # a program that computes its timeouts
                self._transports.pop(oldest, None)
            transport = self._transports.setdefault(phases, self._make_transport(*phases))
        return transport

    def _make_transport(self, connect: float | None, read: float | None, proxy: str | None) -> Any:
        limits = self._config.limits
        resting = getattr(limits, "max_keepalive_connections", MAX_RESTING)
        expiry = getattr(limits, "keepalive_expiry", KEEP_ALIVE)
        if proxy is not None and self._config.proxy is None:
            check_proxy_of_environment(proxy)
        try:
            return pyqwest.SyncHTTPTransport(
                tls_ca_cert=_certificates(),
                http_version=pyqwest.HTTPVersion.HTTP1,
                proxy=_NO_PROXY if proxy is None else proxy,
                connect_timeout=connect,
                read_timeout=read,
                pool_max_idle_per_host=1_000_000 if resting is None else resting,
                # The places alone do not do: pyqwest takes a connection back a moment later.
                max_connections_per_address=getattr(limits, "max_connections", None),
                pool_idle_timeout=KEEP_ALIVE if expiry is None else expiry,
                enable_gzip=False,
                enable_brotli=False,
                enable_zstd=False,
                use_system_dns=True,
                follow_redirects=False,
                enable_otel=False,
            )
        except (ValueError, RuntimeError, OSError) as error:
            name = type(error).__name__
        argument = "proxy" if proxy else "SSL_CERT_FILE"
        raise ConfigurationError(argument, f"cannot be used with fast=True: {name}")

    def close(self) -> None:
        transports, self._transports = self._transports, {}
        for transport in transports.values():
            transport.close()


def _seconds_left(deadline: float | None) -> float | None:
    """Return the seconds until then, not below 0; None for any number."""
    return None if deadline is None else max(deadline - time.monotonic(), 0.0)


class _Answer:
    """An answer whose body is still to come. It holds a place until it is closed."""

    is_decoded = False
    _response: Any = None

    def __init__(self, places: Places, deadline: float | None) -> None:
        self._places: Places | None = places
        self._deadline = deadline
        self.headers: dict[str, str] = {}

    def begin(self, response: Any) -> None:
        """Note what came."""
        self._response = response
        self._content = iter(response.content)
        self.status: int = response.status
        size = 0
        for name, value in response.headers.items():  # the names are in lower case
            before = self.headers.get(name)
            self.headers[name] = value if before is None else f"{before}, {value}"
            size += len(name) + len(value) + 4
        if self.status == 101:
            raise TransportFailure("truncated", "the server switches protocols")
        if self.headers.get("transfer-encoding", "chunked").lower() != "chunked":
            problem = "the answer has a transfer coding other than chunked"
            raise TransportFailure("truncated", problem)
        if size > MAX_HEAD:
            raise TransportFailure("too_large", f"the answer's head is over {MAX_HEAD} bytes")

    @property
    def chunks(self) -> Iterator[bytes]:
        """The bytes of the body as they come."""
        said = self.headers.get("content-length", "")
        is_told = said.isdecimal() and "transfer-encoding" not in self.headers
        missing = int(said) if is_told else None
        while missing != 0:  # to ask for the end costs as much as to ask for the bytes
            left = _seconds_left(self._deadline)
            chunk = call_within(left, lambda: next(self._content, None))
            if chunk is None:
                return
            missing = None if missing is None else missing - len(chunk)
            yield bytes(chunk)

    def read_end(self) -> None:
        """Read on where a stream said that it is done."""
        # Sync, nothing ends a read under way: pyqwest takes its timeout as it sends.

    def close(self) -> None:
        """Read no more of it. You may call it again."""
        places, self._places = self._places, None
        if places is not None:
            places.release()
        if self._response is not None:
            self._response.close()


def _build(request: HttpRequest, key: Secret | None) -> Any:
    # A function of its own: no frame that an error comes through has the key among its locals.
    headers = wire_headers(request, authority(request.url), key)
    made = pyqwest.SyncRequest
    content = streamed(request.content) or b""
    if not isinstance(content, bytes):
        content = iter(content)
    return made(request.method, request.url, pyqwest.Headers(headers.items()), content)


def _check_process() -> None:
    global _running_in
    if _running_in not in (0, os.getpid()):
        raise LaplasError(
            "fast=True cannot be used in a process forked after its first request: "
            "make the client with fast=False, or start processes by spawn or forkserver"
        )
    _running_in = os.getpid()


def _certificates() -> bytes | None:
    """Return the certificates that the environment names, as the default transport trusts them."""
    file, folder = (os.environ.get(name) or None for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"))
    if file is None and folder is None:
        return None
    Tls(True).make()  # raises ConfigurationError for what is no certificate
    files = [] if file is None else [Path(file)]
    files += [] if folder is None else sorted(p for p in Path(folder).iterdir() if p.is_file())
    return b"\n".join(path.read_bytes() for path in files)
