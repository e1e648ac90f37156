"""Traces by OpenTelemetry, where an operator wants them: the extra ``otel`` and APPUSERS_TRACES.

A span has a name of ours, a status, and the request's id. What callers send is in none: neither
documents, variables, headers, query strings and addresses, nor texts and arguments of statements,
nor messages of errors. Standard OTEL_ variables say where spans go and how many are kept.
"""

import asyncio
import sys
import threading
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.settings import Settings, SettingsError

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
    from opentelemetry.trace import Span, SpanKind, Tracer

PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
NAME = "application-users"
END_SECONDS = 3.0
"""For spans that wait to be sent when a worker stops."""
_WORDS = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "SELECT", "INSERT", "UPDATE", "DELETE", "WITH"})

_tracers: "list[Tracer]" = []
"""None where nothing is traced, else the one of the application that began last."""


def require(options: Settings) -> None:
    """Raise SettingsError where traces are wanted and what makes them is not installed."""
    if options.traces and not all(_is_installed(package) for package in PACKAGES):
        raise SettingsError(
            "APPUSERS_TRACES: OpenTelemetry is not installed. Install it with `pip install"
            " 'application-users[otel]'`, or leave APPUSERS_TRACES unset."
        )


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def tracer() -> "Tracer | None":
    """Return what makes spans, None where nothing is traced."""
    return _tracers[-1] if _tracers else None


@asynccontextmanager
async def running(options: Settings) -> AsyncGenerator[None]:
    """Trace what is done meanwhile, if that is wanted."""
    if not options.traces:
        yield
        return
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider

    resource = Resource.create()
    if str(resource.attributes.get(SERVICE_NAME, "")).startswith("unknown_service"):
        resource = resource.merge(Resource({SERVICE_NAME: NAME}))
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(_processor())
    made = provider.get_tracer(NAME, version(NAME))
    _tracers.append(made)
    try:
        yield
    finally:
        _tracers.remove(made)
        await _end(provider)


def _processor() -> "SpanProcessor":
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    return BatchSpanProcessor(OTLPSpanExporter())


async def _end(provider: "TracerProvider") -> None:
    """Send what waits. A collector that does not answer keeps no worker from stopping."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def shut_down() -> None:
        provider.shutdown()
        if not loop.is_closed():
            loop.call_soon_threadsafe(ended.set)

    # No pool's thread, which Python would wait for at the end of the process.
    threading.Thread(target=shut_down, daemon=True).start()
    try:
        async with asyncio.timeout(END_SECONDS):
            await ended.wait()
    except TimeoutError:
        return


@contextmanager
def span(
    tracing: "Tracer", name: str, kind: "SpanKind", parent: "Context | None" = None
) -> "Generator[Span]":
    """Make a span the current one. What is raised marks it, and its text stays out of it."""
    from opentelemetry.trace import StatusCode

    with tracing.start_as_current_span(
        name, parent, kind, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield made
        except Exception:
            made.set_status(StatusCode.ERROR)
            raise


def statement(query: str, seconds: float, failed: bool) -> None:
    """Make the span of a statement of a request, which has just ended."""
    tracing = tracer()
    if tracing is None:
        return
    from opentelemetry.trace import SpanKind, StatusCode, get_current_span

    if not get_current_span().get_span_context().is_valid:
        return  # It is no request's.
    end = time.time_ns()
    made = tracing.start_span(
        statement_name(query),
        kind=SpanKind.CLIENT,
        start_time=end - round(seconds * 1e9),
        attributes={"db.system.name": "postgresql"},
    )
    if failed:
        made.set_status(StatusCode.ERROR)
    made.end(end)


@lru_cache(1024)
def statement_name(query: str) -> str:
    """Return the name of a statement's constant, or its first word: never a text with values."""
    for module in [module for name, module in sys.modules.items() if name.startswith("db.")]:
        for name, value in vars(module).items():
            if value == query and name.endswith("_SQL"):
                return name.removesuffix("_SQL").lower()
    word = query.split(maxsplit=1)[0].rstrip(";").upper() if query.strip() else ""
    return word if word in _WORDS else "statement"
