"""Corners of the wrapper that no other test module comes to."""

from __future__ import annotations

import asyncio
import contextvars
import gzip
import importlib
import logging
import subprocess
import sys
import zlib
from types import SimpleNamespace
from typing import Any

import pytest
from scripted import KEY, THREAD, answer, message, run_both, run_sync, thread

import laplas
from laplas import (
    APIConnectionError,
    AsyncLaplas,
    BadRequestError,
    ConfigurationError,
    InvalidArgumentError,
    Laplas,
)
from laplas._core import response
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


# What a hostile answer can order: each of these would take minutes if it took the square.

ENDLESS = 300_000


@pytest.mark.parametrize(
    "text", ["thread_" * ENDLESS, "thread_a while a run " * ENDLESS, "2026-" * ENDLESS]
)
def test_a_long_message_is_not_searched_through(text: str) -> None:
    """For the run that is active: it stands at the beginning, if at all."""
    told = answer({"message": text, "timestamp": text}, 400)
    error = run_sync(lambda c: c.threads.retrieve(THREAD), told).error
    assert (type(error), error.message) == (BadRequestError, f"{text[:1000]}...")
    later = answer({"message": "x" * 500 + " thread_a already has an active run run_b."}, 400)
    assert type(run_sync(lambda c: c.threads.retrieve(THREAD), later).error) is BadRequestError


@pytest.mark.parametrize("module", ["transport", "fast"])
def test_a_long_reason_is_not_searched_through_for_urls(module: str) -> None:
    pytest.importorskip("pyqwest")
    parts: Any = importlib.import_module(f"laplas._sync.{module}")
    text = f"https://host/x?api_key=secret {'aaaaaaa' * ENDLESS} https://host/y?token=secret"
    if module == "fast":
        failure = parts.failure_of(ConnectionError(text))
        shown = failure.text
    else:
        record = logging.makeLogRecord({"msg": text})
        ours = contextvars.copy_context()
        ours.run(parts._is_ours.set, True)
        ours.run(parts.HideCredentials().filter, record)
        shown = record.msg
    assert "secret" not in shown
    assert "aaa" in shown


def test_each_compressed_byte_is_read_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many members there are, and although zlib copies what is left behind each."""
    given = 0

    class Counting:
        def __init__(self, bits: int) -> None:
            self._inner = zlib.decompressobj(bits)

        def decompress(self, data: bytes, most: int) -> bytes:
            nonlocal given
            given += len(data)
            return self._inner.decompress(data, most)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._inner, name)

    counted = SimpleNamespace(**vars(zlib) | {"decompressobj": Counting})
    monkeypatch.setattr(response, "zlib", counted)
    member = gzip.compress(b"ab")
    for many in (1000, 2000):
        for chunk in (len(member) * many, 4095, 1):
            given = 0
            decoder = response.ContentDecoder("gzip", 1 << 30)
            body = member * many
            pieces = [body[at : at + chunk] for at in range(0, len(body), chunk)]
            read = b"".join(piece for each in pieces for piece in decoder.pieces(each))
            decoder.check_end()
            assert read == b"ab" * many
            assert given < 4096 / len(member) * len(body)


def test_no_answer_is_too_odd_for_the_debug_log(caplog: pytest.LogCaptureFixture) -> None:
    """The one line of the package's own log, for an answer and for a failure."""
    with caplog.at_level("DEBUG", logger="laplas"):
        run_sync(lambda c: c.threads.retrieve(THREAD), answer("x", 500), answer(thread()))
    ours = [record for record in caplog.records if record.name == "laplas"]
    assert [record.levelname for record in ours][:2] == ["DEBUG"] * 2
    assert "retrieve_thread" in caplog.text
