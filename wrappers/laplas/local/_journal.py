"""What a server was asked, and what changed in it: for tests, and for the page."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final, NamedTuple

from ._routes import LocalResponse

KEPT_REQUESTS: Final = 500
KEPT_BYTES: Final = 32 * 1024
"""Of a body. The rest is cut off; `body_size` and `answer_size` tell how long it was."""
_KEPT_CHANGES: Final = 1000
_SECRET_LENGTH: Final = 8
"""Shorter keys, such as `x`, are no secrets, and too likely to be a part of other words."""


class RecordedRequest(NamedTuple):
    """A request and its answer. Headers are not kept, so no key is; bodies end at 32 KiB."""

    number: int
    """Counts the requests of the server from 1."""
    time: float
    """When it came, in Unix seconds of the real clock."""
    method: str
    path: str
    """With its query, as on the request line."""
    status: int | None
    """None where a fault broke the connection."""
    milliseconds: float
    request_id: str | None
    fault: str | None
    """The name of the fault that struck."""
    content_type: str
    body: bytes
    body_size: int
    answer_type: str
    answer: bytes
    answer_size: int


class Change(NamedTuple):
    """Something is different now."""

    number: int
    kind: str
    """The `object` of a document, or `requests`, `faults`, `clock`, `seed`, `everything`."""
    id: str
    thread_id: str


class Journal:
    """The last requests and changes of a server. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: deque[RecordedRequest] = deque(maxlen=KEPT_REQUESTS)
        self._changes: deque[Change] = deque(maxlen=_KEPT_CHANGES)
        self._request_numbers = itertools.count(1)
        self.last_change = 0
        self.on_request: Callable[[RecordedRequest], object] = lambda _: None
        """Called with each request, from the thread that answers it."""

    def requests(self) -> list[RecordedRequest]:
        """Return the last requests, oldest first."""
        with self._lock:
            return list(self._requests)

    def changes(self, after: int) -> list[Change]:
        """Return the changes with a higher number, oldest first.

        Where some of them are forgotten, or the number is one of an earlier server, the only one
        is `everything`.
        """
        if after == self.last_change:
            return []
        with self._lock:
            first = self._changes[0].number if self._changes else 1
            if not first - 1 <= after <= self.last_change:
                return [Change(self.last_change, "everything", "", "")]
            return [change for change in self._changes if change.number > after]

    def tell(self, kind: str, id_: str = "", thread_id: str = "") -> None:
        """Add a change."""
        with self._lock:
            self.last_change += 1
            self._changes.append(Change(self.last_change, kind, id_, thread_id))

    def record(
        self,
        request: tuple[str, str, Mapping[str, str], bytes],
        response: LocalResponse | None,
        seconds: float,
        fault: str | None = None,
    ) -> None:
        """Add a request: method, target, headers with names in lower case, body."""
        method, target, headers, body = request
        answer = response or LocalResponse(0, (), b"")
        given = {name.lower(): value for name, value in answer.headers}
        bearer = headers.get("authorization", "").partition(" ")[2].strip()
        keys = [key for key in (bearer, headers.get("api-key", "")) if len(key) >= _SECRET_LENGTH]

        def kept(data: bytes) -> bytes:
            # A key at the cut would be kept in part, so more is looked through than is kept.
            data = data[: KEPT_BYTES + max(map(len, keys), default=0)]
            for key in keys:
                data = data.replace(key.encode("utf-8", "replace"), b"***")
            return data[:KEPT_BYTES]

        with self._lock:
            recorded = RecordedRequest(
                number=next(self._request_numbers),
                time=time.time() - seconds,
                method=method,
                path=kept(target.encode("utf-8", "replace")).decode("utf-8", "replace"),
                status=response and response.status,
                milliseconds=round(seconds * 1000, 1),
                request_id=given.get("x-request-id"),
                fault=fault,
                content_type=headers.get("content-type", ""),
                body=kept(body),
                body_size=len(body),
                answer_type=given.get("content-type", ""),
                answer=kept(answer.body),
                answer_size=len(answer.body),
            )
            self._requests.append(recorded)
        self.on_request(recorded)
        self.tell("requests")

    def clear(self) -> None:
        """Forget the requests, and tell that everything changed."""
        with self._lock:
            self._requests.clear()
            self._request_numbers = itertools.count(1)
        self.tell("everything")
