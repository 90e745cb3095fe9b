"""What `laplas import --into conversations` makes, as the real openai package reads it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from archives import EMPTY, EVERYTHING, FILES, message, text
from test_archive_convert import ODD_THREAD
from test_archive_formats import STORED
from test_archive_import import Killing, kill_and_bring

from laplas.archive import conversation_batches, write_archive
from laplas.archive.cli import main
from laplas.local import LocalServer, running

LONG: dict[str, Any] = {
    "thread": {"id": "thread_long", "object": "thread", "created_at": 1},
    "messages": [message(n, "user", [text(f"{n}")], thread_id="thread_long") for n in range(130)],
}
THREADS: list[dict[str, Any]] = [EVERYTHING, EMPTY, LONG, ODD_THREAD]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    write_archive(tmp_path / "a", THREADS, files=FILES)
    return tmp_path / "a"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", "secret-key")
    monkeypatch.setattr("laplas.archive._creating.SETTLED", 0.0)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    with LocalServer(examples=False) as server, running(server) as url:
        monkeypatch.setenv("LAPLAS_BASE_URL", url)
        yield server


def bring(archive: Path, *more: str) -> int:
    return main(["import", str(archive), "--into", "conversations", *more])


def told(archive: Path) -> list[dict[str, Any]]:
    path = archive.with_name("a.imported.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def assert_all_is_there_once(archive: Path) -> None:
    """Compare every item, as openai lists it, with what was to be brought in."""
    made = {line["old"]: line["new"] for line in told(archive) if line["kind"] == "conversation"}
    assert made.keys() == {parts["thread"]["id"] for parts in THREADS}
    names = {document["id"]: document["filename"] for document, _ in FILES}
    url = os.environ["LAPLAS_BASE_URL"]
    with openai.OpenAI(base_url=url, api_key="x", max_retries=0) as client:
        for parts in THREADS:
            _, batches, _ = conversation_batches(parts, names)
            wanted = [item for batch in batches for item in batch]
            new = made[parts["thread"]["id"]]
            listed = client.conversations.items.list(new, order="asc", limit=100)
            found = [item.to_dict() for item in listed]
            for item, each in zip(found, wanted, strict=True):
                STORED.validate_python(item)
                sendable = json.loads(json.dumps(each).replace(r"\u0000", r"\ufffd"))
                assert item == {**sendable, "id": item["id"]}
            metadata: Any = client.conversations.retrieve(new).metadata
            assert json.loads(metadata["laplas_origin"])["id"] == parts["thread"]["id"]
            if parts is not ODD_THREAD:
                assert metadata.items() >= parts["thread"].get("metadata", {}).items()


def posted_items(server: LocalServer) -> list[int]:
    posts = [r for r in server.requests if r.method == "POST" and r.path.endswith("/items")]
    return [len(json.loads(post.body)["items"]) for post in posts]


def test_every_item_is_there_and_losses_are_told(
    archive: Path, server: LocalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bring(archive) == 0
    assert_all_is_there_once(archive)
    assert max(posted_items(server)) == 20
    lost: Any = {
        line["old"]: line.get("changes") for line in told(archive) if line["kind"] == "done"
    }
    assert lost["thread_2"] is None
    assert "message.id left out: 2" in lost["thread_1"]
    assert "changed: message.created_at left out" in capsys.readouterr().out
    requests = len(server.requests)
    assert bring(archive) == 0
    assert len(server.requests) == requests


@pytest.mark.parametrize("skip", [0, 4])
@pytest.mark.parametrize("kind", ["reset-after-commit", "reset", "garbage", "status=503"])
def test_lost_answers_double_no_item(
    archive: Path, server: LocalServer, skip: int, kind: str
) -> None:
    server.faults.add(f"POST: 50% {kind} x9 skip={skip}", f"GET: {kind} x4 skip={skip}")
    for _ in range(9):
        if bring(archive, "--concurrency", "2") == 0:
            break
    assert server.faults.struck
    server.faults.clear()
    assert bring(archive) == 0
    assert_all_is_there_once(archive)


@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 4, 9])
def test_a_killed_import_doubles_no_item(
    archive: Path, monkeypatch: pytest.MonkeyPatch, at: int, after: bool
) -> None:
    with Killing(at, after) as server, running(server) as url:
        monkeypatch.setenv("LAPLAS_BASE_URL", url)
        kill_and_bring(server, archive, "conversations")
        assert_all_is_there_once(archive)


def test_what_a_server_does_not_have_is_told(
    archive: Path, server: LocalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.faults.add("POST: status=404 x*")
    # One at a time: what another worker had sent would meet the next fault.
    assert bring(archive, "--concurrency", "1") == 2
    assert "no Conversations" in capsys.readouterr().err
    server.faults.clear()
    server.faults.add("POST: status=400 x1 skip=1")
    assert bring(archive, "--concurrency", "1") == 3
    assert "failed: thread_1: 400" in capsys.readouterr().err
    assert bring(archive) == 0
    assert_all_is_there_once(archive)


class Odd(LocalServer):
    """A server that answers requests of a method with nonsense."""

    method, nonsense = "", b""

    def accept(self, method: str, *rest: Any) -> Any:
        accepted = super().accept(method, *rest)
        if method != self.method:
            return accepted

        def carry_out() -> Any:
            delivery = accepted.carry_out()
            return delivery._replace(response=delivery.response._replace(body=self.nonsense))

        return accepted._replace(carry_out=carry_out)


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    "nonsense", ["[]", "no json", "[" * 9999, '{"id": 7}', '{"data": 7}', '{"data": [{"id": 7}]}']
)
def test_nonsense_of_a_server_is_an_error(
    archive: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    method: str,
    nonsense: str,
) -> None:
    with Odd(examples=False) as server, running(server) as url:
        monkeypatch.setenv("LAPLAS_BASE_URL", url)
        if method == "GET":  # which is sent where an earlier import was cut
            server.faults.add("POST: status=400 x1 skip=1")
            assert bring(archive, "--concurrency", "1") == 3
        server.method, server.nonsense = method, nonsense.encode()
        assert bring(archive) == 3
        told_all = capsys.readouterr().err
        assert "Traceback" not in told_all
        assert "the server" in told_all
        server.method = ""
        if method == "GET":
            assert bring(archive) == 0
            assert_all_is_there_once(archive)
