"""Understand the events of a run's stream, and put deltas together. No I/O."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, TypeVar

from attrs import define, field

from ..errors import StreamCutError, StreamError, UnparsableResponseError, annotate_error, name_run
from ..generated import Call, models
from ..models import Message, Refusal, Run, RunResult, RunStep, Thread, list_of
from .interruptions import UNREADABLE
from .pieces import joined
from .problems import read_problem
from .response import Response, message_of
from .retry import TransportFailure

ErrorT = TypeVar("ErrorT", StreamError, StreamCutError, UnparsableResponseError)

_KINDS: Final[dict[str, Any]] = {
    "thread.message.delta": models.MessageDeltaEvent.from_dict,
    "thread.run.step.delta": models.RunStepDeltaEvent.from_dict,
    "thread.message": Message.from_dict,
    "thread.run.step": RunStep.from_dict,
    "thread.run": Run.from_dict,
    "thread": Thread.from_dict,
}
"""What an event is about, and how that is read: the first that its name begins with."""

FINAL: Final = frozenset(
    {"completed", "incomplete", "failed", "expired", "cancelled", "requires_action"}
)
"""Statuses in which nothing more comes of a run by itself, so that its stream may just end."""

NO_NAME: Final = "message"
"""What the standard calls an event without a name."""


def _kind_of(name: str, raw: Any) -> str:
    """Return what an event is about: what its `object` says, else its name; ``""`` if neither."""
    said = look_in(raw, "object")
    if isinstance(said, str) and said in _KINDS:
        return said
    return next((kind for kind in _KINDS if f"{name}.".startswith(f"{kind}.")), "")


def _name_for(kind: str, raw: dict[str, Any]) -> str:
    """Return the name of an event that came without one, as a proxy may drop it."""
    if kind.endswith(".delta"):
        return kind
    status = raw.get("status")
    return f"{kind}.{status if isinstance(status, str) else 'created'}"


@define(repr=False, eq=False)
class StreamEvent:
    """One event of a stream.

    Attributes:
        event: Its name, such as ``"thread.message.delta"``; names this version does not know
            come through, too. Where the server sent none, it follows from the data.
        raw: Its data as parsed JSON (as text where it is not JSON).
    """

    event: str
    raw: Any
    _added: list[str] | None = field(default=None, init=False)

    @property
    def data(self) -> Any:
        """The data as `Message`, `Run`, `RunStep`, `Thread` or one of the generated delta models.

        Of an unknown event, or where it does not fit, the parsed JSON as it is.
        """
        if kind := _kind_of(self.event, self.raw):
            with suppress(*UNREADABLE):
                return _KINDS[kind](self.raw)
        return self.raw

    @property
    def text(self) -> str:
        """The text that this event adds: a message delta's, or what the deltas of a message that
        comes whole have left out; ``""`` for any other event, and for a refusal."""
        return "".join(piece for piece in self._pieces() if not isinstance(piece, Refusal))

    @property
    def refusal(self) -> str:
        """What this event adds to a refusal, likewise."""
        return "".join(piece for piece in self._pieces() if isinstance(piece, Refusal))

    def _pieces(self) -> list[str]:
        """Return what the event adds, part by part."""
        if self._added is None and _kind_of(self.event, self.raw) == "thread.message.delta":
            return [piece for _, piece in _texts(regular(look_in(self.raw, "delta")))]
        return self._added or []

    def __repr__(self) -> str:
        return f"<StreamEvent {self.event}>"


class StreamState:
    """What has come of a stream so far."""

    def __init__(self, call: Call[Any], response: Response) -> None:
        self._call = call
        self._response = response
        self._run: dict[str, Any] | None = None
        self._status = ""
        self._messages: dict[str, dict[str, Any]] = {}
        self._steps: dict[str, dict[str, Any]] = {}
        self._told: dict[Any, dict[str, list[str]]] = {}
        """The pieces that were handed out, by message and part."""
        self._compared: set[Any] = set()
        """The messages that came whole at last."""
        self._differs = False
        self._not_understood = ""
        self.done = False

    def accept(self, name: str, text: str, is_cut: bool = False) -> StreamEvent | None:
        """Take an event in and return it; None where there is nothing in it to hand out.

        Where the stream ended without the empty line behind it, it `is_cut`.

        Raises:
            StreamError: The server reports an error, under whatever name.
            StreamCutError: The server says that this is all, and nothing was understood.
        """
        is_end = name == "done" or text[:20].lstrip(' "').startswith("[DONE]")
        is_error = name.lower().endswith("error")
        raw: Any = text
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError):
            if is_cut and _kind_of(name, None):
                return None  # half an event
        kind = _kind_of(name, raw)
        if is_error or _is_error(name, kind, raw):
            raise self._annotate(_stream_error(self._shown(raw)))
        event = None
        if kind and isinstance(raw, dict):
            event = StreamEvent(_name_for(kind, raw) if name == NO_NAME else name, raw)
            event._added = self._record(event.event, kind, raw)
        elif not is_end:
            event = StreamEvent(name, raw)
            self._not_understood = f"{name}: {text[:200]}"
        if is_end:
            self._finish()
        return event

    def end(self, failure: TransportFailure | None, body: str) -> None:
        """Judge how a stream ended that did not say it is done: perhaps it was another `body`.

        Raises:
            StreamError, UnparsableResponseError: An error, or something else, came in its place.
            StreamCutError: It broke, or is not complete.
        """
        if failure is not None:
            self._not_understood = self._not_understood or body[:200]
            raise self.cut(failure.text, failure.failure)
        if body:
            raise self._no_stream(body)
        if self._status not in FINAL:
            raise self.cut("the stream ended before it was done")
        self._finish()

    def _finish(self) -> None:
        if not (self._run or self._messages or self._steps or self._told):
            raise self.cut("the stream ended, and nothing in it could be understood")
        self.done = True

    def _record(self, name: str, kind: str, raw: dict[str, Any]) -> list[str]:
        """Keep what an event brings; return the pieces of text that it adds."""
        is_delta = kind.endswith(".delta")
        if kind.startswith("thread.run.step"):
            self._keep(self._steps, raw, is_delta)
        elif kind.startswith("thread.message"):
            if is_delta:
                raw = {**raw, "delta": regular(raw.get("delta"))}
            self._keep(self._messages, raw, is_delta)
            if is_delta:
                return self._tell(raw.get("id"), _texts(raw["delta"]))
            if name.endswith((".completed", ".incomplete")):
                return self._tell_missing(raw)
        elif kind == "thread.run" and "delta" not in raw and "id" in raw:
            self._run = raw
            status = raw.get("status")
            self._status = status if isinstance(status, str) else name.rpartition(".")[2]
        return []

    @staticmethod
    def _keep(known: dict[str, dict[str, Any]], raw: dict[str, Any], is_delta: bool) -> None:
        id_, delta = raw.get("id"), raw.get("delta")
        if not isinstance(id_, str):
            return
        whole = known.get(id_)
        # Nothing of this API is nested as deeply as that; the event itself is handed out.
        with suppress(RecursionError):
            if not is_delta:
                known[id_] = raw
                if isinstance(whole, _Growing) and whole.get("content") and not raw.get("content"):
                    # Some servers leave out of a message what they sent of it in deltas.
                    known[id_] = whole
                    whole.update(copy.deepcopy({**raw, "content": whole["content"]}))
            elif isinstance(delta, dict):
                # A copy before the first delta: the event that brought `raw` keeps it as it came.
                if not isinstance(whole, _Growing):
                    known[id_] = whole = _Growing(regular(whole or {"id": id_}))
                merge(whole, delta)

    def _tell(self, id_: Any, texts: Iterable[tuple[str, str]]) -> list[str]:
        told = self._told.setdefault(id_ if isinstance(id_, str) else None, {})
        pieces = list(texts)
        for part, piece in pieces:
            told.setdefault(part, []).append(piece)
        return [piece for _, piece in pieces]

    def _tell_missing(self, raw: dict[str, Any]) -> list[str]:
        """Return what a whole message says beyond the pieces that were handed out of it."""
        id_ = raw["id"] if isinstance(raw.get("id"), str) else None
        self._compared.add(id_)
        if raw.get("role") == "user":
            return []
        if id_ not in self._told and None in self._told:  # the deltas did not say whose they are
            self._told[id_] = self._told.pop(None)
        told = {part: joined(pieces) for part, pieces in self._told.get(id_, {}).items()}
        said = dict(_texts(regular(raw)))
        if not said or "".join(told.values()).strip() == "".join(said.values()).strip():
            return []
        missing = []
        for part, text in said.items():
            before = told.pop(part, "")
            self._differs |= not text.startswith(before)
            if text.startswith(before) and text != before:
                missing.append((part, type(text)(text[len(before) :])))
        self._differs |= any(told.values())
        return self._tell(id_, missing)

    def last_pieces(self) -> Iterator[str]:
        """Yield what was not handed out of messages that no event said to be complete.

        Raises:
            StreamError: A message is not what the pieces of it came to.
        """
        for id_, raw in self._messages.items():
            if id_ not in self._compared:
                with suppress(RecursionError):  # as for deltas
                    yield from self._tell_missing(as_whole(raw))
        if self._differs:
            why = "the text that came in pieces is not that of the message, which `partial` has"
            raise self._annotate(StreamError(why))

    @property
    def lost_run(self) -> str:
        """What an event said of the run where that cannot be read; else ``""``."""
        if self._run is None or self.result.run is not None:
            return ""
        lost = f"what the server said of {self._run['id']} could not be understood"
        return ": ".join(filter(None, [lost, message_of({"error": self._run.get("last_error")})]))

    @property
    def saw_message(self) -> bool:
        """Whether any event spoke of a message, in whatever shape."""
        return bool(self._messages or self._told)

    @property
    def saw_content(self) -> bool:
        """Whether any message said something."""
        wholes = (raw.get("content") for raw in self._messages.values())
        return any(self._told.values()) or any(wholes)

    @property
    def result(self) -> RunResult:
        """What has come together so far."""
        return RunResult(
            self.run,
            [m for raw in self._messages.values() if (m := self._decode(Message, raw))],
            [s for raw in self._steps.values() if (s := self._decode(RunStep, raw))],
        )

    @property
    def run(self) -> Run | None:
        """The run as it was last seen."""
        run: Run | None = self._decode(Run, self._run)
        return run

    def snapshot(self, model: Any, id_: Any) -> Any:
        """Return a `Message` or `RunStep` as far as it has come; None where it cannot be read."""
        return self._decode(model, self._known(model).get(id_))

    def indexes(self, model: Any, id_: Any, *keys: str) -> list[int]:
        """Return the indexes of what deltas brought to a list, in the order of its snapshot."""
        entries = look_in(self._known(model).get(id_), *keys)
        return sorted(index_of(entry) or 0 for entry in list_of(entries))

    def _known(self, model: Any) -> dict[str, dict[str, Any]]:
        return self._messages if model is Message else self._steps

    def cut(self, why: str, kind: str = "truncated") -> StreamCutError:
        """Make the error of a stream that ended before it was done."""
        if self._not_understood:
            said = self._response.echoes.hide(self._not_understood)
            why = f"{why}; not understood was: {said}"
        return self._annotate(StreamCutError(why, kind))

    def check_done(self) -> None:
        """Raise StreamCutError where a stream that nothing more comes of is not done."""
        if not self.done:
            raise self.cut("the stream was over before it was done")

    def _shown(self, raw: Any) -> Any:
        """Return parsed JSON as an error may show it."""
        return json.loads(self._response.echoes.hide(json.dumps(raw, ensure_ascii=False)))

    def _no_stream(self, body: str) -> StreamError | UnparsableResponseError:
        body = self._response.echoes.hide(body)
        raw: Any = body
        with suppress(ValueError, RecursionError):
            raw = json.loads(body)
        if kind := _kind_of("", raw):
            self._record("", kind, raw)
        elif message_of(raw):
            return self._annotate(_stream_error(raw))
        headers = self._response.without_echoes().headers
        said = headers.get("content-type") or "of no type"
        if "event-stream" in said.lower():
            said = "other text"
        reason = f"it is {said} instead of an event stream: {' '.join(body[:2000].split())[:200]}"
        return self._annotate(
            UnparsableResponseError(reason, self._response.status, body=body, headers=headers)
        )

    def _annotate(self, error: ErrorT) -> ErrorT:
        error.request_id = self._response.request_id
        if not isinstance(error, UnparsableResponseError):
            error.partial = self.result
        name_run(
            error, look_in(self._run, "id"), look_in(self._run, "thread_id") or self._thread_id
        )
        return annotate_error(
            error, self._call, self._response.attempts, self._response.elapsed, True
        )

    @property
    def _thread_id(self) -> str | None:
        """The thread that the call names, if it names one."""
        return self._call.parents.get("thread_id")

    def _decode(self, model: Any, raw: dict[str, Any] | None) -> Any:
        if raw is None:
            return None
        # What does not fit is a fragment, or hostile. But some servers send little of a run, and
        # deltas may be all that comes of a message.
        with suppress(*UNREADABLE):
            whole = as_whole(raw) if isinstance(raw, _Growing) else raw
            with suppress(ValueError):  # a field is missing
                return model.from_dict(whole)
            return model.from_dict({**_LEFT_OUT[model], "thread_id": self._thread_id, **whole})
        return None


_LEFT_OUT: Final[dict[Any, dict[str, Any]]] = {
    Run: {"object": "thread.run", "created_at": None, "assistant_id": None},
    Message: {"object": "thread.message", "created_at": None, "role": "assistant", "content": []},
}
"""What stands for fields that did not come. A run without a status is none."""

_MARKS: Final = frozenset({"code", "type", "param", "statusCode", "requestId"})
"""What an error has beside its message."""


def _is_error(name: str, kind: str, raw: Any) -> bool:
    """Tell an error that does not come in an event of that name: in an envelope, or bare."""
    if not isinstance(raw, dict) or (kind and "id" in raw):
        return False
    inner = raw.get("error")
    if (inner and isinstance(inner, dict | str)) or raw.get("object") == "error":
        return True
    is_bare = not kind and isinstance(raw.get("message"), str)
    return is_bare and len(_MARKS & raw.keys()) >= (1 if name == NO_NAME else 2)


def _stream_error(raw: Any) -> StreamError:
    """Make the error of what a server says of it: bare, or in an envelope."""
    problem = read_problem(raw)
    message = problem.message or "the stream failed"
    return StreamError(message, code=problem.code, param=problem.param, type=problem.type, body=raw)


def look_in(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def regular(holder: Any) -> Any:
    """Return a message or a delta as the API has it: some servers send bare strings for text."""
    if not isinstance(holder, dict) or "content" not in holder:
        return holder
    content = holder["content"]
    parts = []
    for position, part in enumerate(content if isinstance(content, list) else [content]):
        if isinstance(part, str):
            part = {"type": "text", "text": part}
        if isinstance(part, dict):
            if isinstance(part.get("text"), str):
                part = {**part, "text": {"value": part["text"]}}
            parts.append({"index": position, **part})
    return {**holder, "content": parts}


def _texts(holder: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts of a message or a delta, and the refusals, with the names of their parts."""
    for part in look_in(holder, "content") or ():
        if isinstance(text := look_in(part, "text", "value"), str) and text:
            yield f"{_key(part)} text", text
        if isinstance(refusal := part.get("refusal"), str) and refusal:
            yield f"{_key(part)} refusal", Refusal(refusal)


