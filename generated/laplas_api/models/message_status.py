# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

MessageStatus = Literal["completed", "in_progress", "incomplete"]
"""How far the writing of the message has come. An open set: readers must accept other values."""

MESSAGE_STATUS_VALUES: tuple[MessageStatus, ...] = (
    "completed",
    "in_progress",
    "incomplete",
)
