# Derived from ../_async/resources.py by tools/derive_sync.py; do not edit.
"""Messages and threads, as methods: check what is asked for and send it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Final,
    Literal,
    ParamSpec,
    TypeVar,
    Unpack,
    cast,
    overload,
)

from .._api import models
from .._core import operations as ops
from .._core.config import CallOptions
from .._core.operations import Order, Role
from .._core.redaction import hide_internal_frames
from .._core.response import RawResponse
from .._core.validation import check_id
from ..content import AttachmentLike, Content
from ..models import Message, Thread
from .pages import Page
from .sending import Sender

if TYPE_CHECKING:
    from .._core.run_operations import RunOptions
    from .._sync.prepared import PreparedMessages, PreparedThreads
    from ..models import Run
    from .run_resources import Runs
    from .streams import EventStream

POLL_DEADLINE: Final = 900.0
"""Seconds; a run expires at the server after about ten minutes."""

P = ParamSpec("P")
T = TypeVar("T")

Metadata = Mapping[str, str]
ToolResources = models.CreateThreadToolResources | models.ToolResources | Mapping[str, Any]


def as_raw(method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    return cast("Callable[P, RawResponse[T]]", method)


def bind(method: Callable[Concatenate[str, P], T], thread_id: str) -> Callable[P, T]:
    return functools.update_wrapper(functools.partial(method, thread_id), method)


@hide_internal_frames
class Messages:
    """The messages of threads: ``client.messages``."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(
        self,
        thread_id: str,
        content: Content,
        *,
        role: Role = "user",
        attachments: Iterable[AttachmentLike] | None = None,
        metadata: Metadata | None = None,
        once: bool | str = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Add a message to the end of a thread.

        Args:
            thread_id: The thread's id.
            content: A text, or parts: strings, `laplas.text`, `laplas.image_url`,
                `laplas.image_file`, dicts as in the API, or the content of another message.
            role: ``"user"``, or ``"assistant"`` to put words into the assistant's mouth.
            attachments: Files for tools, made with `laplas.attachment`.
            metadata: Up to 16 pairs; keys up to 64, values up to 512 characters.
            once: True to send again after a failure that leaves it open whether the message is
                there: it is marked, in one pair of its metadata, and looked for before. Or a key
                of your own: a message of the thread's newest that has it already is returned.
                What that guarantees is said in ``docs/retries.md``.
            wait_for_active_run: Wait where a run is active on the thread; else that is an error.
                A run that waits for tool outputs is active, too; without them it expires at the
                server, after about ten minutes.
            poll_deadline: Seconds to wait for that run at most. Default 900.
            **options: See `laplas.CallOptions`.

        Returns:
            The message as the server stored it.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread.
            ActiveRunError: A run is active on the thread; ``run_id`` names it.
            RunTimeoutError: It was still active at the deadline.
            APIError: Something else went wrong; ``may_have_taken_effect`` tells whether the
                message may be there all the same. Without `once` it is not sent again unless
                that is excluded.
        """
        timeout = ops.check_active_run_wait(wait_for_active_run, poll_deadline)
        call = ops.create_message(thread_id, content, role, attachments, metadata, once, timeout)
        return self._sender.send(call, options)

    def list(
        self,
        thread_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        before: str | None = None,
        run_id: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[Message]:
        """List the messages of a thread: the first page at once, the rest while iterating.

        Args:
            thread_id: The thread's id.
            page_size: Messages a request fetches, 1 to 100 (the vendor's limit). The server's
                default is 20.
            max_items: The most messages that iteration hands out. Default: all.
            order: ``"asc"`` for the oldest first. The server's default is ``"desc"``.
            after: Begin after the message with this id.
            before: End before the message with this id; pages are followed backwards then.
            run_id: Only the messages that this run wrote.
            limit: Another word for `page_size`, as in the API.
            read_ahead: While iterating, fetch the next page already while you work on the items of
                this one; at most one page ahead. See ``docs/listing.md`` for what it costs.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread.
            PaginationError: While iterating: the server's cursor does not move.
            APIError: Something else went wrong; ``cursor`` tells where to go on.
        """
        listing = ops.list_messages(
            thread_id,
            page_size=page_size,
            limit=limit,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            run_id=run_id,
            read_ahead=read_ahead,
        )
        return self._sender.pages(listing, options)

    def latest(
        self, thread_id: str, *, role: Role | None = None, **options: Unpack[CallOptions]
    ) -> Message | None:
        """Return the newest message of a thread, or the newest by a role; None where there is none.

        Args:
            thread_id: The thread's id.
            role: Only messages by the ``"user"`` or by the ``"assistant"``.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError, NotFoundError, PaginationError, APIError: As `list`.
        """
        listing = ops.list_newest(thread_id, role)
        newest = self._sender.pages(listing, options)
        for message in newest:
            if role is None or message.role == role:
                return message
        return None

    def retrieve(self, thread_id: str, message_id: str, **options: Unpack[CallOptions]) -> Message:
        """Read a message.

        Args:
            thread_id: The thread's id.
            message_id: The message's id.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or message.
            APIError: Something else went wrong.
        """
        return self._sender.send(ops.retrieve_message(thread_id, message_id), options)

    def update(
        self,
        thread_id: str,
        message_id: str,
        *,
        metadata: Metadata | None,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Change a message's metadata; nothing else of a message can be changed.

        The answer has no ``attachments`` (recorded traffic: it has ``file_ids`` in their place),
        so do not put it in the place of a message you hold.

        Args:
            thread_id: The thread's id.
            message_id: The message's id.
            metadata: Up to 16 pairs; keys up to 64, values up to 512 characters.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or message.
            APIError: Something else went wrong.
        """
        return self._sender.send(ops.update_message(thread_id, message_id, metadata), options)

    def delete(
        self, thread_id: str, message_id: str, **options: Unpack[CallOptions]
    ) -> models.DeletedMessage:
        """Delete a message. A repeated attempt that finds it gone counts as deleted.

        Args:
            thread_id: The thread's id.
            message_id: The message's id.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or message.
            APIError: Something else went wrong.
        """
        return self._sender.send(ops.delete_message(thread_id, message_id), options)

    @property
    def with_raw_response(self) -> RawMessages:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return RawMessages(Messages(self._sender.raw()))

    @property
    def prepare(self) -> PreparedMessages:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        from .._sync.prepared import prepared_messages

        return prepared_messages(self._sender.prepare())


@hide_internal_frames
class Threads:
    """Threads: ``client.threads``. Its ``messages`` are the client's."""

    def __init__(self, sender: Sender, messages: Messages) -> None:
        self._sender = sender
        self.messages = messages

    def create(
        self,
        *,
        messages: Iterable[str | Mapping[str, Any] | models.CreateMessageRequest] | None = None,
        metadata: Metadata | None = None,
        tool_resources: ToolResources | None = None,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Start a thread.

        Args:
            messages: First messages: strings (by the user) or dicts with the fields of
                `Messages.create`.
            metadata: Up to 16 pairs; keys up to 64, values up to 512 characters.
            tool_resources: Files and vector stores for tools, as a dict as in the API.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong; ``may_have_taken_effect`` tells whether the
                thread may be there all the same.
        """
        return self._sender.send(ops.create_thread(messages, metadata, tool_resources), options)

    def retrieve(self, thread_id: str, **options: Unpack[CallOptions]) -> Thread:
        """Read a thread.

        Args:
            thread_id: The thread's id.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: The id is not valid; nothing was sent.
            NotFoundError: There is no such thread.
            APIError: Something else went wrong.
        """
        return self._sender.send(ops.retrieve_thread(thread_id), options)

    def update(
        self,
        thread_id: str,
        *,
        metadata: Metadata | None = None,
        tool_resources: ToolResources | None = None,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Change a thread's metadata or its tools' files.

        Args:
            thread_id: The thread's id.
            metadata: Up to 16 pairs; keys up to 64, values up to 512 characters.
            tool_resources: Files and vector stores for tools, as a dict as in the API.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread.
            APIError: Something else went wrong.
        """
        return self._sender.send(ops.update_thread(thread_id, metadata, tool_resources), options)

    def delete(self, thread_id: str, **options: Unpack[CallOptions]) -> models.DeletedThread:
        """Delete a thread with all its messages.

        A repeated attempt that finds it gone counts as deleted.

        Args:
            thread_id: The thread's id.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: The id is not valid; nothing was sent.
            NotFoundError: There is no such thread.
            APIError: Something else went wrong.
        """
        return self._sender.send(ops.delete_thread(thread_id), options)

    @overload
    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: Mapping[str, Any] | None = None,
        tool_resources: ToolResources | None = None,
        stream: Literal[False] = False,
        **options: Unpack[RunOptions],
    ) -> Run: ...
    @overload
    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: Mapping[str, Any] | None = None,
        tool_resources: ToolResources | None = None,
        stream: Literal[True],
        **options: Unpack[RunOptions],
    ) -> EventStream: ...
    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: Mapping[str, Any] | None = None,
        tool_resources: ToolResources | None = None,
        stream: bool = False,
        **options: Unpack[RunOptions],
    ) -> Run | EventStream:
        """Start a thread and a run on it in one request.

        Args:
            assistant_id: The assistant's id.
            thread: A dict with the fields of `create`.
            tool_resources: Instead of the assistant's, as a dict as in the API.
            stream: Return the events of the run as they come instead of the run.
            **options: See `laplas.RunOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        from .._core import run_operations as run_ops

        body, call_options = run_ops.split_options(options, run_ops.RunOptions)
        call = run_ops.create_thread_and_run(assistant_id, thread, tool_resources, body, stream)
        if stream:
            return self._sender.stream(call, call_options)
        return self._sender.send(call, call_options)

    @property
    def runs(self) -> Runs:
        """The runs of threads: the same as ``client.runs``."""
        from .run_resources import Runs

        return Runs(self._sender)

    @property
    def with_raw_response(self) -> RawThreads:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return RawThreads(Threads(self._sender.raw(), self.messages))

    @property
    def prepare(self) -> PreparedThreads:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        from .._sync.prepared import prepared_threads

        return prepared_threads(self._sender.prepare())


@hide_internal_frames
class ThreadHandle:
    """One thread, by its id: ``client.thread(id)``. Making it sends nothing."""

    def __init__(self, threads: Threads, thread_id: str) -> None:
        self.id = check_id("thread_id", thread_id)
        self._sender = threads._sender
        self.messages = ThreadMessages(threads.messages, self.id)
        self.retrieve = bind(threads.retrieve, self.id)
        self.update = bind(threads.update, self.id)
        self.delete = bind(threads.delete, self.id)

    def ask(
        self,
        content: Content,
        *,
        assistant: str,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Message:
        """Add a message, run an assistant on the thread, wait, and return its reply.

        Args:
            content: See `Messages.create`.
            assistant: The assistant's id.
            wait_for_active_run: Wait where another run is active on the thread: see
                `Messages.create`. Else that is an error.
            poll_deadline: Seconds to wait for the run at most, and before for an active one.
                Default 900.
            **options: See `laplas.RunOptions`. Python functions among the ``tools`` are called
                when the model asks for it: their arguments are checked against their type hints,
                and what they return, or how they failed, is told to the model. ``extra_query`` and
                ``extra_body`` are for the request that starts the run.

        Returns:
            The last message that the run wrote. Where the assistant refused to answer, its
            ``refusal`` says so, and its ``text`` is empty.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            ActiveRunError: A run is active on the thread.
            RunFailedError, RunExpiredError, RunCancelledError, RunIncompleteError: The run did
                not complete.
            RunRequiresActionError: It waits for a function that was not given.
            RunTimeoutError: It was still going at the deadline.
            APIError: Something else went wrong.
        """
        from .runs import ask, prepare_ask

        request = prepare_ask(
            self.id, content, assistant, options, wait_for_active_run, poll_deadline
        )
        return ask(self._sender, request)

    def ask_stream(
        self,
        content: Content,
        *,
        assistant: str,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Iterator[str]:
        """As `ask`, returning the text of the reply piece by piece as it is written.

        Where the assistant refuses to answer, the pieces of its refusal are `laplas.Refusal`, which
        is a str. Nothing is sent before the first piece is asked for.

        Args:
            content: See `ask`, as for the others that are not described here.
            assistant: See there.
            wait_for_active_run: See there.
            poll_deadline: Seconds to wait for an active run at most, and to continue with the
                functions that the model calls. Default 900.
            **options: See `ask`.

        Raises:
            StreamError, StreamCutError: While iterating: the stream brought an error or ended
                early; ``partial`` is what had come.
            InvalidArgumentError, ActiveRunError, RunError, APIError: As `ask`, while iterating
                but for the first.
        """
        from .runs import ask_stream, prepare_ask

        request = prepare_ask(
            self.id, content, assistant, options, wait_for_active_run, poll_deadline, stream=True
        )
        return ask_stream(self._sender, request)

    def __repr__(self) -> str:
        return f"<thread {self.id!r}>"


# The same methods under other types: the sender behind them decides what they return.


class RawMessages:
    """The calls of `Messages`, returning `RawResponse`."""

    def __init__(self, messages: Messages) -> None:
        self.create = as_raw(messages.create)
        self.list = as_raw(messages.list)
        self.retrieve = as_raw(messages.retrieve)
        self.update = as_raw(messages.update)
        self.delete = as_raw(messages.delete)


class RawThreads:
    """The calls of `Threads`, returning `RawResponse`."""

    def __init__(self, threads: Threads) -> None:
        self.create = as_raw(threads.create)
        self.retrieve = as_raw(threads.retrieve)
        self.update = as_raw(threads.update)
        self.delete = as_raw(threads.delete)
        self.create_and_run = as_raw(threads.create_and_run)


class ThreadMessages:
    """The calls of `Messages` for one thread: without their first argument."""

    def __init__(self, messages: Messages, thread_id: str) -> None:
        self.create = bind(messages.create, thread_id)
        self.list = bind(messages.list, thread_id)
        self.latest = bind(messages.latest, thread_id)
        self.retrieve = bind(messages.retrieve, thread_id)
        self.update = bind(messages.update, thread_id)
        self.delete = bind(messages.delete, thread_id)
