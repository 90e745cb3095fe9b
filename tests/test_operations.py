"""Both clients, and all spellings of a call, send the same bytes and come to the same."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

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
GONE_THREAD = {"id": THREAD, "object": "thread.deleted", "deleted": True}
PICTURE = {"type": "image_url", "image_url": {"url": "https://a.test/b.png", "detail": "low"}}
NOT_FOUND = {"error": {"message": "No thread", "type": "invalid_request_error", "code": None}}


class Case(NamedTuple):
    """A call, what the server answers, and the requests that must arrive: line and JSON body."""

    name: str
    call: Callable[[Any], Any]
    steps: list[Step]
    arrives: list[tuple[str, Any]]
    collect: str = ""


def one(name: str, call: Callable[[Any], Any], step: Step, line: str, body: Any = None) -> Case:
    return Case(name, call, [step], [(line, body)])


CASES = [
    # The operations.
    one(
        "create message",
        lambda c: c.messages.create(THREAD, "Как?"),
        answer(message(), 201),
        f"POST {MESSAGES}",
        {"role": "user", "content": "Как?"},
    ),
    one(
        "create message with everything",
        lambda c: c.messages.create(
            THREAD,
            ["a", laplas.image_url("https://a.test/b.png", "low"), {"type": "text", "text": "b"}],
            role="assistant",
            attachments=[laplas.attachment("file_1", "code_interpreter")],
            metadata={"k": "v"},
        ),
        answer(message()),
        f"POST {MESSAGES}",
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "a"}, PICTURE, {"type": "text", "text": "b"}],
            "attachments": [{"file_id": "file_1", "tools": [{"type": "code_interpreter"}]}],
            "metadata": {"k": "v"},
        },
    ),
    one(
        "list messages",
        lambda c: c.messages.list(THREAD),
        answer(page("a", "b")),
        f"GET {MESSAGES}",
    ),
    one(
        "list messages with everything",
        lambda c: c.messages.list(
            THREAD, page_size=5, max_items=9, order="asc", after="a", before="z&", run_id="run_1"
        ),
        answer(page()),
        f"GET {MESSAGES}?limit=5&order=asc&after=a&before=z%26&run_id=run_1",
    ),
    one(
        "limit is page_size",
        lambda c: c.messages.list(THREAD, limit=7),
        answer(page()),
        f"GET {MESSAGES}?limit=7",
    ),
    Case(
        "iterate",
        lambda c: c.messages.list(THREAD, page_size=2),
        [answer(page("a", "b", has_more=True)), answer(page("c"))],
        [(f"GET {MESSAGES}?limit=2", None), (f"GET {MESSAGES}?limit=2&after=b", None)],
        "items",
    ),
    Case(
        "latest by role",
        lambda c: c.messages.latest(THREAD, role="assistant"),
        [
            answer(page("c", has_more=True)),
            answer({"data": [message("b", role="assistant"), message("a")]}),
        ],
        [(f"GET {MESSAGES}?order=desc", None), (f"GET {MESSAGES}?order=desc&after=c", None)],
    ),
    one(
        "retrieve message",
        lambda c: c.messages.retrieve(THREAD, MESSAGE),
        answer(message()),
        f"GET {ONE_MESSAGE}",
    ),
    one(
        "ids are escaped",
        lambda c: c.messages.retrieve("тред a", "m?#%41&="),
        answer(message()),
        "GET /threads/%D1%82%D1%80%D0%B5%D0%B4%20a/messages/m%3F%23%2541%26%3D",
    ),
    one(
        "update message",
        lambda c: c.messages.update(THREAD, MESSAGE, metadata={"modified": "true"}),
        answer(message()),
        f"POST {ONE_MESSAGE}",
        {"metadata": {"modified": "true"}},
    ),
    one(
        "update message to no metadata",
        lambda c: c.messages.update(THREAD, MESSAGE, metadata=None),
        answer(message()),
        f"POST {ONE_MESSAGE}",
        {"metadata": None},
    ),
    one(
        "delete message",
        lambda c: c.messages.delete(THREAD, MESSAGE),
        answer(GONE),
        f"DELETE {ONE_MESSAGE}",
    ),
    one("create thread", lambda c: c.threads.create(), answer(thread()), "POST /threads", {}),
    one(
        "create thread with everything",
        lambda c: c.threads.create(
            messages=["hi", {"role": "assistant", "content": "ho", "metadata": {"a": "b"}}],
            metadata={"k": "v"},
            tool_resources={"code_interpreter": {"file_ids": ["f"]}},
        ),
        answer(thread(), 201),
        "POST /threads",
        {
            "messages": [
                {"role": "user", "content": "hi"},
                {"role": "assistant", "content": "ho", "metadata": {"a": "b"}},
            ],
            "metadata": {"k": "v"},
            "tool_resources": {"code_interpreter": {"file_ids": ["f"]}},
        },
    ),
    one(
        "retrieve thread",
        lambda c: c.threads.retrieve(THREAD),
        answer(thread()),
        f"GET {ONE_THREAD}",
    ),
    one(
        "update thread",
        lambda c: c.threads.update(THREAD, metadata={"k": "v"}),
        answer(thread()),
        f"POST {ONE_THREAD}",
        {"metadata": {"k": "v"}},
    ),
    one(
        "delete thread",
        lambda c: c.threads.delete(THREAD),
        answer(GONE_THREAD),
        f"DELETE {ONE_THREAD}",
    ),
    # The options.
    one(
        "options of a call",
        lambda c: c.messages.create(
            THREAD,
            "hi",
            timeout=3,
            deadline=9,
            max_retries=0,
            extra_headers={"X-Client-Request-Id": "r1", "OpenAI-Beta": None},
            extra_query={"tag": ["a", "b"], "q": "x y"},
            extra_body={"role": "developer", "new": [1]},
        ),
        answer(message()),
        f"POST {MESSAGES}?tag=a&tag=b&q=x%20y",
        {"role": "developer", "content": "hi", "new": [1]},
    ),
    one(
        "options of a derived client",
        lambda c: c.with_options(
            api_key="sk-other", app="billing/2.1", default_headers={"X-Team": "a"}, timeout=None
        ).messages.list(THREAD),
        answer(page()),
        f"GET {MESSAGES}",
    ),
    one(
        "raw",
        lambda c: c.messages.with_raw_response.delete(THREAD, MESSAGE),
        answer(b"", 204),
        f"DELETE {ONE_MESSAGE}",
    ),
    one(
        "raw listing",
        lambda c: c.messages.with_raw_response.list(THREAD, order="asc"),
        answer(page("a", has_more=True)),
        f"GET {MESSAGES}?order=asc",
    ),
    Case("prepared", lambda c: c.threads.prepare.update(THREAD, metadata={"k": "v"}), [], []),
    one(
        "any request",
        lambda c: c.request("post", "/threads/t/runs", query={"a": 1}, body={"b": 2}),
        answer({"id": "run_1"}),
        "POST /threads/t/runs?a=1",
        {"b": 2},
    ),
    # The ways in which things go wrong.
    one(
        "status error",
        lambda c: c.threads.delete(THREAD),
        answer(NOT_FOUND, 404, x_request_id="r1"),
        f"DELETE {ONE_THREAD}",
    ),
    Case(
        "a retry sends the same again",
        lambda c: c.messages.create(THREAD, "hi"),
        [answer({"message": "slow"}, 429, retry_after="0"), answer(message())],
        [(f"POST {MESSAGES}", {"role": "user", "content": "hi"})] * 2,
    ),
    one(
        "unparsable answer",
        lambda c: c.messages.retrieve(THREAD, MESSAGE),
        answer("<html>"),
        f"GET {ONE_MESSAGE}",
    ),
    one(
        "lost answer",
        lambda c: c.messages.create(THREAD, "hi"),
        breaks(OSError()),
        f"POST {MESSAGES}",
        {"role": "user", "content": "hi"},
    ),
    Case(
        "an error while iterating",
        lambda c: c.messages.list(THREAD),
        [answer(page("a", has_more=True)), answer("x", 403)],
        [(f"GET {MESSAGES}", None), (f"GET {MESSAGES}?after=a", None)],
        "items",
    ),
    Case("bad argument", lambda c: c.messages.delete(THREAD, ".."), [], []),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with Loopback() as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_clients_send_the_same_bytes_and_come_to_the_same(
    server: Loopback, case: Case
) -> None:
    """Over a real socket, everything on the wire compared as it is."""
    seen = []
    for run in (run_sync, run_async):
        server.requests.clear()
        server.script.extend(case.steps)
        # A transport of None is no transport: the client opens real connections.
        ran = run(case.call, collect=case.collect, base_url=server.url, transport=None)
        assert not server.script, "the script was not played to its end"
        seen.append((list(server.requests), plainly(ran.problem), plainly(ran.items), ran.value))
    (sync_bytes, sync_error, sync_items, sync_value), asynced = seen[0], seen[1]
    assert sync_bytes == asynced[0]
    assert (sync_error, sync_items) == asynced[1:3]
    if not case.collect:
        assert plainly(sync_value) == plainly(asynced[3])
    assert [arrived(raw) for raw in sync_bytes] == case.arrives


def arrived(raw: bytes) -> tuple[str, Any]:
    """The request line, and the body as JSON."""
    head, _, body = raw.partition(b"\r\n\r\n")
    line = head.decode().split("\r\n")[0]
    assert line.endswith(" HTTP/1.1")
    return line.removesuffix(" HTTP/1.1"), json.loads(body) if body else None


SPELLED: list[tuple[str, Callable[[Any], Any], list[Any], Step]] = [
    ("create", lambda m: m.create, [THREAD, "hi"], answer(message())),
    ("list", lambda m: m.list, [THREAD], answer(page("a"))),
    ("latest", lambda m: m.latest, [THREAD], answer(page("a"))),
    ("retrieve", lambda m: m.retrieve, [THREAD, MESSAGE], answer(message())),
    ("delete", lambda m: m.delete, [THREAD, MESSAGE], answer(GONE)),
]


@pytest.mark.parametrize(("name", "method", "args", "step"), SPELLED, ids=[s[0] for s in SPELLED])
def test_all_spellings_of_a_message_call_send_the_same(
    name: str, method: Callable[[Any], Any], args: list[Any], step: Step
) -> None:
    # As in the openai package, the last id comes first.
    openai: dict[str, Any] = {"thread_id": THREAD}
    spellings: list[Callable[[Any], Any]] = [
        lambda c: method(c.messages)(*args),
        lambda c: method(c.threads.messages)(*args),
        lambda c: (
            method(c.beta.threads.messages)(*args[1:], **openai)
            if name in ("retrieve", "delete")
            else method(c.beta.threads.messages)(*args)
        ),
        lambda c: method(c.thread(args[0]).messages)(*args[1:]),
    ]
    ran = [run_both(spelling, step) for spelling in spellings]
    assert all(other.sent == ran[0].sent for other in ran)
    assert all(plainly(other.result) == plainly(ran[0].result) for other in ran)


@pytest.mark.parametrize("name", ["retrieve", "update", "delete"])
def test_all_spellings_of_a_thread_call_send_the_same(name: str) -> None:
    given = {"metadata": {"a": "b"}} if name == "update" else {}
    step = answer(GONE_THREAD if name == "delete" else thread())
    spellings: list[Callable[[Any], Any]] = [
        lambda c: getattr(c.threads, name)(THREAD, **given),
        lambda c: getattr(c.beta.threads, name)(THREAD, **given),
        lambda c: getattr(c.thread(THREAD), name)(**given),
    ]
    sent = [run_both(spelling, step).sent for spelling in spellings]
    assert sent[0] == sent[1] == sent[2]


def test_an_update_through_a_handle_sends_what_the_plain_call_sends() -> None:
    plain = run_both(
        lambda c: c.messages.update(THREAD, MESSAGE, metadata={"a": "b"}), answer(message())
    )
    bound = run_both(
        lambda c: c.thread(THREAD).messages.update(MESSAGE, metadata={"a": "b"}),
        answer(message()),
    )
    assert plain.sent == bound.sent


VENDOR = [
    (
        lambda c: c.beta.threads.messages.create(
            "thread_abc123", role="user", content="How does AI work? Explain it in simple terms."
        ),
        answer(message(), 201),
    ),
    (lambda c: c.beta.threads.messages.list("thread_abc123"), answer(page("msg_abc123"))),
    (
        lambda c: c.beta.threads.messages.retrieve(
            message_id="msg_abc123", thread_id="thread_abc123"
        ),
        answer(message()),
    ),
    (
        lambda c: c.beta.threads.messages.update(
            message_id="msg_abc123",
            thread_id="thread_abc123",
            metadata={"modified": "true", "user": "abc123"},
        ),
        answer(message(metadata={"modified": "true", "user": "abc123"})),
    ),
    (
        lambda c: c.beta.threads.messages.delete(
            message_id="msg_abc123", thread_id="thread_abc123"
        ),
        answer(GONE),
    ),
]


def test_the_vendors_five_documented_calls_run_unchanged(recwarn: pytest.WarningsRecorder) -> None:
    """With the vendor's keyword spelling, and with no warning of any kind."""
    results = [run_both(call, step).result for call, step in VENDOR]
    created, listed, retrieved, updated, deleted = results
    assert created.id == retrieved.id == "msg_abc123"
    assert [m.id for m in listed.data] == ["msg_abc123"]
    assert updated.metadata == {"modified": "true", "user": "abc123"}
    assert (deleted.id, deleted.object, deleted.deleted) == (
        "msg_abc123",
        "thread.message.deleted",
        True,
    )
    assert not recwarn.list


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_with_options_takes_every_option_that_does_not_make_connections(cls: type) -> None:
    made = inspect.signature(cls).parameters.keys()
    changed = inspect.signature(cls.with_options).parameters.keys()  # type: ignore[attr-defined]
    assert made - changed == {
        "http_client",
        "transport",
        "verify",
        "proxy",
        "limits",
        "fast",
        "http2",
        "max_response_bytes",
    }
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
