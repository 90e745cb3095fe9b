"""Records the cassettes over real HTTP, scrubbed:  python tests/record.py [SCENARIO ...]

Against the embedded server on loopback; with both LAPLAS_API_KEY and LAPLAS_BASE_URL set, against
that API. Recording against the embedded server again changes nothing in a cassette unless the
steps below, the client or the server have changed.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
import vcr  # type: ignore[import-untyped]
import yaml
from scrub import SecretFound, refuse_key, scrub
from vcr.persisters.filesystem import CassetteNotFoundError  # type: ignore[import-untyped]
from vcr.serialize import serialize  # type: ignore[import-untyped]

import laplas
from laplas.local import LocalServer, running

CASSETTES = Path(__file__).parent / "cassettes"
MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")
LOCAL_URL = "http://127.0.0.1"
"""Stands in cassettes for the embedded server, whose port is another one each time."""

# The steps. Each is written once, for both clients: what is yielded is a call, and what comes back
# is its result. The sync client has carried the call out by then, the async one is awaited.

Steps = Generator[Any, Any, list[Any]]
Scenario = Callable[[Any], Steps]

NOBODY = "thread_000000000000000000000000"
MODEL = "gpt-4o-mini"
CITY_TOOL = {
    "type": "function",
    "function": {
        "name": "population_of",
        "description": "How many people live in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
CALLING: dict[str, Any] = {
    "tools": [CITY_TOOL],
    "tool_choice": {"type": "function", "function": {"name": "population_of"}},
}


def messages(client: Any) -> Steps:
    """The five operations on one message, in the course of its life."""
    thread = yield client.threads.create()
    parts = ["What is on this picture?", laplas.image_url("https://example.com/cat.png", "low")]
    created = yield client.messages.create(thread.id, parts, metadata={"asked": "först 【1】"})
    retrieved = yield client.messages.retrieve(thread.id, created.id)
    updated = yield client.messages.update(thread.id, created.id, metadata={"seen": "yes"})
    page = yield client.messages.list(thread.id, order="asc")
    deleted = yield client.messages.delete(thread.id, created.id)
    gone = yield client.threads.delete(thread.id)
    return [thread, created, retrieved, updated, page, deleted, gone]


def threads(client: Any) -> Steps:
    """The four operations on one thread, in the course of its life."""
    first = ["Hello", {"role": "assistant", "content": "Hello! What can I do?"}]
    created = yield client.threads.create(messages=first, metadata={"user": "42"})
    retrieved = yield client.threads.retrieve(created.id)
    updated = yield client.threads.update(created.id, metadata={"user": "43"})
    deleted = yield client.threads.delete(created.id)
    return [created, retrieved, updated, deleted]


def pages(client: Any) -> Steps:
    """A listing over three pages, forwards and backwards, and the newest message."""
    thread = yield client.threads.create(messages=["one", "two", "three", "four", "five"])
    oldest_first = yield _all(client.messages.list(thread.id, order="asc", page_size=2))
    last = oldest_first[-1].id
    before_last = yield _all(client.messages.list(thread.id, order="asc", page_size=2, before=last))
    newest = yield client.messages.latest(thread.id)
    gone = yield client.threads.delete(thread.id)
    return [thread, oldest_first, before_last, newest, gone]


def no_key(client: Any) -> Steps:
    """401: the request carries no key."""
    with pytest.raises(laplas.AuthenticationError) as error:
        yield client.threads.retrieve(NOBODY, extra_headers={"Authorization": None})
    return [error.value]


def no_thread(client: Any) -> Steps:
    """404: there is no such thread."""
    with pytest.raises(laplas.NotFoundError) as error:
        yield client.messages.list(NOBODY)
    return [error.value]


def no_message(client: Any) -> Steps:
    """404: the thread has no such message."""
    thread = yield client.threads.create()
    with pytest.raises(laplas.NotFoundError) as error:
        yield client.messages.retrieve(thread.id, "msg_000000000000000000000000")
    gone = yield client.threads.delete(thread.id)
    return [thread, error.value, gone]


def bad_metadata(client: Any) -> Steps:
    """400: a value of metadata is not a string, which only `extra_body` lets through."""
    thread = yield client.threads.create(messages=["Hello"])
    message = yield client.messages.latest(thread.id)
    with pytest.raises(laplas.BadRequestError) as error:
        yield client.messages.update(
            thread.id, message.id, metadata={}, extra_body={"metadata": {"modified": True}}
        )
    gone = yield client.threads.delete(thread.id)
    return [thread, message, error.value, gone]


def assistants(client: Any) -> Steps:
    """The five operations on one assistant, in the course of its life."""
    created = yield client.assistants.create(
        MODEL, name="Recorded", instructions="Answer in one word.", tools=[CITY_TOOL]
    )
    retrieved = yield client.assistants.retrieve(created.id)
    updated = yield client.assistants.update(created.id, metadata={"seen": "yes"}, temperature=0.5)
    newest = yield client.assistants.list(page_size=1)
    deleted = yield client.assistants.delete(created.id)
    return [created, retrieved, updated, newest, deleted]


def runs(client: Any) -> Steps:
    """A run from its creation to its end, its steps, and what it wrote."""
    assistant = yield client.assistants.create(MODEL)
    thread = yield client.threads.create(messages=["How does AI work?"])
    begun = yield client.runs.create(thread.id, assistant.id, instructions="In one sentence.")
    over = yield client.runs.poll(thread.id, begun.id)
    seen = yield client.runs.update(thread.id, begun.id, metadata={"seen": "yes"})
    page = yield client.runs.list(thread.id)
    taken = yield client.runs.steps.list(thread.id, begun.id)
    step = yield client.runs.steps.retrieve(thread.id, begun.id, taken.data[0].id)
    written = yield client.messages.list(thread.id, run_id=begun.id)
    return [assistant, thread, begun, over, seen, page, taken, step, written]


def tool_outputs(client: Any) -> Steps:
    """A run that calls a function, and gets its output; in a thread that is made with it."""
    assistant = yield client.assistants.create(MODEL)
    asked = {"messages": ['/call population_of {"city": "Oslo"}']}
    begun = yield client.threads.create_and_run(assistant.id, thread=asked, **CALLING)
    waits = yield client.runs.poll(begun.thread_id, begun.id)
    outputs = {call.id: "700000" for call in waits.tool_calls}
    going = yield client.runs.submit_tool_outputs(begun.thread_id, begun.id, outputs)
    over = yield client.runs.poll(begun.thread_id, begun.id)
    return [assistant, begun, waits, going, over]


def cancelled(client: Any) -> Steps:
    """A run that is cancelled; before that, its thread takes no message: 400."""
    assistant = yield client.assistants.create(MODEL)
    thread = yield client.threads.create(messages=["Write a novel."])
    begun = yield client.runs.create(thread.id, assistant.id)
    with pytest.raises(laplas.ActiveRunError) as error:
        yield client.messages.create(thread.id, "Are you done?")
    cancelling = yield client.runs.cancel(thread.id, begun.id)
    over = yield client.runs.poll(thread.id, begun.id)
    return [assistant, thread, begun, error.value, cancelling, over]


def streams(client: Any) -> Steps:
    """The three operations that stream; the embedded server also refuses to answer."""
    assistant = yield client.assistants.create(MODEL)
    asked = {"messages": ["How does AI work? “Как?”"]}
    new = yield client.threads.create_and_run(assistant.id, thread=asked, stream=True)
    first = yield _events(new)
    thread = first[0].data
    more = yield client.messages.create(thread.id, '/call population_of {"city": "Oslo"}')
    calling = yield client.runs.create(thread.id, assistant.id, stream=True, **CALLING)
    second = yield _events(calling)
    waits = second[-1].data
    outputs = {call.id: "700000" for call in waits.tool_calls}
    going = yield client.runs.submit_tool_outputs(thread.id, waits.id, outputs, stream=True)
    third = yield _events(going)
    last = yield client.messages.create(thread.id, "/refuse")
    refusing = yield client.runs.create(thread.id, assistant.id, stream=True)
    fourth = yield _events(refusing)
    return [assistant, first, more, second, third, last, fourth]


def files(client: Any) -> Steps:
    """The three operations on one file, which a message cites, in the course of its life."""
    uploaded = yield client.files.upload(("größe.txt", b"Oslo: 700000\n"))
    retrieved = yield client.files.retrieve(uploaded.id)
    thread = yield client.threads.create()
    attached = [laplas.attachment(uploaded.id, "file_search")]
    message = yield client.messages.create(thread.id, "What is in it?", attachments=attached)
    deleted = yield client.files.delete(uploaded.id)
    return [uploaded, retrieved, thread, message, deleted]


SCENARIOS: dict[str, Scenario] = {
    steps.__name__: steps
    for steps in (
        *(messages, threads, pages, no_key, no_thread, no_message, bad_metadata),
        *(assistants, runs, tool_outputs, cancelled, streams, files),
    )
}


def _events(stream: Any) -> list[laplas.StreamEvent] | Awaitable[list[laplas.StreamEvent]]:
    async def collected() -> list[laplas.StreamEvent]:
        async with stream:
            return [event async for event in stream]

    if not isinstance(stream, laplas.EventStream):
        return collected()
    with stream:
        return list(stream)


def _all(listing: Any) -> list[laplas.Message] | Awaitable[list[laplas.Message]]:
    async def collected() -> list[laplas.Message]:
        return [message async for message in listing]

    return list(listing) if isinstance(listing, laplas.Page) else collected()


def play(scenario: Scenario, client: laplas.Laplas) -> list[Any]:
    """Carry the steps out with the sync client; returns their results."""
    steps = scenario(client)
    try:
        result = next(steps)
        while True:
            result = steps.send(result)
    except StopIteration as done:
        results: list[Any] = done.value
        return results


async def play_async(scenario: Scenario, client: laplas.AsyncLaplas) -> list[Any]:
    """Carry the steps out with the async client; returns their results."""
    steps = scenario(client)
    try:
        call = next(steps)
        while True:
            try:
                result = await call
            except laplas.LaplasError as error:
                call = steps.throw(error)
            else:
                call = steps.send(result)
    except StopIteration as done:
        results: list[Any] = done.value
        return results


# Clients


@contextmanager
def client(**arguments: Any) -> Iterator[laplas.Laplas]:
    """A plain client, whose forms are steady."""
    with (
        patch("laplas._core.request.secrets", _Steady("boundary")),
        laplas.Laplas(**arguments) as opened,
    ):
        yield opened


@asynccontextmanager
async def async_client(**arguments: Any) -> AsyncIterator[laplas.AsyncLaplas]:
    """As `client`, awaited."""
    with patch("laplas._core.request.secrets", _Steady("boundary")):
        async with laplas.AsyncLaplas(**arguments) as opened:
            yield opened


# Recording


class Target(NamedTuple):
    """What to record against."""

    name: str
    url: str
    stored_url: str
    key: str


@contextmanager
def target(scenario: str) -> Iterator[Target]:
    """The live API where the environment names one, else the embedded server, started anew."""
    key, url = os.environ.get("LAPLAS_API_KEY"), os.environ.get("LAPLAS_BASE_URL")
    if key and url:
        yield Target("live API", url, url, key)
        return
    steady = _Steady(scenario)
    with (
        patch.multiple("laplas.local._routes", secrets=steady, time=steady),
        LocalServer(examples=False) as server,
        running(server) as url,
    ):
        yield Target("embedded server", url, LOCAL_URL, "key-of-a-local-recording")


class _Steady:
    """In the place of `secrets` and `time`: the same ids and times at each recording."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._seconds = 1_760_000_000

    def choice(self, letters: str) -> str:
        return self._random.choice(letters)

    def token_hex(self, size: int) -> str:
        return self._random.randbytes(size).hex()

    def time(self) -> float:
        self._seconds += 1
        return self._seconds

    def perf_counter(self) -> float:
        return 0.0


