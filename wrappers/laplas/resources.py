"""The classes behind the client's attributes, such as ``client.messages``, to annotate with.

Each is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._async.pages import AsyncPage, AsyncPages
    from ._async.resources import AsyncMessages, AsyncThreadHandle, AsyncThreads
    from ._async.runs import AsyncRuns
    from ._sync.pages import Page
    from ._sync.resources import Messages, ThreadHandle, Threads
    from ._sync.runs import Runs

__all__ = [
    "AsyncMessages",
    "AsyncPage",
    "AsyncPages",
    "AsyncRuns",
    "AsyncThreadHandle",
    "AsyncThreads",
    "Messages",
    "Page",
    "Runs",
    "ThreadHandle",
    "Threads",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    half = "_async" if name.startswith("Async") else "_sync"
    home = {"Page": "pages", "Pages": "pages", "Runs": "runs"}.get(name.removeprefix("Async"))
    value = getattr(import_module(f".{half}.{home or 'resources'}", __package__), name)
    globals()[name] = value
    return value
