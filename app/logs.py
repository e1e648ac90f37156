"""Logs: a readable line for people or a JSON object for machines, and never a secret in either."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from app import token_format

_JWT = re.compile(r"eyJ[0-9A-Za-z_-]{6,}\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*")
_URL_PASSWORD = re.compile(r"(\w+://[^\s:/@]*):\S*@")
_BEARER = re.compile(r"(?i)(bearer\s+)\S+")


def redact(text: str) -> str:
    """Return a text without tokens, JWTs and passwords of URLs; a token's prefix stays."""
    text = _JWT.sub("<jwt>", token_format.hide(text))
    text = _BEARER.sub(r"\1…", text)
    return _URL_PASSWORD.sub(r"\1:…@", text)


def _redact_event(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = redact(value)
        elif not isinstance(value, int | float | bool | None):
            event[key] = redact(str(value))
    return event


def configure(*, json: bool, level: str) -> None:
    """Send everything, other libraries' logs included, to standard error through one pipeline."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # The traceback becomes text before the redaction, and holds no local variables.
        structlog.processors.format_exc_info,
        _redact_event,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    threshold = getattr(logging, level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(threshold)
    # What uvicorn says at a start and an end, our greeting says for people.
    logging.getLogger("uvicorn.error").setLevel(
        threshold if json or threshold < logging.INFO else max(threshold, logging.WARNING)
    )
    # At debug, these print what they send: queries with arguments, requests with headers.
    for name in ("asyncio", "httpcore", "httpx", "hpack", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
