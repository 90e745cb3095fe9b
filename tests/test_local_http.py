"""The embedded server over a loopback socket."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
        with pytest.raises(OSError, match="address"), running(server, port=taken.getsockname()[1]):
            pass


@contextmanager
def command(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process of `python -m laplas.local`, and its URL."""
    with subprocess.Popen(
        [sys.executable, *COMMAND, *options], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            port = urlsplit(process.stdout.readline().split()[2]).port
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    file = str(tmp_path / "laplas.db")
    with command("--database", file) as (process, url):
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


WITHOUT_AIOHTTP = """
import runpy, sys
sys.modules["aiohttp"], sys.argv = None, ["local"]
runpy.run_module("laplas.local", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ([*COMMAND, "--database", "missing/laplas.db"], 1, "cannot start: "),
        ([*COMMAND, "--fault", "explode"], 2, "'explode' is none of status"),
        (["-c", WITHOUT_AIOHTTP], 2, "pip install 'laplas[local]'"),
    ],
)
def test_the_command_says_why_it_cannot_start(arguments: list[str], status: int, said: str) -> None:
    *ended, problem = run_python(*arguments)
    assert ended == [status, ""]
    assert said in problem


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
