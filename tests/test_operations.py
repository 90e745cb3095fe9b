"""Both clients, and all spellings of a call, send the same bytes and come to the same."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple
from unittest.mock import AsyncMock, MagicMock, create_autospec

import pytest
from scripted import (
    MESSAGE,
    THREAD,
    Loopback,
    Step,
    answer,
    breaks,
    message,
    page,
    plainly,
    run_async,
    run_both,
    run_sync,
    thread,
)

import laplas
from laplas import AsyncLaplas, Laplas, Timeout

MESSAGES = f"/threads/{THREAD}/messages"
ONE_MESSAGE = f"{MESSAGES}/{MESSAGE}"
ONE_THREAD = f"/threads/{THREAD}"
GONE = {"id": MESSAGE, "object": "thread.message.deleted", "deleted": True}
PICTURE = {"type": "image_url", "image_url": {"url": "https://a.test/b.png", "detail": "low"}}
CHANGE = {"modified": "true", "user": "abc123"}
SAID = "How does AI work? Как?"
FIRST = {"role": "user", "content": SAID}


class Case(NamedTuple):
    """A request line and what is answered; spellings of a call, the JSON body and the error."""

    line: str
    step: Step
    calls: tuple[Callable[[Any], Any], ...]
    body: Any
    error: str


def case(
    line: str, step: Step, *calls: Callable[[Any], Any], body: Any = None, error: str = "NoneType"
) -> Case:
    return Case(line, step, calls, body, error)


CASES = [
    # The operations, the openai package's spellings among them; there, the last id comes first.
    case(
        f"POST {MESSAGES}",
        answer(message(), 201),
        lambda c: c.messages.create(THREAD, SAID),
        lambda c: c.threads.messages.create(THREAD, SAID),
        lambda c: c.beta.threads.messages.create(THREAD, role="user", content=SAID),
        lambda c: c.thread(THREAD).messages.create(SAID),
        body=FIRST,
    ),
    case(
        f"POST {MESSAGES}",
        answer(message()),
        lambda c: c.messages.create(
            THREAD,
            ["a", laplas.image_url("https://a.test/b.png", "low"), {"type": "text", "text": "b"}],
            role="assistant",
            attachments=[laplas.attachment("file_1", "code_interpreter")],
            metadata={"k": "v"},
            deadline=9,
        ),
        body={
            "role": "assistant",
            "content": [{"type": "text", "text": "a"}, PICTURE, {"type": "text", "text": "b"}],
            "attachments": [{"file_id": "file_1", "tools": [{"type": "code_interpreter"}]}],
            "metadata": {"k": "v"},
        },
    ),
    case(
        f"GET {MESSAGES}",
        answer(page("a", "b")),
        lambda c: c.messages.list(THREAD),
        lambda c: c.threads.messages.list(THREAD),
        lambda c: c.beta.threads.messages.list(THREAD),
        lambda c: c.thread(THREAD).messages.list(),
    ),
    case(
        f"GET {MESSAGES}?limit=5&order=asc&after=a&before=z%26&run_id=run_1",
        answer(page()),
        lambda c: c.messages.list(
            THREAD, page_size=5, max_items=9, order="asc", after="a", before="z&", run_id="run_1"
        ),
    ),
    case(
        f"GET {MESSAGES}?limit=1&order=desc",
        answer(page("a")),
        lambda c: c.messages.latest(THREAD),
        lambda c: c.threads.messages.latest(THREAD),
        lambda c: c.beta.threads.messages.latest(THREAD),
        lambda c: c.thread(THREAD).messages.latest(),
    ),
    case(
        f"GET {ONE_MESSAGE}",
        answer(message()),
        lambda c: c.messages.retrieve(THREAD, MESSAGE),
        lambda c: c.threads.messages.retrieve(THREAD, MESSAGE),
        lambda c: c.beta.threads.messages.retrieve(MESSAGE, thread_id=THREAD),
        lambda c: c.beta.threads.messages.retrieve(message_id=MESSAGE, thread_id=THREAD),
        lambda c: c.thread(THREAD).messages.retrieve(MESSAGE),
    ),
    case(
        "GET /threads/%D1%82%D1%80%D0%B5%D0%B4%20a/messages/m%3F%23%2541%26%3D",
        answer(message("m?#%41&=", thread_id="тред a")),
        lambda c: c.messages.retrieve("тред a", "m?#%41&="),
    ),
    case(
        f"POST {ONE_MESSAGE}",
        answer(message(metadata=CHANGE)),
        lambda c: c.messages.update(THREAD, MESSAGE, metadata=CHANGE),
        lambda c: c.beta.threads.messages.update(
            message_id=MESSAGE, thread_id=THREAD, metadata=CHANGE
        ),
        lambda c: c.thread(THREAD).messages.update(MESSAGE, metadata=CHANGE),
        body={"metadata": CHANGE},
    ),
    case(
        f"POST {ONE_MESSAGE}",
        answer(message()),
        lambda c: c.messages.update(THREAD, MESSAGE, metadata=None),
        body={"metadata": None},
    ),
    case(
        f"DELETE {ONE_MESSAGE}",
        answer(GONE),
        lambda c: c.messages.delete(THREAD, MESSAGE),
        lambda c: c.threads.messages.delete(THREAD, MESSAGE),
        lambda c: c.beta.threads.messages.delete(MESSAGE, thread_id=THREAD),
        lambda c: c.beta.threads.messages.delete(message_id=MESSAGE, thread_id=THREAD),
        lambda c: c.thread(THREAD).messages.delete(MESSAGE),
    ),
    case("POST /threads", answer(thread()), lambda c: c.threads.create(), body={}),
    case(
        "POST /threads",
        answer(thread(), 201),
        lambda c: c.threads.create(
            messages=["hi", {"role": "assistant", "content": "ho", "metadata": {"a": "b"}}],
            metadata={"k": "v"},
            tool_resources={"code_interpreter": {"file_ids": ["f"]}},
        ),
        body={
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": "ho", "metadata": {"a": "b"}},
            ],
            "metadata": {"k": "v"},
            "tool_resources": {"code_interpreter": {"file_ids": ["f"]}},
        },
    ),
    case(
        f"GET {ONE_THREAD}",
        answer(thread()),
        lambda c: c.threads.retrieve(THREAD),
        lambda c: c.beta.threads.retrieve(THREAD),
        lambda c: c.thread(THREAD).retrieve(),
    ),
    case(
        f"POST {ONE_THREAD}",
        answer(thread()),
        lambda c: c.threads.update(THREAD, metadata=CHANGE),
        lambda c: c.beta.threads.update(THREAD, metadata=CHANGE),
        lambda c: c.thread(THREAD).update(metadata=CHANGE),
        body={"metadata": CHANGE},
    ),
    case(
        f"DELETE {ONE_THREAD}",
        answer({"id": THREAD, "object": "thread.deleted", "deleted": True}),
        lambda c: c.threads.delete(THREAD),
        lambda c: c.beta.threads.delete(THREAD),
        lambda c: c.thread(THREAD).delete(),
    ),
    # The ways in which things go wrong.
    case(
        f"DELETE {ONE_THREAD}",
        answer({"error": {"message": "No thread", "code": None}}, 404, x_request_id="r1"),
        lambda c: c.threads.delete(THREAD),
        error="NotFoundError",
    ),
    case(
        f"POST {MESSAGES}",
        breaks(OSError()),
        lambda c: c.messages.create(THREAD, SAID),
        body=FIRST,
        error="APIConnectionError",
    ),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.line)
def test_both_clients_and_all_spellings_send_the_same_bytes_and_come_to_the_same(
    server: Loopback, case: Case
) -> None:
    """Over a real socket, everything on the wire compared as it is."""
    first = None
    for call in case.calls:
        for run in (run_sync, run_async):
            server.requests.clear()
            server.script.append(case.step)
            # A transport of None is no transport: the client opens real connections.
            ran = run(call, base_url=server.url, transport=None)
            assert type(ran.problem).__name__ == case.error
            (sent,) = server.requests
            head, _, body = sent.partition(b"\r\n\r\n")
            assert head.decode().startswith(f"{case.line} HTTP/1.1\r\n")
            assert (json.loads(body) if body else None) == case.body
            seen = (sent, plainly(ran.problem), plainly(ran.value))
            first = first or seen
            assert seen == first


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_with_options_takes_every_option_that_does_not_make_connections(cls: type) -> None:
    made = inspect.signature(cls).parameters.keys()
    changed = inspect.signature(cls.with_options).parameters.keys()  # type: ignore[attr-defined]
    connecting = {"http_client", "transport", "verify", "proxy", "limits", "fast", "http2"}
    assert made - changed == {*connecting, "max_response_bytes"}
    assert changed - made == {"self"}


CHANGES: list[dict[str, Any]] = [
    {"api_key": "sk-other"},
    {"base_url": "https://other.test/v1/"},
    {"timeout": 3.0},
    {"timeout": None},
    {"timeout": Timeout(read=1, connect=2, write=3, pool=4)},
    {"max_retries": 0},
    {"default_headers": {"OpenAI-Beta": None, "X-A": "b"}},
    {"app": "billing/2.1"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_with_options_does_what_the_constructor_does(change: dict[str, Any]) -> None:
    """The same requests, timeouts and retries, whichever of them was told the option."""
    steps = [answer("x", 500) for _ in range(1 if change.get("max_retries") == 0 else 3)]
    derived = run_both(lambda c: c.with_options(**change).threads.retrieve(THREAD), *steps)
    made = run_both(lambda c: c.threads.retrieve(THREAD), *steps, **change)
    assert derived.requests == made.requests
    assert derived.timeouts == made.timeouts
    assert plainly(derived.error) == plainly(made.error)
    unchanged = run_both(lambda c: c.threads.retrieve(THREAD), *[answer("x", 500)] * 3)
    assert (derived.requests, derived.timeouts) != (unchanged.requests, unchanged.timeouts)


RESOURCES = """messages threads.messages runs.steps assistants files
    beta.threads.messages beta.threads.runs beta.assistants"""


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_mock_of_the_class_has_its_resources_and_their_signatures(cls: Any) -> None:
    assert MagicMock(spec=cls).messages.create(THREAD, "hi")
    for client in (create_autospec(cls, instance=True), create_autospec(cls)()):
        for place in RESOURCES.split():
            resource = attrgetter(place)(client)
            with pytest.raises(AttributeError):
                _ = resource.retreive
            with pytest.raises(TypeError):
                resource.retrieve()
            assert isinstance(resource.retrieve, AsyncMock) is (cls is AsyncLaplas)
    names = [*inspect.signature(cls.messages.create).parameters]
    assert names[:3] == ["self", "thread_id", "content"]
    assert cls.messages is type(cls(api_key="sk").messages)
