"""The classes behind ``client.assistants``, ``.runs`` and ``.files``, to annotate with."""

from __future__ import annotations

from laplas_api.resources.assistants import Assistants, AsyncAssistants
from laplas_api.resources.files import AsyncFiles, Files
from laplas_api.resources.steps import AsyncSteps, Steps

from ._async.runs import AsyncRuns
from ._sync.runs import Runs

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
