"""What clients and calls can be told, whose connections are used, and who gets to see the key."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import pickle
import shlex
import shutil
import subprocess
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any

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
    thread,
)

import laplas
from laplas import AsyncLaplas, Laplas, LaplasError, PreparedRequest, RawResponse, Timeout
from laplas.local import LocalServer

OTHER = "sk-other-0123456789"


def retrieve(client: Any) -> Any:
    return client.threads.retrieve(THREAD)


def sent(call: Callable[[Any], Any] = retrieve, **options: Any) -> Sent:
    return run_both(call, answer(thread()), **options).sent


# Defaults.


def test_what_is_sent_by_default() -> None:
    got = sent()
    assert got.url == f"{BASE}/threads/{THREAD}"
    assert got.header("Authorization") == f"Bearer {KEY}"
    assert got.header("OpenAI-Beta") == "assistants=v2"
    assert got.header("Accept") == "application/json"
    assert got.header("User-Agent").startswith(f"laplas-python/{laplas.__version__} ")  # type: ignore[union-attr]
    assert got.header("Content-Type") is None
    posted = run_both(lambda c: c.messages.create(THREAD, "hi"), answer(message())).sent
    assert posted.header("Content-Type") == "application/json"


def test_the_default_timeout_is_60_seconds_and_5_to_connect() -> None:
    ran = run_both(retrieve, answer(thread()))
    assert ran.timeouts == [{"connect": 5, "read": 60, "write": 60, "pool": 60}]


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
def test_timeouts_of_client_and_call(given: Any, phases: tuple[float | None, ...]) -> None:
    expected = dict(zip(("read", "connect", "write", "pool"), phases, strict=True))
    of_client = run_both(retrieve, answer(thread()), timeout=given)
    of_call = run_both(lambda c: c.threads.retrieve(THREAD, timeout=given), answer(thread()))
    assert of_client.timeouts == of_call.timeouts == [expected]


def test_the_calls_timeout_wins_over_the_clients() -> None:
    ran = run_both(lambda c: c.threads.retrieve(THREAD, timeout=2), answer(thread()), timeout=None)
    assert ran.timeouts[0]["read"] == 2


# Base URL and environment.


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://api.test", "https://api.test/threads"),
        ("https://api.test/", "https://api.test/threads"),
        ("https://api.test///", "https://api.test/threads"),
        ("https://api.test/v1", "https://api.test/v1/threads"),
        ("https://api.test/v1/", "https://api.test/v1/threads"),
        (" https://api.test/v1/ ", "https://api.test/v1/threads"),
        ("https://api.test:8443/a/b%20c", "https://api.test:8443/a/b%20c/threads"),
        ("http://127.0.0.1:8099", "http://127.0.0.1:8099/threads"),
        ("http://localhost:8099/v1", "http://localhost:8099/v1/threads"),
        ("http://[::1]:8099", "http://[::1]:8099/threads"),
        ("HTTPS://API.test", "https://api.test/threads"),
    ],
)
def test_base_urls(base: str, url: str) -> None:
    assert sent(lambda c: c.threads.create(), base_url=base).url == url


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://api.test:443/v1", "api.test"),
        ("https://api.test:80", "api.test:80"),
        ("http://127.0.0.1:80", "127.0.0.1"),
        ("http://127.0.0.1:443", "127.0.0.1:443"),
        ("http://[::1]", "[::1]"),
        ("http://[::1]:8099/v1", "[::1]:8099"),
        ("HTTPS://API.test", "api.test"),
    ],
)
def test_the_host_header_has_the_port_where_it_is_not_the_usual_one(base: str, host: str) -> None:
    assert sent(base_url=base).header("Host") == host


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_plain_http_to_another_machine_is_warned_of(cls: Callable[..., Any]) -> None:
    with pytest.warns(UserWarning, match="unencrypted") as caught:
        cls(api_key=KEY, base_url=f"http://{cls.__name__}.plain.test")
    assert KEY not in str(caught[0].message)


def test_key_and_base_url_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", OTHER)
    monkeypatch.setenv("LAPLAS_BASE_URL", "https://env.test/v1/")
    got = sent(api_key=None, base_url=None)
    assert got.url == f"https://env.test/v1/threads/{THREAD}"
    assert got.header("Authorization") == f"Bearer {OTHER}"
    got = sent()
    assert got.url.startswith(BASE)
    assert got.header("Authorization") == f"Bearer {KEY}"


@pytest.mark.parametrize("empty", ["", None])
def test_without_a_base_url_the_vendors_is_taken(
    empty: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if empty is not None:
        monkeypatch.setenv("LAPLAS_BASE_URL", empty)
    assert sent(base_url=None).url == f"https://api.apilaplas.com/threads/{THREAD}"


# Headers, query and body.


@pytest.mark.parametrize("name", ["OpenAI-Beta", "openai-beta", "OPENAI-BETA"])
def test_the_beta_header_can_be_left_out(name: str) -> None:
    """By the client, a derived client and a call, whatever the name's case."""
    assert sent(default_headers={name: None}).header("OpenAI-Beta") is None
    derived = sent(lambda c: retrieve(c.with_options(default_headers={name: None})))
    assert derived.header("OpenAI-Beta") is None
    called = sent(lambda c: c.threads.retrieve(THREAD, extra_headers={name: None}))
    assert called.header("OpenAI-Beta") is None


