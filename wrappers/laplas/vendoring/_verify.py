"""Compare a copy with what it was made from: what ``python -m laplas.verify`` runs.

A vendored copy is compared with the manifest that ``laplas.vendoring`` left in it, an installed
one with what its installer recorded. Both guard against forgotten edits, not against people who
edit the manifest, too. Runs alone: only the standard library is needed.
"""

import ast
import base64
import csv
import hashlib
import json
import marshal
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib.util import MAGIC_NUMBER
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

PACKAGES: Final = ("laplas", "laplas_api")  # side by side
MANIFEST: Final = "laplas/VENDOR.json"
MADE_FROM: Final = "laplas_api/made_from.json"
BUILD_FILES: Final = ("BUILD", "BUILD.bazel")  # the repository's own: not compared, not replaced


class Origin(NamedTuple):
    """How a copy should look, and what it was made from."""

    kind: str
    made_from: Mapping[str, Any]
    files: Mapping[str, str]  # the `digest` of each file by its path
    code: Mapping[str, str] = {}  # the `code_digest` of each module, where it is known


class NothingToCompare(Exception):
    """There is no manifest that can be read, and no installer's record."""


def digest(data: bytes) -> str:
    """SHA-256 of a file in hex, line ends taken as LF: version control may write others."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def code_digest(source: bytes) -> str:
    """SHA-256 in hex of what Python runs, which layout and comments do not change; "" if none."""
    try:
        return digest(repr(_shape(ast.parse(source))).encode())
    except (SyntaxError, ValueError):
        return ""


def _shape(part: object) -> object:
    """A tree without what layout changes: what is empty, and the order of imports in a row.

    What is empty some versions of Python have and others leave out.
    """
    if isinstance(part, list):
        runs = groupby(part, lambda item: isinstance(item, ast.Import | ast.ImportFrom))
        return [
            shape
            for are_imports, run in runs
            for shape in (sorted(map(repr, _imported(run))) if are_imports else map(_shape, run))
        ]
    if not isinstance(part, ast.AST):
        return part
    fields = [(name, _shape(value)) for name, value in ast.iter_fields(part)]
    return type(part).__name__, [field for field in fields if field[1] not in (None, [])]


def _imported(statements: Iterable[Any]) -> Iterator[object]:
    """Each name that a row of imports brings."""
    for statement in statements:
        source = getattr(statement, "module", ""), getattr(statement, "level", 0)
        is_from = isinstance(statement, ast.ImportFrom)
        yield from ((is_from, source, each.name, each.asname) for each in statement.names)


def files_of(parent: Path, *packages: str, build_files: bool = False) -> dict[str, bytes]:
    """The files of the packages in the folder `parent` by path, without or only build files."""
    return {
        path.relative_to(parent).as_posix(): path.read_bytes()
        for package in packages or PACKAGES
        for folder, _, names in os.walk(parent / package, followlinks=True)
        for path in (Path(folder, name) for name in names if not folder.endswith("__pycache__"))
        if path.is_file() and (path.name in BUILD_FILES) == build_files
    }


def differences(parent: Path, origin: Origin) -> tuple[list[str], list[str]]:
    """How the copy in the folder `parent` differs from its origin.

    Returns a line for each edit, and the paths of the modules that were only reformatted.
    """
    edits = [f"extra:   {name}" for name in planted(parent)]
    reformatted: list[str] = []
    present = {name: data for name, data in files_of(parent).items() if name != MANIFEST}
    for name in sorted(present.keys() | origin.files.keys()):
        if name not in present:
            edits.append(f"missing: {name}")
        elif name not in origin.files:
            edits.append(f"extra:   {name}")
        elif digest(present[name]) == origin.files[name]:
            continue
        elif name in origin.code and code_digest(present[name]) == origin.code[name]:
            reformatted.append(name)
        else:
            edits.append(f"edited:  {name}")
    return edits, reformatted


def planted(parent: Path) -> Iterator[str]:
    """What lies in `__pycache__` and is no module of the copy, compiled."""
    for package in PACKAGES:
        for folder, _, names in os.walk(parent / package, followlinks=True):
            for path in (Path(folder, name) for name in names if "__pycache__" in folder):
                source = path.parent.parent / f"{path.name.partition('.')[0]}.py"
                if not (path.suffix == ".pyc" and source.is_file() and _is_made_of(path, source)):
                    yield path.relative_to(parent).as_posix()


def _is_made_of(compiled: Path, source: Path) -> bool:
    """Whether Python would not run other code than the source's: stale files it makes anew."""
    data, text = compiled.read_bytes(), source.read_bytes()
    flags = int.from_bytes(data[4:8], "little")
    if data[:4] != MAGIC_NUMBER or len(data) < 16:
        return flags != 1  # of another Python; 1 is "run it, whatever the source says"
    made_for = int.from_bytes(data[8:12], "little"), int.from_bytes(data[12:16], "little")
    if flags == 0 and made_for != (int(source.stat().st_mtime) & 0xFFFFFFFF, len(text)):
        return True  # stale
    for level in (0, 1, 2):
        with suppress(SyntaxError, ValueError, EOFError, TypeError):
            made = compile(text, source, "exec", dont_inherit=True, optimize=level)
            if marshal.loads(data[16:]) == made:
                return True
    return False


