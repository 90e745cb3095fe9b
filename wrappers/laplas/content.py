"""Building what a message says: from strings, builders, dicts, or parts read earlier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from ._api import models
from ._core.request import encode_json
from ._core.validation import check_choice, check_id, check_text
from .errors import InvalidArgumentError

Detail = Literal["auto", "low", "high"]
Tool = Literal["code_interpreter", "file_search"]
Part = (
    str
    | models.TextPart
    | models.ImageUrlPart
    | models.ImageFilePart
    | models.TextContent
    | models.RefusalContent
    | models.ImageUrlContent
    | models.ImageFileContent
    | Mapping[str, Any]
)
Content = str | Iterable[Part]
AttachmentLike = models.Attachment | Mapping[str, Any]

_DETAILS = ("auto", "low", "high")
_TOOLS = ("code_interpreter", "file_search")


_PARTS = (
    models.TextPart,
    models.ImageUrlPart,
    models.ImageFilePart,
    models.ImageUrlContent,
    models.ImageFileContent,
)


def text(value: str) -> models.TextPart:
    """A text part.

    Raises:
        InvalidArgumentError: `value` is not a str, or is empty.
    """
    if not check_text("value", value):
        raise InvalidArgumentError("value", "must not be empty")
    return models.TextPart(text=value)


def image_url(url: str, detail: Detail | None = None) -> models.ImageUrlPart:
    """A picture that the server fetches itself: jpeg, png, gif or webp.

    Args:
        url: An http(s) URL, or a data URL.
        detail: ``"low"`` costs fewer tokens than ``"high"``; the server's default is ``"auto"``.

    Raises:
        InvalidArgumentError: `url` is not a URL, or `detail` is unknown.
    """
    try:
        scheme = urlsplit(check_text("url", url)).scheme
    except ValueError:
        scheme = ""
    if scheme not in {"http", "https", "data"}:
        raise InvalidArgumentError("url", "must be an http, https or data URL")
    picture = models.ImageUrl(url=url, **_detail(detail))
    return models.ImageUrlPart(image_url=picture)


def image_file(file_id: str, detail: Detail | None = None) -> models.ImageFilePart:
    """A picture that was uploaded with the purpose ``"vision"``.

    Args:
        file_id: The id of the uploaded file.
        detail: ``"low"`` costs fewer tokens than ``"high"``; the server's default is ``"auto"``.

    Raises:
        InvalidArgumentError: `file_id` or `detail` is not one.
    """
    picture = models.ImageFile(file_id=check_id("file_id", file_id), **_detail(detail))
    return models.ImageFilePart(image_file=picture)


def _detail(detail: object) -> dict[str, Any]:
    return {} if detail is None else {"detail": check_choice("detail", detail, _DETAILS)}


def attachment(file_id: str, *tools: Tool) -> models.Attachment:
    """A file for the assistant's tools to read.

    Args:
        file_id: The id of the uploaded file.
        tools: Which tools may read it. Default: ``"file_search"``.

    Raises:
        InvalidArgumentError: `file_id` is not an id, or a tool is unknown.
    """
    names = [check_choice("tools", tool, _TOOLS) for tool in tools or ("file_search",)]
    kinds = {
        "code_interpreter": models.CodeInterpreterTool,
        "file_search": models.FileSearchTool,
    }
    return models.Attachment(
        file_id=check_id("file_id", file_id),
        tools=[kinds[name]() for name in names],
    )


def check_content(content: object, argument: str = "content") -> Any:
    """Content as the request takes it: a str, or a list of parts with at least one.

    Raises:
        InvalidArgumentError: It is empty, or a part is of no kind that can be sent.
    """
    if isinstance(content, str):
        if not check_text(argument, content):
            raise InvalidArgumentError(argument, "must not be empty")
        return content
    if isinstance(content, Mapping) or hasattr(content, "to_dict"):
        content = [content]
    if not isinstance(content, Iterable) or isinstance(content, bytes | bytearray):
        raise InvalidArgumentError(
            argument, f"must be a str or a list of parts, not {type(content).__name__}"
        )
    parts = [_part(part, f"{argument}[{index}]") for index, part in enumerate(content)]
    if not parts:
        raise InvalidArgumentError(argument, "must hold at least one part")
    return parts


def _part(part: object, argument: str) -> Any:
    if isinstance(part, str):
        if not check_text(argument, part):
            raise InvalidArgumentError(argument, "must not be empty")
        return models.TextPart(text=part)
    if isinstance(part, models.TextContent):
        # As read from a message; requests write the text without its annotations.
        return models.TextPart(text=part.text.value)
    if isinstance(part, models.RefusalContent):
        return models.TextPart(text=part.refusal)
    if isinstance(part, Mapping):
        if not isinstance(part.get("type"), str):
            raise InvalidArgumentError(argument, "a dict must say its 'type', as in the API")
        encode_json(part, argument)
        return dict(part)
    if isinstance(part, _PARTS):
        return part
    raise InvalidArgumentError(
        argument, f"must be text, an image or a dict, not {type(part).__name__}"
    )


def check_attachments(attachments: object, argument: str = "attachments") -> list[Any] | None:
    """Attachments as a list of models and dicts; None stays None."""
    if attachments is None:
        return None
    if isinstance(attachments, str | bytes | Mapping) or not isinstance(attachments, Iterable):
        raise InvalidArgumentError(argument, "must be a list, made with laplas.attachment(...)")
    checked = []
    for index, item in enumerate(attachments):
        if not isinstance(item, Mapping | models.Attachment):
            raise InvalidArgumentError(
                f"{argument}[{index}]",
                f"must be a dict or made with laplas.attachment, not {type(item).__name__}",
            )
        checked.append(dict(item) if isinstance(item, Mapping) else item)
    return checked
