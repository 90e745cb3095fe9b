"""One client in many threads, in forked children, in spawned children."""

from __future__ import annotations

import asyncio
import copy
import functools
import multiprocessing
import operator
import os
import pickle
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cached_property
from typing import Any

import httpx
import pytest
from scripted import THREAD, Loopback, Transport, answer, settled, thread
from support import ROOT

from laplas import AsyncLaplas, ConfigurationError, Laplas, LaplasError
from laplas.local import LocalServer, running

try:
    import cloudpickle  # type: ignore[import-untyped]
except ImportError:
    cloudpickle = None

pytest.importorskip("aiohttp")
# Of threads beside it: other tests of the run may have left one of the interpreter's own.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
CLIENTS = pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])


def test_32_threads_share_a_client() -> None:
    """All start at once on a client that has no connection yet; nothing is lost or mixed up."""
    barrier = threading.Barrier(32)
    texts = [[f"{worker}.{n}" for n in range(8)] for worker in range(32)]

    def send(mine: list[str]) -> list[str]:
        barrier.wait(10)
        return [client.messages.create(THREAD, text, timeout=30).text for text in mine]

    with (
        LocalServer() as server,
        running(server) as url,
        Laplas(api_key="k", base_url=url) as client,
        ThreadPoolExecutor(32) as threads,
    ):
        assert list(threads.map(send, texts)) == texts
        arrived = [m["content"][0]["text"]["value"] for m in server.messages(THREAD)]
    assert sorted(arrived[2:]) == sorted(text for mine in texts for text in mine)


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


def in_a_fork(work: Callable[[], Any], meanwhile: Callable[[], Any] = lambda: None) -> int:
    """Run it in a forked child; 0 if it ran through."""
    child = os.fork()
    if child == 0:
        status = 1
        signal.alarm(20)
        try:
            work()
            status = 0
        except BaseException as error:
            print(f"in the child: {error!r}", file=sys.stderr)
        finally:
            os._exit(status)
    meanwhile()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


@forks
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
            assert read + [message.text for message in iterator] == texts

        assert in_a_fork(work) == 0
        work()


