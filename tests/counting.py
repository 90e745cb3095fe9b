"""Counts what laplas costs without a clock: `counting.py WHAT URL` prints one line of JSON.

Run by `test_ceilings.py`, in an interpreter of its own. This module loads next to nothing, so
that what laplas loads can be counted.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

Counts = dict[str, float]
THREAD, TEXT, METADATA = "thread_1000", "How does AI work?", {"customer": "c_1"}
MESSAGE = f"msg_{500:024d}"


class Counter:
    """Counts the bytecodes that are executed within it, by functions that are called there."""

    def __init__(self) -> None:
        self.count = 0

    def _executed(self, *_: object) -> None:
        self.count += 1

    def _trace(self, frame: FrameType, event: str, _: object) -> Any:
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        self.count += event == "opcode"
        return self._trace

    def __enter__(self) -> Counter:
        if sys.version_info < (3, 12):
            sys.settrace(self._trace)
        else:  # where tracing passes over bytecodes
            watch = sys.monitoring
            watch.use_tool_id(watch.PROFILER_ID, "ceilings")
            event = watch.events.INSTRUCTION
            watch.register_callback(watch.PROFILER_ID, event, self._executed)
            watch.set_events(watch.PROFILER_ID, event)
        return self

    def __exit__(self, *_: object) -> None:
        if sys.version_info < (3, 12):
            sys.settrace(None)
        else:
            sys.monitoring.set_events(sys.monitoring.PROFILER_ID, 0)
            sys.monitoring.free_tool_id(sys.monitoring.PROFILER_ID)


def bytecodes(work: Callable[[], object]) -> int:
    """Bytecodes of a call that has been made before; the least of some, which chance may add to."""
    for _ in range(10):
        work()
    counts = []
    for _ in range(5):
        with Counter() as counter:
            work()
        counts.append(counter.count)
    return min(counts)


def called(names: set[str], work: Callable[[], object]) -> int:
    """How often functions of these qualified names are called, be they Python's or C's."""
    count = 0

    def profile(frame: FrameType, event: str, function: Any) -> None:
        nonlocal count
        if event == "call":
            count += frame.f_code.co_qualname in names
        elif event == "c_call":
            count += function.__qualname__ in names

    sys.setprofile(profile)
    work()
    sys.setprofile(None)
    return count


def imports(url: str) -> Counts:
    """Modules that are loaded, step by step."""
    start = len(sys.modules)
    counts: Counts = {}

    def note(step: str) -> None:
        counts[f"modules: {step}"] = len(sys.modules) - start

    import laplas

    note("import laplas")
    client = laplas.Laplas(api_key="key", base_url=url)
    note("make a client")
    client.messages.create(THREAD, TEXT)
    note("create a message")
    models = [name for name in sys.modules if name.startswith("laplas_api.models.")]
    counts["modules: models of a message"] = len(models)
    counts["modules: httpx"] = "httpx" in sys.modules
    client.close()
    return counts


def calls(url: str) -> Counts:
    """Bytecodes of calls, and of what is done for each message."""
    from laplas import Laplas
    from laplas._call import Response, decoded
    from laplas._operations import list_newest

    call, page = list_newest(THREAD, None).first, Response(200, {}, _page(url))
    with Laplas(api_key="key", base_url=url) as client:
        messages = client.messages

        def create() -> None:
            messages.create(THREAD, TEXT, metadata=METADATA)

        work: dict[str, tuple[Callable[[], object], int]] = {
            "make a client": (lambda: Laplas(api_key="key", base_url=url).close(), 1),
            "create": (create, 1),
            "retrieve": (lambda: messages.retrieve(THREAD, MESSAGE), 1),
            "list 100": (lambda: messages.list(THREAD, page_size=100), 1),
            "a message decoded": (lambda: decoded(call, page), 100),
            "a message iterated": (lambda: list(messages.list(THREAD, page_size=100)), 1000),
        }
        return {
            **{f"bytecodes: {name}": bytecodes(do) / per for name, (do, per) in work.items()},
            # What takes long within one call of C, as far as can be told:
            "sends: create": called({"socket.send", "socket.sendall"}, create),
            "parses: list 100": called({"JSONDecoder.raw_decode"}, work["list 100"][0]),
        }


def memory(url: str) -> Counts:
    """What messages take while they are kept, and decoding at its peak."""
    import gc
    import tracemalloc

    from laplas._call import Response, decoded
    from laplas._operations import list_newest

    call = list_newest(THREAD, None).first
    pages = [Response(200, {}, _page(url, after)) for after in range(0, 1000, 100)]
    decoded(call, pages[0])
    gc.collect()
    tracemalloc.start()
    blocks, objects = sys.getallocatedblocks(), len(gc.get_objects())
    kept = [message for page in pages for message in decoded(call, page).data]
    gc.collect()
    counts: Counts = {
        "bytes: a kept message": tracemalloc.get_traced_memory()[0] / len(kept),
        "blocks: a kept message": (sys.getallocatedblocks() - blocks) / len(kept),
        "gc objects: a kept message": (len(gc.get_objects()) - objects) / len(kept),
    }
    before = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    decoded(call, pages[0])
    counts["bytes: peak of decoding 100"] = tracemalloc.get_traced_memory()[1] - before
    return counts


def concurrency(url: str) -> Counts:
    """Bytecodes of a create, with the event loop's, by how many are under way."""
    import asyncio

    from laplas import AsyncLaplas

    async def cost(level: int) -> float:
        async with AsyncLaplas(api_key="key", base_url=url) as client:

            async def lane(turns: Iterator[int]) -> None:
                for _ in turns:
                    await client.messages.create(THREAD, TEXT, metadata=METADATA)

            for count in (2 * level, 200):  # the first opens the connections
                turns = iter(range(count))
                with Counter() as counter:
                    await asyncio.gather(*(lane(turns) for _ in range(level)))
            return counter.count / count

    levels = (1, 10, 100)
    counts = {f"bytecodes: create, {level} at a time": asyncio.run(cost(level)) for level in levels}
    return {**counts, "modules: httpx": "httpx" in sys.modules}


def iteration(url: str) -> Counts:
    """The most bytes held while a thread is iterated, twice and 12 times what a walk remembers."""
    import gc
    import tracemalloc

    from laplas import Laplas
    from laplas._paging import REMEMBERED_PAGES

    counts: Counts = {}
    with Laplas(api_key="key", base_url=url) as client:
        for times in (2, 2, 12):  # the first fills caches
            total, held = times * REMEMBERED_PAGES * 10, 0
            gc.collect()
            tracemalloc.start()
            walked = client.messages.list(f"thread_{total}", page_size=10, order="asc")
            for number, _ in enumerate(walked):
                if number % 500 == 499:
                    gc.collect()  # Python's free lists, which grow for long, count for nothing
                    held = max(held, tracemalloc.get_traced_memory()[0])
            assert number == total - 1
            counts[f"{times} times"] = held
            tracemalloc.stop()
    return counts


def _page(url: str, after: int = 0) -> bytes:
    from urllib.request import urlopen

    with urlopen(f"{url}/threads/{THREAD}/messages?limit=100&after=msg_{after}") as response:
        body: bytes = response.read()
    return body


if __name__ == "__main__":
    for reader in ("msgspec", "orjson"):
        sys.modules[reader] = None  # type: ignore[assignment]  # so that json reads, whatever is there
    counted = globals()[sys.argv[1]](sys.argv[2])

    import json

    print(json.dumps(counted))
