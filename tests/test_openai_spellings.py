"""Usual programs for Assistants: with the import changed they read what they read by openai's."""

from __future__ import annotations

import asyncio
import inspect
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from test_openai_names import numbered

import laplas
from laplas.local import Citation, LocalServer, Reply, ToolCall, Turn, running

openai = pytest.importorskip("openai")
pytest.importorskip("aiohttp")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

PROGRAMS: dict[str, Callable[..., Any]] = {}
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    },
}
PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
CITIES = ("Oslo", "Rome")
MARK = "【4:0†source】"


def program(function: Callable[..., Any]) -> Callable[..., Any]:
    PROGRAMS[function.__name__] = function
    return function


def reply(turn: Turn) -> Reply:
    if "weather" in turn.question and not turn.tool_outputs:
        return Reply(
            tool_calls=[ToolCall("get_weather", {"city": city}) for city in ("Oslo", "Rome")]
        )
    if "cite" in turn.question:
        file = turn.messages[0]["attachments"][0]["file_id"]
        return Reply(text=f"Read this{MARK}, and that{MARK}.", citations=[Citation(MARK, file)] * 2)
    if "fail" in turn.question:
        return Reply(failure="It was asked to fail.")
    heard = "; ".join(output.output for output in turn.tool_outputs)
    return Reply(text=f"You said: {turn.question}. {heard}")


def setup(client: Any, text: str = "Hello", **assistant: Any) -> tuple[Any, Any]:
    made = client.beta.assistants.create(model="gpt-4o", name="Tutor", **assistant)
    thread = client.beta.threads.create(messages=[{"role": "user", "content": text}])
    return made, thread


def last(client: Any, thread_id: str) -> str:
    messages = client.beta.threads.messages.list(thread_id=thread_id)
    text: str = messages.data[0].content[0].text.value
    return text


@program
def quickstart_with_a_loop(c: Any, lib: Any) -> Any:
    assistant = c.beta.assistants.create(
        name="Math Tutor",
        instructions="You are a personal math tutor. Write and run code to answer math questions.",
        tools=[{"type": "code_interpreter"}],
        model="gpt-4-1106-preview",
    )
    thread = c.beta.threads.create()
    c.beta.threads.messages.create(
        thread_id=thread.id, role="user", content="I need to solve `3x + 11 = 14`. Can you help me?"
    )
    run = c.beta.threads.runs.create(
        thread_id=thread.id, assistant_id=assistant.id, instructions="Address the user as Jane Doe."
    )
    while run.status in ["queued", "in_progress", "cancelling"]:
        run = c.beta.threads.runs.retrieve(thread_id=thread.id, run_id=run.id)
    messages = c.beta.threads.messages.list(thread_id=thread.id)
    for message in reversed(messages.data):
        yield message.role + ": " + message.content[0].text.value
    yield json.loads(messages.model_dump_json())["data"][0]["content"], run.usage.total_tokens


@program
def create_and_poll(c: Any, lib: Any) -> Any:
    assistant, thread = setup(c)
    run = c.beta.threads.runs.create_and_poll(
        thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=20
    )
    if run.status == "completed":
        messages = c.beta.threads.messages.list(thread_id=thread.id, run_id=run.id)
        yield messages.data[0].content[0].text.value, len(messages.data)
    yield run.usage.total_tokens > 0, run.usage.model_dump().keys() >= {"prompt_tokens"}
    yield run.model, run.instructions, run.temperature, run.last_error, run.required_action


@program
def event_handler(c: Any, lib: Any) -> Any:
    told: list[Any] = []

    class EventHandler(lib.AssistantEventHandler):  # type: ignore[misc]
        def on_text_created(self, text: Any) -> None:
            told.append(("assistant > ", text.value, text.annotations))

        def on_text_delta(self, delta: Any, snapshot: Any) -> None:
            told.append((delta.value, snapshot.value))

        def on_tool_call_created(self, tool_call: Any) -> None:
            told.append(tool_call.type)

        def on_message_done(self, message: Any) -> None:
            told.append(message.content[0].text.value)

        def on_end(self) -> None:
            told.append("end")

    assistant, thread = setup(c, tools=[{"type": "code_interpreter"}])
    with c.beta.threads.runs.stream(
        thread_id=thread.id,
        assistant_id=assistant.id,
        instructions="Please address the user as Jane Doe.",
        event_handler=EventHandler(),
    ) as stream:
        stream.until_done()
    yield told, stream.get_final_run().status


