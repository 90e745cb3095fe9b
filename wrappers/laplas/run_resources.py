"""Assistants, runs, run steps and files, as methods: see `resources`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, Unpack, overload

from . import _conversation as conversation
from . import _run_operations as ops
from ._api import models
from ._once import for_looks
from ._operations import Order, patience
from ._options import CallOptions
from ._quiet import quiet
from ._run_models import Assistant, Run, RunStep
from ._run_operations import AssistantOptions, FileLike, RunOptions
from ._streaming import AsyncEventStream, AsyncEventStreams, EventStream
from .resources import (
    POLL_DEADLINE,
    AsyncPages,
    AsyncRunner,
    Page,
    Runner,
    async_raw,
    prepared,
    raw,
)

Include = list[str]
ToolOutputs = Mapping[str, str] | Iterable[Mapping[str, str] | models.ToolOutput]


@quiet
class Assistants:
    """Assistants: ``client.assistants``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def create(self, model: str, **options: Unpack[AssistantOptions]) -> Assistant:
        """Make an assistant.

        Args:
            model: The language model's id.
            **options: See `laplas.AssistantOptions`.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            APIError: Something else went wrong.
        """
        body, call_options = ops.split_options(options, AssistantOptions)
        return self._runner.run(ops.create_assistant(model, body), call_options)

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
    ) -> Page[Assistant]:
        """All assistants; the arguments are those of `Messages.list`."""
        listing = ops.list_assistants(
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
        )
        return self._runner.pages(listing, options)

    def retrieve(self, assistant_id: str, **options: Unpack[CallOptions]) -> Assistant:
        """One assistant.

        Raises:
            InvalidArgumentError: The id is none; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.retrieve_assistant(assistant_id), options)

    def update(
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
        return self._runner.run(ops.update_assistant(assistant_id, body), call_options)

    def delete(self, assistant_id: str, **options: Unpack[CallOptions]) -> models.DeletedAssistant:
        """Delete an assistant. A repeated attempt that finds it gone counts as deleted.

        Raises:
            InvalidArgumentError: The id is none; nothing was sent.
            NotFoundError: There is no such assistant.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.delete_assistant(assistant_id), options)

    @property
    def with_raw_response(self) -> RawAssistants:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return RawAssistants(Assistants(self._runner.raw()))

    @property
    def prepare(self) -> PreparedAssistants:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        return PreparedAssistants(Assistants(self._runner.preparing()))


