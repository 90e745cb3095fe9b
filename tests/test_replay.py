"""Every recorded exchange goes through both clients over a socket, and nothing is lost or invented.

Operations go through their own methods, all other paths through ``client.request``. The same works
for any file of exchanges:

    python tests/test_replay.py FILE.jsonl
    LAPLAS_EXCHANGES=FILE.jsonl pytest tests/test_replay.py
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from inspect import signature
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

import pytest
import pytest_asyncio
import support
from attrs import fields
from replay_server import (
    Asked,
    Exchange,
    ReplayServer,
    dumped,
    read_exchanges,
    replaying,
)

import laplas
from laplas.models import RunResult
from laplas.types import AssistantOptions, RunOptions
from laplas_api.resources import Resources
from laplas_api.resources.threads import create_thread_and_run


def _names_of(options: Any) -> list[str]:
    """The names of settings, without the options that every call has."""
    return list(options.__annotations__.keys() - laplas.CallOptions.__annotations__.keys())


# Thread and message ids of a path; /threads/runs is another endpoint, not a thread named "runs".
_THREAD = r"(?P<base>(?:/(?!threads/)[^/]+)*)/threads"
_THREAD_ID = r"/(?!runs$)([^/]+)"
_RUN = _THREAD + _THREAD_ID + "/runs/([^/]+)"
_ASSISTANT = r"(?P<base>(?:/[^/]+)*)/assistants"
_TYPED = [
    ("POST", _THREAD, "threads.create"),
    ("GET", _THREAD + _THREAD_ID, "threads.retrieve"),
    ("POST", _THREAD + _THREAD_ID, "threads.update"),
    ("DELETE", _THREAD + _THREAD_ID, "threads.delete"),
    ("POST", _THREAD + _THREAD_ID + "/messages", "messages.create"),
    ("GET", _THREAD + _THREAD_ID + "/messages", "messages.list"),
    ("GET", _THREAD + _THREAD_ID + "/messages/([^/]+)", "messages.retrieve"),
    ("POST", _THREAD + _THREAD_ID + "/messages/([^/]+)", "messages.update"),
    ("DELETE", _THREAD + _THREAD_ID + "/messages/([^/]+)", "messages.delete"),
    ("POST", _THREAD + "/runs", "threads.create_and_run"),
    ("POST", _THREAD + _THREAD_ID + "/runs", "runs.create"),
    ("GET", _THREAD + _THREAD_ID + "/runs", "runs.list"),
    ("GET", _RUN, "runs.retrieve"),
    ("POST", _RUN, "runs.update"),
    ("POST", _RUN + "/cancel", "runs.cancel"),
    ("POST", _RUN + "/submit_tool_outputs", "runs.submit_tool_outputs"),
    ("GET", _RUN + "/steps", "runs.steps.list"),
    ("GET", _RUN + "/steps/([^/]+)", "runs.steps.retrieve"),
    ("POST", _ASSISTANT, "assistants.create"),
    ("GET", _ASSISTANT, "assistants.list"),
    ("GET", _ASSISTANT + "/([^/]+)", "assistants.retrieve"),
    ("POST", _ASSISTANT + "/([^/]+)", "assistants.update"),
    ("DELETE", _ASSISTANT + "/([^/]+)", "assistants.delete"),
]
_OPERATIONS = {
    "threads.create_and_run": "create_thread_and_run",
    "runs.submit_tool_outputs": "submit_tool_outputs",
    "runs.steps.list": "list_run_steps",
    "runs.steps.retrieve": "retrieve_run_step",
}
"""Whose names in the document are not made of the method's as the others' are."""
_BODY_FIELDS = {
    "messages.create": ("content", "role", "attachments", "metadata"),
    "messages.update": ("metadata",),
    "threads.create": ("messages", "metadata", "tool_resources"),
    "threads.update": ("metadata", "tool_resources"),
    "threads.create_and_run": (
        *("assistant_id", "thread", "tool_resources", "stream"),
        *(set(_names_of(RunOptions)) & signature(create_thread_and_run).parameters.keys()),
    ),
    "runs.create": ("assistant_id", "stream", *_names_of(RunOptions)),
    "runs.update": ("metadata",),
    "runs.submit_tool_outputs": ("tool_outputs", "stream"),
    "assistants.create": ("model", *_names_of(AssistantOptions)),
    "assistants.update": ("model", *_names_of(AssistantOptions)),
}
_PAGE_FIELDS = ("limit", "order", "after", "before")
_QUERY_FIELDS = {
    "messages.list": (*_PAGE_FIELDS, "run_id"),
    "runs.list": _PAGE_FIELDS,
    "runs.steps.list": (*_PAGE_FIELDS, "include[]"),
    "runs.steps.retrieve": ("include[]",),
    "runs.create": ("include[]",),
    "assistants.list": _PAGE_FIELDS,
}
_ALWAYS_SENT = {
    "messages.create": {"content", "role"},
    "messages.update": {"metadata"},
    "threads.create_and_run": {"assistant_id"},
    "runs.create": {"assistant_id"},
    "runs.update": {"metadata"},
    "runs.submit_tool_outputs": {"tool_outputs"},
    "assistants.create": {"model"},
}
_STAND_IN: dict[str, dict[str, Any]] = {
    "messages.create": {"content": "in extra_body"},
    "messages.update": {"metadata": {}},
    "threads.create_and_run": {"assistant_id": "in extra_body"},
    "runs.create": {"assistant_id": "in extra_body"},
    "runs.update": {"metadata": {}},
    "runs.submit_tool_outputs": {"tool_outputs": {}},
    "assistants.create": {"model": "in extra_body"},
}
_CLASSES = {
    400: laplas.BadRequestError,
    401: laplas.AuthenticationError,
    403: laplas.PermissionDeniedError,
    404: laplas.NotFoundError,
    409: laplas.ConflictError,
    422: laplas.UnprocessableEntityError,
    429: laplas.RateLimitError,
}
_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class Streamed(NamedTuple):
    """What a stream came to: its events, and what they add up to."""

    events: list[tuple[str, Any]]
    result: RunResult


class Result(NamedTuple):
    """What an exchange came to: the method it went through, its value or error, what was sent."""

    way: str
    value: Any
    sent: list[Asked]


# Driving


def unsendable(exchange: Exchange) -> str | None:
    """Why no client can send the exchange's request, or None."""
    if exchange.problem:
        return exchange.problem
    if exchange.method not in _VERBS:
        return f"the clients have no {exchange.method}"
    if {".", ".."} & set(exchange.path.split("/")):
        return "the path has a segment of dots"
    return None


