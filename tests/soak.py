"""The soak: thousands of calls through a server that kills and damages exchanges at random.

    python tests/soak.py --seconds 120 --seed 7 [--client openai]

The server is `python -m laplas.local` in a process of its own, with a plan of faults drawn from
the seed. The calls go through `Laplas` in threads, then through `AsyncLaplas` in tasks. In the
end the server's database tells what really happened. The exit status is 1 if a call said something
else, if a message was lost or is there twice, or if anything was left behind.

The seed decides the faults and what the workers do; which fault meets which call depends on time.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
import warnings
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from inspect import isawaitable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import httpx
from test_connections import Peer, Server, forward, ok

from laplas import APIError, AsyncLaplas, Laplas, LaplasError, NotFoundError
from laplas.local import LocalServer, running

PER_CENT: Mapping[float, Sequence[str]] = {
    3: (
        *("reset", "reset-after-commit", "delay=0.2", "delay-after-commit=0.2"),
        "status=429 retry-after=0",
    ),
    2: (
        *("close", "close-after-commit", "disconnect", "html=502", "html-after-commit=504"),
        *("status=500", "status-after-commit=500", "status=503 retry-after=0"),
    ),
    1.5: ("truncate", "truncate-chunked"),
    1: ("status=503 retry-after-ms=100", "drip=1000"),
    0.5: ("garbage", "cut-json", "empty", "content-type", "charset"),
    0.3: ("redirect", "huge-header"),
    0.1: ("gzip-bomb=1",),
}
FAULTS = {fault: per_cent for per_cent, faults in PER_CENT.items() for fault in faults}
"""Per cent of the requests; each run takes between none and twice of it."""

BUSY_THREADS = 20
STABLE_THREADS = 3
STABLE_MESSAGES = 130
TIMEOUT = 60.0
"""Seconds; far above every delay, so that no request is carried out after its call has ended."""
RESUMPTIONS = 200
"""How often a listing is taken up again before it counts as stuck."""
SHOWN = 5
"""How many violations of a kind the report spells out."""
MEMORY = 1_000_000
"""Bytes that may be left behind, by caches and the like; however many calls there were."""


class Settings(NamedTuple):
    seconds: float = 120.0
    creates: int = 20_000
    """The run ends with the first of the two."""
    seed: int = 0
    concurrency: int = 200
    once: bool = True


@dataclass(eq=False)
class Record:
    """One call of create and what it and later calls said of the message."""

    token: str
    """The text of the message."""
    thread_id: str
    created: Literal["yes", "maybe", "no"] = "maybe"
    message_id: str = ""
    versions: set[str] = field(default_factory=lambda: {"0"})
    """What its metadata may say now."""
    deleted: Literal["yes", "maybe", "no"] = "no"


class Seen(NamedTuple):
    """A message as a client returned it, or as it is in the database."""

    message_id: str
    text: str
    version: str
    thread_id: str = ""


class Violation(NamedTuple):
    kind: str
    text: str


class Book:
    """Everything that the workers saw. Appending needs no lock."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.violations: list[Violation] = []
        self.calls: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.stable: dict[str, list[str]] = {}
        self.busy: list[str] = []

    def violated(self, kind: str, text: str) -> None:
        self.violations.append(Violation(kind, text))

    def report(self, settings: Settings, rows: Any, struck: str, found: list[Violation]) -> str:
        states = Counter(record.created for record in self.records)
        landed = sum(record.created == "maybe" and record.token in rows for record in self.records)
        kinds = Counter(violation.kind for violation in found)
        lines = [
            f"seed {settings.seed}, concurrency {settings.concurrency}, once={settings.once}",
            "calls: " + _counted(self.calls),
            f"creates: {states['yes']} returned a message, {states['maybe']} raised an error that "
            f"it may be there ({landed} are), {states['no']} raised an error that it is not",
            "errors: " + _counted(self.errors),
            struck.strip(),
            f"lost {kinds['lost']}, duplicated {kinds['duplicated']}",
            "violations: " + (_counted(kinds) or "none"),
        ]
        for kind in kinds:
            shown = [violation.text for violation in found if violation.kind == kind]
            lines += [f"  {kind}: {text}" for text in shown[:SHOWN]]
        return "\n".join(lines)


