# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Contains shared errors types that can be raised from API functions"""

from collections.abc import Mapping
from typing import Any


class UnexpectedStatus(Exception):
    """Raised by api functions when the response status an undocumented status and Client.raise_on_unexpected_status is True"""

    def __init__(self, status_code: int, content: bytes):
        self.status_code = status_code
        self.content = content

        super().__init__(f"Unexpected status code: {status_code} ({len(content)} bytes of content)")


class UnparsableResponse(Exception):
    """Raised by api functions when a documented response has a body that is not as documented.

    The text of the error names the kind of problem only; the body may hold private data.
    """

    def __init__(
        self, status_code: int, headers: Mapping[str, str], content: bytes, cause: Exception
    ):
        self.status_code = status_code
        self.headers = headers
        self.content = content
        self.cause = cause

        super().__init__(
            f"The response with status code {status_code} could not be read:"
            f" {type(cause).__name__} ({len(content)} bytes of content)"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status_code, self.headers, self.content, self.cause)


class MissingField(ValueError):
    """Raised by from_dict when a required field of a model is absent."""

    def __init__(self, model: str, key: str):
        self.model = model
        self.key = key

        super().__init__(model, key)

    def __str__(self) -> str:
        return f"{self.model} lacks the required field {self.key!r}"


__all__ = ["MissingField", "UnexpectedStatus", "UnparsableResponse"]
