"""Faults on purpose: which one happens to a request, and what it makes of the answer.

Nothing here waits or touches a socket: `_http` does that, and `LocalServer.handle`.
"""

from __future__ import annotations

import itertools
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, Literal, NamedTuple, get_args

from ..generated import OPERATIONS
from ._dispatch import operation_name
from ._routes import Live, LocalResponse, refused, text_part
from ._runs import event
from ._validation import RequestError

HEADER: Final = "x-laplas-fault"

Kind = Literal[
    "status", "html", "reset", "close", "delay", "redirect",
    "garbage", "empty", "cut-json", "content-type", "charset",
    "gzip-bomb", "big-message", "huge-header",
    "truncate", "truncate-chunked", "disconnect", "drip", "cut", "stall", "error-event",
]  # fmt: skip
"""What can go wrong: see `Fault`."""

BrokenDelivery = Literal[
    "reset", "close", "truncate", "truncate-chunked", "disconnect", "drip", "cut", "stall"
]  # fmt: skip

_DEFAULTS: Final[Mapping[str, float | str]] = {
    "status": 500, "html": 502, "delay": 1, "redirect": "http://127.0.0.1:9/elsewhere",
    "content-type": "text/plain", "charset": "utf-16",
    "gzip-bomb": 100, "big-message": 10, "huge-header": 200,
    "drip": 16, "cut": 1000, "stall": 1, "error-event": 8,
}  # fmt: skip
_EITHER_SIDE: Final = ("status", "html", "reset", "close", "delay")
"""Kinds that can come before the request is carried out, or after."""
_WITHOUT_COMMIT: Final = (*_EITHER_SIDE, "redirect")
_MEGABYTE: Final = 1_000_000
_REMEMBERED: Final = 1000
"""Requests with a fault header that are kept count of at the same time."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong, with the requests it happens to.

    Attributes:
        kind: What goes wrong, with what `value` says and its default:

            ========================  ====================================================
            ``status``                an error answer with that status (500)
            ``html``                  a proxy's HTML page with that status (502)
            ``reset``                 the connection is reset (RST) without an answer
            ``close``                 the connection is closed (FIN) without an answer
            ``delay``                 the answer is late by that many seconds (1)
            ``redirect``              307 to that URL (a port of 127.0.0.1)
            ``garbage``               the answer's body is neither JSON nor UTF-8
            ``empty``                 the answer has no body
            ``cut-json``              half of the JSON, as a complete HTTP answer
            ``content-type``          the right JSON under that content type (text/plain)
            ``charset``               the right JSON, UTF-8, labelled as that charset (utf-16)
            ``gzip-bomb``             the right JSON, gzipped, with that many MB of blanks (100)
            ``big-message``           the text of the (first) message is that many MB long (10)
            ``huge-header``           an additional header of that many kB (200)
            ``truncate``              half of the body, then closed; Content-Length says more
            ``truncate-chunked``      half of a chunked body, then closed
            ``disconnect``            half of the body, then a reset
            ``drip``                  that many bytes of the body each 10 ms (16)
            ``cut``                   that many bytes of the body (1000), then closed
            ``stall``                 half of the body, nothing for that many seconds (1), the rest
            ``error-event``           a stream's `error` event after that many events (8); nothing
                                      goes wrong with other answers
            ========================  ====================================================
        value: See `kind`; None is the default.
        after_commit: Whether the request is carried out before it goes wrong. Only for `status`,
            `html`, `reset`, `close` and `delay`; with `redirect` it never is, with the others
            always.
        on: An operation (``"create_message"``), an HTTP method (``"POST"``), or ``"*"``.
        times: How often it happens; None is without end.
        skip: How many matching requests are let through before.
        probability: Of each request from then on, 0 to 1.
        headers: Added to the answer, such as ``{"Retry-After": "0"}``.

    Raises:
        ValueError: A field says something that cannot be done.
    """

    kind: Kind
    value: float | str | None = None
    after_commit: bool = False
    on: str = "*"
    times: int | None = 1
    skip: int = 0
    probability: float = 1.0
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _require(self.kind in get_args(Kind), "kind", self.kind, get_args(Kind))
        methods = dict.fromkeys(operation.method for operation in OPERATIONS.values())
        targets = ("*", *OPERATIONS, *methods)
        _require(self.on in targets, "on", self.on, targets)
        fits = not self.after_commit or self.kind in _EITHER_SIDE
        _require(fits, "after_commit with kind", self.kind, _EITHER_SIDE)
        _require(self.times is None or self.times >= 0, "times", self.times, ("0 or more", None))
        _require(self.skip >= 0, "skip", self.skip, ("0 or more",))
        _require(0 <= self.probability <= 1, "probability", self.probability, ("0 to 1",))
        _check_value(self.kind, self.value)
        for text in itertools.chain.from_iterable(self.headers.items()):
            _require(_is_printable(text), "headers", text, ("printable ASCII",))

    def __str__(self) -> str:
        """The text that `parse` reads; headers that it does not know are left out."""
        value = "" if self.value is None else f"={self.value}"
        words = [f"{self.on}:"] if self.on != "*" else []
        words.append(f"{self.name}{value}")
        if self.probability < 1:
            words.append(f"{self.probability * 100:g}%")
        if self.times != (1 if self.probability == 1 else None):
            words.append("x*" if self.times is None else f"x{self.times}")
        if self.skip:
            words.append(f"skip={self.skip}")
        given = [(name.lower(), text) for name, text in self.headers.items()]
        words += [f"{name}={text}" for name, text in given if name in _ANSWER_HEADERS]
        return " ".join(words)

    @property
    def name(self) -> str:
        """The kind, with ``-after-commit`` where that is said."""
        return f"{self.kind}-after-commit" if self.after_commit else self.kind

    @property
    def text(self) -> str:
        """The value as text, by default the kind's."""
        return str(_DEFAULTS[self.kind] if self.value is None else self.value)

    @property
    def number(self) -> float:
        """The value as a number, by default the kind's."""
        return float(self.text)


