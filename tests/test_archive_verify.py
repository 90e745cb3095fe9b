"""`laplas verify` finds every damage and every difference; no command stumbles over a damage."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from archives import ASSISTANT, EMPTY, EVERYTHING, FILES, archive_of_everything, file

from laplas import AsyncLaplas, AuthenticationError, Laplas
from laplas.archive import Archive, ArchiveError, VerifyReport, export, verify
from laplas.archive._format import line_of
from laplas.archive._journal import JOURNAL
from laplas.archive._verifying import MOST_TOLD
from laplas.archive._writing import index_entry, write_lines, write_manifest
from laplas.archive.cli import main
from laplas.local import Fault, LocalServer, running

THREAD = "threads/thread_1"
MESSAGES = f"{THREAD}/messages.jsonl"


def read(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def edit(folder: Path, name: str, change: Callable[[list[Any]], object]) -> None:
    """Change the lines of a file in place."""
    lines = read(folder / name)
    change(lines)
    write_lines(folder / name, lines)


def seal(folder: Path) -> None:
    """Write index and manifest anew: all digests and counts are right."""
    entries = [index_entry(folder, e["id"], e["folder"]) for e in read(folder / "index.jsonl")]
    write_lines(folder / "index.jsonl", entries)
    seal_manifest(folder)


def seal_manifest(folder: Path) -> None:
    names = ("assistants", "files", "gone", "failed")
    entries = read(folder / "index.jsonl")
    counts = {name: len(read(folder / f"{name}.jsonl")) for name in names}
    counts |= {kind: sum(e[kind] for e in entries) for kind in ("messages", "runs", "steps")}
    counts["threads"] = len(entries)
    write_manifest(folder, counts, source="http://x", complete=not counts["failed"])


def said(report: VerifyReport) -> str:
    return "\n".join(map(str, report.problems))


# ---- damage by chance ----


def mutated(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    upto = min(len(data), at + chance.randint(1, 40))
    kind = chance.choice(("flip", "delete", "insert", "cut", "double", "blank"))
    if kind == "flip" and at < len(data):
        return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
    if kind == "delete":
        return data[:at] + data[upto:]
    if kind == "cut":
        return data[:at]
    if kind == "double":
        return data[:upto] + data[at:]
    return (
        data[:at] + (chance.choice((b" ", b"\n", b"\r")) if kind == "blank" else b"0") + data[at:]
    )


def test_any_change_of_any_byte_is_found(tmp_path: Path) -> None:
    archive_of_everything(tmp_path)
    assert verify(tmp_path).is_whole
    paths = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    chance = random.Random(12)
    for path in paths:
        whole = path.read_bytes()
        for _ in range(40):
            if (data := mutated(chance, whole)) == whole:
                continue
            path.write_bytes(data)
            try:
                report = verify(tmp_path)
            except ArchiveError:
                assert path.name == "manifest.json"
            else:
                assert path.relative_to(tmp_path).as_posix() in said(report)
        path.unlink()
        if path.name != "manifest.json":
            assert not verify(tmp_path).is_whole, path
        path.write_bytes(whole)
        stray = path.with_name("stray")
        stray.touch()
        assert said(verify(tmp_path)).endswith("stray: is not part of the archive")
        stray.unlink()
    assert verify(tmp_path).is_whole


# ---- damage with right digests ----


def link(folder: Path, name: str) -> None:
    """Move what has this name out of the archive, and put a link to it in its place."""
    outside = folder.with_name("outside")
    (folder / name).rename(outside)
    (folder / name).symlink_to(outside)


def edited(name: str, change: Callable[[list[Any]], object]) -> Callable[[Path], None]:
    return partial(edit, name=name, change=change)


SEALED: dict[str, tuple[str, Callable[[Path], object]]] = {
    f"{MESSAGES} line 2: 'msg_1' is there twice": (
        "id twice", edited(MESSAGES, lambda x: x.insert(1, x[0]))),
    f"{MESSAGES} line 3: is of another thread: 'thread_2'": (
        "thread_id", edited(MESSAGES, lambda x: x[2].update(thread_id="thread_2"))),
    f"{MESSAGES} line 1: is no object with an id": (
        "no id", edited(MESSAGES, lambda x: x[0].pop("id"))),
    f"{THREAD}/steps.jsonl line 1: is of a run that is not here: 'run_9'": (
        "run_id", edited(f"{THREAD}/steps.jsonl", lambda x: x[0].update(run_id="run_9"))),
    f"{THREAD}/thread.json: is another thread: 'thread_9'": (
        "thread", edited(f"{THREAD}/thread.json", lambda x: x[0].update(id="thread_9"))),
    f"{MESSAGES} line 1: is no JSON": (
        "blank", lambda folder: (folder / MESSAGES).write_bytes(b"\n")),
    "threads/thread_1: is no plain": ("folder linked", partial(link, name=THREAD)),
    "threads/thread_2: is no plain": ("threads linked", partial(link, name="threads")),
    "files/file-cat: is no plain": ("file linked", partial(link, name="files/file-cat")),
    f"{MESSAGES}: is no plain": ("messages linked", partial(link, name=MESSAGES)),
    "files.jsonl line 1: has the document of another file": (
        "file document", edited("files.jsonl", lambda x: x[0]["document"].update(id="file-x"))),
    "files.jsonl line 1: 'file-cat' cannot be at 'files/../x'": (
        "file climbs", edited("files.jsonl", lambda x: x[0]["content"].update(path="files/../x"))),
    "assistants.jsonl line 2: 'asst_1' is there twice": (
        "assistant twice", edited("assistants.jsonl", lambda x: x.append(x[0]))),
    "gone.jsonl line 1: says no kind": (
        "gone", edited("gone.jsonl", lambda x: x.append({"id": "thread_7"}))),
}  # fmt: skip


@pytest.mark.parametrize("expected", SEALED, ids=[name for name, _ in SEALED.values()])
def test_what_digests_cannot_tell_is_found(tmp_path: Path, expected: str) -> None:
    folder = tmp_path / "a"
    archive_of_everything(folder)
    SEALED[expected][1](folder)
    seal(folder)
    assert expected in said(verify(folder))


INDEXES: dict[str, Callable[[list[Any]], object]] = {
    "index.jsonl line 2: 'thread_1' is there twice": lambda index: index.insert(1, index[0]),
    "index.jsonl line 2: 'thread_1' is out of order": lambda index: index.reverse(),
    "'thread_1' cannot be at '../x'": lambda index: index[0].update(folder="../x"),
    "'thread_1' cannot be at 'threads/a/b'": lambda index: index[0].update(folder="threads/a/b"),
    "'thread_1' cannot be at None": lambda index: index[0].pop("folder"),
    "line 1: counts 6 messages; there are 7": lambda index: index[0].update(messages=6),
    f"{MESSAGES}: has 7 lines, not None": lambda index: index[0].update(files=7),
    "threads/thread_2: is not part of the archive": lambda index: index.pop(),
    "'' cannot be at 'threads/'": lambda index: index.insert(
        0, {**index[0], "id": "", "folder": "threads/"}
    ),
}


@pytest.mark.parametrize("expected", INDEXES)
def test_a_wrong_index_is_found(tmp_path: Path, expected: str) -> None:
    archive_of_everything(tmp_path)
    edit(tmp_path, "index.jsonl", INDEXES[expected])
    seal_manifest(tmp_path)
    assert expected in said(verify(tmp_path))


def test_a_manifest_that_counts_wrong_is_found(tmp_path: Path) -> None:
    archive_of_everything(tmp_path)
    counts = {**Archive(tmp_path).manifest["counts"], "messages": 8, "failed": 1}
    write_manifest(tmp_path, counts, source=None, complete=False)
    assert said(verify(tmp_path)).splitlines() == [
        "manifest.json: counts 8 messages; there are 7",
        "manifest.json: counts 1 failed; there are 0",
        "manifest.json: says complete: False",
    ]


def test_all_problems_are_counted_and_the_first_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_of_everything(tmp_path)
    (tmp_path / MESSAGES).write_bytes(b"{}\n" * (MOST_TOLD + 5))
    report = verify(tmp_path)
    assert (len(report.problems), report.total) == (MOST_TOLD, MOST_TOLD + 8)
    assert main(["verify", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert printed.out.endswith("\n... and 8 more\n")
    assert "1,008 problems in 2 threads, 0 messages, 1 run" in printed.err
    assert f"laplas export --to {tmp_path} --again THREAD" in printed.err


# ---- the command ----


def test_what_was_gone_is_complete_and_what_failed_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_of_everything(tmp_path)
    assert main(["verify", str(tmp_path)]) == 0
    assert capsys.readouterr().out == (
        f"{tmp_path} is whole: 2 threads, 7 messages, 1 run, 2 steps, 1 assistant, 3 files\n"
    )
    lost = {"kind": "thread", "id": "thread_7", "error": "404"}
    edit(tmp_path, "gone.jsonl", lambda x: x.append(lost))
    seal(tmp_path)
    assert main(["verify", str(tmp_path)]) == 0
    assert "1 gone: the server did not have them" in capsys.readouterr().out
    edit(tmp_path, "failed.jsonl", lambda x: x.append(lost))
    seal(tmp_path)
    (tmp_path / JOURNAL).touch()  # what the next export goes on with
    assert not verify(tmp_path).is_whole
    assert main(["verify", str(tmp_path)]) == 3
    assert "1 failed: see failed.jsonl" in capsys.readouterr().out
    assert main(["verify", "--json", str(tmp_path)]) == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["failed"], told["gone"], told["problems"], told["total"]) == (1, 1, [], 0)


def test_an_export_in_which_something_failed_is_right_as_far_as_it_goes(tmp_path: Path) -> None:
    fault = Fault(kind="status", value=400, on="list_messages", skip=1, times=None)
    with LocalServer(faults=[fault]) as server:
        server.add_thread("thread_1")
        ids = ["thread_abc123", "thread_1"]
        done = export(lambda: AsyncLaplas.local(server), ids, tmp_path, concurrency=1)
    assert (done.threads, done.failed) == (1, 1)
    assert verify(tmp_path).problems == ()
    assert main(["verify", str(tmp_path)]) == 3


def test_a_complete_archive_with_a_journal_is_being_exported_into(tmp_path: Path) -> None:
    archive_of_everything(tmp_path)
    (tmp_path / JOURNAL).touch()
    assert said(verify(tmp_path)).endswith("not ended; run `laplas export` again")


# ---- every command on every damage ----


def change_manifest(folder: Path, **values: Any) -> None:
    path = folder / "manifest.json"
    path.write_bytes(line_of({**json.loads(path.read_bytes()), **values}))


def unfinished(folder: Path) -> None:
    (folder / "manifest.json").unlink()
    (folder / JOURNAL).touch()


def cut(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:-5])


def remove(folder: Path, name: str) -> None:
    (folder / name).unlink()


def replace(folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)


def into_folder(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()


def into_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


TOP: dict[str, Callable[[Path], object]] = {
    "no folder": shutil.rmtree,
    "a file": into_file,
    "no archive": partial(remove, name="manifest.json"),
    "unfinished": unfinished,
    "newer": partial(change_manifest, version=2),
    "version as text": partial(change_manifest, version="1"),
    "no counts": partial(change_manifest, counts=None),
    "odd counts": partial(change_manifest, counts={"threads": "two"}),
    "manifest cut": partial(cut, name="manifest.json"),
    "manifest is a folder": partial(into_folder, name="manifest.json"),
    "index missing": partial(remove, name="index.jsonl"),
    "index cut": partial(cut, name="index.jsonl"),
    "index of numbers": partial(replace, name="index.jsonl", data=b"7\n"),
    "index without counts": edited("index.jsonl", lambda x: x[0].update(messages=None)),
    "thread twice": edited("index.jsonl", lambda x: x.insert(0, x[0])),
    "index climbs": edited("index.jsonl", lambda x: x[0].update(folder="../x")),
    "index has a slash": edited("index.jsonl", lambda x: x[0].update(folder="threads/a/b")),
    "thread missing": partial(remove, name=f"{THREAD}/thread.json"),
    "thread cut": partial(cut, name=f"{THREAD}/thread.json"),
    "thread is a list": partial(replace, name=f"{THREAD}/thread.json", data=b"[]\n"),
    "thread of another": partial(replace, name=f"{THREAD}/thread.json", data=b'{"id":"x"}\n'),
    "thread folder linked": partial(link, name=THREAD),
    "messages missing": partial(remove, name=MESSAGES),
    "messages not UTF-8": partial(replace, name=MESSAGES, data=b'"\xff"\n'),
    "messages deep": partial(replace, name=MESSAGES, data=b"[" * 100_000 + b"\n"),
    "messages linked": partial(link, name=MESSAGES),
    "messages is a folder": partial(into_folder, name=MESSAGES),
}
"""What each command meets, but for `show`, which does not need a thread's own document."""
INSIDE: dict[str, Callable[[Path], object]] = {
    "messages cut": partial(cut, name=MESSAGES),
    "steps cut": partial(cut, name=f"{THREAD}/steps.jsonl"),
    "runs missing": partial(remove, name=f"{THREAD}/runs.jsonl"),
    "files cut": partial(cut, name="files.jsonl"),
    "file climbs": edited("files.jsonl", lambda x: x[0]["content"].update(path="../x")),
    "file has a slash": edited("files.jsonl", lambda x: x[0]["content"].update(path="files/a/b")),
    "file is odd": edited("files.jsonl", lambda x: x[0].update(content=[])),
    "file has no digest": edited("files.jsonl", lambda x: x[0]["content"].pop("sha256")),
    "file linked": partial(link, name="files/file-cat"),
    "bytes missing": partial(remove, name="files/file-cat"),
    "assistants of numbers": partial(replace, name="assistants.jsonl", data=b"7\n"),
    "assistant twice": edited("assistants.jsonl", lambda x: x.append(x[0])),
    "file twice": edited("files.jsonl", lambda x: x.insert(0, x[0])),
    "message twice": edited(MESSAGES, lambda x: x.insert(0, x[0])),
    "gone is cut": partial(replace, name="gone.jsonl", data=b"7"),
}
"""What only some commands meet."""


