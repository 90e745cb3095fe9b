"""What was written as an archive is read back as it was; what is damaged says where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from archives import EMPTY, EVERYTHING, FILES, archive_of_everything

from laplas.archive import Archive, ArchiveError, write_archive


def test_all_that_was_written_is_read_back(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path / "a")
    first, second = archive.threads()
    assert first.document == EVERYTHING["thread"]
    assert list(first.messages()) == EVERYTHING["messages"]
    assert list(first.runs()) == EVERYTHING["runs"]
    assert list(first.steps()) == EVERYTHING["steps"]
    assert second.document == EMPTY["thread"]
    assert list(second.messages()) == []
    assert [path and path.read_bytes() for path in map(archive.file_path, archive.files())] == [
        content for _, content in sorted(FILES, key=lambda pair: pair[0]["id"])
    ]
    assert archive.manifest["counts"]["messages"] == 7
    assert archive.thread("thread_2").id == "thread_2"
    with pytest.raises(LookupError):
        archive.thread("thread_3")


def test_the_same_threads_give_the_same_bytes(tmp_path: Path) -> None:
    def files(folder: Path) -> dict[str, bytes]:
        archive_of_everything(folder)
        found = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}

    assert files(tmp_path / "a") == files(tmp_path / "b")


@pytest.mark.parametrize(
    "thread_id", ["../x", ".", "..", "a/b", "con\\x", "é", "\ud800", "x" * 999]
)
def test_no_id_leads_out_of_the_archive(tmp_path: Path, thread_id: str) -> None:
    write_archive(tmp_path / "a", [{"thread": {"id": thread_id}}])
    (thread,) = Archive(tmp_path / "a").threads()
    assert thread.document["id"] == thread.id == thread_id
    assert thread.folder.parent == tmp_path / "a" / "threads"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_ids_that_differ_in_case_only_have_folders_that_differ_in_more(tmp_path: Path) -> None:
    write_archive(tmp_path / "a", [{"thread": {"id": name}} for name in ("thread_A", "thread_a")])
    names = [thread.folder.name.casefold() for thread in Archive(tmp_path / "a").threads()]
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda manifest: manifest | {"version": 2}, "newer"),
        (lambda manifest: manifest | {"format": "zip"}, "not that of an archive"),
        (lambda manifest: [manifest], "not that of an archive"),
    ],
)
def test_other_manifests_are_refused(tmp_path: Path, damage: object, said: str) -> None:
    archive_of_everything(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(damage(json.loads(path.read_text()))) + "\n")  # type: ignore[operator]
    with pytest.raises(ArchiveError, match=said):
        Archive(tmp_path)


def test_a_folder_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"no manifest\.json"):
        Archive(tmp_path)
    with pytest.raises(ArchiveError, match="no such folder"):
        Archive(tmp_path / "none")


def test_a_cut_file_names_file_and_line(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path)
    path = tmp_path / "threads" / "thread_1" / "messages.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ArchiveError, match=r"messages\.jsonl, line 7"):
        list(archive.thread("thread_1").messages())


@pytest.mark.parametrize("folder", ["../x", "/etc", "threads/..", "threads/a/b", "", 7, "threads"])
def test_an_index_that_leads_elsewhere_is_refused(tmp_path: Path, folder: object) -> None:
    archive = archive_of_everything(tmp_path)
    index = [json.loads(line) for line in (tmp_path / "index.jsonl").read_text().splitlines()]
    index[0]["folder"] = folder
    (tmp_path / "index.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in index))
    with pytest.raises(ArchiveError, match="not one of an archive"):
        list(archive.threads())


@pytest.mark.parametrize("line", ["{}", "[]", "null", '{"id": 7, "folder": "x"}', '{"id": "x"}'])
def test_a_line_of_the_index_that_names_no_thread_is_refused(tmp_path: Path, line: str) -> None:
    archive = archive_of_everything(tmp_path)
    (tmp_path / "index.jsonl").write_text(f"{line}\n")
    with pytest.raises(ArchiveError, match="names no thread"):
        list(archive.threads())
    with pytest.raises(ArchiveError, match="names no thread"):
        archive.thread("thread_1")


def test_the_library_needs_no_extra_to_be_imported() -> None:
    extras = ("aiohttp", "distributed", "jinja2", "markdown_it", "pyarrow", "rich")
    program = f"""if True:
        import sys
        sys.modules.update(dict.fromkeys({extras}))
        import laplas.archive
        print([name for name in sys.modules if name.startswith("laplas.local")])
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    words = [sys.executable, "-c", program]
    told = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=120)
    assert (told.stdout, told.returncode) == ("[]\n", 0), told.stderr
