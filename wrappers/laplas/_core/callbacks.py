"""Decide which methods of an event handler an event calls, as the openai package does. No I/O."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Final

from ..generated import models
from ..models import Message, Run, RunStep, dig, list_of
from .events import FINAL, StreamEvent, StreamState, index_of, look_in, regular
from .interruptions import UNREADABLE

Callbacks = Iterator[tuple[str, tuple[Any, ...]]]
"""Names of methods and their arguments."""

_ENDS: Final = ("completed", "incomplete", "cancelled", "expired", "failed")
_MODELS: Final[dict[str, Any]] = {"thread.message": Message, "thread.run.step": RunStep}
_DELTAS: Final[dict[Any, Any]] = {Message: models.MessageDelta, RunStep: models.RunStepDelta}
_LISTS: Final[dict[Any, Any]] = {Message: ("content",), RunStep: ("step_details", "tool_calls")}
"""What grows entry by entry."""


class Dispatcher:
    """Follow a stream: which methods its handler gets, and what the handler shows meanwhile.

    Args:
        state: What is known of the stream.
        is_told: Whether the handler has methods of its own; else snapshots are made on request.

    Attributes:
        event: The event that is being dispatched, or None.
        run: The run as it was last seen, or None.
    """

    def __init__(self, state: StreamState, is_told: bool) -> None:
        self._state = state
        self._is_told = is_told
        self.event: StreamEvent | None = None
        self.run: Run | None = None
        self._current: dict[Any, Any] = {}
        """The snapshots of message and step or, without `is_told`, their ids."""
        self._known: dict[Any, set[Any]] = {}
        """The indexes of a message's parts that have begun."""
        self._part: tuple[Any, Any] | None = None
        """The index of the part that was written last, and the part."""
        self._call: tuple[Any, Any] | None = None
        """The tool call, likewise."""

    def snapshot(self, model: Any) -> Any:
        """Return the current `Message` or `RunStep` as far as it has come, or None."""
        current = self._current.get(model)
        return current if self._is_told else self._state.snapshot(model, current)

    def dispatch(self, event: StreamEvent) -> Callbacks:
        """Yield the calls for an event. What the handler shows changes between them."""
        self.event = event
        yield "on_event", (event,)
        kind, _, what = event.event.rpartition(".")
        model = _MODELS.get(kind)
        if kind == "thread.run":
            self.run = self._state.run or self.run
            yield from self._end_call() if what in FINAL else ()
        elif model is RunStep or (model is Message and what != "in_progress"):
            id_ = look_in(event.raw, "id")
            id_ = id_ if isinstance(id_, str) else None
            self._current[model] = self._state.snapshot(model, id_) if self._is_told else id_
            yield from self._tell(model, id_, event, what) if self._is_told else ()
            if model is RunStep and what in _ENDS:
                del self._current[model]
        self.event = None

    def _tell(self, model: Any, id_: str | None, event: StreamEvent, what: str) -> Callbacks:
        noun = "message" if model is Message else "run_step"
        whole: Any = self._current[model] or event.data
        entries = list_of(dig(whole, *_LISTS[model]))
        known = self._known.setdefault(id_, set())
        if what == "created":
            known.update(range(len(entries)))
            yield f"on_{noun}_created", (whole,)
        elif what == "delta":
            raw = regular(look_in(event.raw, "delta"))
            delta: Any = raw
            with suppress(*UNREADABLE):
                delta = _DELTAS[model].from_dict(raw)
            indexes = self._state.indexes(model, id_, *_LISTS[model])
            grown: dict[Any, Any] = dict(zip(indexes, entries, strict=False))
            added = zip(*(list_of(dig(one, *_LISTS[model])) for one in (raw, delta)), strict=False)
            news = [(index_of(one), new, grown.get(index_of(one), new)) for one, new in added]
            yield from self._write(news, known) if model is Message else self._use_tools(news)
            yield f"on_{noun}_delta", (delta, whole)
        elif what in _ENDS:
            if model is RunStep:
                yield from self._end_call()
            # As there: where this message got no deltas, the index is that of the one before.
            elif self._part and self._part[0] in range(len(entries)):
                yield from _end_part(entries[self._part[0]])
            yield f"on_{noun}_done", (whole,)

    def _write(self, news: list[tuple[Any, Any, Any]], known: set[Any]) -> Callbacks:
        for index, _, part in news:
            if index not in known and _text(part):
                yield "on_text_created", (part.text,)
            known.add(index)
        for index, new, part in news:
            if _text(new):
                yield "on_text_delta", (new.text, _text(part) or new.text)
            if self._part and index != self._part[0]:
                yield from _end_part(self._part[1])
            self._part = index, part

    def _use_tools(self, news: list[tuple[Any, Any, Any]]) -> Callbacks:
        for index, new, call in news:
            if self._call and index == self._call[0]:
                yield "on_tool_call_delta", (new, call)
            else:
                yield from self._end_call()
                yield "on_tool_call_created", (call,)
            self._call = index, call

    def _end_call(self) -> Callbacks:
        if self._call:
            yield "on_tool_call_done", (self._call[1],)


def _text(part: Any) -> Any:
    return dig(part, "text") if dig(part, "type") == "text" else None


def _end_part(part: Any) -> Callbacks:
    if text := _text(part):
        yield "on_text_done", (text,)
    elif dig(part, "type") == "image_file":
        yield "on_image_file_done", (dig(part, "image_file"),)
