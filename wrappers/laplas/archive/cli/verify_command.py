"""Verify an archive: its counts, ids and digests; with --live, against the server, too.

Exit status: 0 complete and right; 1 damaged, or the server has something else; 2 no archive, or one
that is unfinished or of a newer version; 3 right as far as it goes, but something failed when it
was exported.
"""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import asdict
from typing import Any

from .. import Archive, VerifyReport, verify, verify_live
from .._conversation import one_line
from ._clients import add_client_arguments, async_client
from ._terminal import Terminal, write_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("archive", metavar="ARCHIVE", help="a folder that `laplas export` wrote")
    parser.add_argument(
        "--live", action="store_true", help="then read the server again and tell what differs"
    )
    parser.add_argument(
        "--concurrency", type=int, default=8, metavar="N", help="threads at once (default 8)"
    )
    parser.add_argument("--json", action="store_true", help="print the result as a line of JSON")
    add_client_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Verify, and print a line a problem and one that sums up; returns the exit status."""
    archive = Archive(options.archive)
    report, live = verify(archive), None
    if not options.json:
        _print(report, "Verified", _verdict(report))
        if not report.is_right:
            _print_help(archive)
    if options.live and report.is_right:  # what is damaged has nothing to be compared
        live = asyncio.run(_compare(archive, options))
        if not options.json:
            many = f"{live.problem_count:,} differ from the archive"
            _print(live, "The server has", "as archived" if live.is_right else many)
    if options.json:
        told: dict[str, Any] = {"live": live and _told(live)}
        write_json([{**_told(report), "complete": report.is_complete, **told}])
    if not report.is_right or (live and not live.is_right):
        return 1
    return 0 if report.is_complete else 3


async def _compare(archive: Archive, options: argparse.Namespace) -> VerifyReport:
    async with async_client(options) as client:
        return await verify_live(archive, client, concurrency=options.concurrency)


def _told(report: VerifyReport) -> dict[str, Any]:
    problems = [problem._asdict() for problem in report.problems]
    return {**asdict(report), "path": str(report.path), "problems": problems}


def _print(report: VerifyReport, start: str, verdict: str) -> None:
    terminal = Terminal()
    for problem in report.problems:
        terminal.write(one_line(str(problem), 500))
    if more := report.problem_count - len(report.problems):
        terminal.write(f"... and {more:,} more")
    kinds = ("threads", "messages", "runs", "steps", "assistants", "files")
    counted = ", ".join(f"{report.counts[kind]:,} {kind}" for kind in kinds)
    terminal.write(f"{start} {counted}: {verdict}")


def _verdict(report: VerifyReport) -> str:
    gone, failed = report.counts["gone"], report.counts["failed"]
    told = []
    if not report.is_right:
        told.append(f"{report.problem_count:,} problem{'s'[: report.problem_count > 1]}")
    elif report.is_complete:
        told.append("complete")
    if gone:
        told.append(f"{gone:,} gone, which the server did not have (gone.jsonl)")
    if failed:
        told.append(f"{failed:,} failed (failed.jsonl): run `laplas export` again")
    return "; ".join(told)


def _print_help(archive: Archive) -> None:
    Terminal().write(
        f"To take a thread again: laplas export --to {archive.path} --again THREAD. If anything else"
        " is damaged, export into another folder."
    )