@pytest.mark.parametrize("name", ["Accept", "Accept-Encoding", "User-Agent", "Authorization"])
def test_any_default_header_can_be_left_out_of_a_call(name: str) -> None:
    """Left out, not replaced by what the HTTP library would say of itself."""
    got = sent(lambda c: c.threads.retrieve(THREAD, extra_headers={name: None}))
    assert got.header(name) is None


@pytest.mark.parametrize("name", ["Accept", "Accept-Encoding", "User-Agent", "Authorization"])
def test_any_default_header_can_be_left_out_of_a_client(name: str) -> None:
    assert sent(default_headers={name: None}).header(name) is None


@pytest.mark.parametrize("value", [None, "application/merge+json"])
def test_the_content_type_can_be_left_out_or_replaced(value: str | None) -> None:
    headers = {"content-type": value}
    ran = run_both(
        lambda c: c.messages.create(THREAD, "hi", extra_headers=headers), answer(message())
    )
    assert ran.sent.header("Content-Type") == value


def test_a_header_is_replaced_and_not_sent_twice() -> None:
    got = sent(
        lambda c: c.threads.retrieve(
            THREAD,
            extra_headers={"openai-beta": "assistants=v3", "AUTHORIZATION": "Basic x", "X-A": "c"},
        ),
        default_headers={"x-a": "b", "X-B": "d"},
    )
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
    ({"a": "b c&d=é"}, "a=b%20c%26d%3D%C3%A9"),
    ({"a": 1, "b": 2.5}, "a=1&b=2.5"),
    ({"a": ["x", "y"]}, "a=x&a=y"),
    ({"a": None}, ""),
    ({"a": ""}, "a="),
    ({"a": True, "b": False}, "a=true&b=false"),
]


@pytest.mark.parametrize(("given", "query"), QUERIES)
def test_extra_query(given: dict[str, Any], query: str) -> None:
    got = sent(lambda c: c.threads.retrieve(THREAD, extra_query=given))
    assert got.target == f"/threads/{THREAD}" + (f"?{query}" if query else "")
    got = run_both(lambda c: c.request("GET", "/x", query=given), answer({})).sent
    assert got.target == "/x" + (f"?{query}" if query else "")


def test_extra_query_and_body_add_and_replace() -> None:
    ran = run_both(
        lambda c: c.messages.list(THREAD, page_size=5, extra_query={"limit": 500, "new": "x"}),
        answer(page()),
    )
    assert ran.sent.target.endswith("?limit=500&new=x")
    ran = run_both(
        lambda c: c.messages.create(THREAD, "hi", extra_body={"role": "system", "n": [None]}),
        answer(message()),
    )
    assert ran.sent.json() == {"role": "system", "content": "hi", "n": [None]}


def test_what_the_caller_gave_is_not_changed() -> None:
    headers, query, body = {"X-A": "b"}, {"q": "1"}, {"n": [1]}
    run_both(
        lambda c: c.messages.create(
            THREAD, "hi", extra_headers=headers, extra_query=query, extra_body=body
        ),
        answer(message()),
        default_headers=headers,
    )
    assert (headers, query, body) == ({"X-A": "b"}, {"q": "1"}, {"n": [1]})


