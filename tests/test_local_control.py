"""What /_laplas/ shows and changes, over a socket and in Python."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from test_local_routes import KEY, MESSAGES, THREAD, ok

import laplas
from laplas.local import LocalServer, Turn, running

pytest.importorskip("aiohttp")

RUNS = f"{THREAD}/runs"
CALL = {"tools": [{"type": "function", "function": {"name": "f"}}], "instructions": "/call f"}
SECRET = "sk-very-secret"
NOW = 1_700_000_000


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer(seed="x") as opened:
        yield opened


@pytest.fixture
def http(server: LocalServer) -> Iterator[httpx.Client]:
    with running(server) as url, httpx.Client(base_url=url, trust_env=False, timeout=20) as opened:
        yield opened


def control(http: httpx.Client, method: str, path: str, **more: Any) -> Any:
    """Send a control request without a key; returns the JSON of its success."""
    answer = http.request(method, f"/_laplas/{path}", **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


def error_of(answer: httpx.Response) -> tuple[int, str | None, str]:
    """Return the status, `param` and message of an error, which has all four keys."""
    error = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    return answer.status_code, error["param"], error["message"]


def begin_run(server: LocalServer) -> str:
    """Begin a run that waits for the output of a function."""
    run = ok(server, "POST", RUNS, {"assistant_id": "asst_abc123", **CALL})
    assert run["status"] == "queued"
    looks = (ok(server, "GET", f"{RUNS}/{run['id']}")["status"] for _ in range(5))
    assert "requires_action" in looks
    return str(run["id"])


def test_health_the_list_and_the_document(server: LocalServer, http: httpx.Client) -> None:
    health = control(http, "GET", "health")
    assert health == {"status": "ok", "base_path": "", "read_only": False, "last_change": 4}
    there = control(http, "GET", "")["data"]
    assert {"GET /_laplas/health", "GET/PUT/DELETE /_laplas/faults"} <= set(there)
    document = http.get("/_laplas/openapi.yaml")
    assert yaml.safe_load(document.text)["openapi"].startswith("3.")
    assert document.text == laplas.openapi()
    status, _, message = error_of(http.get("/_laplas/nonsense"))
    assert status == 404
    assert all(each in message for each in there)
    status, _, message = error_of(http.patch("/_laplas/health"))
    assert (status, message) == (405, "Not allowed to PATCH on /_laplas/health. Allowed: GET.")
    assert server.requests == []


def test_the_page_has_a_policy_and_needs_no_key(http: httpx.Client) -> None:
    answer = http.get("/", headers={"sec-fetch-site": "cross-site"})  # a link to it
    assert (answer.status_code, answer.text[:15]) == (200, "<!doctype html>")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert error_of(http.post("/"))[0] == 405


def test_requests_are_kept_without_keys(server: LocalServer, http: httpx.Client) -> None:
    for header in ({"authorization": f"Bearer {SECRET}"}, {"api-key": SECRET}):
        body = {"role": "user", "content": f"my key is {SECRET}"}
        http.post(f"{MESSAGES}?key={SECRET}", json=body, headers=header)
    http.post("/v1/files", headers=KEY, files={"file": b"\xff\xfe"}, data={"purpose": "assistants"})
    http.post(MESSAGES, headers=KEY, json={"role": "user", "content": "é" * 40_000})
    shown = control(http, "GET", "requests")["data"]
    assert SECRET not in json.dumps(shown)
    assert "my key is ***" in shown[-1]["body"]
    assert [each["number"] for each in shown] == [4, 3, 2, 1]
    long, upload = shown[:2]
    assert (upload["body"], bool(upload["body_base64"])) == (None, True)
    assert long["body_size"] > 80_000
    # The kept part ends inside of a character.
    assert 32 * 1024 - 3 < len(long["body"].encode()) <= 32 * 1024
    assert long["body"].endswith("é")
    assert control(http, "GET", "requests/4") == long
    assert error_of(http.get("/_laplas/requests/5"))[0] == 404
    newer = control(http, "GET", "requests?after=1&limit=2&bodies=no")["data"]
    assert [each["number"] for each in newer] == [4, 3]
    assert "body" not in newer[0]
    assert error_of(http.get("/_laplas/requests?limit=-1"))[:2] == (400, "limit")
    assert [each.path for each in server.requests] == [each["path"] for each in reversed(shown)]


def test_the_last_500_requests_are_kept(server: LocalServer) -> None:
    for _ in range(503):
        server.handle("GET", THREAD, KEY, b"")
    assert [server.requests[0].number, server.requests[-1].number] == [4, 503]
    assert len(server.requests) == 500


def test_a_reply_that_raises_is_recorded_as_500() -> None:
    def fail(_: Turn) -> str:
        raise ZeroDivisionError("no answer")

    with LocalServer(reply=fail) as server:
        run = ok(server, "POST", RUNS, {"assistant_id": "asst_abc123"})
        path = f"{RUNS}/{run['id']}"
        server.handle("GET", path, KEY, b"")
        with suppress(ZeroDivisionError):
            server.handle("GET", path, KEY, b"")
        assert (server.requests[-1].status, server.requests[-1].path) == (500, path)
        server.faults.fail_next("GET", "reset")
        with pytest.raises(ConnectionResetError):
            server.handle("GET", THREAD, KEY, b"")
        assert (server.requests[-1].status, server.requests[-1].fault) == (None, "reset")


def test_faults_are_switched(server: LocalServer, http: httpx.Client) -> None:
    plan = ["status=503 x2 retry-after=0", "delay=0 x*"]
    control(http, "PUT", "faults", json={"faults": plan})
    assert http.get(THREAD, headers=KEY).status_code == 503
    shown = control(http, "PUT", "faults", json={"faults": plan[::-1]})  # the counts stay
    assert [(each["text"], each["struck"]) for each in shown["faults"]] == [
        ("delay=0 x*", 0),
        ("status=503 x2 retry-after=0", 1),
    ]
    answer = http.put("/_laplas/faults", json={"faults": ["delay=0", "nonsense"]})
    assert error_of(answer)[0] == 400
    assert "nonsense" in error_of(answer)[2]
    assert len(server.faults.plan()) == 2  # as it was
    assert http.get(THREAD, headers=KEY).status_code == 200
    gone = control(http, "DELETE", "faults")
    assert gone == {"faults": [], "struck": {"status": 1, "delay": 1}}


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("faults", b"{", None),
        ("faults", b"[]", None),
        ("faults", b'{"faults": [1]}', "faults"),
        ("faults", b'{"faults": "x"}', "faults"),
        ("clock", b'{"advance": -1}', "advance"),
        ("clock", b'{"now": true}', "now"),
        ("clock", b'{"now": 1e300}', "now"),
        ("clock", b'{"later": 1}', "later"),
        ("seed", b"{}", "seed"),
        ("seed", b'{"seed": []}', "seed"),
    ],
)
def test_bad_input_changes_nothing(
    server: LocalServer, http: httpx.Client, path: str, body: bytes, param: str | None
) -> None:
    server.clock.freeze(NOW)
    before = control(http, "GET", path)
    assert error_of(http.put(f"/_laplas/{path}", content=body))[:2] == (400, param)
    assert control(http, "GET", path) == before


@pytest.mark.parametrize("in_python", [True, False])
def test_a_run_expires_when_the_clock_goes_forward(
    server: LocalServer, http: httpx.Client, in_python: bool
) -> None:
    def put(**change: float) -> Any:
        if not in_python:
            return control(http, "PUT", "clock", json=change)
        server.clock.set(**change)  # type: ignore[arg-type]
        return {"now": server.clock.now, "frozen": server.clock.is_frozen}

    assert put(frozen=True, now=NOW) == {"now": NOW, "frozen": True}
    run_id = begin_run(server)
    assert ok(server, "GET", f"{RUNS}/{run_id}")["created_at"] == NOW
    assert put(advance=599) == {"now": NOW + 599, "frozen": True}
    assert ok(server, "GET", f"{RUNS}/{run_id}")["status"] == "requires_action"
    put(advance=2)
    # The list of the page sees it, too, before anybody asks for the run.
    (shown,) = control(http, "GET", "threads/thread_abc123/runs")["data"]
    assert shown["run"]["status"] == "expired"
    assert [step["status"] for step in shown["steps"]] == ["expired"]
    assert not put(frozen=False)["frozen"]
    assert NOW + 601 <= server.clock.now < NOW + 700
    server.reset()
    assert server.clock.now > NOW + 10**7


def test_a_seed_gives_the_same_ids_twice(server: LocalServer, http: httpx.Client) -> None:
    def talk() -> list[str | None]:
        ids: list[str | None] = []
        for method, path in (("POST", "/threads"), ("GET", "/nonsense"), ("POST", "/threads")):
            answer = server.handle(method, path, KEY, b"{}")
            ids += [json.loads(answer.body).get("id"), dict(answer.headers)["x-request-id"]]
        return ids

    first = talk()
    server.reset()
    assert talk() == first
    control(http, "POST", "reset")
    assert talk() == first
    control(http, "PUT", "seed", json={"seed": 7})
    other = talk()
    assert not set(other) & set(first) - {None}
    control(http, "POST", "reset")
    assert control(http, "GET", "seed") == {"seed": "x"}
    server.set_seed(7)
    assert talk() == other
    server.set_seed(7)  # the data is still here: an id is not given twice
    assert not set(talk()[::4]) & set(other[::4])


@pytest.mark.parametrize("database", [":memory:", "file"])
def test_reset_goes_back_to_the_start(tmp_path: Path, database: str) -> None:
    path = database if database == ":memory:" else str(tmp_path / "a.db")
    with LocalServer(path, faults=["status=500"]) as server:
        server.handle("GET", THREAD, KEY, b"")
        server.add_thread("thread_new")
        server.faults.add("reset")
        server.clock.freeze(NOW)
        server.reset()
        assert [thread["id"] for thread in server.threads()] == ["thread_abc123"]
        assert len(server.messages("thread_abc123")) == 2
        assert server.requests == []
        assert server.faults.struck == {}
        assert [(str(fault), used) for fault, used in server.faults.plan()] == [("status=500", 0)]
        assert not server.clock.is_frozen

        server.add_thread("thread_seed")
        server.put_file({"id": "file-1", "object": "file", "created_at": 1}, b"seed")
        server.mark_start()
        server.add_thread("thread_later")
        server.handle("DELETE", "/threads/thread_seed", KEY, b"")
        server.faults.clear()
        server.reset()
        ids = [thread["id"] for thread in server.threads()]
        assert ids == ["thread_abc123", "thread_seed"]
        server.faults.clear()
        assert server.handle("GET", "/files/file-1/content", KEY, b"").body == b"seed"


def test_snapshot_and_restore(server: LocalServer, http: httpx.Client) -> None:
    begin_run(server)
    before = [
        control(http, "GET", f"threads/thread_abc123/{kind}") for kind in ("messages", "runs")
    ]
    snapshot = http.post("/_laplas/snapshot")
    assert snapshot.headers["content-type"] == "application/vnd.sqlite3"
    server.add_thread("thread_new")
    ok(server, "DELETE", THREAD)
    number = control(http, "GET", "health")["last_change"]
    assert control(http, "POST", "restore", content=snapshot.content)["last_change"] == number + 1
    after = [control(http, "GET", f"threads/thread_abc123/{kind}") for kind in ("messages", "runs")]
    assert after == before
    assert [thread["id"] for thread in server.threads()] == ["thread_abc123"]
    broken = [b"", b"nonsense", snapshot.content[:5000], b"SQLite format 3\0" + bytes(5000)]
    for content in broken:
        status, param, _ = error_of(http.post("/_laplas/restore", content=content))
        assert (status, param) == (400, "snapshot")
    assert [thread["id"] for thread in server.threads()] == ["thread_abc123"]
    with LocalServer(examples=False) as other:
        other.restore(server.snapshot())
        assert other.messages("thread_abc123") == server.messages("thread_abc123")


def test_lists_have_pages_and_messages_come_in_the_assistants_place(
    server: LocalServer, http: httpx.Client
) -> None:
    for number in range(3):
        server.add_thread(f"thread_{number}", created_at=NOW + 10**9 + number)
    first = control(http, "GET", "threads?limit=2")
    assert [each["thread"]["id"] for each in first["data"]] == ["thread_2", "thread_1"]
    assert first["has_more"]
    rest = control(http, "GET", "threads?after=thread_1")
    assert [each["thread"]["id"] for each in rest["data"]] == ["thread_0", "thread_abc123"]
    assert rest["data"][1]["messages"] == 2
    assert "computer" in rest["data"][1]["last"] or "question" in rest["data"][1]["last"]
    assert error_of(http.get("/_laplas/threads?after=thread_9"))[:2] == (404, "after")
    assert error_of(http.get("/_laplas/threads/thread_9/messages"))[0] == 404

    path = "threads/thread_0/messages"
    said = control(http, "POST", path, json={"content": "Good day."})
    assert said["role"] == "assistant"
    parts = [{"type": "refusal", "refusal": "No."}]
    control(http, "POST", path, json={"content": parts, "role": "user"})
    assert [message["content"] for message in server.messages("thread_0")][1] == parts
    for body in ({}, {"content": ""}, {"content": [1]}, {"content": "x", "role": "system"}):
        assert error_of(http.post(f"/_laplas/{path}", json=body))[0] == 400
    assert len(server.messages("thread_0")) == 2
    server.put_file({"id": "file-1", "object": "file", "created_at": 1}, b"x")
    assert [each["id"] for each in control(http, "GET", "files")["data"]] == ["file-1"]
    assert [each["id"] for each in control(http, "GET", "assistants")["data"]] == ["asst_abc123"]


def changes(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    return (json.loads(line[6:]) for line in lines if line.startswith("data: "))


def test_events_tell_what_changed(server: LocalServer, http: httpx.Client) -> None:
    known = control(http, "GET", "health")["last_change"]
    with http.stream("GET", f"/_laplas/events?after={known}") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        told = changes(stream.iter_lines())
        message = ok(server, "POST", MESSAGES, {"role": "user", "content": "Hello"})
        assert {**next(told), "number": 0} == {
            "number": 0,
            "kind": "thread.message",
            "id": message["id"],
            "thread_id": "thread_abc123",
        }
        assert next(told)["kind"] == "requests"
        server.reset()
        kinds = [each["kind"] for each in itertools.takewhile(
            lambda each: each["kind"] != "everything", told)]  # fmt: skip
        assert "seed" in kinds
    # After an error nothing is told, for nothing happened.
    number = control(http, "GET", "health")["last_change"]
    with pytest.raises(LookupError):
        server.put_many([{"id": "thread_x", "object": "thread", "created_at": 1}, {}])
    assert control(http, "GET", "health")["last_change"] == number
    # One who missed too much, or knew an earlier server, is told so.
    for after in (number + 5000, 0):
        server.put_many(
            {"id": f"thread_{n}", "object": "thread", "created_at": 1} for n in range(1001)
        )
        with http.stream("GET", "/_laplas/events", headers={"Last-Event-ID": str(after)}) as stream:
            assert next(changes(stream.iter_lines()))["kind"] == "everything"


def test_who_is_told_sees_the_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connection to the file has it by then."""
    seen: list[int] = []
    with (
        LocalServer(str(tmp_path / "a.db"), examples=False) as server,
        LocalServer(str(tmp_path / "a.db"), read_only=True) as other,
    ):
        count = lambda *_: seen.append(len(other.threads()))  # noqa: E731
        monkeypatch.setattr(server._store, "_publish", count)
        server.put_many(
            {"id": f"thread_{n}", "object": "thread", "created_at": 1} for n in range(3)
        )
    assert seen == [3, 3, 3]


