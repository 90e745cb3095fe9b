"""Everything that is run, for people and CI: ``nox`` runs the checks, ``nox --list`` the rest."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv"
nox.options.error_on_external_run = True
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "drift", "core", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
CODEGEN = ("-r", "tools/codegen/requirements.txt")
EXTRAS = PROJECT["project"]["optional-dependencies"].values()
REQUIRED = (*PROJECT["project"]["dependencies"], *(line for extra in EXTRAS for line in extra))
"""What the wheel and its extras ask for."""
PYODIDE = "pyodide@314.0.7"
"""Python for WebAssembly: the page try.html runs the packages on it."""
SITE = Path("build/site").resolve()
TOOLING = (
    *("test_codegen*.py", "test_document*.py", "test_soak*.py", "test_tools_*.py"),
    "test_vendoring*.py",
)
"""Tests of what maintainers run: in a session of their own, as they take longer than all others."""
NO_TOOLING = tuple(f"--ignore-glob=*/{name}" for name in (*TOOLING, "test_archive*.py"))


def group(name: str) -> tuple[str, ...]:
    """The exact pins of a dependency group."""
    return nox.project.dependency_groups(PROJECT, name)


def wheel() -> str:
    """The wheel that the session `build` made of this tree."""
    return str(next(Path("dist").glob("*.whl")).resolve())


@nox.session
def build(session: nox.Session) -> None:
    """Build wheel and sdist into dist/, check them, and list what an install brings (SBOM)."""
    session.install(*group("build"))
    shutil.rmtree("dist", ignore_errors=True)
    session.run("python", "-m", "build", "--no-isolation", silent=True)
    session.run("twine", "check", "--strict", *(str(path) for path in Path("dist").iterdir()))
    installed = f"{session.create_tmp()}/installed"
    session.run("uv", "venv", "--quiet", "--clear", installed)
    session.run("uv", "pip", "install", "--quiet", "--python", installed, wheel())
    sbom = Path("dist", f"{Path(wheel()).stem}.cdx.json")
    options = ("--output-reproducible", "--mc-type", "library", "--pyproject", "pyproject.toml")
    session.run("cyclonedx-py", "environment", *options, "-o", str(sbom), installed)
    # The tool does not see a version that the build backend reads from a file.
    bill = json.loads(sbom.read_text("utf-8"))
    bill["metadata"]["component"]["version"] = sbom.name.split("-")[1]
    sbom.write_text(json.dumps(bill, indent=2) + "\n", "utf-8")


@nox.session
def lint(session: nox.Session) -> None:
    """Style: ruff's rules and format; and which packages may import which."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    # It reads the sources and runs none, so that nothing they import need be installed.
    path = os.pathsep.join(("generated", "wrappers"))
    session.run("lint-imports", "--no-cache", env={"PYTHONPATH": path})


@nox.session
def types(session: nox.Session) -> None:
    """Types: mypy --strict on all code, pyright on the packages."""
    groups = (*group("types"), *group("tools"), *group("test"), *group("derive"))
    session.install(*CODEGEN, *groups, "-e", ".[cli,fast,local,stream,tools]")
    session.run("mypy", "generated", "wrappers", "tests", "tools", "noxfile.py")
    session.run("pyright")


@nox.session
def generate(session: nox.Session) -> None:
    """Regenerate generated/ from openapi.yaml; with `-- --check` only compare."""
    session.install(*CODEGEN)
    session.run("python", "tools/codegen/regenerate.py", *session.posargs)


@nox.session
def drift(session: nox.Session) -> None:
    """Prove that generated/ is what openapi.yaml makes, and `_sync` what `_async` makes."""
    session.install(*CODEGEN, *group("derive"))
    session.run("python", "tools/codegen/regenerate.py", "--check")
    session.run("python", "tools/derive_sync.py", "--check")


