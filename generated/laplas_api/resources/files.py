# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Files that messages and tools use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from .. import models
from ..calls import Call
from ..frames import hide_internal_frames
from ..types import NOT_GIVEN, spread
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
        AsyncBinaryContent,
        AsyncPages,
        BinaryContent,
        CallOptions,
        File,
        Page,
    )

    from ..calls import AsyncCarrier, Carrier
    from ..checks import Checker
    from ..types import NotGiven


def list_files(
    checker: Checker,
    *,
    page_size: int | None = None,
    max_items: int | None = None,
    order: models.ListOrder | None = None,
    after: str | None = None,
    purpose: str | None = None,
    limit: int | None = None,
    read_ahead: bool = False,
) -> Call[models.FileObject]:
    """Check the arguments of `Files.list` and make its call."""
    return Call(
        "list_files",
        "read",
        "GET",
        "/files",
        models.FileObject,
        query=page_query(
            checker,
            "list_files",
            page_size,
            limit,
            max_items,
            {"order": order, "after": after, "purpose": purpose},
        ),
        is_page=True,
        features={"max_items": max_items, "read_ahead": read_ahead},
    )


def retrieve_file(
    checker: Checker,
    file_id: str,
) -> Call[models.FileObject]:
    """Check the arguments of `Files.retrieve` and make its call."""
    file_id = checker.id(file_id, "file_id")
    return Call(
        "retrieve_file",
        "read",
        "GET",
        f"/files/{segment(file_id)}",
        models.FileObject,
        answer_id=file_id,
    )


def delete_file(
    checker: Checker,
    file_id: str,
) -> Call[models.DeletedFile]:
    """Check the arguments of `Files.delete` and make its call."""
    file_id = checker.id(file_id, "file_id")
    return Call(
        "delete_file",
        "repeatable",
        "DELETE",
        f"/files/{segment(file_id)}",
        models.DeletedFile,
        empty={"id": file_id, "object": "file", "deleted": True},
        answer_id=file_id,
    )


def upload_file(
    checker: Checker,
    file: File,
    *,
    purpose: str = "assistants",
    expires_after: models.FileExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
) -> Call[models.FileObject]:
    """Check the arguments of `Files.upload` and make its call."""
    return Call(
        "upload_file",
        "create",
        "POST",
        "/files",
        models.FileObject,
        form=spread(
            checker.body(
                "UploadFileRequest",
                {"file": file, "purpose": purpose, "expires_after": expires_after},
            ),
            {"expires_after": "expires_after[{}]"},
        ),
    )


def retrieve_file_content(
    checker: Checker,
    file_id: str,
) -> Call[bytes]:
    """Check the arguments of `Files.content` and make its call."""
    file_id = checker.id(file_id, "file_id")
    return Call(
        "retrieve_file_content",
        "read",
        "GET",
        f"/files/{segment(file_id)}/content",
        bytes,
    )


