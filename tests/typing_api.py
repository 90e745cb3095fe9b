"""The public surface as a type checker sees it. Not run: mypy --strict and pyright read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, assert_type

import httpx

import laplas
from laplas import AsyncLaplas, Laplas, Message, Page, RawResponse, Run, Thread
from laplas_api.models import Metadata

version: str = laplas.__version__


def builders() -> None:
    assert_type(laplas.text("hi"), laplas.TextPart)
    assert_type(laplas.image_url("https://a.test/b.png", "low"), laplas.ImageUrlPart)
    assert_type(laplas.image_file("file_1", detail="high"), laplas.ImageFilePart)
    assert_type(laplas.attachment("file_1", "file_search", "code_interpreter"), laplas.Attachment)
    laplas.image_url("https://a.test/b.png", "huge")  # type: ignore[arg-type]  # pyright: ignore
    laplas.attachment("file_1", "browser")  # type: ignore[arg-type]  # pyright: ignore


def clients(
    own: httpx.Client, async_own: httpx.AsyncClient, keys: Callable[[], Awaitable[str]]
) -> None:
    client = Laplas(
        api_key="sk",
        base_url="https://api.test/v1",
        timeout=laplas.Timeout(read=3, connect=None),
        max_retries=0,
        default_headers={"OpenAI-Beta": None, "X-A": "b"},
        app="billing/2.1",
        http_client=own,
    )
    assert_type(client, Laplas)
    assert_type(client.with_options(timeout=None, api_key=lambda: "sk"), Laplas)
    assert_type(Laplas.local(), Laplas)
    assert_type(AsyncLaplas(api_key=keys, http_client=async_own), AsyncLaplas)
    assert_type(AsyncLaplas().with_options(max_retries=1), AsyncLaplas)
    with Laplas() as entered:
        assert_type(entered, Laplas)
    assert_type(client.close(), None)
    Laplas(api_kee="sk")  # type: ignore[call-arg]  # pyright: ignore
    Laplas("sk")  # type: ignore[call-arg]  # pyright: ignore


class Mine(Laplas):
    """A client of a user's own."""


assert_type(Mine().with_options(), Mine)


def messages(client: Laplas, old: Message) -> None:
    made = client.messages.create("thread_1", "hi")
    assert_type(made, Message)
    client.messages.create(
        "thread_1",
        ["hi", laplas.text("a"), {"type": "text", "text": "b"}, laplas.image_file("f")],
        role="assistant",
        attachments=[laplas.attachment("f"), {"file_id": "g"}],
        metadata={"k": "v"},
        once="order-1",
        timeout=3,
        max_retries=0,
        deadline=9.5,
        extra_headers={"X-A": None},
        extra_query={"a": 1},
        extra_body={"b": [2]},
    )
    client.messages.create("thread_1", content=("a", "b"), once=True)
    client.messages.create("thread_1", "hi", role="system")  # type: ignore[arg-type]  # pyright: ignore
    client.messages.create("thread_1", 5)  # type: ignore[arg-type]  # pyright: ignore
    client.messages.create("thread_1", "hi", metdata={})  # type: ignore[call-arg]  # pyright: ignore
    client.messages.create("thread_1", "hi", metadata={"a": 5})  # type: ignore[dict-item]  # pyright: ignore

    page = client.messages.list(
        "thread_1", page_size=5, max_items=9, order="asc", after="a", before="b", run_id="r"
    )
    assert_type(page, Page[Message])
    assert_type(page.data, list[Message])
    assert_type(page.has_more, bool)
    assert_type(page.first_id, str | None)
    assert_type(page.last_id, str | None)
    assert_type(page[0], Message)
    assert_type(page[:1], list[Message])
    assert_type(page.rows(), list[dict[str, Any]])
    assert_type(page[0].markdown({"file_1": "a.pdf"}), str)
    assert_type(page[0].html(lambda file_id: None), str)
    assert_type(len(page), int)
    for message in page:
        assert_type(message, Message)
    for one in page.iter_pages():
        assert_type(one.data, list[Message])
    assert_type(client.messages.latest("thread_1", role="assistant"), Message | None)
    assert_type(client.messages.retrieve("thread_1", "msg_1"), Message)
    assert_type(client.messages.update("thread_1", "msg_1", metadata={"k": "v"}), Message)
    assert_type(client.messages.update("thread_1", "msg_1", metadata=None), Message)
    assert_type(client.messages.delete("thread_1", "msg_1"), laplas.DeletedMessage)
    assert_type(client.beta.threads.messages.create("thread_1", "hi"), Message)
    assert_type(
        client.beta.threads.messages.retrieve(message_id="msg_1", thread_id="thread_1"), Message
    )
    # What was read can be sent again.
    assert_type(client.messages.create("thread_1", old.content, attachments=old.attachments),
                Message)  # fmt: skip


