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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
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
RUN = {
    "id": "run_1", "object": "thread.run", "created_at": 1, "thread_id": "thread_1",
    "assistant_id": "asst_1", "status": "completed",
}  # fmt: skip
EVENTS = f"event: thread.run.completed\ndata: {json.dumps(RUN)}\n\nevent: done\ndata: [DONE]\n\n"
URL = ""

Seen = Callable[[], int]


@contextmanager
def log(name: str, words: str) -> Iterator[Seen]:
    """Count the log records with these words."""
    records: list[logging.LogRecord] = []
    handler, logger = logging.Handler(), logging.getLogger(name)
    handler.emit = records.append
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    yield lambda: sum(words in record.getMessage() for record in records)


@contextmanager
def patched(*methods: tuple[type, str]) -> Iterator[Seen]:
    """Count the calls of methods that `mock.patch` has put others in the place of."""
    with ExitStack() as stack:
        made = [
            stack.enter_context(mock.patch.object(c, n, autospec=True, side_effect=getattr(c, n)))
            for c, n in methods
        ]
        yield lambda: sum(each.call_count for each in made)


def in_memory() -> tuple[Any, Any]:
    """What keeps the spans of OpenTelemetry, and what brings them there."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    exporter = InMemorySpanExporter()
    return exporter, SimpleSpanProcessor(exporter)


@contextmanager
def opentelemetry() -> Iterator[Seen]:
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    from opentelemetry.sdk.trace import TracerProvider

    (exporter, processor), provider = in_memory(), TracerProvider()
    provider.add_span_processor(processor)
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    yield lambda: len(exporter.get_finished_spans())


@contextmanager
def logfire() -> Iterator[Seen]:
    import logfire as package

    exporter, processor = in_memory()
    package.configure(send_to_logfire=False, console=False, additional_span_processors=[processor])
    package.instrument_httpx()
    yield lambda: len(exporter.get_finished_spans())


@contextmanager
def sentry() -> Iterator[Seen]:
    import sentry_sdk

    sentry_sdk.init(
        dsn="http://key@127.0.0.1:9/1", traces_sample_rate=1.0, transport=lambda _: None
    )
    with sentry_sdk.start_transaction(name="probe") as transaction:
        spans = transaction._span_recorder.spans
        yield lambda: sum(span.op == "http.client" for span in spans)


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
def newrelic() -> Iterator[Seen]:
    import newrelic.agent as agent

    settings = agent.global_settings()
    settings.developer_mode = True
    settings.license_key = "0" * 40
    settings.distributed_tracing.enabled = True
    agent.initialize()
    application = agent.register_application(timeout=5.0)
    with agent.BackgroundTask(application, name="probe") as transaction:
        yield lambda: transaction._trace_node_count


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


@contextmanager
def mocked(using: str) -> Iterator[Seen]:
    with respx.mock(using=using) as router:
        runs = router.post(f"{URL}/threads/thread_1/runs")
        runs.respond(content_type="text/event-stream", text=EVENTS)
        router.post(url__startswith=URL).respond(json=MESSAGE)
        router.get(url__startswith=URL).respond(json=LIST)
        yield lambda: router.calls.call_count


@contextmanager
def pook_mock() -> Iterator[Seen]:
    thread, kind = f"{URL}/threads/thread_1", {"Content-Type": "text/event-stream"}
    mocks = [
        pook.post(f"{thread}/messages", reply=200, response_json=MESSAGE, times=9),
        pook.get(f"{thread}/messages", reply=200, response_json=LIST, times=9),
        pook.post(f"{thread}/runs", reply=200, response_body=EVENTS, response_headers=kind),
    ]
    pook.on()
    try:
        yield lambda: sum(each.calls for each in mocks)
    finally:
        pook.off()


TOOLS: dict[str, Callable[[], Any]] = {
    "httpx log": partial(log, "httpx", "HTTP Request"),
    "httpcore log": partial(log, "httpcore", "send_request_headers.started"),
    "patch of send": partial(patched, (httpx.Client, "send"), (httpx.AsyncClient, "send")),
    "patch of handle_request": partial(
        patched,
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
    "respx": partial(mocked, "httpx"),
    "respx on httpcore": partial(mocked, "httpcore"),
    "pook": pook_mock,
}


async def probe(tool: str, half: str, when: str) -> int:
    async def result(made: Any) -> Any:
        return made if half == "sync" else await made

    with ExitStack() as stack:
        seen = None if when == "after" else stack.enter_context(TOOLS[tool]())
        import laplas

        cls: Any = laplas.Laplas if half == "sync" else laplas.AsyncLaplas
        client = cls(api_key="sk-probe", base_url=URL)
        if seen is None:
            await result(client.messages.create("thread_1", "warm"))
            seen = stack.enter_context(TOOLS[tool]())
        await result(client.messages.create("thread_1", "Hi"))
        await result(client.messages.list("thread_1"))
        await result(client.messages.list("thread_1", order="asc"))  # 503 at first
        events = await result(client.runs.stream("thread_1", "asst_1"))
        await result(events.until_done())
        await result(client.close() if half == "sync" else client.aclose())
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
            refused = vcr.errors.CannotOverwriteExistingCassetteException
            try:
                client.messages.list("thread_1")
                outcomes[mode] = f"kept {len(cassette.requests)}"
            except (APIConnectionError, refused) as error:
                outcomes[mode] = f"refused: {type(error).__name__}"
    return outcomes


def run(tool: str, half: str, when: str) -> Any:
    if when != "first":
        import_module("laplas._async.transport")
        import_module("laplas._sync.transport")
    assert ("laplas" in sys.modules) == (when != "first")
    if tool == "record modes":
        return cassettes(Path(tempfile.mkdtemp()))
    if half == "trio":
        import trio

        return trio.run(probe, tool, half, when)
    if half == "async":
        return asyncio.run(probe(tool, half, when))
    try:
        return probe(tool, half, when).send(None)  # no event loop: it awaits nothing
    except StopIteration as done:
        return done.value


if __name__ == "__main__":
    URL = sys.argv[4]
    print(json.dumps(run(*sys.argv[1:4])))
