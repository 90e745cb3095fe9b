"""What the command prints: what to do next, then a line for each request."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from queue import Full, Queue
from threading import Thread

from ._journal import RecordedRequest

_WAITING = 10_000
"""Lines that may wait for a slow reader. More are left out: the server must not wait for one."""
_LAST_SECONDS = 1.0
"""What the last lines may take when the server stops."""
_COLORS = {2: "32", 4: "33", 5: "31"}
"""Of a status, by its first digit: green, yellow, red."""


def next_steps(url: str, *, read_only: bool) -> str:
    """Return what to do with a server that just started, as commands of a shell."""
    # Every address of the machine is none to go to; and control is open to this machine alone.
    url = url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")
    steps = [
        f"  Page       {url}/",
        f"  Client     export LAPLAS_BASE_URL={url} LAPLAS_API_KEY=any-key",
    ]
    if read_only:
        steps.append(f"  Try it     curl {url}/_laplas/threads")
    else:
        headers = "-H 'Authorization: Bearer any-key' -H 'Content-Type: application/json'"
        body = '{"messages": [{"role": "user", "content": "How does AI work?"}]}'
        steps.append(f"  Try it     curl {url}/v1/threads {headers} -d '{body}'")
    return "\n".join(steps)


def line_for(request: RecordedRequest, *, color: bool = False) -> str:
    """Return one line: time, method, path, status, milliseconds, request id, fault."""
    when = time.strftime("%H:%M:%S", time.localtime(request.time))
    # Nothing that a client sends is to move the cursor of a terminal.
    path = "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in request.path
    )
    status = str(request.status or "cut")
    if color:
        shade = _COLORS.get((request.status or 500) // 100, "36")
        status = f"\x1b[{shade}m{status}\x1b[0m"
    fault = f" fault {request.fault}" if request.fault else ""
    spent = f"{request.milliseconds:.1f} ms"
    return f"{when} {request.method:<6} {path} {status} {spent} {request.request_id or '-'}{fault}"


def json_for(request: RecordedRequest) -> str:
    """Return the same as a JSON object in one line."""
    return as_json(
        "request",
        time=datetime.fromtimestamp(request.time, UTC).isoformat(timespec="milliseconds"),
        method=request.method,
        path=request.path,
        status=request.status,
        milliseconds=request.milliseconds,
        request_id=request.request_id,
        fault=request.fault,
    )


def as_json(event: str, **fields: object) -> str:
    """Return an event as a JSON object in one line."""
    return json.dumps({"event": event, **fields})


def wants_color(is_terminal: bool, environment: Mapping[str, str]) -> bool:
    """Return whether to color: on a terminal that can, unless NO_COLOR asks for none."""
    return is_terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


@contextmanager
def writing(file: int, line: Callable[[RecordedRequest], str]) -> Iterator[Callable[..., None]]:
    """Give a function that takes requests, and writes a line for each without waiting for it.

    Args:
        file: The descriptor to write to, which nobody may be reading.
        line: Makes the line.
    """
    waiting: Queue[RecordedRequest | None] = Queue(_WAITING)

    def put(request: RecordedRequest | None) -> None:
        with suppress(Full):
            waiting.put_nowait(request)

    def write() -> None:
        while (request := waiting.get()) is not None:
            with suppress(OSError):  # nobody reads any more
                os.write(file, f"{line(request)}\n".encode("utf-8", "replace"))

    # Past the buffer of `sys.stdout`: a thread that is stuck with its lock would keep Python from
    # ending.
    thread = Thread(target=write, name="laplas-log", daemon=True)
    thread.start()
    try:
        yield put
    finally:
        put(None)
        thread.join(_LAST_SECONDS)
