"""A request's new field, in each spelling, against the embedded server."""

import asyncio
import json
from typing import assert_type

from laplas import AsyncLaplas, BadRequestError, InvalidArgumentError, Laplas, Message


def block() -> None:
    with Laplas.local() as client:
        thread = client.threads.create().id
        assert_type(client.messages.create(thread, "hi", priority="high"), Message)
        client.messages.with_raw_response.create(thread, "hi", priority="high").parse()
        client.beta.threads.messages.create(thread, content="hi", role="user", priority="high")
        sent = client.messages.prepare.create(thread, "hi", priority="high")
        assert json.loads(sent.body or b"")["priority"] == "high"
        try:
            client.messages.create(thread, "hi", priority="x" * 17)
        except InvalidArgumentError as error:
            assert error.argument == "priority", error
        else:
            raise AssertionError("the limit of priority was not checked")
        body = {"role": "user", "content": "hi", "priority": 5}
        try:
            client.request("POST", f"/threads/{thread}/messages", body=body)
        except BadRequestError as error:
            assert "priority" in str(error)
        else:
            raise AssertionError("the server takes any priority")


async def wait() -> None:
    async with AsyncLaplas.local() as client:
        thread = (await client.threads.create()).id
        assert_type(await client.messages.create(thread, "hi", priority="high"), Message)
        await client.messages.with_raw_response.create(thread, "hi", priority="high")
        await client.beta.threads.messages.create(thread, content="hi", priority="high")


block()
asyncio.run(wait())
