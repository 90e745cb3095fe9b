"""Servers, proxies and networks that mean no good, or are far away."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import threading
import tracemalloc
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from scripted import KEY, Loopback, Step, answer, run_sync, thread

from laplas import (
    APIConnectionError,
    APIError,
    APIStatusError,
    AsyncLaplas,
    ConfigurationError,
    Laplas,
)

MEGABYTE = 1 << 20


EMPTY_BLOCK = b"\x00\x00\x00\xff\xff"
"""Of a deflate stream: five bytes that mean nothing."""


def sync_get(url: str, **options: Any) -> Any:
    with Laplas(**{"api_key": KEY, "base_url": url, "max_retries": 0, **options}) as client:
        return client.threads.retrieve("thread_abc123")


def async_get(url: str, **options: Any) -> Any:
    async def made() -> Any:
        given = {"api_key": KEY, "base_url": url, "max_retries": 0, **options}
        async with AsyncLaplas(**given) as client:
            return await client.threads.retrieve("thread_abc123")

    return asyncio.run(made())


GET = pytest.mark.parametrize("get", [sync_get, async_get])


# ---- size ---------------------------------------------------------------------------------------


def refused_as_too_large(get: Callable[..., Any], step: Step, most: int) -> APIConnectionError:
    with Loopback() as server:
        server.script.append(step)
        with pytest.raises(APIConnectionError) as info:
            get(server.url, max_response_bytes=most, max_retries=2)
        assert len(server.requests) == 1, "another attempt would meet the same"
    assert info.value.kind == "too_large"
    assert str(most) in str(info.value)
    return info.value


@GET
@pytest.mark.parametrize("status", [200, 400, 503])
def test_an_answer_over_the_limit_is_refused(get: Callable[..., Any], status: int) -> None:
    if status != 200:
        # The rest of an error page is not needed, but the error is: it may be either.
        with Loopback() as server:
            server.script.append(answer(b"x" * 5000, status))
            with pytest.raises((APIConnectionError, APIStatusError)):
                get(server.url, max_response_bytes=1000)
        return
    refused_as_too_large(get, answer(b"x" * 5000, status), 1000)


@GET
def test_the_limit_itself_is_within_the_limit(get: Callable[..., Any]) -> None:
    body = b'{"id":"thread_abc123","object":"thread","created_at":1,"metadata":{}}'
    with Loopback() as server:
        server.script.append(answer(body))
        assert get(server.url, max_response_bytes=len(body)).id == "thread_abc123"
    refused_as_too_large(get, answer(body), len(body) - 1)


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "gzip, gzip": lambda data: gzip.compress(gzip.compress(data)),
    "deflate, gzip": lambda data: gzip.compress(zlib.compress(data)),
    "gzip,gzip,gzip": lambda data: gzip.compress(gzip.compress(gzip.compress(data))),
}


@GET
@pytest.mark.parametrize("coding", CODINGS)
def test_a_bomb_is_refused_in_bounded_memory(get: Callable[..., Any], coding: str) -> None:
    """32 MB of blanks in a few bytes: no more is held than a little over the limit."""
    bomb = CODINGS[coding](b" " * (32 * MEGABYTE))
    with Loopback() as server:
        server.script.append(answer(bomb, content_encoding=coding))
        get_thread_first(get, server)
        tracemalloc.start()
        try:
            with pytest.raises(APIConnectionError) as info:
                get(server.url, max_response_bytes=MEGABYTE)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert info.value.kind in {"too_large", "undecodable"}
    assert peak < 8 * MEGABYTE, f"{peak / MEGABYTE:.0f} MB"


def get_thread_first(get: Callable[..., Any], server: Loopback) -> None:
    """So that the measurement does not count what is imported on the first call."""
    server.script.appendleft(answer(thread()))
    get(server.url)


@GET
@pytest.mark.parametrize("coding", ["gzip", "deflate", "identity", "GZIP", ""])
def test_an_honest_coding_is_undone(get: Callable[..., Any], coding: str) -> None:
    pack = CODINGS.get(coding.lower(), bytes)
    body = pack(b'{"id":"thread_abc123","object":"thread","created_at":1}' + b" " * 200_000)
    with Loopback() as server:
        server.script.append(answer(body, content_encoding=coding))
        assert get(server.url).id == "thread_abc123"


@GET
@pytest.mark.parametrize(
    "body", [b"no gzip", gzip.compress(b"{}")[:-9], gzip.compress(b"{}")[:15], b""], ids=len
)
def test_a_coding_that_does_not_fit_is_a_typed_error(get: Callable[..., Any], body: bytes) -> None:
    with Loopback() as server:
        server.script.append(answer(body, content_encoding="gzip"))
        with pytest.raises(APIError) as info:
            get(server.url)
    assert not info.value.may_have_taken_effect, "it only reads"


@pytest.mark.parametrize("most", [0, -1, 1.5, "1", None, True])
@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_limit_is_a_whole_number_from_1_up(cls: Callable[..., Any], most: Any) -> None:
    with pytest.raises(ConfigurationError) as info:
        cls(api_key=KEY, max_response_bytes=most)
    assert info.value.argument == "max_response_bytes"


# ---- redirects ----------------------------------------------------------------------------------

SECRETS = {"Authorization": "Bearer other", "Cookie": "a=b", "X-Api-Key": "c"}


@GET
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("where", ["{other}/x", "//{host}/x", "/elsewhere", "https://{host}/"])
def test_no_redirect_is_followed_and_no_credential_goes_with_it(
    get: Callable[..., Any], status: int, where: str
) -> None:
    with Loopback() as server, Loopback() as other:
        location = where.format(other=other.url, host=other.url.removeprefix("http://"))
        server.script.append(answer(b"", status, location=location))
        with pytest.raises(APIStatusError) as info:
            get(server.url, default_headers=SECRETS)
        assert len(server.requests) == 1
        assert not other.requests
    assert info.value.status_code == status
    assert not info.value.may_have_taken_effect


def test_a_cookie_of_a_server_is_not_sent_to_another() -> None:
    """One client, two hosts: what the one set does not reach the other."""
    with Loopback() as server, Loopback() as other:
        server.script.append(answer(thread(), set_cookie="session=crumbs; Domain=localhost"))
        other.script.append(answer(thread()))
        with Laplas(api_key=KEY, base_url=server.url) as client:
            client.threads.retrieve("thread_abc123")
            elsewhere = other.url.replace("127.0.0.1", "localhost")
            client.with_options(base_url=elsewhere).threads.retrieve("thread_abc123")
        assert b"crumbs" not in other.requests[0]


# ---- TLS ----------------------------------------------------------------------------------------


class Certificates:
    """An authority of our own, and a certificate for this machine."""

    def __init__(self, folder: Path) -> None:
        trustme = pytest.importorskip("trustme")
        authority = trustme.CA()
        issued = authority.issue_cert("127.0.0.1", "localhost")
        self.wrong_name = self._server_context(authority.issue_cert("other.example"))
        self.server = self._server_context(issued)
        self.authority = folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)

    @staticmethod
    def _server_context(issued: Any) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        issued.configure_cert(context)
        return context

    @property
    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.authority))


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("tls"))


@contextmanager
def tls_server(context: ssl.SSLContext) -> Iterator[tuple[str, list[bytes]]]:
    """Answers each request with a thread; yields its URL and the requests it could read."""
    seen: list[bytes] = []
    body = b'{"id":"thread_abc123","object":"thread","created_at":1}'
    reply = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
                    seen.append(connection.recv(65536))
                    connection.sendall(reply)

    server = threading.Thread(target=serve)
    server.start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        server.join(10)


@GET
def test_certificates_are_checked_unless_told_otherwise(
    get: Callable[..., Any], certificates: Certificates
) -> None:
    with tls_server(certificates.server) as (url, seen):
        for options in ({}, {"verify": True}, {"verify": ssl.create_default_context()}):
            with pytest.raises(APIConnectionError) as info:
                get(url, **options)
            assert info.value.kind == "connect"
            assert "certificate" in str(info.value).lower()
            assert not info.value.may_have_taken_effect
        assert not seen, "nothing was said to a server that could not prove who it is"


@GET
def test_an_authority_of_the_callers_own_is_trusted(
    get: Callable[..., Any], certificates: Certificates
) -> None:
    with tls_server(certificates.server) as (url, seen):
        assert get(url, verify=certificates.trusting).id == "thread_abc123"
        assert get(url, verify=False).id == "thread_abc123"
    assert KEY.encode() in seen[0]


@GET
def test_an_authority_in_the_environment_is_trusted(
    get: Callable[..., Any], certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    with tls_server(certificates.server) as (url, _):
        assert get(url).id == "thread_abc123"


@GET
@pytest.mark.parametrize("content", [None, b"no certificate"], ids=["missing", "garbage"])
def test_a_certificate_file_that_is_none_is_a_configuration_error(
    get: Callable[..., Any],
    content: bytes | None,
    certificates: Certificates,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Except where nothing is checked: then no certificates are looked for."""
    path = tmp_path / "canary.pem"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with tls_server(certificates.server) as (url, _):
        with pytest.raises(ConfigurationError) as info:
            get(url)
        assert get(url, verify=False).id == "thread_abc123"
    assert info.value.argument == "SSL_CERT_FILE"
    assert "canary" not in str(info.value)


