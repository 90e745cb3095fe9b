"""A headless Chromium, one for all tests: a page that reaches its own origin and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
ROOT_ONLY = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser of this machine; `nox -s browser` installs one where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "there is no Chromium: install the package chromium"
    with sync_playwright() as playwright:
        options = ["--no-first-run", "--disable-gpu", *QUIET, *ROOT_ONLY]
        started = playwright.chromium.launch(executable_path=path, args=options)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page; errors of scripts, and requests that leave this machine, fail the test."""
    context = browser.new_context()
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))

    def check(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.scheme in ("http", "https", "ws") and parts.hostname not in ("127.0.0.1", "::1"):
            wrong.append(f"it asked for {route.request.url}")
            route.abort()
        else:
            route.continue_()

    opened.route("**/*", check)
    yield opened
    context.close()
    assert wrong == []
