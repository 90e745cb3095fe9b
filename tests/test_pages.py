"""What the pages of docs say: programs print what is shown, and tables are true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from openai_suite import KINDS
from peculiar_servers import Azure, Myla
from scripted import KEY
from support import ROOT
from test_openai_names import EXCEPTIONS
from test_readme import page, remembered_clients, run

from laplas.local import running


class AccessToken(NamedTuple):
    """As azure-identity's."""

    token: str
    expires_on: int


@contextmanager
def azure_identity(server: Azure) -> Iterator[list[str]]:
    """A package azure.identity whose credentials give tokens that the server takes."""
    scopes: list[str] = []

    class DefaultAzureCredential:
        def get_token(self, *wanted: str) -> AccessToken:
            scopes.extend(wanted)
            server.accepts = {f"Bearer entra-{len(scopes)}"}
            return AccessToken(f"entra-{len(scopes)}", 9 * 10**10)

        async def close(self) -> None:
            pass

    class AsyncCredential(DefaultAzureCredential):
        async def get_token(self, *wanted: str) -> AccessToken:  # type: ignore[override]
            return super().get_token(*wanted)

        async def __aenter__(self) -> AsyncCredential:
            return self

        async def __aexit__(self, *_: object) -> None:
            pass

    modules = {
        "azure": types.ModuleType("azure"),
        "azure.identity": types.ModuleType("azure.identity"),
        "azure.identity.aio": types.ModuleType("azure.identity.aio"),
    }
    vars(modules["azure.identity"])["DefaultAzureCredential"] = DefaultAzureCredential
    vars(modules["azure.identity.aio"])["DefaultAzureCredential"] = AsyncCredential
    with pytest.MonkeyPatch.context() as patch:
        for name, module in modules.items():
            patch.setitem(sys.modules, name, module)
        yield scopes


def test_the_programs_on_servers_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each against the server that it is for; only the addresses are replaced."""
    pytest.importorskip("aiohttp")
    snippets = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", page("servers"), re.S)
    assert len(snippets) >= 5
    monkeypatch.setenv("LAPLAS_API_KEY", KEY)
    monkeypatch.setenv("AZURE_KEY", "k1")
    with (
        Azure(key="k1") as azure, running(azure) as azure_url,
        Myla() as own, running(own) as own_url,
        azure_identity(azure) as scopes, remembered_clients(monkeypatch),
    ):  # fmt: skip
        namespace: dict[str, object] = {}
        for code, shown in snippets:
            code = code.replace(
                "https://NAME.services.ai.azure.com/api/projects/PROJECT", azure_url
            )
            code = re.sub(
                r"http://127\.0\.0\.1:\d+/api/v1|https://gateway\.example/[\w/]+", own_url, code
            )
            assert run(code, namespace) == shown, code
        assert len(scopes) >= 2
        assert set(scopes) == {"https://ai.azure.com/.default"}
        assert len(azure.targets) > 6
        assert len(own.targets) > 3


SNIPPETS = re.findall(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", page("logging"), re.DOTALL)


@pytest.mark.parametrize(("code", "shown"), SNIPPETS, ids=range(len(SNIPPETS)))
def test_the_programs_on_logging_run(code: str, shown: str) -> None:
    """In a process of its own: they set up logging, and tools that stay."""
    for tool in ("opentelemetry.sdk", "sentry_sdk"):
        if tool in code:
            pytest.importorskip(tool)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    printed = re.sub(r"(seconds|bytes|request_id)=\S+", r"\1=...", done.stdout)
    assert printed == shown, done.stdout


def test_the_table_of_what_the_openai_package_has_beside_is_true() -> None:
    text = (ROOT / "docs" / "from-openai.md").read_text("utf-8")
    table = text.partition("## What is not there")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^|]+)` \| ([^|]+) \|$", table, re.M)
    assert dict(rows) == EXCEPTIONS


def test_the_page_tells_why_tests_of_the_openai_package_fail() -> None:
    text = (ROOT / "docs" / "from-openai.md").read_text("utf-8")
    table = text.partition("own tests\n")[2].partition("\n## ")[0]
    assert re.findall(r"^\| [\d,]+ \| ([^|]+) \|$", table, re.M) == [*KINDS]


def test_the_tutorial_works_in_an_empty_folder(tmp_path: Path) -> None:
    """Its files under their names, its commands in their order."""
    text = page("tutorial").replace("python ", f"{sys.executable} ")
    steps = re.findall(r"^```(python|bash|text)\n(.*?)^```$", text, re.M | re.S)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1"}
    compared = 0
    for (kind, content), (next_kind, shown) in zip(steps, [*steps[1:], ("", "")], strict=True):
        if kind == "python" and (name := re.match(r"# (\w+\.py)\n", content)):
            (tmp_path / name[1]).write_text(content, "utf-8")
        elif kind == "bash" and next_kind == "text":
            done = subprocess.run(
                content, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert re.sub(r" in [\d.]+s$", "", done.stdout, flags=re.M) == shown, content
            compared += 1
    assert compared == 6
