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
    NOW,
    THREAD,
    Step,
    answer,
    breaks,
    message,
    page,
    run_both,
    run_sync,
    thread,
)

from laplas import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    NotFoundError,
    ServerError,
    UnparsableResponseError,
)
from laplas._core.config import RetryPolicy
from laplas._core.retry import delay_before_retry, parse_time

EFFECTS = ("read", "repeatable", "create")

# Written out by hand from the policy: a column for read and repeatable, one for create.
ON_FAILURE: dict[str, tuple[bool, bool]] = {
    "connect": (True, True),
    "connect_timeout": (True, True),
    "pool_timeout": (True, True),
    "write": (True, False),
    "write_timeout": (True, False),
    "read": (True, False),
    "read_timeout": (True, False),
    "truncated": (True, False),
    "unsent": (False, False),
    "undecodable": (False, False),
    "too_large": (False, False),
}
ON_STATUS: dict[int, tuple[bool, bool]] = {
    **dict.fromkeys([200, 201, 204, 301, 302, 304], (False, False)),
    **dict.fromkeys([400, 401, 402, 403, 404, 405, 410, 413, 422, 451], (False, False)),
    408: (True, False),
    409: (True, False),
    425: (True, False),
    429: (True, True),
    **dict.fromkeys([500, 502, 503, 504, 507, 508, 520, 522, 524, 529, 599], (True, False)),
    **dict.fromkeys([501, 505, 511], (False, False)),
}


def expected(effect: str, columns: tuple[bool, bool]) -> bool:
    return columns[1] if effect == "create" else columns[0]


CALLS: dict[str, Any] = {
    "read": lambda c: c.threads.retrieve(THREAD),
    "repeatable": lambda c: c.threads.update(THREAD, metadata={}),
    "create": lambda c: c.threads.create(),
}
RAISED: dict[type[httpx.HTTPError], str] = {
    httpx.ConnectError: "connect",
    httpx.ProxyError: "connect",
    httpx.ConnectTimeout: "connect_timeout",
    httpx.PoolTimeout: "pool_timeout",
    httpx.WriteError: "write",
    httpx.WriteTimeout: "write_timeout",
    httpx.ReadError: "read",
    httpx.CloseError: "read",
    httpx.ReadTimeout: "read_timeout",
    httpx.RemoteProtocolError: "truncated",
    httpx.LocalProtocolError: "unsent",
    httpx.UnsupportedProtocol: "unsent",
    httpx.DecodingError: "undecodable",
}


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("cls", RAISED, ids=lambda cls: cls.__name__)
def test_failures_are_named_and_replayed_as_the_table_says(
    effect: str, cls: type[httpx.HTTPError]
) -> None:
    failure = RAISED[cls]
    again = expected(effect, ON_FAILURE[failure])
    ran = run_both(CALLS[effect], *[breaks(cls("it broke"))] * (3 if again else 1))
    error = ran.error
    assert type(error) is (APITimeoutError if "timeout" in failure else APIConnectionError)
    assert error.kind == failure
    assert error.attempts == len(ran.requests)
    assert error.operation == f"{'retrieve' if effect == 'read' else 'update'}_thread" or (
        effect == "create" and error.operation == "create_thread"
    )
    sent = failure not in ("connect", "connect_timeout", "pool_timeout", "unsent")
    assert error.may_have_taken_effect is (effect != "read" and sent)
    assert "it broke" in str(error)


def repeated(effect: str, status: int, **headers: Any) -> Any:
    """Meet this status again and again; return the error, and whether it was tried again."""
    ran = run_both(CALLS[effect], lambda _: answer("x", status, **headers), max_retries=1)
    assert isinstance(ran.error, APIStatusError)
    assert ran.error.attempts == len(ran.requests)
    assert len(set(ran.requests)) == 1, "a retry must send the very same"
    return ran.error, len(ran.requests) == 2


