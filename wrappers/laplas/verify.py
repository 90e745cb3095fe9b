"""Is this copy as it was made, and what was it made from?  ``python -m laplas.verify``

A vendored copy is compared with the manifest that ``laplas.vendoring`` left in it, an installed
one with what its installer recorded. Both guard against forgotten edits, not against people who
edit the manifest, too. Exit status: 0 as it was made, 1 edited, 2 nothing to compare with.

Only the standard library is needed, and nothing of the copy but this file where it is run as one:
``python acme/third_party/laplas/verify.py``.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and sys.path[:1] == [os.path.dirname(os.path.abspath(__file__))]:
    del sys.path[0]  # run as a file: Python's own `types` must not be the one beside this file

import base64
import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

PACKAGES: Final = ("laplas", "laplas_api")
"""The folders of a copy, side by side."""

MANIFEST: Final = "laplas/VENDOR.json"
"""Where a vendored copy says what it is."""

BUILD_FILES: Final = ("BUILD", "BUILD.bazel")
"""Belong to the repository that a copy lies in, and are neither compared nor replaced."""

_ORIGIN: Final = "laplas_api/made_from.json"


class Origin(NamedTuple):
    """How a copy should look, and what it was made from."""

    kind: str
    made_from: Mapping[str, Any]
    files: Mapping[str, str]
    """The `digest` of each file by its path."""


class NothingToCompare(Exception):
    """There is neither a manifest nor an installer's record."""


def digest(data: bytes) -> str:
    """SHA-256 of a file in hex, line ends taken as LF: version control may write others."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def files_of(parent: Path) -> dict[str, bytes]:
    """The files of the copy in the folder `parent`, by path; no build files, nothing compiled."""
    return {
        path.relative_to(parent).as_posix(): path.read_bytes()
        for package in PACKAGES
        for path in sorted((parent / package).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and path.name not in BUILD_FILES
    }


def differences(parent: Path, files: Mapping[str, str]) -> Iterator[str]:
    """Describe, a line each, how the copy in the folder `parent` differs from `files`."""
    present = {name: digest(data) for name, data in files_of(parent).items() if name != MANIFEST}
    for name in sorted(present.keys() | files.keys()):
        if name not in present:
            yield f"missing: {name}"
        elif name not in files:
            yield f"extra:   {name}"
        elif present[name] != files[name]:
            yield f"edited:  {name}"


def vendored(parent: Path) -> Origin | None:
    """What the manifest of the copy in the folder `parent` says; None where it has none.

    Raises:
        NothingToCompare: The manifest cannot be read.
    """
    try:
        manifest = json.loads((parent / MANIFEST).read_text("utf-8"))
        return Origin("vendored", manifest, dict(manifest["files"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise NothingToCompare(f"{MANIFEST} cannot be read: {error!r}") from None


def installed(parent: Path) -> Origin | None:
    """What the installer recorded, where this very file is of an installed wheel; else None."""
    from importlib import metadata

    try:
        distribution = metadata.distribution("laplas")
    except metadata.PackageNotFoundError:
        return None
    # Not `distribution.files`, which from Python 3.12 on says nothing of files that are missing.
    rows = csv.reader((distribution.read_text("RECORD") or "").splitlines())
    recorded = {
        path: base64.urlsafe_b64decode(hash_.removeprefix("sha256=") + "=").hex()
        for path, hash_, _ in rows
        if hash_ and path.partition("/")[0] in PACKAGES and "__pycache__" not in path
    }
    # Another copy may be the installed one, and of an editable install only the door is.
    here = Path(str(distribution.locate_file("laplas"))).resolve() == parent / "laplas"
    if not (here and recorded):
        return None
    try:
        made_from = json.loads((parent / _ORIGIN).read_text("utf-8"))
    except (OSError, ValueError):  # one of the differences, then
        made_from = {}
    return Origin("installed", {"version": distribution.version, **made_from}, recorded)


def verify(parent: Path) -> tuple[Origin, list[str]]:
    """Compare the copy in the folder `parent`: returns what it should be and how it differs.

    Raises:
        NothingToCompare: It is a source tree, or copied by hand, or its manifest is broken.
    """
    origin = vendored(parent) or installed(parent)
    if origin is None:
        raise NothingToCompare(
            "neither a vendored nor an installed copy: a source tree, or copied by hand"
        )
    return origin, list(differences(parent, origin.files))


def main() -> int:
    """Run the command; returns the exit status."""
    parent = Path(__file__).resolve().parent.parent
    try:
        origin, found = verify(parent)
    except NothingToCompare as problem:
        print(f"laplas in {parent}: {problem}")
        return 2
    said = origin.made_from
    print(f"laplas {said.get('version', '?')}, {origin.kind} in {parent}")
    print(f"document:  sha256 {said.get('document_sha256', '?')}")
    print(f"generator: {said.get('generator', '?')}")
    print(f"files:     {len(origin.files)}, {f'{len(found)} not' if found else 'all'} as they were")
    for line in found:
        print(f"  {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