# The key.


class Keys:
    """A callable that makes a new key each time."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> str:
        self.made += 1
        return f"sk-{self.made}"


class AsyncKeys(Keys):
    async def __call__(self) -> str:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().__call__()


KEYS = [(run_sync, Keys), (run_async, Keys), (run_async, AsyncKeys)]


@pytest.mark.parametrize(("run", "keys"), KEYS)
def test_a_callable_is_asked_for_each_request_retries_and_pages_included(
    run: Callable[..., Any], keys: Callable[[], Any]
) -> None:
    steps = [answer(page("a", has_more=True)), answer("x", 500), answer(page("b"))]
    ran = run(lambda c: c.messages.list(THREAD), *steps, collect="items", api_key=keys())
    assert ran.ids == ["a", "b"]
    assert [s.header("Authorization") for s in ran.requests] == [
        "Bearer sk-1",
        "Bearer sk-2",
        "Bearer sk-3",
    ]


def test_a_callable_is_not_asked_where_no_key_is_needed() -> None:
    keys = Keys()
    run_both(
        lambda c: c.threads.retrieve(THREAD, extra_headers={"Authorization": "Basic x"}),
        answer(thread()),
        api_key=keys,
    )
    run_both(lambda c: c.threads.prepare.retrieve(THREAD), api_key=keys)
    assert keys.made == 0


def test_an_async_callable_needs_the_async_client() -> None:
    """And leaves no coroutine behind that nobody awaits."""
    ran = run_sync(retrieve, api_key=AsyncKeys())
    assert isinstance(ran.error, laplas.ConfigurationError)
    assert ran.error.argument == "api_key"
    assert not ran.requests
    gc.collect()


SHOWN: list[Callable[[Any], object]] = [
    repr,
    str,
    lambda client: f"{client!r}",
    lambda client: repr(vars(client)),
    lambda client: repr(vars(client._sender)),
    lambda client: repr(client._sender.options),
    lambda client: str(client._sender.options),
    lambda client: repr([client, {"c": client}]),
    lambda client: repr(client.messages) + repr(client.threads) + repr(client.beta),
    lambda client: repr(vars(client.messages)) + repr(vars(client.threads)),
    lambda client: repr(client.thread(THREAD)) + repr(vars(client.thread(THREAD))),
    lambda client: repr(client.messages.prepare.create(THREAD, "hi")),
    lambda client: vars(client.messages.prepare.create(THREAD, "hi")),
    lambda client: pickle.dumps(client.messages.prepare.create(THREAD, "hi")),
    lambda client: pickle.dumps(client._sender.options),
]


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
@pytest.mark.parametrize("show", SHOWN)
def test_the_key_is_nowhere_to_be_seen(
    cls: Callable[..., Any], show: Callable[[Any], object]
) -> None:
    assert KEY not in str(show(cls(api_key=KEY, base_url=BASE)))


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_pickled_client_has_no_key(cls: Callable[..., Any]) -> None:
    """Where a client can be pickled at all."""
    client = cls(api_key=KEY, base_url=BASE)
    with contextlib.suppress(TypeError, AttributeError, pickle.PicklingError):
        assert KEY.encode() not in pickle.dumps(client)


def test_no_log_holds_the_key_or_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    steps = [answer("x", 429, retry_after="0"), answer({"error": "secret words"}, 500)]
    ran = run_both(lambda c: c.messages.create(THREAD, "secret words"), *steps)
    assert ran.error
    ours = [record for record in caplog.records if record.name.startswith("laplas")]
    assert len(ours) >= 4, "attempts are logged at DEBUG"
    assert any("429" in record.getMessage() for record in ours)
    everything = "".join(repr(vars(record)) + record.getMessage() for record in caplog.records)
    assert KEY not in everything
    assert "secret words" not in everything


# Derived clients.


def test_a_derived_client_leaves_its_parent_as_it_was() -> None:
    transport = Transport(lambda _: answer(thread()))
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as parent:
        before = parent._sender.options
        retrieve(parent)
        child = parent.with_options(
            api_key=OTHER,
            base_url="https://other.test",
            timeout=1,
            max_retries=0,
            default_headers={"X-A": "b", "OpenAI-Beta": None},
            app="x",
        )
        grandchild = child.with_options(default_headers={"X-A": None})
        for client in (child, grandchild, parent):
            retrieve(client)
        assert parent._sender.options == before
    first, of_child, of_grandchild, last = transport.requests
    assert first == last
    assert of_child.header("Authorization") == f"Bearer {OTHER}"
    assert of_child.url.startswith("https://other.test/")
    assert of_child.header("X-A") == "b"
    assert of_grandchild.header("X-A") is None
    assert of_grandchild.header("OpenAI-Beta") is None
    assert transport.timeouts[1]["read"] == 1


def test_derived_clients_share_the_connections() -> None:
    """One socket for parent and child, sync; closing the child does not close it."""
    with Loopback() as server:
        server.script.extend([answer(thread())] * 3)
        with Laplas(api_key=KEY, base_url=server.url) as parent:
            retrieve(parent)
            with parent.with_options(timeout=9) as child:
                retrieve(child)
            retrieve(parent)
        assert len(server.requests) == 3
        assert server.connections == 1


async def test_derived_async_clients_share_the_connections() -> None:
    with Loopback() as server:
        server.script.extend([answer(thread())] * 3)
        async with AsyncLaplas(api_key=KEY, base_url=server.url) as parent:
            await retrieve(parent)
            async with parent.with_options(timeout=9) as child:
                await retrieve(child)
            await retrieve(parent)
        assert server.connections == 1


def test_a_derived_client_is_of_the_parents_class() -> None:
    class Mine(Laplas):
        """A user's own client."""

    assert type(Mine(api_key=KEY).with_options()) is Mine


