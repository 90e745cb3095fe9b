# Derived from ../_async/sending.py by tools/derive_sync.py; do not edit.
"""Carry out calls: attempts, waits between them, and what must not happen twice.

What to do next is decided by the pure functions of `_core`; this module sends and waits.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .. import generated
from .._core.config import (
    SHORTEST_POLL,
    CallOptions,
    ClientOptions,
    Deadline,
    RetryPolicy,
    Secret,
    Timeout,
    bearer,
    check_seconds,
    check_timeout,
    current_key,
    for_further_requests,
    start_deadline,
    with_retries,
)
from .._core.pagination import PageData
from .._core.request import (
    CHECKER,
    HttpRequest,
    Once,
    PreparedRequest,
    build_request,
    call_for_one,
    is_applied,
    look_for_change,
    looked_for_first,
    plan_call,
)
from .._core.response import (
    RawResponse,
    Response,
    connection_error,
    decode_response,
    status_error,
)
from .._core.retry import (
    Outcome,
    TransportFailure,
    delay_before_retry,
    is_replayable,
    may_have_taken_effect,
    retry_after,
)
from .._core.watching import WaitEvent, log
from ..errors import (
    ActiveRunError,
    APIConnectionError,
    APIError,
    APIStatusError,
    BadRequestError,
    InvalidArgumentError,
    LaplasError,
    RunTimeoutError,
    SentRequest,
    UnparsableResponseError,
    annotate_error,
    name_run,
)
from ..generated import Call
from .concurrency import ask_within, make_lock, resolve_key, sleep
from .pages import Fetcher, Page
from .transport import Connections
from .watching import Watcher, tell

if TYPE_CHECKING:
    from ..models import Run
    from .downloads import BinaryContent
    from .streams import EventStream

T = TypeVar("T")

PROBED: Final = 1001
"""Objects that are searched for one whose answer was lost: 1,000 by others may be newer."""
SMALLEST_PROBE: Final = 20
"""A page counts as this many at least, so that a server's tiny pages are not read without end."""
LOOKS: Final = (0.5, 1.0, 2.5)
"""Seconds after a failure at which an object is looked for: lists may show it late."""
FIRST_POLL: Final = 0.5
"""Seconds; each further wait is half as long again, up to `LONGEST_POLL`."""
LONGEST_POLL: Final = 5.0


