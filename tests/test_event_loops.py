"""Event loops that come and go, tasks that are cancelled, Ctrl-C, and deadlines."""

from __future__ import annotations

import asyncio
import functools
import gc
import signal
import threading
import time
import types
import warnings
from collections.abc import Awaitable, Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from run_scripts import ASSISTANT, BEGUN, waiting
from scripted import (
    BASE,
    KEY,
    THREAD,
    Clock,
    Loopback,
    Step,
    Transport,
    answer,
    breaks,
    message,
    page,
    run_both,
    thread,
)

import laplas
from laplas import APIError, APIStatusError, AsyncLaplas, Laplas, LaplasError
from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")
trio = pytest.importorskip("trio")
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")


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


LIBRARIES = pytest.mark.parametrize("library", ["asyncio", "trio"])


def run(library: str, work: Callable[..., Awaitable[Any]], *given: Any) -> Any:
    """Do the work in an event loop of its own."""
    if library == "trio":
        return trio.run(work, *given)

    async def made() -> Any:
        return await work(*given)

    return asyncio.run(made())


# ---- deadlines ----------------------------------------------------------------------------------


@LIBRARIES
@pytest.mark.parametrize("waits_for", ["function", "thread", "key"])
def test_what_is_awaited_for_a_call_is_left_at_its_deadline(library: str, waits_for: str) -> None:
    """An async function and a callable for the key are cancelled; a thread is left alone."""
    ended: list[str] = []
    release = threading.Event()

    async def endless() -> str:
        try:
            await (trio if library == "trio" else asyncio).sleep(600)
        finally:
            ended.append("cancelled")
        return KEY

    def blocks() -> None:
        release.wait(60)

    tool = blocks if waits_for == "thread" else endless
    transport = Transport(*BEGUN, answer(waiting(("call_1", tool.__name__, "{}"))))
    key: Any = endless if waits_for == "key" else KEY

    async def work() -> None:
        async with AsyncLaplas(api_key=key, base_url=BASE, transport=transport) as client:
            thread = client.thread(THREAD)
            try:
                await thread.ask("How?", assistant=ASSISTANT, tools=[tool], deadline=1)
            finally:
                release.set()

    if waits_for == "key":
        with pytest.raises(laplas.APITimeoutError, match="before there was an API key") as caught:
            run(library, work)
        assert (caught.value.kind, caught.value.may_have_taken_effect) == ("deadline", False)
        assert transport.requests == []
    else:
        with pytest.raises(laplas.RunTimeoutError, match="still waits for functions"):
            run(library, work)
        assert len(transport.requests) == 3
    assert ended == ([] if waits_for == "thread" else ["cancelled"])


# ---- loops --------------------------------------------------------------------------------------


@pytest.mark.parametrize("libraries", ["asyncio asyncio", "trio trio", "trio asyncio trio"])
def test_a_client_goes_from_event_loop_to_event_loop(
    server: LocalServer, url: str, libraries: str
) -> None:
    """In each: calls, listings, waits between attempts and concurrent tasks."""
    client = AsyncLaplas(api_key="k", base_url=url)

    async def create(n: int) -> None:
        await client.messages.create(THREAD, f"{n}")

    async def work(library: str, last: bool) -> list[str]:
        server.faults.add("retrieve_thread: status=503 retry-after-ms=1 x2")
        assert (await client.threads.retrieve(THREAD)).id == THREAD
        if library == "trio":
            async with trio.open_nursery() as nursery:
                for n in range(10):
                    nursery.start_soon(create, n)
        else:
            await asyncio.gather(*map(create, range(10)))
        texts = [m.text async for m in client.messages.list(THREAD, order="asc", page_size=3)]
        if last:
            await client.aclose()
        return texts[-10:]

    names = libraries.split()
    for at, library in enumerate(names, 1):
        texts = run(library, work, library, at == len(names))
        assert sorted(texts) == sorted(map(str, range(10)))
    with pytest.raises(LaplasError, match="closed"):
        asyncio.run(client.threads.retrieve(THREAD))
    asyncio.run(client.aclose())


