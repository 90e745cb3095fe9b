"""HTTP/2 where it is asked for, with a real server that speaks both."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from laplas import AsyncLaplas, Laplas

hypercorn = pytest.importorskip("hypercorn.asyncio")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str], str]]:
    """A server's URL, the HTTP versions that it was asked by, and its CA's file."""
    trustme = pytest.importorskip("trustme")
    folder: Path = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(folder / "own")
    config = pytest.importorskip("hypercorn.config").Config()
    config.bind, config.errorlog = ["127.0.0.1:0"], None
    config.certfile = config.keyfile = str(folder / "own")
    sockets = config.create_sockets()
    config.create_sockets = lambda: sockets
    versions: list[str] = []
    stop = threading.Event()

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            versions.append(scope["http_version"])
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

    async def until_stopped() -> None:
        while not stop.is_set():
            await asyncio.sleep(0.05)

    async def serve() -> None:
        await hypercorn.serve(answer, config, shutdown_trigger=until_stopped)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    port = sockets.secure_sockets[0].getsockname()[1]
    yield f"https://127.0.0.1:{port}", versions, str(folder / "ca.pem")
    stop.set()
    thread.join(10)


@pytest.mark.parametrize("http2", [False, True])
async def test_http_2_is_spoken_where_it_is_asked_for(
    server: tuple[str, list[str], str],
    http2: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And the blocks of headers, the key among them, are not logged."""
    caplog.set_level("DEBUG")
    url, versions, certificates = server
    monkeypatch.setenv("SSL_CERT_FILE", certificates)
    versions.clear()
    with Laplas(api_key="k", base_url=url, http2=http2) as client:
        for _ in range(2):
            await asyncio.to_thread(client.request, "GET", "/x")
    async with AsyncLaplas(api_key="k", base_url=url, http2=http2) as other:
        await asyncio.gather(*(other.request("GET", "/x") for _ in range(3)))
    assert versions == ["2" if http2 else "1.1"] * 5
    assert "hpack.hpack" not in {record.name for record in caplog.records}
