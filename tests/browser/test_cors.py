"""Pages of other origins, in a real browser: who may use the embedded server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from laplas.local import LocalServer, running

FETCH = """async ([url, options]) => {
    try {
        const answer = await fetch(url, options);
        const given = Object.fromEntries(answer.headers);
        return [answer.status, given["x-request-id"], given["retry-after"], await answer.text()];
    } catch (error) {
        return [String(error)];
    }
}"""
KEY = {"Authorization": "Bearer any-key", "Content-Type": "application/json"}
ROUTE = "/v1/threads/thread_abc123"
REFUSED = ["TypeError: Failed to fetch"]


class Empty(BaseHTTPRequestHandler):
    """An empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Another program</title>")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of another program that serves a page."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def fetch(page: Page, url: str, body: str | None = None, **headers: str) -> list[Any]:
    """What a script of the page gets: status, two headers and text; or why it gets nothing."""
    options = {"method": "POST" if body else "GET", "headers": KEY | headers, "body": body}
    answer: list[Any] = page.evaluate(FETCH, [url, options])
    return answer


def test_a_page_of_another_port_uses_the_api_and_nothing_else(page: Page, port: int) -> None:
    with LocalServer() as server, running(server) as url:
        page.goto(f"http://127.0.0.1:{port}/")
        message = '{"role": "user", "content": "How does AI work?"}'
        status, request_id, *_ = fetch(page, f"{url}{ROUTE}/messages", message)
        assert (status, request_id) == (200, server.requests[-1].request_id)
        fault = {"X-Laplas-Fault": "status=429 retry-after=7"}
        status, _, retry_after, _ = fetch(page, url + ROUTE, **fault)
        assert (status, retry_after) == (429, "7")
        question = '{"assistant_id": "asst_abc123", "stream": true}'
        status, *_, streamed = fetch(page, f"{url}{ROUTE}/runs", question)
        assert status == 200
        assert streamed.endswith("data: [DONE]\n\n")
        stored = server.messages("thread_abc123")
        assert len(stored) > 3
        for path, body in (("requests", None), ("reset", "{}"), ("snapshot", "{}")):
            assert fetch(page, f"{url}/_laplas/{path}", body) == REFUSED
        assert server.messages("thread_abc123") == stored


def test_a_foreign_page_is_served_where_it_is_named(page: Page, port: int) -> None:
    """A name of its own that points here: browsers resolve it so, and it is not `localhost`."""
    origin = f"http://foreign.localhost:{port}"
    page.route("http://foreign.localhost:*/**", lambda route: route.continue_())
    with (
        LocalServer() as server,
        running(server) as closed,
        running(server, cors=[origin]) as open_,
    ):
        page.goto(origin)
        assert fetch(page, closed + ROUTE) == REFUSED
        assert fetch(page, f"{closed}/_laplas/health") == REFUSED
        assert fetch(page, open_ + ROUTE)[0] == 200
        assert fetch(page, f"{open_}/_laplas/health")[0] == 200
        page.goto(f"http://foreign.localhost:{urlsplit(open_).port}{ROUTE}")
        assert "--allow-host foreign.localhost" in page.inner_text("body")
