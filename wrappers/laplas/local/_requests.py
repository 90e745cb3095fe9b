"""Read queries and bodies of requests, checked by the tables of the document."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value
from quopri import decodestring
from typing import Any, Final, NamedTuple, NoReturn
from urllib.parse import parse_qsl

from ..generated import SCHEMAS, Operation
from ._validation import RequestError, Schema, alternatives_of, check, check_object

_NUL: Final = re.compile(
    r"(?<!\\)(?:\\\\)*\\u0000"
)  # in JSON text: not a backslash that is escaped itself
_INTEGER: Final = re.compile(r"-?[0-9]{1,4000}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,300}(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?")


_CODINGS: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "base64": b64decode,
    "quoted-printable": decodestring,
}


class FormPart(NamedTuple):
    """A part of a form: the name of its file, "" where there is none, content and charset."""

    filename: str
    content: bytes
    charset: str

    def text(self) -> str:
        """The content of a field that is no file."""
        try:
            return self.content.decode(self.charset, "replace")
        except (LookupError, ValueError):
            problem = f"We do not know the charset {self.charset!r} of a part of your form."
            raise RequestError(400, problem) from None


def read_query(operation: Operation, query: str) -> dict[str, Any]:
    """Return the query parameters, checked and typed; the last one counts, except in arrays."""
    given: dict[str, list[str]] = {}
    for name, text in parse_qsl(query, keep_blank_values=True):
        if name != "api-version":  # which Azure wants with each request
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
    """Return the body, checked; {} for an operation without one. Files are `FormPart`s."""
    if operation.body is None:
        return {}
    # What the document does not have, `_conversations`, has its schema with it.
    body_schema: str | Schema = operation.body
    schema = SCHEMAS[body_schema] if isinstance(body_schema, str) else body_schema
    if operation.media_type == "multipart/form-data":
        return _read_form(schema, content_type, body)
    value: dict[str, Any] = read_json(body)
    try:
        check(schema, value, "")
    except RecursionError:
        raise RequestError(400, "The body of your request is nested too deeply.") from None
    return value


def read_json(body: bytes) -> Any:
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
    for name in schema.get("required", ()):
        if name not in parts:  # the vendor's words here are not those for JSON
            raise RequestError(400, f"'{name}' is a required property")
    files = {name for name in parts if properties.get(name, {}).get("format") == "binary"}
    texts = {name: "" if name in files else part.text() for name, part in parts.items()}
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


def _split_form(content_type: str, body: bytes) -> Iterator[tuple[str, FormPart]]:
    """Yield the parts of a form by their names; a part without a name is left out.

    The text before the first part and behind the last one says nothing. Lines end in CRLF or,
    where the first one does, in LF.
    """
    form = _parse_head(f"Content-Type: {content_type}")
    boundary = form.get_boundary()
    if form.get_content_type() != "multipart/form-data" or not boundary:
        raise RequestError(
            400, "Expected a form (multipart/form-data).", code="invalid_content_type"
        )
    dashes = b"--" + re.escape(boundary.encode("utf-8", "replace"))
    opening = re.search(rb"(?:^|\n)" + dashes + rb"[ \t]*(\r?\n)", body)
    if opening is None:
        return  # nothing but, perhaps, the end
    newline = opening[1]
    delimiter = re.compile(newline + dashes + rb"(--)?[ \t]*(?:" + newline + rb"|\Z)")
    start = opening.end() - len(newline)
    while (end := delimiter.search(body, start)) is not None:
        part = body[start + len(newline) : end.start()]
        head, _, content = (newline + part).partition(newline * 2)
        yield from _named_part(head.decode("utf-8", "replace").lstrip(), content)
        if end[1]:
            return
        start = end.end() - len(newline)
    raise RequestError(400, "The form of your request ends in the middle of a part.")


def _named_part(head: str, content: bytes) -> Iterator[tuple[str, FormPart]]:
    headers = _parse_head(head)
    said = headers.get_params([], "content-disposition")
    # Of a name that is given twice, the one in RFC 2231's form (`filename*`) comes last and counts.
    names = {name.lower(): collapse_rfc2231_value(value) for name, value in said}
    if "name" in names:
        decode = _CODINGS.get(headers.get("content-transfer-encoding", "").strip().lower(), bytes)
        try:
            content = decode(content)
        except ValueError:
            raise RequestError(400, "We could not decode a part of your form.") from None
        # Browsers write a quote as %22, others put a backslash in front of it.
        filename = names.get("filename", "").replace("%22", '"')
        yield names["name"], FormPart(filename, content, headers.get_content_charset("utf-8"))


def _parse_head(text: str) -> Message:
    # What cannot be encoded cannot have come over a wire.
    return HeaderParser().parsestr(text.encode("utf-8", "replace").decode())


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
