"""What calls cost, counted without a clock, is not over what was recorded: on any machine.

    nox -s ceilings             # record anew, after a change that is meant to cost more or less

`counting.py` counts executed bytecodes, loaded modules and kept memory, against the server of the
benchmark. The figures hardly depend on the machine, but on Python's version: `ceilings.json` has
them for each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from counting import Counter, Counts

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "ceilings.json"
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
SLACK = 1.05
"""What patch releases of Python and of libraries may cost without a new record."""
WHAT = ("imports", "calls", "concurrency", "memory")


@contextmanager
def served() -> Iterator[str]:
    command = [sys.executable, str(HERE.parent / "benchmarks" / "server.py")]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


@cache
def counted(what: str) -> Counts:
    """What a function of `counting` counts, in a fresh interpreter."""
    # Few variables, and always the same: looking for proxies goes through all of them.
    environment = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    with served() as url:
        command = [sys.executable, str(HERE / "counting.py"), what, url]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    counts: Counts = json.loads(done.stdout)
    return counts


def over(counts: Counts, ceilings: Counts) -> list[str]:
    """What costs more than its ceiling allows."""
    return [
        f"{name}: {count:g}, recorded {ceilings[name]:g}"
        for name, count in counts.items()
        if count > ceilings[name] * SLACK
    ]


@pytest.mark.parametrize("what", WHAT)
def test_nothing_costs_more_than_recorded(what: str) -> None:
    """A slow-down fails here. One that is meant: `nox -s ceilings`, and say why in the commit."""
    recorded = json.loads(RECORDED.read_text("utf-8"))
    if PYTHON not in recorded:
        pytest.skip(f"ceilings.json has no figures of Python {PYTHON}: run `nox -s ceilings` on it")
    assert over(counted(what), recorded[PYTHON][what]) == []


def test_more_work_is_over_the_ceiling() -> None:
    """A count grows with the work, and a count over the slack is told."""

    def work(times: int) -> None:
        for number in range(times):
            str(number)

    def count(times: int) -> int:
        with Counter() as counter:
            work(times)
        return counter.count

    assert count(2000) > 1.9 * count(1000)
    assert over({"create": 1060, "list": 1040}, {"create": 1000, "list": 1000}) == [
        "create: 1060, recorded 1000"
    ]


def test_plain_clients_do_without_httpx() -> None:
    """httpx is most of an import; it is loaded only where something needs it."""
    assert not counted("imports")["modules: httpx"]
    assert not counted("concurrency")["modules: httpx"]


def test_a_call_costs_the_same_however_many_are_under_way() -> None:
    one, ten, hundred = (
        counted("concurrency")[f"bytecodes: create, {level} at a time"] for level in (1, 10, 100)
    )
    assert max(ten, hundred) < 1.1 * one


def test_memory_is_flat_however_long_the_listing() -> None:
    """Walks remember the ids of 100 pages; beyond that, 6 times the messages take no more."""
    counts = counted("iteration")
    assert counts["12 times"] < 1.02 * counts["2 times"]


def record() -> None:
    """Write this Python's figures into ceilings.json."""
    recorded = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    recorded[PYTHON] = {what: counted(what) for what in WHAT}
    RECORDED.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    record()