def judge(records: Sequence[Record], database: Mapping[str, Sequence[Seen]]) -> Iterator[Violation]:
    """Hold what the calls said against the messages in the database, by their text."""
    for token in database.keys() - {record.token for record in records}:
        yield Violation("invented", f"nobody created {token!r}")
    for record in records:
        token, copies = record.token, database.get(record.token, ())
        if record.created == "no" and copies:
            yield Violation("dishonest", f"{token} is there, but the error said that it cannot be")
        mine = [copy for copy in copies if copy.message_id == record.message_id]
        others = [copy for copy in copies if copy.message_id != record.message_id]
        for copy in others if record.created == "yes" else others[1:]:
            yield Violation("duplicated", f"{token} is there as {copy.message_id} too")
        if any(copy.thread_id != record.thread_id for copy in copies):
            yield Violation("untrue", f"{token} is in another thread")
        if record.created == "yes" and record.deleted == "no" and not mine:
            yield Violation("lost", f"{token} was returned as {record.message_id}")
        if record.deleted == "yes" and mine:
            yield Violation("untrue", f"{token} was deleted and is there")
        if mine and mine[0].version not in record.versions:
            yield Violation("untrue", f"{token}: {mine[0].version}, none of {record.versions}")


class Driver:
    """A client of `laplas`. Where that blocks, nothing suspends: so one worker fits both kinds."""

    client_class: Any = Laplas
    typed: type[Exception] = LaplasError
    """What the client raises on purpose."""
    missing: type[Exception] = NotFoundError
    """What it raises for a 404."""

    def __init__(self, base_url: str, once: bool) -> None:
        self.client = self.client_class(api_key="soak", base_url=base_url, timeout=TIMEOUT)
        self.messages = self.client.messages
        self.options = {"once": once}

    async def create(self, thread_id: str, text: str, metadata: dict[str, str]) -> Seen:
        fields = {"role": "user", "content": text, "metadata": metadata}
        return _seen(await _result(self.messages.create(thread_id, **fields, **self.options)))

    async def update(self, record: Record, metadata: dict[str, str]) -> Seen:
        return _seen(await _result(self.on(record, self.messages.update, metadata=metadata)))

    async def retrieve(self, record: Record) -> Seen:
        return _seen(await _result(self.on(record, self.messages.retrieve)))

    async def delete(self, record: Record) -> None:
        await _result(self.on(record, self.messages.delete))

    async def list(self, thread_id: str, size: int, after: str | None) -> AsyncIterator[str]:
        more = {"after": after} if after else {}
        listing = self.messages.list(thread_id, limit=size, order="asc", **more)
        if hasattr(listing, "__aiter__"):
            async for message in listing:
                yield message.id
        else:
            for message in listing:
                yield message.id

    async def close(self) -> None:
        await _result(getattr(self.client, "aclose", self.client.close)())

    def on(self, record: Record, method: Callable[..., Any], **fields: Any) -> Any:
        """Call a method that is about one message."""
        return method(record.thread_id, record.message_id, **fields)

    def is_ambiguous(self, error: Exception) -> bool:
        """Whether what failed may have happened."""
        return isinstance(error, APIError) and error.may_have_taken_effect

    def cursor(self, error: Exception, last: str | None) -> str | None:
        """Where to take a listing up again that broke off after the id `last`."""
        return error.cursor if isinstance(error, APIError) else last


class AsyncDriver(Driver):
    client_class = AsyncLaplas


class OpenAIDriver(Driver):
    """The `openai` package, with its own default retries; its errors tell nothing."""

    name = "OpenAI"

    def __init__(self, base_url: str, once: bool) -> None:
        import openai

        # Its methods for threads all say that they are deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        self.typed, self.missing = openai.OpenAIError, openai.NotFoundError
        made_by = getattr(openai, self.name)
        self.client = made_by(api_key="soak", base_url=base_url, timeout=TIMEOUT)
        self.messages = self.client.beta.threads.messages
        self.options = {}

    def on(self, record: Record, method: Callable[..., Any], **fields: Any) -> Any:
        return method(record.message_id, thread_id=record.thread_id, **fields)

    def is_ambiguous(self, error: Exception) -> bool:
        return True

    def cursor(self, error: Exception, last: str | None) -> str | None:
        return last


class AsyncOpenAIDriver(OpenAIDriver):
    name = "AsyncOpenAI"


async def _result(value: Any) -> Any:
    return await value if isawaitable(value) else value


def _seen(message: Any) -> Seen:
    return Seen(message.id, message.content[0].text.value, message.metadata["v"])


