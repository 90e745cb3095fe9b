"""What makes the packages movable: how they import, and the build files that describe them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import laplas
from laplas import vendoring, verify
from laplas.vendoring._imports import make_relative
from laplas_api import models

WRAPPER = Path(laplas.__file__).parent
GENERATED = Path(models.__file__ or "").parent.parent
SOURCES = sorted([*WRAPPER.rglob("*.py"), *GENERATED.rglob("*.py")])
WRAPPER_SOURCES = sorted(WRAPPER.rglob("*.py"))

NAMED_BY = {
    # The way to the network, by hand and derived; and the embedded server's own transport.
    "httpx": {"transport.py"},
    "httpcore": {"transport.py"},
    # What httpx brings along, too, and is not declared.
    "h11": set[str](),
    "certifi": set[str](),
    "anyio": set[str](),
    # The way to it; and what copies and compares the folder of that name, but imports nothing.
    "laplas_api": {"generated.py", "__init__.py", "_build_files.py", "_imports.py", "_verify.py"},
}
"""The only modules of the wrapper that may name a package."""


def imported(tree: ast.AST) -> Iterator[str]:
    """The absolute imports in a module: dotted names as they are written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def texts(tree: ast.AST) -> Iterator[str]:
    """The string constants in a module, without those that stand alone as docstrings do."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def top(name: str) -> str:
    """The package that a dotted name, or a path, begins with."""
    return name.lstrip(".").partition(".")[0].partition("/")[0]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def named(tree: ast.AST) -> set[str]:
    """The packages a module imports, or could import by a name it holds as a string."""
    return {top(name) for name in [*imported(tree), *texts(tree)]}


@pytest.mark.parametrize("path", WRAPPER_SOURCES, ids=lambda p: p.relative_to(WRAPPER).as_posix())
def test_each_door_is_the_only_one(path: Path) -> None:
    through = {package for package, doors in NAMED_BY.items() if path.name in doors}
    assert named(parsed(path)) & NAMED_BY.keys() <= through


def test_the_doors_are_found() -> None:
    """The test above sees imports and strings: each door would fail it, were it not listed."""
    assert "laplas_api" in named(parsed(WRAPPER / "generated.py"))
    assert "httpx" in named(parsed(WRAPPER / "_async" / "transport.py"))
    assert "httpcore" in named(parsed(WRAPPER / "_sync" / "transport.py"))
    assert named(ast.parse("x = import_module('laplas_api.models')")) == {"laplas_api"}
    assert named(ast.parse("'''laplas_api'''")) == set()


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: "/".join(p.parts[-4:]))
def test_own_modules_are_imported_relatively(path: Path) -> None:
    """So neither package depends on its name. The door alone names one, for type checkers."""
    own = {name for name in imported(parsed(path)) if top(name) in verify.PACKAGES}
    allowed = path in (WRAPPER / "generated.py", WRAPPER / "__init__.py") and all(
        top(name) == "laplas_api" for name in own
    )
    # For type checkers alone: the classes that the wrapper makes of the generated ones.
    typed = path.parent.name == "resources" and all(n.startswith("laplas.types") for n in own)
    assert allowed or typed or not own


def test_no_module_has_the_name_of_one_of_python_s_own() -> None:
    """`python laplas/verify.py` puts the folder first, and takes it out again."""
    assert {path.stem for path in WRAPPER.glob("*.py")} & sys.stdlib_module_names <= {"types"}


def test_a_copy_holds_no_absolute_import_at_all() -> None:
    for name, data in vendoring.contents().items():
        if name.endswith(".py"):
            assert not {top(n) for n in imported(ast.parse(data))} & {*verify.PACKAGES}, name
    door = vendoring.contents()["laplas/generated.py"].decode()
    assert "\n    from ..laplas_api import models" in door


RELATIVE = """
laplas/x.py      | from ^laplas_api import models
laplas/_a/x.py   | def f():\\r\\n    from ^laplas_api import a; from ^laplas_api.b import c
laplas/x.py      | 'é'; from ^laplas_api import a
laplas_api/a/x.py| if TYPE_CHECKING:\\n    from ^laplas.types import (\\n        A,\\n    )
laplas/x.py      | '''\\n    from laplas import Laplas\\n'''
laplas/x.py      | # from laplas import Laplas
laplas/x.py      | from ..laplas_api import x
laplas/x.py      | import_module('.models', 'x'); from laplasian import x
laplas/x.yaml    | from laplas import x
"""
"""Files and their sources; ^ is where the dots belong, one for each folder and one more."""


@pytest.mark.parametrize("line", RELATIVE.strip().splitlines())
def test_imports_of_both_packages_become_relative(line: str) -> None:
    name, _, source = line.replace("\\r", "\r").replace("\\n", "\n").partition("| ")
    dots = "." * (name.count("/") + 1)
    made = make_relative(name.strip(), source.replace("^", "").encode()).decode()
    assert made == source.replace("^", dots)


@pytest.mark.parametrize(
    "statement",
    [
        "import laplas_api.models",
        "import os, laplas",
        "from \\\n  laplas_api import x",
        "import_module('laplas_api.models')",
        "importlib.import_module(name=f'laplas_api.{x}')",
        "__import__('laplas')",
    ],
)
def test_an_import_that_cannot_become_relative_is_refused(statement: str) -> None:
    """Nothing is copied then that would import an installed laplas, or fail without one."""
    with pytest.raises(ValueError, match=r"^laplas/a/x\.py, line 2: write 'from"):
        make_relative("laplas/a/x.py", f"x = 1\n{statement}\n".encode())


# ---- build files ------------------------------------------------------------------------------


def targets(package: Path, file: str, namespace: str) -> dict[str, dict[str, Any]]:
    """Run a build file with stand-ins for what its build system offers.

    Returns the arguments of each target by its name, globs resolved.
    """
    found: dict[str, dict[str, Any]] = {}

    def glob(patterns: list[str]) -> list[str]:
        paths = (path for pattern in patterns for path in package.glob(pattern) if path.is_file())
        return sorted(path.relative_to(package).as_posix() for path in paths)

    def target(*, name: str, **arguments: Any) -> None:
        assert name not in found
        found[name] = arguments

    def pants_target(*, sources: list[str], **arguments: Any) -> None:
        target(srcs=glob(sources), **arguments)

    offered: dict[str, Any] = {
        "load": lambda *names: None,
        "package": lambda **arguments: None,
        "package_name": lambda: f"{namespace}/{package.name}",
        "glob": glob,
        "py_library": target,
        "build_file_dir": lambda: Path(namespace, package.name),
        "python_sources": pants_target,
        "resources": pants_target,
    }
    exec(compile((package / file).read_text("utf-8"), file, "exec"), {"__builtins__": offered})
    return found


def copied(parent: Path, system: str) -> tuple[Path, Path]:
    vendoring.vendor(parent, build_files=system)
    return parent / "laplas", parent / "laplas_api"


def files(package: Path) -> set[str]:
    """The files that targets of the package must cover."""
    paths = (path for path in package.rglob("*") if path.is_file())
    names = {path.relative_to(package).as_posix() for path in paths}
    return {name for name in names if name not in verify.BUILD_FILES}


def third_party(package: Path) -> set[str]:
    """The distributions that the package imports, of those that the SDK requires."""
    modules = {name: name for name in ("attrs", "httpcore", "httpx")}
    modules["dateutil"] = "python_dateutil"
    names = {top(name) for path in package.rglob("*.py") for name in imported(parsed(path))}
    return {modules[name] for name in names if name in modules}


def test_bazel(tmp_path: Path) -> None:
    """The targets hold every file, and depend on what the files import."""
    wrapper, generated = copied(tmp_path / "third_party", "bazel")
    (own,) = targets(wrapper, "BUILD.bazel", "acme/third_party").values()
    assert {*own["srcs"], *own["data"]} == files(wrapper)
    required = {f"@pypi//{name}" for name in third_party(wrapper) | third_party(generated)}
    assert {*own["deps"]} == {"//acme/third_party/laplas_api", *required}
    (library,) = targets(generated, "BUILD.bazel", "acme/third_party").values()
    assert {*library["srcs"], *library["data"]} == files(generated)
    assert {*library["deps"]} == required


def test_pants(tmp_path: Path) -> None:
    """The targets hold every file; imports are found by Pants, the dynamic ones are declared."""
    wrapper, generated = copied(tmp_path / "third_party", "pants")
    own = targets(wrapper, "BUILD", "acme/third_party")
    assert {*own["laplas"]["srcs"], *own["files"]["srcs"]} == files(wrapper)
    assert own["laplas"]["dependencies"] == [":files", "acme/third_party/laplas_api"]
    low = targets(generated, "BUILD", "acme/third_party")
    assert {*low["laplas_api"]["srcs"], *low["files"]["srcs"]} == files(generated)
    assert low["laplas_api"]["dependencies"] == [":files"]


@pytest.mark.parametrize("system", ["bazel", "pants"])
def test_build_files_belong_to_the_repository(tmp_path: Path, system: str) -> None:
    """One that is there stays as it is, and is no edit of the copy; --force replaces it."""
    wrapper, generated = copied(tmp_path / "acme", system)
    (file,) = (wrapper / name for name in verify.BUILD_FILES if (wrapper / name).exists())
    written = file.read_text("utf-8")
    file.write_text("# ours\n", "utf-8")
    (generated / "models" / "BUILD").write_text("# ours, too\n", "utf-8")
    assert verify.verify(tmp_path / "acme")[1] == []
    vendoring.vendor(tmp_path / "acme", build_files=system)
    assert file.read_text("utf-8") == "# ours\n"
    assert (generated / "models" / "BUILD").read_text("utf-8") == "# ours, too\n"
    vendoring.vendor(tmp_path / "acme", build_files=system, force=True)
    assert file.read_text("utf-8") == written
