"""Recorded exchanges as a server on loopback: who asks what was asked then gets the same answer.

    python tests/replay_server.py FILE.jsonl [--port 8100]

A line of FILE is one exchange as a JSON object with ``method``, ``path``, ``query``,
``request_body``, ``status``, ``response_headers`` and ``response_body``. Requests are told apart
by method, path, query and JSON body. Where several exchanges share these, they are served in the
order of the file, and from the first again after the last.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

Pairs = list[tuple[str, str]]

# About one connection, or about bytes that are encoded anew here.
_NOT_REPLAYED = frozenset(
    ("connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding")
)
_WITHOUT_BODY = (204, 304)


class Asked(NamedTuple):
    """A request as it counts here: two of these are equal where they ask for the same."""

    method: str
    path: str
    query: Pairs
    body: str
    """The JSON, keys sorted. Equal for no body, ``{}`` and what is not a JSON object."""


class Exchange:
    """One recorded exchange, made regular. See `usable` before anything else.

    Attributes:
        name: The row's id, or its place in the file.
        problem: Why the row cannot be replayed, or None.
    """

    def __init__(self, row: Any, place: int = 0) -> None:
        self._row: dict[str, Any] = row if isinstance(row, dict) else {}
        self.name = str(self._row.get("id") or f"row-{place}")
        self.problem = _problem(self._row)

    def _dict(self, key: str) -> dict[str, Any]:
        value = self._row.get(key)
        return value if isinstance(value, dict) else {}

    @cached_property
    def method(self) -> str:
        """The HTTP method, in capitals."""
        return str(self._row["method"]).upper()

    @cached_property
    def path(self) -> str:
        """The path, without host and query, percent-encoded in one way."""
        return canonical_path(urlsplit(self._row["path"]).path)

    @cached_property
    def query(self) -> Pairs:
        """Name and value of each query parameter, as text."""
        return parse_qsl(urlsplit(self._row["path"]).query, True) + _pairs(self._row.get("query"))

    @cached_property
    def body(self) -> dict[str, Any] | None:
        """The JSON object that was sent, or None; what is no JSON object counts as none."""
        return _json_object(self._row.get("request_body"))

    @property
    def asked(self) -> Asked:
        """The request that this exchange answers."""
        return Asked(self.method, self.path, sorted(self.query), dumped(self.body or {}))

    @cached_property
    def status(self) -> int:
        """The HTTP status; 200 where the recording kept the body alone."""
        return _status(self._row)

    @cached_property
    def content(self) -> bytes:
        """The body that is answered, its content coding undone."""
        body = self._row.get("response_body")
        if body is None or self.status in _WITHOUT_BODY:
            return b""
        return (body if isinstance(body, str) else json.dumps(body)).encode("utf-8", "replace")

    @cached_property
    def headers(self) -> Pairs:
        """The header fields that are answered, names in lower case."""
        fields = [
            (name.lower(), str(value).strip())
            for name, values in self._dict("response_headers").items()
            for value in (values if isinstance(values, list) else [values])
            if name.lower() not in _NOT_REPLAYED and _is_header(name, str(value).strip())
        ]
        if self.content and "content-type" not in dict(fields):
            streamed = self.content.startswith((b"event:", b"data:"))
            kind = "text/event-stream" if streamed else "application/json"
            fields.append(("content-type", kind))
        return fields

    @property
    def gzipped(self) -> bool:
        """Whether the body travelled in gzip, as it will again."""
        return "gzip" in str(self._dict("response_headers").get("content-encoding"))

    def __repr__(self) -> str:
        return f"<Exchange {self.name}>"


def _problem(row: dict[str, Any]) -> str | None:
    if not isinstance(row.get("method"), str):
        return "the row has no method"
    if not isinstance(row.get("path"), str) or not urlsplit(row["path"]).path:
        return "the row has no path"
    try:
        status = _status(row)
    except (TypeError, ValueError):
        return "the row's status is not a number"
    try:
        _pairs(row.get("query"))
    except (TypeError, ValueError):
        return "the row's query has no names and values"
    return None if 200 <= status <= 999 else f"{status} is not the status of a final answer"


def _status(row: dict[str, Any]) -> int:
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


def canonical_path(path: str) -> str:
    """The path with each segment encoded in one way, so that spellings of it compare equal."""
    segments = path.removeprefix("/").split("/")
    return "".join("/" + quote(unquote(segment), safe="") for segment in segments)


def dumped(value: Any) -> str:
    """JSON with sorted keys: as text, 1, 1.0 and true are three things, and NaN equals itself."""
    return json.dumps(value, sort_keys=True)


def read_exchanges(path: Path) -> list[Exchange]:
    """The exchanges of a JSON Lines file, unusable ones included.

    Raises:
        OSError: The file cannot be read.
        ValueError: A line is not JSON.
    """
    # Not splitlines(): texts in a row may hold other line separators, such as U+2028.
    lines = path.read_text("utf-8").split("\n")
    return [Exchange(json.loads(line), n) for n, line in enumerate(lines, 1) if line.strip()]


class ReplayServer(ThreadingTCPServer):
    """Answers recorded exchanges on 127.0.0.1.

    Attributes:
        url: The base URL.
        seen: The requests that came in so far. The caller may clear it.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, exchanges: Iterable[Exchange], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.seen: list[Asked] = []
        self._lock = threading.Lock()
        self._queues: dict[str, deque[Exchange]] = {}
        for exchange in exchanges:
            if exchange.problem is None:
                self._queues.setdefault(repr(exchange.asked), deque()).append(exchange)

    def answer_to(self, asked: Asked) -> Exchange | None:
        """The exchange to answer a request with, or None; the next one in its turn."""
        with self._lock:
            self.seen.append(asked)
            queue = self._queues.get(repr(asked))
            if queue is None:
                return None
            queue.rotate(-1)
            return queue[-1]

    def turn_to(self, exchange: Exchange) -> None:
        """Make this exchange the next among those that answer the same request."""
        with self._lock:
            queue = self._queues[repr(exchange.asked)]
            queue.rotate(-queue.index(exchange))


