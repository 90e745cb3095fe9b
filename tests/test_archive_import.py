"""What is brought in is there once and in order, however often the import is cut."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from archives import ANNOTATIONS, CITED, EVERYTHING, FILES, archive_of_everything, message, text
from support import ROOT

from laplas import (
    APIConnectionError,
    AsyncLaplas,
    AuthenticationError,
    InvalidArgumentError,
    Laplas,
    LaplasError,
)
from laplas.archive import (
    Archive,
    ArchiveError,
    ImportReport,
    import_archive,
    import_into_database,
    write_archive,
)
from laplas.archive.cli import main
from laplas.local import LocalServer, running

COMMAND = ("-m", "laplas.archive", "import")


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "generated"), str(ROOT / "wrappers")])
    return {**os.environ, "PYTHONPATH": path, "LAPLAS_API_KEY": "x"}


@pytest.fixture
def settle_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("laplas.archive._creating.SETTLED", 0.0)


def bring(archive: Archive, server: LocalServer, **options: Any) -> ImportReport:
    async def run() -> ImportReport:
        async with AsyncLaplas.local(server) as client:
            return await import_archive(archive, client, **options)

    return asyncio.run(run())


def lines(report_or_path: Any) -> list[dict[str, Any]]:
    path = getattr(report_or_path, "map_path", report_or_path)
    return [json.loads(line) for line in path.read_text().splitlines()]


def new_ids(path: Any, kind: str) -> dict[str, str]:
    return {line["old"]: line["new"] for line in lines(path) if line["kind"] == kind}


def stored(server: LocalServer, kind: str) -> list[dict[str, Any]]:
    return server._store.children(kind, "")


def small(folder: Path, threads: int = 3, messages: int = 4) -> Archive:
    write_archive(
        folder,
        [
            {
                "thread": {"id": f"thread_{n}", "object": "thread", "created_at": 1},
                "messages": [
                    message(m, ("user", "assistant")[m % 2], [text(f"{n}.{m}")], id=f"msg_{n}_{m}")
                    for m in range(messages)
                ],
            }
            for n in range(threads)
        ],
        files=FILES[:2],
    )
    return Archive(folder)


def assert_small_is_there_once(server: LocalServer, map_path: Path, threads: int = 3) -> None:
    ids = new_ids(map_path, "thread")
    assert {thread["id"] for thread in stored(server, "thread")} == set(ids.values())
    assert len(ids) == threads
    for old, new in ids.items():
        texts = [m["content"][0]["text"]["value"] for m in server.messages(new)]
        assert texts == [f"{old.removeprefix('thread_')}.{m}" for m in range(4)]
    assert sorted(f["filename"] for f in stored(server, "file")) == ["../plot 1.png", "cat.png"]


def test_one_of_everything_is_there_but_for_its_ids(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path / "a")
    server = LocalServer(examples=False)
    report = bring(archive, server, assistants=True)
    assert report.is_complete
    assert report.map_path == tmp_path / "a.imported.jsonl"
    threads, files = new_ids(report, "thread"), new_ids(report, "file")
    messages = new_ids(report, "message")
    with Laplas.local(server) as client:
        thread = client.threads.retrieve(threads["thread_1"]).to_dict()
        assert thread["tool_resources"] == {"code_interpreter": {"file_ids": [files["file-notes"]]}}
        assert thread["metadata"]["title"] == "All kinds"
        found = [m.to_dict() for m in client.messages.list(threads["thread_1"], order="asc")]
        for document, content in FILES:
            assert client.files.content(files[document["id"]]).content == content
        assert [a.name for a in client.assistants.list()] == ["Guide"]
    wanted = json.loads(json.dumps(EVERYTHING["messages"]))
    assert [m["id"] for m in found] == [messages[m["id"]] for m in wanted]
    assert [m["role"] for m in found] == [m["role"] for m in wanted]
    for old, new in files.items():
        wanted = json.loads(json.dumps(wanted).replace(old, new))
    assert found[0]["content"] == wanted[0]["content"]
    assert found[0]["metadata"].items() >= {"k": "v"}.items()
    assert [m["attachments"] for m in found] == [m["attachments"] for m in wanted]
    assert found[1]["content"] == wanted[1]["content"]
    assert found[2]["content"][0]["text"]["value"] == CITED
    notes = json.loads(found[2]["metadata"]["laplas_annotations"])
    assert notes == wanted[2]["content"][0]["text"]["annotations"]
    assert found[3]["content"][0]["image_file"]["file_id"] == files["file-plot"]
    assert found[4]["content"][0]["text"]["value"] == "I cannot help with that."
    assert json.loads(found[5]["metadata"]["laplas_origin"]) == {
        "id": "msg_6",
        "created_at": 1700000106,
        "run_id": "run_1",
        "assistant_id": "asst_1",
        "status": "incomplete",
        "incomplete_details": {"reason": "max_tokens"},
    }
    assert json.loads(found[6]["content"][0]["text"]["value"]) == wanted[6]["content"][0]
    changed = {line["old"]: line["changes"] for line in lines(report) if line.get("changes")}
    assert changed == {
        "file-plot": ["purpose: 'assistants_output' became 'vision'"],
        "msg_3": ["annotations: kept in metadata"],
        "msg_5": ["refusal: sent as text"],
        "msg_7": ["part 'hologram': sent as text"],
        "thread_1": ["runs: 1 left out", "steps: 2 left out"],
    }
    before = len(lines(report))
    assert bring(archive, server, assistants=True).counts == report.counts
    assert len(lines(report)) == before


@pytest.mark.usefixtures("settle_at_once")
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["reset-after-commit", "reset", "garbage", "status=503"])
def test_lost_answers_double_nothing(tmp_path: Path, seed: int, kind: str) -> None:
    archive = small(tmp_path / "a")
    server = LocalServer(examples=False, faults=[f"POST: 20% {kind}"], fault_seed=seed)
    for _ in range(20):
        try:
            if bring(archive, server, concurrency=2).is_complete:
                break
        except LaplasError:
            continue
    server.faults.clear()
    assert bring(archive, server).is_complete
    assert_small_is_there_once(server, tmp_path / "a.imported.jsonl")


class Killing(LocalServer):
    """A server that kills a process when it gets or has carried out so many requests."""

    def __init__(self, at: int, after: bool) -> None:
        super().__init__(examples=False)
        self.left, self.after, self.pid = at, after, 0

    def accept(self, method: str, *rest: Any) -> Any:
        accepted = super().accept(method, *rest)
        self.left -= method == "POST"
        if method == "POST" and self.left == 0 and self.pid:
            if self.after:
                accepted.carry_out()
            os.kill(self.pid, signal.SIGKILL)
            self.pid = 0
            if self.after:
                raise ConnectionResetError
        return accepted


def kill_and_bring(server: Killing, archive: Path, into: str) -> None:
    """Import with the command, which the server kills, and once more."""
    words = [sys.executable, *COMMAND, str(archive), "--into", into]
    for status in (-signal.SIGKILL, 0):
        child = subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE)
        server.pid = child.pid
        child.communicate(timeout=120)
        assert child.returncode == status
        server.pid = 0


@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGKILL")
@pytest.mark.parametrize("at", [1, 2, 3, 4, 6, 9, 13, 17])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_killed_import_goes_on_and_doubles_nothing(tmp_path: Path, at: int, after: bool) -> None:
    small(tmp_path / "a")
    with Killing(at, after) as server:
        with running(server) as url:
            kill_and_bring(server, tmp_path / "a", url)
        assert_small_is_there_once(server, tmp_path / "a.imported.jsonl")


def test_a_cut_line_of_the_map_is_written_again(tmp_path: Path) -> None:
    archive = small(tmp_path / "a")
    server = LocalServer(examples=False)
    report = bring(archive, server)
    whole = report.map_path.read_bytes()
    report.map_path.write_bytes(whole[:-5])
    assert bring(archive, server).is_complete
    assert_small_is_there_once(server, report.map_path)


def test_other_maps_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    archive = small(tmp_path / "a")
    server = LocalServer(examples=False)
    path = tmp_path / "map"
    header = b'{"kind":"import","format":"laplas-import","import":"i","into":"http://localhost"}\n'
    for data, said in (
        (b"no json\nat all", "line 1"),
        (b"one line of something else", "line 1"),
        (b"\xff\n", "line 1"),
        (b"[" * 99999 + b"\n", "line 1"),
        (b'{"format":"x"}\n', "line 1"),
        (header.replace(b"localhost", b"other"), "http://other"),
        (header + b"[1]\n{}", "line 2"),
        (header + b'{"kind":"message","old":"m","thread":[]}\n', "line 2"),
    ):
        path.write_bytes(data)
        with pytest.raises(ArchiveError, match=said):
            bring(archive, server, map_path=path)
        assert path.read_bytes() == data
    path.write_bytes(header[:20])  # killed in its first write
    assert bring(archive, server, map_path=path).is_complete


def test_two_imports_cannot_write_one_map(tmp_path: Path) -> None:
    archive = small(tmp_path / "a")
    with LocalServer(examples=False) as server, running(server) as url:
        others: list[subprocess.CompletedProcess[str]] = []

        def another(counts: Any) -> None:
            if not others:
                words = [sys.executable, *COMMAND, str(tmp_path / "a"), "--into", url]
                others.append(
                    subprocess.run(
                        words, env=environment(), capture_output=True, text=True, timeout=120
                    )
                )

        async def run() -> ImportReport:
            async with AsyncLaplas(base_url=url, api_key="x") as client:
                return await import_archive(archive, client, on_progress=another)

        assert asyncio.run(run()).is_complete
        assert others[0].returncode == 2
        assert "another import" in others[0].stderr
        assert_small_is_there_once(server, tmp_path / "a.imported.jsonl")


@contextmanager
def serving(database: Path, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve a database from a process of its own; yields the URL."""
    words = ["--database", str(database), "--no-examples", "--port", str(port)]
    with subprocess.Popen(
        [sys.executable, "-m", "laplas.local", *words],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            found = process.stdout and re.search(r"http://[\w.]+:\d+", process.stdout.readline())
            assert found
            yield found[0], process
        finally:
            process.kill()


@pytest.mark.parametrize("at", [1, 4, 9])
def test_a_server_that_dies_midway_loses_and_doubles_nothing(tmp_path: Path, at: int) -> None:
    archive = small(tmp_path / "a")

    async def run(url: str, on_progress: Any) -> ImportReport:
        async with AsyncLaplas(base_url=url, api_key="x") as client:
            return await import_archive(archive, client, on_progress=on_progress)

    with serving(tmp_path / "server.db") as (url, process):

        def kill(counts: Any) -> None:
            if sum(counts.values()) == at:
                process.kill()
                process.wait()

        with pytest.raises(APIConnectionError):
            asyncio.run(run(url, kill))
    with serving(tmp_path / "server.db", int(url.rpartition(":")[2])) as (url, _):
        assert asyncio.run(run(url, None)).is_complete
    with LocalServer(str(tmp_path / "server.db"), examples=False) as server:
        assert_small_is_there_once(server, tmp_path / "a.imported.jsonl")


@pytest.mark.parametrize(
    ("refusals", "changes"),
    [
        (1, ["part 'image_file': sent as text"]),
        (2, ["role 'assistant': sent as the user, kept in metadata",
             "part 'image_file': sent as text"]),
    ],
    ids=["picture", "role"],
)  # fmt: skip
def test_what_is_refused_is_sent_with_less(
    tmp_path: Path, refusals: int, changes: list[str]
) -> None:
    archive = archive_of_everything(tmp_path / "a")
    server = LocalServer(examples=False, faults=[f"create_message: status=400 x{refusals} skip=3"])
    report = bring(archive, server, concurrency=1)
    assert report.is_complete
    (line,) = [line for line in lines(report) if line.get("old") == "msg_4"]
    assert line["changes"] == changes


def test_what_is_always_refused_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    archive = small(tmp_path / "a", threads=1)
    server = LocalServer(examples=False, faults=["create_message: status=400 x1 skip=2"])
    report = bring(archive, server, concurrency=1)
    assert not report.is_complete
    assert report.counts["message refused"] == 1
    assert report.counts["message"] == 3


ODD: list[dict[str, Any]] = [
    {"role": "system", "content": [text("x")]},
    {"role": None, "content": None},
    {"role": "user", "content": []},
    {"role": "user", "content": "plain", "attachments": None, "metadata": None},
    {"role": "user", "content": [text("\ud800 and \0")]},
    {"role": "user", "content": [None, 7, {"type": ["x"]}, {"type": "text"}, {"type": "text",
     "text": {"value": None, "annotations": None}}]},
    {"role": "user", "content": [text("x")], "metadata": {str(n): "v" for n in range(16)}},
    {"role": "user", "content": [text("x")], "metadata": {"k" * 65: "v", "long": "v" * 513,
     "n": 7, "": "v", "laplas_once": "before"}},
    {"role": "user", "content": [text("x")], "attachments": [None, {"file_id": 7},
     {"file_id": "file-gone", "tools": None}]},
    {"role": "assistant", "content": [text("a" * 300, *(ANNOTATIONS * 9))]},
    {"role": "user", "content": [{"type": "image_file", "image_file": {"file_id": "file-gone"}}]},
    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "no url"}}]},
    {"role": "user", "content": [text("")], "created_at": "yesterday", "run_id": "r" * 600},
    {"role": "user", "content": [text("😀" * 40000)], "id": "../\n é" * 90},
]  # fmt: skip


