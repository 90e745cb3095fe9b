"""What the generated endpoint functions and clients promise on the wire and about failures."""

from __future__ import annotations

import inspect
import io
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from test_generated_models import BASE as MESSAGE
from test_generated_models import RUN

from laplas_api import AuthenticatedClient, Client, models
from laplas_api.api.files import upload_file
from laplas_api.api.messages import create_message, delete_message, list_messages, retrieve_message
from laplas_api.api.runs import (
    cancel_run,
    create_run,
    create_thread_and_run,
    list_run_steps,
    retrieve_run,
    submit_tool_outputs,
)
from laplas_api.api.threads import create_thread
from laplas_api.errors import MissingField, UnexpectedStatus, UnparsableResponse
from laplas_api.models import CreateMessageRequest, Message, Run, TextPart, UploadFileRequest
from laplas_api.types import UNSET, File, path_segment

GENERATED = Path(__file__).resolve().parent.parent / "generated"
URL = "https://api.test"
TOKEN = "sk-very-secret"
GONE = {"id": "msg_1", "object": "thread.message.deleted", "deleted": True}
DELETED = httpx.Response(200, json=GONE)
PAGE = httpx.Response(200, json={"object": "list", "data": []})


def client_for(
    answer: httpx.Response, **options: Any
) -> tuple[AuthenticatedClient, list[httpx.Request]]:
    """A client whose requests, sync and async, are answered with `answer`, and these requests."""
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        # A response object can be read by one client only.
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    transport = httpx.MockTransport(handler)
    client = AuthenticatedClient(URL, token=TOKEN, **options)
    client.set_httpx_client(httpx.Client(transport=transport, base_url=URL))
    client.set_async_httpx_client(httpx.AsyncClient(transport=transport, base_url=URL))
    return client, seen


async def both(endpoint: ModuleType, answer: httpx.Response, **arguments: Any) -> list[Any]:
    """What the sync and the async form of an endpoint return or raise."""
    client, _ = client_for(answer)
    outcomes: list[Any] = []
    for form in (endpoint.sync_detailed, endpoint.asyncio_detailed):
        try:
            outcome = form(**arguments, client=client)
            outcomes.append(await outcome if inspect.isawaitable(outcome) else outcome)
        except UnparsableResponse as error:
            outcomes.append(error)
    return outcomes


def test_odd_ids_travel_as_one_segment_and_dot_dot_does_not() -> None:
    """So deleting the message `..` never deletes the thread."""
    client, seen = client_for(DELETED)
    with client, pytest.raises(ValueError, match="message_id"):
        delete_message.sync_detailed("thread_1", "..", client=client)
    assert seen == []
    client, seen = client_for(DELETED)
    answer = delete_message.sync_detailed("thread_1", "a/b?c#d%2e%2e é", client=client)
    delete_message.sync_detailed("%2e%2e", "%2E", client=client)
    assert isinstance(answer.parsed, models.DeletedMessage)
    assert [request.url.raw_path for request in seen] == [
        b"/threads/thread_1/messages/a%2Fb%3Fc%23d%252e%252e%20%C3%A9",
        b"/threads/%252e%252e/messages/%252E",
    ]


BAD_SEGMENTS = [
    *(".", "..", "../x", "x/..", "..\\x", "", " ", "\t", "\u3000", "a\nb", "a\r\nb", "a\x00b"),
    *("a\x7fb", "a\x85b", "a\ud800b", None, UNSET, 5, b"msg"),
]
# By the name of the package as it is here: a copy has another one.
PACKAGE = MissingField.__module__.rpartition(".")[0]
ENDPOINTS = [
    import_module(".".join((PACKAGE, *path.with_suffix("").parts[-3:])))
    for path in sorted((GENERATED / "laplas_api" / "api").glob("*/*.py"))
    if "path_segment(" in path.read_text("utf-8")
]