@nox.session
def derive(session: nox.Session) -> None:
    """Derive wrappers/laplas/_sync from wrappers/laplas/_async."""
    session.install(*CODEGEN, *group("derive"))
    session.run("python", "tools/derive_sync.py", *session.posargs)


@nox.session(requires=["build"], reuse_venv=False)
def core(session: nox.Session) -> None:
    """The plain install in a clean environment: the demo runs on it, and on a copy of it."""
    session.install(wheel())
    session.run("python", "-m", "laplas.demo", silent=True)
    session.run("python", "-m", "laplas.verify")
    folder = session.create_tmp()
    with session.chdir(folder):
        session.run("python", "-m", "laplas.vendoring", "--into", "acme/lib", "--force")
        session.run("python", "-m", "acme.lib.laplas.demo", silent=True)
        session.run("python", "-m", "acme.lib.laplas.verify")


@nox.session(requires=["build"])
def tests(session: nox.Session) -> None:
    """The tests, against the built wheel in an environment without this tree's packages."""
    run_tests(session, *(session.posargs or ["-n", "auto", *NO_TOOLING]))


@nox.session(requires=["build"])
def networks(session: nox.Session) -> None:
    """The tests again over the other networks: fast=True, and clients of httpx and httpx2."""
    install_for_tests(session)
    without = [option for option in NO_TOOLING if "soak" not in option]
    options = session.posargs or ["-n", "auto", *without]
    for name in ("fast", "httpx", "httpx2"):
        session.run("pytest", *FROM_WHEEL, "--network", name, *options)


@nox.session(requires=["build"])
def tooling(session: nox.Session) -> None:
    """The tests of generator, comparison of documents, release check and vendoring."""
    files = [str(path) for name in TOOLING for path in sorted(Path("tests").glob(name))]
    run_tests(session, "-n", "auto", *files, *session.posargs)


@nox.session(requires=["build"])
def archive(session: nox.Session) -> None:
    """The tests of the command `laplas` and of `laplas.archive`, with all that it can use."""
    extras = "cli,dask,fast,local,parquet,stream,tools"
    session.install(*group("test"), *group("archive"), f"laplas[{extras}] @ file://{wheel()}")
    session.install("--no-deps", "--force-reinstall", wheel())
    files = [str(path) for path in sorted(Path("tests").glob("test_archive*.py"))]
    session.run("pytest", *FROM_WHEEL, "-n", "auto", *files, *session.posargs)


