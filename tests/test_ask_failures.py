"""Runs in trouble, on a real socket: lost answers, busy threads, ends in between, Ctrl-C, leaving.

Both clients talk to an embedded server, or to a few lines of HTTP, on 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, suppress
from operator import attrgetter
from typing import Any, Self

import httpx
import pytest
from run_scripts import ASSISTANT, DONE, RUN, answered, reply, run, sse, streamed, waiting
from scripted import THREAD, Ran, Script, Step, _head, answer, breaks, message, run_both

from laplas import (
    ActiveRunError,
    APIConnectionError,
    AsyncLaplas,
    BadRequestError,
    InvalidArgumentError,
    Laplas,
    Refusal,
    RunCancelledError,
    RunError,
    RunExpiredError,
    RunFailedError,
    RunTimeoutError,
    StreamCutError,
    StreamError,
)
from laplas.local import LocalServer, Reply, running

Call = Callable[[Any], Any]
ONE_RUN = f"/threads/{THREAD}/runs/{RUN}"
SUBMIT = ("POST", f"{ONE_RUN}/submit_tool_outputs")
CANCEL = ("POST", f"{ONE_RUN}/cancel")
LOOK = ("GET", ONE_RUN)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as made:
        yield made


@pytest.fixture
def url(server: LocalServer) -> Iterator[str]:
    pytest.importorskip("aiohttp")
    with running(server) as base_url:
        yield base_url


Made = Callable[[Call], Any]


@pytest.fixture(params=["sync", "async"])
def made(request: pytest.FixtureRequest, url: str) -> Made:
    """What carries a call out with one of the clients; of pieces, it returns the list."""

    def in_sync(call: Call) -> Any:
        with Laplas(api_key="k", base_url=url) as client:
            value = call(client)
            return list(value) if hasattr(value, "__next__") else value

    async def awaited(call: Call) -> Any:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            value = call(client)
            if isinstance(value, AsyncIterator):
                return [item async for item in value]
            return await value

    return in_sync if request.param == "sync" else lambda call: asyncio.run(awaited(call))


def targets(ran: Ran) -> list[tuple[str, str]]:
    return [(sent.method, sent.target) for sent in ran.requests]


# Lost answers


@pytest.mark.parametrize(
    "fault", ["reset-after-commit", "close-after-commit", "status-after-commit=500", "truncate"]
)
@pytest.mark.parametrize("raw", [False, True])
def test_a_cancel_whose_answer_is_lost_is_done(
    server: LocalServer, made: Made, fault: str, raw: bool
) -> None:
    run_id = made(lambda c: c.runs.create(THREAD, ASSISTANT)).id
    server.faults.add(f"cancel_run: {fault}")
    runs = attrgetter("runs.with_raw_response" if raw else "runs")
    got = made(lambda c: runs(c).cancel(THREAD, run_id))
    if raw:
        assert got.attempts == 2
        got = got.parse()
    assert got.id == run_id
    assert got.status in ("cancelling", "cancelled")
    assert server.faults.struck.total() == 1
    with pytest.raises(BadRequestError, match="Cannot cancel run with status 'cancelled'"):
        made(lambda c: c.runs.cancel(THREAD, run_id))  # nothing was lost here


def cancelling(*steps: Step | Script) -> Ran:
    return run_both(lambda c: c.runs.cancel(THREAD, RUN), *steps)


LOST = breaks(httpx.ReadError("lost"))
OVER = answer({"error": {"message": "Cannot cancel run with status 'x'."}}, 400)


@pytest.mark.parametrize("status", ["cancelling", "cancelled", "completed", "failed", "new"])
def test_a_repeated_cancel_looks_at_the_run(status: str) -> None:
    """With the options of the call, but for its body; one that ended otherwise is refused."""
    given = {"extra_body": {"a": 1}, "extra_query": {"b": 2}, "extra_headers": {"X-C": "d"}}
    steps = [LOST, OVER, answer(run(status))]
    ran = run_both(lambda c: c.runs.cancel(THREAD, RUN, **given), *steps)
    assert targets(ran)[-1] == LOOK
    assert (ran.requests[-1].header("x-c"), ran.requests[-1].body) == ("d", b"")
    ran = cancelling(*steps)
    assert targets(ran) == [CANCEL, CANCEL, LOOK]
    if status.startswith("cancel"):
        assert ran.result.to_dict() == run(status)
        return
    assert type(ran.error) is BadRequestError
    assert ran.error.attempts == 2
    assert ran.error.may_have_taken_effect


def test_a_cancel_that_is_refused_at_once_is_not_looked_into() -> None:
    ran = cancelling(OVER)
    assert type(ran.error) is BadRequestError
    assert not ran.error.may_have_taken_effect
    assert targets(ran) == [CANCEL]
    assert targets(cancelling(answer("", 503, retry_after="0"), OVER)) == [CANCEL, CANCEL]


def test_a_look_that_fails_leaves_the_refusal() -> None:
    ran = cancelling(LOST, OVER, answer("", 404))
    assert type(ran.error) is BadRequestError
    assert "looking whether it is done failed too: 404" in ran.error.__notes__[0]


def count(city: str) -> str:
    """How many people live in a city."""
    counted.append(city)
    return "7"


counted: list[str] = []
CALLS = '/call count {"city": "Oslo"} /call count {"city": "Rome"}'


@pytest.mark.parametrize("fault", ["reset-after-commit", "status-after-commit=502", "reset"])
def test_tool_outputs_whose_answer_is_lost_are_given_once(
    server: LocalServer, made: Made, fault: str
) -> None:
    """And the functions are called once: what they did is not done again."""
    counted.clear()
    server.faults.add(f"submit_tool_outputs: {fault}")
    got = made(lambda c: c.thread(THREAD).ask(CALLS, assistant=ASSISTANT, tools=[count]))
    assert got.text.endswith("count gave 7\ncount gave 7")
    assert sorted(counted) == ["Oslo", "Rome"]
    assert server.faults.struck.total() == 1


def test_tool_outputs_for_a_stream_are_not_given_twice(server: LocalServer, made: Made) -> None:
    """The events of the lost answer do not come again."""
    server.faults.add("submit_tool_outputs: reset-after-commit")
    with pytest.raises(APIConnectionError) as caught:
        made(lambda c: c.thread(THREAD).ask_stream(CALLS, assistant=ASSISTANT, tools=[count]))
    assert caught.value.operation == "submit_tool_outputs"
    (note,) = caught.value.__notes__
    assert "the run run_" in note


REFUSED = answer({"error": {"message": 'Runs in status "x" do not accept tool outputs.'}}, 400)


SEEN = [
    *[(run(status), True) for status in ("queued", "in_progress", "completed", "failed")],
    (waiting(("call_9", "f", "{}")), True),
    (waiting(("call_1", "f", "{}")), False),
    *[(run(status), False) for status in ("expired", "cancelled")],
]


@pytest.mark.parametrize(("seen", "is_made"), SEEN)
def test_repeated_tool_outputs_are_looked_for(seen: Any, is_made: bool) -> None:
    call: Call = lambda c: c.runs.submit_tool_outputs(THREAD, RUN, {"call_1": "wet"})  # noqa: E731
    ran = run_both(call, LOST, REFUSED, answer(seen))
    assert targets(ran) == [SUBMIT, SUBMIT, LOOK]
    if is_made:
        assert ran.result.to_dict() == seen
    else:
        assert type(ran.error) is BadRequestError


# Threads that a run is active on

WAIT = {"wait_for_active_run": True}
ASKED = {"assistant": ASSISTANT}
STARTS: dict[str, Call] = {
    "messages.create": lambda c, **given: c.messages.create(THREAD, "next", **given),
    "handle": lambda c, **given: c.thread(THREAD).messages.create("next", **given),
    "once": lambda c, **given: c.messages.create(THREAD, "next", once=True, **given),
    "raw": lambda c, **given: c.messages.with_raw_response.create(THREAD, "next", **given),
    "runs.create": lambda c, **given: c.runs.create(THREAD, ASSISTANT, **given),
    "runs.create_and_poll": lambda c, **given: c.runs.create_and_poll(THREAD, ASSISTANT, **given),
    "ask": lambda c, **given: c.thread(THREAD).ask("next", **ASKED, **given),
    "ask_stream": lambda c, **given: c.thread(THREAD).ask_stream("next", **ASKED, **given),
}  # fmt: skip


@pytest.mark.parametrize("call", STARTS.values(), ids=STARTS.keys())
def test_an_active_run_is_named_and_can_be_waited_for(
    server: LocalServer, made: Made, call: Callable[..., Any]
) -> None:
    with Laplas.local(server) as other:
        active = other.runs.create(THREAD, ASSISTANT)
        with pytest.raises(ActiveRunError, match=active.id) as caught:
            made(call)
        assert (caught.value.thread_id, caught.value.run_id) == (THREAD, active.id)
        assert len(server.messages(THREAD)) == 2
        assert made(lambda c: call(c, **WAIT))
        assert other.runs.retrieve(THREAD, active.id).status == "completed"


def test_a_stream_can_wait_for_an_active_run(server: LocalServer, url: str) -> None:
    with Laplas(api_key="k", base_url=url) as client:
        client.runs.create(THREAD, ASSISTANT)
        with client.runs.stream(THREAD, ASSISTANT, wait_for_active_run=True) as stream:
            assert stream.until_done().text.startswith("Echo:")

    async def test() -> None:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            await client.runs.create(THREAD, ASSISTANT)
            asked = client.runs.stream(THREAD, ASSISTANT, wait_for_active_run=True)
            async with asked as stream:
                assert (await stream.until_done()).text.startswith("Echo:")

    asyncio.run(test())


BUSY = answer(
    {"error": {"message": f"Can't add messages to {THREAD} while a run {RUN} is active."}}, 400
)


def adding(*steps: Step | Script, **options: Any) -> Ran:
    given = {"wait_for_active_run": True, **options}
    return run_both(lambda c: c.messages.create(THREAD, "next", **given), *steps)


def test_waits_for_an_active_run_grow() -> None:
    ran = adding(BUSY, *[answer(run("in_progress"))] * 4, answer(run()), answer(message()))
    assert ran.result.to_dict() == message()
    assert ran.waits == [0.5 * 1.5**n for n in range(4)]


@pytest.mark.parametrize(
    ("options", "seconds"), [({"poll_deadline": 7}, 7), ({"deadline": 4.0}, 4), ({}, 900)]
)
def test_an_active_run_is_waited_for_no_longer_than_the_deadline(
    options: dict[str, Any], seconds: float
) -> None:
    """Its own, or that of the whole call."""
    ran = adding(BUSY, lambda _: answer(run("in_progress")), **options)
    assert type(ran.error) is RunTimeoutError
    assert ran.error.run.id == RUN
    assert sum(ran.waits) == pytest.approx(seconds)


def test_a_server_that_has_not_noticed_that_the_run_is_over_is_asked_again_later() -> None:
    ran = adding(BUSY, answer(run()), BUSY, answer(run()), BUSY, answer(run()), answer(message()))
    assert ran.result.to_dict() == message()
    assert ran.waits == [0.5, 0.75]


def test_a_server_that_never_notices_is_not_asked_for_ever() -> None:
    ran = adding(lambda sent: BUSY if sent.method == "POST" else answer(run()), poll_deadline=10)
    assert type(ran.error) is ActiveRunError
    assert sum(ran.waits) == pytest.approx(10)
    assert len(ran.requests) < 20


def test_the_next_run_in_the_way_is_waited_for_too() -> None:
    other = answer({"error": {"message": f"{THREAD} already has an active run run_2."}}, 400)
    ran = adding(BUSY, answer(run()), other, answer(run(id="run_2")), answer(message()))
    assert ran.result.to_dict() == message()
    looks = [sent.target for sent in ran.requests if sent.method == "GET"]
    assert looks == [ONE_RUN, f"/threads/{THREAD}/runs/run_2"]
    assert ran.waits == []


def test_looks_at_the_active_run_carry_nothing_of_the_message() -> None:
    given = {"extra_body": {"a": 1}, "extra_query": {"b": 2}, "extra_headers": {"X-C": "d"}}
    ran = adding(BUSY, answer(run()), answer(message()), **given)
    assert targets(ran)[1] == LOOK
    assert ran.requests[1].body == b""
    assert {sent.header("x-c") for sent in ran.requests} == {"d"}
    assert ran.requests[2].json()["a"] == 1


@pytest.mark.parametrize(
    ("options", "argument"),
    [
        ({"wait_for_active_run": 30}, "wait_for_active_run"),
        ({"wait_for_active_run": None}, "wait_for_active_run"),
        ({"poll_deadline": 0}, "poll_deadline"),
        ({"poll_deadline": "9", "wait_for_active_run": False}, "poll_deadline"),
        ({"deadline": "9", "wait_for_active_run": True}, "deadline"),
        ({"deadline": None, "wait_for_active_run": True}, "deadline"),
    ],
)
def test_bad_waits_are_refused_before_anything_is_sent(
    options: dict[str, Any], argument: str
) -> None:
    for name in ("messages.create", "runs.create", "runs.create_and_poll", "ask"):
        ran = run_both(lambda c, name=name: STARTS[name](c, **options))  # type: ignore[misc]
        assert not ran.requests
        assert type(ran.error) is InvalidArgumentError
        assert ran.error.argument == argument


# Ends in between

ENDS = {"expired": RunExpiredError, "failed": RunFailedError}
ENDS |= dict.fromkeys(["cancelled", "cancelling"], RunCancelledError)


def asking(made: Made, way: str, function: Callable[..., Any]) -> Any:
    """Ask so that the server calls this function."""
    text, given = f"/call {function.__name__}", {"assistant": ASSISTANT, "tools": [function]}
    return made(lambda c: getattr(c.thread(THREAD), way)(text, **given))


@pytest.mark.parametrize("way", ["ask", "ask_stream"])
@pytest.mark.parametrize(("status", "cls"), ENDS.items())
def test_a_run_that_ends_while_functions_run_has_its_own_error(
    server: LocalServer, made: Made, way: str, status: str, cls: type[RunError]
) -> None:
    """Not only the 400 by which the server refuses the outputs."""

    def slow() -> str:
        with Laplas.local(server) as other:
            (active,) = other.runs.list(THREAD, page_size=1).data
        server.set_run(active.id, status=status, required_action=None)
        return "too late"

    with pytest.raises(cls) as caught:
        asking(made, way, slow)
    assert caught.value.run.status == status


@pytest.mark.parametrize("way", ["ask", "ask_stream"])
def test_refused_outputs_of_a_run_that_goes_on_are_the_servers_refusal(
    server: LocalServer, made: Made, way: str
) -> None:
    def meddling() -> str:
        with Laplas.local(server) as other:
            (active,) = other.runs.list(THREAD, page_size=1).data
            ids = [call.id for call in active.tool_calls]
            other.runs.submit_tool_outputs(THREAD, active.id, dict.fromkeys(ids, "first"))
        return "second"

    with pytest.raises(BadRequestError, match="do not accept tool outputs"):
        asking(made, way, meddling)


def test_a_model_that_calls_and_calls_is_not_listened_to_for_ever() -> None:
    """The waits of a stream are the server's; the deadline ends what goes on behind it."""

    def turn(n: int) -> Step:
        events = [("thread.run.requires_action", waiting((f"call_{n}", "count", "{}"))), DONE]
        return streamed(*events)._replace(takes=1)

    def count() -> str:
        return "1"

    given = {"assistant": ASSISTANT, "tools": [count], "poll_deadline": 5}
    call: Call = lambda c: c.thread(THREAD).ask_stream("hi", **given)  # noqa: E731
    ran = run_both(call, answer(message()), *map(turn, range(20)), collect="items")
    assert type(ran.error) is RunTimeoutError
    assert ran.error.run.id == RUN
    assert 5 <= len(ran.requests) <= 8


