"""Every recorded exchange goes through both clients over a socket, and nothing is lost or invented.

Operations go through their own methods, all other paths through ``client.request``. The same works
for any file of exchanges, one a line, as JSON objects with ``method``, ``path``, ``query``,
``request_body``, ``status``, ``response_headers`` and ``response_body``:

    LAPLAS_EXCHANGES=FILE.jsonl pytest tests/test_replay.py
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from inspect import isawaitable
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
import pytest_asyncio
import support
import test_generated_models
from attrs import fields
from scripted import Loopback, Step, error_class, message

import laplas
from laplas.models import RunResult
from laplas_api.resources import Resources

# Exchanges

Pairs = list[tuple[str, str]]
# About one connection, or about bytes that are encoded anew here.
_NOT_REPLAYED = ("connection", "content-encoding", "content-length", "transfer-encoding")
Asked = tuple[str, str, Pairs, str]
"""Method, path, query, and the JSON: the same for no body, ``{}`` and what is no JSON object."""


class Exchange:
    """One recorded exchange, made regular; only its name where no client can have it."""

    broken = ""
    """What is wrong with its line, where that is no JSON."""
    is_known_request = True
    """Whether the recorded request is one that gets the recorded answer."""

    def __init__(self, row: Any, place: int = 0) -> None:
        self.name = str((isinstance(row, dict) and row.get("id")) or f"row-{place}")
        self.usable = _is_usable(row)
        if not self.usable:
            return
        target = urlsplit(row["path"])
        self.method = row["method"].upper()
        self.path = canonical_path(target.path)
        self.query = parse_qsl(target.query, True) + _pairs(row.get("query"))
        self.body = _json_object(row.get("request_body"))
        self.asked: Asked = (self.method, self.path, sorted(self.query), dumped(self.body or {}))
        self.status = _status(row)
        said = row.get("response_body")
        text = said if isinstance(said, str) else json.dumps(said)
        has_body = said is not None and self.status not in (204, 304)
        self.content = text.encode("utf-8", "replace") if has_body else b""
        headers = row.get("response_headers")
        headers = headers if isinstance(headers, dict) else {}
        self.headers = [
            (name.lower(), str(value).strip())
            for name, values in headers.items()
            for value in (values if isinstance(values, list) else [values])
            if name.lower() not in _NOT_REPLAYED and _is_header(name, str(value).strip())
        ]
        if self.content and "content-type" not in dict(self.headers):
            is_stream = self.content.startswith((b"event:", b"data:"))
            kind = "text/event-stream" if is_stream else "application/json"
            self.headers.append(("content-type", kind))
        is_gzipped = self.content and "gzip" in str(headers.get("content-encoding"))
        coding = [("content-encoding", "gzip")] if is_gzipped else []
        body = gzip.compress(self.content, 1) if is_gzipped else self.content
        kind = str(dict(self.headers).get("content-type"))
        self.is_stream = self.status == 200 and kind.startswith("text/event-stream")
        self.answer = Step(self.status, body, (*self.headers, *coding))


def _is_usable(row: Any) -> bool:
    """Whether a client can send the row's request, and a server give its answer."""
    try:
        path = urlsplit(str(row["path"] or "")).path
        has_verb = row["method"].upper() in ("GET", "POST", "PUT", "PATCH", "DELETE")
        has_dots = {".", ".."} & set(canonical_path(path).split("/"))
        _pairs(row.get("query"))
        return bool(path and has_verb and not has_dots and 200 <= _status(row) <= 999)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def _status(row: dict[str, Any]) -> int:
    # 200 where the recording kept the body alone.
    status = row.get("status")
    return 200 if status is None else int(status)


def _is_header(name: str, value: str) -> bool:
    plain = value.isprintable() and value.isascii()
    return plain and re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name, re.ASCII) is not None


def _pairs(query: Any) -> Pairs:
    if isinstance(query, str):
        return parse_qsl(query, keep_blank_values=True)
    items = query.items() if isinstance(query, Mapping) else query or ()
    return [
        (str(name), item if isinstance(item, str) else json.dumps(item))
        for name, value in items
        for item in (value if isinstance(value, list) else [value])
        if item is not None
    ]


def _json_object(body: Any) -> dict[str, Any] | None:
    if isinstance(body, str | bytes):
        try:
            body = json.loads(body)
        except ValueError:
            return None
    return body if isinstance(body, dict) else None


