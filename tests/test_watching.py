"""What a call does can be seen: as events, and in the log."""

from __future__ import annotations

import asyncio
import functools
import io
import logging
import pickle
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from typing import Any

import httpx
import pytest
import trio
from scripted import (
    KEY,
    THREAD,
    Loopback,
    Step,
    Transport,
    answer,
    breaks,
    each,
    message,
    page,
    run_async,
    run_both,
    run_sync,
    settled,
    thread,
)

import laplas
from laplas import (
    AsyncLaplas,
    AttemptEvent,
    CallEvent,
    ConfigurationError,
    EndEvent,
    Laplas,
)
from laplas._core import watching
from laplas.local import LocalServer, running

CLIENTS = pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
CANARY = "canary-7f3a9c51"


def watched(call: Callable[[Any], Any], *steps: Any, **options: Any) -> list[CallEvent]:
    """The events of a call: the same with both clients, and with an async callable."""
    told: list[list[CallEvent]] = [[], [], []]

    async def later(event: CallEvent) -> None:
        await asyncio.sleep(0)
        told[2].append(event)

    run_sync(call, *steps, on_event=told[0].append, **options)
    run_async(call, *steps, on_event=told[1].append, **options)
    run_async(call, *steps, on_event=later, **options)
    first, second, third = ([brief(e) for e in events] for events in told)
    assert first == second == third
    return told[0]


def brief(event: CallEvent) -> tuple[Any, ...]:
    """All but the seconds, which jitter."""
    return (
        type(event), event.operation, event.attempt, event.reason, event.status, event.bytes,
        event.request_id,
    )  # fmt: skip


def words(events: list[CallEvent]) -> list[str]:
    return [
        f"{type(e).__name__[:-5]} {e.operation} {e.attempt} {e.reason or e.status}" for e in events
    ]


def test_attempts_waits_and_the_end() -> None:
    steps = [
        breaks(httpx.ConnectError("no"), takes=1.0),
        answer("busy", 503, takes=2.0, x_request_id="req_1", retry_after="3"),
        answer(thread(), takes=0.5, x_request_id="req_2"),
    ]
    events = watched(lambda c: c.threads.retrieve(THREAD), *steps)
    assert words(events) == [
        "Attempt retrieve_thread 1 connect", "Wait retrieve_thread 1 retry",
        "Attempt retrieve_thread 2 503", "Wait retrieve_thread 2 retry",
        "Attempt retrieve_thread 3 200", "End retrieve_thread 3 200",
    ]  # fmt: skip
    assert [e.seconds for e in events[2:5]] == [2.0, 3.0, 0.5]
    assert events[5].seconds == sum(e.seconds for e in events[:5])
    size = len(answer(thread()).body)
    assert [e.request_id for e in events] == [None, None, "req_1", None, "req_2", "req_2"]
    assert [e.bytes for e in events] == [None, None, 4, None, size, size]


@pytest.mark.parametrize(
    ("call", "steps", "last"),
    [
        (lambda c: c.threads.retrieve(THREAD), [answer("", 404)], (1, "NotFoundError", 404)),
        (lambda c: c.threads.retrieve(THREAD), [breaks(httpx.ReadError("x"))] * 3,
         (3, "APIConnectionError", None)),
        (lambda c: c.threads.retrieve(THREAD), [breaks(RuntimeError("a bug"))],
         (0, "RuntimeError", None)),
        (lambda c: c.threads.retrieve(""), [], None),
        (lambda c: c.threads.retrieve(THREAD, extra_query={"a": "\ud800"}), [],
         (0, "InvalidArgumentError", None)),
        (lambda c: c.threads.delete(THREAD), [breaks(httpx.ReadError("x")), answer("", 404)],
         (2, None, 404)),
        (lambda c: c.threads.with_raw_response.retrieve(THREAD), [answer(thread())],
         (1, None, 200)),
        (lambda c: c.threads.prepare.retrieve(THREAD), [], None),
    ],
    ids=range(8),
)  # fmt: skip
def test_how_a_call_ends(call: Any, steps: list[Step], last: Any) -> None:
    events = watched(call, *steps)
    if last is None:
        assert not events
    else:
        assert isinstance(events[-1], EndEvent)
        assert (events[-1].attempt, events[-1].reason, events[-1].status) == last
        assert sum(isinstance(each, EndEvent) for each in events) == 1


