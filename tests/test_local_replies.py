"""Where replies come from: functions that raise or take their time, files, a model's endpoint."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest
from test_local_http import command, run_python

from laplas import (
    AsyncLaplas,
    Laplas,
    RunFailedError,
    RunIncompleteError,
    ServerError,
    StreamError,
)
from laplas.local import (
    Citation,
    LocalServer,
    Reply,
    ToolCall,
    Turn,
    read_replies,
    reply_through,
    running,
)

THREAD, ASSISTANT = "thread_abc123", "asst_abc123"


def population_of(city: str) -> int:
    """How many people live in a city."""
    return 700_000


# A function that raises, or returns what makes no sense.


def raises(turn: Turn) -> str:
    raise LookupError("no such reply")


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (raises, "LookupError: no such reply"),
        (lambda turn: None, "it returned NoneType, not text or a Reply"),
        (lambda turn: Reply(text="a", tool_calls=[ToolCall("x")]), "the run has no function 'x'"),
        (lambda turn: Reply(text="a", citations=[Citation("b", "file-1")]), "substring not found"),
    ],
)
@pytest.mark.parametrize("over_http", [False, True])
def test_a_reply_that_raises_is_a_500_and_leaves_nothing(
    reply: Any, problem: str, over_http: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """It is not sent again, and the traceback is in the log."""
    with LocalServer(reply=reply) as server, running(server) as url:
        client = Laplas(api_key="x", base_url=url) if over_http else Laplas.local(server)
        with client, pytest.raises(ServerError, match=problem) as caught:
            client.runs.create(THREAD, ASSISTANT, stream=True)
        assert (caught.value.status_code, caught.value.attempts) == (500, 1)
        assert caught.value.body == {
            "error": {
                "message": caught.value.body["error"]["message"],
                "type": "server_error",
                "param": None,
                "code": None,
            }
        }
        assert [request.status for request in server.requests] == [500]
        assert server._store.children("thread.run", THREAD) == []
        assert len(server.messages(THREAD)) == 2
    (record,) = [each for each in caplog.records if each.name.endswith(".local")]
    assert record.exc_info is not None
    assert record.levelno == logging.ERROR


# A generator: pieces go on as they come.


class Slow:
    """A reply that says a piece each time it is told to."""

    def __init__(self) -> None:
        self.may_go_on = threading.Semaphore(0)
        self.is_left = threading.Event()

    def __call__(self, turn: Turn) -> Iterator[str | Reply]:
        try:
            for piece in ("So", " far", " so", " good"):
                assert self.may_go_on.acquire(timeout=30)
                yield piece
        finally:
            self.is_left.set()


@pytest.mark.parametrize("over_http", [False, True])
async def test_pieces_come_while_the_reply_is_written(over_http: bool) -> None:
    """Each is released only when the one before was read, and others are served meanwhile."""
    slow = Slow()
    with LocalServer(reply=slow) as server, running(server) as url:
        made = AsyncLaplas(api_key="x", base_url=url) if over_http else AsyncLaplas.local(server)
        async with made as client:
            slow.may_go_on.release()
            pieces = []
            async with await client.runs.create(THREAD, ASSISTANT, stream=True) as events:
                async for piece in events.text:
                    pieces.append(piece)
                    assert (await client.threads.retrieve(THREAD)).id == THREAD
                    slow.may_go_on.release()
            assert pieces == ["So", " far", " so", " good"]
        (run,) = server._store.children("thread.run", THREAD)
        assert run["status"] == "completed"
        assert server.messages(THREAD)[-1]["content"][0]["text"]["value"] == "So far so good"
        answers = [request.answer for request in server.requests if request.path.endswith("/runs")]
        assert len(answers) == 1
        assert answers[0].endswith(b"event: done\ndata: [DONE]\n\n")


def test_a_run_that_is_polled_is_answered_once_and_can_be_cancelled() -> None:
    slow = Slow()
    with LocalServer(reply=slow) as server, Laplas.local(server) as client:
        run = client.runs.create(THREAD, ASSISTANT)
        for _ in range(4):  # queued, in progress, and two looks at a reply that is not there
            assert client.runs.retrieve(THREAD, run.id).status == "in_progress"
        client.runs.cancel(THREAD, run.id)
        slow.may_go_on.release()
        assert slow.is_left.wait(30)
        assert client.runs.retrieve(THREAD, run.id).status == "cancelled"
        slow.may_go_on.release(8)
        assert client.thread(THREAD).ask("?", assistant=ASSISTANT).text == "So far so good"
        assert len(server.messages(THREAD)) == 4


def test_a_stream_tells_of_a_cancel() -> None:
    """Also where it is the client of another program that asks."""
    slow = Slow()
    with LocalServer(reply=slow) as server, Laplas.local(server) as client:
        slow.may_go_on.release()
        told = []
        with client.runs.create(THREAD, ASSISTANT, stream=True) as events:
            for event in events:
                told.append(event.event)
                if event.event == "thread.message.delta":
                    client.runs.cancel(
                        THREAD, server._store.children("thread.run", THREAD)[0]["id"]
                    )
                    slow.may_go_on.release()
        assert told[-3:] == [
            "thread.message.incomplete",
            "thread.run.step.cancelled",
            "thread.run.cancelled",
        ]
        assert server.messages(THREAD)[-1]["content"][0]["text"]["value"] == "So"


@pytest.mark.parametrize("over_http", [False, True])
async def test_a_fault_strikes_a_stream_that_is_written_and_others_are_served_meanwhile(
    over_http: bool,
) -> None:
    slow = Slow()
    faults = ["create_run: error-event=8"]
    with LocalServer(reply=slow, faults=faults) as server, running(server) as url:
        made = AsyncLaplas(api_key="x", base_url=url) if over_http else AsyncLaplas.local(server)
        async with made as client:
            asked = asyncio.ensure_future(client.runs.create(THREAD, ASSISTANT, stream=True))
            await asyncio.sleep(0)
            assert (await client.threads.retrieve(THREAD)).id == THREAD
            slow.may_go_on.release(4)
            with pytest.raises(StreamError, match="A fault was asked for"):
                await (await asked).until_done()
        assert server.messages(THREAD)[-1]["content"][0]["text"]["value"] == "So far so good"
        (struck,) = [request for request in server.requests if request.fault]
        assert b"event: error" in struck.answer


def test_what_a_generator_says_in_the_end(caplog: pytest.LogCaptureFixture) -> None:
    ends: list[Any] = [
        Reply(citations=[Citation("[1]", "file-1")]),
        Reply(incomplete="max_completion_tokens"),
        Reply(tool_calls=[ToolCall("unknown")]),
        Reply(failure="tired"),
        5,
    ]

    def reply(turn: Turn) -> Iterator[Any]:
        yield "see [1]"
        yield ends.pop(0)

    with LocalServer(reply=reply) as server, Laplas.local(server) as client:
        runs = []
        for _ in ends.copy():
            with client.runs.create(THREAD, ASSISTANT, stream=True) as events:
                runs.append([event.event for event in events][-1])
        assert [name.removeprefix("thread.run.") for name in runs] == [
            "completed", "incomplete", "failed", "failed", "failed",
        ]  # fmt: skip
        messages = server.messages(THREAD)[2:]
        assert [m["content"][0]["text"]["value"] for m in messages] == ["see [1]"] * 5
        assert messages[0]["content"][0]["text"]["annotations"][0]["text"] == "[1]"
        errors = [run["last_error"] for run in server._store.children("thread.run", THREAD)]
        assert [error and error["message"] for error in errors[:4]] == [
            None, None,
            "The reply function raised ValueError: the run has no function 'unknown'", "tired",
        ]  # fmt: skip
        assert "it yielded int" in errors[4]["message"]
    assert len(caplog.records) == 2


# A file of patterns.

TOML = r"""
'weather in (\w+)' = "It is sunny in $1, for $$5."
'secret' = { refusal = "I keep $0s." }
'long' = { text = "half", incomplete = "max_completion_tokens" }
'fail' = { failure = "as asked" }

