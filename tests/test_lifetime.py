"""Clients that are forgotten, and clients by the thousand."""

from __future__ import annotations

import asyncio
import gc
import os
import subprocess
import sys
import threading
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from scripted import THREAD, Loopback, Transport, answer, thread
from support import ROOT

from laplas import AsyncLaplas, Laplas

# ---- forgotten clients --------------------------------------------------------------------------


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What is warned of, and what is raised where nobody can catch it."""
    found: list[str] = []
    gc.collect()
    gc.freeze()  # what was there before takes no time to be looked through again and again
    hook = sys.unraisablehook
    sys.unraisablehook = lambda info: found.append(f"unraisable: {info.exc_value!r}")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield found
            for _ in range(2):
                gc.collect()
                found += [f"{w.category.__name__}: {w.message}" for w in caught]
                caught.clear()  # a warning holds on to what it is about
    finally:
        sys.unraisablehook = hook
        gc.unfreeze()


def used(server: Loopback, **options: Any) -> Laplas:
    client = Laplas(**{"api_key": "k", "base_url": server.url, **options})
    client.threads.retrieve(THREAD)
    return client


def _fast(server: Loopback) -> None:
    pytest.importorskip("pyqwest")
    used(server, fast=True)


def _in_a_loop(server: Loopback) -> None:
    async def use() -> None:
        client = AsyncLaplas(api_key="k", base_url=server.url)
        await client.threads.retrieve(THREAD)
        del client
        gc.collect()
        await asyncio.sleep(0)

    asyncio.run(use(), debug=True)


@pytest.mark.parametrize("forget", [used, _fast, _in_a_loop])
def test_a_forgotten_client_is_a_resource_warning_and_no_more(
    forget: Callable[[Loopback], object],
) -> None:
    with Loopback() as server, complaints() as found:
        server.script.append(answer(thread()))
        forget(server)
    ours = [text for text in found if "laplas" in text]
    assert ours == ["ResourceWarning: unclosed laplas client"]
    assert not [text for text in found if not text.startswith("ResourceWarning")]


def _closed(server: Loopback) -> None:
    with used(server) as client:
        pass
    client.close()


def _unused(server: Loopback) -> None:
    Laplas(api_key="k", base_url=server.url)
    AsyncLaplas(api_key="k", base_url=server.url)


def _derived(server: Loopback) -> None:
    """Closing the first one is enough; closing a derived one closes nothing."""
    client = used(server)
    client.with_options(max_retries=0).close()
    client.threads.retrieve(THREAD)
    client.close()


def _outlived(server: Loopback) -> None:
    """A derived one keeps the connections alive."""
    derived = used(server).with_options(max_retries=0)
    gc.collect()
    derived.threads.retrieve(THREAD)
    assert server.connections == 1
    assert derived._parent is not None
    derived._parent.close()


def _borrowed(server: Loopback) -> None:
    with httpx.Client() as own:
        used(server, http_client=own)
        gc.collect()
        assert not own.is_closed


def _in_loops_that_end(server: Loopback) -> None:
    """As one for a whole run of tests, each of which has a loop: they close its connections."""
    client = AsyncLaplas(api_key="k", base_url=server.url)
    for _ in range(2):
        asyncio.run(client.threads.retrieve(THREAD))


def _refused(server: Loopback) -> None:
    for options in ({"api_key": ""}, {"proxy": "x"}, {"timeout": -1}, {"http_client": 5}):
        with pytest.raises(ValueError, match=":"):
            used(server, **options)


UNSAID = [_closed, _unused, _derived, _outlived, _borrowed, _in_loops_that_end, _refused]


@pytest.mark.parametrize("case", UNSAID)
def test_nothing_is_said_of_a_client(case: Callable[[Loopback], None]) -> None:
    with Loopback() as server, complaints() as found:
        server.script.extend([answer(thread())] * 2)
        case(server)
    assert not found


PROGRAM = """
import asyncio, sys
from laplas import AsyncLaplas, Laplas
url, how = sys.argv[1:]
client = (Laplas if how == "sync" else AsyncLaplas)(api_key="k", base_url=url)
async def use():
    await client.threads.retrieve("thread_abc123")
