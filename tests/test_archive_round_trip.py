"""A thread with one of everything, out of one server and into another: nothing is lost on the way.

Out, in and out again is equal but for the map of ids, and by a database it is equal byte by byte.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from archives import ASSISTANT, EVERYTHING, FILES, MESSAGES, message, text
from support import recorded

from laplas import AsyncLaplas
from laplas.archive import Archive
from laplas.archive import export as run_export
from laplas.archive.cli import main
from laplas.archive.formats import FORMATS
from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")
ALL: Any = EVERYTHING
ODD = [
    message(8, "user", [text("")], metadata={str(n): "v" * 512 for n in range(14)}),
    message(9, "assistant", [text("a"), {"type": "refusal", "refusal": "No."}, text("b")]),
    message(10, "user", [text("later")], new_field=[None, 1.5, {"é": "\u2028"}], attachments=None),
]
THREAD: Any = {**ALL["thread"], "new_field": {"kept": True}}
DOCUMENTS: list[Any] = [
    THREAD, *MESSAGES, *ODD, *ALL["runs"], *ALL["steps"], ASSISTANT
]  # fmt: skip


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", "secret-key")


@pytest.fixture
def exported(tmp_path: Path) -> tuple[Path, int]:
    """Return an archive of everything, and the port that it was exported from."""
    with LocalServer(examples=False) as server:
        server.put_many(DOCUMENTS)
        for document, content in FILES:
            server.put_file(document, content)
        with running(server) as url:
            export(url, tmp_path / "a", "thread_1")
    return tmp_path / "a", int(url.rpartition(":")[2])


def export(url: str, to: Path, *ids: str) -> None:
    words = ("--base-url", url, "--to", str(to), "--files", "--quiet")
    assert main(["export", *words, *ids]) == 0


def files_of(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def difference(old: Path, new: Path, map_path: Path) -> Counter[str]:
    """Compare an archive with that of what was made of it elsewhere.

    Returns:
        How often something differs that must: what no request of the API can hold. Each is in the
        map, or in metadata, from where it is put back before the comparison.

    Raises:
        AssertionError: There is any other difference.
    """
    lines = [json.loads(line) for line in map_path.read_text("utf-8").splitlines()]
    ids = {line["new"]: line["old"] for line in lines if "new" in line}
    changes = {line["old"]: line["changes"] for line in lines if line.get("changes")}
    pattern = re.compile("|".join(map(re.escape, ids)))
    found: Counter[str] = Counter()

    def back(document: Any) -> Any:
        """Return a document with the old ids, and what its metadata kept in its place."""
        mapped = json.loads(pattern.sub(lambda hit: ids[hit[0]], json.dumps(document)))
        kept = mapped["metadata"]
        del kept["laplas_once"]
        notes = json.loads(kept.pop("laplas_annotations", "[]"))
        origin = json.loads(kept.pop("laplas_origin"))
        # The time is the target's, and so is what only a run of the target can have.
        found.update(f"{name} is in metadata" for name in origin.keys() - {"id"})
        if notes:
            mapped["content"][0]["text"]["annotations"] = notes
            found["annotations are in metadata"] += 1
        return {**mapped, **origin}

    def same(was: Any, now: Any) -> None:
        """Compare two objects, once what the map tells of is as it was."""
        told = changes.get(was["id"], ())
        for part, sent in zip(was.get("content", ()), now.get("content", ()), strict=True):
            value = sent.get("text", {}).get("value")
            for change, text_sent in (  # what the API does not take
                ("refusal: sent as text", part.get("refusal")),
                ("part 'hologram': sent as text", json.dumps(part)),
                ("content: there is none, sent as '(empty)'", "(empty)"),
            ):
                if change in told and value == text_sent:
                    found[change] += 1
                    sent.clear()
                    sent.update(part)
            if part["type"].startswith("image") and "detail" not in part[part["type"]]:
                assert sent[part["type"]].pop("detail") == "auto"  # which is the API's default
        for name in now.keys() - was.keys():  # fields that this server has and the other did not
            assert now.pop(name) in (None, "completed"), name
        if was.get("attachments", ()) is None:  # which is how this server has none
            was["attachments"] = []
        assert now == was

    threads = {thread.id: thread for thread in Archive(old).threads()}
    for new_thread in Archive(new).threads():
        thread = threads.pop(ids[new_thread.id])
        same(thread.document, back(new_thread.document))
        for was, now in zip(thread.messages(), new_thread.messages(), strict=True):
            same(was, back(now))
        for kind in ("runs", "steps"):  # nobody can make them but the server
            count = len(list(getattr(thread, kind)()))
            assert f"{kind}: {count} left out" in changes[thread.id]
            assert not list(getattr(new_thread, kind)())
            found[kind] += count
    assert not threads
    new_files = {ids[entry["id"]]: entry for entry in Archive(new).files()}
    for entry in Archive(old).files():
        was, now = entry["document"], new_files.pop(entry["id"])["document"]
        # Times are the target's; a purpose of the server's own cannot be asked for.
        differing = {name for name in was if was[name] != now.get(name)}
        assert differing <= {"id", "created_at", "purpose"}
        assert ("purpose" in differing) == (entry["id"] in changes)
    assert not new_files
    return found


def test_out_in_and_out_again_is_equal_but_for_the_ids(
    exported: tuple[Path, int], tmp_path: Path
) -> None:
    old, _ = exported
    with LocalServer(examples=False) as server, running(server) as url:
        assert main(["import", str(old), "--into", url, "--assistants"]) == 0
        (new,) = server.threads()
        export(url, tmp_path / "b", new["id"])
    assert difference(old, tmp_path / "b", tmp_path / "a.imported.jsonl") == {
        "created_at is in metadata": 11,  # of a thread and its ten messages
        "assistant_id is in metadata": 5,
        "run_id is in metadata": 5,
        "status is in metadata": 1,
        "incomplete_details is in metadata": 1,
        "new_field is in metadata": 2,
        "surprise is in metadata": 1,
        "annotations are in metadata": 1,
        "refusal: sent as text": 2,
        "part 'hologram': sent as text": 1,
        "content: there is none, sent as '(empty)'": 1,
        "runs": 1,
        "steps": 2,
    }


def test_by_a_database_every_byte_is_the_same(exported: tuple[Path, int], tmp_path: Path) -> None:
    old, port = exported
    database = tmp_path / "archive.db"
    assert main(["import", str(old), "--into", str(database)]) == 0
    path = os.pathsep.join(sys.path)
    words = ["--database", str(database), "--read-only", "--port", str(port)]
    with subprocess.Popen(
        [sys.executable, "-m", "laplas.local", *words],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        try:
            assert serving.stdout is not None
            assert str(port) in serving.stdout.readline()
            export(f"http://127.0.0.1:{port}", tmp_path / "b", "thread_1")
        finally:
            serving.terminate()
    assert files_of(tmp_path / "b") == files_of(old)
    held = {json.dumps(json.loads(line)) for name, data in files_of(old).items()
            if name.startswith("threads") for line in data.splitlines()}  # fmt: skip
    assert held == {json.dumps(document) for document in DOCUMENTS[:-1]}


def test_it_converts_to_each_form(exported: tuple[Path, int], tmp_path: Path) -> None:
    for form in FORMATS:
        if form != "parquet" or find_spec("pyarrow"):
            words = [str(exported[0]), "--to", form, "--out", str(tmp_path / form)]
            assert main(["convert", *words]) == 0
            assert (tmp_path / form).exists()


def test_recorded_threads_go_out_as_they_are(tmp_path: Path) -> None:
    """What a recording has of a thread, put into the server as it is, is exported as it is.

    Recordings of different times have other states of the same object: each goes out by itself.
    """
    states: dict[tuple[str, str], list[Any]] = {}
    for kind in ("thread", "thread.message", "thread.run", "thread.run.step", "assistant"):
        for _, document in recorded(kind):
            known = states.setdefault((kind, document["id"]), [])
            if document not in known:
                known.append(document)
    counts: Counter[str] = Counter()
    for number in range(max(map(len, states.values()))):
        documents = [known[number] for known in states.values() if len(known) > number]
        wanted = {(each["object"], each["id"]): each for each in documents}
        parents: dict[tuple[str, str], Any] = {}
        for each in documents:  # whose threads and runs were not recorded, or in another state
            if "run_id" in each and each["object"] == "thread.run.step":
                run = {"id": each["run_id"], "object": "thread.run", "created_at": 1}
                run |= {"thread_id": each["thread_id"], "status": "completed"}
                parents["thread.run", each["run_id"]] = run
            if "thread_id" in each:
                thread = {"id": each["thread_id"], "object": "thread", "created_at": 1}
                parents["thread", each["thread_id"]] = thread
        with LocalServer(examples=False) as server:
            server.put_many({**parents, **wanted}.values())
            ids = [each["id"] for each in server.threads()]
            to = tmp_path / str(number)
            result = run_export(lambda: AsyncLaplas.local(server), ids, to)
        assert not result.failed
        archive = Archive(to)
        out = [*archive.assistants()]
        for held in archive.threads():
            out += [held.document, *held.messages(), *held.runs(), *held.steps()]
        found = {(each["object"], each["id"]): each for each in out}
        assert len(found) == len(out)
        for place in found.keys() & wanted.keys():
            assert json.dumps(found[place]) == json.dumps(wanted[place])
            counts[place[0]] += 1
        assert {place for place in wanted.keys() - found.keys() if place[0] != "assistant"} == set()
    assert counts["thread"] > 100
    assert counts["thread.message"] > 100
