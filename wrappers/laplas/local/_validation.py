"""Check requests by the tables that are made from the document, in the vendor's words.

A field that is new in the document needs nothing here. One rule is the vendor's, not the
document's: an object with listed fields takes no others, at any depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from ..generated import SCHEMAS

Schema = Mapping[str, Any]

_KINDS: Final[Mapping[type, str]] = {
    str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object",
}  # fmt: skip
_NAMES: Final = {
    "string": "a string", "boolean": "a boolean", "integer": "an integer", "number": "a decimal",
    "array": "an array", "object": "an object", "null": "null",
}  # fmt: skip


@dataclass(eq=False)
class RequestError(Exception):
    """An answer that is an error: HTTP status plus the members of the envelope.

    Attributes:
        status: The HTTP status, 400-599.
        message: The text for people.
        param: What is to blame, like `metadata.colour` or `content[0].text`; None if nothing is.
        code: The machine-readable reason; None where the vendor gives none.
        headers: Headers this error adds to the answer.
    """

    status: int
    message: str
    param: str | None = None
    code: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def envelope(self) -> dict[str, Any]:
        """Return the body: all four keys are always there, as in real traffic."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        said = {"message": self.message, "type": kind}
        return {"error": {**said, "param": self.param, "code": self.code}}


def check(schema: Schema, value: Any, param: str) -> None:
    """Check one value by a table like those of `SCHEMAS`.

    Raises:
        RequestError: It does not fit; `param` is the way to the part that is wrong.
    """
    alternatives = list(alternatives_of(schema))
    fitting = [each for each in alternatives if _has_type(each, value)]
    if not fitting:
        _refuse_type(param, alternatives, value)
    for each in fitting[:-1]:
        try:
            _check_alternative(each, value, param)
        except RequestError:
            continue
        return
    _check_alternative(fitting[-1], value, param)


def alternatives_of(schema: Schema) -> Iterator[Schema]:
    """The schemas of one type each, of which a value must fit one."""
    if "ref" in schema:
        yield from alternatives_of(SCHEMAS[schema["ref"]])
    elif "anyOf" in schema:
        for member in schema["anyOf"]:
            yield from alternatives_of(member)
    elif "tag" in schema:
        yield {**schema, "type": "object"}
    elif isinstance(schema.get("type"), list):
        for kind in schema["type"]:
            yield {**schema, "type": kind}
    else:
        yield schema


def _has_type(schema: Schema, value: Any) -> bool:
    wanted, kind = schema.get("type"), _kind(value)
    return wanted in (None, kind) or (wanted, kind) == ("number", "integer")


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "null")


def _check_alternative(schema: Schema, value: Any, param: str) -> None:
    if value is not None and {"enum", "const", "known"} & schema.keys():
        if value not in (choices := _choices(schema)):
            wanted = f"Supported values are: {_join_words(choices, 'and')}."
            message = f"Invalid value: '{value}'. {wanted}"
            raise RequestError(400, message, param=param, code="invalid_value")
    elif isinstance(value, str):
        _check_string(schema, value, param)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        _check_range(schema, value, param)
    elif isinstance(value, list):
        _check_length("array", len(value), schema.get("minItems"), schema.get("maxItems"), param)
        for index, item in enumerate(value):
            check(schema.get("items", {}), item, f"{param}[{index}]")
    elif isinstance(value, dict) and "tag" in schema:
        tag, mapping = schema["tag"], schema["mapping"]
        require_field(value, tag, param)
        check({"type": "string", "enum": [*mapping]}, value[tag], _join(param, tag))
        check({"ref": mapping[value[tag]]}, value, param)
    elif isinstance(value, dict):
        check_object(schema, value, param)


def _choices(schema: Schema) -> list[Any]:
    values = schema.get("enum") or schema.get("known", [schema.get("const")])
    return [value for value in values if value is not None]


def _check_string(schema: Schema, value: str, param: str) -> None:
    _check_length("string", len(value), schema.get("minLength"), schema.get("maxLength"), param)
    pattern = schema.get("pattern")
    # Only in Python does "$" also match before a newline at the end.
    if pattern and not re.search(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), value):
        wanted = f"Expected a string that matches the pattern '{pattern}'."
        _refuse_invalid(param, f"string does not match pattern. {wanted}", "invalid_value")


