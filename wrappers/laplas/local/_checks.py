"""What a request may hold. Everything else is refused with the vendor's error envelope.

Limits are the published ones: 1-100 messages a page, 16 metadata pairs, metadata keys of 64 and
values of 512 characters, 20 code interpreter files, one vector store.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn
from urllib.parse import parse_qsl, urlsplit

ROLES = ("user", "assistant")
ORDERS = ("asc", "desc")
DETAILS = ("auto", "low", "high")
TOOLS = ("code_interpreter", "file_search")

_DEFAULT_LIMIT = 20
_MAX_LIMIT = 100
_MAX_PAIRS = 16
_MAX_KEY = 64
_MAX_VALUE = 512
_MAX_FILES = 20
_MAX_STORES = 1
_NUL = re.compile(
    r"(?<!\\)(?:\\\\)*\\u0000"
)  # in JSON text: not a backslash that is escaped itself


class Refusal(Exception):
    """An answer that is an error: HTTP status plus the members of the envelope.

    Attributes:
        status: The HTTP status, 400-499.
        message: The text for people.
        param: What is to blame, like `metadata.colour` or `content[0].text`; None if nothing is.
        code: The machine-readable reason; None where the vendor gives none.
        headers: Headers this error adds to the answer.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code
        self.headers = headers

    def envelope(self) -> dict[str, Any]:
        """Return the body: all four keys are always there, as in real traffic."""
        error = {
            "message": self.message,
            "type": "invalid_request_error",
            "param": self.param,
            "code": self.code,
        }
        return {"error": error}


class ListQuery(NamedTuple):
    """The checked query of a list request."""

    limit: int
    order: str
    after: str | None
    before: str | None
    run_id: str | None


