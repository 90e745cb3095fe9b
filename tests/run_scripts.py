"""What the tests of assistants, runs and streams share: objects as servers send them, and streams.

A stream is bytes in chunks; `Body` counts how often it is let go of.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import httpx
from scripted import MESSAGE, THREAD, Step, answer, message

ASSISTANT = "asst_abc123"
RUN = "run_abc123"
STEP = "step_abc123"
FILE = "file_abc123"
EVENT_STREAM = "text/event-stream; charset=utf-8"


def assistant(**fields: Any) -> dict[str, Any]:
    """An assistant with the fields of recorded traffic."""
    return {
        "id": ASSISTANT,
        "object": "assistant",
        "created_at": 1_700_000_000,
        "name": None,
        "description": None,
        "model": "gpt-4o",
        "instructions": None,
        "tools": [],
        "metadata": {},
        "top_p": 1.0,
        "temperature": 1.0,
        "tool_resources": {},
        "response_format": "auto",
        **fields,
    }


def run(status: str = "completed", **fields: Any) -> dict[str, Any]:
    """A run with the fields of recorded traffic."""
    return {
        "id": RUN,
        "object": "thread.run",
        "created_at": 1_700_000_000,
        "assistant_id": ASSISTANT,
        "thread_id": THREAD,
        "status": status,
        "started_at": None,
        "expires_at": None,
        "cancelled_at": None,
        "failed_at": None,
        "completed_at": None,
        "required_action": None,
        "last_error": None,
        "model": "gpt-4o",
        "instructions": None,
        "tools": [],
        "tool_resources": {},
        "metadata": {},
        "usage": None,
        **fields,
    }


def waiting(*calls: tuple[str, str, str], **fields: Any) -> dict[str, Any]:
    """A run that waits for the outputs of calls: the id, name and arguments of each."""
    wanted = [
        {"id": id_, "type": "function", "function": {"name": name, "arguments": arguments}}
        for id_, name, arguments in calls
    ]
    action = {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": wanted}}
    return run("requires_action", required_action=action, **fields)


def step(**fields: Any) -> dict[str, Any]:
    """A run step with the fields of recorded traffic."""
    return {
        "id": STEP,
        "object": "thread.run.step",
        "created_at": 1_700_000_000,
        "run_id": RUN,
        "assistant_id": ASSISTANT,
        "thread_id": THREAD,
        "type": "message_creation",
        "status": "completed",
        "step_details": {
            "type": "message_creation",
            "message_creation": {"message_id": MESSAGE},
        },
        "last_error": None,
        "expires_at": None,
        **fields,
    }


def file(**fields: Any) -> dict[str, Any]:
    """A file with the fields of recorded traffic."""
    return {
        "id": FILE,
        "object": "file",
        "bytes": 3,
        "created_at": 1_700_000_000,
        "filename": "a.txt",
        "purpose": "assistants",
        **fields,
    }


def listed(*items: dict[str, Any], has_more: bool = False) -> dict[str, Any]:
    """A page of these objects."""
    ids = [item["id"] for item in items] or [None]
    return {
        "object": "list",
        "data": list(items),
        "first_id": ids[0],
        "last_id": ids[-1],
        "has_more": has_more,
    }


def reply(*texts: str, id: str = MESSAGE, **fields: Any) -> dict[str, Any]:
    """A message that the run wrote, a text part for each text."""
    parts = [{"type": "text", "text": {"value": text, "annotations": []}} for text in texts]
    told = {"role": "assistant", "run_id": RUN, "assistant_id": ASSISTANT, "content": parts}
    return message(id, **told | fields)


BEGUN = [answer(message()), answer(run("queued"))]
"""The answers to a question, and to the start of its run."""

Event = tuple[str, Any]

DONE: Event = ("done", "[DONE]")


def piece(text: str, index: int = 0, id: str = MESSAGE) -> Event:
    """The event that adds text to a message."""
    part = {"index": index, "type": "text", "text": {"value": text}}
    delta = {"id": id, "object": "thread.message.delta", "delta": {"content": [part]}}
    return "thread.message.delta", delta


def sse(*events: Event) -> bytes:
    """Events as they go over the wire; data that is a str goes as it is."""
    texts = [
        (name, data if isinstance(data, str) else json.dumps(data, ensure_ascii=False))
        for name, data in events
    ]
    return "".join(f"event: {name}\ndata: {text}\n\n" for name, text in texts).encode()


def streamed(*events: Event) -> Step:
    """An answer that is a stream of these events."""
    return answer(sse(*events), content_type=EVENT_STREAM)


def answered(*texts: str, status: str = "completed", **fields: Any) -> list[Event]:
    """The events of a run that writes these texts, one delta each, but for `done`."""
    return [
        ("thread.run.created", run("queued")),
        ("thread.run.in_progress", run("in_progress")),
        ("thread.message.created", reply()),
        *[piece(text) for text in texts],
        ("thread.message.completed", reply("".join(texts))),
        (f"thread.run.{status}", run(status, **fields)),
    ]


class Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """An answer's body in chunks, perhaps with an error at its end.

    Attributes:
        given: How many chunks were asked for so far.
        closed: How often it was let go of.
    """

    def __init__(self, chunks: Iterable[bytes], error: Exception | None = None) -> None:
        self._chunks = list(chunks)
        self._error = error
        self.given = 0
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.given += 1
            yield chunk
        if self._error is not None:
            raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self._chunks:
            self.given += 1
            yield chunk
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        self.closed += 1

    finish = close

    async def aclose(self) -> None:
        self.closed += 1

    afinish = aclose


class Streaming(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers each request with the next of these bodies, as a stream of events."""

    def __init__(self, *bodies: Body, status: int = 200, kind: str = EVENT_STREAM) -> None:
        self.requests: list[httpx.Request] = []
        self._bodies = iter(bodies)
        self._status = status
        self._kind = kind

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        headers = {"content-type": self._kind, "x-request-id": "req_1"}
        return httpx.Response(self._status, headers=headers, stream=next(self._bodies))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)
