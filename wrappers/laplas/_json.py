"""Reading JSON: with msgspec where it is installed, the extra ``laplas[fast]``, else with json.

The results are the same. That is why it is msgspec: orjson, which is as fast, makes floats of
integers beyond 64 bits and says nothing.
"""

from __future__ import annotations

import json
from typing import Any

try:
    from msgspec.json import Decoder  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    _fast = None
else:
    _fast = Decoder().decode

# In a process as small as ours, glibc hands freed memory back after each page and faults it in
# again for the next, a fifth of the time of reading it. A freed block of this size, once, teaches
# it to keep some. Other allocators do not mind.
bytes(1 << 20)


def parsed(data: bytes) -> Any:
    """The JSON value in `data`.

    Raises:
        ValueError: It is no JSON.
        RecursionError: It is nested too deeply.
    """
    if _fast is not None:
        try:
            return _fast(data)
        except Exception:  # json reads it after all, or says what is wrong with it
            pass
    return json.loads(data)
