"""What a client and a call can be told: checked once, then never changed."""

from __future__ import annotations

import functools
import ipaddress
import os
import re
import sys
import warnings
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict
from urllib.parse import urlsplit

from ._errors import ConfigurationError, InvalidArgumentError
from ._retry import RetryPolicy, with_retries
from ._secret import Secret, redacted
from ._version import __version__

if TYPE_CHECKING:
    import ssl

DEFAULT_BASE_URL: Final = "https://api.apilaplas.com"
MAX_RESPONSE_BYTES: Final = 64 * 1024 * 1024
"""The most an answer may hold once its compression is undone. Ours: no server states a limit."""
BETA_HEADER: Final = "assistants=v2"

NOT_GIVEN: Final[Any] = type("NotGiven", (), {"__repr__": lambda _: "NOT_GIVEN"})()
"""The default of an argument for which None means something."""

ApiKey = str | Callable[[], str] | Callable[[], Awaitable[str]]
ArgumentError = ConfigurationError | InvalidArgumentError
Headers = Mapping[str, str | None]
"""Extra headers; None as a value removes a header that would be sent by default."""


class Timeout(NamedTuple):
    """Seconds to wait in each phase of one attempt; None is for ever.

    Attributes:
        read: For the next bytes of the answer. Default 60.
        connect: For the connection, TLS included; with `Laplas`, for each address that the host's
            name has, and without the time that looking the name up takes. Default 5.
        write: For the server to take the next bytes of the request. Default 60.
        pool: For a free connection of the pool. Default 60.
    """

    read: float | None = 60.0
    connect: float | None = 5.0
    write: float | None = 60.0
    pool: float | None = 60.0


class CallOptions(TypedDict, total=False):
    """What every call takes beside its own arguments.

    Attributes:
        timeout: Seconds (or a `Timeout`) for each attempt of this call; None is for ever.
        max_retries: Attempts after the first one.
        deadline: Seconds for the whole call, all attempts and waits together. It cuts every wait;
            an answer that keeps coming, be it slowly, is still read to its end.
        extra_headers: Headers to add or replace; None as a value leaves a header out.
        extra_query: Query parameters to add or replace.
        extra_body: Keys of the JSON body to add or replace. They are sent as they are: this is
            the way to send what this version of the package would refuse or does not know.
    """

    timeout: float | Timeout | None
    max_retries: int
    deadline: float
    extra_headers: Headers
    extra_query: Mapping[str, Any]
    extra_body: Mapping[str, Any]


def check_names(per_call: CallOptions) -> None:
    """Raise TypeError for an option that does not exist, as for any misspelt argument."""
    if unknown := per_call.keys() - CallOptions.__annotations__.keys():
        raise TypeError(f"unexpected keyword argument {min(unknown)!r}")


class Options(NamedTuple):
    """Everything a client knows apart from its connections. Shared freely; never changed."""

    api_key: ApiKey | None
    base_url: str
    timeout: Timeout
    retry: RetryPolicy
    headers: Mapping[str, str]
    sends_key: bool = True

    def __repr__(self) -> str:
        return f"Options(base_url={self.base_url!r}, api_key='***')"

    def __reduce__(self) -> tuple[Any, ...]:
        # A key never gets into a pickle. A callable goes along by its name, as functions do.
        if any(redacted(name, "") for name in self.headers):
            raise TypeError("a client with a credential in its default headers cannot be pickled")
        key = self.api_key if callable(self.api_key) else None
        return Options, (key, *tuple(self)[1:])

    def updated(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float | Timeout | None = NOT_GIVEN,
        max_retries: int | None = None,
        default_headers: Headers | None = None,
        app: str | None = None,
    ) -> Options:
        """A copy with what is given changed; only for `timeout` does None have a meaning."""
        return Options(
            self.api_key if api_key is None else checked_api_key(api_key),
            self.base_url if base_url is None else checked_base_url(base_url),
            self.timeout if timeout is NOT_GIVEN else checked_timeout(timeout),
            self.retry if max_retries is None else with_retries(self.retry, max_retries),
            merged_headers(
                self.headers,
                _with_user_agent(default_headers, app),
                "default_headers",
                ConfigurationError,
            ),
            self.sends_key and not names_authorization(default_headers),
        )


class Connecting(NamedTuple):
    """How a client reaches the network; apart from Options because derived clients share it."""

    http_client: Any = None
    transport: Any = None
    verify: bool | ssl.SSLContext = True
    proxy: str | None = None
    max_response_bytes: int = MAX_RESPONSE_BYTES

    def __repr__(self) -> str:
        return "Connecting(...)"  # a proxy's URL may hold a password


def checked_limit(max_response_bytes: object) -> int:
    """The most bytes of an answer."""
    limit = max_response_bytes
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ConfigurationError("max_response_bytes", f"must be an int above 0, not {limit!r}")
    return limit


def options_from(
    *,
    api_key: ApiKey | None,
    base_url: str | None,
    timeout: float | Timeout | None,
    max_retries: int,
    default_headers: Headers | None,
    app: str | None,
) -> Options:
    """Options for a new client; what is None comes from the environment where it can."""
    key = api_key if api_key is not None else os.environ.get("LAPLAS_API_KEY")
    if key is None:
        raise ConfigurationError("api_key", "none given, and LAPLAS_API_KEY is not set")
    url = base_url if base_url is not None else os.environ.get("LAPLAS_BASE_URL") or None
    base = Options(
        checked_api_key(key),
        checked_base_url(DEFAULT_BASE_URL if url is None else url),
        checked_timeout(timeout),
        with_retries(RetryPolicy(), max_retries),
        {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "OpenAI-Beta": BETA_HEADER,
            "User-Agent": user_agent(),
        },
    )
    return base.updated(default_headers=default_headers, app=app)


