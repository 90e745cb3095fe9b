"""The parts of a generated model that need thought: types, read expressions, union tables.

`regenerate.py` hands a `ModelCode` to the templates as `code`. What the templates cannot generate
well is refused here with `Unsupported`, so that a document never turns into a silently wrong model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap
from typing import Any, NamedTuple

from openapi_python_client.parser.bodies import Body, BodyType
from openapi_python_client.parser.openapi import Endpoint, GeneratorData
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.literal_enum_property import LiteralEnumProperty
from openapi_python_client.parser.properties.model_property import ModelProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.schema import Response
from openapi_python_client.strings import safe_for_docstring

_SCALARS = (
    AnyProperty,
    BooleanProperty,
    ConstProperty,
    FileProperty,
    FloatProperty,
    IntProperty,
    LiteralEnumProperty,
    NoneProperty,
    StringProperty,
)
# Upstream writes `type_` and so on to spare the builtins. No model body uses these, and every
# reader of this API writes `part.type`.
_BUILTINS_FREE_TO_SHADOW = {"bytes_", "input_", "object_", "type_"}
NAMES_IN_MODELS = {
    "Any",
    "File",
    "Literal",
    "Mapping",
    "MissingField",
    "Model",
    "Self",
    "Sequence",
    "UnknownVariant",
    "Unset",
}
# The most known texts that a value is compared with while reading: see `_shared`.
_MOST_SHARED = 4
_TAKEN_IN_MODELS = {
    "additional_keys",
    "additional_properties",
    "extra",
    "from_dict",
    "get",
    "is_set",
    "items",
    "keys",
    "self",
    "to_dict",
    "values",
}
"""What a property is not called, since the class or its constructor has that name."""


class Unsupported(Exception):
    """The document says something for which no sound model can be written."""


class Table(NamedTuple):
    """How the members of one union are told apart: `members` maps a tag value to a class."""

    name: str
    tag: str
    members: dict[str, str]


class ModelCode:
    """Answers the questions of `model.py.jinja` about the models of one document."""

    def __init__(
        self,
        openapi: GeneratorData,
        tags: Mapping[frozenset[str], tuple[str, Mapping[Any, str]]],
        spread: Mapping[str, Mapping[str, str]],
        deep: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._tags = tags
        self.spread = spread
        self.deep = deep
        self._models = {str(model.class_info.name): model for model in openapi.models}
        endpoints = [e for c in openapi.endpoint_collections_by_tag.values() for e in c.endpoints]
        bodies = [body for endpoint in endpoints for body in endpoint.bodies]
        sent = self._reachable(body.prop for body in bodies)
        received = self._reachable(response.prop for e in endpoints for response in e.responses)
        self._requests = sent - received
        forms = {name for body in bodies if _is_form(body) for name in _models_in(body.prop)}
        for name, model in self._models.items():
            kinds = {type(p) for prop in self.properties(model) for p in _inner(prop)}
            if name in (sent | received) - forms and FileProperty in kinds:
                raise Unsupported(f"components.schemas.{name}: a file outside of a form")

    def is_request(self, model: ModelProperty) -> bool:
        """Whether the model is only ever sent, so that its values can be typed strictly."""
        return str(model.class_info.name) in self._requests

    def is_map(self, model: ModelProperty) -> bool:
        """Whether the schema is a free map (no properties), which becomes a `dict` subclass."""
        return not self.properties(model)

    def page_item(self, model: ModelProperty) -> str:
        """The type of the items of a page that has no cursors, which `for` is to yield; or ""."""
        found = {p.name.get_untrusted_value(): p for p in self.properties(model)}
        data = found.get("data")
        if "next_page" not in found or not isinstance(data, ListProperty) or not data.required:
            return ""
        return self.annotation(data.inner_property, model)

    def map_value(self, model: ModelProperty) -> str:
        """The type of the values of a map."""
        extra = self._find(model).additional_properties
        built = ModelProperty | LiteralEnumProperty
        if extra is None or any(isinstance(p, built) for p in _inner(extra)):
            return "Any"  # the values stay as they came
        return self.annotation(extra, model)

    def required(
        self, model: ModelProperty, *, consts_last: bool = False
    ) -> list[PropertyProtocol]:
        """The required properties in the order of the document.

        Args:
            consts_last: Put those with a fixed value last, as arguments with a default must be.
        """
        found: list[PropertyProtocol] = [*(self._find(model).required_properties or ())]
        return sorted(found, key=lambda p: isinstance(p, ConstProperty)) if consts_last else found

    def optional(self, model: ModelProperty) -> list[PropertyProtocol]:
        """The properties that may be absent, in the order of the document."""
        return [*(self._find(model).optional_properties or ())]

    def properties(self, model: ModelProperty) -> list[PropertyProtocol]:
        """All properties of a model, the required ones first."""
        return self.required(model) + self.optional(model)

    def default(self, prop: PropertyProtocol) -> str:
        """The default of a required attribute: a fixed value need not be given."""
        if isinstance(prop, ConstProperty):
            return f" = {prop.value.python_code.as_unembedded_code()}"
        return ""

    def docstring(self, text: object, indentation: int) -> str:
        """A docstring that is wrapped to fit into the line length."""
        lines: list[str] = []
        for line in safe_for_docstring(text).strip().splitlines():
            wrapped = wrap(line, 94 - indentation, break_long_words=False, break_on_hyphens=False)
            lines += wrapped or [""]
        # A closing line of its own also keeps a last word in quotes apart from the quotes.
        if len(lines) > 1 or lines[-1].endswith('"'):
            lines.append("")
        between = "\n" + " " * indentation
        return f'"""{between.join(lines)}"""'

    def attribute(self, prop: PropertyProtocol) -> str:
        """The Python name of a property."""
        name = str(prop.python_name)
        if name in _TAKEN_IN_MODELS:
            return f"{name}_"
        return name[:-1] if name in _BUILTINS_FREE_TO_SHADOW else name

    def annotation(self, prop: PropertyProtocol, model: ModelProperty) -> str:
        """The type of a property of `model`.

        Requests also take plain dicts and tuples. Anything that a server can send may be an enum
        value or a union member that is newer than this code.
        """
        return " | ".join(self._types(prop, self.is_request(model)))

    def reader(self, prop: PropertyProtocol, source: str) -> str:
        """An expression for the value of `prop` made from the JSON value `source`.

        It is `source` itself where nothing has to be built. A value of another kind than the
        document says is kept as it is: one odd field must not cost the rest of the answer.
        """
        return self._reader(prop, source, _table_name(prop))

    def is_form(self, body: Body) -> bool:
        """Whether a body is sent as a form, else as JSON; others cannot be sent."""
        if body.body_type not in (BodyType.FILES, BodyType.JSON):
            raise Unsupported(f"a request body of type {body.body_type}")
        return _is_form(body)

    def may_stream(self, endpoint: Endpoint) -> bool:
        """Whether the answer may be an event stream, which is not for `_parse_response`."""
        answers = [r.data for r in endpoint.responses if isinstance(r.data, Response)]
        kinds = {kind.get_untrusted_value() for answer in answers for kind in answer.content or ()}
        return "text/event-stream" in kinds

    def tables(self, model: ModelProperty) -> list[Table]:
        """The tables for the unions of several models among the properties of `model`."""
        found = (self._table(prop, _table_name(prop)) for prop in self.properties(model))
        return [table for table in found if table]

    def imports(self, model: ModelProperty) -> list[tuple[str, str]]:
        """(module, class) of the models that `model` builds while reading."""
        direct = {m for prop in self.properties(model) for m in _models_in(prop)}
        own = str(model.class_info.name)
        return sorted(
            (str(self._models[name].class_info.module_name), name) for name in direct - {own}
        )

    def nested(self, model: ModelProperty) -> list[tuple[str, str]]:
        """(module, class) of the models that the readers of `model` call as `_read_module`."""
        code = " ".join(self.reader(prop, "value") for prop in self.properties(model))
        names = {name for prop in self.properties(model) for name in _models_in(prop)}
        modules = ((str(self._models[name].class_info.module_name), name) for name in names)
        return sorted(found for found in modules if f"_read_{found[0]}(" in code)

    def enum_imports(self, model: ModelProperty) -> list[tuple[str, str]]:
        """(module, alias) of the enums that occur in the annotations of `model`."""
        infos = [e.class_info for prop in self.properties(model) for e in _enums_in(prop)]
        return sorted({(str(info.module_name), str(info.name)) for info in infos})

    def _find(self, model: ModelProperty) -> ModelProperty:
        # Unions and lists hold unprocessed copies of their models.
        return self._models[str(model.class_info.name)]

    def _reachable(self, props: Iterable[PropertyProtocol]) -> set[str]:
        names: set[str] = set()
        waiting = [name for prop in props for name in _models_in(prop)]
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                waiting += [n for p in self.properties(self._models[name]) for n in _models_in(p)]
        return names

    def _types(self, prop: PropertyProtocol, request: bool) -> list[str]:
        match prop:
            case ModelProperty():
                types = [str(prop.class_info.name), *(["Mapping[str, Any]"] if request else [])]
            case LiteralEnumProperty():
                types = [str(prop.class_info.name), *([] if request else ["str"])]
            case ListProperty():
                inner = " | ".join(self._types(prop.inner_property, request))
                types = [f"{'Sequence' if request else 'list'}[{inner}]"]
            case UnionProperty() if self._is_opaque(prop):
                types = ["Any"]
            case UnionProperty():
                inners = [t for p in prop.inner_properties for t in self._types(p, request)]
                if len(_members(prop)) > 1:
                    inners.append("UnknownVariant")
                types = sorted(dict.fromkeys(inners), key="None".__eq__)
            case ConstProperty() if isinstance(prop.value.raw_value, float):
                types = ["float"]  # a Literal holds none
            case _:
                types = [prop.get_type_string(no_optional=True).as_unembedded_code()]
        return types

    def _reader(self, prop: PropertyProtocol, source: str, table_name: str) -> str:
        match prop:
            case ModelProperty():
                info = prop.class_info
                build = info.name if self.is_map(prop) else f"_read_{info.module_name}"
                return f"{build}({source}) if isinstance({source}, dict) else {source}"
            case ListProperty():
                item = self._reader(prop.inner_property, "item", table_name)
                if item == "item":
                    return source
                # Skipping empty lists, which are many, saves a tenth of the time of a message. A
                # list of one, as most are, is written out: no room to grow, and no loop.
                only = self._reader(prop.inner_property, f"{source}[0]", table_name)
                items = f"[{only}] if len({source}) == 1 else [{item} for item in {source}]"
                return f"({items}) if {source} and isinstance({source}, list) else {source}"
            case UnionProperty():
                return self._union_reader(prop, source, table_name)
            case ConstProperty() | LiteralEnumProperty():
                return _shared(prop, source)
            case _ if isinstance(prop, _SCALARS):
                return source
        raise Unsupported(
            f"{prop.python_name}: {type(prop).__name__}; describe it as a plain string"
        )

    def _union_reader(self, prop: UnionProperty, source: str, table_name: str) -> str:
        if self._is_opaque(prop):
            return source
        lists = [p for p in prop.inner_properties if isinstance(p, ListProperty)]
        models = _members(prop)
        texts = [p for p in prop.inner_properties if isinstance(p, LiteralEnumProperty)]
        if len(models) > 1:
            other = f"{table_name}({source})"
        elif models or (texts and not lists):
            other = self._reader((models or texts)[0], source, table_name)
        else:
            other = source
        if not lists:
            return other
        of_list = self._reader(lists[0], source, table_name)
        return of_list.removesuffix(source) + other if of_list != source else other

    def _is_opaque(self, prop: UnionProperty) -> bool:
        """Whether nothing tells the members apart, so that a value stays as it came.

        Raises:
            Unsupported: the document says what tells them apart, and it does not.
        """
        lists = [p for p in prop.inner_properties if isinstance(p, ListProperty)]
        models = _members(prop)
        if len(lists) > 1:
            return True
        if lists and len(models) != 1 and any(_members(p) for p in _unions_in(lists[0])):
            return bool(models)  # one name for the tables of both
        return len(models) > 1 and self._tag(models) is None

    def _table(self, prop: PropertyProtocol, name: str) -> Table | None:
        match prop:
            case ListProperty():
                return self._table(prop.inner_property, name)
            case UnionProperty() if self._is_opaque(prop):
                return None
            case UnionProperty() if len(models := _members(prop)) > 1:
                tag = self._tag(models)
                return Table(name, *tag) if tag else None
            case UnionProperty():
                tables = (self._table(inner, name) for inner in prop.inner_properties)
                return next((table for table in tables if table), None)
        return None

    def _tag(self, models: list[ModelProperty]) -> tuple[str, dict[str, str]] | None:
        """The field that tells the members of a union apart, and the class for each value."""
        names = [str(model.class_info.name) for model in models]
        if said := self._tags.get(frozenset(names)):
            return said[0], {repr(value): name for value, name in said[1].items()}
        fields = [
            {
                p.name.get_untrusted_value(): _values(p)
                for p in self._find(model).required_properties or ()
                if isinstance(p, ConstProperty | LiteralEnumProperty)
            }
            for model in models
        ]
        for tag in fields[0]:
            if all(tag in each for each in fields):
                pairs = [(v, n) for each, n in zip(fields, names, strict=True) for v in each[tag]]
                if len(dict(pairs)) == len(pairs):
                    return tag, {repr(value): name for value, name in pairs}
        return None


def _table_name(prop: PropertyProtocol) -> str:
    return f"_parse_{prop.python_name}"


def _shared(prop: ConstProperty | LiteralEnumProperty, source: str) -> str:
    """`source`, but a text that is known becomes the one in the code, which all objects share.

    Numbers stay apart, as 1 equals True; so do the texts of long enums, not to be slow.
    """
    texts = sorted(repr(value) for value in _values(prop) if isinstance(value, str))
    if len(texts) > _MOST_SHARED:
        return source
    return "".join(f"{text} if {source} == {text} else " for text in texts) + source


def _values(prop: ConstProperty | LiteralEnumProperty) -> list[Any]:
    return [prop.value.raw_value] if isinstance(prop, ConstProperty) else sorted(prop.values)


def _is_form(body: Body) -> bool:
    return body.body_type == BodyType.FILES


def _inner(prop: PropertyProtocol) -> Iterator[PropertyProtocol]:
    if isinstance(prop, ListProperty):
        yield from _inner(prop.inner_property)
    elif isinstance(prop, UnionProperty):
        for inner in prop.inner_properties:
            yield from _inner(inner)
    else:
        yield prop


def _unions_in(prop: PropertyProtocol) -> Iterator[UnionProperty]:
    if isinstance(prop, ListProperty):
        yield from _unions_in(prop.inner_property)
    elif isinstance(prop, UnionProperty):
        yield prop


def _members(union: UnionProperty) -> list[ModelProperty]:
    return [p for p in union.inner_properties if isinstance(p, ModelProperty)]


def _models_in(prop: PropertyProtocol) -> set[str]:
    return {str(p.class_info.name) for p in _inner(prop) if isinstance(p, ModelProperty)}


def _enums_in(prop: PropertyProtocol) -> list[LiteralEnumProperty]:
    return [p for p in _inner(prop) if isinstance(p, LiteralEnumProperty)]
