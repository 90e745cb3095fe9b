"""Draw what the terminal shows, for the docs, from real runs: the demo, the chat, an export.

    python tools/pictures_terminal.py [--threads 2000]

Run by `nox -s pictures`. Each picture is an SVG by rich; its text is what the program printed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from laplas.local import LocalServer, running

DOCS: Final = Path(__file__).parent.parent / "docs"
TYPED: Final = ("How does AI work?", "And why?")
MESSAGES: Final = 100
WIDTH: Final = 100


def main() -> None:
    """Run the programs and draw them."""
    parser = argparse.ArgumentParser(description="Draw what the terminal shows.")
    parser.add_argument("--threads", type=int, default=200, help="threads of the export")
    options = parser.parse_args()
    draw("demo", ["python -m laplas.demo"], [printed("-m", "laplas.demo")], most=40)
    typed = "".join(f"{line}\n" for line in (*TYPED, ""))
    chat = printed(str(DOCS / "examples/chat.py"), given=typed)
    for line in TYPED:
        chat = chat.replace("> ", f">\N{NO-BREAK SPACE}{line}\n", 1)
    draw("chat", ["python chat.py"], [chat])
    draw_export(options.threads)


def printed(*arguments: str, given: str = "", folder: str | None = None, **more: str) -> str:
    """Run Python and return all that it printed, in order."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAPLAS_")}
    done = subprocess.run(
        [sys.executable, *arguments],
        input=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env={**kept, "COLUMNS": str(WIDTH), **more},
        check=True,
    )
    return done.stdout


def draw(name: str, commands: Sequence[str], outputs: Sequence[str], most: int = 100) -> None:
    """Write docs/terminal-NAME.svg: commands, each with what it printed."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    with console.file:
        for command, output in zip(commands, outputs, strict=True):
            console.print(Text(f"$ {command}", style="bold"))
            lines = output.rstrip().split("\n")
            console.print(Text("\n".join(lines[:most])))
            if len(lines) > most:
                console.print(Text("..."))
        svg = console.export_svg(title=name, unique_id=f"laplas-{name}")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)  # fonts from elsewhere
    (DOCS / f"terminal-{name}.svg").write_text(svg, "utf-8")


def draw_export(threads: int) -> None:
    """Export threads from an embedded server and verify them."""
    with tempfile.TemporaryDirectory() as folder, LocalServer(examples=False) as server:
        for number in range(threads):
            thread = f"thread_{number:05}"
            server.add_thread(thread)
            said = [{"type": "text", "text": {"value": "Some words", "annotations": []}}]
            server.put_many(
                {
                    "id": f"msg_{number:05}_{n:03}",
                    "object": "thread.message",
                    "created_at": 1_700_000_000 + n,
                    "thread_id": thread,
                    "role": "user" if n % 2 == 0 else "assistant",
                    "content": said,
                    "assistant_id": None,
                    "run_id": None,
                    "attachments": [],
                    "metadata": {},
                }
                for n in range(MESSAGES)
            )
        commands = ["laplas export --all --to archive", "laplas verify archive"]
        with running(server) as url:
            environment = {"LAPLAS_BASE_URL": url, "LAPLAS_API_KEY": "sk-any"}
            outputs = [
                printed("-m", "laplas.archive", *command.split()[1:], folder=folder, **environment)
                for command in commands
            ]
    draw("export", commands, outputs)


if __name__ == "__main__":
    main()
