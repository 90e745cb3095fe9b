# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Contains some shared types for properties"""

import json
import unicodedata
from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    MutableMapping,
    Sequence,
    ValuesView,
)
from contextvars import ContextVar
from copy import copy, deepcopy
from enum import Enum
from importlib import import_module
from itertools import islice
from typing import (
    IO,
    TYPE_CHECKING,
    Any,
    BinaryIO,
    ClassVar,
    Final,
    Generic,
    Literal,
    NamedTuple,
    Self,
    TypedDict,
    TypeVar,
    Union,
    Unpack,
    cast,
    get_args,
    get_type_hints,
)
from urllib.parse import quote

from attrs import NOTHING, define, field, fields

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

Omit = NotGiven
omit = not_given = NOT_GIVEN
"""The same, as the openai package calls it."""

Unset = NotGiven
UNSET: Final = NotGiven.NOT_GIVEN
"""The same, as the generator calls it."""


class ToDictOptions(TypedDict, total=False):
    """What `to_dict` takes, as in the openai package: see `Dumps.model_dump`."""

    mode: Literal["json", "python"]
    use_api_names: bool
    exclude_unset: bool
    exclude_defaults: bool
    exclude_none: bool
    warnings: bool


class Dumps:
    """JSON by the names that pydantic, and so the openai package, has for it."""

    __slots__ = ()

    if TYPE_CHECKING:
        _answer_id: str | None
        _request_id: Any
        """The server's id for the exchange, of what a call returned; else None."""
    else:

        @property
        def _request_id(self) -> str | None:
            return getattr(self, "_answer_id", None)

    def _pairs(self) -> Iterable[tuple[str, str, Any, bool]]:
        """The fields: name in Python, name in JSON, value, and whether it may be absent."""
        raise NotImplementedError

    def model_dump(
        self,
        *,
        mode: str = "python",
        include: Any = None,
        exclude: Any = None,
        context: Any = None,
        by_alias: bool | None = None,
        exclude_unset: bool = False,
        exclude_defaults: bool = False,
        exclude_none: bool = False,
        exclude_computed_fields: bool = False,
        round_trip: bool = False,
        warnings: object = True,
        fallback: Any = None,
        serialize_as_any: bool = False,
    ) -> dict[str, Any]:
        """Return the fields as a dict; absent ones are None in it.

        Args:
            mode: Accepted as in pydantic; both modes give JSON values.
            include: Only these: a set of names, or a dict of names to what is in them.
            exclude: Not these: the same.
            by_alias: Whether to take the names in JSON where those in Python differ.
            exclude_unset: Whether to leave out what is absent from the JSON.
            exclude_defaults: Whether to leave out optional fields that are None, too.
            exclude_none: Whether to leave out all fields that are None.
            context: Accepted as in pydantic, and ignored, as are the others.
        """
        how = _How(bool(by_alias), exclude_unset, exclude_defaults, exclude_none)
        dumped: dict[str, Any] = _dump(self, how, include, exclude)
        return dumped

    def model_dump_json(
        self, *, indent: int | None = None, ensure_ascii: bool = False, **options: Any
    ) -> str:
        """Return what `model_dump` returns, which see, as JSON text."""
        separators = (",", ":") if indent is None else (",", ": ")
        return json.dumps(
            self.model_dump(**options),
            indent=indent,
            ensure_ascii=ensure_ascii,
            separators=separators,
        )

    def to_json(self, *, indent: int | None = 2, **options: Unpack[ToDictOptions]) -> str:
        """Return the JSON that was received as text; for the options see `model_dump`."""
        return self.model_dump_json(indent=indent, **_dump_options(options))


class _How(NamedTuple):
    by_alias: bool
    exclude_unset: bool
    exclude_defaults: bool
    exclude_none: bool


def _dump_options(options: Mapping[str, Any]) -> dict[str, Any]:
    unknown = options.keys() - ToDictOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")
    given = {"exclude_unset": True, "use_api_names": True, **options}
    given["by_alias"] = given.pop("use_api_names")
    return given


def _dump(value: Any, how: _How, include: Any = None, exclude: Any = None) -> Any:
    made: dict[str, Any] = {}
    if isinstance(value, Dumps):
        for name, key, item, is_optional in value._pairs():
            is_default = is_optional and (item is UNSET or item is None)
            if (
                (how.exclude_unset and item is UNSET)
                or (how.exclude_defaults and is_default)
                or (how.exclude_none and (item is None or item is UNSET))
            ):
                continue
            item = None if item is UNSET else item
            key = key if how.by_alias else name
            for chosen in _chosen(name, item, how, include, exclude):
                made[key] = chosen
    elif isinstance(value, dict):
        for key, item in value.items():
            for chosen in _chosen(key, item, how, include, exclude):
                made[key] = chosen
    elif isinstance(value, list | tuple):
        rules = [
            rule
            and {(n + len(value) if isinstance(n, int) and n < 0 else n): r for n, r in _rule(rule)}
            for rule in (include, exclude)
        ]
        return [c for n, item in enumerate(value) for c in _chosen(n, item, how, *rules)]
    else:
        return value
    return made


