"""Vector stores: the calls of both clients, and the embedded server's search by words."""

from __future__ import annotations

import sqlite3
from ast import literal_eval
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from scripted import Sent, Step, answer, breaks, run_both
from test_local_routes import call

from laplas import BadRequestError, InvalidArgumentError, Laplas, NotFoundError
from laplas.local import LocalServer, _vector_stores
from laplas_api.models import ComparisonFilter, CompoundFilter, VectorStore

VS, FILE, BATCH = "vs_1", "file-1", "vsfb_1"
FOUND: dict[str, Any] = {
    "object": "vector_store.search_results.page",
    "search_query": ["Oslo"],
    "data": [
        {"file_id": FILE, "score": 0.5, "content": [{"type": "text", "text": "Oslo 7"}], "new": 1},
        {"file_id": "file-2", "score": 0, "content": []},
    ],
    "has_more": True,
    "next_page": "more",
}
KEPT = {"id": FILE, "object": "vector_store.file", "vector_store_id": VS}


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as opened:
        yield opened


@pytest.fixture
def client(server: LocalServer) -> Iterator[Laplas]:
    with Laplas.local(server, max_retries=0) as opened:
        yield opened


def upload(client: Laplas, text: str | bytes, name: str = "a.txt") -> str:
    content = text.encode() if isinstance(text, str) else text
    return client.files.upload((name, content)).id


# ---- the calls -----------------------------------------------------------------------------------

CALLS: list[tuple[str, Callable[[Any], Any], Callable[[Any], Any], Any, Any, Any]] = [
    (
        "POST /vector_stores/vs_1/search",
        lambda c: c.search(VS, "Oslo", max_num_results=3, rewrite_query=True),
        lambda c: c.search(VS, query="Oslo", max_num_results=3, rewrite_query=True),
        {"query": "Oslo", "rewrite_query": True, "max_num_results": 3},
        FOUND,
        2,
    ),
    (
        "POST /vector_stores/vs_1/files",
        lambda c: c.files.create(VS, FILE, attributes={"a": 1.5}),
        lambda c: c.files.create(VS, file_id=FILE, attributes={"a": 1.5}),
        {"file_id": FILE, "attributes": {"a": 1.5}},
        KEPT,
        FILE,
    ),
    (
        "GET /vector_stores/vs_1/files/file-1",
        lambda c: c.files.retrieve(VS, FILE),
        lambda c: c.files.retrieve(FILE, vector_store_id=VS),
        None,
        KEPT,
        FILE,
    ),
    (
        "POST /vector_stores/vs_1/file_batches/vsfb_1/cancel",
        lambda c: c.file_batches.cancel(VS, BATCH),
        lambda c: c.file_batches.cancel(BATCH, vector_store_id=VS),
        None,
        {"id": BATCH},
        BATCH,
    ),
    (
        "GET /vector_stores/vs_1/file_batches/vsfb_1/files?order=asc&filter=failed",
        lambda c: c.file_batches.list_files(VS, BATCH, filter="failed", order="asc"),
        lambda c: c.file_batches.list_files(
            BATCH, vector_store_id=VS, filter="failed", order="asc"
        ),
        None,
        {"object": "list", "data": []},
        0,
    ),
]


@pytest.mark.parametrize(("sent", "ours", "openais", "body", "answered", "told"), CALLS)
def test_both_clients_in_both_spellings_send_this(
    sent: str,
    ours: Callable[[Any], Any],
    openais: Callable[[Any], Any],
    body: Any,
    answered: Any,
    told: Any,
) -> None:
    for ran in (
        run_both(lambda c: ours(c.vector_stores), answer(answered)),
        run_both(lambda c: openais(c.beta.vector_stores), answer(answered)),
    ):
        assert f"{ran.sent.method} {ran.sent.target}" == sent
        assert ran.sent.json() == body
        assert (ran.result.id if isinstance(told, str) else len(ran.result)) == told


