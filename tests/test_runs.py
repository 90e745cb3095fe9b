"""The calls of assistants, runs, steps and files: what both clients send, and what comes of it."""

from __future__ import annotations

import email
import email.policy
import inspect
import io
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import httpx
import pytest
from run_scripts import ASSISTANT, FILE, RUN, STEP, assistant, file, listed, run, step, waiting
from scripted import (
    KEY,
    THREAD,
    Ran,
    Script,
    Sent,
    Step,
    answer,
    breaks,
    message,
    plainly,
    run_async,
    run_both,
    run_sync,
)
from support import document, operations

from laplas import NOT_GIVEN, AsyncLaplas, Laplas, errors
from laplas._async.sending import FIRST_POLL, LONGEST_POLL
from laplas._core.config import SHORTEST_POLL
from laplas.models import Assistant, Run, RunStep
from laplas_api import models

Call = Callable[[Any], Any]

RUNS = f"/threads/{THREAD}/runs"
ONE_RUN = f"{RUNS}/{RUN}"
ONE_ASSISTANT = f"/assistants/{ASSISTANT}"
FIELDS = {"type": "object", "properties": {"place": {"type": "string"}}}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": FIELDS}}
GONE_ASSISTANT = {"id": ASSISTANT, "object": "assistant.deleted", "deleted": True}
EXPIRY = {"anchor": "created_at", "seconds": 3600}
GONE_FILE = {"id": FILE, "object": "file", "deleted": True}
OUTPUT = {"tool_call_id": "call_1", "output": "wet"}


def weather(place: str) -> str:
    """How it is there."""
    return place


PARAMETERS = {**FIELDS, "required": ["place"]}
TOLD = {"name": "weather", "description": "How it is there.", "parameters": PARAMETERS}
SETTINGS: dict[str, Any] = {
    "instructions": "Be brief.",
    "tools": [TOOL, weather, models.CodeInterpreterTool()],
    "metadata": {"k": "v"},
    "temperature": 0,
    "top_p": 0.5,
    "response_format": {"type": "json_object"},
}
TOOLS = [TOOL, {"type": "function", "function": TOLD}, {"type": "code_interpreter"}]
SENT_SETTINGS = {**SETTINGS, "tools": TOOLS}
FOR_ASSISTANT = {
    "name": "Ann",
    "description": "She knows.",
    "tool_resources": {"code_interpreter": {"file_ids": [FILE]}},
    "reasoning_effort": "low",
}
FOR_RUN = {
    "model": "gpt-4o",
    "max_prompt_tokens": 256,
    "max_completion_tokens": 500,
    "truncation_strategy": {"type": "last_messages", "last_messages": 3},
    "tool_choice": {"type": "function", "function": {"name": "weather"}},
    "parallel_tool_calls": False,
}
MESSAGES = ["hi", {"role": "assistant", "content": "ho", "metadata": {"a": "b"}}]
SENT_MESSAGES = [{"role": "user", "content": "hi"}, MESSAGES[1]]
ALSO_FOR_RUN = {"additional_instructions": "And kind.", "reasoning_effort": "low"}
CONTENT = "step_details.tool_calls[*].file_search.results[*].content"
SENT_CONTENT = CONTENT.replace("[*]", "%5B%2A%5D")
FOR_THREAD = {"tool_resources": {"file_search": {"vector_store_ids": ["vs_1"]}}}


class Case(NamedTuple):
    """A call, what the server answers, the request that must arrive, and what comes of it."""

    name: str
    call: Call
    answers: Any
    line: str
    body: Any
    makes: Any
    effect: str = "read"


