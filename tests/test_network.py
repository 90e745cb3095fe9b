"""Servers, proxies and networks that mean no good, or are far away."""

from __future__ import annotations

import asyncio
import gzip
import socket
import time
import warnings
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from scripted import KEY, THREAD, Loopback, answer, peak, run_sync, thread
from test_connections import Peer, Server

import laplas._async.transport
import laplas._sync.transport
from laplas import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AsyncLaplas,
    ConfigurationError,
    Laplas,
    Timeout,
)
from laplas._core.config import choose_proxy

MEGABYTE = 1 << 20
BODY = b'{"id":"thread_abc123","object":"thread","created_at":1}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


def sync_get(url: str, **options: Any) -> Any:
    with Laplas(**{"api_key": KEY, "base_url": url, "max_retries": 0, **options}) as client:
        return client.threads.retrieve(THREAD)


def async_get(url: str, **options: Any) -> Any:
    async def made() -> Any:
        given = {"api_key": KEY, "base_url": url, "max_retries": 0, **options}
        async with AsyncLaplas(**given) as client:
            return await client.threads.retrieve(THREAD)

    return asyncio.run(made())


Get = Callable[..., Any]
GET = pytest.mark.parametrize("get", [sync_get, async_get])


# ---- size ---------------------------------------------------------------------------------------


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data)),
    "deflate, gzip": lambda data: gzip.compress(zlib.compress(data)),
    "gzip,gzip,gzip": lambda data: gzip.compress(gzip.compress(gzip.compress(data))),
}


@GET
@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_refused_in_bounded_memory(get: Get, coding: str) -> None:
    """32 MB of blanks in a few bytes: no more is held than a little over the limit."""
    bomb = CODINGS[coding](b" " * (32 * MEGABYTE))
    with Loopback() as server:
        server.script.extend([answer(thread()), answer(bomb, content_encoding=coding)])
        get(server.url)  # so that what a first call imports is not counted

        def get_bomb() -> None:
            with pytest.raises(APIConnectionError) as info:
                get(server.url, max_response_bytes=MEGABYTE)
            assert info.value.kind in {"too_large", "undecodable"}

        held = peak(get_bomb)
    assert held < 8 * MEGABYTE, f"{held / MEGABYTE:.0f} MB"


@GET
@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity", "GZIP", ""])
def test_an_honest_coding_is_undone(get: Get, coding: str) -> None:
    body = CODINGS.get(coding.lower(), bytes)(BODY + b" " * 200_000)
    with Loopback() as server:
        server.script.append(answer(body, content_encoding=coding))
        assert get(server.url).id == THREAD


@GET
@pytest.mark.parametrize(
    "body", [b"no gzip", gzip.compress(b"{}")[:-9], gzip.compress(b"{}")[:15], b""], ids=len
)
def test_a_coding_that_does_not_fit_is_a_typed_error(get: Get, body: bytes) -> None:
    with Loopback() as server:
        server.script.append(answer(body, content_encoding="gzip"))
        with pytest.raises(APIError) as info:
            get(server.url)
    assert not info.value.may_have_taken_effect, "it only reads"


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "nonsense", "gzip, nonsense"])
def test_a_coding_nobody_asked_for_is_a_typed_error(coding: str) -> None:
    step = answer(b"\x0b\x02\x80abc\x03", content_encoding=coding)
    ran = run_sync(lambda c: c.threads.retrieve(THREAD), step)
    assert isinstance(ran.problem, APIError)


# ---- redirects ----------------------------------------------------------------------------------

SECRETS = {"Authorization": "Bearer other", "Cookie": "a=b", "X-Api-Key": "c"}


@GET
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["{other}/x", "//{host}/x", "/elsewhere", "https://{host}/"])
def test_no_redirect_is_followed_and_no_credential_goes_with_it(
    get: Get, status: int, where: str
) -> None:
    with Loopback() as server, Loopback() as other:
        location = where.format(other=other.url, host=other.url.removeprefix("http://"))
        server.script.append(answer(b"", status, location=location))
        with pytest.raises(APIStatusError, match="redirect") as info:
            get(server.url, default_headers=SECRETS)
        assert (len(server.requests), len(other.requests)) == (1, 0)
    assert info.value.status_code == status
    assert info.value.headers["location"] == location
    assert not info.value.may_have_taken_effect


