"""Reading an OpenAPI document, and looking at its schemas as lists of plain alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

Node = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
ANY = ("string", "integer", "number", "boolean", "array", "object", "null")
LIMITS = {
    # Which way is tighter: 1 for a lower bound, -1 for an upper one.
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), 1),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), -1),
    "uniqueItems": 1,
}
# The keys that say what may stand in a place, besides its type; all others are mere remarks.
DEMANDS = {
    *LIMITS,
    *("properties", "required", "additionalProperties", "propertyNames", "items"),
    *("enum", "const", "pattern", "multipleOf", "format"),
}
_SHAPES = {"properties": "object", "required": "object", "items": "array"}


class Unreadable(Exception):
    """The text is no OpenAPI document."""


@dataclass(frozen=True)
class Alternative:
    """One form a value may take: a schema of one type, without references and combinators."""

    type: str
    schema: Node
    component: str | None


@dataclass(frozen=True)
class Operation:
    """One method of one path; its parameters, by place and name, with those of the path."""

    method: str
    path: str
    node: Node
    parameters: dict[tuple[str, str], Node]

    @property
    def id(self) -> str:
        """The operationId, or method and path where there is none."""
        return str(self.node.get("operationId") or f"{self.method.upper()} {self.path}")

    @property
    def tag(self) -> str:
        """The first tag, by which generators sort operations; blank where there is none."""
        return str(next(iter(self.node.get("tags") or []), ""))


@dataclass
class Document:
    """A document whose references can be followed. Broken parts read as empty, not as errors."""

    root: Node
    _alternatives: dict[int, list[Alternative]] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        registry: Registry[Any] = Registry().with_resource(
            "", DRAFT202012.create_resource(self.root)
        )
        self._resolver = registry.resolver()

    @classmethod
    def read(cls, path: Path) -> Document:
        """Read a YAML or JSON file.

        Raises:
            Unreadable: It cannot be opened, or is no OpenAPI document.
        """
        try:
            return cls.parse(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, Unreadable) as problem:
            raise Unreadable(f"{path}: {problem}") from None

    @classmethod
    def parse(cls, text: str) -> Document:
        """Read YAML or JSON text.

        Raises:
            Unreadable: It is no OpenAPI document.
        """
        reader = YAML(typ="safe")
        reader.allow_duplicate_keys = True
        try:
            root = reader.load(text)
        except YAMLError as problem:
            raise Unreadable(f"not YAML: {problem}") from None
        if not isinstance(root, dict) or not isinstance(root.get("paths"), dict):
            raise Unreadable("not an OpenAPI document: it has no paths")
        return cls(root)

    def operations(self) -> dict[tuple[str, str], Operation]:
        """All operations, by method and path with the names of its parameters left out."""
        return {(op.method, re.sub(r"{[^}]*}", "{}", op.path)): op for op in self._operations()}

    def _operations(self) -> Iterator[Operation]:
        for path, item in self.root["paths"].items():
            item = self.target(item)
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    # An operation's own parameter replaces the path's of the same name.
                    given = listed(item, "parameters") + listed(item[method], "parameters")
                    parameters = [self.target(parameter) for parameter in given]
                    named = {(str(p.get("in")), str(p.get("name"))): p for p in parameters}
                    yield Operation(method, path, item[method], named)

    def target(self, node: Any) -> Node:
        """Follow a node's references to the end; anything broken or circular reads as {}."""
        return self._follow(node)[0]

    def component(self, node: Any) -> str | None:
        """The name of the component that a node refers to, or None where it holds it itself."""
        return self._follow(node)[1]

    def makes_class(self, component: str) -> bool:
        """Whether the generator makes a class of a named schema; of a union it makes none."""
        schema = self.target({"$ref": f"#/components/schemas/{component}"})
        made = "enum" in schema or any(a.type == "object" for a in self._own(schema))
        return made and not schema.keys() & {"oneOf", "anyOf"}

    def _follow(self, node: Any) -> tuple[Node, str | None]:
        seen: list[str] = []
        name = None
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            reference: str = node["$ref"]
            if reference in seen:
                return {}, name
            seen.append(reference)
            name = reference.rpartition("/")[2]
            try:
                node = self._resolver.lookup(reference).contents
            except (Unresolvable, ValueError):
                return {}, name
        return (node if isinstance(node, dict) else {}), name

    def alternatives(self, node: Any) -> list[Alternative]:
        """The forms a schema allows, unions and references opened up; null is one of them."""
        if not isinstance(node, dict):
            return [Alternative(kind, {}, None) for kind in ANY] if node is not False else []
        if id(node) not in self._alternatives:
            self._kept.append(node)  # an id is only good for as long as its object lives
            self._alternatives[id(node)] = []  # what a schema that is its own union adds to itself
            self._alternatives[id(node)] = unique(self._open(node))
        return self._alternatives[id(node)]

    def _open(self, node: Node) -> list[Alternative]:
        if "$ref" in node:
            target, name = self._follow(node)
            inner = [
                Alternative(a.type, a.schema, a.component or name)
                for a in self.alternatives(target)
            ]
            beside = {key: node[key] for key in node.keys() & {"type", *DEMANDS}}
            found = merged(self._own(beside), inner) if beside else inner
            return with_null(found) if node.get("nullable") is True else found
        found = self._own(node)
        for member in listed(node, "allOf"):
            nullable = self.target(member).get("nullable") is True
            found = merged(found, self.alternatives(member))
            found = with_null(found) if nullable else found
        for key in ("oneOf", "anyOf"):
            members = [m for m in listed(node, key) if not self._only_demands(m)]
            if members:
                union = [a for member in members for a in self.alternatives(member)]
                found = merged(found, union)
        return with_null(found) if node.get("nullable") is True else found

    def _own(self, node: Node) -> list[Alternative]:
        own = {k: v for k, v in node.items() if k not in {"allOf", "oneOf", "anyOf", "nullable"}}
        if "const" in own:
            own["enum"] = [own.pop("const")]
        return [Alternative(kind, own, None) for kind in types_of(own)]

    def _only_demands(self, member: Any) -> bool:
        # A union of nothing but `required` lists says which fields go together: no form of its own.
        return set(self.target(member)) - {"title", "description"} == {"required"}


