"""An archive as static pages: whole or not at all, safe whatever it holds, served on loopback."""

from __future__ import annotations

import http.client
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from archives import (
    ANNOTATIONS,
    CITED,
    EVERYTHING,
    FILES,
    PIXEL,
    THREAD,
    archive_of_everything,
    file,
    message,
    text,
)

from laplas import ConfigurationError
from laplas.archive import Archive, ArchiveError, serve_view, write_archive, write_view
from laplas.archive import _view as view
from laplas.archive.cli import main

pytest.importorskip("jinja2", reason="the extra cli is not installed")


def written(tmp_path: Path, *threads: dict[str, Any], **more: Any) -> Path:
    """Write an archive and its pages; returns the folder of the pages."""
    write_archive(tmp_path / "a", threads, **more)
    return write_view(Archive(tmp_path / "a"), tmp_path / "v").parent


def page_of(tmp_path: Path, *messages: dict[str, Any], **more: Any) -> str:
    """Return the page of a thread with these messages."""
    folder = written(tmp_path, {"thread": THREAD, "messages": messages}, **more)
    return (folder / "threads" / "thread_1" / "1.html").read_text("utf-8")


def test_every_kind_of_part_is_on_the_page(tmp_path: Path) -> None:
    folder = write_view(archive_of_everything(tmp_path / "a"), tmp_path / "v").parent
    page = (folder / "threads/thread_1/1.html").read_text("utf-8")
    for expected in (
        "Hello &lt;script&gt;alert(1)&lt;/script&gt; &amp;",
        'src="../../files/file-cat.png"',
        'href="https://example.com/cat.png"',
        'download="Notes &lt;2024&gt;.txt"',
        'href="../../files/file-plot.png">the plot</a>',
        'class="footnote-ref"',
        "I cannot help with that.",
        "Not whole: incomplete: max_tokens",
        "Part of an unknown kind: hologram",
        "print(1 + 1)",
        "score 0.90",
    ):
        assert expected in page
    assert "<script" not in page
    assert page.index('class="work"') < page.index("Laplas was born")
    assert (folder / "files/file-cat.png").read_bytes() == PIXEL
    assert "This thread holds no messages" in (folder / "threads/thread_2/1.html").read_text()


def test_the_same_archive_gives_the_same_pages(tmp_path: Path) -> None:
    def pages(name: str) -> dict[str, bytes]:
        folder = write_view(archive, tmp_path / name).parent
        found = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}

    archive = archive_of_everything(tmp_path / "a")
    assert pages("one") == pages("two")


@pytest.mark.parametrize(
    "said",
    [
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,<script>alert(1)</script>)",
        "[a](vbscript:x) [b](file:///etc/passwd) [c](//evil.example/x)",
        "![a](https://evil.example/x.png)",
        "![a](javascript:alert(1))",
        '[a](https://x.example/"onclick="alert(1))',
        "</article><script>alert(1)</script>",
        "```html\n<script>alert(1)</script>\n",
        "[^1]: <script>alert(1)</script>\n\ntext[^1]",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
    ids=range(12),
)
@pytest.mark.parametrize("role", ["user", "assistant"])
def test_nothing_in_a_message_becomes_more_than_text(tmp_path: Path, role: str, said: str) -> None:
    page = page_of(tmp_path, message(1, role, [text(said)]))
    assert re.search(r"<(script|iframe|object)", page) is None
    for tag in re.findall(r"<[a-z][^>]*>", page.split("<body>")[1]):
        for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag):
            assert not name.startswith("on")
            assert name != "src"
            assert name != "href" or re.match(r"#|\.\./\.\./index\.html|https://x\.example/", value)


def test_text_of_users_is_shown_as_they_typed_it(tmp_path: Path) -> None:
    said = "def __init__(self):\n    *a*  \n\n\n# no heading \x1b[31m"
    assert "def __init__(self):\n    *a*  \n\n\n# no heading ␛[31m</div>" in page_of(
        tmp_path, message(1, "user", [text(said)])
    )