def test_a_stream_of_a_run_that_wrote_nothing_is_no_reply() -> None:
    """As with `ask`: silence is not taken for an answer."""
    silent = streamed(("thread.run.completed", run()), DONE)
    call: Call = lambda c: c.thread(THREAD).ask_stream("hi", assistant=ASSISTANT)  # noqa: E731
    ran = run_both(call, answer(message()), silent, collect="items")
    assert type(ran.error) is RunError
    assert str(ran.error) == f"{RUN} completed without a message"


# Refusals


def test_a_refusal_is_what_the_assistant_says(made: Made) -> None:
    """`ask_stream` yields it, told apart by its type; `ask` has it in its place."""
    pieces = made(lambda c: c.thread(THREAD).ask_stream("/refuse", assistant=ASSISTANT))
    assert "".join(pieces) == "I'm sorry, I can't assist with that."
    assert len(pieces) > 1
    assert {type(piece) for piece in pieces} == {Refusal}
    got = made(lambda c: c.thread(THREAD).ask("/refuse", assistant=ASSISTANT))
    assert (got.text, got.refusal) == ("", "I'm sorry, I can't assist with that.")
    pieces = made(lambda c: c.thread(THREAD).ask_stream("hi", assistant=ASSISTANT))
    assert {type(piece) for piece in pieces} == {str}


