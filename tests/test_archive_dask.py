"""An export by the workers of a Dask cluster: the same bytes, whoever dies."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from archives import tree
from test_archive_kill import IDS, fill

from laplas import AsyncLaplas, ConfigurationError, InvalidArgumentError, LaplasError
from laplas.archive import Archive, ArchiveError, export, export_with_dask
from laplas.archive import _distributing as distributing
from laplas.archive.cli import main
from laplas.archive.cli._clients import KeySource
from laplas.local import LocalServer, running

pytest.importorskip("aiohttp")
dask: Any = pytest.importorskip("dask")
distributed: Any = pytest.importorskip("distributed")
KEY = "sk-that-nobody-may-see-0123456789"
PLAN = [*IDS, "thread_none"]


@contextmanager
def cluster(**environment: str) -> Iterator[Any]:
    quiet = {"dashboard_address": "127.0.0.1:0", "silence_logs": "CRITICAL"}
    size = {"n_workers": 2, "threads_per_worker": 1}
    patient = {"distributed.deploy.lost-worker-timeout": "10 minutes"}  # on a busy machine
    with (
        dask.config.set(patient),
        distributed.LocalCluster(**size, **quiet, env=environment) as started,
    ):
        yield started


@pytest.fixture(scope="module")
def workers() -> Iterator[Any]:
    """Two workers with a key of their own."""
    with cluster(LAPLAS_API_KEY=KEY) as started:
        yield started


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[LocalServer, str]]:
    with LocalServer(examples=False) as server:
        fill(server)
        with running(server) as url:
            yield server, url


@pytest.fixture(scope="module")
def whole(service: tuple[LocalServer, str], tmp_path_factory: Any) -> dict[str, bytes]:
    """What an export without Dask writes."""
    to: Path = tmp_path_factory.mktemp("whole") / "archive"
    export(lambda: AsyncLaplas(api_key="k", base_url=service[1]), PLAN, to, files=True)
    return tree(to)


@pytest.fixture
def slow(service: tuple[LocalServer, str]) -> Iterator[Callable[[], int]]:
    """Every answer is late; returns how many there were."""
    server, _ = service
    server.faults.reset()
    server.faults.add("delay=0.05 x*")
    yield lambda: server.faults.struck["delay"]
    server.faults.clear()


def command(url: str, to: Path, *more: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "LAPLAS_API_KEY": KEY}
    options = ("--base-url", url, "--to", str(to), "--concurrency", "3", "--quiet", *more)
    return subprocess.Popen(
        [sys.executable, "-m", "laplas.archive", "export", "--files", *options, *PLAN],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def until(there: Callable[[], Any], least: Any = "") -> Any:
    """Wait for something that is neither None nor less."""
    for _ in range(6000):
        if (found := there()) is not None and found >= least:
            return found
        time.sleep(0.01)
    raise AssertionError("it did not happen")


@contextmanager
def relay(address: str) -> Iterator[tuple[str, bytearray]]:
    """Stand between a Dask client and its scheduler, and keep all that passes."""
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    passed, sockets = bytearray(), list[socket.socket]()

    def pump(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                passed.extend(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def accept() -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection((host, int(port)))
                sockets.extend((near, far))
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}", passed
        listener.shutdown(socket.SHUT_RDWR)
    for each in sockets:
        each.close()


def test_the_bytes_are_the_same_and_no_key_is_sent(
    service: tuple[LocalServer, str],
    workers: Any,
    whole: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LAPLAS_API_KEY", KEY)
    to, told = tmp_path / "archive", list[Any]()
    with relay(workers.scheduler_address) as (address, passed):
        result = export_with_dask(
            lambda: AsyncLaplas(base_url=service[1]),
            PLAN,
            to,
            files=True,
            rate=500,
            on_progress=told.append,
            dask=address,
        )
    assert tree(to) == whole
    assert result.complete
    assert result.gone == 1
    assert service[1].encode() in passed  # so the client is there, as it was pickled
    assert KEY.encode() not in passed
    assert [each.threads for each in told] == sorted(each.threads for each in told)
    assert told[-1][:3] == (len(PLAN), len(PLAN), result.messages)


def test_a_worker_that_is_killed_has_its_part_done_again(
    service: tuple[LocalServer, str],
    workers: Any,
    whole: dict[str, bytes],
    slow: Callable[[], int],
    tmp_path: Path,
) -> None:
    to = tmp_path / "archive"
    dask = ("--dask", workers.scheduler_address)
    with distributed.Client(workers) as client:
        pids = client.run(os.getpid)

        def find_at_work() -> str | None:
            return next((w for w, keys in client.processing().items() if keys and w in pids), None)

        with command(service[1], to, *dask) as process:
            for number in (10, 30):
                until(slow, number)
                os.kill(pids.pop(until(find_at_work)), signal.SIGKILL)
            told = process.communicate()[0].decode()
            assert process.returncode == 0, told
        client.wait_for_workers(2)
    assert tree(to) == whole
    assert len(Archive(to)) == len(IDS)


@pytest.mark.parametrize("last", ["with Dask", "without Dask"])
def test_the_process_that_began_it_is_killed(
    service: tuple[LocalServer, str],
    workers: Any,
    whole: dict[str, bytes],
    slow: Callable[[], int],
    tmp_path: Path,
    last: str,
) -> None:
    """The workers live on, and are still at work for the run that is gone."""
    to = tmp_path / "archive"
    dask = ("--dask", workers.scheduler_address)
    for _ in range(2):
        before = slow()
        with command(service[1], to, *dask) as process:
            until(slow, before + 15)
            process.kill()
    before = slow()
    with command(service[1], to, *(dask if last == "with Dask" else ())) as process:
        told = process.communicate()[0].decode()
    assert process.returncode == 0, told
    assert tree(to) == whole
    requests = slow() - before
    if last == "with Dask":
        assert requests < 80, "it began anew"


def test_a_key_that_is_refused_ends_it_and_a_good_one_goes_on(
    service: tuple[LocalServer, str],
    workers: Any,
    whole: dict[str, bytes],
    tmp_path: Path,
) -> None:
    server, url = service
    server.faults.add("GET: status=401 x* skip=20")
    to = tmp_path / "archive"
    dask = ("--dask", workers.scheduler_address)
    with command(url, to, *dask) as process:
        told = process.communicate()[0].decode()
    server.faults.clear()
    assert process.returncode == 1, told
    assert "401" in told
    assert "Traceback" not in told
    with command(url, to, *dask) as process:
        told = process.communicate()[0].decode()
    assert process.returncode == 0, told
    assert tree(to) == whole


def test_workers_without_a_key_and_with_one_in_a_file(
    service: tuple[LocalServer, str],
    whole: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = tmp_path / "key"
    secret.write_text(f"{KEY}\n")
    to = tmp_path / "archive"
    with cluster() as started:
        dask = ("--dask", started.scheduler_address)
        with command(service[1], to, *dask) as process:
            told = process.communicate()[0].decode()
        assert process.returncode == 2, told
        assert "set LAPLAS_API_KEY" in told
        with command(service[1], to, *dask, "--api-key-file", str(secret)) as process:
            told = process.communicate()[0].decode()
        assert process.returncode == 0, told
        assert tree(to) == whole

        # Here, and not in a test of its own, as a cluster takes seconds to start.
        monkeypatch.setattr(distributing, "_WORKERS", 0.5)
        monkeypatch.setenv("LAPLAS_API_KEY", KEY)
        gone = partial(started.scale, 0)
        options: dict[str, Any] = {"dask": started.scheduler_address, "again": True}
        options |= {"worker_key": KeySource("file", str(secret)), "files": True}
        with pytest.raises(LaplasError, match="no worker is left"):
            export_with_dask(
                lambda: AsyncLaplas(base_url=service[1]),
                PLAN,
                to,
                on_progress=lambda _: gone(),
                **options,
            )
    export(lambda: AsyncLaplas(base_url=service[1]), (), to, files=True)
    assert tree(to) == whole


def key_of_a_vault() -> str:
    return KEY


def test_what_cannot_be_sent_without_its_key(
    service: tuple[LocalServer, str], workers: Any, tmp_path: Path
) -> None:
    def attempt(api_key: Any, worker_key: Any = None) -> None:
        client = partial(AsyncLaplas, api_key=api_key, base_url=service[1])
        more = {"dask": workers.scheduler_address, "worker_key": worker_key}
        export_with_dask(client, PLAN, tmp_path / "archive", **more)

    with pytest.raises(InvalidArgumentError, match="worker_key where they find it") as refused:
        attempt(KEY)
    assert KEY not in str(refused.value)
    for api_key, worker_key, argument in (
        (lambda: KEY, None, "client_factory"),
        (KEY, lambda: KEY, "worker_key"),
        (KEY, partial(str, KEY), "client_factory"),
    ):
        with pytest.raises(InvalidArgumentError, match=f"^{argument}: ") as refused:
            attempt(api_key, worker_key)
        assert KEY not in str(refused.value)
    assert not (tmp_path / "archive").exists()
    client = AsyncLaplas(api_key=KEY)
    sources: tuple[Any, ...] = (key_of_a_vault, KeySource("file", "/run/key"))
    for worker_key in sources:
        pickled = distributing._pickled(client, worker_key)
        assert KEY.encode() not in pickled
        assert pickle.loads(pickled)[1] == worker_key


def test_no_scheduler_no_dask_no_shared_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "archive"
    monkeypatch.setenv("LAPLAS_API_KEY", KEY)
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "500ms")
    for address in ("tcp://127.0.0.1:1", "nonsense:"):
        with command("http://127.0.0.1:9", to, "--dask", address) as process:
            told = process.communicate()[0].decode()
        assert process.returncode == 2, told
        assert told.startswith("laplas export: dask: "), told
        assert told.count("\n") == 1, told
    with pytest.raises(ArchiveError, match="this machine and all workers share"):
        distributing.take_part(distributing._Work(b"", "owner", 1, None), str(to / ".parts/1"))
    monkeypatch.setitem(sys.modules, "distributed", None)
    options = ["--to", str(to), "--base-url", "http://127.0.0.1:9", "--dask", "local"]
    assert main(["export", "thread_1", *options]) == 2
    assert 'pip install "laplas[dask]"' in capsys.readouterr().err
    assert not to.exists()


def test_where_a_key_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    (tmp_path / "key").write_text(f"{KEY}\n")
    printed = f"{sys.executable} -c \"print('{KEY}')\""
    for kind, name in (("env", "MY_KEY"), ("file", str(tmp_path / "key")), ("command", printed)):
        assert KeySource(kind, name)()[0] == KEY
    for kind, name in (
        ("env", "NO_KEY"),
        ("file", str(tmp_path / "none")),
        ("command", "false"),
        ("command", "no-such-program"),
        ("command", "true"),
        ("command", "'"),
    ):
        with pytest.raises(ConfigurationError, match=f"^api_key: --api-key-{kind}"):
            KeySource(kind, name)()
        options = ["--base-url", "http://127.0.0.1:9", f"--api-key-{kind}", name]
        assert main(["export", "thread_1", "--to", str(tmp_path / "archive"), *options]) == 2
    assert not (tmp_path / "archive").exists()


def test_an_interrupt_stops_all_and_the_same_command_goes_on(
    service: tuple[LocalServer, str],
    workers: Any,
    whole: dict[str, bytes],
    slow: Callable[[], int],
    tmp_path: Path,
) -> None:
    """Workers of its own are gone with it."""
    to = tmp_path / "archive"
    with command(service[1], to, "--dask", "local") as process:
        until(slow, 15)
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 130, told
    assert "Nothing is lost" in told
    assert "Traceback" not in told
    with command(service[1], to, "--dask", workers.scheduler_address) as process:
        told = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 0, told
    assert tree(to) == whole