@program
def raw_events(c: Any, lib: Any) -> Any:
    assistant, thread = setup(c)
    stream = c.beta.threads.runs.create(thread_id=thread.id, assistant_id=assistant.id, stream=True)
    for event in stream:
        if event.event == "thread.message.delta":
            for part in event.data.delta.content or []:
                if part.type == "text" and part.text:
                    yield part.text.value
        else:
            yield event.event, event.data.object
    with c.beta.threads.runs.create(
        thread_id=thread.id, assistant_id=assistant.id, stream=True
    ) as stream:
        yield type(next(stream)).__name__ != "", stream.response.status_code


@program
def text_deltas(c: Any, lib: Any) -> Any:
    assistant, thread = setup(c)
    with c.beta.threads.runs.stream(thread_id=thread.id, assistant_id=assistant.id) as stream:
        yield "".join(stream.text_deltas)
        yield stream.get_final_messages()[0].content[0].text.value
        yield [step.type for step in stream.get_final_run_steps()], stream.current_event


@program
def function_calling(c: Any, lib: Any) -> Any:
    assistant, thread = setup(c, "What is the weather?", tools=[TOOL])
    run = c.beta.threads.runs.create_and_poll(
        thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=20
    )
    outputs = []
    for tool in run.required_action.submit_tool_outputs.tool_calls:
        if tool.function.name == "get_weather":
            arguments = json.loads(tool.function.arguments)
            outputs.append({"tool_call_id": tool.id, "output": f"57 in {arguments['city']}"})
    yield run.required_action.type, len(outputs)
    run = c.beta.threads.runs.submit_tool_outputs_and_poll(
        thread_id=thread.id, run_id=run.id, tool_outputs=outputs, poll_interval_ms=20
    )
    yield run.status, last(c, thread.id)
    steps = c.beta.threads.runs.steps.list(thread_id=thread.id, run_id=run.id, order="asc")
    for step in steps.data:
        yield step.type, step.status, step.step_details.model_dump(exclude_none=True)


@program
def function_calling_by_hand(c: Any, lib: Any) -> Any:
    assistant, thread = setup(c, "What is the weather?", tools=[TOOL])
    run = c.beta.threads.runs.create(thread.id, assistant_id=assistant.id, tool_choice="auto")
    while True:
        run = c.beta.threads.runs.retrieve(run_id=run.id, thread_id=thread.id)
        if run.status == "requires_action":
            calls = run.required_action.submit_tool_outputs.tool_calls
            run = c.beta.threads.runs.submit_tool_outputs(
                thread_id=thread.id,
                run_id=run.id,
                tool_outputs=[{"tool_call_id": call.id, "output": "57"} for call in calls],
            )
        elif run.status not in ("queued", "in_progress"):
            break
    yield run.status, last(c, thread.id)


@program
def function_calling_in_streams(c: Any, lib: Any) -> Any:
    told: list[str] = []

    class EventHandler(lib.AssistantEventHandler):  # type: ignore[misc]
        def on_event(self, event: Any) -> None:
            if event.event == "thread.run.requires_action":
                calls = event.data.required_action.submit_tool_outputs.tool_calls
                outputs = [{"tool_call_id": call.id, "output": "57"} for call in calls]
                with c.beta.threads.runs.submit_tool_outputs_stream(
                    thread_id=self.current_run.thread_id,
                    run_id=self.current_run.id,
                    tool_outputs=outputs,
                    event_handler=EventHandler(),
                ) as stream:
                    told.extend(stream.text_deltas)

    assistant, thread = setup(c, "What is the weather?", tools=[TOOL])
    with c.beta.threads.runs.stream(
        thread_id=thread.id, assistant_id=assistant.id, event_handler=EventHandler()
    ) as stream:
        stream.until_done()
    yield told


