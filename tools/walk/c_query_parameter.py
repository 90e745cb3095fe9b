"""A list's new query parameter, in each spelling, against the embedded server."""

import asyncio
from typing import assert_type

from laplas import AsyncLaplas, BadRequestError, Laplas, Message


def block() -> None:
    with Laplas.local() as client:
        thread = client.threads.create().id
        client.messages.create(thread, "hi")
        for message in client.messages.list(thread, role="user"):
            assert_type(message, Message)
        client.messages.with_raw_response.list(thread, role="user").parse()
        list(client.beta.threads.messages.list(thread, role="user"))
        assert "role=user" in client.messages.prepare.list(thread, role="user").url
        path = f"/threads/{thread}/messages"
        try:
            client.request("GET", path, query={"rule": "user"})
        except BadRequestError as error:
            assert "rule" in str(error)
        else:
            raise AssertionError("the server takes any parameter")


async def wait() -> None:
    async with AsyncLaplas.local() as client:
        thread = (await client.threads.create()).id
        async for message in client.messages.list(thread, role="user"):
            assert_type(message, Message)
        await client.messages.with_raw_response.list(thread, role="user")
        async for _ in client.beta.threads.messages.list(thread, role="user"):
            pass


block()
asyncio.run(wait())