# ---- proxies ------------------------------------------------------------------------------------

AWAY = "http://127.0.0.1:9"  # where nothing listens
PROXIES: list[tuple[dict[str, str], dict[str, str]]] = [
    *(({name: "PROXY"}, {}) for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")),
    ({"http_proxy": "PROXY", "no_proxy": "example.com"}, {}),
    ({"http_proxy": AWAY}, {"proxy": "PROXY"}),
]


@GET
@pytest.mark.parametrize(("variables", "options"), PROXIES, ids=str)
def test_the_proxy_of_the_option_else_of_the_environment_is_asked_for_the_whole_url(
    get: Get, variables: dict[str, str], options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback() as proxy:
        for name, value in variables.items():
            monkeypatch.setenv(name, value.replace("PROXY", proxy.url))
        proxy.script.append(answer(thread()))
        assert get(AWAY, **dict.fromkeys(options, proxy.url)).id == THREAD
    line = f"GET {AWAY}/threads/{THREAD} HTTP/1.1\r\n"
    assert proxy.requests[0].startswith(line.encode())


@GET
@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize("hosts", ["127.0.0.1", "example.com,127.0.0.1", "*"])
def test_no_proxy_is_honoured(
    get: Get, name: str, hosts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", AWAY)
    monkeypatch.setenv(name, hosts)
    with Loopback() as server:
        server.script.append(answer(thread()))
        get(server.url)


@GET
def test_an_https_url_is_tunnelled_and_nothing_is_said_to_the_proxy(get: Get) -> None:
    with Loopback() as proxy:
        proxy.script.append(answer("no", 403))
        with pytest.raises(APIConnectionError) as info:
            get("https://api.laplas.example", proxy=proxy.url)
    assert info.value.kind == "connect", "the server cannot have seen it"
    assert proxy.requests[0].startswith(b"CONNECT api.laplas.example:443 HTTP/1.1\r\n")
    assert KEY.encode() not in b"".join(proxy.requests)


@GET
@pytest.mark.parametrize("proxy", ["garbage://user:canary@host:1", "http://user:canary@[::1"])
def test_an_unfit_environment_is_a_configuration_error_without_a_password(
    get: Get, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    with pytest.raises(ConfigurationError) as info:
        get(AWAY)
    assert info.value.argument == "http_proxy"
    assert "canary" not in str(info.value)


GREETED = b"\x05\x02"
LET_IN = b"\x01\x00"


@GET
@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ([], "connect_timeout"),
        ([GREETED], "connect_timeout"),
        ([GREETED, LET_IN], "connect_timeout"),
        ([b""], "connect"),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], "connect"),
        ([b"\x05\xff"], "connect"),
        ([GREETED, b"\x01\x01"], "connect"),
        ([GREETED, LET_IN, b"\x05\x05\x00\x01" + bytes(6)], "connect"),
        ([GREETED, LET_IN, b"\x05\x00\x00\x01" + bytes(6), ANSWER], None),
    ],
)
def test_a_socks_proxy_that_fails_is_a_failure_to_connect_and_its_password_not_logged(
    get: Callable[..., Any], replies: list[bytes], kind: str | None, caplog: Any
) -> None:
    caplog.set_level("DEBUG")
    heard = []

    def speak(peer: Peer) -> None:
        for reply in replies:
            heard.append(peer.connection.recv(65536))
            if not reply:
                return
            peer.say(reply)
        while peer.connection.recv(65536):
            pass

    with Server(speak) as server:
        proxy = server.url().replace("http://", "socks5://user:canary@")
        timeout = Timeout(read=20, connect=0.3, write=20, pool=20)
        if kind is None:
            assert get("http://api.localhost", proxy=proxy).id == "thread_abc123"
            assert heard[3].startswith(b"GET /threads/thread_abc123 HTTP/1.1\r\n")
        else:
            with pytest.raises(APIConnectionError) as info:
                get("http://api.localhost", proxy=proxy, timeout=timeout)
            assert info.value.kind == kind
            assert not info.value.may_have_taken_effect
            assert "canary" not in f"{info.value!r}"
    assert "canary" not in caplog.text
    assert "socks5_connection.started" in caplog.text