def listed(node: Any, key: str) -> list[Any]:
    """The list under a key; empty where there is none, or something else."""
    value = node.get(key) if isinstance(node, dict) else None
    return value if isinstance(value, list) else []


def types_of(schema: Node) -> tuple[str, ...]:
    """The JSON types a schema allows by itself; told from its other keys where it names none."""
    named = schema.get("type")
    if isinstance(named, str):
        return (named,)
    if isinstance(named, list):
        return tuple(named)
    if listed(schema, "enum"):
        return tuple(dict.fromkeys(json_type(value) for value in schema["enum"]))
    return next(((kind,) for key, kind in _SHAPES.items() if key in schema), ANY)


def json_type(value: object) -> str:
    """The JSON type of a value."""
    if isinstance(value, bool):
        return "boolean"
    kinds: dict[type, str] = {str: "string", int: "integer", float: "number", type(None): "null"}
    return kinds.get(type(value), "array" if isinstance(value, list) else "object")


def with_null(found: list[Alternative]) -> list[Alternative]:
    """The same alternatives, null being one of them."""
    if any(a.type == "null" for a in found):
        return found
    return [*found, Alternative("null", {}, None)]


def merged(left: list[Alternative], right: list[Alternative]) -> list[Alternative]:
    """What fits both lists: the combinations of alternatives of the same type."""
    return [
        Alternative(a.type, both(a.schema, b.schema), b.component or a.component)
        for a in left
        for b in right
        if a.type == b.type
    ]


def both(left: Node, right: Node) -> Node:
    """One schema that asks for what two ask for. The first is the outer one: its words count."""
    if not left.keys() & DEMANDS:
        return right
    joined = {**right, **left}
    if "properties" in left or "properties" in right:
        joined["properties"] = {
            **cast(Node, right.get("properties") or {}),
            **cast(Node, left.get("properties") or {}),
        }
        joined["required"] = listed(left, "required") + listed(right, "required")
    return joined


def unique(found: list[Alternative]) -> list[Alternative]:
    """At most one alternative of each type, except for objects, which may be many."""
    kept: dict[str, Alternative] = {}
    objects = []
    for alternative in found:
        kind = alternative.type
        if kind == "object":
            objects.append(alternative)
        elif kind in kept and "enum" in kept[kind].schema:
            kept[kind] = joined_values(kept[kind], alternative)
        else:
            kept.setdefault(kind, alternative)
    return [*objects, *kept.values()]


def joined_values(left: Alternative, right: Alternative) -> Alternative:
    """Two alternatives of a scalar type as one: all their values, or any where one lists none."""
    if "enum" not in right.schema:
        return right
    values = list(dict.fromkeys(left.schema["enum"] + right.schema["enum"]))
    return Alternative(left.type, {**right.schema, "enum": values}, None)
