"""What calls return: the generated models, with what people want to read from them on top.

The classes here add properties only, no state: a field that a regenerated document adds is
there without any change in this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from .generated import UnknownVariant as UnknownVariant
from .generated import models

ContentPart = (
    models.TextContent
    | models.ImageFileContent
    | models.ImageUrlContent
    | models.RefusalContent
    | UnknownVariant
)
ImageContent = models.ImageFileContent | models.ImageUrlContent


class _FromString(list[Any]):
    """A list of one text part, made of content that came as a bare string, which it keeps."""

    __slots__ = ("original",)

    def __init__(self, original: str) -> None:
        super().__init__([models.TextContent(text=models.Text(value=original, annotations=[]))])
        self.original = original


class Dated:
    """What has a time of creation."""

    __slots__ = ()

    if TYPE_CHECKING:
        created_at: int

    @property
    def created(self) -> datetime:
        """When it was created, as an aware datetime in UTC.

        Raises:
            ValueError: The server sent something else than a time.
        """
        at: object = self.created_at
        if isinstance(at, bool) or not isinstance(at, int | float):
            raise ValueError(f"not a Unix time: {at!r}")
        # One server of this family counts milliseconds; as seconds they are 3,000 years ahead.
        seconds = at / 1000 if at > 100_000_000_000 else at
        try:
            return datetime.fromtimestamp(seconds, UTC)
        except (OverflowError, OSError):
            raise ValueError(f"not a Unix time: {at!r}") from None


class Message(Dated, models.Message):
    """A message of a thread.

    All fields of the API are attributes; a field the server did not send reads as None, and
    fields this version does not know are in ``additional_properties``. ``to_dict()`` gives back
    exactly the JSON that was received.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        # A bare string, which the document allows for, is made a list before anyone sees it.
        content: list[ContentPart]  # pyright: ignore[reportIncompatibleVariableOverride]

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make a message of parsed JSON; what does not fit raises an error of any kind."""
        message = super().from_dict(src_dict)
        if isinstance(message.content, str):
            message.content = _FromString(message.content)
        return message

    @property
    def text(self) -> str:
        """The text parts, joined without anything between; ``""`` where there are none."""
        return "".join(_text_of(part) for part in self._parts())

    @property
    def images(self) -> list[ImageContent]:
        """The parts that are pictures, by file or by URL, in order."""
        return [part for part in self._parts() if isinstance(part, ImageContent)]

    @property
    def citations(self) -> list[models.FileCitationAnnotation]:
        """The file citations of all text parts, in order."""
        return [
            annotation
            for part in self._parts()
            if isinstance(part, models.TextContent)
            for annotation in _list(getattr(part.text, "annotations", None))
            if isinstance(annotation, models.FileCitationAnnotation)
        ]

    @property
    def refusal(self) -> str | None:
        """Why the assistant would not answer, or None where it did."""
        parts = [part for part in self._parts() if isinstance(part, models.RefusalContent)]
        return "".join(str(part.refusal) for part in parts) if parts else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON that was received, as new objects."""
        out = super().to_dict()
        if isinstance(self.content, _FromString):
            out["content"] = self.content.original
        return out

    def _parts(self) -> list[ContentPart]:
        # A null or a number for content is kept as it came; there is nothing to read in it.
        return _list(self.content)


class Thread(Dated, models.Thread):
    """A conversation. ``client.thread(thread.id)`` gives a handle bound to it."""

    __slots__ = ()


class Assistant(Dated, models.Assistant):
    """An assistant: a language model with instructions and tools."""

    __slots__ = ()


class Run(Dated, models.Run):
    """An assistant at work on a thread."""

    __slots__ = ()

    @property
    def is_over(self) -> bool:
        """Whether the run will not go on by itself: it ended, or waits for tool outputs."""
        return self.status not in ("queued", "in_progress", "cancelling")

    @property
    def tool_calls(self) -> list[models.RequiredToolCall]:
        """The function calls whose outputs the run waits for."""
        outputs = getattr(self.required_action, "submit_tool_outputs", None)
        return [call for call in _list(getattr(outputs, "tool_calls", None)) if _is_call(call)]


def _is_call(call: object) -> bool:
    """Tell whether a call can be answered: a server may send anything."""
    function = getattr(call, "function", None)
    return isinstance(getattr(call, "id", None), str) and isinstance(
        getattr(function, "name", None), str
    )


class Refusal(str):
    """A piece of text by which an assistant refuses to answer; a str in every other way."""

    __slots__ = ()


class RunStep(Dated, models.RunStep):
    """One step of a run: writing a message, or calling tools."""

    __slots__ = ()


class RunResult(NamedTuple):
    """What a run came to.

    Attributes:
        run: The run as it was last seen, or None where no event held it.
        messages: The messages that the run wrote, whole or as far as they came, in order.
        steps: The run's steps, likewise.
    """

    run: Run | None
    messages: list[Message]
    steps: list[RunStep]

    @property
    def text(self) -> str:
        """The text of all messages."""
        return "".join(message.text for message in self.messages)

    @property
    def refusal(self) -> str | None:
        """Why the assistant would not answer, or None where it did."""
        refusals = [m.refusal for m in self.messages if m.refusal is not None]
        return "".join(refusals) if refusals else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text_of(part: object) -> str:
    """Return a part's text. Servers other than the vendor's leave out the object around it."""
    text = part.text if isinstance(part, models.TextContent) else part
    value = getattr(text, "value", text)
    return value if isinstance(value, str) else ""


def openapi() -> str:
    """Return the OpenAPI document this package was made from: YAML, to generate or mock with.

    Its SHA-256, over the UTF-8 bytes, is what ``python -m laplas.verify`` shows.
    """
    package = models.__name__.rpartition(".")[0]
    # Bytes, because reading text would change the ends of its lines on some systems.
    return resources.files(package).joinpath("openapi.yaml").read_bytes().decode("utf-8")
