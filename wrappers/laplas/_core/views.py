"""Show what calls return: rows for a table, cards for a notebook, and what rich prints.

Loaded on first use. Objects may hold anything that a server sends: nothing here raises for it.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterator
from datetime import datetime
from html import escape
from importlib import import_module
from typing import Any, Final

from ..generated import plain
from ..models import Message, list_of, time_of
from .pagination import PageData
from .rendering import HTML, TERMINAL, in_line, rendered

COLUMNS: Final = (
    *("id", "created", "role", "status", "type", "name", "filename", "model", "bytes", "purpose"),
    *("text", "run_id", "citations", "usage.total_tokens", "last_error.message"),
)
"""The columns that a table may have, in their order."""
COLOURS: Final = (
    "color:var(--jp-content-font-color1,{});background:var(--jp-layout-color1,{});"
    "--soft:var(--jp-content-font-color2,{});--line:var(--jp-border-color2,{})"
)
STYLE: Final = (
    f".laplas{{{COLOURS.format('#1f2328', '#fff', '#57606a', '#d0d7de')};padding:8px 12px;"
    "border:1px solid var(--line);border-radius:6px;overflow:auto;max-height:40em;"
    "font:13px/1.5 system-ui,sans-serif}"
    "@media(prefers-color-scheme:dark){"
    f".laplas{{{COLOURS.format('#e6edf3', '#0d1117', '#9198a1', '#3d444d')}}}}}"
    ".laplas header,.laplas th,.laplas ol{color:var(--soft)}.laplas a{color:inherit}"
    ".laplas table{border-collapse:collapse}.laplas table,.laplas ol{margin:4px 0}"
    ".laplas th,.laplas td{text-align:left;vertical-align:top;padding:3px 12px 3px 0;"
    "border-top:1px solid var(--line)}"
)
"""JupyterLab's colours; elsewhere, those of a light or dark page."""


def row(item: Any) -> dict[str, Any]:
    """Return an item flat: see `PageData.rows`."""
    if not isinstance(item, Message):
        return dict(_flat(item.to_dict()))
    flat = {"id": item.id, "created": _time(item.created_at), "role": item.role}
    return flat | {"text": item.text, "run_id": item.run_id, "citations": len(item.citations)}


def _flat(data: dict[str, Any], within: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, dict) and depth < 3:
            yield from _flat(value, f"{within}{key}.", depth + 1)
        elif not within and key.endswith("_at"):
            yield key.removesuffix("_at"), _time(value)
        elif within or key != "object":
            yield within + key, len(value) if isinstance(value, list | dict) else value


def _time(value: Any) -> datetime | None:
    try:
        return time_of(value)
    except ValueError:
        return None


def outline(page: PageData[Any]) -> str:
    """Describe a page in one line: how many items, the first and last id, and how they begin."""
    ids = f": {_cut(page.first_id, 40)} to {_cut(page.last_id, 40)}" if page.data else ""
    begun = [
        f"{_cut(i.role, 20)} {_cut(i.text, 30)!r}" for i in page.data[:3] if type(i) is Message
    ]
    begins = "; " + ", ".join(begun + ["..."] * (len(page.data) > 3)) if begun else ""
    return f"{type(page).__name__} of {len(page.data)}, has_more={page.has_more}{ids}{begins}"


def _cut(value: object, most: int = 300) -> str:
    """Return a value's beginning in one line; of None, ``""``."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    text = value[: 4 * most] if isinstance(value, str) else reprlib.repr(value)
    text = "" if value is None else in_line(text)
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _table(item: Any) -> tuple[str, list[str], list[list[str]]]:
    """Return the title, the columns' names and the cells: of a page, or of an object's fields."""
    if isinstance(item, PageData):
        rows = item.rows()
        columns = [name for name in COLUMNS if any(each.get(name) is not None for each in rows)]
        more = ", and more may follow" if item.has_more else ""
        title = f"{len(rows)} item{'s' * (len(rows) != 1)}{more}"
        return title, columns, [[_cut(each.get(name), 80) for name in columns] for each in rows]
    fields = {key: value for key, value in row(item).items() if value not in (None, "")}
    cells = [[key, _cut(value)] for key, value in fields.items() if value or "." not in key]
    held: Any = getattr(item, "step_details", None) or getattr(item, "required_action", None)
    held = getattr(held, "submit_tool_outputs", held)
    for call in map(plain, list_of(getattr(held, "tool_calls", None))):
        kind = call.get("type") if isinstance(call, dict) else None
        about = call.get(kind) if isinstance(kind, str) else None
        parts = about.items() if isinstance(about, dict) else [("", call)]
        said = ", ".join(f"{name} {_cut(value, 100)}" for name, value in parts if value is not None)
        cells.append([f"call: {_cut(kind, 40)}", in_line(said)])
    return type(item).__name__, [], cells


def _title(message: Message) -> str:
    parts = (message.role, _time(message.created_at), message.id, message.run_id)
    return " · ".join(_cut(part, 60) for part in parts if part)


def card(item: Any) -> str:
    """Return what a notebook shows: HTML with a style, without a script or a request."""
    if isinstance(item, Message):
        title, body = _title(item), rendered(item, None, HTML, fetches=False)
    else:
        title, columns, lines = _table(item)
        heads = "".join(f"<th>{name}</th>" for name in columns)
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in line) for line in lines)
        body = "<table>" + "".join(f"<tr>{cells}</tr>" for cells in [heads, *rows]) + "</table>"
    header = f"<style>{STYLE}</style><header>{escape(title)}</header>"
    return f'<div class="laplas">{header}{body}</div>'


def for_rich(item: Any) -> Any:
    """Return what rich prints: a panel of a message, a table of anything else."""
    text: Any = import_module("rich.text").Text  # never read as rich's markup, as a str would be
    if isinstance(item, Message):
        body, title = text(rendered(item, None, TERMINAL)), text(_title(item))
        return import_module("rich.panel").Panel(body, title=title, title_align="left")
    title, columns, lines = _table(item)
    options = {"title": text(title), "title_justify": "left", "show_header": bool(columns)}
    table = import_module("rich.table").Table(*columns, **options)
    for line in lines:
        table.add_row(*map(text, line))
    return table
