"""What `resource.py.jinja` asks about the methods that callers use: names, arguments, docstrings.

All of it is read from the document. By rule: a resource is a tag, and its place is where its paths
begin. Where a rule is not enough, a mark says it:

    operation   x-resource, x-method, x-alias (another name of the method), x-effect,
                x-positional (fields before the `*`), x-features,
                x-options (a TypedDict of the settings), x-raises (errors by name),
                x-answer-id: unchecked (the answer may have another id than the one asked for),
                x-openai (methods of the openai package that do more: `poll` names those that wait
                for the run, `stream` those that read its events, `settle` those that wait while
                what they return is in progress, `upload` those that upload its files before)
    tag         x-resources (descriptions of resources that operations name)
    schema      x-accepts (a type of the types module), x-default
    top level   x-features, x-callbacks (the methods of an event handler: what each takes, and a
                summary)
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import takewhile
from textwrap import wrap
from typing import Any, Final, NamedTuple

from model_code import Unsupported
from openapi_python_client.strings import ClassName, safe_for_docstring, sanitize, snake_case
from plain_document import METHODS
from schema_code import walk

_MARKS: Final = {
    "x-alias",
    "x-answer-id",
    "x-effect",
    "x-features",
    "x-method",
    "x-openai",
    "x-options",
    "x-positional",
    "x-raises",
    "x-resource",
    "x-vendor-operation-id",
}
_EFFECTS: Final = ("read", "repeatable", "create")
_SCALARS: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
PACKAGE: Final = "laplas_api"
_FEATURES: Final = {
    "max_items": {
        "lists": True,
        "type": ["integer", "null"],
        "minimum": 1,
        "description": "The most items that iteration hands out. None hands out all.",
    }
}
"""What every list can do, whether or not the document says so."""
_TAKEN: Final = {
    *("AssistantStreamManager", "AsyncAssistantStreamManager", "AsyncHandlerT", "HandlerT"),
    *("AsyncBinaryContent", "AsyncCarrier", "AsyncEventStream", "AsyncPages", "Any"),
    *("BinaryContent", "Call", "CallOptions", "Carrier"),
    *("Checker", "EventStream", "Iterable", "Json", "Literal", "Mapping", "Page"),
    *("PreparedRequest", "RawResponse", "TypedDict", "Unpack", "Unset", "bind"),
    *("cached_property", "forms", "models", "overload", "page_query", "segment"),
}
"""Names in the modules of resources that no class and no function there can have."""
_FIRST: Final = ("create", "list", "retrieve", "update", "delete")
"""The methods that come first in a class; the others follow as in the document."""
_FORMS: Final = {"prepare", "with_raw_response", "with_streaming_response"}
"""What every class of methods has beside them."""
_WIDTH: Final = 100
_DEEPEST: Final = 20
"""Of the types within a type."""
_TYPES: Final = (
    "AsyncBinaryContent",
    "AsyncEventStream",
    "AsyncPages",
    "BinaryContent",
    "CallOptions",
    "EventStream",
    "Page",
    "PreparedRequest",
    "RawResponse",
)
"""What every resource may need of the types module."""
_TYPES_OF_HELPERS: Final = (
    "AssistantStreamManager",
    "AsyncAssistantStreamManager",
    "AsyncHandlerT",
    "HandlerT",
)

_HELPED: Final[dict[str, tuple[str, ...]]] = {
    "poll": (
        "poll_interval_ms: float | None | NotGiven = None",
        "poll_deadline: float = 900.0",
    ),
    "stream": ("event_handler: {0}HandlerT | None | NotGiven = None",),
    "settle": (
        "poll_interval_ms: float | None | NotGiven = None",
        "max_wait_seconds: float | NotGiven = 1800.0",
    ),
}
_HELPED["upload"] = _HELPED["settle"]
"""What the methods that `x-openai` names take besides, by what they do."""


class Argument(NamedTuple):
    """One argument of a method."""

    name: str
    key: str
    """Its name in the body or in the URL."""
    type: str
    text: str
    default: str = ""
    """Python code; empty where the argument must be given."""

    def declare(self, type_: str = "", default: str | None = None) -> str:
        """Write it as in a signature."""
        default = self.default if default is None else default
        return f"{self.name}: {type_ or self.type}" + (f" = {default}" if default else "")


class ResourceCode:
    """The resources of one document.

    Args:
        document: The document.
        types_module: The module of the types that the document does not have.
        extended: Models that this module extends.
    """

    def __init__(
        self, document: Mapping[str, Any], types_module: str, extended: Iterable[str]
    ) -> None:
        marks = {mark for part in walk(document) for mark in part} & {"x-accepts", "x-features"}
        self.types_module = types_module if marks else f"{PACKAGE}.carried"
        """A document without our marks is not that of the wrapper, which has these types."""
        self._depth = 0
        classes = {str(ClassName(name, "")) for name in document["components"]["schemas"]}
        self.extended = classes.intersection(extended if marks else ())
        self._document = document
        self.features: dict[str, dict[str, Any]] = _FEATURES | document.get("x-features", {})
        found = [
            (path, method, item)
            for path, item in document.get("paths", {}).items()
            for method in METHODS
            if method in item
        ]
        self._classes = {str(ClassName(_resource(p, item[m]), "")) for p, m, item in found}
        self.operations = [Operation(self, *each) for each in found]
        texts: dict[str, str] = {}
        for tag in document.get("tags", ()):
            said = {tag["name"]: tag.get("description", "")} | tag.get("x-resources", {})
            texts |= {_python(name): text for name, text in said.items()}
        names = dict.fromkeys([*texts, *(o.resource for o in self.operations)])
        groups = {name: [o for o in self.operations if o.resource == name] for name in names}
        self.resources = [
            Resource(self, name, texts.get(name) or "", found)
            for name, found in groups.items()
            if found
        ]
        tags = {_python(operation.tag) for operation in self.operations}
        self.tops = [r for r in self.resources if r.name in tags or r.parent is None]
        """What is reached from the client itself."""
        self.roots = [r for r in self.resources if r.parent is None]
        """What does not lie below another resource."""
        self.callbacks: dict[str, dict[str, Any]] = document.get("x-callbacks", {})

    @property
    def imported(self) -> str:
        """The names that modules import from the types module."""
        accepted = {a for o in self.operations for a in o.accepted}
        of_helpers = _TYPES_OF_HELPERS if any(o.helpers for o in self.operations) else ()
        names = sorted({*_TYPES, *of_helpers, *self.extended, *accepted})
        return ", ".join(f"{n} as {self.accepted(n)}" if n in self._classes else n for n in names)

    def accepted(self, name: str) -> str:
        """What modules call a type of the types module; a resource may have its name."""
        return f"{name}Argument" if name in self._classes else name

    def resolve(self, part: Any) -> Any:
        """Follow references; what stands beside one goes before what it leads to."""
        while "$ref" in part:
            found: Any = self._document
            for step in part["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            part = {**found, **{key: value for key, value in part.items() if key != "$ref"}}
        return part

    def type_of(self, schema: Any) -> str:
        """The type of an argument, with None where the schema has null."""
        types = dict.fromkeys(self._types(schema))
        if "Any" in types:
            return "Any"
        return " | ".join(sorted(types, key=lambda t: (t == "None", t.startswith("Mapping["))))

    def is_nullable(self, schema: Any) -> bool:
        """Whether the schema has null."""
        return "None" in self._types(schema)

    def _types(self, schema: Any) -> list[str]:
        if self._depth > _DEEPEST:
            return ["Any"]  # a schema that holds itself
        self._depth += 1
        found = self._types_of(schema)
        self._depth -= 1
        return found

    def _types_of(self, schema: Any) -> list[str]:
        found = self.resolve(schema)
        name = schema["$ref"].rpartition("/")[2] if "$ref" in schema else ""
        accepts = found.get("x-accepts", "Id")
        if accepts != "Id":
            nullable = "None" in self._types({k: v for k, v in found.items() if k != "x-accepts"})
            return [self.accepted(accepts), *(["None"] if nullable else [])]
        for union in ("oneOf", "anyOf"):
            if union in found:
                return [t for part in found[union] for t in self._types(part)]
        if "const" in found or "enum" in found:
            if name and "enum" in found and isinstance(found["enum"][0], str):
                return [f"models.{ClassName(name, '')}"]
            values = found["enum"] if "enum" in found else [found["const"]]
            if isinstance(values[0], float):
                return ["float"]
            return [f"Literal[{', '.join(map(repr, values))}]"]
        kinds = found.get("type", "object" if "properties" in found else None)
        types = [
            t
            for kind in (kinds if isinstance(kinds, list) else [kinds])
            for t in self._types_of_kind(kind, found, name)
        ]
        return [*types, "None"] if found.get("nullable") else types

    def _types_of_kind(self, kind: str | None, schema: Any, name: str) -> list[str]:
        if schema.get("format") == "binary":
            return ["bytes", "tuple[str, bytes]"]
        match kind:
            case "null":
                return ["None"]
            case "array":
                return [f"Iterable[{self.type_of(schema.get('items', {}))}]"]
            case "object" if "properties" in schema:
                return [*([f"models.{ClassName(name, '')}"] if name else []), "Mapping[str, Any]"]
            case "object":
                values = schema.get("additionalProperties", True)
                inner = self.type_of(values) if isinstance(values, dict) else "Any"
                return [f"Mapping[str, {inner}]"]
            case None:
                return ["Any"]
        return [_SCALARS[kind]]


class Operation:
    """One operation: all that its call and its methods are made from."""

    def __init__(self, code: ResourceCode, path: str, method: str, item: Any) -> None:
        raw = item[method]
        self.id: str = raw["operationId"]
        self._code = code
        self._raw = raw
        self.http = method.upper()
        self.path = path
        self.accepted: set[str] = set()
        self.place = f"paths.{path}.{method}"
        for mark in raw.keys() - _MARKS:
            if mark.startswith("x-") and (near := get_close_matches(mark, _MARKS, 1, 0.8)):
                raise Unsupported(f"{self.place}.{mark}: unknown; {near[0]} is meant?")
        self.function = _python(self.id)
        if self.function in _TAKEN:
            self.function += "_"
        self.resource = _resource(path, raw)
        self.tag: str = (raw.get("tags") or [self.resource])[0]
        self.class_name = str(ClassName(self.resource, ""))
        self.names_method = "x-method" in raw
        self.method: str = raw.get("x-method") or self._method_name()
        self.alias: str = raw.get("x-alias", "")
        """Another name of the method."""
        self.effect: str = raw.get("x-effect") or self._guess_effect()
        if self.effect not in _EFFECTS:
            raise Unsupported(f"{self.place}: the effect {self.effect}")
        self.updates = self.effect == "repeatable" and method != "delete" and path.endswith("}")
        parameters = raw["parameters"]
        queries = [p for p in parameters if p["in"] == "query"]
        self.is_list = method == "get" and {"limit", "after"} <= {p["name"] for p in queries}
        in_path = [p for p in parameters if p["in"] == "path"]
        in_path.sort(key=lambda p: path.find(f"{{{p['name']}}}"))
        self.ids = [Argument(_python(p["name"]), p["name"], "str", _text(p)) for p in in_path]
        success = min(status for status in raw["responses"] if status.startswith("2"))
        answer = raw["responses"][success].get("content", {})
        self.streams = answer.keys() >= {"text/event-stream", "application/json"}
        self._read_body(raw.get("requestBody"))
        self._read_answer(answer)
        self.query = [
            self._argument(p["name"], p["schema"], _text(p), p.get("required", False), "None")
            for p in queries
        ]
        self.features = [
            Argument(name, name, code.type_of(f), _text(f), repr(f.get("default")))
            for name, f in self._features.items()
        ]
        taken = {
            "checker",
            "models",
            "options",
            "segment",
            "self",
            *(a.name for a in self.features),
        }
        taken |= {"page_size"} if self.is_list else set()
        for arguments in (self.ids, self.fields, self.query):
            for index, argument in enumerate(arguments):
                name = argument.name
                while name in taken:
                    name += "_"
                taken.add(name)
                arguments[index] = argument._replace(name=name)

    # Names

    def _method_name(self) -> str:
        verb, _, rest = _python(self.id).partition("_")
        noun = _singular(self.resource)
        is_noun = _singular(rest) == noun or _singular(rest).endswith(f"_{noun}")
        return verb if is_noun and not keyword.iskeyword(verb) else _python(self.id)

    def _guess_effect(self) -> str:
        if self.http == "GET":
            return "read"
        repeatable = self.http in ("DELETE", "PUT") or self.path.endswith("}")
        return "repeatable" if repeatable else "create"

    @property
    def _features(self) -> dict[str, dict[str, Any]]:
        known = self._code.features
        named = self._raw.get("x-features", ())
        if missing := [name for name in named if name not in known]:
            raise Unsupported(f"{self.id}: the feature {missing[0]} is not described")
        if self.is_list and "max_items" not in known:
            raise Unsupported(f"{self.id}: a list, but the feature max_items is not described")
        lists = [name for name in known if self.is_list and known[name].get("lists")]
        return {name: known[name] for name in [*lists, *named]}

    # Arguments

    def _read_body(self, body: Any) -> None:
        self.body: str | None = None
        self.is_form = self.needs_body = False
        self.spread: dict[str, str] | None = None
        self.fields: list[Argument] = []
        if body is None:
            self.streams = False
            return
        ((media_type, content),) = body["content"].items()
        self.is_form = media_type == "multipart/form-data"
        self.spread = content.get("x-spread")
        self.needs_body = bool(body.get("required"))
        self.body = content["schema"]["$ref"].rpartition("/")[2]
        schema = self._code.resolve(content["schema"])
        self.streams = self.streams and "stream" in schema["properties"]
        required = schema.get("required", ())
        for name, field in schema["properties"].items():
            self.fields.append(self._argument(name, field, _text(field), name in required))
        missing = {*self._raw.get("x-positional", ())} - {a.key for a in self.fields}
        if missing:
            raise Unsupported(f"{self.id}: x-positional names {sorted(missing)[0]}, no field")

    def _argument(
        self, key: str, schema: Any, text: str, required: bool, absent: str = "NOT_GIVEN"
    ) -> Argument:
        found = self._code.resolve(schema)
        if found.get("x-accepts", "Id") != "Id":
            self.accepted.add(found["x-accepts"])
        name, type_ = _python(key), self._code.type_of(schema)
        if self.streams and key == "stream":
            return Argument(name, key, "bool", text, "False")
        if "x-default" in found and not self.updates:
            return Argument(name, key, type_, text, repr(found["x-default"]))
        if required:
            return Argument(name, key, type_, text)
        # In a body None is null, which may clear something; a query has no null.
        if absent == "NOT_GIVEN":
            type_ += " | NotGiven"
        elif not self._code.is_nullable(schema):
            type_ += " | None"
        return Argument(name, key, type_, text, absent)

    @property
    def _in_front(self) -> list[Argument]:
        named = self._raw.get("x-positional", ())
        return [next(a for a in self.fields if a.key == key) for key in named]

    def positional(self, openai: bool = False) -> list[Argument]:
        """The arguments that need no keyword, in one of the two spellings."""
        return [*(self.ids[-1:] if openai else self.ids), *self._in_front]

    def keywords(self, openai: bool = False) -> list[Argument]:
        """The arguments that need a keyword, in one of the two spellings."""
        others = self.ids[:-1] if openai else []
        fields = [a for a in self.fields if a not in self._in_front]
        if not self.is_list:
            return [*others, *fields, *self.query, *self.features]
        limit = next(a for a in self.query if a.key == "limit")
        size = limit._replace(name="page_size")
        again = "Another name for `page_size`, as in the API; give one of them."
        query = [a for a in self.query if a is not limit]
        first = [a for a in self.features if a.name == "max_items"]
        rest = [a for a in self.features if a.name != "max_items"]
        return [*others, *fields, size, *first, *query, limit._replace(text=again), *rest]

    def signature(self, openai: bool = False, stream: bool | None = None) -> list[str]:
        """The arguments as they are declared; `stream` makes one of the two overloads."""
        keywords = [self._declare(a, stream) for a in self.keywords(openai)]
        return [
            *(a.declare() for a in self.positional(openai)),
            *(["*"] if keywords else []),
            *keywords,
        ]

    @property
    def helpers(self) -> dict[str, list[str]]:
        """The methods that `x-openai` names, by what they do, as in `_HELPED`."""
        named: dict[str, list[str]] = self._raw.get("x-openai", {})
        if unknown := named.keys() - _HELPED.keys():
            raise Unsupported(f"{self.place}.x-openai: {sorted(unknown)[0]}")
        return named

    @property
    def uploads_one(self) -> bool:
        """Whether what is uploaded for it is one file."""
        return any(a.name == "file_id" for a in self.positional())

    def helper_signature(self, kind: str, prefix: str, openai: bool) -> list[str]:
        """The arguments of such a method as they are declared."""
        added = [line.format(prefix) for line in _HELPED[kind]]
        names = {line.partition(":")[0] for line in added} | {"stream"}
        if kind == "upload":
            names |= {"file_id", "files"}
            added += [] if self.uploads_one else ["max_concurrency: int = 5"]
        keywords = [a.declare() for a in self.keywords(openai) if a.name not in names]
        first = [a.declare() for a in self.positional(openai) if a.name not in names]
        if kind == "upload":
            first += ["*", "file: File" if self.uploads_one else "files: Iterable[File]"]
            return [*first, *keywords, *added]
        if kind == "poll" and self.http == "GET":  # where the package takes all ids without a name
            first, keywords = [*first, *keywords], []
        return [*first, "*", *keywords, *added]

    def helper_arguments(self, kind: str) -> str:
        """The arguments as these methods hand them to the function that makes the call."""
        left_out = {"stream"} | ({"files"} if kind == "upload" else set())
        given = [f"{a.name}={a.name}" for a in self.keywords() if a.name not in left_out]
        stream = ["stream=True"] if kind == "stream" else []
        first = [a.name for a in self.positional()]
        if kind == "upload" and self.uploads_one:
            first[-1] = '"file"'  # until it has an id
        return ", ".join([*first, *given, *stream])

    def _declare(self, argument: Argument, stream: bool | None) -> str:
        if argument.name != "stream" or not self.streams or stream is None:
            return argument.declare()
        return argument.declare(f"Literal[{stream}]", "" if stream else "False")

    @property
    def arguments(self) -> str:
        """The arguments as the methods hand them to the function that makes the call."""
        keywords = [f"{a.name}={a.name}" for a in self.keywords()]
        return ", ".join([*(a.name for a in self.positional()), *keywords])

    @property
    def settings(self) -> list[Argument]:
        """The fields of the TypedDict that `x-options` names."""
        skipped = {"stream"} if self.streams else set()
        features = {a.name for a in self.features}
        return [a for a in self.keywords() if a.name not in skipped | features]

    @property
    def settings_name(self) -> str:
        """The name of this TypedDict, or nothing."""
        return str(self._raw.get("x-options", ""))

    # The call

    @property
    def path_code(self) -> str:
        """The path as Python code."""
        if not self.ids:
            return f'"{self.path}"'
        names = {a.key: f"{{segment({a.name})}}" for a in self.ids}
        path = re.sub(r"{([^}]+)}", lambda found: names[found[1]], self.path)
        return f'f"{path}"'

    @property
    def body_code(self) -> str:
        """The checked body as Python code."""
        values = {a.key: a.name for a in self.fields}
        if self.streams and "stream" in values:
            values["stream"] = "stream or NOT_GIVEN"
        pairs = ", ".join(f'"{key}": {value}' for key, value in values.items())
        code = f'checker.body("{self.body}", {{{pairs}}})'
        if self.spread:
            code = f"spread({code}, {self.spread})"
        return code if self.needs_body else f"{code} or None"

    @property
    def query_code(self) -> str:
        """The checked query as Python code."""
        query = [a for a in self.query if not (self.is_list and a.key == "limit")]
        values = "{" + ", ".join(f'"{a.key}": {a.name}' for a in query) + "}"
        renamed = ", ".join(f'"{a.key}": "{a.name}"' for a in query if a.name != a.key)
        names = f", names={{{renamed}}}" if renamed else ""
        if self.is_list:
            return f'page_query(checker, "{self.id}", page_size, limit, max_items, {values}{names})'
        return f'checker.query("{self.id}", {values}{names})'

    @property
    def effect_code(self) -> str:
        """The effect as Python code; a stream that is lost cannot be had again."""
        if self.streams and self.effect != "create":
            return f'"create" if stream else "{self.effect}"'
        return f'"{self.effect}"'

    @property
    def features_code(self) -> str:
        """The features as Python code."""
        return "{" + ", ".join(f'"{a.name}": {a.name}' for a in self.features) + "}"

    # The answer

    def _read_answer(self, answer: Any) -> None:
        schema = answer.get("application/json", {}).get("schema", {})
        self._answer = schema.get("$ref", "").rpartition("/")[2]
        found = self._code.resolve(schema)
        properties = found.get("properties", {})
        if self.is_list:
            item = self._code.resolve(properties.get("data", {})).get("items", {})
            found_item = self._code.resolve(item)
            self.is_list = found_item.get("type") == "object"
            if self.is_list:
                self._answer = item["$ref"].rpartition("/")[2]
                properties = found_item.get("properties", {})
        name = str(ClassName(self._answer, ""))
        self.model, self.result = f"models.{name}", f"models.{name}"
        if name in self._code.extended:
            self.result = self._code.accepted(name)
        self.is_binary = "application/octet-stream" in answer and "application/json" not in answer
        if "application/json" not in answer:
            self.model = self.result = "bytes"
        elif not self.is_list and found.get("type") != "object":
            self.model, self.result = "Json", "Any"
        self.has_id = not self.is_list and "id" in properties
        named = [f'"{a.name}": {a.name}' for a in self.ids if a.name in properties]
        self.parents = "{" + ", ".join(named) + "}" if named else ""
        self.empty = ""
        if self.http == "DELETE" and self.ids and properties:
            values = {
                key: self.ids[-1].name if key == "id" else repr(properties[key].get("const", True))
                for key in found.get("required", ())
            }
            self.empty = "{" + ", ".join(f'"{k}": {v}' for k, v in values.items()) + "}"

    @property
    def answer_id(self) -> str:
        """The argument whose value the answer must have for its id, or nothing."""
        if not self.ids or not self.has_id or self._raw.get("x-answer-id") == "unchecked":
            return ""
        own = self.path[: self.path.rindex("}") + 1]
        same = own == self.path or any(
            o.path == own and o.http == "GET" and o._answer == self._answer
            for o in self._code.operations
        )
        return self.ids[-1].name if same else ""

    # Docstrings

    @property
    def summary(self) -> str:
        """What the operation does, as one sentence without its stop."""
        text = self._raw.get("summary") or _python(self.id).replace("_", " ").capitalize()
        return " ".join(safe_for_docstring(text).split()).rstrip(".")

    def docstring(self, indentation: int) -> str:
        """The docstring of the sync method."""
        lines = [f"{self.summary}.", ""]
        text = safe_for_docstring(self._raw.get("description", "").strip())
        for paragraph in re.split(r"\n\s*\n", text):
            lines += [*_wrapped(paragraph, _WIDTH - indentation), ""]
        listed = [(a.name, a.text) for a in (*self.positional(), *self.keywords())]
        module = self._code.types_module.removesuffix(".types")
        listed.append(("**options", f"See `{module}.CallOptions`."))
        lines += ["Args:", *_listed(listed, _WIDTH - indentation), ""]
        if self.is_list:
            text = "The first page; iterating over it goes on through all that follow."
            lines += ["Returns:", f"    {text}", ""]
        lines += ["Raises:", *_listed(self._raises(), _WIDTH - indentation)]
        return _quoted(lines, indentation)

    def _raises(self) -> list[tuple[str, str]]:
        found = {"InvalidArgumentError": "An argument is wrong; nothing was sent."}
        found |= self._raw.get("x-raises", {})
        ids = [*self.ids, *(a for a in self.fields if a.type == "str" and a.name.endswith("_id"))]
        nouns = [a.name.removesuffix("_id").replace("_", " ") for a in ids]
        if nouns:
            text = " or ".join(filter(None, [", ".join(nouns[:-1]), nouns[-1]]))
            found["NotFoundError"] = f"There is no such {text}."
        for feature in self._features.values():
            found |= feature.get("raises", {})
        rest = "Something else went wrong"
        if self.is_list:
            found["PaginationError"] = "While iterating: the server's cursor does not move."
            rest += "; ``cursor`` says where to go on"
        elif self.effect == "create":
            rest += "; ``may_have_taken_effect`` says whether it may be done all the same"
        return [*found.items(), ("APIError", f"{rest}.")]


class Resource:
    """One class of methods, with its other forms."""

    def __init__(
        self, code: ResourceCode, name: str, text: str, operations: list[Operation]
    ) -> None:
        self._code = code
        self.name = _python(name)
        self.class_name = str(ClassName(name, ""))
        self.description = text.strip() or f"The resource ``{name}``."
        methods = [o.method for o in operations]
        said = {o.method for o in operations if o.names_method}
        for operation in operations:
            if methods.count(operation.method) > 1 and operation.method not in said:
                operation.method = operation.function
        methods = [o.method for o in operations]
        if twice := sorted({m for m in methods if methods.count(m) > 1}):
            raise Unsupported(f"{name}: the method {twice[0]} twice; say x-method")
        place = {m: _FIRST.index(m) for m in methods if m in _FIRST}
        self.operations = sorted(operations, key=lambda o: place.get(o.method, len(_FIRST)))
        self.base = _common(o.path for o in operations)

    @property
    def parent(self) -> Resource | None:
        """The resource below which the paths of this one begin."""
        above = [
            r
            for r in self._code.resources
            if 0 < len(r.base) < len(self.base) and self.base[: len(r.base)] == r.base
        ]
        return max(above, key=lambda r: len(r.base), default=None)

    @property
    def children(self) -> list[tuple[str, Resource]]:
        """The resources below this one, with their names there."""
        taken = {o.method for o in self.operations} | _FORMS
        found = []
        for child in self._code.resources:
            if child.parent is self:
                short = _python(child.base[-1])
                found.append((child.name if short in taken else short, child))
                taken.add(short)
        return found

    @property
    def bound_id(self) -> str:
        """The first argument, where all methods share it as the id of what they are about."""
        firsts = {o.ids[0].name for o in self.operations if o.ids}
        is_below = self.parent is not None and all(o.ids for o in self.operations)
        return firsts.pop() if is_below and len(firsts) == 1 else ""

    def docstring(self, text: str, indentation: int = 4) -> str:
        """A docstring of one paragraph."""
        return _quoted(_wrapped(safe_for_docstring(text), _WIDTH - indentation - 3), indentation)

    def settings_docstring(self, operation: Operation) -> str:
        """The docstring of a TypedDict."""
        listed = [(a.name, a.text) for a in operation.settings]
        first = f"What `{self.class_name}.{operation.method}` takes by keyword, as a dict."
        return _quoted([first, "", "Attributes:", *_listed(listed, _WIDTH - 4)], 4)


def _resource(path: str, operation: Mapping[str, Any]) -> str:
    """The resource's name in Python: of its tag, or of where the path begins."""
    segments = [s for s in path.split("/") if s and not s.startswith("{")]
    tag = next(iter(operation.get("tags") or segments or ["api"]))
    name = _python(str(operation.get("x-resource") or tag))
    return f"{name}_resource" if {name, str(ClassName(name, ""))} & _TAKEN else name