def names_authorization(headers: Headers | None) -> bool:
    """Whether the header that carries the key is given, or taken away, by hand."""
    return any(name.lower() == "authorization" for name in headers or ())


# Not from `platform`, which takes longer to import than all of this package.
_PYTHON: Final = ".".join(str(number) for number in sys.version_info[:3])


def user_agent(app: str | None = None) -> str:
    """This package's User-Agent, with the application's name in front where there is one."""
    own = f"laplas-python/{__version__} python/{_PYTHON}"
    return f"{app} {own}" if app else own


def _with_user_agent(headers: Headers | None, app: str | None) -> Headers | None:
    if app is None:
        return headers
    if not isinstance(app, str) or not app.strip() or not (app.isascii() and app.isprintable()):
        raise ConfigurationError("app", "must be a name such as 'billing/2.1'")
    if headers is not None and not isinstance(headers, Mapping):
        return headers  # refused further on
    return {"User-Agent": user_agent(app.strip()), **(headers or {})}


def checked_api_key(key: ApiKey) -> ApiKey:
    """The key as given, or a ConfigurationError that does not repeat it."""
    if callable(key):
        return key
    if not isinstance(key, str):
        raise ConfigurationError("api_key", f"must be a str or callable, not {type(key).__name__}")
    if not key.strip():
        raise ConfigurationError("api_key", "must not be empty")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "api_key", "contains a blank, a line break or another character no header can carry"
        )
    return key


def key_now(options: Options) -> Any:
    """The key, or what the callable gives for one; after unpickling, the environment's."""
    key = options.api_key
    if callable(key):
        return key()
    if key is None:
        key = os.environ.get("LAPLAS_API_KEY")
        if key is None:
            raise ConfigurationError(
                "api_key", "is not pickled with a client, and LAPLAS_API_KEY is not set"
            )
    return key


def bearer(key: object) -> Secret:
    """The Authorization header's value for a key, also one that a callable just made."""
    if not isinstance(key, str):
        raise ConfigurationError("api_key", f"the callable returned {type(key).__name__}, not str")
    return Secret(f"Bearer {checked_api_key(key)}")


def checked_base_url(url: object) -> str:
    """The base URL without trailing slashes; with or without ``/v1``, as given."""
    if not isinstance(url, str):
        raise ConfigurationError("base_url", f"must be a str, not {type(url).__name__}")
    text = url.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        _ = parts.port  # raises where the port is not a number
    except ValueError:
        raise ConfigurationError("base_url", "is not a URL") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError("base_url", "must begin with https:// or http:// and name a host")
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("base_url", "must not carry a user name or a password")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ConfigurationError("base_url", "must not have a query or a fragment")
    if not _URL.fullmatch(text):
        raise ConfigurationError("base_url", "contains a character that a URL cannot carry")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        _warn_unencrypted(parts.hostname)
    return text


# The characters of RFC 3986. A server refuses others, or means something else by them.
_URL: Final = re.compile(r"[A-Za-z0-9%:/@!$&'()*+,;=._~\[\]-]+")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@functools.cache  # once for each host
def _warn_unencrypted(host: str) -> None:
    warnings.warn(
        f"base_url: the API key will travel to {host} unencrypted, over plain http",
        UserWarning,
        stacklevel=2,
    )


def checked_timeout(timeout: object, error: type[ArgumentError] = ConfigurationError) -> Timeout:
    """Seconds, a `Timeout`, None for no limit, or any object with the four phases."""
    if timeout is None:
        return Timeout(None, None, None, None)
    if isinstance(timeout, int | float) and not isinstance(timeout, bool):
        each = seconds("timeout", timeout, error)
        return Timeout(each, min(each, Timeout().connect or each), each, each)
    phases = [getattr(timeout, phase, ...) for phase in Timeout._fields]
    if ... in phases:
        raise error("timeout", f"must be seconds or a Timeout, not {timeout!r}")
    return Timeout(*(None if s is None else seconds("timeout", s, error) for s in phases))


def seconds(argument: str, value: Any, error: type[ArgumentError] = InvalidArgumentError) -> float:
    """A number of seconds above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise error(argument, f"must be a number of seconds above 0, not {value!r}")
    return float(value)


_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def merged_headers(
    base: Mapping[str, str],
    extra: Headers | None,
    argument: str = "extra_headers",
    error: type[ArgumentError] = InvalidArgumentError,
) -> Mapping[str, str]:
    """`base` with `extra` over it: names match whatever their case, None removes.

    Raises:
        InvalidArgumentError: Or `error`, naming `argument`: a name or a value is not one that a
            header can carry. The value is not repeated: it may be a secret.
    """
    if not extra:
        return base
    if not isinstance(extra, Mapping):
        raise error(argument, "must be a mapping of header names to values")
    merged = dict(base)
    for name, value in extra.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise error(argument, f"{name!r} is not a header name")
        for present in [key for key in merged if key.lower() == name.lower()]:
            del merged[present]
        if value is not None:
            if problem := _header_problem(value):
                raise error(argument, f"{name!r} {problem}")
            merged[name] = value
    return merged


def _header_problem(value: object) -> str | None:
    if not isinstance(value, str):
        return f"must be a str or None, not {type(value).__name__}"
    if not value.isascii() or not value.isprintable() or value != value.strip():
        return "contains a character that a header cannot carry"
    return None
