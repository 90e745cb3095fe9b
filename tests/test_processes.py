"""One client in many threads, in forked children, in spawned children."""

from __future__ import annotations

import asyncio
import multiprocessing
import operator
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest
from support import ROOT

from laplas import AsyncLaplas, ConfigurationError, Laplas
from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")

THREAD = "thread_abc123"
THREADS = 32


def test_32_threads_share_a_client() -> None:
    """All start at once on a client that has no connection yet; nothing is lost or mixed up."""
    barrier = threading.Barrier(THREADS)

    def work(client: Laplas, worker: int) -> list[bool]:
        barrier.wait(10)
        return [
            client.messages.create(THREAD, f"{worker}.{n}", timeout=30).text == f"{worker}.{n}"
            for n in range(8)
        ]

    with (
        LocalServer() as server,
        running(server) as url,
        Laplas(api_key="k", base_url=url) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        done = list(threads.map(lambda worker: work(client, worker), range(THREADS)))
        texts = [m["content"][0]["text"]["value"] for m in server.messages(THREAD)]
    assert all(all(same) for same in done)
    expected = {f"{worker}.{n}" for worker in range(THREADS) for n in range(8)}
    assert sorted(texts[2:]) == sorted(expected)


# ---- fork ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server in a process of its own: a fork must not take a server's thread along."""
    paths = os.pathsep.join(str(ROOT / part) for part in ("generated", "wrappers"))
    command = [sys.executable, "-m", "laplas.local", "--port", "0"]
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield line.split()[2]
        process.terminate()


def in_a_fork(work: Callable[[], Any]) -> int:
    """Run it in a forked child; 0 if it ran through."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException as error:
            print(f"in the child: {error!r}", file=sys.stderr)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
# Other tests of the run may have left a thread of the interpreter's own, and 3.12 warns of that.
quiet_forks = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@forks
@quiet_forks
@pytest.mark.parametrize("at", ["arrived", "under way"])
def test_a_forked_child_goes_on_with_a_listing_that_is_read_ahead(url: str, at: str) -> None:
    """It has the iterator, but not the thread that fetches; nothing hangs, nothing is missing."""
    texts = [f"text {n}" for n in range(6)]
    late = {"X-Laplas-Fault": "delay=0.2"} if at == "under way" else {}
    with Laplas(api_key="k", base_url=url) as client:
        thread_id = client.threads.create(messages=texts).id
        messages = client.messages.list(
            thread_id, page_size=2, order="asc", read_ahead=True, extra_headers=late
        )
        iterator = iter(messages)
        read = [next(iterator).text]
        if at == "arrived":
            time.sleep(0.2)

        def work() -> None:
            signal.alarm(20)
            assert read + [message.text for message in iterator] == texts

        assert in_a_fork(work) == 0
        assert read + [message.text for message in iterator] == texts


@forks
@quiet_forks
def test_a_forked_child_does_not_speak_on_its_parents_connection(url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        mine = client.threads.create(metadata={"of": "parent"})

        def work() -> None:
            for n in range(5):
                made = client.threads.create(metadata={"of": f"child {n}"})
                assert client.threads.retrieve(made.id).metadata == {"of": f"child {n}"}

        assert in_a_fork(work) == 0
        assert client.threads.retrieve(mine.id).metadata == {"of": "parent"}
        assert in_a_fork(lambda: in_a_fork(work) and 1 / 0) == 0, "a child's child"


@forks
@quiet_forks
def test_parent_and_child_may_send_at_the_same_time(url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        thread = client.threads.create()

        def work() -> None:
            for n in range(20):
                assert client.messages.create(thread.id, f"{os.getpid()} {n}").text.endswith(
                    f" {n}"
                )

        child = os.fork()
        if child == 0:
            status = in_a_fork(work)  # in a grandchild, so that nothing here is run to its end
            os._exit(status)
        work()
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert len(list(client.messages.list(thread.id, page_size=100))) == 40


@forks
@quiet_forks
def test_a_lock_that_was_held_while_forking_does_not_stop_the_child(url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        client.threads.retrieve(THREAD)
        lock = client._sender.connections._lock
        with lock:
            assert in_a_fork(lambda: client.threads.retrieve(THREAD)) == 0


@forks
@quiet_forks
def test_an_async_client_works_in_a_forked_child(url: str) -> None:
    client = AsyncLaplas(api_key="k", base_url=url)

    async def work() -> None:
        assert (await client.threads.retrieve(THREAD)).id == THREAD

    async def whole() -> None:
        await work()
        await client.aclose()

    async def parent() -> None:
        await work()
        await work()

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(parent())
        assert in_a_fork(lambda: asyncio.run(whole())) == 0
        loop.run_until_complete(whole())
    finally:
        loop.close()


@forks
@quiet_forks
def test_closing_in_a_child_leaves_the_parents_connections_open(url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        client.threads.retrieve(THREAD)
        assert in_a_fork(client.close) == 0
        assert client.threads.retrieve(THREAD).id == THREAD


# ---- spawn, and pickles -------------------------------------------------------------------------

retrieve = operator.methodcaller("request", "GET", f"/threads/{THREAD}")
"""What a spawned child runs; a function of a test module could not be found there."""


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_used_client_goes_to_a_spawned_child(
    method: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"there is no {method} here")
    monkeypatch.setenv("LAPLAS_API_KEY", "k")
    context = multiprocessing.get_context(method)
    with Laplas(api_key="k", base_url=url) as client:
        client.threads.retrieve(THREAD)
        with ProcessPoolExecutor(1, mp_context=context) as processes:
            answer = processes.submit(retrieve, client).result(60)
    assert answer.json()["id"] == THREAD


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_pickled_client_keeps_its_options_and_asks_the_environment_for_the_key(
    cls: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = cls(
        api_key="secret-1",
        base_url="https://api.test/v1",
        timeout=7.0,
        max_retries=5,
        default_headers={"X-Team": "a"},
        app="billing/2.1",
        verify=False,
        max_response_bytes=1234,
    )
    pickled = pickle.dumps(client)
    assert b"secret-1" not in pickled
    again = pickle.loads(pickled)
    assert type(again) is cls
    assert repr(again) == repr(client)
    assert again._config == client._config
    before, after = client._sender.options, again._sender.options
    assert after._replace(api_key=None) == before._replace(api_key=None)
    prepared = again.messages.prepare.create("t", "hi")
    assert prepared.headers == client.messages.prepare.create("t", "hi").headers

    def call() -> Any:
        made = again.threads.retrieve("thread_abc123")
        return asyncio.run(made) if hasattr(made, "__await__") else made

    with pytest.raises(ConfigurationError, match="LAPLAS_API_KEY"):
        call()
    monkeypatch.setenv("LAPLAS_API_KEY", "bad key")
    with pytest.raises(ConfigurationError, match="api_key"):
        call()


def key_of_a_module() -> str:
    return "k"


def test_a_key_callable_goes_along_by_its_name() -> None:
    client = Laplas(api_key=key_of_a_module, base_url="https://api.test")
    assert pickle.loads(pickle.dumps(client))._sender.options.api_key is key_of_a_module


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_derived_client_is_pickled_with_its_own_options(cls: Callable[..., Any]) -> None:
    derived = cls(api_key="k", base_url="https://api.test").with_options(max_retries=7)
    again = pickle.loads(pickle.dumps(derived))
    assert again._sender.options.retry.max_retries == 7


def test_what_cannot_be_pickled_says_why() -> None:
    import ssl

    import httpx

    cases: list[tuple[dict[str, Any], str]] = [
        ({"http_client": httpx.Client()}, "http_client"),
        ({"transport": httpx.MockTransport(lambda _: httpx.Response(200))}, "transport"),
        ({"verify": ssl.create_default_context()}, "SSL context"),
    ]
    for options, why in cases:
        with pytest.raises(TypeError, match=why):
            pickle.dumps(Laplas(api_key="k", **options))
