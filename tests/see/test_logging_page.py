"""The page on logging shows what a tracer gets: its program, with the real package."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "docs" / "logging.md"


def test_the_program_for_opentelemetry_prints_what_is_shown() -> None:
    snippets = re.findall(
        r"```python\n(.*?)```\n\n```text\n(.*?)```", PAGE.read_text("utf-8"), re.S
    )
    ((code, shown),) = [each for each in snippets if "opentelemetry" in each[0]]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == shown, done.stderr
