"""`files.content`: bytes as an answer, whole, piece by piece, and into a file."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, assert_type

import httpx
import pytest
from scripted import answer, breaks, peak, run_both, settled

import laplas
from laplas import APIConnectionError, APITimeoutError, AsyncLaplas, Laplas
from laplas.local import LocalServer, running

MIB = 1024 * 1024
LARGE = 9 * MIB
"""Bytes of a file that a call does not read at once."""
BINARY = bytes(range(256)) * 4


def content(client: Any, **options: Any) -> Any:
    return client.files.content("file-1", **options)


@contextmanager
def sending(
    length: int | None, *bodies: tuple[int, float], coding: str = ""
) -> Iterator[tuple[str, list[bytes]]]:
    """A server that sends so many of the bytes it told of, then pauses and hangs up.

    Of its bodies each answers one request, the last one all others.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    heads: list[bytes] = []
    free = threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            size, pause = bodies[min(len(heads), len(bodies) - 1)]
            with connection, suppress(OSError):
                heads.append(connection.recv(65536))
                told = "" if length is None else f"Content-Length: {length}\r\n"
                connection.sendall(f"HTTP/1.1 200 OK\r\n{told}Connection: close\r\n\r\n".encode())
                while size > 0:
                    connection.sendall(b"x" * min(size, MIB))
                    size -= MIB
                free.wait(pause)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heads
    finally:
        free.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def with_both(url: str, use: Callable[[Any], Any], **options: Any) -> list[Any]:
    """What `use`, async, makes of each client on that server: results, or errors."""
    found: list[Any] = []

    async def made(client: Any) -> None:
        try:
            found.append(await use(client))
        except Exception as error:
            found.append(error)
        finally:
            await settled(client.close())

    arguments: dict[str, Any] = {"api_key": "k", "base_url": url, "max_retries": 0, **options}
    with suppress(StopIteration):
        made(Laplas(**arguments)).send(None)
    asyncio.run(made(AsyncLaplas(**arguments)))
    return found


def to_file(path: Path, **options: Any) -> Callable[[Any], Any]:
    async def use(client: Any) -> Any:
        found = await settled(content(client, **options))
        write = getattr(found, "astream_to_file", None) or found.stream_to_file
        await settled(write(path))

    return use


# What it says


@pytest.mark.parametrize("form", ["files", "files.with_raw_response", "beta.files"])
def test_a_small_file_is_there_at_once_in_every_spelling(form: str) -> None:
    async def use(client: Any) -> Any:
        place = client
        for name in form.split("."):
            place = getattr(place, name)
        found = await settled(place.content("file-1"))
        assert found.content == found.read() == BINARY
        assert found.text == BINARY.decode("utf-8", "replace")
        assert (found.status_code, found.request_id) == (200, "req_1")
        assert found.headers["x-request-id"] == "req_1"
        assert found.parse() is found
        assert "retrieve_file_content 200" in repr(found)
        return await settled(getattr(found, "aread", found.read)())

    ran = run_both(use, answer(BINARY, x_request_id="req_1"))
    assert ran.result == BINARY
    assert (ran.sent.method, ran.sent.target) == ("GET", "/files/file-1/content")
    assert ran.sent.header("accept") == "*/*"


def test_its_request_can_be_prepared_and_its_header_chosen() -> None:
    ran = run_both(lambda c: c.files.prepare.content("file-1"))
    assert "/files/file-1/content" in ran.result.curl()
    ran = run_both(lambda c: content(c, extra_headers={"accept": "text/csv"}), answer(b"a,b"))
    assert ran.sent.header("accept") == "text/csv"


async def read_streamed(client: Any) -> Any:
    opened = client.files.with_streaming_response.content("file-1")
    if hasattr(opened, "__aenter__"):
        async with opened as response:
            return await (await response.parse()).aread()
    with opened as response:
        return response.parse().read()


