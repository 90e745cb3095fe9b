"""Programs that are written for the openai package, with `Laplas` in the place of `OpenAI`.

The judge is the installed openai package: its signatures, what it sends, and what its models say.
"""

from __future__ import annotations

import asyncio
import copy
import inspect
import json
import pickle
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import httpx
import httpx2
import openai
import pytest
from openai._legacy_response import LegacyAPIResponse
from openai._models import construct_type
from openai.pagination import SyncCursorPage
from openai.types import beta as beta_types
from openai.types.beta import threads as thread_types
from scripted import KEY, MESSAGE, THREAD, answer, message, run_both, settled
from support import exchanges

import laplas
from laplas import AsyncLaplas, Laplas
from laplas._core.response import Response
from laplas.generated import Call, Json
from laplas.local import LocalServer, running

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Theirs: all methods of this API have it."""

BASE = "http://127.0.0.1:1/v1"
PLACES = (
    "beta.assistants", "beta.threads", "beta.threads.messages", "beta.threads.runs",
    "beta.threads.runs.steps", "files",
)  # fmt: skip
HELPERS = {
    "beta.threads.create_and_run_poll", "beta.threads.create_and_run_stream",
    "beta.threads.runs.create_and_poll", "beta.threads.runs.create_and_stream",
    "beta.threads.runs.poll", "beta.threads.runs.stream",
    "beta.threads.runs.submit_tool_outputs_and_poll",
    "beta.threads.runs.submit_tool_outputs_stream",
}  # fmt: skip
"""Names whose requests test_openai_runs.py compares."""

EXCEPTIONS = {
    "files: retrieve_content": "deprecated there; `files.content` gives the bytes",
    "client: organization, project, default_headers": "given, not read",
    "client: default_query, platform_headers, qs, user_agent": "inner matters of that package",
    "client: get, post, put, patch, delete, get_api_list": "`client.request(method, path)`",
    "client: admin_api_key, webhook_secret, websocket_base_url": "for other APIs",
    "client: auth_headers, custom_auth": "`client.api_key`; `http_client=` with an `auth` of yours",
    "client: workload_identity": "`api_key=` takes a callable, sync or async",
    "client(): admin_api_key, webhook_secret, websocket_base_url": "for other APIs",
    "client(): data_residency, provider": "`base_url=`",
    "client(): workload_identity": "`api_key=` takes a callable, sync or async",
    "copy(): http_client": "make another client; a copy shares the connections",
    "copy(): set_default_headers": "in `default_headers=`, None as a value removes a header",
    "copy(): set_default_query": "in `default_query=`, None as a value removes a parameter",
    "raw: http_version": "not kept",
    "model: copy, dict, json": "deprecated: `model_copy`, `model_dump`, `model_dump_json`",
    "model: parse_obj, validate": "deprecated: `model_validate`",
    "model: parse_file, parse_raw": "deprecated: `model_validate_json`",
    "model: from_orm, update_forward_refs": "deprecated in pydantic",
    "model: model_json_schema, schema, schema_json": "`pydantic.TypeAdapter(...).json_schema()`",
    "model: model_config, model_fields, model_computed_fields": "models are no pydantic classes",
    "model: model_parametrized_name, model_post_init, model_rebuild": "the same",
    "model: model_validate_strings": "the same",
}
"""What the openai package has and this one has not, with the reason, as the docs show it."""


@pytest.fixture
def clients() -> Iterator[tuple[Any, Any, list[Any]]]:
    """Both clients, which are answered 400, and what they send."""
    sent: list[Any] = []

    def handle(request: Any) -> Any:
        sent.append(told(request))
        made = httpx.Response if isinstance(request, httpx.Request) else httpx2.Response
        return made(400, json={"error": {"message": "no", "type": "t", "code": "c", "param": "p"}})

    own = httpx2.Client(transport=httpx2.MockTransport(handle))
    with (
        Laplas(api_key=KEY, base_url=BASE, transport=httpx.MockTransport(handle)) as ours,
        openai.OpenAI(api_key=KEY, base_url=BASE, http_client=own) as theirs,
    ):
        yield ours, theirs, sent


def told(request: Any) -> tuple[Any, ...]:
    """What a request says: the method, the path, the query and the body."""
    kind = request.headers.get("content-type", "")
    body: Any = request.read()
    if kind.startswith("multipart/"):
        mark = b"--" + kind.partition("boundary=")[2].encode()
        parts = [part.strip(b"\r\n").partition(b"\r\n\r\n") for part in body.split(mark)[1:-1]]
        said = (re.findall(rb'name="([^"]*)"', head) for head, _, _ in parts)
        body = sorted((names, text) for names, (_, _, text) in zip(said, parts, strict=True))
    elif body:
        body = json.loads(body)
    return request.method, request.url.path, sorted(request.url.params.multi_items()), body or {}


def sent_by(client: Any, sent: list[Any], call: Callable[[Any], Any]) -> Any:
    sent.clear()
    with pytest.raises((openai.APIStatusError, laplas.APIStatusError)):
        call(client)
    return sent[-1]


def at(client: Any, place: str) -> Any:
    for name in place.split("."):
        client = getattr(client, name)
    return client


@cache
def methods() -> dict[str, inspect.Signature]:
    """The signatures of the openai package's methods by their whole names."""
    client = openai.OpenAI(api_key=KEY, base_url=BASE)
    found = {}
    for place in PLACES:
        resource = at(client, place)
        for name in dir(resource):
            if not name.startswith("_") and inspect.ismethod(getattr(resource, name)):
                found[f"{place}.{name}"] = inspect.signature(
                    getattr(resource, name), eval_str=False
                )
    return found


