"""The maintainer's round ends in the right release: CONTRIBUTING's walk, in a copy of the tree."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

pytest.importorskip("openapi_python_client", reason="see tools/codegen/requirements.txt")
pytest.importorskip("griffe", reason="griffelib is not installed")
pytest.importorskip("mypy", reason="mypy is not installed")

from tools import api_change

FOLDERS = ("docs", "generated", "wrappers", "tools", "tests")
FILES = ("openapi.yaml", "generator-config.yaml", "pyproject.toml")
# The replay of recorded exchanges takes longest and is run anyway: the cassettes stand for both.
LEFT_OUT = shutil.ignore_patterns("__pycache__", "test_replay.py", "test_tools_api_change.py")
# What somebody wrote against the last release.
TYPING = """
from laplas import Laplas, Message

def newest(client: Laplas, thread: str) -> str | None:
    message: Message | None = client.messages.latest(thread)
    return message.text if message else None
"""
LATER = ("names and spellings", "recordings")
NEW_FIELD = """\
        language:
          type: [string, 'null']
          description: The language of the message, as a code such as `en`.
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, just released."""
    copy = tmp_path_factory.mktemp("project")
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, copy / folder, ignore=LEFT_OUT)
    for file in FILES:
        shutil.copy(ROOT / file, copy)
    (copy / "tests" / "typing_api.py").write_text(TYPING)
    assert run(copy, "--release").returncode == 0
    return copy


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.api_change", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


NAMES = "document/generate/old public API/Python surface/types/names and spellings/recordings"
PASSED = dict.fromkeys(NAMES.split("/"), "passed")
ROUNDS = {
    # First: the rounds that follow, which have the operation again, must not remember this one.
    # Tests and recordings still call it: neither holds without it.
    "a removed operation": (
        (r"    delete:\n      operationId: delete_message\n(?:(?: {6}.*)?\n)+", ""),
        [
            "client.messages.delete: operation removed (request)",
            "Python surface: laplas_api.api.messages.delete_message: Public object was removed",
        ],
        ("major", {"Python surface": "breaks", **dict.fromkeys(LATER, "failed")}),
    ),
    "a new field": (
        (r"(?=    IncompleteDetails:\n)", NEW_FIELD),  # what follows the properties of Message
        ["Message.language: optional field added (response)"],
        ("minor", {}),
    ),
    "a removed field that our own code does not name": (
        (r"(\n    Assistant:\n(?:(?: {5}.*)?\n)*?)        file_ids:\n(?: {9}.*\n)+", r"\1"),
        [
            "Assistant.file_ids: field removed (response)",
            "Python surface: laplas.run_models.Assistant.file_ids: Public object was removed",
        ],
        ("major", {"Python surface": "breaks"}),
    ),
    "other words": (
        (r"(description: One turn of a conversation)\.", r"\1, by a user or an assistant."),
        ["only descriptions and the like differ"],
        ("patch", {}),
    ),
}


@pytest.mark.skipif("LAPLAS_WALK" not in os.environ, reason="takes long: nox -s walk")
@pytest.mark.parametrize(("change", "reasons", "ends"), ROUNDS.values(), ids=ROUNDS)
def test_a_round_ends_in_the_right_release_and_says_whether_we_are_ready(
    project: Path, change: tuple[str, str], reasons: list[str], ends: tuple[str, dict[str, str]]
) -> None:
    released = (project / "tools" / "released" / "openapi.yaml").read_text("utf-8")
    text, count = re.subn(*change, released)
    assert count == 1
    (project / "openapi.yaml").write_text(text, "utf-8")
    done = run(project, "--json")
    report = json.loads(done.stdout)
    assert (report["release"], report["reasons"]) == (ends[0], reasons)
    outcomes = {step["name"]: step["outcome"] for step in report["steps"]}
    assert outcomes == PASSED | ends[1]
    assert report["ready"] == (done.returncode == 0) == ("failed" not in outcomes.values())
    if ends[0] == "minor":
        assert report["changelog"] == f"### New\n\n- `{reasons[0].replace(':', '`:')}\n"
        model = project / "generated" / "laplas_api" / "models" / "message.py"
        assert "def language(self) -> str | None:" in model.read_text("utf-8")


def test_a_surface_that_lost_something_breaks_and_the_present_one_does_not(tmp_path: Path) -> None:
    surface = api_change.surface()
    (tmp_path / "surface.json").write_text(json.dumps(surface))
    assert api_change.check_surface(tmp_path) == api_change.Step("Python surface", "passed")
    surface["laplas/content.py"].append("def gone(text: str) -> str: ...")
    surface["laplas/__init__.py"].append("from .content import gone")
    surface["laplas/__init__.py"].append("__all__ = [*__all__, 'gone']")
    (tmp_path / "surface.json").write_text(json.dumps(surface))
    step = api_change.check_surface(tmp_path)
    assert step.outcome == "breaks"
    assert "laplas.gone: Public object was removed" in step.details


# Where the last release had more, what it had, and what is told of its loss.
MESSAGES, RUNS = "laplas_api/resources/messages.py", "laplas_api/resources/runs.py"
LOSSES = {
    "a method": (
        MESSAGES,
        (r"\nclass Messages:\n", "    def gone(self) -> None: ...\n"),
        ["laplas_api.resources.messages.Messages.gone", "laplas._sync.resources.Messages.gone"],
    ),
    "an argument": (
        "laplas/_sync/client.py",
        (r"\nclass Laplas\([\w, ]+\):\n.*?__init__\(self, \*, ", "gone: int = 1, "),
        ["laplas._sync.client.Laplas.__init__: Parameter was removed"],
    ),
    "a default": (
        MESSAGES,
        (r"\nclass Messages:\n.*?create\(self, thread_id: str, content: \w+", " = ''"),
        ["laplas_api.resources.messages.Messages.create: Parameter is now required"],
    ),
    "an option of runs": (
        RUNS,
        (r"\nclass RunSettings\(.*?\):\n", "    gone: int\n"),
        ["laplas.types.RunOptions.gone", "laplas_api.resources.runs.RunSettings.gone"],
    ),
    "a field": (
        "laplas_api/models/run_step.py",
        (r"\nclass RunStep\(Model\):\n", "    gone: str\n"),
        ["laplas.run_models.RunStep.gone", "laplas_api.models.run_step.RunStep.gone"],
    ),
}


@pytest.mark.parametrize(("file", "more", "told"), LOSSES.values(), ids=LOSSES)
def test_each_loss_breaks(
    tmp_path: Path, file: str, more: tuple[str, str], told: list[str]
) -> None:
    """The names that users know come first."""
    surface = api_change.surface()
    there, had = more
    text, count = re.subn(there, rf"\g<0>{had}", "\n".join(surface[file]), count=1, flags=re.DOTALL)
    assert count == 1
    surface[file] = text.splitlines()
    (tmp_path / "surface.json").write_text(json.dumps(surface))
    step = api_change.check_surface(tmp_path)
    lines = [line.removesuffix(": Public object was removed") for line in step.details]
    assert (step.outcome, lines) == ("breaks", told)


def test_a_release_is_kept_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a folder that need not be there; of an older release nothing is left."""
    target = tmp_path / "made" / "released"

    def kept() -> list[str]:
        assert api_change.main(["--release", "--previous", str(target)]) == 0
        return capsys.readouterr().out.splitlines()

    names = ("openapi.yaml", "surface.json", "typing_api.py")
    assert kept() == [f"written: {target / name}" for name in names]
    assert kept() == [f"as it was: {target / name}" for name in names]
    (target / "openapi.yaml").write_text("paths: {}")
    assert kept()[0] == f"written: {target / 'openapi.yaml'}"
    assert (target / "openapi.yaml").read_bytes() == (ROOT / "openapi.yaml").read_bytes()
    assert (target / "typing_api.py").read_bytes() == (ROOT / "tests/typing_api.py").read_bytes()
    assert json.loads((target / "surface.json").read_text("utf-8")) == api_change.surface()
    assert api_change.differences(target) == []


