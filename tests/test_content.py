"""What messages say: built from all that may be given, read from all that may come."""

from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted import MESSAGE, THREAD, answer, message, page, run_both, run_sync, thread

import laplas
from laplas import Message

message_from = laplas.Message.from_dict

URL = "https://a.test/b.png"
TEXT_PART = {"type": "text", "text": "hi"}
URL_PART = {"type": "image_url", "image_url": {"url": URL}}
FILE_PART = {"type": "image_file", "image_file": {"file_id": "file_1", "detail": "high"}}


def sent_content(content: Any) -> Any:
    """What goes into the request for this content."""
    ran = run_sync(lambda c: c.messages.create(THREAD, content), answer(message()))
    assert ran.result
    return ran.sent.json()["content"]


class Text(str):
    """A str of the caller's own kind."""


CONTENT: list[tuple[Any, Any]] = [
    ("hi", "hi"),
    (" ", " "),
    ("日本 😀 \u2028 \0", "日本 😀 \u2028 \0"),
    (Text("hi"), "hi"),
    (["hi"], [TEXT_PART]),
    (("hi", "hi"), [TEXT_PART, TEXT_PART]),
    ([laplas.text("hi")], [TEXT_PART]),
    (laplas.text("hi"), [TEXT_PART]),
    (TEXT_PART, [TEXT_PART]),
    ([TEXT_PART, "hi"], [TEXT_PART, TEXT_PART]),
    ((TEXT_PART,), [TEXT_PART]),
    ([laplas.image_url(URL)], [URL_PART]),
    (
        laplas.image_url(URL, "low"),
        [{"type": "image_url", "image_url": {"url": URL, "detail": "low"}}],
    ),
    (
        [laplas.image_url("data:image/png;base64,AA==")],
        [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}],
    ),
    ([laplas.image_file("file_1", "high")], [FILE_PART]),
    (
        [laplas.image_file("file_1")],
        [{"type": "image_file", "image_file": {"file_id": "file_1"}}],
    ),
    # Kinds this version does not know go as they are.
    ([{"type": "audio", "audio": {"x": [1]}}], [{"type": "audio", "audio": {"x": [1]}}]),
]


@pytest.mark.parametrize(("content", "expected"), CONTENT)
def test_content_is_sent_as_the_api_takes_it(content: Any, expected: Any) -> None:
    assert sent_content(content) == expected


def test_content_may_be_made_on_the_way() -> None:
    assert sent_content(part for part in ("hi", TEXT_PART)) == [TEXT_PART, TEXT_PART]


def test_what_was_given_is_not_changed() -> None:
    parts = [dict(TEXT_PART), copy.deepcopy(URL_PART)]
    before = copy.deepcopy(parts)
    sent_content(parts)
    assert parts == before


ATTACHMENTS: list[tuple[Any, Any]] = [
    ([laplas.attachment("f")], [{"file_id": "f", "tools": [{"type": "file_search"}]}]),
    (
        (laplas.attachment("f", "code_interpreter", "file_search"),),
        [{"file_id": "f", "tools": [{"type": "code_interpreter"}, {"type": "file_search"}]}],
    ),
    ([{"file_id": "f", "new": 1}], [{"file_id": "f", "new": 1}]),
    ([], []),
]


@pytest.mark.parametrize(("attachments", "expected"), ATTACHMENTS)
def test_attachments_are_sent_as_the_api_takes_them(attachments: Any, expected: Any) -> None:
    ran = run_both(
        lambda c: c.messages.create(THREAD, "hi", attachments=attachments), answer(message())
    )
    assert ran.sent.json()["attachments"] == expected


def test_what_is_not_given_is_not_sent() -> None:
    ran = run_both(lambda c: c.messages.create(THREAD, "hi"), answer(message()))
    assert ran.sent.json().keys() == {"role", "content"}
    assert run_both(lambda c: c.threads.create(), answer(thread())).sent.body == b"{}"


def test_text_is_sent_as_it_is_and_not_escaped() -> None:
    sent = run_both(lambda c: c.messages.create(THREAD, "日本 😀"), answer(message())).sent
    assert "日本 😀".encode() in sent.body


