"""Conversations with one of everything, for tests of `laplas.archive`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from laplas.archive import Archive, write_archive

ASSISTANT = {
    "id": "asst_1",
    "object": "assistant",
    "created_at": 1700000000,
    "name": "Guide",
    "description": None,
    "model": "gpt-4o",
    "instructions": "Answer in one sentence.",
    "tools": [{"type": "file_search"}, {"type": "code_interpreter"}],
    "tool_resources": {},
    "metadata": {},
    "temperature": 1.0,
    "top_p": 1.0,
    "response_format": "auto",
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c"
    "63f8cfc0f01f0005000201f5b96ab90000000049454e44ae426082"
)
"""A picture of one dot."""


def file(file_id: str, name: str, purpose: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the document of a file, and its bytes."""
    document = {
        "id": file_id,
        "object": "file",
        "bytes": len(content),
        "created_at": 1700000001,
        "filename": name,
        "purpose": purpose,
        "status": "processed",
    }
    return document, content


FILES = [
    file("file-cat", "cat.png", "vision", PIXEL),
    file("file-plot", "../plot 1.png", "assistants_output", PIXEL),
    file("file-notes", "Notes <2024>.txt", "assistants", b"Laplas was born in 1749.\n"),
]


def message(number: int, role: str, content: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Return the document of a message."""
    return {
        "id": f"msg_{number}",
        "object": "thread.message",
        "created_at": 1700000100 + number,
        "assistant_id": "asst_1" if role == "assistant" else None,
        "thread_id": "thread_1",
        "run_id": "run_1" if role == "assistant" else None,
        "role": role,
        "content": content,
        "attachments": [],
        "metadata": {},
        **more,
    }


def text(value: str, *annotations: dict[str, Any]) -> dict[str, Any]:
    """Return a part of text."""
    return {"type": "text", "text": {"value": value, "annotations": list(annotations)}}


MARK, LINK = "【4:0†notes】", "sandbox:/mnt/data/plot.png"
CITED = f"Laplas was born in 1749{MARK}. See [the plot]({LINK})."
ANNOTATIONS = (
    {
        "type": "file_citation",
        "text": MARK,
        "start_index": CITED.index(MARK),
        "end_index": CITED.index(MARK) + len(MARK),
        "file_citation": {"file_id": "file-notes"},
    },
    {
        "type": "file_path",
        "text": LINK,
        "start_index": CITED.index(LINK),
        "end_index": CITED.index(LINK) + len(LINK),
        "file_path": {"file_id": "file-plot"},
    },
)
MESSAGES = [
    message(
        1, "user", [text("Hello <script>alert(1)</script> & \u2028 é 😀")], metadata={"k": "v"}
    ),
    message(
        2,
        "user",
        [
            text("What is in these?"),
            {"type": "image_file", "image_file": {"file_id": "file-cat", "detail": "low"}},
            {
                "type": "image_url",
                "image_url": {"url": "https://example.com/cat.png", "detail": "auto"},
            },
        ],
        attachments=[{"file_id": "file-notes", "tools": [{"type": "file_search"}]}],
    ),
    message(3, "assistant", [text(CITED, *ANNOTATIONS)]),
    message(
        4,
        "assistant",
        [{"type": "image_file", "image_file": {"file_id": "file-plot"}}, text("The plot.")],
    ),
    message(5, "assistant", [{"type": "refusal", "refusal": "I cannot help with that."}]),
    message(
        6,
        "assistant",
        [text("Half an ans")],
        status="incomplete",
        incomplete_details={"reason": "max_tokens"},
    ),
    message(7, "user", [{"type": "hologram", "hologram": {"depth": 3}}], surprise={"a": [1]}),
]
RUN = {
    "id": "run_1",
    "object": "thread.run",
    "created_at": 1700000103,
    "thread_id": "thread_1",
    "assistant_id": "asst_1",
    "status": "completed",
    "started_at": 1700000103,
    "completed_at": 1700000104,
    "model": "gpt-4o",
    "instructions": "Answer in one sentence.",
    "tools": [],
    "metadata": {},
    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
}


def step(number: int, details: dict[str, Any]) -> dict[str, Any]:
    """Return the document of a run step."""
    return {
        "id": f"step_{number}",
        "object": "thread.run.step",
        "created_at": 1700000103 + number,
        "run_id": "run_1",
        "assistant_id": "asst_1",
        "thread_id": "thread_1",
        "type": details["type"],
        "status": "completed",
        "step_details": details,
        "usage": None,
    }


STEPS = [
    step(
        1,
        {
            "type": "tool_calls",
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {
                        "name": "born",
                        "arguments": '{"who": "Laplas"}',
                        "output": "1749",
                    },
                },
                {
                    "id": "call_2",
                    "type": "code_interpreter",
                    "code_interpreter": {
                        "input": "print(1 + 1)",
                        "outputs": [
                            {"type": "logs", "logs": "2\n"},
                            {"type": "image", "image": {"file_id": "file-plot"}},
                        ],
                    },
                },
                {
                    "id": "call_3",
                    "type": "file_search",
                    "file_search": {
                        "ranking_options": {"ranker": "auto", "score_threshold": 0.0},
                        "results": [
                            {
                                "file_id": "file-notes",
                                "file_name": "Notes <2024>.txt",
                                "score": 0.9,
                                "content": [{"type": "text", "text": "born in 1749"}],
                            }
                        ],
                    },
                },
            ],
        },
    ),
    step(2, {"type": "message_creation", "message_creation": {"message_id": "msg_3"}}),
]
THREAD = {
    "id": "thread_1",
    "object": "thread",
    "created_at": 1700000100,
    "metadata": {"title": "All kinds"},
    "tool_resources": {"code_interpreter": {"file_ids": ["file-notes"]}},
}
EVERYTHING = {"thread": THREAD, "messages": MESSAGES, "runs": [RUN], "steps": STEPS}
EMPTY = {"thread": {**THREAD, "id": "thread_2", "metadata": {}, "tool_resources": {}}}


def archive_of_everything(to: Path) -> Archive:
    """Write an archive of a thread with one of everything and an empty one."""
    write_archive(to, [EVERYTHING, EMPTY], assistants=[ASSISTANT], files=FILES, source="http://x")
    return Archive(to)


def tree(folder: Path) -> dict[str, bytes]:
    """Return the content of each file in a folder, by its path there."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
