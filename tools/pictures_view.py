"""Draw what `laplas view` writes: docs/view.png, its narrow and dark twins, docs/view-index.png.

    python -m tools.pictures_view

The pages are real, of an archive made here; a headless Chromium (Playwright's, or that of this
machine) draws them.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

from laplas.archive import Archive, write_archive, write_view

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
START: Final = 1_760_000_000
MARK: Final = "【4:0†almanac】"
REPLY: Final = f"""Tides follow the Moon. In Bergen the two high waters of a day are about \
**12 h 25 min** apart{MARK}.

| | time | height |
|---|---|---|
| high | 04:12 | 1.41 m |
| low | 10:20 | 0.52 m |
| high | 16:37 | 1.46 m |

The curve is in [tides.csv](sandbox:/mnt/data/tides.csv)."""
LINK: Final = "sandbox:/mnt/data/tides.csv"
CHART: Final = """<body style="margin:0"><svg width="640" height="220" viewBox="0 0 640 220"
 style="background:#fff"><path d="M40 20V180H620" fill="none" stroke="#888"/>
<path d="M40 110 C 90 10 130 10 180 110 S 270 210 320 110 S 410 10 460 110 S 550 210 600 110"
 fill="none" stroke="#1f5fa8" stroke-width="3"/><g font-family="sans-serif" font-size="13"
 fill="#555"><text x="40" y="200">00:00</text><text x="300" y="200">12:00</text>
<text x="580" y="200">24:00</text><text x="6" y="30">1.5 m</text></g></svg>"""
OTHERS: Final = (
    "Which ferry do I take to reach Stavanger before noon?",
    "Summarise the minutes of the harbour board, March to May",
    "Compare both offers for the new pilot boat",
    "Translate the notice to mariners into English",
    "What does the insurance cover if a mooring line parts?",
)


def text(value: str, *annotations: dict[str, Any]) -> dict[str, Any]:
    """Return a part of text."""
    return {"type": "text", "text": {"value": value, "annotations": list(annotations)}}


def message(number: int, role: str, *content: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a message of the thread that is drawn."""
    by = {"assistant_id": "asst_harbour", "run_id": "run_1"} if role == "assistant" else {}
    return {
        "id": f"msg_{number}",
        "object": "thread.message",
        "created_at": START + 40 * number,
        "role": role,
        "content": list(content),
        **by,
        **more,
    }


def threads() -> Iterator[dict[str, Any]]:
    """Yield a conversation with one of everything, and some of a line."""
    at = REPLY.index(MARK)
    place = {"type": "file_citation", "text": MARK, "file_citation": {"file_id": "file-almanac"}}
    made = {"type": "file_path", "text": LINK, "file_path": {"file_id": "file-csv"}}
    call = {"name": "water_level", "arguments": '{"port": "Bergen"}', "output": '{"metres": 0.97}'}
    code = {"input": "plot(levels)", "outputs": []}
    steps = [
        {"type": "function", "function": call},
        {"type": "code_interpreter", "code_interpreter": code},
    ]
    yield {
        "thread": {"id": "thread_tides", "created_at": START, "metadata": {"title": "Tides"}},
        "messages": [
            message(
                1,
                "user",
                text("When is high water in Bergen tomorrow?\nPlease plot the day, too."),
                attachments=[{"file_id": "file-almanac", "tools": [{"type": "file_search"}]}],
            ),
            message(
                2,
                "assistant",
                text(REPLY, place | {"start_index": at, "end_index": at + len(MARK)}, made),
                {"type": "image_file", "image_file": {"file_id": "file-chart"}},
            ),
            message(3, "user", text("Can I pass the bridge without a pilot at 16:37?")),
            message(4, "assistant", {"type": "refusal", "refusal": "I cannot clear a passage."}),
        ],
        "runs": [{"id": "run_1", "created_at": START + 50, "status": "completed"}],
        "steps": [
            {"id": "step_1", "run_id": "run_1", "step_details": {"tool_calls": steps}},
        ],
    }
    for number, words in enumerate(OTHERS):
        yield {
            "thread": {"id": f"thread_{number}", "created_at": START + 86_400 * (number + 1)},
            "messages": [message(1, "user", text(words)), message(2, "assistant", text("Yes."))],
        }


def files(chart: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield the files that the conversation names."""
    for file_id, name, content in (
        ("file-almanac", "Nautical almanac 2025.pdf", b"%PDF-1.4\n"),
        ("file-csv", "tides.csv", b"time,metres\n04:12,1.41\n"),
        ("file-chart", "tides.png", chart),
    ):
        yield {"id": file_id, "filename": name}, content


@contextmanager
def started_browser() -> Iterator[Browser]:
    """Start the Chromium of this machine, for the length of a `with` block."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        sys.exit(f"no browser: install one of {', '.join(BROWSERS)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def drawing(
    browser: Browser, name: str, width: int, scheme: str, *, height: int = 640, whole: bool = True
) -> Iterator[Page]:
    """Open a page as it looks to those who prefer light or dark ones.

    After the block it is drawn, `whole` or as far as the window shows it.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if width < 600 else 1,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    opened = context.new_page()
    yield opened
    opened.screenshot(path=DOCS / name, full_page=whole)
    context.close()
    print(f"docs/{name}: {(DOCS / name).stat().st_size:,} bytes")


def draw(
    browser: Browser, page: Path, name: str, width: int, scheme: str, search: str = ""
) -> None:
    """Draw a page of the view, all of it."""
    with drawing(browser, name, width, scheme) as opened:
        opened.goto(page.as_uri())
        if search:
            opened.get_by_role("searchbox").fill(search)
            opened.wait_for_selector("#results:not([hidden])")
        else:
            opened.locator("details.call summary").first.click()


def main() -> None:
    """Draw the pictures."""
    with tempfile.TemporaryDirectory() as folder, started_browser() as browser:
        canvas = browser.new_page(viewport={"width": 640, "height": 220})
        canvas.set_content(CHART)
        to = Path(folder, "archive")
        assistants = [{"id": "asst_harbour", "name": "Harbour desk"}]
        chart = canvas.screenshot()
        write_archive(to, threads(), assistants=assistants, files=files(chart))
        index = write_view(Archive(to), Path(folder, "view"))
        thread = index.parent / "threads" / "thread_tides" / "1.html"
        draw(browser, thread, "view.png", 1000, "light")
        draw(browser, thread, "view-narrow.png", 360, "light")
        draw(browser, thread, "view-dark.png", 1000, "dark")
        draw(browser, index, "view-index.png", 1000, "light", search="pilot")


if __name__ == "__main__":
    main()
