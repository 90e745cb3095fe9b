"""Records the cassettes over real HTTP, scrubbed:  python tests/record.py [SCENARIO ...]

Against the embedded server on loopback; with both LAPLAS_API_KEY and LAPLAS_BASE_URL set, against
that API. Recording against the embedded server again changes nothing in a cassette unless the
steps below, the client or the server have changed.
"""

from __future__ import annotations

import asyncio
import base64
import copy
import gzip
import json
import os
import random
import re
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from inspect import isawaitable
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch
from urllib.parse import quote, unquote

import pytest
import vcr  # type: ignore[import-untyped]
import yaml
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

Steps = Generator[Any, Any, None]

_WEEK = {"anchor": "last_active_at", "days": 7}
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
    yield client.messages.retrieve(thread.id, created.id)
    yield client.messages.update(thread.id, created.id, metadata={"seen": "yes"})
    yield client.messages.list(thread.id, order="asc")
    yield client.messages.delete(thread.id, created.id)
    yield client.threads.delete(thread.id)


def threads(client: Any) -> Steps:
    """The operations on one thread, in the course of its life."""
    first = ["Hello", {"role": "assistant", "content": "Hello! What can I do?"}]
    created = yield client.threads.create(messages=first, metadata={"user": "42"})
    yield client.threads.retrieve(created.id)
    yield client.threads.update(created.id, metadata={"user": "43"})
    yield client.threads.list()
    yield client.threads.delete(created.id)


def pages(client: Any) -> Steps:
    """A listing over three pages, forwards and backwards, and the newest message."""
    thread = yield client.threads.create(messages=["one", "two", "three", "four", "five"])
    oldest_first = yield _all(client.messages.list(thread.id, order="asc", page_size=2))
    last = oldest_first[-1].id
    yield _all(client.messages.list(thread.id, order="asc", page_size=2, before=last))
    yield client.messages.latest(thread.id)
    yield client.threads.delete(thread.id)


def no_key(client: Any) -> Steps:
    """401: the request carries no key."""
    with pytest.raises(laplas.AuthenticationError) as error:
        yield client.threads.retrieve(NOBODY, extra_headers={"Authorization": None})
    yield error.value


def no_thread(client: Any) -> Steps:
    """404: there is no such thread."""
    with pytest.raises(laplas.NotFoundError) as error:
        yield client.messages.list(NOBODY)
    yield error.value


def no_message(client: Any) -> Steps:
    """404: the thread has no such message."""
    thread = yield client.threads.create()
    with pytest.raises(laplas.NotFoundError) as error:
        yield client.messages.retrieve(thread.id, "msg_000000000000000000000000")
    yield error.value
    yield client.threads.delete(thread.id)


def bad_metadata(client: Any) -> Steps:
    """400: a value of metadata is not a string, which only `extra_body` lets through."""
    thread = yield client.threads.create(messages=["Hello"])
    message = yield client.messages.latest(thread.id)
    bad = {"metadata": {"modified": True}}
    with pytest.raises(laplas.BadRequestError) as error:
        yield client.messages.update(thread.id, message.id, metadata={}, extra_body=bad)
    yield error.value
    yield client.threads.delete(thread.id)


def assistants(client: Any) -> Steps:
    """The five operations on one assistant, in the course of its life."""
    created = yield client.assistants.create(
        MODEL, name="Recorded", instructions="Answer in one word.", tools=[CITY_TOOL]
    )
    yield client.assistants.retrieve(created.id)
    yield client.assistants.update(created.id, metadata={"seen": "yes"}, temperature=0.5)
    yield client.assistants.list(page_size=1)
    yield client.assistants.delete(created.id)


def runs(client: Any) -> Steps:
    """A run from its creation to its end, its steps, and what it wrote."""
    assistant = yield client.assistants.create(MODEL)
    thread = yield client.threads.create(messages=["How does AI work?"])
    begun = yield client.runs.create(thread.id, assistant.id, instructions="In one sentence.")
    yield client.runs.poll(thread.id, begun.id)
    yield client.runs.update(thread.id, begun.id, metadata={"seen": "yes"})
    yield client.runs.list(thread.id)
    taken = yield client.runs.steps.list(thread.id, begun.id)
    yield client.runs.steps.retrieve(thread.id, begun.id, taken.data[0].id)
    yield client.messages.list(thread.id, run_id=begun.id)


