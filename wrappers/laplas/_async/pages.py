"""Iterate over a listing, page by page."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from .._core.config import CallOptions, check_no_credentials
from .._core.pagination import CursorPaginator, PageData
from ..errors import APIError, BadRequestError, NotFoundError, PaginationError
from ..generated import Call, hide_frames
from .concurrency import AsyncPrefetcher

T = TypeVar("T")


class AsyncFetcher(Generic[T]):
    """Fetches the pages of one listing.

    A class, not a closure: no frame of a traceback has the options among its locals.
    """

    def __init__(
        self,
        call: Call[T],
        send: Callable[[Call[T], CallOptions], Awaitable[Any]],
        options: CallOptions,
    ) -> None:
        self.call = call
        self._send = send
        self._options = options

    def __getstate__(self) -> dict[str, Any]:
        names = {**self._options.get("extra_query", {}), **self._options.get("extra_headers", {})}
        check_no_credentials(names, "the options of a listing")
        return self.__dict__

    @hide_frames
    async def fetch(self, call: Call[T]) -> PageData[T]:
        page: PageData[T] = await self._send(call, self._options)
        return page

    def continued(self, call: Call[T]) -> AsyncFetcher[T]:
        """Return what fetches the pages of another call, with the same options."""
        return AsyncFetcher(call, self._send, self._options)

    async def first(self) -> AsyncPage[T]:
        paginator: CursorPaginator[T] = CursorPaginator(self.call)
        page = await self.fetch_safely(paginator, self.call)
        if paginator.goes_on:
            page = paginator.accept(page)
            # From before a cursor whose item is gone, the first pages may hold nothing new.
            while not page.data and (call := paginator.next_call(page)) is not None:
                page = paginator.accept(await self.fetch_safely(paginator, call))
        return AsyncPage(page, self)

    async def fetch_safely(self, paginator: CursorPaginator[T], call: Call[T]) -> PageData[T]:
        """Fetch a page, from an earlier cursor where the server refuses the call's.

        It may do that because the item which the cursor names was deleted meanwhile.
        """
        while True:
            try:
                return await self.fetch(call)
            except APIError as error:
                refused = isinstance(error, (BadRequestError, NotFoundError))
                back = paginator.step_back() if refused else None
                if back is None:
                    error.cursor = paginator.cursor
                    raise
                call = back


class AsyncPage(PageData[T]):
    """One page of a listing; ``async for`` over it continues through all that follow.

    ``page.data``, ``len(page)``, ``page[0]`` and ``page.rows()`` are of this page alone. Iteration
    yields each item once, and may yield more than ``len(page)``.
    """

    def __init__(self, page: PageData[T], fetcher: AsyncFetcher[T]) -> None:
        self.__dict__.update(page.__dict__)
        self._fetcher = fetcher

    def has_next_page(self) -> bool:
        """Tell whether to ask for another page, as the openai package does."""
        return CursorPaginator(self._fetcher.call).listing_after(self) is not None

    async def get_next_page(self) -> AsyncPage[T]:
        """Return the page after this one, as the openai package does. Iteration does it for you.

        Raises:
            PaginationError: There is none; `has_next_page` tells.
            APIError: Something else went wrong.
        """
        call = CursorPaginator(self._fetcher.call).listing_after(self)
        if call is None:
            raise PaginationError("there is no page after this one: ask has_next_page() first")
        return await self._fetcher.continued(call).first()

    async def __aiter__(self) -> AsyncIterator[T]:
        async with aclosing(self._walk()) as pages:
            async for page in pages:
                for item in page.data:
                    yield item
                del page

    async def iter_pages(self) -> AsyncIterator[PageData[T]]:
        """Yield this page and all that follow, one by one; no item is on two of them."""
        async with aclosing(self._walk()) as pages:
            async for page in pages:
                yield page
                del page

    # Lets go of a page before it waits for the next: there are half as many objects then, for
    # memory and the garbage collector.
    async def _walk(self) -> AsyncGenerator[PageData[T], None]:
        paginator: CursorPaginator[T] = CursorPaginator(self._fetcher.call)
        page: PageData[T] | None = self
        async with aclosing(AsyncPrefetcher()) as prefetcher:
            while page is not None:
                page = paginator.accept(page)
                fetch: Any = functools.partial(self._next_page, paginator, page.with_items([]))
                if paginator.reads_ahead():
                    fetch = prefetcher.start(fetch)
                yield page
                page = None
                page = await fetch()

    async def _next_page(
        self, paginator: CursorPaginator[T], page: PageData[T]
    ) -> PageData[T] | None:
        """Fetch the page after this one; None at the end of the listing."""
        call = paginator.next_call(page)
        return None if call is None else await self._fetcher.fetch_safely(paginator, call)


# async only: begin
class AsyncPages(Generic[T]):
    """A listing that has not begun yet: await its first page, or iterate over all items."""

    def __init__(self, first: Callable[[], Awaitable[AsyncPage[T]]]) -> None:
        self._first = first

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return self._first().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async with aclosing((await self)._walk()) as pages:
            async for page in pages:
                for item in page.data:
                    yield item
                del page


# async only: end