# The caller's own HTTP client or transport.


def test_an_http_client_of_ones_own_is_used_and_not_closed() -> None:
    transport = Transport(lambda _: answer(thread()))
    with httpx.Client(transport=transport, headers={"X-Own": "1"}) as own:
        with Laplas(api_key=KEY, base_url=BASE, http_client=own) as client:
            retrieve(client)
        assert not own.is_closed
        with pytest.raises(LaplasError, match="closed"):
            retrieve(client)
    assert transport.requests[0].header("X-Own") == "1"
    assert transport.requests[0].header("Authorization") == f"Bearer {KEY}"


async def test_an_async_http_client_of_ones_own_is_used_and_not_closed() -> None:
    transport = Transport(lambda _: answer(thread()))
    async with httpx.AsyncClient(transport=transport) as own:
        async with AsyncLaplas(api_key=KEY, base_url=BASE, http_client=own) as client:
            await retrieve(client)
        assert not own.is_closed
    assert len(transport.requests) == 1


def test_settings_of_ones_own_http_client_do_not_change_the_request() -> None:
    """Its base URL and its redirects are not those of this API."""
    transport = Transport(answer("", 302, location="https://evil.test/"))
    with httpx.Client(
        transport=transport, base_url="https://evil.test/x", follow_redirects=True, timeout=1
    ) as own:
        client = Laplas(api_key=KEY, base_url=BASE, http_client=own)
        with pytest.raises(laplas.APIStatusError):
            retrieve(client)
    assert [s.url for s in transport.requests] == [f"{BASE}/threads/{THREAD}"]
    assert transport.timeouts[0]["read"] == 60


@pytest.mark.parametrize(
    "given",
    [{"transport": Transport()}, {"proxy": "http://proxy.test"}, {"verify": False}],
    ids=lambda given: next(iter(given)),
)
def test_what_ones_own_http_client_would_ignore_is_refused(given: dict[str, Any]) -> None:
    """A proxy that is silently not used would be found out late."""
    with httpx.Client() as own, pytest.raises(laplas.ConfigurationError) as caught:
        Laplas(api_key=KEY, http_client=own, **given)
    assert caught.value.argument in (*given, "http_client")


@pytest.mark.parametrize("run", [run_sync, run_async])
def test_a_transport_of_ones_own_is_used(run: Callable[..., Any]) -> None:
    transport = Transport(answer(thread()))
    assert run(retrieve, transport=transport).result.id == THREAD
    assert len(transport.requests) == 1


