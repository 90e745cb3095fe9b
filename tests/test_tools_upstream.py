"""A vendor's document is compared with ours, and every difference needs a noted reason."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from scripted import Loopback, answer
from support import ROOT, document

pytest.importorskip("openapi_python_client", reason="see tools/codegen/requirements.txt")

from tools.apidiff import Document, Unreadable
from tools.upstream import NOTES, Difference, load_notes, main, read, report, text

PUBLISHED = ROOT.parent / "shared" / "spec-history" / "2026-08-21.yaml"
Doc = dict[str, Any]
Change = Callable[[Doc], object]
NOTHING: tuple[Any, ...] = ([], [], [], {})
STATUS = Difference("response Message.status", ours="optional", theirs="required")
OURS = Document(document())


def schema(doc: Doc, name: str) -> Doc:
    found: Doc = doc["components"]["schemas"][name]
    return found


def theirs(change: Change) -> Document:
    """A vendor's document: ours, changed."""
    doc = copy.deepcopy(document())
    change(doc)
    return Document(doc)


def require_status(doc: Doc) -> None:
    schema(doc, "Message")["required"].append("status")


def with_operations_that_we_do_not_cover(doc: Doc) -> None:
    doc["paths"]["/unicorns/{id}"] = {"get": {"operationId": "x", "responses": {}}}
    doc["paths"]["/threads"]["put"] = {"operationId": "y", "responses": {}}


def with_other_names_and_words(doc: Doc) -> None:
    doc["paths"]["/threads"]["post"]["operationId"] = "createThread"
    schema(doc, "Thread")["description"] = "Other words."
    doc.update(json.loads(json.dumps(doc).replace('schemas/Thread"', 'schemas/ThreadObject"')))
    doc["components"]["schemas"]["ThreadObject"] = schema(doc, "Thread")


SAME: list[Change] = [
    lambda doc: None,
    lambda doc: doc.update(paths={f"/v1{path}": doc["paths"][path] for path in doc["paths"]}),
    with_operations_that_we_do_not_cover,
    with_other_names_and_words,
]


@pytest.mark.parametrize("change", SAME)
def test_what_means_the_same_to_us_is_no_difference(change: Change) -> None:
    assert report(theirs(change), OURS, {}) == NOTHING


# A place in the document, what they have more there; where that is told, what we have, what they.
LACKS = """
schemas/Message/properties | {"language": {"type": "string"}} | response Message.language | absent \
    | present
schemas/MessageStatus/enum | "lost" | response MessageStatus | without lost | with lost
"""
CONTRADICTIONS = """
schemas/Message/required | "status" | response Message.status | optional | required
schemas/MessageList/properties | {"first_id": {"type": "string"}} | response MessageList.first_id \
    | may be null | not null
schemas/StaticChunking | {"additionalProperties": false} | request StaticChunking \
    | any other fields | no other fields
schemas/Thread/properties | {"created_at": {"type": "string"}} | response Thread.created_at \
    | integer | string
paths/~threads/post | {"deprecated": true} | request POST /threads | not deprecated | deprecated
"""


@pytest.mark.parametrize("line", [*LACKS.splitlines()[1:], *CONTRADICTIONS.splitlines()[1:]])
def test_what_we_lack_and_what_contradicts_us_is_told_with_what_both_say(line: str) -> None:
    place, more, *said = (cell.strip() for cell in line.split("|"))

    def change(doc: Doc) -> None:
        node: Any = {**doc, **doc["components"]}
        for name in place.split("/"):
            node = node[name.replace("~", "/")]
        (node.append if isinstance(node, list) else node.update)(json.loads(more))

    lacks, contradictions, *_ = report(theirs(change), OURS, {})
    told = [Difference(*said)]
    assert (lacks, contradictions) == ((told, []) if line in LACKS else ([], told))


def test_an_operation_that_they_lack_contradicts_us() -> None:
    result = report(theirs(lambda doc: doc["paths"]["/threads"].pop("post")), OURS, {})
    assert result.contradictions == [Difference("request POST /threads", "present", "absent")]


def test_what_is_noted_is_known_better() -> None:
    result = report(theirs(require_status), OURS, {STATUS: "Seen without."})
    assert "Seen without." in text(result)
    assert all(len(reason) > 20 for reason in load_notes(NOTES).values())
    assert result == ([], [], [], {STATUS: "Seen without."})


@pytest.mark.skipif(
    not PUBLISHED.exists(), reason="the published history (../shared/spec-history) is not here"
)
def test_every_difference_to_the_published_document_is_noted_and_no_note_is_stale() -> None:
    result = report(Document.read(PUBLISHED), OURS, load_notes(NOTES))
    assert result[:3] == NOTHING[:3]
    assert STATUS in result.better


NOTE = {"where": "x", "ours": "a", "theirs": "b"}
REASON = {"reason": "r"}


@pytest.mark.parametrize(
    "entry", [NOTE, {**NOTE, **REASON, "more": "x"}, {**NOTE, **REASON, "where": ["x", "x"]}]
)
def test_a_malformed_note_is_refused(entry: Doc, tmp_path: Path) -> None:
    (tmp_path / "notes.yaml").write_text(yaml.safe_dump([entry]))
    with pytest.raises(Unreadable):
        load_notes(tmp_path / "notes.yaml")


def test_a_document_is_read_from_an_address_or_refused() -> None:
    with Loopback() as server:
        server.script.append(answer((ROOT / "openapi.yaml").read_bytes()))
        assert report(read(server.url), OURS, {}) == NOTHING
        server.script.extend([answer(b"x", 404), answer(b"\xff\xfe"), answer(b"no")])
        for _ in range(3):
            with pytest.raises(Unreadable):
                read(server.url)
        assert not server.script


def test_the_exit_code_asks_for_a_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    same, other, empty, noted = (tmp_path / name for name in ("same", "other", "empty", "noted"))
    same.write_text(json.dumps(document()))
    other.write_text(json.dumps(theirs(require_status).root))
    empty.write_text("[]")
    noted.write_text(json.dumps([{**STATUS._asdict(), "reason": "Seen without."}]))

    def code(source: Path, notes: Path) -> int:
        return main([str(source), "--notes", str(notes)])

    assert (code(same, empty), code(other, noted), code(other, empty)) == (0, 0, 1)
    assert code(same, noted) == 1  # the note is stale
    assert "there is none any more" in capsys.readouterr().out
    assert code(tmp_path / "missing", empty) == 2
