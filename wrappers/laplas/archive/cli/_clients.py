"""The client of a command: options, environment."""

from __future__ import annotations

import argparse

from ... import AsyncLaplas, Laplas


def add_client_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a command needs to reach a server."""
    group = parser.add_argument_group("server", "The key is read from LAPLAS_API_KEY.")
    group.add_argument(
        "--base-url", metavar="URL", help="default: LAPLAS_BASE_URL, or https://api.apilaplas.com"
    )
    group.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS", help="default 60")


def sync_client(options: argparse.Namespace) -> Laplas:
    """Return a client as the options say. Raises `ConfigurationError`."""
    return Laplas(base_url=options.base_url, timeout=options.timeout, app="laplas-cli")


def async_client(options: argparse.Namespace) -> AsyncLaplas:
    """Return an async client as the options say. Raises `ConfigurationError`."""
    return AsyncLaplas(base_url=options.base_url, timeout=options.timeout, app="laplas-cli")
