"""Canaries: a secret that goes in anywhere comes out nowhere but on the wire."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import logging
import pickle
import signal
import socket
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx
import pytest
from scripted import BASE, KEY, Loopback, Transport, answer, breaks, message, page, thread

import laplas
from laplas import AsyncLaplas, ConfigurationError, Laplas
from laplas._core.config import Secret

HERE = Path(__file__).parent
CANARY = "canary-7f3a9c51"
HEADER = "X-Api-Key"


# ---- where a canary may show --------------------------------------------------------------------


class Leaks(logging.Handler):
    """Collects every place where the canary shows: log records, warnings, errors, objects."""

    def __init__(self) -> None:
        super().__init__(level=1)
        self.found: list[str] = []
        self.records = 0

    def look(self, where: str, text: str) -> None:
        if CANARY in text:
            self.found.append(f"{where}: {text[:300]}")

    def emit(self, record: logging.LogRecord) -> None:
        self.records += 1
        self.look(f"log {record.name}", self.format(record))
        self.look(f"log args {record.name}", repr(record.__dict__) + str(record.args))

    def look_at_error(self, error: BaseException) -> None:
        """Text, attributes, pickle, and each frame's locals, along all causes and contexts."""
        pending: list[BaseException | None] = [error]
        seen: set[int] = set()
        while pending:
            one = pending.pop()
            if one is None or id(one) in seen:
                continue
            seen.add(id(one))
            pending += [one.__cause__, one.__context__, *getattr(one, "exceptions", ())]
            name = type(one).__name__
            self.look(f"{name} text", f"{one} {one!r} {one.args} {vars(one)}")
            trace = traceback.TracebackException.from_exception(one, capture_locals=True)
            for frame in trace.stack:
                if Path(frame.filename).parent != HERE:  # what a caller holds is the caller's
                    where = f"{name} in {frame.filename.rpartition('/')[2]}:{frame.name}"
                    for local, shown in (frame.locals or {}).items():
                        self.look(f"{where}: {local}", shown)
        if isinstance(error, laplas.LaplasError):
            self.look("pickled error", repr(pickle.dumps(error)))

    def look_at(self, value: object) -> None:
        """The repr and str of the object and of all of this package's that it holds."""
        pending: list[object] = [value]
        seen: set[int] = set()
        while pending:
            one = pending.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            if type(one).__module__.startswith(("laplas", "httpx", "httpcore")):
                self.look(f"repr of {type(one).__name__}", f"{one!r} {one}")
                slots = getattr(type(one), "__slots__", ())
                held = [getattr(one, slot, None) for slot in slots if slot != "__weakref__"]
                pending += [*held, *getattr(one, "__dict__", {}).values()]
            if isinstance(one, tuple | list):
                pending += one
            elif isinstance(one, Mapping):
                pending += one.values()


@contextmanager
def watched() -> Iterator[Leaks]:
    """Everything logged at any level, everything warned of."""
    leaks = Leaks()
    names = ("", "laplas", "httpx", "httpcore", "httpcore.http11", "httpcore.connection", "asyncio")
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(leaks)
    for logger in loggers:
        logger.setLevel(1)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield leaks
        for warning in warned:
            leaks.look("warning", str(warning.message) + repr(warning.message))
    finally:
        loggers[0].removeHandler(leaks)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def shown_by(
    error: type[BaseException], call: Callable[..., object], *given: Any, **options: Any
) -> list[str]:
    """Where the canary shows while a call fails with such an error, and in the error itself."""
    with watched() as leaks, pytest.raises(error) as info:
        call(*given, **options)
    leaks.look_at_error(info.value)
    return leaks.found


# ---- where a canary may go in -------------------------------------------------------------------


class Way(NamedTuple):
    """One way in: options of the client, options of the call, or the content."""

    client: Mapping[str, Any] = MappingProxyType({})
    call: Mapping[str, Any] = MappingProxyType({})
    content: str = "hi"

    def made(self, url: str = BASE, **options: Any) -> dict[str, Any]:
        """The options of a client that it goes into."""
        return {"api_key": KEY, "base_url": url, "max_retries": 0, **options, **self.client}