def test_what_is_released_here_is_there_and_a_surface_holds_nothing_private() -> None:
    """Signatures alone; so that this project's own round can be done."""
    assert isinstance(api_change.differences(api_change.RELEASED), list)
    assert (api_change.RELEASED / "surface.json").exists()
    text = "\n".join(api_change.surface()["laplas/content.py"])
    assert "def text(" in text
    assert not [word for word in ("def _", "return", '"""') if word in text]


def test_an_old_api_breaks_or_is_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert api_change.check_old_api(tmp_path).outcome == "skipped"
    (tmp_path / "typing_api.py").write_text("import laplas\n\nlaplas.Laplas().gone\n")
    step = api_change.check_old_api(tmp_path)
    assert step.outcome == "breaks"
    assert '"gone"' in step.details[0]
    assert api_change.check_surface(tmp_path).outcome == "skipped"
    assert api_change.main(["--previous", str(tmp_path)]) == 2  # the document may not be missing
    assert "openapi.yaml" in capsys.readouterr().err


def test_the_report_for_people_ends_with_the_release_and_why() -> None:
    steps = [api_change.Step("document", "passed", ["9 passed"])]
    reasons = ["Message.x: optional field added"]
    outcome = api_change.Round("minor", True, reasons, steps, "### New\n")
    assert api_change.text(outcome) == (
        "passed   document\n         9 passed\n\nFragment for CHANGELOG.md:\n\n### New\n\n"
        "Safe for a minor release:\n- Message.x: optional field added\n"
    )
    outcome.ready = False
    said = "Not fit for a release yet, see above. It will be a minor one"
    assert said in api_change.text(outcome)