def test_odd_messages_are_all_there(tmp_path: Path) -> None:
    messages = [{"id": f"msg_{n}", **odd} for n, odd in enumerate(ODD)] + [
        {"id": "msg_0", **ODD[0]}
    ]
    thread = {"id": "../t", "metadata": None, "tool_resources": {
        "code_interpreter": {"file_ids": ["file-gone"]},
        "file_search": {"vector_store_ids": ["vs_1"]}}}  # fmt: skip
    write_archive(tmp_path / "a", [{"thread": thread, "messages": messages}])
    server = LocalServer(examples=False)
    report = bring(Archive(tmp_path / "a"), server)
    assert report.is_complete
    (new,) = new_ids(report, "thread").values()
    assert len(server.messages(new)) == len(messages)
    changed = Counter(line["old"] for line in lines(report) if line.get("changes"))
    unchanged = {"msg_3", "msg_13", "../\n é" * 90}
    assert {m["id"] for m in messages} - set(changed) <= unchanged
    assert report.changes["tool_resources"] == 1


def test_an_import_without_a_key_or_with_nonsense_ends_at_once(tmp_path: Path) -> None:
    archive = small(tmp_path / "a")
    server = LocalServer(examples=False)
    with pytest.raises(InvalidArgumentError, match="concurrency"):
        bring(archive, server, concurrency=0)
    assert not (tmp_path / "a.imported.jsonl").exists()
    server.faults.add("POST: status=401 x*")
    with pytest.raises(AuthenticationError):
        bring(archive, server)


