# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

VectorStoreStatus = Literal["completed", "expired", "in_progress"]
"""Whether a vector store can be searched. An open set: readers must accept other values."""

VECTOR_STORE_STATUS_VALUES: tuple[VectorStoreStatus, ...] = (
    "completed",
    "expired",
    "in_progress",
)