# Each with everything that can be given.
CASES = [
    Case("create an assistant", lambda c: c.assistants.create("m", **SETTINGS, **FOR_ASSISTANT),
         assistant(), "POST /assistants", {"model": "m", **SENT_SETTINGS, **FOR_ASSISTANT},
         Assistant, "create"),
    Case("list assistants",
         lambda c: c.assistants.list(page_size=5, order="asc", after="a", before="b&"),
         listed(assistant()), "GET /assistants?limit=5&order=asc&after=a&before=b%26",
         None, Assistant),
    Case("retrieve an assistant", lambda c: c.assistants.retrieve(ASSISTANT), assistant(),
         f"GET {ONE_ASSISTANT}", None, Assistant),
    Case("update an assistant",
         lambda c: c.assistants.update(ASSISTANT, model="m", **SETTINGS, **FOR_ASSISTANT),
         assistant(), f"POST {ONE_ASSISTANT}", {"model": "m", **SENT_SETTINGS, **FOR_ASSISTANT},
         Assistant, "repeatable"),
    Case("delete an assistant", lambda c: c.assistants.delete(ASSISTANT), GONE_ASSISTANT,
         f"DELETE {ONE_ASSISTANT}", None, models.DeletedAssistant, "repeatable"),
    Case("create a run",
         lambda c: c.runs.create(THREAD, assistant_id=ASSISTANT, include=[CONTENT, "x"],
                                 additional_messages=iter(MESSAGES),
                                 **ALSO_FOR_RUN, **SETTINGS, **FOR_RUN),
         run("queued"), f"POST {RUNS}?include%5B%5D={SENT_CONTENT}&include%5B%5D=x",
         {"assistant_id": ASSISTANT, "additional_messages": SENT_MESSAGES,
          **ALSO_FOR_RUN, **SENT_SETTINGS, **FOR_RUN},
         Run, "create"),
    Case("create a thread and run",
         lambda c: c.threads.create_and_run(
             ASSISTANT, thread={"messages": MESSAGES, "metadata": {"a": "b"}},
             **FOR_THREAD, **SETTINGS, **FOR_RUN),
         run("queued"), "POST /threads/runs",
         {"assistant_id": ASSISTANT, "thread": {"messages": SENT_MESSAGES, "metadata": {"a": "b"}},
          **FOR_THREAD, **SENT_SETTINGS, **FOR_RUN},
         Run, "create"),
    Case("list runs",
         lambda c: c.runs.list(THREAD, limit=7, max_items=9, order="desc", after="a", before="b"),
         listed(run()), f"GET {RUNS}?limit=7&order=desc&after=a&before=b", None, Run),
    Case("retrieve a run", lambda c: c.runs.retrieve(THREAD, RUN), run("in_progress"),
         f"GET {ONE_RUN}", None, Run),
    Case("poll a run that is over", lambda c: c.runs.poll(THREAD, RUN), run(),
         f"GET {ONE_RUN}", None, Run),
    Case("update a run", lambda c: c.runs.update(THREAD, RUN, metadata={"k": "v"}), run(),
         f"POST {ONE_RUN}", {"metadata": {"k": "v"}}, Run, "repeatable"),
    Case("update a run to no metadata", lambda c: c.runs.update(THREAD, RUN, metadata=None), run(),
         f"POST {ONE_RUN}", {"metadata": None}, Run, "repeatable"),
    Case("cancel a run", lambda c: c.runs.cancel(THREAD, RUN), run("cancelling"),
         f"POST {ONE_RUN}/cancel", None, Run, "repeatable"),
    Case("submit outputs by call id",
         lambda c: c.runs.submit_tool_outputs(THREAD, RUN, {"call_1": "wet", "call_2": ""}),
         run("queued"), f"POST {ONE_RUN}/submit_tool_outputs",
         {"tool_outputs": [OUTPUT, {"tool_call_id": "call_2", "output": ""}]}, Run, "repeatable"),
    Case("submit outputs as in the API",
         lambda c: c.runs.submit_tool_outputs(THREAD, run_id=RUN, tool_outputs=iter(
             [OUTPUT, models.ToolOutput(tool_call_id="call_2", output="dry")])),
         run("queued"), f"POST {ONE_RUN}/submit_tool_outputs",
         {"tool_outputs": [OUTPUT, {"tool_call_id": "call_2", "output": "dry"}]},
         Run, "repeatable"),
    Case("list steps",
         lambda c: c.runs.steps.list(THREAD, RUN, page_size=2, after="a", include=["x", "y"]),
         listed(step()),
         f"GET {ONE_RUN}/steps?limit=2&after=a&include%5B%5D=x&include%5B%5D=y", None, RunStep),
    Case("retrieve a step",
         lambda c: c.runs.steps.retrieve(THREAD, run_id=RUN, step_id=STEP, include=("x",)),
         step(), f"GET {ONE_RUN}/steps/{STEP}?include%5B%5D=x", None, RunStep),
    Case("retrieve a file", lambda c: c.files.retrieve(FILE), file(), f"GET /files/{FILE}", None,
         models.FileObject),
    Case("delete a file", lambda c: c.files.delete(FILE), GONE_FILE, f"DELETE /files/{FILE}", None,
         models.DeletedFile, "repeatable"),
]  # fmt: skip
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def spelled(client: Any, way: str) -> Any:
    """The client's resources, spelled with `with_raw_response` or `prepare`."""
    names = ("assistants", "files", "threads", "runs")
    made = SimpleNamespace(**{name: getattr(getattr(client, name), way) for name in names})
    made.runs.steps = getattr(client.runs.steps, way)
    return made


@every_case
def test_both_clients_send_the_request_and_read_the_answer_in_every_spelling(case: Case) -> None:
    ran = run_both(case.call, answer(case.answers))
    assert f"{ran.sent.method} {ran.sent.target}" == case.line
    assert ran.sent.json() == case.body
    assert ran.result.to_dict() == case.answers
    items = [*ran.result.data] if case.answers["object"] == "list" else [ran.result]
    assert {type(item) for item in items} == {case.makes}
    if case.makes in (Assistant, Run):
        assert items[0].created.isoformat() == "2023-11-14T22:13:20+00:00"
    if "poll" in case.name:  # takes several requests: it has neither a raw nor a prepared form
        return
    raw = run_both(lambda c: case.call(spelled(c, "with_raw_response")), answer(case.answers))
    assert raw.requests == ran.requests
    assert (raw.result.status_code, raw.result.json()) == (200, case.answers)
    assert raw.result.parse().to_dict() == case.answers
    prepared = run_both(lambda c: case.call(spelled(c, "prepare")))
    assert not prepared.requests
    assert f"{prepared.result.method} {prepared.result.url.partition('.test')[2]}" == case.line
    assert prepared.result.json() == case.body
    assert "$LAPLAS_API_KEY" in prepared.result.curl()


@every_case
def test_only_what_bears_repeating_is_repeated(case: Case) -> None:
    """After an answer that was lost; each again after a 429."""
    lost = run_both(case.call, breaks(httpx.ReadError("lost")), answer(case.answers))
    if case.effect == "create":
        assert type(lost.error) is errors.APIConnectionError
        assert lost.error.may_have_taken_effect
        assert len(lost.requests) == 1
    else:
        assert lost.result.to_dict() == case.answers
        assert lost.requests[0] == lost.requests[1]
    busy = run_both(case.call, answer("", 429, retry_after="0"), answer(case.answers))
    assert busy.result.to_dict() == case.answers
    assert busy.requests[0] == busy.requests[1]


@pytest.mark.parametrize("case", [c for c in CASES if c.line.startswith("DELETE")])
def test_a_repeated_delete_that_finds_nothing_has_deleted(case: Case) -> None:
    ran = run_both(case.call, breaks(httpx.ReadError("lost")), answer("", 404))
    assert (ran.result.id, ran.result.deleted) == (case.answers["id"], True)
    assert type(run_both(case.call, answer("", 404)).error) is errors.NotFoundError
    assert run_both(case.call, answer(b"", 204)).result.to_dict() == case.answers