ODD: list[Any] = [
    None,
    [],
    {},
    {"content": None},
    {"content": 3, "role": None, "created_at": "x", "attachments": None, "metadata": []},
    {"content": "a bare string", "role": "tool", "created_at": 1e300},
    {"content": [None, 3, "x", [], {"type": None}, {"type": ["text"]}, {"type": "text"}]},
    {"content": [{"type": "text", "text": {"value": None, "annotations": None}}]},
    {"content": [{"type": "text", "text": {"value": "a\ud800", "annotations": [None, 3, {}]}}]},
    {"content": [{"type": "image_file"}, {"type": "image_url", "image_url": {"url": 3}}]},
    {"content": [{"type": "refusal", "refusal": None}], "attachments": [None, {"file_id": 3}]},
    {"role": "assistant", "content": [text("x")], "run_id": 3, "incomplete_details": "y"},
    {"role": "assistant", "content": [text("x")], "run_id": "run_none", "status": 7},
]
ODD_STEPS: list[Any] = [
    None,
    {"run_id": "run_1", "step_details": None},
    {"run_id": "run_1", "step_details": {"tool_calls": [None, {}, {"type": "new", "new": [1]}]}},
    {
        "run_id": "run_1",
        "step_details": {
            "tool_calls": [
                {"type": "function", "function": {"name": None, "arguments": "{"}},
                {"type": "function"},
                {"type": "code_interpreter", "code_interpreter": {"outputs": [None, {"type": 1}]}},
                {"type": "file_search", "file_search": {"results": [None, {"score": 10**400}]}},
            ]
        },
    },
    {"run_id": "run_of_nobody", "step_details": {"tool_calls": [{"type": "\x1b[2J"}]}},
]
ODD_RUNS: list[Any] = [
    None,
    {"id": "run_0", "status": "failed", "last_error": {"message": "No quota."}},
    {"id": "run_1", "status": 3},
]


def test_documents_of_any_form_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    thread = {"thread": {"id": "thread_1", "metadata": 3, "created_at": []}}
    folder = written(tmp_path, thread | {"messages": ODD, "steps": ODD_STEPS, "runs": ODD_RUNS})
    page = (folder / "threads/thread_1/1.html").read_text("utf-8")
    assert page.count("<article") == len(ODD)
    assert "a bare string" in page
    assert "Run failed: no quota." in page
    assert page.count('class="call"') == 8
    assert main(["show", "thread_1", "--archive", str(tmp_path / "a")]) == 0
    shown = capsys.readouterr().out
    assert "a bare string" in shown
    assert "run failed: No quota." in shown
    assert "\x1b" not in shown + page
    assert main(["list", str(tmp_path / "a")]) == 0


def test_work_stands_before_the_message_of_its_run(tmp_path: Path) -> None:
    def step(run: str) -> dict[str, Any]:
        call = {"type": "function", "function": {"name": f"of_{run}", "arguments": "{}"}}
        return {"run_id": run, "step_details": {"tool_calls": [call]}}

    order = ["run_1", "run_2", "run_3", "run_4"]
    thread = {
        "thread": THREAD,
        "messages": [
            message(n, "assistant", [text(f"by_{run}")], run_id=run)
            for n, run in ((1, "run_1"), (2, "run_3"), (3, "run_3"), (9, "run_2"))
        ],
        "runs": [{"id": run, "created_at": 1700000100 + 2 * n} for n, run in enumerate(order)],
        "steps": [step(run) for run in ("run_1", "run_2", "run_3", "run_4")],
    }
    page = (written(tmp_path, thread) / "threads/thread_1/1.html").read_text()
    found = re.findall(r"<summary>of_(run_\d)|<p>by_(run_\d)", page)
    assert ["".join(pair) for pair in found] == [
        *("run_1", "run_1", "run_3", "run_3", "run_3", "run_4", "run_2", "run_2"),
    ]


def test_footnotes_of_two_messages_do_not_mix(tmp_path: Path) -> None:
    cited = [message(n, "assistant", [text(CITED, *ANNOTATIONS)]) for n in range(2)]
    ids = re.findall(r' id="([^"]+)"', page_of(tmp_path, *cited, files=FILES))
    assert len([each for each in ids if each.startswith("fn-")]) == 2
    assert len(ids) == len(set(ids))


def test_long_threads_and_long_archives_are_in_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MESSAGES_A_PAGE", 3)
    monkeypatch.setattr(view, "THREADS_A_PAGE", 2)
    threads = [
        {"thread": THREAD | {"id": f"thread_{n}"}, "messages": EVERYTHING["messages"]}
        for n in range(5)
    ]
    folder = written(tmp_path, *threads)
    assert sorted(path.name for path in folder.glob("index*")) == [
        *("index-2.html", "index-3.html", "index.html"),
    ]
    pages = sorted((folder / "threads/thread_4").iterdir())
    assert [page.read_text("utf-8").count("<article") for page in pages] == [3, 3, 1]
    assert 'href="2.html"' in pages[0].read_text("utf-8")
    data = (folder / "search-data.js").read_text()
    rows = json.loads(data.removeprefix("const THREADS = ").rstrip(";\n").replace(",\n]", "]"))
    assert [row[2] for row in rows] == [f"thread_{n}" for n in range(5)]


