"""Listings: one page or everything, each message once, and never without end."""

from __future__ import annotations

import json
import math
import pickle
import warnings
import weakref
from collections.abc import Callable
from itertools import chain, islice
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
    each,
    message,
    page,
    peak,
    plainly,
    run_both,
    run_sync,
    settled,
)

from laplas import (
    APIError,
    AsyncLaplas,
    Laplas,
    NotFoundError,
    PaginationError,
    PaginationWarning,
)

REFUSALS = 20
"""How many cursors may be refused without any gain."""
REMEMBERED_PAGES = 100
"""For how long an item is known again."""


def listed(*steps: Step | Script, collect: str = "items", **given: Any) -> Ran:
    """List with both clients, to the end unless told otherwise; reading ahead, it is the same."""
    plain, ahead = (
        run_both(lambda c: c.messages.list(THREAD, **given, **also), *steps, collect=collect)  # noqa: B023
        for also in ({}, {"read_ahead": True})
    )
    assert ahead.requests == plain.requests
    assert plainly(ahead.items) == plainly(plain.items)
    assert plainly(ahead.problem) == plainly(plain.problem)
    return plain


def first_page(body: Any) -> Any:
    return listed(answer(body), collect="").result


def asked(sent: Sent) -> dict[str, str]:
    """The query."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(sent.url).query).items()}


def cursors(ran: Ran) -> list[str | None]:
    return [asked(sent).get("after") for sent in ran.requests]


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
        limit = str(size) if size else None
        assert {asked(sent).get("limit") for sent in ran.requests} == {limit}


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
    assert cursors(ran) == ["m1", "m3", "m5"]
    for sent in ran.requests:
        assert asked(sent).items() >= {"before": "m7", "run_id": "run_1", "order": "asc"}.items()


def test_before_alone_goes_backwards() -> None:
    ran = listed(server(IDS), page_size=2, order="asc", before="m6")
    assert sorted(ran.ids) == ["m1", "m2", "m3", "m4", "m5"]
    assert [asked(sent)["before"] for sent in ran.requests] == ["m6", "m4", "m2"]


def test_options_of_the_call_go_with_every_request() -> None:
    options: Any = {"timeout": 3, "extra_headers": {"X-A": "b"}, "extra_query": {"x": "y"}}
    ran = listed(server(IDS), page_size=3, **options)
    assert [(sent.header("X-A"), asked(sent)["x"]) for sent in ran.requests] == [("b", "y")] * 3
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
    first, second = first_page(page("a", "b")).data
    assert first.thread_id is second.thread_id


def test_thread_ids_that_are_no_texts_stay_as_they_came() -> None:
    body = {"data": [message(f"m{odd}", thread_id=odd) for odd in (1, True, 1.0)]}
    read = first_page(body).to_dict()["data"]
    assert [type(item["thread_id"]) for item in read] == [int, bool, float]


NO_TEXT: list[Any] = [None, 5, ["x"], {}]
ONE_PAGE: list[tuple[Any, list[str], bool, str | None, str | None]] = [
    (page("a", "b", has_more=True, extra={"kept": 1}), ["a", "b"], True, "a", "b"),
    ([message("a"), message("b")], ["a", "b"], True, "a", "b"),
    ([], [], False, None, None),
    (page(), [], False, None, None),
    ({"object": "list", "data": [], "has_more": False}, [], False, None, None),
    (page(first_id="", last_id=""), [], False, None, None),
    ({"data": [message("a")]}, ["a"], True, "a", "a"),
    (page(has_more=True), [], True, None, None),
    (page("a", "b", first_id="x", last_id="y"), ["a", "b"], False, "x", "y"),
    *(
        (page("a", "b", first_id=odd, last_id=odd), ["a", "b"], False, "a", "b")
        for odd in (*NO_TEXT, "")
    ),
    *(
        (page("a") | {"has_more": odd}, ["a"], True, "a", "a")
        for odd in (*NO_TEXT, "true", 1, "false", [True])
    ),
]


@pytest.mark.parametrize(("body", "ids", "has_more", "first_id", "last_id"), ONE_PAGE)
def test_a_page_is_read_as_it_must_be_and_given_back_as_it_came(
    body: Any, ids: list[str], has_more: bool, first_id: str | None, last_id: str | None
) -> None:
    """Only false means that there is no more: nobody said so is not no."""
    first = first_page(body)
    assert [m.id for m in first.data] == ids
    assert (first.has_more, first.first_id, first.last_id) == (has_more, first_id, last_id)
    assert (first.object, len(first), bool(first)) == ("list", len(ids), bool(ids))
    assert json.dumps(first.to_dict()) == json.dumps(body), "in that order"
    assert str(len(ids)) in repr(first)
    ran = listed(answer(body), answer([]))
    assert ran.ids == ids
    assert len(ran.requests) == (2 if has_more and ids else 1)


def test_the_cursor_is_the_last_item_and_not_what_the_envelope_says() -> None:
    ran = listed(
        answer(page("a", "b", has_more=True, last_id=None)),
        answer(page("c", has_more=True, last_id="zzz")),
        answer(page("d")),
    )
    assert ran.ids == ["a", "b", "c", "d"]
    assert cursors(ran) == [None, "b", "c"]


def test_odd_pages_in_the_middle() -> None:
    assert listed(answer(page("a", has_more=True)), answer([message("b")])).ids == ["a", "b"]
    assert listed(answer(page("a", has_more=True)), answer(page(has_more=True))).ids == ["a"]


def test_pages_one_by_one() -> None:
    ran = listed(server(IDS), page_size=3, order="asc", collect="pages")
    assert [[m.id for m in one.data] for one in ran.items] == [IDS[:3], IDS[3:6], IDS[6:]]
    assert [one.has_more for one in ran.items] == [True, True, False]
    bounded = listed(server(IDS), page_size=2, max_items=3, order="asc", collect="pages")
    assert len(bounded.items) == len(bounded.requests) == 2


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
async def test_a_page_can_be_iterated_twice(cls: Callable[..., Any]) -> None:
    transport = Transport(server(IDS))
    client = cls(api_key=KEY, base_url=BASE, transport=transport)
    first = await settled(client.messages.list(THREAD, page_size=3, order="asc"))
    for _ in range(2):
        assert [m.id async for m in each(first)] == IDS
    await settled(client.close())
    assert len(transport.requests) == 1 + 2 + 2


async def test_an_async_listing_sends_nothing_before_it_is_awaited() -> None:
    transport = Transport(server(IDS))
    async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        pages = client.messages.list(THREAD)
        assert not transport.requests
        assert len(await pages) == 7
        assert [m.id async for m in pages] == NEWEST_FIRST
        assert len(transport.requests) == 2


def test_a_listing_that_is_left_early_fetches_no_more() -> None:
    ran = run_sync(lambda c: list(islice(c.messages.list(THREAD, page_size=2), 2)), server(IDS))
    assert [m.id for m in ran.result] == NEWEST_FIRST[:2]
    assert len(ran.requests) == 1


# Servers that misbehave.


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 7, 16, 17, 31, 32, 33, 64])
@pytest.mark.parametrize("lead", [0, 1, 2, 3, 7, 8, 9, 40])
def test_a_circle_of_cursors_is_an_error_within_brents_bound(lead: int, length: int) -> None:
    """The remembered cursor is that of the last power of two, so a circle is found one round
    after the first power of two that lies in it and is no less than its length."""

    def serve(sent: Sent) -> Step:
        after = asked(sent).get("after")
        number = 0 if after is None else int(after) + 1
        return answer(page(str(number if number < lead + length else lead), has_more=True))

    bound = 2 ** math.ceil(math.log2(max(lead + 1, length))) + length
    ran = listed(serve)
    assert type(ran.error) is PaginationError
    assert ran.ids == [str(number) for number in range(lead + length)], "each item once"
    assert int(ran.error.cursor or "") >= lead
    assert lead + length <= len(ran.requests) <= bound + 1


@pytest.mark.parametrize(
    ("given", "requests"),
    [({}, 2), ({"collect": "pages"}, 2), ({"after": "b"}, 1), ({"before": "a"}, 1)],
)
def test_a_cursor_that_does_not_move_is_an_error(given: dict[str, Any], requests: int) -> None:
    """Neither from page to page nor from where the caller began."""
    ran = listed(*[answer(page("a", "b", has_more=True))] * requests, **given)
    assert type(ran.error) is PaginationError
    assert ran.error.cursor == given.get("before", "b")
    assert repr(ran.error.cursor) in str(ran.error)
    assert given or ran.ids == ["a", "b"]


SHAPES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "bare array": lambda body: body["data"],
    "no has_more": lambda body: {"object": "list", "data": body["data"]},
    "next_cursor": lambda body: {"data": body["data"], "next_cursor": None},
    "null": lambda body: body | {"has_more": None},
    "text": lambda body: body | {"has_more": str(body["has_more"]).lower()},
    "number": lambda body: body | {"has_more": int(body["has_more"])},
    "always true": lambda body: body | {"has_more": True},
    "no last_id": lambda body: body | {"last_id": None},
}


@pytest.mark.parametrize("most", [2, 3, 100])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_listing_goes_on_until_the_server_says_no_or_sends_nothing(shape: Any, most: int) -> None:
    """Whatever it leaves unsaid, also where it gives less than the page it was asked for."""

    def serve(sent: Sent) -> Step:
        query = asked(sent)
        whole = IDS if query.get("order") == "asc" else NEWEST_FIRST
        rest = whole[whole.index(query["after"]) + 1 if "after" in query else 0 :]
        size = min(most, int(query.get("limit", most)))
        return answer(shape(page(*rest[:size], has_more=len(rest) > size)))

    many: list[Any] = [{}, {"page_size": 7}, {"page_size": 1}, {"max_items": 7}]
    for asking in many:
        assert listed(serve, **asking).ids == NEWEST_FIRST
    assert listed(serve, order="asc", after="m3").ids == IDS[3:]
    assert newest(serve).result.id == "m7"
    assert newest(serve, role="assistant").result is None


def test_no_is_believed_also_on_a_full_page() -> None:
    assert listed(answer(page("a", "b")), page_size=2).ids == ["a", "b"]


FIRST, SAME = page("a", "b", has_more=True), page("a", "b")
OVERLAPS: list[tuple[list[Any], dict[str, Any], str, str]] = [
    # What the server answers, page by page, what is asked for, what comes, and what is told of it.
    ([FIRST, page("b", "c")], {}, "abc", ""),  # the cursor's item again: nothing is lost
    ([FIRST, page("b")], {}, "ab", ""),
    ([[message("a")]] * 2, {}, "a", ""),
    ([page("b", "c")], {"after": "b"}, "c", ""),
    ([page("a", "b")], {"before": "b"}, "a", ""),
    ([FIRST, page("a")], {}, "ab", "the page at 'b' repeats a: left out"),
    ([FIRST, page("a", "b", "c")], {}, "abc", "'b' repeats a: left out"),
    ([FIRST, SAME], {}, "ab", "'b' repeats a: left out"),
    ([page("a", "b", "b")], {}, "ab", "the first page repeats b: left out"),
    ([FIRST, page("c", "c")], {"max_items": 3}, "abc", "'b' repeats c: left out"),
    ([[*SAME["data"]]] * 2, {}, "ab", "'b' repeats a: left out"),  # a server that does not page
    ([[message(id_) for id_ in "abcdef"]] * 2, {}, "abcdef", "repeats a, b, c ...: left out"),
    ([FIRST, page("a", has_more=True)], {}, "ab", "does not move"),
    ([[*SAME["data"]]] * 2, {"page_size": 2}, "ab", "does not move"),  # a full page
    ([page("c", "d", has_more=True)] * 2, {"before": "e"}, "cd", "does not move"),
]


@pytest.mark.parametrize(("bodies", "given", "ids", "told"), OVERLAPS)
def test_pages_that_overlap_are_told(
    bodies: list[Any], given: dict[str, Any], ids: str, told: str
) -> None:
    """Each item comes once; what is left out for it is named, as others may be missing."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ran = listed(*map(answer, bodies), **given)
        also = listed(*map(answer, bodies), collect="pages", **given)
    assert "".join(ran.ids) == "".join(m.id for one in also.items for m in one.data) == ids
    if told == "does not move":
        assert type(ran.error) is PaginationError
        assert told in str(ran.error)
        assert caught == []
    else:
        assert ran.problem is None
        words = {str(each.message) for each in caught}
        assert len(words) == bool(told)
        assert all(told in word and "other items may be missing" in word for word in words)
        assert {each.category for each in caught} <= {PaginationWarning}