def test_a_prepared_request_for_a_stream_says_so() -> None:
    for call in (
        lambda c, way: getattr(c.runs, way).create(THREAD, ASSISTANT, stream=True),
        lambda c, way: getattr(c.runs, way).submit_tool_outputs(THREAD, RUN, {}, stream=True),
        lambda c, way: getattr(c.threads, way).create_and_run(ASSISTANT, stream=True),
    ):
        prepared = run_both(lambda c, call=call: call(c, "prepare")).result  # type: ignore[misc]
        assert prepared.json()["stream"] is True
        assert prepared.headers["Accept"] == "text/event-stream"


def test_a_prepared_upload_is_a_curl_line_if_it_is_text() -> None:
    with Laplas(api_key=KEY) as client:
        prepared = client.files.prepare.upload(("a.txt", b"It's text"))
        assert "It'\"'\"'s text" in prepared.curl()
        with pytest.raises(ValueError, match="invalid start byte"):
            client.files.prepare.upload(("a.bin", b"\xff")).curl()


# The operations whose names do not follow from those of the methods.
WAYS = {
    "threads.create_and_run": "create_thread_and_run",
    "runs.submit_tool_outputs": "submit_tool_outputs",
    "files.content": "retrieve_file_content",
    "files.create": "upload_file",
    "vector_stores.files.content": "retrieve_vector_store_file_content",
    "vector_stores.file_batches.list_files": "list_vector_store_file_batch_files",
}


def test_every_operation_has_the_same_spellings_in_the_same_places() -> None:
    """Plain, raw and prepared, in both clients."""
    found = set()
    paths = ["messages", "threads", "assistants", "runs", "runs.steps", "files"]
    paths += ["vector_stores", "vector_stores.files", "vector_stores.file_batches"]
    others = ["threads.runs", "beta.assistants", "beta.threads.runs", "beta.threads.runs.steps"]
    with Laplas(api_key=KEY) as client:
        asynced = AsyncLaplas(api_key=KEY)
        for path in (*paths, *others):
            one, two = attrgetter(path)(client), attrgetter(path)(asynced)
            assert type(two).__name__ == "Async" + type(one).__name__
            if path in others:
                continue
            forms = (one.with_raw_response, two.with_raw_response, one.prepare, two.prepare)
            names, *others_names = (
                {name for name in vars(form) if not name.startswith("_")} for form in forms
            )
            assert all(other == names for other in others_names), path
            assert all(callable(getattr(plain, name)) for plain in (one, two) for name in names)
            nouns = path.replace("s.", "_")
            noun = re.sub(r"(?<=ch)es$|s$", "", nouns)
            for name in names:
                regular = f"list_{nouns}" if name == "list" else f"{name}_{noun}"
                found.add(WAYS.get(f"{path}.{name}", regular))
    named = {operation["operationId"] for *_, operation in operations(document())}
    assert found == named


def test_both_spellings_of_a_call_send_the_same() -> None:
    """Those of the other generated methods are in test_generated_resources."""
    given = {"thread_id": THREAD, "assistant_id": ASSISTANT}
    spellings: list[list[Call]] = [
        [
            lambda c: c.runs.poll(THREAD, RUN),
            lambda c: c.beta.threads.runs.poll(RUN, thread_id=THREAD),
            lambda c: c.threads.runs.poll(run_id=RUN, thread_id=THREAD),
        ],
        [
            lambda c: c.threads.create_and_run(ASSISTANT),
            lambda c: c.beta.threads.create_and_run(assistant_id=ASSISTANT),
        ],
        [
            lambda c: c.runs.create_and_poll(THREAD, ASSISTANT),
            lambda c: c.beta.threads.runs.create_and_poll(**given),
        ],
    ]
    for calls in spellings:
        ran, *others = (run_both(call, lambda _: answer(run())) for call in calls)
        for other in others:
            assert other.requests == ran.requests
            assert plainly(other.result) == plainly(ran.result)


def test_derived_clients_and_options_of_a_call_reach_these_calls_too() -> None:
    given: dict[str, Any] = {"extra_headers": {"X-A": "b"}, "extra_query": {"q": "x"}, "timeout": 3}
    nothing = {"temperature": NOT_GIVEN, "tools": NOT_GIVEN, "include": None}
    ran = run_both(
        lambda c: c.with_options(api_key="sk-other").runs.create(
            THREAD, ASSISTANT, extra_body={"new": 1}, **nothing, **given
        ),
        answer(run()),
    )
    assert ran.sent.target == f"{RUNS}?q=x"
    assert ran.sent.json() == {"assistant_id": ASSISTANT, "new": 1}
    assert (ran.sent.header("authorization"), ran.sent.header("x-a")) == ("Bearer sk-other", "b")
    assert ran.timeouts[0]["read"] == 3


def test_listings_go_on_to_the_next_page() -> None:
    listings: list[tuple[Call, Callable[..., Any]]] = [
        (lambda c: c.assistants.list(page_size=1), assistant),
        (lambda c: c.runs.list(THREAD, page_size=1), run),
        (lambda c: c.runs.steps.list(THREAD, RUN, page_size=1, include=["x"]), step),
    ]
    for call, one in listings:
        pages = [listed(one(id="a"), has_more=True), listed(one(id="b"))]
        ran = run_both(call, *map(answer, pages), collect="items")
        assert ran.problem is None
        assert ran.ids == ["a", "b"]
        first, second = ({*sent.target.partition("?")[2].split("&")} for sent in ran.requests)
        assert first == {"limit=1"} | ({"include%5B%5D=x"} if one is step else set())
        assert second == {*first, "after=a"}


# Arguments


def refused(call: Call, argument: str | None) -> None:
    """Hold that the call fails before anything is sent, and names the argument."""
    ran = run_both(call)
    assert not ran.requests
    if argument is None:
        assert isinstance(ran.error, TypeError)
        return
    assert type(ran.error) is errors.InvalidArgumentError, repr(ran.error)
    assert ran.error.argument == argument


