"""Mutation testing of the modules that decide: does any test notice when one of them is wrong?

    python tests/mutants.py              (all modules; minutes)
    python tests/mutants.py _paging      (one of them)

Each module is changed in one place at a time, in a copy of this repository, and the tests that are
about it are run. A change that no test notices is a survivor: it is printed, to be looked at. The
exit status is 1 if less than `ENOUGH` of a module's mutants are killed.

Left out are changes of annotations, which are never evaluated.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cosmic_ray.work_db import (  # type: ignore[import-not-found, import-untyped, unused-ignore]
    WorkDB,
    use_db,
)
from cosmic_ray.work_item import (  # type: ignore[import-not-found, import-untyped, unused-ignore]
    TestOutcome,
)

ROOT = Path(__file__).resolve().parent.parent
ENOUGH = 0.9
TESTS = {
    "_retry": ["test_retry.py"],
    "_paging": ["test_pagination.py"],
    "_arguments": ["test_arguments.py"],
}
CONFIG = """
[cosmic-ray]
module-path = "wrappers/laplas/{module}.py"
timeout = 120.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider {tests}"
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = ["core/ReplaceBinaryOperator_BitOr_.*"]
"""


def run(module: str) -> tuple[int, int, list[str]]:
    """Mutate one module. Returns how many were killed, how many there were, and the survivors."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for part in ("generated", "wrappers", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        for part in ("pyproject.toml", "openapi.yaml"):
            shutil.copy(ROOT / part, copy / part)
        tests = " ".join(f"tests/{name}" for name in TESTS[module])
        config = CONFIG.format(module=module, tests=tests, python=sys.executable)
        (copy / "mutants.toml").write_text(config, "utf-8")
        for command in (
            ["cosmic-ray", "init", "mutants.toml", "session.sqlite"],
            ["cr-filter-operators", "session.sqlite", "mutants.toml"],
            ["cosmic-ray", "baseline", "mutants.toml"],
            ["cosmic-ray", "exec", "mutants.toml", "session.sqlite"],
        ):
            scripts = Path(sys.executable).parent
            # One seed, so that a mutant is not killed today and alive tomorrow.
            environment = {**os.environ, "PYTHONHASHSEED": "0"}
            subprocess.run(
                [scripts / command[0], *command[1:]],
                cwd=copy,
                env=environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        with use_db(str(copy / "session.sqlite"), WorkDB.Mode.open) as database:
            return _counted(database)


def _counted(database: WorkDB) -> tuple[int, int, list[str]]:
    outcomes = {job: result.test_outcome for job, result in database.results}
    killed, survivors = 0, []
    for item in database.work_items:
        outcome = outcomes.get(item.job_id)
        if outcome == TestOutcome.SURVIVED:
            (mutation,) = item.mutations
            diff = dict(database.results)[item.job_id].diff or ""
            changed = [
                line
                for line in diff.splitlines()
                if line[:1] in "+-" and line[:3] not in ("+++", "---")
            ]
            survivors.append("\n".join([f"line {mutation.start_pos[0]}", *changed]))
        elif outcome in (TestOutcome.KILLED, TestOutcome.INCOMPETENT):
            killed += 1
    return killed, killed + len(survivors), survivors


def main() -> int:
    """Run the modules named on the command line, or all; two at a time."""
    modules = sys.argv[1:] or list(TESTS)
    good = True
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for module, (killed, total, survivors) in zip(
            modules, workers.map(run, modules), strict=True
        ):
            print(f"\n{module}: {killed} of {total} killed, {killed / total:.1%}", flush=True)
            print(*survivors, sep="\n", flush=True)
            good = good and killed / total >= ENOUGH
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