def drive(client: laplas.Laplas, server: ReplayServer, exchange: Exchange) -> Result:
    """Send the exchange's request through the client."""
    way, call = _prepared(client, server, exchange)
    try:
        value = call()
        if hasattr(value, "until_done"):
            with value:
                events = [(event.event, event.raw) for event in value]
                value = Streamed(events, value.until_done())
    except Exception as error:  # compared; not only what the client should raise
        value = error
    return Result(way, value, list(server.seen))


async def drive_async(
    client: laplas.AsyncLaplas, server: ReplayServer, exchange: Exchange
) -> Result:
    """Send the exchange's request through the async client."""
    way, call = _prepared(client, server, exchange)
    try:
        value = await call()
        if hasattr(value, "until_done"):
            async with value:
                events = [(event.event, event.raw) async for event in value]
                value = Streamed(events, await value.until_done())
    except Exception as error:  # compared; not only what the client should raise
        value = error
    return Result(way, value, list(server.seen))


def _prepared(
    client: Any, server: ReplayServer, exchange: Exchange
) -> tuple[str, Callable[[], Any]]:
    server.turn_to(exchange)
    server.seen.clear()
    for verb, pattern, way in _TYPED:
        match = re.fullmatch(pattern, exchange.path)
        if match and verb == exchange.method:
            here = client.with_options(base_url=server.url + match["base"])
            ids = [unquote(segment) for segment in match.groups()[1:]]
            arguments = _arguments(way, exchange, partial(_method(_preparing(here), way), *ids))
            if arguments is not None:
                return way, partial(_method(here, way), *ids, **arguments)
    return "request", partial(
        client.with_options(base_url=server.url).request,
        exchange.method,
        exchange.path,
        query=_gathered(exchange),
        body=exchange.body,
    )


def _method(client: Any, way: str) -> Callable[..., Any]:
    method: Callable[..., Any] = attrgetter(way)(client)
    return method


def _preparing(client: Any) -> Any:
    """Something with the client's methods that sends nothing."""
    return Resources(client._sender.prepare())


