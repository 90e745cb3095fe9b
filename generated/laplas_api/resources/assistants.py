# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Models with instructions, tools and settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict, Unpack

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
    page_query,
    segment,
)

if TYPE_CHECKING:
    from laplas.types import (
        Assistant,
        AsyncPages,
        CallOptions,
        Page,
        ResponseFormat,
        ToolResources,
        Tools,
    )

    from ..calls import AsyncCarrier, Carrier
    from ..checks import Checker
    from ..types import NotGiven


class AssistantSettings(TypedDict, total=False):
    """What `Assistants.create` takes by keyword, as a dict.

    Attributes:
        name: The name of the assistant, up to 256 characters (upstream schema).
        description: What the assistant is for, up to 512 characters (upstream schema).
        instructions: What the model is told before every conversation, up to 256,000 characters
            (the vendor's published schema).
        tools: The tools that the assistant may use, at most 128 (upstream schema).
        tool_resources: The files that tools can use.
        metadata: Your own notes on the assistant: at most 16 pairs, keys up to 64 characters,
            values up to 512 (the vendor's published schema).
        temperature: How freely the model chooses words, 0 to 2 (the vendor's published schema).
        top_p: The share of likely words that the model chooses from, 0 to 1 (the vendor's published
            schema). Set this or `temperature`, not both.
        response_format: The form of the answers; or a pydantic model, dataclass or TypedDict, for
            JSON that fits it.
        reasoning_effort: How long the model thinks: `low`, `medium` or `high` in the vendor's
            schema, up to 64 characters (our limit). Only for models that reason.
    """

    name: str | None | NotGiven
    description: str | None | NotGiven
    instructions: str | None | NotGiven
    tools: Tools | NotGiven
    tool_resources: ToolResources | None | NotGiven
    metadata: Mapping[str, str] | None | NotGiven
    temperature: float | None | NotGiven
    top_p: float | None | NotGiven
    response_format: ResponseFormat | None | NotGiven
    reasoning_effort: str | None | NotGiven


def create_assistant(
    checker: Checker,
    model: str,
    *,
    name: str | None | NotGiven = NOT_GIVEN,
    description: str | None | NotGiven = NOT_GIVEN,
    instructions: str | None | NotGiven = NOT_GIVEN,
    tools: Tools | NotGiven = NOT_GIVEN,
    tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
    temperature: float | None | NotGiven = NOT_GIVEN,
    top_p: float | None | NotGiven = NOT_GIVEN,
    response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
    reasoning_effort: str | None | NotGiven = NOT_GIVEN,
) -> Call[Assistant]:
    """Check the arguments of `Assistants.create` and make its call."""
    return Call(
        "create_assistant",
        "create",
        "POST",
        "/assistants",
        models.Assistant,
        body=checker.body(
            "CreateAssistantRequest",
            {
                "model": model,
                "name": name,
                "description": description,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "response_format": response_format,
                "reasoning_effort": reasoning_effort,
            },
        ),
    )


def list_assistants(
    checker: Checker,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    order: models.ListOrder | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int | None = None,
    read_ahead: bool = False,
) -> Call[Assistant]:
    """Check the arguments of `Assistants.list` and make its call."""
    return Call(
        "list_assistants",
        "read",
        "GET",
        "/assistants",
        models.Assistant,
        query=page_query(
            checker,
            "list_assistants",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "before": before},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
    )


def retrieve_assistant(
    checker: Checker,
    assistant_id: str,
) -> Call[Assistant]:
    """Check the arguments of `Assistants.retrieve` and make its call."""
    assistant_id = checker.id(assistant_id, "assistant_id")
    return Call(
        "retrieve_assistant",
        "read",
        "GET",
        f"/assistants/{segment(assistant_id)}",
        models.Assistant,
        answer_id=assistant_id,
    )


def update_assistant(
    checker: Checker,
    assistant_id: str,
    *,
    model: str | NotGiven = NOT_GIVEN,
    name: str | None | NotGiven = NOT_GIVEN,
    description: str | None | NotGiven = NOT_GIVEN,
    instructions: str | None | NotGiven = NOT_GIVEN,
    tools: Tools | NotGiven = NOT_GIVEN,
    tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
    temperature: float | None | NotGiven = NOT_GIVEN,
    top_p: float | None | NotGiven = NOT_GIVEN,
    response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
    reasoning_effort: str | None | NotGiven = NOT_GIVEN,
) -> Call[Assistant]:
    """Check the arguments of `Assistants.update` and make its call."""
    assistant_id = checker.id(assistant_id, "assistant_id")
    return Call(
        "update_assistant",
        "repeatable",
        "POST",
        f"/assistants/{segment(assistant_id)}",
        models.Assistant,
        body=checker.body(
            "UpdateAssistantRequest",
            {
                "model": model,
                "name": name,
                "description": description,
                "instructions": instructions,
                "tools": tools,
                "tool_resources": tool_resources,
                "metadata": metadata,
                "temperature": temperature,
                "top_p": top_p,
                "response_format": response_format,
                "reasoning_effort": reasoning_effort,
            },
        ),
    )


