"""The judgement: what each kind of difference means for people who use an SDK of the API.

`breaking`: code that worked, or passed the type checker, may fail. `widening`: all old code goes on
working, and something new can be done or read. `documentation`: nothing that code can notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Judgement = Literal["breaking", "widening", "documentation"]
Side = Literal["request", "response"]
Release = Literal["patch", "minor", "major"]

B: Judgement = "breaking"
W: Judgement = "widening"
D: Judgement = "documentation"


class Rule(NamedTuple):
    """The judgement of one kind of difference, for requests and for responses."""

    request: Judgement | None
    response: Judgement | None
    why: str


# None: the difference does not occur on that side. docs/api-changes.md shows the same table.
RULES: dict[str, Rule] = {
    "operation removed": Rule(B, None, "its method goes away"),
    "operation added": Rule(W, None, "a new method"),
    "operation renamed": Rule(B, None, "the function of the generated package is named after it"),
    "deprecated": Rule(D, D, "all works as before; still a minor release, as semver asks"),
    "no longer deprecated": Rule(D, D, "all works as before"),
    "security stricter": Rule(B, None, "a key that was enough is refused"),
    "security looser": Rule(W, None, "what was enough is still enough"),
    "parameter removed": Rule(B, None, "an argument goes away"),
    "required parameter added": Rule(B, None, "old calls do not send it"),
    "optional parameter added": Rule(W, None, "a new argument that may be left out"),
    "path parameter renamed": Rule(B, None, "the argument has another name"),
    "required body added": Rule(B, None, "old calls do not send it"),
    "optional body added": Rule(W, None, "may be left out"),
    "body added": Rule(None, W, "there is something to read now"),
    "body removed": Rule(B, B, "what was sent or read goes away"),
    "media type added": Rule(W, W, "the old one still works"),
    "media type removed": Rule(B, B, "what was sent or asked for is refused"),
    "success status added": Rule(None, W, "clients take any 2xx for success"),
    "success status removed": Rule(None, D, "clients take any 2xx for success"),
    "error status added": Rule(None, D, "clients decide by the status they get"),
    "error status removed": Rule(None, D, "clients decide by the status they get"),
    "field removed": Rule(B, B, "the argument or attribute goes away"),
    "required field added": Rule(B, W, "old requests lack it; readers may ignore it"),
    "optional field added": Rule(W, W, "may be left out; readers may ignore it"),
    "now required": Rule(B, W, "old requests may lack it; readers never find it missing"),
    "now optional": Rule(W, B, "readers find None where there was always a value"),
    "now optional, was nullable": Rule(W, D, "readers had to expect None before"),
    "now required, still nullable": Rule(B, D, "readers still have to expect None"),
    "now nullable": Rule(W, B, "readers find None where there was always a value"),
    "now nullable, was optional": Rule(W, D, "readers had to expect None before"),
    "no longer nullable": Rule(B, W, "None is refused; readers never find it"),
    "no longer nullable, still optional": Rule(B, D, "None is refused; readers must expect it"),
    "type changed": Rule(B, B, "another type than before"),
    "type added": Rule(W, B, "one more may be sent; readers find what they do not expect"),
    "type removed": Rule(B, W, "one less may be sent; readers have less to expect"),
    "union member added": Rule(W, W, "our unions are open: readers skip members they do not know"),
    "union member removed": Rule(B, B, "its class goes away"),
    "model renamed": Rule(B, B, "the generated class is named after it"),
    "enum value added": Rule(W, W, "our enums are open: readers pass on values they do not know"),
    "enum value removed": Rule(B, D, "it is refused; readers wait for it in vain, no harm"),
    "constant changed": Rule(B, B, "both sides must send and expect another value"),
    "values listed": Rule(B, D, "other values are refused; readers are told what comes"),
    "values no longer listed": Rule(W, D, "any value may be sent; readers took any before"),
    "limit tightened": Rule(B, D, "requests at the old limit are refused; readers do not check"),
    "limit loosened": Rule(W, D, "more may be sent; readers do not check"),
    "pattern changed": Rule(B, D, "what was accepted may be refused; readers do not check"),
    "format with a Python type changed": Rule(B, B, "date, date-time and uuid have own types"),
    "format changed": Rule(D, D, "the Python type stays"),
    "extra fields forbidden": Rule(B, B, "they are refused, or are not kept by the reader"),
    "extra fields allowed": Rule(W, W, "they may be sent, and are kept by the reader"),
    "default changed": Rule(D, D, "what the server takes when nothing is sent; not sent by us"),
    "description changed": Rule(D, D, "words only"),
}


def judge(rule: str, side: Side) -> Judgement:
    """The judgement of a rule on one side."""
    found: Judgement | None = getattr(RULES[rule], side)
    if found is None:
        raise ValueError(f"{rule!r} does not occur on the {side} side")
    return found


def release(found: Iterable[tuple[str, Judgement]]) -> Release:
    """The smallest release that may carry all (rule, judgement) pairs."""
    pairs = set(found)
    judgements = {judgement for _, judgement in pairs}
    if B in judgements:
        return "major"
    # Semver, rule 7: a deprecation is announced by a minor release.
    if W in judgements or any(rule == "deprecated" for rule, _ in pairs):
        return "minor"
    return "patch"