def vendored(parent: Path) -> Origin | None:
    """What the manifest of the copy in the folder `parent` says; None where it has none."""
    try:
        manifest = json.loads((parent / MANIFEST).read_text("utf-8"))
        return Origin("vendored", manifest, dict(manifest["files"]), dict(manifest.get("code", {})))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise NothingToCompare(f"{MANIFEST} cannot be read: {error!r}") from None


def installed(parent: Path) -> Origin | None:
    """What the installer recorded, where this very file is of an installed wheel; else None."""
    from importlib import metadata

    for distribution in metadata.distributions(name="laplas"):
        there = os.path.realpath(str(distribution.locate_file("laplas")))
        # Not `.files`, which from Python 3.12 on says nothing of files that are missing.
        rows = csv.reader((distribution.read_text("RECORD") or "").splitlines())
        recorded = {
            path: base64.urlsafe_b64decode(hash_.removeprefix("sha256=") + "=").hex()
            for path, hash_, _ in rows
            if hash_ and path.partition("/")[0] in PACKAGES and "__pycache__" not in path
        }
        if recorded and there == os.path.realpath(parent / "laplas"):
            made_from = {"version": distribution.version}
            with suppress(OSError, ValueError):  # else one of the differences
                made_from |= json.loads((parent / MADE_FROM).read_text("utf-8"))
            return Origin("installed", made_from, recorded)
    return None


def verify(parent: Path) -> tuple[Origin, list[str], list[str]]:
    """Compare the copy in the folder `parent`: returns what it should be, and its `differences`.

    Raises:
        NothingToCompare: It is a source tree, or copied by hand, or its manifest is broken.
    """
    origin = vendored(parent) or installed(parent)
    if origin is None:
        raise NothingToCompare("not vendored or installed: a source tree, or copied by hand")
    return origin, *differences(parent, origin)


def main() -> int:
    """Run the command; returns the exit status."""
    # Not resolved: in a build sandbox each file may be a link to somewhere else.
    parent = Path(os.path.abspath(__file__)).parent.parent.parent
    try:
        origin, edits, reformatted = verify(parent)
    except (NothingToCompare, OSError) as problem:
        print(f"laplas in {parent}: {problem}")
        return 2
    said = origin.made_from
    state = f"{len(edits)} not as they were" if edits else "all as they were"
    if reformatted:
        state += f", {len(reformatted)} reformatted, of the same code"
    print(f"laplas {said.get('version', '?')}, {origin.kind} in {parent}")
    print(f"document:  sha256 {said.get('document_sha256', '?')}")
    print(f"generator: {said.get('generator', '?')}")
    print(f"files:     {len(origin.files)}, {state}", *edits, sep="\n  ")
    return 1 if edits else 0


if __name__ == "__main__":
    sys.exit(main())
