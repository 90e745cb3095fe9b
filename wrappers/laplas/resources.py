"""Messages and threads, as methods: thin shells that say what is asked for and hand it over.

Every method builds a checked call in `_operations` and gives it to a runner. Which runner it is
decides what comes of the call: its result, the raw answer, or the request unsent.
"""

from __future__ import annotations

import functools
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import aclosing, closing
from itertools import chain
from operator import itemgetter
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Final,
    Generic,
    Literal,
    ParamSpec,
    Protocol,
    TypeVar,
    Unpack,
    cast,
    overload,
)

from . import _operations as ops
from ._ahead import TaskAhead, ThreadAhead
from ._api import models
from ._arguments import checked_id
from ._call import Call, PreparedRequest, RawResponse, Response
from ._content import AttachmentLike, Content
from ._engine import Plan
from ._models import Message, Thread
from ._operations import Order, Role
from ._options import CallOptions, Options
from ._paging import Listing, PageData, Walk
from ._quiet import quiet

if TYPE_CHECKING:
    from ._run_models import Run
    from ._run_operations import RunOptions
    from ._streaming import AsyncEventStream, EventStream
    from .run_resources import AsyncRuns, Runs

POLL_DEADLINE: Final = 900.0
"""Seconds; a run expires at the server after about ten minutes."""

P = ParamSpec("P")
T = TypeVar("T")

Metadata = Mapping[str, str]
ToolResources = models.CreateThreadToolResources | models.ToolResources | Mapping[str, Any]


class Runner(Protocol):
    """Carries calls out, or does something else with them."""

    def run(self, call: Call[T], options: CallOptions) -> T: ...
    def pages(self, listing: Listing[T], options: CallOptions) -> Page[T]: ...
    def raw(self) -> Runner: ...
    def preparing(self) -> Runner: ...
    def carry_out(self, plan: Plan[T]) -> T: ...
    def opened(self, call: Call[Any], plan: Plan[Response]) -> EventStream: ...
    def stream(self, call: Call[Any], options: CallOptions) -> EventStream: ...

    @property
    def options(self) -> Options: ...


class AsyncRunner(Protocol):
    """As `Runner`, awaited."""

    async def run(self, call: Call[T], options: CallOptions) -> T: ...
    def pages(self, listing: Listing[T], options: CallOptions) -> AsyncPages[T]: ...
    def raw(self) -> AsyncRunner: ...
    def preparing(self) -> Runner: ...
    async def carry_out(self, plan: Plan[T]) -> T: ...
    async def opened(self, call: Call[Any], plan: Plan[Response]) -> AsyncEventStream: ...
    async def stream(self, call: Call[Any], options: CallOptions) -> AsyncEventStream: ...

    @property
    def options(self) -> Options: ...


class Fetcher(Protocol):
    """Fetches the pages of a listing."""

    def following(self, walk: Walk[T], page: PageData[T]) -> PageData[T] | None: ...


class AsyncFetcher(Protocol):
    """As `Fetcher`, awaited; the first page, too."""

    async def first(self, listing: Listing[T]) -> PageData[T]: ...
    async def following(self, walk: Walk[T], page: PageData[T]) -> PageData[T] | None: ...


class Page(PageData[T]):
    """One page of a listing; iterating over it goes on through all that follow.

    ``page.data`` is this page alone. Iteration hands out each item once.
    """

    def __init__(
        self,
        page: PageData[T],
        listing: Listing[T],
        fetcher: Fetcher,
    ) -> None:
        self.__dict__.update(page.__dict__)
        self._listing = listing
        self._fetcher = fetcher

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(map(itemgetter(1), self._steps()))

    def iter_pages(self) -> Iterator[PageData[T]]:
        """This page and all that follow, one by one."""
        return map(itemgetter(0), self._steps())

    # Neither this nor the iterators above hold a page any more while they wait for the next: there
    # are half as many objects then, for memory and the garbage collector.
    def _steps(self) -> Iterator[tuple[PageData[T], Sequence[T]]]:
        walk = Walk(self._listing)
        page: PageData[T] | None = self
        with closing(ThreadAhead()) as ahead:
            while page is not None:
                items: Sequence[T] = walk.new_items(page)
                following = functools.partial(self._fetcher.following, walk, page.outline())
                upcoming = ahead.start(following) if walk.reads_ahead(page) else following
                yield page, items
                page, items = None, ()
                page = upcoming()


