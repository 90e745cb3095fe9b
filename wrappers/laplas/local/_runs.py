"""What becomes of a run, from queued to its end, and the events that tell of it.

Nothing happens by itself: each time a run is retrieved it goes one step on, queued, in progress,
over. A stream goes all the way at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from ._replies import Passage, Reply, ReplyFunction, ToolCall, ToolOutput, Turn, last_question
from ._routes import JSON, end_run, message_document, new_id, now, text_part
from ._store import Store
from ._vector_stores import search, searched_by

LIFETIME: Final = 600
"""Seconds until a run expires."""
_PASSAGES: Final = 20
"""The most that a file search finds, as the service's default is."""


def event(name: str, document: JSON | str) -> bytes:
    """Return an event as it goes over the wire."""
    data = document if isinstance(document, str) else _compact(document)
    return f"event: {name}\ndata: {data}\n\n".encode("utf-8", "replace")


def _compact(document: JSON) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


_NOT_SHOWN: Final = ("additional_instructions", "instructions", "stream")


def run_document(thread_id: str, assistant: JSON, given: JSON) -> JSON:
    """Return a new run: the request's settings, and the assistant's where it gives none."""
    created_at = now()
    instructions = given.get("instructions", assistant["instructions"])
    more = given.get("additional_instructions")
    return {
        "id": new_id("run"),
        "object": "thread.run",
        "created_at": created_at,
        "assistant_id": assistant["id"],
        "thread_id": thread_id,
        "status": "queued",
        "started_at": None,
        "expires_at": created_at + LIFETIME,
        **dict.fromkeys(("cancelled_at", "failed_at", "completed_at")),
        **dict.fromkeys(("required_action", "last_error")),
        "model": assistant["model"],
        "instructions": "\n\n".join(text for text in (instructions, more) if text) or None,
        "tools": assistant["tools"],
        "tool_resources": {},
        "metadata": {},
        **{name: assistant[name] for name in ("temperature", "top_p", "reasoning_effort")},
        **dict.fromkeys(("max_completion_tokens", "max_prompt_tokens")),
        "truncation_strategy": {"type": "auto", "last_messages": None},
        **dict.fromkeys(("incomplete_details", "usage")),
        "response_format": assistant["response_format"],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        **{name: value for name, value in given.items() if name not in _NOT_SHOWN},
    }


