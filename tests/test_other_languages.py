"""The programs of `docs/other-languages.md`, run as they are where their language is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")

PAGE = Path(__file__).parents[1] / "docs" / "other-languages.md"
FENCE = re.compile(r"^```(\w+)\n((?:(?!```).)*)```\n\n```text\n(.*?)^```", re.M | re.S)
PROGRAMS = FENCE.findall(PAGE.read_text("utf-8"))
RUN = {
    "sh": ("quickstart.sh", "bash"),
    "typescript": ("quickstart.mjs", "node"),
    "go": ("quickstart.go", "go", "run"),
    "ruby": ("quickstart.rb", "ruby"),
}


def test_the_page_has_a_program_in_each_language() -> None:
    assert [language for language, *_ in PROGRAMS] == list(RUN)


@pytest.mark.parametrize(("language", "program", "shown"), PROGRAMS, ids=list(RUN))
def test_a_program_prints_what_the_page_shows(
    language: str, program: str, shown: str, tmp_path: Path
) -> None:
    file, *command = RUN[language]
    for tool in [command[0], *(["curl"] if language == "sh" else [])]:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    with LocalServer() as server, running(server) as url:
        (tmp_path / file).write_text(program.replace("http://127.0.0.1:8099", url), "utf-8")
        settings = os.environ | {"NO_PROXY": "*", "no_proxy": "*"}
        call = [*command, file]
        # Go may compile its library first, which takes minutes on a busy machine.
        ended = subprocess.run(
            call, cwd=tmp_path, env=settings, capture_output=True, text=True, timeout=600
        )
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, shown, "")
        assert [request.status for request in server.requests] == [200, 200, 200]
