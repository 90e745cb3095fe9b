"""Speed and memory of laplas, raw httpx and the openai package, side by side: `nox -s bench`.

    nox -s bench                # everything, several minutes
    nox -s bench -- --quick     # under a minute
    nox -s bench -- --only create,list --output mine

All do the same work against `server.py`, in a process each. A round measures every client once,
in an order that rotates, so that a slow moment of the machine falls on all; ratios are taken
within a round, and the median of the rounds is shown. Prints the table and a plot, and writes
all figures to OUTPUT.json, the plot to OUTPUT.png, and the table into OUTPUT.md if there is one.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from plot import draw, picture, shown

HERE = Path(__file__).resolve().parent
REFERENCE = "httpx_json"
CLIENTS = {
    "laplas": "laplas",
    "laplas_fast": "laplas[fast]",
    "openai3": "openai",
    REFERENCE: "raw httpx",
}
MARKS = ("<!-- measured: begin -->", "<!-- measured: end -->")
"""Between them stands the table in OUTPUT.md, where there is one."""
LEVELS = (1, 10, 50, 100, 200, 500)
# No proxy, no key and no path of the caller's.
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


class Size(NamedTuple):
    """How much is measured."""

    rounds: int
    """Of the short blocks; the long ones have fewer."""
    calls: int
    """Of one operation in a block."""
    many: int
    """Creates at each concurrency."""
    levels: tuple[int, ...]
    messages: int
    """In the thread that is iterated with flat memory."""


FULL = Size(rounds=15, calls=60, many=1000, levels=LEVELS, messages=1_000_000)
QUICK = Size(rounds=5, calls=40, many=250, levels=(1, 50, 200), messages=30_000)


class Client:
    """A client's driver in its worker, and fresh processes of its environment."""

    def __init__(self, name: str, environments: Path, url: str, running: ExitStack) -> None:
        text = (HERE / "drivers" / f"{name}.py").read_text("utf-8")
        constants = re.search(r"^VENV.* = (.*)", text, re.MULTILINE)
        assert constants is not None
        environment, _, self.imports, *_ = ast.literal_eval(f"({constants[1]})")
        self.name = name
        self._python = str(environments / environment / "bin" / "python")
        self._url = url
        self._running = running
        self.start()

    def start(self) -> None:
        """Start a worker, in place of the one there is, and let it check itself."""
        self._worker = self._running.enter_context(self._started())
        self.version = self.ask("check")

    @contextmanager
    def _started(self) -> Iterator[subprocess.Popen[str]]:
        command = [self._python, str(HERE / "worker.py"), self.name, self._url]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, env=ENVIRONMENT
        ) as process:
            try:
                yield process
            finally:
                assert process.stdin is not None
                process.stdin.close()

    def restart(self) -> None:
        """Another process: the layout of its memory makes one a tenth faster than the next."""
        assert self._worker.stdin is not None
        self._worker.stdin.close()
        self._worker.wait()
        self.start()

    def ask(self, *command: Any, worker: subprocess.Popen[str] | None = None) -> Any:
        """The worker's answer to a command."""
        process = worker or self._worker
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(command) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        told = json.loads(line) if line else {"error": "the worker died"}
        if isinstance(told, dict) and "error" in told:
            raise RuntimeError(f"{self.name}, {command}: {told['error']}")
        return told

    def fresh(self, *command: Any) -> Any:
        """A new worker's answer to a command."""
        with self._started() as worker:
            return self.ask(*command, worker=worker)

    def import_ms(self) -> float:
        """What Python says that importing takes, beyond its own start."""
        return (self._import_us(self.imports) - self._import_us("pass")) / 1000

    def _import_us(self, code: str) -> int:
        command = [self._python, "-X", "importtime", "-c", code]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT)
        return sum(int(own) for own in re.findall(r"^import time: +(\d+)", done.stderr, re.M))

    def cold_ms(self) -> float:
        """From the start of a process that creates one message to its end."""
        code = f"import sys; sys.path.insert(0, {str(HERE / 'drivers')!r})\n"
        code += f"import {self.name} as driver; driver.setup({self._url!r}); driver.create()"
        started = time.perf_counter()
        subprocess.run([self._python, "-c", code], check=True, env=ENVIRONMENT)
        return (time.perf_counter() - started) * 1000


