"""What clients and calls can be told, whose connections are used, and who gets to see the key."""

from __future__ import annotations

import argparse
import asyncio
import copy
import gc
import itertools
import logging
import shlex
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx
import pytest
from scripted import (
    BASE,
    KEY,
    MESSAGE,
    THREAD,
    Loopback,
    Sent,
    Transport,
    answer,
    message,
    page,
    plainly,
    run_async,
    run_both,
    run_sync,
    settled,
    thread,
)

import laplas
from laplas import AsyncLaplas, Laplas, LaplasError, PreparedRequest, RawResponse, Timeout
from laplas.local import LocalServer

OTHER = "sk-other-0123456789"
CLIENTS = pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])


def retrieve(client: Any, **options: Any) -> Any:
    return client.threads.retrieve(THREAD, **options)


def sent(call: Callable[[Any], Any] = retrieve, **options: Any) -> Sent:
    return run_both(call, answer(thread()), **options).sent


# Defaults.


def test_what_is_sent_by_default_and_how_long_is_waited() -> None:
    ran = run_both(retrieve, answer(thread()))
    got = ran.sent
    assert got.url == f"{BASE}/threads/{THREAD}"
    assert got.header("Authorization") == f"Bearer {KEY}"
    assert got.header("OpenAI-Beta") == "assistants=v2"
    assert got.header("Accept") == "application/json"
    assert str(got.header("User-Agent")).startswith(f"laplas-python/{laplas.__version__} ")
    assert got.header("Content-Type") is None
    assert ran.timeouts == [{"connect": 5, "read": 60, "write": 60, "pool": 60}]
    posted = run_both(lambda c: c.messages.create(THREAD, "hi"), answer(message())).sent
    assert posted.header("Content-Type") == "application/json"


TIMEOUTS: list[tuple[Any, tuple[float | None, ...]]] = [
    (3, (3, 3, 3, 3)),
    (0.5, (0.5, 0.5, 0.5, 0.5)),
    (600, (600, 5, 600, 600)),
    (None, (None, None, None, None)),
    (Timeout(), (60, 5, 60, 60)),
    (Timeout(read=1, connect=2, write=3, pool=4), (1, 2, 3, 4)),
    (Timeout(connect=None), (60, None, 60, 60)),
    (httpx.Timeout(9, connect=2), (9, 2, 9, 9)),
]


@pytest.mark.parametrize(("given", "phases"), TIMEOUTS)
def test_timeouts_of_a_client_and_of_a_call_which_wins(
    given: Any, phases: tuple[float | None, ...]
) -> None:
    expected = dict(zip(("read", "connect", "write", "pool"), phases, strict=True))
    of_client = run_both(retrieve, answer(thread()), timeout=given)
    of_call = run_both(lambda c: retrieve(c, timeout=given), answer(thread()), timeout=7)
    assert of_client.timeouts == of_call.timeouts == [expected]


# Base URL and environment.


@pytest.mark.parametrize(
    ("base", "url", "host"),
    [
        ("https://api.test", "https://api.test", "api.test"),
        ("https://api.test/", "https://api.test", "api.test"),
        ("https://api.test///", "https://api.test", "api.test"),
        ("https://api.test/v1", "https://api.test/v1", "api.test"),
        ("https://api.test/v1/", "https://api.test/v1", "api.test"),
        (" https://api.test/v1/ ", "https://api.test/v1", "api.test"),
        ("https://api.test:8443/a/b%20c", "https://api.test:8443/a/b%20c", "api.test:8443"),
        ("https://api.test:443/v1", "https://api.test/v1", "api.test"),
        ("https://api.test:80", "https://api.test:80", "api.test:80"),
        ("http://127.0.0.1:8099", "http://127.0.0.1:8099", "127.0.0.1:8099"),
        ("http://127.0.0.1:80", "http://127.0.0.1", "127.0.0.1"),
        ("http://127.0.0.1:443", "http://127.0.0.1:443", "127.0.0.1:443"),
        ("http://localhost:8099/v1", "http://localhost:8099/v1", "localhost:8099"),
        ("http://[::1]", "http://[::1]", "[::1]"),
        ("http://[::1]:8099/v1", "http://[::1]:8099/v1", "[::1]:8099"),
        ("HTTPS://API.test", "https://api.test", "api.test"),
    ],
)
def test_base_urls_and_the_host_header_with_the_port_where_it_is_not_the_usual_one(
    base: str, url: str, host: str
) -> None:
    got = sent(lambda c: c.threads.create(), base_url=base)
    assert (got.url, got.header("Host")) == (f"{url}/threads", host)