SHARED = ("extra_headers", "extra_query", "extra_body", "timeout")
EXCEPTED = {
    f"{place[:-2]}({name})" if place.endswith("()") else f"{place}.{name}"
    for key in EXCEPTIONS
    for place, _, names in [key.partition(": ")]
    for name in names.split(", ")
}
HELD = [name for name in methods() if name not in HELPERS | EXCEPTED]
SAMPLES: dict[str, Any] = {
    **{name: f"{name}_1" for name in ("thread_id", "message_id", "run_id", "step_id", "file_id")},
    "assistant_id": "asst_1", "after": "x_1", "before": "x_2", "limit": 7, "order": "asc",
    "model": "gpt-4o", "name": "n", "description": "d", "instructions": "i", "role": "user",
    "additional_instructions": "more", "content": [{"type": "text", "text": "hi"}],
    "metadata": {"a": "b"}, "temperature": 0.5, "top_p": 1, "parallel_tool_calls": False,
    "max_completion_tokens": 300, "max_prompt_tokens": 400, "reasoning_effort": "low",
    "response_format": {"type": "json_object"}, "tool_choice": "required",
    "tools": [{"type": "file_search"}, {"type": "function", "function": {"name": "f"}}],
    "tool_resources": {"code_interpreter": {"file_ids": ["f"]}},
    "truncation_strategy": {"type": "last_messages", "last_messages": 3}, "stream": False,
    "messages": [{"role": "user", "content": "hi"}],
    "additional_messages": [{"role": "assistant", "content": "hi"}],
    "thread": {"messages": [{"role": "user", "content": "hi"}], "metadata": {}},
    "attachments": [{"file_id": "f", "tools": [{"type": "code_interpreter"}]}],
    "tool_outputs": [{"tool_call_id": "c", "output": "4"}],
    "include": ["step_details.tool_calls[*].file_search.results[*].content"],
    "file": ("a.txt", b"abc", "text/plain"), "purpose": "assistants", "id": "file_1",
    "expires_after": {"anchor": "created_at", "seconds": 3600},
}  # fmt: skip


def is_needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is inspect.Parameter.empty


