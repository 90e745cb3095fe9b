"""Whatever a server answers: it is read with nothing lost, or it is the one typed error."""

from __future__ import annotations

import gzip
import json
import pickle
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from fuzz_payloads import (
    CALLS,
    ODD,
    Sample,
    call_samples,
    checked,
    each_with,
    model_samples,
    spoiled,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted import answer, page, plainly, run_both, run_sync, thread

from laplas import APIError, APIStatusError, RawResponse, UnparsableResponseError
from laplas._core.response import Response, status_error

NOW = datetime(2027, 1, 1, tzinfo=UTC)
quickly = settings(deadline=None, suppress_health_check=list(HealthCheck))
MODELS = model_samples()
ANSWERS = call_samples()


# ---- fields -------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", MODELS, ids=[sample.name for sample in MODELS])
def test_a_payload_as_documented_is_read(sample: Sample) -> None:
    assert checked(sample.call, json.dumps(sample.payload).encode()) is not None


@pytest.mark.parametrize("sample", MODELS, ids=[sample.name for sample in MODELS])
@settings(quickly, max_examples=25)
@given(data=st.data())
def test_no_spoiled_field_loses_anything_or_raises_anything_else(
    sample: Sample, data: st.DataObject
) -> None:
    body = json.dumps(data.draw(spoiled(sample.payload)), ensure_ascii=False)
    checked(sample.call, body.encode("utf-8", "surrogatepass"))


@settings(quickly, max_examples=400)
@given(data=st.data())
def test_no_spoiled_answer_loses_anything_or_raises_anything_else(data: st.DataObject) -> None:
    """Recorded answers of the operations, spoiled."""
    sample = data.draw(st.sampled_from(ANSWERS))
    checked(sample.call, json.dumps(data.draw(spoiled(sample.payload))).encode())


OBJECTS = [sample for sample in ANSWERS[:6] if isinstance(sample.payload, dict)]


@pytest.mark.parametrize("sample", OBJECTS, ids=lambda sample: sample.name)
def test_each_odd_value_in_each_place(sample: Sample) -> None:
    for odd in ODD:
        checked(sample.call, json.dumps(odd).encode())
        for body in each_with(sample.payload, odd):
            checked(sample.call, json.dumps(body).encode())


@settings(quickly, max_examples=60)
@given(data=st.data())
def test_both_clients_come_to_the_same(data: st.DataObject) -> None:
    """Through whole clients: what `decoded` comes to is what the caller gets."""
    payload = data.draw(spoiled(page("a", "b")))
    steps = answer(payload), lambda _: answer(page())  # in case it says that there is more
    ran = run_both(lambda c: c.messages.list("t"), *steps, collect="items", max_retries=0)
    if ran.problem is None:
        assert ran.value.to_dict() == payload
    else:
        assert isinstance(ran.problem, UnparsableResponseError)
        assert json.loads(ran.problem.body) == payload
        assert ran.problem.operation == "list_messages"


# ---- bytes --------------------------------------------------------------------------------------

GOOD = json.dumps(thread(metadata={"a": "é"}), ensure_ascii=False)
RAW: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \r\n\t ",
    "garbage": b"{\xff\xfe garbage",
    "html": b"<!doctype html><title>502</title>",
    "NUL": b"\x00",
    "a number": b"5",
    "a string": b'"thread"',
    "null": b"null",
    "two values": GOOD.encode() * 2,
    "a comma too many": GOOD.encode()[:-1] + b",}",
    "UTF-16": GOOD.encode("utf-16"),
    "UTF-16, no mark": GOOD.encode("utf-16-le"),
    "UTF-32": GOOD.encode("utf-32"),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + GOOD.encode(),
    "Latin-1": GOOD.encode("latin-1"),
    "an int of 5,000 digits": b'{"created_at": ' + b"9" * 5000 + b"}",
    "a float out of range": GOOD.replace("1700000000", "1e999").encode(),
    "NaN": GOOD.replace("1700000000", "NaN").encode(),
    "-Infinity": GOOD.replace("1700000000", "-Infinity").encode(),
    "a key twice": GOOD.encode()[:-1] + b', "created_at": 5}',
    "a lone surrogate, escaped": GOOD.replace("é", "\\ud800").encode(),
    "a lone surrogate, raw": GOOD.replace("é", "\ud800").encode("utf-8", "surrogatepass"),
    "a NUL, escaped": GOOD.replace("é", "\\u0000").encode(),
    "a control character, raw": GOOD.replace("é", "\x01").encode(),
    "the prefix against JSON hijacking": b")]}',\n" + GOOD.encode(),
    "an event stream": b"data: " + GOOD.encode() + b"\n\n",
    "gzip that nobody spoke of": gzip.compress(GOOD.encode()),
}


