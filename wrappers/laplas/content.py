"""Build what a message says: from strings, builders, dicts, or parts read earlier."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import IO, Any, Final, Literal
from urllib.parse import urlsplit

from ._core.request import CHECKER, check_choice
from .errors import InvalidArgumentError
from .generated import SCHEMAS, models

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
"""What a message says: a text, or one or more parts, such as `text` and `image_url` make."""
AttachmentLike = models.Attachment | Mapping[str, Any]


def text(value: str) -> models.TextPart:
    """Make a text part.

    Raises:
        InvalidArgumentError: `value` is not a str, or is empty.
    """
    schema = SCHEMAS["TextPart"]["properties"]["text"]
    return models.TextPart(text=CHECKER.value(schema, value, "value"))


def image_url(url: str, detail: Detail | None = None) -> models.ImageUrlPart:
    """Make a part of a picture that the server fetches itself: jpeg, png, gif or webp.

    Args:
        url: An http(s) URL, or a data URL.
        detail: ``"low"`` costs fewer tokens than ``"high"``; the server's default is ``"auto"``.

    Raises:
        InvalidArgumentError: `url` is not a URL, or `detail` is unknown.
    """
    try:
        scheme = urlsplit(CHECKER.value({"type": "string"}, url, "url")).scheme
    except ValueError:
        scheme = ""
    if scheme not in {"http", "https", "data"}:
        raise InvalidArgumentError("url", "must be an http, https or data URL")
    picture = models.ImageUrl(url=url, **_detail(detail))
    return models.ImageUrlPart(image_url=picture)


def image_file(file_id: str, detail: Detail | None = None) -> models.ImageFilePart:
    """Make a part of a picture that was uploaded with the purpose ``"vision"``.

    Args:
        file_id: The id of the uploaded file.
        detail: ``"low"`` costs fewer tokens than ``"high"``; the server's default is ``"auto"``.

    Raises:
        InvalidArgumentError: `file_id` is not an id, or `detail` is unknown.
    """
    picture = models.ImageFile(file_id=CHECKER.id(file_id, "file_id"), **_detail(detail))
    return models.ImageFilePart(image_file=picture)


def image_path(
    path: str | os.PathLike[str], detail: Detail | None = None, *, upload: bool = False
) -> models.ImageUrlPart | models.ImageFilePart:
    """Make a part of a picture in a file: jpeg, png, gif or webp, up to 20 MiB.

    Args:
        path: Where it is. It is read at once.
        detail: ``"low"`` costs fewer tokens than ``"high"``; the server's default is ``"auto"``.
        upload: False to send it within the message, as a data URL. True to upload it, with the
            purpose ``"vision"``, when the message is sent, which then names its id; OpenAI's own
            server takes pictures of yours only so. If the message is refused, the file stays, and
            the error has its id in ``uploaded_files``.

    Raises:
        InvalidArgumentError: It cannot be read, is empty, too large, or no such picture.
    """
    if not isinstance(path, str | os.PathLike):
        problem = f"must be a path, not {type(path).__name__}: for bytes there is image_bytes"
        raise InvalidArgumentError("path", problem)
    return _own_picture(path, "path", detail, upload)


def image_bytes(
    data: bytes | bytearray | memoryview | IO[bytes],
    detail: Detail | None = None,
    *,
    upload: bool = False,
) -> models.ImageUrlPart | models.ImageFilePart:
    """Make a part of a picture as `image_path` does: of its bytes, or of an open file."""
    if isinstance(data, str | os.PathLike):
        raise InvalidArgumentError("data", "must be bytes: for a path there is image_path")
    return _own_picture(data, "data", detail, upload)


def _own_picture(
    given: Any, argument: str, detail: Detail | None, upload: bool
) -> models.ImageUrlPart | models.ImageFilePart:
    from ._core.pictures import picture

    options = _detail(detail)
    made = picture(given, argument, upload)
    if upload:
        return models.ImageFilePart(image_file=models.ImageFile(file_id=made, **options))
    return models.ImageUrlPart(image_url=models.ImageUrl(url=made, **options))


def _detail(detail: object) -> dict[str, Any]:
    if detail is None:
        return {}
    return {"detail": CHECKER.value({"ref": "ImageDetail"}, detail, "detail")}


def attachment(file_id: str, *tools: Tool) -> models.Attachment:
    """Attach an uploaded file for the assistant's tools to read.

    Args:
        file_id: The id of the uploaded file.
        tools: Which tools may read it. Default: ``"file_search"``.

    Raises:
        InvalidArgumentError: `file_id` is not an id, or a tool is unknown.
    """
    names = [check_choice("tools", tool, *_TOOLS) for tool in tools or ("file_search",)]
    return models.Attachment(
        file_id=CHECKER.id(file_id, "file_id"), tools=[_TOOLS[name]() for name in names]
    )


_TOOLS: Final = {
    "code_interpreter": models.CodeInterpreterTool,
    "file_search": models.FileSearchTool,
}
