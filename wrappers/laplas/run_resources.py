"""The classes behind ``client.assistants``, ``.runs`` and ``.files``, to annotate with."""

from __future__ import annotations

from ._async.run_resources import AsyncAssistants, AsyncFiles, AsyncRuns, AsyncSteps
from ._sync.run_resources import Assistants, Files, Runs, Steps

__all__ = [
    "Assistants",
    "AsyncAssistants",
    "AsyncFiles",
    "AsyncRuns",
    "AsyncSteps",
    "Files",
    "Runs",
    "Steps",
]
