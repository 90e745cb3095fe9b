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

_SCHEMAS: Final = "#/components/schemas/"
_KEPT: Final = (
    "enum",
    "const",
    "exclusiveMaximum",
    "exclusiveMinimum",
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
_NOT_CHECKED: Final = {
    *("$dynamicRef", "contains", "dependentRequired", "dependentSchemas", "else", "if"),
    *("maxContains", "minContains", "minProperties", "multipleOf", "not", "patternProperties"),
    *("prefixItems", "then", "unevaluatedItems", "unevaluatedProperties", "uniqueItems"),
}
"""Constraints that the checks cannot express; what is none of JSON Schema constrains nothing."""
_MARKS: Final = {"x-accepts": "accepts", "x-default": "default", "x-known": "known"}
"""`x-known`: the known values of an open set. A client sends others, too; a server refuses them."""
_DEFAULT_MAX_ID: Final = 1000


class SchemaCode:
    """Answers the questions of `schemas.py.jinja` about one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._schemas: dict[str, Any] = document["components"]["schemas"]
        self._bodies: set[str] = set()
        self._reached: dict[str, dict[str, Any]] = {}
        self._in_paths: list[dict[str, Any]] = []
        self.operations: dict[str, dict[str, Any]] = {}
        """By id: the fields of `Operation` in `schemas.py`."""
        for place, path, method, item in self._each_operation():
            name = item["operationId"]
            if name in self.operations:
                raise Unsupported(f"{place}.operationId: {name} a second time")
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
            for table in walk([self.schemas, self.operations, self._in_paths])
            if table.get("accepts") == "Id"
        }
        if len(found) > 1:
            raise Unsupported(f"ids of different greatest lengths: {sorted(found)}")
        return int(found.pop()) if found else _DEFAULT_MAX_ID

    def _each_operation(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for path, item in self._document["paths"].items():
            for method, operation in item.items():
                yield f"paths.{path}.{method}", path, method.upper(), operation

    def _operation(
        self, place: str, path: str, method: str, item: dict[str, Any]
    ) -> dict[str, Any]:
        in_path, query, required = [], {}, []
        for parameter in item["parameters"]:
            name, where = parameter["name"], f"{place}.parameters.{parameter['name']}"
            table = self._table(parameter["schema"], where)
            if parameter["in"] == "path":
                self._in_paths.append(table)
                in_path.append(name)
                continue
            argument = str(PythonIdentifier(name, "field_"))
            if "x-spread" in parameter:
                table = {"spread": parameter["x-spread"], **table}
            query[name] = table if argument == name else {"argument": argument, **table}
            if parameter.get("required"):
                required.append(name)
        in_path.sort(key=lambda name: path.find(f"{{{name}}}"))
        body, body_required, media_type = self._body(item, f"{place}.requestBody")
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

    def _body(self, item: dict[str, Any], where: str) -> tuple[str | None, bool, str | None]:
        body = item.get("requestBody")
        if body is None:
            return None, False, None
        ((media_type, content),) = body["content"].items()
        name = self._table(content["schema"], where)["ref"]
        self._bodies.add(name)
        return name, bool(body.get("required")), str(media_type)

    def _table(self, schema: Any, where: str) -> dict[str, Any]:
        """One schema as a table; what it refers to is put into `schemas`."""
        if refused := sorted(schema.keys() & _NOT_CHECKED):
            raise Unsupported(f"{where}: {refused[0]}")
        marks = {_MARKS[mark]: schema[mark] for mark in _MARKS if mark in schema}
        if schema.get("format") == "binary":
            marks["format"] = "binary"
        if "$ref" in schema:
            return {"ref": self._reach(schema["$ref"], where), **marks}
        if "oneOf" in schema or "anyOf" in schema:
            return {**self._union(schema, where), **marks}
        return {**self._plain(schema, where), **marks}

    def _reach(self, reference: str, where: str) -> str:
        name = reference.removeprefix(_SCHEMAS)
        if name not in self._reached:
            self._reached[name] = {}  # schemas may refer to themselves
            self._reached[name] = self._table(self._schemas[name], f"components.schemas.{name}")
        return name

    def _union(self, schema: dict[str, Any], where: str) -> dict[str, Any]:
        members = [self._table(each, where) for each in schema.get("oneOf") or schema["anyOf"]]
        if "discriminator" in schema:
            # Those that the tag tells apart are put into one.
            tag, mapping = schema["discriminator"].values()
            told = {value: self._reach(target, where) for value, target in mapping.items()}
            members = [each for each in members if each.get("ref") not in told.values()]
            members.append({"tag": tag, "mapping": told})
        return members[0] if len(members) == 1 else {"anyOf": members}

    def _plain(self, schema: dict[str, Any], where: str) -> dict[str, Any]:
        table: dict[str, Any] = {}
        kinds = schema.get("type")
        if kinds is not None:
            table["type"] = kinds
        table |= {key: schema[key] for key in _KEPT if key in schema}
        if "properties" in schema:
            table["properties"] = {
                name: self._table(inner, f"{where}.properties.{name}")
                for name, inner in schema["properties"].items()
            }
        if "items" in schema:
            table["items"] = self._table(schema["items"], f"{where}.items")
        if "propertyNames" in schema:
            table["propertyNames"] = self._table(schema["propertyNames"], f"{where}.propertyNames")
        if "pattern" in schema:
            try:
                re.compile(schema["pattern"])
            except re.error as error:
                raise Unsupported(f"{where}: the pattern {schema['pattern']} ({error})") from None
        extra = schema.get("additionalProperties", True)
        if extra is False:
            table["additionalProperties"] = False
        elif extra is not True and extra != {}:
            table["additionalProperties"] = self._table(extra, f"{where}.additionalProperties")
        return table


def walk(part: Any) -> Iterator[dict[str, Any]]:
    """All objects in `part`, itself included."""
    if isinstance(part, dict):
        yield part
        part = [*part.values()]
    if isinstance(part, list | tuple):
        for inner in part:
            yield from walk(inner)