WAYS: dict[str, Way] = {
    "key": Way({"api_key": CANARY}),
    "key callable": Way({"api_key": lambda: CANARY}),
    "default header": Way({"default_headers": {HEADER: CANARY}}),
    "default Authorization": Way({"default_headers": {"Authorization": f"Bearer {CANARY}"}}),
    "cookie": Way({"default_headers": {"Cookie": f"session={CANARY}"}}),
    "extra header": Way(call={"extra_headers": {"X-Auth": CANARY}}),
    "extra Authorization": Way(call={"extra_headers": {"authorization": f"Bearer {CANARY}"}}),
    "extra cookie": Way(call={"extra_headers": {"Cookie": f"session={CANARY}"}}),
    "default query": Way({"default_query": {"api_key": CANARY}}),
    "query": Way(call={"extra_query": {"api_key": CANARY}}),
    "body": Way(call={"extra_body": {"password": CANARY}}),
    "content": Way(content=f"my password is {CANARY}"),
}
AWAY = "http://127.0.0.1:9"  # where nothing listens
PROXY = f"http://user:{CANARY}@127.0.0.1:9"
WAYS_AND_PROXY = {**WAYS, "proxy": Way({"proxy": PROXY})}


def sync_call(way: Way, url: str = BASE, **options: Any) -> None:
    with Laplas(**way.made(url, **options)) as c:
        c.messages.create("thread_abc123", way.content, **way.call)


async def async_task(way: Way, url: str = BASE, **options: Any) -> None:
    async with AsyncLaplas(**way.made(url, **options)) as c:
        await c.messages.create("thread_abc123", way.content, **way.call)


def async_call(way: Way, url: str = BASE, **options: Any) -> None:
    asyncio.run(async_task(way, url, **options))


Call = Callable[..., None]
CALLS = pytest.mark.parametrize("call", [sync_call, async_call])
CLIENTS = pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
IN = pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))


# ---- on the way of a call -----------------------------------------------------------------------


@CALLS
@IN
def test_success_shows_nothing_and_sends_it(call: Call, way: Way) -> None:
    with watched() as leaks, Loopback() as server:
        server.script.append(answer(message()))
        call(way, server.url)
    assert not leaks.found
    assert leaks.records, "the loggers were heard"
    assert CANARY.encode() in server.requests[0], "the canary went where it should"


SCRIPTS = {
    "reset": breaks(ConnectionResetError()),
    "401": answer({"error": {"message": "Incorrect API key.", "code": "x"}}, 401),
    "garbage": answer("garbage"),
    "too large": answer(b"x" * 5000),
    "bad gzip": answer(b"x" * 50, content_encoding="gzip"),
    "redirect": answer(b"", 307, location=AWAY),
}


@CALLS
@IN
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_failure_shows_nothing(call: Call, way: Way, name: str) -> None:
    with Loopback() as server:
        server.script.append(SCRIPTS[name])
        assert not shown_by(laplas.APIError, call, way, server.url, max_response_bytes=1000)


@CALLS
@pytest.mark.parametrize("name", WAYS_AND_PROXY)
def test_no_connection_shows_nothing(call: Call, name: str) -> None:
    assert not shown_by(laplas.APIConnectionError, call, WAYS_AND_PROXY[name], AWAY)


FORESEEN = [KeyboardInterrupt(), httpx.ReadError("x"), httpx.PoolTimeout("x")]
BUGS = [RuntimeError("a bug"), OSError("x")]
RAISED: list[tuple[str, BaseException]] = [
    *((name, error) for name in WAYS for error in FORESEEN),
    # Errors that nobody foresaw keep their frames, and with them what the call was given.
    *((name, error) for name, way in WAYS.items() if way.client for error in BUGS),
]


