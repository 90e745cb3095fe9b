"""Event loops that come and go, tasks that are cancelled, Ctrl-C, and deadlines."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import signal
import threading
import time
import types
import warnings
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextlib import suppress
from typing import Any, NoReturn
from unittest.mock import patch

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import Clock, Loopback, Step, Transport, answer, breaks, message, page, thread

from laplas import APIError, APIStatusError, AsyncLaplas, Laplas, LaplasError
from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

THREAD = "thread_abc123"


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


@pytest.fixture
def url(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    # Some tests leave requests behind that are never answered.
    monkeypatch.setattr("laplas.local._http._SHUTDOWN_SECONDS", 0.1)
    with running(server) as base_url:
        yield base_url


@pytest.fixture(autouse=True)
def _no_complaint_but_of_what_was_left_open() -> Iterator[None]:
    """A loop that ends with a client still open leaves transports to the garbage collector.

    asyncio warns of each, which is right. Anything else it has to say is not.
    """
    yield
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gc.collect()
    said = [str(warning.message) for warning in caught]
    assert not [text for text in said if not text.startswith("unclosed ")]


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


counts_files = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")


# ---- loops --------------------------------------------------------------------------------------


def test_asyncio_run_twice(url: str) -> None:
    client = AsyncLaplas(api_key="k", base_url=url)

    async def work() -> str:
        await asyncio.gather(*(client.threads.retrieve(THREAD) for _ in range(3)))
        return (await client.threads.retrieve(THREAD)).id

    async def last() -> str:
        async with client:
            return await work()

    assert [asyncio.run(work()), asyncio.run(last())] == [THREAD, THREAD]


def test_two_loops_in_turn(url: str) -> None:
    """The loops alternate; each finds its own connections as it left them."""
    client = AsyncLaplas(api_key="k", base_url=url)
    loops = [asyncio.new_event_loop(), asyncio.new_event_loop()]
    try:
        for loop in loops * 3:
            assert loop.run_until_complete(client.threads.retrieve(THREAD)).id == THREAD
        assert len(client._sender.connections._networks) == 2
    finally:
        for loop in loops:
            loop.run_until_complete(client.aclose())
            loop.close()


def test_two_loops_at_once_in_two_threads(url: str) -> None:
    client = AsyncLaplas(api_key="k", base_url=url)
    both = threading.Barrier(2)
    problems: list[BaseException] = []

    async def work() -> None:
        both.wait(10)
        for _ in range(10):
            await client.threads.retrieve(THREAD)

    def run() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert not problems
    asyncio.run(client.aclose())


@counts_files
def test_a_loop_for_each_call_leaves_nothing_behind(url: str) -> None:
    """The way of web frameworks without async: a loop is made, used once and closed."""
    client = AsyncLaplas(api_key="k", base_url=url)
    asyncio.run(client.threads.retrieve(THREAD))
    gc.collect()
    before = open_files()
    for _ in range(25):
        asyncio.run(client.threads.retrieve(THREAD))
    gc.collect()
    assert open_files() - before < 25, "not two for each loop"
    assert len(client._sender.connections._networks) <= 2
    asyncio.run(client.aclose())


def test_a_closed_client_says_so_in_every_loop(url: str) -> None:
    client = AsyncLaplas(api_key="k", base_url=url)
    asyncio.run(client.aclose())
    with pytest.raises(LaplasError, match="closed"):
        asyncio.run(client.threads.retrieve(THREAD))
    asyncio.run(client.aclose())


# ---- trio ---------------------------------------------------------------------------------------


def test_trio(server: LocalServer, url: str) -> None:
    """Calls, listings, waits between attempts and concurrent tasks, twice in turn."""
    trio = pytest.importorskip("trio")
    client = AsyncLaplas(api_key="k", base_url=url)

    async def create(n: int) -> None:
        await client.messages.create(THREAD, f"{n}")

    async def work() -> list[str]:
        server.faults.add("retrieve_thread: status=503 retry-after-ms=1 x2")
        assert (await client.threads.retrieve(THREAD)).id == THREAD
        async with trio.open_nursery() as nursery:
            for n in range(10):
                nursery.start_soon(create, n)
        return [m.text async for m in client.messages.list(THREAD, order="asc", page_size=3)]

    async def last() -> list[str]:
        async with client:
            return await work()

    assert sorted(trio.run(work)[2:]) == sorted(map(str, range(10)))
    assert len(trio.run(last)) == 22


def test_trio_and_asyncio_with_one_client(url: str) -> None:
    trio = pytest.importorskip("trio")
    client = AsyncLaplas(api_key="k", base_url=url)

    async def work() -> str:
        return (await client.threads.retrieve(THREAD)).id

    async def last() -> str:
        async with client:
            return await work()

    assert [trio.run(work), asyncio.run(work()), trio.run(last)] == [THREAD] * 3


def test_a_cancelled_trio_task_stops_and_leaves_the_client_usable(url: str) -> None:
    trio = pytest.importorskip("trio")

    async def work() -> str:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            late = {"X-Laplas-Fault": "delay=30"}
            with trio.move_on_after(0.05) as scope:
                await client.threads.retrieve(THREAD, extra_headers=late)
            assert scope.cancelled_caught
            return (await client.threads.retrieve(THREAD)).id

    assert trio.run(work) == THREAD


# ---- cancellation -------------------------------------------------------------------------------


class NotCancelled(Exception):
    """The call was through before it came to that await."""


@types.coroutine
def cancelled_at(call: Awaitable[Any], number: int) -> Generator[Any, Any, Any]:
    """Await the call and cancel the task when it waits for the n-th time."""
    steps = call.__await__()
    go_on: Callable[[], Any] = functools.partial(steps.send, None)
    waits = 0
    while True:
        try:
            waiting_for = go_on()
        except StopIteration as done:
            assert waits < number, "the cancellation was swallowed"
            raise NotCancelled(done.value) from None
        waits += 1
        if waits == number:
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
        try:
            go_on = functools.partial(steps.send, (yield waiting_for))
        except BaseException as error:
            go_on = functools.partial(steps.throw, error)


async def cancel_everywhere(make: Callable[[], Awaitable[Any]], check: Callable[[], Any]) -> int:
    """Cancel the call at its first await, at its second, and so on; check after each."""

    async def run(number: int) -> Any:
        return await cancelled_at(make(), number)

    for number in range(1, 200):
        task = asyncio.create_task(run(number))
        try:
            await task
        except asyncio.CancelledError:
            await check()
        except NotCancelled:
            return number - 1
    raise AssertionError("it never ends")


def broken_connections(client: AsyncLaplas) -> list[str]:
    """The connections of this loop that nobody uses and that are not ready for use."""
    network: Any = client._sender.connections._networks.get(asyncio.get_running_loop())
    clients = getattr(network, "_clients", {}).values()  # with --fast there are none
    pools = [one._transport._pool for one in clients]
    resting = [kept for pool in pools for some in pool._resting.values() for kept in some]
    return [repr(kept.connection) for kept in resting if kept.has_unread_bytes()]


CALLS: dict[str, Callable[[AsyncLaplas], Awaitable[Any]]] = {
    "retrieve": lambda c: c.threads.retrieve(THREAD),
    "create": lambda c: c.messages.create(THREAD, "hi"),
    "raw": lambda c: c.messages.with_raw_response.retrieve(THREAD, "msg_abc123"),
    "list": lambda c: _all(c),
    "retries": lambda c: c.threads.retrieve(
        THREAD, extra_headers={"X-Laplas-Fault": "status=503 retry-after=0 x2"}
    ),
    "body in pieces": lambda c: c.threads.retrieve(
        THREAD, extra_headers={"X-Laplas-Fault": "drip=40"}
    ),
}


async def _all(client: AsyncLaplas) -> list[str]:
    return [m.id async for m in client.messages.list(THREAD, page_size=1)]


@pytest.mark.parametrize("fresh", [False, True], ids=["on a connection", "with a new connection"])
@pytest.mark.parametrize("name", CALLS)
async def test_cancellation_at_every_await_leaves_the_client_usable(
    url: str, name: str, fresh: bool
) -> None:
    # With one place: where a cancelled call keeps it, the next one ends with a timeout.
    limits = httpx.Limits(max_connections=1, keepalive_expiry=4)
    client = AsyncLaplas(api_key="k", base_url=url, timeout=5, limits=limits)
    tasks = asyncio.all_tasks()

    def make() -> Awaitable[Any]:
        return CALLS[name](client)

    async def check() -> None:
        assert not broken_connections(client)
        if fresh:
            await _drop_connections(client)
        else:
            assert (await client.threads.retrieve(THREAD)).id == THREAD
        assert asyncio.all_tasks() == tasks

    try:
        await client.threads.retrieve(THREAD)
        if fresh:
            await _drop_connections(client)
        places = await cancel_everywhere(make, check)
    finally:
        await client.aclose()
    assert places >= 1, "it waited somewhere, and was cancelled there"


async def _drop_connections(client: AsyncLaplas) -> None:
    pool = client._sender.connections._networks.pop(asyncio.get_running_loop(), None)
    if pool is not None:
        await pool.aclose()


async def test_a_create_once_that_is_cancelled_is_there_once_at_most(
    server: LocalServer, url: str
) -> None:
    """At every await, with a first attempt whose answer is lost after it was carried out."""
    keys: list[str] = []

    async with AsyncLaplas(api_key="k", base_url=url, timeout=30) as client:

        def make() -> Awaitable[Any]:
            server.faults.clear()
            server.faults.add("create_message: reset-after-commit")
            keys.append(f"key-{len(keys)}")
            return client.messages.create(THREAD, "hi", once=keys[-1], max_retries=2)

        async def check() -> None:
            server.faults.clear()
            assert _marks(server).count(keys[-1]) <= 1
            again = await client.messages.create(THREAD, "hi", once=keys[-1])
            assert again.metadata == {"laplas_once": keys[-1]}
            assert _marks(server).count(keys[-1]) == 1

        with patch("laplas._async.sending.sleep", lambda _: asyncio.sleep(0)):
            places = await cancel_everywhere(make, check)
    assert places >= 4


def _marks(server: LocalServer) -> list[str]:
    return [m["metadata"].get("laplas_once", "") for m in server.messages(THREAD)]


async def test_a_timeout_around_a_call_stops_its_wait(server: LocalServer, url: str) -> None:
    server.faults.add("status=503 retry-after=30 x*")
    async with AsyncLaplas(api_key="k", base_url=url) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await client.threads.retrieve(THREAD)
        server.faults.clear()
        assert (await client.threads.retrieve(THREAD)).id == THREAD


# ---- Ctrl-C -------------------------------------------------------------------------------------


def test_ctrl_c_during_a_wait_stops_at_once() -> None:
    def sleep(seconds: float) -> None:
        assert seconds > 20
        signal.raise_signal(signal.SIGINT)
        time.sleep(seconds)

    with Loopback() as server, Laplas(api_key="k", base_url=server.url) as client:
        server.script.append(answer("busy", 503, retry_after="30"))
        with (
            patch.object(time, "sleep", _sleeping(sleep)),
            pytest.raises(KeyboardInterrupt),
        ):
            client.threads.retrieve("thread_abc123")
        assert len(server.requests) == 1
        server.script.append(answer(thread()))
        assert client.threads.retrieve("thread_abc123").id == thread()["id"]


def _sleeping(instead: Callable[[float], None]) -> Callable[[float], None]:
    """`instead` for long sleeps; `time` is one module for everybody."""
    real = time.sleep
    return lambda seconds: instead(seconds) if seconds > 20 else real(seconds)


@pytest.mark.parametrize("times", [1, 3])
def test_ctrl_c_while_an_answer_is_awaited_stops_at_once(
    server: LocalServer, url: str, times: int
) -> None:
    """Also if it happens again and again; the connection is not used for anything else."""
    me = threading.get_ident()
    with Laplas(api_key="k", base_url=url, timeout=60) as client:
        for n in range(times):
            client.messages.create(THREAD, f"before {n}")
            server.faults.add("retrieve_thread: delay=30 x1")
            watcher = threading.Thread(target=_interrupt_when_struck, args=(server, n + 1, me))
            watcher.start()
            with pytest.raises(KeyboardInterrupt):
                client.threads.retrieve(THREAD)
            watcher.join(10)
            assert client.messages.create(THREAD, f"after {n}").text == f"after {n}"


def _interrupt_when_struck(server: LocalServer, times: int, thread_: int) -> None:
    while server.faults.struck["delay"] < times:
        time.sleep(0.001)
    signal.pthread_kill(thread_, signal.SIGINT)


# ---- deadlines ----------------------------------------------------------------------------------

FAILURES = st.one_of(
    st.builds(
        breaks,
        st.sampled_from([httpx.ReadError("x"), httpx.ConnectError("x"), httpx.ReadTimeout("x")]),
        takes=st.floats(0, 3),
    ),
    st.builds(
        answer,
        st.just("busy"),
        st.sampled_from([429, 500, 503]),
        takes=st.floats(0, 3),
        retry_after=st.sampled_from(["0", "0.5", "1", "2", "5", "59"]),
    ),
    st.builds(answer, st.just("x"), st.sampled_from([408, 500, 502]), takes=st.floats(0, 3)),
)
LOOKS = st.sampled_from([answer(page(), takes=0.5), answer(page("a", "b"), takes=2.0)])
KINDS: dict[str, Callable[..., Any]] = {
    "read": lambda c, **o: c.threads.retrieve("thread_abc123", **o),
    "delete": lambda c, **o: c.messages.delete("t", "m", **o),
    "create": lambda c, **o: c.messages.create("t", "hi", **o),
    "once": lambda c, **o: c.messages.create("t", "hi", once=True, **o),
    "own key": lambda c, **o: c.messages.create("t", "hi", once="key", **o),
}


class Sleeper(Clock):
    """A clock that notes when each wait was to end."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[float] = []

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.ends.append(self.now)


