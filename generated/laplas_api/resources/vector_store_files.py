# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""The files of vector stores."""

from __future__ import annotations

from collections.abc import Mapping
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


def create_vector_store_file(
    checker: Checker,
    vector_store_id: str,
    file_id: str,
    *,
    chunking_strategy: models.AutoChunkingStrategy
    | models.StaticChunkingStrategy
    | Mapping[str, Any]
    | NotGiven = NOT_GIVEN,
    attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
) -> Call[models.VectorStoreFile]:
    """Check the arguments of `VectorStoreFiles.create` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    return Call(
        "create_vector_store_file",
        "create",
        "POST",
        f"/vector_stores/{segment(vector_store_id)}/files",
        models.VectorStoreFile,
        body=checker.body(
            "CreateVectorStoreFileRequest",
            {"file_id": file_id, "chunking_strategy": chunking_strategy, "attributes": attributes},
        ),
        parents={"vector_store_id": vector_store_id},
    )


def list_vector_store_files(
    checker: Checker,
    vector_store_id: str,
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
    """Check the arguments of `VectorStoreFiles.list` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    return Call(
        "list_vector_store_files",
        "read",
        "GET",
        f"/vector_stores/{segment(vector_store_id)}/files",
        models.VectorStoreFile,
        query=page_query(
            checker,
            "list_vector_store_files",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "before": before, "filter": filter},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
        parents={"vector_store_id": vector_store_id},
    )


def retrieve_vector_store_file(
    checker: Checker,
    vector_store_id: str,
    file_id: str,
) -> Call[models.VectorStoreFile]:
    """Check the arguments of `VectorStoreFiles.retrieve` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    file_id = checker.id(file_id, "file_id")
    return Call(
        "retrieve_vector_store_file",
        "read",
        "GET",
        f"/vector_stores/{segment(vector_store_id)}/files/{segment(file_id)}",
        models.VectorStoreFile,
        answer_id=file_id,
        parents={"vector_store_id": vector_store_id},
    )


def update_vector_store_file(
    checker: Checker,
    vector_store_id: str,
    file_id: str,
    *,
    attributes: Mapping[str, str | float | bool] | None,
) -> Call[models.VectorStoreFile]:
    """Check the arguments of `VectorStoreFiles.update` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    file_id = checker.id(file_id, "file_id")
    return Call(
        "update_vector_store_file",
        "repeatable",
        "POST",
        f"/vector_stores/{segment(vector_store_id)}/files/{segment(file_id)}",
        models.VectorStoreFile,
        body=checker.body("UpdateVectorStoreFileRequest", {"attributes": attributes}),
        answer_id=file_id,
        parents={"vector_store_id": vector_store_id},
    )


