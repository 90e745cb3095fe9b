"""Listings: one page or everything, each message once, and never without end."""

from __future__ import annotations

import asyncio
import math
import tracemalloc
import weakref
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import (
    BASE,
    KEY,
    THREAD,
    Ran,
    Script,
    Sent,
    Step,
    Transport,
    answer,
    message,
    page,
    run_async,
    run_both,
    run_sync,
)

from laplas import (
    APIError,
    AsyncLaplas,
    Laplas,
    NotFoundError,
    PaginationError,
)

RESTARTS = 20
"""How often a listing starts over without any gain."""
REMEMBERED_PAGES = 100
"""For how long an item is known again."""

MOST_REQUESTS = 60


def listed(*steps: Step | Script, collect: str = "items", **given: Any) -> Ran:
    """List with both clients, to the end unless told otherwise."""
    ran = run_both(lambda c: c.messages.list(THREAD, **given), *steps, collect=collect)
    assert len(ran.requests) <= MOST_REQUESTS
    return ran


def asked(sent: Sent) -> dict[str, str]:
    """The query."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(sent.url).query).items()}


def server(ids: list[str], default: int = 20) -> Script:
    """A thread that holds these messages, the newest last; pages as the real one does."""

    def serve(sent: Sent) -> Step:
        query = asked(sent)
        order = ids if query.get("order") == "asc" else ids[::-1]
        size = int(query.get("limit", default))
        if "after" in query:
            order = order[order.index(query["after"]) + 1 :]
        if "before" in query:
            order = order[: order.index(query["before"])]
            if "after" not in query:
                # The page next to the cursor, in the order of the listing.
                return answer(page(*order[-size:], has_more=len(order) > size))
        return answer(page(*order[:size], has_more=len(order) > size))

    return serve


IDS = [f"m{n}" for n in range(1, 8)]
NEWEST_FIRST = IDS[::-1]


@pytest.mark.parametrize("size", [None, 1, 2, 6, 7, 8, 100])
def test_iteration_hands_out_everything_in_order(size: int | None) -> None:
    for order, expected in ((None, NEWEST_FIRST), ("desc", NEWEST_FIRST), ("asc", IDS)):
        ran = listed(server(IDS, 3), page_size=size, order=order)
        assert ran.ids == expected
        assert len(ran.requests) == -(-7 // (size or 3))
        assert all(asked(sent).get("limit") == (str(size) if size else None)
                   for sent in ran.requests)  # fmt: skip


@pytest.mark.parametrize(
    ("size", "most", "limit", "requests"),
    [
        (2, 5, "2", 3),
        (5, 2, "2", 1),
        (None, 3, "3", 1),
        (None, 100, "100", 1),
        (None, 101, "100", 1),
        (None, 10_000, "100", 1),
        (2, 1, "1", 1),
        (3, 3, "3", 1),
        (2, 99, "2", 4),
    ],
)
def test_max_items_bounds_what_is_handed_out_and_what_is_fetched(
    size: int | None, most: int, limit: str, requests: int
) -> None:
    ran = listed(server(IDS), page_size=size, max_items=most, order="asc")
    assert ran.ids == IDS[:most]
    assert len(ran.requests) == requests
    assert asked(ran.requests[0])["limit"] == limit


def test_max_items_holds_where_the_server_sends_more_than_it_was_asked_for() -> None:
    ran = listed(answer(page(*IDS, has_more=True)), max_items=3)
    assert ran.ids == IDS[:3]


def test_limit_is_another_word_for_page_size() -> None:
    assert listed(server(IDS), limit=2).requests == listed(server(IDS), page_size=2).requests


def test_filters_and_bounds_go_with_every_request() -> None:
    ran = listed(server(IDS), page_size=2, order="asc", after="m1", before="m7", run_id="run_1")
    assert ran.ids == ["m2", "m3", "m4", "m5", "m6"]
    assert [asked(sent)["after"] for sent in ran.requests] == ["m1", "m3", "m5"]
    for sent in ran.requests:
        assert asked(sent).items() >= {"before": "m7", "run_id": "run_1", "order": "asc"}.items()


def test_before_alone_goes_backwards() -> None:
    ran = listed(server(IDS), page_size=2, order="asc", before="m6")
    assert sorted(ran.ids) == ["m1", "m2", "m3", "m4", "m5"]
    assert [asked(sent)["before"] for sent in ran.requests] == ["m6", "m4", "m2"]


def test_options_of_the_call_go_with_every_request() -> None:
    ran = listed(
        server(IDS), page_size=3, timeout=3, extra_headers={"X-A": "b"}, extra_query={"x": "y"}
    )
    assert len(ran.requests) == 3
    assert {sent.header("X-A") for sent in ran.requests} == {"b"}
    assert {asked(sent)["x"] for sent in ran.requests} == {"y"}
    assert {timeout["read"] for timeout in ran.timeouts} == {3}


# One page.


def test_a_page_is_let_go_before_the_next_one_is_fetched() -> None:
    """Also the page that `list` returned, where nobody keeps it."""
    alive: list[int] = []
    seen: list[weakref.ref[Any]] = []
    serve = server(IDS)

    def counts(sent: Sent) -> Step:
        alive.append(sum(known() is not None for known in seen))
        return serve(sent)

    def call(client: Any) -> Any:
        for one in client.messages.list(THREAD, page_size=2).iter_pages():
            seen.append(weakref.ref(one))
            del one

    run_sync(call, counts)
    assert len(alive) == 4
    assert alive[2:] == [1, 1], "all but the first, which the iterator came from"


def test_the_messages_of_a_page_share_the_id_of_their_thread() -> None:
    first, second = listed(answer(page("a", "b")), collect="").result.data
    assert first.thread_id is second.thread_id


def test_thread_ids_that_are_no_texts_stay_as_they_came() -> None:
    ids = [1, True, 1.0]
    body = page("a", "b", "c")
    for item, id_ in zip(body["data"], ids, strict=True):
        item["thread_id"] = id_
    read = listed(answer(body), collect="").result.to_dict()["data"]
    assert [type(item["thread_id"]) for item in read] == [int, bool, float]


def test_one_page() -> None:
    body = page("a", "b", has_more=True, extra={"kept": 1})
    first = listed(answer(body), collect="").result
    assert [m.id for m in first.data] == ["a", "b"]
    assert (first.has_more, first.first_id, first.last_id) == (True, "a", "b")
    assert first.object == "list"
    assert len(first) == 2
    assert first
    assert first.to_dict() == body
    assert list(first.to_dict()) == list(body)
    assert "2" in repr(first)


ONE_PAGE: dict[str, tuple[Any, list[str], bool, str | None, str | None]] = {
    "bare array": ([message("a"), message("b")], ["a", "b"], False, "a", "b"),
    "empty bare array": ([], [], False, None, None),
    "empty, null cursors": (page(), [], False, None, None),
    "empty, no cursors": ({"object": "list", "data": [], "has_more": False}, [], False, None, None),
    "empty, blank cursors": (page(first_id="", last_id=""), [], False, None, None),
    "null cursors": (page("a", "b", first_id=None, last_id=None), ["a", "b"], False, "a", "b"),
    "missing has_more": ({"data": [message("a")]}, ["a"], False, "a", "a"),
    "null has_more": (page("a", has_more=None), ["a"], False, "a", "a"),  # type: ignore[arg-type]
    "empty with has_more": (page(has_more=True), [], True, None, None),
}


@pytest.mark.parametrize("name", ONE_PAGE)
def test_odd_pages(name: str) -> None:
    """Read as they must be, iterated over with one request, and given back as they came."""
    body, ids, has_more, first_id, last_id = ONE_PAGE[name]
    first = listed(answer(body), collect="").result
    assert [m.id for m in first.data] == ids
    assert (first.has_more, first.first_id, first.last_id) == (has_more, first_id, last_id)
    assert first.to_dict() == body
    assert bool(first) is bool(ids)
    ran = listed(answer(body))
    assert ran.ids == ids
    assert len(ran.requests) == 1


def test_the_cursor_is_the_last_item_and_not_what_the_envelope_says() -> None:
    ran = listed(
        answer(page("a", "b", has_more=True, last_id=None)),
        answer(page("c", has_more=True, last_id="zzz")),
        answer(page("d")),
    )
    assert ran.ids == ["a", "b", "c", "d"]
    assert [asked(sent).get("after") for sent in ran.requests] == [None, "b", "c"]


def test_odd_pages_in_the_middle() -> None:
    ran = listed(answer(page("a", has_more=True)), answer([message("b")]))
    assert ran.ids == ["a", "b"]
    ran = listed(answer(page("a", has_more=True)), answer(page(has_more=True)))
    assert ran.ids == ["a"]


def test_pages_one_by_one() -> None:
    ran = listed(server(IDS), page_size=3, order="asc", collect="pages")
    assert [[m.id for m in one.data] for one in ran.items] == [IDS[:3], IDS[3:6], IDS[6:]]
    assert [one.has_more for one in ran.items] == [True, True, False]


def test_pages_one_by_one_stop_at_max_items() -> None:
    ran = listed(server(IDS), page_size=2, max_items=3, order="asc", collect="pages")
    assert len(ran.items) == len(ran.requests) == 2


def test_a_page_can_be_iterated_twice() -> None:
    transport = Transport(server(IDS))
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        first = client.messages.list(THREAD, page_size=3, order="asc")
        assert [m.id for m in first] == [m.id for m in first] == IDS
        assert len(transport.requests) == 1 + 2 + 2

    async def twice() -> None:
        transport = Transport(server(IDS))
        async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:
            first = await client.messages.list(THREAD, page_size=3, order="asc")
            for _ in range(2):
                assert [m.id async for m in first] == IDS
            assert len(transport.requests) == 1 + 2 + 2

    asyncio.run(twice())


def test_an_async_listing_sends_nothing_before_it_is_awaited() -> None:
    async def begun() -> None:
        transport = Transport(server(IDS))
        async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:
            pages = client.messages.list(THREAD)
            assert not transport.requests
            assert len(await pages) == 7
            assert [m.id async for m in pages] == NEWEST_FIRST
            assert len(transport.requests) == 2

    asyncio.run(begun())


def test_a_listing_that_is_left_early_fetches_no_more() -> None:
    transport = Transport(server(IDS))
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        for m in client.messages.list(THREAD, page_size=2):
            if m.id == NEWEST_FIRST[1]:
                break
    assert len(transport.requests) == 1


# Servers that misbehave.


@pytest.mark.parametrize("length", range(1, 6))
@pytest.mark.parametrize("lead", range(4))
def test_a_circle_of_cursors_is_an_error(length: int, lead: int) -> None:
    """Of any length, after any beginning; the requests are bounded, each item comes once."""
    ring = [f"r{n}" for n in range(length)]
    line = [f"l{n}" for n in range(lead)]
    following = dict(zip([*line, *ring], [*line, *ring][1:] + ring[:1], strict=True))

    def serve(sent: Sent) -> Step:
        after = asked(sent).get("after")
        return answer(page(following[after] if after else [*line, *ring][0], has_more=True))

    ran = listed(serve)
    assert type(ran.error) is PaginationError
    assert ran.ids == [*line, *ring]
    assert len(ran.requests) <= 4 * (lead + length) + 2
    assert ran.error.cursor in ring


def test_a_cursor_that_does_not_move_is_an_error() -> None:
    stuck = answer(page("a", "b", has_more=True))
    ran = listed(stuck, stuck)
    assert type(ran.error) is PaginationError
    assert ran.error.cursor == "b"
    assert "'b'" in str(ran.error)
    assert ran.ids == ["a", "b"]


def test_a_cursor_that_does_not_move_from_where_the_caller_began() -> None:
    ran = listed(answer(page("a", "b", has_more=True)), after="b")
    assert type(ran.error) is PaginationError
    backwards = listed(answer(page("a", "b", has_more=True)), before="a")
    assert type(backwards.error) is PaginationError


def test_pages_one_by_one_do_not_go_round_either() -> None:
    ran = listed(lambda _: answer(page("a", has_more=True)), collect="pages")
    assert type(ran.error) is PaginationError


def test_repeated_items_are_handed_out_once() -> None:
    """As from a server that pages by whole seconds: within a page, and over pages."""
    ran = listed(
        answer(page("a", "b", "b", has_more=True)),
        answer(page("b", "c", "a", "d", has_more=True)),
        answer(page("d", "e")),
    )
    assert ran.ids == ["a", "b", "c", "d", "e"]


def test_repeated_items_do_not_count_towards_max_items() -> None:
    ran = listed(answer(page("a", "b", has_more=True)), answer(page("b", "c", "d")), max_items=3)
    assert ran.ids == ["a", "b", "c"]


def test_a_message_deleted_under_the_cursor_does_not_end_the_listing() -> None:
    """The server refuses the cursor; the listing starts over and leaves out what it handed out."""
    for status in (400, 404):
        ran = listed(
            answer(page("a", "b", has_more=True)),
            answer({"error": {"message": "No such cursor"}}, status),
            answer(page("a", "c", has_more=True)),
            answer(page("d")),
        )
        assert ran.result is not None
        assert ran.ids == ["a", "b", "c", "d"]
        assert [asked(sent).get("after") for sent in ran.requests] == [None, "b", None, "c"]


def test_starting_over_does_not_go_on_for_ever() -> None:
    def serve(sent: Sent) -> Step:
        return answer("x", 404) if "after" in asked(sent) else answer(page("a", has_more=True))

    ran = listed(serve)
    assert isinstance(ran.error, NotFoundError)
    assert ran.ids == ["a"]
    assert len(ran.requests) == 2 + 2 * RESTARTS


def test_an_error_on_the_first_page_is_just_that() -> None:
    ran = listed(answer("x", 404))
    assert isinstance(ran.error, NotFoundError)
    assert ran.error.cursor is None
    assert len(ran.requests) == 1


@pytest.mark.parametrize("fails_at", range(1, 4))
@pytest.mark.parametrize(
    "failure", [answer("x", 500), answer("x", 403), answer("<html>")], ids=["500", "403", "html"]
)
def test_going_on_after_an_error_loses_nothing(fails_at: int, failure: Step) -> None:
    """From the error's cursor, everything that is left comes, and nothing twice."""
    honest = server(IDS)

    def failing() -> Script:
        served: list[Sent] = []

        def serve(sent: Sent) -> Step:
            served.append(sent)
            return failure if len(served) == fails_at + 1 else honest(sent)

        return serve

    def run(after: str | None, script: Callable[[], Script]) -> list[Ran]:
        given = {"page_size": 2, "order": "asc", "after": after, "max_retries": 0}
        # One script for each client: they count requests.
        return [
            one(lambda c: c.messages.list(THREAD, **given), script(), collect="items")
            for one in (run_sync, run_async)
        ]

    for broken in run(None, failing):
        assert isinstance(broken.error, APIError)
        assert broken.error.cursor == broken.ids[-1]
        assert broken.error.operation == "list_messages"
        (rest, _) = run(broken.error.cursor, lambda: honest)
        assert broken.ids + rest.ids == IDS


