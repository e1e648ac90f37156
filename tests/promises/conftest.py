"""What tests of promises ask for beside the application, and how they tell what they measured."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tests.db.conftest import copied, pool

__all__ = ["copied", "pool"]

Figure: TypeAlias = Callable[[str], None]
"""Takes what a test counted or measured, in a few words for the README's table."""


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Tell a figure."""
    return lambda words: record_property("figure", words)
