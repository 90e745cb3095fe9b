"""Which requests a socket takes: none that another site's page sends, none without a key.

A page that a browser shows can reach this machine, too: by a name of its own that it lets point
here (DNS rebinding), or straight, with its `Origin`.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection, Mapping, Sequence

from ._validation import RequestError

_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]@/]+)(:[0-9]*)?")


def host_of(authority: str) -> str:
    """Return the host of `host:port` in small letters, without brackets; "" where it is none."""
    match = _AUTHORITY.fullmatch(authority)
    return match[1].strip("[]").removesuffix(".").lower() if match else ""


def is_loopback(host: str) -> bool:
    """Return whether a host can be nothing but this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_others(get_all: Callable[[str], Sequence[str]], own: Collection[str]) -> None:
    """Refuse a request by its headers where it is meant for another host, or another site sent it.

    Args:
        get_all: Returns all values of a header.
        own: The hosts that are allowed beside loopback.

    Raises:
        RequestError: 403, with the way to allow it.
    """
    said = [("Host", value, host_of(value)) for value in get_all("Host") or [""]]
    said += [("Origin", value, host_of(value.partition("://")[2])) for value in get_all("Origin")]
    for name, value, host in said:
        if not host or not (is_loopback(host) or host in own):
            allow = f" To allow it, use --allow-host {host}, or allow_hosts=[{host!r}]."
            raise RequestError(
                403,
                f"This server refuses requests with {name} {value!r}.{allow if host else ''}",
                code=f"{name.lower()}_not_allowed",
            )


def refuse_other_pages(headers: Mapping[str, str]) -> None:
    """Refuse a control request of a page that is not the server's own; names in lower case.

    Pages of other programs on this machine may use the API. They must not read the requests of
    others, or delete everything.

    Raises:
        RequestError: 403.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
    own = (f"http://{headers.get('host', '')}", None)
    if origin not in own or site not in ("same-origin", "none"):
        problem = "Only the server's own page may use /_laplas/ in a browser."
        raise RequestError(403, problem, code="origin_not_allowed")


def require_key(headers: Mapping[str, str]) -> None:
    """Refuse a request without a key; any key will do, and Azure's header `api-key`, too.

    Raises:
        RequestError: 401.
    """
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if not headers.get("api-key") and (scheme.lower() != "bearer" or not key.strip()):
        raise RequestError(
            401,
            "You didn't provide an API key. Send it in the Authorization header: Bearer YOUR_KEY.",
            headers=(("www-authenticate", 'Bearer realm="OpenAI API"'),),
        )
