"""Keep secrets out of reprs, logs and pickles; `laplas_api.frames` keeps them out of tracebacks."""

from __future__ import annotations

from typing import Any, Final

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
