# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

MessageRole = Literal["assistant", "user"]
"""Who wrote the message. In responses an open set: readers must accept other values."""

MESSAGE_ROLE_VALUES: tuple[MessageRole, ...] = (
    "assistant",
    "user",
)
