# Derived from ../_async/pages.py by tools/derive_sync.py; do not edit.
"""Iterate over a listing, page by page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import Any, Generic, TypeVar

from .._core.config import CallOptions
from .._core.pagination import CursorPaginator, PageData
from ..errors import BadRequestError, NotFoundError
from ..generated import Call, hide_frames
from .concurrency import Prefetcher

T = TypeVar("T")


class Fetcher(Generic[T]):
    """Fetches the pages of one listing.

    A class, not a closure: no frame of a traceback has the options among its locals.
    """

    def __init__(
        self,
        call: Call[T],
        send: Callable[[Call[T], CallOptions], Any],
        options: CallOptions,
    ) -> None:
        self.call = call
        self._send = send
        self._options = options

    @hide_frames
    def fetch(self, call: Call[T]) -> PageData[T]:
        page: PageData[T] = self._send(call, self._options)
        return page

    def first(self) -> Page[T]:
        return Page(self.fetch(self.call), self)


class Page(PageData[T]):
    """One page of a listing; ``for`` over it continues through all that follow.

    ``page.data`` is this page alone. Iteration hands out each item once.
    """

    def __init__(self, page: PageData[T], fetcher: Fetcher[T]) -> None:
        self.__dict__.update(page.__dict__)
        self._fetcher = fetcher

    def __iter__(self) -> Iterator[T]:
        with closing(self._walk()) as steps:
            for step in steps:
                for item in step[1]:
                    yield item
                del step

    def iter_pages(self) -> Iterator[PageData[T]]:
        """Yield this page and all that follow, one by one."""
        with closing(self._walk()) as steps:
            for step in steps:
                yield step[0]
                del step

    # Lets go of a page before it waits for the next: there are half as many objects then, for
    # memory and the garbage collector.
    def _walk(self) -> Generator[tuple[PageData[T], Sequence[T]], None, None]:
        paginator: CursorPaginator[T] = CursorPaginator(self._fetcher.call)
        page: PageData[T] | None = self
        with closing(Prefetcher()) as prefetcher:
            while page is not None:
                items: Sequence[T] = paginator.new_items(page)
                fetch: Any = functools.partial(self._next_page, paginator, page.without_items())
                if paginator.reads_ahead(page):
                    fetch = prefetcher.start(fetch)
                yield page, items
                page, items = None, ()
                page = fetch()

    def _next_page(self, paginator: CursorPaginator[T], page: PageData[T]) -> PageData[T] | None:
        """Fetch the page after this one; None at the end of the listing.

        A server may refuse a cursor because the item it names was deleted meanwhile; then the
        listing starts over, and what was handed out already is left out.
        """
        call = paginator.next_call(page)
        if call is None:
            return None
        try:
            return self._fetcher.fetch(call)
        except (BadRequestError, NotFoundError):
            again = paginator.start_over()
            if again is None:
                raise
        return self._fetcher.fetch(again)
