"""`python -m laplas.local`: the embedded server over HTTP, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import sqlite3
import sys

from . import MAX_BODY_BYTES, Fault, LocalServer
from ._faults import parse
from ._guard import is_loopback

_EXPOSED = (
    "Warning: on {} other machines may reach this server. It takes any key, so all that it keeps is"
    " theirs to read, change and delete. Leave out --host to serve this machine only."
)


def main() -> int:
    """Run the command; returns the exit status: 0 stopped, 1 cannot start, 2 wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m laplas.local", description="Message API on this machine, without a vendor."
    )
    add_arguments(parser)
    return run(parser.parse_args())


def run(options: argparse.Namespace) -> int:
    """Serve as the options say; returns the exit status, as `main` does."""
    try:
        from ._http import Limits, serve
    except ModuleNotFoundError as error:
        if error.name != "aiohttp":
            raise
        print("aiohttp is missing. Install it: pip install 'laplas[local]'", file=sys.stderr)
        return 2
    if not is_loopback(options.host):
        print(_EXPOSED.format(options.host), file=sys.stderr)
    try:
        with LocalServer(
            options.database,
            examples=options.examples,
            faults=options.faults,
            fault_seed=options.fault_seed,
            fault_header=options.fault_header and is_loopback(options.host),
            read_only=options.read_only,
            load=options.seeds,
        ) as server:
            serve(
                server,
                host=options.host,
                port=options.port,
                limits=Limits(options.allow_hosts, options.max_body_bytes),
                announce=_announce,
            )
            if options.faults:
                print(f"Faults that struck: {_counted(server)}", flush=True)
    except (OSError, ValueError, sqlite3.Error) as error:
        print(f"cannot start: {error}", file=sys.stderr)
        return 1
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument("--port", type=int, default=8099, help="0 takes a free one (default 8099)")
    parser.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1: this machine only")
    parser.add_argument(
        "--allow-host",
        dest="allow_hosts",
        action="append",
        default=[],
        metavar="NAME",
        help="take requests with this Host, too, beside localhost and the address they come to;"
        " may be repeated",
    )
    parser.add_argument(
        "--max-body-bytes",
        type=int,
        default=MAX_BODY_BYTES,
        metavar="N",
        help="refuse larger request bodies (default %(default)s)",
    )
    parser.add_argument(
        "--database", default=":memory:", metavar="FILE", help="keep the data in FILE"
    )
    parser.add_argument(
        "--read-only",
        action="store_true",
        help="answer all but GET with 403, and add no examples: for an archive",
    )
    parser.add_argument(
        "--seed",
        dest="seeds",
        action="append",
        default=[],
        metavar="PATH",
        help="begin with what is there: a folder of `laplas export`, a file of JSON lines, or a"
        " folder of those; may be repeated",
    )
    parser.add_argument(
        "--no-examples",
        dest="examples",
        action="store_false",
        help="leave out thread_abc123, its messages and asst_abc123",
    )
    parser.add_argument(
        "--fault",
        dest="faults",
        action="append",
        default=[],
        type=_fault,
        metavar="TEXT",
        help="let requests fail, as in 'create_message: reset-after-commit x2' or"
        " '20%% status=503 retry-after=0'; may be repeated",
    )
    parser.add_argument("--fault-seed", type=int, help="draw the same faults again")
    parser.add_argument(
        "--no-fault-header",
        dest="fault_header",
        action="store_false",
        help="ignore X-Laplas-Fault; it is always ignored unless --host is this machine only",
    )


def _fault(text: str) -> Fault:
    try:
        return parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _counted(server: LocalServer) -> str:
    return ", ".join(f"{name} {n}" for name, n in server.faults.struck.most_common()) or "none"


def _announce(base_url: str) -> None:
    print(f"Serving on {base_url} (stop with Ctrl+C)", flush=True)


if __name__ == "__main__":
    sys.exit(main())