['people in (?P<city>\w+)']
call = "population_of"
arguments = { city = "$1" }
text = "$1: $output"
"""


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_a_file_of_patterns_answers(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"replies.{suffix}"
    if suffix == "toml":
        path.write_text(TOML)
    else:
        path.write_text(json.dumps(tomllib.loads(TOML)))
    with Laplas.local(LocalServer(reply=read_replies(path))) as client:
        thread = client.thread(THREAD)

        def ask(question: str) -> Any:
            return thread.ask(question, assistant=ASSISTANT, tools=[population_of])

        assert ask("The WEATHER in Oslo?").text == "It is sunny in Oslo, for $5."
        assert ask("How many people in Oslo?").text == "Oslo: 700000"
        assert ask("no pattern").text == "Echo: no pattern"
        with pytest.raises(RunFailedError, match="as asked"):
            ask("fail")
        with pytest.raises(RunIncompleteError):
            ask("long")
        assert ask("secret").refusal == "I keep secrets."


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.toml", "x = ", "a.toml: not TOML"),
        ("a.json", "{", "a.json: not JSON"),
        ("a.json", "[]", "a.json: give an object of patterns"),
        ("a.json", '{"(": "x"}', "a.json: '(': no regular expression"),
        ("a.json", '{"x": 5}', "a.json: 'x': give a text or a table"),
        ("a.json", '{"x": {"txt": "y"}}', "'x': 'txt' is none of text, refusal"),
        ("a.json", '{"x": {"text": 5}}', "'x': give texts"),
        ("a.json", '{"x": {"arguments": {}}}', "'x': arguments is a table, beside"),
        ("a.json", '{"(x)": "$2"}', "'(x)': there is no group $2"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(
    name: str, text: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=re.escape(problem)):
        read_replies(tmp_path / name)


# A model behind chat completions.


def chunk(delta: dict[str, Any], end: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": end}
    base = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return f"data: {json.dumps({**base, 'choices': [choice]})}\n\n"


def called(arguments: str, name: str | None = None) -> dict[str, Any]:
    function = {"arguments": arguments} | ({"name": name} if name else {})
    call = {"index": 0, "function": function} | (
        {"id": "call_9", "type": "function"} if name else {}
    )
    return {"tool_calls": [call]}


class Model:
    """A chat server as Ollama, llama.cpp and vLLM are; what it says goes by the last message."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.may_end = threading.Event()
        self.may_end.set()

    def pieces(self, body: dict[str, Any]) -> list[str]:
        last = body["messages"][-1]
        question = str(last["content"])
        if last["role"] == "tool":
            return [chunk({"content": f"It has {question}."}), chunk({}, "stop")]
        if "call" in question:
            parts = [chunk(called("", "population_of")), chunk(called('{"ci'))]
            return [*parts, chunk(called('ty": "Oslo"}')), chunk({}, "tool_calls")]
        if "refuse" in question:
            return [chunk({"refusal": "I can"}), chunk({"refusal": "not."}, "stop")]
        if "cut" in question:
            return [chunk({"content": "half"})]
        if "garbage" in question:
            return ["data: {\n\n"]
        if "error" in question:
            return [f"data: {json.dumps({'error': {'message': 'out of memory'}})}\n\n"]
        end = "length" if "long" in question else "stop"
        return [": hello\n\n", chunk({"role": "assistant"}), chunk({"content": "Hello"}),
                chunk({"content": " there."}), chunk({}, end)]  # fmt: skip


