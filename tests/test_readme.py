"""The README and the pages beside it say nothing that does not run."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from laplas import Laplas, NotFoundError
from laplas.local import Fault, LocalServer, running
from laplas.local.__main__ import add_arguments
from laplas.local._faults import Kind, parse

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8") if README.exists() else ""
PRODUCTION = "https://api.apilaplas.com"
SNIPPETS = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", TEXT, re.DOTALL)


def test_the_python_snippets_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a reader would type them, in one session; only the production URL is replaced."""
    with LocalServer() as server, running(server) as url, remembered_clients(monkeypatch):
        monkeypatch.setenv("LAPLAS_API_KEY", "sk-readme")
        monkeypatch.setenv("LAPLAS_BASE_URL", url)
        namespace: dict[str, object] = {"load_key": lambda: "sk-readme"}
        for code, shown in SNIPPETS:
            printed = run(code.replace(PRODUCTION, url), namespace)
            assert printed == shown or not shown, code
    assert len(SNIPPETS) >= 5
    assert SNIPPETS[0][1]


def test_the_first_screen_runs_alone() -> None:
    """In a process of its own, without a key, a URL or a variable of ours."""
    code, shown = SNIPPETS[0]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAPLAS_")}
    environment = {**kept, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == shown


@contextlib.contextmanager
def remembered_clients(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes the clients that snippets make, in the end."""
    set_up = Laplas._set_up
    with contextlib.ExitStack() as clients:

        def remembered(self: Laplas, *args: Any, **kwargs: Any) -> None:
            clients.callback(self.close)
            set_up(self, *args, **kwargs)

        monkeypatch.setattr(Laplas, "_set_up", remembered)
        yield


def run(code: str, namespace: dict[str, object]) -> str:
    """Execute a snippet; return what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, code, "exec"), namespace)
    return printed.getvalue()


def test_the_errors_shown_are_raised() -> None:
    """The README's error snippet catches what a missing thread raises."""
    with Laplas.local() as client, pytest.raises(NotFoundError) as caught:
        client.messages.create("thread_missing", "How does AI work?")
    assert (caught.value.status_code, caught.value.code) == (404, None)
    assert caught.value.request_id


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "least"),
    [("assistants", 5), ("testing", 5), ("models", 2), ("from-openai", 2), ("listing", 2)],
)
def test_snippets_of_a_page_print_what_it_shows(
    name: str, least: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One after the other in one session. Random ids are shown as three dots."""
    monkeypatch.chdir(tmp_path)
    snippets = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", page(name), re.DOTALL)
    namespace: dict[str, object] = {}
    with remembered_clients(monkeypatch):
        for code, shown in snippets:
            printed = run(code, namespace)
            assert re.sub(r"(run|msg|thread)_\w{24}", r"\1_...", printed) == shown, code
    assert len(snippets) >= least
    assert sum(bool(shown) for _, shown in snippets) >= min(least, 4)


def test_the_guide_to_testing_names_every_fault_with_its_default_and_a_command() -> None:
    rows = "\n".join(line.split("|")[1] for line in page("testing").split("\n") if line[:1] == "|")
    documented = [word for word in re.findall("`([^`]+)`", rows) if word != "redirect=URL"]
    faults = [parse(word) for word in documented]
    assert {fault.kind for fault in faults} == set(get_args(Kind)) - {"redirect"}
    for fault in faults:
        assert fault.value is None or fault.text == Fault(kind=fault.kind).text
    options = shlex.split(page("testing").partition("python -m laplas.local")[2].partition("\n")[0])
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    given = parser.parse_args(options)
    assert [fault.name for fault in given.faults] == ["status", "reset"]
    assert given.fault_seed == 7
