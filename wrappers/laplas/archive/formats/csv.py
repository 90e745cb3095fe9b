"""CSV as RFC 4180 has it, in UTF-8: a row a message.

All texts are in quotes; what is null is not, so that it differs from an empty text. No cell is
changed for the sake of spreadsheets: one that begins with ``=``, ``+``, ``-`` or ``@`` stays as it
is, so import the file with its columns as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from .._carrying import Conversation
from ._rows import COLUMNS, rows


def write(conversations: Iterable[Conversation], to: Path) -> None:
    """Write the rows, below a row of names."""
    with to.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(COLUMNS) + "\r\n")
        for row in rows(conversations):
            file.write(",".join(_cell(row[column]) for column in COLUMNS) + "\r\n")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return '"' + text.replace('"', '""') + '"'