@contextmanager
def serving(model: Model) -> Iterator[str]:
    """Serve chat completions on loopback; the block gets the URL that ends with /v1."""
    from concurrent.futures import Future

    from aiohttp import web

    async def chat(request: web.Request) -> web.StreamResponse:
        body = await request.json()
        model.asked.append(body)
        model.keys.append(request.headers.get("Authorization"))
        if "status" in str(body["messages"][-1]["content"]):
            return web.json_response({"error": f"wrong key {model.keys[-1]}"}, status=401)
        if not body.get("stream"):
            message = {"role": "assistant", "content": "whole"}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            base = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
            return web.json_response({**base, "choices": [choice]})
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        pieces = model.pieces(body)
        for n, piece in enumerate(pieces):
            if n == len(pieces) - 1:
                while not model.may_end.is_set():
                    await asyncio.sleep(0.01)
            await response.write(piece.encode())
        if "cut" not in str(body["messages"][-1]["content"]):
            await response.write(b"data: [DONE]\n\n")
        return response

    started: Future[tuple[str, Callable[[], object]]] = Future()

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", chat)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        started.set_result((url, lambda: loop.call_soon_threadsafe(stop.set)))
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    url, stop = started.result(30)
    try:
        yield url
    finally:
        stop()
        thread.join(30)


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
def model_url(model: Model) -> Iterator[str]:
    with serving(model) as url:
        yield url


