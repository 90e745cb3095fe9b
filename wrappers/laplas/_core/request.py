"""Make calls of arguments, and requests of calls: all that is decided before a byte is sent.

A call is what the document knows of a request; here is what it cannot say (forms of arguments,
marks, proofs), and then the bytes. No I/O but for the files that a caller names.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote, urlencode

from attrs import define

from ..errors import InvalidArgumentError
from ..generated import SCHEMAS, Call, Check, Checker, Effect, models
from .config import (
    HIDDEN,
    CallOptions,
    ClientOptions,
    Secret,
    check_names,
    check_seconds,
    merge_headers,
    names_authorization,
    redact,
    redact_url,
    without_absent,
)
from .uploads import Form, convert_file

ONCE_SLOT: Final = "laplas_once"
"""The metadata key that marks a message which must not be created twice."""
PROBE_PAGE_SIZE: Final = 100
"""The largest page a server gives, to find a mark with few requests."""

_METADATA: Final = SCHEMAS["Metadata"]


# ---- what callers pass in, in more forms than JSON has ----


def convert_content(content: Any, argument: str) -> object:
    """Make what a message says: a str stays one, all else becomes a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping) or hasattr(content, "to_dict"):
        content = [content]
    if not _is_listing(content):
        return content  # nothing that can be sent: the check says so
    return [_part(part) for part in content]


def _part(part: object) -> object:
    if isinstance(part, models.TextContent):
        # As read from a message; requests write the text without its annotations.
        part = part.text.value
    if isinstance(part, models.RefusalContent):
        part = part.refusal
    return {"type": "text", "text": part} if isinstance(part, str) else part


def convert_messages(messages: Any, argument: str) -> object:
    """Make first messages of strings, which are by the user, or of dicts."""
    if not _is_listing(messages):
        return messages
    return [
        {"role": "user", "content": each} if isinstance(each, str) else each for each in messages
    ]


def convert_tools(tools: object, argument: str) -> object:
    """Describe the Python functions among tools."""
    from .function_tools import split_tools  # only for those who have any

    return split_tools(tools, argument)[0]


def convert_response_format(value: object, argument: str) -> object:
    """Describe a Python type that answers are to have."""
    from .structured import format_of  # only for those who have one

    return format_of(value, argument)


def convert_tool_outputs(outputs: object, argument: str) -> object:
    """Make outputs of a dict by call id, or of a list as in the API."""
    if isinstance(outputs, Mapping):
        return [{"tool_call_id": id_, "output": text} for id_, text in outputs.items()]
    return outputs


