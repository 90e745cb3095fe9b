"""An export brings what there is, whatever the server says, and tells what it could not bring."""

from __future__ import annotations

import asyncio
import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import archives
import pytest
from archives import tree

from laplas import AsyncLaplas, AuthenticationError, InvalidArgumentError, PermissionDeniedError
from laplas.archive import Archive, ArchiveError, ExportProgress, ExportResult, export
from laplas.archive._fetching import read_object
from laplas.archive._journal import JOURNAL, Journal
from laplas.archive.cli import main
from laplas.local import LocalResponse, LocalServer, running

pytest.importorskip("aiohttp")
IDS = [f"thread_{number}" for number in range(6)]
Answer = tuple[Any, ...]


class OddServer(LocalServer):
    """Answers as `odd` says, where that says something; remembers what it was asked."""

    def __init__(self, threads: int = 6, messages: int = 3) -> None:
        super().__init__(examples=False)
        self.asked: list[str] = []
        self.odd: Callable[[str, dict[str, str]], Answer | None] = lambda path, query: None
        self.wait = 0.0
        self.url = ""
        for number in range(threads):
            self.add_thread(IDS[number], created_at=number)
            self.put_many(shown(IDS[number], n) for n in range(messages))

    def accept(self, method: str, target: str, headers: Any, body: bytes) -> Any:
        self.asked.append(target)
        parts = urlsplit(target)
        given = self.odd(parts.path, {key: all_[0] for key, all_ in parse_qs(parts.query).items()})
        accepted = super().accept(method, target if given is None else "/x", headers, body)
        if given is None:
            return accepted._replace(wait_before=accepted.wait_before + self.wait)
        status, document, *more = given
        raw = document if isinstance(document, bytes) else json.dumps(document).encode()
        answer = LocalResponse(status, (("content-type", "application/json"), *more), raw)
        return accepted._replace(
            carry_out=lambda: (
                super(OddServer, self)
                .accept("GET", "/x", headers, b"")
                .carry_out()
                ._replace(response=answer)
            )
        )


def shown(in_thread: str, number: int, **more: Any) -> dict[str, Any]:
    """Return a message as a server shows it."""
    fields = {"id": f"msg_{in_thread[7:]}_{number}", "thread_id": in_thread, **more}
    return archives.message(number, "user", [archives.text(f"number {number}")], **fields)


def page(*items: dict[str, Any], more: Any = False) -> Answer:
    return 200, {"object": "list", "data": [*items], "has_more": more, "last_id": "msg_none"}


def error(status: int, *headers: tuple[str, str]) -> Answer:
    return status, {"error": {"message": "not today", "type": "odd"}}, *headers


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OddServer]:
    monkeypatch.setattr("laplas.archive._fetching.FIRST_WAIT", 0.001)
    monkeypatch.setenv("LAPLAS_API_KEY", "k")
    with OddServer() as odd, running(odd) as url:
        monkeypatch.setenv("LAPLAS_BASE_URL", url)
        odd.url = url
        yield odd


def take(to: Path, ids: Any = IDS, **options: Any) -> ExportResult:
    return export(AsyncLaplas, ids, to, **options)


def message_ids(archive: Path, thread_id: str) -> list[str]:
    return [message["id"] for message in Archive(archive).thread(thread_id).messages()]


def lost(archive: Path, state: str) -> list[tuple[str, str, str]]:
    lines = getattr(Archive(archive), state)()
    return [(line["kind"], line["id"], line["error"]) for line in lines]


# ---- a server that is busy, ill, or refuses ----


