"""The whole round after a change of openapi.yaml: from the document to what may be released.

    python -m tools.api_change              do the round, end with: patch, minor or major, and why
    python -m tools.api_change --release    a version is out: put what is here into tools/released

Exit codes: 0 all checks passed, the report names the release; 1 a check failed, nothing is fit to
be released; 2 the round cannot be done, as there is no released document.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import griffe

from .apidiff import Document, Finding, Unreadable, compare, release
from .apidiff.report import changelog, pairs, what
from .apidiff.rules import Release

ROOT = Path(__file__).resolve().parent.parent
RELEASED = ROOT / "tools" / "released"
DOCUMENT = ROOT / "openapi.yaml"
TYPING_FILE = "typing_api.py"
SURFACE = "surface.json"
SOURCES = (ROOT / "generated", ROOT / "wrappers")
PACKAGES = ("laplas_api", "laplas")
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
# What a change of the document can break: a name in the changelog that no call takes, an operation
# that has not all its spellings, an id that may leave its place in a path.
SPELLINGS = (
    "tests/test_tools_apidiff.py",
    "tests/test_operations.py",
    "tests/test_generated_resources.py",
    "tests/test_generated_endpoints.py",
)
REPLAYS = ("tests/test_cassettes.py", "tests/test_replay.py")

Outcome = Literal["passed", "failed", "breaks", "skipped"]


@dataclass
class Step:
    """One part of the round. `breaks`: it works, but not for those who use the last release."""

    name: str
    outcome: Outcome
    details: list[str] = field(default_factory=list)


@dataclass
class Round:
    """The outcome: which release the change asks for and why, and whether it is fit for one."""

    release: Release
    ready: bool
    reasons: list[str]
    steps: list[Step]
    changelog: str


def run(*arguments: str) -> tuple[bool, list[str]]:
    """Run a Python program in the project; returns whether it succeeded, and its last lines."""
    # Settings of the caller's own test run must not reach the inner one.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV"))}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout.strip().splitlines()[-20:]


def checked(name: str, *arguments: str) -> Step:
    """A step that is a program: it passes or fails."""
    passed, lines = run(*arguments)
    return Step(name, "passed", lines[-1:]) if passed else Step(name, "failed", lines)


def together(*steps: Callable[[], Step]) -> list[Step]:
    """Do steps side by side: nearly all of the time is spent in other processes."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda step: step(), steps))


def check_document() -> Step:
    """openapi.yaml is valid and keeps the house rules."""
    return checked("document", *PYTEST, "tests/test_document.py")


def regenerate() -> Step:
    """generated/ is made anew."""
    passed, lines = run("tools/codegen/regenerate.py")
    return Step("generate", "passed") if passed else Step("generate", "failed", lines)


def check_old_api(previous: Path) -> Step:
    """The public API file of the last release still type-checks: nobody's annotations break."""
    target = previous / TYPING_FILE
    if not target.exists():
        return Step("old public API", "skipped", [f"there is no {target.name}"])
    # A cache would remember modules that have come or gone with an operation.
    options = ("--no-error-summary", "--cache-dir", os.devnull)
    passed, lines = run("-m", "mypy", *options, str(target))
    # What is wrong in the file itself breaks users; anything else, our own code has yet to follow.
    lines.sort(key=lambda line: target.name not in line)
    theirs = not passed and target.name in lines[0]
    return Step("old public API", "passed" if passed else "breaks" if theirs else "failed", lines)


def check_surface(previous: Path) -> Step:
    """No public class, function or argument of the last release is gone (griffe)."""
    target = previous / SURFACE
    if not target.exists():
        return Step("Python surface", "skipped", [f"there is no {target.name}"])
    with tempfile.TemporaryDirectory() as folder:
        for name, lines in json.loads(target.read_text("utf-8")).items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(lines) + "\n", "utf-8")
        old, new = load_packages([Path(folder)]), load_packages(list(SOURCES))
        broken = [
            f"{b.obj.path}: {b.kind.value}"
            for name in PACKAGES
            for b in griffe.find_breaking_changes(old[name], new[name])
        ]
    # The first is named as the reason for the release: one that users know by that name.
    lines = sorted(set(broken), key=lambda line: (re.search(r"\._[a-z]", line) is not None, line))
    return Step("Python surface", "breaks" if broken else "passed", lines)


def replay() -> Step:
    """Every cassette and recorded exchange is read by the new models."""
    present = [name for name in REPLAYS if (ROOT / name).exists()]
    if not present:
        return Step("recordings", "skipped", ["there are no replay tests"])
    return checked("recordings", *PYTEST, *present)


def load_packages(folders: list[Path]) -> dict[str, griffe.Module]:
    """Both packages as griffe sees them in their sources, without importing them."""
    modules = griffe.ModulesCollection()
    loaded = {
        name: griffe.load(name, search_paths=folders, modules_collection=modules)
        for name in PACKAGES
    }
    return {name: package for name, package in loaded.items() if isinstance(package, griffe.Module)}