def _gathered(exchange: Exchange) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in exchange.query:
        values.setdefault(name, []).append(value)
    return values


def _arguments(
    way: str, exchange: Exchange, prepare: Callable[..., object]
) -> dict[str, Any] | None:
    """The arguments that make the typed method send the recorded request.

    What the client would refuse, write otherwise or does not know goes into ``extra_body`` and
    ``extra_query``. None where the method cannot send that request at all.
    """
    body = exchange.body or {}
    if not _ALWAYS_SENT.get(way, set()) <= body.keys():
        return None
    extra = {"extra_body": dict(body), "extra_query": _gathered(exchange)}
    given: dict[str, Any] = {}
    for name in _BODY_FIELDS.get(way, ()):
        if _is_written_alike(name, body.get(name)):
            given[name] = extra["extra_body"].pop(name)
    for name in _QUERY_FIELDS.get(way, ()):
        values = extra["extra_query"].get(name, [])
        if name == "include[]" and values:
            given["include"] = extra["extra_query"].pop(name)
        elif len(values) == 1:
            given[name] = _number_or_text(values[0]) if name == "limit" else values[0]
            del extra["extra_query"][name]
    while True:
        arguments = {**_STAND_IN.get(way, {}), **given, **extra}
        try:
            prepare(**arguments)
        except laplas.InvalidArgumentError as refusal:
            name = re.split(r"\W", refusal.argument)[0]
            if name not in given:
                return None
            where = "extra_query" if name in _QUERY_FIELDS.get(way, ()) else "extra_body"
            extra[where][name] = given.pop(name)
        else:
            return arguments


def _is_written_alike(name: str, value: Any) -> bool:
    # The client leaves out what is None, makes parts of strings, and gives first messages a role.
    if name == "content":
        parts = value if isinstance(value, list) else []
        return isinstance(value, str | list) and all(isinstance(part, dict) for part in parts)
    if name == "thread" and isinstance(value, dict):
        return "messages" not in value or _is_written_alike("messages", value["messages"])
    if name in ("messages", "additional_messages") and isinstance(value, list):
        return all(isinstance(m, dict) and "role" in m and None not in m.values() for m in value)
    if name == "stream":
        return value is True
    return value is not None


def _number_or_text(text: str) -> int | str:
    return int(text) if re.fullmatch(r"0|[1-9]\d{0,8}", text) else text


# Comparing


def compare(result: Result, exchange: Exchange) -> list[str]:
    """Where the result or the request differ from the recording; empty where they do not."""
    problems = []
    if result.sent != [exchange.asked]:
        problems.append(f"sent {result.sent}, recorded was {exchange.asked}")
    value = result.value
    if not 200 <= exchange.status < 300:
        return problems + _error_problems(value, exchange)
    if isinstance(value, laplas.UnparsableResponseError):
        return problems + _unparsable_problems(value, result.way, exchange)
    if isinstance(value, laplas.RawResponse):
        return problems + _raw_problems(value, exchange)
    if isinstance(value, Exception):
        return [*problems, f"raised {value!r}"]
    if isinstance(value, Streamed):
        return problems + _stream_problems(value, exchange)
    if not exchange.content.strip():
        # A delete is all that may be answered with nothing; the ids are those that were asked for.
        last = unquote(exchange.path.rsplit("/", 1)[1])
        return problems + _different("delete", (value.id, value.deleted), (last, True))
    body = json.loads(exchange.content)
    problems += _different("to_dict()", value.to_dict(), body)
    if result.way.endswith(".list"):
        return problems + _page_problems(value, body)
    return problems + _model_problems(value, body)


def _different(what: str, got: Any, expected: Any) -> list[str]:
    return [] if dumped(got) == dumped(expected) else [f"{what}: {got!r}, not {expected!r}"]


def _model_problems(model: Any, body: dict[str, Any]) -> list[str]:
    """Every field is there under its name or in additional_properties, and there is no other."""
    names = {field.alias for field in fields(type(model)) if field.name != "_extra"}
    problems = _different(
        "additional_properties",
        model.additional_properties,
        {name: value for name, value in body.items() if name not in names},
    )
    for name in sorted(names):
        problems += _different(f"is_set({name!r})", model.is_set(name), name in body)
        if name != "content" or not isinstance(body["content"], str):
            problems += _different(name, _plain(getattr(model, name)), body.get(name))
    if hasattr(type(model), "created") and (created := _time_of(body["created_at"])):
        problems += _different("created", _property(model, "created"), created)
    if hasattr(type(model), "text"):
        problems += _different("text", _property(model, "text"), _text_of(body["content"]))
    return problems


