"""From a request to its operation, as the document has them, and from there to the answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from urllib.parse import unquote

from ..generated import OPERATIONS, Operation
from . import _conversations, _routes, _run_routes, _vector_stores
from ._replies import ReplyFunction
from ._requests import read_body, read_query
from ._routes import Call, Live, LocalResponse, answered, refused
from ._store import Store
from ._validation import RequestError

_HANDLERS = {**_routes.HANDLERS, **_run_routes.HANDLERS, **_vector_stores.HANDLERS}
_HANDLERS |= _conversations.HANDLERS
"""By operation id. An operation of the document without a handler is answered with 501."""


def respond(
    store: Store,
    reply: ReplyFunction,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes,
) -> LocalResponse | Live:
    """Answer one request in one transaction. See `LocalServer.handle`; names are in lower case."""
    started = time.perf_counter()
    path, _, query = _on_a_wire(target).partition("?")
    try:
        name, ids = _find_route(method, path)
        operation = _operations()[name]
        if name not in _HANDLERS:
            problem = f"The embedded server has no handler for {name} ({method} {operation.path})."
            raise RequestError(501, problem, code="not_implemented")
        values = read_query(operation, query)
        fields = read_body(operation, headers.get("content-type", ""), body)
        with store.transaction():
            payload = _HANDLERS[name](Call(store, ids, values, fields, reply))
    except RequestError as error:
        return refused(error, started)
    return answered(payload, started)


def operation_name(method: str, target: str) -> str | None:
    """Return the id of the operation in the document, or None where there is none."""
    try:
        return _find_route(method, _on_a_wire(target).partition("?")[0])[0]
    except RequestError:
        return None


def _operations() -> dict[str, Operation]:
    return {**OPERATIONS, **_conversations.OPERATIONS}


@cache
def _paths(names: tuple[str, ...]) -> dict[int, dict[tuple[str, ...], dict[str, str]]]:
    """Return the name of the operation of each method of each path, by the number of segments.

    A fixed segment goes before an id: /threads/runs is no thread.
    """
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for name in names:
        operation = _operations()[name]
        found.setdefault(tuple(operation.path.split("/")[1:]), {})[operation.method] = name
    by_length: dict[int, dict[tuple[str, ...], dict[str, str]]] = {}
    for segments in sorted(found, key=lambda path: [_is_id(segment) for segment in path]):
        by_length.setdefault(len(segments), {})[segments] = found[segments]
    return by_length


def _on_a_wire(target: str) -> str:
    # What cannot be encoded cannot have come over a wire; it must not reach SQLite either.
    return target.encode("utf-8", "replace").decode()


def _find_route(method: str, path: str) -> tuple[str, tuple[str, ...]]:
    """Return the operation id of a request, and the ids in its path."""
    first, *given = [unquote(segment) for segment in path.split("/")]
    if given[:1] == ["v1"]:
        given = given[1:]
    if first == "" and all(given):
        for segments, methods in _paths(tuple(_operations())).get(len(given), {}).items():
            pairs = list(zip(segments, given, strict=True))
            if all(_is_id(segment) or segment == part for segment, part in pairs):
                if method in methods:
                    return methods[method], tuple(part for name, part in pairs if _is_id(name))
                problem = f"Not allowed to {method} on {path}."
                raise RequestError(405, problem, headers=(("allow", ", ".join(methods)),))
    raise RequestError(404, f"Invalid URL ({method} {path})")


def _is_id(segment: str) -> bool:
    return segment.startswith("{")
