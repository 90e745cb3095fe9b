# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""A client library for accessing Laplas Message API"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(".client", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