def _stream_problems(streamed: Streamed, exchange: Exchange) -> list[str]:
    """Every event is there, and the last that told of each object is what came of it."""
    # A run with a brace too many at its end, as in some documentation, comes as text.
    events = [
        (name, json.JSONDecoder().raw_decode(raw)[0] if isinstance(raw, str) else raw)
        for name, raw in streamed.events
    ]
    expected = list(support.stream_events(exchange.content.decode()))
    final: dict[str, Any] = {}
    for name, data in expected:
        if name.startswith(("thread.message.", "thread.run.step.")):
            final[data["id"]] = data
    made: list[Any] = [*streamed.result.messages, *streamed.result.steps]
    got = {one.id: one.to_dict() for one in made}
    problems = _different("events", events, expected) + _different(
        "ids", sorted(got), sorted(final)
    )
    for id_, data in final.items():
        # In some documentation, an object's last event is a delta: the others are left out.
        if "delta" not in data:
            problems += _different(id_, got.get(id_), data)
    return problems


def _property(model: Any, name: str) -> str:
    try:
        return str(getattr(model, name))
    except Exception as error:  # what was parsed must be readable
        return repr(error)


def _time_of(created_at: Any) -> str | None:
    try:
        return str(datetime.fromtimestamp(created_at, UTC))
    except (TypeError, ValueError, OverflowError):
        return None  # a server that counts otherwise: there is no right answer


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def _text_of(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [
        part["text"] for part in parts if isinstance(part, dict) and part.get("type") == "text"
    ]
    values = [text.get("value") for text in texts if isinstance(text, dict)]
    return "".join(value for value in values if isinstance(value, str))


def _page_problems(page: laplas.Page[Any] | laplas.AsyncPage[Any], body: Any) -> list[str]:
    envelope = {} if isinstance(body, list) else body
    items = body if isinstance(body, list) else body["data"]
    ids = [item["id"] for item in items] or [None]
    problems = [
        *_different("has_more", page.has_more, envelope.get("has_more") is True),
        *_different("first_id", page.first_id, envelope.get("first_id") or ids[0]),
        *_different("last_id", page.last_id, envelope.get("last_id") or ids[-1]),
        *_different("len(data)", len(page.data), len(items)),
    ]
    for message, item in zip(page.data, items, strict=False):
        problems += _model_problems(message, item)
    return problems


def _raw_problems(raw: laplas.RawResponse[Any], exchange: Exchange) -> list[str]:
    problems = [
        *_different("status_code", raw.status_code, exchange.status),
        *_different("request_id", raw.request_id, dict(exchange.headers).get("x-request-id")),
        *_header_problems(raw.headers, exchange),
    ]
    if raw.content != exchange.content:
        problems.append(f"content: {raw.content!r}, not {exchange.content!r}")
    try:
        body = json.loads(exchange.content)
    except ValueError:
        return problems  # a stream: its bytes are all there is to compare
    return (
        problems + _different("json()", raw.json(), body) + _different("parse()", raw.parse(), body)
    )


def _header_problems(headers: dict[str, str], exchange: Exchange) -> list[str]:
    expected: dict[str, str] = {}
    for name, value in exchange.headers:
        expected[name] = f"{expected[name]}, {value}" if name in expected else value
    got = {name: headers.get(name) for name in expected}
    return _different("headers", got, expected)


def _unparsable_problems(
    error: laplas.UnparsableResponseError, way: str, exchange: Exchange
) -> list[str]:
    """The document decides whether the client was right not to understand the body."""
    operation = operation_of(way)
    problems = _different("body", error.body, exchange.content.decode("utf-8", "replace"))
    try:
        body = json.loads(exchange.content)
    except ValueError:
        return problems
    if support.response_validator(operation).is_valid(body):
        problems.append(f"not understood, though it fits the document: {error!r}")
    return problems


def _error_problems(error: Any, exchange: Exchange) -> list[str]:
    default = laplas.ServerError if exchange.status >= 500 else laplas.APIStatusError
    if type(error) is not _CLASSES.get(exchange.status, default):
        return [f"status {exchange.status} came to {error!r}"]
    body = _error_body(exchange.content)
    envelope = body if isinstance(body, dict) else {}
    details = envelope["error"] if isinstance(envelope.get("error"), dict) else {}
    headers = dict(exchange.headers)
    problems = [
        *_different("status_code", error.status_code, exchange.status),
        *_different("body", error.body, body),
        *_different("code", error.code, _said(details.get("code")) or _said(envelope.get("code"))),
        *_different("param", error.param, _said(details.get("param"))),
        *_different(
            "request_id",
            error.request_id,
            headers.get("x-request-id") or _said(envelope.get("requestId")),
        ),
        *_header_problems(error.headers, exchange),
    ]
    if {"param", "code"} <= details.keys() and _said(details.get("message")):
        problems += _different("message", error.message, _said(details["message"]))
    elif not error.message:
        problems.append("the error says nothing")
    if "timestamp" not in envelope and (when := _http_date(headers.get("date", ""))):
        problems += _different("timestamp", str(error.timestamp), when)
    return problems


def _http_date(text: str) -> str | None:
    try:
        return str(parsedate_to_datetime(text))
    except ValueError:
        return None


def _error_body(content: bytes) -> Any:
    try:
        return json.loads(content) if content.strip() else None
    except ValueError:
        return content.decode("utf-8", "replace")


def _said(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip() or None


def operation_of(way: str) -> str:
    """The operation's name in the document."""
    noun, verb = way.rsplit(".", 1)
    return _OPERATIONS.get(way) or f"{verb}_{noun if verb == 'list' else noun.removesuffix('s')}"


# The tests


def _recorded() -> tuple[list[Any], str]:
    """The exchanges as test parameters, or why there are none."""
    path = Path(os.environ.get("LAPLAS_EXCHANGES") or support.RECORDINGS)
    if not path.exists():
        reason = f"the recorded exchanges ({path.name}) are not here"
        return [pytest.param(None, id="none", marks=pytest.mark.skip(reason))], reason
    exchanges = read_exchanges(path)
    return [pytest.param(e, id=re.sub(r"[^\w.-]", "_", e.name)) for e in exchanges], ""


RECORDED, ABSENT = _recorded()
AIMLESS: dict[str, Any] = {
    "api_key": "replayed",
    "base_url": "http://127.0.0.1:9",
    "max_retries": 0,
}


@pytest.fixture(scope="module")
def server() -> Iterator[ReplayServer]:
    with replaying(param.values[0] for param in RECORDED if not ABSENT) as replay:
        yield replay


@pytest.fixture(scope="module")
def client() -> Iterator[laplas.Laplas]:
    with laplas.Laplas(**AIMLESS) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def async_client() -> AsyncIterator[laplas.AsyncLaplas]:
    async with laplas.AsyncLaplas(**AIMLESS) as opened:
        yield opened


@pytest.mark.parametrize("exchange", RECORDED)
def test_the_client_loses_and_invents_nothing(
    client: laplas.Laplas, server: ReplayServer, exchange: Exchange
) -> None:
    if reason := unsendable(exchange):
        pytest.skip(reason)
    assert compare(drive(client, server, exchange), exchange) == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("exchange", RECORDED)
async def test_the_async_client_loses_and_invents_nothing(
    async_client: laplas.AsyncLaplas, server: ReplayServer, exchange: Exchange
) -> None:
    if reason := unsendable(exchange):
        pytest.skip(reason)
    assert compare(await drive_async(async_client, server, exchange), exchange) == []


def test_every_recorded_operation_goes_through_its_own_method(client: laplas.Laplas) -> None:
    """Otherwise the replay could pass with everything sent through `request`."""
    exchanges = [Exchange(row) for row in support.exchanges()]
    with replaying(exchanges) as server:
        ways = [_prepared(client, server, exchange)[0] for exchange in exchanges]
    operations = [support.operation_of(row) for row in support.exchanges()]
    for way, operation, exchange in zip(ways, operations, exchanges, strict=True):
        assert (None if way == "request" else operation_of(way)) == operation, exchange
    assert {way for _, _, way in _TYPED} <= set(ways)


MESSAGE = {
    "id": "msg_1",
    "object": "thread.message",
    "created_at": 1728657089,
    "thread_id": "thread_1",
    "role": "assistant",
    "content": [
        {"type": "text", "text": {"value": "One. ", "annotations": []}},
        {"type": "sound", "sound": {"file_id": "file_1"}},
        {"type": "text", "text": {"value": "Two.", "annotations": []}},
    ],
    "mood": {"is": "good"},
}
ENVELOPE = {"message": "No.", "type": "invalid_request_error", "param": None, "code": "no"}
RUN = {
    "id": "run_1",
    "object": "thread.run",
    "created_at": 1728657090,
    "thread_id": "thread_1",
    "assistant_id": "asst_1",
    "status": "completed",
    "mood": {"is": "good"},
}
STREAM = "".join(
    f"event: {name}\ndata: {json.dumps(data)}\n\n"
    for name, data in (
        ("thread.run.created", RUN),
        ("thread.message.created", MESSAGE | {"content": []}),
        ("thread.message.delta", {"id": "msg_1", "delta": {"content": []}}),
        ("thread.message.completed", MESSAGE),
        ("thread.run.completed", RUN),
    )
)
STREAM += "event: done\ndata: [DONE]\n\n"
ODD_ROWS: list[tuple[str, dict[str, Any]]] = [
    (
        "messages.retrieve",
        {"method": "GET", "path": "/threads/t/messages/msg_1", "response_body": MESSAGE},
    ),
    ("messages.retrieve", {"method": "get", "path": "/v1/threads/t%20%25/messages/%C3%A9?x=1"}),
    ("messages.retrieve", {"method": "GET", "path": "/threads/t/messages/m", "response_body": {}}),
    ("request", {"method": "GET", "path": "/v1/threads/a%2Fb", "response_body": {"id": "a/b"}}),
    ("request", {"method": "GET", "path": "//threads/t/runs", "query": {"include[]": ["a", "b"]}}),
    ("request", {"method": "POST", "path": "/x", "request_body": "--form\r\n", "status": 200}),
    (
        "request",
        {"method": "PATCH", "path": "/x", "response_body": "event: done\ndata: [DONE]\n\n"},
    ),
    ("messages.list", {"method": "GET", "path": "/threads/t/messages", "response_body": [MESSAGE]}),
    (
        "messages.list",
        {
            "method": "GET",
            "path": "https://api.example/threads/t/messages",
            "query": {"limit": 500, "order": ["asc", "desc"], "after": None, "deep": True},
            "response_body": {"object": "list", "data": [], "first_id": None, "has_more": False},
        },
    ),
    ("messages.delete", {"method": "DELETE", "path": "/threads/t/messages/m", "status": 204}),
    ("threads.create", {"method": "POST", "path": "/openai/threads", "query": "api-version=2"}),
    (
        "threads.create",
        {
            "method": "POST",
            "path": "/v1/threads",
            "request_body": '{"messages": [{"content": "no role"}], "tools": []}',
            "response_body": '{"id": "t", "object": "thread", "created_at": 1}',
        },
    ),
    (
        "messages.create",
        {
            "method": "POST",
            "path": "/threads/t/messages",
            "request_body": {"role": "system", "content": "", "metadata": None, "file_ids": ["f"]},
            "response_body": {**MESSAGE, "content": "bare", "created_at": 1.5},
        },
    ),
    (
        "request",
        {"method": "POST", "path": "/threads/t/messages", "request_body": {"content": "x"}},
    ),
    (
        "messages.create",
        {
            "method": "POST",
            "path": "/threads/t/messages",
            "request_body": {"role": "user", "content": ["a", "b"]},
            "response_body": MESSAGE,
        },
    ),
    (
        "messages.update",
        {
            "method": "POST",
            "path": "/threads/t/messages/m",
            "request_body": {"metadata": {"modified": True}},
            "status": 400,
            "response_headers": {"X-Request-Id": "req_1", "content-encoding": "gzip", "bad\n": "x"},
            "response_body": {"error": ENVELOPE},
        },
    ),
    ("threads.retrieve", {"method": "GET", "path": "/threads/t", "status": 500}),
    (
        "threads.delete",
        {
            "method": "DELETE",
            "path": "/threads/t",
            "status": "429",
            "response_headers": {"content-type": "text/html", "retry-after": ["1"]},
            "response_body": "<h1>Slow down</h1>",
        },
    ),
    (
        "assistants.create",
        {
            "method": "POST",
            "path": "/v1/assistants",
            "request_body": {"model": None, "temperature": 3, "tools": [], "file_ids": ["f"]},
            "response_body": {"id": "a", "object": "assistant", "created_at": 1, "model": "m"},
            "status": 401,
        },
    ),
    (
        "runs.create",
        {
            "method": "POST",
            "path": "/threads/t/runs",
            "query": {"include[]": ["a", "b"]},
            "request_body": {
                "assistant_id": "a",
                "stream": False,
                "model": None,
                "additional_messages": [{"content": "x"}],
                "max_prompt_tokens": 0,
            },
            "response_body": RUN,
        },
    ),
    (
        "threads.create_and_run",
        {
            "method": "POST",
            "path": "/threads/runs",
            "request_body": {
                "assistant_id": "a",
                "thread": {"messages": [{"content": "no role"}]},
                "additional_instructions": "odd here",
                "metadata": {"k": "v"},
                "stream": True,
            },
            "response_body": STREAM,
        },
    ),
    (
        "runs.submit_tool_outputs",
        {
            "method": "POST",
            "path": "/v1/threads/t/runs/r/submit_tool_outputs",
            "request_body": {"tool_outputs": [{"output": 7}], "stream": True},
            "response_body": STREAM,
        },
    ),
    (
        "runs.cancel",
        {"method": "POST", "path": "/threads/t/runs/run_1/cancel", "response_body": RUN},
    ),
    (
        "runs.steps.list",
        {
            "method": "GET",
            "path": "/threads/t/runs/r/steps",
            "query": {"include[]": "x", "limit": 0, "before": ".."},
            "response_body": {"object": "list", "data": []},
        },
    ),
    ("request", {"method": "GET", "path": "/gone", "status": 302, "response_body": ""}),
    ("request", {"method": "GET", "path": "/odd", "status": 700, "response_body": {"detail": "?"}}),
]


@pytest.mark.parametrize(("way", "row"), ODD_ROWS)
async def test_rows_of_any_shape_are_replayed(way: str, row: dict[str, Any]) -> None:
    exchange = Exchange(row)
    assert unsendable(exchange) is None
    with replaying([exchange]) as server:
        with laplas.Laplas(**AIMLESS) as client:
            result = drive(client, server, exchange)
        assert (result.way, compare(result, exchange)) == (way, [])
        async with laplas.AsyncLaplas(**AIMLESS) as async_client:
            result = await drive_async(async_client, server, exchange)
        assert (result.way, compare(result, exchange)) == (way, [])


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([], "the row has no method"),
        ({"method": "GET", "path": None}, "the row has no path"),
        ({"method": "GET", "path": "/x", "status": "odd"}, "the row's status is not a number"),
        ({"method": "GET", "path": "/x", "status": 101}, "101 is not the status of a final answer"),
        (
            {"method": "GET", "path": "/x", "query": [1]},
            "the row's query has no names and values",
        ),
        ({"method": "HEAD", "path": "/x"}, "the clients have no HEAD"),
        ({"method": "GET", "path": "/x/%2e%2E"}, "the path has a segment of dots"),
    ],
)
def test_rows_that_cannot_be_replayed_say_why(row: Any, reason: str) -> None:
    assert unsendable(Exchange(row)) == reason