@GET
def test_the_name_in_the_certificate_must_be_the_hosts(
    get: Callable[..., Any], certificates: Certificates
) -> None:
    with (
        tls_server(certificates.wrong_name) as (url, seen),
        pytest.raises(APIConnectionError) as info,
    ):
        get(url, verify=certificates.trusting)
    assert info.value.kind == "connect"
    assert not seen


@pytest.mark.parametrize("verify", ["", "/a/path", 1, 0, None])
def test_verify_is_a_bool_or_a_context(verify: Any) -> None:
    with pytest.raises(ConfigurationError) as info:
        Laplas(api_key=KEY, verify=verify)
    assert info.value.argument == "verify"


# ---- proxies ------------------------------------------------------------------------------------

AWAY = "http://127.0.0.1:9"  # where nothing listens


@GET
def test_a_proxy_is_asked_for_the_whole_url(get: Callable[..., Any]) -> None:
    with Loopback() as proxy:
        proxy.script.append(answer(thread()))
        assert get(AWAY, proxy=proxy.url).id == thread()["id"]
    assert proxy.requests[0].startswith(
        b"GET http://127.0.0.1:9/threads/thread_abc123 HTTP/1.1\r\n"
    )


@GET
def test_an_https_url_is_tunnelled_and_nothing_is_said_to_the_proxy(
    get: Callable[..., Any],
) -> None:
    with Loopback() as proxy:
        proxy.script.append(answer("no", 403))
        with pytest.raises(APIConnectionError) as info:
            get("https://api.laplas.example", proxy=proxy.url)
    assert info.value.kind == "connect", "the server cannot have seen it"
    assert proxy.requests[0].startswith(b"CONNECT api.laplas.example:443 HTTP/1.1\r\n")
    assert KEY.encode() not in b"".join(proxy.requests)


