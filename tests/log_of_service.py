"""The log of an application in this process."""

import io
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import structlog

from app import logs


@contextmanager
def log_of_service(monkeypatch: pytest.MonkeyPatch) -> Generator[io.StringIO]:
    """Collect what is logged meanwhile, written the way the service writes it."""
    stream = io.StringIO()
    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure(json=True, level="debug")
    # A logger that is kept would outlive this configuration.
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**before)