def test_two_loops_in_turn_each_find_their_connection_as_they_left_it() -> None:
    loops = [asyncio.new_event_loop(), asyncio.new_event_loop()]
    with Loopback() as server:
        server.script.extend([answer(thread())] * 6)
        client = AsyncLaplas(api_key="k", base_url=server.url)
        for loop in loops * 3:
            assert loop.run_until_complete(client.threads.retrieve(THREAD)).id == THREAD
        assert server.connections == 2
        for loop in loops:
            loop.run_until_complete(client.aclose())
            loop.close()


def test_two_loops_at_once_in_two_threads(url: str) -> None:
    client = AsyncLaplas(api_key="k", base_url=url)
    both = threading.Barrier(2)

    async def work() -> None:
        both.wait(10)
        for _ in range(10):
            await client.threads.retrieve(THREAD)

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda _: asyncio.run(work()), range(2), timeout=30)) == [None] * 2
    asyncio.run(client.aclose())


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


async def _all(client: AsyncLaplas) -> list[str]:
    return [m.id async for m in client.messages.list(THREAD, page_size=1)]


def _faulty(client: AsyncLaplas, fault: str) -> Awaitable[Any]:
    return client.threads.retrieve(THREAD, extra_headers={"X-Laplas-Fault": fault})


CALLS: dict[str, Callable[[AsyncLaplas], Awaitable[Any]]] = {
    "retrieve": lambda c: c.threads.retrieve(THREAD),
    "create": lambda c: c.messages.create(THREAD, "hi"),
    "raw": lambda c: c.messages.with_raw_response.retrieve(THREAD, "msg_abc123"),
    "list": _all,
    "retries": lambda c: _faulty(c, "status=503 retry-after=0 x2"),
    "body in pieces": lambda c: _faulty(c, "drip=40"),
}


@pytest.mark.parametrize("resting", [0, 1], ids=["with a new connection", "on a connection"])
@pytest.mark.parametrize("name", CALLS)
async def test_cancellation_at_every_await_leaves_the_client_usable(
    url: str, name: str, resting: int
) -> None:
    # With one place: where a cancelled call keeps it, the next one ends with a timeout.
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=resting, keepalive_expiry=4)
    tasks = asyncio.all_tasks()
    async with AsyncLaplas(api_key="k", base_url=url, timeout=5, limits=limits) as client:

        async def check() -> None:
            assert (await client.threads.retrieve(THREAD)).id == THREAD
            assert asyncio.all_tasks() == tasks

        await check()
        places = await cancel_everywhere(lambda: CALLS[name](client), check)
    assert places >= 1, "it waited somewhere, and was cancelled there"


async def test_a_create_once_that_is_cancelled_is_there_once_at_most(
    server: LocalServer, url: str
) -> None:
    """At every await, with a first attempt whose answer is lost after it was carried out."""
    keys: list[str] = []

    def marks() -> list[str]:
        return [m["metadata"].get("laplas_once", "") for m in server.messages(THREAD)]

    async with AsyncLaplas(api_key="k", base_url=url, timeout=30) as client:

        def make() -> Awaitable[Any]:
            server.faults.clear()
            server.faults.add("create_message: reset-after-commit")
            keys.append(f"key-{len(keys)}")
            return client.messages.create(THREAD, "hi", once=keys[-1], max_retries=2)

        async def check() -> None:
            server.faults.clear()
            assert marks().count(keys[-1]) <= 1
            again = await client.messages.create(THREAD, "hi", once=keys[-1])
            assert again.metadata == {"laplas_once": keys[-1]}
            assert marks().count(keys[-1]) == 1

        with patch("laplas._async.sending.sleep", lambda _: asyncio.sleep(0)):
            places = await cancel_everywhere(make, check)
    assert places >= 4


@LIBRARIES
@pytest.mark.parametrize("fault", ["delay=30", "status=503 retry-after=30"])
def test_a_timeout_around_a_call_stops_it_and_leaves_the_client_usable(
    url: str, library: str, fault: str
) -> None:
    async def call(client: AsyncLaplas) -> None:
        late = _faulty(client, fault)
        if library == "asyncio":
            await asyncio.wait_for(late, 0.05)
        else:
            with trio.fail_after(0.05):
                await late

    async def work() -> None:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            with pytest.raises((TimeoutError, trio.TooSlowError)):
                await call(client)
            assert (await client.threads.retrieve(THREAD)).id == THREAD

    run(library, work)