@pytest.mark.parametrize("bad", BAD_SEGMENTS, ids=repr)
def test_a_path_parameter_that_is_no_id_is_refused_by_name(bad: Any) -> None:
    assert len(ENDPOINTS) > 20
    for endpoint in ENDPOINTS:
        parameters = inspect.signature(endpoint._get_kwargs).parameters
        names = [name for name, each in parameters.items() if each.kind != each.KEYWORD_ONLY]
        body: dict[str, Any] = {"body": {}} if "body" in parameters else {}
        assert names
        for name in names:
            ids = {**dict.fromkeys(names, "id_1"), name: bad}
            with pytest.raises(ValueError, match=f"^{name} must "):
                endpoint._get_kwargs(**ids, **body)


@pytest.mark.parametrize("good", ["msg_abc123", "...", "a..b", ".x", "%2e%2e", "中", "~-_", " x"])
def test_anything_else_stays_one_segment_after_httpx(good: str) -> None:
    url = httpx.URL(f"{URL}/v1/threads/" + path_segment("thread_id", good) + "/messages")
    assert url.path == f"/v1/threads/{good}/messages"
    assert url.raw_path.count(b"/") == 4


def test_kwargs_are_pure_and_need_no_httpx() -> None:
    code = (
        "import sys\n"
        "from laplas_api.api.messages import create_message as c, list_messages as l\n"
        "body = {'role': 'user', 'content': 'hi'}\n"
        "assert c._get_kwargs('t', body=body) == {'method': 'post', 'url': '/threads/t/messages',"
        " 'json': body, 'headers': {'Content-Type': 'application/json'}}\n"
        "assert l._get_kwargs('t', limit=5, after=None) == {'method': 'get',"
        " 'url': '/threads/t/messages', 'params': {'limit': 5}}\n"
        "assert 'httpx' not in sys.modules and 'laplas_api.client' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=GENERATED, check=True)


def test_no_parameter_is_sent_unless_given() -> None:
    client, seen = client_for(PAGE)
    list_messages.sync_detailed("t", client=client)
    list_messages.sync_detailed("t", client=client, order="asc", after="ü&=")
    list_run_steps.sync_detailed("t", "r", client=client, include=["a[*]", "b"])
    assert [request.url.raw_path for request in seen] == [
        b"/threads/t/messages",
        b"/threads/t/messages?order=asc&after=%C3%BC%26%3D",
        b"/threads/t/runs/r/steps?include%5B%5D=a%5B%2A%5D&include%5B%5D=b",
    ]
    assert all("content-type" not in request.headers for request in seen)


def test_bodies_may_mix_models_dicts_and_tuples_or_be_empty_or_absent() -> None:
    body = CreateMessageRequest(
        "user",
        (TextPart("one"), {"type": "text", "text": "two"}),
        attachments=({"file_id": "f", "tools": ({"type": "file_search"},)},),
    )
    assert create_message._get_kwargs("t", body=body)["json"] == {
        "role": "user",
        "content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}],
        "attachments": [{"file_id": "f", "tools": [{"type": "file_search"}]}],
    }
    assert create_thread._get_kwargs(body={})["json"] == {}  # type: ignore[arg-type]
    assert cancel_run._get_kwargs("t", "r") == {"method": "post", "url": "/threads/t/runs/r/cancel"}


async def test_a_file_is_uploaded_as_a_form() -> None:
    file = {"id": "file-1", "object": "file", "bytes": 7, "purpose": "assistants"}
    client, seen = client_for(httpx.Response(200, json=file))

    def new_file() -> File:
        return File(io.BytesIO(b"a,b\n1,2"), "ä.csv", "text/csv")

    model = UploadFileRequest(new_file(), "assistants")
    uploaded = upload_file.sync_detailed(body=model, client=client)
    assert uploaded.parsed == models.FileObject.from_dict(file)
    plain_dict: Any = {"file": new_file(), "purpose": "assistants"}
    await upload_file.asyncio_detailed(body=plain_dict, client=client)
    disposition = b'Content-Disposition: form-data; name="'
    for request in seen:
        kind, _, boundary = request.headers["Content-Type"].partition("; boundary=")
        assert kind == "multipart/form-data"
        assert request.content.replace(boundary.encode(), b"BOUNDARY") == (
            b"--BOUNDARY\r\n" + disposition + b'purpose"\r\n\r\nassistants\r\n'
            b"--BOUNDARY\r\n" + disposition + b'file"; filename="\xc3\xa4.csv"\r\n'
            b"Content-Type: text/csv\r\n\r\na,b\n1,2\r\n--BOUNDARY--\r\n"
        )
    assert len(seen) == 2


IDS = {"thread_id": "thread_1", "message_id": "msg_1"}
PRIVATE = "private words"
UNPARSABLE = {
    "200 HTML": (200, f"<html>{PRIVATE}</html>".encode()),
    "200 empty": (200, b""),
    "200 truncated": (200, b'{"id": "private words'),
    "200 null": (200, b"null"),
    "200 list": (200, b'["private words"]'),
    "200 string": (200, b'"private words"'),
    "200 missing field": (200, b'{"id": "private words"}'),
    "200 invalid UTF-8": (200, b'{"id": "private words\xff"}'),
    "200 very deep": (200, b"[" * 100_000),
    "200 huge int": (200, b'{"created_at": ' + b"9" * 5_000 + b"}"),
    "502 HTML": (502, f"<html>{PRIVATE}</html>".encode()),
    "503 empty": (503, b""),
    "404 empty": (404, b""),
    "404 list": (404, b'["private words"]'),
    "404 empty list": (404, b"[]"),
    "404 empty string": (404, b'""'),
    "529 text": (529, PRIVATE.encode()),
}


@pytest.mark.parametrize(("status", "body"), UNPARSABLE.values(), ids=UNPARSABLE)
async def test_an_unreadable_answer_keeps_status_headers_and_body(status: int, body: bytes) -> None:
    answer = httpx.Response(status, content=body, headers={"Retry-After": "3"})
    for error in await both(retrieve_message, answer, **IDS):
        assert isinstance(error, UnparsableResponse)
        assert (error.status_code, error.content) == (status, body)
        assert error.headers["retry-after"] == "3"
        assert error.__cause__ is error.cause
        assert str(status) in str(error)
        assert PRIVATE not in str(error) + repr(error)
        assert pickle.loads(pickle.dumps(error)).status_code == status


async def test_the_cause_names_the_missing_field() -> None:
    for error in await both(retrieve_message, httpx.Response(200, json={"id": "x"}), **IDS):
        assert isinstance(error.cause, MissingField)
        assert (error.cause.model, error.cause.key) == ("Message", "object")


@pytest.mark.parametrize("status", [400, 401, 404, 429, 499, 500, 520, 529])
@pytest.mark.parametrize(
    "body",
    [{"error": {"message": "no"}}, {"error": "text"}, {"detail": "x"}, {"message": "no"}, {}],
)
async def test_any_documented_error_status_is_an_int_with_its_body(
    status: int, body: dict[str, Any]
) -> None:
    for response in await both(retrieve_message, httpx.Response(status, json=body), **IDS):
        assert response.status_code == status
        assert isinstance(response.parsed, models.ErrorResponse)
        assert response.parsed.to_dict() == body


@pytest.mark.parametrize("status", [200, 201])
async def test_both_success_codes_of_a_post_are_read(status: int) -> None:
    arguments = {"thread_id": "t", "body": CreateMessageRequest("user", "x")}
    for response in await both(create_message, httpx.Response(status, json=MESSAGE), **arguments):
        assert response.parsed == Message.from_dict(MESSAGE)


STREAMING: list[tuple[ModuleType, dict[str, Any]]] = [
    (create_run, {"thread_id": "t"}),
    (create_thread_and_run, {}),
    (submit_tool_outputs, {"thread_id": "t", "run_id": "r"}),
]


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(("endpoint", "ids"), STREAMING)
async def test_an_event_stream_is_handed_over_unread_and_json_still_read(
    endpoint: ModuleType, ids: dict[str, str], status: int
) -> None:
    stream = b"event: done\ndata: [DONE]\n\n"
    for kind in ("text/event-stream", "text/event-stream; charset=utf-8"):
        answer = httpx.Response(status, content=stream, headers={"Content-Type": kind})
        for response in await both(endpoint, answer, **ids, body={"stream": True}):
            assert (response.status_code, response.parsed) == (status, None)
            assert response.content == stream
    for response in await both(endpoint, httpx.Response(status, json=RUN), **ids, body={}):
        assert response.parsed == Run.from_dict(RUN)
    broken = httpx.Response(500, content=b"x", headers={"Content-Type": "text/event-stream"})
    body = models.CreateRunRequest("asst_1", stream=True)
    for error in await both(endpoint, broken, **ids, body=body):
        assert isinstance(error, UnparsableResponse)
        assert error.status_code == 500


async def test_an_operation_that_never_streams_does_not_take_a_stream_for_an_answer() -> None:
    answer = httpx.Response(200, content=b"", headers={"Content-Type": "text/event-stream"})
    for error in await both(retrieve_run, answer, thread_id="t", run_id="r"):
        assert isinstance(error, UnparsableResponse)


@pytest.mark.parametrize("status", [202, 204, 302, 304])
async def test_an_undocumented_status_is_not_parsed(status: int) -> None:
    answer = httpx.Response(status, content=PRIVATE.encode())
    for response in await both(retrieve_message, answer, **IDS):
        assert (response.status_code, response.parsed) == (status, None)
    client, _ = client_for(answer, raise_on_unexpected_status=True)
    with pytest.raises(UnexpectedStatus) as caught:
        retrieve_message.sync_detailed(**IDS, client=client)
    assert caught.value.status_code == status
    assert PRIVATE not in str(caught.value)


TEXT = json.dumps(MESSAGE)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text=TEXT, headers={"Content-Type": "text/plain"}),
        httpx.Response(200, content=TEXT.encode("utf-16")),
        httpx.Response(200, content=b"\xef\xbb\xbf" + TEXT.encode()),
        httpx.Response(200, content=b'{"created_at": NaN,' + TEXT.encode()[1:]),
    ],
    ids=["text/plain", "UTF-16", "BOM", "duplicate key"],
)
async def test_json_is_read_whatever_it_is_called(answer: httpx.Response) -> None:
    for response in await both(retrieve_message, answer, **IDS):
        assert response.parsed == Message.from_dict(MESSAGE)


