# Generated from openapi.yaml by tools/codegen/regenerate.py; do not edit.
"""Checks of what callers pass in, before any I/O. Each error names the argument.

The rules are the tables of `schemas`. Each is compiled into functions on first use, because a walk
through its dicts at every call would cost more than the request's JSON.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn
from urllib.parse import unquote

from .schemas import MAX_ID, OPERATIONS, SCHEMAS
from .types import Model

Check = Callable[[Any, str], Any]
"""Takes a value and the name of the argument, and returns the value as JSON has it."""

_PLAIN_ID: Final = re.compile(rf"[A-Za-z0-9_-]{{1,{MAX_ID}}}", re.ASCII)
_NAMES: Final = {
    "string": "a str",
    "integer": "an int",
    "number": "a number",
    "boolean": "True or False",
    "array": "a list",
    "object": "a dict",
    "binary": "bytes",
}
_KINDS: Final[dict[type, str]] = {
    str: "string",
    bytes: "binary",
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
    list: "array",
    tuple: "array",
    type(None): "null",
}
_NOT_GIVEN: Final = ("NotGiven", "Omit")
"""The types of what is not given, by name: ours, and those of the openai package."""
_LONGEST_SHOWN: Final = 40


class InvalidArgument(ValueError):
    """An argument that cannot be sent.

    Attributes:
        argument: Its name, with the way to the part that is wrong: ``"tools[2].function.name"``.
        problem: What is wrong.
    """

    is_expected = True

    def __init__(self, argument: str, problem: str) -> None:
        super().__init__(f"{argument}: {problem}")
        self.argument = argument
        self.problem = problem

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.argument, self.problem)


class Checker:
    """Checks arguments and turns them into JSON: models into dicts, iterables into lists.

    Args:
        error: Makes the exception for an argument and what is wrong with it.
        converters: Functions by the names that the document gives to arguments with more forms
            than JSON has, such as files. Each takes the value and the name of the argument.
    """

    def __init__(
        self,
        error: Callable[[str, str], Exception] = InvalidArgument,
        converters: Mapping[str, Check] | None = None,
    ) -> None:
        self._error = error
        self._converters: dict[str, Check] = {"Id": self.id, **(converters or {})}
        self._named: dict[str, Check] = {}
        self._fields: dict[str, dict[str, Check]] = {}
        self._queries: dict[str, dict[str, tuple[str, Check, bool, str]]] = {}

    def id(self, value: object, argument: str) -> str:
        """Check an id that is to stand in a path.

        Ids are opaque (servers use several forms), so only what could reach another resource, or
        nothing, is refused: empty, dots, slashes (percent-encoded too), outer blanks, control
        characters and lone surrogates.
        """
        if type(value) is str and _PLAIN_ID.fullmatch(value):
            return value
        text = self._text(value, argument)
        decoded = unquote(text)
        if not decoded.strip():
            self.refuse(argument, "must not be empty")
        if len(text) > MAX_ID:
            self.refuse(argument, f"is over {MAX_ID:,} characters")
        if not decoded.isprintable() or text != text.strip():
            self.refuse(argument, "must not contain outer blanks or control characters")
        if decoded.strip() in {".", ".."} or "/" in decoded or "\\" in decoded:
            self.refuse(argument, f"{_shown(text)} would address another resource")
        return text

    def body(self, schema: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Check the fields of a body, which are arguments of a call.

        Args:
            schema: The name of the body's schema.
            fields: The fields by name; None is null, and NOT_GIVEN is not sent.
        """
        known = self._fields.get(schema) or self._compile_fields(schema)
        body = {}
        name = ""
        try:
            for name, value in fields.items():
                if type(value).__name__ in _NOT_GIVEN:
                    continue
                try:
                    check = known[name]
                except KeyError:
                    raise TypeError(f"{schema} has no field {name!r}") from None
                body[name] = check(value, name)
        except RecursionError:
            self._refuse_depth(name)
        self._complete(body, SCHEMAS[schema], "")
        return body

    def query(
        self, operation: str, values: Mapping[str, Any], *, names: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """Check query parameters and return them by their names in the URL.

        Args:
            operation: The id of the operation.
            values: The parameters by their names in Python or in the URL; None is not given.
            names: What errors call a parameter, where that is not its own name.
        """
        known = self._queries.get(operation) or self._compile_query(operation)
        query: dict[str, Any] = {}
        given: set[str] = set()
        for argument, value in values.items():
            if value is None or type(value).__name__ in _NOT_GIVEN:
                continue
            try:
                name, check, _, spread = known[argument]
            except KeyError:
                raise TypeError(f"{operation} has no query parameter {argument!r}") from None
            at = names.get(argument, argument) if names else argument
            checked = check(value, at)
            if not spread:
                query[name] = checked
                continue
            for key, item in checked.items():
                if (key := spread.format(key)) in query or key in known:
                    self.refuse(f"{at}.{key}", "is the name of another parameter")
                query[key] = item
            given.add(name)
        for argument, (name, _, is_required, _) in known.items():
            if is_required and name not in query and name not in given:
                self.refuse(argument, "is missing")
        return query

    def value(self, schema: Mapping[str, Any], value: Any, argument: str) -> Any:
        """Check one value by a schema, given as in the tables of `schemas`."""
        try:
            return self._compile(schema)(value, argument)
        except RecursionError:
            self._refuse_depth(argument)

    def refuse(self, argument: str, problem: str) -> NoReturn:
        """Raise the error for an argument."""
        raise self._error(argument, problem)

    # Compiling

    def _compile_fields(self, schema: str) -> dict[str, Check]:
        made = {
            n: self._compile(inner) for n, inner in SCHEMAS[schema].get("properties", {}).items()
        }
        self._fields[schema] = made
        return made

    def _compile_query(self, operation: str) -> dict[str, tuple[str, Check, bool, str]]:
        table = OPERATIONS[operation]
        made = {}
        for name, schema in table.query.items():
            is_required, spread = name in table.required_query, schema.get("spread", "")
            found = name, self._compile(schema), is_required, spread
            made[name] = made[schema.get("argument", name)] = found
        self._queries[operation] = made
        return made

    def _compile(self, schema: Mapping[str, Any]) -> Check:
        if "ref" in schema:
            check = self._by_name(schema["ref"])
        elif "anyOf" in schema:
            check = self._any_of(schema["anyOf"])
        elif "tag" in schema:
            check = self._tagged(schema["tag"], schema["mapping"])
        elif schema.get("format") == "binary":
            check = self._binary
        elif "enum" in schema or "const" in schema:
            check = self._choice(schema)
        else:
            check = self._by_type(schema)
        convert = self._converters.get(schema.get("accepts", ""))
        return check if convert is None else _converted(convert, check, _is_nullable(schema))

    def _by_name(self, name: str) -> Check:
        made = self._named.get(name)
        if made is not None:
            return made
        # Looked up when it is called, since a schema may hold itself.
        self._named[name] = lambda value, at: self._named[name](value, at)
        try:
            made = self._compile(SCHEMAS[name])
        except BaseException:
            del self._named[name]
            raise
        self._named[name] = made
        return made

    def _by_type(self, schema: Mapping[str, Any]) -> Check:
        kinds = schema.get("type")
        if kinds is None:
            return self._json
        if not isinstance(kinds, str):
            alone = [{**schema, "type": kind} for kind in kinds]
            return self._any_of(alone) if len(alone) > 1 else self._by_type(alone[0])
        match kinds:
            case "string":
                return self._string(schema)
            case "integer" | "number":
                return self._number(schema, kinds == "integer")
            case "boolean":
                return self._boolean
            case "null":
                return self._null
            case "array":
                return self._array(schema)
        return self._object(schema)

    def _any_of(self, schemas: Iterable[Mapping[str, Any]]) -> Check:
        """Choose by the kind of value; of several schemas for one kind the first that fits."""
        by_kind: dict[str, list[Check]] = {}
        for schema in schemas:
            check = self._compile(schema)
            for kind in _kinds_of(schema):
                by_kind.setdefault(kind, []).append(check)
        if "number" in by_kind:
            by_kind.setdefault("integer", by_kind["number"])
        names = [name for kind, name in _NAMES.items() if kind in by_kind]
        if "number" in by_kind and "an int" in names:
            names.remove("an int")
        allowed = _either(names)

        def check_any(value: Any, at: str) -> Any:
            found = by_kind.get(_kind(value))
            if found is None:
                self.refuse(at, f"must be {allowed}, not {_type_name(value)}")
            for check in found[:-1]:
                try:
                    return check(value, at)
                except RecursionError:
                    raise
                except (LookupError, TypeError, ValueError):
                    continue
            return found[-1](value, at)

        return check_any

    def _tagged(self, tag: str, mapping: Mapping[str, str]) -> Check:
        members = {value: self._by_name(name) for value, name in mapping.items()}

        def check_tagged(value: Any, at: str) -> Any:
            given = self._mapping(value, at)
            kind = given.get(tag)
            if not isinstance(kind, str):
                self.refuse(at, f"must have a {tag!r}, as in the API")
            # Servers add kinds at any time: one that is unknown here goes as it is.
            return members.get(kind, self._json)(given, at)

        return check_tagged

    def _choice(self, schema: Mapping[str, Any]) -> Check:
        values = [schema["const"]] if "const" in schema else schema["enum"]
        # With the type, since True is 1.
        allowed = {(type(value), value) for value in values}
        if "null" in _kinds_of(schema):
            allowed.add((type(None), None))
        names = _either([repr(value) for value in values if value is not None])

        def check_choice(value: Any, at: str) -> Any:
            try:
                if (type(value), value) in allowed:
                    return value
                if isinstance(value, str) and (str, str.__str__(value)) in allowed:
                    return str.__str__(value)  # the value of an Enum, not its name
            except TypeError:  # a value without a hash
                pass
            self.refuse(at, f"must be {names}, not {_shown(value)}")

        return check_choice

    def _string(self, schema: Mapping[str, Any]) -> Check:
        least, most = schema.get("minLength", 0), schema.get("maxLength", math.inf)
        pattern = None
        if "pattern" in schema:
            # Only in Python does "$" also match before a newline at the end.
            pattern = re.compile(re.sub(r"(?<!\\)\$$", r"\\Z", schema["pattern"]))

        def check_string(value: Any, at: str) -> str:
            text = self._text(value, at)
            if not least <= len(text) <= most:
                if len(text) > most:
                    self.refuse(at, f"is over {most:,} characters")
                if least == 1:
                    self.refuse(at, "must not be empty")
                self.refuse(at, f"must have at least {least:,} characters")
            if pattern is not None and not pattern.search(text):
                self.refuse(at, f"must match {schema['pattern']}")
            return text

        return check_string

    def _number(self, schema: Mapping[str, Any], is_integer: bool) -> Check:
        least, most = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
        above = schema.get("exclusiveMinimum", -math.inf)
        below = schema.get("exclusiveMaximum", math.inf)
        kinds = int if is_integer else (int, float)
        if most == math.inf:
            range_ = f"{least:,} or more"
        elif least == -math.inf:
            range_ = f"{most:,} or less"
        else:
            range_ = f"from {least:,} to {most:,}"

        def check_number(value: Any, at: str) -> Any:
            if not isinstance(value, kinds) or isinstance(value, bool):
                name = "an int" if is_integer else "a number"
                self.refuse(at, f"must be {name}, not {_type_name(value)}")
            if not least <= value <= most:
                self.refuse(at, f"must be {range_}, not {_shown(value)}")
            if value <= above != -math.inf or value >= below != math.inf:
                limit = f"over {above:,}" if value <= above else f"under {below:,}"
                self.refuse(at, f"must be {limit}, not {_shown(value)}")
            if not is_integer and not math.isfinite(value):
                self.refuse(at, f"must be finite, not {value}")
            return value

        return check_number

    def _array(self, schema: Mapping[str, Any]) -> Check:
        least, most = schema.get("minItems", 0), schema.get("maxItems", math.inf)
        check_item = self._compile(schema["items"]) if "items" in schema else self._json

        def check_array(value: Any, at: str) -> list[Any]:
            if _kind(value) != "array":
                self.refuse(at, f"must be a list, not {_type_name(value)}")
            items = [check_item(item, f"{at}[{index}]") for index, item in enumerate(value)]
            if not least <= len(items) <= most:
                if least == 1 and not items:
                    self.refuse(at, "must not be empty")
                bound = f"at most {most:,}" if len(items) > most else f"at least {least:,}"
                self.refuse(at, f"must have {bound} items, not {len(items):,}")
            return items

        return check_array

    def _object(self, schema: Mapping[str, Any]) -> Check:
        extra = schema.get("additionalProperties", {})
        if "properties" not in schema:
            return self._map(schema, extra or {})
        required = schema.get("required", ())
        known = {
            name: (self._compile(inner), name in required or _is_nullable(inner))
            for name, inner in schema["properties"].items()
        }
        check_extra = self._json if extra is False else self._compile(extra)

        def check_object(value: Any, at: str) -> dict[str, Any]:
            given = self._mapping(value, at)
            is_read = isinstance(given, _Read)
            if extra is False and not is_read:
                unknown = ", ".join(sorted(_shown(key).strip("'") for key in given.keys() - known))
                if unknown:
                    self.refuse(at, f"has unknown keys: {unknown}")
            made = {}
            for key, item in given.items():
                if key in known:
                    check, takes_none = known[key]
                    if is_read:
                        if item is None and not takes_none:
                            continue
                        item = _as_read(item)
                    elif type(item).__name__ in _NOT_GIVEN:
                        continue
                    made[key] = check(item, f"{at}.{key}")
                else:
                    made[self._key(key, at)] = check_extra(item, f"{at}[{_shown(key)}]")
            self._complete(made, schema, f"{at}.")
            return made

        return check_object

    def _map(self, schema: Mapping[str, Any], values: Mapping[str, Any]) -> Check:
        most = schema.get("maxProperties", math.inf)
        longest = schema.get("propertyNames", {}).get("maxLength", math.inf)
        check_item = self._compile(values)

        def check_map(value: Any, at: str) -> dict[str, Any]:
            given = self._mapping(value, at)
            if len(given) > most:
                self.refuse(at, f"must have at most {most} pairs, not {len(given)}")
            made = {}
            for key, item in given.items():
                name = self._key(key, at)
                if len(name) > longest:
                    self.refuse(f"{at} key", f"{name[:20]!r}... is over {longest} characters")
                made[name] = check_item(item, f"{at}[{_shown(name, 80)}]")
            return made

        return check_map

    # Checking

    def _refuse_depth(self, argument: str) -> NoReturn:
        # Outside of the handler of the RecursionError, whose traceback has a thousand frames.
        try:
            self.refuse(argument, "is nested too deeply, or holds itself")
        except Exception as error:
            raise error from None

    def _complete(self, made: dict[str, Any], schema: Mapping[str, Any], at: str) -> None:
        """Add defaults, and refuse an object without a required field."""
        for name in schema.get("required", ()):
            if name not in made:
                inner = schema.get("properties", {}).get(name, {})
                if "default" not in inner:
                    self.refuse(f"{at}{name}", "is missing")
                made[name] = inner["default"]

    def _text(self, value: object, at: str) -> str:
        if not isinstance(value, str):
            self.refuse(at, f"must be a str, not {_type_name(value)}")
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                # Not from within: the error holds the whole text.
                is_text = False
            else:
                is_text = True
            if not is_text:
                self.refuse(at, "contains a lone surrogate")
        return value

    def _key(self, key: object, at: str) -> str:
        return key if type(key) is str and key.isascii() else self._text(key, f"{at} key")

    def _boolean(self, value: Any, at: str) -> bool:
        if not isinstance(value, bool):
            self.refuse(at, f"must be True or False, not {_type_name(value)}")
        return value

    def _null(self, value: Any, at: str) -> None:
        if value is not None:
            self.refuse(at, f"must be None, not {_type_name(value)}")

    def _binary(self, value: Any, at: str) -> tuple[Any, ...]:
        if isinstance(value, bytes):
            return "file", value
        # A converter may add the type, and make of the content what can be read piece by piece.
        if isinstance(value, tuple) and (len(value) == 3 or isinstance(value[-1], bytes)):
            return self._text(value[0], f"{at} name"), *value[1:]
        self.refuse(at, f"must be bytes or (name, bytes), not {_type_name(value)}")

    def _mapping(self, value: Any, at: str) -> Mapping[Any, Any]:
        if isinstance(value, Mapping) and not isinstance(value, Model):
            return value
        if not hasattr(type(value), "to_dict"):
            self.refuse(at, f"must be a dict, not {_type_name(value)}")
        return _Read(value.to_dict())

    def _json(self, value: Any, at: str) -> Any:
        """Copy any JSON value."""
        kind = _kind(value)
        match kind:
            case "string":
                return self._text(value, at)
            case "null" | "boolean" | "integer":
                return value
            case "number":
                if not math.isfinite(value):
                    self.refuse(at, f"must be finite, not {value}")
                return value
            case "object":
                items = self._mapping(value, at).items()
                return {
                    self._key(key, at): self._json(item, f"{at}[{_shown(key)}]")
                    for key, item in items
                }
            case "array" if isinstance(value, list | tuple):
                return [self._json(item, f"{at}[{index}]") for index, item in enumerate(value)]
        self.refuse(at, f"cannot be written as JSON: {_type_name(value)}")


class _Read(dict[str, Any]):
    """What a model holds, which a server may have sent.

    It may have fields that are newer than this code, and null where requests take none; in a dict
    of yours these are mistakes.
    """


def _as_read(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_read(item) for item in value]
    return _Read(value) if isinstance(value, dict) else value


def _converted(convert: Check, check: Check, takes_none: bool) -> Check:
    def check_converted(value: Any, at: str) -> Any:
        if value is None and takes_none:
            return None
        return check(convert(value, at), at)

    return check_converted


def _is_nullable(schema: Mapping[str, Any]) -> bool:
    return "null" in _kinds_of(schema)


def _kinds_of(schema: Mapping[str, Any], seen: tuple[str, ...] = ()) -> set[str]:
    """The kinds of JSON value that a schema has something to say of."""
    if "ref" in schema:
        name = schema["ref"]
        return set() if name in seen else _kinds_of(SCHEMAS[name], (*seen, name))
    if "anyOf" in schema:
        return {kind for each in schema["anyOf"] for kind in _kinds_of(each, seen)}
    if "tag" in schema:
        return {"object"}
    if schema.get("format") == "binary":
        return {"binary", "array"}  # or (name, bytes)
    kinds = schema.get("type")
    if kinds is not None:
        return {kinds} if isinstance(kinds, str) else {*kinds}
    if "enum" in schema or "const" in schema:
        return {_kind(value) for value in schema.get("enum", [schema.get("const")])}
    return {*_NAMES, "null"} - {"binary"}


def _kind(value: Any) -> str:
    """The kind of JSON value that a Python value becomes; "" if it becomes none."""
    found = _KINDS.get(type(value))
    if found is not None:
        return found
    if hasattr(type(value), "to_dict"):
        return "object"
    for cls, kind in (
        (str, "string"),
        (int, "integer"),
        (float, "number"),
        (Mapping, "object"),
        (bytes | bytearray | memoryview, ""),
        (Iterable, "array"),
    ):
        if isinstance(value, cls):
            return kind
    return ""


def _either(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _type_name(value: object) -> str:
    return "None" if value is None else type(value).__name__


def _shown(value: object, longest: int = _LONGEST_SHOWN) -> str:
    """The repr of a scalar, cut; of anything else the type, since it may hold secrets."""
    if not isinstance(value, str | int | float | bytes | None):
        return _type_name(value)
    try:
        if isinstance(value, str | bytes):
            value = value[: longest + 1]
        text = repr(value)
    except ValueError:  # an int with more digits than Python writes
        return "a huge int"
    return text if len(text) <= longest + 2 else f"{text[: longest - 3]}..."
