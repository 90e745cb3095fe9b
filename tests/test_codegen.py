"""What the code generation promises: generated/ is what openapi.yaml says, byte for byte."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
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
# A misnamed template is silently ignored by the generator, so each must leave its mark.
MARKS = {
    "types.py": [
        "class Unset(Enum)",
        "status_code: int",
        "def path_segment(",
        "import unicodedata",
        "def form(",
    ],
    "errors.py": ["class UnparsableResponse", "class MissingField", "bytes of content)"],
    "client.py": [
        "field(repr=False, validator=_check_token)",
        "def _check_token(",
        'alias="cookies", repr=False',
        'alias="headers", repr=False',
        'alias="httpx_args", repr=False',
        "httpx.Timeout(60.0, connect=5.0)",
    ],
    "__init__.py": ["def __getattr__("],
    "models/__init__.py": ["def __getattr__("],
    "models/message.py": ["class Message(Model)", "_parse_content = tagged("],
    "models/message_status.py": ["MESSAGE_STATUS_VALUES: tuple["],
    "api/messages/update_message.py": [
        'path_segment("message_id", message_id)',
        "raise errors.UnparsableResponse(",
        "status_code=response.status_code,",
        'plain(body)\n        headers["Content-Type"]',
        "if TYPE_CHECKING:\n    import httpx",
        "errors.UnparsableResponse: If the body",
    ],
    "api/runs/create_run.py": ['startswith("text/event-stream")'],
    "api/files/upload_file.py": ['_kwargs["data"], _kwargs["files"] = form(body)'],
}


def regenerate(
    *arguments: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(REGENERATE), *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    ignore = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(GENERATED, tmp_path / "generated", ignore=ignore))


@pytest.fixture
def document(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "openapi.yaml", tmp_path / "openapi.yaml"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def test_the_committed_tree_is_what_the_document_generates() -> None:
    done = regenerate("--check")
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_every_difference_is_named_and_shown(copy: Path) -> None:
    edit(copy / "laplas_api/models/text.py", "class Text(", "class Texd(")
    (copy / "laplas_api/models/thread.py").unlink()
    (copy / "laplas_api/models/stray.py").touch()
    (copy / "notes.txt").touch()

    done = regenerate("--check", "--output", copy)

    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert "-class Texd(Model):" in lines
    assert "+class Text(Model):" in lines
    assert "missing file: laplas_api/models/thread.py" in lines
    assert "stray file: laplas_api/models/stray.py" in lines
    assert "stray file: notes.txt" in lines
    assert (copy / "notes.txt").exists(), "a check must change nothing"


def test_a_change_of_the_document_shows_as_a_difference(document: Path) -> None:
    old = "description: A file that a tool made.\n      required: [file_id]\n      properties:\n"
    edit(document, old, old + "        brand_new:\n          type: string\n")
    done = regenerate("--check", "--document", document)
    assert done.returncode == 1
    assert "+    def brand_new(self) -> str | None:" in done.stdout.splitlines()


def test_a_fresh_tree_replaces_the_old_one_whole(copy: Path) -> None:
    (copy / "laplas_api/stray.py").touch()
    (copy / "laplas_api/errors.py").unlink()
    assert regenerate("--output", copy).returncode == 0
    assert tree(copy) == tree(GENERATED)


def test_nothing_but_a_generated_tree_is_ever_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/precious.txt").touch()
    done = regenerate("--output", tmp_path / "mine")
    assert done.returncode == 2
    assert (tmp_path / "mine/precious.txt").exists()


def test_surroundings_do_not_change_a_byte(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 40\nindent-width = 2\n")
    (tmp_path / "ruff.toml").write_text("line-length = 30\n")
    hostile = {"PYTHONHASHSEED": "4711", "RUFF_LINE_LENGTH": "20", "RUFF_PREVIEW": "1"}
    done = regenerate("--output", tmp_path / "out", cwd=tmp_path, env=hostile)
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "out") == tree(GENERATED)


def test_a_body_that_may_be_left_out_sends_no_content_type(tmp_path: Path, document: Path) -> None:
    text = document.read_text("utf-8")
    start = text.index("operationId: create_thread")
    changed = text[start:].replace("required: true", "required: false", 1)
    document.write_text(text[:start] + changed, "utf-8")
    done = regenerate("--document", document, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr

    code = (
        "from laplas_api.api.threads.create_thread import _get_kwargs as kwargs\n"
        "assert kwargs() == {'method': 'post', 'url': '/threads', 'headers': {}}, kwargs()\n"
        "assert kwargs(body={'metadata': None})['json'] == {'metadata': None}\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path / "out", check=True)


def test_a_union_that_cannot_be_told_apart_is_refused(document: Path, tmp_path: Path) -> None:
    text = document.read_text("utf-8")
    start = text.index("\n    RefusalContent:")
    changed = text[start:].replace("const: refusal", "minLength: 1", 1)
    document.write_text(text[:start] + changed, "utf-8")
    done = regenerate("--document", document, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "RefusalContent has no required const tag" in done.stderr
    assert not (tmp_path / "out").exists()


# What `UploadFileRequest` may not turn into: (old text in it, new text, words of the refusal).
UNSOUND = [
    (
        "multipart/form-data:\n",
        "application/json:\n",
        "UploadFileRequest: a file outside of a form",
    ),
    (
        "          format: binary\n",
        "          format: binary\n        bytes:\n          type: integer\n",
        "UploadFileRequest: a form with other fields than texts and files",
    ),
    (
        "multipart/form-data:\n",
        "application/x-www-form-urlencoded:\n",
        "a request body of type data",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), UNSOUND)
def test_a_body_that_cannot_be_sent_is_refused(
    document: Path, tmp_path: Path, old: str, new: str, words: str
) -> None:
    edit(document, old, new)
    if "urlencoded" in new:
        edit(document, "          format: binary\n", "")
    done = regenerate("--document", document, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_schema_named_like_a_class_of_the_models_is_refused(
    document: Path, tmp_path: Path
) -> None:
    text = document.read_text("utf-8")
    renamed = text.replace("/FileObject'", "/File'").replace("\n    FileObject:", "\n    File:")
    document.write_text(renamed, "utf-8")
    done = regenerate("--document", document, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert "schema names that the generated modules need: File" in done.stderr


def test_a_warning_of_the_generator_is_a_failure(document: Path, tmp_path: Path) -> None:
    text = document.read_text("utf-8")
    start = text.index("operationId: update_message")
    changed = text[start:].replace("application/json:", "application/x-unheard-of:", 1)
    document.write_text(text[:start] + changed, "utf-8")
    done = regenerate("--document", document, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert not (tmp_path / "out").exists()


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module tools/codegen/regenerate.py."""
    monkeypatch.syspath_prepend(str(REGENERATE.parent))
    return import_module("regenerate")


