"""A text that must not be seen."""

from __future__ import annotations

from typing import Any, Final

HIDDEN: Final = "***"


class Secret:
    """A text that no repr, log or traceback shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> Any:
        raise TypeError("a secret is not pickled")


_CREDENTIALS: Final = (
    "auth", "cookie", "credential", "key", "passw", "secret", "session", "signature", "token",
)  # fmt: skip


def redacted(name: str, value: str) -> str:
    """The value of a header or parameter, or ``***`` where its name tells of a credential."""
    return HIDDEN if any(word in name.lower() for word in _CREDENTIALS) else value
