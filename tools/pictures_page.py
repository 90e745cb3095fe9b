"""Draw the page of the embedded server: docs/page.png, its narrow and dark twins, and its requests.

    python -m tools.pictures_page

A real server, a real client and a headless Chromium. The clock stands still and the ids have a
seed, so that only milliseconds and ports differ from one time to the next.
"""

from __future__ import annotations

import re
from typing import Any, Final

from playwright.sync_api import Browser, Page, expect

from laplas import Laplas
from laplas.local import LocalServer, Reply, ToolCall, Turn, running
from tools.pictures_view import OTHERS, START, drawing, started_browser

QUESTION: Final = "When is high water in Bergen tomorrow?\nI leave with the first ferry."
ANSWER: Final = """High water is at 04:12, 1.41 m, and again at 16:37.
The ferry of 05:30 has enough water under her keel."""
TOOL: Final = {"type": "function", "function": {"name": "water_level"}}


def reply(turn: Turn) -> Reply:
    """Call the tool first, then answer."""
    if turn.tool_outputs:
        return Reply(text=ANSWER)
    return Reply(tool_calls=[ToolCall("water_level", {"port": "Bergen", "day": "tomorrow"})])


def talk(server: LocalServer, client: Laplas) -> str:
    """Have conversations, one with a run that calls a tool; returns the id of its thread."""
    for words in OTHERS:
        server.clock.advance(180)
        client.threads.create(messages=[{"role": "user", "content": words}])
    server.clock.advance(600)
    desk = client.assistants.create("gpt-4o", name="Harbour desk", tools=[TOOL])
    thread = client.threads.create().id
    client.messages.create(thread, QUESTION)
    server.clock.advance(1)
    run = client.runs.create_and_poll(thread, desk.id)
    action: Any = run.required_action
    call = action.submit_tool_outputs.tool_calls[0]
    server.clock.advance(2)
    client.runs.submit_tool_outputs(thread, run.id, {call.id: '{"metres": 1.41}'})
    client.runs.poll(thread, run.id)
    server.faults.add("create_message: reset-after-commit", "status=429 x2 retry-after=0")
    server.clock.advance(40)
    client.messages.create(thread, "And may I pass the bridge without a pilot?", once="bridge")
    return thread


def draw(browser: Browser, url: str, view: str, name: str, width: int, scheme: str) -> None:
    """Draw a view of the page."""
    with drawing(browser, name, width, scheme, height=860, whole=False) as page:
        page.goto(f"{url}/#/{view}")
        expect(page.locator("#connection")).to_have_text("Live")
        prepare(page, view, is_wide=width > 600)


def prepare(page: Page, view: str, is_wide: bool) -> None:
    """Open what is of interest."""
    if view.startswith("threads/"):
        if is_wide:
            page.get_by_text("water_level(").click()
            page.locator("#feed").locator("..").evaluate("each => { each.scrollTop = 1e6 }")
        page.get_by_role("textbox", name="Message").focus()
    elif view == "requests":
        page.get_by_role("link", name=re.compile("broken")).first.click()
        expect(page.get_by_role("button", name="Copy as curl")).to_be_visible()


def main() -> None:
    """Draw the pictures."""
    with LocalServer(seed="harbour", reply=reply, examples=False) as server:
        server.clock.freeze(START)
        with (
            running(server) as url,
            Laplas(base_url=url, api_key="any") as client,
            started_browser() as browser,
        ):
            thread = talk(server, client)
            draw(browser, url, f"threads/{thread}", "page.png", 1200, "light")
            draw(browser, url, f"threads/{thread}", "page-narrow.png", 360, "light")
            draw(browser, url, f"threads/{thread}", "page-dark.png", 1200, "dark")
            draw(browser, url, "requests", "page-requests.png", 1200, "light")


if __name__ == "__main__":
    main()