@pytest.mark.parametrize("thread_id", ["../x", "a/b", "%2e", "é", "\ud800", "<b>", "x" * 999])
def test_ids_of_any_kind_have_pages_that_links_lead_to(tmp_path: Path, thread_id: str) -> None:
    folder = written(tmp_path, {"thread": {"id": thread_id}})
    with serving(folder) as get:
        (href,) = re.findall(r'href="(threads/[^"]+)"', get("/")[1].decode())
        assert get(f"/{href}")[0] == 200


def test_files_are_never_run_by_the_browser(tmp_path: Path) -> None:
    hostile = [
        file("file-h", "page.html", "assistants", b"<script>alert(1)</script>"),
        file("file-s", "picture.svg", "vision", b"<svg onload=alert(1)>"),
        file("file-p", "a.png", "vision", b"<script>alert(1)</script>"),
    ]
    folder = written(tmp_path, {"thread": THREAD}, files=hostile)
    assert {path.suffix for path in (folder / "files").iterdir()} == {".bin"}
    with serving(folder) as get:
        _, _, headers = get("/files/file-h.bin")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("sandbox")


# Where it is written


def test_own_pages_are_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path / "a")
    folder = write_view(archive, tmp_path / "v").parent
    write_view(archive, folder)
    (folder / "mine.txt").write_text("kept")
    with pytest.raises(ArchiveError, match=r"'mine\.txt'"):
        write_view(archive, folder)
    assert (folder / "mine.txt").read_text() == "kept"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "index.html").write_text("kept")
    (tmp_path / "plain").write_text("kept")
    for name in ("other", "plain", "a", "a/v", "."):
        with pytest.raises(ArchiveError):
            write_view(archive, tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "other", "plain", "v"]


def test_a_damaged_archive_leaves_the_old_pages(tmp_path: Path) -> None:
    archive = archive_of_everything(tmp_path / "a")
    index = write_view(archive, tmp_path / "v")
    before = index.read_bytes()
    damaged = tmp_path / "a/threads/thread_2/messages.jsonl"
    damaged.write_bytes(b'{"cut')
    with pytest.raises(ArchiveError, match="line 1"):
        write_view(archive, tmp_path / "v")
    assert index.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "v"]


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = archive_of_everything(tmp_path / "a")
    monkeypatch.setitem(__import__("sys").modules, "markdown_it", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'laplas\[cli\]'"):
        write_view(archive, tmp_path / "v")
    assert not (tmp_path / "v").exists()


@pytest.mark.parametrize(
    "options", [["--port", "80"], ["--serve", "--port", "-1"], ["--serve", "--port", "70000"]]
)
def test_wrong_ports_are_refused(tmp_path: Path, options: list[str]) -> None:
    archive_of_everything(tmp_path / "a")
    assert main(["view", str(tmp_path / "a"), *options]) == 2


def test_the_command_names_the_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive_of_everything(tmp_path / "a")
    assert main(["view", str(tmp_path / "a")]) == 0
    path = Path(capsys.readouterr().out.strip())
    assert path == tmp_path / "a-view" / "index.html"
    assert path.is_file()
    assert main(["view", str(tmp_path / "none")]) == 2


# Served


@contextmanager
def serving(folder: Path) -> Iterator[Any]:
    """Serve a folder of pages; yields a function that gets a path."""
    with serve_view(folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()

        def get(path: str, host: str | None = None) -> tuple[int, bytes, Any]:
            connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
            try:
                connection.putrequest("GET", path, skip_host=True)
                connection.putheader("Host", host or f"127.0.0.1:{server.server_port}")
                connection.endheaders()
                answer = connection.getresponse()
                return answer.status, answer.read(), answer.headers
            finally:
                connection.close()

        try:
            yield get
        finally:
            server.shutdown()
            thread.join()


def test_only_the_pages_are_served_and_only_to_this_machine(tmp_path: Path) -> None:
    folder = write_view(archive_of_everything(tmp_path / "a"), tmp_path / "v").parent
    with serving(folder) as get:
        assert get("/")[0] == 200
        assert get("/threads/thread_1/1.html")[0] == 200
        for path in ("/../a/manifest.json", "/%2e%2e/a/manifest.json", "/..%2fa/manifest.json"):
            assert get(path)[0] == 404
        assert get("/threads/")[0] == 404  # no listings
        assert get("/", "evil.example:80")[0] == 403
