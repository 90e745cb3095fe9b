"""Time and memory of an export beside a plain loop over the openai package: `nox -s bench-archive`.

    nox -s bench-archive                                     # to 100,000 messages, minutes
    nox -s bench-archive -- --counts 1000 1000000 --rounds 1

Both take the same threads from an embedded server in a process of its own, each time in a new
process and folder. A round measures both, one after the other; ratios are taken within a round,
and the median of the rounds is shown. The loop does what a short script does: thread, messages and
runs as JSON lines, no digests, no way to go on after a stop.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TEXT = "Is the invoice of Tuesday's shipment still open? “Café” says so. " * 8
THREADS = 100
"""How many share the messages of the case `many`."""


def thread_ids(case: str, count: int) -> list[str]:
    """Return the ids of a case: one thread with all messages, or many that share them."""
    return [f"thread_{case}_{count}_{n}" for n in range(THREADS if case == "many" else 1)]


def serve(database: str, cases: list[tuple[str, int]]) -> None:
    """Serve the threads of all cases until standard input is closed; prints the URL."""
    from laplas.local import LocalServer, running

    def documents() -> Iterator[dict[str, Any]]:
        for case, count in cases:
            ids = thread_ids(case, count)
            for id_ in ids:
                yield {"id": id_, "object": "thread", "created_at": 1, "metadata": {}}
                for number in range(count // len(ids)):
                    content = [{"type": "text", "text": {"value": TEXT, "annotations": []}}]
                    yield {
                        "id": f"msg_{id_}_{number:09d}", "object": "thread.message",
                        "created_at": number, "thread_id": id_, "role": "user",
                        "assistant_id": None, "run_id": None, "content": content,
                        "attachments": [], "metadata": {"n": str(number)},
                    }  # fmt: skip

    with LocalServer(database, examples=False) as server, running(server) as url:
        server.put_many(documents())
        print(url, flush=True)
        sys.stdin.read()


def take_with_laplas(url: str, ids: list[str], to: Path) -> int:
    """Export; returns how many messages there were."""
    from laplas import AsyncLaplas
    from laplas.archive import export_async

    client = AsyncLaplas(api_key="k", base_url=url)
    return asyncio.run(export_async(lambda: client, ids, to)).messages


def take_with_openai(url: str, ids: list[str], to: Path) -> int:
    """Do what a short script does; returns how many messages there were."""
    import warnings

    from openai import OpenAI

    warnings.simplefilter("ignore", DeprecationWarning)
    count = 0
    with OpenAI(api_key="k", base_url=f"{url}/v1") as client:
        threads = client.beta.threads
        for id_ in ids:
            folder = to / id_
            folder.mkdir(parents=True)
            (folder / "thread.json").write_text(threads.retrieve(id_).to_json(indent=None))
            with (folder / "messages.jsonl").open("w") as file:
                for message in threads.messages.list(id_, limit=100, order="asc"):
                    file.write(f"{message.to_json(indent=None)}\n")
                    count += 1
            with (folder / "runs.jsonl").open("w") as file:
                for run in threads.runs.list(id_, limit=100, order="asc"):
                    file.write(f"{run.to_json(indent=None)}\n")
    return count


TAKERS = {"laplas": take_with_laplas, "openai": take_with_openai}


def take(name: str, url: str, case: str, count: int) -> None:
    """Take a case once; prints seconds, those of the CPU, and peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        started, cpu = time.perf_counter(), time.process_time()
        taken = TAKERS[name](url, thread_ids(case, count), Path(folder, "archive"))
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    if taken != count:
        raise SystemExit(f"{name} took {taken} messages of {count}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak //= 1024 * (1024 if sys.platform == "darwin" else 1)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak": peak}))


def run_here(*arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Run this file in a process of its own."""
    line = [sys.executable, __file__, *arguments]
    return subprocess.Popen(line, text=True, stdout=subprocess.PIPE, **options)


@contextlib.contextmanager
def serving(cases: list[tuple[str, int]]) -> Iterator[str]:
    """Serve in a process of its own; the block gets the URL."""
    with tempfile.TemporaryDirectory() as folder:
        arguments = ("--serve", str(Path(folder, "db.sqlite")), json.dumps(cases))
        with run_here(*arguments, stdin=subprocess.PIPE) as process:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
            process.communicate()


def measure(url: str, name: str, case: str, count: int) -> dict[str, float]:
    """Take a case once in a process of its own."""
    with run_here("--take", name, url, case, str(count)) as process:
        told = process.communicate()[0]
    if process.returncode:
        raise SystemExit(process.returncode)
    figures: dict[str, float] = json.loads(told)
    return figures


def main() -> None:
    """Measure, and print a line a case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--take", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        return serve(options.serve[0], json.loads(options.serve[1]))
    if options.take:
        name, url, case, count = options.take
        return take(name, url, case, int(count))
    cases = [("one", count) for count in options.counts] + [("many", 10_000)]
    columns = (
        *("messages", "threads", "µs a message", "of these CPU", "messages a second"),
        *("openai's loop / this", "the same, CPU", "peak MB", "the loop's"),
    )
    print(f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|")
    with serving(cases) as url:
        for case, count in cases:
            rounds = [
                {name: measure(url, name, case, count) for name in TAKERS}
                for _ in range(options.rounds)
            ]
            median = statistics.median
            wall, cpu = (
                median(taken["laplas"][kind] for taken in rounds) / count
                for kind in ("seconds", "cpu")
            )
            ratios = [
                median(taken["openai"][kind] / taken["laplas"][kind] for taken in rounds)
                for kind in ("seconds", "cpu")
            ]
            peaks = [max(taken[name]["peak"] for taken in rounds) for name in TAKERS]
            print(
                f"| {count:,} | {len(thread_ids(case, count))} | {wall * 1e6:.0f} |"
                f" {cpu * 1e6:.0f} | {1 / wall:,.0f} | {ratios[0]:.1f} | {ratios[1]:.1f} |"
                f" {peaks[0]:.0f} | {peaks[1]:.0f} |",
                flush=True,
            )
    return None


if __name__ == "__main__":
    main()
