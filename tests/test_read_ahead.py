"""Reading ahead: the same listing with less waiting, and nothing left behind."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing
from typing import Any

import pytest
import trio
from scripted import THREAD, Ran, Sent, Step, answer, page, run_both, run_sync
from scripted import run_async as run_async_scripted
from test_pagination import IDS, NEWEST_FIRST, asked, server

from laplas import APIError, AsyncLaplas, InvalidArgumentError, Laplas, LaplasError, ServerError
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
    monkeypatch.setattr("laplas.local._http._SHUTDOWN_SECONDS", 0.1)
    with Watched() as made:
        yield made


@pytest.fixture
def url(watched: Watched) -> Iterator[str]:
    with running(watched) as base_url:
        yield base_url


@pytest.fixture(autouse=True)
def _nothing_is_left_behind(url: str) -> Iterator[None]:
    """No thread, and no word from Python or asyncio about something that nobody looked at."""
    before = set(threading.enumerate())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
        ends = time.monotonic() + 10
        while set(threading.enumerate()) - before and time.monotonic() < ends:
            time.sleep(0.01)
        gc.collect()
    assert not set(threading.enumerate()) - before
    assert [str(warning.message) for warning in caught] == []


def listing(client: Any, **given: Any) -> Any:
    given = {"page_size": 2, "order": "asc", "read_ahead": True, **given}
    return client.messages.list(LOCAL_THREAD, **given)


def read_into(read: list[str], messages: Any, then: Callable[[], object] = bool) -> None:
    for message in messages:
        read.append(message.text)
        then()


async def aread_into(read: list[str], messages: Any, then: Callable[[], Any]) -> None:
    async for message in messages:
        read.append(message.text)
        await then()


def run_async(url: str, work: Callable[[AsyncLaplas], Any], **options: Any) -> Any:
    """Run it with a client; hold that asyncio has nothing to complain about."""
    complaints: list[Mapping[str, Any]] = []

    async def main() -> Any:
        asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
        async with AsyncLaplas(api_key="k", base_url=url, **options) as client:
            result = await work(client)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        gc.collect()
        return result

    result = asyncio.run(main())
    gc.collect()
    assert complaints == []
    return result


# ---- the same listing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"page_size": 1},
        {"page_size": 100},
        {"page_size": 2, "max_items": 4},
        {"page_size": 2, "max_items": 5},
        {"page_size": 3, "order": "asc", "after": "m2"},
        {"page_size": 2, "order": "asc", "before": "m6"},
    ],
)
@pytest.mark.parametrize("collect", ["items", "pages"])
def test_it_sends_and_hands_out_the_same(given: dict[str, Any], collect: str) -> None:
    """Also where `max_items` ends it: nothing is fetched that cannot be handed out."""

    def ran(read_ahead: bool) -> Ran:
        def call(client: Any) -> Any:
            return client.messages.list(THREAD, read_ahead=read_ahead, **given)

        return run_both(call, server(IDS, 3), collect=collect)

    plain, ahead = ran(False), ran(True)
    assert ahead.requests == plain.requests
    assert [item.to_dict() for item in ahead.items] == [item.to_dict() for item in plain.items]
    assert len(plain.items) > 0


def test_a_listing_that_does_not_move_is_told_after_its_items() -> None:
    def stuck(_: Sent) -> Step:
        return answer(page("a", "b", has_more=True))

    ran = run_both(lambda c: c.messages.list(THREAD, read_ahead=True), stuck, collect="items")
    assert ran.ids == ["a", "b"]
    assert ran.error.cursor == "b"
    assert len(ran.requests) == 2


@pytest.mark.parametrize("run", [run_sync, run_async_scripted])
def test_a_deleted_cursor_makes_it_start_over(run: Any) -> None:
    serve = server(IDS)
    refused: list[Sent] = []

    def refuses_once(sent: Sent) -> Step:
        if asked(sent).get("after") == "m4" and not refused:
            refused.append(sent)
            return answer({"error": {"message": "no such message"}}, 404)
        return serve(sent)

    ran = run(
        lambda c: c.messages.list(THREAD, page_size=2, read_ahead=True),
        refuses_once,
        collect="items",
    )
    assert ran.ids == NEWEST_FIRST
    assert len(refused) == 1


def test_on_trio_it_is_the_same_listing(watched: Watched) -> None:
    async def main() -> list[str]:
        async with AsyncLaplas.local(watched) as client:
            return [message.text async for message in listing(client)]

    assert trio.run(main) == TEXTS


def test_only_true_or_false() -> None:
    with Laplas.local() as client, pytest.raises(InvalidArgumentError, match="read_ahead"):
        client.messages.list(THREAD, read_ahead="yes")  # type: ignore[arg-type]


# ---- when it is fetched -------------------------------------------------------------------------


def test_the_next_page_is_asked_for_while_this_one_is_worked_on(watched: Watched, url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        iterator = iter(listing(client))
        for number in range(3):
            assert [next(iterator).text, next(iterator).text] == TEXTS[2 * number : 2 * number + 2]
            assert watched.was_asked(number + 2)
        assert [message.text for message in iterator] == TEXTS[6:]
    assert watched.pages == 4


def test_the_same_with_tasks(watched: Watched, url: str) -> None:
    async def work(client: AsyncLaplas) -> None:
        read = []
        async for message in listing(client):
            read.append(message.text)
            wanted = min(4, 2 + (len(read) - 1) // 2)
            assert await asyncio.to_thread(watched.was_asked, wanted)
        assert read == TEXTS

    run_async(url, work)
    assert watched.pages == 4


def test_never_more_than_one_page_ahead(watched: Watched, url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        first = listing(client)
        time.sleep(0.1)
        assert watched.pages == 1, "before anyone iterates"
        iterator = iter(first)
        next(iterator)
        assert watched.was_asked(2)
        time.sleep(0.1)
        assert watched.pages == 2


def test_not_asked_for_it_is_not_done(watched: Watched, url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        iterator = iter(listing(client, read_ahead=False))
        next(iterator)
        time.sleep(0.1)
    assert watched.pages == 1


def test_a_single_page_starts_nothing(watched: Watched, url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        before = threading.active_count()
        for _ in listing(client, page_size=100):
            assert threading.active_count() == before
    assert watched.pages == 1


def test_the_caller_s_context_is_there_in_the_thread(url: str) -> None:
    """A key may depend on who is served, and that is kept in a context variable."""
    tenant = contextvars.ContextVar("tenant", default="nobody")
    tenants = []

    def key() -> str:
        tenants.append(tenant.get())
        return "k"

    with Laplas(api_key=key, base_url=url) as client:
        tenant.set("me")
        assert len(list(listing(client))) == 7
    assert tenants == ["me"] * 4


# ---- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["status", "reset", "cut-json"])
def test_an_error_comes_where_its_page_is_needed(watched: Watched, url: str, kind: Any) -> None:
    watched.faults.add(Fault(kind=kind, on="list_messages", skip=1))
    read: list[str] = []
    with Laplas(api_key="k", base_url=url, max_retries=0) as client:
        with pytest.raises(APIError) as caught:
            read_into(read, listing(client), lambda: watched.was_asked(2))
        assert read == TEXTS[:2]
        rest = listing(client, after=caught.value.cursor)
        assert read + [message.text for message in rest] == TEXTS


def test_an_error_of_a_task_comes_where_its_page_is_needed(watched: Watched, url: str) -> None:
    watched.faults.add(Fault(kind="status", on="list_messages", skip=2))

    async def work(client: AsyncLaplas) -> None:
        read: list[str] = []
        with pytest.raises(ServerError) as caught:
            await aread_into(read, listing(client), lambda: asyncio.sleep(0.05))
        assert read == TEXTS[:4]
        rest = listing(client, after=caught.value.cursor)
        assert read + [message.text async for message in rest] == TEXTS

    run_async(url, work, max_retries=0)


def test_what_is_slow_is_waited_for(watched: Watched, url: str) -> None:
    watched.faults.add(Fault(kind="delay", value=0.1, on="list_messages", times=None))
    with Laplas(api_key="k", base_url=url) as client:
        assert [message.text for message in listing(client)] == TEXTS

    async def work(client: AsyncLaplas) -> None:
        assert [message.text async for message in listing(client)] == TEXTS

    run_async(url, work)


# ---- leaving early ------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["delay", "status", "stall"])
def test_who_leaves_early_leaves_one_call_to_end(watched: Watched, url: str, fault: Any) -> None:
    """Its error is nobody's business any more, and the connection can be used again."""
    watched.faults.add(Fault(kind=fault, value=None if fault == "status" else 0.2, skip=1))
    with Laplas(api_key="k", base_url=url, max_retries=0) as client:
        for _ in listing(client):
            assert watched.was_asked(2)
            break
        assert client.messages.list(LOCAL_THREAD).data
    assert watched.pages in (2, 3)


