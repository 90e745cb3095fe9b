"""`python -m laplas.local`: the embedded server over HTTP, until SIGINT or SIGTERM."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from importlib import import_module
from typing import Any

from . import MAX_BODY_BYTES, LocalServer, ReplyFunction, echo, read_replies, reply_through
from ._faults import parse
from ._guard import check_host, check_origin, is_loopback
from ._log import as_json, json_for, line_for, next_steps, wants_color, writing

_KEY_NAME = "LAPLAS_REPLY_API_KEY"
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
    limits = Limits(options.allow_hosts, options.max_body_bytes, options.cors)
    try:
        with LocalServer(
            options.database,
            examples=options.examples,
            faults=options.faults,
            fault_seed=options.fault_seed,
            fault_header=options.fault_header and is_loopback(options.host),
            read_only=options.read_only,
            reply=_reply_of(options),
            load=options.seeds,
        ) as server:
            with _log(options) as server._journal.on_request:
                serve(
                    server,
                    host=options.host,
                    port=options.port,
                    limits=limits,
                    announce=partial(_announce, options),
                )
            _say_what_struck(options, server)
    except (OSError, ValueError, sqlite3.Error) as error:
        print(f"cannot start: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return 1
    return 0


def _log(options: argparse.Namespace) -> AbstractContextManager[Callable[..., object]]:
    if options.quiet:
        return nullcontext(lambda _: None)
    color = wants_color(sys.stdout.isatty(), os.environ)
    line = json_for if options.json_log else partial(line_for, color=color)
    return writing(sys.stdout.fileno(), line)


def _announce(options: argparse.Namespace, url: str) -> None:
    if options.json_log:
        print(as_json("started", url=url, page=f"{url}/"), flush=True)
        return
    print(f"Serving on {url} (stop with Ctrl+C)", flush=True)
    if not options.quiet:
        print(next_steps(url, read_only=options.read_only), flush=True)


def _say_what_struck(options: argparse.Namespace, server: LocalServer) -> None:
    struck = server.faults.struck
    if options.json_log:
        print(as_json("stopped", faults=dict(struck)), flush=True)
    elif options.faults:
        counted = ", ".join(f"{name} {n}" for name, n in struck.most_common()) or "none"
        print(f"Faults that struck: {counted}", flush=True)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.add_argument(
        "--port", type=_number(0, 65535), default=8099, help="0 takes a free one (default 8099)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1: this machine only")
    parser.add_argument(
        "--allow-host",
        dest="allow_hosts",
        action="append",
        default=[],
        type=_checked(check_host),
        metavar="NAME",
        help="take requests with this Host, too, beside localhost and the address they come to;"
        " may be repeated",
    )
    parser.add_argument(
        "--cors",
        action="append",
        default=[],
        type=_checked(check_origin),
        metavar="ORIGIN",
        help="let pages of this origin, such as https://app.example, use the server and what is"
        " under /_laplas/; pages of loopback origins may use the API; may be repeated",
    )
    parser.add_argument(
        "--max-body-bytes",
        type=_number(1),
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
    replies = parser.add_mutually_exclusive_group()
    replies.add_argument(
        "--reply",
        type=_function_name,
        metavar="MODULE:FUNCTION",
        help="let this function answer: it takes a Turn, and returns text or a Reply",
    )
    replies.add_argument(
        "--reply-file",
        metavar="FILE",
        help="answer by the patterns of a TOML or JSON file, as in '^hello (.*)' = 'Hello, $1'",
    )
    replies.add_argument(
        "--reply-url",
        metavar="URL",
        help="let a model on this machine answer, by chat completions, as in"
        f" http://127.0.0.1:11434/v1; its key is taken from {_KEY_NAME}",
    )
    parser.add_argument("--reply-model", metavar="NAME", help="its model (default: the run's)")
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
        type=_checked(parse),
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
    said = parser.add_mutually_exclusive_group()
    said.add_argument("--quiet", action="store_true", help="print the URL, and no request")
    said.add_argument(
        "--json-log", action="store_true", help="print each request as a JSON object in a line"
    )


def _function_name(text: str) -> str:
    module, _, function = text.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), function)):
        raise argparse.ArgumentTypeError(f"give one as in replies:answer, got {text!r}")
    return text


def _reply_of(options: argparse.Namespace) -> ReplyFunction:
    """Return the reply function of the options. Raises `ValueError` where it cannot be had."""
    if options.reply_url:
        key = os.environ.get(_KEY_NAME)
        return reply_through(options.reply_url, model=options.reply_model, api_key=key)
    if options.reply_model:
        raise ValueError("--reply-model: give --reply-url, too")
    if options.reply_file:
        return read_replies(options.reply_file)
    if not options.reply:
        return echo
    module, _, name = options.reply.partition(":")
    sys.path.insert(0, os.getcwd())  # as `python -m` has it, for the command `laplas`, too
    try:
        found: Any = getattr(import_module(module), name)
    except Exception as error:  # a module may raise anything
        raise ValueError(f"--reply {options.reply}: {type(error).__name__}: {error}") from None
    if not callable(found):
        raise ValueError(f"--reply {options.reply}: it is no function")
    function: ReplyFunction = found
    return function


def _checked(check: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a type of an argument, whose `ValueError` is shown as it is."""

    def convert(text: str) -> Any:
        try:
            return check(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return convert


def _number(least: int, most: float = float("inf")) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
            above = f" to {most}" if most < float("inf") else ""
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least}{above}")
        return int(text)

    return convert


if __name__ == "__main__":
    sys.exit(main())
