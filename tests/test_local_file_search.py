"""File search of the embedded server: it finds words in uploaded text, and cites them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from laplas import Laplas, attachment
from laplas.local import LocalServer, Turn

NOTES = b"The harbour opens at six.\nLaplace was born in Beaumont-en-Auge in 1749.\n"
SEARCH: Any = [{"type": "file_search"}]


@pytest.fixture
def client() -> Iterator[Laplas]:
    with Laplas.local() as opened:
        yield opened


def upload(client: Laplas, content: bytes, name: str = "notes.txt") -> str:
    return client.files.create((name, content), purpose="assistants").id


def ask(client: Laplas, question: str, attached: str | None = None, **resources: Any) -> Any:
    assistant = client.assistants.create("gpt-4o", tools=SEARCH, tool_resources=resources)
    thread = client.start_thread()
    if attached:
        thread.messages.create("Read.", attachments=[attachment(attached, "file_search")])
    return thread.ask(question, assistant=assistant.id)


def test_an_attached_file_is_searched_and_cited(client: Laplas) -> None:
    file_id = upload(client, NOTES)
    reply = ask(client, "Where was Laplace born?", file_id)
    assert "Beaumont-en-Auge" in reply.text
    assert [citation.file_citation.file_id for citation in reply.citations] == [file_id]
    assert "【4:0†notes.txt】" in reply.text


def test_the_files_of_a_vector_store_are_searched(client: Laplas) -> None:
    found, other = upload(client, NOTES), upload(client, b"Nothing of the kind.", "other.txt")
    store = client.vector_stores.create(file_ids=[other, found])
    reply = ask(client, "born in 1749?", file_search={"vector_store_ids": [store.id]})
    assert [citation.file_citation.file_id for citation in reply.citations] == [found]


def test_the_step_shows_results_and_content_where_it_is_asked_for(client: Laplas) -> None:
    file_id = upload(client, NOTES)
    run = ask(client, "Where was Laplace born?", file_id).run
    steps = client.runs.steps.list(run.thread_id, run.id, order="asc").to_dict()["data"]
    assert [step["type"] for step in steps] == ["tool_calls", "message_creation"]
    (call,) = steps[0]["step_details"]["tool_calls"]
    (result,) = call["file_search"]["results"]
    assert (result["file_id"], result["file_name"]) == (file_id, "notes.txt")
    assert 0 < result["score"] <= 1
    assert "content" not in result
    what: Any = ["step_details.tool_calls[*].file_search.results[*].content"]
    whole = client.runs.steps.retrieve(run.thread_id, run.id, steps[0]["id"], include=what)
    (result,) = whole.to_dict()["step_details"]["tool_calls"][0]["file_search"]["results"]
    assert "Beaumont-en-Auge" in result["content"][0]["text"]


@pytest.mark.parametrize(
    "content",
    [b" ", b"\xff\xfe\x00", b"\x00\x01", b"Zebras."],
    ids=["blank", "utf16", "binary", "other"],
)
def test_what_holds_no_word_of_the_question_changes_nothing(client: Laplas, content: bytes) -> None:
    reply = ask(client, "Where was Laplace born?", upload(client, content))
    assert reply.text == "Echo: Where was Laplace born?"
    steps = client.runs.steps.list(reply.run.thread_id, reply.run.id)
    assert [step.type for step in steps.data] == ["message_creation"]


def test_without_the_tool_nothing_is_searched(client: Laplas) -> None:
    file_id = upload(client, NOTES)
    thread = client.start_thread()
    assistant = client.assistants.create("gpt-4o")
    thread.messages.create("Read.", attachments=[attachment(file_id, "file_search")])
    reply = thread.ask("Laplace", assistant=assistant.id)
    assert reply.text == "Echo: Laplace"


def test_a_deleted_file_is_not_found(client: Laplas) -> None:
    file_id = upload(client, NOTES)
    assistant = client.assistants.create("gpt-4o", tools=SEARCH)
    thread = client.start_thread()
    thread.messages.create("Read.", attachments=[attachment(file_id, "file_search")])
    client.files.delete(file_id)
    assert "Beaumont" not in thread.ask("Laplace?", assistant=assistant.id).text


def test_a_reply_function_gets_the_passages_best_first() -> None:
    turns: list[Turn] = []

    def reply(turn: Turn) -> str:
        turns.append(turn)
        return "Yes."

    with Laplas.local(LocalServer(reply=reply)) as client:
        word = " ".join(["word"] * 900)
        file_id = upload(client, f"Laplace {word} born Laplace {word}".encode())
        ask(client, "Laplace born", file_id)
    (turn,) = turns
    scores = [passage.score for passage in turn.passages]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)
    assert {passage.file_id for passage in turn.passages} == {file_id}
    assert turn.passages[0].filename == "notes.txt"
