# Derived from ../_async/pages.py by tools/derive_sync.py; do not edit.
"""Iterate over a listing, page by page."""

from __future__ import annotations

import functools
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from typing import Any, Generic, TypeVar

from .._core.config import CallOptions, check_no_credentials
from .._core.pagination import CursorPaginator, PageData
from ..errors import APIError, BadRequestError, NotFoundError, PaginationError
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

    def __getstate__(self) -> dict[str, Any]:
        names = {**self._options.get("extra_query", {}), **self._options.get("extra_headers", {})}
        check_no_credentials(names, "the options of a listing")
        return self.__dict__

    @hide_frames
    def fetch(self, call: Call[T]) -> PageData[T]:
        page: PageData[T] = self._send(call, self._options)
        return page

    def continued(self, call: Call[T]) -> Fetcher[T]:
        """Return what fetches the pages of another call, with the same options."""
        return Fetcher(call, self._send, self._options)

    def first(self) -> Page[T]:
        paginator: CursorPaginator[T] = CursorPaginator(self.call)
        page = self.fetch_safely(paginator, self.call)
        if paginator.goes_on:
            page = paginator.accept(page)
            # From before a cursor whose item is gone, the first pages may hold nothing new.
            while not page.data and (call := paginator.next_call(page)) is not None:
                page = paginator.accept(self.fetch_safely(paginator, call))
        return Page(page, self)

    def fetch_safely(self, paginator: CursorPaginator[T], call: Call[T]) -> PageData[T]:
        """Fetch a page, from an earlier cursor where the server refuses the call's.

        It may do that because the item which the cursor names was deleted meanwhile.
        """
        while True:
            try:
                return self.fetch(call)
            except APIError as error:
                refused = isinstance(error, (BadRequestError, NotFoundError))
                back = paginator.step_back() if refused else None
                if back is None:
                    error.cursor = paginator.cursor
                    raise
                call = back


class Page(PageData[T]):
    """One page of a listing; ``for`` over it continues through all that follow.

    ``page.data``, ``len(page)``, ``page[0]`` and ``page.rows()`` are of this page alone. Iteration
    yields each item once, and may yield more than ``len(page)``.
    """

    def __init__(self, page: PageData[T], fetcher: Fetcher[T]) -> None:
        self.__dict__.update(page.__dict__)
        self._fetcher = fetcher

    def has_next_page(self) -> bool:
        """Tell whether to ask for another page, as the openai package does."""
        return CursorPaginator(self._fetcher.call).listing_after(self) is not None

    def get_next_page(self) -> Page[T]:
        """Return the page after this one, as the openai package does. Iteration does it for you.

        Raises:
            PaginationError: There is none; `has_next_page` tells.
            APIError: Something else went wrong.
        """
        call = CursorPaginator(self._fetcher.call).listing_after(self)
        if call is None:
            raise PaginationError("there is no page after this one: ask has_next_page() first")
        return self._fetcher.continued(call).first()

    def __iter__(self) -> Iterator[T]:
        with closing(self._walk()) as pages:
            for page in pages:
                for item in page.data:
                    yield item
                del page

    def iter_pages(self) -> Iterator[PageData[T]]:
        """Yield this page and all that follow, one by one; no item is on two of them."""
        with closing(self._walk()) as pages:
            for page in pages:
                yield page
                del page

    # Lets go of a page before it waits for the next: there are half as many objects then, for
    # memory and the garbage collector.
    def _walk(self) -> Generator[PageData[T], None, None]:
        paginator: CursorPaginator[T] = CursorPaginator(self._fetcher.call)
        page: PageData[T] | None = self
        with closing(Prefetcher()) as prefetcher:
            while page is not None:
                page = paginator.accept(page)
                fetch: Any = functools.partial(self._next_page, paginator, page.with_items([]))
                if paginator.reads_ahead():
                    fetch = prefetcher.start(fetch)
                yield page
                page = None
                page = fetch()

    def _next_page(self, paginator: CursorPaginator[T], page: PageData[T]) -> PageData[T] | None:
        """Fetch the page after this one; None at the end of the listing."""
        call = paginator.next_call(page)
        return None if call is None else self._fetcher.fetch_safely(paginator, call)
