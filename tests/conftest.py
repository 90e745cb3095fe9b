"""What holds for every test: no network but this machine, no settings from the environment."""

from __future__ import annotations

import importlib
import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest


class NetworkBlocked(RuntimeError):
    """A test tried to leave this machine. Not an OSError, so that no client takes it for one."""


NOT_OVER_FAST = {
    "test_network.py::test_a_socks_proxy_that_fails": "what is logged is httpcore's",
    "test_ask_failures.py::test_a_reply_read_to_its_end": "it is closed where its end is late",
    "test_cassettes.py": "vcrpy is a tool on httpx",
    "test_readme.py": "its examples use vcrpy and respx",
    "test_network.py::test_the_look_up": "pyqwest looks up by itself",
    "test_visibility.py": "tools on httpx do not see fast=True",
    "test_processes.py": "a forked child gets an error, which has its own test there",
    "::test_what_is_thrown_passes": "a signal waits for the request's end, as Ctrl-C does",
    "::test_ctrl_c": "Ctrl-C waits for the request's end or timeout",
    "test_connections.py::test_a_connection_gets_only_so_old": "no greatest age",
    "test_connections.py::test_a_connection_rests_a_few": "for 4 s, which the test would wait for",
    "test_connections.py::test_a_connection_rests_no_longer": "no Keep-Alive: timeout=",
    "test_connections.py::test_a_failure_on_a_kept_connection": "its siblings stay",
    "test_connections.py::test_a_server_that_takes_nothing": "timeout.read covers writing",
    "test_connections.py::test_an_early_refusal": "lost if the server shuts its side down",
    "test_connections.py::test_no_free_connection": "a pool for each pair of timeouts",
    "test_options.py::test_derived_clients_share": "the same",
    "-reset-httpx]": "write, not read",
    "that_cannot_be_made_is_tried_once[Laplas-403": "407 alone is told apart",
    "that_cannot_be_made_is_tried_once[AsyncLaplas-403": "407 alone is told apart",
    "::test_threads_do_not_get_what_failed": "its pool is pyqwest's",
    "103 Early": "as many interim answers as come in timeout.read",
}
"""What `fast=True` does not promise, as docs/performance.md says; by a part of the test's name."""

NOT_OVER_OWN = {
    "103 Early": "as many interim answers as come",
    "test_connections.py::test_a_certificate_file": "the client reads it",
    "test_connections.py::test_a_connection_gets_only_so_old": "its pool",
    "test_connections.py::test_a_connection_in_use_while": "its pool",
    "test_connections.py::test_a_connection_rests_a_few": "its pool",
    "Keep-Alive: timeout=1-limits3": "its pool",
    "test_connections.py::test_a_failure_on_a_kept_connection": "its pool",
    "test_connections.py::test_a_large_body": "held more often",
    "test_connections.py::test_both_ways_to_the_network_send": "it adds its headers",
    "::test_a_stream_that_is_done_is_left_at_once[Laplas-httpx": "left after timeout.read",
    "::test_a_stream_that_is_done_is_left_at_once[AsyncLaplas-httpx": "left after timeout.read",
    "test_network.py::test_an_unfit_environment": "the client reads it",
    "test_network.py::test_the_look_up_of_a_host_is_part_of_connecting[sync": "not bounded",
    "test_processes.py::test_another_process": "a fork shares its connections",
    "test_visibility.py": "tools see what the client is",
    "::test_threads_do_not_get_what_failed": "its pool",
}
"""What is up to a caller's own client, as docs/http-clients.md says."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --network: each promise holds on the other ways to the network, too."""
    ways = ["fast", "httpx", "httpx2"]
    parser.addoption("--network", choices=ways, help="for all clients that can be made with it")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what another network makes meaningless, with its reason."""
    network = config.getoption("network")
    table = {None: {}, "fast": NOT_OVER_FAST}.get(network, NOT_OVER_OWN)
    for item in items:
        for part, reason in table.items():
            if part in item.nodeid:
                item.add_marker(pytest.mark.skip(reason=f"--network {network}: {reason}"))


def _use_network(name: str) -> None:
    """Let clients that give no option which excludes it send with pyqwest, or as with a client
    of the caller's own: httpx's or httpx2's."""
    import laplas._async.transport
    import laplas._sync.transport

    apart = laplas._sync.transport._APART
    excluded = apart["fast"] if name == "fast" else (*apart["http_client"], "fast", "http_client")
    for half in (laplas._async, laplas._sync):
        usual, other = half.transport._open_network, _networks_of(half, name)

        def open_network(config: Any, usual: Any = usual, other: Any = other) -> Any:
            given = [n for n in excluded if getattr(config, n) != config._field_defaults[n]]
            return usual(config) if given else other(config)

        setattr(half.transport, "_open_network", open_network)  # noqa: B010 - no such attribute


