"""The pure parts at their edges: what mutation testing asked for.

`Walk` is driven by hand here, page by page, without any client.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from laplas import ConfigurationError, InvalidArgumentError, PaginationError
from laplas import _operations as ops
from laplas._arguments import checked_id, checked_metadata, count, one_of
from laplas._paging import REMEMBERED_PAGES, RESTARTS, PageData, Walk
from laplas._retry import (
    Effect,
    Outcome,
    RetryPolicy,
    delay_before_retry,
    is_replayable,
    may_have_taken_effect,
    parse_time,
    retry_after,
    with_retries,
)

NOW = datetime(2027, 1, 1, tzinfo=UTC)


# ---- walks --------------------------------------------------------------------------------------


def page(*ids: str, has_more: Any = True, **envelope: Any) -> PageData[str]:
    """A page whose items are their ids."""
    return PageData(list(ids), {"data": None, "has_more": has_more, **envelope}, list(ids))


def walk(max_items: int | None = None, **query: Any) -> Walk[Any]:
    given = dict.fromkeys(["after", "before"]) | query
    listing = ops.list_messages(
        "t", 5, None, max_items, None, given["after"], given["before"], None
    )
    return Walk(listing)


def cursors(one: Walk[Any], pages: Iterator[PageData[str]]) -> Iterator[str | None]:
    """Follow the pages; yields each cursor that is asked for, None at the end."""
    for received in pages:
        one.new_items(received)
        call = one.next_call(received)
        yield None if call is None else call.query.get("after", call.query.get("before"))
        if call is None:
            return


def test_the_cursor_is_the_last_id_and_everything_else_stays() -> None:
    call = walk().next_call(page("a", "b"))
    assert call is not None
    assert call.query == {"limit": 5, "after": "b"}


def test_backwards_the_cursor_is_the_first_id() -> None:
    call = walk(before="z").next_call(page("x", "y"))
    assert call is not None
    assert call.query == {"limit": 5, "before": "x"}


def test_with_both_bounds_it_goes_forwards_and_keeps_the_other() -> None:
    call = walk(after="a", before="z").next_call(page("b", "c"))
    assert call is not None
    assert call.query == {"limit": 5, "after": "c", "before": "z"}


@pytest.mark.parametrize("has_more", [False, None, "true", 1, "false", [True]])
def test_only_true_means_that_there_is_more(has_more: Any) -> None:
    assert walk().next_call(page("a", has_more=has_more)) is None
    assert page("a", has_more=has_more).has_more is False


def test_no_items_no_more() -> None:
    assert walk().next_call(page()) is None


def test_the_caller_s_own_bound_is_a_cursor_that_was_followed() -> None:
    with pytest.raises(PaginationError) as info:
        walk(after="b").next_call(page("a", "b"))
    assert info.value.cursor == "b"
    with pytest.raises(PaginationError):
        walk(before="a").next_call(page("a", "b"))
    assert walk(after="a").next_call(page("a", "b")) is not None


def circle(lead: int, length: int) -> Iterator[PageData[str]]:
    """A server that gives `lead` pages and then goes round in `length` pages for ever."""
    for n in range(lead):
        yield page(f"lead-{n}")
    while True:
        for n in range(length):
            yield page(f"round-{n}")


@pytest.mark.parametrize("length", [*range(1, 18), 31, 32, 33, 64, 100])
@pytest.mark.parametrize("lead", [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 40])
def test_a_circle_is_found_within_brents_bound(lead: int, length: int) -> None:
    """The remembered cursor is that of the last power of two, so a circle is found one round
    after the first power of two that lies in it and is no less than its length."""
    in_circle = max(lead + 1, length)
    bound = 2 ** math.ceil(math.log2(in_circle)) + length
    followed: list[str | None] = []
    with pytest.raises(PaginationError) as info:
        followed.extend(itertools.islice(cursors(walk(), circle(lead, length)), bound))
    assert info.value.cursor is not None
    assert info.value.cursor.startswith("round-")
    assert lead + length <= len(followed) < bound, "each page of it was seen before"


@pytest.mark.parametrize("number", [1, 2, 3, 50, 1000])
def test_no_straight_listing_is_taken_for_a_circle(number: int) -> None:
    pages = (page(f"{n}", has_more=n < number - 1) for n in range(number))
    followed = list(cursors(walk(), pages))
    assert followed == [*(f"{n}" for n in range(number - 1)), None]


def test_an_item_is_handed_out_once() -> None:
    one = walk()
    assert one.new_items(page("a", "a", "b")) == ["a", "b"]
    assert one.new_items(page("b", "c", "c", "a")) == ["c"]
    assert one.new_items(page("a", "b", "c")) == []
    assert one.new_items(page("d", "e")) == ["d", "e"]


def test_pages_without_repeats_are_handed_out_as_they_are() -> None:
    received = page("a", "b")
    assert walk().new_items(received) is received.data


def test_an_item_is_recognised_for_so_many_pages_and_no_longer() -> None:
    one = walk()
    one.new_items(page("first", "again"))
    for n in range(REMEMBERED_PAGES - 1):
        one.new_items(page(f"{n}"))
    assert one.new_items(page("first")) == []
    one.new_items(page("one page more"))
    assert one.new_items(page("again")) == ["again"]
    assert one.new_items(page("0")) == ["0"], "one page older each time"
    assert one.new_items(page("5")) == []
    assert one.new_items(page("again")) == [], "it is new again"


def test_what_is_remembered_stays_bounded() -> None:
    one = walk()
    for n in range(3 * REMEMBERED_PAGES):
        one.new_items(page(f"{n}a", f"{n}b", f"{n - 1}a"))
    assert len(one._seen) == 2 * REMEMBERED_PAGES
    assert len(one._pages) == REMEMBERED_PAGES


def test_pages_of_repeats_do_not_push_out_what_is_remembered() -> None:
    one = walk()
    one.new_items(page("a"))
    for _ in range(2 * REMEMBERED_PAGES):
        assert one.new_items(page("a")) == []
    assert one.start_over() is not None, "it still knows all that it has handed out"


@pytest.mark.parametrize("most", [1, 2, 3, 5, 6])
def test_no_more_items_than_asked_for(most: int) -> None:
    one = walk(max_items=most)
    handed_out: list[str] = []
    for received in (page("a", "b"), page("b", "c"), page("d", "e"), page("f", "g")):
        handed_out += one.new_items(received)
        if one.next_call(received) is None:
            break
    assert handed_out == list("abcdefg")[:most]


def test_starting_over_asks_for_the_first_page() -> None:
    one = walk()
    for received in (page("a"), page("b")):
        one.new_items(received)
        one.next_call(received)
    again = one.start_over()
    assert again is not None
    assert again.query == {"limit": 5}
    # The same cursors are followed again, and that is no circle.
    for received in (page("a"), page("b"), page("c")):
        one.new_items(received)
        assert one.next_call(received) is not None


def test_starting_over_without_gain_ends() -> None:
    one = walk()
    for gain in ("nothing yet", "a", "b"):
        if gain != "nothing yet":
            one.new_items(page(gain))
        for _ in range(RESTARTS):
            assert one.start_over() is not None
            one.new_items(page(*("a" if gain != "nothing yet" else "")))
        assert one.start_over() is None


def test_the_documented_limits() -> None:
    assert (REMEMBERED_PAGES, RESTARTS) == (100, 20)


def test_starting_over_ends_where_not_all_is_known_any_more() -> None:
    one = walk()
    for n in range(REMEMBERED_PAGES):
        one.new_items(page(f"{n}"))
    assert one.start_over() is not None
    one.new_items(page("one more"))
    assert one.start_over() is None


def test_the_envelopes_ids_are_told_if_they_are_texts() -> None:
    told = page("a", "b", first_id="x", last_id="y")
    assert (told.first_id, told.last_id) == ("x", "y")
    odds: list[Any] = [None, 5, ["x"], {}, ""]
    for odd in odds:
        told = page("a", "b", first_id=odd, last_id=odd)
        assert (told.first_id, told.last_id) == ("a", "b")
        empty = page(first_id=odd, last_id=odd)
        assert (empty.first_id, empty.last_id) == (None, None)


EFFECTS: tuple[Effect, ...] = ("read", "repeatable", "create")


# ---- retries ------------------------------------------------------------------------------------

POLICY = RetryPolicy(
    max_retries=3, base_delay=0.5, max_delay=8.0, max_retry_after=60.0, max_total=180.0
)


def delay(
    done: int = 0,
    asked: float | None = None,
    elapsed: float = 0.0,
    deadline: float | None = None,
    draw: float = 1.0,
) -> float | None:
    return delay_before_retry(POLICY, done, asked, elapsed, deadline, lambda: draw)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"done": 2}, 2.0),
        ({"done": 3}, None),
        ({"done": 4}, None),
        ({"asked": 60.0}, 60.0),
        ({"asked": 60.001}, None),
        ({"asked": 0.0}, 0.0),
        ({"asked": 0.0, "draw": 1.0, "done": 2}, 0.0),
        ({"draw": 0.0}, 0.0),
        ({"draw": 0.5}, 0.25),
        ({"elapsed": 179.0, "draw": 1.0}, 0.5),
        ({"elapsed": 179.5, "draw": 1.0}, None),
        ({"elapsed": 180.0, "asked": 0.0}, None),
        ({"asked": 4.0, "deadline": 5.0}, 4.0),
        ({"asked": 5.0, "deadline": 5.0}, None),
        ({"asked": 4.0, "elapsed": 1.0, "deadline": 5.0}, None),
        ({"asked": 3.9, "elapsed": 1.0, "deadline": 5.0}, 3.9),
        ({"asked": 50.0, "elapsed": 150.0, "deadline": 1000.0}, None),
    ],
)
def test_delays_at_their_limits(arguments: dict[str, Any], expected: float | None) -> None:
    assert delay(**arguments) == expected


def test_delays_double_up_to_the_ceiling_for_ever() -> None:
    endless = POLICY._replace(max_retries=10**9)
    delays = [
        delay_before_retry(endless, n, None, 0.0, None, lambda: 1.0) for n in (0, 1, 2, 3, 4, 5, 29)
    ]
    assert delays == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    # Neither an overflow nor a number of a million digits.
    assert delay_before_retry(endless, 10**8, None, 0.0, None, lambda: 1.0) == 8.0


@pytest.mark.parametrize("wrong", [True, False, -1, 1.0, "2", None, [], float("nan")])
def test_a_number_of_retries_is_a_whole_number_from_0_up(wrong: Any) -> None:
    with pytest.raises(ConfigurationError) as info:
        with_retries(POLICY, wrong)
    assert info.value.argument == "max_retries"
    assert repr(wrong) in str(info.value)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("status", [0, 199, 200, 399, 400, 499])
def test_what_is_no_server_error_is_not_repeated(effect: Effect, status: int) -> None:
    assert not is_replayable(effect, Outcome(None, status))
    assert is_replayable("read", Outcome(None, 500))


def test_a_number_of_retries_changes_nothing_else() -> None:
    assert with_retries(POLICY, 0) == POLICY._replace(max_retries=0)
    assert with_retries(POLICY, 10**6).max_retries == 10**6


@pytest.mark.parametrize("word", ["yes", "1", "zzz", "", "truee", "tru", "FALSE ", "no"])
@pytest.mark.parametrize("status", [400, 404, 501])
def test_only_true_makes_an_error_worth_repeating(word: str, status: int) -> None:
    assert not is_replayable("read", Outcome(None, status, {"x-should-retry": word}))


@pytest.mark.parametrize("word", ["true", " True ", "TRUE"])
def test_true_does_so_for_any_error_but_not_for_a_create(word: str) -> None:
    headers = {"x-should-retry": word}
    assert is_replayable("read", Outcome(None, 400, headers))
    assert is_replayable("repeatable", Outcome(None, 501, headers))
    assert not is_replayable("create", Outcome(None, 500, headers))
    assert not is_replayable("read", Outcome(None, 399, headers))


@pytest.mark.parametrize("word", ["false", " False ", "FALSE"])
def test_false_forbids_every_repetition_of_an_answered_request(word: str) -> None:
    headers = {"x-should-retry": word, "retry-after": "0"}
    for status in (408, 429, 500, 503):
        for effect in EFFECTS:
            assert not is_replayable(effect, Outcome(None, status, headers))


@pytest.mark.parametrize("status", [408, 500, 502, 504, 529])
def test_only_a_503_that_names_a_time_says_that_nothing_was_done(status: int) -> None:
    named = {"retry-after": "1"}
    assert may_have_taken_effect("create", Outcome(None, status, named))
    assert not may_have_taken_effect("create", Outcome(None, 503, named))
    assert may_have_taken_effect("create", Outcome(None, 503, {}))
    assert not is_replayable("create", Outcome(None, status, named))
    assert is_replayable("create", Outcome(None, 503, named))
    assert not is_replayable("create", Outcome(None, 503, {}))


@pytest.mark.parametrize(
    ("status", "may_have"),
    [(199, True), (299, True), (300, False), (301, True), (302, True), (303, True), (304, False),
     (307, False), (400, False), (407, False), (408, True), (409, False), (429, False),
     (499, False), (500, True), (599, True), (600, True)],
)  # fmt: skip
def test_what_a_status_says_of_the_effect(status: int, may_have: bool) -> None:
    for effect in EFFECTS[1:]:
        assert may_have_taken_effect(effect, Outcome(None, status)) is may_have
    assert not may_have_taken_effect("read", Outcome(None, status))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "0", "retry-after": "9"}, 0.0),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
        ({"retry-after-ms": "-1", "retry-after": "9"}, 9.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "9" * 15}, 999999999999999.0),
        ({"retry-after": "9" * 16}, None),
        ({"retry-after": "Fri, 01 Jan 2027 00:00:05 GMT"}, 5.0),
        ({"retry-after": "Friday, 01-Jan-27 00:00:05 GMT"}, 5.0),
        ({"retry-after": "Fri Jan  1 00:00:05 2027"}, 5.0),
        ({"retry-after": "Thu, 31 Dec 2026 23:59:55 GMT"}, 0.0),
        ({"retry-after": "2027-01-01T00:00:05Z"}, 5.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
    ],
    ids=str,
)
def test_the_time_that_a_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-01T01:00:00+01:00", NOW),
        ("2027-01-01T00:00:00", NOW),
        (" 2027-01-01T00:00:00Z ", NOW),
        ("Fri, 01 Jan 2027 00:00:00 GMT", NOW),
        ("", None),
        (5, None),
        (None, None),
    ],
)
def test_times_are_aware_and_in_utc(text: object, expected: datetime | None) -> None:
    when = parse_time(text)
    assert when == expected
    assert when is None or when.tzinfo is UTC


# ---- arguments ----------------------------------------------------------------------------------

LONG: list[tuple[Callable[[Any], Any], Any, Any]] = [
    (lambda v: checked_id("id", v), "x" * 1000, "x" * 1001),
    (checked_metadata, {f"{n}": "" for n in range(16)}, {f"{n}": "" for n in range(17)}),
    (checked_metadata, {"k" * 64: ""}, {"k" * 65: ""}),
    (checked_metadata, {"k": "v" * 512}, {"k": "v" * 513}),
    (lambda v: count("n", v, 100), 100, 101),
    (lambda v: count("n", v, 100), 1, 0),
    (lambda v: count("n", v), 10**9, 0),
    (lambda v: one_of("x", v, ("a", "b")), "b", "c"),
]


@pytest.mark.parametrize(("check", "good", "bad"), LONG)
def test_limits_are_exact(check: Callable[[Any], Any], good: Any, bad: Any) -> None:
    assert check(good) == good
    with pytest.raises(InvalidArgumentError):
        check(bad)


@pytest.mark.parametrize("wrong", [True, False, 1.0, "1", None])
def test_a_count_is_an_int(wrong: Any) -> None:
    with pytest.raises(InvalidArgumentError, match="n: must be an int of 1 or more"):
        count("n", wrong)
    with pytest.raises(InvalidArgumentError, match="n: must be an int from 1 to 5"):
        count("n", wrong, 5)


@pytest.mark.parametrize("wrong", [0, -1, 6])
def test_a_count_out_of_range_names_the_range(wrong: int) -> None:
    with pytest.raises(InvalidArgumentError, match=f"must be from 1 to 5, not {wrong}"):
        count("n", wrong, 5)
    if wrong < 1:
        with pytest.raises(InvalidArgumentError, match=f"must be of 1 or more, not {wrong}"):
            count("n", wrong)


@pytest.mark.parametrize("blank", [" ", "\t", "\u3000", "\n"])
def test_blanks_around_an_id_are_refused_on_both_sides(blank: str) -> None:
    for wrong in (f"{blank}id", f"id{blank}", f"{blank}id{blank}"):
        with pytest.raises(InvalidArgumentError, match="blanks"):
            checked_id("thread_id", wrong)
    assert checked_id("thread_id", "a b") == "a b"


def test_metadata_errors_name_the_place() -> None:
    for value, argument in [
        ({5: "x"}, "metadata key"),
        ({"k" * 65: "x"}, "metadata key"),
        ({"k": 5}, "metadata['k']"),
        ({"k": "v" * 513}, "metadata['k']"),
        ({"\ud800": "x"}, "metadata key"),
        ([], "metadata"),
        ({f"{n}": "" for n in range(17)}, "metadata"),
    ]:
        with pytest.raises(InvalidArgumentError) as info:
            checked_metadata(value)
        assert info.value.argument == argument
    with pytest.raises(InvalidArgumentError, match=f"'{'k' * 20}'"):
        checked_metadata({"k" * 65: "x"})
    assert checked_metadata(None) is None
    assert checked_metadata({}) == {}


def test_metadata_is_copied() -> None:
    given = {"a": "b"}
    checked = checked_metadata(given)
    assert checked == given
    assert checked is not given
