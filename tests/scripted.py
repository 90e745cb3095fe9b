"""A scripted HTTP side for the wrapper's tests: canned answers in, recorded requests out.

`run_both` makes one call with `Laplas` and with `AsyncLaplas`, each on the same script, and holds
that both send the same and come to the same. Time is a `Clock`: nothing waits for real.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import threading
import tracemalloc
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import aclosing, contextmanager, suppress
from typing import IO, Any, NamedTuple, Self
from unittest.mock import patch

import httpx

import laplas
from laplas import AsyncLaplas, Laplas

KEY = "sk-canary-0123456789"
BASE = "https://api.test"
THREAD = "thread_abc123"
MESSAGE = "msg_abc123"
MOST_REQUESTS = 300
NOW = 1_800_000_000.0
FULL = "LAPLAS_FULL" in os.environ
"""Whether there is time for many examples."""


class Sent(NamedTuple):
    """A request as it was sent, header names in their order and case."""

    method: str
    url: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def target(self) -> str:
        """The path with the query."""
        return self.url.removeprefix(BASE)

    def header(self, name: str) -> str | None:
        """The header's value, or None where it was not sent."""
        values = [v.decode() for n, v in self.headers if n.decode().lower() == name.lower()]
        assert len(values) <= 1, f"{name} was sent {len(values)} times"
        return values[0] if values else None

    def json(self) -> Any:
        """The body as JSON, or None where there is none."""
        return json.loads(self.body) if self.body else None


class Step(NamedTuple):
    """What one request meets: an answer, or an exception of the HTTP library."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    error: Exception | None = None
    takes: float = 0.0


ERROR_CLASSES: dict[int, type[laplas.APIStatusError]] = {
    400: laplas.BadRequestError,
    401: laplas.AuthenticationError,
    403: laplas.PermissionDeniedError,
    404: laplas.NotFoundError,
    409: laplas.ConflictError,
    422: laplas.UnprocessableEntityError,
    429: laplas.RateLimitError,
}


def error_class(status: int) -> type[laplas.APIStatusError]:
    """Return what a status comes to. Written by hand: the client must agree."""
    default = laplas.ServerError if status >= 500 else laplas.APIStatusError
    return ERROR_CLASSES.get(status, default)


def answer(body: Any = b"", status: int = 200, takes: float = 0.0, **headers: str) -> Step:
    """An answer; what is neither str nor bytes is sent as JSON. `retry_after` is Retry-After."""
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json.dumps(body).encode()
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Step(status, body, pairs, takes=takes)


def breaks(error: Exception, takes: float = 0.0) -> Step:
    """An exchange that ends with an exception."""
    return Step(error=error, takes=takes)


Script = Callable[[Sent], Step]


class Clock:
    """Time for everybody: it moves by waiting and by answers that take long.

    It stands in for the functions of `time` and `asyncio`, whoever calls them by these names.
    Sleeps of 0 are real ones, as event loops need them, and are no waits.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return NOW + self.now

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.waits.append(seconds)
            self.now += seconds

    async def async_sleep(self, seconds: float, result: Any = None) -> Any:
        self.sleep(seconds)
        return await _true_sleep(0, result)

    @contextmanager
    def installed(self) -> Iterator[None]:
        """While this lasts, time is this clock's and chance is the same each time."""
        state = random.getstate()
        random.seed(0)
        with (
            patch("time.monotonic", self.monotonic),
            patch("time.time", self.time),
            patch("time.sleep", self.sleep),
            patch("asyncio.sleep", self.async_sleep),
        ):
            try:
                yield
            finally:
                random.setstate(state)


