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

# What a strict schema may have, by the upstream API's guide to structured outputs.
_KEPT: Final = frozenset((
    *("type", "description", "enum", "pattern", "format", "minItems", "maxItems", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
))  # fmt: skip
_FORMATS: Final = "date-time time date duration email hostname ipv4 ipv6 uuid"
_REFUSED: Final = frozenset(("allOf", "not", "if", "contains", "dependentRequired"))


def is_model(value: object) -> bool:
    """Tell whether a value is a type to parse answers into, rather than a format of the API."""
    return isinstance(value, type) or typing.get_origin(value) is not None


def format_of(value: Any, argument: str) -> Any:
    """Make the strict format for a type; return anything else as it is.

    Raises:
        InvalidArgumentError: The type cannot be described, or not strictly.
    """
    if not is_model(value):
        return value
    kind, defs = _describe(value, argument)
    name, root, refs = _name_of(value), kind.schema, list[str]()
    while "$ref" in root:  # again in a model that is only another one
        refs.append(root["$ref"])
        root = defs[refs[-1].rpartition("/")[2]]
    try:
        if root.get("type") != "object":
            raise ValueError(f"{name} is not an object: make it a field of a class, and pass that")
        schema = _strict(root, name)
        others = {each: _strict(inner, each) for each, inner in defs.items()}
    except ValueError as error:
        problem = f"cannot be a strict schema: {error}"
    else:
        for ref in refs:
            if f'"{ref}"' not in json.dumps([schema, others]):
                others.pop(ref.rpartition("/")[2])
        if others:
            schema["$defs"] = others
        name = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:64]
        made = {"name": name, "schema": schema, "strict": True}
        return {"type": "json_schema", "json_schema": made}
    raise InvalidArgumentError(argument, problem)


def parse_message(message: Message, model: Any) -> Any:
    """Read a message as the JSON of a type: see `Message.parse`."""
    kind, defs = _describe(model, "model")
    if message.refusal is not None:
        raise RefusalError(f"the assistant refused to answer {message.id}", message)
    if message.incomplete_details is not None or message.status in ("incomplete", "in_progress"):
        raise IncompleteMessageError(f"{message.id} is not complete", message)
    try:
        value = read_json(message.text)
    except ValueError:
        problem = "its text is not JSON" if message.text.strip() else "it has no text"
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


def _strict(schema: Mapping[str, Any], at: str) -> dict[str, Any]:
    """Rewrite a schema by the rules for strict ones: closed objects, and all fields required.

    Raises:
        ValueError: The schema has what strict ones cannot have; `at` is where.
    """
    if other := sorted(_REFUSED & schema.keys()):
        raise ValueError(f"{at} has {other[0]!r}, which a strict schema cannot have")
    if "prefixItems" in schema:
        raise ValueError(f"{at} is a tuple of different items: name them in a class")
    if "$ref" in schema:  # which must stand alone
        ref, told = {"$ref": schema["$ref"]}, schema.get("description")
        return {"anyOf": [ref], "description": told} if told else ref
    made = {name: value for name, value in schema.items() if name in _KEPT}
    if made.get("format") not in _FORMATS.split():
        made.pop("format", None)
    if "(?" in made.get("pattern", ""):
        del made["pattern"]  # it may look ahead, which is not supported
    # What cannot be a rule is described in words, and checked when the answer is parsed.
    rules = {"minLength", "maxLength", "uniqueItems", "pattern", "format"} & schema.keys()
    notes = [f"{name}: {json.dumps(schema[name])}" for name in sorted(rules - made.keys())]
    if notes:
        made["description"] = "\n".join([*filter(None, [made.get("description")]), *notes])
    if "const" in schema:
        made["enum"] = [schema["const"]]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        made["anyOf"] = [_strict(option, at) for option in options]
    elif "enum" in made:
        kinds = sorted({json_type(value) for value in made["enum"]})
        made["type"] = kinds[0] if len(kinds) == 1 else kinds
    elif "type" not in made:
        raise ValueError(f"{at} may hold anything: give it a type")
    if schema.get("type") == "array":
        made["items"] = _strict(schema.get("items", {}), f"{at}[]")
    if schema.get("type") == "object":
        if "properties" not in schema:
            raise ValueError(f"{at} has no fixed names: make it a class, or a list of pairs")
        fields = schema["properties"].items()
        made["properties"] = {name: _strict(each, f"{at}.{name}") for name, each in fields}
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made
