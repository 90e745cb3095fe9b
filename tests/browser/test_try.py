"""The page try.html of the built site in a real browser, from a plain server of files."""

from __future__ import annotations

import functools
import os
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from support import ROOT

SITE = Path(os.environ.get("LAPLAS_SITE", "nowhere"))
EXAMPLES = sorted((ROOT / "docs" / "try").glob("*.py"))
LOADING = 120_000
"""Milliseconds that Python may take to load on a machine that has much to do."""

pytestmark = [
    pytest.mark.skipif(not SITE.exists(), reason="no site was built: run nox -s docs"),
    pytest.mark.skipif(
        not (SITE / "_static" / "try" / "pyodide").exists(),
        reason="the site was built without npm: install Node.js, and run nox -s docs again",
    ),
]


class Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    handler = functools.partial(Files, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/try.html"
        server.shutdown()
        thread.join()


def write(page: Page, program: str) -> None:
    page.get_by_label("Program").fill(program)
    page.get_by_role("button", name="Run").click()


def output(page: Page) -> str:
    return page.get_by_role("region", name="Output").text_content() or ""


def expect_state(page: Page, text: str) -> None:
    expect(page.locator("#try-state")).to_have_text(re.compile(text), timeout=LOADING)


def test_every_example_prints_what_it_does_elsewhere(page: Page, url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    assert [it for it in asked if "/pyodide" in it] == []  # not before it is needed
    buttons = page.get_by_role("group", name="Examples").get_by_role("button")
    expect(buttons).to_have_text(["Send", "List", "Stream", "Tools", "Faults"])
    printed = {}
    for button in buttons.all():
        button.click()
        page.get_by_role("button", name="Run").click()
        expect_state(page, "^(Finished|Failed) after")
        printed[urlsplit(page.url).fragment] = output(page)
    assert printed == {it.stem: it.with_suffix(".txt").read_text("utf-8") for it in EXAMPLES}
    assert any(it.endswith(".wasm") for it in asked)
    origin = url.removesuffix("try.html")
    assert [it for it in asked if not it.startswith((origin, f"blob:{origin}"))] == []


def test_a_program_of_yours_runs_fails_and_is_stopped(page: Page, url: str) -> None:
    page.goto(url)
    write(page, "print('<b>bold</b>')\nkept = 1\n{}['none']")
    expect_state(page, "^Failed after")
    assert output(page) == (
        "<b>bold</b>\nTraceback (most recent call last):\n"
        "  File \"program.py\", line 3, in <module>\n    {}['none']\n    ~~^^^^^^^^\n"
        "KeyError: 'none'\n"
    )
    write(page, "print('begun')\nwhile True:\n    pass")
    expect(page.get_by_role("region", name="Output")).to_have_text("begun", timeout=LOADING)
    expect(page.get_by_role("button", name="Run")).to_be_disabled()
    page.get_by_role("button", name="Stop").click()
    expect_state(page, "^Stopped.$")
    write(page, "while True:\n    print('x' * 99)")
    expect_state(page, "^Stopped: more than 100,000 characters of output.$")
    assert 90_000 < len(output(page)) <= 100_000
    write(page, "print('kept' in globals())")
    expect_state(page, "^Finished after")
    assert output(page) == "False\n"


def test_the_keyboard_does_all(page: Page, url: str) -> None:
    page.goto(f"{url}#stream")
    code = page.get_by_label("Program")
    expect(code).to_have_value((ROOT / "docs" / "try" / "stream.py").read_text("utf-8"))
    code.focus()
    keys = page.keyboard
    keys.press("ControlOrMeta+a")
    keys.press("Delete")
    keys.type("for i in range(2):  # twice\nprint(i)\nprint('in')")
    expect(code).to_have_value("for i in range(2):  # twice\n    print(i)\n    print('in')")
    keys.press("Shift+Tab")
    expect(code).to_have_value("for i in range(2):  # twice\n    print(i)\nprint('in')")
    keys.press("ControlOrMeta+z")
    expect(code).to_have_value("for i in range(2):  # twice\n    print(i)\n    print('in')")
    keys.press("ControlOrMeta+a")
    keys.press("Tab")
    keys.press("Shift+Tab")
    keys.press("ControlOrMeta+Enter")
    expect_state(page, "^Finished after")
    assert output(page) == "0\nin\n1\nin\n"
    keys.press("Escape")
    keys.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    keys.press("Shift+Tab")
    expect(code).to_be_focused()
    page.get_by_role("button", name="Reset").click()
    expect(code).to_have_value((ROOT / "docs" / "try" / "stream.py").read_text("utf-8"))


def test_it_fits_a_phone_and_can_be_read(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(url)
    write(page, f"print('{'a' * 200}', {'b' * 200})")
    expect_state(page, "^Failed after")
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], widths
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        found = Axe().run(page, context="#try-area")
        assert found.violations_count == 0, found.generate_report()


def test_without_python_it_says_why(page: Page, url: str) -> None:
    page.route("**/pyodide.mjs", lambda route: route.fulfill(status=404))
    page.goto(url)
    write(page, "print(1)")
    expect_state(page, "^Python could not start.$")
    assert "python.mjs" in output(page)
    expect(page.get_by_role("button", name="Run")).to_be_enabled()


def test_without_javascript_the_examples_are_there(page: Page, url: str) -> None:
    page.route("**/page.js", lambda route: route.abort())
    page.goto(url)
    expect(page.locator(".try-example pre")).to_have_count(2 * len(EXAMPLES))
    expect(page.get_by_text("Message 250").first).to_be_visible()
    expect(page.get_by_role("button", name="Run")).to_be_hidden()