@pytest.mark.parametrize("how", ["bytes", "lines", "json", "write", "streamed"])
def test_it_is_read_in_every_way(how: str, tmp_path: Path) -> None:
    async def use(client: Any) -> Any:
        if how == "streamed":
            return await read_streamed(client)
        found = await settled(content(client))
        match how:
            case "bytes":
                pieces = getattr(found, "aiter_bytes", None)
                return [p async for p in pieces(3)] if pieces else list(found.iter_bytes(3))
            case "lines":
                lines = getattr(found, "aiter_lines", None)
                return [p async for p in lines()] if lines else list(found.iter_lines())
            case "json":
                return found.json()
        found.write_to_file(tmp_path / "there")
        return (tmp_path / "there").read_bytes()

    body = b"[1,\n23]"
    whole: dict[str, Any] = {"bytes": [b"[1,", b"\n23", b"]"], "lines": ["[1,", "23]"]}
    assert run_both(use, answer(body)).result == {**whole, "json": [1, 23]}.get(how, body)


def test_errors_are_those_of_every_operation() -> None:
    assert isinstance(run_both(content, answer(b"", 404)).error, laplas.NotFoundError)
    error = run_both(lambda c: c.files.content("../x")).error
    assert (type(error), error.argument) == (laplas.InvalidArgumentError, "file_id")


# Large ones


@pytest.mark.parametrize("path", ["default", "http_client"])
def test_a_large_file_is_streamed_to_a_file_and_never_held(tmp_path: Path, path: str) -> None:
    size = 200 * MIB
    with sending(size, (size, 0)) as (url, _):
        for cls, http in ((Laplas, httpx.Client), (AsyncLaplas, httpx.AsyncClient)):
            options: Any = {"http_client": http()} if path == "http_client" else {}
            client: Any = cls(api_key="k", base_url=url, max_response_bytes=MIB, **options)

            async def run(client: Any = client) -> None:
                await to_file(tmp_path / "large")(client)
                await settled(client.close())

            assert peak(lambda run=run: asyncio.run(run())) < 30 * MIB  # type: ignore[misc]
            assert (tmp_path / "large").stat().st_size == size
    assert os.listdir(tmp_path) == ["large"]


def test_in_memory_there_is_a_limit() -> None:
    async def use(client: Any) -> Any:
        found = await settled(content(client))
        return len(await settled(getattr(found, "aread", found.read)()))

    with sending(LARGE, (LARGE, 0)) as (url, _):
        assert with_both(url, use) == [LARGE, LARGE]
        for error in with_both(url, use, max_response_bytes=LARGE - 1):
            assert (type(error), error.kind) == (APIConnectionError, "too_large")


@pytest.mark.parametrize("then", ["read", "file", "on"])
@pytest.mark.parametrize("before", ["begun", "closed"])
def test_what_came_or_was_closed_is_not_taken_for_the_whole(
    before: str, then: str, tmp_path: Path
) -> None:
    async def use(client: Any) -> None:
        found = await settled(content(client))
        pieces = getattr(found, "aiter_bytes", None) or found.iter_bytes
        begun = pieces(10)
        begin = getattr(begun, "__anext__", None) or begun.__next__
        if before == "begun" or then == "on":
            assert await settled(begin()) == b"x" * 10
        close = getattr(found, "aclose", found.close)
        if before == "closed":
            await settled(close())
        try:
            if then == "read":
                await settled(getattr(found, "aread", found.read)())
            elif then == "file":
                write = getattr(found, "astream_to_file", None) or found.stream_to_file
                await settled(write(tmp_path / "part"))
            else:
                while True:
                    await settled(begin())
        finally:
            await settled(close())

    with sending(LARGE, (LARGE, 0)) as (url, _):
        errors = with_both(url, use)
    if (before, then) == ("begun", "on"):
        assert [type(error) for error in errors] == [RuntimeError, StopAsyncIteration]
    elif then == "on":
        assert [type(error) for error in errors] == [APIConnectionError] * 2
        assert all("closed before its end" in str(error) for error in errors)
    else:
        assert [type(error) for error in errors] == [laplas.LaplasError] * 2
        assert all("comes once" in str(error) for error in errors)
    assert not [*tmp_path.iterdir()]