@pytest.fixture(scope="module")
def commands(local_server_url: str) -> dict[str, list[str]]:
    return {
        "verify": ["verify", "A"],
        "list": ["list", "A"],
        "show": ["show", "thread_1", "--archive", "A"],
        "view": ["view", "A", "--out", "OUT"],
        "markdown": ["convert", "A", "--to", "markdown", "--out", "OUT"],
        "conversations": ["convert", "A", "--to", "conversations", "--out", "OUT"],
        "database": ["import", "A", "--into", "OUT.db"],
        "server": ["import", "A", "--into", local_server_url, "--map", "OUT", "--assistants"],
    }


@pytest.mark.parametrize("damage", [*TOP, *INSIDE])
def test_each_command_tells_each_damage(
    tmp_path: Path,
    commands: dict[str, list[str]],
    damage: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", "k")
    monkeypatch.setattr("laplas.archive._creating.SETTLED", 0.0)
    archive_of_everything(tmp_path / "A")
    (TOP | INSIDE)[damage](tmp_path / "A")
    monkeypatch.chdir(tmp_path)
    before = {*tmp_path.iterdir()}
    found = {}
    for name, command in commands.items():
        status = found[name] = main(command)
        told = capsys.readouterr().err
        if status == 2:
            assert told.startswith(f"laplas {command[0]}: ")
            assert told.count("\n") == 1
            if name != "server":  # its map tells what was brought in before
                assert {*tmp_path.iterdir()} == before
        for made in {*tmp_path.iterdir()} - before:
            shutil.rmtree(made) if made.is_dir() else made.unlink()
    damaged = {"verify": (1, 2), "show": (0, 2), "server": (2, 3)}  # 3: other threads are there
    for name, status in found.items():
        assert status in (damaged.get(name, (2,)) if damage in TOP else (0, 1, 2, 3)), found
    assert found.pop("verify") == (2 if damage in list(TOP)[:10] else 1)
    assert 1 not in found.values()
    assert 2 in found.values() or damage == "message twice", found


# ---- against the server ----


def change_everything(server: LocalServer) -> None:
    server.add_message("thread_1", "new", created_at=1_800_000_000)
    server.put({**EVERYTHING["messages"][1], "metadata": {"k": "other"}, "more": 1})
    server.put({**EVERYTHING["runs"][0], "status": "failed"})
    server.put({**EVERYTHING["steps"][1], "usage": 7})
    server.put({**ASSISTANT, "name": "Other"})
    server.put({**EVERYTHING["thread"], "metadata": {}, "tool_resources": {}})
    server.put({**dict(reversed(EVERYTHING["messages"][0].items()))})  # the same


def test_what_differs_on_the_server_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with LocalServer(examples=False) as server, running(server) as url:
        third = {
            **EMPTY["thread"],
            "id": "thread_3",
            "tool_resources": {"a": {"file_id": "file-3"}},
        }
        server.put_many([EMPTY["thread"], EVERYTHING["thread"], third])
        server.put_many([*EVERYTHING["messages"], *EVERYTHING["runs"], *EVERYTHING["steps"]])
        server.put(ASSISTANT)
        for document, content in [*FILES, file("file-3", "3.txt", "assistants", b"3")]:
            server.put_file(document, content)
        monkeypatch.setenv("LAPLAS_API_KEY", "secret-key")
        monkeypatch.setenv("LAPLAS_BASE_URL", url)
        to = str(tmp_path)
        ids = ["thread_1", "thread_2", "thread_3"]
        assert main(["export", "--quiet", "--to", to, "--files", *ids]) == 0
        capsys.readouterr()
        assert main(["verify", to, "--live"]) == 0
        assert "is whole, as on the server: 3 threads" in capsys.readouterr().out
        change_everything(server)
        with Laplas() as client:
            client.messages.delete("thread_1", "msg_3")
            client.threads.delete("thread_3")
            client.files.delete("file-cat")
        assert main(["verify", to, "--live", "--concurrency", "1"]) == 1
        told = capsys.readouterr()
        new = server.messages("thread_1")[-1]["id"]
        assert main(["verify", to, "--live", "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["total"] == 10
    assert "is whole: 3 threads" in told.err
    assert told.out.splitlines() == [
        "thread_1: changed on the server: metadata, tool_resources",
        "thread_1: message msg_2 changed on the server: metadata, more",
        "thread_1: message msg_3 is no longer on the server",
        f"thread_1: message {new} is new on the server",
        "thread_1: run run_1 changed on the server: status",
        "thread_1: step step_2 changed on the server: usage",
        "thread_3: is no longer on the server",
        "assistant asst_1: changed on the server: name",
        "file file-3: is no longer named by the threads of the server",
        "file file-cat: is no longer on the server",
    ]


def test_a_damaged_archive_is_not_compared_and_a_failing_server_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("laplas.archive._fetching.FIRST_WAIT", 0.0)
    archive = archive_of_everything(tmp_path)
    fault = Fault(kind="status", on="retrieve_thread", times=None)
    with LocalServer(examples=False, faults=[fault]) as server:
        differences = verify(archive, live=lambda: AsyncLaplas.local(server)).differences
        assert [problem.where for problem in differences][:2] == ["thread_1", "thread_2"]
        assert differences[0].what.startswith("could not be read from the server: 500")
        (tmp_path / MESSAGES).write_bytes(b"7")
        sent = len(server.requests)
        report = verify(archive, live=lambda: AsyncLaplas.local(server))
        assert (report.is_whole, report.differences, len(server.requests)) == (False, (), sent)
    refusing = Fault(kind="status", value=401, times=None)
    whole = archive_of_everything(tmp_path / "whole")
    with (
        LocalServer(examples=False, faults=[refusing]) as server,
        pytest.raises(AuthenticationError),
    ):
        verify(whole, live=lambda: AsyncLaplas.local(server))
