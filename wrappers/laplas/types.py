"""The types that people annotate with: of arguments, options and what calls return."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import IO, Any

from ._async.downloads import AsyncBinaryContent, AsyncStreamedResponse
from ._async.openai_runs import AsyncAssistantStreamManager, AsyncHandlerT
from ._async.pages import AsyncPage, AsyncPages
from ._async.streams import AsyncEventStream, AsyncEventStreams
from ._core.config import CallOptions, Timeout
from ._core.function_tools import Function
from ._core.request import PreparedRequest
from ._core.response import RawResponse
from ._sync.downloads import BinaryContent, StreamedResponse
from ._sync.openai_runs import AssistantStreamManager, HandlerT
from ._sync.pages import Page
from ._sync.streams import EventStream
from .content import AttachmentLike, Content
from .generated import assistants, models, runs
from .models import Assistant, Message, Reply, Run, RunStep, Thread

Attachments = Iterable[AttachmentLike]
"""Files for a message, each with the tools that may use it: see `attachment`."""
FileContent = os.PathLike[str] | bytes | bytearray | memoryview | IO[bytes]
"""The bytes of a file to upload: a path, the bytes themselves, or a file opened in binary mode."""
File = (
    str | FileContent | tuple[str | None, FileContent] | tuple[str | None, FileContent, str | None]
)
"""A file to upload: a path, bytes, an open file, or a tuple of name, content and media type."""
Messages = Iterable[str | Mapping[str, Any] | models.CreateMessageRequest]
"""The first messages of a thread: texts by the user, or mappings as the API takes them."""
Metadata = Mapping[str, str]
"""Your own notes on an object: at most 16 pairs, keys up to 64 characters, values up to 512."""
ResponseFormat = (
    str
    | models.TextFormat
    | models.JsonObjectFormat
    | models.JsonSchemaFormat
    | Mapping[str, Any]
    | type[Any]
)
"""The form of an answer: ``"auto"``, a format of the API, or a type for structured output."""
ToolOutputs = Mapping[str, str] | Iterable[Mapping[str, str] | models.ToolOutput]
"""The results of tool calls: a mapping of call id to text, or a list as the API takes it."""
ToolResources = models.CreateThreadToolResources | models.ToolResources | Mapping[str, Any]
"""The files and vector stores that tools may use."""
Tools = Iterable[Function | Mapping[str, Any]]
"""The tools of an assistant or run: Python functions, or mappings as the API takes them."""


class RunOptions(runs.RunSettings, CallOptions, total=False):
    """What every call that starts a run takes: the run's own settings, and `CallOptions`."""


class AssistantOptions(assistants.AssistantSettings, CallOptions, total=False):
    """What the calls that make or change an assistant take, and `CallOptions`."""


__all__ = [
    "Assistant",
    "AssistantOptions",
    "AssistantStreamManager",
    "AsyncAssistantStreamManager",
    "AsyncBinaryContent",
    "AsyncEventStream",
    "AsyncEventStreams",
    "AsyncHandlerT",
    "AsyncPage",
    "AsyncPages",
    "AsyncStreamedResponse",
    "Attachments",
    "BinaryContent",
    "CallOptions",
    "Content",
    "EventStream",
    "File",
    "HandlerT",
    "Message",
    "Messages",
    "Metadata",
    "Page",
    "PreparedRequest",
    "RawResponse",
    "Reply",
    "ResponseFormat",
    "Run",
    "RunOptions",
    "RunStep",
    "StreamedResponse",
    "Thread",
    "Timeout",
    "ToolOutputs",
    "ToolResources",
    "Tools",
]