def test_key_and_base_url_come_from_the_environment_or_the_vendors_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vendors = f"https://api.apilaplas.com/threads/{THREAD}"
    assert sent(base_url=None).url == vendors
    monkeypatch.setenv("LAPLAS_BASE_URL", "")
    assert sent(base_url=None).url == vendors
    monkeypatch.setenv("LAPLAS_API_KEY", OTHER)
    monkeypatch.setenv("LAPLAS_BASE_URL", "https://env.test/v1/")
    got = sent(api_key=None, base_url=None)
    assert got.url == f"https://env.test/v1/threads/{THREAD}"
    assert got.header("Authorization") == f"Bearer {OTHER}"
    got = sent()
    assert got.url.startswith(BASE)
    assert got.header("Authorization") == f"Bearer {KEY}"


# Headers, query and body.

DEFAULT_HEADERS = ["OpenAI-Beta", "Accept", "Accept-Encoding", "User-Agent", "Authorization"]


@pytest.mark.parametrize("name", [*DEFAULT_HEADERS, "openai-beta", "OPENAI-BETA"])
def test_any_default_header_can_be_left_out(name: str) -> None:
    """By client, derived client and call; not replaced by what the HTTP library says of itself."""
    without = {name: None}
    assert sent(default_headers=without).header(name) is None
    derived = sent(lambda c: retrieve(c.with_options(default_headers=without)))
    assert derived.header(name) is None
    assert sent(lambda c: retrieve(c, extra_headers=without)).header(name) is None


@pytest.mark.parametrize("value", [None, "application/merge+json"])
def test_the_content_type_can_be_left_out_or_replaced(value: str | None) -> None:
    headers = {"content-type": value}
    got = sent(lambda c: c.threads.create(extra_headers=headers))
    assert got.header("Content-Type") == value


def test_a_header_is_replaced_and_not_sent_twice() -> None:
    headers = {"openai-beta": "assistants=v3", "AUTHORIZATION": "Basic x", "X-A": "c"}
    defaults = {"x-a": "b", "X-B": "d"}
    got = sent(lambda c: retrieve(c, extra_headers=headers), default_headers=defaults)
    assert got.header("OpenAI-Beta") == "assistants=v3"
    assert got.header("Authorization") == "Basic x"
    assert got.header("X-A") == "c"
    assert got.header("X-B") == "d"


def test_the_application_stands_in_the_user_agent() -> None:
    plain = sent().header("User-Agent")
    assert sent(app="billing/2.1").header("User-Agent") == f"billing/2.1 {plain}"
    derived = sent(lambda c: retrieve(c.with_options(app="other")), app="billing/2.1")
    assert derived.header("User-Agent") == f"other {plain}"
    own = sent(app="billing/2.1", default_headers={"user-agent": "mine"})
    assert own.header("User-Agent") == "mine"


QUERIES: list[tuple[dict[str, Any], str]] = [
    ({"a": "b c&d=é"}, "?a=b%20c%26d%3D%C3%A9"),
    ({"a": 1, "b": 2.5}, "?a=1&b=2.5"),
    ({"a": ["x", "y"]}, "?a=x&a=y"),
    ({"a": None}, ""),
    ({"a": ""}, "?a="),
    ({"a": True, "b": False}, "?a=true&b=false"),
]


