"""Serve the Message API on this machine, without a vendor: `python -m laplas.local`."""

from __future__ import annotations

import argparse

from ...local import __main__ as local


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `python -m laplas.local` takes."""
    local.add_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    return local.run(options)
