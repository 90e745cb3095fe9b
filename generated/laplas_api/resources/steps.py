# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""The steps of runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Unpack

from .. import models
from ..calls import Call
from ..frames import hide_internal_frames
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
        CallOptions,
        Page,
        RunStep,
    )

    from ..calls import AsyncCarrier, Carrier
    from ..checks import Checker


def list_run_steps(
    checker: Checker,
    thread_id: str,
    run_id: str,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    order: models.ListOrder | None = None,
    after: str | None = None,
    before: str | None = None,
    include: Iterable[str] | None = None,
    limit: int | None = None,
    read_ahead: bool = False,
) -> Call[RunStep]:
    """Check the arguments of `Steps.list` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    run_id = checker.id(run_id, "run_id")
    return Call(
        "list_run_steps",
        "read",
        "GET",
        f"/threads/{segment(thread_id)}/runs/{segment(run_id)}/steps",
        models.RunStep,
        query=page_query(
            checker,
            "list_run_steps",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "before": before, "include[]": include},
            names={"include[]": "include"},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
        parents={"thread_id": thread_id, "run_id": run_id},
    )


def retrieve_run_step(
    checker: Checker,
    thread_id: str,
    run_id: str,
    step_id: str,
    *,
    include: Iterable[str] | None = None,
) -> Call[RunStep]:
    """Check the arguments of `Steps.retrieve` and make its call."""
    thread_id = checker.id(thread_id, "thread_id")
    run_id = checker.id(run_id, "run_id")
    step_id = checker.id(step_id, "step_id")
    return Call(
        "retrieve_run_step",
        "read",
        "GET",
        f"/threads/{segment(thread_id)}/runs/{segment(run_id)}/steps/{segment(step_id)}",
        models.RunStep,
        query=checker.query(
            "retrieve_run_step", {"include[]": include}, names={"include[]": "include"}
        ),
        answer_id=step_id,
        parents={"thread_id": thread_id, "run_id": run_id},
    )


@hide_internal_frames
class Steps:
    """The steps of runs."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def list(
        self,
        thread_id: str,
        run_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        include: Iterable[str] | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[RunStep]:
        """List the steps of a run.

        The newest comes first unless `order` says otherwise.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            run_id: The id of the run, up to 1,000 characters (our limit).
            page_size: The largest number of items on the page, 1 to 100. Left out, the server takes
                20. Limits and default: the vendor's published schema.
            max_items: The most items that iteration hands out. None hands out all.
            order: The order by creation time. Left out, the server takes `desc` (newest first).
            after: A cursor: the id of an item, up to 1,000 characters (our limit). The page starts
                right after this item, in the given order.
            before: A cursor: the id of an item, up to 1,000 characters (our limit). The page ends
                right before this item, in the given order.
            include: More to put into steps. The one known value,
                `step_details.tool_calls[*].file_search.results[*].content`, asks for the words that
                a file search found.
            limit: Another name for `page_size`, as in the API; give one of them.
            read_ahead: While iterating, fetch the next page already while you work on the items of
                this one; at most one page ahead. See ``docs/listing.md`` for what it costs.
            **options: See `laplas.CallOptions`.

        Returns:
            The first page; iterating over it goes on through all that follow.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or run.
            PaginationError: While iterating: the server's cursor does not move.
            APIError: Something else went wrong; ``cursor`` says where to go on.
        """
        call = list_run_steps(
            self._carrier.checker,
            thread_id,
            run_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            include=include,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[RunStep] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        thread_id: str,
        run_id: str,
        step_id: str,
        *,
        include: Iterable[str] | None = None,
        **options: Unpack[CallOptions],
    ) -> RunStep:
        """Get a step of a run.

        Read one step.

        Args:
            thread_id: The id of the thread, up to 1,000 characters (our limit).
            run_id: The id of the run, up to 1,000 characters (our limit).
            step_id: The id of the step, up to 1,000 characters (our limit).
            include: More to put into steps. The one known value,
                `step_details.tool_calls[*].file_search.results[*].content`, asks for the words that
                a file search found.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread, run or step.
            APIError: Something else went wrong.
        """
        call = retrieve_run_step(self._carrier.checker, thread_id, run_id, step_id, include=include)
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawSteps:
        """The same calls, which return the answer as it came."""
        return RawSteps(Steps(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedSteps:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedSteps(Steps(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedSteps:
        """The same calls, not sent: they return their requests."""
        return PreparedSteps(Steps(self._carrier.prepare()))


@hide_internal_frames
class AsyncSteps:
    """Like `Steps`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    def list(
        self,
        thread_id: str,
        run_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        include: Iterable[str] | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[RunStep]:
        """List the steps of a run: see `Steps.list`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_run_steps(
            self._carrier.checker,
            thread_id,
            run_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            include=include,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[RunStep] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        thread_id: str,
        run_id: str,
        step_id: str,
        *,
        include: Iterable[str] | None = None,
        **options: Unpack[CallOptions],
    ) -> RunStep:
        """Get a step of a run: see `Steps.retrieve`."""
        call = retrieve_run_step(self._carrier.checker, thread_id, run_id, step_id, include=include)
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawSteps:
        """The same calls, which return the answer as it came."""
        return AsyncRawSteps(AsyncSteps(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedSteps:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedSteps(AsyncSteps(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedSteps:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedSteps(Steps(self._carrier.prepare()))


class RawSteps:
    """The calls of `Steps`, which return the answer as it came."""

    def __init__(self, steps: Steps) -> None:
        self.list = as_raw(steps.list)
        self.retrieve = as_raw(steps.retrieve)


class AsyncRawSteps:
    """The calls of `AsyncSteps`, which return the answer as it came."""

    def __init__(self, steps: AsyncSteps) -> None:
        self.list = as_async_raw(steps.list)
        self.retrieve = as_async_raw(steps.retrieve)


class StreamedSteps:
    """The calls of `Steps`, which leave the answer's body to be read."""

    def __init__(self, steps: Steps) -> None:
        self.list = as_streamed(steps.list)
        self.retrieve = as_streamed(steps.retrieve)


class AsyncStreamedSteps:
    """The calls of `AsyncSteps`, which leave the answer's body to be read."""

    def __init__(self, steps: AsyncSteps) -> None:
        self.list = as_async_streamed(steps.list)
        self.retrieve = as_async_streamed(steps.retrieve)


class PreparedSteps:
    """The calls of `Steps`, which return their requests."""

    def __init__(self, steps: Steps) -> None:
        self.list = as_prepared(steps.list)
        self.retrieve = as_prepared(steps.retrieve)


@hide_internal_frames
class OpenAISteps:
    """Like `Steps`, as in the openai package: the last id of a path comes first, the others are
    keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def list(
        self,
        run_id: str,
        *,
        thread_id: str,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        include: Iterable[str] | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[RunStep]:
        """List the steps of a run: see `Steps.list`."""
        call = list_run_steps(
            self._carrier.checker,
            thread_id,
            run_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            include=include,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[RunStep] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        step_id: str,
        *,
        thread_id: str,
        run_id: str,
        include: Iterable[str] | None = None,
        **options: Unpack[CallOptions],
    ) -> RunStep:
        """Get a step of a run: see `Steps.retrieve`."""
        call = retrieve_run_step(self._carrier.checker, thread_id, run_id, step_id, include=include)
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawOpenAISteps:
        """The same calls, which return the answer as it came."""
        return RawOpenAISteps(OpenAISteps(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAISteps:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAISteps(OpenAISteps(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAISteps:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAISteps(OpenAISteps(self._carrier.prepare()))


@hide_internal_frames
class AsyncOpenAISteps:
    """Like `AsyncSteps`, as in the openai package: the last id of a path comes first, the others
    are keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    def list(
        self,
        run_id: str,
        *,
        thread_id: str,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        include: Iterable[str] | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[RunStep]:
        """List the steps of a run: see `Steps.list`."""
        call = list_run_steps(
            self._carrier.checker,
            thread_id,
            run_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            include=include,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[RunStep] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        step_id: str,
        *,
        thread_id: str,
        run_id: str,
        include: Iterable[str] | None = None,
        **options: Unpack[CallOptions],
    ) -> RunStep:
        """Get a step of a run: see `Steps.retrieve`."""
        call = retrieve_run_step(self._carrier.checker, thread_id, run_id, step_id, include=include)
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawOpenAISteps:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAISteps(AsyncOpenAISteps(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAISteps:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAISteps(AsyncOpenAISteps(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAISteps:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAISteps(OpenAISteps(self._carrier.prepare()))


class RawOpenAISteps:
    """The calls of `OpenAISteps`, which return the answer as it came."""

    def __init__(self, steps: OpenAISteps) -> None:
        self.list = as_raw(steps.list)
        self.retrieve = as_raw(steps.retrieve)


class AsyncRawOpenAISteps:
    """The calls of `AsyncOpenAISteps`, which return the answer as it came."""

    def __init__(self, steps: AsyncOpenAISteps) -> None:
        self.list = as_async_raw(steps.list)
        self.retrieve = as_async_raw(steps.retrieve)


class StreamedOpenAISteps:
    """The calls of `OpenAISteps`, which leave the answer's body to be read."""

    def __init__(self, steps: OpenAISteps) -> None:
        self.list = as_streamed(steps.list)
        self.retrieve = as_streamed(steps.retrieve)


class AsyncStreamedOpenAISteps:
    """The calls of `AsyncOpenAISteps`, which leave the answer's body to be read."""

    def __init__(self, steps: AsyncOpenAISteps) -> None:
        self.list = as_async_streamed(steps.list)
        self.retrieve = as_async_streamed(steps.retrieve)


class PreparedOpenAISteps:
    """The calls of `OpenAISteps`, which return their requests."""

    def __init__(self, steps: OpenAISteps) -> None:
        self.list = as_prepared(steps.list)
        self.retrieve = as_prepared(steps.retrieve)


class BoundSteps:
    """The calls of `Steps` without their first argument, `thread_id`."""

    def __init__(self, steps: Steps, thread_id: str) -> None:
        self.list = bind(steps.list, thread_id)
        self.retrieve = bind(steps.retrieve, thread_id)


class AsyncBoundSteps:
    """The calls of `AsyncSteps` without their first argument, `thread_id`."""

    def __init__(self, steps: AsyncSteps, thread_id: str) -> None:
        self.list = bind(steps.list, thread_id)
        self.retrieve = bind(steps.retrieve, thread_id)
