"""The two clients. Each carries out the plans of `_engine` in its own way: that is all they do."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, Unpack

from . import _operations as ops
from ._call import Call, PreparedRequest, RawResponse, Response, build_request
from ._engine import Act, Plan, Send, Wait
from ._errors import ConfigurationError, InvalidArgumentError
from ._http import AsyncPool, Pool, all_attempted, async_pool, pool, sleep
from ._options import (
    MAX_RESPONSE_BYTES,
    NOT_GIVEN,
    ApiKey,
    CallOptions,
    Connecting,
    Headers,
    Options,
    Timeout,
    bearer,
    checked_limit,
    key_now,
    options_from,
)
from ._paging import Listing, PageData, Walk
from ._plans import answer, following, run
from ._quiet import is_bug, quiet, stripped
from ._secret import Secret
from .resources import (
    AsyncMessages,
    AsyncPages,
    AsyncThreadHandle,
    AsyncThreads,
    Messages,
    Page,
    ThreadHandle,
    Threads,
)

if TYPE_CHECKING:
    import ssl

    from ._streaming import AsyncEventStream, EventStream
    from .local import LocalServer
    from .run_resources import Assistants, AsyncAssistants, AsyncFiles, AsyncRuns, Files, Runs

T = TypeVar("T")
ThreadsT = TypeVar("ThreadsT")
RunnerT = TypeVar("RunnerT")
AssistantsT = TypeVar("AssistantsT")


class Beta(Generic[ThreadsT, RunnerT, AssistantsT]):
    """``client.beta.threads`` and ``.assistants``: the other spelling of the client's own."""

    def __init__(
        self, threads: ThreadsT, runner: RunnerT, assistants: Callable[[RunnerT], AssistantsT]
    ) -> None:
        self.threads = threads
        self._runner = runner
        self._assistants = assistants

    @property
    def assistants(self) -> AssistantsT:
        """The same as ``client.assistants``."""
        return self._assistants(self._runner)


def _assistants(runner: SyncRunner) -> Assistants:
    from .run_resources import Assistants

    return Assistants(runner)


def _async_assistants(runner: AsyncRunner) -> AsyncAssistants:
    from .run_resources import AsyncAssistants

    return AsyncAssistants(runner)


class PrepareRunner:
    """Builds requests and sends none."""

    def __init__(self, options: Options) -> None:
        self.options = options

    def run(self, call: Call[Any], options: CallOptions) -> Any:
        return PreparedRequest(call.operation, build_request(call, self.options, options))

    def carry_out(self, plan: Plan[T]) -> T:
        raise TypeError("what takes several requests cannot be prepared")

    def opened(self, call: Call[Any], plan: Plan[Response]) -> Any:
        return self.carry_out(plan)

    def pages(self, listing: Listing[Any], options: CallOptions) -> Any:
        return self.run(listing.first, options)

    def stream(self, call: Call[Any], options: CallOptions) -> Any:
        return self.run(call, options)

    def raw(self) -> PrepareRunner:
        return self

    preparing = raw


class Fetcher:
    """Fetches pages. A class, not a closure: so no traceback shows the options as its locals."""

    def __init__(self, runner: SyncRunner, options: CallOptions) -> None:
        self._runner = runner
        self._options = options

    def following(self, walk: Walk[T], page: PageData[T]) -> PageData[T] | None:
        runner = self._runner
        return runner.carry_out(following(walk, page, runner.options, self._options))


class AsyncFetcher:
    """Fetches pages, awaited."""

    def __init__(self, runner: AsyncRunner, options: CallOptions) -> None:
        self._runner = runner
        self._options = options

    async def first(self, listing: Listing[T]) -> PageData[T]:
        return await self._runner.run(listing.first, self._options)

    async def following(self, walk: Walk[T], page: PageData[T]) -> PageData[T] | None:
        runner = self._runner
        return await runner.carry_out(following(walk, page, runner.options, self._options))


def _attempted(function: Callable[[], Any]) -> Any:
    """What the function returned, or the exception it raised."""
    try:
        made = function()
    except Exception as error:  # the caller's function: anything can happen
        return error
    except BaseException as error:
        from asyncio import CancelledError  # of a loop that the function ran

        if isinstance(error, CancelledError):
            return error
        raise
    if inspect.iscoroutine(made):
        made.close()
        return TypeError("an async function needs AsyncLaplas")
    return made


