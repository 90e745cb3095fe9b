"""Count what the budgets of the house limit, and print reached beside allowed.

    python -m tools.count            print the table
    python -m tools.count --check    exit 1 if a budget is exceeded

The client is `wrappers/laplas` without what is derived (`_sync`, but for what is written by hand
there) and without the satellites: embedded server, vendoring, demo and verify. A package's
`__init__.py` of one line is no file of its own. Floors are the longest chain of modules that
import one another when they are loaded.
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
import threading
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parent.parent
WRAPPERS: Final = ROOT / "wrappers"
PACKAGE: Final = WRAPPERS / "laplas"
SATELLITES: Final = ("demo.py", "verify.py", "archive", "local", "vendoring")
BY_HAND: Final = "_sync/concurrency.py"
ANSWER: Final = (
    b'{"id":"msg_1","object":"thread.message","created_at":1,"thread_id":"thread_1",'
    b'"role":"user","content":[],"metadata":{}}'
)


class Budget(NamedTuple):
    """One line of the table."""

    name: str
    reached: int
    most: int


def client_files() -> list[Path]:
    """Return the hand-written modules of the client."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        derived = name.startswith("_sync/") and name != BY_HAND
        if not derived and not name.startswith(SATELLITES):
            found.append(path)
    return found


def count_lines(paths: list[Path]) -> int:
    """Return how many lines files have in all."""
    return sum(len(path.read_text("utf-8").splitlines()) for path in paths)


def imports_of(path: Path) -> Iterator[Path]:
    """Yield the client's modules that a module imports when it is loaded."""
    for node in _loaded(ast.parse(path.read_text("utf-8")).body):
        if not isinstance(node, ast.ImportFrom) or node.level == 0:
            continue
        base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
        for name in (base.with_suffix(".py"), *(base / f"{a.name}.py" for a in node.names)):
            if name.is_file():
                yield name


def _loaded(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            yield from _loaded(node.orelse)
        elif isinstance(node, ast.Try | ast.If):
            yield from _loaded(node.body)
        else:
            yield node


def count_floors(paths: list[Path]) -> tuple[int, int]:
    """Return how many modules stand in import circles, and how many floors there are."""
    edges = {path: {other for other in imports_of(path) if other in paths} for path in paths}
    circles: set[Path] = set()

    @cache
    def floor(path: Path) -> int:
        return 1 + max((floor(other) for other in edges[path] if other not in circles), default=0)

    for path in paths:
        todo, seen = list(edges[path]), set[Path]()
        while todo:
            other = todo.pop()
            if other not in seen:
                seen.add(other)
                todo += edges[other]
        if path in seen:
            circles.add(path)
    return len(circles), max(floor(path) for path in paths)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *args: object) -> None:
        pass


def trace_create() -> tuple[int, int]:
    """Return the files and frames of ours that a warm create over a socket enters."""
    import laplas

    home = f"{Path(laplas.__file__).parent}{os.sep}"  # it is installed where the tests run
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    entered: list[str] = []

    def note(frame: Any, event: str, argument: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(home):
            entered.append(file)

    with laplas.Laplas(api_key="k", base_url=f"http://127.0.0.1:{server.server_port}") as client:
        for _ in range(3):
            client.messages.create("thread_1", "hi")
        sys.setprofile(note)
        try:
            client.messages.create("thread_1", "hi")
        finally:
            sys.setprofile(None)
    server.shutdown()
    server.server_close()
    return len(set(entered)), len(entered)


def count() -> list[Budget]:
    """Return all budgets."""
    client = client_files()
    named = [path for path in client if path.name != "__init__.py" or count_lines([path]) > 1]
    derived = {*PACKAGE.glob("_sync/*.py")} - {PACKAGE / BY_HAND}
    by_hand = [path for path in WRAPPERS.rglob("*.py") if path not in derived]
    circles, floors = count_floors(client)
    files, frames = trace_create()
    return [
        Budget("client, lines", count_lines(client), 4500),
        Budget("client, files", len(named), 26),
        Budget("wrappers, lines", count_lines(by_hand), 8000),
        Budget("tests, lines", count_lines([*(ROOT / "tests").rglob("*.py")]), 21_000),
        Budget("files of a warm create", files, 10),
        Budget("frames of a warm create", frames, 60),
        Budget("modules in import circles", circles, 0),
        Budget("floors", floors, 6),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="exit 1 if a budget is exceeded")
    check = parser.parse_args(arguments).check
    budgets = count()
    print(f"{'budget':<28}{'reached':>8}{'at most':>9}")
    for each in budgets:
        over = "" if each.reached <= each.most else "  over"
        print(f"{each.name:<28}{each.reached:>8,}{each.most:>9,}{over}")
    return int(check and any(each.reached > each.most for each in budgets))


if __name__ == "__main__":
    sys.exit(main())