Make = Callable[[str, bool], Driver]
DRIVERS: Mapping[str, Sequence[Make]] = {
    "laplas": (Driver, AsyncDriver),
    "openai": (OpenAIDriver, AsyncOpenAIDriver),
}


class Worker:
    """Makes random calls, and keeps what they said. No other worker changes its messages."""

    def __init__(self, name: str, driver: Driver, book: Book, seed: str) -> None:
        self._name = name
        self._driver = driver
        self._book = book
        self._random = random.Random(seed)
        self._mine: list[Record] = []
        self._count = 0

    async def work(self, go_on: Callable[[], bool]) -> None:
        acts: list[Callable[[], Coroutine[Any, Any, None]]] = [
            self._create, self._update, self._delete, self._retrieve, self._list_stable,
            self._list_busy,
        ]  # fmt: skip
        while go_on():
            (act,) = self._random.choices(acts, (60, 15, 8, 10, 3, 4))
            await (act() if self._mine else self._create())

    @contextmanager
    def _told(self, call: str) -> Iterator[list[Exception]]:
        """Count the call; catch and hand out what it raises. Only typed errors may come."""
        self._book.calls[call] += 1
        raised: list[Exception] = []
        try:
            yield raised
        except Exception as error:
            raised.append(error)
            name = f"{type(error).__module__}.{type(error).__name__}"
            self._book.errors[name] += 1
            if not isinstance(error, self._driver.typed):
                self._book.violated("untyped", f"{call} raised {name}: {str(error)[:200]}")

    async def _create(self) -> None:
        self._count += 1
        record = Record(f"{self._name}-{self._count}", self._random.choice(self._book.busy))
        self._book.records.append(record)
        with self._told("create") as raised:
            seen = await self._driver.create(
                record.thread_id, record.token, {"soak": record.token, "v": "0"}
            )
            record.created, record.message_id = "yes", seen.message_id
            self._mine.append(record)
            self._compare("create", record, seen)
        if raised:
            record.created = "maybe" if self._driver.is_ambiguous(raised[0]) else "no"

    async def _update(self) -> None:
        record = self._random.choice(self._mine)
        self._count += 1
        version = str(self._count)
        with self._told("update") as raised:
            seen = await self._driver.update(record, {"soak": record.token, "v": version})
            record.versions = {version}
            self._compare("update", record, seen)
        if raised and self._driver.is_ambiguous(raised[0]):
            record.versions.add(version)

    async def _retrieve(self) -> None:
        record = self._random.choice(self._mine)
        with self._told("retrieve") as raised:
            self._compare("retrieve", record, await self._driver.retrieve(record))
        self._check_read("retrieve", record.token, raised)

    async def _delete(self) -> None:
        record = self._mine.pop(self._random.randrange(len(self._mine)))
        with self._told("delete") as raised:
            await self._driver.delete(record)
            record.deleted = "yes"
        if raised and self._driver.is_ambiguous(raised[0]):
            record.deleted = "maybe"
        elif raised:
            self._mine.append(record)

    async def _listed(self, thread_id: str, ids: list[str], after: str | None = None) -> Any:
        """List to the end, or to what breaks it off, which is returned."""
        with self._told("list") as raised:
            async for id_ in self._driver.list(thread_id, self._random.randint(5, 100), after):
                ids.append(id_)
        return raised

    async def _list_stable(self) -> None:
        """Nothing changes there, so everything comes, in order, however often it breaks off."""
        thread_id, expected = self._random.choice(list(self._book.stable.items()))
        ids: list[str] = []
        cursor = None
        for _ in range(RESUMPTIONS):
            raised = await self._listed(thread_id, ids, cursor)
            if not raised:
                break
            self._check_read("list", thread_id, raised)
            cursor = self._driver.cursor(raised[0], ids[-1] if ids else None)
        if ids != expected:
            self._book.violated("listing", f"{len(ids)} ids, {len(set(ids))} different")

    async def _list_busy(self) -> None:
        """Others add and delete there: what is mine and stays comes, and nothing comes twice."""
        thread_id = self._random.choice(self._book.busy)
        ids: list[str] = []
        raised = await self._listed(thread_id, ids)
        # A 404 on the way is true: the message that was the cursor has been deleted.
        self._check_read("list", thread_id, [] if ids else raised)
        mine = {record.message_id for record in self._mine if record.thread_id == thread_id}
        if len(ids) != len(set(ids)) or not (raised or mine.issubset(ids)):
            self._book.violated("listing", f"{len(ids)} ids, {len(set(ids))} different")

    def _check_read(self, call: str, what: str, raised: list[Exception]) -> None:
        for error in raised:
            if isinstance(error, self._driver.missing):
                self._book.violated("untrue", f"{call}: {what} is there, but was not found")
            if isinstance(error, APIError) and error.may_have_taken_effect:
                self._book.violated("dishonest", f"{call} only reads")

    def _compare(self, call: str, record: Record, seen: Seen) -> None:
        is_it = (seen.message_id, seen.text) == (record.message_id, record.token)
        if not is_it or seen.version not in record.versions:
            self._book.violated("untrue", f"{call} of {record.token} returned {seen}")


