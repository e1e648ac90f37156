"""The clock of rate limits, moved by hand."""

import time

import pytest
from limits import strategies
from limits.storage import memory

from app import rate_limits


class Clock:
    """It stands ten seconds into a minute until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time() // 60 * 60 + 130
        for module in (rate_limits, memory, strategies):
            monkeypatch.setattr(module, "time", self)

    def time(self) -> float:
        """Stand in for ``time.time``."""
        return self.now
