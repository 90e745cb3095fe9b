"""Structured output: ask a model for the JSON of a Python type, and read it back. No I/O."""

from __future__ import annotations

import json
import re
import typing
from collections.abc import Mapping
from typing import Any, Final

from ..errors import IncompleteMessageError, InvalidArgumentError, ParseError, RefusalError
from .tool_hints import Kind, describe_hints, read_value
from .tool_json import json_type, read_json

if typing.TYPE_CHECKING:
    from ..models import Message

# What the upstream API takes in a strict schema (its guide to structured outputs).
_KEPT: Final = frozenset(
    (
        *("type", "description", "enum", "pattern", "minItems", "maxItems", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    )
)
_FORMATS: Final = frozenset(
    (
        *("date-time", "time", "date", "duration"),
        *("email", "hostname", "ipv4", "ipv6", "uuid"),
    )
)
_NOTED: Final = frozenset(("minLength", "maxLength", "uniqueItems", "pattern", "format"))
"""What is told in words where it cannot be a rule; `parse` checks it all the same."""
_REFUSED: Final = frozenset(("allOf", "not", "if", "contains", "dependentRequired"))


def is_model(value: object) -> bool:
    """Tell whether a value is a type that answers may have, rather than a format for the API."""
    return isinstance(value, type) or typing.get_origin(value) is not None


def convert_response_format(value: Any, argument: str) -> Any:
    """Make the strict format for a type; anything else is left as it is.

    Raises:
        InvalidArgumentError: The type cannot be described, or not strictly.
    """
    if not is_model(value):
        return value
    kind, defs = _describe(value, argument)
    root, name = kind.schema, _name_of(value)
    if "$ref" in root:
        root = defs[root["$ref"].rpartition("/")[2]]
    if root.get("type") != "object":
        problem = f"{name} is not an object: make it a field of a class, and give that"
        raise InvalidArgumentError(argument, problem)
    strict = _Strict(argument)
    made = strict(root, name)
    others = {each: strict(schema, each) for each, schema in defs.items()}
    if f'"{kind.schema.get("$ref")}"' not in json.dumps([made, others]):
        others.pop(kind.schema.get("$ref", "").rpartition("/")[2], None)
    schema = {**made, "$defs": others} if others else made
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:64]
    return {
        "type": "json_schema",
        "json_schema": {"name": plain, "schema": schema, "strict": True},
    }


def parse_message(message: Message, model: Any) -> Any:
    """Read a message as the JSON of a type: see `Message.parse`."""
    kind, defs = _describe(model, "model")
    if message.refusal is not None:
        raise RefusalError(f"the assistant refused to answer {message.id}", message)
    if message.incomplete_details is not None or message.status in ("incomplete", "in_progress"):
        raise IncompleteMessageError(f"{message.id} is not complete", message)
    value: Any = None
    try:
        value = read_json(message.text)
    except ValueError:
        problem = "its text is no JSON" if message.text.strip() else "it has no text"
    else:
        try:
            return read_value(kind, value, defs, _name_of(model))
        except ValueError as error:
            problem = str(error)
        except RecursionError:
            problem = "it is nested too deeply"
    raise ParseError(f"{message.id} does not hold what was asked for: {problem}", message)


def _describe(model: Any, argument: str) -> tuple[Kind, Mapping[str, Any]]:
    if not is_model(model):
        problem = f"must be a type, such as a pydantic model, not {type(model).__name__}"
        raise InvalidArgumentError(argument, problem)
    kinds, defs = describe_hints({argument: model}, "", argument)
    return kinds[argument], defs


def _name_of(model: Any) -> str:
    return getattr(model, "__name__", None) or str(model)


class _Strict:
    """Rewrites a schema by the rules for strict ones: closed objects, and all fields required."""

    def __init__(self, argument: str) -> None:
        self._argument = argument

    def __call__(self, schema: Mapping[str, Any], at: str) -> dict[str, Any]:
        """Rewrite the schema of what is at this place."""
        if "prefixItems" in schema:
            self._refuse(at, "is a tuple of unlike items: name them in a class")
        if other := sorted(_REFUSED & schema.keys()):
            self._refuse(at, f"has {other[0]!r}, which is not taken there")
        options = schema.get("anyOf") or schema.get("oneOf")
        if "$ref" in schema:  # beside which nothing may stand
            ref, told = {"$ref": schema["$ref"]}, schema.get("description")
            return {"anyOf": [ref], "description": told} if told else ref
        made = {name: value for name, value in schema.items() if name in _KEPT}
        if schema.get("format") in _FORMATS:
            made["format"] = schema["format"]
        if "(?" in schema.get("pattern", ""):
            del made["pattern"]  # it may look ahead, which is not taken
        lost = [name for name in schema if name in _NOTED and name not in made]
        notes = [f"{name}: {json.dumps(schema[name])}" for name in sorted(lost)]
        if notes:
            made["description"] = "\n".join([*filter(None, [made.get("description")]), *notes])
        if "const" in schema:
            made["enum"] = [schema["const"]]
        if options:
            made["anyOf"] = [self(option, at) for option in options]
        elif "enum" in made and "type" not in made:
            kinds = sorted({json_type(value) for value in made["enum"]})
            made["type"] = kinds[0] if len(kinds) == 1 else kinds
        elif "type" not in made:
            self._refuse(at, "may hold anything: give it a type")
        if schema.get("type") == "array":
            made["items"] = self(schema.get("items", {}), f"{at}[]")
        if schema.get("type") == "object":
            if "properties" not in schema:
                self._refuse(at, "has no fixed names: make it a class, or a list of pairs")
            fields = schema["properties"].items()
            made["properties"] = {name: self(each, f"{at}.{name}") for name, each in fields}
            made |= {"required": list(made["properties"]), "additionalProperties": False}
        return made

    def _refuse(self, at: str, problem: str) -> typing.NoReturn:
        raise InvalidArgumentError(self._argument, f"a strict schema is needed, but {at} {problem}")