class Sender:
    """Send calls and decode their answers: carries out what the generated resources ask for."""

    checker = CHECKER

    def __init__(self, options: ClientOptions, connections: Connections) -> None:
        self.options = options
        self.connections = connections
        key = options.api_key
        self._secret = bearer(key) if isinstance(key, str) else None

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.options, self.connections)

    def __deepcopy__(self, memo: object) -> Sender:
        return self  # never changed; a client that is copied puts its own in the place of this

    def send(self, call: Call[T], options: Mapping[str, Any]) -> T:
        """Return the result of a call."""
        return decode_response(call, self.exchange(call, options))

    def pages(self, call: Call[T], options: Mapping[str, Any]) -> Page[T]:
        """Begin a listing."""
        started = start_deadline(options, time.monotonic())
        fetcher = Fetcher(plan_call(call, started), self.send, started)
        return fetcher.first()

    def stream(self, call: Call[Any], options: Mapping[str, Any]) -> EventStream:
        """Begin to read an event stream."""
        from .streams import EventStream, event_source  # loads many models

        source = event_source()  # before anything is sent: the extra may be missing
        return EventStream(call, self.exchange(call, options), source)

    def download(self, call: Call[Any], options: Mapping[str, Any]) -> BinaryContent:
        """Begin to read bytes."""
        from .downloads import READ_AT_ONCE, BinaryContent

        return BinaryContent(call, self.exchange(_unread(call, READ_AT_ONCE), options))

    def begin_and_poll(
        self, call: Call[Run], options: Mapping[str, Any], poll_deadline: float, interval_ms: Any
    ) -> Run:
        """Send a call that a run begins or goes on with, then wait until the run is over."""
        from .runs import begin_and_poll

        return begin_and_poll(self, call, options, poll_deadline, interval_ms)

    def begin_and_settle(self, *call: Any) -> Any:
        """Send a call after its files, then wait until the server is done with what it made."""
        from .openai_names import begin_and_settle

        return begin_and_settle(self, *call)

    def open_stream(self, call: Call[Any], options: Mapping[str, Any], event_handler: Any) -> Any:
        """Return what begins to read an event stream when its block is entered."""
        from .openai_runs import AssistantStreamManager

        return AssistantStreamManager(self, call, options, event_handler)

    def raw(self) -> RawSender:
        """Return a sender that gives the answers as they came."""
        return RawSender(self.options, self.connections)

    def streamed(self) -> StreamedSender:
        """Return a sender that leaves the bodies of answers to be read."""
        return StreamedSender(self.options, self.connections)

    def prepare(self) -> Preparer:
        """Return what builds requests and sends none."""
        return Preparer(self.options)

    def exchange(self, call: Call[Any], options: Mapping[str, Any]) -> Response:
        """Return the answer to a call, whatever will be made of it."""
        started = start_deadline(options, time.monotonic())
        call = plan_call(call, started)
        timeout = call.features.get("active_run_timeout")
        try:
            if timeout is not None:
                return self._wait_for_active_run(call, timeout, started)
            return self._send_safely(call, started)
        except LaplasError as error:
            if ids := call.features.get("pictures"):
                error.uploaded_files = tuple(ids.values())
                error.add_note(f"uploaded before, for image_file(): {', '.join(ids.values())}")
            raise

    def _send_safely(self, call: Call[Any], options: CallOptions) -> Response:
        once = call.features.get("once")
        if once and once.probe_first:
            self.plan(call, options)  # nothing is sent if the request itself cannot be
            found = self._find_created(once, options)
            if found is not None:
                return found
        if "pictures" in call.features:
            from .pictures import send_with_pictures

            return send_with_pictures(self, call, options)
        look = look_for_change(call)
        if look is not None:
            return self._send_with_look(call, look, options)
        return self._send_with_retries(call, options)

    def _send_with_retries(
        self, call: Call[Any], options: CallOptions, watcher: Watcher | None = None
    ) -> Response:
        """Try until an answer or an error comes that another attempt cannot mend.

        What must not be there twice is looked for, by its mark, before it is sent again and before
        an error is raised.
        """
        if watcher is None and (self.options.on_event or log.isEnabledFor(logging.INFO)):
            watcher = Watcher(self.options.on_event, call.operation)
            return watcher.watch(self._send_with_retries, call, options)
        request, timeout, policy = self.plan(call, options)
        deadline = options.get("deadline")
        once = call.features.get("once")
        started = time.monotonic()
        retries = 0
        ambiguous = False  # whether any attempt so far may have taken effect
        key = None
        renewed = False
        while True:
            reply: Response | TransportFailure
            error: APIError | None = None
            try:
                if request.needs_key:
                    key = self._secret or self._key(deadline)
                if watcher is not None:
                    watcher.begin(request, key)
                reply = self.connections.send(
                    request,
                    timeout,
                    key,
                    stream=call.streams,
                    ahead=None if once or call.streams else call.features.get("ahead"),
                    deadline=deadline,
                )
            except TransportFailure as failure:
                reply = failure
            elapsed = time.monotonic() - started
            if watcher is not None:
                watcher.attempt(retries + 1, reply)
            if isinstance(reply, Response):
                sent = (request.method, request.url)
                reply = reply._replace(attempts=retries + 1, elapsed=elapsed, sent=sent)
                # A repeated delete that finds nothing has deleted it before.
                gone = call.empty is not None and reply.status in (404, 410) and ambiguous
                if 200 <= reply.status < 300 or gone:
                    error = _misfit(call, reply) if once else None
                    if error is None:
                        return reply
                outcome = Outcome(None, reply.status, reply.headers)
            else:
                outcome = Outcome(reply.failure, is_final=reply.is_final)
            ambiguous = ambiguous or may_have_taken_effect(call.effect, outcome)
            delay = requested = None
            refused = outcome.status == 401 and self._secret is None and not renewed
            if refused and self.options.tokens.refuse(key):
                renewed = True  # by another token than the one that was kept: at once, but once
                delay = 0.0 if retries < policy.max_retries else None
            elif is_replayable(call.effect, outcome):
                requested = retry_after(outcome.headers, datetime.now(UTC))
                until = None if deadline is None else deadline - started
                least = LOOKS[-1] if once and ambiguous else 0.0
                delay = delay_before_retry(policy, retries, requested, elapsed, until, least=least)
            error = annotate_error(error or _error_of(reply), call, retries + 1, elapsed, ambiguous)
            error.request = SentRequest(request.method, request.url.partition("?")[0])
            if once and ambiguous:
                not_before = 0.0 if delay is None else requested or 0.0
                moments = {max(each, not_before) for each in LOOKS[:-1]}
                moments.add(delay or LOOKS[-1])
                found = self._look_for(once, options, sorted(moments), error)
                error.elapsed = time.monotonic() - started
                if found is not None:
                    return _with_attempts(found, retries + 1, started)
            elif delay is not None:
                self.wait(delay, call.operation, "retry", retries + 1)
            if delay is None:
                raise error
            retries += 1

    def plan(
        self, call: Call[Any], options: CallOptions
    ) -> tuple[HttpRequest, Timeout, RetryPolicy]:
        """Build the request of a call and check its options; sends nothing."""
        timeout = self.options.timeout
        if "timeout" in options:
            timeout = check_timeout(options["timeout"], InvalidArgumentError)
        return build_request(call, self.options, options), timeout, self._policy(options)

    def _key(self, deadline: float | None) -> Any:
        """Ask for the key, if none is kept; an async callable is left at the deadline."""
        if (kept := self.options.tokens.find(time.time())) is not None:
            return kept
        left = None if deadline is None else max(deadline - time.monotonic(), 0.0)
        try:
            return ask_within(left, self._ask_for_key)
        except TimeoutError:
            if deadline is None or time.monotonic() < deadline:
                raise  # the callable's own
        raise TransportFailure("deadline", "it passed before there was an API key")

    def _ask_for_key(self) -> Secret:
        """Ask the callable; where what it gives is kept, once for all that want it now."""
        cache = self.options.tokens
        if not cache.is_plain:
            with make_lock(cache):
                if not cache.is_plain:
                    return cache.find(time.time()) or self._ask()
        return self._ask()

    def _ask(self) -> Secret:
        made = current_key(self.options.api_key)
        return self.options.tokens.keep(resolve_key(made), time.time())

    def wait(self, seconds: float, operation: str, reason: str, attempt: int = 0) -> None:
        """Wait, and tell before."""
        tell(self.options.on_event, WaitEvent(operation, attempt, seconds, reason))
        sleep(seconds)

    def _policy(self, options: CallOptions) -> RetryPolicy:
        if "max_retries" not in options:
            return self.options.retry
        return with_retries(self.options.retry, options["max_retries"], InvalidArgumentError)

    def _look_for(
        self, once: Once, options: CallOptions, moments: Sequence[float], lost: APIError
    ) -> Response | None:
        """Look for the marked object at these moments, in seconds from now; None: it is not there.

        Raises:
            APIError: `lost`, with a note, where that cannot be told.
        """
        since = time.monotonic()
        left = options.get("deadline", math.inf) - since
        for moment in [each for each in moments if each < left] or [0.0]:
            wait = since + moment - time.monotonic()
            if wait > 0:
                self.wait(wait, once.newest.operation, "look-up")
            try:
                found = self._find_created(once, options)
            except LaplasError as error:
                lost.add_note(f"looking for the message failed, too: {error}")
                break
            if found is not None:
                return found
        else:
            return None
        raise lost

    def _find_created(self, once: Once, options: CallOptions) -> Response | None:
        """Find the marked object among the newest `PROBED`; None where it is not there.

        Raises:
            InvalidArgumentError: The mark is on something else.
        """
        options = _once_if_late(for_further_requests(options))
        newest = once.newest
        looked_at = 0
        while looked_at < PROBED:
            answer = self._send_with_retries(newest, options)
            page: PageData[Any] = decode_response(newest, answer)
            for item in page.data:
                if once.marks(item):
                    once.check_content(item)
                    one = call_for_one(newest, item.id)
                    found = self._send_with_retries(one, options)
                    decode_response(one, found)  # raises where it is another's
                    return found
            if not page.has_more or not page.data:
                return None
            looked_at += max(len(page.data), SMALLEST_PROBE)
            newest = newest.with_query({**newest.query, "after": page.data[-1].id})
        return None

    def _send_with_look(self, call: Call[Any], look: Call[Any], options: CallOptions) -> Response:
        """Make a change that a server refuses to make twice.

        Where the repetition of an attempt whose answer was lost is refused, that attempt may have
        made the change. So it is looked at; if it is made, the answer to the look is the answer.
        """
        started = time.monotonic()
        try:
            return self._send_with_retries(call, options)
        except BadRequestError as error:
            if not error.may_have_taken_effect:
                raise  # the first attempt was refused: nothing was lost
            refused = error
        try:
            seen = self._send_with_retries(look, _once_if_late(for_further_requests(options)))
            applied = is_applied(call, decode_response(look, seen))
        except LaplasError as error:
            refused.add_note(f"looking whether it is done failed too: {error}")
            raise refused from None
        if not applied:
            raise refused
        return _with_attempts(seen, refused.attempts, started)

    def _wait_for_active_run(
        self, call: Call[Any], timeout: float, options: CallOptions
    ) -> Response:
        """Send a call that its thread refuses while a run is active on it.

        Waits for that run, and for the next one where that has begun meanwhile.

        Raises:
            RunTimeoutError: `timeout` seconds have passed, or the call's whole `deadline`.
            ActiveRunError: The same, and the run is over, but the server still refuses the call.
        """
        since = time.monotonic()
        if "deadline" in options:
            timeout = min(timeout, options["deadline"] - since)
        ended = ""
        pause = FIRST_POLL
        ambiguous = False
        while True:
            try:
                return self._send_safely(call, _once_if_late(options))
            except APIError as error:
                ambiguous = error.may_have_taken_effect = ambiguous or error.may_have_taken_effect
                if not isinstance(error, ActiveRunError):
                    raise
                active = error
            if ambiguous:
                call = looked_for_first(call)
            if active.run_id == ended:
                left = timeout - (time.monotonic() - since)
                if left <= 0:
                    raise active
                self.wait(min(pause, left), call.operation, "active run")
                pause = min(pause * 1.5, LONGEST_POLL)
            look = generated.runs.retrieve_run(CHECKER, active.thread_id, active.run_id)
            self.poll(look, for_further_requests(options), timeout, since, _has_ended)
            ended = active.run_id

    def poll(
        self,
        look: Call[Run],
        options: Mapping[str, Any],
        timeout: float,
        since: float | None = None,
        until: Callable[[Run], bool] = lambda run: run.is_over,
        interval: float | None = None,
    ) -> Run:
        """Read a run until it is over or wants something.

        The server's ``openai-poll-after-ms`` is honoured, unless an interval in seconds is given.

        Raises:
            RunTimeoutError: `timeout` seconds have passed, from now or from `since`.
            APIError: A request failed; a note names the run.
        """
        timeout = check_seconds("poll_deadline", timeout)
        per_call = start_deadline(options, time.monotonic())
        ends = (time.monotonic() if since is None else since) + timeout
        pause = FIRST_POLL
        run: Run | None = None
        while True:
            if run is not None and _is_late(per_call):
                raise _still_going(run, per_call, timeout)
            left = ends - time.monotonic()
            limit = min(per_call.get("deadline", ends), ends)
            # The last look is made at the end, once; those before it end by then.
            bound: CallOptions = {**per_call, "deadline": Deadline(limit)}
            if left <= 0:
                bound = {**per_call, "max_retries": 0}
            try:
                response = self._send_with_retries(look, _once_if_late(bound))
                run = decode_response(look, response)
            except APIError as error:
                if run is not None and left > 0 and limit <= time.monotonic():
                    raise _still_going(run, per_call, timeout) from None
                name_run(error, look.answer_id, look.parents["thread_id"])
                raise
            if until(run):
                return run
            if ends <= time.monotonic():
                raise _still_going(run, per_call, timeout)
            left = max(0.0, limit - time.monotonic())
            wait = _poll_interval(response) or pause
            self.wait(min(interval or wait, left), look.operation, "poll")
            pause = min(pause * 1.5, LONGEST_POLL)