class Progress:
    """One run on its way.

    Attributes:
        run: The run, as it is by now.
        events: What a stream tells of it.
    """

    def __init__(self, store: Store, run: JSON) -> None:
        self.run = run
        self.events: list[bytes] = []
        self._store = store

    def tell(self, name: str, document: JSON | None = None) -> None:
        """Add an event, by default about the run."""
        if document is None:
            document = dict(self.run)
            # Recorded streams spell it out for every run; JSON answers do not.
            if document.get("tool_resources") == {}:
                document["tool_resources"] = {"code_interpreter": {"file_ids": []}}
        self.events.append(event(name, document))

    def queue(self) -> None:
        """Begin, or begin again after tool outputs."""
        self.run.update(status="queued", required_action=None)
        self._store.put(self.run, moving=True)

    def step_on(self, reply: ReplyFunction) -> None:
        """Go one step on, if the run goes on by itself."""
        if not self._store.is_moving(self.run["id"]):
            return
        if self.run["status"] == "queued":
            self._start()
        elif self.run["status"] == "in_progress":
            self._answer(reply)
        elif self.run["status"] == "cancelling":
            end_run(self._store, self.run, "cancelled", cancelled_at=now())

    def stream(self, reply: ReplyFunction) -> None:
        """Go all the way, and say that all is told."""
        self.tell("thread.run.queued")
        self._start()
        self._answer(reply)
        self.events.append(event("done", "[DONE]"))

    def cancel(self) -> None:
        """Ask it to stop; it will have stopped when it is looked at next."""
        self.run["status"] = "cancelling"
        self._store.put(self.run, moving=True)

    def take_outputs(self, step: JSON, outputs: dict[str, str]) -> None:
        """End the step that waited for tool outputs."""
        calls = step["step_details"]["tool_calls"]
        for call in calls:
            call["function"]["output"] = outputs.get(call["id"])
        words = sum(len(_pieces(call["function"]["arguments"])) for call in calls)
        self._end_step(step, words)

    def _start(self) -> None:
        started_at = self.run["started_at"] or now()
        self.run.update(status="in_progress", started_at=started_at)
        self._store.put(self.run, moving=True)
        self.tell("thread.run.in_progress")

    def _answer(self, reply: ReplyFunction) -> None:
        turn = self._turn()
        made = reply(turn)
        if isinstance(made, str):
            made = Reply(text=made)
        if turn.passages and not turn.tool_outputs:
            self._tell_search(turn.passages)
        if made.text or made.refusal is not None:
            self._write(made)
        if made.failure is not None:
            error = {"code": "server_error", "message": made.failure}
            self._end("failed", failed_at=now(), last_error=error)
        elif made.incomplete is not None:
            details = {"reason": made.incomplete}
            self._end("incomplete", completed_at=now(), incomplete_details=details)
        elif made.tool_calls:
            self._call(made.tool_calls)
        else:
            self._end("completed", completed_at=now())

    def _turn(self) -> Turn:
        messages = self._messages()
        # The assistant may have been deleted meanwhile.
        assistant = self._store.get("assistant", self.run["assistant_id"]) or {}
        return Turn(
            messages=messages,
            assistant=assistant,
            run=json.loads(json.dumps(self.run)),
            tool_outputs=[
                ToolOutput(**call["function"])
                for step in self._steps()
                for call in step["step_details"].get("tool_calls", ())
                if call["type"] == "function"
            ],
            passages=self._passages(assistant, messages),
        )

    def _passages(self, assistant: JSON, messages: list[JSON]) -> list[Passage]:
        """Search for the question, where the run has the tool."""
        if all(tool["type"] != "file_search" for tool in self.run["tools"]):
            return []
        thread = self._store.get("thread", self.run["thread_id"]) or {}
        files = searched_by(self._store, (assistant, thread), messages)
        results = search(self._store, files, [last_question(messages)])[:_PASSAGES]
        return [
            Passage(file["id"], self._filename(file["id"]), piece, score)
            for score, file, piece in results
        ]

    def _filename(self, file_id: str) -> str:
        return (self._store.get("file", file_id) or {}).get("filename") or file_id

    def _tell_search(self, passages: Sequence[Passage]) -> None:
        """Show the search as a step that is over."""
        results = [
            {
                "file_id": one.file_id,
                "file_name": one.filename,
                "score": one.score,
                "content": [{"type": "text", "text": one.text}],
            }
            for one in passages
        ]
        ranking = {"ranker": "default_2024_08_21", "score_threshold": 0.0}
        searched = {"ranking_options": ranking, "results": results}
        call = {"id": new_id("call"), "type": "file_search", "file_search": searched}
        step = self._new_step({"type": "tool_calls", "tool_calls": [call]})
        self._end_step(step, 0)

    def _messages(self) -> list[JSON]:
        return self._store.children("thread.message", self.run["thread_id"])

    def _steps(self) -> list[JSON]:
        return self._store.children("thread.run.step", self.run["id"])

    def _write(self, made: Reply) -> None:
        """Write a message, in a step of its own."""
        message_id = new_id("msg")
        creation = {"type": "message_creation", "message_creation": {"message_id": message_id}}
        step = self._new_step(creation)
        author = {"assistant_id": self.run["assistant_id"], "run_id": self.run["id"]}
        given = {**author, "role": "assistant"}
        message = message_document(self.run["thread_id"], given, message_id)
        for name in ("created", "in_progress"):
            self.tell(f"thread.message.{name}", _streamed(message, "in_progress"))
        pieces = _pieces(made.text if made.refusal is None else made.refusal)
        for delta in _deltas(made, pieces):
            self._tell_delta("thread.message", message_id, {"content": [delta]})
        message["content"] = [_part(made, "".join(pieces))]
        self._store.add(message)
        reason = "max_tokens" if made.incomplete is not None else None
        reason = reason if made.failure is None else "run_failed"
        status = "incomplete" if reason else "completed"
        self.tell(f"thread.message.{status}", _streamed(message, status, reason))
        if made.failure is None:  # else the run's end ends the step
            self._end_step(step, len(pieces))

    def _call(self, calls: Sequence[ToolCall]) -> None:
        """Ask for function calls, and wait for their outputs."""
        step = self._new_step({"type": "tool_calls", "tool_calls": []})
        asked = [_tool_call(self.run, call) for call in calls]

        def tell_call(call: JSON) -> None:
            details = {"type": "tool_calls", "tool_calls": [call]}
            self._tell_delta("thread.run.step", step["id"], {"step_details": details})

        for index, call in enumerate(asked):
            function = call["function"]
            tell_call({"index": index, **call, "function": {**function, "arguments": ""}})
            for piece in _pieces(function["arguments"]):
                tell_call({"index": index, "type": "function", "function": {"arguments": piece}})
        step["step_details"]["tool_calls"] = asked
        self._store.put(step)
        required = [
            {**call, "function": {k: v for k, v in call["function"].items() if k != "output"}}
            for call in asked
        ]
        kind = "submit_tool_outputs"
        action = {"type": kind, kind: {"tool_calls": required}}
        self.run.update(status="requires_action", required_action=action)
        self._store.put(self.run, moving=True)
        self.tell("thread.run.requires_action")

    def _tell_delta(self, kind: str, object_id: str, delta: JSON) -> None:
        self.tell(f"{kind}.delta", {"id": object_id, "object": f"{kind}.delta", "delta": delta})

    def _new_step(self, details: JSON) -> JSON:
        step = {
            "id": new_id("step"),
            "object": "thread.run.step",
            "created_at": now(),
            "run_id": self.run["id"],
            **{name: self.run[name] for name in ("assistant_id", "thread_id")},
            "type": details["type"],
            "status": "in_progress",
            **dict.fromkeys(("cancelled_at", "completed_at")),
            "expires_at": self.run["expires_at"],
            **dict.fromkeys(("failed_at", "last_error")),
            "step_details": details,
            "usage": None,
        }
        self._store.put(step)
        self.tell("thread.run.step.created", step)
        self.tell("thread.run.step.in_progress", step)
        return step

    def _end_step(self, step: JSON, words: int) -> None:
        read = sum(len(_pieces(_text(m))) for m in self._messages())
        step.update(status="completed", completed_at=now(), usage=_usage(read, words))
        self._store.put(step)
        self.tell("thread.run.step.completed", step)

    def _end(self, status: str, **fields: Any) -> None:
        used = [step["usage"] for step in self._steps() if step["usage"]]
        sums = (sum(u[key] for u in used) for key in ("prompt_tokens", "completion_tokens"))
        self.run["usage"] = _usage(*sums)
        for step in end_run(self._store, self.run, status, **fields):
            self.tell(f"thread.run.step.{status}", step)
        self.tell(f"thread.run.{status}")