def _rule(rule: Any) -> Iterable[tuple[Any, Any]]:
    return rule.items() if isinstance(rule, Mapping) else ((name, True) for name in rule)


def _chosen(name: Any, item: Any, how: _How, include: Any, exclude: Any) -> Iterator[Any]:
    """What is to be dumped of a field or an item: once, or not at all."""
    inner = []
    for rule in (include, exclude):
        rules = {} if rule is None else dict(_rule(rule))
        inner.append(rules.get(name, rules.get("__all__")))
    if inner[1] is True or inner[1] is ... or (include is not None and not inner[0]):
        return
    yield _dump(item, how, *(None if rule in (True, ...) else rule for rule in inner))


class _Answer(Dumps):
    __slots__ = ("_answer_id",)


@define(eq=False, repr=False, weakref_slot=False)
class Model(_Answer):
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

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            # What this version does not know is an attribute, too. Never a name with a special
            # meaning: what the server sends must not become a method.
            if not name.startswith("_") and self._extra and name in self._extra:
                return self._extra[name]
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def to_dict(self, **options: Unpack[ToDictOptions]) -> dict[str, Any]:
        """The JSON object."""
        return self.model_dump(**_dump_options(options))

    def _pairs(self) -> Iterator[tuple[str, str, Any, bool]]:
        keys = {name: key for key, name in self._keys.items()}
        for attribute in fields(type(self)):
            name, is_optional = attribute.alias, attribute.default is UNSET
            value = getattr(self, attribute.name)
            if name == "additional_properties":
                continue
            key = keys[name]
            if isinstance(value, list) and type(value) is not list:
                value = self.to_dict()[key]  # it stands for something else
            yield name, key, value, is_optional
        for key, value in (self._extra or {}).items():
            yield key, key, value, False

    _keys: ClassVar[Mapping[str, str]] = {}
    """The attributes by their JSON names."""

    @property
    def model_fields_set(self) -> set[str]:
        """The names of the fields that are there, of those that the model has an attribute for."""
        return {name for name in self._keys.values() if self.is_set(name)}

    @property
    def model_extra(self) -> dict[str, Any]:
        """The same as `additional_properties`."""
        return self.additional_properties

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with some fields changed; with `deep`, of all that is in it, too."""
        made = deepcopy(self) if deep else copy(self)
        made._extra = self._extra and {**made.additional_properties}
        for name, value in (update or {}).items():
            if name in self._keys.values():
                setattr(made, name, value)
            else:
                made.additional_properties[name] = value
        return made

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        """Make one from a JSON object."""
        raise NotImplementedError

    @classmethod
    def model_validate(cls, obj: Any) -> Self:
        """Make one from a JSON object as `from_dict`, which see; one of the kind stays as it is."""
        return obj if isinstance(obj, cls) else cls.from_dict(obj)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes) -> Self:
        """Make one from JSON text: see `from_dict`."""
        return cls.from_dict(json.loads(json_data))

    @classmethod
    def construct(cls, **values: Any) -> Self:
        """Make one from the fields of a JSON object: see `from_dict`."""
        return cls.from_dict(values)

    @classmethod
    def model_construct(cls, **values: Any) -> Self:
        """The same as `construct`."""
        return cls.from_dict(values)

    # A mapping that only reads: the fields that are there, by their JSON names, as in to_dict().

    def keys(self) -> KeysView[str]:
        """The JSON names of the fields that are there."""
        return self.to_dict().keys()

    def values(self) -> ValuesView[Any]:
        """The fields as JSON."""
        return self.to_dict().values()

    def items(self) -> ItemsView[str, Any]:
        """The fields as JSON, with their names."""
        return self.to_dict().items()

    def get(self, key: str, default: Any = None) -> Any:
        """One field as JSON; `default` where it is absent."""
        return self.to_dict().get(key, default)

    def __getitem__(self, key: str) -> Any:
        return self.to_dict()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.to_dict())

    def __len__(self) -> int:
        return len(self.to_dict())

    def __contains__(self, key: object) -> bool:
        return key in self.to_dict()

    def __bool__(self) -> bool:
        return True  # `if run.required_action:` asks whether there is one

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
        return shown(self)


# For isinstance() and `match`; as a base it would cost time.
cast("Any", Mapping).register(Model)

new = object.__new__
"""Makes an instance without running __init__; from_dict fills it field by field."""


class UnknownVariant(Dumps, dict[str, Any]):
    """A member of a union that this version does not know, kept whole."""

    __slots__ = ()

    def _pairs(self) -> Iterator[tuple[str, str, Any, bool]]:
        return ((key, key, value, False) for key, value in self.items())

    def __repr__(self) -> str:
        return shown(self)

    if TYPE_CHECKING:
        # So that `part.type == "text"` tells the kinds apart; it holds the tag that was sent.
        type: Literal["unknown"]
    else:

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

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        return pydantic_map_schema(cls, source, handler)


_MOST_SHOWN: Final = 5
_LONGEST_SHOWN: Final = 1000


def shown(value: Any, depth: int = 0) -> str:
    """The repr of what a model holds, cut: a log must not hold a whole conversation."""
    name = type(value).__name__ if isinstance(value, Model | UnknownVariant) else ""
    if isinstance(value, str | bytes):
        cut = value[: _LONGEST_SHOWN // 10]
        return f"{cut!r}..." if len(cut) < len(value) else repr(value)
    if isinstance(value, int) and abs(value) >> 200:
        return "..."  # Python refuses to write numbers of thousands of digits
    if not isinstance(value, dict | list | Model):
        return repr(value)
    if depth > _MOST_SHOWN:
        return f"{name}(...)"
    if isinstance(value, Model):
        held = {a.alias: getattr(value, a.name) for a in fields(type(value))}
        if extra := held.pop("additional_properties"):
            held["additional_properties"] = extra
        parts = [f"{n}={shown(v, depth + 1)}" for n, v in held.items() if v is not UNSET]
    elif isinstance(value, dict):
        some = islice(value.items(), _MOST_SHOWN)
        parts = [f"{shown(k, depth + 1)}: {shown(v, depth + 1)}" for k, v in some]
    else:
        parts = [shown(item, depth + 1) for item in value[:_MOST_SHOWN]]
    if not isinstance(value, Model) and len(value) > _MOST_SHOWN:
        parts.append(f"... {len(value) - _MOST_SHOWN} more")
    text = ", ".join(parts)
    if len(text) > _LONGEST_SHOWN:
        text = f"{text[:_LONGEST_SHOWN]}..."
    left, right = ("[", "]") if isinstance(value, list) else ("{", "}")
    text = text if isinstance(value, Model) else left + text + right
    return f"{name}({text})" if name else text


_BEING_DESCRIBED: Final = ContextVar[frozenset[Any]]("being described", default=frozenset())


def pydantic_schema(keys: Mapping[str, str]) -> Callable[[Any, Any, Any], Any]:
    """Make the hook by which pydantic, and so FastAPI, reads, writes and describes a model.

    It reads as `from_dict` does, and writes as `to_dict`; only a tag, such as ``object``, must be
    the model's own, so that unions choose. The types of the fields are for the JSON schema.

    Args:
        keys: Attributes by their JSON names.
    """

    def schema(cls: Any, _: Any, handler: Any) -> Any:
        core = import_module("pydantic_core.core_schema")
        ref = f"{cls.__module__}.{cls.__qualname__}:{id(cls)}"
        if cls in _BEING_DESCRIBED.get():  # a model that holds itself
            return core.definition_reference_schema(ref)
        before = _BEING_DESCRIBED.set(_BEING_DESCRIBED.get() | {cls})
        try:
            return describe(cls, handler, core, ref)
        finally:
            _BEING_DESCRIBED.reset(before)

    def describe(cls: Any, handler: Any, core: Any, ref: str) -> Any:
        module = import_module(f"{__package__}.models")
        names = {name: getattr(module, name) for name in module.__all__}
        types = get_type_hints(cls, {**globals(), "Sequence": Sequence, **names, "File": bytes})
        fixed = {}
        described = {}
        attributes = {a.alias: a for a in fields(cls)}
        for key, name in keys.items():
            found = attributes[name]
            given = types[found.name]
            if found.default is UNSET:
                given = Union[tuple(t for t in get_args(given) if t is not Unset)]  # noqa: UP007
            elif found.default is not NOTHING:
                fixed[key] = found.default
            described[key] = core.typed_dict_field(
                handler.generate_schema(given), required=found.default is not UNSET
            )

        def read(value: Any, _: Any) -> Any:
            if isinstance(value, cls):
                return value
            if isinstance(value, Model) and type(value) in cls.__mro__:
                value = value.to_dict()
            if not isinstance(value, Mapping):
                raise ValueError(f"must be a JSON object, not {type(value).__name__}")
            for key, text in fixed.items():
                if value.get(key) != text:
                    raise ValueError(f"{key} must be {text!r}")
            return cls.from_dict(value)

        return core.no_info_wrap_validator_function(
            read,
            core.typed_dict_schema(described, cls=cls, extra_behavior="allow"),
            ref=ref,
            serialization=core.plain_serializer_function_ser_schema(plain),
        )

    return schema


def pydantic_map_schema(cls: Any, _: Any, handler: Any) -> Any:
    """Let pydantic read and write a map: see `pydantic_schema`."""
    core = import_module("pydantic_core.core_schema")
    base = cls.__orig_bases__[-1]
    return core.no_info_after_validator_function(
        cls.from_dict,
        handler.generate_schema(base),
        serialization=core.plain_serializer_function_ser_schema(plain),
    )


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