def test_no_content_is_an_empty_file_in_every_form() -> None:
    assert run_both(read_streamed, answer(b"", 204)).result == b""


def test_async_code_is_told_to_read_a_large_file_first() -> None:
    async def use(client: Any) -> Any:
        async with await content(client) as found:
            with pytest.raises(laplas.LaplasError, match="await aread"):
                _ = found.text
            await found.aread()
            return len(found.text)

    async def main(url: str) -> Any:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            return await use(client)

    with sending(LARGE, (LARGE, 0)) as (url, _):
        assert asyncio.run(main(url)) == LARGE


# What breaks


def test_what_breaks_before_the_call_returns_is_tried_again(tmp_path: Path) -> None:
    """In a status, before the first byte, and within the first bytes."""
    ran = run_both(content, answer(b"", 503), breaks(httpx.ReadError("x")), answer(b"ok"))
    assert (ran.result.content, ran.result.attempts) == (b"ok", 3)
    with (
        sending(100, (0, 0), (50, 0), (100, 0)) as (url, heads),
        Laplas(api_key="k", base_url=url) as client,
    ):
        content(client).stream_to_file(tmp_path / "x")
    assert ((tmp_path / "x").stat().st_size, len(heads)) == (100, 3)


@pytest.mark.parametrize("there", [False, True])
@pytest.mark.parametrize("sent", [LARGE, 20])
def test_a_cut_body_is_a_typed_error_and_leaves_what_was_there(
    there: bool, sent: int, tmp_path: Path
) -> None:
    if there:
        (tmp_path / "x").write_bytes(b"before")
    with sending(LARGE + 20, (sent, 0)) as (url, _):
        for error in with_both(url, to_file(tmp_path / "x")):
            assert isinstance(error, APIConnectionError)
            assert error.kind in ("truncated", "read")
            assert error.operation == "retrieve_file_content"
            assert not error.may_have_taken_effect
    assert os.listdir(tmp_path) == (["x"] if there else [])
    assert not there or (tmp_path / "x").read_bytes() == b"before"


def test_a_length_that_is_not_kept_is_told_where_the_network_does_not() -> None:
    error = run_both(content, answer(b"short", content_length="10"), max_retries=0).error
    assert error.kind == "truncated"
    assert "5 of 10 bytes" in str(error)


@pytest.mark.parametrize("sent", [LARGE, 20])
def test_a_deadline_and_a_timeout_end_it(sent: int, tmp_path: Path) -> None:
    with sending(LARGE + 20, (sent, 30)) as (url, _):
        for options in ({"deadline": 0.7}, {"timeout": 0.4}):
            for error in with_both(url, to_file(tmp_path / "x", **options)):
                assert isinstance(error, APITimeoutError)
    assert os.listdir(tmp_path) == []


def test_on_trio_and_in_a_block(tmp_path: Path) -> None:
    trio = pytest.importorskip("trio")

    async def main(url: str) -> None:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            await to_file(tmp_path / "x")(client)
            async with client.files.with_streaming_response.content("file-1") as response:
                await response.stream_to_file(tmp_path / "y", chunk_size=12345)

    with sending(LARGE, (LARGE, 0)) as (url, _):
        trio.run(main, url)
    assert {path.stat().st_size for path in tmp_path.iterdir()} == {LARGE}
    assert sorted(os.listdir(tmp_path)) == ["x", "y"]


def test_a_cancelled_download_leaves_nothing(tmp_path: Path) -> None:
    async def use(client: Any) -> Any:
        async with asyncio.timeout(0.5):
            await to_file(tmp_path / "x")(client)

    async def main(url: str) -> None:
        async with AsyncLaplas(api_key="k", base_url=url) as client:
            with pytest.raises(TimeoutError):
                await use(client)

    with sending(LARGE + 20, (LARGE, 30)) as (url, _):
        asyncio.run(main(url))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("read", [0, 1])