def test_unknown_configuration_keys_are_refused(program: Any, tmp_path: Path) -> None:
    config = tmp_path / "generator-config.yaml"
    config.write_text("literal_enums: true\nliteral_enum: true\n")
    with pytest.raises(program.Refused, match=r"unknown keys: literal_enum$"):
        program.load_config(config)


def test_other_versions_of_the_tools_are_refused(
    program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "version", lambda name: "0.0.1")
    with pytest.raises(program.Refused, match=r"0\.0\.1 is installed"):
        program.check_versions()


def test_a_patch_that_no_longer_fits_stops_the_generation(program: Any) -> None:
    for template in {patch.template for patch in program.PATCHES}:
        with pytest.raises(program.PatchFailed):
            program.apply(template, "upstream rewrote this")


@pytest.mark.parametrize("name", STOCK_TEMPLATES)
def test_the_stock_template_is_the_one_we_know(program: Any, name: str) -> None:
    digest = hashlib.sha256((program.STOCK / name).read_bytes()).hexdigest()
    assert digest == STOCK_TEMPLATES[name], f"upstream changed {name}"


def test_every_patched_or_replaced_template_is_watched(program: Any) -> None:
    own = {path.name for path in (program.HERE / "templates").iterdir()}
    stock = {path.name for path in program.STOCK.iterdir()}
    patched = {patch.template for patch in program.PATCHES}
    assert patched | (own & stock) == set(STOCK_TEMPLATES)


@pytest.mark.parametrize("name", MARKS)
def test_every_override_took_effect(name: str) -> None:
    text = (GENERATED / "laplas_api" / name).read_text("utf-8")
    assert text.startswith(
        "# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.\n"
    )
    assert [mark for mark in MARKS[name] if mark not in text] == []
