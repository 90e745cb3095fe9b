"""One document in few forms: what OpenAPI can say in many ways, as the generator half reads it.

References to parameters, bodies, answers and parts of schemas are followed, what `allOf` joins is
merged, objects get names, a null is one form, an enum of one value is a const. What has no such
form, or no code that would be right, is refused by name and place. Constraints are kept: requests
are checked by them (`schema_code`). Dropped is what binds nobody: titles, examples, formats and
defaults, which are the server's to apply; webhooks and callbacks, which no client sends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NoReturn

from model_code import NAMES_IN_MODELS, Unsupported
from openapi_python_client.strings import ClassName, PythonIdentifier, snake_case

METHODS: Final = ("get", "put", "post", "delete", "patch")
_OTHER_METHODS: Final = ("head", "options", "trace")
_SCHEMAS: Final = "#/components/schemas/"
_UNIONS: Final = ("oneOf", "anyOf")
_LITERAL: Final = ("example", "examples", "default", "description", "enum", "const")
"""Keywords below which are no references."""
_SCALARS: Final = ("string", "integer", "number", "boolean", "null")
_DROPPED: Final = {
    "$comment",
    "$recursiveAnchor",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "default",
    "example",
    "examples",
    "externalDocs",
    "title",
    "xml",
}
_NOTES: Final = {"deprecated", "description", "discriminator", "nullable", "readOnly", "writeOnly"}
"""Keywords that refuse no value by themselves."""
_OF_KIND: Final = {
    "array": {"items", "minItems", "maxItems", "prefixItems", "uniqueItems", "contains"},
    "object": {"properties", "required", "additionalProperties", "propertyNames"}
    | {"minProperties", "maxProperties", "patternProperties"},
}
_OF_ANY_KIND: Final = _OF_KIND["array"] | _OF_KIND["object"]
_TIGHTER: Final = {
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties"), min),
}
_DEEP: Final = ({"style": "deepObject", "explode": True}, {"style": "deepObject"})
_MOST_MEMBERS: Final = 100
"""Of the product of several unions in one `allOf`."""
_IGNORED_HEADERS: Final = {"accept", "authorization", "content-type"}
"""OpenAPI says that such parameters are to be ignored."""


class Empty(Unsupported):
    """No value fits a schema."""


class PlainDocument:
    """The plain form of one document.

    Attributes:
        document: It.
        tags: By the names of a union's objects: the field that tells them apart, and the class for
            each of its values, where the document says so with a discriminator.
        spread: By operations and query parameters that are objects: how each property is named.
        deep: The same for the fields of forms.
    """

    def __init__(self, document: Any) -> None:
        if not isinstance(document, dict) or not isinstance(document.get("paths", {}), dict):
            raise Unsupported("the document: no OpenAPI document")
        if not str(document.get("openapi", "")).startswith(("3.0.", "3.1.")):
            raise Unsupported(f"openapi: {document.get('openapi')!r}, only 3.0 and 3.1 are known")
        self._document = document
        self._check_references(document, "")
        self.tags: dict[frozenset[str], tuple[str, dict[Any, str]]] = {}
        self.spread: dict[str, dict[str, str]] = {}
        self.deep: dict[str, dict[str, str]] = {}
        self._merging: list[str] = []
        self._made: list[str] = []
        self._modules: set[str] = set()
        self._schemas: dict[str, dict[str, Any]] = {}
        given: dict[str, Any] = document.get("components", {}).get("schemas", {})
        self._names = {name: self._free(name) for name in given if not self._is_alias(given[name])}
        self._waiting = {new: (old, given[old]) for old, new in self._names.items()}
        self._schemas |= {name: {} for name in self._waiting}  # in the order of the document
        while self._waiting:
            self._make(next(iter(self._waiting)))
        for name in self._names.values():
            self._schemas[name] = self._cut(self._schemas[name], (name,))
        paths = {path: self._path(path, item) for path, item in document.get("paths", {}).items()}
        rest = {key: document[key] for key in document if key not in ("webhooks", "components")}
        security = document.get("components", {}).get("securitySchemes", {})
        components = {"schemas": self._schemas, "securitySchemes": security}
        self.document: dict[str, Any] = {**rest, "paths": paths, "components": components}

    # References

    def _check_references(self, part: Any, place: str, *, are_names: bool = False) -> None:
        """Refuse what leads nowhere; of an object with names, none is a keyword."""
        if isinstance(part, list):
            for index, inner in enumerate(part):
                self._check_references(inner, f"{place}[{index}]")
        if not isinstance(part, dict):
            return
        if not are_names and isinstance(part.get("$ref"), str):
            self._resolve(part, place)
        for key, inner in part.items():
            if are_names or not (key in _LITERAL or str(key).startswith("x-")):
                names = not are_names and key in ("properties", "schemas", "patternProperties")
                inside = f"{place}.{key}" if place else str(key)
                self._check_references(inner, inside, are_names=names)

    def _resolve(self, part: Any, place: str) -> Any:
        """What `part` is, or refers to."""
        seen = []
        while isinstance(part, dict) and isinstance(reference := part.get("$ref"), str):
            if not reference.startswith("#/"):
                _refuse(place, f"a reference to another document: {reference}")
            if reference in seen:
                _refuse(place, f"a reference to itself: {reference}")
            seen.append(reference)
            part = self._document
            for step in reference[2:].split("/"):
                key: Any = step.replace("~1", "/").replace("~0", "~").replace("%7B", "{")
                key = key.replace("%7D", "}")
                if isinstance(part, list) and key.isdigit() and int(key) < len(part):
                    part = part[int(key)]
                elif isinstance(part, dict) and key in part:
                    part = part[key]
                elif isinstance(part, dict) and key.isdigit() and int(key) in part:
                    part = part[int(key)]  # a status that YAML reads as a number
                else:
                    _refuse(place, f"a reference to nothing: {reference}")
        if seen and not isinstance(part, dict):
            _refuse(place, f"a reference to something else than an object: {seen[-1]}")
        return part

    def _is_alias(self, schema: Any) -> bool:
        return isinstance(schema, dict) and "$ref" in schema and not _says(schema)

    def _component(self, reference: str) -> str | None:
        """The plain name of the schema that a reference leads to, if it has one."""
        name = reference.removeprefix(_SCHEMAS)
        given = self._document.get("components", {}).get("schemas", {})
        while name in given and name not in self._names:
            reference = given[name]["$ref"]
            name = reference.removeprefix(_SCHEMAS)
        return self._names.get(name) if reference.startswith(_SCHEMAS) else None

    def _free(self, name: str) -> str:
        """`name`, or one like it, for a class that has its name and its module to itself."""
        ends = ("", "Model", *(f"Model{number}" for number in range(2, 100)))
        for found in (f"{name}{end}" for end in ends):
            class_name = str(ClassName(found, ""))
            module = snake_case(class_name)
            if class_name not in NAMES_IN_MODELS and module not in self._modules:
                self._modules.add(module)
                return found
        raise Unsupported(f"components.schemas.{name}: too many schemas of this name")

    # Paths

    def _path(self, path: str, item: Any) -> dict[str, Any]:
        place = f"paths.{path}"
        if not path.startswith("/"):
            return {}  # an extension
        item = self._resolve(item, place)
        if not isinstance(item, dict):
            _refuse(place, "no path item")
        for method in _OTHER_METHODS:
            if method in item:
                _refuse(f"{place}.{method}", "a method that no client of ours sends")
        return {m: self._operation(path, m, item) for m in item if m in METHODS}

    def _operation(self, path: str, method: str, item: dict[str, Any]) -> dict[str, Any]:
        place = f"paths.{path}.{method}"
        given = item[method]
        if not isinstance(given, dict):
            _refuse(place, "no operation")
        name = given.get("operationId") or snake_case(re.sub(r"\W+", "_", f"{method}{path}"))
        given = {**given, "operationId": name}
        kept = {k: v for k, v in given.items() if k not in ("callbacks", "servers", "externalDocs")}
        kept["parameters"] = [*self._parameters(path, place, item, given, name)]
        if "requestBody" in given:
            kept["requestBody"] = self._body(given["requestBody"], f"{place}.requestBody", name)
        kept["responses"] = {
            str(status): self._answer(answer, f"{place}.responses.{status}", f"{name}_{status}")
            for status, answer in given.get("responses", {}).items()
            if not str(status).startswith("x-")
        }
        if not any(status.startswith("2") for status in kept["responses"]):
            if "default" not in kept["responses"]:
                _refuse(f"{place}.responses", "no answer for a success")
            kept["responses"] = {"2XX": kept["responses"].pop("default"), **kept["responses"]}
        return kept

    def _parameters(
        self, path: str, place: str, item: dict[str, Any], operation: dict[str, Any], name: str
    ) -> Iterable[dict[str, Any]]:
        """All parameters: those of an operation replace those of its path."""
        found = {}
        for where, holder in ((f"paths.{path}", item), (place, operation)):
            seen = set()
            for index, given in enumerate(holder.get("parameters", ())):
                at = f"{where}.parameters[{index}]"
                parameter = self._resolve(given, at)
                if not isinstance(parameter, dict) or not {"name", "in"} <= parameter.keys():
                    _refuse(at, "a parameter without a name or a place")
                key = parameter["in"], parameter["name"]
                if key in seen:
                    _refuse(at, f"the parameter {key[1]} a second time")
                seen.add(key)
                if key[0] != "header" or key[1].lower() not in _IGNORED_HEADERS:
                    found[key] = self._parameter(parameter, at, name)
        in_path = [name for where, name in found if where == "path"]
        for name in in_path:
            if f"{{{name}}}" not in path:
                _refuse(f"{place}.parameters", f"{name} is not in the path")
        for part in path.split("{")[1:]:
            if part.partition("}")[0] not in in_path:
                _refuse(f"{place}.parameters", f"{part.partition('}')[0]} is not described")
        return found.values()

    def _parameter(self, given: dict[str, Any], place: str, operation: str) -> dict[str, Any]:
        where, name = given["in"], given["name"]
        if where not in ("path", "query"):
            _refuse(place, f"a {where} parameter, {name}")
        if "content" in given or "schema" not in given:
            _refuse(place, f"a parameter without a schema, {name}")
        schema = self._inner(given["schema"], f"{place}.schema", f"{operation}_{name}")
        kinds = {*self._kinds(schema)}
        if where == "path":
            if given.get("style", "simple") != "simple" or kinds & {"array", "object"}:
                _refuse(place, f"the path parameter {name} is not one text")
            if not kinds <= {"string"}:
                schema = {"type": "string"}  # ids are text, be they numbers
        else:
            style = given.get("style", "form")
            is_deep = style == "deepObject" and "object" in kinds
            if style != "form" and not is_deep:
                _refuse(place, f"the style {style} of {name}")
            if kinds & {"array", "object"} and given.get("explode", True) is False and not is_deep:
                _refuse(place, f"explode: false of {name}")
            if "" in kinds:
                _refuse(place, f"a value of any kind in a query, {name}")
            if "object" in kinds:
                if not self._is_flat(schema):
                    _refuse(place, f"objects within an object in a query, {name}")
                endpoint = self.spread.setdefault(PythonIdentifier(operation, ""), {})
                endpoint[name] = f"{name}[{{}}]" if is_deep else "{}"
            if given.get("allowReserved"):
                _refuse(place, f"allowReserved of {name}")
        kept = {k: v for k, v in given.items() if k in ("name", "in", "description", "required")}
        form = self.spread.get(PythonIdentifier(operation, ""), {}).get(name)
        return {**kept, "schema": schema, **({"x-spread": form} if form else {})}

    def _is_flat(self, schema: dict[str, Any]) -> bool:
        """Whether a schema is of one kind of object, and holds only scalars."""
        target = self._target(schema)
        members = [m for u in _UNIONS for m in target.get(u, ()) if m != {"type": "null"}]
        target = self._target(members[0]) if len(members) == 1 else target
        values = [*target.get("properties", {}).values()]
        extra = target.get("additionalProperties", {} if not values else False)
        values += [] if extra is False else [extra if isinstance(extra, dict) else {}]
        return target.get("type") == "object" and all(
            {*self._kinds(value)} <= {*_SCALARS} for value in values
        )

    def _body(self, given: Any, place: str, operation: str) -> dict[str, Any]:
        body = self._resolve(given, place)
        types = {str(kind).partition(";")[0].strip(): c for kind, c in body["content"].items()}
        wanted = ["application/json", "multipart/form-data"]
        offered = json.dumps(self._resolve(types.get(wanted[0], {}).get("schema"), place))
        if '"format": "binary"' in offered:
            wanted.reverse()  # a file is no JSON
        chosen = next((kind for kind in wanted if kind in types), None)
        if chosen is None:
            _refuse(f"{place}.content", f"a body of type {', '.join(types)}")
        at = f"{place}.content.{chosen}"
        name = f"{operation}_body"
        schema = self._inner(types[chosen].get("schema", {}), f"{at}.schema", name)
        fields = self._target(schema).get("properties")
        if not fields:
            _refuse(f"{at}.schema", "a body that is not one object with named fields")
        for field, encoding in types[chosen].get("encoding", {}).items():
            is_file = fields.get(field, {}).get("format") == "binary"
            is_json = encoding == {"contentType": "application/json"}
            is_object = "object" in self._kinds(fields.get(field, {}))
            if is_object and encoding in _DEEP and self._is_flat(fields[field]):
                deep = self.deep.setdefault(PythonIdentifier(operation, ""), {})
                deep[field] = f"{field}[{{}}]"
            elif not is_file and not (is_json and is_object):
                _refuse(f"{at}.encoding.{field}", "an encoding of its own for a form field")
        kept = {key: body[key] for key in ("description", "required") if key in body}
        content: dict[str, Any] = {"schema": schema}
        if found := self.deep.get(PythonIdentifier(operation, "")):
            content["x-spread"] = found
        return {**kept, "content": {chosen: content}}

    def _answer(self, given: Any, place: str, name: str) -> dict[str, Any]:
        answer = self._resolve(given, place)
        content: dict[str, Any] = {}
        for kind, value in (answer.get("content") or {}).items():
            short = str(kind).partition(";")[0].strip()
            if short == "application/json" or short.endswith("+json"):
                schema = (value or {}).get("schema", {})
                at = f"{place}.content.{kind}.schema"
                content["application/json"] = {"schema": self._inner(schema, at, name)}
            elif short == "text/event-stream":
                content[short] = {"schema": {"type": "string"}}
            else:
                content["application/octet-stream"] = {
                    "schema": {"type": "string", "format": "binary"}
                }
        kept = {"description": answer.get("description", "")}
        return {**kept, "content": content} if content else kept

    # Schemas

    def _inner(self, given: Any, place: str, name: str) -> dict[str, Any]:
        """A schema inside of another part, where an object must have a name."""
        return self._named(self._schema(given, place, name), name)

    def _named(self, schema: dict[str, Any], name: str) -> dict[str, Any]:
        is_object = schema.get("type") == "object"
        # An enum gets a name of the generator, which must not be one of ours.
        is_taken = "enum" in schema and snake_case(ClassName(name, "")) in self._modules
        if not is_object and not is_taken:
            return schema
        free = self._free(str(ClassName(name, "")))
        self._schemas[free] = schema
        note = {"description": schema["description"]} if "description" in schema else {}
        return {"$ref": _SCHEMAS + free, **note}

    def _target(self, schema: dict[str, Any]) -> dict[str, Any]:
        """What a plain schema is, or refers to."""
        if "$ref" not in schema:
            return schema
        name: str = schema["$ref"].removeprefix(_SCHEMAS)
        self._make(name)
        return self._schemas[name]

    def _make(self, name: str) -> None:
        """Make the plain form of a component, unless that is done or under way."""
        if name in self._waiting:
            given, schema = self._waiting.pop(name)
            merging, self._merging = self._merging, []
            self._made.append(given)
            self._schemas[name] = self._schema(schema, f"components.schemas.{given}", name)
            self._made.pop()
            self._merging = merging

    def _kinds(self, schema: dict[str, Any], seen: tuple[str, ...] = ()) -> Iterator[str]:
        """The kinds of JSON value that fit, "" for any."""
        name = schema.get("$ref", "").removeprefix(_SCHEMAS)
        if name in seen:
            return
        schema = self._target(schema)
        members = [m for union in _UNIONS for m in schema.get(union, ())]
        for member in members:
            yield from self._kinds(member, (*seen, name) if name else seen)
        if not members and ("const" in schema or "enum" in schema):
            yield from {_kind(value) for value in schema.get("enum", [schema.get("const")])}
        elif not members:
            kinds = schema.get("type", "")
            yield from [kinds] if isinstance(kinds, str) else kinds

    def _cut(self, schema: dict[str, Any], held_by: tuple[str, ...]) -> dict[str, Any]:
        """A schema that takes any value where it would hold itself with no object between."""
        name = schema.get("$ref", "").removeprefix(_SCHEMAS)
        if name in held_by:
            return {}
        if name:
            self._cut(self._schemas[name], (*held_by, name))
        for union in _UNIONS:
            if union in schema:
                schema[union] = [self._cut(member, held_by) for member in schema[union]]
        if "items" in schema:
            schema["items"] = self._cut(schema["items"], held_by)
        return schema

    def _schema(self, given: Any, place: str, name: str) -> dict[str, Any]:
        """The plain form of a schema."""
        if given is True:
            return {}
        if not isinstance(given, dict):
            _refuse(place, f"the schema {given!r}")
        schema = {key: value for key, value in given.items() if key not in _DROPPED}
        if not isinstance(schema.get("description", ""), str):
            del schema["description"]
        if schema.get("$recursiveRef") == "#" and self._made:
            schema["$ref"] = _SCHEMAS + self._made[-1]
            del schema["$recursiveRef"]
        if "not" in schema and _only_requires([schema["not"]]):
            del schema["not"]
        if schema.get("format") != "binary":
            schema.pop("format", None)
        is_nullable = schema.pop("nullable", False) is True
        if "$ref" in schema:
            plain = self._reference(schema, place, name)
        elif "allOf" in schema:
            parts = [*schema["allOf"], {k: v for k, v in schema.items() if k != "allOf"}]
            if any(part == {"nullable": True} for part in parts):
                is_nullable = True  # meant so, though strictly it allows no null
            plain = self._schema(self._merged(parts, place), place, name)
        elif any(union in schema for union in _UNIONS):
            plain = self._union(schema, place, name)
        elif "enum" in schema or "const" in schema:
            plain = self._choice(schema, place)
        else:
            plain = self._plain(schema, place, name)
        return self._or_null(plain, name) if is_nullable else plain

    def _or_null(self, plain: dict[str, Any], name: str) -> dict[str, Any]:
        if not plain.keys() - _NOTES or "null" in self._kinds(plain):
            return plain
        if plain.get("type") in _SCALARS and "enum" not in plain:
            return {**plain, "type": [plain["type"], "null"]}
        note = {key: plain[key] for key in plain if key == "description"}
        for union in _UNIONS:
            if union in plain:
                return {**plain, union: [*plain[union], {"type": "null"}]}
        return {**note, "anyOf": [self._named(plain, name), {"type": "null"}]}

    def _reference(self, schema: dict[str, Any], place: str, name: str) -> dict[str, Any]:
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        if _says(beside):
            return self._schema(self._merged([schema], place), place, name)
        component = self._component(schema["$ref"])
        if component is not None:
            return {"$ref": _SCHEMAS + component, **beside}
        if schema["$ref"] in self._merging:
            _refuse(place, f"a reference into what it is part of: {schema['$ref']}")
        self._merging.append(schema["$ref"])
        plain = self._schema({**self._resolve(schema, place), **beside}, place, name)
        self._merging.pop()
        return plain

    def _merged(self, parts: Iterable[Any], place: str) -> dict[str, Any]:
        """Schemas that hold all at once, as one, be it a union."""
        merged: dict[str, Any] = {}
        unions: list[list[Any]] = []
        opened = len(self._merging)
        waiting = [*parts]
        informative = [p for p in waiting if p is not True and (_says(p) or "$ref" in p)]
        if len(informative) == 1 and "$ref" in informative[0] and not _says(informative[0]):
            notes = {k: v for part in waiting for k, v in part.items() if k == "description"}
            return {**informative[0], **notes}
        while waiting:
            part = waiting.pop(0)
            if part is True:
                continue
            if not isinstance(part, dict):
                _refuse(place, f"the schema {part!r}")
            if "$ref" in part:
                if part["$ref"] in self._merging:
                    _refuse(place, f"a reference into what it is part of: {part['$ref']}")
                self._merging.append(part["$ref"])
                beside = {key: value for key, value in part.items() if key != "$ref"}
                target = {**self._resolve(part, place)}
                target.pop("discriminator", None)
                waiting[:0] = [target, beside]
                continue
            waiting[:0] = part.get("allOf", ())
            unions += [part[union] for union in _UNIONS if union in part]
            for key, value in part.items():
                if key not in ("allOf", *_UNIONS):
                    merged[key] = (
                        self._both(key, merged[key], value, place) if key in merged else value
                    )
        del self._merging[opened:]
        unions = [union for union in unions if not _only_requires(union)]
        if not unions:
            return merged
        base = {key: value for key, value in merged.items() if key != "discriminator"}
        if not _says(base) and len(unions) == 1:
            return {**merged, "anyOf": unions[0]}
        members: list[Any] = [base]
        for union in unions:
            members = [{"allOf": [m, each]} for m in members for each in union]
            if len(members) > _MOST_MEMBERS:
                _refuse(place, "the product of too many unions")
        notes = {key: base[key] for key in base if key == "description"}
        return {**notes, "anyOf": members}

    def _both(self, key: str, one: Any, other: Any, place: str) -> Any:
        """The value of a keyword that holds for two schemas."""
        if one == other or key in _NOTES or key.startswith("x-") or key in _DROPPED:
            return one if key != "description" else other
        match key:
            case "properties":
                joined = {
                    name: one[name] if one[name] == other[name] else {"allOf": [one[name], given]}
                    for name, given in other.items()
                    if name in one
                }
                return {**one, **other, **joined}
            case "required":
                return [*one, *(name for name in other if name not in one)]
            case "enum":
                return [value for value in one if value in other] or _refuse_all(place)
            case "type":
                kinds = [each if isinstance(each, list) else [each] for each in (one, other)]
                both = [kind for kind in kinds[0] if kind in kinds[1]]
                return both[0] if len(both) == 1 else both or _refuse_all(place)
            case "additionalProperties":
                return False if False in (one, other) else {"allOf": [one, other]}
            case "items":
                return {"allOf": [one, other]}
            case "format":
                return one
        if key not in _TIGHTER:
            _refuse(place, f"{key} twice in allOf")
        return _TIGHTER[key](one, other)

    def _union(self, schema: dict[str, Any], place: str, name: str) -> dict[str, Any]:
        rest = {k: v for k, v in schema.items() if k not in (*_UNIONS, "discriminator")}
        if rest.get("type") == "object" and "properties" not in rest:
            del rest["type"]  # which the members say
        if _says(rest) or all(union in schema for union in _UNIONS):
            return self._schema(self._merged([schema], place), place, name)
        keyword = next(union for union in _UNIONS if union in schema)
        members: list[dict[str, Any]] = []
        given_members = schema[keyword]
        if not given_members:
            mapping = schema.get("discriminator", {}).get("mapping", {})
            given_members = [{"$ref": reference} for reference in mapping.values()]
        for index, given in enumerate(given_members):
            inner_name = name if len(given_members) == 1 else f"{name}_type_{index}"
            try:
                member = self._inner(given, f"{place}.{keyword}[{index}]", inner_name)
            except Empty:
                continue  # it adds nothing
            nested = next((member[u] for u in _UNIONS if u in member), None)
            members += [m for m in nested or [member] if m not in members]
        if not members:
            _refuse_all(place)
        if len(members) == 1:
            return {**members[0], **rest}
        plain = {**rest, keyword: members}
        if "discriminator" in schema:
            plain["discriminator"] = self._discriminator(schema["discriminator"], members, place)
        return plain

    def _discriminator(
        self, given: dict[str, Any], members: list[dict[str, Any]], place: str
    ) -> dict[str, Any]:
        tag = given["propertyName"]
        objects = [m for m in members if "$ref" in m and self._target(m).get("type") == "object"]
        named = [member["$ref"].removeprefix(_SCHEMAS) for member in objects]
        mapping: dict[Any, str] = {}
        for value, reference in given.get("mapping", {}).items():
            target = self._component(reference if "/" in reference else _SCHEMAS + reference)
            if target is None or target not in named:
                _refuse(f"{place}.discriminator", f"{value} is not of a member of the union")
            mapping[value] = target
        for name in named:
            if name not in mapping.values():
                mapping |= dict.fromkeys(self._tag_values(name, tag) or [name], name)
        class_names = {name: str(ClassName(name, "")) for name in named}
        by_class = {value: class_names[name] for value, name in mapping.items()}
        self.tags[frozenset(class_names.values())] = tag, by_class
        return {
            "propertyName": tag,
            "mapping": {value: _SCHEMAS + name for value, name in mapping.items()},
        }

    def _tag_values(self, name: str, tag: str) -> list[Any]:
        """The values that a schema, plain or not yet, allows for the field that is its tag."""
        given = next((old for old, new in self._names.items() if new == name), None)
        schemas = self._document["components"]["schemas"]
        schema = self._merged([schemas[given]], name) if given else self._schemas[name]
        field = self._merged([schema.get("properties", {}).get(tag, {})], name)
        return [field["const"]] if "const" in field else list(field.get("enum", ()))

    def _choice(self, schema: dict[str, Any], place: str) -> dict[str, Any]:
        values = [schema["const"]] if "const" in schema else [*schema["enum"]]
        if "const" in schema and "enum" in schema and schema["const"] not in schema["enum"]:
            _refuse(place, "a const that is not in the enum")
        given_keys = sorted(schema.keys() - _NOTES - {"const", "enum", "type", "format"})
        narrowing = [k for k in given_keys if not k.startswith("x-") and k not in _OF_ANY_KIND]
        if narrowing:
            _refuse(place, f"{narrowing[0]} beside an enum")
        if not values or not all(_kind(value) for value in values):
            _refuse(place, "an enum of other values than texts, numbers, booleans and null")
        rest = {k: v for k, v in schema.items() if k in _NOTES or k.startswith("x-")}
        kinds = schema.get("type", ())
        has_null = None in values or "null" in kinds
        by_kind: dict[str, list[Any]] = {}
        for value in values:
            found = by_kind.setdefault(_kind(value), [])
            if value is not None and value not in found:
                found.append(value)
        plain: list[dict[str, Any]] = []
        for kind, found in by_kind.items():
            if kind in ("string", "integer") and len(found) > 1:
                plain.append({"type": kind, "enum": found})
            else:
                plain += [{"const": value} for value in found]
        if not plain:
            return {**rest, "type": "null"}
        if len(plain) == 1 and not has_null:
            return {**rest, **({"type": kinds} if isinstance(kinds, str) else {}), **plain[0]}
        if len(plain) == 1 and "enum" in plain[0]:
            both = {"type": [plain[0]["type"], "null"], "enum": [*plain[0]["enum"], None]}
            return {**rest, **both}
        return {**rest, "anyOf": [*plain, *([{"type": "null"}] if has_null else [])]}

    def _plain(self, schema: dict[str, Any], place: str, name: str) -> dict[str, Any]:
        kinds = schema.get("type")
        if kinds is None:
            kinds = next((k for k in ("object", "array") if _OF_KIND[k] & schema.keys()), None)
        if isinstance(kinds, list) and len(kinds) == 1:
            kinds = kinds[0]
        given = {*([kinds] if isinstance(kinds, str) else kinds or ())}
        if unknown := sorted(given - {*_SCALARS, *_OF_KIND}):
            _refuse(place, f"the type {unknown[0]}")
        if len(given) > 1 and given & {*_OF_KIND} and given != {"array", "null"}:
            # One member for each kind, with the keywords that are about it.
            notes = {k: v for k, v in schema.items() if k in _NOTES or k.startswith("x-")}
            members = [
                {
                    key: value
                    for key, value in schema.items()
                    if key not in notes
                    and (key in _OF_KIND.get(kind, ()) or key not in _OF_ANY_KIND)
                }
                | {"type": kind}
                for kind in kinds or ()
            ]
            return self._union({**notes, "anyOf": members}, place, name)
        plain = {**schema, **({"type": kinds} if kinds else {})}
        for limit in ("minimum", "maximum"):
            exclusive = f"exclusive{limit.capitalize()}"  # a flag in 3.0, a limit in 3.1
            if isinstance(plain.get(exclusive), bool) and plain.pop(exclusive):
                plain[exclusive] = plain.pop(limit)
        if "properties" in plain:
            in_python: dict[str, str] = {}
            for key in plain["properties"]:
                other = in_python.setdefault(PythonIdentifier(key, "field_"), key)
                if other != key:
                    _refuse(f"{place}.properties.{key}", f"is the same name in Python as {other}")
            plain["properties"] = {
                key: self._inner(inner, f"{place}.properties.{key}", f"{name}_{key}")
                for key, inner in plain["properties"].items()
            }
        if "array" in given:
            plain["items"] = self._inner(plain.get("items", {}), f"{place}.items", f"{name}_item")
        for key in ("additionalProperties", "propertyNames"):
            if isinstance(plain.get(key), dict):
                plain[key] = self._inner(plain[key], f"{place}.{key}", f"{name}_{key}")
        return plain


def _says(schema: Any) -> bool:
    """Whether a schema has something to say of values, beside what it refers to."""
    notes = {*_NOTES, *_DROPPED, "$ref", "format"}
    return any(key not in notes and not key.startswith("x-") for key in schema)


def _only_requires(members: Iterable[Any]) -> bool:
    """Whether a union only says which fields go together, which is the server's to judge."""
    return all(
        isinstance(member, dict)
        and member.keys() <= {"required", "title", "description", "not", *_UNIONS}
        and _only_requires([part for u in _UNIONS for part in member.get(u, ())])
        and ("not" not in member or _only_requires([member["not"]]))
        for member in members
    )


def _kind(value: Any) -> str:
    for cls, kind in (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (type(None), "null"),
    ):
        if isinstance(value, cls):
            return kind
    return ""


def _refuse_all(place: str) -> NoReturn:
    raise Empty(f"{place}: no value fits")


def _refuse(place: str, problem: str) -> NoReturn:
    raise Unsupported(f"{place}: {problem}")