@program
def file_search(c: Any, lib: Any) -> Any:
    store = c.vector_stores.create(name="Financial Statements")
    batch = c.vector_stores.file_batches.upload_and_poll(
        vector_store_id=store.id, files=[("a.txt", b"Oslo 7"), io.BytesIO(b"Rome 2")]
    )
    yield batch.status, batch.file_counts.model_dump()
    assistant = c.beta.assistants.create(model="gpt-4o", tools=[{"type": "file_search"}])
    assistant = c.beta.assistants.update(
        assistant_id=assistant.id, tool_resources={"file_search": {"vector_store_ids": [store.id]}}
    )
    yield len(assistant.tool_resources.file_search.vector_store_ids)
    file = c.vector_stores.files.upload_and_poll(
        vector_store_id=store.id, file=("b.txt", b"Bergen"), poll_interval_ms=20
    )
    yield (
        file.status,
        c.vector_stores.files.poll(file_id=file.id, vector_store_id=store.id).status,
    )
    other = c.files.create(file=("c.txt", b"Bodo"), purpose="assistants")
    yield c.vector_stores.files.create_and_poll(
        file_id=other.id, vector_store_id=store.id
    ).last_error
    yield c.vector_stores.file_batches.create_and_poll(store.id, file_ids=[other.id]).status
    yield len(list(c.vector_stores.files.list(vector_store_id=store.id)))
    yield [hit.filename for hit in c.vector_stores.search(store.id, query="Bergen")]
    yield c.vector_stores.retrieve(vector_store_id=store.id).file_counts.completed
    yield c.vector_stores.delete(vector_store_id=store.id).deleted


@program
def citations(c: Any, lib: Any) -> Any:
    file = c.files.create(file=("knowledge.txt", b"All of it"), purpose="assistants")
    assistant = c.beta.assistants.create(model="gpt-4o", tools=[{"type": "file_search"}])
    thread = c.beta.threads.create(
        messages=[
            {
                "role": "user",
                "content": "Please cite",
                "attachments": [{"file_id": file.id, "tools": [{"type": "file_search"}]}],
            }
        ]
    )
    run = c.beta.threads.runs.create_and_poll(
        thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=20
    )
    message = next(iter(c.beta.threads.messages.list(thread_id=thread.id, run_id=run.id)))
    message = c.beta.threads.messages.retrieve(thread_id=thread.id, message_id=message.id)
    content = message.content[0].text
    notes = []
    for index, annotation in enumerate(content.annotations):
        content.value = content.value.replace(annotation.text, f" [{index}]")
        if file_citation := getattr(annotation, "file_citation", None):
            cited = c.files.retrieve(file_citation.file_id)
            notes.append(f"[{index}] from {cited.filename}")
        elif file_path := getattr(annotation, "file_path", None):
            notes.append(f"[{index}] {c.files.retrieve(file_path.file_id).filename}")
    content.value += "\n" + "\n".join(notes)
    yield content.value, message.content[0].text.value, content.annotations[0].start_index


@program
def code_interpreter_with_a_file(c: Any, lib: Any) -> Any:
    place = Path(__file__)
    with place.open("rb") as opened:
        file = c.files.create(file=opened, purpose="assistants")
    assistant, thread = setup(
        c,
        tools=[{"type": "code_interpreter"}],
        tool_resources={"code_interpreter": {"file_ids": [file.id]}},
    )
    file = c.files.wait_for_processing(file.id)
    yield file.filename, file.bytes == place.stat().st_size, file.purpose, file.status
    yield c.files.content(file.id).read() == place.read_bytes()
    yield assistant.tool_resources.code_interpreter.file_ids == [file.id], assistant.tools[0].type
    yield c.files.create(file=place, purpose="assistants").filename
    yield thread.tool_resources is None or thread.tool_resources.to_dict()


@program
def images(c: Any, lib: Any) -> Any:
    file = c.files.create(file=("a.png", PIXEL, "image/png"), purpose="vision")
    parts = [
        {"type": "text", "text": "What is the difference?"},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}},
        {"type": "image_file", "image_file": {"file_id": file.id}},
    ]
    thread = c.beta.threads.create(messages=[{"role": "user", "content": parts}])
    message = c.beta.threads.messages.list(thread.id).data[0]
    for part in message.content:
        if part.type == "image_url":
            yield part.image_url.url, part.image_url.detail
        elif part.type == "image_file":
            yield part.image_file.file_id == file.id, part.image_file.detail
        else:
            yield part.text.value
    yield [part.type for part in message.content]


