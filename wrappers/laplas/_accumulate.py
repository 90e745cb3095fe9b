"""Deltas into whole objects: JSON in, JSON out. No I/O, no models."""

from __future__ import annotations

import copy
from typing import Any, Final

_GROWING: Final = frozenset({"value", "refusal", "arguments", "input", "logs"})
"""Strings that arrive piece by piece; any other value comes whole, and a later one replaces it."""


def merge(whole: dict[str, Any], delta: dict[str, Any]) -> None:
    """Merge a delta into the object as it was so far, in place.

    Entries of lists are told apart by their ``index``; they stay in its order. Nothing is made up
    for an index that is missing, so that a hostile one cannot fill the memory.
    """
    for key, new in delta.items():
        old = whole.get(key)
        if isinstance(new, str):
            whole[key] = old + new if key in _GROWING and isinstance(old, str) else new
        elif isinstance(new, dict) and isinstance(old, dict):
            merge(old, new)
        elif isinstance(new, list) and isinstance(old, list):
            _merge_list(old, new)
        elif new is not None or key not in whole:
            whole[key] = copy.deepcopy(new)


def _merge_list(whole: list[Any], delta: list[Any]) -> None:
    by_index = {_index(item): item for item in whole}
    for item in delta:
        index = _index(item)
        if index is not None and index in by_index:
            merge(by_index[index], item)
            continue
        added = copy.deepcopy(item)
        whole.append(added)
        if index is not None:
            by_index[index] = added
            # Python's sort leaves a list alone that is in order, as it nearly always is.
            whole.sort(key=lambda entry: _index(entry) or 0)


def _index(item: Any) -> int | None:
    index = item.get("index") if isinstance(item, dict) else None
    return index if isinstance(index, int) else None


def as_whole(value: Any) -> Any:
    """A copy as the API shows whole objects.

    There, entries of lists have no ``index``, texts have ``annotations``, and citations no empty
    ``quote``.
    """
    if isinstance(value, dict):
        if isinstance(text := value.get("text"), dict):
            value = {**value, "text": {"annotations": [], **text}}
        if value.get("quote") == "" and "file_id" in value:
            value = {key: item for key, item in value.items() if key != "quote"}
        return {key: as_whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [
            as_whole({k: v for k, v in item.items() if k != "index"})
            if isinstance(item, dict)
            else as_whole(item)
            for item in value
        ]
    return value
