"""What is released: wheel and sdist are reproducible, complete, and need what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.parser import BytesParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from test_vendoring import python

from laplas import vendoring
from laplas.verify import digest

ROOT = Path(__file__).resolve().parent.parent

pytest.importorskip("hatchling", reason="the build backend is not installed")


def build(source: Path, folder: Path) -> tuple[Path, Path]:
    """Build wheel and sdist of the tree `source` into `folder`."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def unpacked(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(built[1]) as archive:
        archive.extractall(folder, filter="data")
    return next(folder.iterdir())


@pytest.fixture
def site(built: tuple[Path, Path], tmp_path: Path) -> Path:
    """A folder of installed packages that holds the wheel's."""
    with zipfile.ZipFile(built[0]) as archive:
        archive.extractall(tmp_path / "site")
    return tmp_path / "site"


def test_a_build_is_reproducible(built: tuple[Path, Path], unpacked: Path, tmp_path: Path) -> None:
    """From another folder, with other times and permissions, and from the sdist alone."""
    tree = shutil.copytree(unpacked, tmp_path / "tree")
    (tree / "PKG-INFO").unlink()  # what an sdist has more than the tree it is made from
    for path in tree.rglob("*"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
        path.chmod(0o777 if path.is_dir() else 0o600)
    for one, other in zip(built, build(tree, tmp_path / "dist"), strict=True):
        assert one.name == other.name
        assert one.read_bytes() == other.read_bytes(), f"{one.name} is not reproducible"


def test_released_is_what_is_needed_and_nothing_made_on_the_way(unpacked: Path, site: Path) -> None:
    """The sdist carries the document and the tests, the wheel what is imported alone."""
    for name in ("openapi.yaml", "noxfile.py", "tools/codegen/regenerate.py"):
        assert (unpacked / name).read_bytes() == (ROOT / name).read_bytes()
    tests = [{p.name for p in (tree / "tests").glob("*.py")} for tree in (ROOT, unpacked)]
    assert tests[0] == tests[1]
    made = {".nox", "build", "dist", "node_modules", "__pycache__", ".git", ".hypothesis"}
    for folder in (unpacked, site):
        assert not made & {part for path in folder.rglob("*") for part in path.parts[-2:]}
    packages = {path.name for path in site.iterdir() if path.suffix != ".dist-info"}
    assert packages == {"laplas", "laplas_api", "laplas_pytest.py"}


def test_the_core_needs_four_packages(site: Path) -> None:
    """And the ones a vendored copy is told to have beside it."""
    (file,) = site.glob("*.dist-info/METADATA")
    lines = BytesParser().parsebytes(file.read_bytes()).get_all("Requires-Dist") or ()
    required = [Requirement(line) for line in lines]
    core = [str(r) for r in required if r.marker is None]
    names = {Requirement(line).name for line in core}
    assert names == {"httpx", "httpcore", "attrs", "python-dateutil"}
    assert sorted(core) == sorted(str(Requirement(line)) for line in vendoring.REQUIRES)
    extras = {str(r.marker).split('"')[1] for r in required if r.marker is not None}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert extras == project["optional-dependencies"].keys()


def test_the_wheel_holds_the_document_and_its_hash(site: Path) -> None:
    document = (site / "laplas_api/openapi.yaml").read_bytes()
    assert document == (ROOT / "openapi.yaml").read_bytes()
    status, output = python(site, "-m", "laplas.verify")
    assert status == 0, output
    assert f"installed in {site}" in output
    assert digest(document) in output


@pytest.mark.parametrize("change", ["edited:  laplas/content.py", "missing: laplas/demo.py"])
def test_an_installed_package_that_was_edited(site: Path, change: str) -> None:
    """It is compared with the record that installers keep."""
    file = site / change.split()[1]
    file.write_text("") if change.startswith("edited") else file.unlink()
    status, output = python(site, "-m", "laplas.verify")
    assert (status, output.splitlines()[-1].strip()) == (1, change)


def test_vendoring_from_the_wheel_is_vendoring_from_the_tree(site: Path, tmp_path: Path) -> None:
    status, output = python(site, "-m", "laplas.vendoring", "--into", str(tmp_path / "acme"))
    assert status == 0, output
    copied = tmp_path / "acme"
    shutil.rmtree(site)
    files = {p.relative_to(copied).as_posix(): p for p in copied.rglob("*") if p.is_file()}
    assert {name: path.read_bytes() for name, path in files.items()} == vendoring.contents()