def test_cookies_do_not_travel_from_one_call_to_the_next() -> None:
    """The API has none; with a shared pool they would join calls made with different keys."""
    transport = Transport(
        answer(thread(), set_cookie="session=1; Path=/"), answer(thread()), answer(thread())
    )
    with Laplas(api_key=KEY, base_url=BASE, transport=transport) as client:
        retrieve(client)
        retrieve(client)
        retrieve(client.with_options(api_key=OTHER))
    assert [s.header("Cookie") for s in transport.requests] == [None, None, None]


# Raw answers, prepared requests, any request.


def test_raw_answers() -> None:
    ran = run_both(
        lambda c: c.messages.with_raw_response.create(THREAD, "hi"),
        answer("slow", 429, retry_after="3"),
        answer(message(), 201, takes=2, X_Request_Id="r1"),
    )
    raw = ran.result
    assert isinstance(raw, RawResponse)
    assert (raw.status_code, raw.request_id, raw.attempts) == (201, "r1", 2)
    assert raw.headers["x-request-id"] == "r1"
    assert raw.elapsed == 5
    assert json.loads(raw.content) == json.loads(raw.text) == raw.json() == message()
    assert raw.parse().to_dict() == message()
    assert type(raw.parse()) is laplas.Message
    assert "201" in repr(raw)


OPERATIONS: list[tuple[Callable[[Any], Any], Callable[[Any], Any], Any]] = [
    (lambda c: c.messages, lambda m: m.create(THREAD, "hi"), message()),
    (lambda c: c.messages, lambda m: m.retrieve(THREAD, MESSAGE), message()),
    (lambda c: c.messages, lambda m: m.update(THREAD, MESSAGE, metadata={}), message()),
    (lambda c: c.messages, lambda m: m.list(THREAD), page("a")),
    (lambda c: c.messages, lambda m: m.delete(THREAD, MESSAGE), b""),
    (lambda c: c.threads, lambda t: t.create(), thread()),
    (lambda c: c.threads, lambda t: t.retrieve(THREAD), thread()),
    (lambda c: c.threads, lambda t: t.update(THREAD, metadata={}), thread()),
    (lambda c: c.threads, lambda t: t.delete(THREAD), b""),
]


@pytest.mark.parametrize(("resource", "call", "body"), OPERATIONS)
def test_a_raw_answer_parses_to_what_the_plain_call_returns(
    resource: Callable[[Any], Any], call: Callable[[Any], Any], body: Any
) -> None:
    plain = run_both(lambda c: call(resource(c)), answer(body))
    raw = run_both(lambda c: call(resource(c).with_raw_response), answer(body))
    assert raw.sent == plain.sent
    assert isinstance(raw.result, RawResponse)
    assert plainly(raw.result.parse()) == plainly(plain.result)


def test_a_raw_answer_that_fits_nothing_is_given_and_raises_when_parsed() -> None:
    raw = run_both(
        lambda c: c.threads.with_raw_response.retrieve(THREAD), answer(b"\xff<html>")
    ).result
    assert raw.text == "\ufffd<html>"
    with pytest.raises(laplas.UnparsableResponseError):
        raw.parse()
    with pytest.raises(ValueError):  # noqa: PT011  (json's own)
        raw.json()


SAID = 'it\'s $HOME `x` "q" \\ @file\nnew 日本'
CALLS: list[Callable[[Any], Any]] = [
    lambda r: r.messages.create(THREAD, SAID, metadata={"a": "'"}),
    lambda r: r.messages.list(THREAD, order="asc", after="a'b&c"),
    lambda r: r.messages.update(THREAD, MESSAGE, metadata=None),
    lambda r: r.messages.delete(THREAD, "msg $(x) [1-3]{a,b}"),
    lambda r: r.threads.create(extra_headers={"X-A": "b 'c' $d", "OpenAI-Beta": None}),
    lambda r: r.threads.delete(THREAD, extra_query={"a": ["1", "2"]}),
]  # fmt: skip