def test_going_on_backwards_after_an_error_loses_nothing() -> None:
    script: list[Step | Script] = [
        answer(page("m4", "m5", has_more=True)),
        answer("x", 403),
    ]
    broken = listed(*script, page_size=2, order="asc", before="m6")
    assert broken.error.cursor == "m4"
    rest = listed(server(IDS), page_size=2, order="asc", before=broken.error.cursor)
    assert {*broken.ids, *rest.ids} == {"m1", "m2", "m3", "m4", "m5"}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 40), unique=True, max_size=12),
    st.integers(1, 5),
    st.none() | st.integers(1, 15),
    st.sampled_from(["asc", "desc"]),
)
def test_whatever_the_thread_holds_iteration_equals_it(
    numbers: list[int], size: int, most: int | None, order: str
) -> None:
    ids = [f"m{n}" for n in numbers]
    ran = listed(server(ids), page_size=size, max_items=most, order=order)
    assert ran.ids == (ids if order == "asc" else ids[::-1])[:most]


# What it remembers.


@pytest.mark.parametrize("has_more", [False, None, "true", 1, "false", [True]])
def test_only_true_means_that_there_is_more(has_more: Any) -> None:
    ran = listed(answer(page("a", has_more=has_more)))
    assert ran.ids == ["a"]
    assert len(ran.requests) == 1