RICH = message(
    role="assistant",
    content=[
        {
            "type": "text",
            "text": {
                "value": "See 【1】 and ",
                "annotations": [
                    {
                        "type": "file_citation",
                        "text": "【1】",
                        "start_index": 4,
                        "end_index": 7,
                        "file_citation": {"file_id": "file_1", "quote": "q"},
                    },
                    {
                        "type": "file_path",
                        "text": "sandbox:/x",
                        "start_index": 0,
                        "end_index": 1,
                        "file_path": {"file_id": "file_2"},
                    },
                    {"type": "url_citation", "url": "https://c.test"},
                ],
            },
        },
        {"type": "image_file", "image_file": {"file_id": "file_3", "detail": "auto"}},
        {"type": "image_url", "image_url": {"url": URL}},
        {"type": "audio", "audio": {"id": "a"}, "deep": [{"x": None}]},
        {"type": "text", "text": {"value": "more", "annotations": [], "lang": "en"}},
    ],
)


def test_a_rich_message_reads_easily() -> None:
    got = message_from(RICH)
    assert got.text == "See 【1】 and more"
    assert [type(part).__name__ for part in got.images] == ["ImageFileContent", "ImageUrlContent"]
    (citation,) = got.citations
    assert (citation.text, citation.file_citation.file_id) == ("【1】", "file_1")
    assert got.refusal is None
    assert got.created == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert got.created.tzinfo is not None
    assert got.to_dict() == RICH


def test_a_refusal() -> None:
    got = message_from(message(content=[{"type": "refusal", "refusal": "I can't."}]))
    assert (got.refusal, got.text, got.images, got.citations) == ("I can't.", "", [], [])


def test_an_empty_refusal_is_one() -> None:
    assert message_from(message(content=[{"type": "refusal", "refusal": ""}])).refusal == ""


def test_a_message_without_parts() -> None:
    got = message_from(message(content=[]))
    assert (got.text, got.images, got.citations, got.refusal) == ("", [], [], None)


def test_unknown_parts_are_kept_whole_and_can_be_read() -> None:
    part: Any = message_from(RICH).content[3]
    assert part.type == "audio"
    assert part["audio"] == {"id": "a"}
    assert part["deep"] == [{"x": None}]


@pytest.mark.parametrize("text", ["How does AI work?", "", "日本"])
def test_content_that_is_a_bare_string_reads_like_a_list(text: str) -> None:
    """And is still given back as the string that came, also after a copy or a pickle."""
    body = message(content=text)
    got = message_from(body)
    assert got.text == text
    assert isinstance(got.content, list)
    assert got.content[0].type == "text"
    for same in (got, copy.copy(got), copy.deepcopy(got), pickle.loads(pickle.dumps(got))):
        assert same.to_dict() == body
        assert same.text == text
        assert type(same) is Message


def test_bare_string_content_comes_normalised_from_every_call() -> None:
    body = message(content="hi")
    calls = [
        (lambda c: c.messages.create(THREAD, "x"), body),
        (lambda c: c.messages.retrieve(THREAD, MESSAGE), body),
        (lambda c: c.messages.update(THREAD, MESSAGE, metadata={}), body),
        (lambda c: c.messages.latest(THREAD), {"data": [body]}),
    ]
    for call, answered in calls:
        got = run_both(call, answer(answered)).result
        assert got.text == "hi"
        assert got.to_dict() == body
    listed = run_both(lambda c: c.messages.list(THREAD), answer({"data": [body]})).result
    assert listed.data[0].text == "hi"
    assert listed.to_dict() == {"data": [body]}


def test_content_that_is_replaced_is_what_to_dict_gives() -> None:
    got = message_from(message(content="hi"))
    got.content = message_from(message()).content
    assert got.to_dict() == message()


ODD: list[dict[str, Any]] = [
    message(extra={"deep": [1, None]}, other=None),
    message(metadata=None, attachments=None, run_id="run_1", assistant_id="asst_1"),
    {k: v for k, v in message().items() if k not in ("attachments", "metadata", "run_id")},
    message(file_ids=["file_1"]),
    message(status="completed", completed_at=1, incomplete_at=None, incomplete_details=None),
    message(status="brand_new", incomplete_details={"reason": "whatever", "x": 1}),
    message(role="tool", object="thread.message.v9"),
    message(metadata={"a": 5, "b": None}),
    message(created_at=1.5),
    message(content=None),
    message(content=[{"type": "text", "text": "bare"}]),
    message(content=[{"type": "text", "text": {"value": "x", "annotations": None}}]),
    message(content=[{"no": "type"}, {"type": None}, {"type": ["x"]}]),
    message(attachments=[{"file_id": "f", "tools": [{"type": "new", "x": 1}]}, {}]),
]


