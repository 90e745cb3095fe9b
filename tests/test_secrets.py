"""Canaries: a secret that goes in anywhere comes out nowhere but on the wire."""

from __future__ import annotations

import asyncio
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
from scripted import (
    BASE,
    KEY,
    Loopback,
    Transport,
    answer,
    breaks,
    message,
    page,
    thread,
)

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
    root = logging.getLogger()
    names = ["laplas", "httpx", "httpcore", "httpcore.http11", "httpcore.connection", "asyncio"]
    levels = {name: logging.getLogger(name).level for name in names}
    before = root.level
    root.addHandler(leaks)
    root.setLevel(1)
    for name in names:
        logging.getLogger(name).setLevel(1)
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield leaks
        for warning in warned:
            leaks.look("warning", str(warning.message) + repr(warning.message))
    finally:
        root.removeHandler(leaks)
        root.setLevel(before)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


# ---- where a canary may go in -------------------------------------------------------------------


class Way(NamedTuple):
    """One way in: options of the client, options of the call, or the content."""

    client: Mapping[str, Any] = MappingProxyType({})
    call: Mapping[str, Any] = MappingProxyType({})
    content: str = "hi"


async def key_later() -> str:
    await asyncio.sleep(0)
    return CANARY


WAYS: dict[str, Way] = {
    "key": Way({"api_key": CANARY}),
    "key callable": Way({"api_key": lambda: CANARY}),
    "default header": Way({"default_headers": {HEADER: CANARY}}),
    "default Authorization": Way({"default_headers": {"Authorization": f"Bearer {CANARY}"}}),
    "cookie": Way({"default_headers": {"Cookie": f"session={CANARY}"}}),
    "extra header": Way(call={"extra_headers": {"X-Auth": CANARY}}),
    "extra Authorization": Way(call={"extra_headers": {"authorization": f"Bearer {CANARY}"}}),
    "extra cookie": Way(call={"extra_headers": {"Cookie": f"session={CANARY}"}}),
    "query": Way(call={"extra_query": {"api_key": CANARY}}),
    "body": Way(call={"extra_body": {"password": CANARY}}),
    "content": Way(content=f"my password is {CANARY}"),
}


def sync_call(way: Way, url: str, **options: Any) -> None:
    with Laplas(
        **{"api_key": KEY, "base_url": url, "max_retries": 0, **options, **way.client}
    ) as c:
        c.messages.create("t", way.content, **way.call)


def async_call(way: Way, url: str, **options: Any) -> None:
    asyncio.run(async_task(way, url, **options))


async def async_task(way: Way, url: str, **options: Any) -> None:
    made = {"api_key": KEY, "base_url": url, "max_retries": 0, **options, **way.client}
    async with AsyncLaplas(**made) as c:
        await c.messages.create("t", way.content, **way.call)


CALLS = pytest.mark.parametrize("call", [sync_call, async_call])
IN = pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))


# ---- on the way of a call -----------------------------------------------------------------------


@CALLS
@IN
def test_success_shows_nothing_and_sends_it(call: Callable[..., None], way: Way) -> None:
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
    "redirect": answer(b"", 307, location="http://127.0.0.1:9/"),
}


@CALLS
@IN
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_failure_shows_nothing(call: Callable[..., None], way: Way, name: str) -> None:
    with watched() as leaks, Loopback() as server:
        server.script.append(SCRIPTS[name])
        with pytest.raises(laplas.APIError) as info:
            call(way, server.url, max_response_bytes=1000)
    leaks.look_at_error(info.value)
    assert not leaks.found


@CALLS
@IN
def test_no_connection_shows_nothing(call: Callable[..., None], way: Way) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with watched() as leaks, pytest.raises(laplas.APIConnectionError) as info:
        call(way, url)
    leaks.look_at_error(info.value)
    assert not leaks.found


FORESEEN = [KeyboardInterrupt(), httpx.ReadError("x"), httpx.PoolTimeout("x")]
BUGS = [RuntimeError("a bug"), OSError("x")]
# Errors that nobody foresaw keep their frames, and with them what the call was given.
OF_THE_CLIENT = [name for name, way in WAYS.items() if way.client]


