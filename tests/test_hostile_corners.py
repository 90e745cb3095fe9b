"""Corners of the wrapper that no other test module comes to."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from scripted import KEY, THREAD, answer, message, run_both, run_sync, thread

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
    environment = {"PYTHONPATH": ":".join(sys.path)}
    said = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True)
    assert said.split() == sorted(laplas.__all__)
    for name in laplas.__all__:
        assert getattr(laplas, name) is not None
    with pytest.raises(AttributeError, match=r"laplas.*no attribute 'nonsense'"):
        _ = laplas.nonsense


def test_a_refusal_that_was_read_can_be_sent_as_text() -> None:
    refusal = RefusalContent(refusal="No.")
    ran = run_both(lambda c: c.messages.create("t", [refusal]), answer(message()))
    assert ran.sent.json()["content"] == [{"type": "text", "text": "No."}]


def test_a_first_message_may_be_a_model_of_the_generated_package() -> None:
    first = CreateMessageRequest(role="user", content="hi")
    ran = run_both(lambda c: c.threads.create(messages=[first, "there"]), answer(thread()))
    expected = [{"role": "user", "content": text} for text in ("hi", "there")]
    assert ran.sent.json()["messages"] == expected


@pytest.mark.parametrize("headers", [5, "X-A: b", [("X-A", "b")]])
@pytest.mark.parametrize("app", [None, "billing/2.1"])
def test_headers_that_are_no_mapping_are_refused(headers: Any, app: str | None) -> None:
    with pytest.raises((ConfigurationError, InvalidArgumentError), match="header"):
        Laplas(api_key=KEY, default_headers=headers, app=app)


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

    text = f"retrieve_thread: {fault} x1"
    with LocalServer(faults=[text]) as server, Laplas.local(server, max_retries=0) as client:
        with pytest.raises(APIConnectionError) as info:
            client.threads.retrieve(THREAD)
        assert info.value.kind == kind
        assert client.threads.retrieve(THREAD).id == THREAD
        server.faults.add(text)
        asyncio.run(use(AsyncLaplas.local(server, max_retries=0)))


def test_a_server_of_its_own_ends_with_its_client_and_that_of_the_caller_does_not() -> None:
    async def use(server: LocalServer | None) -> Any:
        async with AsyncLaplas.local(server) as client:
            await client.threads.retrieve(THREAD)
        return client._config.transport

    with LocalServer() as server:
        asyncio.run(use(server))
        assert server.messages(THREAD)
    closed = asyncio.run(use(None))
    with pytest.raises(Exception, match="closed database"):
        closed._server.messages(THREAD)


def test_no_answer_is_too_odd_for_the_debug_log(caplog: pytest.LogCaptureFixture) -> None:
    """The one line of the package's own log, for an answer and for a failure."""
    with caplog.at_level("DEBUG", logger="laplas"):
        run_sync(lambda c: c.threads.retrieve(THREAD), answer("x", 500), answer(thread()))
    ours = [record for record in caplog.records if record.name == "laplas"]
    assert [record.levelname for record in ours][:2] == ["DEBUG"] * 2
    assert "retrieve_thread" in caplog.text
