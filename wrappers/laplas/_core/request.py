"""Build requests: from a call and the options to the bytes that are sent. No I/O."""

from __future__ import annotations

import json
import secrets
import shlex
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from attrs import define

from ..errors import InvalidArgumentError
from ..generated import Call
from .config import (
    HIDDEN,
    CallOptions,
    ClientOptions,
    Secret,
    check_names,
    merge_headers,
    names_authorization,
    redact,
    redact_url,
)


@define(repr=False, eq=False)
class HttpRequest:
    """A request as it will be sent, but for the Authorization header.

    That one is added at the last moment, so that no object holds a key that could be printed,
    logged or pickled.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    content: bytes | None
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
        body: The bytes that would be sent, or None.
    """

    def __init__(self, operation: str, request: HttpRequest) -> None:
        self.operation = operation
        self.method = request.method
        self.url = redact_url(request.url)
        self.headers = {name: redact(name, value) for name, value in request.headers.items()}
        if request.needs_key:
            self.headers["Authorization"] = f"Bearer {HIDDEN}"
        self.body = request.content

    def json(self) -> Any:
        """Parse the body as JSON; None where there is no body."""
        return None if self.body is None else json.loads(self.body)

    def curl(self) -> str:
        """Write the request as a curl command, the key as ``$LAPLAS_API_KEY``.

        Raises:
            ValueError: The body, such as that of an uploaded file, is not text.
        """
        words = ["curl", "-X", self.method, shlex.quote(self.url)]
        for name, value in self.headers.items():
            if (name, value) == ("Authorization", f"Bearer {HIDDEN}"):
                # In double quotes, for the shell to put the key in.
                words += ["-H", '"Authorization: Bearer $LAPLAS_API_KEY"']
            elif name != "Accept-Encoding":
                words += ["-H", shlex.quote(f"{name}: {value}")]
        if self.body is not None:
            words += ["--data-raw", shlex.quote(self.body.decode())]
        return " ".join(words)

    def __repr__(self) -> str:
        return f"<PreparedRequest {self.operation} {self.method} {self.url}>"


def build_request(call: Call[Any], options: ClientOptions, per_call: CallOptions) -> HttpRequest:
    """Build the request of a call; raises InvalidArgumentError for what cannot be sent."""
    headers = options.headers
    if per_call:
        check_names(per_call)
        headers = merge_headers(headers, per_call.get("extra_headers"))
    extra_headers = per_call.get("extra_headers")
    if call.streams:
        headers = merge_headers(headers, {"Accept": "text/event-stream"})
    content, content_type = _encode_body(call, per_call.get("extra_body"))
    if content is not None:
        headers = merge_headers({"Content-Type": content_type, **headers}, extra_headers)
    return HttpRequest(
        call.method,
        options.base_url + call.path + _encode_query(call.query, per_call.get("extra_query")),
        headers,
        content,
        needs_key=options.sends_key and not (extra_headers and names_authorization(extra_headers)),
    )


def _encode_body(call: Call[Any], extra: Mapping[str, Any] | None) -> tuple[bytes | None, str]:
    """Return the body and its type."""
    if call.form is not None:
        if extra:
            problem = "is for JSON bodies; this operation sends a form"
            raise InvalidArgumentError("extra_body", problem)
        boundary = secrets.token_hex(16)
        return _encode_form(call.form, boundary), f"multipart/form-data; boundary={boundary}"
    body = _merge("extra_body", call.body, extra) if extra else call.body
    content = None if body is None else encode_json(body, "extra_body" if extra else "body")
    return content, "application/json"


def _encode_form(form: Mapping[str, Any], boundary: str) -> bytes:
    """Write texts and then files, (name, bytes), as ``multipart/form-data``."""
    pieces = []
    for field, value in sorted(form.items(), key=lambda item: isinstance(item[1], tuple)):
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quote_name(field)}"'
        if isinstance(value, tuple):
            head += f'; filename="{_quote_name(value[0])}"'
            head += "\r\nContent-Type: application/octet-stream"
        content = value[1] if isinstance(value, tuple) else str(value).encode()
        pieces += [f"{head}\r\n\r\n".encode(), content, b"\r\n"]
    return b"".join((*pieces, f"--{boundary}--\r\n".encode()))


def _quote_name(name: str) -> str:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return quoted.replace("\r", " ").replace("\n", " ")


def _merge(
    argument: str, base: Mapping[str, Any] | None, extra: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    if not extra:
        return base
    if not isinstance(extra, Mapping):
        raise InvalidArgumentError(argument, "must be a mapping")
    return {**(base or {}), **extra}


def _encode_query(query: Mapping[str, Any], extra: Mapping[str, Any] | None) -> str:
    merged = _merge("extra_query", query, extra) if extra else query
    if not merged:
        return ""
    pairs = [(name, _query_value(value)) for name, value in merged.items() if value is not None]
    try:
        return "?" + urlencode(pairs, doseq=True, quote_via=quote) if pairs else ""
    except (UnicodeEncodeError, TypeError):
        raise InvalidArgumentError("extra_query", "cannot be written as a query") from None


def _query_value(value: Any) -> Any:
    """Write a query value as JSON writes it; a list is repeated."""
    if isinstance(value, list | tuple):
        return [_query_value(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else value


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

    Args:
        request: The request.
        authority: Host and port as the Host header has them.
        key: The Authorization header's value, or None for none.
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
