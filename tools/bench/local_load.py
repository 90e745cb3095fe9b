"""How much the embedded server bears:  python tools/bench/local_load.py

1. A database file of a million messages: how long the server takes to start with it, and how long
   to list and to create, beside a file with one thread.
2. 200 clients at once: requests a second, the slowest of a hundred, errors; beside Prism, which
   answers from the document and stores nothing, and mock-llm, which answers chats. Needs npx.
3. Killed under load (SIGKILL): each message that it acknowledged is in the file.

Ends with 1 where a request failed or a message is lost.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp

from laplas.local import LocalServer

DOCUMENT = Path(__file__).resolve().parents[2] / "openapi.yaml"
KEY = {"Authorization": "Bearer any-key", "Content-Type": "application/json"}
MESSAGE = json.dumps({"role": "user", "content": "How does AI work? " * 10})
CHAT = json.dumps({"model": "gpt-4o", "messages": [json.loads(MESSAGE)]})
MESSAGES = "/threads/{}/messages"
LOCAL = [sys.executable, "-m", "laplas.local", "--port", "0", "--quiet"]


def fill(file: Path, threads: int, messages: int) -> None:
    """Write a database of that many threads, each with that many messages."""
    with LocalServer(str(file), examples=False) as server:
        for number in range(threads):
            thread_id = f"thread_{number}"
            server.put({"id": thread_id, "object": "thread", "created_at": number, "metadata": {}})
            server.put_many(message(thread_id, each) for each in range(messages))


def message(thread_id: str, number: int) -> dict[str, Any]:
    """A message as the server would have stored it."""
    text = {"value": "How does AI work? " * 10, "annotations": []}
    return {
        "id": f"msg_{random.randbytes(12).hex()}", "object": "thread.message",
        "created_at": number, "thread_id": thread_id, "role": "user", "assistant_id": None,
        "run_id": None, "attachments": [], "metadata": {},
        "content": [{"type": "text", "text": text}],
    }  # fmt: skip


def seconds_of(work: Callable[..., object], *arguments: Any, **options: Any) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work(*arguments, **options)
    return time.perf_counter() - started


def compare_sizes(folder: Path, threads: int, messages: int) -> None:
    """Print what a full file costs beside one with a single thread."""
    full, small = folder / "full.db", folder / "small.db"
    took = seconds_of(fill, full, threads, messages)
    fill(small, 1, 100)
    size = full.stat().st_size / 1e6
    print(f"{threads:,} threads x {messages:,} messages: {size:,.0f} MB, written in {took:.0f} s")
    for what, code in (
        ("start with it", f"from laplas.local import LocalServer as S; S({str(full)!r}).close()"),
        ("start in memory", "from laplas.local import LocalServer as S; S().close()"),
    ):
        command = [sys.executable, "-c", code]
        spent = [seconds_of(subprocess.run, command, check=True) for _ in range(5)]
        print(f"{what}: {statistics.median(spent):.2f} s")
    with LocalServer(str(full)) as large, LocalServer(str(small)) as little:
        for what, *request in (("list", "GET", "?limit=100", ""), ("create", "POST", "", MESSAGE)):
            pairs = [
                (
                    seconds_of(ask, large, random.randrange(threads), *request),
                    seconds_of(ask, little, 0, *request),
                )
                for _ in range(1000)
            ]
            ours, beside = (statistics.median(each) * 1e6 for each in zip(*pairs, strict=True))
            print(f"{what}: {ours:.0f} us; in a small file {beside:.0f} us: {ours / beside:.2f} x")


def ask(server: LocalServer, thread: int, method: str, query: str, body: str) -> None:
    """Send a request about the messages of a thread, in process."""
    target = MESSAGES.format(f"thread_{thread}") + query
    assert server.handle(method, target, KEY, body.encode()).status == 200


class Target(NamedTuple):
    """A server, and what to ask it."""

    name: str
    command: list[str]
    ready: str
    """What it prints when it serves; the group is its URL, or its port."""
    calls: list[tuple[str, str, str | None]]


def targets() -> list[Target]:
    """The servers that can be started here."""
    route = MESSAGES.format("thread_abc123")
    calls = [("POST", route, MESSAGE), ("GET", f"{route}?limit=20", None)]
    found = [Target("laplas.local", LOCAL, r"Serving on (\S+)", calls)]
    if shutil.which("npx"):
        prism = ["npx", "--yes", "@stoplight/prism-cli@5.16.0", "mock", str(DOCUMENT), "-p", "4017"]
        chat = ["npx", "--yes", "@dwmkerr/mock-llm@0.1.29"]
        found += [
            Target("Prism", prism, r"listening on (http://\S+)", calls),
            Target("mock-llm", chat, r"(6556)", [("POST", "/v1/chat/completions", CHAT)]),
        ]
    return found


@contextmanager
def serving(command: list[str], ready: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server; yields its process and URL."""
    # What it prints goes to a file: nobody reads a pipe under load.
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, text=True, start_new_session=True
        ) as server,
    ):
        try:
            for _ in range(600):
                output.seek(0)
                said = re.sub(r"\x1b\[[0-9;]*m", "", output.read())
                if (match := re.search(ready, said)) or server.poll() is not None:
                    break
                time.sleep(0.1)
            if not match:
                raise RuntimeError(f"{command[0]} does not serve: {said}")
            yield server, match[1] if "://" in match[1] else f"http://127.0.0.1:{match[1]}"
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)  # npx has children


