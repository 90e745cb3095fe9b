"""The embedded server holds to the document, whatever it is asked: schemathesis against it.

A short run. The session `contract` of nox makes a long one: ``CONTRACT_EXAMPLES`` is the number of
requests for each operation.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from support import ROOT

pytest.importorskip("aiohttp")
schemathesis = pytest.importorskip("schemathesis")

from schemathesis import checks  # type: ignore[import-not-found, unused-ignore]  # noqa: E402
from schemathesis.core import NOT_SET  # type: ignore[import-not-found, unused-ignore]  # noqa: E402
from schemathesis.core.parameters import (  # type: ignore[import-not-found, unused-ignore] # noqa: E402
    ParameterLocation,
)

from laplas import Laplas  # noqa: E402
from laplas.local import LocalServer, running  # noqa: E402

LONG = "CONTRACT_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "12"))
THREAD = "thread_abc123"
MESSAGE = "msg_abc123"

schema = schemathesis.openapi.from_path(str(ROOT / "openapi.yaml"))
# Hundreds of prepared requests for each operation: only where there is time.
schema.config.phases.coverage.enabled = LONG
CHECKS = [checks.not_a_server_error, checks.response_schema_conformance]
CHECKS += [checks.status_code_conformance, checks.content_type_conformance]
CHECKS += [checks.response_headers_conformance, checks.unsupported_method]
CHECKS += [checks.allow_header_conformance]
# Not `ignored_auth`: any key will do. Not `positive_data_acceptance`: a run that is active, or a
# cursor that is gone, makes a right request fail.


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[LocalServer, str]]:
    with LocalServer() as server, running(server) as base_url:
        yield server, base_url


@schema.parametrize()  # type: ignore[untyped-decorator, unused-ignore]
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_server_answers_as_documented(case: Any, served: tuple[LocalServer, str]) -> None:
    """No 5xx, no undocumented status or content type, no body that breaks the document."""
    server, url = served
    if not server.messages(THREAD):  # an earlier request deleted it
        server.handle("DELETE", f"/threads/{THREAD}", {"authorization": "Bearer k"}, b"")
        server.add_thread(THREAD)
        server.add_message(THREAD, "hi", message_id=MESSAGE)
    # Half of the requests are about what is there; the ids of the others are made up.
    if len(repr(case.path_parameters)) % 2:
        known = {"threadId": THREAD, "messageId": MESSAGE}
        if "vectorStoreId" in case.path_parameters:
            known |= add_vector_store(server)
        given = dict(case.path_parameters)
        case.path_parameters = {name: known.get(name, id_) for name, id_ in given.items()}
    wrong = [checks.negative_data_rejection] if has_wrong_json(case) else []
    headers = {"Authorization": "Bearer k"}
    case.call_and_validate(base_url=url, headers=headers, checks=CHECKS + wrong)


def add_vector_store(server: LocalServer) -> dict[str, str]:
    """Make a vector store with one file, by a batch; return their ids."""
    with Laplas.local(server) as client:
        file = client.files.upload(("a.txt", b"What is there to find?")).id
        store = client.vector_stores.create().id
        batch = client.vector_stores.file_batches.create(store, file_ids=[file]).id
    return {"vectorStoreId": store, "fileId": file, "batchId": batch}


def has_wrong_json(case: Any) -> bool:
    """Whether the body breaks the document: key and ids are ours, and a form holds only text.

    No body is as good as an empty object, as in the vendor's documented calls.
    """
    body = case.meta and case.meta.components.get(ParameterLocation.BODY)
    is_json = case.media_type == "application/json" and case.body is not NOT_SET
    return bool(is_json and body and body.mode.is_negative)
