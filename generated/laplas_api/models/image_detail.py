# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from typing import Literal

ImageDetail = Literal["auto", "high", "low"]
"""How closely the model looks at a picture: `low` costs fewer tokens, `high` shows more. Left
out, the server takes `auto`. In responses an open set.
"""

IMAGE_DETAIL_VALUES: tuple[ImageDetail, ...] = (
    "auto",
    "high",
    "low",
)