def test_a_database_serves_the_old_ids(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path / "a")
    report = import_into_database(archive, tmp_path / "archive.db")
    assert report.counts == {
        "thread": 2, "message": 7, "run": 1, "step": 2, "assistant": 1, "file": 3
    }  # fmt: skip
    assert not report.changes
    with (
        LocalServer(str(tmp_path / "archive.db"), read_only=True) as server,
        running(server) as url,
        Laplas(base_url=url, api_key="x") as client,
    ):

        def listed(path: str) -> Any:
            query: dict[str, Any] = {"order": "asc", "limit": 100}
            if path.endswith("steps"):
                query["include[]"] = "step_details.tool_calls[*].file_search.results[*].content"
            return client.request("GET", path, query=query).json()["data"]

        assert listed("/threads/thread_1/messages") == EVERYTHING["messages"]
        assert listed("/threads/thread_1/runs") == EVERYTHING["runs"]
        assert listed("/threads/thread_1/runs/run_1/steps") == EVERYTHING["steps"]
        got = client.request("GET", "/threads/thread_1").json()
        assert got == EVERYTHING["thread"]
        for document, content in FILES:
            assert client.request("GET", f"/files/{document['id']}").json() == document
            assert client.files.content(document["id"]).content == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "archive.db"]
    with pytest.raises(ArchiveError, match="there already"):
        import_into_database(archive, tmp_path / "archive.db")


