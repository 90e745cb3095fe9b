"""What clients and files have only under the openai package's names."""

from __future__ import annotations

import time
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Unpack

from .._core.config import check_seconds, current_key, start_deadline
from ..errors import APITimeoutError
from ..generated import files as generated

if TYPE_CHECKING:
    from .._core.config import CallOptions
    from ..generated import models
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
        started = time.monotonic()
        per_call = start_deadline(options, started)
        ends = min(started + max_wait_seconds, per_call.get("deadline", float("inf")))
        while True:
            file = await self.retrieve(id, **per_call)
            if file.status in ("processed", "error", "deleted"):
                return file
            left = ends - time.monotonic()
            if left <= 0:
                problem = f"{id} is still {file.status!r}: wait longer with max_wait_seconds"
                raise APITimeoutError(problem, "deadline")
            await self._carrier.wait(min(poll_interval, left), "retrieve_file", "poll")
