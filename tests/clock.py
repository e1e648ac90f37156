"""The clock of rate limits, moved by hand, and what they remember."""

import time

import pytest
from limits import strategies
from limits.storage import memory

from app import rate_limits
from app.rate_limits import RateLimit


class Clock:
    """It stands ten seconds into a minute until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = time.time() // 60 * 60 + 130
        for module in (rate_limits, memory, strategies):
            monkeypatch.setattr(module, "time", self)

    def time(self) -> float:
        """Stand in for ``time.time``."""
        return self.now


def fresh(limit: RateLimit) -> RateLimit:
    """Have a limit begin anew, with a key by which the addresses of tests share no bucket.

    By chance two of them would, in one run of some thousands.
    """
    limit._key = bytes(16)  # pyright: ignore[reportPrivateUsage]
    limit.forget()
    return limit
