"""What the embedded server accepts, refuses, keeps and forgets; without a socket."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
        status, error = refused(server, method, path)
        assert status == 404
        assert error["message"] == f"No message found with id '{created['id']}'."
        assert (error["param"], error["code"]) == (None, None)


def test_a_message_is_found_in_its_own_thread_only(server: LocalServer) -> None:
    other = server.add_thread()["id"]
    for method in ("GET", "POST", "DELETE"):
        assert refused(server, method, f"/threads/{other}/messages/msg_abc123")[0] == 404
    assert ok(server, "GET", MESSAGE)["id"] == "msg_abc123"


@pytest.mark.parametrize("body", [{}, {"metadata": None}, None])
def test_update_without_metadata_changes_nothing(server: LocalServer, body: Any) -> None:
    ok(server, "POST", MESSAGE, {"metadata": {"a": "1"}})
    assert ok(server, "POST", MESSAGE, body)["metadata"] == {"a": "1"}
    ok(server, "POST", THREAD, {"metadata": {"b": "2"}})
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
    for message_id in ("msg_unknown", elsewhere, "msg_abc123", ""):
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


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/threads"),
        ("GET", THREAD),
        ("POST", THREAD),
        ("DELETE", THREAD),
        ("POST", MESSAGES),
        ("GET", MESSAGE),
        ("POST", MESSAGE),
        ("DELETE", MESSAGE),
    ],
)
def test_other_operations_know_no_query(server: LocalServer, method: str, path: str) -> None:
    status, error = refused(server, method, f"{path}?limit=5", HELLO)
    assert (status, error["param"], error["code"]) == (400, "limit", "unknown_parameter")
    assert ok(server, "GET", MESSAGE)


BAD_METADATA = [
    ("text", "metadata", "invalid_type"),
    ([], "metadata", "invalid_type"),
    ({"a": True}, "metadata.a", "invalid_type"),
    ({"a": 1}, "metadata.a", "invalid_type"),
    ({"a": 1.5}, "metadata.a", "invalid_type"),
    ({"a": None}, "metadata.a", "invalid_type"),
    ({"a": []}, "metadata.a", "invalid_type"),
    ({"a": {}}, "metadata.a", "invalid_type"),
    ({str(n): "" for n in range(17)}, "metadata", "object_above_max_properties"),
    ({"k" * 65: ""}, "metadata." + "k" * 65, "property_name_above_max_length"),
    ({"k": "v" * 513}, "metadata.k", "string_above_max_length"),
]


@pytest.mark.parametrize(("metadata", "param", "code"), BAD_METADATA)
@pytest.mark.parametrize("path", ["/threads", THREAD, MESSAGES, MESSAGE])
def test_bad_metadata(server: LocalServer, path: str, metadata: Any, param: str, code: str) -> None:
    body = {"metadata": metadata} | (HELLO if path == MESSAGES else {})
    status, error = refused(server, "POST", path, body)
    assert (status, error["param"], error["code"]) == (400, param, code)


def test_metadata_wording_is_the_recorded_one(server: LocalServer) -> None:
    _, error = refused(server, "POST", MESSAGE, {"metadata": {"modified": True}})
    assert error["message"] == (
        "Invalid type for 'metadata.modified': expected a string, but got a boolean instead."
    )


def test_metadata_at_its_limits(server: LocalServer) -> None:
    """Lengths count characters, not bytes."""
    metadata = {f"{n:02}" + "é" * 62: "🌍" * 512 for n in range(16)}
    assert ok(server, "POST", MESSAGE, {"metadata": metadata})["metadata"] == metadata
    assert ok(server, "GET", MESSAGE)["metadata"] == metadata


def parts(*items: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(items)}


def attached(*items: Any) -> dict[str, Any]:
    return {**HELLO, "attachments": list(items)}


BAD_MESSAGES: list[tuple[Any, str, str]] = [
    ({"content": "x"}, "role", "missing_required_parameter"),
    ({"role": "user"}, "content", "missing_required_parameter"),
    ({**HELLO, "role": "system"}, "role", "invalid_value"),
    ({**HELLO, "role": None}, "role", "invalid_type"),
    ({**HELLO, "extra": 1}, "extra", "unknown_parameter"),
    ({**HELLO, "file_ids": []}, "file_ids", "unknown_parameter"),
    ({**HELLO, "content": ""}, "content", "empty_string"),
    ({**HELLO, "content": []}, "content", "empty_array"),
    ({**HELLO, "content": None}, "content", "invalid_type"),
    ({**HELLO, "content": 7}, "content", "invalid_type"),
    ({**HELLO, "content": {}}, "content", "invalid_type"),
    (parts("text"), "content[0]", "invalid_type"),
    (parts({}), "content[0].type", "missing_required_parameter"),
    (parts({"type": "audio"}), "content[0].type", "invalid_value"),
    (parts({"type": "refusal", "refusal": "No."}), "content[0].type", "invalid_value"),
    (parts({"type": "text"}), "content[0].text", "missing_required_parameter"),
    (parts({"type": "text", "text": {"value": "x"}}), "content[0].text", "invalid_type"),
    (parts({"type": "text", "text": ""}), "content[0].text", "empty_string"),
    (parts({"type": "text", "text": "x", "id": 1}), "content[0].id", "unknown_parameter"),
    (
        parts({"type": "text", "text": "x"}, {"type": "image_url", "image_url": "https://x"}),
        "content[1].image_url",
        "invalid_type",
    ),
    (
        parts({"type": "image_url", "image_url": {}}),
        "content[0].image_url.url",
        "missing_required_parameter",
    ),
    (
        parts({"type": "image_url", "image_url": {"url": "not a url"}}),
        "content[0].image_url.url",
        "invalid_value",
    ),
    (
        parts({"type": "image_url", "image_url": {"url": "http://["}}),
        "content[0].image_url.url",
        "invalid_value",
    ),
    (
        parts({"type": "image_file", "image_file": {"file_id": "f", "detail": "huge"}}),
        "content[0].image_file.detail",
        "invalid_value",
    ),
    ({**HELLO, "attachments": {}}, "attachments", "invalid_type"),
    (attached("file-1"), "attachments[0]", "invalid_type"),
    (attached({"id": "file-1"}), "attachments[0].id", "unknown_parameter"),
    (attached({"file_id": 1}), "attachments[0].file_id", "invalid_type"),
    (attached({"tools": {}}), "attachments[0].tools", "invalid_type"),
    (attached({"tools": [{}]}), "attachments[0].tools[0].type", "missing_required_parameter"),
    (
        attached({"tools": [{"type": "function"}]}),
        "attachments[0].tools[0].type",
        "invalid_value",
    ),
]


@pytest.mark.parametrize(("body", "param", "code"), BAD_MESSAGES)
def test_bad_messages(server: LocalServer, body: Any, param: str, code: str) -> None:
    """Alone and inside of a new thread."""
    status, error = refused(server, "POST", MESSAGES, body)
    assert (status, error["param"], error["code"]) == (400, param, code)
    assert param in error["message"] or code == "invalid_value"
    status, error = refused(server, "POST", "/threads", {"messages": [HELLO, body]})
    assert (status, error["param"], error["code"]) == (400, f"messages[1].{param}", code)


def test_role_wording_names_the_choices(server: LocalServer) -> None:
    _, error = refused(server, "POST", MESSAGES, {**HELLO, "role": "human"})
    expected = "Invalid value: 'human'. Supported values are: 'user' and 'assistant'."
    assert error["message"] == expected


def interpreter(count: int) -> dict[str, Any]:
    return {"code_interpreter": {"file_ids": ["file-1"] * count}}


BAD_THREADS: list[tuple[Any, str, str]] = [
    ({"extra": 1}, "extra", "unknown_parameter"),
    ({"tool_resources": []}, "tool_resources", "invalid_type"),
    ({"tool_resources": {"x": {}}}, "tool_resources.x", "unknown_parameter"),
    (
        {"tool_resources": interpreter(21)},
        "tool_resources.code_interpreter.file_ids",
        "array_above_max_length",
    ),
    (
        {"tool_resources": {"file_search": {"vector_store_ids": ["a", "b"]}}},
        "tool_resources.file_search.vector_store_ids",
        "array_above_max_length",
    ),
    (
        {"tool_resources": {"file_search": {"vector_store_ids": [1]}}},
        "tool_resources.file_search.vector_store_ids[0]",
        "invalid_type",
    ),
]


@pytest.mark.parametrize(("body", "param", "code"), BAD_THREADS)
@pytest.mark.parametrize("path", ["/threads", THREAD])
def test_bad_threads(server: LocalServer, path: str, body: Any, param: str, code: str) -> None:
    status, error = refused(server, "POST", path, body)
    assert (status, error["param"], error["code"]) == (400, param, code)


def test_fields_of_create_only(server: LocalServer) -> None:
    assert ok(server, "POST", "/threads", {"tool_resources": interpreter(20)})
    assert refused(server, "POST", "/threads", {"messages": {}})[1]["code"] == "invalid_type"
    stores: Any = {"tool_resources": {"file_search": {"vector_stores": [{}]}}}
    assert ok(server, "POST", "/threads", stores)
    assert refused(server, "POST", THREAD, stores)[1]["code"] == "unknown_parameter"
    assert refused(server, "POST", THREAD, {"messages": []})[1]["code"] == "unknown_parameter"


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
        b'{"role": "user", "content": NaN}',
        b'{"role": "user", "content": ' + b"9" * 5000 + b"}",
        b'{"role": "user", "content": ' + b"[" * 100_000,
        b'{"role": "user", "content": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"\\ud800": 1}',
        b"[]",
        b"null",
        b'"text"',
        b"1e999",
        b"\xef\xbb\xbf{}",
    ],
)
def test_bodies_that_are_no_message(server: LocalServer, body: bytes) -> None:
    before = server.messages("thread_abc123")
    assert refused(server, "POST", MESSAGES, body)[0] == 400
    assert server.messages("thread_abc123") == before


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have(server: LocalServer, number: str) -> None:
    """Python's own parser would take them."""
    _, error = refused(server, "POST", MESSAGE, b'{"metadata": ' + number.encode() + b"}")
    assert error["message"] == "We could not parse the JSON body of your request."


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


@settings(max_examples=150, deadline=None)
@given(method=methods, target=targets | routed, headers=header_sets, body=bodies)
def test_no_input_raises_or_answers_500(
    method: str, target: str, headers: dict[str, str], body: bytes
) -> None:
    with LocalServer() as server:
        response = server.handle(method, target, headers, body)
        assert 200 <= response.status < 500
        answer = json.loads(response.body)
        assert ("error" in answer) == (response.status >= 400)


@settings(max_examples=150, deadline=None)
@given(target=routed, body=bodies)
def test_no_body_raises_or_answers_500(target: str, body: bytes) -> None:
    with LocalServer() as server:
        assert server.handle("POST", target, KEY, body).status in (200, 400)
