"""Describe type hints to a model, and make of its JSON what a function takes.

Hints that JSON has are described here; all others by pydantic, where it is installed.
"""

from __future__ import annotations

import inspect
import json
import re
import types
import typing
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from typing import Annotated, Any, Final, Literal, NamedTuple

from ..errors import InvalidArgumentError
from .tool_json import Schema, coerced, misfit

_SCALARS: Final[dict[Any, str]] = {
    str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null",
}  # fmt: skip
_NO_HINT: Final = inspect.Parameter.empty


class Kind(NamedTuple):
    """What a parameter takes: its JSON schema, and what makes the function's object of a value."""

    schema: dict[str, Any]
    make: Callable[[Any], Any]
    checks: bool = False
    """Whether `make` checks the value, too: it raises ValueError."""


def describe_hints(
    hints: Mapping[str, Any], tool: str, argument: str = "tools"
) -> tuple[dict[str, Kind], dict[str, Any]]:
    """Describe the hints of parameters; return the kinds, and the definitions they refer to.

    Where they are not those of a tool, errors name the `argument` alone.

    Raises:
        InvalidArgumentError: A hint is none that JSON can give a value for.
    """
    kinds: dict[str, Kind | None] = dict.fromkeys(hints)
    for name, hint in hints.items():
        with suppress(RecursionError, NameError):  # a type that holds itself, or what is not there
            kinds[name] = _kind_of(hint)
    others = {name: hints[name] for name, kind in kinds.items() if kind is None}
    defs = _describe_with_pydantic(others, kinds, tool, argument) if others else {}
    return typing.cast("dict[str, Kind]", kinds), defs


def hint_of_default(default: Any) -> Any:
    """Return the type that a parameter without a hint has by its default; Any where it says none.

    Only a hint is a promise: a type that cannot be described is no reason to refuse here.
    """
    hint = type(default)
    if default is None or _kind_of(hint) is not None:
        return Any if default is None else hint
    try:
        _describe_with_pydantic({"default": hint}, {}, "")
    except InvalidArgumentError:
        return Any
    return hint


def read_value(kind: Kind, value: Any, defs: Schema, at: str) -> Any:
    """Make what a function takes of the JSON that a model gave.

    Raises:
        ValueError: It does not fit; the text says why in JSON's words.
    """
    value = coerced(value, kind.schema, defs)
    if not kind.checks and (problem := misfit(value, kind.schema, defs, at)):
        raise ValueError(problem)
    try:
        return kind.make(value)
    except ValueError as error:
        problem = misfit(value, kind.schema, defs, at) or _told(error, at)
    raise ValueError(problem)


# Hints that JSON has


def _kind_of(hint: Any) -> Kind | None:
    if hint in (Any, object, _NO_HINT):
        return Kind({}, _same)
    origin, arguments = typing.get_origin(hint) or hint, typing.get_args(hint)
    if origin is Annotated:
        kind = _kind_of(arguments[0])
        # What else than a text stands there may be a rule.
        is_told = kind is not None and len(_notes(hint)) == len(arguments) - 1
        return kind._replace(schema=_with_notes(hint, kind.schema)) if kind and is_told else None
    for name in ("__supertype__", "__value__"):  # NewType, and `type X = ...`
        if hasattr(hint, name) and not isinstance(hint, type):
            return _kind_of(getattr(hint, name))
    if origin in (typing.Required, typing.NotRequired):
        return _kind_of(arguments[0])
    if origin is Literal:
        known = all(type(value) in _SCALARS for value in arguments)
        return Kind({"enum": list(arguments)}, _same) if known else None
    if origin in (typing.Union, types.UnionType):
        return _union_kind([_kind_of(argument) for argument in arguments])
    if origin is list:
        item = _kind_of(arguments[0]) if arguments else Kind({}, _same)
        schema = {"type": "array", "items": item.schema if item else {}}
        return item and Kind(schema, lambda value: [item.make(each) for each in value])
    if origin is dict and not arguments:
        return Kind({"type": "object"}, _same)
    if origin is dict and arguments[0] is str:
        each = _kind_of(arguments[1])
        schema = {"type": "object"}
        schema |= {"additionalProperties": each.schema} if each and each.schema else {}
        return each and Kind(schema, lambda value: {k: each.make(v) for k, v in value.items()})
    if hint is None or (isinstance(hint, type) and hint in _SCALARS):
        return Kind({"type": _SCALARS[hint or type(None)]}, _same)
    if isinstance(hint, type) and issubclass(hint, Enum) and len(hint):
        values = [member.value for member in hint]
        return Kind({"enum": values}, hint) if all(type(v) in _SCALARS for v in values) else None
    if typing.is_typeddict(hint):
        return _typed_dict_kind(hint)
    return None


