"""Copy laplas into another repository, under any namespace.

    python -m laplas.vendoring --into acme/third_party

makes ``acme.third_party.laplas`` and ``acme.third_party.laplas_api``: with the licence, and with a
manifest that ``python -m acme.third_party.laplas.verify`` compares the copy with. Works from an
installed wheel, from the source tree and from a vendored copy. Run again, it renews the copy; a
copy that was edited is left alone unless ``--force`` is given.

Exit status: 0 copied, 1 refused.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from laplas_api import models

from .. import __version__
from ..verify import (
    BUILD_FILES,
    MANIFEST,
    PACKAGES,
    NothingToCompare,
    differences,
    digest,
    files_of,
    vendored,
)
from ._imports import make_relative

REQUIRES: Final = (
    "httpx>=0.27,<0.29",
    "httpcore>=1.0.7,<2",
    "attrs>=23.1",
    "python-dateutil>=2.8.2,<5",
)
"""What a copy needs beside it, the same as an install without extras."""

_LOCAL: Final = ("laplas/local/", "laplas/demo.py")
"""The embedded server, and what is nothing without it."""

_BAZEL: Final = {
    "laplas/BUILD.bazel": """\
load("@rules_python//python:defs.bzl", "py_library")

package(default_visibility = ["//visibility:public"])

py_library(
    name = "laplas",
    srcs = glob(["**/*.py"]),
    data = ["LICENSE", "VENDOR.json", "py.typed"],
    deps = [
        "//%s/laplas_api" % package_name().rpartition("/")[0],
        "@pypi//attrs",
        "@pypi//httpcore",
        "@pypi//httpx",
        "@pypi//python_dateutil",
    ],
)
""",
    "laplas_api/BUILD.bazel": """\
load("@rules_python//python:defs.bzl", "py_library")

package(default_visibility = ["//visibility:public"])

py_library(
    name = "laplas_api",
    srcs = glob(["**/*.py"]),
    data = ["made_from.json", "openapi.yaml", "py.typed"],
    deps = [
        "@pypi//attrs",
        "@pypi//httpcore",
        "@pypi//httpx",
        "@pypi//python_dateutil",
    ],
)
""",
}

# Third-party requirements are left to Pants' inference: targets of our own beside those of the
# repository would be ambiguous owners of the same modules, and Pants would take neither.
_PANTS: Final = {
    "laplas/BUILD": """\
python_sources(
    name="laplas",
    sources=["**/*.py"],
    dependencies=[":files", f"{build_file_dir().parent}/laplas_api"],
)

resources(
    name="files",
    sources=["LICENSE", "VENDOR.json", "py.typed"],
)
""",
    "laplas_api/BUILD": """\
python_sources(
    name="laplas_api",
    sources=["**/*.py"],
    dependencies=[":files"],
)

resources(
    name="files",
    sources=["made_from.json", "openapi.yaml", "py.typed"],
)
""",
}

_BUILD_TEXTS: Final[dict[str | None, dict[str, str]]] = {"bazel": _BAZEL, "pants": _PANTS}


class Refused(Exception):
    """There is a reason not to copy."""


def contents(*, local: bool = True) -> dict[str, bytes]:
    """The files of a copy by path, manifest included.

    Args:
        local: With the embedded server and the demo.

    Raises:
        Refused: This is a vendored copy that was edited.
    """
    here = Path(__file__).resolve().parent.parent
    generated = Path(models.__file__ or "").resolve().parent.parent
    _refuse_edited(here.parent, "copied from")
    files = {**_files(here), **_files(generated)}
    if not local:
        files = {name: data for name, data in files.items() if not name.startswith(_LOCAL)}
    try:
        files = {name: make_relative(name, data) for name, data in files.items()}
    except ValueError as problem:
        raise Refused(str(problem)) from None
    manifest = {
        "version": __version__,
        **json.loads(files["laplas_api/made_from.json"]),
        "requires": REQUIRES,
        "files": {name: digest(files[name]) for name in sorted(files)},
    }
    return {**files, MANIFEST: json.dumps(manifest, indent=2).encode() + b"\n"}


def _files(package: Path) -> dict[str, bytes]:
    start = f"{package.name}/"
    return {
        name: data
        for name, data in files_of(package.parent).items()
        if name.startswith(start) and name != MANIFEST
    }


def vendor(
    into: Path, *, local: bool = True, build_files: str | None = None, force: bool = False
) -> None:
    """Copy both packages into a folder; what was there of them before is replaced.

    Args:
        into: The folder that is to hold both, made where it is missing.
        local: With the embedded server and the demo.
        build_files: Write the missing build files for "bazel" or "pants".
        force: Replace a copy that was edited, or that has no manifest, and its build files.

    Raises:
        Refused: The copy that is there was edited, or `into` cannot be a package.
        OSError: `into` cannot be written.
    """
    into = into.resolve()
    if not into.name.isidentifier():
        raise Refused(f"{into.name!r} cannot be the name of a package")
    if not force:
        _refuse_edited(into, "replaced")
        strangers = any((into / package).exists() for package in PACKAGES)
        if strangers and not (into / MANIFEST).exists():
            raise Refused(f"what lies in {into} has no {MANIFEST}, so it may be anything")
    files = {
        **{name: text.encode() for name, text in _BUILD_TEXTS.get(build_files, {}).items()},
        **({} if force else _own_build_files(into)),
        **contents(local=local),
    }
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".laplas_", dir=into) as work:
        fresh = Path(work)
        for name, data in files.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_bytes(data)
        for package in PACKAGES:
            shutil.rmtree(into / package, ignore_errors=True)
            (fresh / package).rename(into / package)


def _refuse_edited(parent: Path, done: str) -> None:
    """Refuse where the folder `parent` holds a copy that is not as its manifest says."""
    try:
        origin = vendored(parent)
    except NothingToCompare as problem:
        raise Refused(f"the copy in {parent} cannot be {done}: {problem}") from None
    found = list(differences(parent, origin.files)) if origin else []
    if found:
        lines = "\n  ".join(found)
        raise Refused(f"the copy in {parent} was edited and is not {done}:\n  {lines}")


def _own_build_files(into: Path) -> dict[str, bytes]:
    return {
        path.relative_to(into).as_posix(): path.read_bytes()
        for package in PACKAGES
        for name in BUILD_FILES
        for path in (into / package).rglob(name)
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m laplas.vendoring", description="Copy laplas into another repository."
    )
    parser.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="the new parent")
    parser.add_argument(
        "--without-local",
        dest="local",
        action="store_false",
        help="leave out the embedded server and the demo",
    )
    parser.add_argument(
        "--build-files",
        choices=["bazel", "pants"],
        help="write build files where there are none",
    )
    parser.add_argument(
        "--force", action="store_true", help="replace a copy although it was edited"
    )
    options = parser.parse_args(arguments)
    try:
        vendor(
            options.into, local=options.local, build_files=options.build_files, force=options.force
        )
    except (Refused, OSError) as problem:
        print(f"not copied: {problem}", file=sys.stderr)
        return 1
    print(f"laplas {__version__} copied into {options.into}")
    return 0
