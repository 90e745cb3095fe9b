"""A copy under another name works, says what it is, and is not lost by accident."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipapp
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from vendored import BLOCKER

import laplas
from laplas import vendoring
from laplas.verify import MANIFEST, digest
from laplas_api import models

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (Path(laplas.__file__).parent, Path(models.__file__ or "").parent.parent)
"""Both packages, wherever they were imported from."""

TALK = """
import {name} as laplas
with laplas.Laplas.local() as client:
    thread = client.threads.create()
    message = client.messages.create(thread.id, "Hello")
    print([m.text for m in client.messages.list(thread.id)], len(laplas.openapi()))
"""


def python(root: Path, *arguments: str, path: tuple[Path, ...] = ()) -> tuple[int, str]:
    """Run Python in `root`, which is on its path; returns exit status and output."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(folder) for folder in (root, *path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
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
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(package, parent / package.name, ignore=ignored)
    return parent


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the copy acme.third_party.laplas, where nothing imports the original."""
    folder = tmp_path_factory.mktemp("root")
    (folder / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    vendoring.vendor(folder / "acme" / "third_party")
    return folder


@pytest.fixture
def parent(tmp_path: Path, root: Path) -> Path:
    """A copy to do something to: the folder that holds both packages."""
    return shutil.copytree(root / "acme" / "third_party", tmp_path / "acme" / "third_party")


# ---- a copy works -----------------------------------------------------------------------------


def test_the_original_cannot_be_imported_where_the_copy_is_tried(root: Path) -> None:
    """Else the tests below would prove little."""
    for name in ("laplas", "laplas_api", "laplas_api.models"):
        status, output = python(
            root, "-c", f"import {name}", path=tuple(p.parent for p in PACKAGES)
        )
        assert (status, "is blocked" in output) == (1, True)


@pytest.mark.parametrize("namespace", ["acme", "acme.third_party", "one.two.three"])
@pytest.mark.parametrize("regular", [False, True], ids=["PEP 420", "regular package"])
def test_a_copy_works_under_any_namespace(tmp_path: Path, namespace: str, regular: bool) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    parent = tmp_path.joinpath(*namespace.split("."))
    vendoring.vendor(parent)
    if regular:
        for folder in (parent, *parent.relative_to(tmp_path).parents[:-1]):
            (tmp_path / folder / "__init__.py").touch()
    expected = f"['Hello'] {len(laplas.openapi())}\n"
    assert ran(tmp_path, TALK.format(name=f"{namespace}.laplas")) == expected


def test_a_namespace_parent_has_parts_in_several_folders(tmp_path: Path) -> None:
    """As where acme.app lies in one repository or wheel, and acme.laplas in another."""
    (tmp_path / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    one, other = tmp_path / "one", tmp_path / "other"
    vendoring.vendor(one / "acme")
    (other / "acme").mkdir(parents=True)
    (other / "acme" / "app.py").write_text(TALK.format(name="acme.laplas"), "utf-8")
    for path in ((one, other), (other, one)):
        assert ran(tmp_path, "import acme.app", path=path).startswith("['Hello']")


def test_copying_the_two_folders_is_enough(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    copy_into(tmp_path / "acme" / "lib")
    assert ran(tmp_path, TALK.format(name="acme.lib.laplas")).startswith("['Hello']")
    status, output = python(tmp_path, "-m", "acme.lib.laplas.verify")
    assert status == 2
    assert "copied by hand" in output


def test_without_the_embedded_server(tmp_path: Path) -> None:
    """The client needs nothing of what is left out."""
    (tmp_path / "sitecustomize.py").write_text(BLOCKER, "utf-8")
    vendoring.vendor(tmp_path / "acme", local=False)
    assert not (tmp_path / "acme/laplas/local").exists()
    assert not (tmp_path / "acme/laplas/demo.py").exists()
    code = (
        "from acme.laplas import Laplas\n"
        "print(Laplas(api_key='k').messages.prepare.list('thread_1').url)\n"
    )
    assert "/threads/thread_1/messages" in ran(tmp_path, code)
    assert python(tmp_path, "-m", "acme.laplas.verify")[0] == 0


def test_logs_and_user_agent_keep_their_names(root: Path) -> None:
    code = (
        "from acme.third_party.laplas import Laplas\n"
        "from acme.third_party.laplas._sync import sending\n"
        "request = Laplas(api_key='k').messages.prepare.list('thread_1')\n"
        "print(sending.log.name, request.headers['User-Agent'])\n"
    )
    own = laplas.Laplas(api_key="k").messages.prepare.list("thread_1").headers["User-Agent"]
    assert ran(root, code) == f"laplas {own}\n"
    assert own.startswith(f"laplas-python/{laplas.__version__} ")


def test_models_pickle_from_process_to_process(root: Path) -> None:
    write = (
        "import pickle\n"
        "from acme.third_party.laplas import Laplas\n"
        "with Laplas.local() as client:\n"
        "    message = client.messages.retrieve('thread_abc123', 'msg_abc123')\n"
        "print(pickle.dumps(message).hex())\n"
    )
    read = (
        "import pickle, sys\n"
        f"message = pickle.loads(bytes.fromhex({ran(root, write).strip()!r}))\n"
        "print(type(message).__module__, type(message.content[0]).__module__, message.id)\n"
    )
    assert ran(root, read).split() == [
        "acme.third_party.laplas.models",
        "acme.third_party.laplas_api.models.text_content",
        "msg_abc123",
    ]


@pytest.mark.parametrize("first", ["installed", "vendored"])
def test_an_installed_copy_of_another_version_beside_it(tmp_path: Path, first: str) -> None:
    """Each keeps to itself, whichever is imported first: versions, models, errors and answers."""
    site, root = tmp_path / "site", tmp_path / "root"
    vendoring.vendor(root / "acme" / "third_party")
    copy_into(site)
    init = site / "laplas" / "__init__.py"
    text = init.read_text("utf-8").replace(f'"{laplas.__version__}"', '"9.9.9"')
    init.write_text(text, "utf-8")
    code = (
        """
