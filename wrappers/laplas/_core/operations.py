"""Make calls about messages and threads: arguments in, a checked `Call` out. No I/O.

Paths, query names and bodies come from the generated package.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote, unquote

from .. import _api as api
from .._api import models
from ..content import check_attachments, check_content
from ..errors import InvalidArgumentError
from ..models import Message, Thread, message_from, messages_from
from .calls import ONCE_SLOT, Call, Once
from .config import check_seconds
from .pagination import Listing
from .retry import Effect
from .validation import (
    MAX_METADATA_PAIRS,
    MAX_METADATA_VALUE,
    MAX_PAGE_SIZE,
    check_choice,
    check_count,
    check_id,
    check_metadata,
    check_text,
    optional_id,
)

T = TypeVar("T")

Role = Literal["user", "assistant"]
Order = Literal["asc", "desc"]

ROLES = ("user", "assistant")
ORDERS = ("asc", "desc")


def create_message(
    thread_id: str,
    content: object,
    role: object,
    attachments: object,
    metadata: object,
    once: object = False,
    active_run_timeout: float | None = None,
) -> Call[Message]:
    path_id = check_id("thread_id", thread_id)
    body = _new_message(content, role, attachments, metadata)
    mark = _mark(once)
    if mark is not None:
        body["metadata"] = _marked(body.get("metadata") or {}, mark)
    kwargs = api.create_message._get_kwargs(path_id, body=models.CreateMessageRequest(**body))
    call = make_call("create_message", "create", kwargs, message_from)._replace(
        active_run_timeout=active_run_timeout
    )
    if mark is None:
        return call
    newest = list_messages(path_id, page_size=MAX_PAGE_SIZE, order="desc").first
    retrieve = functools.partial(retrieve_message, path_id)
    return call._replace(once=Once(mark, newest, retrieve, probe_first=isinstance(once, str)))


def check_active_run_wait(wait: object, deadline: object) -> float | None:
    """Return the seconds to wait for an active run, or None not to wait."""
    if not isinstance(wait, bool):
        raise InvalidArgumentError("wait_for_active_run", f"must be True or False, not {wait!r}")
    checked = check_seconds("poll_deadline", deadline)
    return checked if wait else None


def _mark(once: object) -> str | None:
    """Return the mark of a message that must not be created twice: the caller's, or a new one."""
    if once is False:
        return None
    if once is True:
        return os.urandom(16).hex()
    if not isinstance(once, str) or not 0 < len(check_text("once", once)) <= MAX_METADATA_VALUE:
        raise InvalidArgumentError(
            "once", f"must be True or a key of 1 to {MAX_METADATA_VALUE} characters"
        )
    return once


def _marked(metadata: dict[str, str], mark: str) -> dict[str, str]:
    if ONCE_SLOT in metadata:
        raise InvalidArgumentError(
            "metadata", f"must not hold {ONCE_SLOT!r}: once= puts its mark there"
        )
    if len(metadata) >= MAX_METADATA_PAIRS:
        raise InvalidArgumentError(
            "metadata",
            f"once= needs one of the {MAX_METADATA_PAIRS} pairs: leave one free",
        )
    return {**metadata, ONCE_SLOT: mark}


def list_messages(
    thread_id: str,
    *,
    page_size: object = None,
    limit: object = None,
    max_items: object = None,
    order: object = None,
    after: object = None,
    before: object = None,
    run_id: object = None,
    read_ahead: object = False,
) -> Listing[Message]:
    if not isinstance(read_ahead, bool):
        raise InvalidArgumentError("read_ahead", "must be True or False")
    given, most = list_query(
        {
            "page_size": page_size,
            "limit": limit,
            "max_items": max_items,
            "order": order,
            "after": after,
            "before": before,
        }
    )
    given.update(without_none(run_id=optional_id("run_id", run_id)))
    kwargs = api.list_messages._get_kwargs(check_id("thread_id", thread_id), **given)
    return Listing(make_call("list_messages", "read", kwargs, messages_from), most, read_ahead)


