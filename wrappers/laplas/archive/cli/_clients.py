"""The client of a command: options, environment."""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ... import AsyncLaplas, ConfigurationError, Laplas

_KEPT = 300.0
"""Seconds before a key is looked up again."""


@dataclass(frozen=True)
class KeySource:
    """Where the key is; what it is, is looked up where it is needed, also on another machine."""

    kind: str
    name: str

    def __call__(self) -> tuple[str, float]:
        """Return the key, and until when to use it. Raises `ConfigurationError`."""
        problem = "it is empty"
        key = ""
        try:
            if self.kind == "env":
                key = os.environ.get(self.name, "")
            elif self.kind == "file":
                key = Path(self.name).read_text("utf-8").strip()
            else:
                words, options = shlex.split(self.name), {"stdin": subprocess.DEVNULL}
                options |= {"stdout": subprocess.PIPE, "timeout": 60, "check": True}
                key = subprocess.run(words, text=True, **options).stdout.strip()  # type: ignore[call-overload]
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            problem = getattr(error, "strerror", None) or type(error).__name__
        if not key:
            raise ConfigurationError("api_key", f"--api-key-{self.kind} {self.name}: {problem}")
        return key, time.time() + _KEPT


def add_client_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a command needs to reach a server."""
    group = parser.add_argument_group("server", "The key is read from LAPLAS_API_KEY, or from:")
    keys = group.add_mutually_exclusive_group()
    for kind, name, help_ in (
        ("env", "NAME", "another variable of the environment"),
        ("file", "FILE", "a file that holds it"),
        ("command", "COMMAND", "what a command prints"),
    ):
        source = partial(KeySource, kind)
        keys.add_argument(f"--api-key-{kind}", dest="key", metavar=name, type=source, help=help_)
    group.add_argument(
        "--base-url", metavar="URL", help="default: LAPLAS_BASE_URL, or https://api.apilaplas.com"
    )
    group.add_argument("--timeout", type=float, default=60.0, metavar="SECONDS", help="default 60")


def sync_client(options: argparse.Namespace) -> Laplas:
    """Return a client as the options say. Raises `ConfigurationError`."""
    return Laplas(**_client_options(options))


def async_client(options: argparse.Namespace) -> AsyncLaplas:
    """Return an async client as the options say. Raises `ConfigurationError`."""
    return AsyncLaplas(**_client_options(options))


def _client_options(options: argparse.Namespace) -> dict[str, Any]:
    if options.key is not None:
        options.key()  # here, so that one that is not there is told of before all else
    told = {"api_key": options.key, "base_url": options.base_url, "timeout": options.timeout}
    return {**told, "app": "laplas-cli"}
