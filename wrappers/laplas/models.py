"""What calls return: the generated models, with what people want to read from them on top.

The classes here add no state: a field that a regenerated document adds is there without any change
in this file. Those of runs are loaded when one is first used: a program that only writes messages
starts without them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, TypeVar, Unpack, overload

from .generated import UnknownVariant as UnknownVariant
from .generated import models

if TYPE_CHECKING:
    from ._core.rendering import Files
    from .generated import ToDictOptions
    from .run_models import Assistant as Assistant
    from .run_models import Run as Run
    from .run_models import RunResult as RunResult
    from .run_models import RunStep as RunStep

T = TypeVar("T")
ContentPart = (
    models.TextContent
    | models.ImageFileContent
    | models.ImageUrlContent
    | models.RefusalContent
    | UnknownVariant
)
"""A part of a message: text, a picture, a refusal, or a kind that this version does not know."""
ImageContent = models.ImageFileContent | models.ImageUrlContent
"""A part of a message that is a picture, by file or by URL."""


class _FromString(list[Any]):
    """Content that came as a bare string, as a list of one text part."""

    __slots__ = ()


_CONTENT: Final[Any] = vars(models.Message)["content"]


def _set_content(message: models.Message, content: Any) -> None:
    """Set the content; of a bare string, which the document allows for, make a list."""
    if isinstance(content, str):
        text = models.Text(value=content, annotations=[])
        content = _FromString([models.TextContent(text=text)])
    _CONTENT.__set__(message, content)


class Dated:
    """What has a time of creation. Notebooks show it as a card, and so does rich in a terminal."""

    __slots__ = ()

    if TYPE_CHECKING:
        created_at: int

    @property
    def created(self) -> datetime:
        """When it was created, as an aware datetime in UTC.

        Raises:
            ValueError: The server sent something else than a time.
        """
        return time_of(self.created_at)

    def _repr_html_(self) -> str:
        from ._core import views

        return views.card(self)

    def __rich__(self) -> Any:
        from ._core import views

        return views.for_rich(self)


def time_of(at: object) -> datetime:
    """Read a Unix time, or raise ValueError."""
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
        content: list[ContentPart]  # pyright: ignore[reportIncompatibleVariableOverride]
    else:
        content = property(_CONTENT.__get__, _set_content)

    @property
    def text(self) -> str:
        """The text parts, joined without anything between; ``""`` where there are none."""
        return "".join(text_of(part) for part in self._parts())

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
            for annotation in list_of(getattr(part.text, "annotations", None))
            if isinstance(annotation, models.FileCitationAnnotation)
        ]

    @property
    def refusal(self) -> str | None:
        """Why the assistant would not answer, or None where it did."""
        parts = [part for part in self._parts() if isinstance(part, models.RefusalContent)]
        return "".join(str(part.refusal) for part in parts) if parts else None

    def markdown(self, files: Files | None = None) -> str:
        """Write the message as Markdown: its text, with the sources as numbered footnotes.

        Markers such as ``【4:0†source】`` become ``[^1]``; all other text is kept. Pictures and the
        files that the assistant made become links, by URL or by id. Refusals and parts of an
        unknown kind are marked as such.

        Args:
            files: Names of files by their ids, or a function that returns the name for an id, or
                None where it knows none. FileObjects will do for names. Default: ids are shown.

        Raises:
            InvalidArgumentError: `files` is something else.
        """
        from ._core import rendering

        return rendering.rendered(self, files, rendering.MARKDOWN)

    def html(self, files: Files | None = None) -> str:
        """Write the message as a fragment of HTML that is safe to put into a page.

        All text is escaped, Markdown in it is not interpreted, and lines stay lines. Links and
        pictures have http, https and ``data:image`` URLs only; a browser fetches the pictures.

        Args:
            files: As for `markdown`.

        Raises:
            InvalidArgumentError: `files` is something else.
        """
        from ._core import rendering

        return rendering.rendered(self, files, rendering.HTML)

    def parse(self, model: type[T]) -> T:
        """Read the text as the JSON of a type, and return an object of that type.

        Code fences and words around the JSON are left out; what was cut short is not completed.

        Args:
            model: A pydantic model, dataclass, TypedDict, or what else a function tool may take;
                all but plain TypedDicts need ``laplas[tools]``.

        Raises:
            InvalidArgumentError: `model` is not a type, or none that JSON can give.
            RefusalError: The assistant refused to answer.
            IncompleteMessageError: The message is not complete.
            ParseError: The text is not JSON, or does not fit; it says where.
        """
        from ._core.structured import parse_message

        made: T = parse_message(self, model)
        return made

    def to_dict(self, **options: Unpack[ToDictOptions]) -> dict[str, Any]:
        """Return the JSON that was received, as new objects; for the options see `model_dump`."""
        out = super().to_dict(**options)
        if options:
            return out
        if isinstance(self.content, _FromString):
            text = self.text
            # As it came, unless it was changed into what no string can say.
            if out["content"] == [{"type": "text", "text": {"value": text, "annotations": []}}]:
                out["content"] = text
        return out

    def _parts(self) -> list[ContentPart]:
        # A null or a number for content is kept as it came; there is nothing to read in it.
        return list_of(self.content)


class Reply(Message):
    """The message that `ask` returns, in every way equal to the same plain one.

    Attributes:
        run: The run that wrote it, as it was last seen; `ask` always has it.
    """

    run: Run | None = None
    _asked: Any = None

    @classmethod
    def of(cls, message: Message, run: Run | None, asked: Any) -> Reply:
        """Make one of a message; `asked` is the type that was asked for, if any."""
        made = cls.from_dict(message.to_dict())
        made.run, made._asked = run, asked
        return made

    @overload
    def parse(self, model: type[T]) -> T: ...
    @overload
    def parse(self) -> Any: ...
    def parse(self, model: Any = None) -> Any:
        """Read the text as `Message.parse` does, by default as the ``response_format`` of `ask`."""
        return super().parse(self._asked if model is None else model)

    def __eq__(self, other: object) -> bool:
        return self.to_dict() == other.to_dict() if isinstance(other, Message) else NotImplemented

    def __reduce__(self) -> Any:
        return self.of, (Message.from_dict(self.to_dict()), self.run, self._asked)


class Thread(Dated, models.Thread):
    """A conversation. ``client.thread(thread.id)`` gives a handle bound to it."""

    __slots__ = ()


class Refusal(str):
    """A piece of text by which an assistant refuses to answer; a str in every other way."""

    __slots__ = ()


def list_of(value: Any) -> list[Any]:
    """Return a list as it is; of anything else, which a server may send, an empty one."""
    return value if isinstance(value, list) else []


def dig(value: Any, *names: str) -> Any:
    """Return what is inside a dict or an object; None where there is nothing of these names."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    return value


def text_of(part: object) -> str:
    """Return a part's text. Other servers leave out its object, or send a list of these."""
    text: Any = part.text if isinstance(part, models.TextContent) else part
    if isinstance(text, list):
        return "".join(item["value"] for item in text if _has_value(item))
    value = getattr(text, "value", text)
    return value if isinstance(value, str) else ""


def _has_value(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("value"), str)


def openapi() -> str:
    """Return the OpenAPI document this package was made from: YAML, to generate or mock with.

    Its SHA-256, over the UTF-8 bytes, is what ``python -m laplas.verify`` shows.
    """
    package = models.__name__.rpartition(".")[0]
    # Bytes, because reading text would change the ends of its lines on some systems.
    return resources.files(package).joinpath("openapi.yaml").read_bytes().decode("utf-8")


def __getattr__(name: str) -> Any:
    if name not in ("Assistant", "Run", "RunResult", "RunStep"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import run_models

    return getattr(run_models, name)
