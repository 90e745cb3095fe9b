"""Exactly once, and honest about it: held against what the server has stored in the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import (
    NOW,
    THREAD,
    Sent,
    Step,
    answer,
    breaks,
    message,
    page,
    run_async,
    run_both,
    run_sync,
)

from laplas import Laplas, errors
from laplas.local import LocalServer

SLOT = "laplas_once"


class Act(NamedTuple):
    """What becomes of one request."""

    carried_out: bool = True
    error: Exception | None = None
    status: int | None = None
    body: Callable[[bytes], bytes] = lambda body: body
    headers: Mapping[str, str] = MappingProxyType({})
    meanwhile: Callable[[LocalServer], object] = lambda server: None
    """What others do to the server, right after."""


Acts = Sequence[Act]


def lost(carried_out: bool, error: Exception | None = None) -> Act:
    return Act(carried_out, error or httpx.ReadError("reset"))


def failed(carried_out: bool, status: int, **headers: str) -> Act:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Act(carried_out, status=status, headers=named)


FINE = Act()


class Cruel(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """An embedded server behind a bad network: what happens to each operation is scripted."""

    def __init__(self, server: LocalServer, **scripts: Acts) -> None:
        self.server = server
        self.sent: Counter[str] = Counter()
        self._scripts = {name: iter(acts) for name, acts in scripts.items()}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        name = _operation(request)
        self.sent[name] += 1
        act = next(self._scripts.get(name, iter(())), FINE)
        target, headers = request.url.raw_path.decode(), dict(request.headers)
        made = (
            self.server.handle(request.method, target, headers, request.content)
            if (act.carried_out)
            else None
        )
        act.meanwhile(self.server)
        if act.error is not None:
            raise act.error
        if act.status is not None:
            return httpx.Response(act.status, headers=act.headers, json={"error": {"message": "x"}})
        content = act.body(made.body if made else b"")
        return httpx.Response(made.status if made else 200, content=content)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return self.handle_request(request)


def _operation(request: httpx.Request) -> str:
    parts = len(request.url.path.strip("/").split("/"))
    return {"GET": {3: "look", 4: "fetch"}, "POST": {3: "create"}}[request.method][parts]


class Outcome(NamedTuple):
    message: Any
    error: Any
    sent: Counter[str]
    stored: list[dict[str, Any]]
    """The messages with the text that the server holds, oldest first."""


def create(
    how: str, scripts: Mapping[str, Acts], server: LocalServer | None = None, **arguments: Any
) -> Outcome:
    """Create a message with one client, on that script; `how` is sync, async or raw."""
    arguments = {"once": True, "max_retries": 2, **arguments}

    def call(client: Any) -> Any:
        if how != "raw":
            return client.messages.create(THREAD, "the one", **arguments)
        raw = client.messages.with_raw_response.create(THREAD, "the one", **arguments)
        # A message that an earlier call made took this one no attempt.
        assert raw.attempts == max(transport.sent["create"], 1)
        return raw.parse()

    with server or LocalServer() as there:
        transport = Cruel(there, **scripts)
        ran = (run_async if how == "async" else run_sync)(call, transport=transport)
        stored = [
            m for m in there.messages(THREAD) if m["content"][0]["text"]["value"] == "the one"
        ]
    assert isinstance(ran.problem, errors.APIError | None), ran.problem
    return Outcome(ran.value, ran.problem, transport.sent, stored)


HOW = pytest.mark.parametrize("how", ["sync", "async", "raw"])


# ---- a table of mishaps -------------------------------------------------------------------------


class Row(NamedTuple):
    """What becomes of the requests, and how many of each there are."""

    create: Acts
    creates: int
    looks: int = 0
    fetches: int = 0
    look: Acts = ()
    fetch: Acts = ()

    def outcome(self, how: str) -> Outcome:
        """Create, and hold that so many requests were sent."""
        outcome = create(how, {"create": self.create, "look": self.look, "fetch": self.fetch})
        assert outcome.sent == +Counter(create=self.creates, look=self.looks, fetch=self.fetches)
        return outcome


TIMEOUT = httpx.ReadTimeout("slow")
CUT = httpx.RemoteProtocolError("peer closed connection without sending complete message body")
UNCONNECTED = httpx.ConnectError("x")
GARBAGE = Act(body=lambda body: b"{\xff")
# Where it is not there, it is looked for three times before it is sent again.
FOUND: dict[str, Row] = {
    "nothing happens": Row([], 1),
    "reset before": Row([lost(False)], 2, 3),
    "reset after": Row([lost(True)], 1, 1, 1),
    "reset before, then after": Row([lost(False), lost(True)], 2, 4, 1),
    "reset before, twice": Row([lost(False)] * 2, 3, 6),
    "reset at the last attempt, after": Row([lost(False)] * 2 + [lost(True)], 3, 7, 1),
    "timeout before": Row([lost(False, TIMEOUT)], 2, 3),
    "timeout after": Row([lost(True, TIMEOUT)], 1, 1, 1),
    "write error": Row([lost(False, httpx.WriteError("x"))], 2, 3),
    "cut answer": Row([lost(True, CUT)], 1, 1, 1),
    "never connected": Row([lost(False, UNCONNECTED)], 2),
    "reset before, then never connected": Row([lost(False), lost(False, UNCONNECTED)], 3, 6),
    "garbage": Row([GARBAGE], 1, 1, 1),
    "half of the JSON": Row([Act(body=lambda body: body[:40])], 1, 1, 1),
    "empty": Row([Act(body=lambda body: b"")], 1, 1, 1),
    "JSON of something else": Row([Act(body=lambda body: b"[]")], 1, 1, 1),
    "500 before": Row([failed(False, 500)], 2, 3),
    "504 after, last attempt": Row([failed(False, 504)] * 2 + [failed(True, 504)], 3, 7, 1),
    **{
        f"{status} after": Row([failed(True, status, x_should_retry=again)], 1, 1, 1)
        for status in (408, 409, 425, 429, 499, 500, 501, 502, 503, 511, 529)
        for again in ("", "false")
    },
    "503 with Retry-After": Row([failed(False, 503, retry_after="1")], 2, 2),
    "503 with Retry-After, after": Row([failed(True, 503, retry_after="9")], 1, 1, 1),
    "400 that asks for a repetition, after": Row(
        [failed(True, 400, x_should_retry="true")], 1, 1, 1
    ),
    "429": Row([failed(False, 429)], 2, 3),
    "429 with Retry-After, after": Row([failed(True, 429, retry_after="1")], 1, 1, 1),
    "429, then reset after": Row([failed(False, 429), lost(True)], 2, 4, 1),
    "the look fails once": Row([lost(True)], 1, 2, 1, look=[lost(False)]),
    "the look meets 500": Row([lost(True)], 1, 3, 1, look=[failed(False, 500)] * 2),
    "fetching fails once": Row([lost(True)], 1, 1, 2, fetch=[lost(False)]),
}


@HOW
@pytest.mark.parametrize("name", FOUND)
def test_whatever_happens_the_message_is_there_once_and_returned(how: str, name: str) -> None:
    outcome = FOUND[name].outcome(how)
    assert outcome.error is None
    assert [m["id"] for m in outcome.stored] == [outcome.message.id]
    assert outcome.message.metadata[SLOT] == outcome.stored[0]["metadata"][SLOT]


LOSES: type[errors.APIError] = errors.APIConnectionError
# The error, how many messages are there, and whether the error says that one may be.
RAISED: dict[str, tuple[Row, type[errors.APIError], int, bool]] = {
    "reset before, always": (Row([lost(False)] * 9, 3, 9), LOSES, 0, True),
    "timeout, always": (Row([lost(False, TIMEOUT)] * 9, 3, 9), errors.APITimeoutError, 0, True),
    "500, always": (Row([failed(False, 500)] * 9, 3, 9), errors.ServerError, 0, True),
    "429, always": (Row([failed(False, 429)] * 9, 3, 9), errors.RateLimitError, 0, True),
    "never connected": (Row([lost(False, UNCONNECTED)] * 9, 3), LOSES, 0, False),
    "refused": (Row([failed(False, 400)], 1), errors.BadRequestError, 0, False),
    "refused after a reset": (
        Row([lost(False), failed(False, 400)], 2, 6), errors.BadRequestError, 0, True,
    ),
    "the look fails": (Row([lost(True)], 1, 3, look=[lost(False)] * 9), LOSES, 1, True),
    "the look is refused": (Row([lost(True)], 1, 1, look=[failed(False, 404)]), LOSES, 1, True),
    "the look is garbage": (
        Row([GARBAGE], 1, 1, look=[GARBAGE] * 9), errors.UnparsableResponseError, 1, True,
    ),
    "fetching fails": (Row([lost(True)], 1, 1, 3, fetch=[lost(False)] * 9), LOSES, 1, True),
}  # fmt: skip


@HOW
@pytest.mark.parametrize("name", RAISED)
def test_what_cannot_be_cleared_up_is_an_honest_error(how: str, name: str) -> None:
    row, kind, stored, may_have = RAISED[name]
    outcome = row.outcome(how)
    assert isinstance(outcome.error, kind)
    assert len(outcome.stored) == stored
    assert outcome.error.may_have_taken_effect is may_have
    assert outcome.error.operation == "create_message"
    assert outcome.error.attempts == row.creates
    if row.look:
        assert "looking for the message failed" in "".join(outcome.error.__notes__)


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_no_more_is_sent_than_was_asked_for(retries: int) -> None:
    outcome = create("sync", {"create": [lost(False)] * 20}, max_retries=retries)
    assert outcome.sent["create"] == outcome.error.attempts == retries + 1
    assert outcome.sent["look"] == 3 * (retries + 1)


# ---- busy threads -------------------------------------------------------------------------------


def chatter(number: int, **fields: Any) -> Callable[[LocalServer], None]:
    """Others write that many messages to the thread."""

    def write(server: LocalServer) -> None:
        for n in range(number):
            server.add_message(THREAD, f"chatter {n}", **fields)

    return write


@HOW
@pytest.mark.parametrize(("others", "looks"), [(99, 1), (100, 2), (250, 3), (1000, 11)])
def test_it_is_found_among_what_others_wrote(how: str, others: int, looks: int) -> None:
    act = lost(True)._replace(meanwhile=chatter(others))
    outcome = create(how, {"create": [act]})
    assert outcome.error is None
    assert len(outcome.stored) == 1
    assert outcome.sent == Counter(create=1, look=looks, fetch=1)


@pytest.mark.parametrize(("size", "looks"), [(100, 11), (1, 51)])
def test_the_look_is_bounded(size: int, looks: int) -> None:
    """More than a thousand messages in between: documented as not guaranteed, but it ends."""

    def cut(body: bytes) -> bytes:
        told = json.loads(body)
        return json.dumps({**told, "data": told["data"][:size], "has_more": True}).encode()

    act = lost(True)._replace(meanwhile=chatter(1100))
    outcome = create("sync", {"create": [act], "look": [Act(body=cut)] * 200})
    assert outcome.sent == Counter(create=2, look=3 * looks)


@HOW
@pytest.mark.parametrize("stamp", [0, int(NOW) - 10**6, int(NOW) + 10**6, int(NOW) * 1000])
def test_no_clock_hides_it(how: str, stamp: int) -> None:
    """Whatever time it is here and at the server: what is newest is for its list to say."""

    def restamp(body: bytes) -> bytes:
        told = json.loads(body)
        return json.dumps(
            {**told, "data": [{**m, "created_at": stamp} for m in told["data"]]}
        ).encode()

    act = lost(True)._replace(meanwhile=chatter(150))
    outcome = create(how, {"create": [act], "look": [Act(body=restamp)] * 9})
    assert outcome.error is None
    assert outcome.sent == Counter(create=1, look=2, fetch=1)


ODD: list[dict[str, Any]] = [
    *({"metadata": odd} for odd in (["x"], "x", None, {SLOT: 5}, {SLOT: ["x"]})),
    *({"created_at": odd} for odd in (None, "now")),
    *({"content": odd} for odd in (None, "text")),
    {"role": None},
]


@HOW
@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("carried_out", [False, True])
def test_odd_messages_do_not_hide_it(how: str, odd: dict[str, Any], carried_out: bool) -> None:
    """Whatever the messages of others look like, at the end of a page too."""

    def odd_page(body: bytes) -> bytes:
        told = json.loads(body)
        others = [{**told["data"][-1], "metadata": {}, "id": f"o{n}", **odd} for n in range(3)]
        return json.dumps({**told, "data": [others[0], *told["data"], *others[1:]]}).encode()

    scripts = {"create": [lost(carried_out)], "look": [Act(body=odd_page)]}
    outcome = create(how, scripts)
    assert outcome.error is None
    assert len([m for m in outcome.stored if m["metadata"].get(SLOT)]) == 1


@pytest.mark.parametrize("id_", ["..", "a/b", "", "x\r\ny", " ", "\ud800", 5, None, ["x"]])
def test_a_marked_message_with_a_hostile_id_addresses_nothing_else(id_: Any) -> None:
    def hostile(body: bytes) -> bytes:
        told = json.loads(body)
        return json.dumps({**told, "data": [{**told["data"][0], "id": id_}]}).encode()

    outcome = create("sync", {"create": [lost(True)], "look": [Act(body=hostile)] * 9})
    assert isinstance(outcome.error, errors.APIConnectionError), "the error of the lost attempt"
    assert outcome.error.may_have_taken_effect
    assert outcome.sent["fetch"] == 0
    assert outcome.sent["create"] == 1


# ---- keys of one's own --------------------------------------------------------------------------


@HOW
@pytest.mark.parametrize("since", [0, 50, 150])
def test_a_key_that_was_used_before_finds_its_message(how: str, since: int) -> None:
    """By another process, say, that was killed before it could note what it had done."""
    with LocalServer() as server:
        mark = {SLOT: "order-1", "a": "b"}
        server.add_message(THREAD, "the one", metadata=mark, created_at=NOW)
        chatter(since, created_at=NOW)(server)
        outcome = create(how, {}, server, once="order-1", metadata={"a": "c"})
    assert outcome.error is None
    assert outcome.message.metadata == {SLOT: "order-1", "a": "b"}
    assert len(outcome.stored) == 1
    assert outcome.sent["create"] == 0


@HOW
def test_other_keys_do_not_count(how: str) -> None:
    with LocalServer() as server:
        for key in ("order-10", "ORDER-1", "order-1 ", ""):
            server.add_message(THREAD, "the one", metadata={SLOT: key})
        outcome = create(how, {"create": [lost(True)]}, server, once="order-1")
    assert outcome.error is None
    assert len([m for m in outcome.stored if m["metadata"][SLOT] == "order-1"]) == 1


@HOW
def test_nothing_is_sent_if_the_first_look_fails(how: str) -> None:
    outcome = create(how, {"look": [lost(False)] * 9}, once="order-1")
    assert isinstance(outcome.error, errors.APIConnectionError)
    assert not outcome.error.may_have_taken_effect
    assert outcome.sent == Counter(look=3)


def test_every_call_has_a_mark_of_its_own() -> None:
    with LocalServer() as server, Laplas.local(server) as client:
        marks = {client.messages.create(THREAD, "x", once=True).metadata[SLOT] for _ in range(50)}  # type: ignore[index]
    assert len(marks) == 50


def test_what_was_added_to_the_create_is_not_added_to_the_look() -> None:
    given: dict[str, Any] = {"extra_body": {"x": 1}, "extra_query": {"after": "nonsense"}}
    call = lambda c: c.messages.create(THREAD, "hi", once=True, **given)  # noqa: E731
    lost_answer = breaks(httpx.ReadError("reset"))
    sent = run_sync(call, lost_answer, *[answer(page())] * 3, answer(message())).requests[:5]
    added = [("after" in one.target, b'"x"' in one.body) for one in sent]
    assert added == [(True, True), *[(False, False)] * 3, (True, True)]


# ---- the mark, and the answers without it -------------------------------------------------------

PAIRS = {f"k{n}": "v" for n in range(15)}
GIVEN: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"metadata": {"a": "b"}}, {"a": "b"}),
    ({"extra_body": {"metadata": {"a": "b"}}}, {"a": "b"}),
    ({"extra_body": {"metadata": {"a": "b"}}, "metadata": {"c": "d"}}, {"a": "b"}),
    ({"extra_body": {"metadata": MappingProxyType({"a": "b"})}}, {"a": "b"}),
    ({"extra_body": {"metadata": {}}, "metadata": {"c": "d"}}, {}),
    ({"extra_body": {"metadata": None}}, {}),
    ({"extra_body": {"metadata": PAIRS}}, PAIRS),
    ({"extra_body": {"x": 1}, "metadata": {"a": "b"}}, {"a": "b"}),
    ({"extra_body": {"content": "another", "role": "assistant"}}, {}),
]


@pytest.mark.parametrize(("given", "kept"), GIVEN, ids=str)
@pytest.mark.parametrize(
    "form", ["messages", "messages.with_raw_response", "messages.prepare", "beta.threads.messages"]
)
def test_the_mark_is_added_to_whatever_metadata_is_sent(
    given: dict[str, Any], kept: dict[str, str], form: str
) -> None:
    def call(client: Any) -> Any:
        content = (
            {"content": "hi", "role": "user"} if form.startswith("beta") else {"content": "hi"}
        )
        return attrgetter(form)(client).create(THREAD, **content, once="order-1", **given)

    def play(request: Sent) -> Step:
        body = request.json()
        return answer(page()) if body is None else answer(message(metadata=body["metadata"]))

    ran = run_both(call, play)
    body = ran.result.json() if form.endswith("prepare") else ran.requests[1].json()
    assert body["metadata"] == {**kept, SLOT: "order-1"}
    extra = given.get("extra_body", {})
    assert {k: v for k, v in body.items() if k in extra and k != "metadata"} == {
        k: v for k, v in extra.items() if k != "metadata"
    }


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({SLOT: "x"}, "must not hold"), ({**PAIRS, "more": "v"}, "leave one free"),
        *((odd, "must be a mapping") for odd in (["a"], "a", 5, True, False, 0, "", [])),
    ],
    ids=str,
)  # fmt: skip
def test_metadata_that_cannot_take_the_mark_is_refused_before_anything_is_sent(
    metadata: Any, says: str
) -> None:
    for once in (True, "order-1"):
        given: Any = {"once": once, "extra_body": {"metadata": metadata}}
        ran = run_both(lambda c: c.messages.create(THREAD, "hi", **given))  # noqa: B023
        assert isinstance(ran.problem, errors.InvalidArgumentError)
        assert ran.error.argument == "extra_body"
        assert says in str(ran.error)
        assert not ran.requests


def relabel(**fields: Any) -> Act:
    """An answer to another request: carried out, and then this is said of it."""
    return Act(body=lambda body: json.dumps({**json.loads(body), **fields}).encode())


OTHERS: dict[str, Act] = {
    "another mark": relabel(metadata={SLOT: "x"}),
    "no mark": relabel(metadata={}),
    "no metadata": relabel(metadata=None),
    "odd metadata": relabel(metadata=[SLOT]),
    "another thread": relabel(thread_id="thread_2"),
    "another kind": relabel(object="thread.run"),
}


@HOW
@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("carried_out", [True, False])
def test_an_answer_to_another_request_is_noticed(how: str, name: str, carried_out: bool) -> None:
    """It is looked for all the same; where it is not there, nobody knows what became of it."""
    others = OTHERS[name].body(json.dumps(message()).encode())
    act = OTHERS[name] if carried_out else Act(False, body=lambda _: others)
    outcome = create(how, {"create": [act]})
    assert outcome.sent["create"] == 1
    if carried_out:
        assert [m["id"] for m in outcome.stored] == [outcome.message.id]
        assert outcome.sent["look"] == 1
    else:
        assert isinstance(outcome.error, errors.UnparsableResponseError)
        assert outcome.error.may_have_taken_effect
        assert outcome.sent["look"] == 3


def test_a_server_that_keeps_no_metadata_is_named() -> None:
    """Nothing is sent twice there; the error is how you learn that `once` cannot work."""
    forget = relabel(metadata={})
    nowhere = Act(body=lambda _: json.dumps(page("other")).encode())
    outcome = create("sync", {"create": [forget], "look": [nowhere] * 9})
    assert isinstance(outcome.error, errors.UnparsableResponseError)
    assert "keeps no metadata" in str(outcome.error)
    assert outcome.error.may_have_taken_effect
    assert (outcome.sent["create"], len(outcome.stored)) == (1, 1)


@HOW
@pytest.mark.parametrize("fetched", [relabel(id="msg_other"), relabel(thread_id="t"), GARBAGE])
def test_what_is_found_is_returned_only_if_it_is_that(how: str, fetched: Act) -> None:
    outcome = create(how, {"create": [lost(True)], "fetch": [fetched] * 9})
    assert isinstance(outcome.error, errors.APIConnectionError)
    assert outcome.error.may_have_taken_effect
    assert "looking for the message failed" in outcome.error.__notes__[0]
    assert (outcome.sent["create"], len(outcome.stored)) == (1, 1)


@HOW
@pytest.mark.parametrize("shows", [0, 1, 2, 3])
@pytest.mark.parametrize("status", [None, 429, 503])
def test_a_list_that_shows_it_late_is_looked_at_again(
    how: str, shows: int, status: int | None
) -> None:
    """After half a second, a second, and two and a half; at the earliest when the server says."""

    def late(body: bytes) -> bytes:
        return json.dumps({**json.loads(body), "data": [], "has_more": False}).encode()

    act = lost(True) if status is None else failed(True, status, retry_after="0")
    outcome = create(how, {"create": [act], "look": [Act(body=late)] * shows})
    assert outcome.error is None
    assert outcome.sent["create"] == (1 if shows < 3 else 2), "later than that is not guaranteed"
    assert outcome.sent["look"] == min(shows + 1, 3)


@pytest.mark.parametrize(
    ("asked", "retries", "moments"),
    [
        ("0", 1, [0.5, 1.0, 2.5]), ("0.7", 1, [0.7, 1.0, 2.5]), ("2", 1, [2.0, 2.5]),
        ("9", 1, [9.0]), ("9", 0, [0.5, 1.0, 2.5]), ("600", 1, [0.5, 1.0, 2.5]),
    ],
)  # fmt: skip
def test_the_looks_are_spread_over_time(asked: str, retries: int, moments: list[float]) -> None:
    """No earlier than the server asked for before a repetition, and also before the last error."""
    call = lambda c: c.messages.create(THREAD, "hi", once=True, max_retries=retries)  # noqa: E731

    def play(request: Sent) -> Step:
        return answer(page()) if request.method == "GET" else answer("x", 429, retry_after=asked)

    ran = run_sync(call, play)
    times = [sum(ran.waits[: n + 1]) for n in range(len(moments))]
    assert times == pytest.approx(moments)
    assert ran.error.may_have_taken_effect


@pytest.mark.parametrize(("deadline", "looks"), [(0.1, 1), (0.7, 1), (1.5, 2), (5, 3)])
def test_a_deadline_leaves_time_for_as_many_looks_as_fit(deadline: float, looks: int) -> None:
    call = lambda c: c.messages.create(THREAD, "hi", once=True, max_retries=0, deadline=deadline)  # noqa: E731
    ran = run_sync(call, breaks(httpx.ReadError("x")), *[answer(page())] * looks)
    assert isinstance(ran.error, errors.APIConnectionError)
    assert ran.error.may_have_taken_effect
    assert sum(ran.waits) < deadline


# Content with the same key: sent, and as the server has it.
SAME = ["the one", ["the one"], [{"type": "text", "text": "the one"}], " the one\n"]
PICTURE = {"type": "image_file", "image_file": {"file_id": "file-1"}}
OTHER = ["the other", "The one", ["the one", "more"], [PICTURE], ["the one", PICTURE]]


@HOW
@pytest.mark.parametrize(
    ("content", "role", "same"),
    [*((c, "user", True) for c in SAME), *((c, "user", False) for c in OTHER),
     ("the one", "assistant", False)],
    ids=str,
)  # fmt: skip
def test_a_key_that_is_used_for_something_else_is_refused(
    how: str, content: Any, role: Any, same: bool
) -> None:
    def call(client: Any) -> Any:
        made = client.messages if how != "raw" else client.messages.with_raw_response
        return made.create(THREAD, content, role=role, once="order-1")

    with LocalServer() as server:
        server.add_message(THREAD, "the one", metadata={SLOT: "order-1"})
        transport = Cruel(server)
        ran = (run_async if how == "async" else run_sync)(call, transport=transport)
    assert transport.sent["create"] == 0
    if same:
        assert ran.problem is None
    else:
        assert isinstance(ran.problem, errors.InvalidArgumentError)
        assert ran.error.argument == "once"
        assert "another role or content" in str(ran.error)


def test_a_message_that_waits_for_a_run_is_looked_for_each_time_once_it_may_be_there() -> None:
    """And the error does not forget that it may be."""
    active = {"error": {"message": f"Can't add messages to {THREAD} while a run run_a is active."}}
    run: dict[str, Any] = {
        "id": "run_a",
        "status": "completed",
        "thread_id": THREAD,
        "object": "thread.run",
    }
    run |= {"created_at": 1, "assistant_id": "asst_1"}
    refused, looks = answer(active, 400), [answer(page())] * 3
    call = lambda c: c.messages.create(THREAD, "hi", once=True, wait_for_active_run=True)  # noqa: E731
    steps = [breaks(httpx.ReadError("x")), *looks, refused, *looks, answer(run), answer(page())]
    ran = run_sync(call, *steps, answer({}, 401))
    assert [sent.method for sent in ran.requests[-3:]] == ["GET", "GET", "POST"]
    assert isinstance(ran.error, errors.AuthenticationError)
    assert ran.error.may_have_taken_effect


# ---- any mishaps --------------------------------------------------------------------------------

# A refusal for good while the message is there is a lie no client can see through.
CREATE_ONCE = (408, 409, 425, 500, 502, 503, 504, 529)
REFUSALS = (429, 503)
"""Taken for refusals where nothing is looked for: with `once` they may be anything."""
HONEST = [
    *(lost(done, error) for done in (False, True) for error in (None, TIMEOUT, CUT)),
    *(failed(done, status) for done in (False, True) for status in CREATE_ONCE),
    *(failed(False, status) for status in (400, 401, 403, 404, 422)),
    *(failed(False, status, retry_after="0") for status in REFUSALS),
    lost(False, httpx.ConnectError("x")),
    lost(False, httpx.ConnectTimeout("x")),
    lost(False, httpx.PoolTimeout("x")),
    GARBAGE,
    Act(body=lambda body: b""),
    Act(body=lambda body: body[:30]),
    FINE,
]
ACTS = st.lists(st.sampled_from(HONEST), max_size=7)


@settings(deadline=None, max_examples=450)
@given(
    how=st.sampled_from(["sync", "async", "raw"]),
    once=st.sampled_from([True, "order-1", False]),
    create_=ACTS,
    look=ACTS,
    fetch=ACTS,
    retries=st.integers(0, 4),
)
def test_any_sequence_of_mishaps_makes_it_once_or_at_most_once(
    how: str, once: bool | str, create_: Acts, look: Acts, fetch: Acts, retries: int
) -> None:
    """Without `once`, too, it is never there twice, and the error is honest."""
    if once:
        create_ = [
            act._replace(carried_out=True) if act.status in REFUSALS else act for act in create_
        ]
    scripts = {"create": create_, "look": look, "fetch": fetch}
    outcome = create(how, scripts, once=once, max_retries=retries)
    assert len(outcome.stored) <= 1
    if outcome.error is None:
        assert [m["id"] for m in outcome.stored] == [outcome.message.id]
    elif not outcome.error.may_have_taken_effect:
        assert not outcome.stored
    assert outcome.sent["create"] <= retries + 1
    assert outcome.sent["look"] <= (retries + 2) * 5 * 3
    assert once or set(outcome.sent) == {"create"}


# ---- listings of a thread that changes ----------------------------------------------------------


class Busy(Cruel):
    """A thread that others write to and delete from before each request but the first."""

    def __init__(self, server: LocalServer, others: Callable[[], None]) -> None:
        super().__init__(server)
        self._others = others

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert self.sent.total() < 500, "the listing does not end"
        if self.sent:
            self._others()
        return super().handle_request(request)


KINDS = st.sampled_from(["delete", "delete newest page end", "add", "nothing"])


@settings(deadline=None, max_examples=250)
@given(
    number=st.integers(0, 15),
    size=st.integers(1, 5),
    order=st.sampled_from(["asc", "desc"]),
    deeds=st.lists(st.tuples(KINDS, st.floats(0, 1)), max_size=25),
    how=st.sampled_from(["items", "pages", "async"]),
    stamps=st.integers(1, 4),
)
def test_a_listing_survives_what_others_do(
    number: int, size: int, order: str, deeds: list[tuple[str, float]], how: str, stamps: int
) -> None:
    """Nothing that was there all the time is missing, nothing comes twice, and it ends."""
    gone: set[str] = set()
    seen: list[str] = []
    options: dict[str, Any] = {"page_size": size, "order": order, "max_retries": 0}

    to_do = iter(deeds)

    def others() -> None:
        what, where = next(to_do, ("nothing", 0.0))
        there = [m["id"] for m in server.messages("t")]
        if what == "add":
            server.add_message("t", "new", created_at=2_000_000_000)
        elif what != "nothing" and there:
            # The last one handed out is the one the next cursor names.
            any_one = there[int(where * (len(there) - 1))]
            last = seen[-1] if seen and what != "delete" else any_one
            gone.add(last)
            target = f"/threads/t/messages/{last}"
            server.handle("DELETE", target, {"authorization": "Bearer k"}, b"")

    def read(client: Any) -> None:
        listing = client.messages.list("t", **options)
        if how == "items":
            for one in listing:
                seen.append(one.id)
            return
        for some in listing.iter_pages():
            seen.extend([one.id for one in some.data if one.id not in seen])

    async def read_async(client: Any) -> None:
        async for one in client.messages.list("t", **options):
            seen.append(one.id)

    with LocalServer() as server:
        server.add_thread("t")
        for n in range(number):
            server.add_message("t", str(n), message_id=f"m{n}", created_at=1_000 + n // stamps)
        transport = Busy(server, others)
        if how == "async":
            ran = run_async(read_async, transport=transport)
        else:
            ran = run_sync(read, transport=transport)
    assert ran.problem is None
    assert len(set(seen)) == len(seen)
    assert {f"m{n}" for n in range(number)} - gone <= set(seen)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_a_program_may_delete_what_it_lists(size: int, order: Any) -> None:
    """The common case: each message is deleted as soon as it was handed out."""
    with LocalServer() as server, Laplas.local(server) as client:
        server.add_thread("t")
        ids = [server.add_message("t", str(n))["id"] for n in range(7)]
        deleted = []
        for message in client.messages.list("t", page_size=size, order=order):
            client.messages.delete("t", message.id)
            deleted.append(message.id)
        assert sorted(deleted) == sorted(ids)
        assert not server.messages("t")


def test_a_server_that_refuses_every_cursor_ends_the_listing() -> None:
    class Refusing(Cruel):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            reply = super().handle_request(request)
            assert self.sent["look"] < 200, "the listing does not end"
            return httpx.Response(404, json={}) if b"after" in request.url.query else reply

    with LocalServer() as server:
        server.add_thread("t")
        for n in range(9):
            server.add_message("t", str(n))
        call = lambda c: c.messages.list("t", page_size=2)  # noqa: E731
        ran = run_sync(call, transport=Refusing(server), collect="items")
    assert isinstance(ran.error, errors.APIError)
    assert ran.error.operation == "list_messages"