WITH_IDS = """
assistants.retrieve assistants.update assistants.delete threads.create_and_run files.retrieve
files.delete runs.create runs.create_and_poll runs.stream runs.list runs.retrieve runs.poll
runs.update runs.cancel runs.submit_tool_outputs runs.steps.list runs.steps.retrieve
"""


@pytest.mark.parametrize("name", WITH_IDS.split())
def test_ids_that_are_none(name: str) -> None:
    with Laplas(api_key=KEY) as client:
        parameters = inspect.signature(attrgetter(name)(client)).parameters
    ids = [argument for argument in parameters if argument.endswith("_id")]
    more: dict[str, Any] = {n: {} for n in ("metadata", "tool_outputs") if n in parameters}
    assert ids
    for argument in ids:
        for bad in ("", "..", "a/b", "%2e%2e", "a\r\nb", None, 7):
            given = {**more, **dict.fromkeys(ids, "id_1"), argument: bad}
            refused(lambda c, given=given: attrgetter(name)(c)(**given), argument)  # type: ignore[misc]


# What the checks refuse is in test_generated_resources; here is one of each setting.
Bad = dict[str, list[Any]]
BAD_SETTINGS: Bad = {
    "model": ["x" * 257],
    "instructions": ["\ud800"],
    "reasoning_effort": [1],
    "temperature": [True, "1"],
    "top_p": [1.1],
    "metadata['k']": [{"k": 7}],
    "tools": [{"type": "code_interpreter"}, "code_interpreter", 7],
    "tools[1]": [[TOOL, "code_interpreter"]],
}
BAD_WAITS: Bad = {
    "wait_for_active_run": [30, None],
    "poll_deadline": [0, "9", None],
    "deadline": ["9", None],
}
LONG = "x" * 513
BAD_ASSISTANT: Bad = {"name": [LONG], "description": [LONG], "tool_resources": [7], **BAD_SETTINGS}
BAD_RUN: Bad = {
    **BAD_SETTINGS,
    **BAD_WAITS,
    "additional_instructions": [7],
    "additional_messages": ["hi"],
    "additional_messages[0]": [[{"text": "hi"}]],
    "max_prompt_tokens": [0],
    "max_completion_tokens": [True],
    "include": [{"x": 1}],
    "include[1]": [["x", 7]],
}
WAIT = {"wait_for_active_run": True}
WITH_SETTINGS: list[tuple[Callable[..., Any], Bad]] = [
    (lambda c, **given: c.assistants.create(**{"model": "m", **given}), BAD_ASSISTANT),
    (lambda c, **given: c.assistants.update(ASSISTANT, **given), BAD_ASSISTANT),
    (lambda c, **given: c.runs.create(THREAD, ASSISTANT, **given), BAD_RUN),
    (lambda c, **given: c.runs.stream(THREAD, ASSISTANT, **given), BAD_RUN),
    (lambda c, **given: c.runs.create_and_poll(THREAD, ASSISTANT, **given), BAD_RUN),
    (lambda c, **given: c.messages.create(THREAD, "hi", **given), BAD_WAITS),
    (lambda c, **given: c.messages.create(THREAD, "hi", **{**WAIT, **given}), BAD_WAITS),
    (lambda c, **given: c.runs.create(THREAD, ASSISTANT, **{**WAIT, **given}), BAD_WAITS),
    (lambda c, **given: c.thread(THREAD).ask("hi", assistant=ASSISTANT, **given), BAD_WAITS),
]


@pytest.mark.parametrize(("call", "bad"), WITH_SETTINGS)
def test_bad_settings(call: Callable[..., Any], bad: Bad) -> None:
    for argument, values in bad.items():
        for value in values:
            given = {argument.partition("[")[0]: value}
            refused(lambda c, given=given: call(c, **given), argument)  # type: ignore[misc]


BAD: list[tuple[Call, str | None]] = [
    (lambda c: c.threads.create_and_run(ASSISTANT, thread="t"), "thread"),
    (lambda c: c.threads.create_and_run(ASSISTANT, thread={"messages": 7}), "thread.messages"),
    (lambda c: c.threads.create_and_run(ASSISTANT, tool_resources=7), "tool_resources"),
    (lambda c: c.runs.submit_tool_outputs(THREAD, RUN, "x"), "tool_outputs"),
    (lambda c: c.runs.submit_tool_outputs(THREAD, RUN, 7), "tool_outputs"),
    (lambda c: c.runs.submit_tool_outputs(THREAD, RUN, [7]), "tool_outputs[0]"),
    (lambda c: c.runs.submit_tool_outputs(THREAD, RUN, {"a": 7}), "tool_outputs[0].output"),
    (lambda c: c.runs.submit_tool_outputs(THREAD, RUN, [{}]), "tool_outputs[0].tool_call_id"),
    (lambda c: c.runs.update(THREAD, RUN, metadata=7), "metadata"),
    (lambda c: c.runs.steps.list(THREAD, RUN, include="x"), "include"),
    (lambda c: c.runs.steps.retrieve(THREAD, RUN, STEP, include=[1]), "include[0]"),
    (lambda c: c.runs.list(THREAD, page_size=101), "page_size"),
    (lambda c: c.assistants.list(order="up"), "order"),
    (lambda c: c.runs.poll(THREAD, RUN, poll_deadline=0), "poll_deadline"),
    (lambda c: c.runs.poll(THREAD, RUN, poll_deadline="9"), "poll_deadline"),
    (lambda c: c.files.upload(7), "file"),
    (
        lambda c: c.files.upload(b"x", expires_after={"anchor": "created_at"}),
        "expires_after.seconds",
    ),
    (
        lambda c: c.files.upload(b"x", expires_after={"anchor": "created_at", "seconds": 60}),
        "expires_after.seconds",
    ),
    (lambda c: c.files.upload((7, b"x")), "file name"),
    (lambda c: c.files.upload(("a", "text")), "file"),
    (lambda c: c.files.upload(("a", b"x", "text/plain\r\nX-Evil: 1")), "file type"),
    (lambda c: c.files.upload(("a", b"x", "text/plain", {})), "file"),
    (lambda c: c.files.upload(b"x", purpose=7), "purpose"),
    (lambda c: c.assistants.retrieve(ASSISTANT, timeout=-1), "timeout"),
    # What is misspelt is a TypeError, as with any function.
    (lambda c: c.assistants.create("m", additional_messages=[]), None),
    (lambda c: c.runs.create(THREAD, ASSISTANT, name="x"), None),
    (lambda c: c.runs.create_and_poll(THREAD, ASSISTANT, stream=True, x=1), None),
    # A thread that is made together with its run takes no more than the document says.
    (lambda c: c.threads.create_and_run(ASSISTANT, reasoning_effort="low"), None),
    (lambda c: c.files.upload(b"", x=1), None),
]


