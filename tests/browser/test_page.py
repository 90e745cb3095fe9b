"""The page of the embedded server, in a real browser against a real server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from laplas import Laplas
from laplas.local import LocalServer, running

HOSTILE = "<script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
SECRET = "sk-quite-secret-key"
THREAD, ASSISTANT = "thread_abc123", "asst_abc123"
TOOL = {"type": "function", "function": {"name": "tide", "parameters": {"type": "object"}}}
FAULT = "create_message: reset-after-commit"
VIEWS = ("threads", f"threads/{THREAD}", "requests", "requests/1", "faults", "files", "server")


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with LocalServer() as opened:
        yield opened


@pytest.fixture
def url(server: LocalServer) -> Iterator[str]:
    with running(server) as base_url:
        yield base_url


@pytest.fixture
def client(url: str) -> Iterator[Laplas]:
    with Laplas(base_url=url, api_key=SECRET, max_retries=0) as opened:
        yield opened


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """Open a page that may use the clipboard, and asks nobody but its server."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    foreign = [
        each for each in asked if not each.startswith((page.url.split("#")[0], "data:", "blob:"))
    ]
    assert (bool(asked), foreign) == (True, [])


def show(page: Page, url: str, view: str = f"threads/{THREAD}") -> None:
    """Show a view, live."""
    page.goto(f"{url}/#/{view}")
    expect(page.locator("#connection")).to_have_text("Live")


