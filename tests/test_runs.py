"""The calls of assistants, runs, steps and files: what both clients send, and what comes of it."""

from __future__ import annotations

import email
import email.policy
import io
import re
import subprocess
import sys
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
    plainly,
    run_async,
    run_both,
    run_sync,
)
from support import document, operations

from laplas import (
    APIConnectionError,
    AsyncLaplas,
    BadRequestError,
    InvalidArgumentError,
    Laplas,
    NotFoundError,
    RateLimitError,
)
from laplas._async.sending import FIRST_POLL, LONGEST_POLL
from laplas._async.sending import SHORTEST_POLL as LEAST_POLL
from laplas.errors import ActiveRunError, RunTimeoutError
from laplas.models import Assistant, Run, RunStep
from laplas_api import models

Call = Callable[[Any], Any]

RUNS = f"/threads/{THREAD}/runs"
ONE_RUN = f"{RUNS}/{RUN}"
ONE_ASSISTANT = f"/assistants/{ASSISTANT}"
FIELDS = {"type": "object", "properties": {"place": {"type": "string"}}}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": FIELDS}}
GONE_ASSISTANT = {"id": ASSISTANT, "object": "assistant.deleted", "deleted": True}
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


# Each with everything that can be given; what is left out is not sent: see `test_what_is_none`.
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
        assert type(lost.error) is APIConnectionError
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
    assert type(run_both(case.call, answer("", 404)).error) is NotFoundError
    assert run_both(case.call, answer(b"", 204)).result.to_dict() == case.answers


def test_a_raw_answer_is_no_stream_and_a_prepared_one_says_so() -> None:
    for call in (
        lambda c, way: getattr(c.runs, way).create(THREAD, ASSISTANT, stream=True),
        lambda c, way: getattr(c.runs, way).submit_tool_outputs(THREAD, RUN, {}, stream=True),
        lambda c, way: getattr(c.threads, way).create_and_run(ASSISTANT, stream=True),
    ):
        refused(lambda c, call=call: call(c, "with_raw_response"), "stream")  # type: ignore[misc]
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
    "runs.steps.list": "list_run_steps",
    "runs.steps.retrieve": "retrieve_run_step",
}


def test_every_operation_has_the_same_spellings() -> None:
    """Plain, raw and prepared, in both clients."""
    found = set()
    with Laplas(api_key=KEY) as client:
        asynced = AsyncLaplas(api_key=KEY)
        for path in ("messages", "threads", "assistants", "runs", "runs.steps", "files"):
            one, two = attrgetter(path)(client), attrgetter(path)(asynced)
            names = vars(one.with_raw_response).keys()
            for other in (two.with_raw_response, one.prepare, two.prepare):
                assert vars(other).keys() == names, path
            assert all(callable(getattr(plain, name)) for plain in (one, two) for name in names)
            noun = path.removesuffix("s")
            for name in names:
                regular = f"list_{path}" if name == "list" else f"{name}_{noun}"
                found.add(WAYS.get(f"{path}.{name}", regular))
    named = {operation["operationId"] for *_, operation in operations(document())}
    assert found == named


# The generated methods have theirs in test_generated_resources.
SPELLED: list[tuple[Call, Call]] = [
    (
        lambda c: c.runs.create_and_poll(THREAD, ASSISTANT),
        lambda c: c.beta.threads.runs.create_and_poll(thread_id=THREAD, assistant_id=ASSISTANT),
    ),
    (
        lambda c: c.runs.poll(THREAD, RUN),
        lambda c: c.beta.threads.runs.poll(RUN, thread_id=THREAD),
    ),
    (
        lambda c: c.runs.cancel(THREAD, RUN),
        lambda c: c.threads.runs.cancel(run_id=RUN, thread_id=THREAD),
    ),
    (
        lambda c: c.threads.create_and_run(ASSISTANT, thread={"messages": ["hi"]}),
        lambda c: c.beta.threads.create_and_run(
            assistant_id=ASSISTANT, thread={"messages": [{"role": "user", "content": "hi"}]}
        ),
    ),
]