import sys
def installed():
    import laplas
    return laplas
def vendored():
    import acme.third_party.laplas
    return acme.third_party.laplas
made = [FIRST(), installed(), vendored()][1:]
for laplas in made:
    with laplas.Laplas.local() as client:
        message = client.messages.create("thread_abc123", "Hello")
        sent = client.messages.prepare.list("thread_abc123").headers["User-Agent"].split()[0]
        print(laplas.__version__, sent, type(message.content[0]).__module__)
assert made[0].NotFoundError is not made[1].NotFoundError
own = [name for name in sys.modules if "laplas" in name]
for name in own:
    file = sys.modules[name].__file__
    assert file.startswith(ROOT if name.startswith("acme.") else SITE), (name, file)
""".replace("FIRST", first)
        .replace("ROOT", repr(str(root)))
        .replace("SITE", repr(str(site)))
    )
    version = laplas.__version__
    assert ran(root, code, path=(site,)).splitlines() == [
        "9.9.9 laplas-python/9.9.9 laplas_api.models.text_content",
        f"{version} laplas-python/{version} acme.third_party.laplas_api.models.text_content",
    ]


def test_a_zipapp_with_its_requirements(tmp_path: Path) -> None:
    """It runs without any installed package, and reads the document out of the archive."""
    source = tmp_path / "app"
    vendoring.vendor(source / "acme" / "third_party")
    needed = {"laplas"}
    for requirement in vendoring.REQUIRES:
        needed |= closure(requirement)
    for name in needed - {"laplas"}:
        for file in metadata.distribution(name).files or ():
            if file.parts[0] != ".." and "__pycache__" not in file.parts:
                (source / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), source / file)
    (source / "__main__.py").write_text(TALK.format(name="acme.third_party.laplas"), "utf-8")
    zipapp.create_archive(source, tmp_path / "app.pyz")
    shutil.rmtree(source)
    status, output = python(tmp_path, "-I", "-S", "app.pyz")
    assert (status, output) == (0, f"['Hello'] {len(laplas.openapi())}\n")


def closure(requirement: str) -> set[str]:
    """The names of what a requirement needs, itself included."""
    found: set[str] = set()
    pending = [Requirement(requirement)]
    while pending:
        wanted = pending.pop()
        if wanted.name not in found and (
            wanted.marker is None or wanted.marker.evaluate({"extra": ""})
        ):
            found.add(wanted.name)
            pending += [Requirement(line) for line in metadata.requires(wanted.name) or ()]
    return found


# ---- a copy says what it is -------------------------------------------------------------------


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


def test_a_copy_as_it_was_made(root: Path) -> None:
    status, output = python(root, "-m", "acme.third_party.laplas.verify")
    assert status == 0
    assert f"laplas {laplas.__version__}, vendored in {root / 'acme/third_party'}" in output
    assert hashlib.sha256((ROOT / "openapi.yaml").read_bytes()).hexdigest() in output
    assert "all as they were" in output


@pytest.mark.parametrize("how", [["-m", "acme.third_party.laplas.verify"], ["VERIFY"]])
def test_verifying_needs_only_the_standard_library(root: Path, how: list[str]) -> None:
    """-S: without installed packages. Run as a file, it does not even load the copy."""
    file = str(root / "acme/third_party/laplas/verify.py")
    assert python(root, "-S", *[file if part == "VERIFY" else part for part in how])[0] == 0


def edit(parent: Path, name: str = "laplas/content.py", text: str | None = "x = 1\n") -> None:
    """Append to a file, or remove it."""
    if text is None:
        (parent / name).unlink()
    else:
        with (parent / name).open("a") as file:
            file.write(text)


def build_file(parent: Path) -> None:
    (parent / "laplas/BUILD").write_text("python_sources()\n")


def compiled(parent: Path) -> None:
    (parent / "laplas/__pycache__").mkdir(exist_ok=True)
    (parent / "laplas/__pycache__/x.pyc").touch()


def windows_line_ends(parent: Path) -> None:
    for file in parent.rglob("*.py"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("change", [build_file, compiled, windows_line_ends])
def test_what_is_no_edit(parent: Path, change: Callable[[Path], None]) -> None:
    change(parent)
    assert python(parent, "laplas/verify.py")[0] == 0


def test_what_is_reformatted_is_no_edit(parent: Path) -> None:
    """It is of the same code; so the copy may be renewed, too."""
    file = parent / "laplas/errors.py"
    written = file.read_text("utf-8")
    file.write_text("# ours\n" + written.replace("\n\n\n", "\n\n"), "utf-8")
    status, output = python(parent, "laplas/verify.py")
    assert (status, "all as they were, 1 reformatted" in output) == (0, True)
    vendoring.vendor(parent)
    assert file.read_text("utf-8") == written


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
        for how in (
            ["-m", "acme.third_party.laplas.verify"],
            ["acme/third_party/laplas/verify.py"],
        ):
            status, output = python(tree, *how)
            assert (status, "all as they were" in output) == (0, True), output
        other = tmp_path / "acme" / "third_party"
        command = ("-m", "acme.third_party.laplas.vendoring", "--into", str(other))
        assert python(tree, *command)[0] == 0
        assert snapshot(other) == snapshot(root / "acme" / "third_party")
    finally:
        for folder in (tree, *(path for path in tree.rglob("*") if path.is_dir())):
            folder.chmod(0o755)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"files": 1}'])
def test_a_broken_manifest_is_no_approval(parent: Path, manifest: str) -> None:
    (parent / MANIFEST).write_text(manifest)
    status, output = python(parent, "laplas/verify.py")
    assert status == 2
    assert "VENDOR.json cannot be read" in output


# ---- a copy is not lost by accident -----------------------------------------------------------


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
    edit(parent, line.split()[1], text)
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
    edit(parent)
    command = ("-m", "acme.third_party.laplas.vendoring", "--into", str(tmp_path / "other"))
    status, output = python(tmp_path, *command)
    assert status == 1
    assert "edited:  laplas/content.py" in output
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("present", "into", "why"),
    [
        ("acme/laplas", "acme", "may be anything"),
        ("acme/laplas_api", "acme", "may be anything"),
        ("acme", "third-party", "'third-party' cannot be"),
    ],
)
def test_refused_is_before_anything_changes(
    tmp_path: Path, present: str, into: str, why: str
) -> None:
    (tmp_path / present).mkdir(parents=True)
    with pytest.raises(vendoring.Refused, match=why):
        vendoring.vendor(tmp_path / into)
    folders = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert folders == {"acme", present}


def test_renewing_leaves_nothing_old_and_takes_nothing_of_others(parent: Path) -> None:
    (parent / "other").mkdir()
    vendoring.vendor(parent, local=False)
    assert not (parent / "laplas/local").exists()
    assert sorted(path.name for path in parent.iterdir()) == ["laplas", "laplas_api", "other"]


def test_a_copy_of_another_version_is_named(
    parent: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
        command = ("-m", "acme.third_party.laplas.vendoring", "--into", str(target))
        assert python(root, *command)[0] == 0
        assert snapshot(target.parent) == first


def snapshot(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): digest(path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
