"""What an assistant answers: the function that decides it, what it is given, what it returns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

JSON = dict[str, Any]


class Citation(NamedTuple):
    """A place in a reply that points to a file: an annotation of its text.

    Attributes:
        text: The marker, as it stands in the reply's text.
        file_id: The file it points to.
    """

    text: str
    file_id: str


class ToolCall(NamedTuple):
    """A call of one of the run's functions.

    Attributes:
        name: The function's name.
        arguments: An object, or JSON text as a model would write it, right or wrong.
    """

    name: str
    arguments: Mapping[str, Any] | str = "{}"


class ToolOutput(NamedTuple):
    """What a call of a function gave: its name, its arguments as JSON text, and the output."""

    name: str
    arguments: str
    output: str


class Passage(NamedTuple):
    """A piece of an uploaded file that has words of the question.

    Attributes:
        file_id: The file.
        filename: Its name.
        text: The piece.
        score: The part of the question's words that is in it, up to 1.
    """

    file_id: str
    filename: str
    text: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a reply is asked for.

    Attributes:
        messages: The messages of the thread, oldest first, in the shape of answers.
        assistant: The assistant.
        run: The run: `model`, `instructions` and `tools` are those that hold for it.
        tool_outputs: What the run's function calls gave so far.
        passages: What its file search found for the question, the best first; empty without that
            tool. The search is by words.
    """

    messages: Sequence[JSON]
    assistant: JSON
    run: JSON
    tool_outputs: Sequence[ToolOutput] = ()
    passages: Sequence[Passage] = ()

    @property
    def question(self) -> str:
        """The text of the last message of the user; empty without one."""
        return last_question(self.messages)

    @property
    def functions(self) -> list[str]:
        """The names of the functions that may be called."""
        tools = self.run["tools"]
        return [tool["function"]["name"] for tool in tools if tool["type"] == "function"]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What an assistant answers.

    Attributes:
        text: The text. A list is streamed piece by piece as it is, a string word by word.
        citations: Markers in the text that point to files.
        tool_calls: Functions to call; the reply function is asked again when there are outputs.
        refusal: The text of a refusal, which comes in place of a text.
        incomplete: The limit that the run met, such as `max_completion_tokens`; the text is what
            was written until then.
        failure: Why the run failed; the text is what was written until then.
    """

    text: str | Sequence[str] = ""
    citations: Sequence[Citation] = ()
    tool_calls: Sequence[ToolCall] = ()
    refusal: str | None = None
    incomplete: str | None = None
    failure: str | None = None


def last_question(messages: Sequence[JSON]) -> str:
    """Return the text of the last message of the user; empty without one."""
    for message in reversed(messages):
        if message["role"] == "user":
            return "\n".join(p["text"]["value"] for p in message["content"] if "text" in p)
    return ""


ReplyFunction = Callable[[Turn], str | Reply | Iterator[str | Reply]]
"""A function that answers a `Turn`, with a text or a `Reply`.

Where it takes its time, let it be a generator: it yields pieces of the text as they come, which
streams pass on at once, and in the end, where there is more to say, a `Reply`. The server answers
other requests meanwhile, and a run that is cancelled is not followed further.
"""

_COMMAND: Final = re.compile(r"(?:^|(?<=\s))/(cite|call|refuse|stop|fail)\b")
_CALLED: Final = re.compile(r"\s+([A-Za-z0-9_-]+)\s*")
_MARKER: Final = "【0†source】"
_QUOTED: Final = 400
"""The most characters of a passage that `echo` quotes."""


def echo(turn: Turn) -> Reply:
    """Answer ``Echo:`` and the last message of the user: the reply of a `LocalServer` by default.

    Words in that message, or in the instructions, make it answer otherwise:

    * ``/cite``: with a citation of the message's first attachment.
    * ``/call population_of {"city": "Oslo"}``: first with a call of that function, if the run has
      it, then with what the function gave; several calls are made at once.
    * ``/refuse``: with a refusal.
    * ``/stop``: with half of the text, and a run that met a limit.
    * ``/fail``: not at all; the run fails.

    Where the run's file search found something, the best passage follows, cited.
    """
    text = f"Echo: {turn.question}"
    asked = f"{turn.question}\n{turn.run['instructions'] or ''}"
    commands = {match[1] for match in _COMMAND.finditer(asked)}
    if "call" in commands and not turn.tool_outputs:
        calls = [call for call in _calls(asked) if call.name in turn.functions]
        if calls:
            return Reply(tool_calls=calls)
    if "refuse" in commands:
        return Reply(refusal="I'm sorry, I can't assist with that.")
    if "fail" in commands:
        return Reply(failure="The reply was asked to fail.")
    if "stop" in commands:
        return Reply(text=text[: len(text) // 2], incomplete="max_completion_tokens")
    for output in turn.tool_outputs:
        text += f"\n{output.name} gave {output.output}"
    if "cite" in commands:
        return Reply(text=f"{text} {_MARKER}", citations=[Citation(_MARKER, _attached(turn))])
    if turn.passages:
        best = turn.passages[0]
        marker = f"【4:0†{best.filename}】"
        text = f"{text}\n{best.text[:_QUOTED].strip()}{marker}"
        return Reply(text=text, citations=[Citation(marker, best.file_id)])
    return Reply(text=text)


def _calls(text: str) -> list[ToolCall]:
    calls = []
    for command in _COMMAND.finditer(text):
        called = _CALLED.match(text, command.end()) if command[1] == "call" else None
        if called is None:
            continue
        arguments: Any = {}
        if text.startswith("{", called.end()):
            try:
                arguments, _ = json.JSONDecoder().raw_decode(text, called.end())
            except (ValueError, RecursionError):
                arguments = text[called.end() :]  # as wrong as it was asked for
        calls.append(ToolCall(called[1], arguments))
    return calls


def _attached(turn: Turn) -> str:
    attached = [a.get("file_id") for m in reversed(turn.messages) for a in m.get("attachments", ())]
    return next(filter(None, attached), "file-local")
