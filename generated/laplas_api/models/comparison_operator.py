# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

ComparisonOperator = Literal["eq", "gt", "gte", "in", "lt", "lte", "ne", "nin"]
"""Equal, not equal, greater, greater or equal, less, less or equal, one of, none of."""

COMPARISON_OPERATOR_VALUES: tuple[ComparisonOperator, ...] = (
    "eq",
    "gt",
    "gte",
    "in",
    "lt",
    "lte",
    "ne",
    "nin",
)
