"""Make absolute imports of the two packages relative, so that a copy imports itself."""

import ast

from ._verify import PACKAGES


def make_relative(name: str, source: bytes) -> bytes:
    """Return the source of the file `name`, its imports of both packages made relative.

    Raises:
        ValueError: An import cannot be made relative.
    """
    if not name.endswith(".py"):
        return source
    up = b"." * (name.count("/") + 1)
    lines = source.splitlines(keepends=True)
    nodes = ast.walk(ast.parse(source))
    found = [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom | ast.Call)]
    # From the end, so that places before it stay what they are.
    for node in sorted(found, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        if not any(module.partition(".")[0] in PACKAGES for module in _named(node)):
            continue
        line = lines[node.lineno - 1]
        start = node.col_offset + len(b"from ")
        if not (isinstance(node, ast.ImportFrom) and line[start:].startswith(b"laplas")):
            raise ValueError(f"{name}, line {node.lineno}: write 'from ... import ...' instead")
        lines[node.lineno - 1] = line[:start] + up + line[start:]
    return b"".join(lines)


def _named(node: ast.Import | ast.ImportFrom | ast.Call) -> list[str]:
    """The modules that a statement imports, or a call of `import_module` and the like."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [] if node.level else [node.module or ""]
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if called not in ("import_module", "__import__", "find_spec"):
        return []
    return [str(part.value) for part in ast.walk(node) if isinstance(part, ast.Constant)]