def delete_vector_store_file(
    checker: Checker,
    vector_store_id: str,
    file_id: str,
) -> Call[models.DeletedVectorStoreFile]:
    """Check the arguments of `VectorStoreFiles.delete` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    file_id = checker.id(file_id, "file_id")
    return Call(
        "delete_vector_store_file",
        "repeatable",
        "DELETE",
        f"/vector_stores/{segment(vector_store_id)}/files/{segment(file_id)}",
        models.DeletedVectorStoreFile,
        empty={"id": file_id, "object": "vector_store.file.deleted", "deleted": True},
        answer_id=file_id,
    )


def retrieve_vector_store_file_content(
    checker: Checker,
    vector_store_id: str,
    file_id: str,
) -> Call[models.VectorStoreFileContentPage]:
    """Check the arguments of `VectorStoreFiles.content` and make its call."""
    vector_store_id = checker.id(vector_store_id, "vector_store_id")
    file_id = checker.id(file_id, "file_id")
    return Call(
        "retrieve_vector_store_file_content",
        "read",
        "GET",
        f"/vector_stores/{segment(vector_store_id)}/files/{segment(file_id)}/content",
        models.VectorStoreFileContentPage,
    )


@hide_internal_frames
class VectorStoreFiles:
    """The files of vector stores."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def create(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Add a file to a vector store.

        The file has been uploaded before. Poll it until `status` is no longer `in_progress`; then
        the search finds it. For many files at once, use a file batch.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            file_id: The id of the uploaded file, up to 1,000 characters (our limit).
            chunking_strategy: How the file is cut into pieces. Left out, the server takes `auto`.
            attributes: What the search can filter by: at most 16 pairs, keys up to 64 characters,
                values numbers, booleans or texts up to 512 characters (upstream schema).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store or file.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            file_id,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        return self._carrier.send(call, options)

    def list(
        self,
        vector_store_id: str,
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
        """List the files of a vector store.

        The newest comes first unless `order` says otherwise.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
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
            NotFoundError: There is no such vector store.
            PaginationError: While iterating: the server's cursor does not move.
            APIError: Something else went wrong; ``cursor`` says where to go on.
        """
        call = list_vector_store_files(
            self._carrier.checker,
            vector_store_id,
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

    def retrieve(
        self,
        vector_store_id: str,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Get a file of a vector store.

        Read how far the server is with it, and its attributes. `retrieve_file` tells about the file
        itself.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            file_id: The id of the file, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store or file.
            APIError: Something else went wrong.
        """
        call = retrieve_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        return self._carrier.send(call, options)

    def update(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        attributes: Mapping[str, str | float | bool] | None,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Change the attributes of a file in a vector store.

        The new attributes replace all old ones. Nothing else of it can be changed.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            file_id: The id of the file, up to 1,000 characters (our limit).
            attributes: What the search can filter by: at most 16 pairs, keys up to 64 characters,
                values numbers, booleans or texts up to 512 characters (upstream schema).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store or file.
            APIError: Something else went wrong.
        """
        call = update_vector_store_file(
            self._carrier.checker, vector_store_id, file_id, attributes=attributes
        )
        return self._carrier.send(call, options)

    def delete(
        self,
        vector_store_id: str,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedVectorStoreFile:
        """Remove a file from a vector store.

        The file itself stays. A repeated attempt that finds it gone counts as done.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            file_id: The id of the file, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store or file.
            APIError: Something else went wrong.
        """
        call = delete_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        return self._carrier.send(call, options)

    def content(
        self,
        vector_store_id: str,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileContentPage:
        """Get the text of a file in a vector store.

        The text as the server has read it from the file. The answer is one page: no parameter is
        known that asks for the page after it.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            vector_store_id: The id of the vector store, up to 1,000 characters (our limit).
            file_id: The id of the file, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such vector store or file.
            APIError: Something else went wrong.
        """
        call = retrieve_vector_store_file_content(self._carrier.checker, vector_store_id, file_id)
        return self._carrier.send(call, options)

    def create_and_poll(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Add a file to a vector store, then wait until that is done.

        See `VectorStoreFiles.create` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            file_id,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        file: File,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Upload first: Add a file to a vector store, then wait until that is done.

        See `VectorStoreFiles.create` for the other arguments. Look at the status: it may have failed.

        Args:
            file: As for ``client.files.create``.
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed; `uploaded_files` has the ids of what was uploaded before.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            "file",
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds, [file]
        )
        return settled

    def poll(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Get a file of a vector store, then wait until that is done.

        See `VectorStoreFiles.retrieve` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = retrieve_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    @property
    def with_raw_response(self) -> RawVectorStoreFiles:
        """The same calls, which return the answer as it came."""
        return RawVectorStoreFiles(VectorStoreFiles(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedVectorStoreFiles:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedVectorStoreFiles(VectorStoreFiles(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedVectorStoreFiles:
        """The same calls, not sent: they return their requests."""
        return PreparedVectorStoreFiles(VectorStoreFiles(self._carrier.prepare()))


@hide_internal_frames
class AsyncVectorStoreFiles:
    """Like `VectorStoreFiles`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    async def create(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Add a file to a vector store: see `VectorStoreFiles.create`."""
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            file_id,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        return await self._carrier.send(call, options)

    def list(
        self,
        vector_store_id: str,
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
        """List the files of a vector store: see `VectorStoreFiles.list`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_vector_store_files(
            self._carrier.checker,
            vector_store_id,
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

    async def retrieve(
        self,
        vector_store_id: str,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Get a file of a vector store: see `VectorStoreFiles.retrieve`."""
        call = retrieve_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        attributes: Mapping[str, str | float | bool] | None,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Change the attributes of a file in a vector store: see `VectorStoreFiles.update`."""
        call = update_vector_store_file(
            self._carrier.checker, vector_store_id, file_id, attributes=attributes
        )
        return await self._carrier.send(call, options)

    async def delete(
        self,
        vector_store_id: str,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedVectorStoreFile:
        """Remove a file from a vector store: see `VectorStoreFiles.delete`."""
        call = delete_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        return await self._carrier.send(call, options)

    async def content(
        self,
        vector_store_id: str,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileContentPage:
        """Get the text of a file in a vector store: see `VectorStoreFiles.content`."""
        call = retrieve_vector_store_file_content(self._carrier.checker, vector_store_id, file_id)
        return await self._carrier.send(call, options)

    async def create_and_poll(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Add a file to a vector store, then wait until that is done.

        See `VectorStoreFiles.create` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            file_id,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = await carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    async def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        file: File,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Upload first: Add a file to a vector store, then wait until that is done.

        See `VectorStoreFiles.create` for the other arguments. Look at the status: it may have failed.

        Args:
            file: As for ``client.files.create``.
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed; `uploaded_files` has the ids of what was uploaded before.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            "file",
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = await carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds, [file]
        )
        return settled

    async def poll(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Get a file of a vector store, then wait until that is done.

        See `VectorStoreFiles.retrieve` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = retrieve_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = await carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    @property
    def with_raw_response(self) -> AsyncRawVectorStoreFiles:
        """The same calls, which return the answer as it came."""
        return AsyncRawVectorStoreFiles(AsyncVectorStoreFiles(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedVectorStoreFiles:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedVectorStoreFiles(AsyncVectorStoreFiles(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedVectorStoreFiles:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedVectorStoreFiles(VectorStoreFiles(self._carrier.prepare()))


class RawVectorStoreFiles:
    """The calls of `VectorStoreFiles`, which return the answer as it came."""

    def __init__(self, vector_store_files: VectorStoreFiles) -> None:
        self.create = as_raw(vector_store_files.create)
        self.list = as_raw(vector_store_files.list)
        self.retrieve = as_raw(vector_store_files.retrieve)
        self.update = as_raw(vector_store_files.update)
        self.delete = as_raw(vector_store_files.delete)
        self.content = as_raw(vector_store_files.content)


class AsyncRawVectorStoreFiles:
    """The calls of `AsyncVectorStoreFiles`, which return the answer as it came."""

    def __init__(self, vector_store_files: AsyncVectorStoreFiles) -> None:
        self.create = as_async_raw(vector_store_files.create)
        self.list = as_async_raw(vector_store_files.list)
        self.retrieve = as_async_raw(vector_store_files.retrieve)
        self.update = as_async_raw(vector_store_files.update)
        self.delete = as_async_raw(vector_store_files.delete)
        self.content = as_async_raw(vector_store_files.content)


class StreamedVectorStoreFiles:
    """The calls of `VectorStoreFiles`, which leave the answer's body to be read."""

    def __init__(self, vector_store_files: VectorStoreFiles) -> None:
        self.create = as_streamed(vector_store_files.create)
        self.list = as_streamed(vector_store_files.list)
        self.retrieve = as_streamed(vector_store_files.retrieve)
        self.update = as_streamed(vector_store_files.update)
        self.delete = as_streamed(vector_store_files.delete)
        self.content = as_streamed(vector_store_files.content)


class AsyncStreamedVectorStoreFiles:
    """The calls of `AsyncVectorStoreFiles`, which leave the answer's body to be read."""

    def __init__(self, vector_store_files: AsyncVectorStoreFiles) -> None:
        self.create = as_async_streamed(vector_store_files.create)
        self.list = as_async_streamed(vector_store_files.list)
        self.retrieve = as_async_streamed(vector_store_files.retrieve)
        self.update = as_async_streamed(vector_store_files.update)
        self.delete = as_async_streamed(vector_store_files.delete)
        self.content = as_async_streamed(vector_store_files.content)


class PreparedVectorStoreFiles:
    """The calls of `VectorStoreFiles`, which return their requests."""

    def __init__(self, vector_store_files: VectorStoreFiles) -> None:
        self.create = as_prepared(vector_store_files.create)
        self.list = as_prepared(vector_store_files.list)
        self.retrieve = as_prepared(vector_store_files.retrieve)
        self.update = as_prepared(vector_store_files.update)
        self.delete = as_prepared(vector_store_files.delete)
        self.content = as_prepared(vector_store_files.content)


@hide_internal_frames
class OpenAIVectorStoreFiles:
    """Like `VectorStoreFiles`, as in the openai package: the last id of a path comes first, the
    others are keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def create(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Add a file to a vector store: see `VectorStoreFiles.create`."""
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            file_id,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        return self._carrier.send(call, options)

    def list(
        self,
        vector_store_id: str,
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
        """List the files of a vector store: see `VectorStoreFiles.list`."""
        call = list_vector_store_files(
            self._carrier.checker,
            vector_store_id,
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

    def retrieve(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Get a file of a vector store: see `VectorStoreFiles.retrieve`."""
        call = retrieve_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        return self._carrier.send(call, options)

    def update(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        attributes: Mapping[str, str | float | bool] | None,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Change the attributes of a file in a vector store: see `VectorStoreFiles.update`."""
        call = update_vector_store_file(
            self._carrier.checker, vector_store_id, file_id, attributes=attributes
        )
        return self._carrier.send(call, options)

    def delete(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedVectorStoreFile:
        """Remove a file from a vector store: see `VectorStoreFiles.delete`."""
        call = delete_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        return self._carrier.send(call, options)

    def content(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileContentPage:
        """Get the text of a file in a vector store: see `VectorStoreFiles.content`."""
        call = retrieve_vector_store_file_content(self._carrier.checker, vector_store_id, file_id)
        return self._carrier.send(call, options)

    def create_and_poll(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Add a file to a vector store, then wait until that is done.

        See `VectorStoreFiles.create` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            file_id,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        file: File,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Upload first: Add a file to a vector store, then wait until that is done.

        See `VectorStoreFiles.create` for the other arguments. Look at the status: it may have failed.

        Args:
            file: As for ``client.files.create``.
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed; `uploaded_files` has the ids of what was uploaded before.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            "file",
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds, [file]
        )
        return settled

    def poll(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Get a file of a vector store, then wait until that is done.

        See `VectorStoreFiles.retrieve` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = retrieve_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    @property
    def with_raw_response(self) -> RawOpenAIVectorStoreFiles:
        """The same calls, which return the answer as it came."""
        return RawOpenAIVectorStoreFiles(OpenAIVectorStoreFiles(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAIVectorStoreFiles:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAIVectorStoreFiles(OpenAIVectorStoreFiles(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIVectorStoreFiles:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAIVectorStoreFiles(OpenAIVectorStoreFiles(self._carrier.prepare()))


@hide_internal_frames
class AsyncOpenAIVectorStoreFiles:
    """Like `AsyncVectorStoreFiles`, as in the openai package: the last id of a path comes first,
    the others are keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    async def create(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Add a file to a vector store: see `VectorStoreFiles.create`."""
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            file_id,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        return await self._carrier.send(call, options)

    def list(
        self,
        vector_store_id: str,
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
        """List the files of a vector store: see `VectorStoreFiles.list`."""
        call = list_vector_store_files(
            self._carrier.checker,
            vector_store_id,
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

    async def retrieve(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Get a file of a vector store: see `VectorStoreFiles.retrieve`."""
        call = retrieve_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        return await self._carrier.send(call, options)

    async def update(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        attributes: Mapping[str, str | float | bool] | None,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Change the attributes of a file in a vector store: see `VectorStoreFiles.update`."""
        call = update_vector_store_file(
            self._carrier.checker, vector_store_id, file_id, attributes=attributes
        )
        return await self._carrier.send(call, options)

    async def delete(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedVectorStoreFile:
        """Remove a file from a vector store: see `VectorStoreFiles.delete`."""
        call = delete_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        return await self._carrier.send(call, options)

    async def content(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFileContentPage:
        """Get the text of a file in a vector store: see `VectorStoreFiles.content`."""
        call = retrieve_vector_store_file_content(self._carrier.checker, vector_store_id, file_id)
        return await self._carrier.send(call, options)

    async def create_and_poll(
        self,
        vector_store_id: str,
        file_id: str,
        *,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Add a file to a vector store, then wait until that is done.

        See `VectorStoreFiles.create` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            file_id,
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = await carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    async def upload_and_poll(
        self,
        vector_store_id: str,
        *,
        file: File,
        chunking_strategy: models.AutoChunkingStrategy
        | models.StaticChunkingStrategy
        | Mapping[str, Any]
        | NotGiven = NOT_GIVEN,
        attributes: Mapping[str, str | float | bool] | None | NotGiven = NOT_GIVEN,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Upload first: Add a file to a vector store, then wait until that is done.

        See `VectorStoreFiles.create` for the other arguments. Look at the status: it may have failed.

        Args:
            file: As for ``client.files.create``.
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed; `uploaded_files` has the ids of what was uploaded before.
        """
        call = create_vector_store_file(
            self._carrier.checker,
            vector_store_id,
            "file",
            chunking_strategy=chunking_strategy,
            attributes=attributes,
        )
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = await carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds, [file]
        )
        return settled

    async def poll(
        self,
        file_id: str,
        *,
        vector_store_id: str,
        poll_interval_ms: float | None | NotGiven = None,
        max_wait_seconds: float | NotGiven = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.VectorStoreFile:
        """Get a file of a vector store, then wait until that is done.

        See `VectorStoreFiles.retrieve` for the other arguments. Look at the status: it may have failed.

        Args:
            poll_interval_ms: Milliseconds between two looks. Default 1000.
            max_wait_seconds: Seconds to wait at most once it is sent. Default 1800.
            **options: A ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APITimeoutError: It is still in progress then.
            APIError: A request failed.
        """
        call = retrieve_vector_store_file(self._carrier.checker, vector_store_id, file_id)
        carrier: Any = self._carrier
        settled: models.VectorStoreFile = await carrier.begin_and_settle(
            call, retrieve_vector_store_file, options, poll_interval_ms, max_wait_seconds
        )
        return settled

    @property
    def with_raw_response(self) -> AsyncRawOpenAIVectorStoreFiles:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAIVectorStoreFiles(AsyncOpenAIVectorStoreFiles(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAIVectorStoreFiles:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAIVectorStoreFiles(
            AsyncOpenAIVectorStoreFiles(self._carrier.streamed())
        )

    @property
    def prepare(self) -> PreparedOpenAIVectorStoreFiles:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAIVectorStoreFiles(OpenAIVectorStoreFiles(self._carrier.prepare()))


class RawOpenAIVectorStoreFiles:
    """The calls of `OpenAIVectorStoreFiles`, which return the answer as it came."""

    def __init__(self, vector_store_files: OpenAIVectorStoreFiles) -> None:
        self.create = as_raw(vector_store_files.create)
        self.list = as_raw(vector_store_files.list)
        self.retrieve = as_raw(vector_store_files.retrieve)
        self.update = as_raw(vector_store_files.update)
        self.delete = as_raw(vector_store_files.delete)
        self.content = as_raw(vector_store_files.content)


class AsyncRawOpenAIVectorStoreFiles:
    """The calls of `AsyncOpenAIVectorStoreFiles`, which return the answer as it came."""

    def __init__(self, vector_store_files: AsyncOpenAIVectorStoreFiles) -> None:
        self.create = as_async_raw(vector_store_files.create)
        self.list = as_async_raw(vector_store_files.list)
        self.retrieve = as_async_raw(vector_store_files.retrieve)
        self.update = as_async_raw(vector_store_files.update)
        self.delete = as_async_raw(vector_store_files.delete)
        self.content = as_async_raw(vector_store_files.content)


class StreamedOpenAIVectorStoreFiles:
    """The calls of `OpenAIVectorStoreFiles`, which leave the answer's body to be read."""

    def __init__(self, vector_store_files: OpenAIVectorStoreFiles) -> None:
        self.create = as_streamed(vector_store_files.create)
        self.list = as_streamed(vector_store_files.list)
        self.retrieve = as_streamed(vector_store_files.retrieve)
        self.update = as_streamed(vector_store_files.update)
        self.delete = as_streamed(vector_store_files.delete)
        self.content = as_streamed(vector_store_files.content)


class AsyncStreamedOpenAIVectorStoreFiles:
    """The calls of `AsyncOpenAIVectorStoreFiles`, which leave the answer's body to be read."""

    def __init__(self, vector_store_files: AsyncOpenAIVectorStoreFiles) -> None:
        self.create = as_async_streamed(vector_store_files.create)
        self.list = as_async_streamed(vector_store_files.list)
        self.retrieve = as_async_streamed(vector_store_files.retrieve)
        self.update = as_async_streamed(vector_store_files.update)
        self.delete = as_async_streamed(vector_store_files.delete)
        self.content = as_async_streamed(vector_store_files.content)


class PreparedOpenAIVectorStoreFiles:
    """The calls of `OpenAIVectorStoreFiles`, which return their requests."""

    def __init__(self, vector_store_files: OpenAIVectorStoreFiles) -> None:
        self.create = as_prepared(vector_store_files.create)
        self.list = as_prepared(vector_store_files.list)
        self.retrieve = as_prepared(vector_store_files.retrieve)
        self.update = as_prepared(vector_store_files.update)
        self.delete = as_prepared(vector_store_files.delete)
        self.content = as_prepared(vector_store_files.content)


class BoundVectorStoreFiles:
    """The calls of `VectorStoreFiles` without their first argument, `vector_store_id`."""

    def __init__(self, vector_store_files: VectorStoreFiles, vector_store_id: str) -> None:
        self.create = bind(vector_store_files.create, vector_store_id)
        self.list = bind(vector_store_files.list, vector_store_id)
        self.retrieve = bind(vector_store_files.retrieve, vector_store_id)
        self.update = bind(vector_store_files.update, vector_store_id)
        self.delete = bind(vector_store_files.delete, vector_store_id)
        self.content = bind(vector_store_files.content, vector_store_id)


class AsyncBoundVectorStoreFiles:
    """The calls of `AsyncVectorStoreFiles` without their first argument, `vector_store_id`."""

    def __init__(self, vector_store_files: AsyncVectorStoreFiles, vector_store_id: str) -> None:
        self.create = bind(vector_store_files.create, vector_store_id)
        self.list = bind(vector_store_files.list, vector_store_id)
        self.retrieve = bind(vector_store_files.retrieve, vector_store_id)
        self.update = bind(vector_store_files.update, vector_store_id)
        self.delete = bind(vector_store_files.delete, vector_store_id)
        self.content = bind(vector_store_files.content, vector_store_id)
