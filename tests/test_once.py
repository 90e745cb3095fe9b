"""Exactly once, and honest about it: held against what the server has stored in the end."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laplas import (
    APIConnectionError,
    APIError,
    APITimeoutError,
    AsyncLaplas,
    BadRequestError,
    Laplas,
    ServerError,
    UnparsableResponseError,
)
from laplas.local import LocalServer

THREAD = "thread_abc123"
SLOT = "laplas_once"


class Act(NamedTuple):
    """What becomes of one request."""

    carried_out: bool = True
    error: Exception | None = None
    status: int | None = None
    body: Callable[[bytes], bytes] | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    meanwhile: Callable[[LocalServer], object] | None = None
    """What others do to the server, right after."""


def lost(carried_out: bool, error: Exception | None = None) -> Act:
    return Act(carried_out, error or httpx.ReadError("reset"))


def failed(carried_out: bool, status: int, **headers: str) -> Act:
    return Act(
        carried_out, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def spoiled(body: Callable[[bytes], bytes]) -> Act:
    return Act(body=body)


FINE = Act()


class Cruel(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """An embedded server behind a bad network: what happens to each operation is scripted."""

    def __init__(self, server: LocalServer, **scripts: list[Act]) -> None:
        self.server = server
        self.sent: Counter[str] = Counter()
        self._scripts = {name: iter(acts) for name, acts in scripts.items()}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        name = _operation(request)
        self.sent[name] += 1
        act = next(self._scripts.get(name, iter(())), FINE)
        reply = None
        if act.carried_out:
            reply = self.server.handle(
                request.method,
                request.url.raw_path.decode(),
                dict(request.headers),
                request.content,
            )
        if act.meanwhile is not None:
            act.meanwhile(self.server)
        if act.error is not None:
            raise act.error
        if act.status is not None:
            return httpx.Response(act.status, headers=act.headers, json={"error": {"message": "x"}})
        assert reply is not None
        body = act.body(reply.body) if act.body else reply.body
        return httpx.Response(reply.status, headers=list(reply.headers), content=body)

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
    """The messages that the server holds under the mark, or with the text, oldest first."""


@contextmanager
def no_waiting() -> Iterator[list[float]]:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    with (
        patch("laplas._sync.sending.sleep", waits.append),
        patch("laplas._async.sending.sleep", sleep),
    ):
        yield waits


def create(
    how: str, scripts: dict[str, list[Act]], server: LocalServer | None = None, **arguments: Any
) -> Outcome:
    """Create a message with one client, on that script; `how` is sync, async or raw."""
    with server or LocalServer() as server_, no_waiting():
        transport = Cruel(server_, **scripts)
        made: dict[str, Any] = {
            "api_key": "k",
            "base_url": "http://localhost",
            "transport": transport,
        }
        arguments = {"once": True, "max_retries": 2, **arguments}
        message, error = None, None
        try:
            if how == "async":
                message = asyncio.run(_async(made, arguments))
            else:
                with Laplas(**made) as client:
                    messages: Any = client.messages
                    if how == "raw":
                        raw = messages.with_raw_response.create(THREAD, "the one", **arguments)
                        message = raw.parse()
                        # A message that an earlier call made took this one no attempt.
                        assert raw.attempts == max(transport.sent["create"], 1)
                    else:
                        message = messages.create(THREAD, "the one", **arguments)
        except APIError as problem:
            error = problem
        stored = [m for m in server_.messages(THREAD) if _text(m) == "the one"]
    return Outcome(message, error, transport.sent, stored)


async def _async(made: dict[str, Any], arguments: dict[str, Any]) -> Any:
    async with AsyncLaplas(**made) as client:
        return await client.messages.create(THREAD, "the one", **arguments)


def _text(message: dict[str, Any]) -> str:
    text: str = message["content"][0]["text"]["value"]
    return text


HOW = pytest.mark.parametrize("how", ["sync", "async", "raw"])


# ---- a table of mishaps -------------------------------------------------------------------------


class Row(NamedTuple):
    scripts: dict[str, list[Act]]
    creates: int
    looks: int = 0
    fetches: int = 0


TIMEOUT = httpx.ReadTimeout("slow")
CUT = httpx.RemoteProtocolError("peer closed connection without sending complete message body")
FOUND: dict[str, Row] = {
    "nothing happens": Row({}, 1),
    "reset before": Row({"create": [lost(False)]}, 2, 1),
    "reset after": Row({"create": [lost(True)]}, 1, 1, 1),
    "reset before, then after": Row({"create": [lost(False), lost(True)]}, 2, 2, 1),
    "reset before, twice": Row({"create": [lost(False)] * 2}, 3, 2),
    "reset at the last attempt, after": Row({"create": [lost(False)] * 2 + [lost(True)]}, 3, 3, 1),
    "timeout before": Row({"create": [lost(False, TIMEOUT)]}, 2, 1),
    "timeout after": Row({"create": [lost(True, TIMEOUT)]}, 1, 1, 1),
    "write error": Row({"create": [lost(False, httpx.WriteError("x"))]}, 2, 1),
    "cut answer": Row({"create": [lost(True, CUT)]}, 1, 1, 1),
    "never connected": Row({"create": [lost(False, httpx.ConnectError("x"))]}, 2),
    "garbage": Row({"create": [spoiled(lambda body: b"{\xff")]}, 1, 1, 1),
    "half of the JSON": Row({"create": [spoiled(lambda body: body[:40])]}, 1, 1, 1),
    "empty": Row({"create": [spoiled(lambda body: b"")]}, 1, 1, 1),
    "JSON of something else": Row({"create": [spoiled(lambda body: b"[]")]}, 1, 1, 1),
    "500 before": Row({"create": [failed(False, 500)]}, 2, 1),
    "500 after": Row({"create": [failed(True, 500)]}, 1, 1, 1),
    "502 after": Row({"create": [failed(True, 502)]}, 1, 1, 1),
    "504 after, last attempt": Row(
        {"create": [failed(False, 504), failed(False, 504), failed(True, 504)]}, 3, 3, 1
    ),
    "503 without Retry-After, after": Row({"create": [failed(True, 503)]}, 1, 1, 1),
    "503 with Retry-After": Row({"create": [failed(False, 503, retry_after="1")]}, 2),
    "429": Row({"create": [failed(False, 429)]}, 2),
    "429, then reset after": Row({"create": [failed(False, 429), lost(True)]}, 2, 1, 1),
    "408 after": Row({"create": [failed(True, 408)]}, 1, 1, 1),
    "the look fails once": Row({"create": [lost(True)], "look": [lost(False)]}, 1, 2, 1),
    "the look meets 500": Row({"create": [lost(True)], "look": [failed(False, 500)] * 2}, 1, 3, 1),
    "the look meets garbage in an error": Row(
        {"create": [lost(True)], "look": [Act(False, status=502)]}, 1, 2, 1
    ),
    "fetching fails once": Row({"create": [lost(True)], "fetch": [lost(False)]}, 1, 1, 2),
}


@HOW
@pytest.mark.parametrize("name", FOUND)
def test_whatever_happens_the_message_is_there_once_and_returned(how: str, name: str) -> None:
    row = FOUND[name]
    outcome = create(how, row.scripts)
    assert outcome.error is None
    assert [m["id"] for m in outcome.stored] == [outcome.message.id]
    assert outcome.message.metadata[SLOT] == outcome.stored[0]["metadata"][SLOT]
    assert outcome.sent == +Counter(create=row.creates, look=row.looks, fetch=row.fetches)


GARBAGE = spoiled(lambda body: b"garbage")
RAISED: dict[str, tuple[Row, type[APIError], int, bool]] = {
    "reset before, always": (Row({"create": [lost(False)] * 9}, 3, 3), APIConnectionError, 0, True),
    "timeout, always": (
        Row({"create": [lost(False, TIMEOUT)] * 9}, 3, 3), APITimeoutError, 0, True,
    ),
    "500, always": (Row({"create": [failed(False, 500)] * 9}, 3, 3), ServerError, 0, True),
    "429, always": (Row({"create": [failed(False, 429)] * 9}, 3), APIError, 0, False),
    "never connected": (
        Row({"create": [lost(False, httpx.ConnectError("x"))] * 9}, 3),
        APIConnectionError, 0, False,
    ),
    "refused": (Row({"create": [failed(False, 400)]}, 1), BadRequestError, 0, False),
    "refused after a reset": (
        Row({"create": [lost(False), failed(False, 400)]}, 2, 1), BadRequestError, 0, True,
    ),
    "the look fails": (
        Row({"create": [lost(True)], "look": [lost(False)] * 9}, 1, 3), APIConnectionError, 1, True,
    ),
    "the look is refused": (
        Row({"create": [lost(True)], "look": [failed(False, 404)]}, 1, 1),
        APIConnectionError, 1, True,
    ),
    "the look is garbage": (
        Row({"create": [GARBAGE], "look": [GARBAGE] * 9}, 1, 1), UnparsableResponseError, 1, True,
    ),
    "fetching fails": (
        Row({"create": [lost(True)], "fetch": [lost(False)] * 9}, 1, 1, 3),
        APIConnectionError, 1, True,
    ),
}  # fmt: skip


@HOW
@pytest.mark.parametrize("name", RAISED)
def test_what_cannot_be_cleared_up_is_an_honest_error(how: str, name: str) -> None:
    row, kind, stored, may_have = RAISED[name]
    outcome = create(how, row.scripts)
    assert isinstance(outcome.error, kind)
    assert len(outcome.stored) == stored
    assert outcome.error.may_have_taken_effect is may_have
    assert outcome.error.operation == "create_message"
    assert outcome.error.attempts == row.creates
    assert outcome.sent == +Counter(create=row.creates, look=row.looks, fetch=row.fetches)
    if row.looks and "look" in row.scripts:
        assert "looking for the message failed" in "".join(outcome.error.__notes__)


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_no_more_is_sent_than_was_asked_for(retries: int) -> None:
    outcome = create("sync", {"create": [lost(False)] * 20}, max_retries=retries)
    assert outcome.sent["create"] == outcome.error.attempts == retries + 1
    assert outcome.sent["look"] == retries + 1


# ---- busy threads -------------------------------------------------------------------------------


def chatter(number: int, **fields: Any) -> Callable[[LocalServer], None]:
    """Others write that many messages to the thread."""

    def write(server: LocalServer) -> None:
        for n in range(number):
            server.add_message(THREAD, f"chatter {n}", **fields)

    return write


@HOW
@pytest.mark.parametrize(("others", "looks"), [(99, 1), (100, 2), (250, 3), (899, 9)])
def test_it_is_found_among_what_others_wrote(how: str, others: int, looks: int) -> None:
    act = lost(True)._replace(meanwhile=chatter(others))
    outcome = create(how, {"create": [act]})
    assert outcome.error is None
    assert len(outcome.stored) == 1
    assert outcome.sent == Counter(create=1, look=looks, fetch=1)


def test_the_look_is_bounded() -> None:
    """More than a thousand messages in between: documented as not guaranteed, but it ends."""
    act = lost(True)._replace(meanwhile=chatter(1100))
    outcome = create("sync", {"create": [act]})
    assert outcome.sent["look"] == 10
    assert outcome.sent["create"] == 2


def test_old_messages_are_not_looked_through() -> None:
    with LocalServer() as server:
        chatter(300, created_at=1_000_000)(server)
        outcome = create("sync", {"create": [lost(False)]}, server)
    assert outcome.sent == Counter(create=2, look=1)
    assert len(outcome.stored) == 1


ODD: list[dict[str, Any]] = [
    {"metadata": ["x"]},
    {"metadata": "x"},
    {"metadata": None},
    {"metadata": {SLOT: 5}},
    {"metadata": {SLOT: ["x"]}},
    {"created_at": None},
    {"created_at": "now"},
    {"content": None},
    {"content": "text"},
    {"role": None},
]


@HOW
@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("carried_out", [False, True])
def test_odd_messages_do_not_hide_it(how: str, odd: dict[str, Any], carried_out: bool) -> None:
    """Whatever the messages of others look like, at the end of a page too."""

    def odd_page(body: bytes) -> bytes:
        page = json.loads(body)
        others = [{**page["data"][-1], "metadata": {}, "id": f"o{n}", **odd} for n in range(3)]
        return json.dumps({**page, "data": [others[0], *page["data"], *others[1:]]}).encode()

    scripts = {"create": [lost(carried_out)], "look": [spoiled(odd_page)]}
    outcome = create(how, scripts)
    assert outcome.error is None
    assert len([m for m in outcome.stored if m["metadata"].get(SLOT)]) == 1


@pytest.mark.parametrize("id_", ["..", "a/b", "", "x\r\ny", " ", "\ud800", 5, None, ["x"]])
def test_a_marked_message_with_a_hostile_id_addresses_nothing_else(id_: Any) -> None:
    def hostile(body: bytes) -> bytes:
        page = json.loads(body)
        return json.dumps({**page, "data": [{**page["data"][0], "id": id_}]}).encode()

    outcome = create("sync", {"create": [lost(True)], "look": [spoiled(hostile)] * 9})
    assert isinstance(outcome.error, APIConnectionError), "the error of the lost attempt"
    assert outcome.error.may_have_taken_effect
    assert outcome.sent["fetch"] == 0
    assert outcome.sent["create"] == 1


# ---- keys of one's own --------------------------------------------------------------------------


@HOW
@pytest.mark.parametrize("since", [0, 50, 150])
def test_a_key_that_was_used_before_finds_its_message(how: str, since: int) -> None:
    """By another process, say, that was killed before it could note what it had done."""
    with LocalServer() as server:
        server.add_message(THREAD, "the one", metadata={SLOT: "order-1", "a": "b"})
        chatter(since)(server)
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
    assert isinstance(outcome.error, APIConnectionError)
    assert not outcome.error.may_have_taken_effect
    assert outcome.sent == Counter(look=3)


def test_every_call_has_a_mark_of_its_own() -> None:
    with LocalServer() as server, Laplas.local(server) as client:
        marks = {client.messages.create(THREAD, "x", once=True).metadata[SLOT] for _ in range(50)}  # type: ignore[index]
    assert len(marks) == 50


def test_what_was_added_to_the_create_is_not_added_to_the_look() -> None:
    outcome = create(
        "sync", {"create": [lost(True)]}, extra_body={"x": 1}, extra_query={"after": "nonsense"}
    )
    assert outcome.error is not None or len(outcome.stored) <= 1
    assert outcome.sent["look"] >= 1


# ---- any mishaps --------------------------------------------------------------------------------

# A status that says "I did nothing" while the message is there is a lie no client can see through.
HONEST = [
    *(lost(done, error) for done in (False, True) for error in (None, TIMEOUT, CUT)),
    *(failed(done, status) for done in (False, True) for status in (408, 500, 502, 503, 504, 529)),
    *(failed(False, status) for status in (400, 401, 403, 404, 409, 422, 429)),
    failed(False, 503, retry_after="0"),
    lost(False, httpx.ConnectError("x")),
    lost(False, httpx.ConnectTimeout("x")),
    lost(False, httpx.PoolTimeout("x")),
    GARBAGE,
    spoiled(lambda body: b""),
    spoiled(lambda body: body[:30]),
    FINE,
]
ACTS = st.lists(st.sampled_from(HONEST), max_size=7)


@settings(deadline=None, max_examples=300)
@given(
    how=st.sampled_from(["sync", "async", "raw"]),
    once=st.sampled_from([True, "order-1"]),
    create_=ACTS,
    look=ACTS,
    fetch=ACTS,
    retries=st.integers(0, 4),
)
def test_any_sequence_of_mishaps_makes_it_once_or_at_most_once(
    how: str, once: bool | str, create_: list[Act], look: list[Act], fetch: list[Act], retries: int
) -> None:
    scripts = {"create": create_, "look": look, "fetch": fetch}
    outcome = create(how, scripts, once=once, max_retries=retries)
    assert len(outcome.stored) <= 1
    if outcome.error is None:
        assert [m["id"] for m in outcome.stored] == [outcome.message.id]
    elif not outcome.error.may_have_taken_effect:
        assert not outcome.stored
    assert outcome.sent["create"] <= retries + 1
    assert outcome.sent["look"] <= (retries + 2) * 5


@settings(deadline=None, max_examples=150)
@given(how=st.sampled_from(["sync", "async", "raw"]), create_=ACTS, retries=st.integers(0, 4))
def test_without_once_it_is_never_there_twice_and_the_error_is_honest(
    how: str, create_: list[Act], retries: int
) -> None:
    outcome = create(how, {"create": create_}, once=False, max_retries=retries)
    assert len(outcome.stored) <= 1
    if outcome.error is None:
        assert len(outcome.stored) == 1
    elif not outcome.error.may_have_taken_effect:
        assert not outcome.stored
    assert set(outcome.sent) == {"create"}


# ---- listings of a thread that changes ----------------------------------------------------------


class Busy(Cruel):
    """A thread that others write to and delete from before each request."""

    def __init__(self, server: LocalServer, deeds: Iterator[Callable[[LocalServer], None]]) -> None:
        super().__init__(server)
        self._deeds = deeds
        self.requests = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        assert self.requests < 500, "the listing does not end"
        if self.requests > 1:
            next(self._deeds, lambda _: None)(self.server)
        return super().handle_request(request)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "delete newest page end", "add", "nothing"]), st.floats(0, 1)
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=250)
@given(
    number=st.integers(0, 15),
    size=st.integers(1, 5),
    order=st.sampled_from(["asc", "desc"]),
    deeds=DEEDS,
    how=st.sampled_from(["items", "pages", "async"]),
    stamps=st.integers(1, 4),
)
def test_a_listing_survives_what_others_do(
    number: int,
    size: int,
    order: str,
    deeds: list[tuple[str, float]],
    how: str,
    stamps: int,
) -> None:
    """Nothing that was there all the time is missing, nothing comes twice, and it ends."""
    gone: set[str] = set()
    seen: list[str] = []

    def deed(what: str, where: float) -> Callable[[LocalServer], None]:
        def do(server: LocalServer) -> None:
            there = [m["id"] for m in server.messages("t")]
            if what == "add":
                server.add_message("t", "new", created_at=2_000_000_000)
            elif what != "nothing" and there:
                # The last one handed out is the one the next cursor names.
                last = (
                    seen[-1] if seen and what != "delete" else there[int(where * (len(there) - 1))]
                )
                gone.add(last)
                server.handle("DELETE", f"/threads/t/messages/{last}", AUTHORISED, b"")

        return do

    with LocalServer() as server:
        server.add_thread("t")
        for n in range(number):
            server.add_message("t", str(n), message_id=f"m{n}", created_at=1_000 + n // stamps)
        transport = Busy(server, itertools.starmap(deed, deeds))
        made: dict[str, Any] = {
            "api_key": "k",
            "base_url": "http://localhost",
            "transport": transport,
        }
        options: dict[str, Any] = {"page_size": size, "order": order, "max_retries": 0}
        if how == "async":
            asyncio.run(_listed(made, options, seen))
        else:
            with Laplas(**made) as client:
                listing = client.messages.list("t", **options)
                if how == "items":
                    for message in listing:
                        seen.append(message.id)
                else:
                    for page in listing.iter_pages():
                        seen += [m.id for m in page.data if m.id not in seen]
    assert len(set(seen)) == len(seen)
    assert {f"m{n}" for n in range(number)} - gone <= set(seen)


AUTHORISED = {"authorization": "Bearer k"}


async def _listed(made: dict[str, Any], options: dict[str, Any], seen: list[str]) -> None:
    async with AsyncLaplas(**made) as client:
        async for message in client.messages.list("t", **options):
            seen.append(message.id)


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
    with LocalServer() as server:
        server.add_thread("t")
        for n in range(9):
            server.add_message("t", str(n))

        class Refusing(Cruel):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                reply = super().handle_request(request)
                assert self.sent["look"] < 200, "the listing does not end"
                return httpx.Response(404, json={}) if b"after" in request.url.query else reply

        made: dict[str, Any] = {
            "api_key": "k",
            "base_url": "http://localhost",
            "transport": Refusing(server),
        }
        with Laplas(**made) as client, pytest.raises(APIError) as info:
            list(client.messages.list("t", page_size=2))
    assert info.value.operation == "list_messages"
