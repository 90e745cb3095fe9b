"""A new resource of five operations, in each spelling; the embedded server answers 501."""

import asyncio
import json
from typing import assert_type

import httpx

from laplas import APIStatusError, AsyncLaplas, Laplas
from laplas_api.models import DeletedNote, Note

NOTE = {"id": "note_1", "object": "note", "created_at": 1, "text": "Hello"}


def answer(request: httpx.Request) -> httpx.Response:
    if request.method == "DELETE":
        return httpx.Response(200, json={"id": "note_1", "object": "note.deleted", "deleted": True})
    if request.method == "GET" and request.url.path.endswith("/notes"):
        return httpx.Response(200, json={"object": "list", "data": [NOTE], "has_more": False})
    return httpx.Response(200, json=NOTE)


def block() -> None:
    with Laplas(api_key="k", transport=httpx.MockTransport(answer)) as client:
        assert_type(client.notes.create("Hello"), Note)
        assert_type(client.notes.retrieve("note_1"), Note)
        assert_type(client.notes.update("note_1", text="Bye"), Note)
        assert_type(client.notes.delete("note_1"), DeletedNote)
        assert [note.text for note in client.notes.list(page_size=5)] == ["Hello"]
        assert_type(client.notes.with_raw_response.update("note_1", text="Bye").parse(), Note)
        assert_type(client.beta.notes.create(text="Hello"), Note)
        assert_type(client.beta.notes.retrieve("note_1"), Note)
        sent = client.notes.prepare.create("Hello", color="red")
        assert json.loads(sent.body or b"") == {"text": "Hello", "color": "red"}
        sent = client.notes.prepare.update("note_1", color=None)
        assert json.loads(sent.body or b"") == {"color": None}
    with Laplas.local(max_retries=0) as client:
        try:
            client.notes.create("Hello")
        except APIStatusError as error:
            assert error.status_code == 501, error
        else:
            raise AssertionError("the embedded server has no such resource")


async def wait() -> None:
    async with AsyncLaplas(api_key="k", transport=httpx.MockTransport(answer)) as client:
        assert_type(await client.notes.create("Hello"), Note)
        assert_type(await client.notes.delete("note_1"), DeletedNote)
        assert [note.text async for note in client.notes.list()] == ["Hello"]
        raw = await client.notes.with_raw_response.retrieve("note_1")
        assert_type(raw.parse(), Note)
        assert_type(await client.beta.notes.update("note_1", text="Bye"), Note)


block()
asyncio.run(wait())