@pytest.mark.parametrize(("call", "argument"), BAD)
def test_bad_arguments(call: Call, argument: str | None) -> None:
    refused(call, argument)


# Polling


def polling(*answers: Step | Script, **given: Any) -> Ran:
    """Poll a run that shows itself like this."""
    return run_both(lambda c: c.runs.poll(THREAD, RUN, **given), *answers)


def test_create_and_poll_waits_until_the_run_is_over() -> None:
    ran = run_both(
        lambda c: c.runs.create_and_poll(
            THREAD, ASSISTANT, model="m", extra_headers={"X-A": "b"}, extra_body={"new": 1}
        ),
        answer(run("queued")),
        *[answer(run(each)) for each in ("queued", "in_progress", "cancelling", "cancelled")],
    )
    assert ran.result.status == "cancelled"
    asked = [(sent.method, sent.target) for sent in ran.requests]
    assert asked == [("POST", RUNS), *[("GET", ONE_RUN)] * 4]
    assert ran.requests[0].json() == {"assistant_id": ASSISTANT, "model": "m", "new": 1}
    assert {sent.body for sent in ran.requests[1:]} == {b""}
    assert {sent.header("x-a") for sent in ran.requests} == {"b"}
    assert len(ran.waits) == 3


def test_a_run_that_is_over_or_wants_something_is_returned_whatever_came_of_it() -> None:
    """An unknown status is no reason to wait for ever."""
    ends: list[Any] = ["completed", "failed", "cancelled", "expired", "incomplete"]
    for told in (*map(run, [*ends, "new", None, [], {}]), waiting(("call_1", "weather", "{}"))):
        ran = polling(answer(told))
        assert ran.result.is_over
        assert ran.result.to_dict() == told
        assert ran.waits == []


def test_waits_grow_to_the_longest() -> None:
    ran = polling(*[answer(run("in_progress"))] * 10, answer(run()))
    assert ran.waits == [FIRST_POLL * 1.5**n for n in range(6)] + [LONGEST_POLL] * 4


WISHES = [
    ("1250", 1.25), ("1", SHORTEST_POLL), ("20", 0.02), ("999999", 2 * LONGEST_POLL),
    ("9" * 9, 2 * LONGEST_POLL),
    *[(none, FIRST_POLL) for none in ("000", "9" * 5000, "0", "-5", "soon", "1.5", "")],
]  # fmt: skip


@pytest.mark.parametrize(("header", "wait"), WISHES)
def test_the_servers_wish_is_honoured_within_reason(header: str, wait: float) -> None:
    first = answer(run("queued"))._replace(headers=(("openai-poll-after-ms", header),))
    assert polling(first, answer(run())).waits == [wait]


# What is given, how long is waited, and what is said then.
DEADLINES: list[tuple[dict[str, Any], float, str]] = [
    ({}, 900, "after 900 s"),
    ({"poll_deadline": 4}, 4, "after 4 s"),
    ({"deadline": 3}, 3, "at the deadline"),
    ({"deadline": 3, "poll_deadline": 9}, 3, "at the deadline"),
    ({"deadline": 9, "poll_deadline": 3}, 3, "after 3 s"),
]


@pytest.mark.parametrize(("given", "seconds", "when"), DEADLINES)
@pytest.mark.parametrize("wish", ["", "10000"])
def test_a_run_that_is_still_going_at_the_shorter_deadline(
    given: dict[str, Any], seconds: float, when: str, wish: str
) -> None:
    """The last look is at the deadline, whether this client or the server chose the wait."""
    ran = polling(lambda _: answer(run("queued"), openai_poll_after_ms=wish), **given)
    error = ran.error
    assert type(error) is errors.RunTimeoutError
    assert isinstance(error, TimeoutError)
    assert error.run.status == "queued"
    assert str(error) == f"{RUN} is still queued {when}"
    assert sum(ran.waits) == pytest.approx(seconds)
    assert len(ran.requests) == len(ran.waits) + (when != "at the deadline")


def test_answers_that_take_long_count_to_the_deadline() -> None:
    ran = polling(lambda _: answer(run("queued"), takes=3), poll_deadline=5)
    assert type(ran.error) is errors.RunTimeoutError
    assert ran.waits == [FIRST_POLL]
    assert len(ran.requests) == 2
    call: Call = lambda c: c.runs.create_and_poll(THREAD, ASSISTANT, deadline=5)  # noqa: E731
    ran = run_both(call, answer(run("queued"), takes=3), lambda _: answer(run("queued")))
    assert type(ran.error) is errors.RunTimeoutError
    assert sum(ran.waits) == pytest.approx(2)


@pytest.mark.parametrize("steps", [[answer("", 404)], [answer(run("queued"))] * 2])
def test_what_fails_after_a_run_was_started_says_so_and_has_the_run(steps: list[Step]) -> None:
    call: Call = lambda c: c.runs.create_and_poll(THREAD, ASSISTANT, poll_deadline=0.5)  # noqa: E731
    error = run_both(call, answer(run("queued")), *steps).error
    assert (error.run.id, error.may_have_taken_effect) == (RUN, True)
    refused = run_both(call, answer("", 400)).error
    assert (refused.run, refused.may_have_taken_effect) == (None, False)