@pytest.mark.parametrize(("given", "query"), QUERIES)
def test_extra_query(given: dict[str, Any], query: str) -> None:
    got = sent(lambda c: retrieve(c, extra_query=given))
    assert got.target == f"/threads/{THREAD}{query}"
    assert sent(lambda c: c.request("GET", "/x", query=given)).target == f"/x{query}"


def test_extra_query_and_body_add_and_replace() -> None:
    query, body = {"limit": 500, "new": "x"}, {"role": "system", "n": [None]}
    ran = run_both(lambda c: c.messages.list(THREAD, limit=5, extra_query=query), answer(page()))
    assert ran.sent.target.endswith("?limit=500&new=x")
    ran = run_both(lambda c: c.messages.create(THREAD, "hi", extra_body=body), answer(message()))
    assert ran.sent.json() == {"role": "system", "content": "hi", "n": [None]}


def test_what_the_caller_gave_is_not_changed() -> None:
    given = {"extra_headers": {"X-A": "b"}, "extra_query": {"q": "1"}, "extra_body": {"n": [1]}}
    before = copy.deepcopy(given)
    sent(lambda c: c.threads.create(**given), default_headers=given["extra_headers"])
    assert given == before


# The key.


def keys() -> Callable[[], str]:
    """A callable that makes a new key each time."""
    return map("sk-{}".format, itertools.count(1)).__next__


def async_keys() -> Callable[[], Awaitable[str]]:
    make = keys()

    async def key() -> str:
        await asyncio.sleep(0)
        return make()

    return key


@pytest.mark.parametrize(
    ("run", "make"), [(run_sync, keys), (run_async, keys), (run_async, async_keys)]
)
def test_a_callable_is_asked_for_each_request_retries_and_pages_included(
    run: Callable[..., Any], make: Callable[[], Any]
) -> None:
    steps = [answer(page("a", has_more=True)), answer("x", 500), answer(page("b"))]
    ran = run(lambda c: c.messages.list(THREAD), *steps, collect="items", api_key=make())
    assert ran.ids == ["a", "b"]
    shown = [one.header("Authorization") for one in ran.requests]
    assert shown == ["Bearer sk-1", "Bearer sk-2", "Bearer sk-3"]


def test_a_callable_is_not_asked_where_no_key_is_needed() -> None:
    make = keys()
    sent(lambda c: retrieve(c, extra_headers={"Authorization": "Basic x"}), api_key=make)
    run_both(lambda c: c.threads.prepare.retrieve(THREAD), api_key=make)
    assert make() == "sk-1"


def test_an_async_callable_needs_the_async_client() -> None:
    """And leaves no coroutine behind that nobody awaits."""
    ran = run_sync(retrieve, api_key=async_keys())
    assert isinstance(ran.error, laplas.ConfigurationError)
    assert ran.error.argument == "api_key"
    assert not ran.requests
    gc.collect()


def test_no_log_holds_the_key_or_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    steps = [answer("x", 429, retry_after="0"), answer({"error": "secret words"}, 500)]
    assert run_both(lambda c: c.messages.create(THREAD, "secret words"), *steps).error
    ours = [record for record in caplog.records if record.name.startswith("laplas")]
    assert len(ours) >= 4, "attempts are logged at DEBUG"
    assert any("429" in record.getMessage() for record in ours)
    everything = "".join(repr(vars(record)) + record.getMessage() for record in caplog.records)
    assert KEY not in everything
    assert "secret words" not in everything


# Derived clients.


class Mine(Laplas):
    """A client of a user's own."""


