"""A program for the openai package with another import. Not run: type checkers read it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx

import laplas as openai
from laplas import NOT_GIVEN, omit
from laplas import AsyncLaplas as AsyncOpenAI
from laplas import Laplas as OpenAI


def tutor(path: Path) -> str:
    client = OpenAI(
        api_key="sk",
        organization="org-1",
        project=None,
        base_url="https://api.test/v1",
        timeout=httpx.Timeout(20.0, connect=5.0),
        max_retries=3,
        default_headers={"X-A": "b"},
        http_client=httpx.Client(),
    )
    with path.open("rb") as opened:
        file = client.files.create(file=opened, purpose="assistants")
    file = client.files.wait_for_processing(file.id, poll_interval=1.0, max_wait_seconds=60)
    assistant = client.beta.assistants.create(
        name="Math Tutor",
        instructions="You are a tutor. Write and run code.",
        tools=[
            {"type": "code_interpreter"},
            {"type": "file_search", "file_search": {"max_num_results": 5}},
            {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}},
        ],
        tool_resources={"code_interpreter": {"file_ids": [file.id]}},
        model="gpt-4o",
        temperature=0.2,
        description=omit,
        metadata=NOT_GIVEN,
        response_format="auto",
    )
    thread = client.beta.threads.create()
    client.beta.threads.messages.create(
        thread_id=thread.id,
        role="user",
        content=[
            {"type": "text", "text": "Solve it"},
            {"type": "image_url", "image_url": {"url": "https://a.test/b.png", "detail": "low"}},
        ],
        attachments=[{"file_id": file.id, "tools": [{"type": "file_search"}]}],
    )
    run = client.beta.threads.runs.create(
        thread_id=thread.id,
        assistant_id=assistant.id,
        instructions="Please address the user as Jane Doe.",
        tool_choice={"type": "function", "function": {"name": "f"}},
        truncation_strategy={"type": "auto"},
        extra_headers={"X-B": "c"},
        timeout=None,
    )
    while run.status in ("queued", "in_progress", "cancelling"):
        time.sleep(1)
        run = client.beta.threads.runs.retrieve(thread_id=thread.id, run_id=run.id)
    action = run.required_action
    if run.status == "requires_action" and action and action.submit_tool_outputs:
        outputs: list[dict[str, str]] = []
        for call in action.submit_tool_outputs.tool_calls:
            outputs.append({"tool_call_id": call.id, "output": call.function.arguments})
        run = client.beta.threads.runs.submit_tool_outputs(
            thread_id=thread.id, run_id=run.id, tool_outputs=outputs
        )
    for step in client.beta.threads.runs.steps.list(run.id, thread_id=thread.id, order="asc"):
        print(step.model_dump_json(indent=2))
    client.beta.threads.messages.update("msg_1", thread_id=thread.id, metadata={"a": "b"})
    print(client.beta.assistants.delete(assistant.id).deleted)
    messages = client.beta.threads.messages.list(thread_id=thread.id)
    part = messages.data[0].content[0]
    if part.type == "text":
        for annotation in part.text.annotations:
            if annotation.type == "file_citation":
                print(client.files.retrieve(annotation.file_citation.file_id).filename)
        return part.text.value
    return messages.to_json()


async def pages(client: AsyncOpenAI) -> list[dict[str, Any]]:
    page = await client.beta.threads.messages.list("thread_1", limit=20, order="desc")
    dumped = [message.model_dump(mode="json", exclude_none=True) for message in page.data]
    while page.has_next_page():
        page = await page.get_next_page()
        dumped += [message.to_dict(exclude_unset=True) for message in page.data]
    async for assistant in client.beta.assistants.list(order="desc"):
        dumped.append(assistant.model_dump(include={"id"}))
    raw = await client.beta.threads.with_raw_response.create(metadata={"a": "b"})
    print(raw.headers.get("x-request-id"), raw.http_request.url, raw.parse().id)
    thread = await client.copy(timeout=3, max_retries=1).beta.threads.retrieve("thread_1")
    print(thread._request_id, thread.model_copy(update={"metadata": {}}).metadata)
    await client.close()
    return dumped


def failures(client: OpenAI) -> str | None:
    try:
        client.beta.threads.retrieve("thread_1")
    except openai.APITimeoutError as error:
        print(error.request.url)
    except openai.APIConnectionError as error:
        print(error.__cause__, error.message)
    except (openai.RateLimitError, openai.InternalServerError) as error:
        print(error.status_code, error.response.headers)
    except openai.APIStatusError as error:
        return error.code or error.param or error.type or error.request_id
    except openai.APIResponseValidationError as error:
        print(error.body)
    except openai.OpenAIError as error:
        print(error)
    return None
