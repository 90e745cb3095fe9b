"""Five changes of the API, each made in `openapi.yaml` alone: `nox -s walk`, in copies of the tree.

Each change then works sync, async, raw, prepared and in the openai spelling, on the embedded
server where that can know it, and in mypy and pyright, without a line written by hand.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from support import ROOT

pytestmark = pytest.mark.skipif("LAPLAS_WALK" not in os.environ, reason="takes long: nox -s walk")

COPIED = (
    "generated",
    "wrappers",
    "tools",
    "openapi.yaml",
    "generator-config.yaml",
    "pyproject.toml",
)

SETUP = """
import asyncio, json
import httpx
from laplas import AsyncLaplas, InvalidArgumentError, Laplas, PreparedRequest, ServerError

sent: list[httpx.Request] = []
answers: dict[str, object] = {}

def answer(request: httpx.Request) -> httpx.Response:
    sent.append(request)
    return httpx.Response(200, json=answers[request.method])

def client() -> Laplas:
    return Laplas(api_key="k", base_url="http://localhost", transport=httpx.MockTransport(answer))

def async_client() -> AsyncLaplas:
    return AsyncLaplas(
        api_key="k", base_url="http://localhost", transport=httpx.MockTransport(answer)
    )
"""
MESSAGE = """
answers["GET"] = answers["POST"] = {
    "id": "msg_1", "object": "thread.message", "created_at": 1, "thread_id": "thread_1",
    "role": "user", "content": [], "metadata": {}, "edited_at": 7,
}
"""


class Change(NamedTuple):
    """A change of the document, and what must hold after it.

    Attributes:
        edits: Pairs: the text before which the other is put.
        works: Run in the copy: what a user writes.
    """

    edits: list[tuple[str, str]]
    works: str


RESPONSE_FIELD = Change(
    [
        (
            "    IncompleteDetails:\n",  # what follows the properties of Message
            "        edited_at:\n          type: [integer, 'null']\n"
            "          description: When the message was changed, as a Unix time.\n",
        )
    ],
    MESSAGE
    + """
when: int | None = client().messages.retrieve("thread_1", "msg_1").edited_at
assert when == 7
local = Laplas.local()
thread = local.threads.create(messages=["Hello"])
assert local.messages.latest(thread.id).edited_at is None  # type: ignore
""",
)

REQUEST_FIELD = Change(
    [
        (
            "        content:\n          description: >-\n            The message: a text, or one",
            "        priority:\n          type: string\n          enum: [low, high]\n"
            "          description: How soon the message should be read.\n",
        )
    ],
    MESSAGE
    + """
client().messages.create("thread_1", "Hi", priority="high")
assert json.loads(sent[-1].content)["priority"] == "high"

async def go() -> None:
    await async_client().messages.create("thread_1", "Hi", priority="low")
    assert json.loads(sent[-1].content)["priority"] == "low"

asyncio.run(go())
raw = client().messages.with_raw_response.create("thread_1", "Hi", priority="low")
prepared: PreparedRequest = client().messages.prepare.create("thread_1", "Hi", priority="high")
assert raw.status_code == 200 and prepared.json()["priority"] == "high"
client().beta.threads.messages.create("thread_1", "Hi", priority="high")
client().thread("thread_1").messages.create("Hi", priority="high")
assert {json.loads(each.content)["priority"] for each in sent[-2:]} == {"high"}
try:
    client().messages.create("thread_1", "Hi", priority="soon")  # type: ignore
except InvalidArgumentError as error:
    assert error.argument == "priority"
else:
    raise AssertionError("not checked")
local = Laplas.local()
thread = local.threads.create()
local.messages.create(thread.id, "Hi", priority="high")
""",
)

QUERY_PARAMETER = Change(
    [
        (
            "        - $ref: '#/components/parameters/RunId'\n      responses:\n",
            "        - name: role\n          in: query\n"
            "          description: Return only the messages by this role.\n"
            "          schema: {$ref: '#/components/schemas/MessageRole'}\n",
        )
    ],
    """
answers["GET"] = {"object": "list", "data": [], "has_more": False}
client().messages.list("thread_1", role="user")
assert sent[-1].url.params["role"] == "user"

async def go() -> None:
    await async_client().messages.list("thread_1", role="assistant")
    assert sent[-1].url.params["role"] == "assistant"

asyncio.run(go())
assert client().messages.with_raw_response.list("thread_1", role="user").status_code == 200
assert "role=user" in client().messages.prepare.list("thread_1", role="user").url
client().beta.threads.messages.list("thread_1", role="user")
assert sent[-1].url.params["role"] == "user"
try:
    client().messages.list("thread_1", role="system")  # type: ignore
