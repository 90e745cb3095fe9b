"""What holds for every test: no network but this machine, no settings from the environment."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest


class NetworkBlocked(RuntimeError):
    """A test tried to leave this machine. Not an OSError, so that no client takes it for one."""


def pytest_configure(config: pytest.Config) -> None:
    """Guard the socket module for the whole run, collection included."""
    # A shell's background jobs ignore Ctrl-C and hand that down; some tests send it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
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


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
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
