"""`with_streaming_response`: the answer's body is read in the block, in all ways there are."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from contextlib import AsyncExitStack
from typing import Any, assert_type

import httpx
import pytest
from scripted import KEY, MESSAGE, THREAD, Loopback, Ran, answer, message, page, run_both, settled

import laplas
from laplas import AsyncLaplas, Laplas, Message

LINES = 'a\r\nb\rc\u2028d\n\n{"e": "\u0085"}'


def opened(call: Any, use: Any, *steps: Any, **options: Any) -> Ran:
    """What `use` makes of a response within its block, the same with both clients."""

    async def within(client: Any) -> Any:
        made = call(client)
        async with AsyncExitStack() as stack:
            if hasattr(made, "__aenter__"):
                response = await stack.enter_async_context(made)
            else:
                response = stack.enter_context(made)
            return await use(response)

    return run_both(within, *steps, **options)


async def collected(items: Any) -> list[Any]:
    if hasattr(items, "__aiter__"):
        return [each async for each in items]
    return list(items)


def retrieve(client: Any) -> Any:
    return client.messages.with_streaming_response.retrieve(THREAD, MESSAGE)


CALLS: dict[str, tuple[Any, Any, type]] = {
    "create": (
        lambda c: c.messages.with_streaming_response.create(THREAD, "hi"),
        message(),
        Message,
    ),
    "list": (lambda c: c.messages.with_streaming_response.list(THREAD), page("msg_1"), object),
    "openai": (
        lambda c: c.beta.threads.messages.with_streaming_response.retrieve(
            MESSAGE, thread_id=THREAD
        ),
        message(),
        Message,
    ),
    "once": (
        lambda c: c.messages.with_streaming_response.create(THREAD, "hi", once="k"),
        message(metadata={"laplas_once": "k"}),
        Message,
    ),
    "wait": (
        lambda c: c.messages.with_streaming_response.create(THREAD, "hi", wait_for_active_run=True),
        message(),
        Message,
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_response_has_its_head_and_parses_to_what_the_plain_call_returns(name: str) -> None:
    call, body, kind = CALLS[name]
    first = [answer(page())] if name == "once" else []

    async def use(response: Any) -> Any:
        assert (response.status_code, response.request_id) == (200, "req_1")
        assert response.headers["x-request-id"] == "req_1"
        parsed = await settled(response.parse())
        assert isinstance(parsed, kind)
        assert json.loads(await settled(response.read())) == await settled(response.json()) == body
        assert json.loads(await settled(response.text())) == body
        return [each.id for each in getattr(parsed, "data", [parsed])]

    assert opened(call, use, *first, answer(body, x_request_id="req_1")).result == [
        body.get("id", "msg_1")
    ]


@pytest.mark.parametrize("size", [None, 1, 3, 1000])
def test_a_body_is_read_in_pieces_or_lines(size: int | None) -> None:
    async def use(response: Any) -> Any:
        return b"".join(await collected(response.iter_bytes(size)))

    async def pieces(response: Any) -> Any:
        return await collected(response.iter_text(size))

    async def lines(response: Any) -> Any:
        return await collected(response.iter_lines())

    assert opened(retrieve, use, answer(LINES)).result == LINES.encode()
    texts = opened(retrieve, pieces, answer(LINES)).result
    assert "".join(texts) == LINES
    assert size is None or {len(each) for each in texts[:-1]} <= {size}
    assert opened(retrieve, lines, answer(LINES)).result == [
        *("a", "b", "c\u2028d", "", '{"e": "\u0085"}')
    ]


@pytest.mark.parametrize("size", [0, -1, True, "7", 1.5])
def test_a_size_that_is_none_is_refused(size: Any) -> None:
    async def use(response: Any) -> Any:
        return await collected(response.iter_bytes(size))

    error = opened(retrieve, use, answer(LINES)).error
    assert isinstance(error, laplas.InvalidArgumentError)
    assert error.argument == "chunk_size"


def test_errors_are_those_of_the_plain_call_and_come_before_the_block() -> None:
    async def use(response: Any) -> Any:
        raise AssertionError

    error = opened(retrieve, use, answer({"error": {"message": "no"}}, 404)).error
    assert isinstance(error, laplas.NotFoundError)

    async def parse(response: Any) -> Any:
        return await settled(response.parse())

    assert isinstance(opened(retrieve, parse, answer("none")).error, laplas.UnparsableResponseError)


def test_what_is_read_into_memory_has_a_limit_and_what_passes_has_none() -> None:
    async def read(response: Any) -> Any:
        return await settled(response.read())

    async def iterate(response: Any) -> Any:
        return sum(map(len, await collected(response.iter_bytes(7))))

    options = {"max_response_bytes": 50}
    error = opened(retrieve, read, answer(b"x" * 100), **options).error
    assert (type(error), error.kind) == (laplas.APIConnectionError, "too_large")
    assert opened(retrieve, iterate, answer(b"x" * 100), **options).result == 100


def test_a_body_is_left_unread_and_its_connection_is_free_again() -> None:
    """On a real connection: the block ends before the body does, and the next call is served."""
    with Loopback() as server:
        server.script.extend([answer(b"x" * 3_000_000), answer(message())] * 2)
        with Laplas(api_key="k", base_url=server.url) as client:
            with retrieve(client) as response:
                assert next(response.iter_bytes(10)) == b"x" * 10
            assert client.messages.retrieve(THREAD, MESSAGE).id == MESSAGE

        async def main() -> None:
            async with AsyncLaplas(api_key="k", base_url=server.url) as client:
                async with retrieve(client) as response:
                    assert await anext(response.iter_bytes(10)) == b"x" * 10
                assert (await client.messages.retrieve(THREAD, MESSAGE)).id == MESSAGE

        asyncio.run(main())


def test_the_events_of_a_stream_can_be_read_raw_or_parsed() -> None:
    """The lines as they come, or the stream that the plain call returns."""
    pytest.importorskip("httpx_sse")
    body = "event: thread.created\ndata: {}\n\nevent: done\ndata: [DONE]\n\n"

    def call(client: Any) -> Any:
        return client.runs.with_streaming_response.create(THREAD, "asst_1", stream=True)

    async def lines(response: Any) -> Any:
        return await collected(response.iter_lines())

    async def parsed(response: Any) -> Any:
        stream = await settled(response.parse())
        return type(stream).__name__.removeprefix("Async")

    assert opened(call, lines, answer(body)).result == body.removesuffix("\n").split("\n")
    assert opened(call, parsed, answer(body)).result == "EventStream"


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_raw_answer_to_a_streamed_call_gives_the_stream(cls: Any) -> None:
    pytest.importorskip("httpx_sse")
    run = {"id": "run_1", "object": "thread.run", "thread_id": THREAD, "status": "completed"}
    body = f"event: thread.run.completed\ndata: {json.dumps(run)}\n\nevent: done\ndata: [DONE]\n\n"

    async def main() -> None:
        client = cls(api_key=KEY, transport=httpx.MockTransport(lambda _: streamed(body)))
        raw = await settled(
            client.beta.threads.runs.with_raw_response.create(THREAD, assistant_id="a", stream=True)
        )
        stream = raw.parse()
        assert (raw.status_code, raw.request_id) == (200, "req_1")
        assert (await settled(stream.until_done())).run.id == "run_1"
        assert stream.response.headers["x-request-id"] == "req_1"
        await settled(stream.response.close())
        assert stream.response.is_closed
        await settled(client.close())

    asyncio.run(main())


def streamed(body: str) -> httpx.Response:
    headers = {"content-type": "text/event-stream", "x-request-id": "req_1"}
    return httpx.Response(200, headers=headers, content=body.encode())


def test_a_traceback_holds_nothing_of_what_was_passed_in() -> None:
    """Neither that of an error of the server, nor of one that was found before."""

    def call(client: Any) -> Any:
        return client.messages.with_streaming_response.create(THREAD, "the secret text")

    def bad(client: Any) -> Any:
        return client.messages.with_streaming_response.list("the secret text", page_size="x")

    async def use(response: Any) -> Any:
        return await settled(response.parse())

    for made, steps in ((call, [answer(b"", 404)]), (call, [answer("no JSON")]), (bad, [])):
        trace = opened(made, use, *steps).error.__traceback__
        while trace is not None:
            if "laplas" in trace.tb_frame.f_code.co_filename:
                assert "the secret text" not in repr(trace.tb_frame.f_locals)
            trace = trace.tb_next


def test_what_is_read_can_be_copied_and_pickled() -> None:
    async def use(response: Any) -> Any:
        await settled(response.read())
        again = pickle.loads(pickle.dumps(response))
        return [(await settled(each.parse())).id for each in (again, copy.copy(again))]

    assert opened(retrieve, use, answer(message())).result == [MESSAGE] * 2


async def types(client: Laplas, other: AsyncLaplas) -> None:
    """For type checkers: never run."""
    with client.messages.with_streaming_response.create(THREAD, "hi") as response:
        assert_type(response, laplas.StreamedResponse[Message])
        assert_type(response.parse(), Message)
        assert_type(response.text(), str)
    async with other.messages.with_streaming_response.create(THREAD, "hi") as later:
        assert_type(later, laplas.AsyncStreamedResponse[Message])
        assert_type(await later.parse(), Message)
        assert_type(await later.read(), bytes)
        async for piece in later.iter_bytes(10):
            assert_type(piece, bytes)
