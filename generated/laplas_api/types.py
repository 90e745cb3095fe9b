# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Contains some shared types for properties"""

import json
import unicodedata
from collections.abc import Callable, Mapping, MutableMapping
from enum import Enum
from typing import IO, Any, BinaryIO, Final, Generic, Literal, Self, TypeVar
from urllib.parse import quote

from attrs import define, field, fields

# The types that `httpx.Client(files=)` can accept, copied from that library.
FileContent = IO[bytes] | bytes | str
FileTypes = (
    # (filename, file (or bytes), content_type)
    tuple[str | None, FileContent, str | None]
    # (filename, file (or bytes), content_type, headers)
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
RequestFiles = list[tuple[str, FileTypes]]


@define
class File:
    """Contains information for file uploads"""

    payload: BinaryIO
    file_name: str | None = None
    mime_type: str | None = None

    def to_tuple(self) -> FileTypes:
        """Return a tuple representation that httpx will accept for multipart/form-data"""
        return self.file_name, self.payload, self.mime_type


T = TypeVar("T")


@define
class Response(Generic[T]):
    """A response from an endpoint"""

    status_code: int
    content: bytes
    headers: MutableMapping[str, str]
    parsed: T | None


class NotGiven(Enum):
    """The type of NOT_GIVEN. An enum, because its member survives copying and pickling as itself."""

    NOT_GIVEN = "NOT_GIVEN"

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN
"""An argument that is not given, or a field that is absent from the JSON object (null is None)."""

Unset = NotGiven
UNSET: Final = NotGiven.NOT_GIVEN
"""The same, as the generator calls it."""


@define(eq=False, repr=False, weakref_slot=False)
class Model:
    """What all models share. Fields this version does not know are kept and sent back."""

    # Made on first use: most answers hold nothing unknown, and an empty dict is 64 bytes.
    _extra: dict[str, Any] | None = field(default=None, kw_only=True, alias="additional_properties")

    @property
    def additional_properties(self) -> dict[str, Any]:
        """The fields that the model has no attribute for, by their JSON names."""
        if self._extra is None:
            self._extra = {}
        return self._extra

    @additional_properties.setter
    def additional_properties(self, value: dict[str, Any]) -> None:
        self._extra = value

    @property
    def additional_keys(self) -> list[str]:
        """The JSON names of the fields in `additional_properties`."""
        return list(self._extra or ())

    def is_set(self, name: str) -> bool:
        """Whether the field with this attribute name is present, be it as null.

        Raises:
            AttributeError: there is no such field.
        """
        for attribute in fields(type(self)):
            if attribute.alias == name:
                return getattr(self, attribute.name) is not UNSET
        raise AttributeError(f"{type(self).__name__} has no field {name!r}")

    def to_dict(self) -> dict[str, Any]:
        """The JSON object."""
        raise NotImplementedError

    def __getitem__(self, key: str) -> Any:
        return (self._extra or {})[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: object) -> bool:
        return key in (self._extra or ())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or other.__class__ is not self.__class__:
            return NotImplemented
        mine, others = self._extra or {}, other._extra or {}
        return mine == others and all(
            getattr(self, attribute.name) == getattr(other, attribute.name)
            for attribute in fields(type(self))
            if attribute.name != "_extra"
        )

    def __repr__(self) -> str:
        values = {a.alias: getattr(self, a.name) for a in fields(type(self))}
        extra = values.pop("additional_properties")
        if extra:
            values["additional_properties"] = extra
        shown = ", ".join(f"{n}={v!r}" for n, v in values.items() if v is not UNSET)
        return f"{type(self).__name__}({shown})"


new = object.__new__
"""Makes an instance without running __init__; from_dict fills it field by field."""


class UnknownVariant(dict[str, Any]):
    """A member of a union that this version does not know, kept whole."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({super().__repr__()})"

    @property
    def type(self) -> Any:
        """The tag that was not recognised."""
        return self.get("type")

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object, which is copied."""
        return cls(src_dict)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as a plain dict."""
        return {key: plain(value) for key, value in self.items()}


def tagged(tag: str, members: Mapping[Any, Callable[[Any], Any]]) -> Callable[[Any], Any]:
    """A reader for a union: the value of the field `tag` chooses how an object is read."""

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        try:
            build = members[value[tag]]
        except (KeyError, TypeError):  # unknown, absent, or a list or an object
            build = UnknownVariant
        return build(value)

    return read


def plain(value: Any) -> Any:
    """The JSON form of a value, in which models, maps and tuples may occur at any depth."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Model):
        return value.to_dict()
    try:
        if isinstance(value, (list, tuple)):
            return [plain(item) for item in value]
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
    except RecursionError:
        pass  # JSON that is nested deeper than this can recurse; no model is down there
    return value


def form(body: Any) -> tuple[dict[str, list[str]], RequestFiles]:
    """Split a model or dict into the texts and the files of a form, as HTTP clients want them.

    A list is repeated, an object is a part of its own with JSON in it.
    """
    texts: dict[str, list[str]] = {}
    files: RequestFiles = []
    for name, value in plain(body).items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, File):
                files.append((name, item.to_tuple()))
            elif isinstance(item, dict):
                files.append((name, (None, json.dumps(item), "application/json")))
            else:
                texts.setdefault(name, []).append(
                    item if isinstance(item, str) else json.dumps(item)
                )
    return texts, files


def spread(query: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Make each property of the objects in a query a parameter, called as `names` says."""
    made: dict[str, Any] = {}
    for name, value in query.items():
        of_object = plain(value)
        if name in names and isinstance(of_object, dict):
            made |= {names[name].format(key): item for key, item in of_object.items()}
        else:
            made[name] = value
    return made


def path_segment(name: str, value: object) -> str:
    """Percent-encode `value` as exactly one segment of a URL path.

    HTTP clients and servers collapse the segments `.` and `..`, also when slashes around them are
    encoded: with `..` for a message id, "delete this message" would mean "delete the thread".

    Args:
        name: The parameter, for the error message.
        value: Any text of which something is left after the checks below.

    Raises:
        ValueError: not a str, blank, with control characters or lone surrogates, or with `.` or
            `..` between slashes.
    """
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a str, not {type(value).__name__}")
    if not value.strip():
        raise ValueError(f"{name} must not be blank")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise ValueError(f"{name} must not contain control characters or lone surrogates")
    if not {".", ".."}.isdisjoint(value.replace("\\", "/").split("/")):
        raise ValueError(f"{name} must not contain the path segments '.' or '..'")
    return quote(value, safe="")


__all__ = [
    "NOT_GIVEN",
    "UNSET",
    "File",
    "FileTypes",
    "Model",
    "NotGiven",
    "RequestFiles",
    "Response",
    "UnknownVariant",
    "Unset",
    "form",
    "new",
    "path_segment",
    "plain",
    "spread",
    "tagged",
]
