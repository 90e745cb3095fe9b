# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Conversations, which hold messages and the files that tools may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, overload

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
    cached_property,
    page_query,
    segment,
)

if TYPE_CHECKING:
    from laplas.types import (
        AssistantStreamManager,
        AsyncAssistantStreamManager,
        AsyncEventStream,
        AsyncHandlerT,
        AsyncPages,
        CallOptions,
        EventStream,
        HandlerT,
        Page,
        ResponseFormat,
        Run,
        Thread,
        ToolResources,
        Tools,
    )
    from laplas.types import Messages as MessagesArgument

    from ..calls import AsyncCarrier, Carrier
    from ..checks import Checker
    from ..types import NotGiven
    from .messages import (
        AsyncMessages,
        AsyncOpenAIMessages,
        AsyncRawMessages,
        AsyncRawOpenAIMessages,
        AsyncStreamedMessages,
        AsyncStreamedOpenAIMessages,
        Messages,
        OpenAIMessages,
        PreparedMessages,
        PreparedOpenAIMessages,
        RawMessages,
        RawOpenAIMessages,
        StreamedMessages,
        StreamedOpenAIMessages,
    )
    from .runs import (
        AsyncOpenAIRuns,
        AsyncRawOpenAIRuns,
        AsyncRawRuns,
        AsyncRuns,
        AsyncStreamedOpenAIRuns,
        AsyncStreamedRuns,
        OpenAIRuns,
        PreparedOpenAIRuns,
        PreparedRuns,
        RawOpenAIRuns,
        RawRuns,
        Runs,
        StreamedOpenAIRuns,
        StreamedRuns,
    )


class ThreadRunSettings(TypedDict, total=False):
    """What `Threads.create_and_run` takes by keyword, as a dict.

    Attributes:
        thread: The thread to make. Left out, it is empty.
        model: Another model than the assistant's, 1 to 256 characters (our limits).
        instructions: Instructions in place of the assistant's, up to 256,000 characters (the
            vendor's published schema).
        tools: Tools in place of the assistant's, at most 20 (upstream schema).
        tool_resources: The files that tools can use in this run.
        metadata: Your own notes on the run: at most 16 pairs, keys up to 64 characters, values up
            to 512 (the vendor's published schema).
        temperature: How freely the model chooses words, 0 to 2 (the vendor's published schema).
        top_p: The share of likely words that the model chooses from, 0 to 1 (the vendor's published
            schema). Set this or `temperature`, not both.
        max_prompt_tokens: The most tokens that the run may read, at least 256 (upstream schema). A
            run that needs more ends as `incomplete`.
        max_completion_tokens: The most tokens that the run may write. A run that needs more ends as
            `incomplete`.
        truncation_strategy: What the run does when the thread is too long.
        response_format: The form of the answers; or a pydantic model, dataclass or TypedDict, for
            JSON that fits it.
        tool_choice: Which tool the model uses.
        parallel_tool_calls: Whether the model may ask for several function calls at once. Left out,
            the server takes true.
    """

    thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven
    model: str | None | NotGiven
    instructions: str | None | NotGiven
    tools: Tools | None | NotGiven
    tool_resources: ToolResources | None | NotGiven
    metadata: Mapping[str, str] | None | NotGiven
    temperature: float | None | NotGiven
    top_p: float | None | NotGiven
    max_prompt_tokens: int | None | NotGiven
    max_completion_tokens: int | None | NotGiven
    truncation_strategy: models.TruncationStrategy | Mapping[str, Any] | None | NotGiven
    response_format: ResponseFormat | None | NotGiven
    tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven
    parallel_tool_calls: bool | NotGiven


def create_thread(
    checker: Checker,
    *,
    messages: MessagesArgument | NotGiven = NOT_GIVEN,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
    tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
) -> Call[Thread]:
    """Check the arguments of `Threads.create` and make its call."""
    return Call(
        "create_thread",
        "create",
        "POST",
        "/threads",
        models.Thread,
        body=checker.body(
            "CreateThreadRequest",
            {"messages": messages, "metadata": metadata, "tool_resources": tool_resources},
        ),
    )


def list_threads(
    checker: Checker,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    order: models.ListOrder | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int | None = None,
    read_ahead: bool = False,
) -> Call[Thread]:
    """Check the arguments of `Threads.list` and make its call."""
    return Call(
        "list_threads",
        "read",
        "GET",
        "/threads",
        models.Thread,
        query=page_query(
            checker,
            "list_threads",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "before": before},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
    )