class SyncRunner:
    """Carries out plans by blocking."""

    def __init__(self, options: Options, connections: Pool) -> None:
        self.options = options
        self.connections = connections

    def run(self, call: Call[T], options: CallOptions) -> T:
        return self.carry_out(run(call, self.options, options))

    def pages(self, listing: Listing[T], options: CallOptions) -> Page[T]:
        return Page(self.run(listing.first, options), listing, Fetcher(self, options))

    def stream(self, call: Call[Any], options: CallOptions) -> EventStream:
        return self.opened(call, answer(call, self.options, options))

    def opened(self, call: Call[Any], plan: Plan[Response]) -> EventStream:
        from ._streaming import EventStream, event_source

        source = event_source()  # before anything is sent: the extra may be missing
        return EventStream(call, self.carry_out(plan), source)

    def raw(self) -> RawRunner:
        return RawRunner(self.options, self.connections)

    def preparing(self) -> PrepareRunner:
        return PrepareRunner(self.options)

    def carry_out(self, plan: Plan[T]) -> T:
        try:
            step = next(plan)
            while True:
                step = plan.send(self._do(step))
        except StopIteration as done:
            result: T = done.value
            return result
        except BaseException as error:
            if is_bug(error):
                raise
            raise stripped(error) from None

    def _do(self, step: Send | Wait | Act) -> Any:
        if isinstance(step, Wait):
            return time.sleep(step.seconds)
        if isinstance(step, Act):
            return [_attempted(function) for function in step.functions]
        return self.connections.send(step, self._key() if step.request.needs_key else None)

    def _key(self) -> Secret:
        made = key_now(self.options)
        if inspect.isawaitable(made):
            if inspect.iscoroutine(made):
                made.close()
            raise ConfigurationError("api_key", "an async callable needs AsyncLaplas")
        return bearer(made)


def _no_raw_stream() -> InvalidArgumentError:
    return InvalidArgumentError("stream", "a raw answer is whole; a stream has its request_id")


class RawRunner(SyncRunner):
    """Carries out plans and returns the answers as they came."""

    def run(self, call: Call[Any], options: CallOptions) -> Any:
        return RawResponse(call, self.carry_out(answer(call, self.options, options)))

    def opened(self, call: Call[Any], plan: Plan[Response]) -> Any:
        raise _no_raw_stream()

    def pages(self, listing: Listing[Any], options: CallOptions) -> Any:
        return self.run(listing.first, options)


class AsyncRunner:
    """Carries out plans by awaiting."""

    def __init__(self, options: Options, connections: AsyncPool) -> None:
        self.options = options
        self.connections = connections

    async def run(self, call: Call[T], options: CallOptions) -> T:
        return await self.carry_out(run(call, self.options, options))

    def pages(self, listing: Listing[T], options: CallOptions) -> AsyncPages[T]:
        return AsyncPages(listing, AsyncFetcher(self, options))

    async def stream(self, call: Call[Any], options: CallOptions) -> AsyncEventStream:
        return await self.opened(call, answer(call, self.options, options))

    async def opened(self, call: Call[Any], plan: Plan[Response]) -> AsyncEventStream:
        from ._streaming import AsyncEventStream, event_source

        source = event_source()  # before anything is sent: the extra may be missing
        return AsyncEventStream(call, await self.carry_out(plan), source)

    def raw(self) -> AsyncRawRunner:
        return AsyncRawRunner(self.options, self.connections)

    def preparing(self) -> PrepareRunner:
        return PrepareRunner(self.options)

    async def carry_out(self, plan: Plan[T]) -> T:
        try:
            step = next(plan)
            while True:
                step = plan.send(await self._do(step))
        except StopIteration as done:
            result: T = done.value
            return result
        except BaseException as error:
            if is_bug(error):
                raise
            raise stripped(error) from None

    async def _do(self, step: Send | Wait | Act) -> Any:
        if isinstance(step, Wait):
            return await sleep(step.seconds)
        if isinstance(step, Act):
            return await all_attempted(step.functions)
        return await self.connections.send(
            step, await self._key() if step.request.needs_key else None
        )

    async def _key(self) -> Secret:
        made = key_now(self.options)
        return bearer(await made if inspect.isawaitable(made) else made)


class AsyncRawRunner(AsyncRunner):
    """Carries out plans and returns the answers as they came."""

    async def run(self, call: Call[Any], options: CallOptions) -> Any:
        return RawResponse(call, await self.carry_out(answer(call, self.options, options)))

    async def opened(self, call: Call[Any], plan: Plan[Response]) -> Any:
        raise _no_raw_stream()

    def pages(self, listing: Listing[Any], options: CallOptions) -> Any:
        return self.run(listing.first, options)


