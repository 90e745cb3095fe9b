"""The client: options, connections, and the resources on them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from copy import deepcopy
from inspect import getattr_static
from typing import TYPE_CHECKING, Any, Self, Unpack

from .._core.config import (
    MAX_RESPONSE_BYTES,
    ApiKey,
    CallOptions,
    Headers,
    Timeout,
    TimeoutLike,
    TransportConfig,
    build_options,
    check_limit,
)
from .._core.request import any_request
from .._core.response import RawResponse
from .._core.watching import OnEvent, listener_of, set_up_log
from ..generated import (
    NOT_GIVEN,
    AsyncOpenAIResources,
    AsyncResources,
    NotGiven,
    cached_property,
    hide_internal_frames,
)
from .concurrency import CALLS_ASYNC_FUNCTIONS
from .openai_names import AsyncOpenAIClient
from .resources import AsyncMessages, AsyncOpenAIThreads, AsyncThreadHandle, AsyncThreads
from .sending import AsyncSender
from .transport import AsyncConnections

if TYPE_CHECKING:
    import ssl

    from ..local import LocalServer
    from ..types import Messages as FirstMessages
    from ..types import Metadata, ToolResources
    from .openai_names import AsyncFiles
    from .runs import AsyncRuns


class AsyncBeta(AsyncOpenAIResources):
    """The resources as the openai package spells them: ``client.beta.threads.messages``."""

    @cached_property
    def threads(self) -> AsyncOpenAIThreads:
        """Threads, their messages and runs."""
        return AsyncOpenAIThreads(self._carrier)


@hide_internal_frames
class AsyncLaplas(AsyncOpenAIClient, AsyncResources):
    """The client of the Message API, typed and safe under failure.

    `Laplas` blocks and may be shared between threads. `AsyncLaplas` awaits, and may be used in
    several event loops, one after the other or at once: each has connections of its own.

    Args:
        api_key: A key, or a callable, with `AsyncLaplas` also an async one, that is asked for one
            before each request; for a token with the time of its end, shortly before that. See
            ``docs/servers.md``. Default: the environment's ``LAPLAS_API_KEY``.
        base_url: With or without ``/v1`` and a trailing slash. Default: the environment's
            ``LAPLAS_BASE_URL``, else ``https://api.apilaplas.com``.
        timeout: Seconds, or a `Timeout`; None is for ever. Default: 60 s, to connect 5 s.
        max_retries: Attempts after the first one, where repeating is safe. Default 2.
        default_headers: Headers for every request; None as a value leaves out a default one,
            as in ``{"OpenAI-Beta": None}``.
        default_query: Query parameters for every request, such as ``{"api-version": "v1"}``; a
            call's own and its ``extra_query`` override them. They override the environment's
            ``LAPLAS_DEFAULT_QUERY``, a query string; None as a value removes one of those.
        organization: The organization's id, as the header ``OpenAI-Organization``.
        project: The project's id, as the header ``OpenAI-Project``.
        app: Your application's name for the User-Agent, such as ``"billing/2.1"``.
        http_client: Your own ``httpx.AsyncClient`` (or one of httpx2); it is used as it is and
            never closed here. ``docs/http-clients.md`` says what is up to it.
        transport: Your own httpx transport.
        verify: False, or an ``ssl.SSLContext`` of yours, which is used as it is: HTTP/2 is spoken
            where it offers ``h2`` (ALPN). Default: certificates are checked.
        proxy: The URL of a proxy. Default: the environment's.
        limits: An ``httpx.Limits``: how many connections there may be, how many rest, and for
            how many seconds. Default: as many as there are calls, 100 at rest, for 4 s.
        http2: Use HTTP/2 where the server does; needs ``pip install "httpx[http2]"``. Calls at once
            share a connection with `AsyncLaplas` only.
        max_response_bytes: The most of an answer that is held, compression undone. Default 64 MiB.
        fast: Send by pyqwest in place of httpx, whose tools then see nothing; needs
            ``pip install "laplas[fast]"``. See ``docs/performance.md`` for what differs.
        on_event: Called with each `CallEvent`: attempts, waits and ends. With `AsyncLaplas` it may
            be async. Its errors are logged, once, and break nothing. See ``docs/logging.md``.

    Raises:
        ConfigurationError: An option is wrong or the key is missing.
    """

    def __init__(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float | Timeout | TimeoutLike | None = Timeout(),  # noqa: B008  (a constant)
        max_retries: int = 2,
        default_headers: Headers | None = None,
        default_query: Mapping[str, Any] | None = None,
        organization: str | None = None,
        project: str | None = None,
        app: str | None = None,
        http_client: Any = None,
        transport: Any = None,
        verify: bool | ssl.SSLContext = True,
        proxy: str | None = None,
        limits: Any = None,
        http2: bool = False,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
        fast: bool = False,
        on_event: OnEvent | None = None,
    ) -> None:
        set_up_log()
        options = build_options(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
            default_query=default_query,
            organization=organization,
            project=project,
            app=app,
            on_event=listener_of(on_event, CALLS_ASYNC_FUNCTIONS),
        )
        self._config = TransportConfig(
            http_client,
            transport,
            proxy,
            verify,
            limits,
            http2,
            check_limit(max_response_bytes),
            fast,
        )
        self._set_up(AsyncSender(options, AsyncConnections(self._config)))

    def _set_up(self, sender: AsyncSender, parent: AsyncLaplas | None = None) -> None:
        super().__init__(sender)
        self._sender = sender
        self._parent = parent

    @cached_property
    def messages(self) -> AsyncMessages:
        """The messages of threads."""
        return AsyncMessages(self._sender)

    @cached_property
    def threads(self) -> AsyncThreads:
        """Threads; their messages and runs are the client's."""
        return AsyncThreads(self._sender)

    @cached_property
    def runs(self) -> AsyncRuns:
        """Runs, their steps, and their event streams."""
        from .runs import AsyncRuns

        return AsyncRuns(self._sender)

    @cached_property
    def beta(self) -> AsyncBeta:
        """The same resources as the openai package spells them."""
        return AsyncBeta(self._sender)

    @cached_property
    def files(self) -> AsyncFiles:
        """Files that messages and tools use."""
        from .openai_names import AsyncFiles

        return AsyncFiles(self._sender)

    @property
    def with_raw_response(self) -> Any:
        """This client, whose calls return the answers as they came."""
        return self._derive(self._sender.raw(), self)

    @property
    def with_streaming_response(self) -> Any:
        """This client, whose calls leave the answer's body to be read."""
        return self._derive(self._sender.streamed(), self)

    @classmethod
    def local(cls, server: LocalServer | None = None, **options: Any) -> Self:
        """Make a client on an embedded server in this process: no socket, no key, no network.

        Args:
            server: The server. Default: a new one in memory; the client closes it.
            **options: As for the client itself.
        """
        from ..local import LocalServer
        from ..local.transport import LocalTransport

        owned = server is None
        server = server or LocalServer()
        transport = LocalTransport(server, owned)
        defaults = {"api_key": "local", "base_url": f"http://localhost{server.base_path}"}
        return cls(**{**defaults, **options, "transport": transport})

    def thread(self, thread_id: str) -> AsyncThreadHandle:
        """Return a handle on one thread; sends nothing.

        Raises:
            InvalidArgumentError: The id is not valid.
        """
        return AsyncThreadHandle(self._sender, thread_id)

    async def start_thread(
        self,
        messages: FirstMessages | Mapping[str, Any] | NotGiven = NOT_GIVEN,
        *,
        metadata: Metadata | NotGiven | None = NOT_GIVEN,
        tool_resources: ToolResources | NotGiven | None = NOT_GIVEN,
        **options: Unpack[CallOptions],
    ) -> AsyncThreadHandle:
        """Create a thread and return the handle on it, whose ``data`` is the `Thread`.

        Args:
            messages: A first message, or several: a str by the user, or as `threads.create` takes
                them.
            metadata: See `threads.create`, as for the others.
            tool_resources: See there.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong.
        """
        first: Any = messages
        if isinstance(first, str | Mapping):
            first = [first]
        data = await self.threads.create(
            messages=first, metadata=metadata, tool_resources=tool_resources, **options
        )
        return AsyncThreadHandle(self._sender, data.id, data)

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[Any]:
        """Send any request to this API, for what has no method of its own here.

        Args:
            method: The HTTP method. A POST is repeated only where that cannot do harm.
            path: The path below the base URL, with its ids already percent-encoded.
            query: Query parameters.
            body: The JSON body.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong.
        """
        call = any_request(method, path, query, body)
        response: RawResponse[Any] = await self._sender.raw().send(call, options)
        return response

    def with_options(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float | Timeout | TimeoutLike | NotGiven | None = NOT_GIVEN,
        max_retries: int | None = None,
        default_headers: Headers | None = None,
        default_query: Mapping[str, Any] | None = None,
        organization: str | None = None,
        project: str | None = None,
        app: str | None = None,
        on_event: OnEvent | NotGiven | None = NOT_GIVEN,
    ) -> Self:
        """Return another client with some options changed, on the same connections.

        Headers and query parameters are added to those of this one; None as a value leaves one out.
        This client stays as it is. Closing the other one does not close the connections.
        """
        options = self._sender.options.copy_with(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
            default_query=default_query,
            organization=organization,
            project=project,
            app=app,
            on_event=listener_of(on_event, CALLS_ASYNC_FUNCTIONS),
        )
        return self._derive(AsyncSender(options, self._sender.connections), self)

    copy = with_options

    def _derive(self, sender: AsyncSender, parent: AsyncLaplas | None) -> Self:
        """Make another client with what subclasses have set on this one."""
        derived = object.__new__(type(self))
        for name, value in _fields_of(self).items():
            # What is made when it is first asked for is of the old sender.
            if not isinstance(getattr_static(type(self), name, None), functools.cached_property):
                object.__setattr__(derived, name, value)
        derived._set_up(sender, parent)
        return derived

    async def aclose(self) -> None:
        """Close the connections; of a derived client, nothing. You may call it again."""
        if self._parent is None:
            await self._sender.connections.aclose()

    # async only: begin
    close = aclose

    # async only: end
    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __copy__(self) -> Self:
        return self._derive(self._sender, self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        # On connections of its own, but for those that the caller made: they cannot be copied.
        shared = self._config.http_client is not None or self._config.transport is not None
        connections = self._sender.connections if shared else AsyncConnections(self._config)
        memo[id(self._sender)] = AsyncSender(self._sender.options, connections)
        memo[id(self)] = copied = object.__new__(type(self))
        for name, value in _fields_of(self).items():
            object.__setattr__(copied, name, None if name == "_parent" else deepcopy(value, memo))
        copied._parent = self if shared else None
        return copied

    def __getstate__(self) -> Any:
        return None, {**_fields_of(self), "_parent": None}

    def __repr__(self) -> str:
        # Half made, it has no sender yet, and may be shown all the same, in a traceback.
        sender = getattr(self, "_sender", None)
        return f"<{type(self).__name__} {sender.options.base_url if sender else ''}>"


def _fields_of(client: object) -> dict[str, Any]:
    """Return the attributes of a client, those in slots of a subclass included."""
    state: Any = object.__getstate__(client)
    return {**state[0], **state[1]} if isinstance(state, tuple) else state
