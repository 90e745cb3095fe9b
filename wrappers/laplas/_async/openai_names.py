"""What clients and files have only under the openai package's names."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Unpack

from .._core.config import (
    check_interval,
    check_seconds,
    current_key,
    is_absent,
    start_deadline,
)
from .._core.request import CHECKER
from ..errors import APITimeoutError, InvalidArgumentError, LaplasError
from ..generated import files as generated
from .concurrency import call_all

if TYPE_CHECKING:
    from .._core.config import CallOptions
    from ..generated import Call, models
    from .sending import AsyncSender


class AsyncOpenAIClient:
    """What a client says about itself."""

    _sender: AsyncSender

    @property
    def api_key(self) -> Any:
        """The key, or the callable that returns one. Change it by `with_options`."""
        key = self._sender.options.api_key
        return key if callable(key) else current_key(key)

    base_url = property(attrgetter("_sender.options.base_url"), doc="The base URL as given.")
    timeout = property(attrgetter("_sender.options.timeout"), doc="The limits of one attempt.")
    max_retries = property(
        attrgetter("_sender.options.retry.max_retries"), doc="Attempts after the first one."
    )

    def is_closed(self) -> bool:
        """Tell whether the client, or your ``http_client``, is closed."""
        connections = self._sender.connections
        return connections.is_closed or getattr(connections.http_client, "is_closed", False)


class AsyncFiles(generated.AsyncFiles):
    """Files: ``client.files``."""

    _carrier: Any  # an AsyncSender

    async def wait_for_processing(
        self,
        id: str,
        *,
        poll_interval: float = 5.0,
        max_wait_seconds: float = 1800.0,
        **options: Unpack[CallOptions],
    ) -> models.FileObject:
        """Wait until the server has processed a file; return it, even if its status is ``"error"``.

        Args:
            id: The file's id.
            poll_interval: Seconds between polls. Default 5.
            max_wait_seconds: Seconds to wait at most. Default 1800.
            **options: See `laplas.CallOptions`.

        Raises:
            APITimeoutError: `max_wait_seconds` or the `deadline` passed.
            InvalidArgumentError, NotFoundError, APIError: As `retrieve`.
        """
        check_seconds("poll_interval", poll_interval)
        check_seconds("max_wait_seconds", max_wait_seconds)
        started = start_deadline(options, time.monotonic())
        look = generated.retrieve_file(CHECKER, id)
        over = ("processed", "error", "deleted")
        how = (started, poll_interval, max_wait_seconds, over)
        file: models.FileObject = await _settle(self._carrier, look, *how)
        return file


async def _settle(
    sender: Any,
    look: Call[Any],
    options: CallOptions,
    interval: float,
    wait: float,
    over: tuple[str, ...] = ("completed", "cancelled", "failed"),
) -> Any:
    ends = min(time.monotonic() + wait, options.get("deadline", float("inf")))
    while True:
        found = await sender.send(look, options)
        if found.status in over:
            return found
        left = ends - time.monotonic()
        if left <= 0:
            problem = f"{found.id} is still {found.status!r}: wait longer with max_wait_seconds"
            raise APITimeoutError(problem, "deadline")
        await sender.wait(min(interval, left), look.operation, "poll")


async def begin_and_settle(
    sender: AsyncSender,
    call: Call[Any],
    look: Callable[..., Call[Any]],
    options: Mapping[str, Any],
    poll_interval_ms: Any,
    max_wait_seconds: Any,
    uploads: Any = (),
    at_once: int = 5,
) -> Any:
    """Upload files, send a call that adds them, and look until the server is done with them."""
    interval = check_interval(poll_interval_ms) or 1.0
    absent = is_absent(max_wait_seconds)
    wait = check_seconds("max_wait_seconds", 1800.0 if absent else max_wait_seconds)
    if isinstance(at_once, bool) or not isinstance(at_once, int) or at_once < 1:
        raise InvalidArgumentError("max_concurrency", "must be a whole number above 0")
    is_list = isinstance(uploads, Iterable) and not hasattr(uploads, "read")
    if not is_list or isinstance(uploads, str | bytes):
        raise InvalidArgumentError("files", "must be a list of files")
    started = start_deadline(options, time.monotonic())
    further: CallOptions = {**started, "extra_body": {}}
    if call.effect == "read":
        return await _settle(sender, call, started, interval, wait)
    waiting = [generated.upload_file(CHECKER, file) for file in uploads]
    sender.plan(call, started)  # nothing is uploaded if the call itself cannot be sent
    ids: list[str] = []
    made = None
    try:
        while waiting:
            outcomes = await call_all([partial(sender.send, c, further) for c in waiting[:at_once]])
            ids += [outcome.result.id for outcome in outcomes if outcome.error is None]
            for failed in filter(None, (outcome.error for outcome in outcomes)):
                raise failed
            del waiting[:at_once]
        body = dict(call.body or {})
        if ids:
            many = {"file_ids": [*body.get("file_ids", ()), *ids]}
            body |= {"file_id": ids[0]} if "file_id" in body else many
        made = await sender.send(call._replace(body=body), started)
        look_at = look(CHECKER, *call.parents.values(), made.id)
        return await _settle(sender, look_at, further, interval, wait)
    except LaplasError as error:
        error.uploaded_files = tuple(ids)
        error.may_have_taken_effect |= bool(ids or made)
        raise
