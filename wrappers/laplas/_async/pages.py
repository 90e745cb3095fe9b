"""Iterate over a listing, page by page."""

from __future__ import annotations

import functools
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Sequence
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from .._core.config import CallOptions
from .._core.pagination import CursorPaginator, PageData
from ..errors import BadRequestError, NotFoundError
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

    @hide_frames
    async def fetch(self, call: Call[T]) -> PageData[T]:
        page: PageData[T] = await self._send(call, self._options)
        return page

    async def first(self) -> AsyncPage[T]:
        return AsyncPage(await self.fetch(self.call), self)


class AsyncPage(PageData[T]):
    """One page of a listing; ``async for`` over it continues through all that follow.

    ``page.data`` is this page alone. Iteration hands out each item once.
    """

    def __init__(self, page: PageData[T], fetcher: AsyncFetcher[T]) -> None:
        self.__dict__.update(page.__dict__)
        self._fetcher = fetcher

    async def __aiter__(self) -> AsyncIterator[T]:
        async with aclosing(self._walk()) as steps:
            async for step in steps:
                for item in step[1]:
                    yield item
                del step

    async def iter_pages(self) -> AsyncIterator[PageData[T]]:
        """Yield this page and all that follow, one by one."""
        async with aclosing(self._walk()) as steps:
            async for step in steps:
                yield step[0]
                del step

    # Lets go of a page before it waits for the next: there are half as many objects then, for
    # memory and the garbage collector.
    async def _walk(self) -> AsyncGenerator[tuple[PageData[T], Sequence[T]], None]:
        paginator: CursorPaginator[T] = CursorPaginator(self._fetcher.call)
        page: PageData[T] | None = self
        async with aclosing(AsyncPrefetcher()) as prefetcher:
            while page is not None:
                items: Sequence[T] = paginator.new_items(page)
                fetch: Any = functools.partial(self._next_page, paginator, page.without_items())
                if paginator.reads_ahead(page):
                    fetch = prefetcher.start(fetch)
                yield page, items
                page, items = None, ()
                page = await fetch()

    async def _next_page(
        self, paginator: CursorPaginator[T], page: PageData[T]
    ) -> PageData[T] | None:
        """Fetch the page after this one; None at the end of the listing.

        A server may refuse a cursor because the item it names was deleted meanwhile; then the
        listing starts over, and what was handed out already is left out.
        """
        call = paginator.next_call(page)
        if call is None:
            return None
        try:
            return await self._fetcher.fetch(call)
        except (BadRequestError, NotFoundError):
            again = paginator.start_over()
            if again is None:
                raise
        return await self._fetcher.fetch(again)


# async only: begin
class AsyncPages(Generic[T]):
    """A listing that has not begun yet: await its first page, or iterate over all items."""

    def __init__(self, first: Callable[[], Awaitable[AsyncPage[T]]]) -> None:
        self._first = first

    def __await__(self) -> Generator[Any, None, AsyncPage[T]]:
        return self._first().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        async with aclosing((await self)._walk()) as steps:
            async for step in steps:
                for item in step[1]:
                    yield item
                del step


# async only: end
