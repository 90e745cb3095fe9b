"""Hold the options of clients and of calls: checked once, then never changed.

What is secret in them is kept out of reprs, logs and pickles; `laplas_api.frames` keeps it out of
tracebacks.
"""

from __future__ import annotations

import base64
import functools
import ipaddress
import os
import re
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypedDict, TypeGuard, cast
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from attrs import define, field

from ..errors import ConfigurationError, InvalidArgumentError
from ..generated import NOT_GIVEN, NotGiven

if TYPE_CHECKING:
    import ssl

    from .watching import Listener

DEFAULT_BASE_URL: Final = "https://api.apilaplas.com"
MAX_RESPONSE_BYTES: Final = 64 * 1024 * 1024
"""Limit of an answer, its compression undone. Ours: no server states a limit."""

HIDDEN: Final = "***"

CREDENTIALS: Final = (
    "auth", "cookie", "credential", "key", "passw", "secret", "session", "signature", "token",
)  # fmt: skip


class Secret:
    """A text that no repr, log, traceback or pickle shows."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> Any:
        raise TypeError("a secret cannot be pickled")


@define(repr=False, eq=False)
class Echoes:
    """Finds what a server repeats of a request's credentials, also in part or encoded.

    Args:
        headers: Those of the request; of credentials are those whose names say so.
        key: The Authorization header's value, or None.
        url: The request's URL; the values of its query are told apart in the same way.
    """

    _headers: Mapping[str, str] = {}
    _key: Secret | None = None
    _url: str = ""

    def __reduce__(self) -> Any:
        return Echoes, ()

    def hide(self, text: str) -> str:
        """Return a text with ``***`` in the place of each."""
        pairs = [*self._headers.items(), *parse_qsl(self._url.partition("?")[2])]
        values = [value for name, value in pairs if redact(name, "") == HIDDEN]
        values += [] if self._key is None else [self._key.reveal()]
        spans = sorted({span for value in values for span in _find_parts(value, text)})
        pieces: list[str] = []
        done = 0
        for start, end in spans:
            if start > done or not pieces:
                pieces += [text[done:start], HIDDEN]
            done = max(done, end)
        return "".join((*pieces, text[done:]))


_PART: Final = 8
"""Characters in a row that tell something of a credential; fewer occur by chance."""
_SEED: Final = _PART // 2
"""Each part that long holds a whole one of the pieces that a credential is cut into like this."""


def _find_parts(value: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where parts of a credential begin and end in a text, in the codings of servers."""
    secret = value.rpartition(" ")[2]  # without "Bearer"
    data = secret.encode()
    forms = {secret, quote(secret, safe=""), data.hex()}
    for before in range(3):  # base64 depends on how many bytes stand in front
        coded = base64.b64encode(bytes(before) + data).decode().rstrip("=")[before + 1 : -1]
        forms |= {coded, coded.replace("+", "-").replace("/", "_")}
    for form in forms:
        for seed in range(0, len(form) - _SEED + 1, _SEED):
            at = text.find(form[seed : seed + _SEED])
            while at >= 0:
                ahead = _common(form[seed:], text[at : at + len(form)])
                behind = _common(form[:seed][::-1], text[max(0, at - seed) : at][::-1])
                if ahead + behind >= _PART:
                    yield at - behind, at + ahead
                at = text.find(form[seed : seed + _SEED], at + ahead)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def redact(name: str, value: str) -> str:
    """Return the value of a header or parameter, or ``***`` if its name suggests a credential."""
    return HIDDEN if any(word in name.lower() for word in CREDENTIALS) else value


def redact_url(url: str) -> str:
    """Replace the query values that look like credentials by ``***``."""
    base, mark, query = url.partition("?")
    pairs = [pair.partition("=") for pair in query.split("&")]
    return base + mark + "&".join(name + is_ + redact(name, value) for name, is_, value in pairs)


ApiKey = str | Callable[[], Any] | Callable[[], Awaitable[Any]]
"""A callable gives a str, or a token as azure-identity does: see `TokenCache`."""
ArgumentError = ConfigurationError | InvalidArgumentError
Headers = Mapping[str, str | None]
"""Extra headers; None as a value removes a header that would be sent by default."""