class AsyncPage(PageData[T]):
    """One page of a listing; ``async for`` over it goes on through all that follow."""

    def __init__(
        self,
        page: PageData[T],
        listing: Listing[T],
        fetcher: AsyncFetcher,
    ) -> None:
        self.__dict__.update(page.__dict__)
        self._listing = listing
        self._fetcher = fetcher

    async def __aiter__(self) -> AsyncIterator[T]:
        async with aclosing(self._steps()) as steps:
            async for _, items in steps:
                for item in items:
                    yield item

    async def iter_pages(self) -> AsyncIterator[PageData[T]]:
        """This page and all that follow, one by one."""
        async with aclosing(self._steps()) as steps:
            async for page, _ in steps:
                yield page

    async def _steps(self) -> AsyncGenerator[tuple[PageData[T], Sequence[T]], None]:
        walk = Walk(self._listing)
        page: PageData[T] | None = self
        async with aclosing(TaskAhead()) as ahead:
            while page is not None:
                items: Sequence[T] = walk.new_items(page)
                following = functools.partial(self._fetcher.following, walk, page.outline())
                upcoming = ahead.start(following) if walk.reads_ahead(page) else following
                yield page, items
                page, items = None, ()
                page = await upcoming()


class AsyncPages(Generic[T]):
    """A listing that was asked for and not yet begun: await its first page, or iterate."""

    def __init__(self, listing: Listing[T], fetcher: AsyncFetcher) -> None:
        self._listing = listing
        self._fetcher = fetcher

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return self._begun().__await__()

    async def _begun(self) -> AsyncPage[T]:
        page = await self._fetcher.first(self._listing)
        return AsyncPage(page, self._listing, self._fetcher)

    async def __aiter__(self) -> AsyncIterator[T]:
        async with aclosing((await self)._steps()) as steps:
            async for _, items in steps:
                for item in items:
                    yield item