def test_what_a_search_found_is_one_page_that_is_iterated_over_and_a_mapping_still() -> None:
    ran = run_both(lambda c: c.vector_stores.search(VS, "Oslo"), answer(FOUND))
    page = ran.result
    assert [hit.file_id for hit in page] == [FILE, "file-2"]
    assert [hit.score for hit in page] == [0.5, 0]
    assert page.data[0].content[0].text == "Oslo 7"
    assert page.data[0].additional_properties == {"new": 1}
    assert page.to_dict() == dict(page) == {**page} == FOUND
    assert page
    assert "data" in page
    assert page["next_page"] == "more"
    nothing = run_both(lambda c: c.vector_stores.search(VS, "x"), answer({"data": []})).result
    assert (len(nothing), list(nothing), bool(nothing), nothing.has_more) == (0, [], True, None)


def test_a_search_is_repeated_whatever_happens_and_a_creation_is_not() -> None:
    lost = breaks(httpx.ReadError("reset"))
    ran = run_both(lambda c: c.vector_stores.search(VS, "Oslo"), lost, answer(FOUND))
    assert (len(ran.requests), len(ran.result)) == (2, 2)
    for create in (
        lambda c: c.vector_stores.create(),
        lambda c: c.vector_stores.files.create(VS, FILE),
        lambda c: c.vector_stores.file_batches.create(VS, file_ids=[FILE]),
    ):
        ran = run_both(create, lost, answer({}))
        assert (len(ran.requests), ran.error.may_have_taken_effect) == (1, True)


def test_the_id_of_another_file_or_store_in_an_answer_is_an_error() -> None:
    for wrong in (KEPT | {"id": "file-2"}, KEPT | {"vector_store_id": "vs_2"}):
        ran = run_both(lambda c: c.vector_stores.files.retrieve(VS, FILE), answer(wrong))
        assert "_2" in str(ran.error) or "-2" in str(ran.error)


def held_by_itself() -> dict[str, Any]:
    condition: dict[str, Any] = {"type": "and", "filters": []}
    condition["filters"].append(condition)
    return condition


def nested(condition: dict[str, Any]) -> dict[str, Any]:
    return {"type": "and", "filters": [{"type": "or", "filters": [condition]}]}


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        ({}, "filters: must have a 'type'"),
        ({"type": "eq", "key": "a"}, "filters.value: is missing"),
        (
            nested({"type": "eq", "key": "a"}),
            r"filters\[0\].filters\[0\].value: is missing",
        ),
        (nested({"type": "gt", "key": 1, "value": 2}), "key: must be a str"),
        (nested({"type": "gt", "key": "a", "value": None}), "value: must be .*not None"),
        ({"type": "or", "filters": {}}, "filters.filters: must be a list"),
        (held_by_itself(), "filters: is nested too deeply, or holds itself"),
        ("a = 1", "filters: must be a dict"),
    ],
)
def test_a_wrong_filter_is_refused_before_anything_is_sent(filters: Any, words: str) -> None:
    ran = run_both(lambda c: c.vector_stores.search(VS, "x", filters=filters))
    assert isinstance(ran.error, InvalidArgumentError)
    assert ran.requests == []
    with pytest.raises(InvalidArgumentError, match=words):
        raise ran.error


def test_filters_may_be_models_or_newer_than_this_code() -> None:
    year = ComparisonFilter(type="in", key="year", value=[2025, 2026])
    both = CompoundFilter(type="and", filters=[year, {"type": "near", "place": "Oslo"}])
    ran = run_both(lambda c: c.vector_stores.search(VS, "x", filters=both), answer(FOUND))
    near = {"type": "near", "place": "Oslo"}
    in_ = {"type": "in", "key": "year", "value": [2025, 2026]}
    assert ran.sent.json()["filters"] == {"type": "and", "filters": [in_, near]}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda c: c.create(file_ids=["f"] * 501), "file_ids: must have at most 500"),
        (lambda c: c.create(expires_after={"anchor": "last_active_at", "days": 366}), "days"),
        (lambda c: c.search(VS, "x", max_num_results=51), "max_num_results: must be from 1 to 50"),
        (lambda c: c.search(VS, []), "query: must not be empty"),
        (lambda c: c.search("", "x"), "vector_store_id"),
        (lambda c: c.files.create(VS, FILE, attributes={"a": [1]}), r"attributes\['a'\]: must be"),
        (lambda c: c.files.create(VS, FILE, attributes={"a": "x" * 513}), "over 512 characters"),
        (
            lambda c: c.files.update(VS, FILE, attributes=dict.fromkeys(map(str, range(17)), 1)),
            "16",
        ),
        (lambda c: c.files.list(VS, filter="lost"), "filter: must be"),
        (lambda c: c.file_batches.create(VS, file_ids=["f"] * 2001), "at most 2,000 items"),
    ],
)
def test_the_limits_of_the_document_are_kept(make: Callable[[Any], Any], words: str) -> None:
    ran = run_both(lambda c: make(c.vector_stores))
    assert isinstance(ran.error, InvalidArgumentError)
    with pytest.raises(InvalidArgumentError, match=words):
        raise ran.error