# Ctrl-C


@pytest.mark.parametrize("way", ["ask", "ask_stream"])
def test_ctrl_c_in_a_function_is_not_told_to_the_run(
    server: LocalServer, url: str, way: str
) -> None:
    """It ends the asking at once; the run stays as it was, and can be gone on with."""

    def interrupted() -> None:
        signal.raise_signal(signal.SIGINT)

    with Laplas(api_key="k", base_url=url) as client:
        thread = client.thread(THREAD)
        ask = getattr(thread, way)
        with pytest.raises(KeyboardInterrupt):
            list(ask("/call interrupted", assistant=ASSISTANT, tools=[interrupted]))
        with pytest.raises(ActiveRunError) as caught:
            thread.messages.create("and?")
        left = client.runs.retrieve(THREAD, caught.value.run_id)
        assert left.status == "requires_action"
        client.runs.cancel(THREAD, left.id)
        thread.messages.create("free again", wait_for_active_run=True)


def test_ctrl_c_ends_async_functions_with_the_question(server: LocalServer, url: str) -> None:
    ended: list[str] = []

    async def endless() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(signal.raise_signal, signal.SIGINT)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("endless")

    async def test() -> None:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            await client.thread(THREAD).ask("/call endless", assistant=ASSISTANT, tools=[endless])

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(test())
    assert ended == ["endless"]
    with Laplas.local(server) as client:
        assert client.runs.list(THREAD).data[0].status == "requires_action"