@program
def files(c: Any, lib: Any) -> Any:
    made = [c.files.create(file=(f"{n}.txt", b"x" * n), purpose="assistants") for n in (1, 2)]
    content = c.files.content(made[1].id)
    yield content.text, content.content, b"".join(content.iter_bytes())
    yield content.response.status_code, content.response.headers.get("content-length")
    with c.files.with_streaming_response.content(made[1].id) as response:
        yield b"".join(response.iter_bytes())
    yield sorted(file.filename for file in c.files.list(purpose="assistants"))
    yield c.files.delete(made[0].id).deleted, c.files.delete(file_id=made[1].id).object
    yield c.files.list().data


@program
def pagination(c: Any, lib: Any) -> Any:
    thread = c.beta.threads.create()
    for number in range(5):
        c.beta.threads.messages.create(thread.id, role="user", content=str(number))
    page = c.beta.threads.messages.list(thread.id, limit=2, order="asc")
    yield page.has_more, page.data[-1].id == page.last_id, page.first_id == page.data[0].id
    while page.has_next_page():
        page = page.get_next_page()
        yield [message.content[0].text.value for message in page.data]
    every, after = [], lib.NOT_GIVEN
    while True:
        page = c.beta.threads.messages.list(thread.id, limit=2, after=after, order="desc")
        every += page.data
        if not page.has_more:
            break
        after = page.last_id
    yield [message.content[0].text.value for message in every]
    yield [m.content[0].text.value for m in c.beta.threads.messages.list(thread.id, limit=2)]
    yield len(c.beta.assistants.list(order="desc", limit=20).data)


@program
def metadata(c: Any, lib: Any) -> Any:
    for user in ("ann", "bob"):
        c.beta.assistants.create(model="gpt-4o", name=user, metadata={"user": user})
    found = [a for a in c.beta.assistants.list(limit=100) if a.metadata.get("user") == "bob"]
    yield found[0].name, found[0].metadata == {"user": "bob"}, dict(found[0].metadata)
    thread = c.beta.threads.create(metadata={"a": "b"})
    thread = c.beta.threads.update(thread.id, metadata={"a": "c", "d": "e"})
    yield thread.metadata["a"], list(thread.metadata.items()), "d" in thread.metadata
    message = c.beta.threads.messages.create(
        thread_id=thread.id, role="user", content="x", metadata={"k": "v"}
    )
    yield message.metadata, c.beta.threads.retrieve(thread_id=thread.id).metadata


@program
def errors(c: Any, lib: Any) -> Any:
    calls: tuple[Callable[[], Any], ...] = (
        lambda: c.beta.threads.retrieve("thread_none"),
        lambda: c.beta.assistants.retrieve("asst_none"),
        lambda: c.with_options(max_retries=0, timeout=5).files.retrieve("file-none"),
    )
    for call in calls:
        try:
            call()
        except lib.AuthenticationError:
            yield "key"
        except lib.APIStatusError as e:
            yield e.status_code, type(e).__name__, e.response.status_code, e.code, e.type
            yield isinstance(e, lib.APIError), isinstance(e, lib.OpenAIError), "none" in str(e)
    assistant, thread = setup(c, "fail")
    run = c.beta.threads.runs.create_and_poll(
        thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=20
    )
    yield run.status, run.last_error.code, run.last_error.message, run.usage is None
    try:
        c.beta.threads.messages.create(thread.id, role="system", content="x")
    except (lib.BadRequestError, laplas.InvalidArgumentError):
        yield "bad"


@program
def raw_responses(c: Any, lib: Any) -> Any:
    response = c.beta.threads.with_raw_response.create(metadata={"a": "b"})
    thread = response.parse()
    yield response.status_code, response.headers["content-type"], thread.metadata
    yield response.http_response.status_code, json.loads(response.text)["id"] == thread.id
    with c.beta.threads.with_streaming_response.retrieve(thread.id) as streamed:
        yield streamed.headers.get("content-type"), streamed.parse().id == thread.id
    with c.beta.threads.with_streaming_response.retrieve(thread.id) as streamed:
        yield json.loads("".join(streamed.iter_lines()))["id"] == thread.id
    yield [one.model for one in c.beta.assistants.with_raw_response.list().parse().data]


