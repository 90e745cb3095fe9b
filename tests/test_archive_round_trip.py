"""Out of one server and into another: nothing is lost but what a server gives itself."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from archives import ASSISTANT, EMPTY, EVERYTHING, FILES
from openai.types.conversations import ConversationItem
from pydantic import TypeAdapter
from support import exchanges, stream_events

from laplas import AsyncLaplas
from laplas.archive import (
    Archive,
    convert,
    export,
    import_archive,
    import_into_conversations,
    import_into_database,
    verify,
)
from laplas.archive.cli import main
from laplas.archive.formats import FORMATS
from laplas.local import LocalServer, running

KEY = "sk-any"
KINDS = ("thread", "thread.message", "thread.run", "thread.run.step", "assistant", "file")
LISTS = ("messages", "runs", "steps")


def client_of(url: str, **options: Any) -> Callable[[], AsyncLaplas]:
    return lambda: AsyncLaplas(api_key=KEY, base_url=url, **options)


@pytest.fixture
def exported(tmp_path: Path) -> Archive:
    """A thread with one of everything and an empty one, as a server gave them."""
    with LocalServer(examples=False) as server, running(server) as url:
        for thread in (EVERYTHING, EMPTY):
            server.put(thread["thread"])
            for kind in LISTS:
                server.put_many(thread.get(kind, ()))
        server.put(ASSISTANT)
        for document, content in FILES:
            server.put_file(document, content)
        export(client_of(url), ["thread_1", "thread_2"], tmp_path / "first", files=True)
    return Archive(tmp_path / "first")


def documents(archive: Archive) -> dict[str, list[Any]]:
    """Everything in an archive, thread by thread."""
    held: dict[str, list[Any]] = {}
    for thread in archive.threads():
        held[thread.id] = [thread.document, *thread.messages(), *thread.runs(), *thread.steps()]
    return held


def test_an_export_is_what_the_server_holds(exported: Archive) -> None:
    assert verify(exported).is_whole
    lists = [EVERYTHING["thread"], *(d for kind in LISTS for d in EVERYTHING[kind])]
    empty = {**EMPTY["thread"], "tool_resources": {"code_interpreter": {"file_ids": []}}}
    assert documents(exported) == {"thread_1": lists, "thread_2": [empty]}
    assert list(exported.assistants()) == [ASSISTANT]
    assert {entry["id"]: entry["document"] for entry in exported.files()} == {
        document["id"]: document for document, _ in FILES
    }
    for entry, (_, content) in zip(exported.files(), sorted(FILES, key=_id), strict=True):
        path = exported.file_path(entry)
        assert path is not None
        assert path.read_bytes() == content


def _id(file: tuple[dict[str, Any], bytes]) -> str:
    return str(file[0]["id"])


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_it_and_reports_what_it_loses(exported: Archive, name: str) -> None:
    if name == "parquet":
        pytest.importorskip("pyarrow")
    out = exported.path.with_name("out")
    report = convert(exported, name, out)
    assert out.exists()
    assert report.threads == 2
    told = out.with_name("out.report.jsonl").read_text("utf-8")
    assert '"thread_1"' in told


def test_a_database_gives_the_same_archive_again(exported: Archive, tmp_path: Path) -> None:
    """With the old ids, so byte by byte; only the address that it came from differs."""
    import_into_database(exported, tmp_path / "old.db")
    with LocalServer(str(tmp_path / "old.db"), read_only=True) as server, running(server) as url:
        export(client_of(url), ["thread_1", "thread_2"], tmp_path / "again", files=True)
    assert contents(tmp_path / "again") == contents(exported.path)


def contents(folder: Path) -> dict[str, bytes]:
    held = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    manifest = held["manifest.json"]
    held["manifest.json"] = re.sub(rb'("source"|}},"sha256"):"[^"]*"', rb"\1", manifest)
    return held


def test_another_server_holds_the_same_but_for_what_it_gives_itself(
    exported: Archive, tmp_path: Path
) -> None:
    """Ids by the map; times, runs and authors are in the metadata; unknown parts are text."""
    with LocalServer(examples=False) as server, running(server) as url:

        async def bring() -> Any:
            async with client_of(url)() as client:
                return await import_archive(exported, client, assistants=True)

        report = asyncio.run(bring())
        assert report.is_complete
        lines = [json.loads(line) for line in report.map_path.read_text("utf-8").split("\n")[:-1]]
        new = {line["old"]: line["new"] for line in lines if line.get("old") and line.get("new")}
        export(client_of(url), [new["thread_1"], new["thread_2"]], tmp_path / "b", files=True)
    brought = Archive(tmp_path / "b")
    assert verify(brought).is_whole
    marks = {"laplas_origin", "laplas_once"}
    assert brought.thread(new["thread_2"]).document["metadata"].keys() == marks
    before = list(exported.thread("thread_1").messages())
    after = list(brought.thread(new["thread_1"]).messages())
    assert [m["id"] for m in after] == [new[m["id"]] for m in before]
    for old, now in zip(before, after, strict=True):
        origin = json.loads(now["metadata"].pop("laplas_origin"))
        now["metadata"].pop("laplas_once", None)
        now["metadata"].pop("laplas_annotations", None)
        assert origin["id"] == old["id"]
        assert origin["created_at"] == old["created_at"]
        assert now["role"] == old["role"]
        assert now["metadata"] == old["metadata"]
        assert now["attachments"] == renamed(old["attachments"], new)
        known = [part for part in old["content"] if part["type"] not in ("hologram", "refusal")]
        sent = [part for part in now["content"] if part["type"] != "text"]
        for part in sent:  # the detail that a server adds
            if part.get("image_file", {}).get("detail") == "auto":
                del part["image_file"]["detail"]
        assert sent == renamed([part for part in known if part["type"] != "text"], new)
        words = [part["text"]["value"] for part in known if part["type"] == "text"]
        assert [p["text"]["value"] for p in now["content"] if p["type"] == "text"][
            : len(words)
        ] == words


def renamed(value: Any, new: dict[str, str]) -> Any:
    """Return a document with its ids as the map has them."""
    text = json.dumps(value)
    for old, id_ in new.items():
        text = text.replace(json.dumps(old), json.dumps(id_))
    return json.loads(text)


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
    exported: Archive, tmp_path: Path
) -> None:
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


def recorded() -> Iterator[Any]:
    """Every object of the recordings, wherever an answer or an event holds it."""

    def found(value: Any) -> Iterator[Any]:
        if isinstance(value, dict):
            if value.get("object") in KINDS and isinstance(value.get("id"), str):
                yield value
            else:
                for inner in value.values():
                    yield from found(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from found(inner)

    for exchange in exchanges():
        body = exchange["response_body"]
        if isinstance(body, str):
            for _, payload in stream_events(body):
                yield from found(payload)
        else:
            yield from found(body)


def test_what_was_recorded_is_exported_as_it_was(tmp_path: Path) -> None:
    objects: dict[str, Any] = {}
    for document in recorded():
        if document.get("deleted") is None and "created_at" in document:
            objects[document["id"]] = document
    threads = {d["thread_id"] for d in objects.values() if d.get("thread_id")}
    threads |= {id_ for id_, document in objects.items() if document["object"] == "thread"}
    for id_ in threads - objects.keys():
        objects[id_] = {"id": id_, "object": "thread", "created_at": 1, "metadata": {}}
    steps = [d for d in objects.values() if d["object"] == "thread.run.step"]
    for step in steps:
        if step["run_id"] not in objects:  # a step is listed below its run
            fields = {"thread_id": step["thread_id"], "status": "completed", "created_at": 1}
            objects[step["run_id"]] = {"id": step["run_id"], "object": "thread.run", **fields}
    with LocalServer(examples=False) as server, running(server) as url:
        server.put_many(objects.values())
        export(client_of(url), sorted(threads), tmp_path / "archive")
    held = documents(Archive(tmp_path / "archive"))
    taken = {document["id"]: document for lists in held.values() for document in lists}
    expected = {
        id_: document
        for id_, document in objects.items()
        if document["object"] not in ("assistant", "file")
    }
    for document in expected.values():  # as recorded servers answer a retrieval after a create
        if document["object"] == "thread" and document.get("tool_resources") == {}:
            document["tool_resources"] = {"code_interpreter": {"file_ids": []}}
    assert len(threads) > 20
    assert [id_ for id_ in expected if taken.get(id_) != expected[id_]] == []
    assert taken.keys() == expected.keys()
    assert verify(tmp_path / "archive").total == 0


def test_the_package_is_light_to_import() -> None:
    """A program that reads archives loads neither the server nor what the extras add."""
    # httpx itself loads rich where it is installed.
    heavy = ("aiohttp", "jinja2", "pyarrow", "laplas.local", "markdown_it", "distributed")
    code = f"import sys, laplas.archive; print([name for name in {heavy} if name in sys.modules])"
    command = [sys.executable, "-c", code]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"
