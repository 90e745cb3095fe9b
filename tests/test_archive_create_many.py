"""`create_many`: each message once, in order, whatever is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from laplas import APIConnectionError, AsyncLaplas, InvalidArgumentError, Laplas, NotFoundError
from laplas.archive import create_many, create_many_async
from laplas.local import LocalServer

THREAD = "thread_1"
Create = Callable[..., list[str]]


def blocking(server: LocalServer, *arguments: Any, **named: Any) -> list[str]:
    with Laplas.local(server) as client:
        return create_many(client, THREAD, *arguments, **named)


def awaited(server: LocalServer, *arguments: Any, **named: Any) -> list[str]:
    async def run() -> list[str]:
        async with AsyncLaplas.local(server) as client:
            return await create_many_async(client, THREAD, *arguments, **named)

    return asyncio.run(run())


both = pytest.mark.parametrize("create", [blocking, awaited], ids=["sync", "async"])


@pytest.fixture(autouse=True)
def settle_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("laplas.archive._creating.SETTLED", 0.0)


@pytest.fixture
def server() -> LocalServer:
    server = LocalServer(examples=False)
    server.add_thread(THREAD)
    return server


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {"content": f"Text {n}", "role": ("user", "assistant")[n % 2], "metadata": {"n": str(n)}}
        for n in range(count)
    ]


def texts(server: LocalServer) -> list[str]:
    return [message["content"][0]["text"]["value"] for message in server.messages(THREAD)]


@both
@pytest.mark.parametrize(
    "fault",
    [
        "create_message: reset-after-commit x2",
        "create_message: reset x2",
        "create_message: garbage x1",
        "create_message: status=429 x1 retry-after=0",
        "create_message: 50% reset-after-commit x4",
    ],
)
def test_what_is_lost_is_there_once(server: LocalServer, create: Create, fault: str) -> None:
    server.faults.add(fault)
    ids = create(server, rows(6), key="k")
    stored = server.messages(THREAD)
    assert texts(server) == [f"Text {n}" for n in range(6)]
    assert ids == [message["id"] for message in stored]
    assert [message["metadata"] for message in stored] == [
        {"n": str(n), "laplas_once": f"k:{n}"} for n in range(6)
    ]
    assert [message["role"] for message in stored] == ["user", "assistant"] * 3
    assert server.faults.struck


@both
def test_a_second_call_adds_what_is_missing(server: LocalServer, create: Create) -> None:
    first = create(server, rows(3), key=lambda row: row["metadata"]["n"])
    again = create(server, rows(250), key=lambda row: row["metadata"]["n"])
    assert again[:3] == first
    assert create(server, rows(250), key=lambda row: row["metadata"]["n"]) == again
    assert len(texts(server)) == 250
    with Laplas.local(server) as client:  # `once=` finds what was made here, and the reverse
        found = client.messages.create(THREAD, **rows(3)[2], once="2")
        assert found.id == first[2]
        other = client.messages.create(THREAD, "By once", once="o")
    assert create(server, [{"content": "By once"}], key=lambda _: "o") == [other.id]


@both
def test_it_lists_once_and_sends_a_request_a_message(server: LocalServer, create: Create) -> None:
    server.faults.add("list_messages: delay=0 x*", "create_message: delay=0 x*")
    create(server, rows(120), key="k")
    create(server, rows(120), key="k")
    # One page of the empty thread, then the two pages that 120 messages have.
    assert sum(server.faults.struck.values()) == 120 + 1 + 2


@both
@pytest.mark.parametrize(
    ("given", "key", "said"),
    [
        ([{"content": "a"}, {"content": ""}], "k", "content"),
        ([{"content": "a"}, {"content": "b", "role": "king"}], "k", "role"),
        ([{"content": "a"}, {"content": "b"}], lambda row: "same", "rows 0 and 1"),
        ([{"content": "a"}, None], "k", "row 1"),
        ([{"content": "a", "metadata": {str(n): "" for n in range(16)}}], "k", "16 pairs"),
        ([{"content": "a"}], lambda row: "", "once"),
        ([{"content": "a"}], "k" * 600, "once"),
    ],
    ids=["content", "role", "twice", "none", "pairs", "empty", "long"],
)
def test_what_is_wrong_sends_nothing(
    server: LocalServer, create: Create, given: Any, key: Any, said: str
) -> None:
    with pytest.raises(InvalidArgumentError, match=said):
        create(server, given, key=key)
    assert texts(server) == []


@both
def test_a_key_of_another_message_is_told(server: LocalServer, create: Create) -> None:
    create(server, rows(2), key="k")
    with pytest.raises(InvalidArgumentError, match="another role or text"):
        create(server, [{"content": "Other"}], key="k")
    assert len(texts(server)) == 2


@both
def test_errors_that_last_are_raised(server: LocalServer, create: Create) -> None:
    server.faults.add("create_message: status=404 x1")
    with pytest.raises(NotFoundError):
        create(server, rows(2), key="k")
    assert create(server, [], key="k") == []
    server.faults.add("POST: reset x*")
    with pytest.raises(APIConnectionError):
        create(server, rows(1), key="k")
    assert texts(server) == []