def test_a_poll_that_fails_is_tried_again_and_then_raised() -> None:
    again = polling(answer("", 500), answer(run()))
    assert again.result.status == "completed"
    refusal = polling(answer(run("queued")), answer("", 404))
    assert type(refusal.error) is errors.NotFoundError
    busy = polling(answer(run("queued")), answer("", 429, retry_after="99"))
    assert type(busy.error) is errors.RateLimitError


# Lost answers, and runs in the way

LOST = breaks(httpx.ReadError("lost"))
REFUSED, BUSY, NEXT = (
    answer({"error": {"message": text}}, 400)
    for text in (
        "Cannot do that to a run with status 'x'.",
        f"Can't add messages to {THREAD} while a run {RUN} is active.",
        f"{THREAD} already has an active run run_2.",
    )
)


CHANGES: dict[str, Callable[..., Any]] = {
    "cancel": lambda c, **given: c.runs.cancel(THREAD, RUN, **given),
    "submit": lambda c, **given: c.runs.submit_tool_outputs(THREAD, RUN, {"call_1": "a"}, **given),
}
# How the run looks then, and whether that is what was asked for.
LOOKS: list[tuple[str, dict[str, Any], bool]] = [
    *[("cancel", run(status), True) for status in ("cancelling", "cancelled")],
    *[("cancel", run(status), False) for status in ("completed", "failed", "new")],
    *[("submit", run(status), True) for status in ("queued", "in_progress", "completed", "failed")],
    ("submit", waiting(("call_9", "f", "{}")), True),
    ("submit", waiting(("call_1", "f", "{}")), False),
    *[("submit", run(status), False) for status in ("expired", "cancelled")],
]


@pytest.mark.parametrize(("change", "seen", "is_done"), LOOKS)
def test_a_change_that_is_refused_when_it_is_repeated_is_looked_for(
    change: str, seen: dict[str, Any], is_done: bool
) -> None:
    """Whose answer was lost. With the options of the call, but for its body."""
    given = {"extra_body": {"a": 1}, "extra_query": {"b": 2}, "extra_headers": {"X-C": "d"}}
    ran = run_both(lambda c: CHANGES[change](c, **given), LOST, REFUSED, answer(seen))
    first, again, look = ran.requests
    assert first == again
    assert (look.method, look.target, look.body) == ("GET", ONE_RUN, b"")
    assert look.header("x-c") == "d"
    if is_done:
        assert ran.result.to_dict() == seen
        return
    assert type(ran.error) is errors.BadRequestError
    assert ran.error.attempts == 2
    assert ran.error.may_have_taken_effect


def test_a_change_that_is_refused_at_once_is_not_looked_for() -> None:
    for steps in ([REFUSED], [breaks(httpx.ConnectError("")), REFUSED]):
        ran = run_both(CHANGES["cancel"], *steps)
        assert type(ran.error) is errors.BadRequestError
        assert not ran.error.may_have_taken_effect
        assert len(ran.requests) == len(steps)
    failed = run_both(CHANGES["cancel"], LOST, REFUSED, answer("", 404))
    assert type(failed.error) is errors.BadRequestError
    assert "looking whether it is done failed too: 404" in failed.error.__notes__[0]


def adding(*steps: Step | Script, **given: Any) -> Ran:
    call: Call = lambda c: c.messages.create(THREAD, "next", wait_for_active_run=True, **given)  # noqa: E731
    return run_both(call, *steps)


GOING, OVER = answer(run("in_progress")), answer(run())
IN_THE_WAY: dict[str, tuple[list[Step], list[float]]] = {
    "waits grow": ([BUSY, *[GOING] * 4, OVER], [0.5 * 1.5**n for n in range(4)]),
    "a server that has not noticed is asked again later": (
        [BUSY, OVER, BUSY, OVER, BUSY, OVER],
        [0.5, 0.75],
    ),
    "the next run is waited for, too": ([BUSY, OVER, NEXT, answer(run(id="run_2"))], []),
}


@pytest.mark.parametrize(("steps", "waits"), IN_THE_WAY.values(), ids=IN_THE_WAY.keys())
def test_a_run_in_the_way_is_waited_for(steps: list[Step], waits: list[float]) -> None:
    """Looks at it carry nothing of the message."""
    given = {"extra_body": {"a": 1}, "extra_query": {"b": 2}, "extra_headers": {"X-C": "d"}}
    ran = adding(*steps, answer(message()), **given)
    assert ran.result.to_dict() == message()
    assert ran.waits == waits
    assert {sent.header("x-c") for sent in ran.requests} == {"d"}
    looks = [sent for sent in ran.requests if sent.method == "GET"]
    assert {sent.body for sent in looks} == {b""}
    runs = [ONE_RUN, f"/threads/{THREAD}/runs/run_2"] if NEXT in steps else [ONE_RUN] * len(looks)
    assert [sent.target for sent in looks] == runs
    assert ran.requests[-1].json()["a"] == 1


@pytest.mark.parametrize(
    ("given", "seconds"), [({"poll_deadline": 7}, 7), ({"deadline": 4.0}, 4), ({}, 900)]
)
def test_a_run_in_the_way_is_waited_for_no_longer_than_the_deadline(
    given: dict[str, Any], seconds: float
) -> None:
    """Its own, or that of the whole call."""
    ran = adding(BUSY, lambda _: GOING, **given)
    assert type(ran.error) is errors.RunTimeoutError
    assert ran.error.run.id == RUN
    assert sum(ran.waits) == pytest.approx(seconds)


def test_a_server_that_never_notices_that_the_run_is_over_is_not_asked_for_ever() -> None:
    ran = adding(lambda sent: BUSY if sent.method == "POST" else OVER, poll_deadline=10)
    assert type(ran.error) is errors.ActiveRunError
    assert isinstance(ran.error, errors.BadRequestError)
    assert sum(ran.waits) == pytest.approx(10)
    assert len(ran.requests) < 20
    # Of another status, the same words say nothing of the kind.
    assert type(adding(BUSY._replace(status=409)).error) is errors.ConflictError


