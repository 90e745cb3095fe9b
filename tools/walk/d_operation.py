"""A new operation on messages, in each spelling; the embedded server answers 501."""

import asyncio
from typing import assert_type

import httpx

from laplas import APIStatusError, AsyncLaplas, Laplas, Message

ANSWER = {
    "id": "msg_1",
    "object": "thread.message",
    "created_at": 1,
    "thread_id": "thread_1",
    "role": "user",
    "content": [],
}
PATHS: list[str] = []


def answer(request: httpx.Request) -> httpx.Response:
    PATHS.append(f"{request.method} {request.url.path}")
    return httpx.Response(200, json=ANSWER)


def block() -> None:
    with Laplas(api_key="k", transport=httpx.MockTransport(answer)) as client:
        assert_type(client.messages.pin("thread_1", "msg_1"), Message)
        assert_type(client.messages.with_raw_response.pin("thread_1", "msg_1").parse(), Message)
        assert_type(client.beta.threads.messages.pin("msg_1", thread_id="thread_1"), Message)
        assert client.messages.prepare.pin("thread_1", "msg_1").method == "POST"
        assert_type(client.thread("thread_1").messages.pin("msg_1"), Message)
    with Laplas.local(max_retries=0) as client:
        thread = client.threads.create().id
        message = client.messages.create(thread, "hi").id
        try:
            client.messages.pin(thread, message)
        except APIStatusError as error:
            assert error.status_code == 501, error
        else:
            raise AssertionError("the embedded server has no such operation")


async def wait() -> None:
    async with AsyncLaplas(api_key="k", transport=httpx.MockTransport(answer)) as client:
        assert_type(await client.messages.pin("thread_1", "msg_1"), Message)
        raw = await client.messages.with_raw_response.pin("thread_1", "msg_1")
        assert_type(raw.parse(), Message)
        assert_type(await client.beta.threads.messages.pin("msg_1", thread_id="thread_1"), Message)


block()
asyncio.run(wait())
assert PATHS == ["POST /threads/thread_1/messages/msg_1/pin"] * 7, PATHS