def test_pages_look_ups_and_waits_for_active_runs_are_told() -> None:
    pages = [answer(page("a", has_more=True)), answer(page("b"))]
    events = watched(lambda c: c.messages.list(THREAD), *pages, collect="items")
    assert words(events) == ["Attempt list_messages 1 200", "End list_messages 1 200"] * 2
    made = lambda sent: answer(message(metadata=sent.json()["metadata"]))  # noqa: E731
    lost = [breaks(httpx.ReadError("x")), *[answer(page())] * 3, made]
    events = watched(lambda c: c.messages.create(THREAD, "hi", once=True), *lost)
    assert words(events) == [
        "Attempt create_message 1 read",
        *["Wait list_messages 0 look-up", "Attempt list_messages 1 200",
          "End list_messages 1 200"] * 3,
        "Attempt create_message 2 200", "End create_message 2 200",
    ]  # fmt: skip


@CLIENTS
@pytest.mark.parametrize("over", ["transport", "http", "fast", "httpx"])
def test_all_of_ask_is_told_on_every_way(cls: Any, over: str) -> None:
    events: list[CallEvent] = []

    async def use(client: Any) -> None:
        talk = client.with_options(on_event=events.append).thread(THREAD)
        await settled(talk.ask("hi", assistant="asst_abc123"))
        async for _ in each(talk.ask_stream("hi", assistant="asst_abc123")):
            pass
        await settled(client.with_options(on_event=None).threads.retrieve(THREAD))
        await settled(client.close())
        own = client._config.http_client
        if own is not None:
            await settled(own.close() if cls is Laplas else own.aclose())

    with LocalServer() as server:
        if over == "transport":
            asyncio.run(use(cls.local(server, on_event=print)))
        else:
            options: dict[str, Any] = {"fast": over == "fast"} if over != "httpx" else {}
            if over == "httpx":
                options["http_client"] = httpx.Client() if cls is Laplas else httpx.AsyncClient()
            with running(server) as url:
                asyncio.run(use(cls(api_key=KEY, base_url=url, **options)))
    polled = [f"{kind} retrieve_run {n}" for kind, n in (("Attempt", 1), ("End", 1), ("Wait", 0))]
    told = words(events)
    assert told[:4] == [
        "Attempt create_message 1 200", "End create_message 1 200",
        "Attempt create_run 1 200", "End create_run 1 200",
    ]  # fmt: skip
    assert {word.rpartition(" ")[0] for word in told[4:-6]} == set(polled)
    assert told[-6:-4] == ["Attempt list_messages 1 200", "End list_messages 1 200"]
    assert told[-2:] == ["Attempt create_run 1 200", "End create_run 1 200"]
    begun, ended = events[-2:]
    assert isinstance(begun, AttemptEvent)
    assert begun.bytes is None
    assert ended.bytes is not None
    assert ended.bytes > 1000
    assert ended.request_id == begun.request_id


STREAM = b"event: thread.run.created\ndata: {}\n\n"


@CLIENTS
@pytest.mark.parametrize("reason", ["closed", "truncated"])
def test_a_stream_that_is_left_or_breaks(cls: Any, reason: str) -> None:
    events: list[CallEvent] = []

    async def use(url: str) -> None:
        client = cls(api_key=KEY, base_url=url, on_event=events.append)
        opened = client.runs.stream(THREAD, "asst_abc123")
        stream = await opened if cls is AsyncLaplas else opened
        assert words(events) == ["Attempt create_run 1 200"]
        if reason == "truncated":
            with pytest.raises(laplas.APIError):
                await settled(stream.until_done())
        await settled(stream.aclose() if cls is AsyncLaplas else stream.close())
        await settled(stream.aclose() if cls is AsyncLaplas else stream.close())
        await settled(client.close())

    with Loopback() as server:
        body, coding = STREAM, "identity"
        if reason == "truncated":
            body, coding = b"\x1f\x8b\x08\0\0\0\0\0\0\xff", "gzip"
        given = answer(body, content_type="text/event-stream", content_encoding=coding)
        server.script.append(given)
        asyncio.run(use(server.url))
    assert words(events) == ["Attempt create_run 1 200", f"End create_run 1 {reason}"]


