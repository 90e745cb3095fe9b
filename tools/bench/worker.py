"""Runs a driver in its own interpreter: `worker.py DRIVER URL`, commands by standard input.

Each line is a JSON array, a command's name and its arguments; each answer is one line of JSON.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import os
import platform
import re
import sys
import time
import tracemalloc
import urllib.request
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "drivers"))


def _page(total: int, after: int = 0) -> bytes:
    address = f"{URL}/v1/threads/thread_{total}/messages?limit=100&order=asc&after=msg_{after}"
    with urllib.request.urlopen(address) as response:
        body: bytes = response.read()
    return body


def _timed(work: Callable[[], object], n: int = 1) -> dict[str, float]:
    """Wall and CPU nanoseconds of one of `n` calls."""
    gc.collect()
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    for _ in range(n):
        work()
    cpu, wall = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    return {"wall_ns": wall / n, "cpu_ns": cpu / n}


def _read_all(messages: Any) -> int:
    """Read of each message what a program would; returns how many there were."""
    id_of, text_of, count = driver.id_of, driver.text_of, 0
    for message in messages:
        id_of(message)
        text_of(message)
        count += 1
    return count


def check() -> str:
    """Each operation once, compared with what the server has; returns what was checked."""
    page = json.loads(_page(10_000))["data"]
    ids = [message["id"] for message in page]
    texts = [message["content"][0]["text"]["value"] for message in page]
    assert driver.id_of(driver.create()) == f"msg_{9000:024d}"
    assert driver.id_of(driver.retrieve()) == driver.id_of(driver.update()) == work.MESSAGE_ID
    assert driver.delete() is True
    for messages in (driver.list_page(), driver.decode(_page(10_000))):
        assert [driver.id_of(message) for message in messages] == ids
        assert [driver.text_of(message) for message in messages] == texts
    assert _read_all(driver.iterate_all()) == 10_000
    return f"{driver.DIST} {version(driver.DIST)} on Python {platform.python_version()}"


def repeat(operation: str, n: int) -> dict[str, float]:
    """What one of `n` calls of an operation costs."""
    call = getattr(driver, operation)
    if operation == "list_page":
        return _timed(lambda: _read_all(call()), n)
    return _timed(call, n)


def construct(n: int) -> dict[str, float]:
    """What it costs to make and close a client when there is one already."""
    return _timed(lambda: driver.dispose(driver.construct(URL)), n)


def iterate(total: int, options: dict[str, Any]) -> dict[str, float]:
    """What it costs to iterate a thread."""
    work.THREAD = f"thread_{total}"
    return _timed(lambda: _read_all(driver.iterate_all(**options)))


def many(n: int, concurrency: int) -> dict[str, float]:
    """What one of `n` creates costs with so many under way at a time."""
    took = asyncio.run(driver.create_many(n, concurrency))
    return {name: took[name] / n for name in ("wall_ns", "cpu_ns")}


def decode(n: int) -> dict[str, float]:
    """What it costs to make messages of the bytes of a page, a message of 100."""
    page = _page(10_000)
    took = _timed(lambda: _read_all(driver.decode(page)), n)
    return {name: nanoseconds / 100 for name, nanoseconds in took.items()}


def kept(total: int) -> dict[str, float]:
    """Bytes that a message takes while it is kept."""
    pages = [_page(total, after) for after in range(0, total, 100)]
    driver.decode(pages[0])
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    messages = [message for page in pages for message in driver.decode(page)]
    gc.collect()
    taken = tracemalloc.get_traced_memory()[0] - before - sys.getsizeof(messages)
    return {"bytes": taken / total}


def _memory(field: str) -> int:
    """A field of this process's status, in bytes. Linux only."""
    found = re.search(rf"{field}:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert found is not None
    return int(found[1]) * 1024


def growth(total: int) -> dict[str, float]:
    """Bytes by which memory grows, at its peak, while a thread is iterated and nothing is kept."""
    driver.create()
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak counts from here
    before = _memory("VmRSS")
    iterate(total, {})
    return {"bytes": _memory("VmHWM") - before}


if __name__ == "__main__":
    _, name, URL = sys.argv
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a client prints is no answer
    import work

    driver = importlib.import_module(name)
    driver.setup(URL)
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        try:
            told = globals()[command](*arguments)
        except Exception as error:
            told = {"error": repr(error)}
        print(json.dumps(told), file=answers, flush=True)
    driver.teardown()