def test_a_step_that_fails_leaves_nothing(server: LocalServer) -> None:
    """Also where its first change is inside of an inner step, as with the parts of a seed."""

    def fail() -> None:
        with server._store.transaction():
            server.add_thread("thread_half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [thread["id"] for thread in server.threads()] == ["thread_abc123"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "example.com"},
    ],
)
@pytest.mark.parametrize("path", ["requests", "reset", "events"])
def test_other_pages_are_refused(
    server: LocalServer, http: httpx.Client, headers: dict[str, str], path: str
) -> None:
    server.add_thread("thread_kept")
    method = "POST" if path == "reset" else "GET"
    assert error_of(http.request(method, f"/_laplas/{path}", headers=headers))[0] == 403
    assert len(server.threads()) == 2


def test_the_own_page_is_let_in(http: httpx.Client) -> None:
    own = {"Origin": str(http.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    assert control(http, "POST", "reset", headers=own)["status"] == "ok"


def test_other_machines_are_refused(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is made up, for tests reach this machine only."""
    monkeypatch.setattr("laplas.local._http._peer_of", lambda _: "192.0.2.1")
    for path in ("/", "/_laplas/health", "/_laplas/events"):
        answer = http.get(path)
        assert error_of(answer)[::2] == (403, "Only this machine may use /_laplas/.")
    assert http.get(THREAD, headers=KEY).status_code == 200


def test_a_read_only_server_is_looked_at_only() -> None:
    with (
        LocalServer(read_only=True) as server,
        running(server) as url,
        httpx.Client(base_url=url, trust_env=False) as http,
    ):
        for path in ("reset", "restore", "threads/thread_1/messages"):
            assert error_of(http.post(f"/_laplas/{path}"))[0] == 403
        assert control(http, "GET", "health")["read_only"]
        assert http.post("/_laplas/snapshot").status_code == 200
        server.reset()
        assert server.threads() == []