# ---- Deltas into whole objects ----

_GROWING: Final = frozenset({"value", "refusal", "arguments", "input", "logs"})
"""Strings that arrive piece by piece; any other value comes whole, and a later one replaces it."""


class _Growing(dict[str, Any]):
    """An object that deltas are merged into: a deep copy, so that events stay as they came."""

    def __init__(self, whole: Mapping[str, Any]) -> None:
        super().__init__(json.loads(json.dumps(whole)))


class _Pieces:
    """A string that grows: to join it for each piece would take the square of its length.

    Nor are there ever many pieces, as handlers look at it after each: none is followed by a longer.
    """

    def __init__(self, *pieces: str) -> None:
        self.pieces: list[str] = []
        for piece in pieces:
            self.add(piece)

    def add(self, piece: str) -> None:
        kept = list(self.pieces)
        while kept and len(kept[-1]) <= len(piece):
            piece = kept.pop() + piece
        self.pieces = [*kept, piece]


class _Entries(list[Any]):
    """A list that grows, whose entries are told apart by their `index`."""

    def __init__(self, entries: list[Any]) -> None:
        super().__init__(entries)
        self._known = {_key(entry): entry for entry in entries}

    def merge(self, delta: list[Any]) -> None:
        """Merge entries that are known, and add the others.

        Nothing is made up for an index that is missing, so that a hostile one cannot fill the
        memory.
        """
        for entry in delta:
            key = _key(entry)
            known = self._known.get(key) if key else None
            if known is not None:
                merge(known, entry)
            else:
                self._known[key] = added = copy.deepcopy(entry)
                self.append(added)


