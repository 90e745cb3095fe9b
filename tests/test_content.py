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
from scripted import MESSAGE, THREAD, Ran, answer, message, page, run_both, thread

import laplas
from laplas import Message, attachment, image_file, image_url, text

read = Message.from_dict

URL = "https://a.test/b.png"
DATA = "data:image/png;base64,AA=="
TEXT_PART = {"type": "text", "text": "hi"}
AUDIO_PART = {"type": "audio", "audio": {"x": [1]}}
CREATED = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def url_part(**image: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": image}


def file_part(**image: str) -> dict[str, Any]:
    return {"type": "image_file", "image_file": image}


def created(content: Any, **fields: Any) -> Ran:
    return run_both(lambda c: c.messages.create(THREAD, content, **fields), answer(message()))


def sent_content(content: Any) -> Any:
    """What goes into the request for this content."""
    return created(content).sent.json()["content"]


class Text(str):
    """A str of the caller's own kind."""


CONTENT: list[tuple[Any, Any]] = [
    ("hi", "hi"),
    (" ", " "),
    ("日本 😀 \u2028 \0", "日本 😀 \u2028 \0"),
    (Text("hi"), "hi"),
    (["hi"], [TEXT_PART]),
    (("hi", "hi"), [TEXT_PART, TEXT_PART]),
    ([text("hi")], [TEXT_PART]),
    (text("hi"), [TEXT_PART]),
    (TEXT_PART, [TEXT_PART]),
    ([TEXT_PART, "hi"], [TEXT_PART, TEXT_PART]),
    ((TEXT_PART,), [TEXT_PART]),
    ([image_url(URL)], [url_part(url=URL)]),
    (image_url(URL, "low"), [url_part(url=URL, detail="low")]),
    ([image_url(DATA)], [url_part(url=DATA)]),
    ([image_file("file_1", "high")], [file_part(file_id="file_1", detail="high")]),
    ([image_file("file_1")], [file_part(file_id="file_1")]),
    # Kinds this version does not know go as they are.
    ([AUDIO_PART], [AUDIO_PART]),
]


@pytest.mark.parametrize(("content", "expected"), CONTENT)
def test_content_is_sent_as_the_api_takes_it_and_not_changed(content: Any, expected: Any) -> None:
    before = copy.deepcopy(content)
    assert sent_content(content) == expected
    assert content == before


def test_content_may_be_made_on_the_way() -> None:
    ran = run_both(lambda c: c.messages.create(THREAD, iter(["hi", TEXT_PART])), answer(message()))
    assert ran.sent.json()["content"] == [TEXT_PART, TEXT_PART]


ATTACHED = {"file_id": "f", "tools": [{"type": "file_search"}]}
ATTACHMENTS: list[tuple[Any, Any]] = [
    ([attachment("f")], [ATTACHED]),
    (
        (attachment("f", "code_interpreter", "file_search"),),
        [{"file_id": "f", "tools": [{"type": "code_interpreter"}, {"type": "file_search"}]}],
    ),
    ([{"file_id": "f", "new": 1}], [{"file_id": "f", "new": 1}]),
    ([], []),
    (read(message(attachments=[ATTACHED])).attachments, [ATTACHED]),
]


@pytest.mark.parametrize(("attachments", "expected"), ATTACHMENTS)
def test_attachments_are_sent_as_the_api_takes_them(attachments: Any, expected: Any) -> None:
    assert created("hi", attachments=attachments).sent.json()["attachments"] == expected


def test_text_is_sent_as_it_is_and_not_escaped() -> None:
    assert "日本 😀".encode() in created("日本 😀").sent.body


def text_part(value: str, *annotations: Any, **new: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"value": value, "annotations": [*annotations], **new}}


CITATION = {
    "type": "file_citation",
    "text": "【1】",
    "start_index": 4,
    "end_index": 7,
    "file_citation": {"file_id": "file_1", "quote": "q"},
}
PATH = {
    "type": "file_path",
    "text": "sandbox:/x",
    "start_index": 0,
    "end_index": 1,
    "file_path": {"file_id": "file_2"},
}
RICH = message(
    role="assistant",
    content=[
        text_part(
            "See 【1】 and ", CITATION, PATH, {"type": "url_citation", "url": "https://c.test"}
        ),
        file_part(file_id="file_3", detail="auto"),
        url_part(url=URL),
        {"type": "audio", "audio": {"id": "a"}, "deep": [{"x": None}]},
        text_part("more", lang="en"),
    ],
)


def test_a_rich_message_reads_easily() -> None:
    got = read(RICH)
    assert got.text == "See 【1】 and more"
    assert [type(part).__name__ for part in got.images] == ["ImageFileContent", "ImageUrlContent"]
    (citation,) = got.citations
    assert (citation.text, citation.file_citation.file_id) == ("【1】", "file_1")
    assert got.refusal is None
    assert got.created == CREATED
    assert got.to_dict() == RICH


