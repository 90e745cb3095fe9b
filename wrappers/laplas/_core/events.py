"""Understand the events of a run's stream, and put deltas together. No I/O."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from attrs import define

from ..errors import StreamCutError, StreamError, annotate_error
from ..generated import Call, models
from ..models import Message, Refusal, Run, RunResult, RunStep, Thread
from .problems import read_problem

if TYPE_CHECKING:
    from .response import Response

StreamErrorT = TypeVar("StreamErrorT", StreamError, StreamCutError)

# The longest prefix that fits decides; deltas stand before what they are deltas of.
_KINDS: Final[tuple[tuple[str, Any], ...]] = (
    ("thread.message.delta", models.MessageDeltaEvent.from_dict),
    ("thread.run.step.delta", models.RunStepDeltaEvent.from_dict),
    ("thread.message.", Message.from_dict),
    ("thread.run.step.", RunStep.from_dict),
    ("thread.run.", Run.from_dict),
    ("thread.created", Thread.from_dict),
)


@define(repr=False, eq=False)
class StreamEvent:
    """One event of a stream.

    Attributes:
        event: Its name, such as ``"thread.message.delta"``; names this version does not know
            come through, too.
        raw: Its data as parsed JSON (as text where it is not JSON).
    """

    event: str
    raw: Any

    @property
    def data(self) -> Any:
        """The data as `Message`, `Run`, `RunStep`, `Thread` or one of the generated delta models.

        Of an unknown event, or where it does not fit, the parsed JSON as it is.
        """
        for prefix, decode in _KINDS:
            if self.event.startswith(prefix):
                try:
                    return decode(self.raw)
                except Exception:  # whatever a hostile body makes the decoders raise
                    return self.raw
        return self.raw

    @property
    def text(self) -> str:
        """The text that a message delta adds; ``""`` for any other event, and for a refusal."""
        return "".join(piece for piece in self._pieces() if not isinstance(piece, Refusal))

    @property
    def refusal(self) -> str:
        """What a message delta adds to a refusal; ``""`` for any other event."""
        return "".join(piece for piece in self._pieces() if isinstance(piece, Refusal))

    def _pieces(self) -> list[str]:
        """Return what a message delta adds, part by part."""
        if self.event != "thread.message.delta":
            return []
        parts = _path(self.raw, "delta", "content")
        pieces: list[str] = []
        for part in parts if isinstance(parts, list) else ():
            if isinstance(text := _path(part, "text", "value"), str) and text:
                pieces.append(text)
            if isinstance(refusal := _path(part, "refusal"), str) and refusal:
                pieces.append(Refusal(refusal))
        return pieces

    def __repr__(self) -> str:
        return f"<StreamEvent {self.event}>"


class StreamState:
    """What has come of a stream so far."""

    def __init__(self, call: Call[Any], response: Response) -> None:
        self._call = call
        self._response = response
        self._run: dict[str, Any] | None = None
        self._messages: dict[str, dict[str, Any]] = {}
        self._steps: dict[str, dict[str, Any]] = {}
        self.done = False

    def accept(self, name: str, text: str) -> StreamEvent | None:
        """Take an event in and return it; None where it says that the stream is done.

        Raises:
            StreamError: The server reports an error.
        """
        if name == "done" or text.startswith("[DONE]"):
            self.done = True
            return None
        raw: Any = text
        with suppress(ValueError, RecursionError):
            raw = json.loads(text)
        if name == "error":
            raise self._annotate(_stream_error(raw))
        if isinstance(raw, dict):
            self._record(name, raw)
        return StreamEvent(name, raw)

    def _record(self, name: str, raw: dict[str, Any]) -> None:
        if name.startswith("thread.run.step."):
            self._keep(self._steps, name, raw)
        elif name.startswith("thread.message."):
            self._keep(self._messages, name, raw)
        elif name.startswith("thread.run.") and "delta" not in raw and "id" in raw:
            self._run = raw

    @staticmethod
    def _keep(known: dict[str, dict[str, Any]], name: str, raw: dict[str, Any]) -> None:
        id_, delta = raw.get("id"), raw.get("delta")
        if not isinstance(id_, str):
            return
        if not name.endswith(".delta"):
            known[id_] = raw
        elif isinstance(delta, dict):
            # A copy before the first delta: the event that brought `raw` keeps it as it came.
            whole = known.get(id_)
            # Nothing of this API is nested as deeply as that; the event itself is handed out.
            with suppress(RecursionError):
                if not isinstance(whole, _Growing):
                    known[id_] = whole = _Growing(whole or {"id": id_})
                merge(whole, delta)

    @property
    def lost_run(self) -> bool:
        """Whether an event spoke of the run in a way that cannot be read."""
        return self._run is not None and self.result.run is None

    @property
    def saw_message(self) -> bool:
        """Whether any event spoke of a message, in whatever shape."""
        return bool(self._messages)

    @property
    def result(self) -> RunResult:
        """What has come together so far."""
        return RunResult(
            _decode(Run, self._run),
            [m for raw in self._messages.values() if (m := _decode(Message, raw))],
            [s for raw in self._steps.values() if (s := _decode(RunStep, raw))],
        )

    def cut(self, why: str, kind: str = "truncated") -> StreamCutError:
        """Make the error of a stream that ended before it was done."""
        return self._annotate(StreamCutError(why, kind))

    def check_done(self) -> None:
        """Raise StreamCutError where a stream that nothing more comes of is not done."""
        if not self.done:
            raise self.cut("the stream was over before it was done")

    def _annotate(self, error: StreamErrorT) -> StreamErrorT:
        error.request_id = self._response.request_id
        error.partial = self.result
        return annotate_error(
            error, self._call, self._response.attempts, self._response.elapsed, True
        )


class _Growing(dict[str, Any]):
    """An object that deltas are merged into: a deep copy, so that events stay as they came."""

    def __init__(self, whole: Mapping[str, Any]) -> None:
        super().__init__(json.loads(json.dumps(whole)))


def _decode(model: Any, raw: dict[str, Any] | None) -> Any:
    with suppress(Exception):  # none came, a fragment, or a hostile one
        return model.from_dict(as_whole(raw) if isinstance(raw, _Growing) else raw)
    return None


def _stream_error(raw: Any) -> StreamError:
    """Make the error of an ``error`` event: bare, or in an envelope."""
    problem = read_problem(raw)
    message = problem.message or "the stream failed"
    return StreamError(message, code=problem.code, param=problem.param, type=problem.type, body=raw)


def _path(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


# ---- Deltas into whole objects: JSON in, JSON out ----

_GROWING: Final = frozenset({"value", "refusal", "arguments", "input", "logs"})
"""Strings that arrive piece by piece; any other value comes whole, and a later one replaces it."""


def merge(whole: dict[str, Any], delta: dict[str, Any]) -> None:
    """Merge a delta into the object as it was so far, in place.

    Entries of lists are told apart by their ``index``; they stay in its order. Nothing is made up
    for an index that is missing, so that a hostile one cannot fill the memory.
    """
    for key, new in delta.items():
        old = whole.get(key)
        if isinstance(new, str):
            whole[key] = old + new if key in _GROWING and isinstance(old, str) else new
        elif isinstance(new, dict) and isinstance(old, dict):
            merge(old, new)
        elif isinstance(new, list) and isinstance(old, list):
            _merge_list(old, new)
        elif new is not None or key not in whole:
            whole[key] = copy.deepcopy(new)


def _merge_list(whole: list[Any], delta: list[Any]) -> None:
    by_index = {_index(item): item for item in whole}
    for item in delta:
        index = _index(item)
        if index is not None and index in by_index:
            merge(by_index[index], item)
            continue
        added = copy.deepcopy(item)
        whole.append(added)
        if index is not None:
            by_index[index] = added
            # Python's sort leaves a list alone that is in order, as it nearly always is.
            whole.sort(key=lambda entry: _index(entry) or 0)


def _index(item: Any) -> int | None:
    index = item.get("index") if isinstance(item, dict) else None
    return index if isinstance(index, int) else None


def as_whole(value: Any) -> Any:
    """Copy what deltas made as the API shows whole objects.

    There, entries of lists have no ``index``, texts have ``annotations``, and citations no empty
    ``quote``.
    """
    if isinstance(value, dict):
        if isinstance(text := value.get("text"), dict):
            value = {**value, "text": {"annotations": [], **text}}
        if value.get("quote") == "" and "file_id" in value:
            value = {key: item for key, item in value.items() if key != "quote"}
        return {key: as_whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [
            as_whole({k: v for k, v in item.items() if k != "index"})
            if isinstance(item, dict)
            else as_whole(item)
            for item in value
        ]
    return value
