"""Reading JSON: with msgspec where it is installed (the extra ``laplas[fast]``), with orjson where
only that is, else with json. The results are the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

Reader = Callable[[bytes], Any]


def exact(loads: Reader) -> Reader:
    """orjson's reader, but refusing what may hold an integer beyond 64 bits.

    orjson makes a float of such a one and says nothing. It is found by its digits behind what
    stands before a number within an object, minus signs left out.
    """

    def read(data: bytes) -> Any:
        if data[:1] != b"{" or _LONG_NUMBER in data.translate(_SHAPE, b"-"):
            raise ValueError("for json")
        return loads(data)

    return read


_SHAPE: Final = bytes(
    ord("0") if byte in b"0123456789" else ord(":") if byte in b":,[ \t\r\n" else byte
    for byte in range(256)
)
_LONG_NUMBER: Final = b":" + b"0" * 19

_fast: Reader | None = None
try:
    from msgspec.json import Decoder

    _fast = Decoder().decode
except Exception:  # not installed, or not fit for this interpreter
    with suppress(Exception):
        from orjson import loads

        _fast = exact(loads)

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
    if _fast is not None:
        with suppress(Exception):  # json reads it after all, or says what is wrong with it
            return _fast(data)
    return json.loads(data)
