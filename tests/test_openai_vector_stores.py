"""Vector stores in the words of the openai package: files uploaded, added and waited for."""

from __future__ import annotations

import inspect
import io
import math
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest
from scripted import answer, run_async, run_both, run_sync

import laplas

openai = pytest.importorskip("openai")


def test_vector_stores_take_every_parameter_of_the_openai_package() -> None:
    """By name: client.vector_stores takes ids in the order of the path."""
    theirs, ours = openai.OpenAI(api_key="k").vector_stores, laplas.Laplas(api_key="k")
    missing = set()
    for place in ("", "files", "file_batches"):
        resource = getattr(theirs, place) if place else theirs
        for client in (ours.vector_stores, ours.beta.vector_stores):
            own = getattr(client, place) if place else client
            for name, method in inspect.getmembers(resource, inspect.ismethod):
                if name.startswith("_"):
                    continue
                taken = (
                    inspect.signature(getattr(own, name)).parameters if hasattr(own, name) else {}
                )
                wanted = inspect.signature(method).parameters.keys()
                missing |= {f"{place}.{name}({n})" for n in wanted - taken.keys()} - {
                    f"{place}.{name}({n})" for n in get_type_hints(laplas.CallOptions)
                }
    assert missing == {
        f"files.upload({n})" for n in ("vector_store_id", "file", "chunking_strategy")
    }


FILE = {"id": "file-1", "object": "file", "bytes": 1, "created_at": 1, "filename": "a"}
FILE |= {"purpose": "assistants", "status": "processed"}
COUNTS = {"in_progress": 0, "completed": 1, "failed": 0, "cancelled": 0, "total": 1}


def batch(status: str) -> Any:
    kept = {"id": "vsfb_1", "object": "vector_store.files_batch", "vector_store_id": "vs_1"}
    return answer({**kept, "created_at": 1, "status": status, "file_counts": COUNTS})


def upload_batch(**given: Any) -> Callable[[Any], Any]:
    given = {"files": [b"a"], "file_ids": ["file-0"], **given}
    return lambda c: c.vector_stores.file_batches.upload_and_poll("vs_1", **given)


@pytest.mark.parametrize(
    "given",
    [
        *({"poll_interval_ms": n} for n in (-1, "5", True, math.nan)),
        *({"max_wait_seconds": n} for n in (0, math.inf, "5")),
        *({"max_concurrency": n} for n in (0, True, 1.5, None)),
        *({"files": n} for n in ("a.txt", b"abc", None, 7, io.BytesIO(), [7], [None])),
        {"deadline": -1}, {"file_ids": "file-1"}, {"attributes": {"a": object()}},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_files_are_uploaded(given: dict[str, Any]) -> None:
    assert isinstance(run_both(upload_batch(**given)).problem, laplas.InvalidArgumentError)


@pytest.mark.parametrize("run", [run_sync, run_async])
def test_files_are_uploaded_and_what_is_made_of_them_is_waited_for(run: Any) -> None:
    states = [batch(status) for status in ("in_progress", "in_progress", "failed")]
    given = {"files": iter([b"a", b"b"]), "max_concurrency": 1, "max_wait_seconds": openai.omit}
    ran = run(upload_batch(**given), answer(FILE), answer({**FILE, "id": "file-2"}), *states)
    assert ran.result.status == "failed"
    assert ran.requests[2].json()["file_ids"] == ["file-0", "file-1", "file-2"]
    looks = [request.target for request in ran.requests[3:]]
    assert looks == ["/vector_stores/vs_1/file_batches/vsfb_1"] * 2
    assert ran.waits == pytest.approx([1.0])


@pytest.mark.parametrize("run", [run_sync, run_async])
@pytest.mark.parametrize(
    ("steps", "uploaded", "requests"),
    [
        ([answer(FILE), answer("{}", 400)], ("file-1",), 2),
        ([answer(FILE), answer(FILE), answer("{}", 404)], ("file-1", "file-1"), 3),
        ([answer(FILE)] * 2 + [batch("in_progress")] * 3, ("file-1", "file-1"), 5),
    ],
)
def test_an_error_tells_what_was_done_before(
    steps: Any, uploaded: Any, requests: int, run: Any
) -> None:
    options = {"max_concurrency": 1, "max_wait_seconds": 0.5, "poll_interval_ms": 900}
    ran = run(upload_batch(files=[b"a", b"b"], **options), *steps)
    assert (ran.error.uploaded_files, len(ran.requests)) == (uploaded, requests)
    assert ran.error.may_have_taken_effect
    assert isinstance(ran.problem, laplas.APIError)
