"""The comparison finds in five published versions of a real document what one finds by reading.

The tables were written from the documents, before the tool had seen them. Changed descriptions
are left out: they are too many to be worth listing.
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

# judgement (B for breaking and so on) | side | where | what
# All of the messages and threads, all operations that come and go, and behind the empty line some
# of the rest of the family that are easily missed; of the first step, a small one, everything.
CHANGES = {
    ("2023-11-15", "2024-02-23"): """
        B | response | FunctionObject.parameters | now optional: required -> optional
        W | request  | FunctionObject.parameters | now optional: required -> optional
        W | request  | CreateRunRequest.additional_instructions | optional field added
        W | response | RunObject.usage | required field added
        W | response | RunStepObject.usage | required field added
    """,
    # Version 2 of the Assistants API: files move from file_ids to attachments and tool_resources.
    ("2024-02-23", "2024-09-13"): """
        B | request  | GET /threads/{thread_id}/messages/{message_id}/files | operation removed
        B | request  | GET /threads/{thread_id}/messages/{message_id}/files/{file_id} \
            | operation removed
        B | request  | CreateMessageRequest.file_ids | field removed
        B | response | MessageObject.file_ids | field removed
        B | response | MessageContentTextAnnotationsFileCitationObject.file_citation.quote \
            | field removed
        W | request  | DELETE /threads/{thread_id}/messages/{message_id} | operation added
        W | request  | query parameter run_id | optional parameter added
        W | request  | CreateMessageRequest.attachments | optional field added
        W | request  | CreateMessageRequest.content | type added: string -> array or string
        W | request  | CreateMessageRequest.content \
            | limit loosened: maxLength 32768 -> no maxLength
        W | request  | CreateMessageRequest.content | limit loosened: minLength 1 -> no minLength
        W | request  | CreateMessageRequest.role | enum value added: assistant
        W | request  | CreateThreadRequest.tool_resources | optional field added
        W | request  | ModifyThreadRequest.tool_resources | optional field added
        W | response | MessageObject.attachments | required field added
        W | response | MessageObject.status | required field added
        W | response | MessageObject.incomplete_details | required field added
        W | response | MessageObject.completed_at | required field added
        W | response | MessageObject.incomplete_at | required field added
        W | response | MessageObject.content[] | union member added: image_url
        W | response | MessageObject.content[] | union member added: refusal
        W | response | MessageContentImageFileObject.image_file.detail | optional field added
        W | response | ThreadObject.tool_resources | required field added

        B | request  | GET /assistants/{assistant_id}/files | operation removed
        B | request  | POST /assistants/{assistant_id}/files | operation removed
        B | request  | GET /assistants/{assistant_id}/files/{file_id} | operation removed
        B | request  | DELETE /assistants/{assistant_id}/files/{file_id} | operation removed
        B | response | RunObject.tools[] | union member removed: retrieval
        W | response | RunObject.tools[] | union member added: file_search
        B | response | RunObject.expires_at | now nullable
        W | request  | CreateAssistantRequest.instructions \
            | limit loosened: maxLength 32768 -> maxLength 256000
        W | response | RunObject.status | enum value added: incomplete
        W | request  | query parameter include[] | optional parameter added
    """,
    # Metadata becomes a named schema, whose values are strings.
    ("2024-09-13", "2025-03-11"): """
        B | request  | Metadata{} | type removed: anything -> string
        W | response | Metadata{} | type removed: anything -> string
        W | request  | CreateThreadRequest.tool_resources.file_search.vector_stores[].metadata \
            | now nullable, was optional

        W | response | RunStepDetailsToolCallsFileSearchRankingOptionsObject.ranker \
            | enum value added: auto
        W | request  | CreateRunRequest.reasoning_effort | optional field added
    """,
    # From OpenAPI 3.0 to 3.1: every nullable field is written in another way, and means the same.
    ("2025-03-11", "2026-08-21"): """
        W | request  | CreateThreadRequest.tool_resources.file_search.vector_stores[].file_ids \
            | limit loosened: maxItems 10000 -> maxItems 100000000
        D | response | status 429 | error status added
        D | response | ThreadObject.created_at | format changed: none -> unixtime
        D | response | MessageObject.created_at | format changed: none -> unixtime
        D | response | MessageObject.completed_at | format changed: none -> unixtime
        D | response | MessageObject.incomplete_at | format changed: none -> unixtime

        W | request  | ReasoningEffort | enum value added: max, minimal, none, xhigh
        D | request  | GET /assistants | deprecated
        D | response | AssistantObject | deprecated
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
STEPS = list(CHANGES)


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
    return finding.judgement[0].upper(), finding.side, finding.where, what


def test_the_steps_are_all_of_the_history_and_no_version_differs_from_itself() -> None:
    assert tuple(path.stem for path in sorted(HISTORY.glob("*.yaml"))) == VERSIONS
    assert list(pairwise(VERSIONS)) == STEPS
    for date in VERSIONS:
        assert compare(version(date), Document(copy.deepcopy(version(date).root))) == []


@pytest.mark.parametrize("step", STEPS, ids=" to ".join)
def test_a_step_is_found_as_read_and_nothing_that_looks_different(step: tuple[str, str]) -> None:
    expected = rows(CHANGES[step])
    assert expected <= {row(f) for f in found(step)}
    for finding in found(step):
        is_read = MESSAGE_API & set(finding.uses) or finding.rule.startswith("operation ")
        assert row(finding) in expected or not (is_read or step == STEPS[0])
    assert not [f for f in found(step) if f.where in NOTHING.get(step, ())]