@pytest.mark.parametrize("body", ODD)
def test_to_dict_is_the_json_that_came(body: dict[str, Any]) -> None:
    got = run_both(lambda c: c.messages.retrieve(THREAD, MESSAGE), answer(body)).result
    assert got.to_dict() == body
    assert json.loads(json.dumps(got.to_dict())) == body
    assert pickle.loads(pickle.dumps(got)) == got


@pytest.mark.parametrize("body", ODD)
def test_the_reading_properties_hold_for_whatever_was_accepted(body: dict[str, Any]) -> None:
    """A message that could be received can be read: no property fails on an odd part."""
    got = message_from(body)
    assert isinstance(got.text, str)
    assert isinstance(got.images, list)
    assert isinstance(got.citations, list)
    assert got.refusal is None
    assert got.created.tzinfo is UTC


def test_to_dict_gives_new_objects() -> None:
    got = message_from(copy.deepcopy(RICH))
    got.to_dict()["content"].clear()
    got.to_dict()["metadata"]["x"] = "y"
    got.to_dict()["content"][3]["audio"]["id"] = "changed"
    assert got.to_dict() == RICH


def test_absent_is_told_from_null() -> None:
    null, absent = message(run_id=None), message()
    del absent["run_id"]
    for body, there in ((null, True), (absent, False)):
        got = message_from(body)
        assert got.run_id is None
        assert got.is_set("run_id") is there
        assert ("run_id" in got.to_dict()) is there


def test_unknown_fields_can_be_read() -> None:
    got = message_from(message(extra={"x": 1}))
    assert got.additional_properties == {"extra": {"x": 1}}
    assert got["extra"] == {"x": 1}


def test_threads_and_deletions_give_back_what_came() -> None:
    body = thread(new=1, metadata=None)
    got = run_both(lambda c: c.threads.retrieve(THREAD), answer(body)).result
    assert got.to_dict() == body
    assert got.created == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    gone = {"id": MESSAGE, "object": "thread.message.deleted", "deleted": False, "new": 1}
    ran = run_both(lambda c: c.messages.delete(THREAD, MESSAGE), answer(gone))
    assert ran.result.to_dict() == gone


def test_pages_give_back_what_came() -> None:
    body = page("a", "b") | {"data": [RICH, ODD[0]], "new": 1}
    assert run_both(lambda c: c.messages.list(THREAD), answer(body)).result.to_dict() == body


# A part that was read can be sent again.


def test_what_was_read_can_be_sent_again() -> None:
    """Text goes as text, without annotations; pictures and unknown parts as they are."""
    assert sent_content(message_from(RICH).content) == [
        {"type": "text", "text": "See 【1】 and "},
        RICH["content"][1],
        RICH["content"][2],
        RICH["content"][3],
        {"type": "text", "text": "more"},
    ]


def test_a_bare_string_that_was_read_can_be_sent_again() -> None:
    assert sent_content(message_from(message(content="hi")).content) == [TEXT_PART]


def test_attachments_that_were_read_can_be_sent_again() -> None:
    attachments = [{"file_id": "f", "tools": [{"type": "file_search"}]}]
    got = message_from(message(attachments=attachments))
    ran = run_both(
        lambda c: c.messages.create(THREAD, "hi", attachments=got.attachments), answer(message())
    )
    assert ran.sent.json()["attachments"] == attachments


def create(content: Any) -> Any:
    return lambda c: c.messages.create(THREAD, content)


@pytest.mark.parametrize("whole", [message_from(message()), laplas.Thread.from_dict(thread())])
def test_a_whole_message_is_no_content(whole: Any) -> None:
    """Its content is: sending the object itself would put its fields into a part."""
    for content in (whole, [whole]):
        ran = run_both(create(content))
        assert isinstance(ran.error, laplas.InvalidArgumentError)
        assert ran.error.argument.startswith("content")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=8), json_values, max_size=4), json_values)
def test_no_json_is_lost_or_made_up(extra: dict[str, Any], content: Any) -> None:
    """Any unknown fields, and any JSON in the place of the content."""
    body = {**extra, **message(content=content, attachments=content, metadata=content)}
    assert message_from(copy.deepcopy(body)).to_dict() == body
