"""The page at /, and what is under /_laplas/: a server seen and changed from the outside.

No key is needed; `_guard` keeps other machines and other sites' pages away.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, unquote

from ..generated import models
from ._journal import RecordedRequest
from ._requests import read_json
from ._routes import JSON, STREAM_TYPE, LocalResponse, expire, found, refused
from ._runs import event
from ._validation import RequestError

if TYPE_CHECKING:
    from . import LocalServer

_PREFIX: Final = "/_laplas/"
EVENTS: Final = f"{_PREFIX}events"
_KEPT_TO_THEMSELVES: Final = (
    ("cache-control", "no-store"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
)


class _Call(NamedTuple):
    server: LocalServer
    ids: list[str]
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def store(self) -> Any:
        return self.server._store

    def fields(self, **allowed: tuple[type, ...]) -> JSON:
        """Return the JSON of the body: an object with these fields, each of one of the types."""
        given = read_json(self.body)
        if not isinstance(given, dict):
            raise RequestError(400, "Invalid body: give a JSON object.")
        for name, value in given.items():
            if name not in allowed:
                problem = f"Unknown parameter: '{name}'. There are: {', '.join(allowed)}."
                raise RequestError(400, problem, param=name, code="unknown_parameter")
            # True is an int for Python, and no number for anybody else.
            if not isinstance(value, allowed[name]) or (
                isinstance(value, bool) and bool not in allowed[name]
            ):
                names = " or ".join(_TYPES[kind] for kind in allowed[name])
                problem = f"Invalid '{name}': expected {names}."
                raise RequestError(400, problem, param=name, code="invalid_type")
        return given

    def number(self, name: str, default: int, most: int) -> int:
        """Return a query parameter that is a whole number from 0 to `most`."""
        text = self.query.get(name, str(default))
        if not re.fullmatch("[0-9]{1,15}", text) or int(text) > most:
            problem = f"Invalid '{name}': give a whole number from 0 to {most}."
            raise RequestError(400, problem, param=name, code="invalid_value")
        return int(text)


_TYPES: Final[dict[type, str]] = {
    str: "text", int: "a number", float: "a number with a fraction", bool: "true or false",
    list: "a list", type(None): "null",
}  # fmt: skip


def is_control(target: str) -> bool:
    """Return whether a request is for the page or for /_laplas/, not for the API."""
    path = target.partition("?")[0]
    return path in ("/", _PREFIX[:-1]) or path.startswith(_PREFIX)


def respond(
    server: LocalServer, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> LocalResponse:
    """Answer a request for which `is_control`; names of headers are in lower case."""
    path, _, query = target.encode("utf-8", "replace").decode().partition("?")
    try:
        if path == "/" and method == "GET":  # holds no data, so a link to it may be anywhere
            return _with_headers(_page())
        answer, ids = _find(method, path)
        if server.read_only and method == "POST" and not path.endswith("/snapshot"):
            raise RequestError(403, "This server is read-only.", code="read_only")
        answered = answer(_Call(server, ids, dict(parse_qsl(query)), headers, body))
    except RequestError as error:
        return _with_headers(refused(error))
    except ValueError as error:  # of a public method of the server
        name = str(error).partition(":")[0]
        param = name if name.isidentifier() else None
        return _with_headers(refused(RequestError(400, str(error), param=param)))
    if isinstance(answered, LocalResponse):
        return _with_headers(answered)
    data = json.dumps(answered, ensure_ascii=False).encode("utf-8", "replace")
    return _with_headers(LocalResponse(200, (("content-type", "application/json"),), data))


def _with_headers(response: LocalResponse) -> LocalResponse:
    return response._replace(headers=(*response.headers, *_KEPT_TO_THEMSELVES))


def _find(method: str, path: str) -> tuple[_Handler, list[str]]:
    parts = path.removeprefix(_PREFIX[:-1]).strip("/").split("/")
    for pattern, methods in _ROUTES.items():
        names = pattern.split("/")
        pairs = list(zip(names, parts, strict=False))
        if len(names) == len(parts) and all(name in ("{id}", part) for name, part in pairs):
            if method not in methods:
                allow = ", ".join(methods)
                problem = f"Not allowed to {method} on {path}. Allowed: {allow}."
                raise RequestError(405, problem, headers=(("allow", allow),))
            return methods[method], [unquote(part) for name, part in pairs if name == "{id}"]
    raise RequestError(404, f"There is no {path}. There are: {', '.join(_known())}.")


def _known() -> list[str]:
    return [f"{'/'.join(methods)} {_PREFIX}{name}" for name, methods in _ROUTES.items()]


@cache
def _page() -> LocalResponse:
    """The page, and a policy by which nothing but its own script and style has an effect."""
    page = resources.files(__name__.rpartition(".")[0]).joinpath("page.html").read_bytes()
    page = page.replace(b"\r\n", b"\n")  # as a browser reads, and hashes, what Git made of it
    script, style = (
        f"'sha256-{b64encode(sha256(part).digest()).decode()}'"
        for part in re.findall(rb"<(?:script|style)>(.*?)</(?:script|style)>", page, re.DOTALL)[
            ::-1
        ]
    )
    policy = (
        f"default-src 'none'; script-src {script}; style-src {style}; connect-src 'self';"
        " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )
    kind = ("content-type", "text/html; charset=utf-8")
    return LocalResponse(200, (kind, ("content-security-policy", policy)), page)


def events(server: LocalServer, after: int) -> tuple[bytes, int]:
    """Return the changes after that number as an event stream, and the number of the last one."""
    changes = server._journal.changes(after)
    lines = (b"id: %d\n" % change.number + event("change", change._asdict()) for change in changes)
    return b"".join(lines), changes[-1].number if changes else after


def first_event(call_headers: Mapping[str, str], query: str) -> int:
    """Return the number of the last change that the client of an event stream knows."""
    given = call_headers.get("last-event-id") or dict(parse_qsl(query)).get("after", "0")
    return int(given) if re.fullmatch("[0-9]{1,15}", given) else 0


def _events(call: _Call) -> LocalResponse:
    body, _ = events(call.server, first_event(call.headers, f"after={call.query.get('after', 0)}"))
    return LocalResponse(200, (("content-type", STREAM_TYPE),), body)


def _index(_: _Call) -> JSON:
    return {"data": _known()}


def _health(call: _Call) -> JSON:
    server = call.server
    shown = {"base_path": server.base_path, "read_only": server.read_only}
    return {"status": "ok", **shown, "last_change": server._journal.last_change}


def _openapi(_: _Call) -> LocalResponse:
    document = resources.files(models.__name__.rpartition(".")[0]).joinpath("openapi.yaml")
    return LocalResponse(200, (("content-type", "application/yaml"),), document.read_bytes())


def _requests(call: _Call) -> JSON:
    after = call.number("after", 0, 10**15)
    newer = [each for each in call.server.requests if each.number > after]
    limit = call.number("limit", len(newer), 10**15)
    short = call.query.get("bodies") == "no"
    return {"data": [_shown(each, short) for each in newer[: -limit - 1 : -1]]}


def _request(call: _Call) -> JSON:
    for each in call.server.requests:
        if str(each.number) == call.ids[0]:
            return _shown(each)
    raise RequestError(404, f"There is no request {call.ids[0]} any more: the last 500 are kept.")


def _shown(request: RecordedRequest, short: bool = False) -> JSON:
    """A body is text, or where it is none, base64 in a field of its own."""
    shown = request._asdict()
    for name in ("body", "answer"):
        data = shown.pop(name)
        if not short:
            is_cut = len(data) < shown[f"{name}_size"]
            try:
                shown[name] = data.decode("utf-8", "strict")
            except UnicodeDecodeError as error:
                # A character that is cut in two is no sign of bytes that are no text.
                cut = is_cut and error.end == len(data) and error.start > len(data) - 4
                shown[name] = data[: error.start].decode() if cut else None
            if shown[name] is None:
                shown[f"{name}_base64"] = b64encode(data).decode()
    return shown


def _faults(call: _Call) -> JSON:
    plan = [
        {
            "text": str(fault),
            "struck": used,
            "spent": fault.times is not None and used >= fault.times,
        }
        for fault, used in call.server.faults.plan()
    ]
    return {"faults": plan, "struck": dict(call.server.faults.struck)}


def _put_faults(call: _Call) -> JSON:
    texts = call.fields(faults=(list,)).get("faults", [])
    if not all(isinstance(text, str) for text in texts):
        raise RequestError(400, "Invalid 'faults': expected a list of texts.", param="faults")
    call.server.faults.replace(*texts)
    call.server._journal.tell("faults")
    return _faults(call)


def _delete_faults(call: _Call) -> JSON:
    call.server.faults.clear()
    call.server._journal.tell("faults")
    return _faults(call)


def _reset(call: _Call) -> JSON:
    call.server.reset()
    return _health(call)


def _snapshot(call: _Call) -> LocalResponse:
    kind = ("content-type", "application/vnd.sqlite3")
    return LocalResponse(200, (kind,), call.server.snapshot())


def _restore(call: _Call) -> JSON:
    call.server.restore(call.body)
    return _health(call)


def _clock(call: _Call) -> JSON:
    clock = call.server.clock
    return {"now": clock.now, "frozen": clock.is_frozen}


_NUMBER = (int, float)


def _put_clock(call: _Call) -> JSON:
    given = call.fields(frozen=(bool,), now=_NUMBER, advance=_NUMBER)
    call.server.clock.set(**given)
    call.server._journal.tell("clock")
    return _clock(call)


def _seed(call: _Call) -> JSON:
    return {"seed": call.store.source.ids.seed}


def _put_seed(call: _Call) -> JSON:
    given = call.fields(seed=(int, str, type(None)))
    if "seed" not in given:
        raise RequestError(400, "Missing 'seed': a whole number, text or null.", param="seed")
    call.server.set_seed(given["seed"])
    return _seed(call)


def _list(kind: str) -> _Handler:
    def answer(call: _Call) -> JSON:
        parent = call.ids[0] if call.ids else ""
        if parent:
            found(call.store, "thread", parent)
        cursor = call.query.get("after")
        after = None if cursor is None else call.store.position(kind, cursor, parent)
        if cursor is not None and after is None:
            raise RequestError(404, f"There is no {kind} {cursor!r} to go on after.", param="after")
        limit = call.number("limit", 50, 1000)
        rows, more = call.store.page(kind, parent, descending=True, limit=limit, after=after)
        seen = _SEEN.get(kind, _as_it_is)
        return {"data": [seen(call, row) for row in rows], "has_more": more}

    return answer


def _as_it_is(_: _Call, document: JSON) -> JSON:
    return document


def _seen_thread(call: _Call, thread: JSON) -> JSON:
    id_ = thread.get("id", "")
    last, _ = call.store.page("thread.message", id_, descending=True, limit=1)
    count = call.store.count("thread.message", id_)
    return {"thread": thread, "messages": count, "last": "".join(map(_start_of, last))}


def _start_of(message: JSON) -> str:
    """The start of a message's text, whatever was put there."""
    parts = message.get("content")
    for part in parts if isinstance(parts, list) else ():
        text = part.get("text") if isinstance(part, dict) else None
        if isinstance(text, dict) and isinstance(text.get("value"), str):
            return str(text["value"][:200])
    return ""