# Cursors whose item is gone.


@pytest.mark.parametrize("status", [400, 404])
def test_a_message_deleted_under_the_cursor_does_not_end_the_listing(status: int) -> None:
    """The server refuses the cursor; the listing goes on behind the item before."""
    gone = answer({"error": {"message": "No such cursor"}}, status)
    first, then = answer(page("a", "b", "c", has_more=True)), answer(page("d"))
    ran = listed(first, gone, then)
    assert (ran.problem, ran.ids, cursors(ran)) == (None, [*"abcd"], [None, "c", "b"])
    # Or from the listing's own beginning, where that is gone, too.
    again = answer(page("a", "d", has_more=True))
    ran = listed(first, gone, gone, again, answer(page("e")), after="x")
    assert (ran.problem, ran.ids) == (None, [*"abcde"])
    assert cursors(ran) == ["x", "c", "b", "x", "d"]


def test_starting_over_does_not_go_on_for_ever() -> None:
    def serve(sent: Sent) -> Step:
        return answer("x", 404) if "after" in asked(sent) else answer(page("a", has_more=True))

    ran = listed(serve)
    assert isinstance(ran.error, NotFoundError)
    assert ran.ids == ["a"]
    assert len(ran.requests) == 2 + 2 * REFUSALS


def test_an_error_on_the_first_page_is_just_that() -> None:
    ran = listed(answer("x", 404))
    assert isinstance(ran.error, NotFoundError)
    assert ran.error.cursor is None
    assert len(ran.requests) == 1