def test_what_was_not_begun_is_not_done() -> None:
    """Left at once, the call may be dropped before the thread gets to it."""
    with Laplas.local() as client:
        for _ in range(50):
            next(iter(client.messages.list("thread_abc123", page_size=1, read_ahead=True)))


@pytest.mark.parametrize("fault", ["delay", "status"])
def test_leaving_early_cancels_the_task(watched: Watched, url: str, fault: Any) -> None:
    value = 30 if fault == "delay" else None
    watched.faults.add(Fault(kind=fault, value=value, on="list_messages", skip=1))

    async def work(client: AsyncLaplas) -> None:
        async with aclosing(listing(client).__aiter__()) as iterator:
            async for _ in iterator:
                assert await asyncio.to_thread(watched.was_asked, 2)
                await asyncio.sleep(0.05)
                break
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert (await client.messages.list(LOCAL_THREAD)).data

    run_async(url, work, max_retries=0)


def test_a_plain_break_cancels_the_task_soon(watched: Watched, url: str) -> None:
    watched.faults.add(Fault(kind="delay", value=30, on="list_messages", skip=1))

    async def work(client: AsyncLaplas) -> None:
        async for _ in listing(client):
            assert await asyncio.to_thread(watched.was_asked, 2)
            break
        for _ in range(100):
            if len(asyncio.all_tasks()) == 1:
                break
            await asyncio.sleep(0.01)

    run_async(url, work)


