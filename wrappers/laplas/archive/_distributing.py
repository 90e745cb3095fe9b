"""Share an export between the workers of a Dask cluster.

The threads are dealt into parts, by their number in the journal. A worker takes a part into a
folder of its own, `.parts/<n>/`, with a journal of its own; so a part whose worker died continues
elsewhere where it was. What a part has brought is moved into the archive by the process that
began it all, which then takes the assistants and files that the threads name.

`.parts/owner` names the run whose workers may write: one that still works for an earlier run
stops at its next page.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import CancelledError
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from .. import AsyncLaplas, ConfigurationError, InvalidArgumentError, LaplasError
from ._exporting import (
    TAKING,
    ExportProgress,
    ExportResult,
    Taker,
    move,
    move_whole_threads,
    run_export,
    run_in_loop,
)
from ._fetching import Fetcher, Pace
from ._format import PARTS, ArchiveError
from ._journal import Journal

_OWNER: Final = "owner"
_FEWEST: Final = 16
"""Parts that even few threads make, so that all workers have something to do."""
_MOST: Final = 256
_THREADS: Final = 50
"""Threads in a part, between these two."""
_PATIENCE: Final = 60.0
"""Seconds that whoever had a part before may take to let go of it."""
_WORKERS: Final = 60.0
"""Seconds for which there may be no worker, at the start or later."""
_TELLING: Final = 16
"""Characters of a key that are there by no chance."""


def export_with_dask(
    client_factory: Callable[[], AsyncLaplas],
    ids: Iterable[str],
    to: str | os.PathLike[str],
    *,
    dask: str = "local",
    worker_key: Callable[[], Any] | None = None,
    all_threads: bool = False,
    files: bool = False,
    again: bool = False,
    concurrency: int = 8,
    rate: float | None = None,
    on_progress: Callable[[ExportProgress], object] | None = None,
) -> ExportResult:
    """Export threads with the workers of a Dask cluster: the same bytes as `export` writes.

    Needs ``pip install "laplas[dask]"``, on the workers too. This machine and all workers must see
    the folder under the same path. The workers take the threads; this process takes assistants and
    files. However it is stopped, the same call continues where it was.

    No key is sent to a worker: the client goes there without, and takes the worker's own
    ``LAPLAS_API_KEY`` or what `worker_key` returns.

    Args:
        client_factory: Makes the client, once, here.
        ids: The threads' ids: see `export`.
        to: The folder of the archive.
        dask: The scheduler's address, such as ``"tcp://10.0.0.5:8786"``, or ``"local"`` to start a
            worker for each core of this machine.
        worker_key: Called on a worker for the key: a function of a module, or an object of a class
            of a module that says where the key is. It is pickled, so let it hold no key.
        all_threads, files, again: See `export`.
        concurrency: Requests under way at once, at most, for each thread of a worker. Default 8.
        rate: Requests a second of all workers, at most. Each gets an equal share. Without it, each
            worker slows down by itself after a 429.
        on_progress: Called with an `ExportProgress` after each part, and then as by `export`.

    Returns:
        What the archive holds now: see `export`.

    Raises:
        ConfigurationError: Dask is not installed, no scheduler answers, or a worker has no key.
        InvalidArgumentError: An argument or an id is wrong, or the client cannot be sent without
            its key; nothing was written.
        LaplasError: The scheduler went away, or workers died of the same part again and again.
        ArchiveError, AuthenticationError, APIConnectionError, OSError: See `export`.
    """
    run = _Run(worker_key, concurrency, rate, on_progress)
    arguments = {"all_threads": all_threads, "files": files, "again": again}

    async def work() -> ExportResult:
        async with _connect(dask) as run.cluster:
            return await run_export(
                partial(run.make_client, client_factory),
                ids,
                to,
                **arguments,
                concurrency=concurrency,
                rate=rate,
                on_progress=run.tell,
                take_elsewhere=partial(run.take, again=again),
            )

    return run_in_loop(work)


@asynccontextmanager
async def _connect(address: str) -> AsyncIterator[Any]:
    """Yield a Dask client, of a cluster of its own if the address is "local"."""
    if not isinstance(address, str) or not address:
        raise ConfigurationError("dask", 'must be the address of a scheduler, or "local"')
    try:
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError:
        problem = 'Dask is not installed: pip install "laplas[dask]"'
        raise ConfigurationError("dask", problem) from None
    async with AsyncExitStack() as stack:
        cluster: Any = address
        if address == "local":
            # A busy machine takes longer than Dask grants to replace a worker that died.
            patient = {"distributed.deploy.lost-worker-timeout": "10 minutes"}
            stack.enter_context(import_module("dask").config.set(patient))
            quiet: Any = {"dashboard_address": "127.0.0.1:0", "silence_logs": "ERROR"}
            own = distributed.LocalCluster(asynchronous=True, threads_per_worker=1, **quiet)
            cluster = await stack.enter_async_context(own)
        client = distributed.Client(cluster, asynchronous=True)
        stack.push_async_callback(client.close)
        try:
            await client
        except (OSError, ValueError) as error:
            problem = f"no scheduler answers at {address!r} ({error}); `dask scheduler` starts one"
            raise ConfigurationError("dask", problem) from None
        try:
            await client.wait_for_workers(1, timeout=_WORKERS)
        except TimeoutError:
            problem = f"the scheduler at {address!r} has no worker; `dask worker` starts one"
            raise ConfigurationError("dask", problem) from None
        try:
            yield client
        except distributed.KilledWorker as error:
            raise LaplasError(
                "workers died again and again while they took the same part; look at their logs"
                f" (is their memory too small?), then export again to go on: {error}"
            ) from None
        except (CancelledError, distributed.comm.CommClosedError):
            problem = "the Dask scheduler went away; export again to go on"
            raise LaplasError(problem) from None


class _Work(NamedTuple):
    """What a worker is told. It holds no key."""

    client: bytes
    owner: str
    concurrency: int
    rate: float | None


class _Run:
    """One run of an export, in the process that began it."""

    cluster: Any

    def __init__(
        self,
        worker_key: Callable[[], Any] | None,
        concurrency: int,
        rate: float | None,
        on_progress: Callable[[ExportProgress], object] | None,
    ) -> None:
        self._worker_key = worker_key
        self._concurrency, self._rate = concurrency, rate
        self._on_progress = on_progress
        self._messages = self._requests = 0

    def make_client(self, client_factory: Callable[[], AsyncLaplas]) -> AsyncLaplas:
        """Make the client, and the pickle of it that the workers get."""
        client = client_factory()
        if isinstance(client, AsyncLaplas):
            self._client = _pickled(client, self._worker_key)
        return client

    def tell(self, progress: ExportProgress) -> None:
        """Tell of progress here, with what the workers have done."""
        if self._on_progress is not None:
            messages = progress.messages + self._messages
            requests = progress.requests + self._requests
            self._on_progress(progress._replace(messages=messages, requests=requests))

    async def take(self, journal: Journal, *, again: bool) -> None:
        """Have the threads taken that the journal has planned."""
        folder = journal.path.parent.resolve() / PARTS
        folder.mkdir(exist_ok=True)
        token = uuid.uuid4().hex
        (folder / _OWNER).write_text(token)
        try:
            for part in folder.glob("*/"):
                if again:
                    shutil.rmtree(part)
                else:
                    _gather(journal, part, retry=True)
            threads = max(1, sum((await self.cluster.nthreads()).values()))
            share = self._rate and self._rate / threads
            work = _Work(self._client, token, self._concurrency, share)
            waiting = list(_plan(journal, folder))
            at_once = threads if share else len(waiting)
            taking = asyncio.ensure_future(self._take_parts(journal, work, waiting, at_once))
            watching = asyncio.ensure_future(self._watch())
            both = (taking, watching)
            try:
                done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in both:
                    each.cancel()
                await asyncio.gather(*both, return_exceptions=True)
            for each in done:
                each.result()
        finally:
            (folder / _OWNER).unlink(missing_ok=True)

    async def _take_parts(
        self, journal: Journal, work: _Work, waiting: list[Path], at_once: int
    ) -> None:
        def submit(part: Path) -> Any:
            key = f"laplas-{work.owner}-{part.name}"
            return self.cluster.submit(take_part, work, str(part), key=key, pure=False)

        parts = {submit(part): part for part in waiting[:at_once]}
        futures: Any = import_module("distributed").as_completed(parts)
        for part in waiting[at_once:]:
            self._end(journal, *await self._next(futures, parts))
            parts[future := submit(part)] = part
            futures.add(future)
        while parts:
            self._end(journal, *await self._next(futures, parts))

    async def _next(self, futures: Any, parts: dict[Any, Path]) -> tuple[Path, tuple[int, int]]:
        future = await anext(futures)
        return parts.pop(future), await future

    async def _watch(self) -> None:
        """Wait until there is no worker, for long."""
        while True:
            try:
                await self.cluster.wait_for_workers(1, timeout=_WORKERS)
            except TimeoutError:
                problem = "no worker is left; start some, then export again to go on"
                raise LaplasError(f"the Dask cluster: {problem}") from None
            await asyncio.sleep(1)

    def _end(self, journal: Journal, part: Path, counts: tuple[int, int]) -> None:
        _gather(journal, part)
        self._messages += counts[0]
        self._requests += counts[1]
        done, gone, failed = (journal.count(state) for state in ("done", "gone", "failed"))
        total, threads = journal.count("all"), done + gone + failed
        self.tell(ExportProgress(threads, total, 0, 0, gone, failed, self._rate))


def _pickled(client: AsyncLaplas, worker_key: Callable[[], Any] | None) -> bytes:
    """Return client and `worker_key` as they are sent; a client's pickle never has its key."""
    try:
        sent = client if worker_key is None else client.with_options(api_key=_no_key)
        pickled = pickle.dumps((sent, worker_key))
    except (AttributeError, TypeError, pickle.PicklingError) as error:
        what = "client_factory" if worker_key is None else "worker_key"
        raise InvalidArgumentError(what, f"it cannot be sent to workers: {error}") from None
    key = client.api_key
    is_lost = worker_key is None and callable(pickle.loads(pickled)[0].api_key)
    is_there = len(key) >= _TELLING and key.encode() in pickled if isinstance(key, str) else False
    if isinstance(key, str) and (is_lost or is_there):
        raise InvalidArgumentError(
            "client_factory",
            "its key is not sent to workers: leave out api_key, so that they use their own"
            " LAPLAS_API_KEY, or say by worker_key where they find it",
        )
    return pickled


