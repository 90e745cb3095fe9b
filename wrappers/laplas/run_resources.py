"""The classes behind ``client.assistants``, ``.runs`` and ``.files``, to annotate with."""

from __future__ import annotations

from . import generated
from .resources import AsyncRuns, Runs

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
