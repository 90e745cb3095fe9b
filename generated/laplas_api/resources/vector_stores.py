# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Collections of files for the file search to look in."""

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
    cached_property,
    page_query,
    segment,
)

if TYPE_CHECKING:
    from laplas.types import (
        AsyncPages,
        CallOptions,
        Page,
    )

    from ..calls import AsyncCarrier, Carrier
    from ..checks import Checker
    from ..types import NotGiven
    from .vector_store_file_batches import (
        AsyncOpenAIVectorStoreFileBatches,
        AsyncRawOpenAIVectorStoreFileBatches,
        AsyncRawVectorStoreFileBatches,
        AsyncStreamedOpenAIVectorStoreFileBatches,
        AsyncStreamedVectorStoreFileBatches,
        AsyncVectorStoreFileBatches,
        OpenAIVectorStoreFileBatches,
        PreparedOpenAIVectorStoreFileBatches,
        PreparedVectorStoreFileBatches,
        RawOpenAIVectorStoreFileBatches,
        RawVectorStoreFileBatches,
        StreamedOpenAIVectorStoreFileBatches,
        StreamedVectorStoreFileBatches,
        VectorStoreFileBatches,
    )
    from .vector_store_files import (
        AsyncOpenAIVectorStoreFiles,
        AsyncRawOpenAIVectorStoreFiles,
        AsyncRawVectorStoreFiles,
        AsyncStreamedOpenAIVectorStoreFiles,
        AsyncStreamedVectorStoreFiles,
        AsyncVectorStoreFiles,
        OpenAIVectorStoreFiles,
        PreparedOpenAIVectorStoreFiles,
        PreparedVectorStoreFiles,
        RawOpenAIVectorStoreFiles,
        RawVectorStoreFiles,
        StreamedOpenAIVectorStoreFiles,
        StreamedVectorStoreFiles,
        VectorStoreFiles,
    )


def create_vector_store(
    checker: Checker,
    *,
    name: str | NotGiven = NOT_GIVEN,
    description: str | NotGiven = NOT_GIVEN,
    file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
    expires_after: models.VectorStoreExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
    chunking_strategy: models.AutoChunkingStrategy
    | models.StaticChunkingStrategy
    | Mapping[str, Any]
    | NotGiven = NOT_GIVEN,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
) -> Call[models.VectorStore]:
    """Check the arguments of `VectorStores.create` and make its call."""
    return Call(
        "create_vector_store",
        "create",
        "POST",
        "/vector_stores",
        models.VectorStore,
        body=checker.body(
            "CreateVectorStoreRequest",
            {
                "name": name,
                "description": description,
                "file_ids": file_ids,
                "expires_after": expires_after,
                "chunking_strategy": chunking_strategy,
                "metadata": metadata,
            },
        ),
    )


def list_vector_stores(
    checker: Checker,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    order: models.ListOrder | None = None,
    after: str | None = None,
    before: str | None = None,
    limit: int | None = None,
    read_ahead: bool = False,
) -> Call[models.VectorStore]:
    """Check the arguments of `VectorStores.list` and make its call."""
    return Call(
        "list_vector_stores",
        "read",
        "GET",
        "/vector_stores",
        models.VectorStore,
        query=page_query(
            checker,
            "list_vector_stores",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "before": before},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
    )


def retrieve_vector_store(
    checker: Checker,
    vector_store_id: str,
) -> Call[models.VectorStore]:
    """Check the arguments of `VectorStores.retrieve` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    return Call(
        "retrieve_vector_store",
        "read",
        "GET",
        f"/vector_stores/{segment(vector_store_id)}",
        models.VectorStore,
        answer_id=vector_store_id,
    )


def update_vector_store(
    checker: Checker,
    vector_store_id: str,
    *,
    name: str | None | NotGiven = NOT_GIVEN,
    expires_after: models.VectorStoreExpiration | Mapping[str, Any] | None | NotGiven = NOT_GIVEN,
    metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
) -> Call[models.VectorStore]:
    """Check the arguments of `VectorStores.update` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    return Call(
        "update_vector_store",
        "repeatable",
        "POST",
        f"/vector_stores/{segment(vector_store_id)}",
        models.VectorStore,
        body=checker.body(
            "UpdateVectorStoreRequest",
            {"name": name, "expires_after": expires_after, "metadata": metadata},
        ),
        answer_id=vector_store_id,
    )


