"""The API's document, as this version was made from it."""

from __future__ import annotations

from importlib import resources

from . import _api


def openapi() -> str:
    """The OpenAPI document this package was made from: YAML, to generate, mock or validate with.

    Its SHA-256, over the UTF-8 bytes, is what ``python -m laplas.verify`` shows.
    """
    package = _api.models.__name__.rpartition(".")[0]
    # Bytes, because reading text would change the ends of its lines on some systems.
    return resources.files(package).joinpath("openapi.yaml").read_bytes().decode("utf-8")
