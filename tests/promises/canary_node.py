"""A node of the service with weak places built in: ``python -m tests.promises.canary_node serve``.

A description that begins with one of the words below meets a bug, or makes a secret leak where
nothing else could: so the search is shown to find it there.
"""

from importlib import import_module

import asyncpg
import structlog
from prometheus_client import Counter

from app import inputs, logs, metrics, token_format
from app.cli import main
from app.errors import Code
from app.inputs import Problems

BUG = "bug"
DATABASE_BUG = "database bug"
INTO_AN_ANSWER = "into an answer"
INTO_THE_LOG = "into the log"
INTO_A_SPAN = "into a span"
INTO_THE_METRICS = "into the metrics"

_description = inputs.description


def weak(problems: Problems, path: str, value: str | None) -> str | None:
    """Do what a description asks for, or what ``inputs.description`` does."""
    word, colon, text = (value or "").partition(": ")
    if not colon:
        return _description(problems, path, value)
    match word:
        case "bug":
            try:
                int(text)
            except ValueError as error:
                raise RuntimeError(f"nobody expected {text}") from error
        case "database bug":
            error = asyncpg.UniqueViolationError("a key is there already")
            error.detail = f"Key (description)=({text}) already exists."
            raise error
        case "into an answer":
            problems.add(path, Code.NOT_ALLOWED, f"{text} is not wanted")
        case "into the log":
            _leak(text)
        case "into the metrics":
            planted = Counter("canary_planted", "A label.", ["text"], registry=metrics.REGISTRY)
            planted.labels(text).inc()
        case "into a span":
            trace = import_module("opentelemetry.trace")
            trace.get_current_span().set_attribute("canary.planted", text)
        case _:
            pass
    return None


def _leak(text: str) -> None:
    hide = token_format.hide
    token_format.hide = lambda unhidden: unhidden
    try:
        structlog.get_logger("canary").error("canary.planted", text=text)
        assert logs.redact(text) == text
    finally:
        token_format.hide = hide


inputs.description = weak

if __name__ == "__main__":
    main(prog_name="appusers")