def test_ctrl_c_while_a_run_is_waited_for_stops_at_once() -> None:
    def waits(_: Any) -> Step:
        signal.raise_signal(signal.SIGINT)
        return answer(run("in_progress"))

    with pytest.raises(KeyboardInterrupt):
        run_both(lambda c: c.runs.poll(THREAD, RUN), waits)


# Leaving streams, on a socket that can tell


class Streamer:
    """An HTTP server that streams these events in chunks, then does nothing, or ends, or resets.

    Attributes:
        left: Set when the client has let the connection go.
    """

    def __init__(self, events: bytes, end: str = "") -> None:
        self.left = threading.Event()
        self._events = events
        self._end = end
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection, suppress(OSError):
                    self._answer(connection)
                self.left.set()

    def _answer(self, connection: socket.socket) -> None:
        reader = connection.makefile("rb")
        while head := _head(reader):
            (length,) = re.findall(rb"(?i)content-length: *(\d+)", head)
            reader.read(int(length))
            if b"/messages " in head:
                body = answer(message()).body
                top = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n"
                connection.sendall(top.encode() + body)
                continue
            top = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            connection.sendall(f"{top}Transfer-Encoding: chunked\r\n\r\n".encode())
            for start in range(0, len(self._events), 100):
                chunk = self._events[start : start + 100]
                last = self._end == "over" and start + 100 >= len(self._events)
                end = b"0\r\n\r\n" if last else b""
                connection.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n" + end)
            if self._end == "cut":
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)
        assert not self._thread.is_alive(), "a connection is still held"


