"""The operations on vector stores. The search is by words: there are no vectors."""

from __future__ import annotations

import operator
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from unicodedata import normalize

from ._routes import JSON, Call, Handler, check_chunks, deleted, found, list_page, new_id, now
from ._store import Store
from ._validation import RequestError

_STORE: Final = "vector_store"
_FILE: Final = "vector_store.file"
_BATCH: Final = "vector_store.files_batch"
_DAY: Final = 86_400
_AUTO: Final = {"max_chunk_size_tokens": 800, "chunk_overlap_tokens": 400}
_ORDERS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def _create(call: Call) -> JSON:
    given = call.given
    store = {
        "id": new_id("vs"),
        "object": _STORE,
        "created_at": now(),
        "name": given.get("name"),
        "expires_after": given.get("expires_after"),
        "last_active_at": now(),
        "metadata": given.get("metadata", {}),
    }
    call.store.add(store)
    for file_id in given.get("file_ids", ()):
        _add_file(call.store, store["id"], given | {"file_id": file_id, "attributes": {}})
    return _shown(call.store, store)


def _list(call: Call) -> JSON:
    page = list_page(call, _STORE)
    return page | {"data": [_shown(call.store, store) for store in page["data"]]}


def _found(call: Call) -> JSON:
    return found(call.store, _STORE, call.ids[0])


def _used(call: Call) -> JSON:
    """The vector store of the path, which lives on because it is used."""
    store = _found(call)
    if _shown(call.store, store)["status"] == "expired":
        raise RequestError(400, f"Vector store {store['id']} is expired.")
    store["last_active_at"] = now()
    call.store.put(store)
    return store


def _update(call: Call) -> JSON:
    store = _found(call) | call.changes({"metadata": {}})
    call.store.put(store)
    return _shown(call.store, store)


def _shown(store: Store, document: JSON) -> JSON:
    """The vector store with what follows from its files and from the time."""
    files = store.children(_FILE, document["id"])
    expiry = document["expires_after"]
    expires_at = document["last_active_at"] + expiry["days"] * _DAY if expiry else None
    return {
        **document,
        "usage_bytes": sum(file["usage_bytes"] for file in files),
        "file_counts": _counts(files),
        "status": "expired" if expires_at and expires_at < now() else "completed",
        "expires_at": expires_at,
    }


def _counts(files: list[JSON]) -> JSON:
    counts = dict.fromkeys(("in_progress", "completed", "failed", "cancelled"), 0)
    for file in files:
        counts[file["status"]] += 1
    return counts | {"total": len(files)}


def _add_file(store: Store, store_id: str, given: JSON, batch_id: str | None = None) -> JSON:
    file_id = found(store, "file", given["file_id"])["id"]
    sizes = (given.get("chunking_strategy") or {}).get("static", _AUTO)
    check_chunks(sizes)
    content = store.content(file_id) or b""
    text = _text(content)
    error = {"code": "unsupported_file", "message": "The file is no text in UTF-8 or UTF-16."}
    file = {
        "id": file_id,
        "object": _FILE,
        "created_at": now(),
        "vector_store_id": store_id,
        "usage_bytes": 0 if text is None else len(content),
        "status": "failed" if text is None else "completed",
        "last_error": error if text is None else None,
        "chunking_strategy": {"type": "static", "static": sizes},
        "attributes": given.get("attributes") or {},
    }
    store.remove(_FILE, file_id, store_id)  # to add it again is to read it again
    # The store selects by one column: here it tells the batch, not a run.
    store.add({**file, "run_id": batch_id}, file)
    return file


def _text(content: bytes) -> str | None:
    encoding = "utf-16" if content[:2] in (BOM_UTF16_LE, BOM_UTF16_BE) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _list_files(call: Call, batch_id: str | None = None) -> JSON:
    where = {"status": call.query.get("filter")}
    return list_page(call, _FILE, _found(call)["id"], run_id=batch_id, where=where)


def _file(call: Call) -> JSON:
    return found(call.store, _FILE, call.ids[1], _found(call)["id"])


def _update_file(call: Call) -> JSON:
    file = _file(call) | call.changes({"attributes": {}})
    _used(call)
    call.store.put(file)
    return file


def _remove_file(call: Call) -> JSON:
    return deleted(call, _FILE, "vector_store.file.deleted", _found(call)["id"])


def _content(call: Call) -> JSON:
    text = _text(call.store.content(_file(call)["id"]) or b"")
    data = [] if text is None else [{"type": "text", "text": text}]
    return _page("vector_store.file_content.page", data)


def _page(kind: str, data: list[JSON], **fields: Any) -> JSON:
    return {"object": kind, **fields, "data": data, "has_more": False, "next_page": None}