@pytest.mark.parametrize("status", [status for status in ON_STATUS if status >= 300])
@pytest.mark.parametrize("effect", EFFECTS)
def test_statuses_are_replayed_as_the_table_says(effect: str, status: int) -> None:
    """x-should-retry: false stops all, true widens read and repeatable; Retry-After frees a 503."""
    plain = expected(effect, ON_STATUS[status])
    error, again = repeated(effect, status)
    assert again is plain
    # What was clearly refused has done nothing.
    unclear = status in (301, 302, 408) or status >= 500
    assert error.may_have_taken_effect is (effect != "read" and unclear)
    for word in ("false", " False "):
        assert not repeated(effect, status, x_should_retry=word, retry_after="0")[1]
    for word in ("true", " TRUE "):
        widened = plain or (effect != "create" and status >= 400)
        assert repeated(effect, status, x_should_retry=word)[1] is widened
    for word in ("maybe", "truee", ""):
        assert repeated(effect, status, x_should_retry=word)[1] is plain
    error, again = repeated(effect, status, retry_after="1")
    assert again is (plain or status == 503)
    assert error.may_have_taken_effect is (effect != "read" and unclear and status != 503)


@pytest.mark.parametrize(
    ("status", "unclear"),
    [(300, False), (301, True), (303, True), (304, False), (307, False), (407, False),
     (408, True), (499, False), (500, True), (599, True), (600, True)],
)  # fmt: skip
def test_what_a_status_says_of_the_effect(status: int, unclear: bool) -> None:
    for effect in EFFECTS:
        error, _ = repeated(effect, status)
        assert error.may_have_taken_effect is (effect != "read" and unclear)


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
    *(({"retry_after": odd}, None) for odd in ("", "soon", "-5", "nan", "inf", "-inf", "5 XYZ",
                                               "5, 5", "9" * 16, "9" * 400)),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "seconds"), RETRY_AFTER, ids=str)
def test_retry_after_forms(headers: dict[str, Any], seconds: float | None) -> None:
    """Seconds or a date; whatever is neither counts as not sent, and warns of nothing."""
    ran = run_both(CALLS["read"], answer("x", 400, **headers))
    assert ran.error.retry_after == seconds


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
    found = run_sync(CALLS["read"], answer("x", 400, retry_after=text)).error.retry_after
    assert found == pytest.approx(asked, abs=5)


def test_a_retry_after_in_an_unknown_zone_makes_no_warning() -> None:
    text = format_datetime(datetime.now(UTC) + timedelta(seconds=90)).replace("+0000", "XYZ")
    found = run_sync(CALLS["read"], answer("x", 400, retry_after=text)).error.retry_after
    assert found is None or found > 80


SUNDAY = datetime(2026, 8, 30, 12, 34, 56, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        *((text, SUNDAY) for text in (
            "Sun, 30 Aug 2026 12:34:56 GMT", "Sun, 30 Aug 2026 12:34:56 UTC",
            "30 Aug 2026 14:34:56 +0200", "Sunday, 30-Aug-26 12:34:56 GMT",
            "Sun Aug 30 12:34:56 2026", "2026-08-30T12:34:56Z", "2026-08-30T14:34:56+02:00",
            "2026-08-30 12:34:56", " 20260830T123456 ")),
        ("Fri Aug  7 12:34:56 2026", SUNDAY.replace(day=7)),
        ("2026-08-30", datetime(2026, 8, 30, tzinfo=UTC)),
        *((bad, None) for bad in (
            "", " ", "soon", "mon", "10:00", "5", "12.5", "Sun, 30 Feb 2026 12:34:56 GMT",
            "Sun, 30 Aug 2026 99:99:99 GMT", "Sun, 30 Aug 2026 12:34:56", "9" * 400, "2026-13-45",
            "Mon, 31 Dec 9999 23:59:59 -1400", "0001-01-01T00:00:00+14:00", "\ud800", "٢٠٢٦",
            5, 1.5, True, None, b"2026-08-30", ["2026-08-30"])),
    ],
)  # fmt: skip
def test_a_time_is_read_as_aware_utc_or_not_at_all(text: object, moment: datetime | None) -> None:
    """Dates of HTTP and of ISO 8601; what dateutil alone would guess at is none."""
    found = parse_time(text)
    assert found == moment
    assert found is None or found.tzinfo is UTC


