"""The one door to the generated package: nothing else here names `laplas_api`.

Installed, both packages are top-level. Vendored, they lie side by side under some parent; then
the relative neighbour is taken, so that a stray installed copy is never picked up by mistake.
Each endpoint is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from laplas_api import models as models
    from laplas_api import types as types
    from laplas_api.api.assistants import create_assistant as create_assistant
    from laplas_api.api.assistants import delete_assistant as delete_assistant
    from laplas_api.api.assistants import list_assistants as list_assistants
    from laplas_api.api.assistants import retrieve_assistant as retrieve_assistant
    from laplas_api.api.assistants import update_assistant as update_assistant
    from laplas_api.api.files import delete_file as delete_file
    from laplas_api.api.files import retrieve_file as retrieve_file
    from laplas_api.api.messages import create_message as create_message
    from laplas_api.api.messages import delete_message as delete_message
    from laplas_api.api.messages import list_messages as list_messages
    from laplas_api.api.messages import retrieve_message as retrieve_message
    from laplas_api.api.messages import update_message as update_message
    from laplas_api.api.runs import cancel_run as cancel_run
    from laplas_api.api.runs import create_run as create_run
    from laplas_api.api.runs import create_thread_and_run as create_thread_and_run
    from laplas_api.api.runs import list_run_steps as list_run_steps
    from laplas_api.api.runs import list_runs as list_runs
    from laplas_api.api.runs import retrieve_run as retrieve_run
    from laplas_api.api.runs import retrieve_run_step as retrieve_run_step
    from laplas_api.api.runs import submit_tool_outputs as submit_tool_outputs
    from laplas_api.api.runs import update_run as update_run
    from laplas_api.api.threads import create_thread as create_thread
    from laplas_api.api.threads import delete_thread as delete_thread
    from laplas_api.api.threads import retrieve_thread as retrieve_thread
    from laplas_api.api.threads import update_thread as update_thread
else:
    _ROOT = "..laplas_api" if "." in __package__ else "laplas_api"

    def _load(name: str) -> Any:
        return import_module(_ROOT + name, __package__)

    models = _load(".models")
    types = _load(".types")

    def _tag(operation: str) -> str:
        if "run" in operation or operation == "submit_tool_outputs":
            return "runs"
        return operation.split("_", 1)[1].removesuffix("s") + "s"

    def __getattr__(name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        endpoint = _load(f".api.{_tag(name)}.{name}")
        globals()[name] = endpoint
        return endpoint
