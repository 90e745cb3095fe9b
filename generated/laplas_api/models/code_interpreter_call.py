# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, Unpack

from attrs import define as _attrs_define

from ..errors import MissingField
from ..types import (
    Model,
    ToDictOptions,
    new,
    plain,
    pydantic_schema,
)

_KEYS = {
    "type": "type",
    "id": "id",
    "code_interpreter": "code_interpreter",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class CodeInterpreterCall(Model):
    """A call of the code interpreter."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    id: str
    """The id of the call."""
    code_interpreter: CodeInterpreterCallDetails
    """Code that was run, and what came out."""
    type: Literal["code_interpreter"] = "code_interpreter"
    """Always `code_interpreter`."""

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            value = src_dict["type"]
            self.type = "code_interpreter" if value == "code_interpreter" else value
            self.id = src_dict["id"]
            value = src_dict["code_interpreter"]
            self.code_interpreter = (
                _read_code_interpreter_call_details(value) if isinstance(value, dict) else value
            )
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        if len(src_dict) == 3:
            self._extra = None
        else:
            self._extra = {k: v for k, v in src_dict.items() if k not in _KEYS}
        return self

    def to_dict(self, **options: Unpack[ToDictOptions]) -> dict[str, Any]:
        """The JSON object: absent fields stay absent, null stays null, unknown fields come back."""
        if options:
            return super().to_dict(**options)
        result: dict[str, Any] = {
            "type": plain(self.type),
            "id": plain(self.id),
            "code_interpreter": plain(self.code_interpreter),
        }
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .code_interpreter_call_details import CodeInterpreterCallDetails

_read_code_interpreter_call_details = CodeInterpreterCallDetails.from_dict