def delete_assistant(
    checker: Checker,
    assistant_id: str,
) -> Call[models.DeletedAssistant]:
    """Check the arguments of `Assistants.delete` and make its call."""
    assistant_id = checker.id(assistant_id, "assistant_id")
    return Call(
        "delete_assistant",
        "repeatable",
        "DELETE",
        f"/assistants/{segment(assistant_id)}",
        models.DeletedAssistant,
        empty={"id": assistant_id, "object": "assistant.deleted", "deleted": True},
        answer_id=assistant_id,
    )


@hide_internal_frames
class Assistants:
    """Models with instructions, tools and settings."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def create(
        self,
        model: str,
        *,
        name: str | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Create an assistant.

        An assistant is a model with instructions, tools and settings. Not idempotent: a repeated
        call makes a second assistant.

        Args:
            model: The name of a model that can serve assistants, 1 to 256 characters (our limits).
            name: The name of the assistant, up to 256 characters (upstream schema).
            description: What the assistant is for, up to 512 characters (upstream schema).
            instructions: What the model is told before every conversation, up to 256,000 characters
                (the vendor's published schema).
            tools: The tools that the assistant may use, at most 128 (upstream schema).
            tool_resources: The files that tools can use.
            metadata: Your own notes on the assistant: at most 16 pairs, keys up to 64 characters,
                values up to 512 (the vendor's published schema).
            temperature: How freely the model chooses words, 0 to 2 (the vendor's published schema).
            top_p: The share of likely words that the model chooses from, 0 to 1 (the vendor's
                published schema). Set this or `temperature`, not both.
            response_format: The form of the answers; or a pydantic model, dataclass or TypedDict,
                for JSON that fits it.
            reasoning_effort: How long the model thinks: `low`, `medium` or `high` in the vendor's
                schema, up to 64 characters (our limit). Only for models that reason.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = create_assistant(
            self._carrier.checker,
            model,
            name=name,
            description=description,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            response_format=response_format,
            reasoning_effort=reasoning_effort,
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
    ) -> Page[Assistant]:
        """List the assistants of the account.

        The newest comes first unless `order` says otherwise.

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
        call = list_assistants(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[Assistant] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        assistant_id: str,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Get an assistant.

        Read one assistant.

        Args:
            assistant_id: The id of the assistant, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        call = retrieve_assistant(self._carrier.checker, assistant_id)
        return self._carrier.send(call, options)

    def update(
        self,
        assistant_id: str,
        *,
        model: str | NotGiven = NOT_GIVEN,
        name: str | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Change an assistant.

        Fields that are left out stay as they are; a list of tools replaces the old list.

        Args:
            assistant_id: The id of the assistant, up to 1,000 characters (our limit).
            model: The name of a model that can serve assistants, 1 to 256 characters (our limits).
            name: The name of the assistant, up to 256 characters (upstream schema).
            description: What the assistant is for, up to 512 characters (upstream schema).
            instructions: What the model is told before every conversation, up to 256,000 characters
                (the vendor's published schema).
            tools: The tools that the assistant may use, at most 128 (upstream schema).
            tool_resources: The files that tools can use.
            metadata: Your own notes on the assistant: at most 16 pairs, keys up to 64 characters,
                values up to 512 (the vendor's published schema).
            temperature: How freely the model chooses words, 0 to 2 (the vendor's published schema).
            top_p: The share of likely words that the model chooses from, 0 to 1 (the vendor's
                published schema). Set this or `temperature`, not both.
            response_format: The form of the answers; or a pydantic model, dataclass or TypedDict,
                for JSON that fits it.
            reasoning_effort: How long the model thinks: `low`, `medium` or `high` in the vendor's
                schema, up to 64 characters (our limit). Only for models that reason.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        call = update_assistant(
            self._carrier.checker,
            assistant_id,
            model=model,
            name=name,
            description=description,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            response_format=response_format,
            reasoning_effort=reasoning_effort,
        )
        return self._carrier.send(call, options)

    def delete(
        self,
        assistant_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedAssistant:
        """Delete an assistant.

        This cannot be undone. A repeated attempt that finds it gone counts as done.

        The vendor's general pages also name 204 with an empty body as a success.

        Args:
            assistant_id: The id of the assistant, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        call = delete_assistant(self._carrier.checker, assistant_id)
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawAssistants:
        """The same calls, which return the answer as it came."""
        return RawAssistants(Assistants(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedAssistants:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedAssistants(Assistants(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedAssistants:
        """The same calls, not sent: they return their requests."""
        return PreparedAssistants(Assistants(self._carrier.prepare()))


@hide_internal_frames
class AsyncAssistants:
    """Like `Assistants`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    async def create(
        self,
        model: str,
        *,
        name: str | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Create an assistant: see `Assistants.create`."""
        call = create_assistant(
            self._carrier.checker,
            model,
            name=name,
            description=description,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            response_format=response_format,
            reasoning_effort=reasoning_effort,
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
    ) -> AsyncPages[Assistant]:
        """List the assistants of the account: see `Assistants.list`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_assistants(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[Assistant] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        assistant_id: str,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Get an assistant: see `Assistants.retrieve`."""
        call = retrieve_assistant(self._carrier.checker, assistant_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        assistant_id: str,
        *,
        model: str | NotGiven = NOT_GIVEN,
        name: str | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Change an assistant: see `Assistants.update`."""
        call = update_assistant(
            self._carrier.checker,
            assistant_id,
            model=model,
            name=name,
            description=description,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            response_format=response_format,
            reasoning_effort=reasoning_effort,
        )
        return await self._carrier.send(call, options)

    async def delete(
        self,
        assistant_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedAssistant:
        """Delete an assistant: see `Assistants.delete`."""
        call = delete_assistant(self._carrier.checker, assistant_id)
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawAssistants:
        """The same calls, which return the answer as it came."""
        return AsyncRawAssistants(AsyncAssistants(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedAssistants:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedAssistants(AsyncAssistants(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedAssistants:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedAssistants(Assistants(self._carrier.prepare()))


class RawAssistants:
    """The calls of `Assistants`, which return the answer as it came."""

    def __init__(self, assistants: Assistants) -> None:
        self.create = as_raw(assistants.create)
        self.list = as_raw(assistants.list)
        self.retrieve = as_raw(assistants.retrieve)
        self.update = as_raw(assistants.update)
        self.delete = as_raw(assistants.delete)


class AsyncRawAssistants:
    """The calls of `AsyncAssistants`, which return the answer as it came."""

    def __init__(self, assistants: AsyncAssistants) -> None:
        self.create = as_async_raw(assistants.create)
        self.list = as_async_raw(assistants.list)
        self.retrieve = as_async_raw(assistants.retrieve)
        self.update = as_async_raw(assistants.update)
        self.delete = as_async_raw(assistants.delete)


class StreamedAssistants:
    """The calls of `Assistants`, which leave the answer's body to be read."""

    def __init__(self, assistants: Assistants) -> None:
        self.create = as_streamed(assistants.create)
        self.list = as_streamed(assistants.list)
        self.retrieve = as_streamed(assistants.retrieve)
        self.update = as_streamed(assistants.update)
        self.delete = as_streamed(assistants.delete)


class AsyncStreamedAssistants:
    """The calls of `AsyncAssistants`, which leave the answer's body to be read."""

    def __init__(self, assistants: AsyncAssistants) -> None:
        self.create = as_async_streamed(assistants.create)
        self.list = as_async_streamed(assistants.list)
        self.retrieve = as_async_streamed(assistants.retrieve)
        self.update = as_async_streamed(assistants.update)
        self.delete = as_async_streamed(assistants.delete)


class PreparedAssistants:
    """The calls of `Assistants`, which return their requests."""

    def __init__(self, assistants: Assistants) -> None:
        self.create = as_prepared(assistants.create)
        self.list = as_prepared(assistants.list)
        self.retrieve = as_prepared(assistants.retrieve)
        self.update = as_prepared(assistants.update)
        self.delete = as_prepared(assistants.delete)


@hide_internal_frames
class OpenAIAssistants:
    """Like `Assistants`, as in the openai package: the last id of a path comes first, the others
    are keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def create(
        self,
        model: str,
        *,
        name: str | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Create an assistant: see `Assistants.create`."""
        call = create_assistant(
            self._carrier.checker,
            model,
            name=name,
            description=description,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            response_format=response_format,
            reasoning_effort=reasoning_effort,
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
    ) -> Page[Assistant]:
        """List the assistants of the account: see `Assistants.list`."""
        call = list_assistants(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[Assistant] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        assistant_id: str,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Get an assistant: see `Assistants.retrieve`."""
        call = retrieve_assistant(self._carrier.checker, assistant_id)
        return self._carrier.send(call, options)

    def update(
        self,
        assistant_id: str,
        *,
        model: str | NotGiven = NOT_GIVEN,
        name: str | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Change an assistant: see `Assistants.update`."""
        call = update_assistant(
            self._carrier.checker,
            assistant_id,
            model=model,
            name=name,
            description=description,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            response_format=response_format,
            reasoning_effort=reasoning_effort,
        )
        return self._carrier.send(call, options)

    def delete(
        self,
        assistant_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedAssistant:
        """Delete an assistant: see `Assistants.delete`."""
        call = delete_assistant(self._carrier.checker, assistant_id)
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawOpenAIAssistants:
        """The same calls, which return the answer as it came."""
        return RawOpenAIAssistants(OpenAIAssistants(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAIAssistants:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAIAssistants(OpenAIAssistants(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIAssistants:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAIAssistants(OpenAIAssistants(self._carrier.prepare()))


@hide_internal_frames
class AsyncOpenAIAssistants:
    """Like `AsyncAssistants`, as in the openai package: the last id of a path comes first, the
    others are keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    async def create(
        self,
        model: str,
        *,
        name: str | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Create an assistant: see `Assistants.create`."""
        call = create_assistant(
            self._carrier.checker,
            model,
            name=name,
            description=description,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            response_format=response_format,
            reasoning_effort=reasoning_effort,
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
    ) -> AsyncPages[Assistant]:
        """List the assistants of the account: see `Assistants.list`."""
        call = list_assistants(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[Assistant] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        assistant_id: str,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Get an assistant: see `Assistants.retrieve`."""
        call = retrieve_assistant(self._carrier.checker, assistant_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        assistant_id: str,
        *,
        model: str | NotGiven = NOT_GIVEN,
        name: str | None | NotGiven = NOT_GIVEN,
        description: str | None | NotGiven = NOT_GIVEN,
        instructions: str | None | NotGiven = NOT_GIVEN,
        tools: Tools | NotGiven = NOT_GIVEN,
        tool_resources: ToolResources | None | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        temperature: float | None | NotGiven = NOT_GIVEN,
        top_p: float | None | NotGiven = NOT_GIVEN,
        response_format: ResponseFormat | None | NotGiven = NOT_GIVEN,
        reasoning_effort: str | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> Assistant:
        """Change an assistant: see `Assistants.update`."""
        call = update_assistant(
            self._carrier.checker,
            assistant_id,
            model=model,
            name=name,
            description=description,
            instructions=instructions,
            tools=tools,
            tool_resources=tool_resources,
            metadata=metadata,
            temperature=temperature,
            top_p=top_p,
            response_format=response_format,
            reasoning_effort=reasoning_effort,
        )
        return await self._carrier.send(call, options)

    async def delete(
        self,
        assistant_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedAssistant:
        """Delete an assistant: see `Assistants.delete`."""
        call = delete_assistant(self._carrier.checker, assistant_id)
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawOpenAIAssistants:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAIAssistants(AsyncOpenAIAssistants(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAIAssistants:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAIAssistants(AsyncOpenAIAssistants(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIAssistants:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAIAssistants(OpenAIAssistants(self._carrier.prepare()))


class RawOpenAIAssistants:
    """The calls of `OpenAIAssistants`, which return the answer as it came."""

    def __init__(self, assistants: OpenAIAssistants) -> None:
        self.create = as_raw(assistants.create)
        self.list = as_raw(assistants.list)
        self.retrieve = as_raw(assistants.retrieve)
        self.update = as_raw(assistants.update)
        self.delete = as_raw(assistants.delete)


class AsyncRawOpenAIAssistants:
    """The calls of `AsyncOpenAIAssistants`, which return the answer as it came."""

    def __init__(self, assistants: AsyncOpenAIAssistants) -> None:
        self.create = as_async_raw(assistants.create)
        self.list = as_async_raw(assistants.list)
        self.retrieve = as_async_raw(assistants.retrieve)
        self.update = as_async_raw(assistants.update)
        self.delete = as_async_raw(assistants.delete)


class StreamedOpenAIAssistants:
    """The calls of `OpenAIAssistants`, which leave the answer's body to be read."""

    def __init__(self, assistants: OpenAIAssistants) -> None:
        self.create = as_streamed(assistants.create)
        self.list = as_streamed(assistants.list)
        self.retrieve = as_streamed(assistants.retrieve)
        self.update = as_streamed(assistants.update)
        self.delete = as_streamed(assistants.delete)


class AsyncStreamedOpenAIAssistants:
    """The calls of `AsyncOpenAIAssistants`, which leave the answer's body to be read."""

    def __init__(self, assistants: AsyncOpenAIAssistants) -> None:
        self.create = as_async_streamed(assistants.create)
        self.list = as_async_streamed(assistants.list)
        self.retrieve = as_async_streamed(assistants.retrieve)
        self.update = as_async_streamed(assistants.update)
        self.delete = as_async_streamed(assistants.delete)


class PreparedOpenAIAssistants:
    """The calls of `OpenAIAssistants`, which return their requests."""

    def __init__(self, assistants: OpenAIAssistants) -> None:
        self.create = as_prepared(assistants.create)
        self.list = as_prepared(assistants.list)
        self.retrieve = as_prepared(assistants.retrieve)
        self.update = as_prepared(assistants.update)
        self.delete = as_prepared(assistants.delete)
