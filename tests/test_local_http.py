"""The embedded server over a loopback socket."""

from __future__ import annotations

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

import httpx
import pytest

from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")

KEY = {"Authorization": "Bearer any-key"}
MESSAGES = "/threads/thread_abc123/messages"
COMMAND = [sys.executable, "-m", "laplas.local", "--port", "0"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


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


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
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
    ],
)
def test_answers_are_those_of_handle(
    server: LocalServer, client: httpx.Client, method: str, target: str, body: bytes
) -> None:
    over_http = client.request(method, target, content=body)
    in_process = server.handle(method, target, KEY, body)
    assert (over_http.status_code, over_http.content) == (in_process.status, in_process.body)
    random = ("x-request-id", "openai-processing-ms")
    for name, value in in_process.headers:
        assert name in random or over_http.headers[name] == value
    assert over_http.headers["x-request-id"].startswith("req_")


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
        head = f"POST {MESSAGES} HTTP/1.1\r\nHost: local\r\nContent-Length: 1000\r\n"
        leaving.sendall(f"{head}Authorization: Bearer any-key\r\n\r\n".encode() + b'{"role"')
        assert client.get(MESSAGES).status_code == 200  # by now the server has seen the head
        if reset:
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for _ in range(3):
        assert len(client.get(MESSAGES).json()["data"]) == 2
    assert not caplog.records


def test_one_connection_carries_many_requests(client: httpx.Client) -> None:
    streams = set()
    for status in (200, 404, 200):
        answer = client.get(MESSAGES if status == 200 else "/nowhere")
        assert answer.status_code == status
        streams.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
    assert len(streams) == 1


def test_concurrent_creates_lose_nothing(server: LocalServer, client: httpx.Client) -> None:
    def create(number: int) -> str:
        body = {"role": "user", "content": str(number)}
        message_id: str = client.post(MESSAGES, json=body).raise_for_status().json()["id"]
        return message_id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(create, range(80)))
    kept = {message["id"] for message in server.messages("thread_abc123")}
    assert len(ids) == 80
    assert ids == kept - {"msg_abc123", "msg_abc12"}


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


def announced(output: IO[str]) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", output.readline())
    assert found
    return found.group()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_until_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    file = str(tmp_path / "laplas.db")
    with subprocess.Popen(
        [*COMMAND, "--database", file], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            url = announced(process.stdout)
            with httpx.Client(headers=KEY, trust_env=False, timeout=30) as client:
                body = {"role": "user", "content": "kept"}
                created = client.post(url + MESSAGES, json=body).raise_for_status().json()
                process.send_signal(number)
                assert process.wait(30) == 0
            assert process.stdout.read() == ""
        finally:
            process.kill()
    with LocalServer(file) as server:
        assert server.messages("thread_abc123")[-1] == created


def test_the_command_can_leave_out_the_examples() -> None:
    with subprocess.Popen(
        [*COMMAND, "--no-examples"], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            url = announced(process.stdout)
            assert httpx.get(url + MESSAGES, headers=KEY, trust_env=False).status_code == 404
        finally:
            process.kill()


def test_the_command_tells_why_it_cannot_start(tmp_path: Path) -> None:
    command = [*COMMAND, "--database", str(tmp_path / "missing" / "laplas.db")]
    ended = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert ended.stderr.startswith("cannot start: ")
    assert ended.stdout == ""


def test_the_command_names_the_missing_extra() -> None:
    without = "import runpy, sys; sys.modules['aiohttp'] = None; sys.argv = ['local'];"
    code = f"{without} runpy.run_module('laplas.local', run_name='__main__')"
    ended = subprocess.run(
        [sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert "pip install 'laplas[local]'" in ended.stderr


def test_the_module_itself_needs_no_aiohttp() -> None:
    code = "import sys, laplas.local as local; local.LocalServer().close(); "
    code += "sys.exit('aiohttp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, timeout=60).returncode == 0


@pytest.mark.parametrize("prefix", ["", "/v1"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_openai_client_works_against_it(server: LocalServer, prefix: str) -> None:
    """All message operations, and paging that meets every message once."""
    openai = pytest.importorskip("openai")
    with (
        running(server) as base_url,
        openai.OpenAI(api_key="any-key", base_url=base_url + prefix, max_retries=0) as client,
    ):
        thread = client.beta.threads.create(messages=[{"role": "user", "content": "0"}])
        messages = client.beta.threads.messages
        created = [
            messages.create(thread.id, role="user", content=str(number)) for number in range(1, 6)
        ]
        listed = list(messages.list(thread.id, limit=2, order="asc"))
        assert [m.content[0].text.value for m in listed] == list("012345")
        last = created[-1]
        assert messages.retrieve(last.id, thread_id=thread.id) == last
        updated = messages.update(last.id, thread_id=thread.id, metadata={"seen": "yes"})
        assert updated.metadata == {"seen": "yes"}
        assert messages.delete(last.id, thread_id=thread.id).deleted
        with pytest.raises(openai.NotFoundError):
            messages.retrieve(last.id, thread_id=thread.id)
        with pytest.raises(openai.BadRequestError):
            messages.create(thread.id, role="user", content="")
        assert client.beta.threads.delete(thread.id).deleted