@GET
@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_environments_proxy_is_used(
    get: Callable[..., Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback() as proxy:
        monkeypatch.setenv(name, proxy.url)
        proxy.script.append(answer(thread()))
        get(AWAY)
        assert len(proxy.requests) == 1


@GET
@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
@pytest.mark.parametrize("hosts", ["127.0.0.1", "example.com,127.0.0.1", "*"])
def test_no_proxy_is_honoured(
    get: Callable[..., Any], name: str, hosts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback() as proxy, Loopback() as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv(name, hosts)
        server.script.append(answer(thread()))
        get(server.url)
        assert len(server.requests) == 1
        assert not proxy.requests


@GET
def test_without_no_proxy_loopback_goes_through_the_proxy(
    get: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What makes the test above mean something."""
    with Loopback() as proxy, Loopback() as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "example.com")
        proxy.script.append(answer(thread()))
        get(server.url)
        assert len(proxy.requests) == 1
        assert not server.requests


@GET
def test_a_proxy_given_as_an_option_goes_before_the_environments(
    get: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback() as proxy:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        proxy.script.append(answer(thread()))
        get(AWAY, proxy=proxy.url)
        assert len(proxy.requests) == 1


# ---- plain http ---------------------------------------------------------------------------------


def warned(*urls: str) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for url in urls:
            Laplas(api_key=KEY, base_url=url)
    assert all(warning.category is UserWarning for warning in caught)
    return [str(warning.message) for warning in caught]


def test_plain_http_to_another_machine_warns_once_for_each_host() -> None:
    first = warned("http://warns-once.example", "http://warns-once.example/v1")
    assert len(first) == 1
    assert "warns-once.example" in first[0]
    assert "unencrypted" in first[0]
    assert not warned("http://warns-once.example")
    assert len(warned("http://warns-too.example")) == 1


def test_plain_http_in_the_environment_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPLAS_BASE_URL", "http://from-environment.example")
    monkeypatch.setenv("LAPLAS_API_KEY", KEY)
    with pytest.warns(UserWarning, match=r"from-environment\.example"):
        AsyncLaplas()


@pytest.mark.parametrize(
    "url",
    [
        "https://encrypted.example",
        "http://127.0.0.1:8099",
        "http://127.1.2.3",
        "http://localhost:1/v1",
        "http://LOCALHOST",
        "http://api.localhost",
        "http://[::1]:5",
    ],
)
def test_https_and_this_machine_do_not_warn(url: str) -> None:
    assert not warned(url)


@pytest.mark.parametrize(
    "host", ["127.evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "0.0.0.0"]
)
def test_what_only_looks_like_this_machine_warns(host: str) -> None:
    assert len(warned(f"http://{host}")) == 1


# ---- other nonsense -----------------------------------------------------------------------------

HEADS = [
    b"",
    b"\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"HTTP/1.1 2000 OK\r\n\r\n",
    b"HTTP/1.1 OK\r\n\r\n",
    b"HTTP/9.9 200 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    b"SSH-2.0-OpenSSH_9.6\r\n",
    b"\x15\x03\x01\x00\x02\x02\x28",
    b"\x00" * 1000,
]


@GET
@pytest.mark.parametrize("head", HEADS, ids=[str(number) for number in range(len(HEADS))])
def test_a_server_that_does_not_speak_http_is_a_typed_error(
    get: Callable[..., Any], head: bytes
) -> None:
    with speaking(head) as url, pytest.raises(APIError):
        get(url)


@GET
def test_a_server_without_tls_gets_no_request(get: Callable[..., Any]) -> None:
    with (
        speaking(b"HTTP/1.1 400 Bad Request\r\n\r\n") as url,
        pytest.raises(APIConnectionError) as info,
    ):
        get(url.replace("http:", "https:"))
    assert info.value.kind == "connect"


@contextmanager
def speaking(reply: bytes) -> Iterator[str]:
    """A server that gives this reply to whatever it is told on its one connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(reply)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass

    server = threading.Thread(target=serve)
    server.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.join(10)
        listener.close()


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "nonsense", "gzip, nonsense"])
def test_a_coding_nobody_asked_for_is_a_typed_error(coding: str) -> None:
    ran = run_sync(
        lambda c: c.threads.retrieve("thread_abc123"),
        answer(b"\x0b\x02\x80abc\x03", content_encoding=coding),
    )
    assert isinstance(ran.problem, APIError)
