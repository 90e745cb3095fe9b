"""What one operation asks for: everything about it but where and how it is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, NamedTuple, TypeVar

from .retry import Effect

T = TypeVar("T")

ONCE_SLOT: Final = "laplas_once"
"""The metadata key that marks a message which must not be created twice."""


class Once(NamedTuple):
    """How to recognise a message that was created by an attempt whose answer was lost."""

    mark: str
    newest: Call[Any]
    """The call for the thread's newest messages."""
    retrieve: Callable[[str], Call[Any]]
    """The call for the message with an id."""
    probe_first: bool
    """Whether an earlier call, perhaps of another process, may have used the same mark."""


class Confirmation(NamedTuple):
    """How to see that a change is made which a server refuses to make twice."""

    look: Call[Any]
    """The call for what is changed; its result is that of the change, too."""
    is_applied: Callable[[Any], bool]


class Call(NamedTuple, Generic[T]):
    """One operation with its arguments."""

    operation: str
    effect: Effect
    method: str
    path: str
    decode: Callable[[Any], T]
    query: Mapping[str, Any] = {}
    body: Mapping[str, Any] | None = None
    when_empty: T | None = None
    """The result where success comes without a body (204), if the operation allows for that."""
    once: Once | None = None
    """For a create that must not happen twice."""
    streams: bool = False
    """Whether the answer is an event stream, to be read as it comes."""
    content: bytes | None = None
    """A body that is not JSON."""
    content_type: str = "application/json"
    confirmation: Confirmation | None = None
    """For a change that can be repeated, although a server refuses to make it twice."""
    active_run_timeout: float | None = None
    """Seconds to wait at most for a run that is active on the thread; None does not wait."""
    answer_id: str | None = None
    """The id that the answer must be about; None where only the server knows it."""

    def __repr__(self) -> str:
        return f"<Call {self.operation}>"  # a traceback's locals must not show the body

    def with_query(self, query: Mapping[str, Any]) -> Call[T]:
        return self._replace(query=query)
