"""`laplas verify`: no damage to an archive is missed, and the server is compared."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from archives import archive_of_everything

from laplas import AsyncLaplas, Laplas
from laplas.archive import ArchiveError, export, verify
from laplas.archive.cli import main
from laplas.local import LocalServer, running


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return archive_of_everything(tmp_path / "archive").path


def test_a_good_archive_is_whole(archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = verify(archive)
    assert report.is_whole
    assert report.problems == ()
    assert report.counts["messages"] > 5
    assert report.counts["files"] == 3
    assert main(["verify", str(archive)]) == 0
    assert "is whole" in capsys.readouterr().out


@pytest.mark.parametrize("seed", range(60))
def test_no_damage_is_missed(archive: Path, seed: int) -> None:
    """A byte that flips, a cut, a line or a file too few or too many: anywhere."""
    chance = random.Random(seed)
    files = [path for path in sorted(archive.rglob("*")) if path.is_file()]
    path = chance.choice(files)
    data = bytearray(path.read_bytes())
    damage = chance.choice(["flip", "cut", "delete", "double", "stranger", "empty"])
    if damage == "stranger" or not data:
        path.with_name(f"{path.name}.more").write_bytes(b"{}\n")
    elif damage == "flip":
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(7)
        path.write_bytes(data)
    elif damage == "cut":
        path.write_bytes(data[: chance.randrange(len(data))])
    elif damage == "delete":
        path.unlink()
    elif damage == "double":
        path.write_bytes(data + data)
    else:
        path.write_bytes(b"")
    try:
        found = verify(archive).total
    except ArchiveError:
        assert path.name == "manifest.json"  # without it nothing else can be told
    else:
        assert found, (path, damage)


def rewritten(archive: Path, name: str, **fields: object) -> None:
    """Change the first line of a file."""
    first, _, rest = (archive / name).read_bytes().partition(b"\n")
    changed = json.dumps({**json.loads(first), **fields}).encode()
    (archive / name).write_bytes(changed + b"\n" + rest)


@pytest.mark.parametrize(
    ("name", "fields", "told"),
    [
        ("index.jsonl", {"folder": "../x"}, "../x"),
        ("index.jsonl", {"folder": "threads/a/b"}, "threads/a/b"),
        ("index.jsonl", {"folder": 7}, "7"),
        ("index.jsonl", {"files": {}}, "digests are missing"),
        ("files.jsonl", {"content": {"path": "/etc/passwd"}}, "/etc/passwd"),
        ("files.jsonl", {"content": {"path": "files/.."}}, "files/.."),
        ("files.jsonl", {"content": "files/x"}, "cannot be used"),
    ],
)
def test_what_leads_out_of_the_archive_is_not_read(
    archive: Path, name: str, fields: dict[str, object], told: str
) -> None:
    rewritten(archive, name, **fields)
    assert any(told in what for _, what in verify(archive).problems)


def test_a_link_is_not_followed(archive: Path, tmp_path: Path) -> None:
    folder = next((archive / "threads").iterdir())
    elsewhere = tmp_path / "elsewhere"
    shutil.move(folder, elsewhere)
    folder.symlink_to(elsewhere)
    assert any("symbolic link" in what for _, what in verify(archive).problems)


def test_objects_of_other_threads_and_ids_that_come_twice_are_told(archive: Path) -> None:
    path = "threads/thread_1/messages.jsonl"
    rewritten(archive, path, thread_id="thread_9")
    lines = (archive / path).read_bytes().split(b"\n")
    (archive / path).write_bytes(b"\n".join([*lines[:-1], lines[-2], b""]))
    told = [f"{where}: {what}" for where, what in verify(archive).problems]
    assert f"{path} line 1: it is of thread 'thread_9'" in told
    assert any("is there twice" in line for line in told)


@pytest.mark.parametrize("command", ["verify", "list", "view", "convert", "import", "show"])
@pytest.mark.parametrize(
    "damage", ["none", "file", "manifest cut", "newer", "other", "index cut", "messages cut"]
)
def test_every_command_says_what_is_wrong_and_leaves_nothing(
    archive: Path, tmp_path: Path, command: str, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = archive / "manifest.json"
    if damage == "none":
        shutil.rmtree(archive)
    elif damage == "file":
        shutil.rmtree(archive)
        archive.write_text("{}")
    elif damage == "manifest cut":
        manifest.write_bytes(manifest.read_bytes()[:50])
    elif damage == "newer":
        rewritten(archive, "manifest.json", version=99)
    elif damage == "other":
        manifest.write_text('{"name": "my-package"}\n')
    elif damage == "index cut":
        index = archive / "index.jsonl"
        index.write_bytes(index.read_bytes()[:-9])
    else:
        for messages in archive.glob("threads/*/messages.jsonl"):
            messages.write_bytes(messages.read_bytes()[:-9])
    out = tmp_path / "out"
    arguments = {
        "convert": [str(archive), "--to", "markdown", "--out", str(out)],
        "view": [str(archive), "--out", str(out)],
        "import": [str(archive), "--into", str(out.with_suffix(".db"))],
        "show": ["thread_1", "--archive", str(archive)],
    }.get(command, [str(archive)])
    status = main([command, *arguments])
    printed = capsys.readouterr()
    if (command, damage) in (("list", "messages cut"), ("show", "index cut")):
        assert status in (0, 2)  # what it needs comes before the cut
    elif command == "verify" and damage.endswith("cut") and damage != "manifest cut":
        assert status == 1
        assert damage.partition(" ")[0] in printed.out
    else:
        assert status == 2
        assert str(archive) in printed.err
    assert "Traceback" not in printed.err
    assert not out.exists()
    assert not out.with_suffix(".db").exists()


def test_the_server_is_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with LocalServer() as server, running(server) as url:

        def factory() -> AsyncLaplas:
            return AsyncLaplas(api_key="sk-any", base_url=url)

        with Laplas(api_key="sk-any", base_url=url) as client:
            other = client.threads.create(messages=["Hello"]).id
            export(factory, ["thread_abc123", other], tmp_path / "archive")
            assert verify(tmp_path / "archive", live=factory).is_whole
            client.messages.update("thread_abc123", "msg_abc12", metadata={"a": "b"})
            client.messages.delete("thread_abc123", "msg_abc123")
            new = client.messages.create("thread_abc123", "More").id
            client.threads.delete(other)
        report = verify(tmp_path / "archive", live=factory)
        assert report.problems == ()
        assert set(report.differences) == {
            ("thread_abc123 messages", "msg_abc12 changed on the server"),
            ("thread_abc123 messages", "msg_abc123 is no longer on the server"),
            ("thread_abc123 messages", f"{new} is new on the server"),
            (other, "the server no longer has this thread"),
        }
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LAPLAS_API_KEY", "sk-any")
            assert main(["verify", str(tmp_path / "archive"), "--live", "--base-url", url]) == 1
    assert "msg_abc12 changed" in capsys.readouterr().out


def test_what_failed_is_neither_whole_nor_an_error(tmp_path: Path) -> None:
    with LocalServer() as server, running(server) as url:
        server.faults.fail_next("list_messages", "status", 500, times=1000)
        export(
            lambda: AsyncLaplas(api_key="sk-any", base_url=url, max_retries=0),
            ["thread_abc123"],
            tmp_path / "archive",
        )
    report = verify(tmp_path / "archive")
    assert (report.total, report.failed, report.is_whole) == (0, 1, False)
    assert main(["verify", str(tmp_path / "archive")]) == 3
