"""What the embedded server accepts, refuses, keeps and forgets; without a socket."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from laplas.local import LocalServer
from laplas.local._validation import RequestError, check
from laplas_api.schemas import OPERATIONS, SCHEMAS, Operation

KEY = {"Authorization": "Bearer any-key"}
THREAD = "/threads/thread_abc123"
MESSAGES = f"{THREAD}/messages"
MESSAGE = f"{MESSAGES}/msg_abc123"
RUNS = f"{THREAD}/runs"
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
    kind = "invalid_request_error" if status < 500 else "server_error"
    assert answer["error"]["type"] == kind
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


def test_thread_lives_and_dies_with_its_messages(server: LocalServer) -> None:
    created = ok(server, "POST", "/threads", {"messages": [HELLO], "metadata": {"a": "1"}})
    id_, path = created["id"], f"/threads/{created['id']}"
    assert re.fullmatch("thread_[A-Za-z0-9]{24}", id_)
    assert isinstance(created["created_at"], int)
    (message,) = server.messages(id_)
    updated = ok(server, "POST", path, {"metadata": {"b": "2"}})
    assert updated == created | {"metadata": {"b": "2"}}
    gone = {"id": id_, "object": "thread.deleted", "deleted": True}
    assert ok(server, "DELETE", path) == gone
    assert server.messages(id_) == []
    nested = f"{path}/messages/{message['id']}"
    calls = [(method, target) for method in ("GET", "DELETE") for target in (path, nested)]
    for method, target in [*calls, ("POST", path), ("GET", f"{path}/messages")]:
        status, error = refused(server, method, target)
        assert (status, error["message"]) == (404, f"No thread found with id '{id_}'.")


def test_message_lives_and_dies(server: LocalServer) -> None:
    created = ok(server, "POST", MESSAGES, {**HELLO, "metadata": {"a": "1"}})
    id_, path = created["id"], f"{MESSAGES}/{created['id']}"
    assert re.fullmatch("msg_[A-Za-z0-9]{24}", id_)
    assert ok(server, "GET", path) == created
    assert server.messages("thread_abc123")[-1] == created
    assert ok(server, "POST", path, {"metadata": {}})["metadata"] == {}
    gone = {"id": id_, "object": "thread.message.deleted", "deleted": True}
    assert ok(server, "DELETE", path) == gone
    for method in ("GET", "POST", "DELETE"):
        status, error = refused(server, method, path, {"metadata": {}})
        assert (status, error["message"]) == (404, f"No message found with id '{id_}'.")
        assert (error["param"], error["code"]) == (None, None)
        # A message is found in its own thread only.
        other = f"/threads/{server.add_thread()['id']}/messages/msg_abc123"
        assert refused(server, method, other, {"metadata": {}})[0] == 404
    assert ok(server, "GET", MESSAGE)["id"] == "msg_abc123"


def test_null_clears_and_a_thread_needs_no_field(server: LocalServer) -> None:
    ok(server, "POST", MESSAGE, {"metadata": {"a": "1"}})
    assert ok(server, "POST", MESSAGE, {"metadata": None})["metadata"] == {}
    ok(server, "POST", THREAD, {"metadata": {"b": "2"}})
    nothing: dict[str, Any] = {}
    for body in (nothing, None):
        assert ok(server, "POST", THREAD, body)["metadata"] == {"b": "2"}
    assert ok(server, "POST", THREAD, {"metadata": None})["metadata"] == {}


def test_what_is_sent_comes_back_in_the_shape_of_answers(server: LocalServer) -> None:
    """Text becomes an object; an image gets the `detail` that counts where none is given."""
    file: dict[str, Any] = {"type": "image_file", "image_file": {"file_id": "file-1"}}
    url = {"url": "https://example.com/a.png", "detail": "low"}
    images = [{"type": "image_url", "image_url": url}, file]
    sent = [{"type": "text", "text": "héllo 🌍 \\u0000"}, *images]
    created = ok(server, "POST", MESSAGES, {"role": "assistant", "content": sent})
    text = {"type": "text", "text": {"value": "héllo 🌍 \\u0000", "annotations": []}}
    file["image_file"]["detail"] = "auto"
    assert created["content"] == [text, *images]
    assert created["role"] == "assistant"


INTERPRETER: dict[str, Any] = {"code_interpreter": {"file_ids": []}}
SEARCH: dict[str, Any] = {"file_search": {"vector_store_ids": []}}
STORED = {"file_search": {"vector_store_ids": ["vs_"]}}


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({}, {}),
        ({"code_interpreter": {}}, INTERPRETER),
        ({"code_interpreter": {"file_ids": ["file-1"]}},) * 2,
        ({"file_search": {}}, SEARCH),
        (STORED, STORED),
        ({"file_search": {"vector_stores": []}}, SEARCH),
        ({"file_search": {"vector_stores": [{}]}}, STORED),
        ({"file_search": {"vector_stores": [{"file_ids": ["f"]}], "vector_store_ids": []}}, STORED),
        ({**INTERPRETER, "file_search": {"vector_stores": [{}]}}, {**INTERPRETER, **STORED}),
    ],
)
def test_resources_are_shown_with_ids(server: LocalServer, sent: Any, shown: Any) -> None:
    """Of threads and assistants; a vector store that is to be created is shown as its id."""
    thread = {"messages": [HELLO], "tool_resources": sent}
    for path, body in [
        ("/threads", thread),
        ("/assistants", {"model": "m", "tool_resources": sent}),
        ("/threads/runs", {"assistant_id": "asst_abc123", "thread": thread}),
    ]:
        made = ok(server, "POST", path, body)
        if path == "/threads/runs":
            made = ok(server, "GET", f"/threads/{made['thread_id']}")
            shown = shown or INTERPRETER  # as recorded: only retrieve spells them out
        assert re.sub("vs_[A-Za-z0-9]{24}", "vs_", json.dumps(made["tool_resources"])) == (
            json.dumps(shown)
        )
    if "vector_stores" not in str(sent):
        changed = ok(server, "POST", THREAD, {"tool_resources": sent})
        assert changed["tool_resources"] == shown or not sent


RANKED = {"ranking_options": {"ranker": "default_2024_08_21", "score_threshold": 0.0}}


@pytest.mark.parametrize(
    ("sent", "shown", "resources"),
    [
        ({"type": "code_interpreter"}, {}, INTERPRETER),
        ({"type": "file_search"}, {"file_search": RANKED}, SEARCH),
        ({"type": "file_search", "file_search": None}, {"file_search": RANKED}, SEARCH),
        (
            {"type": "file_search", "file_search": {"max_num_results": 5, "ranking_options": None}},
            {"file_search": {"max_num_results": 5, **RANKED}},
            SEARCH,
        ),
        (
            {"type": "file_search", "file_search": {"ranking_options": {"score_threshold": 1}}},
            {
                "file_search": {
                    "ranking_options": {"ranker": "default_2024_08_21", "score_threshold": 1.0}
                }
            },
            SEARCH,
        ),
        (
            {"type": "function", "function": {"name": "f"}},
            {"function": {"name": "f", "strict": False}},
            {},
        ),
        (
            {"type": "function", "function": {"name": "f", "strict": True}},
            {"function": {"name": "f", "strict": True}},
            {},
        ),
    ],
)
def test_tools_are_shown_with_what_counts(
    server: LocalServer, sent: Any, shown: Any, resources: Any
) -> None:
    """Of assistants that are made and changed, and of runs."""
    made = ok(server, "POST", "/assistants", {"model": "m", "tools": [sent]})
    changed = ok(server, "POST", "/assistants/asst_abc123", {"tools": [sent]})
    run = ok(server, "POST", RUNS, {"assistant_id": "asst_abc123", "tools": [sent]})
    for answer in (made, changed, run):
        assert json.dumps(answer["tools"]) == json.dumps([{**sent, **shown}])
    assert made["tool_resources"] == changed["tool_resources"] == resources


CHUNKS = {"max_chunk_size_tokens": 101, "chunk_overlap_tokens": 51}
STATIC = {"chunking_strategy": {"type": "static", "static": CHUNKS}}
RESOURCES_AT = "tool_resources.file_search"


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        *(
            (path, {"model": "m", "tool_resources": {"file_search": search}}, param)
            for path in ("/assistants", "/threads")
            for search, param in (
                ({"vector_store_ids": ["vs_1"], "vector_stores": [{}]}, RESOURCES_AT),
                ({"vector_stores": [STATIC]}, "chunk_overlap_tokens"),
            )
        ),
        (f"{THREAD}/runs", {"tool_choice": {"type": "function"}}, "tool_choice.function"),
    ],
)
def test_what_the_document_says_in_prose(
    server: LocalServer, path: str, body: dict[str, Any], param: str
) -> None:
    sent = {key: value for key, value in body.items() if path != "/threads" or key != "model"}
    sent |= {"assistant_id": "asst_abc123"} if path.endswith("runs") else {}
    status, error = refused(server, "POST", path, sent)
    assert (status, error["param"]) == (400, param)


def test_a_file_survives_and_memory_does_not(tmp_path: Path) -> None:
    """Both begin with the examples, unless these are refused."""
    file = str(tmp_path / "laplas.db")
    with LocalServer(file) as server:
        assert listed(server, MESSAGES) == (["msg_abc123", "msg_abc12"], False)
        ok(server, "DELETE", MESSAGE)
        ok(server, "POST", MESSAGES, HELLO)
        kept = server.messages("thread_abc123")
    with LocalServer(file) as again, LocalServer() as other:
        assert again.messages("thread_abc123") == kept != other.messages("thread_abc123")
    with LocalServer(examples=False) as server:
        assert call(server, "GET", THREAD)[0] == 404


def test_a_file_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    """It had three tables, one with an id twice that is no clash."""
    file = tmp_path / "laplas.db"
    thread = {"id": "t", "object": "thread", "created_at": 1, "tool_resources": {"x": {}}}
    messages = [{"id": id_, "object": "thread.message", "run_id": "r"} for id_ in ("t", "m")]
    run = {"id": "r", "object": "thread.run", "status": "completed"}
    rows = [(message["id"], json.dumps(message)) for message in messages]
    with closing(sqlite3.connect(file)) as database, database:
        database.executescript("""
            CREATE TABLE threads (id, document);
            CREATE TABLE messages (seq INTEGER PRIMARY KEY, id, thread_id, run_id, created_at,
                document);
            CREATE TABLE objects (seq INTEGER PRIMARY KEY, id, kind, parent, created_at, moving,
                document);""")
        insert = "INSERT INTO objects VALUES (NULL, 'r', 'thread.run', 't', 1, 0, ?)"
        database.execute(insert, [json.dumps(run)])
        database.execute("INSERT INTO threads VALUES ('t', ?)", [json.dumps(thread)])
        database.executemany("INSERT INTO messages VALUES (NULL, ?, 't', 'r', 1, ?)", rows)
    for _ in range(2):
        with LocalServer(str(file), examples=False) as server:
            assert ok(server, "GET", "/threads/t") == thread
            assert ok(server, "GET", "/threads/t/messages?run_id=r")["data"] == messages[::-1]
            assert ok(server, "GET", "/threads/t/runs/r") == run


@pytest.mark.parametrize("is_file", [False, True])
def test_concurrent_creates_lose_nothing(tmp_path: Path, is_file: bool) -> None:
    database = str(tmp_path / "laplas.db") if is_file else ":memory:"
    with LocalServer(database, examples=False) as server, ThreadPoolExecutor(8) as pool:
        server.add_thread("t")
        made = pool.map(lambda _: ok(server, "POST", "/threads/t/messages", HELLO), range(80))
        ids = {message["id"] for message in made}
        assert len(ids) == 80
        assert {message["id"] for message in server.messages("t")} == ids


def test_any_recorded_shape_can_be_seeded(server: LocalServer) -> None:
    """Parts of answers, extra fields and missing fields come back as they were given."""
    parts = [{"type": "refusal", "refusal": "No."}]
    fields: dict[str, Any] = {"role": "assistant", "assistant_id": "asst_1", "run_id": "run_1"}
    fields |= {"created_at": 1, "status": "completed"}
    server.add_message("thread_abc123", parts, message_id="m", omit=("attachments",), **fields)
    made = {"id": "m", "object": "thread.message", "thread_id": "thread_abc123", "metadata": {}}
    assert ok(server, "GET", f"{MESSAGES}/m") == {**made, "content": parts, **fields}
    thread = server.add_thread("old", created_at=5, metadata={"a": "b"}, omit=("tool_resources",))
    assert ok(server, "GET", "/threads/old") == thread
    assert thread == {"id": "old", "object": "thread", "created_at": 5, "metadata": {"a": "b"}}


def test_seeding_refuses_what_cannot_be_and_times_decide_the_order(server: LocalServer) -> None:
    with pytest.raises(ValueError, match="thread_abc123"):
        server.add_thread("thread_abc123")
    with pytest.raises(ValueError, match="msg_abc123"):
        server.add_message("thread_abc123", "again", message_id="msg_abc123")
    with pytest.raises(LookupError, match="nowhere"):
        server.add_message("nowhere", "hello")
    path, (first,) = numbered(server, 1)
    earlier = server.add_message(path.split("/")[2], "earlier", created_at=1_600_000_000)["id"]
    assert listed(server, f"{path}?order=asc")[0] == [earlier, first]
    assert [message["id"] for message in server.messages(path.split("/")[2])] == [earlier, first]


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


@pytest.mark.parametrize(("query", "expected", "more"), PAGES)
def test_pages_of_one_second(server: LocalServer, query: str, expected: str, more: bool) -> None:
    path, ids = numbered(server, 5)
    found = listed(server, f"{path}?{query.format(*ids)}")
    assert found == ([ids[int(digit)] for digit in expected], more)


def test_run_id_filters_and_pages_and_a_page_holds_20_or_up_to_100(server: LocalServer) -> None:
    path, ids = numbered(server, 101)
    assert listed(server, path) == (ids[:-21:-1], True)
    assert listed(server, f"{path}?limit=100") == (ids[:0:-1], True)
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


BAD_QUERIES = {
    ("limit", "integer_below_min_value"): ["0", "-1"],
    ("limit", "integer_above_max_value"): ["101", "9" * 3000],
    ("limit", "invalid_type"): ["9" * 9000, "ten", "1.0", "%D9%A3", ""],
    ("order", "invalid_value"): ["up", ""],
    ("page", "unknown_parameter"): ["2"],
    ("Order", "unknown_parameter"): ["asc&limit=5"],
}


@pytest.mark.parametrize(("param", "code"), BAD_QUERIES)
def test_bad_queries(server: LocalServer, param: str, code: str) -> None:
    for value in BAD_QUERIES[param, code]:
        status, error = refused(server, "GET", f"{MESSAGES}?{param}={value}")
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


NO_CONTENTS = [b'"\xff"', b'"\\ud800"', b'"a\\u0000b"', b'"a\x00b"', b"NaN", b"-Infinity", b"1e999"]
NO_CONTENTS += [b"9" * 5000, b"[" * 5_000 + b"]" * 5_000]
NO_BODIES = [b"{", b"nonsense", b"\xff\xfe", b'{"\\ud800": 1}', b"[]", b"null", b'"text"']
NO_BODIES += [b"\xef\xbb\xbf{}", b'{"role": "user", "content": ' + b"[" * 100_000]
NO_BODIES += [b'{"role": "user", "content": %b}' % content for content in NO_CONTENTS]


@pytest.mark.parametrize("body", NO_BODIES)
def test_bodies_that_are_no_message(server: LocalServer, body: bytes) -> None:
    before = server.messages("thread_abc123")
    assert refused(server, "POST", MESSAGES, body)[0] == 400
    assert server.messages("thread_abc123") == before


STRANGE = "/v1 * threads /thread /v1/v1/threads /v2/threads /threads/ /threads//messages"
UNKNOWN = ["", *STRANGE.split(), f"{THREAD}/", f"{MESSAGES}/", f"{MESSAGE}/files"]
UNKNOWN += [f"{THREAD}/runs/run_1/files", "/threads/thread_abc123%2Fmessages/x"]


@pytest.mark.parametrize("target", UNKNOWN)
def test_unknown_routes(server: LocalServer, target: str) -> None:
    status, error = refused(server, "GET", target)
    assert (status, error["message"]) == (404, f"Invalid URL (GET {target})")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/threads", "POST, GET"),
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


NO_KEY = [{"Authorization": value} for value in ("", "Bearer", "Bearer  ", "Basic eDp5")]


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": "Bearer key"}, *NO_KEY])
def test_no_key_is_a_401_and_any_key_will_do(server: LocalServer, headers: dict[str, str]) -> None:
    response = server.handle("GET", THREAD, headers, b"")
    error = json.loads(response.body)["error"]
    assert response.status == 401
    assert dict(response.headers)["www-authenticate"].startswith("Bearer")
    assert "API key" in error["message"]
    assert list(error) == ["message", "type", "param", "code"]
    for name in ("authorization", "Authorization", "AUTHORIZATION"):
        assert server.handle("GET", THREAD, {name: "bearer x"}, b"").status == 200


def test_every_answer_has_the_recorded_headers_with_and_without_v1(server: LocalServer) -> None:
    for target in (THREAD, MESSAGES, MESSAGE, "/nowhere"):
        headers = dict(server.handle("GET", target, KEY, b"").headers)
        names = "content-type openai-version x-request-id openai-processing-ms"
        assert list(headers) == names.split()
        assert headers["content-type"] == "application/json"
        assert re.fullmatch("req_[0-9a-f]{32}", headers["x-request-id"])
        assert headers["openai-processing-ms"].isdigit()
        assert target == "/nowhere" or ok(server, "GET", f"/v1{target}") == ok(
            server, "GET", target
        )


def test_ids_are_percent_decoded(server: LocalServer) -> None:
    odd = "a/b ?#%é🌍+"
    server.add_thread(odd)
    server.add_message(odd, "hi", message_id=odd)
    path = f"/threads/{quote(odd, safe='')}/messages"
    assert ok(server, "GET", f"{path}/{quote(odd, safe='')}")["id"] == odd
    assert listed(server, f"{path}?after={quote(odd, safe='')}") == ([], False)


# --- every schema, and the vendor's words --------------------------------------------------------

Schema = Mapping[str, Any]
SAMPLES = {"string": "text", "integer": 7, "boolean": True, "array": [], "object": {}, "null": None}
CODES = """array_above_max_length decimal_above_max_value decimal_below_min_value empty_array
empty_string integer_above_max_value integer_below_min_value invalid_type invalid_value
missing_required_parameter object_above_max_properties property_name_above_max_length
string_above_max_length unknown_parameter"""


def kinds_of(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schemas of one type each that a table stands for."""
    if "ref" in schema:
        return kinds_of(SCHEMAS[schema["ref"]])
    if "anyOf" in schema:
        return [kind for each in schema["anyOf"] for kind in kinds_of(each)]
    types = schema.get("type", "object" if "tag" in schema else None)
    return [{**schema, "type": each} for each in ([types] if isinstance(types, str) else types)]