@program
def cancelling(c: Any, lib: Any) -> Any:
    assistant, thread = setup(c, "What is the weather?", tools=[TOOL])
    run = c.beta.threads.runs.create_and_poll(
        thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=20
    )
    yield c.beta.threads.runs.cancel(run_id=run.id, thread_id=thread.id).status
    run = c.beta.threads.runs.poll(run.id, thread_id=thread.id, poll_interval_ms=20)
    yield run.status, run.cancelled_at is None, len(c.beta.threads.runs.list(thread.id).data)
    steps = c.beta.threads.runs.steps.list(run.id, thread_id=thread.id).data
    step = c.beta.threads.runs.steps.retrieve(steps[0].id, thread_id=thread.id, run_id=run.id)
    yield step.type, step.step_details.tool_calls[0].function.name, step.cancelled_at is None


@program
def deleting(c: Any, lib: Any) -> Any:
    assistant, thread = setup(c)
    message = c.beta.threads.messages.list(thread.id).data[0]
    gone = c.beta.threads.messages.delete(message_id=message.id, thread_id=thread.id)
    yield gone.deleted, gone.object, gone.id == message.id
    yield sorted(c.beta.threads.delete(thread.id).to_dict())
    response = c.beta.assistants.delete(assistant.id)
    yield response.deleted, response.model_dump()["object"], str(response.object)


@program
def create_and_run(c: Any, lib: Any) -> Any:
    assistant, _ = setup(c)
    thread = {"messages": [{"role": "user", "content": "Explain deep learning"}]}
    run = c.beta.threads.create_and_run_poll(
        assistant_id=assistant.id, thread=thread, poll_interval_ms=20, temperature=0.5
    )
    yield run.status, run.temperature, last(c, run.thread_id)
    with c.beta.threads.create_and_run_stream(
        assistant_id=assistant.id, thread=thread, event_handler=lib.AssistantEventHandler()
    ) as stream:
        for event in stream:
            if event.event == "thread.message.completed":
                yield event.data.content[0].text.value
    stream = c.beta.threads.create_and_run(assistant_id=assistant.id, thread=thread, stream=True)
    yield [event.event for event in stream]


@program
def response_format(c: Any, lib: Any) -> Any:
    schema = {"name": "answer", "strict": True, "schema": {"type": "object", "properties": {}}}
    assistant, thread = setup(
        c, response_format={"type": "json_schema", "json_schema": schema}, top_p=0.5
    )
    yield assistant.response_format.type, assistant.response_format.json_schema.name
    assistant = c.beta.assistants.update(assistant.id, response_format={"type": "json_object"})
    yield assistant.response_format.type, assistant.top_p, assistant.temperature
    run = c.beta.threads.runs.create(
        thread_id=thread.id,
        assistant_id=assistant.id,
        response_format="auto",
        truncation_strategy={"type": "last_messages", "last_messages": 3},
        max_prompt_tokens=500,
        additional_messages=[{"role": "user", "content": "More"}],
        metadata=lib.NOT_GIVEN,
    )
    yield run.response_format, run.truncation_strategy.type, run.truncation_strategy.last_messages
    yield run.max_prompt_tokens, run.max_completion_tokens, run.tool_choice, run.tools


@program
def options(c: Any, lib: Any) -> Any:
    own = c.with_options(timeout=20, max_retries=1, default_headers={"X-Title": "t"})
    yield own.max_retries, own.beta.threads.create().object, own.is_closed()
    thread = c.beta.threads.create(extra_headers={"X-A": "b"}, timeout=10.0)
    yield c.copy().beta.threads.retrieve(thread.id).id == thread.id
    yield c.beta.threads.retrieve(thread.id, extra_query={"api-version": "v1"}).created_at > 0
    with c.with_options(timeout=lib.Timeout(5.0, connect=1.0)) as inner:
        yield inner.beta.threads.retrieve(thread.id).metadata


