"""Every server of the family: where it is, what it wants on each request, how it answers."""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from enum import Enum
from typing import Any, NamedTuple

import pytest
import trio
from peculiar_servers import Azure, Myla, OpenAssistantApi, Peculiar
from scripted import (
    KEY,
    NOW,
    THREAD,
    Sent,
    Transport,
    answer,
    each,
    page,
    run_async,
    run_both,
    run_sync,
    settled,
    thread,
)

import laplas
from laplas import AsyncLaplas, ConfigurationError, Laplas
from laplas.local import LocalServer, running

CLIENTS = pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])


def retrieve(client: Any, **options: Any) -> Any:
    return client.threads.retrieve(THREAD, **options)


class Word(str, Enum):  # noqa: UP042  (their str() is that of the member)
    ONE = "one"


class Number(int, Enum):
    ONE = 1


# ---- default_query ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "of_client", "of_call", "sent"),
    [
        (None, {"api-version": "v1"}, None, "?api-version=v1"),
        ("api-version=v1&x=1", None, None, "?api-version=v1&x=1"),
        ("", None, None, ""),
        (" a=b%20c&empty= ", None, None, "?a=b%20c&empty="),
        ("a=1&a=2", None, None, "?a=1&a=2"),
        ("a=1&b=1", {"a": 2}, None, "?a=2&b=1"),
        ("a=1&b=1", {"a": None}, None, "?b=1"),
        ("a=1", {"a": 2}, {"a": 3}, "?a=3"),
        (None, {"a": 2, "b": True}, {"a": None}, "?b=true"),
        (None, {"a": [1, 2], "f": 0.5}, None, "?a=1&a=2&f=0.5"),
        (None, {}, {"é&": "ü="}, "?%C3%A9%26=%C3%BC%3D"),
        ("?a=1", None, None, "?a=1"),
        (None, {"a": []}, None, ""),
        (None, {"a": [Word.ONE, Number.ONE], "b": Number.ONE}, {"c": Word.ONE},
         "?a=one&a=1&b=1&c=one"),
    ],
)  # fmt: skip
def test_query_parameters_of_every_request(
    environment: str | None,
    of_client: Any,
    of_call: Any,
    sent: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if environment is not None:
        monkeypatch.setenv("LAPLAS_DEFAULT_QUERY", environment)
    extra = {} if of_call is None else {"extra_query": of_call}
    ran = run_both(lambda c: retrieve(c, **extra), answer(thread()), default_query=of_client)
    assert ran.sent.target == f"/threads/{THREAD}{sent}"


def test_a_call_goes_before_the_default_and_all_pages_have_it() -> None:
    steps = [answer(page("m1", has_more=True)), answer(page("m2"))]
    ran = run_both(
        lambda c: c.messages.list(THREAD, page_size=1), *steps, collect="items",
        default_query={"limit": 7, "api-version": "v1"},
    )  # fmt: skip
    path = f"/threads/{THREAD}/messages?limit=1&api-version=v1"
    assert [sent.target for sent in ran.requests] == [path, f"{path}&after=m1"]


def test_derived_clients_add_and_leave_out_and_what_was_given_may_change() -> None:
    given: dict[str, Any] = {"a": [1], "b": 1}
    with Laplas(api_key=KEY, transport=Transport(), default_query=given) as client:
        given["a"].append(9)
        given["b"] = 9
        derived = client.with_options(default_query={"b": None, "c": 3})
        made = [c.threads.prepare.retrieve(THREAD).url for c in (client, derived)]
    assert [url.partition("?")[2] for url in made] == ["a=1&b=1", "a=1&c=3"]


@CLIENTS
@pytest.mark.parametrize(
    "wrong",
    ["a=1", {1: "a"}, {"a": b"x"}, {"a": {"b": 1}}, {"a": [None]}, {"a": "\ud800"}, {"\ud800": 1}],
    ids=ascii,
)
def test_a_default_query_that_cannot_be_written(cls: Any, wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="default_query"):
        cls(api_key=KEY, default_query=wrong)
    with pytest.raises(ConfigurationError, match="default_query"):
        cls(api_key=KEY, transport=Transport()).with_options(default_query=wrong)


@pytest.mark.parametrize("wrong", ["v1", "a=1&b", "a=%ff", "&", "a=\udc80"])
def test_a_wrong_query_of_the_environment_names_the_variable(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAPLAS_DEFAULT_QUERY", wrong)
    with pytest.raises(ConfigurationError, match="LAPLAS_DEFAULT_QUERY: must be a query string"):
        Laplas(api_key=KEY)


def test_a_number_too_long_to_write_is_refused() -> None:
    ran = run_both(retrieve, default_query={"a": 10**5000})
    assert isinstance(ran.error, laplas.InvalidArgumentError)


def test_a_base_url_with_a_query_says_where_it_belongs() -> None:
    with pytest.raises(ConfigurationError, match="default_query="):
        Laplas(api_key=KEY, base_url="https://api.test/v1?api-version=v1")


def test_a_secret_in_the_query_that_the_server_repeats_is_not_in_the_error() -> None:
    secret = "canary-7f3a9c51/+"
    ran = run_both(
        retrieve, lambda sent: answer({"error": {"message": f"no {sent.url} {secret}"}}, 404),
        default_query={"sig-token": secret},
    )  # fmt: skip
    assert secret[:8] not in f"{ran.error} {vars(ran.error)}"
    assert "***" in str(ran.error)


# ---- tokens -------------------------------------------------------------------------------------


class AccessToken(NamedTuple):
    """As azure-identity's."""

    token: str
    expires_on: int


class AccessTokenInfo:
    """As azure-identity's newer one, which is no tuple."""

    def __init__(self, token: str, expires_on: int, refresh_on: int | None = None) -> None:
        self.token, self.expires_on, self.refresh_on = token, expires_on, refresh_on


def numbered(make: Callable[[str], Any]) -> Callable[[], Any]:
    """A provider whose tokens are t1, t2, ..."""
    asked: list[None] = []

    def give() -> Any:
        asked.append(None)
        return make(f"t{len(asked)}")

    return give


TOKENS: list[tuple[Callable[[str], Any], list[str]]] = [
    (lambda t: t, ["t1", "t2", "t3"]),
    (lambda t: AccessToken(t, int(NOW) + 3600), ["t1", "t1", "t1"]),
    (lambda t: AccessTokenInfo(t, int(NOW) + 3600), ["t1", "t1", "t1"]),
    (lambda t: AccessTokenInfo(t, int(NOW) + 3600, int(NOW) + 150), ["t1", "t1", "t2"]),
    (lambda t: (t, NOW + 205.0), ["t1", "t1", "t2"]),  # shortly before its end
    (lambda t: (t, datetime.fromtimestamp(NOW + 150, UTC)), ["t1", "t1", "t2"]),
    (lambda t: (t, NOW - 5), ["t1", "t2", "t3"]),
    (lambda t: (t, None), ["t1", "t2", "t3"]),
    (lambda t: (t, datetime.max.replace(tzinfo=UTC)), ["t1", "t1", "t1"]),
]


@pytest.mark.parametrize(("make", "sent"), TOKENS, ids=range(len(TOKENS)))
@pytest.mark.parametrize("is_async", [False, True])
def test_a_token_is_kept_until_shortly_before_it_ends(
    make: Any, sent: list[str], is_async: bool
) -> None:
    """Three requests, 100 s one after the other; through derived clients, too."""

    async def use(client: Any) -> None:
        await settled(retrieve(client))
        await settled(retrieve(client.with_options(timeout=7)))
        await settled(client.request("GET", "/threads/t"))

    for runner in [run_async] if is_async else [run_sync, run_async]:
        give = numbered(make)

        async def give_later(give: Any = give) -> Any:
            return give()

        steps = [answer(thread(), takes=100.0)] * 3
        ran = runner(use, *steps, api_key=give_later if is_async else give)
        assert ran.problem is None
        assert [r.header("Authorization") for r in ran.requests] == [f"Bearer {t}" for t in sent]


@pytest.mark.parametrize(
    "wrong",
    [("t", "soon"), ("t", True), ("t", -1), ("t", NOW * 1000), ("t", float("nan")), (b"t", NOW),
     ("t t", NOW), AccessTokenInfo("t", "soon"), None, 5,  # type: ignore[arg-type]
     AccessTokenInfo("t", int(NOW), "soon"),  # type: ignore[arg-type]
     ("t", False), ("t", datetime.max)],
    ids=range(13),
)  # fmt: skip
def test_a_token_that_is_none(wrong: Any) -> None:
    ran = run_both(retrieve, api_key=lambda: wrong)
    assert isinstance(ran.error, ConfigurationError)
    assert ran.error.argument == "api_key"


def refuses(*tokens: str) -> Callable[[Sent], Any]:
    refused = {f"Bearer {token}" for token in tokens}
    return lambda sent: (
        answer("", 401) if sent.header("Authorization") in refused else answer(thread())
    )


@pytest.mark.parametrize("retries", [0, 2])
def test_a_kept_token_that_is_refused_is_asked_for_again_once(retries: int) -> None:
    """Of a create, too: a 401 did nothing."""

    async def use(client: Any) -> None:
        await settled(retrieve(client))
        with nullcontext() if retries else pytest.raises(laplas.AuthenticationError):
            await settled(client.threads.create())

    for runner in (run_sync, run_async):
        give = numbered(lambda t: (t, NOW + 3600))
        ran = runner(use, answer(thread()), refuses("t1", "t3"), api_key=give, max_retries=retries)
        assert ran.problem is None
        sent = [request.header("Authorization") for request in ran.requests]
        assert sent == ["Bearer t1"] * 2 + ["Bearer t2"] * (retries > 0)


@pytest.mark.parametrize(
    "key", ["t1", lambda: "t1", lambda: ("t1", NOW + 3600)], ids=["str", "plain", "just asked for"]
)
def test_other_keys_that_are_refused_are_not_sent_again(key: Any) -> None:
    ran = run_both(retrieve, refuses("t1"), api_key=key)
    assert isinstance(ran.error, laplas.AuthenticationError)
    assert len(ran.requests) == 1


def test_two_refusals_end_a_call() -> None:
    ran = run_both(
        lambda c: c.messages.list(THREAD, page_size=1), answer(page("a", has_more=True)),
        lambda sent: answer("", 401), collect="items", api_key=lambda: ("t1", NOW + 3600),
    )  # fmt: skip
    assert isinstance(ran.error, laplas.AuthenticationError)
    assert len(ran.requests) == 3


THREADS = 8


class Slow:
    """A provider that takes its time, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.entered = threading.Event()
        self.go = threading.Event()

    def __call__(self) -> Any:
        self.asked += 1
        self.entered.set()
        assert self.go.wait(10)
        return "t1", 9e10

    async def later(self) -> Any:
        self.asked += 1
        await asyncio.sleep(0)
        return "t1", 9e10


def test_threads_that_need_a_token_at_once_ask_once() -> None:
    slow = Slow()
    client = Laplas(api_key=slow, transport=Transport(lambda sent: answer(thread())))
    with client:
        workers = [threading.Thread(target=retrieve, args=(client,)) for _ in range(THREADS)]
        for worker in workers:
            worker.start()
        assert slow.entered.wait(10)
        slow.go.set()
        for worker in workers:
            worker.join(10)
    assert slow.asked == 1


def test_tasks_that_need_a_token_at_once_ask_once_in_each_loop() -> None:
    slow = Slow()
    client = AsyncLaplas(api_key=slow.later, transport=Transport(lambda sent: answer(thread())))

    async def many() -> None:
        await asyncio.gather(*(retrieve(client) for _ in range(THREADS)))

    asyncio.run(many())
    asyncio.run(many())
    assert slow.asked == 1
    plain: list[int] = []

    async def give() -> str:
        plain.append(1)
        await asyncio.sleep(0)
        return "t"

    client = client.with_options(api_key=give)
    asyncio.run(many())
    assert len(plain) == THREADS


def test_trio_asks_once_too() -> None:
    asked = []

    async def give() -> Any:
        asked.append(1)
        await trio.sleep(0)
        return "t1", 9e10

    async def many() -> None:
        client = AsyncLaplas(api_key=give, transport=Transport(lambda sent: answer(thread())))
        async with client, trio.open_nursery() as nursery:
            for _ in range(THREADS):
                nursery.start_soon(retrieve, client)

    trio.run(many)
    assert len(asked) == 1


def test_a_provider_that_fails_or_is_cancelled_holds_nobody_up() -> None:
    async def use() -> None:
        outcomes: list[Any] = [RuntimeError("no"), "cancelled", ("t1", 9e10)]

        async def give() -> Any:
            outcome = outcomes.pop(0)
            if outcome == "cancelled":
                await asyncio.sleep(30)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        async with AsyncLaplas(
            api_key=give, transport=Transport(lambda sent: answer(thread()))
        ) as client:
            first = asyncio.ensure_future(retrieve(client))
            with pytest.raises(RuntimeError, match="no"):
                await first
            second = asyncio.ensure_future(retrieve(client))
            third = asyncio.ensure_future(retrieve(client))
            await asyncio.sleep(0.01)
            second.cancel()
            assert (await third).id == THREAD
            assert not outcomes

    asyncio.run(use())


def test_a_deadline_covers_an_async_provider() -> None:
    async def give() -> Any:
        await asyncio.sleep(30)

    async def use() -> None:
        async with AsyncLaplas(api_key=give, transport=Transport()) as client:
            with pytest.raises(laplas.APITimeoutError, match="API key"):
                await retrieve(client, deadline=0.01)

    asyncio.run(use())


def give_module_token() -> Any:
    return "canary-7f3a9c51", 9e10


@CLIENTS
def test_a_pickle_has_no_token(cls: Any) -> None:
    client = cls(api_key=give_module_token, default_query={"api-version": "v1"})
    client._sender.options.tokens.keep(give_module_token(), NOW)
    made = pickle.dumps(client)
    assert b"canary" not in made
    again = pickle.loads(made)
    assert again._sender.options.tokens.find(NOW) is None
    assert again.threads.prepare.retrieve("t").url.endswith("?api-version=v1")
    secret = cls(api_key=KEY, default_query={"subscription-key": "canary"})
    with pytest.raises(TypeError, match="default query"):
        pickle.dumps(secret)


# ---- the whole round ----------------------------------------------------------------------------


ROUNDS: list[tuple[Callable[[], Peculiar], dict[str, Any]]] = [
    (OpenAssistantApi, {}),
    (Myla, {}),
    (lambda: Azure(f"Bearer {KEY}"), {"default_query": {"api-version": "2025-05-01"}}),
]


async def whole_round(client: Any, server: Peculiar) -> None:
    """Create, list, run, stream, ask, and an error."""
    begun = await settled(client.threads.create())
    for text in ("one", "two", "three"):
        await settled(client.messages.create(begun.id, text))
    size = 3 if isinstance(server, Myla) else 2
    listed = client.messages.list(begun.id, page_size=size, order="asc")
    assert [item.text async for item in each(listed)] == ["one", "two", "three"]
    done = await settled(client.runs.create_and_poll(begun.id, "asst_abc123"))
    assert done.status == "completed"
    talk = client.thread(begun.id)
    pieces = [p async for p in each(talk.ask_stream("four", assistant="asst_abc123"))]
    assert "".join(pieces) == "Echo: four"
    assert (await settled(talk.ask("five", assistant="asst_abc123"))).text == "Echo: five"
    assert (await settled(talk.messages.latest(role="user"))).text == "five"
    with pytest.raises(laplas.NotFoundError, match="No thread found"):
        await settled(client.threads.retrieve("thread_missing"))


@CLIENTS
@pytest.mark.parametrize(("make", "options"), ROUNDS, ids=["open-assistant-api", "myla", "azure"])
@pytest.mark.parametrize("over", ["http", "transport"])
def test_the_whole_round(cls: Any, make: Any, options: dict[str, Any], over: str) -> None:
    pytest.importorskip("aiohttp")

    async def use(client: Any, server: Peculiar) -> None:
        try:
            await whole_round(client, server)
        finally:
            await settled(client.close())

    with make() as server:
        if over == "transport":
            asyncio.run(use(cls.local(server, api_key=KEY, **options), server))
        else:
            with running(server) as url:
                assert url.endswith(server.at)
                asyncio.run(use(cls(api_key=KEY, base_url=f"{url}/", **options), server))
        assert all(target.startswith(f"{server.at}/") for target in server.targets)
        assert len(server.targets) > 15


@CLIENTS
def test_azure_says_what_is_missing(cls: Any) -> None:
    async def use(server: Azure) -> None:
        client = cls.local(server, api_key=KEY)
        with pytest.raises(laplas.BadRequestError, match="API version not specified"):
            await settled(client.threads.create())
        other = client.with_options(default_query={"api-version": "v1"}, api_key="other")
        with pytest.raises(laplas.AuthenticationError, match="invalid or expired"):
            await settled(other.threads.create())
        by_key = other.with_options(default_headers={"Authorization": None, "api-key": "k1"})
        assert (await settled(by_key.threads.create())).id
        await settled(client.close())

    with Azure(f"Bearer {KEY}", key="k1") as server:
        asyncio.run(use(server))


def test_the_embedded_server_has_a_base_path_and_ignores_what_it_does_not_know() -> None:
    with LocalServer(base_path="/api/projects/p/") as server:
        for target, status in [
            (f"/api/projects/p/threads/{THREAD}?api-version=v1", 200),
            (f"/api/projects/p/v1/threads/{THREAD}", 200),
            (f"/threads/{THREAD}", 404),
            (f"/api/projects/px/threads/{THREAD}", 404),
            ("/api/projects/p", 404),
        ]:
            answered = server.handle("GET", target, {"Authorization": "Bearer k"}, b"")
            assert answered.status == status, target
    with pytest.raises(ValueError, match="base_path: must begin"):
        LocalServer(base_path="api")