async def test_one_unknown_part_does_not_cost_the_page() -> None:
    odd = {**MESSAGE, "content": [{"type": "audio", "audio": {"id": "x"}}]}
    page = {"object": "list", "data": [MESSAGE, odd], "has_more": False}
    for response in await both(list_messages, httpx.Response(200, json=page), thread_id="t"):
        assert isinstance(response.parsed, models.MessageList)
        assert response.parsed.to_dict() == page


def test_the_token_never_shows() -> None:
    secrets: dict[str, Any] = {"cookies": {"c": TOKEN}, "httpx_args": {"auth": ("u", TOKEN)}}
    client = AuthenticatedClient(URL, token=TOKEN, **secrets)
    assert TOKEN not in repr(client)
    with client.get_httpx_client() as http:
        assert http.headers["Authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in repr(client)


@pytest.mark.parametrize("bad", ["sk\n", "sk\r\nX: y", "s\x00k", "ключ"])
def test_a_token_that_cannot_travel_is_refused_without_repeating_it(bad: str) -> None:
    with pytest.raises(ValueError, match="token must") as caught:
        AuthenticatedClient(URL, token=bad)
    assert bad not in str(caught.value)


@pytest.mark.parametrize("make", [Client, lambda url, **o: AuthenticatedClient(url, "t", **o)])
def test_there_is_a_timeout_unless_none_is_asked_for(make: Callable[..., Client]) -> None:
    with make(URL).get_httpx_client() as http:
        assert http.timeout == httpx.Timeout(60.0, connect=5.0)
    with make(URL, timeout=None).get_httpx_client() as http:
        assert http.timeout == httpx.Timeout(None)
