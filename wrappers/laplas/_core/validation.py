"""Check what callers pass in, before any I/O: by the document, in more forms than JSON has."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..errors import InvalidArgumentError
from ..generated import Check, Checker, models
from .function_tools import split_tools


def convert_content(content: Any, argument: str) -> object:
    """Make what a message says: a str stays one, all else becomes a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping) or hasattr(content, "to_dict"):
        content = [content]
    if not _is_listing(content):
        return content  # nothing that can be sent: the check says so
    return [_part(part) for part in content]


def _part(part: object) -> object:
    if isinstance(part, models.TextContent):
        # As read from a message; requests write the text without its annotations.
        part = part.text.value
    if isinstance(part, models.RefusalContent):
        part = part.refusal
    return {"type": "text", "text": part} if isinstance(part, str) else part


def convert_messages(messages: Any, argument: str) -> object:
    """Make first messages of strings, which are by the user, or of dicts."""
    if not _is_listing(messages):
        return messages
    return [
        {"role": "user", "content": each} if isinstance(each, str) else each for each in messages
    ]


def convert_tools(tools: object, argument: str) -> object:
    """Describe the Python functions among tools."""
    return split_tools(tools, argument)[0]


def convert_tool_outputs(outputs: object, argument: str) -> object:
    """Make outputs of a dict by call id, or of a list as in the API."""
    if isinstance(outputs, Mapping):
        return [{"tool_call_id": id_, "output": text} for id_, text in outputs.items()]
    return outputs


def convert_file(file: Any, argument: str) -> object:
    """Read a file: from a path, an open file, bytes, or a pair of its name and bytes."""
    if isinstance(file, str | os.PathLike):
        with open(file, "rb") as opened:
            return os.path.basename(file), opened.read()
    if not hasattr(file, "read"):
        return file
    data = file.read()
    if not isinstance(data, bytes):
        raise InvalidArgumentError(argument, "must be opened in binary mode")
    return os.path.basename(str(getattr(file, "name", "file"))), data


def _is_listing(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(
        value, str | bytes | bytearray | memoryview | Mapping
    )


_CONVERTERS: Final[dict[str, Check]] = {
    "Content": convert_content,
    "File": convert_file,
    "Messages": convert_messages,
    "ToolOutputs": convert_tool_outputs,
    "Tools": convert_tools,
}
"""By the names that the document gives in `x-accepts`."""

CHECKER: Final = Checker(InvalidArgumentError, _CONVERTERS)
"""Checks arguments by the document. Its errors name the argument."""


def check_choice(argument: str, value: object, *allowed: str) -> Any:
    """Check that a value is one of these texts."""
    return CHECKER.value({"enum": allowed}, value, argument)
