"""Runs on the embedded server: how they go on, what replies can say, and the clients on top."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT, event_schemas, response_validator, validator
from test_local_http import command, run_python
from test_local_routes import KEY, call, ok, refused

from laplas import AsyncLaplas, Laplas
from laplas.errors import ActiveRunError, RunFailedError, RunIncompleteError
from laplas.local import Citation, LocalServer, Reply, ToolCall, ToolOutput, Turn, running

pytest.importorskip("aiohttp")
pytest.importorskip("httpx_sse")

THREAD, ASSISTANT = "thread_abc123", "asst_abc123"
RUNS = f"/threads/{THREAD}/runs"
ASK = {"assistant_id": ASSISTANT}


def population_of(city: str) -> int:
    """How many people live in a city."""
    return {"Oslo": 700_000, "Rome": 2_800_000}[city]


TOOL = {"type": "function", "function": {"name": "population_of"}}


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as opened:
        yield opened


@pytest.fixture
def client(server: LocalServer) -> Iterator[Laplas]:
    with Laplas.local(server, max_retries=0) as opened:
        yield opened


def test_an_assistant_lives_and_dies(server: LocalServer) -> None:
    request = {"model": "gpt-4o", "name": "Ada", "tools": [{"type": "file_search"}]}
    created = ok(server, "POST", "/assistants", request)
    path = f"/assistants/{created['id']}"
    updated = ok(server, "POST", path, {"name": "Bob", "instructions": None})
    assert updated == created | {"name": "Bob"}
    assert ok(server, "GET", path) == updated
    listed = ok(server, "GET", "/assistants?limit=1")
    assert (listed["data"], listed["has_more"]) == ([updated], True)
    after = ok(server, "GET", f"/assistants?limit=1&after={created['id']}")
    assert [a["id"] for a in after["data"]] == [ASSISTANT]
    for name, answer in (("retrieve_assistant", updated), ("list_assistants", listed)):
        response_validator(name).validate(answer)
    gone = ok(server, "DELETE", path)
    assert gone == {"id": created["id"], "object": "assistant.deleted", "deleted": True}
    for method in ("GET", "POST", "DELETE"):
        status, error = refused(server, method, path)
        assert (status, error["message"]) == (404, f"No assistant found with id '{created['id']}'.")


def test_none_clears_an_assistant(client: Laplas) -> None:
    """What is cleared is as where nothing was given."""
    given: dict[str, Any] = {"instructions": "x", "temperature": 0.5, "metadata": {"a": "b"}}
    assistant = client.assistants.create(model="gpt-4o", **given)
    nothing: dict[str, Any] = dict.fromkeys(given)
    changed = client.assistants.update(assistant.id, **nothing, name="n").to_dict()
    plain = client.assistants.create(model="gpt-4o", name="n").to_dict()
    own = {key: changed[key] for key in ("id", "created_at")}
    assert changed == plain | own


def test_a_file_lives_and_dies(client: Laplas, tmp_path: Path) -> None:
    content = b"--not a boundary\r\n\r\n\x00\xff\r\n"
    path = tmp_path / 'a "quoted" ñame.txt'
    path.write_bytes(content)
    file = client.files.upload(path)
    assert (file.bytes, file.filename, file.purpose) == (len(content), path.name, "assistants")
    assert client.files.retrieve(file.id) == file
    response_validator("retrieve_file").validate(file.to_dict())
    assert client.files.delete(file.id).deleted
    expiry = {"anchor": "created_at", "seconds": 7200}
    kept = client.files.upload(b"", expires_after=expiry)
    assert (kept.bytes, (kept.expires_at or 0) - (kept.created_at or 0)) == (0, 7200)


FORM = "multipart/form-data; boundary=xyz"
FILE = "--xyz\r\nContent-Disposition: form-data; name=file; filename=x\r\n\r\nhello\r\n"
PURPOSE = "--xyz\r\nContent-Disposition: form-data; name=purpose\r\n\r\nassistants\r\n"
END = "--xyz--\r\n"
WHOLE = FILE + PURPOSE + END
ODD = "'()+_,-./:=? ;b"
"""A boundary that needs quotes."""


def upload(server: LocalServer, content_type: str, body: str | bytes) -> tuple[int, Any]:
    sent = body if isinstance(body, bytes) else body.encode()
    answer = server.handle("POST", "/files", {**KEY, "Content-Type": content_type}, sent)
    return answer.status, json.loads(answer.body)


def named(disposition: str) -> str:
    return WHOLE.replace("form-data; name=file; filename=x", disposition)


def of_file(headers: str, content: str = "hello") -> str:
    return WHOLE.replace("filename=x\r\n\r\nhello", f"filename=x\r\n{headers}\r\n\r\n{content}")


LEGAL = {
    "unquoted": (FORM, WHOLE, "x"),
    "quoted": (FORM, named('form-data; name="file"; filename="a b;c.txt"'), "a b;c.txt"),
    "quoted pairs": (
        FORM,
        named(r'form-data; name="file"; filename="a \"b\" \\.txt"'),
        'a "b" \\.txt',
    ),
    "browser": (FORM, named('form-data; name="file"; filename="a %22b%22 ñ"'), 'a "b" ñ'),
    "windows": (FORM, named(r'form-data; name="file"; filename="C:\new.txt"'), r"C:\new.txt"),
    "extended": (
        FORM,
        named("form-data; filename=e; filename*=UTF-8''%e2%82%ac%20r; name=file"),
        "€ r",
    ),
    "continued": (FORM, named("form-data; name=file; filename*0=a; filename*1=b"), "ab"),
    "any case": (FORM, named("Form-Data; NAME=file; FileName=x"), "x"),
    "spaces": (FORM, named('form-data ;  name = "file" ;filename="x";'), "x"),
    "folded": (FORM, named("form-data;\r\n name=file;\r\n\tfilename=x"), "x"),
    "headers": (FORM, of_file("X: y\r\nContent-Type: \r\nContent-Length: 9"), "x"),
    "binary": (FORM, of_file("Content-Transfer-Encoding: binary"), "x"),
    "base64": (FORM, of_file("Content-Transfer-Encoding: Base64", "aGVsbG8="), "x"),
    "quopri": (FORM, of_file("Content-Transfer-Encoding: quoted-printable", "hell=6F"), "x"),
    "mail": (FORM, of_file("Content-Type: multipart/mixed; boundary=xyz"), "x"),
    "other order": (FORM, PURPOSE + FILE + END, "x"),
    "around": (FORM, f"--xyzz\r\nsee --xyz\r\n{WHOLE}--xyz\r\nmore", "x"),
    "no last newline": (FORM, WHOLE[:-2], "x"),
    "padding": (FORM, WHOLE.replace("--xyz\r\n", "--xyz \t\r\n"), "x"),
    "only LF": (FORM, WHOLE.replace("\r\n", "\n"), "x"),
    "odd boundary": (f'Multipart/Form-Data; a=b;Boundary="{ODD}"', WHOLE.replace("xyz", ODD), "x"),
    "charset": (
        FORM,
        WHOLE.encode()
        .replace(b"=purpose", b"=purpose\r\nContent-Type: text/plain; charset=utf-16")
        .replace(b"assistants", "assistants".encode("utf-16")),
        "x",
    ),
    "without a name": (FORM, f"--xyz\r\n\r\nnothing\r\n{WHOLE}", "x"),
}


@pytest.mark.parametrize(("content_type", "body", "name"), LEGAL.values(), ids=LEGAL)
def test_every_legal_form(
    server: LocalServer, content_type: str, body: str | bytes, name: str
) -> None:
    status, file = upload(server, content_type, body)
    assert (status, file.pop("id")[:5]) == (200, "file-")
    assert isinstance(file.pop("created_at"), int)
    assert file == {
        "object": "file",
        "purpose": "assistants",
        "filename": name,
        "bytes": 5,
        "expires_at": None,
        "status": "processed",
        "status_details": None,
    }


@pytest.mark.parametrize(
    ("content_type", "body", "problem"),
    [
        ("application/json", "{}", "Expected a form (multipart/form-data)."),
        ("multipart/mixed; boundary=xyz", WHOLE, "Expected a form (multipart/form-data)."),
        ("multipart/form-data", WHOLE, "Expected a form (multipart/form-data)."),
        (FORM, "", "'file' is a required property"),
        (FORM, END, "'file' is a required property"),
        (FORM, named("form-data; filename=x"), "'file' is a required property"),
        (FORM, FILE + END, "'purpose' is a required property"),
        (FORM, WHOLE[:-4], "The form of your request ends in the middle of a part."),
        (FORM, FILE[:30], "The form of your request ends in the middle of a part."),
        (FORM, f"{FILE}{PURPOSE}--xyz", "The form of your request ends in the middle of a part."),
        (
            FORM,
            of_file("Content-Transfer-Encoding: base64", "a"),
            "We could not decode a part of your form.",
        ),
        (
            FORM,
            WHOLE.replace("=purpose", "=purpose\r\nContent-Type: a/b; charset=no"),
            "We do not know the charset 'no' of a part of your form.",
        ),
    ],
)
def test_bad_uploads(server: LocalServer, content_type: str, body: str, problem: str) -> None:
    status, answer = upload(server, content_type, body)
    assert (status, answer["error"]["message"]) == (400, problem)
    assert (answer["error"]["param"], list(answer["error"])[3]) == (None, "code")


def test_a_file_that_is_not_there(server: LocalServer) -> None:
    for method in ("GET", "DELETE"):
        status, error = refused(server, method, "/files/file-0")
        assert (status, error["message"]) == (404, "No such File object: file-0")
        assert (error["param"], error["code"]) == ("id", None)


def test_a_run_goes_on_when_retrieved_and_pollers_are_told_to_return(server: LocalServer) -> None:
    """Queued, in progress, completed; neither lists nor steps move it."""
    response = server.handle("POST", RUNS, KEY, json.dumps(ASK).encode())
    assert int(dict(response.headers)["openai-poll-after-ms"]) < 100
    path = f"{RUNS}/{json.loads(response.body)['id']}"
    for status in ("queued", "in_progress", "completed"):
        assert ok(server, "GET", RUNS)["data"][0]["status"] == status
        assert len(ok(server, "GET", f"{path}/steps")["data"]) == (status == "completed")
        ok(server, "GET", path)
    assert len(server.messages(THREAD)) == 3


def test_an_active_run_locks_its_thread_and_only_that(server: LocalServer, client: Laplas) -> None:
    run = client.runs.create(THREAD, ASSISTANT)
    with pytest.raises(ActiveRunError) as caught:
        client.messages.create(THREAD, "no")
    assert (caught.value.thread_id, caught.value.run_id) == (THREAD, run.id)
    with pytest.raises(ActiveRunError):
        client.runs.create(THREAD, ASSISTANT, additional_messages=["no"])
    other = client.threads.create(messages=["yes"])
    assert client.thread(other.id).ask("yes", assistant=ASSISTANT).text == "Echo: yes"
    assert client.runs.poll(THREAD, run.id).status == "completed"
    client.messages.create(THREAD, "now")
    assert len(server.messages(THREAD)) == 4


def test_a_run_is_cancelled_with_its_step_that_waits_for_outputs(client: Laplas) -> None:
    run = client.runs.create(THREAD, ASSISTANT)
    assert client.runs.cancel(THREAD, run.id).status == "cancelling"
    over = client.runs.poll(THREAD, run.id)
    assert (over.status, over.cancelled_at is None) == ("cancelled", False)
    client.messages.create(THREAD, "/call population_of")  # the thread is free again
    run = client.runs.create_and_poll(THREAD, ASSISTANT, tools=[population_of])
    assert run.status == "requires_action"
    client.runs.cancel(THREAD, run.id)
    assert client.runs.poll(THREAD, run.id).status == "cancelled"
    (step,) = client.runs.steps.list(THREAD, run.id)
    assert (step.status, step.cancelled_at is None) == ("cancelled", False)


def test_a_run_expires(server: LocalServer) -> None:
    run = ok(server, "POST", RUNS, ASK)
    server.clock.advance(run["expires_at"] - run["created_at"] + 1)
    ok(server, "POST", f"/threads/{THREAD}/messages", {"role": "user", "content": "free again"})
    assert ok(server, "GET", f"{RUNS}/{run['id']}")["status"] == "expired"


def test_any_status_can_be_set_and_stays_whoever_looks(server: LocalServer, client: Laplas) -> None:
    run = client.runs.create(THREAD, ASSISTANT)
    for status in ("expired", "cancelled", "in_progress"):
        server.set_run(run.id, status=status)
        assert {client.runs.retrieve(THREAD, run.id).status for _ in range(3)} == {status}
    with pytest.raises(LookupError):
        server.set_run("run_missing")
    with pytest.raises(ValueError, match="none of"):
        server.put({"object": "vector_store", "id": "vs_1"})


def test_a_run_needs_something_to_answer_and_goes_with_its_thread(server: LocalServer) -> None:
    assert refused(server, "POST", "/threads/runs", ASK)[1]["code"] == "invalid_thread"
    assert refused(server, "POST", "/threads/runs", {"assistant_id": "asst_0"})[0] == 404
    run = ok(server, "POST", "/threads/runs", {**ASK, "instructions": "Greet.", "stream": False})
    thread = f"/threads/{run['thread_id']}"
    assert ok(server, "GET", f"{thread}/runs")["data"][0]["id"] == run["id"]
    ok(server, "DELETE", thread)
    server.add_thread(run["thread_id"])
    assert ok(server, "GET", f"{thread}/runs")["data"] == []


def test_settings_of_a_run_go_first_and_metadata_may_be_changed(server: LocalServer) -> None:
    fields = {"model": "m", "instructions": "A", "temperature": 0.5, "tools": [TOOL]}
    assistant = ok(server, "POST", "/assistants", fields)
    mine = {"instructions": "B", "additional_instructions": "C", "tools": [], "model": "n"}
    run = ok(server, "POST", RUNS, {"assistant_id": assistant["id"], **mine})
    assert (run["model"], run["instructions"], run["tools"]) == ("n", "B\n\nC", [])
    assert run["temperature"] == 0.5
    path = f"{RUNS}/{run['id']}"
    assert ok(server, "POST", path, {"metadata": {"b": "2"}})["metadata"] == {"b": "2"}
    assert ok(server, "GET", path)["status"] == "in_progress"  # it still goes on
    assert refused(server, "POST", path, {"metadata": {}})[0] == 400


def test_outputs_must_be_those_that_are_waited_for(server: LocalServer) -> None:
    message = {"role": "user", "content": "/call population_of"}
    request = {**ASK, "tools": [TOOL], "additional_messages": [message]}
    run = ok(server, "POST", RUNS, request)
    path = f"{RUNS}/{run['id']}"
    assert refused(server, "POST", f"{path}/submit_tool_outputs", {"tool_outputs": []})[0] == 400
    ok(server, "GET", path)
    waiting = ok(server, "GET", path)
    response_validator("retrieve_run").validate(waiting)
    (wanted,) = waiting["required_action"]["submit_tool_outputs"]["tool_calls"]
    for outputs in ([], [{"tool_call_id": "call_0", "output": ""}]):
        answer = refused(server, "POST", f"{path}/submit_tool_outputs", {"tool_outputs": outputs})
        assert wanted["id"] in answer[1]["message"]
    right = [{"tool_call_id": wanted["id"], "output": "7"}]
    after = ok(server, "POST", f"{path}/submit_tool_outputs", {"tool_outputs": right})
    assert (after["status"], after["required_action"]) == ("queued", None)


@pytest.fixture(params=["ask", "ask_stream"])
def asked(request: pytest.FixtureRequest, client: Laplas) -> Callable[..., str]:
    """Ask and get the text, waiting or streaming."""

    def ask(question: str, **options: Any) -> str:
        thread = client.thread(THREAD)
        if request.param == "ask":
            return thread.ask(question, assistant=ASSISTANT, **options).text
        return "".join(thread.ask_stream(question, assistant=ASSISTANT, **options))

    return ask


def test_the_echo(asked: Callable[..., str]) -> None:
    calls = '/call population_of {"city": "Oslo"} /call population_of {"city": "Rome"}'
    gave = "\npopulation_of gave 700000\npopulation_of gave 2800000"
    unknown = ("How does AI\nwork? ", "/citeless and/stop", "/call unknown")
    for question, more in [*((question, "") for question in unknown), (calls, gave)]:
        assert asked(question, tools=[population_of]) == f"Echo: {question}{more}"


def test_the_echo_fails_and_stops_as_it_is_told(asked: Callable[..., str]) -> None:
    with pytest.raises(RunFailedError, match="asked to fail"):
        asked("hello", instructions="Please /fail now.")
    with pytest.raises(RunIncompleteError, match="max_completion_tokens") as caught:
        asked("/stop 1234")
    assert [m.text for m in caught.value.messages] == ["Echo: /s"]


def test_the_echo_cites_and_refuses(server: LocalServer, client: Laplas) -> None:
    client.messages.create(THREAD, "see", attachments=[{"file_id": "file-1", "tools": []}])
    cited = client.thread(THREAD).ask("/cite", assistant=ASSISTANT)
    (annotation,) = server.messages(THREAD)[-1]["content"][0]["text"]["annotations"]
    at = slice(annotation["start_index"], annotation["end_index"])
    assert cited.text[at] == annotation["text"] == "【0†source】"
    assert annotation["file_citation"] == {"file_id": "file-1"}
    client.thread(THREAD).ask("/refuse", assistant=ASSISTANT)
    (refusal,) = server.messages(THREAD)[-1]["content"]
    assert refusal == {"type": "refusal", "refusal": "I'm sorry, I can't assist with that."}


@pytest.mark.parametrize(
    "question", ["hi", "/cite", "/refuse", "/stop now", "/fail", '/call population_of {"city": 1}']
)
def test_a_stream_is_what_is_stored(server: LocalServer, client: Laplas, question: str) -> None:
    client.messages.create(THREAD, question)
    with client.runs.stream(THREAD, ASSISTANT, tools=[population_of]) as stream:
        for event in stream:
            schema = event_schemas()[event.event]
            assert schema
            validator(schema).validate(event.raw)
        result = stream.result
    assert result.run is not None
    fetched = client.runs.retrieve(THREAD, result.run.id).to_dict()
    assert result.run.to_dict() | {"tool_resources": {}} == fetched  # streams spell those out
    kept = [m for m in server.messages(THREAD) if m["run_id"] == result.run.id]
    assert [m.content for m in result.messages] == [
        client.messages.retrieve(THREAD, m["id"]).content for m in kept
    ]
    steps = list(client.runs.steps.list(THREAD, result.run.id, order="asc"))
    assert [s.to_dict() for s in steps] == [s.to_dict() for s in result.steps]


def test_the_order_of_events(client: Laplas) -> None:
    """With a call: created, asked for, and after the outputs on to the message."""
    question = {"role": "user", "content": "/call population_of"}
    with client.threads.create_and_run(
        ASSISTANT, thread={"messages": [question]}, tools=[population_of], stream=True
    ) as stream:
        events = [event.event for event in stream]
    run = stream.result.run
    assert run is not None
    begun, step = ["thread.run.queued", "thread.run.in_progress"], "thread.run.step"
    assert events == [
        *("thread.created", "thread.run.created", *begun, f"{step}.created"),
        *(f"{step}.in_progress", f"{step}.delta", f"{step}.delta", "thread.run.requires_action"),
    ]
    outputs = {call.id: "7" for call in run.tool_calls}
    with client.runs.submit_tool_outputs(run.thread_id, run.id, outputs, stream=True) as stream:
        events = [event.event for event in stream]
    assert events == [
        *(f"{step}.completed", *begun, f"{step}.created", f"{step}.in_progress"),
        *("thread.message.created", "thread.message.in_progress"),
        *["thread.message.delta"] * 6,
        *("thread.message.completed", f"{step}.completed", "thread.run.completed"),
    ]


def test_a_reply_of_ones_own() -> None:
    """It is given what was said; it may return text, pieces, citations and calls."""
    turns: list[Turn] = []

    def reply(turn: Turn) -> str | Reply:
        turns.append(turn)
        if turn.question == "plain":
            return "text"
        if not turn.tool_outputs:
            return Reply(text="let me see", tool_calls=[ToolCall("population_of", "not JSON")])
        return Reply(text=["see", " [1]"], citations=[Citation("[1]", "file-1")])

    with LocalServer(reply=reply) as server, Laplas.local(server) as client:
        thread = client.thread(THREAD)
        assert thread.ask("plain", assistant=ASSISTANT).text == "text"
        pieces = thread.ask_stream("more", assistant=ASSISTANT, tools=[population_of])
        assert list(pieces) == ["let", " me", " see", "see", " [1]"]
        (annotation,) = server.messages(THREAD)[-1]["content"][0]["text"]["annotations"]
        assert annotation["file_citation"] == {"file_id": "file-1"}
    assert [turn.question for turn in turns] == ["plain", "more", "more"]
    assert turns[0].assistant["id"] == ASSISTANT
    assert turns[1].functions == ["population_of"]
    (output,) = turns[2].tool_outputs
    assert output == ToolOutput("population_of", "not JSON", output.output)
    assert "not JSON" in output.output


async def test_the_async_client_has_the_same_conversation(server: LocalServer) -> None:
    question = '/call population_of {"city": "Oslo"}'
    async with AsyncLaplas.local(server) as client:
        thread = client.thread(THREAD)
        assert (await thread.ask("hi", assistant=ASSISTANT)).text == "Echo: hi"
        pieces = thread.ask_stream(question, assistant=ASSISTANT, tools=[population_of])
        assert "".join([piece async for piece in pieces]).endswith("gave 700000")
        file = await client.files.upload(("a.txt", b"abc"))
        assert (await client.files.retrieve(file.id)).bytes == 3


def test_the_example_chats_offline() -> None:
    chat = str(ROOT / "docs" / "examples" / "chat.py")
    said = "> Echo: How does AI work?\n> Echo: Bye\n> "
    assert run_python(chat, text="How does AI work?\nBye\n\n") == (0, said, "")


words = st.sampled_from(
    f"""* ' " = ; \\ % 9{"9" * 5000} name filename charset utf-7 hex UTF-8''%e2 \x00
