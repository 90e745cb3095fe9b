"""What tools that patch httpx see of a plain client: every request."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

import httpx
import pytest
import respx
from scripted import THREAD, Loopback, answer, thread

import laplas
from laplas import AsyncLaplas, Laplas


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback() as server:
        server.script.append(answer(thread()))
        yield server


def call(url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        client.threads.retrieve(THREAD)


def async_call(url: str) -> None:
    async def use() -> None:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            await client.threads.retrieve(THREAD)

    asyncio.run(use())


Use = Callable[[str], None]
USES = pytest.mark.parametrize("use", [call, async_call])


@pytest.mark.parametrize(
    ("use", "cls", "name"),
    [
        (call, httpx.Client, "send"),
        (call, httpx.HTTPTransport, "handle_request"),
        (async_call, httpx.AsyncClient, "send"),
        (async_call, httpx.AsyncHTTPTransport, "handle_async_request"),
    ],
)
def test_a_patched_method_is_called(use: Use, cls: type, name: str, server: Loopback) -> None:
    with patch.object(cls, name, autospec=True, side_effect=getattr(cls, name)) as patched:
        use(server.url)
    assert patched.call_count == 1


@USES
def test_the_log_of_httpx_tells_of_each_request(
    use: Use, server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "httpx"):
        use(server.url)
    assert caplog.text.count("HTTP Request") == 1


@USES
@pytest.mark.parametrize("using", ["httpx", "httpcore"])
def test_respx_answers_and_the_key_goes_nowhere(use: Use, using: str, server: Loopback) -> None:
    """A test of somebody's that mocks the service must not reach it, with the real key.

    As pook does, it patches the choice of the transport, or else httpcore's transports.
    """
    with respx.mock(using=using) as router:
        route = router.get(f"{server.url}/threads/{THREAD}").respond(json=thread())
        use(server.url)
    assert (route.call_count, server.connections) == (1, 0)


@pytest.mark.parametrize(("use", "cls"), [(call, httpx.Client), (async_call, httpx.AsyncClient)])
def test_a_proxy_that_says_it_is_what_it_wraps_is_seen(
    use: Use, cls: type, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As wrapt's are, with which ddtrace, New Relic and Elastic APM wrap `send`."""
    original: Any = vars(cls)["send"]
    calls = []

    class Proxy:
        def __get__(self, client: Any, owner: type) -> Any:
            calls.append(client)
            return original.__get__(client, owner)

        def __eq__(self, other: object) -> bool:
            return bool(other == original)

        def __hash__(self) -> int:
            return hash(original)

    monkeypatch.setattr(cls, "send", Proxy())
    use(server.url)
    assert len(calls) == 1


@pytest.mark.parametrize("half", ["", "Async"])
def test_a_method_that_was_replaced_before_the_import_is_called(
    half: str, server: Loopback
) -> None:
    """As by `ddtrace-run`, or where a program starts Sentry in its first line."""
    code = f"""
import asyncio, functools, httpx
cls, calls = httpx.{half}Client, []
send = cls.send
@functools.wraps(send)
def counted(*args, **kwargs):
    calls.append(1)
    return send(*args, **kwargs)
cls.send = counted
import {laplas.__name__} as laplas
client = laplas.{half}Laplas(api_key="k", base_url="{server.url}")
async def use():
    await client.threads.retrieve("{THREAD}")
    await client.aclose()
if "{half}":
    asyncio.run(use())
else:
    client.threads.retrieve("{THREAD}")
    client.close()
assert len(calls) == 1, calls
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert server.connections == 1