def retrieve_thread(
    checker: Checker,
    thread_id: str,
) -> Call[Thread]:
    """Check the arguments of `Threads.retrieve` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    return Call(
        "retrieve_thread",
        "read",
        "GET",
        f"/threads/{segment(thread_id)}",
        models.Thread,
        answer_id=thread_id,
    )


def update_thread(
    checker: Checker,
    thread_id: str,
    *,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
    tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
) -> Call[Thread]:
    """Check the arguments of `Threads.update` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    return Call(
        "update_thread",
        "repeatable",
        "POST",
        f"/threads/{segment(thread_id)}",
        models.Thread,
        body=checker.body(
            "UpdateThreadRequest", {"metadata": metadata, "tool_resources": tool_resources}
        ),
        answer_id=thread_id,
    )


def delete_thread(
    checker: Checker,
    thread_id: str,
) -> Call[models.DeletedThread]:
    """Check the arguments of `Threads.delete` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    return Call(
        "delete_thread",
        "repeatable",
        "DELETE",
        f"/threads/{segment(thread_id)}",
        models.DeletedThread,
        empty={"id": thread_id, "object": "thread.deleted", "deleted": True},
        answer_id=thread_id,
    )


def create_thread_and_run(
    checker: Checker,
    assistant_id: str,
    *,
    thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
    model: str | None | NotGiven = NOT_GIVEN,
    instructions: str | None | NotGiven = NOT_GIVEN,
    tools: Tools | None | NotGiven = NOT_GIVEN,
    tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
    temperature: float | None | NotGiven = NOT_GIVEN,
    top_p: float | None | NotGiven = NOT_GIVEN,
    max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
    max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
    truncation_strategy: models.TruncationStrategy
    | Mapping[str, Any]
    | None
    | NotGiven = NOT_GIVEN,
    response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
    tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
    parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
    stream: bool = False,
) -> Call[Run]:
    """Check the arguments of `Threads.create_and_run` and make its call."""
    return Call(
        "create_thread_and_run",
        "create",
        "POST",
        "/threads/runs",
        models.Run,
        body=checker.body(
            "CreateThreadAndRunRequest",
            {
                "assistant_id": assistant_id,
                "thread": thread,
                "model": model,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "max_prompt_tokens": max_prompt_tokens,
                "max_completion_tokens": max_completion_tokens,
                "truncation_strategy": truncation_strategy,
                "response_format": response_format,
                "tool_choice": tool_choice,
                "parallel_tool_calls": parallel_tool_calls,
                "stream": stream or NOT_GIVEN,
            },
        ),
        streams=stream,
    )


@hide_internal_frames
class Threads:
    """Conversations, which hold messages and the files that tools may use."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @cached_property
    def messages(self) -> Messages:
        """The messages of a thread."""
        from .messages import Messages

        return Messages(self._carrier)

    @cached_property
    def runs(self) -> Runs:
        """The work of assistants on threads."""
        from .runs import Runs

        return Runs(self._carrier)

    def create(
        self,
        *,
        messages: MessagesArgument | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Start a thread.

        The thread is empty or begins with `messages`. Not idempotent: a repeated call makes a
        second thread.

        Args:
            messages: The first messages, oldest first.
            metadata: Your own notes on the thread: at most 16 pairs, keys up to 64 characters,
                values up to 512 (the vendor's published schema).
            tool_resources: The files that tools can use in this thread.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = create_thread(
            self._carrier.checker,
            messages=messages,
            metadata=metadata,
            tool_resources=tool_resources,
        )
        return self._carrier.send(call, options)

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[Thread]:
        """List the threads of the account.

        The newest comes first unless `order` says otherwise.

        Known from Azure AI Foundry's agents, which have it with these parameters. Neither the
        vendor's pages nor upstream's document list it.

        Args:
            page_size: The largest number of items on the page, 1 to 100. Left out, the server takes
                20. Limits and default: the vendor's published schema.
            max_items: The most items that iteration hands out. None hands out all.
            order: The order by creation time. Left out, the server takes `desc` (newest first).
            after: A cursor: the id of an item, up to 1,000 characters (our limit). The page starts
                right after this item, in the given order.
            before: A cursor: the id of an item, up to 1,000 characters (our limit). The page ends
                right before this item, in the given order.
            limit: Another name for `page_size`, as in the API; give one of them.
            read_ahead: While iterating, fetch the next page already while you work on the items of
                this one; at most one page ahead. See ``docs/listing.md`` for what it costs.
            **options: See `laplas.CallOptions`.

        Returns:
            The first page; iterating over it goes on through all that follow.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            PaginationError: While iterating: the server's cursor does not move.
            APIError: Something else went wrong; ``cursor`` says where to go on.
        """
        call = list_threads(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[Thread] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Get a thread.

        Its messages are listed separately.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread.
            APIError: Something else went wrong.
        """
        call = retrieve_thread(self._carrier.checker, thread_id)
        return self._carrier.send(call, options)

    def update(
        self,
        thread_id: str,
        *,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Change a thread.

        Set its metadata or the files of its tools. Fields that are left out stay as they are.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            metadata: Your own notes on the thread: at most 16 pairs, keys up to 64 characters,
                values up to 512 (the vendor's published schema).
            tool_resources: The files that tools can use in this thread. Give both entries: the
                vendor's published schema asks for both.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread.
            APIError: Something else went wrong.
        """
        call = update_thread(
            self._carrier.checker, thread_id, metadata=metadata, tool_resources=tool_resources
        )
        return self._carrier.send(call, options)

    def delete(
        self,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedThread:
        """Delete a thread with all its messages.

        This cannot be undone. A repeated attempt that finds it gone counts as done.

        The vendor's general pages also name 204 with an empty body as a success.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread.
            APIError: Something else went wrong.
        """
        call = delete_thread(self._carrier.checker, thread_id)
        return self._carrier.send(call, options)

    @overload
    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> EventStream: ...

    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | EventStream:
        """Start a thread and a run on it in one request.

        With `stream` the answer is an event stream, as in `create_run`.

        Not idempotent: a repeated call makes a second thread and run.

        Args:
            assistant_id: The id of the assistant that answers, up to 1,000 characters (our limit).
            thread: The thread to make. Left out, it is empty.
            model: Another model than the assistant's, 1 to 256 characters (our limits).
            instructions: Instructions in place of the assistant's, up to 256,000 characters (the
                vendor's published schema).
            tools: Tools in place of the assistant's, at most 20 (upstream schema).
            tool_resources: The files that tools can use in this run.
            metadata: Your own notes on the run: at most 16 pairs, keys up to 64 characters, values
                up to 512 (the vendor's published schema).
            temperature: How freely the model chooses words, 0 to 2 (the vendor's published schema).
            top_p: The share of likely words that the model chooses from, 0 to 1 (the vendor's
                published schema). Set this or `temperature`, not both.
            max_prompt_tokens: The most tokens that the run may read, at least 256 (upstream
                schema). A run that needs more ends as `incomplete`.
            max_completion_tokens: The most tokens that the run may write. A run that needs more
                ends as `incomplete`.
            truncation_strategy: What the run does when the thread is too long.
            response_format: The form of the answers; or a pydantic model, dataclass or TypedDict,
                for JSON that fits it.
            tool_choice: Which tool the model uses.
            parallel_tool_calls: Whether the model may ask for several function calls at once. Left
                out, the server takes true.
            stream: Whether the answer is an event stream in place of the run.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = create_thread_and_run(
            self._carrier.checker,
            assistant_id,
            thread=thread,
            model=model,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            stream=stream,
        )
        if call.streams:
            events: EventStream = self._carrier.stream(call, options)
            return events
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawThreads:
        """The same calls, which return the answer as it came."""
        return RawThreads(Threads(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedThreads:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedThreads(Threads(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedThreads:
        """The same calls, not sent: they return their requests."""
        return PreparedThreads(Threads(self._carrier.prepare()))


@hide_internal_frames
class AsyncThreads:
    """Like `Threads`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    @cached_property
    def messages(self) -> AsyncMessages:
        """The messages of a thread."""
        from .messages import AsyncMessages

        return AsyncMessages(self._carrier)

    @cached_property
    def runs(self) -> AsyncRuns:
        """The work of assistants on threads."""
        from .runs import AsyncRuns

        return AsyncRuns(self._carrier)

    async def create(
        self,
        *,
        messages: MessagesArgument | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Start a thread: see `Threads.create`."""
        call = create_thread(
            self._carrier.checker,
            messages=messages,
            metadata=metadata,
            tool_resources=tool_resources,
        )
        return await self._carrier.send(call, options)

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Thread]:
        """List the threads of the account: see `Threads.list`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_threads(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[Thread] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Get a thread: see `Threads.retrieve`."""
        call = retrieve_thread(self._carrier.checker, thread_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        thread_id: str,
        *,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Change a thread: see `Threads.update`."""
        call = update_thread(
            self._carrier.checker, thread_id, metadata=metadata, tool_resources=tool_resources
        )
        return await self._carrier.send(call, options)

    async def delete(
        self,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedThread:
        """Delete a thread with all its messages: see `Threads.delete`."""
        call = delete_thread(self._carrier.checker, thread_id)
        return await self._carrier.send(call, options)

    @overload
    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream: ...

    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | AsyncEventStream:
        """Start a thread and a run on it in one request: see `Threads.create_and_run`."""
        call = create_thread_and_run(
            self._carrier.checker,
            assistant_id,
            thread=thread,
            model=model,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            stream=stream,
        )
        if call.streams:
            events: AsyncEventStream = await self._carrier.stream(call, options)
            return events
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawThreads:
        """The same calls, which return the answer as it came."""
        return AsyncRawThreads(AsyncThreads(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedThreads:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedThreads(AsyncThreads(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedThreads:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedThreads(Threads(self._carrier.prepare()))


class RawThreads:
    """The calls of `Threads`, which return the answer as it came."""

    def __init__(self, threads: Threads) -> None:
        self.create = as_raw(threads.create)
        self.list = as_raw(threads.list)
        self.retrieve = as_raw(threads.retrieve)
        self.update = as_raw(threads.update)
        self.delete = as_raw(threads.delete)
        self.create_and_run = as_raw(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> RawMessages:
        """The messages of a thread."""
        from .messages import RawMessages

        return RawMessages(self._threads.messages)

    @cached_property
    def runs(self) -> RawRuns:
        """The work of assistants on threads."""
        from .runs import RawRuns

        return RawRuns(self._threads.runs)


class AsyncRawThreads:
    """The calls of `AsyncThreads`, which return the answer as it came."""

    def __init__(self, threads: AsyncThreads) -> None:
        self.create = as_async_raw(threads.create)
        self.list = as_async_raw(threads.list)
        self.retrieve = as_async_raw(threads.retrieve)
        self.update = as_async_raw(threads.update)
        self.delete = as_async_raw(threads.delete)
        self.create_and_run = as_async_raw(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> AsyncRawMessages:
        """The messages of a thread."""
        from .messages import AsyncRawMessages

        return AsyncRawMessages(self._threads.messages)

    @cached_property
    def runs(self) -> AsyncRawRuns:
        """The work of assistants on threads."""
        from .runs import AsyncRawRuns

        return AsyncRawRuns(self._threads.runs)


class StreamedThreads:
    """The calls of `Threads`, which leave the answer's body to be read."""

    def __init__(self, threads: Threads) -> None:
        self.create = as_streamed(threads.create)
        self.list = as_streamed(threads.list)
        self.retrieve = as_streamed(threads.retrieve)
        self.update = as_streamed(threads.update)
        self.delete = as_streamed(threads.delete)
        self.create_and_run = as_streamed(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> StreamedMessages:
        """The messages of a thread."""
        from .messages import StreamedMessages

        return StreamedMessages(self._threads.messages)

    @cached_property
    def runs(self) -> StreamedRuns:
        """The work of assistants on threads."""
        from .runs import StreamedRuns

        return StreamedRuns(self._threads.runs)


class AsyncStreamedThreads:
    """The calls of `AsyncThreads`, which leave the answer's body to be read."""

    def __init__(self, threads: AsyncThreads) -> None:
        self.create = as_async_streamed(threads.create)
        self.list = as_async_streamed(threads.list)
        self.retrieve = as_async_streamed(threads.retrieve)
        self.update = as_async_streamed(threads.update)
        self.delete = as_async_streamed(threads.delete)
        self.create_and_run = as_async_streamed(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> AsyncStreamedMessages:
        """The messages of a thread."""
        from .messages import AsyncStreamedMessages

        return AsyncStreamedMessages(self._threads.messages)

    @cached_property
    def runs(self) -> AsyncStreamedRuns:
        """The work of assistants on threads."""
        from .runs import AsyncStreamedRuns

        return AsyncStreamedRuns(self._threads.runs)


class PreparedThreads:
    """The calls of `Threads`, which return their requests."""

    def __init__(self, threads: Threads) -> None:
        self.create = as_prepared(threads.create)
        self.list = as_prepared(threads.list)
        self.retrieve = as_prepared(threads.retrieve)
        self.update = as_prepared(threads.update)
        self.delete = as_prepared(threads.delete)
        self.create_and_run = as_prepared(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> PreparedMessages:
        """The messages of a thread."""
        from .messages import PreparedMessages

        return PreparedMessages(self._threads.messages)

    @cached_property
    def runs(self) -> PreparedRuns:
        """The work of assistants on threads."""
        from .runs import PreparedRuns

        return PreparedRuns(self._threads.runs)


@hide_internal_frames
class OpenAIThreads:
    """Like `Threads`, as in the openai package: the last id of a path comes first, the others are
    keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @cached_property
    def messages(self) -> OpenAIMessages:
        """The messages of a thread."""
        from .messages import OpenAIMessages

        return OpenAIMessages(self._carrier)

    @cached_property
    def runs(self) -> OpenAIRuns:
        """The work of assistants on threads."""
        from .runs import OpenAIRuns

        return OpenAIRuns(self._carrier)

    def create(
        self,
        *,
        messages: MessagesArgument | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Start a thread: see `Threads.create`."""
        call = create_thread(
            self._carrier.checker,
            messages=messages,
            metadata=metadata,
            tool_resources=tool_resources,
        )
        return self._carrier.send(call, options)

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[Thread]:
        """List the threads of the account: see `Threads.list`."""
        call = list_threads(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[Thread] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Get a thread: see `Threads.retrieve`."""
        call = retrieve_thread(self._carrier.checker, thread_id)
        return self._carrier.send(call, options)

    def update(
        self,
        thread_id: str,
        *,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Change a thread: see `Threads.update`."""
        call = update_thread(
            self._carrier.checker, thread_id, metadata=metadata, tool_resources=tool_resources
        )
        return self._carrier.send(call, options)

    def delete(
        self,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedThread:
        """Delete a thread with all its messages: see `Threads.delete`."""
        call = delete_thread(self._carrier.checker, thread_id)
        return self._carrier.send(call, options)

    @overload
    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> EventStream: ...

    def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | EventStream:
        """Start a thread and a run on it in one request: see `Threads.create_and_run`."""
        call = create_thread_and_run(
            self._carrier.checker,
            assistant_id,
            thread=thread,
            model=model,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            stream=stream,
        )
        if call.streams:
            events: EventStream = self._carrier.stream(call, options)
            return events
        return self._carrier.send(call, options)

    def create_and_run_poll(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Start a thread and a run on it in one request, then wait until it is over.

        Or until it waits for tool outputs. See `Threads.create_and_run` for the other arguments.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default: what the server wants.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: A ``deadline`` covers all requests, and ``extra_query`` is in each.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: It is still going at the deadline.
        """
        call = create_thread_and_run(
            self._carrier.checker,
            assistant_id,
            thread=thread,
            model=model,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
        )
        carrier: Any = self._carrier
        run: Run = carrier.begin_and_poll(call, options, poll_deadline, poll_interval_ms)
        return run

    def create_and_run_stream(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        event_handler: HandlerT | None | NotGiven = None,
        **options: Unpack[CallOptions],
    ) -> AssistantStreamManager[HandlerT]:
        """Start a thread and a run on it in one request, and read its events.

        Use it in ``with``, which sends the request. The block gets the `event_handler`, an
        instance of your subclass of `AssistantEventHandler`, or one that nobody listens to.
        See `Threads.create_and_run` for the other arguments and for errors.
        """
        call = create_thread_and_run(
            self._carrier.checker,
            assistant_id,
            thread=thread,
            model=model,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            stream=True,
        )
        carrier: Any = self._carrier
        manager: AssistantStreamManager[HandlerT] = carrier.open_stream(
            call, options, event_handler
        )
        return manager

    @property
    def with_raw_response(self) -> RawOpenAIThreads:
        """The same calls, which return the answer as it came."""
        return RawOpenAIThreads(OpenAIThreads(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAIThreads:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAIThreads(OpenAIThreads(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIThreads:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAIThreads(OpenAIThreads(self._carrier.prepare()))


@hide_internal_frames
class AsyncOpenAIThreads:
    """Like `AsyncThreads`, as in the openai package: the last id of a path comes first, the others
    are keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    @cached_property
    def messages(self) -> AsyncOpenAIMessages:
        """The messages of a thread."""
        from .messages import AsyncOpenAIMessages

        return AsyncOpenAIMessages(self._carrier)

    @cached_property
    def runs(self) -> AsyncOpenAIRuns:
        """The work of assistants on threads."""
        from .runs import AsyncOpenAIRuns

        return AsyncOpenAIRuns(self._carrier)

    async def create(
        self,
        *,
        messages: MessagesArgument | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Start a thread: see `Threads.create`."""
        call = create_thread(
            self._carrier.checker,
            messages=messages,
            metadata=metadata,
            tool_resources=tool_resources,
        )
        return await self._carrier.send(call, options)

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Thread]:
        """List the threads of the account: see `Threads.list`."""
        call = list_threads(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[Thread] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Get a thread: see `Threads.retrieve`."""
        call = retrieve_thread(self._carrier.checker, thread_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        thread_id: str,
        *,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Thread:
        """Change a thread: see `Threads.update`."""
        call = update_thread(
            self._carrier.checker, thread_id, metadata=metadata, tool_resources=tool_resources
        )
        return await self._carrier.send(call, options)

    async def delete(
        self,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedThread:
        """Delete a thread with all its messages: see `Threads.delete`."""
        call = delete_thread(self._carrier.checker, thread_id)
        return await self._carrier.send(call, options)

    @overload
    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream: ...

    async def create_and_run(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | AsyncEventStream:
        """Start a thread and a run on it in one request: see `Threads.create_and_run`."""
        call = create_thread_and_run(
            self._carrier.checker,
            assistant_id,
            thread=thread,
            model=model,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            stream=stream,
        )
        if call.streams:
            events: AsyncEventStream = await self._carrier.stream(call, options)
            return events
        return await self._carrier.send(call, options)

    async def create_and_run_poll(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Start a thread and a run on it in one request, then wait until it is over.

        Or until it waits for tool outputs. See `Threads.create_and_run` for the other arguments.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default: what the server wants.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: A ``deadline`` covers all requests, and ``extra_query`` is in each.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: It is still going at the deadline.
        """
        call = create_thread_and_run(
            self._carrier.checker,
            assistant_id,
            thread=thread,
            model=model,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
        )
        carrier: Any = self._carrier
        run: Run = await carrier.begin_and_poll(call, options, poll_deadline, poll_interval_ms)
        return run

    def create_and_run_stream(
        self,
        assistant_id: str,
        *,
        thread: models.CreateThreadRequest | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        max_prompt_tokens: int | None | NotGiven = NOT_GIVEN,
        max_completion_tokens: int | None | NotGiven = NOT_GIVEN,
        truncation_strategy: models.TruncationStrategy
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
        parallel_tool_calls: bool | NotGiven = NOT_GIVEN,
        event_handler: AsyncHandlerT | None | NotGiven = None,
        **options: Unpack[CallOptions],
    ) -> AsyncAssistantStreamManager[AsyncHandlerT]:
        """Start a thread and a run on it in one request, and read its events.

        Use it in ``async with``, which sends the request. The block gets the `event_handler`, an
        instance of your subclass of `AsyncAssistantEventHandler`, or one that nobody listens to.
        See `Threads.create_and_run` for the other arguments and for errors.
        """
        call = create_thread_and_run(
            self._carrier.checker,
            assistant_id,
            thread=thread,
            model=model,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            stream=True,
        )
        carrier: Any = self._carrier
        manager: AsyncAssistantStreamManager[AsyncHandlerT] = carrier.open_stream(
            call, options, event_handler
        )
        return manager

    @property
    def with_raw_response(self) -> AsyncRawOpenAIThreads:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAIThreads(AsyncOpenAIThreads(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAIThreads:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAIThreads(AsyncOpenAIThreads(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIThreads:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAIThreads(OpenAIThreads(self._carrier.prepare()))


class RawOpenAIThreads:
    """The calls of `OpenAIThreads`, which return the answer as it came."""

    def __init__(self, threads: OpenAIThreads) -> None:
        self.create = as_raw(threads.create)
        self.list = as_raw(threads.list)
        self.retrieve = as_raw(threads.retrieve)
        self.update = as_raw(threads.update)
        self.delete = as_raw(threads.delete)
        self.create_and_run = as_raw(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> RawOpenAIMessages:
        """The messages of a thread."""
        from .messages import RawOpenAIMessages

        return RawOpenAIMessages(self._threads.messages)

    @cached_property
    def runs(self) -> RawOpenAIRuns:
        """The work of assistants on threads."""
        from .runs import RawOpenAIRuns

        return RawOpenAIRuns(self._threads.runs)


class AsyncRawOpenAIThreads:
    """The calls of `AsyncOpenAIThreads`, which return the answer as it came."""

    def __init__(self, threads: AsyncOpenAIThreads) -> None:
        self.create = as_async_raw(threads.create)
        self.list = as_async_raw(threads.list)
        self.retrieve = as_async_raw(threads.retrieve)
        self.update = as_async_raw(threads.update)
        self.delete = as_async_raw(threads.delete)
        self.create_and_run = as_async_raw(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> AsyncRawOpenAIMessages:
        """The messages of a thread."""
        from .messages import AsyncRawOpenAIMessages

        return AsyncRawOpenAIMessages(self._threads.messages)

    @cached_property
    def runs(self) -> AsyncRawOpenAIRuns:
        """The work of assistants on threads."""
        from .runs import AsyncRawOpenAIRuns

        return AsyncRawOpenAIRuns(self._threads.runs)


class StreamedOpenAIThreads:
    """The calls of `OpenAIThreads`, which leave the answer's body to be read."""

    def __init__(self, threads: OpenAIThreads) -> None:
        self.create = as_streamed(threads.create)
        self.list = as_streamed(threads.list)
        self.retrieve = as_streamed(threads.retrieve)
        self.update = as_streamed(threads.update)
        self.delete = as_streamed(threads.delete)
        self.create_and_run = as_streamed(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> StreamedOpenAIMessages:
        """The messages of a thread."""
        from .messages import StreamedOpenAIMessages

        return StreamedOpenAIMessages(self._threads.messages)

    @cached_property
    def runs(self) -> StreamedOpenAIRuns:
        """The work of assistants on threads."""
        from .runs import StreamedOpenAIRuns

        return StreamedOpenAIRuns(self._threads.runs)


class AsyncStreamedOpenAIThreads:
    """The calls of `AsyncOpenAIThreads`, which leave the answer's body to be read."""

    def __init__(self, threads: AsyncOpenAIThreads) -> None:
        self.create = as_async_streamed(threads.create)
        self.list = as_async_streamed(threads.list)
        self.retrieve = as_async_streamed(threads.retrieve)
        self.update = as_async_streamed(threads.update)
        self.delete = as_async_streamed(threads.delete)
        self.create_and_run = as_async_streamed(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> AsyncStreamedOpenAIMessages:
        """The messages of a thread."""
        from .messages import AsyncStreamedOpenAIMessages

        return AsyncStreamedOpenAIMessages(self._threads.messages)

    @cached_property
    def runs(self) -> AsyncStreamedOpenAIRuns:
        """The work of assistants on threads."""
        from .runs import AsyncStreamedOpenAIRuns

        return AsyncStreamedOpenAIRuns(self._threads.runs)


class PreparedOpenAIThreads:
    """The calls of `OpenAIThreads`, which return their requests."""

    def __init__(self, threads: OpenAIThreads) -> None:
        self.create = as_prepared(threads.create)
        self.list = as_prepared(threads.list)
        self.retrieve = as_prepared(threads.retrieve)
        self.update = as_prepared(threads.update)
        self.delete = as_prepared(threads.delete)
        self.create_and_run = as_prepared(threads.create_and_run)
        self._threads = threads

    @cached_property
    def messages(self) -> PreparedOpenAIMessages:
        """The messages of a thread."""
        from .messages import PreparedOpenAIMessages

        return PreparedOpenAIMessages(self._threads.messages)

    @cached_property
    def runs(self) -> PreparedOpenAIRuns:
        """The work of assistants on threads."""
        from .runs import PreparedOpenAIRuns

        return PreparedOpenAIRuns(self._threads.runs)
