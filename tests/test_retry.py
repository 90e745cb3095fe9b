"""When a request is sent again, after how long, and what an error tells of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import (
    FULL,
    MESSAGE,
    THREAD,
    Step,
    answer,
    breaks,
    run_both,
    run_sync,
    thread,
)

import laplas

# Written out by hand from the policy: whether a read or an update is repeated, whether a create is.
FAILURES: list[tuple[type[httpx.HTTPError], str, bool, bool]] = [
    (httpx.ConnectError, "connect", True, True),
    (httpx.ProxyError, "connect", True, True),
    (httpx.ConnectTimeout, "connect_timeout", True, True),
    (httpx.PoolTimeout, "pool_timeout", True, True),
    (httpx.WriteError, "write", True, False),
    (httpx.WriteTimeout, "write_timeout", True, False),
    (httpx.ReadError, "read", True, False),
    (httpx.CloseError, "read", True, False),
    (httpx.ReadTimeout, "read_timeout", True, False),
    (httpx.RemoteProtocolError, "truncated", True, False),
    (httpx.LocalProtocolError, "unsent", False, False),
    (httpx.UnsupportedProtocol, "unsent", False, False),
    (httpx.DecodingError, "undecodable", False, False),
]
# The same, and whether it is unclear that nothing was done: only what is refused for good is not.
STATUSES: dict[int, tuple[bool, bool, bool]] = {
    **dict.fromkeys([300, 304, 307, 308, 400, 401, 402, 403, 404, 405], (False, False, False)),
    **dict.fromkeys([407, 410, 413, 421, 422, 431, 451, 498], (False, False, False)),
    **dict.fromkeys([301, 302, 303, 499, 501, 505, 511], (False, False, True)),
    **dict.fromkeys([408, 409, 425, 500, 502, 503, 504, 507, 508, 520], (True, False, True)),
    **dict.fromkeys([522, 524, 529, 599, 600], (True, False, True)),
    429: (True, True, True),
}
CALLS: dict[str, Any] = {
    "retrieve": lambda c: c.threads.retrieve(THREAD),
    "update": lambda c: c.threads.update(THREAD, metadata={}),
    "create": lambda c: c.threads.create(),
}
retrieve = CALLS["retrieve"]
THREE = [answer("x", 500)] * 3


def retrieve_with(**options: Any) -> Any:
    return lambda c: c.threads.retrieve(THREAD, **options)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("cls", "kind", "plainly", "create"), FAILURES)
def test_failures_are_named_and_replayed_as_the_table_says(
    name: str, cls: type[httpx.HTTPError], kind: str, plainly: bool, create: bool
) -> None:
    again = create if name == "create" else plainly
    ran = run_both(CALLS[name], *[breaks(cls("it broke"))] * (3 if again else 1))
    error = ran.error
    expected = "APITimeoutError" if "timeout" in kind else "APIConnectionError"
    assert type(error) is getattr(laplas, expected)
    assert error.kind == kind
    assert error.attempts == len(ran.requests)
    assert error.operation == f"{name}_thread"
    sent = kind not in ("connect", "connect_timeout", "pool_timeout", "unsent")
    assert error.may_have_taken_effect is (name != "retrieve" and sent)
    assert "it broke" in str(error)


def repeated(name: str, status: int, **headers: Any) -> Any:
    """Meet this status again and again; return the error, and whether it was tried again."""
    ran = run_both(CALLS[name], lambda _: answer("x", status, **headers), max_retries=1)
    assert isinstance(ran.error, laplas.APIStatusError)
    assert ran.error.attempts == len(ran.requests)
    assert len(set(ran.requests)) == 1, "a retry must send the very same"
    return ran.error, len(ran.requests) == 2


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", CALLS)
def test_statuses_are_replayed_as_the_table_says(name: str, status: int) -> None:
    """x-should-retry: false stops all, true widens all but a create; Retry-After frees a 503."""
    read, create, unclear = STATUSES[status]
    unclear = unclear and name != "retrieve"
    plain = create if name == "create" else read
    error, again = repeated(name, status)
    assert (again, error.may_have_taken_effect) == (plain, unclear)
    for word in ("false", " False "):
        assert not repeated(name, status, x_should_retry=word, retry_after="0")[1]
    for word in ("true", " TRUE "):
        widened = plain or (name != "create" and status >= 400)
        error, again = repeated(name, status, x_should_retry=word)
        assert again is widened
        assert error.may_have_taken_effect is (name != "retrieve" and (unclear or status >= 400))
    for word in ("maybe", "truee", ""):
        assert repeated(name, status, x_should_retry=word)[1] is plain
    error, again = repeated(name, status, retry_after="1")
    assert again is (plain or status == 503)
    assert error.may_have_taken_effect is unclear
    assert error.retry_after == 1


RETRY_AFTER: list[tuple[dict[str, str], float | None]] = [
    ({}, None),
    ({"retry_after": "5"}, 5.0),
    ({"retry_after": "0"}, 0.0),
    ({"retry_after": "1.5"}, 1.5),
    ({"retry_after": " 7 "}, 7.0),
    ({"retry_after_ms": "250"}, 0.25),
    ({"retry_after_ms": "0", "retry_after": "9"}, 0.0),
    ({"retry_after_ms": "250", "retry_after": "5"}, 0.25),
    ({"retry_after_ms": "soon", "retry_after": "5"}, 5.0),
    ({"retry_after_ms": "-1", "retry_after": "5"}, 5.0),
    ({"retry_after": "9" * 15}, 999999999999999.0),
    *(
        ({"retry_after": odd}, None)
        for odd in ("", "soon", "-5", "nan", "inf", "-inf", "5 XYZ", "5, 5", "9" * 16, "9" * 400)
    ),
    ({"retry_after": "Fri, 30 Aug 2999 12:34:56 XYZ"}, None),
    # A date is read against the server's own clock, however wrong ours or that one is.
    *(
        ({"retry_after": f"Fri, 30 Aug {year} 12:34:56 GMT", "date": date.format(year)}, seconds)
        for year in (1999, 2999)
        for date, seconds in (
            ("Fri, 30 Aug {} 12:34:51 GMT", 5.0),
            ("Fri, 30 Aug {} 12:35:00 GMT", 0.0),
        )
    ),
]


@pytest.mark.parametrize(("headers", "seconds"), RETRY_AFTER, ids=str)
def test_retry_after_forms(headers: dict[str, Any], seconds: float | None) -> None:
    """Seconds or a date; whatever is neither counts as not sent, and warns of nothing."""
    assert run_both(retrieve, answer("x", 400, **headers)).error.retry_after == seconds


DATES: dict[str, Callable[[datetime], str]] = {
    "RFC 9110": lambda when: format_datetime(when, usegmt=True),
    "RFC 850": lambda when: when.strftime("%A, %d-%b-%y %H:%M:%S GMT"),
    "asctime": lambda when: when.strftime("%a %b %d %H:%M:%S %Y"),
    "ISO 8601": datetime.isoformat,
    "another zone": lambda when: when.astimezone(timezone(timedelta(hours=1))).isoformat(),
}


@pytest.mark.parametrize("written", DATES.values(), ids=DATES)
@pytest.mark.parametrize(("ahead", "asked"), [(90, 90), (-3600, 0)])
def test_retry_after_as_a_date(
    written: Callable[[datetime], str], ahead: float, asked: float
) -> None:
    text = written(datetime.now(UTC) + timedelta(seconds=ahead))
    found = run_sync(retrieve, answer("x", 400, retry_after=text)).error.retry_after
    assert found == pytest.approx(asked, abs=5)


@pytest.mark.parametrize("skew", [-86400, 3600, 10**9])
def test_a_date_counts_from_the_servers_own_and_not_from_this_clock(skew: int) -> None:
    there = datetime.now(UTC) + timedelta(seconds=skew)
    headers: dict[str, Any] = {"date": format_datetime(there, usegmt=True)}
    headers["retry_after"] = format_datetime(there + timedelta(seconds=7), usegmt=True)
    assert run_both(retrieve, answer("x", 400, **headers)).error.retry_after == 7


@settings(max_examples=100 if FULL else 30, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_any_retry_after_is_a_time_or_nothing(text: str) -> None:
    steps = [answer("x", 400, retry_after=text, retry_after_ms=text[::-1])]
    found = run_sync(retrieve, *steps).error.retry_after
    assert found is None or 0 <= found < float("inf")


def test_delays_are_drawn_from_0_to_half_a_second_then_doubled_up_to_8() -> None:
    """Neither an overflow nor a longer wait, however many there are."""
    ran = run_both(retrieve, lambda _: answer("x", 500), max_retries=2000)
    highest = [0.5, 1, 2, 4, *[8] * (len(ran.waits) - 4)]
    assert len(ran.waits) > 30, "180 seconds allow for many"
    assert all(0 <= wait <= most for wait, most in zip(ran.waits, highest, strict=True))
    assert max(ran.waits) > 7
    assert min(ran.waits[4:]) < 1


@settings(max_examples=100 if FULL else 40, deadline=None)
@given(
    most=st.integers(0, 12) | st.just(10**30),
    limit=st.floats(0.5, 400),
    takes=st.floats(0, 40),
    asked=st.none() | st.integers(1, 70),
)
def test_no_call_is_tried_more_often_or_for_longer_than_it_may(
    most: int, limit: float, takes: float, asked: int | None
) -> None:
    headers = {} if asked is None else {"retry_after": str(asked)}
    ran = run_both(
        retrieve_with(deadline=limit),
        lambda _: answer("x", 503, takes, **headers),
        max_retries=most,
    )
    assert len(ran.requests) == ran.error.attempts == len(ran.waits) + 1 <= most + 1
    assert sum(ran.waits) + takes * len(ran.waits) < min(limit, 180)
    assert all(wait <= 8 if asked is None else wait == asked <= 60 for wait in ran.waits)


def test_a_call_is_tried_three_times_or_as_often_as_client_or_call_say() -> None:
    assert run_both(retrieve, *THREE).error.attempts == 3
    for most in (0, 1, 5):
        steps = [answer("x", 500)] * (most + 1)
        assert run_both(retrieve, *steps, max_retries=most).error.attempts == most + 1
        of_call = run_both(retrieve_with(max_retries=most), *steps)
        assert of_call.error.attempts == most + 1


def test_the_server_is_waited_for_as_long_as_it_asks() -> None:
    when = datetime.now(UTC) + timedelta(seconds=20)
    steps = [
        answer("x", 429, retry_after="7"),
        answer("x", 503, retry_after_ms="250", retry_after="9"),
        answer("x", 429, retry_after=format_datetime(when, usegmt=True)),
        answer(thread()),
    ]
    ran = run_both(CALLS["create"], *steps, max_retries=3)
    assert ran.result.id == THREAD
    assert ran.waits[:2] == [7.0, 0.25]
    assert 0 < ran.waits[2] <= 20


def test_a_server_that_asks_for_too_long_is_not_waited_for() -> None:
    for asked in ("60.001", "61"):
        ran = run_both(retrieve, answer("x", 429, retry_after=asked))
        assert ran.error.retry_after == float(asked)
        assert ran.error.attempts == 1
        assert not ran.waits
    ran = run_both(retrieve, answer("x", 429, retry_after="60"), answer(thread()))
    assert ran.waits == [60]


def test_no_retry_starts_after_180_seconds_or_the_deadline() -> None:
    ran = run_both(retrieve, *[answer("x", 500, takes=100)] * 2, max_retries=9)
    assert ran.error.attempts == 2
    assert 200 <= ran.error.elapsed < 201
    ran = run_both(retrieve_with(deadline=10), *[answer("x", 500, takes=6)] * 2)
    assert ran.error.attempts == 2
    ran = run_both(retrieve_with(deadline=10), answer("x", 429, retry_after="10"))
    assert ran.error.attempts == 1
    assert not ran.waits


def test_a_deadline_cuts_the_timeouts_of_what_is_left() -> None:
    first = answer("x", 429, takes=4, retry_after="1")
    ran = run_both(retrieve_with(deadline=10, timeout=None), first, answer(thread()))
    phases = ("connect", "read", "write", "pool")
    assert ran.timeouts == [dict.fromkeys(phases, 10), dict.fromkeys(phases, 5)]


def test_an_error_tells_how_the_call_went() -> None:
    steps = [answer("x", 500, takes=2), breaks(httpx.ConnectError("no"), takes=1)]
    ran = run_both(CALLS["update"], *steps, max_retries=1)
    assert isinstance(ran.error, laplas.APIConnectionError)
    assert ran.error.attempts == 2
    assert ran.error.elapsed == pytest.approx(3 + sum(ran.waits))
    assert ran.error.may_have_taken_effect, "the first attempt may have, though not the last"


def test_an_answer_that_cannot_be_read_may_have_taken_effect_and_is_not_repeated() -> None:
    for name, call in CALLS.items():
        error = run_both(call, answer("<html>")).error
        assert isinstance(error, laplas.UnparsableResponseError)
        assert error.attempts == 1
        assert error.may_have_taken_effect is (name != "retrieve")


LOST: list[Step] = [
    breaks(httpx.ReadTimeout("")),
    breaks(httpx.RemoteProtocolError("")),
    *(answer("x", status) for status in (500, 504, 408, 409, 429)),
    answer("x", 503, retry_after="1"),
]
NOT_LOST = [breaks(httpx.ConnectError("")), breaks(httpx.PoolTimeout(""))]
DELETES = [lambda c: c.messages.delete(THREAD, MESSAGE), lambda c: c.threads.delete(THREAD)]


@pytest.mark.parametrize("call", DELETES)
@pytest.mark.parametrize("first", LOST, ids=str)
def test_a_repeated_delete_that_finds_nothing_has_deleted(call: Any, first: Step) -> None:
    for gone in (404, 410):
        ran = run_both(call, first, answer("gone", gone))
        assert ran.result.deleted is True
        assert ran.result.id in (MESSAGE, THREAD)
        assert ran.result.object.endswith(".deleted")


@pytest.mark.parametrize("call", DELETES)
def test_a_delete_that_found_nothing_at_first_has_not_deleted(call: Any) -> None:
    assert isinstance(run_both(call, answer("no", 404)).error, laplas.NotFoundError)
    for first in NOT_LOST:
        ran = run_both(call, first, answer("no", 404))
        assert isinstance(ran.error, laplas.NotFoundError)
        assert not ran.error.may_have_taken_effect


def test_only_a_delete_of_a_known_path_takes_404_for_success() -> None:
    """Nobody knows what the answer of any other path would have been."""
    for call in (retrieve, CALLS["update"], lambda c: c.request("DELETE", "/x")):
        ran = run_both(call, answer("x", 500), answer("no", 404))
        assert isinstance(ran.error, laplas.NotFoundError)
        assert ran.error.may_have_taken_effect is (call is not retrieve)


@pytest.mark.parametrize(
    ("method", "times"), [("GET", 3), ("PUT", 3), ("DELETE", 3), ("POST", 1), ("PATCH", 1)]
)
def test_any_request_is_repeated_as_its_method_allows(method: str, times: int) -> None:
    error = run_both(lambda c: c.request(method, "/x"), *THREE[:times]).error
    assert isinstance(error, laplas.ServerError)
    assert error.attempts == times
