"""Create many messages exactly once: look once for what is there, then send a request a message.

`messages.create(..., once=key)` looks through the thread before each message. Here the marks are
the same, so that both find what the other made, but the thread is listed once for all rows.

What to do is decided by generators, which ask for lists, requests and waits; two small functions
carry that out, one on each client.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .. import APIConnectionError, APIError, InvalidArgumentError, LaplasError

if TYPE_CHECKING:
    from .. import AsyncLaplas, Laplas

ONCE_SLOT: Final = "laplas_once"
"""The pair of metadata that `once=` puts its mark in."""
SETTLED: Final = 2.5
"""Seconds after a lost answer at which a server is done with its request: see docs/retries.md."""

Row = Mapping[str, Any]
Key = str | Callable[[Row], str]


class Marked(NamedTuple):
    """A message to be sent, with its mark in its metadata."""

    mark: str
    arguments: dict[str, Any]
    metadata: dict[str, str]
    said: Any


class Do(NamedTuple):
    """What a generator asks for: `list`, `create` with these arguments, or `wait` in seconds."""

    what: str
    arguments: dict[str, Any]
    seconds: float = 0.0


Steps = Generator[Do, Any, Any]


def create_many(
    client: Laplas, thread_id: str, rows: Iterable[Row], *, key: Key, **options: Any
) -> list[str]:
    """Create messages in one thread, in order, each exactly once; return their ids.

    Call it again after a crash with the same rows and keys: it continues where it stopped. A lost
    answer is looked for before anything is sent again, as with ``once=``; what that guarantees
    and what not stands in ``docs/retries.md``. `create_many_async` does this on an `AsyncLaplas`.

    Args:
        client: The client.
        thread_id: The thread.
        rows: Mappings of `content`, and where there are any `role`, `attachments` and `metadata`,
            as `messages.create` takes them. All are checked before anything is sent.
        key: A function that returns the key of a row, of 1 to 512 characters; or a text, for which
            the keys are ``"text:0"``, ``"text:1"`` and so on.
        **options: As for `messages.create`: `wait_for_active_run`, `timeout` and so on.

    Raises:
        InvalidArgumentError: A row is wrong, its key is given twice, or the key was used for a
            message that says something else.
        APIError: A request failed. The messages before it are there.
    """
    return carry_out(_create_all(client.messages, thread_id, rows, key), client, thread_id, options)  # type: ignore[no-any-return]


async def create_many_async(
    client: AsyncLaplas, thread_id: str, rows: Iterable[Row], *, key: Key, **options: Any
) -> list[str]:
    """Create messages in one thread as `create_many` does."""
    steps = _create_all(client.messages, thread_id, rows, key)
    return await carry_out_async(steps, client, thread_id, options)  # type: ignore[no-any-return]


def marked(messages: Any, thread_id: str, arguments: Row, mark: str) -> Marked:
    """Check a message and add its mark; sends nothing. Raises `InvalidArgumentError`."""
    body = messages.prepare.create(thread_id, **arguments, once=mark).json()
    return Marked(mark, dict(arguments), body["metadata"], _said(body))


def create_one(message: Marked) -> Steps:
    """Create a message that nobody has created before this call; return it."""
    try:
        made = yield Do(
            "create", {**message.arguments, "metadata": message.metadata, "max_retries": 0}
        )
    except APIError as error:
        yield Do("wait", {}, settling(error))
        made = yield Do("create", {**message.arguments, "once": message.mark})
    if mark_of(made) != message.mark:
        problem = f"{made.id} was created without its mark: the server keeps no metadata, so"
        raise LaplasError(f"{problem} nothing could tell which messages are there already")
    return made


def _create_all(messages: Any, thread_id: str, rows: Iterable[Row], key: Key) -> Steps:
    wanted = [
        marked(messages, thread_id, row, _key(row, key, number)) for number, row in enumerate(rows)
    ]
    first: dict[str, int] = {}
    for number, message in enumerate(wanted):
        if first.setdefault(message.mark, number) != number:
            problem = f"rows {first[message.mark]} and {number} have the same, {message.mark!r}"
            raise InvalidArgumentError("key", problem)
    ids: list[str | None] = [None] * len(wanted)
    for found in (yield Do("list", {})) if wanted else ():
        mark = mark_of(found)
        if mark in first:
            _check_said(found, wanted[first[mark]])
            ids[first[mark]] = found.id
    for number, message in enumerate(wanted):
        if ids[number] is None:
            ids[number] = (yield from create_one(message)).id
    return ids


def _key(row: Row, key: Key, number: int) -> str:
    if not isinstance(row, Mapping):
        raise InvalidArgumentError("rows", f"row {number} must be a mapping, got {row!r:.80}")
    return f"{key}:{number}" if isinstance(key, str) else key(row)


def settling(error: APIError) -> float:
    """Return the seconds until a lost request has had its effect; raise what was not lost."""
    wanted = getattr(error, "retry_after", None) or 0.0
    if wanted > 60 or not (error.may_have_taken_effect or isinstance(error, APIConnectionError)):
        raise error
    return max(SETTLED, wanted)


def mark_of(found: Any) -> str | None:
    """Return what an object is marked with; None where it is not."""
    metadata = found.metadata
    mark = metadata.get(ONCE_SLOT) if isinstance(metadata, Mapping) else None
    return mark if isinstance(mark, str) else None


def _check_said(found: Any, message: Marked) -> None:
    if _said(found.to_dict()) != message.said:
        problem = f"{found.id} has the key {message.mark!r}, with another role or text"
        raise InvalidArgumentError("key", f"{problem}: take another key")


def _said(message: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """Return the role and the texts of a message, as it is sent or as it is read."""
    content = message.get("content")
    parts = content if isinstance(content, list) else [{"text": content}]
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    values = [text.get("value") if isinstance(text, dict) else text for text in texts]
    return message.get("role"), [value.strip() for value in values if isinstance(value, str)]


def carry_out(steps: Steps, client: Laplas, thread_id: str, options: Mapping[str, Any]) -> Any:
    """Do what a generator asks for, on this client, and return what it returns."""
    result: Any = None
    error: Exception | None = None
    while True:
        try:
            do = steps.throw(error) if error else steps.send(result)
        except StopIteration as end:
            return end.value
        result, error = None, None
        try:
            match do.what:
                case "list":
                    result = iter(client.messages.list(thread_id, page_size=100))
                case "create":
                    result = client.messages.create(thread_id, **{**options, **do.arguments})
                case _:
                    time.sleep(do.seconds)
        except APIError as failed:
            error = failed


async def carry_out_async(
    steps: Steps, client: AsyncLaplas, thread_id: str, options: Mapping[str, Any]
) -> Any:
    """Do what a generator asks for, on this client, and return what it returns."""
    result: Any = None
    error: Exception | None = None
    while True:
        try:
            do = steps.throw(error) if error else steps.send(result)
        except StopIteration as end:
            return end.value
        result, error = None, None
        try:
            match do.what:
                case "list":
                    listing = client.messages.list(thread_id, page_size=100)
                    result = [found async for found in listing if mark_of(found)]
                case "create":
                    result = await client.messages.create(thread_id, **{**options, **do.arguments})
                case _:
                    await asyncio.sleep(do.seconds)
        except APIError as failed:
            error = failed
