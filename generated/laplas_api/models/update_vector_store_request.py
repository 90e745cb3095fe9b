# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, Unpack

from attrs import define as _attrs_define
from attrs import field as _attrs_field

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
    "name": "name",
    "expires_after": "expires_after",
    "metadata": "metadata",
}


@_attrs_define(eq=False, repr=False, weakref_slot=False)
class UpdateVectorStoreRequest(Model):
    """The changes to a vector store. No other fields are allowed."""

    _keys: ClassVar[Mapping[str, str]] = _KEYS

    _name: str | None | Unset = _attrs_field(default=UNSET, alias="name")
    _expires_after: VectorStoreExpiration | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="expires_after"
    )
    _metadata: Metadata | Mapping[str, Any] | None | Unset = _attrs_field(
        default=UNSET, alias="metadata"
    )

    @property
    def name(self) -> str | None:
        """The name of the vector store. Null takes it away."""
        return None if self._name is UNSET else self._name

    @name.setter
    def name(self, value: str | None | Unset) -> None:
        self._name = value

    @property
    def expires_after(self) -> VectorStoreExpiration | Mapping[str, Any] | None:
        """When it expires. Null means never."""
        return None if self._expires_after is UNSET else self._expires_after

    @expires_after.setter
    def expires_after(
        self, value: VectorStoreExpiration | Mapping[str, Any] | None | Unset
    ) -> None:
        self._expires_after = value

    @property
    def metadata(self) -> Metadata | Mapping[str, Any] | None:
        """Your own notes on the vector store: at most 16 pairs, keys up to 64 characters, values
        up to 512 (upstream schema).
        """
        return None if self._metadata is UNSET else self._metadata

    @metadata.setter
    def metadata(self, value: Metadata | Mapping[str, Any] | None | Unset) -> None:
        self._metadata = value

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object.

        Raises:
            MissingField: a required field is absent, here or further down.
        """
        # Without required fields nothing below would notice an empty list or string.
        if not src_dict and not isinstance(src_dict, Mapping):
            raise TypeError(f"{cls.__name__} cannot be read from {src_dict!r}")
        self = new(cls)
        known = 3
        if "name" in src_dict:
            self._name = src_dict["name"]
        else:
            self._name = UNSET
            known -= 1
        if "expires_after" in src_dict:
            value = src_dict["expires_after"]
            self._expires_after = (
                _read_vector_store_expiration(value) if isinstance(value, dict) else value
            )
        else:
            self._expires_after = UNSET
            known -= 1
        if "metadata" in src_dict:
            value = src_dict["metadata"]
            self._metadata = Metadata(value) if isinstance(value, dict) else value
        else:
            self._metadata = UNSET
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
        result: dict[str, Any] = {}
        if self._name is not UNSET:
            result["name"] = plain(self._name)
        if self._expires_after is not UNSET:
            result["expires_after"] = plain(self._expires_after)
        if self._metadata is not UNSET:
            result["metadata"] = plain(self._metadata)
        return {**plain(self._extra), **result} if self._extra else result

    __get_pydantic_core_schema__ = classmethod(pydantic_schema(_KEYS))


# Last, because models may refer to each other in circles.
from .metadata import Metadata
from .vector_store_expiration import VectorStoreExpiration

_read_vector_store_expiration = VectorStoreExpiration.from_dict