def delete_vector_store(
    checker: Checker,
    vector_store_id: str,
) -> Call[models.DeletedVectorStore]:
    """Check the arguments of `VectorStores.delete` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    return Call(
        "delete_vector_store",
        "repeatable",
        "DELETE",
        f"/vector_stores/{segment(vector_store_id)}",
        models.DeletedVectorStore,
        empty={"id": vector_store_id, "object": "vector_store.deleted", "deleted": True},
        answer_id=vector_store_id,
    )


def search_vector_store(
    checker: Checker,
    vector_store_id: str,
    query: str | Iterable[str],
    *,
    rewrite_query: bool | NotGiven = NOT_GIVEN,
    max_num_results: int | NotGiven = NOT_GIVEN,
    filters: models.CompoundFilter
    | models.ComparisonFilter
    | Mapping[str, Any]
    | NotGiven = NOT_GIVEN,
    ranking_options: models.SearchRankingOptions | Mapping[str, Any] | NotGiven = NOT_GIVEN,
) -> Call[models.VectorStoreSearchPage]:
    """Check the arguments of `VectorStores.search` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    return Call(
        "search_vector_store",
        "read",
        "POST",
        f"/vector_stores/{segment(vector_store_id)}/search",
        models.VectorStoreSearchPage,
        body=checker.body(
            "SearchVectorStoreRequest",
            {
                "query": query,
                "rewrite_query": rewrite_query,
                "max_num_results": max_num_results,
                "filters": filters,
                "ranking_options": ranking_options,
            },
        ),
    )


