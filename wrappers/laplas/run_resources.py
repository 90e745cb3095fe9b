"""The classes behind ``client.assistants``, ``.runs`` and ``.files``, to annotate with."""

from __future__ import annotations

from ._async.run_resources import AsyncAssistants as AsyncAssistants
from ._async.run_resources import AsyncFiles as AsyncFiles
from ._async.run_resources import AsyncRuns as AsyncRuns
from ._async.run_resources import AsyncSteps as AsyncSteps
from ._sync.run_resources import Assistants as Assistants
from ._sync.run_resources import Files as Files
from ._sync.run_resources import Runs as Runs
from ._sync.run_resources import Steps as Steps
