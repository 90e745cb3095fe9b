"""Fixtures for tests of code that uses laplas. pytest finds them by itself.

Every test gets a server of its own, which answers from this process::

    @pytest.mark.laplas_server(seed=1, reply=lambda turn: "42")
    def test_the_answer(laplas_client):
        assert laplas_client.thread("thread_abc123").ask("?", assistant="asst_abc123").text == "42"

A module of its own, outside of `laplas`: pytest loads it at every start, so it loads nothing that a
test does not ask for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from laplas import AsyncLaplas, Laplas
    from laplas.local import LocalServer


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    line = (
        "laplas_server(**options): make the `laplas_server` of a test with LocalServer(**options)"
    )
    config.addinivalue_line("markers", line)


@pytest.fixture
def laplas_server(request: pytest.FixtureRequest) -> Iterator[LocalServer]:
    """An embedded server for this test alone, see `laplas.local.LocalServer`.

    Options come from `@pytest.mark.laplas_server(...)` of the test, its class and its module, the
    nearest first.
    """
    from laplas.local import LocalServer

    options: dict[str, Any] = {}
    for mark in request.node.iter_markers("laplas_server"):
        options = {**mark.kwargs, **options}
    with LocalServer(**options) as server:
        yield server


@pytest.fixture
def laplas_client(laplas_server: LocalServer) -> Iterator[Laplas]:
    """A client of `laplas_server`, in this process: no socket, no key, no network."""
    from laplas import Laplas

    with Laplas.local(laplas_server) as client:
        yield client


@pytest.fixture
def async_laplas_client(laplas_server: LocalServer) -> AsyncLaplas:
    """An async client of `laplas_server`, in this process, for any event loop."""
    from laplas import AsyncLaplas

    return AsyncLaplas.local(laplas_server)  # it holds nothing that would have to be closed


@pytest.fixture
def laplas_url(laplas_server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The base URL of `laplas_server` over HTTP; needs the extra `laplas[local]`.

    `LAPLAS_BASE_URL` and `LAPLAS_API_KEY` are set for the test, so that a `Laplas()` of the code
    under test, or of a program that it starts, reaches this server and no other.
    """
    from laplas.local import running

    try:
        serving = running(laplas_server)
    except ModuleNotFoundError as error:
        if error.name != "aiohttp":
            raise
        pytest.fail("laplas_url needs an extra: pip install 'laplas[local]'", pytrace=False)
    with serving as url:
        monkeypatch.setenv("LAPLAS_BASE_URL", url)
        monkeypatch.setenv("LAPLAS_API_KEY", "local")
        yield url