def parse_body(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`; an empty body counts as an empty object.

    Raises `Refusal` (400) for anything else, and for text that could not be stored or sent back
    everywhere: a lone surrogate or a NUL.
    """
    if not body:
        return {}
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_not_json)
        text = json.dumps(value, ensure_ascii=False)
        text.encode("utf-8")
    except (ValueError, RecursionError):
        raise Refusal(400, "We could not parse the JSON body of your request.") from None
    if _NUL.search(text):
        raise Refusal(400, "Invalid body: a string holds a NUL character.", code="invalid_value")
    if not isinstance(value, dict):
        wrong_type(None, "an object", value)
    return value


def list_query(query: str, *more: str) -> ListQuery:
    """Return the checked query of a list request that also takes `more` parameters."""
    values = query_values(query, ("limit", "order", "after", "before", *more))
    order = values.get("order", "desc")
    if order not in ORDERS:
        _wrong_value("order", order, ORDERS)
    return ListQuery(
        limit=_limit(values["limit"]) if "limit" in values else _DEFAULT_LIMIT,
        order=order,
        after=values.get("after"),
        before=values.get("before"),
        run_id=values.get("run_id"),
    )


def no_query(query: str) -> None:
    """Refuse any query parameter."""
    query_values(query, ())


def new_thread(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a create-thread body asks for: `messages`, `metadata`, `tool_resources`."""
    known_keys(body, ("messages", "metadata", "tool_resources"))
    messages = optional_list(body.get("messages"), "messages", message_fields)
    return {
        "messages": messages or [],
        "metadata": metadata_pairs(body.get("metadata"), "metadata") or {},
        "tool_resources": tool_resources(body.get("tool_resources"), creating=True) or {},
    }


def thread_changes(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields an update-thread body replaces; an absent or null field changes nothing."""
    known_keys(body, ("metadata", "tool_resources"))
    changes = {
        "metadata": metadata_pairs(body.get("metadata"), "metadata"),
        "tool_resources": tool_resources(body.get("tool_resources"), creating=False),
    }
    return {key: value for key, value in changes.items() if value is not None}


def new_message(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return `role`, `content` in the shape of answers, `attachments` and `metadata`."""
    return message_fields(body, "")


def message_changes(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields an update-message body replaces; absent or null changes nothing."""
    known_keys(body, ("metadata",))
    metadata = metadata_pairs(body.get("metadata"), "metadata")
    return {} if metadata is None else {"metadata": metadata}


def text_part(value: str) -> dict[str, Any]:
    """Return a text part as answers have it."""
    return {"type": "text", "text": {"value": value, "annotations": []}}


def message_fields(value: Any, param: str) -> dict[str, Any]:
    body = an_object(value, param)
    known_keys(body, ("role", "content", "attachments", "metadata"), param)
    role = choice(required(body, "role", param), joined(param, "role"), ROLES)
    content = _content(required(body, "content", param), joined(param, "content"))
    attachments = optional_list(body.get("attachments"), joined(param, "attachments"), _attachment)
    metadata = metadata_pairs(body.get("metadata"), joined(param, "metadata"))
    return {
        "role": role,
        "content": content,
        "attachments": attachments or [],
        "metadata": metadata or {},
    }


def _content(value: Any, param: str) -> list[dict[str, Any]]:
    if isinstance(value, str):
        return [text_part(a_string(value, param))]
    if not isinstance(value, list):
        wrong_type(param, "one of a string or array of objects", value)
    if not value:
        raise Refusal(
            400,
            f"Invalid '{param}': empty array. Expected an array with minimum length 1,"
            " but got an empty array instead.",
            param=param,
            code="empty_array",
        )
    return [_part(part, f"{param}[{index}]") for index, part in enumerate(value)]


def _part(value: Any, param: str) -> dict[str, Any]:
    part = an_object(value, param)
    kinds = ("text", "image_url", "image_file")
    kind = choice(required(part, "type", param), joined(param, "type"), kinds)
    known_keys(part, ("type", kind), param)
    inner, inner_param = required(part, kind, param), joined(param, kind)
    if kind == "text":
        return text_part(a_string(inner, inner_param))
    reference = "url" if kind == "image_url" else "file_id"
    return {"type": kind, kind: _image(inner, inner_param, reference)}


def _image(value: Any, param: str, reference: str) -> dict[str, Any]:
    image = an_object(value, param)
    known_keys(image, (reference, "detail"), param)
    target = a_string(required(image, reference, param), joined(param, reference))
    if reference == "url" and not _is_uri(target):
        url = joined(param, reference)
        raise Refusal(
            400, f"Invalid '{url}': expected a valid URL.", param=url, code="invalid_value"
        )
    if "detail" in image:
        choice(image["detail"], joined(param, "detail"), DETAILS)
    return image


def _is_uri(text: str) -> bool:
    try:
        return bool(urlsplit(text).scheme)
    except ValueError:
        return False


def _attachment(value: Any, param: str) -> dict[str, Any]:
    attachment = an_object(value, param)
    known_keys(attachment, ("file_id", "tools"), param)
    if "file_id" in attachment:
        a_string(attachment["file_id"], joined(param, "file_id"))
    if "tools" in attachment:
        strict_list(attachment["tools"], joined(param, "tools"), _tool)
    return attachment


def _tool(value: Any, param: str) -> dict[str, Any]:
    tool = an_object(value, param)
    known_keys(tool, ("type",), param)
    choice(required(tool, "type", param), joined(param, "type"), TOOLS)
    return tool


def metadata_pairs(value: Any, param: str) -> dict[str, str] | None:
    if value is None:
        return None
    pairs = an_object(value, param)
    if len(pairs) > _MAX_PAIRS:
        raise Refusal(
            400,
            f"Invalid '{param}': too many properties. Expected an object with at most"
            f" {_MAX_PAIRS} properties, but got an object with {len(pairs)} properties instead.",
            param=param,
            code="object_above_max_properties",
        )
    for key, text in pairs.items():
        pair = joined(param, key)
        if len(key) > _MAX_KEY:
            raise Refusal(
                400,
                f"Invalid property name in '{param}': '{key}' is too long. Expected a string with"
                f" maximum length {_MAX_KEY}, but got a string with length {len(key)} instead.",
                param=pair,
                code="property_name_above_max_length",
            )
        if not isinstance(text, str):
            wrong_type(pair, "a string", text)
        if len(text) > _MAX_VALUE:
            too_long(pair, "string", _MAX_VALUE, len(text))
    return pairs


def tool_resources(value: Any, *, creating: bool) -> dict[str, Any] | None:
    if value is None:
        return None
    resources, param = an_object(value, "tool_resources"), "tool_resources"
    known_keys(resources, TOOLS, param)
    lists: dict[str, dict[str, tuple[int, Callable[[Any, str], Any]]]] = {
        "code_interpreter": {"file_ids": (_MAX_FILES, a_string)},
        "file_search": {"vector_store_ids": (_MAX_STORES, a_string)},
    }
    if creating:
        lists["file_search"]["vector_stores"] = (_MAX_STORES, an_object)
    for tool, given in resources.items():
        inner = joined(param, tool)
        known_keys(an_object(given, inner), lists[tool], inner)
        for key, items in given.items():
            maximum, check = lists[tool][key]
            strict_list(items, joined(inner, key), check, maximum)
    return resources


def _limit(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,4000}", text):
        wrong_type("limit", "an integer", text)
    number = int(text)
    in_range(number, "limit", 1, _MAX_LIMIT)
    return number


def in_range(
    number: float, param: str, least: float, most: float | None, kind: str = "integer"
) -> None:
    """Refuse a number below `least` or above `most`."""
    for beyond, word, sign, bound in (
        (number < least, "below min", ">=", least),
        (most is not None and number > most, "above max", "<=", most),
    ):
        if beyond:
            raise Refusal(
                400,
                f"Invalid '{param}': {kind} {word}imum value. Expected a value {sign} {bound},"
                f" but got {number} instead.",
                param=param,
                code=f"{kind}_{word.replace(' ', '_')}_value",
            )


def query_values(query: str, known: Collection[str]) -> dict[str, str]:
    values = dict(parse_qsl(query, keep_blank_values=True))
    known_keys(values, known)
    return values


def known_keys(value: Mapping[str, Any], known: Collection[str], param: str = "") -> None:
    for key in value:
        if key not in known:
            name = joined(param, key)
            message = f"Unknown parameter: '{name}'."
            raise Refusal(400, message, param=name, code="unknown_parameter")


def required(value: Mapping[str, Any], key: str, param: str) -> Any:
    if key not in value:
        name = joined(param, key)
        message = f"Missing required parameter: '{name}'."
        raise Refusal(400, message, param=name, code="missing_required_parameter")
    return value[key]


def an_object(value: Any, param: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        wrong_type(param, "an object", value)
    return value


def a_string(value: Any, param: str) -> str:
    if not isinstance(value, str):
        wrong_type(param, "a string", value)
    if not value:
        raise Refusal(
            400,
            f"Invalid '{param}': empty string. Expected a string with minimum length 1,"
            " but got an empty string instead.",
            param=param,
            code="empty_string",
        )
    return value


def choice(value: Any, param: str, choices: Sequence[str]) -> str:
    if not isinstance(value, str):
        wrong_type(param, "one of " + _either(choices, "or"), value)
    if value not in choices:
        _wrong_value(param, value, choices)
    return value


def optional_list(value: Any, param: str, check: Callable[[Any, str], Any]) -> list[Any] | None:
    return None if value is None else strict_list(value, param, check)


def strict_list(
    value: Any, param: str, check: Callable[[Any, str], Any], maximum: int | None = None
) -> list[Any]:
    if not isinstance(value, list):
        wrong_type(param, "an array", value)
    if maximum is not None and len(value) > maximum:
        too_long(param, "array", maximum, len(value))
    return [check(item, f"{param}[{index}]") for index, item in enumerate(value)]


def too_long(param: str, kind: str, most: int, length: int) -> NoReturn:
    """Refuse a string or an array that is over `most` long."""
    article = "an" if kind == "array" else "a"
    raise Refusal(
        400,
        f"Invalid '{param}': {kind} too long. Expected {article} {kind} with maximum length {most},"
        f" but got {article} {kind} with length {length} instead.",
        param=param,
        code=f"{kind}_above_max_length",
    )


def wrong_type(param: str | None, expected: str, value: Any) -> NoReturn:
    subject = f"'{param}'" if param else "the request body"
    message = f"Invalid type for {subject}: expected {expected}, but got {_kind(value)} instead."
    raise Refusal(400, message, param=param or None, code="invalid_type")


def _wrong_value(param: str, value: str, choices: Sequence[str]) -> NoReturn:
    message = f"Invalid value: '{value}'. Supported values are: {_either(choices, 'and')}."
    raise Refusal(400, message, param=param, code="invalid_value")


def _kind(value: Any) -> str:
    kinds: dict[type, str] = {
        str: "a string",
        bool: "a boolean",
        int: "an integer",
        float: "a decimal",
        list: "an array",
        dict: "an object",
    }
    return kinds.get(type(value), "null")


def _either(choices: Sequence[str], word: str) -> str:
    quoted = [f"'{choice}'" for choice in choices]
    comma = "," if len(quoted) > 2 else ""
    return f"{', '.join(quoted[:-1])}{comma} {word} {quoted[-1]}"


def joined(param: str, key: str) -> str:
    return f"{param}.{key}" if param else key


def _not_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
