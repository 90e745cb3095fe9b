"""Write an archive as pages to read in a browser, or serve them on this machine."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from ... import InvalidArgumentError
from .. import Archive, serve_view, write_view


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("archive", metavar="ARCHIVE", help="the folder of an archive")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--out", metavar="DIR", help="the folder to write (default: ARCHIVE-view)")
    way.add_argument(
        "--serve", action="store_true", help="serve the pages on 127.0.0.1 until Ctrl+C; keep none"
    )
    parser.add_argument("--port", type=int, help="with --serve (default: a free one)")


def run(options: argparse.Namespace) -> int:
    """Write the pages, or serve them until SIGINT, which `main` makes the status 130."""
    if options.port is not None and not options.serve:
        raise InvalidArgumentError("--port", "needs --serve")
    if not 0 <= (options.port or 0) <= 65535:
        raise InvalidArgumentError("--port", "must be from 0 to 65535")
    archive = Archive(options.archive)
    if not options.serve:
        path = Path(options.archive).resolve()
        print(write_view(archive, options.out or path.with_name(f"{path.name}-view")))
        return 0
    with tempfile.TemporaryDirectory(prefix="laplas-view-") as folder:
        pages = write_view(archive, Path(folder, "pages")).parent
        with serve_view(pages, options.port or 0) as server:
            print(
                f"Serving on http://127.0.0.1:{server.server_port}/ (stop with Ctrl+C)", flush=True
            )
            server.serve_forever()
    return 0