@quiet
class Messages:
    """The messages of threads: ``client.messages``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

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
        patience = ops.patience(wait_for_active_run, poll_deadline)
        call = ops.create_message(thread_id, content, role, attachments, metadata, once, patience)
        return self._runner.run(call, options)

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
        """The messages of a thread: the first page at once, the rest while iterating.

        Args:
            thread_id: The thread's id.
            page_size: Messages a request fetches, 1 to 100 (the vendor's limit). The server's
                default is 20.
            max_items: The most messages that iteration hands out. Default: all.
            order: ``"asc"`` for the oldest first. The server's default is ``"desc"``.
            after: Begin behind the message with this id.
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
            thread_id, page_size, limit, max_items, order, after, before, run_id, read_ahead
        )
        return self._runner.pages(listing, options)

    def latest(
        self, thread_id: str, *, role: Role | None = None, **options: Unpack[CallOptions]
    ) -> Message | None:
        """The newest message of a thread, or the newest by a role; None where there is none.

        Args:
            thread_id: The thread's id.
            role: Only messages by the ``"user"`` or by the ``"assistant"``.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError, NotFoundError, PaginationError, APIError: As `list`.
        """
        listing = ops.list_newest(thread_id, role)
        newest = self._runner.pages(listing, options)
        return next((m for m in newest if role is None or m.role == role), None)

    def retrieve(self, thread_id: str, message_id: str, **options: Unpack[CallOptions]) -> Message:
        """One message.

        Args:
            thread_id: The thread's id.
            message_id: The message's id.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or message.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.retrieve_message(thread_id, message_id), options)

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
        return self._runner.run(ops.update_message(thread_id, message_id, metadata), options)

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
        return self._runner.run(ops.delete_message(thread_id, message_id), options)

    @property
    def with_raw_response(self) -> RawMessages:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return RawMessages(Messages(self._runner.raw()))

    @property
    def prepare(self) -> PreparedMessages:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        return PreparedMessages(Messages(self._runner.preparing()))


@quiet
class AsyncMessages:
    """The messages of threads: ``client.messages``. Each call is as that of `Messages`, awaited."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    async def create(
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
        """Add a message to the end of a thread: see `Messages.create`."""
        patience = ops.patience(wait_for_active_run, poll_deadline)
        call = ops.create_message(thread_id, content, role, attachments, metadata, once, patience)
        return await self._runner.run(call, options)

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
    ) -> AsyncPages[Message]:
        """The messages of a thread: see `Messages.list`.

        ``await`` it for the first page, or iterate over it with ``async for``.
        """
        listing = ops.list_messages(
            thread_id, page_size, limit, max_items, order, after, before, run_id, read_ahead
        )
        return self._runner.pages(listing, options)

    async def latest(
        self, thread_id: str, *, role: Role | None = None, **options: Unpack[CallOptions]
    ) -> Message | None:
        """The newest message of a thread, or the newest by a role: see `Messages.latest`."""
        async for message in self._runner.pages(ops.list_newest(thread_id, role), options):
            if role is None or message.role == role:
                return message
        return None

    async def retrieve(
        self, thread_id: str, message_id: str, **options: Unpack[CallOptions]
    ) -> Message:
        """One message: see `Messages.retrieve`."""
        return await self._runner.run(ops.retrieve_message(thread_id, message_id), options)

    async def update(
        self,
        thread_id: str,
        message_id: str,
        *,
        metadata: Metadata | None,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Change a message's metadata: see `Messages.update`."""
        return await self._runner.run(ops.update_message(thread_id, message_id, metadata), options)

    async def delete(
        self, thread_id: str, message_id: str, **options: Unpack[CallOptions]
    ) -> models.DeletedMessage:
        """Delete a message: see `Messages.delete`."""
        return await self._runner.run(ops.delete_message(thread_id, message_id), options)

    @property
    def with_raw_response(self) -> AsyncRawMessages:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawMessages(AsyncMessages(self._runner.raw()))

    @property
    def prepare(self) -> PreparedMessages:
        """The same calls, not sent and not awaited: `PreparedRequest`."""
        return PreparedMessages(Messages(self._runner.preparing()))


@quiet
class Threads:
    """Threads: ``client.threads``. Its ``messages`` are the client's."""

    def __init__(self, runner: Runner, messages: Messages) -> None:
        self._runner = runner
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
        return self._runner.run(ops.create_thread(messages, metadata, tool_resources), options)

    def retrieve(self, thread_id: str, **options: Unpack[CallOptions]) -> Thread:
        """One thread.

        Args:
            thread_id: The thread's id.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: The id is none; nothing was sent.
            NotFoundError: There is no such thread.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.retrieve_thread(thread_id), options)

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
        return self._runner.run(ops.update_thread(thread_id, metadata, tool_resources), options)

    def delete(self, thread_id: str, **options: Unpack[CallOptions]) -> models.DeletedThread:
        """Delete a thread with all its messages.

        A repeated attempt that finds it gone counts as deleted.

        Args:
            thread_id: The thread's id.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: The id is none; nothing was sent.
            NotFoundError: There is no such thread.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.delete_thread(thread_id), options)

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
        from . import _run_operations as run_ops

        body, call_options = run_ops.split_options(options, run_ops.RunOptions)
        call = run_ops.create_thread_and_run(assistant_id, thread, tool_resources, body, stream)
        if stream:
            return self._runner.stream(call, call_options)
        return self._runner.run(call, call_options)

    @property
    def runs(self) -> Runs:
        """The runs of threads: the same as ``client.runs``."""
        from .run_resources import Runs

        return Runs(self._runner)

    @property
    def with_raw_response(self) -> RawThreads:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return RawThreads(Threads(self._runner.raw(), self.messages))

    @property
    def prepare(self) -> PreparedThreads:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        return PreparedThreads(Threads(self._runner.preparing(), self.messages))


