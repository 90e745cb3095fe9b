"""When a request is sent again, after how long, and what an error tells of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, get_args

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import MESSAGE, NOW, THREAD, Step, answer, breaks, message, page, run_both, thread

from laplas import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    ConfigurationError,
    NotFoundError,
    ServerError,
    UnparsableResponseError,
)
from laplas._retry import (
    Effect,
    Failure,
    Outcome,
    RetryPolicy,
    delay_before_retry,
    is_replayable,
    may_have_taken_effect,
    retry_after,
    with_retries,
)

EFFECTS: tuple[Effect, ...] = ("read", "repeatable", "create")

# Written out by hand from the policy: a column for read and repeatable, one for create.
ON_FAILURE: dict[Failure, tuple[bool, bool]] = {
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


def expected(effect: Effect, columns: tuple[bool, bool]) -> bool:
    return columns[1] if effect == "create" else columns[0]


def test_the_table_names_every_failure() -> None:
    assert set(ON_FAILURE) == set(get_args(Failure))


@pytest.mark.parametrize("effect", EFFECTS)
def test_the_table(effect: Effect) -> None:
    for failure, columns in ON_FAILURE.items():
        assert is_replayable(effect, Outcome(failure)) is expected(effect, columns), failure
    for status, columns in ON_STATUS.items():
        assert is_replayable(effect, Outcome(None, status)) is expected(effect, columns), status


@pytest.mark.parametrize("status", ON_STATUS)
def test_what_headers_change(status: int) -> None:
    """x-should-retry: false stops all, true widens read and repeatable; Retry-After frees a 503."""
    for effect in EFFECTS:
        plain = expected(effect, ON_STATUS[status])
        outcomes = {
            text: is_replayable(effect, Outcome(None, status, {"x-should-retry": text}))
            for text in ("false", " False ", "true", "TRUE", "maybe", "")
        }
        assert not outcomes["false"]
        assert not outcomes[" False "]
        widened = plain or (effect != "create" and status >= 400)
        assert outcomes["true"] is outcomes["TRUE"] is widened
        assert outcomes["maybe"] is outcomes[""] is plain
        asked = is_replayable(effect, Outcome(None, status, {"retry-after": "1"}))
        assert asked is (plain or status == 503)


@pytest.mark.parametrize("effect", EFFECTS)
def test_what_may_have_taken_effect(effect: Effect) -> None:
    """A read never; else, what was sent and not clearly refused."""
    changes = effect != "read"
    never_sent = {"connect", "connect_timeout", "pool_timeout", "unsent"}
    for failure in ON_FAILURE:
        ambiguous = changes and failure not in never_sent
        assert may_have_taken_effect(effect, Outcome(failure)) is ambiguous, failure
    for status in (400, 401, 404, 409, 422, 425, 429):
        assert not may_have_taken_effect(effect, Outcome(None, status))
    for status in (408, 500, 502, 503, 504, 520):
        assert may_have_taken_effect(effect, Outcome(None, status)) is changes
    assert not may_have_taken_effect(effect, Outcome(None, 503, {"retry-after": "1"}))
    assert may_have_taken_effect(effect, Outcome(None, 200)) is changes


AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
RETRY_AFTER: list[tuple[dict[str, str], float | None]] = [
    ({}, None),
    ({"retry-after": "5"}, 5.0),
    ({"retry-after": "0"}, 0.0),
    ({"retry-after": "1.5"}, 1.5),
    ({"retry-after": " 7 "}, 7.0),
    ({"retry-after": format_datetime(AT + timedelta(seconds=9), usegmt=True)}, 9.0),
    ({"retry-after": format_datetime(AT - timedelta(hours=1), usegmt=True)}, 0.0),
    ({"retry-after": "2026-01-02T03:04:15Z"}, 10.0),
    ({"retry-after": "2026-01-02T04:04:15+01:00"}, 10.0),
    ({"retry-after-ms": "250"}, 0.25),
    ({"retry-after-ms": "250", "retry-after": "5"}, 0.25),
    ({"retry-after-ms": "soon", "retry-after": "5"}, 5.0),
    ({"retry-after-ms": "-1", "retry-after": "5"}, 5.0),
    ({"retry-after": ""}, None),
    ({"retry-after": "soon"}, None),
    ({"retry-after": "-5"}, None),
    ({"retry-after": "nan"}, None),
    ({"retry-after": "inf"}, None),
    ({"retry-after": "-inf"}, None),
    ({"retry-after": "9" * 400}, None),
    ({"retry-after": "5 XYZ"}, None),
    ({"retry-after": "5, 5"}, None),
]


@pytest.mark.parametrize(("headers", "seconds"), RETRY_AFTER, ids=str)
def test_retry_after_forms(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds or a date; whatever is neither counts as not sent, and warns of nothing."""
    assert retry_after(headers, AT) == seconds