@settings(deadline=None, max_examples=300)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    steps=st.lists(FAILURES | LOOKS, min_size=1, max_size=12),
    deadline=st.floats(0.1, 20),
    max_retries=st.integers(0, 8),
)
def test_no_wait_goes_past_the_deadline(
    kind: str, steps: list[Step], deadline: float, max_retries: int
) -> None:
    """And each attempt, a look for a lost message too, gets no more time than is left."""
    clock = Sleeper()
    transport = Transport(*steps, lambda _: answer(message()), clock=clock)
    starts: list[float] = []
    play = transport._play

    def noting(request: httpx.Request) -> httpx.Response:
        starts.append(clock.now)
        return play(request)

    transport._play = noting  # type: ignore[method-assign]
    with (
        clock.installed(),
        Laplas(api_key="k", transport=transport) as client,
        suppress(APIError),
    ):
        KINDS[kind](client, deadline=deadline, max_retries=max_retries, timeout=60)
    assert all(end < deadline for end in clock.ends)
    for start, timeout in zip(starts, transport.timeouts, strict=True):
        left = max(deadline - start, 0.001)
        assert all(phase is not None and phase <= left + 1e-6 for phase in timeout.values())


def test_without_a_deadline_no_retry_starts_after_the_ceiling() -> None:
    clock = Sleeper()
    slow = breaks(httpx.ReadTimeout("x"), takes=59)
    transport = Transport(*[slow] * 50, clock=clock)
    with (
        clock.installed(),
        Laplas(api_key="k", transport=transport, max_retries=40) as client,
        pytest.raises(APIError) as info,
    ):
        client.threads.retrieve("thread_abc123")
    assert info.value.attempts == 4
    assert all(end < 180 for end in clock.ends)


def test_a_wait_that_is_asked_for_beyond_the_deadline_raises_at_once() -> None:
    clock = Sleeper()
    transport = Transport(answer("busy", 503, retry_after="10"), clock=clock)

    def never(_: float) -> NoReturn:
        raise AssertionError("it waits")

    with (
        clock.installed(),
        patch.object(clock, "sleep", never),
        Laplas(api_key="k", transport=transport) as client,
        pytest.raises(APIStatusError) as info,
    ):
        client.threads.retrieve("thread_abc123", deadline=5)
    assert info.value.retry_after == 10
