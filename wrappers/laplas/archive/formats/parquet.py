"""Parquet, by pyarrow: a row a message."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ... import ConfigurationError
from .._carrying import Conversation
from ._rows import COLUMNS, rows

_GROUP_ROWS, _GROUP_BYTES = 10_000, 16 << 20
"""What a group of rows has at most, apart from its last one: this is what is in memory."""


def write(conversations: Iterable[Conversation], to: Path) -> None:
    """Write the rows in groups.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """
    try:
        import pyarrow  # pyright: ignore[reportMissingImports]
        from pyarrow import parquet  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise ConfigurationError(
            "to", "parquet needs an extra: pip install 'laplas[parquet]'"
        ) from None
    types = {
        "created_at": pyarrow.timestamp("ms", tz="UTC"),  # Parquet has no seconds
        "citations": pyarrow.list_(pyarrow.string()),
        "attachments": pyarrow.list_(pyarrow.string()),
    }
    schema = pyarrow.schema([(name, types.get(name, pyarrow.string())) for name in COLUMNS])
    group: list[dict[str, Any]] = []
    size = 0
    with parquet.ParquetWriter(to, schema) as writer:
        for row in rows(conversations):
            group.append(row)
            size += len(row["raw"])
            if len(group) >= _GROUP_ROWS or size >= _GROUP_BYTES:
                writer.write_table(pyarrow.Table.from_pylist(group, schema))
                group, size = [], 0
        writer.write_table(pyarrow.Table.from_pylist(group, schema))
