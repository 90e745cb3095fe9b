"""Start one tool, make requests with a plain client, and print how many the tool saw.

    python probe.py TOOL sync|async|trio first|before|after URL

Tools patch what they watch for the whole process, so each has one of its own. "first": the tool
starts before laplas is imported; "before": before the client is made; "after": when the client has
used a connection already.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import httpx
import pook
import respx
import vcr

MESSAGE = {
    "id": "msg_1", "object": "thread.message", "created_at": 1, "thread_id": "thread_1",
    "role": "user", "content": [], "metadata": {},
}  # fmt: skip
LIST = {"object": "list", "data": [MESSAGE], "has_more": False}
EVENTS = "event: done\ndata: [DONE]\n\n"
URL = ""

Seen = Callable[[], int]


class Records(logging.Handler):
    """Counts the log records that say a request was made."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(0)
        self.count, self._words = 0, words
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)
        logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.count += self._words in record.getMessage()


@contextmanager
def httpx_log() -> Iterator[Seen]:
    records = Records("httpx", "HTTP Request")
    yield lambda: records.count


@contextmanager
def httpcore_log() -> Iterator[Seen]:
    records = Records("httpcore", "send_request_headers.started")
    yield lambda: records.count


def patched(*methods: tuple[type, str]) -> Callable[[], Any]:
    """Count the calls of methods that `mock.patch` has put others in the place of."""

    @contextmanager
    def patch() -> Iterator[Seen]:
        with ExitStack() as stack:
            made = [
                stack.enter_context(
                    mock.patch.object(c, n, autospec=True, side_effect=getattr(c, n))
                )
                for c, n in methods
            ]
            yield lambda: sum(each.call_count for each in made)

    return patch


@contextmanager
def opentelemetry() -> Iterator[Seen]:
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    yield lambda: len(exporter.get_finished_spans())


@contextmanager
def sentry() -> Iterator[Seen]:
    import sentry_sdk

    sentry_sdk.init(
        dsn="http://key@127.0.0.1:9/1", traces_sample_rate=1.0, transport=lambda _: None
    )
    with sentry_sdk.start_transaction(name="probe") as transaction:
        yield lambda: sum(
            span.op == "http.client"
            for span in transaction._span_recorder.spans  # type: ignore[union-attr]
        )


@contextmanager
def ddtrace() -> Iterator[Seen]:
    from ddtrace import patch
    from ddtrace.trace import TraceFilter, tracer

    spans: list[Any] = []

    class Keep(TraceFilter):
        def process_trace(self, trace: list[Any]) -> None:
            spans.extend(trace)

    tracer.configure(trace_processors=[Keep()])
    patch(httpx=True)
    yield lambda: sum(span.name == "http.request" for span in spans)


@contextmanager
def logfire() -> Iterator[Seen]:
    import logfire as package
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    package.configure(
        send_to_logfire=False,
        console=False,
        additional_span_processors=[SimpleSpanProcessor(exporter)],
    )
    package.instrument_httpx()
    yield lambda: len(exporter.get_finished_spans())


@contextmanager
def newrelic() -> Iterator[Seen]:
    import newrelic.agent as agent

    settings = agent.global_settings()
    settings.developer_mode = True
    settings.license_key = "0" * 40
    settings.distributed_tracing.enabled = True
    agent.initialize()
    application = agent.register_application(timeout=5.0)
    with agent.BackgroundTask(application, name="probe") as transaction:
        yield lambda: transaction._trace_node_count  # type: ignore[no-any-return]


@contextmanager
def elastic() -> Iterator[Seen]:
    import elasticapm
    from elasticapm.conf.constants import SPAN

    seen: list[Any] = []
    client = elasticapm.Client(
        service_name="probe", server_url="http://127.0.0.1:9", cloud_provider="none",
        central_config=False, disable_send=True, span_compression_enabled=False,
        exit_span_min_duration="0ms",
    )  # fmt: skip
    client.tracer.queue_func = lambda kind, data, flush=False: seen.append(kind)
    elasticapm.instrument()
    client.begin_transaction("probe")
    yield lambda: seen.count(SPAN)
    client.end_transaction("probe", "ok")


@contextmanager
def vcrpy() -> Iterator[Seen]:
    file = Path(tempfile.mkdtemp(), "cassette.yaml")
    with vcr.VCR().use_cassette(str(file), record_mode="new_episodes") as cassette:
        yield lambda: len(cassette.requests)


# Tools that answer in the server's place: none of their requests reaches it.


