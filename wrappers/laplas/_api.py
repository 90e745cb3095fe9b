"""The one door to the generated package: nothing else here names `laplas_api`.

Installed, both packages are top-level. Vendored, they lie side by side under some parent; then
the relative neighbour is taken, so that a stray installed copy is never picked up by mistake.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from laplas_api import models, types
    from laplas_api.api.messages import (
        create_message,
        delete_message,
        list_messages,
        retrieve_message,
        update_message,
    )
    from laplas_api.api.threads import (
        create_thread,
        delete_thread,
        retrieve_thread,
        update_thread,
    )
else:
    _root = "..laplas_api" if "." in __package__ else "laplas_api"

    def _load(name: str) -> Any:
        return import_module(_root + name, __package__)

    models = _load(".models")
    types = _load(".types")
    create_message = _load(".api.messages.create_message")
    delete_message = _load(".api.messages.delete_message")
    list_messages = _load(".api.messages.list_messages")
    retrieve_message = _load(".api.messages.retrieve_message")
    update_message = _load(".api.messages.update_message")
    create_thread = _load(".api.threads.create_thread")
    delete_thread = _load(".api.threads.delete_thread")
    retrieve_thread = _load(".api.threads.retrieve_thread")
    update_thread = _load(".api.threads.update_thread")

__all__ = [
    "create_message",
    "create_thread",
    "delete_message",
    "delete_thread",
    "list_messages",
    "models",
    "retrieve_message",
    "retrieve_thread",
    "types",
    "update_message",
    "update_thread",
]