def _pieces(text: str | Sequence[str]) -> list[str]:
    return re.findall(r"\s*\S+|\s+", text) if isinstance(text, str) else list(text)


def _text(message: JSON) -> str:
    return " ".join(part["text"]["value"] for part in message["content"] if "text" in part)


def _part(made: Reply, whole: str) -> JSON:
    if made.refusal is not None:
        return {"type": "refusal", "refusal": whole}
    part = text_part(whole)
    part["text"]["annotations"] = [
        {
            "type": "file_citation",
            "text": marker,
            "start_index": whole.index(marker),
            "end_index": whole.index(marker) + len(marker),
            "file_citation": {"file_id": file_id},
        }
        for marker, file_id in made.citations
    ]
    return part


def _deltas(made: Reply, pieces: list[str]) -> list[JSON]:
    """The parts of a message's deltas: its pieces, then the annotations."""
    if made.refusal is not None:
        return [{"index": 0, "type": "refusal", "refusal": piece} for piece in pieces]
    texts: list[JSON] = [{"value": piece} for piece in pieces]
    if texts:
        texts[0]["annotations"] = []
    annotations = _part(made, "".join(pieces))["text"]["annotations"]
    texts += [{"annotations": [{"index": n, **a}]} for n, a in enumerate(annotations)]
    return [{"index": 0, "type": "text", "text": text} for text in texts]


def _streamed(message: JSON, status: str, reason: str | None = None) -> JSON:
    """A message as streams show it: with a status, which other answers lack."""
    states = {
        "status": status,
        "incomplete_details": {"reason": reason} if reason else None,
        "incomplete_at": now() if reason else None,
        "completed_at": now() if status == "completed" else None,
    }
    items = list(message.items())
    at = list(message).index("role")
    return dict([*items[:at], *states.items(), *items[at:]])


def _tool_call(run: JSON, call: ToolCall) -> JSON:
    known = [tool["function"]["name"] for tool in run["tools"] if tool["type"] == "function"]
    if call.name not in known:
        raise ValueError(f"the run has no function {call.name!r}")
    arguments = call.arguments
    arguments = arguments if isinstance(arguments, str) else _compact(dict(arguments))
    function = {"name": call.name, "arguments": arguments, "output": None}
    return {"id": new_id("call"), "type": "function", "function": function}


def _usage(prompt: int, completion: int) -> JSON:
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_token_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }
