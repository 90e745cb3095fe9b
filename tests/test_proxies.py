"""Which proxy the environment names for a URL."""

from __future__ import annotations

import pytest

from laplas._core.config import choose_proxy

PROXY = "http://proxy.test:3128"


@pytest.mark.parametrize(
    ("host", "entries"),
    [
        ("api.test", "api.test"),
        ("api.test", "other, .test"),
        ("api.test", "*.test"),
        ("api.test", "*"),
        ("api.test:8080", "api.test:8080"),
        ("a.b.test", "B.Test"),
        ("10.1.2.3", "10.0.0.0/8"),
        ("10.1.2.3", "10.1.2.3"),
        ("[::1]", "::1/128"),
        ("[::1]", "[::1]"),
        ("[fd00::5]", "fd00::/8"),
        ("localhost", "localhost"),
        ("api.test", "http://api.test"),
    ],
)
def test_hosts_that_no_proxy_covers(host: str, entries: str) -> None:
    assert choose_proxy(f"https://{host}/threads", {"https": PROXY, "no": entries}) is None


@pytest.mark.parametrize(
    ("host", "entries"),
    [
        ("api.test", ""),
        ("api.test", "pi.test"),
        ("test", "*.test"),
        ("api.test:8080", "api.test:80"),
        ("11.1.2.3", "10.0.0.0/8"),
        ("[::2]", "::1/128, [::1]"),
        ("api.test", "[::1,*.x,,//, ::1/999"),
    ],
)
def test_hosts_that_it_does_not_cover_whatever_else_it_holds(host: str, entries: str) -> None:
    assert choose_proxy(f"https://{host}/threads", {"https": PROXY, "no": entries}) == PROXY


def test_the_scheme_decides() -> None:
    proxies = {"http": "plain.test:1", "all": PROXY}
    assert choose_proxy("http://api.test/", proxies) == "http://plain.test:1"
    assert choose_proxy("https://api.test/", proxies) == PROXY
    assert choose_proxy("https://api.test/", {"http": PROXY}) is None
