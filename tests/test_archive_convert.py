"""An archive in other forms: what these cannot hold is told, whole or nothing is written."""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from archives import EMPTY, EVERYTHING, PIXEL, THREAD, archive_of_everything, message, text

from laplas import InvalidArgumentError
from laplas.archive import Archive, convert, write_archive
from laplas.archive.cli import main
from laplas.archive.formats import FORMATS

ALL = [
    pytest.param(name, marks=pytest.mark.skipif(
        name == "parquet" and find_spec("pyarrow") is None,
        reason="pyarrow is not installed: extra parquet"))
    for name in FORMATS
]  # fmt: skip
ODD: list[Any] = [
    message(1, "user", []) | {"content": None},
    message(2, "user", []) | {"content": "only a text"},
    message(3, "assistant", []) | {"content": "only an answer", "created_at": None},
    message(4, "wizard", [text("abracadabra")]),
    message(5, "user", []) | {"content": {"type": "text", "text": "in no list"}},
    {"id": "msg_6"},
    {"role": "assistant", "content": [{"type": "text", "text": {"value": "no id"}}]},
    message(7, "assistant", [text("x", {"type": "file_citation"}, {}, {"type": None})]),
    message(8, "assistant", [{"type": "text"}, {"type": "image_file"}, {"type": ["list"]}, {}]),
    message(9, "user", [text("half \ud83d a pair and \0")], created_at=10**30),
    message(10, "user", [7, None, "text", [1]], attachments=[None, 1, {}, {"file_id": 7}]),  # type: ignore[list-item]
    message(11, "assistant", [{"type": "text", "text": {"value": "n", "annotations": None}}]),
    message(12, "assistant", [text("x", {"type": "file_citation", "text": "x", "start_index": -1,
            "end_index": True, "file_citation": {"file_id": "file-x"}})]),
    message(13, "user", [{"type": "image_file", "image_file": None}, {"type": "refusal"}]),
    message(14, "assistant", [text('=1+1\r\n"quoted",')], metadata={"k": 1, "": [], "\ud800": "v"}),
    7, None, [], "text",
]  # fmt: skip
ODD_STEPS: list[Any] = [
    {"id": "step_1"},
    {"id": "step_2", "step_details": None, "run_id": 7},
    {"id": "step_3", "step_details": {"type": "tool_calls", "tool_calls": None}},
    {"id": "step_4", "step_details": {"type": "tool_calls", "tool_calls": [
        None, {}, {"type": "function"}, {"type": "code_interpreter"}, {"type": "mcp", "mcp": "x"},
        {"type": "file_search", "file_search": {"results": [None, {"content": [None]}]}},
        {"type": "function", "id": "c", "function": {"name": None, "arguments": {"a": 1}}},
        {"type": "code_interpreter", "code_interpreter": {"input": 1, "outputs": [None, {}]}},
    ]}},
    3, None,
]  # fmt: skip
ODD_THREAD = {
    "thread": {"id": "thread_odd", "metadata": ["no object"]},
    "messages": ODD,
    "runs": [None, {}, {"id": "run_1", "status": 7, "usage": None, "temperature": "hot"}],
    "steps": ODD_STEPS,
}


def report_of(path: Path) -> list[dict[str, Any]]:
    """Return the lines of the report that is beside an output."""
    lines = path.with_name(f"{path.name}.report.jsonl").read_bytes().splitlines()
    return [json.loads(line) for line in lines]


def marked(value: Any, path: str, found: dict[str, str]) -> Any:
    """Return a copy in which every text is a marker; `found` has the paths of these."""
    if isinstance(value, str):
        marker = f"mark{len(found)}mark"
        found[marker] = path
        return marker
    if isinstance(value, dict):
        return {key: marked(item, f"{path}.{key}", found) for key, item in value.items()}
    if isinstance(value, list):
        return [marked(item, f"{path}[]", found) for item in value]
    return value


def output_of(path: Path) -> str:
    """Return all that was written, as text."""
    if path.name == "parquet":
        from pyarrow import parquet

        return json.dumps(parquet.read_table(path).to_pylist(), default=str)
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return "".join(file.read_text("utf-8", "replace") for file in files)