def test_a_cancelled_call_ends_and_stays_cancelled() -> None:
    events: list[CallEvent] = []

    async def told(event: CallEvent) -> None:
        await asyncio.sleep(0)
        events.append(event)

    async def waits(*_: Any) -> Any:
        await asyncio.sleep(30)

    async def use() -> None:
        transport = httpx.MockTransport(waits)
        async with AsyncLaplas(api_key=KEY, transport=transport, on_event=told) as client:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await client.threads.retrieve(THREAD)

    asyncio.run(use())
    assert words(events) == ["End retrieve_thread 0 CancelledError"]


class Alarm(Exception):
    """What a signal's handler raises."""


# ---- what on_event may do -----------------------------------------------------------------------


def fails(event: CallEvent) -> None:
    raise LookupError(CANARY)


async def fails_later(event: CallEvent) -> None:
    raise asyncio.CancelledError


async def nothing(event: CallEvent) -> None:
    pass


class Callee:
    """A callable object that is false, and async."""

    def __len__(self) -> int:
        return 0

    async def __call__(self, event: CallEvent) -> None:
        pass


@pytest.mark.parametrize("runner", [run_sync, run_async])
@pytest.mark.parametrize("on_event", [fails, lambda e: nothing(e), fails_later, lambda: 0])
def test_an_error_in_it_breaks_nothing_and_is_logged_once(
    runner: Any, on_event: Any, caplog: pytest.LogCaptureFixture
) -> None:
    if runner is run_sync and on_event is fails_later:
        return
    steps = [answer("", 503, retry_after="0"), answer(thread())]
    ran = runner(lambda c: c.threads.retrieve(THREAD), *steps, on_event=on_event)
    assert ran.result.id == THREAD
    said = [record for record in caplog.records if "on_event" in record.getMessage()]
    expected = 0 if runner is run_async and on_event not in (fails, fails_later) else 1
    assert len(said) == (expected or (on_event.__code__.co_argcount == 0))


def test_ctrl_c_and_what_a_signals_handler_raises_pass() -> None:
    def interrupt(error: type[BaseException]) -> Callable[[CallEvent], None]:
        def handler(*_: Any) -> None:
            raise error

        def on_event(event: CallEvent) -> None:
            before = signal.signal(signal.SIGINT, handler)
            try:
                signal.raise_signal(signal.SIGINT)
            finally:
                handlers.append(before)

        return on_event

    handlers: list[Any] = []
    for error in (Alarm, KeyboardInterrupt):
        transport = Transport(lambda sent: answer(thread()))
        client = Laplas(api_key=KEY, transport=transport, on_event=interrupt(error))
        try:
            with client, pytest.raises(error):
                client.threads.retrieve(THREAD)
        finally:
            signal.signal(signal.SIGINT, handlers[0])


@pytest.mark.parametrize(
    "on_event", [nothing, Callee(), functools.partial(nothing), Callee().__call__], ids=range(4)
)
def test_an_async_callable_needs_the_async_client(on_event: Any) -> None:
    for make in (Laplas, Laplas(api_key=KEY).with_options):
        with pytest.raises(ConfigurationError, match="on_event: is async: that needs AsyncLaplas"):
            make(api_key=KEY, on_event=on_event)
    assert AsyncLaplas(api_key=KEY, on_event=on_event)._sender.options.on_event


@CLIENTS
@pytest.mark.parametrize("wrong", [5, "", [], False])
def test_what_cannot_be_called_is_refused(cls: Any, wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="on_event: must be callable"):
        cls(api_key=KEY, on_event=wrong)


def test_it_is_pickled_by_its_name() -> None:
    again = pickle.loads(pickle.dumps(Laplas(api_key=KEY, on_event=fails)))
    assert again._sender.options.on_event.call is fails


def test_on_trio_it_is_awaited() -> None:
    events: list[CallEvent] = []

    async def told(event: CallEvent) -> None:
        await trio.sleep(0)
        events.append(event)

    async def use() -> None:
        transport = Transport(answer(thread()))
        async with AsyncLaplas(api_key=KEY, transport=transport, on_event=told) as client:
            await client.threads.retrieve(THREAD)

    trio.run(use)
    assert words(events) == ["Attempt retrieve_thread 1 200", "End retrieve_thread 1 200"]


