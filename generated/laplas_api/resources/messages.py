# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""The messages of a thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

from .. import models
from ..calls import Call
from ..frames import hide_internal_frames
from ..types import NOT_GIVEN
from .forms import (
    as_async_raw,
    as_async_streamed,
    as_prepared,
    as_raw,
    as_streamed,
    bind,
    page_query,
    segment,
)

if TYPE_CHECKING:
    from laplas.types import (
        AsyncPages,
        Attachments,
        CallOptions,
        Content,
        Message,
        Page,
    )

    from ..calls import AsyncCarrier, Carrier
    from ..checks import Checker
    from ..types import NotGiven


def create_message(
    checker: Checker,
    thread_id: str,
    content: Content,
    *,
    role: models.MessageRole = "user",
    attachments: Attachments | None | NotGiven = NOT_GIVEN,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
    once: bool | str = False,
    wait_for_active_run: bool = False,
    poll_deadline: float = 900.0,
) -> Call[Message]:
    """Check the arguments of `Messages.create` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    return Call(
        "create_message",
        "create",
        "POST",
        f"/threads/{segment(thread_id)}/messages",
        models.Message,
        body=checker.body(
            "CreateMessageRequest",
            {"role": role, "content": content, "attachments": attachments, "metadata": metadata},
        ),
        features={
            "once": once,
            "wait_for_active_run": wait_for_active_run,
            "poll_deadline": poll_deadline,
        },
        parents={"thread_id": thread_id},
    )


def list_messages(
    checker: Checker,
    thread_id: str,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    order: models.ListOrder | None = None,
    after: str | None = None,
    before: str | None = None,
    run_id: str | None = None,
    limit: int | None = None,
    read_ahead: bool = False,
) -> Call[Message]:
    """Check the arguments of `Messages.list` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    return Call(
        "list_messages",
        "read",
        "GET",
        f"/threads/{segment(thread_id)}/messages",
        models.Message,
        query=page_query(
            checker,
            "list_messages",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "before": before, "run_id": run_id},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
        parents={"thread_id": thread_id},
    )


def retrieve_message(
    checker: Checker,
    thread_id: str,
    message_id: str,
) -> Call[Message]:
    """Check the arguments of `Messages.retrieve` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    message_id = checker.id(message_id, "message_id")
    return Call(
        "retrieve_message",
        "read",
        "GET",
        f"/threads/{segment(thread_id)}/messages/{segment(message_id)}",
        models.Message,
        answer_id=message_id,
        parents={"thread_id": thread_id},
    )


def update_message(
    checker: Checker,
    thread_id: str,
    message_id: str,
    *,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
) -> Call[Message]:
    """Check the arguments of `Messages.update` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    message_id = checker.id(message_id, "message_id")
    return Call(
        "update_message",
        "repeatable",
        "POST",
        f"/threads/{segment(thread_id)}/messages/{segment(message_id)}",
        models.Message,
        body=checker.body("UpdateMessageRequest", {"metadata": metadata}),
        answer_id=message_id,
        parents={"thread_id": thread_id},
    )


