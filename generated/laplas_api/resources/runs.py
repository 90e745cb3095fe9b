# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""The work of assistants on threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    bind,
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
        ToolOutputs,
        Tools,
    )
    from laplas.types import Messages as MessagesArgument

    from ..calls import AsyncCarrier, Carrier
    from ..checks import Checker
    from ..types import NotGiven
    from .steps import (
        AsyncOpenAISteps,
        AsyncRawOpenAISteps,
        AsyncRawSteps,
        AsyncSteps,
        AsyncStreamedOpenAISteps,
        AsyncStreamedSteps,
        OpenAISteps,
        PreparedOpenAISteps,
        PreparedSteps,
        RawOpenAISteps,
        RawSteps,
        Steps,
        StreamedOpenAISteps,
        StreamedSteps,
    )


class RunSettings(TypedDict, total=False):
    """What `Runs.create` takes by keyword, as a dict.

    Attributes:
        model: Another model than the assistant's, 1 to 256 characters (our limits).
        instructions: Instructions in place of the assistant's, up to 256,000 characters (the
            vendor's published schema).
        additional_instructions: Instructions after the assistant's, up to 256,000 characters (the
            vendor's published schema).
        additional_messages: Messages to add to the thread first, oldest first.
        tools: Tools in place of the assistant's, at most 20 (upstream schema).
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
        reasoning_effort: How long the model thinks: `low`, `medium` or `high` in the vendor's
            schema, up to 64 characters (our limit). Only for models that reason.
        include: More to put into steps. The one known value,
            `step_details.tool_calls[*].file_search.results[*].content`, asks for the words that a
            file search found.
    """

    model: str | None | NotGiven
    instructions: str | None | NotGiven
    additional_instructions: str | None | NotGiven
    additional_messages: MessagesArgument | None | NotGiven
    tools: Tools | None | NotGiven
    metadata: Mapping[str, str] | None | NotGiven
    temperature: float | None | NotGiven
    top_p: float | None | NotGiven
    max_prompt_tokens: int | None | NotGiven
    max_completion_tokens: int | None | NotGiven
    truncation_strategy: models.TruncationStrategy | Mapping[str, Any] | None | NotGiven
    response_format: ResponseFormat | None | NotGiven
    tool_choice: str | models.NamedToolChoice | Mapping[str, Any] | None | NotGiven
    parallel_tool_calls: bool | NotGiven
    reasoning_effort: str | None | NotGiven
    include: Iterable[str] | None


def create_run(
    checker: Checker,
    thread_id: str,
    assistant_id: str,
    *,
    model: str | None | NotGiven = NOT_GIVEN,
    instructions: str | None | NotGiven = NOT_GIVEN,
    additional_instructions: str | None | NotGiven = NOT_GIVEN,
    additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
    tools: Tools | None | NotGiven = NOT_GIVEN,
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
    reasoning_effort: str | None | NotGiven = NOT_GIVEN,
    stream: bool = False,
    include: Iterable[str] | None = None,
    wait_for_active_run: bool = False,
    poll_deadline: float = 900.0,
) -> Call[Run]:
    """Check the arguments of `Runs.create` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    return Call(
        "create_run",
        "create",
        "POST",
        f"/threads/{segment(thread_id)}/runs",
        models.Run,
        query=checker.query("create_run", {"include[]": include}, names={"include[]": "include"}),
        body=checker.body(
            "CreateRunRequest",
            {
                "assistant_id": assistant_id,
                "model": model,
                "instructions": instructions,
                "additional_instructions": additional_instructions,
                "additional_messages": additional_messages,
                "tools": tools,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "max_prompt_tokens": max_prompt_tokens,
                "max_completion_tokens": max_completion_tokens,
                "truncation_strategy": truncation_strategy,
                "response_format": response_format,
                "tool_choice": tool_choice,
                "parallel_tool_calls": parallel_tool_calls,
                "reasoning_effort": reasoning_effort,
                "stream": stream or NOT_GIVEN,
            },
        ),
        streams=stream,
        features={"wait_for_active_run": wait_for_active_run, "poll_deadline": poll_deadline},
        parents={"thread_id": thread_id},
    )


def list_runs(
    checker: Checker,
    thread_id: str,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    order: models.ListOrder | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int | None = None,
    read_ahead: bool = False,
) -> Call[Run]:
    """Check the arguments of `Runs.list` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    return Call(
        "list_runs",
        "read",
        "GET",
        f"/threads/{segment(thread_id)}/runs",
        models.Run,
        query=page_query(
            checker,
            "list_runs",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "before": before},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
        parents={"thread_id": thread_id},
    )


