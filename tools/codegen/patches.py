"""Exact changes to the generator's own templates.

Each one replaces a text that must occur exactly once, so a new version of the generator that
touches these places stops the generation instead of silently undoing a mend.
"""

from __future__ import annotations

from typing import NamedTuple


class Patch(NamedTuple):
    """One change: in the stock template `template`, `old` becomes `new`, because of `why`."""

    template: str
    why: str
    old: str
    new: str


class PatchFailed(Exception):
    """A stock template no longer contains the text to be replaced exactly once."""


def apply(template: str, stock: str) -> str:
    """Return the text of a stock template with its patches applied.

    Raises:
        PatchFailed: upstream changed the template.
    """
    for patch in PATCHES:
        if patch.template == template:
            count = stock.count(patch.old)
            if count != 1:
                raise PatchFailed(f"{template}: {count} places instead of 1 for: {patch.why}")
            stock = stock.replace(patch.old, patch.new)
    return stock


PATCHES = [
    # ---- types.py ---------------------------------------------------------------------------
    Patch(
        "types.py.jinja",
        "Imports of what the next patches bring; HTTPStatus goes.",
        """\
from collections.abc import Mapping, MutableMapping
from http import HTTPStatus
from typing import BinaryIO, Generic, TypeVar, Literal, IO

from attrs import define
""",
        """\
import json
import unicodedata
from collections.abc import Callable, ItemsView, Iterable, Iterator, KeysView, Mapping
from collections.abc import MutableMapping, Sequence, ValuesView
from contextvars import ContextVar
from copy import copy, deepcopy
from enum import Enum
from importlib import import_module
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, BinaryIO, ClassVar, Final, Generic, Literal, NamedTuple
from typing import Self, TypedDict, TypeVar, Union, Unpack, cast, get_args, get_type_hints
from urllib.parse import quote

from attrs import NOTHING, define, field, fields
""",
    ),
    Patch(
        "types.py.jinja",
        "A deep copy of UNSET was no longer UNSET and broke to_dict(). Until upstream mends it.",
        """\
class Unset:
    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()

""",
        "",
    ),
    Patch(
        "types.py.jinja",
        "HTTPStatus refuses 499, 520 and 529. Until #1442 is closed.",
        "    status_code: HTTPStatus\n",
        "    status_code: int\n",
    ),
    Patch(
        "types.py.jinja",
        "The base of our models and the guard for path segments. As long as model.py.jinja is own.",
        """__all__ = ["UNSET", "File", "FileTypes", "RequestFiles", "Response", "Unset"]""",
        """{% include "types_models.py.jinja" %}""",
    ),
    # ---- errors.py --------------------------------------------------------------------------
    Patch(
        "errors.py.jinja",
        "Bodies may hold private text and do not belong into logs. Ours to keep.",
        """\
        super().__init__(
            f"Unexpected status code: {status_code}\\n\\nResponse"""
        """ content:\\n{content.decode(errors='ignore')}"
        )

__all__ = ["UnexpectedStatus"]""",
        """\
        super().__init__(f"Unexpected status code: {status_code} ({len(content)} bytes of content)")


class UnparsableResponse(Exception):
    \"\"\"Raised by api functions when a documented response has a body that is not as documented.

    The text of the error names the kind of problem only; the body may hold private data.
    \"\"\"

    def __init__(
        self, status_code: int, headers: Mapping[str, str], content: bytes, cause: Exception
    ):
        self.status_code = status_code
        self.headers = headers
        self.content = content
        self.cause = cause

        super().__init__(
            f"The response with status code {status_code} could not be read:"
            f" {type(cause).__name__} ({len(content)} bytes of content)"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status_code, self.headers, self.content, self.cause)


class MissingField(ValueError):
    \"\"\"Raised by from_dict when a required field of a model is absent.\"\"\"

    def __init__(self, model: str, key: str):
        self.model = model
        self.key = key

        super().__init__(model, key)

    def __str__(self) -> str:
        return f"{self.model} lacks the required field {self.key!r}"


__all__ = ["MissingField", "UnexpectedStatus", "UnparsableResponse"]""",
    ),
    Patch(
        "errors.py.jinja",
        "Import for UnparsableResponse.",
        '''""" Contains shared errors types that can be raised from API functions """\n''',
        '''\
""" Contains shared errors types that can be raised from API functions """

from collections.abc import Mapping
from typing import Any
''',
    ),
    # ---- client.py --------------------------------------------------------------------------
    Patch(
        "client.py.jinja",
        "repr() printed the token, and h11 repeated it in an error when it held a line break."
        " Until upstream hides it.",
        """"token": namespace(type="str", default="",""",
        """"token": namespace(type="str", default="field(repr=False, validator=_check_token)",""",
    ),
    Patch(
        "client.py.jinja",
        "The check for the patch above.",
        """\
from attrs import define, field, evolve
import httpx

""",
        """\
from attrs import define, field, evolve
import httpx


def _check_token(_: object, attribute: object, token: str) -> None:
    if not (isinstance(token, str) and token.isascii() and token.isprintable()):
        raise ValueError("token must consist of printable ASCII characters")


""",
    ),
    Patch(
        "client.py.jinja",
        "Cookies may be secrets and must not show in repr(). Until upstream hides them.",
        """field(factory=dict, kw_only=True, alias="cookies")""",
        """field(factory=dict, kw_only=True, alias="cookies", repr=False)""",
    ),
    Patch(
        "client.py.jinja",
        "After the first request the headers hold the token. Until upstream hides them.",
        """field(factory=dict, kw_only=True, alias="headers")""",
        """field(factory=dict, kw_only=True, alias="headers", repr=False)""",
    ),
    Patch(
        "client.py.jinja",
        "Options for httpx may hold credentials. Until upstream hides them.",
        """field(factory=dict, kw_only=True, alias="httpx_args")""",
        """field(factory=dict, kw_only=True, alias="httpx_args", repr=False)""",
    ),
    Patch(
        "client.py.jinja",
        "No timeout at all was the default; None still asks for that. Until upstream has one.",
        """field(default=None, kw_only=True, alias="timeout")""",
        """field(default=httpx.Timeout(60.0, connect=5.0), kw_only=True, alias="timeout")""",
    ),
    Patch(
        "endpoint_macros.py.jinja",
        "An object in a query went out as the repr of a dict where it may be null, and deepObject"
        " as if it were none. Until upstream knows styles.",
        """\
    {%- if not property.json_is_dict %}
params["{{ property.name | in_double_quote_literal }}"] = {{ destination }}
    {% else %}
{{ guarded_statement(property, destination, "params.update(" + destination + ")") }}
    {% endif %}
""",
        """\

params["{{ property.name | in_double_quote_literal }}"] = {{ destination }}
""",
    ),
    Patch(
        "endpoint_macros.py.jinja",
        "The other half of the patch above.",
        """\
params = {k: v for k, v in params.items() if v is not UNSET and v is not None}
""",
        """\
params = {k: v for k, v in params.items() if v is not UNSET and v is not None}
{% if endpoint.name in code.spread %}
params = spread(params, {{ code.spread[endpoint.name] }})
{% endif %}
""",
    ),
    # ---- endpoint modules -------------------------------------------------------------------
    Patch(
        "endpoint_module.py.jinja",
        "_get_kwargs() alone must not cost an import of httpx. Ours to keep.",
        """\
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ...client import AuthenticatedClient, Client
from ...types import Response, UNSET
from ... import errors

{% for relative in endpoint.relative_imports | sort %}
{{ relative }}
{% endfor %}
""",
        """\
from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ... import errors
from ...types import Response, Unset, form, path_segment, plain, spread
{% for relative in endpoint.relative_imports | sort %}
{{ relative }}
{% endfor %}

if TYPE_CHECKING:
    import httpx

    from ...client import AuthenticatedClient, Client
""",
    ),
    Patch(
        "endpoint_module.py.jinja",
        "delete_message('t', '..') deleted the whole thread (quote() leaves dots, httpx collapses"
        " them). Until upstream refuses dot segments (PR #1349 only quotes).",
        """{{parameter.python_name}}=quote(str({{parameter.python_name}}), safe=""),""",
        """{{parameter.python_name}}=path_segment("""
        """"{{parameter.python_name}}", {{parameter.python_name}}),""",
    ),
    Patch(
        "endpoint_module.py.jinja",
        "Plain dicts as bodies, no Content-Type for a body that is left out, no fixed boundary in"
        " forms. Ours to keep.",
        """\
{% set body = endpoint.bodies[0] %}
    {{ body_to_kwarg(body) | indent(4) }}
    {%- if body.content_type == "multipart/form-data" %}
    headers["Content-Type"] = "multipart/form-data; boundary=+++"
    {% else %}
    headers["Content-Type"] = "{{ body.content_type | in_double_quote_literal }}"
    {% endif %}
""",
        """\
{% set body = endpoint.bodies[0] %}
    if not isinstance(body, Unset):
{% if code.is_form(body) %}
{% if endpoint.name in code.deep %}
        spread_body = spread(plain(body), {{ code.deep[endpoint.name] }})
        _kwargs["data"], _kwargs["files"] = form(spread_body)
{% else %}
        _kwargs["data"], _kwargs["files"] = form(body)
{% endif %}
{% else %}
        _kwargs["json"] = plain(body)
        headers["Content-Type"] = "{{ body.content_type | in_double_quote_literal }}"
{% endif %}
""",
    ),
    Patch(
        "endpoint_module.py.jinja",
        "An event stream is no JSON, it stays in Response.content. Until upstream knows streams.",
        """\
    {% for response in endpoint.responses.patterns %}
    {% set code_range = response.status_code.range %}
""",
        """\
{% if code.may_stream(endpoint) %}
    content_type = response.headers.get("Content-Type", "")
    if response.is_success and content_type.startswith("text/event-stream"):
        return None

{% endif %}
    {% for response in endpoint.responses.patterns %}
    {% set code_range = response.status_code.range %}
""",
    ),
    Patch(
        "endpoint_module.py.jinja",
        "A body that is not JSON raised any of five raw errors and lost status and headers."
        " Until upstream attaches the response.",
        """\
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )
""",
        """\
    try:
        parsed = _parse_response(client=client, response=response)
    except errors.UnexpectedStatus:
        raise
    except (
        *(ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    ) as cause:
        raise errors.UnparsableResponse(
            response.status_code, response.headers, response.content, cause
        ) from cause
    return Response(
        status_code=response.status_code,
        content=response.content,
        headers=response.headers,
        parsed=parsed,
    )
""",
    ),
    Patch(
        "endpoint_macros.py.jinja",
        "Names the error of the patch above. As long as that one.",
        """    httpx.TimeoutException: If the request takes longer than Client.timeout.\n""",
        """\
    errors.UnparsableResponse: If the body of a documented response is not as documented.
    httpx.TimeoutException: If the request takes longer than Client.timeout.
""",
    ),
]
