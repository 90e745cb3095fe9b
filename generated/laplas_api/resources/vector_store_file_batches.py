# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Groups of files that are added to a vector store together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Unpack

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
        CallOptions,
        File,
        Page,
    )

    from ..calls import AsyncCarrier, Carrier
    from ..checks import Checker
    from ..types import NotGiven


def create_vector_store_file_batch(
    checker: Checker,
    vector_store_id: str,
    *,
    file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
    files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]] | NotGiven = NOT_GIVEN,
    chunking_strategy: models.AutoChunkingStrategy
    | models.StaticChunkingStrategy
    | Mapping[str, Any]
    | NotGiven = NOT_GIVEN,
    attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
) -> Call[models.VectorStoreFileBatch]:
    """Check the arguments of `VectorStoreFileBatches.create` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    return Call(
        "create_vector_store_file_batch",
        "create",
        "POST",
        f"/vector_stores/{segment(vector_store_id)}/file_batches",
        models.VectorStoreFileBatch,
        body=checker.body(
            "CreateFileBatchRequest",
            {
                "file_ids": file_ids,
                "files": files,
                "chunking_strategy": chunking_strategy,
                "attributes": attributes,
            },
        ),
        parents={"vector_store_id": vector_store_id},
    )


def retrieve_vector_store_file_batch(
    checker: Checker,
    vector_store_id: str,
    batch_id: str,
) -> Call[models.VectorStoreFileBatch]:
    """Check the arguments of `VectorStoreFileBatches.retrieve` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    batch_id = checker.id(batch_id, "batch_id")
    return Call(
        "retrieve_vector_store_file_batch",
        "read",
        "GET",
        f"/vector_stores/{segment(vector_store_id)}/file_batches/{segment(batch_id)}",
        models.VectorStoreFileBatch,
        answer_id=batch_id,
        parents={"vector_store_id": vector_store_id},
    )


def cancel_vector_store_file_batch(
    checker: Checker,
    vector_store_id: str,
    batch_id: str,
) -> Call[models.VectorStoreFileBatch]:
    """Check the arguments of `VectorStoreFileBatches.cancel` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    batch_id = checker.id(batch_id, "batch_id")
    return Call(
        "cancel_vector_store_file_batch",
        "repeatable",
        "POST",
        f"/vector_stores/{segment(vector_store_id)}/file_batches/{segment(batch_id)}/cancel",
        models.VectorStoreFileBatch,
        answer_id=batch_id,
        parents={"vector_store_id": vector_store_id},
    )


def list_vector_store_file_batch_files(
    checker: Checker,
    vector_store_id: str,
    batch_id: str,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    order: models.ListOrder | None = None,
    after: str | None = None,
    before: str | None = None,
    filter: models.VectorStoreFileStatus | None = None,
    limit: int | None = None,
    read_ahead: bool = False,
) -> Call[models.VectorStoreFile]:
    """Check the arguments of `VectorStoreFileBatches.list_files` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    batch_id = checker.id(batch_id, "batch_id")
    return Call(
        "list_vector_store_file_batch_files",
        "read",
        "GET",
        f"/vector_stores/{segment(vector_store_id)}/file_batches/{segment(batch_id)}/files",
        models.VectorStoreFile,
        query=page_query(
            checker,
            "list_vector_store_file_batch_files",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "before": before, "filter": filter},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
        parents={"vector_store_id": vector_store_id},
    )