def test_the_model_of_these_tests_is_one_for_the_openai_package(model_url: str) -> None:
    """So what is tested against it holds for what speaks the same."""
    with openai.OpenAI(api_key="x", base_url=model_url) as client:
        chat = client.chat.completions
        ask: Any = {"model": "m", "messages": [{"role": "user", "content": "call"}]}
        assert chat.create(**ask).choices[0].message.content == "whole"
        with chat.stream(**ask) as stream:
            message = stream.get_final_completion().choices[0].message
        assert message.tool_calls is not None
        assert message.tool_calls[0].function.arguments == '{"city": "Oslo"}'


def test_a_model_answers_through_its_endpoint(model: Model, model_url: str) -> None:
    reply = reply_through(f"{model_url}/", model="llama3", api_key="sk-local")
    with LocalServer(reply=reply) as server, Laplas.local(server) as client:
        thread = client.thread(THREAD)
        client.messages.create(THREAD, [{"type": "text", "text": "What is it?"},
            {"type": "image_url", "image_url": {"url": "http://127.0.0.1/a.png"}}])  # fmt: skip
        options: Any = {"instructions": "Be brief.", "temperature": 0.5, "max_completion_tokens": 9}
        answer = thread.ask("call", assistant=ASSISTANT, tools=[population_of], **options)
        assert answer.text == "It has 700000."
        assert list(thread.ask_stream("hi", assistant=ASSISTANT)) == ["Hello", " there."]
    first, second, third = model.asked
    assert model.keys == ["Bearer sk-local"] * 3
    assert first["model"] == "llama3"
    assert (first["temperature"], first["max_tokens"]) == (0.5, 9)
    assert first["messages"][0] == {"role": "system", "content": "Be brief."}
    assert [part["type"] for part in first["messages"][3]["content"]] == ["text", "image_url"]
    assert first["messages"][-1] == {"role": "user", "content": "call"}
    assert first["tools"][0]["function"]["name"] == "population_of"
    assert [m["role"] for m in second["messages"][-3:]] == ["user", "assistant", "tool"]
    assert second["messages"][-1]["tool_call_id"] == second["messages"][-2]["tool_calls"][0]["id"]
    assert third["messages"][-2] == {"role": "assistant", "content": "It has 700000."}
    assert "tools" not in third