def test_a_database_takes_what_is_odd_and_keeps_the_order(tmp_path: Path) -> None:
    messages = [{"created_at": 9 - n, "id": f"msg_{n}", **odd} for n, odd in enumerate(ODD[:9])]
    write_archive(tmp_path / "a", [{"thread": {"id": "é/x"}, "messages": messages}])
    report = import_into_database(Archive(tmp_path / "a"), tmp_path / "b.db")
    assert report.changes["created_at of a thread.message"] == 8
    with LocalServer(str(tmp_path / "b.db")) as server:
        found = server.messages("é/x")
    assert [m["id"] for m in found] == [m["id"] for m in messages]
    assert [m["content"] for m in found] == [m["content"] for m in messages]


@pytest.mark.parametrize("thread", [{"id": "t"}, {"id": "u"}], ids=["twice", "message-twice"])
def test_a_database_is_not_half_written(tmp_path: Path, thread: dict[str, Any]) -> None:
    one = {"thread": {"id": "t"}, "messages": [message(1, "user", [text("x")])]}
    write_archive(tmp_path / "a", [one, {**one, "thread": thread}])
    with pytest.raises(ArchiveError, match="twice"):
        import_into_database(Archive(tmp_path / "a"), tmp_path / "b.db")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none", "--into", "x.db"], "no such folder"),
        (["a", "--into", "ftp://x"], "must be a URL"),
        (["a", "--into", "somewhere"], "must be a URL"),
        (["a", "--into", "http://"], "base_url"),
        (["a", "--into", "https://[half"], "base_url"),
        (["a", "--into", "nowhere/x.db"], "nowhere/x.db cannot be written"),
        (["a", "--into", "theirs.db"], "there already"),
        (["a", "--into", "local:"], "name the file"),
        (["a", "--into", "http://127.0.0.1:9", "--concurrency", "0"], "concurrency"),
    ],
    ids=["archive", "scheme", "word", "host", "half", "folder", "theirs", "file", "concurrency"],
)
def test_wrong_usage_is_status_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", "secret-key")
    monkeypatch.chdir(tmp_path)
    small(tmp_path / "a")
    (tmp_path / "theirs.db").write_bytes(b"of another program")
    assert main(["import", *words]) == 2
    assert said in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "theirs.db"]
    assert (tmp_path / "theirs.db").read_bytes() == b"of another program"


def test_the_command_brings_into_a_database_and_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", "secret-key")
    small(tmp_path / "a")
    assert main(["import", str(tmp_path / "a"), "--into", str(tmp_path / "a.db")]) == 0
    assert "--read-only" in capsys.readouterr().out
    with LocalServer(examples=False) as server, running(server) as url:
        assert main(["import", str(tmp_path / "a"), "--into", url]) == 0
        server.faults.add("create_thread: status=404 x1")
        there = ["--map", str(tmp_path / "b")]
        assert main(["import", str(tmp_path / "a"), "--into", url, *there]) == 3
        assert main(["import", str(tmp_path / "a"), "--into", url, *there]) == 0
    assert "message 12" in capsys.readouterr().out
    assert "secret-key" not in (tmp_path / "a.imported.jsonl").read_text()