def test_after_a_429_no_worker_sends_before_the_time_the_server_asks_for(
    server: OddServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        server.add_thread(f"more_{number}")
    marks: list[int] = []

    def odd(path: str, query: dict[str, str]) -> Answer | None:
        if path == f"/threads/{IDS[3]}/messages":
            marks.append(len(server.asked))
            if len(marks) == 1:
                server.wait = 0.3  # the other workers learn of the 429 before they are answered
                return error(429, ("retry-after", "2"))
            server.wait = 0.0
        return None

    server.odd = odd
    rates: list[float | None] = []
    ids = [*IDS, *(f"more_{number}" for number in range(40))]
    result = take(
        tmp_path / "a", ids, concurrency=4, on_progress=lambda told: rates.append(told.rate)
    )
    assert (result.messages, result.complete, len(marks)) == (18, True, 2)
    # What each other worker had sent; then the turns that come first after the pause.
    assert marks[1] - marks[0] <= 2 * 3 + 1
    assert rates[0] is None
    assert any(rates)

    really = asyncio.sleep

    async def sleep(seconds: float) -> None:
        if seconds > 1:
            raise RuntimeError(seconds)
        await really(seconds)

    server.faults.add("GET: status=429 retry-after=600")
    monkeypatch.setattr("asyncio.sleep", sleep)
    with pytest.raises(RuntimeError) as slept:
        take(tmp_path / "b", concurrency=1)
    assert 500 < slept.value.args[0] <= 600


@pytest.mark.parametrize(
    "faults",
    [
        ["GET: status=503 x4", "GET: status=500 skip=9"],
        ["GET: reset x2", "GET: close skip=5 x2", "GET: truncate skip=3", "GET: disconnect skip=7"],
        ["GET: garbage", "GET: cut-json skip=2", "GET: empty skip=4", "GET: html=502 skip=5"],
        ["GET: status=429 retry-after-ms=5 x9", "GET: status=429 retry-after-ms=1 20%"],
    ],
)
def test_what_passes_leaves_no_trace(server: OddServer, tmp_path: Path, faults: list[str]) -> None:
    take(tmp_path / "plain")
    server.faults.add(*faults)
    assert take(tmp_path / "faulty").complete
    assert tree(tmp_path / "faulty") == tree(tmp_path / "plain")


@pytest.mark.parametrize(
    ("status", "kind"), [(401, AuthenticationError), (403, PermissionDeniedError)]
)
def test_a_refused_key_stops_all_at_once(
    server: OddServer, tmp_path: Path, capsys: Any, status: int, kind: type[Exception]
) -> None:
    server.odd = lambda path, query: error(status)
    with pytest.raises(kind):
        take(tmp_path / "a", concurrency=2)
    assert len(server.asked) <= 2
    assert main(["export", "--to", str(tmp_path / "a"), *IDS]) == 1
    told = capsys.readouterr().err
    assert str(status) in told
    assert "LAPLAS_API_KEY" in told
    assert "Traceback" not in told
    server.odd = lambda path, query: None
    assert main(["export", "--to", str(tmp_path / "a")]) == 0  # the journal knows which
    assert len(Archive(tmp_path / "a")) == len(IDS)


def test_what_failed_is_listed_and_is_all_that_the_next_run_asks_for(
    server: OddServer, tmp_path: Path, capsys: Any
) -> None:
    bad = [f"/threads/{IDS[1]}/messages", f"/threads/{IDS[2]}"]
    server.odd = lambda path, query: error(403) if path in bad else None
    arguments = ["export", "--to", str(tmp_path / "a"), *IDS, "thread_none"]
    assert main(arguments) == 3
    assert "2 failed: see failed.jsonl" in capsys.readouterr().out
    assert [line[:2] for line in lost(tmp_path / "a", "failed")] == [
        ("thread", IDS[1]),
        ("thread", IDS[2]),
    ]
    assert [line[1] for line in lost(tmp_path / "a", "gone")] == ["thread_none"]
    assert Archive(tmp_path / "a").manifest["complete"] is False
    server.odd = lambda path, query: None
    server.asked.clear()
    assert main(arguments) == 0
    assert {target.split("/")[2].partition("?")[0] for target in server.asked} == set(IDS[1:3])
    take(tmp_path / "plain", [*IDS, "thread_none"])
    assert tree(tmp_path / "a") == tree(tmp_path / "plain")


def test_a_server_that_is_no_longer_there_ends_the_export(
    tmp_path: Path, server: OddServer
) -> None:
    server.faults.add("GET: reset x* skip=20")
    many = [f"thread_{number}" for number in range(200)]
    assert main(["export", "--to", str(tmp_path / "a"), "--concurrency", "2", *many]) == 1
    assert len(server.asked) < 200
    server.faults.clear()
    assert take(tmp_path / "a", ()).threads == len(IDS)


def test_where_steps_or_runs_are_not_served_the_thread_is_brought(
    server: OddServer, tmp_path: Path
) -> None:
    server.put_many([archives.RUN, *archives.STEPS, archives.RUN | {"id": "a/b"}])
    server.odd = lambda path, query: error(404) if path.endswith("/steps") else None
    result = take(tmp_path / "a")
    assert (result.threads, result.runs, result.steps, result.complete) == (6, 2, 0, True)
    assert ("steps of run", archives.RUN["id"], "404 not today") in lost(tmp_path / "a", "gone")
    assert any(id_ == "a/b" for _, id_, _ in lost(tmp_path / "a", "gone"))
    server.odd = lambda path, query: error(501) if path.endswith("/runs") else None
    result = take(tmp_path / "b")
    assert (result.threads, result.runs, result.complete) == (6, 0, True)


# ---- servers that lie ----


def test_a_server_that_knows_no_include_gives_its_steps(server: OddServer, tmp_path: Path) -> None:
    """Without the texts that a search found, as it has no way to ask for them."""
    run = {"id": "run_1", "object": "thread.run", "created_at": 1, "thread_id": IDS[0]}
    step = {"id": "step_1", "object": "thread.run.step", "created_at": 1, "run_id": "run_1"}
    server.put_many([{**run, "status": "completed"}, {**step, "thread_id": IDS[0]}])
    server.odd = lambda path, query: error(400) if "include[]" in query else None
    result = take(tmp_path / "a")
    assert (result.steps, lost(tmp_path / "a", "failed")) == (1, [])


@pytest.mark.parametrize("body", [b"[1 2]", b'{"a": 1 "b": 2}', b'{"a" "b"}', b'["a" "b"]'])
def test_what_lacks_a_comma_is_not_mended(body: bytes) -> None:
    with pytest.raises(ValueError, match="no JSON"):
        read_object(body)


def circle(path: str, query: dict[str, str]) -> Answer | None:
    at = int(query.get("after", "_9").rpartition("_")[2])
    return page(shown(IDS[0], (at + 1) % 10), more=True)


def far_doubles(path: str, query: dict[str, str]) -> Answer | None:
    first = int(query.get("after", "_-1").rpartition("_")[2]) + 1
    twice = [shown(IDS[0], n) for n in range(first, first + 100) for _ in "12"]
    return page(*twice, shown(IDS[0], 0), shown(IDS[0], first + 99), more=first < 3000)


LIES: dict[str, tuple[Callable[..., Any], int | str]] = {
    "the same page for ever": (
        lambda path, query: page(shown(IDS[0], 1), more=True),
        "the listing does not move",
    ),
    "a circle": (circle, "the listing does not move"),
    "ids come again, near and far": (far_doubles, 3100),
    "more, and then nothing": (
        lambda path, query: page(*([] if "after" in query else [shown(IDS[0], 1)]), more=True),
        1,
    ),
    "nothing, and yet more": (lambda path, query: page(more=True), 0),
    "has_more is no boolean": (
        lambda path, query: page(*([] if "after" in query else [shown(IDS[0], 1)]), more="yes"),
        1,
    ),
    "a bare list": (
        lambda path, query: (200, [] if "after" in query else [shown(IDS[0], 1)]),
        1,
    ),
    "a message of another thread": (
        lambda path, query: page(shown(IDS[0], 1, thread_id="thread_x")),
        "'msg_0_1' is of another thread_id: 'thread_x'",
    ),
    "a message without an id": (lambda path, query: page({"role": "user"}), "no object with an id"),
    "an object for a list": (lambda path, query: (200, {"object": "list"}), "no array `data`"),
    "deep nesting": (lambda path, query: (200, b"[" * 100_000), "nested too deeply"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_server_that_lies(server: OddServer, tmp_path: Path, lie: str) -> None:
    odd, outcome = LIES[lie]
    server.odd = lambda path, query: (
        odd(path, query) if path == f"/threads/{IDS[0]}/messages" else None
    )
    result = take(tmp_path / "a", IDS[:2], concurrency=1)
    assert len(message_ids(tmp_path / "a", IDS[1])) == 3
    if isinstance(outcome, int):
        assert (result.complete, result.messages) == (True, outcome + 3)
        assert len(set(message_ids(tmp_path / "a", IDS[0]))) == outcome
        return
    assert (result.threads, result.failed, result.complete) == (1, 1, False)
    assert outcome in lost(tmp_path / "a", "failed")[0][2]
    server.odd = lambda path, query: None  # what it said before is not in the archive
    assert take(tmp_path / "a", ()).complete
    assert message_ids(tmp_path / "a", IDS[0]) == ["msg_0_0", "msg_0_1", "msg_0_2"]


def test_a_thread_that_says_to_be_another_is_not_brought(server: OddServer, tmp_path: Path) -> None:
    server.odd = lambda path, query: (200, {"id": "thread_x"}) if path.endswith(IDS[0]) else None
    assert take(tmp_path / "a").failed == 1
    assert "'thread_x'" in lost(tmp_path / "a", "failed")[0][2]


def test_a_server_that_begins_anew_at_a_cursor_it_lost_doubles_nothing(
    server: OddServer, tmp_path: Path
) -> None:
    server.put_many(shown(IDS[0], n) for n in range(3, 2500))
    deleted: list[str] = []

    def odd(path: str, query: dict[str, str]) -> Answer | None:
        if query.get("after") == "msg_0_1799":
            deleted.append(path)
            if len(deleted) < 3:
                return page(*(shown(IDS[0], n) for n in range(100)), more=True)
        return None

    server.odd = odd
    assert take(tmp_path / "a", IDS[:1]).messages == 2500
    assert message_ids(tmp_path / "a", IDS[0]) == [f"msg_0_{n}" for n in range(2500)]


def test_messages_come_and_go_while_they_are_listed(server: OddServer, tmp_path: Path) -> None:
    server.put_many(shown(IDS[0], n) for n in range(3, 250))
    done: list[str] = []

    def odd(path: str, query: dict[str, str]) -> Answer | None:
        if query.get("after") == "msg_0_99" and not done:
            done.append(path)
            server.handle("DELETE", f"{path}/msg_0_99", {"authorization": "Bearer k"}, b"")
            server.put_many([shown(IDS[0], 250)])
        return None

    server.odd = odd
    assert take(tmp_path / "a", IDS[:1]).complete
    assert done
    assert message_ids(tmp_path / "a", IDS[0]) == [f"msg_0_{n}" for n in range(251) if n != 99]

    def remove(path: str, query: dict[str, str]) -> None:
        if "after" in query:
            server.handle("DELETE", path.removesuffix("/messages"), {"api-key": "k"}, b"")

    server.odd = remove
    result = take(tmp_path / "b", IDS[:1])
    assert (result.threads, result.gone, result.complete) == (0, 1, True)
    assert not list((tmp_path / "b" / "threads").iterdir())


# ---- ids ----


def test_ids_from_a_file_and_from_standard_input(
    server: OddServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"\xef\xbb\xbfthread_0\r\n\r\n# a comment\r\n  thread_1  \r\nthread_0\r\nthread_2"
    (tmp_path / "ids.txt").write_bytes(text)
    assert main(["export", "--to", str(tmp_path / "a"), "--ids", str(tmp_path / "ids.txt")]) == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main(["export", "--to", str(tmp_path / "b"), "--ids", "-", IDS[3]]) == 0
    assert [thread.id for thread in Archive(tmp_path / "a").threads()] == IDS[:3]
    assert [thread.id for thread in Archive(tmp_path / "b").threads()] == IDS[:4]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"thread_0\n../x\n\na/b\n", r"line 2: '../x' would .*; .*line 4: 'a/b' would"),
        (b"thread_0\nthread\x00_1\n", r"line 2: must not contain"),
        ("thread_0".encode("utf-16"), "no text in UTF-8"),
        (b"\xff\xfe\n", "no text in UTF-8"),
        (None, "--ids: .*No such file"),
    ],
)
def test_bad_ids_are_told_with_their_line_before_anything_is_sent(
    server: OddServer, tmp_path: Path, capsys: Any, content: bytes | None, problem: str
) -> None:
    ids = tmp_path / "ids.txt"
    if content is not None:
        ids.write_bytes(content)
    assert main(["export", "--to", str(tmp_path / "new" / "a"), "--ids", str(ids)]) == 2
    assert re.search(problem, capsys.readouterr().err)
    assert not server.asked
    assert not (tmp_path / "new").exists()
    take(tmp_path / "b")
    before = tree(tmp_path / "b")
    assert main(["export", "--to", str(tmp_path / "b"), "--ids", str(ids)]) == 2
    assert tree(tmp_path / "b") == before


def test_all_that_the_server_lists_and_ids_that_nobody_can_ask_for(
    server: OddServer, tmp_path: Path, capsys: Any
) -> None:
    assert take(tmp_path / "a", (), all_threads=True).threads == 6
    bad = ["../x", "a/b", "nul\0", "", "\ud800"]
    server.odd = lambda path, query: (
        page(*({"id": id_} for id_ in [*bad, IDS[0]])) if path == "/threads" else None
    )
    result = take(tmp_path / "b", (), all_threads=True)
    assert (result.threads, result.gone, result.complete) == (1, 5, True)
    assert not any(path.name == "x" for path in tmp_path.rglob("*"))
    server.odd = lambda path, query: (
        page({"id": IDS["after" in query and query["after"] == IDS[0]]}, more=True)
        if path == "/threads"
        else None
    )
    assert main(["export", "--all", "--to", str(tmp_path / "d")]) == 1
    assert "the listing does not move" in capsys.readouterr().err
    server.odd = lambda path, query: error(404) if path == "/threads" else None
    assert main(["export", "--all", "--to", str(tmp_path / "c")]) == 2
    assert "does not list threads; give their ids" in capsys.readouterr().err


def test_ids_that_are_one_name_to_some_file_systems(server: OddServer, tmp_path: Path) -> None:
    ids = ["Thread_Z", "thread_z", "thréad z", "x" * 300, f"{'x' * 299}y", ".hidden", "%"]
    for number, thread_id in enumerate(ids):
        server.add_thread(thread_id, created_at=number)
        server.add_message(thread_id, thread_id, message_id=f"msg/../{number}")
    assert take(tmp_path / "a", ids[:-1]).complete
    archive = Archive(tmp_path / "a")
    folders = [thread.folder.name for thread in archive.threads()]
    assert len({name.casefold() for name in folders}) == 6
    assert all(re.fullmatch(r"[\w%~-][\w.%~-]*", name, re.ASCII) for name in folders)
    told = {
        thread.id: [text_of(message) for message in thread.messages()]
        for thread in archive.threads()
    }
    assert told == {thread_id: [thread_id] for thread_id in ids[:-1]}


def text_of(message: dict[str, Any]) -> str:
    return str(message["content"][0]["text"]["value"])


def test_files_and_assistants_that_nobody_can_ask_for(server: OddServer, tmp_path: Path) -> None:
    files: list[dict[str, Any]] = [
        {"file_id": id_, "tools": []} for id_ in ("../../x", "file-none", "file-cat", "file-no")
    ]
    server.put_file(archives.FILES[0][0], archives.PIXEL)
    server.put(archives.FILES[0][0] | {"id": "file-no"})
    server.put(shown(IDS[0], 7, attachments=files, assistant_id="asst_none"))
    server.odd = lambda path, query: error(400) if "no/content" in path else None
    result = take(tmp_path / "a", files=True)
    assert (result.files, result.complete) == (2, True)
    assert [line[:2] for line in lost(tmp_path / "a", "gone")] == [
        ("assistant", "asst_none"),
        ("content", "file-no"),
        ("file", "../../x"),
        ("file", "file-none"),
    ]
    archive = Archive(tmp_path / "a")
    paths = [archive.file_path(entry) for entry in archive.files()]
    assert paths[1] is None
    assert paths[0] is not None
    assert paths[0].read_bytes() == archives.PIXEL
    assert [path.name for path in (tmp_path / "a" / "files").iterdir()] == ["file-cat"]


# ---- folders ----


def test_an_archive_takes_more_threads_and_keeps_what_the_server_lost(
    server: OddServer, tmp_path: Path
) -> None:
    take(tmp_path / "a", IDS[:2])
    server.put_many([shown(IDS[0], 3)])
    server.handle("DELETE", f"/threads/{IDS[1]}", {"api-key": "k"}, b"")
    server.asked.clear()
    assert take(tmp_path / "a", IDS[:3]).messages == 9
    assert all(IDS[2] in target for target in server.asked)
    Journal(tmp_path / "a").close()  # as a process leaves it that is killed right there
    result = take(tmp_path / "a", IDS[:2], again=True)
    assert (result.threads, result.messages, result.gone, result.complete) == (3, 10, 1, True)
    assert message_ids(tmp_path / "a", IDS[1]) == ["msg_1_0", "msg_1_1", "msg_1_2"]
    again = take(tmp_path / "a", ())
    assert again == result


def test_an_export_goes_on_as_it_was_begun_or_not_at_all(
    server: OddServer, tmp_path: Path, capsys: Any
) -> None:
    server.odd = lambda path, query: error(403) if path.endswith(IDS[1]) else None
    assert main(["export", "--to", str(tmp_path / "a"), *IDS]) == 3
    before = tree(tmp_path / "a")
    arguments = ["export", "--to", str(tmp_path / "a"), *IDS]
    assert main([*arguments, "--files"]) == 2
    assert "was begun without the bytes of files" in capsys.readouterr().err
    assert main([*arguments, "--base-url", "http://127.0.0.1:9/v2"]) == 2
    told = capsys.readouterr().err
    assert f"is from {server.url}, not from http://127.0.0.1:9/v2" in told
    assert tree(tmp_path / "a").keys() == before.keys()
    server.odd = lambda path, query: None
    assert main([*arguments, "--concurrency", "1", "--rate", "5000"]) == 0
    assert main([*arguments, "--files"]) == 0  # it is complete: the bytes are added


def test_a_second_export_into_the_same_folder_is_refused(server: OddServer, tmp_path: Path) -> None:
    told: list[tuple[int, str]] = []

    def start_another(progress: ExportProgress) -> None:
        if not told:
            done = run_laplas("--to", str(tmp_path / "a"), IDS[0])
            told.append((done.returncode, done.stderr))

    assert take(tmp_path / "a", on_progress=start_another).complete
    assert told[0][0] == 2
    assert f"is running (process {os.getpid()})" in told[0][1]
    take(tmp_path / "plain")
    assert tree(tmp_path / "a") == tree(tmp_path / "plain")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("file", "this is no folder"),
        ("file/a", "Not a directory"),
        ("other", "there are other things in this folder"),
        ("newer", "version 99 of the format is newer"),
        ("damaged", "the archive is damaged"),
        ("no\0name", "null"),
        ("/proc/none", "No such file"),
        ("locked", "unable to open database file"),
        ("torn", "the journal is damaged"),
    ],
)
def test_a_folder_that_cannot_be_one_is_refused_untouched(
    server: OddServer, tmp_path: Path, capsys: Any, name: str, problem: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thing").touch()
    for folder, file, content in (
        ("newer", "manifest.json", '{"format":"laplas-archive","version":99}\n'),
        ("damaged", "files.jsonl", '{"id":1}\n'),
    ):
        take(tmp_path / folder, IDS[:1])
        (tmp_path / folder / file).write_text(content)
    (tmp_path / "locked" / JOURNAL).mkdir(parents=True)
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / JOURNAL).write_bytes(b"no database" * 99)
    before = tree(tmp_path)
    server.asked.clear()
    assert main(["export", "--to", str(tmp_path / name), IDS[0]]) == 2
    assert problem in capsys.readouterr().err
    assert tree(tmp_path) == before
    assert not server.asked


