"""The way to the generated package: nothing else here imports `laplas_api`.

Installed, both packages are top-level. Copied into a project, they lie side by side under some
parent; then the neighbour is taken, so that an installed copy is never picked up by mistake.
Each module is loaded when a name of it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from laplas_api import event_handlers as event_handlers
    from laplas_api import models as models
    from laplas_api.calls import AsyncCarrier as AsyncCarrier
    from laplas_api.calls import Call as Call
    from laplas_api.calls import Carrier as Carrier
    from laplas_api.calls import Effect as Effect
    from laplas_api.calls import Json as Json
    from laplas_api.checks import Check as Check
    from laplas_api.checks import Checker as Checker
    from laplas_api.frames import hide_frames as hide_frames
    from laplas_api.frames import hide_internal_frames as hide_internal_frames
    from laplas_api.frames import without_traceback as without_traceback
    from laplas_api.resources import AsyncOpenAIResources as AsyncOpenAIResources
    from laplas_api.resources import AsyncResources as AsyncResources
    from laplas_api.resources import OpenAIResources as OpenAIResources
    from laplas_api.resources import Resources as Resources
    from laplas_api.resources import assistants as assistants
    from laplas_api.resources import files as files
    from laplas_api.resources import messages as messages
    from laplas_api.resources import runs as runs
    from laplas_api.resources import steps as steps
    from laplas_api.resources import threads as threads
    from laplas_api.resources.forms import bind as bind
    from laplas_api.resources.forms import cached_property as cached_property
    from laplas_api.schemas import OPERATIONS as OPERATIONS
    from laplas_api.schemas import SCHEMAS as SCHEMAS
    from laplas_api.schemas import Operation as Operation
    from laplas_api.types import NOT_GIVEN as NOT_GIVEN
    from laplas_api.types import Dumps as Dumps
    from laplas_api.types import Model as Model
    from laplas_api.types import NotGiven as NotGiven
    from laplas_api.types import Omit as Omit
    from laplas_api.types import ToDictOptions as ToDictOptions
    from laplas_api.types import UnknownVariant as UnknownVariant
    from laplas_api.types import not_given as not_given
    from laplas_api.types import omit as omit
    from laplas_api.types import plain as plain
else:
    _PACKAGE = "..laplas_api" if "." in __package__ else "laplas_api"
    _MODULES = (
        *("event_handlers", "models", "resources.assistants", "resources.files"),
        "resources.messages",
        *("resources.runs", "resources.steps", "resources.threads"),
    )
    _NAMES = {
        "calls": "AsyncCarrier Call Carrier Effect Json",
        "checks": "Check Checker",
        "frames": "hide_frames hide_internal_frames without_traceback",
        "resources": "AsyncOpenAIResources AsyncResources OpenAIResources Resources",
        "resources.forms": "bind cached_property",
        "schemas": "OPERATIONS SCHEMAS Operation",
        "types": "NOT_GIVEN Dumps Model NotGiven Omit ToDictOptions UnknownVariant not_given omit "
        "plain",
    }
    _MODULE = {path.rpartition(".")[2]: path for path in _MODULES}
    _HOME = {name: home for home, names in _NAMES.items() for name in names.split()}

    def __getattr__(name: str) -> Any:
        if name in _MODULE:
            value: Any = import_module(f"{_PACKAGE}.{_MODULE[name]}", __package__)
        elif name in _HOME:
            value = getattr(import_module(f"{_PACKAGE}.{_HOME[name]}", __package__), name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value
