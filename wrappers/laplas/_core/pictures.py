"""Recognise the caller's pictures by their first bytes, and find those to upload in a body."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..errors import InvalidArgumentError
from .uploads import convert_file

LARGEST: Final = 20 * 1024 * 1024
"""Bytes; the limit of a picture in the upstream API's guide to vision."""
_KINDS: Final = (
    *((b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png")),
    *((b"GIF87a", "gif"), (b"GIF89a", "gif")),
)


class Unsent(str):
    """Stands for the id of a picture that is uploaded when it is sent.

    Attributes:
        file: Its name, content and type.
    """

    file: tuple[str, bytes, str]


def picture(given: Any, argument: str, upload: object) -> str:
    """Return the data URL of a picture or, with `upload`, a placeholder for its id.

    Raises:
        InvalidArgumentError: It cannot be read, is empty or too large, or is not such a picture.
    """
    if not isinstance(upload, bool):
        raise InvalidArgumentError("upload", "must be True or False")
    name, content, _ = convert_file(given, argument, LARGEST + 1)
    size = len(content)
    if not size:
        raise InvalidArgumentError(argument, "is empty")
    if size > LARGEST:
        problem = f"is over {LARGEST:,} bytes, the limit for a picture: make it smaller"
        raise InvalidArgumentError(argument, problem)
    try:
        data = content if isinstance(content, bytes) else b"".join(content)
    except OSError as error:
        raise InvalidArgumentError(argument, str(error)) from None
    kind = next((kind for start, kind in _KINDS if data.startswith(start)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "webp"
    if not kind:
        problem = "is not a jpeg, png, gif or webp picture: convert it, or attach it as a file"
        raise InvalidArgumentError(argument, problem)
    if not upload:
        return f"data:image/{kind};base64,{b64encode(data).decode()}"
    shown = name if isinstance(name, str) and name != "file" else f"picture.{kind}"
    shown = shown.encode(errors="replace").decode()  # its ending stays: servers go by it
    unsent = Unsent(f"(the id of {shown}, once it is uploaded)")
    unsent.file = (shown, data, f"image/{kind}")
    return unsent


def unsent_pictures(body: Mapping[str, Any]) -> Iterator[Unsent]:
    """Yield the pictures in a body's messages that are not uploaded yet."""
    for holder in (body, body.get("thread")):
        if isinstance(holder, Mapping):
            yield from _in_message(holder)
            for field in ("messages", "additional_messages"):
                listed = holder.get(field)
                for message in listed if isinstance(listed, list) else ():
                    yield from _in_message(message)


def _in_message(message: Any) -> Iterator[Unsent]:
    content = message.get("content") if isinstance(message, Mapping) else None
    for part in content if isinstance(content, list) else ():
        image = part.get("image_file") if isinstance(part, Mapping) else None
        if isinstance(image, Mapping) and isinstance(image.get("file_id"), Unsent):
            yield image["file_id"]