def kept_kinds(thread: dict[str, Any], found: dict[str, str], keep: tuple[str, ...]) -> Any:
    """Mark every text of a thread, apart from those whose field is among `keep`."""

    def walk(value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return {
                key: item if key in keep and isinstance(item, str) else walk(item, f"{path}.{key}")
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [walk(item, f"{path}[]") for item in value]
        return marked(value, path, found)

    kinds = {"thread": "thread", "messages": "message", "runs": "run", "steps": "step"}
    return {
        key: walk(thread[key], kind)
        if key == "thread"
        else [walk(item, kind) for item in thread[key]]
        for key, kind in kinds.items()
    }


@pytest.mark.parametrize("keep", [("type", "role", "id", "run_id", "message_id", "status"),
                                  ("type", "role"), ("type",), ()], ids=len)  # fmt: skip
@pytest.mark.parametrize("to", ALL)
def test_every_text_is_carried_or_named_in_the_report(
    tmp_path: Path, to: str, keep: tuple[str, ...]
) -> None:
    found: dict[str, str] = {}
    write_archive(tmp_path / "a", [kept_kinds(EVERYTHING, found, keep)])
    convert(tmp_path / "a", to, tmp_path / to)
    written = output_of(tmp_path / to)
    lost = {kind for line in report_of(tmp_path / to)[:-1] for kind in line["lost"]}
    assert len(found) > 40
    for marker, path in found.items():
        named = any(path == kind or path.startswith((f"{kind}.", f"{kind}[")) for kind in lost)
        assert marker in written or named, f"{path} is neither in the output nor in the report"


@pytest.mark.parametrize("to", ALL)
def test_odd_documents_are_carried_or_reported(tmp_path: Path, to: str) -> None:
    write_archive(tmp_path / "a", [ODD_THREAD, {"thread": {"id": "t\ud800/../x"}}])
    report = convert(tmp_path / "a", to, tmp_path / to)
    assert report.threads == 2
    written = output_of(tmp_path / to)
    for said in ("only a text", "only an answer", "abracadabra", "in no list", "no id"):
        assert said in written
    assert "step" in " ".join(report.lost)
    assert report.summary().encode()


@pytest.mark.parametrize("to", ALL)
def test_the_same_archive_gives_the_same_bytes_and_may_be_converted_again(
    tmp_path: Path, to: str
) -> None:
    archive = archive_of_everything(tmp_path / "a")
    convert(archive, to, tmp_path / to)
    before = output_of(tmp_path / to), report_of(tmp_path / to)
    convert(archive, to, tmp_path / to)
    assert (output_of(tmp_path / to), report_of(tmp_path / to)) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", to, f"{to}.report.jsonl"]


@pytest.mark.parametrize("to", ["chatml", "html"])
def test_what_is_not_an_unchanged_output_is_not_overwritten(tmp_path: Path, to: str) -> None:
    archive, out = archive_of_everything(tmp_path / "a"), tmp_path / "out"
    convert(archive, to, out)
    changed = out / "thread_1.html" if out.is_dir() else out
    changed.write_text("mine")
    with pytest.raises(InvalidArgumentError, match="not overwritten"):
        convert(archive, to, out)
    assert changed.read_text() == "mine"
    convert(archive, to, out, force=True)
    assert changed.read_text() != "mine"


def test_a_file_that_was_there_is_kept(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path / "a")
    (tmp_path / "out").write_text("mine")
    (tmp_path / "notes").write_text("mine")
    for out, report in (("out", "r"), ("new", "notes")):
        with pytest.raises(InvalidArgumentError, match="not overwritten"):
            convert(archive, "csv", tmp_path / out, report=tmp_path / report)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "notes", "out"]
    assert (tmp_path / "out").read_text() == (tmp_path / "notes").read_text() == "mine"


@pytest.mark.parametrize("out", ["a", "a/out", "a/threads/thread_1/x", "."])
def test_the_archive_is_not_written_into(tmp_path: Path, out: str) -> None:
    archive = archive_of_everything(tmp_path / "a")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(InvalidArgumentError, match="archive"):
        convert(archive, "html", tmp_path / out, force=True)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


@pytest.mark.parametrize("to", ALL)
def test_a_damaged_archive_leaves_nothing_behind(tmp_path: Path, to: str) -> None:
    archive = archive_of_everything(tmp_path / "a")
    convert(archive, to, tmp_path / to)
    before = output_of(tmp_path / to)
    path = tmp_path / "a" / "threads" / "thread_1" / "messages.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    assert main(["convert", str(tmp_path / "a"), "--to", to, "--out", str(tmp_path / to)]) == 2
    assert output_of(tmp_path / to) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", to, f"{to}.report.jsonl"]


def test_wrong_usage_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive_of_everything(tmp_path / "a")
    given = ["convert", str(tmp_path / "a"), "--to", "csv", "--out", str(tmp_path / "out")]
    assert main([*given, "--thread", "thread_9"]) == 2
    assert "has no thread thread_9" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    with pytest.raises(InvalidArgumentError, match="no format"):
        convert(tmp_path / "a", "docx", tmp_path / "out")
    with pytest.raises(InvalidArgumentError, match="no folder"):
        convert(tmp_path / "a", "csv", tmp_path / "none" / "out")


def test_the_command_carries_chosen_threads_and_prints_what_was_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_of_everything(tmp_path / "a")
    out = tmp_path / "out.jsonl"
    given = ["convert", str(tmp_path / "a"), "--to", "chatml", "--out", str(out)]
    assert main([*given, "--thread", "thread_1", "--report", str(tmp_path / "notes")]) == 0
    assert json.loads(out.read_bytes())["id"] == "thread_1"
    printed = capsys.readouterr().out
    assert "1 thread as chatml" in printed
    assert "message.incomplete_details" in printed
    first = json.loads((tmp_path / "notes").read_text().splitlines()[0])
    assert first["lost"]["message.incomplete_details"] == {"count": 1, "ids": ["msg_6"]}


def test_pictures_are_copied_and_shown(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path / "a")
    convert(archive, "html", tmp_path / "html")
    convert(archive, "markdown", tmp_path / "md")
    for folder, shown in (
        ("html", '<img src="files/file-cat.png"'),
        ("md", "![](files/file-cat.png)"),
    ):
        assert (tmp_path / folder / "files" / "file-cat.png").read_bytes() == PIXEL
        (page,) = [p for p in (tmp_path / folder).iterdir() if p.stem == "thread_1"]
        assert shown in page.read_text("utf-8")


def test_pages_escape_and_stay_in_their_folder(tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1)>"
    call = {"id": evil, "type": "function", "function": {"name": evil, "arguments": evil}}
    steps = [{"id": "s", "step_details": {"type": "tool_calls", "tool_calls": [call]}}]
    messages = [message(1, evil, [text(evil)], id=evil, attachments=[{"file_id": evil}])]
    thread = {**THREAD, "id": f"../{evil}", "metadata": {evil: evil}}
    write_archive(tmp_path / "a", [{"thread": thread, "messages": messages, "steps": steps}])
    convert(Archive(tmp_path / "a"), "html", tmp_path / "html")
    (page,) = (tmp_path / "html").iterdir()
    assert "<img" not in page.read_text("utf-8")
    assert page.read_text("utf-8").count("&lt;img") >= 8


@pytest.mark.parametrize("to", ALL)
def test_empty_threads_are_converted(tmp_path: Path, to: str) -> None:
    write_archive(tmp_path / "a", [EMPTY])
    assert convert(tmp_path / "a", to, tmp_path / to).threads == 1
    if to == "conversations":
        line = json.loads((tmp_path / to).read_text())
        assert line == {"thread_id": "thread_2", "metadata": {}, "batches": []}


def test_a_missing_package_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive_of_everything(tmp_path / "a")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    given = ["convert", str(tmp_path / "a"), "--to", "parquet", "--out", str(tmp_path / "out")]
    assert main(given) == 2
    assert "pip install 'laplas[parquet]'" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
