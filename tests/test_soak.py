"""The soak in short, and proof that it would notice."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import soak
from soak import Driver, Record, Seen, Settings
from test_local_http import ENVIRONMENT

from laplas import APIError

pytest.importorskip("aiohttp")


def ran(program: str, *limits: str) -> tuple[int, str, str]:
    """Run a soak; return its exit status and what it wrote to stdout and stderr."""
    ended = subprocess.run(
        [sys.executable, "-W", "error", program, *limits],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=280,
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_a_short_soak() -> None:
    """Through both clients, with another seed each time; LAPLAS_SOAK_SEED repeats one."""
    seed = os.environ.get("LAPLAS_SOAK_SEED") or str(random.randrange(10**6))
    limits = ("--seconds", "6", "--creates", "400", "--concurrency", "50", "--seed", seed)
    status, out, err = ran(soak.__file__, *limits, "--exactly", "40")
    assert (status, err[-3000:]) == (0, ""), out
    assert "lost 0, duplicated 0\nviolations: none\n" in out
    assert len(re.findall("^once over .* wrong 0", out, re.MULTILINE)) == 3
    assert re.search("^cut short: .* wrong 0", out, re.MULTILINE)


class SendsAgain(Driver):
    async def create(self, thread_id: str, text: str, metadata: dict[str, str]) -> Seen:
        try:
            return await super().create(thread_id, text, metadata)
        except APIError:
            return await super().create(thread_id, text, metadata)


class SaysThatNothingHappened(Driver):
    def is_ambiguous(self, error: Exception) -> bool:
        return False


class ForgetsToSend(Driver):
    async def create(self, thread_id: str, text: str, metadata: dict[str, str]) -> Seen:
        return Seen(f"msg_{text}", text, "0")


class SendsAnotherText(Driver):
    async def create(self, thread_id: str, text: str, metadata: dict[str, str]) -> Seen:
        sent = await super().create(thread_id, text + "!", metadata)
        return sent._replace(text=text)


class AnswersUpdatesItself(Driver):
    async def update(self, record: Record, metadata: dict[str, str]) -> Seen:
        return Seen(record.message_id, record.token, metadata["v"])


class ReturnsAnotherMessage(Driver):
    async def retrieve(self, record: Record) -> Seen:
        return (await super().retrieve(record))._replace(message_id="msg_1")


class DeletesNothing(Driver):
    async def delete(self, record: Record) -> None:
        pass


class RaisesWhatIsNotItsOwn(Driver):
    async def retrieve(self, record: Record) -> Seen:
        raise KeyError("bare")


class SkipsTheFirst(Driver):
    async def list(self, thread_id: str, size: int, after: str | None) -> AsyncIterator[str]:
        found = super().list(thread_id, size, after)
        await anext(found, None)
        async for id_ in found:
            yield id_


class ListsTwice(Driver):
    async def list(self, thread_id: str, size: int, after: str | None) -> AsyncIterator[str]:
        for _ in range(2):
            async for id_ in super().list(thread_id, size, after):
                yield id_


@pytest.mark.parametrize(
    ("driver", "kind"),
    [
        (SendsAgain, "duplicated"),
        (SaysThatNothingHappened, "dishonest"),
        (ForgetsToSend, "lost"),
        (SendsAnotherText, "invented"),
        (AnswersUpdatesItself, "untrue"),
        (ReturnsAnotherMessage, "untrue"),
        (DeletesNothing, "untrue"),
        (RaisesWhatIsNotItsOwn, "untyped"),
        (SkipsTheFirst, "listing"),
        (ListsTwice, "listing"),
    ],
)
def test_a_careless_client_is_caught(
    driver: type[Driver], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak, "FAULTS", {"create_message: reset-after-commit": 50})
    settings = Settings(seconds=60, creates=150, seed=1, concurrency=4, once=False)
    violations, text = soak.run(settings, [driver])
    assert kind in {violation.kind for violation in violations}
    assert f"violations: {kind}" in text or f", {kind} " in text


def test_the_command_fails_where_a_promise_is_broken(tmp_path: Path) -> None:
    """By its exit status, with a leak as the only thing wrong."""
    code = (
        "import sys, soak; kept = []\n"
        "class Leaks(soak.Driver):\n"
        "    async def close(self): kept.append((self, open(sys.argv[0])))\n"
        "soak.DRIVERS = {'laplas': (Leaks,)}\n"
        "sys.exit(soak.main())\n"
    )
    program = tmp_path / "leaks.py"
    program.write_text(code)
    status, out, err = ran(
        str(program), "--seconds", "1", "--creates", "5", "--concurrency", "2", "--exactly", "2"
    )
    assert status == 1, out + err
    assert "violations: none" in out
    assert "open files or connections" in out
