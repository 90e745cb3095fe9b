"""Runs in the words of the openai package: polling, streams and event handlers."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, Generic

from .._core.config import is_absent
from .._core.retry import TIMEOUTS
from ..errors import InvalidArgumentError, RunError
from ..generated import Call, event_handlers, hide_frames

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from .._core.callbacks import Dispatcher
    from .._core.events import StreamEvent
    from ..models import Message, Run, RunResult, RunStep
    from .sending import AsyncSender
    from .streams import AsyncEventStream

    AsyncHandlerT = TypeVar(
        "AsyncHandlerT",
        bound="AsyncAssistantEventHandler",
        default="AsyncAssistantEventHandler",
    )
else:
    from typing import TypeVar

    AsyncHandlerT = TypeVar("AsyncHandlerT")

T = TypeVar("T")


class AsyncAssistantEventHandler(event_handlers.AsyncCallbacks):
    """A stream of a run's events that calls its methods as they come: derive from this class.

    Override the methods whose names begin with ``on_``, and pass an instance as
    ``event_handler``; each is for one stream. The stream's ``async with`` block gets it, too.
    Iterate over it, over ``text_deltas``, or call ``until_done()``: the methods are called while
    you read. Inside them, ``current_event`` is the event they are called for.
    """

    __stream: AsyncEventStream | None = None
    __dispatcher: Dispatcher | None = None
    __is_over = False

    def _init(self, stream: AsyncEventStream) -> None:
        from .._core.callbacks import Dispatcher  # loads many models

        is_told = any(
            getattr(getattr(self, name), "__func__", None) is not method
            for name, method in vars(event_handlers.AsyncCallbacks).items()
            if name.startswith("on_")
        )
        self.__stream, self.__dispatcher = stream, Dispatcher(stream._state, is_told)

    def _check_is_new(self) -> None:
        if self.__stream is not None:
            raise InvalidArgumentError("event_handler", "is for one stream: make a new one")

    async def __anext__(self) -> StreamEvent:
        stream, dispatcher = self.__stream, self.__dispatcher
        if stream is None or dispatcher is None:
            raise RuntimeError("the stream has not begun: use it in its with block")
        if self.__is_over:
            stream._state.check_done()
            raise StopAsyncIteration
        is_over = True
        try:
            event = await anext(stream, None)
            if event is not None:
                for name, given in dispatcher.dispatch(event):
                    await getattr(self, name)(*given)
                is_over = False
        except Exception as error:
            if isinstance(error, TimeoutError) or getattr(error, "kind", None) in TIMEOUTS:
                await self.on_timeout()
            await self.on_exception(error)
            if isinstance(error, StopIteration | StopAsyncIteration):
                raise RuntimeError(f"a method of the handler raised {error!r}") from error
            raise
        finally:
            if is_over:
                self.__is_over = True
                await self.on_end()
        if event is None:
            raise StopAsyncIteration
        return event

    def __aiter__(self) -> AsyncIterator[StreamEvent]:
        return self

    @property
    async def text_deltas(self) -> AsyncIterator[str]:
        """The rest of the text, piece by piece, without refusals."""
        from ..models import Refusal

        async for event in self:
            for piece in event._pieces():
                if not isinstance(piece, Refusal):
                    yield piece
        for piece in self.__stream._state.last_pieces() if self.__stream else ():
            if not isinstance(piece, Refusal):
                yield piece

    @property
    def current_event(self) -> StreamEvent | None:
        """The event that your methods are called for; None outside them."""
        return None if self.__dispatcher is None else self.__dispatcher.event

    @property
    def current_run(self) -> Run | None:
        """The run as it was last seen."""
        return None if self.__dispatcher is None else self.__dispatcher.run

    @property
    def current_run_step_snapshot(self) -> RunStep | None:
        """The step that is under way, as far as it has come."""
        step: RunStep | None = self.__snapshot("RunStep")
        return step

    @property
    def current_message_snapshot(self) -> Message | None:
        """The newest message, as far as it has come."""
        message: Message | None = self.__snapshot("Message")
        return message

    def __snapshot(self, model: str) -> Any:
        from .. import models

        if self.__dispatcher is None:
            return None
        return self.__dispatcher.snapshot(getattr(models, model))

    async def until_done(self) -> RunResult:
        """Read to the end; return the run, its messages and its steps.

        Raises:
            StreamError, StreamCutError, UnparsableResponseError: See `EventStream`.
        """
        async for _ in self:
            pass
        assert self.__stream is not None
        return self.__stream.result

    async def get_final_run(self) -> Run:
        """Read to the end and return the run, as `until_done`; RunError if nothing came of it."""
        return _found((await self.until_done()).run, "run")

    async def get_final_messages(self) -> list[Message]:
        """Read to the end and return the messages of the run; RunError if there are none."""
        return _found((await self.until_done()).messages, "message")

    async def get_final_run_steps(self) -> list[RunStep]:
        """Read to the end and return the steps of the run; RunError if there are none."""
        return _found((await self.until_done()).steps, "step")

    async def close(self) -> None:
        """Release the connection, as leaving the block does."""
        if self.__stream is not None:
            await self.__stream.aclose()


def _found(found: T | None, what: str) -> T:
    if not found:
        raise RunError(f"the stream had no {what}", None)
    return found


class AsyncAssistantStreamManager(Generic[AsyncHandlerT]):
    """A stream that has not begun yet: use it in ``async with``, which gets the handler."""

    def __init__(
        self, sender: AsyncSender, call: Call[Any], options: Mapping[str, Any], handler: Any
    ) -> None:
        if handler is None or is_absent(handler):
            handler = AsyncAssistantEventHandler()
        if not isinstance(handler, AsyncAssistantEventHandler):
            wanted = f"laplas.{AsyncAssistantEventHandler.__name__}"
            problem = f"must be an instance of a subclass of {wanted}, not {type(handler).__name__}"
            raise InvalidArgumentError("event_handler", problem)
        handler._check_is_new()
        self._handler: Any = handler
        self._begin = functools.partial(hide_frames(sender.stream), call, options)

    async def __aenter__(self) -> AsyncHandlerT:
        self._handler._check_is_new()
        self._handler._init(await self._begin())
        handler: AsyncHandlerT = self._handler
        return handler

    async def __aexit__(self, *_: object) -> None:
        await AsyncAssistantEventHandler.close(self._handler)  # whatever a subclass calls so