def delete_message(
    checker: Checker,
    thread_id: str,
    message_id: str,
) -> Call[models.DeletedMessage]:
    """Check the arguments of `Messages.delete` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    message_id = checker.id(message_id, "message_id")
    return Call(
        "delete_message",
        "repeatable",
        "DELETE",
        f"/threads/{segment(thread_id)}/messages/{segment(message_id)}",
        models.DeletedMessage,
        empty={"id": message_id, "object": "thread.message.deleted", "deleted": True},
        answer_id=message_id,
    )


@hide_internal_frames
class Messages:
    """The messages of a thread."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def create(
        self,
        thread_id: str,
        content: Content,
        *,
        role: models.MessageRole = "user",
        attachments: Attachments | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        once: bool | str = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Add a message to the end of a thread.

        Refused with 400 while a run is active on the thread.

        Not idempotent: a repeated call adds the message twice.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            content: The message: a text, or one or more parts (at least one: upstream schema). A
                text must not be empty (our limit). No greatest length is published.
            role: Whose turn the message is. `system` and `developer` are refused.
            attachments: Files for the message, each with the tools that may use it.
            metadata: Your own notes on the message: at most 16 pairs, keys up to 64 characters,
                values up to 512 (the vendor's published schema).
            once: True to send again after a failure that leaves open whether the message is there:
                it is marked, in one pair of its metadata, and looked for before. Or a key of your
                own, up to 512 characters: a message among the thread's newest that already has it
                is returned; if it says something else, that is an error. See ``docs/retries.md``
                for what that guarantees.
            wait_for_active_run: Wait while a run is active on the thread; otherwise that is an
                error. A run that waits for tool outputs is active, too; without them it expires at
                the server after about ten minutes.
            poll_deadline: The most seconds to wait for the active run.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread.
            ActiveRunError: A run is active on the thread; ``run_id`` names it.
            RunTimeoutError: It was still active at the deadline.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = create_message(
            self._carrier.checker,
            thread_id,
            content,
            role=role,
            attachments=attachments,
            metadata=metadata,
            once=once,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        return self._carrier.send(call, options)

    def list(
        self,
        thread_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        run_id: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[Message]:
        """List the messages of a thread.

        The newest comes first unless `order` says otherwise.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            page_size: The largest number of items on the page, 1 to 100. Left out, the server takes
                20. Limits and default: the vendor's published schema.
            max_items: The most items that iteration hands out. None hands out all.
            order: The order by creation time. Left out, the server takes `desc` (newest first).
            after: A cursor: the id of an item, up to 1,000 characters (our limit). The page starts
                right after this item, in the given order.
            before: A cursor: the id of an item, up to 1,000 characters (our limit). The page ends
                right before this item, in the given order.
            run_id: The id of a run, up to 1,000 characters (our limit): return only the messages
                that it wrote.
            limit: Another name for `page_size`, as in the API; give one of them.
            read_ahead: While iterating, fetch the next page already while you work on the items of
                this one; at most one page ahead. See ``docs/listing.md`` for what it costs.
            **options: See `laplas.CallOptions`.

        Returns:
            The first page; iterating over it goes on through all that follow.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread.
            PaginationError: While iterating: the server's cursor does not move.
            APIError: Something else went wrong; ``cursor`` says where to go on.
        """
        call = list_messages(
            self._carrier.checker,
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            run_id=run_id,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[Message] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        thread_id: str,
        message_id: str,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Get a message.

        Read one message of a thread.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            message_id: The id of the message, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or message.
            APIError: Something else went wrong.
        """
        call = retrieve_message(self._carrier.checker, thread_id, message_id)
        return self._carrier.send(call, options)

    def update(
        self,
        thread_id: str,
        message_id: str,
        *,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Change the metadata of a message.

        Nothing else of a message can be changed.

        Recorded answers to this call have the older form: `file_ids` in place of `attachments`. A
        missing `attachments` here does not mean that the message has none.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            message_id: The id of the message, up to 1,000 characters (our limit).
            metadata: Your own notes on the message: at most 16 pairs, keys up to 64 characters,
                values up to 512 (the vendor's published schema).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or message.
            APIError: Something else went wrong.
        """
        call = update_message(self._carrier.checker, thread_id, message_id, metadata=metadata)
        return self._carrier.send(call, options)

    def delete(
        self,
        thread_id: str,
        message_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedMessage:
        """Delete a message.

        This cannot be undone. A repeated attempt that finds it gone counts as done.

        The vendor's general pages also name 204 with an empty body as a success.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            message_id: The id of the message, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or message.
            APIError: Something else went wrong.
        """
        call = delete_message(self._carrier.checker, thread_id, message_id)
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawMessages:
        """The same calls, which return the answer as it came."""
        return RawMessages(Messages(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedMessages:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedMessages(Messages(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedMessages:
        """The same calls, not sent: they return their requests."""
        return PreparedMessages(Messages(self._carrier.prepare()))


@hide_internal_frames
class AsyncMessages:
    """Like `Messages`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    async def create(
        self,
        thread_id: str,
        content: Content,
        *,
        role: models.MessageRole = "user",
        attachments: Attachments | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        once: bool | str = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Add a message to the end of a thread: see `Messages.create`."""
        call = create_message(
            self._carrier.checker,
            thread_id,
            content,
            role=role,
            attachments=attachments,
            metadata=metadata,
            once=once,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        return await self._carrier.send(call, options)

    def list(
        self,
        thread_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        run_id: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Message]:
        """List the messages of a thread: see `Messages.list`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_messages(
            self._carrier.checker,
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            run_id=run_id,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[Message] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        thread_id: str,
        message_id: str,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Get a message: see `Messages.retrieve`."""
        call = retrieve_message(self._carrier.checker, thread_id, message_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        thread_id: str,
        message_id: str,
        *,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Change the metadata of a message: see `Messages.update`."""
        call = update_message(self._carrier.checker, thread_id, message_id, metadata=metadata)
        return await self._carrier.send(call, options)

    async def delete(
        self,
        thread_id: str,
        message_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedMessage:
        """Delete a message: see `Messages.delete`."""
        call = delete_message(self._carrier.checker, thread_id, message_id)
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawMessages:
        """The same calls, which return the answer as it came."""
        return AsyncRawMessages(AsyncMessages(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedMessages:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedMessages(AsyncMessages(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedMessages:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedMessages(Messages(self._carrier.prepare()))


class RawMessages:
    """The calls of `Messages`, which return the answer as it came."""

    def __init__(self, messages: Messages) -> None:
        self.create = as_raw(messages.create)
        self.list = as_raw(messages.list)
        self.retrieve = as_raw(messages.retrieve)
        self.update = as_raw(messages.update)
        self.delete = as_raw(messages.delete)


class AsyncRawMessages:
    """The calls of `AsyncMessages`, which return the answer as it came."""

    def __init__(self, messages: AsyncMessages) -> None:
        self.create = as_async_raw(messages.create)
        self.list = as_async_raw(messages.list)
        self.retrieve = as_async_raw(messages.retrieve)
        self.update = as_async_raw(messages.update)
        self.delete = as_async_raw(messages.delete)


class StreamedMessages:
    """The calls of `Messages`, which leave the answer's body to be read."""

    def __init__(self, messages: Messages) -> None:
        self.create = as_streamed(messages.create)
        self.list = as_streamed(messages.list)
        self.retrieve = as_streamed(messages.retrieve)
        self.update = as_streamed(messages.update)
        self.delete = as_streamed(messages.delete)


class AsyncStreamedMessages:
    """The calls of `AsyncMessages`, which leave the answer's body to be read."""

    def __init__(self, messages: AsyncMessages) -> None:
        self.create = as_async_streamed(messages.create)
        self.list = as_async_streamed(messages.list)
        self.retrieve = as_async_streamed(messages.retrieve)
        self.update = as_async_streamed(messages.update)
        self.delete = as_async_streamed(messages.delete)


class PreparedMessages:
    """The calls of `Messages`, which return their requests."""

    def __init__(self, messages: Messages) -> None:
        self.create = as_prepared(messages.create)
        self.list = as_prepared(messages.list)
        self.retrieve = as_prepared(messages.retrieve)
        self.update = as_prepared(messages.update)
        self.delete = as_prepared(messages.delete)


@hide_internal_frames
class OpenAIMessages:
    """Like `Messages`, as in the openai package: the last id of a path comes first, the others are
    keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def create(
        self,
        thread_id: str,
        content: Content,
        *,
        role: models.MessageRole = "user",
        attachments: Attachments | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        once: bool | str = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Add a message to the end of a thread: see `Messages.create`."""
        call = create_message(
            self._carrier.checker,
            thread_id,
            content,
            role=role,
            attachments=attachments,
            metadata=metadata,
            once=once,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        return self._carrier.send(call, options)

    def list(
        self,
        thread_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        run_id: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[Message]:
        """List the messages of a thread: see `Messages.list`."""
        call = list_messages(
            self._carrier.checker,
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            run_id=run_id,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[Message] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        message_id: str,
        *,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Get a message: see `Messages.retrieve`."""
        call = retrieve_message(self._carrier.checker, thread_id, message_id)
        return self._carrier.send(call, options)

    def update(
        self,
        message_id: str,
        *,
        thread_id: str,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Change the metadata of a message: see `Messages.update`."""
        call = update_message(self._carrier.checker, thread_id, message_id, metadata=metadata)
        return self._carrier.send(call, options)

    def delete(
        self,
        message_id: str,
        *,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedMessage:
        """Delete a message: see `Messages.delete`."""
        call = delete_message(self._carrier.checker, thread_id, message_id)
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawOpenAIMessages:
        """The same calls, which return the answer as it came."""
        return RawOpenAIMessages(OpenAIMessages(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAIMessages:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAIMessages(OpenAIMessages(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIMessages:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAIMessages(OpenAIMessages(self._carrier.prepare()))


@hide_internal_frames
class AsyncOpenAIMessages:
    """Like `AsyncMessages`, as in the openai package: the last id of a path comes first, the others
    are keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    async def create(
        self,
        thread_id: str,
        content: Content,
        *,
        role: models.MessageRole = "user",
        attachments: Attachments | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        once: bool | str = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Add a message to the end of a thread: see `Messages.create`."""
        call = create_message(
            self._carrier.checker,
            thread_id,
            content,
            role=role,
            attachments=attachments,
            metadata=metadata,
            once=once,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        return await self._carrier.send(call, options)

    def list(
        self,
        thread_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        run_id: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Message]:
        """List the messages of a thread: see `Messages.list`."""
        call = list_messages(
            self._carrier.checker,
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            run_id=run_id,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[Message] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        message_id: str,
        *,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Get a message: see `Messages.retrieve`."""
        call = retrieve_message(self._carrier.checker, thread_id, message_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        message_id: str,
        *,
        thread_id: str,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Message:
        """Change the metadata of a message: see `Messages.update`."""
        call = update_message(self._carrier.checker, thread_id, message_id, metadata=metadata)
        return await self._carrier.send(call, options)

    async def delete(
        self,
        message_id: str,
        *,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedMessage:
        """Delete a message: see `Messages.delete`."""
        call = delete_message(self._carrier.checker, thread_id, message_id)
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawOpenAIMessages:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAIMessages(AsyncOpenAIMessages(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAIMessages:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAIMessages(AsyncOpenAIMessages(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIMessages:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAIMessages(OpenAIMessages(self._carrier.prepare()))


class RawOpenAIMessages:
    """The calls of `OpenAIMessages`, which return the answer as it came."""

    def __init__(self, messages: OpenAIMessages) -> None:
        self.create = as_raw(messages.create)
        self.list = as_raw(messages.list)
        self.retrieve = as_raw(messages.retrieve)
        self.update = as_raw(messages.update)
        self.delete = as_raw(messages.delete)


class AsyncRawOpenAIMessages:
    """The calls of `AsyncOpenAIMessages`, which return the answer as it came."""

    def __init__(self, messages: AsyncOpenAIMessages) -> None:
        self.create = as_async_raw(messages.create)
        self.list = as_async_raw(messages.list)
        self.retrieve = as_async_raw(messages.retrieve)
        self.update = as_async_raw(messages.update)
        self.delete = as_async_raw(messages.delete)


class StreamedOpenAIMessages:
    """The calls of `OpenAIMessages`, which leave the answer's body to be read."""

    def __init__(self, messages: OpenAIMessages) -> None:
        self.create = as_streamed(messages.create)
        self.list = as_streamed(messages.list)
        self.retrieve = as_streamed(messages.retrieve)
        self.update = as_streamed(messages.update)
        self.delete = as_streamed(messages.delete)


class AsyncStreamedOpenAIMessages:
    """The calls of `AsyncOpenAIMessages`, which leave the answer's body to be read."""

    def __init__(self, messages: AsyncOpenAIMessages) -> None:
        self.create = as_async_streamed(messages.create)
        self.list = as_async_streamed(messages.list)
        self.retrieve = as_async_streamed(messages.retrieve)
        self.update = as_async_streamed(messages.update)
        self.delete = as_async_streamed(messages.delete)


class PreparedOpenAIMessages:
    """The calls of `OpenAIMessages`, which return their requests."""

    def __init__(self, messages: OpenAIMessages) -> None:
        self.create = as_prepared(messages.create)
        self.list = as_prepared(messages.list)
        self.retrieve = as_prepared(messages.retrieve)
        self.update = as_prepared(messages.update)
        self.delete = as_prepared(messages.delete)


class BoundMessages:
    """The calls of `Messages` without their first argument, `thread_id`."""

    def __init__(self, messages: Messages, thread_id: str) -> None:
        self.create = bind(messages.create, thread_id)
        self.list = bind(messages.list, thread_id)
        self.retrieve = bind(messages.retrieve, thread_id)
        self.update = bind(messages.update, thread_id)
        self.delete = bind(messages.delete, thread_id)


class AsyncBoundMessages:
    """The calls of `AsyncMessages` without their first argument, `thread_id`."""

    def __init__(self, messages: AsyncMessages, thread_id: str) -> None:
        self.create = bind(messages.create, thread_id)
        self.list = bind(messages.list, thread_id)
        self.retrieve = bind(messages.retrieve, thread_id)
        self.update = bind(messages.update, thread_id)
        self.delete = bind(messages.delete, thread_id)