def test_bad_arguments(server: OddServer, tmp_path: Path, capsys: Any) -> None:
    for option, value in (("--rate", "0"), ("--rate", "nan"), ("--concurrency", "0")):
        assert main(["export", "--to", str(tmp_path / "a"), option, value, IDS[0]]) == 2
        assert option[2:] in capsys.readouterr().err
    assert main(["export", "--to", str(tmp_path / "a")]) == 2
    for name, arguments in {
        "ids": (AsyncLaplas, "thread_1"),
        "ids[1]": (AsyncLaplas, ["thread_1", 5]),
        "client_factory": (dict, ["thread_1"]),
    }.items():
        with pytest.raises(InvalidArgumentError, match=re.escape(name)):
            export(*arguments, tmp_path / "a")  # type: ignore[arg-type]
    assert not server.asked
    assert not (tmp_path / "a").exists()


# ---- stopped ----


def run_laplas(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    program = (
        f"import sys; from laplas.archive.cli import main; {before}\nsys.exit(main(sys.argv[1:]))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", program, "export", *arguments],
        env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_signal_stops_it_and_the_same_command_goes_on(
    server: OddServer, tmp_path: Path, name: str, status: int
) -> None:
    take(tmp_path / "plain")
    server.asked.clear()
    pids: list[int] = []

    def odd(path: str, query: dict[str, str]) -> None:
        if len(server.asked) == 8:
            pids.append(int((tmp_path / "a" / f"{JOURNAL}-pid").read_text().split()[1]))
            os.kill(pids[0], getattr(signal, name))

    server.odd = odd
    arguments = ["--to", str(tmp_path / "a"), "--concurrency", "2", *IDS]
    done = run_laplas(*arguments)
    assert done.returncode == status
    assert (
        done.stderr
        == "laplas export: Stopped. Nothing is lost: run the same command again to go on.\n"
    )
    assert not (tmp_path / "a" / f"{JOURNAL}-pid").exists()
    first = len(server.asked)
    assert main(["export", *arguments]) == 0
    assert len(server.asked) - first < 3 * len(IDS)
    assert tree(tmp_path / "a") == tree(tmp_path / "plain")


@pytest.mark.parametrize("size", [0, 30_000, 60_000, 120_000])
def test_a_full_disk_loses_nothing(server: OddServer, tmp_path: Path, size: int) -> None:
    for thread_id in IDS:
        server.put_many(shown(thread_id, n) for n in range(3, 300))
    take(tmp_path / "plain")
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    done = run_laplas("--to", str(tmp_path / "a"), *IDS, before=limit)
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    assert re.search("make space|see that there is space", done.stderr)
    assert take(tmp_path / "a").complete
    assert tree(tmp_path / "a") == tree(tmp_path / "plain")


# ---- progress ----


def test_progress_in_lines_and_on_a_terminal(
    server: OddServer, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("laplas.archive.cli.export_command._EVERY", 0.0)
    assert main(["export", "--to", str(tmp_path / "a"), "--rate", "500", *IDS, "thread_none"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "0 of 7 threads, 0 messages, at most 500 requests/s"
    assert lines[-1] == "7 of 7 threads, 18 messages, 1 gone, 0 failed, at most 500 requests/s"
    assert main(["export", "--to", str(tmp_path / "b"), "--quiet", *IDS]) == 0
    assert capsys.readouterr().err == ""
    pytest.importorskip("rich")
    leader, follower = pty.openpty()
    shown: list[bytes] = []

    def read() -> None:
        while chunk := os.read(leader, 4096):
            shown.append(chunk)
            if b"done\n" in chunk or b"done\r\n" in chunk:
                return

    reader = threading.Thread(target=read)
    reader.start()
    with open(follower, "w") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")
        server.wait = 0.2
        assert main(["export", "--to", str(tmp_path / "c"), *IDS]) == 0
        print("done", file=terminal, flush=True)
        reader.join(30)
    os.close(leader)
    text = b"".join(shown).decode()
    assert "of 6 threads" in text
    assert "\x1b[?25h" in text


def test_progress_is_told_while_the_server_makes_it_wait(
    server: OddServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("laplas.archive._exporting._TICK", 0.05)
    server.faults.add("GET: status=429 retry-after=1")
    told: list[ExportProgress] = []
    take(tmp_path / "a", IDS[:1], on_progress=told.append)
    assert sum(progress.requests == 1 for progress in told) > 2

    def fail(progress: ExportProgress) -> None:
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        take(tmp_path / "b", on_progress=fail)
    with pytest.raises(ArchiveError, match="there are other things"):
        take(tmp_path)