@pytest.mark.parametrize("odd", [None, 5, ["x"], {}, ""])
def test_the_envelopes_ids_are_told_if_they_are_texts(odd: Any) -> None:
    first = listed(answer(page("a", "b", first_id=odd, last_id=odd)), collect="").result
    assert (first.first_id, first.last_id) == ("a", "b")
    told = listed(answer(page("a", "b", first_id="x", last_id="y")), collect="").result
    assert (told.first_id, told.last_id) == ("x", "y")


@pytest.mark.parametrize("length", [1, 2, 7, 16, 17, 31, 32, 33, 64])
@pytest.mark.parametrize("lead", [0, 1, 7, 8, 9, 40])
def test_a_circle_is_found_within_brents_bound(lead: int, length: int) -> None:
    """The remembered cursor is that of the last power of two, so a circle is found one round
    after the first power of two that lies in it and is no less than its length."""

    def serve(sent: Sent) -> Step:
        after = asked(sent).get("after")
        number = 0 if after is None else int(after) + 1
        return answer(page(str(number if number < lead + length else lead), has_more=True))

    bound = 2 ** math.ceil(math.log2(max(lead + 1, length))) + length
    ran = run_sync(lambda c: c.messages.list(THREAD), serve, collect="items")
    assert type(ran.error) is PaginationError
    assert int(ran.error.cursor or "") >= lead
    assert lead + length <= len(ran.requests) <= bound + 1