SOME = sse(*answered("So", " far")[:5])
ALL = sse(*answered("So", " far"), DONE)
ERROR = sse(("error", {"message": "Overloaded.", "code": "busy"}))


def leave(stream: Any, way: str) -> None:
    with stream:
        for _ in stream.text if way == "text" else stream if way != "untouched" else ():
            if way == "raises":
                raise ZeroDivisionError
            break


async def async_leave(stream: Any, way: str) -> None:
    async with stream:
        if way == "untouched":
            return
        async for _ in stream.text if way == "text" else stream:
            if way == "raises":
                raise ZeroDivisionError
            break


both_clients = pytest.mark.parametrize("asynced", [False, True], ids=["sync", "async"])


def with_client(server: Streamer, asynced: bool, use: Call, async_use: Call) -> None:
    """Use a client, which stays open until the server has seen the connection go."""
    if not asynced:
        with Laplas(api_key="k", base_url=server.url) as client:
            use(client)
            assert server.left.wait(30)
        return

    async def test() -> None:
        async with AsyncLaplas(api_key="k", base_url=server.url) as client:
            await async_use(client)
            assert await asyncio.to_thread(server.left.wait, 30)

    asyncio.run(test())


@both_clients
@pytest.mark.parametrize("way", ["untouched", "breaks", "text", "raises"])
def test_a_with_block_gives_the_connection_back_to_the_server(way: str, asynced: bool) -> None:
    """While the server would still have something to say, and the client lives on."""

    def use(client: Laplas) -> None:
        with suppress(ZeroDivisionError):
            leave(client.runs.stream(THREAD, ASSISTANT), way)

    async def async_use(client: AsyncLaplas) -> None:
        with suppress(ZeroDivisionError):
            await async_leave(await client.runs.stream(THREAD, ASSISTANT), way)

    with Streamer(SOME) as server:
        with_client(server, asynced, use, async_use)


