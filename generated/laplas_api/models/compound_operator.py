# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

CompoundOperator = Literal["and", "or"]
"""Whether all conditions must be met, or one."""

COMPOUND_OPERATOR_VALUES: tuple[CompoundOperator, ...] = (
    "and",
    "or",
)