class RawSender(Sender):
    """Send calls and return the answers as they came."""

    def send(self, call: Call[Any], options: Mapping[str, Any]) -> Any:
        return RawResponse(call, self.exchange(call, options))

    def pages(self, call: Call[Any], options: Mapping[str, Any]) -> Any:
        return self.send(call, options)

    def stream(self, call: Call[Any], options: Mapping[str, Any]) -> Any:
        from .streams import RawStream, event_source

        source = event_source()
        return RawStream(call, self.exchange(call, options), source)


class StreamedSender(Sender):
    """Send calls and return the answers with their bodies still to be read."""

    def send(self, call: Call[Any], options: Mapping[str, Any]) -> Any:
        from .downloads import StreamedResponse

        return StreamedResponse(call, self.exchange(_unread(call, 1), options))

    pages = stream = download = send  # type: ignore[assignment, unused-ignore]


class Preparer:
    """Build requests and send none."""

    checker = CHECKER

    def __init__(self, options: ClientOptions) -> None:
        self.options = options

    def send(self, call: Call[Any], options: Mapping[str, Any]) -> Any:
        started = start_deadline(options, time.monotonic())
        request = build_request(plan_call(call, started), self.options, started)
        return PreparedRequest(call.operation, request)

    download = stream = pages = send

    def raw(self) -> Preparer:
        return self

    streamed = prepare = raw