class _Handler(BaseHTTPRequestHandler):
    server: ReplayServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet: in two, the second waits for an ACK
    disable_nagle_algorithm = True

    def _answer(self) -> None:
        # Not self.path, which http.server changes where it begins with two slashes.
        target = urlsplit(self.requestline.split(" ")[1])
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        asked = Asked(
            self.command,
            canonical_path(target.path),
            sorted(parse_qsl(target.query, keep_blank_values=True)),
            dumped(_json_object(sent) or {}),
        )
        exchange = self.server.answer_to(asked)
        if exchange is None:
            message = f"no recorded exchange answers {' '.join(map(str, asked))}"
            self._send(501, [], json.dumps({"error": {"message": message}}).encode(), False)
        else:
            self._send(exchange.status, exchange.headers, exchange.content, exchange.gzipped)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def _send(self, status: int, headers: Pairs, content: bytes, gzipped: bool) -> None:
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if gzipped and content:
            content = gzip.compress(content, 1)
            self.send_header("content-encoding", "gzip")
        if status not in _WITHOUT_BODY:
            self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing; every line of it would be a test's output."""


@contextmanager
def replaying(exchanges: Iterable[Exchange], port: int = 0) -> Iterator[ReplayServer]:
    """Serve the exchanges from a background thread for the length of a `with` block."""
    with ReplayServer(exchanges, port) as server:
        # The interval is how long the end of the block may take.
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def main() -> None:
    """Serve a file's exchanges until Ctrl+C."""
    parser = argparse.ArgumentParser(description="Answer requests with recorded exchanges.")
    parser.add_argument("file", type=Path, help="exchanges, one JSON object a line")
    parser.add_argument("--port", type=int, default=8100, help="0 takes a free one (default 8100)")
    options = parser.parse_args()
    exchanges = read_exchanges(options.file)
    for exchange in exchanges:
        if exchange.problem:
            print(f"not served: {exchange.name}: {exchange.problem}")
    with ReplayServer(exchanges, options.port) as server:
        print(f"{len(exchanges)} exchanges on {server.url} (stop with Ctrl+C)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
