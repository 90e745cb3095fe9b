"""The examples of the page try.html: on this Python, and under node on the Python of the site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from test_readme import ROOT, run

EXAMPLES = sorted((ROOT / "docs" / "try").glob("*.py"))
PYTHON = Path(os.environ.get("LAPLAS_SITE", ""), "_static", "try").resolve()
RUN_EACH = """
import { readFile } from "node:fs/promises";
const [folder, ...files] = process.argv.slice(1);
const { startPython } = await import(`${folder}/python.mjs`);
let printed = "";
const packages = new Uint8Array(await readFile(`${folder}/packages.zip`));
const run = await startPython(packages, (text) => (printed += text));
const results = [];
for (const file of files) {
  printed = "";
  const well = await run(await readFile(file, "utf8"));
  results.push([well, printed]);
}
console.log(JSON.stringify(results));
"""
AWAITING = """
import asyncio, sys
from laplas import AsyncLaplas
async with AsyncLaplas.local() as client:
    thread, other = await asyncio.gather(client.start_thread("first"), client.start_thread())
    print([message.text async for message in thread.messages.list()])
sys.exit("no more")
"""
FAILING = """
def divide(number):
    return number / input()

print(divide(1))
"""


def shown(example: Path) -> str:
    return example.with_suffix(".txt").read_text("utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_the_page_shows(example: Path) -> None:
    assert run(example.read_text("utf-8"), {"__name__": "__main__"}) == shown(example)


def test_the_page_has_every_example() -> None:
    text = (ROOT / "docs" / "try.md").read_text("utf-8")
    assert len(EXAMPLES) == 5
    for example in EXAMPLES:
        assert f"```{{literalinclude}} try/{example.name}\n" in text
        assert f"```{{literalinclude}} try/{example.stem}.txt\n" in text


@pytest.mark.skipif("LAPLAS_SITE" not in os.environ, reason="no site was built: run nox -s docs")
@pytest.mark.skipif(not shutil.which("node"), reason="there is no node: install Node.js")
def test_the_python_of_the_site_prints_the_same(tmp_path: Path) -> None:
    if not (PYTHON / "pyodide").exists():
        pytest.skip("the site was built without npm: install Node.js, and run nox -s docs again")
    programs = {"awaiting.py": AWAITING, "failing.py": FAILING}
    for name, text in programs.items():
        (tmp_path / name).write_text(text, "utf-8")
    files = [*EXAMPLES, *(tmp_path / name for name in programs)]
    command = ["node", "--input-type=module", "-e", RUN_EACH, "--", str(PYTHON), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    *examples, awaiting, failing = json.loads(done.stdout)
    assert examples == [[True, shown(example)] for example in EXAMPLES]
    assert awaiting == [False, "['first']\nno more\n"]
    assert failing[0] is False
    assert failing[1].startswith('Traceback (most recent call last):\n  File "program.py", line 5,')
    assert failing[1].endswith("EOFError: EOF when reading a line\n")
