"""The command that starts the embedded server: what it prints, and why it cannot start."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from test_local_http import COMMAND, ENVIRONMENT, command, run_python
from test_local_routes import KEY, MESSAGES

from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")


def lines_of(process: subprocess.Popen[str], count: int) -> list[str]:
    """The next lines that it prints."""
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a shell of Unix")
@pytest.mark.parametrize("options", [[], ["--no-examples"], ["--read-only"]])
def test_the_commands_that_it_prints_work(options: list[str], tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    with command(*options) as (process, url):
        page, client, try_it = (line.strip() for line in lines_of(process, 3))
        assert page == f"Page       {url}/"
        export = client.removeprefix("Client     export ")
        assert export == f"LAPLAS_BASE_URL={url} LAPLAS_API_KEY=any-key"
        curl = shlex.split(try_it.removeprefix("Try it     "))
        ended = subprocess.run([*curl, "-sf", "--noproxy", "*"], capture_output=True, timeout=30)
        assert ended.returncode == 0
        if "--read-only" in options:
            assert json.loads(ended.stdout)["data"] == []
        else:
            code = "from laplas import Laplas; Laplas().threads.retrieve('{id}')"
            answer = json.loads(ended.stdout)
            call = [sys.executable, "-c", code.format(**answer)]
            settings = dict(each.split("=", 1) for each in export.split())
            assert subprocess.run(call, env=ENVIRONMENT | settings, timeout=60).returncode == 0


def send_three(url: str) -> list[httpx.Response]:
    """One request that works, one that does not, one without an answer; one for the page."""
    with httpx.Client(base_url=url, headers=KEY | {"api-key": "sk-secret"}, trust_env=False) as c:
        done = [c.post(MESSAGES, json={"role": "user", "content": "the-body"}), c.get("/v1/%1B")]
        with pytest.raises(httpx.TransportError):
            c.get("/v1/threads/sk-secret", headers={"X-Laplas-Fault": "reset"})
        assert c.get("/_laplas/health").status_code == 200
    return done


def test_a_line_for_each_request() -> None:
    with command() as (process, url):
        answers = send_three(url)
        printed = lines_of(process, 6)[3:]
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=30)[0] == ""  # control requests are not printed
    ids = [answer.headers["x-request-id"] for answer in answers]
    expected = [
        rf"POST   {MESSAGES} 200 [\d.]+ ms {ids[0]}",
        rf"GET    /v1/%1B 404 [\d.]+ ms {ids[1]}",
        r"GET    /v1/threads/\*\*\* cut [\d.]+ ms - fault reset",
    ]
    for line, pattern in zip(printed, expected, strict=True):
        assert re.fullmatch(rf"\d\d:\d\d:\d\d {pattern}", line)


def test_a_json_object_for_each_request() -> None:
    with command("--json-log", "--fault", "list_messages: reset") as (process, url):
        answers = send_three(url)
        first, second, third = map(json.loads, lines_of(process, 3))
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=30)[0]
        assert json.loads(rest) == {"event": "stopped", "faults": {"reset": 1}}
    assert list(first) == [
        *("event", "time", "method", "path", "status", "milliseconds", "request_id", "fault"),
    ]
    assert (first["event"], first["method"], first["path"]) == ("request", "POST", MESSAGES)
    assert [first["request_id"], second["request_id"]] == [
        answer.headers["x-request-id"] for answer in answers
    ]
    assert (third["status"], third["request_id"], third["fault"]) == (None, None, "reset")
    said = json.dumps([first, second, third])
    assert "sk-secret" not in said
    assert "the-body" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal")
@pytest.mark.parametrize(
    ("settings", "colored"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_color_is_for_terminals_that_want_it(settings: dict[str, str], colored: bool) -> None:
    ours, theirs = os.openpty()
    environment = {**ENVIRONMENT, "TERM": "xterm"} | settings
    if "NO_COLOR" not in settings:
        environment.pop("NO_COLOR", None)
    with subprocess.Popen([sys.executable, *COMMAND], env=environment, stdout=theirs) as process:
        os.close(theirs)
        with os.fdopen(ours, encoding="utf-8", newline="") as terminal:
            try:
                url = terminal.readline().split()[2]
                httpx.get(url + MESSAGES, headers=KEY, trust_env=False)
                printed = [terminal.readline() for _ in range(4)][-1]
            finally:
                process.kill()
    assert ("\x1b[32m200\x1b[0m" in printed, "\x1b" in printed) == (colored, colored)


def test_nobody_has_to_read_what_it_prints() -> None:
    """A pipe that is full stops no request, and does not keep the server from ending."""
    long = "/v1/threads/" + "x" * 4000
    with command() as (process, url), httpx.Client(headers=KEY, trust_env=False) as client:
        for _ in range(40):  # more than twice what a pipe of Linux holds
            assert client.get(url + long, timeout=30).status_code == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


WITHOUT_AIOHTTP = """
import runpy, sys
sys.modules["aiohttp"], sys.argv = None, ["local"]
runpy.run_module("laplas.local", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--fault", "explode"], 2, "--fault: fault 'explode': kind: 'explode' is none of status"),
        (["--allow-host", "a/b"], 2, "--allow-host: 'a/b' is not the name of a host"),
        (["--cors", "*"], 2, "--cors: '*' is not one origin: give scheme, host and port, as"),
        (["--cors", "https://a.example/app"], 2, "--cors: 'https://a.example/app' is not one"),
        (["--cors", "null"], 2, "--cors: 'null' is not one origin"),
        (["--port", "65536"], 2, "--port: '65536' is not a whole number from 0 to 65535"),
        (["--max-body-bytes", "0"], 2, "'0' is not a whole number from 1"),
        (["--quiet", "--json-log"], 2, "not allowed with argument --quiet"),
        (["--host", "nowhere.invalid"], 1, "no address is known for the host 'nowhere.invalid'"),
        (["--host", "192.0.2.1"], 1, "192.0.2.1 is no address of this machine"),
        (["--port", "TAKEN"], 1, "of 127.0.0.1 is taken: choose another, or 0 for a free one"),
        (["--database", "FOLDER/missing/laplas.db"], 1, "a new file in a folder that exists"),
        (["--database", "FOLDER"], 1, "Name a database that this server made"),
    ],
)
def test_it_says_in_one_line_why_it_cannot_start(
    arguments: list[str], status: int, said: str, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        known = {"TAKEN": str(taken.getsockname()[1]), "FOLDER": str(tmp_path)}
        words = [re.sub("TAKEN|FOLDER", lambda word: known[word[0]], each) for each in arguments]
        *ended, problem = run_python(*COMMAND, *words)
    assert ended == [status, ""]
    *before, last = problem.splitlines()
    assert said in last
    assert all("usage" in line or line.startswith((" ", "Warning: on ")) for line in before)


def test_without_aiohttp_it_says_how_to_install_it() -> None:
    status, _, problem = run_python("-c", WITHOUT_AIOHTTP)
    assert (status, problem) == (2, "aiohttp is missing. Install it: pip install 'laplas[local]'\n")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="it becomes nobody")
