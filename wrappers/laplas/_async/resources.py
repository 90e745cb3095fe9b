"""What messages and threads have beside the operations of the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, Unpack

from .._core.request import CHECKER
from ..generated import AsyncCarrier, bind, cached_property, hide_internal_frames
from ..generated import messages as generated
from ..generated import threads as generated_threads

if TYPE_CHECKING:
    from ..models import Message, Reply, Thread
    from ..types import AsyncPages, CallOptions, Content, RunOptions
    from .runs import AsyncReplyStream, AsyncRuns
    from .sending import AsyncSender

POLL_DEADLINE: Final = 900.0
"""Seconds; a run expires at the server after about ten minutes."""


class _AsyncNewest:
    """Finds the newest message."""

    _carrier: AsyncCarrier

    async def latest(
        self,
        thread_id: str,
        *,
        role: Literal["user", "assistant"] | None = None,
        **options: Unpack[CallOptions],
    ) -> Message | None:
        """Return the newest message of a thread, or the newest by a role; None where there is none.

        Args:
            thread_id: The thread's id.
            role: Only messages by the ``"user"`` or by the ``"assistant"``.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError, NotFoundError, PaginationError, APIError: As `list`.
        """
        if role is not None:
            CHECKER.value({"ref": "MessageRole"}, role, "role")
        size = 1 if role is None else None
        call = generated.list_messages(CHECKER, thread_id, page_size=size, order="desc")
        newest: AsyncPages[Message] = self._carrier.pages(call, options)
        async for message in newest:
            if role is None or message.role == role:
                return message
        return None


@hide_internal_frames
class AsyncMessages(_AsyncNewest, generated.AsyncMessages):
    """The messages of threads: ``client.messages``."""


@hide_internal_frames
class AsyncOpenAIMessages(_AsyncNewest, generated.AsyncOpenAIMessages):
    """The messages of threads, as in the openai package: ``client.beta.threads.messages``."""


class AsyncThreads(generated_threads.AsyncThreads):
    """Threads: ``client.threads``."""

    @cached_property
    def messages(self) -> AsyncMessages:
        """The messages of threads: the same as ``client.messages``."""
        return AsyncMessages(self._carrier)

    @cached_property
    def runs(self) -> AsyncRuns:
        """The runs of threads: the same as ``client.runs``."""
        from .runs import AsyncRuns

        return AsyncRuns(self._carrier)


class AsyncOpenAIThreads(generated_threads.AsyncOpenAIThreads):
    """Threads, as in the openai package: ``client.beta.threads``."""

    @cached_property
    def messages(self) -> AsyncOpenAIMessages:
        """The messages of threads."""
        return AsyncOpenAIMessages(self._carrier)


class AsyncThreadMessages(generated.AsyncBoundMessages):
    """The calls of `Messages` for one thread: without their first argument."""

    def __init__(self, messages: AsyncMessages, thread_id: str) -> None:
        super().__init__(messages, thread_id)
        self.latest = bind(messages.latest, thread_id)


@hide_internal_frames
class AsyncThreadHandle:
    """One thread: ``client.thread(id)``, which sends nothing, or ``client.start_thread(...)``.

    Attributes:
        id: The thread's id.
        data: The `Thread` as `start_thread` got it; None on a handle by an id.
    """

    def __init__(self, sender: AsyncSender, thread_id: str, data: Thread | None = None) -> None:
        self.data = data
        self.id = CHECKER.id(thread_id, "thread_id")
        self._sender = sender
        threads = AsyncThreads(sender)
        self.messages = AsyncThreadMessages(threads.messages, self.id)
        self.retrieve = bind(threads.retrieve, self.id)
        self.update = bind(threads.update, self.id)
        self.delete = bind(threads.delete, self.id)

    async def ask(
        self,
        content: Content | Message,
        *,
        assistant: str,
        once: bool | str = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Reply:
        """Add a message, run an assistant on the thread, wait, and return its reply.

        Args:
            content: See `Messages.create`; or a message that is on the thread, such as an
                ``error.question``: then none is added.
            assistant: The assistant's id.
            once: Do not add the message twice where an answer is lost: see `Messages.create`.
            wait_for_active_run: Wait where another run is active on the thread: see
                `Messages.create`. Else that is an error.
            poll_deadline: Seconds to wait for the run at most, and before for an active one.
                Default 900.
            **options: See `laplas.RunOptions`. Python functions among the ``tools`` are called
                when the model asks for it: their arguments are checked against their type hints,
                and what they return, or how they failed, is told to the model. ``extra_query`` and
                ``extra_body`` are for the request that starts the run.

        Returns:
            The last message that the run wrote, with its ``run``; a ``response_format`` that is a
            type is what its ``parse()`` returns. Where the assistant refused to answer, its
            ``refusal`` says so, and its ``text`` is empty.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            ActiveRunError: A run is active on the thread.
            RunFailedError, RunExpiredError, RunCancelledError, RunIncompleteError: The run did
                not complete.
            RunRequiresActionError: It waits for a function that was not given.
            RunTimeoutError: It was still going at the deadline.
            APIError: Something else went wrong.

        Each of these but the first has the message as ``question``, once it is on the thread:
        ``ask(error.question, ...)`` continues from there.
        """
        from .runs import ask, prepare_ask

        request = prepare_ask(
            self._sender,
            self.id,
            content,
            assistant,
            options,
            wait_for_active_run,
            poll_deadline,
            once,
        )
        return await ask(self._sender, request)

    def ask_stream(
        self,
        content: Content | Message,
        *,
        assistant: str,
        once: bool | str = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> AsyncReplyStream:
        """As `ask`, returning the text of the reply piece by piece as it is written.

        At the end the stream has the whole reply as ``message``. No piece ends within a character:
        see `AsyncReplyStream`. Where the assistant refuses to answer, the pieces of its refusal are
        `laplas.Refusal`, which is a str. Nothing is sent before the first piece is asked for.

        Args:
            content: See `ask`, as for the others that are not described here.
            assistant: See there.
            wait_for_active_run: See there.
            once: See there.
            poll_deadline: Seconds to wait for an active run at most, and to continue with the
                functions that the model calls. Default 900.
            **options: See `ask`. A ``deadline`` covers all of it, the pieces included.

        Raises:
            StreamError, StreamCutError: While iterating: the stream brought an error or ended
                early; ``partial`` is what had come.
            InvalidArgumentError, ActiveRunError, RunError, APIError: As `ask`, while iterating
                but for the first.
        """
        from .runs import AsyncReplyStream, prepare_ask

        request = prepare_ask(
            self._sender,
            self.id,
            content,
            assistant,
            options,
            wait_for_active_run,
            poll_deadline,
            once,
            stream=True,
        )
        return AsyncReplyStream(self._sender, request)

    def __repr__(self) -> str:
        return f"<thread {self.id!r}>"