def test_who_is_cancelled_while_waiting_leaves_no_task(watched: Watched, url: str) -> None:
    watched.faults.add(Fault(kind="delay", value=30, on="list_messages", skip=1))

    async def work(client: AsyncLaplas) -> None:
        async def read() -> None:
            async for _ in listing(client):
                pass

        reader = asyncio.create_task(read())
        assert await asyncio.to_thread(watched.was_asked, 2)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader

    run_async(url, work)


# ---- closing ------------------------------------------------------------------------------------


def test_closing_the_client_in_the_middle_ends_it_with_our_error(
    watched: Watched, url: str
) -> None:
    """The page that is under way may still come; the one after it does not."""
    watched.faults.add(Fault(kind="delay", value=0.2, on="list_messages", skip=1))
    client = Laplas(api_key="k", base_url=url, max_retries=0)
    iterator = iter(listing(client))
    read = [next(iterator).text]
    assert watched.was_asked(2)
    client.close()
    with pytest.raises(LaplasError):
        read_into(read, iterator)
    assert read == TEXTS[: len(read)]
    assert 2 <= len(read) <= 4


def test_closing_the_async_client_in_the_middle_ends_it_with_our_error(
    watched: Watched, url: str
) -> None:
    watched.faults.add(Fault(kind="delay", value=0.2, on="list_messages", skip=1))
    read: list[str] = []

    async def work(client: AsyncLaplas) -> None:
        async def close() -> None:
            assert await asyncio.to_thread(watched.was_asked, 2)
            await client.aclose()

        with pytest.raises(LaplasError):
            await aread_into(read, listing(client), close)

    run_async(url, work, max_retries=0)
    assert read == TEXTS[: len(read)]
    assert 2 <= len(read) <= 4