def test_exchanges_that_share_a_request_are_served_in_order(client: laplas.Laplas) -> None:
    first, second = (
        Exchange({"method": "GET", "path": "/x", "response_body": {"turn": turn}})
        for turn in (1, 2)
    )
    with replaying([first, second]) as server:
        here = client.with_options(base_url=server.url)
        turns = [here.request("GET", "/x").json()["turn"] for _ in range(3)]
        server.turn_to(second)
        turns.append(here.request("GET", "/x").json()["turn"])
    assert turns == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"response_body": MESSAGE | {"mood": "bad"}}, "to_dict()"),
        ({"response_body": MESSAGE | {"run_id": None}}, "is_set('run_id')"),
        ({"response_body": MESSAGE | {"created_at": 1728657089.0}}, "created_at"),
        ({"response_body": MESSAGE | {"content": []}}, "text"),
        ({"response_body": {k: v for k, v in MESSAGE.items() if k != "mood"}}, "additional_prop"),
        ({"query": {"x": "1"}}, "sent"),
        ({"request_body": {"x": 1}}, "sent"),
        ({"status": 404}, "status 404 came to"),
    ],
)
def test_a_difference_is_found(client: laplas.Laplas, row: dict[str, Any], problem: str) -> None:
    """What is compared is another recording than what was served."""
    base = {"method": "GET", "path": "/threads/t/messages/msg_1", "response_body": MESSAGE}
    served = Exchange(base)
    with replaying([served]) as server:
        result = drive(client, server, served)
    assert compare(result, served) == []
    assert problem in str(compare(result, Exchange(base | row)))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("One. ", "One! ", "msg_1"),
        ("thread.message.created", "thread.message.started", "events"),
        ("event: done", 'event: thread.message.incomplete\ndata: {"id": "m"}\n\n', "ids"),
    ],
)
def test_a_difference_of_streams_is_found(
    client: laplas.Laplas, old: str, new: str, problem: str
) -> None:
    base: dict[str, Any] = {"method": "POST", "path": "/threads/t/runs", "response_body": STREAM}
    base["request_body"] = {"assistant_id": "a", "stream": True}
    served = Exchange(base)
    with replaying([served]) as server:
        result = drive(client, server, served)
    assert (result.way, compare(result, served)) == ("runs.create", [])
    other = Exchange(base | {"response_body": STREAM.replace(old, new)})
    assert problem in str(compare(result, other))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"status": 404}, "status 404 came to"),
        ({"response_headers": {"x-request-id": "req_2"}}, "request_id"),
        ({"response_headers": {"retry-after": "1"}}, "headers"),
        ({"response_body": {"error": ENVELOPE | {"message": "Yes."}}}, "message"),
        ({"response_body": {"error": ENVELOPE | {"param": "metadata"}}}, "param"),
        ({"response_body": {"error": ENVELOPE | {"code": 7}}}, "code"),
        ({"response_body": {"error": ENVELOPE | {"more": 1}}}, "body"),
    ],
)
def test_a_different_error_is_found(
    client: laplas.Laplas, row: dict[str, Any], problem: str
) -> None:
    base = {
        "method": "GET",
        "path": "/threads/t",
        "status": 400,
        "response_body": {"error": ENVELOPE},
    }
    served = Exchange(base)
    with replaying([served]) as server:
        result = drive(client, server, served)
    assert compare(result, served) == []
    assert problem in str(compare(result, Exchange(base | row)))