def test_pieces_of_a_model_go_on_before_it_has_ended(model: Model, model_url: str) -> None:
    model.may_end.clear()
    reply = reply_through(model_url)
    with (
        LocalServer(reply=reply) as server, running(server) as url,
        Laplas(api_key="x", base_url=url) as client,
        client.runs.create(THREAD, ASSISTANT, stream=True) as events,
    ):  # fmt: skip
        assert [next(events.text), next(events.text)] == ["Hello", " there."]
        model.may_end.set()
        assert [*events.text] == []


@pytest.mark.parametrize(
    ("question", "status", "problem"),
    [
        ("refuse", "completed", None),
        ("long", "incomplete", None),
        ("cut", "failed", "the answer was cut off"),
        ("garbage", "failed", "JSONDecodeError"),
        ("error", "failed", "out of memory"),
        ("status", "failed", 'status 401: {"error": "wrong key Bearer ***"}'),
    ],
)
def test_how_a_model_ends(
    question: str,
    status: str,
    problem: str | None,
    model_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    reply = reply_through(model_url, api_key="sk-secret")
    with LocalServer(reply=reply) as server, Laplas.local(server) as client:
        client.messages.create(THREAD, question)
        client.runs.create(THREAD, ASSISTANT, stream=True).until_done()
        (run,) = server._store.children("thread.run", THREAD)
        assert run["status"] == status
        assert (problem or "") in (run["last_error"] or {"message": ""})["message"]
        assert "sk-secret" not in json.dumps(run)
        if question == "refuse":
            said = server.messages(THREAD)[-1]["content"]
            assert said == [{"type": "refusal", "refusal": "I cannot."}]
    assert not [record for record in caplog.records if record.name.endswith(".local")]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://api.openai.com/v1", "api.openai.com is not this machine"),
        ("http://127.0.0.1.example:1/v1", "is not this machine"),
        ("http://me:word@127.0.0.1/v1", "it holds a password"),
        ("127.0.0.1:11434", "give one such as"),
        ("http://127.0.0.1:x/v1", "Port could not be cast"),
    ],
)
def test_only_this_machine_is_asked(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        reply_through(url)
    assert "word@" not in str(caught.value)
    with pytest.raises(ValueError, match="no header can hold") as caught:
        reply_through("http://[::1]:1/v1", api_key="sk-secret\n")
    assert "secret" not in str(caught.value)


# The command.


def test_the_command_takes_a_function_of_a_module(tmp_path: Path) -> None:
    """In the folder it is started in; over HTTP what raises is a 500."""
    (tmp_path / "answers.py").write_text(
        "def shout(turn):\n    assert '?' in turn.question\n    return turn.question.upper()\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        with (
            command("--reply", "answers:shout") as (_, url),
            Laplas(api_key="x", base_url=url, max_retries=0) as client,
        ):
            thread = client.thread(THREAD)
            assert thread.ask("so?", assistant=ASSISTANT).text == "SO?"
            with pytest.raises(ServerError, match="raised AssertionError"):
                thread.ask("so!", assistant=ASSISTANT)


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (["--reply", "answers"], 2, "give one as in replies:answer, got 'answers'"),
        (["--reply", "no_such:f"], 1, "--reply no_such:f: ModuleNotFoundError: No module named"),
        (["--reply", "json:f"], 1, "--reply json:f: AttributeError"),
        (["--reply", "json:__name__"], 1, "--reply json:__name__: it is no function"),
        (["--reply-file", "none.toml"], 1, "none.toml: No such file"),
        (["--reply-url", "http://example.com/v1"], 1, "example.com is not this machine"),
        (["--reply-model", "m"], 1, "--reply-model: give --reply-url, too"),
        (["--reply-model", "m", "--reply", "a:b", "--reply-file", "c"], 2, "not allowed with"),
    ],
)
def test_the_command_says_why_it_cannot_answer(options: list[str], status: int, said: str) -> None:
    *ended, problem = run_python("-m", "laplas.local", "--port", "0", *options)
    assert ended == [status, ""]
    assert said in problem
    assert "Traceback" not in problem
