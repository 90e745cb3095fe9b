"""Draw what notebooks show, for docs/models.md: docs/notebook.png and docs/notebook-dark.png.

    python tools/pictures.py

The objects are real, from the embedded server; a headless Chromium draws their `_repr_html_`, on a
light and on a dark page. It is looked for by its usual names.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any, Final

from laplas import Laplas
from laplas.local import Citation, LocalServer, Reply, ToolCall, Turn

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
WIDTH: Final = 1080
SCHEMES: Final = {"notebook.png": 1, "notebook-dark.png": 0}
"""The pictures, and Chromium's numbers for what the page prefers."""
MARKER: Final = "【4:0†source】"
PAGE: Final = """<!doctype html><meta charset="utf-8"><title>notebook</title><style>
:root { color-scheme: light dark; }
body { margin: 0; padding: 12px 20px 20px; font: 13px/1.5 sans-serif; }
pre { margin: 12px 0 6px; font: 13px/1.5 monospace; opacity: .75; }
@media (prefers-color-scheme: dark) { body { background: #161b22; color: #e6edf3; } }
</style>%s<script>
document.documentElement.dataset.height = Math.ceil(document.body.getBoundingClientRect().height);
</script>"""


def reply(turn: Turn) -> Reply:
    """Look something up first, then answer with a citation."""
    if not turn.tool_outputs:
        return Reply(tool_calls=[ToolCall("population_of", {"city": "Oslo"})])
    return Reply(
        text=f"About {turn.tool_outputs[0].output} people live in Oslo{MARKER}.\n"
        "One in seven Norwegians does.",
        citations=[Citation(MARKER, "file-abc123")],
    )


def population_of(city: str) -> int:
    """How many people live in a city."""
    return {"Oslo": 724_290}[city]


def notebook() -> str:
    """Return a page with the cells of a notebook and what they show."""
    with Laplas.local(LocalServer(reply=reply)) as client:
        assistant = client.assistants.create("gpt-4o")
        thread = client.thread(client.threads.create(metadata={"topic": "cities"}).id)
        question = "How many people live in Oslo?"
        message = thread.ask(question, assistant=assistant.id, tools=[population_of])
        run = client.runs.retrieve(thread.id, message.run_id or "")
        steps = client.runs.steps.list(thread.id, run.id)
        cells: dict[str, Any] = {
            f'message = thread.ask("{question}", assistant=assistant.id, ...)\nmessage': message,
            "thread.messages.list()": thread.messages.list(),
            "run = client.runs.retrieve(thread.id, message.run_id)\nrun": run,
            "steps = client.runs.steps.list(thread.id, run.id)\nsteps": steps,
            "steps[-1]": steps[-1],
            "client.threads.retrieve(thread.id)": client.threads.retrieve(thread.id),
        }
        shown = [f"<pre>{escape(code)}</pre>{item._repr_html_()}" for code, item in cells.items()]
    return PAGE % "".join(shown)


def draw(browser: str, page: Path, picture: Path, scheme: int) -> None:
    """Draw a page, all of it, as it looks to those who prefer light or dark pages."""
    options = (
        *("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
        *("--force-device-scale-factor=1", "--host-resolver-rules=MAP * ~NOTFOUND"),
        f"--blink-settings=preferredColorScheme={scheme}",
    )

    def run(*more: str) -> str:
        command = (browser, *options, *more, page.as_uri())
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    height = re.search(r'data-height="(\d+)"', run(f"--window-size={WIDTH},100", "--dump-dom"))
    assert height is not None, "the page tells no height"
    run(f"--window-size={WIDTH},{height[1]}", f"--screenshot={picture}")


def main() -> None:
    """Draw both pictures."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        sys.exit(f"no browser: install one of {', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "notebook.html")
        page.write_text(notebook(), "utf-8")
        for name, scheme in SCHEMES.items():
            draw(browser, page, DOCS / name, scheme)
            print(f"docs/{name}: {(DOCS / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
