# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Keep what callers pass in out of tracebacks.

Error trackers store the local variables of every frame of a traceback. Keys, headers and message
texts would be among them, in each frame they went through. So the frames below a public method are
cut off an error that is raised on purpose, and the method's own frame forgets its arguments.
Errors that are bugs keep their frames.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

C = TypeVar("C")
P = ParamSpec("P")
T = TypeVar("T")


def hide_internal_frames(cls: type[C]) -> type[C]:
    """Decorate a class: `hide_frames` for its constructor and its public methods, inherited too."""
    for name in dir(cls):
        method = inspect.getattr_static(cls, name)
        public = name == "__init__" or not name.startswith("_")
        function = method.__func__ if isinstance(method, classmethod) else method
        if public and inspect.isfunction(function) and not hasattr(function, "__wrapped__"):
            hidden = hide_frames(function)
            setattr(cls, name, hidden if function is method else classmethod(hidden))
    return cls


def hide_frames(method: Callable[P, T]) -> Callable[P, T]:
    """Wrap a function so that the tracebacks of its errors end at itself."""
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            try:
                return await method(*args, **kwargs)
            except BaseException as error:
                del args, kwargs
                if is_bug(error):
                    raise
                caught = without_traceback(error)
            try:
                raise caught  # not from within: so its context is what the caller was handling
            finally:
                del caught

        return awaited  # type: ignore[return-value]

    @functools.wraps(method)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except BaseException as error:
            del args, kwargs
            if method.__name__ == "__init__" and isinstance(error, Exception):
                error.is_expected = True  # type: ignore[attr-defined]  # its frames hold the key
            if is_bug(error):
                raise
            caught = without_traceback(error)
        try:
            raise caught
        finally:
            del caught

    return called


def without_traceback(error: BaseException) -> BaseException:
    """Cut off the frames an error came through, and those of the errors it was made from."""
    error.__context__ = error.__cause__ = None
    error.__suppress_context__ = False
    return error.with_traceback(None)


def is_bug(error: BaseException) -> bool:
    """Tell whether an error is a surprise: neither a cancellation nor one with `is_expected`."""
    return isinstance(error, Exception) and not getattr(error, "is_expected", False)