def surface() -> dict[str, list[str]]:
    """All modules cut to what is public: signatures without bodies and docstrings, as lines."""
    return {
        path.relative_to(folder).as_posix(): ast.unparse(outline(path)).splitlines()
        for folder in SOURCES
        for path in sorted(folder.rglob("*.py"))
    }


def outline(path: Path) -> ast.Module:
    """A module's syntax tree without bodies, docstrings and private names."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.body = [ast.Expr(ast.Constant(...))]
        elif isinstance(node, ast.Module | ast.ClassDef):
            node.body = [part for part in node.body if _is_public(part)] or [ast.Pass()]
    return ast.fix_missing_locations(tree)


def _is_public(node: ast.stmt) -> bool:
    """Whether to keep a statement. Private classes are: public ones may inherit from them."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        name = node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        name = getattr(target, "id", "")
    else:
        return not isinstance(node, ast.Expr)
    return not name.startswith("_") or name.startswith("__")


def differences(previous: Path) -> list[Finding]:
    """What the document says differently from the last released one."""
    return compare(Document.read(previous / DOCUMENT.name), Document.read(DOCUMENT))


def do_round(previous: Path) -> Round:
    """Do all steps and judge them together.

    Raises:
        Unreadable: There is no released document, or one of the two is none.
    """
    old, new = Document.read(previous / DOCUMENT.name), Document.read(DOCUMENT)
    steps = together(check_document, regenerate)
    # After that: what is named in Python is looked up in what was generated.
    found = compare(old, new)
    steps += together(
        partial(check_old_api, previous),
        partial(check_surface, previous),
        partial(checked, "types", "-m", "mypy", "--cache-dir", os.devnull, "wrappers/laplas"),
        partial(checked, "names and spellings", *PYTEST, *SPELLINGS),
        replay,
    )
    breaking = [step for step in steps if step.outcome == "breaks"]
    verdict: Release = "major" if breaking else release(pairs(found))
    return Round(
        release=verdict,
        ready=not any(step.outcome == "failed" for step in steps),
        reasons=list(_reasons(verdict, found, breaking)),
        steps=steps,
        changelog=changelog(found),
    )


def _reasons(verdict: Release, found: list[Finding], breaking: list[Step]) -> Iterator[str]:
    for finding in found:
        # A change is a reason for the release that it would ask for alone.
        if verdict != "patch" and release(pairs([finding])) == verdict:
            yield f"{', '.join(finding.names)}: {what(finding)} ({finding.side})"
    for step in breaking:
        yield f"{step.name}: {step.details[0] if step.details else 'broken'}"
    if verdict == "patch":
        yield "only descriptions and the like differ" if found else "the API is unchanged"


def text(outcome: Round) -> str:
    """The report for people."""
    lines = []
    for step in outcome.steps:
        lines.append(f"{step.outcome:8} {step.name}")
        lines += [f"         {line}" for line in step.details]
    lines += ["", "Fragment for CHANGELOG.md:", "", outcome.changelog]
    if outcome.ready:
        lines.append(f"Safe for a {outcome.release} release:")
    else:
        lines.append(f"Not fit for a release yet, see above. It will be a {outcome.release} one:")
    lines += [f"- {reason}" for reason in outcome.reasons]
    return "\n".join(lines) + "\n"


def keep_release(target: Path) -> list[str]:
    """Make `target` hold what the next rounds compare with; returns a line about each file."""
    made = json.dumps(surface(), indent=0, ensure_ascii=False) + "\n"
    files = {
        DOCUMENT.name: DOCUMENT.read_bytes(),
        SURFACE: made.encode(),
        TYPING_FILE: (ROOT / "tests" / TYPING_FILE).read_bytes(),
    }
    target.mkdir(parents=True, exist_ok=True)
    lines = []
    for path, data in ((target / name, data) for name, data in files.items()):
        same = path.exists() and path.read_bytes() == data
        path.write_bytes(data)
        lines.append(f"{'as it was' if same else 'written'}: {path}")
    return lines


def main(arguments: list[str]) -> int:
    """Run the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.api_change",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--previous", type=Path, default=RELEASED, help="default: %(default)s")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--changelog", type=Path, help="also write the fragment to this file")
    parser.add_argument(
        "--release", action="store_true", help="renew the released files, only that"
    )
    options = parser.parse_args(arguments)
    if options.release:
        print("\n".join(keep_release(options.previous)))
        return 0
    try:
        outcome = do_round(options.previous.resolve())
    except Unreadable as problem:
        print(f"api-change: {problem}", file=sys.stderr)
        return 2
    if options.changelog:
        options.changelog.write_text(outcome.changelog, "utf-8")
    print(json.dumps(asdict(outcome), indent=2) if options.json else text(outcome))
    return 0 if outcome.ready else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