def asked(request: bytes) -> Asked:
    """A request as it came over the socket."""
    head, _, body = request.partition(b"\r\n\r\n")
    method, target, _ = head.decode().split(" ", 2)
    url = urlsplit(target)
    query = sorted(parse_qsl(url.query, keep_blank_values=True))
    return method, canonical_path(url.path), query, dumped(_json_object(body) or {})


def canonical_path(path: str) -> str:
    """The path with each segment encoded in one way, so that spellings of it compare equal."""
    segments = path.removeprefix("/").split("/")
    return "".join("/" + quote(unquote(segment), safe="") for segment in segments)


def dumped(value: Any) -> str:
    """JSON with sorted keys: as text, 1, 1.0 and true are three things, and NaN equals itself."""
    return json.dumps(value, sort_keys=True)


def read_exchanges(path: Path) -> list[Exchange]:
    """The exchanges of a file, unusable ones included."""
    # Not splitlines(): texts in a row may hold other line separators, such as U+2028.
    lines = path.read_text("utf-8").split("\n")
    return [_exchange(line, n, path.name) for n, line in enumerate(lines, 1) if line.strip()]


def _exchange(line: str, place: int, file: str) -> Exchange:
    try:
        return Exchange(json.loads(line), place)
    except ValueError as error:
        exchange = Exchange(None, place)
        exchange.broken = f"{file}, line {place} is no JSON: {error}"
        return exchange


# Driving

_METHODS = {
    "create_thread_and_run": "threads.create_and_run",
    "submit_tool_outputs": "runs.submit_tool_outputs",
    "list_run_steps": "runs.steps.list",
    "retrieve_run_step": "runs.steps.retrieve",
}
"""Those whose names are not made of the operation's as the others' are."""
_STREAMING: dict[str, tuple[str, ...]] = {
    "create_run": ("assistant_id",),
    "create_thread_and_run": ("assistant_id",),
    "submit_tool_outputs": ("tool_outputs",),
}
"""What answers with a stream, and the arguments it must have."""
_STAND_IN = {"assistant_id": "a", "content": "c", "model": "m", "metadata": {}, "tool_outputs": {}}
"""For what only ``extra_body`` can send."""


class Result(NamedTuple):
    """What an exchange came to: the operation it went through, value or error, what was sent."""

    operation: str
    value: Any
    sent: list[Asked]


async def drive(client: Any, server: Loopback, exchange: Exchange) -> Result:
    """Send the exchange's request through a client of either kind, to get its answer."""
    server.requests.clear()
    server.script.append(exchange.answer)
    operation, call = _prepared(client, server.url, exchange)
    try:
        value = call()
        value = await value if isawaitable(value) else value
        if isinstance(value, laplas.EventStream):
            with value:
                events = [(event.event, event.raw) for event in value]
                value = events, value.until_done()
        elif isinstance(value, laplas.AsyncEventStream):
            async with value:
                events = [(event.event, event.raw) async for event in value]
                value = events, await value.until_done()
    except Exception as error:  # compared; not only what the client should raise
        value = error
    server.script.clear()
    return Result(operation, value, [asked(request) for request in server.requests])


def _prepared(client: Any, url: str, exchange: Exchange) -> tuple[str, Callable[[], Any]]:
    paths = support.document()["paths"]
    # What is before the path has none of the words that paths begin with.
    roots = "|".join({path.split("/")[1] for path in paths})
    for verb, path, operation in support.operations(support.document()):
        # "/threads/runs" is another endpoint, not a thread named "runs".
        pattern = re.sub(r"{\w+}", "(?!runs$)([^/]+)", path)
        match = re.fullmatch(rf"(?P<base>(?:/(?!(?:{roots})/)[^/]+)*){pattern}", exchange.path)
        name = operation["operationId"]
        if match and verb.upper() == exchange.method and name != "upload_file":  # it sends a form
            here = client.with_options(base_url=url + match["base"])
            ids = [unquote(segment) for segment in match.groups()[1:]]
            # It has the client's methods, and sends nothing.
            preparing = Resources(here._sender.prepare())
            arguments = _arguments(operation, exchange, partial(_method(preparing, name), *ids))
            if exchange.is_stream and not (arguments or {}).get("stream") and name in _STREAMING:
                # Nothing says with what it was asked for: only the answer can be compared.
                exchange.is_known_request = False
                arguments = {n: _STAND_IN[n] for n in _STREAMING[name]} | {"stream": True}
            if arguments is not None:
                return name, partial(_method(here, name), *ids, **arguments)
    send = client.with_options(base_url=url).request
    query = _gathered(exchange)
    return "request", partial(send, exchange.method, exchange.path, query=query, body=exchange.body)