@pytest.mark.parametrize(("one", "other"), SPELLED)
def test_both_spellings_of_a_call_send_the_same(one: Call, other: Call) -> None:
    ran, spelt = (run_both(call, lambda _: answer(run())) for call in (one, other))
    assert ran.requests == spelt.requests
    assert plainly(ran.result) == plainly(spelt.result)


def test_derived_clients_and_options_of_a_call_reach_these_calls_too() -> None:
    given: dict[str, Any] = {"extra_headers": {"X-A": "b"}, "extra_query": {"q": "x"}, "timeout": 3}
    ran = run_both(
        lambda c: c.with_options(api_key="sk-other").runs.create(
            THREAD, ASSISTANT, extra_body={"new": 1}, **given
        ),
        answer(run()),
    )
    assert (ran.sent.target, ran.sent.json()) == (
        f"{RUNS}?q=x",
        {"assistant_id": ASSISTANT, "new": 1},
    )
    assert (ran.sent.header("authorization"), ran.sent.header("x-a")) == ("Bearer sk-other", "b")
    assert ran.timeouts[0]["read"] == 3


@pytest.mark.parametrize(
    ("call", "one"),
    [
        (lambda c: c.assistants.list(page_size=1), assistant),
        (lambda c: c.runs.list(THREAD, page_size=1), run),
        (lambda c: c.runs.steps.list(THREAD, RUN, page_size=1, include=["x"]), step),
    ],
)
def test_listings_go_on_to_the_next_page(call: Call, one: Callable[..., Any]) -> None:
    pages = [listed(one(id="a"), has_more=True), listed(one(id="b"))]
    ran = run_both(call, *map(answer, pages), collect="items")
    assert ran.problem is None
    assert ran.ids == ["a", "b"]
    first, second = ({*sent.target.partition("?")[2].split("&")} for sent in ran.requests)
    assert first == {"limit=1"} | ({"include%5B%5D=x"} if one is step else set())
    assert second == {*first, "after=a"}


def test_a_request_that_a_run_is_in_the_way_of_is_told_so() -> None:
    for text in (
        f"Thread {THREAD} already has an active run {RUN}.",
        f"Can't add messages to {THREAD} while a run {RUN} is active.",
    ):
        refusal = {"error": {"message": text, "type": "invalid_request_error", "code": None}}
        ran = run_both(lambda c: c.runs.create(THREAD, ASSISTANT), answer(refusal, 400))
        assert type(ran.error) is ActiveRunError
        assert isinstance(ran.error, BadRequestError)
        assert (ran.error.thread_id, ran.error.run_id) == (THREAD, RUN)
        assert RUN in str(ran.error)
    elsewhere = run_both(lambda c: c.runs.create(THREAD, ASSISTANT), answer(refusal, 409))
    assert type(elsewhere.error).__name__ == "ConflictError"


# Arguments


def refused(call: Call, argument: str) -> None:
    """Hold that the call fails before anything is sent, and names the argument."""
    ran = run_both(call)
    assert not ran.requests
    assert type(ran.error) is InvalidArgumentError, repr(ran.error)
    assert ran.error.argument == argument


IDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(["assistants.retrieve", "assistants.update", "assistants.delete"],
                    ("assistant_id",)),
    **dict.fromkeys(["files.retrieve", "files.delete"], ("file_id",)),
    **dict.fromkeys(["runs.create", "runs.create_and_poll", "runs.stream"],
                    ("thread_id", "assistant_id")),
    **dict.fromkeys(["runs.retrieve", "runs.poll", "runs.update", "runs.cancel",
                     "runs.submit_tool_outputs", "runs.steps.list"], ("thread_id", "run_id")),
    "threads.create_and_run": ("assistant_id",),
    "runs.list": ("thread_id",),
    "runs.steps.retrieve": ("thread_id", "run_id", "step_id"),
}  # fmt: skip
MORE: dict[str, Any] = {
    "runs.update": {"metadata": {}},
    "runs.submit_tool_outputs": {"tool_outputs": {}},
}