@quiet
class AsyncThreads:
    """Threads: ``client.threads``. Each call is as that of `Threads`, awaited."""

    def __init__(self, runner: AsyncRunner, messages: AsyncMessages) -> None:
        self._runner = runner
        self.messages = messages

    async def create(
        self,
        *,
        messages: Iterable[str | Mapping[str, Any] | models.CreateMessageRequest] | None = None,
        metadata: Metadata | None = None,
        tool_resources: ToolResources | None = None,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Start a thread: see `Threads.create`."""
        call = ops.create_thread(messages, metadata, tool_resources)
        return await self._runner.run(call, options)

    async def retrieve(self, thread_id: str, **options: Unpack[CallOptions]) -> Thread:
        """One thread: see `Threads.retrieve`."""
        return await self._runner.run(ops.retrieve_thread(thread_id), options)

    async def update(
        self,
        thread_id: str,
        *,
        metadata: Metadata | None = None,
        tool_resources: ToolResources | None = None,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Change a thread's metadata or its tools' files: see `Threads.update`."""
        call = ops.update_thread(thread_id, metadata, tool_resources)
        return await self._runner.run(call, options)

    async def delete(self, thread_id: str, **options: Unpack[CallOptions]) -> models.DeletedThread:
        """Delete a thread with all its messages: see `Threads.delete`."""
        return await self._runner.run(ops.delete_thread(thread_id), options)

    @overload
    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: Mapping[str, Any] | None = None,
        tool_resources: ToolResources | None = None,
        stream: Literal[False] = False,
        **options: Unpack[RunOptions],
    ) -> Run: ...
    @overload
    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: Mapping[str, Any] | None = None,
        tool_resources: ToolResources | None = None,
        stream: Literal[True],
        **options: Unpack[RunOptions],
    ) -> AsyncEventStream: ...
    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: Mapping[str, Any] | None = None,
        tool_resources: ToolResources | None = None,
        stream: bool = False,
        **options: Unpack[RunOptions],
    ) -> Run | AsyncEventStream:
        """Start a thread and a run on it in one request: see `Threads.create_and_run`."""
        from . import _run_operations as run_ops

        body, call_options = run_ops.split_options(options, run_ops.RunOptions)
        call = run_ops.create_thread_and_run(assistant_id, thread, tool_resources, body, stream)
        if stream:
            return await self._runner.stream(call, call_options)
        return await self._runner.run(call, call_options)

    @property
    def runs(self) -> AsyncRuns:
        """The runs of threads: the same as ``client.runs``."""
        from .run_resources import AsyncRuns

        return AsyncRuns(self._runner)

    @property
    def with_raw_response(self) -> AsyncRawThreads:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawThreads(AsyncThreads(self._runner.raw(), self.messages))

    @property
    def prepare(self) -> PreparedThreads:
        """The same calls, not sent and not awaited: `PreparedRequest`."""
        runner = self._runner.preparing()
        return PreparedThreads(Threads(runner, Messages(runner)))


# What follows are the same methods under other types: the runner behind them decides what they
# return, so each class only says so to the type checker.