def run(settings: Settings, drivers: Sequence[Make]) -> tuple[list[Violation], str]:
    """Start the server, drive the clients one after the other, and judge; returns a report, too.

    The first driver is run in threads, the second, where there is one, in tasks.
    """
    book = Book()
    with tempfile.TemporaryDirectory() as directory:
        database = str(Path(directory, "soak.db"))
        _fill(database, book)
        with serving(database, settings.seed) as (base_url, said):
            for make, drive in zip(drivers, (_in_threads, _in_tasks), strict=False):
                driver = make(base_url, settings.once)
                names = [f"{drive.__name__}-{n}" for n in range(settings.concurrency)]
                workers = [Worker(n, driver, book, f"{settings.seed}-{n}") for n in names]
                drive(driver, workers, _limits(settings, book, 1 / len(drivers)), book)
        rows = _rows(database, book.busy)
    violations = [*book.violations, *judge(book.records, rows)]
    if said[1]:
        violations.append(Violation("server", said[1]))
    return violations, book.report(settings, rows, said[0], violations)


def _fill(database: str, book: Book) -> None:
    with LocalServer(database, examples=False) as server:
        book.busy = [server.add_thread()["id"] for _ in range(BUSY_THREADS)]
        for _ in range(STABLE_THREADS):
            thread_id = server.add_thread()["id"]
            book.stable[thread_id] = [
                server.add_message(thread_id, str(n), metadata={"v": "0"})["id"]
                for n in range(STABLE_MESSAGES)
            ]


def _rows(database: str, threads: Sequence[str]) -> dict[str, list[Seen]]:
    rows: dict[str, list[Seen]] = defaultdict(list)
    with LocalServer(database, examples=False) as server:
        for thread_id in threads:
            for message in server.messages(thread_id):
                text = message["content"][0]["text"]["value"]
                rows[text].append(Seen(message["id"], text, message["metadata"]["v"], thread_id))
    return dict(rows)


@contextmanager
def serving(database: str, seed: int) -> Iterator[tuple[str, list[str]]]:
    """The server in a process of its own: its URL, and afterwards what it wrote."""
    draw = random.Random(seed)
    plan = [f"{fault} {per_cent * draw.uniform(0, 2):.3f}%" for fault, per_cent in FAULTS.items()]
    draw.shuffle(plan)
    options = [word for fault in plan for word in ("--fault", fault)]
    said: list[str] = []
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "laplas.local", "--port", "0", "--database", database),
            *("--no-examples", "--no-fault-header", "--fault-seed", str(seed), *options),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            found = re.search(r"http://\S+", first)
            if found is None:
                raise RuntimeError(f"the server did not start: {process.communicate()[1]}")
            yield found[0], said
            process.terminate()
            said.extend(process.communicate(timeout=60))
        finally:
            process.kill()


# ---- exactly once ----

ONCE_FAULTS: Mapping[str, float] = {
    "": 71, "reset": 3, "reset after": 4, "429": 2, "429 after": 4, "503": 2, "503 after": 4,
    "doubled": 10,
}  # fmt: skip
"""Per cent of all requests, reads included; those that fail "after" are carried out."""
LATE = (0.5, 1.0)
"""Seconds before a list shows a new message."""


