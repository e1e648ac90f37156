"""The clock of rate limits, moved by hand."""

import pytest

from app import rate_limits


class Clock:
    """It stands at a minute's beginning, where the windows of limits begin, until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = rate_limits.monotonic() // 60 * 60 + 120
        monkeypatch.setattr(rate_limits, "monotonic", lambda: self.now)
