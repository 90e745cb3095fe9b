"""An embedded server of the Message API: for offline use, demos and your own tests.

`LocalServer` keeps everything in SQLite and answers the operations on threads, messages,
assistants, runs, run steps, files and vector stores in the shapes that recorded traffic has, which
are not always the documented ones:

* Outside streams, a message has no `status`, `completed_at`, `incomplete_at` or
  `incomplete_details`.
* Updating a message answers `file_ids: []` and no `attachments`. Nothing is lost: the next
  retrieve shows the attachments again.
* A thread without files is created with `tool_resources: {}` and retrieved with
  `{"code_interpreter": {"file_ids": []}}`.
* A run has `tool_resources: {}`, in streams `{"code_interpreter": {"file_ids": []}}`. A step has
  `expires_at`, not `expired_at`, and no `metadata`.
* Tools show what counts where the request says nothing: the ranking of a file search, `strict` of a
  function. An assistant's tools show their resources; `vector_stores` become `vector_store_ids`.
* Every success is a 200. `first_id` and `last_id` are null on an empty page.
* Errors are `{"error": {"message", "type", "param", "code"}}` with all four keys.

Any non-empty key is accepted, as bearer or in `api-key`. The `OpenAI-Beta` header is neither
required nor read, and neither is the query's `api-version`. Paths work with and without a leading
`/v1`. Requests are checked by the document; where it names the known values of an open set, such as
the words for `tool_choice`, this server takes no others.

What assistants say comes from a function, by default an `echo`: see `LocalServer` and `Reply`. What
it does where no recording shows what is right, and what it does not imitate, stands in
``docs/testing.md``; so does how it does what a server should not, see `Fault` and `Faults`.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from os import PathLike
from typing import Any, Final, Self

from . import _control, _dispatch, _routes, _seeds
from ._chat import reply_through
from ._clock import Clock, use
from ._faults import AcceptedRequest, Delivery, Fault, Faults, plan_answer
from ._guard import require_key
from ._journal import Journal, RecordedRequest
from ._replies import Citation, Passage, Reply, ReplyFunction, ToolCall, ToolOutput, Turn, echo
from ._routes import Live, LocalResponse
from ._run_routes import assistant_document
from ._store import Store
from ._validation import RequestError
from ._written_replies import read_replies

__all__ = [
    "Citation",
    "Clock",
    "Fault",
    "Faults",
    "LocalResponse",
    "LocalServer",
    "Passage",
    "RecordedRequest",
    "Reply",
    "ReplyFunction",
    "ToolCall",
    "ToolOutput",
    "Turn",
    "echo",
    "read_replies",
    "reply_through",
    "running",
]


class LocalServer:
    """A stateful server without a socket: `handle` takes a request and returns the answer.

    Safe to share between threads; every request is one atomic step. Use it as a context manager,
    or call `close`.

    What the Python methods do, requests to ``/_laplas/`` do too, without a key.

    Attributes:
        faults: The fault plan, which can be changed at any time.
        read_only: Whether every request that would change data is answered with 403.
        clock: The time that the server goes by, which can be frozen and set forward.
    """

    def __init__(
        self,
        database: str = ":memory:",
        *,
        examples: bool = True,
        faults: Iterable[Fault | str] = (),
        fault_seed: int | None = None,
        fault_header: bool = True,
        reply: ReplyFunction = echo,
        base_path: str = "",
        read_only: bool = False,
        seed: int | str | None = None,
        load: Iterable[str | PathLike[str]] = (),
    ) -> None:
        """Open the server.

        Args:
            database: File to keep the data in, created when missing; ":memory:" keeps it in this
                object only.
            examples: Add the ids that the vendor's documentation uses, so that its snippets run
                as they are: thread `thread_abc123` with the user messages `msg_abc123` and
                `msg_abc12`, and assistant `asst_abc123`. Nothing is added when that thread exists
                already.
            faults: What goes wrong: `Fault`, or text such as
                ``"create_message: reset-after-commit x2"``.
            fault_seed: For the draws of faults that have a probability; the same seed and the
                same requests in the same order give the same faults. Default: another each time.
            fault_header: Whether a request may ask for its own fault, as in
                ``X-Laplas-Fault: status=503 x2 retry-after=0``.
            reply: What assistants answer: a function that takes a `Turn` and returns text or a
                `Reply`, or a generator of them: see `ReplyFunction`. Where it raises, the answer is
                a 500 and the log `laplas.local` has the traceback. Default: `echo`.
            base_path: What all paths begin with, such as ``"/api/projects/p"``; others are 404s.
            read_only: Answer every request but a GET with 403, and add no examples.
            seed: Makes the ids deterministic: the same seed and the same requests in the same
                order give the same ids. Default: random ids.
            load: What to begin with: see the method `load`.

        Raises:
            ValueError: The text of a fault cannot be understood, `base_path` has no slash first,
                `seed` is neither a whole number nor text, or what to load cannot be read.
            sqlite3.Error: The file cannot be opened, or is no database of this server.
        """
        self.faults = Faults(faults, fault_seed, fault_header)
        self._reply = reply
        self._journal = Journal()
        self._examples = examples
        self.base_path = base_path.rstrip("/")
        if self.base_path and self.base_path[0] != "/":
            raise ValueError(f"base_path: must begin with '/', got {base_path!r}")
        if isinstance(load, str | PathLike):
            raise ValueError(f"load: give a list of paths, as in [{os.fspath(load)!r}]")
        self._store = Store(database, seed, self._journal.tell)
        self.clock: Clock = self._store.source.clock
        self._seed_of_start = seed
        self._start: bytes | None = None
        self.read_only = read_only
        try:
            for path in load:
                self.load(path)
        except BaseException:
            self.close()
            raise
        if examples and not read_only:
            self._add_examples()
        if load:
            self.mark_start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database. Later requests raise `sqlite3.ProgrammingError`."""
        self._store.close()

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> LocalResponse:
        """Answer one request.

        Without faults no input makes it raise or answer with 500 or more, except for 501: the
        document has the operation, and this server has no handler for it.

        Args:
            method: The HTTP method, in capitals.
            target: Path and query as on the request line, still percent-encoded.
            headers: Request headers; names in any case. Only `Authorization`, `api-key`,
                `X-Laplas-Fault` and, where a file is uploaded, `Content-Type` are read.
            body: The request body; ignored for GET and DELETE.

        Raises:
            ConnectionResetError: A fault resets the connection here.
            ConnectionAbortedError: A fault closes the connection here, or cuts the answer.
        """
        return self._deliver(method, target, headers, body).whole()

    def _deliver(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Delivery:
        """Answer a request, with the waits that a fault asks for."""
        accepted = self.accept(method, target, headers, body)
        _wait(accepted.wait_before)
        delivery = accepted.carry_out()
        _wait(accepted.wait_after)
        return delivery

    def accept(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> AcceptedRequest:
        """Accept one request; the caller does the waiting. For the arguments see `handle`."""
        given = {name.lower(): value.strip() for name, value in headers.items()}
        if _control.is_control(target):
            return plan_answer(None, lambda: _control.respond(self, method, target, given, body))
        started = time.perf_counter()
        request = (method, target, given, body)
        fault, plan = self._plan(*request)

        def record(ended: Delivery) -> None:
            seconds = time.perf_counter() - started
            delivered = None if ended.how in ("reset", "close") else ended.response
            self._journal.record(request, delivered, seconds, fault.name if fault else None)

        def carry_out() -> Delivery:
            with use(self._store.source):
                delivery = plan.carry_out()
            if delivery.live is not None:
                delivery.live.over.add_done_callback(lambda _: record(delivery.ended()))
            else:
                record(delivery)
            return delivery

        return plan._replace(carry_out=carry_out)

    def record_refusal(
        self, method: str, target: str, headers: Mapping[str, str], error: RequestError
    ) -> LocalResponse:
        """Record a request that is refused before its body is read, and return the answer."""
        given = {name.lower(): value for name, value in headers.items()}
        with use(self._store.source):
            response = _routes.refused(error)
        if not _control.is_control(target):
            self._journal.record((method, target, given, b""), response, 0)
        return response

    def _plan(
        self, method: str, target: str, given: Mapping[str, str], body: bytes
    ) -> tuple[Fault | None, AcceptedRequest]:
        def answer() -> LocalResponse | Live:
            return _dispatch.respond(self._store, self._reply, method, target, given, body)

        try:
            require_key(given)
            if not target.startswith(f"{self.base_path}/"):
                raise RequestError(404, f"Invalid URL ({method} {target.partition('?')[0]})")
            target = target.removeprefix(self.base_path)
            if self.read_only and method not in ("GET", "HEAD"):
                raise RequestError(403, "This server is read-only.", code="read_only")
            fault = self.faults.match(method, target, given)
        except RequestError as error:
            refusal = error
        except ValueError as error:
            refusal = RequestError(400, str(error), param="X-Laplas-Fault")
        else:
            if fault is not None:
                self._journal.tell("faults")
            return fault, plan_answer(fault, answer)
        return None, plan_answer(None, lambda: _routes.refused(refusal))

    @property
    def requests(self) -> list[RecordedRequest]:
        """The last 500 requests with their answers, oldest first; those to /_laplas/ are not."""
        return self._journal.requests()

    def threads(self) -> list[dict[str, Any]]:
        """Return every thread as stored, oldest first."""
        return self._store.children("thread", "")

    def reset(self) -> None:
        """Go back to the start: data, requests, faults, clock and ids.

        The data becomes what it was at `mark_start`. Where that was never called, all data is
        deleted, in a database file, too, and the examples are added again where the server was
        opened with them.
        """
        self.clock.reset()
        self.faults.reset()
        self.set_seed(self._seed_of_start)
        with self._store.transaction():
            if self._start is not None:
                self._store.restore(self._start)
            else:
                self._store.clear()
                if self._examples and not self.read_only:
                    self._add_examples()
        self._journal.clear()

    def mark_start(self) -> None:
        """Make the data of now what `reset` goes back to, such as a seed that was just loaded."""
        self._start = self._store.snapshot()

    def set_seed(self, seed: int | str | None) -> None:
        """Let the ids begin anew, as `LocalServer(seed=...)` does; None makes them random.

        Raises:
            ValueError: `seed` is neither a whole number nor text.
        """
        self._store.source.ids.set_seed(seed)
        self._journal.tell("seed")

    def snapshot(self) -> bytes:
        """Return all data, to `restore` it later: the bytes of an SQLite file.

        Requests, faults, clock and seed are not in it.
        """
        return self._store.snapshot()

    def restore(self, snapshot: bytes) -> None:
        """Take the data of a snapshot in place of what is here.

        Raises:
            ValueError: It is not what `snapshot` returns. All data is as it was then.
        """
        with self._store.transaction():
            self._store.restore(snapshot)
        self._journal.tell("everything")

    def add_thread(
        self,
        thread_id: str | None = None,
        *,
        created_at: float | None = None,
        metadata: Mapping[str, str] | None = None,
        tool_resources: Mapping[str, Any] | None = None,
        omit: Collection[str] = (),
        **fields: Any,
    ) -> dict[str, Any]:
        """Put a thread into the database without any check, and return it.

        Args:
            thread_id: Its id; a random one by default.
            created_at: Unix seconds; now by default.
            metadata: Empty by default.
            tool_resources: By default what retrieve answers for a thread without files.
            omit: Fields to leave out, for the shapes of older servers.
            fields: Any further fields, stored and answered as they are.

        Raises:
            ValueError: The id is taken.
        """
        given = _routes.without_nulls({"id": thread_id, "created_at": created_at})
        resources = _routes.no_files() if tool_resources is None else {**tool_resources}
        given |= {"metadata": {**(metadata or {})}, "tool_resources": resources}
        with self._store.transaction():
            return self._seed(_routes.thread_document(given), fields, omit)

    def add_message(
        self,
        thread_id: str,
        content: str | Sequence[Mapping[str, Any]],
        *,
        role: str = "user",
        message_id: str | None = None,
        created_at: float | None = None,
        assistant_id: str | None = None,
        run_id: str | None = None,
        attachments: Sequence[Mapping[str, Any]] | None = (),
        metadata: Mapping[str, str] | None = None,
        omit: Collection[str] = (),
        **fields: Any,
    ) -> dict[str, Any]:
        """Put a message into the database without any check, and return it.

        This is the way to get what no request can create: answers of an assistant, annotations,
        refusals, fields this server would not send.

        Args:
            thread_id: The thread, which must exist.
            content: Plain text, or a list of content parts in the shape of answers.
            role: `user` or `assistant`.
            message_id: Its id; a random one by default.
            created_at: Unix seconds; now by default. It decides the place in the thread, together
                with the order of the calls when seconds are equal.
            assistant_id, run_id: What wrote it.
            attachments, metadata: Empty by default.
            omit, fields: As for `add_thread`.

        Raises:
            LookupError: There is no such thread.
            ValueError: The id is taken.
        """
        parts = [_routes.text_part(content)] if isinstance(content, str) else _copies(content)
        given = {
            **_routes.without_nulls({"created_at": created_at}),
            "assistant_id": assistant_id,
            "run_id": run_id,
            "role": role,
            "content": parts,
            "attachments": _copies(attachments or ()),
            "metadata": {**(metadata or {})},
        }
        with self._store.transaction():
            message = _routes.message_document(thread_id, given, message_id)
            if self._store.get("thread", thread_id) is None:
                raise LookupError(f"there is no thread {thread_id!r}")
            return self._seed(message, fields, omit)

    def _seed(
        self, document: dict[str, Any], fields: Mapping[str, Any], omit: Collection[str]
    ) -> dict[str, Any]:
        shown = {key: value for key, value in {**document, **fields}.items() if key not in omit}
        try:
            with self._store.transaction():
                self._store.add(document, shown)
        except sqlite3.IntegrityError:
            kind = document["object"].removeprefix("thread.")
            raise ValueError(f"{kind} {document['id']!r} exists already") from None
        return shown

    def messages(self, thread_id: str) -> list[dict[str, Any]]:
        """Return every message of the thread as stored, oldest first; empty without the thread."""
        return self._store.children("thread.message", thread_id)

    def put(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Put an object into the database without any check: see `put_many`."""
        self.put_many([document])
        return dict(document)

    def put_many(self, documents: Iterable[Mapping[str, Any]]) -> None:
        """Put objects into the database without any check: all of them, or none on an error.

        Each is stored and answered as it is, and replaces what had its id. A run that is put here
        does not go on by itself: it keeps its status until it is put again or cancelled.

        Args:
            documents: Threads, messages, assistants, runs, run steps and files, in the shape of
                answers; at least `id`, `object` and `created_at`, in a message `thread_id`, in a
                run `thread_id` and `status`, in a step `run_id`.

        Raises:
            LookupError: A field that is needed is missing.
            ValueError: `object` is none of theirs.
        """
        with self._store.transaction():
            for document in documents:
                if document["object"] not in _seeds.PUTTABLE:
                    problem = f"{document['object']!r} is none of {', '.join(_seeds.PUTTABLE)}"
                    raise ValueError(f"object: {problem}")
                self._store.put(dict(document))

    def put_file(self, document: Mapping[str, Any], content: bytes) -> None:
        """Put a file with its bytes into the database; see `put_many` for the document."""
        self.put(document)
        with self._store.transaction():
            self._store.put_content(document["id"], content)

    def load(self, path: str | PathLike[str]) -> None:
        """Put what is in a file or folder into the database: all of it, or nothing on an error.

        What is there is stored and answered as it is, and replaces what had its id; see `put_many`.
        A thread, message or assistant without `created_at` gets what it lacks: id, time and the
        rest; the content of such a message may be text.

        Args:
            path: A folder that `laplas export` wrote; a file with an object in each line, as JSON,
                which `object` tells apart; or a folder of such files, named ``*.jsonl``.

        Raises:
            ValueError: It cannot be read, or a message, run or step belongs to nothing; the text
                names file and line.
        """
        _seeds.load(self._store, path)

    def set_run(self, run_id: str, **changes: Any) -> dict[str, Any]:
        """Change fields of a run without any check, such as `status`; see `put`.

        Raises:
            LookupError: There is no such run.
        """
        with self._store.transaction():
            run = self._store.find_run(run_id)
            if run is None:
                raise LookupError(f"there is no run {run_id!r}")
            return self.put(run | changes)

    def _add_examples(self) -> None:
        thread_id = "thread_abc123"
        if self._store.get("thread", thread_id) is not None:
            return
        with self._store.transaction():
            self.put(assistant_document({"id": "asst_abc123", "model": "gpt-4o"}))
            self.add_thread(thread_id)
            for message_id, text in _EXAMPLES.items():
                self.add_message(thread_id, text, message_id=message_id)


_EXAMPLES: Final = {
    "msg_abc12": "In plain words: how does a computer learn?",
    "msg_abc123": "And what does it do with a question of mine?",
}
MAX_BODY_BYTES: Final = 64 * 1024 * 1024
"""The largest body of a request over HTTP, where nothing else is said."""


def running(
    server: LocalServer,
    *,
    port: int = 0,
    allow_hosts: Collection[str] = (),
    max_body_bytes: int = MAX_BODY_BYTES,
    cors: Collection[str] = (),
) -> AbstractContextManager[str]:
    """Serve over HTTP on 127.0.0.1 from a background thread, for the length of a `with` block.

    The block gets the base URL, such as `http://127.0.0.1:40217`. The server is left open.

    Args:
        server: What to serve.
        port: TCP port; 0 takes a free one.
        allow_hosts: Names that a request's `Host` and `Origin` may have beside `localhost` and
            loopback addresses. Others are refused with 403, so that no page of another site that
            your browser shows can use the server.
        max_body_bytes: The largest body; a larger one is refused with 413. The key is checked
            before a body is read.
        cors: Origins, such as `https://app.example`, whose pages may read answers, those of
            `/_laplas/` included. Pages of loopback origins and of `allow_hosts` may use the API.

    Raises:
        ValueError: `allow_hosts`, `cors` or `max_body_bytes` makes no sense.
        ModuleNotFoundError: aiohttp is missing; `pip install 'laplas[local]'` brings it.
        OSError: The port is taken.
    """
    from ._http import Limits
    from ._http import running as running_over_http

    return running_over_http(server, port, Limits(allow_hosts, max_body_bytes, cors))


def _wait(seconds: float) -> None:
    if seconds:  # sleeping for 0 seconds, too, lets others have the processor
        time.sleep(seconds)


def _copies(items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [dict(item) for item in items]