def _is_listing(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(
        value, str | bytes | bytearray | memoryview | Mapping
    )


_CONVERTERS: Final[dict[str, Check]] = {
    "Content": convert_content,
    "File": convert_file,
    "Messages": convert_messages,
    "ResponseFormat": convert_response_format,
    "ToolOutputs": convert_tool_outputs,
    "Tools": convert_tools,
}
"""By the names that the document gives in `x-accepts`."""

CHECKER: Final = Checker(InvalidArgumentError, _CONVERTERS)
"""Checks arguments by the document. Its errors name the argument."""


def check_choice(argument: str, value: object, *allowed: str) -> Any:
    """Check that a value is one of these texts."""
    return CHECKER.value({"enum": allowed}, value, argument)


# ---- calls ----


class Once(NamedTuple):
    """How to recognise an object that was created by an attempt whose answer was lost."""

    mark: str
    newest: Call[Any]
    """The call for the newest objects."""
    probe_first: bool
    """Whether an earlier call, perhaps of another process, may have used the same mark."""
    said: tuple[str, list[str]] | None
    """What must be in the object: its role and its content, see `_gist`. None where only this call
    has the mark, or where that cannot be told."""

    def marks(self, found: Any) -> bool:
        """Tell whether an object has the mark."""
        metadata = getattr(found, "metadata", None)
        return isinstance(metadata, Mapping) and metadata.get(ONCE_SLOT) == self.mark

    def check_content(self, found: Any) -> None:
        """Raise InvalidArgumentError if the key was used for something else."""
        there = _gist(found.to_dict())
        if self.said is not None and there is not None and there != self.said:
            problem = f"{found.id} has this key, with another role or content: take another key"
            raise InvalidArgumentError("once", problem)


def plan_call(call: Call[Any], options: CallOptions) -> Call[Any]:
    """Check the features of a call, add `extra_body`, and mark one that must not happen twice.

    A call that is planned already stays as it is.

    Raises:
        InvalidArgumentError: `extra_body`, `once`, `wait_for_active_run`, `poll_deadline` or
            `read_ahead` is wrong, or the metadata has no room for a mark.
    """
    if isinstance(call.features.get("once"), Once):
        return call
    if extra := options.get("extra_body"):
        if call.form is not None:
            problem = "is for JSON bodies; this operation sends a form"
            raise InvalidArgumentError("extra_body", problem)
        call = call._replace(body=_merge("extra_body", call.body, extra))
    # A message of mere text has no pictures, and is not to pay for them.
    if call.body and type(call.body.get("content")) is not str and "pictures" not in call.features:
        from .pictures import unsent_pictures

        if any(unsent_pictures(call.body)):
            # The ids by object, filled as they are uploaded, once for all attempts.
            call = call._replace(features={**call.features, "pictures": {}})
    features = call.features
    for name in ("read_ahead", "wait_for_active_run"):
        if not isinstance(features.get(name, False), bool):
            CHECKER.value({"type": "boolean"}, features[name], name)  # says what is wrong
    if "wait_for_active_run" in features:
        wait = features["wait_for_active_run"]
        seconds = check_seconds("poll_deadline", features["poll_deadline"])
        call = call._replace(features={**features, "active_run_timeout": seconds if wait else None})
    once = features.get("once", False)
    if once is False:
        return call
    return _mark(call, once, "extra_body" if "metadata" in (extra or {}) else "metadata")


def _mark(call: Call[Any], once: object, given_as: str) -> Call[Any]:
    own = once is not True
    longest = _METADATA["additionalProperties"]["maxLength"]
    if own and not (isinstance(once, str) and 0 < len(once) <= longest):
        raise InvalidArgumentError("once", f"must be True or a key of 1 to {longest} characters")
    mark = CHECKER.value({"type": "string"}, once, "once") if own else os.urandom(16).hex()
    body = call.body or {}
    metadata: Any = {} if body.get("metadata") is None else body["metadata"]
    pairs = _METADATA["maxProperties"]
    problem = ""
    if not isinstance(metadata, Mapping):
        problem = "metadata must be a mapping: once= adds its mark"
    elif ONCE_SLOT in metadata:
        problem = f"must not hold {ONCE_SLOT!r}: once= puts its mark there"
    elif len(metadata) >= pairs:
        problem = f"once= needs one of the {pairs} pairs of metadata: leave one free"
    if problem:
        raise InvalidArgumentError(given_as, problem)
    newest: Call[Any] = Call(
        call.operation.replace("create", "list", 1) + "s", "read", "GET", call.path, call.model,
        {"limit": PROBE_PAGE_SIZE, "order": "desc"}, is_page=True, parents=call.parents,
    )  # fmt: skip
    marked = {**body, "metadata": {**metadata, ONCE_SLOT: mark}}
    planned = Once(mark, newest, probe_first=own, said=_gist(body) if own else None)
    # With the mark, it is looked for before it is sent again: so it is as repeatable as an update.
    features = {**call.features, "once": planned}
    return call._replace(effect="repeatable", body=marked, features=features)


def _gist(message: Mapping[str, Any]) -> tuple[str, list[str]] | None:
    """Return a message's role and what its parts say or refer to, as it is sent or as it is read.

    None where that cannot be told. Servers may trim texts, and add to the other kinds of parts.
    """
    role, content = message.get("role"), message.get("content")
    parts = [content] if isinstance(content, str) else content
    if not isinstance(role, str) or not isinstance(parts, list):
        return None
    gist = []
    for part in parts:
        inner = part.get(part.get("type")) if isinstance(part, Mapping) else part
        if isinstance(inner, Mapping) and type(inner.get("file_id")) not in (str, type(None)):
            return None  # not uploaded yet
        if isinstance(inner, Mapping):
            inner = inner.get("value") or inner.get("file_id") or inner.get("url")
        if not isinstance(inner, str):
            return None
        gist.append(inner.strip())
    return role, gist


def looked_for_first(call: Call[Any]) -> Call[Any]:
    """Make the same call, whose object is looked for before it is sent, if it has a mark."""
    once = call.features.get("once")
    if not isinstance(once, Once):
        return call
    return call._replace(features={**call.features, "once": once._replace(probe_first=True)})


def call_for_one(newest: Call[Any], id_: str) -> Call[Any]:
    """Make the call for one of the objects that a call lists.

    Raises:
        InvalidArgumentError: The server sent an id that would address another resource.
    """
    operation = newest.operation.replace("list", "retrieve", 1).removesuffix("s")
    path = f"{newest.path}/{quote(CHECKER.id(id_, 'id'), safe='')}"
    return newest._replace(operation=operation, path=path, query={}, is_page=False, answer_id=id_)


def look_for_change(call: Call[Any]) -> Call[Any] | None:
    """Make the call that shows whether a change is made which a server refuses to make twice.

    Its result is that of the change, too. None where a call needs no such look; a stream needs
    none, as the events of a lost answer do not come again.
    """
    if call.operation not in ("cancel_run", "submit_tool_outputs") or call.streams:
        return None
    path = call.path.rpartition("/")[0]
    return Call(
        "retrieve_run", "read", "GET", path, models.Run,
        answer_id=call.answer_id, parents=call.parents,
    )  # fmt: skip


def is_applied(call: Call[Any], run: Any) -> bool:
    """Tell whether a run is as such a call changes it."""
    if call.operation == "cancel_run":
        return run.status in ("cancelling", "cancelled")
    if run.status == "requires_action":
        given = {output.get("tool_call_id") for output in (call.body or {})["tool_outputs"]}
        return given.isdisjoint(waiting.id for waiting in run.tool_calls)
    # Without the outputs that it waits for it only ever ends.
    return run.status not in ("expired", "cancelling", "cancelled")


class AnyJson:
    """The model of an answer that is taken as it is."""

    @staticmethod
    def from_dict(data: Any) -> Any:
        return data


def any_request(method: object, path: object, query: object, body: object) -> Call[Any]:
    """Make a call to a path that has no method of its own here."""
    verb = method.upper() if isinstance(method, str) else method
    verb = check_choice("method", verb, "GET", "POST", "PUT", "PATCH", "DELETE")
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
    asked: Any = query or {}
    sent: Any = body  # perhaps a model
    effect = effects.get(verb, "create")
    encoded = quote(path, safe="/%:@!$&'()*+,;=[]")  # what a path may hold
    body = sent if sent is None else {**sent}
    return Call(f"{verb.lower()} {path}", effect, verb, encoded, AnyJson, asked, body)


# ---- requests ----


@define(repr=False, eq=False)
class HttpRequest:
    """A request as it will be sent, but for the Authorization header.

    That one is added at the last moment, so that no object holds a key that could be printed,
    logged or pickled.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | Form | None
    needs_key: bool

    def __repr__(self) -> str:
        return f"<HttpRequest {self.method}>"


class PreparedRequest:
    """A request that was built and not sent, with every credential hidden.

    Attributes:
        operation: The operation's name in the document.
        method: The HTTP method.
        url: The whole URL.
        headers: With the values of credentials replaced by ``***``.
        body: The bytes that would be sent, or None. The file of a form is read for it.
    """

    def __init__(self, operation: str, request: HttpRequest) -> None:
        self.operation = operation
        self.method = request.method
        self.url = redact_url(request.url)
        self.headers = {name: redact(name, value) for name, value in request.headers.items()}
        if request.needs_key:
            self.headers["Authorization"] = f"Bearer {HIDDEN}"
        self._content = request.content

    @cached_property
    def body(self) -> bytes | None:
        return b"".join(self._content) if isinstance(self._content, Form) else self._content

    def json(self) -> Any:
        """Parse the body as JSON; None where there is no body."""
        return None if self.body is None else json.loads(self.body)

    def curl(self) -> str:
        """Write the request as a curl command, the key as ``$LAPLAS_API_KEY``.

        A file that was given by its path is named; of an open one, curl reads its input.

        Raises:
            ValueError: The body, such as that of a file given as bytes, is not text.
        """
        form = self._content.curl() if isinstance(self._content, Form) else []
        words = ["curl", "-X", self.method, shlex.quote(self.url)]
        for name, value in self.headers.items():
            if (name, value) == ("Authorization", f"Bearer {HIDDEN}"):
                # In double quotes, for the shell to put the key in.
                words += ["-H", '"Authorization: Bearer $LAPLAS_API_KEY"']
            elif name != "Accept-Encoding" and not (form and name == "Content-Type"):
                words += ["-H", shlex.quote(f"{name}: {value}")]
        if form:
            words += form
        elif self.body is not None:
            words += ["--data-raw", shlex.quote(self.body.decode())]
        return " ".join(words)

    def __repr__(self) -> str:
        return f"<PreparedRequest {self.operation} {self.method} {self.url}>"


def build_request(call: Call[Any], options: ClientOptions, per_call: CallOptions) -> HttpRequest:
    """Build the request of a call; raises InvalidArgumentError for what cannot be sent."""
    headers, extra_headers = options.headers, per_call.get("extra_headers")
    if per_call:
        check_names(per_call)
        headers = merge_headers(headers, extra_headers)
    if call.streams:
        headers = merge_headers(headers, {"Accept": "text/event-stream"})
    elif call.model is bytes:
        headers = merge_headers(merge_headers(headers, {"Accept": "*/*"}), extra_headers)
    content: bytes | Form | None = None
    content_type = "application/json"
    if call.form is not None:
        content = Form(call.form)
        content_type = content.content_type
    elif call.body is not None:
        content = encode_json(call.body, "extra_body" if per_call.get("extra_body") else "body")
    if content is not None:
        headers = merge_headers({"Content-Type": content_type, **headers}, extra_headers)
    query = {**options.query, **call.query} if options.query else call.query
    return HttpRequest(
        call.method,
        options.base_url + call.path + _encode_query(query, per_call.get("extra_query")),
        headers,
        content,
        needs_key=options.sends_key and not (extra_headers and names_authorization(extra_headers)),
    )


def _merge(argument: str, base: Mapping[str, Any] | None, extra: object) -> Mapping[str, Any]:
    if not isinstance(extra, Mapping):
        raise InvalidArgumentError(argument, "must be a mapping")
    return without_absent({**(base or {}), **extra})


def _encode_query(query: Mapping[str, Any], extra: Mapping[str, Any] | None) -> str:
    merged = _merge("extra_query", query, extra) if extra else query
    if not merged:
        return ""
    try:
        pairs = [(name, _query_value(value)) for name, value in merged.items() if value is not None]
        text = urlencode(pairs, doseq=True, quote_via=quote)
    except (ValueError, TypeError):
        raise InvalidArgumentError("extra_query", "cannot be written as a query") from None
    return text and f"?{text}"


def _query_value(value: Any) -> Any:
    """Write a query value as JSON writes it; a list is repeated."""
    if isinstance(value, list | tuple):
        return [_query_value(item) for item in value]
    if isinstance(value, str):
        return str.__str__(value)  # of an enum's member, its value
    return json.dumps(value) if isinstance(value, int | float) else value


def encode_json(body: object, argument: str) -> bytes:
    """Write JSON as UTF-8, with nothing escaped that need not be.

    Raises:
        InvalidArgumentError: Something in it is no JSON; the error names `argument`.
    """
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidArgumentError(argument, "must not contain lone surrogates") from None
    except (TypeError, ValueError, RecursionError) as problem:
        raise InvalidArgumentError(argument, f"cannot be written as JSON: {problem}") from None


def wire_headers(request: HttpRequest, authority: str, key: Secret | None) -> dict[str, str]:
    """Return all headers of a request as they are sent, whichever way it goes.

    `authority` is what the Host header says, `key` what the Authorization header does, if any.
    """
    headers = {"Host": authority}
    for name, value in request.headers.items():
        lower = name.lower()
        if lower == "host":
            headers["Host"] = value
        elif lower not in _FRAMING:  # where the body ends is said here alone
            headers[name] = value
    if request.content is not None or request.method in _WITH_BODY:
        headers["Content-Length"] = str(len(request.content or b""))
    if key is not None:
        headers["Authorization"] = key.reveal()
    return headers


_FRAMING: Final = frozenset(("content-length", "transfer-encoding"))
_WITH_BODY: Final = frozenset(("PATCH", "POST", "PUT"))
"""Methods whose requests say that their body is empty, where it is."""