def _no_key() -> str:
    raise ConfigurationError("api_key", "worker_key gives it")


def _plan(journal: Journal, folder: Path) -> Iterable[Path]:
    """Write the journals of parts that are to be taken; yields their folders."""
    if (kept := journal.option("parts")) is None:
        parts = min(_MOST, max(_FEWEST, journal.count("open") // _THREADS))
        journal.set_option("parts", str(parts))
    else:
        parts = int(kept)
    for number in range(parts):
        if ids := list(journal.untouched(number, parts)):
            part = folder / str(number)
            part.mkdir(exist_ok=True)
            plan = Journal(part, wait=_PATIENCE)
            with plan.transaction():
                for thread_id in ids:
                    plan.add_thread(thread_id)
            plan.close()
            yield part


def take_part(work: _Work, folder: str) -> tuple[int, int]:
    """Take the threads of a part, on a worker; returns how many messages and requests it took."""
    part = Path(folder)

    def check(_: object = None) -> None:
        try:
            if (part.parent / _OWNER).read_text() == work.owner:
                return
        except OSError as error:
            raise ArchiveError(
                f"{part.parent}: a worker cannot read it ({error.strerror}). Export into a folder"
                " that this machine and all workers share, under the same path."
            ) from None
        raise ArchiveError(f"{part.parent}: another export into this folder has begun")

    check()
    client, worker_key = pickle.loads(work.client)
    if worker_key is not None:
        client = client.with_options(api_key=worker_key)
    with asyncio.Runner() as runner:
        return runner.run(_take_part(client, part, work, check))


async def _take_part(
    client: AsyncLaplas, part: Path, work: _Work, check: Callable[[object], None]
) -> tuple[int, int]:
    journal = Journal(part, wait=_PATIENCE)
    try:
        move_whole_threads(journal, part)
        fetcher = Fetcher(Pace(work.rate))
        fetcher.answers = 1  # a part may consist of a thread that is forbidden; others are not
        taker = Taker(client, journal, fetcher, work.concurrency, False, check)
        async with client:
            await taker.take_threads()
    finally:
        journal.close()
    if hasattr(os, "sync"):
        os.sync()
    return taker.messages, fetcher.requests


def _gather(journal: Journal, part: Path, *, retry: bool = False) -> None:
    """Move what a part has brought into the archive; with `retry`, what failed is left to it.

    Folders are moved first: those of threads that are still open are taken anew by any export.
    """
    path = part.parent.parent
    brought = Journal(part, wait=_PATIENCE)
    try:
        move_whole_threads(brought, part)
        if retry:
            brought.retry(files=False)
        with journal.transaction():
            for thread_id, name, state, text, error in brought.ended_threads():
                if (found := journal.find_open(thread_id)) is None:
                    continue
                entry = text and json.loads(text) | {"folder": f"threads/{found[1]}"}
                if (folder := part / "threads" / name).exists():
                    move(folder, path / "threads" / found[1])
                shutil.rmtree(path / TAKING / str(found[0]), ignore_errors=True)
                journal.end_thread(thread_id, state, entry=entry or None, error=error)
            journal.add_references(brought.references())
            for lost in brought.ended("gone"):
                if lost["kind"] != "thread":  # the steps of a run that the server does not serve
                    journal.adopt_ended(lost["kind"], lost["id"], "gone", lost["error"])
        is_done = not brought.count("open")
    finally:
        brought.close()
    if is_done:
        shutil.rmtree(part)
