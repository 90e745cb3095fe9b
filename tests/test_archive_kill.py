"""An export that is killed and started again ends with the bytes of one that is not."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import signal
import threading
from pathlib import Path
from typing import Any

import archives
import pytest

from laplas.archive import Archive
from laplas.archive.cli import main
from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")
if os.name == "nt":
    pytest.skip("SIGKILL is what POSIX has", allow_module_level=True)
SEEDS = int(os.environ.get("LAPLAS_KILL_SEEDS", "5"))
IDS = [f"thread_{number}" for number in range(20)]
KILLS = 12
"""How often a seed kills, at most: each kill comes within so many requests of the start."""
PROCESSES = multiprocessing.get_context("forkserver")  # that has imported all: a start takes 20 ms
PROCESSES.set_forkserver_preload(["laplas.archive._exporting", "laplas.archive.cli.export_command"])


def kill(pid: int) -> None:
    """Kill a process, which may have ended by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class KillingServer(LocalServer):
    """Kills the process that asks, some milliseconds after one of its requests."""

    left, wait, pid = -1, 0.0, 0

    def accept(self, *request: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            threading.Timer(self.wait, kill, (self.pid,)).start()
        return super().accept(*request)


def fill(server: LocalServer) -> None:
    for number, thread_id in enumerate(IDS):
        server.add_thread(thread_id, created_at=number)
        for message in range(number * 31 % 350):
            server.add_message(thread_id, f"message {message}", created_at=1000 + message)
    server.put_many((archives.RUN, *archives.STEPS, archives.ASSISTANT))
    for document, content in archives.FILES:
        server.put_file(document, content * 5_000)
    files = [{"file_id": document["id"], "tools": []} for document, _ in archives.FILES]
    server.add_message(IDS[2], "with files", attachments=files)


def start(url: str, to: Path, gate: Any = None) -> Any:
    options = ("--base-url", url, "--to", str(to), "--concurrency", "3", "--files", "--quiet")
    process = PROCESSES.Process(
        target=export, args=([*options, *IDS, "thread_none"], gate), daemon=True
    )
    process.start()
    return process


def export(options: list[str], gate: Any) -> None:
    os.environ["LAPLAS_API_KEY"] = "k"
    if gate is not None:
        gate.wait()
    os._exit(main(["export", *options]))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_killed_at_any_point_it_ends_with_the_same_bytes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    killed = amid = 0
    with KillingServer(examples=False) as server, running(server) as url:
        fill(server)
        whole = start(url, tmp_path / "whole")
        whole.join(600)
        assert whole.exitcode == 0
        for number in range(KILLS + 1):
            gate = PROCESSES.Event()
            process = start(url, tmp_path / "killed", gate)
            server.pid, server.wait = process.pid, chance.random() * 0.04
            server.left = chance.randrange(1, 30) if number < KILLS else -1
            gate.set()
            process.join(600)
            if process.exitcode == 0:
                server.left = -1
                break
            assert process.exitcode == -signal.SIGKILL
            killed += 1
            amid += not (tmp_path / "killed" / "manifest.json").exists()
    assert process.exitcode == 0
    assert archives.tree(tmp_path / "killed") == archives.tree(tmp_path / "whole")
    assert len(Archive(tmp_path / "killed")) == len(IDS)
    print(f"seed {seed}: {killed} kills, {amid} before the archive was whole")
    assert amid >= 2