@pytest.mark.parametrize("name", RAW)
@pytest.mark.parametrize("operation", CALLS)
def test_raw_bytes_are_read_or_told(operation: str, name: str) -> None:
    checked(CALLS[operation], RAW[name])


def test_the_last_of_two_equal_keys_counts() -> None:
    """As everywhere in Python, and as the vendor's own package has it."""
    assert checked(CALLS["retrieve_thread"], RAW["a key twice"]).created_at == 5


def test_a_lone_surrogate_comes_through_as_it_was() -> None:
    read = checked(CALLS["retrieve_thread"], RAW["a lone surrogate, escaped"])
    assert read.metadata == {"a": "\ud800"}


@pytest.mark.parametrize("sample", ANSWERS[:6], ids=lambda sample: sample.name)
def test_every_truncation_is_told(sample: Sample) -> None:
    body = json.dumps(sample.payload).encode()
    for length in range(1, len(body), max(1, len(body) // 200)):
        assert checked(sample.call, body[:length]) is None


@settings(quickly, max_examples=300)
@given(data=st.data())
def test_damaged_bytes_are_read_or_told(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(ANSWERS))
    body = bytearray(json.dumps(sample.payload, ensure_ascii=False).encode("utf-8", "replace"))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(body) - 1))
        body[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8)) or b"\x00"
    checked(sample.call, bytes(body))


@settings(quickly, max_examples=200)
@given(body=st.binary(), operation=st.sampled_from(sorted(CALLS)))
def test_any_bytes_are_read_or_told(body: bytes, operation: str) -> None:
    checked(CALLS[operation], body)


# ---- depth --------------------------------------------------------------------------------------


def nested(levels: int, pair: str) -> str:
    return pair[0] * levels + pair[1] * levels


# Around every limit that the interpreter, its parser and the models' recursion may have.
DEPTHS = [50, 90, 150, 240, 320, 330, 480, 500, 700, 900, 970, 980, 990, 1000, 5_000, 100_000]


@pytest.mark.parametrize("levels", DEPTHS)
@pytest.mark.parametrize("place", ['"metadata": {}', '"tool_resources": {}', '"id": "x"'])
def test_any_depth_is_read_or_told(place: str, levels: int) -> None:
    key = place.split(":")[0]
    body = json.dumps(thread(id="x")).replace(place, f"{key}: {nested(levels, '[]')}")
    assert body != json.dumps(thread(id="x"))
    _read_or_told(body)


@pytest.mark.parametrize("levels", DEPTHS)
def test_any_depth_of_an_unknown_field_is_read_or_told(levels: int) -> None:
    objects = '{"a":' * levels + "1" + "}" * levels
    _read_or_told(json.dumps(thread())[:-1] + f', "new": {objects}}}')


def _read_or_told(body: str) -> None:
    ran = run_sync(lambda c: c.threads.retrieve("t"), answer(body))
    if ran.problem is None:
        plain = plainly(ran.value)
        assert plain["object"] == "thread"
        try:
            repr(plain)
        except RecursionError:  # Python cannot show what is nested so deep; orjson can read it
            return
        assert repr(ran.value)
    else:
        assert isinstance(ran.problem, UnparsableResponseError)
        assert ran.problem.body == body


@pytest.mark.parametrize("levels", [*range(960, 1000), 100_000])
@pytest.mark.parametrize("body", ["[]", '{"error":[]}'])
def test_an_error_answer_of_any_depth_is_the_status_error(body: str, levels: int) -> None:
    text = body.replace("[]", nested(levels, "[]"))
    ran = run_sync(lambda c: c.threads.retrieve("t"), answer(text, 400))
    assert isinstance(ran.problem, APIStatusError)
    assert ran.problem.status_code == 400