def line(number: int, *ids: str, more: bool = True) -> Step:
    """The page of that number, in a listing where each page has an item of its own."""
    return answer(page(*ids, f"own-{number}", has_more=more))


def test_an_item_is_recognised_for_so_many_pages_and_no_longer() -> None:
    between = [line(n) for n in range(1, REMEMBERED_PAGES)]
    known = run_sync(
        lambda c: c.messages.list(THREAD),
        line(0, "first"),
        *between,
        line(1000, "first", more=False),
        collect="items",
    )
    assert known.result is not None
    assert known.ids.count("first") == 1
    forgotten = run_sync(
        lambda c: c.messages.list(THREAD),
        line(0, "first"),
        *between,
        line(1000),
        line(1001, "first", more=False),
        collect="items",
    )
    assert forgotten.ids.count("first") == 2


def test_starting_over_ends_where_not_all_is_known_any_more() -> None:
    gone = answer("x", 404)
    for number, requests in ((REMEMBERED_PAGES, 2), (REMEMBERED_PAGES + 1, 1)):
        pages = [line(n) for n in range(number)]
        ran = run_sync(lambda c: c.messages.list(THREAD), *pages, gone, gone, collect="items")
        assert isinstance(ran.error, NotFoundError)
        assert len(ran.requests) == number + requests


