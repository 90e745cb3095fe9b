"""The embedded server over a loopback socket."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from test_local_routes import KEY, MESSAGES

from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")

COMMAND = ["-m", "laplas.local", "--port", "0"]
SETTINGS = {name: os.environ[name] for name in os.environ.keys() - {"LAPLAS_API_KEY"}}
ENVIRONMENT = {**SETTINGS, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def run_python(*arguments: str, text: str = "") -> tuple[int, str, str]:
    """Run Python with `text` as its input; returns exit status, output and errors."""
    call = [sys.executable, *arguments]
    ended = subprocess.run(
        call, env=ENVIRONMENT, input=text, capture_output=True, text=True, timeout=60
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as opened:
        yield opened


@pytest.fixture
def client(server: LocalServer) -> Iterator[httpx.Client]:
    with (
        running(server) as base_url,
        httpx.Client(base_url=base_url, headers=KEY, trust_env=False, timeout=30) as opened,
    ):
        yield opened


REQUESTS = [
    ("GET", "/v1/threads/thread_abc123", b""),
    ("GET", f"{MESSAGES}?limit=1&order=asc", b""),
    ("GET", f"{MESSAGES}/msg_abc123", b""),
    ("GET", "/threads/a%2Fb%20%C3%A9", b""),
    ("GET", f"{MESSAGES}?limit=0", b""),
    ("POST", MESSAGES, b"not json"),
    ("POST", "/threads/thread_abc123", b'{"metadata": {"a": "1"}}'),
    ("DELETE", "/threads/nowhere", b""),
    ("PUT", "/threads", b""),
    ("GET", "/nowhere/%7E%2F", b""),
]


def test_one_connection_answers_as_handle_does(server: LocalServer, client: httpx.Client) -> None:
    connections = set()
    for method, target, body in REQUESTS:
        over_http = client.request(method, target, content=body)
        in_process = server.handle(method, target, KEY, body)
        assert (over_http.status_code, over_http.content) == (in_process.status, in_process.body)
        random = ("x-request-id", "openai-processing-ms")
        for name, value in in_process.headers:
            assert name in random or over_http.headers[name] == value
        assert over_http.headers["x-request-id"].startswith("req_")
        stream = over_http.extensions["network_stream"]
        connections.add(stream.get_extra_info("client_addr"))
    assert len(connections) == 1


def test_large_bodies_arrive(server: LocalServer, client: httpx.Client) -> None:
    text = "é" * 2_000_000
    answer = client.post(MESSAGES, json={"role": "user", "content": text})
    assert answer.status_code == 200
    assert server.messages("thread_abc123")[-1]["content"][0]["text"]["value"] == text


@pytest.mark.parametrize("reset", [False, True])
def test_a_client_that_goes_away_is_no_error_of_the_server(
    server: LocalServer, client: httpx.Client, caplog: pytest.LogCaptureFixture, reset: bool
) -> None:
    """In the middle of its request: nothing is stored, nothing is logged, others are served."""
    address = (client.base_url.host, client.base_url.port)
    with socket.create_connection(address, timeout=30) as leaving:
        head = f"POST {MESSAGES} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        leaving.sendall(f"{head}Authorization: Bearer any-key\r\n\r\n".encode() + b'{"role"')
        assert client.get(MESSAGES).status_code == 200  # by now the server has seen the head
        if reset:
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for _ in range(3):
        assert len(client.get(MESSAGES).json()["data"]) == 2
    assert not caplog.records


def first_answer(url: str, sent: str) -> tuple[int, Any]:
    """Send text as it is and read one answer: its status, and its JSON where it has some."""
    address = (urlsplit(url).hostname, urlsplit(url).port)
    with socket.create_connection(address, timeout=30) as sender:
        sender.sendall(sent.encode("latin-1"))
        answer = http.client.HTTPResponse(sender)
        answer.begin()
        body = answer.read()
        return answer.status, json.loads(body) if body.startswith(b"{") else None


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        *((host, "", 200) for host in ("localhost", "127.0.0.1:80", "LocalHost.:1", "[::1]:2")),
        *((host, "", 200) for host in ("app.example", "APP.example:81")),
        *((host, "", 403) for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil")),
        *((host, "", 403) for host in ("a@localhost", "localhost@evil", "localhost, evil", "")),
        *((host, "", 403) for host in ("2130706433", "192.0.2.1", "0.0.0.0", "[::1", "\xe9")),
        *(
            ("localhost", o, 200)
            for o in ("http://localhost:3", "https://127.0.0.1", "http://[::1]")
        ),
        ("localhost", "http://app.example:3000", 200),
        *(("localhost", o, 403) for o in ("null", "https://evil.example", "http://localhost.evil")),
        *(
            ("localhost", o, 403)
            for o in ("http://localhost@evil", "localhost", "http://e/localhost")
        ),
        ("localhost", "chrome-extension://abc", 403),
        ("localhost", "ftp://localhost", 403),
        *(("localhost", o, 200) for o in ("https://shop.example", "tauri://localhost")),
        *(("localhost", o, 403) for o in ("http://shop.example", "https://shop.example:1")),
        ("localhost\r\nOrigin: http://localhost", "http://evil.example", 403),
    ],
)
def test_no_page_of_another_site_reaches_it(
    server: LocalServer, host: str, origin: str, status: int
) -> None:
    """By a name that points here, or by itself; hosts that are allowed are allowed as both."""
    lines = f"Host: {host}\r\n" + (f"Origin: {origin}\r\n" if origin else "")
    sent = f"GET {MESSAGES} HTTP/1.1\r\n{lines}Authorization: Bearer k\r\n\r\n"
    cors = ["https://Shop.example:443", "tauri://localhost"]
    with running(server, allow_hosts=["App.Example:8080"], cors=cors) as url:
        answered, body = first_answer(url, sent)
        assert answered == status
        if status == 403:
            code = "origin_not_allowed" if origin else "host_not_allowed"
            assert (body["error"]["code"], body["error"]["param"]) == (code, None)
            assert "127.0.0.1.evil" not in host or "--allow-host 127.0.0.1.evil" in str(body)
            assert "https://evil" not in origin or "--cors https://evil.example," in str(body)
        # Without a Host: the words of the library, or ours where HTTP is old.
        for version, refusals in (("1.0", [403]), ("1.1", [400, 403])):
            assert first_answer(url, sent.replace(lines, "").replace("1.1", version))[0] in refusals


LONG = f"Content-Length: {10**12}"
POST_THREAD = "POST /threads HTTP/1.1\r\nHost: localhost\r\n"
WITH_KEY = f"{POST_THREAD}Authorization: Bearer k\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"{POST_THREAD}{LONG}\r\n\r\n", 401),
        (f"{POST_THREAD}Transfer-Encoding: chunked\r\n\r\n", 401),
        (f"{POST_THREAD}Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", 401),
        (f"{POST_THREAD}Host: evil\r\n{LONG}\r\n\r\n".replace("Host: localhost\r\n", ""), 403),
        (f"{WITH_KEY}{LONG}\r\n\r\n", 413),
        (f"{WITH_KEY}Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n", 413),
        (f"{WITH_KEY}Transfer-Encoding: chunked\r\n\r\n3e9\r\n{' ' * 1001}", 413),
        (f"{WITH_KEY}Content-Length: 1000\r\n\r\n{{{' ' * 998}}}", 200),
        (f"{WITH_KEY}Content-Length: 2\r\nExpect: 100-continue\r\n\r\n{{}}", 200),
        (f"{WITH_KEY}X: {'x' * 20_000}\r\n\r\n", 400),
        (f"{WITH_KEY}Content-Length: 9\r\n\r\n{{", 408),
    ],
)
def test_a_head_that_is_wrong_is_answered_before_the_body(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch, sent: str, status: int
) -> None:
    """Bodies are bounded, in length and in time; no body is asked for that would be refused."""
    monkeypatch.setattr("laplas.local._http._SLOW_SECONDS", 0.2 if status == 408 else 30)
    with running(server, max_body_bytes=1000) as url:
        answered, body = first_answer(url, sent)
        assert answered == status
        assert status != 413 or "--max-body-bytes" in body["error"]["message"]


def test_a_body_is_taken_as_it_is(client: httpx.Client) -> None:
    """As in process: what a small gzipped body can become has no bound."""
    packed = gzip.compress(b'{"metadata": {}}')
    answer = client.post("/threads", content=packed, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 400


def test_a_connection_that_asks_for_nothing_is_closed(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("laplas.local._http._SLOW_SECONDS", 0.2)
    with (
        running(server) as url,
        socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=30) as slow,
    ):
        slow.sendall(f"GET {MESSAGES} HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTT".encode())
        while slow.recv(4096):
            pass


@pytest.mark.parametrize(
    "options",
    [
        {"allow_hosts": "app.example"},
        {"allow_hosts": ["http://app.example"]},
        {"allow_hosts": [""]},
        *({"cors": given} for given in ("https://a", ["*"], ["https://a/"], ["a.example"], [1])),
        {"max_body_bytes": 0},
        {"max_body_bytes": "1"},
    ],
)
def test_limits_that_make_no_sense(server: LocalServer, options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))), running(server, **options):
        pass


def test_the_end_of_the_block_closes_everything(server: LocalServer) -> None:
    """Even with an idle connection open: no thread, no listening port, no open file is left."""
    files = Path("/proc/self/fd")
    if not files.exists():
        pytest.skip("counting open files needs /proc")
    with httpx.Client(headers=KEY, trust_env=False, timeout=30) as client:
        before = len(list(files.iterdir()))
        with running(server) as base_url:
            assert client.get(base_url + MESSAGES).status_code == 200
        with pytest.raises(httpx.TransportError):
            client.get(base_url + MESSAGES)
        assert "laplas-local" not in {thread.name for thread in threading.enumerate()}
        assert len(list(files.iterdir())) == before
    assert len(server.messages("thread_abc123")) == 2


def test_a_taken_port_raises_in_the_caller(server: LocalServer) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        match = f"port {port} of 127.0.0.1 is taken: choose another"
        with pytest.raises(OSError, match=match), running(server, port=port):
            pass


@contextmanager
def command(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of `python -m laplas.local`, and its URL."""
    with subprocess.Popen(
        [sys.executable, *COMMAND, *options], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            port = re.search(r"http://\S+:(\d+)", process.stdout.readline())
            assert port
            yield process, f"http://127.0.0.1:{port[1]}"
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    file = str(tmp_path / "laplas.db")
    with command("--quiet", "--database", file) as (process, url):
        body = {"role": "user", "content": "kept"}
        created = httpx.post(url + MESSAGES, json=body, headers=KEY, trust_env=False)
        assert created.status_code == 200
        process.send_signal(number)
        assert process.communicate(timeout=30)[0] == ""
        assert process.returncode == 0
    with LocalServer(file) as server:
        assert server.messages("thread_abc123")[-1] == created.json()


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 418),
        (["--no-fault-header"], 200),
        (["--host", "0.0.0.0"], 200),
        (["--no-fault-header", "--no-examples"], 404),
    ],
)
def test_the_command_may_have_no_examples_and_no_faults(options: list[str], status: int) -> None:
    """Nor are there faults for others than this machine."""
    headers = KEY | {"X-Laplas-Fault": "status=418"}
    with command(*options) as (_, url):
        assert httpx.get(url + MESSAGES, headers=headers, trust_env=False).status_code == status


@pytest.mark.parametrize(
    ("code", "unneeded"),
    [
        ("import laplas; laplas.Laplas(api_key='k'), laplas.AsyncLaplas(api_key='k')", ".local"),
        ("import laplas.local; laplas.local.LocalServer().close()", "aiohttp"),
    ],
)
def test_nothing_is_loaded_that_is_not_needed(code: str, unneeded: str) -> None:
    code = f"import sys; {code}; sys.exit(any('{unneeded}' in name for name in sys.modules))"
    assert run_python("-c", code)[:2] == (0, "")