class Load:
    """Clients that ask one call after the other, each on a connection of its own."""

    def __init__(self, url: str, clients: int, calls: list[tuple[str, str, str | None]]) -> None:
        self.url, self.clients, self.calls = url, clients, calls
        self.spent: list[float] = []
        self.errors: list[str] = []
        self.created: list[str] = []

    async def run(self, seconds: float) -> None:
        """Ask for that long, or until the server is gone."""
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector, headers=KEY) as session:
            end = time.perf_counter() + seconds
            await asyncio.gather(*(self._ask(session, end, n) for n in range(self.clients)))

    async def _ask(self, session: aiohttp.ClientSession, end: float, number: int) -> None:
        while (started := time.perf_counter()) < end:
            number += 1
            method, path, body = self.calls[number % len(self.calls)]
            try:
                async with session.request(method, self.url + path, data=body) as answer:
                    text = await answer.text()
            except aiohttp.ClientError as error:
                self.errors.append(repr(error))
                return
            self.spent.append(time.perf_counter() - started)
            if answer.status != 200:
                self.errors.append(f"{answer.status} {text[:200]}")
            elif method == "POST":
                self.created.append(json.loads(text)["id"])

    def __str__(self) -> str:
        of_100 = statistics.quantiles(self.spent, n=100)
        rate = len(self.spent) / sum(self.spent) * self.clients
        half, slow = of_100[49] * 1000, of_100[98] * 1000
        times = f"median {half:.0f} ms, p99 {slow:.0f} ms"
        return f"{rate:,.0f} requests/s, {times}, {len(self.errors)} errors"


def press(clients: int, seconds: float) -> list[str]:
    """Print what each server bears; returns the errors of ours."""
    ours: list[str] = []
    print(f"{clients} clients at once, {seconds:.0f} s, half of the requests create a message:")
    for target in targets():
        try:
            with serving(target.command, target.ready) as (_, url):
                load = Load(url, clients, target.calls)
                asyncio.run(load.run(seconds))
        except RuntimeError as error:
            print(f"  {target.name:<13} cannot be started: {str(error)[-200:]}")
            continue
        print(f"  {target.name:<13} {load}")
        if target.name == "laplas.local":
            ours = load.errors
    return ours


def kill(folder: Path, clients: int, seconds: float) -> list[str]:
    """Kill the server under load; returns the acknowledged messages that are lost."""
    file = folder / "killed.db"
    route = MESSAGES.format("thread_abc123")
    with serving([*LOCAL, "--database", str(file)], r"Serving on (\S+)") as (server, url):
        load = Load(url, clients, [("POST", route, MESSAGE)])

        async def strike() -> None:
            await asyncio.sleep(seconds)
            server.kill()

        async def both() -> None:
            await asyncio.gather(load.run(seconds + 30), strike())

        asyncio.run(both())
    with LocalServer(str(file)) as opened:
        kept = {each["id"] for each in opened.messages("thread_abc123")}
    lost = [each for each in load.created if each not in kept]
    print(f"SIGKILL: {len(load.created):,} messages acknowledged, {len(lost)} lost")
    return lost


def main() -> int:
    """Measure; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--threads", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=1000, help="in each thread")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare_sizes(Path(folder), options.threads, options.messages)
        lost = kill(Path(folder), options.clients, min(options.seconds, 5))
    errors = press(options.clients, options.seconds)
    for error in errors[:5]:
        print(error, file=sys.stderr)
    return 1 if errors or lost else 0


if __name__ == "__main__":
    sys.exit(main())