@quiet
class Laplas:
    """The client that blocks. Safe to share between threads.

    Args:
        api_key: A key, or a callable that is asked for one before each request.
            Default: the environment's ``LAPLAS_API_KEY``.
        base_url: With or without ``/v1`` and a trailing slash. Default: the environment's
            ``LAPLAS_BASE_URL``, else ``https://api.apilaplas.com``.
        timeout: Seconds, or a `Timeout`; None is for ever. Default: 60 s, to connect 5 s.
        max_retries: Attempts after the first one, where repeating is safe. Default 2.
        default_headers: Headers for every request; None as a value leaves out a default one,
            as in ``{"OpenAI-Beta": None}``.
        app: Your application's name for the User-Agent, such as ``"billing/2.1"``.
        http_client: Your own ``httpx.Client``; it is used as it is and never closed here.
        transport: Your own httpx transport.
        verify: False, or an ``ssl.SSLContext`` of yours. Default: certificates are checked.
        proxy: The URL of a proxy. Default: the environment's.
        max_response_bytes: The most that an answer may hold, compression undone. Default 64 MiB.

    Raises:
        ConfigurationError: An option is wrong or the key is missing.
    """

    def __init__(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float | Timeout | None = Timeout(),  # noqa: B008  (a constant)
        max_retries: int = 2,
        default_headers: Headers | None = None,
        app: str | None = None,
        http_client: Any = None,
        transport: Any = None,
        verify: bool | ssl.SSLContext = True,
        proxy: str | None = None,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
    ) -> None:
        options = options_from(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
            app=app,
        )
        self._connecting = Connecting(
            http_client, transport, verify, proxy, checked_limit(max_response_bytes)
        )
        self._set_up(SyncRunner(options, pool(self._connecting)))

    def _set_up(self, runner: SyncRunner, parent: Laplas | None = None) -> None:
        self._runner = runner
        self._parent = parent
        self.messages = Messages(runner)
        self.threads = Threads(runner, self.messages)
        self.beta = Beta(self.threads, runner, _assistants)

    @classmethod
    def local(cls, server: LocalServer | None = None, **options: Any) -> Self:
        """A client on an embedded server in this process: no socket, no key, no network.

        Args:
            server: The server. Default: a new one in memory; the client closes it.
            **options: As for `Laplas`.
        """
        return cls(**_local_options(server, options))

    @property
    def assistants(self) -> Assistants:
        """Assistants: create, list, retrieve, update, delete."""
        return _assistants(self._runner)

    @property
    def runs(self) -> Runs:
        """Runs, their steps, and their event streams."""
        return self.threads.runs

    @property
    def files(self) -> Files:
        """Files for attachments: upload, retrieve, delete."""
        from .run_resources import Files

        return Files(self._runner)

    def thread(self, thread_id: str) -> ThreadHandle:
        """A handle on one thread; sends nothing.

        Raises:
            InvalidArgumentError: The id is none.
        """
        return ThreadHandle(self.threads, thread_id)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[Any]:
        """Any request to this API, for what has no method of its own here.

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
        call = ops.any_request(method, path, query, body)
        response: RawResponse[Any] = self._runner.raw().run(call, options)
        return response

    def with_options(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float | Timeout | None = NOT_GIVEN,
        max_retries: int | None = None,
        default_headers: Headers | None = None,
        app: str | None = None,
    ) -> Self:
        """Another client with some options changed, on the same connections.

        This client stays as it is. Closing the other one does not close the connections.
        """
        options = self._runner.options.updated(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
            app=app,
        )
        derived = object.__new__(type(self))
        derived._connecting = self._connecting
        derived._set_up(SyncRunner(options, self._runner.connections), parent=self)
        return derived

    def close(self) -> None:
        """Close the connections; of a derived client, nothing. May be called again."""
        if self._parent is None:
            self._runner.connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        return _state(self._runner.options, self._connecting)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._connecting = state["connecting"]
        self._set_up(SyncRunner(state["options"], pool(self._connecting)))

    def __repr__(self) -> str:
        # Half made, it has no runner yet, and may be shown all the same, in a traceback.
        runner = getattr(self, "_runner", None)
        return f"<{type(self).__name__} {runner.options.base_url if runner else ''}>"


@quiet
class AsyncLaplas:
    """The client that awaits; its calls are those of `Laplas`.

    It can be used in several event loops, one after the other or at once: each has connections
    of its own. The arguments are those of `Laplas`; ``api_key`` may be an async callable too, and
    ``http_client`` is an ``httpx.AsyncClient``.
    """

    def __init__(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float | Timeout | None = Timeout(),  # noqa: B008  (a constant)
        max_retries: int = 2,
        default_headers: Headers | None = None,
        app: str | None = None,
        http_client: Any = None,
        transport: Any = None,
        verify: bool | ssl.SSLContext = True,
        proxy: str | None = None,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
    ) -> None:
        options = options_from(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
            app=app,
        )
        self._connecting = Connecting(
            http_client, transport, verify, proxy, checked_limit(max_response_bytes)
        )
        self._set_up(AsyncRunner(options, async_pool(self._connecting)))

    def _set_up(self, runner: AsyncRunner, parent: AsyncLaplas | None = None) -> None:
        self._runner = runner
        self._parent = parent
        self.messages = AsyncMessages(runner)
        self.threads = AsyncThreads(runner, self.messages)
        self.beta = Beta(self.threads, runner, _async_assistants)

    @classmethod
    def local(cls, server: LocalServer | None = None, **options: Any) -> Self:
        """A client on an embedded server in this process: see `Laplas.local`."""
        return cls(**_local_options(server, options))

    @property
    def assistants(self) -> AsyncAssistants:
        """Assistants: create, list, retrieve, update, delete."""
        return _async_assistants(self._runner)

    @property
    def runs(self) -> AsyncRuns:
        """Runs, their steps, and their event streams."""
        return self.threads.runs

    @property
    def files(self) -> AsyncFiles:
        """Files for attachments: upload, retrieve, delete."""
        from .run_resources import AsyncFiles

        return AsyncFiles(self._runner)

    def thread(self, thread_id: str) -> AsyncThreadHandle:
        """A handle on one thread; sends nothing: see `Laplas.thread`."""
        return AsyncThreadHandle(self.threads, thread_id)

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> RawResponse[Any]:
        """Any request to this API: see `Laplas.request`."""
        call = ops.any_request(method, path, query, body)
        response: RawResponse[Any] = await self._runner.raw().run(call, options)
        return response

    def with_options(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float | Timeout | None = NOT_GIVEN,
        max_retries: int | None = None,
        default_headers: Headers | None = None,
        app: str | None = None,
    ) -> Self:
        """Another client with some options changed: see `Laplas.with_options`."""
        options = self._runner.options.updated(
            api_key=api_key,
            base_url=base_url,
            timeout=timeout,
            max_retries=max_retries,
            default_headers=default_headers,
            app=app,
        )
        derived = object.__new__(type(self))
        derived._connecting = self._connecting
        derived._set_up(AsyncRunner(options, self._runner.connections), parent=self)
        return derived

    async def aclose(self) -> None:
        """Close this event loop's connections; of a derived client, nothing."""
        if self._parent is None:
            await self._runner.connections.aclose()

    close = aclose

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def __getstate__(self) -> dict[str, Any]:
        return _state(self._runner.options, self._connecting)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._connecting = state["connecting"]
        self._set_up(AsyncRunner(state["options"], async_pool(self._connecting)))

    def __repr__(self) -> str:
        # Half made, it has no runner yet, and may be shown all the same, in a traceback.
        runner = getattr(self, "_runner", None)
        return f"<{type(self).__name__} {runner.options.base_url if runner else ''}>"


def _state(options: Options, connecting: Connecting) -> dict[str, Any]:
    """What goes into a pickle: neither a key nor a connection."""
    if connecting.http_client is not None or connecting.transport is not None:
        raise TypeError("a client with an http_client or transport of its own cannot be pickled")
    if connecting.verify not in (True, False):
        raise TypeError("a client with an SSL context of its own cannot be pickled")
    if connecting.proxy is not None and "@" in connecting.proxy:
        raise TypeError("a client whose proxy needs a password cannot be pickled")
    return {"options": options, "connecting": connecting}


def _local_options(server: LocalServer | None, options: Mapping[str, Any]) -> dict[str, Any]:
    from ._httpx import LocalTransport
    from .local import LocalServer

    transport = LocalTransport(server or LocalServer(), owned=server is None)
    defaults = {"api_key": "local", "base_url": "http://localhost"}
    return {**defaults, **options, "transport": transport}