@CALLS
@pytest.mark.parametrize(("name", "error"), RAISED, ids=repr)
def test_an_error_of_the_transport_shows_nothing(call: Call, name: str, error: Any) -> None:
    assert not shown_by(BaseException, call, WAYS[name], transport=Transport(breaks(error)))


@contextmanager
def silent(then: Callable[[], object]) -> Iterator[str]:
    """The URL of a server that takes a request, calls `then` and never answers."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            then()
            while connection.recv(65536):
                pass

    thread = threading.Thread(target=serve)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            thread.join(10)
    assert not thread.is_alive(), "the client let go of the connection"


@IN
def test_ctrl_c_while_waiting_for_the_answer_shows_nothing(way: Way) -> None:
    me = threading.get_ident()
    with silent(lambda: signal.pthread_kill(me, signal.SIGINT)) as url:
        assert not shown_by(KeyboardInterrupt, sync_call, way, url)


@IN
def test_cancelling_a_task_shows_nothing(way: Way) -> None:
    async def made() -> None:
        loop = asyncio.get_running_loop()
        with silent(lambda: loop.call_soon_threadsafe(task.cancel)) as url:
            task = loop.create_task(async_task(way, url))
            await task

    assert not shown_by(asyncio.CancelledError, asyncio.run, made(), debug=True)


async def key_later() -> str:
    await asyncio.sleep(0)
    return CANARY


def test_an_async_key_callable_shows_nothing() -> None:
    with Loopback() as server:
        server.script.append(answer("no", 401))
        way = Way({"api_key": key_later})
        assert not shown_by(laplas.AuthenticationError, async_call, way, server.url)
    assert CANARY.encode() in server.requests[0]


async def bad_key_later() -> str:
    return f"{CANARY} with a blank"


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (sync_call, lambda: f"{CANARY} with a blank"),
        (async_call, lambda: f"{CANARY} with a blank"),
        (async_call, bad_key_later),
    ],
)
def test_a_bad_key_from_a_callable_shows_nothing(call: Call, key: Any) -> None:
    way = Way({"api_key": key})
    assert not shown_by(ConfigurationError, call, way, transport=Transport())


# ---- proxies ------------------------------------------------------------------------------------


@CALLS
@pytest.mark.parametrize("environment", [False, True])
# As the proxy of an https URL it is asked for a tunnel, and refuses.
@pytest.mark.parametrize(
    ("scheme", "status"), [("http", 200), ("http", 407), ("http", 502), ("https", 407)]
)
def test_a_proxys_password_goes_to_the_proxy_only(
    call: Call, environment: bool, scheme: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback() as server:
        server.script.append(answer(message(), status))
        proxy = server.url.replace("//", f"//user:{CANARY}@")
        way = Way() if environment else Way({"proxy": proxy})
        if environment:
            monkeypatch.setenv(f"{scheme}_proxy", proxy)
        if status == 200:
            with watched() as leaks:
                call(way, f"{scheme}://api.example")
            assert not leaks.found
        else:
            assert not shown_by(laplas.APIError, call, way, f"{scheme}://api.example")
    assert b"proxy-authorization: basic" in server.requests[0].lower()


# ---- constructing -------------------------------------------------------------------------------

WRONG: dict[str, dict[str, Any]] = {
    "key beside a bad URL": {"api_key": CANARY, "base_url": "nonsense"},
    "key beside a bad timeout": {"api_key": CANARY, "timeout": "soon"},
    "key beside bad retries": {"api_key": CANARY, "max_retries": -1},
    "key with a blank": {"api_key": f"{CANARY} x"},
    "key with a line break": {"api_key": f"{CANARY}\r\n"},
    "key of bytes": {"api_key": CANARY.encode()},
    "user info": {"base_url": f"https://user:{CANARY}@host"},
    "user info, http": {"base_url": f"http://{CANARY}@host"},
    "user info, bad port": {"base_url": f"https://user:{CANARY}@host:port"},
    "query of the URL": {"base_url": f"https://host/?key={CANARY}"},
    "fragment of the URL": {"base_url": f"https://host/#{CANARY}"},
    "header beside a bad one": {"default_headers": {"X-A": CANARY, "X B": "1"}},
    "header with a line break": {"default_headers": {"X-A": f"{CANARY}\r\nX: 1"}},
    "header of bytes": {"default_headers": {"X-A": CANARY.encode()}},
    "proxy of another scheme": {"proxy": f"ftp://user:{CANARY}@host"},
    "proxy with a bad port": {"proxy": f"http://user:{CANARY}@host:port"},
    "proxy with a port out of range": {"proxy": f"http://u:{CANARY}@host:99999999"},
    "proxy beside a bad size": {"proxy": PROXY, "max_response_bytes": -1},
}


@CLIENTS
@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_a_client_that_cannot_be_made_shows_nothing(cls: Any, wrong: dict[str, Any]) -> None:
    assert not shown_by(laplas.LaplasError, cls, **{"api_key": KEY, **wrong})


@CLIENTS
def test_a_misspelt_option_shows_nothing(cls: Any) -> None:
    """A TypeError, as of any function; and what others raise while a client is made."""
    client = cls(api_key=KEY, transport=Transport())
    header = {"Authorization": f"Bearer {CANARY}"}

    class Fails(dict[str, str]):
        def items(self) -> Any:
            raise TypeError("no")

    wrong: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
        (cls, (), {"api_key": CANARY, "max_retires": 3}),
        (cls, (CANARY,), {}),
        (cls, (), {"api_key": CANARY, "default_headers": Fails(a="b")}),
        (cls.local, (), {"api_key": CANARY, "max_retires": 3}),
        (client.with_options, (), {"api_key": CANARY, "max_retires": 3}),
        (client.messages.prepare.create, ("t", "hi"), {"retries": 3, "extra_headers": header}),
    ]
    for call, given, options in wrong:
        assert not shown_by(TypeError, call, *given, **options)


def echoes() -> dict[str, str]:
    """The canary as a key, as servers repeat it."""
    coded = base64.b64encode(f"Bearer {CANARY}".encode()).decode()
    return {
        "whole": CANARY,
        "in part": f"{CANARY[:10]}...",
        "its end": f"...{CANARY[-9:]}",
        "base64": base64.b64encode(CANARY.encode()).decode(),
        "the header in base64": coded,
        "hex": CANARY.encode().hex(),
    }


@CALLS
@pytest.mark.parametrize("status", [200, 307, 401, 500])
@pytest.mark.parametrize("form", echoes())
def test_a_key_that_the_server_repeats_is_not_in_the_error(
    call: Call, status: int, form: str
) -> None:
    said = echoes()[form]
    for body in ({"error": {"message": f"bad key {said}", "code": said}}, f"<b>{said}</b>"):
        way = Way({"api_key": CANARY})
        sent = answer(body, status, location=f"https://a/?k={said}", x_request_id=said)
        with watched() as leaks, pytest.raises(laplas.APIError) as info:
            call(way, transport=Transport(sent))
        leaks.look_at_error(info.value)
        shown = f"{info.value} {vars(info.value)}"
        assert not leaks.found
        for part in (said, CANARY[:8], CANARY[-8:]):
            assert part not in shown
        assert "***" in shown


def test_what_others_log_and_their_contexts_stay_as_they_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    url = "https://blog.test/?author=me&key=mine"
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as theirs:
        theirs.get(url)
    logging.getLogger("httpx").info("see %s", url)
    assert [url in record.getMessage() for record in caplog.records] == [True, True]
    assert caplog.records[1].args == (url,)


@pytest.mark.parametrize("wrong", [{"timeout": "soon"}, {"transport": None}], ids=str)
def test_the_error_a_caller_is_handling_stays_in_the_chain(wrong: dict[str, Any]) -> None:
    def given() -> dict[str, Any]:
        return {"transport": Transport(answer("x", 404))} if "transport" in wrong else wrong

    def handle() -> None:
        try:
            raise LookupError
        except LookupError:
            sync_call(Way(), **given())

    async def handle_later() -> None:
        try:
            raise LookupError
        except LookupError:
            await async_task(Way(), **given())

    for run in (handle, lambda: asyncio.run(handle_later())):
        with pytest.raises(laplas.LaplasError) as info:
            run()
        assert isinstance(info.value.__context__, LookupError)
        assert not info.value.__suppress_context__


@CALLS
def test_an_error_tracker_sees_nothing(call: Call) -> None:
    """It walks into tuples and dicts among the local variables, which no repr would show."""
    sentry_sdk = pytest.importorskip("sentry_sdk")
    from sentry_sdk.utils import event_from_exception

    options = sentry_sdk.consts.DEFAULT_OPTIONS | {"include_local_variables": True}
    wrong: list[dict[str, Any]] = [
        {"max_retires": 3}, {"timeout": "soon"}, {"transport": Transport(answer("x", 401))},
        {"transport": Transport(breaks(httpx.ReadError("x")))},
        {"transport": Transport(breaks(RuntimeError("a bug")))},
    ]  # fmt: skip
    for given in wrong:
        with pytest.raises(Exception) as info:  # noqa: PT011
            call(Way({"api_key": CANARY}), **given)
        event, _ = event_from_exception(info.value, client_options=options)
        event = sentry_sdk.serializer.serialize(event, is_vars=False)
        for raised in event["exception"]["values"]:
            for frame in (raised.get("stacktrace") or {"frames": []})["frames"]:
                if not frame["abs_path"].startswith(str(HERE)):
                    assert CANARY not in str(frame), frame


@CLIENTS
def test_a_key_of_the_environment_shows_nothing(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", CANARY)
    assert not shown_by(ConfigurationError, cls, base_url="nonsense")
    monkeypatch.setenv("LAPLAS_BASE_URL", f"https://user:{CANARY}@host")
    assert not shown_by(ConfigurationError, cls)


@CLIENTS
@pytest.mark.parametrize("wrong", [{"api_key": f"{CANARY} x"}, {"base_url": "nonsense"}], ids=str)
def test_a_derived_client_that_cannot_be_made_shows_nothing(
    cls: Any, wrong: dict[str, Any]
) -> None:
    client = cls(api_key=CANARY, transport=Transport(), default_headers={"Cookie": CANARY})
    assert not shown_by(ConfigurationError, client.with_options, **wrong)


@CALLS
@pytest.mark.parametrize(
    "extra",
    [
        {"extra_headers": {HEADER: CANARY, "X B": "1"}},
        {"extra_headers": {HEADER: f"{CANARY}\n"}},
        {"extra_query": {"api_key": CANARY, "x": "\ud800"}},
        {"extra_body": {"password": CANARY, "x": {1, 2}}},
    ],
    ids=ascii,
)
def test_a_refused_argument_shows_nothing(call: Call, extra: dict[str, Any]) -> None:
    """The errors before anything is sent: of headers, of the query, of the body."""
    way = Way(call=extra)
    assert not shown_by(laplas.InvalidArgumentError, call, way, transport=Transport())


# ---- objects ------------------------------------------------------------------------------------


@CLIENTS
@IN
def test_no_object_shows_anything(cls: Any, way: Way) -> None:
    client = cls(**way.made(), proxy=PROXY)
    leaks = Leaks()
    for value in (client, client.messages, client.threads, client.beta, client.thread("t")):
        leaks.look_at(value)
    leaks.look_at(client.with_options(max_retries=1))
    assert not leaks.found


@IN
def test_answers_and_requests_show_nothing(way: Way) -> None:
    """But the body of a prepared request, which is there to be seen."""
    transport = Transport(answer(page("a")), answer(message()), answer(thread()))
    call = {name: value for name, value in way.call.items() if name != "extra_body"}
    leaks = Leaks()
    with Laplas(**way.made(transport=transport)) as client:
        leaks.look_at(client.messages.list("thread_abc123", **call))
        leaks.look_at(
            client.messages.with_raw_response.retrieve("thread_abc123", "msg_abc123", **call)
        )
        leaks.look_at(client.threads.retrieve("thread_abc123", **call))
        prepared = client.messages.prepare.create("t", "hi", **call)
        leaks.look_at(prepared)
        leaks.look("prepared", f"{vars(prepared)} {prepared.curl()} {prepared.json()}")
        leaks.look("prepared, pickled", repr(pickle.dumps(prepared)))
    assert not leaks.found


SECRET_HEADERS = [
    "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "Api-Key",
    "apikey", "X-Auth", "X-Auth-Key", "X-Access-Key", "X-Access-Token", "X-Amz-Security-Token",
    "X-Secret", "X-Password", "X-Passwd", "X-Signature", "X-Session-Id", "X-Credential",
    "X-CSRF-Token", "X-Key", "Ocp-Apim-Subscription-Key", "X-Goog-Api-Key",
]  # fmt: skip
SECRET_PARAMETERS = ["api_key", "key", "token", "access_token", "password"]


@pytest.mark.parametrize(
    ("option", "name"),
    [
        *(("extra_headers", name) for name in SECRET_HEADERS),
        *(("extra_query", name) for name in SECRET_PARAMETERS),
    ],
)
def test_a_prepared_request_hides_what_sounds_like_a_credential(option: str, name: str) -> None:
    given: Any = {option: {name: CANARY}}
    with Laplas(api_key=KEY, transport=Transport()) as client:
        prepared = client.messages.prepare.list("t", limit=5, **given)
    assert CANARY not in f"{vars(prepared)} {prepared.curl()} {prepared!r}"
    assert "limit=5" in prepared.url
    assert name in prepared.headers or f"{name}=" in prepared.url, "the name itself may be seen"


@pytest.mark.parametrize("name", ["X-Trace-Id", "OpenAI-Beta", "User-Agent", "Accept", "X-Client"])
def test_a_prepared_request_shows_the_other_headers(name: str) -> None:
    with Laplas(api_key=KEY, transport=Transport()) as client:
        prepared = client.messages.prepare.create("t", "hi", extra_headers={name: "plain"})
    assert prepared.headers[name] == "plain"


@pytest.mark.parametrize(
    "show",
    [repr, str, format, "{!r}".format, "%s".__mod__, "{:>20}".format, copy.copy, copy.deepcopy,
     pickle.dumps, vars, list, json.dumps, bytes],
)  # fmt: skip
def test_a_secret_is_hidden_in_whatever_is_made_of_it(show: Callable[[Any], object]) -> None:
    """Also among other things, and in the error where nothing can be made of it."""
    for value in (Secret(CANARY), [Secret(CANARY)], {"key": Secret(CANARY)}):
        try:
            shown = show(value)
        except TypeError as error:
            shown = error
        assert CANARY not in f"{shown!r} {shown}"
    assert Secret(CANARY).reveal() == CANARY


# ---- pickles and copies -------------------------------------------------------------------------


UNPICKLED: dict[str, tuple[type[Exception], ...]] = {
    "key": (),
    "key callable": (pickle.PicklingError, AttributeError),  # a lambda has no name to go by
    "default header": (TypeError,),
    "default Authorization": (TypeError,),
    "cookie": (TypeError,),
    "default query": (TypeError,),
    "proxy": (TypeError,),
}


@CLIENTS
@pytest.mark.parametrize("name", UNPICKLED)
def test_a_client_is_pickled_without_its_secrets_or_not_at_all(cls: Any, name: str) -> None:
    client = cls(**WAYS_AND_PROXY[name].made())
    try:
        made = pickle.dumps(client)
    except UNPICKLED[name] as error:
        made = str(error).encode()
    else:
        assert not UNPICKLED[name]
    assert CANARY.encode() not in made
