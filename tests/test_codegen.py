"""What the code generation promises: generated/ is what openapi.yaml says, byte for byte."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from test_vendoring import snapshot

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
REGENERATE = ROOT / "tools" / "codegen" / "regenerate.py"
GENERATED = ROOT / "generated"

pytestmark = pytest.mark.skipif(
    find_spec("openapi_python_client") is None,
    reason="openapi-python-client is not installed (see tools/codegen/requirements.txt)",
)
# The stock templates that our patches change or our own templates replace. When a hash differs,
# upstream changed the file: look at the change, carry over what is good, then renew the hash.
STOCK_TEMPLATES = {
    "client.py.jinja": "4eac65762f21014a7fbf59e730f1be6d28c9c85ddc1c40b458b6ff5f67a64c9e",
    "endpoint_macros.py.jinja": "58edb8b4913db6ed4863c633fb39365364494398c8156c77151c6676f1b28fee",
    "endpoint_module.py.jinja": "c1b2628053eb4875ba59566baa5ae907666f9cbfafa308d93f970a4404b7cd52",
    "errors.py.jinja": "b6ba7ea79aa7d7f24b47119985d1ed20268d3da0ab70309ee138088a106b6af9",
    "literal_enum.py.jinja": "04f2eb9334dd543ab7fa91a1fe3a73e7d5f2cf50e09d864429ddb58e506c8b68",
    "model.py.jinja": "fd1c79680d51c06cfbb89809ad123750ba9add98b688036c04cabbf1f8ba40a0",
    "models_init.py.jinja": "4f64a3d6e1b15a561be5573c1b7702eb928c0e4fa6b67107d20e57a74c44d51a",
    "package_init.py.jinja": "ac15907e32dc39bd9b83ea6f2002fb87514f2182b97f88231b5a9c47321f6210",
    "types.py.jinja": "93df9d75883a4eafac77dd21bc6907f3ef612e3f7841e08656618dcf6c4ce494",
}


def regenerate(*arguments: str | Path, cwd: Path = ROOT, **env: str) -> tuple[int, str]:
    """Run the program; returns exit status and output."""
    command = [sys.executable, str(REGENERATE), *map(str, arguments)]
    environment = {**os.environ, **env}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(GENERATED, tmp_path / "generated", ignore=ignore))


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "openapi.yaml", tmp_path / "openapi.yaml"))


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Replace what fits a pattern, all of it."""
    text = path.read_text("utf-8")
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text, flags=re.DOTALL)
        assert count
    path.write_text(text, "utf-8")


def test_the_committed_tree_is_what_the_document_generates() -> None:
    status, output = regenerate("--check")
    assert status == 0, output


def test_every_difference_is_named_and_shown(copy: Path, document: Path) -> None:
    old = "description: A file that a tool made.\n      required: [file_id]\n      properties:\n"
    edit(document, (re.escape(old), old + "        brand_new:\n          type: string\n"))
    edit(copy / "laplas_api/models/text.py", (r"class Text\(", "class Texd("))
    (copy / "laplas_api/models/thread.py").unlink()
    (copy / "laplas_api/models/stray.py").touch()
    (copy / "notes.txt").touch()
    status, output = regenerate("--check", "--document", document, "--output", copy)
    assert status == 1
    lines = {*output.splitlines()}
    assert lines >= {"-class Texd(Model):", "+class Text(Model):", "stray file: notes.txt"}
    assert "missing file: laplas_api/models/thread.py" in lines
    assert "stray file: laplas_api/models/stray.py" in lines
    assert "+    def brand_new(self) -> str | None:" in lines
    assert (copy / "notes.txt").exists(), "a check must change nothing"


PRECIOUS = ["precious.txt", "laplas_api/precious.py"]
GENERATED_AND_MORE = ["laplas_api/made_from.json", "README.md"]