def record(name: str, folder: Path = CASSETTES) -> Path:
    """Record one scenario into its cassette.

    Raises:
        SecretFound: The cassette would hold a secret; it is left as it was.
    """
    path = folder / f"{name}.yaml"
    with target(name) as against:
        recorder = vcr.VCR(record_on_exception=False, decode_compressed_response=True)
        recorder.register_persister(Archive(against))
        with (
            recorder.use_cassette(str(path), match_on=MATCH_ON),
            client(api_key=against.key, base_url=against.url) as recorded,
        ):
            play(SCENARIOS[name], recorded)
    return path


class Archive:
    """Stores cassettes for vcrpy: scrubbed, with their provenance, and only if they changed."""

    def __init__(self, against: Target) -> None:
        self._against = against

    def load_cassette(self, *_: object, **__: object) -> Any:
        """Nothing: every recording starts from an empty cassette."""
        raise CassetteNotFoundError

    def save_cassette(self, path: str, cassette: dict[str, Any], serializer: Any) -> None:
        """Store the cassette, or leave the file alone where it says the same.

        Raises:
            SecretFound: The key that was used is in it, or a body cannot be read.
        """
        stored = scrub(yaml.safe_load(serialize(cassette, serializer)))
        for interaction in stored["interactions"]:
            uri = interaction["request"]["uri"]
            relative = uri.removeprefix(self._against.url)
            interaction["request"]["uri"] = self._against.stored_url + relative
        stored["metadata"] = {
            "recorded against": self._against.name,
            "base_url": self._against.stored_url,
            "date": datetime.now(UTC).date().isoformat(),
            "laplas": laplas.__version__,
        }
        text = "# Recorded by tests/record.py; do not edit.\n" + yaml.safe_dump(
            {key: stored[key] for key in ("version", "metadata", "interactions")},
            allow_unicode=True,
            sort_keys=False,
            width=sys.maxsize,
        )
        refuse_key(text, self._against.key)
        file = Path(path)
        if not file.exists() or not _says_the_same(load(file), stored):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")


def load(path: Path) -> dict[str, Any]:
    """A cassette as plain data."""
    cassette: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return cassette


def _says_the_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    # All but the date and the version: they alone are no reason for a new file.
    said = [
        (cassette["interactions"], cassette["metadata"]["base_url"]) for cassette in (one, other)
    ]
    return said[0] == said[1]


def main(names: list[str]) -> int:
    """Record the scenarios of these names, or all. Returns the exit status."""
    for name in names or SCENARIOS:
        try:
            path = record(name)
        except (laplas.LaplasError, SecretFound) as error:
            print(f"{name}: not recorded: {error}", file=sys.stderr)
            return 1
        print(f"{name}: {load(path)['metadata']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