# ---- Ctrl-C -------------------------------------------------------------------------------------


def test_ctrl_c_during_a_wait_stops_at_once() -> None:
    true_sleep = time.sleep

    def sleep(seconds: float) -> None:
        if seconds > 20:
            signal.raise_signal(signal.SIGINT)
        true_sleep(seconds)

    with Loopback() as server, Laplas(api_key="k", base_url=server.url) as client:
        server.script.append(answer("busy", 503, retry_after="30"))
        with patch.object(time, "sleep", sleep), pytest.raises(KeyboardInterrupt):
            client.threads.retrieve(THREAD)
        assert len(server.requests) == 1
        server.script.append(answer(thread()))
        assert client.threads.retrieve(THREAD).id == THREAD


def test_ctrl_c_while_an_answer_is_awaited_stops_at_once(server: LocalServer, url: str) -> None:
    """Also if it happens again and again; the connection is not used for anything else."""
    me = threading.get_ident()

    def interrupt_when_struck(times: int) -> None:
        while server.faults.struck["delay"] < times:
            time.sleep(0.001)
        signal.pthread_kill(me, signal.SIGINT)

    with Laplas(api_key="k", base_url=url, timeout=60) as client:
        for n in (1, 2, 3):
            client.messages.create(THREAD, f"before {n}")
            server.faults.add("retrieve_thread: delay=30 x1")
            watcher = threading.Thread(target=interrupt_when_struck, args=(n,))
            watcher.start()
            with pytest.raises(KeyboardInterrupt):
                client.threads.retrieve(THREAD)
            watcher.join(10)
            assert client.messages.create(THREAD, f"after {n}").text == f"after {n}"


# ---- deadlines ----------------------------------------------------------------------------------

TAKES = st.floats(0, 3)
NO_ANSWERS = [httpx.ReadError("x"), httpx.ConnectError("x"), httpx.ReadTimeout("x")]
FAILURES = st.one_of(
    st.builds(breaks, st.sampled_from(NO_ANSWERS), takes=TAKES),
    st.builds(
        answer,
        st.just("busy"),
        st.sampled_from([429, 500, 503]),
        takes=TAKES,
        retry_after=st.sampled_from(["0", "0.5", "1", "2", "5", "59"]),
    ),
    st.builds(answer, st.just("x"), st.sampled_from([408, 500, 502]), takes=TAKES),
)
LOOKS = st.sampled_from([answer(page(), takes=0.5), answer(page("a", "b"), takes=2.0)])
KINDS: dict[str, Callable[..., Any]] = {
    "read": lambda c, **o: c.threads.retrieve(THREAD, **o),
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
    starts: list[float] = []

    def play(_: object) -> Step:
        starts.append(clock.now)
        return steps[len(starts) - 1] if len(starts) <= len(steps) else answer(message())

    transport = Transport(play, clock=clock)
    with clock.installed(), Laplas(api_key="k", transport=transport) as client, suppress(APIError):
        KINDS[kind](client, deadline=deadline, max_retries=max_retries, timeout=60)
    assert all(end < deadline for end in clock.ends)
    for start, timeout in zip(starts, transport.timeouts, strict=True):
        left = max(deadline - start, 0.001)
        assert all(phase is not None and phase <= left + 1e-6 for phase in timeout.values())


def test_without_a_deadline_no_retry_starts_after_the_ceiling() -> None:
    slow = breaks(httpx.ReadTimeout("x"), takes=59)
    ran = run_both(lambda c: c.threads.retrieve(THREAD), *[slow] * 50, max_retries=40)
    assert ran.error.attempts == 4
    assert 3 * 59 + sum(ran.waits) < 180


def test_a_wait_that_is_asked_for_beyond_the_deadline_raises_at_once() -> None:
    busy = answer("busy", 503, retry_after="10")
    ran = run_both(lambda c: c.threads.retrieve(THREAD, deadline=5), busy)
    assert isinstance(ran.error, APIStatusError)
    assert (ran.error.retry_after, ran.waits) == (10, [])
