"""Check an archive: counts, ids and digests; with --live, also against the server.

Prints a line for each problem. Exit code 0: nothing is wrong, 1: something is, or differs from the
server, 2: there is no archive, 3: nothing is wrong, but the export could not take everything.
"""

from __future__ import annotations

import argparse
import json
import sys

from .._conversation import counted, visible
from .._verifying import VerifyReport, verify
from ._clients import add_client_arguments, async_client


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("archive", metavar="ARCHIVE", help="the folder of an archive")
    parser.add_argument("--live", action="store_true", help="compare with the server, too")
    parser.add_argument("--json", action="store_true", help="print the report as a line of JSON")
    parser.add_argument(
        "--concurrency", type=int, default=8, metavar="N", help="requests at once (default 8)"
    )
    parser.add_argument("--rate", type=float, metavar="N", help="requests a second, at most")
    add_client_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Check the archive and print what was found."""
    report = verify(
        options.archive,
        live=(lambda: async_client(options)) if options.live else None,
        concurrency=options.concurrency,
        rate=options.rate,
    )
    if options.json:
        lists = {name: getattr(report, name) for name in ("problems", "differences")}
        told = {name: [entry._asdict() for entry in entries] for name, entries in lists.items()}
        counts = {**report.counts, "total": report.total}
        print(json.dumps({"archive": str(report.path), **counts, **told}))
    else:
        _print(report, options.live)
    if report.total:
        return 1
    return 3 if report.failed else 0


def _print(report: VerifyReport, live: bool) -> None:
    entries = (*report.problems, *report.differences)
    for problem in entries:
        print(visible(str(problem)))
    if report.total > len(entries):
        print(f"... and {report.total - len(entries):,} more")
    held = counted(report.counts, ("threads", "messages", "runs", "steps", "assistants", "files"))
    if report.problems:
        print(f"{report.path}: {report.total:,} problems in {held}", file=sys.stderr)
        again = f"laplas export --to {report.path} --again THREAD"
        print(
            f"To take a thread again: {again}. If anything else is damaged, export into another"
            " folder.",
            file=sys.stderr,
        )
        if live:
            print("A damaged archive is not compared with the server.", file=sys.stderr)
    elif report.differences:
        print(f"{report.path} is whole: {held}. The server has changed since.", file=sys.stderr)
    else:
        same = ", as on the server" if live else ""
        print(f"{report.path} is whole{same}: {held}")
    if report.gone:
        print(f"{report.gone:,} gone: the server did not have them. See gone.jsonl.")
    if report.failed:
        print(f"{report.failed:,} failed: see failed.jsonl. Export again to retry them.")
