"""Reading JSON: with orjson where it is installed, the extra ``laplas[fast]``, else with json.

The results are the same.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any, Final

try:
    from orjson import loads as _fast
except ImportError:
    _fast = None  # type: ignore[assignment, unused-ignore]

# orjson makes floats of integers beyond 64 bits and says nothing.
_LONG_NUMBER: Final = re.compile(rb"[0-9]{19}")


def parsed(data: bytes) -> Any:
    """The JSON value in `data`.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deeply.
    """
    if _fast is not None and not _LONG_NUMBER.search(data):
        with suppress(ValueError):  # json reads it after all, or says what is wrong with it
            return _fast(data)
    return json.loads(data)