def merge(whole: dict[str, Any], delta: dict[str, Any]) -> None:
    """Merge a delta into the object as it was so far, in place; `as_whole` shows it.

    What it costs is what the delta holds, however large the object has become.
    """
    for key, new in delta.items():
        old = whole.get(key)
        if isinstance(new, str):
            if key in _GROWING and isinstance(old, str):
                whole[key] = _Pieces(old, new)
            elif key in _GROWING and isinstance(old, _Pieces):
                old.add(new)
            else:
                whole[key] = new
        elif isinstance(new, dict) and isinstance(old, dict):
            merge(old, new)
        elif isinstance(new, list):
            if not isinstance(old, _Entries):
                whole[key] = old = _Entries(old if isinstance(old, list) else [])
            old.merge(new)
        elif new is not None or key not in whole:
            whole[key] = copy.deepcopy(new)


def index_of(entry: Any) -> int | None:
    index = entry.get("index") if isinstance(entry, dict) else None
    return index if isinstance(index, int) else None


def _key(entry: Any) -> str:
    """Return the index as text, whose hash nobody can choose as that of a number; or ``""``."""
    index = index_of(entry)
    return "" if index is None else f"{index:x}"


def as_whole(value: Any) -> Any:
    """Copy what deltas made as the API shows whole objects.

    There, entries of lists stand in the order of their ``index`` and have none, texts have
    ``annotations``, calls of the code interpreter ``outputs``, and citations no empty ``quote``.
    """
    if isinstance(value, _Pieces):
        return joined(value.pieces)
    if isinstance(value, dict):
        if isinstance(text := value.get("text"), dict):
            value = {**value, "text": {"value": "", "annotations": [], **text}}
        if isinstance(code := value.get("code_interpreter"), dict):
            value = {**value, "code_interpreter": {"input": "", "outputs": [], **code}}
        if value.get("quote") == "" and "file_id" in value:
            value = {key: item for key, item in value.items() if key != "quote"}
        return {key: as_whole(item) for key, item in value.items()}
    if isinstance(value, list):
        if isinstance(value, _Entries):
            value = sorted(value, key=lambda entry: index_of(entry) or 0)
        return [
            as_whole({k: v for k, v in item.items() if k != "index"})
            if isinstance(item, dict)
            else as_whole(item)
            for item in value
        ]
    return value
