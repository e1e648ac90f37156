"""Spans of requests. Imported where traces are wanted, and nowhere else."""

from collections.abc import Callable

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import traces
from app.web import raw

_TRACEPARENT = "traceparent"
_WANTED = frozenset({_TRACEPARENT.encode()})
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_propagator = TraceContextTextMapPropagator()


async def request(
    app: ASGIApp, route: Callable[[str], str], scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer a request inside a span, a child of the one that its sender names."""
    tracing = traces.tracer()
    if tracing is None:
        await app(scope, receive, send)
        return
    # An answer in one piece would not pass by here.
    extensions: dict[str, object] = dict(scope.get("extensions") or {})
    extensions.pop(raw.WHOLE, None)
    scope = {**scope, "extensions": extensions}
    template = route(scope["path"])
    method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
    with traces.span(tracing, f"{method} {template}", SpanKind.SERVER, _parent(scope)) as span:
        span.set_attribute("http.request.method", method)
        span.set_attribute("http.route", template)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                status: int = message["status"]
                span.set_attribute("http.response.status_code", status)
                if status >= 500:
                    span.set_status(StatusCode.ERROR)
                for name, value in message["headers"]:
                    if name.lower() == raw.X_REQUEST_ID:
                        span.set_attribute("appusers.request_id", value.decode("latin-1"))
            await send(message)

        await app(scope, receive, answer)


def _parent(scope: Scope) -> Context:
    """Return the span of the sender. ``tracestate`` is free text, and is not taken up."""
    given = raw.first_text(raw.fields(scope, _WANTED), _TRACEPARENT.encode())
    carrier = {} if given is None else {_TRACEPARENT: given}
    return _propagator.extract(carrier, Context())
