# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

RunStepStatus = Literal["cancelled", "completed", "expired", "failed", "in_progress"]
"""How far a step has come. An open set: readers must accept other values."""

RUN_STEP_STATUS_VALUES: tuple[RunStepStatus, ...] = (
    "cancelled",
    "completed",
    "expired",
    "failed",
    "in_progress",
)