class Front:
    """A server of one thread that fails, answers twice, and shows new messages late."""

    def __init__(self, server: LocalServer, seed: int) -> None:
        self.thread_id = server.add_thread()["id"]
        self.struck: Counter[str] = Counter()
        self._server = server
        self._random = random.Random(seed)
        self._shown_at: dict[str, float] = {}

    def handle(self, peer: Peer) -> None:
        while request := peer.request():
            head, _, body = request.partition(b"\r\n\r\n")
            method, url, _ = head.decode().split("\r\n")[0].split()
            target = re.sub("^http://[^/]+", "", url)  # a proxy is told the whole of it
            (fault,) = self._random.choices([*ONCE_FAULTS], [*ONCE_FAULTS.values()])
            self.struck[fault] += 1
            says = b""
            if fault in ("", "doubled") or fault.endswith("after"):
                says = self._carry_out(method, target, body)
            if fault.startswith("reset"):
                return peer.reset()
            if fault[:3] in ("429", "503"):
                says = b"HTTP/1.1 %s X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n" % (
                    fault[:3].encode()
                )
            peer.say(says * 2 if fault == "doubled" else says)
        return None

    def _carry_out(self, method: str, target: str, body: bytes) -> bytes:
        reply = self._server.handle(method, target, {"authorization": "Bearer k"}, body)
        told = json.loads(reply.body)
        now = time.monotonic()
        if method == "POST":
            self._shown_at[told["id"]] = now + self._random.uniform(*LATE)
        if "data" in told:
            told["data"] = [m for m in told["data"] if self._shown_at.get(m["id"], 0) < now]
        return ok(json.dumps(told).encode())


