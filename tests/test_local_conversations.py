"""The embedded server's Conversations, used by the real openai package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import openai
import pytest

from laplas.local import LocalServer, running


@pytest.fixture
def client() -> Iterator[openai.OpenAI]:
    with (
        LocalServer() as server,
        running(server) as url,
        openai.OpenAI(base_url=url, api_key="x", max_retries=0) as client,
    ):
        yield client


def _any(item: Any) -> Any:
    return item


def user(text: str) -> Any:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def answer(text: str) -> Any:
    part = {"type": "output_text", "text": text, "annotations": []}
    return {"type": "message", "role": "assistant", "content": [part]}


CALL: Any = {"type": "function_call", "call_id": "call_1", "name": "born", "arguments": "{}"}
OUTPUT: Any = {"type": "function_call_output", "call_id": "call_1", "output": "1749"}


def test_what_is_added_is_listed_in_order(client: openai.OpenAI) -> None:
    made = client.conversations.create(metadata={"k": "v"}, items=[user("Who?")])
    added = client.conversations.items.create(made.id, items=[CALL, OUTPUT, answer("Laplas.")])
    assert [item.type for item in added.data] == [
        "function_call",
        "function_call_output",
        "message",
    ]
    listed = list(client.conversations.items.list(made.id, order="asc", limit=1))
    assert [item.type for item in listed] == ["message", *(item.type for item in added.data)]
    assert listed[0].to_dict() == {
        "id": listed[0].id, "status": "completed", **user("Who?")
    }  # fmt: skip
    newest = client.conversations.items.list(made.id, limit=1).data[0]
    assert newest.type == "message"
    assert newest.content[0].type == "output_text"
    assert newest.content[0].text == "Laplas."
    assert client.conversations.retrieve(made.id).metadata == {"k": "v"}


def test_changes_and_deletions(client: openai.OpenAI) -> None:
    made = client.conversations.create(items=[user("a"), user("b")])
    assert client.conversations.update(made.id, metadata={"n": "1"}).metadata == {"n": "1"}
    first, second = map(_any, client.conversations.items.list(made.id, order="asc"))
    assert client.conversations.items.delete(first.id, conversation_id=made.id).id == made.id
    assert client.conversations.items.retrieve(second.id, conversation_id=made.id) == second
    with pytest.raises(openai.NotFoundError, match="No item found"):
        client.conversations.items.retrieve(first, conversation_id=made.id)
    assert client.conversations.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError, match="No conversation found"):
        client.conversations.items.list(made.id)


@pytest.mark.parametrize(
    ("items", "param"),
    [
        ([user("x")] * 21, "items"),
        ([], "items"),
        ([{"type": "hologram"}], "items[0].type"),
        ([user("x"), {**CALL, "type": "function_call_output"}], "items[1].output"),
        ([{**user("x"), "role": "king"}], "items[0].role"),
        ([{**user("x"), "role": ["user"]}], "items[0].role"),
        ([{**user("x"), "content": None}], "items[0].content"),
        ([{**user("x"), "role": "assistant"}], "items[0].content[0].type"),
    ],
    ids=["21", "none", "kind", "field", "role", "no-role", "content", "part"],
)
def test_what_does_not_fit_adds_nothing(
    client: openai.OpenAI, items: list[Any], param: str
) -> None:
    made = client.conversations.create()
    with pytest.raises(openai.BadRequestError) as caught:
        client.conversations.items.create(made.id, items=items)
    assert caught.value.param == param
    assert client.conversations.items.list(made.id).data == []


def test_a_read_only_server_refuses_writes_and_shows_what_was_put(tmp_path: Any) -> None:
    path = str(tmp_path / "archive.db")
    with LocalServer(path, examples=False) as server:
        server.put_many([{"id": "thread_1", "object": "thread", "created_at": 1, "odd": True}])
        with pytest.raises(ValueError, match="none of"):
            server.put_many(
                [
                    {"id": "thread_2", "object": "thread", "created_at": 1},
                    {"id": "x", "object": "hologram", "created_at": 1},
                ]
            )
    with LocalServer(path, read_only=True) as server:
        headers = {"Authorization": "Bearer x"}
        got = [server.handle("GET", f"/threads/{n}", headers, b"").status
               for n in ("thread_1", "thread_2", "thread_abc123")]  # fmt: skip
        assert got == [200, 404, 404]
        for method in ("POST", "DELETE"):
            refusal = server.handle(method, "/threads/thread_1", headers, b"{}")
            assert refusal.status == 403
            assert b'"code": "read_only"' in refusal.body
        assert b'"odd": true' in server.handle("GET", "/threads/thread_1", headers, b"").body
