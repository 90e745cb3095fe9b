"""What streaming a reply costs: laplas, the openai package, and json.loads of the same events.

    python tools/bench/stream.py [--rounds 15] [--events 1000]

Needs the extras `laplas[local,stream]` and the openai package. Two tables:

* Time to first piece: from the call until the first text of the reply, against
  `python -m laplas.local` on 127.0.0.1, in milliseconds of the clock. Both clients make the same
  two requests: a message, and a run that streams.
* CPU per 1,000 delta events: the bytes of one recorded stream come from memory, through httpx, in
  chunks as a socket would bring them, in milliseconds. `events` is reading to the end, `text`
  reading the text alone; `json.loads` is the parsing of the events' data, which is done anyway.

The ways take turns in each round, so that a busy machine disturbs all alike; medians are shown,
with the ratio to laplas.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import openai

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "generated"), str(ROOT / "wrappers")]

from laplas import Laplas  # noqa: E402
from laplas.local import LocalServer, Reply  # noqa: E402

THREAD, ASSISTANT = "thread_abc123", "asst_abc123"
RUNS = f"/threads/{THREAD}/runs"
CHUNK = 4096
KEY = {"Authorization": "Bearer key"}

# The openai package brings an HTTP library of its own in newer versions.
THEIR_HTTP = sys.modules[openai.DefaultHttpxClient.__mro__[1].__module__.partition(".")[0]]

Ways = dict[str, Callable[[], object]]


@contextmanager
def served() -> Iterator[str]:
    """The embedded server in a process of its own; yields its URL."""
    paths = f"{ROOT / 'generated'}:{ROOT / 'wrappers'}"
    command = [sys.executable, "-m", "laplas.local", "--port", "0"]
    with subprocess.Popen(
        command, env={"PYTHONPATH": paths}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        try:
            yield found.group()
        finally:
            process.terminate()


def first_pieces(ours: Laplas, theirs: openai.OpenAI) -> Ways:
    """Each way asks on a thread of its own, which is thrown away: threads do not grow."""

    def laplas_asks() -> None:
        thread = ours.thread(ours.threads.create().id)
        started = time.perf_counter()
        next(iter(thread.ask_stream("How does AI work?", assistant=ASSISTANT)))
        took["laplas"] = time.perf_counter() - started

    def openai_asks() -> None:
        thread_id = theirs.beta.threads.create().id
        started = time.perf_counter()
        theirs.beta.threads.messages.create(thread_id, role="user", content="How does AI work?")
        with theirs.beta.threads.runs.stream(thread_id=thread_id, assistant_id=ASSISTANT) as stream:
            next(iter(stream.text_deltas))
            took["openai"] = time.perf_counter() - started

    took: dict[str, float] = {}

    def timed(name: str, ask: Callable[[], None]) -> Callable[[], float]:
        def run() -> float:
            ask()
            return took[name]

        return run

    return {"laplas": timed("laplas", laplas_asks), "openai": timed("openai", openai_asks)}


def recorded(events: int) -> bytes:
    """A stream with so many deltas."""
    reply = Reply(text=[f" word{n}" for n in range(events)])
    with LocalServer(reply=lambda _: reply) as server:
        request = json.dumps({"assistant_id": ASSISTANT, "stream": True}).encode()
        return server.handle("POST", RUNS, KEY, request).body


def replaying(http: Any, body: bytes) -> Any:
    """A transport of that HTTP library that answers every request with the stream, in chunks."""
    chunks = [body[start : start + CHUNK] for start in range(0, len(body), CHUNK)]
    headers = {"content-type": "text/event-stream; charset=utf-8"}

    def answer(_: Any) -> Any:
        return http.Response(200, headers=headers, content=iter(chunks))

    return http.MockTransport(answer)


def readers(body: bytes, ours: Laplas, theirs: openai.OpenAI) -> Ways:
    """The ways to read the stream to its end."""
    data = re.findall(rb"^data: (\{.*)", body, re.MULTILINE)
    runs = theirs.beta.threads.runs
    ids: dict[str, Any] = {"thread_id": THREAD, "assistant_id": ASSISTANT}

    def laplas_events() -> str:
        with ours.runs.stream(THREAD, ASSISTANT) as stream:
            return stream.until_done().text

    def laplas_text() -> str:
        with ours.runs.stream(THREAD, ASSISTANT) as stream:
            return "".join(stream.text)

    def openai_events() -> str:
        with runs.stream(**ids) as stream:
            stream.until_done()
            return str(stream.get_final_messages()[0].content[0].text.value)

    def openai_text() -> str:
        with runs.stream(**ids) as stream:
            return "".join(stream.text_deltas)

    ways: Ways = {
        "laplas, events": laplas_events,
        "laplas, text": laplas_text,
        "openai, events": openai_events,
        "openai, text": openai_text,
    }
    assert len({way() for way in ways.values()}) == 1, "the ways read different texts"
    return {**ways, "json.loads alone": lambda: [json.loads(text) for text in data]}


def cpu_of(way: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    started = time.process_time()
    way()
    return time.process_time() - started


def returned(way: Callable[[], object]) -> float:
    """What the call itself says it took."""
    took = way()
    assert isinstance(took, float)
    return took


def compared(
    title: str,
    ways: Ways,
    measure: Callable[[Callable[[], object]], float],
    rounds: int,
    per: float,
) -> None:
    """Print the table of medians in milliseconds, divided by `per`."""
    seen: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        measure(way)  # warm
    for _ in range(rounds):
        for name, way in ways.items():
            seen[name].append(measure(way) * 1000 / per)
    medians = {name: statistics.median(values) for name, values in seen.items()}
    base = next(iter(medians.values()))
    print(f"{title:40}{'median ms':>12}{'min ms':>10}{'/ laplas':>10}")
    for name, median in medians.items():
        print(f"  {name:38}{median:12.2f}{min(seen[name]):10.2f}{median / base:9.2f}x")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--events", type=int, default=1000)
    options = parser.parse_args()
    warnings.simplefilter("ignore", DeprecationWarning)
    with (
        served() as url,
        Laplas(api_key="key", base_url=url) as ours,
        openai.OpenAI(api_key="key", base_url=url) as theirs,
    ):
        ways = first_pieces(ours, theirs)
        compared("Time to first piece", ways, returned, options.rounds, 1)
    body, nowhere = recorded(options.events), "http://localhost"
    with (
        Laplas(api_key="k", base_url=nowhere, transport=replaying(httpx, body)) as ours,
        openai.DefaultHttpxClient(transport=replaying(THEIR_HTTP, body)) as http,
        openai.OpenAI(api_key="k", base_url=nowhere, http_client=http) as theirs,
    ):
        ways = readers(body, ours, theirs)
        title = "CPU per 1,000 delta events"
        compared(title, ways, cpu_of, options.rounds, options.events / 1000)


if __name__ == "__main__":
    main()
