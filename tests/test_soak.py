"""The soak in short, and proof that it would notice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest
import soak
from soak import Book, Footprint, Found, Record, Seen, Settings, SyncDriver, Violation, Worker
from test_local_http import ENVIRONMENT

from laplas import APIError, InvalidArgumentError

pytest.importorskip("aiohttp")


def test_a_short_soak() -> None:
    """Through both clients: nothing lost, nothing twice, no lie, nothing left behind.

    Another seed each time; LAPLAS_SOAK_SEED repeats one.
    """
    seed = os.environ.get("LAPLAS_SOAK_SEED") or str(random.randrange(10**6))
    limits = ["--seconds", "6", "--creates", "400", "--concurrency", "50", "--seed", seed]
    ended = subprocess.run(
        [sys.executable, "-W", "error", soak.__file__, *limits],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert (ended.returncode, ended.stderr[-3000:]) == (0, ""), ended.stdout
    assert "lost 0, duplicated 0\nviolations: none\n" in ended.stdout


# --- the checker notices ---


def record(**fields: Any) -> Record:
    return Record(**{"token": "t", "thread_id": "T", "created": "yes", "message_id": "m", **fields})


M = Found("m", "T", "0")


@pytest.mark.parametrize(
    ("given", "found", "kinds"),
    [
        (record(), [M], []),
        (record(), [], ["lost"]),
        (record(), [Found("other", "T", "0")], ["duplicated", "lost"]),
        (record(), [M, Found("other", "T", "0")], ["duplicated"]),
        (record(), [M, Found("b", "T", "0"), Found("c", "T", "0")], ["duplicated"] * 2),
        (record(), [Found("m", "elsewhere", "0")], ["untrue"]),
        (record(created="maybe", message_id=""), [], []),
        (record(created="maybe", message_id=""), [M], []),
        (record(created="maybe", message_id=""), [M, M], ["duplicated"]),
        (record(created="no", message_id=""), [], []),
        (record(created="no", message_id=""), [M], ["dishonest"]),
        (record(deleted="yes"), [], []),
        (record(deleted="yes"), [M], ["untrue"]),
        (record(deleted="yes"), [Found("other", "T", "0")], ["duplicated"]),
        (record(deleted="maybe"), [], []),
        (record(deleted="maybe"), [M], []),
        (record(versions={"1", "2"}), [Found("m", "T", "2")], []),
        (record(versions={"1", "2"}), [M], ["untrue"]),
    ],
)
def test_the_judge_finds_each_violation(
    given: Record, found: list[Found], kinds: list[str]
) -> None:
    assert [v.kind for v in soak.judge([given], {"t": found} if found else {})] == kinds


def test_the_judge_finds_what_nobody_created() -> None:
    assert [v.kind for v in soak.judge([], {"t": [M]})] == ["invented"]


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (Footprint(5, 1, 500), []),
        (Footprint(6, 1, 0), ["1 open files or connections"]),
        (Footprint(5, 3, 0), ["2 threads"]),
        (Footprint(5, 1, 2_000_000), ["2,000,000 bytes of memory"]),
    ],
)
def test_what_is_left_behind_is_found(after: Footprint, found: list[str]) -> None:
    assert soak.left_behind(Footprint(5, 1, 0), after) == [
        Violation("left behind", text) for text in found
    ]


# --- the workers notice ---


class Fake(soak.OfLaplas):
    """A client that returns or raises what it is told to."""

    def __init__(self, *, raises: Exception | None = None, ids: str = "", **seen: str) -> None:
        self._raises = raises
        self._ids = ids
        self._seen = Seen(**{"message_id": "m", "text": "t", "version": "0", **seen})

    async def _answer(self, *_: object) -> Any:
        if self._raises:
            raise self._raises
        return self._seen

    create = update = retrieve = delete = _answer

    async def list(self, thread_id: str, size: int, after: str | None) -> AsyncIterator[str]:
        for id_ in self._ids:
            yield id_
        if self._raises:
            raise self._raises

    async def close(self) -> None:
        pass


def honest(may_have_taken_effect: bool, cursor: str | None = None) -> APIError:
    error = APIError("broken")
    error.may_have_taken_effect = may_have_taken_effect
    error.cursor = cursor
    return error


def worked(act: str, driver: Fake, mine: Record | None = None) -> tuple[Book, list[str]]:
    """Let a worker do one thing; return its book and the kinds of violations in it."""
    book = Book()
    book.busy, book.stable = ["T"], {"S": ["a", "b", "c"]}
    worker = Worker("w", driver, book, "seed")
    if mine is not None:
        worker._mine.append(mine)
    soak._finished(getattr(worker, act)())
    return book, [violation.kind for violation in book.violations]


@pytest.mark.parametrize(
    ("act", "driver", "kinds"),
    [
        ("_list_stable", Fake(ids="abc"), []),
        ("_list_stable", Fake(ids="ab"), ["listing"]),
        ("_list_stable", Fake(ids="abbc"), ["listing"]),
        ("_list_stable", Fake(ids="acb"), ["listing"]),
        ("_list_stable", Fake(raises=honest(False, "b")), ["listing"]),
        ("_list_busy", Fake(ids="xmy"), []),
        ("_list_busy", Fake(ids="xy"), ["listing"]),
        ("_list_busy", Fake(ids="xmx"), ["listing"]),
        ("_list_busy", Fake(ids="x", raises=honest(False)), []),
        ("_retrieve", Fake(), []),
        ("_retrieve", Fake(text="another"), ["untrue"]),
        ("_retrieve", Fake(version="7"), ["untrue"]),
        ("_retrieve", Fake(message_id="another"), ["untrue"]),
        ("_retrieve", Fake(raises=honest(True)), ["dishonest"]),
        ("_retrieve", Fake(raises=honest(False)), []),
        ("_retrieve", Fake(raises=KeyError("bare")), ["untyped"]),
        ("_delete", Fake(raises=KeyError("bare")), ["untyped"]),
        ("_update", Fake(version="1"), []),
        ("_update", Fake(version="0"), ["untrue"]),
    ],
)
def test_a_worker_finds_each_violation(act: str, driver: Fake, kinds: list[str]) -> None:
    assert worked(act, driver, record())[1] == kinds


@pytest.mark.parametrize(
    ("driver", "created"),
    [
        (Fake(text="w-1"), "yes"),
        (Fake(raises=honest(True)), "maybe"),
        (Fake(raises=honest(False)), "no"),
        (Fake(raises=InvalidArgumentError("content", "no")), "no"),
    ],
)
def test_a_worker_keeps_what_a_create_said(driver: Fake, created: str) -> None:
    book, kinds = worked("_create", driver)
    assert (book.records[0].created, kinds) == (created, [])


def test_a_worker_keeps_what_updates_and_deletes_said() -> None:
    for error, versions, deleted in [
        (honest(True), {"0", "1"}, "maybe"),
        (honest(False), {"0"}, "no"),
    ]:
        updated, gone = record(), record()
        worked("_update", Fake(raises=error), updated)
        worked("_delete", Fake(raises=error), gone)
        assert (updated.versions, gone.deleted) == (versions, deleted)
    updated, gone = record(), record()
    worked("_update", Fake(version="1"), updated)
    worked("_delete", Fake(), gone)
    assert (updated.versions, gone.deleted) == ({"1"}, "yes")


# --- the whole notices ---


class SendsAgain(SyncDriver):
    """A client that repeats a create whatever happened."""

    async def create(self, thread_id: str, text: str, metadata: dict[str, str]) -> Seen:
        try:
            return await super().create(thread_id, text, metadata)
        except APIError:
            return await super().create(thread_id, text, metadata)


class SaysNo(SyncDriver):
    """A client whose errors say that nothing happened."""

    def is_ambiguous(self, error: Exception) -> bool:
        return False


class Forgets(SyncDriver):
    """A client that says that it sent what it did not send."""

    async def create(self, thread_id: str, text: str, metadata: dict[str, str]) -> Seen:
        return Seen(f"msg_{text}", text, "0")


@pytest.mark.parametrize(
    ("driver", "kind"),
    [(SendsAgain, "duplicated"), (SaysNo, "dishonest"), (Forgets, "lost")],
)
def test_a_careless_client_is_caught(
    driver: type[SyncDriver], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak, "FAULTS", {"create_message: reset-after-commit": 50})
    settings = Settings(seconds=60, creates=30, seed=1, concurrency=4, once=False)
    report = soak.run(settings, [cast("soak.Make", driver)])
    assert kind in {violation.kind for violation in report.violations}
    assert f"violations: {kind}" in report.text or f", {kind} " in report.text


def test_the_command_fails_where_a_promise_is_broken(tmp_path: Path) -> None:
    """By its exit status, with a leak as the only thing wrong."""
    code = (
        "import sys, soak; kept = []\n"
        "class Leaks(soak.SyncDriver):\n"
        "    async def close(self): kept.append((self, open(sys.argv[0])))\n"
        "soak.DRIVERS = {'laplas': (Leaks,)}\n"
        "sys.exit(soak.main())\n"
    )
    program = tmp_path / "leaks.py"
    program.write_text(code)
    limits = ["--seconds", "1", "--creates", "5", "--concurrency", "2"]
    ended = subprocess.run(
        [sys.executable, str(program), *limits],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "violations: none" in ended.stdout
    assert "open files or connections" in ended.stdout
