"""Cassettes without secrets: `scrub` takes them out, `findings` looks for what is left.

Both work on a cassette as plain data, the form in which vcrpy stores it. Headers are kept by a
list of names, not removed by one: a header nobody thought of is not stored.
"""

from __future__ import annotations

import base64
import copy
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote

HIDDEN = "REDACTED"

KEPT_HEADERS = frozenset(
    (
        "allow",
        "content-type",
        "openai-beta",
        "openai-poll-after-ms",
        "openai-version",
        "retry-after",
        "www-authenticate",
        "x-request-id",
    )
)

_CREDENTIAL_HEADER = re.compile(
    r"authorization|cookie|organi[sz]ation|project|api-?key|token|secret", re.IGNORECASE
)
_NAMES = r"(?:api[-_]?key|key|(?:\w+_)?token|(?:\w+_)?secret|password|signature|sig|authorization)"
# What the group `secret` matches is hidden, or found. Text that is hidden never matches again.
_SECRETS = {
    "a bearer token": re.compile(
        r"\bbearer\s+(?P<secret>(?=[^\s\"']*\d)[\w.~+/=-]{8,})", re.IGNORECASE
    ),
    "an API key": re.compile(r"\b(?P<secret>(?:sk|pk|rk|sess)-[\w*-]{6,})"),
    "a JSON web token": re.compile(r"\b(?P<secret>eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)"),
    "a credential in a query": re.compile(
        rf"[?&]{_NAMES}=(?!{HIDDEN})(?P<secret>[^&\s\"'#]+)", re.IGNORECASE
    ),
    "a credential in JSON": re.compile(
        rf"\"{_NAMES}\"\s*:\s*\"(?!{HIDDEN})(?P<secret>(?:[^\"\\]|\\.)+)\"", re.IGNORECASE
    ),
    "a cookie": re.compile(r"\b(?:__cf_bm|_cfuvid|session_?id)=(?!REDACTED)(?P<secret>[^;\s\"']+)"),
    "an organisation or project": re.compile(r"\b(?P<secret>(?:org-|proj_)[A-Za-z0-9]{8,})"),
    # Not the domains that are reserved for examples.
    "an e-mail address": re.compile(
        r"\b(?P<secret>[\w.+-]+@(?!example\.(?:com|org|net)\b)[\w-]+(?:\.[\w-]+)+)"
    ),
}


class SecretFound(Exception):
    """A cassette holds what must not be stored. The message does not repeat it."""


def scrub(cassette: dict[str, Any]) -> dict[str, Any]:
    """A copy of the cassette without credentials and with bodies as readable text.

    Raises:
        SecretFound: A body cannot be read, so nobody knows what it holds; or something is left that
            `findings` objects to.
    """
    clean = copy.deepcopy(cassette)
    for interaction in clean["interactions"]:
        request, response = interaction["request"], interaction["response"]
        request["uri"] = hidden(request["uri"])
        if request["body"] is not None:
            request["body"] = hidden(readable(request["body"], request["headers"]))
        body = readable(response["body"].get("string", b""), response["headers"])
        response["body"] = {"string": hidden(body)}
        for part in (request, response):
            part["headers"] = {
                name.lower(): [hidden(value) for value in values]
                for name, values in sorted(part["headers"].items())
                if name.lower() in KEPT_HEADERS
            }
    if left := findings(clean):
        raise SecretFound(f"could not be hidden: {'; '.join(left)}")
    return clean


def hidden(text: str) -> str:
    """The text with everything in it that looks like a secret replaced."""
    for pattern in _SECRETS.values():
        text = pattern.sub(lambda match: match[0].replace(match["secret"], HIDDEN), text)
    return text


def readable(body: str | bytes, headers: dict[str, list[str]] | None = None) -> str:
    """A body as text, its content coding undone.

    Raises:
        SecretFound: It is not text, in whatever coding this knows.
    """
    coding = " ".join(
        str(values)
        for name, values in (headers or {}).items()
        if name.lower() == "content-encoding"
    )
    data = body.encode() if isinstance(body, str) else body
    try:
        # A coding that is declared may have been undone already: then it is text.
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        elif "deflate" in coding:
            data = _inflated(data)
        return data.decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise SecretFound("a body cannot be read as text: what it holds is unknown") from None


def _inflated(data: bytes) -> bytes:
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return zlib.decompress(data, window)
        except zlib.error:
            continue
    return data


def findings(cassette: dict[str, Any]) -> list[str]:
    """What should not be in a cassette, each with its place; empty for a clean one."""
    found = []
    for place, text in _texts(cassette):
        if text is None:
            found.append(f"{place}: cannot be read as text")
        elif place.startswith("header") and _CREDENTIAL_HEADER.search(place) and text != HIDDEN:
            found.append(f"{place}: a header that carries credentials")
        else:
            found += [
                f"{place}: {what}"
                for what, pattern in _SECRETS.items()
                if pattern.search(text or "") or pattern.search(unquote(text or ""))
            ]
    return found


def _texts(cassette: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    """Every text of a cassette with its place; None for a body that cannot be read."""
    without = {key: value for key, value in cassette.items() if key != "interactions"}
    yield "provenance", json.dumps(without, default=str)
    for number, interaction in enumerate(cassette["interactions"], 1):
        request, response = interaction["request"], interaction["response"]
        yield f"request {number}", f"{request['method']} {request['uri']}"
        for kind, part, body in (
            ("request", request, request["body"]),
            ("response", response, response["body"]),
        ):
            for name, values in part["headers"].items():
                for value in values if isinstance(values, list) else [values]:
                    yield f"header {name} of {kind} {number}", str(value)
            for text in _stored(body):
                try:
                    yield f"body of {kind} {number}", readable(text, part["headers"])
                except SecretFound:
                    yield f"body of {kind} {number}", None


def _stored(body: Any) -> list[str | bytes]:
    """The forms in which cassettes hold bodies: bare, under "string", or in base64."""
    if isinstance(body, dict):
        packed = body.get("base64_string")
        return [*_stored(body.get("string")), *([base64.b64decode(packed)] if packed else [])]
    return [] if body is None else [body]


def refuse_key(text: str, key: str) -> None:
    """Make sure that a key is nowhere in a text, nor in another spelling.

    Raises:
        SecretFound: It is there.
    """
    packed = base64.b64encode(key.encode()).decode().rstrip("=")
    spellings = {key, quote(key, safe=""), json.dumps(key)[1:-1], packed}
    if any(spelling.lower() in text.lower() for spelling in spellings):
        raise SecretFound("the live API key is in what was recorded; nothing is stored")