def _check_value(kind: Kind, value: float | str | None) -> None:
    if value is None:
        return
    default = _DEFAULTS.get(kind)
    least = 1 if kind == "drip" else 0
    if default is None:
        fits, allowed = False, "None"
    elif isinstance(default, str):
        fits, allowed = _is_printable(value) and value != "", "a text"
    elif kind in ("status", "html"):
        fits, allowed = value in range(200, 600), "200 to 599"
    else:
        fits = not isinstance(value, str) and least <= value < 1e6
        allowed = f"a number from {least}"
    _require(fits, f"value of {kind}", value, (allowed,))


def _is_printable(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def _require(fits: bool, what: str, value: object, allowed: Iterable[object]) -> None:
    if not fits:
        raise ValueError(f"{what}: {value!r} is none of {', '.join(map(str, allowed))}")


_TARGET = re.compile(r"\s*([A-Za-z_]+|\*)\s*:(?!//)")
_ANSWER_HEADERS = ("retry-after", "retry-after-ms", "x-should-retry")


def parse(text: str) -> Fault:
    """Return the fault that a text describes, as on the command line and in the request header.

    Words, separated by spaces or semicolons, after an optional target and colon:

        create_message: reset-after-commit x2
        GET: status=503 retry-after=0 x2 skip=1
        20% delay=0.2

    A kind with its value; ``-after-commit`` behind the kind; ``x2`` or ``times=2`` (``x*`` is
    without end); ``skip=1``; ``20%``; and ``retry-after``, ``retry-after-ms``,
    ``x-should-retry`` for the answer. Without a count a fault happens once, or where a
    probability is given, without end.

    Raises:
        ValueError: The text cannot be understood.
    """
    try:
        return _parsed(text)
    except ValueError as error:
        raise ValueError(f"fault {text!r}: {error}") from None


def _parsed(text: str) -> Fault:
    target = _TARGET.match(text)
    fields: dict[str, Any] = {"on": target[1] if target else "*", "headers": {}}
    for word in re.split(r"[;\s]+", text[target.end() if target else 0 :].strip("; \t\r\n")):
        fields |= _word(word, fields)
    if "kind" not in fields:
        raise ValueError(f"says none of {', '.join(get_args(Kind))}")
    if "probability" in fields:
        fields = {"times": None, **fields}
    return Fault(**fields)


def _word(word: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    name, _, value = word.partition("=")
    name = name.lower()
    if name.endswith("%"):
        return {"probability": float(name[:-1]) / 100}
    if re.fullmatch(r"x(\d+|\*)", name):
        name, value = "times", name[1:]
    if name == "times":
        return {"times": None if value == "*" else int(value)}
    if name == "skip":
        return {"skip": int(value)}
    if name in _ANSWER_HEADERS:
        return {"headers": {**fields["headers"], name: value}}
    kind = name.removesuffix("-after-commit")
    if "kind" in fields:
        raise ValueError(f"says two kinds, {fields['kind']!r} and {kind!r}")
    said: float | str | None = value or None
    if value and not isinstance(_DEFAULTS.get(kind), str):
        number = float(value)
        said = int(number) if number.is_integer() else number
    return {"kind": kind, "value": said, "after_commit": name != kind}


class _Rule:
    """A fault with the count of what it did."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self._skipped = 0
        self.used = 0

    @property
    def is_spent(self) -> bool:
        return self.fault.times is not None and self.used >= self.fault.times

    def matches(self, operation: str | None, method: str, draw: Callable[[], float]) -> bool:
        if self.is_spent or self.fault.on not in ("*", operation, method):
            return False
        if self._skipped < self.fault.skip:
            self._skipped += 1
            return False
        if self.fault.probability < 1 and draw() >= self.fault.probability:
            return False
        self.used += 1
        return True


class Faults:
    """The fault plan of a server: ``server.faults``. Safe to share between threads.

    Each request has one fault at most: that of its header, else the first in the plan that matches,
    has not been used up, and is drawn.

    Attributes:
        struck: How often faults struck, by name (``"reset-after-commit"``).
    """

    def __init__(self, faults: Iterable[Fault | str], seed: int | None, from_header: bool) -> None:
        self.struck: Counter[str] = Counter()
        self._rules: list[_Rule] = []
        self._by_header: dict[tuple[str, ...], _Rule] = {}
        self._from_header = from_header
        self._random, self._seed = random.Random(seed), seed
        self._lock = Lock()
        self.add(*faults)
        self._first = [rule.fault for rule in self._rules]

    def add(self, *faults: Fault | str) -> None:
        """Add faults to the end of the plan; texts are read by `parse`.

        Raises:
            ValueError: A text cannot be understood. None is added then.
        """
        rules = [_Rule(parse(fault) if isinstance(fault, str) else fault) for fault in faults]
        with self._lock:
            self._rules += rules

    def fail_next(
        self,
        on: str,
        kind: Kind,
        value: float | str | None = None,
        *,
        times: int | None = 1,
        after_commit: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Let the next requests of an operation fail: `add` for one `Fault` with these fields.

        ``fail_next("create_message", "status", 503, times=2)``

        Raises:
            ValueError: That cannot be done.
        """
        given = {"value": value, "on": on, "times": times, "after_commit": after_commit}
        self.add(Fault(kind=kind, headers=headers or {}, **given))  # type: ignore[arg-type]

    def clear(self) -> None:
        """Empty the plan. What struck so far stays counted."""
        with self._lock:
            self._rules.clear()
            self._by_header.clear()

    def plan(self) -> list[tuple[Fault, int]]:
        """Return the faults of the plan in their order, each with how often it struck."""
        with self._lock:
            return [(rule.fault, rule.used) for rule in self._rules]

    def replace(self, *faults: Fault | str) -> None:
        """Make these faults the plan. One that is in it already keeps its count.

        Raises:
            ValueError: A text cannot be understood. The plan stays as it is then.
        """
        wanted = [parse(fault) if isinstance(fault, str) else fault for fault in faults]
        with self._lock:
            left = list(self._rules)
            self._rules = []
            for fault in wanted:
                kept = next((rule for rule in left if rule.fault == fault), None)
                if kept is not None:
                    left.remove(kept)
                self._rules.append(kept or _Rule(fault))

    def reset(self) -> None:
        """Go back to the plan of the start, with no fault having struck."""
        self.clear()
        self.struck.clear()
        self._random.seed(self._seed)
        self.add(*self._first)

    def match(self, method: str, target: str, headers: Mapping[str, str]) -> Fault | None:
        """Return the fault that a request is to have, and count it; None for no fault.

        Names of headers are in lower case.

        Raises:
            ValueError: The request's fault header cannot be understood.
        """
        operation = operation_name(method, target)
        wanted = headers.get(HEADER) if self._from_header else None
        with self._lock:
            rules = self._rules
            if wanted is not None:
                rules = [self._rule_of_header((wanted, method, target)), *rules]
            for rule in rules:
                if rule.matches(operation, method, self._random.random):
                    self.struck[rule.fault.name] += 1
                    return rule.fault
        return None

    def _rule_of_header(self, key: tuple[str, str, str]) -> _Rule:
        """The fault of a request's header: so many times for this request, then not once."""
        rule = self._by_header.pop(key, None) or _Rule(parse(key[0]))
        if not rule.is_spent:  # else this is the request that it lets through
            self._by_header[key] = rule
        if len(self._by_header) > _REMEMBERED:
            del self._by_header[next(iter(self._by_header))]
        return rule


class Delivery(NamedTuple):
    """An answer and how it is delivered: None is as it should be, at once and whole."""

    response: LocalResponse
    how: BrokenDelivery | None = None
    amount: float = 0
    """Bytes each 10 ms of a drip, bytes before a cut, seconds of a stall."""
    live: Live | None = None
    """The stream that goes on; the response is its head."""

    def cut_body(self) -> bytes:
        """Return what goes out of a body that is cut."""
        body = self.response.body
        return body[: round(self.amount) if self.how == "cut" else len(body) // 2]

    def whole(self) -> LocalResponse:
        """Return the answer where there is no connection. A drip has no meaning there.

        A stream that is cut ends early, as a client that reads it would see it.

        Raises:
            ConnectionResetError, ConnectionAbortedError: A connection would have broken here,
                after the request was sent: reset, or closed before the answer was complete.
        """
        if self.live is not None:
            return self.live.whole()
        cut = self.how in ("truncate", "truncate-chunked", "cut", "disconnect")
        if cut and self.response.is_stream:
            return self.response._replace(body=self.cut_body())
        if self.how in ("reset", "disconnect"):
            raise ConnectionResetError(f"a fault was asked for: {self.how}")
        if cut or self.how == "close":
            raise ConnectionAbortedError(f"a fault was asked for: {self.how}")
        return self.response


class AcceptedRequest(NamedTuple):
    """A request that was accepted: wait, carry it out, wait again, deliver."""

    wait_before: float
    """Seconds."""
    carry_out: Callable[[], Delivery]
    """Answers the request. To be called once."""
    wait_after: float
    """Seconds."""


def plan_answer(fault: Fault | None, answer: Callable[[], LocalResponse | Live]) -> AcceptedRequest:
    """Return what to do about a request that `answer` carries out, as the fault has it."""
    if fault is None:
        return AcceptedRequest(0, lambda: _deliver(answer()), 0)
    wait = fault.number if fault.kind == "delay" else 0
    if fault.after_commit:
        return AcceptedRequest(0, lambda: _apply_fault(fault, answer()), wait)
    if fault.kind == "delay" or fault.kind not in _WITHOUT_COMMIT:
        return AcceptedRequest(wait, lambda: _apply_fault(fault, answer()), 0)
    return AcceptedRequest(0, lambda: _apply_fault(fault, LocalResponse(200, (), b"")), 0)


def _deliver(answer: LocalResponse | Live) -> Delivery:
    return Delivery(answer.head, live=answer) if isinstance(answer, Live) else Delivery(answer)


def _apply_fault(fault: Fault, true: LocalResponse | Live) -> Delivery:
    if isinstance(true, Live):
        true = true.whole()  # a fault may strike anywhere in it
    if fault.kind in get_args(BrokenDelivery):
        amount = fault.number if fault.kind in ("drip", "cut", "stall") else 0
        return Delivery(_with(true, fault.headers), fault.kind, amount)  # type: ignore[arg-type]
    return Delivery(_with(_other(fault, true), fault.headers))


def _other(fault: Fault, true: LocalResponse) -> LocalResponse:
    """The answer that comes in place of the true one."""
    match fault.kind:
        case "status":
            return refused(RequestError(int(fault.number), "A fault was asked for."))
        case "html":
            code = int(fault.number)
            html = f"<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>"
            return LocalResponse(code, (("content-type", "text/html"),), html.encode())
        case "redirect":
            return LocalResponse(307, (("location", fault.text),), b"")
        case "garbage":
            return true._replace(body=b"{\xff\xfe garbage")
        case "empty":
            return true._replace(body=b"")
        case "cut-json":
            return true._replace(body=true.body[: len(true.body) // 2])
        case "content-type":
            return _with(true, {"content-type": fault.text})
        case "charset":
            media_type = "text/event-stream" if true.is_stream else "application/json"
            return _with(true, {"content-type": f"{media_type}; charset={fault.text}"})
        case "gzip-bomb":
            body = _bomb(true.body, round(fault.number * _MEGABYTE))
            return _with(true._replace(body=body), {"content-encoding": "gzip"})
        case "big-message":
            return true._replace(body=_long_text(true, round(fault.number * _MEGABYTE)))
        case "huge-header":
            return _with(true, {"x-padding": "a" * round(fault.number * 1000)})
        case "error-event" if true.is_stream:
            return true._replace(body=_with_error(true.body, round(fault.number)))
        case _:  # a delay changes nothing
            return true


def _with(response: LocalResponse, headers: Mapping[str, str]) -> LocalResponse:
    """The response with these headers, in place of those of the same name."""
    names = {name.lower() for name in headers}
    kept = [pair for pair in response.headers if pair[0].lower() not in names]
    return response._replace(headers=(*kept, *headers.items()))


def _bomb(body: bytes, blanks: int) -> bytes:
    """The body gzipped, with blanks behind it; they are never in memory all at once."""
    packer = zlib.compressobj(wbits=31)
    packed = [packer.compress(body)]
    for start in range(0, blanks, _MEGABYTE):
        packed.append(packer.compress(b" " * min(_MEGABYTE, blanks - start)))
    return b"".join([*packed, packer.flush()])


def _long_text(response: LocalResponse, length: int) -> bytes:
    """The JSON with a long text in its first message; with blanks where it has no message."""
    if response.is_stream:
        return b": " + b"a" * length + b"\n\n" + response.body  # a comment
    if ("content-type", "application/json") not in response.headers:
        return response.body + b" " * length
    document = json.loads(response.body)
    message = next(iter(document.get("data") or [document]))
    if message.get("object") != "thread.message":
        return response.body + b" " * length
    message["content"] = [text_part("a" * length)]
    return json.dumps(document, ensure_ascii=False).encode()


def _with_error(body: bytes, events: int) -> bytes:
    """The stream with an error in place of what follows so many events."""
    error = {"message": "A fault was asked for.", "type": "server_error"}
    envelope = {"error": {**error, "param": None, "code": None}}
    return b"\n\n".join([*body.split(b"\n\n")[:-1][:events], event("error", envelope)])