def retrieve_run(
    checker: Checker,
    thread_id: str,
    run_id: str,
) -> Call[Run]:
    """Check the arguments of `Runs.retrieve` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    run_id = checker.id(run_id, "run_id")
    return Call(
        "retrieve_run",
        "read",
        "GET",
        f"/threads/{segment(thread_id)}/runs/{segment(run_id)}",
        models.Run,
        answer_id=run_id,
        parents={"thread_id": thread_id},
    )


def update_run(
    checker: Checker,
    thread_id: str,
    run_id: str,
    *,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
) -> Call[Run]:
    """Check the arguments of `Runs.update` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    run_id = checker.id(run_id, "run_id")
    return Call(
        "update_run",
        "repeatable",
        "POST",
        f"/threads/{segment(thread_id)}/runs/{segment(run_id)}",
        models.Run,
        body=checker.body("UpdateRunRequest", {"metadata": metadata}),
        answer_id=run_id,
        parents={"thread_id": thread_id},
    )


def submit_tool_outputs(
    checker: Checker,
    thread_id: str,
    run_id: str,
    tool_outputs: ToolOutputs,
    *,
    stream: bool = False,
) -> Call[Run]:
    """Check the arguments of `Runs.submit_tool_outputs` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    run_id = checker.id(run_id, "run_id")
    return Call(
        "submit_tool_outputs",
        "create" if stream else "repeatable",
        "POST",
        f"/threads/{segment(thread_id)}/runs/{segment(run_id)}/submit_tool_outputs",
        models.Run,
        body=checker.body(
            "SubmitToolOutputsRequest",
            {"tool_outputs": tool_outputs, "stream": stream or NOT_GIVEN},
        ),
        streams=stream,
        answer_id=run_id if not stream else None,
        parents={"thread_id": thread_id},
    )


def cancel_run(
    checker: Checker,
    thread_id: str,
    run_id: str,
) -> Call[Run]:
    """Check the arguments of `Runs.cancel` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    run_id = checker.id(run_id, "run_id")
    return Call(
        "cancel_run",
        "repeatable",
        "POST",
        f"/threads/{segment(thread_id)}/runs/{segment(run_id)}/cancel",
        models.Run,
        answer_id=run_id,
        parents={"thread_id": thread_id},
    )


