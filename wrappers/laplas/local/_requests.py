"""Read queries and bodies of requests, checked by the tables of the document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple, NoReturn
from urllib.parse import parse_qsl

from ..generated import SCHEMAS, Operation
from ._validation import RequestError, Schema, alternatives_of, check, check_object

_NUL: Final = re.compile(
    r"(?<!\\)(?:\\\\)*\\u0000"
)  # in JSON text: not a backslash that is escaped itself
_INTEGER: Final = re.compile(r"-?[0-9]{1,4000}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,300}(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")


class FormFile(NamedTuple):
    """A file of a form: its name, "" where there is none, and its content."""

    name: str
    content: bytes


def read_query(operation: Operation, query: str) -> dict[str, Any]:
    """Return the query parameters, checked and typed; the last one counts, except in arrays."""
    given: dict[str, list[str]] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        given.setdefault(name, []).append(text)
    values: dict[str, Any] = {}
    for name, texts in given.items():
        schema = operation.query.get(name, {})
        array = next((s for s in alternatives_of(schema) if s.get("type") == "array"), None)
        if array is None:
            values[name] = _from_text(schema, texts[-1])
        else:
            values[name] = [_from_text(array.get("items", {}), text) for text in texts]
    fields = {"properties": operation.query, "required": operation.required_query}
    check_object(fields, values, "")
    return values


def read_body(operation: Operation, content_type: str, body: bytes) -> dict[str, Any]:
    """Return the body, checked; {} for an operation without one. Files are `FormFile`s."""
    if operation.body is None:
        return {}
    schema = SCHEMAS[operation.body]
    if operation.media_type == "multipart/form-data":
        return _read_form(schema, content_type, body)
    value: dict[str, Any] = _read_json(body)
    try:
        check(schema, value, "")
    except RecursionError:
        raise RequestError(400, "The body of your request is nested too deeply.") from None
    return value


def _read_json(body: bytes) -> Any:
    """Return the JSON of a body without what could not be stored or sent back everywhere."""
    if not body:
        return {}
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")  # fails for a lone surrogate
    except (ValueError, RecursionError):
        raise RequestError(400, "We could not parse the JSON body of your request.") from None
    if _NUL.search(text):
        raise RequestError(
            400, "Invalid body: a string holds a NUL character.", code="invalid_value"
        )
    return value


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _read_form(schema: Schema, content_type: str, body: bytes) -> dict[str, Any]:
    properties = schema.get("properties", {})
    parts = dict(_split_form(content_type, body))
    files = {name for name in parts if properties.get(name, {}).get("format") == "binary"}
    texts = {
        name: "" if name in files else part.content.decode("utf-8", "replace")
        for name, part in parts.items()
    }
    values: dict[str, Any] = {}
    for name, text in texts.items():
        field, bracket, key = name.partition("[")
        inner = properties.get(field, {})
        if bracket and key.endswith("]"):  # style: deepObject
            members = next(alternatives_of(inner), {}).get("properties", {})
            typed = _from_text(members.get(key[:-1], {}), text)
            values.setdefault(field, {})[key[:-1]] = typed
        else:
            values[name] = _from_text(inner, text)
    check(schema, values, "")
    return values | {name: parts[name] for name in files}


def _split_form(content_type: str, body: bytes) -> Iterator[tuple[str, FormFile]]:
    boundary = re.match(r'multipart/form-data\s*;.*boundary="?([^";]+)"?', content_type, re.I)
    if boundary is None:
        raise RequestError(
            400, "Expected a form (multipart/form-data).", code="invalid_content_type"
        )
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode("utf-8", "replace"))[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        names = dict(
            re.findall(r'[; ](name|filename)="((?:[^"\\]|\\.)*)"', head.decode("utf-8", "replace"))
        )
        if "name" in names:
            filename = re.sub(r"\\(.)", r"\1", names.get("filename", ""))
            yield names["name"], FormFile(filename.replace("%22", '"'), content)


def _from_text(schema: Schema, text: str) -> Any:
    """Return the value that a text in a query or form stands for; as it is where it fits none."""
    kinds = {alternative.get("type") for alternative in alternatives_of(schema)}
    if "integer" in kinds and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in kinds and _NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    return text
