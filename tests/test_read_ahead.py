"""Reading ahead: when pages are fetched, and nothing left behind; the rest: test_pagination.py."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing
from typing import Any

import pytest
import trio
from scripted import THREAD, each, settled

from laplas import APIError, AsyncLaplas, Laplas, LaplasError
from laplas.local import Fault, LocalServer, running

pytest.importorskip("aiohttp")

TEXTS = [f"text {n}" for n in range(7)]
LOCAL_THREAD = "thread_ahead"


class Watched(LocalServer):
    """A server that tells when it is asked for a page; it holds seven messages, two a page."""

    def __init__(self) -> None:
        super().__init__()
        self.add_thread(thread_id=LOCAL_THREAD)
        for text in TEXTS:
            self.add_message(LOCAL_THREAD, text)
        self.pages = 0
        self.url = ""
        self._changed = threading.Condition()

    def accept(self, method: str, target: str, *rest: Any) -> Any:
        with self._changed:
            self.pages += "/messages?" in target
            self._changed.notify_all()
        return super().accept(method, target, *rest)

    def was_asked(self, pages: int) -> bool:
        """Whether it was asked for so many pages, at once or within ten seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: self.pages >= pages, 10)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """No thread is left, and no word from Python or asyncio about what nobody looked at."""
    monkeypatch.setattr("laplas.local._http._SHUTDOWN_SECONDS", 0.1)
    with Watched() as made, running(made) as made.url:
        before = set(threading.enumerate())
        yield made
        ends = time.monotonic() + 10
        while set(threading.enumerate()) - before and time.monotonic() < ends:
            time.sleep(0.01)
        assert not set(threading.enumerate()) - before
        gc.collect()  # a warning is an error here, also of what is collected


def listing(client: Any, **given: Any) -> Any:
    given = {"page_size": 2, "order": "asc", "read_ahead": True, **given}
    return client.messages.list(LOCAL_THREAD, **given)


async def read_into(read: list[str], messages: Any, then: Callable[[], Any]) -> list[str]:
    async for message in each(messages):
        read.append(message.text)
        await then()
    return read


Use = Callable[..., None]


def use(cls: Any, url: str, work: Callable[[Any], Awaitable[None]], **options: Any) -> None:
    """Do the work with a client; hold that asyncio has nothing to complain about."""
    complaints: list[Mapping[str, Any]] = []

    async def main() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
        client = cls(api_key="k", base_url=url, **options)
        try:
            await work(client)
        finally:
            await settled(client.close())
        assert asyncio.all_tasks() == {asyncio.current_task()}
        gc.collect()

    asyncio.run(main())
    gc.collect()
    assert complaints == []


@pytest.fixture(params=[Laplas, AsyncLaplas])
def with_each(request: pytest.FixtureRequest, watched: Watched) -> Use:
    """Do some work with a client of either kind."""
    return lambda work, **options: use(request.param, watched.url, work, **options)


# ---- when it is fetched -------------------------------------------------------------------------


