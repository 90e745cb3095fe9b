"""The comparison finds in five published versions of a real document what one finds by reading.

The tables were written from the documents, before the tool had seen them. They hold all that
differs, except changed descriptions, which are too many to be worth listing.
"""

from __future__ import annotations

import copy
from functools import cache
from itertools import pairwise

import pytest
from support import ROOT

pytest.importorskip("openapi_python_client", reason="see tools/codegen/requirements.txt")

from tools.apidiff import Document, Finding, compare

HISTORY = ROOT.parent / "shared" / "spec-history"
pytestmark = pytest.mark.skipif(
    not HISTORY.is_dir(), reason="the published history (../shared/spec-history) is not here"
)
VERSIONS = ("2023-11-15", "2024-02-23", "2024-09-13", "2025-03-11", "2026-08-21")
MESSAGE_API = {
    *("createThread", "getThread", "modifyThread", "deleteThread"),
    *("listMessages", "createMessage", "getMessage", "modifyMessage", "deleteMessage"),
    *("listMessageFiles", "getMessageFile"),
}

# judgement | side | where | what: all of the family, the first step being small
FIRST_STEP = """
    breaking | response | FunctionObject.parameters | now optional: required -> optional
    widening | request  | FunctionObject.parameters | now optional: required -> optional
    widening | request  | CreateRunRequest.additional_instructions | optional field added
    widening | response | RunObject.usage           | required field added
    widening | response | RunStepObject.usage       | required field added
"""
# all of the messages and threads
MESSAGES = {
    ("2023-11-15", "2024-02-23"): "",
    # Version 2 of the Assistants API: files move from file_ids to attachments and tool_resources.
    ("2024-02-23", "2024-09-13"): """
        breaking | request  | GET /threads/{thread_id}/messages/{message_id}/files \
            | operation removed
        breaking | request  | GET /threads/{thread_id}/messages/{message_id}/files/{file_id} \
            | operation removed
        breaking | request  | CreateMessageRequest.file_ids | field removed
        breaking | response | MessageObject.file_ids | field removed
        breaking | response | MessageContentTextAnnotationsFileCitationObject.file_citation.quote \
            | field removed
        widening | request  | DELETE /threads/{thread_id}/messages/{message_id} | operation added
        widening | request  | query parameter run_id | optional parameter added
        widening | request  | CreateMessageRequest.attachments | optional field added
        widening | request  | CreateMessageRequest.content | type added: string -> array or string
        widening | request  | CreateMessageRequest.content \
            | limit loosened: maxLength 32768 -> no maxLength
        widening | request  | CreateMessageRequest.content \
            | limit loosened: minLength 1 -> no minLength
        widening | request  | CreateMessageRequest.role | enum value added: assistant
        widening | request  | CreateThreadRequest.tool_resources | optional field added
        widening | request  | ModifyThreadRequest.tool_resources | optional field added
        widening | response | MessageObject.attachments | required field added
        widening | response | MessageObject.status | required field added
        widening | response | MessageObject.incomplete_details | required field added
        widening | response | MessageObject.completed_at | required field added
        widening | response | MessageObject.incomplete_at | required field added
        widening | response | MessageObject.content[] | union member added: image_url
        widening | response | MessageObject.content[] | union member added: refusal
        widening | response | MessageContentImageFileObject.image_file.detail | optional field added
        widening | response | ThreadObject.tool_resources | required field added
    """,
    # Metadata becomes a named schema, whose values are strings.
    ("2024-09-13", "2025-03-11"): """
        breaking | request  | Metadata{} | type removed: anything -> string
        widening | response | Metadata{} | type removed: anything -> string
        widening | request \
            | CreateThreadRequest.tool_resources.file_search.vector_stores[].metadata \
            | now nullable, was optional
    """,
    # From OpenAPI 3.0 to 3.1: every nullable field is written in another way, and means the same.
    ("2025-03-11", "2026-08-21"): """
        widening      | request \
            | CreateThreadRequest.tool_resources.file_search.vector_stores[].file_ids \
            | limit loosened: maxItems 10000 -> maxItems 100000000
        documentation | response | status 429 | error status added
        documentation | response | ThreadObject.created_at | format changed: none -> unixtime
        documentation | response | MessageObject.created_at | format changed: none -> unixtime
        documentation | response | MessageObject.completed_at | format changed: none -> unixtime
        documentation | response | MessageObject.incomplete_at | format changed: none -> unixtime
    """,
}
# Operations that come and go in the whole family; none do in the other steps.
OPERATIONS = {
    ("2024-02-23", "2024-09-13"): {
        "DELETE /threads/{thread_id}/messages/{message_id}": "operation added",
        "GET /threads/{thread_id}/messages/{message_id}/files": "operation removed",
        "GET /threads/{thread_id}/messages/{message_id}/files/{file_id}": "operation removed",
        "GET /assistants/{assistant_id}/files": "operation removed",
        "POST /assistants/{assistant_id}/files": "operation removed",
        "GET /assistants/{assistant_id}/files/{file_id}": "operation removed",
        "DELETE /assistants/{assistant_id}/files/{file_id}": "operation removed",
    }
}
# Some that are easily missed, in the rest of the family.
ELSEWHERE = {
    ("2024-02-23", "2024-09-13"): """
        breaking | response | RunObject.tools[] | union member removed: retrieval
        widening | response | RunObject.tools[] | union member added: file_search
        breaking | response | RunObject.expires_at | now nullable
        widening | request  | CreateAssistantRequest.instructions \
            | limit loosened: maxLength 32768 -> maxLength 256000
        widening | response | RunObject.status | enum value added: incomplete
        widening | request  | query parameter include[] | optional parameter added
    """,
    ("2024-09-13", "2025-03-11"): """
        widening | response | RunStepDetailsToolCallsFileSearchRankingOptionsObject.ranker \
            | enum value added: auto
        widening | request  | CreateRunRequest.reasoning_effort | optional field added
    """,
    ("2025-03-11", "2026-08-21"): """
        widening      | request  | ReasoningEffort | enum value added: max, minimal, none, xhigh
        documentation | request  | GET /assistants  | deprecated
        documentation | response | AssistantObject  | deprecated
    """,
}
# What a comparison of texts would report and that is no difference.
NOTHING = {
    # "any string or one of these" stays any string.
    ("2024-02-23", "2024-09-13"): ["CreateAssistantRequest.model"],
    # `required` named a field that was never described; `nullable` moved into an allOf.
    ("2024-09-13", "2025-03-11"): [
        *("CreateRunRequest.thread_id", "CreateRunRequest.tool_choice"),
        "CreateRunRequest.truncation_strategy",
    ],
    ("2025-03-11", "2026-08-21"): ["MessageObject.run_id", "RunCompletionUsage", "Metadata"],
}
STEPS = list(MESSAGES)


