"""What becomes of a run, from queued to its end, and the events that tell of it.

Nothing happens by itself: each time a run is retrieved it goes one step on, queued, in progress,
over. A stream goes all the way at once. Only a reply that is an iterator is followed in a thread of
its own, outside of any transaction: it may take as long as a model does, and others are served
meanwhile.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import Any, Final, Literal

from ._replies import (
    Citation,
    Passage,
    Reply,
    ReplyFunction,
    ToolCall,
    ToolOutput,
    Turn,
    last_question,
)
from ._routes import JSON, Events, end_run, message_document, new_id, now, text_part
from ._store import Store
from ._validation import RequestError
from ._vector_stores import search, searched_by

_log = logging.getLogger("laplas.local")
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


_DONE: Final = event("done", "[DONE]")
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

    def stream(self, reply: ReplyFunction) -> Events:
        """Go all the way, and return what is told of it."""
        self.tell("thread.run.queued")
        self._start()
        over = self._answer(reply)
        if over is None:
            self.events.append(_DONE)
        return Events(self.events, over)

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
        self.end_step(step, words)

    def _start(self) -> None:
        started_at = self.run["started_at"] or now()
        self.run.update(status="in_progress", started_at=started_at)
        self._store.put(self.run, moving=True)
        self.tell("thread.run.in_progress")

    def _answer(self, reply: ReplyFunction) -> Future[None] | None:
        """Write what the reply says; return the end of that where it is still to come.

        Raises `RequestError` (500) where the function raises, or returns what makes no sense.
        """
        if self.run["id"] in self._store.replying:
            return None
        turn = self._turn()
        try:
            made = reply(turn)
            if isinstance(made, Iterator):
                return self._follow_soon(turn, made)
            made = Reply(text=made) if isinstance(made, str) else made
            if not isinstance(made, Reply):
                raise TypeError(f"it returned {type(made).__name__}, not text or a Reply")
            draft = _Draft(self, turn)
            draft.add_all_of(made)
            draft.end(made)
        except Exception as error:
            never_again = (("x-should-retry", "false"),)
            problem = self._failure(error).failure or ""
            raise RequestError(500, problem, headers=never_again) from error
        return None

    def _follow_soon(self, turn: Turn, pieces: Iterator[str | Reply]) -> Future[None]:
        """Follow the reply in a thread, which waits for the end of this transaction."""
        self._store.replying.add(self.run["id"])
        over = Future[None]()

        def follow() -> None:
            try:
                self._follow(turn, pieces)
            finally:
                self.events.append(_DONE)
                self._store.replying.discard(self.run["id"])
                over.set_result(None)

        Thread(target=follow, name="laplas-local-reply", daemon=True).start()
        return over

    def _follow(self, turn: Turn, pieces: Iterator[str | Reply]) -> None:
        draft, last = _Draft(self, turn), Reply()
        with suppress(sqlite3.ProgrammingError):  # the server was closed
            try:
                for piece in pieces:
                    with self._store.transaction():
                        if self._is_stopped(draft):
                            return
                        if isinstance(piece, Reply):
                            last = piece
                            draft.add_all_of(last)
                        elif isinstance(piece, str):
                            draft.add([piece])
                        else:
                            raise TypeError(
                                f"it yielded {type(piece).__name__}, not text or a Reply"
                            )
            except BaseException as error:
                last = self._failure(error)
            try:
                with self._store.transaction():
                    if not self._is_stopped(draft):
                        draft.end(last)
            except ValueError as error:
                with self._store.transaction():
                    draft.end(self._failure(error))

    def _failure(self, error: BaseException) -> Reply:
        _log.error("The reply function raised for %s", self.run["id"], exc_info=error)
        return Reply(failure=_raised(error))

    def _is_stopped(self, draft: _Draft) -> bool:
        """Whether the run was ended from outside, or was asked to end: then it has ended now."""
        stored = self._store.find_run(self.run["id"])
        if stored is not None and stored["status"] == "in_progress":
            return False
        if stored is not None:
            self.run = stored
            draft.leave("run_cancelled")
            if stored["status"] == "cancelling":
                self.end("cancelled", cancelled_at=now())
            else:
                self.tell(f"thread.run.{stored['status']}")
        return True

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

    def tell_search(self, passages: Sequence[Passage]) -> None:
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
        step = self.new_step({"type": "tool_calls", "tool_calls": [call]})
        self.end_step(step, 0)

    def keep(self, message: JSON) -> None:
        """Keep a message that is written."""
        self._store.add(message)

    def _messages(self) -> list[JSON]:
        return self._store.children("thread.message", self.run["thread_id"])

    def _steps(self) -> list[JSON]:
        return self._store.children("thread.run.step", self.run["id"])

    def ask_for(self, asked: list[JSON]) -> None:
        """Ask for function calls, and wait for their outputs."""
        step = self.new_step({"type": "tool_calls", "tool_calls": []})

        def tell_call(call: JSON) -> None:
            details = {"type": "tool_calls", "tool_calls": [call]}
            self.tell_delta("thread.run.step", step["id"], {"step_details": details})

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

    def tell_delta(self, kind: str, object_id: str, delta: JSON) -> None:
        """Add the event of a piece."""
        self.tell(f"{kind}.delta", {"id": object_id, "object": f"{kind}.delta", "delta": delta})

    def new_step(self, details: JSON) -> JSON:
        """Begin a step, and return it."""
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

    def end_step(self, step: JSON, words: int) -> None:
        """Complete a step that wrote so many words."""
        read = sum(len(_pieces(_text(m))) for m in self._messages())
        step.update(status="completed", completed_at=now(), usage=_usage(read, words))
        self._store.put(step)
        self.tell("thread.run.step.completed", step)

    def end(self, status: str, **fields: Any) -> None:
        """End the run with that status."""
        used = [step["usage"] for step in self._steps() if step["usage"]]
        sums = (sum(u[key] for u in used) for key in ("prompt_tokens", "completion_tokens"))
        self.run["usage"] = _usage(*sums)
        for step in end_run(self._store, self.run, status, **fields):
            self.tell(f"thread.run.step.{status}", step)
        self.tell(f"thread.run.{status}")


class _Draft:
    """What a reply becomes while it comes: a search that is shown, a message, the run's end."""

    def __init__(self, progress: Progress, turn: Turn) -> None:
        self._progress = progress
        self._passages = () if turn.tool_outputs else turn.passages
        self._pieces: list[str] = []
        self._kind: Literal["text", "refusal"] = "text"
        self._step: JSON = {}
        self._message: JSON = {}

    def add_all_of(self, made: Reply) -> None:
        """Add the text or the refusal of a reply."""
        if made.refusal is not None and not self._message:
            self._kind = "refusal"
        self.add(_pieces(made.text if self._kind == "text" else made.refusal or ""))

    def add(self, pieces: Sequence[str]) -> None:
        """Write on, in a message and step of its own."""
        for piece in pieces:
            if not self._message:
                self._begin()
            said: JSON | str = piece
            if self._kind == "text":
                said = {"value": piece} | ({} if self._pieces else {"annotations": []})
            self._tell_delta(said)
            self._pieces.append(piece)

    def end(self, made: Reply) -> None:
        """End the message, and the run, or let it wait for the outputs of calls.

        Raises `ValueError` before anything else where the reply cites or calls what is not there.
        """
        progress, whole = self._progress, "".join(self._pieces)
        annotations = [_annotation(whole, each) for each in made.citations if self._message]
        is_cut = made.failure is not None or made.incomplete is not None
        asked = [] if is_cut else [_tool_call(progress.run, call) for call in made.tool_calls]
        self._show_search()
        for index, annotation in enumerate(annotations):
            self._tell_delta({"annotations": [{"index": index, **annotation}]})
        if made.failure is not None:
            self.leave("run_failed", annotations)
            error = {"code": "server_error", "message": made.failure}
            progress.end("failed", failed_at=now(), last_error=error)
            return
        reason = None if made.incomplete is None else "max_tokens"
        self.leave(reason, annotations)
        if made.incomplete is not None:
            details = {"reason": made.incomplete}
            progress.end("incomplete", completed_at=now(), incomplete_details=details)
        elif asked:
            progress.ask_for(asked)
        else:
            progress.end("completed", completed_at=now())

    def leave(self, reason: str | None, annotations: Sequence[JSON] = ()) -> None:
        """Keep the message, if there is one: complete, or cut off for a reason."""
        if not self._message:
            return
        message, whole = self._message, "".join(self._pieces)
        part: JSON = {"type": "refusal", "refusal": whole}
        if self._kind == "text":
            part = text_part(whole)
            part["text"]["annotations"] = list(annotations)
        message["content"] = [part]
        self._progress.keep(message)
        status = "incomplete" if reason else "completed"
        self._progress.tell(f"thread.message.{status}", _streamed(message, status, reason))
        if reason in (None, "max_tokens"):  # else the run's end ends the step
            self._progress.end_step(self._step, len(self._pieces))

    def _begin(self) -> None:
        self._show_search()
        progress, message_id = self._progress, new_id("msg")
        creation = {"type": "message_creation", "message_creation": {"message_id": message_id}}
        self._step = progress.new_step(creation)
        run = progress.run
        given = {"assistant_id": run["assistant_id"], "run_id": run["id"], "role": "assistant"}
        self._message = message_document(run["thread_id"], given, message_id)
        for name in ("created", "in_progress"):
            progress.tell(f"thread.message.{name}", _streamed(self._message, "in_progress"))

    def _show_search(self) -> None:
        if self._passages:
            self._progress.tell_search(self._passages)
            self._passages = ()

    def _tell_delta(self, said: JSON | str) -> None:
        part = {"index": 0, "type": self._kind, self._kind: said}
        self._progress.tell_delta("thread.message", self._message["id"], {"content": [part]})


def _annotation(whole: str, citation: Citation) -> JSON:
    start = whole.index(citation.text)
    return {
        "type": "file_citation",
        "text": citation.text,
        "start_index": start,
        "end_index": start + len(citation.text),
        "file_citation": {"file_id": citation.file_id},
    }


def _raised(error: BaseException) -> str:
    return f"The reply function raised {type(error).__name__}: {error}"


def _pieces(text: str | Sequence[str]) -> list[str]:
    return re.findall(r"\s*\S+|\s+", text) if isinstance(text, str) else list(text)


def _text(message: JSON) -> str:
    return " ".join(part["text"]["value"] for part in message["content"] if "text" in part)


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
