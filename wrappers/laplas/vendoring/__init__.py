"""Copy laplas into another repository, under any namespace.

    python -m laplas.vendoring --into acme/third_party

makes ``acme.third_party.laplas`` and ``acme.third_party.laplas_api``: with the licence, and with a
manifest that ``python -m acme.third_party.laplas.verify`` compares the copy with. Works from an
installed wheel, from the source tree and from a vendored copy. Run again, it renews the copy; a
copy that was edited is left alone unless ``--force`` is given.

Exit status: 0 copied, 1 refused.
"""

import argparse
import json
import os
import sys
import tempfile
from keyword import iskeyword
from pathlib import Path
from typing import Final

from .. import __version__
from . import _verify
from ._build_files import build_files_for
from ._imports import make_relative
from ._verify import MADE_FROM, MANIFEST, PACKAGES, files_of

REQUIRES: Final = (
    "httpx>=0.27,<0.29",
    "httpcore>=1.0.7,<2",
    "attrs>=23.1",
    "python-dateutil>=2.8.2,<5",
)
"""What a copy needs beside it, the same as an install without extras."""


class Refused(Exception):
    """There is a reason not to copy."""


def contents(*, local: bool = True) -> dict[str, bytes]:
    """The files of a copy by path, manifest included; with `local` the embedded server and demo.

    Raises:
        Refused: This is a vendored copy that was edited, or its files cannot be copied.
    """
    from ..generated import models  # not above: `verify` is to run without it

    # Not resolved: in a build sandbox each file may be a link to somewhere else.
    here, there = (Path(os.path.abspath(str(m))) for m in (__file__, models.__file__))
    here = here.parents[2]
    _refuse_edited(here, "copied from")
    found = {**files_of(here, "laplas"), **files_of(there.parents[2], "laplas_api")}
    # The archive is a command of its own, to be installed, not a part of an application.
    no_server = () if local else ("laplas/local/", "laplas/demo.py")
    left_out = (MANIFEST, "laplas/archive/", *no_server)
    names = sorted(name for name in found if not name.startswith(left_out))
    try:
        files = {name: make_relative(name, found[name]) for name in names}
        made_from = json.loads(files[MADE_FROM])
    except (ValueError, KeyError) as problem:
        raise Refused(f"the sources in {here} cannot be copied: {problem}") from None
    manifest = {
        "version": __version__,
        **made_from,
        "requires": REQUIRES,
        "files": {name: _verify.digest(files[name]) for name in names},
        "code": {name: _verify.code_digest(files[name]) for name in names if name[-3:] == ".py"},
    }
    return {**files, MANIFEST: json.dumps(manifest, indent=2).encode() + b"\n"}


def vendor(
    into: Path, *, local: bool = True, build_files: str | None = None, force: bool = False
) -> str | None:
    """Copy both packages into a folder; returns the version of the copy that is replaced.

    Args:
        into: The folder that is to hold both, made where it is missing.
        local: With the embedded server and the demo.
        build_files: Write the missing build files for "bazel" or "pants".
        force: Replace a copy that was edited, or that has no manifest, and its build files.

    Raises:
        Refused: The copy that is there was edited, or `into` cannot be a package.
        OSError: `into` cannot be written.
    """
    wrong = [part for part in _packages(into) if not part.isidentifier() or iskeyword(part)]
    if wrong:
        raise Refused(
            f"{wrong[0]!r} cannot be the name of a package; if it is a folder on the import path,"
            " run this in it, or give an absolute path"
        )
    into = into.resolve()
    before = _refuse_edited(into, "replaced", force=force)
    if not (force or before) and any((into / package).exists() for package in PACKAGES):
        raise Refused(f"what lies in {into} has no {MANIFEST}, so it may be anything")
    own = {} if force else files_of(into, build_files=True)
    sources = contents(local=local)
    missing = build_files_for(build_files, sources) if build_files else {}
    files = {**missing, **own, **sources}
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".laplas_", dir=into) as work:
        fresh = Path(work)
        for name, data in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(data)
        moves = [(into / name, fresh / f"old_{name}") for name in PACKAGES]
        moves = [(there, aside) for there, aside in moves if there.exists()]
        moves += [(fresh / name, into / name) for name in PACKAGES]
        _move_all(moves)
    return before


def _packages(into: Path) -> tuple[str, ...]:
    """The parts of a path that are packages, as far as can be told."""
    if into.is_absolute() or ".." in into.parts:
        return (into.resolve().name,)
    return into.parts or (into.resolve().name,)


def _move_all(moves: list[tuple[Path, Path]]) -> None:
    """Rename all of these, or none."""
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            source.rename(target)
            done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        raise


def _refuse_edited(parent: Path, done: str, *, force: bool = False) -> str | None:
    """The version of the copy in `parent`; refused is one that is not as its manifest says."""
    try:
        origin = _verify.vendored(parent)
    except _verify.NothingToCompare as problem:
        if force:
            return None
        raise Refused(f"the copy in {parent} cannot be {done}: {problem}") from None
    if origin is None:
        return None
    edits, _ = _verify.differences(parent, origin)
    if edits and not force:
        lines = "\n  ".join(["", *edits])
        raise Refused(f"the copy in {parent} was edited and is not {done}:{lines}")
    return str(origin.made_from.get("version", "?"))


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser("python -m laplas.vendoring", description="Copy laplas.")
    option = parser.add_argument
    option("--into", type=Path, required=True, metavar="FOLDER", help="the new parent")
    option("--without-local", dest="local", action="store_false", help="no server, no demo")
    option("--build-files", choices=["bazel", "pants"], help="write those that are missing")
    option("--force", action="store_true", help="replace a copy although it was edited")
    options = parser.parse_args(arguments)
    try:
        before = vendor(**vars(options))
    except (Refused, OSError) as problem:
        print(f"not copied: {problem}", file=sys.stderr)
        return 1
    replaced = "" if before in (None, __version__) else f", in place of {before}"
    print(f"laplas {__version__} copied into {options.into}{replaced}")
    return 0