def raw(method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    return cast("Callable[P, RawResponse[T]]", method)


def async_raw(method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[RawResponse[T]]]:
    return cast("Callable[P, Awaitable[RawResponse[T]]]", method)


def prepared(method: Callable[P, object]) -> Callable[P, PreparedRequest]:
    return cast("Callable[P, PreparedRequest]", method)


def _bound(method: Callable[Concatenate[str, P], T], thread_id: str) -> Callable[P, T]:
    return functools.update_wrapper(functools.partial(method, thread_id), method)


class RawMessages:
    """The calls of `Messages`, returning `RawResponse`."""

    def __init__(self, messages: Messages) -> None:
        self.create = raw(messages.create)
        self.list = raw(messages.list)
        self.retrieve = raw(messages.retrieve)
        self.update = raw(messages.update)
        self.delete = raw(messages.delete)


class AsyncRawMessages:
    """The calls of `AsyncMessages`, returning `RawResponse`."""

    def __init__(self, messages: AsyncMessages) -> None:
        self.create = async_raw(messages.create)
        self.list = async_raw(messages.list)
        self.retrieve = async_raw(messages.retrieve)
        self.update = async_raw(messages.update)
        self.delete = async_raw(messages.delete)


class PreparedMessages:
    """The calls of `Messages`, returning `PreparedRequest`."""

    def __init__(self, messages: Messages) -> None:
        self.create = prepared(messages.create)
        self.list = prepared(messages.list)
        self.retrieve = prepared(messages.retrieve)
        self.update = prepared(messages.update)
        self.delete = prepared(messages.delete)


class RawThreads:
    """The calls of `Threads`, returning `RawResponse`."""

    def __init__(self, threads: Threads) -> None:
        self.create = raw(threads.create)
        self.retrieve = raw(threads.retrieve)
        self.update = raw(threads.update)
        self.delete = raw(threads.delete)
        self.create_and_run = raw(threads.create_and_run)


class AsyncRawThreads:
    """The calls of `AsyncThreads`, returning `RawResponse`."""

    def __init__(self, threads: AsyncThreads) -> None:
        self.create = async_raw(threads.create)
        self.retrieve = async_raw(threads.retrieve)
        self.update = async_raw(threads.update)
        self.delete = async_raw(threads.delete)
        self.create_and_run = async_raw(threads.create_and_run)


class PreparedThreads:
    """The calls of `Threads`, returning `PreparedRequest`."""

    def __init__(self, threads: Threads) -> None:
        self.create = prepared(threads.create)
        self.retrieve = prepared(threads.retrieve)
        self.update = prepared(threads.update)
        self.delete = prepared(threads.delete)
        self.create_and_run = prepared(threads.create_and_run)


class ThreadMessages:
    """The calls of `Messages` for one thread: without their first argument."""

    def __init__(self, messages: Messages, thread_id: str) -> None:
        self.create = _bound(messages.create, thread_id)
        self.list = _bound(messages.list, thread_id)
        self.latest = _bound(messages.latest, thread_id)
        self.retrieve = _bound(messages.retrieve, thread_id)
        self.update = _bound(messages.update, thread_id)
        self.delete = _bound(messages.delete, thread_id)


class AsyncThreadMessages:
    """The calls of `AsyncMessages` for one thread: without their first argument."""

    def __init__(self, messages: AsyncMessages, thread_id: str) -> None:
        self.create = _bound(messages.create, thread_id)
        self.list = _bound(messages.list, thread_id)
        self.latest = _bound(messages.latest, thread_id)
        self.retrieve = _bound(messages.retrieve, thread_id)
        self.update = _bound(messages.update, thread_id)
        self.delete = _bound(messages.delete, thread_id)


@quiet
class ThreadHandle:
    """One thread, by its id: ``client.thread(id)``. Making it sends nothing."""

    def __init__(self, threads: Threads, thread_id: str) -> None:
        self.id = checked_id("thread_id", thread_id)
        self._runner = threads._runner
        self.messages = ThreadMessages(threads.messages, self.id)
        self.retrieve = _bound(threads.retrieve, self.id)
        self.update = _bound(threads.update, self.id)
        self.delete = _bound(threads.delete, self.id)

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
        from ._conversation import ask, asking

        question = asking(
            self.id,
            content,
            assistant,
            options,
            stream=False,
            asynced=False,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        return self._runner.carry_out(ask(question, self._runner.options))

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
            poll_deadline: Seconds to wait for an active run at most, and to go on with the
                functions that the model calls. Default 900.
            **options: See `ask`.

        Raises:
            StreamError, StreamCutError: While iterating: the stream brought an error or ended
                early; ``partial`` is what had come.
            InvalidArgumentError, ActiveRunError, RunError, APIError: As `ask`, while iterating
                but for the first.
        """
        from ._ask import ask_stream
        from ._conversation import asking

        question = asking(
            self.id,
            content,
            assistant,
            options,
            stream=True,
            asynced=False,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        return ask_stream(self._runner, question)

    def __repr__(self) -> str:
        return f"<thread {self.id!r}>"


@quiet
class AsyncThreadHandle:
    """One thread, by its id: ``client.thread(id)``. Making it sends nothing."""

    def __init__(self, threads: AsyncThreads, thread_id: str) -> None:
        self.id = checked_id("thread_id", thread_id)
        self._runner = threads._runner
        self.messages = AsyncThreadMessages(threads.messages, self.id)
        self.retrieve = _bound(threads.retrieve, self.id)
        self.update = _bound(threads.update, self.id)
        self.delete = _bound(threads.delete, self.id)

    async def ask(
        self,
        content: Content,
        *,
        assistant: str,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Message:
        """Add a message, run an assistant, wait, and return its reply: see `ThreadHandle.ask`.

        Functions that a model calls at once run at once; those that are not async run in
        threads.
        """
        from ._conversation import ask, asking

        question = asking(
            self.id,
            content,
            assistant,
            options,
            stream=False,
            asynced=True,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        return await self._runner.carry_out(ask(question, self._runner.options))

    def ask_stream(
        self,
        content: Content,
        *,
        assistant: str,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> AsyncIterator[str]:
        """The reply piece by piece as it is written: see `ThreadHandle.ask_stream`."""
        from ._ask import async_ask_stream
        from ._conversation import asking

        question = asking(
            self.id,
            content,
            assistant,
            options,
            stream=True,
            asynced=True,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        return async_ask_stream(self._runner, question)

    def __repr__(self) -> str:
        return f"<thread {self.id!r}>"