def _method(client: Any, operation: str) -> Callable[..., Any]:
    verb, _, noun = operation.partition("_")
    default = f"{noun.removesuffix('s')}s.{verb}"
    found: Callable[..., Any] = attrgetter(_METHODS.get(operation, default))(client)
    return found


def _gathered(exchange: Exchange) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in exchange.query:
        values.setdefault(name, []).append(value)
    return values


def _arguments(
    operation: dict[str, Any], exchange: Exchange, prepare: Callable[..., object]
) -> dict[str, Any] | None:
    """The arguments that make the typed method send the recorded request.

    What the client would refuse, write otherwise or does not know goes into ``extra_body`` and
    ``extra_query``. None where the method cannot send that request at all.
    """
    doc = support.document()
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = support.resolve(doc, content.get("schema", {}))
    required = set(schema.get("required", ()))
    body, query = dict(exchange.body or {}), _gathered(exchange)
    if not required <= body.keys():
        return None
    given: dict[str, Any] = {}
    for name in schema.get("properties", {}):
        if _is_written_alike(name, body.get(name)):
            given[name] = body.pop(name)
    in_query = [support.resolve(doc, each)["name"] for each in operation.get("parameters", ())]
    for name in in_query:
        values = query.get(name, [])
        if name.endswith("[]") and values:
            given[name.removesuffix("[]")] = query.pop(name)
        elif len(values) == 1:
            is_number = name == "limit" and re.fullmatch(r"0|[1-9]\d{0,8}", values[0])
            given[name] = int(query.pop(name)[0]) if is_number else query.pop(name)[0]
    stand_in = {name: _STAND_IN[name] for name in required & _STAND_IN.keys()}
    while True:
        arguments = {**stand_in, **given, "extra_body": body, "extra_query": query}
        try:
            prepare(**arguments)
        except laplas.InvalidArgumentError as refusal:
            name = re.split(r"\W", refusal.argument)[0]
            if name not in given:
                return None
            (query if name in in_query else body)[name] = given.pop(name)
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


# Comparing


def compare(result: Result, exchange: Exchange) -> list[str]:
    """Where the result or the request differ from the recording; empty where they do not."""
    problems = []
    if exchange.is_known_request and result.sent != [exchange.asked]:
        problems.append(f"sent {result.sent}, recorded was {exchange.asked}")
    value = result.value
    if not 200 <= exchange.status < 300:
        return problems + _error_problems(value, exchange)
    if isinstance(value, laplas.UnparsableResponseError):
        return problems + _unparsable_problems(value, result.operation, exchange)
    if isinstance(value, laplas.RawResponse):
        return problems + _raw_problems(value, exchange)
    if isinstance(value, Exception):
        return [*problems, f"raised {value!r}"]
    if isinstance(value, tuple):
        return problems + _stream_problems(value[0], value[1], exchange)
    if not exchange.content.strip():
        # A delete is all that may be answered with nothing; the ids are those that were asked for.
        last = unquote(exchange.path.rsplit("/", 1)[1])
        return problems + _differing(id=(value.id, last), deleted=(value.deleted, True))
    body = json.loads(exchange.content)
    problems += _differing(to_dict=(value.to_dict(), body))
    if result.operation.startswith("list_"):
        return problems + _page_problems(value, body)
    return problems + _model_problems(value, body)


def _differing(**pairs: tuple[Any, Any]) -> list[str]:
    """Which of these pairs, got and expected, differ."""
    return [
        f"{what}: {got!r}, not {expected!r}"
        for what, (got, expected) in pairs.items()
        if dumped(got) != dumped(expected)
    ]