def test_starting_over_goes_on_while_it_gains() -> None:
    """Each round brings one item more before its cursor is refused."""

    def serve(sent: Sent) -> Step:
        served.append(sent)
        number = len(served) // 2
        return (
            answer("x", 404)
            if "after" in asked(sent)
            else answer(page("a", f"m{number}", has_more=number < 2 * RESTARTS))
        )

    served: list[Sent] = []
    ran = run_sync(lambda c: c.messages.list(THREAD), serve, collect="items")
    assert ran.problem is None
    assert ran.ids == ["a", *(f"m{n}" for n in range(2 * RESTARTS + 1))]


def test_a_long_listing_takes_no_more_memory_than_a_short_one() -> None:
    """Ten times as many messages; what is remembered are the ids of a hundred pages."""

    def peak(number: int) -> int:
        def serve(sent: Sent) -> Step:
            start = int(asked(sent).get("after", 0))
            data = [message(str(n), content="x" * 5000) for n in range(start + 1, start + 21)]
            return answer({"data": data, "has_more": start + 20 < number})

        def read(client: Any) -> None:
            for _ in client.messages.list(THREAD):
                requests.clear()

        requests = (transport := Transport(serve)).requests
        with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:
            read(client)
            tracemalloc.start()
            try:
                read(client)
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

    assert peak(2000) < 3 * peak(200)


# The newest message.


def newest(*steps: Step | Script, **given: Any) -> Ran:
    return run_both(lambda c: c.messages.latest(THREAD, **given), *steps)


def test_the_newest_message_takes_one_request_for_one_message() -> None:
    ran = newest(server(IDS))
    assert ran.result.id == "m7"
    assert asked(ran.sent) == {"limit": "1", "order": "desc"}


def test_there_is_no_newest_in_an_empty_thread() -> None:
    assert newest(server([])).result is None
    assert newest(server([]), role="user").result is None
    assert newest(server(IDS), role="assistant").result is None


def test_the_newest_by_a_role_is_looked_for_over_pages() -> None:
    ran = newest(
        answer(page("d", "c", has_more=True)),
        answer({"data": [message("b"), message("a", role="assistant")], "has_more": True}),
        role="assistant",
    )
    assert ran.result.id == "a"
    assert len(ran.requests) == 2


def peak_of_a_walk(pages: int) -> int:
    """The most bytes that are in use while a listing of so many pages is walked."""

    def answer_page(sent: Sent) -> Step:
        number = int(asked(sent).get("after", "0_0").partition("_")[0]) + 1
        return answer(page(*(f"{number}_{n}" for n in range(8)), has_more=number < pages))

    transport = Transport(answer_page)
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        tracemalloc.start()
        try:
            count = 0
            for _ in client.messages.list(THREAD, page_size=8):
                count += 1
                transport.requests.clear()
                transport.timeouts.clear()
            assert count == pages * 8
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def test_the_memory_of_a_walk_does_not_grow_with_its_length() -> None:
    known = 2 * REMEMBERED_PAGES  # beyond this, nothing new is remembered
    assert peak_of_a_walk(3 * known) < 2 * peak_of_a_walk(known)
