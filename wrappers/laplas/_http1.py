"""HTTP/1.1 without I/O: what an exchange does next, on connections that another module has.

`_sockets` and `_async_sockets` carry these exchanges out, each with its own way of waiting; the
grammar is h11's. Several times cheaper than httpx, which builds, merges and parses each request's
parts again and walks all connections for each call.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, Protocol, TypeVar, cast
from urllib.parse import urlsplit

import h11

from ._call import Request, Response
from ._coding import Decoder, is_event_stream
from ._engine import Broken, BrokenStream, Send
from ._errors import ConfigurationError
from ._options import Timeout
from ._secret import Secret

if TYPE_CHECKING:
    import ssl

    from ._retry import Failure

CHUNK: Final = 64 * 1024
"""Bytes that one read asks for, and that one write's timeout covers."""
MAX_HEAD: Final = 100 * 1024
"""Bytes that an answer's status line and headers may have together: httpx's limit."""
MAX_INTERIM: Final = 20
"""Interim answers (100, 103) before the answer itself. Ours: the standard states no limit."""
MAX_CONNECTIONS: Final = 200
"""In use at once; below the 256 files that some systems allow a process."""
GRACE: Final = 0.05
"""Seconds for the end of a stream that said it is done; a new connection would take longer."""
LONGEST: Final = 1_000_000.0
"""Seconds that stand for longer ones: the system's calls take no more than 24 days."""
KEEP_ALIVE: Final = 5.0
"""Seconds at rest after which a connection is not used again: servers close theirs about then."""


class Origin(NamedTuple):
    """Where connections lead to."""

    secure: bool
    host: str
    port: int
    authority: str
    """Host and port as the Host header has them."""


def origin_and_path(url: str) -> tuple[Origin, str]:
    """Where an absolute http or https URL leads, and what is asked for there."""
    slash = url.find("/", len("https://"))
    return _origin(url[:slash]), url[slash:]


@functools.lru_cache(maxsize=64)
def _origin(base: str) -> Origin:
    parts = urlsplit(base)
    secure = parts.scheme == "https"
    usual = 443 if secure else 80
    host = parts.hostname or ""
    port = usual if parts.port is None else parts.port
    authority = f"[{host}]" if ":" in host else host
    return Origin(secure, host, port, authority if port == usual else f"{authority}:{port}")


@functools.cache
def _checking(file: str | None, folder: str | None) -> ssl.SSLContext:
    import ssl  # 10 ms that plain http need not pay

    if file is None and folder is None:
        import certifi

        file = certifi.where()
    try:
        return ssl.create_default_context(cafile=file, capath=folder)
    except OSError as error:  # no such file, or not a certificate in it
        problem = type(error).__name__
    raise ConfigurationError("environment", f"its certificates are unfit: {problem}")


@functools.cache
def _unchecking() -> ssl.SSLContext:
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def tls_context(verify: bool | ssl.SSLContext) -> ssl.SSLContext:
    """What `verify` means, with the certificates that SSL_CERT_FILE and SSL_CERT_DIR name.

    All clients share a context: making one takes 20 ms.

    Raises:
        ConfigurationError: What the environment names holds no certificates.
    """
    if verify is True:
        file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
        context = _checking(file or None, folder or None)
    else:
        context = verify or _unchecking()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Connection(Protocol):
    """What is read and written; all but `close` and `is_stale` block, or are awaited."""

    origin: Origin
    state: h11.Connection
    expires: float

    def write(self, pieces: Iterable[bytes | memoryview], timeout: float | None) -> Any: ...
    def read(self, timeout: float | None) -> Any: ...
    def is_stale(self) -> bool: ...
    def close(self) -> None: ...


C = TypeVar("C", bound=Connection)


class Carrier(Protocol[C]):
    """What an exchange needs of `Sockets` or `AsyncSockets`."""

    idle: Idle[C]

    def permit(self, timeout: float | None) -> Any: ...
    def release(self) -> None: ...
    def connect(self, origin: Origin, timeout: float | None) -> Any: ...
    def forget(self, connection: C) -> None:
        """Close it and give its place back, whichever thread this is and whatever it is at."""


Todo = Callable[[], Any]
"""Something that blocks, or returns an awaitable: to be called by the module that does the I/O."""
Exchange = Generator[Todo, Any, Response | Broken]


def new_state() -> h11.Connection:
    """The protocol's state of a new connection."""
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)