# ---- the embedded server -------------------------------------------------------------------------


def served(server: LocalServer) -> Callable[[Sent], Step]:
    """The embedded server as a script, so that both clients can be run on it."""

    def respond(sent: Sent) -> Step:
        headers = {name.decode(): value.decode() for name, value in sent.headers}
        response = server.handle(sent.method, sent.target, headers, sent.body)
        return Step(response.status, response.body, response.headers)

    return respond


def test_threads_and_files_and_stores_are_listed_page_by_page(
    server: LocalServer, client: Laplas
) -> None:
    threads = [client.threads.create().id for _ in range(4)]
    files = [upload(client, str(n)) for n in range(5)]
    seen = client.files.upload(("a.png", b"x"), purpose="vision").id
    stores = [client.vector_stores.create(name=str(n)).id for n in range(3)]
    for expected, list_ in (
        (["thread_abc123", *threads], lambda c: c.threads.list(page_size=2, order="asc")),
        ([seen, *files[::-1]], lambda c: c.files.list(page_size=2)),
        (files[2:], lambda c: c.files.list(order="asc", after=files[1], purpose="assistants")),
        ([seen], lambda c: c.files.list(purpose="vision", limit=10_000)),
        (stores[::-1], lambda c: c.vector_stores.list(page_size=1)),
        (stores[:1], lambda c: c.vector_stores.list(before=stores[1], order="asc")),
    ):
        assert run_both(list_, served(server), collect="items").ids == expected
    assert len(client.files.list().data) == 6
    assert "limit" not in str(client.files.prepare.list().url)
    assert call(server, "GET", "/files?limit=10001")[0] == 400
    assert call(server, "GET", "/threads?limit=101")[0] == 400


def test_a_vector_store_lives_and_dies(client: Laplas) -> None:
    text, picture = upload(client, "one two three"), upload(client, b"\x89PNG\0\xff")
    store = client.vector_stores.create(name="Norway", metadata={"a": "b"}, file_ids=[text, text])
    assert (store.name, store.status, store.usage_bytes) == ("Norway", "completed", 13)
    assert (store.expires_after, store.expires_at) == (None, None)
    failed = client.vector_stores.files.create(store.id, picture)
    assert failed.to_dict()["last_error"]["code"] == "unsupported_file"
    counts = client.vector_stores.retrieve(store.id).to_dict()["file_counts"]
    assert counts == {"in_progress": 0, "completed": 1, "failed": 1, "cancelled": 0, "total": 2}
    listed = client.vector_stores.files.list
    assert [file.id for file in listed(store.id, filter="failed")] == [picture]
    assert [file.id for file in listed(store.id, filter="cancelled")] == []
    assert [file.id for file in listed(store.id, page_size=1, order="asc")] == [text, picture]
    changed = client.vector_stores.update(store.id, name=None, metadata=None)
    assert (changed.name, changed.to_dict()["metadata"], changed.usage_bytes) == (None, {}, 13)
    client.vector_stores.files.delete(store.id, text)
    client.files.delete(picture)  # leaves every store
    assert client.vector_stores.retrieve(store.id).to_dict()["file_counts"]["total"] == 0
    assert client.files.retrieve(text).id == text
    assert client.vector_stores.delete(store.id).to_dict() == {
        "id": store.id,
        "object": "vector_store.deleted",
        "deleted": True,
    }
    for gone in (
        lambda: client.vector_stores.retrieve(store.id),
        lambda: client.vector_stores.search(store.id, "one"),
        lambda: client.vector_stores.files.list(store.id),
        lambda: client.vector_stores.files.create(store.id, text),
    ):
        with pytest.raises(NotFoundError, match=f"No vector store found with id '{store.id}'"):
            gone()