def tool_outputs(client: Any) -> Steps:
    """A run that calls a function, and gets its output; in a thread that is made with it."""
    assistant = yield client.assistants.create(MODEL)
    asked = {"messages": ['/call population_of {"city": "Oslo"}']}
    begun = yield client.threads.create_and_run(assistant.id, thread=asked, **CALLING)
    waits = yield client.runs.poll(begun.thread_id, begun.id)
    outputs = {call.id: "700000" for call in waits.tool_calls}
    yield client.runs.submit_tool_outputs(begun.thread_id, begun.id, outputs)
    yield client.runs.poll(begun.thread_id, begun.id)


def cancelled(client: Any) -> Steps:
    """A run that is cancelled; before that, its thread takes no message: 400."""
    assistant = yield client.assistants.create(MODEL)
    thread = yield client.threads.create(messages=["Write a novel."])
    begun = yield client.runs.create(thread.id, assistant.id)
    with pytest.raises(laplas.ActiveRunError) as error:
        yield client.messages.create(thread.id, "Are you done?")
    yield error.value
    yield client.runs.cancel(thread.id, begun.id)
    yield client.runs.poll(thread.id, begun.id)


def streams(client: Any) -> Steps:
    """The three operations that stream; the embedded server also refuses to answer."""
    assistant = yield client.assistants.create(MODEL)
    asked = {"messages": ["How does AI work? “Как?”"]}
    new = yield client.threads.create_and_run(assistant.id, thread=asked, stream=True)
    thread = (yield _all(new))[0].data
    yield client.messages.create(thread.id, '/call population_of {"city": "Oslo"}')
    calling = yield client.runs.create(thread.id, assistant.id, stream=True, **CALLING)
    waits = (yield _all(calling))[-1].data
    outputs = {call.id: "700000" for call in waits.tool_calls}
    going = yield client.runs.submit_tool_outputs(thread.id, waits.id, outputs, stream=True)
    yield _all(going)
    yield client.messages.create(thread.id, "/refuse")
    refusing = yield client.runs.create(thread.id, assistant.id, stream=True)
    yield _all(refusing)


def vector_stores(client: Any) -> Steps:
    """All operations on vector stores, their files and file batches, in the course of a life."""
    cities = yield client.files.upload(("cities.txt", "Oslo 700000\nTromsø 77000\n".encode()))
    rivers = yield client.files.upload(("rivers.txt", b"Glomma 621 km\n"))
    store = yield client.vector_stores.create(name="Norway", metadata={"user": "42"})
    yield client.vector_stores.list(page_size=1)
    yield client.vector_stores.update(store.id, expires_after=_WEEK)
    stored = client.vector_stores.files
    yield stored.create(store.id, cities.id, attributes={"kind": "cities", "year": 2026})
    yield stored.update(store.id, cities.id, attributes={"kind": "cities", "checked": True})
    yield stored.retrieve(store.id, cities.id)
    batches = client.vector_stores.file_batches
    batch = yield batches.create(store.id, file_ids=[rivers.id])
    yield batches.retrieve(store.id, batch.id)
    yield batches.list_files(store.id, batch.id)
    yield batches.cancel(store.id, batch.id)
    yield stored.list(store.id, filter="completed", order="asc")
    yield stored.content(store.id, cities.id)
    # No filter: it has a "key", which would be hidden.
    yield client.vector_stores.search(store.id, "How large is Tromsø?", max_num_results=5)
    yield client.vector_stores.retrieve(store.id)
    yield stored.delete(store.id, rivers.id)
    yield client.vector_stores.delete(store.id)


def files(client: Any) -> Steps:
    """The operations on one file, which a message cites, in the course of its life."""
    uploaded = yield client.files.upload(("größe.txt", b"Oslo: 700000\n"))
    yield client.files.retrieve(uploaded.id)
    yield client.files.list(purpose="assistants")
    thread = yield client.threads.create()
    attached = [laplas.attachment(uploaded.id, "file_search")]
    yield client.messages.create(thread.id, "What is in it?", attachments=attached)
    yield client.files.delete(uploaded.id)


def file_content(client: Any) -> Steps:
    """What is in a file, which has no JSON."""
    uploaded = yield client.files.upload(("cities.txt", b"Oslo: 700000\n"), purpose="user_data")
    content = yield client.files.content(uploaded.id)
    assert content.content == b"Oslo: 700000\n"
    yield client.files.delete(uploaded.id)


SCENARIOS: dict[str, Callable[[Any], Steps]] = {
    steps.__name__: steps
    for steps in (
        *(messages, threads, pages, no_key, no_thread, no_message, bad_metadata),
        *(assistants, runs, tool_outputs, cancelled, streams, files, file_content, vector_stores),
    )
}