@program
def objects(c: Any, lib: Any) -> Any:
    assistant, thread = setup(c, description="d")
    message = c.beta.threads.messages.list(thread.id).data[0]
    yield json.loads(message.model_dump_json())["content"], message.to_dict()["role"]
    yield (
        dict(message)["role"],
        {**message.content[0].model_dump()},
        message == message.model_copy(),
    )
    yield json.loads(assistant.to_json())["name"], assistant.model_dump(exclude_none=True)["tools"]
    yield (
        message.content[0].type == "text",
        message.role in ("user", "assistant"),
        f"{message.role}",
    )
    yield [hasattr(message.content[0], name) for name in ("image_file", "text")]
    yield time_of(assistant.created_at), "Tutor" in repr(assistant), "Tutor" in str(assistant)


def time_of(seconds: int) -> bool:
    return datetime.fromtimestamp(seconds, UTC).year > 2000


@program
async def async_polling(c: Any, lib: Any) -> Any:
    assistant = await c.beta.assistants.create(model="gpt-4o")
    threads = await asyncio.gather(*(c.beta.threads.create() for _ in range(3)))
    for thread in threads:
        await c.beta.threads.messages.create(thread.id, role="user", content="Hi")
    runs = await asyncio.gather(
        *(
            c.beta.threads.runs.create_and_poll(
                thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=20
            )
            for thread in threads
        )
    )
    yield [run.status for run in runs]
    messages = await c.beta.threads.messages.list(threads[0].id)
    yield [message.content[0].text.value for message in messages.data]
    yield [m.role async for m in c.beta.threads.messages.list(threads[0].id, order="asc")]
    store = await c.vector_stores.create(name="n")
    batch = await c.vector_stores.file_batches.upload_and_poll(
        store.id, files=[(f"{n}.txt", b"x") for n in range(7)], max_concurrency=2
    )
    yield batch.file_counts.completed


@program
async def async_streaming(c: Any, lib: Any) -> Any:
    told: list[str] = []

    class EventHandler(lib.AsyncAssistantEventHandler):  # type: ignore[misc]
        async def on_text_delta(self, delta: Any, snapshot: Any) -> None:
            told.append(delta.value)

    assistant = await c.beta.assistants.create(model="gpt-4o")
    thread = await c.beta.threads.create(messages=[{"role": "user", "content": "Hi"}])
    async with c.beta.threads.runs.stream(
        thread_id=thread.id, assistant_id=assistant.id, event_handler=EventHandler()
    ) as stream:
        await stream.until_done()
    yield told, (await stream.get_final_run()).status
    async with c.beta.threads.runs.stream(thread_id=thread.id, assistant_id=assistant.id) as stream:
        yield [text async for text in stream.text_deltas]
    events = await c.beta.threads.runs.create(
        thread_id=thread.id, assistant_id=assistant.id, stream=True
    )
    yield [event.event async for event in events]


@program
async def async_files(c: Any, lib: Any) -> Any:
    file = await c.files.create(file=("a.txt", b"abc"), purpose="assistants")
    content = await c.files.content(file.id)
    yield content.text, content.read(), await content.aread()
    yield (await c.files.wait_for_processing(file.id)).status
    raw = await c.files.with_raw_response.retrieve(file.id)
    yield raw.parse().filename, [one.bytes async for one in c.files.list()]


def read(name: str, lib: Any, url: str) -> str:
    """What a program yields with the client of a package, its ids numbered as they come."""
    function, found = PROGRAMS[name], []
    if inspect.isasyncgenfunction(function):
        cls = lib.AsyncLaplas if lib is laplas else lib.AsyncOpenAI

        async def run() -> None:
            async with cls(api_key="k", base_url=f"{url}/v1") as client:
                found.extend([each async for each in function(client, lib)])

        asyncio.run(run())
    else:
        cls = lib.Laplas if lib is laplas else lib.OpenAI
        with cls(api_key="k", base_url=f"{url}/v1") as client:
            found.extend(function(client, lib))
    return re.sub(r"call_\w+", "call", numbered(found))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_usual_program_reads_the_same_by_both_packages(name: str) -> None:
    read_there: list[str] = []
    read_here: list[str] = []
    for lib, into in ((openai, read_there), (laplas, read_here)):
        with LocalServer(reply=reply) as server, running(server) as url:
            into.append(read(name, lib, url))
    assert read_here == read_there