@nox.session(requires=["build"])
def browser(session: nox.Session) -> None:
    """Pages in a real browser; where none is found, Debian's Chromium is installed."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        session.run("apt-get", "update", "-qq", external=True)
        session.run("apt-get", "install", "-y", "-qq", "chromium", external=True)
    extras = "cli,local,stream"
    session.install(*group("test"), *group("browser"), f"laplas[{extras}] @ file://{wheel()}")
    session.install("--no-deps", "--force-reinstall", wheel())
    where = {"LAPLAS_SITE": str(SITE)} if SITE.exists() else {}
    session.run("pytest", *FROM_WHEEL, "tests/browser", *session.posargs, env=where)


@nox.session(requires=["build"])
def docs(session: nox.Session) -> None:
    """Build the site into build/site, with every warning an error, and look for what it lacks."""
    session.install(*group("docs"), f"laplas[stream] @ file://{wheel()}")
    session.install("--no-deps", "--force-reinstall", wheel())
    if shutil.which("npm"):
        quiet = ("--prefer-offline", "--no-save", "--no-audit", "--no-fund", "--loglevel=error")
        session.run("npm", "install", *quiet, "--prefix=build/npm", PYODIDE, external=True)
    else:
        session.warn("no npm: Python will not start on the page try.html; install Node.js")
    shutil.rmtree("build/site", ignore_errors=True)
    session.run("sphinx-build", "-q", "-E", "-W", "--keep-going", "docs", "build/site")
    where = {"LAPLAS_SITE": str(SITE)}
    tests = ("tests/test_site.py", "tests/test_try.py")
    session.run("pytest", *FROM_WHEEL, *tests, *session.posargs, env=where)


@nox.session(requires=["build"])
def coverage(session: nox.Session) -> None:
    """All tests again, with what they cover."""
    run_tests(session, "-n", "auto", "--cov", "--cov-report=term:skip-covered", *session.posargs)


FROM_WHEEL = ("-o", "pythonpath=tests .")
"""Lets pytest import the tests and tools of this tree, not its packages."""


def install_for_tests(session: nox.Session) -> None:
    """Install the wheel that was built, and what its tests need."""
    groups = (*group("tools"), *group("test"))
    session.install(*CODEGEN, *groups, f"laplas[fast,local,stream,tools] @ file://{wheel()}")
    session.install("--no-deps", "--force-reinstall", wheel())


def run_tests(session: nox.Session, *arguments: str) -> None:
    """Run pytest with the wheel that was built."""
    install_for_tests(session)
    session.run("pytest", *FROM_WHEEL, *arguments)


@nox.session(requires=["build"])
def see(session: nox.Session) -> None:
    """Tracing and mocking tools, the real packages: each sees every request of a plain client."""
    session.install(*group("see"), f"laplas[stream] @ file://{wheel()}")
    session.install("--no-deps", "--force-reinstall", wheel())
    arguments = session.posargs or ["-n", "auto"]
    session.run("pytest", "-o", "pythonpath=tests/see", "tests/see", *arguments)


@nox.session(requires=["build"])  # nox does not queue what a session it is told of requires
def full(session: nox.Session) -> None:
    """What the plain command leaves out, all of it: CI runs this after that."""
    quick = ("lowest", "walk", "contract", "see", "count", "document")
    for name in ("networks", "tooling", "archive", "docs", "browser", *quick):
        session.notify(name)
    session.notify("vendored", ["--all"])


@nox.session
def count(session: nox.Session) -> None:
    """Count the budgets of the house; with `-- --check` fail where one is exceeded."""
    session.install(*group("tools"), "-e", ".")
    session.run("python", "-m", "tools.count", *session.posargs)


@nox.session
def record(session: nox.Session) -> None:
    """Record the cassettes: locally, or live with LAPLAS_API_KEY and LAPLAS_BASE_URL set."""
    session.install(*group("test"), "-e", ".[local]")
    session.run("python", "tests/record.py", *session.posargs)


@nox.session
def openai(session: nox.Session) -> None:
    """The openai package's own tests with our clients in the place of its: how many pass."""
    session.install(*group("test"), *group("suite"), "-e", ".")
    session.run("python", "tests/openai_suite.py", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Watch the five operations work, offline."""
    session.install("-e", ".")
    session.run("python", "-m", "laplas.demo")


@nox.session
def pictures(session: nox.Session) -> None:
    """Draw what notebooks and pages show, for the docs. Needs Chromium, and a font with 【】."""
    session.install("-e", ".[cli,local]", *group("browser"))
    session.run("python", "tools/pictures.py")
    session.run("python", "-m", "tools.pictures_view")
    session.run("python", "-m", "tools.pictures_page")
    session.run("python", "tools/pictures_terminal.py", *session.posargs)


@nox.session
def diff(session: nox.Session) -> None:
    """Say what changed between two OpenAPI documents, and whom it breaks: `-- OLD NEW`."""
    session.install(*CODEGEN, *group("tools"))
    session.run("python", "-m", "tools.apidiff", *session.posargs)


@nox.session
def upstream(session: nox.Session) -> None:
    """Compare a vendor's document with ours: `-- FILE_OR_URL`."""
    session.install(*CODEGEN, *group("tools"))
    session.run("python", "-m", "tools.upstream", *session.posargs)


@nox.session(name="api-change")
def api_change(session: nox.Session) -> None:
    """The round after a change of openapi.yaml; ends with patch, minor or major, and why."""
    groups = (*group("tools"), *group("types"), *group("test"))
    session.install(*CODEGEN, *groups, *REQUIRED)
    session.run("python", "-m", "tools.api_change", *session.posargs)


@nox.session
def walk(session: nox.Session) -> None:
    """Prove in copies that five changes need openapi.yaml alone, and what `api-change` says."""
    groups = (*group("tools"), *group("types"), *group("test"))
    # Not the project itself: mypy would find in this tree what was removed from the copy.
    session.install(*CODEGEN, *groups, *REQUIRED)
    session.run("python", "-m", "tools.walk", *session.posargs)
    if not session.posargs:
        rounds = ("tests/test_tools_api_change.py", "-k", "release")
        session.run("pytest", *rounds, env={"LAPLAS_WALK": "1"})


@nox.session
def soak(session: nox.Session) -> None:
    """Thousands of calls through a server that fails at random: nothing lost, nothing twice."""
    session.install(*group("test"), "-e", ".[local]")
    session.run("python", "tests/soak.py", *session.posargs)


@nox.session(requires=["build"])
def bench(session: nox.Session) -> None:
    """Speed and memory beside raw httpx and the openai package; `-- --quick` in a minute."""
    pins = {pin.partition("==")[0]: pin for pin in group("bench")}
    session.install(pins["matplotlib"])
    ours = (wheel(), pins["httpx"])
    environments = {
        "raw": (pins["httpx"],),
        "openai3": (pins["openai"],),
        "laplas": ours,
        "laplas_fast": (*ours, pins["msgspec"], pins["pyqwest"]),
    }
    folder = Path(session.create_tmp(), "environments")
    for name, needs in environments.items():
        place = str(folder / name)
        session.run("uv", "venv", "--quiet", "--allow-existing", place)
        options = ("--quiet", "--reinstall-package", "laplas", "--python", place)
        session.run("uv", "pip", "install", *options, *needs)
    session.run("python", "tools/bench/bench.py", "--environments", str(folder), *session.posargs)


@nox.session(name="bench-archive", requires=["build"])
def bench_archive(session: nox.Session) -> None:
    """Speed and memory of an export beside a plain loop over the openai package."""
    openai = next(pin for pin in group("bench") if pin.startswith("openai=="))
    session.install(
        "--reinstall-package", "laplas", f"laplas[cli,local] @ file://{wheel()}", openai
    )
    session.run("python", "tools/bench/archive.py", *session.posargs)


@nox.session(name="bench-archive-dask")
def bench_archive_dask(session: nox.Session) -> None:
    """Exports by asyncio alone, by Dask, and by a plain loop over openai's client."""
    session.install(*group("bench"), "-e", ".[dask,local]")
    session.run("python", "tools/bench/archive_dask.py", *session.posargs)


@nox.session(name="bench-local")
def bench_local(session: nox.Session) -> None:
    """What the embedded server bears, beside Prism: a full file, 200 clients, SIGKILL."""
    session.install("-e", ".[local]")
    session.run("python", "tools/bench/local_load.py", *session.posargs)


@nox.session
def contract(session: nox.Session) -> None:
    """Thousands of generated requests to the embedded server: it holds to openapi.yaml."""
    session.install(*group("test"), *group("contract"), "-e", ".[local]")
    environment = {"CONTRACT_EXAMPLES": "60"}
    arguments = ("-n", "auto", "tests/test_local_contract.py", *session.posargs)
    session.run("pytest", *arguments, env=environment)


@nox.session
def fuzz(session: nox.Session) -> None:
    """Coverage-guided fuzzing of all that reads a server's answers; `-- -max_total_time=600`."""
    session.install(*group("test"), *group("fuzz"), "-e", ".")
    arguments = session.posargs or ["-max_total_time=120", "-max_len=4096"]
    session.run("python", "tests/fuzz_decode.py", *arguments)


MUTANTS = """
[cosmic-ray]
module-path = "wrappers/laplas/_core/{0}.py"
timeout = 60.0
excluded-modules = []
test-command = "python -m pytest -x -q -p no:cacheprovider {1}"
distributor.name = "local"
filters.operators-filter.exclude-operators = ["core/ReplaceBinaryOperator_BitOr_.*"]
"""
"""That filter leaves out annotations, which are never evaluated."""


@nox.session
def mutants(session: nox.Session) -> None:
    """Mutation testing of what decides; fails under 90 % killed. Many minutes: `-- retry`."""
    session.install(*group("test"), *group("mutants"), *REQUIRED)
    tested_by = {
        "retry": ("retry",),
        "pagination": ("pagination",),
        "request": ("once", "arguments", "content", "options"),
    }
    copy = Path(session.create_tmp(), "copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(".", copy, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    with session.chdir(copy):
        for module in session.posargs or tested_by:
            tests = " ".join(f"tests/test_{name}.py" for name in tested_by[module])
            Path("mutants.toml").write_text(MUTANTS.format(module, tests))
            files, seed = ("mutants.toml", f"{module}.sqlite"), {"PYTHONHASHSEED": "0"}
            session.run("cosmic-ray", "init", *files)
            session.run("cr-filter-operators", *reversed(files))
            session.run("cosmic-ray", "exec", *files, env=seed)
            session.run("cr-report", "--surviving-only", "--show-diff", files[1])
            session.run("cr-rate", "--fail-over", "10", files[1])


@nox.session(requires=["build"])
def lowest(session: nox.Session) -> None:
    """On the lowest versions that the wheel allows, the tests of what uses what it requires."""
    if sys.version_info[:2] != (3, 11):
        session.skip("they go with the lowest Python, 3.11; newer ones lack wheels of some")
    session.install(*group("test"))
    # Apart, and exact: what the tests themselves need asks for a newer attrs.
    session.install(*(re.sub(">=([0-9.]+).*", r"==\1", line) for line in REQUIRED))
    session.install("--no-deps", "--force-reinstall", wheel())
    about = ("cassettes", "connections", "generated", "models", "local_http", "network", "streams")
    tests = [str(path) for name in about for path in Path("tests").glob(f"test_{name}*.py")]
    arguments = ("-q", "-n", "auto", *tests, *session.posargs)
    session.run("pytest", "-o", "pythonpath=tests", *arguments)


@nox.session(requires=["build"])
def vendored(session: nox.Session) -> None:
    """The wrapper's tests against a copy under another name; under two with `-- --all`."""
    stubs = (pin for pin in group("types") if pin.startswith("types-"))
    session.install(*group("test"), *stubs, f"laplas[fast,local,stream,tools] @ file://{wheel()}")
    session.install("--no-deps", "--force-reinstall", wheel())
    session.run("python", "tests/vendored.py", "-q", "-n", "auto", *session.posargs)


@nox.session(venv_backend="none")
def document(session: nox.Session) -> None:
    """The document without a warning of redocly or spectral, other makers' linters. Needs node."""
    strict = "--extends=recommended-strict"  # warnings are errors
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    redocly = ("npx", "--yes", "@redocly/cli@2.77.0", "lint", "openapi.yaml", strict)
    session.run(*redocly, env=quiet, external=True)
    spectral = ("npx", "--yes", "@stoplight/spectral-cli@6.16.3", "lint", "openapi.yaml")
    rules = ("--ruleset=tools/polyglot/spectral.yaml", "--fail-severity=warn")
    session.run(*spectral, *rules, external=True)


@nox.session
def polyglot(session: nox.Session) -> None:
    """The same calls from TypeScript and Python; every exchange checked by Prism. Needs node."""
    session.install("-e", ".[local]")
    session.run("python", "tools/polyglot/run.py")