async def _all(found: Any) -> list[Any]:
    """What a listing or a stream holds."""
    return [item async for item in found] if hasattr(found, "__aiter__") else list(found)


async def play(name: str, client: Any) -> list[Any]:
    """Carry a scenario out with a client of either kind; returns the results, no stream itself."""
    steps = SCENARIOS[name](client)
    results: list[Any] = []
    go_on = partial(next, steps)
    # Forms have a boundary made by chance.
    with patch("laplas._core.uploads.secrets", _Steady("boundary")), suppress(StopIteration):
        while True:
            call = go_on()
            try:
                result = await call if isawaitable(call) else call
            except laplas.LaplasError as error:
                go_on = partial(steps.throw, error)
            else:
                go_on = partial(steps.send, result)
                results.append(result)
    streams = laplas.EventStream | laplas.AsyncEventStream
    read = streams | laplas.BinaryContent | laplas.AsyncBinaryContent
    return [result for result in results if not isinstance(result, read)]


# Without secrets. All of this works on a cassette as plain data, the form in which vcrpy stores it.

HIDDEN = "REDACTED"

# A list of names to keep, not to remove: a header nobody thought of is not stored.
KEPT_HEADERS = {
    *("allow", "content-type", "openai-beta", "openai-poll-after-ms", "openai-version"),
    *("retry-after", "www-authenticate", "x-request-id"),
}
_NAMES = r"(?:api[-_]?key|key|(?:\w+_)?token|(?:\w+_)?secret|password|signature|sig|authorization)"
# What the group `secret` matches is hidden, or found. Text that is hidden never matches again.
_SECRETS = {
    what: re.compile(pattern)
    for what, pattern in {
        "a bearer token": r"(?i)\bbearer\s+(?P<secret>(?=[^\s\"']*\d)[\w.~+/=-]{8,})",
        "an API key": r"\b(?P<secret>(?:sk|pk|rk|sess)-[\w*-]{6,})",
        "a JSON web token": r"\b(?P<secret>eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)",
        "a credential in a query": rf"(?i)[?&]{_NAMES}=(?!{HIDDEN})(?P<secret>[^&\s\"'#]+)",
        "a credential in JSON": (
            rf"(?i)\"{_NAMES}\"\s*:\s*\"(?!{HIDDEN})(?P<secret>(?:[^\"\\]|\\.)+)\""
        ),
        "a cookie": (rf"\b(?:__cf_bm|_cfuvid|session_?id)=(?!{HIDDEN})(?P<secret>[^;\s\"']+)"),
        "an organisation or project": r"\b(?P<secret>(?:org-|proj_)[A-Za-z0-9]{8,})",
        # Not the domains that are reserved for examples.
        "an e-mail address": (
            r"\b(?P<secret>[\w.+-]+@(?!example\.(?:com|org|net)\b)[\w-]+(?:\.[\w-]+)+)"
        ),
    }.items()
}


class SecretFound(Exception):
    """A cassette holds what must not be stored. The message does not repeat it."""


def scrub(cassette: dict[str, Any]) -> dict[str, Any]:
    """A copy of the cassette without credentials and with bodies as readable text.

    Raises SecretFound where a body cannot be read, or holds what cannot be hidden. What is clean
    stays as it is.
    """
    clean = copy.deepcopy(cassette)
    for interaction in clean["interactions"]:
        request, response = interaction["request"], interaction["response"]
        request["uri"] = hidden(request["uri"])
        if request["body"] is not None:
            request["body"] = hidden(readable(request["body"], request["headers"]))
        body = readable(response["body"].get("string", b""), response["headers"])
        response["body"] = {"string": hidden(body)}
        for part in (request, response):
            part["headers"] = {
                name.lower(): [hidden(value) for value in values]
                for name, values in sorted(part["headers"].items())
                if name.lower() in KEPT_HEADERS
            }
        for text in (request["uri"], request["body"] or "", response["body"]["string"]):
            _refuse_secrets(unquote(text))
    for key in clean.keys() - {"interactions"}:
        _refuse_secrets(json.dumps(clean[key]))
    return clean


def _refuse_secrets(text: str) -> None:
    if hidden(text) != text:
        raise SecretFound("it cannot be hidden where it is, or in this spelling")


def hidden(text: str) -> str:
    """The text with everything in it that looks like a secret replaced."""
    for pattern in _SECRETS.values():
        text = pattern.sub(lambda match: match[0].replace(match["secret"], HIDDEN), text)
    return text