def list_query(given: Mapping[str, Any]) -> tuple[dict[str, Any], int | None]:
    """Check the query of a listing; return it and the most items to hand out."""
    page_size, limit = given.get("page_size"), given.get("limit")
    if page_size is not None and limit is not None:
        raise InvalidArgumentError("limit", "use either limit or page_size")
    size = None
    for name, value in (("page_size", page_size), ("limit", limit)):
        if value is not None:
            size = check_count(name, value, MAX_PAGE_SIZE)
    most = None if given.get("max_items") is None else check_count("max_items", given["max_items"])
    if most is not None:
        size = min(most, size or MAX_PAGE_SIZE)
    order = given.get("order")
    query = without_none(
        limit=size,
        order=None if order is None else check_choice("order", order, ORDERS),
        after=optional_id("after", given.get("after")),
        before=optional_id("before", given.get("before")),
    )
    return query, most


def list_newest(thread_id: str, role: object) -> Listing[Message]:
    """Make the listing whose first item, or first by a role, is the newest."""
    if role is not None:
        check_choice("role", role, ROLES)
    size = 1 if role is None else None
    return list_messages(thread_id, page_size=size, order="desc")


def retrieve_message(thread_id: str, message_id: str) -> Call[Message]:
    kwargs = api.retrieve_message._get_kwargs(*_both_ids(thread_id, message_id))
    call = make_call("retrieve_message", "read", kwargs, message_from)
    return call._replace(answer_id=message_id)


def update_message(thread_id: str, message_id: str, metadata: object) -> Call[Message]:
    ids = _both_ids(thread_id, message_id)
    body = models.UpdateMessageRequest(metadata=check_metadata(metadata))
    kwargs = api.update_message._get_kwargs(*ids, body=body)
    call = make_call("update_message", "repeatable", kwargs, message_from)
    return call._replace(answer_id=message_id)


def delete_message(thread_id: str, message_id: str) -> Call[models.DeletedMessage]:
    kwargs = api.delete_message._get_kwargs(*_both_ids(thread_id, message_id))
    gone = models.DeletedMessage(id=message_id, deleted=True)
    return make_call(
        "delete_message", "repeatable", kwargs, models.DeletedMessage.from_dict, when_empty=gone
    )


def create_thread(messages: object, metadata: object, tool_resources: object) -> Call[Thread]:
    body: dict[str, Any] = without_none(
        messages=new_messages(messages),
        metadata=check_metadata(metadata),
        tool_resources=resources(tool_resources),
    )
    kwargs = api.create_thread._get_kwargs(body=models.CreateThreadRequest(**body))
    return make_call("create_thread", "create", kwargs, Thread.from_dict)


def retrieve_thread(thread_id: str) -> Call[Thread]:
    kwargs = api.retrieve_thread._get_kwargs(check_id("thread_id", thread_id))
    return make_call("retrieve_thread", "read", kwargs, Thread.from_dict)


def update_thread(thread_id: str, metadata: object, tool_resources: object) -> Call[Thread]:
    path_id = check_id("thread_id", thread_id)
    body: dict[str, Any] = without_none(
        metadata=check_metadata(metadata), tool_resources=resources(tool_resources)
    )
    kwargs = api.update_thread._get_kwargs(path_id, body=models.UpdateThreadRequest(**body))
    return make_call("update_thread", "repeatable", kwargs, Thread.from_dict)


def delete_thread(thread_id: str) -> Call[models.DeletedThread]:
    kwargs = api.delete_thread._get_kwargs(check_id("thread_id", thread_id))
    gone = models.DeletedThread(id=thread_id, deleted=True)
    return make_call(
        "delete_thread", "repeatable", kwargs, models.DeletedThread.from_dict, when_empty=gone
    )


