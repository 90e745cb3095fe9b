"""Replies that stand in a file: patterns, and what is answered where one fits the question."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any, Final, NamedTuple

from ._replies import Reply, ReplyFunction, ToolCall, Turn, echo

_TEXTS: Final = ("text", "refusal", "incomplete", "failure")
_PLACE: Final = re.compile(r"\$(\$|\d+|output\b)")


class _Rule(NamedTuple):
    pattern: re.Pattern[str]
    reply: Reply


def read_replies(path: str | PathLike[str]) -> ReplyFunction:
    """Return the reply function that a file of patterns and answers makes.

    The file is a table in TOML (``.toml``) or an object in JSON. Each key is a regular expression,
    searched for in the question in any case; the first that is found counts, and without one the
    answer is that of `echo`. A value is the text of the answer, or a table of `text`, `refusal`,
    `incomplete`, `failure`, `call` (the name of a function) and `arguments`, see `Reply`. In texts
    ``$1`` is the pattern's first group, ``$0`` all that was found, ``$output`` what the function
    gave, and ``$$`` a dollar sign.

    Raises:
        ValueError: The file cannot be read; the text names the pattern to blame.
    """
    path = Path(path)
    try:
        text = path.read_text("utf-8")
        table = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        kind = "TOML" if path.suffix == ".toml" else "JSON"
        raise ValueError(f"{path}: not {kind} ({error})") from None
    if not isinstance(table, dict) or not table:
        raise ValueError(f"{path}: give an object of patterns and answers")
    try:
        rules = [_rule(pattern, answer) for pattern, answer in table.items()]
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None

    def reply(turn: Turn) -> Reply:
        for rule in rules:
            if found := rule.pattern.search(turn.question):
                return _filled(rule.reply, found, turn)
        return echo(turn)

    return reply


def _rule(pattern: str, answer: Any) -> _Rule:
    given = {"text": answer} if isinstance(answer, str) else answer
    if not isinstance(given, dict) or not given:
        raise ValueError(f"{pattern!r}: give a text or a table")
    texts = {name: given[name] for name in _TEXTS if name in given}
    call, arguments = given.get("call"), given.get("arguments", {})
    if unknown := given.keys() - {*_TEXTS, "call", "arguments"}:
        known = ", ".join((*_TEXTS, "call", "arguments"))
        raise ValueError(f"{pattern!r}: {min(unknown)!r} is none of {known}")
    if not all(isinstance(text, str) for text in (*texts.values(), call or "")):
        raise ValueError(f"{pattern!r}: give texts")
    if not isinstance(arguments, dict) or ("arguments" in given and not call):
        raise ValueError(f"{pattern!r}: arguments is a table, beside the name of a `call`")
    try:
        compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"{pattern!r}: no regular expression ({error})") from None
    for place in _PLACE.findall(json.dumps(given)):
        if place.isdecimal() and int(place) > compiled.groups:
            raise ValueError(f"{pattern!r}: there is no group ${place}")
    return _Rule(compiled, Reply(**texts, tool_calls=[ToolCall(call, arguments)] if call else ()))


def _filled(reply: Reply, found: re.Match[str], turn: Turn) -> Reply:
    """Return the reply with what its places stand for; a call, until it has its output."""

    def value(place: re.Match[str]) -> str:
        name = place[1]
        if name == "output":
            return turn.tool_outputs[-1].output if turn.tool_outputs else ""
        return "$" if name == "$" else found[int(name)] or ""

    def fill(item: Any) -> Any:
        if isinstance(item, str):
            return _PLACE.sub(value, item)
        if isinstance(item, Mapping):
            return {key: fill(each) for key, each in item.items()}
        return [fill(each) for each in item] if isinstance(item, list) else item

    if reply.tool_calls and not turn.tool_outputs:
        return Reply(tool_calls=[ToolCall(c.name, fill(c.arguments)) for c in reply.tool_calls])
    texts = {name: fill(text) for name in _TEXTS if (text := getattr(reply, name)) is not None}
    return replace(reply, tool_calls=(), **texts)