@pytest.mark.parametrize("refusal", ["I can't.", "", None])
def test_a_refusal_may_be_empty_and_a_message_without_parts_is_none(refusal: str | None) -> None:
    parts = [] if refusal is None else [{"type": "refusal", "refusal": refusal}]
    got = read(message(content=parts))
    assert (got.refusal, got.text, got.images, got.citations) == (refusal, "", [], [])


def test_unknown_parts_and_fields_are_kept_whole_and_can_be_read() -> None:
    got = read({**RICH, "extra": {"x": 1}})
    part: Any = got.content[3]
    assert part.type == "audio"
    assert part["audio"] == {"id": "a"}
    assert part["deep"] == [{"x": None}]
    assert got.additional_properties == {"extra": {"x": 1}}
    assert got["extra"] == {"x": 1}


@pytest.mark.parametrize("text", ["How does AI work?", "", "日本"])
def test_content_that_is_a_bare_string_reads_like_a_list(text: str) -> None:
    """And is still given back as the string that came, also after a copy or a pickle."""
    body = message(content=text)
    got = read(body)
    assert isinstance(got.content, list)
    assert got.content[0].type == "text"
    for same in (got, copy.copy(got), copy.deepcopy(got), pickle.loads(pickle.dumps(got))):
        assert same.to_dict() == body
        assert same.text == text
        assert type(same) is Message


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.messages.create(THREAD, "x"),
        lambda c: c.messages.retrieve(THREAD, MESSAGE),
        lambda c: c.messages.update(THREAD, MESSAGE, metadata={}),
        lambda c: c.messages.latest(THREAD),
        lambda c: c.messages.list(THREAD),
    ],
)
def test_bare_string_content_comes_normalised_from_every_call(call: Any) -> None:
    body = message(content="hi")
    # One body for all: a message with the data of a page.
    got = run_both(call, answer({**body, "data": [body]})).result
    assert got.to_dict() in (body, {**body, "data": [body]})
    read = got if isinstance(got, Message) else got.data[0]
    assert read.text == "hi"


def test_content_that_is_replaced_is_what_to_dict_gives() -> None:
    got = read(message(content="hi"))
    got.content = read(message()).content
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
def test_whatever_is_accepted_is_given_back_as_it_came_and_can_be_read(
    body: dict[str, Any],
) -> None:
    """No property fails on an odd part."""
    got = run_both(lambda c: c.messages.retrieve(THREAD, MESSAGE), answer(body)).result
    assert got.to_dict() == body
    assert json.loads(json.dumps(got.to_dict())) == body
    assert pickle.loads(pickle.dumps(got)) == got
    assert isinstance(got.text, str)
    assert isinstance(got.images, list)
    assert isinstance(got.citations, list)
    assert got.refusal is None
    assert got.created.tzinfo is UTC


def test_to_dict_gives_new_objects() -> None:
    got = read(copy.deepcopy(RICH))
    got.to_dict()["content"].clear()
    got.to_dict()["metadata"]["x"] = "y"
    got.to_dict()["content"][3]["audio"]["id"] = "changed"
    assert got.to_dict() == RICH


def test_absent_is_told_from_null() -> None:
    null, absent = message(run_id=None), message()
    del absent["run_id"]
    for body, there in ((null, True), (absent, False)):
        got = read(body)
        assert got.run_id is None
        assert got.is_set("run_id") is there
        assert ("run_id" in got.to_dict()) is there


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (lambda c: c.threads.retrieve(THREAD), thread(new=1, metadata=None)),
        (
            lambda c: c.messages.delete(THREAD, MESSAGE),
            {"id": MESSAGE, "object": "thread.message.deleted", "deleted": False, "new": 1},
        ),
        (lambda c: c.messages.list(THREAD), page("a", "b") | {"data": [RICH, ODD[0]], "new": 1}),
    ],
)
def test_threads_deletions_and_pages_give_back_what_came(call: Any, body: Any) -> None:
    got = run_both(call, answer(body)).result
    assert got.to_dict() == body
    assert getattr(got, "created", CREATED) == CREATED


# A part that was read can be sent again.


def test_what_was_read_can_be_sent_again() -> None:
    """Text goes as text, without annotations; pictures and unknown parts as they are."""
    assert sent_content(read(RICH).content) == [
        {"type": "text", "text": "See 【1】 and "},
        *RICH["content"][1:4],
        {"type": "text", "text": "more"},
    ]
    assert sent_content(read(message(content="hi")).content) == [TEXT_PART]


@pytest.mark.parametrize("whole", [read(message()), laplas.Thread.from_dict(thread())])
def test_a_whole_message_is_no_content(whole: Any) -> None:
    """Its content is: sending the object itself would put its fields into a part."""
    for content in (whole, [whole]):
        error = created(content).error
        assert isinstance(error, laplas.InvalidArgumentError)
        assert error.argument.startswith("content")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(max_size=8), JSON, max_size=4), JSON)
def test_no_json_is_lost_or_made_up(extra: dict[str, Any], content: Any) -> None:
    """Any unknown fields, and any JSON in the place of the content."""
    body = {**extra, **message(content=content, attachments=content, metadata=content)}
    assert read(copy.deepcopy(body)).to_dict() == body