def test_a_file_is_in_several_stores_with_attributes_of_its_own(client: Laplas) -> None:
    file = upload(client, "one two")
    one, two = (client.vector_stores.create(file_ids=[file]).id for _ in range(2))
    files = client.vector_stores.files
    assert files.update(one, file, attributes={"in": "one"}).to_dict()["attributes"] == {
        "in": "one"
    }
    assert files.retrieve(two, file).to_dict()["attributes"] == {}
    assert files.update(one, file, attributes=None).to_dict()["attributes"] == {}
    client.vector_stores.delete(one)
    assert files.content(two, file).data[0].text == "one two"
    files.delete(two, file)
    with pytest.raises(NotFoundError, match="No vector store file found"):
        files.retrieve(two, file)
    with pytest.raises(NotFoundError, match="No such File object: file-none"):
        files.create(two, "file-none")


def test_a_batch_adds_all_of_its_files_or_none(client: Laplas) -> None:
    store = client.vector_stores.create().id
    one, two, other = (upload(client, text) for text in ("one", "two", "three"))
    client.vector_stores.files.create(store, other)
    batches = client.vector_stores.file_batches
    each: list[dict[str, Any]] = [{"file_id": one, "attributes": {"a": 1}}, {"file_id": two}]
    batch = batches.create(store, files=each)
    assert (batch.status, batch.to_dict()["file_counts"]["total"]) == ("completed", 2)
    assert batches.retrieve(store, batch.id) == batches.cancel(store, batch.id) == batch
    kept = list(batches.list_files(store, batch.id, order="asc", page_size=1))
    assert [(file.id, file.to_dict()["attributes"]) for file in kept] == [
        (one, {"a": 1}),
        (two, {}),
    ]
    with pytest.raises(NotFoundError):
        batches.create(store, file_ids=[other, "file-none"], attributes={"a": 2})
    assert client.vector_stores.files.retrieve(store, other).to_dict()["attributes"] == {}
    for wrong in ({}, {"files": each, "file_ids": [one]}):
        with pytest.raises(BadRequestError, match="give either 'file_ids' or 'files'"):
            batches.create(store, **wrong)  # type: ignore[arg-type]
    sizes = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 51}
    chunking = {"type": "static", "static": sizes}
    with pytest.raises(BadRequestError, match="at most half"):
        batches.create(store, file_ids=[one], chunking_strategy=chunking)
    with pytest.raises(NotFoundError, match="No file batch found"):
        batches.retrieve(client.vector_stores.create().id, batch.id)


def searched(client: Laplas, store: VectorStore, query: str | list[str], **how: Any) -> Any:
    page = client.vector_stores.search(store.id, query, **how)
    assert (page.has_more, page.next_page) == (False, None)
    return [(hit.filename, round(hit.score, 2)) for hit in page]


def test_a_search_finds_words_the_best_first(client: Laplas) -> None:
    texts = {"a": "Oslo has people", "b": "People in OSLO", "c": "\ufeffBergen", "d": "o\u0308l"}
    files = [upload(client, text, name) for name, text in texts.items()]
    files.append(upload(client, "Trondheim people".encode("utf-16"), "e"))
    store = client.vector_stores.create(file_ids=files)
    assert searched(client, store, "people in Oslo!") == [("b", 1), ("a", 0.67), ("e", 0.33)]
    assert searched(client, store, "people in Oslo", max_num_results=1) == [("b", 1)]
    least = {"ranker": "none", "score_threshold": 0.5}
    assert len(searched(client, store, "people in Oslo", ranking_options=least)) == 2
    assert searched(client, store, ["bergen", "trondheim city"]) == [("c", 1), ("e", 0.5)]
    assert searched(client, store, "ÖL", rewrite_query=True) == [("d", 1)]
    assert searched(client, store, "Os") == searched(client, store, "?!") == []


def test_a_long_file_is_searched_in_pieces_that_overlap(client: Laplas) -> None:
    file = upload(client, " ".join(f"w{n}" for n in range(250)))
    store = client.vector_stores.create().id
    sizes = {"max_chunk_size_tokens": 100, "chunk_overlap_tokens": 50}
    chunking = {"type": "static", "static": sizes}
    client.vector_stores.files.create(store, file, chunking_strategy=chunking)

    def pieces(query: str) -> list[str]:
        found = client.vector_stores.search(store, query, max_num_results=50)
        return sorted(str(hit.content[0].text).split()[0] for hit in found)

    assert pieces("w0") == ["w0"]
    assert pieces("w75") == ["w0", "w50"]
    assert pieces("w249") == ["w150"]
    assert pieces(" ".join(f"w{n}" for n in range(250))) == ["w0", "w100", "w150", "w50"]


