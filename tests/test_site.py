"""The built site: `nox -s docs` says where it is, and other sessions leave this file out."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import os
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from laplas import AsyncLaplas, Laplas

SITE = Path(os.environ.get("LAPLAS_SITE", ""))
INDEX = Path(__file__).parent.parent / "docs" / "index.md"
built = pytest.mark.skipif(
    "LAPLAS_SITE" not in os.environ, reason="no site was built: run nox -s docs"
)
MODULES = ("laplas", "laplas.types", "laplas.resources", "laplas.local", "laplas.archive")


def inventory() -> set[str]:
    """Return the Python names that the site describes."""
    packed = (SITE / "objects.inv").read_bytes().split(b"\n", 4)[4]
    lines = zlib.decompress(packed).decode("utf-8").splitlines()
    return {line.split()[0] for line in lines if line.split()[1].startswith("py:")}


@built
@pytest.mark.parametrize("module", MODULES)
def test_the_reference_has_every_public_name(module: str) -> None:
    names = importlib.import_module(module).__all__
    public = {f"{module}.{name}" for name in names if name[0] != "_" and name[-1] != "T"}
    assert public
    assert public - inventory() == set()


@built
@pytest.mark.parametrize("kind", [Laplas, AsyncLaplas])
def test_the_reference_has_every_method_of_every_resource(kind: Any) -> None:
    described = inventory()
    client = kind.local()
    thread = client.thread("thread_abc123")
    parts = (client, thread, client.vector_stores.files, client.vector_stores.file_batches)
    names = ("messages", "threads", "runs", "assistants", "files", "vector_stores")
    wanted = [
        (type(part), name)
        for part in (*parts, client.runs.steps, *(getattr(client, name) for name in names))
        for name, _ in inspect.getmembers(type(part), inspect.isfunction)
        if name[0] != "_"
    ]
    assert len(wanted) > 50
    missing = [
        f"{owner.__qualname__}.{name}"
        for owner, name in wanted
        if not any(entry.endswith(f".{owner.__qualname__}.{name}") for entry in described)
    ]
    assert missing == []


class Links(HTMLParser):
    """Collects the ids of a page, what it links to, and what it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in ("script", "img", "link"):
            # Of links, what is loaded: not what a search engine reads.
            address = given.get("src") or given.get("href", "")
            self.loaded += [address] if address and given.get("rel") != "canonical" else []


def read(page: Path) -> Links:
    links = Links()
    links.feed(page.read_text("utf-8"))
    return links


@built
def test_no_link_within_the_site_is_dead_and_nothing_is_loaded_from_elsewhere() -> None:
    pages = {page.resolve(): read(page) for page in SITE.rglob("*.html")}
    assert len(pages) >= 20
    dead = []
    for page, found in pages.items():
        for link in (*found.links, *found.loaded):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                assert link in found.links or parts.scheme == "data", f"{page.name} loads {link}"
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            if not target.exists():
                dead.append((page.name, link))
            elif parts.fragment and target in pages:
                known = pages[target].ids
                dead += [] if unquote(parts.fragment) in known else [(page.name, link)]
    assert dead == []


def test_the_first_program_prints_what_the_front_page_shows() -> None:
    code, shown = re.findall(r"```python\n(.*?)```\n\n```text\n(.*?)```", INDEX.read_text(), re.S)[
        0
    ]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "index.md", "exec"), {})
    assert printed.getvalue() == shown
