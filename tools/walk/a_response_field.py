"""An answer's new field, in each spelling."""

import asyncio
from typing import assert_type

import httpx

from laplas import AsyncLaplas, Laplas

ANSWER = {
    "id": "msg_1",
    "object": "thread.message",
    "created_at": 1,
    "thread_id": "thread_1",
    "role": "user",
    "content": [],
    "language": "en",
}
ANSWERS = httpx.MockTransport(lambda request: httpx.Response(200, json=ANSWER))


def block() -> None:
    with Laplas(api_key="k", transport=ANSWERS) as client:
        assert_type(client.messages.retrieve("thread_1", "msg_1").language, str | None)
        raw = client.messages.with_raw_response.retrieve("thread_1", "msg_1").parse()
        beta = client.beta.threads.messages.retrieve("msg_1", thread_id="thread_1")
        sent = client.messages.prepare.retrieve("thread_1", "msg_1")
        assert (raw.language, beta.language, sent.method) == ("en", "en", "GET")
    with Laplas.local() as client:
        thread = client.threads.create()
        assert client.messages.create(thread.id, "hi").language is None


async def wait() -> None:
    async with AsyncLaplas(api_key="k", transport=ANSWERS) as client:
        assert_type((await client.messages.retrieve("thread_1", "msg_1")).language, str | None)
        raw = await client.messages.with_raw_response.retrieve("thread_1", "msg_1")
        beta = await client.beta.threads.messages.retrieve("msg_1", thread_id="thread_1")
        assert (raw.parse().language, beta.language) == ("en", "en")


block()
asyncio.run(wait())