def _model_problems(model: Any, body: dict[str, Any]) -> list[str]:
    """Every field is there under its name or in additional_properties, and there is no other."""
    names = {field.alias for field in fields(type(model)) if field.name != "_extra"}
    more = {name: value for name, value in body.items() if name not in names}
    problems = _differing(additional_properties=(model.additional_properties, more))
    for name in sorted(names):
        problems += _differing(**{f"is_set({name!r})": (model.is_set(name), name in body)})
        if name != "content" or not isinstance(body["content"], str):
            problems += _differing(**{name: (_plain(getattr(model, name)), body.get(name))})
    seconds: Any = body.get("created_at")
    created = _made(lambda: str(datetime.fromtimestamp(seconds, UTC)))
    if hasattr(type(model), "created") and created:  # else the server counts otherwise
        problems += _differing(created=(_made(lambda: str(model.created)), created))
    if hasattr(type(model), "text"):
        problems += _differing(text=(model.text, _text_of(body["content"])))
    return problems


def _stream_problems(
    told: list[tuple[str, Any]], result: RunResult, exchange: Exchange
) -> list[str]:
    """Every event is there, and the last that told of each object is what came of it."""
    # A run with a brace too many at its end, as in some documentation, comes as text.
    events = [
        (name, json.JSONDecoder().raw_decode(raw)[0] if isinstance(raw, str) else raw)
        for name, raw in told
    ]
    expected = list(support.stream_events(exchange.content.decode()))
    final: dict[str, Any] = {
        data["id"]: data
        for name, data in expected
        if name.startswith(("thread.message.", "thread.run.step."))
    }
    made: list[Any] = [*result.messages, *result.steps]
    got = {one.id: one.to_dict() for one in made}
    problems = _differing(events=(events, expected), ids=(sorted(got), sorted(final)))
    for id_, data in final.items():
        # In some documentation, an object's last event is a delta: the others are left out.
        if "delta" not in data:
            problems += _differing(**{id_: (got.get(id_), data)})
    return problems