@cache
def version(date: str) -> Document:
    return Document.read(HISTORY / f"{date}.yaml")


@cache
def found(step: tuple[str, str]) -> list[Finding]:
    """What the tool finds in one step, changed descriptions left out."""
    findings = compare(version(step[0]), version(step[1]))
    return [f for f in findings if f.rule != "description changed"]


def rows(table: str) -> set[tuple[str, ...]]:
    lines = table.strip().splitlines()
    return {tuple(" ".join(c.split()) for c in line.split("|")) for line in lines if line.strip()}


def row(finding: Finding) -> tuple[str, ...]:
    values = " -> ".join(text for text in (finding.before, finding.after) if text)
    what = f"{finding.rule}: {values}" if values else finding.rule
    return finding.judgement, finding.side, finding.where, what


def test_the_steps_are_all_of_the_history() -> None:
    assert tuple(path.stem for path in sorted(HISTORY.glob("*.yaml"))) == VERSIONS
    assert list(pairwise(VERSIONS)) == STEPS


def test_the_first_step_is_found_as_read() -> None:
    assert {row(f) for f in found(STEPS[0])} == rows(FIRST_STEP)


@pytest.mark.parametrize("step", STEPS, ids=" to ".join)
def test_messages_and_threads_change_as_read(step: tuple[str, str]) -> None:
    ours = {row(f) for f in found(step) if MESSAGE_API & set(f.uses)}
    assert ours == rows(MESSAGES[step])


@pytest.mark.parametrize("step", STEPS, ids=" to ".join)
def test_operations_come_and_go_as_read(step: tuple[str, str]) -> None:
    changed = {f.where: f.rule for f in found(step) if f.rule.startswith("operation ")}
    assert changed == OPERATIONS.get(step, {})


@pytest.mark.parametrize("step", ELSEWHERE, ids=" to ".join)
def test_the_rest_of_the_family_changes_as_read(step: tuple[str, str]) -> None:
    assert rows(ELSEWHERE[step]) <= {row(f) for f in found(step)}


@pytest.mark.parametrize("step", NOTHING, ids=" to ".join)
def test_what_only_looks_different_is_not_reported(step: tuple[str, str]) -> None:
    assert not [f for f in found(step) if f.where in NOTHING[step]]


@pytest.mark.parametrize("date", VERSIONS)
def test_a_version_does_not_differ_from_itself(date: str) -> None:
    assert compare(version(date), Document(copy.deepcopy(version(date).root))) == []


def test_a_schema_of_many_operations_is_reported_once_with_all_of_them() -> None:
    [finding] = [f for f in found(STEPS[1]) if f.where == "MessageObject.file_ids"]
    assert set(finding.uses) == {"listMessages", "createMessage", "getMessage", "modifyMessage"}
    assert finding.names == ("MessageObject.file_ids",)