@hide_internal_frames
class VectorStoreFileBatches:
    """Groups of files that are added to a vector store together."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def create(
        self,
        vector_store_id: str,
        *,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]]
        | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Add several files to a vector store.

        Give `file_ids`, or `files` for attributes of each. Poll the batch until `status` is no
        longer `in_progress`. Not idempotent: a repeated call makes a second batch.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            file_ids: Ids of uploaded files, 1 to 2,000 (upstream schema).
            files: The files with attributes and a chunking strategy for each, 1 to 2,000 (upstream
                schema).
            chunking_strategy: How all files of `file_ids` are cut into pieces. Left out, the server
                takes `auto`.
            attributes: What the search can filter by, for all files of `file_ids`: at most 16
                pairs, keys up to 64 characters, values numbers, booleans or texts up to 512
                characters (upstream schema).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            files=files,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        return self._carrier.send(call, options)

    def retrieve(
        self,
        vector_store_id: str,
        batch_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Get a file batch.

        Read how far the server is with its files.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            batch_id: The id of the file batch, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store or batch.
            APIError: Something else went wrong.
        """
        call = retrieve_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        return self._carrier.send(call, options)

    def cancel(
        self,
        vector_store_id: str,
        batch_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Cancel a file batch.

        The server stops reading its files as soon as it can; those that are done stay.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            batch_id: The id of the file batch, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store or batch.
            APIError: Something else went wrong.
        """
        call = cancel_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        return self._carrier.send(call, options)

    def list_files(
        self,
        vector_store_id: str,
        batch_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        filter: models.VectorStoreFileStatus | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[models.VectorStoreFile]:
        """List the files of a file batch.

        The newest comes first unless `order` says otherwise.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            batch_id: The id of the file batch, up to 1,000 characters (our limit).
            page_size: The largest number of items on the page, 1 to 100. Left out, the server takes
                20. Limits and default: the vendor's published schema.
            max_items: The most items that iteration hands out. None hands out all.
            order: The order by creation time. Left out, the server takes `desc` (newest first).
            after: A cursor: the id of an item, up to 1,000 characters (our limit). The page starts
                right after this item, in the given order.
            before: A cursor: the id of an item, up to 1,000 characters (our limit). The page ends
                right before this item, in the given order.
            filter: Only the files with this status.
            limit: Another name for `page_size`, as in the API; give one of them.
            read_ahead: While iterating, fetch the next page already while you work on the items of
                this one; at most one page ahead. See ``docs/listing.md`` for what it costs.
            **options: See `laplas.CallOptions`.

        Returns:
            The first page; iterating over it goes on through all that follow.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store or batch.
            PaginationError: While iterating: the server's cursor does not move.
            APIError: Something else went wrong; ``cursor`` says where to go on.
        """
        call = list_vector_store_file_batch_files(
            self._carrier.checker,
            vector_store_id,
            batch_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            filter=filter,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[models.VectorStoreFile] = self._carrier.pages(call, options)
        return pages

    def create_and_poll(
        self,
        vector_store_id: str,
        *,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]]
        | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Add several files to a vector store, then wait until that is done.

        See `VectorStoreFileBatches.create` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            files=files,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = carrier.begin_and_settle(
            call, retrieve_vector_store_file_batch, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        files: Iterable[File],
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        max_concurrency: int = 5,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Upload first: Add several files to a vector store, then wait until that is done.

        See `VectorStoreFileBatches.create` for the other arguments. Look at the status: it may have failed.

        Args:
            files: Each as for ``client.files.create``.
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            max_concurrency: Files that are uploaded at once. Default 5.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed; `uploaded_files` has the ids of what was uploaded before.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = carrier.begin_and_settle(
            call,
            retrieve_vector_store_file_batch,
            options,
            poll_interval_ms,
            max_wait_seconds,
            files,
            max_concurrency,
        )
        return settled

    def poll(
        self,
        vector_store_id: str,
        batch_id: str,
        *,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Get a file batch, then wait until that is done.

        See `VectorStoreFileBatches.retrieve` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = retrieve_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = carrier.begin_and_settle(
            call, retrieve_vector_store_file_batch, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    @property
    def with_raw_response(self) -> RawVectorStoreFileBatches:
        """The same calls, which return the answer as it came."""
        return RawVectorStoreFileBatches(VectorStoreFileBatches(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedVectorStoreFileBatches:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedVectorStoreFileBatches(VectorStoreFileBatches(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedVectorStoreFileBatches:
        """The same calls, not sent: they return their requests."""
        return PreparedVectorStoreFileBatches(VectorStoreFileBatches(self._carrier.prepare()))


@hide_internal_frames
class AsyncVectorStoreFileBatches:
    """Like `VectorStoreFileBatches`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    async def create(
        self,
        vector_store_id: str,
        *,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]]
        | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Add several files to a vector store: see `VectorStoreFileBatches.create`."""
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            files=files,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        return await self._carrier.send(call, options)

    async def retrieve(
        self,
        vector_store_id: str,
        batch_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Get a file batch: see `VectorStoreFileBatches.retrieve`."""
        call = retrieve_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        return await self._carrier.send(call, options)

    async def cancel(
        self,
        vector_store_id: str,
        batch_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Cancel a file batch: see `VectorStoreFileBatches.cancel`."""
        call = cancel_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        return await self._carrier.send(call, options)

    def list_files(
        self,
        vector_store_id: str,
        batch_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        filter: models.VectorStoreFileStatus | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.VectorStoreFile]:
        """List the files of a file batch: see `VectorStoreFileBatches.list_files`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_vector_store_file_batch_files(
            self._carrier.checker,
            vector_store_id,
            batch_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            filter=filter,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[models.VectorStoreFile] = self._carrier.pages(call, options)
        return pages

    async def create_and_poll(
        self,
        vector_store_id: str,
        *,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]]
        | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Add several files to a vector store, then wait until that is done.

        See `VectorStoreFileBatches.create` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            files=files,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = await carrier.begin_and_settle(
            call, retrieve_vector_store_file_batch, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    async def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        files: Iterable[File],
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        max_concurrency: int = 5,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Upload first: Add several files to a vector store, then wait until that is done.

        See `VectorStoreFileBatches.create` for the other arguments. Look at the status: it may have failed.

        Args:
            files: Each as for ``client.files.create``.
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            max_concurrency: Files that are uploaded at once. Default 5.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed; `uploaded_files` has the ids of what was uploaded before.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = await carrier.begin_and_settle(
            call,
            retrieve_vector_store_file_batch,
            options,
            poll_interval_ms,
            max_wait_seconds,
            files,
            max_concurrency,
        )
        return settled

    async def poll(
        self,
        vector_store_id: str,
        batch_id: str,
        *,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Get a file batch, then wait until that is done.

        See `VectorStoreFileBatches.retrieve` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = retrieve_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = await carrier.begin_and_settle(
            call, retrieve_vector_store_file_batch, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    @property
    def with_raw_response(self) -> AsyncRawVectorStoreFileBatches:
        """The same calls, which return the answer as it came."""
        return AsyncRawVectorStoreFileBatches(AsyncVectorStoreFileBatches(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedVectorStoreFileBatches:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedVectorStoreFileBatches(
            AsyncVectorStoreFileBatches(self._carrier.streamed())
        )

    @property
    def prepare(self) -> PreparedVectorStoreFileBatches:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedVectorStoreFileBatches(VectorStoreFileBatches(self._carrier.prepare()))


class RawVectorStoreFileBatches:
    """The calls of `VectorStoreFileBatches`, which return the answer as it came."""

    def __init__(self, vector_store_file_batches: VectorStoreFileBatches) -> None:
        self.create = as_raw(vector_store_file_batches.create)
        self.retrieve = as_raw(vector_store_file_batches.retrieve)
        self.cancel = as_raw(vector_store_file_batches.cancel)
        self.list_files = as_raw(vector_store_file_batches.list_files)


class AsyncRawVectorStoreFileBatches:
    """The calls of `AsyncVectorStoreFileBatches`, which return the answer as it came."""

    def __init__(self, vector_store_file_batches: AsyncVectorStoreFileBatches) -> None:
        self.create = as_async_raw(vector_store_file_batches.create)
        self.retrieve = as_async_raw(vector_store_file_batches.retrieve)
        self.cancel = as_async_raw(vector_store_file_batches.cancel)
        self.list_files = as_async_raw(vector_store_file_batches.list_files)


class StreamedVectorStoreFileBatches:
    """The calls of `VectorStoreFileBatches`, which leave the answer's body to be read."""

    def __init__(self, vector_store_file_batches: VectorStoreFileBatches) -> None:
        self.create = as_streamed(vector_store_file_batches.create)
        self.retrieve = as_streamed(vector_store_file_batches.retrieve)
        self.cancel = as_streamed(vector_store_file_batches.cancel)
        self.list_files = as_streamed(vector_store_file_batches.list_files)


class AsyncStreamedVectorStoreFileBatches:
    """The calls of `AsyncVectorStoreFileBatches`, which leave the answer's body to be read."""

    def __init__(self, vector_store_file_batches: AsyncVectorStoreFileBatches) -> None:
        self.create = as_async_streamed(vector_store_file_batches.create)
        self.retrieve = as_async_streamed(vector_store_file_batches.retrieve)
        self.cancel = as_async_streamed(vector_store_file_batches.cancel)
        self.list_files = as_async_streamed(vector_store_file_batches.list_files)


class PreparedVectorStoreFileBatches:
    """The calls of `VectorStoreFileBatches`, which return their requests."""

    def __init__(self, vector_store_file_batches: VectorStoreFileBatches) -> None:
        self.create = as_prepared(vector_store_file_batches.create)
        self.retrieve = as_prepared(vector_store_file_batches.retrieve)
        self.cancel = as_prepared(vector_store_file_batches.cancel)
        self.list_files = as_prepared(vector_store_file_batches.list_files)


@hide_internal_frames
class OpenAIVectorStoreFileBatches:
    """Like `VectorStoreFileBatches`, as in the openai package: the last id of a path comes first,
    the others are keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def create(
        self,
        vector_store_id: str,
        *,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]]
        | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Add several files to a vector store: see `VectorStoreFileBatches.create`."""
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            files=files,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        return self._carrier.send(call, options)

    def retrieve(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Get a file batch: see `VectorStoreFileBatches.retrieve`."""
        call = retrieve_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        return self._carrier.send(call, options)

    def cancel(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Cancel a file batch: see `VectorStoreFileBatches.cancel`."""
        call = cancel_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        return self._carrier.send(call, options)

    def list_files(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        filter: models.VectorStoreFileStatus | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[models.VectorStoreFile]:
        """List the files of a file batch: see `VectorStoreFileBatches.list_files`."""
        call = list_vector_store_file_batch_files(
            self._carrier.checker,
            vector_store_id,
            batch_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            filter=filter,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[models.VectorStoreFile] = self._carrier.pages(call, options)
        return pages

    def create_and_poll(
        self,
        vector_store_id: str,
        *,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]]
        | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Add several files to a vector store, then wait until that is done.

        See `VectorStoreFileBatches.create` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            files=files,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = carrier.begin_and_settle(
            call, retrieve_vector_store_file_batch, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        files: Iterable[File],
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        max_concurrency: int = 5,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Upload first: Add several files to a vector store, then wait until that is done.

        See `VectorStoreFileBatches.create` for the other arguments. Look at the status: it may have failed.

        Args:
            files: Each as for ``client.files.create``.
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            max_concurrency: Files that are uploaded at once. Default 5.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed; `uploaded_files` has the ids of what was uploaded before.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = carrier.begin_and_settle(
            call,
            retrieve_vector_store_file_batch,
            options,
            poll_interval_ms,
            max_wait_seconds,
            files,
            max_concurrency,
        )
        return settled

    def poll(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Get a file batch, then wait until that is done.

        See `VectorStoreFileBatches.retrieve` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = retrieve_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = carrier.begin_and_settle(
            call, retrieve_vector_store_file_batch, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    @property
    def with_raw_response(self) -> RawOpenAIVectorStoreFileBatches:
        """The same calls, which return the answer as it came."""
        return RawOpenAIVectorStoreFileBatches(OpenAIVectorStoreFileBatches(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAIVectorStoreFileBatches:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAIVectorStoreFileBatches(
            OpenAIVectorStoreFileBatches(self._carrier.streamed())
        )

    @property
    def prepare(self) -> PreparedOpenAIVectorStoreFileBatches:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAIVectorStoreFileBatches(
            OpenAIVectorStoreFileBatches(self._carrier.prepare())
        )


@hide_internal_frames
class AsyncOpenAIVectorStoreFileBatches:
    """Like `AsyncVectorStoreFileBatches`, as in the openai package: the last id of a path comes
    first, the others are keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    async def create(
        self,
        vector_store_id: str,
        *,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]]
        | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Add several files to a vector store: see `VectorStoreFileBatches.create`."""
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            files=files,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        return await self._carrier.send(call, options)

    async def retrieve(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Get a file batch: see `VectorStoreFileBatches.retrieve`."""
        call = retrieve_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        return await self._carrier.send(call, options)

    async def cancel(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Cancel a file batch: see `VectorStoreFileBatches.cancel`."""
        call = cancel_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        return await self._carrier.send(call, options)

    def list_files(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        before: str | None = None,
        filter: models.VectorStoreFileStatus | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.VectorStoreFile]:
        """List the files of a file batch: see `VectorStoreFileBatches.list_files`."""
        call = list_vector_store_file_batch_files(
            self._carrier.checker,
            vector_store_id,
            batch_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            filter=filter,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[models.VectorStoreFile] = self._carrier.pages(call, options)
        return pages

    async def create_and_poll(
        self,
        vector_store_id: str,
        *,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        files: Iterable[models.CreateVectorStoreFileRequest | Mapping[str, Any]]
        | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Add several files to a vector store, then wait until that is done.

        See `VectorStoreFileBatches.create` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            files=files,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = await carrier.begin_and_settle(
            call, retrieve_vector_store_file_batch, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    async def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        files: Iterable[File],
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        max_concurrency: int = 5,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Upload first: Add several files to a vector store, then wait until that is done.

        See `VectorStoreFileBatches.create` for the other arguments. Look at the status: it may have failed.

        Args:
            files: Each as for ``client.files.create``.
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            max_concurrency: Files that are uploaded at once. Default 5.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed; `uploaded_files` has the ids of what was uploaded before.
        """
        call = create_vector_store_file_batch(
            self._carrier.checker,
            vector_store_id,
            file_ids=file_ids,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = await carrier.begin_and_settle(
            call,
            retrieve_vector_store_file_batch,
            options,
            poll_interval_ms,
            max_wait_seconds,
            files,
            max_concurrency,
        )
        return settled

    async def poll(
        self,
        batch_id: str,
        *,
        vector_store_id: str,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileBatch:
        """Get a file batch, then wait until that is done.

        See `VectorStoreFileBatches.retrieve` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = retrieve_vector_store_file_batch(self._carrier.checker, vector_store_id, batch_id)
        carrier: Any = self._carrier
        settled: models.VectorStoreFileBatch = await carrier.begin_and_settle(
            call, retrieve_vector_store_file_batch, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    @property
    def with_raw_response(self) -> AsyncRawOpenAIVectorStoreFileBatches:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAIVectorStoreFileBatches(
            AsyncOpenAIVectorStoreFileBatches(self._carrier.raw())
        )

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAIVectorStoreFileBatches:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAIVectorStoreFileBatches(
            AsyncOpenAIVectorStoreFileBatches(self._carrier.streamed())
        )

    @property
    def prepare(self) -> PreparedOpenAIVectorStoreFileBatches:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAIVectorStoreFileBatches(
            OpenAIVectorStoreFileBatches(self._carrier.prepare())
        )


class RawOpenAIVectorStoreFileBatches:
    """The calls of `OpenAIVectorStoreFileBatches`, which return the answer as it came."""

    def __init__(self, vector_store_file_batches: OpenAIVectorStoreFileBatches) -> None:
        self.create = as_raw(vector_store_file_batches.create)
        self.retrieve = as_raw(vector_store_file_batches.retrieve)
        self.cancel = as_raw(vector_store_file_batches.cancel)
        self.list_files = as_raw(vector_store_file_batches.list_files)


class AsyncRawOpenAIVectorStoreFileBatches:
    """The calls of `AsyncOpenAIVectorStoreFileBatches`, which return the answer as it came."""

    def __init__(self, vector_store_file_batches: AsyncOpenAIVectorStoreFileBatches) -> None:
        self.create = as_async_raw(vector_store_file_batches.create)
        self.retrieve = as_async_raw(vector_store_file_batches.retrieve)
        self.cancel = as_async_raw(vector_store_file_batches.cancel)
        self.list_files = as_async_raw(vector_store_file_batches.list_files)


class StreamedOpenAIVectorStoreFileBatches:
    """The calls of `OpenAIVectorStoreFileBatches`, which leave the answer's body to be read."""

    def __init__(self, vector_store_file_batches: OpenAIVectorStoreFileBatches) -> None:
        self.create = as_streamed(vector_store_file_batches.create)
        self.retrieve = as_streamed(vector_store_file_batches.retrieve)
        self.cancel = as_streamed(vector_store_file_batches.cancel)
        self.list_files = as_streamed(vector_store_file_batches.list_files)


class AsyncStreamedOpenAIVectorStoreFileBatches:
    """The calls of `AsyncOpenAIVectorStoreFileBatches`, which leave the answer's body to be read."""

    def __init__(self, vector_store_file_batches: AsyncOpenAIVectorStoreFileBatches) -> None:
        self.create = as_async_streamed(vector_store_file_batches.create)
        self.retrieve = as_async_streamed(vector_store_file_batches.retrieve)
        self.cancel = as_async_streamed(vector_store_file_batches.cancel)
        self.list_files = as_async_streamed(vector_store_file_batches.list_files)


class PreparedOpenAIVectorStoreFileBatches:
    """The calls of `OpenAIVectorStoreFileBatches`, which return their requests."""

    def __init__(self, vector_store_file_batches: OpenAIVectorStoreFileBatches) -> None:
        self.create = as_prepared(vector_store_file_batches.create)
        self.retrieve = as_prepared(vector_store_file_batches.retrieve)
        self.cancel = as_prepared(vector_store_file_batches.cancel)
        self.list_files = as_prepared(vector_store_file_batches.list_files)


class BoundVectorStoreFileBatches:
    """The calls of `VectorStoreFileBatches` without their first argument, `vector_store_id`."""

    def __init__(
        self, vector_store_file_batches: VectorStoreFileBatches, vector_store_id: str
    ) -> None:
        self.create = bind(vector_store_file_batches.create, vector_store_id)
        self.retrieve = bind(vector_store_file_batches.retrieve, vector_store_id)
        self.cancel = bind(vector_store_file_batches.cancel, vector_store_id)
        self.list_files = bind(vector_store_file_batches.list_files, vector_store_id)


class AsyncBoundVectorStoreFileBatches:
    """The calls of `AsyncVectorStoreFileBatches` without their first argument, `vector_store_id`."""

    def __init__(
        self, vector_store_file_batches: AsyncVectorStoreFileBatches, vector_store_id: str
    ) -> None:
        self.create = bind(vector_store_file_batches.create, vector_store_id)
        self.retrieve = bind(vector_store_file_batches.retrieve, vector_store_id)
        self.cancel = bind(vector_store_file_batches.cancel, vector_store_id)
        self.list_files = bind(vector_store_file_batches.list_files, vector_store_id)
