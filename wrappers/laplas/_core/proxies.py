"""Choose the proxy for a URL by the environment. Pure, but for `urllib`'s reading of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit


def choose_proxy(url: str, proxies: Mapping[str, str]) -> str | None:
    """Return the proxy's URL for `url`, or None to go straight.

    Args:
        url: An absolute http or https URL.
        proxies: By scheme, as `urllib.request.getproxies` gives them; ``"all"`` for any scheme
            and ``"no"`` for the hosts to go straight to.
    """
    parts = urlsplit(url)
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or _is_exempt(parts.hostname or "", parts.port, proxies.get("no", "")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_exempt(host: str, port: int | None, entries: str) -> bool:
    return any(_matches(host, port, entry.strip().lower()) for entry in entries.split(","))


def _matches(host: str, port: int | None, entry: str) -> bool:
    """Tell whether an entry of NO_PROXY covers a host; an unreadable entry covers none."""
    entry = entry.partition("://")[2] or entry
    if entry in ("", "*"):
        return entry == "*"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if address is not None:
        try:
            return address in ipaddress.ip_network(entry.strip("[]"), strict=False)
        except ValueError:
            pass  # not an address, or one with a port
    name, colon, wanted = entry.rpartition(":")
    if colon and wanted.isdigit() and not name.endswith(":"):
        if port is not None and port != int(wanted):
            return False
        return _matches(host, None, name)
    if entry.startswith("*."):
        return host.endswith(entry[1:])
    name = entry.lstrip("*").lstrip(".")
    return host.lower() == name or (host.lower().endswith(f".{name}") and bool(name))
