# Derived from ../_async/openai_runs.py by tools/derive_sync.py; do not edit.
"""Runs in the words of the openai package: polling, streams and event handlers."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
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
    from .sending import Sender
    from .streams import EventStream

    HandlerT = TypeVar(
        "HandlerT",
        bound="AssistantEventHandler",
        default="AssistantEventHandler",
    )
else:
    from typing import TypeVar

    HandlerT = TypeVar("HandlerT")

T = TypeVar("T")


class AssistantEventHandler(event_handlers.Callbacks):
    """A stream of a run's events that calls its methods as they come: derive from this class.

    Override the methods whose names begin with ``on_``, and pass an instance as
    ``event_handler``; each is for one stream. The stream's ``with`` block gets it, too.
    Iterate over it, over ``text_deltas``, or call ``until_done()``: the methods are called while
    you read. Inside them, ``current_event`` is the event they are called for.
    """

    __stream: EventStream | None = None
    __dispatcher: Dispatcher | None = None
    __is_over = False

    def _init(self, stream: EventStream) -> None:
        from .._core.callbacks import Dispatcher  # loads many models

        is_told = any(
            getattr(getattr(self, name), "__func__", None) is not method
            for name, method in vars(event_handlers.Callbacks).items()
            if name.startswith("on_")
        )
        self.__stream, self.__dispatcher = stream, Dispatcher(stream._state, is_told)

    def _check_is_new(self) -> None:
        if self.__stream is not None:
            raise InvalidArgumentError("event_handler", "is for one stream: make a new one")

    def __next__(self) -> StreamEvent:
        stream, dispatcher = self.__stream, self.__dispatcher
        if stream is None or dispatcher is None:
            raise RuntimeError("the stream has not begun: use it in its with block")
        if self.__is_over:
            stream._state.check_done()
            raise StopIteration
        is_over = True
        try:
            event = next(stream, None)
            if event is not None:
                for name, given in dispatcher.dispatch(event):
                    getattr(self, name)(*given)
                is_over = False
        except Exception as error:
            if isinstance(error, TimeoutError) or getattr(error, "kind", None) in TIMEOUTS:
                self.on_timeout()
            self.on_exception(error)
            if isinstance(error, StopIteration | StopIteration):
                raise RuntimeError(f"a method of the handler raised {error!r}") from error
            raise
        finally:
            if is_over:
                self.__is_over = True
                self.on_end()
        if event is None:
            raise StopIteration
        return event

    def __iter__(self) -> Iterator[StreamEvent]:
        return self

    @property
    def text_deltas(self) -> Iterator[str]:
        """The rest of the text, piece by piece, without refusals."""
        from ..models import Refusal

        for event in self:
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

    def until_done(self) -> RunResult:
        """Read to the end; return the run, its messages and its steps.

        Raises:
            StreamError, StreamCutError, UnparsableResponseError: See `EventStream`.
        """
        for _ in self:
            pass
        assert self.__stream is not None
        return self.__stream.result

    def get_final_run(self) -> Run:
        """Read to the end and return the run, as `until_done`; RunError if nothing came of it."""
        return _found((self.until_done()).run, "run")

    def get_final_messages(self) -> list[Message]:
        """Read to the end and return the messages of the run; RunError if there are none."""
        return _found((self.until_done()).messages, "message")

    def get_final_run_steps(self) -> list[RunStep]:
        """Read to the end and return the steps of the run; RunError if there are none."""
        return _found((self.until_done()).steps, "step")

    def close(self) -> None:
        """Release the connection, as leaving the block does."""
        if self.__stream is not None:
            self.__stream.close()


def _found(found: T | None, what: str) -> T:
    if not found:
        raise RunError(f"the stream had no {what}", None)
    return found


class AssistantStreamManager(Generic[HandlerT]):
    """A stream that has not begun yet: use it in ``with``, which gets the handler."""

    def __init__(
        self, sender: Sender, call: Call[Any], options: Mapping[str, Any], handler: Any
    ) -> None:
        if handler is None or is_absent(handler):
            handler = AssistantEventHandler()
        if not isinstance(handler, AssistantEventHandler):
            wanted = f"laplas.{AssistantEventHandler.__name__}"
            problem = f"must be an instance of a subclass of {wanted}, not {type(handler).__name__}"
            raise InvalidArgumentError("event_handler", problem)
        handler._check_is_new()
        self._handler: Any = handler
        self._begin = functools.partial(hide_frames(sender.stream), call, options)

    def __enter__(self) -> HandlerT:
        self._handler._check_is_new()
        self._handler._init(self._begin())
        handler: HandlerT = self._handler
        return handler

    def __exit__(self, *_: object) -> None:
        AssistantEventHandler.close(self._handler)  # whatever a subclass calls so