def any_request(method: object, path: object, query: object, body: object) -> Call[Any]:
    """Make a call to a path that has no method of its own here."""
    verb = method.upper() if isinstance(method, str) else method
    check_choice("method", verb, ("GET", "POST", "PUT", "PATCH", "DELETE"))
    if not isinstance(path, str) or not path.startswith("/") or not path.isprintable():
        raise InvalidArgumentError("path", "must be a str that begins with '/'")
    # Servers and proxies may decode a path before they follow it: so no dots in any disguise.
    segments = re.split(r"[/\\]", unquote(path))
    if any(segment.split(";")[0] in {".", ".."} for segment in segments):
        raise InvalidArgumentError("path", "must not contain '.' or '..' segments")
    if {"?", "#", " ", "\\"} & set(path):
        raise InvalidArgumentError("path", "must be plain segments, percent-encoded where needed")
    for argument, value in (("query", query), ("body", body)):
        if value is not None and not isinstance(value, Mapping):
            raise InvalidArgumentError(argument, "must be a mapping")
    effects: dict[str, Effect] = {"GET": "read", "DELETE": "repeatable", "PUT": "repeatable"}
    effect = effects.get(str(verb), "create")
    name = str(verb).lower() + " " + path
    encoded = quote(path, safe=_PATH_CHARACTERS)
    return Call(name, effect, str(verb), encoded, _as_is, query or {}, body)  # type: ignore[arg-type]


_PATH_CHARACTERS: Final = "/%:@!$&'()*+,;=[]"
"""What a path may hold beside letters, digits and ``-._~``; all else is percent-encoded."""


def _as_is(data: Any) -> Any:
    return data


def make_call(
    operation: str,
    effect: Effect,
    kwargs: Mapping[str, Any],
    decode: Callable[[Any], T],
    when_empty: T | None = None,
    streams: bool = False,
) -> Call[T]:
    """Make a call of what the generated package says of its request."""
    return Call(
        operation,
        effect,
        kwargs["method"].upper(),
        kwargs["url"],
        decode,
        kwargs.get("params", {}),
        kwargs.get("json"),
        when_empty,
        streams=streams,
    )


def _both_ids(thread_id: object, message_id: object) -> tuple[str, str]:
    return check_id("thread_id", thread_id), check_id("message_id", message_id)


def without_none(**values: Any) -> dict[str, Any]:
    """Return the values that were given."""
    return {name: value for name, value in values.items() if value is not None}


def _new_message(
    content: object, role: object, attachments: object, metadata: object, at: str = ""
) -> dict[str, Any]:
    return without_none(
        role=check_choice(f"{at}role", role, ROLES),
        content=check_content(content, f"{at}content"),
        attachments=check_attachments(attachments, f"{at}attachments"),
        metadata=check_metadata(metadata, f"{at}metadata"),
    )


def new_messages(messages: object, argument: str = "messages") -> list[Any] | None:
    """Make messages for a new thread or run of strings or dicts; None stays None."""
    if messages is None:
        return None
    if isinstance(messages, str | bytes | Mapping) or not isinstance(messages, Iterable):
        raise InvalidArgumentError(argument, "must be a list of strings or of dicts")
    return [
        _initial_message(message, f"{argument}[{index}]") for index, message in enumerate(messages)
    ]


def _initial_message(message: object, at: str) -> models.CreateMessageRequest:
    """Make a user message of a string, or one of a dict with the fields of `messages.create`."""
    if isinstance(message, models.CreateMessageRequest):
        return message
    given = {"content": message} if isinstance(message, str) else message
    if not isinstance(given, Mapping):
        raise InvalidArgumentError(at, "must be a str or a dict with 'content'")
    unknown = given.keys() - {"role", "content", "attachments", "metadata"}
    if unknown:
        raise InvalidArgumentError(at, f"has unknown keys: {', '.join(sorted(map(str, unknown)))}")
    body = _new_message(
        given.get("content"),
        given.get("role", "user"),
        given.get("attachments"),
        given.get("metadata"),
        f"{at}.",
    )
    return models.CreateMessageRequest(**body)


_RESOURCES = (models.ToolResources, models.CreateThreadToolResources)


def resources(tool_resources: object) -> Any:
    """Return tool resources as the request takes them; None stays None."""
    if tool_resources is None or isinstance(tool_resources, _RESOURCES):
        return tool_resources
    if not isinstance(tool_resources, Mapping):
        raise InvalidArgumentError("tool_resources", "must be a dict, as in the API")
    return dict(tool_resources)
