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


def check_host(name: object) -> str:
    """Return the host that may be named beside this machine's; raises `ValueError` for no host."""
    if not isinstance(name, str) or not host_of(name):
        raise ValueError(f"{name!r} is not the name of a host")
    return host_of(name)


def check_origin(origin: object) -> str:
    """Return an origin as browsers send it; raises `ValueError` for anything else."""
    scheme, _, authority = origin.lower().partition("://") if isinstance(origin, str) else ("",) * 3
    if not re.fullmatch("[a-z][a-z0-9+.-]*", scheme) or "*" in authority or not host_of(authority):
        example = "https://app.example or http://192.0.2.7:3000"
        raise ValueError(f"{origin!r} is not one origin: give scheme, host and port, as {example}")
    usual = {"http": ":80", "https": ":443"}.get(scheme, ":")
    return f"{scheme}://{authority.removesuffix(usual)}"


def is_loopback(host: str) -> bool:
    """Return whether a host can be nothing but this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_others(
    get_all: Callable[[str], Sequence[str]], own: Collection[str], origins: Collection[str]
) -> None:
    """Refuse a request by its headers where it is meant for another host, or another site sent it.

    Args:
        get_all: Returns all values of a header.
        own: The hosts that are allowed beside loopback, as hosts and in origins.
        origins: The origins that are allowed beside those of these hosts.

    Raises:
        RequestError: 403, with the way to allow it.
    """

    def refuse(name: str, value: str, advice: str) -> None:
        problem = f"This server refuses requests with {name} {value!r}.{advice}"
        raise RequestError(403, problem, code=f"{name.lower()}_not_allowed")

    def is_own(host: str) -> bool:
        return bool(host) and (is_loopback(host) or host in own)

    for value in get_all("Host") or [""]:
        host = host_of(value)
        if not is_own(host):
            allow = f" To allow it, use --allow-host {host}, or allow_hosts=[{host!r}]."
            refuse("Host", value, allow if host else "")
    for value in get_all("Origin"):
        scheme, _, authority = value.partition("://")
        if value == "null":
            refuse("Origin", value, " Serve your page on http://localhost, not from a file.")
        host = host_of(authority)
        if value not in origins and not (scheme in ("http", "https") and is_own(host)):
            allow = f" To allow it, use --cors {value}, or cors=[{value!r}]."
            refuse("Origin", value, allow if host else "")


def refuse_other_pages(headers: Mapping[str, str], origins: Collection[str]) -> None:
    """Refuse a control request of a page that is neither the server's own nor of these origins.

    Pages of other programs on this machine may use the API. They must not read the requests of
    others, or delete everything.

    Args:
        headers: Headers of the request; names in any case.
        origins: The origins that are allowed beside the server's own.

    Raises:
        RequestError: 403, with the way to allow it.
    """
    origin, site = headers.get("Origin"), headers.get("Sec-Fetch-Site", "none")
    is_own = origin in (f"http://{headers.get('Host', '')}", None)
    if origin not in origins and not (is_own and site in ("same-origin", "none")):
        allow = f" To allow {origin}, use --cors {origin}, or cors=[{origin!r}]." if origin else ""
        problem = f"Only the server's own page may use /_laplas/ in a browser.{allow}"
        raise RequestError(403, problem, code="origin_not_allowed")


def headers_for_page(origin: str, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of an answer that let a page of that origin read it (CORS).

    Args:
        origin: The page's origin, which is allowed.
        asked: Headers of the request. Those of a preflight are granted whatever they ask for: it
            is the key that the server wants, and any key will do.
    """
    # No page's cookies are taken, so "*" stands for all headers, a fault's own included.
    given = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "*",
        "Vary": "Origin",
    }
    if "Access-Control-Request-Method" in asked:
        given["Access-Control-Allow-Methods"] = asked["Access-Control-Request-Method"]
        given["Access-Control-Allow-Headers"] = asked.get("Access-Control-Request-Headers", "")
        given["Access-Control-Max-Age"] = "600"
    return given


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