class Timeout(NamedTuple):
    """Limit the seconds of each phase of one attempt; None is for ever.

    Attributes:
        read: For the next bytes of the answer. Default 60.
        connect: For the connection, the look-up of the host included, and again for TLS. Default 5.
        write: For the server to take the next bytes of the request. Default 60.
        pool: For a free connection of the pool. Default 60.
    """

    read: float | None = 60.0
    connect: float | None = 5.0
    write: float | None = 60.0
    pool: float | None = 60.0


class TimeoutLike(Protocol):
    """What a timeout has: a `Timeout`, or that of an HTTP library."""

    read: Any
    connect: Any
    write: Any
    pool: Any


class RetryPolicy(NamedTuple):
    """How often and how long to try.

    Attributes:
        max_retries: Attempts after the first one. Default 2.
        base_delay: Seconds; the first wait is drawn from 0 to this, each next from twice as much.
        max_delay: Seconds; ceiling of a wait that this client chose itself.
        max_retry_after: Seconds; a server that asks for a longer wait is not waited for: the
            error is raised at once, with the value in ``retry_after``.
        max_total: Seconds from the first attempt; no retry starts later than this.
    """

    max_retries: int = 2
    base_delay: float = 0.5
    max_delay: float = 8.0
    max_retry_after: float = 60.0
    max_total: float = 180.0


class CallOptions(TypedDict, total=False):
    """Options that every call takes beside its own arguments.

    Attributes:
        timeout: Seconds (or a `Timeout`) for each attempt of this call; None is for ever.
        max_retries: Attempts after the first one, for each request of the call.
        deadline: Seconds for the whole call: all its requests, retries and waits, the callable for
            the key, all pages of a listing, all pieces of a stream, and the functions that `ask`
            calls; your own work between pages or pieces counts, too. If it passes before the
            first request is sent, the error says ``may_have_taken_effect=False``. What blocks a
            thread, a function or a callable that is not async, cannot be stopped.
        extra_headers: Headers to add or replace; None as a value leaves a header out.
        extra_query: Query parameters to add or replace.
        extra_body: Keys of the JSON body to add or replace. They are sent as they are: this is
            the way to send what this version of the package would refuse or does not know.
    """

    timeout: float | Timeout | TimeoutLike | None
    max_retries: int
    deadline: float
    extra_headers: Headers
    extra_query: Mapping[str, Any]
    extra_body: Mapping[str, Any]


_CALL_OPTIONS: Final = frozenset(CallOptions.__annotations__)


def check_names(per_call: CallOptions) -> None:
    """Raise TypeError for an option that does not exist, as for any misspelt argument."""
    if not _CALL_OPTIONS.issuperset(per_call):
        unknown = min(per_call.keys() - _CALL_OPTIONS)
        error: Any = TypeError(f"unexpected keyword argument {unknown!r}")
        error.is_expected = True  # see laplas_api.frames: headers are among the locals
        raise error


def pick_call_options(given: Mapping[str, Any]) -> CallOptions:
    """Return those of some keyword arguments that every call takes."""
    return cast("CallOptions", {k: v for k, v in given.items() if k in _CALL_OPTIONS})