@pytest.mark.parametrize(
    "names",
    [
        PRECIOUS[:1],
        PRECIOUS[1:],  # a package of this name that somebody wrote
        [*GENERATED_AND_MORE, PRECIOUS[0]],
        [*GENERATED_AND_MORE, "another/precious.py"],
        [*GENERATED_AND_MORE, ".git/config"],
    ],
)
def test_nothing_but_a_generated_tree_is_ever_replaced(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text(name)
    before = snapshot(tmp_path / "mine")
    status, output = regenerate("--output", tmp_path / "mine")
    assert (status, "holds" in output) == (2, True)
    assert snapshot(tmp_path / "mine") == before


@pytest.mark.parametrize("option", ["--document", "--output"])
def test_a_path_that_leads_nowhere_is_an_error_in_words(tmp_path: Path, option: str) -> None:
    output = () if option == "--output" else ("--output", tmp_path / "out")
    status, text = regenerate(option, tmp_path / "no/where", *output)
    assert (status, "Traceback" in text) == (2, False)
    assert str(tmp_path / "no") in text


def test_a_fresh_tree_replaces_all_whatever_surrounds_it(copy: Path, tmp_path: Path) -> None:
    (copy / "laplas_api/stray.py").touch()
    (copy / "laplas_api/errors.py").unlink()
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 40\nindent-width = 2\n")
    (tmp_path / "ruff.toml").write_text("line-length = 30\n")
    hostile = {"PYTHONHASHSEED": "4711", "RUFF_LINE_LENGTH": "20", "RUFF_PREVIEW": "1"}
    assert regenerate("--output", copy, cwd=tmp_path, **hostile)[0] == 0
    assert snapshot(copy) == snapshot(GENERATED)


def test_a_body_that_may_be_left_out_sends_no_content_type(tmp_path: Path, document: Path) -> None:
    optional = (r"(operationId: create_thread\n.*?)required: true", r"\1required: false")
    edit(document, optional)
    assert regenerate("--document", document, "--output", tmp_path / "out")[0] == 0
    code = (
        "from laplas_api.api.threads.create_thread import _get_kwargs as kwargs\n"
        "assert kwargs() == {'method': 'post', 'url': '/threads', 'headers': {}}, kwargs()\n"
        "assert kwargs(body={'metadata': None})['json'] == {'metadata': None}\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "out", check=True)


USE = """
import sys
from typing import Any
from laplas_api import models, resources
from laplas_api.api.many_things import get_thing
from laplas_api.checks import Checker, InvalidArgument

class Carrier:
    checker = Checker()
    def send(self, call, options):
        return call
    download = send

made = resources.Resources(Carrier())
things, Thing = made.many_things, models.Thing
query = things.get_thing("t", verbose=1, class_="x", flat={"a": "b"}, deep={"a": "b"}).query
wanted = {"verbose": 1, "class": "x", "a": "b", "deep[a]": "b"}
assert query == wanted, query
labels = models.LabelsModel({"a": "b"})
params = get_thing._get_kwargs("t", verbose=1, class_="x", flat=labels, deep=labels)["params"]
assert params == wanted, params
mixed = [things.modify_thing("t", mixed=value).body["mixed"] for value in (1, "a", True, 2.5)]
assert mixed == [1, "a", True, 2.5], mixed
good = {"pet": {"kind": "hound"}, "json": [["a"]], "old": {"kind": "cat", "age": 3}}
assert things.modify_thing("t", thing_id_="x", **good).body == {"thing_id": "x", **good}
for argument, value in (
    ("mixed", 3), ("pet", {"kind": "cat", "n": 0}), ("old", {"kind": "cat"}),
    ("old", {"kind": "dog", "age": 1}), ("either", {"kind": "cat", "x": 1}),
):
    try:
        raise AssertionError(things.modify_thing("t", **{argument: value}))
    except InvalidArgument as error:
        assert error.argument.startswith(argument), error
call = things.delete_thing("t")
assert (call.model, call.effect, call.path) == (bytes, "repeatable", "/things/t")
call = made.call_resource.get_calls_number("7")
assert call.path == "/calls/7" and call.model.from_dict([1]) == [1]
files = {"files": [b"a", ("n", b"b")], "image": b"c", "n": 3, "tags": ["a"], "expires": {}}
form = made.files.upload(file=b"x", **files).form
assert form["files"] == [("file", b"a"), ("n", b"b")] and form["image"] == ("file", b"c"), form
value = {
    "object": "thing", "details": {"step": "1"}, "status": "new", "part": None,
    "pets": [{"kind": "hound"}, {"kind": "zebra"}, "text"], "untold": [{"wings": 2}],
    "one_or_many": [{"kind": "cat"}], "by_name": {"a": {"kind": "cat"}},
    "parent": {"object": "thing", "details": {}, "one_or_many": {"wings": 2}},
}
thing = Thing.from_dict(value)
assert thing.to_dict() == value
read = (*thing.pets, *thing.one_or_many, thing.parent.one_or_many)
names = [type(each).__name__ for each in read]
assert names == ["Dog", "UnknownVariant", "str", "Cat", "Bird"], names
assert type(thing.details).__name__ == "ThingDetailsModel"
assert models.HTTPError and models.HttpErrorModel
odd = {"to_dict": "a", "self": "b", "$ref": "c", "1x": "d"}
model = models.ModelModel.from_dict(odd)
assert model.to_dict() == odd and (model.to_dict_, model.self_, model.ref) == ("a", "b", "c")
"""


def test_what_our_document_does_not_say_comes_out_right_too(tmp_path: Path) -> None:
    status, output = regenerate("--document", HERE / "odd.yaml", "--output", tmp_path / "out")
    assert status == 0, output
    subprocess.run([sys.executable, "-c", USE], cwd=tmp_path / "out", check=True)
    assert mypy(tmp_path / "out") == 0


SHARED = next((p for p in (ROOT / "shared", ROOT.parent / "shared") if p.is_dir()), None)
DOCUMENTS = sorted(SHARED.glob("spec-*/*.yaml")) if SHARED else []
DECODE = """
import json, sys
import attrs
from laplas_api import models
from laplas_api.errors import MissingField
from laplas_api.types import Model

by_tag, read = {}, 0
for name in models.__all__:
    model = getattr(models, name)
    if isinstance(model, type) and issubclass(model, Model):
        for field in attrs.fields(model):
            if field.alias == "object" and isinstance(field.default, str):
                by_tag.setdefault(field.default, []).append(model)

def objects(part):
    if isinstance(part, dict):
        yield part
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from objects(inner)

for line in open(sys.argv[1], encoding="utf-8"):
    for value in objects(json.loads(line)["response_body"]):
        for model in by_tag.get(str(value.get("object")), ()):
            try:
                made = model.from_dict(value)
            except MissingField:
                continue  # of another version
            assert made.to_dict() == value, value
            read += 1
assert read or "vector" in sys.argv[2], "nothing fits"
"""


@pytest.mark.skipif(not DOCUMENTS, reason="no published documents lie in shared/")
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_published_documents_generate_and_read_what_was_recorded(
    path: Path, tmp_path: Path
) -> None:
    status, output = regenerate("--document", path, "--output", tmp_path / "out")
    assert status == 0, output
    assert mypy(tmp_path / "out") == 0
    assert SHARED
    arguments = [str(SHARED / "exchanges" / "dev.jsonl"), path.stem]
    code = [sys.executable, "-c", DECODE, *arguments]
    subprocess.run(code, cwd=tmp_path / "out", check=True)


def mypy(folder: Path) -> int:
    if find_spec("mypy") is None:
        return 0  # the session that tests has no type checker; `api-change` and `walk` have one
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", os.devnull, "laplas_api"]
    return subprocess.run(command, cwd=folder, check=False).returncode


# Changes of the document, and words of the refusal.
BINARY = " +format: binary\n"
FORM = "multipart/form-data:"
REFUSED = [
    (
        [("(refusal: '#/components/schemas/)RefusalContent'", r"\1Thread'")],
        "discriminator: refusal is not of a member of the union",
    ),
    ([(FORM, "application/json:")], "components.schemas.UploadFileRequest: a file outside of a f"),
    (
        [(FORM, "application/x-www-form-urlencoded:"), (BINARY, "")],
        "paths./files.post.requestBody.content: a body of type application/x-www-form-urlencoded",
    ),
    (
        [(r"(operationId: update_message.*?)application/json:", r"\1application/x-unheard-of:")],
        "content: a body of type application/x-unheard-of",
    ),
    ([("openapi: 3.1.0", "swagger: '2.0'")], "openapi: None, only 3.0 and 3.1 are known"),
    ([("paths:\n", "paths:\n  /threads: {}\n")], "found duplicate key"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED)
def test_a_document_that_cannot_be_generated_from_is_refused(
    document: Path, tmp_path: Path, changes: list[tuple[str, str]], words: str
) -> None:
    edit(document, *changes)
    status, output = regenerate("--document", document, "--output", tmp_path / "out")
    assert (status, words in output) == (2, True)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(REGENERATE.parent))
    return import_module("regenerate")


def test_what_the_program_does_not_know_stops_it(
    program: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A key of the configuration, another version of a tool, a template that a patch must fit."""
    config = tmp_path / "generator-config.yaml"
    config.write_text("literal_enums: true\nliteral_enum: true\n")
    with pytest.raises(program.Refused, match=r"unknown keys: literal_enum$"):
        program.load_config(config)
    for template in {patch.template for patch in program.PATCHES}:
        with pytest.raises(program.PatchFailed):
            program.apply(template, "upstream rewrote this")
    monkeypatch.setattr(program, "version", lambda name: "0.0.1")
    with pytest.raises(program.Refused, match=r"0\.0\.1 is installed"):
        program.check_versions()


def test_the_stock_templates_that_we_change_or_replace_are_those_we_know(program: Any) -> None:
    own = {path.name for path in (program.HERE / "templates").iterdir()}
    stock = {path.name for path in program.STOCK.iterdir()}
    ours = {patch.template for patch in program.PATCHES} | (own & stock)
    files = {name: (program.STOCK / name).read_bytes() for name in ours}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert digests == STOCK_TEMPLATES