class Side:
    """The resources of a client, or what they become: `prepare`."""

    def __init__(self, client: Any, prepare: bool) -> None:
        self.messages = client.messages.prepare if prepare else client.messages
        self.threads = client.threads.prepare if prepare else client.threads


@pytest.mark.parametrize("call", CALLS)
def test_a_prepared_call_is_the_request_that_would_be_sent(call: Callable[[Any], Any]) -> None:
    """As data and as a curl line that a shell takes apart into the very same."""
    real = run_both(lambda c: call(Side(c, prepare=False)), answer("x", 400)).sent
    ran = run_both(lambda c: call(Side(c, prepare=True)))
    prepared = ran.result
    assert isinstance(prepared, PreparedRequest)
    assert not ran.requests
    assert (prepared.method, prepared.url) == (real.method, real.url)
    assert (prepared.body or b"") == real.body
    assert prepared.json() == real.json()
    own = {"host", "connection", "content-length"}
    headers = {n.decode().lower(): v.decode() for n, v in real.headers}
    shown = {name.lower(): value for name, value in prepared.headers.items()}
    assert shown.pop("authorization") == "Bearer ***"
    assert headers.pop("authorization") == f"Bearer {KEY}"
    assert shown == {name: value for name, value in headers.items() if name not in own}

    assert KEY not in prepared.curl()
    method, url, curled, data = curl_parts(prepared.curl())
    assert (method, url, data) == (real.method, real.url, real.body)
    assert curled.pop("authorization") == "Bearer $LAPLAS_API_KEY"
    shown.pop("accept-encoding", None)
    assert curled == shown


def curl_parts(line: str) -> tuple[str, str, dict[str, str], bytes]:
    """Method, URL, headers and data of a curl command."""
    words = iter(shlex.split(line))
    assert next(words) == "curl"
    method, url, headers, data = "", "", {}, b""
    for word in words:
        if word in ("-X", "--request"):
            method = next(words)
        elif word in ("-H", "--header"):
            name, _, value = next(words).partition(": ")
            assert name.lower() not in headers
            headers[name.lower()] = value
        elif word == "--data-raw":
            data = next(words).encode()
        else:
            assert not word.startswith("-"), word
            assert not url
            url = word
    return method, url, headers, data


@pytest.mark.skipif(shutil.which("sh") is None, reason="needs a POSIX shell")
@pytest.mark.parametrize("call", CALLS[:4])
def test_a_shell_puts_the_key_into_the_curl_line_and_changes_nothing_else(
    call: Callable[[Any], Any],
) -> None:
    """What curl would get from a real shell, which expands whatever is not quoted."""
    line = run_both(lambda c: call(Side(c, prepare=True))).result.curl()
    script = 'curl() { printf "%s\\0" "$@"; }\n' + line
    shell = subprocess.run(
        ["sh", "-c", script], env={"LAPLAS_API_KEY": KEY}, capture_output=True, check=True
    )
    got = shell.stdout.decode().split("\0")[:-1]
    expected = [word.replace("$LAPLAS_API_KEY", KEY) for word in shlex.split(line)[1:]]
    assert got == expected
    assert f"Authorization: Bearer {KEY}" in got


def test_credentials_in_extra_headers_are_hidden_too() -> None:
    secrets = {"Authorization": f"Basic {OTHER}", "X-Api-Key": OTHER, "Cookie": OTHER}
    prepared = run_both(lambda c: c.threads.prepare.retrieve(THREAD, extra_headers=secrets)).result
    assert OTHER not in str(vars(prepared)) + prepared.curl() + repr(prepared)


def test_a_prepared_call_checks_its_arguments() -> None:
    error = run_both(lambda c: c.messages.prepare.delete(THREAD, "..")).error
    assert isinstance(error, laplas.InvalidArgumentError)