def test_a_derived_client_leaves_its_parent_as_it_was() -> None:
    transport = Transport(lambda _: answer(thread()))
    with Mine(api_key=KEY, base_url=BASE, transport=transport) as parent:
        retrieve(parent)
        headers = {"X-A": "b", "OpenAI-Beta": None}
        child = parent.with_options(
            api_key=OTHER, base_url="https://other.test", timeout=1, default_headers=headers
        )
        assert type(child) is Mine
        grandchild = child.with_options(default_headers={"X-A": None})
        for client in (child, grandchild, parent):
            retrieve(client)
    first, of_child, of_grandchild, last = transport.requests
    assert first == last
    assert transport.timeouts[0] == transport.timeouts[3]
    assert of_child.header("Authorization") == f"Bearer {OTHER}"
    assert of_child.url.startswith("https://other.test/")
    assert of_child.header("X-A") == "b"
    assert of_grandchild.header("X-A") is None
    assert of_grandchild.header("OpenAI-Beta") is None
    assert transport.timeouts[1]["read"] == 1


@CLIENTS
async def test_derived_clients_share_the_connections(cls: Callable[..., Any]) -> None:
    """One socket for parent and child; closing the child does not close it."""
    with Loopback() as server:
        server.script.extend([answer(thread())] * 3)
        parent = cls(api_key=KEY, base_url=server.url)
        child = parent.with_options(timeout=9)
        await settled(retrieve(parent))
        await settled(retrieve(child))
        await settled(child.close())
        await settled(retrieve(parent))
        await settled(parent.close())
        assert len(server.requests) == 3
        assert server.connections == 1


# The caller's own HTTP client or transport.


@pytest.mark.parametrize(
    ("cls", "http"), [(Laplas, httpx.Client), (AsyncLaplas, httpx.AsyncClient)]
)
async def test_an_http_client_of_ones_own_is_used_and_not_closed(
    cls: Callable[..., Any], http: Callable[..., Any]
) -> None:
    """Its base URL, redirects and timeout are not those of this API; its headers are sent."""
    transport = Transport(answer("", 302, location="https://evil.test/"))
    other = {"base_url": "https://evil.test/x", "follow_redirects": True, "timeout": 1}
    own = http(transport=transport, headers={"X-Own": "1"}, **other)
    client = cls(api_key=KEY, base_url=BASE, http_client=own)
    with pytest.raises(laplas.APIStatusError):
        await settled(retrieve(client))
    await settled(client.close())
    assert not own.is_closed
    with pytest.raises(LaplasError, match="closed"):
        await settled(retrieve(client))
    (got,) = transport.requests
    assert got.url == f"{BASE}/threads/{THREAD}"
    assert got.header("X-Own") == "1"
    assert got.header("Authorization") == f"Bearer {KEY}"
    assert transport.timeouts[0]["read"] == 60


@pytest.mark.parametrize(
    "given", [{"transport": Transport()}, {"proxy": "http://proxy.test"}, {"verify": False}]
)
def test_what_ones_own_http_client_would_ignore_is_refused(given: dict[str, Any]) -> None:
    """A proxy that is silently not used would be found out late."""
    with httpx.Client() as own, pytest.raises(laplas.ConfigurationError) as caught:
        Laplas(api_key=KEY, http_client=own, **given)
    assert caught.value.argument in (*given, "http_client")


def test_cookies_do_not_travel_from_one_call_to_the_next() -> None:
    """The API has none; with a shared pool they would join calls made with different keys."""
    cookie = answer(thread(), set_cookie="session=1; Path=/")
    transport = Transport(cookie, answer(thread()), answer(thread()))
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        for one in (client, client, client.with_options(api_key=OTHER)):
            retrieve(one)
    assert [one.header("Cookie") for one in transport.requests] == [None, None, None]


# Raw answers, prepared requests, any request.


