# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

RunStatus = Literal[
    "cancelled",
    "cancelling",
    "completed",
    "expired",
    "failed",
    "in_progress",
    "incomplete",
    "queued",
    "requires_action",
]
"""How far a run has come. `requires_action` waits for the results of functions; `cancelled`,
`failed`, `completed`, `incomplete` and `expired` stay. An open set: readers must accept other
values.
"""

RUN_STATUS_VALUES: tuple[RunStatus, ...] = (
    "cancelled",
    "cancelling",
    "completed",
    "expired",
    "failed",
    "in_progress",
    "incomplete",
    "queued",
    "requires_action",
)