if how == "sync":
    client.threads.retrieve("thread_abc123")
else:
    asyncio.run(use())
print("done")
"""


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_program_may_end_without_closing(how: str) -> None:
    """With all of the interpreter's checks on, and each warning an error."""
    with Loopback() as server:
        server.script.append(answer(thread()))
        paths = os.pathsep.join(str(ROOT / part) for part in ("generated", "wrappers"))
        ran = subprocess.run(
            [sys.executable, "-X", "dev", "-W", "error", "-c", PROGRAM, server.url, how],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    # Slow callbacks, which debugging reports, are another matter.
    said = [line for line in ran.stderr.splitlines() if " took " not in line]
    assert (ran.returncode, ran.stdout, said) == (0, "done\n", [])


# ---- by the thousand ----------------------------------------------------------------------------


def grows(work: Callable[[], Any], times: int) -> bool:
    """Whether that many rounds leave memory behind: each time, as other threads may do so once."""
    return all(_grown(work, times) >= 50_000 for _ in range(3))


def _grown(work: Callable[[], Any], times: int) -> int:
    """By how many bytes the memory in use grew over that many rounds, after some to warm up."""
    for _ in range(50):
        work()
    gc.collect()
    gc.freeze()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(times):
            work()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
        gc.unfreeze()


counts_files = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")


def left_behind(work: Callable[[], Any], times: int) -> tuple[int, int]:
    """How many more open files and threads there are after that many rounds."""
    work()
    gc.collect()
    before = len(os.listdir("/proc/self/fd")), threading.active_count()
    for _ in range(times):
        work()
    gc.collect()
    return len(os.listdir("/proc/self/fd")) - before[0], threading.active_count() - before[1]


def one_sync() -> None:
    with Laplas(api_key="k", transport=Transport(answer(thread()))) as client:
        client.threads.retrieve(THREAD)


def one_forgotten() -> None:
    Laplas(api_key="k", transport=Transport(answer(thread()))).threads.retrieve(THREAD)


def two_async() -> None:
    async def made() -> None:
        for _ in range(2):
            async with AsyncLaplas(api_key="k", transport=Transport(answer(thread()))) as client:
                await client.threads.retrieve(THREAD)

    asyncio.run(made())


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize(
    ("work", "times"), [(one_sync, 800), (one_forgotten, 300), (two_async, 200)]
)
def test_a_client_for_each_request_leaves_no_memory_behind(
    work: Callable[[], None], times: int
) -> None:
    assert not grows(work, times)


@counts_files
def test_a_client_for_each_request_leaves_no_connection_or_thread_behind(
    local_server_url: str,
) -> None:
    options: Any = {"api_key": "k", "base_url": local_server_url, "verify": False}

    def one() -> None:
        with Laplas(**options) as client:
            client.threads.retrieve(THREAD)

    async def two() -> None:
        async with AsyncLaplas(**options) as client:
            await client.threads.retrieve(THREAD)

    for work, times in ((one, 40), (lambda: asyncio.run(two()), 10)):
        files, threads = left_behind(work, times)
        assert files <= 2, "the server closes its ends in its own time"
        assert threads <= 0


@counts_files
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_loop_for_each_call_leaves_nothing_behind(local_server_url: str) -> None:
    """The way of web frameworks without async: a loop is made, used once and closed."""

    def use() -> None:
        client = AsyncLaplas(api_key="k", base_url=local_server_url)
        files, threads = left_behind(lambda: asyncio.run(client.threads.retrieve(THREAD)), 25)
        assert files < 25, "not two for each loop"
        assert threads <= 0
        assert len(client._sender.connections._networks) <= 2
        asyncio.run(client.aclose())

    use()
    gc.collect()  # here, where what asyncio says of its loops is ignored


def test_one_client_for_many_requests_leaves_no_memory_behind() -> None:
    transport = Transport(lambda _: answer(thread()))
    with Laplas(api_key="k", transport=transport) as client:

        def work() -> None:
            client.threads.retrieve(THREAD)
            transport.requests.clear()
            transport.timeouts.clear()

        assert not grows(work, 1700)
