"""Go from page to page of a listing: the rules, without I/O.

The API pages by cursors, which are ids of items. The server decides what a page holds, so the
rules here trust nothing: see `CursorPaginator`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

from ..errors import PaginationError
from ..generated import Call, plain

T = TypeVar("T")

REMEMBERED_PAGES: Final = 100
"""How many pages back a repeated item is recognised. Bounded, so that memory stays flat."""
RESTARTS: Final = 20
"""How often a listing starts over without getting any further before its error is raised."""


class PageData(Generic[T]):
    """One page as it was received.

    Attributes:
        data: The items, in the order they were asked for.
        has_more: Whether the server says that more follow; False where it does not say.
        first_id: The id of the first item, or None on an empty page.
        last_id: The id of the last item, or None on an empty page.
    """

    def __init__(self, data: list[T], envelope: dict[str, Any] | None, ids: list[str]) -> None:
        self.data = data
        self._envelope = envelope
        self._ids = ids
        fields = envelope or {}
        self.has_more = fields.get("has_more") is True
        self.first_id: str | None = _text(fields.get("first_id")) or (ids[0] if ids else None)
        self.last_id: str | None = _text(fields.get("last_id")) or (ids[-1] if ids else None)

    @property
    def object(self) -> str:
        """Always ``"list"``."""
        return "list"

    def to_dict(self) -> Any:
        """Return the JSON that was received: the envelope, or the bare array where it was one."""
        items = [item.to_dict() for item in self.data]  # type: ignore[attr-defined]
        return items if self._envelope is None else {**plain(self._envelope), "data": items}

    def without_items(self) -> PageData[T]:
        """Return this page without its items: enough to ask for the next one."""
        return PageData([], self._envelope, self._ids)

    def __len__(self) -> int:
        return len(self.data)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.data)}, has_more={self.has_more}>"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def page_from(item_from: Callable[[Any], T], data: Any) -> PageData[T]:
    """Make a page of parsed JSON: the envelope, or a bare array as one last page.

    Args:
        item_from: Makes an item of its JSON.
        data: The parsed JSON of the answer; its array of items becomes the page's.
    """
    envelope = None
    if not isinstance(data, list):
        envelope = dict(data)
        data = envelope["data"]
        envelope["data"] = None  # keeps the key's place; `to_dict` fills it
        if not isinstance(data, list):
            raise TypeError("data is not a list")
    # In place: each item's JSON is let go while it is still in the processor's cache, and the
    # garbage collector is spared half of its work.
    for index, item in enumerate(data):
        data[index] = item_from(item)
    ids = [item.id for item in data]
    if not {str}.issuperset(map(type, ids)):
        raise TypeError("an item's id is not a string")
    return PageData(data, envelope, ids)


class CursorPaginator(Generic[T]):
    """Go through a listing once, page by page, and hand out each item once.

    - It continues after the last item's id, and only while the server says that there is more.
    - An empty page ends the listing, whatever it says.
    - An item that comes again within `REMEMBERED_PAGES` pages is left out.
    - A cursor that was followed before is a `PaginationError`, never an endless loop. Brent's
      algorithm finds a cycle of any length with one remembered cursor.
    - A cursor that the server refuses, because its message was deleted meanwhile, starts the
      listing over: see `start_over`.
    - With `before` and no `after`, pages are followed towards the listing's beginning.
    """

    def __init__(self, first: Call[T]) -> None:
        self._first = first
        self._left: int | None = first.features.get("max_items")
        self._read_ahead: bool = first.features.get("read_ahead", False)
        self._requested: tuple[PageData[T], Call[T]] | None = None
        self._backwards = "before" in first.query and "after" not in first.query
        self._cursor: str | None = first.query.get("before" if self._backwards else "after")
        self._saved = self._cursor
        self._steps = 0
        self._seen: set[str] = set()
        self._restarts = 0
        self._forgot = False
        self._pages: deque[set[str]] = deque()

    def new_items(self, page: PageData[T]) -> list[T]:
        """Return the page's items that were not handed out before, up to `max_items` in all."""
        self._requested = None  # lets the page before go
        new = set(page._ids).difference(self._seen)
        items = page.data
        if len(new) < len(page._ids):  # some were handed out, or stand twice on this page
            unseen: dict[str, T] = {}
            for id_, item in zip(page._ids, page.data, strict=True):
                if id_ in new:
                    unseen.setdefault(id_, item)
            items = list(unseen.values())
        self._remember(new)
        if items:
            self._restarts = 0
        if self._left is not None:
            items = items[: self._left]
            self._left -= len(items)
        return items

    def start_over(self) -> Call[T] | None:
        """Return the call for the first page again, or None.

        None where that was tried `RESTARTS` times without any gain, and where the listing is too
        long to know all that was handed out.
        """
        if self._restarts == RESTARTS or self._forgot:
            return None
        self._restarts += 1
        self._cursor = self._saved = None
        self._steps = 0
        return self._first

    def _remember(self, new: set[str]) -> None:
        if new:
            self._pages.append(new)
        self._seen |= new
        if len(self._pages) > REMEMBERED_PAGES:
            self._seen -= self._pages.popleft()
            self._forgot = True

    def reads_ahead(self, page: PageData[T]) -> bool:
        """Tell whether to start the next call as soon as this page is there."""
        return self._read_ahead and self._has_next(page)

    def _has_next(self, page: PageData[T]) -> bool:
        return page.has_more and bool(page._ids) and self._left != 0

    def next_call(self, page: PageData[T]) -> Call[T] | None:
        """Return the call for the page after this one, or None at the end; repeatable.

        Raises:
            PaginationError: The cursor was followed before.
        """
        if self._requested is not None and self._requested[0] is page:
            return self._requested[1]
        if not self._has_next(page):
            return None
        cursor = page._ids[0] if self._backwards else page._ids[-1]
        if cursor in (self._cursor, self._saved):
            raise PaginationError(
                f"the listing does not move: the server says that there is more after {cursor!r}, "
                "but answers with what was there before",
                cursor,
            )
        key = "before" if self._backwards else "after"
        call = self._first.with_query({**self._first.query, key: cursor})
        self._requested = (page, call)
        self._steps += 1
        if self._steps & (self._steps - 1) == 0:  # a power of two
            self._saved = cursor
        self._cursor = cursor
        return call
