"""Archives in Conversations: each item once, of the types of the real openai package."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from archives import archive_of_everything
from openai.types.conversations import ConversationItem
from pydantic import TypeAdapter

from laplas import AsyncLaplas
from laplas.archive import export, import_into_conversations
from laplas.archive.cli import main
from laplas.local import LocalServer, running

KEY = "sk-any"


def client_of(url: str) -> Callable[[], AsyncLaplas]:
    return lambda: AsyncLaplas(api_key=KEY, base_url=url)


def items_of(url: str, conversation: str) -> Iterator[Any]:
    with openai.OpenAI(base_url=url, api_key=KEY) as client:
        for item in client.conversations.items.list(conversation, order="asc", limit=50):
            yield item.to_dict()


@pytest.mark.parametrize(
    "fault",
    [
        "",
        "POST: reset-after-commit skip=1",
        "POST: status=503 retry-after=0 x2",
        "POST: status-after-commit=500 skip=2",
    ],
)
def test_conversations_take_each_item_once(
    tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More than one batch, answers lost on the way, and the command run twice."""
    monkeypatch.setattr("laplas.archive._creating.SETTLED", 0.05)
    monkeypatch.setenv("LAPLAS_API_KEY", KEY)
    with LocalServer() as server, running(server) as url:
        for number in range(45):
            server.add_message("thread_abc123", f"Line {number}")
        archive = str(tmp_path / "archive")
        export(client_of(url), ["thread_abc123"], archive)
        if fault:
            server.faults.add(fault)
        command = ["import", archive, "--into", "conversations", "--base-url", url]
        assert main(command) == 0
        assert main(command) == 0
        lines = (tmp_path / "archive.imported.jsonl").read_text("utf-8").splitlines()
        made = [json.loads(line) for line in lines if '"conversation"' in line]
        new = next(line["new"] for line in made if line.get("new"))
        items = list(items_of(url, new))
    texts = [part["text"] for item in items for part in item["content"]]
    assert len(items) == 47
    assert texts[2:] == [f"Line {number}" for number in range(45)]


def test_items_in_conversations_are_of_the_types_of_openai(
    tmp_path: Path,
) -> None:
    exported = archive_of_everything(tmp_path / "archive")
    with LocalServer() as server, running(server) as url:

        async def bring() -> Any:
            async with client_of(url)() as client:
                return await import_into_conversations(exported, client)

        report = asyncio.run(bring())
        assert report.is_complete
        assert report.changes
        lines = [json.loads(line) for line in report.map_path.read_text("utf-8").split("\n")[:-1]]
        new = next(line["new"] for line in lines if line.get("old") == "thread_1")
        items = list(items_of(url, new))
    kinds = [item["type"] for item in items]
    assert {"message", "function_call", "function_call_output"} <= set(kinds)
    for item in items:
        TypeAdapter[Any](ConversationItem).validate_python(item)