def right(schema: Mapping[str, Any], *, everything: bool = False) -> Any:
    """A value that fits: with the required fields, or with everything."""
    schema = kinds_of(schema)[0 if everything else -1]
    if schema["type"] == "null":
        return None
    if "tag" in schema:
        tag, name = next(reversed(schema["mapping"].items()))
        return {**right({"ref": name}, everything=everything), schema["tag"]: tag}
    for name in ("enum", "known"):
        if name in schema:
            return schema[name][0]
    if "const" in schema:
        return schema["const"]
    match schema["type"]:
        case "string":
            return "x" * max(1, schema.get("minLength", 0))
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "array":
            return [right(schema["items"], everything=everything)]
        case "object":
            names = schema.get("properties", {}) if everything else schema.get("required", ())
            fields = schema.get("properties", {})
            return {name: right(fields[name], everything=everything) for name in names}
    return True


BELOW, ABOVE = (
    {"number": f"decimal_{end}_value", "integer": f"integer_{end}_value"}
    for end in ("below_min", "above_max")
)
LIMITS: dict[str, Callable[[Schema], tuple[str, Any]]] = {
    "enum": lambda k: ("invalid_value", "no such value"),
    "const": lambda k: ("invalid_value", "no such value"),
    "known": lambda k: ("invalid_value", "no such value"),
    "pattern": lambda k: ("invalid_value", "x\n"),
    "minLength": lambda k: ("empty_string", ""),
    "maxLength": lambda k: ("string_above_max_length", "x" * (k["maxLength"] + 1)),
    "minimum": lambda k: (BELOW[k["type"]], k["minimum"] - 1),
    "maximum": lambda k: (ABOVE[k["type"]], k["maximum"] + 1),
    "minItems": lambda k: ("empty_array", []),
    "maxItems": lambda k: ("array_above_max_length", [right(k["items"])] * (k["maxItems"] + 1)),
    "maxProperties": lambda k: (
        "object_above_max_properties",
        {str(number): "" for number in range(k["maxProperties"] + 1)},
    ),
}
"""The code of a value that breaks a limit of a schema, and the value."""