FORWARDS: Any = {"page_size": 2, "order": "asc"}


class Shrinking:
    """A thread of 40 messages: it deletes what was handed out, and fails, as it is told."""

    def __init__(self, order: str, deletes: Callable[[str], bool], failing: set[int]) -> None:
        self.ids = [f"m{n}" for n in range(40)]
        self.order, self.deletes, self.failing = order, deletes, failing
        self.got: list[str] = []
        self.requests = 0

    def __call__(self, sent: Sent) -> Step:
        self.requests += 1
        self.ids = [id_ for id_ in self.ids if id_ not in self.got or not self.deletes(id_)]
        if self.requests in self.failing:
            return answer("x", 500)
        query = asked(sent)
        if not {query[key] for key in ("after", "before") if key in query} <= {*self.ids, "m40"}:
            return answer({"error": {"message": "No such cursor"}}, 404)
        return server([*self.ids, "m40"] if "before" in query else self.ids, 3)(sent)


@pytest.mark.parametrize("failing", [{2}, {4, 5, 6, 9}, {*range(2, 60, 3)}])
@pytest.mark.parametrize(
    "deletes",
    [
        lambda _: False,
        lambda _: True,
        lambda id_: id_[-1] in "258",  # each cursor
        lambda id_: id_[-1] not in "07",
    ],
    ids=["none", "all", "cursors", "most"],
)
@pytest.mark.parametrize("way", ["items", "pages", "ahead", "before"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_going_on_after_an_error_loses_and_doubles_nothing(
    order: str, way: str, deletes: Callable[[str], bool], failing: set[int]
) -> None:
    """From the error's cursor, here or from a pickle, also where its message was deleted."""
    thread = Shrinking(order, deletes, failing)
    given: dict[str, Any] = {"order": order, "read_ahead": way == "ahead"}
    key = "before" if way == "before" else "after"
    if key == "before":
        given |= {"before": "m40", "order": "asc"}
    with Laplas(api_key=KEY, base_url=BASE, transport=Transport(thread), max_retries=0) as client:
        for attempt in range(60):
            try:
                pages: Any = client.messages.list(THREAD, **given)
                for one in pages.iter_pages() if way == "pages" else [pages]:
                    for item in one.data if way == "pages" else one:
                        thread.got.append(item.id)
                break
            except APIError as problem:
                error = pickle.loads(pickle.dumps(problem)) if attempt % 2 else problem
                given[key] = error.cursor
    assert len(thread.got) == 40, "none is lost, none comes twice"
    assert set(thread.got) == {f"m{n}" for n in range(40)}


@pytest.mark.parametrize("failure", [answer("x", 500), answer("x", 403), answer("<html>")])
def test_the_cursor_of_an_error_is_the_last_item_handed_out(failure: Step) -> None:
    pages = [answer(page(*IDS[n : n + 2], has_more=True)) for n in (0, 2)]
    broken = listed(*pages, failure, max_retries=0, **FORWARDS)
    assert broken.error.cursor == broken.ids[-1] == "m4"
    assert broken.error.operation == "list_messages"
    assert json.dumps(broken.error.cursor) == '"m4"', "to store it, it is a text"
    last = answer(page("m4", "m5", has_more=True))
    back = listed(last, failure, before="m6", max_retries=0, **FORWARDS)
    assert back.error.cursor == "m4"


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


def line(number: int, *ids: str, more: bool = True) -> Step:
    """The page of that number, in a listing where each page has an item of its own."""
    return answer(page(*ids, f"own-{number}", has_more=more))


@pytest.mark.parametrize(("between", "times"), [(REMEMBERED_PAGES - 1, 1), (REMEMBERED_PAGES, 2)])
def test_an_item_is_recognised_for_so_many_pages_and_no_longer(between: int, times: int) -> None:
    pages = [line(n) for n in range(1, between + 1)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ran = listed(line(0, "first"), *pages, line(1000, "first", more=False))
    assert ran.result is not None
    assert ran.ids.count("first") == times
    assert bool(caught) == (times == 1)


@pytest.mark.parametrize(
    ("known", "more"), [(REMEMBERED_PAGES, 1 + REFUSALS), (REMEMBERED_PAGES + 1, 7)]
)
def test_starting_over_ends_where_not_all_is_known_any_more(known: int, more: int) -> None:
    """Cursors 1, 3, 7, 15, 31 and 63 pages back are tried, then the beginning."""
    ran = listed(*map(line, range(known)), lambda _: answer("x", 404))
    assert isinstance(ran.error, NotFoundError)
    assert len(ran.requests) == known + more


def test_starting_over_goes_on_while_it_gains() -> None:
    """Each round brings one item more before its cursor is refused."""
    new = [f"m{n}" for n in range(2 * REFUSALS)]
    first = [answer(page("a", has_more=True)), answer("x", 404)]
    rounds = [[answer(page("a", id_, has_more=True)), answer("x", 404)] for id_ in new]
    ran = listed(*first, *chain(*rounds), answer(page("last")))
    assert ran.problem is None
    assert ran.ids == ["a", *new, "last"]


def peak_of_a_walk(pages: int) -> int:
    """The most bytes that are in use while a listing of so many pages is walked."""

    def answer_page(sent: Sent) -> Step:
        number = int(asked(sent).get("after", "0_0").partition("_")[0]) + 1
        return answer(page(*(f"{number}_{n}" for n in range(8)), has_more=number < pages))

    transport = Transport(answer_page)
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:

        def walk() -> None:
            seen = 0
            for _ in client.messages.list(THREAD, page_size=8):
                seen += 1
                transport.requests.clear()
                transport.timeouts.clear()
            assert seen == pages * 8

        return peak(walk)


def test_the_memory_of_a_walk_does_not_grow_with_its_length() -> None:
    known = 2 * REMEMBERED_PAGES  # beyond this, nothing new is remembered
    assert peak_of_a_walk(3 * known) < 2 * peak_of_a_walk(known)


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
