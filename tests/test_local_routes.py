"""What the embedded server accepts, refuses, keeps and forgets; without a socket."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from laplas.local import LocalServer

KEY = {"Authorization": "Bearer any-key"}
THREAD = "/threads/thread_abc123"
MESSAGES = f"{THREAD}/messages"
MESSAGE = f"{MESSAGES}/msg_abc123"
HELLO = {"role": "user", "content": "hello"}


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as opened:
        yield opened


def call(server: LocalServer, method: str, target: str, body: Any = None) -> tuple[int, Any]:
    """Send `body` (bytes as they are, anything else as JSON); return status and parsed answer."""
    if not isinstance(body, bytes):
        body = b"" if body is None else json.dumps(body).encode()
    response = server.handle(method, target, KEY, body)
    return response.status, json.loads(response.body)


def ok(server: LocalServer, method: str, target: str, body: Any = None) -> Any:
    status, answer = call(server, method, target, body)
    assert status == 200, answer
    return answer


def refused(server: LocalServer, method: str, target: str, body: Any = None) -> tuple[int, Any]:
    status, answer = call(server, method, target, body)
    assert list(answer) == ["error"]
    assert list(answer["error"]) == ["message", "type", "param", "code"]
    assert answer["error"]["type"] == "invalid_request_error"
    return status, answer["error"]


def numbered(server: LocalServer, count: int) -> tuple[str, list[str]]:
    """Add a thread with `count` messages of one second; return its list path and their ids."""
    thread_id = server.add_thread()["id"]
    added = [server.add_message(thread_id, str(n), created_at=1_700_000_000) for n in range(count)]
    return f"/threads/{thread_id}/messages", [message["id"] for message in added]


def listed(server: LocalServer, target: str) -> tuple[list[str], bool]:
    page = ok(server, "GET", target)
    ids = [message["id"] for message in page["data"]]
    assert list(page) == ["object", "data", "first_id", "last_id", "has_more"]
    assert page["object"] == "list"
    assert (page["first_id"], page["last_id"]) == ((ids[0], ids[-1]) if ids else (None, None))
    return ids, page["has_more"]


# --- life of threads and messages ----------------------------------------------------------------


def test_examples_are_there_unless_refused() -> None:
    with LocalServer() as server:
        assert listed(server, MESSAGES) == (["msg_abc123", "msg_abc12"], False)
    with LocalServer(examples=False) as server:
        assert call(server, "GET", THREAD)[0] == 404


def test_thread_lives_and_dies_with_its_messages(server: LocalServer) -> None:
    created = ok(server, "POST", "/threads", {"messages": [HELLO], "metadata": {"a": "1"}})
    path = f"/threads/{created['id']}"
    assert re.fullmatch("thread_[A-Za-z0-9]{24}", created["id"])
    assert isinstance(created["created_at"], int)
    (message,) = server.messages(created["id"])
    updated = ok(server, "POST", path, {"metadata": {"b": "2"}})
    assert updated == created | {"metadata": {"b": "2"}}
    assert ok(server, "DELETE", path) == {
        "id": created["id"],
        "object": "thread.deleted",
        "deleted": True,
    }
    assert server.messages(created["id"]) == []
    for method, target in [
        ("GET", path),
        ("POST", path),
        ("DELETE", path),
        ("GET", f"{path}/messages"),
        ("GET", f"{path}/messages/{message['id']}"),
        ("DELETE", f"{path}/messages/{message['id']}"),
    ]:
        status, error = refused(server, method, target)
        assert status == 404
        assert error["message"] == f"No thread found with id '{created['id']}'."


def test_message_lives_and_dies(server: LocalServer) -> None:
    created = ok(server, "POST", MESSAGES, {**HELLO, "metadata": {"a": "1"}})
    path = f"{MESSAGES}/{created['id']}"
    assert re.fullmatch("msg_[A-Za-z0-9]{24}", created["id"])
    assert ok(server, "GET", path) == created
    assert server.messages("thread_abc123")[-1] == created
    assert ok(server, "POST", path, {"metadata": {}})["metadata"] == {}
    assert ok(server, "DELETE", path) == {
        "id": created["id"],
        "object": "thread.message.deleted",
        "deleted": True,
    }
    for method in ("GET", "POST", "DELETE"):
        status, error = refused(server, method, path, {"metadata": {}})
        assert status == 404
        assert error["message"] == f"No message found with id '{created['id']}'."
        assert (error["param"], error["code"]) == (None, None)


def test_a_message_is_found_in_its_own_thread_only(server: LocalServer) -> None:
    other = server.add_thread()["id"]
    for method in ("GET", "POST", "DELETE"):
        path = f"/threads/{other}/messages/msg_abc123"
        assert refused(server, method, path, {"metadata": {}})[0] == 404
    assert ok(server, "GET", MESSAGE)["id"] == "msg_abc123"


def test_null_changes_nothing_and_a_thread_needs_no_field(server: LocalServer) -> None:
    ok(server, "POST", MESSAGE, {"metadata": {"a": "1"}})
    assert ok(server, "POST", MESSAGE, {"metadata": None})["metadata"] == {"a": "1"}
    ok(server, "POST", THREAD, {"metadata": {"b": "2"}})
    for body in ({}, {"metadata": None}, None):
        assert ok(server, "POST", THREAD, body)["metadata"] == {"b": "2"}


def test_content_parts_come_back_in_the_shape_of_answers(server: LocalServer) -> None:
    """Text becomes an object; images stay as they were sent, without an invented `detail`."""
    images: list[Any] = [
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
        {"type": "image_file", "image_file": {"file_id": "file-1"}},
    ]
    sent = [{"type": "text", "text": "héllo 🌍 \\u0000"}, *images]
    created = ok(server, "POST", MESSAGES, {"role": "assistant", "content": sent})
    text = {"type": "text", "text": {"value": "héllo 🌍 \\u0000", "annotations": []}}
    assert created["content"] == [text, *images]
    assert created["role"] == "assistant"


def test_thread_resources(server: LocalServer) -> None:
    """Kept as sent, except that a vector store to create becomes its id."""
    files = {"code_interpreter": {"file_ids": ["file-1"]}}
    created = ok(server, "POST", "/threads", {"tool_resources": files})
    assert ok(server, "GET", f"/threads/{created['id']}")["tool_resources"] == files
    stores = {"file_search": {"vector_stores": [{"file_ids": ["file-1"]}]}}
    created = ok(server, "POST", "/threads", {"tool_resources": stores})
    (store_id,) = created["tool_resources"]["file_search"].pop("vector_store_ids")
    assert created["tool_resources"] == {"file_search": {}}
    assert store_id.startswith("vs_")


def test_a_refused_request_leaves_nothing_behind(server: LocalServer) -> None:
    before = server.messages("thread_abc123")
    refused(server, "POST", MESSAGES, {"role": "user"})
    refused(server, "POST", MESSAGE, {"metadata": {"a": 1}})
    assert server.messages("thread_abc123") == before


def test_file_database_survives_and_memory_does_not(tmp_path: Path) -> None:
    file = str(tmp_path / "laplas.db")
    with LocalServer(file) as server:
        ok(server, "DELETE", MESSAGE)
        ok(server, "POST", MESSAGES, HELLO)
        kept = server.messages("thread_abc123")
    with LocalServer(file) as server:
        assert server.messages("thread_abc123") == kept
    with LocalServer() as server:
        assert server.messages("thread_abc123") != kept


def test_a_file_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """It had three tables, one with an id twice that is no clash."""
    file = tmp_path / "laplas.db"
    thread = {"id": "t", "object": "thread", "created_at": 1, "tool_resources": {"x": {}}}
    messages = [{"id": id_, "object": "thread.message", "run_id": "r"} for id_ in ("t", "m")]
    run = {"id": "r", "object": "thread.run", "status": "completed"}
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript("""
            CREATE TABLE threads (id, document);
            CREATE TABLE messages (seq INTEGER PRIMARY KEY, id, thread_id, run_id, created_at,
                document);
            CREATE TABLE objects (seq INTEGER PRIMARY KEY, id, kind, parent, created_at, moving,
                document);""")
        database.execute("INSERT INTO threads VALUES ('t', ?)", [json.dumps(thread)])
        for message in messages:
            database.execute(
                "INSERT INTO messages VALUES (NULL, ?, 't', 'r', 1, ?)",
                [message["id"], json.dumps(message)],
            )
        database.execute(
            "INSERT INTO objects VALUES (NULL, 'r', 'thread.run', 't', 1, 0, ?)", [json.dumps(run)]
        )
    for _ in range(2):
        with LocalServer(str(file), examples=False) as server:
            assert ok(server, "GET", "/threads/t") == thread
            assert ok(server, "GET", "/threads/t/messages?run_id=r")["data"] == messages[::-1]
            assert ok(server, "GET", "/threads/t/runs/r") == run


@pytest.mark.parametrize("database", [":memory:", "laplas.db"])
def test_concurrent_creates_lose_nothing(tmp_path: Path, database: str) -> None:
    if database != ":memory:":
        database = str(tmp_path / database)
    with LocalServer(database, examples=False) as server, ThreadPoolExecutor(8) as pool:
        server.add_thread("t")
        body = {"role": "user", "content": "x"}
        made = pool.map(lambda _: ok(server, "POST", "/threads/t/messages", body), range(80))
        ids = {message["id"] for message in made}
        assert len(ids) == 80
        assert {message["id"] for message in server.messages("t")} == ids


# --- seeding -------------------------------------------------------------------------------------


def test_any_recorded_shape_can_be_seeded(server: LocalServer) -> None:
    """Parts of answers, extra fields and missing fields come back as they were given."""
    parts = [{"type": "refusal", "refusal": "No."}]
    server.add_message(
        "thread_abc123",
        parts,
        role="assistant",
        message_id="m",
        assistant_id="asst_1",
        run_id="run_1",
        created_at=1,
        omit=("attachments",),
        status="completed",
    )
    assert ok(server, "GET", f"{MESSAGES}/m") == {
        "id": "m",
        "object": "thread.message",
        "created_at": 1,
        "assistant_id": "asst_1",
        "thread_id": "thread_abc123",
        "run_id": "run_1",
        "role": "assistant",
        "content": parts,
        "metadata": {},
        "status": "completed",
    }
    thread = server.add_thread("old", created_at=5, metadata={"a": "b"}, omit=("tool_resources",))
    assert ok(server, "GET", "/threads/old") == thread
    assert thread == {"id": "old", "object": "thread", "created_at": 5, "metadata": {"a": "b"}}


def test_seeding_refuses_taken_ids_and_missing_threads(server: LocalServer) -> None:
    with pytest.raises(ValueError, match="thread_abc123"):
        server.add_thread("thread_abc123")
    with pytest.raises(ValueError, match="msg_abc123"):
        server.add_message("thread_abc123", "again", message_id="msg_abc123")
    with pytest.raises(LookupError, match="nowhere"):
        server.add_message("nowhere", "hello")


def test_seeded_times_decide_the_order(server: LocalServer) -> None:
    path, (first,) = numbered(server, 1)
    thread_id = path.split("/")[2]
    earlier = server.add_message(thread_id, "earlier", created_at=1_600_000_000)["id"]
    assert listed(server, f"{path}?order=asc")[0] == [earlier, first]
    assert [message["id"] for message in server.messages(thread_id)] == [earlier, first]


# --- pages ---------------------------------------------------------------------------------------

# Queries on messages 0..4 of one second; "{n}" is the id of message n.
PAGES = [
    ("", "43210", False),
    ("order=asc", "01234", False),
    ("limit=2", "43", True),
    ("limit=5", "43210", False),
    ("limit=2&after={3}", "21", True),
    ("limit=2&after={2}", "10", False),
    ("after={0}", "", False),
    ("order=asc&limit=2&after={1}", "23", True),
    ("order=asc&after={4}", "", False),
    ("limit=2&before={0}", "21", True),
    ("limit=2&before={2}", "43", False),
    ("before={4}", "", False),
    ("order=asc&limit=2&before={4}", "23", True),
    ("order=asc&limit=3&before={3}", "012", False),
    ("after={4}&before={1}", "32", False),
    ("limit=1&after={4}&before={1}", "3", True),
    ("order=asc&after={0}&before={4}", "123", False),
    ("after={1}&before={4}", "", False),
]


@pytest.mark.parametrize(("query", "expected", "has_more"), PAGES)
def test_pages_of_one_second(
    server: LocalServer, query: str, expected: str, has_more: bool
) -> None:
    path, ids = numbered(server, 5)
    found = listed(server, f"{path}?{query.format(*ids)}")
    assert found == ([ids[int(digit)] for digit in expected], has_more)


def test_default_page_holds_20_and_the_largest_100(server: LocalServer) -> None:
    path, ids = numbered(server, 101)
    assert listed(server, path) == (ids[:-21:-1], True)
    assert listed(server, f"{path}?limit=100") == (ids[:0:-1], True)


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_following_pages_meet_every_message_once(
    server: LocalServer, order: str, limit: int
) -> None:
    path, ids = numbered(server, 7)
    seen: list[str] = []
    more = True
    while more:
        after = f"&after={seen[-1]}" if seen else ""
        page, more = listed(server, f"{path}?order={order}&limit={limit}{after}")
        seen += page
    assert seen == (ids if order == "asc" else ids[::-1])


def test_run_id_filters_and_pages(server: LocalServer) -> None:
    thread_id = server.add_thread()["id"]
    path = f"/threads/{thread_id}/messages"
    runs = ["run_1", None, "run_2", "run_1", "run_1"]
    ids = [server.add_message(thread_id, "x", run_id=run)["id"] for run in runs]
    assert listed(server, f"{path}?run_id=run_1") == ([ids[4], ids[3], ids[0]], False)
    assert listed(server, f"{path}?run_id=run_1&limit=1&after={ids[4]}") == ([ids[3]], True)
    assert listed(server, f"{path}?run_id=run_1&order=asc&after={ids[1]}") == (ids[3:], False)
    assert listed(server, f"{path}?run_id=run_3") == ([], False)


@pytest.mark.parametrize("cursor", ["after", "before"])
def test_a_cursor_must_be_a_message_of_the_thread(server: LocalServer, cursor: str) -> None:
    _, (elsewhere,) = numbered(server, 1)
    ok(server, "DELETE", MESSAGE)
    for message_id in ("msg_unknown", elsewhere, "msg_abc123"):
        status, error = refused(server, "GET", f"{MESSAGES}?{cursor}={message_id}")
        assert status == 404
        assert error["message"] == f"No message found with id '{message_id}'."


# --- refusals ------------------------------------------------------------------------------------

BAD_QUERIES = [
    ("limit=0", "limit", "integer_below_min_value"),
    ("limit=-1", "limit", "integer_below_min_value"),
    ("limit=101", "limit", "integer_above_max_value"),
    ("limit=" + "9" * 3000, "limit", "integer_above_max_value"),
    ("limit=" + "9" * 9000, "limit", "invalid_type"),
    ("limit=ten", "limit", "invalid_type"),
    ("limit=1.0", "limit", "invalid_type"),
    ("limit=%D9%A3", "limit", "invalid_type"),
    ("limit=", "limit", "invalid_type"),
    ("order=up", "order", "invalid_value"),
    ("order=", "order", "invalid_value"),
    ("page=2", "page", "unknown_parameter"),
    ("limit=5&Order=asc", "Order", "unknown_parameter"),
]


@pytest.mark.parametrize(("query", "param", "code"), BAD_QUERIES)
def test_bad_queries(server: LocalServer, query: str, param: str, code: str) -> None:
    status, error = refused(server, "GET", f"{MESSAGES}?{query}")
    assert (status, error["param"], error["code"]) == (400, param, code)


def test_metadata_at_its_limits(server: LocalServer) -> None:
    """Lengths count characters, not bytes."""
    metadata = {f"{n:02}" + "é" * 62: "🌍" * 512 for n in range(16)}
    assert ok(server, "POST", MESSAGE, {"metadata": metadata})["metadata"] == metadata
    assert ok(server, "GET", MESSAGE)["metadata"] == metadata


@pytest.mark.parametrize("url", ["not a url", "http://["])
def test_an_image_needs_a_url(server: LocalServer, url: str) -> None:
    """The document does not say so. Also in a new thread, and in one with a run."""
    image = {"type": "image_url", "image_url": {"url": url}}
    body = {"role": "user", "content": [{"type": "text", "text": "x"}, image]}
    thread = {"messages": [HELLO, body]}
    run = {"assistant_id": "asst_abc123"}
    for path, sent, where in [
        (MESSAGES, body, ""),
        ("/threads", thread, "messages[1]."),
        ("/threads/runs", {**run, "thread": thread}, "thread.messages[1]."),
        (f"{THREAD}/runs", {**run, "additional_messages": [body]}, "additional_messages[0]."),
    ]:
        status, error = refused(server, "POST", path, sent)
        param = f"{where}content[1].image_url.url"
        assert (status, error["param"], error["code"]) == (400, param, "invalid_value")
        assert error["message"] == f"Invalid '{param}': expected a valid URL."
    assert len(server.messages("thread_abc123")) == 2


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe",
        b'{"role": "user", "content": "\xff"}',
        b'{"role": "user", "content": "\\ud800"}',
        b'{"role": "user", "content": "a\\u0000b"}',
        b'{"role": "user", "content": "a\x00b"}',
        *(b'{"role": "user", "content": %b}' % n for n in (b"NaN", b"-Infinity", b"1e999")),
        b'{"role": "user", "content": ' + b"9" * 5000 + b"}",
        b'{"role": "user", "content": ' + b"[" * 100_000,
        b'{"role": "user", "content": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"\\ud800": 1}',
        b"[]",
        b"null",
        b'"text"',
        b"\xef\xbb\xbf{}",
    ],
)
def test_bodies_that_are_no_message(server: LocalServer, body: bytes) -> None:
    before = server.messages("thread_abc123")
    assert refused(server, "POST", MESSAGES, body)[0] == 400
    assert server.messages("thread_abc123") == before


# --- routes and keys -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [THREAD, MESSAGES, MESSAGE])
def test_paths_work_with_and_without_v1(server: LocalServer, path: str) -> None:
    assert ok(server, "GET", f"/v1{path}") == ok(server, "GET", path)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "/",
        "/v1",
        "*",
        "threads",
        "/thread",
        "/v1/v1/threads",
        "/v2/threads",
        "/threads/",
        "/threads//messages",
        f"{THREAD}/",
        f"{MESSAGES}/",
        f"{MESSAGE}/files",
        f"{THREAD}/runs/run_1/files",
        "/threads/thread_abc123%2Fmessages/x",
    ],
)
def test_unknown_routes(server: LocalServer, target: str) -> None:
    status, error = refused(server, "GET", target)
    assert status == 404
    assert error["message"] == f"Invalid URL (GET {target})"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/threads", "POST"),
        ("PUT", THREAD, "GET, POST, DELETE"),
        ("DELETE", MESSAGES, "POST, GET"),
        ("PATCH", MESSAGE, "GET, POST, DELETE"),
        ("get", MESSAGE, "GET, POST, DELETE"),
    ],
)
def test_wrong_methods(server: LocalServer, method: str, path: str, allow: str) -> None:
    response = server.handle(method, path, KEY, b"")
    assert response.status == 405
    assert dict(response.headers)["allow"] == allow
    assert refused(server, method, path)[1]["message"] == f"Not allowed to {method} on {path}."


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer  "},
        {"Authorization": "Basic eDp5"},
        {"X-Api-Key": "Bearer key"},
    ],
)
def test_a_missing_key_is_a_401(server: LocalServer, headers: dict[str, str]) -> None:
    response = server.handle("GET", THREAD, headers, b"")
    error = json.loads(response.body)["error"]
    assert response.status == 401
    assert dict(response.headers)["www-authenticate"].startswith("Bearer")
    assert "API key" in error["message"]
    assert list(error) == ["message", "type", "param", "code"]


@pytest.mark.parametrize("name", ["authorization", "Authorization", "AUTHORIZATION"])
def test_any_key_will_do(server: LocalServer, name: str) -> None:
    assert server.handle("GET", THREAD, {name: "bearer x"}, b"").status == 200


def test_every_answer_has_the_recorded_headers(server: LocalServer) -> None:
    for target in (THREAD, "/nowhere"):
        headers = dict(server.handle("GET", target, KEY, b"").headers)
        assert list(headers) == [
            "content-type",
            "openai-version",
            "x-request-id",
            "openai-processing-ms",
        ]
        assert headers["content-type"] == "application/json"
        assert re.fullmatch("req_[0-9a-f]{32}", headers["x-request-id"])
        assert headers["openai-processing-ms"].isdigit()


def test_ids_are_percent_decoded(server: LocalServer) -> None:
    odd = "a/b ?#%é🌍+"
    server.add_thread(odd)
    server.add_message(odd, "hi", message_id=odd)
    path = f"/threads/{quote(odd, safe='')}/messages"
    assert ok(server, "GET", f"{path}/{quote(odd, safe='')}")["id"] == odd
    assert listed(server, f"{path}?after={quote(odd, safe='')}") == ([], False)


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/threads/\ud800"),
        ("GET", f"{MESSAGES}?after=\ud800"),
        ("GET", f"{MESSAGES}?run_id=\ud800"),
        ("GET", "/threads/%ed%a0%80"),
        ("GET", "/threads/\0"),
        ("\ud800", "/threads"),
    ],
)
def test_text_that_cannot_be_encoded(server: LocalServer, method: str, target: str) -> None:
    response = server.handle(method, target, KEY, b"")
    assert response.status in (200, 404, 405)
    assert json.loads(response.body.decode("utf-8"))


# --- anything at all -----------------------------------------------------------------------------

words = st.sampled_from(["/", "v1", "threads", "thread_abc123", "messages", "msg_abc123", ".."])
query = st.sampled_from(["?", "&", "limit=", "after=", "before=", "order=asc", "run_id=", "9" * 30])
odd = st.sampled_from(["%", "%00", "%ff", "%2F", "%ed%a0%80", "\ud800", "\0"]) | st.text(max_size=3)
targets = st.text() | st.lists(words | query | odd, max_size=12).map("".join)
routed = st.sampled_from(["/threads", THREAD, MESSAGES, MESSAGE])
methods = st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD"]) | st.text(max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    ["role", "content", "metadata", "attachments", "messages", "tool_resources", "type", "text"]
)
near = values | st.recursive(
    values | st.sampled_from(["user", "text", "image_url", "file_search"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
bodies = st.binary() | near.map(lambda value: json.dumps(value).encode())
header_sets = st.just(KEY) | st.dictionaries(st.text(), st.text(), max_size=2)


@settings(max_examples=250, deadline=None)
@given(method=methods, target=targets | routed, headers=header_sets, body=bodies)
def test_no_input_raises_or_answers_500(
    method: str, target: str, headers: dict[str, str], body: bytes
) -> None:
    with LocalServer() as server:
        response = server.handle(method, target, headers, body)
        assert 200 <= response.status < 500
        answer = json.loads(response.body)
        assert ("error" in answer) == (response.status >= 400)
