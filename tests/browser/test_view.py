"""What `laplas view` writes, in a real browser: from files, and served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archives import EVERYTHING, THREAD, archive_of_everything, message, text
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from laplas.archive import Archive, serve_view, write_archive, write_view
from laplas.archive import _view as view

HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
TABLE = f"{'|d' * 40}|\n{'|-' * 40}|\n{'|e' * 40}|"
WIDE = f"{'a' * 400} `{'b' * 400}`\n\n```\n{'c' * 400}\n```\n\n{TABLE}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_view(archive_of_everything(tmp_path / "a"), tmp_path / "v").parent


@pytest.fixture
def url(folder: Path) -> Iterator[str]:
    with serve_view(folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def thread_of(tmp_path: Path, *messages: dict[str, Any]) -> str:
    """Write a thread with these messages; returns the address of its page."""
    write_archive(tmp_path / "b", [{"thread": THREAD, "messages": messages}])
    index = write_view(Archive(tmp_path / "b"), tmp_path / "w")
    return (index.parent / "threads/thread_1/1.html").as_uri()


def assert_fits(page: Page) -> None:
    """Nothing is wider than the window."""
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1], widths


@pytest.mark.parametrize("way", ["served", "files"])
def test_search_finds_words_of_messages(page: Page, url: str, folder: Path, way: str) -> None:
    page.goto(url if way == "served" else (folder / "index.html").as_uri())
    box = page.get_by_role("searchbox", name="Search conversations")
    expect(page.get_by_role("listitem")).to_have_count(2)
    box.fill("BORN plot")
    expect(page.get_by_role("status")).to_have_text("1 conversation found.")
    expect(page.get_by_role("listitem")).to_have_count(1)
    box.fill("nothing of the kind")
    expect(page.get_by_role("status")).to_have_text("0 conversations found.")
    box.fill("")
    expect(page.get_by_role("listitem")).to_have_count(2)
    box.fill("thread_1")
    page.get_by_role("link", name="All kinds").click()
    expect(page.get_by_role("heading", name="All kinds")).to_be_visible()


def test_search_reaches_threads_of_other_pages(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "THREADS_A_PAGE", 2)
    threads = [
        {"thread": {"id": f"thread_{n}"}, "messages": [message(1, "user", [text(f"<b>word{n}")])]}
        for n in range(5)
    ]
    write_archive(tmp_path / "b", threads)
    page.goto(write_view(Archive(tmp_path / "b"), tmp_path / "w").as_uri())
    expect(page.get_by_text("Page 1 of 3")).to_be_visible()
    page.get_by_role("searchbox").fill("word4")
    expect(page.get_by_role("link", name="<b>word4")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("link", name="Later").click()
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()


def test_a_thread_is_shown_whole(page: Page, url: str) -> None:
    page.goto(f"{url}/threads/thread_1/1.html")
    expect(page.get_by_role("article")).to_have_count(len(EVERYTHING["messages"]))
    expect(page.get_by_text("<script>alert(1)</script>")).to_be_visible()
    for image in page.locator("article img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("naturalWidth", 1)
    page.get_by_role("link", name="[1]").click()
    expect(page.locator(".sources li:target")).to_contain_text("Notes <2024>.txt")
    with page.expect_download() as download:
        page.get_by_role("link", name="Notes <2024>.txt").first.click()
    assert download.value.path().read_bytes() == b"Laplas was born in 1749.\n"


def test_tool_calls_are_folded_and_open_by_key(page: Page, url: str) -> None:
    page.goto(f"{url}/threads/thread_1/1.html")
    code = page.locator("pre", has_text="print(1 + 1)")
    expect(code).to_be_hidden()
    page.get_by_text("ran code: print(1 + 1)").focus()
    page.keyboard.press("Enter")
    expect(code).to_be_visible()


def test_all_is_reached_by_keyboard(page: Page, url: str) -> None:
    page.goto(url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="All kinds")).to_be_visible()


def test_without_javascript_the_index_is_a_list(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "index.html").as_uri())
    expect(page.locator("#search")).to_be_hidden()
    page.get_by_role("link", name="All kinds").click()
    expect(page.get_by_role("article")).to_have_count(len(EVERYTHING["messages"]))
    page.get_by_text("searched files").click()
    expect(page.get_by_text("born in 1749", exact=True)).to_be_visible()
    context.close()


@pytest.mark.parametrize("role", ["user", "assistant"])
def test_a_script_in_a_message_is_text(page: Page, tmp_path: Path, role: str) -> None:
    page.goto(thread_of(tmp_path, message(1, role, [text(HOSTILE)])))
    expect(page.get_by_role("article")).to_contain_text(HOSTILE)
    assert page.title() == "All kinds"
    page.evaluate("html => { document.querySelector('main').innerHTML += html }", HOSTILE)
    page.wait_for_timeout(200)  # were it in the page, its policy would still not let it run
    assert page.title() == "All kinds"


def test_no_page_asks_another_machine(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    url = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    said = text("![x](https://example.com/b.png) ![y](//example.com/c.png) <img src=//example.com>")
    page.goto(thread_of(tmp_path, message(1, "assistant", [said, url])))
    page.wait_for_load_state("networkidle")
    assert asked
    assert all(each.startswith(("file:", "data:")) for each in asked), asked


@pytest.mark.parametrize("width", [320, 360, 768, 1600])
def test_no_page_scrolls_sideways(page: Page, tmp_path: Path, folder: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    both = [message(n, role, [text(WIDE)]) for n, role in enumerate(("user", "assistant"))]
    thread = folder / "threads/thread_1/1.html"
    for address in (
        (folder / "index.html").as_uri(),
        thread.as_uri(),
        thread_of(tmp_path, *both),
    ):
        page.goto(address)
        for details in page.locator("details").all():
            details.evaluate("each => { each.open = true }")
        assert_fits(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_in_both_schemes(page: Page, folder: Path, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    for name in ("index.html", "threads/thread_1/1.html", "threads/thread_2/1.html"):
        page.goto((folder / name).as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
    page_colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page_colour == {"light": "rgb(250, 250, 248)", "dark": "rgb(21, 23, 26)"}[scheme]
