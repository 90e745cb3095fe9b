"""Keep secrets and callers' data out of reprs, logs and tracebacks.

Error trackers store the local variables of every frame of a traceback. What a caller passes in
(keys, headers, message texts) would be among them, in each frame it went through. So the frames
below a public method are cut off an error that the package raises on purpose, and the method's
own frame forgets its arguments. Errors that are bugs keep their frames.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar

from ..errors import LaplasError

C = TypeVar("C")
P = ParamSpec("P")
T = TypeVar("T")

HIDDEN: Final = "***"

_CREDENTIALS: Final = (
    "auth", "cookie", "credential", "key", "passw", "secret", "session", "signature", "token",
)  # fmt: skip


class Secret:
    """A text that no repr, log, traceback or pickle shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> Any:
        raise TypeError("a secret cannot be pickled")


def redact(name: str, value: str) -> str:
    """Return the value of a header or parameter, or ``***`` if its name suggests a credential."""
    return HIDDEN if any(word in name.lower() for word in _CREDENTIALS) else value


def redact_url(url: str) -> str:
    """Replace the query values that look like credentials by ``***``."""
    base, mark, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    return base + mark + "&".join(name + is_ + redact(name, value) for name, is_, value in pairs)


def hide_internal_frames(cls: type[C]) -> type[C]:
    """Decorate a class: `hide_frames` for its constructor and its public methods, inherited too."""
    for name in dir(cls):
        method = inspect.getattr_static(cls, name)
        public = name == "__init__" or not name.startswith("_")
        if public and inspect.isfunction(method) and not hasattr(method, "__wrapped__"):
            setattr(cls, name, hide_frames(method))
    return cls


def hide_frames(method: Callable[P, T]) -> Callable[P, T]:
    """Wrap a function so that the tracebacks of its errors end at itself."""
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            try:
                return await method(*args, **kwargs)
            except BaseException as error:
                if is_bug(error):
                    raise
                del args, kwargs
                raise without_traceback(error) from None

        return awaited  # type: ignore[return-value]

    @functools.wraps(method)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except BaseException as error:
            if is_bug(error):
                raise
            del args, kwargs
            raise without_traceback(error) from None

    return called


def without_traceback(error: BaseException) -> BaseException:
    """Cut off the frames an error came through, and those of the errors it was made from."""
    error.__context__ = None
    return error.with_traceback(None)


def is_bug(error: BaseException) -> bool:
    """Tell whether an error is a surprise: neither ours nor Ctrl-C nor a cancellation."""
    return isinstance(error, Exception) and not isinstance(error, LaplasError)
