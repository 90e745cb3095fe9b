"""Runs in trouble, on a real socket: lost answers, busy threads, ends in between, Ctrl-C, leaving.

Both clients talk to an embedded server, or to a few lines of HTTP, on 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import http.server
import signal
import socketserver
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from operator import attrgetter
from typing import Any

import pytest
from run_scripts import ASSISTANT, DONE, RUN, answered, reply, sse
from scripted import THREAD, answer, message

from laplas import AsyncLaplas, EventStream, Laplas, Refusal, errors
from laplas.local import LocalServer, Reply, running

Call = Callable[[Any], Any]
Made = Callable[[Call], Any]


@contextmanager
def client_at(url: str, kind: str) -> Iterator[Made]:
    """What carries a call out with one of the clients; of pieces, it returns the list."""
    if kind == "sync":
        with Laplas(api_key="k", base_url=url) as client:

            def called(call: Call) -> Any:
                value = call(client)
                is_pieces = isinstance(value, Iterator) and not isinstance(value, EventStream)
                return [*value] if is_pieces else value

            yield called
        return
    other = AsyncLaplas(api_key="k", base_url=url)

    async def awaited(call: Call) -> Any:
        value = call(other)
        if isinstance(value, AsyncIterator):
            return [item async for item in value]
        return await value

    with asyncio.Runner() as runner:
        yield lambda call: runner.run(awaited(call))
        runner.run(other.aclose())


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of the client."""
    return str(request.param)


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as made:
        yield made


@pytest.fixture
def url(server: LocalServer) -> Iterator[str]:
    pytest.importorskip("aiohttp")
    with running(server) as base_url:
        yield base_url


@pytest.fixture
def made(url: str, kind: str) -> Iterator[Made]:
    with client_at(url, kind) as carried_out:
        yield carried_out


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
    with pytest.raises(errors.BadRequestError, match="Cannot cancel run with status 'cancelled'"):
        made(lambda c: c.runs.cancel(THREAD, run_id))  # nothing was lost here


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
    with pytest.raises(errors.APIConnectionError) as caught:
        made(lambda c: c.thread(THREAD).ask_stream(CALLS, assistant=ASSISTANT, tools=[count]))
    assert caught.value.operation == "submit_tool_outputs"
    (note,) = caught.value.__notes__
    assert "the run run_" in note
    assert caught.value.run.id in note


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
        with pytest.raises(errors.ActiveRunError, match=active.id) as caught:
            made(call)
        assert (caught.value.thread_id, caught.value.run_id) == (THREAD, active.id)
        assert len(server.messages(THREAD)) == 2
        assert made(lambda c: call(c, **WAIT))
        assert other.runs.retrieve(THREAD, active.id).status == "completed"


def test_a_stream_can_wait_for_an_active_run(made: Made) -> None:
    made(lambda c: c.runs.create(THREAD, ASSISTANT))
    stream = made(lambda c: c.runs.stream(THREAD, ASSISTANT, wait_for_active_run=True))
    assert made(lambda _: stream.until_done()).text.startswith("Echo:")


# Ends in between

ENDS: dict[str, type[errors.LaplasError]] = {
    "expired": errors.RunExpiredError,
    "failed": errors.RunFailedError,
    "cancelled": errors.RunCancelledError,
    "cancelling": errors.RunCancelledError,
    "in_progress": errors.BadRequestError,
}


@pytest.mark.parametrize("way", ["ask", "ask_stream"])
@pytest.mark.parametrize(("status", "cls"), ENDS.items())
def test_a_run_that_ends_while_functions_run_has_its_own_error(
    server: LocalServer, made: Made, way: str, status: str, cls: type[errors.LaplasError]
) -> None:
    """Not only the 400 by which the server refuses the outputs; that where the run goes on."""

    def slow() -> str:
        with Laplas.local(server) as other:
            (active,) = other.runs.list(THREAD, page_size=1).data
        server.set_run(active.id, status=status, required_action=None)
        return "too late"

    text, given = "/call slow", {"assistant": ASSISTANT, "tools": [slow]}
    with pytest.raises(cls) as caught:
        made(lambda c: getattr(c.thread(THREAD), way)(text, **given))
    if isinstance(caught.value, errors.RunError):
        assert caught.value.run.status == status
    else:
        assert "do not accept tool outputs" in str(caught.value)


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
        with pytest.raises(errors.ActiveRunError) as caught:
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


# Leaving streams, on a socket that can tell