def test_a_port_for_others() -> None:
    """Where the system keeps low ports to root."""
    limit = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start")
    if not limit.exists() or int(limit.read_text()) < 2:
        pytest.skip("here anybody may listen on port 1")
    code = """
import os, sys
from laplas.local import __main__ as local, _http
os.setuid(65534)
sys.argv = ["local", "--port", "1"]
sys.exit(local.main())
"""
    status, _, problem = run_python("-c", code)
    assert status == 1
    assert "port 1 is not open to you: choose one from 1024 on" in problem


def no_database(file: Path) -> None:
    file.write_text("hello, this is a text of somebody")


def of_another_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE documents (title TEXT)")


def of_a_newer_version(file: Path) -> None:
    LocalServer(str(file)).close()
    with closing(sqlite3.connect(file)) as newer:
        newer.execute("PRAGMA user_version = 1000")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (no_database, "file is not a database. Name a database that this server made"),
        (of_another_program, "another program made it, with the table 'documents'. Name another"),
        (of_a_newer_version, "a newer version of laplas made it. Update laplas"),
    ],
)
def test_a_file_that_is_not_for_this_server_is_left_as_it_is(
    make: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    file = tmp_path / "some.db"
    make(file)
    before = file.read_bytes()
    status, printed, problem = run_python(*COMMAND, "--database", str(file))
    assert (status, printed) == (1, "")
    assert problem == f"cannot start: {file}: {problem.partition(f'{file}: ')[2]}"
    assert said in problem
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_pages_of_this_machine_and_of_cors_may_read_answers() -> None:
    """Errors and streams, too; what is under /_laplas/ only where they are named."""
    here, named, foreign = "http://localhost:3000", "https://shop.example", "https://evil.example"
    question = {"assistant_id": "asst_abc123", "stream": True}

    def allowed(answer: httpx.Response) -> str | None:
        assert answer.headers.get("vary") == (None if answer.status_code == 403 else "Origin")
        assert "access-control-allow-credentials" not in answer.headers
        origin: str | None = answer.headers.get("access-control-allow-origin")
        return origin

    with (
        LocalServer() as server,
        running(server, cors=[named]) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=30) as client,
    ):
        for origin, status in ((here, 429), (named, 503)):
            headers = KEY | {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
            answers = [
                client.get(MESSAGES, headers=headers),
                client.get(MESSAGES, headers={"Origin": origin}),
                client.post("/threads/thread_abc123/runs", json=question, headers=headers),
                client.get(MESSAGES, headers=headers | {"X-Laplas-Fault": f"status={status}"}),
            ]
            assert [answer.status_code for answer in answers] == [200, 401, 200, status]
            assert [allowed(answer) for answer in answers] == [origin] * 4
            assert {answer.headers["access-control-expose-headers"] for answer in answers} == {"*"}
            preflight = {
                "Origin": origin,
                "Access-Control-Request-Method": "DELETE",
                "Access-Control-Request-Headers": "authorization,x-stainless-os",
            }
            asked = client.options(MESSAGES, headers=preflight)
            assert (asked.status_code, asked.content, allowed(asked)) == (204, b"", origin)
            assert asked.headers["access-control-allow-methods"] == "DELETE"
            assert asked.headers["access-control-allow-headers"] == "authorization,x-stainless-os"
            reset = client.post("/_laplas/reset", headers=headers)
            asked = client.options("/_laplas/reset", headers=preflight)
            expected = (200, 204, named) if origin == named else (403, 403, None)
            assert (reset.status_code, asked.status_code, allowed(reset)) == expected
            assert allowed(asked) == expected[2]
        for origin in (foreign, "null"):
            answer = client.get(MESSAGES, headers=KEY | {"Origin": origin})
            assert (answer.status_code, allowed(answer)) == (403, None)
            asked = client.options(MESSAGES, headers=preflight | {"Origin": origin})
            assert (asked.status_code, allowed(asked)) == (403, None)
        assert client.options(MESSAGES, headers=KEY | {"Origin": here}).status_code == 405
        assert client.get("/_laplas/health", headers={"Origin": url}).status_code == 200
        unknown = client.get("/_laplas/nothing")
        assert unknown.status_code == 404
        assert (
            "There are: GET /_laplas/, GET /_laplas/health, " in unknown.json()["error"]["message"]
        )
        assert server.requests[-1].method == "OPTIONS"  # preflights are not kept