def readable(body: str | bytes, headers: dict[str, list[str]] | None = None) -> str:
    """A body as text, its content coding undone; SecretFound where it is no text."""
    coding = {name.lower(): str(values) for name, values in (headers or {}).items()}
    data = body.encode() if isinstance(body, str) else body
    try:
        # A coding that is declared may have been undone already: then it is text.
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        elif "deflate" in coding.get("content-encoding", ""):
            for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
                with suppress(zlib.error):
                    return zlib.decompress(data, window).decode()
        return data.decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise SecretFound("a body cannot be read as text: what it holds is unknown") from None


def refuse_key(text: str, key: str) -> None:
    """Raise SecretFound where a key is in a text, in whatever spelling."""
    packed = base64.b64encode(key.encode()).decode().rstrip("=")
    spellings = {key, quote(key, safe=""), json.dumps(key)[1:-1], packed}
    if any(spelling.lower() in text.lower() for spelling in spellings):
        raise SecretFound("the live API key is in what was recorded; nothing is stored")


# Recording


class Target(NamedTuple):
    """What to record against; keeps cassettes for vcrpy, scrubbed, and only if they changed."""

    name: str
    url: str
    stored_url: str
    key: str
    recorded: dict[str, Any]

    def load_cassette(self, *_: object, **__: object) -> Any:
        raise CassetteNotFoundError  # every recording starts from an empty one

    def save_cassette(self, _: object, cassette: dict[str, Any], serializer: Any) -> None:
        # Only kept: an error in here, a secret that was found, would leave httpx patched.
        self.recorded.update(yaml.safe_load(serialize(cassette, serializer)))

    def store(self, file: Path) -> None:
        stored = scrub(self.recorded)
        for interaction in stored["interactions"]:
            relative = interaction["request"]["uri"].removeprefix(self.url)
            interaction["request"]["uri"] = self.stored_url + relative
        stored["metadata"] = {
            "recorded against": self.name,
            "base_url": self.stored_url,
            "date": datetime.now(UTC).date().isoformat(),
            "laplas": laplas.__version__,
        }
        text = "# Recorded by tests/record.py; do not edit.\n" + yaml.safe_dump(
            {key: stored[key] for key in ("version", "metadata", "interactions")},
            allow_unicode=True,
            sort_keys=False,
            width=sys.maxsize,
        )
        refuse_key(text, self.key)
        old = load(file) if file.exists() else {"metadata": {"base_url": None}}
        # The date and the version alone are no reason for a new file.
        is_new = old["metadata"]["base_url"] != self.stored_url
        if is_new or old["interactions"] != stored["interactions"]:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")


@contextmanager
def target(scenario: str) -> Iterator[Target]:
    """The live API where the environment names one, else the embedded server, started anew."""
    key, url = os.environ.get("LAPLAS_API_KEY"), os.environ.get("LAPLAS_BASE_URL")
    if key and url:
        yield Target("live API", url, url, key, {})
        return
    steady = _Steady(scenario)
    with (
        patch("laplas.local._routes.time", steady),
        patch.multiple("laplas.local._clock", random=steady, time=steady),
        LocalServer(examples=False) as server,
        running(server) as url,
    ):
        yield Target("embedded server", url, LOCAL_URL, "key-of-a-local-recording", {})


class _Steady:
    """In the place of `random` and `time`: the same ids and times at each recording."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)
        self._seconds = 1_760_000_000

    def choice(self, letters: str) -> str:
        return self._random.choice(letters)

    def SystemRandom(self) -> _Steady:
        return self

    def token_hex(self, size: int) -> str:
        return self._random.randbytes(size).hex()

    def randbytes(self, size: int) -> bytes:
        return self._random.randbytes(size)

    def time(self) -> float:
        self._seconds += 1
        return self._seconds

    def perf_counter(self) -> float:
        return 0.0


def record(name: str, folder: Path = CASSETTES) -> Path:
    """Record a scenario into its cassette; leave that where it would hold a secret."""
    path = folder / f"{name}.yaml"
    with target(name) as against:
        recorder = vcr.VCR(record_on_exception=False, decode_compressed_response=True)
        recorder.register_persister(against)
        with (
            recorder.use_cassette(str(path), match_on=MATCH_ON),
            laplas.Laplas(api_key=against.key, base_url=against.url) as client,
        ):
            asyncio.run(play(name, client))
        against.store(path)
    return path


def load(path: Path) -> dict[str, Any]:
    """A cassette as plain data."""
    cassette: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return cassette


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