def test_raw_answers() -> None:
    raw = run_both(
        lambda c: c.messages.with_raw_response.create(THREAD, "hi"),
        answer("slow", 429, retry_after="3"),
        answer(message(), 201, takes=2, X_Request_Id="r1"),
    ).result
    assert isinstance(raw, RawResponse)
    assert (raw.status_code, raw.request_id, raw.attempts) == (201, "r1", 2)
    assert raw.headers["x-request-id"] == "r1"
    assert raw.elapsed == 5
    assert raw.text == raw.content.decode()
    assert raw.json() == raw.parse().to_dict() == message()
    assert type(raw.parse()) is laplas.Message
    assert "201" in repr(raw)


SAID = 'it\'s $HOME `x` "q" \\ @file\nnew 日本'
OPERATIONS: list[tuple[Callable[[Any], Any], Any]] = [
    (lambda r: r.messages.create(THREAD, SAID, metadata={"a": "'"}), message()),
    (lambda r: r.messages.retrieve(THREAD, MESSAGE), message()),
    (lambda r: r.messages.update(THREAD, MESSAGE, metadata=None), message()),
    (lambda r: r.messages.list(THREAD, order="asc", after="a'b&c"), page("a")),
    (lambda r: r.messages.delete(THREAD, "msg $(x) [1-3]{a,b}"), b""),
    (lambda r: r.threads.create(extra_headers={"X-A": "b 'c' $d", "OpenAI-Beta": None}), thread()),
    (lambda r: r.threads.retrieve(THREAD), thread()),
    (lambda r: r.threads.update(THREAD, metadata={}), thread()),
    (lambda r: r.threads.delete(THREAD, extra_query={"a": ["1", "2"]}), b""),
]


def beside(client: Any, name: str) -> SimpleNamespace:
    """What the resources of a client become: `with_raw_response`, `prepare`."""
    return SimpleNamespace(
        messages=getattr(client.messages, name), threads=getattr(client.threads, name)
    )


@pytest.mark.parametrize(("call", "body"), OPERATIONS)
def test_a_raw_answer_parses_to_what_the_plain_call_returns(
    call: Callable[[Any], Any], body: Any
) -> None:
    plain = run_both(call, answer(body))
    raw = run_both(lambda c: call(beside(c, "with_raw_response")), answer(body))
    assert raw.sent == plain.sent
    assert isinstance(raw.result, RawResponse)
    assert plainly(raw.result.parse()) == plainly(plain.result)


def test_a_raw_answer_that_fits_nothing_is_given_and_raises_when_parsed() -> None:
    garbage = answer(b"\xff<html>")
    raw = run_both(lambda c: c.threads.with_raw_response.retrieve(THREAD), garbage).result
    assert raw.text == "\ufffd<html>"
    with pytest.raises(laplas.UnparsableResponseError):
        raw.parse()
    with pytest.raises(ValueError):  # noqa: PT011  (json's own)
        raw.json()


def prepared_by(call: Callable[[Any], Any]) -> Any:
    ran = run_both(lambda c: call(beside(c, "prepare")))
    assert not ran.requests
    return ran.result