def test_a_socks_proxy_needs_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    for half in (laplas._async.transport, laplas._sync.transport):
        monkeypatch.setattr(half, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"httpx\[socks\]") as info:
        Laplas(api_key=KEY, proxy="socks5://user:canary@127.0.0.1:9")
    assert "canary" not in str(info.value)


@GET
def test_the_look_up_of_a_host_is_part_of_connecting(
    get: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: Any, **__: Any) -> list[Any]:
        time.sleep(1)
        raise socket.gaierror("not found, after a long time")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(APIConnectionError) as info:
        get("http://slow.localhost", timeout=Timeout(connect=0.1))
    assert info.value.kind == "connect_timeout"
    assert not info.value.may_have_taken_effect


PROXY = "http://proxy.test:3128"
# Hosts that are exempt by such a NO_PROXY, and hosts that are not, whatever else it holds.
EXEMPT = [
    ("api.test", "api.test"), ("api.test", "other, .test"), ("api.test", "*.test"),
    ("api.test", "*"), ("api.test:8080", "api.test:8080"), ("a.b.test", "B.Test"),
    ("10.1.2.3", "10.0.0.0/8"), ("10.1.2.3", "10.1.2.3"), ("[::1]", "::1/128"), ("[::1]", "[::1]"),
    ("[fd00::5]", "fd00::/8"), ("localhost", "localhost"), ("api.test", "http://api.test"),
]  # fmt: skip
COVERED = [
    ("api.test", ""), ("api.test", "pi.test"), ("test", "*.test"), ("api.test:8080", "api.test:80"),
    ("11.1.2.3", "10.0.0.0/8"), ("[::2]", "::1/128, [::1]"),
    ("api.test", "[::1,*.x,,//, ::1/999"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("host", "entries", "chosen"),
    [*((*case, None) for case in EXEMPT), *((*case, PROXY) for case in COVERED)],
)
def test_which_hosts_go_straight(host: str, entries: str, chosen: str | None) -> None:
    assert choose_proxy(f"https://{host}/threads", {"https": PROXY, "no": entries}) == chosen


def test_the_scheme_decides_on_the_proxy() -> None:
    proxies = {"http": "plain.test:1", "all": PROXY}
    assert choose_proxy("http://api.test/", proxies) == "http://plain.test:1"
    assert choose_proxy("https://api.test/", proxies) == PROXY
    assert choose_proxy("https://api.test/", {"http": PROXY}) is None


# ---- plain http ---------------------------------------------------------------------------------


def warned(*urls: str | None) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for url in urls:
            for cls in (Laplas, AsyncLaplas):
                cls(api_key=KEY, base_url=url)
    assert all(warning.category is UserWarning for warning in caught)
    return [str(warning.message) for warning in caught]


def test_plain_http_to_another_machine_warns_once_for_each_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (first,) = warned("http://warns-once.example", "http://warns-once.example/v1")
    assert "warns-once.example" in first
    assert "unencrypted" in first
    assert KEY not in first
    assert not warned("http://warns-once.example")
    monkeypatch.setenv("LAPLAS_BASE_URL", "http://from-environment.example")
    assert "from-environment.example" in warned(None)[0]


ENCRYPTED_OR_HERE = [
    "https://encrypted.example", "http://127.0.0.1:8099", "http://127.1.2.3",
    "http://localhost:1/v1", "http://LOCALHOST", "http://api.localhost", "http://[::1]:5",
]  # fmt: skip
LOOK_LIKE_HERE = ("127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0")


@pytest.mark.parametrize(
    "url", [*ENCRYPTED_OR_HERE, *(f"http://{host}" for host in LOOK_LIKE_HERE)]
)
def test_https_and_this_machine_do_not_warn_and_what_only_looks_like_it_does(url: str) -> None:
    assert len(warned(url)) == (url not in ENCRYPTED_OR_HERE)