def _made(make: Callable[[], Any], otherwise: Any = None) -> Any:
    try:
        return make()
    except (TypeError, ValueError, OverflowError):
        return otherwise


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def _text_of(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [p["text"] for p in parts if isinstance(p, dict) and p.get("type") == "text"]
    values = [text.get("value") for text in texts if isinstance(text, dict)]
    return "".join(value for value in values if isinstance(value, str))


def _page_problems(page: laplas.Page[Any] | laplas.AsyncPage[Any], body: Any) -> list[str]:
    envelope = {} if isinstance(body, list) else body
    items = body if isinstance(body, list) else body["data"]
    ids = [item["id"] for item in items] or [None]
    problems = _differing(
        has_more=(page.has_more, envelope.get("has_more", bool(items))),
        first_id=(page.first_id, envelope.get("first_id") or ids[0]),
        last_id=(page.last_id, envelope.get("last_id") or ids[-1]),
        length=(len(page.data), len(items)),
    )
    for one, item in zip(page.data, items, strict=False):
        problems += _model_problems(one, item)
    return problems


def _raw_problems(raw: laplas.RawResponse[Any], exchange: Exchange) -> list[str]:
    problems = _differing(
        status_code=(raw.status_code, exchange.status),
        request_id=(raw.request_id, dict(exchange.headers).get("x-request-id")),
        headers=_headers(raw.headers, exchange),
    )
    if raw.content != exchange.content:
        problems.append(f"content: {raw.content!r}, not {exchange.content!r}")
    # Of a stream, the bytes are all there is to compare.
    for body in _made(lambda: [json.loads(exchange.content)], []):
        problems += _differing(json=(raw.json(), body), parse=(raw.parse(), body))
    return problems


def _headers(headers: dict[str, str], exchange: Exchange) -> tuple[Any, Any]:
    expected: dict[str, str] = {}
    for name, value in exchange.headers:
        expected[name] = f"{expected[name]}, {value}" if name in expected else value
    return {name: headers.get(name) for name in expected}, expected


def _unparsable_problems(
    error: laplas.UnparsableResponseError, operation: str, exchange: Exchange
) -> list[str]:
    """The document decides whether the client was right not to understand the body.

    Of one recording, the answer is about another thread than the request.
    """
    problems = _differing(body=(error.body, exchange.content.decode("utf-8", "replace")))
    body = _made(lambda: json.loads(exchange.content))
    fits = support.response_validator(operation).is_valid(body)
    if fits and f"/threads/{body.get('thread_id')}/" in exchange.path:
        problems.append(f"not understood, though it fits the document: {error!r}")
    return problems


def _error_problems(error: Any, exchange: Exchange) -> list[str]:
    if type(error) is not error_class(exchange.status):
        return [f"status {exchange.status} came to {error!r}"]
    text = exchange.content.decode("utf-8", "replace")
    body = _made(lambda: json.loads(exchange.content), text) if text.strip() else None
    envelope = body if isinstance(body, dict) else {}
    details = envelope["error"] if isinstance(envelope.get("error"), dict) else {}
    headers = dict(exchange.headers)
    request_id = headers.get("x-request-id") or _said(envelope.get("requestId"))
    problems = _differing(
        status_code=(error.status_code, exchange.status),
        body=(error.body, body),
        code=(error.code, _said(details.get("code")) or _said(envelope.get("code"))),
        param=(error.param, _said(details.get("param"))),
        request_id=(error.request_id, request_id),
        headers=_headers(error.headers, exchange),
    )
    if {"param", "code"} <= details.keys() and _said(details.get("message")):
        problems += _differing(message=(error.message, _said(details["message"])))
    elif not error.message:
        problems.append("the error says nothing")
    if "timestamp" not in envelope and (
        when := _made(lambda: str(parsedate_to_datetime(headers.get("date", ""))))
    ):
        problems += _differing(timestamp=(str(error.timestamp), when))
    return problems


def _said(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip() or None


# The tests


def _recorded() -> list[Any]:
    """The exchanges as test parameters; where there are none, one that says why."""
    path = Path(os.environ.get("LAPLAS_EXCHANGES") or support.RECORDINGS)
    if not path.exists():
        reason = pytest.mark.skip(f"the recorded exchanges ({path.name}) are not here")
        return [pytest.param(Exchange({}), id="none", marks=reason)]
    found = [pytest.param(e, id=re.sub(r"[^\w.-]", "_", e.name)) for e in read_exchanges(path)]
    empty = pytest.mark.skip(f"{path.name} holds no exchanges")
    return found or [pytest.param(Exchange({}), id="none", marks=empty)]


RECORDED = _recorded()
Clients = tuple[laplas.Laplas, laplas.AsyncLaplas]


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback() as listening:
        yield listening


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients() -> AsyncIterator[Clients]:
    """Both clients, with nowhere to go."""
    options: dict[str, Any] = {"api_key": "replayed", "base_url": "http://127.0.0.1:9"}
    with laplas.Laplas(**options, max_retries=0) as client:
        async with laplas.AsyncLaplas(**options, max_retries=0) as async_client:
            yield client, async_client


in_one_loop = pytest.mark.asyncio(loop_scope="module")


@in_one_loop
@pytest.mark.parametrize("exchange", RECORDED)
async def test_the_clients_lose_and_invent_nothing(
    clients: Clients, server: Loopback, exchange: Exchange
) -> None:
    if exchange.broken:
        pytest.fail(exchange.broken)
    if not exchange.usable:
        pytest.skip("no client can have this exchange")
    for client in clients:
        result = await drive(client, server, exchange)
        assert compare(result, exchange) == [], client
    if exchange.is_stream and result.operation == "request":
        pytest.skip("a stream of a path that the document does not have: only its bytes compared")


def test_every_recorded_operation_goes_through_its_own_method(clients: Clients) -> None:
    """Otherwise the replay could pass with everything sent through `request`."""
    found = set()
    for row in support.exchanges():
        operation, _ = _prepared(clients[0], "http://127.0.0.1:9", Exchange(row))
        assert operation == (support.operation_of(row) or "request"), row["id"]
        found.add(operation)
    assert len(found) > 20


MESSAGE = message(
    "msg_1",
    thread_id="t",
    content=[
        {"type": "text", "text": {"value": "One. ", "annotations": []}},
        {"type": "sound", "sound": {"file_id": "file_1"}},
        {"type": "text", "text": {"value": "Two.", "annotations": []}},
    ],
    mood={"is": "good"},
)
ENVELOPE = {"message": "No.", "type": "invalid_request_error", "param": None, "code": "no"}
RUN = test_generated_models.RUN | {"thread_id": "t", "status": "completed", "mood": {"is": "good"}}
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


def row(asked: str, answer: Any = None, body: Any = None, **more: Any) -> dict[str, Any]:
    """A row of a file of exchanges."""
    method, path = asked.split(" ")
    return {"method": method, "path": path, "response_body": answer, "request_body": body, **more}


def odd(operation: str, asked: str, *answer_and_body: Any, **more: Any) -> tuple[str, Any]:
    """An operation, or `request`, and a row that goes through it."""
    return operation, row(asked, *answer_and_body, **more)


NO_ROLE = {"messages": [{"content": "no role"}]}
OF_T = "/threads/t/messages"
ODD_ROWS = [
    odd("retrieve_message", f"GET {OF_T}/msg_1", MESSAGE),
    odd("retrieve_message", "get /v1/threads/t%20%25/messages/%C3%A9?x=1"),
    odd("retrieve_message", f"GET {OF_T}/m", {}),
    odd("request", "GET /v1/threads/a%2Fb", {"id": "a/b"}),
    odd("request", "GET //threads/t/runs", query={"include[]": ["a", "b"]}),
    odd("request", "POST /x", None, "--form\r\n", status=200),
    odd("request", "PATCH /x", "event: done\ndata: [DONE]\n\n"),
    odd("list_messages", f"GET {OF_T}", [MESSAGE]),
    odd(
        "list_messages",
        f"GET https://api.example{OF_T}",
        {"object": "list", "data": [], "first_id": None, "has_more": False},
        query={"limit": 500, "order": ["asc", "desc"], "after": None, "deep": True},
    ),
    odd("delete_message", f"DELETE {OF_T}/m", status=204),
    odd("create_thread", "POST /openai/threads", query="api-version=2"),
    odd(
        "create_thread",
        "POST /v1/threads",
        '{"id": "t", "object": "thread", "created_at": 1}',
        json.dumps(NO_ROLE | {"tools": []}),
    ),
    odd(
        "create_message",
        f"POST {OF_T}",
        {**MESSAGE, "content": "bare", "created_at": 1.5},
        {"role": "system", "content": "", "metadata": None, "file_ids": ["f"]},
    ),
    odd("request", f"POST {OF_T}", None, {"content": "x"}),
    odd("create_message", f"POST {OF_T}", MESSAGE, {"role": "user", "content": ["a", "b"]}),
    odd(
        "update_message",
        f"POST {OF_T}/m",
        {"error": ENVELOPE},
        {"metadata": {"modified": True}},
        status=400,
        response_headers={"X-Request-Id": "req_1", "content-encoding": "gzip", "bad\n": "x"},
    ),
    odd("retrieve_thread", "GET /threads/t", status=500),
    odd(
        "delete_thread",
        "DELETE /threads/t",
        "<h1>Slow down</h1>",
        status="429",
        response_headers={"content-type": "text/html", "retry-after": ["1"]},
    ),
    odd(
        "create_assistant",
        "POST /v1/assistants",
        {"id": "a", "object": "assistant", "created_at": 1, "model": "m"},
        {"model": None, "temperature": 3, "tools": [], "file_ids": ["f"]},
        status=401,
    ),
    odd(
        "create_run",
        "POST /threads/t/runs",
        RUN,
        {"assistant_id": "a", "additional_messages": [{"content": "x"}], "stream": False}
        | {"model": None, "max_prompt_tokens": 0},
        query={"include[]": ["a", "b"]},
    ),
    odd(
        "create_thread_and_run",
        "POST /threads/runs",
        STREAM,
        {"assistant_id": "a", "thread": NO_ROLE, "additional_instructions": "odd here"}
        | {"metadata": {"k": "v"}, "stream": True},
    ),
    odd(
        "submit_tool_outputs",
        "POST /v1/threads/t/runs/r/submit_tool_outputs",
        STREAM,
        {"tool_outputs": [{"output": 7}], "stream": True},
    ),
    odd("submit_tool_outputs", "POST /openai/threads/t/runs/r/submit_tool_outputs", STREAM),
    odd("create_run", "POST /v1/threads/t/runs", STREAM, query="api-version=2"),
    odd("create_thread_and_run", "POST /threads/runs", STREAM, {"assistant_id": "a"}),
    odd("cancel_run", "POST /threads/t/runs/run_1/cancel", RUN),
    odd(
        "list_run_steps",
        "GET /threads/t/runs/r/steps",
        {"object": "list", "data": []},
        query={"include[]": "x", "limit": 0, "before": ".."},
    ),
    odd("retrieve_file", "GET /v1/files/f", {"id": "f", "object": "file"}),
    odd("request", "GET /gone", "", status=302),
    odd("request", "GET /odd", {"detail": "?"}, status=700),
]


@in_one_loop
@pytest.mark.parametrize(("operation", "row"), ODD_ROWS)
async def test_rows_of_any_shape_are_replayed(
    clients: Clients, server: Loopback, operation: str, row: dict[str, Any]
) -> None:
    exchange = Exchange(row)
    assert exchange.usable
    for client in clients:
        result = await drive(client, server, exchange)
        assert (result.operation, compare(result, exchange)) == (operation, [])


def test_rows_that_cannot_be_replayed_are_left_out(tmp_path: Path) -> None:
    rows: list[Any] = [
        [],
        {"method": "GET", "path": None},
        {"path": "/x"},
        row("GET /x", status="odd"),
        row("GET /x", status=101),
        row("GET /x", query=[1]),
        row("HEAD /x"),
        row("GET /x/%2e%2E"),
        row("GET /x", id="the only one, with a line separator: \u2028"),
    ]
    file = tmp_path / "odd.jsonl"
    file.write_text("\n\n".join(json.dumps(each, ensure_ascii=False) for each in rows), "utf-8")
    exchanges = read_exchanges(file)
    assert [each.usable for each in exchanges] == [False] * 8 + [True]
    assert exchanges[-1].name == rows[-1]["id"]
    file.write_text('{"method": "GET", "path": "/x"}\n\n{"method": ', "utf-8")
    assert [each.broken[:27] for each in read_exchanges(file)] == [
        "",
        "odd.jsonl, line 3 is no JSO",
    ]


READ = row(f"GET {OF_T}/msg_1", MESSAGE)
STREAMED = row("POST /threads/t/runs", STREAM, {"assistant_id": "a", "stream": True})
REFUSED = row("GET /threads/t", {"error": ENVELOPE}, status=400)
WITHOUT_MOOD = {name: value for name, value in MESSAGE.items() if name != "mood"}


@in_one_loop
@pytest.mark.parametrize(
    ("served", "change", "problem"),
    [
        (READ, {"response_body": MESSAGE | {"mood": "bad"}}, "to_dict"),
        (READ, {"response_body": MESSAGE | {"status": None}}, "is_set('status')"),
        (READ, {"response_body": MESSAGE | {"created_at": 1_700_000_000.0}}, "created_at"),
        (READ, {"response_body": MESSAGE | {"content": []}}, "text"),
        (READ, {"response_body": WITHOUT_MOOD}, "additional_prop"),
        (READ, {"query": {"x": "1"}}, "sent"),
        (READ, {"request_body": {"x": 1}}, "sent"),
        (READ, {"status": 404}, "status 404 came to"),
        (STREAMED, {"response_body": STREAM.replace("One. ", "One! ")}, "msg_1"),
        (STREAMED, {"response_body": STREAM.replace("age.created", "age.started")}, "events"),
        (
            STREAMED,
            {"response_body": f'event: thread.message.incomplete\ndata: {{"id": "m"}}\n\n{STREAM}'},
            "ids",
        ),
        (REFUSED, {"status": 404}, "status 404 came to"),
        (REFUSED, {"response_headers": {"x-request-id": "req_2"}}, "request_id"),
        (REFUSED, {"response_headers": {"retry-after": "1"}}, "headers"),
        (REFUSED, {"response_body": {"error": ENVELOPE | {"message": "Yes."}}}, "message"),
        (REFUSED, {"response_body": {"error": ENVELOPE | {"param": "metadata"}}}, "param"),
        (REFUSED, {"response_body": {"error": ENVELOPE | {"code": 7}}}, "code"),
        (REFUSED, {"response_body": {"error": ENVELOPE | {"more": 1}}}, "body"),
    ],
)
async def test_a_difference_is_found(
    clients: Clients, server: Loopback, served: dict[str, Any], change: dict[str, Any], problem: str
) -> None:
    """What is compared is another recording than what was served."""
    exchange = Exchange(served)
    result = await drive(clients[0], server, exchange)
    assert compare(result, exchange) == []
    assert problem in str(compare(result, Exchange(served | change)))