@pytest.mark.parametrize(("call", "body"), OPERATIONS)
def test_a_prepared_call_is_the_request_that_would_be_sent(
    call: Callable[[Any], Any], body: Any
) -> None:
    """As data and as a curl line that a shell takes apart into the very same."""
    real = run_both(call, answer(body)).sent
    prepared = prepared_by(call)
    assert isinstance(prepared, PreparedRequest)
    assert (prepared.method, prepared.url) == (real.method, real.url)
    assert (prepared.body or b"") == real.body
    assert prepared.json() == real.json()
    own = {"host", "connection", "content-length"}
    headers = {n.decode().lower(): v.decode() for n, v in real.headers}
    shown = {name.lower(): value for name, value in prepared.headers.items()}
    assert shown.pop("authorization") == "Bearer ***"
    assert headers.pop("authorization") == f"Bearer {KEY}"
    assert shown == {name: value for name, value in headers.items() if name not in own}

    curl = argparse.ArgumentParser("curl")
    curl.add_argument("-X", dest="method")
    curl.add_argument("-H", dest="headers", action="append")
    curl.add_argument("--data-raw", dest="data", default="")
    curl.add_argument("url")
    program, *words = shlex.split(prepared.curl())
    got = curl.parse_args(words)
    assert (program, got.method, got.url) == ("curl", real.method, real.url)
    assert got.data.encode() == real.body
    shown["authorization"] = "Bearer $LAPLAS_API_KEY"
    shown.pop("accept-encoding", None)
    curled = [header.partition(": ") for header in got.headers]
    assert sorted((name.lower(), value) for name, _, value in curled) == sorted(shown.items())


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a POSIX shell")
@pytest.mark.parametrize(("call", "_body"), OPERATIONS)
def test_a_shell_puts_the_key_into_the_curl_line_and_changes_nothing_else(
    call: Callable[[Any], Any], _body: Any
) -> None:
    """What curl would get from a real shell, which expands whatever is not quoted."""
    line = prepared_by(call).curl()
    script = 'curl() { printf "%s\\0" "$@"; }\n' + line
    shell = subprocess.run(
        ["sh", "-c", script], env={"LAPLAS_API_KEY": KEY}, capture_output=True, check=True
    )
    got = shell.stdout.decode().split("\0")[:-1]
    assert got == [word.replace("$LAPLAS_API_KEY", KEY) for word in shlex.split(line)[1:]]
    assert f"Authorization: Bearer {KEY}" in got


def test_any_request_goes_to_paths_without_a_method_here() -> None:
    given = {"query": {"include": "x"}, "body": {"assistant_id": "asst_1"}, "timeout": 2}
    ran = run_both(
        lambda c: c.request("post", f"/threads/{THREAD}/runs", extra_headers={"X-A": "b"}, **given),
        answer({"id": "run_1"}, 201),
        base_url=f"{BASE}/v1/",
    )
    assert ran.sent.method == "POST"
    assert ran.sent.target == f"/v1/threads/{THREAD}/runs?include=x"
    assert ran.sent.json() == {"assistant_id": "asst_1"}
    assert ran.sent.header("X-A") == "b"
    assert ran.sent.header("Authorization") == f"Bearer {KEY}"
    assert ran.timeouts[0]["read"] == 2
    assert ran.result.json() == ran.result.parse() == {"id": "run_1"}


def test_any_request_raises_what_the_status_says() -> None:
    error = run_both(lambda c: c.request("GET", "/x"), answer({"message": "m"}, 404)).error
    assert isinstance(error, laplas.NotFoundError)
    assert "/x" in error.operation


# Lifecycle.


@CLIENTS
async def test_a_client_connects_with_its_first_call_and_may_be_closed_again(cls: Any) -> None:
    with Loopback() as server:
        server.script.append(answer(thread()))
        cls(api_key=KEY, base_url=server.url)
        client = cls(api_key=KEY, base_url=server.url)
        assert server.connections == 0
        await settled(retrieve(client))
        await settled(client.close())
        await settled(client.close())
        for closed in (client, client.with_options(timeout=1)):
            with pytest.raises(LaplasError, match="closed"):
                await settled(retrieve(closed))
    del client, closed
    gc.collect()  # what was left open is warned of now


@pytest.mark.parametrize("use", [False, True])
def test_a_local_server_that_the_client_made_ends_with_it(use: bool) -> None:
    """Also where no call was made in between."""
    with patch.object(LocalServer, "close", autospec=True, side_effect=LocalServer.close) as close:
        with Laplas.local() as client:
            if use:
                client.threads.create()
            assert not close.called
        assert close.called


def test_a_local_server_of_ones_own_outlives_the_client() -> None:
    with LocalServer() as server:
        with Laplas.local(server) as client:
            made = client.threads.create()
        with Laplas.local(server) as client:
            assert client.threads.retrieve(made.id).id == made.id