def _check_length(kind: str, length: int, least: int | None, most: int | None, param: str) -> None:
    got = f"{_NAMES[kind]} with length {length}"
    if length < (least or 0):
        wanted = f"{_NAMES[kind]} with minimum length {least}"
        problem, code = f"{kind} too short", f"{kind}_below_min_length"
        if length == 0:
            problem, code, got = f"empty {kind}", f"empty_{kind}", f"an empty {kind}"
    elif most is not None and length > most:
        wanted = f"{_NAMES[kind]} with maximum length {most}"
        problem, code = f"{kind} too long", f"{kind}_above_max_length"
    else:
        return
    _refuse_invalid(param, f"{problem}. Expected {wanted}, but got {got} instead.", code)


def _check_range(schema: Schema, value: float, param: str) -> None:
    kind = "integer" if schema.get("type") == "integer" else "decimal"
    least, most = schema.get("minimum"), schema.get("maximum")
    for is_beyond, word, sign, bound in (
        (least is not None and value < least, "below min", ">=", least),
        (most is not None and value > most, "above max", "<=", most),
    ):
        if is_beyond:
            wanted = f"Expected a value {sign} {bound}, but got {value} instead."
            code = f"{kind}_{word.replace(' ', '_')}_value"
            _refuse_invalid(param, f"{kind} {word}imum value. {wanted}", code)


def check_object(schema: Schema, value: Mapping[str, Any], param: str) -> None:
    properties: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties", "properties" not in schema)
    for key in value:
        if others is False and key not in properties:
            name = _join(param, key)
            message = f"Unknown parameter: '{name}'."
            raise RequestError(400, message, param=name, code="unknown_parameter")
    for key in schema.get("required", ()):
        require_field(value, key, param)
    most = schema.get("maxProperties")
    if most is not None and len(value) > most:
        wanted = f"Expected an object with at most {most} properties"
        got = f"an object with {len(value)} properties"
        problem = f"too many properties. {wanted}, but got {got} instead."
        _refuse_invalid(param, problem, "object_above_max_properties")
    longest = schema.get("propertyNames", {}).get("maxLength")
    for key, item in value.items():
        if longest is not None and len(key) > longest:
            got = f"a string with length {len(key)}"
            wanted = f"Expected a string with maximum length {longest}, but got {got} instead."
            message = f"Invalid property name in '{param}': '{key}' is too long. {wanted}"
            code = "property_name_above_max_length"
            raise RequestError(400, message, param=_join(param, key), code=code)
        inner = properties.get(key, others)
        if isinstance(inner, Mapping):
            check(inner, item, _join(param, key))


def require_field(value: Mapping[str, Any], key: str, param: str) -> None:
    """Raise `RequestError` where the object that `param` is the way to lacks a field."""
    if key not in value:
        name = _join(param, key)
        message = f"Missing required parameter: '{name}'."
        raise RequestError(400, message, param=name, code="missing_required_parameter")


def _refuse_invalid(param: str, problem: str, code: str) -> NoReturn:
    raise RequestError(400, f"Invalid '{param}': {problem}", param=param, code=code)


def _refuse_type(param: str, alternatives: Sequence[Schema], value: Any) -> NoReturn:
    wanted = [each for each in alternatives if each.get("type") != "null"]
    names = list(dict.fromkeys(map(_name_type, wanted)))
    if len(names) > 1:
        first, *others = names
        others = [name.removeprefix("an ").removeprefix("a ") for name in others]
        names = [f"one of {' or '.join([first, *others])}"]
    subject = f"'{param}'" if param else "the request body"
    wanted_type = f"expected {names[0]}, but got {_NAMES[_kind(value)]} instead"
    message = f"Invalid type for {subject}: {wanted_type}."
    raise RequestError(400, message, param=param or None, code="invalid_type")


def _name_type(schema: Schema) -> str:
    if "enum" in schema or "const" in schema:
        return f"one of {_join_words(_choices(schema), 'or')}"
    items = {each.get("type") for each in alternatives_of(schema.get("items", {}))}
    return _NAMES[schema["type"]] + (" of objects" if items == {"object"} else "")


def _join_words(words: Sequence[Any], word: str) -> str:
    quoted = [f"'{each}'" for each in words]
    comma = "," if len(quoted) > 2 else ""
    return f"{', '.join(quoted[:-1])}{comma} {word} {quoted[-1]}" if quoted[1:] else quoted[0]


def _join(param: str, key: str) -> str:
    return f"{param}.{key}" if param else key
