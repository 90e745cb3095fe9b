"""Assistants, runs, run steps and files, as methods: see `resources`."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from .._api import models
from .._core import run_operations as ops
from .._core.config import CallOptions, for_further_requests, start_deadline
from .._core.operations import Order, check_active_run_wait
from .._core.redaction import hide_internal_frames
from .._core.run_operations import AssistantOptions, FileLike, RunOptions
from ..models import Assistant, Run, RunStep
from .pages import AsyncPages
from .resources import POLL_DEADLINE, as_raw
from .sending import AsyncSender
from .streams import AsyncEventStream, AsyncEventStreams

if TYPE_CHECKING:
    from .._sync.prepared import PreparedAssistants, PreparedFiles, PreparedRuns, PreparedSteps

Include = list[str]
ToolOutputs = Mapping[str, str] | Iterable[Mapping[str, str] | models.ToolOutput]


@hide_internal_frames
class AsyncAssistants:
    """Assistants: ``client.assistants``."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def create(self, model: str, **options: Unpack[AssistantOptions]) -> Assistant:
        """Make an assistant.

        Args:
            model: The language model's id.
            **options: See `laplas.AssistantOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong.
        """
        body, call_options = ops.split_options(options, AssistantOptions)
        return await self._sender.send(ops.create_assistant(model, body), call_options)

    def list(
        self,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Assistant]:
        """List all assistants; the arguments are those of `Messages.list`."""
        listing = ops.list_assistants(
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
        )
        return self._sender.pages(listing, options)

    async def retrieve(self, assistant_id: str, **options: Unpack[CallOptions]) -> Assistant:
        """Read an assistant.

        Raises:
            InvalidArgumentError: The id is not valid; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        return await self._sender.send(ops.retrieve_assistant(assistant_id), options)

    async def update(
        self, assistant_id: str, *, model: str | None = None, **options: Unpack[AssistantOptions]
    ) -> Assistant:
        """Change an assistant; what is not given stays as it is.

        Args:
            assistant_id: The assistant's id.
            model: The language model's id; one published schema wants it on every update.
            **options: See `laplas.AssistantOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        body, call_options = ops.split_options(options, AssistantOptions)
        if model is not None:
            body["model"] = model
        return await self._sender.send(ops.update_assistant(assistant_id, body), call_options)

    async def delete(
        self, assistant_id: str, **options: Unpack[CallOptions]
    ) -> models.DeletedAssistant:
        """Delete an assistant. A repeated attempt that finds it gone counts as deleted.

        Raises:
            InvalidArgumentError: The id is not valid; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        return await self._sender.send(ops.delete_assistant(assistant_id), options)

    @property
    def with_raw_response(self) -> AsyncRawAssistants:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawAssistants(AsyncAssistants(self._sender.raw()))

    @property
    def prepare(self) -> PreparedAssistants:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        from .._sync.prepared import prepared_assistants

        return prepared_assistants(self._sender.prepare())


@hide_internal_frames
class AsyncRuns:
    """Runs: ``client.runs``; their steps are ``client.runs.steps``."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender
        self.steps = AsyncSteps(sender)

    @overload
    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        stream: Literal[False] = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Run: ...
    @overload
    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        stream: Literal[True],
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> AsyncEventStream: ...
    async def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        stream: bool = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Run | AsyncEventStream:
        """Put an assistant to work on a thread.

        Args:
            thread_id: The thread's id.
            assistant_id: The assistant's id.
            stream: Return the events of the run as they come instead of the run.
            wait_for_active_run: Wait where another run is active on the thread: see
                `Messages.create`.
            poll_deadline: Seconds to wait for that run at most. Default 900.
            **options: See `laplas.RunOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            ActiveRunError: Another run is active on the thread; ``run_id`` names it.
            RunTimeoutError: It was still active at the deadline.
            NotFoundError: There is no such thread or assistant.
            APIError: Something else went wrong; it is not sent again unless it certainly did
                nothing.
        """
        body, call_options = ops.split_options(options, RunOptions)
        wait = check_active_run_wait(wait_for_active_run, poll_deadline)
        call = ops.create_run(thread_id, assistant_id, body, stream, wait)
        if stream:
            return await self._sender.stream(call, call_options)
        return await self._sender.send(call, call_options)

    def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> AsyncEventStreams:
        """Start a run as `create` with ``stream=True`` does: for an ``async with`` block."""
        create: Any = self.create  # its overloads are too much for a partial
        begin: Callable[[], Awaitable[AsyncEventStream]] = functools.partial(
            create,
            thread_id,
            assistant_id,
            stream=True,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            **options,
        )
        return AsyncEventStreams(begin)  # sync: return begin()

    async def create_and_poll(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Run:
        """Start a run, then wait until it is over: `create`, then `poll`.

        Each of the two waits up to `poll_deadline` seconds; a ``deadline`` covers both.
        """
        started = start_deadline(ops.split_options(options, RunOptions)[1])
        create: Any = self.create
        begun: Run = await create(
            thread_id,
            assistant_id,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            **{**options, **started},
        )
        look = ops.retrieve_run(thread_id, begun.id)
        return await self._sender.poll(look, for_further_requests(started), poll_deadline)

    async def poll(
        self,
        thread_id: str,
        run_id: str,
        *,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Wait until a run is over, or waits for tool outputs.

        Args:
            thread_id: The thread's id.
            run_id: The run's id.
            poll_deadline: Seconds to wait at most. Default 900.
            **options: See `laplas.CallOptions`; a ``deadline`` covers all requests.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: The run is still going at the deadline.
            APIError: Something else went wrong.
        """
        look = ops.retrieve_run(thread_id, run_id)
        return await self._sender.poll(look, options, poll_deadline)

    def list(
        self,
        thread_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[Run]:
        """List the runs of a thread; the arguments are those of `Messages.list`."""
        listing = ops.list_runs(
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
        )
        return self._sender.pages(listing, options)

    async def retrieve(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> Run:
        """Read a run.

        Raises:
            InvalidArgumentError: An id is not valid; nothing was sent.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        return await self._sender.send(ops.retrieve_run(thread_id, run_id), options)

    async def update(
        self,
        thread_id: str,
        run_id: str,
        *,
        metadata: Mapping[str, str] | None,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Change a run's metadata.

        Args:
            thread_id: The thread's id.
            run_id: The run's id.
            metadata: Up to 16 pairs; keys up to 64, values up to 512 characters.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        return await self._sender.send(ops.update_run(thread_id, run_id, metadata), options)

    async def cancel(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> Run:
        """Cancel a run that is in progress; it is ``cancelling`` first, then ``cancelled``.

        A repeated attempt that finds it so counts as done.

        Raises:
            InvalidArgumentError: An id is not valid; nothing was sent.
            BadRequestError: The run is over.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        return await self._sender.send(ops.cancel_run(thread_id, run_id), options)

    @overload
    async def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...
    @overload
    async def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> AsyncEventStream: ...
    async def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | AsyncEventStream:
        """Give a run the outputs of the functions it called.

        A repeated attempt that finds them taken counts as done. With `stream` there is none: the
        events of a lost answer do not come again.

        Args:
            thread_id: The thread's id.
            run_id: The run's id.
            tool_outputs: A dict of outputs by call id, or a list as in the API; all at once.
            stream: Return the events of the run as they come instead of the run.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            BadRequestError: The run does not wait for these outputs.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        call = ops.submit_tool_outputs(thread_id, run_id, tool_outputs, stream)
        if stream:
            return await self._sender.stream(call, options)
        return await self._sender.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawRuns:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawRuns(AsyncRuns(self._sender.raw()))

    @property
    def prepare(self) -> PreparedRuns:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        from .._sync.prepared import prepared_runs

        return prepared_runs(self._sender.prepare())


@hide_internal_frames
class AsyncSteps:
    """The steps of runs: ``client.runs.steps``."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(
        self,
        thread_id: str,
        run_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        order: Order | None = None,
        after: str | None = None,
        before: str | None = None,
        limit: int | None = None,
        include: Include | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[RunStep]:
        """List the steps of a run; the arguments are those of `Messages.list`.

        Args:
            thread_id: The thread's id.
            run_id: The run's id.
            page_size: See `Messages.list`, as for the others that are not described here.
            max_items: See there.
            order: See there.
            after: See there.
            before: See there.
            limit: See there.
            include: More fields of the answer, as in the API.
            **options: See `laplas.CallOptions`.
        """
        listing = ops.list_run_steps(
            thread_id,
            run_id,
            include,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
        )
        return self._sender.pages(listing, options)

    async def retrieve(
        self,
        thread_id: str,
        run_id: str,
        step_id: str,
        *,
        include: Include | None = None,
        **options: Unpack[CallOptions],
    ) -> RunStep:
        """Read a step of a run.

        Raises:
            InvalidArgumentError: An id is not valid; nothing was sent.
            NotFoundError: There is no such thread, run or step.
            APIError: Something else went wrong.
        """
        call = ops.retrieve_run_step(thread_id, run_id, step_id, include)
        return await self._sender.send(call, options)

    @property
    def with_raw_response(self) -> AsyncRawSteps:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawSteps(AsyncSteps(self._sender.raw()))

    @property
    def prepare(self) -> PreparedSteps:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        from .._sync.prepared import prepared_steps

        return prepared_steps(self._sender.prepare())


@hide_internal_frames
class AsyncFiles:
    """Files for attachments: ``client.files``."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def upload(
        self, file: FileLike, *, purpose: str = "assistants", **options: Unpack[CallOptions]
    ) -> models.FileObject:
        """Upload a file, which is read into memory.

        Args:
            file: A path, bytes, ``(name, bytes)``, or a file opened in binary mode.
            purpose: ``"assistants"``; the upstream service also knows ``"vision"`` for pictures.
            **options: See `laplas.CallOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            OSError: The file cannot be read; nothing was sent.
            APIError: Something else went wrong.
        """
        return await self._sender.send(ops.upload_file(file, purpose), options)

    async def retrieve(self, file_id: str, **options: Unpack[CallOptions]) -> models.FileObject:
        """Read what is known of a file.

        Raises:
            InvalidArgumentError: The id is not valid; nothing was sent.
            NotFoundError: There is no such file.
            APIError: Something else went wrong.
        """
        return await self._sender.send(ops.retrieve_file(file_id), options)

    async def delete(self, file_id: str, **options: Unpack[CallOptions]) -> models.DeletedFile:
        """Delete a file. A repeated attempt that finds it gone counts as deleted.

        Raises:
            InvalidArgumentError: The id is not valid; nothing was sent.
            NotFoundError: There is no such file.
            APIError: Something else went wrong.
        """
        return await self._sender.send(ops.delete_file(file_id), options)

    @property
    def with_raw_response(self) -> AsyncRawFiles:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawFiles(AsyncFiles(self._sender.raw()))

    @property
    def prepare(self) -> PreparedFiles:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        from .._sync.prepared import prepared_files

        return prepared_files(self._sender.prepare())


# The same methods under other types: see `resources`. What takes several requests has neither form,
# and a stream no raw one.


class AsyncRawAssistants:
    """The calls of `AsyncAssistants`, returning `RawResponse`."""

    def __init__(self, assistants: AsyncAssistants) -> None:
        self.create = as_raw(assistants.create)
        self.list = as_raw(assistants.list)
        self.retrieve = as_raw(assistants.retrieve)
        self.update = as_raw(assistants.update)
        self.delete = as_raw(assistants.delete)


class AsyncRawRuns:
    """The calls of `AsyncRuns`, returning `RawResponse`."""

    def __init__(self, runs: AsyncRuns) -> None:
        self.create = as_raw(runs.create)
        self.list = as_raw(runs.list)
        self.retrieve = as_raw(runs.retrieve)
        self.update = as_raw(runs.update)
        self.cancel = as_raw(runs.cancel)
        self.submit_tool_outputs = as_raw(runs.submit_tool_outputs)


class AsyncRawSteps:
    """The calls of `AsyncSteps`, returning `RawResponse`."""

    def __init__(self, steps: AsyncSteps) -> None:
        self.list = as_raw(steps.list)
        self.retrieve = as_raw(steps.retrieve)


class AsyncRawFiles:
    """The calls of `AsyncFiles`, returning `RawResponse`."""

    def __init__(self, files: AsyncFiles) -> None:
        self.upload = as_raw(files.upload)
        self.retrieve = as_raw(files.retrieve)
        self.delete = as_raw(files.delete)
