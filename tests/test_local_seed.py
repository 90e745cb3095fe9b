"""What a server begins with: whole and as it was, or nothing, with the file and line to blame."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import EVERYTHING, FILES, archive_of_everything
from test_local_http import run_python

from laplas import Laplas
from laplas.local import LocalServer

THREAD = {"object": "thread", "id": "thread_1"}
QUESTION = {"object": "thread.message", "thread_id": "thread_1", "content": "How far is it?"}
ANSWER = QUESTION | {"role": "assistant", "content": [{"type": "text", "text": {"value": "Far."}}]}
ASSISTANT = {"object": "assistant", "id": "asst_1", "model": "llama3"}


def write(path: Path, *documents: object) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{json.dumps(each)}\n" for each in documents))
    return path


def test_an_archive_is_served_as_it_was(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path / "archive")
    with LocalServer(load=[archive.path], read_only=True) as server, Laplas.local(server) as client:
        assert [thread["id"] for thread in server.threads()] == [t.id for t in archive.threads()]
        for thread in archive.threads():
            assert server.messages(thread.id) == [*thread.messages()]
            assert [run.id for run in client.runs.list(thread.id, order="asc")] == [
                run["id"] for run in thread.runs()
            ]
        for document, content in FILES:
            assert client.files.content(document["id"]).read() == content
        assert server._store.children("thread.run.step", "run_1") == EVERYTHING["steps"]


def test_lines_by_hand_get_what_they_lack(tmp_path: Path) -> None:
    """Files come in any order, and what has a time is kept as it is."""
    answered = {**ANSWER, "id": "msg_odd", "created_at": 5, "new": [1]}
    write(tmp_path / "seed" / "a.jsonl", QUESTION, answered)
    write(tmp_path / "seed" / "b.jsonl", THREAD, ASSISTANT)
    with LocalServer(seed=1, examples=False) as server, Laplas.local(server) as client:
        server.load(tmp_path / "seed")
        odd, question = server.messages("thread_1")
        assert odd == answered
        retrieved = client.messages.retrieve("thread_1", question["id"])
        assert (retrieved.role, retrieved.text) == ("user", "How far is it?")
        assert client.thread("thread_1").ask("So?", assistant="asst_1").text == "Echo: So?"
        server.load(tmp_path / "seed" / "b.jsonl")  # again: replaced, not doubled
        assert [thread["id"] for thread in server.threads()] == ["thread_1"]


def spoil(name: str, *lines: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_text("\n".join(lines))
        return path

    return make


def archive_with(name: str, text: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        archive = archive_of_everything(folder / "archive")
        (archive.path / name).write_text(text)
        return archive.path

    return make


GOOD = json.dumps(THREAD)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda folder: folder / "none.jsonl", "none.jsonl: No such file"),
        (lambda folder: folder, "no *.jsonl files, and no manifest.json"),
        (spoil("a.jsonl", GOOD, "{"), "a.jsonl, line 2: not JSON"),
        (spoil("a.jsonl", GOOD, "[" * 100_000), "a.jsonl, line 2: not JSON"),
        (spoil("a.jsonl", GOOD, "", "[]"), "a.jsonl, line 3: give one JSON object a line"),
        (spoil("a.jsonl", GOOD, '{"object": "thred"}'), "a.jsonl, line 2: object: 'thred' is none"),
        (spoil("a.jsonl", GOOD, '{"object": "file"}'), "line 2: 'created_at' is missing"),
        (
            spoil("a.jsonl", GOOD, '{"object": "thread", "id": 1}'),
            "line 2: id: give a text",
        ),
        (
            spoil("a.jsonl", GOOD, json.dumps(THREAD | {"created_at": "now"})),
            "line 2: created_at: give a time",
        ),
        (
            spoil("a.jsonl", GOOD, json.dumps(THREAD | {"created_at": 10**30})),
            "line 2: Python int too large",
        ),
        (
            spoil("a.jsonl", GOOD, json.dumps({**QUESTION, "content": 5})),
            "line 2: content: give a text or a list",
        ),
        (spoil("a.jsonl", json.dumps(QUESTION)), "line 1: there is no thread 'thread_1'. Add it"),
        (archive_with("manifest.json", "{}"), "manifest.json, line 1: this is not the manifest"),
        (
            archive_with("manifest.json", '{"format": "laplas-archive", "version": 2}'),
            "version 2, newer than this laplas",
        ),
        (
            archive_with(
                "files.jsonl", '{"id": "f", "document": {}, "content": {"path": "files/../x"}}'
            ),
            "files.jsonl, line 1: 'files/../x' is no path of an archive",
        ),
        (
            archive_with(
                "files.jsonl", '{"id": "f", "document": {}, "content": {"path": "files/x"}}'
            ),
            "files/x: No such file",
        ),
        (archive_with("threads/thread_1/steps.jsonl", "{"), "steps.jsonl, line 1: not JSON"),
    ],
)
def test_a_seed_that_cannot_be_read_leaves_nothing(
    make: Callable[[Path], Path], problem: str, tmp_path: Path
) -> None:
    with LocalServer(examples=False) as server:
        with pytest.raises(ValueError, match=re.escape(problem)):
            server.load(make(tmp_path))
        assert server.threads() == []
        assert server._store.children("file", "") == []


def test_the_command_names_file_and_line_and_starts_nothing(tmp_path: Path) -> None:
    good, bad = (
        write(tmp_path / "a.jsonl", THREAD),
        write(tmp_path / "b.jsonl", THREAD, QUESTION, 3),
    )
    command = ("-m", "laplas.local", "--port", "0", "--seed", str(good), "--seed", str(bad))
    problem = f"cannot start: {bad}, line 3: give one JSON object a line\n"
    assert run_python(*command) == (1, "", problem)


def test_one_path_is_no_list_and_the_database_of_a_refused_seed_is_closed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"load: give a list of paths, as in \['a'\]"):
        LocalServer(load="a")
    with pytest.raises(ValueError, match="No such file"):
        LocalServer(str(tmp_path / "x.db"), load=[tmp_path / "a"])
    with LocalServer(str(tmp_path / "x.db")) as server:
        assert [thread["id"] for thread in server.threads()] == ["thread_abc123"]