Content-Disposition: Content-Type: Content-Transfer-Encoding: base64 form-data""".split()
)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=60) | st.text(alphabet='-xyz\r\n:;="namefil', max_size=90),
    st.lists(words | st.sampled_from(["\r\n", " ", "\ud800"]), max_size=9).map("".join),
)
def test_no_form_raises_or_answers_500(body: bytes | str, head: str) -> None:
    with LocalServer() as server:
        lines = head.encode("utf-8", "replace").decode()
        assert upload(server, FORM, body)[0] in (200, 400)
        assert upload(server, FORM, of_file(lines))[0] in (200, 400)
        assert upload(server, f"multipart/form-data;boundary=xyz{head}", WHOLE)[0] in (200, 400)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_openai_client_works_against_it() -> None:
    """All calls of messages, paging, its stream helper, its poller, its upload, tool outputs."""
    openai = pytest.importorskip("openai")
    with (
        command() as (_, url),
        openai.OpenAI(api_key="any", base_url=f"{url}/v1", max_retries=0) as client,
    ):
        beta, messages = client.beta, client.beta.threads.messages
        thread = beta.threads.create(messages=[{"role": "user", "content": "0"}])
        created = [messages.create(thread.id, role="user", content=text) for text in "12345"]
        listed = list(messages.list(thread.id, limit=2, order="asc"))
        assert [m.content[0].text.value for m in listed] == list("012345")
        last = created[-1]
        assert messages.retrieve(last.id, thread_id=thread.id) == last
        updated = messages.update(last.id, thread_id=thread.id, metadata={"seen": "yes"})
        assert updated.metadata == {"seen": "yes"}
        assert messages.delete(last.id, thread_id=thread.id).deleted
        with pytest.raises(openai.NotFoundError):
            messages.retrieve(last.id, thread_id=thread.id)
        with pytest.raises(openai.BadRequestError):
            messages.create(thread.id, role="user", content="")
        assert beta.threads.delete(thread.id).deleted
        file = client.files.create(file=("a.txt", b"hello"), purpose="assistants")
        assert client.files.retrieve(file.id).bytes == 5
        assistant = beta.assistants.create(model="gpt-4o", tools=[TOOL])
        attached = [{"file_id": file.id, "tools": [{"type": "file_search"}]}]
        question = {"role": "user", "content": "What? /cite", "attachments": attached}
        thread = beta.threads.create(messages=[question])
        ids = {"thread_id": thread.id, "assistant_id": assistant.id}
        with beta.threads.runs.stream(**ids) as stream:
            text = "".join(stream.text_deltas)
            (message,) = stream.get_final_messages()
        assert message.content[0].text.value == text == "Echo: What? /cite 【0†source】"
        assert message.content[0].text.annotations[0].file_citation.file_id == file.id
        assert stream.get_final_run().status == "completed"
        assert beta.threads.runs.create_and_poll(**ids).status == "completed"
        beta.threads.messages.create(thread.id, role="user", content="/call population_of")
        run = beta.threads.runs.create_and_poll(**ids)
        calls = run.required_action.submit_tool_outputs.tool_calls
        with pytest.raises(openai.BadRequestError, match="while a run"):
            beta.threads.messages.create(thread.id, role="user", content="no")
        outputs = [{"tool_call_id": one.id, "output": "42"} for one in calls]
        with beta.threads.runs.submit_tool_outputs_stream(
            thread_id=thread.id, run_id=run.id, tool_outputs=outputs
        ) as stream:
            (message,) = stream.get_final_messages()
        assert message.content[0].text.value.endswith("population_of gave 42")
        with beta.threads.create_and_run_stream(
            assistant_id=assistant.id, thread={"messages": [{"role": "user", "content": "/stop"}]}
        ) as stream:
            stream.until_done()
            assert stream.current_run.status == "incomplete"
        assert client.files.delete(file.id).deleted
        assert beta.assistants.delete(assistant.id).deleted


def test_clients_may_leave_a_stream(server: LocalServer, caplog: pytest.LogCaptureFixture) -> None:
    """It leaves while the server still writes: nothing is logged, and others are served."""
    long = "word " * 20_000
    with running(server) as url, Laplas(api_key="k", base_url=url) as client:
        pieces = client.thread(THREAD).ask_stream(long, assistant=ASSISTANT)
        assert next(iter(pieces)) == "Echo:"
        pieces.close()
        assert client.thread(THREAD).ask("hi", assistant=ASSISTANT).text == "Echo: hi"
    assert not caplog.records


def test_over_http_each_event_comes_by_itself(server: LocalServer) -> None:
    body = json.dumps({**ASK, "stream": True}).encode()
    with (
        running(server) as url,
        httpx.stream("POST", url + RUNS, headers=KEY, content=body, trust_env=False) as answer,
    ):
        chunks = list(answer.iter_raw())
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert b"".join(chunks).endswith(b"event: done\ndata: [DONE]\n\n")
    assert len(chunks) > 1
    assert call(server, "GET", RUNS)[1]["data"][0]["status"] == "completed"
