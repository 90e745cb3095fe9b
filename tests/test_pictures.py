"""Pictures of the caller's own: `image_path` and `image_bytes`, in messages of both clients."""

from __future__ import annotations

import base64
import copy
import io
import pickle
from pathlib import Path
from typing import Any

import httpx
import pytest
from run_scripts import ASSISTANT, DONE, FILE, answered, file, listed, reply, run, streamed
from scripted import MESSAGE, THREAD, answer, breaks, message, page, run_both, thread

import laplas
from laplas import Laplas, image_bytes, image_path, text
from laplas._core import pictures

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
UPLOADED = answer(file(purpose="vision"))
UPLOAD, CREATE = ("POST", "/files"), ("POST", f"/threads/{THREAD}/messages")
REFUSED = answer({"error": {"message": "No."}}, status=400)
ACTIVE = answer(
    {"error": {"message": f"Can't add messages to {THREAD} while a run run_abc123 is active."}},
    status=400,
)
PARTS = [
    {"type": "text", "text": "What is it?"},
    {"type": "image_file", "image_file": {"file_id": FILE}},
]


@pytest.fixture(autouse=True)
def same_boundary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both clients send the same form."""
    monkeypatch.setattr("secrets.token_hex", lambda size: "b" * size)


def targets(ran: Any) -> list[tuple[str, str]]:
    return [(sent.method, sent.target.partition("?")[0]) for sent in ran.requests]


def create(*steps: Any, part: Any = None, **options: Any) -> Any:
    """Create a message with a picture that is uploaded, by each client a part of its own."""
    return run_both(
        lambda c: c.messages.create(
            THREAD, ["What is it?", part or image_bytes(PNG, upload=True)], **options
        ),
        *steps,
    )


# In the message


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0JFIF", "jpeg"),
        (PNG, "png"),
        (b"GIF87a...", "gif"),
        (b"GIF89a...", "gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "webp"),
    ],
)
def test_a_picture_goes_within_the_message_whatever_holds_it(
    data: bytes, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "picture.txt"  # its name does not count
    path.write_bytes(data)
    url = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    moved = io.BytesIO(data)
    moved.seek(3)
    with path.open("rb") as opened:
        made = [
            *(image_path(path), image_path(str(path))),
            *[image_bytes(each) for each in (data, bytearray(data), memoryview(data))],
            *[image_bytes(each) for each in (moved, opened)],
        ]
    part = {"type": "image_url", "image_url": {"url": url}}
    assert [each.to_dict() for each in made] == [part] * 7
    detailed = image_path(path, "low").to_dict()["image_url"]
    assert detailed == {"url": url, "detail": "low"}
    ran = run_both(lambda c: c.messages.create(THREAD, [text("?"), made[0]]), answer(message()))
    assert ran.sent.json()["content"] == [{"type": "text", "text": "?"}, part]


@pytest.mark.parametrize("upload", [False, True])
def test_what_is_no_picture_is_refused_at_once(
    upload: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "LARGEST", 40)
    given: list[tuple[Any, Any, str, str]] = [
        (image_bytes, b"", "data", "is empty"),
        (image_bytes, b"%PDF-1.7", "data", "is not a jpeg, png, gif or webp"),
        (image_bytes, b"RIFF\x10\0\0\0WAVEfmt ", "data", "is not a jpeg"),
        (image_bytes, b"<svg xmlns='http://www.w3.org/2000/svg'/>"[:40], "data", "is not a jpeg"),
        (image_bytes, PNG + bytes(40), "data", "is over 40 bytes"),
        (image_bytes, "picture.png", "data", "must be bytes"),
        (image_bytes, io.StringIO("x"), "data", "binary mode"),
        (image_bytes, 3, "data", "must be"),
        (image_path, PNG, "path", "must be a path"),
        (image_path, tmp_path / "missing.png", "path", "FileNotFoundError"),
        (image_path, tmp_path, "path", "cannot be read"),
        (image_path, "/dev/zero", "path", "is over 40 bytes"),  # it has no end
    ]
    for make, value, argument, why in given:
        with pytest.raises(laplas.InvalidArgumentError, match=why) as caught:
            make(value, upload=upload)
        assert caught.value.argument == argument
    with pytest.raises(laplas.InvalidArgumentError, match="detail"):
        image_bytes(PNG, "huge", upload=upload)  # type: ignore[arg-type]
    with pytest.raises(laplas.InvalidArgumentError, match="upload"):
        image_bytes(PNG, upload="yes")  # type: ignore[arg-type]


# Uploaded


def test_a_picture_is_uploaded_before_the_message_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)
    extra = {"extra_query": {"q": "1"}, "extra_body": {"new": 1}, "extra_headers": {"X-A": "b"}}
    part = image_path(path, "low", upload=True)
    ran = create(UPLOADED, answer(message()), part=part, **extra)
    assert targets(ran) == [UPLOAD, CREATE]
    form = ran.requests[0].body
    assert b'name="purpose"\r\n\r\nvision' in form
    assert b'filename="cat.png"\r\nContent-Type: image/png\r\n\r\n' + PNG in form
    detailed = {"type": "image_file", "image_file": {"file_id": FILE, "detail": "low"}}
    assert ran.requests[1].json() == {
        "role": "user", "content": [PARTS[0], detailed], "new": 1,
    }  # fmt: skip
    assert [sent.header("x-a") for sent in ran.requests] == ["b", "b"]
    assert [sent.target.endswith("?q=1") for sent in ran.requests] == [False, True]


@pytest.mark.parametrize(
    ("name", "sent"),
    [("\udcff.png", b'"?.png"'), (b"n", b'"picture.png"'), (None, b'"picture.png"')],
)
def test_a_name_that_cannot_be_sent_is_no_reason_to_refuse(name: Any, sent: bytes) -> None:
    ran = create(UPLOADED, answer(message()), part=image_bytes((name, PNG), upload=True))  # type: ignore[arg-type]
    assert b"filename=" + sent in ran.requests[0].body


def _twice(part: Any) -> Any:
    return lambda c: c.messages.create(THREAD, [part, part])


def test_each_client_and_each_call_uploads_for_itself_and_a_call_only_once() -> None:
    part = image_bytes(PNG, upload=True)
    for twin in (part, copy.deepcopy(part), pickle.loads(pickle.dumps(part))):
        ran = run_both(_twice(twin), UPLOADED, answer(message()))
        assert ran.requests[1].json()["content"] == [PARTS[1], PARTS[1]]
        assert b'filename="picture.png"' in ran.requests[0].body


def test_attempts_of_the_message_do_not_upload_again() -> None:
    down = answer("down", status=503, retry_after="1")
    steps = [down, UPLOADED, answer("slow", status=429, retry_after="1"), answer(message())]
    ran = create(*steps)
    assert ran.result.id == MESSAGE
    assert targets(ran) == [UPLOAD, UPLOAD, CREATE, CREATE]  # the first did nothing


def test_waiting_for_an_active_run_does_not_upload_again() -> None:
    ran = create(UPLOADED, ACTIVE, answer(run()), answer(message()), wait_for_active_run=True)
    assert [method for method, _ in targets(ran)] == ["POST", "POST", "GET", "POST"]
    assert ran.requests[3].json()["content"] == PARTS


def test_with_once_it_is_looked_for_before_anything_is_uploaded() -> None:
    found = message(content=PARTS, metadata={"laplas_once": "key"})
    listing = {**page(MESSAGE), "data": [found]}
    ran = create(answer(listing), answer(found), once="key")
    assert [method for method, _ in targets(ran)] == ["GET", "GET"]
    lost = [breaks(httpx.ReadError("lost")), *[answer(page())] * 3]
    ran = create(answer(page()), UPLOADED, *lost, answer(found), once="key")
    assert ran.result.id == MESSAGE
    assert [target for target in targets(ran) if target[0] == "POST"] == [UPLOAD, CREATE, CREATE]


def test_an_error_names_what_was_uploaded() -> None:
    error = pickle.loads(pickle.dumps(create(UPLOADED, REFUSED).error))
    assert isinstance(error, laplas.BadRequestError)
    assert error.uploaded_files == (FILE,)
    assert any(FILE in note for note in error.__notes__)
    step = answer(run("in_progress"), takes=30.0)
    waited = create(UPLOADED, ACTIVE, step, step, wait_for_active_run=True, poll_deadline=20)
    assert isinstance(waited.error, laplas.RunTimeoutError)
    assert waited.error.uploaded_files == (FILE,)
    failed = create(REFUSED)
    assert (failed.error.operation, failed.error.uploaded_files) == ("upload_file", ())
    assert targets(failed) == [UPLOAD]


def test_nothing_is_uploaded_if_the_message_cannot_be_sent() -> None:
    for options in ({"metadata": {"k": 1}}, {"extra_body": {"k": object()}}, {"timeout": "x"}):
        ran = create(**options)
        assert isinstance(ran.error, laplas.InvalidArgumentError)
        assert not ran.requests
    ran = create(answer(message()), extra_body={"content": "Hi"})  # the picture is not sent
    assert targets(ran) == [CREATE]


def test_asking_uploads_first_and_further_messages_too() -> None:
    def more() -> Any:
        return [{"role": "user", "content": [image_bytes(PNG, upload=True)]}]

    def call(client: Any, way: str) -> Any:
        content = ["What is it?", image_bytes(PNG, upload=True)]
        asked = getattr(client.thread(THREAD), way)
        return asked(content, assistant=ASSISTANT, additional_messages=more())

    begun = [UPLOADED, answer(message()), answer(file(id="file_2"))]
    ends = [answer(run("queued")), answer(run()), answer(listed(reply("A cat.")))]
    ran = run_both(lambda c: call(c, "ask"), *begun, *ends)
    assert ran.result.text == "A cat."
    assert ran.requests[1].json()["content"] == PARTS
    part = {"type": "image_file", "image_file": {"file_id": "file_2"}}
    assert ran.requests[3].json()["additional_messages"] == [{"role": "user", "content": [part]}]
    streaming = streamed(*answered("A cat."), DONE)
    ran = run_both(lambda c: call(c, "ask_stream"), *begun, streaming, collect="items")
    assert ran.items == ["A cat."]
    assert ran.requests[3].json()["additional_messages"][0]["content"] == [part]


def test_first_messages_of_threads_and_of_runs_may_have_pictures() -> None:
    def first() -> Any:
        return [{"role": "user", "content": ["What is it?", image_bytes(PNG, upload=True)]}]

    sent = [{"role": "user", "content": PARTS}]
    ran = run_both(lambda c: c.threads.create(messages=first()), UPLOADED, answer(thread()))
    assert ran.requests[1].json() == {"messages": sent}
    ran = run_both(
        lambda c: c.threads.create_and_run(ASSISTANT, thread={"messages": first()}),
        UPLOADED, answer(run()),
    )  # fmt: skip
    assert ran.requests[1].json()["thread"] == {"messages": sent}
    ran = run_both(
        lambda c: c.beta.threads.messages.with_raw_response.create(
            THREAD, role="user", content=[image_bytes(PNG, upload=True)]
        ),
        UPLOADED, answer(message()),
    )  # fmt: skip
    assert ran.result.parse().id == MESSAGE


def test_a_prepared_request_says_that_an_id_is_to_come() -> None:
    with Laplas.local() as client:
        made = client.messages.prepare.create(THREAD, [image_bytes(PNG, upload=True)])
    part = made.json()["content"][0]
    assert part["image_file"] == {"file_id": "(the id of picture.png, once it is uploaded)"}


def test_the_embedded_server_takes_both_kinds() -> None:
    with Laplas.local() as client:
        started = client.start_thread([{"role": "user", "content": [image_bytes(PNG)]}])
        made = started.messages.create(["?", image_bytes(PNG, upload=True)])
        (picture,) = made.images
        assert isinstance(picture, laplas.ImageFileContent)
        assert client.files.retrieve(picture.image_file.file_id).purpose == "vision"
        again = started.messages.create([picture])  # a part that was read
    assert again.images[0].to_dict() == picture.to_dict()
