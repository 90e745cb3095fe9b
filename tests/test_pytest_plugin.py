"""The fixtures, as other people's test runs find and use them: each run is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support import ROOT

ENTRIES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
STRICT = """
[pytest]
addopts = --strict-markers --strict-config
filterwarnings = error
"""

USES = """
import asyncio
import os
import subprocess
import sys

import pytest

from laplas import Laplas

THREAD, ASSISTANT = "thread_abc123", "asst_abc123"
pytestmark = pytest.mark.laplas_server(seed=1, reply=lambda turn: "of the module")


@pytest.mark.parametrize("n", range(4))
def test_each_has_a_server_of_its_own(laplas_client, laplas_server, n):
    message = laplas_client.messages.create(THREAD, "Hi")
    assert message.id == "msg_xo1gzVrWXbUr1H8Zj0lfBcHa"
    assert len(laplas_server.messages(THREAD)) == 3


@pytest.mark.laplas_server(reply=lambda turn: "of the test", faults=["*: status=429 retry-after=0"])
def test_the_nearest_marker_counts(laplas_client, laplas_server):
    thread = laplas_client.thread(THREAD)
    assert thread.ask("?", assistant=ASSISTANT).text == "of the test"
    assert laplas_server.faults.struck == {"status": 1}


def test_async(async_laplas_client, laplas_client):
    async def ask():
        return await async_laplas_client.thread(THREAD).ask("?", assistant=ASSISTANT)

    assert asyncio.run(ask()).text == asyncio.run(ask()).text == "of the module"
    assert len(list(laplas_client.messages.list(THREAD))) == 6


def test_over_http_for_clients_of_any_process(laplas_url, laplas_server):
    with Laplas() as client:
        client.messages.create(THREAD, "Hi")
    code = "from laplas import Laplas; Laplas().messages.create('thread_abc123', 'Hi too')"
    subprocess.run([sys.executable, "-c", code], check=True)
    said = [each["content"][0]["text"]["value"] for each in laplas_server.messages(THREAD)]
    assert said[2:] == ["Hi", "Hi too"]
    assert os.environ["LAPLAS_BASE_URL"] == laplas_url


def test_the_environment_is_as_before():
    assert os.environ.get("LAPLAS_BASE_URL") is None
    assert os.environ["LAPLAS_API_KEY"] == "sk-mine"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Another project, in whose environment laplas is installed."""
    about = tmp_path / "site" / "laplas-0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: laplas\nVersion: 0\n")
    lines = [f"{name} = {target}" for name, target in ENTRIES["pytest11"].items()]
    (about / "entry_points.txt").write_text("\n".join(["[pytest11]", *lines, ""]))
    (tmp_path / "pytest.ini").write_text(STRICT)
    return tmp_path


def run(project: Path, code: str, *options: str) -> tuple[int, str]:
    """Run the tests of a project; returns the exit status and what was printed."""
    (project / "test_it.py").write_text(code)
    path = os.pathsep.join([str(project / "site"), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path, "LAPLAS_API_KEY": "sk-mine"}
    plugins = ("-p", "no:cacheprovider", "-p", "no:asyncio")
    command = [sys.executable, "-m", "pytest", "-q", *plugins, *options]
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("options", [(), ("-n", "2")])
def test_the_fixtures_are_found_and_do_what_they_say(
    project: Path, options: tuple[str, ...]
) -> None:
    pytest.importorskip("aiohttp")
    status, said = run(project, USES, *options)
    assert status == 0, said
    assert "8 passed" in said


def test_a_run_that_asks_for_none_loads_one_module(project: Path) -> None:
    """Not even `laplas` itself."""
    code = """
import sys

def test_nothing():
    ours = {name for name in sys.modules if name.startswith("laplas")}
    assert ours == {"laplas_pytest"}
"""
    status, said = run(project, code)
    assert status == 0, said
    status, said = run(project, "def test_it(laplas_server): pass", "-p", "no:laplas")
    assert status == 1
    assert "fixture 'laplas_server' not found" in said


def test_without_the_extra_the_url_says_what_to_install(project: Path) -> None:
    code = "import sys; sys.modules['aiohttp'] = None\ndef test_it(laplas_url): pass"
    status, said = run(project, code)
    assert status == 1
    assert "laplas_url needs an extra: pip install 'laplas[local]'" in said
    assert "Traceback" not in said