def _create_batch(call: Call) -> JSON:
    given = call.given
    if ("file_ids" in given) == ("files" in given):
        problem = "Invalid 'file_ids': give either 'file_ids' or 'files'."
        raise RequestError(400, problem, param="file_ids", code="invalid_value")
    files = given.get("files") or [given | {"file_id": file_id} for file_id in given["file_ids"]]
    store_id, batch_id = _used(call)["id"], new_id("vsfb")
    each = {file["file_id"]: file for file in files}
    added = [_add_file(call.store, store_id, file, batch_id) for file in each.values()]
    batch = {
        "id": batch_id,
        "object": _BATCH,
        "created_at": now(),
        "vector_store_id": store_id,
        "status": "completed",
        "file_counts": _counts(added),
    }
    call.store.add(batch)
    return batch


def _batch(call: Call) -> JSON:
    return found(call.store, _BATCH, call.ids[1], _found(call)["id"])


def _search(call: Call) -> JSON:
    store, given = _used(call), call.given
    queries = [given["query"]] if isinstance(given["query"], str) else given["query"]
    least = given.get("ranking_options", {}).get("score_threshold") or 0
    files = call.store.children(_FILE, store["id"])
    files = [file for file in files if _fits(given.get("filters"), file["attributes"])]
    results = search(call.store, files, queries, least)
    best = [
        {
            "file_id": file["id"],
            "filename": found(call.store, "file", file["id"])["filename"],
            "score": score,
            "attributes": file["attributes"],
            "content": [{"type": "text", "text": piece}],
        }
        for score, file, piece in results[: given.get("max_num_results", 10)]
    ]
    return _page("vector_store.search_results.page", best, search_query=queries)


def search(
    store: Store, files: Iterable[JSON], queries: Iterable[str], least: float = 0
) -> list[tuple[float, JSON, str]]:
    """Return the pieces of files that hold words of a query: score, file, piece; the best first."""
    wanted = [words for words in map(_words, queries) if words]
    results = []
    for file in files:
        text = _text(store.content(file["id"]) or b"") or ""
        for piece in _pieces(text, **file["chunking_strategy"]["static"]):
            there = _words(piece)
            score = max((len(words & there) / len(words) for words in wanted), default=0)
            if score and score >= least:
                results.append((float(score), file, piece))
    return sorted(results, key=lambda result: -result[0])


def searched_by(store: Store, holders: Iterable[JSON], messages: Iterable[JSON]) -> list[JSON]:
    """Return the files that a run searches: of its assistant and thread, and those attached."""
    files: dict[str, JSON] = {}
    for holder in holders:
        resources = (holder.get("tool_resources") or {}).get("file_search") or {}
        for store_id in resources.get("vector_store_ids") or ():
            files |= {file["id"]: file for file in store.children(_FILE, store_id)}
    for message in messages:
        for attached in message.get("attachments") or ():
            kinds = [tool["type"] for tool in attached.get("tools") or ()]
            if "file_search" in kinds and "file_id" in attached:
                whole = {"id": attached["file_id"], "chunking_strategy": {"static": _AUTO}}
                files.setdefault(attached["file_id"], whole)
    return list(files.values())


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", normalize("NFKC", text).casefold()))


def _pieces(text: str, max_chunk_size_tokens: int, chunk_overlap_tokens: int) -> Iterator[str]:
    """Yield the pieces of a text; a token is a word here."""
    tokens = re.findall(r"\S+\s*", text)
    last = max(len(tokens) - chunk_overlap_tokens, 1)
    for start in range(0, last, max_chunk_size_tokens - chunk_overlap_tokens):
        yield "".join(tokens[start : start + max_chunk_size_tokens])


def _fits(condition: JSON | None, attributes: JSON) -> bool:
    if condition is None:
        return True
    kind = condition["type"]
    if kind in ("and", "or"):
        each = (_fits(inner, attributes) for inner in condition["filters"])
        return all(each) if kind == "and" else any(each)
    has, wanted = attributes.get(condition["key"]), condition["value"]
    if kind in _ORDERS:
        return _kind(has) == _kind(wanted) in (float, str) and _ORDERS[kind](has, wanted)
    values = wanted if isinstance(wanted, list) else [wanted]
    is_one = any(_kind(has) == _kind(value) and has == value for value in values)
    return is_one == (kind in ("eq", "in"))


def _kind(value: object) -> type:
    return float if type(value) is int else type(value)  # True is no 1


HANDLERS: dict[str, Handler] = {
    "create_vector_store": _create,
    "list_vector_stores": _list,
    "retrieve_vector_store": lambda call: _shown(call.store, _found(call)),
    "update_vector_store": _update,
    "delete_vector_store": lambda call: deleted(call, _STORE, "vector_store.deleted"),
    "search_vector_store": _search,
    "create_vector_store_file": lambda call: _add_file(call.store, _used(call)["id"], call.given),
    "list_vector_store_files": _list_files,
    "retrieve_vector_store_file": _file,
    "update_vector_store_file": _update_file,
    "delete_vector_store_file": _remove_file,
    "retrieve_vector_store_file_content": _content,
    "create_vector_store_file_batch": _create_batch,
    "retrieve_vector_store_file_batch": _batch,
    # Files are read at once, so there is never anything left to cancel.
    "cancel_vector_store_file_batch": _batch,
    "list_vector_store_file_batch_files": lambda call: _list_files(call, _batch(call)["id"]),
}
