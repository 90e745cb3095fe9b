"""Write what functions return as the text that a model gets."""

from __future__ import annotations

import base64
import json
import math
import re
from collections import UserString
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, time, timedelta
from enum import Enum
from itertools import islice
from operator import methodcaller
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

_MOST: Final = 100_000
"""Items of an iterator that are read; some have no end."""


def output_of(result: Any) -> str:
    """Write what a function returned: a str as it is, all else as the JSON it is taken for.

    Raises:
        Exception: It cannot be written, or its own code failed.
    """
    if isinstance(result, str):
        text = str.__str__(result)
    else:
        try:
            text = json.dumps(_plain(result, set()), ensure_ascii=False)
        except RecursionError:
            raise ValueError("it is nested too deeply") from None
    return text.encode("utf-8", "replace").decode()


def output_of_failure(error: BaseException) -> str:
    """Write a failed call as the text by which the model learns of it."""
    return output_of({"error": _name_error(error)})


def output_of_lost_result(error: Exception) -> str:
    """Write that a function ran and what it returned cannot be told: not to be called again."""
    return output_of({"done": True, "problem": f"its result cannot be told: {error}"})


def read_through(iterator: Iterator[Any]) -> Any:
    """Return the items of an iterator; where they are too many, the iterator."""
    items = list(islice(iterator, _MOST + 1))
    return items if len(items) <= _MOST else iterator


def _plain(value: Any, above: set[int]) -> Any:
    """Make a value of what JSON has."""
    if isinstance(value, Enum):
        return _plain(value.value, above)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if id(value) in above:
        raise ValueError("it holds itself")
    above.add(id(value))
    parts = _parts(value)
    if isinstance(parts, _Pairs):
        made = _object([(_plain(k, above), _plain(v, above)) for k, v in parts.pairs])
    elif isinstance(parts, list):
        made = [_plain(item, above) for item in parts]
    else:
        made = _plain(parts, above)
    above.discard(id(value))
    return made


class _Pairs(NamedTuple):
    pairs: Iterable[tuple[Any, Any]]


def _object(pairs: list[tuple[Any, Any]]) -> Any:
    """Make an object; where two keys would be one name, a list of pairs, as nothing may be lost."""
    named = {k if isinstance(k, str) else json.dumps(k, ensure_ascii=False): v for k, v in pairs}
    return named if len(named) == len(pairs) else [list(pair) for pair in pairs]


def _parts(value: Any) -> Any:
    """Return what a value is made of, one step nearer to JSON: a list, pairs, or another value."""
    cls = type(value)
    if cls.__name__ in ("NaTType", "NAType"):  # pandas has no value there
        return None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _duration(value)
    if isinstance(value, bytes | bytearray | memoryview):
        with suppress(UnicodeDecodeError):
            return bytes(value).decode()
        return base64.b64encode(value).decode()
    if isinstance(value, BaseException):
        return _name_error(value)
    if isinstance(value, Mapping | SimpleNamespace):
        return _Pairs((vars(value) if isinstance(value, SimpleNamespace) else value).items())
    for name, read in _READERS.items():
        if callable(getattr(cls, name, None)):
            return read(value)
    named = getattr(cls, "__dataclass_fields__", {})
    fields = getattr(cls, "__attrs_attrs__", None) or named.values()
    names = getattr(cls, "__struct_fields__", None) or [field.name for field in fields]
    if names and not isinstance(value, type):
        return _Pairs([(name, getattr(value, name)) for name in names])
    if hasattr(cls, "status_code") or hasattr(value, "status_code"):  # a response of HTTP
        return _response(value)
    if isinstance(value, Iterator):
        items = read_through(value)
        if items is value:
            raise ValueError(f"it has over {_MOST:,} items")
        return items
    if isinstance(value, Collection) and not isinstance(value, UserString):
        return list(value)
    return _text(value)


def _frame(value: Any) -> Any:
    """Write a table of pandas row by row, with its labels where it has some of its own."""
    numbered = type(value.index).__name__ == "RangeIndex"
    if not hasattr(value, "columns"):
        return list(value) if numbered else _Pairs(list(value.items()))
    table = value if numbered else value.reset_index()
    if table.columns.is_unique:
        return table.to_dict(orient="records")
    rows = table.itertuples(index=False, name=None)
    return {"columns": table.columns, "rows": [list(row) for row in rows]}


_READERS: Final[dict[str, Any]] = {
    "reset_index": _frame,
    "model_dump": lambda value: value.model_dump(mode="json"),
    **{name: methodcaller(name) for name in ("to_dict", "to_dicts", "to_pylist")},
    **{name: methodcaller(name) for name in ("tolist", "to_list", "_asdict")},
    "keys": lambda value: _Pairs([(key, value[key]) for key in value.keys()]),  # noqa: SIM118
}
"""What types of other packages have to be read by, the first one that is there."""


def _response(value: Any) -> Any:
    body = value.text
    with suppress(ValueError):
        body = json.loads(body)
    return {"status_code": value.status_code, "body": body}


def _duration(value: timedelta) -> str:
    """Write a duration as ISO 8601 has it."""
    size = abs(value)
    seconds = f"{size.seconds}.{size.microseconds:06}".rstrip("0").rstrip(".")
    return f"{'-' if value < timedelta() else ''}P{size.days}DT{seconds}S"


def _text(value: Any) -> str | _Pairs:
    """Return the text of a value that is known by its text, such as a UUID, a Decimal or a path.

    An object that has none is known by its attributes.
    """
    text = str(value)
    if re.search(r" at 0x[0-9a-fA-F]+", text):
        given = getattr(value, "__dict__", {})
        if fields := [(name, given[name]) for name in given if not name.startswith("_")]:
            return _Pairs(fields)
        raise TypeError(f"JSON has nothing for an object of {type(value).__name__}")
    return text


def _name_error(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(map(_name_error, error.exceptions))
    return f"{type(error).__name__}: {error}"