def _notes(hint: Any) -> list[str]:
    """Return the texts of an Annotated hint."""
    notes = getattr(hint, "__metadata__", ())
    return [t for n in notes if isinstance(t := getattr(n, "documentation", n), str)]


def _with_notes(hint: Any, schema: dict[str, Any]) -> dict[str, Any]:
    notes = "\n".join(_notes(hint))
    return {**schema, "description": notes} if notes else schema


def _same(value: Any) -> Any:
    return value


def _union_kind(kinds: list[Kind | None]) -> Kind | None:
    known = [kind for kind in kinds if kind is not None]
    if len(known) < len(kinds):
        return None

    def make(value: Any) -> Any:
        return next(kind.make(value) for kind in known if not misfit(value, kind.schema, {}))

    return Kind({"anyOf": [kind.schema for kind in known]}, make)


def _typed_dict_kind(hint: Any) -> Kind | None:
    hints = typing.get_type_hints(hint, include_extras=True)
    kinds = {name: _kind_of(each) for name, each in hints.items()}
    known = {name: kind for name, kind in kinds.items() if kind is not None}
    if len(known) < len(kinds):
        return None
    schema = {
        "type": "object",
        "properties": {name: kind.schema for name, kind in known.items()},
        "required": [
            name
            for name, each in hints.items()
            # As they are told here: a class whose hints are strings counts these wrongly.
            if (name in hint.__required_keys__ or typing.get_origin(each) is typing.Required)
            and typing.get_origin(each) is not typing.NotRequired
        ],
        "additionalProperties": False,
    }
    return Kind(schema, lambda value: {key: known[key].make(each) for key, each in value.items()})


# All other hints


def _describe_with_pydantic(
    hints: Mapping[str, Any], kinds: dict[str, Kind | None], tool: str, argument: str = "tools"
) -> dict[str, Any]:
    """Add the kinds of these hints; return the definitions that their schemas refer to."""
    try:
        from pydantic import PydanticUserError, TypeAdapter  # type: ignore[import-not-found, unused-ignore]
        from pydantic.json_schema import GenerateJsonSchema  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        name, hint = next(iter(hints.items()))
        problem = f'the type {_name_of(hint)} needs more packages: pip install "laplas[tools]"'
        raise InvalidArgumentError(argument, _of_tool(tool, name) + problem) from None

    class Plain(GenerateJsonSchema):  # type: ignore[misc, unused-ignore]
        ignored_warning_kinds: Any = frozenset(("skipped-choice", "non-serializable-default"))

        def field_title_should_be_set(self, schema: Any) -> bool:
            return False

    name = ""
    adapters: dict[str, Any] = {}
    try:
        for name, hint in hints.items():
            adapters[name] = TypeAdapter(hint)
            adapters[name].json_schema(schema_generator=Plain)  # alone, to name what is wrong
        inputs: Any = [(name, "validation", adapter) for name, adapter in adapters.items()]
        schemas, told = TypeAdapter.json_schemas(inputs, schema_generator=Plain)
    except (PydanticUserError, NameError, TypeError, ValueError) as error:
        why = str(error).partition("\n")[0]
        problem = f"the type {_name_of(hints[name])} cannot be given as JSON: {why}"
        raise InvalidArgumentError(argument, _of_tool(tool, name) + problem) from None
    for name, adapter in adapters.items():
        schema = _with_notes(hints[name], schemas[name, "validation"])
        kinds[name] = Kind(schema, _reader(adapter), checks=True)
    defs: dict[str, Any] = told.get("$defs", {})
    return defs


def _of_tool(tool: str, name: str) -> str:
    return f"{tool}({name}): " if tool else ""


def _reader(adapter: Any) -> Callable[[Any], Any]:
    # Strictly, and as JSON: else a number would be a date, and true the number 1.
    return lambda value: adapter.validate_json(json.dumps(value), strict=True)


def _name_of(hint: Any) -> str:
    if typing.get_origin(hint) is Annotated:  # what stands there may be anything
        hint = typing.get_args(hint)[0]
    return hint.__qualname__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)


def _told(error: ValueError, at: str) -> str:
    """Write what pydantic found in JSON's words."""
    found = getattr(error, "errors", None)
    if found is None:
        return f"{at}: {error}"
    first = found(include_url=False, include_input=False)[0]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first["loc"])
    if first["type"] == "missing":
        return f"{at}{place} is missing"
    text = re.sub(r"\A\w+ should", "must", first["msg"])
    for python, name in _JSON_WORDS.items():
        text = text.replace(python, name)
    return f"{at}{place} {text}"


_JSON_WORDS: Final = {
    "valid dictionary": "object", "valid list": "array", "valid tuple": "array",
    "valid set": "array", "valid frozenset": "array", "None": "null",
    "must be a object": "must be an object", "must be a array": "must be an array",
}  # fmt: skip