@pytest.mark.parametrize("name", IDS)
def test_ids_that_are_none(name: str) -> None:
    for argument in IDS[name]:
        for bad in ("", "..", "a/b", "%2e%2e", "a\r\nb", None, 7):
            given = {**dict.fromkeys(IDS[name], "id_1"), **MORE.get(name, {}), argument: bad}
            refused(lambda c, given=given: attrgetter(name)(c)(**given), argument)  # type: ignore[misc]


# What the checks of the document refuse is in test_generated_checks; here is one of each setting.
BAD_SETTINGS: list[tuple[str, Any, str]] = [
    ("model", "x" * 257, "model"),
    ("instructions", "\ud800", "instructions"),
    ("reasoning_effort", 1, "reasoning_effort"),
    ("temperature", True, "temperature"),
    ("temperature", "1", "temperature"),
    ("top_p", 1.1, "top_p"),
    ("metadata", {"k": 7}, "metadata['k']"),
    ("tools", {"type": "code_interpreter"}, "tools"),
    ("tools", "code_interpreter", "tools"),
    ("tools", 7, "tools"),
    ("tools", [TOOL, "code_interpreter"], "tools[1]"),
]
BAD_FOR_ASSISTANT: list[tuple[str, Any, str]] = [
    ("name", "x" * 257, "name"),
    ("description", "x" * 513, "description"),
    ("tool_resources", [1], "tool_resources"),
]
BAD_FOR_RUN: list[tuple[str, Any, str]] = [
    ("additional_instructions", 7, "additional_instructions"),
    ("additional_messages", "hi", "additional_messages"),
    ("additional_messages", [{"text": "hi"}], "additional_messages[0]"),
    ("max_prompt_tokens", 0, "max_prompt_tokens"),
    ("max_completion_tokens", True, "max_completion_tokens"),
    ("include", {"x": 1}, "include"),
    ("include", ["x", 7], "include[1]"),
]


@pytest.mark.parametrize(("name", "bad", "argument"), BAD_SETTINGS + BAD_FOR_ASSISTANT)
def test_bad_settings_of_an_assistant(name: str, bad: Any, argument: str) -> None:
    refused(lambda c: c.assistants.create(**{"model": "m", name: bad}), argument)
    refused(lambda c: c.assistants.update(ASSISTANT, **{name: bad}), argument)


@pytest.mark.parametrize(("name", "bad", "argument"), BAD_SETTINGS + BAD_FOR_RUN)
def test_bad_settings_of_a_run(name: str, bad: Any, argument: str) -> None:
    for way in ("create", "stream", "create_and_poll"):
        call = lambda c, way=way: getattr(c.runs, way)(THREAD, ASSISTANT, **{name: bad})  # noqa: E731
        refused(call, argument)


BAD: list[tuple[Call, str]] = [
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
    (lambda c: c.runs.create_and_poll(THREAD, ASSISTANT, poll_deadline=-1), "poll_deadline"),
    (lambda c: c.files.upload(7), "file"),
    (lambda c: c.files.upload(io.StringIO("text")), "file"),
    (lambda c: c.files.upload((7, b"x")), "file name"),
    (lambda c: c.files.upload(("a", "text")), "file"),
    (lambda c: c.files.upload(("a", b"x", "text/plain")), "file"),
    (lambda c: c.files.upload(b"x", purpose=7), "purpose"),
    (lambda c: c.assistants.retrieve(ASSISTANT, timeout=-1), "timeout"),
]


@pytest.mark.parametrize(("call", "argument"), BAD)
def test_bad_arguments(call: Call, argument: str) -> None:
    refused(call, argument)


def test_what_is_none_was_not_given() -> None:
    ran = run_both(
        lambda c: c.runs.create(THREAD, ASSISTANT, temperature=None, tools=None, include=None),
        answer(run()),
    )
    assert (ran.sent.target, ran.sent.json()) == (RUNS, {"assistant_id": ASSISTANT})


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.assistants.create("m", additional_messages=[]),
        lambda c: c.runs.create(THREAD, ASSISTANT, name="x"),
        lambda c: c.runs.create_and_poll(THREAD, ASSISTANT, stream=True, x=1),
        # A thread that is made together with its run takes no more than the document says.
        lambda c: c.threads.create_and_run(ASSISTANT, reasoning_effort="low"),
        lambda c: c.files.upload(b"", x=1),
    ],
)
def test_a_misspelt_option_is_a_type_error(call: Call) -> None:
    ran = run_both(call)
    assert isinstance(ran.error, TypeError)
    assert not ran.requests