@forks
def test_parent_and_child_each_speak_on_a_connection_of_their_own(url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        thread_id = client.threads.create().id

        def work() -> None:
            for n in range(20):
                text = f"{os.getpid()} {n}"
                assert client.messages.create(thread_id, text).text == text

        assert in_a_fork(work) == 0
        work()
        assert in_a_fork(work, meanwhile=work) == 0
        assert in_a_fork(lambda: in_a_fork(work) and 1 / 0) == 0, "a child's child"
        assert in_a_fork(client.close) == 0, "closing in a child closes nothing of the parent's"
        work()
        assert len(list(client.messages.list(thread_id, page_size=100))) == 120


@forks
def test_a_lock_that_was_held_while_forking_does_not_stop_the_child(url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        client.threads.retrieve(THREAD)
        with client._sender.connections._lock:
            assert in_a_fork(lambda: client.threads.retrieve(THREAD)) == 0


@forks
def test_an_async_client_works_in_a_forked_child(url: str) -> None:
    client = AsyncLaplas(api_key="k", base_url=url)

    async def work(close: bool) -> None:
        assert (await client.threads.retrieve(THREAD)).id == THREAD
        if close:
            await client.aclose()

    with asyncio.Runner() as runner:
        runner.run(work(close=False))
        runner.run(work(close=False))
        assert in_a_fork(lambda: asyncio.run(work(close=True))) == 0
        runner.run(work(close=True))


@forks
def test_with_fast_a_forked_child_gets_an_error_and_sends_nothing() -> None:
    """The threads of pyqwest are not there, and nothing else may wait for them."""
    pytest.importorskip("pyqwest")
    with Loopback() as server:
        server.script.extend([answer(thread())] * 3)

        def use() -> None:
            with Laplas(api_key="k", base_url=server.url, fast=True) as client:
                client.threads.retrieve(THREAD)

        def work() -> None:
            with pytest.raises(LaplasError, match="forked"):
                use()

        use()
        assert in_a_fork(work) == 0
        use()
        assert len(server.requests) == 2


@CLIENTS
@pytest.mark.parametrize("use", [True, False])
def test_another_process_lets_the_connections_go_unclosed(cls: Any, use: bool) -> None:
    """As in a forked child, where no measurement of coverage looks."""
    with Loopback() as server, asyncio.Runner() as runner:
        server.script.extend([answer(thread())] * 3)
        client = cls(api_key="k", base_url=server.url)

        def run(made: Any) -> None:
            if cls is AsyncLaplas:
                runner.run(made)

        run(client.threads.retrieve(THREAD))
        run(client.threads.retrieve(THREAD))
        assert server.connections == 1
        (of_the_parent,) = filter(None, client._sender.connections._networks.values())
        client._sender.connections._process = -1
        if use:
            run(client.threads.retrieve(THREAD))
            assert server.connections == 2
        close = "close" if cls is Laplas else "aclose"
        run(getattr(client, close)())
        pools = [transport._transport._pool for transport in of_the_parent._clients.values()]
        (kept,) = [kept for pool in pools for some in pool._resting.values() for kept in some]
        assert not kept.connection.has_expired(), "it can still be used"
        run(getattr(of_the_parent, close)())


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
    with Laplas(base_url=url) as client:
        client.threads.retrieve(THREAD)
        with ProcessPoolExecutor(1, mp_context=context) as processes:
            answer = processes.submit(retrieve, client).result(60)
    assert answer.json()["id"] == THREAD


class OwnLaplas(Laplas):
    """A subclass with attributes of its own."""

    __slots__ = ("noted",)

    def __init__(self, team: str, **options: Any) -> None:
        super().__init__(**options)
        self.team, self.noted = team, [1]

    @cached_property
    def inbox(self) -> Any:
        return self.thread(THREAD)


class OwnAsyncLaplas(OwnLaplas, AsyncLaplas):  # type: ignore[misc]
    """The same, of the other client."""


OPTIONS: dict[str, Any] = {
    "base_url": "https://api.test/v1",
    "timeout": 7.0,
    "max_retries": 5,
    "default_headers": {"X-Team": "a"},
    "app": "billing/2.1",
    "verify": False,
    "max_response_bytes": 1234,
}


@pytest.mark.parametrize("cls", [OwnLaplas, OwnAsyncLaplas])
@pytest.mark.parametrize("how", [copy.copy, copy.deepcopy, operator.methodcaller("with_options")])
def test_a_copy_is_exact_whatever_the_environment_says(
    cls: Any, how: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its key and the attributes of a subclass; what is made of it when asked for is its own."""
    monkeypatch.setenv("LAPLAS_API_KEY", "another-account")
    client = cls("a", api_key="secret-1", **OPTIONS).with_options(max_retries=7)
    for seen in (client.messages, client.inbox):
        assert seen
    copied = how(client)
    assert (type(copied), copied.team, copied.noted) == (cls, "a", [1])
    assert copied._sender.options == client._sender.options
    assert copied._sender._secret.reveal() == "Bearer secret-1"
    assert copied.messages._carrier is copied.inbox._sender is copied._sender
    assert copied._config == client._config
    assert (copied._sender.connections is client._sender.connections) is (how is not copy.deepcopy)


def test_closing_a_copy_closes_nothing_that_is_anothers(url: str) -> None:
    """A deep copy has connections of its own, but for those that the caller gave."""
    given = httpx.Client()
    ways: list[dict[str, Any]] = [{}, {"http_client": given}]
    for options in ways:
        with Laplas(api_key="k", base_url=url, **options) as client:
            for made in (copy.copy(client), copy.deepcopy(client)):
                made.threads.retrieve(THREAD)
                made.close()
                client.threads.retrieve(THREAD)
            deep = copy.deepcopy(client)
        if not options:
            assert deep.threads.retrieve(THREAD).id == THREAD
        deep.close()
    given.close()


PICKLERS = [functools.partial(pickle.dumps, protocol=protocol) for protocol in range(2, 6)]
PICKLERS += [cloudpickle.dumps] if cloudpickle else []


@CLIENTS
@pytest.mark.parametrize("dumps", PICKLERS)
def test_what_hangs_on_a_client_is_pickled_without_its_key(cls: Any, dumps: Any) -> None:
    """The options come along; and a key that was given is to be given again."""
    client = cls(api_key="secret-1", **OPTIONS)
    handle = client.thread(THREAD)
    for hangs in (
        *(client, client.with_options(app="b/1"), client.beta.threads, handle, handle.messages),
        *(client.messages.create, handle.messages.latest, handle.ask, client.runs),
        *(client.messages.with_raw_response.list, client.messages.prepare),
        *(client.messages.prepare.create("t", "hi"), client.files.prepare.upload(b"x")),
    ):
        pickled = dumps(hangs)
        assert b"secret-1" not in pickled
        assert type(pickle.loads(pickled)) is type(hangs)
    again = pickle.loads(dumps(client.with_options(max_retries=7)))
    assert repr(again) == repr(client)
    before, after = client._sender.options, again._sender.options
    assert after._replace(api_key="secret-1") == before._replace(
        retry=before.retry._replace(max_retries=7)
    )
    assert again.messages.prepare.create("t", "hi").headers["X-Team"] == "a"


@CLIENTS
def test_a_key_that_is_not_pickled_is_asked_for_and_never_the_environments(
    cls: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for a client that had its key from there."""
    monkeypatch.setenv("LAPLAS_API_KEY", "first")

    is_async = cls is AsyncLaplas

    def headers(client: Any) -> Any:
        transport = Transport(answer(thread()))
        client._sender.connections._config = client._config._replace(transport=transport)

        async def call() -> None:
            try:
                await settled(client.threads.retrieve(THREAD))
            finally:
                connections = client._sender.connections  # a derived client closes nothing
                await settled(getattr(connections, "aclose" if is_async else "close")())

        client._sender.connections.is_closed = False
        asyncio.run(call())
        return transport.requests[0].header("authorization")

    given = pickle.loads(pickle.dumps(cls(api_key="secret-1")))
    found = pickle.loads(pickle.dumps(cls()))
    monkeypatch.setenv("LAPLAS_API_KEY", "second")
    with pytest.raises(ConfigurationError, match=r"with_options\(api_key=\.\.\.\)"):
        headers(given)
    assert headers(given.with_options(api_key="secret-2")) == "Bearer secret-2"
    assert headers(found) == "Bearer second"
    monkeypatch.delenv("LAPLAS_API_KEY")
    with pytest.raises(ConfigurationError, match="LAPLAS_API_KEY"):
        headers(found)


def test_a_listing_goes_on_in_another_process(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its page, in the middle or not begun; as does a raw answer."""
    monkeypatch.setenv("LAPLAS_API_KEY", "k")
    texts = ["a", "b", "c"]
    with Laplas(base_url=url) as client:
        thread_id = client.threads.create(messages=texts).id
        options: Any = {"page_size": 1, "order": "asc"}
        page = client.messages.list(thread_id, **options)
        raw = client.messages.with_raw_response.list(thread_id, **options)
        assert [message.text for message in pickle.loads(pickle.dumps(raw)).parse().data] == ["a"]
        for copied in (copy.copy(page), copy.deepcopy(page), pickle.loads(pickle.dumps(page))):
            assert [message.text for message in copied] == texts
        sender: Any = copied._fetcher._send
        sender.__self__.connections.close()
    begins = AsyncLaplas(base_url=url).messages.list(thread_id, **options)

    async def read() -> list[str]:
        pages: Any = pickle.loads(pickle.dumps(begins))
        read = [message.text async for message in pages]
        await pages._first.__self__._send.__self__.connections.aclose()
        return read

    assert asyncio.run(read()) == texts
    holding: list[Any] = [{"extra_headers": {"X-Auth": "s"}}, {"extra_query": {"token": "s"}}]
    for option in holding:
        with pytest.raises(TypeError, match="credential"):
            pickle.dumps(AsyncLaplas().messages.list("t", **option))


def key_of_a_module() -> str:
    return "k"


class Vault:
    """Holds a key."""

    key = "secret-1"

    def __call__(self) -> str:
        return self.key

    def get(self) -> str:
        return self.key


def test_a_key_callable_goes_along_by_its_name_or_not_at_all() -> None:
    """Some picklers would take along what it holds."""
    for dumps in PICKLERS:
        again = pickle.loads(dumps(Laplas(api_key=key_of_a_module)))
        assert again._sender.options.api_key is key_of_a_module
        for holds in (lambda: "secret-1", Vault(), Vault().get, functools.partial(str, "secret-1")):
            with pytest.raises(pickle.PicklingError, match="api_key"):
                dumps(Laplas(api_key=holds))


@pytest.mark.parametrize(
    ("option", "value", "why"),
    [
        ("http_client", httpx.Client(), "http_client"),
        ("transport", httpx.MockTransport(lambda _: httpx.Response(200)), "transport"),
        ("verify", ssl.create_default_context(), "SSL context"),
    ],
)
def test_what_cannot_be_pickled_says_why(option: str, value: Any, why: str) -> None:
    with pytest.raises(TypeError, match=why):
        pickle.dumps(Laplas(api_key="k", **{option: value}))
