"""Take threads out of a service into an archive; run it again to go on.

A thread is taken with its messages, runs and steps, and with the assistants and files they name.
However the export is stopped, the same command continues where it was.
"""

from __future__ import annotations

import argparse
import io
import logging
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from ... import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    InvalidArgumentError,
    PaginationError,
    PermissionDeniedError,
)
from .._conversation import counted
from .._distributing import export_with_dask
from .._exporting import ExportProgress, ExportResult, export
from .._journal import JOURNAL
from ._clients import add_client_arguments, async_client

_EVERY = 5.0
"""Seconds between two lines of progress where there is no terminal."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("threads", nargs="*", metavar="ID", help="ids of threads")
    parser.add_argument("--to", required=True, metavar="DIR", help="the archive")
    parser.add_argument(
        "--ids", metavar="FILE", help="a file with an id a line, - for standard input"
    )
    parser.add_argument("--all", action="store_true", help="all threads, if the server lists them")
    parser.add_argument("--files", action="store_true", help="the bytes of files, too")
    parser.add_argument(
        "--again", action="store_true", help="take threads again that the archive holds already"
    )
    parser.add_argument(
        "--concurrency", type=int, default=8, metavar="N", help="requests at once (default 8)"
    )
    parser.add_argument("--rate", type=float, metavar="N", help="requests a second, at most")
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help="share the work between the workers of a Dask cluster: its scheduler's address, or"
        " local for a worker a core; all must see DIR under the same path and have a key",
    )
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    add_client_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Export; returns 0 if all was taken, 3 if something failed and may be tried again."""
    if not (options.threads or options.ids or options.all or Path(options.to, JOURNAL).exists()):
        print("laplas export: give ids of threads, --ids FILE or --all", file=sys.stderr)
        return 2
    # Read before there is an event loop, where Ctrl-C would wait for the end of the input.
    typed = sys.stdin.buffer.read() if options.ids == "-" else b""
    stopped_by = signal.SIGINT

    def stop(*_: object) -> None:  # as Ctrl-C: what is under way is committed
        nonlocal stopped_by
        stopped_by = signal.SIGTERM
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGTERM, stop)
    how: Callable[..., ExportResult] = export
    if options.dask is not None:
        logging.disable()  # Dask logs tracebacks of what is told below in a line
        how = partial(export_with_dask, dask=options.dask, worker_key=options.key)
    work = partial(
        how,
        lambda: async_client(options),
        _ids(options, typed),
        options.to,
        all_threads=options.all,
        files=options.files,
        again=options.again,
        concurrency=options.concurrency,
        rate=options.rate,
    )
    try:
        result = _with_progress(work, options.quiet)
    except KeyboardInterrupt:
        told = "Stopped. Nothing is lost: run the same command again to go on."
        print(f"laplas export: {told}", file=sys.stderr)
        return 128 + stopped_by
    except (APIConnectionError, APIStatusError, PaginationError) as error:
        is_refused = isinstance(error, AuthenticationError | PermissionDeniedError)
        hint = "Check LAPLAS_API_KEY and --base-url, then run" if is_refused else "Run"
        told = f"{error}. {hint} the same command again to go on."
        print(f"laplas export: {told}", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGTERM, before)
        logging.disable(logging.NOTSET)
    _report(result)
    return 0 if result.complete else 3


class _Line(str):
    """An id with the line of the file that it is from."""

    where: str


def _ids(options: argparse.Namespace, typed: bytes) -> Iterator[str]:
    yield from options.threads
    if options.ids is None:
        return
    name = "standard input" if options.ids == "-" else options.ids
    try:
        with io.BytesIO(typed) if options.ids == "-" else open(options.ids, "rb") as file:
            for number, raw in enumerate(file, 1):
                line = _Line(raw.decode("utf-8-sig" if number == 1 else "utf-8").strip())
                line.where = f"{name}, line {number}"
                if line and not line.startswith("#"):
                    yield line
    except UnicodeDecodeError:
        problem = f"{name}: this is no text in UTF-8; give one id a line"
        raise InvalidArgumentError("--ids", problem) from None
    except OSError as error:
        raise InvalidArgumentError("--ids", f"{name}: {error.strerror or error}") from None


def _with_progress(work: Callable[..., ExportResult], quiet: bool) -> ExportResult:
    if quiet:
        return work()
    if sys.stderr.isatty():
        try:
            from rich.console import Console
        except ModuleNotFoundError:  # lines do as well
            pass
        else:
            with Console(stderr=True).status("Reading the ids") as status:
                return work(on_progress=lambda progress: status.update(_line_of(progress)))
    return work(on_progress=_Lines())


class _Lines:
    """Prints a line of progress every few seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _EVERY

    def __call__(self, progress: ExportProgress) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _EVERY
            print(_line_of(progress), file=sys.stderr, flush=True)


def _line_of(progress: ExportProgress) -> str:
    told = f"{progress.threads:,} of {progress.total:,} threads, {progress.messages:,} messages"
    if progress.gone or progress.failed:
        told += f", {progress.gone:,} gone, {progress.failed:,} failed"
    return told if progress.rate is None else f"{told}, at most {progress.rate:.3g} requests/s"


def _report(result: ExportResult) -> None:
    counts = ("threads", "messages", "runs", "steps", "assistants", "files")
    print(f"{result.path}: {counted({name: getattr(result, name) for name in counts}, counts)}")
    if result.gone:
        print(f"{result.gone:,} gone: the server does not have them. See gone.jsonl.")
        if not result.threads:
            print("It has none of the threads. Is --base-url right?")
    if result.vector_stores:
        print(f"{result.vector_stores:,} vector stores are named; they are not exported.")
    if result.failed:
        print(f"{result.failed:,} failed: see failed.jsonl. Run the same command to retry them.")
