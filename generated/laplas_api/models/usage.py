# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..errors import MissingField
from ..types import (
    UNSET,
    Model,
    ToDictOptions,
    Unset,
    new,
    plain,
    pydantic_schema,
)

_KEYS = {
    "prompt_tokens": "prompt_tokens",
    "completion_tokens": "completion_tokens",
    "total_tokens": "total_tokens",
    "prompt_token_details": "prompt_token_details",
    "completion_tokens_details": "completion_tokens_details",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class Usage(Model):
    """Tokens that a run or a step took."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    prompt_tokens: int
    """The tokens that were read."""
    completion_tokens: int
    """The tokens that were written."""
    total_tokens: int
    """The sum of both."""
    _prompt_token_details: PromptTokenDetails | None | Unset = _attrs_field(
        default=UNSET, alias="prompt_token_details"
    )
    _completion_tokens_details: CompletionTokensDetails | None | Unset = _attrs_field(
        default=UNSET, alias="completion_tokens_details"
    )

    @property
    def prompt_token_details(self) -> PromptTokenDetails | None:
        """More about the tokens that were read."""
        return None if self._prompt_token_details is UNSET else self._prompt_token_details

    @prompt_token_details.setter
    def prompt_token_details(self, value: PromptTokenDetails | None | Unset) -> None:
        self._prompt_token_details = value

    @property
    def completion_tokens_details(self) -> CompletionTokensDetails | None:
        """More about the tokens that were written."""
        return None if self._completion_tokens_details is UNSET else self._completion_tokens_details

    @completion_tokens_details.setter
    def completion_tokens_details(self, value: CompletionTokensDetails | None | Unset) -> None:
        self._completion_tokens_details = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        self = new(cls)
        try:
            self.prompt_tokens = src_dict["prompt_tokens"]
            self.completion_tokens = src_dict["completion_tokens"]
            self.total_tokens = src_dict["total_tokens"]
        except KeyError as error:
            raise MissingField(cls.__name__, error.args[0]) from None
        known = 5
        if "prompt_token_details" in src_dict:
            value = src_dict["prompt_token_details"]
            self._prompt_token_details = (
                _read_prompt_token_details(value) if isinstance(value, dict) else value
            )
        else:
            self._prompt_token_details = UNSET
            known -= 1
        if "completion_tokens_details" in src_dict:
            value = src_dict["completion_tokens_details"]
            self._completion_tokens_details = (
                _read_completion_tokens_details(value) if isinstance(value, dict) else value
            )
        else:
            self._completion_tokens_details = UNSET
            known -= 1
        if len(src_dict) == known:
            self._extra = None
        else:
            self._extra = {k: v for k, v in src_dict.items() if k not in _KEYS}
        return self

    def to_dict(self, **options: Unpack[ToDictOptions]) -> dict[str, Any]:
        """The JSON object: absent fields stay absent, null stays null, unknown fields come back."""
        if options:
            return super().to_dict(**options)
        result: dict[str, Any] = {
            "prompt_tokens": plain(self.prompt_tokens),
            "completion_tokens": plain(self.completion_tokens),
            "total_tokens": plain(self.total_tokens),
        }
        if self._prompt_token_details is not UNSET:
            result["prompt_token_details"] = plain(self._prompt_token_details)
        if self._completion_tokens_details is not UNSET:
            result["completion_tokens_details"] = plain(self._completion_tokens_details)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .completion_tokens_details import CompletionTokensDetails
from .prompt_token_details import PromptTokenDetails

_read_completion_tokens_details = CompletionTokensDetails.from_dict
_read_prompt_token_details = PromptTokenDetails.from_dict