def exchange(carrier: Carrier[C], step: Send, key: Secret | None, most: int) -> Exchange:
    """One exchange: a connection, the request out, the answer in, its content coding undone.

    Yields what to do; is sent what came of it, or has the error thrown in.

    Args:
        carrier: Has the connections.
        step: The request, its timeouts, and whether a stream's body is left for later.
        key: The Authorization header's value, or None for none.
        most: Bytes of body, coded or not, above which the answer is "too_large".
    """
    timeout = step.timeout
    origin, path = origin_and_path(step.request.url)
    if not (yield lambda: carrier.permit(timeout.pool)):
        return Broken("pool_timeout", f"all {MAX_CONNECTIONS} connections are in use")
    connection: C | None = None
    try:
        connection = carrier.idle.take(origin)
        if connection is None:
            connection = yield lambda: carrier.connect(origin, timeout.connect)
    except UnicodeError:
        return Broken("unsent", "the host is no domain name")
    except OSError as error:
        return broken("connect", error)
    finally:
        if connection is None:
            carrier.release()
    return (yield from _on(Held(carrier, connection), path, step, key, most))


def _on(held: Held[Any], path: str, step: Send, key: Secret | None, most: int) -> Exchange:
    """An exchange on the connection that is held for it."""
    read_later = False
    try:
        answer = yield from _conversed(held, path, step, key)
        if isinstance(answer, Broken):
            return answer
        body = Body(held, Decoder(answer.headers.get("content-encoding", ""), most), step.timeout)
        if step.stream and 200 <= answer.status < 300 and is_event_stream(answer.headers):
            read_later = True
            return answer._replace(stream=body)
        content = io.BytesIO()  # which hands its bytes out without a copy
        while (pieces := (yield from body.more())) is not None:
            content.writelines(pieces)
        return answer._replace(content=content.getvalue())
    except BrokenStream as problem:
        return problem.broken
    finally:
        if not read_later:
            held.let_go()


def _conversed(held: Held[Any], path: str, step: Send, key: Secret | None) -> Exchange:
    """The request out, the answer's head in."""
    connection = held.connection
    try:
        pieces = _written(connection, step.request, path, key)
    except (h11.LocalProtocolError, UnicodeError):  # its text quotes header values
        return Broken("unsent", "the request cannot be written as HTTP/1.1")
    try:
        yield lambda: connection.write(pieces, step.timeout.write)
    except TimeoutError as error:
        return broken("write", error)
    except OSError:
        # A server that will not hear it all may have said why before it hung up.
        connection.state.send_failed()
    for _ in range(MAX_INTERIM):
        event = yield from _next_event(connection, step.timeout.read)
        if isinstance(event, h11.Response):
            return Response(event.status_code, joined(event.headers.raw_items()), b"")
    return Broken("truncated", "the server sends nothing but interim answers")


def _written(
    connection: Connection, request: Request, path: str, key: Secret | None
) -> list[bytes | memoryview]:
    state, content = connection.state, request.content or b""
    headers = headers_on_the_wire(request, connection.origin, key)
    head = h11.Request(method=request.method, target=path, headers=[*headers.items()])
    start = state.send(head)
    if content:
        state.send(h11.Data(content))
    state.send(h11.EndOfMessage())
    rest = memoryview(content)[CHUNK:]
    # Head and body in one piece: half a request in a segment of its own makes servers wait.
    return [
        start + content[:CHUNK],
        *(rest[at : at + CHUNK] for at in range(0, len(rest), CHUNK)),
    ]


def headers_on_the_wire(request: Request, origin: Origin, key: Secret | None) -> dict[str, str]:
    """All headers of a request, on whichever way it goes."""
    headers = {"Host": origin.authority}
    for name, value in request.headers.items():
        lower = name.lower()
        if lower == "host":
            headers["Host"] = value
        elif lower not in _FRAMING:  # where the body ends is said here alone
            headers[name] = value
    if request.content is not None or request.method in _WITH_BODY:
        headers["Content-Length"] = str(len(request.content or b""))
    if key is not None:
        headers["Authorization"] = key.reveal()
    return headers


_FRAMING: Final = frozenset(("content-length", "transfer-encoding"))
_WITH_BODY: Final = frozenset(("PATCH", "POST", "PUT"))
"""Methods whose requests say that their body is empty, where it is."""


def _next_event(
    connection: Connection, timeout: float | None
) -> Generator[Todo, Any, h11.Event | type[h11.PAUSED]]:
    """What comes next; raises BrokenStream where it cannot be read."""
    state = connection.state
    try:
        while (event := state.next_event()) is h11.NEED_DATA:
            state.receive_data((yield lambda: connection.read(timeout)))
    except h11.RemoteProtocolError as error:
        failure: Failure = "too_large" if error.error_status_hint == 431 else "truncated"
        problem = BrokenStream(failure, f"the answer is not HTTP/1.1, or was cut: {error}")
    except OSError as error:
        problem = BrokenStream(*broken("read", error))
    else:
        return cast("h11.Event", event)
    raise problem