# Polling


def polling(*answers: Step | Script, deadline: float | None = None) -> Ran:
    """Poll a run that shows itself like this."""
    given = {} if deadline is None else {"poll_deadline": deadline}
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


@pytest.mark.parametrize(
    "status", ["completed", "failed", "cancelled", "expired", "incomplete", "new", None, [], {}]
)
def test_a_run_that_is_over_is_returned_whatever_came_of_it(status: Any) -> None:
    """An unknown status is no reason to wait for ever."""
    ran = polling(answer(run(status)))
    assert ran.result.is_over
    assert ran.result.to_dict() == run(status)
    assert ran.waits == []


def test_a_run_that_waits_for_outputs_is_returned() -> None:
    ran = polling(answer(waiting(("call_1", "weather", "{}"))))
    assert [call.id for call in ran.result.tool_calls] == ["call_1"]


def test_waits_grow_to_the_longest() -> None:
    ran = polling(*[answer(run("in_progress"))] * 10, answer(run()))
    assert ran.waits == [FIRST_POLL * 1.5**n for n in range(6)] + [LONGEST_POLL] * 4


WISHES = [
    ("1250", 1.25), ("1", LEAST_POLL), ("20", 0.02), ("999999", 2 * LONGEST_POLL),
    ("9" * 9, 2 * LONGEST_POLL),
    *[(none, FIRST_POLL) for none in ("000", "9" * 5000, "0", "-5", "soon", "1.5", "")],
]  # fmt: skip


@pytest.mark.parametrize(("header", "wait"), WISHES)
def test_the_servers_wish_is_honoured_within_reason(header: str, wait: float) -> None:
    first = answer(run("queued"))._replace(headers=(("openai-poll-after-ms", header),))
    assert polling(first, answer(run())).waits == [wait]


def test_a_run_that_is_still_going_at_the_deadline() -> None:
    """The last look is at the deadline, not before it."""
    ran = polling(lambda _: answer(run("in_progress")), deadline=4)
    error = ran.error
    assert type(error) is RunTimeoutError
    assert isinstance(error, TimeoutError)
    assert error.run.status == "in_progress"
    assert str(error) == f"{RUN} is still in_progress after 4 s"
    assert sum(ran.waits) == 4
    assert len(ran.requests) == len(ran.waits) + 1


def test_answers_that_take_long_count_to_the_deadline() -> None:
    ran = polling(lambda _: answer(run("queued"), takes=3), deadline=5)
    assert type(ran.error) is RunTimeoutError
    assert ran.waits == [FIRST_POLL]
    assert len(ran.requests) == 2


def test_without_a_deadline_a_run_has_fifteen_minutes() -> None:
    ran = polling(lambda _: answer(run("queued")))
    assert sum(ran.waits) == pytest.approx(900)


def test_a_poll_that_fails_is_tried_again_and_then_raised() -> None:
    again = polling(answer("", 500), answer(run()))
    assert again.result.status == "completed"
    refusal = polling(answer(run("queued")), answer("", 404))
    assert type(refusal.error) is NotFoundError
    busy = polling(answer(run("queued")), answer("", 429, retry_after="99"))
    assert type(busy.error) is RateLimitError


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


@pytest.mark.parametrize("name", NAMES)
def test_a_file_arrives_under_its_name(name: str) -> None:
    sent = uploaded(lambda c: c.files.upload((name, b"abc"), purpose="vision"))
    assert (sent.method, sent.target) == ("POST", "/files")
    parts = parts_of(sent)
    assert parts.keys() == {"purpose", "file"}
    assert parts["purpose"].get_payload(decode=True) == b"vision"
    assert parts["file"].get_payload(decode=True) == b"abc"
    assert parts["file"].keys() == ["Content-Disposition", "Content-Type"]
    # Not get_filename(), which undoes what it takes for percent-encoding.
    raw = re.search(rb'filename="((?:[^"\\]|\\.)*)"\r\n', sent.body)
    assert raw is not None
    received = re.sub(r"\\(.)", r"\1", raw[1].decode())
    assert received == name.replace("\r", " ").replace("\n", " ")


