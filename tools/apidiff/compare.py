"""Walk two documents side by side, from the operations down to the last field."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from .document import ANY, LIMITS, Alternative, Document, Node, Operation, listed
from .names import class_name, names_of, python_name
from .rules import Judgement, Side, judge

FORMATS_WITH_A_TYPE = {"date", "date-time", "uuid", "binary"}
ANYTHING = set(ANY) - {"null"}


@dataclass(frozen=True)
class Place:
    """A place in a request or an answer: as people find it, and as code reaches it.

    `anchor` is the nearest named schema (or the operation), `inner` the way from there. `model` is
    the nearest one that is a class in Python (unions are not), `attribute` the way from it; `steps`
    is the whole way from the operation.
    """

    operation: Operation
    side: Side
    anchor: str
    inner: str = ""
    steps: tuple[str, ...] = ()
    model: str = ""
    attribute: str = ""

    def __str__(self) -> str:
        return self.anchor + self.inner

    def to(self, mark: str) -> Place:
        """A part of what is here: `.field`, `[]` for items, `{}` for values, `<member>`."""
        return replace(
            self,
            inner=self.inner + mark,
            steps=(*self.steps, mark.lstrip(".")),
            attribute=self.attribute + mark,
        )


@dataclass(frozen=True)
class Finding:
    """One difference. The same one in several operations is one finding with several uses.

    `names` are Python names where the SDK has some; `uses` are operationIds.
    """

    rule: str
    side: Side
    judgement: Judgement
    where: str
    before: str
    after: str
    names: tuple[str, ...]
    uses: tuple[str, ...]


def compare(old: Document, new: Document) -> list[Finding]:
    """What differs between two documents, worst first, each difference once."""
    walk = _Walk(old, new)
    walk.documents()
    order = ("breaking", "widening", "documentation")
    found = [
        Finding(
            rule,
            side,
            judge(rule, side),
            where,
            before,
            after,
            tuple(dict.fromkeys(name for place in places for name in names_of(place))),
            tuple(dict.fromkeys(place.operation.id for place in places)),
        )
        for (rule, side, where, before, after), places in walk.found.items()
    ]
    return sorted(found, key=lambda f: (order.index(f.judgement), f.side, f.where, f.rule))


@dataclass
class _Walk:
    old: Document
    new: Document
    found: dict[tuple[str, Side, str, str, str], list[Place]] = field(default_factory=dict)
    seen: set[tuple[int, int, str, Side, str]] = field(default_factory=set)

    def note(self, rule: str, place: Place, before: object = "", after: object = "") -> None:
        key = (rule, place.side, str(place), str(before), str(after))
        self.found.setdefault(key, []).append(place)

    def within(self, place: Place, component: str | None) -> Place:
        """The same place, told from a named schema."""
        if not component:
            return place
        place = replace(place, anchor=component, inner="")
        is_class = self.new.makes_class(component) or self.old.makes_class(component)
        return replace(place, model=component, attribute="") if is_class else place

    # ---- operations ----------------------------------------------------------------------------

    def documents(self) -> None:
        before, after = self.old.operations(), self.new.operations()
        for key in {**before, **after}:
            old, new = before.get(key), after.get(key)
            if old and new:
                self.operation(old, new)
            elif there := old or new:
                rule = "operation removed" if old else "operation added"
                self.note(rule, Place(there, "request", _title(there)))

    def operation(self, old: Operation, new: Operation) -> None:
        place = Place(new, "request", _title(new))
        if old.id != new.id:
            self.note("operation renamed", place, old.id, new.id)
        self.remarks(old.node, new.node, place)
        self.security(old, new)
        self.parameters(old, new)
        self.request_body(old, new)
        self.responses(old, new)

    def security(self, old: Operation, new: Operation) -> None:
        before, after = _ways_in(self.old, old), _ways_in(self.new, new)
        place = Place(new, "request", "security")
        texts = _way_text(before), _way_text(after)
        if any(not any(b <= a for b in after) for a in before):
            self.note("security stricter", place, *texts)
        if any(not any(a <= b for a in before) for b in after):
            self.note("security looser", place, *texts)

    def parameters(self, old: Operation, new: Operation) -> None:
        before, after = _by_identity(old), _by_identity(new)
        for key in {**before, **after}:
            a, b = before.get(key), after.get(key)
            there = b or a or {}
            name = str(there.get("name"))
            place = Place(new, "request", f"{there.get('in')} parameter ", name, (name,))
            if a is None or b is None:
                kind = "required" if there.get("required") else "optional"
                self.note(f"{kind} parameter added" if b else "parameter removed", place)
                continue
            if key[0] == "path" and python_name(str(a["name"])) != python_name(name):
                self.note("path parameter renamed", place, a["name"], name)
            self.remarks(a, b, place)
            optional = a.get("required") is not True, b.get("required") is not True
            self.schemas(a.get("schema", {}), b.get("schema", {}), place, optional, noted=True)

    def request_body(self, old: Operation, new: Operation) -> None:
        a = self.old.target(old.node.get("requestBody"))
        b = self.new.target(new.node.get("requestBody"))
        place = Place(new, "request", f"{new.id} body")
        if a and b:
            optional = a.get("required") is not True, b.get("required") is not True
            self.contents(a, b, place, optional)
        elif a:
            self.note("body removed", place)
        elif b:
            kind = "required" if b.get("required") else "optional"
            self.note(f"{kind} body added", place)

    def responses(self, old: Operation, new: Operation) -> None:
        before, after = _answers(old), _answers(new)
        for status in sorted(before.keys() ^ after.keys()):
            kind = "success" if status.startswith("2") else "error"
            change = "removed" if status in before else "added"
            self.note(f"{kind} status {change}", Place(new, "response", f"status {status}"))
        pairs = [(status, status) for status in before if status in after]
        successes = [sorted(s for s in x if s.startswith("2")) for x in (before, after)]
        if all(successes) and not set(successes[0]) & set(successes[1]):
            pairs.append((successes[0][0], successes[1][0]))
        for was, now in pairs:
            a, b = self.old.target(before[was]), self.new.target(after[now])
            place = Place(new, "response", self.new.component(after[now]) or f"{new.id} {now}")
            self.remarks(a, b, place)
            if bool(a.get("content")) != bool(b.get("content")):
                self.note("body added" if b.get("content") else "body removed", place)
            else:
                self.contents(a, b, place)

    def contents(
        self, old: Node, new: Node, place: Place, optional: tuple[bool, bool] = (False, False)
    ) -> None:
        before, after = old.get("content") or {}, new.get("content") or {}
        for media in {**before, **after}:
            if media in before and media in after:
                a, b = (x[media].get("schema", {}) for x in (before, after))
                self.schemas(a, b, place, optional)
            else:
                change = "added" if media in after else "removed"
                self.note(f"media type {change}", place, after=media)

    # ---- schemas -------------------------------------------------------------------------------

    def schemas(
        self,
        old: Any,
        new: Any,
        place: Place,
        optional: tuple[bool, bool] = (False, False),
        *,
        noted: bool = False,
    ) -> None:
        """Compare two schemas; `optional` tells whether they may be left out, before and now."""
        outer = place
        named = self.old.component(old), self.new.component(new)
        if all(named):
            place = self.within(outer, named[1])
            self.remarks(old, new, outer)
            self.remarks(self.old.target(old), self.new.target(new), place)
        elif not noted:
            self.remarks(_over(old, self.old.target(old)), _over(new, self.new.target(new)), outer)
        before, after = self.old.alternatives(old), self.new.alternatives(new)
        defaults = _default(old, before), _default(new, after)
        if defaults[0] != defaults[1]:
            self.note("default changed", outer, *defaults)
        kinds = _kinds(before), _kinds(after)
        nullable = _has_null(before), _has_null(after)
        if kinds[0] != kinds[1] and ANYTHING in kinds:
            nullable = False, False  # null is a part of "anything": told as a change of type
        self.presence(optional, nullable, outer, place)
        if not all(kinds):
            return
        if kinds[0] != kinds[1]:
            more, less = kinds[1] - kinds[0], kinds[0] - kinds[1]
            change = "changed" if more and less else "added" if more else "removed"
            self.note(f"type {change}", place, *map(_kind_text, kinds))
        if ANYTHING in kinds:
            return  # anything may stand there, so there are no parts to compare
        for a in before:
            for b in after:
                if a.type == b.type not in {"object", "null"}:
                    self.alternative(a, b, place)
        self.members(
            [a for a in before if a.type == "object"],
            [b for b in after if b.type == "object"],
            place,
        )

    def presence(
        self,
        optional: tuple[bool, bool],
        nullable: tuple[bool, bool],
        outer: Place,
        place: Place,
    ) -> None:
        words = ("required", "optional")
        if optional == (False, True):
            self.note("now optional" + ", was nullable" * nullable[0], outer, *words)
        if optional == (True, False):
            self.note("now required" + ", still nullable" * nullable[1], outer, *words[::-1])
        if nullable == (False, True):
            self.note("now nullable" + ", was optional" * optional[0], place)
        if nullable == (True, False):
            self.note("no longer nullable" + ", still optional" * optional[1], place)

    def members(self, old: list[Alternative], new: list[Alternative], place: Place) -> None:
        if not old or not new:
            return  # told as a change of type
        if len(old) == len(new) == 1:
            self.alternative(old[0], new[0], place)
            return
        before, after = _labelled(old), _labelled(new)
        for label in {**before, **after}:
            a, b = before.get(label), after.get(label)
            if a and b:
                self.alternative(a, b, place.to(f"<{label}>"))
            else:
                change = "added" if b else "removed"
                self.note(f"union member {change}", place, label if a else "", label if b else "")

    def alternative(self, old: Alternative, new: Alternative, place: Place) -> None:
        named = old.component and new.component
        component = new.component or old.component
        if component != place.anchor and (named or new.type == "object"):
            place = self.within(place, component)
        # A pair is looked at once in each use: this also ends the walk of schemas in a circle.
        key = (id(old.schema), id(new.schema), str(place), place.side, place.operation.id)
        if key in self.seen:
            return
        self.seen.add(key)
        a, b = old.schema, new.schema
        if named and (new.type == "object" or "enum" in b):
            classes = class_name(old.component or ""), class_name(new.component or "")
            if classes[0] != classes[1]:
                self.note("model renamed", place, *classes)
        self.values(a, b, place)
        self.limits(a, b, place)
        if new.type == "array":
            self.schemas(a.get("items", {}), b.get("items", {}), place.to("[]"))
        if new.type == "object":
            self.fields(a, b, place)

    def values(self, old: Node, new: Node, place: Place) -> None:
        before, after = ([str(v) for v in listed(x, "enum") if v is not None] for x in (old, new))
        if len(before) == len(after) == 1 and before != after:
            self.note("constant changed", place, before[0], after[0])
        elif not before and after:
            self.note("values listed", place, "any value", ", ".join(after))
        elif before and not after:
            self.note("values no longer listed", place, ", ".join(before), "any value")
        else:
            if more := sorted(set(after) - set(before)):
                self.note("enum value added", place, "", ", ".join(more))
            if less := sorted(set(before) - set(after)):
                self.note("enum value removed", place, ", ".join(less), "")

    def limits(self, old: Node, new: Node, place: Place) -> None:
        for key, direction in LIMITS.items():
            a, b = _number(old.get(key)), _number(new.get(key))
            if a != b:
                tighter = a is None or (b is not None and (b - a) * direction > 0)
                texts = (f"no {key}" if x is None else f"{key} {x}" for x in (a, b))
                self.note("limit tightened" if tighter else "limit loosened", place, *texts)
        for key in ("pattern", "multipleOf"):
            if old.get(key) != new.get(key):
                self.note("pattern changed", place, old.get(key, "none"), new.get(key, "none"))
        formats = old.get("format", "none"), new.get("format", "none")
        if formats[0] != formats[1]:
            typed = " with a Python type" if FORMATS_WITH_A_TYPE.intersection(formats) else ""
            self.note(f"format{typed} changed", place, *formats)

    def fields(self, old: Node, new: Node, place: Place) -> None:
        before, after = old.get("properties") or {}, new.get("properties") or {}
        required = set(listed(old, "required")), set(listed(new, "required"))
        for name in {**before, **after}:
            here = place.to(f".{name}")
            optional = name not in required[0], name not in required[1]
            if name not in after:
                self.note("field removed", here)
            elif name not in before:
                self.note(f"{'optional' if optional[1] else 'required'} field added", here)
            else:
                self.schemas(before[name], after[name], here, optional)
        extra = old.get("additionalProperties", True), new.get("additionalProperties", True)
        closed = extra[0] is False, extra[1] is False
        if closed[0] != closed[1]:
            self.note(f"extra fields {'forbidden' if closed[1] else 'allowed'}", place)
        elif any(isinstance(x, dict) for x in extra):
            a, b = ({} if x is True else x for x in extra)
            self.schemas(a, b, place.to("{}"))
        if "propertyNames" in old or "propertyNames" in new:
            a, b = ({"type": "string", **x.get("propertyNames", {})} for x in (old, new))
            self.schemas(a, b, place.to("{keys}"))

    def remarks(self, old: Node, new: Node, place: Place) -> None:
        if bool(old.get("deprecated")) != bool(new.get("deprecated")):
            self.note("deprecated" if new.get("deprecated") else "no longer deprecated", place)
        if _words(old) != _words(new):
            self.note("description changed", place)


def _title(operation: Operation) -> str:
    return f"{operation.method.upper()} {operation.path}"


def _answers(operation: Operation) -> dict[str, Any]:
    return {str(status): a for status, a in (operation.node.get("responses") or {}).items()}


def _by_identity(operation: Operation) -> dict[tuple[str, str], Node]:
    """Parameters by what makes them the same: a name, or for those in the path the position."""
    positions = re.findall(r"{([^}]*)}", operation.path)
    return {
        (place, str(positions.index(name)) if place == "path" and name in positions else name): node
        for (place, name), node in operation.parameters.items()
    }


def _ways_in(document: Document, operation: Operation) -> set[frozenset[str]]:
    """The ways to be let in, each a set of keys that must all be shown, told by what they are."""
    schemes = document.root.get("components", {}).get("securitySchemes", {})
    found = set()
    for way in operation.node.get("security", document.root.get("security")) or [{}]:
        keys = set()
        for name, scopes in way.items():
            scheme = document.target(schemes.get(name))
            parts = [str(scheme.get(k)) for k in ("type", "scheme", "in", "name") if k in scheme]
            keys |= {" ".join([*parts, *scopes]) or name}
        found.add(frozenset(keys))
    return found


def _way_text(ways: set[frozenset[str]]) -> str:
    return " or ".join(sorted(" and ".join(sorted(way)) or "none" for way in ways))


def _over(node: Any, target: Node) -> Node:
    return {**target, **node} if isinstance(node, dict) else target


def _words(node: Node) -> str:
    text = f"{node.get('summary') or ''} {node.get('description') or ''}"
    return " ".join(text.split())


def _default(node: Any, found: list[Alternative]) -> str:
    schemas = [node if isinstance(node, dict) else {}, *(a.schema for a in found)]
    return next((str(schema["default"]) for schema in schemas if "default" in schema), "none")


def _has_null(found: list[Alternative]) -> bool:
    return any(a.type == "null" for a in found)


def _kinds(found: Iterable[Alternative]) -> set[str]:
    kinds = {a.type for a in found} - {"null"}
    return kinds | {"integer"} if "number" in kinds else kinds


def _kind_text(kinds: set[str]) -> str:
    if kinds == ANYTHING:
        return "anything"
    return " or ".join(sorted(kinds - {"integer"} if "number" in kinds else kinds))


def _number(value: object) -> float | None:
    # A boolean is a flag of OpenAPI 3.0 (exclusiveMinimum); only uniqueItems means it as a limit.
    return value if isinstance(value, int | float) and value is not False else None


def _labelled(found: list[Alternative]) -> dict[str, Alternative]:
    """The members of a union by their tag, else by the name of their schema, else by number."""
    labels: dict[str, Alternative] = {}
    for number, member in enumerate(found, 1):
        properties = member.schema.get("properties") or {}
        tags = [
            str(values[0])
            for name in sorted(properties, key=lambda name: name != "type")
            if len(values := _constants(properties[name])) == 1
        ]
        labels.setdefault(next(iter(tags), member.component or f"member {number}"), member)
    return labels


def _constants(schema: Any) -> list[Any]:
    if not isinstance(schema, dict):
        return []
    return [schema["const"]] if "const" in schema else listed(schema, "enum")