def test_the_next_page_is_asked_for_while_this_one_is_worked_on(
    watched: Watched, with_each: Use
) -> None:
    async def work(client: Any) -> None:
        read: list[str] = []

        async def worked_on() -> None:
            wanted = min(4, 2 + (len(read) - 1) // 2)
            assert await asyncio.to_thread(watched.was_asked, wanted)

        assert await read_into(read, listing(client), worked_on) == TEXTS

    with_each(work)
    assert watched.pages == 4


@pytest.mark.parametrize("read_ahead", [True, False])
def test_one_page_ahead_if_asked_for_and_never_more(
    watched: Watched, with_each: Use, read_ahead: bool
) -> None:
    async def work(client: Any) -> None:
        first = await settled(listing(client, read_ahead=read_ahead))
        await asyncio.sleep(0.1)
        assert watched.pages == 1, "before anyone iterates"
        async with aclosing(each(first)) as iterator:
            await anext(iterator)
            assert await asyncio.to_thread(watched.was_asked, 1 + read_ahead)
            await asyncio.sleep(0.1)
        assert watched.pages == 1 + read_ahead

    with_each(work)


def test_a_single_page_starts_nothing(watched: Watched) -> None:
    with Laplas(api_key="k", base_url=watched.url) as client:
        before = threading.active_count()
        for _ in listing(client, page_size=100):
            assert threading.active_count() == before
    assert watched.pages == 1


def test_the_caller_s_context_is_there_in_the_thread(watched: Watched) -> None:
    """A key may depend on who is served, and that is kept in a context variable."""
    tenant = contextvars.ContextVar("tenant", default="nobody")
    tenants = []

    def key() -> str:
        tenants.append(tenant.get())
        return "k"

    with Laplas(api_key=key, base_url=watched.url) as client:
        tenant.set("me")
        assert len(list(listing(client))) == 7
    assert tenants == ["me"] * 4


# ---- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["status", "reset", "cut-json"])
@pytest.mark.parametrize("skip", [1, 2])
def test_an_error_comes_where_its_page_is_needed(
    watched: Watched, with_each: Use, kind: Any, skip: int
) -> None:
    watched.faults.add(Fault(kind=kind, on="list_messages", skip=skip))

    async def work(client: Any) -> None:
        read: list[str] = []
        with pytest.raises(APIError) as caught:
            await read_into(read, listing(client), lambda: asyncio.sleep(0.05))
        assert read == TEXTS[: 2 * skip]
        rest = each(listing(client, after=caught.value.cursor))
        assert read + [message.text async for message in rest] == TEXTS

    with_each(work, max_retries=0)


def test_on_trio_it_is_the_same_listing(watched: Watched) -> None:
    async def main() -> list[str]:
        async with AsyncLaplas.local(watched) as client:
            return [message.text async for message in each(listing(client))]

    assert trio.run(main) == TEXTS


def test_what_is_slow_is_waited_for(watched: Watched, with_each: Use) -> None:
    watched.faults.add(Fault(kind="delay", value=0.1, on="list_messages", times=None))

    async def work(client: Any) -> None:
        assert [message.text async for message in each(listing(client))] == TEXTS

    with_each(work)


# ---- leaving early ------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["delay", "status", "stall"])
def test_who_leaves_early_leaves_one_call_to_end(watched: Watched, fault: Any) -> None:
    """Its error is nobody's business any more, and the connection can be used again."""
    watched.faults.add(Fault(kind=fault, value=None if fault == "status" else 0.2, skip=1))
    with Laplas(api_key="k", base_url=watched.url, max_retries=0) as client:
        for _ in listing(client):
            assert watched.was_asked(2)
            break
        assert client.messages.list(LOCAL_THREAD).data
    assert watched.pages in (2, 3)


@pytest.mark.usefixtures("watched")
def test_what_was_not_begun_is_not_done() -> None:
    """Left at once, the call may be dropped before the thread gets to it."""
    with Laplas.local() as client:
        for _ in range(50):
            next(iter(client.messages.list(THREAD, page_size=1, read_ahead=True)))


async def _closed(iterator: Any, asked: Awaitable[bool]) -> None:
    async with aclosing(iterator):
        await anext(iterator)
        assert await asked
        await asyncio.sleep(0.05)
    assert asyncio.all_tasks() == {asyncio.current_task()}, "at once"


async def _left(iterator: Any, asked: Awaitable[bool]) -> None:
    async for _ in iterator:
        assert await asked
        break


async def _cancelled(iterator: Any, asked: Awaitable[bool]) -> None:
    async def read() -> None:
        async for _ in iterator:
            pass

    reader = asyncio.create_task(read())
    assert await asked
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader


@pytest.mark.parametrize(
    ("leave", "fault"),
    [(_closed, "delay"), (_closed, "status"), (_left, "delay"), (_cancelled, "delay")],
)
def test_leaving_early_cancels_the_task(watched: Watched, leave: Any, fault: Any) -> None:
    value = 30 if fault == "delay" else None
    watched.faults.add(Fault(kind=fault, value=value, on="list_messages", skip=1))

    async def work(client: AsyncLaplas) -> None:
        await leave(listing(client).__aiter__(), asyncio.to_thread(watched.was_asked, 2))
        for _ in range(100):
            if len(asyncio.all_tasks()) == 1:
                break
            await asyncio.sleep(0.01)
        assert (await client.messages.list(LOCAL_THREAD)).data

    use(AsyncLaplas, watched.url, work, max_retries=0)


# ---- closing ------------------------------------------------------------------------------------


def test_closing_the_client_in_the_middle_ends_it_with_our_error(
    watched: Watched, with_each: Use
) -> None:
    """The page that is under way may still come; the one after it does not."""
    watched.faults.add(Fault(kind="delay", value=0.2, on="list_messages", skip=1))

    async def work(client: Any) -> None:
        read: list[str] = []

        async def close() -> None:
            assert await asyncio.to_thread(watched.was_asked, 2)
            await settled(client.close())

        with pytest.raises(LaplasError):
            await read_into(read, listing(client), close)
        assert read == TEXTS[: len(read)]
        assert 2 <= len(read) <= 4

    with_each(work, max_retries=0)
