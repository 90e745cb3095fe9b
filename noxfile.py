"""Everything that is run, for people and for CI: ``nox`` runs the checks, ``nox --list`` the rest."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

nox.options.default_venv_backend = "uv"
nox.options.error_on_external_run = True
nox.options.reuse_venv = "yes"
nox.options.sessions = ["lint", "types", "drift", "core", "tests"]

PROJECT = nox.project.load_toml("pyproject.toml")
CODEGEN = ("-r", "codegen/requirements.txt")


def group(name: str) -> tuple[str, ...]:
    """The exact pins of a dependency group."""
    return nox.project.dependency_groups(PROJECT, name)


def wheel() -> str:
    """The wheel that the session `build` made of this tree."""
    return str(next(Path("dist").glob("*.whl")).resolve())


@nox.session
def build(session: nox.Session) -> None:
    """Build wheel and sdist into dist/."""
    session.install(*group("build"))
    shutil.rmtree("dist", ignore_errors=True)
    session.run("python", "-m", "build", "--no-isolation", silent=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Style: ruff's rules and format."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types: mypy --strict on all code, pyright on the packages."""
    session.install(*CODEGEN, *group("types"), *group("test"), "-e", ".[local]")
    session.run("mypy", "generated", "wrappers", "tests", "codegen", "noxfile.py")
    session.run("pyright")


@nox.session
def generate(session: nox.Session) -> None:
    """Regenerate generated/ from openapi.yaml; with `-- --check` only compare."""
    session.install(*CODEGEN)
    session.run("python", "codegen/regenerate.py", *session.posargs)


@nox.session
def drift(session: nox.Session) -> None:
    """Prove that generated/ is what openapi.yaml makes: the same as `generate -- --check`."""
    session.install(*CODEGEN)
    session.run("python", "codegen/regenerate.py", "--check")


@nox.session(requires=["build"], reuse_venv=False)
def core(session: nox.Session) -> None:
    """The plain install in a clean environment: the demo runs on it."""
    session.install(wheel())
    session.run("python", "-m", "laplas.demo", silent=True)


@nox.session(requires=["build"])
def tests(session: nox.Session) -> None:
    """The tests, against the built wheel in an environment without this tree's packages."""
    session.install(*CODEGEN, *group("test"), f"laplas[local] @ file://{wheel()}")
    session.install("--no-deps", "--force-reinstall", wheel())
    arguments = session.posargs or ["--cov", "--cov-report=term:skip-covered"]
    session.run("pytest", "-o", "pythonpath=tests", *arguments)


@nox.session
def record(session: nox.Session) -> None:
    """Record the cassettes: on the local server, or live with LAPLAS_API_KEY and LAPLAS_BASE_URL."""
    session.install(*group("test"), "-e", ".[local]")
    session.run("python", "tests/record.py", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Watch the five operations work, offline."""
    session.install("-e", ".")
    session.run("python", "-m", "laplas.demo")
