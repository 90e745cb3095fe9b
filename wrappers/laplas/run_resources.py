"""The classes behind ``client.assistants``, ``.runs`` and ``.files``, to annotate with."""

from __future__ import annotations

from . import generated
from ._async.runs import AsyncRuns
from ._sync.runs import Runs

Assistants = generated.assistants.Assistants
AsyncAssistants = generated.assistants.AsyncAssistants
AsyncFiles = generated.files.AsyncFiles
AsyncSteps = generated.steps.AsyncSteps
Files = generated.files.Files
Steps = generated.steps.Steps

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
