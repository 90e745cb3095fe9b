"""Runs the wrapper's tests against a vendored copy:  python tests/vendored.py [PYTEST ARGUMENTS]

With `--all` under two namespaces, one after the other. The copy is made by `laplas.vendoring`, the
names `laplas` and `laplas_api` are made unimportable, and the tests, rewritten to name the copy,
run in a folder that holds nothing else of this repository. So an absolute import anywhere in the
copy fails them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The first alone by default: under the other one the same relative imports run again.
NAMESPACES = ("monorepo.python.external", "acme.third_party")
ABOUT_THE_REPOSITORY = (
    "archive*",
    "codegen",
    "document",
    "local_seed",
    "other_languages",
    "pages",
    "pytest_plugin",
    "readme",
    "release",
    "site",
    "soak",
    "tools_*",
    "try",
    "vendoring*",
)
"""The tests of what a copy does not have: archives, the plugin, the tools, the pages."""

BLOCKER = """\
import sys


class Blocked:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in ("laplas", "laplas_api"):
            raise ModuleNotFoundError(f"{name} is blocked; the copy has another name", name=name)


sys.meta_path.insert(0, Blocked)
"""
"""A sitecustomize.py: Python runs it at its start, in subprocesses of the tests, too."""


def rewritten(source: str, namespace: str) -> str:
    """A test's source with the packages under their names in `namespace`, in strings as well.

    Names alone in quotes stay: those of loggers, folders, keys.
    """
    name = r"(laplas(?:_api)?)\b"
    replacements = (
        # `import laplas`: what it binds is kept, and left alone by what follows.
        (rf"^( *)import {name}((?:\.\w+)*)$", rf"\1import {namespace}.\2\3\n\1\2 = {namespace}.\2"),
        # Imports of other forms, then dotted names, then arguments and lists.
        (rf"(?<!\w)(from|import) {name}(?=[ .,;\\]|$)", rf"\1 {namespace}.\2"),
        (rf"(?<![\w./-]){name}(?=\.[A-Za-z_'\"])", rf"{namespace}.\1"),
        (rf"([(,] ?){name}(?=[),;])", rf"\1{namespace}.\2"),
    )
    for pattern, replacement in replacements:
        source = re.sub(pattern, replacement, source, flags=re.MULTILINE)
    return source


def lay_out(namespace: str, work: Path) -> tuple[Path, Path]:
    """Write copy and tests below `work`; returns the folder of the tests and that of the copy."""
    site, checkout = work / "site", work / "checkout"
    parent = site.joinpath(*namespace.split("."))
    vendoring = [sys.executable, "-m", "laplas.vendoring", "--into", str(parent)]
    subprocess.run(vendoring, check=True, stdout=subprocess.DEVNULL)
    (site / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    left_out = ("__pycache__", *(f"test_{name}.py" for name in ABOUT_THE_REPOSITORY))
    for folder in ("tests", "docs/examples"):
        ignored = shutil.ignore_patterns(*left_out)
        shutil.copytree(ROOT / folder, checkout / folder, ignore=ignored)
        for file in (checkout / folder).rglob("*.py"):
            file.write_text(rewritten(file.read_text("utf-8"), namespace), "utf-8")
    for name in ("openapi.yaml", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout)
    # Where tests look for what they read or hand to subprocesses.
    (checkout / "wrappers").symlink_to(site)
    (checkout / "generated").mkdir()
    (checkout / "generated" / "laplas_api").symlink_to(parent / "laplas_api")
    if (ROOT.parent / "shared").exists():
        (work / "shared").symlink_to(ROOT.parent / "shared")
    return checkout, site


def run(namespace: str, arguments: list[str]) -> int:
    """Test, type-check and verify the copy in one namespace; returns the first bad exit status."""
    with tempfile.TemporaryDirectory() as work:
        checkout, site = lay_out(namespace, Path(work))
        packages = ("-p", f"{namespace}.laplas", "-p", f"{namespace}.laplas_api")
        tests = ["pytest", "-p", "no:cacheprovider", "-o", "pythonpath=tests", *arguments]
        types = ["mypy", "--strict", *packages]
        steps = ((checkout, tests), (site, types), (site, [f"{namespace}.laplas.verify"]))
        environment = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"}
        print(f"as {namespace}.laplas:", flush=True)
        for folder, step in steps:
            ended = subprocess.run([sys.executable, "-m", *step], cwd=folder, env=environment)
            if ended.returncode:
                return ended.returncode
        return 0


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit status of the first run that failed, or 0."""
    chosen = NAMESPACES if "--all" in arguments else NAMESPACES[:1]
    others = [argument for argument in arguments if argument != "--all"]
    return next((status for name in chosen if (status := run(name, others))), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
