"""The types that people annotate with: of arguments, options and what calls return."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ._api import models
from ._async.pages import AsyncPage, AsyncPages
from ._async.resources import Metadata, ToolResources
from ._async.run_resources import ToolOutputs
from ._async.streams import AsyncEventStream, AsyncEventStreams
from ._core.config import CallOptions, Timeout
from ._core.request import PreparedRequest
from ._core.response import RawResponse
from ._core.run_operations import AssistantOptions, FileLike, RunOptions, Tools
from ._sync.pages import Page
from ._sync.streams import EventStream
from .content import AttachmentLike, Content
from .models import Assistant, Message, Run, RunStep, Thread

Attachments = Iterable[AttachmentLike]
File = FileLike
Messages = Iterable[str | Mapping[str, Any] | models.CreateMessageRequest]

__all__ = [
    "Assistant",
    "AssistantOptions",
    "AsyncEventStream",
    "AsyncEventStreams",
    "AsyncPage",
    "AsyncPages",
    "Attachments",
    "CallOptions",
    "Content",
    "EventStream",
    "File",
    "Message",
    "Messages",
    "Metadata",
    "Page",
    "PreparedRequest",
    "RawResponse",
    "Run",
    "RunOptions",
    "RunStep",
    "Thread",
    "Timeout",
    "ToolOutputs",
    "ToolResources",
    "Tools",
]
