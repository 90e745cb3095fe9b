"""Check what callers pass in, before any I/O. Each error names the argument."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from ..errors import InvalidArgumentError

MAX_PAGE_SIZE: Final = 100
"""Messages a page may hold; from the vendor's published schema."""
MAX_ID: Final = 1000
"""Characters of an id. No server documents a limit; longer URLs get lost on the way."""
MAX_METADATA_PAIRS: Final = 16
MAX_METADATA_KEY: Final = 64
MAX_METADATA_VALUE: Final = 512
"""Pairs, and characters of a key and of a value; from the vendor's published schema."""


def check_id(argument: str, value: object) -> str:
    """Check an id that will stand in a path.

    Ids are opaque (servers of this family use several forms), so only what could reach another
    resource, or nothing, is refused: empty, dots, slashes (percent-encoded too), outer blanks,
    control characters and lone surrogates.
    """
    text = check_text(argument, value)
    decoded = unquote(text)
    if not decoded.strip():
        raise InvalidArgumentError(argument, "must not be empty")
    if len(text) > MAX_ID:
        raise InvalidArgumentError(argument, f"is over {MAX_ID} characters")
    if not decoded.isprintable() or text != text.strip():
        raise InvalidArgumentError(argument, "must not contain outer blanks or control characters")
    if decoded.strip() in {".", ".."} or "/" in decoded or "\\" in decoded:
        raise InvalidArgumentError(argument, f"{text!r} would address another resource")
    return text


def optional_id(argument: str, value: object) -> str | None:
    return None if value is None else check_id(argument, value)


def check_text(argument: str, value: object) -> str:
    """Check that a value is a str that UTF-8 can carry."""
    if not isinstance(value, str):
        raise InvalidArgumentError(argument, f"must be a str, not {type(value).__name__}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidArgumentError(argument, "contains a lone surrogate") from None
    return value


def check_choice(argument: str, value: object, allowed: tuple[str, ...]) -> Any:
    if not isinstance(value, str) or value not in allowed:
        names = " or ".join(repr(name) for name in allowed)
        raise InvalidArgumentError(argument, f"must be {names}, not {value!r}")
    return value


def check_count(argument: str, value: object, most: int | None = None) -> int:
    """Check a whole number from 1 up, to `most` where given."""
    range_ = f"from 1 to {most}" if most else "of 1 or more"
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidArgumentError(argument, f"must be an int {range_}, not {value!r}")
    if value < 1 or (most is not None and value > most):
        raise InvalidArgumentError(argument, f"must be {range_}, not {value}")
    return value


def check_metadata(value: object, argument: str = "metadata") -> dict[str, str] | None:
    """Check up to 16 pairs of str: keys up to 64, values up to 512 characters. None stays None."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise InvalidArgumentError(argument, f"must be a mapping, not {type(value).__name__}")
    if len(value) > MAX_METADATA_PAIRS:
        raise InvalidArgumentError(
            argument, f"must hold at most {MAX_METADATA_PAIRS} pairs, not {len(value)}"
        )
    checked = {}
    for key, item in value.items():
        name = check_text(f"{argument} key", key)
        path = f"{argument}[{name!r}]"
        if len(name) > MAX_METADATA_KEY:
            raise InvalidArgumentError(
                f"{argument} key", f"{name[:20]!r}... is over {MAX_METADATA_KEY} characters"
            )
        text = check_text(path, item)
        if len(text) > MAX_METADATA_VALUE:
            raise InvalidArgumentError(path, f"is over {MAX_METADATA_VALUE} characters")
        checked[name] = text
    return checked
