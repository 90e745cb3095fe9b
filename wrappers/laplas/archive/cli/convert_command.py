"""Carry an archive over to another form, and report what that cannot hold."""

from __future__ import annotations

import argparse

from .._convert import convert
from ..formats import FORMATS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the archive, the format, and where the output goes."""
    parser.add_argument("archive", help="the folder of the archive")
    parser.add_argument("--to", required=True, choices=FORMATS, metavar="FORMAT",
                        help=", ".join(FORMATS))  # fmt: skip
    parser.add_argument("--out", required=True, metavar="PATH",
                        help="the file to write; a folder for markdown and html")  # fmt: skip
    parser.add_argument("--thread", action="append", metavar="ID",
                        help="a thread to carry over; may be repeated; default: all")  # fmt: skip
    parser.add_argument("--report", metavar="FILE", help="default: PATH.report.jsonl")
    parser.add_argument("--force", action="store_true", help="overwrite what is at PATH")


def run(options: argparse.Namespace) -> int:
    """Convert, and print what was written and what was lost."""
    report = convert(
        options.archive, options.to, options.out,
        threads=options.thread, report=options.report, force=options.force,
    )  # fmt: skip
    print(report.summary())
    return 0