def threads(client: Laplas) -> None:
    thread = client.threads.create(
        messages=["hi", {"role": "user", "content": "a"}],
        metadata={"k": "v"},
        tool_resources={"code_interpreter": {"file_ids": ["f"]}},
        timeout=None,
    )
    assert_type(thread, Thread)
    assert_type(thread.id, str)
    assert_type(thread.created, datetime)
    assert_type(client.threads.retrieve("thread_1"), Thread)
    assert_type(client.threads.update("thread_1", metadata={}), Thread)
    assert_type(client.threads.delete("thread_1"), laplas.DeletedThread)
    assert_type(client.beta.threads.create(), Thread)
    options: laplas.CallOptions = {"timeout": 3, "max_retries": 0}
    assert_type(client.threads.retrieve("thread_1", **options), Thread)
    handle = client.thread("thread_1")
    assert_type(handle.id, str)
    assert_type(handle.messages.create("hi", role="user"), Message)
    assert_type(handle.messages.list(order="asc"), Page[Message])
    assert_type(handle.messages.latest(), Message | None)
    assert_type(handle.messages.retrieve("msg_1"), Message)
    assert_type(handle.messages.update("msg_1", metadata={}), Message)
    assert_type(handle.messages.delete("msg_1"), laplas.DeletedMessage)
    assert_type(handle.retrieve(), Thread)
    assert_type(handle.update(metadata={}), Thread)
    assert_type(handle.delete(), laplas.DeletedThread)
    handle.messages.create("hi", rolle="user")  # type: ignore[call-arg]  # pyright: ignore


def reading(message: Message) -> None:
    assert_type(message.id, str)
    assert_type(message.text, str)
    assert_type(message.refusal, str | None)
    assert_type(message.created, datetime)
    assert_type(message.citations, list[laplas.FileCitationAnnotation])
    assert_type(message.images, list[laplas.ImageFileContent | laplas.ImageUrlContent])
    assert_type(message.metadata, Metadata | None)
    assert_type(message.run_id, str | None)
    assert_type(message.attachments, list[laplas.Attachment] | None)
    assert_type(message.to_dict(), dict[str, Any])
    assert_type(message.additional_properties, dict[str, Any])
    for part in message.content:
        assert_type(
            part,
            laplas.TextContent
            | laplas.ImageFileContent
            | laplas.ImageUrlContent
            | laplas.RefusalContent
            | laplas.UnknownVariant,
        )
        if isinstance(part, laplas.TextContent):
            assert_type(part.text.value, str)


def told_apart_by_type(message: Message, run: Run, step: laplas.RunStep) -> None:
    for part in message.content:
        if part.type == "text":
            assert_type(part.text.value, str)
            for annotation in part.text.annotations:
                if annotation.type == "file_citation":
                    assert_type(annotation.file_citation.file_id, str)
        elif part.type == "refusal":
            assert_type(part.refusal, str)
        match part.type:
            case "image_url":
                assert_type(part.image_url.url, str)
            case _:
                pass
    for tool in run.tools or ():
        if tool.type == "function":
            assert_type(tool.function.name, str)
    details = step.step_details
    if details.type == "tool_calls":
        for call in details.tool_calls:
            if call.type == "function":
                assert_type(call.function.name, str)


def as_mappings(message: Message) -> None:
    assert_type(dict(message), dict[str, Any])
    assert_type({**message}, dict[str, Any])
    assert_type([*message.keys()], list[str])
    assert_type("id" in message, bool)