def mocked(using: str) -> Callable[[], Any]:
    @contextmanager
    def start() -> Iterator[Seen]:
        with respx.mock(using=using) as router:
            router.post(f"{URL}/threads/thread_1/runs").respond(
                content_type="text/event-stream", text=EVENTS
            )
            router.post(url__startswith=URL).respond(json=MESSAGE)
            router.get(url__startswith=URL).respond(json=LIST)
            yield lambda: router.calls.call_count

    return start


@contextmanager
def pook_mock() -> Iterator[Seen]:
    mocks = [
        pook.post(f"{URL}/threads/thread_1/messages", reply=200, response_json=MESSAGE, times=9),
        pook.get(f"{URL}/threads/thread_1/messages", reply=200, response_json=LIST, times=9),
        pook.post(
            f"{URL}/threads/thread_1/runs",
            reply=200,
            response_body=EVENTS,
            response_headers={"Content-Type": "text/event-stream"},
        ),
    ]
    pook.on()
    try:
        yield lambda: sum(each.calls for each in mocks)
    finally:
        pook.off()


TOOLS: dict[str, Callable[[], Any]] = {
    "httpx log": httpx_log,
    "httpcore log": httpcore_log,
    "patch of send": patched((httpx.Client, "send"), (httpx.AsyncClient, "send")),
    "patch of handle_request": patched(
        (httpx.HTTPTransport, "handle_request"),
        (httpx.AsyncHTTPTransport, "handle_async_request"),
    ),
    "opentelemetry": opentelemetry,
    "sentry": sentry,
    "ddtrace": ddtrace,
    "logfire": logfire,
    "newrelic": newrelic,
    "elastic": elastic,
    "vcrpy": vcrpy,
    "respx": mocked("httpx"),
    "respx on httpcore": mocked("httpcore"),
    "pook": pook_mock,
}


def probe(tool: str, when: str) -> int:
    with ExitStack() as stack:
        seen = None if when == "after" else stack.enter_context(TOOLS[tool]())
        from laplas import Laplas

        with Laplas(api_key="sk-probe", base_url=URL) as client:
            if seen is None:
                client.messages.create("thread_1", "warm")
                seen = stack.enter_context(TOOLS[tool]())
            client.messages.create("thread_1", "Hi")
            client.messages.list("thread_1")
            client.messages.list("thread_1", order="asc")  # the server answers 503 once
            with client.runs.stream("thread_1", "asst_1") as events:
                events.until_done()
        return seen()


async def probe_async(tool: str, when: str) -> int:
    with ExitStack() as stack:
        seen = None if when == "after" else stack.enter_context(TOOLS[tool]())
        from laplas import AsyncLaplas

        async with AsyncLaplas(api_key="sk-probe", base_url=URL) as client:
            if seen is None:
                await client.messages.create("thread_1", "warm")
                seen = stack.enter_context(TOOLS[tool]())
            await client.messages.create("thread_1", "Hi")
            await client.messages.list("thread_1")
            await client.messages.list("thread_1", order="asc")
            async with client.runs.stream("thread_1", "asst_1") as events:
                await events.until_done()
        return seen()


def cassettes(folder: Path) -> dict[str, str]:
    """Try each record mode: what it kept, and whether `none` refused what it does not have."""
    from laplas import APIConnectionError, Laplas

    outcomes = {}
    for mode in ("once", "new_episodes", "all", "none"):
        with (
            vcr.VCR().use_cassette(str(folder / f"{mode}.yaml"), record_mode=mode) as cassette,
            Laplas(api_key="sk-probe", base_url=URL, max_retries=0) as client,
        ):
            try:
                client.messages.list("thread_1")
                outcomes[mode] = f"kept {len(cassette.requests)}"
            except (
                APIConnectionError,
                vcr.errors.CannotOverwriteExistingCassetteException,
            ) as error:
                outcomes[mode] = f"refused: {type(error).__name__}"
    return outcomes


def run(tool: str, half: str, when: str) -> Any:
    if when != "first":
        import_module("laplas._async.transport")
        import_module("laplas._sync.transport")
    assert ("laplas" in sys.modules) == (when != "first")
    if tool == "record modes":
        return cassettes(Path(tempfile.mkdtemp()))
    if half == "sync":
        return probe(tool, when)
    going: Callable[[str, str], Awaitable[int]] = probe_async
    if half == "trio":
        import trio

        return trio.run(going, tool, when)
    return asyncio.run(probe_async(tool, when))


if __name__ == "__main__":
    URL = sys.argv[4]
    print(json.dumps(run(*sys.argv[1:4])))
