"""Read what an error says of itself, whatever server wrote it. Pure, and bounded in all ways.

This API answers in three envelopes; gateways and the other servers of its family (NestJS, FastAPI,
problem+json, Rails, ASP.NET, Azure, proxies with a page of HTML) in many more. All have some words,
the details behind them, and places in the request, under keys that are known.
"""

from __future__ import annotations

import html
import json
import re
from contextlib import suppress
from itertools import chain, dropwhile, islice
from typing import Any, Final, NamedTuple

LONGEST_MESSAGE: Final = 1000
"""Characters; the error's ``body`` has what is cut."""
_LONGEST_RAW: Final = 200
_MOST_DETAILS: Final = 10
_MOST_STEPS: Final = 300
_DEEPEST: Final = 8

# fmt: off
_WORDS: Final = (
    "message", "msg", "Message", "errorMessage", "error_description", "faultstring", "detail",
    "error", "title", "reason", "description", "fault",
)
"""Where the words for people are, the most telling ones first."""
_DETAILS: Final = (
    "errors", "fieldErrors", "formErrors", "details", "detail", "issues", "validation",
    "invalid-params", "invalid_params", "violations", "constraints", "children", "innererror",
)
"""Where each thing that is wrong is told."""
_PLACES: Final = (
    "param", "target", "field", "property", "loc", "path", "location", "instancePath", "pointer",
)
"""Where the field is named that something is wrong with: the first three also beside the words."""
# fmt: on
_PARTS_OF_REQUESTS: Final = {"", "body", "query", "header", "params", "data", "attributes"}


class Problem(NamedTuple):
    """What an error says; None is what it does not say.

    Attributes:
        message: The words for people, and the details.
        code: A short code.
        param: The request's field at fault, such as ``messages[0].content``.
        type: The error's type.
    """

    message: str | None = None
    code: str | None = None
    param: str | None = None
    type: str | None = None


def read_problem(body: Any) -> Problem:
    """Read the parsed JSON of an error, or its text."""
    if isinstance(body, str):
        return _read_text(body.strip())
    envelope = body if isinstance(body, dict) else {}
    inner = envelope.get("error")
    details = inner if isinstance(inner, dict) else {}
    # The gateway's `error` names an exception class; the message for people is outside it.
    is_inside = bool({"type", "param", "code"} & details.keys())
    reader = _Reader()
    lines = (reader.read(inner) if is_inside else []) or reader.read(body)
    if not lines and envelope:
        lines = reader.read_fields(envelope)
    if len(lines := [*dict.fromkeys(lines)]) > _MOST_DETAILS:
        lines[_MOST_DETAILS:] = ["..."]
    told = [holder.get(key) for holder in (details, envelope) for key in _PLACES[:3]]
    types = details.get("type"), details.get("name"), envelope.get("type")
    return Problem(
        _cut("; ".join(lines)) or None,
        text_of(details.get("code")) or text_of(envelope.get("code")) or reader.code,
        next(filter(None, map(text_of, told)), reader.place),
        next(filter(None, map(text_of, types)), None),
    )


def text_of(value: object) -> str | None:
    """Return the value as text if it says something: codes may be numbers, some are null."""
    if isinstance(value, str):
        return _cut(value.strip()) or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def raw_text(text: str) -> str | None:
    """Return the beginning of a text as one line, or None where it is blank."""
    return " ".join(text[: 10 * _LONGEST_RAW].split())[:_LONGEST_RAW] or None


def _read_text(text: str) -> Problem:
    if text[:1] in ("{", "["):  # JSON in a JSON string
        with suppress(ValueError, RecursionError):
            return read_problem(json.loads(text))
    if not text.startswith("<"):
        return Problem(raw_text(text))
    page = text[: 10 * _LONGEST_RAW]
    title = re.search(r"<title[^<>]*>([^<>]+)", page, re.IGNORECASE)
    return Problem(raw_text(html.unescape(title[1] if title else re.sub("<[^<>]*>", " ", page))))


class _Reader:
    """Goes through parsed JSON for what it says, in a bounded number of steps.

    Attributes:
        code, place: Those of the first detail that has one.
    """

    def __init__(self) -> None:
        self.code: str | None = None
        self.place: str | None = None
        self._left = _MOST_STEPS

    def read(self, value: Any, depth: int = 0, place: str = "") -> list[str]:
        """Return all that a value says, each with the place that it is about."""
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST:
            return []
        if isinstance(value, str):
            said = text_of(value)
            self.place = self.place or (place if said else None) or None
            return [said if place in said else f"{place}: {said}"] if said else []
        if isinstance(value, list):
            read = (self.read(item, depth + 1, place) for item in value[:_MOST_STEPS])
            return [*chain.from_iterable(read)]
        return self._read_object(value, depth, place) if isinstance(value, dict) else []

    def _read_object(self, value: dict[str, Any], depth: int, place: str) -> list[str]:
        if depth:
            own = _place_of(value)
            place = _joined(place, own) if "property" in value else own or place
            self.code = self.code or text_of(value.get("code"))
        words: list[str] = []
        key = ""
        for key in _WORDS:
            words = self.read(value.get(key), depth + 1, place)
            if not words and key in ("message", "detail"):
                words = self.read_fields(value.get(key), depth + 1, place)
            if words:
                break
        inner = value.get("error") if key != "error" else None
        holders = (value, inner) if isinstance(inner, dict) else (value,)
        lines = [
            line
            for holder in holders
            for name in _DETAILS
            if name != key or not words
            for line in self._read_details(holder.get(name), depth + 1, place, name)
            if line not in words
        ]
        if len(words) == 1 and lines:
            return [f"{words[0].rstrip(' .:!')}: {lines[0]}", *lines[1:]]
        return words + lines

    def _read_details(self, value: Any, depth: int, place: str, name: str) -> list[str]:
        if not isinstance(value, dict):
            return self.read(value, depth, place)
        if name == "constraints":  # by the name of a rule
            return self.read([*islice(value.values(), _MOST_STEPS)], depth, place)
        are_lists = all(isinstance(item, list) for item in value.values())
        lines = [] if are_lists else self.read(value, depth, place)
        return lines or self.read_fields(value, depth, place)

    def read_fields(self, value: Any, depth: int = 0, place: str = "") -> list[str]:
        """Return what an object says of fields, by their names."""
        fields = islice(value.items(), _MOST_STEPS) if isinstance(value, dict) else ()
        return [
            line
            for field, item in fields
            if isinstance(item, list | dict) or depth
            for line in self.read(item, depth + 1, _joined(place, field))
        ]


def _joined(place: str, field: str) -> str:
    return place + (field if field.startswith("[") or not place else f".{field}")


def _place_of(value: dict[str, Any]) -> str:
    """Return where in the request a detail belongs; "" where it does not say."""
    source = value.get("source")
    found = [value.get(key) for key in _PLACES]
    found.append(value.get("name") if "reason" in value else None)
    found += [source.get("pointer"), source.get("parameter")] if isinstance(source, dict) else []
    for place in found:
        if isinstance(place, str):
            place = place.split("/")
        given = place[:_DEEPEST] if isinstance(place, list) else []
        steps = [str(step) for step in given if isinstance(step, str | int)]
        # The first ones may say what part of the request it is.
        within = dropwhile(_PARTS_OF_REQUESTS.__contains__, steps)
        text = "".join(f"[{s}]" if s.isdecimal() else f".{s}" for s in within)
        if text:
            return _cut(text.lstrip("."))
    return ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}..."