@pytest.mark.parametrize("data", DATA, ids=lambda data: repr(data)[:30])
def test_bytes_arrive_as_they_are(data: bytes) -> None:
    sent = uploaded(lambda c: c.files.upload(data))
    parts = parts_of(sent)
    assert parts["purpose"].get_payload(decode=True) == b"assistants"
    boundary = (sent.header("content-type") or "").partition("boundary=")[2].encode()
    # The email package takes line ends for its own; so what lies between is cut out by hand.
    middle = sent.body.split(b"\r\n--" + boundary)
    assert len(middle) == 3
    assert middle[1].partition(b"\r\n\r\n")[2] == data
    assert middle[2] == b"--\r\n"
    assert KEY.encode() not in sent.body
    assert sent.header("content-length") == str(len(sent.body))


def test_what_can_be_uploaded(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_bytes(b"\x00notes")

    class Nameless:
        def read(self) -> bytes:
            return b"\x00notes"

    for given, name in (
        (path, "notes.md"),
        (str(path), "notes.md"),
        (("other.md", b"\x00notes"), "other.md"),
        (b"\x00notes", "file"),
        (Nameless(), "file"),
    ):
        parts = parts_of(uploaded(lambda c, given=given: c.files.upload(given)))  # type: ignore[misc]
        assert parts["file"].get_filename() == name
        assert parts["file"].get_payload(decode=True) == b"\x00notes"
    with path.open("rb") as opened:
        sent = run_sync(lambda c: c.files.upload(opened), answer(file())).sent
    assert parts_of(sent)["file"].get_filename() == "notes.md"
    sent = run_async(lambda c: c.files.upload(io.BytesIO(b"\x00notes")), answer(file())).sent
    assert parts_of(sent)["file"].get_payload(decode=True) == b"\x00notes"


def test_a_file_that_cannot_be_read_is_an_os_error() -> None:
    ran = run_both(lambda c: c.files.upload("/no/such/file"))
    assert isinstance(ran.error, FileNotFoundError)
    assert not ran.requests


def test_an_upload_is_not_repeated_but_where_it_did_nothing() -> None:
    call: Call = lambda c: c.files.upload(b"x")  # noqa: E731
    lost = run_sync(call, breaks(httpx.ReadError("lost")))
    assert type(lost.error) is APIConnectionError
    again = run_sync(call, breaks(httpx.ConnectError("none")), answer(file()))
    assert again.result.to_dict() == file()
    assert again.requests[0].body == again.requests[1].body


# What the results offer


def calls(made: Any) -> Any:
    """What a run that waits for these calls requires."""
    return {"type": "submit_tool_outputs", "submit_tool_outputs": {"tool_calls": made}}


@pytest.mark.parametrize(
    "action",
    [
        None,
        7,
        {"type": "other"},
        {"type": "submit_tool_outputs", "submit_tool_outputs": None},
        calls(None),
        calls(7),
        calls([7, None]),
        calls([{"id": [], "type": "function", "function": {"name": "f", "arguments": "{}"}}]),
        calls([{"id": "a", "type": "function", "function": {"name": [], "arguments": "{}"}}]),
        calls([{"id": "a", "type": "function", "function": None}]),
    ],
)
def test_calls_that_cannot_be_answered_are_left_out(action: Any) -> None:
    told = run("requires_action", required_action=action)
    made = run_both(lambda c: c.runs.retrieve(THREAD, RUN), answer(told)).result
    assert made.tool_calls == []
    assert made.to_dict() == told


def test_the_resources_hang_in_the_same_places() -> None:
    with Laplas(api_key=KEY) as client:
        other = AsyncLaplas(api_key=KEY)
        paths = ["assistants", "runs", "runs.steps", "files", "threads.runs", "beta.assistants"]
        for path in [*paths, "beta.threads.runs", "beta.threads.runs.steps"]:
            one, two = attrgetter(path)(client), attrgetter(path)(other)
            assert type(two).__name__ == "Async" + type(one).__name__


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
