# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""A call of one operation, and what carries calls out. No I/O."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

from .checks import Checker

T = TypeVar("T")

Effect = Literal["read", "repeatable", "create"]
"""What a request does. Sending a "create" again makes a second thing."""


class Call(NamedTuple, Generic[T]):
    """One operation with its checked arguments.

    Attributes:
        operation: The operation's id in the document.
        effect: What the request does.
        method: The HTTP method, in capitals.
        path: The path, with percent-encoded ids in it.
        model: The class of the answer; of an item where the answer is a page. `Json` where the
            answer is not an object; bytes where it is not JSON, or without a body.
        query: Query parameters by their names in the URL. A list is repeated.
        body: A JSON object; None if there is no JSON body.
        form: The fields of a form; None if there is no form. A file is (name, bytes), or what the
            carrier's converter makes of it; an object is sent as JSON.
        is_page: Whether the answer is a page of items.
        streams: Whether the answer is an event stream.
        empty: The JSON object that stands for an answer without a body, where that is a success.
        answer_id: The id that the answer must have; None where only the server knows it.
        features: What the carrier adds to a plain request, by name.
        parents: The other ids in the path, by the fields of the answer, or of each item of its
            page, that must have them.
    """

    operation: str
    effect: Effect
    method: str
    path: str
    model: type[Any]
    query: Mapping[str, Any] = {}
    body: Mapping[str, Any] | None = None
    form: Mapping[str, Any] | None = None
    is_page: bool = False
    streams: bool = False
    empty: Mapping[str, Any] | None = None
    answer_id: str | None = None
    features: Mapping[str, Any] = {}
    parents: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"<Call {self.operation}>"  # a traceback's locals must not show the body

    def with_query(self, query: Mapping[str, Any]) -> Call[T]:
        """Make the same call with another query."""
        return self._replace(query=query)


class Json:
    """Stands for a model where an answer is JSON of any kind: it is returned as it came."""

    @staticmethod
    def from_dict(value: Any) -> Any:
        """Return the value."""
        return value


class Carrier(Protocol):
    """Carries calls out. What `options` may hold is for the carrier to say."""

    @property
    def checker(self) -> Checker:
        """What checks the arguments of its calls."""
        ...

    def send(self, call: Call[T], options: Mapping[str, Any]) -> T:
        """Send a call and return what the server answers, as a model."""
        ...

    def pages(self, call: Call[T], options: Mapping[str, Any]) -> Any:
        """Return the page that a call asks for, which leads on to the next ones."""
        ...

    def stream(self, call: Call[Any], options: Mapping[str, Any]) -> Any:
        """Send a call and return the stream of events that the server answers."""
        ...

    def download(self, call: Call[Any], options: Mapping[str, Any]) -> Any:
        """Send a call and return the bytes that the server answers, to be read."""
        ...

    def raw(self) -> Carrier:
        """Return a carrier that gives answers as they came."""
        ...

    def streamed(self) -> Carrier:
        """Return a carrier that gives answers whose bodies are yet to be read."""
        ...

    def prepare(self) -> Carrier:
        """Return a carrier that gives requests and sends none."""
        ...


class AsyncCarrier(Protocol):
    """Like `Carrier`, for async code. Pages are made at once and fetched when awaited or iterated."""

    @property
    def checker(self) -> Checker:
        """What checks the arguments of its calls."""
        ...

    def send(self, call: Call[T], options: Mapping[str, Any]) -> Awaitable[T]:
        """Send a call and return what the server answers, as a model."""
        ...

    def pages(self, call: Call[T], options: Mapping[str, Any]) -> Any:
        """Return the page that a call asks for, which leads on to the next ones."""
        ...

    def stream(self, call: Call[Any], options: Mapping[str, Any]) -> Awaitable[Any]:
        """Send a call and return the stream of events that the server answers."""
        ...

    def download(self, call: Call[Any], options: Mapping[str, Any]) -> Awaitable[Any]:
        """Send a call and return the bytes that the server answers, to be read."""
        ...

    def raw(self) -> AsyncCarrier:
        """Return a carrier that gives answers as they came."""
        ...

    def streamed(self) -> AsyncCarrier:
        """Return a carrier that gives answers whose bodies are yet to be read."""
        ...

    def prepare(self) -> Carrier:
        """Return a carrier that gives requests and sends none."""
        ...