def test_ctrl_c_while_a_run_is_waited_for_stops_at_once() -> None:
    def interrupted(_: Any) -> Step:
        signal.raise_signal(signal.SIGINT)
        return GOING

    with pytest.raises(KeyboardInterrupt):
        polling(interrupted)


# Files

NAMES = ["a.txt", 'a "b" c.txt', "back\\slash", "тест 😀.pdf", "a;b=c,d", "a\r\nX-Evil: 1", "%41"]
DATA = [
    b"", b"text\n", b"\r\n--\r\n", bytes(range(256)) * 3, b"\r\n\r\n--boundary--\r\n",
    b"\xff\xfe\x00" + "тест".encode("utf-16"),
]  # fmt: skip


def parts_of(sent: Sent) -> dict[str, Any]:
    """The parts of a multipart body by their names, as a parser that is not ours reads them."""
    kind = sent.header("content-type") or ""
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    parsed = email.message_from_bytes(head + sent.body, policy=email.policy.HTTP)
    assert parsed.is_multipart()
    assert not parsed.defects
    return {
        str(part.get_param("name", header="content-disposition")): part
        for part in parsed.iter_parts()
    }


def uploaded(call: Call) -> Sent:
    """What an upload sends; the boundary is another each time, so the clients are not compared."""
    ran = [run_sync(call, answer(file())), run_async(call, answer(file()))]
    assert [one.result.to_dict() for one in ran] == [file()] * 2
    sent = [one.sent for one in ran]
    plain = [
        one.body.replace((one.header("content-type") or "").partition("=")[2].encode(), b"...")
        for one in sent
    ]
    assert plain[0] == plain[1]
    assert sent[0].body != sent[1].body
    return sent[0]


FILES = [*((name, b"abc") for name in NAMES), *(("a.txt", data) for data in DATA)]


@pytest.mark.parametrize(("name", "data"), FILES, ids=lambda given: repr(given)[:30])
def test_a_file_arrives_as_it_is_under_its_name(name: str, data: bytes) -> None:
    sent = uploaded(lambda c: c.files.upload((name, data), purpose="vision"))
    assert (sent.method, sent.target) == ("POST", "/files")
    assert sent.header("content-length") == str(len(sent.body))
    assert KEY.encode() not in sent.body
    parts = parts_of(sent)
    assert parts.keys() == {"purpose", "file"}
    assert parts["purpose"].get_payload(decode=True) == b"vision"
    assert parts["file"].keys() == ["Content-Disposition", "Content-Type"]
    # By hand: the email package undoes what it takes for percent-encoding, and takes line ends for
    # its own.
    boundary = (sent.header("content-type") or "").partition("boundary=")[2].encode()
    _, part, end = sent.body.split(b"\r\n--" + boundary)
    head, _, received = part.partition(b"\r\n\r\n")
    assert (received, end) == (data, b"--\r\n")
    raw = re.search(rb'filename="((?:[^"\\]|\\.)*)"\r\n', head)
    assert raw is not None
    assert re.sub(r"\\(.)", r"\1", raw[1].decode()) == re.sub(r"[\r\n]", " ", name)


def written(open_: Callable[..., Any], *given: Any, **options: Any) -> Any:
    """An open file in which the text has just been written: it stands at its end."""
    file = open_(*given, **options)
    file.write(TEXT)
    return file


def piped(data: bytes) -> Any:
    end, start = os.pipe()
    os.write(start, data)
    os.close(start)
    return os.fdopen(end, "rb")


class Odd:
    """A file of the caller's own class, which counts what is read at once."""

    def __init__(self, data: bytes = b"\x00notes", kind: Any = bytes, most: int = 10**9) -> None:
        self._file, self._kind, self._most = io.BytesIO(data), kind, most
        self.largest = 0
        self.seek, self.tell = self._file.seek, self._file.tell

    def read(self, size: int) -> Any:
        self.largest = max(self.largest, size)
        return self._kind(self._file.read(min(size, self._most)))


TEXT = b"\x00notes"
UPLOADED: dict[str, tuple[Callable[[Path], Any], str]] = {
    "path": (lambda path: path, "notes.md"),
    "path in a tuple": (lambda path: (None, path), "notes.md"),
    "str": (str, "notes.md"),
    "bytes": (lambda _: TEXT, "file"),
    "bytearray": (lambda _: ("other.md", bytearray(TEXT)), "other.md"),
    "memoryview": (lambda _: memoryview(TEXT), "file"),
    "open at its end": (lambda path: written(path.open, "w+b"), "notes.md"),
    "unbuffered": (lambda path: path.open("rb", buffering=0), "notes.md"),
    "in a tuple": (lambda path: ("other.md", path.open("rb")), "other.md"),
    "of a name in bytes": (lambda path: written(open, os.fsencode(path), "w+b"), "file"),
    "of a descriptor": (lambda path: os.fdopen(os.open(path, os.O_RDONLY), "rb"), "file"),
    "BytesIO": (lambda _: written(io.BytesIO), "file"),
    "temporary": (lambda _: written(tempfile.TemporaryFile), "file"),
    "spooled": (lambda _: written(tempfile.SpooledTemporaryFile), "file"),
    "spooled to disk": (lambda _: written(tempfile.SpooledTemporaryFile, 2), "file"),
    "pipe": (lambda _: piped(TEXT), "file"),
    "stdin": (lambda _: SimpleNamespace(read=lambda: TEXT, name="<stdin>"), "file"),
    "short reads": (lambda _: Odd(most=2), "file"),
    "memoryviews": (lambda _: Odd(kind=memoryview), "file"),
}