def test_any_request_goes_to_paths_without_a_method_here() -> None:
    ran = run_both(
        lambda c: c.request(
            "post",
            f"/threads/{THREAD}/runs",
            query={"include": "x"},
            body={"assistant_id": "asst_1"},
            extra_headers={"X-A": "b"},
            timeout=2,
        ),
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


@pytest.fixture
def strict() -> Iterator[None]:
    """Whatever is left open shows before the test ends."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
        gc.collect()


@pytest.mark.usefixtures("strict")
def test_a_client_opens_nothing_before_its_first_call() -> None:
    with Loopback() as server:
        client = Laplas(api_key=KEY, base_url=server.url)
        del client
        assert server.connections == 0


@pytest.mark.usefixtures("strict")
def test_closing_closes_and_may_be_repeated() -> None:
    with Loopback() as server:
        server.script.append(answer(thread()))
        client = Laplas(api_key=KEY, base_url=server.url)
        retrieve(client)
        client.close()
        client.close()
        with pytest.raises(LaplasError, match="closed"):
            retrieve(client)
        with pytest.raises(LaplasError, match="closed"):
            retrieve(client.with_options(timeout=1))


@pytest.mark.usefixtures("strict")
async def test_async_closing_closes_and_may_be_repeated() -> None:
    with Loopback() as server:
        server.script.append(answer(thread()))
        client = AsyncLaplas(api_key=KEY, base_url=server.url)
        await retrieve(client)
        await client.aclose()
        await client.close()
        with pytest.raises(LaplasError, match="closed"):
            await retrieve(client)


@pytest.mark.usefixtures("strict")
def test_a_client_that_is_forgotten_open_warns_like_a_file() -> None:
    transport = Transport(answer(thread()))
    client = Laplas(api_key=KEY, base_url=BASE, transport=transport)
    retrieve(client)
    clients = [client]
    del client

    def forget() -> None:
        clients.clear()
        gc.collect()

    with pytest.warns(ResourceWarning, match="unclosed") as caught:
        forget()
    assert KEY not in str(caught[0].message)


@pytest.fixture
def lenient() -> Iterator[None]:
    """For clients whose first loop ends without closing: the collector closes its sockets."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@pytest.mark.usefixtures("lenient")
def test_one_client_in_two_event_loops_in_turn() -> None:
    """Each loop has connections of its own; those of a loop that ended are not touched again."""
    with Loopback() as server:
        server.script.extend([answer(thread())] * 4)
        client = AsyncLaplas(api_key=KEY, base_url=server.url)

        async def use(close: bool) -> None:
            assert (await retrieve(client)).id == THREAD
            assert (await retrieve(client)).id == THREAD
            if close:
                await client.aclose()

        asyncio.run(use(close=False))
        asyncio.run(use(close=True))
        assert server.connections == 2
        assert len(server.requests) == 4


@pytest.mark.usefixtures("lenient")
def test_event_loops_that_ended_are_let_go() -> None:
    """A client that outlives its loops must not hold a socket for each of them."""
    with Loopback() as server:
        server.script.extend([answer(thread())] * 4)
        client = AsyncLaplas(api_key=KEY, base_url=server.url)
        loops = []

        async def use() -> None:
            loops.append(weakref.ref(asyncio.get_running_loop()))
            await retrieve(client)

        for _ in range(4):
            asyncio.run(use())
        gc.collect()
        alive = [loop for loop in loops if loop() is not None]
        assert len(alive) <= 1, "the last one may be held, those before it not"


def test_many_calls_at_once_share_one_async_client() -> None:
    async def all_at_once() -> list[Any]:
        transport = Transport(lambda _: answer(thread()))
        async with AsyncLaplas(api_key=KEY, base_url=BASE, transport=transport) as client:
            return await asyncio.gather(*(retrieve(client) for _ in range(20)))

    assert [got.id for got in asyncio.run(all_at_once())] == [THREAD] * 20


@pytest.mark.parametrize("use", [False, True])
def test_a_local_server_that_the_client_made_ends_with_it(
    use: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where no call was made in between."""
    closed: list[bool] = []
    close = LocalServer.close

    def noted(self: LocalServer) -> None:
        closed.append(True)
        close(self)

    monkeypatch.setattr(LocalServer, "close", noted)
    with Laplas.local() as client:
        if use:
            client.threads.create()
        assert not closed
    assert closed


def test_a_local_server_of_ones_own_outlives_the_client() -> None:
    with LocalServer() as server:
        with Laplas.local(server) as client:
            made = client.threads.create()
        with Laplas.local(server) as client:
            assert client.threads.retrieve(made.id).id == made.id
