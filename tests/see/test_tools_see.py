"""Every tool that people trust sees each request of a plain client: ``nox -s see``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from probe import EVENTS, LIST, MESSAGE, TOOLS

ANSWER_FOR_SERVER = {"respx", "respx on httpcore", "pook"}
HEADERS = {
    **dict.fromkeys(("opentelemetry", "logfire", "newrelic", "elastic"), "traceparent"),
    "sentry": "sentry-trace",
    "ddtrace": "x-datadog-trace-id",
}
"""What tracing adds to each request, for the server to go on with."""


class Server(ThreadingHTTPServer):
    """Answers messages, lists and event streams; to the first list in ascending order, 503."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.seen: list[dict[str, str]] = []
        self.busy = True


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        status = 200
        if "order=asc" in self.path and self.server.busy:
            status, self.server.busy = 503, False
        body, kind = json.dumps(LIST if self.command == "GET" else MESSAGE), "application/json"
        if self.path.endswith("/runs"):
            body, kind = EVENTS, "text/event-stream"
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(body.encode())

    do_POST = do_GET

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def probe(server: Server, *arguments: str, **environment: str) -> Any:
    command = [sys.executable, str(Path(__file__).with_name("probe.py")), *arguments, server.url]
    done = subprocess.run(
        command,
        env={**os.environ, "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "0", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("when", ["first", "before", "after"])
@pytest.mark.parametrize("half", ["sync", "async"])
@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_sees_each_request_once(server: Server, tool: str, half: str, when: str) -> None:
    check(server, tool, half, when)


def check(server: Server, tool: str, half: str, when: str, **environment: str) -> None:
    server.seen, server.busy = [], True
    seen, warm = probe(server, tool, half, when, **environment), int(when == "after")
    if tool in ANSWER_FOR_SERVER:
        assert (seen, len(server.seen)) == (4, warm)
        return
    assert len(server.seen) == 5 + warm, "a create, a list, another tried twice, an event stream"
    assert seen == 5
    if tool in HEADERS:
        assert sum(HEADERS[tool] in request for request in server.seen[warm:]) == 5


@pytest.mark.parametrize("tool", ["opentelemetry", "vcrpy", "respx", "patch of handle_request"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_what_sees_it_does_not_depend_on_the_environment(
    server: Server, tool: str, when: str
) -> None:
    """With a proxy for other URLs, and with one for this, which here is the server itself."""
    elsewhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "example.com"}
    check(server, tool, "sync", when, **elsewhere)
    check(server, tool, "async", when, HTTP_PROXY=server.url, NO_PROXY="")


@pytest.mark.parametrize("tool", ["httpx log", "patch of send", "patch of handle_request"])
def test_what_sees_it_does_not_depend_on_the_event_loop(server: Server, tool: str) -> None:
    check(server, tool, "trio", "before")


def test_all_record_modes_of_vcrpy(server: Server) -> None:
    outcomes = probe(server, "record modes", "sync", "before")
    assert outcomes.pop("none").startswith("refused")
    assert outcomes == {"once": "kept 1", "new_episodes": "kept 1", "all": "kept 1"}
    assert len(server.seen) == 3, "in the mode none, nothing reaches the server"


def test_pytest_httpx(server: Server, tmp_path: Path) -> None:
    """A fixture of pytest's, so in a pytest of its own."""
    (tmp_path / "test_inner.py").write_text(f"""
import asyncio, pytest
from laplas import AsyncLaplas, Laplas

def sync():
    return Laplas(api_key="k", base_url="{server.url}").messages.create("thread_1", "Hi")

def not_sync():
    async def go():
        async with AsyncLaplas(api_key="k", base_url="{server.url}") as client:
            return await client.messages.create("thread_1", "Hi")
    return asyncio.run(go())

@pytest.mark.parametrize("create", [sync, not_sync])
def test_it(httpx_mock, create):
    httpx_mock.add_response(json={MESSAGE!r})
    assert create().id == "msg_1"
    assert len(httpx_mock.get_requests()) == 1
""")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert not server.seen
