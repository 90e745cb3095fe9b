"""Every bad argument fails before any I/O, as the right class, naming the argument."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from scripted import KEY, MESSAGE, THREAD, Ran, answer, message, run_both, thread

import laplas
from laplas import AsyncLaplas, ConfigurationError, InvalidArgumentError, Laplas, Timeout

Call = Callable[[Any], Any]
SECRET = "sk-hidden-98765"


def shown(value: Any) -> str | None:
    """The name of a case: an option as it was given."""
    return repr(value)[:50] if isinstance(value, dict) else None


def refused(call: Call, argument: str, cls: Any = InvalidArgumentError, **options: Any) -> Ran:
    """Make the call with both clients; hold that it fails as it must, and that nothing is sent."""
    ran = run_both(call, **options)
    assert not ran.requests
    assert type(ran.error) is cls, repr(ran.error)
    assert issubclass(cls, ValueError)
    assert ran.error.argument == argument
    assert str(ran.error).startswith(f"{argument}: ")
    for secret in (KEY, SECRET):
        assert secret not in str(ran.error) + repr(ran.error)
    return ran


def _create(content: Any = "hi", **given: Any) -> Call:
    return lambda c: c.messages.create(THREAD, content, **given)


def _list(**given: Any) -> Call:
    return lambda c: c.messages.list(THREAD, **given)


def _thread(**given: Any) -> Call:
    return lambda c: c.threads.create(**given)


PAIRS_17 = {str(n): "v" for n in range(17)}
BAD_ARGUMENTS: list[tuple[str, Call]] = [
    # Sizes
    *((name, _list(**{name: bad})) for name in ("limit", "page_size")
      for bad in (0, 101, -1, "5", True, 1.0, [5])),
    *(("max_items", _list(max_items=bad)) for bad in (0, -1, "5", True, 2.5)),
    ("limit", _list(limit=5, page_size=5)),
    ("read_ahead", _list(read_ahead="yes")),
    # Roles and orders
    *(("role", _create(role=bad)) for bad in ("system", "developer", "", "User", None, 5,
                                               ["user"])),
    *(("order", _list(order=bad)) for bad in ("up", "", "ASC", 1, b"asc")),
    *(("role", lambda c, bad=bad: c.messages.latest(THREAD, role=bad)) for bad in ("system", 5)),
    # Content
    *(("content", _create(content=bad)) for bad in ("", [], (), None, 5, b"hi", bytearray(b"hi"),
                                                    iter(()), "a\ud800", object())),
    ("content[0].text", _create(content=[""])),
    ("content[1]", _create(content=["a", {"text": "no type"}])),
    ("content[0]", _create(content={"type": None, "text": "a"})),
    ("content[0]", _create(content={})),
    ("content[1]", _create(content=["a", 5])),
    ("content[0]", _create(content=[b"hi"])),
    ("content[0]", _create(content=[None])),
    ("content[0]", _create(content=[["nested"]])),
    ("content[0].text", _create(content=["a\udfff"])),
    *(("content[0].text", _create(content=[{"type": "text", "text": bad}]))
      for bad in (math.nan, object(), "\ud800")),
    ("content[0]", _create(content=[laplas.attachment("file_1")])),
    ("value", lambda c: laplas.text("")),
    ("value", lambda c: laplas.text(5)),  # type: ignore[arg-type]
    *(("url", lambda c, bad=bad: laplas.image_url(bad)) for bad in ("", "x.png", "ftp://a/b", 5,
                                                                    "http://[", "file:///etc")),
    *(("file_id", lambda c, bad=bad, make=make: make(bad))
      for make in (laplas.attachment, laplas.image_file)
      for bad in ("", "..", "a/b", " f", 5, None)),
    ("detail", lambda c: laplas.image_url("https://a.test/b", "huge")),  # type: ignore[arg-type]
    ("detail", lambda c: laplas.image_file("file_1", 5)),  # type: ignore[arg-type]
    ("tools", lambda c: laplas.attachment("file_1", "browser")),  # type: ignore[arg-type]
    # Attachments
    *(("attachments", _create(attachments=bad)) for bad in ("file_1", b"x", {"file_id": "f"}, 5)),
    ("attachments[1]", _create(attachments=[laplas.attachment("f"), "file_1"])),
    # Metadata
    ("metadata", _create(metadata=PAIRS_17)),
    ("metadata", _create(metadata=[("a", "b")])),
    ("metadata", _create(metadata="a=b")),
    ("metadata", _create(metadata=5)),
    ("metadata key", _create(metadata={"k" * 65: "v"})),
    ("metadata key", _create(metadata={5: "v"})),
    ("metadata key", _create(metadata={"\ud800": "v"})),
    ("metadata['k']", _create(metadata={"k": "v" * 513})),
    *(("metadata['k']", _create(metadata={"k": bad})) for bad in (5, None, True, b"v", ["v"],
                                                                  "\ud800")),
    ("metadata", lambda c: c.messages.update(THREAD, MESSAGE, metadata=PAIRS_17)),
    ("metadata['k']", lambda c: c.threads.update(THREAD, metadata={"k": 5})),
    # First messages of a thread
    *(("messages", _thread(messages=bad)) for bad in ("hi", b"hi", {"content": "hi"}, 5)),
    ("messages[0]", _thread(messages=[5])),
    ("messages[1]", _thread(messages=["a", {"content": "b", "rolle": "user"}])),
    ("messages[0].content", _thread(messages=[{"role": "user"}])),
    ("messages[0].content", _thread(messages=[""])),
    ("messages[0].role", _thread(messages=[{"content": "a", "role": "system"}])),
    ("messages[0].metadata['k']", _thread(messages=[{"content": "a", "metadata": {"k": 5}}])),
    ("messages[0].attachments", _thread(messages=[{"content": "a", "attachments": "f"}])),
    ("tool_resources", _thread(tool_resources="f")),
    ("tool_resources", _thread(tool_resources=[5])),
    # Exactly once: a mark that is a key, and a free pair of the metadata for it
    *(("once", _create(once=bad)) for bad in ("", 5, None, "x" * 513, "\ud800")),
    ("metadata", _create(once=True, metadata=dict(list(PAIRS_17.items())[:16]))),
    ("metadata", _create(once=True, metadata={"laplas_once": "mine"})),
    # Options of the call
    ("extra_query", _create(extra_query="a=b")),
    ("extra_query", _create(extra_query={"a": "\ud800"})),
    ("extra_body", _create(extra_body=[("a", "b")])),
    *(("extra_body", _create(extra_body={"a": bad})) for bad in (math.nan, [math.inf], {1},
                                                                 "\ud800")),
    *(("timeout", _create(timeout=bad)) for bad in (0, -1, "5", math.nan, math.inf, True, [5],
                                                    Timeout(read=0), Timeout(connect=-1))),
    *(("deadline", _create(deadline=bad)) for bad in (0, -1, "5", math.nan, None)),
    *(("max_retries", _create(max_retries=bad)) for bad in (-1, "2", 1.5, True, None)),
    # Any request
    ("message_id", lambda c: c.messages.prepare.delete(THREAD, "..")),
    ("query", lambda c: c.request("GET", "/threads", query="a=b")),
    ("body", lambda c: c.request("POST", "/threads", body="a=b")),
    ("body", lambda c: c.request("POST", "/threads", body=object())),
]  # fmt: skip


@pytest.mark.parametrize(("argument", "call"), BAD_ARGUMENTS)
def test_bad_arguments(argument: str, call: Call) -> None:
    refused(call, argument)


def test_limits_that_are_just_met_are_sent() -> None:
    """1 and 100 messages a page; 16 pairs of 64 and 512 characters, counted as characters."""
    metadata = {f"{n:02}" + "é" * 62: "é" * 512 for n in range(16)}
    sent = run_both(_create(metadata=metadata), answer(message())).sent
    assert sent.json()["metadata"] == metadata
    for size in (1, 100):
        assert f"limit={size}" in run_both(_list(limit=size), answer([])).sent.url


BAD_HEADERS: list[Any] = [
    "X-A: b", 5, [("X-A", "b")], {"": "v"}, {"X A": "v"}, {"X-A:": "v"}, {"X-A\r\nX-B": "v"},
    {"X-Ä": "v"}, {b"X-A": "v"}, {"X-A": f"{SECRET}\r\nX-B: c"}, {"X-A": f"{SECRET}\0"},
    {"X-A": f" {SECRET}"}, {"X-A": f"{SECRET}é"}, {"X-A": 5},
    {"Authorization": f"Bearer {SECRET}\n"},
]  # fmt: skip


@pytest.mark.parametrize("headers", BAD_HEADERS, ids=shown)
def test_headers_that_cannot_be_sent(headers: Any) -> None:
    """Header injection included; the value, which may be a secret, is not repeated."""
    for ran in (
        refused(_create(extra_headers=headers), "extra_headers"),
        refused(bool, "default_headers", ConfigurationError, default_headers=headers, app="b/1"),
    ):
        if isinstance(headers, dict):
            (name,) = headers
            assert str(name) in str(ran.error) or repr(name) in str(ran.error)


MISSPELT: list[Call] = [
    lambda c: c.messages.create(THREAD, "hi", metdata={"a": "b"}),
    lambda c: c.messages.list(THREAD, ordr="asc"),
    lambda c: c.messages.update(THREAD, MESSAGE, metadata={}, time_out=3),
    lambda c: c.messages.delete(THREAD, MESSAGE, max_retry=0),
    lambda c: c.messages.prepare.create(THREAD, "hi", metdata={"a": "b"}),
    lambda c: c.messages.with_raw_response.create(THREAD, "hi", metdata={"a": "b"}),
    lambda c: c.thread(THREAD).messages.create("hi", metdata={"a": "b"}),
    lambda c: c.threads.create(message=["hi"]),
    lambda c: c.request("GET", "/threads", params={}),
]


@pytest.mark.parametrize("call", MISSPELT)
def test_a_misspelt_argument_is_refused_and_not_ignored(call: Call) -> None:
    """As by any Python function: with a TypeError, before anything is sent."""
    ran = run_both(call, lambda _: answer(message()))
    assert isinstance(ran.error, TypeError)
    assert not ran.requests


BAD_SETTINGS: list[tuple[str, dict[str, Any]]] = [
    *(("api_key", {"api_key": bad}) for bad in ("", "  ", f"{SECRET}\n", f"{SECRET}\r\nX-A: b",
        f"Bearer {SECRET}", f"{SECRET}é", f"{SECRET}\0", "\ud800", 5, SECRET.encode(), [SECRET])),
    *(("base_url", {"base_url": bad}) for bad in ("", " ", "api.test", "ftp://api.test", "https://",
        "https:///v1", "http://[::1", "https://api.test:port", "https://api.test:99999",
        f"https://user:{SECRET}@api.test", f"https://{SECRET}@api.test",
        f"https://api.test?key={SECRET}", f"https://api.test/v1?key={SECRET}", "https://api.test?",
        f"https://api.test#{SECRET}", "https://api.test/#", "https://a b", "https://api.test/\r\nX",
        "https://é.test", "https://api.test\\@evil.test", "https://api.test/{v}",
        "https://api.test/<v>", 5, b"https://api.test")),
    *(("timeout", {"timeout": bad}) for bad in (0, -1, "5", math.nan, True, (1, 2),
                                                Timeout(pool=0))),
    *(("max_retries", {"max_retries": bad}) for bad in (-1, "2", 1.5, True)),
    *(("app", {"app": bad}) for bad in ("", " ", 5, "a\nb", "a\r\nX-Evil: 1", "é")),
    *(("default_headers", {"default_headers": bad}) for bad in ("X-A: b", {"X A": "v"}, {5: "v"})),
]  # fmt: skip


@pytest.mark.parametrize(("argument", "given"), BAD_SETTINGS, ids=shown)
def test_bad_options_of_a_client_and_of_a_derived_one(argument: str, given: dict[str, Any]) -> None:
    """As the constructor documents: a ConfigurationError that names the option."""
    refused(lambda c: None, argument, ConfigurationError, **given)
    refused(lambda c: c.with_options(**given), argument, ConfigurationError)


CONNECTING: list[tuple[str, dict[str, Any]]] = [
    *(("http_client", {"http_client": bad}) for bad in (5, "https://api.test")),
    *(("proxy", {"proxy": bad}) for bad in ("junk", f"htp://user:{SECRET}@proxy.test", 5)),
    *(("max_response_bytes", {"max_response_bytes": bad}) for bad in (0, -1, 1.5, "1", None, True)),
    *(("verify", {"verify": bad}) for bad in ("", "/a/path", 1, 0, None)),
]  # fmt: skip


@pytest.mark.parametrize("cls", [Laplas, AsyncLaplas])
@pytest.mark.parametrize(("argument", "given"), CONNECTING, ids=shown)
def test_bad_ways_to_connect(cls: Callable[..., Any], argument: str, given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        cls(api_key=KEY, **given)
    assert caught.value.argument == argument
    assert SECRET not in str(caught.value)


def test_no_key_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = refused(bool, "api_key", ConfigurationError, api_key=None)
    assert "LAPLAS_API_KEY" in str(ran.error)
    monkeypatch.setenv("LAPLAS_API_KEY", f"{SECRET}\n")
    refused(bool, "api_key", ConfigurationError, api_key=None)


@pytest.mark.parametrize("made", ["", " ", f"{SECRET}\r\nX-A: b", None, 5, SECRET.encode(), "é"])
def test_a_callable_that_makes_no_key(made: Any) -> None:
    """The checks of a key hold for one that is made per request, too."""
    refused(_thread(), "api_key", ConfigurationError, api_key=lambda: made)


def test_what_a_key_callable_raises_is_raised() -> None:
    def no_key() -> str:
        raise LookupError("the vault is closed")

    ran = run_both(_thread(), answer(thread()), api_key=no_key)
    assert isinstance(ran.error, LookupError)
    assert not ran.requests
