"""One deadline covers all requests and waits of a call that takes several."""

from __future__ import annotations

from typing import Any

import pytest
from run_scripts import ASSISTANT, DONE, RUN, run, streamed, waiting
from scripted import THREAD, Ran, Script, Step, answer, message, run_both

from laplas import APITimeoutError
from laplas.errors import RateLimitError, RunTimeoutError

CALLS = waiting(("call_1", "weather", '{"place": "Bergen"}'))


def weather(place: str) -> str:
    """Say what the weather is."""
    return f"rain in {place}"


def ask(*steps: Step | Script, **options: Any) -> Ran:
    """Ask with both clients."""
    given = {"assistant": ASSISTANT, "tools": [weather], **options}
    return run_both(lambda c: c.thread(THREAD).ask("How?", **given), *steps)


def ask_stream(*steps: Step | Script, **options: Any) -> Ran:
    """Ask with both clients for a streamed reply."""
    given = {"assistant": ASSISTANT, "tools": [weather], **options}
    return run_both(lambda c: c.thread(THREAD).ask_stream("How?", **given), *steps, collect="items")


def never_sent(ran: Ran, operation: str) -> bool:
    """Tell whether the deadline had passed before the request of an operation."""
    error = ran.error
    assert type(error) is APITimeoutError, error
    return error.operation == operation and not error.may_have_taken_effect


def test_the_question_the_start_and_the_looks_count_together() -> None:
    going = answer(run("in_progress"), takes=0.5)
    ran = ask(
        answer(message(), takes=2), answer(run("queued"), takes=2), lambda _: going, deadline=6
    )
    assert type(ran.error) is RunTimeoutError
    assert ran.error.run.id == RUN
    looks = len(ran.requests) - 2
    assert 4 + looks * 0.5 + sum(ran.waits) == pytest.approx(6)


@pytest.mark.parametrize("way", [ask, ask_stream])
def test_no_run_is_started_after_the_deadline(way: Any) -> None:
    ran = way(answer(message(), takes=5), deadline=3)
    assert never_sent(ran, "create_run")
    assert len(ran.requests) == 1


def test_no_outputs_are_given_after_the_deadline() -> None:
    ran = ask(answer(message()), answer(run("queued")), answer(CALLS, takes=9), deadline=5)
    assert never_sent(ran, "submit_tool_outputs")
    assert ran.error.__notes__ == [f"this is about the run {RUN} of {THREAD}"]


def test_no_outputs_are_streamed_after_the_deadline() -> None:
    turn = streamed(("thread.run.requires_action", CALLS), DONE)._replace(takes=4)
    ran = ask_stream(answer(message(), takes=4), turn, deadline=5)
    assert type(ran.error) is APITimeoutError
    assert len(ran.requests) == 2


def test_the_reply_is_not_read_after_the_deadline() -> None:
    ran = ask(answer(message()), answer(run("queued")), answer(run(), takes=9), deadline=5)
    assert never_sent(ran, "list_messages")


def test_retries_of_a_later_request_do_not_begin_it_anew() -> None:
    busy = answer("x", 429, takes=1)
    ran = ask(answer(message(), takes=2), lambda _: busy, deadline=5, max_retries=9)
    assert type(ran.error) is RateLimitError
    assert 2 + (len(ran.requests) - 1) + sum(ran.waits) <= 5


def test_starting_and_polling_count_together() -> None:
    ran = run_both(
        lambda c: c.runs.create_and_poll(THREAD, ASSISTANT, deadline=5),
        answer(run("queued"), takes=3),
        lambda _: answer(run("queued")),
    )
    assert type(ran.error) is RunTimeoutError
    assert sum(ran.waits) == pytest.approx(2)


@pytest.mark.parametrize(
    "going", [answer(run("queued")), answer(run("queued"), openai_poll_after_ms="10000")]
)
def test_no_wait_between_looks_goes_beyond_the_deadline(going: Step) -> None:
    """Whoever chose it: this client, or the server."""
    ran = run_both(lambda c: c.runs.poll(THREAD, RUN, deadline=3), lambda _: going)
    assert type(ran.error) is RunTimeoutError
    assert str(ran.error) == f"{RUN} is still queued at the deadline"
    assert sum(ran.waits) == pytest.approx(3)


@pytest.mark.parametrize(
    "given", [{"deadline": 3, "poll_deadline": 9}, {"deadline": 9, "poll_deadline": 3}]
)
def test_the_shorter_of_deadline_and_poll_deadline_counts(given: dict[str, Any]) -> None:
    ran = run_both(lambda c: c.runs.poll(THREAD, RUN, **given), lambda _: answer(run("queued")))
    assert type(ran.error) is RunTimeoutError
    assert sum(ran.waits) == pytest.approx(3)