@settings(max_examples=100 if FULL else 30, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_any_retry_after_is_a_time_or_nothing(text: str) -> None:
    steps = [answer("x", 400, retry_after=text, retry_after_ms=text[::-1])]
    found = run_sync(CALLS["read"], *steps).error.retry_after
    assert found is None or 0 <= found < float("inf")


def test_delays_are_drawn_from_0_to_half_a_second_then_doubled_up_to_8() -> None:
    """Neither an overflow nor a longer wait, however many there are."""
    ran = run_both(CALLS["read"], lambda _: answer("x", 500), max_retries=2000)
    highest = [0.5, 1, 2, 4, *[8] * (len(ran.waits) - 4)]
    assert len(ran.waits) > 30, "180 seconds allow for many"
    assert all(0 <= wait <= most for wait, most in zip(ran.waits, highest, strict=True))
    assert max(ran.waits) > 7
    assert min(ran.waits[4:]) < 1


SECONDS = st.floats(0, 1e6)
POLICIES = st.builds(
    RetryPolicy,
    max_retries=st.integers(0, 10) | st.integers(0, 10**30),
    base_delay=SECONDS,
    max_delay=SECONDS,
    max_retry_after=SECONDS,
    max_total=SECONDS,
)


@settings(max_examples=300 if FULL else 100, deadline=None)
@given(
    policy=POLICIES,
    deadline=st.none() | SECONDS,
    attempts=st.lists(st.tuples(SECONDS, st.none() | SECONDS, st.floats(0, 1)), max_size=40),
)
def test_no_policy_waits_longer_retries_more_often_or_ends_later_than_it_says(
    policy: RetryPolicy,
    deadline: float | None,
    attempts: list[tuple[float, float | None, float]],
) -> None:
    """Each attempt takes some time and fails, and the server may ask for a wait."""
    now = 0.0
    latest = min(policy.max_total, policy.max_total if deadline is None else deadline)
    for retries, (takes, requested, drawn) in enumerate(attempts):
        now += takes
        delay = delay_before_retry(policy, retries, requested, now, deadline, lambda: drawn)  # noqa: B023
        if delay is None:
            return
        assert retries < policy.max_retries
        if requested is None:
            assert 0 <= delay <= policy.max_delay
            assert delay <= policy.base_delay * 2**retries
        else:
            assert delay == requested <= policy.max_retry_after
        now += delay
        assert now < latest


@settings(max_examples=60 if FULL else 20, deadline=None)
@given(most=st.integers(0, 12), limit=st.floats(0.5, 400), takes=st.floats(0, 40))
def test_no_call_is_tried_more_often_or_for_longer_than_it_may(
    most: int, limit: float, takes: float
) -> None:
    ran = run_both(
        lambda c: c.threads.retrieve(THREAD, deadline=limit),
        lambda _: answer("x", 503, takes=takes),
        max_retries=most,
    )
    assert len(ran.requests) == ran.error.attempts == len(ran.waits) + 1 <= most + 1
    assert sum(ran.waits) + takes * len(ran.waits) < min(limit, 180)


def test_a_call_is_tried_three_times() -> None:
    assert run_both(CALLS["read"], *[answer("x", 500)] * 3).error.attempts == 3


def test_a_retry_that_succeeds_is_a_success() -> None:
    steps = [breaks(httpx.ReadTimeout("")), answer("x", 503), answer(thread())]
    ran = run_both(CALLS["read"], *steps)
    assert ran.result.id == THREAD
    assert len(ran.waits) == 2
    assert ran.waits[0] <= 0.5
    assert ran.waits[1] <= 1.0


@pytest.mark.parametrize("most", [0, 1, 5])
def test_max_retries_of_client_and_call(most: int) -> None:
    steps = [answer("x", 500)] * (most + 1)
    of_client = run_both(CALLS["read"], *steps, max_retries=most)
    of_call = run_both(lambda c: c.threads.retrieve(THREAD, max_retries=most), *steps)
    assert of_client.error.attempts == of_call.error.attempts == most + 1


def test_the_server_is_waited_for_as_long_as_it_asks() -> None:
    when = datetime.now(UTC) + timedelta(seconds=20)
    steps = [
        answer("x", 429, retry_after="7"),
        answer("x", 503, retry_after_ms="250", retry_after="9"),
        answer("x", 429, retry_after=format_datetime(when, usegmt=True)),
        answer(thread()),
    ]
    ran = run_both(CALLS["create"], *steps, max_retries=3)
    assert ran.waits[:2] == [7.0, 0.25]
    assert 0 < ran.waits[2] <= 20


def test_a_server_that_asks_for_too_long_is_not_waited_for() -> None:
    for asked in ("60.001", "61"):
        ran = run_both(CALLS["read"], answer("x", 429, retry_after=asked))
        assert ran.error.retry_after == float(asked)
        assert ran.error.attempts == 1
        assert not ran.waits
    ran = run_both(CALLS["read"], answer("x", 429, retry_after="60"), answer(thread()))
    assert ran.waits == [60]


def test_no_retry_starts_after_180_seconds() -> None:
    ran = run_both(CALLS["read"], *[answer("x", 500, takes=100)] * 2, max_retries=9)
    assert ran.error.attempts == 2
    assert 200 <= ran.error.elapsed < 201


def test_no_retry_starts_after_the_deadline() -> None:
    ran = run_both(
        lambda c: c.threads.retrieve(THREAD, deadline=10), *[answer("x", 500, takes=6)] * 2
    )
    assert ran.error.attempts == 2
    asked = run_both(
        lambda c: c.threads.retrieve(THREAD, deadline=10), answer("x", 429, retry_after="10")
    )
    assert asked.error.attempts == 1
    assert not asked.waits


def test_a_deadline_cuts_the_timeouts_of_what_is_left() -> None:
    ran = run_both(
        lambda c: c.threads.retrieve(THREAD, deadline=10, timeout=None),
        answer("x", 429, takes=4, retry_after="1"),
        answer(thread()),
    )
    assert ran.timeouts[0] == dict.fromkeys(("connect", "read", "write", "pool"), 10)
    assert ran.timeouts[1] == dict.fromkeys(("connect", "read", "write", "pool"), 5)


def test_an_error_tells_how_the_call_went() -> None:
    steps = [answer("x", 500, takes=2), breaks(httpx.ConnectError("no"), takes=1)]
    ran = run_both(CALLS["repeatable"], *steps, max_retries=1)
    assert isinstance(ran.error, APIConnectionError)
    assert ran.error.attempts == 2
    assert ran.error.elapsed == pytest.approx(3 + sum(ran.waits))
    assert ran.error.may_have_taken_effect, "the first attempt may have, though not the last"


def test_an_answer_that_cannot_be_read_may_have_taken_effect_and_is_not_repeated() -> None:
    for effect in EFFECTS:
        ran = run_both(CALLS[effect], answer("<html>"))
        assert isinstance(ran.error, UnparsableResponseError)
        assert ran.error.attempts == 1
        assert ran.error.may_have_taken_effect is (effect != "read")


LOST: list[Step] = [
    breaks(httpx.ReadTimeout("")),
    breaks(httpx.RemoteProtocolError("")),
    answer("x", 500),
    answer("x", 504),
    answer("x", 408),
]
NOT_LOST: list[Step] = [
    breaks(httpx.ConnectError("")),
    answer("x", 429),
    answer("x", 503, retry_after="1"),
]
DELETES = [
    lambda c: c.messages.delete(THREAD, MESSAGE),
    lambda c: c.threads.delete(THREAD),
]


@pytest.mark.parametrize("call", DELETES)
@pytest.mark.parametrize("first", LOST, ids=str)
def test_a_repeated_delete_that_finds_nothing_has_deleted(call: Any, first: Step) -> None:
    ran = run_both(call, first, answer("gone", 404))
    assert ran.result.deleted is True
    assert ran.result.id in (MESSAGE, THREAD)
    assert ran.result.object.endswith(".deleted")


@pytest.mark.parametrize("call", DELETES)
def test_a_delete_that_found_nothing_at_first_has_not_deleted(call: Any) -> None:
    assert isinstance(run_both(call, answer("no", 404)).error, NotFoundError)
    for first in NOT_LOST:
        ran = run_both(call, first, answer("no", 404))
        assert isinstance(ran.error, NotFoundError)
        assert not ran.error.may_have_taken_effect


def test_only_a_delete_takes_404_for_success() -> None:
    for effect in ("read", "repeatable"):
        ran = run_both(CALLS[effect], answer("x", 500), answer("no", 404))
        assert isinstance(ran.error, NotFoundError)


def _request(method: str) -> Any:
    return lambda c: c.request(method, "/x")


def test_a_repeated_delete_of_any_path_hands_out_no_error_as_its_answer() -> None:
    """Nobody knows what the answer of such a path would have been."""
    ran = run_both(_request("DELETE"), answer("x", 500), answer("gone", 404))
    assert isinstance(ran.error, NotFoundError)
    assert ran.error.may_have_taken_effect


def test_any_request_is_repeated_as_its_method_allows() -> None:
    for method, times in (("GET", 3), ("PUT", 3), ("DELETE", 3), ("POST", 1), ("PATCH", 1)):
        ran = run_both(_request(method), *[answer("", 500)] * times)
        assert isinstance(ran.error, ServerError)
        assert ran.error.attempts == times


# Creating exactly once.

ONCE = "order-1234"


def _once(once: Any, **options: Any) -> Any:
    return lambda c: c.messages.create(THREAD, "hi", once=once, **options)


def marked(id_: str = MESSAGE) -> dict[str, Any]:
    return message(id_, metadata={"laplas_once": ONCE}, created_at=int(NOW))


def posts(ran: Any) -> int:
    return sum(sent.method == "POST" for sent in ran.requests)


@pytest.mark.parametrize("lost", [*LOST, answer("<html>"), breaks(httpx.ReadError(""))], ids=str)
def test_a_lost_create_that_landed_is_found_and_not_sent_again(lost: Step) -> None:
    listed = page("other") | {"data": [message("other"), marked()]}
    ran = run_both(_once(ONCE), answer(page()), lost, answer(listed), answer(marked()))
    assert ran.result.id == MESSAGE
    assert posts(ran) == 1
    assert ran.requests[1].json()["metadata"] == {"laplas_once": ONCE}


def test_a_lost_create_that_did_not_land_is_sent_again_with_the_same_mark() -> None:
    ran = run_both(
        _once(ONCE), answer(page()), breaks(httpx.ReadTimeout("")), answer(page("other")),
        answer(message()),
    )  # fmt: skip
    assert ran.result.id == MESSAGE
    assert posts(ran) == 2
    assert ran.requests[1] == ran.requests[3]


def test_a_create_with_a_key_that_was_used_before_sends_nothing_new() -> None:
    listed = page() | {"data": [marked()]}
    ran = run_both(_once(ONCE), answer(listed), answer(marked()))
    assert ran.result.id == MESSAGE
    assert posts(ran) == 0


def test_a_lost_create_is_not_sent_again_where_looking_for_it_fails() -> None:
    ran = run_both(
        _once(ONCE), answer(page()), breaks(httpx.ReadTimeout("")), *[answer("x", 500)] * 3
    )
    assert isinstance(ran.error, APITimeoutError)
    assert ran.error.may_have_taken_effect
    assert posts(ran) == 1


def test_a_create_once_stops_after_max_retries() -> None:
    script = [answer(page())] + [breaks(httpx.ReadTimeout("")), answer(page())] * 3
    ran = run_both(_once(ONCE), *script)
    assert isinstance(ran.error, APIError)
    assert ran.error.attempts == posts(ran) == 3


@pytest.mark.parametrize("given", [{}, {"a": "b"}])
def test_the_callers_metadata_is_not_given_the_mark(given: dict[str, str]) -> None:
    before = dict(given)
    lost = [answer(page()), breaks(httpx.ReadTimeout("")), answer(page()), answer(message())]
    ran = run_both(_once(ONCE, metadata=given), *lost)
    assert ran.requests[1].json()["metadata"] == {**before, "laplas_once": ONCE}
    assert given == before


@pytest.mark.parametrize("once", ["", 5, None, "x" * 513, "\ud800"])
def test_a_mark_must_be_a_key(once: Any) -> None:
    ran = run_both(_once(once))
    assert ran.error.argument == "once"
    assert not ran.requests


def test_a_mark_needs_a_free_pair() -> None:
    for metadata in ({str(n): "v" for n in range(16)}, {"laplas_once": "mine"}):
        ran = run_both(_once(True, metadata=metadata))
        assert ran.error.argument == "metadata"


def test_a_mark_leaves_the_callers_metadata_as_it_is() -> None:
    metadata = {"a": "b"}
    ran = run_sync(_once(True, metadata=metadata), answer(message()))
    assert ran.requests[0].json()["metadata"].keys() == {"a", "laplas_once"}
    assert metadata == {"a": "b"}
