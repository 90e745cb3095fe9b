"""The page on archives does what it says: its commands and programs run, in order."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from test_readme import page

from laplas.archive.cli import COMMANDS
from laplas.local import LocalServer, running

BLOCKS = re.findall(
    r"```(sh|python)\n(.*?)```(?:\n\n```text\n(.*?)```)?", page("archive"), re.DOTALL
)
VARYING = ((r"(msg|run)_\w{24}", r"\1_..."), (r"\d{4}-\d\d-\d\d \d\d:\d\d", "2026-11-30 06:18"))


def test_the_commands_and_programs_print_what_the_page_shows(tmp_path: Path) -> None:
    """In one folder, against one server. Times and random ids differ."""
    command = f"{shlex.quote(sys.executable)} -m laplas.archive"
    with LocalServer() as server, running(server) as url:
        kept = {name: value for name, value in os.environ.items() if name != "LAPLAS_LOG"}
        path = os.pathsep.join(os.path.abspath(folder) for folder in sys.path)
        ours = {"PYTHONPATH": path, "LAPLAS_BASE_URL": url, "LAPLAS_API_KEY": "sk-any"}
        for language, code, shown in BLOCKS:
            if language == "sh":
                program = ["bash", "-e", "-c", f'laplas() {{ {command} "$@"; }}\n{code}']
            else:
                program = [sys.executable, "-c", code]
            done = subprocess.run(
                program, cwd=tmp_path, capture_output=True, text=True, env={**kept, **ours}
            )
            assert done.returncode == 0, (code, done.stderr)
            printed = done.stdout
            for pattern, replacement in VARYING:
                printed = re.sub(pattern, replacement, printed)
            assert not shown or printed.rstrip() == shown.rstrip(), code
    assert len(BLOCKS) >= 8


@pytest.mark.parametrize("command", COMMANDS)
def test_every_subcommand_is_on_the_page(command: str) -> None:
    assert f"laplas {command} " in page("archive")
