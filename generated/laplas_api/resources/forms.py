# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""What the classes of all resources share: other types for their methods, and queries of lists."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar, cast
from urllib.parse import quote

from ..schemas import OPERATIONS

if TYPE_CHECKING:
    from laplas.types import AsyncStreamedResponse, PreparedRequest, RawResponse, StreamedResponse

    from ..checks import Checker

P = ParamSpec("P")
T = TypeVar("T")

segment: Final = functools.partial(quote, safe="")
"""Percent-encodes a checked id as one segment of a path."""

_COUNT: Final = {"type": "integer", "minimum": 1}


if TYPE_CHECKING:
    from functools import cached_property as cached_property
else:

    class cached_property(functools.cached_property):  # noqa: N801
        """A resource, which on the class is the resource's class: ``create_autospec`` looks there."""

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is not None:
                return super().__get__(instance, owner)
            return type(self.func(SimpleNamespace(_carrier=None, _sender=None)))


# The carrier behind a method decides what comes of it; these only tell type checkers.


def as_raw(method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    """Return a method as one that returns the answer as it came."""
    return cast("Callable[P, RawResponse[T]]", method)


def as_async_raw(method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[RawResponse[T]]]:
    """Return a method as one that returns the answer as it came, awaited."""
    return cast("Callable[P, Awaitable[RawResponse[T]]]", method)


def as_streamed(method: Callable[P, T]) -> Callable[P, StreamedResponse[T]]:
    """Return a method as one that leaves the answer's body to be read."""
    return cast("Callable[P, StreamedResponse[T]]", method)


def as_async_streamed(
    method: Callable[P, Awaitable[T]],
) -> Callable[P, AbstractAsyncContextManager[AsyncStreamedResponse[T]]]:
    """Return a method as one for ``async with``, which leaves the answer's body to be read."""
    begin = cast("Callable[P, Awaitable[AsyncStreamedResponse[T]]]", method)

    @asynccontextmanager
    @functools.wraps(method)
    async def streamed(
        *args: P.args, **kwargs: P.kwargs
    ) -> AsyncIterator[AsyncStreamedResponse[T]]:
        try:
            call = begin(*args, **kwargs)
        finally:
            del args, kwargs  # not to be in a traceback
        async with await call as response:
            yield response

    return streamed


def as_prepared(method: Callable[P, object]) -> Callable[P, PreparedRequest]:
    """Return a method as one that returns its request, unsent."""
    return cast("Callable[P, PreparedRequest]", method)


def bind(method: Callable[Concatenate[str, P], T], first: str) -> Callable[P, T]:
    """Return a method without its first argument."""
    bound = functools.update_wrapper(functools.partial(method, first), method)
    # Else `inspect.signature` would show the argument that is given already.
    del bound.__wrapped__
    return bound


def page_query(
    checker: Checker,
    operation: str,
    page_size: int | None,
    limit: int | None,
    max_items: int | None,
    values: Mapping[str, Any],
    *,
    names: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Check the query of a list. A page is not larger than what is wanted in all."""
    if page_size is not None and limit is not None:
        checker.refuse("limit", "is another name for page_size; give one of them")
    size, name = (page_size, "page_size") if limit is None else (limit, "limit")
    given = {"limit": size, **values}
    query = checker.query(operation, given, names={**(names or {}), "limit": name})
    if max_items is None:
        return query
    checker.value(_COUNT, max_items, "max_items")
    largest = query.pop("limit", OPERATIONS[operation].query["limit"].get("maximum", max_items))
    return {"limit": min(max_items, largest), **query}