# ---- the log ------------------------------------------------------------------------------------


@pytest.fixture
def log_by(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], io.StringIO]]:
    """Sets LAPLAS_LOG in a process whose logging nobody has set up; returns its stderr."""
    level = watching.log.level

    def start(wanted: str) -> io.StringIO:
        stderr = io.StringIO()
        monkeypatch.setenv("LAPLAS_LOG", wanted)
        monkeypatch.setattr(watching, "_applied", "")
        monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's
        monkeypatch.setattr(watching.log, "handlers", [])
        monkeypatch.setattr(sys, "stderr", stderr)
        return stderr

    yield start
    watching.log.setLevel(level)


Start = Callable[[str], io.StringIO]


def exchange(**options: Any) -> None:
    steps = [answer("busy", 503, retry_after="0"), answer(message(), x_request_id=f"r-{KEY}")]
    run_both(lambda c: c.messages.create(THREAD, "private", **options), *steps)


@pytest.mark.parametrize(("level", "lines"), [("info", 1), (" DEBUG ", 4), ("bodies", 7)])
def test_the_environment_turns_the_log_on(level: str, lines: int, log_by: Start) -> None:
    stderr = log_by(level)
    exchange()
    exchange()
    said = stderr.getvalue().splitlines()
    bodies = level == "bodies"
    assert len(said) == 4 * lines + bodies, "no line twice, however many clients"
    assert ("may hold private text" in said[0]) == bodies
    assert ("private" in "".join(said[1:])) == bodies
    end = "create_message end: attempt=2 seconds=0.0 status=200 bytes="
    assert said[lines - 1 + bodies].partition("INFO: ")[2].startswith(end)
    assert KEY not in stderr.getvalue()
    assert not logging.getLogger().handlers, "the root logger is the application's"


def test_the_applications_own_handler_is_enough(log_by: Start) -> None:
    """Whether it was there before, or comes later, and wherever it is."""
    stderr = log_by("info")
    own = io.StringIO()
    for logger in (watching.log, logging.getLogger()):
        handler = logging.StreamHandler(own)
        logger.addHandler(handler)
        exchange()
        logger.removeHandler(handler)
    assert stderr.getvalue() == ""
    assert len(own.getvalue().splitlines()) == 4


