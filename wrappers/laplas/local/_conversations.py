"""Conversations and their items, upstream's heirs of threads: for what carries threads over.

They are not in the document, so their routes and schemas stand here. An item is kept as it is sent,
with an id of its own; what no recording shows is as upstream's reference says.
"""

from __future__ import annotations

from typing import Any, Final

from ..generated import SCHEMAS, Operation
from ._routes import JSON, Call, Handler, deleted, found, list_page, new_id, now
from ._validation import RequestError, require_field

MOST_ITEMS: Final = 20
"""Items that one request may add."""
_ITEM: Final = {"type": "object"}
_METADATA: Final = {"anyOf": [SCHEMAS["Metadata"], {"type": "null"}]}
_ITEMS: Final = {"type": ["array", "null"], "items": _ITEM, "maxItems": MOST_ITEMS}
_CREATE: Final = {"type": "object", "properties": {"metadata": _METADATA, "items": _ITEMS}}
_UPDATE: Final = {
    "type": "object",
    "required": ["metadata"],
    "properties": {"metadata": _METADATA},
}
_ADD: Final = {
    "type": "object",
    "required": ["items"],
    "properties": {"items": {**_ITEMS, "type": "array", "minItems": 1}},
}
_INCLUDE: Final = {"include": {"type": "array", "items": {"type": "string"}}}
_PAGE: Final = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 100},
    "order": {"type": "string", "enum": ["asc", "desc"]},
    "after": {"type": "string", "minLength": 1},
}
_REQUIRED: Final = {
    "message": ("role", "content"),
    "function_call": ("call_id", "name", "arguments"),
    "function_call_output": ("call_id", "output"),
    "file_search_call": ("queries", "status"),
    "code_interpreter_call": ("container_id", "status"),
    "web_search_call": ("status",),
    "image_generation_call": ("result", "status"),
    "reasoning": ("summary",),
    "custom_tool_call": ("call_id", "name", "input"),
    "custom_tool_call_output": ("call_id", "output"),
}
"""The kinds of item that are taken, and what each must have."""
_PARTS: Final = {
    "user": ("input_text", "input_image", "input_file"),
    "assistant": ("output_text", "refusal"),
    "system": ("input_text", "input_image", "input_file"),
    "developer": ("input_text", "input_image", "input_file"),
}
"""What a message of each role may hold."""
_PREFIXES: Final = {"message": "msg", "function_call": "fc", "reasoning": "rs"}


def _operation(method: str, path: str, body: Any = None, query: JSON | None = None) -> Operation:
    media = "application/json" if body else None
    return Operation(method, path, (), query or {}, body, bool(body), media, ())


OPERATIONS: Final = {
    "create_conversation": _operation("POST", "/conversations", _CREATE),
    "retrieve_conversation": _operation("GET", "/conversations/{id}"),
    "update_conversation": _operation("POST", "/conversations/{id}", _UPDATE),
    "delete_conversation": _operation("DELETE", "/conversations/{id}"),
    "create_items": _operation("POST", "/conversations/{id}/items", _ADD, _INCLUDE),
    "list_items": _operation("GET", "/conversations/{id}/items", query={**_PAGE, **_INCLUDE}),
    "retrieve_item": _operation("GET", "/conversations/{id}/items/{item_id}", query=_INCLUDE),
    "delete_item": _operation("DELETE", "/conversations/{id}/items/{item_id}"),
}
"""In the shape of the document's tables, but that a body's schema stands for its name."""


def _create(call: Call) -> JSON:
    conversation = {
        "id": new_id("conv"),
        "object": "conversation",
        "created_at": now(),
        "metadata": call.given.get("metadata", {}),
    }
    call.store.add(conversation)
    _add(call, conversation["id"], call.given.get("items", []))
    return conversation


def _update(call: Call) -> JSON:
    changed = _found(call) | {"metadata": call.given.get("metadata", {})}
    call.store.put(changed)
    return changed


def _create_items(call: Call) -> JSON:
    _found(call)
    added = _add(call, call.ids[0], call.body["items"])
    ids = {"first_id": added[0]["id"], "last_id": added[-1]["id"]}
    return {"object": "list", "data": added, **ids, "has_more": False}


def _list_items(call: Call) -> JSON:
    _found(call)
    return list_page(call, "conversation.item", call.ids[0])


def _delete_item(call: Call) -> JSON:
    conversation = _found(call)
    deleted(call, "conversation.item", "conversation.item.deleted", call.ids[0])
    return conversation


def _found(call: Call) -> JSON:
    return found(call.store, "conversation", call.ids[0])


def _add(call: Call, conversation_id: str, items: list[JSON]) -> list[JSON]:
    added = []
    for index, item in enumerate(items):
        kept = _answered(item, f"items[{index}]")
        document = {"id": kept["id"], "object": "conversation.item", "created_at": now()}
        call.store.add({**document, "conversation_id": conversation_id}, kept)
        added.append(kept)
    return added


def _answered(item: JSON, param: str) -> JSON:
    """Return an item as answers show it: with an id, a status, and its content in parts."""
    kind = item.get("type", "message")
    if kind not in _REQUIRED:
        wanted = ", ".join(_REQUIRED)
        problem = f"Invalid value: '{kind}'. Supported values are: {wanted}."
        raise RequestError(400, problem, param=f"{param}.type", code="invalid_value")
    for name in _REQUIRED[kind]:
        require_field(item, name, param)
    kept = {**item, "type": kind, "id": new_id(_PREFIXES.get(kind, "item"))}
    if kind == "message":
        kept |= {"status": item.get("status", "completed"), "content": _parts(item, param)}
    return kept


def _parts(message: JSON, param: str) -> list[JSON]:
    role, content = message["role"], message["content"]
    if not isinstance(role, str) or role not in _PARTS:
        raise RequestError(400, f"Invalid value: '{role}'.", f"{param}.role", "invalid_value")
    if isinstance(content, str):
        content = [{"type": _PARTS[role][0], "text": content}]
    if not isinstance(content, list):
        problem = f"Invalid type for '{param}.content': expected an array or a string."
        raise RequestError(400, problem, f"{param}.content", "invalid_type")
    for index, part in enumerate(content):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind not in _PARTS[role]:
            wanted = ", ".join(_PARTS[role])
            problem = f"Invalid value: '{kind}'. Supported values are: {wanted}."
            raise RequestError(400, problem, f"{param}.content[{index}].type", "invalid_value")
    return [
        {"annotations": [], **part} if part["type"] == "output_text" else part for part in content
    ]


HANDLERS: Final[dict[str, Handler]] = {
    "create_conversation": _create,
    "retrieve_conversation": _found,
    "update_conversation": _update,
    "delete_conversation": lambda call: deleted(call, "conversation", "conversation.deleted"),
    "create_items": _create_items,
    "list_items": _list_items,
    "retrieve_item": lambda call: found(
        call.store, "conversation.item", call.ids[1], _found(call)["id"]
    ),
    "delete_item": _delete_item,
}
