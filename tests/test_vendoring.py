"""A copy under another name works, says what it is, and is not lost by accident.

And what makes the packages movable: how they import, and the build files that describe them.
"""

from __future__ import annotations

import ast
import compileall
import hashlib
import importlib.util
import json
import marshal
import os
import shutil
import subprocess
import sys
import tomllib
import zipapp
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from vendored import BLOCKER

import laplas
from laplas import vendoring, verify
from laplas.vendoring._imports import make_relative
from laplas.verify import MANIFEST, digest
from laplas_api import models

ROOT = Path(__file__).resolve().parent.parent
WRAPPER = Path(laplas.__file__).parent
GENERATED = Path(models.__file__ or "").parent.parent

TALK = """
import {name} as laplas
with laplas.Laplas.local() as client:
    thread = client.threads.create()
    message = client.messages.create(thread.id, "Hello")
    print([m.text for m in client.messages.list(thread.id)], len(laplas.openapi()))
"""


def python(root: Path, *arguments: str, path: tuple[Path, ...] = ()) -> tuple[int, str]:
    """Run Python in `root`, which is on its path; returns exit status and output."""
    folders = os.pathsep.join(str(folder) for folder in (root, *path))
    environment = {**os.environ, "PYTHONPATH": folders, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    ended = subprocess.run(command, cwd=root, env=environment, text=True, capture_output=True)
    return ended.returncode, ended.stdout + ended.stderr


def ran(root: Path, code: str, path: tuple[Path, ...] = ()) -> str:
    """Run code that must succeed; returns what it printed."""
    status, output = python(root, "-W", "error", "-c", code, path=path)
    assert status == 0, output
    return output


def copy_into(parent: Path) -> Path:
    """Copy both packages as `cp -r` does."""
    for package in (WRAPPER, GENERATED):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(package, parent / package.name, ignore=ignored)
    return parent


def block(folder: Path) -> Path:
    """See that nothing imports the original where `folder` is on the path."""
    (folder / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    return folder


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the copy acme.third_party.laplas."""
    folder = block(tmp_path_factory.mktemp("root"))
    vendoring.vendor(folder / "acme" / "third_party")
    return folder


@pytest.fixture
def parent(tmp_path: Path, root: Path) -> Path:
    """A copy to do something to: the folder that holds both packages."""
    return shutil.copytree(root / "acme" / "third_party", tmp_path / "acme" / "third_party")


def test_the_original_cannot_be_imported_where_the_copy_is_tried(root: Path) -> None:
    """Else the tests below would prove little."""
    path = (WRAPPER.parent, GENERATED.parent)
    for name in ("laplas", "laplas_api", "laplas_api.models"):
        status, output = python(root, "-c", f"import {name}", path=path)
        assert (status, "is blocked" in output) == (1, True)


@pytest.mark.parametrize("namespace", ["acme", "acme.third_party", "one.two.three"])
def test_a_copy_works_under_any_namespace(tmp_path: Path, namespace: str) -> None:
    """With an `__init__.py` in the folders above and without."""
    parent = block(tmp_path).joinpath(*namespace.split("."))
    vendoring.vendor(parent)
    talk, expected = TALK.format(name=f"{namespace}.laplas"), f"['Hello'] {len(laplas.openapi())}\n"
    assert ran(tmp_path, talk) == expected
    for folder in (parent, *parent.relative_to(tmp_path).parents[:-1]):
        (tmp_path / folder / "__init__.py").touch()
    assert ran(tmp_path, talk) == expected


def test_a_namespace_parent_has_parts_in_several_folders(tmp_path: Path) -> None:
    """As where acme.app lies in one repository or wheel, and acme.laplas in another."""
    one, other = block(tmp_path) / "one", tmp_path / "other"
    vendoring.vendor(one / "acme")
    (other / "acme").mkdir(parents=True)
    (other / "acme" / "app.py").write_text(TALK.format(name="acme.laplas"), "utf-8")
    for path in ((one, other), (other, one)):
        assert ran(tmp_path, "import acme.app", path=path).startswith("['Hello']")


def test_copying_the_two_folders_is_enough(tmp_path: Path) -> None:
    copy_into(block(tmp_path) / "acme" / "lib")
    assert ran(tmp_path, TALK.format(name="acme.lib.laplas")).startswith("['Hello']")
    status, output = python(tmp_path, "-m", "acme.lib.laplas.verify")
    assert (status, "copied by hand" in output) == (2, True)


@pytest.mark.parametrize("strict", [(), ("--strict",)])
def test_type_checkers_find_nothing_in_a_copy(tmp_path: Path, strict: tuple[str, ...]) -> None:
    """Of a monorepo whose folders are packages; by mypy, plain and strict."""
    pytest.importorskip("mypy")
    vendoring.vendor(tmp_path / "acme" / "third_party")
    for folder in ("acme", "acme/third_party"):
        (tmp_path / folder / "__init__.py").touch()
    status, output = python(tmp_path, "-m", "mypy", *strict, "--cache-dir", os.devnull, "acme")
    assert status == 0, output


def test_without_the_embedded_server(tmp_path: Path) -> None:
    """The client needs nothing of what is left out; renewing takes nothing of others."""
    parent = block(tmp_path) / "acme"
    vendoring.vendor(parent)
    (parent / "other").mkdir()
    vendoring.vendor(parent, local=False)
    assert sorted(path.name for path in parent.iterdir()) == ["laplas", "laplas_api", "other"]
    assert not (parent / "laplas/local").exists()
    assert not (parent / "laplas/demo.py").exists()
    code = "import acme.laplas as l; print(l.Laplas(api_key='k').messages.prepare.list('t').url)"
    assert "/threads/t/messages" in ran(tmp_path, code)
    assert python(tmp_path, "-m", "acme.laplas.verify")[0] == 0


def test_logs_and_user_agent_keep_their_names_and_models_pickle(root: Path) -> None:
    code = """
import pickle
from acme.third_party.laplas import Laplas
from acme.third_party.laplas._sync import sending
with Laplas.local() as client:
    message = client.messages.retrieve("thread_abc123", "msg_abc123")
    sent = client.messages.prepare.list("thread_1")
print(sending.log.name, pickle.dumps(message).hex(), sent.headers["User-Agent"])
"""
    log, pickled, agent = ran(root, code).strip().split(" ", 2)
    own = laplas.Laplas(api_key="k").messages.prepare.list("thread_1").headers["User-Agent"]
    assert (log, agent) == ("laplas", own)
    assert own.startswith(f"laplas-python/{laplas.__version__} ")
    code = f"import pickle; message = pickle.loads(bytes.fromhex({pickled!r})); print(message.id)"
    code += "; print(type(message).__module__, type(message.content[0]).__module__)"
    package = "acme.third_party.laplas"
    modules = [f"{package}.models", f"{package}_api.models.text_content"]
    assert ran(root, code).split() == ["msg_abc123", *modules]


@pytest.mark.parametrize("first", ["laplas", "acme.third_party.laplas"])
def test_an_installed_copy_of_another_version_beside_it(tmp_path: Path, first: str) -> None:
    """Each keeps to itself, whichever is imported first: versions, models, errors and answers."""
    site, root = tmp_path / "site", tmp_path / "root"
    vendoring.vendor(root / "acme" / "third_party")
    copy_into(site)
    init = site / "laplas" / "__init__.py"
    text = init.read_text("utf-8").replace(f'"{laplas.__version__}"', '"9.9.9"')
    init.write_text(text, "utf-8")
    code = f"""
import sys, {first}
import laplas as installed, acme.third_party.laplas as vendored
for laplas in (installed, vendored):
    with laplas.Laplas.local() as client:
        message = client.messages.create("thread_abc123", "Hello")
        sent = client.messages.prepare.list("thread_abc123").headers["User-Agent"].split()[0]
        print(laplas.__version__, sent, type(message.content[0]).__module__)
assert installed.NotFoundError is not vendored.NotFoundError
for name in [name for name in sys.modules if "laplas" in name]:
    file = sys.modules[name].__file__
    assert file.startswith({str(root)!r} if name.startswith("acme.") else {str(site)!r}), file
"""
    version = laplas.__version__
    assert ran(root, code, path=(site,)).splitlines() == [
        "9.9.9 laplas-python/9.9.9 laplas_api.models.text_content",
        f"{version} laplas-python/{version} acme.third_party.laplas_api.models.text_content",
    ]


def test_a_zipapp_with_its_requirements(tmp_path: Path) -> None:
    """It runs without any installed package, and reads the document out of the archive."""
    source = tmp_path / "app"
    vendoring.vendor(source / "acme" / "third_party")
    for name in closure(vendoring.REQUIRES):
        for file in metadata.distribution(name).files or ():
            if file.parts[0] != ".." and "__pycache__" not in file.parts:
                (source / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), source / file)
    (source / "__main__.py").write_text(TALK.format(name="acme.third_party.laplas"), "utf-8")
    zipapp.create_archive(source, tmp_path / "app.pyz")
    shutil.rmtree(source)
    status, output = python(tmp_path, "-I", "-S", "app.pyz")
    assert (status, output) == (0, f"['Hello'] {len(laplas.openapi())}\n")


def closure(requirements: Iterable[str]) -> set[str]:
    """The names of what requirements need, themselves included."""
    found: set[str] = set()
    pending = [Requirement(line) for line in requirements]
    while pending:
        wanted = pending.pop()
        is_wanted = wanted.marker is None or wanted.marker.evaluate({"extra": ""})
        if wanted.name not in found and is_wanted:
            found.add(wanted.name)
            pending += [Requirement(line) for line in metadata.requires(wanted.name) or ()]
    return found


def test_the_manifest(parent: Path) -> None:
    manifest = json.loads((parent / MANIFEST).read_text("utf-8"))
    document = (ROOT / "openapi.yaml").read_bytes()
    pin = "openapi-python-client=="
    pins = (ROOT / "tools" / "codegen" / "requirements.txt").read_text("utf-8").splitlines()
    generator = next(line.removeprefix(pin) for line in pins if line.startswith(pin))
    assert manifest["version"] == laplas.__version__
    assert manifest["document_sha256"] == hashlib.sha256(document).hexdigest()
    assert manifest["generator"] == f"openapi-python-client {generator}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert manifest["requires"] == project["dependencies"]
    present = {p.relative_to(parent).as_posix() for p in parent.rglob("*") if p.is_file()}
    assert manifest["files"].keys() == present - {MANIFEST}
    assert {"laplas/LICENSE", "laplas/py.typed", "laplas_api/openapi.yaml"} <= present
    assert (parent / "laplas/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert laplas.openapi().encode() == document


VENDOR = ("-m", "acme.third_party.laplas.vendoring", "--into")
VERIFY = [["-m", "acme.third_party.laplas.verify"], ["acme/third_party/laplas/verify.py"]]


@pytest.mark.parametrize("how", VERIFY)
def test_a_copy_as_it_was_made(root: Path, how: list[str]) -> None:
    """-S: without installed packages. Run as a file, it does not even load the copy."""
    status, output = python(root, "-S", *how)
    assert status == 0
    assert f"laplas {laplas.__version__}, vendored in {root / 'acme/third_party'}" in output
    assert digest((ROOT / "openapi.yaml").read_bytes()) in output
    assert "all as they were" in output


def test_what_is_no_edit(parent: Path) -> None:
    """Build files, compiled modules, other line ends, another format; so it may be renewed, too."""
    (parent / "laplas/BUILD").write_text("python_sources()\n")
    for level in (0, 2):
        assert compileall.compile_dir(parent, quiet=1, optimize=level)
    for path in parent.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert python(parent, "laplas/verify.py")[0] == 0
    file = parent / "laplas/errors.py"
    written = file.read_bytes().replace(b"\r", b"")
    lines = written.replace(b"\n\n\n", b"\n\n").splitlines(keepends=True)
    imports = [line for line in lines if line.startswith((b"import ", b"from "))]
    moved = [line for line in lines if line not in imports[1:]]
    moved[moved.index(imports[0])] = b"".join([imports[0], *reversed(imports[1:])])
    file.write_bytes(b"# ours\n" + b"".join(moved))
    status, output = python(parent, "laplas/verify.py")
    assert (status, "all as they were, 1 reformatted" in output) == (0, True), output
    vendoring.vendor(parent)
    assert file.read_bytes() == written


def plant(file: Path, code: str, *, flags: int = 0) -> None:
    """Compile other code for a module, which Python would run for it."""
    stat, compiled = file.stat(), compile(code, file, "exec")
    header = importlib.util.MAGIC_NUMBER + flags.to_bytes(4, "little")
    made_for = [int(stat.st_mtime), stat.st_size] if flags == 0 else [0, 0]
    header += b"".join(number.to_bytes(4, "little") for number in made_for)
    target = Path(importlib.util.cache_from_source(str(file)))
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(header + marshal.dumps(compiled))


PLANTED: dict[str, Callable[[Path], object]] = {
    "laplas/evil.pyc": lambda at: (at / "laplas/evil.pyc").touch(),
    "laplas/__pycache__/evil.py": lambda at: (at / "laplas/__pycache__/evil.py").touch(),
    "laplas/__pycache__/gone.cpython-311.pyc": lambda at: (
        at / "laplas/__pycache__/gone.cpython-311.pyc"
    ).touch(),
    "laplas/__pycache__/errors": lambda at: plant(at / "laplas/errors.py", "x = 1"),
    "laplas/__pycache__/content": lambda at: plant(at / "laplas/content.py", "x = 1", flags=1),
    "laplas_api/linked/x.py": lambda at: (at / "laplas_api/linked").symlink_to(at / "other"),
    "laplas/link.py": lambda at: (at / "laplas/link.py").symlink_to(at / "other/x.py"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_code_is_found(parent: Path, name: str) -> None:
    """Compiled, in a cache, or behind a link."""
    (parent / "other").mkdir()
    (parent / "other/x.py").touch()
    (parent / "laplas/__pycache__").mkdir(exist_ok=True)
    PLANTED[name](parent)
    status, output = python(parent, "laplas/verify.py")
    assert (status, f"extra:   {name}" in output) == (1, True), output


def test_what_cannot_be_told_has_a_status_of_its_own(parent: Path, tmp_path: Path) -> None:
    """A copy in a zip, where there are no files to compare."""
    (tmp_path / "acme/__main__.py").touch()
    zipapp.create_archive(tmp_path / "acme", tmp_path / "app.zip")
    status, output = python(
        tmp_path, "-m", "third_party.laplas.verify", path=(tmp_path / "app.zip",)
    )
    assert (status, "Traceback" in output) == (2, False), output


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_copy_is_renewed_whole_or_not_at_all(
    parent: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    before, renamed = snapshot(parent), []
    rename = Path.rename

    def fail_once(self: Path, target: Path) -> Path:
        renamed.append(self)
        if len(renamed) == failing:
            raise OSError("disk")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(OSError, match="disk"):
        vendoring.vendor(parent)
    assert snapshot(parent) == before


def test_links_into_a_store_of_contents(root: Path, tmp_path: Path) -> None:
    """As build systems make: each file a link to where its neighbours are not, nothing writable."""
    tree, store = tmp_path / "tree", tmp_path / "store"
    store.mkdir()
    for name in snapshot(root):
        source, link = root / name, tree / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(shutil.copy(source, store / digest(name.encode())))
    for folder in (store, *(path for path in tree.rglob("*") if path.is_dir())):
        folder.chmod(0o555)
    try:
        for how in VERIFY:
            status, output = python(tree, *how)
            assert (status, "all as they were" in output) == (0, True), output
        other = tmp_path / "acme" / "third_party"
        assert python(tree, *VENDOR, str(other))[0] == 0
        assert snapshot(other) == snapshot(root / "acme" / "third_party")
    finally:
        for folder in (tree, *(path for path in tree.rglob("*") if path.is_dir())):
            folder.chmod(0o755)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"files": 1}'])
def test_a_broken_manifest_is_no_approval(parent: Path, manifest: str) -> None:
    (parent / MANIFEST).write_text(manifest)
    status, output = python(parent, "laplas/verify.py")
    assert (status, "VENDOR.json cannot be read" in output) == (2, True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\n", "edited:  laplas/content.py"),
        ("<<<<<<< no Python\n", "edited:  laplas/content.py"),
        (None, "missing: laplas_api/models/text.py"),
        ("", "extra:   laplas/extra.py"),
    ],
)
def test_an_edited_copy_is_named_and_not_overwritten(
    parent: Path, capsys: pytest.CaptureFixture[str], text: str | None, line: str
) -> None:
    """Unless forced."""
    file = parent / line.split()[1]
    file.unlink() if text is None else file.write_text(text)
    status, output = python(parent, "laplas/verify.py")
    assert (status, output.splitlines()[-1].strip()) == (1, line)
    before = snapshot(parent)
    assert vendoring.main(["--into", str(parent)]) == 1
    assert line in capsys.readouterr().err
    assert snapshot(parent) == before
    assert vendoring.main(["--into", str(parent), "--force"]) == 0
    assert python(parent, "laplas/verify.py")[0] == 0


def test_an_edited_copy_is_not_copied_on(parent: Path, tmp_path: Path) -> None:
    """Its new manifest would call the edits original."""
    (parent / "laplas/content.py").write_text("x = 1\n")
    status, output = python(tmp_path, *VENDOR, str(tmp_path / "other"))
    assert (status, "edited:  laplas/content.py" in output) == (1, True)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("present", "into", "why"),
    [
        ("acme/laplas", "acme", "may be anything"),
        ("acme/laplas_api", "acme", "may be anything"),
        ("acme", "third-party", "'third-party' cannot be"),
        ("acme", "third-party/acme", "'third-party' cannot be"),
        ("acme", "acme/class", "'class' cannot be"),
    ],
)
def test_a_refusal_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: str, into: str, why: str
) -> None:
    (tmp_path / present).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(vendoring.Refused, match=why):
        vendoring.vendor(Path(into))
    folders = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert folders == {"acme", present}


def test_another_version_is_named(parent: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """So that nobody goes back to an older one unawares."""
    manifest = parent / MANIFEST
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace(laplas.__version__, "9.9.9", 1), "utf-8")
    for end in (", in place of 9.9.9\n", f" copied into {parent}\n"):
        assert vendoring.main(["--into", str(parent)]) == 0
        assert capsys.readouterr().out.endswith(end)


def test_a_copy_of_a_copy_is_the_same(root: Path, tmp_path: Path) -> None:
    """Also where it replaces itself."""
    first = snapshot(root / "acme")
    for target in (tmp_path / "acme" / "third_party", root / "acme" / "third_party"):
        assert python(root, *VENDOR, str(target))[0] == 0
        assert snapshot(target.parent) == first


def snapshot(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digest(path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


NAMED_BY = {
    # The way to the network, by hand and derived; and the embedded server's own transport, and its
    # way to a model that writes the replies.
    "httpx": {"transport.py", "_chat.py"},
    "httpcore": {"transport.py"},
    # What httpx brings along, too, and is not declared.
    "h11": set[str](),
    "certifi": set[str](),
    "anyio": set[str](),
    # The way to it; and what copies and compares the folder of that name, but imports nothing.
    "laplas_api": {"generated.py", "__init__.py", "_build_files.py", "_verify.py"},
}
"""The only modules of the wrapper that may name a package."""


def imported(tree: ast.AST) -> Iterator[str]:
    """The absolute imports in a module: dotted names as they are written."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def top(name: str) -> str:
    """The package that a dotted name, or a path, begins with."""
    return name.lstrip(".").partition(".")[0].partition("/")[0]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def named(tree: ast.AST) -> set[str]:
    """The packages a module imports, or could import by a name in a string; but for docstrings."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    strings = [c.value for c in constants if isinstance(c.value, str) and id(c) not in alone]
    return {top(name) for name in [*imported(tree), *strings]}


def test_each_door_is_the_only_one() -> None:
    doors: dict[str, set[str]] = {package: set() for package in NAMED_BY}
    for path in WRAPPER.rglob("*.py"):
        for package in named(parsed(path)) & NAMED_BY.keys():
            doors[package].add(path.name)
    assert doors == NAMED_BY
    assert named(ast.parse("x = import_module('laplas_api.models')")) == {"laplas_api"}
    assert named(ast.parse("'''laplas_api'''")) == set()


def test_own_modules_are_imported_relatively() -> None:
    """So neither package depends on its name. The embedded server takes only the tables.

    But for type checkers: the door, and the classes that the wrapper makes of the generated ones.
    """
    for path in (*WRAPPER.rglob("*.py"), *GENERATED.rglob("*.py")):
        tree = parsed(path)
        own = {name for name in imported(tree) if top(name) in verify.PACKAGES}
        if path in (WRAPPER / "generated.py", WRAPPER / "__init__.py"):
            own = {name for name in own if top(name) != "laplas_api"}
        elif path.parent.name == "resources":
            own = {name for name in own if not name.startswith("laplas.types")}
        assert not own, path
        above = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level > 1]
        if path.parent == WRAPPER / "local":
            assert {(n.level, n.module) for n in above} <= {(2, "generated")}, path
    # `python laplas/verify.py` puts the folder first, and takes it out again.
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


ABSOLUTE = ["import laplas_api.models", "import os, laplas", "from \\\n  laplas_api import x"]
ABSOLUTE += ["import_module('laplas_api.models')", "__import__('laplas')"]
ABSOLUTE += ["importlib.import_module(name=f'laplas_api.{x}')"]


@pytest.mark.parametrize("statement", ABSOLUTE)
def test_an_import_that_cannot_become_relative_is_refused(statement: str) -> None:
    """Nothing is copied then that would import an installed laplas, or fail without one."""
    with pytest.raises(ValueError, match=r"^laplas/a/x\.py, line 2: write 'from"):
        make_relative("laplas/a/x.py", f"x = 1\n{statement}\n".encode())


def targets(package: Path, file: str, namespace: str) -> dict[str, dict[str, Any]]:
    """Run a build file with stand-ins for what its build system offers.

    Returns the arguments of each target by its name, globs resolved.
    """
    found: dict[str, dict[str, Any]] = {}

    def glob(patterns: Sequence[str]) -> list[str]:
        paths = (path for pattern in patterns for path in package.glob(pattern) if path.is_file())
        return sorted(path.relative_to(package).as_posix() for path in paths)

    def target(*_: object, name: str = "", sources: Sequence[str] = (), **arguments: Any) -> None:
        assert name not in found
        if name:
            found[name] = {"srcs": glob(sources), **arguments}

    offered: dict[str, Any] = defaultdict(lambda: target, glob=glob)
    offered["package_name"] = lambda: f"{namespace}/{package.name}"
    offered["build_file_dir"] = lambda: Path(namespace, package.name)
    exec(compile((package / file).read_text("utf-8"), file, "exec"), {}, offered)
    return found


def third_party(package: Path) -> set[str]:
    """The distributions that the package imports, of those that the SDK requires."""
    modules = {name: name for name in ("attrs", "httpcore", "httpx")}
    modules["dateutil"] = "python_dateutil"
    names = {top(name) for path in package.rglob("*.py") for name in imported(parsed(path))}
    return {modules[name] for name in names if name in modules}


@pytest.mark.parametrize(("system", "file"), [("bazel", "BUILD.bazel"), ("pants", "BUILD")])
def test_build_files_hold_all_and_say_what_it_needs(tmp_path: Path, system: str, file: str) -> None:
    """Imports are found by Pants, the dynamic ones are declared; Bazel is told of all."""
    vendoring.vendor(tmp_path / "third_party", build_files=system)
    packages = [tmp_path / "third_party" / name for name in verify.PACKAGES]
    needs = []
    for package in packages:
        found = targets(package, file, "acme/third_party")
        held = [name for t in found.values() for name in (*t["srcs"], *t.get("data", ()))]
        assert {*held} == snapshot(package).keys() - {*verify.BUILD_FILES}
        own = found[package.name]
        needs.append({*own.get("deps", ()), *own.get("dependencies", ())})
    if system == "bazel":
        third = {f"@pypi//{name}" for package in packages for name in third_party(package)}
        assert needs == [{"//acme/third_party/laplas_api", *third}, third]
    else:
        assert needs == [{":files", "acme/third_party/laplas_api"}, {":files"}]


@pytest.mark.parametrize("system", ["bazel", "pants"])
def test_build_files_belong_to_the_repository(tmp_path: Path, system: str) -> None:
    """One that is there stays as it is, and is no edit of the copy; --force replaces it."""
    vendoring.vendor(tmp_path / "acme", build_files=system)
    wrapper, generated = tmp_path / "acme" / "laplas", tmp_path / "acme" / "laplas_api"
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