except InvalidArgumentError as error:
    assert error.argument == "role"
else:
    raise AssertionError("not checked")
local = Laplas.local()
local.messages.list(local.threads.create().id, role="user")
""",
)

PIN = """\
  /threads/{threadId}/messages/{messageId}/pin:
    parameters:
      - $ref: '#/components/parameters/ThreadId'
      - $ref: '#/components/parameters/MessageId'
    post:
      operationId: pin_message
      x-vendor-operation-id: none
      x-effect: repeatable
      tags: [messages]
      summary: Pin a message
      description: |
        A pinned message is kept in the context of every run.
      security:
        - bearerAuth: []
      responses:
        '200': {$ref: '#/components/responses/MessageAnswer'}
        '429': {$ref: '#/components/responses/TooManyRequests'}
        4XX: {$ref: '#/components/responses/ClientError'}
        5XX: {$ref: '#/components/responses/ServerError'}
"""
OPERATION = Change(
    [("  /assistants:\n", PIN)],
    MESSAGE
    + """
assert client().messages.pin("thread_1", "msg_1").id == "msg_1"
assert (sent[-1].method, sent[-1].url.path) == ("POST", "/threads/thread_1/messages/msg_1/pin")

async def go() -> None:
    assert (await async_client().messages.pin("thread_1", "msg_1")).id == "msg_1"

asyncio.run(go())
assert client().messages.with_raw_response.pin("thread_1", "msg_1").parse().id == "msg_1"
assert client().messages.prepare.pin("thread_1", "msg_1").method == "POST"
assert client().beta.threads.messages.pin("msg_1", thread_id="thread_1").id == "msg_1"
assert client().thread("thread_1").messages.pin("msg_1").id == "msg_1"
local = Laplas.local(max_retries=0)
try:
    local.messages.pin("thread_abc123", "msg_abc123")
except ServerError as error:
    assert error.status_code == 501 and "pin_message" in error.message, error
else:
    raise AssertionError("the embedded server has a handler?")
""",
)

_ANSWERS = """\
        '429': {$ref: '#/components/responses/TooManyRequests'}
        4XX: {$ref: '#/components/responses/ClientError'}
        5XX: {$ref: '#/components/responses/ServerError'}
"""


def _operation(verb: str, name: str, summary: str, body: str, answer: str) -> str:
    request = f"""\
      requestBody:
        description: What to store.
        required: true
        content:
          application/json:
            schema: {{$ref: '#/components/schemas/{body}'}}
"""
    return f"""\
    {verb}:
      operationId: {name}
      x-vendor-operation-id: none
      tags: [notes]
      summary: {summary}
      description: |
        Notes belong to the account.
      security:
        - bearerAuth: []
{request if body else ""}      responses:
        '200':
          description: The answer.
          headers:
            x-request-id: {{$ref: '#/components/headers/RequestId'}}
          content:
            application/json:
              schema: {{$ref: '#/components/schemas/{answer}'}}
{_ANSWERS}"""


_LIST_PARAMETERS = """\
      parameters:
        - $ref: '#/components/parameters/Limit'
        - $ref: '#/components/parameters/Order'
        - $ref: '#/components/parameters/After'
        - $ref: '#/components/parameters/Before'
      responses:
"""
NOTES = (
    "  /notes:\n"
    + _operation("post", "create_note", "Create a note", "CreateNoteRequest", "Note").replace(
        "      tags: [notes]\n", "      tags: [notes]\n      x-positional: [text]\n"
    )
    + _operation("get", "list_notes", "List the notes", "", "NoteList").replace(
        "      responses:\n", _LIST_PARAMETERS
    )
    + """\
  /notes/{noteId}:
    parameters:
      - name: noteId
        in: path
        required: true
        description: The id of the note, up to 1,000 characters (our limit).
        schema: {type: string, minLength: 1, maxLength: 1000}