IN_ATTRIBUTES = {
    "old": {"year": 1990, "kind": "a", "open": True},
    "new": {"year": 2026.5, "kind": "b", "open": False},
    "none": {},
}


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("eq year 1990", "old"),
        ("eq year 1990.0", "old"),
        ("ne year 1990", "new none"),
        ("gt year 1990", "new"),
        ("gte year 1990", "old new"),
        ("lt year 2026.5", "old"),
        ("lte year 2026.5", "old new"),
        ("gt kind 'a'", "new"),
        ("gt year '1990'", ""),
        ("gt open False", ""),
        ("eq open True", "old"),
        ("eq open 1", ""),
        ("eq year True", ""),
        ("in year [1990, 3]", "old"),
        ("in kind ['a', 'b']", "old new"),
        ("nin kind ['a']", "new none"),
        ("in kind 'a'", "old"),
        ("eq nothing 1", ""),
    ],
)
def test_a_search_looks_only_where_the_attributes_fit(
    client: Laplas, condition: str, names: str
) -> None:
    store = client.vector_stores.create()
    each = [
        {"file_id": upload(client, "word", name), "attributes": attributes}
        for name, attributes in IN_ATTRIBUTES.items()
    ]
    client.vector_stores.file_batches.create(store.id, files=each)
    kind, key, value = condition.split(" ", 2)
    given = {"type": kind, "key": key, "value": literal_eval(value)}
    for filters in (given, nested(given), {"type": "or", "filters": [given, given]}):
        hits = client.vector_stores.search(store.id, "word", filters=filters)
        assert [hit.filename for hit in hits] == names.split()
    for kind, all_ in (("and", 3), ("or", 0)):
        hits = client.vector_stores.search(store.id, "word", filters={"type": kind, "filters": []})
        assert len(hits) == all_


def test_a_store_expires_when_it_is_not_used(
    client: Laplas, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = 1_800_000_000
    monkeypatch.setattr(_vector_stores, "now", lambda: time)
    week = {"anchor": "last_active_at", "days": 7}
    store = client.vector_stores.create(expires_after=week)
    assert store.expires_at == time + 7 * 86_400
    time += 6 * 86_400
    client.vector_stores.search(store.id, "x")
    assert client.vector_stores.retrieve(store.id).last_active_at == time
    time += 7 * 86_400 + 1
    assert client.vector_stores.retrieve(store.id).status == "expired"
    with pytest.raises(BadRequestError, match="is expired"):
        client.vector_stores.search(store.id, "x")
    assert client.vector_stores.update(store.id, expires_after=None).status == "completed"


def test_all_of_it_is_in_the_database_file_which_may_be_an_older_one(tmp_path: Path) -> None:
    path = str(tmp_path / "laplas.db")
    with LocalServer(path) as server, Laplas.local(server) as client:
        file = upload(client, "Oslo", "cities.txt")
        store = client.vector_stores.create(file_ids=[file])
    with LocalServer(path) as server, Laplas.local(server) as client:
        assert searched(client, store, "oslo") == [("cities.txt", 1)]
        client.files.delete(file)
        assert searched(client, store, "oslo") == []
        file = upload(client, "Oslo")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT id FROM contents").fetchall() == [(file,)]
        database.execute("DROP TABLE contents")
    with LocalServer(path) as server, Laplas.local(server) as client:
        added = client.vector_stores.files.create(store.id, file)
        assert (added.status, added.usage_bytes) == ("completed", 0)
        assert upload(client, "Oslo") != file


def test_a_filter_that_is_nested_too_deeply_is_refused(server: LocalServer, client: Laplas) -> None:
    store = client.vector_stores.create().id
    body = b'{"query": "x", "filters": ' + b'{"type": "and", "filters": [' * 9_000
    body += b'{"type": "eq", "key": "a", "value": 1}' + b"]}" * 9_000 + b"}"
    status, error = call(server, "POST", f"/vector_stores/{store}/search", body)
    assert status == 400, error
