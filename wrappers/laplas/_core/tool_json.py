"""Read the JSON that models write, and hold it against a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

Schema = Mapping[str, Any]

_FENCE: Final = re.compile(r"\A```\w*")
_FENCED: Final = re.compile(r"(?ms)\A[^`{}]*^```\w*[ \t\r]*\n(.*)\n```[ \t\r]*$[^`{}]*\Z")
# What has no end goes on to the end of the text, so that nothing is read twice.
_TOKEN: Final = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"?)|'(?P<quoted>(?:[^'\\]|\\.)*)'?"""
    r"""|(?P<comment>//[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z))|(?P<comma>,(?=\s*[}\]]))"""
    r"""|(?P<word>[A-Za-z_]\w*)(?P<colon>\s*:)?""",
    re.DOTALL,
)
# Beside an object, what tells that it is a part of something.
_PART: Final = re.compile(r'[\[\]"]|,\s*\{|\}\s*[,:]|\{.*\{|\}.*\}', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\.|\"", re.DOTALL)
_PYTHON: Final = {"True": "true", "False": "false", "None": "null"}


def read_json(text: str) -> Any:
    """Read JSON as models write it, where its meaning is not in doubt.

    Code fences and words around an object, comments, single quotes, names without quotes, commas
    at the end, line breaks in a text, and Python's words are read. What was cut short is not
    completed: half of a call may be another call.

    Raises:
        ValueError: It cannot be read.
    """
    fenced = _FENCED.match(text)
    text = _FENCE.sub("", text.strip("\ufeff \t\r\n")).removesuffix("```")
    before, opened, rest = text.partition("{")
    inner, closed, after = rest.rpartition("}")
    tries = [text]
    if opened and closed and not _PART.search(f"{before}{{}}{after}"):
        tries.append(f"{{{inner}}}")
    if fenced and "\n```" not in fenced[1]:
        tries.append(fenced[1])
    for each in tries:
        for attempt in (lambda each=each: each, lambda each=each: _strict(_strict(each))):
            with suppress(ValueError, RecursionError):
                return json.loads(attempt(), strict=False)
    raise ValueError("the arguments are not JSON")


def _strict(text: str) -> str:
    return _TOKEN.sub(_strict_token, text)


def _strict_token(found: re.Match[str]) -> str:
    if (text := found["text"]) is not None:
        return text.replace("\\'", "'") if "\\\\" not in text else text
    if (quoted := found["quoted"]) is not None:
        if found.end("quoted") == found.end():
            return "'"  # it has no end
        inner = _ESCAPE.sub(lambda e: {"\\'": "'", '"': '\\"'}.get(e[0], e[0]), quoted)
        return f'"{inner}"'
    if word := found["word"]:
        return f'"{word}"{found["colon"]}' if found["colon"] else _PYTHON.get(word, word)
    return ""


def coerced(value: Any, schema: Any, defs: Schema) -> Any:
    """Make a value fit that nearly does: a text that holds the JSON, or an integer as ``2.0``."""
    schema, _ = _resolved(schema, defs)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        if not misfit(value, schema, defs):
            return value
        if isinstance(value, list | dict):
            # With more than one for its kind, each level down would double the work.
            kinds = [o for o in options if _resolved(o, defs)[0].get("type") == json_type(value)]
            return coerced(value, kinds[0], defs) if len(kinds) == 1 else value
        made = (coerced(value, option, defs) for option in options)
        return next((each for each in made if not misfit(each, schema, defs)), value)
    if isinstance(value, str) and misfit(value, schema, defs):
        with suppress(ValueError):
            read = read_json(value)
            read = read if isinstance(read, str) else coerced(read, schema, defs)
            return value if misfit(read, schema, defs) else read
    if isinstance(value, float) and schema.get("type") == "integer" and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [coerced(item, _item_schema(schema, i), defs) for i, item in enumerate(value)]
    if isinstance(value, dict):
        return {
            name: coerced(each, _value_schema(schema, name), defs) for name, each in value.items()
        }
    return value


def misfit(value: Any, schema: Schema, defs: Schema, at: str = "") -> str:
    """Return what is wrong with a value, in the words of JSON; "" where it fits."""
    schema, defs = _resolved(schema, defs)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        problems = [misfit(value, option, defs, at) for option in options]
        if "" in problems:
            return ""
        inside = dict.fromkeys(p for p in problems if not p.startswith(f"{at} must be "))
        if inside:
            return ", or ".join([*inside][:3])
    elif "enum" in schema or "const" in schema:
        # With the type, since Python takes true for 1.
        if any(type(value) is type(each) and value == each for each in _choices(schema)):
            return ""
        return f"{at} must be {_wanted(schema, defs)}, not {_shown(value)}"
    elif schema.get("type") in (None, kind := json_type(value), kind == "integer" and "number"):
        return _misfit_inside(value, schema, defs, at)
    return f"{at} must be {_wanted(schema, defs)}, not {_NAMES[json_type(value)]}"


def _misfit_inside(value: Any, schema: Schema, defs: Schema, at: str) -> str:
    if isinstance(value, dict):
        missing = [name for name in schema.get("required", ()) if name not in value]
        if missing:
            return f"{at}.{missing[0]} is missing"
        unknown = [name for name in value if _value_schema(schema, name) is False]
        if unknown:
            return f"{at}.{unknown[0]} is unknown"
        parts = [
            (f"{at}.{name}", item, _value_schema(schema, name)) for name, item in value.items()
        ]
    elif isinstance(value, list):
        parts = [(f"{at}[{i}]", item, _item_schema(schema, i)) for i, item in enumerate(value)]
    else:
        return ""
    problems = (misfit(item, inner, defs, place) for place, item, inner in parts)
    return next(filter(None, problems), "")


def _resolved(schema: Any, defs: Schema) -> tuple[Schema, Schema]:
    """Follow a reference, each only once on the way down: a value cannot order endless work."""
    while isinstance(schema, Mapping) and "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema, defs = defs.get(name, {}), {key: defs[key] for key in defs if key != name}
    return (schema if isinstance(schema, Mapping) else {}), defs


def _item_schema(schema: Schema, index: int) -> Any:
    first = schema.get("prefixItems", ())
    return first[index] if index < len(first) else schema.get("items", {})


def _value_schema(schema: Schema, name: str) -> Any:
    return schema.get("properties", {}).get(name, schema.get("additionalProperties", {}))


def _choices(schema: Schema) -> list[Any]:
    return [schema["const"]] if "const" in schema else schema["enum"]


def _wanted(schema: Schema, defs: Schema) -> str:
    schema, defs = _resolved(schema, defs)
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(_wanted(option, defs) for option in options))
    if "enum" in schema or "const" in schema:
        return " or ".join(map(_shown, _choices(schema)))
    return _NAMES.get(schema.get("type", ""), "another value")


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 80 else _NAMES[json_type(value)]


def json_type(value: Any) -> str:
    """Return what JSON calls the type of a value."""
    return next(name for cls, name in _KINDS if isinstance(value, cls))


_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (str, "string"), (bool, "boolean"), (int, "integer"), (float, "number"),
    (list, "array"), (dict, "object"), (object, "null"),
)  # fmt: skip
_NAMES: Final = {
    "string": "a string", "boolean": "a boolean", "integer": "an integer", "number": "a number",
    "array": "an array", "object": "an object", "null": "null",
}  # fmt: skip