def test_a_retry_after_in_an_unknown_zone_makes_no_warning() -> None:
    assert retry_after({"retry-after": "Fri, 02 Jan 2026 03:04:15 XYZ"}, AT) in (None, 10.0)


@given(st.text(max_size=40))
def test_any_retry_after_is_a_time_or_nothing(text: str) -> None:
    found = retry_after({"retry-after": text, "retry-after-ms": text[::-1]}, AT)
    assert found is None or 0 <= found < float("inf")


policies = st.builds(
    RetryPolicy,
    max_retries=st.integers(0, 2000),
    base_delay=st.floats(0, 10),
    max_delay=st.floats(0, 60),
    max_retry_after=st.floats(0, 600),
    max_total=st.floats(0, 1000),
)
some_seconds = st.none() | st.floats(0, 2000)


@given(
    policies,
    st.integers(0, 2001),
    some_seconds,
    st.floats(0, 2000),
    some_seconds,
    st.floats(0, 1, exclude_max=True),
)
def test_delays_stay_under_all_ceilings(
    policy: RetryPolicy,
    done: int,
    asked: float | None,
    elapsed: float,
    deadline: float | None,
    drawn: float,
) -> None:
    """Never more retries, longer waits or a later start than the policy and the deadline allow."""
    delay = delay_before_retry(policy, done, asked, elapsed, deadline, lambda: drawn)
    latest = min(policy.max_total, policy.max_total if deadline is None else deadline)
    if delay is None:
        longest = policy.max_delay if asked is None else asked
        reasons = (
            done >= policy.max_retries,
            asked is not None and asked > policy.max_retry_after,
            elapsed + longest >= latest,
        )
        assert any(reasons)
        return
    assert done < policy.max_retries
    assert delay >= 0
    assert elapsed + delay < latest
    if asked is None:
        assert delay <= min(policy.max_delay, policy.base_delay * 2.0 ** min(done, 900))
    else:
        assert delay == asked <= policy.max_retry_after


def test_delays_are_drawn_from_0_to_half_a_second_then_doubled_up_to_8() -> None:
    policy = RetryPolicy(max_retries=10)
    highest = [delay_before_retry(policy, n, None, 0, None, lambda: 1.0) for n in range(8)]
    lowest = [delay_before_retry(policy, n, None, 0, None, lambda: 0.0) for n in range(8)]
    assert highest == [0.5, 1, 2, 4, 8, 8, 8, 8]
    assert lowest == [0] * 8


def test_the_defaults() -> None:
    assert RetryPolicy() == (2, 0.5, 8.0, 60.0, 180.0)
    assert with_retries(RetryPolicy(), 0).max_retries == 0
    with pytest.raises(ConfigurationError):
        with_retries(RetryPolicy(), -1)


# Through the engine, with both clients and a clock of our own.

CALLS: dict[Effect, Any] = {
    "read": lambda c: c.threads.retrieve(THREAD),
    "repeatable": lambda c: c.threads.update(THREAD, metadata={}),
    "create": lambda c: c.threads.create(),
}
RAISED: dict[type[httpx.HTTPError], Failure] = {
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
    effect: Effect, cls: type[httpx.HTTPError]
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
    assert error.may_have_taken_effect is may_have_taken_effect(effect, Outcome(failure))
    assert "it broke" in str(error)


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("status", [302, 400, 404, 408, 409, 425, 429, 500, 501, 503, 520, 529])
def test_statuses_are_replayed_as_the_table_says(effect: Effect, status: int) -> None:
    again = expected(effect, ON_STATUS[status])
    ran = run_both(CALLS[effect], *[answer("x", status)] * (2 if again else 1), max_retries=1)
    assert isinstance(ran.error, APIStatusError)
    assert ran.error.attempts == len(ran.requests) == (2 if again else 1)
    assert len(set(ran.requests)) == 1, "a retry must send the very same"


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
    ran = run_both(CALLS["read"], answer("x", 429, retry_after="61"))
    assert ran.error.retry_after == 61
    assert ran.error.attempts == 1
    assert not ran.waits


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


@pytest.mark.parametrize("once", ["", 5, None, "x" * 513, "\ud800"])
def test_a_mark_must_be_a_key(once: Any) -> None:
    ran = run_both(_once(once))
    assert ran.error.argument == "once"
    assert not ran.requests


def test_a_mark_needs_a_free_pair() -> None:
    for metadata in ({str(n): "v" for n in range(16)}, {"laplas_once": "mine"}):
        ran = run_both(_once(True, metadata=metadata))
        assert ran.error.argument == "metadata"