class Streamer(socketserver.TCPServer):
    """An HTTP server that streams these events, then does nothing, or ends ("over", "cut").

    Attributes:
        left: Set when the client has let the connection go.
    """

    def __init__(self, events: bytes, end: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.left = threading.Event()
        self.events, self.end = events, end
        threading.Thread(target=self.serve_forever, args=(0.01,)).start()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.left.set()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Streamer

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        kind, body, end = "text/event-stream", self.server.events, self.server.end
        if self.path.endswith("/messages"):
            kind, body, end = "application/json", answer(message()).body, "over"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        last = b"0\r\n\r\n" if end == "over" else b""
        self.wfile.write(b"%x\r\n%b\r\n" % (len(body), body) + last)
        self.close_connection = end == "cut"


SOME = sse(*answered("So", " far")[:5])
ALL = sse(*answered("So", " far"), DONE)
ERROR = sse(("error", {"message": "Overloaded.", "code": "busy"}))


def leave(client: Laplas, way: str) -> None:
    if way == "reply":
        for piece in client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT):
            assert piece == "So"
            return
    with client.runs.stream(THREAD, ASSISTANT) as stream:
        for _ in stream.text if way == "text" else stream if way != "untouched" else ():
            if way == "raises":
                raise ZeroDivisionError
            break


async def async_leave(client: AsyncLaplas, way: str) -> None:
    if way == "reply":
        pieces: Any = client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT)
        async with aclosing(pieces):
            assert await anext(pieces) == "So"
        return
    async with client.runs.stream(THREAD, ASSISTANT) as stream:
        if way == "untouched":
            return
        async for _ in stream.text if way == "text" else stream:
            if way == "raises":
                raise ZeroDivisionError
            break


@pytest.mark.parametrize("way", ["untouched", "breaks", "text", "raises", "reply"])
def test_what_is_left_gives_its_connection_back_to_the_server(way: str, kind: str) -> None:
    """While the server would still have something to say, and the client lives on."""
    with Streamer(SOME) as server, client_at(server.url, kind) as made:
        with suppress(ZeroDivisionError):
            made(lambda c: (leave if kind == "sync" else async_leave)(c, way))
        assert server.left.wait(30)


BAD_ENDS = {
    "error": (SOME + ERROR, "", errors.StreamError),
    "cut": (SOME, "cut", errors.StreamCutError),
    "over": (SOME, "over", errors.StreamCutError),
}


@pytest.mark.parametrize(("events", "end", "cls"), BAD_ENDS.values(), ids=BAD_ENDS.keys())
def test_a_stream_that_ends_badly_gives_its_connection_back(
    events: bytes, end: str, cls: type[Any], kind: str
) -> None:
    """Without a `with` block; what had come is in the error."""
    with Streamer(events, end) as server:
        with client_at(server.url, kind) as made:
            stream = made(lambda c: c.runs.stream(THREAD, ASSISTANT))
            with pytest.raises(cls) as caught:
                made(lambda _: stream.until_done())
            partial = caught.value.partial
            told = (partial.text, partial.run.status, partial.run.id)
            assert told == ("So far", "in_progress", RUN)
            # A whole answer leaves the connection for the next.
            assert end == "over" or server.left.wait(30)
        assert server.left.wait(30)


def test_ctrl_c_in_the_middle_of_a_reply_gives_its_connection_back() -> None:
    """As in a chat: the client goes on living."""

    def show(pieces: Iterator[str]) -> None:
        for piece in pieces:
            if piece == "So":  # shown once the next has come
                signal.raise_signal(signal.SIGINT)

    with Streamer(SOME) as server, Laplas(api_key="k", base_url=server.url) as client:
        with pytest.raises(KeyboardInterrupt):
            show(client.thread(THREAD).ask_stream("How?", assistant=ASSISTANT))
        assert server.left.wait(30)


def read_whole(made: Made) -> Any:
    stream = made(lambda c: c.runs.stream(THREAD, ASSISTANT))
    return made(lambda _: stream.until_done()).text


def test_a_reply_read_to_its_end_leaves_its_connection_for_the_next(kind: str) -> None:
    """As any other answer does: a new connection takes several round trips."""
    with Streamer(ALL, "over") as server:
        with client_at(server.url, kind) as made:
            assert [read_whole(made) for _ in range(3)] == ["So far"] * 3
            assert not server.left.is_set()
        assert server.left.wait(30)


def test_a_stream_that_is_done_does_not_wait_for_the_server_to_end_it(kind: str) -> None:
    with Streamer(ALL) as server, client_at(server.url, kind) as made:
        assert read_whole(made) == "So far"
        assert server.left.wait(30)


def test_reply_is_in_the_shape_of_recorded_traffic() -> None:
    """What these tests stream is what `reply` answers: else they would prove nothing."""
    with LocalServer(reply=lambda _: Reply(text=["So", " far"])) as server:
        with Laplas.local(server) as client:
            result = client.runs.stream(THREAD, ASSISTANT).until_done()
        told = set(result.messages[0].to_dict()) - {"status", "incomplete_details"}
        assert told - {"incomplete_at", "completed_at"} == set(reply("So far"))