@hide_internal_frames
class VectorStores:
    """Collections of files for the file search to look in."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @cached_property
    def files(self) -> VectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import VectorStoreFiles

        return VectorStoreFiles(self._carrier)

    @cached_property
    def file_batches(self) -> VectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import VectorStoreFileBatches

        return VectorStoreFileBatches(self._carrier)

    def create(
        self,
        *,
        name: str | NotGiven = NOT_GIVEN,
        description: str | NotGiven = NOT_GIVEN,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        expires_after: models.VectorStoreExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Create a vector store.

        Files can be added now, with `file_ids`, or later. Not idempotent: a repeated call makes a
        second vector store.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            name: The name of the vector store.
            description: What the vector store is for, in words.
            file_ids: Ids of uploaded files to put into it, at most 500 (upstream schema).
            expires_after: When it expires. Absent means never.
            chunking_strategy: How the files are cut into pieces. Left out, the server takes `auto`.
            metadata: Your own notes on the vector store: at most 16 pairs, keys up to 64
                characters, values up to 512 (upstream schema).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = create_vector_store(
            self._carrier.checker,
            name=name,
            description=description,
            file_ids=file_ids,
            expires_after=expires_after,
            chunking_strategy=chunking_strategy,
            metadata=metadata,
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
    ) -> Page[models.VectorStore]:
        """List the vector stores of the account.

        The newest comes first unless `order` says otherwise.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

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
        call = list_vector_stores(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[models.VectorStore] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Get a vector store.

        Its files are listed separately. Poll this until `status` is no longer `in_progress`.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store.
            APIError: Something else went wrong.
        """
        call = retrieve_vector_store(self._carrier.checker, vector_store_id)
        return self._carrier.send(call, options)

    def update(
        self,
        vector_store_id: str,
        *,
        name: str | None | NotGiven = NOT_GIVEN,
        expires_after: models.VectorStoreExpiration
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Change a vector store.

        Set its name, metadata or expiry. Fields that are left out stay as they are.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            name: The name of the vector store. Null takes it away.
            expires_after: When it expires. Null means never.
            metadata: Your own notes on the vector store: at most 16 pairs, keys up to 64
                characters, values up to 512 (upstream schema).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store.
            APIError: Something else went wrong.
        """
        call = update_vector_store(
            self._carrier.checker,
            vector_store_id,
            name=name,
            expires_after=expires_after,
            metadata=metadata,
        )
        return self._carrier.send(call, options)

    def delete(
        self,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedVectorStore:
        """Delete a vector store.

        This cannot be undone. A repeated attempt that finds it gone counts as done. The files
        themselves stay; only the index over them is gone.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store.
            APIError: Something else went wrong.
        """
        call = delete_vector_store(self._carrier.checker, vector_store_id)
        return self._carrier.send(call, options)

    def search(
        self,
        vector_store_id: str,
        query: str | Iterable[str],
        *,
        rewrite_query: bool | NotGiven = NOT_GIVEN,
        max_num_results: int | NotGiven = NOT_GIVEN,
        filters: models.CompoundFilter
        | models.ComparisonFilter
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        ranking_options: models.SearchRankingOptions | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreSearchPage:
        """Search a vector store.

        Find the pieces of its files that fit a query best, and only in files whose attributes fit
        `filters`. Changes nothing, so it is repeated after a failure.

        The answer is one page: no parameter is known that asks for the page after it.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            query: What to search for, in words; or several such texts.
            rewrite_query: Whether the server may reword the query. Left out, it does not.
            max_num_results: The most results, 1 to 50 (upstream schema). Left out, the server takes
                10.
            filters: Search only in files whose attributes fit.
            ranking_options: How results are ranked.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store.
            APIError: Something else went wrong.
        """
        call = search_vector_store(
            self._carrier.checker,
            vector_store_id,
            query,
            rewrite_query=rewrite_query,
            max_num_results=max_num_results,
            filters=filters,
            ranking_options=ranking_options,
        )
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawVectorStores:
        """The same calls, which return the answer as it came."""
        return RawVectorStores(VectorStores(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedVectorStores:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedVectorStores(VectorStores(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedVectorStores:
        """The same calls, not sent: they return their requests."""
        return PreparedVectorStores(VectorStores(self._carrier.prepare()))


@hide_internal_frames
class AsyncVectorStores:
    """Like `VectorStores`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    @cached_property
    def files(self) -> AsyncVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import AsyncVectorStoreFiles

        return AsyncVectorStoreFiles(self._carrier)

    @cached_property
    def file_batches(self) -> AsyncVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import AsyncVectorStoreFileBatches

        return AsyncVectorStoreFileBatches(self._carrier)

    async def create(
        self,
        *,
        name: str | NotGiven = NOT_GIVEN,
        description: str | NotGiven = NOT_GIVEN,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        expires_after: models.VectorStoreExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Create a vector store: see `VectorStores.create`."""
        call = create_vector_store(
            self._carrier.checker,
            name=name,
            description=description,
            file_ids=file_ids,
            expires_after=expires_after,
            chunking_strategy=chunking_strategy,
            metadata=metadata,
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
    ) -> AsyncPages[models.VectorStore]:
        """List the vector stores of the account: see `VectorStores.list`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_vector_stores(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[models.VectorStore] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Get a vector store: see `VectorStores.retrieve`."""
        call = retrieve_vector_store(self._carrier.checker, vector_store_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        vector_store_id: str,
        *,
        name: str | None | NotGiven = NOT_GIVEN,
        expires_after: models.VectorStoreExpiration
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Change a vector store: see `VectorStores.update`."""
        call = update_vector_store(
            self._carrier.checker,
            vector_store_id,
            name=name,
            expires_after=expires_after,
            metadata=metadata,
        )
        return await self._carrier.send(call, options)

    async def delete(
        self,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedVectorStore:
        """Delete a vector store: see `VectorStores.delete`."""
        call = delete_vector_store(self._carrier.checker, vector_store_id)
        return await self._carrier.send(call, options)

    async def search(
        self,
        vector_store_id: str,
        query: str | Iterable[str],
        *,
        rewrite_query: bool | NotGiven = NOT_GIVEN,
        max_num_results: int | NotGiven = NOT_GIVEN,
        filters: models.CompoundFilter
        | models.ComparisonFilter
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        ranking_options: models.SearchRankingOptions | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreSearchPage:
        """Search a vector store: see `VectorStores.search`."""
        call = search_vector_store(
            self._carrier.checker,
            vector_store_id,
            query,
            rewrite_query=rewrite_query,
            max_num_results=max_num_results,
            filters=filters,
            ranking_options=ranking_options,
        )
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawVectorStores:
        """The same calls, which return the answer as it came."""
        return AsyncRawVectorStores(AsyncVectorStores(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedVectorStores:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedVectorStores(AsyncVectorStores(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedVectorStores:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedVectorStores(VectorStores(self._carrier.prepare()))


class RawVectorStores:
    """The calls of `VectorStores`, which return the answer as it came."""

    def __init__(self, vector_stores: VectorStores) -> None:
        self.create = as_raw(vector_stores.create)
        self.list = as_raw(vector_stores.list)
        self.retrieve = as_raw(vector_stores.retrieve)
        self.update = as_raw(vector_stores.update)
        self.delete = as_raw(vector_stores.delete)
        self.search = as_raw(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> RawVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import RawVectorStoreFiles

        return RawVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> RawVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import RawVectorStoreFileBatches

        return RawVectorStoreFileBatches(self._vector_stores.file_batches)


class AsyncRawVectorStores:
    """The calls of `AsyncVectorStores`, which return the answer as it came."""

    def __init__(self, vector_stores: AsyncVectorStores) -> None:
        self.create = as_async_raw(vector_stores.create)
        self.list = as_async_raw(vector_stores.list)
        self.retrieve = as_async_raw(vector_stores.retrieve)
        self.update = as_async_raw(vector_stores.update)
        self.delete = as_async_raw(vector_stores.delete)
        self.search = as_async_raw(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> AsyncRawVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import AsyncRawVectorStoreFiles

        return AsyncRawVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> AsyncRawVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import AsyncRawVectorStoreFileBatches

        return AsyncRawVectorStoreFileBatches(self._vector_stores.file_batches)


class StreamedVectorStores:
    """The calls of `VectorStores`, which leave the answer's body to be read."""

    def __init__(self, vector_stores: VectorStores) -> None:
        self.create = as_streamed(vector_stores.create)
        self.list = as_streamed(vector_stores.list)
        self.retrieve = as_streamed(vector_stores.retrieve)
        self.update = as_streamed(vector_stores.update)
        self.delete = as_streamed(vector_stores.delete)
        self.search = as_streamed(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> StreamedVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import StreamedVectorStoreFiles

        return StreamedVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> StreamedVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import StreamedVectorStoreFileBatches

        return StreamedVectorStoreFileBatches(self._vector_stores.file_batches)


class AsyncStreamedVectorStores:
    """The calls of `AsyncVectorStores`, which leave the answer's body to be read."""

    def __init__(self, vector_stores: AsyncVectorStores) -> None:
        self.create = as_async_streamed(vector_stores.create)
        self.list = as_async_streamed(vector_stores.list)
        self.retrieve = as_async_streamed(vector_stores.retrieve)
        self.update = as_async_streamed(vector_stores.update)
        self.delete = as_async_streamed(vector_stores.delete)
        self.search = as_async_streamed(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> AsyncStreamedVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import AsyncStreamedVectorStoreFiles

        return AsyncStreamedVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> AsyncStreamedVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import AsyncStreamedVectorStoreFileBatches

        return AsyncStreamedVectorStoreFileBatches(self._vector_stores.file_batches)


class PreparedVectorStores:
    """The calls of `VectorStores`, which return their requests."""

    def __init__(self, vector_stores: VectorStores) -> None:
        self.create = as_prepared(vector_stores.create)
        self.list = as_prepared(vector_stores.list)
        self.retrieve = as_prepared(vector_stores.retrieve)
        self.update = as_prepared(vector_stores.update)
        self.delete = as_prepared(vector_stores.delete)
        self.search = as_prepared(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> PreparedVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import PreparedVectorStoreFiles

        return PreparedVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> PreparedVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import PreparedVectorStoreFileBatches

        return PreparedVectorStoreFileBatches(self._vector_stores.file_batches)


@hide_internal_frames
class OpenAIVectorStores:
    """Like `VectorStores`, as in the openai package: the last id of a path comes first, the others
    are keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    @cached_property
    def files(self) -> OpenAIVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import OpenAIVectorStoreFiles

        return OpenAIVectorStoreFiles(self._carrier)

    @cached_property
    def file_batches(self) -> OpenAIVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import OpenAIVectorStoreFileBatches

        return OpenAIVectorStoreFileBatches(self._carrier)

    def create(
        self,
        *,
        name: str | NotGiven = NOT_GIVEN,
        description: str | NotGiven = NOT_GIVEN,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        expires_after: models.VectorStoreExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Create a vector store: see `VectorStores.create`."""
        call = create_vector_store(
            self._carrier.checker,
            name=name,
            description=description,
            file_ids=file_ids,
            expires_after=expires_after,
            chunking_strategy=chunking_strategy,
            metadata=metadata,
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
    ) -> Page[models.VectorStore]:
        """List the vector stores of the account: see `VectorStores.list`."""
        call = list_vector_stores(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[models.VectorStore] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Get a vector store: see `VectorStores.retrieve`."""
        call = retrieve_vector_store(self._carrier.checker, vector_store_id)
        return self._carrier.send(call, options)

    def update(
        self,
        vector_store_id: str,
        *,
        name: str | None | NotGiven = NOT_GIVEN,
        expires_after: models.VectorStoreExpiration
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Change a vector store: see `VectorStores.update`."""
        call = update_vector_store(
            self._carrier.checker,
            vector_store_id,
            name=name,
            expires_after=expires_after,
            metadata=metadata,
        )
        return self._carrier.send(call, options)

    def delete(
        self,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedVectorStore:
        """Delete a vector store: see `VectorStores.delete`."""
        call = delete_vector_store(self._carrier.checker, vector_store_id)
        return self._carrier.send(call, options)

    def search(
        self,
        vector_store_id: str,
        query: str | Iterable[str],
        *,
        rewrite_query: bool | NotGiven = NOT_GIVEN,
        max_num_results: int | NotGiven = NOT_GIVEN,
        filters: models.CompoundFilter
        | models.ComparisonFilter
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        ranking_options: models.SearchRankingOptions | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreSearchPage:
        """Search a vector store: see `VectorStores.search`."""
        call = search_vector_store(
            self._carrier.checker,
            vector_store_id,
            query,
            rewrite_query=rewrite_query,
            max_num_results=max_num_results,
            filters=filters,
            ranking_options=ranking_options,
        )
        return self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> RawOpenAIVectorStores:
        """The same calls, which return the answer as it came."""
        return RawOpenAIVectorStores(OpenAIVectorStores(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAIVectorStores:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAIVectorStores(OpenAIVectorStores(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIVectorStores:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAIVectorStores(OpenAIVectorStores(self._carrier.prepare()))


@hide_internal_frames
class AsyncOpenAIVectorStores:
    """Like `AsyncVectorStores`, as in the openai package: the last id of a path comes first, the
    others are keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    @cached_property
    def files(self) -> AsyncOpenAIVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import AsyncOpenAIVectorStoreFiles

        return AsyncOpenAIVectorStoreFiles(self._carrier)

    @cached_property
    def file_batches(self) -> AsyncOpenAIVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import AsyncOpenAIVectorStoreFileBatches

        return AsyncOpenAIVectorStoreFileBatches(self._carrier)

    async def create(
        self,
        *,
        name: str | NotGiven = NOT_GIVEN,
        description: str | NotGiven = NOT_GIVEN,
        file_ids: Iterable[str] | NotGiven = NOT_GIVEN,
        expires_after: models.VectorStoreExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Create a vector store: see `VectorStores.create`."""
        call = create_vector_store(
            self._carrier.checker,
            name=name,
            description=description,
            file_ids=file_ids,
            expires_after=expires_after,
            chunking_strategy=chunking_strategy,
            metadata=metadata,
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
    ) -> AsyncPages[models.VectorStore]:
        """List the vector stores of the account: see `VectorStores.list`."""
        call = list_vector_stores(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[models.VectorStore] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Get a vector store: see `VectorStores.retrieve`."""
        call = retrieve_vector_store(self._carrier.checker, vector_store_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        vector_store_id: str,
        *,
        name: str | None | NotGiven = NOT_GIVEN,
        expires_after: models.VectorStoreExpiration
        | Mapping[str, Any]
        | None
        | NotGiven = NOT_GIVEN,
        metadata: Mapping[str, str] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStore:
        """Change a vector store: see `VectorStores.update`."""
        call = update_vector_store(
            self._carrier.checker,
            vector_store_id,
            name=name,
            expires_after=expires_after,
            metadata=metadata,
        )
        return await self._carrier.send(call, options)

    async def delete(
        self,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedVectorStore:
        """Delete a vector store: see `VectorStores.delete`."""
        call = delete_vector_store(self._carrier.checker, vector_store_id)
        return await self._carrier.send(call, options)

    async def search(
        self,
        vector_store_id: str,
        query: str | Iterable[str],
        *,
        rewrite_query: bool | NotGiven = NOT_GIVEN,
        max_num_results: int | NotGiven = NOT_GIVEN,
        filters: models.CompoundFilter
        | models.ComparisonFilter
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        ranking_options: models.SearchRankingOptions | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreSearchPage:
        """Search a vector store: see `VectorStores.search`."""
        call = search_vector_store(
            self._carrier.checker,
            vector_store_id,
            query,
            rewrite_query=rewrite_query,
            max_num_results=max_num_results,
            filters=filters,
            ranking_options=ranking_options,
        )
        return await self._carrier.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawOpenAIVectorStores:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAIVectorStores(AsyncOpenAIVectorStores(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAIVectorStores:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAIVectorStores(AsyncOpenAIVectorStores(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIVectorStores:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAIVectorStores(OpenAIVectorStores(self._carrier.prepare()))


class RawOpenAIVectorStores:
    """The calls of `OpenAIVectorStores`, which return the answer as it came."""

    def __init__(self, vector_stores: OpenAIVectorStores) -> None:
        self.create = as_raw(vector_stores.create)
        self.list = as_raw(vector_stores.list)
        self.retrieve = as_raw(vector_stores.retrieve)
        self.update = as_raw(vector_stores.update)
        self.delete = as_raw(vector_stores.delete)
        self.search = as_raw(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> RawOpenAIVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import RawOpenAIVectorStoreFiles

        return RawOpenAIVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> RawOpenAIVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import RawOpenAIVectorStoreFileBatches

        return RawOpenAIVectorStoreFileBatches(self._vector_stores.file_batches)


class AsyncRawOpenAIVectorStores:
    """The calls of `AsyncOpenAIVectorStores`, which return the answer as it came."""

    def __init__(self, vector_stores: AsyncOpenAIVectorStores) -> None:
        self.create = as_async_raw(vector_stores.create)
        self.list = as_async_raw(vector_stores.list)
        self.retrieve = as_async_raw(vector_stores.retrieve)
        self.update = as_async_raw(vector_stores.update)
        self.delete = as_async_raw(vector_stores.delete)
        self.search = as_async_raw(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> AsyncRawOpenAIVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import AsyncRawOpenAIVectorStoreFiles

        return AsyncRawOpenAIVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> AsyncRawOpenAIVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import AsyncRawOpenAIVectorStoreFileBatches

        return AsyncRawOpenAIVectorStoreFileBatches(self._vector_stores.file_batches)


class StreamedOpenAIVectorStores:
    """The calls of `OpenAIVectorStores`, which leave the answer's body to be read."""

    def __init__(self, vector_stores: OpenAIVectorStores) -> None:
        self.create = as_streamed(vector_stores.create)
        self.list = as_streamed(vector_stores.list)
        self.retrieve = as_streamed(vector_stores.retrieve)
        self.update = as_streamed(vector_stores.update)
        self.delete = as_streamed(vector_stores.delete)
        self.search = as_streamed(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> StreamedOpenAIVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import StreamedOpenAIVectorStoreFiles

        return StreamedOpenAIVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> StreamedOpenAIVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import StreamedOpenAIVectorStoreFileBatches

        return StreamedOpenAIVectorStoreFileBatches(self._vector_stores.file_batches)


class AsyncStreamedOpenAIVectorStores:
    """The calls of `AsyncOpenAIVectorStores`, which leave the answer's body to be read."""

    def __init__(self, vector_stores: AsyncOpenAIVectorStores) -> None:
        self.create = as_async_streamed(vector_stores.create)
        self.list = as_async_streamed(vector_stores.list)
        self.retrieve = as_async_streamed(vector_stores.retrieve)
        self.update = as_async_streamed(vector_stores.update)
        self.delete = as_async_streamed(vector_stores.delete)
        self.search = as_async_streamed(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> AsyncStreamedOpenAIVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import AsyncStreamedOpenAIVectorStoreFiles

        return AsyncStreamedOpenAIVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> AsyncStreamedOpenAIVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import AsyncStreamedOpenAIVectorStoreFileBatches

        return AsyncStreamedOpenAIVectorStoreFileBatches(self._vector_stores.file_batches)


class PreparedOpenAIVectorStores:
    """The calls of `OpenAIVectorStores`, which return their requests."""

    def __init__(self, vector_stores: OpenAIVectorStores) -> None:
        self.create = as_prepared(vector_stores.create)
        self.list = as_prepared(vector_stores.list)
        self.retrieve = as_prepared(vector_stores.retrieve)
        self.update = as_prepared(vector_stores.update)
        self.delete = as_prepared(vector_stores.delete)
        self.search = as_prepared(vector_stores.search)
        self._vector_stores = vector_stores

    @cached_property
    def files(self) -> PreparedOpenAIVectorStoreFiles:
        """The files of vector stores."""
        from .vector_store_files import PreparedOpenAIVectorStoreFiles

        return PreparedOpenAIVectorStoreFiles(self._vector_stores.files)

    @cached_property
    def file_batches(self) -> PreparedOpenAIVectorStoreFileBatches:
        """Groups of files that are added to a vector store together."""
        from .vector_store_file_batches import PreparedOpenAIVectorStoreFileBatches

        return PreparedOpenAIVectorStoreFileBatches(self._vector_stores.file_batches)
