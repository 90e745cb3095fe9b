"""Puts what the page try.html loads below `_static/try/`: its scripts, Pyodide, and the packages.

Pyodide is what npm installed into build/npm. Without it the page is there and says that Python
cannot start. The packages are those of this environment, `laplas` and what it requires: they are
plain Python, and an extension module among them is an error.
"""

from __future__ import annotations

import shutil
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import Distribution, distribution
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from packaging.requirements import Requirement
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

ROOT = Path(__file__).parent.parent.parent
PYODIDE = ROOT / "build" / "npm" / "node_modules" / "pyodide"
LOADED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json")
"""With the standard library, what a browser asks for."""


def collect(requirement: str, found: dict[str, Distribution]) -> None:
    """Add a requirement's distribution to `found`, and those that it requires."""
    wanted = Requirement(requirement)
    if wanted.name in found:
        return
    found[wanted.name] = distribution(wanted.name)
    for line in found[wanted.name].requires or ():
        marker = Requirement(line).marker
        if marker is None or any(marker.evaluate({"extra": it}) for it in wanted.extras or {""}):
            collect(line, found)


def pack(to: Path, requirement: str) -> None:
    """Write a zip file of a requirement's packages, the same bytes each time."""
    found: dict[str, Distribution] = {}
    collect(requirement, found)
    files = {
        str(file): Path(str(file.locate()))
        for it in found.values()
        for file in it.files or ()
        if ".." not in file.parts and "__pycache__" not in file.parts
    }
    compiled = [name for name in files if name.endswith(tuple(EXTENSION_SUFFIXES))]
    if compiled:
        raise ExtensionError(f"no browser can load {compiled[0]}: require what is plain Python")
    with ZipFile(to, "w", ZIP_DEFLATED) as packed:
        for name in sorted(files):
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            packed.writestr(entry, files[name].read_bytes())


def serve_python(app: Sphinx, error: Exception | None) -> None:
    """Put everything where the page looks for it."""
    if error is not None or app.builder.format != "html":
        return
    to = Path(app.outdir, "_static", "try")
    (to / "pyodide").mkdir(parents=True, exist_ok=True)
    for name in ("page.js", "page.css", "worker.js", "python.mjs"):
        shutil.copy(ROOT / "docs" / "try" / name, to)
    pack(to / "packages.zip", "laplas[stream]")
    if PYODIDE.exists():
        for name in (*LOADED, "python_stdlib.zip"):
            shutil.copy(PYODIDE / name, to / "pyodide")


def setup(app: Sphinx) -> dict[str, bool]:
    """Run it when the pages are written."""
    app.connect("build-finished", serve_python)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
