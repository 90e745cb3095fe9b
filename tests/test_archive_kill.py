"""An export that is killed and started again ends with the bytes of one that is not."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import archives
import pytest

from laplas.archive import Archive
from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")
SEEDS = int(os.environ.get("ARCHIVE_SEEDS", "5"))
IDS = [f"thread_{number}" for number in range(20)]
MOST_STARTS = 60


def fill(server: LocalServer) -> None:
    for number, thread_id in enumerate(IDS):
        server.add_thread(thread_id, created_at=number)
        for message in range(number * 31 % 350):
            server.add_message(thread_id, f"message {message}", created_at=1000 + message)
    for document in (archives.RUN, *archives.STEPS, archives.ASSISTANT):
        server.put(document)
    for document, _ in archives.FILES:
        server.put(document)


def command(url: str, to: Path, *more: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "LAPLAS_API_KEY": "k"}
    options = ("--base-url", url, "--to", str(to), "--concurrency", "3", *IDS, "thread_none", *more)
    return subprocess.Popen(
        [sys.executable, "-m", "laplas.archive", "export", "--quiet", *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_killed_at_any_point_it_ends_with_the_same_bytes(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with LocalServer(examples=False) as server:
        fill(server)
        with running(server) as url:
            with command(url, tmp_path / "whole") as process:
                told = process.communicate()[0]
            assert process.returncode == 0, told
            kills = 0
            for _ in range(MOST_STARTS):
                with command(url, tmp_path / "killed") as process:
                    try:
                        told = process.communicate(timeout=0.2 + chance.random() * 0.8)[0]
                    except subprocess.TimeoutExpired:
                        process.kill()
                        kills += 1
                        continue
                assert process.returncode == 0, told
                break
            else:
                with command(url, tmp_path / "killed") as process:
                    told = process.communicate()[0]
                assert process.returncode == 0, told
    assert files(tmp_path / "killed") == files(tmp_path / "whole")
    assert len(Archive(tmp_path / "killed")) == len(IDS)
    assert kills, "nothing was killed"
