"""A vendor's document is compared with ours, and every difference needs a noted reason."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from support import ROOT, document

pytest.importorskip("openapi_python_client", reason="see tools/codegen/requirements.txt")

from tools.apidiff import Document, Unreadable
from tools.upstream import NOTES, Difference, load_notes, main, read, report, text

PUBLISHED = ROOT.parent / "shared" / "spec-history" / "2026-08-21.yaml"
Doc = dict[str, Any]
Change = Callable[[Doc], object]


def schema(doc: Doc, name: str) -> Doc:
    found: Doc = doc["components"]["schemas"][name]
    return found


def theirs(*changes: Change) -> Document:
    """A vendor's document: ours, changed."""
    doc = copy.deepcopy(document())
    for change in changes:
        change(doc)
    return Document(doc)


def ours() -> Document:
    return Document(document())


def add_field(doc: Doc) -> None:
    schema(doc, "Message")["properties"]["language"] = {"type": "string"}


def require_status(doc: Doc) -> None:
    schema(doc, "Message")["required"].append("status")


STATUS = Difference("response Message.status", ours="optional", theirs="required")


def test_our_own_document_does_not_differ() -> None:
    assert report(theirs(), ours(), {}) == ([], [], [], {})


def test_what_they_have_and_we_lack_is_told() -> None:
    result = report(theirs(add_field), ours(), {})
    assert result.lacks == [Difference("response Message.language", "absent", "present")]
    assert result.contradictions == []


def test_what_contradicts_us_is_told() -> None:
    result = report(theirs(require_status), ours(), {})
    assert result.contradictions == [STATUS]
    assert result.lacks == []


def test_what_is_noted_is_known_better() -> None:
    result = report(theirs(require_status), ours(), {STATUS: "Seen without."})
    assert result.better == {STATUS: "Seen without."}
    assert result[:3] == ([], [], [])
    assert "Seen without." in text(result)


def test_a_note_about_no_difference_is_stale() -> None:
    assert report(theirs(), ours(), {STATUS: "Seen without."}).stale == [STATUS]


def test_a_version_in_front_of_the_paths_does_not_matter() -> None:
    def prefixed(doc: Doc) -> None:
        doc["paths"] = {f"/v1{path}": item for path, item in doc["paths"].items()}

    assert report(theirs(prefixed, add_field), ours(), {}).lacks


def test_operations_that_we_do_not_cover_are_left_out() -> None:
    def more(doc: Doc) -> None:
        doc["paths"]["/unicorns/{id}"] = {"get": {"operationId": "x", "responses": {}}}
        doc["paths"]["/threads"]["get"] = {"operationId": "y", "responses": {}}

    assert report(theirs(more), ours(), {}) == ([], [], [], {})


def test_an_operation_that_they_lack_is_told() -> None:
    result = report(theirs(lambda doc: doc["paths"]["/threads"].pop("post")), ours(), {})
    assert result.contradictions == [Difference("request POST /threads", "present", "absent")]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (
            lambda doc: schema(doc, "MessageStatus")["enum"].append("lost"),
            Difference("response MessageStatus", "without lost", "with lost"),
        ),
        (
            lambda doc: schema(doc, "MessageList")["properties"].update(
                first_id={"type": "string"}
            ),
            Difference("response MessageList.first_id", "may be null", "not null"),
        ),
        (
            lambda doc: schema(doc, "StaticChunking").update(additionalProperties=False),
            Difference("request StaticChunking", "any other fields", "no other fields"),
        ),
        (
            lambda doc: doc["paths"]["/threads"]["post"].update(deprecated=True),
            Difference("request POST /threads", "not deprecated", "deprecated"),
        ),
        (
            lambda doc: schema(doc, "Thread")["properties"].update(created_at={"type": "string"}),
            Difference("response Thread.created_at", "integer", "string"),
        ),
    ],
)
def test_a_difference_says_what_both_say(change: Change, difference: Difference) -> None:
    result = report(theirs(change), ours(), {})
    assert [*result.lacks, *result.contradictions] == [difference]


def test_names_and_words_are_everyones_own() -> None:
    def reworded(doc: Doc) -> None:
        doc["paths"]["/threads"]["post"]["operationId"] = "createThread"
        schema(doc, "Thread")["description"] = "Other words."
        text = json.dumps(doc).replace('schemas/Thread"', 'schemas/ThreadObject"')
        doc.update(json.loads(text))
        doc["components"]["schemas"]["ThreadObject"] = schema(doc, "Thread")

    assert report(theirs(reworded), ours(), {}) == ([], [], [], {})


# ---- the notes and the published document --------------------------------------------------------


def test_every_note_gives_a_reason() -> None:
    assert all(len(reason) > 20 for reason in load_notes(NOTES).values())


@pytest.mark.skipif(
    not PUBLISHED.exists(), reason="the published history (../shared/spec-history) is not here"
)
def test_every_difference_to_the_published_document_is_noted_and_no_note_is_stale() -> None:
    result = report(Document.read(PUBLISHED), ours(), load_notes(NOTES))
    assert result.lacks == []
    assert result.contradictions == []
    assert result.stale == []
    assert STATUS in result.better


@pytest.mark.parametrize(
    "entry",
    [
        {"where": "response Message.status", "ours": "a", "theirs": "b"},
        {"where": "x", "ours": "a", "theirs": "b", "reason": "r", "more": "x"},
        {"where": ["x", "x"], "ours": "a", "theirs": "b", "reason": "r"},
    ],
)
def test_a_malformed_note_is_refused(entry: Doc, tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text(yaml.safe_dump([entry]))
    with pytest.raises(Unreadable):
        load_notes(tmp_path / "notes.yaml")


# ---- the command ---------------------------------------------------------------------------------


@contextmanager
def served(body: bytes, status: int = 200) -> Iterator[str]:
    """Serve one body on this machine; gives the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/openapi.yaml"
        finally:
            server.shutdown()
            thread.join()


def test_a_document_is_read_from_an_address() -> None:
    with served((ROOT / "openapi.yaml").read_bytes()) as url:
        assert report(read(url), ours(), {}) == ([], [], [], {})


@pytest.mark.parametrize(("body", "status"), [(b"x", 404), (b"\xff\xfe", 200), (b"no", 200)])
def test_an_address_without_a_document_is_refused(body: bytes, status: int) -> None:
    with served(body, status) as url, pytest.raises(Unreadable):
        read(url)


def test_the_exit_code_asks_for_attention(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same, other, empty, noted = (tmp_path / name for name in ("same", "other", "empty", "noted"))
    same.write_text(json.dumps(document()))
    other.write_text(json.dumps(theirs(require_status).root))
    empty.write_text("[]")
    noted.write_text(json.dumps([{**STATUS._asdict(), "reason": "Seen without."}]))

    def code(source: Path, notes: Path) -> int:
        return main([str(source), "--notes", str(notes)])

    assert code(same, empty) == 0
    assert code(other, noted) == 0
    assert code(other, empty) == 1
    assert code(same, noted) == 1
    assert "there is none any more" in capsys.readouterr().out
    assert code(tmp_path / "missing", empty) == 2
