"""Errors that show nothing they should not: no frame of this package with a caller's data in it.

Error trackers store the local variables of every frame of a traceback. What a caller passes in
(keys, headers, message texts) would be among them, in each frame it went through. So the frames
below a public method are cut off an error that the package raises on purpose, and the method's
own frame forgets its arguments. Errors that are bugs keep their frames.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from ._errors import LaplasError

C = TypeVar("C")
P = ParamSpec("P")
T = TypeVar("T")


def quiet(cls: type[C]) -> type[C]:
    """Class decorator: `quieted` for the constructor and every public method."""
    for name, method in list(vars(cls).items()):
        if inspect.isfunction(method) and (name == "__init__" or not name.startswith("_")):
            setattr(cls, name, quieted(method))
    return cls


def quieted(method: Callable[P, T]) -> Callable[P, T]:
    """The function, with the tracebacks of its errors cut off at itself."""
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            try:
                return await method(*args, **kwargs)
            except BaseException as error:
                if is_bug(error):
                    raise
                del args, kwargs
                raise stripped(error) from None

        return awaited  # type: ignore[return-value]

    @functools.wraps(method)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except BaseException as error:
            if is_bug(error):
                raise
            del args, kwargs
            raise stripped(error) from None

    return called


def stripped(error: BaseException) -> BaseException:
    """The error without the frames it came through, nor those of errors it was made from."""
    error.__context__ = None
    return error.with_traceback(None)


def is_bug(error: BaseException) -> bool:
    """Whether an error came as a surprise: neither one of ours nor Ctrl-C or a cancellation."""
    return isinstance(error, Exception) and not isinstance(error, LaplasError)