@hide_internal_frames
class Runs:
    """The work of assistants on threads."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @cached_property
    def steps(self) -> Steps:
        """The steps of runs."""
        from .steps import Steps

        return Steps(self._carrier)

    @overload
    def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: Literal[False] = False,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: Literal[True],
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> EventStream: ...

    def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: bool = False,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run | EventStream:
        """Put an assistant to work on a thread.

        The run starts as `queued`: read it again until its status is one that stays, or follow its
        events with `stream`. Refused with 400 while another run is active on the thread.

        Not idempotent: a repeated call makes a second run.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            assistant_id: The id of the assistant that answers, up to 1,000 characters (our limit).
            model: Another model than the assistant's, 1 to 256 characters (our limits).
            instructions: Instructions in place of the assistant's, up to 256,000 characters (the
                vendor's published schema).
            additional_instructions: Instructions after the assistant's, up to 256,000 characters
                (the vendor's published schema).
            additional_messages: Messages to add to the thread first, oldest first.
            tools: Tools in place of the assistant's, at most 20 (upstream schema).
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
            reasoning_effort: How long the model thinks: `low`, `medium` or `high` in the vendor's
                schema, up to 64 characters (our limit). Only for models that reason.
            stream: Whether the answer is an event stream in place of the run.
            include: More to put into steps. The one known value,
                `step_details.tool_calls[*].file_search.results[*].content`, asks for the words that
                a file search found.
            wait_for_active_run: Wait while a run is active on the thread; otherwise that is an
                error. A run that waits for tool outputs is active, too; without them it expires at
                the server after about ten minutes.
            poll_deadline: The most seconds to wait for the active run.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or assistant.
            ActiveRunError: A run is active on the thread; ``run_id`` names it.
            RunTimeoutError: It was still active at the deadline.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = create_run(
            self._carrier.checker,
            thread_id,
            assistant_id,
            model=model,
            instructions=instructions,
            additional_instructions=additional_instructions,
            additional_messages=additional_messages,
            tools=tools,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            reasoning_effort=reasoning_effort,
            stream=stream,
            include=include,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        if call.streams:
            events: EventStream = self._carrier.stream(call, options)
            return events
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
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[Run]:
        """List the runs of a thread.

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
        call = list_runs(
            self._carrier.checker,
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[Run] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        thread_id: str,
        run_id: str,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Get a run.

        Read one run, to see how far it has come.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            run_id: The id of the run, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        call = retrieve_run(self._carrier.checker, thread_id, run_id)
        return self._carrier.send(call, options)

    def update(
        self,
        thread_id: str,
        run_id: str,
        *,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Change the metadata of a run.

        Nothing else of a run can be changed.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            run_id: The id of the run, up to 1,000 characters (our limit).
            metadata: Your own notes on the run: at most 16 pairs, keys up to 64 characters, values
                up to 512 (the vendor's published schema).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        call = update_run(self._carrier.checker, thread_id, run_id, metadata=metadata)
        return self._carrier.send(call, options)

    @overload
    def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> EventStream: ...

    def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | EventStream:
        """Give a run the outputs of the functions it called.

        The run has the status `requires_action` and waits for the outputs of all these calls at
        once; then it goes on. With `stream` the answer is an event stream, which begins with the
        end of the step that waited.

        A repeated attempt that finds the outputs taken counts as done. A stream is not repeated:
        the events of a lost answer do not come again.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            run_id: The id of the run, up to 1,000 characters (our limit).
            tool_outputs: The results of all calls that the run waits for.
            stream: Whether the answer is an event stream in place of the run.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            BadRequestError: The run does not wait for these outputs.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        call = submit_tool_outputs(
            self._carrier.checker, thread_id, run_id, tool_outputs, stream=stream
        )
        if call.streams:
            events: EventStream = self._carrier.stream(call, options)
            return events
        return self._carrier.send(call, options)

    def cancel(
        self,
        thread_id: str,
        run_id: str,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Cancel an active run.

        It becomes `cancelling`, later `cancelled`. A repeated attempt that finds it so counts as
        done.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            run_id: The id of the run, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            BadRequestError: The run is over.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        call = cancel_run(self._carrier.checker, thread_id, run_id)
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawRuns:
        """The same calls, which return the answer as it came."""
        return RawRuns(Runs(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedRuns:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedRuns(Runs(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedRuns:
        """The same calls, not sent: they return their requests."""
        return PreparedRuns(Runs(self._carrier.prepare()))


@hide_internal_frames
class AsyncRuns:
    """Like `Runs`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    @cached_property
    def steps(self) -> AsyncSteps:
        """The steps of runs."""
        from .steps import AsyncSteps

        return AsyncSteps(self._carrier)

    @overload
    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: Literal[False] = False,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: Literal[True],
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream: ...

    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: bool = False,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run | AsyncEventStream:
        """Put an assistant to work on a thread: see `Runs.create`."""
        call = create_run(
            self._carrier.checker,
            thread_id,
            assistant_id,
            model=model,
            instructions=instructions,
            additional_instructions=additional_instructions,
            additional_messages=additional_messages,
            tools=tools,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            reasoning_effort=reasoning_effort,
            stream=stream,
            include=include,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        if call.streams:
            events: AsyncEventStream = await self._carrier.stream(call, options)
            return events
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
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Run]:
        """List the runs of a thread: see `Runs.list`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_runs(
            self._carrier.checker,
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[Run] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        thread_id: str,
        run_id: str,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Get a run: see `Runs.retrieve`."""
        call = retrieve_run(self._carrier.checker, thread_id, run_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        thread_id: str,
        run_id: str,
        *,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Change the metadata of a run: see `Runs.update`."""
        call = update_run(self._carrier.checker, thread_id, run_id, metadata=metadata)
        return await self._carrier.send(call, options)

    @overload
    async def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    async def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream: ...

    async def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | AsyncEventStream:
        """Give a run the outputs of the functions it called: see `Runs.submit_tool_outputs`."""
        call = submit_tool_outputs(
            self._carrier.checker, thread_id, run_id, tool_outputs, stream=stream
        )
        if call.streams:
            events: AsyncEventStream = await self._carrier.stream(call, options)
            return events
        return await self._carrier.send(call, options)

    async def cancel(
        self,
        thread_id: str,
        run_id: str,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Cancel an active run: see `Runs.cancel`."""
        call = cancel_run(self._carrier.checker, thread_id, run_id)
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawRuns:
        """The same calls, which return the answer as it came."""
        return AsyncRawRuns(AsyncRuns(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedRuns:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedRuns(AsyncRuns(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedRuns:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedRuns(Runs(self._carrier.prepare()))


class RawRuns:
    """The calls of `Runs`, which return the answer as it came."""

    def __init__(self, runs: Runs) -> None:
        self.create = as_raw(runs.create)
        self.list = as_raw(runs.list)
        self.retrieve = as_raw(runs.retrieve)
        self.update = as_raw(runs.update)
        self.submit_tool_outputs = as_raw(runs.submit_tool_outputs)
        self.cancel = as_raw(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> RawSteps:
        """The steps of runs."""
        from .steps import RawSteps

        return RawSteps(self._runs.steps)


class AsyncRawRuns:
    """The calls of `AsyncRuns`, which return the answer as it came."""

    def __init__(self, runs: AsyncRuns) -> None:
        self.create = as_async_raw(runs.create)
        self.list = as_async_raw(runs.list)
        self.retrieve = as_async_raw(runs.retrieve)
        self.update = as_async_raw(runs.update)
        self.submit_tool_outputs = as_async_raw(runs.submit_tool_outputs)
        self.cancel = as_async_raw(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> AsyncRawSteps:
        """The steps of runs."""
        from .steps import AsyncRawSteps

        return AsyncRawSteps(self._runs.steps)


class StreamedRuns:
    """The calls of `Runs`, which leave the answer's body to be read."""

    def __init__(self, runs: Runs) -> None:
        self.create = as_streamed(runs.create)
        self.list = as_streamed(runs.list)
        self.retrieve = as_streamed(runs.retrieve)
        self.update = as_streamed(runs.update)
        self.submit_tool_outputs = as_streamed(runs.submit_tool_outputs)
        self.cancel = as_streamed(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> StreamedSteps:
        """The steps of runs."""
        from .steps import StreamedSteps

        return StreamedSteps(self._runs.steps)


class AsyncStreamedRuns:
    """The calls of `AsyncRuns`, which leave the answer's body to be read."""

    def __init__(self, runs: AsyncRuns) -> None:
        self.create = as_async_streamed(runs.create)
        self.list = as_async_streamed(runs.list)
        self.retrieve = as_async_streamed(runs.retrieve)
        self.update = as_async_streamed(runs.update)
        self.submit_tool_outputs = as_async_streamed(runs.submit_tool_outputs)
        self.cancel = as_async_streamed(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> AsyncStreamedSteps:
        """The steps of runs."""
        from .steps import AsyncStreamedSteps

        return AsyncStreamedSteps(self._runs.steps)


class PreparedRuns:
    """The calls of `Runs`, which return their requests."""

    def __init__(self, runs: Runs) -> None:
        self.create = as_prepared(runs.create)
        self.list = as_prepared(runs.list)
        self.retrieve = as_prepared(runs.retrieve)
        self.update = as_prepared(runs.update)
        self.submit_tool_outputs = as_prepared(runs.submit_tool_outputs)
        self.cancel = as_prepared(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> PreparedSteps:
        """The steps of runs."""
        from .steps import PreparedSteps

        return PreparedSteps(self._runs.steps)


@hide_internal_frames
class OpenAIRuns:
    """Like `Runs`, as in the openai package: the last id of a path comes first, the others are
    keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @cached_property
    def steps(self) -> OpenAISteps:
        """The steps of runs."""
        from .steps import OpenAISteps

        return OpenAISteps(self._carrier)

    @overload
    def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: Literal[False] = False,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: Literal[True],
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> EventStream: ...

    def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: bool = False,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run | EventStream:
        """Put an assistant to work on a thread: see `Runs.create`."""
        call = create_run(
            self._carrier.checker,
            thread_id,
            assistant_id,
            model=model,
            instructions=instructions,
            additional_instructions=additional_instructions,
            additional_messages=additional_messages,
            tools=tools,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            reasoning_effort=reasoning_effort,
            stream=stream,
            include=include,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        if call.streams:
            events: EventStream = self._carrier.stream(call, options)
            return events
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
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[Run]:
        """List the runs of a thread: see `Runs.list`."""
        call = list_runs(
            self._carrier.checker,
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[Run] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        run_id: str,
        *,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Get a run: see `Runs.retrieve`."""
        call = retrieve_run(self._carrier.checker, thread_id, run_id)
        return self._carrier.send(call, options)

    def update(
        self,
        run_id: str,
        *,
        thread_id: str,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Change the metadata of a run: see `Runs.update`."""
        call = update_run(self._carrier.checker, thread_id, run_id, metadata=metadata)
        return self._carrier.send(call, options)

    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    def submit_tool_outputs(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> EventStream: ...

    def submit_tool_outputs(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | EventStream:
        """Give a run the outputs of the functions it called: see `Runs.submit_tool_outputs`."""
        call = submit_tool_outputs(
            self._carrier.checker, thread_id, run_id, tool_outputs, stream=stream
        )
        if call.streams:
            events: EventStream = self._carrier.stream(call, options)
            return events
        return self._carrier.send(call, options)

    def cancel(
        self,
        run_id: str,
        *,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Cancel an active run: see `Runs.cancel`."""
        call = cancel_run(self._carrier.checker, thread_id, run_id)
        return self._carrier.send(call, options)

    def create_and_poll(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_interval_ms: float | None | NotGiven = None,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Put an assistant to work on a thread, then wait until it is over.

        Or until it waits for tool outputs. See `Runs.create` for the other arguments.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default: what the server wants.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: A ``deadline`` covers all requests, and ``extra_query`` is in each.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: It is still going at the deadline.
        """
        call = create_run(
            self._carrier.checker,
            thread_id,
            assistant_id,
            model=model,
            instructions=instructions,
            additional_instructions=additional_instructions,
            additional_messages=additional_messages,
            tools=tools,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            reasoning_effort=reasoning_effort,
            include=include,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        carrier: Any = self._carrier
        run: Run = carrier.begin_and_poll(call, options, poll_deadline, poll_interval_ms)
        return run

    def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        event_handler: HandlerT | None | NotGiven = None,
        **options: Unpack[CallOptions],
    ) -> AssistantStreamManager[HandlerT]:
        """Put an assistant to work on a thread, and read its events.

        Use it in ``with``, which sends the request. The block gets the `event_handler`, an
        instance of your subclass of `AssistantEventHandler`, or one that nobody listens to.
        See `Runs.create` for the other arguments and for errors.
        """
        call = create_run(
            self._carrier.checker,
            thread_id,
            assistant_id,
            model=model,
            instructions=instructions,
            additional_instructions=additional_instructions,
            additional_messages=additional_messages,
            tools=tools,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            reasoning_effort=reasoning_effort,
            include=include,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            stream=True,
        )
        carrier: Any = self._carrier
        manager: AssistantStreamManager[HandlerT] = carrier.open_stream(
            call, options, event_handler
        )
        return manager

    create_and_stream = stream

    def poll(
        self,
        run_id: str,
        thread_id: str,
        *,
        poll_interval_ms: float | None | NotGiven = None,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Get a run, then wait until it is over.

        Or until it waits for tool outputs. See `Runs.retrieve` for the other arguments.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default: what the server wants.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: A ``deadline`` covers all requests, and ``extra_query`` is in each.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: It is still going at the deadline.
        """
        call = retrieve_run(self._carrier.checker, thread_id, run_id)
        carrier: Any = self._carrier
        run: Run = carrier.begin_and_poll(call, options, poll_deadline, poll_interval_ms)
        return run

    def submit_tool_outputs_and_poll(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        poll_interval_ms: float | None | NotGiven = None,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Give a run the outputs of the functions it called, then wait until it is over.

        Or until it waits for tool outputs. See `Runs.submit_tool_outputs` for the other arguments.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default: what the server wants.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: A ``deadline`` covers all requests, and ``extra_query`` is in each.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: It is still going at the deadline.
        """
        call = submit_tool_outputs(self._carrier.checker, thread_id, run_id, tool_outputs)
        carrier: Any = self._carrier
        run: Run = carrier.begin_and_poll(call, options, poll_deadline, poll_interval_ms)
        return run

    def submit_tool_outputs_stream(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        event_handler: HandlerT | None | NotGiven = None,
        **options: Unpack[CallOptions],
    ) -> AssistantStreamManager[HandlerT]:
        """Give a run the outputs of the functions it called, and read its events.

        Use it in ``with``, which sends the request. The block gets the `event_handler`, an
        instance of your subclass of `AssistantEventHandler`, or one that nobody listens to.
        See `Runs.submit_tool_outputs` for the other arguments and for errors.
        """
        call = submit_tool_outputs(
            self._carrier.checker, thread_id, run_id, tool_outputs, stream=True
        )
        carrier: Any = self._carrier
        manager: AssistantStreamManager[HandlerT] = carrier.open_stream(
            call, options, event_handler
        )
        return manager

    @property
    def with_raw_response(self) -> RawOpenAIRuns:
        """The same calls, which return the answer as it came."""
        return RawOpenAIRuns(OpenAIRuns(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAIRuns:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAIRuns(OpenAIRuns(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIRuns:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAIRuns(OpenAIRuns(self._carrier.prepare()))


@hide_internal_frames
class AsyncOpenAIRuns:
    """Like `AsyncRuns`, as in the openai package: the last id of a path comes first, the others are
    keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    @cached_property
    def steps(self) -> AsyncOpenAISteps:
        """The steps of runs."""
        from .steps import AsyncOpenAISteps

        return AsyncOpenAISteps(self._carrier)

    @overload
    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: Literal[False] = False,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: Literal[True],
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream: ...

    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        stream: bool = False,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run | AsyncEventStream:
        """Put an assistant to work on a thread: see `Runs.create`."""
        call = create_run(
            self._carrier.checker,
            thread_id,
            assistant_id,
            model=model,
            instructions=instructions,
            additional_instructions=additional_instructions,
            additional_messages=additional_messages,
            tools=tools,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            reasoning_effort=reasoning_effort,
            stream=stream,
            include=include,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        if call.streams:
            events: AsyncEventStream = await self._carrier.stream(call, options)
            return events
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
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Run]:
        """List the runs of a thread: see `Runs.list`."""
        call = list_runs(
            self._carrier.checker,
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[Run] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        run_id: str,
        *,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Get a run: see `Runs.retrieve`."""
        call = retrieve_run(self._carrier.checker, thread_id, run_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        run_id: str,
        *,
        thread_id: str,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Change the metadata of a run: see `Runs.update`."""
        call = update_run(self._carrier.checker, thread_id, run_id, metadata=metadata)
        return await self._carrier.send(call, options)

    @overload
    async def submit_tool_outputs(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...

    @overload
    async def submit_tool_outputs(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream: ...

    async def submit_tool_outputs(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | AsyncEventStream:
        """Give a run the outputs of the functions it called: see `Runs.submit_tool_outputs`."""
        call = submit_tool_outputs(
            self._carrier.checker, thread_id, run_id, tool_outputs, stream=stream
        )
        if call.streams:
            events: AsyncEventStream = await self._carrier.stream(call, options)
            return events
        return await self._carrier.send(call, options)

    async def cancel(
        self,
        run_id: str,
        *,
        thread_id: str,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Cancel an active run: see `Runs.cancel`."""
        call = cancel_run(self._carrier.checker, thread_id, run_id)
        return await self._carrier.send(call, options)

    async def create_and_poll(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_interval_ms: float | None | NotGiven = None,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Put an assistant to work on a thread, then wait until it is over.

        Or until it waits for tool outputs. See `Runs.create` for the other arguments.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default: what the server wants.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: A ``deadline`` covers all requests, and ``extra_query`` is in each.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: It is still going at the deadline.
        """
        call = create_run(
            self._carrier.checker,
            thread_id,
            assistant_id,
            model=model,
            instructions=instructions,
            additional_instructions=additional_instructions,
            additional_messages=additional_messages,
            tools=tools,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            reasoning_effort=reasoning_effort,
            include=include,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
        )
        carrier: Any = self._carrier
        run: Run = await carrier.begin_and_poll(call, options, poll_deadline, poll_interval_ms)
        return run

    def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        model: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        additional_instructions: str | None | NotGiven = NOT_GIVEN,
        additional_messages: MessagesArgument | None | NotGiven = NOT_GIVEN,
        tools: Tools | None | NotGiven = NOT_GIVEN,
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
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        include: Iterable[str] | None = None,
        wait_for_active_run: bool = False,
        poll_deadline: float = 900.0,
        event_handler: AsyncHandlerT | None | NotGiven = None,
        **options: Unpack[CallOptions],
    ) -> AsyncAssistantStreamManager[AsyncHandlerT]:
        """Put an assistant to work on a thread, and read its events.

        Use it in ``async with``, which sends the request. The block gets the `event_handler`, an
        instance of your subclass of `AsyncAssistantEventHandler`, or one that nobody listens to.
        See `Runs.create` for the other arguments and for errors.
        """
        call = create_run(
            self._carrier.checker,
            thread_id,
            assistant_id,
            model=model,
            instructions=instructions,
            additional_instructions=additional_instructions,
            additional_messages=additional_messages,
            tools=tools,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            max_prompt_tokens=max_prompt_tokens,
            max_completion_tokens=max_completion_tokens,
            truncation_strategy=truncation_strategy,
            response_format=response_format,
            tool_choice=tool_choice,
            parallel_tool_calls=parallel_tool_calls,
            reasoning_effort=reasoning_effort,
            include=include,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            stream=True,
        )
        carrier: Any = self._carrier
        manager: AsyncAssistantStreamManager[AsyncHandlerT] = carrier.open_stream(
            call, options, event_handler
        )
        return manager

    create_and_stream = stream

    async def poll(
        self,
        run_id: str,
        thread_id: str,
        *,
        poll_interval_ms: float | None | NotGiven = None,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Get a run, then wait until it is over.

        Or until it waits for tool outputs. See `Runs.retrieve` for the other arguments.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default: what the server wants.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: A ``deadline`` covers all requests, and ``extra_query`` is in each.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: It is still going at the deadline.
        """
        call = retrieve_run(self._carrier.checker, thread_id, run_id)
        carrier: Any = self._carrier
        run: Run = await carrier.begin_and_poll(call, options, poll_deadline, poll_interval_ms)
        return run

    async def submit_tool_outputs_and_poll(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        poll_interval_ms: float | None | NotGiven = None,
        poll_deadline: float = 900.0,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Give a run the outputs of the functions it called, then wait until it is over.

        Or until it waits for tool outputs. See `Runs.submit_tool_outputs` for the other arguments.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default: what the server wants.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: A ``deadline`` covers all requests, and ``extra_query`` is in each.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: It is still going at the deadline.
        """
        call = submit_tool_outputs(self._carrier.checker, thread_id, run_id, tool_outputs)
        carrier: Any = self._carrier
        run: Run = await carrier.begin_and_poll(call, options, poll_deadline, poll_interval_ms)
        return run

    def submit_tool_outputs_stream(
        self,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        thread_id: str,
        event_handler: AsyncHandlerT | None | NotGiven = None,
        **options: Unpack[CallOptions],
    ) -> AsyncAssistantStreamManager[AsyncHandlerT]:
        """Give a run the outputs of the functions it called, and read its events.

        Use it in ``async with``, which sends the request. The block gets the `event_handler`, an
        instance of your subclass of `AsyncAssistantEventHandler`, or one that nobody listens to.
        See `Runs.submit_tool_outputs` for the other arguments and for errors.
        """
        call = submit_tool_outputs(
            self._carrier.checker, thread_id, run_id, tool_outputs, stream=True
        )
        carrier: Any = self._carrier
        manager: AsyncAssistantStreamManager[AsyncHandlerT] = carrier.open_stream(
            call, options, event_handler
        )
        return manager

    @property
    def with_raw_response(self) -> AsyncRawOpenAIRuns:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAIRuns(AsyncOpenAIRuns(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAIRuns:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAIRuns(AsyncOpenAIRuns(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIRuns:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAIRuns(OpenAIRuns(self._carrier.prepare()))


class RawOpenAIRuns:
    """The calls of `OpenAIRuns`, which return the answer as it came."""

    def __init__(self, runs: OpenAIRuns) -> None:
        self.create = as_raw(runs.create)
        self.list = as_raw(runs.list)
        self.retrieve = as_raw(runs.retrieve)
        self.update = as_raw(runs.update)
        self.submit_tool_outputs = as_raw(runs.submit_tool_outputs)
        self.cancel = as_raw(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> RawOpenAISteps:
        """The steps of runs."""
        from .steps import RawOpenAISteps

        return RawOpenAISteps(self._runs.steps)


class AsyncRawOpenAIRuns:
    """The calls of `AsyncOpenAIRuns`, which return the answer as it came."""

    def __init__(self, runs: AsyncOpenAIRuns) -> None:
        self.create = as_async_raw(runs.create)
        self.list = as_async_raw(runs.list)
        self.retrieve = as_async_raw(runs.retrieve)
        self.update = as_async_raw(runs.update)
        self.submit_tool_outputs = as_async_raw(runs.submit_tool_outputs)
        self.cancel = as_async_raw(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> AsyncRawOpenAISteps:
        """The steps of runs."""
        from .steps import AsyncRawOpenAISteps

        return AsyncRawOpenAISteps(self._runs.steps)


class StreamedOpenAIRuns:
    """The calls of `OpenAIRuns`, which leave the answer's body to be read."""

    def __init__(self, runs: OpenAIRuns) -> None:
        self.create = as_streamed(runs.create)
        self.list = as_streamed(runs.list)
        self.retrieve = as_streamed(runs.retrieve)
        self.update = as_streamed(runs.update)
        self.submit_tool_outputs = as_streamed(runs.submit_tool_outputs)
        self.cancel = as_streamed(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> StreamedOpenAISteps:
        """The steps of runs."""
        from .steps import StreamedOpenAISteps

        return StreamedOpenAISteps(self._runs.steps)


class AsyncStreamedOpenAIRuns:
    """The calls of `AsyncOpenAIRuns`, which leave the answer's body to be read."""

    def __init__(self, runs: AsyncOpenAIRuns) -> None:
        self.create = as_async_streamed(runs.create)
        self.list = as_async_streamed(runs.list)
        self.retrieve = as_async_streamed(runs.retrieve)
        self.update = as_async_streamed(runs.update)
        self.submit_tool_outputs = as_async_streamed(runs.submit_tool_outputs)
        self.cancel = as_async_streamed(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> AsyncStreamedOpenAISteps:
        """The steps of runs."""
        from .steps import AsyncStreamedOpenAISteps

        return AsyncStreamedOpenAISteps(self._runs.steps)


class PreparedOpenAIRuns:
    """The calls of `OpenAIRuns`, which return their requests."""

    def __init__(self, runs: OpenAIRuns) -> None:
        self.create = as_prepared(runs.create)
        self.list = as_prepared(runs.list)
        self.retrieve = as_prepared(runs.retrieve)
        self.update = as_prepared(runs.update)
        self.submit_tool_outputs = as_prepared(runs.submit_tool_outputs)
        self.cancel = as_prepared(runs.cancel)
        self._runs = runs

    @cached_property
    def steps(self) -> PreparedOpenAISteps:
        """The steps of runs."""
        from .steps import PreparedOpenAISteps

        return PreparedOpenAISteps(self._runs.steps)


class BoundRuns:
    """The calls of `Runs` without their first argument, `thread_id`."""

    def __init__(self, runs: Runs, thread_id: str) -> None:
        self.create = bind(runs.create, thread_id)
        self.list = bind(runs.list, thread_id)
        self.retrieve = bind(runs.retrieve, thread_id)
        self.update = bind(runs.update, thread_id)
        self.submit_tool_outputs = bind(runs.submit_tool_outputs, thread_id)
        self.cancel = bind(runs.cancel, thread_id)


class AsyncBoundRuns:
    """The calls of `AsyncRuns` without their first argument, `thread_id`."""

    def __init__(self, runs: AsyncRuns, thread_id: str) -> None:
        self.create = bind(runs.create, thread_id)
        self.list = bind(runs.list, thread_id)
        self.retrieve = bind(runs.retrieve, thread_id)
        self.update = bind(runs.update, thread_id)
        self.submit_tool_outputs = bind(runs.submit_tool_outputs, thread_id)
        self.cancel = bind(runs.cancel, thread_id)