"""
    + _operation("get", "retrieve_note", "Get a note", "", "Note")
    + _operation("post", "update_note", "Change a note", "UpdateNoteRequest", "Note")
    + _operation("delete", "delete_note", "Delete a note", "", "DeletedNote")
)
NOTE_SCHEMAS = """\
    Note:
      type: object
      description: A note.
      required: [id, object, text]
      properties:
        id: {type: string, description: The id of the note.}
        object: {type: string, const: note, description: Always `note`.}
        text: {type: string, description: What it says.}
    NoteList:
      type: object
      description: One page of notes.
      required: [object, data]
      properties:
        object: {type: string, const: list, description: Always `list`.}
        data:
          type: array
          description: The notes.
          items: {$ref: '#/components/schemas/Note'}
        has_more: {type: boolean, description: Whether another page follows.}
    DeletedNote:
      type: object
      description: The outcome of deleting a note.
      required: [id, object, deleted]
      properties:
        id: {type: string, description: The id of the note.}
        object: {type: string, const: note.deleted, description: Always `note.deleted`.}
        deleted: {type: boolean, description: Whether the note is deleted.}
    CreateNoteRequest:
      type: object
      description: A new note.
      required: [text]
      properties:
        text: {type: string, minLength: 1, maxLength: 500, description: What it says.}
        color: {type: string, description: Its color.}
    UpdateNoteRequest:
      type: object
      description: A change of a note.
      properties:
        text: {type: string, minLength: 1, maxLength: 500, description: What it says.}
        color: {type: [string, 'null'], description: Its color. Null takes it away.}
"""
RESOURCE = Change(
    [
        (
            "\n# What clients of this document add to requests",
            "  - name: notes\n    description: Notes of the account.\n",
        ),
        ("  /assistants:\n", NOTES),
        ("    DeletedAssistant:\n", NOTE_SCHEMAS),
    ],
    """
note = {"id": "note_1", "object": "note", "text": "Buy milk"}
gone = {"id": "note_1", "object": "note.deleted", "deleted": True}
answers.update(GET=note, POST=note, DELETE=gone)
text: str = client().notes.create("Buy milk", color="red").text
assert json.loads(sent[-1].content) == {"text": "Buy milk", "color": "red"}
assert client().notes.retrieve("note_1").text == text
assert client().notes.update("note_1", color=None).id == "note_1"
assert json.loads(sent[-1].content) == {"color": None}
assert client().notes.delete("note_1").deleted
assert client().notes.with_raw_response.retrieve("note_1").parse().text == text
assert client().notes.prepare.create("x").json() == {"text": "x"}
assert client().beta.notes.retrieve("note_1").text == text

async def go() -> None:
    assert (await async_client().notes.create("Buy milk")).text == text
    answers["GET"] = {"object": "list", "data": [note], "has_more": False}
    assert [n.text async for n in async_client().notes.list(max_items=2)] == [text]

asyncio.run(go())
assert [n.text for n in client().notes.list()] == [text]
try:
    client().notes.create("")
except InvalidArgumentError as error:
    assert error.argument == "text"
else:
    raise AssertionError("not checked")
local = Laplas.local(max_retries=0)
try:
    local.notes.create("x")
except ServerError as error:
    assert error.status_code == 501 and "create_note" in error.message, error
else:
    raise AssertionError("the embedded server has a handler?")
""",
)

CHANGES = {
    "a response field": RESPONSE_FIELD,
    "a request field": REQUEST_FIELD,
    "a query parameter": QUERY_PARAMETER,
    "an operation": OPERATION,
    "a resource of five operations": RESOURCE,
}


def run(project: Path, *command: str) -> str:
    environment = {**os.environ, "PYTHONPATH": "generated:wrappers"}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_the_document_is_all(name: str, tmp_path: Path) -> None:
    change = CHANGES[name]
    for each in COPIED:
        if (ROOT / each).is_dir():
            shutil.copytree(
                ROOT / each, tmp_path / each, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / each, tmp_path)
    commit = ("git", "-c", "user.name=walk", "-c", "user.email=walk@localhost")
    run(tmp_path, "git", "init", "-q")
    run(tmp_path, "git", "add", "-A")
    run(tmp_path, *commit, "commit", "-q", "-m", "before")

    document = (tmp_path / "openapi.yaml").read_text("utf-8")
    for anchor, text in change.edits:
        assert document.count(anchor) == 1, anchor
        document = document.replace(anchor, text + anchor)
    (tmp_path / "openapi.yaml").write_text(document, "utf-8")
    run(tmp_path, sys.executable, "tools/codegen/regenerate.py")

    (tmp_path / "works.py").write_text(SETUP + change.works, "utf-8")
    run(tmp_path, sys.executable, "works.py")
    run(tmp_path, "mypy", "--strict", "works.py")
    run(tmp_path, "pyright", "--pythonpath", sys.executable, "works.py")

    (tmp_path / "works.py").unlink()
    run(tmp_path, "git", "add", "-A")
    print(f"\n{name}\n{run(tmp_path, 'git', 'diff', '--cached', '--stat=100')}")
    changed = run(tmp_path, "git", "diff", "--cached", "--name-only").split()
    assert [file for file in changed if not file.startswith("generated/")] == ["openapi.yaml"]
