"""Prove that a change of openapi.yaml alone is enough:  python -m tools.walk [CHANGE ...]

For each change, in a copy of the project: apply the patch of the document, regenerate, run the
program that uses what is new (sync, async, raw, prepared, as the openai package spells it) and
type-check it with mypy --strict and pyright. Nothing but openapi.yaml and what is generated from
it may differ then. Exits with 1 when something failed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
CHANGES: Final = sorted(path.stem for path in HERE.glob("*.patch"))
COPIED: Final = (
    *("openapi.yaml", "generator-config.yaml", "pyproject.toml"),
    *("generated", "wrappers", "tools"),
)
COMMIT: Final = (
    *("git", "-c", "user.name=walk", "-c", "user.email=walk@localhost"),
    *("-c", "commit.gpgsign=false", "commit", "--quiet", "--no-verify", "-m", "before"),
)


class Failed(Exception):
    """A command failed, or a file changed that must not."""


def run(copy: Path, *command: str) -> str:
    """Run a command in the copy; returns what it printed.

    Raises:
        Failed: Its exit status is not 0.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, "PYTHONPATH": "generated:wrappers:.", "PATH": path}
    done = subprocess.run(
        command,
        cwd=copy,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"{' '.join(command)}\n{done.stdout}")
    return done.stdout


def copy_project(copy: Path) -> None:
    """Copy the project, without caches, into a git repository of its own."""
    ignore = shutil.ignore_patterns("__pycache__", "*_cache", "node_modules", "build")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=ignore)
        else:
            shutil.copy(source, copy)
    run(copy, "git", "init", "--quiet")
    run(copy, "git", "add", "--all")
    run(copy, *COMMIT)


def walk(change: str, copy: Path) -> str:
    """Make one change and prove that it works; returns what git says of it.

    Raises:
        Failed: It does not work, or not without changes by hand.
    """
    copy_project(copy)
    program = f"tools/walk/{change}.py"
    # With one line of context, the document may change nearby.
    run(copy, "git", "apply", "-C1", f"tools/walk/{change}.patch")
    run(copy, sys.executable, "tools/codegen/regenerate.py")
    run(copy, sys.executable, "-W", "error", program)
    run(copy, sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, program)
    run(copy, "pyright", "--pythonpath", sys.executable, program)
    run(copy, "git", "add", "--all", "openapi.yaml", "generated")
    by_hand = run(copy, "git", "status", "--porcelain", "--untracked-files=no").splitlines()
    wrong = [
        line for line in by_hand if line[3:].split("/")[0] not in ("openapi.yaml", "generated")
    ]
    if wrong:
        raise Failed("\n".join(("changed beside the document:", *wrong)))
    return run(copy, "git", "diff", "--cached", "--stat")


def main(changes: list[str]) -> int:
    """Run the command; returns the exit status."""
    failures = 0
    for change in changes or CHANGES:
        with tempfile.TemporaryDirectory() as folder:
            try:
                stat = walk(change, Path(folder))
            except Failed as failed:
                failures += 1
                print(f"failed  {change}: {failed}", flush=True)
            else:
                print(f"passed  {change}: nothing changed by hand\n{stat}", flush=True)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
