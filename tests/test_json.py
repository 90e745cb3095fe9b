"""Reading JSON gives the same, whichever reader is installed; nobody has to have one."""

from __future__ import annotations

import importlib.util
import json
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from laplas._core import response as _parsing

quickly = settings(deadline=None, database=None, derandomize=True)


@contextmanager
def installed(**readers: Callable[[bytes], Any]) -> Iterator[None]:
    """As if these packages were there and read like this, and no other."""
    msgspec = orjson = json_of_msgspec = None
    if "msgspec" in readers:
        msgspec, json_of_msgspec = types.ModuleType("msgspec"), types.ModuleType("msgspec.json")
        decoder = type("Decoder", (), {"decode": staticmethod(readers["msgspec"])})
        json_of_msgspec.__dict__["Decoder"] = decoder
    if "orjson" in readers:
        orjson = types.ModuleType("orjson")
        orjson.__dict__["loads"] = readers["orjson"]
    fakes: Any = {"msgspec": msgspec, "msgspec.json": json_of_msgspec, "orjson": orjson}
    with pytest.MonkeyPatch.context() as patch:
        for name, fake in fakes.items():
            patch.setitem(sys.modules, name, fake)
        importlib.reload(_parsing)
        try:
            yield
        finally:
            patch.undo()
            importlib.reload(_parsing)


def refused(data: bytes) -> Any:
    raise SystemError("whatever goes wrong in there")


def test_with_neither_json_reads() -> None:
    with installed():
        assert _parsing.parse_json(b'{"a": [1, NaN]}')["a"][0] == 1


def test_what_is_installed_is_used_msgspec_first() -> None:
    with installed(msgspec=lambda _: "msgspec", orjson=lambda _: "orjson"):
        assert _parsing.parse_json(b"{}") == "msgspec"
    with installed(orjson=lambda _: "orjson"):
        assert _parsing.parse_json(b"{}") == "orjson"


@pytest.mark.parametrize("name", ["msgspec", "orjson"])
def test_what_a_reader_refuses_json_is_asked_about(name: str) -> None:
    with installed(**{name: refused}):
        assert _parsing.parse_json(b"{}") == {}
        with pytest.raises(json.JSONDecodeError, match="property name") as caught:
            _parsing.parse_json(b"{<html>")
    assert not isinstance(caught.value.__context__, SystemError)


def outcome(read: Callable[[bytes], Any], data: bytes) -> str:
    """What was read, to the last digit, type and place; or the error as it will be told."""
    try:
        return repr(read(data))
    except (ValueError, RecursionError) as problem:
        return f"{type(problem).__name__}: {problem}"


def readers() -> Iterator[Any]:
    """The readers that are installed here, as they are used."""
    for name in ("msgspec", "orjson"):
        found = importlib.util.find_spec(name) is not None
        reason = f"{name} is not installed"
        yield pytest.param(name, marks=pytest.mark.skipif(not found, reason=reason))


def reader(name: str) -> Callable[[bytes], Any]:
    if name == "orjson":
        return _parsing.refuse_long_integers(importlib.import_module("orjson").loads)
    decode: Callable[[bytes], Any] = importlib.import_module("msgspec.json").Decoder().decode
    return decode


every_reader = pytest.mark.parametrize("name", [*readers()])


def same(name: str, data: bytes) -> None:
    with patch.object(_parsing, "_fast", reader(name)):
        read = outcome(_parsing.parse_json, data)
    assert read == outcome(json.loads, data)


NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=-(10**400), max_value=10**400),
    st.sampled_from([2**63, 2**64, -(2**63)]).flatmap(lambda n: st.integers(n - 2, n + 2)),
    st.floats(),
).map(json.dumps)
WRITTEN_NUMBERS = st.from_regex(r"\A-?[0-9]{1,25}(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?\Z")
TEXTS = st.one_of(
    st.text(st.characters(), max_size=8).map(json.dumps),
    st.text(st.characters(), max_size=8).map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.from_regex(r'\A"(\\u[dD][89abAB][0-9a-f]{2}|\\u[0-9a-fA-F]{4}|\\[bfnrt/"x]|[ -!]){0,6}"\Z'),
)
SCALARS = NUMBERS | WRITTEN_NUMBERS | TEXTS | st.sampled_from(["null", "true", "NaN", "-Infinity"])
BLANKS = st.sampled_from(["", "", "", " ", "\n", "\t\r ", "\x0b", "\ufeff", "\x00"])


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Objects in which keys occur twice."""
    keys = st.sampled_from(['"a"', '"a"', '"\\u0061"', '"b"', '""']) | TEXTS
    pairs = st.tuples(keys, BLANKS, values).map(lambda pair: f"{pair[0]}:{pair[1]}{pair[2]}")
    return st.lists(pairs, max_size=4).map(lambda found: "{" + ",".join(found) + "}")


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(values, max_size=4).map(lambda found: "[" + ",".join(found) + "]")


VALUES = st.recursive(SCALARS, lambda inner: objects(inner) | arrays(inner), max_leaves=12)
# Objects above all: only they are given to orjson.
DOCUMENTS = st.builds(
    lambda before, document, after: before + document + after,
    BLANKS,
    objects(VALUES) | objects(VALUES) | VALUES,
    BLANKS,
)


@every_reader
@settings(quickly, max_examples=300)
@given(document=DOCUMENTS)
@example(document="[" + "9" * 4300 + "]")
@example(document="[" + "9" * 4301 + "]")
def test_documents_of_any_kind_read_alike(name: str, document: str) -> None:
    same(name, document.encode("utf-8", "surrogatepass"))


@every_reader
@settings(quickly, max_examples=80)
@given(
    document=DOCUMENTS,
    encoding=st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
)
def test_other_encodings_read_alike(name: str, document: str, encoding: str) -> None:
    same(name, document.encode(encoding, "surrogatepass"))


@every_reader
@settings(quickly, max_examples=150)
@given(data=st.data())
def test_damaged_documents_read_alike(name: str, data: st.DataObject) -> None:
    body = bytearray(data.draw(DOCUMENTS).encode("utf-8", "surrogatepass"))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    same(name, bytes(body))


@every_reader
@settings(quickly, max_examples=300)
@given(body=st.binary(max_size=12))
def test_any_bytes_read_alike(name: str, body: bytes) -> None:
    same(name, body)


@every_reader
@pytest.mark.parametrize("levels", [100, 500, 2_000, 100_000])
@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
def test_depth_reads_alike(name: str, levels: int, pair: tuple[str, str]) -> None:
    """Away from the limit, which moves with the depth of the caller."""
    body = pair[0].encode() * levels + b"1" + pair[1].encode() * levels
    results = []
    for fast in (reader(name), None):
        try:
            with patch.object(_parsing, "_fast", fast):
                results.append(_parsing.parse_json(body))
        except RecursionError:
            results.append(None)
    assert (results[0] is None) == (results[1] is None)
    assert (results[0] is None) is {100: False, 500: False, 100_000: True}.get(
        levels,
        results[0] is None,  # in between, it depends on the version of Python
    )