def without_absent(values: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what is not given: see `is_absent`."""
    return {name: value for name, value in values.items() if not is_absent(value)}


def is_number(value: object) -> TypeGuard[float]:
    """Tell an int or a float, which a bool is not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_absent(value: object) -> bool:
    """Tell NOT_GIVEN, and the openai package's ``omit`` and ``not_given``, by their types."""
    return type(value).__name__ in ("NotGiven", "Omit")


class Deadline(float):
    """A time of the monotonic clock by which a call must end."""


def start_deadline(options: Mapping[str, Any], now: float) -> CallOptions:
    """Turn the seconds of a call's ``deadline`` into a `Deadline`, once for all its requests."""
    per_call = cast("CallOptions", without_absent(options) if options else options)
    if "deadline" not in per_call or isinstance(per_call["deadline"], Deadline):
        return per_call
    seconds = check_seconds("deadline", per_call["deadline"])
    return {**per_call, "deadline": Deadline(now + seconds)}


def for_further_requests(per_call: CallOptions) -> CallOptions:
    """Drop what was added to the query or body of a call's first request."""
    return {**per_call, "extra_query": {}, "extra_body": {}}


class ClientOptions(NamedTuple):
    """Everything a client knows apart from its connections. Shared and never changed."""

    api_key: ApiKey | None
    base_url: str
    timeout: Timeout
    retry: RetryPolicy
    headers: Mapping[str, str]
    query: Mapping[str, Any]
    tokens: TokenCache
    on_event: Listener | None = None
    sends_key: bool = True

    def __repr__(self) -> str:
        return f"ClientOptions(base_url={self.base_url!r}, api_key='***')"

    def __reduce__(self) -> tuple[Any, ...]:
        # A key never gets into a pickle: what is there instead is told apart when it is read.
        check_no_credentials(self.headers, "default headers")
        check_no_credentials(self.query, "the default query")
        return _restore_options, (_origin_of(self.api_key), *tuple(self)[1:])

    def __copy__(self) -> ClientOptions:
        return self

    def __deepcopy__(self, memo: object) -> ClientOptions:
        return self

    def copy_with(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float | Timeout | TimeoutLike | NotGiven | None = NOT_GIVEN,
        max_retries: int | None = None,
        default_headers: Headers | None = None,
        default_query: Mapping[str, Any] | None = None,
        organization: str | None = None,
        project: str | None = None,
        app: str | None = None,
        on_event: Listener | NotGiven | None = NOT_GIVEN,
    ) -> ClientOptions:
        """Return a copy; None means "as it was" but for `timeout` and `on_event`."""
        headers = self.headers
        if app is not None:
            headers = merge_headers(headers, {"User-Agent": _user_agent(app)})
        headers = merge_headers(headers, default_headers, "default_headers", ConfigurationError)
        for argument, value in (("organization", organization), ("project", project)):
            if value is not None:
                named = {f"OpenAI-{argument.capitalize()}": value}
                headers = merge_headers(headers, named, argument, ConfigurationError)
        return ClientOptions(
            self.api_key if api_key is None else check_api_key(api_key),
            self.base_url if base_url is None else check_base_url(base_url),
            self.timeout if is_absent(timeout) else check_timeout(timeout),
            self.retry if max_retries is None else with_retries(self.retry, max_retries),
            headers,
            merge_query(self.query, default_query),
            self.tokens if api_key is None else TokenCache(),
            self.on_event if on_event is NOT_GIVEN else on_event,
            self.sends_key and not names_authorization(default_headers),
        )


class _EnvironmentKey(str):
    """A key that came from the environment; unpickled, a client takes that of its environment."""

    __slots__ = ()


def _origin_of(key: ApiKey | None) -> tuple[str, str] | str | None:
    """Return what a pickle says of a key: None for the environment's, a function's whereabouts.

    Not the function itself: some picklers take along what it holds, and that may be the key.
    """
    if key is None or isinstance(key, _EnvironmentKey):
        return None
    if not callable(key):
        return "explicit"
    module, name = getattr(key, "__module__", ""), getattr(key, "__qualname__", "")
    with suppress(AttributeError, KeyError, TypeError):
        if _find_callable(module, name) == key:
            return module, name
    from pickle import PicklingError

    raise PicklingError("a client whose api_key is no function of a module cannot be pickled")


def _find_callable(module: str, name: str) -> Any:
    return attrgetter(name)(import_module(module))


def _restore_options(origin: tuple[str, str] | str | None, *rest: Any) -> ClientOptions:
    key: Any = None
    if origin is not None:
        key = _ask_for_key if isinstance(origin, str) else _find_callable(*origin)
    return ClientOptions(key, *rest)


def _ask_for_key() -> str:
    problem = "is not pickled with a client: use client.with_options(api_key=...)"
    raise ConfigurationError("api_key", problem)


def check_no_credentials(names: Iterable[str], what: str) -> None:
    """Raise TypeError where a pickle would hold a credential, going by the names."""
    if any(redact(name, "") for name in names):
        raise TypeError(f"a credential in {what} cannot be pickled")


class TransportConfig(NamedTuple):
    """How a client reaches the network; apart from ClientOptions: derived clients share it."""

    http_client: Any = None
    transport: Any = None
    proxy: str | None = None
    verify: bool | ssl.SSLContext = True
    limits: Any = None
    http2: bool = False
    max_response_bytes: int = MAX_RESPONSE_BYTES
    fast: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        if self.http_client is not None or self.transport is not None:
            raise TypeError("a client with its own http_client or transport cannot be pickled")
        if self.verify not in (True, False):
            raise TypeError("a client with its own SSL context cannot be pickled")
        if self.proxy is not None and "@" in self.proxy:
            raise TypeError("a client whose proxy needs a password cannot be pickled")
        return TransportConfig, tuple(self)

    def __copy__(self) -> TransportConfig:
        return self

    def __deepcopy__(self, memo: object) -> TransportConfig:
        return self

    def __repr__(self) -> str:
        return "TransportConfig(...)"  # a proxy's URL may hold a password


def check_limit(limit: object) -> int:
    """Check the `max_response_bytes` of a client."""
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ConfigurationError("max_response_bytes", f"must be an int above 0, not {limit!r}")
    return limit


def build_options(
    *,
    api_key: ApiKey | None,
    base_url: str | None,
    timeout: float | Timeout | TimeoutLike | None,
    max_retries: int,
    default_headers: Headers | None,
    default_query: Mapping[str, Any] | None,
    organization: str | None,
    project: str | None,
    app: str | None,
    on_event: Listener | None,
) -> ClientOptions:
    """Make the options of a new client; the environment fills in for None."""
    key = api_key
    if key is None and "LAPLAS_API_KEY" in os.environ:
        key = _EnvironmentKey(os.environ["LAPLAS_API_KEY"])
    if key is None:
        raise ConfigurationError("api_key", "pass api_key=... or set LAPLAS_API_KEY")
    if base_url is None:
        base_url = os.environ.get("LAPLAS_BASE_URL") or DEFAULT_BASE_URL
    base = ClientOptions(
        check_api_key(key),
        check_base_url(base_url),
        check_timeout(timeout),
        with_retries(RetryPolicy(), max_retries),
        {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "OpenAI-Beta": "assistants=v2",
            "User-Agent": _user_agent(),
        },
        _query_of_environment(),
        TokenCache(),
        on_event,
    )
    return base.copy_with(
        default_headers=default_headers,
        default_query=default_query,
        organization=organization,
        project=project,
        app=app,
    )


def _query_of_environment() -> Mapping[str, Any]:
    text = os.environ.get("LAPLAS_DEFAULT_QUERY", "").strip().removeprefix("?")
    try:
        text.encode()  # ValueError for bytes that are not UTF-8
        return parse_qs(text, True, True, errors="strict") if text else {}
    except ValueError:
        problem = "must be a query string such as 'api-version=v1&a=b'"
    raise ConfigurationError("LAPLAS_DEFAULT_QUERY", problem)


def merge_query(base: Mapping[str, Any], extra: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Lay `extra` over `base`; None removes. No value gets into an error: it may be a secret."""
    if extra is None:
        return base
    if not isinstance(extra, Mapping):
        raise ConfigurationError("default_query", "must be a mapping of names to values")
    # The lists are copied: yours may change.
    own = {name: [*v] if isinstance(v, list | tuple) else v for name, v in extra.items()}
    for name, value in own.items():
        values = [""] if value is None else value if isinstance(value, list) else [value]
        texts = [each for each in (name, *values) if isinstance(each, str)]
        fits = isinstance(name, str) and all(isinstance(each, str | int | float) for each in values)
        if not fits or re.search("[\ud800-\udfff]", "".join(texts)):
            problem = f"{name!a} must be a str, and its value a str, number, bool, list or None"
            raise ConfigurationError("default_query", problem)
    return {name: value for name, value in {**base, **own}.items() if value is not None}


def names_authorization(headers: Headers | None) -> bool:
    """Tell whether the caller sets or removes the header that carries the key."""
    return any(name.lower() == "authorization" for name in headers or ())


# Not from `platform`, which takes longer to import than all of this package.
_PYTHON: Final = ".".join(str(number) for number in sys.version_info[:3])


def _user_agent(app: str | None = None) -> str:
    """Build the User-Agent, with the application's name in front where there is one."""
    from .. import __version__

    own = f"laplas-python/{__version__} python/{_PYTHON}"
    if app is None:
        return own
    if not isinstance(app, str) or not app.strip() or not (app.isascii() and app.isprintable()):
        raise ConfigurationError("app", "must be a name such as 'billing/2.1'")
    return f"{app.strip()} {own}"


def check_api_key(key: ApiKey) -> ApiKey:
    """Return the key as given, or raise a ConfigurationError that does not repeat it."""
    if callable(key):
        return key
    if not isinstance(key, str):
        raise ConfigurationError("api_key", f"must be a str or callable, not {type(key).__name__}")
    if not key.strip():
        raise ConfigurationError("api_key", "must not be empty")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError(
            "api_key", "must not contain blanks, line breaks or non-ASCII characters"
        )
    return key


def current_key(key: ApiKey | None) -> Any:
    """Return the key, or call for one; None is the environment's, after unpickling."""
    if callable(key):
        return key()
    key = key or os.environ.get("LAPLAS_API_KEY")
    if key is None:
        raise ConfigurationError("api_key", "came from the environment: set LAPLAS_API_KEY")
    return key


def bearer(key: object) -> Secret:
    """Make the Authorization header's value of a key, checked again if a callable made it."""
    if not isinstance(key, str):
        raise ConfigurationError("api_key", f"the callable returned {type(key).__name__}, not str")
    return Secret(f"Bearer {check_api_key(key)}")


@define(repr=False)
class TokenCache:
    """The newest token of a callable that says when it ends, in seconds since 1970.

    A tuple of both, or an object with ``token`` and ``expires_on``. Derived clients share it.
    """

    is_plain: bool = field(default=False, eq=False)  # no end is told, and nothing kept
    locks: dict[Any, Any] = field(factory=dict, eq=False)
    _kept: tuple[Secret | None, float] = field(default=(None, 0.0), eq=False)
    _found: Secret | None = field(default=None, eq=False)

    def __reduce__(self) -> tuple[Any, ...]:
        return TokenCache, ()

    def find(self, now: float) -> Secret | None:
        """Return what is kept; None where the callable has to be asked."""
        kept, until = self._kept
        if now >= until:
            return None
        self._found = kept
        return kept

    def keep(self, made: Any, now: float) -> Secret:
        """Make the header's value of what the callable gave; keep it if it says for how long."""
        expires = getattr(made, "expires_on", None)
        if isinstance(made, tuple) and len(made) == 2:
            made, expires = made
        key = bearer(getattr(made, "token", made))
        self.is_plain = expires is None
        if expires is not None:
            ends = _since_1970(expires)
            refresh = _since_1970(getattr(made, "refresh_on", None) or ends)
            self._kept = key, min(refresh, ends - min(60.0, (ends - now) / 10))
        return key

    def refuse(self, key: Secret | None) -> bool:
        """Forget a token that the server refused; tell whether a newer one may do."""
        if self._kept[0] is not key or key is None:
            return not self.is_plain and key is not None
        self._kept = None, 0.0
        return self._found is key  # else it has just been asked for


def _since_1970(when: Any) -> float:
    seconds = getattr(when, "timestamp", lambda: when)() if getattr(when, "tzinfo", 1) else None
    if not is_number(seconds) or not 0 <= seconds < 1e12:  # from there on they are milliseconds
        problem = "the callable's token must end in seconds since 1970 or at an aware datetime"
        raise ConfigurationError("api_key", problem)
    return seconds


def check_base_url(url: object) -> str:
    """Return the base URL without trailing slashes; with or without ``/v1``, as given."""
    if type(url).__name__ == "URL":  # httpx's
        url = str(url)
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
        problem = "must not have a query or a fragment: give a query as default_query="
        raise ConfigurationError("base_url", problem)
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


def check_timeout(timeout: object, error: type[ArgumentError] = ConfigurationError) -> Timeout:
    """Make a `Timeout` of seconds, None (no limit), or any object with the four phases."""
    if is_absent(timeout):
        return Timeout()
    if timeout is None:
        return Timeout(None, None, None, None)
    if is_number(timeout):
        each = check_seconds("timeout", timeout, error)
        return Timeout(each, min(each, Timeout().connect or each), each, each)
    phases = [getattr(timeout, phase, ...) for phase in Timeout._fields]
    if ... in phases:
        raise error("timeout", f"must be seconds or a Timeout, not {timeout!r}")
    return Timeout(*(None if s is None else check_seconds("timeout", s, error) for s in phases))


def check_seconds(
    argument: str, value: Any, error: type[ArgumentError] = InvalidArgumentError
) -> float:
    """Check that a value is a number of seconds above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e9:
        raise error(argument, f"must be a number of seconds above 0, not {value!r}")
    return float(value)


SHORTEST_POLL: Final = 0.02
"""Seconds; whoever wants to look more often than this does not."""


def check_interval(milliseconds: Any) -> float | None:
    """Return the seconds between two looks, or None where that is left to others."""
    if milliseconds is None or is_absent(milliseconds):
        return None
    if not is_number(milliseconds) or not 0 <= milliseconds < 1e9:
        raise InvalidArgumentError("poll_interval_ms", "must be 0 milliseconds or more")
    return max(float(milliseconds) / 1000, SHORTEST_POLL)


def with_retries(
    policy: RetryPolicy,
    max_retries: object,
    error: type[ArgumentError] = ConfigurationError,
) -> RetryPolicy:
    """Change a policy's number of retries.

    Raises:
        ConfigurationError: `max_retries` is not a whole number from 0 up; `error` if given.
    """
    if isinstance(max_retries, bool) or not isinstance(max_retries, int) or max_retries < 0:
        raise error("max_retries", f"must be an int of 0 or more, not {max_retries!r}")
    return policy._replace(max_retries=max_retries)


_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def merge_headers(
    base: Mapping[str, str],
    extra: Headers | None,
    argument: str = "extra_headers",
    error: type[ArgumentError] = InvalidArgumentError,
) -> Mapping[str, str]:
    """Lay `extra` over `base`: names match whatever their case, None removes.

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
        if value is not None and not is_absent(value):
            if not isinstance(value, str):
                raise error(argument, f"{name!r} must be a str or None, not {type(value).__name__}")
            if not value.isascii() or not value.isprintable() or value != value.strip():
                raise error(argument, f"{name!r} contains a character that a header cannot carry")
            merged[name] = value
    return merged


def choose_proxy(url: str, proxies: Mapping[str, str]) -> str | None:
    """Return the proxy's URL for an http or https URL, or None to go straight.

    Args:
        url: An absolute URL.
        proxies: By scheme, as `urllib.request.getproxies` gives them; ``"all"`` for any scheme
            and ``"no"`` for the hosts to go straight to.
    """
    parts = urlsplit(url)
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    exempt = (entry.strip().lower() for entry in proxies.get("no", "").split(","))
    if not proxy or any(_is_exempt(parts.hostname or "", parts.port, entry) for entry in exempt):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_exempt(host: str, port: int | None, entry: str) -> bool:
    """Tell whether an entry of NO_PROXY covers a host; an unreadable entry covers none."""
    entry = entry.partition("://")[2] or entry
    if entry == "*":
        return True
    with suppress(ValueError):  # either is no address, or the entry has a port
        network = ipaddress.ip_network(entry.strip("[]"), strict=False)
        return ipaddress.ip_address(host) in network
    name, colon, wanted = entry.rpartition(":")
    if colon and wanted.isdigit() and not name.endswith(":"):
        return port in (None, int(wanted)) and _is_exempt(host, None, name)
    if entry.startswith("*."):
        return host.endswith(entry[1:])
    name = entry.lstrip("*.")
    return bool(name) and (host == name or host.endswith(f".{name}"))