@pytest.mark.parametrize("case", UPLOADED)
@pytest.mark.parametrize("run", [run_sync, run_async])
def test_a_file_is_sent_whole_from_its_start_wherever_it_stands(
    case: str, run: Any, tmp_path: Path
) -> None:
    """Under a name that is text. What cannot be rewound is read once, for all attempts."""
    path = tmp_path / "notes.md"
    path.write_bytes(TEXT)
    given, name = UPLOADED[case]
    file_ = given(path)
    lost = breaks(httpx.ConnectError("none"))
    ran = run(lambda c: c.files.upload(file_), lost, answer(file()))
    for sent in ran.requests:
        parts = parts_of(sent)
        assert parts["purpose"].get_payload(decode=True) == b"assistants"
        assert parts["file"].get_filename() == name
        assert parts["file"].get_payload(decode=True) == TEXT
        assert sent.header("content-length") == str(len(sent.body))
    assert len(ran.requests) == 2
    close = getattr(file_[1] if isinstance(file_, tuple) else file_, "close", bool)
    close()


def test_a_file_says_its_type_and_when_it_is_to_be_deleted() -> None:
    csv = ("a.csv", b"a,b", "text/csv; charset=utf-8")
    for given in (EXPIRY, models.FileExpiration.from_dict(EXPIRY)):
        parts = parts_of(uploaded(lambda c, g=given: c.files.upload(csv, expires_after=g)))  # type: ignore[misc]
        assert parts["file"]["content-type"] == 'text/csv; charset="utf-8"'
        texts = {name: part.get_payload() for name, part in parts.items() if name != "file"}
        assert texts == {
            "purpose": "assistants",
            "expires_after[anchor]": "created_at",
            "expires_after[seconds]": "3600",
        }


async def read_later() -> bytes:
    return b""


def closed() -> Any:
    made = io.BytesIO(TEXT)
    made.close()
    return made


NO_FILES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "missing": (lambda path: path / "no", "No such file"),
    "empty name": (lambda _: "", "No such file"),
    "NUL": (lambda _: "a\0b", "null byte"),
    "directory": (str, "Is a directory"),
    "closed": (lambda _: closed(), "closed file"),
    "text": (lambda _: io.StringIO("x"), "binary mode"),
    "empty text": (lambda _: io.StringIO(), "binary mode"),
    "text on disk": (lambda path: (path / "x").open("w+"), "binary mode"),
    "for writing": (lambda path: (path / "x").open("wb"), "UnsupportedOperation"),
    "read to its end": (lambda _: piped(b""), "nothing is left to read"),
    "async": (lambda _: SimpleNamespace(read=read_later), "without await"),
    "generator": (lambda _: (piece for piece in [b"x"]), "not generator"),
    "fails": (lambda _: SimpleNamespace(read=[].pop), "IndexError"),
}


@pytest.mark.parametrize("case", NO_FILES)
def test_what_cannot_be_read_is_told_before_anything_is_sent(case: str, tmp_path: Path) -> None:
    given, words = NO_FILES[case]
    file_ = given(tmp_path)
    ran = run_both(lambda c: c.files.upload(file_))
    assert isinstance(ran.error, errors.InvalidArgumentError)
    assert ran.error.argument == "file"
    assert words in str(ran.error)
    assert not ran.requests
    if hasattr(file_, "close"):
        file_.close()


def test_a_prepared_upload_names_the_file_and_reads_it_when_it_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "it's.txt"
    path.write_bytes(TEXT)
    with Laplas(api_key=KEY) as client:
        prepared = client.files.prepare.upload(path, expires_after=EXPIRY)
        odd: Any = Odd()
        opened = client.files.prepare.upload(odd)
    assert TEXT in (prepared.body or b"")
    words = shlex.split(prepared.curl())
    assert "expires_after[seconds]=3600" in words
    assert f'file=@"{path}";filename="it\'s.txt";type=application/octet-stream' in words
    assert not any("multipart" in word for word in words), "curl chooses a boundary of its own"
    assert 'file=@"-";filename="file"' in opened.curl()


def test_an_upload_is_not_repeated_but_where_it_did_nothing() -> None:
    call: Call = lambda c: c.files.upload(b"x")  # noqa: E731
    lost = run_sync(call, breaks(httpx.ReadError("lost")))
    assert type(lost.error) is errors.APIConnectionError
    again = run_sync(call, breaks(httpx.ConnectError("none")), answer(file()))
    assert again.result.to_dict() == file()
    assert again.requests[0].body == again.requests[1].body


# What the results offer

FUNCTION = {"name": "f", "arguments": "{}"}
ODD_CALLS: list[Any] = [
    None,
    7,
    [7, None],
    [{"id": [], "type": "function", "function": FUNCTION}],
    [{"id": "a", "type": "function", "function": {**FUNCTION, "name": []}}],
    [{"id": "a", "type": "function", "function": None}],
]
ODD_ACTIONS: list[Any] = [
    *(None, 7, {"type": "other"}, {"type": "submit_tool_outputs", "submit_tool_outputs": None}),
    *[
        {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": calls}}
        for calls in ODD_CALLS
    ],
]


@pytest.mark.parametrize("action", ODD_ACTIONS)
def test_calls_that_cannot_be_answered_are_left_out(action: Any) -> None:
    told = run("requires_action", required_action=action)
    made = run_both(lambda c: c.runs.retrieve(THREAD, RUN), answer(told)).result
    assert made.tool_calls == []
    assert made.to_dict() == told


def test_nothing_but_what_is_asked_for_is_loaded() -> None:
    """Who only sends messages pays for neither runs nor streams."""
    script = (
        "import sys, laplas; c = laplas.Laplas(api_key='k'); c.messages, c.thread('t');"
        "ends = ('._sync.runs', 'resources.runs', 'laplas.types');"
        "print([m for m in sys.modules if m.endswith(ends)])"
    )
    env = {"PYTHONPATH": ":".join(sys.path)}
    told = subprocess.check_output([sys.executable, "-c", script], text=True, env=env)
    assert told.strip() == "[]"
