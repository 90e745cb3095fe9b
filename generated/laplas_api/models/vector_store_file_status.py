# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

VectorStoreFileStatus = Literal["cancelled", "completed", "failed", "in_progress"]
"""How far the server is with a file or a batch of files. In responses an open set: readers must
accept other values.
"""

VECTOR_STORE_FILE_STATUS_VALUES: tuple[VectorStoreFileStatus, ...] = (
    "cancelled",
    "completed",
    "failed",
    "in_progress",
)