def test_what_nobody_reads_any_longer_lets_its_connection_go(read: int) -> None:
    """`limits` allows one connection: the second call would find none."""
    options: dict[str, Any] = {"limits": httpx.Limits(max_connections=1), "timeout": 5}

    async def use(client: Any) -> Any:
        for _ in range(3):
            found = await settled(content(client))
            if read and hasattr(found, "aiter_bytes"):
                await anext(found.aiter_bytes())
            elif read:
                next(found.iter_bytes())
            del found
            gc.collect()
            for _ in range(5 if isinstance(client, AsyncLaplas) else 0):
                await asyncio.sleep(0)
        return "done"

    with sending(LARGE * 2, (LARGE * 2, 0)) as (url, _):
        assert with_both(url, use, **options) == ["done", "done"]


# The file


@pytest.mark.parametrize("path", [None, 3, b"\0", "a\0b", 1.5])
def test_what_is_no_path_is_refused_and_the_body_stays(path: Any, tmp_path: Path) -> None:
    def use(client: Any) -> Any:
        found = content(client)
        with pytest.raises(laplas.InvalidArgumentError, match="file"):
            found.stream_to_file(path)
        with pytest.raises(FileNotFoundError):
            found.stream_to_file(tmp_path / "missing" / "x")
        return found.content

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=b"ok"))
    with Laplas(api_key="k", base_url="https://x.test", transport=transport) as client:
        assert use(client) == b"ok"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions and links")
def test_a_file_keeps_its_permissions_a_link_its_target_and_a_device_its_place(
    tmp_path: Path,
) -> None:
    private, link, new = tmp_path / "private", tmp_path / "link", tmp_path / "new"
    private.write_bytes(b"before")
    private.chmod(0o600)
    link.symlink_to(private)
    with Laplas.local() as client:
        id_ = client.files.upload(BINARY).id
        for path in (link, new, Path(os.devnull), os.fsencode(tmp_path / "bytes")):
            client.files.content(id_).stream_to_file(path)  # type: ignore[arg-type]
    assert link.is_symlink()
    assert private.read_bytes() == new.read_bytes() == (tmp_path / "bytes").read_bytes() == BINARY
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(new.stat().st_mode) == 0o666 & ~umask
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


# The embedded server


def test_the_embedded_server_answers_what_was_uploaded(tmp_path: Path) -> None:
    """Also from a database file, over HTTP, and no longer once the file is deleted."""
    with LocalServer(str(tmp_path / "db")) as server, Laplas.local(server) as client:
        id_ = client.files.upload(("a.bin", BINARY)).id
        empty = client.files.upload(("empty", b"")).id
        server.put({"id": "file-put", "object": "file", "created_at": 1})
        with pytest.raises(laplas.NotFoundError, match="upload"):
            client.files.content("file-put")
    pytest.importorskip("aiohttp")
    with LocalServer(str(tmp_path / "db")) as server, running(server) as url:

        async def use(client: Any) -> Any:
            return (await settled(client.files.content(id_))).content

        assert with_both(url, use) == [BINARY, BINARY]
        with Laplas(api_key="k", base_url=url) as client:
            assert client.files.content(empty).content == b""
            client.files.delete(id_)
            with pytest.raises(laplas.NotFoundError):
                client.files.content(id_)


async def types(client: Laplas, other: AsyncLaplas) -> None:
    """For type checkers: never run."""
    assert_type(client.files.content("f"), laplas.BinaryContent)
    assert_type(client.beta.files.with_raw_response.content("f").parse(), laplas.BinaryContent)
    assert_type(await other.files.content("f"), laplas.AsyncBinaryContent)
    with client.files.with_streaming_response.content("f") as response:
        assert_type(response, laplas.StreamedResponse[laplas.BinaryContent])