def _unread(call: Call[T], ahead: int) -> Call[T]:
    """Make the same call, of whose answer only so many bytes are read at once."""
    return call._replace(features={**call.features, "ahead": ahead})


def _error_of(reply: Response | TransportFailure) -> APIConnectionError | APIStatusError:
    if isinstance(reply, Response):
        return status_error(reply, datetime.now(UTC))
    return connection_error(reply, reply.text)


def _misfit(call: Call[Any], response: Response) -> APIError | None:
    """Return the error of an answer of success that is not the one to this call."""
    try:
        decode_response(call, response)
    except UnparsableResponseError as error:
        return error
    return None


def _with_attempts(response: Response, attempts: int, started: float) -> Response:
    return response._replace(attempts=attempts, elapsed=time.monotonic() - started)


def _once_if_late(options: CallOptions) -> CallOptions:
    """Do not let a request retry that begins after the deadline."""
    return {**options, "max_retries": 0} if _is_late(options) else options


def _is_late(options: CallOptions) -> bool:
    deadline = options.get("deadline")
    return isinstance(deadline, Deadline) and deadline <= time.monotonic()


def _still_going(run: Run, options: CallOptions, timeout: float) -> RunTimeoutError:
    when = "at the deadline" if _is_late(options) else f"after {timeout:g} s"
    return RunTimeoutError(f"{run.id} is still {run.status} {when}", run)


def _poll_interval(response: Response) -> float | None:
    """Seconds the server wants between polls, from `SHORTEST_POLL` to `LONGEST_POLL` times two."""
    text = response.headers.get("openai-poll-after-ms", "")
    # Python refuses to read numbers of thousands of digits.
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) == 0:
        return None
    return min(max(int(text) / 1000, SHORTEST_POLL), 2 * LONGEST_POLL)


def _has_ended(run: Run) -> bool:
    """Tell whether a run is over for good: one that waits for outputs still locks its thread."""
    return run.is_over and run.status != "requires_action"