def _common(paths: Iterable[str]) -> tuple[str, ...]:
    """The fixed segments with which all of these paths begin."""
    split = [[s for s in path.split("/") if s and not s.startswith("{")] for path in paths]
    same = takewhile(lambda segments: len({*segments}) == 1, zip(*split, strict=False))
    return tuple(segments[0] for segments in same)


def _python(name: str) -> str:
    """A name as Python writes it; one that hides a builtin stays as it is in the API."""
    found = snake_case(sanitize(name))
    return f"{found}_" if keyword.iskeyword(found) or not found.isidentifier() else found


def _singular(name: str) -> str:
    for ending, singular in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss")):
        if name.endswith(ending):
            return name.removesuffix(ending) + singular
    return name.removesuffix("s")


def _text(part: Mapping[str, Any]) -> str:
    return " ".join(safe_for_docstring(part.get("description", "")).split())


def _wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    return wrap(
        " ".join(text.split()),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _listed(entries: Iterable[tuple[str, str]], width: int) -> list[str]:
    """The lines of a section such as Args."""
    return [
        line
        for name, text in entries
        for line in _wrapped(f"{name}: {text}", width, " " * 4, " " * 8)
    ]


def _quoted(lines: list[str], indentation: int) -> str:
    if len(lines) > 1 or lines[-1].endswith('"'):
        lines = [*lines, ""]
    pad = "\n" + " " * indentation
    return '"""' + re.sub(r"[ \t]+\n", "\n", pad.join(lines)) + '"""'
