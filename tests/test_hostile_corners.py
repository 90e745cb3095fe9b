"""Corners of the wrapper that no other test module comes to."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from scripted import KEY, THREAD, Loopback, answer, message, run_both, run_sync, thread

import laplas
from laplas import (
    APIConnectionError,
    AsyncLaplas,
    ConfigurationError,
    InvalidArgumentError,
    Laplas,
)
from laplas.local import LocalServer
from laplas_api.models import CreateMessageRequest, RefusalContent


def test_dir_tells_every_public_name_and_no_other() -> None:
    code = "import laplas; print(*dir(laplas))"  # in a fresh process: names are added as they load
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == sorted(laplas.__all__)
    for name in laplas.__all__:
        assert getattr(laplas, name) is not None
    with pytest.raises(AttributeError, match=r"laplas.*no attribute 'nonsense'"):
        _ = laplas.nonsense


# ---- what can be sent ---------------------------------------------------------------------------


def test_a_refusal_that_was_read_can_be_sent_as_text() -> None:
    ran = run_both(
        lambda c: c.messages.create("t", [RefusalContent(refusal="No.")]), answer(message())
    )
    assert ran.sent.json()["content"] == [{"type": "text", "text": "No."}]


def test_a_first_message_may_be_a_model_of_the_generated_package() -> None:
    first = CreateMessageRequest(role="user", content="hi")
    ran = run_both(lambda c: c.threads.create(messages=[first, "there"]), answer(thread()))
    assert ran.sent.json()["messages"] == [
        {"role": "user", "content": "hi"},
        {"role": "user", "content": "there"},
    ]


@pytest.mark.parametrize("headers", [5, "X-A: b", [("X-A", "b")]])
def test_headers_that_are_no_mapping_are_refused_beside_an_app_too(headers: Any) -> None:
    given: list[dict[str, Any]] = [{}, {"app": "billing/2.1"}]
    for options in given:
        with pytest.raises((ConfigurationError, InvalidArgumentError), match="header"):
            Laplas(api_key=KEY, default_headers=headers, **options)


# ---- another process ----------------------------------------------------------------------------


def is_open(connections: Any) -> bool:
    """Whether there is a connection that can still be used."""
    pools = [client._transport._pool for client in connections._clients.values()]
    resting = [kept for pool in pools for some in pool._resting.values() for kept in some]
    return any(not kept.connection.has_expired() for kept in resting)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        server.script.extend([answer(thread())] * 4)
        yield server


def test_what_was_connected_in_another_process_is_let_go_unclosed(server: Loopback) -> None:
    """As in a forked child, where no measurement of coverage looks."""
    with Laplas(api_key=KEY, base_url=server.url) as client:
        client.threads.retrieve(THREAD)
        client.threads.retrieve(THREAD)
        assert server.connections == 1
        of_the_parent = client._sender.connections._networks[None]
        client._sender.connections._process = -1
        client.threads.retrieve(THREAD)
        assert server.connections == 2
        assert of_the_parent is not None
        assert is_open(of_the_parent)
        of_the_parent.close()


def test_the_same_with_the_async_client(server: Loopback) -> None:
    async def use() -> None:
        async with AsyncLaplas(api_key=KEY, base_url=server.url) as client:
            await client.threads.retrieve(THREAD)
            (of_the_parent,) = client._sender.connections._networks.values()
            client._sender.connections._process = -1
            await client.threads.retrieve(THREAD)
            assert server.connections == 2
            assert is_open(of_the_parent)
            await of_the_parent.aclose()

    asyncio.run(use())


def test_closing_in_another_process_closes_nothing(server: Loopback) -> None:
    client = Laplas(api_key=KEY, base_url=server.url)
    client.threads.retrieve(THREAD)
    of_the_parent = client._sender.connections._networks[None]
    client._sender.connections._process = -1
    client.close()
    assert of_the_parent is not None
    assert is_open(of_the_parent)
    of_the_parent.close()


# ---- an unfit environment -----------------------------------------------------------------------

UNFIT = {
    "a proxy of no known kind": {"http_proxy": "garbage://user:canary@host:1"},
    "a proxy that is no URL": {"http_proxy": "http://user:canary@[::1"},
}


@pytest.mark.parametrize("variables", UNFIT.values(), ids=list(UNFIT))
@pytest.mark.parametrize("how", ["sync", "async"])
def test_an_unfit_environment_is_a_configuration_error_without_a_password(
    how: str, variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    async def use() -> None:
        async with AsyncLaplas(api_key=KEY, base_url="http://127.0.0.1:9") as client:
            await client.threads.retrieve(THREAD)

    def call() -> Any:
        if how == "async":
            asyncio.run(use())
        else:
            with Laplas(api_key=KEY, base_url="http://127.0.0.1:9") as client:
                client.threads.retrieve(THREAD)

    with pytest.raises(ConfigurationError) as info:
        call()
    assert "canary" not in str(info.value)


def test_a_socks_proxy_needs_its_package_or_works() -> None:
    try:
        Laplas(api_key=KEY, proxy="socks5://user:canary@127.0.0.1:9").close()
    except ConfigurationError as error:
        problem = str(error)
    else:
        problem = "socksio is there"
    assert "socks" in problem
    assert "canary" not in problem


# ---- the embedded server in process -------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("reset", "read"), ("close", "truncated"), ("truncate", "truncated"), ("disconnect", "read")],
)
def test_broken_connections_in_process_are_what_they_are_over_a_socket(
    fault: str, kind: str
) -> None:
    async def use(client: AsyncLaplas) -> None:
        async with client:
            with pytest.raises(APIConnectionError) as info:
                await client.threads.retrieve(THREAD)
            assert info.value.kind == kind
            assert (await client.threads.retrieve(THREAD)).id == THREAD

    with LocalServer(faults=[f"retrieve_thread: {fault} x2"]) as server:
        with (
            Laplas.local(server, max_retries=0) as client,
            pytest.raises(APIConnectionError) as info,
        ):
            client.threads.retrieve(THREAD)
        assert info.value.kind == kind
        asyncio.run(use(AsyncLaplas.local(server, max_retries=0)))


def test_a_server_of_its_own_ends_with_its_client() -> None:
    async def use() -> AsyncLaplas:
        async with AsyncLaplas.local() as client:
            await client.threads.retrieve(THREAD)
        return client

    closed = asyncio.run(use())
    assert closed._config.transport is not None
    with pytest.raises(Exception, match="closed database"):
        closed._config.transport._server.messages(THREAD)


def test_a_server_of_the_callers_outlives_its_client() -> None:
    with LocalServer() as server:
        with Laplas.local(server) as client:
            client.threads.retrieve(THREAD)
        assert server.messages(THREAD)


def test_no_answer_is_too_odd_for_the_debug_log(caplog: pytest.LogCaptureFixture) -> None:
    """The one line of the package's own log, for an answer and for a failure."""
    with caplog.at_level("DEBUG", logger="laplas"):
        run_sync(lambda c: c.threads.retrieve(THREAD), answer("x", 500), answer(thread()))
    assert [record.levelname for record in caplog.records if record.name == "laplas"][:2] == [
        "DEBUG",
        "DEBUG",
    ]
    assert "retrieve_thread" in caplog.text