@hide_internal_frames
class Files:
    """Files that messages and tools use."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        purpose: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[models.FileObject]:
        """List the files of the account.

        The newest comes first unless `order` says otherwise.

        Known from upstream's document of 2026-08-21; the vendor's pages do not list it.

        Args:
            page_size: The largest number of items on the page, 1 to 10,000. Left out, the server
                takes 10,000. Limits and default: upstream documentation.
            max_items: The most items that iteration hands out. None hands out all.
            order: The order by creation time. Left out, the server takes `desc` (newest first).
            after: A cursor: the id of an item, up to 1,000 characters (our limit). The page starts
                right after this item, in the given order.
            purpose: Only the files with this purpose. It must not be empty (our limit).
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
        call = list_files(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            purpose=purpose,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[models.FileObject] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Get what is known about a file.

        What is in the file is another operation's answer, `retrieve_file_content`.

        Args:
            file_id: The id of the file, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such file.
            APIError: Something else went wrong.
        """
        call = retrieve_file(self._carrier.checker, file_id)
        return self._carrier.send(call, options)

    def delete(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedFile:
        """Delete a file.

        This cannot be undone. A repeated attempt that finds it gone counts as done.

        The vendor's general pages also name 204 with an empty body as a success.

        Args:
            file_id: The id of the file, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such file.
            APIError: Something else went wrong.
        """
        call = delete_file(self._carrier.checker, file_id)
        return self._carrier.send(call, options)

    def upload(
        self,
        file: File,
        *,
        purpose: str = "assistants",
        expires_after: models.FileExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Upload a file.

        Messages, tools and vector stores can then use it by its id. At most 512 MB (upstream
        documentation). A path or an open file is read piece by piece while it is sent, from its
        start, wherever an open file stands. What cannot be rewound, such as a pipe, is read into
        memory.

        Not idempotent: a repeated call stores a second file.

        Args:
            file: A path, bytes, or a file opened in binary mode; or a tuple with one of them,
                ``(name, content)`` or ``(name, content, type)``. There a path is a `pathlib.Path`.
            purpose: What the file is for. Known to the vendor is `assistants`; upstream has more,
                such as `vision` for pictures. It must not be empty (our limit).
            expires_after: When the file is to be deleted by itself. Absent means never.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong; ``may_have_taken_effect`` says whether it may be
                done all the same.
        """
        call = upload_file(
            self._carrier.checker, file, purpose=purpose, expires_after=expires_after
        )
        return self._carrier.send(call, options)

    create = upload

    def content(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> BinaryContent:
        """Get what is in a file.

        The bytes as they were uploaded, or as the code interpreter wrote them. The operation is
        known from upstream's published document; the vendor's pages do not list it. Upstream
        refuses it, with 400, for files whose purpose is `assistants`.

        Args:
            file_id: The id of the file, up to 1,000 characters (our limit).
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such file.
            APIError: Something else went wrong.
        """
        call = retrieve_file_content(self._carrier.checker, file_id)
        content: BinaryContent = self._carrier.download(call, options)
        return content

    @property
    def with_raw_response(self) -> RawFiles:
        """The same calls, which return the answer as it came."""
        return RawFiles(Files(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedFiles:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedFiles(Files(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedFiles:
        """The same calls, not sent: they return their requests."""
        return PreparedFiles(Files(self._carrier.prepare()))


@hide_internal_frames
class AsyncFiles:
    """Like `Files`, for async code."""

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        purpose: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.FileObject]:
        """List the files of the account: see `Files.list`.

        Await it for the first page, or iterate over it with ``async for``.
        """
        call = list_files(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            purpose=purpose,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[models.FileObject] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Get what is known about a file: see `Files.retrieve`."""
        call = retrieve_file(self._carrier.checker, file_id)
        return await self._carrier.send(call, options)

    async def delete(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedFile:
        """Delete a file: see `Files.delete`."""
        call = delete_file(self._carrier.checker, file_id)
        return await self._carrier.send(call, options)

    async def upload(
        self,
        file: File,
        *,
        purpose: str = "assistants",
        expires_after: models.FileExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Upload a file: see `Files.upload`."""
        call = upload_file(
            self._carrier.checker, file, purpose=purpose, expires_after=expires_after
        )
        return await self._carrier.send(call, options)

    create = upload

    async def content(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> AsyncBinaryContent:
        """Get what is in a file: see `Files.content`."""
        call = retrieve_file_content(self._carrier.checker, file_id)
        content: AsyncBinaryContent = await self._carrier.download(call, options)
        return content

    @property
    def with_raw_response(self) -> AsyncRawFiles:
        """The same calls, which return the answer as it came."""
        return AsyncRawFiles(AsyncFiles(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedFiles:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedFiles(AsyncFiles(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedFiles:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedFiles(Files(self._carrier.prepare()))


class RawFiles:
    """The calls of `Files`, which return the answer as it came."""

    def __init__(self, files: Files) -> None:
        self.list = as_raw(files.list)
        self.retrieve = as_raw(files.retrieve)
        self.delete = as_raw(files.delete)
        self.upload = as_raw(files.upload)
        self.create = self.upload
        self.content = as_raw(files.content)


class AsyncRawFiles:
    """The calls of `AsyncFiles`, which return the answer as it came."""

    def __init__(self, files: AsyncFiles) -> None:
        self.list = as_async_raw(files.list)
        self.retrieve = as_async_raw(files.retrieve)
        self.delete = as_async_raw(files.delete)
        self.upload = as_async_raw(files.upload)
        self.create = self.upload
        self.content = as_async_raw(files.content)


class StreamedFiles:
    """The calls of `Files`, which leave the answer's body to be read."""

    def __init__(self, files: Files) -> None:
        self.list = as_streamed(files.list)
        self.retrieve = as_streamed(files.retrieve)
        self.delete = as_streamed(files.delete)
        self.upload = as_streamed(files.upload)
        self.create = self.upload
        self.content = as_streamed(files.content)


class AsyncStreamedFiles:
    """The calls of `AsyncFiles`, which leave the answer's body to be read."""

    def __init__(self, files: AsyncFiles) -> None:
        self.list = as_async_streamed(files.list)
        self.retrieve = as_async_streamed(files.retrieve)
        self.delete = as_async_streamed(files.delete)
        self.upload = as_async_streamed(files.upload)
        self.create = self.upload
        self.content = as_async_streamed(files.content)


class PreparedFiles:
    """The calls of `Files`, which return their requests."""

    def __init__(self, files: Files) -> None:
        self.list = as_prepared(files.list)
        self.retrieve = as_prepared(files.retrieve)
        self.delete = as_prepared(files.delete)
        self.upload = as_prepared(files.upload)
        self.create = self.upload
        self.content = as_prepared(files.content)


@hide_internal_frames
class OpenAIFiles:
    """Like `Files`, as in the openai package: the last id of a path comes first, the others are
    keywords.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        purpose: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> Page[models.FileObject]:
        """List the files of the account: see `Files.list`."""
        call = list_files(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            purpose=purpose,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: Page[models.FileObject] = self._carrier.pages(call, options)
        return pages

    def retrieve(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Get what is known about a file: see `Files.retrieve`."""
        call = retrieve_file(self._carrier.checker, file_id)
        return self._carrier.send(call, options)

    def delete(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedFile:
        """Delete a file: see `Files.delete`."""
        call = delete_file(self._carrier.checker, file_id)
        return self._carrier.send(call, options)

    def upload(
        self,
        file: File,
        *,
        purpose: str = "assistants",
        expires_after: models.FileExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Upload a file: see `Files.upload`."""
        call = upload_file(
            self._carrier.checker, file, purpose=purpose, expires_after=expires_after
        )
        return self._carrier.send(call, options)

    create = upload

    def content(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> BinaryContent:
        """Get what is in a file: see `Files.content`."""
        call = retrieve_file_content(self._carrier.checker, file_id)
        content: BinaryContent = self._carrier.download(call, options)
        return content

    @property
    def with_raw_response(self) -> RawOpenAIFiles:
        """The same calls, which return the answer as it came."""
        return RawOpenAIFiles(OpenAIFiles(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> StreamedOpenAIFiles:
        """The same calls, to use in ``with``: they leave the answer's body to be read in it."""
        return StreamedOpenAIFiles(OpenAIFiles(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIFiles:
        """The same calls, not sent: they return their requests."""
        return PreparedOpenAIFiles(OpenAIFiles(self._carrier.prepare()))


@hide_internal_frames
class AsyncOpenAIFiles:
    """Like `AsyncFiles`, as in the openai package: the last id of a path comes first, the others
    are keywords.
    """

    def __init__(self, carrier: AsyncCarrier) -> None:
        self._carrier = carrier

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: models.ListOrder | None = None,
        after: str | None = None,
        purpose: str | None = None,
        limit: int | None = None,
        read_ahead: bool = False,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[models.FileObject]:
        """List the files of the account: see `Files.list`."""
        call = list_files(
            self._carrier.checker,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            purpose=purpose,
            limit=limit,
            read_ahead=read_ahead,
        )
        pages: AsyncPages[models.FileObject] = self._carrier.pages(call, options)
        return pages

    async def retrieve(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Get what is known about a file: see `Files.retrieve`."""
        call = retrieve_file(self._carrier.checker, file_id)
        return await self._carrier.send(call, options)

    async def delete(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> models.DeletedFile:
        """Delete a file: see `Files.delete`."""
        call = delete_file(self._carrier.checker, file_id)
        return await self._carrier.send(call, options)

    async def upload(
        self,
        file: File,
        *,
        purpose: str = "assistants",
        expires_after: models.FileExpiration | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Upload a file: see `Files.upload`."""
        call = upload_file(
            self._carrier.checker, file, purpose=purpose, expires_after=expires_after
        )
        return await self._carrier.send(call, options)

    create = upload

    async def content(
        self,
        file_id: str,
        **options: Unpack[CallOptions],
    ) -> AsyncBinaryContent:
        """Get what is in a file: see `Files.content`."""
        call = retrieve_file_content(self._carrier.checker, file_id)
        content: AsyncBinaryContent = await self._carrier.download(call, options)
        return content

    @property
    def with_raw_response(self) -> AsyncRawOpenAIFiles:
        """The same calls, which return the answer as it came."""
        return AsyncRawOpenAIFiles(AsyncOpenAIFiles(self._carrier.raw()))

    @property
    def with_streaming_response(self) -> AsyncStreamedOpenAIFiles:
        """The same calls, to use in ``async with``: they leave the answer's body to be read in it."""
        return AsyncStreamedOpenAIFiles(AsyncOpenAIFiles(self._carrier.streamed()))

    @property
    def prepare(self) -> PreparedOpenAIFiles:
        """The same calls, neither sent nor awaited: they return their requests."""
        return PreparedOpenAIFiles(OpenAIFiles(self._carrier.prepare()))


class RawOpenAIFiles:
    """The calls of `OpenAIFiles`, which return the answer as it came."""

    def __init__(self, files: OpenAIFiles) -> None:
        self.list = as_raw(files.list)
        self.retrieve = as_raw(files.retrieve)
        self.delete = as_raw(files.delete)
        self.upload = as_raw(files.upload)
        self.create = self.upload
        self.content = as_raw(files.content)


class AsyncRawOpenAIFiles:
    """The calls of `AsyncOpenAIFiles`, which return the answer as it came."""

    def __init__(self, files: AsyncOpenAIFiles) -> None:
        self.list = as_async_raw(files.list)
        self.retrieve = as_async_raw(files.retrieve)
        self.delete = as_async_raw(files.delete)
        self.upload = as_async_raw(files.upload)
        self.create = self.upload
        self.content = as_async_raw(files.content)


class StreamedOpenAIFiles:
    """The calls of `OpenAIFiles`, which leave the answer's body to be read."""

    def __init__(self, files: OpenAIFiles) -> None:
        self.list = as_streamed(files.list)
        self.retrieve = as_streamed(files.retrieve)
        self.delete = as_streamed(files.delete)
        self.upload = as_streamed(files.upload)
        self.create = self.upload
        self.content = as_streamed(files.content)


class AsyncStreamedOpenAIFiles:
    """The calls of `AsyncOpenAIFiles`, which leave the answer's body to be read."""

    def __init__(self, files: AsyncOpenAIFiles) -> None:
        self.list = as_async_streamed(files.list)
        self.retrieve = as_async_streamed(files.retrieve)
        self.delete = as_async_streamed(files.delete)
        self.upload = as_async_streamed(files.upload)
        self.create = self.upload
        self.content = as_async_streamed(files.content)


class PreparedOpenAIFiles:
    """The calls of `OpenAIFiles`, which return their requests."""

    def __init__(self, files: OpenAIFiles) -> None:
        self.list = as_prepared(files.list)
        self.retrieve = as_prepared(files.retrieve)
        self.delete = as_prepared(files.delete)
        self.upload = as_prepared(files.upload)
        self.create = self.upload
        self.content = as_prepared(files.content)
