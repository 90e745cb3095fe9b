# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

ListOrder = Literal["asc", "desc"]
"""The order of a list by creation time: `asc` oldest first, `desc` newest first. Left out, the
server takes `desc`.
"""

LIST_ORDER_VALUES: tuple[ListOrder, ...] = (
    "asc",
    "desc",
)