def exactly_once(over: str, creates: int, seed: int) -> Counter[str]:
    """Create messages with `once=True` by both clients; count what came of it.

    `over` is the way to the server: "default", "proxy", or "client" for a caller's own.
    """
    counts: Counter[str] = Counter()
    returned: dict[str, Any] = {}

    async def create(client: Any, token: str) -> None:
        counts["calls"] += 1
        try:
            made = await _result(client.messages.create(front.thread_id, token, once=True))
            returned[token] = made.id
            counts["wrong"] += made.text != token
        except APIError as error:
            counts["raised"] += 1
            returned[token] = error.may_have_taken_effect

    def options(own: Any) -> dict[str, Any]:
        ways: Any = {"proxy": {"proxy": proxy.url()}, "client": {"http_client": own}}
        common: dict[str, Any] = {"api_key": "k", "base_url": there.url(), "timeout": TIMEOUT}
        return {**common, **ways.get(over, {})}

    async def in_tasks() -> None:
        async with (
            httpx.AsyncClient() as own,
            AsyncLaplas(**options(own)) as client,
            asyncio.TaskGroup() as group,
        ):
            for n in range(creates // 2):
                group.create_task(create(client, f"async-{n}"))

    with (
        LocalServer(examples=False) as server,
        Server((front := Front(server, seed)).handle) as there,
        Server(forward) as proxy,
    ):
        with (
            httpx.Client() as own,
            Laplas(**options(own)) as client,
            ThreadPoolExecutor(50) as pool,
        ):
            for n in range(creates // 2):
                pool.submit(_finished, create(client, f"sync-{n}"))
        asyncio.run(in_tasks())
        stored = Counter(m["content"][0]["text"]["value"] for m in server.messages(front.thread_id))
    for token, said in returned.items():
        counts["lost"] += isinstance(said, str) and not stored[token]
        counts["duplicated"] += stored[token] > 1
        counts["false no effect"] += said is False and stored[token] > 0
    print(f"once over {over}:", _counted(counts), dict(front.struck), flush=True)
    return counts


def cut_short(requests: int, seed: int) -> Counter[str]:
    """Send requests that are cancelled, or out of time, at random; 1 % are answered twice."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()

    def echo(peer: Peer) -> None:
        while request := peer.request():
            time.sleep(chance.uniform(0, 0.01))
            peer.say(ok(request.split(b" ")[1]) * (1 + (chance.random() < 0.01)))

    async def one(client: Any, number: int) -> None:
        counts["calls"] += 1
        path = f"/{number}"
        limit = {"deadline": chance.uniform(0.001, 0.2)} if number % 2 else {}
        try:
            answer = await _result(client.request("GET", path, **limit))
            counts["answered"] += 1
            counts["wrong"] += answer.text != path
        except APIError:
            counts["out of time"] += 1

    async def in_tasks() -> None:
        async with AsyncLaplas(api_key="k", base_url=server.url(), max_retries=0) as client:
            for start in range(0, requests // 2, 100):
                tasks = [asyncio.create_task(one(client, start + n)) for n in range(100)]
                for task in chance.sample(tasks, 50):
                    asyncio.get_running_loop().call_later(chance.uniform(0, 0.1), task.cancel)
                ended = await asyncio.gather(*tasks, return_exceptions=True)
                counts["cancelled"] += sum(each is not None for each in ended)

    with Server(echo) as server:
        with (
            Laplas(api_key="k", base_url=server.url(), max_retries=0) as client,
            ThreadPoolExecutor(50) as pool,
        ):
            for n in range(requests // 2):
                pool.submit(_finished, one(client, n))
        asyncio.run(in_tasks())
    print("cut short:", _counted(counts), flush=True)
    return counts


BROKEN = ("lost", "duplicated", "wrong", "false no effect")
"""What none may be counted of."""


GoOn = Callable[[], bool]


def _limits(settings: Settings, book: Book, share: float) -> GoOn:
    end = time.monotonic() + settings.seconds * share
    most = len(book.records) + settings.creates * share
    return lambda: time.monotonic() < end and len(book.records) < most


def _in_threads(driver: Driver, workers: Sequence[Worker], go_on: GoOn, _: Book) -> None:
    with ThreadPoolExecutor(len(workers)) as pool:
        for done in [pool.submit(_finished, worker.work(go_on)) for worker in workers]:
            done.result()
    _finished(driver.close())


def _finished(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that never suspends."""
    try:
        coroutine.send(None)
    except StopIteration:
        return
    raise RuntimeError("a blocking driver suspended")


def _in_tasks(driver: Driver, workers: Sequence[Worker], go_on: GoOn, book: Book) -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for worker in workers:
                group.create_task(worker.work(go_on))
        await driver.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            book.violated("left behind", f"{len(left)} tasks")

    asyncio.run(main())


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common())


Footprint = tuple[int, int, int]
HELD = ("open files or connections", "threads", "bytes of memory")


def footprint() -> Footprint:
    """What this process holds, after a collection of garbage. Without /proc, no files."""
    gc.collect()
    descriptors = Path("/proc/self/fd")
    files = len(list(descriptors.iterdir())) if descriptors.exists() else 0
    return files, threading.active_count(), tracemalloc.get_traced_memory()[0]


def left_behind(before: Footprint, after: Footprint) -> list[Violation]:
    return [
        Violation("left behind", f"{more:,} {name}")
        for name, then, now, most in zip(HELD, before, after, (0, 0, MEMORY), strict=True)
        if (more := now - then) > most
    ]


def main() -> int:
    """Run the command; returns the exit status: 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description="Drive the clients through a server that fails.")
    parser.add_argument("--seconds", type=float, default=120, help="at most (default 120)")
    parser.add_argument("--creates", type=int, default=20_000, help="at most (default 20000)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="or a new one")
    parser.add_argument("--concurrency", type=int, default=200, help="workers (default 200)")
    parser.add_argument("--client", choices=list(DRIVERS), default="laplas")
    parser.add_argument("--no-once", action="store_true", help="create without once=True")
    parser.add_argument("--exactly", type=int, default=600, help="creates once each way (600)")
    given = parser.parse_args()
    once = given.client == "laplas" and not given.no_once
    settings = Settings(given.seconds, given.creates, given.seed, given.concurrency, once)
    print(f"{given.client}, seed {given.seed}: up to {given.seconds:g} s ...", flush=True)
    drivers = DRIVERS[given.client]
    warm_up(settings, drivers)
    tracemalloc.start()
    before = footprint()
    violations, text = run(settings, drivers)
    after = footprint()
    left = left_behind(before, after)
    print(text, f"before: {before}", f"after: {after}", *left, sep="\n")
    tracemalloc.stop()
    if given.client == "laplas":
        ways = ("default", "proxy", "client")
        counted = [exactly_once(over, given.exactly, given.seed) for over in ways]
        counted.append(cut_short(given.exactly * 8, given.seed))
        left += [Violation(kind, "above") for c in counted for kind in BROKEN if c[kind]]
    return 1 if violations or left else 0


def warm_up(settings: Settings, drivers: Sequence[Make]) -> None:
    """Load and cache what is loaded and cached once, so that it does not count as left behind."""
    run(settings._replace(seconds=1, creates=20, concurrency=5), drivers)
    # For certain: an error with a Date header.
    with (
        LocalServer() as server,
        running(server) as url,
        Laplas(api_key="soak", base_url=url) as client,
        suppress(NotFoundError),
    ):
        client.threads.retrieve("thread_that_is_not_there")


if __name__ == "__main__":
    sys.exit(main())