def joined(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """An answer's headers: names in lower case, values of the same name joined by commas."""
    headers: dict[str, str] = {}
    for name, value in pairs:
        key, text = name.decode("latin-1").lower(), _text(value)
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


def _text(value: bytes) -> str:
    """A header's value: UTF-8, as most servers mean it, else Latin-1, which any bytes are."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


class Held(Generic[C]):
    """A connection that one exchange has to itself, and its place among those allowed."""

    def __init__(self, carrier: Carrier[C], connection: C) -> None:
        self._carrier = carrier
        self.connection = connection
        self.is_gone = False

    def let_go(self) -> None:
        """Give it back: for use where the exchange came to its end. May be repeated.

        After an error, a cancellation or Ctrl-C it is closed, as what comes next on it would be
        for this exchange.
        """
        if self.is_gone:
            return
        self.is_gone = True
        if _is_reusable(self.connection.state):
            self._carrier.idle.put(self.connection)
        else:
            self.connection.close()
        self._carrier.release()

    def __del__(self) -> None:
        if not self.is_gone:
            self._carrier.forget(self.connection)


class Body:
    """A body that is still to come, on a connection that only its reader has."""

    def __init__(self, held: Held[Any], decoder: Decoder, timeout: Timeout) -> None:
        self._held = held
        self._decoder = decoder
        self._timeout = timeout.read

    def more(self) -> Generator[Todo, Any, list[bytes] | None]:
        """The next pieces; None at the end, or once it was let go. Raises BrokenStream."""
        if self._held.is_gone:  # the connection may be another exchange's by now
            return None
        try:
            event = yield from _next_event(self._held.connection, self._timeout)
            if isinstance(event, h11.Data):
                return [*self._decoder.pieces(event.data)]
            self._decoder.check_end()
        except BaseException:
            self.let_go()
            raise
        self.let_go()
        return None

    def rest(self) -> Generator[Todo, Any, None]:
        """Let it go, of which only the end should be left: once that is read, so that the
        connection can be used again. A server that does not send it is not waited for long."""
        if not self._held.is_gone:
            with contextlib.suppress(BrokenStream):
                yield from _next_event(self._held.connection, GRACE)
        self.let_go()

    def let_go(self) -> None:
        """Read no more of it. May be repeated."""
        self._held.let_go()


def _is_reusable(state: h11.Connection) -> bool:
    """Whether another request may follow; makes the state ready for it."""
    if state.our_state is not h11.DONE or state.their_state is not h11.DONE:
        return False
    if state.trailing_data[0]:  # an answer to nothing
        return False
    state.start_next_cycle()
    return True


def broken(phase: str, error: Exception) -> Broken:
    """What an operating system's error in a phase means."""
    failure = f"{phase}_timeout" if isinstance(error, TimeoutError) else phase
    return Broken.by(cast("Failure", failure), error)


class Idle(Generic[C]):
    """Connections at rest. The one that rested least is used next, so that the others can expire.

    Safe to share between threads.
    """

    def __init__(self) -> None:
        self._resting: deque[C] = deque()  # in the order in which they expire
        self._lock = threading.Lock()
        self._closed = False

    def take(self, origin: Origin) -> C | None:
        """A connection that can be used, or None."""
        while (connection := self._newest(origin)) is not None:
            if connection.expires > time.monotonic() and not connection.is_stale():
                return connection
            connection.close()
        return None

    def _newest(self, origin: Origin) -> C | None:
        with self._lock:
            for index in range(len(self._resting) - 1, -1, -1):
                connection = self._resting[index]
                if connection.origin == origin:
                    del self._resting[index]
                    return connection
        return None

    def put(self, connection: C) -> None:
        """Keep a connection, and let go of those that rested too long, wherever they lead."""
        now = time.monotonic()
        connection.expires = now + KEEP_ALIVE
        with self._lock:
            self._resting.append(connection)
            done_with = []
            while self._resting and (self._closed or self._resting[0].expires < now):
                done_with.append(self._resting.popleft())
        for old in done_with:
            old.close()

    def close(self) -> None:
        """Let go of all, and of each that is put back later."""
        with self._lock:
            self._closed = True
            connections, self._resting = self._resting, deque()
        for connection in connections:
            connection.close()


def has_news(descriptor: int) -> bool:
    """Whether there is something to read: the end of file, on a connection at rest."""
    if hasattr(select, "poll"):  # knows no limit of 1024 descriptors
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([descriptor], [], [], 0)[0])