@quiet
class AsyncAssistants:
    """Assistants: ``client.assistants``. Each call is as that of `Assistants`, awaited."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    async def create(self, model: str, **options: Unpack[AssistantOptions]) -> Assistant:
        """Make an assistant: see `Assistants.create`."""
        body, call_options = ops.split_options(options, AssistantOptions)
        return await self._runner.run(ops.create_assistant(model, body), call_options)

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
        """All assistants: see `Messages.list`."""
        listing = ops.list_assistants(
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
        )
        return self._runner.pages(listing, options)

    async def retrieve(self, assistant_id: str, **options: Unpack[CallOptions]) -> Assistant:
        """One assistant: see `Assistants.retrieve`."""
        return await self._runner.run(ops.retrieve_assistant(assistant_id), options)

    async def update(
        self, assistant_id: str, *, model: str | None = None, **options: Unpack[AssistantOptions]
    ) -> Assistant:
        """Change an assistant: see `Assistants.update`."""
        body, call_options = ops.split_options(options, AssistantOptions)
        if model is not None:
            body["model"] = model
        return await self._runner.run(ops.update_assistant(assistant_id, body), call_options)

    async def delete(
        self, assistant_id: str, **options: Unpack[CallOptions]
    ) -> models.DeletedAssistant:
        """Delete an assistant: see `Assistants.delete`."""
        return await self._runner.run(ops.delete_assistant(assistant_id), options)

    @property
    def with_raw_response(self) -> AsyncRawAssistants:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawAssistants(AsyncAssistants(self._runner.raw()))

    @property
    def prepare(self) -> PreparedAssistants:
        """The same calls, not sent and not awaited: `PreparedRequest`."""
        return PreparedAssistants(Assistants(self._runner.preparing()))


@quiet
class Runs:
    """Runs: ``client.runs``; their steps are ``client.runs.steps``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.steps = Steps(runner)

    @overload
    def create(
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
    def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        stream: Literal[True],
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> EventStream: ...
    def create(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        stream: bool = False,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Run | EventStream:
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
        wait = patience(wait_for_active_run, poll_deadline)
        call = ops.create_run(thread_id, assistant_id, body, stream, wait)
        if stream:
            return self._runner.stream(call, call_options)
        return self._runner.run(call, call_options)

    def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> EventStream:
        """As `create` with ``stream=True``: for a ``with`` block."""
        return self.create(
            thread_id,
            assistant_id,
            stream=True,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            **options,
        )

    def create_and_poll(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Run:
        """`create`, then `poll`.

        Each of the two waits up to `poll_deadline` seconds.
        """
        begun = self.create(
            thread_id,
            assistant_id,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            **options,
        )
        looks = for_looks(ops.split_options(options, RunOptions)[1])
        return self.poll(thread_id, begun.id, poll_deadline=poll_deadline, **looks)

    def poll(
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
            **options: See `laplas.CallOptions`; they are for each request.

        Raises:
            InvalidArgumentError: An argument is wrong; nothing was sent.
            RunTimeoutError: The run is still going at the deadline.
            APIError: Something else went wrong.
        """
        plan = conversation.poll(thread_id, run_id, self._runner.options, options, poll_deadline)
        return self._runner.carry_out(plan)

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
    ) -> Page[Run]:
        """The runs of a thread; the arguments are those of `Messages.list`."""
        listing = ops.list_runs(
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
        )
        return self._runner.pages(listing, options)

    def retrieve(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> Run:
        """One run.

        Raises:
            InvalidArgumentError: An id is none; nothing was sent.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.retrieve_run(thread_id, run_id), options)

    def update(
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
        return self._runner.run(ops.update_run(thread_id, run_id, metadata), options)

    def cancel(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> Run:
        """Cancel a run that is in progress; it is ``cancelling`` first, then ``cancelled``.

        A repeated attempt that finds it so counts as done.

        Raises:
            InvalidArgumentError: An id is none; nothing was sent.
            BadRequestError: The run is over.
            NotFoundError: There is no such thread or run.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.cancel_run(thread_id, run_id), options)

    @overload
    def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: Literal[False] = False,
        **options: Unpack[CallOptions],
    ) -> Run: ...
    @overload
    def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: Literal[True],
        **options: Unpack[CallOptions],
    ) -> EventStream: ...
    def submit_tool_outputs(
        self,
        thread_id: str,
        run_id: str,
        tool_outputs: ToolOutputs,
        *,
        stream: bool = False,
        **options: Unpack[CallOptions],
    ) -> Run | EventStream:
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
            return self._runner.stream(call, options)
        return self._runner.run(call, options)

    @property
    def with_raw_response(self) -> RawRuns:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return RawRuns(Runs(self._runner.raw()))

    @property
    def prepare(self) -> PreparedRuns:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        return PreparedRuns(Runs(self._runner.preparing()))


@quiet
class AsyncRuns:
    """Runs: ``client.runs``. Each call is as that of `Runs`, awaited."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner
        self.steps = AsyncSteps(runner)

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
        """Put an assistant to work on a thread: see `Runs.create`."""
        body, call_options = ops.split_options(options, RunOptions)
        wait = patience(wait_for_active_run, poll_deadline)
        call = ops.create_run(thread_id, assistant_id, body, stream, wait)
        if stream:
            return await self._runner.stream(call, call_options)
        return await self._runner.run(call, call_options)

    def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> AsyncEventStreams:
        """As `create` with ``stream=True``: for an ``async with`` block, or to await."""
        return AsyncEventStreams(
            lambda: self.create(
                thread_id,
                assistant_id,
                stream=True,
                wait_for_active_run=wait_for_active_run,
                poll_deadline=poll_deadline,
                **options,
            )
        )

    async def create_and_poll(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        wait_for_active_run: bool = False,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[RunOptions],
    ) -> Run:
        """`create`, then `poll`: see `Runs.create_and_poll`."""
        begun = await self.create(
            thread_id,
            assistant_id,
            wait_for_active_run=wait_for_active_run,
            poll_deadline=poll_deadline,
            **options,
        )
        looks = for_looks(ops.split_options(options, RunOptions)[1])
        return await self.poll(thread_id, begun.id, poll_deadline=poll_deadline, **looks)

    async def poll(
        self,
        thread_id: str,
        run_id: str,
        *,
        poll_deadline: float = POLL_DEADLINE,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Wait until a run is over, or waits for tool outputs: see `Runs.poll`."""
        plan = conversation.poll(thread_id, run_id, self._runner.options, options, poll_deadline)
        return await self._runner.carry_out(plan)

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
        """The runs of a thread: see `Messages.list`."""
        listing = ops.list_runs(
            thread_id,
            page_size=page_size,
            max_items=max_items,
            order=order,
            after=after,
            before=before,
            limit=limit,
        )
        return self._runner.pages(listing, options)

    async def retrieve(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> Run:
        """One run: see `Runs.retrieve`."""
        return await self._runner.run(ops.retrieve_run(thread_id, run_id), options)

    async def update(
        self,
        thread_id: str,
        run_id: str,
        *,
        metadata: Mapping[str, str] | None,
        **options: Unpack[CallOptions],
    ) -> Run:
        """Change a run's metadata: see `Runs.update`."""
        return await self._runner.run(ops.update_run(thread_id, run_id, metadata), options)

    async def cancel(self, thread_id: str, run_id: str, **options: Unpack[CallOptions]) -> Run:
        """Cancel a run that is in progress: see `Runs.cancel`."""
        return await self._runner.run(ops.cancel_run(thread_id, run_id), options)

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
        """Give a run the outputs of the functions it called: see `Runs.submit_tool_outputs`."""
        call = ops.submit_tool_outputs(thread_id, run_id, tool_outputs, stream)
        if stream:
            return await self._runner.stream(call, options)
        return await self._runner.run(call, options)

    @property
    def with_raw_response(self) -> AsyncRawRuns:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawRuns(AsyncRuns(self._runner.raw()))

    @property
    def prepare(self) -> PreparedRuns:
        """The same calls, not sent and not awaited: `PreparedRequest`."""
        return PreparedRuns(Runs(self._runner.preparing()))


@quiet
class Steps:
    """The steps of runs: ``client.runs.steps``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

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
    ) -> Page[RunStep]:
        """The steps of a run; the arguments are those of `Messages.list`.

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
        return self._runner.pages(listing, options)

    def retrieve(
        self,
        thread_id: str,
        run_id: str,
        step_id: str,
        *,
        include: Include | None = None,
        **options: Unpack[CallOptions],
    ) -> RunStep:
        """One step of a run.

        Raises:
            InvalidArgumentError: An id is none; nothing was sent.
            NotFoundError: There is no such thread, run or step.
            APIError: Something else went wrong.
        """
        call = ops.retrieve_run_step(thread_id, run_id, step_id, include)
        return self._runner.run(call, options)

    @property
    def with_raw_response(self) -> RawSteps:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return RawSteps(Steps(self._runner.raw()))

    @property
    def prepare(self) -> PreparedSteps:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        return PreparedSteps(Steps(self._runner.preparing()))


@quiet
class AsyncSteps:
    """The steps of runs: ``client.runs.steps``. Each call is as that of `Steps`, awaited."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

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
        """The steps of a run: see `Steps.list`."""
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
        return self._runner.pages(listing, options)

    async def retrieve(
        self,
        thread_id: str,
        run_id: str,
        step_id: str,
        *,
        include: Include | None = None,
        **options: Unpack[CallOptions],
    ) -> RunStep:
        """One step of a run: see `Steps.retrieve`."""
        call = ops.retrieve_run_step(thread_id, run_id, step_id, include)
        return await self._runner.run(call, options)

    @property
    def with_raw_response(self) -> AsyncRawSteps:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawSteps(AsyncSteps(self._runner.raw()))

    @property
    def prepare(self) -> PreparedSteps:
        """The same calls, not sent and not awaited: `PreparedRequest`."""
        return PreparedSteps(Steps(self._runner.preparing()))


@quiet
class Files:
    """Files for attachments: ``client.files``."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def upload(
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
        return self._runner.run(ops.upload_file(file, purpose), options)

    def retrieve(self, file_id: str, **options: Unpack[CallOptions]) -> models.FileObject:
        """What is known of a file.

        Raises:
            InvalidArgumentError: The id is none; nothing was sent.
            NotFoundError: There is no such file.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.retrieve_file(file_id), options)

    def delete(self, file_id: str, **options: Unpack[CallOptions]) -> models.DeletedFile:
        """Delete a file. A repeated attempt that finds it gone counts as deleted.

        Raises:
            InvalidArgumentError: The id is none; nothing was sent.
            NotFoundError: There is no such file.
            APIError: Something else went wrong.
        """
        return self._runner.run(ops.delete_file(file_id), options)

    @property
    def with_raw_response(self) -> RawFiles:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return RawFiles(Files(self._runner.raw()))

    @property
    def prepare(self) -> PreparedFiles:
        """The same calls, not sent: `PreparedRequest`, as data or as a curl line."""
        return PreparedFiles(Files(self._runner.preparing()))


@quiet
class AsyncFiles:
    """Files for attachments: ``client.files``. Each call is as that of `Files`, awaited."""

    def __init__(self, runner: AsyncRunner) -> None:
        self._runner = runner

    async def upload(
        self, file: FileLike, *, purpose: str = "assistants", **options: Unpack[CallOptions]
    ) -> models.FileObject:
        """Upload a file, which is read into memory: see `Files.upload`."""
        return await self._runner.run(ops.upload_file(file, purpose), options)

    async def retrieve(self, file_id: str, **options: Unpack[CallOptions]) -> models.FileObject:
        """What is known of a file: see `Files.retrieve`."""
        return await self._runner.run(ops.retrieve_file(file_id), options)

    async def delete(self, file_id: str, **options: Unpack[CallOptions]) -> models.DeletedFile:
        """Delete a file: see `Files.delete`."""
        return await self._runner.run(ops.delete_file(file_id), options)

    @property
    def with_raw_response(self) -> AsyncRawFiles:
        """The same calls, returning the answer as it came: `RawResponse`."""
        return AsyncRawFiles(AsyncFiles(self._runner.raw()))

    @property
    def prepare(self) -> PreparedFiles:
        """The same calls, not sent and not awaited: `PreparedRequest`."""
        return PreparedFiles(Files(self._runner.preparing()))


# The same methods under other types: see `resources`. What takes several requests has neither form,
# and a stream no raw one.


class RawAssistants:
    """The calls of `Assistants`, returning `RawResponse`."""

    def __init__(self, assistants: Assistants) -> None:
        self.create = raw(assistants.create)
        self.list = raw(assistants.list)
        self.retrieve = raw(assistants.retrieve)
        self.update = raw(assistants.update)
        self.delete = raw(assistants.delete)


class AsyncRawAssistants:
    """The calls of `AsyncAssistants`, returning `RawResponse`."""

    def __init__(self, assistants: AsyncAssistants) -> None:
        self.create = async_raw(assistants.create)
        self.list = async_raw(assistants.list)
        self.retrieve = async_raw(assistants.retrieve)
        self.update = async_raw(assistants.update)
        self.delete = async_raw(assistants.delete)


class PreparedAssistants:
    """The calls of `Assistants`, returning `PreparedRequest`."""

    def __init__(self, assistants: Assistants) -> None:
        self.create = prepared(assistants.create)
        self.list = prepared(assistants.list)
        self.retrieve = prepared(assistants.retrieve)
        self.update = prepared(assistants.update)
        self.delete = prepared(assistants.delete)


class RawRuns:
    """The calls of `Runs`, returning `RawResponse`."""

    def __init__(self, runs: Runs) -> None:
        self.create = raw(runs.create)
        self.list = raw(runs.list)
        self.retrieve = raw(runs.retrieve)
        self.update = raw(runs.update)
        self.cancel = raw(runs.cancel)
        self.submit_tool_outputs = raw(runs.submit_tool_outputs)


class AsyncRawRuns:
    """The calls of `AsyncRuns`, returning `RawResponse`."""

    def __init__(self, runs: AsyncRuns) -> None:
        self.create = async_raw(runs.create)
        self.list = async_raw(runs.list)
        self.retrieve = async_raw(runs.retrieve)
        self.update = async_raw(runs.update)
        self.cancel = async_raw(runs.cancel)
        self.submit_tool_outputs = async_raw(runs.submit_tool_outputs)


class PreparedRuns:
    """The calls of `Runs`, returning `PreparedRequest`."""

    def __init__(self, runs: Runs) -> None:
        self.create = prepared(runs.create)
        self.list = prepared(runs.list)
        self.retrieve = prepared(runs.retrieve)
        self.update = prepared(runs.update)
        self.cancel = prepared(runs.cancel)
        self.submit_tool_outputs = prepared(runs.submit_tool_outputs)


class RawSteps:
    """The calls of `Steps`, returning `RawResponse`."""

    def __init__(self, steps: Steps) -> None:
        self.list = raw(steps.list)
        self.retrieve = raw(steps.retrieve)


class AsyncRawSteps:
    """The calls of `AsyncSteps`, returning `RawResponse`."""

    def __init__(self, steps: AsyncSteps) -> None:
        self.list = async_raw(steps.list)
        self.retrieve = async_raw(steps.retrieve)


class PreparedSteps:
    """The calls of `Steps`, returning `PreparedRequest`."""

    def __init__(self, steps: Steps) -> None:
        self.list = prepared(steps.list)
        self.retrieve = prepared(steps.retrieve)


class RawFiles:
    """The calls of `Files`, returning `RawResponse`."""

    def __init__(self, files: Files) -> None:
        self.upload = raw(files.upload)
        self.retrieve = raw(files.retrieve)
        self.delete = raw(files.delete)


class AsyncRawFiles:
    """The calls of `AsyncFiles`, returning `RawResponse`."""

    def __init__(self, files: AsyncFiles) -> None:
        self.upload = async_raw(files.upload)
        self.retrieve = async_raw(files.retrieve)
        self.delete = async_raw(files.delete)


class PreparedFiles:
    """The calls of `Files`, returning `PreparedRequest`."""

    def __init__(self, files: Files) -> None:
        self.upload = prepared(files.upload)
        self.retrieve = prepared(files.retrieve)
        self.delete = prepared(files.delete)
