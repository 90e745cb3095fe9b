"""Go from page to page of a listing: the rules, without I/O.

The API pages by cursors, which are ids of items. The server decides what a page holds, so the
rules here trust nothing: see `CursorPaginator`.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import (
    TYPE_CHECKING,
    Any,
    Final,
    Generic,
    NamedTuple,
    SupportsIndex,
    TypeVar,
    overload,
)

from ..errors import PaginationError, PaginationWarning
from ..generated import Call, Dumps, plain

T = TypeVar("T")

REMEMBERED_PAGES: Final = 100
"""How many pages back a repeated item is recognised. Bounded, so that memory stays flat."""
REMEMBERED_IDS: Final = 10_000
"""How many ids a `Cursor` holds at most: as many as `REMEMBERED_PAGES` of the largest size."""
REFUSALS: Final = 20
"""How many cursors a server may refuse, without a new item in between, before that is an error."""
USUAL_SIZE: Final = 20
"""The items of a page where no `limit` is sent, as the document says."""


class Cursor(str):
    """Where to go on after an error: an id, and with it the ids that were handed out before.

    To list on from it is safe also where its item was deleted meanwhile. It can be pickled; what
    is stored as plain text is the id alone.

    Attributes:
        earlier: The ids of what was handed out, in that order.
        start: The cursor that the listing began with, or None.
        is_complete: Whether `earlier` has all that were handed out since the start.
    """

    earlier: Sequence[str] = ()
    start: str | None = None
    is_complete: bool = False


class PageInfo(NamedTuple):
    """How to ask for the page after one, as the openai package says it."""

    params: Mapping[str, Any]


class PageData(Dumps, Generic[T]):
    """One page as it was received.

    Attributes:
        data: The items, in the order they were asked for.
        has_more: Whether more may follow: what the server says; where it says nothing, or
            neither true nor false, True unless the page is empty.
        first_id: The id of the first item, or None on an empty page.
        last_id: The id of the last item, or None on an empty page.
    """

    def __init__(self, data: list[T], envelope: dict[str, Any] | None, ids: list[str]) -> None:
        self.data = data
        self._envelope = envelope
        self._ids = ids
        fields = envelope or {}
        said = fields.get("has_more")
        self.has_more = said if isinstance(said, bool) else bool(ids)
        self._says_more = said is True
        self.first_id: str | None = _text(fields.get("first_id")) or (ids[0] if ids else None)
        self.last_id: str | None = _text(fields.get("last_id")) or (ids[-1] if ids else None)

    @property
    def object(self) -> str:
        """Always ``"list"``."""
        return "list"

    def _pairs(self) -> Iterator[tuple[str, str, Any, bool]]:
        fields = {"data": [], "has_more": None} | (self._envelope or {}) | {"data": self.data}
        return ((name, name, value, name == "has_more") for name, value in fields.items())

    def has_next_page(self) -> bool:
        """Tell whether to ask for another page."""
        return self.next_page_info() is not None and self.has_more

    def next_page_info(self) -> PageInfo | None:
        """Return how to ask for the page after this one; None where this one is empty."""
        return PageInfo({"after": self._ids[-1]}) if self._ids else None

    def to_dict(self) -> Any:
        """Return the JSON that was received: the envelope, or the bare array where it was one."""
        items = [item.to_dict() for item in self.data]  # type: ignore[attr-defined]
        return items if self._envelope is None else {**plain(self._envelope), "data": items}

    def with_items(self, items: list[T]) -> PageData[T]:
        """Return this page with some of its items, or none: enough to ask for the next one."""
        return PageData(items, self._envelope, self._ids)

    def rows(self) -> list[dict[str, Any]]:
        """Return this page's items as flat dicts, as ``pandas.DataFrame(page.rows())`` wants them.

        Messages have `id`, `created`, `role`, `text`, `run_id` and `citations`, how many there
        are. Of anything else all fields, those of objects as in ``usage.total_tokens``, and the
        length of each list; times are aware datetimes in UTC, or None.
        """
        from . import views

        return [views.row(item) for item in self.data]

    def __len__(self) -> int:
        return len(self.data)

    def __bool__(self) -> bool:
        return bool(self.data)

    @overload
    def __getitem__(self, index: SupportsIndex) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: SupportsIndex | slice) -> T | list[T]:
        return self.data[index]

    if not TYPE_CHECKING:
        # An index makes no sequence: to go on with the pages that follow is for subclasses to say.
        __iter__ = __reversed__ = None

    def __repr__(self) -> str:
        from . import views

        return f"<{views.outline(self)}>"

    def _repr_html_(self) -> str:
        from . import views

        return views.card(self)

    def __rich__(self) -> Any:
        from . import views

        return views.for_rich(self)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def page_from(item_from: Callable[[Any], T], data: Any) -> PageData[T]:
    """Make a page of parsed JSON: the envelope, or a bare array.

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

    - It continues after the last item's id, unless the server says that there is no more.
    - An empty page ends the listing, whatever it says.
    - An item that comes again within `REMEMBERED_PAGES` pages is left out, with a
      `PaginationWarning`: where pages overlap, others may be skipped. The cursor's own item may
      come again: some servers begin a page with it.
    - A cursor that was followed before is a `PaginationError`, never an endless loop. Brent's
      algorithm finds a cycle of any length with one remembered cursor.
    - A cursor that the server refuses, because its item was deleted meanwhile: see `step_back`.
    - With `before` and no `after`, pages are followed towards the listing's beginning.
    """

    def __init__(self, first: Call[T]) -> None:
        self._first = first
        self._left: int | None = first.features.get("max_items")
        self._read_ahead: bool = first.features.get("read_ahead", False)
        self._size: int = first.query.get("limit", USUAL_SIZE)
        self._requested: tuple[PageData[T], Call[T]] | None = None
        backwards = "before" in first.query and "after" not in first.query
        self._key = "before" if backwards else "after"
        self._end = 0 if backwards else -1
        given: str | None = first.query.get(self._key)
        self._cursor = self._saved = self._start = given
        self._steps = 0
        self._refusals = 0
        self._more = self._stalls = False
        self._forgot = False
        self._line: deque[list[str]] = deque()
        """The ids that were handed out, page by page, in the order of the walk."""
        self._seen = set() if given is None else {given}
        self.goes_on = isinstance(given, Cursor)
        """Whether another walk handed out items before this one."""
        if isinstance(given, Cursor):
            self._start, self._forgot = given.start, not given.is_complete
            self._remember([*given.earlier])
        self._expected = set(self._seen)
        """What may come again, since it lies behind where the walk goes on."""

    @property
    def cursor(self) -> str | None:
        """Where a caller can go on after an error: behind the last page that came."""
        line = [*chain(*self._line)]
        at = self._cursor or (line[-1] if line else None)
        if at is None or not line:
            return at
        cursor = Cursor(at)
        cursor.earlier = line[-REMEMBERED_IDS:]
        cursor.start = self._start
        cursor.is_complete = not self._forgot and len(line) <= REMEMBERED_IDS
        return cursor

    def accept(self, page: PageData[T]) -> PageData[T]:
        """Return the page with those items that were not handed out before, up to `max_items`."""
        self._requested = None  # lets the page before go
        new: dict[str, T] = {}
        repeated: list[str] = []
        for item in page.data:
            id_: str = item.id  # type: ignore[attr-defined]
            if id_ in self._seen or id_ in new:
                repeated.append(id_)
            else:
                new[id_] = item
        items = [*new.values()][: self._left]
        if self._left is not None:
            self._left -= len(items)
        self._more = page.has_more and bool(page._ids) and self._left != 0
        self._stalls = False
        if repeated:
            self._look_at(page, repeated, is_alone=not new)
        if new:
            self._refusals = 0
            self._remember([*new] if self._end else [*new][::-1])
        return page if len(items) == len(page.data) else page.with_items(items)

    def _look_at(self, page: PageData[T], repeated: list[str], is_alone: bool) -> None:
        """Decide what it means that a page repeats items; perhaps it holds no others."""
        behind = self._expected.intersection(repeated)
        self._expected -= behind
        self._stalls = is_alone and (not behind or page._ids[self._end] == self._cursor)
        if self._stalls and not page._says_more and len(page._ids) < self._size:
            self._more = False  # from a server that does not page, that is all there is
        overlap = [id_ for id_ in repeated if id_ not in behind and id_ != self._cursor]
        if overlap and not (self._stalls and self._more):
            where = "the first page" if self._cursor is None else f"the page at {self._cursor!r}"
            warnings.warn(
                f"{where} repeats {', '.join(overlap[:3])}{' ...' if overlap[3:] else ''}: left "
                "out. The pages of this server overlap, so other items may be missing",
                PaginationWarning,
                stacklevel=5,
            )

    def _remember(self, new: list[str]) -> None:
        self._line.append(new)
        self._seen.update(new)
        if len(self._line) > REMEMBERED_PAGES:
            self._seen.difference_update(self._line.popleft())
            self._forgot = True

    def step_back(self) -> Call[T] | None:
        """Return the call that goes on from before a refused cursor, or None for none.

        It goes on behind the item that was handed out before it, then behind the 3rd before it,
        the 7th and so on, then from the listing's start; what was handed out is left out. None
        after `REFUSALS` in a row, and where the start is too far to know all that was handed out.
        """
        line = [*chain(*self._line)]
        at = line.index(self._cursor) if self._cursor in line else len(line)
        at -= 2**self._refusals
        self._refusals += 1
        if not line or self._refusals > REFUSALS or (at < 0 and self._forgot):
            return None
        self._cursor = self._saved = line[at] if at >= 0 else self._start
        self._steps = 0
        self._expected = set(self._seen)
        return self._call_at(self._cursor)

    def _call_at(self, cursor: str | None) -> Call[T]:
        query = {**self._first.query, self._key: cursor}
        return self._first.with_query({k: v for k, v in query.items() if v is not None})

    def listing_after(self, page: PageData[T]) -> Call[T] | None:
        """Return the call of a listing that goes on after a page; None at the end."""
        call = self.next_call(self.accept(page))
        if call is None:
            return None
        left = {} if self._left is None else {"max_items": self._left}
        query = {**call.query, self._key: self.cursor}
        return call._replace(query=query, features={**call.features, **left})

    def reads_ahead(self) -> bool:
        """Tell whether to start the next call as soon as the accepted page is there."""
        return self._read_ahead and self._more

    def next_call(self, page: PageData[T]) -> Call[T] | None:
        """Return the call for the page after the accepted one, or None at the end; repeatable.

        Raises:
            PaginationError: The cursor was followed before.
        """
        if self._requested is not None and self._requested[0] is page:
            return self._requested[1]
        if not self._more:
            return None
        cursor = page._ids[self._end]
        if self._stalls or cursor in (self._cursor, self._saved):
            raise PaginationError(
                f"the listing does not move: there should be more after {cursor!r}, "
                "but the server answers with what was there before",
                cursor,
            )
        call = self._call_at(cursor)
        self._requested = (page, call)
        self._steps += 1
        if self._steps & (self._steps - 1) == 0:  # a power of two
            self._saved = cursor
        self._cursor = cursor
        return call