def raised_by_the_transport(call: Callable[..., None], way: Way, error: BaseException) -> Leaks:
    with watched() as leaks, pytest.raises(BaseException) as info:  # noqa: PT011
        call(way, BASE, transport=Transport(breaks(error)))  # type: ignore[arg-type]
    leaks.look_at_error(info.value)
    return leaks


@CALLS
@IN
@pytest.mark.parametrize("error", FORESEEN, ids=repr)
def test_an_error_of_the_transport_shows_nothing(
    call: Callable[..., None], way: Way, error: BaseException
) -> None:
    assert not raised_by_the_transport(call, way, error).found


@CALLS
@pytest.mark.parametrize("name", OF_THE_CLIENT)
@pytest.mark.parametrize("error", BUGS, ids=repr)
def test_a_bug_shows_nothing_that_the_client_was_made_with(
    call: Callable[..., None], name: str, error: BaseException
) -> None:
    assert not raised_by_the_transport(call, WAYS[name], error).found


class Silent:
    """A server that takes a request and never answers; it tells when the request is there."""

    def __init__(self, then: Callable[[], object]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._then = then
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.recv(65536)
            self._then()
            while connection.recv(65536):
                pass

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(10)
        self._listener.close()
        assert not self._thread.is_alive(), "the client let go of the connection"


@IN
def test_ctrl_c_while_waiting_for_the_answer_shows_nothing(way: Way) -> None:
    me = threading.get_ident()
    with (
        watched() as leaks,
        Silent(lambda: signal.pthread_kill(me, signal.SIGINT)) as server,
        pytest.raises(KeyboardInterrupt) as info,
    ):
        sync_call(way, server.url)
    leaks.look_at_error(info.value)
    assert not leaks.found


@IN
def test_cancelling_a_task_shows_nothing(way: Way) -> None:
    async def made() -> BaseException:
        loop = asyncio.get_running_loop()
        with Silent(lambda: loop.call_soon_threadsafe(task.cancel)) as server:
            task = loop.create_task(async_task(way, server.url))
            try:
                await task
            except asyncio.CancelledError as error:
                return error
        raise AssertionError("the task was not cancelled")

    with watched() as leaks:
        leaks.look_at_error(asyncio.run(made(), debug=True))
    assert not leaks.found


def test_an_async_key_callable_shows_nothing() -> None:
    with watched() as leaks, Loopback() as server:
        server.script.append(answer("no", 401))
        with pytest.raises(laplas.AuthenticationError) as info:
            async_call(Way({"api_key": key_later}), server.url)
    leaks.look_at_error(info.value)
    assert not leaks.found
    assert CANARY.encode() in server.requests[0]


def bad_key() -> str:
    return f"{CANARY} with a blank"


async def bad_key_later() -> str:
    return bad_key()


@pytest.mark.parametrize(
    ("call", "key"), [(sync_call, bad_key), (async_call, bad_key), (async_call, bad_key_later)]
)
def test_a_bad_key_from_a_callable_shows_nothing(call: Callable[..., None], key: Any) -> None:
    with watched() as leaks, pytest.raises(ConfigurationError) as info:
        call(Way({"api_key": key}), BASE, transport=Transport())
    leaks.look_at_error(info.value)
    assert not leaks.found


# ---- proxies ------------------------------------------------------------------------------------


@CALLS
@pytest.mark.parametrize("environment", [False, True])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("status", [200, 407, 502])
def test_a_proxys_password_goes_to_the_proxy_only(
    call: Callable[..., None],
    environment: bool,
    scheme: str,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with watched() as leaks, Loopback() as server:
        # As the proxy of an https URL it is asked for a tunnel, and refuses.
        server.script.append(answer(message(), status if scheme == "http" else 407))
        proxy = f"http://user:{CANARY}@{server.url.removeprefix('http://')}"
        given = {"proxy": proxy}
        if environment:
            monkeypatch.setenv(f"{scheme}_proxy", proxy)
            given = {}
        problem = None
        try:
            call(Way(given), f"{scheme}://api.example")
        except laplas.APIError as error:
            problem = error
    assert (problem is None) == (scheme == "http" and status == 200)
    if problem is not None:
        leaks.look_at_error(problem)
    assert not leaks.found
    assert b"roxy-Authorization: Basic" in server.requests[0].replace(b"proxy-a", b"proxy-A")


@CALLS
def test_a_proxy_that_is_not_there_shows_nothing(call: Callable[..., None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        where = f"127.0.0.1:{closed.getsockname()[1]}"
    with watched() as leaks, pytest.raises(laplas.APIConnectionError) as info:
        call(Way({"proxy": f"http://user:{CANARY}@{where}"}), "http://127.0.0.1:9")
    leaks.look_at_error(info.value)
    assert not leaks.found


# ---- constructing -------------------------------------------------------------------------------

WRONG: dict[str, dict[str, Any]] = {
    "key beside a bad URL": {"api_key": CANARY, "base_url": "nonsense"},
    "key beside a bad timeout": {"api_key": CANARY, "timeout": "soon"},
    "key beside bad retries": {"api_key": CANARY, "max_retries": -1},
    "key with a blank": {"api_key": f"{CANARY} x"},
    "key with a line break": {"api_key": f"{CANARY}\r\n"},
    "key of bytes": {"api_key": CANARY.encode()},
    "user info": {"api_key": KEY, "base_url": f"https://user:{CANARY}@host"},
    "user info, http": {"api_key": KEY, "base_url": f"http://{CANARY}@host"},
    "user info, bad port": {"api_key": KEY, "base_url": f"https://user:{CANARY}@host:port"},
    "query of the URL": {"api_key": KEY, "base_url": f"https://host/?key={CANARY}"},
    "fragment of the URL": {"api_key": KEY, "base_url": f"https://host/#{CANARY}"},
    "header beside a bad one": {"api_key": KEY, "default_headers": {"X-A": CANARY, "X B": "1"}},
    "header with a line break": {"api_key": KEY, "default_headers": {"X-A": f"{CANARY}\r\nX: 1"}},
    "header of bytes": {"api_key": KEY, "default_headers": {"X-A": CANARY.encode()}},
    "proxy of another scheme": {"api_key": KEY, "proxy": f"ftp://user:{CANARY}@host"},
    "proxy with a bad port": {"api_key": KEY, "proxy": f"http://user:{CANARY}@host:port"},
    "proxy with a port out of range": {"api_key": KEY, "proxy": f"http://u:{CANARY}@host:99999999"},
    "proxy beside a bad size": {
        "api_key": KEY,
        "proxy": f"http://user:{CANARY}@host",
        "max_response_bytes": -1,
    },
}


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_a_client_that_cannot_be_made_shows_nothing(
    cls: Callable[..., Any], wrong: dict[str, Any]
) -> None:
    with watched() as leaks, pytest.raises(laplas.LaplasError) as info:
        cls(**wrong)
    leaks.look_at_error(info.value)
    assert not leaks.found


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_key_of_the_environment_shows_nothing(
    cls: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", CANARY)
    with watched() as leaks, pytest.raises(ConfigurationError) as info:
        cls(base_url="nonsense")
    leaks.look_at_error(info.value)
    monkeypatch.setenv("LAPLAS_BASE_URL", f"https://user:{CANARY}@host")
    with pytest.raises(ConfigurationError) as info:
        cls()
    leaks.look_at_error(info.value)
    assert not leaks.found


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_derived_client_that_cannot_be_made_shows_nothing(cls: Callable[..., Any]) -> None:
    client = cls(api_key=CANARY, transport=Transport(), default_headers={"Cookie": CANARY})
    with watched() as leaks, pytest.raises(ConfigurationError) as info:
        client.with_options(api_key=f"{CANARY} x")
    leaks.look_at_error(info.value)
    with pytest.raises(ConfigurationError) as info:
        client.with_options(base_url="nonsense")
    leaks.look_at_error(info.value)
    assert not leaks.found


@CALLS
def test_a_refused_argument_shows_nothing(call: Callable[..., None]) -> None:
    """The errors before anything is sent: of headers, of the query, of the body."""
    with watched() as leaks:
        for extra in (
            {"extra_headers": {HEADER: CANARY, "X B": "1"}},
            {"extra_headers": {HEADER: f"{CANARY}\n"}},
            {"extra_query": {"api_key": CANARY, "x": "\ud800"}},
            {"extra_body": {"password": CANARY, "x": {1, 2}}},
        ):
            with pytest.raises(laplas.InvalidArgumentError) as info:
                call(Way(call=extra), BASE, transport=Transport())
            leaks.look_at_error(info.value)
    assert not leaks.found


# ---- objects ------------------------------------------------------------------------------------


@IN
@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_no_object_shows_anything(cls: Callable[..., Any], way: Way) -> None:
    made = {"api_key": KEY, "base_url": BASE, **way.client}
    client = cls(**made, proxy=f"http://user:{CANARY}@127.0.0.1:9")
    leaks = Leaks()
    for value in (client, client.messages, client.threads, client.beta, client.thread("t")):
        leaks.look_at(value)
    leaks.look_at(client.with_options(max_retries=1))
    assert not leaks.found


@pytest.mark.parametrize(
    "way", [pytest.param(way, id=name) for name, way in WAYS.items() if way.content == "hi"]
)
def test_answers_and_requests_show_nothing(way: Way) -> None:
    """A prepared request does show its body: that is what it is for."""
    transport = Transport(answer(page("a")), answer(message()), answer(thread()))
    made = {"api_key": KEY, "base_url": BASE, "transport": transport, **way.client}
    leaks = Leaks()
    with Laplas(**made) as client:
        leaks.look_at(client.messages.list("t", **_without_body(way)))
        leaks.look_at(client.messages.with_raw_response.retrieve("t", "m", **_without_body(way)))
        leaks.look_at(client.threads.retrieve("thread_abc123", **_without_body(way)))
        prepared = client.messages.prepare.create("t", "hi", **_without_body(way))
        leaks.look_at(prepared)
        leaks.look("prepared", f"{vars(prepared)} {prepared.curl()} {prepared.json()}")
        leaks.look("prepared, pickled", repr(pickle.dumps(prepared)))
    assert not leaks.found


def _without_body(way: Way) -> dict[str, Any]:
    return {name: value for name, value in way.call.items() if name != "extra_body"}


NAMES = [
    "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "Api-Key",
    "apikey", "X-Auth", "X-Auth-Key", "X-Access-Key", "X-Access-Token", "X-Amz-Security-Token",
    "X-Secret", "X-Password", "X-Passwd", "X-Signature", "X-Session-Id", "X-Credential",
    "X-CSRF-Token", "X-Key", "Ocp-Apim-Subscription-Key", "X-Goog-Api-Key",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_prepared_request_hides_every_header_that_sounds_like_a_credential(name: str) -> None:
    with Laplas(api_key=KEY, transport=Transport()) as client:
        prepared = client.messages.prepare.create("t", "hi", extra_headers={name: CANARY})
    assert CANARY not in f"{vars(prepared)} {prepared.curl()} {prepared!r}"
    assert name in prepared.headers, "the name itself may be seen"


@pytest.mark.parametrize("name", ["api_key", "key", "token", "access_token", "password"])
def test_a_prepared_request_hides_every_parameter_that_sounds_like_a_credential(name: str) -> None:
    with Laplas(api_key=KEY, transport=Transport()) as client:
        prepared = client.messages.prepare.list("t", limit=5, extra_query={name: CANARY})
    assert CANARY not in f"{vars(prepared)} {prepared.curl()} {prepared!r}"
    assert "limit=5" in prepared.url
    assert f"{name}=" in prepared.url


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


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
@pytest.mark.parametrize("way", ["key", "key callable"])
def test_a_pickled_client_holds_no_secret(cls: Callable[..., Any], way: str) -> None:
    client = cls(base_url=BASE, **WAYS[way].client)
    if way == "key":
        assert CANARY.encode() not in pickle.dumps(client)
    else:  # a lambda has no name to go by
        with pytest.raises((pickle.PicklingError, AttributeError)) as info:
            pickle.dumps(client)
        assert CANARY not in str(info.value)


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
@pytest.mark.parametrize("way", ["default header", "default Authorization", "cookie"])
def test_a_client_with_a_secret_header_is_pickled_without_it_or_not_at_all(
    cls: Callable[..., Any], way: str
) -> None:
    client = cls(**{"api_key": KEY, "base_url": BASE, **WAYS[way].client})
    try:
        made = pickle.dumps(client)
    except TypeError as error:
        made = str(error).encode()
    assert CANARY.encode() not in made


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
def test_a_client_with_a_proxys_password_is_not_pickled(cls: Callable[..., Any]) -> None:
    client = cls(api_key=KEY, proxy=f"http://user:{CANARY}@127.0.0.1:9")
    with pytest.raises(TypeError) as info:
        pickle.dumps(client)
    assert CANARY not in str(info.value)
