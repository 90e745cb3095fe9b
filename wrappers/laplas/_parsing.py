"""Reading JSON: with orjson where it is installed, the extra ``laplas[fast]``, else with json.

The results are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

_fast: Callable[[bytes], Any] | None
try:
    from orjson import loads as _fast
except Exception:  # not installed, or not fit for this interpreter
    _fast = None

# orjson makes floats of integers beyond 64 bits and says nothing. Such a one is found by its
# digits behind what stands before a number within an object, minus signs left out.
_SHAPE: Final = bytes(
    ord("0") if byte in b"0123456789" else ord(":") if byte in b":,[ \t\r\n" else byte
    for byte in range(256)
)
_LONG_NUMBER: Final = b":" + b"0" * 19

# In a process as small as a script, glibc hands freed memory back after each page of messages and
# faults it in again for the next, which costs a sixth of the time of reading it. A freed block of
# this size teaches it to keep some. Other allocators do not mind.
bytes(1 << 20)


def parsed(data: bytes) -> Any:
    """The JSON value in `data`.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deeply.
    """
    if _fast is not None and data[:1] == b"{" and not _has_long_number(data):
        with suppress(ValueError):  # json reads it after all, or says what is wrong with it
            return _fast(data)
    return json.loads(data)


def _has_long_number(data: bytes) -> bool:
    return _LONG_NUMBER in data.translate(_SHAPE, b"-")
