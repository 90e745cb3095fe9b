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
from scripted import Loopback, Transport, answer, thread
from support import ROOT

from laplas import AsyncLaplas, Laplas
from laplas.local import LocalServer, running

THREAD = "thread_abc123"


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


def ours(found: list[str]) -> list[str]:
    return [text for text in found if "laplas" in text]


def used(server: Loopback, **options: Any) -> Laplas:
    server.script.append(answer(thread()))
    client = Laplas(**{"api_key": "k", "base_url": server.url, **options})
    client.threads.retrieve("thread_abc123")
    return client


def test_a_forgotten_client_is_a_resource_warning() -> None:
    with Loopback() as server, complaints() as found:
        client = used(server)
        del client
    assert ours(found) == ["ResourceWarning: unclosed laplas client"]
    assert not [text for text in found if not text.startswith("ResourceWarning")]


def test_a_forgotten_async_client_is_a_resource_warning_and_never_a_closed_loop() -> None:
    async def use(client: AsyncLaplas) -> None:
        await client.threads.retrieve("thread_abc123")

    with Loopback() as server, complaints() as found:
        server.script.append(answer(thread()))
        client = AsyncLaplas(api_key="k", base_url=server.url)
        asyncio.run(use(client))
        del client
    assert ours(found) == ["ResourceWarning: unclosed laplas client"]
    assert not [text for text in found if not text.startswith("ResourceWarning")]
    assert "loop is closed" not in " ".join(found).lower()


def test_an_async_client_forgotten_while_its_loop_runs() -> None:
    async def use(url: str) -> None:
        client = AsyncLaplas(api_key="k", base_url=url)
        await client.threads.retrieve("thread_abc123")
        del client
        gc.collect()
        await asyncio.sleep(0)

    with Loopback() as server, complaints() as found:
        server.script.append(answer(thread()))
        asyncio.run(use(server.url), debug=True)
    assert ours(found) == ["ResourceWarning: unclosed laplas client"]
    assert not [text for text in found if not text.startswith("ResourceWarning")]


def _closed(server: Loopback) -> None:
    client = used(server)
    client.close()
    client.close()


def _in_a_block(server: Loopback) -> None:
    with used(server):
        pass


def _unused(server: Loopback) -> None:
    Laplas(api_key="k", base_url=server.url)
    AsyncLaplas(api_key="k", base_url=server.url)


def _derived(server: Loopback) -> None:
    """Closing the first one is enough; closing a derived one closes nothing."""
    client = used(server)
    derived = client.with_options(max_retries=0)
    derived.close()
    server.script.append(answer(thread()))
    client.threads.retrieve("thread_abc123")
    client.close()


def _of_the_callers_own(server: Loopback) -> None:
    with httpx.Client() as own:
        used(server, http_client=own)
        gc.collect()
        assert not own.is_closed


def _that_could_not_be_made(server: Loopback) -> None:
    for options in ({"api_key": ""}, {"proxy": "x"}, {"timeout": -1}, {"http_client": 5}):
        with pytest.raises(ValueError, match=":"):
            Laplas(**{"api_key": "k", "base_url": server.url, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "case", [_closed, _in_a_block, _unused, _derived, _of_the_callers_own, _that_could_not_be_made]
)
def test_nothing_is_said_of_a_client(case: Callable[[Loopback], None]) -> None:
    with Loopback() as server, complaints() as found:
        case(server)
    assert not found


def test_a_derived_client_keeps_the_connections_alive() -> None:
    with Loopback() as server, complaints() as found:
        derived = used(server).with_options(max_retries=0)
        gc.collect()
        server.script.append(answer(thread()))
        derived.threads.retrieve("thread_abc123")
        assert derived._parent is not None
        derived._parent.close()
        del derived
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
    """With all of the interpreter's checks on, no more is said than that it was not closed."""
    with Loopback() as server:
        server.script.append(answer(thread()))
        paths = os.pathsep.join(str(ROOT / part) for part in ("generated", "wrappers"))
        ran = subprocess.run(
            [sys.executable, "-X", "dev", "-W", "always", "-c", PROGRAM, server.url, how],
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ran.returncode, ran.stdout) == (0, "done\n"), ran.stderr
    for bad in ("Traceback", "Exception ignored", "Event loop is closed", "Error"):
        assert bad not in ran.stderr


# ---- by the thousand ----------------------------------------------------------------------------


def grown(work: Callable[[], Any], times: int) -> int:
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


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def one_sync() -> None:
    with Laplas(api_key="k", transport=Transport(answer(thread()))) as client:
        client.threads.retrieve("thread_abc123")


def two_async() -> None:
    async def made() -> None:
        for _ in range(2):
            async with AsyncLaplas(api_key="k", transport=Transport(answer(thread()))) as client:
                await client.threads.retrieve("thread_abc123")

    asyncio.run(made())


@pytest.mark.parametrize(("work", "times"), [(one_sync, 800), (two_async, 200)])
def test_a_client_for_each_request_leaves_no_memory_behind(
    work: Callable[[], None], times: int
) -> None:
    assert grown(work, times) < 50_000


def test_clients_that_are_never_closed_leave_no_memory_behind() -> None:
    def forgotten() -> None:
        client = Laplas(api_key="k", transport=Transport(answer(thread())))
        client.threads.retrieve("thread_abc123")

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        assert grown(forgotten, 300) < 50_000


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_a_client_for_each_request_leaves_no_connection_or_thread_behind() -> None:
    pytest.importorskip("aiohttp")
    with LocalServer() as server, running(server) as url:

        def one() -> None:
            with Laplas(api_key="k", base_url=url, verify=False) as client:
                client.threads.retrieve(THREAD)

        async def two() -> None:
            async with AsyncLaplas(api_key="k", base_url=url, verify=False) as client:
                await client.threads.retrieve(THREAD)

        one()
        asyncio.run(two())
        before = open_files(), threading.active_count()
        for _ in range(40):
            one()
        for _ in range(10):
            asyncio.run(two())
        gc.collect()
        # The server closes its ends in its own time.
        assert open_files() <= before[0] + 2
        assert threading.active_count() == before[1]


def test_one_client_for_many_requests_leaves_no_memory_behind() -> None:
    with Laplas(api_key="k", transport=Transport(lambda _: answer(thread()))) as client:
        transport = client._config.transport

        def work() -> None:
            client.threads.retrieve("thread_abc123")
            transport.requests.clear()
            transport.timeouts.clear()

        assert grown(work, 1000) < 30_000
