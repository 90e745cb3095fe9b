"""Both clients against recorded HTTP, and the recordings themselves: complete, valid and clean."""

from __future__ import annotations

import base64
import copy
import gzip
import json
import re
import socket
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import record
import support
import vcr  # type: ignore[import-untyped]
import yaml
from record import HIDDEN, SecretFound, refuse_key, scrub

import laplas
from laplas.generated import OPERATIONS
from laplas.local import _dispatch

PATHS = sorted(record.CASSETTES.glob("*.yaml"))
NAMES = sorted(record.SCENARIOS)

every_scenario = pytest.mark.parametrize("name", NAMES)
every_cassette = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)


def interactions(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for interaction in record.load(path)["interactions"]:
        yield interaction["request"], interaction["response"]


@contextmanager
def played(path: Path) -> Iterator[dict[str, Any]]:
    """Play a cassette, to its end; yields the client's arguments."""
    player = vcr.VCR(record_mode="none", match_on=record.MATCH_ON)
    how = f"To record it again: nox -s record, or python tests/record.py {path.stem}"
    try:
        with player.use_cassette(str(path)) as cassette:
            yield {"api_key": "played", "base_url": record.load(path)["metadata"]["base_url"]}
    except vcr.errors.CannotOverwriteExistingCassetteException as unknown:
        pytest.fail(f"{path.name} does not hold what the client asks for.\n{unknown}\n{how}")
    unplayed = [str(r) for n, r in enumerate(cassette.requests) if not cassette.play_counts[n]]
    if unplayed:
        pytest.fail(f"{path.name} holds what the client did not ask for: {unplayed}\n{how}")


def expected(path: Path) -> list[Any]:
    """What the answers of a cassette say, pages and streams taken apart.

    Of polls, only the last: that is what waiting for a run returns.
    """
    items: list[Any] = []
    exchanged = list(interactions(path))
    followers = [request for request, _ in exchanged[1:]] + [None]
    for (request, answer), follower in zip(exchanged, followers, strict=True):
        if _is_binary(answer):
            continue
        if _is_stream(answer):
            items += [payload for _, payload in support.stream_events(answer["body"]["string"])]
        elif request["method"] != "GET" or request != follower:
            items += _items(json.loads(answer["body"]["string"]))
    return items


def _is_stream(answer: dict[str, Any]) -> bool:
    return bool(answer["headers"]["content-type"][0].startswith("text/event-stream"))


def _is_binary(answer: dict[str, Any]) -> bool:
    return bool(answer["headers"]["content-type"] == ["application/octet-stream"])


def said(results: list[Any]) -> list[Any]:
    plain = []
    for result in results:
        for item in result if isinstance(result, list) else [result]:
            if isinstance(item, laplas.StreamEvent):
                plain.append(item.raw)
            else:
                is_error = isinstance(item, laplas.APIStatusError)
                plain += _items(item.body if is_error else item.to_dict())
    return plain


def _items(body: Any) -> list[Any]:
    data: list[Any] = body["data"] if body.get("object") == "list" else [body]
    return data


@every_scenario
async def test_both_clients_get_what_was_recorded(name: str) -> None:
    """From the same cassettes: so both send the same requests, byte for byte."""
    path = record.CASSETTES / f"{name}.yaml"
    with played(path) as arguments, laplas.Laplas(**arguments) as client:
        assert said(await record.play(name, client)) == expected(path)
    with played(path) as arguments:
        async with laplas.AsyncLaplas(**arguments) as async_client:
            assert said(await record.play(name, async_client)) == expected(path)


@pytest.mark.parametrize(
    ("name", "call", "problem"),
    [
        ("no_thread", lambda c: c.messages.list(record.NOBODY, order="asc"), "does not hold"),
        # A different body is another request.
        ("threads", lambda c: c.threads.create(metadata={"user": "42"}), "does not hold"),
        ("no_thread", lambda _: None, "holds what the client did not ask for"),
    ],
)
def test_what_is_not_recorded_or_not_played_fails(
    name: str, call: Callable[[Any], Any], problem: str
) -> None:
    words = rf"{name}\.yaml {problem}(?s:.)*nox -s record"
    path = record.CASSETTES / f"{name}.yaml"
    with (
        pytest.raises(pytest.fail.Exception, match=words),
        played(path) as arguments,
        laplas.Laplas(**arguments) as client,
    ):
        call(client)


@every_cassette
def test_cassettes_say_where_they_come_from_and_hold_no_secrets(path: Path) -> None:
    told = {"recorded against", "base_url", "date", "laplas"}
    assert record.load(path)["metadata"].keys() == told
    assert scrub(record.load(path)) == record.load(path)


def test_there_is_a_cassette_for_each_scenario_with_all_operations_and_the_main_errors() -> None:
    assert [path.stem for path in PATHS] == NAMES
    seen = {
        (_operation(request, path), answer["status"]["code"], _is_stream(answer))
        for path in PATHS
        for request, answer in interactions(path)
    }
    # Those that the embedded server, which they are recorded from, has a handler for.
    operations = _dispatch._HANDLERS.keys() & OPERATIONS.keys()
    assert len(operations) > 20
    assert {(operation, 200, False) for operation in operations} <= seen
    streaming = {operation for operation, _, is_stream in seen if is_stream}
    assert streaming == {"create_run", "create_thread_and_run", "submit_tool_outputs"}
    assert {code for _, code, _ in seen} >= {400, 401, 404}
    pages = [request["uri"] for request, _ in interactions(record.CASSETTES / "pages.yaml")]
    assert sum("after=" in uri for uri in pages) >= 2


@every_cassette
def test_cassettes_fit_the_document(path: Path) -> None:
    """Each answer is valid; so is each request but those that were answered with a 400."""
    for request, answer in interactions(path):
        operation, code = _operation(request, path), answer["status"]["code"]
        if _is_stream(answer):
            for name, payload in support.stream_events(answer["body"]["string"]):
                support.validator(str(support.event_schemas()[name])).validate(payload)
        elif not _is_binary(answer):
            schema = "ErrorResponse" if code >= 400 else support.response_schema(operation)
            support.validator(schema).validate(json.loads(answer["body"]["string"]))
        if request["headers"].get("content-type") == ["application/json"]:
            is_valid = support.request_validator(operation).is_valid(json.loads(request["body"]))
            # That a run is in the way is no fault of the request's.
            assert is_valid == (code != 400 or "active" in answer["body"]["string"])


def _operation(request: dict[str, Any], path: Path) -> str:
    relative = request["uri"].removeprefix(record.load(path)["metadata"]["base_url"])
    called = {"method": request["method"], "path": urlsplit(relative).path}
    operation = support.operation_of(called)
    assert operation is not None, called
    return operation


# The audit and the scrubbing


KEY = "sk-live-0123456789abcdef"
CLEAN: dict[str, Any] = yaml.safe_load("""
version: 1
interactions:
- request:
    method: POST
    uri: http://host.example/threads
    headers: {content-type: [application/json]}
    body: '{"metadata": {"mail": "a@example.com"}}'
  response:
    status: {code: 200, message: OK}
    headers: {content-type: [application/json]}
    body: {string: '{"id": "thread_1", "says": "use Bearer auth, Bearer YOUR_KEY"}'}
""")


def dirty(where: str, what: Any) -> dict[str, Any]:
    """The clean cassette with something put into it."""
    cassette = copy.deepcopy(CLEAN)
    part, key = where.split(" ")
    holder = cassette["interactions"][0][part]
    if key == "headers":
        holder[key] |= what
    elif key == "uri":
        holder[key] += what
    else:
        is_whole = part == "request" or isinstance(what, dict)
        holder[key] = what if is_whole else {"string": what}
    return cassette


DIRT: list[tuple[str, Any]] = [
    ("request headers", {"Authorization": ["Bearer abcdefgh1"]}),
    ("request headers", {"Cookie": "a=b"}),
    ("request headers", {"x-api-key": ["abc"]}),
    ("request headers", {"x-note": [f"Bearer {KEY}"]}),
    ("response headers", {"Set-Cookie": ["__cf_bm=abc", "_cfuvid=def"]}),
    ("response headers", {"openai-organization": ["user-abc"]}),
    ("response headers", {"Openai-Project": ["proj_0123456789"]}),
    ("request uri", "?limit=1&api_key=abc"),
    ("request uri", "?token=abc"),
    ("request uri", f"/{KEY}"),
    ("request body", json.dumps({"metadata": {"authorization": "hidden in here"}})),
    ("request body", json.dumps({"content": f"my key is {KEY}"})),
    ("response body", '{"client_secret": "with \\"quotes\\""}'),
    ("response body", '{"message": "Incorrect API key provided: sk-abcd******wxyz."}'),
    ("response body", '{"token_like": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"}'),
    ("response body", '{"owner": "org-0123456789abcdef"}'),
    ("response body", '{"contact": "someone@somewhere.net"}'),
    ("response body", gzip.compress(f'{{"key": "{KEY}"}}'.encode(), mtime=0)),
    ("response body", {"base64_string": base64.b64encode(gzip.compress(KEY.encode(), mtime=0))}),
]
# What scrubbing does not know how to hide.
REFUSED: list[tuple[str, Any]] = [
    ("request uri", "?next=%3Faccess_token%3Dabc"),
    ("response body", b"\x1f\x8b but not gzip"),
    ("response body", b"\xff\xfe\x00"),
]


def test_a_clean_cassette_stays_as_it_is_unless_its_provenance_is_a_secret() -> None:
    assert scrub(CLEAN) == CLEAN
    with pytest.raises(SecretFound):
        scrub({**CLEAN, "metadata": {"laplas": KEY}})


@pytest.mark.parametrize(("where", "what"), DIRT)
def test_scrubbing_takes_secrets_out_and_leaves_none(where: str, what: Any) -> None:
    clean = scrub(dirty(where, what))
    assert clean != dirty(where, what)
    assert scrub(clean) == clean
    assert not re.search(r"abc|def\b|hidden in|quotes|c2ln|somewhere|0123", json.dumps(clean))


@pytest.mark.parametrize(("where", "what"), REFUSED)
def test_what_cannot_be_scrubbed_is_not_stored(where: str, what: Any) -> None:
    with pytest.raises(SecretFound):
        scrub(dirty(where, what))


@pytest.mark.parametrize(
    ("coding", "pack"),
    # A coding that is declared may have been undone already.
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", bytes), ("gzip", bytes)],
)
def test_scrubbing_stores_compressed_bodies_readably(
    coding: str, pack: Callable[[bytes], bytes]
) -> None:
    cassette = dirty("response body", pack(json.dumps({"id": "thread_1", "key": KEY}).encode()))
    part = cassette["interactions"][0]["response"]
    part["headers"] |= {"Content-Encoding": [coding], "server": ["x"]}
    answer = scrub(cassette)["interactions"][0]["response"]
    assert json.loads(answer["body"]["string"]) == {"id": "thread_1", "key": HIDDEN}
    assert answer["headers"] == {"content-type": ["application/json"]}


@pytest.mark.parametrize("spelling", ["k/y+1", "K/Y+1", "k%2Fy%2B1", "ay95KzE"])
def test_no_spelling_of_the_live_key_is_stored(spelling: str) -> None:
    with pytest.raises(SecretFound) as error:
        refuse_key(f"... {spelling} ...", "k/y+1")
    assert "k/y+1" not in str(error.value)
    refuse_key("... another ...", "k/y+1")


@pytest.fixture
def _local_recordings() -> None:
    pytest.importorskip("aiohttp")
    if record.load(PATHS[0])["metadata"]["base_url"] != record.LOCAL_URL:
        pytest.skip("the cassettes were recorded elsewhere")


@pytest.mark.usefixtures("_local_recordings")
@every_scenario
def test_recording_again_gives_the_same(name: str, tmp_path: Path) -> None:
    """If this fails after a change of the embedded server or the client: nox -s record."""
    fresh = record.load(record.record(name, tmp_path))
    assert fresh["interactions"] == record.load(record.CASSETTES / f"{name}.yaml")["interactions"]


@pytest.mark.usefixtures("_local_recordings")
def test_an_unchanged_cassette_is_left_alone(tmp_path: Path) -> None:
    path = record.record("no_thread", tmp_path)
    path.write_text(path.read_text("utf-8").replace("\n  date: ", "\n  date: an earlier "), "utf-8")
    before = path.read_bytes()
    assert record.record("no_thread", tmp_path).read_bytes() == before
    path.write_bytes(before.replace(b"code: 404", b"code: 410"))
    assert b"code: 404" in record.record("no_thread", tmp_path).read_bytes()


def test_a_cassette_with_the_live_key_is_not_stored(
    tmp_path: Path, local_server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is told to the server as metadata, under a name and in a form nobody would hide."""
    key = "plain.key.4711"

    def telling(client: Any) -> record.Steps:
        yield client.threads.create(metadata={"note": key})

    monkeypatch.setitem(record.SCENARIOS, "telling", telling)
    monkeypatch.setenv("LAPLAS_API_KEY", key)
    monkeypatch.setenv("LAPLAS_BASE_URL", local_server_url)
    with pytest.raises(SecretFound):
        record.record("telling", tmp_path)
    assert list(tmp_path.iterdir()) == []

    monkeypatch.setenv("LAPLAS_API_KEY", "another.key.4712")
    path = record.record("telling", tmp_path)
    assert record.load(path)["metadata"]["recorded against"] == "live API"
    assert record.load(path)["metadata"]["base_url"] == local_server_url


# The guard of conftest.py


def blocked() -> Any:
    return pytest.raises(RuntimeError, match="tests may only reach this machine")


@pytest.mark.parametrize("host", ["192.0.2.1", "example.com", "2001:db8::1"])
async def test_nothing_leaves_this_machine(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as endpoint, blocked():
        endpoint.connect((host, 443))
    with socket.socket(family, socket.SOCK_DGRAM) as sender, blocked():
        sender.sendto(b"?", (host, 53))
    with blocked():
        socket.getaddrinfo(host, 443)
    options: dict[str, Any] = {"api_key": "k", "base_url": "https://api.example"}
    with laplas.Laplas(**options) as client, blocked():
        client.threads.retrieve("thread_1")
    async with laplas.AsyncLaplas(**options) as async_client:
        with blocked():
            await async_client.threads.retrieve("thread_1")


def test_loopback_stays_open(local_server_url: str) -> None:
    with laplas.Laplas(api_key="k", base_url=local_server_url) as client:
        assert client.threads.retrieve("thread_abc123").id == "thread_abc123"
    for endpoint in socket.socketpair():
        endpoint.close()


def test_the_environment_holds_no_settings() -> None:
    with pytest.raises(laplas.ConfigurationError, match="LAPLAS_API_KEY"):
        laplas.Laplas()