_true_sleep = asyncio.sleep


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Plays a script, one step a request; a request beyond its end fails the test."""

    def __init__(self, *steps: Step | Script, clock: Clock | None = None) -> None:
        self.requests: list[Sent] = []
        self.timeouts: list[dict[str, float | None]] = []
        self._steps = deque(steps)
        self._clock = clock or Clock()

    def _play(self, request: httpx.Request) -> httpx.Response:
        sent = Sent(request.method, str(request.url), tuple(request.headers.raw), request.content)
        self.requests.append(sent)
        assert len(self.requests) <= MOST_REQUESTS, "this goes on for ever"
        self.timeouts.append(request.extensions["timeout"])
        assert self._steps, f"nothing is scripted for {sent.method} {sent.url}"
        # A function at the end of the script answers all that follows.
        step = self._steps[0]
        if isinstance(step, Step):
            self._steps.popleft()
        else:
            step = step(sent)
        self._clock.now += step.takes
        if step.error is not None:
            raise step.error
        return httpx.Response(step.status, headers=list(step.headers), content=step.body)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._play(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return self._play(request)


async def settled(value: Any) -> Any:
    """What a call of either client comes to."""
    return await value if hasattr(value, "__await__") else value


async def each(items: Any) -> AsyncGenerator[Any]:
    """What a listing of either client hands out."""
    if hasattr(items, "__aiter__"):
        async with aclosing(items.__aiter__()) as iterator:
            async for item in iterator:
                yield item
    else:
        for item in items:
            yield item


class Ran(NamedTuple):
    """What became of a call: a result or an error, and what was sent for it."""

    value: Any
    problem: Exception | None
    items: list[Any]
    """With `collect`, what was handed out, also where an error came in between."""
    requests: list[Sent]
    timeouts: list[dict[str, float | None]]
    waits: list[float]

    @property
    def result(self) -> Any:
        if self.problem is not None:
            raise self.problem
        return self.value

    @property
    def error(self) -> Any:
        assert self.problem is not None, f"no error, but {self.value!r}"
        return self.problem

    @property
    def sent(self) -> Sent:
        assert len(self.requests) == 1, self.requests
        return self.requests[0]

    @property
    def ids(self) -> list[str]:
        return [item.id for item in self.items]


Call = Callable[[Any], Any]


def run_sync(call: Call, *steps: Step | Script, collect: str = "", **options: Any) -> Ran:
    """Make a call with `Laplas`; `collect` is "items" or "pages" for a listing."""

    def run(made: Coroutine[Any, Any, Any]) -> Any:
        try:
            made.send(None)  # it never waits
        except StopIteration as done:
            return done.value

    return _run(Laplas, run, call, steps, collect, options)


def run_async(call: Call, *steps: Step | Script, collect: str = "", **options: Any) -> Ran:
    """Make a call with `AsyncLaplas`: as `run_sync`."""
    return _run(AsyncLaplas, asyncio.run, call, steps, collect, options)


def _run(cls: Any, run: Any, call: Call, steps: Any, collect: str, options: Any) -> Ran:
    clock = Clock()
    transport = Transport(*steps, clock=clock)
    items: list[Any] = []

    async def made() -> Any:
        client = cls(**{"api_key": KEY, "base_url": BASE, "transport": transport, **options})
        try:
            value = call(client)
            if not collect:
                return await settled(value)
            if collect == "pages":
                value = (await settled(value)).iter_pages()
            async for item in each(value):
                items.append(item)
            return value
        finally:
            await settled(client.close())

    value, problem = None, None
    with clock.installed():
        try:
            value = run(made())
        except Exception as error:
            problem = error
    return Ran(value, problem, items, transport.requests, transport.timeouts, clock.waits)


def run_both(call: Call, *steps: Step | Script, collect: str = "", **options: Any) -> Ran:
    """Make a call with both clients, hold that they agree, return what became of it."""
    one = run_sync(call, *steps, collect=collect, **options)
    two = run_async(call, *steps, collect=collect, **options)
    assert one.requests == two.requests
    assert one.timeouts == two.timeouts
    assert plainly(one.problem) == plainly(two.problem)
    assert plainly(one.items) == plainly(two.items)
    assert len(one.waits) == len(two.waits)
    if not collect:
        assert plainly(one.value) == plainly(two.value)
    return one


def plainly(value: Any) -> Any:
    """A value in a form in which that of one client equals that of the other."""
    if isinstance(value, BaseException):
        told = {n: item for n, item in vars(value).items() if n not in ("elapsed", "response")}
        return type(value).__name__, str(value), told
    if isinstance(value, list):
        return [plainly(item) for item in value]
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if hasattr(value, "content") and hasattr(value, "status_code"):  # RawResponse
        return value.status_code, value.content
    if hasattr(value, "curl"):
        return value.curl()
    return value


def message(id: str = MESSAGE, **fields: Any) -> dict[str, Any]:
    """A message with the fields of recorded traffic."""
    return {
        "id": id,
        "object": "thread.message",
        "created_at": 1_700_000_000,
        "thread_id": THREAD,
        "role": "user",
        "content": [{"type": "text", "text": {"value": "How does AI work?", "annotations": []}}],
        "assistant_id": None,
        "run_id": None,
        "attachments": [],
        "metadata": {},
        **fields,
    }


def thread(**fields: Any) -> dict[str, Any]:
    """A thread with the fields of recorded traffic."""
    return {
        "id": THREAD,
        "object": "thread",
        "created_at": 1_700_000_000,
        "metadata": {},
        "tool_resources": {},
        **fields,
    }


def page(*ids: str, has_more: bool = False, **fields: Any) -> dict[str, Any]:
    """A page of messages with these ids."""
    return {
        "object": "list",
        "data": [message(id_) for id_ in ids],
        "first_id": ids[0] if ids else None,
        "last_id": ids[-1] if ids else None,
        "has_more": has_more,
        **fields,
    }


class Loopback:
    """An HTTP/1.1 server of a few lines on 127.0.0.1; it keeps the bytes of each request."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.script: deque[Step] = deque()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def connections(self) -> int:
        """How many were made so far."""
        return len(self._open)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError), connection.makefile("rb") as stream:
            while head := _head(stream):
                lengths = [
                    int(line.partition(b":")[2])
                    for line in head.lower().splitlines()
                    if line.startswith(b"content-length:")
                ]
                self.requests.append(head + stream.read(sum(lengths)))
                step = self.script.popleft() if self.script else answer("unscripted", 599)
                if step.error is not None:
                    return
                lines = [f"HTTP/1.1 {step.status} X", f"Content-Length: {len(step.body)}"]
                lines += [f"{name}: {value}" for name, value in step.headers]
                connection.sendall("\r\n".join([*lines, "", ""]).encode() + step.body)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # shutdown, not close: only that wakes the threads which wait for these sockets.
        for endpoint in (self._listener, *self._open):
            with suppress(OSError):
                endpoint.shutdown(socket.SHUT_RDWR)
        for thread_ in self._threads:
            thread_.join(5)
        self._listener.close()


def _head(stream: IO[bytes]) -> bytes:
    """The request line and the headers with the blank line behind; nothing at the end."""
    lines = []
    while line := stream.readline():
        lines.append(line)
        if line == b"\r\n":
            return b"".join(lines)
    return b""


def peak(call: Callable[[], object]) -> int:
    """The most bytes that a call holds at once."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