def other_ways(client: Laplas) -> None:
    raw = client.messages.with_raw_response.create("thread_1", "hi")
    assert_type(raw, RawResponse[Message])
    assert_type(raw.parse(), Message)
    assert_type(raw.status_code, int)
    assert_type(raw.content, bytes)
    assert_type(raw.request_id, str | None)
    assert_type(
        client.messages.with_raw_response.delete("thread_1", "msg_1").parse(), laplas.DeletedMessage
    )
    assert_type(client.threads.with_raw_response.retrieve("thread_1"), RawResponse[Thread])
    prepared = client.messages.prepare.create("thread_1", "hi")
    assert_type(prepared, laplas.PreparedRequest)
    assert_type(prepared.curl(), str)
    assert_type(prepared.body, bytes | None)
    assert_type(client.threads.prepare.delete("thread_1"), laplas.PreparedRequest)
    assert_type(client.request("GET", "/x", query={"a": 1}, timeout=3), RawResponse[Any])
    listing = client.messages.with_raw_response.list("thread_1", order="asc")
    assert_type(listing.status_code, int)
    assert_type(listing.parse().data, list[Message])


def tool(place: str) -> int:
    return len(place)


def runs(client: Laplas) -> None:
    assert_type(client.assistants.create("gpt-4o", name="Ann", tools=[tool]), laplas.Assistant)
    client.assistants.update("asst_1", name=None, model=laplas.NOT_GIVEN)
    client.assistants.update("asst_1", model=None)  # type: ignore[arg-type]  # pyright: ignore
    name: str | laplas.NotGiven | None = laplas.NOT_GIVEN
    client.assistants.update("asst_1", name=name)
    assert_type(client.assistants.list(), Page[laplas.Assistant])
    assert_type(client.beta.assistants.delete("asst_1"), laplas.DeletedAssistant)
    assert_type(client.runs.create("thread_1", "asst_1", temperature=0.5, timeout=3), Run)
    assert_type(client.runs.create("thread_1", "asst_1", stream=True), laplas.EventStream)
    client.runs.create("thread_1", "asst_1", temprature=0.5)  # type: ignore[call-overload]  # pyright: ignore
    assert_type(client.beta.threads.runs.create_and_poll("thread_1", "asst_1"), Run)
    assert_type(client.runs.submit_tool_outputs("thread_1", "run_1", {"call_1": "x"}), Run)
    assert_type(client.runs.steps.list("thread_1", "run_1", include=["x"]), Page[laplas.RunStep])
    assert_type(client.threads.create_and_run("asst_1", stream=True), laplas.EventStream)
    assert_type(client.files.upload(("a.txt", b"x")), laplas.FileObject)
    raw = client.runs.with_raw_response
    assert_type(raw.create("thread_1", "asst_1"), RawResponse[Run])
    assert_type(raw.retrieve("thread_1", "run_1").parse(), Run)
    assert_type(client.threads.with_raw_response.create_and_run("asst_1"), RawResponse[Run])
    assert_type(client.files.prepare.upload(b""), laplas.PreparedRequest)
    with client.runs.stream("thread_1", "asst_1") as stream:
        for event in stream:
            assert_type(event.event, str)
        for piece in stream.text:
            assert_type(piece, str)
        result = stream.until_done()
        assert_type(result.run, Run | None)
        assert_type(result.messages, list[Message])
    asked = client.thread("thread_1").ask("hi", assistant="asst_1", tools=[tool], once=True)
    assert_type(client.thread("thread_1").ask(asked, assistant="asst_1"), laplas.Reply)
    for piece in client.thread("thread_1").ask_stream("hi", assistant="asst_1"):
        assert_type(piece, str)