def call_with(name: str, given: dict[str, Any]) -> Callable[[Any], Any]:
    """A call by the openai package's signature: what is positional there is so here."""
    parameters = methods()[name].parameters
    front = [n for n, p in parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    rest = {n: v for n, v in given.items() if n not in front}
    return lambda client: at(client, name)(*(given[n] for n in front), **rest)


@pytest.mark.parametrize("name", HELD)
def test_every_parameter_is_taken_and_sent_as_the_openai_package_does(
    name: str, clients: tuple[Any, Any, list[Any]]
) -> None:
    ours, theirs, sent = clients
    parameters = {n: p for n, p in methods()[name].parameters.items() if n not in SHARED}
    if name.endswith("wait_for_processing"):
        parameters.pop("poll_interval"), parameters.pop("max_wait_seconds")
    needed = {n: SAMPLES[n] for n, p in parameters.items() if is_needed(p)}
    optional = {n: SAMPLES[n] for n in parameters if n not in needed and n != "stream"}
    tried = [needed, {**needed, **optional}]
    tried += [{**needed, n: v} for n, v in optional.items()]
    for n in optional:
        tried += [{**needed, n: missing} for missing in (openai.omit, openai.NOT_GIVEN)]
        if "Optional" in str(parameters[n].annotation) or "None" in str(parameters[n].annotation):
            tried.append({**needed, n: None})
    for given in tried:
        call = call_with(name, given)
        assert sent_by(ours, sent, call) == sent_by(theirs, sent, call), given


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_every_name_and_parameter_is_there_or_has_a_reason(cls: Any) -> None:
    client = cls(api_key=KEY)
    missing = set()
    for name, signature in methods().items():
        try:
            own = inspect.signature(at(client, name)).parameters
        except AttributeError:
            missing.add(name)
            continue
        takes_options = any(p.kind is p.VAR_KEYWORD for p in own.values())
        for each_name, parameter in signature.parameters.items():
            taken = own.get(each_name)
            if taken is None and not (each_name in SHARED and takes_options):
                missing.add(f"{name}({each_name})")
            elif taken is not None and parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
                if (name, each_name) == ("beta.threads.runs.poll", "poll_interval_ms"):
                    continue  # the sixth by position there: see the page of the docs
                assert taken.kind is taken.POSITIONAL_OR_KEYWORD, (name, each_name)
    page: Any = laplas.Page if cls is Laplas else laplas.AsyncPage
    call: Call[Any] = Call("x", "read", "GET", "/x", Json)
    raw = laplas.RawResponse(call, Response(200, {}, b""))
    theirs = openai.OpenAI(api_key=KEY, base_url=BASE)
    families = {
        n for n in dir(theirs) if type(getattr(theirs, n)).__module__.startswith("openai.res")
    }
    missing |= {f"client.{n}" for n in public(theirs) - public(client) - families}
    missing |= {f"raw.{n}" for n in public(LegacyAPIResponse) - public(raw)}
    missing |= {f"model.{n}" for n in public(thread_types.Message) - public(laplas.Message)}
    # Of a page, what pydantic makes of a class is not asked for, but what it says as JSON.
    missing |= {
        f"page.{n}" for n in public(SyncCursorPage) - public(page) - public(openai.BaseModel)
    }
    missing |= {f"client({n})" for n in parameters_of(openai.OpenAI) - parameters_of(cls)}
    copied = parameters_of(openai.OpenAI.copy) - parameters_of(cls.copy)
    missing |= {f"copy({n})" for n in copied if f"client({n})" not in EXCEPTED}
    assert missing == EXCEPTED


def public(cls: Any) -> set[str]:
    return {name for name in dir(cls) if not name.startswith("_")}


def parameters_of(function: Any) -> set[str]:
    return {n for n in inspect.signature(function).parameters if not n.startswith("_")}


def program(client: Any, files: Any) -> Iterator[Any]:
    """A program in the openai package's style; yields what it reads."""
    file = files.create(file=("a.csv", b"City,People\n"), purpose="assistants")
    yield file.filename
    beta = client.beta
    assistant = beta.assistants.create(
        model="gpt-4o", name="Tutor", tools=[{"type": "code_interpreter"}], description=openai.omit
    )
    beta.assistants.update(assistant.id, instructions="Be short.", metadata={"a": "b"})
    thread = beta.threads.create(messages=[{"role": "user", "content": "one"}])
    added = beta.threads.messages.create(
        thread.id, role="user", content=[{"type": "text", "text": "two"}]
    )
    yield beta.threads.messages.update(added.id, thread_id=thread.id).metadata
    page = beta.threads.messages.list(thread.id, limit=1, order="asc")
    yield page.has_next_page(), page.next_page_info().params["after"] == page.data[0].id
    yield page.get_next_page().data[0].content[0].text.value
    yield [m.content[0].text.value for m in page], len(list(page.iter_pages()))
    run = beta.threads.runs.create(thread.id, assistant_id=assistant.id)
    while run.status not in ("completed", "failed"):
        run = beta.threads.runs.retrieve(run.id, thread_id=thread.id)
    step = next(iter(beta.threads.runs.steps.list(run.id, thread_id=thread.id)))
    yield beta.threads.runs.steps.retrieve(step.id, thread_id=thread.id, run_id=run.id).type
    yield run.status, beta.threads.runs.update(run.id, thread_id=thread.id, metadata=None).metadata
    raw = beta.threads.with_raw_response.retrieve(thread.id)
    yield raw.status_code, raw.parse().id == thread.id, raw.retries_taken, raw.method
    yield client.with_raw_response.beta.threads.retrieve(thread.id).http_request.method
    raw = beta.threads.messages.with_raw_response.list(thread.id)
    yield [m.role for m in raw.parse().data], json.loads(raw.text)["object"], raw.content[:1]
    yield files.wait_for_processing(file.id).status, files.delete(file.id).deleted
    try:
        client.with_options(max_retries=0).beta.threads.retrieve("thread_none")
    except (openai.NotFoundError, laplas.NotFoundError) as error:
        yield error.status_code, error.response.status_code, error.response.json(), error.type
        yield error.request.method, str(error.request.url).rpartition("/")[2], error.param
    yield beta.threads.delete(thread.id).deleted, beta.assistants.delete(assistant.id).deleted


def test_a_program_sends_and_reads_the_same_by_both_clients() -> None:
    pytest.importorskip("aiohttp")
    said = []
    for cls, library in ((openai.OpenAI, httpx2), (Laplas, httpx)):
        sent: list[Any] = []
        hooks = {"request": [lambda request, sent=sent: sent.append(told(request))]}
        with LocalServer() as server, running(server) as url:
            http = library.Client(event_hooks=hooks, trust_env=False)
            with http, cls(api_key=KEY, base_url=f"{url}/v1", http_client=http) as client:
                read = list(program(client, client.files))
        polls = [
            re.fullmatch(r".*/runs/\w+", request[1]) and request[0] == "GET" for request in sent
        ]
        said.append((read, [r for r, is_poll in zip(sent, polls, strict=True) if not is_poll]))
    assert numbered(said[0]) == numbered(said[1])


def numbered(said: Any) -> str:
    """A text of it, its ids numbered in the order in which they come."""
    text = json.dumps(said, sort_keys=True, default=str)
    ids = dict.fromkeys(re.findall(r"\b(?:asst|file|msg|run|step|thread)[-_]\w{9,}", text))
    for number, id_ in enumerate(ids):
        text = text.replace(id_, f"id {number}")
    return text


KINDS: dict[str, Any] = {
    "thread.message": (thread_types.Message, laplas.Message),
    "thread": (beta_types.Thread, laplas.Thread),
    "assistant": (beta_types.Assistant, laplas.Assistant),
    "thread.run": (thread_types.Run, laplas.Run),
    "thread.run.step": (thread_types.runs.RunStep, laplas.RunStep),
}
WAYS: list[dict[str, Any]] = [
    {"exclude_unset": True}, {"exclude_none": True},
    {"mode": "json", "by_alias": True, "exclude_unset": True},
    {"include": {"id", "metadata"}}, {"exclude": {"content", "tools"}, "exclude_unset": True},
    {"include": {"content": {0: {"type"}, -1: True}, "tools": {"__all__": {"type"}}}},
]  # fmt: skip


def recorded_objects() -> list[dict[str, Any]]:
    found, waiting = [], [exchange["response_body"] for exchange in exchanges()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            found += [one] if one.get("object") in KINDS else []
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
    return found


def both_read(data: dict[str, Any]) -> tuple[Any, Any]:
    theirs, ours = KINDS[data["object"]]
    return construct_type(type_=theirs, value=copy.deepcopy(data)), ours.from_dict(data)


SYNTHETIC = message(
    content=[
        {"type": "text", "text": {"value": "é", "annotations": []}},
        {"type": "image_file", "image_file": {"file_id": "f"}},
        {"type": "refusal", "refusal": "no", "n": None},
    ],
    metadata={"a": "b"},
    new_field={"z": None},
)


def without_none(value: Any) -> Any:
    """Without what a list of fields that is newer or older adds as None."""
    if isinstance(value, dict):
        return {k: without_none(v) for k, v in value.items() if v is not None}
    return [without_none(item) for item in value] if isinstance(value, list) else value


def hold_dumps(data: dict[str, Any]) -> None:
    theirs, ours = both_read(data)
    for way in WAYS:
        assert ours.model_dump(**way) == theirs.model_dump(**way), way
    # In full, the lists of optional fields may differ; what was sent may not.
    for way in ({}, {"exclude_defaults": True}):
        assert without_none(ours.model_dump(**way)) == without_none(theirs.model_dump(**way))
    assert {k for k, v in data.items() if v is None} <= {
        k for k, v in ours.model_dump().items() if v is None
    }
    for way in ({}, {"indent": 2}):
        assert json.loads(ours.to_json(**way)) == json.loads(theirs.to_json(**way)) == data
    assert ours.to_dict(exclude_none=True) == theirs.to_dict(exclude_none=True)
    known = type(theirs).model_fields.keys()
    assert ours.model_fields_set & known == theirs.model_fields_set & known


def test_models_dump_as_those_of_the_openai_package() -> None:
    hold_dumps(SYNTHETIC)


def test_recorded_objects_dump_as_those_of_the_openai_package() -> None:
    for data in recorded_objects():
        hold_dumps(data)


def test_json_text_is_written_as_by_pydantic() -> None:
    data = {"id": "thread_1", "object": "thread", "created_at": 1, "metadata": {"é": ""}}
    data["tool_resources"] = None
    theirs, ours = both_read(data)
    names = list(theirs.model_dump())
    ordered = laplas.Thread.from_dict({name: data[name] for name in names})
    for way in ({}, {"indent": 2}, {"ensure_ascii": True}, {"exclude": {"metadata"}}):
        ours_text, text = ordered.model_dump_json(**way), theirs.model_dump_json(**way)
        assert json.loads(ours_text) == json.loads(text)
        assert len(ours_text) == len(text)
    assert ours.model_dump_json() == json.dumps(
        ours.model_dump(), ensure_ascii=False, separators=(",", ":")
    )


def test_models_are_copied_validated_and_know_what_they_were_sent() -> None:
    model = laplas.Message.model_validate(SYNTHETIC)
    assert laplas.Message.model_validate(model) is model
    assert laplas.Message.model_validate_json(json.dumps(SYNTHETIC)) == model
    assert laplas.Message.construct(**SYNTHETIC) == laplas.Message.model_construct(**SYNTHETIC)
    other = model.model_copy(update={"role": "assistant", "mine": 1})
    assert (other.role, other.mine, model.role) == ("assistant", 1, "user")  # type: ignore[attr-defined]
    assert not hasattr(model, "mine")
    deep = model.model_copy(deep=True)
    assert deep == model
    assert deep.content[0] is not model.content[0]
    assert model.model_extra == {"new_field": {"z": None}} == model.additional_properties
    assert model.new_field == {"z": None}  # type: ignore[attr-defined]
    assert model.model_copy() == pickle.loads(pickle.dumps(model)) == model
    with pytest.raises(TypeError, match="'exclude_nothing'"):
        model.to_dict(exclude_nothing=True)  # type: ignore[call-arg]
    bare = laplas.Message.from_dict({**SYNTHETIC, "content": "hi"})
    assert bare.model_dump()["content"] == "hi"
    assert bare.to_dict(exclude_none=True)["content"] == "hi"


def test_what_a_server_sends_is_no_method_of_a_model() -> None:
    spoiled = {"__deepcopy__": "x", "_repr_html_": "x", "to_dict": "x", "__reduce__": 1}
    model = laplas.Message.from_dict({**SYNTHETIC, **spoiled})
    assert copy.deepcopy(model) == model
    assert callable(model._repr_html_)
    assert callable(model.to_dict)
    assert model.to_dict() == {**SYNTHETIC, **spoiled}


def test_answers_know_their_request_id() -> None:
    ran = run_both(
        lambda c: c.beta.threads.messages.retrieve(MESSAGE, thread_id=THREAD),
        answer(message(), x_request_id="req_1"),
    )
    assert ran.value._request_id == "req_1"
    assert ran.value.content[0]._request_id is None
    listed = {"object": "list", "data": [message()], "has_more": False}
    ran = run_both(lambda c: c.beta.threads.messages.list(THREAD), answer(listed, x_request_id="r"))
    assert (ran.value._request_id, ran.value.model_dump()["object"]) == ("r", "list")
    assert json.loads(ran.value.model_dump_json(indent=2))["data"][0]["id"] == MESSAGE
    assert json.loads(ran.value.to_json()) == listed


def paged(*ids: str, has_more: bool) -> Any:
    return answer({"object": "list", "data": [message(i) for i in ids], "has_more": has_more})


def by_hand(limit: int | None) -> Callable[[Any], Any]:
    async def walked(client: Any) -> list[str]:
        page = await settled(client.beta.threads.messages.list(THREAD, max_items=limit))
        seen = [m.id for m in page.data]
        while page.has_next_page():
            page = await settled(page.get_next_page())
            seen += [m.id for m in page.data]
        with pytest.raises(laplas.PaginationError, match="has_next_page"):
            await settled(page.get_next_page())
        return seen

    return lambda client: walked(client)


@pytest.mark.parametrize(("limit", "seen"), [(None, "abcde"), (3, "abc"), (2, "ab")])
@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_pages_are_walked_by_hand(cls: Any, limit: int | None, seen: str) -> None:
    asked = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(dict(request.url.params))
        after = request.url.params.get("after", "")
        page = {"": ("a", "b"), "b": ("b", "c"), "c": ("d", "e")}[after]  # the second overlaps
        data = [message(id_) for id_ in page]
        return httpx.Response(
            200, json={"object": "list", "data": data, "has_more": page[1] != "e"}
        )

    async def walk() -> Any:
        client = cls(api_key=KEY, base_url=BASE, transport=httpx.MockTransport(handle))
        try:
            return await by_hand(limit)(client)
        finally:
            await settled(client.close())

    assert "".join(asyncio.run(walk())) == seen
    assert [query.get("after") for query in asked] == [None, "b", "c"][
        : {2: 1, 3: 2}.get(limit or 9, 3)
    ]


def test_a_page_that_never_moves_ends() -> None:
    stuck = [paged("a", "b", has_more=True)] * 9
    assert isinstance(run_both(by_hand(None), *stuck).problem, laplas.PaginationError)


def file_object(status: str) -> Any:
    fields = {"id": "file_1", "object": "file", "bytes": 1, "created_at": 1, "filename": "a"}
    return answer({**fields, "purpose": "assistants", "status": status})


@pytest.mark.parametrize(
    ("options", "states", "waits", "told"),
    [
        ({}, ["uploaded", "processed"], [5.0], "processed"),
        ({"poll_interval": 1}, ["uploaded", "new", "error"], [1.0, 1.0], "error"),
        ({"max_wait_seconds": 7}, ["uploaded"] * 3, [5.0, 2.0], laplas.APITimeoutError),
        ({"deadline": 3}, ["uploaded"] * 2, [3.0], laplas.APITimeoutError),
        ({"poll_interval": 0}, [], [], laplas.InvalidArgumentError),
        ({"max_wait_seconds": -1}, [], [], laplas.InvalidArgumentError),
    ],
)
def test_a_file_is_waited_for(
    options: dict[str, Any], states: list[str], waits: list[float], told: Any
) -> None:
    events: list[Any] = []
    ran = run_both(
        lambda c: c.files.wait_for_processing("file_1", **options), *map(file_object, states),
        on_event=events.append,
    )  # fmt: skip
    assert ran.waits == pytest.approx(waits)
    told_of = [event.seconds for event in events if isinstance(event, laplas.WaitEvent)]
    assert told_of == pytest.approx(waits * 2)
    assert ran.value.status == told if isinstance(told, str) else isinstance(ran.problem, told)


def test_clients_tell_of_themselves() -> None:
    both: tuple[Any, ...] = (Laplas, AsyncLaplas)
    for cls in both:
        client = cls(
            api_key=KEY, base_url=httpx.URL("https://api.test/v1/"), timeout=openai.NOT_GIVEN,
            organization="org-1", project="proj_1", max_retries=4,
        )  # fmt: skip
        assert (client.api_key, client.base_url, client.max_retries) == (
            KEY,
            "https://api.test/v1",
            4,
        )
        assert client.timeout == laplas.Timeout()
        assert KEY not in repr(client) + str(vars(client))
        headers = client.copy(project="proj_2").threads.prepare.create().headers
        assert (headers["OpenAI-Organization"], headers["OpenAI-Project"]) == ("org-1", "proj_2")
        assert client.copy(timeout=openai.not_given, max_retries=1).timeout == laplas.Timeout()
        assert not client.is_closed()
        asyncio.run(settled_close(client))
        assert client.is_closed()
        with pytest.raises(laplas.ConfigurationError, match="organization"):
            cls(api_key=KEY, organization=3)
        with pytest.raises(laplas.ConfigurationError, match="project"):
            client.with_options(project="a\nb")
    own = httpx.Client()
    client = Laplas(api_key=lambda: KEY, http_client=own)
    assert callable(client.api_key)
    own.close()
    assert client.is_closed()


async def settled_close(client: Any) -> None:
    await settled(client.close())


def test_options_that_are_not_given_are_left_out(clients: tuple[Any, Any, list[Any]]) -> None:
    ours, theirs, sent = clients
    options: dict[str, Any] = {
        "extra_headers": {"OpenAI-Beta": openai.omit, "X-A": "b"},
        "extra_query": {"a": openai.omit, "b": "c"},
        "extra_body": {"metadata": openai.omit, "x": 1},
        "timeout": openai.NOT_GIVEN,
    }
    call = call_with("beta.threads.create", {"metadata": {"a": "b"}, **options})
    del options["extra_body"]
    assert sent_by(ours, sent, call)[2:] == ([("b", "c")], {"x": 1})
    call = call_with("beta.threads.retrieve", {"thread_id": THREAD, **options})
    assert sent_by(ours, sent, call) == sent_by(theirs, sent, call)
    prepared = ours.beta.threads.prepare.retrieve(THREAD, **options)
    assert "OpenAI-Beta" not in prepared.headers
    for timeout in (None, 3, httpx.Timeout(3), openai.Timeout(3, connect=1)):
        call = call_with("beta.threads.retrieve", {"thread_id": THREAD, "timeout": timeout})
        assert sent_by(ours, sent, call) == sent_by(theirs, sent, call)


def test_errors_have_openais_names_and_fields() -> None:
    assert issubclass(laplas.InternalServerError, laplas.APIStatusError)
    assert laplas.InternalServerError is laplas.ServerError
    assert laplas.APIResponseValidationError is laplas.UnparsableResponseError
    assert laplas.OpenAIError is laplas.LaplasError
    body = {"error": {"message": "no", "type": "t", "code": "c", "param": "p"}}
    query = {"extra_query": {"sig": KEY}}
    ran = run_both(
        lambda c: c.beta.threads.retrieve(THREAD, **query), answer(body, 404, x_request_id="req_9")
    )
    for error in (ran.problem, pickle.loads(pickle.dumps(ran.problem)), copy.copy(ran.problem)):
        assert isinstance(error, laplas.NotFoundError)
        assert (error.code, error.param, error.type, error.body) == ("c", "p", "t", body)
        assert error.request == ("GET", f"https://api.test/threads/{THREAD}")
        assert error.response.json() == body == error.response.parse()
        assert error.response.request.url == error.request.url == error.response.url
        assert error.response.headers["x-request-id"] == error.request_id == "req_9"
        assert KEY not in str(vars(error)) + str(vars(error.response))
    ran = run_both(lambda c: c.beta.threads.retrieve(THREAD), answer("{"))
    assert isinstance(ran.problem, laplas.APIResponseValidationError)
    assert ran.problem.response.text == "{"
    assert ran.problem.request.method == "GET"
    lost = laplas.APIConnectionError("lost")
    assert (lost.response, lost.body, lost.code, lost.request.method) == (None, None, None, "")
    for name in set(openai.__all__) & {*dir(laplas)}:
        theirs = getattr(openai, name)
        if isinstance(theirs, type) and issubclass(theirs, Exception):
            bases = {base.__name__ for base in theirs.__mro__[1:-3]}
            assert bases <= {n for n in openai.__all__ if issubclass_of(name, n)}, name


def issubclass_of(name: str, base: str) -> bool:
    known = getattr(laplas, base, None)
    return isinstance(known, type) and issubclass(getattr(laplas, name), known)