def test_depth_does_not_depend_on_how_deep_the_caller_is() -> None:
    """A program that is deep in its own calls meets the typed error, too."""

    def deeper(levels: int) -> None:
        if levels:
            deeper(levels - 1)
        else:
            _read_or_told(json.dumps(thread())[:-1] + f', "new": {nested(300, "[]")}}}')

    deeper(sys.getrecursionlimit() // 3)


# ---- error answers ------------------------------------------------------------------------------

ERRORS: list[Any] = [
    {"error": {"message": "No thread found.", "type": "t", "param": None, "code": None}},
    {"error": {"name": "X"}, "message": "m", "statusCode": 404, "requestId": "r", "timestamp": "x"},
    {"status": 404, "title": "Not Found", "detail": "d"},
]


@settings(quickly, max_examples=150)
@given(data=st.data(), status=st.sampled_from([300, 400, 401, 404, 418, 429, 500, 503, 599]))
def test_no_error_answer_raises_anything_but_the_status_error(
    data: st.DataObject, status: int
) -> None:
    payload = data.draw(spoiled(data.draw(st.sampled_from(ERRORS))))
    headers: dict[str, Any] = data.draw(
        st.dictionaries(
            st.sampled_from(["retry_after", "retry_after_ms", "date", "x_request_id"]),
            st.sampled_from(["", "-1", "soon", "1e999", "Mon", "x" * 300, "2020-13-45", "NaN"]),
        )
    )
    step = answer(payload, status, **headers)
    ran = run_sync(lambda c: c.threads.retrieve("t"), step, max_retries=0)
    assert isinstance(ran.problem, APIStatusError)
    assert ran.problem.status_code == status
    assert isinstance(ran.problem.message, str)
    assert ran.problem.message
    again = pickle.loads(pickle.dumps(ran.problem))
    assert plainly(again) == plainly(ran.problem)


TIMES = [
    "\x1d3", "3\x1f", "\x1c\x1d\x1e\x1f", "\x0b5", "\xa05", "\u0663", "1" * 400, "1." + "1" * 400,
    "1e5", "0x10", "1_0", "+5", "-5", "--5", "5,6", "5 6", "inf", "nan", "", " ", "mon", "may",
    "10:00", "Wed, 21 Oct 2026 07:28:00 XYZ", "Wed, 99 Oct 2026 07:28:00 GMT",
    "Wed, 21 Oct 0000 07:28:00 GMT", "Wed, 21 Oct 9999 23:59:59 -2359",
    "Wed, 01 Jan 0001 00:00:00 +2359", "2026-10-21T07:28:00+99:99", "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59", "2026-W99-9", "20261021", "\x00",
]  # fmt: skip
"""What is no time, or hardly one; some were found by fuzzing."""


@pytest.mark.parametrize("text", TIMES, ids=ascii)
def test_odd_times(text: str) -> None:
    """In headers and in the body: a time, or none; never an exception, never a warning."""
    for name in ("retry-after", "retry-after-ms", "date"):
        body = {"error": "x", "timestamp": text}
        headers = {name: text}
        error = status_error(Response(503, headers, json.dumps(body).encode()), NOW)
        assert error.retry_after is None or 0 <= error.retry_after < 1e12
        assert error.timestamp is None or error.timestamp.tzinfo is UTC


@settings(quickly, max_examples=300)
@given(text=st.text(st.sampled_from("0123456789.,:+-TZWGMTe \t\x1d")) | st.text())
def test_any_time(text: str) -> None:
    error = status_error(Response(503, {"retry-after": text, "date": text}, b""), NOW)
    assert error.retry_after is None or 0 <= error.retry_after < 1e12


@pytest.mark.parametrize("name", RAW)
def test_raw_bytes_of_an_error_answer(name: str) -> None:
    ran = run_sync(lambda c: c.threads.retrieve("t"), answer(RAW[name], 400))
    assert isinstance(ran.problem, APIStatusError)
    assert ran.problem.message


# ---- what the error tells -----------------------------------------------------------------------


@pytest.mark.parametrize("raw", [False, True])
def test_an_unreadable_answer_to_a_create_says_that_it_may_have_taken_effect(raw: bool) -> None:
    def call(client: Any) -> Any:
        messages = client.messages.with_raw_response if raw else client.messages
        return messages.create("t", "hi")

    ran = run_both(call, answer("garbage"))
    error: Any = ran.problem
    if raw:
        with pytest.raises(UnparsableResponseError) as info:
            ran.result.parse()
        error = info.value
    assert isinstance(error, UnparsableResponseError)
    assert error.may_have_taken_effect
    assert error.operation == "create_message"


def test_parsing_a_raw_answer_tells_how_many_attempts_it_took() -> None:
    raw: RawResponse[Any] = RawResponse(
        CALLS["retrieve_thread"], Response(200, {}, b"x", attempts=3, elapsed=1.5)
    )
    with pytest.raises(APIError) as info:
        raw.parse()
    assert (info.value.attempts, info.value.elapsed) == (3, 1.5)
    assert not info.value.may_have_taken_effect