def messages(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("article")


def fault(page: Page, text: str) -> Locator:
    return page.get_by_role("listitem").filter(has_text=text)


def talk(client: Laplas) -> None:
    """Have a run with a call of a tool, a citation, a file and a broken request."""
    file = client.files.create(file=("tides.txt", b"High water: 04:12\n"), purpose="assistants")
    attached = [{"file_id": file.id, "tools": [{"type": "file_search"}]}]
    client.messages.create(THREAD, '/cite /call tide {"port": "Bergen"}', attachments=attached)
    run = client.runs.create_and_poll(THREAD, ASSISTANT, tools=[TOOL])
    call = run.required_action.submit_tool_outputs.tool_calls[0]
    client.runs.submit_tool_outputs(THREAD, run.id, {call.id: '{"metres": 0.97}'})
    client.runs.poll(THREAD, run.id)


def test_messages_come_live_as_text(page: Page, url: str, client: Laplas) -> None:
    show(page, url)
    expect(messages(page)).to_have_count(2)
    client.messages.create(THREAD, HOSTILE)
    expect(messages(page).last).to_contain_text(HOSTILE)
    expect(page.get_by_role("listitem").filter(has_text=HOSTILE)).to_contain_text("3 messages")
    other = client.threads.create(messages=[{"role": "user", "content": HOSTILE * 2}])
    page.get_by_role("link", name=other.id).click()
    expect(page.get_by_role("heading", name=other.id)).to_be_focused()
    expect(messages(page)).to_contain_text([HOSTILE * 2])
    client.threads.delete(other.id)
    expect(page.get_by_text("There is no such thread any more.")).to_be_visible()
    assert page.title() == "Threads · Laplas local"
    # Were it in the page, its policy would not let it be markup, and not let it run.
    inject = "html => { document.querySelector('main').innerHTML = html }"
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate(inject, HOSTILE)
    page.evaluate(
        "() => { const s = document.createElement('script'); s.async = false;"
        " try { s.textContent = 'document.title = \"run\"' } catch {} document.body.append(s) }"
    )
    assert page.title() == "Threads · Laplas local"


def test_a_run_shows_its_steps_as_it_goes(page: Page, url: str, client: Laplas) -> None:
    show(page, url)
    talk(client)
    run = page.locator(".run")
    expect(run).to_contain_text("completed")
    expect(run).to_contain_text('tide({"port":"Bergen"})')
    expect(run.get_by_text('"metres": 0.97')).to_be_hidden()
    run.get_by_text("tide(").focus()
    page.keyboard.press("Enter")
    expect(run.get_by_text('"metres": 0.97')).to_be_visible()
    expect(messages(page).last).to_contain_text("tide gave")
    expect(messages(page).last.locator(".notes")).to_contain_text("file-")
    # It stays open when something else comes.
    client.messages.create(THREAD, "/fail")
    client.runs.create(THREAD, ASSISTANT)
    expect(page.locator(".run")).to_have_count(2)
    expect(run.first.get_by_text('"metres": 0.97')).to_be_visible()


def test_keys_alone_send_a_message(page: Page, url: str, server: LocalServer) -> None:
    def tab_to(place: Locator) -> None:
        for _ in range(20):
            page.keyboard.press("Tab")
            if place.evaluate("each => each === document.activeElement"):
                shown = "each => getComputedStyle(each).outlineStyle"
                assert place.evaluate(shown) == "solid"  # its focus can be seen
                return
        pytest.fail(f"no key reaches {place}")

    show(page, url, "threads")
    tab_to(page.get_by_role("link", name="Skip to content"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("link", name=THREAD))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("radio", name="User"))
    tab_to(page.get_by_role("textbox", name="Message"))
    page.keyboard.type("Typed <b>only</b>")
    tab_to(page.get_by_label("Then run"))
    page.keyboard.press("ArrowDown")
    tab_to(page.get_by_role("button", name="Send"))
    page.keyboard.press("Enter")
    expect(messages(page).nth(2)).to_contain_text("Typed <b>only</b>")
    expect(page.locator(".run")).to_have_count(1)
    assert server.requests[-1].path == f"/threads/{THREAD}/runs"


def test_you_answer_in_the_assistants_place(page: Page, url: str, server: LocalServer) -> None:
    show(page, url, "threads")
    page.get_by_role("button", name="New thread").click()
    page.get_by_label("In the assistant's place").check()
    expect(page.get_by_label("Then run")).to_be_hidden()
    page.get_by_role("textbox", name="Message").fill("By hand")
    page.keyboard.press("Control+Enter")
    expect(messages(page)).to_contain_text(["By hand"])
    expect(page.get_by_role("textbox", name="Message")).to_have_value("")
    (new,) = (thread["id"] for thread in server.threads() if thread["id"] != THREAD)
    assert [message["role"] for message in server.messages(new)] == ["assistant"]
    assert page.url.endswith(new)


def test_a_request_is_copied_and_sent_again(
    page: Page, url: str, client: Laplas, server: LocalServer
) -> None:
    show(page, url, "requests")
    expect(page.get_by_text("No request yet.")).to_be_visible()
    client.messages.create(THREAD, 'It\'s "50 %"\n\\ é 😀 true null', metadata={"a": "false"})
    client.messages.list(THREAD, limit=2, order="asc").data  # noqa: B018
    server.handle("GET", f"/threads/{THREAD}/nonsense", {"api-key": "k"}, b"")
    sent = server.requests[:2]
    page.get_by_role("searchbox").fill("get 404")
    expect(page.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    for number, copies in ((1, ("curl", "Python")), (2, ("curl", "Python"))):
        page.locator(f"a[href='#/requests/{number}']").click()
        expect(page.locator("#request-title")).to_contain_text(sent[number - 1].path)
        expect(page.locator("#request")).to_contain_text(str(sent[number - 1].request_id))
        for language in copies:
            page.evaluate("navigator.clipboard.writeText('')")
            page.get_by_role("button", name=f"Copy as {language}").click()
            page.wait_for_function("navigator.clipboard.readText().then(text => text !== '')")
            run(page.evaluate("navigator.clipboard.readText()"), language)
            again, first = server.requests[-1], sent[number - 1]
            assert (again.method, again.path.removeprefix("/v1")) == (first.method, first.path)
            assert again.body == first.body or json.loads(again.body) == json.loads(first.body)
    assert SECRET not in page.content()


def run(command: str, language: str) -> None:
    """Run what was copied, as a person would."""
    environment = {**os.environ, "LAPLAS_API_KEY": "any", "PYTHONPATH": os.pathsep.join(sys.path)}
    assert SECRET not in command
    if language == "curl" and not shutil.which("curl"):
        pytest.skip("there is no curl")
    call = ["sh", "-ec", command] if language == "curl" else [sys.executable, "-c", command]
    ended = subprocess.run(call, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert '"id"' in ended.stdout or "'id'" in ended.stdout


def test_bodies_that_are_no_json_or_cut(page: Page, url: str, client: Laplas) -> None:
    client.files.create(file=("a.bin", b"\xff\xfe"), purpose="assistants")
    client.messages.create(THREAD, "x" * 40_000)
    show(page, url, "requests/1")
    expect(page.get_by_text("Base64")).to_be_visible()
    expect(page.get_by_role("button", name="Copy as Python")).to_be_disabled()
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    run(page.evaluate("navigator.clipboard.readText()"), "curl")
    show(page, url, "requests/2")
    expect(page.get_by_text("The body was too long to keep.")).to_be_visible()
    expect(page.get_by_role("button", name="Copy as curl")).to_be_disabled()


def test_without_a_clipboard_you_copy_by_hand(page: Page, url: str, client: Laplas) -> None:
    client.threads.retrieve(THREAD)
    page.add_init_script("delete Navigator.prototype.clipboard")
    show(page, url, "requests/1")
    page.get_by_role("button", name="Copy as curl").click()
    expect(page.get_by_role("textbox", name="Copy this")).to_have_value(
        f"curl -X GET '{url}/threads/{THREAD}' \\\n  -H \"Authorization: Bearer $LAPLAS_API_KEY\""
    )
    page.get_by_role("button", name="Close").click()


def test_the_last_500_requests_are_shown(page: Page, url: str, server: LocalServer) -> None:
    key = {"api-key": "k"}
    for _ in range(300):
        server.handle("GET", f"/threads/{THREAD}", key, b"")
    show(page, url, "requests")
    expect(page.locator("#request-list li")).to_have_count(300)
    for _ in range(300):
        server.handle("GET", f"/threads/{THREAD}", key, b"")
    expect(page.locator("#request-list a").first).to_have_attribute("href", "#/requests/600")
    expect(page.locator("#request-list li")).to_have_count(500)
    expect(page.locator("#request-list a").last).to_have_attribute("href", "#/requests/101")
    show(page, url, "requests/100")
    expect(page.get_by_text("There is no request 100 any more")).to_be_visible()


def test_faults_are_switched_and_counted(
    page: Page, url: str, client: Laplas, server: LocalServer
) -> None:
    show(page, url, "faults")
    expect(page.get_by_role("switch")).not_to_have_count(0)
    known = page.get_by_role("switch").count()
    switch = fault(page, FAULT).get_by_role("switch")
    switch.focus()
    page.keyboard.press("Space")
    expect(fault(page, FAULT)).to_contain_text("waiting")
    assert [str(each) for each, _ in server.faults.plan()] == [FAULT]
    with pytest.raises(Exception, match=FAULT.partition(": ")[0]):
        client.messages.create(THREAD, "Twice?")
    expect(fault(page, FAULT)).to_contain_text("used up, struck 1")
    expect(page.locator("#struck")).to_contain_text("reset-after-commit")
    switch.uncheck()
    expect(fault(page, FAULT)).not_to_contain_text("struck")
    assert server.faults.plan() == []

    box = page.get_by_role("textbox", name="Another fault")
    box.fill("nonsense")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("nonsense")
    box.fill("GET: status=418 x*")
    page.get_by_role("button", name="Add").click()
    own = fault(page, "GET: status=418 x*")
    expect(own.get_by_role("switch")).to_be_checked()
    for _ in range(2):
        server.handle("GET", f"/threads/{THREAD}", {"api-key": "k"}, b"")
    expect(own).to_contain_text("struck 2")
    page.get_by_role("button", name="Switch all off").click()
    expect(own.get_by_role("switch")).not_to_be_checked()
    own.get_by_role("switch").check()  # it is still there to be switched on
    expect(own).to_contain_text("waiting")
    server.faults.clear()
    # Each that the page offers is one that the server knows by the same text.
    page.reload()
    expect(page.get_by_role("switch")).to_have_count(known)
    for each in page.get_by_role("switch").all():
        each.check()
    expect(page.get_by_text("waiting")).to_have_count(known)
    assert len(server.faults.plan()) == known


def test_a_fault_that_hits_the_page_is_told(page: Page, url: str, server: LocalServer) -> None:
    show(page, url)
    server.faults.fail_next("create_message", "reset", times=None)  # a browser tries again
    page.get_by_role("textbox", name="Message").fill("Lost")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("a fault broke the connection")
    expect(page.get_by_role("textbox", name="Message")).to_have_value("Lost")


def test_snapshot_restore_and_reset(
    page: Page, url: str, server: LocalServer, client: Laplas, tmp_path: Path
) -> None:
    show(page, url, "server")
    client.messages.create(THREAD, "In the snapshot")
    before = server.messages(THREAD)
    page.get_by_role("button", name="Take a snapshot").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "a.sqlite3")

    page.get_by_role("button", name="Reset…").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    assert server.messages(THREAD) == before
    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("button", name="Cancel").click()
    assert server.messages(THREAD) == before
    page.get_by_role("button", name="Reset…").click()
    page.get_by_role("button", name="Reset everything").click()
    expect(page.get_by_text("as it was at the start")).to_be_visible()
    assert (len(server.messages(THREAD)), server.requests) == (2, [])

    page.get_by_role("button", name="Restore", exact=True).click()
    expect(page.get_by_text("Restored the snapshot of")).to_be_visible()
    assert server.messages(THREAD) == before
    server.reset()
    page.get_by_label("Restore a file").set_input_files(tmp_path / "a.sqlite3")
    expect(page.get_by_text("Restored a.sqlite3.")).to_be_visible()
    assert server.messages(THREAD) == before
    (tmp_path / "b").write_text("nonsense")
    page.get_by_label("Restore a file").set_input_files(tmp_path / "b")
    expect(page.get_by_role("alert")).to_contain_text("snapshot: not one that this server made")


def test_the_clock_and_the_ids(page: Page, url: str, server: LocalServer, client: Laplas) -> None:
    client.messages.create(THREAD, "/call tide")
    client.runs.create_and_poll(THREAD, ASSISTANT, tools=[TOOL])
    server.clock.freeze(server.clock.now)
    show(page, url, "server")
    expect(page.get_by_text("frozen", exact=True)).to_be_visible()
    server.clock.freeze(1_900_000_000)
    page.get_by_label("Advance by").fill("20")
    page.get_by_role("button", name="Advance", exact=True).click()
    expect(page.get_by_role("timer")).to_have_text("2030-03-17 18:06:40 UTC")
    page.get_by_role("button", name="Let it run").click()
    expect(page.get_by_text("not the real time")).to_be_visible()
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_text("frozen", exact=True)).to_be_visible()
    page.get_by_role("button", name="Show the real time").click()
    expect(page.get_by_text("real time", exact=True)).to_be_visible()
    assert not server.clock.is_frozen

    ids = []
    for _ in range(2):
        page.get_by_label("Seed").fill("harbour")
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            page.get_by_role("button", name="Begin anew").click()
        ids.append(server.add_thread()["id"])
        client.threads.delete(ids[-1])
    assert ids[0] == ids[1]
    page.get_by_label("Seed").fill("")
    page.get_by_role("button", name="Begin anew").click()
    expect(page.get_by_text("Ids are random now.")).to_be_visible()
    server.clock.advance(3600)
    show(page, url)
    expect(page.locator(".run")).to_contain_text("expired")


def test_files_and_assistants(page: Page, url: str, client: Laplas) -> None:
    show(page, url, "files")
    expect(page.get_by_text("No file was uploaded.")).to_be_visible()
    client.files.create(file=("tides <1>.txt", b"04:12\n"), purpose="assistants")
    expect(page.get_by_text("6 bytes")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download tides <1>.txt").click()
    assert download.value.path().read_bytes() == b"04:12\n"
    client.assistants.create("gpt-4o", name="Harbour <b>desk</b>", instructions="Be brief.")
    expect(page.locator("#assistant-list")).to_contain_text("Harbour <b>desk</b>")


def test_it_comes_back_with_the_server(page: Page) -> None:
    with LocalServer() as first, running(first) as address:
        port = int(address.rpartition(":")[2])
        first.add_message(THREAD, "Before")
        show(page, address)
        expect(messages(page).last).to_contain_text("Before")
        for _ in range(50):
            first.add_message(THREAD, "More")
        expect(messages(page)).to_have_count(50)
        expect(messages(page).first).to_contain_text("More")
    expect(page.locator("#connection")).to_have_text("Reconnecting…")
    with LocalServer() as second, running(second, port=port):
        expect(page.locator("#connection")).to_have_text("Live")
        expect(messages(page)).to_have_count(2)
        second.add_message(THREAD, "After")
        expect(messages(page).last).to_contain_text("After")


def test_a_read_only_server_takes_nothing(page: Page) -> None:
    with LocalServer(read_only=True) as server, running(server) as address:
        server.put({"id": THREAD, "object": "thread", "created_at": 1})
        page.goto(f"{address}/#/threads/{THREAD}")
        expect(page.locator("#connection")).to_have_text("Live, read-only")
        for name in ("New thread", "Send"):
            expect(page.get_by_role("button", name=name)).to_be_disabled()
        page.goto(f"{address}/#/server")
        expect(page.get_by_role("button", name="Reset…")).to_be_disabled()


def test_long_threads_are_shown_in_parts(page: Page, url: str, server: LocalServer) -> None:
    for number in range(120):
        server.add_message(THREAD, f"Message {number}")
        server.add_thread(f"thread_{number}")
    show(page, url)
    expect(messages(page)).to_have_count(50)
    expect(messages(page).last).to_be_in_viewport()
    page.get_by_role("button", name="Show earlier messages").click()
    expect(messages(page)).to_have_count(100)
    expect(page.locator("#thread-list li")).to_have_count(50)
    page.get_by_role("button", name="Show more").click()
    expect(page.locator("#thread-list li")).to_have_count(100)


@pytest.mark.parametrize("width", [320, 360, 1200])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible_and_fits(
    page: Page, url: str, server: LocalServer, client: Laplas, scheme: Any, width: int
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 700})
    talk(client)
    wide = [{"type": "text", "text": {"value": "a" * 400, "annotations": []}}]
    server.add_message(THREAD, [*wide, {"type": "refusal", "refusal": "No."}, {"type": "new"}])
    server.faults.add("status=500", "GET: status=503")
    server.handle("GET", "/threads", {"api-key": "k"}, b"")
    client.messages.create(THREAD, "b" * 400)
    for view in VIEWS:
        show(page, url, view)
        if view == "server":
            page.get_by_role("button", name="Take a snapshot").click()
        page.locator("details:visible").evaluate_all("all => all.forEach(each => each.open = true)")
        results = Axe().run(page)
        assert results.violations_count == 0, f"{view}\n{results.generate_report()}"
        widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert widths[0] <= widths[1], (view, widths)
    page.get_by_role("button", name="Reset…").click()
    assert Axe().run(page).violations_count == 0
