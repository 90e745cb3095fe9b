"""The tables of `schemas.py`: what requests may hold, as the document says it.

The runtime checks of `checks.py` and servers work from these tables, so a constraint that they
cannot express is refused here with `Unsupported` and never dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from model_code import Unsupported
from openapi_python_client.strings import PythonIdentifier

_METHODS: Final = ("get", "put", "post", "delete", "patch")
_OTHER_METHODS: Final = ("head", "options", "trace")
_SCHEMAS: Final = "#/components/schemas/"
_KEPT: Final = (
    "enum",
    "const",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "maxProperties",
    "required",
)
_SAYS_NOTHING: Final = {
    "$comment",
    "default",
    "deprecated",
    "description",
    "discriminator",
    "example",
    "examples",
    "externalDocs",
    "nullable",
    "readOnly",
    "title",
    "writeOnly",
    "xml",
}
"""Keywords that refuse no value, or that are read beside another one."""
_NESTED: Final = (
    "$ref",
    "additionalProperties",
    "allOf",
    "anyOf",
    "format",
    "items",
    "oneOf",
    "properties",
    "propertyNames",
    "type",
)
_MARKS: Final = {"x-accepts": "accepts", "x-default": "default", "x-known": "known"}
"""`x-known`: the known values of an open set. A client sends others, too; a server refuses them."""
_DEFAULT_MAX_ID: Final = 1000


class SchemaCode:
    """Answers the questions of `schemas.py.jinja` about one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._check_references()
        self._schemas: dict[str, Any] = self._resolve("#/components").get("schemas", {})
        self._bodies: set[str] = set()
        self._reached: dict[str, dict[str, Any]] = {}
        self._in_paths: list[dict[str, Any]] = []
        self.operations: dict[str, dict[str, Any]] = {}
        """By id: the fields of `Operation` in `schemas.py`."""
        for place, path, method, item in self._each_operation():
            name = item.get("operationId")
            if not isinstance(name, str):
                raise Unsupported(f"{place}: an operation without an operationId")
            if name in self.operations:
                raise Unsupported(f"{place}: the operationId {name} a second time")
            self.operations[name] = self._operation(place, path, method, item)
        for name in self._bodies:
            table = self._reached[name]
            # A body's fields are arguments, and an argument that is unknown is a mistake.
            if "properties" in table:
                table.setdefault("additionalProperties", False)

    @property
    def schemas(self) -> dict[str, dict[str, Any]]:
        """The tables of all schemas that a request can hold, in the order of the document."""
        return {name: self._reached[name] for name in self._schemas if name in self._reached}

    @property
    def max_id(self) -> int:
        """The most characters of an id, which the document must say with one number."""
        found = {
            table.get("maxLength", _DEFAULT_MAX_ID)
            for table in _walk([self.schemas, self.operations, self._in_paths])
            if table.get("accepts") == "Id"
        }
        if len(found) > 1:
            raise Unsupported(f"ids of different greatest lengths: {sorted(found)}")
        return int(found.pop()) if found else _DEFAULT_MAX_ID

    def _each_operation(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for path, item in self._document.get("paths", {}).items():
            for method, given in item.items():
                if method in _OTHER_METHODS:
                    raise Unsupported(f"{path}: the method {method}")
                if method in _METHODS:
                    operation = {**given, "parameters": self._parameters(item, given)}
                    yield f"{method.upper()} {path}", path, method.upper(), operation

    def _parameters(self, item: dict[str, Any], operation: dict[str, Any]) -> list[Any]:
        """The parameters of an operation: its own ones replace those of its path."""
        found = {}
        for each in [*item.get("parameters", ()), *operation.get("parameters", ())]:
            parameter = self._resolve(each["$ref"]) if "$ref" in each else each
            found[parameter.get("name"), parameter.get("in")] = parameter
        return [*found.values()]

    def _operation(
        self, place: str, path: str, method: str, item: dict[str, Any]
    ) -> dict[str, Any]:
        in_path, query, required = [], {}, []
        for parameter in item["parameters"]:
            name, where = parameter["name"], f"{place}, parameter {parameter['name']}"
            match parameter["in"]:
                case "path":
                    self._check_style(parameter, "simple", where)
                    self._in_paths.append(self._table(parameter["schema"], where))
                    in_path.append(name)
                case "query":
                    self._check_style(parameter, "form", where)
                    query[name] = self._query_table(parameter, where)
                    if parameter.get("required"):
                        required.append(name)
                case other:
                    raise Unsupported(f"{where}: a {other} parameter")
        in_path.sort(key=lambda name: path.find(f"{{{name}}}"))
        body, body_required, media_type = self._body(item, f"{place}, body")
        return {
            "method": method,
            "path": path,
            "path_parameters": tuple(in_path),
            "query": query,
            "body": body,
            "body_required": body_required,
            "media_type": media_type,
            "required_query": tuple(required),
        }

    def _check_style(self, parameter: dict[str, Any], style: str, where: str) -> None:
        if "content" in parameter or "schema" not in parameter:
            raise Unsupported(f"{where}: a parameter without a schema")
        if parameter.get("style", style) != style:
            raise Unsupported(f"{where}: the style {parameter['style']}")
        if parameter.get("explode", style == "form") is not (style == "form"):
            raise Unsupported(f"{where}: explode: {str(parameter['explode']).lower()}")
        if parameter.get("allowReserved"):
            raise Unsupported(f"{where}: allowReserved")

    def _query_table(self, parameter: dict[str, Any], where: str) -> dict[str, Any]:
        table = self._table(parameter["schema"], where)
        flat = self._reached[table["ref"]] if "ref" in table else table
        for part in _walk(flat):
            if part.get("type") == "object" or {"properties", "tag"} & part.keys():
                raise Unsupported(f"{where}: an object in a query")
        argument = str(PythonIdentifier(parameter["name"], "field_"))
        return table if argument == parameter["name"] else {"argument": argument, **table}

    def _body(self, item: dict[str, Any], where: str) -> tuple[str | None, bool, str | None]:
        body = item.get("requestBody")
        if body is None:
            return None, False, None
        body = self._resolve(body["$ref"]) if "$ref" in body else body
        if len(body["content"]) != 1:
            raise Unsupported(f"{where}: {len(body['content'])} media types")
        ((media_type, content),) = body["content"].items()
        table = self._table(content.get("schema", {}), where)
        if table.keys() != {"ref"}:
            raise Unsupported(f"{where}: a schema without a name")
        name: str = table["ref"]
        self._bodies.add(name)
        if media_type == "multipart/form-data":
            self._check_form(content.get("encoding", {}), self._reached[name], where)
        return name, bool(body.get("required")), str(media_type)

    def _check_form(self, encoding: dict[str, Any], body: dict[str, Any], where: str) -> None:
        """Hold that the objects of a form, and nothing else, are written as ``field[key]``."""
        objects = {
            name
            for name, table in body.get("properties", {}).items()
            for part in _walk(self._reached[table["ref"]] if "ref" in table else table)
            if {"properties", "tag"} & part.keys()
        }
        if encoding != {name: {"style": "deepObject", "explode": True} for name in objects}:
            raise Unsupported(f"{where}: the encoding of form fields")

    def _table(self, schema: Any, where: str) -> dict[str, Any]:
        """One schema as a table; what it refers to is put into `schemas`."""
        if schema is True:
            return {}
        if not isinstance(schema, dict):
            raise Unsupported(f"{where}: the schema {schema!r}")
        for keyword in sorted(schema.keys() - {*_KEPT, *_NESTED} - _SAYS_NOTHING):
            if not keyword.startswith("x-"):
                raise Unsupported(f"{where}: {keyword}")
        marks = {_MARKS[mark]: schema[mark] for mark in _MARKS if mark in schema}
        if schema.get("format") == "binary":
            marks["format"] = "binary"
        if "$ref" in schema:
            beside = (set(_KEPT) | {*_NESTED}) & schema.keys() - {"$ref"}
            if beside:
                raise Unsupported(f"{where}: {sorted(beside)[0]} beside $ref")
            return {"ref": self._reach(schema["$ref"], where), **marks}
        if "allOf" in schema:
            return {**self._merged(schema, where), **marks}
        if "oneOf" in schema or "anyOf" in schema:
            beside = set(_KEPT) & schema.keys()
            if beside or {"oneOf", "anyOf"} <= schema.keys():
                raise Unsupported(f"{where}: {sorted(beside or {'oneOf'})[0]} beside a union")
            return {**self._union(schema, where), **marks}
        return {**self._plain(schema, where), **marks}

    def _reach(self, reference: str, where: str) -> str:
        name = reference.removeprefix(_SCHEMAS)
        if name == reference or name not in self._schemas:
            raise Unsupported(f"{where}: a reference to {reference}")
        if name not in self._reached:
            self._reached[name] = {}  # schemas may refer to themselves
            self._reached[name] = self._table(self._schemas[name], f"schema {name}")
        return name

    def _merged(self, schema: dict[str, Any], where: str) -> dict[str, Any]:
        """The parts of an `allOf` as one object; a single part may be of any kind."""
        own = {key: value for key, value in schema.items() if key != "allOf"}
        parts = [self._table(part, where) for part in schema["allOf"]]
        if len(parts) == 1 and not (set(_KEPT) | {*_NESTED}) & own.keys():
            return parts[0]
        if (set(_KEPT) | {*_NESTED}) & own.keys():
            parts.append(self._table(own, where))
        merged: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
        for part in parts:
            flat = self._reached[part["ref"]] if "ref" in part else part
            if flat.keys() - {"type", "properties", "required"} or flat.get("type") != "object":
                raise Unsupported(f"{where}: allOf of other things than plain objects")
            merged["properties"] |= flat.get("properties", {})
            merged["required"] += flat.get("required", ())
        return {key: value for key, value in merged.items() if value}

    def _union(self, schema: dict[str, Any], where: str) -> dict[str, Any]:
        members = [self._table(each, where) for each in schema.get("oneOf") or schema["anyOf"]]
        if schema.get("nullable"):
            members.append({"type": "null"})
        if "discriminator" in schema:
            members = self._tagged(schema["discriminator"], members, where)
        return members[0] if len(members) == 1 else {"anyOf": members}

    def _tagged(
        self, discriminator: dict[str, Any], members: list[dict[str, Any]], where: str
    ) -> list[dict[str, Any]]:
        """The members of a union, those that its tag tells apart put into one."""
        named = [member["ref"] for member in members if "ref" in member]
        mapping = {
            tag: self._reach(reference if "/" in reference else _SCHEMAS + reference, where)
            for tag, reference in discriminator.get("mapping", {}).items()
        } or {name: name for name in named}
        if {*named} != {*mapping.values()}:
            raise Unsupported(f"{where}: a discriminator that does not map the union's members")
        rest = [member for member in members if "ref" not in member]
        return [*rest, {"tag": discriminator["propertyName"], "mapping": mapping}]

    def _plain(self, schema: dict[str, Any], where: str) -> dict[str, Any]:
        table: dict[str, Any] = {}
        kinds = schema.get("type")
        if kinds is None and {"properties", "additionalProperties"} & schema.keys():
            kinds = "object"
        if kinds is not None:
            table["type"] = kinds
        if schema.get("nullable") and kinds is not None:
            table["type"] = [*([kinds] if isinstance(kinds, str) else kinds), "null"]
        table |= {key: schema[key] for key in _KEPT if key in schema}
        if "properties" in schema:
            table["properties"] = {
                name: self._table(inner, f"{where}.{name}")
                for name, inner in schema["properties"].items()
            }
        if "items" in schema:
            table["items"] = self._table(schema["items"], f"{where}[]")
        if "propertyNames" in schema:
            table["propertyNames"] = self._table(schema["propertyNames"], f"{where}, keys")
        if "pattern" in schema:
            try:
                re.compile(schema["pattern"])
            except re.error as error:
                raise Unsupported(f"{where}: the pattern {schema['pattern']} ({error})") from None
        extra = schema.get("additionalProperties", True)
        if extra is False:
            table["additionalProperties"] = False
        elif extra is not True and extra != {}:
            table["additionalProperties"] = self._table(extra, f"{where}, values")
        return table

    def _check_references(self) -> None:
        for part in _walk(self._document, skip=("example", "examples")):
            reference = part.get("$ref")
            if isinstance(reference, str):
                self._resolve(reference)

    def _resolve(self, reference: str) -> dict[str, Any]:
        if not reference.startswith("#/"):
            raise Unsupported(f"a reference to another document: {reference}")
        found: Any = self._document
        for step in reference[2:].split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or key not in found:
                raise Unsupported(f"a reference to nothing: {reference}")
            found = found[key]
        if isinstance(found, dict) and isinstance(found.get("$ref"), str):
            return self._resolve(found["$ref"])
        if not isinstance(found, dict):
            raise Unsupported(f"a reference to something else than an object: {reference}")
        return found


def _walk(part: Any, skip: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """All objects in `part`, itself included, but not those below the keys in `skip`."""
    if isinstance(part, dict):
        yield part
        for key, inner in part.items():
            if key not in skip:
                yield from _walk(inner, skip)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _walk(inner, skip)
