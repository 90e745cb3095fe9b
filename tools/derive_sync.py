"""Derive ``wrappers/laplas/_sync`` from ``wrappers/laplas/_async``.

    python tools/derive_sync.py            write the derived modules
    python tools/derive_sync.py --check    change nothing; exit 1 and show what differs

The package unasync takes the tokens ``async`` and ``await`` away and renames names. (unasyncd was
tried, too: it resolves imports and would need an exception for each of ours.) Two comments say
what is not derivable: lines between ``# async only: begin`` and ``# async only: end`` are left
out, and of ``CODE  # sync: OTHER`` the sync module has OTHER.
"""

from __future__ import annotations

import argparse
import difflib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import unasync  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "wrappers" / "laplas" / "_async"
TARGET = SOURCE.parent / "_sync"
BY_HAND = {"__init__.py", "concurrency.py"}
HEADER = "# Derived from ../_async/{} by tools/derive_sync.py; do not edit.\n"

NAMES = {
    "aclose": "close",
    "afinish": "finish",
    "aclosing": "closing",
    "anext": "next",
    "aiter": "iter",
    "aiter_bytes": "iter_bytes",
    "aiter_lines": "iter_lines",
    "aiter_sse": "iter_sse",
    "aiter_text": "iter_text",
    "aread": "read",
    "astream_to_file": "stream_to_file",
    "handle_async_request": "handle_request",
    "AsyncEventStreams": "EventStream",
    "AsyncGenerator": "Generator",
    "AsyncIterator": "Iterator",
    "AsyncPages": "Page",
    "_async": "_sync",
}
OWN = re.compile(r"(?<![\w.])(_?)Async([A-Z]\w*)|(?<=\.)(_?)Async([A-Z]\w*)")


def derive(text: str) -> str:
    """Return the sync form of an async module."""
    text = re.sub(r"(?ms)^ *# async only: begin\n.*?^ *# async only: end\n", "", text)
    text = re.sub(r"(?m)^( *).*  # sync: (.*)$", r"\1\2", text)
    own = {f"{a or c}Async{b or d}": f"{a or c}{b or d}" for a, b, c, d in OWN.findall(text)}
    with tempfile.TemporaryDirectory() as work:
        source, target = Path(work, "_async"), Path(work, "_sync")
        source.mkdir()
        (source / "module.py").write_text(text, "utf-8")
        rule = unasync.Rule(f"{source}/", f"{target}/", {**own, **NAMES})
        unasync.unasync_files([str(source / "module.py")], [rule])
        text = (target / "module.py").read_text("utf-8")
    text = re.sub(r"Awaitable\[((?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*)\]", r"\1", text)
    text = re.sub(r"\bGenerator\[(.*), None\]\:$", r"Generator[\1, None, None]:", text, flags=re.M)
    # What the tokens of names do not reach: docstrings and comments.
    text = re.sub(r"``async (with|for)``", r"``\1``", text)
    text = re.sub(r"``_async/", "``_sync/", text)
    return re.sub(r"\bAsync(?!Laplas\b)([A-Z]\w+)", r"\1", text)


def formatted(text: str) -> str:
    """Return the text as ruff formats it, imports sorted and unused ones removed."""
    name = ["--stdin-filename", str(TARGET / "module.py"), "-"]
    for command in (
        ["check", "--quiet", "--fix", "--select", "I,F401", "--exit-zero"],
        ["format", "--quiet"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, *name],
            input=text, capture_output=True, text=True, check=True,
        )  # fmt: skip
        text = done.stdout
    return text


def main() -> int:
    """Run the command; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="change nothing, show differences")
    check = parser.parse_args().check
    fresh = {
        path.name: HEADER.format(path.name) + formatted(derive(path.read_text("utf-8")))
        for path in sorted(SOURCE.glob("*.py"))
        if path.name not in BY_HAND
    }
    stray = {path.name for path in TARGET.glob("*.py")} - fresh.keys() - BY_HAND
    wrong = False
    for name in sorted(stray):
        wrong = True
        print(f"stray file: {name}")
        if not check:
            (TARGET / name).unlink()
    for name, text in fresh.items():
        path = TARGET / name
        old = path.read_text("utf-8") if path.exists() else ""
        if old != text:
            wrong = True
            if check:
                lines = difflib.unified_diff(old.splitlines(), text.splitlines(), name, "derived")
                print("\n".join(lines))
            else:
                path.write_text(text, "utf-8")
    return 1 if check and wrong else 0


if __name__ == "__main__":
    sys.exit(main())