def wrong(schema: Schema, within: tuple[str, ...] = ()) -> Iterator[tuple[str, str, Any]]:
    """Every way to break a schema: behind its name the part that is wrong, code, and value."""
    kinds = kinds_of(schema)
    taken = {kind["type"] for kind in kinds}
    taken |= {"integer"} if "number" in taken else set()
    yield from (("", "invalid_type", SAMPLES[name]) for name in SAMPLES.keys() - taken)
    for kind in (kind for kind in kinds if kind["type"] != "null"):
        yield from (("", *LIMITS[name](kind)) for name in LIMITS.keys() & kind.keys())
        if "tag" in kind:
            yield from wrong_variants(kind, within)
        elif "properties" in kind:
            yield from wrong_fields(kind, within)
        for part, code, value in wrong(kind["items"], within) if "items" in kind else ():
            yield f"[0]{part}", code, [value]
        if "maxProperties" in kind:
            long = "k" * (kind["propertyNames"]["maxLength"] + 1)
            yield f".{long}", "property_name_above_max_length", {long: ""}
            for part, code, value in wrong(kind["additionalProperties"]):
                yield f".k{part}", code, {"k": value}


def wrong_variants(kind: Schema, within: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
    tag = kind["tag"]
    yield f".{tag}", "missing_required_parameter", {}
    yield f".{tag}", "invalid_value", {tag: "no such value"}
    for value_of_tag, name in kind["mapping"].items():
        if name in within:
            continue  # a schema that holds itself
        for part, code, value in wrong({"ref": name}, (*within, name)):
            if isinstance(value, dict) and not part.startswith(f".{tag}"):
                yield part, code, {tag: value_of_tag, **value}


def wrong_fields(kind: Schema, within: tuple[str, ...]) -> Iterator[tuple[str, str, Any]]:
    base = right(kind)
    yield ".no_such", "unknown_parameter", {**base, "no_such": 1}
    for name in kind.get("required", ()):
        given = {key: value for key, value in base.items() if key != name}
        yield f".{name}", "missing_required_parameter", given
    for name, inner in kind["properties"].items():
        for part, code, value in wrong(inner, within):
            yield f".{name}{part}", code, {**base, name: value}


WITH_JSON = {name: op for name, op in OPERATIONS.items() if op.media_type == "application/json"}


def test_every_way_to_break_a_body_is_refused_with_place_and_reason(server: LocalServer) -> None:
    """Each of some hundreds of bodies, for every operation, and nothing is stored."""
    before = server.messages("thread_abc123")
    seen, tried = set(), 0
    for operation in WITH_JSON.values():
        assert operation.body
        for part, code, body in wrong({"ref": operation.body}):
            sent = json.dumps(body).encode()
            status, error = refused(server, operation.method, operation.path, sent)
            assert (status, error["param"], error["code"]) == (400, part[1:] or None, code), body
            seen.add(code)
            tried += 1
    assert seen == {*CODES.split()}
    assert tried > 500
    assert server.messages("thread_abc123") == before


def test_every_body_that_fits_is_accepted() -> None:
    for operation in WITH_JSON.values():
        schema = SCHEMAS[operation.body or ""]
        for everything in (False, True):
            check(schema, right(schema, everything=everything), "")


WORDS = """
{"type": "string"} | true | Invalid type for 'x': expected a string, but got a boolean instead.
{"type": ["string", "null"]} | 1.5 | Invalid type for 'x': expected a string, but got a decimal \
    instead.
{"type": "integer"} | null | Invalid type for 'x': expected an integer, but got null instead.
{"type": "number"} | [] | Invalid type for 'x': expected a decimal, but got an array instead.
{"anyOf": [{"type": "string"}, {"type": "array", "items": {"ref": "RequestPart"}}]} | 7 | Invalid \
    type for 'x': expected one of a string or array of objects, but got an integer instead.
{"ref": "MessageRole"} | null | Invalid type for 'x': expected one of 'user' or 'assistant', but \
    got null instead.
{"ref": "MessageRole"} | "human" | Invalid value: 'human'. Supported values are: 'user' and \
    'assistant'.
{"ref": "Tool"} | {"type": "magic"} | Invalid value: 'magic'. Supported values are: \
    'code_interpreter', 'file_search', and 'function'.
{"ref": "Tool"} | {} | Missing required parameter: 'x.type'.
{"ref": "Metadata"} | {"a": null} | Invalid type for 'x.a': expected a string, but got null instead.
{"ref": "Attachment"} | {"id": 1} | Unknown parameter: 'x.id'.
{"type": "string", "minLength": 1} | "" | Invalid 'x': empty string. Expected a string with \
    minimum length 1, but got an empty string instead.
{"type": "string", "minLength": 3} | "ab" | Invalid 'x': string too short. Expected a string with \
    minimum length 3, but got a string with length 2 instead.
{"type": "array", "maxItems": 1} | [1, 2] | Invalid 'x': array too long. Expected an array with \
    maximum length 1, but got an array with length 2 instead.
{"type": "integer", "minimum": 1} | 0 | Invalid 'x': integer below minimum value. Expected a \
    value >= 1, but got 0 instead.
{"type": "integer", "maximum": 9} | 10 | Invalid 'x': integer above maximum value. Expected a \
    value <= 9, but got 10 instead.
{"type": "string", "pattern": "^a$"} | "b" | Invalid 'x': string does not match pattern. Expected \
    a string that matches the pattern '^a$'.
{"type": "object", "maxProperties": 1} | {"a": 1, "b": 2} | Invalid 'x': too many properties. \
    Expected an object with at most 1 properties, but got an object with 2 properties instead.
{"type": "object", "maxProperties": 1, "propertyNames": {"maxLength": 2}} | {"abc": 1} | Invalid \
    property name in 'x': 'abc' is too long. Expected a string with maximum length 2, but got a \
    string with length 3 instead.
"""


@pytest.mark.parametrize("line", WORDS.strip().splitlines())
def test_the_words_are_the_vendors(line: str) -> None:
    schema, value, said = " ".join(line.split()).split(" | ")
    with pytest.raises(RequestError) as caught:
        check(json.loads(schema), json.loads(value), "x")
    assert caught.value.message == said


def test_a_new_field_needs_no_code(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a body, in an object of a body, in a query: accepted, checked, and shown."""
    fields = SCHEMAS["CreateMessageRequest"]["properties"]
    monkeypatch.setitem(fields, "importance", {"type": "integer", "maximum": 5})
    monkeypatch.setitem(SCHEMAS["ImageUrl"]["properties"], "alt", {"type": "string"})
    shown = {"url": "https://x.example/a", "alt": "a cat", "detail": "low"}
    image = {"type": "image_url", "image_url": shown}
    body = {"role": "user", "content": [image], "importance": 5}
    message = ok(server, "POST", MESSAGES, body)
    assert (message["importance"], message["content"]) == (5, [image])
    _, error = refused(server, "POST", MESSAGES, {**body, "importance": 6})
    assert (error["param"], error["code"]) == ("importance", "integer_above_max_value")
    image["image_url"] = {"url": "https://x.example/a", "alt": 1}
    assert refused(server, "POST", MESSAGES, body)[1]["param"] == "content[0].image_url.alt"
    assert refused(server, "GET", f"{MESSAGES}?brief=true")[1]["code"] == "unknown_parameter"
    new = {"brief": {"type": "boolean"}, "weight": {"type": "number"}, "tag[]": {"type": "array"}}
    for name, schema in new.items():
        monkeypatch.setitem(OPERATIONS["list_messages"].query, name, schema)
    assert ok(server, "GET", f"{MESSAGES}?brief=true&weight=-1.5e2&tag[]=a&tag[]=b")
    for wrong_query in ("brief=maybe", "weight=nan"):
        assert refused(server, "GET", f"{MESSAGES}?{wrong_query}")[1]["code"] == "invalid_type"


def test_a_new_operation_gets_a_501(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its fixed path goes before those with ids, and faults know it."""
    new = Operation("POST", "/threads/archive", (), {}, None, False, None, ())
    monkeypatch.setitem(OPERATIONS, "archive_threads", new)
    status, error = refused(server, "POST", "/v1/threads/archive")
    assert (status, error["code"]) == (501, "not_implemented")
    assert error["message"] == (
        "The embedded server has no handler for archive_threads (POST /threads/archive)."
    )
    assert call(server, "GET", "/threads/archive")[0] == 405
    assert server.handle("POST", "/threads/archive", {}, b"").status == 401
    server.faults.add("archive_threads: status=418")
    assert call(server, "POST", "/threads/archive")[0] == 418


def test_every_operation_has_a_handler_and_knows_its_query(server: LocalServer) -> None:
    for operation in OPERATIONS.values():
        answer = server.handle(operation.method, operation.path, KEY, b"{}")
        assert answer.status in (200, 400, 404), operation
        _, error = refused(server, operation.method, f"{operation.path}?no_such=1", {})
        assert (error["param"], error["code"]) == ("no_such", "unknown_parameter")


words = st.sampled_from(["/", "v1", "threads", "thread_abc123", "messages", "msg_abc123", ".."])
query = st.sampled_from(["?", "&", "limit=", "after=", "before=", "order=asc", "run_id=", "9" * 30])
odd = st.sampled_from(["%", "%00", "%ff", "%2F", "%ed%a0%80", "\ud800", "\0"]) | st.text(max_size=3)
ROUTES = ["/threads", THREAD, MESSAGES, MESSAGE, "/assistants", "/assistants/asst_abc123", "/files"]
ROUTES += [RUNS, "/threads/runs", *(f"{RUNS}/run_1{end}" for end in ("", "/cancel", "/steps"))]
ROUTES += [f"{RUNS}/run_1/submit_tool_outputs", f"{RUNS}/run_1/steps/step_1"]
targets = st.text() | st.lists(words | query | odd, max_size=12).map("".join)
methods = st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD"]) | st.text(max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = """role content metadata attachments messages tool_resources type text
assistant_id model tools stream thread tool_outputs instructions additional_messages temperature
response_format tool_choice function name truncation_strategy max_prompt_tokens reasoning_effort
parallel_tool_calls tool_call_id output last_messages"""
names = st.sampled_from(NAMES.split())
SAID = "user text image_url file_search asst_abc123 function auto /cite f"
near = st.recursive(
    values | st.sampled_from(SAID.split()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)
asking = st.dictionaries(names, near, max_size=4).map({"assistant_id": "asst_abc123"}.__or__)
bodies = st.binary() | (near | asking).map(lambda value: json.dumps(value).encode())
header_sets = st.just(KEY) | st.dictionaries(st.text(), st.text(), max_size=2)
anything = st.tuples(methods, targets, header_sets, bodies)
known = st.tuples(st.sampled_from(["GET", "POST"]), st.sampled_from(ROUTES), st.just(KEY), bodies)


@settings(max_examples=400, deadline=None)
@given(known | anything)
@example(("GET", "/threads/\ud800", KEY, b""))
@example(("GET", f"{MESSAGES}?after=\ud800", KEY, b""))
@example(("GET", f"{MESSAGES}?run_id=\ud800", KEY, b""))
@example(("GET", "/threads/%ed%a0%80", KEY, b""))
@example(("GET", "/threads/\0", KEY, b""))
@example(("\ud800", "/threads", KEY, b""))
def test_no_input_raises_or_answers_500(request: tuple[str, str, dict[str, str], bytes]) -> None:
    with LocalServer() as server:
        run = {"id": "run_1", "object": "thread.run", "created_at": 1}
        server.put({**run, "thread_id": "thread_abc123", "status": "failed"})
        response = server.handle(*request)
        assert 200 <= response.status < 500
        if not response.is_stream:
            answer = json.loads(response.body)
            assert ("error" in answer) == (response.status >= 400)
        assert call(server, "GET", "/threads/x")[0] == 404  # it goes on