def test_a_request_that_was_not_recorded_is_told(client: laplas.Laplas) -> None:
    with replaying([]) as server, pytest.raises(laplas.ServerError, match="no recorded exchange"):
        client.with_options(base_url=server.url).threads.retrieve("thread_1")


def test_the_command_replays_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "odd.jsonl"
    rows = [row for _, row in ODD_ROWS] + [{"id": "lost", "path": None, "query": "\u2028"}]
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", "utf-8")
    assert main(file) == 0
    said = capsys.readouterr().out
    assert said.startswith("skipped lost: the row has no method\n")
    assert said.endswith(f"1 skipped; 0 of {2 * len(ODD_ROWS)} replays differ\n")


# The command


def main(path: Path) -> int:
    """Replay a file through both clients; print what differs. Returns the exit status."""
    exchanges = read_exchanges(path)
    skipped = {e.name: reason for e in exchanges if (reason := unsendable(e))}
    for name, reason in skipped.items():
        print(f"skipped {name}: {reason}")
    sendable = [e for e in exchanges if not unsendable(e)]
    with replaying(exchanges) as server:
        with laplas.Laplas(**AIMLESS) as client:
            results = [drive(client, server, exchange) for exchange in sendable]
        async_results = asyncio.run(_drive_all(server, sendable))
    wrong = 0
    for kind, outcomes in (("sync", results), ("async", async_results)):
        for exchange, result in zip(sendable, outcomes, strict=True):
            problems = compare(result, exchange)
            wrong += bool(problems)
            for problem in problems:
                print(f"{kind} {exchange.name} ({result.way}): {problem}")
    typed = sum(result.way != "request" for result in results)
    print(
        f"{len(exchanges)} exchanges: {typed} through their own methods, "
        f"{len(sendable) - typed} through request, {len(skipped)} skipped; "
        f"{wrong} of {2 * len(sendable)} replays differ"
    )
    return 1 if wrong else 0


async def _drive_all(server: ReplayServer, exchanges: list[Exchange]) -> list[Result]:
    async with laplas.AsyncLaplas(**AIMLESS) as client:
        return [await drive_async(client, server, exchange) for exchange in exchanges]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
