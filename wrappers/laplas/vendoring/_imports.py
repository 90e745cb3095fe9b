"""Make absolute imports of the two packages relative, so that a copy imports itself."""

from __future__ import annotations

import ast
from typing import Final

from ._verify import PACKAGES

_BY_NAME: Final = ("import_module", "__import__", "find_spec")


def make_relative(name: str, source: bytes) -> bytes:
    """Return the source of the file `name`, its imports of both packages made relative.

    Raises:
        ValueError: An import cannot be made relative.
    """
    if not name.endswith(".py"):
        return source
    up = b"." * (name.count("/") + 1)
    lines = source.splitlines(keepends=True)
    found = [node for node in ast.walk(ast.parse(source)) if _is_absolute(node)]
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line = lines[node.lineno - 1]
        start = node.col_offset + len(b"from ")
        if not (isinstance(node, ast.ImportFrom) and line[start:].startswith(b"laplas")):
            raise ValueError(f"{name}, line {node.lineno}: write 'from ... import ...' instead")
        lines[node.lineno - 1] = line[:start] + up + line[start:]
    return b"".join(lines)


def _is_absolute(node: ast.AST) -> bool:
    named: list[str] = []
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        named = [node.module or ""]
    elif isinstance(node, ast.Import):
        named = [alias.name for alias in node.names]
    elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        named = [str(node.args[0].value)] if called in _BY_NAME else []
    return any(module.partition(".")[0] in PACKAGES for module in named)