def _networks_of(half: Any, name: str) -> Callable[[Any], Any]:
    """Return what makes a network of that name."""
    import laplas._async.fast
    import laplas._sync.fast

    prefix, close = ("Async", "aclose") if half is laplas._async else ("", "close")
    if name == "fast":
        made: Callable[[Any], Any] = getattr(half.fast, f"{prefix}FastNetwork")
        return made

    def make(config: Any) -> Any:
        own = getattr(importlib.import_module(name), f"{prefix}Client")()
        network = getattr(half.transport, f"_{prefix}Network")(config._replace(http_client=own))
        setattr(network, close, getattr(own, close))
        return network

    return make


def pytest_configure(config: pytest.Config) -> None:
    """Guard the socket module for the whole run, collection included."""
    # A shell's background jobs ignore Ctrl-C and hand that down; some tests send it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if network := config.getoption("network"):
        _use_network(network)
        if network != "fast":  # a client of one's own is not closed with each event loop
            config.addinivalue_line("filterwarnings", "ignore:unclosed:ResourceWarning")
    patch = pytest.MonkeyPatch()
    config.add_cleanup(patch.undo)
    for name in ("connect", "connect_ex", "sendto"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), _peer))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        patch.setattr(socket, name, _guarded(getattr(socket, name), _looked_up))


def _guarded(original: Callable[..., Any], host_of: Callable[..., object]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        host = host_of(*args, **kwargs)
        if not _is_here(host):
            raise NetworkBlocked(
                f"{original.__name__} to {host!r}: tests may only reach this machine. Start a "
                "server on 127.0.0.1, or play a cassette."
            )
        return original(*args, **kwargs)

    return call


def _peer(endpoint: socket.socket, *args: Any) -> object:
    # The address comes last in all three. Other families (AF_UNIX) never leave the machine.
    inet = endpoint.family in (socket.AF_INET, socket.AF_INET6)
    return args[-1][0] if inet else None


def _looked_up(host: object, *_: Any, **__: Any) -> object:
    return host


def _is_here(host: object) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False


HOOKED_BY_TOOLS = (
    (httpx.Client, "send"),
    (httpx.AsyncClient, "send"),
    (httpx.HTTPTransport, "handle_request"),
    (httpx.AsyncHTTPTransport, "handle_async_request"),
)


@pytest.fixture
def _no_hooks() -> Iterator[None]:
    """Fail a test that leaves httpx patched: others would fail of it, far from here."""
    before = [getattr(cls, name) for cls, name in HOOKED_BY_TOOLS]
    yield
    assert [getattr(cls, name) for cls, name in HOOKED_BY_TOOLS] == before


@pytest.fixture(autouse=True)
def _no_settings(_no_hooks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove what the shell may hold: a developer's key, and proxies in front of loopback."""
    for name in list(os.environ):
        if name.startswith("LAPLAS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


# Not for the whole run: other modules check that no server's thread is left over.
@pytest.fixture(scope="module")
def local_server_url() -> Iterator[str]:
    """The base URL of an embedded server over HTTP; a module's tests share its data."""
    pytest.importorskip("aiohttp")
    from laplas.local import LocalServer, running

    with LocalServer() as server, running(server) as url:
        yield url
