"""Reading JSON gives the same, be orjson installed or not; nobody has to have it."""

from __future__ import annotations

import importlib.util
import json
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from laplas import _parsing

quickly = settings(deadline=None, database=None, derandomize=True)


@contextmanager
def installed(decode: Callable[[bytes], Any] | None) -> Iterator[None]:
    """As if orjson were there and read like this; None: as if it were not there."""
    fake: Any = None
    if decode is not None:
        fake = types.ModuleType("orjson")
        fake.loads = decode
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "orjson", fake)
        importlib.reload(_parsing)
        try:
            yield
        finally:
            patch.undo()
            importlib.reload(_parsing)


def refused(data: bytes) -> Any:
    raise ValueError("whatever is wrong with it")


def test_without_orjson_json_reads() -> None:
    with installed(None):
        assert _parsing.parsed(b'{"a": [1, NaN]}')["a"][0] == 1


def test_orjson_is_used_where_it_is_installed() -> None:
    with installed(lambda data: ["read by orjson", data]):
        assert _parsing.parsed(b"{}") == ["read by orjson", b"{}"]


def test_what_orjson_refuses_json_is_asked_about() -> None:
    with installed(refused):
        assert _parsing.parsed(b"{}") == {}
        with pytest.raises(json.JSONDecodeError, match="Expecting property name"):
            _parsing.parsed(b"{<html>")


def outcome(read: Callable[[bytes], Any], data: bytes) -> str:
    """What was read, to the last digit, type and place; or the error as it will be told."""
    try:
        return repr(read(data))
    except (ValueError, RecursionError) as problem:
        return f"{type(problem).__name__}: {problem}"


def same(data: bytes) -> None:
    assert outcome(_parsing.parsed, data) == outcome(json.loads, data)


needs_orjson = pytest.mark.skipif(
    importlib.util.find_spec("orjson") is None, reason="orjson is not installed (laplas[fast])"
)

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


@needs_orjson
@settings(quickly, max_examples=1500)
@given(DOCUMENTS)
@example("[" + "9" * 4300 + "]")
@example("[" + "9" * 4301 + "]")
def test_documents_of_any_kind_read_alike(document: str) -> None:
    same(document.encode("utf-8", "surrogatepass"))


@needs_orjson
@settings(quickly, max_examples=200)
@given(DOCUMENTS, st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]))
def test_other_encodings_read_alike(document: str, encoding: str) -> None:
    same(document.encode(encoding, "surrogatepass"))


@needs_orjson
@settings(quickly, max_examples=500)
@given(st.data())
def test_damaged_documents_read_alike(data: st.DataObject) -> None:
    body = bytearray(data.draw(DOCUMENTS).encode("utf-8", "surrogatepass"))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    same(bytes(body))


@needs_orjson
@settings(quickly, max_examples=300)
@given(st.binary(max_size=12))
def test_any_bytes_read_alike(body: bytes) -> None:
    same(body)


@needs_orjson
@pytest.mark.parametrize("levels", [100, 500, 2_000, 100_000])
@pytest.mark.parametrize("pair", [("[", "]"), ('{"a":', "}")])
def test_depth_reads_alike(levels: int, pair: tuple[str, str]) -> None:
    """Away from the limit, which moves with the depth of the caller."""
    body = pair[0].encode() * levels + b"1" + pair[1].encode() * levels
    results = []
    for read in (_parsing.parsed, json.loads):
        try:
            results.append(read(body))
        except RecursionError:
            results.append(None)
    assert (results[0] is None) == (results[1] is None) == (levels > 1_000)
