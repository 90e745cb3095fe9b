"""`laplas list`, `show`, `tail` and `ask`, on an archive and on a real server."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from archives import MESSAGES, archive_of_everything, message, text

from laplas import Laplas
from laplas.archive import write_archive
from laplas.archive.cli import main

pytest.importorskip("aiohttp", reason="the extra local is not installed")
THREAD, ASSISTANT = "thread_abc123", "asst_abc123"
HOSTILE = "\x1b]0;owned\x07 [bold red]x[/] \x9b2J \u202e"
SHOWN = "␛]0;owned␇ [bold red]x[/] \ufffd2J \ufffd"


@contextmanager
def running(*arguments: str, stdout: Any = subprocess.PIPE, **env: str) -> Iterator[Any]:
    """Run a program of this package; it is killed at the end, or after a minute."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **env}
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=stdout, stdin=subprocess.DEVNULL, env=environment
    )
    timer = threading.Timer(60, process.kill)
    timer.start()
    try:
        yield process
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run the embedded server on loopback, for the commands and clients of a test."""
    with running("laplas.local", "--port", "0") as process:
        base_url = process.stdout.readline().split()[2].decode()
        monkeypatch.setenv("LAPLAS_BASE_URL", base_url)
        monkeypatch.setenv("LAPLAS_API_KEY", "secret-key")
        yield base_url


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.split("\n") if line]


# Of an archive


def test_threads_of_an_archive_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_of_everything(tmp_path)
    assert main(["list", str(tmp_path)]) == 0
    first, _ = capsys.readouterr().out.splitlines()
    assert first.split() == ["thread_1", "2023-11-14", "22:15", "7", "messages", "All", "kinds"]
    assert main(["list", str(tmp_path), "--json"]) == 0
    assert [row["messages"] for row in lines(capsys.readouterr().out)] == [7, 0]


def test_a_thread_is_shown_with_sources_pictures_and_tools(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_of_everything(tmp_path)
    assert main(["show", "thread_1", "--archive", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    for expected in (
        "assistant  2023-11-14 22:15 UTC  msg_3\nLaplas was born in 1749[^1].",
        "[^1]: Notes <2024>.txt\n",
        "(image: cat.png)",
        "(attached: Notes <2024>.txt)",
        '  > born({"who": "Laplas"})\n  > ran code: print(1 + 1)\n  > searched files: 1 result\n',
        "Refused: I cannot help with that.",
        "(not whole: incomplete: max_tokens)",
        "(part of an unknown kind: hologram)",
    ):
        assert expected in shown


def test_json_is_what_was_received(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive_of_everything(tmp_path)
    assert main(["show", "thread_1", "--archive", str(tmp_path), "--json"]) == 0
    assert lines(capsys.readouterr().out) == MESSAGES


def test_what_is_not_there_is_an_error_that_says_where_to_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_of_everything(tmp_path)
    assert main(["show", "thread_9", "--archive", str(tmp_path)]) == 2
    assert f"laplas list {tmp_path}" in capsys.readouterr().err
    assert main(["list", str(tmp_path / "none")]) == 2


def test_no_message_reaches_the_terminal_as_more_than_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    metadata = {"metadata": {"title": HOSTILE}}
    said = message(1, HOSTILE, [text(HOSTILE)], id=HOSTILE)
    write_archive(tmp_path, [{"thread": {"id": "t", **metadata}, "messages": [said]}])
    for command in (["list", str(tmp_path)], ["show", "t", "--archive", str(tmp_path)]):
        assert main(command) == 0
        shown = capsys.readouterr().out
        assert SHOWN in shown
        assert not set("\x1b\x07\x9b\u202e") & set(shown)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_colours_are_ours_alone(tmp_path: Path) -> None:
    write_archive(
        tmp_path, [{"thread": {"id": "t"}, "messages": [message(1, "user", [text(HOSTILE)])]}]
    )
    shown = on_terminal("laplas.archive", "show", "t", "--archive", str(tmp_path))
    assert "\x1b[1;36muser" in shown
    assert SHOWN in shown
    assert "\x1b]" not in shown


def on_terminal(*arguments: str) -> str:
    """Run a program on a pseudo-terminal; returns what it wrote there."""
    import pty

    master, slave = pty.openpty()
    written = b""
    with running(*arguments, stdout=slave, TERM="xterm-256color", COLUMNS="200") as process:
        os.close(slave)
        try:
            while chunk := os.read(master, 4096):
                written += chunk
        except OSError:  # Linux: the other end is closed
            pass
        finally:
            os.close(master)
        assert process.wait() == 0, written
    return written.decode()


# Of a server


def test_threads_of_a_server_are_listed_and_shown(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Laplas() as client:
        client.thread(THREAD).ask("How are you?", assistant=ASSISTANT)
    assert main(["list", "--json"]) == 0
    assert THREAD in [row["id"] for row in lines(capsys.readouterr().out)]
    assert main(["show", THREAD]) == 0
    shown = capsys.readouterr().out
    assert shown.index("user  ") < shown.index("How are you?") < shown.index("assistant  ")
    assert main(["show", THREAD, "--json"]) == 0
    assert [each["role"] for each in lines(capsys.readouterr().out)][-2:] == ["user", "assistant"]
    assert main(["show", "thread_none"]) == 1
    assert "secret-key" not in "".join(capsys.readouterr())


def test_a_server_that_lists_no_threads_is_told_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with running("laplas.local", "--port", "0", "--fault", "list_threads: status=405") as process:
        monkeypatch.setenv("LAPLAS_BASE_URL", process.stdout.readline().split()[2].decode())
        monkeypatch.setenv("LAPLAS_API_KEY", "key")
        assert main(["list"]) == 1
    assert "does not list its threads" in capsys.readouterr().err


def test_a_reply_is_printed_and_a_new_thread_is_named(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("How are\nyou?"))
    assert main(["ask", "new", "-", "--assistant", ASSISTANT]) == 0
    asked = capsys.readouterr()
    assert "How are\nyou?" in asked.out
    assert asked.err.startswith("thread thread_")
    assert main(["ask", THREAD, "Hi", "--assistant", ASSISTANT, "--json"]) == 0
    assert lines(capsys.readouterr().out)[0]["role"] == "assistant"


@pytest.mark.parametrize("wrong", [["  ", "--assistant", "a"], ["Hi", "--assistant", " "]])
def test_nothing_is_made_for_a_question_that_cannot_be_asked(
    url: str, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with Laplas() as client:
        before = [thread.id for thread in client.threads.list()]
        assert main(["ask", "new", *wrong]) == 2
        assert [thread.id for thread in client.threads.list()] == before


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_reply_is_streamed_to_a_terminal_as_text(url: str) -> None:
    pytest.importorskip("httpx_sse")
    shown = on_terminal("laplas.archive", "ask", THREAD, HOSTILE, "--assistant", ASSISTANT)
    assert SHOWN.split()[0] in shown
    assert "\x1b]" not in shown


def ids_of(output: IO[bytes], count: int) -> list[str]:
    return [json.loads(output.readline())["id"] for _ in range(count)]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")
def test_tail_shows_each_message_once_also_where_some_are_deleted(url: str) -> None:
    with Laplas() as client:
        thread = client.start_thread()
        made = [thread.messages.create(f"{n}").id for n in range(4)]
        command = ("laplas.archive", "tail", thread.id, "-n", "2", "--interval", "0.1", "--json")
        with running(*command) as process:
            assert ids_of(process.stdout, 2) == made[2:]
            made += [thread.messages.create("4").id]
            assert ids_of(process.stdout, 1) == made[4:]
            for gone in made[2:]:  # all that was shown, the place where it reads on too
                thread.messages.delete(gone)
            made += [thread.messages.create("5").id, thread.messages.create("6").id]
            assert ids_of(process.stdout, 2) == made[5:]
            made += [thread.messages.create("7").id]
            assert ids_of(process.stdout, 1) == made[7:]
            process.send_signal(signal.SIGINT)
            assert process.wait() == 130
            assert process.stdout.read() == b""


@pytest.mark.parametrize("wrong", [["-n", "-1"], ["--interval", "0"], ["--interval", "nan"]])
def test_tail_refuses_what_makes_no_sense(wrong: list[str]) -> None:
    assert main(["tail", THREAD, *wrong]) == 2