@both_clients
@pytest.mark.parametrize("end", ["error", "cut", "over"])
def test_a_stream_that_ends_badly_gives_its_connection_back(end: str, asynced: bool) -> None:
    """Without a `with` block; what had come is in the error."""
    cls: type[Any] = StreamError if end == "error" else StreamCutError

    def check(error: Any) -> None:
        assert error.partial.text == "So far"
        assert error.partial.run.status == "in_progress"
        assert error.partial.run.id == RUN

    def use(client: Laplas) -> None:
        with pytest.raises(cls) as caught:
            client.runs.stream(THREAD, ASSISTANT).until_done()
        check(caught.value)
        client.close() if end == "over" else None  # a whole answer leaves the connection reusable

    async def async_use(client: AsyncLaplas) -> None:
        with pytest.raises(cls) as caught:
            await (await client.runs.stream(THREAD, ASSISTANT)).until_done()
        check(caught.value)
        await client.aclose() if end == "over" else None

    events = SOME + ERROR if end == "error" else SOME
    with Streamer(events, "" if end == "error" else end) as server:
        with_client(server, asynced, use, async_use)


@both_clients
def test_a_reply_that_is_left_gives_its_connection_back(asynced: bool) -> None:
    def use(client: Laplas) -> None:
        pieces: Any = client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT)
        assert next(pieces) == "So"
        pieces.close()

    async def async_use(client: AsyncLaplas) -> None:
        pieces: Any = client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT)
        async with aclosing(pieces):
            assert await anext(pieces) == "So"

    with Streamer(SOME) as server:
        with_client(server, asynced, use, async_use)


def test_ctrl_c_in_the_middle_of_a_reply_gives_its_connection_back() -> None:
    """As in a chat: the client goes on living."""

    def use(client: Laplas) -> None:
        with pytest.raises(KeyboardInterrupt):
            show(client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT))

    def show(pieces: Iterator[str]) -> None:
        for piece in pieces:
            if piece == " far":
                signal.raise_signal(signal.SIGINT)

    with Streamer(SOME) as server:
        with_client(server, False, use, use)


@both_clients
def test_a_reply_read_to_its_end_leaves_its_connection_for_the_next(asynced: bool) -> None:
    """As any other answer does: a new connection takes several round trips."""

    def use(client: Laplas) -> None:
        for _ in range(3):
            assert "".join(client.runs.stream(THREAD, ASSISTANT).text) == "So far"
        assert not streamer.left.is_set()
        client.close()

    async def async_use(client: AsyncLaplas) -> None:
        for _ in range(3):
            stream = await client.runs.stream(THREAD, ASSISTANT)
            assert (await stream.until_done()).text == "So far"
        assert not streamer.left.is_set()
        await client.aclose()

    with Streamer(ALL, "over") as streamer:
        with_client(streamer, asynced, use, async_use)


@both_clients
def test_a_stream_that_is_done_does_not_wait_for_the_server_to_end_it(asynced: bool) -> None:
    def use(client: Laplas) -> None:
        assert "".join(client.runs.stream(THREAD, ASSISTANT).text) == "So far"

    async def async_use(client: AsyncLaplas) -> None:
        stream = await client.runs.stream(THREAD, ASSISTANT)
        assert (await stream.until_done()).text == "So far"

    with Streamer(ALL) as server:
        with_client(server, asynced, use, async_use)


def test_reply_is_in_the_shape_of_recorded_traffic() -> None:
    """What these tests stream is what `reply` answers: else they would prove nothing."""
    with LocalServer(reply=lambda _: Reply(text=["So", " far"])) as server:
        with Laplas.local(server) as client:
            result = client.runs.stream(THREAD, ASSISTANT).until_done()
        told = set(result.messages[0].to_dict()) - {"status", "incomplete_details"}
        assert told - {"incomplete_at", "completed_at"} == set(reply("So far"))