def _seen_run(call: _Call, run: JSON) -> JSON:
    with call.store.transaction():
        expire(call.store, run)
    return {"run": run, "steps": call.store.children("thread.run.step", run["id"])}


_SEEN: Final[dict[str, Callable[[_Call, JSON], JSON]]] = {
    "thread": _seen_thread,
    "thread.run": _seen_run,
}
"""What lists show of a document where that is more than the document itself."""


def _add_message(call: _Call) -> JSON:
    given = {"role": "assistant"} | call.fields(role=(str,), content=(str, list))
    content = given.get("content")
    if not content or given["role"] not in ("assistant", "user"):
        problem = "Give 'content', text or a list of parts, and as 'role' assistant or user."
        raise RequestError(400, problem, param="content" if not content else "role")
    if isinstance(content, list) and not all(
        isinstance(part, dict) and isinstance(part.get("type"), str) for part in content
    ):
        problem = "Invalid 'content': expected parts that are objects with a 'type'."
        raise RequestError(400, problem, param="content", code="invalid_type")
    found(call.store, "thread", call.ids[0])
    return call.server.add_message(call.ids[0], content, role=given["role"])


_Handler = Callable[[_Call], JSON | LocalResponse]

_ROUTES: Final[dict[str, dict[str, _Handler]]] = {
    "": {"GET": _index},
    "health": {"GET": _health},
    "openapi.yaml": {"GET": _openapi},
    "requests": {"GET": _requests},
    "requests/{id}": {"GET": _request},
    "faults": {"GET": _faults, "PUT": _put_faults, "DELETE": _delete_faults},
    "reset": {"POST": _reset},
    "snapshot": {"POST": _snapshot},
    "restore": {"POST": _restore},
    "clock": {"GET": _clock, "PUT": _put_clock},
    "seed": {"GET": _seed, "PUT": _put_seed},
    "events": {"GET": _events},
    "threads": {"GET": _list("thread")},
    "threads/{id}/messages": {"GET": _list("thread.message"), "POST": _add_message},
    "threads/{id}/runs": {"GET": _list("thread.run")},
    "assistants": {"GET": _list("assistant")},
    "files": {"GET": _list("file")},
}