async def async_runs(client: AsyncLaplas) -> None:
    assert_type(await client.assistants.retrieve("asst_1"), laplas.Assistant)
    assert_type(await client.runs.create("thread_1", "asst_1"), Run)
    raw = client.assistants.with_raw_response
    assert_type(await raw.retrieve("asst_1"), RawResponse[laplas.Assistant])
    assert_type(client.runs.steps.prepare.list("thread_1", "run_1"), laplas.PreparedRequest)
    assert_type(
        await client.runs.create("thread_1", "asst_1", stream=True), laplas.AsyncEventStream
    )
    async for run in client.runs.list("thread_1"):
        assert_type(run, Run)
    async with client.runs.stream("thread_1", "asst_1") as stream:
        async for piece in stream.text:
            assert_type(piece, str)
        assert_type((await stream.until_done()).run, Run | None)
    assert_type(await client.thread("thread_1").ask("hi", assistant="asst_1"), laplas.Reply)
    async for piece in client.thread("thread_1").ask_stream("hi", assistant="asst_1"):
        assert_type(piece, str)


async def asynced(client: AsyncLaplas) -> None:
    async with client as entered:
        assert_type(entered, AsyncLaplas)
    assert_type(await client.messages.create("thread_1", "hi", metadata={"k": "v"}), Message)
    assert_type(await client.messages.list("thread_1"), laplas.AsyncPage[Message])
    async for message in client.messages.list("thread_1", max_items=5):
        assert_type(message, Message)
    page = await client.messages.list("thread_1")
    assert_type(page.data, list[Message])
    async for message in page:
        assert_type(message, Message)
    async for one in page.iter_pages():
        assert_type(one.data, list[Message])
    assert_type(await client.messages.latest("thread_1"), Message | None)
    assert_type(await client.messages.retrieve("thread_1", "msg_1"), Message)
    assert_type(await client.messages.update("thread_1", "msg_1", metadata=None), Message)
    assert_type(await client.messages.delete("thread_1", "msg_1"), laplas.DeletedMessage)
    assert_type(await client.threads.create(messages=["hi"]), Thread)
    assert_type(await client.threads.delete("thread_1"), laplas.DeletedThread)
    assert_type(await client.beta.threads.messages.create("thread_1", "hi"), Message)
    thread = client.thread("thread_1")
    assert_type(await thread.messages.create("hi"), Message)
    assert_type(await thread.messages.list(), laplas.AsyncPage[Message])
    assert_type(await thread.retrieve(), Thread)
    raw = await client.messages.with_raw_response.retrieve("thread_1", "msg_1")
    assert_type(raw.parse(), Message)
    listing = await client.messages.with_raw_response.list("thread_1", order="asc")
    assert_type(listing.status_code, int)
    assert_type(await client.threads.with_raw_response.create(), RawResponse[Thread])
    assert_type(client.messages.prepare.delete("thread_1", "msg_1"), laplas.PreparedRequest)
    assert_type(await client.request("POST", "/x", body={"a": 1}), RawResponse[Any])
    assert_type(await client.aclose(), None)


def errors(client: Laplas) -> None:
    try:
        client.threads.retrieve("thread_1")
    except laplas.RateLimitError as error:
        assert_type(error.retry_after, float | None)
    except laplas.APIStatusError as error:
        assert_type(error.status_code, int)
        assert_type(error.code, str | None)
        assert_type(error.param, str | None)
        assert_type(error.timestamp, datetime | None)
        assert_type(error.headers, dict[str, str])
    except laplas.APIConnectionError as error:
        assert_type(error.kind, str)
    except laplas.UnparsableResponseError as error:
        assert_type(error.body, str)
    except laplas.APIError as error:
        assert_type(error.operation, str)
        assert_type(error.attempts, int)
        assert_type(error.elapsed, float)
        assert_type(error.may_have_taken_effect, bool)
        assert_type(error.request_id, str | None)
        assert_type(error.cursor, str | None)
    except laplas.PaginationError as error:
        assert_type(error.cursor, str | None)
    except (laplas.ConfigurationError, laplas.InvalidArgumentError) as error:
        assert_type(error.argument, str)
        value: ValueError = error
        print(value)


def annotated(
    part: laplas.ContentPart,
    usage: laplas.Usage,
    path: laplas.FilePathAnnotation,
    call: laplas.RequiredToolCall,
) -> laplas.ToolOutput:
    if isinstance(part, laplas.TextContent):
        assert_type(part.text.value, str)
    assert_type(usage.total_tokens, int)
    assert_type(path.file_path.file_id, str)
    return laplas.ToolOutput(tool_call_id=call.id, output="{}")
