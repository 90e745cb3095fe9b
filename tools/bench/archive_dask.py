"""Threads and messages a second: asyncio alone, Dask with 1 and 2 workers, openai's client.

    python tools/bench/archive_dask.py [--threads 200] [--messages 100] [--rounds 3] [--delay 0.05]

An embedded server, in a process of its own, is read by each in turn; what is told is the median of
the rounds. With `--delay`, each answer is that many seconds late, as from afar. The loop over
openai's client is the plain one, which keeps messages alone.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from distributed import Client, LocalCluster
from openai import OpenAI

from laplas import AsyncLaplas
from laplas.archive import export, export_with_dask
from laplas.local import LocalServer, running


def serve(threads: int, messages: int, delay: float, connection: Any) -> None:
    """Serve that many threads until the other end of the connection closes."""
    with LocalServer(examples=False) as server:
        for number in range(threads):
            server.add_thread(f"thread_{number}", created_at=number)
            for text in range(messages):
                server.add_message(f"thread_{number}", f"message {text} " * 20, created_at=text)
        if delay:
            server.faults.add(f"delay={delay} x*")
        with running(server) as url:
            connection.send(url)
            connection.recv()


def loop_over_openai(url: str, ids: list[str], to: Path) -> None:
    """Read thread after thread, as anyone would."""
    to.mkdir()
    with OpenAI(base_url=url + "/v1", api_key="k") as client:
        for thread_id in ids:
            with (to / f"{thread_id}.jsonl").open("w") as file:
                for message in client.beta.threads.messages.list(thread_id, limit=100, order="asc"):
                    file.write(json.dumps(message.to_dict()) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("threads", 200), ("messages", 100), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    os.environ["LAPLAS_API_KEY"] = "k"
    warnings.filterwarnings("ignore", "The Assistants API", DeprecationWarning)  # openai's
    here, there = multiprocessing.Pipe()
    size = (options.threads, options.messages, options.delay)
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(*size, there))
    server.start()
    url = here.recv()
    ids = [f"thread_{number}" for number in range(options.threads)]
    quiet: Any = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=2, **quiet) as two, LocalCluster(n_workers=1, **quiet) as one:
        for cluster in (one, two):
            with Client(cluster) as client:  # as on a cluster that is up: imports are done
                client.run(__import__, "laplas.archive")

        def with_dask(cluster: Any, to: Path) -> None:
            make = lambda: AsyncLaplas(base_url=url)  # noqa: E731
            export_with_dask(make, ids, to, dask=cluster.scheduler_address)

        ways: dict[str, Callable[[Path], Any]] = {
            "openai, plain loop": lambda to: loop_over_openai(url, ids, to),
            "asyncio alone": lambda to: export(lambda: AsyncLaplas(base_url=url), ids, to),
            "Dask, 1 worker": lambda to: with_dask(one, to),
            "Dask, 2 workers": lambda to: with_dask(two, to),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(options.rounds):
                for name, work in ways.items():
                    start = time.perf_counter()
                    work(Path(folder, "archive"))
                    times[name].append(time.perf_counter() - start)
                    shutil.rmtree(Path(folder, "archive"))
    here.send(None)
    server.join()
    for name, taken in times.items():
        seconds = statistics.median(taken)
        rates = (options.threads / seconds, options.threads * options.messages / seconds)
        print(f"{name:20} {seconds:7.2f} s {rates[0]:7.1f} threads/s {rates[1]:9,.0f} messages/s")


if __name__ == "__main__":
    main()
