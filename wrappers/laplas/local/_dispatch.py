"""From a request to its operation, and from the operation to the answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import unquote

from . import _routes as r
from . import _run_routes as rr
from ._checks import Refusal
from ._replies import ReplyFunction
from ._routes import JSON, Call, Events, LocalResponse, Operation, answered, refused
from ._store import Store

_ROUTES: Mapping[tuple[str, ...], Mapping[str, Operation]] = {
    ("threads",): r.THREADS,
    ("threads", "runs"): rr.THREAD_AND_RUN,
    ("threads", "*"): r.THREAD,
    ("threads", "*", "messages"): r.MESSAGES,
    ("threads", "*", "messages", "*"): r.MESSAGE,
    ("threads", "*", "runs"): rr.RUNS,
    ("threads", "*", "runs", "*"): rr.RUN,
    ("threads", "*", "runs", "*", "submit_tool_outputs"): rr.OUTPUTS,
    ("threads", "*", "runs", "*", "cancel"): rr.CANCEL,
    ("threads", "*", "runs", "*", "steps"): rr.STEPS,
    ("threads", "*", "runs", "*", "steps", "*"): rr.STEP,
    ("assistants",): rr.ASSISTANTS,
    ("assistants", "*"): rr.ASSISTANT,
    ("files",): rr.FILES,
    ("files", "*"): rr.FILE,
}
"""The operations by path, `*` being an id. The first path that fits is taken."""


def respond(
    store: Store,
    reply: ReplyFunction,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
) -> LocalResponse:
    """Answer one request in one transaction. See `LocalServer.handle`."""
    started = time.perf_counter()
    try:
        with store.transaction():
            payload = _payload(store, reply, method, target, headers, body)
    except Refusal as refusal:
        return refused(refusal, started)
    return answered(payload, started)


def operation_name(method: str, target: str) -> str | None:
    """Return the name of the operation in the document, or None where there is none."""
    try:
        operations, _ = _route(method, _on_a_wire(target).partition("?")[0])
    except Refusal:
        return None
    return _name(operations[method]) if method in operations else None


def _payload(
    store: Store,
    reply: ReplyFunction,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
) -> JSON | Events:
    path, _, query = _on_a_wire(target).partition("?")
    operations, ids = _route(method, path)
    if method not in operations:
        raise Refusal(
            405,
            f"Not allowed to {method} on {path}.",
            headers=(("allow", ", ".join(operations)),),
        )
    given = {name.lower(): value.strip() for name, value in headers.items()}
    _require_key(given.get("authorization", ""))
    call = Call(store, ids, query, body, given.get("content-type", ""), reply)
    return operations[method](call)


def _on_a_wire(target: str) -> str:
    # What cannot be encoded cannot have come over a wire; it must not reach SQLite either.
    return target.encode("utf-8", "replace").decode()


def _route(method: str, path: str) -> tuple[Mapping[str, Operation], tuple[str, ...]]:
    first, *segments = [unquote(segment) for segment in path.split("/")]
    if segments[:1] == ["v1"]:
        segments = segments[1:]
    if first == "" and all(segments):
        for route, operations in _ROUTES.items():
            if len(route) == len(segments) and all(
                wanted in ("*", given) for wanted, given in zip(route, segments, strict=True)
            ):
                ids = [
                    given for wanted, given in zip(route, segments, strict=True) if wanted == "*"
                ]
                return operations, tuple(ids)
    raise Refusal(404, f"Invalid URL ({method} {path})")


def _require_key(authorization: str) -> None:
    scheme, _, key = authorization.partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Refusal(
            401,
            "You didn't provide an API key. Send it in the Authorization header: Bearer YOUR_KEY.",
            headers=(("www-authenticate", 'Bearer realm="OpenAI API"'),),
        )


def _name(operation: Operation) -> str:
    return operation.__name__.removeprefix("_")


OPERATIONS = tuple(_name(operation) for route in _ROUTES.values() for operation in route.values())
"""The names of the operations, as in the document."""
METHODS = ("GET", "POST", "DELETE")
"""The methods of the operations."""