class Row(NamedTuple):
    """One kind of work, measured in `unit`; the targets are ratios to raw httpx."""

    title: str
    unit: str
    rounds: int
    measure: Callable[[Client], float]
    target: float | None = None
    with_fast: float | None = None
    with_openai: bool = True

    def target_of(self, name: str) -> float | None:
        """What the ratio of a client shall not pass."""
        if name == "laplas_fast" and self.with_fast is not None:
            return self.with_fast
        return self.target if name.startswith("laplas") else None


def rows_of(size: Size, delay: Callable[[int], None]) -> list[Row]:
    """The table's rows, in their order."""
    often, few, once = size.rounds, max(2, size.rounds // 3), max(1, size.rounds // 5)
    calls, pages, million = size.calls, max(3, size.calls // 4), size.messages

    def us(field: str, *command: Any) -> Callable[[Client], float]:
        return lambda client: client.ask(*command)[field] / 1e3

    def fresh(*command: Any, per: int = 1) -> Callable[[Client], float]:
        return lambda client: client.fresh(*command)["bytes"] / per

    def ms(field: str, total: int, ahead: bool = False, away: int = 0) -> Callable[[Client], float]:
        def measure(client: Client) -> float:
            options = {"read_ahead": True} if ahead and client.name != REFERENCE else {}
            delay(away)
            try:
                took: float = client.ask("iterate", total, options)[field]
            finally:
                delay(0)
            return took / 1e6

        return measure

    def many(level: int) -> Row:
        title = f"create, {level} at a time, CPU"
        target = {50: 0.22, 200: 0.18}.get(level)
        with_extra = {50: 0.11, 200: 0.09}.get(level)
        command = ("many", max(size.many, level), level)
        return Row(title, "us", once, us("cpu_ns", *command), target, with_extra)

    return [
        Row("import", "ms", few, Client.import_ms, 0.20),
        Row("process start to first message", "ms", few, Client.cold_ms, 1.15),
        Row("construct a second client, CPU", "us", few, us("cpu_ns", "construct", 5), 0.05),
        Row("create, CPU", "us", often, us("cpu_ns", "repeat", "create", calls), 0.75, 0.45),
        Row("create, wall", "us", often, us("wall_ns", "repeat", "create", calls)),
        Row("retrieve, CPU", "us", often, us("cpu_ns", "repeat", "retrieve", calls), 0.75, 0.45),
        Row("list 100, CPU", "us", often, us("cpu_ns", "repeat", "list_page", pages), 1.10, 0.75),
        Row("iterate 10,000, wall", "ms", few, ms("wall_ns", 10_000), 1.10, 0.85),
        Row("iterate 10,000, CPU", "ms", few, ms("cpu_ns", 10_000)),
        Row(
            "iterate 10,000 with read-ahead, wall",
            "ms",
            few,
            ms("wall_ns", 10_000, True),
            with_openai=False,
        ),
        Row(
            "… and 20 ms away, wall", "ms", once, ms("wall_ns", 10_000, True, 20), None, None, False
        ),
        *map(many, size.levels),
        Row("decode, CPU a message", "us", often, us("cpu_ns", "decode", pages), 1.80, 1.25),
        Row("memory kept a message", "B", 1, fresh("kept", 1_000), 0.62),
        Row("peak growth, 10,000", "MiB", 1, fresh("growth", 10_000, per=2**20), None, None, False),
        Row(f"… {million:,}", "MiB", 1, fresh("growth", million, per=2**20), None, None, False),
    ]


def measured(row: Row, clients: list[Client]) -> dict[str, dict[str, Any]]:
    """Each client's figures of a row: medians of the rounds, and of the rounds' ratios."""
    seen: dict[str, list[float]] = {client.name: [] for client in clients}
    taking_part = [c for c in clients if row.with_openai or c.name != "openai3"]
    for number in range(row.rounds):
        if number and number % 5 == 0:
            for client in taking_part:
                client.restart()
        shift = number % len(taking_part)
        for client in taking_part[shift:] + taking_part[:shift]:
            try:
                seen[client.name].append(row.measure(client))
            except RuntimeError as error:
                print(f"{row.title}: {error}", file=sys.stderr)
    figures = {}
    for name, values in seen.items():
        if len(values) == len(seen[REFERENCE]) == row.rounds:
            ratios = [value / base for value, base in zip(values, seen[REFERENCE], strict=True)]
            figures[name] = {
                "ratio": statistics.median(ratios),
                "median": statistics.median(values),
                "least": min(values),
                "rounds": values,
            }
    return figures


def table(results: list[dict[str, Any]]) -> str:
    """The ratios, with the targets, as Markdown. A ratio over its target is marked with !."""
    lines = [["ratio to raw httpx", "target", *CLIENTS.values()], ["---"] * (2 + len(CLIENTS))]
    for row in results:
        targets = dict.fromkeys(row["targets"][name] for name in ("laplas", "laplas_fast"))
        line = [row["title"], " / ".join(f"{target:.2f}" for target in targets if target)]
        for name in CLIENTS:
            figure, target = row["figures"].get(name), row["targets"][name]
            if figure is None:
                line.append("")
            elif name == REFERENCE:
                line.append(f"{figure['median']:,.4g} {row['unit']}")
            else:
                line.append(
                    shown(figure["ratio"]) + " !" * bool(target and figure["ratio"] > target)
                )
        lines.append(line)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


def flatness(results: list[dict[str, Any]]) -> str:
    """What a create costs laplas as more of them are under way."""
    cost = {
        row["title"].split()[1]: f"{row['figures']['laplas']['median']:.0f}"
        for row in results
        if "at a time" in row["title"] and "laplas" in row["figures"]
    }
    told = ", ".join(f"{level}: {us}" for level, us in cost.items())
    return f"CPU us of a create with laplas, by how many are under way: {told}" if told else ""


def machine() -> str:
    """What it was measured on, and when."""
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.*)", info.read_text("utf-8")) if info.exists() else None
    name = model[1] if model else platform.processor()
    load, when = os.getloadavg()[0], time.strftime("%Y-%m-%d")
    return f"{name}, {os.cpu_count()} cores, load {load:.1f}, {platform.platform()}, {when}"


@contextmanager
def served(core: int | None) -> Iterator[str]:
    """The server in a process of its own; yields its URL."""
    command = [sys.executable, str(HERE / "server.py"), *([] if core is None else [str(core)])]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--environments", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="rows whose titles hold one of these words")
    parser.add_argument("--output", type=Path, default=Path("build/bench"))
    asked = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    of_server = cores[1] if len(cores) > 1 else None
    if of_server is not None:
        os.sched_setaffinity(0, {cores[0]})  # the workers inherit it; this process only waits
    size = QUICK if asked.quick else FULL
    results = []
    with ExitStack() as running:
        url = running.enter_context(served(of_server))

        def delay(milliseconds: int) -> None:
            urllib.request.urlopen(f"{url}/delay/{milliseconds}").close()

        clients = [Client(name, asked.environments, url, running) for name in CLIENTS]
        for row in rows_of(size, delay):
            if any(word in row.title for word in asked.only.split(",")):
                started = time.monotonic()
                targets = {name: row.target_of(name) for name in CLIENTS}
                figures = measured(row, clients)
                results.append(
                    {"title": row.title, "unit": row.unit, "targets": targets, "figures": figures}
                )
                print(f"{row.title}: {time.monotonic() - started:.1f} s", file=sys.stderr)
        versions = ", ".join(client.version for client in clients)
    told = {"machine": machine(), "versions": versions, "size": size._asdict(), "rows": results}
    asked.output.parent.mkdir(parents=True, exist_ok=True)
    asked.output.with_suffix(".json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    draw(results, CLIENTS, REFERENCE, asked.output.with_suffix(".png"))
    text = f"{table(results)}\n\n{flatness(results)}.\n\n{told['machine']}.\n{versions}.\n"
    print(text, picture(results, CLIENTS, REFERENCE), sep="\n")
    page = asked.output.with_suffix(".md")
    if page.exists():
        begin, _, rest = page.read_text("utf-8").partition(MARKS[0])
        page.write_text(
            f"{begin}{MARKS[0]}\n\n{text}{MARKS[1]}{rest.partition(MARKS[1])[2]}", "utf-8"
        )


if __name__ == "__main__":
    main()