@CLIENTS
def test_another_word_names_the_variable(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPLAS_LOG", "loud")
    with pytest.raises(ConfigurationError, match="LAPLAS_LOG: must be info, debug or bodies"):
        cls(api_key=KEY)


BODIES: list[tuple[Any, str]] = [
    (None, "no body"),
    (b"", ""),
    (b"a\nb\x1b[0m\xc2\x85", r"a\nb\x1b[0m\x85"),
    ("ü".encode() * 1001, "ü" * 1000 + "... (2002 bytes)"),
    (b"x" + "ü".encode() * 1000, "x" + "ü" * 999 + "... (2001 bytes)"),
    (b"\x89PNG\r\n", "6 bytes that are not text"),
    (b"text\0", "5 bytes that are not text"),
    (f"see https://a/?sig=1&token={CANARY}&b".encode(), "see https://a/?sig=1&token=***&b"),
    (f'{{"password": "{CANARY}\\"x", "n": 1}}'.encode(), '{"password": "***", "n": 1}'),
    (b'"secret":"' + b"c" * 3000, '"secret":"***... (3010 bytes)'),
    (f"the key is {KEY}".encode(), "the key is ***"),
    (rb'{"arguments": "{\"api_key\": \"a b\", \"n\": 1}"}',
     r'{"arguments": "{\"api_key\": \"***\", \"n\": 1}"}'),
    (rb'"{\"a\": \"{\\\"token\\\": \\\"x\\\"}\"}"', r'"{\"a\": \"{\\\"token\\\": \\\"***\\\"}\"}"'),
    (b'{"tokens": ["a", {"b": ["c"]}], "n": 1}', '{"tokens": ***, "n": 1}'),
    (b'{"secrets": {"a": {"b": "c"}, "d": "e"}, "n": 1}', '{"secrets": ***, "n": 1}'),
    (b'{"keys": [[[[[["a"]]]]]]}', '{"keys": ***]]}'),
    (b'{"password": 1234, "total_tokens": 12}', '{"password": ***, "total_tokens": 12}'),
    (b"{'api key': 'a'} {\"user's password\": \"b\"}",
     "{'api key': '***'} {\"user's password\": \"***\"}"),
    (rb'{"api\u005fkey": "a"}', r'{"api\u005fkey": "***"}'),
    (rb'"https:\/\/a\/?n=1\u0026token=b"', r'"https:\/\/a\/?n=1\u0026token=***"'),
    (b"/a?token=b;n=1 /a#access_token=c", "/a?token=*** /a#access_token=***"),
    (b"n=1&client_secret=a+b&m=2", "n=1&client_secret=***&m=2"),
    (b"db://user:a@host/b me@a.test", "db://***@host/b me@a.test"),
    (b"Authorization: Bearer a\r\nX-Api-Key: b", r"Authorization: ***\r\nX-Api-Key: ***"),
    (b'"x": "my key", "y": "z", "n": 1', '"x": "my key", "y": "z", "n": 1'),
    (b"key" * 600, "key" * 600),
]  # fmt: skip


@pytest.mark.parametrize(("body", "shown"), BODIES, ids=range(len(BODIES)))
def test_bodies_are_cut_put_into_one_line_and_without_secrets(body: Any, shown: str) -> None:
    from laplas._core.config import Echoes, Secret

    assert watching.show_body(body, Echoes({}, Secret(f"Bearer {KEY}"))) == shown


def test_a_line_is_one_whatever_the_server_calls_its_answer() -> None:
    events = watched(
        lambda c: c.threads.retrieve(THREAD), answer(thread(), x_request_id="a\x1b[2Jb")
    )
    assert events[0].request_id == "a\x1b[2Jb"
    assert str(events[0]).endswith(r" request_id=a\x1b[2Jb")


@pytest.mark.parametrize("half", [Laplas, AsyncLaplas])
def test_bodies_of_uploads_and_streams(half: Any, log_by: Start) -> None:
    stderr = log_by("bodies")

    async def use() -> None:
        client = half.local(api_key=CANARY, default_headers={"X-Token": CANARY})
        await settled(client.files.upload(("a.txt", b"text"), purpose="assistants"))
        pieces = client.thread(THREAD).ask_stream("hi", assistant="asst_abc123")
        assert [piece async for piece in each(pieces)]
        await settled(client.close())

    asyncio.run(use())
    said = stderr.getvalue()
    assert "a form of" in said
    assert "event: thread.run.created" in said
    assert CANARY not in said


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in these pieces."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


@CLIENTS
@pytest.mark.parametrize("is_read", [True, False])
def test_a_secret_that_comes_in_two_pieces(cls: Any, is_read: bool, log_by: Start) -> None:
    stderr = log_by("bodies")

    async def use() -> None:
        body = Pieces(b'{\n"token": "a', CANARY.encode() + b'",\n "n": 1,', b' "secret": "', b'a"}')
        transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=body))
        client = cls(api_key=KEY, transport=transport)
        opened = client.threads.with_streaming_response.retrieve(THREAD)
        async with opened if cls is AsyncLaplas else nullcontext(opened) as response:
            with nullcontext() if cls is AsyncLaplas else opened as entered:
                async for _ in each((entered or response).iter_bytes()):
                    if not is_read:
                        break
        await settled(client.close())

    asyncio.run(use())
    said = [part.partition("answered ")[2] for part in stderr.getvalue().splitlines()]
    whole = ["{", '"token": "***",', ' "n": 1, "secret": "***"}']
    assert [part for part in said if part] == (whole if is_read else ["{", '"token": "***'])


def test_events_and_lines_hold_no_secret(log_by: Start) -> None:
    stderr = log_by("bodies")
    secret = {"default_query": {"api_key": CANARY}, "default_headers": {"X-Token": CANARY}}
    steps = [
        answer(CANARY, 503, retry_after="0", x_request_id=CANARY), answer(thread()),
    ]  # fmt: skip
    events = watched(lambda c: c.threads.retrieve(THREAD), *steps, api_key=CANARY, **secret)
    assert len(events) == 4
    assert "?api_key=***" in stderr.getvalue()
    assert CANARY not in f"{events} {list(map(str, events))} {stderr.getvalue()}"
