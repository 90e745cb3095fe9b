"""The classes behind ``client.messages`` and ``client.threads``, to annotate with."""

from __future__ import annotations

from ._async.pages import AsyncPage, AsyncPages
from ._async.resources import AsyncMessages, AsyncThreadHandle, AsyncThreads
from ._sync.pages import Page
from ._sync.resources import Messages, ThreadHandle, Threads

__all__ = [
    "AsyncMessages",
    "AsyncPage",
    "AsyncPages",
    "AsyncThreadHandle",
    "AsyncThreads",
    "Messages",
    "Page",
    "ThreadHandle",
    "Threads",
]
